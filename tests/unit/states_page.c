/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints share/doc/states.md: the tables of core/deploy, as they are compiled. With the name of
 * a file, compares that with it.
 *
 * Who takes part in a phase is found by asking its function about devices that differ in one
 * thing each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/deploy/phases.h"
#include "core/tree/own.h"

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "states_page: %s\n", what);
	exit(2);
}

/* States */

static void print_states(FILE *out)
{
	fputs("## States\n\nA device's state in a deployment, and the state after each event; "
	      "\"-\": it stays. "
	      "`core/deploy/device_state.h` says what states and events mean.\n\n|",
	      out);
	for (int event = 0; event < EVENT_COUNT; event++)
		fprintf(out, " | %s", device_event_name((enum device_event)event));
	fputs(" |\n|", out);
	for (int event = 0; event <= EVENT_COUNT; event++)
		fputs(" --- |", out);
	for (int i = 0; i < STATE_COUNT; i++) {
		enum device_state state = (enum device_state)i;

		fprintf(out, "\n| **%s** |", device_state_name(state));
		for (int event = 0; event < EVENT_COUNT; event++) {
			enum device_state next =
				device_state_after(state, (enum device_event)event);

			fprintf(out, " %s |", next == state ? "-" : device_state_name(next));
		}
	}
	fputs("\n", out);
}

static void print_outcomes(FILE *out)
{
	fputs("\n## Outcomes\n\nWithout a problem the outcome of a device is that of its state:"
	      "\n\n| state | outcome |\n| --- | --- |\n",
	      out);
	for (int i = 0; i < STATE_COUNT; i++) {
		enum device_state state = (enum device_state)i;

		fprintf(out, "| %s | %s |\n", device_state_name(state),
			device_outcome_name(device_outcome_of(state, PROBLEM_NONE)));
	}
	fprintf(out, "\nWith a problem it is %s. Problems, the worst one last:",
		device_outcome_name(device_outcome_of(STATE_UNTOUCHED, PROBLEM_DIFFERS)));
	for (int i = PROBLEM_DIFFERS; i < PROBLEM_COUNT; i++)
		fprintf(out, "%s %s", i > PROBLEM_DIFFERS ? "," : "",
			device_problem_name((enum device_problem)i));
	fputs(".\n", out);
}

/* Devices that may take part */

struct subject {
	struct smd_driver driver;
	struct smd_draft draft;
	struct smd_task task;
	struct deployment deployment;
	struct device_run run;
	struct smd_text *lines;
};

static void next(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	(void)run;
	(void)answer;
	(void)action;
}

static void drop_probe(struct subject *subject)
{
	subject->driver.probe = NULL;
}

static void drop_prepare(struct subject *subject)
{
	subject->driver.prepare = NULL;
}

static void drop_confirm(struct subject *subject)
{
	subject->driver.confirm = NULL;
}

static void drop_persist(struct subject *subject)
{
	subject->driver.persist = NULL;
}

static void drop_abort(struct subject *subject)
{
	subject->driver.abort = NULL;
}

static void drop_timer(struct subject *subject)
{
	subject->task.facts.timer_longest = 0;
}

static void drop_candidate(struct subject *subject)
{
	subject->task.facts.candidate = SMD_CANDIDATE_NONE;
}

static void be_guarded(struct subject *subject)
{
	subject->task.facts.candidate = SMD_CANDIDATE_NONE;
	subject->task.facts.atomic = subject->task.facts.abort_voids = 1;
}

static void have_nothing_to_send(struct subject *subject)
{
	subject->task.steps[0].payload = NULL;
}

static void have_problem(struct subject *subject)
{
	subject->run.problem = PROBLEM_RESISTS;
}

static void go_ahead(struct subject *subject)
{
	subject->deployment.forward = 1;
}

static void do_second_step(struct subject *subject)
{
	subject->draft.steps = 2;
	subject->task.step_count = 2;
	subject->task.steps[1].payload = subject->lines;
	subject->deployment.sequence[0].step = 1;
}

static void have_problem_second(struct subject *subject)
{
	do_second_step(subject);
	have_problem(subject);
}

static void have_problem_first(struct subject *subject)
{
	do_second_step(subject);
	have_problem(subject);
	subject->deployment.sequence[0].step = 0;
}

static void pause_in_first_step(struct subject *subject)
{
	do_second_step(subject);
	subject->task.steps[0].payload = NULL;
	subject->deployment.sequence[0].step = 0;
}

/* One thing in which a device can differ from the usual one. */
static const struct {
	const char *text;
	void (*change)(struct subject *subject);
} changes[] = {
	{"its driver has no `probe`", drop_probe},
	{"its driver has no `prepare`", drop_prepare},
	{"its driver has no `confirm`", drop_confirm},
	{"its driver has no `persist`", drop_persist},
	{"its driver has no `abort`", drop_abort},
	{"it has no revert timer", drop_timer},
	{"it has no candidate and owes no answer, outside of recovery", drop_candidate},
	{"it has no candidate, and commits carry what they were computed from", be_guarded},
	{"nothing is sent to it", have_nothing_to_send},
	{"nothing in this step, but in the next one", pause_in_first_step},
	{"it has a problem", have_problem},
	{"one in step 1 of 2", have_problem_first},
	{"one in step 2 of 2", have_problem_second},
	{"on the way forward", go_ahead},
};

/* A device with all that a device can have, in a deployment of one step. */
static void init_subject(struct subject *subject, enum phase_id phase, struct smd_text *lines)
{
	*subject = (struct subject){
		.driver = {.probe = next,
			   .prepare = next,
			   .commit = next,
			   .confirm = next,
			   .persist = next,
			   .abort = next,
			   .rollback = next},
		.draft = {.steps = 1},
		.task = {.step_count = 1,
			 .steps = {{.payload = lines}},
			 .facts = {.candidate = SMD_CANDIDATE_SHARED, .timer_longest = 600}},
		.deployment = {.sequence = {{phase, 0}}, .length = 1, .count = 1},
		.lines = lines};
	subject->task.language.driver = &subject->driver;
	subject->deployment.draft = &subject->draft;
	subject->deployment.runs = &subject->run;
	subject->run.deployment = &subject->deployment;
	subject->run.task = &subject->task;
}

/* The states in which a device takes part, a bit each. */
static unsigned states_of(enum phase_id phase, void (*change)(struct subject *subject))
{
	smd_cleanup(smd_text_free) struct smd_text *lines = NULL;
	struct subject subject;
	unsigned states = 0;

	must(!smd_text_new(&lines, 0) && !smd_text_line(lines, "a line"), "no memory");
	init_subject(&subject, phase, lines);
	if (change)
		change(&subject);
	for (unsigned state = 0; state < STATE_COUNT; state++) {
		subject.run.state = (enum device_state)state;
		states |= phase_of(phase)->takes(&subject.run) ? 1u << state : 0;
	}
	return states;
}

static void print_set(FILE *out, unsigned states)
{
	const unsigned all = (1u << STATE_COUNT) - 1;
	unsigned left_out = all & ~states;
	int few = __builtin_popcount(left_out) < 3;
	unsigned named = few ? left_out : states;

	if (!states || !left_out) {
		fputs(states ? "all" : "none", out);
		return;
	}
	fputs(few ? "all but" : "", out);
	for (unsigned state = 0, first = !few; state < STATE_COUNT; state++)
		if (named & (1u << state)) {
			fprintf(out, "%s%s", first ? "" : " ",
				device_state_name((enum device_state)state));
			first = 0;
		}
}

/* The changes by which the device takes part in these states alone. */
static void print_exceptions(FILE *out, enum phase_id phase, unsigned states)
{
	const char *before = ": ";

	print_set(out, states);
	for (size_t i = 0; i < SMD_COUNT(changes); i++) {
		if (states_of(phase, changes[i].change) != states)
			continue;
		fprintf(out, "%s%s", before, changes[i].text);
		before = ", ";
	}
}

static void print_takes(FILE *out, enum phase_id phase)
{
	unsigned usual = states_of(phase, NULL), sets[SMD_COUNT(changes)];
	size_t count = 0;

	print_set(out, usual);
	fputs(" |", out);
	for (size_t i = 0; i < SMD_COUNT(changes); i++) {
		unsigned states = states_of(phase, changes[i].change);
		size_t same = 0;

		while (same < count && sets[same] != states)
			same++;
		if (states == usual || same < count)
			continue;
		sets[count++] = states;
		fputs(same ? "; " : " ", out);
		print_exceptions(out, phase, states);
	}
}

/* Phases */

static void print_phase(FILE *out, enum phase_id id)
{
	static const char *const failures[] = {
		[FAILURE_ENDS] = "ends it",
		[FAILURE_GOES_BACK] = "goes back",
		[FAILURE_IS_NOTED] = "is noted",
	};
	const struct phase *phase = phase_of(id);

	fprintf(out, "| %s | ", phase->name);
	if (phase->takes)
		print_takes(out, id);
	else
		fputs("the whole |", out);
	if (phase->deadline)
		fprintf(out, " | %u s", phase->deadline);
	else
		fputs(" |", out);
	fprintf(out, " | %s |\n", failures[phase->failure]);
}

static void print_phases(FILE *out)
{
	fputs("\n## Phases\n\nWhich devices take part, by their state; what a failure does; and "
	      "after how long devices that have not finished are given up. The usual device can "
	      "do all that there is, has a shared candidate and a revert timer, and something is "
	      "sent to it. `core/deploy/phases.c` has the roads through the phases.\n\n"
	      "| phase | states | except | deadline | a failure |\n"
	      "| --- | --- | --- | --- | --- |\n",
	      out);
	for (int id = 0; id < PHASE_COUNT; id++)
		print_phase(out, (enum phase_id)id);
}

static char *make_page(void)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	must(out != NULL, "no memory");
	fputs("# States and phases of a deployment\n\nThe executor's tables, printed from the "
	      "code (`tests/unit/states_page.c`); a test compares them.\n\n",
	      out);
	print_states(out);
	print_outcomes(out);
	print_phases(out);
	must(!fclose(out), "no memory");
	return text;
}

static int compare(const char *page, const char *path)
{
	size_t size = strlen(page);
	char *there = calloc(1, size + 2);
	FILE *in = fopen(path, "r");
	int same;

	must(there != NULL, "no memory");
	same = in && fread(there, 1, size + 1, in) == size && !strcmp(there, page);
	if (in)
		fclose(in);
	if (!same)
		fprintf(stderr, "%s is not what the code says; `states_page >FILE` makes it\n",
			path);
	free(there);
	return same;
}

int main(int argc, char **argv)
{
	char *page = make_page();
	int good = argc < 2 || compare(page, argv[1]);

	if (argc < 2)
		fputs(page, stdout);
	free(page);
	return !good;
}
