/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every driver must do, whoever's language it speaks: the laws of the
 * design on its golden cases and on random neighbours of them.
 *
 *   SMD_GOLDEN_UPDATE=1   write patch and undo of the golden cases anew
 *   SMD_TEST_SEED=N       repeat a random run
 *   SMD_TEST_DRIVER=NAME  only this driver
 */
#include <stdio.h>

#include "core/run/steps.h"
#include "mutate.h"
#include "subject.h"

#define ROUNDS 400

static void check_envelope(struct subject *subject)
{
	const struct smd_driver *driver = subject->bench.driver;
	const struct smd_envelope *self = &driver->self;
	size_t length = strlen(self->summary);

	CHECK(subject,
	      length && length <= 80 && !strchr(self->summary, '\n') &&
		      self->summary[length - 1] != '.',
	      "the summary is no line without a full stop: '%s'", self->summary);
	CHECK(subject, *self->version && !strpbrk(self->version, " \t\n"), "version '%s'",
	      self->version);
	CHECK(subject, driver->manner->deadline, "the manner has no deadline");
	CHECK(subject, !driver->rollback || driver->commit, "rollback without commit");
	CHECK(subject, !driver->prepare || driver->abort, "prepare, but no abort");
	for (size_t i = 0; i < driver->service_count; i++)
		CHECK(subject, driver->services[i].version, "service '%s' has version 0",
		      driver->services[i].name);
}

static void the_envelope_is_good(void)
{
	for_each_driver(check_envelope);
}

static void check_option(struct subject *subject, const struct smd_option *option)
{
	const struct smd_setting initial = {option->name, option->initial};
	struct smd_settings *settings = NULL;
	struct smd_error *error = &subject->bench.error;

	CHECK(subject,
	      strspn(option->name, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(option->name),
	      "option '%s' is badly named", option->name);
	CHECK(subject, *option->help && !strchr(option->help, '\n'), "option '%s' has no help",
	      option->name);
	CHECK(subject, option->type != SMD_OPTION_NUMBER || option->minimum <= option->maximum,
	      "option '%s' has no range", option->name);
	CHECK(subject, option->type != SMD_OPTION_CHOICE || option->choices,
	      "option '%s' has no choices", option->name);
	CHECK(subject, !option->secret || !option->initial, "option '%s' is a secret for all",
	      option->name);
	if (option->initial)
		CHECK(subject,
		      !smd_settings_new(&subject->bench.driver->self, &initial, 1, &settings,
					error),
		      "the initial value: %s", error->message);
	smd_settings_free(settings);
}

static void check_options(struct subject *subject)
{
	const struct smd_envelope *self = &subject->bench.driver->self;
	const struct smd_setting unknown = {"no-such-option", "1"};
	struct smd_settings *settings = NULL;

	for (size_t i = 0; i < self->option_count; i++)
		check_option(subject, &self->options[i]);
	CHECK(subject,
	      smd_settings_new(self, &unknown, 1, &settings, &subject->bench.error) ==
		      SMD_E_INVALID,
	      "an unknown option is taken");
	smd_settings_free(settings);
}

static void options_are_good(void)
{
	for_each_driver(check_options);
}

static void check_page(struct subject *subject)
{
	static const char *const headings[] = {"What it drives", "Options",
					       "What the device must have", "Limits", "Example"};
	const struct smd_envelope *self = &subject->bench.driver->self;
	char path[512], heading[64];
	struct smd_text *page;
	char *bytes;

	snprintf(path, sizeof(path), DRIVERS "/%s/README.md", self->name);
	page = bench_read(path);
	if (!CHECK(subject, page, "there is no page %s", path))
		return;
	bytes = smd_text_join(page);
	for (size_t i = 0; i < SMD_COUNT(headings); i++) {
		snprintf(heading, sizeof(heading), "\n## %s\n", headings[i]);
		CHECK(subject, strstr(bytes, heading), "the page lacks '## %s'", headings[i]);
	}
	for (size_t i = 0; i < self->option_count; i++) {
		snprintf(heading, sizeof(heading), "`%s`", self->options[i].name);
		CHECK(subject, strstr(bytes, heading), "the page lacks option %s", heading);
	}
	free(bytes);
	smd_text_free(page);
}

static void every_driver_has_its_page(void)
{
	for_each_driver(check_page);
}

static void compare_with_file(struct subject *subject, const struct golden *golden,
			      const char *file, const struct smd_text *lines)
{
	struct smd_text *wanted;
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", golden->folder, file);
	if (getenv("SMD_GOLDEN_UPDATE"))
		CHECK(subject, !bench_write(path, lines), "cannot write %s", path);
	wanted = bench_read(path);
	if (CHECK(subject, wanted, "there is no %s", path) &&
	    !CHECK(subject, bench_same_lines(wanted, lines), "%s differs", path)) {
		bench_show_text("wanted", wanted);
		bench_show_text("rendered", lines);
	}
	smd_text_free(wanted);
}

static void check_golden(struct subject *subject)
{
	struct bench *bench = &subject->bench;

	CHECK(subject, subject->count >= 2, "has fewer than two golden cases");
	for (size_t i = 0; i < subject->count; i++) {
		const struct golden *golden = &subject->golden[i];
		struct smd_text *patch = bench_payload(bench, golden->running, golden->intended);
		struct smd_text *undo = bench_payload(bench, golden->intended, golden->running);

		if (CHECK(subject, patch && undo, "%s: %s", golden->folder, bench->error.message)) {
			compare_with_file(subject, golden, "patch", patch);
			compare_with_file(subject, golden, "undo", undo);
		}
		smd_text_free(patch);
		smd_text_free(undo);
	}
}

static void golden_cases_hold(void)
{
	for_each_driver(check_golden);
}

/* Law 1: what was parsed prints as text that parses to the same. */
static void check_law_1(struct subject *subject, const char *where, const struct smd_tree *tree)
{
	struct smd_text *text = bench_print(&subject->bench, tree);
	struct smd_tree *again = text ? bench_parse(&subject->bench, text) : NULL;

	if (!CHECK(subject, bench_same(tree, again), "law 1: %s", where)) {
		bench_show("tree", tree);
		bench_show("printed and parsed", again);
	}
	smd_tree_free(again);
	smd_text_free(text);
}

/* Law 2, or 3 for an undo: entering the payload leads there. */
static void check_law_2(struct subject *subject, const char *where, const struct smd_tree *from,
			const struct smd_tree *to, const struct smd_text *payload)
{
	struct smd_tree *tree = bench_enter(&subject->bench, from, payload);

	if (!CHECK(subject, bench_same(tree, to), "law 2 or 3: %s: %s", where,
		   tree ? "another tree" : subject->bench.error.message)) {
		bench_show("from", from);
		bench_show_text("payload", payload);
		bench_show("came to", tree);
		bench_show("wanted", to);
	}
	smd_tree_free(tree);
}

/* Law 4: nothing to do between a tree and itself. */
static void check_law_4(struct subject *subject, const char *where, const struct smd_tree *tree)
{
	struct smd_text *payload = bench_payload(&subject->bench, tree, tree);

	CHECK(subject, payload && !smd_text_count(payload), "law 4: %s", where);
	smd_text_free(payload);
}

/* All laws between two trees; 0 when the driver refuses to lead from one to the other. */
static int check_laws(struct subject *subject, const char *where, const struct smd_tree *a,
		      const struct smd_tree *b)
{
	struct smd_text *patch = bench_payload(&subject->bench, a, b);
	struct smd_text *undo = patch ? bench_payload(&subject->bench, b, a) : NULL;

	if (!patch)
		return 0;
	check_law_1(subject, where, b);
	check_law_2(subject, where, a, b, patch);
	if (CHECK(subject, undo, "%s: what was rendered has no undo: %s", where,
		  subject->bench.error.message))
		check_law_2(subject, where, b, a, undo);
	check_law_4(subject, where, b);
	smd_text_free(patch);
	smd_text_free(undo);
	return 1;
}

static void check_golden_laws(struct subject *subject)
{
	for (size_t i = 0; i < subject->count; i++) {
		const struct golden *golden = &subject->golden[i];

		check_law_1(subject, golden->folder, golden->running);
		CHECK(subject,
		      check_laws(subject, golden->folder, golden->running, golden->intended),
		      "%s: %s", golden->folder, subject->bench.error.message);
	}
}

static void laws_hold_for_golden_cases(void)
{
	for_each_driver(check_golden_laws);
}

static size_t collect_trees(const struct subject *subject, const struct smd_tree **trees)
{
	size_t count = 0;

	for (size_t i = 0; i < subject->count; i++) {
		trees[count++] = subject->golden[i].running;
		trees[count++] = subject->golden[i].intended;
	}
	return count;
}

/* A random tree as the device would hold it: in the form that parsing gives. */
static struct smd_tree *random_tree(struct subject *subject, struct gen *gen,
				    const struct smd_tree *from, const struct donors *donors)
{
	struct smd_tree *rough = mutate(gen, from, donors, 1 + gen_below(gen, 6));
	struct smd_text *text = bench_print(&subject->bench, rough);
	struct smd_tree *tree = text ? bench_parse(&subject->bench, text) : NULL;

	smd_text_free(text);
	smd_tree_free(rough);
	return tree;
}

static void check_random(struct subject *subject)
{
	const struct smd_tree *trees[2 * CASES_MAX];
	const struct donors donors = {trees, collect_trees(subject, trees)};
	unsigned led = 0, failed = CU_get_number_of_failures();
	struct gen gen;
	char where[64];

	gen_init(&gen);
	for (unsigned i = 0; donors.count && i < ROUNDS; i++) {
		const struct smd_tree *from = trees[gen_below(&gen, (uint32_t)donors.count)];
		struct smd_tree *a = random_tree(subject, &gen, from, &donors);
		struct smd_tree *b = a ? random_tree(subject, &gen, a, &donors) : NULL;

		snprintf(where, sizeof(where), "seed %llu, round %u", (unsigned long long)gen.seed,
			 i);
		if (b)
			led += (unsigned)check_laws(subject, where, a, b);
		smd_tree_free(a);
		smd_tree_free(b);
		if (CU_get_number_of_failures() != failed)
			break; /* one is enough to look at */
	}
	CHECK(subject, led >= ROUNDS / 5 || CU_get_number_of_failures() != failed,
	      "only %u of %d random pairs were led from one to the other", led, ROUNDS);
}

static void laws_hold_for_random_trees(void)
{
	for_each_driver(check_random);
}

/* Bytes change, go, or are cut: a tree or an error, never a crash; and law 1 if a tree. */
static void check_garbage(struct subject *subject)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0; subject->count && i < ROUNDS; i++) {
		const struct golden *golden =
			&subject->golden[gen_below(&gen, (uint32_t)subject->count)];
		char *bytes = smd_text_join(golden->running_text);
		size_t size = smd_text_size(golden->running_text);
		struct smd_text *text = bench_text();
		struct smd_tree *tree;

		for (unsigned edits = 1 + gen_below(&gen, 4); size && edits; edits--)
			bytes[gen_below(&gen, (uint32_t)size)] =
				(char)(gen_chance(&gen, 50) ? gen_below(&gen, 256) : ' ');
		if (size && gen_chance(&gen, 20))
			size = gen_below(&gen, (uint32_t)size);
		if (smd_text_append(text, bytes, size))
			CU_FAIL("no memory");
		subject->bench.error = (struct smd_error){0};
		tree = bench_parse(&subject->bench, text);
		CHECK(subject, tree || *subject->bench.error.message,
		      "a text is refused without a word");
		if (tree)
			check_law_1(subject, "garbage", tree);
		smd_tree_free(tree);
		smd_text_free(text);
		free(bytes);
	}
}

static void garbage_ends_in_an_error_or_a_tree(void)
{
	for_each_driver(check_garbage);
}

/* One stage, called by hand. */
struct stage {
	struct subject *subject;
	smd_next_fn next;
	const char *name;
	int reads; /* it must not change anything */
	struct smd_run_core core;
	struct smd_run run;
	struct smd_facts facts;
	struct smd_text *payload, *result, *covered, *empty;
};

static void stage_init(struct stage *stage, const struct golden *golden)
{
	struct bench *bench = &stage->subject->bench;

	smd_run_core_init(&stage->core);
	stage->payload = golden ? bench_payload(bench, golden->running, golden->intended) : NULL;
	if (!stage->payload)
		stage->payload = bench_text();
	stage->result = bench_text();
	stage->covered = bench_text();
	stage->empty = bench_text();
	stage->run = (struct smd_run){.state = bench->state,
				      .device = "leaf1",
				      .tag = "d-1",
				      .payload = stage->reads ? NULL : stage->payload,
				      .timer = 300,
				      .result = stage->result,
				      .covered = stage->covered,
				      .facts = &stage->facts,
				      .core = &stage->core};
}

static void stage_done(struct stage *stage)
{
	smd_run_core_done(&stage->core);
	smd_text_free(stage->payload);
	smd_text_free(stage->result);
	smd_text_free(stage->covered);
	smd_text_free(stage->empty);
}

static void check_exchanges(const struct stage *stage, const struct smd_action *action)
{
	CHECK(stage->subject, action->exchange_count, "%s: no exchange", stage->name);
	for (size_t i = 0; i < action->exchange_count; i++) {
		const struct smd_exchange *one = &action->exchanges[i];

		CHECK(stage->subject, one->send && !strpbrk(one->send, "\r\n"),
		      "%s sends no line: '%s'", stage->name, one->send ? one->send : "");
		CHECK(stage->subject, one->question_count <= 8, "%s: too many questions",
		      stage->name);
		CHECK(stage->subject, !stage->reads || one->flags & SMD_X_READS,
		      "%s must only read, and sends '%s' without SMD_X_READS", stage->name,
		      one->send ? one->send : "");
	}
}

/* Answer `end` to the exchange number `turn`, and well before and after it. */
static struct smd_action play(struct stage *stage, enum smd_end end, unsigned turn)
{
	size_t first[2] = {0};
	struct smd_answer answer = {.out = stage->empty, .err = stage->empty, .first = first};
	struct smd_action action = {0};

	for (unsigned i = 0; i < 1000; i++) {
		smd_run_core_reset(&stage->core);
		action = (struct smd_action){0};
		stage->next(&stage->run, &answer, &action);
		if (action.act == SMD_ACT_EXCHANGE)
			check_exchanges(stage, &action);
		else if (action.act == SMD_ACT_DONE || action.act == SMD_ACT_FAIL)
			return action;
		answer.end = i == turn ? end : SMD_END_DONE;
		answer.exchange = 0;
		answer.status = end == SMD_END_FAILURE && i == turn ? 1 : 0;
	}
	CHECK(stage->subject, 0, "%s has no end", stage->name);
	return action;
}

static void check_stage(struct subject *subject, const char *name, smd_next_fn next, int reads)
{
	static const enum smd_end ends[] = {SMD_END_DONE,     SMD_END_FAILURE, SMD_END_QUESTION,
					    SMD_END_DEADLINE, SMD_END_LOST,    SMD_END_OVERFLOW};

	for (size_t i = 0; next && i < SMD_COUNT(ends); i++) {
		struct stage stage = {subject, next, name, reads, .run = {0}};
		struct smd_action action;

		stage_init(&stage, subject->count ? &subject->golden[0] : NULL);
		action = play(&stage, ends[i], 0);
		CHECK(subject, action.act != SMD_ACT_FAIL || *action.message,
		      "%s fails without a word", name);
		CHECK(subject, action.act != SMD_ACT_FAIL || action.reason,
		      "%s fails without a reason", name);
		CHECK(subject,
		      reads || action.act != SMD_ACT_FAIL ||
			      (ends[i] != SMD_END_DEADLINE && ends[i] != SMD_END_LOST) ||
			      action.reason == SMD_CLASS_UNKNOWN,
		      "%s calls an end it has not seen something else than unknown", name);
		stage_done(&stage);
	}
}

static void check_stages(struct subject *subject)
{
	const struct smd_driver *driver = subject->bench.driver;

	check_stage(subject, "attach", driver->attach, 1);
	check_stage(subject, "fetch", driver->fetch, 1);
	check_stage(subject, "probe", driver->probe, 1);
	check_stage(subject, "prepare", driver->prepare, 0);
	check_stage(subject, "commit", driver->commit, 0);
	check_stage(subject, "confirm", driver->confirm, 0);
	check_stage(subject, "persist", driver->persist, 0);
	check_stage(subject, "abort", driver->abort, 0);
	check_stage(subject, "rollback", driver->rollback, 0);
}

static void stages_take_any_answer(void)
{
	for_each_driver(check_stages);
}

/* A safe function finds that nothing was opened where nothing changed. */
static void check_safe(struct subject *subject)
{
	const struct smd_driver *driver = subject->bench.driver;

	for (size_t i = 0; driver->safe && i < subject->count; i++) {
		const struct smd_tree *tree = subject->golden[i].running;

		CHECK(subject,
		      !driver->safe(subject->bench.state, tree, tree, &subject->bench.error),
		      "law 6: %s: %s", subject->golden[i].folder, subject->bench.error.message);
	}
}

static void an_unchanged_state_is_safe(void)
{
	for_each_driver(check_safe);
}

static unsigned seen;

static void count_one(struct subject *subject)
{
	(void)subject;
	seen++;
}

static void there_are_drivers(void)
{
	for_each_driver(count_one);
	CU_ASSERT(seen > 0);
}

TEST_MAIN("conformance", TEST(there_are_drivers), TEST(the_envelope_is_good),
	  TEST(options_are_good), TEST(every_driver_has_its_page), TEST(golden_cases_hold),
	  TEST(laws_hold_for_golden_cases), TEST(laws_hold_for_random_trees),
	  TEST(garbage_ends_in_an_error_or_a_tree), TEST(stages_take_any_answer),
	  TEST(an_unchanged_state_is_safe));
