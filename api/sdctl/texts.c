/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on configurations as texts: diff, parse. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/command.h"

/* Print the result's text: unchanged to a file or pipe, sanitized to a terminal. */
static void print_exactly(const cJSON *result)
{
	if (!isatty(STDOUT_FILENO))
		fputs(text_of(result, "text"), stdout);
	else
		printf("%s", text_of(sanitize_json((cJSON *)result), "text"));
}

static void print_tree(const struct run *run, const cJSON *lines)
{
	const cJSON *line;

	cJSON_ArrayForEach (line, lines) {
		char mark = *text_of(line, "mark");
		const char *colour = mark == '+'   ? "\033[32m"
				     : mark == '-' ? "\033[31m"
						   : "\033[33m";
		int coloured = run->colour && mark != ' ';

		printf("%s%c %*s%s%s\n", coloured ? colour : "", mark,
		       (int)number_of(line, "depth") * 2, "", text_of(line, "line"),
		       coloured ? "\033[0m" : "");
	}
}

static void print_hazards(const cJSON *result)
{
	const cJSON *hazards = cJSON_GetObjectItem(result, "hazards"), *hazard;
	const char *method = text_of(result, "atomic-method");
	int left = 0;

	cJSON_ArrayForEach (hazard, hazards) {
		fprintf(stderr, "sdctl: not safe at line %.0f: %s\n", number_of(hazard, "line"),
			text_of(hazard, "what"));
		if (!*method && *text_of(hazard, "advice"))
			fprintf(stderr, "  hint: %s\n", text_of(hazard, "advice"));
		else
			left = 1;
	}
	if (left)
		fprintf(stderr, "  hint: %s%s\n",
			*method ? "the device can take it as a whole: "
				: "every order of these lines passes such a state; do it in a "
				  "maintenance window, or in two steps",
			method);
}

static void print_warnings(const cJSON *result)
{
	const cJSON *warnings = cJSON_GetObjectItem(result, "warnings"), *warning;

	cJSON_ArrayForEach (warning, warnings)
		fprintf(stderr, "sdctl: warning: %s %s\n", text_of(warning, "text"),
			text_of(warning, "what"));
}

static int wants_json(const struct run *run)
{
	return run->json || !strcmp(text_of(run->request, "format"), "json");
}

/* With --json, the format is json if no other one is named. */
static int ask_for_text(struct run *run, cJSON **result)
{
	cJSON *request = run->request;

	run->request = NULL;
	if (run->json && !cJSON_GetObjectItem(request, "format"))
		cJSON_AddStringToObject(request, "format", "json");
	return ask(run, run->command->method, request, result);
}

int run_diff(struct run *run)
{
	cJSON *result;
	int equal;

	run->json = wants_json(run);
	if (ask_for_text(run, &result)) {
		cJSON_Delete(result);
		return print_error(run);
	}
	equal = cJSON_IsTrue(cJSON_GetObjectItem(result, "equal"));
	if (run->json) {
		print_json(run, result, 0);
	} else {
		if (cJSON_GetObjectItem(result, "tree"))
			print_tree(run, cJSON_GetObjectItem(sanitize_json(result), "tree"));
		else
			print_exactly(result);
		flush_output();
		print_warnings(sanitize_json(result));
		print_hazards(result);
	}
	cJSON_Delete(result);
	return equal ? 0 : 2;
}

int run_parse(struct run *run)
{
	cJSON *result;

	run->json = wants_json(run);
	if (ask_for_text(run, &result)) {
		cJSON_Delete(result);
		return print_error(run);
	}
	if (run->json)
		print_json(run, result, 0);
	else
		print_exactly(result);
	if (!run->json) {
		flush_output();
		print_warnings(sanitize_json(result));
	}
	cJSON_Delete(result);
	return 0;
}
