/* SPDX-License-Identifier: Apache-2.0 */
/* Output of results for people. */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/columns.h"
#include "api/sdctl/command.h"

const char *text_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsString(member) ? member->valuestring : "";
}

double number_of(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);

	return cJSON_IsNumber(member) ? member->valuedouble : 0;
}

static const cJSON *list_of(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

void print_coloured(const struct run *run, const char *colour, const char *text)
{
	if (run->colour)
		printf("\033[%sm%s\033[0m", colour, text);
	else
		printf("%s", text);
}

/* Plans */

/* A value as text or, for bytes that are not text, in hexadecimal. */
static const char *value_of(const cJSON *change, const char *name)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(change, name);

	return cJSON_IsObject(value) ? text_of(value, "hex") : text_of(change, name);
}

static void begin_colour(const struct run *run, const char *colour)
{
	if (run->colour)
		printf("\033[%sm", colour);
}

static void end_colour(const struct run *run)
{
	if (run->colour)
		printf("\033[0m");
	printf("\n");
}

static void print_change(const struct run *run, const cJSON *change)
{
	const char *op = text_of(change, "op"), *path = text_of(change, "path");
	const char *from = value_of(change, "from"), *to = value_of(change, "to");
	const char *added = text_of(change, "added"), *removed = text_of(change, "removed");

	begin_colour(run, !strcmp(op, "add") ? "32" : !strcmp(op, "remove") ? "31" : "33");
	if (!strcmp(op, "add"))
		printf("    + %s%s%s", path, *to ? " = " : "", to);
	else if (!strcmp(op, "remove"))
		printf("    - %s%s%s", path, *from ? " = " : "", from);
	else if (!strcmp(op, "numbers"))
		printf("    ~ %s%s%s%s%s", path, *added ? " +" : "", added, *removed ? " -" : "",
		       removed);
	else if (!strcmp(op, "move"))
		printf("    ~ %s moves", path);
	else
		printf("    ~ %s: %s -> %s", path, from, to);
	end_colour(run);
}

static void print_lines(const char *heading, const cJSON *lines)
{
	const cJSON *line;

	if (!cJSON_GetArraySize(lines))
		return;
	printf("    %s\n", heading);
	cJSON_ArrayForEach (line, lines)
		printf("      %s\n",
		       cJSON_IsString(line) ? line->valuestring : text_of(line, "hex"));
}

/* Lines that the driver does not know. */
static void print_unknown(const struct run *run, const cJSON *lines)
{
	const cJSON *line;

	if (!cJSON_GetArraySize(lines))
		return;
	begin_colour(run, "31");
	printf("    not known to this driver, which cannot compare them:\n");
	cJSON_ArrayForEach (line, lines) {
		printf("      line %.0f: %s\n", number_of(line, "line"), text_of(line, "text"));
		if (*text_of(line, "looks-like"))
			printf("        looks like an abbreviation of: %s\n",
			       text_of(line, "looks-like"));
	}
	end_colour(run);
}

/* What others have changed since the snapshot of a rollback: it stays. */
static void print_later(const cJSON *device, int indent, const char *heading)
{
	const char *first = text_of(device, "snapshot");
	const cJSON *later = cJSON_GetObjectItem(device, "later-work"), *path;
	const cJSON *paths = list_of(later, "paths");
	double more = number_of(later, "count") - cJSON_GetArraySize(paths);

	if (!later && *first && strcmp(first, "equal") != 0) /* one of an earlier version */
		printf("%*s%s %s\n", indent, "", heading, first);
	if (later)
		printf("%*s%s\n", indent, "", heading);
	cJSON_ArrayForEach (path, paths)
		printf("%*s  %s\n", indent, "", path->valuestring);
	if (later && more > 0)
		printf("%*s  and %.0f more\n", indent, "", more);
}

static void print_device_plan(const struct run *run, const cJSON *device)
{
	const cJSON *steps = list_of(device, "steps"), *change;
	int count = cJSON_GetArraySize(steps);

	printf("  %s (%s, safety level %s)\n", text_of(device, "name"), text_of(device, "driver"),
	       text_of(device, "level"));
	cJSON_ArrayForEach (change, list_of(device, "changes"))
		print_change(run, change);
	print_unknown(run, list_of(device, "unknown"));
	print_lines("removes nothing, for it is not there:", list_of(device, "removes-nothing"));
	for (int i = 0; i < count; i++)
		print_lines(count == 1 ? "commands:"
			    : i == 0   ? "commands, first:"
				       : "commands, then:",
			    list_of(cJSON_GetArrayItem(steps, i), "commands"));
	for (int i = count - 1; i >= 0; i--)
		print_lines("undo:", list_of(cJSON_GetArrayItem(steps, i), "undo"));
	print_later(device, 4, "stays, for others have come since:");
}

void print_words(const char *heading, const cJSON *words)
{
	char *text = NULL;
	size_t size, length = strlen(heading);
	FILE *out = cJSON_GetArraySize(words) ? open_memstream(&text, &size) : NULL;
	const cJSON *word;

	if (!out)
		return;
	cJSON_ArrayForEach (word, words)
		fprintf(out, "%s%s", word == words->child ? "" : " ", word->valuestring);
	fclose(out);
	printf("%s ", heading);
	print_wrapped(stdout, text, (int)length + 1, (int)length + 1 < 16 ? (int)length + 1 : 12);
	free(text);
}

static void print_words_below(const char *indent, const char *text)
{
	printf("%s", indent);
	print_wrapped(stdout, text, (int)strlen(indent), (int)strlen(indent));
}

/* What becomes of the network if the controller dies; 0 seconds: nothing is sent. */
static void print_reverts(const cJSON *seconds)
{
	if (cJSON_IsNull(seconds))
		print_words_below("  ",
				  "If the controller dies after the commit, only `sdctl recover` "
				  "brings the network back.");
	else if (cJSON_IsNumber(seconds) && seconds->valuedouble > 0)
		printf("  If the controller dies after the commit, the network is as before again\n"
		       "  within %.0f s, by itself.\n",
		       seconds->valuedouble);
}

static void print_risk(const struct run *run, const cJSON *risk)
{
	const char *level = text_of(risk, "level");
	const cJSON *reason;

	printf("  Risk:     ");
	print_coloured(run,
		       !strcmp(level, "low")    ? "32"
		       : !strcmp(level, "high") ? "31"
						: "33",
		       level);
	printf("\n");
	cJSON_ArrayForEach (reason, list_of(risk, "reasons"))
		if (cJSON_IsString(reason))
			print_words_below("    - ", reason->valuestring);
}

static void print_ports(const cJSON *ports)
{
	cJSON *words = cJSON_CreateArray();
	const cJSON *port;

	cJSON_ArrayForEach (port, ports) {
		char word[256];

		snprintf(word, sizeof(word), "%s/%s", text_of(port, "device"),
			 text_of(port, "port"));
		cJSON_AddItemToArray(words, cJSON_CreateString(word));
	}
	print_words("  Ports:   ", words);
	cJSON_Delete(words);
}

static void print_impact(const struct run *run, const cJSON *plan)
{
	const cJSON *impact = list_of(plan, "impact"), *step, *vlan;

	cJSON_ArrayForEach (step, list_of(plan, "order")) {
		int several = cJSON_GetArraySize(list_of(step, "devices")) > 1;
		char heading[64];

		snprintf(heading, sizeof(heading), "  Order:    %s%s on", text_of(step, "step"),
			 several ? ", at the same time" : "");
		print_words(heading, list_of(step, "devices"));
	}
	printf("  Impact:   ");
	print_count(stdout, cJSON_GetArraySize(list_of(impact, "devices")), "device", "devices");
	printf(", ");
	print_count(stdout, cJSON_GetArraySize(list_of(impact, "ports")), "port", "ports");
	cJSON_ArrayForEach (vlan, list_of(impact, "vlans"))
		printf(", VLAN %.0f", vlan->valuedouble);
	printf("\n");
	print_ports(list_of(impact, "ports"));
	print_risk(run, list_of(plan, "risk"));
	printf("  Estimate: %.0f ms\n", number_of(plan, "estimate-ms"));
	print_reverts(list_of(plan, "reverts-after-s"));
}

/* A configuration of a plan: what happens to it, and its revisions. */
static void print_configuration(const cJSON *one)
{
	printf("%s %s", text_of(one, "goal"), text_of(one, "configuration"));
	if (number_of(one, "revision") > 0)
		printf(" revision %.0f", number_of(one, "revision"));
	if (number_of(one, "from-revision") > 0)
		printf(" (now revision %.0f)", number_of(one, "from-revision"));
}

void print_plan(const struct run *run, const cJSON *plan)
{
	const cJSON *device, *one;
	const char *comma = "";

	printf("Plan %.12s: ", text_of(plan, "id"));
	cJSON_ArrayForEach (one, list_of(plan, "configurations")) {
		printf("%s", comma);
		print_configuration(one);
		comma = ", ";
	}
	printf("\n");
	if (!cJSON_GetArraySize(list_of(plan, "devices"))) {
		printf("  Nothing to do: the network is as it is wanted.\n");
		return;
	}
	cJSON_ArrayForEach (device, list_of(plan, "devices"))
		print_device_plan(run, device);
	print_words("  Unchanged:", list_of(plan, "unchanged"));
	print_impact(run, plan);
}

/* Deployments */

/* One line in all, and a line for each claim that is not proven; `-v`: for every claim. */
static void print_proof(const struct run *run, const cJSON *proof)
{
	const cJSON *claim;

	if (!proof)
		return;
	printf("  proof by traffic: %s\n", text_of(proof, "summary"));
	cJSON_ArrayForEach (claim, list_of(proof, "claims")) {
		const char *result = text_of(claim, "result");

		if (!run->verbose && !strcmp(result, "proven"))
			continue;
		printf("    ");
		print_coloured(run, !strcmp(result, "proven") ? "32" : "31", result);
		printf("  %s (%s)\n", text_of(claim, "claim"), text_of(claim, "seen"));
	}
}

/* What the device shows otherwise than it was sent, or has added. */
static void print_pair(const cJSON *pair)
{
	if (*text_of(pair, "sent"))
		printf("    %-16s sent:  %s\n", "", text_of(pair, "sent"));
	printf("    %-16s %s %s\n", "",
	       *text_of(pair, "sent") ? "shown:" : "added:", text_of(pair, "shown"));
}

static void print_outcome(const cJSON *device)
{
	const char *error = text_of(device, "error");
	const char *also = text_of(device, "also-differs");
	const cJSON *pair;

	printf("    %-16s %s%s%s\n", text_of(device, "name"), text_of(device, "outcome"),
	       *error ? ": " : "", error);
	if (!strcmp(text_of(device, "snapshot"), "equal"))
		printf("    %-16s read back, and equal to the snapshot from before\n", "");
	print_later(device, 21, "others have come since the snapshot:");
	cJSON_ArrayForEach (pair, list_of(device, "shown"))
		print_pair(pair);
	if (*also)
		printf("    %-16s differs from before at %s, which is not ours: left alone\n", "",
		       also);
}

/* The goal that all configurations have; "change" if they have several. */
static const char *goal_of(const cJSON *configurations)
{
	const char *goal = text_of(cJSON_GetArrayItem(configurations, 0), "goal");
	const cJSON *one;

	cJSON_ArrayForEach (one, configurations)
		if (strcmp(text_of(one, "goal"), goal))
			return "change";
	return goal;
}

/* Print the names, separated by commas; returns the columns. */
static int print_configuration_names(const cJSON *configurations)
{
	const cJSON *one;
	int columns = 0;

	cJSON_ArrayForEach (one, configurations)
		columns += printf("%s%s", columns ? ", " : "", text_of(one, "configuration"));
	return columns;
}

static void print_record(const struct run *run, const cJSON *record)
{
	const cJSON *configurations = list_of(record, "configurations");
	const char *undoes = text_of(cJSON_GetArrayItem(configurations, 0), "undoes");
	const cJSON *device;

	printf("Deployment %s: %s ", text_of(record, "id"), goal_of(configurations));
	print_configuration_names(configurations);
	if (*undoes)
		printf(" (undoes %s)", undoes);
	printf(": ");
	print_coloured(run, !strcmp(text_of(record, "outcome"), "done") ? "32" : "31",
		       text_of(record, "outcome"));
	printf("\n");
	if (*text_of(record, "comment"))
		printf("  comment: %s\n", text_of(record, "comment"));
	if (*text_of(record, "error"))
		printf("  because: %s%s%s\n", text_of(record, "error-device"),
		       *text_of(record, "error-device") ? ": " : "", text_of(record, "error"));
	if (*text_of(record, "error-where"))
		printf("  where:   %s\n", text_of(record, "error-where"));
	if (*text_of(record, "not-recovered"))
		printf("  not recovered: %s\n", text_of(record, "not-recovered"));
	cJSON_ArrayForEach (device, list_of(record, "devices"))
		print_outcome(device);
	print_proof(run, list_of(record, "proof"));
}

void print_applied(const struct run *run, const cJSON *result)
{
	const cJSON *record = list_of(result, "record");

	if (record)
		print_record(run, record);
	else if (cJSON_IsTrue(cJSON_GetObjectItem(result, "nothing-to-do")))
		printf("Nothing to do: the network is as it is wanted.\n");
}

void print_status(const struct run *run, const cJSON *result)
{
	const cJSON *record = list_of(result, "record");
	char started[32], ended[32];

	if (*text_of(result, "also-configuration"))
		fprintf(stderr,
			"note: this is the deployment with that id; `sdctl history %s` shows those "
			"of "
			"the configuration\n",
			text_of(result, "also-configuration"));
	if (*text_of(result, "passed-over"))
		fprintf(stderr,
			"note: deployment %s is newer, and its record is damaged: it may be of the "
			"same configuration\n",
			text_of(result, "passed-over"));
	print_record(run, record);
	local_time(text_of(record, "started"), started, sizeof(started));
	local_time(text_of(record, "ended"), ended, sizeof(ended));
	printf("  started %s by %s, %s%s, ", started, text_of(record, "principal"),
	       *text_of(record, "ended") ? "ended " : "not ended",
	       *text_of(record, "ended") ? ended : "");
	print_count(stdout, cJSON_GetArraySize(list_of(result, "journal")), "journal entry",
		    "journal entries");
	printf("\n");
}

/* A deployment was closed and nothing else was changed: what is on record, and what to do now. */
static void print_state_left(const cJSON *configurations)
{
	const cJSON *name;

	printf("  what is on record as deployed was left as it was, and nothing was sent\n");
	if (!cJSON_GetArraySize(configurations))
		printf("  `sdctl config list` shows the configurations; of each that it was of, "
		       "`sdctl verify NAME`\n  compares the devices with the record, and `sdctl "
		       "plan NAME` shows what would change\n");
	cJSON_ArrayForEach (name, configurations)
		printf("  `sdctl verify %s` compares the devices with the record, `sdctl plan %s` "
		       "shows what would change\n",
		       name->valuestring, name->valuestring);
}

void print_recovered(const struct run *run, const cJSON *result)
{
	const cJSON *one, *count = list_of(result, "count"); /* none: it was refused */

	if (count && count->valuedouble < 1)
		printf("nothing to recover\n");
	cJSON_ArrayForEach (one, list_of(result, "deployments")) {
		const char *outcome = text_of(one, "outcome"), *error = text_of(one, "error");

		printf("Deployment %s: ", text_of(one, "id"));
		print_coloured(run, *error ? "31" : "32", outcome);
		printf("%s%s\n", *error ? ": " : "", error);
		if (cJSON_IsTrue(list_of(one, "state-left")))
			print_state_left(list_of(one, "configurations"));
	}
}

/* Deployments that nobody works on and that are not finished, for the end of any command. */
void print_leftovers(const cJSON *result)
{
	const cJSON *one, *name;

	cJSON_ArrayForEach (one, list_of(result, "leftovers")) {
		const char *state = text_of(one, "state"), *id = text_of(one, "id");

		fprintf(stderr, "note: deployment %s", id);
		cJSON_ArrayForEach (name, list_of(one, "configurations"))
			fprintf(stderr, " %s", name->valuestring);
		if (!strcmp(state, "damaged"))
			fprintf(stderr,
				" is damaged on record; `sdctl recover %s` says what of it, `sdctl "
				"recover %s --accept` closes it\n",
				id, id);
		else if (!strcmp(state, "interrupted"))
			fprintf(stderr,
				", begun %s, was interrupted; `sdctl recover` finishes or undoes "
				"it\n",
				text_of(one, "started"));
		else
			fprintf(stderr,
				" needs attention (`sdctl status %s`); `sdctl recover` finishes or "
				"undoes it\n",
				id);
	}
	if (*text_of(result, "leftovers-error"))
		fprintf(stderr, "note: whether a deployment is open is not known: %s\n",
			text_of(result, "leftovers-error"));
}

void print_verification(const struct run *run, const cJSON *result)
{
	const cJSON *device;

	cJSON_ArrayForEach (device, list_of(result, "devices")) {
		const char *error = text_of(device, "error");
		const char *more = *error ? error : text_of(device, "where");

		printf("    %-16s %s%s%s\n", text_of(device, "name"), text_of(device, "state"),
		       *more ? ": " : "", more);
	}
	print_proof(run, list_of(result, "proof"));
}
