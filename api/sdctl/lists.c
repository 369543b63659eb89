/* SPDX-License-Identifier: Apache-2.0 */
/* Output of lists for people: configurations, deployments, devices, drivers. */
#include <string.h>

#include "api/sdctl/columns.h"

static const cJSON *list_of(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* A number as text; "-" if there is none. */
static void number_text(const cJSON *object, const char *name, char out[24])
{
	if (cJSON_IsNumber(list_of(object, name)))
		snprintf(out, 24, "%.0f", number_of(object, name));
	else
		snprintf(out, 24, "-");
}

static void print_states(const struct run *run, const cJSON *configurations, const char *none)
{
	struct list list = {
		.headings = {"NAME", "KIND", "REVISION", "DEPLOYED", "STATE"},
		.none = none,
		.judged = -1,
	};
	const cJSON *one;

	cJSON_ArrayForEach (one, configurations) {
		const cJSON *open = list_of(one, "deployment");
		const char *undone_by = text_of(one, "rolled-back-by");
		char revision[24], deployed[24], state[CELL];

		number_text(one, "revision", revision);
		number_text(one, "deployed", deployed);
		snprintf(state, sizeof(state), "%s%s%s%s%s%s%s", text_of(one, "state"),
			 *undone_by ? " by deployment " : "", undone_by,
			 open ? ", deployment " : "", text_of(open, "id"), open ? ": " : "",
			 text_of(open, "state"));
		add_row(&list, (const char *[]){text_of(one, "name"), text_of(one, "kind"),
						revision, deployed, state});
	}
	print_list(run, &list);
}

void print_configurations(const struct run *run, const cJSON *result)
{
	print_states(run, list_of(result, "configurations"),
		     "no configurations; `sdctl config set FILE` keeps one");
}

static const char *advice_for(const char *state)
{
	if (!strcmp(state, "running"))
		return "";
	return !strcmp(state, "damaged") ? "; `sdctl recover` says what of it"
					 : "; `sdctl recover` finishes or undoes it";
}

void print_site(const struct run *run, const cJSON *result)
{
	const cJSON *open = list_of(result, "open"), *one, *name;
	const cJSON *unsettled = list_of(result, "configurations");
	double deployed = number_of(result, "as-wanted");

	cJSON_ArrayForEach (one, open) {
		const char *state = text_of(one, "state"), *started = text_of(one, "started");

		printf("deployment %s", text_of(one, "id"));
		cJSON_ArrayForEach (name, list_of(one, "configurations"))
			printf(" %s", name->valuestring);
		printf(": ");
		print_coloured(run, !strcmp(state, "running") ? "33" : "31",
			       !strcmp(state, "attention") ? "needs attention" : state);
		if (*started) {
			char begun[32];

			local_time(started, begun, sizeof(begun));
			printf(", begun %s", begun);
		}
		printf("%s\n", advice_for(state));
	}
	if (!open || !open->child)
		printf("nothing is going on, and nothing needs attention\n");
	print_count(stdout, deployed, "configuration is", "configurations are");
	printf(" deployed as wanted; ");
	print_count(stdout, number_of(result, "devices"), "device\n", "devices\n");
	if (unsettled && unsettled->child) {
		printf("\n");
		print_states(run, unsettled, "");
	}
}

/* What a deployment did, as "deploy", and the names of its configurations. */
static void describe(const cJSON *configurations, const char **goal, char names[CELL])
{
	const cJSON *one;

	*goal = "-";
	snprintf(names, CELL, "%s", configurations && configurations->child ? "" : "-");
	cJSON_ArrayForEach (one, configurations) {
		int is_first = one == configurations->child;

		if (is_first)
			*goal = text_of(one, "goal");
		else if (strcmp(text_of(one, "goal"), *goal) != 0)
			*goal = "change";
		snprintf(names + strlen(names), CELL - strlen(names), "%s%s", is_first ? "" : ",",
			 text_of(one, "configuration"));
	}
}

void print_history(const struct run *run, const cJSON *result)
{
	struct list list = {
		.headings = {"ID", "STARTED", "BY", "GOAL", "CONFIGURATION", "OUTCOME", "COMMENT",
			     "BECAUSE"},
		.none = "no deployments",
		.judged = 5,
		.good = "done",
	};
	const cJSON *one, *last = NULL;

	cJSON_ArrayForEach (one, list_of(result, "deployments")) {
		const char *goal, *by = text_of(one, "principal");
		char names[CELL], started[32];

		last = one;
		describe(list_of(one, "configurations"), &goal, names);
		local_time(text_of(one, "started"), started, sizeof(started));
		add_row(&list, (const char *[]){text_of(one, "id"), started, *by ? by : "-", goal,
						names, text_of(one, "outcome"),
						text_of(one, "comment"), text_of(one, "error")});
	}
	print_list(run, &list);
	if (last && cJSON_IsTrue(list_of(result, "more")))
		fprintf(stderr, "note: `sdctl history --before %s` shows older ones\n",
			text_of(last, "id"));
}

void print_pruned(const struct run *run, const cJSON *result)
{
	int dry_run = cJSON_IsTrue(list_of(result, "dry-run"));
	const cJSON *list = list_of(result, "deployments");

	(void)run;
	print_words(dry_run ? "would remove:" : "removed:", list);
	print_count(stdout, cJSON_GetArraySize(list), "deployment", "deployments");
	printf(", ");
	print_count(stdout, number_of(result, "plans"), "plan that was not applied",
		    "plans that were not applied");
	printf("; ");
	print_count(stdout, number_of(result, "records"), "record", "records");
	printf(" of %.0f bytes; ", number_of(result, "bytes"));
	print_count(stdout, number_of(result, "kept") + number_of(result, "damaged"), "deployment",
		    "deployments");
	printf(" %s", dry_run ? "would stay" : "left");
	if (number_of(result, "damaged") > 0)
		printf(", %.0f damaged", number_of(result, "damaged"));
	printf("\n");
}

static const char *origin_of(const cJSON *driver)
{
	return cJSON_IsTrue(list_of(driver, "own")) ? "built in" : text_of(driver, "file");
}

void print_drivers(const struct run *run, const cJSON *result)
{
	struct list list = {
		.headings = {"NAME", "VERSION", "SUMMARY", "FROM"},
		.none = "no drivers",
		.judged = -1,
	};
	const cJSON *one, *hidden;

	cJSON_ArrayForEach (one, list_of(result, "drivers")) {
		const char *error = text_of(one, "error"), *version = text_of(one, "version");
		char hides[CELL];

		add_row(&list, (const char *[]){text_of(one, "name"), *version ? version : "-",
						*error ? "cannot be used" : text_of(one, "summary"),
						*error ? error : origin_of(one)});
		cJSON_ArrayForEach (hidden, list_of(one, "hides")) {
			snprintf(hides, sizeof(hides), "hides %s", hidden->valuestring);
			add_row(&list, (const char *[]){"", "", "", hides});
		}
	}
	print_list(run, &list);
}

void print_driver(const struct run *run, const cJSON *result)
{
	struct list options = {.headings = {"OPTION", "TYPE", "INITIAL", "HELP"}, .judged = -1};
	const cJSON *one;

	printf("%s %s: %s\n", text_of(result, "name"), text_of(result, "version"),
	       text_of(result, "summary"));
	printf("  from %s\n", text_of(result, "file"));
	if (cJSON_IsTrue(list_of(result, "language-only")))
		printf("  only knows the language: it cannot talk to a device\n");
	else
		printf("  over %s by %s\n", text_of(result, "channel"),
		       text_of(result, "protocol"));
	print_words("  services:", list_of(result, "services"));
	print_words("  stages:  ", list_of(result, "stages"));
	cJSON_ArrayForEach (one, list_of(result, "options"))
		add_row(&options, (const char *[]){text_of(one, "name"), text_of(one, "type"),
						   text_of(one, "initial"), text_of(one, "help")});
	if (options.rows) {
		printf("\n");
		print_list(run, &options);
	}
}

static void print_check(const struct run *run, const cJSON *check)
{
	const char *state = text_of(check, "state"), *message = text_of(check, "message");
	const cJSON *line;

	print_coloured(run,
		       !strcmp(state, "failed") ? "31"
		       : !strcmp(state, "ok")   ? "32"
						: "33",
		       state);
	printf("%*s %-10s %s\n", 7 - (int)strlen(state), "", text_of(check, "name"),
	       *message ? message : text_of(check, "what"));
	cJSON_ArrayForEach (line, list_of(check, "detail"))
		printf("        %s\n", line->valuestring);
}

void print_test(const struct run *run, const cJSON *result)
{
	const cJSON *check;
	double failed = number_of(result, "failed"), seed = number_of(result, "seed");
	const char *golden = text_of(result, "golden");
	int count = cJSON_GetArraySize(list_of(result, "checks"));

	cJSON_ArrayForEach (check, list_of(result, "checks"))
		print_check(run, check);
	if (failed > 0)
		printf("again:  sdctl driver test %s --seed %.0f%s%s\n", text_of(result, "file"),
		       seed, *golden ? " --golden " : "", golden);
	else
		printf("%d check%s, seed %.0f: all hold\n", count, count == 1 ? "" : "s", seed);
}
