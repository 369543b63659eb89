/* SPDX-License-Identifier: Apache-2.0 */
/* Tasks of several configurations. */
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

/* Add a share to `next` that has what the share of this owner wanted in `task`. */
static struct smd_task_share *keep_share(struct smd_task *next, const struct smd_task *task,
					 size_t index)
{
	struct smd_task_share *share = tiny_share(next, task->shares[index].owner);

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&share->had, task->shares[index].wanted), 0);
	return share;
}

/* Begin a task without shares for the device as it is after another task. */
static void begin_all_after(struct smd_task *next, const struct smd_task *task)
{
	begin_after(next, task);
	smd_tree_free(next->shares[0].had);
	next->share_count = 0;
}

/* Blue has VLAN 10 on e0, red has VLAN 11 on e2; both go over e1. */
static void begin_two(struct smd_task *task)
{
	begin_domain(task, running, "e0 access e1 tagged");
	tiny_share(task, "red")->part = tiny_part(11, "e2 access e1 tagged");
}

static void two_domains_share_a_trunk(void)
{
	struct smd_task task;

	begin_two(&task);
	compute(&task);
	CU_ASSERT(leads(task.running, task.steps[0].payload, task.target));
	CU_ASSERT(leads(task.target, task.steps[0].undo, task.running));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(task.target, "/interface[e1]/trunk vlan[10]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(task.target, "/interface[e1]/trunk vlan[11]", NULL, NULL));
	CU_ASSERT(owns_number(&task.after, "/interface[e1]/trunk vlan", 10, "blue", 1));
	CU_ASSERT(owns_number(&task.after, "/interface[e1]/trunk vlan", 11, "red", 1));
	CU_ASSERT(owns(&task.after, "/interface[e1]/trunk vlan", "blue", 2));
	CU_ASSERT(smd_ledger_find(&task.after, "/interface[e1]/trunk vlan")->foreign);
	CU_ASSERT_PTR_NULL(smd_tree_at(task.shares[0].wanted, "/vlan[11]", NULL, NULL));
	CU_ASSERT_PTR_NULL(smd_tree_at(task.shares[1].wanted, "/vlan[10]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(task.wanted, "/vlan[10]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(task.wanted, "/vlan[11]", NULL, NULL));
	smd_task_done(&task);
}

/* Together they come to what they come to one after the other. */
static void two_are_as_one_after_the_other(void)
{
	struct smd_task both, first, second;

	begin_two(&both);
	compute(&both);
	begin_domain(&first, running, "e0 access e1 tagged");
	compute(&first);
	begin_all_after(&second, &first);
	tiny_share(&second, "red")->part = tiny_part(11, "e2 access e1 tagged");
	compute(&second);
	CU_ASSERT(is_same(both.target, second.target));
	CU_ASSERT(same_ledger(&both.after, &second.after));
	CU_ASSERT(is_same(both.shares[1].wanted, second.shares[0].wanted));
	smd_task_done(&second);
	smd_task_done(&first);
	smd_task_done(&both);
}

static void one_of_two_may_have_nothing_to_do(void)
{
	struct smd_task task, next;

	begin_two(&task);
	compute(&task);
	begin_all_after(&next, &task);
	keep_share(&next, &task, 0)->part = tiny_part(10, "e0 access e1 tagged");
	keep_share(&next, &task, 1)->part = tiny_part(11, "e2 access e1 tagged");
	compute(&next);
	CU_ASSERT(smd_task_idle(&next));
	CU_ASSERT_STRING_EQUAL(next.base, task.goal);
	CU_ASSERT(same_ledger(&next.after, &task.after));
	smd_task_done(&next);
	begin_all_after(&next, &task);
	keep_share(&next, &task, 0)->part = tiny_part(10, "e0 access e1 tagged");
	keep_share(&next, &task, 1); /* red goes */
	compute(&next);
	CU_ASSERT(!smd_task_idle(&next));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(next.target, "/interface[e1]/trunk vlan[10]", NULL, NULL));
	CU_ASSERT_PTR_NULL(smd_tree_at(next.target, "/interface[e1]/trunk vlan[11]", NULL, NULL));
	CU_ASSERT(owns(&next.after, "/interface[e1]/trunk vlan", "blue", 1));
	smd_task_done(&next);
	smd_task_done(&task);
}

/* As in a rollback: both return to the slices on record. */
static void two_go_back_together(void)
{
	struct smd_task first, second, third;

	begin_two(&first);
	compute(&first);
	begin_all_after(&second, &first);
	keep_share(&second, &first, 0)->part = tiny_part(10, "e4 access e1 tagged");
	keep_share(&second, &first, 1)->part = tiny_part(12, "e2 access e1 tagged");
	compute(&second);
	CU_ASSERT_PTR_NULL(smd_tree_at(second.target, "/vlan[11]", NULL, NULL));
	begin_all_after(&third, &second);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&keep_share(&third, &second, i)->wanted,
						    first.shares[i].wanted),
				      0);
	compute(&third);
	CU_ASSERT(is_same(third.target, first.target));
	CU_ASSERT(same_ledger(&third.after, &first.after));
	smd_task_done(&third);
	begin_all_after(&third, &second);
	keep_share(&third, &second, 0);
	keep_share(&third, &second, 1);
	compute(&third);
	CU_ASSERT(is_same(third.target, first.running));
	CU_ASSERT_EQUAL(third.after.count, 0);
	smd_task_done(&third);
	smd_task_done(&second);
	smd_task_done(&first);
}

static void lines_and_a_domain_meet_on_a_port(void)
{
	struct smd_task task;

	begin(&task, running);
	task.shares[0].owner = "acl";
	task.shares[0].lines = tiny_text("interface e0\n mtu 1500\nacl x\n rule b\n");
	tiny_share(&task, "blue")->part = tiny_part(10, "e0 access");
	compute(&task);
	CU_ASSERT(leads(task.running, task.steps[0].payload, task.target));
	CU_ASSERT_PTR_NOT_NULL(smd_tree_at(task.target, "/interface[e0]/access vlan", NULL, NULL));
	CU_ASSERT(owns(&task.after, "/interface[e0]", "acl", 2));
	CU_ASSERT(owns(&task.after, "/interface[e0]/mtu", "acl", 1));
	CU_ASSERT_STRING_EQUAL(smd_ledger_find(&task.after, "/interface[e0]/mtu")->was, "9000");
	CU_ASSERT(owns(&task.after, "/interface[e0]/access vlan", "blue", 1));
	smd_task_done(&task);
}

/* Two configurations own the MTU of e0. `a`, `b`: what they want of it now; NULL: nothing. */
static int change_both(const char *a, const char *b, struct smd_task *task, struct smd_error *error)
{
	static const char *const owners[] = {"a", "b"};
	const char *const wanted[] = {a, b};
	struct smd_task first;
	int err;

	begin(&first, "interface e0\n mtu 4000\n");
	first.share_count = 0;
	for (size_t i = 0; i < 2; i++)
		tiny_share(&first, owners[i])->lines = tiny_text("interface e0\n mtu 9000\n");
	compute(&first);
	begin_all_after(task, &first);
	for (size_t i = 0; i < 2; i++) {
		struct smd_task_share *share = keep_share(task, &first, i);

		share->lines = tiny_text("interface e0\n");
		if (wanted[i])
			smd_text_linef(share->lines, " mtu %s", wanted[i]);
	}
	err = smd_task_compute(task, error);
	smd_task_done(&first);
	return err;
}

static void what_both_own_both_may_change(void)
{
	static const struct {
		const char *a, *b, *result; /* result NULL: a conflict */
	} cases[] = {
		{"9000", "9000", "9000"}, {"1500", "1500", "1500"}, {"1500", "9000", NULL},
		{"9000", "1500", NULL},   {"1500", "2000", NULL},   {"1500", NULL, "1500"},
		{NULL, "1500", "1500"},   {NULL, NULL, "4000"},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_task task;
		struct smd_error error = {0};
		int err = change_both(cases[i].a, cases[i].b, &task, &error);

		CU_ASSERT_EQUAL(err, cases[i].result ? 0 : SMD_E_CONFLICT);
		if (cases[i].result && !err) {
			CU_ASSERT_STRING_EQUAL(
				smd_node_leaf(
					smd_node_find(smd_tree_top(task.target), "interface", "e0"),
					"mtu"),
				cases[i].result);
			CU_ASSERT_EQUAL(smd_ledger_find(&task.after, "/interface[e0]/mtu") != NULL,
					cases[i].a || cases[i].b);
		} else {
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
			CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"b\""));
			CU_ASSERT_STRING_EQUAL(error.where, "/interface[e0]/mtu");
		}
		smd_task_done(&task);
	}
}

/* In the middle is what any of them wants; what passes from one to the other stays. */
static void two_are_split_together(void)
{
	struct smd_task first, second;

	begin_two(&first);
	compute(&first);
	begin_all_after(&second, &first);
	keep_share(&second, &first, 0)->part = tiny_part(10, "e3 tagged e1 tagged");
	keep_share(&second, &first, 1)->part = tiny_part(12, "e0 tagged e1 tagged");
	compute(&second);
	CU_ASSERT_EQUAL_FATAL(smd_task_split(&second, NULL), 0);
	CU_ASSERT_PTR_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e0]/access vlan", NULL, NULL));
	CU_ASSERT_PTR_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e1]/trunk vlan[11]", NULL, NULL));
	CU_ASSERT_PTR_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e1]/trunk vlan[12]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e1]/trunk vlan[10]", NULL, NULL));
	CU_ASSERT(leads(second.running, second.steps[0].payload, second.steps[0].to));
	CU_ASSERT(leads(second.steps[0].to, second.steps[1].payload, second.target));
	CU_ASSERT(leads(second.target, second.steps[1].undo, second.steps[0].to));
	smd_task_done(&second);
	begin_all_after(&second, &first);
	keep_share(&second, &first, 0);
	keep_share(&second, &first, 1)->part = tiny_part(10, "e0 access e2 access");
	compute(&second);
	CU_ASSERT_EQUAL_FATAL(smd_task_split(&second, NULL), 0);
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(second.steps[0].to, "/interface[e0]/access vlan", NULL, NULL));
	CU_ASSERT(owns(&second.after, "/interface[e0]/access vlan", "red", 1));
	smd_task_done(&second);
	smd_task_done(&first);
}

TEST_MAIN("task_shares", TEST(two_domains_share_a_trunk), TEST(two_are_as_one_after_the_other),
	  TEST(one_of_two_may_have_nothing_to_do), TEST(two_go_back_together),
	  TEST(lines_and_a_domain_meet_on_a_port), TEST(what_both_own_both_may_change),
	  TEST(two_are_split_together));
