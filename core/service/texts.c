/* SPDX-License-Identifier: Apache-2.0 */
/* Methods on configurations as texts, without devices: text.diff and text.parse. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/lines.h"
#include "core/load/compare.h"
#include "core/service/methods.h"
#include "core/service/outgoing.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

/* Open the driver that the request names, with its options at their initial values. */
static int open_driver(const struct smd_call *call, struct smd_language *language)
{
	const char *name = smd_json_string(call->request, "driver");
	const struct smd_driver *driver = smd_call_driver(call, name);

	if (!driver)
		return call->error->code;
	return smd_language_open(language, call->loader, driver, NULL, 0, call->error);
}

/* Which driver's language is a text in? */

#define LOOKS_LIKE 100u /* per 1000 lines: share of another driver's signs */
#define IS_SURE 50u     /* share of own signs: no other driver is tried */

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

/* Warn, as the result's last warning; with `strict` it is SMD_E_INVALID. */
static int warn(const struct smd_call *call, const char *name, const char *hint, const char *format,
		...) __attribute__((format(printf, 4, 5)));

static int warn(const struct smd_call *call, const char *name, const char *hint, const char *format,
		...)
{
	cJSON *warnings = cJSON_GetObjectItem(call->result, "warnings"), *warning;
	char what[500];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (cJSON_IsTrue(smd_json_member(call->request, "strict"))) {
		smd_fail(call->error, SMD_E_INVALID, "%s %s", name, what);
		smd_error_hint(call->error, "%s", hint);
		return SMD_E_INVALID;
	}
	if (!warnings)
		warnings = cJSON_AddArrayToObject(call->result, "warnings");
	warning = cJSON_CreateObject();
	cJSON_AddStringToObject(warning, "text", name);
	cJSON_AddStringToObject(warning, "what", what);
	cJSON_AddItemToArray(warnings, warning);
	return 0;
}

/* Warn when the text looks like another driver's language, and much less like this one's. */
static int check_vendor(const struct smd_call *call, const struct smd_language *language,
			const char *what, const struct smd_text *text)
{
	const struct smd_driver *driver = language->driver;
	struct guess guess = {call, text, driver->self.name, NULL, 0};
	unsigned own = driver->dialect ? smd_dialect_likeness(driver->dialect, text) : 0;
	cJSON *warnings;
	int err;

	if (own >= IS_SURE || smd_text_count(text) < 3)
		return 0;
	smd_loader_each_driver(call->loader, guess_driver, &guess, NULL);
	if (!guess.best || guess.likeness < LOOKS_LIKE || guess.likeness < own * 3)
		return 0;
	err = warn(call, what, "name the driver of the device", "looks like %s, and is read as %s",
		   guess.best, driver->self.name);
	warnings = cJSON_GetObjectItem(call->result, "warnings");
	if (!err)
		cJSON_AddStringToObject(
			cJSON_GetArrayItem(warnings, cJSON_GetArraySize(warnings) - 1),
			"looks-like", guess.best);
	return err;
}

/* A text that cannot be read, and that looks like another driver's language, may be that. */
static void hint_at_driver(const struct smd_call *call)
{
	const cJSON *warnings = cJSON_GetObjectItem(call->result, "warnings"), *warning;

	cJSON_ArrayForEach (warning, warnings) {
		const char *text = smd_json_string(warning, "text");
		const char *driver = smd_json_string(warning, "looks-like");

		if (text && driver)
			smd_error_hint(call->error, "%s looks like %s: --driver %s?", text, driver,
				       driver);
	}
}

/* Warn of what was passed over in a text, and of what it says more than once. */
static int tell_notes(const struct smd_call *call, const char *name, const struct smd_text *text,
		      const struct smd_read_notes *notes)
{
	const struct smd_noted *passed_over = &notes->passed_over, *merged = &notes->merged;
	char lines[300] = "";
	int err = 0;

	for (size_t i = 0; i < SMD_NOTED_LINES && i < passed_over->count; i++)
		snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s%zu \"%.60s\"",
			 i ? ", " : "", passed_over->lines[i],
			 smd_text_get(text, passed_over->lines[i] - 1, NULL));
	if (passed_over->count)
		err = warn(call, name, "take these lines out of the text",
			   "has %zu line%s that %s no configuration and %s passed over: %s%s",
			   passed_over->count, passed_over->count == 1 ? "" : "s",
			   passed_over->count == 1 ? "is" : "are",
			   passed_over->count == 1 ? "was" : "were", lines,
			   passed_over->count > SMD_NOTED_LINES ? ", ..." : "");
	*lines = '\0';
	for (size_t i = 0; i < SMD_NOTED_LINES && i < merged->count; i++)
		snprintf(lines + strlen(lines), sizeof(lines) - strlen(lines), "%s%zu",
			 i ? ", " : "", merged->lines[i]);
	if (!err && merged->count)
		err = warn(call, name, "say each thing once",
			   "has %zu line%s that an earlier line says already, or takes up again: "
			   "%s%s",
			   merged->count, merged->count == 1 ? "" : "s", lines,
			   merged->count > SMD_NOTED_LINES ? ", ..." : "");
	return err;
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

/* Take a text from the request, and check that it looks like the driver's language. */
static int take_text(const struct smd_call *call, const struct smd_language *language,
		     const char *member, struct smd_text **out)
{
	char *bytes = smd_json_take_string(call->request, member);

	if (!bytes || smd_text_take(out, bytes, strlen(bytes)))
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	return check_vendor(call, language, name_of(call, member), *out);
}

static int add_text(cJSON *result, const char *name, const struct smd_text *text)
{
	smd_cleanup(free) char *bytes = smd_text_join(text);

	return bytes && cJSON_AddStringToObject(result, name, bytes) ? 0 : SMD_E_NO_MEMORY;
}

/* text.diff */

static void add_hazards(cJSON *list, const struct smd_patch *patch)
{
	for (size_t i = 0; i < patch->hazard_count; i++) {
		const struct smd_hazard *hazard = &patch->hazards[i];
		cJSON *item = cJSON_CreateObject();

		cJSON_AddNumberToObject(item, "line", (double)hazard->line + 1);
		cJSON_AddStringToObject(item, "what", hazard->what);
		if (hazard->advice)
			cJSON_AddStringToObject(item, "advice", hazard->advice);
		cJSON_AddItemToArray(list, item);
	}
}

/*
 * Add the lines of a patch as member `name`, exactly: they are for a device, which would take
 * asterisks for the password. Add its hazards to the list of
 * hazards.
 */
static int add_patch(cJSON *result, const struct smd_language *language, const char *name,
		     const struct smd_patch *patch)
{
	const struct smd_dialect *dialect = language->driver->dialect;
	cJSON *hazards = cJSON_GetObjectItem(result, "hazards");

	if (!hazards)
		hazards = cJSON_AddArrayToObject(result, "hazards");
	add_hazards(hazards, patch);
	if (cJSON_GetArraySize(hazards) && dialect && dialect->atomic_method &&
	    !cJSON_GetObjectItem(result, "atomic-method"))
		cJSON_AddStringToObject(result, "atomic-method", dialect->atomic_method);
	return add_text(result, name, patch->lines);
}

static void add_preview(cJSON *result, const struct smd_comparison *comparison)
{
	cJSON *lines = cJSON_AddArrayToObject(result, "tree");

	for (size_t i = 0; i < comparison->preview_count; i++) {
		const struct smd_preview_line *line = &comparison->preview[i];
		const char mark[] = {line->mark, '\0'};
		cJSON *item = cJSON_CreateObject();

		cJSON_AddStringToObject(item, "mark", mark);
		cJSON_AddNumberToObject(item, "depth", line->depth);
		cJSON_AddStringToObject(item, "line", line->text);
		cJSON_AddItemToArray(lines, item);
	}
}

/*
 * A format of text.diff: what to compute, and the names of the result's members; NULL: not in
 * it.
 */
static const struct format {
	const char *name;
	unsigned flags;
	const char *patch, *undo;
} formats[] = {
	{"commands", SMD_COMPARE_PATCH, "text", NULL},
	{"undo", SMD_COMPARE_UNDO, NULL, "text"},
	{"tree", SMD_COMPARE_PREVIEW, NULL, NULL},
	{"json", SMD_COMPARE_PATCH | SMD_COMPARE_UNDO | SMD_COMPARE_PREVIEW, "commands", "undo"},
};

static const struct format *find_format(const struct smd_call *call)
{
	const char *name = smd_json_string(call->request, "format");
	size_t i = 0;

	while (i + 1 < SMD_COUNT(formats) && name && strcmp(name, formats[i].name))
		i++;
	return &formats[i];
}

static int add_comparison(cJSON *result, const struct smd_language *language,
			  const struct format *format, const struct smd_comparison *comparison)
{
	int err = 0;

	cJSON_AddBoolToObject(result, "equal", comparison->equal);
	if (format->patch)
		err = add_patch(result, language, format->patch, &comparison->patch);
	if (!err && format->undo)
		err = add_patch(result, language, format->undo, &comparison->undo);
	if (format->flags & SMD_COMPARE_PREVIEW)
		add_preview(result, comparison);
	return err;
}

static int compare_texts(struct smd_call *call, const struct smd_language *language,
			 const struct format *format)
{
	int merges = cJSON_IsTrue(cJSON_GetObjectItem(call->request, "merge"));
	smd_cleanup(smd_text_free) struct smd_text *running = NULL;
	smd_cleanup(smd_text_free) struct smd_text *intended = NULL;
	struct smd_comparison comparison = {0};
	int err = take_text(call, language, "running", &running);

	if (!err)
		err = take_text(call, language, "intended", &intended);
	if (!err)
		err = smd_language_compare(
			language, &(struct smd_named_text){name_of(call, "running"), running},
			&(struct smd_named_text){name_of(call, "intended"), intended},
			format->flags | (merges ? SMD_COMPARE_MERGE : 0u), &comparison,
			call->error);
	if (err)
		hint_at_driver(call);
	if (!err)
		err = tell_notes(call, name_of(call, "running"), running, &comparison.notes[0]);
	if (!err)
		err = tell_notes(call, name_of(call, "intended"), intended, &comparison.notes[1]);
	if (!err)
		err = add_comparison(call->result, language, format, &comparison);
	smd_comparison_done(&comparison);
	return err;
}

int smd_text_diff(struct smd_call *call)
{
	const struct format *format = find_format(call);
	struct smd_language language = {NULL};
	int err = open_driver(call, &language);

	if (!err)
		err = compare_texts(call, &language, format);
	smd_language_close(&language);
	return err;
}

/* text.parse */

static int add_json(struct smd_call *call, const struct smd_language *language,
		    const struct smd_tree *tree, int reveals)
{
	cJSON *json;
	int err = smd_tree_to_json(tree, &json);

	if (err)
		return smd_fail(call->error, err,
				"the configuration is nested too deeply for JSON");
	if (!reveals)
		smd_outgoing_tree(language, smd_tree_top(tree), json);
	cJSON_AddItemToObject(call->result, "tree", json);
	return 0;
}

static int add_output(struct smd_call *call, const struct smd_language *language,
		      const struct smd_tree *tree, const char *format, int reveals)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	int err = smd_text_new(&text, 0);

	if (!err && !strcmp(format, "text"))
		err = smd_language_print(language, tree, text, call->error);
	else if (!err && !strcmp(format, "flat") && language->dialect)
		err = smd_dialect_flatten(language->dialect, tree, text, call->error);
	else if (!err && !strcmp(format, "flat"))
		err = smd_tree_flatten(tree, text);
	else if (!err)
		return add_json(call, language, tree, reveals);
	if (!err && !reveals)
		err = smd_outgoing_text(language, &text, call->error);
	return err ? err : add_text(call->result, "text", text);
}

int smd_text_parse(struct smd_call *call)
{
	const char *format = smd_json_string(call->request, "format");
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	struct smd_language language = {NULL};
	struct smd_read_notes notes = {.passed_over = {0}};
	int reveals, err = smd_outgoing_opens(call, &reveals);

	if (!err)
		err = open_driver(call, &language);
	if (!err)
		err = take_text(call, &language, "text", &text);
	if (!err)
		err = smd_language_parse_named(
			&language, &(struct smd_named_text){name_of(call, "text"), text}, &notes,
			&tree, call->error);
	if (err)
		hint_at_driver(call);
	else
		err = tell_notes(call, name_of(call, "text"), text, &notes);
	if (!err)
		err = add_output(call, &language, tree, format ? format : "text", reveals);
	smd_language_close(&language);
	return err;
}
