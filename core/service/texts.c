/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations as texts: what drivers know of them, without any device. */
#include <stdio.h>
#include <string.h>

#include "core/base/lines.h"
#include "core/load/language.h"
#include "core/service/methods.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

/* A driver with what its texts need. */
struct opened_driver {
	struct smd_language language;
	struct smd_settings *settings;
};

static int open_driver(const struct smd_call *call, struct opened_driver *opened)
{
	const char *name = smd_call_need(call, "driver");
	const struct smd_driver *driver = name ? smd_call_driver(call, name) : NULL;
	int err;

	if (!driver)
		return call->error->code;
	opened->language.driver = driver;
	err = smd_settings_new(&driver->self, NULL, 0, &opened->settings, call->error);
	if (!err && driver->open)
		err = driver->open(opened->settings, &opened->language.state, call->error);
	return err;
}

static void close_driver(struct opened_driver *opened)
{
	const struct smd_driver *driver = opened->language.driver;

	if (driver && driver->close && opened->language.state)
		driver->close(opened->language.state);
	smd_settings_free(opened->settings);
}

/* Whose text is it? */

#define LOOKS_LIKE 100u /* of 1000 lines */
#define IS_SURE 50u     /* with so many signs of its own, nobody else is asked */

struct guess {
	const struct smd_call *call;
	const struct smd_text *text;
	const char *own, *best;
	unsigned likeness;
};

static int guess_driver(void *arg, const char *name)
{
	struct guess *guess = arg;
	struct smd_error error = {0};
	const struct smd_driver *driver = smd_loader_driver(guess->call->loader, name, &error);
	unsigned likeness;

	if (!driver || !driver->dialect || !strcmp(driver->self.name, guess->own))
		return 0;
	likeness = smd_dialect_likeness(driver->dialect, guess->text);
	if (likeness > guess->likeness) {
		guess->likeness = likeness;
		guess->best = driver->self.name;
	}
	return 0;
}

/* Refuse a text that bears another driver's signs, and not those of this one. */
static int check_vendor(const struct smd_call *call, const struct opened_driver *opened,
			const char *what, const struct smd_text *text)
{
	const struct smd_driver *driver = opened->language.driver;
	struct guess guess = {call, text, driver->self.name, NULL, 0};
	unsigned own = driver->dialect ? smd_dialect_likeness(driver->dialect, text) : 0;

	if (own >= IS_SURE || smd_text_count(text) < 3)
		return 0;
	smd_loader_each_driver(call->loader, guess_driver, &guess, NULL);
	if (!guess.best || guess.likeness < LOOKS_LIKE || guess.likeness < own * 3)
		return 0;
	smd_fail(call->error, SMD_E_INVALID, "%s is no text for driver \"%s\": this looks like %s",
		 what, driver->self.name, guess.best);
	smd_error_hint(call->error, "if it is: --driver %s", guess.best);
	return SMD_E_INVALID;
}

/* Reading */

static const char *name_of(const struct smd_call *call, const char *member)
{
	char key[32];
	const char *name;

	snprintf(key, sizeof(key), "%s-name", member);
	name = smd_json_string(call->request, key);
	return name && *name ? name : member;
}

/* The text of a member of the request, of this driver as far as one can see. */
static int take_text(const struct smd_call *call, const struct opened_driver *opened,
		     const char *member, struct smd_text **out)
{
	char *bytes = smd_json_take_string(call->request, member);

	if (!bytes)
		return smd_fail(call->error, SMD_E_INVALID, "the request lacks \"%s\"", member);
	if (smd_text_take(out, bytes, strlen(bytes)))
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	return check_vendor(call, opened, name_of(call, member), *out);
}

static int parse_member(const struct smd_call *call, const struct opened_driver *opened,
			const char *member, const struct smd_text *text, struct smd_tree **out)
{
	char where[SMD_ERROR_WHERE];
	int err = smd_language_parse(&opened->language, text, out, call->error);

	if (err) {
		snprintf(where, sizeof(where), "%.200s", call->error->where);
		smd_error_where(call->error, "%s%s%s", name_of(call, member), *where ? ": " : "",
				where);
	}
	return err;
}

static int add_text(cJSON *result, const char *name, const struct smd_text *text)
{
	smd_cleanup(free) char *bytes = smd_text_join(text);

	return bytes && cJSON_AddStringToObject(result, name, bytes) ? 0 : SMD_E_NO_MEMORY;
}

/* Two configurations compared */

struct comparison {
	struct smd_call *call;
	struct opened_driver opened;
	struct smd_text *texts[2];
	struct smd_tree *running, *intended;
	struct smd_changes *changes;
	int in_part; /* the trees lack what both texts have */
	int unsure;  /* for want of that, what seems unsafe may be safe */
};

static int merge_trees(struct comparison *comparison)
{
	const struct smd_driver *driver = comparison->opened.language.driver;
	struct smd_tree *merged;
	int err;

	if (!driver->dialect)
		return smd_fail(comparison->call->error, SMD_E_UNSUPPORTED,
				"driver \"%s\" has no dialect to merge by", driver->self.name);
	err = smd_dialect_merge(driver->dialect, comparison->running, comparison->intended, &merged,
				comparison->call->error);
	if (err)
		return err;
	smd_tree_free(comparison->intended);
	comparison->intended = merged;
	return 0;
}

struct hazard_list {
	cJSON *hazards;
	int unsure; /* one may be none, for want of what was not read */
};

static void add_hazard(void *arg, const struct smd_hazard *hazard)
{
	struct hazard_list *list = arg;
	cJSON *item = cJSON_CreateObject();

	cJSON_AddNumberToObject(item, "line", (double)hazard->line + 1);
	cJSON_AddStringToObject(item, "what", hazard->what);
	if (hazard->advice)
		cJSON_AddStringToObject(item, "advice", hazard->advice);
	cJSON_AddItemToArray(list->hazards, item);
	list->unsure |= !hazard->independent_of_unread;
}

/* The lines for the changes, verified: they must lead there. */
static int add_commands(struct comparison *comparison, const struct smd_changes *changes,
			const char *name)
{
	const struct smd_language *language = &comparison->opened.language;
	smd_cleanup(smd_text_free) struct smd_text *lines = NULL;
	cJSON *result = comparison->call->result, *hazards;
	struct hazard_list list = {NULL, 0};
	int err = smd_text_new(&lines, 0);

	if (!err)
		err = smd_language_render(language, changes, lines, comparison->call->error);
	if (err)
		return err;
	hazards = cJSON_GetObjectItem(result, "hazards");
	if (!hazards)
		hazards = cJSON_AddArrayToObject(result, "hazards");
	list.hazards = hazards;
	err = smd_language_verify_patch(language, changes, lines, add_hazard, &list,
					comparison->call->error);
	comparison->unsure |= list.unsure;
	if (!err && cJSON_GetArraySize(hazards) && language->driver->dialect &&
	    language->driver->dialect->atomic_method &&
	    !cJSON_GetObjectItem(result, "atomic-method"))
		cJSON_AddStringToObject(result, "atomic-method",
					language->driver->dialect->atomic_method);
	return err ? err : add_text(result, name, lines);
}

static int add_undo(struct comparison *comparison, const char *name)
{
	smd_cleanup(smd_changes_free) struct smd_changes *back = NULL;
	int err = smd_language_diff(comparison->intended, comparison->running, &back,
				    comparison->call->error);

	return err ? err : add_commands(comparison, back, name);
}

static int add_line(void *arg, char mark, unsigned depth, const char *text)
{
	cJSON *line = cJSON_CreateObject();
	const char word[] = {mark, '\0'};

	cJSON_AddStringToObject(line, "mark", word);
	cJSON_AddNumberToObject(line, "depth", depth);
	cJSON_AddStringToObject(line, "line", text);
	return cJSON_AddItemToArray(arg, line) ? 0 : SMD_E_NO_MEMORY;
}

/* Without a dialect a change is told by its path. */
static int add_preview_paths(const struct smd_changes *changes, cJSON *lines)
{
	static const char marks[] = {[SMD_CHANGE_ADD] = '+',
				     [SMD_CHANGE_REMOVE] = '-',
				     [SMD_CHANGE_VALUE] = '~',
				     [SMD_CHANGE_NUMBERS] = '~',
				     [SMD_CHANGE_MOVE] = '~'};
	int err = 0;

	for (size_t i = 0; i < smd_changes_count(changes) && !err; i++) {
		const struct smd_change *change = smd_changes_get(changes, i);
		size_t size = smd_change_path(change, NULL, 0) + 1;
		smd_cleanup(free) char *path = malloc(size);

		if (!path)
			return SMD_E_NO_MEMORY;
		smd_change_path(change, path, size);
		err = add_line(lines, marks[change->op], 0, path);
	}
	return err;
}

static int add_preview(struct comparison *comparison)
{
	const struct smd_driver *driver = comparison->opened.language.driver;
	cJSON *lines = cJSON_AddArrayToObject(comparison->call->result, "tree");

	if (!driver->dialect)
		return add_preview_paths(comparison->changes, lines);
	return smd_dialect_preview(driver->dialect, comparison->changes, add_line, lines,
				   comparison->call->error);
}

static int add_format(struct comparison *comparison, const char *format)
{
	int err = 0;

	if (!strcmp(format, "commands"))
		return add_commands(comparison, comparison->changes, "text");
	if (!strcmp(format, "undo"))
		return add_undo(comparison, "text");
	if (!strcmp(format, "tree"))
		return add_preview(comparison);
	if (strcmp(format, "json") != 0) {
		smd_fail(comparison->call->error, SMD_E_INVALID, "there is no format \"%s\"",
			 format);
		smd_error_hint(comparison->call->error, "commands, tree, undo, json");
		return SMD_E_INVALID;
	}
	err = add_commands(comparison, comparison->changes, "commands");
	if (!err)
		err = add_undo(comparison, "undo");
	return err ? err : add_preview(comparison);
}

/* Only what differs is needed, unless one is laid over the other. */
static int parse_both(struct comparison *comparison, int whole)
{
	const struct smd_text *running = comparison->texts[0], *intended = comparison->texts[1];
	const struct smd_driver *driver = comparison->opened.language.driver;
	struct smd_call *call = comparison->call;
	int err;

	comparison->in_part =
		!whole && !driver->parse && driver->dialect &&
		!smd_dialect_parse_pair(driver->dialect, running, intended, &comparison->running,
					&comparison->intended, NULL);
	if (comparison->in_part)
		return 0;
	err = parse_member(call, &comparison->opened, "running", running, &comparison->running);
	return err ? err
		   : parse_member(call, &comparison->opened, "intended", intended,
				  &comparison->intended);
}

static int take_both(struct comparison *comparison)
{
	struct smd_call *call = comparison->call;
	int err = take_text(call, &comparison->opened, "running", &comparison->texts[0]);

	return err ? err : take_text(call, &comparison->opened, "intended", &comparison->texts[1]);
}

static void clear_comparison(struct comparison *comparison)
{
	smd_changes_free(smd_take(comparison->changes));
	smd_tree_free(smd_take(comparison->running));
	smd_tree_free(smd_take(comparison->intended));
}

static int compare_texts(struct comparison *comparison, int whole)
{
	struct smd_call *call = comparison->call;
	const char *format = smd_json_string(call->request, "format");
	int merges = cJSON_IsTrue(cJSON_GetObjectItem(call->request, "merge"));
	int err = parse_both(comparison, whole || merges);

	if (!err && merges)
		err = merge_trees(comparison);
	if (!err)
		err = smd_language_diff(comparison->running, comparison->intended,
					&comparison->changes, call->error);
	if (err)
		return err;
	cJSON_AddBoolToObject(call->result, "equal", !smd_changes_count(comparison->changes));
	return add_format(comparison, format ? format : "commands");
}

/* What seems unsafe may be so for want of what was not read: then all of it is. */
static int compare_in_part(struct comparison *comparison)
{
	cJSON *result = comparison->call->result;
	int err = compare_texts(comparison, 0);

	if (err || !comparison->in_part || !comparison->unsure)
		return err;
	while (result->child)
		cJSON_Delete(cJSON_DetachItemViaPointer(result, result->child));
	clear_comparison(comparison);
	return compare_texts(comparison, 1);
}

int smd_text_diff(struct smd_call *call)
{
	struct comparison comparison = {.call = call};
	int err = open_driver(call, &comparison.opened);

	if (!err)
		err = take_both(&comparison);
	if (!err)
		err = compare_in_part(&comparison);
	clear_comparison(&comparison);
	smd_text_free(comparison.texts[0]);
	smd_text_free(comparison.texts[1]);
	close_driver(&comparison.opened);
	return err;
}

/* One configuration, parsed and told again */

static int add_json(struct smd_call *call, const struct smd_tree *tree)
{
	cJSON *json;
	int err = smd_tree_to_json(tree, &json);

	if (err)
		return smd_fail(call->error, err,
				"the configuration is nested too deeply for JSON");
	cJSON_AddItemToObject(call->result, "tree", json);
	return 0;
}

static int add_output(struct smd_call *call, const struct opened_driver *opened,
		      const struct smd_tree *tree, const char *format)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	const struct smd_dialect *dialect = opened->language.driver->dialect;
	int err = smd_text_new(&text, 0);

	if (!err && !strcmp(format, "text"))
		err = smd_language_print(&opened->language, tree, text, call->error);
	else if (!err && !strcmp(format, "flat") && dialect)
		err = smd_dialect_flatten(dialect, tree, text, call->error);
	else if (!err && !strcmp(format, "flat"))
		err = smd_tree_flatten(tree, text);
	else if (!err && !strcmp(format, "json"))
		return add_json(call, tree);
	else if (!err) {
		smd_fail(call->error, SMD_E_INVALID, "there is no format \"%s\"", format);
		smd_error_hint(call->error, "text, json, flat");
		return SMD_E_INVALID;
	}
	return err ? err : add_text(call->result, "text", text);
}

int smd_text_parse(struct smd_call *call)
{
	const char *format = smd_json_string(call->request, "format");
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	struct opened_driver opened = {.settings = NULL};
	int err = open_driver(call, &opened);

	if (!err)
		err = take_text(call, &opened, "text", &text);
	if (!err)
		err = parse_member(call, &opened, "text", text, &tree);
	if (!err)
		err = add_output(call, &opened, tree, format ? format : "text");
	close_driver(&opened);
	return err;
}
