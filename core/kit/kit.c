/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kit/kit.h"

#include <stdio.h>
#include <string.h>

#include "core/kit/check.h"

#define SHOWN 40   /* maximum lines of a text that a result shows */
#define WIDEST 120 /* maximum characters of a line */

static const struct smd_kit_check load_check = {"load", "it is a driver, and opens", SMD_KIT_DRIVER,
						NULL};

static const struct smd_kit_check checks[] = {
	{"envelope", "name, summary, version, services", SMD_KIT_DRIVER, smd_check_envelope},
	{"options", "names, types, ranges, initial values", SMD_KIT_DRIVER, smd_check_options},
	{"page", "README.md has its headings and options", SMD_KIT_DRIVER, smd_check_page},
	{"golden", "golden cases give their patch and undo", SMD_KIT_GOLDENS, smd_check_golden},
	{"laws", "laws 1 to 4 on the golden cases", SMD_KIT_GOLDENS, smd_check_laws},
	{"mutations", "laws 1 to 4 on random trees near them", SMD_KIT_GOLDENS,
	 smd_check_mutations},
	{"safe", "what does not change opens nothing", SMD_KIT_GOLDENS, smd_check_safe},
	{"damage", "damaged text gives a tree or an error", SMD_KIT_GOLDENS, smd_check_damage},
	{"fuzz", "so does text that is none", SMD_KIT_GOLDENS, smd_check_fuzz},
	{"stages", "stages take every answer, and end", SMD_KIT_GOLDENS, smd_check_stages},
};

/* Reporting */

int smd_kit_hold(struct smd_kit *kit, int condition, const char *format, ...)
{
	va_list args;

	if (condition || kit->failed++)
		return condition;
	va_start(args, format);
	vsnprintf(kit->message, sizeof(kit->message), format, args);
	va_end(args);
	smd_sanitize(kit->message);
	return 0;
}

void smd_kit_skip(struct smd_kit *kit, const char *format, ...)
{
	va_list args;

	kit->skipped = 1;
	va_start(args, format);
	vsnprintf(kit->message, sizeof(kit->message), format, args);
	va_end(args);
	smd_sanitize(kit->message);
}

void smd_kit_at(struct smd_kit *kit, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(kit->where, SMD_KIT_WHERE, format, args);
	va_end(args);
}

static void show_line(struct smd_kit *kit, const char *line)
{
	smd_cleanup(free) char *copy = NULL;

	if (asprintf(&copy, "%.*s%s", WIDEST, line, strlen(line) > WIDEST ? "..." : "") < 0)
		copy = NULL;
	if (copy)
		cJSON_AddItemToArray(kit->detail, cJSON_CreateString(smd_sanitize(copy)));
}

void smd_kit_show_text(struct smd_kit *kit, const char *title, const struct smd_text *text)
{
	char heading[64];
	const char *line;
	size_t i = 0;

	if (kit->failed != 1)
		return;
	snprintf(heading, sizeof(heading), "--- %s", title);
	show_line(kit, heading);
	for (; i < SHOWN && (line = smd_text_get(text, i, NULL)); i++)
		show_line(kit, line);
	if (smd_text_get(text, i, NULL))
		show_line(kit, "...");
}

void smd_kit_show_tree(struct smd_kit *kit, const char *title, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;

	if (tree && !smd_text_new(&text, 0) && !smd_tree_flatten(tree, text))
		smd_kit_show_text(kit, title, text);
}

cJSON *smd_kit_result(const struct smd_kit_check *check, const char *state, const char *message,
		      cJSON *detail_take)
{
	cJSON *result = cJSON_CreateObject();

	cJSON_AddStringToObject(result, "name", check->name);
	cJSON_AddStringToObject(result, "what", check->what);
	cJSON_AddStringToObject(result, "state", state);
	if (*message)
		cJSON_AddStringToObject(result, "message", message);
	if (detail_take && detail_take->child)
		cJSON_AddItemToObject(result, "detail", detail_take);
	else
		cJSON_Delete(detail_take);
	return result;
}

char *smd_kit_home(const struct smd_kit_spec *spec)
{
	char *home;

	if (!spec->golden || asprintf(&home, "%s/..", spec->golden) < 0)
		return NULL;
	return home;
}

/* Running a check */

static void run_check(struct smd_kit *kit, const struct smd_kit_check *check)
{
	struct smd_error *error = &kit->bench.error;
	int err = smd_bench_init(&kit->bench, "", kit->spec->file, kit->spec->given,
				 kit->spec->given_count);

	if (!smd_kit_hold(kit, !err, "%s%s%s%s", error->message, *error->hint ? " (" : "",
			  error->hint, *error->hint ? ")" : "") ||
	    !check->run)
		return;
	if (check->need == SMD_KIT_GOLDENS && kit->spec->golden) {
		smd_kit_at(kit, "reading the golden cases");
		kit->unread = smd_goldens_read(&kit->goldens, kit->spec->golden, &kit->bench) != 0;
	}
	smd_kit_at(kit, "%s", "");
	check->run(kit);
}

cJSON *smd_kit_judge(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
		     char *where)
{
	struct smd_kit *kit = calloc(1, sizeof(*kit));
	const char *state = "ok";
	cJSON *result;

	if (!kit)
		return NULL;
	kit->spec = spec;
	kit->where = where;
	kit->prng.state = spec->seed;
	kit->detail = cJSON_CreateArray();
	run_check(kit, check);
	if (kit->failed)
		state = "failed";
	else if (kit->skipped)
		state = "skipped";
	result = smd_kit_result(check, state, kit->message, kit->detail);
	smd_goldens_done(&kit->goldens);
	smd_bench_done(&kit->bench);
	free(kit);
	return result;
}

/* Run a check and add its result. Returns 1 if it failed. */
static int add_check(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
		     cJSON *list)
{
	char where[SMD_KIT_WHERE] = "";
	cJSON *result = spec->here ? smd_kit_judge(spec, check, where)
				   : smd_kit_judge_in_child(spec, check);
	const char *state;

	if (!result)
		result = smd_kit_result(check, "failed",
					"it could not be begun: no memory or no "
					"process",
					NULL);
	cJSON_AddItemToArray(list, result);
	state = smd_json_string(result, "state");
	return !state || !strcmp(state, "failed");
}

static int is_wanted(const struct smd_kit_spec *spec, size_t i)
{
	return !spec->only || !strcmp(spec->only, checks[i].name);
}

static int check_only(const struct smd_kit_spec *spec, struct smd_error *error)
{
	char list[SMD_ERROR_HINT] = "";

	for (size_t i = 0; i < SMD_COUNT(checks); i++) {
		if (is_wanted(spec, i))
			return 0;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 checks[i].name);
	}
	smd_fail(error, SMD_E_NOT_FOUND, "there is no check '%s'", spec->only);
	smd_error_hint(error, "there are: %s", list);
	return SMD_E_NOT_FOUND;
}

static int run_checks(const struct smd_kit_spec *spec, cJSON *result, struct smd_error *error)
{
	cJSON *list = cJSON_AddArrayToObject(result, "checks");
	int failed = add_check(spec, &load_check, list), loaded = !failed;

	for (size_t i = 0; loaded && i < SMD_COUNT(checks); i++)
		failed += is_wanted(spec, i) ? add_check(spec, &checks[i], list) : 0;
	cJSON_AddNumberToObject(result, "failed", failed);
	if (!failed)
		return 0;
	smd_fail(error, SMD_E_INVALID, "%d of %d checks of '%s' failed", failed,
		 cJSON_GetArraySize(list), spec->file);
	smd_error_hint(error, "seed %llu repeats them", (unsigned long long)spec->seed);
	return SMD_E_INVALID;
}

static int check_spec(const struct smd_kit_spec *spec, struct smd_error *error)
{
	if (access(spec->file, R_OK)) {
		smd_fail(error, SMD_E_NOT_FOUND, "there is no file '%s'", spec->file);
		smd_error_hint(error, "a driver is a file NAME.so, or the name of one that `sdctl "
				      "driver list` shows");
		return SMD_E_NOT_FOUND;
	}
	if (spec->golden && access(spec->golden, R_OK | X_OK)) {
		smd_fail(error, SMD_E_NOT_FOUND, "there is no folder '%s'", spec->golden);
		smd_error_hint(error, "it holds the golden cases, a folder each");
		return SMD_E_NOT_FOUND;
	}
	return check_only(spec, error);
}

int smd_kit_run(const struct smd_kit_spec *spec, cJSON *result, struct smd_error *error)
{
	struct smd_kit_spec all = *spec;
	smd_cleanup(free) char *found = spec->golden ? NULL : smd_golden_folder(spec->file);
	int err = check_spec(spec, error);

	if (err)
		return err;
	all.golden = spec->golden ? spec->golden : found;
	cJSON_AddStringToObject(result, "file", spec->file);
	if (all.golden)
		cJSON_AddStringToObject(result, "golden", all.golden);
	cJSON_AddNumberToObject(result, "seed", (double)spec->seed);
	return run_checks(&all, result, error);
}
