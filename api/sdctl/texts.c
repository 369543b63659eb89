/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on configurations as texts: diff, parse. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/sdctl.h"
#include "core/base/cleanup.h"

/* A JSON string that owns `bytes_take` (from malloc()). */
static cJSON *string_of(char *bytes_take)
{
	cJSON *item = cJSON_CreateStringReference(bytes_take);

	if (item)
		item->type &= ~cJSON_IsReference;
	else
		free(bytes_take);
	return item;
}

/* Add a file's text to the request without a copy, since it can be many megabytes. */
static int add_file(struct run *run, cJSON *request, const char *member, const char *path)
{
	char name[32], *text = read_file(run, path, TEXT_LIMIT);

	if (!text)
		return run->error.code;
	snprintf(name, sizeof(name), "%s-name", member);
	cJSON_AddItemToObject(request, member, string_of(text));
	cJSON_AddStringToObject(request, name, strcmp(path, "-") ? path : "standard input");
	return 0;
}

static cJSON *request_for(struct run *run)
{
	cJSON *request = with("driver", run->driver);

	if (run->format)
		cJSON_AddStringToObject(request, "format", run->format);
	else if (run->json)
		cJSON_AddStringToObject(request, "format", "json");
	cJSON_AddBoolToObject(request, "merge", run->merge);
	if (run->driver)
		return request;
	smd_fail(&run->error, SMD_E_INVALID, "no driver was named");
	smd_error_hint(&run->error, "--driver NAME; `sdctl driver list` shows which there are");
	cJSON_Delete(request);
	return NULL;
}

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

static int fail(struct run *run)
{
	print_error(run);
	return 1;
}

static int ask_for_text(struct run *run, const char *method, cJSON *request_take, cJSON **result)
{
	int err = ask(run, method, request_take, result);

	if (err)
		cJSON_Delete(*result);
	return err;
}

int text_diff(struct run *run)
{
	cJSON *request = request_for(run), *result;
	int equal;

	if (!request)
		return fail(run);
	if (add_file(run, request, "running", run->args[0]) ||
	    add_file(run, request, "intended", run->args[1])) {
		cJSON_Delete(request);
		return fail(run);
	}
	if (ask_for_text(run, "text.diff", request, &result))
		return fail(run);
	equal = cJSON_IsTrue(cJSON_GetObjectItem(result, "equal"));
	if (run->json || (run->format && !strcmp(run->format, "json")))
		print_json(result);
	else if (cJSON_GetObjectItem(result, "tree"))
		print_tree(run, cJSON_GetObjectItem(sanitize_json(result), "tree"));
	else
		print_exactly(result);
	fflush(stdout);
	print_hazards(sanitize_json(result));
	cJSON_Delete(result);
	return equal ? 0 : 2;
}

int text_parse(struct run *run)
{
	cJSON *request = request_for(run), *result, *tree;

	if (!request)
		return fail(run);
	if (add_file(run, request, "text", run->args[0])) {
		cJSON_Delete(request);
		return fail(run);
	}
	if (ask_for_text(run, "text.parse", request, &result))
		return fail(run);
	tree = cJSON_GetObjectItem(result, "tree");
	if (run->json || tree)
		print_json(tree ? tree : result);
	else
		print_exactly(result);
	cJSON_Delete(result);
	return 0;
}
