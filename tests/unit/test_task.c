/* SPDX-License-Identifier: Apache-2.0 */
#include "compiled.h"
#include "core/plan/task.h"

#include <stdio.h>

#include "grow.h"
#include "ledgers.h"
#include "test.h"
#include "tiny.h"

static const char running[] = "vlan 20\n"
			      " name red\n"
			      "interface e0\n"
			      " mtu 9000\n"
			      "interface e1\n"
			      " trunk vlan 20,30\n";

static void begin(struct smd_task *task, const char *native)
{
	*task = (struct smd_task){.device = "leaf1"};
	tiny_share(task, "blue");
	task->language = tiny_language(&tiny_driver);
	task->native = tiny_text(native);
}

/* A task for a bridge domain: VLAN 10 on the given ports. */
static void begin_domain(struct smd_task *task, const char *native, const char *ports)
{
	begin(task, native);
	task->shares[0].part = tiny_part(10, ports);
}

static void compute(struct smd_task *task)
{
	struct smd_error error = {0};
	int err = smd_task_compute(task, &error);

	if (err)
		printf("%s %s\n", error.message, error.where);
	CU_ASSERT_EQUAL_FATAL(err, 0);
}

static int reads(const struct smd_text *text, const char *lines)
{
	char *joined = smd_text_join(text);
	int same = joined && !strcmp(joined, lines);

	if (!same)
		printf("is:\n%sought to be:\n%s", joined ? joined : "", lines);
	free(joined);
	return same;
}

/* Do the lines lead from one tree to the other? */
static int leads(const struct smd_tree *from, const struct smd_text *lines,
		 const struct smd_tree *to)
{
	struct smd_tree *tree = NULL;
	int same;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&tree, from), 0);
	CU_ASSERT_EQUAL(COMPILED(tiny_driver.dialect, NULL,
				 smd_dialect_simulate(compiled, tree, lines, NULL, NULL, NULL)),
			0);
	same = is_same(tree, to);
	smd_tree_free(tree);
	return same;
}

/* Begin a task for the device as it is after another task: running configuration and ledger. */
static void begin_after(struct smd_task *next, const struct smd_task *task)
{
	struct smd_text *native = tiny_text("");
	char *joined;

	CU_ASSERT_EQUAL_FATAL(COMPILED(tiny_driver.dialect, NULL,
				       smd_dialect_print(compiled, task->target, native, NULL)),
			      0);
	joined = smd_text_join(native);
	begin(next, joined);
	free(joined);
	smd_text_free(native);
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&next->shares[0].had, task->wanted), 0);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&next->before, &task->after), 0);
}

static void a_domain_is_made(void)
{
	struct smd_task task;

	begin_domain(&task, running, "e0 access e1 tagged");
	compute(&task);
	CU_ASSERT_EQUAL(task.step_count, 1);
	CU_ASSERT(smd_task_sends(&task));
	CU_ASSERT(!smd_task_idle(&task));
	CU_ASSERT(is_same(task.steps[0].to, task.target));
	CU_ASSERT(leads(task.running, task.steps[0].payload, task.target));
	CU_ASSERT(leads(task.target, task.steps[0].undo, task.running));
	CU_ASSERT_EQUAL(smd_changes_count(task.changes), 3);
	CU_ASSERT_EQUAL(task.before.count, 0);
	CU_ASSERT_PTR_NOT_NULL(smd_ledger_find(&task.after, "/vlan[10]/name"));
	CU_ASSERT(owns_number(&task.after, "/interface[e1]/trunk vlan", 10, "blue", 1));
	CU_ASSERT(!owns_number(&task.after, "/interface[e1]/trunk vlan", 20, "blue", 1));
	CU_ASSERT_STRING_NOT_EQUAL(task.base, task.goal);
	CU_ASSERT_EQUAL(strlen(task.base), 64);
	smd_task_done(&task);
}

/* The fingerprints are in plans, so they must not change. */
static void the_fingerprints_are_those_of_old(void)
{
	struct smd_task task;

	begin_domain(&task, running, "e0 access e1 tagged");
	compute(&task);
	CU_ASSERT_STRING_EQUAL(task.base, "7641d1d233db991c664b0f3f408bbe91"
					  "90e292e555fc5ccf3ac8ca0cd515ad14");
	CU_ASSERT_STRING_EQUAL(task.goal, "02302b3e4311af4b6b80b388da2c57bd"
					  "03aece0063d86b891d73e1c0dbcf5091");
	CU_ASSERT(reads(task.steps[0].payload,
			"interface e0\n access vlan 10\nexit\ninterface e1\n trunk vlan 10\n"
			"exit\nvlan 10\n name blue\nexit\n"));
	CU_ASSERT(reads(task.steps[0].undo,
			"interface e0\n no access vlan\nexit\ninterface e1\n no trunk vlan 10\n"
			"exit\nno vlan 10\n"));
	smd_task_done(&task);
}

/* Law 4: there is nothing to do, and the new base is the old goal. */
static void behind_it_there_is_nothing_to_do(void)
{
	struct smd_task task, next;

	begin_domain(&task, running, "e0 access e1 tagged");
	compute(&task);
	begin_after(&next, &task);
	next.shares[0].part = tiny_part(10, "e0 access e1 tagged");
	compute(&next);
	CU_ASSERT(!smd_task_sends(&next));
	CU_ASSERT(smd_task_idle(&next));
	CU_ASSERT_STRING_EQUAL(next.base, task.goal);
	CU_ASSERT_STRING_EQUAL(next.goal, task.goal);
	CU_ASSERT_EQUAL(next.after.count, task.after.count);
	smd_task_done(&next);
	smd_task_done(&task);
}

static void a_domain_goes_without_a_trace(void)
{
	struct smd_task task, next;

	begin_domain(&task, running, "e0 access e1 tagged");
	compute(&task);
	begin_after(&next, &task);
	compute(&next);
	CU_ASSERT(is_same(next.target, task.running));
	CU_ASSERT_EQUAL(next.after.count, 0);
	CU_ASSERT(!smd_node_first(smd_tree_top(next.wanted)));
	CU_ASSERT(leads(next.running, next.steps[0].payload, task.running));
	smd_task_done(&next);
	smd_task_done(&task);
}

/* What exists already is added to the ledger, though nothing is sent. */
static void what_is_there_already_is_taken_over(void)
{
	struct smd_task task;

	begin_domain(&task, "vlan 10\n name blue\ninterface e0\n access vlan 10\n", "e0 access");
	compute(&task);
	CU_ASSERT(!smd_task_sends(&task));
	CU_ASSERT(!smd_task_idle(&task));
	CU_ASSERT_STRING_EQUAL(task.base, task.goal);
	CU_ASSERT_EQUAL(task.after.count, 4);
	for (size_t i = 0; i < task.after.count; i++)
		CU_ASSERT(task.after.rows[i].foreign);
	smd_task_done(&task);
}

static void lines_are_added(void)
{
	struct smd_task task;

	begin(&task, running);
	task.shares[0].lines = tiny_text("interface e0\n mtu 1500\nacl x\n rule b\n rule a\n");
	compute(&task);
	CU_ASSERT(reads(task.steps[0].payload,
			"interface e0\n mtu 1500\nexit\nacl x\n rule b\n rule a\nexit\n"));
	CU_ASSERT(leads(task.target, task.steps[0].undo, task.running));
	CU_ASSERT_STRING_EQUAL(smd_ledger_find(&task.after, "/interface[e0]/mtu")->was, "9000");
	smd_task_done(&task);
}

static void a_slice_of_old_comes_back(void)
{
	struct smd_task first, second, third;

	begin_domain(&first, running, "e0 access");
	compute(&first);
	begin_after(&second, &first);
	second.shares[0].part = tiny_part(10, "e1 tagged");
	compute(&second);
	begin_after(&third, &second);
	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&third.shares[0].wanted, first.wanted), 0);
	compute(&third);
	CU_ASSERT(is_same(third.target, first.target));
	smd_task_done(&third);
	smd_task_done(&second);
	smd_task_done(&first);
}

/* After the first of two steps, only what the old and the new state share is left. */
static void in_the_middle_is_what_is_common(void)
{
	struct smd_task first, second;

	begin_domain(&first, running, "e0 access e1 tagged");
	compute(&first);
	begin_after(&second, &first);
	second.shares[0].part = tiny_part(10, "e1 tagged e2 tagged");
	compute(&second);
	CU_ASSERT_EQUAL_FATAL(smd_task_split(&second, NULL), 0);
	CU_ASSERT_EQUAL(second.step_count, 2);
	CU_ASSERT(smd_task_sends(&second));
	CU_ASSERT_PTR_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e0]/access vlan", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e1]/trunk vlan[10]", NULL, NULL));
	CU_ASSERT_PTR_NULL(smd_tree_at(second.steps[0].to, "/interface[e2]", NULL, NULL));
	CU_ASSERT(is_same(second.steps[1].to, second.target));
	CU_ASSERT(leads(second.running, second.steps[0].payload, second.steps[0].to));
	CU_ASSERT(leads(second.steps[0].to, second.steps[1].payload, second.target));
	CU_ASSERT(leads(second.target, second.steps[1].undo, second.steps[0].to));
	CU_ASSERT(leads(second.steps[0].to, second.steps[0].undo, second.running));
	smd_task_done(&second);
	smd_task_done(&first);
}

static void one_leg_of_two_may_be_empty(void)
{
	struct smd_task task;

	begin_domain(&task, running, "e0 access");
	compute(&task);
	CU_ASSERT_EQUAL_FATAL(smd_task_split(&task, NULL), 0);
	CU_ASSERT_EQUAL(smd_text_count(task.steps[0].payload), 0);
	CU_ASSERT(is_same(task.steps[0].to, task.running));
	CU_ASSERT(smd_text_count(task.steps[1].payload) > 0);
	smd_task_done(&task);
}

static void nothing_wanted_is_idle(void)
{
	struct smd_task task;

	begin(&task, running);
	compute(&task);
	CU_ASSERT(smd_task_idle(&task));
	CU_ASSERT(!smd_task_sends(&task));
	CU_ASSERT_EQUAL(smd_changes_count(task.changes), 0);
	smd_task_done(&task);
}

/* A plan depends on what it reads and writes, not on the rest of the device. */
static void the_base_is_what_counts(void)
{
	static const struct {
		const char *native;
		int same;
	} cases[] = {
		{"interface e0\n mtu 9000\nvlan 77\n", 1},
		{"interface e0\n mtu 9000\ninterface e9\n access vlan 4\n", 1},
		{"interface e0\n mtu 1500\n", 0},
		{"interface e0\n mtu 9000\n trunk vlan 5\n", 0},
		{"interface e0\n mtu 9000\nvlan 10\n", 0},
	};
	struct smd_task task;

	begin_domain(&task, "interface e0\n mtu 9000\n", "e0 access");
	compute(&task);
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_task other;

		begin_domain(&other, cases[i].native, "e0 access");
		compute(&other);
		CU_ASSERT_EQUAL(!strcmp(other.base, task.base), cases[i].same);
		smd_task_done(&other);
	}
	smd_task_done(&task);
}

/* Refusals */

static int refused(struct smd_task *task, struct smd_error *error)
{
	int err = smd_task_compute(task, error);

	CU_ASSERT_EQUAL(error->code, (enum smd_err)err);
	CU_ASSERT_NOT_EQUAL(error->message[0], '\0');
	smd_task_done(task);
	return err;
}

static void what_is_unsafe_is_refused(void)
{
	struct smd_task task;
	struct smd_error error = {0};
	struct smd_ledger_row *row;

	begin(&task, "interface guard\n mtu 9000\n trunk vlan 5\n");
	task.shares[0].had = grow("interface[guard]");
	smd_node_put_numbers(smd_node_make(smd_tree_root(task.shares[0].had), "interface", "guard"),
			     "trunk vlan", 5, 5);
	row = smd_ledger_add(&task.before, "/interface[guard]/trunk vlan", &(int){0});
	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	CU_ASSERT_EQUAL(smd_ledger_row_add_owner(row, task.shares[0].owner), 0);
	CU_ASSERT_EQUAL(smd_set_add(&row->owners[0].numbers, 5, 5), 0);
	CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_UNSAFE);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "guard sleeps"));
}

static int holds(const struct smd_tree *tree, const char *path)
{
	return smd_tree_at(tree, path, NULL, NULL) != NULL;
}

static void numbers_that_a_user_wrote_are_bounded(void)
{
	static const char *const bad[] = {"99999999", "1-4294967295", "0-5", "1,4095"};
	static const struct smd_numbers_form vlans = {.first = 1, .last = 4094};
	static const struct smd_rule rules[] = {
		{NULL, "interface *", SMD_RULE_SECTION, NULL, "made up"},
		{"interface *", "trunk vlan ...", SMD_RULE_NUMBERS, "no trunk vlan", "made up",
		 .numbers = &vlans},
	};
	struct smd_dialect dialect = *tiny_driver.dialect;
	struct smd_compiled *compiled = NULL;

	dialect.rules = rules;
	dialect.rule_count = SMD_COUNT(rules);
	CU_ASSERT_EQUAL_FATAL(smd_dialect_compile(&dialect, &compiled, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(bad); i++) {
		struct smd_task task;
		struct smd_error error = {0};
		char lines[64];

		begin(&task, "interface e0\n trunk vlan 4095\n");
		task.language.dialect = compiled;
		snprintf(lines, sizeof(lines), "interface e0\n trunk vlan %s\n", bad[i]);
		task.shares[0].lines = tiny_text(lines);
		CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "it takes 1 to 4094"));
		CU_ASSERT_STRING_EQUAL(error.where, "/interface[e0]/trunk vlan");
	}
	smd_dialect_free(compiled);
}

/* What a device shows is carried as it is, and costs no memory. */
static void numbers_that_a_device_shows_are_carried(void)
{
	struct smd_task task;

	begin(&task,
	      "interface e0\n trunk vlan 99999999\ninterface e1\n trunk vlan 1-4294967295\n");
	task.shares[0].lines = tiny_text("interface e0\n trunk vlan 1-4094\n"
					 "interface e1\n trunk vlan 0,7\n");
	compute(&task);
	CU_ASSERT(holds(task.target, "/interface[e0]/trunk vlan[99999999]"));
	CU_ASSERT(holds(task.target, "/interface[e0]/trunk vlan[4094]"));
	CU_ASSERT(holds(task.target, "/interface[e1]/trunk vlan[4294967295]"));
	CU_ASSERT(holds(task.target, "/interface[e1]/trunk vlan[0]"));
	smd_task_done(&task);
}

/* Applying it is safe, but undoing it is not. */
static void what_has_no_safe_way_back_is_refused(void)
{
	struct smd_task task;
	struct smd_error error = {0};

	begin(&task, "interface guard\n mtu 9000\n");
	task.shares[0].lines = tiny_text("interface guard\n trunk vlan 5\n");
	CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_UNSAFE);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "no way back"));
}

static int lie(void *state, const struct smd_changes *changes, struct smd_text *payload,
	       struct smd_error *error)
{
	(void)state;
	(void)changes;
	(void)error;
	return smd_text_line(payload, "vlan 999");
}

static void a_driver_that_lies_is_refused(void)
{
	struct smd_driver liar = tiny_driver;
	struct smd_task task;
	struct smd_error error = {0};

	liar.render = lie;
	begin_domain(&task, running, "e0 access");
	task.language.driver = &liar;
	CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_UNSAFE);
}

static void a_broken_port_is_named(void)
{
	struct smd_task task;
	struct smd_error error = {0};

	begin_domain(&task, "interface e0\n fault down\ninterface e1\n", "e1 tagged e0 access");
	CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"e0\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "down"));
}

static void who_knows_no_domains_is_named(void)
{
	struct smd_driver poor = tiny_driver;
	struct smd_task task;
	struct smd_error error = {0};

	poor.service_count = 0;
	begin_domain(&task, running, "e0 access");
	task.language.driver = &poor;
	CU_ASSERT_EQUAL(refused(&task, &error), SMD_E_UNSUPPORTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"tiny\""));
}

static void the_ladder_of_safety(void)
{
	static const struct {
		enum smd_candidate candidate;
		uint32_t timer;
		int standard;
		enum smd_level level;
	} cases[] = {
		{SMD_CANDIDATE_SHARED, 600, 1, SMD_LEVEL_A},
		{SMD_CANDIDATE_PRIVATE, 600, 0, SMD_LEVEL_B},
		{SMD_CANDIDATE_SHARED, 0, 0, SMD_LEVEL_C},
		{SMD_CANDIDATE_NONE, 60, 0, SMD_LEVEL_D},
		{SMD_CANDIDATE_NONE, 0, 0, SMD_LEVEL_E},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_task task = {.facts = {.candidate = cases[i].candidate,
						  .timer_longest = cases[i].timer,
						  .timer_is_standard = cases[i].standard}};

		CU_ASSERT_EQUAL(smd_task_level(&task), cases[i].level);
		CU_ASSERT_NOT_EQUAL(smd_level_text(cases[i].level)[0], '\0');
	}
}

static void a_timer_needs_a_confirmation(void)
{
	struct smd_driver driver = tiny_driver;
	struct smd_task task = {.language = {.driver = &driver}, .facts = {.timer_longest = 60}};

	CU_ASSERT_EQUAL(smd_task_timer(&task), 0);
	driver.confirm = tiny_confirm;
	CU_ASSERT_EQUAL(smd_task_timer(&task), 60);
	task.facts.timer_longest = 100000;
	CU_ASSERT_EQUAL(smd_task_timer(&task), 600);
	task.facts.timer_longest = 0;
	CU_ASSERT_EQUAL(smd_task_timer(&task), 0);
}

TEST_MAIN("task", TEST(a_domain_is_made), TEST(behind_it_there_is_nothing_to_do),
	  TEST(a_domain_goes_without_a_trace), TEST(what_is_there_already_is_taken_over),
	  TEST(lines_are_added), TEST(the_fingerprints_are_those_of_old),
	  TEST(a_slice_of_old_comes_back), TEST(in_the_middle_is_what_is_common),
	  TEST(one_leg_of_two_may_be_empty), TEST(nothing_wanted_is_idle),
	  TEST(the_base_is_what_counts), TEST(what_is_unsafe_is_refused),
	  TEST(numbers_that_a_user_wrote_are_bounded),
	  TEST(numbers_that_a_device_shows_are_carried), TEST(what_has_no_safe_way_back_is_refused),
	  TEST(a_driver_that_lies_is_refused), TEST(a_broken_port_is_named),
	  TEST(who_knows_no_domains_is_named), TEST(the_ladder_of_safety),
	  TEST(a_timer_needs_a_confirmation));
