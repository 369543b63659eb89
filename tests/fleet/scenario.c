/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATE 3000     /* milliseconds: a late command is waited for */
#define REBOOT 60000  /* until a device that restarts is back */
#define LOCKED 600000 /* how long a stranger keeps a lock, or waits to confirm */
#define ID_LENGTH 8   /* of a store's id, in hexadecimal digits */
#define OCCURRENCES 8 /* of a command in one deployment, at most */
#define STRANGERS 3   /* the same for strangers */
#define SIZE_OF_TABLE ((size_t)1 << 18)

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "scenario: %s\n", what);
	abort();
}

void scenarios_init(struct scenarios *scenarios)
{
	for (unsigned kind = 0; kind < DEVICE_KINDS; kind++) {
		enum device_kind kinds[SCENARIO_DEVICES];

		for (unsigned i = 0; i < SCENARIO_DEVICES; i++)
			kinds[i] = (enum device_kind)((kind + i) % DEVICE_KINDS);
		scenarios->harnesses[kind] = harness_new(kinds, SCENARIO_DEVICES);
	}
}

void scenarios_done(struct scenarios *scenarios)
{
	for (unsigned kind = 0; kind < DEVICE_KINDS; kind++)
		harness_free(scenarios->harnesses[kind]);
	free(scenarios->rows);
}

/* Running one */

static struct fault fault_of(const struct scenario *scenario)
{
	struct fault fault = {.class = scenario->class,
			      .occurrence = scenario->occurrence,
			      .kind = scenario->fault,
			      .after = scenario->after,
			      .always = scenario->group == GROUP_ALWAYS};

	if (fault.kind == FAULT_LATE)
		fault.delay = LATE;
	else if (fault.kind == FAULT_REBOOT)
		fault.delay = REBOOT;
	else if (fault.kind == STRANGER_LOCK || fault.kind == STRANGER_PENDING)
		fault.delay = LOCKED;
	if (fault.kind >= STRANGER_EDIT && fault.kind != STRANGER_LOCK &&
	    fault.kind != STRANGER_SAVE)
		snprintf(fault.line, sizeof(fault.line), "%s",
			 scenario->group == GROUP_STRANGER_OURS ? "set color green"
								: "set guest here");
	return fault;
}

/* The way back begins because the last device refuses what acts on it. */
static void provoke(struct trial *trial)
{
	struct fault refusal = {
		.class = CLASS_ACT, .occurrence = 1, .always = 1, .kind = FAULT_REFUSED};

	trial_add(trial, SCENARIO_DEVICES - 1, &refusal);
}

static void name_of(const struct scenario *scenario, char name[128])
{
	static const char *const groups[GROUPS] = {"once", "always", "back", "elsewhere", "ours"};

	snprintf(name, 128, "%s %s %s %s %u: %s", groups[scenario->group],
		 trial_kind_name(scenario->kind), scenario->after ? "after" : "at",
		 trial_class_name(scenario->class), scenario->occurrence,
		 trial_fault_name(scenario->fault));
}

/* Whether what was armed has happened, whoever counted it. */
static int has_fired(const struct harness *harness)
{
	const struct fault *fault = harness->shared->sights[SIGHT_DONE][0].faults;

	return fault->fired || fault->blocked;
}

/* Copy a sentence without ids of stores and cells' borders, so that it is the same in each run. */
static void copy_sentence(char *out, size_t size, const char *sentence)
{
	static const char digits[] = "0123456789abcdef";
	size_t used = 0;

	while (*sentence && used + 4 < size) {
		size_t length = strspn(sentence, digits);

		if (length == ID_LENGTH) {
			memcpy(out + used, "...", 3);
			used += 3;
			sentence += length;
			continue;
		}
		out[used++] = *sentence == '|' ? '/' : *sentence;
		sentence++;
	}
	out[used] = '\0';
}

static int run_one(struct scenarios *scenarios, struct scenario *scenario)
{
	struct harness *harness = scenarios->harnesses[scenario->kind];
	struct fault fault = fault_of(scenario);
	struct trial trial = {.task = TASK_APPLY};
	struct judgement judgement;
	char name[128];

	name_of(scenario, name);
	if (scenarios->only ? !strstr(name, scenarios->only)
			    : scenarios->tried++ % scenarios->fewer != 0)
		return 1;
	trial_add(&trial, 0, &fault);
	if (scenario->group == GROUP_BACK)
		provoke(&trial);
	trial_run(harness, &trial, &judgement);
	scenario->good = !judgement.used;
	scenario->fired = has_fired(harness);
	scenario->claim = judgement.claim;
	copy_sentence(scenario->sentence, sizeof(scenario->sentence), judgement.sentence);
	if (scenarios->only)
		harness_print(harness);
	if (!scenario->good || scenarios->only)
		printf("\n--only '%s' ends with '%s': %s\n%s", name,
		       judge_claim_name(judgement.claim), judgement.sentence, judgement.complaints);
	trial_done(&judgement);
	return scenario->good;
}

static struct scenario *add_row(struct scenarios *scenarios, const struct scenario *row)
{
	if (scenarios->count == scenarios->room) {
		scenarios->room = scenarios->room ? 2 * scenarios->room : 256;
		scenarios->rows =
			realloc(scenarios->rows, scenarios->room * sizeof(*scenarios->rows));
		must(scenarios->rows != NULL, "no memory");
	}
	scenarios->rows[scenarios->count] = *row;
	return &scenarios->rows[scenarios->count++];
}

/* All kinds of devices. Returns on how many it has happened; `failed` is counted up. */
static unsigned run_kinds(struct scenarios *scenarios, struct scenario scenario, unsigned *failed)
{
	unsigned fired = 0;

	for (unsigned kind = 0; kind < DEVICE_KINDS; kind++) {
		struct scenario *row;

		scenario.kind = (enum device_kind)kind;
		row = add_row(scenarios, &scenario);
		*failed += !run_one(scenarios, row);
		fired += row->fired != 0;
	}
	return fired;
}

/* At each command of the class, or at all of them at once. */
static void run_class(struct scenarios *scenarios, struct scenario scenario, unsigned *failed)
{
	unsigned most = scenario.group == GROUP_ALWAYS    ? 1
			: scenario.fault >= STRANGER_EDIT ? STRANGERS
							  : OCCURRENCES;

	for (scenario.occurrence = 1; scenario.occurrence <= most; scenario.occurrence++)
		if (!run_kinds(scenarios, scenario, failed) && !scenarios->only &&
		    scenarios->fewer == 1)
			break;
}

/* A device that shows something else than it has cannot be known; a late command shows nothing. */
static int is_lie(unsigned class, unsigned fault)
{
	return (class == CLASS_READ || class == CLASS_PROBE) &&
	       (fault == FAULT_LIED_YES || fault == FAULT_LATE);
}

static unsigned run_faults(struct scenarios *scenarios, enum scenario_group group)
{
	unsigned failed = 0;

	for (unsigned class = CLASS_LOGIN; class < CLASS_COUNT; class ++) {
		if (group == GROUP_BACK && class != CLASS_ABORT && class != CLASS_CANCEL &&
		    class != CLASS_ACT)
			continue;
		for (unsigned fault = FAULT_REFUSED; fault <= FAULT_REBOOT; fault++)
			if (!is_lie(class, fault))
				run_class(scenarios,
					  (struct scenario){.group = group,
							    .class = (enum command_class) class,
							    .fault = (enum fault_kind)fault},
					  &failed);
	}
	return failed;
}

static unsigned run_strangers(struct scenarios *scenarios, enum scenario_group group)
{
	static const enum command_class moments[] = {CLASS_LOGIN, CLASS_READ,    CLASS_EDIT,
						     CLASS_ACT,   CLASS_CONFIRM, CLASS_SAVE};
	unsigned failed = 0;

	for (unsigned fault = STRANGER_EDIT; fault <= STRANGER_SAVE; fault++) {
		if (group == GROUP_STRANGER_OURS &&
		    (fault == STRANGER_LOCK || fault == STRANGER_SAVE))
			continue;
		for (size_t i = 0; i < 2 * sizeof(moments) / sizeof(moments[0]); i++)
			run_class(scenarios,
				  (struct scenario){.group = group,
						    .class = moments[i / 2],
						    .fault = (enum fault_kind)fault,
						    .after = i % 2},
				  &failed);
	}
	return failed;
}

unsigned scenarios_run(struct scenarios *scenarios, enum scenario_group group)
{
	return group < GROUP_STRANGER_ELSEWHERE ? run_faults(scenarios, group)
						: run_strangers(scenarios, group);
}

/* The table */

static const char *const headings[GROUPS] = {
	"A fault, once", "A fault that stays", "A fault on the way back",
	"A stranger beside our lines", "A stranger in a line of ours"};

static void write_cell(FILE *out, const struct scenario *scenario)
{
	if (!scenario->fired)
		fputs(" - |", out);
	else
		fprintf(out, " %s |", scenario->good ? judge_claim_name(scenario->claim) : "");
}

/* A row: the six scenarios that differ in the kind of the device. */
static void write_row(FILE *out, const struct scenario *row)
{
	const char *sentence = "";
	int fired = 0;

	for (unsigned i = 0; i < DEVICE_KINDS; i++) {
		fired |= row[i].fired;
		if (row[i].fired && row[i].sentence[0] && !*sentence)
			sentence = row[i].sentence;
	}
	if (!fired)
		return;
	fprintf(out, "| %s%s", row->after ? "after " : "", trial_class_name(row->class));
	if (row->group != GROUP_ALWAYS)
		fprintf(out, " %u", row->occurrence);
	fprintf(out, " | %s |", trial_fault_name(row->fault));
	for (unsigned i = 0; i < DEVICE_KINDS; i++)
		write_cell(out, &row[i]);
	fprintf(out, " %s |\n", sentence);
}

static void write_group(FILE *out, const struct scenarios *scenarios, enum scenario_group group)
{
	fprintf(out, "\n## %s\n\n| command | what |", headings[group]);
	for (unsigned kind = 0; kind < DEVICE_KINDS; kind++)
		fprintf(out, " %s |", trial_kind_name((enum device_kind)kind));
	fputs(" for example |\n|---|---|---|---|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < scenarios->count; i += DEVICE_KINDS)
		if (scenarios->rows[i].group == group)
			write_row(out, &scenarios->rows[i]);
}

static const char introduction[] =
	"# How deployments end\n"
	"\n"
	"Made by `tests/fleet`: `test_fleet_scenarios --table share/doc/fault-table.md`. Each\n"
	"cell is a deployment over four devices in memory, of which one, of the kind in the\n"
	"head of the column, has the fault. A judge has compared what was told with what the\n"
	"devices run, then and two hours later; an empty cell is one in which the two differ,\n"
	"and fails the test. `-`: it does not happen there, as when there is no such command.\n"
	"\n"
	"| told | exit status | means |\n"
	"|---|---|---|\n"
	"| done | 0 | all devices run the new configuration, and start with it |\n"
	"| error, nothing begun | 1 | all devices are as they were |\n"
	"| refused | 3 | the same: nothing that acts was sent |\n"
	"| rolled back | 4 | all devices are as they were |\n"
	"| needs attention | 5 | each device's state and the reason are told; `sdctl recover` "
	"helps |\n"
	"\n"
	"| kind | works as |\n"
	"|---|---|\n"
	"| atomic | Open vSwitch: a transaction with its precondition |\n"
	"| lines | FRRouting, classic IOS: each line acts at once |\n"
	"| lines-timer | the same with a revert timer |\n"
	"| shared | Junos, NETCONF: a shared candidate and a confirmed commit |\n"
	"| private | IOS-XR: a private candidate, and a trial that ends with its session |\n"
	"| named | EOS: a named session that outlives its login |\n"
	"\n"
	"What a device *shows* is believed: one that lies about its configuration deceives\n"
	"everybody. A command that acts late is waited for as long again as its deadline; one\n"
	"that acts later still, on a device where it cannot be made void, is not seen. A\n"
	"stranger who writes between our last look and the line that acts is overwritten on\n"
	"devices without locks and guards, and one who writes after our last look is seen by\n"
	"`sdctl verify`. A revert timer that rings takes along what others have written\n"
	"since, except on private.\n";

static char *make_table(const struct scenarios *scenarios)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out != NULL, "no memory");
	fputs(introduction, out);
	for (unsigned group = 0; group < GROUPS; group++)
		write_group(out, scenarios, (enum scenario_group)group);
	fclose(out);
	return text;
}

int scenarios_write(const struct scenarios *scenarios, const char *file)
{
	char *text = make_table(scenarios);
	FILE *out = fopen(file, "w");
	int good = out && fputs(text, out) >= 0;

	if (out && fclose(out))
		good = 0;
	if (!good)
		perror(file);
	free(text);
	return good;
}

int scenarios_check(const struct scenarios *scenarios, const char *file)
{
	char *text, *stored;
	FILE *in;
	int good;

	if (scenarios->fewer > 1)
		return 1;
	text = make_table(scenarios);
	stored = calloc(1, SIZE_OF_TABLE);
	in = fopen(file, "r");
	must(stored != NULL, "no memory");
	if (in)
		stored[fread(stored, 1, SIZE_OF_TABLE - 1, in)] = '\0';
	good = in && !strcmp(text, stored);
	if (in)
		fclose(in);
	if (!good)
		printf("%s is not up to date: write it with --table\n", file);
	free(stored);
	free(text);
	return good;
}
