/* SPDX-License-Identifier: Apache-2.0 */
/* Absences: `no X` owns the absence of X, against X's owners, and its undo is X's return. */
#include <stdio.h>

#include "core/plan/slice.h"
#include "gen.h"
#include "ledgers.h"
#include "test.h"
#include "tiny.h"

static const char running[] = "vlan 20\n"
			      " name red\n"
			      "interface e0\n"
			      " mtu 9000\n"
			      "interface e1\n"
			      " trunk vlan 20,30\n";

/* A device with its ledger and absences, between changes. */
struct box {
	struct smd_tree *tree;
	struct smd_ledger ledger;
	struct smd_absences absences;
};

static struct smd_tree *tree_of(const char *text)
{
	struct smd_language language = tiny_language(&tiny_driver);
	struct smd_text *lines = tiny_text(text);
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_language_parse(&language, lines, &tree, NULL), 0);
	smd_text_free(lines);
	return tree;
}

static void box_begin(struct box *box, const char *text)
{
	*box = (struct box){.tree = tree_of(text)};
}

static void box_done(struct box *box)
{
	smd_tree_free(box->tree);
	smd_ledger_done(&box->ledger);
	smd_absences_done(&box->absences);
}

static int runs(const struct box *box, const char *text)
{
	struct smd_tree *tree = tree_of(text);
	char path[SMD_ERROR_WHERE] = "";
	int same = !smd_tree_compare(box->tree, tree, path, sizeof(path));

	if (!same)
		printf("\ndiffers at %s\n", path);
	smd_tree_free(tree);
	return same;
}

static void copy_absences(const struct smd_absences *from, struct smd_absences *to)
{
	smd_absences_done(to);
	for (size_t i = 0; i < from->count; i++)
		CU_ASSERT_EQUAL_FATAL(smd_absences_add(to, from->all[i].owner, from->all[i].lines,
						       from->all[i].was),
				      0);
}

/* What an owner has and wants: NULL: nothing any more. */
struct request {
	const char *owner, *had, *lines;
};

static struct smd_text *print(const struct smd_tree *tree)
{
	struct smd_language language = tiny_language(&tiny_driver);
	struct smd_text *text = tiny_text("");

	CU_ASSERT_EQUAL_FATAL(smd_language_print(&language, tree, text, NULL), 0);
	return text;
}

/* The statements of a fragment. */
static struct smd_tree *slice_of(const char *text)
{
	struct smd_language language = tiny_language(&tiny_driver);
	struct smd_text *lines = tiny_text(text);
	const struct smd_wanted wanted = {.lines = lines};
	struct smd_fragment fragment;
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_language_read_fragment(&language, &wanted, &fragment, NULL), 0);
	tree = fragment.statements;
	fragment.statements = NULL;
	smd_fragment_done(&fragment);
	smd_text_free(lines);
	return tree;
}

/* Check that a step's payload and undo lead there and back. */
static void check_ways(const struct smd_task *task)
{
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&tree, task->running), 0);
	CU_ASSERT_EQUAL(smd_language_simulate(&task->language, tree, task->steps[0].payload, NULL,
					      NULL, NULL),
			0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->target)));
	CU_ASSERT_EQUAL(
		smd_language_simulate(&task->language, tree, task->steps[0].undo, NULL, NULL, NULL),
		0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->running)));
	smd_tree_free(tree);
	/* What is read back, undone and recovered is the slice: it must cover the change */
	CU_ASSERT_EQUAL_FATAL(
		smd_slice_restore(task->target, task->running, task->had, task->wanted, &tree), 0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(task->running)));
	smd_tree_free(tree);
}

/* Deploy requests together; the error, or 0 and the box is as it is then. */
static int deploy_all(struct box *box, const struct request *requests, size_t count,
		      struct smd_error *error)
{
	struct smd_task task = {.device = "leaf1", .language = tiny_language(&tiny_driver)};
	int err;

	for (size_t i = 0; i < count; i++) {
		struct smd_task_share *share = tiny_share(&task, requests[i].owner);

		share->had = requests[i].had ? slice_of(requests[i].had) : NULL;
		share->lines = requests[i].lines ? tiny_text(requests[i].lines) : NULL;
	}
	task.native = print(box->tree);
	CU_ASSERT_EQUAL_FATAL(smd_ledger_copy(&task.before, &box->ledger), 0);
	copy_absences(&box->absences, &task.absences);
	err = smd_task_compute(&task, error);
	if (!err) {
		check_ways(&task);
		smd_tree_free(box->tree);
		box->tree = task.target;
		task.target = NULL;
		smd_ledger_done(&box->ledger);
		box->ledger = task.after;
		task.after = (struct smd_ledger){0};
		copy_absences(&task.removal.after, &box->absences);
	}
	smd_task_done(&task);
	return err;
}

static int deploy(struct box *box, const char *owner, const char *had, const char *lines)
{
	struct request request = {owner, had, lines};
	struct smd_error error = {0};
	int err = deploy_all(box, &request, 1, &error);

	if (err && err != SMD_E_CONFLICT)
		printf("\n%s: %s %s\n", owner, error.message, error.where);
	return err;
}

static void a_negation_removes_and_its_end_brings_back(void)
{
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "interface e0\n no mtu\nno vlan 20\n"), 0);
	CU_ASSERT(runs(&box, "interface e1\n trunk vlan 20,30\n"));
	/* again: nothing differs */
	CU_ASSERT_EQUAL(deploy(&box, "a", "", "interface e0\n no mtu\nno vlan 20\n"), 0);
	CU_ASSERT(runs(&box, "interface e1\n trunk vlan 20,30\n"));
	/* one of the two leaves the document, then the other */
	CU_ASSERT_EQUAL(deploy(&box, "a", "", "no vlan 20\n"), 0);
	CU_ASSERT(runs(&box, "interface e0\n mtu 9000\ninterface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", "", NULL), 0);
	CU_ASSERT(runs(&box, running));
	CU_ASSERT_EQUAL(box.absences.count, 0);
	box_done(&box);
}

static void what_another_owns_is_a_conflict(void)
{
	struct request request = {"b", NULL, "no vlan 10\n"};
	struct smd_error error = {0};
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy_all(&box, &request, 1, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.where, "/vlan[10]");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"b\""));
	/* a part of it, and a number of a list */
	CU_ASSERT_EQUAL(deploy(&box, "b", NULL, "vlan 10\n no name\n"), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(deploy(&box, "b", NULL, "interface e1\n trunk vlan 40\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "c", NULL, "interface e1\n no trunk vlan 40\n"),
			SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(deploy(&box, "c", NULL, "interface e1\n no trunk vlan 30\n"), 0);
	CU_ASSERT(runs(&box, "vlan 10\n name blue\nvlan 20\n name red\ninterface e0\n mtu 9000\n"
			     "interface e1\n trunk vlan 20,40\n"));
	CU_ASSERT_EQUAL(deploy(&box, "c", "interface e1\n", NULL), 0);
	CU_ASSERT(runs(&box, "vlan 10\n name blue\nvlan 20\n name red\ninterface e0\n mtu 9000\n"
			     "interface e1\n trunk vlan 20,30,40\n"));
	box_done(&box);
}

static void what_another_wants_absent_is_a_conflict(void)
{
	struct request request = {"b", NULL, "vlan 20\n name blue\n"};
	struct smd_error error = {0};
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(deploy_all(&box, &request, 1, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.where, "/vlan[20]");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	/* what does not touch it is fine */
	CU_ASSERT_EQUAL(deploy(&box, "b", NULL, "vlan 10\n name blue\n"), 0);
	box_done(&box);
}

static void one_configuration_does_not_want_both(void)
{
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "vlan 10\n name blue\nno vlan 10\n"),
			SMD_E_CONFLICT);
	/* from one to the other is a change like any other */
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n", "no vlan 10\n"), 0);
	CU_ASSERT(runs(&box, running));
	CU_ASSERT_EQUAL(deploy(&box, "a", "", "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n", NULL), 0);
	CU_ASSERT(runs(&box, running));
	box_done(&box);
}

/* Two want the same absence: it lasts until both are gone, and then returns once. */
static void an_absence_lasts_as_long_as_somebody_wants_it(void)
{
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "b", NULL, "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", "", NULL), 0);
	CU_ASSERT_PTR_NULL(smd_tree_at(box.tree, "/vlan[20]", NULL, NULL));
	CU_ASSERT_EQUAL(deploy(&box, "b", "", NULL), 0);
	CU_ASSERT(runs(&box, running));
	box_done(&box);
}

static void add_by_hand(struct box *box, const char *text)
{
	struct smd_language language = tiny_language(&tiny_driver);
	struct smd_text *lines = tiny_text(text);

	CU_ASSERT_EQUAL(smd_language_simulate(&language, box->tree, lines, NULL, NULL, NULL), 0);
	smd_text_free(lines);
}

/* What somebody enters against an absence is removed when it is deployed again, for good. */
static void drift_does_not_return(void)
{
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "no vlan 40\ninterface e0\n no mtu\n"), 0);
	add_by_hand(&box, "vlan 40\n name late\nexit\ninterface e0\n mtu 1500\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", "", "no vlan 40\ninterface e0\n no mtu\n"), 0);
	CU_ASSERT(runs(&box, "vlan 20\n name red\ninterface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", "", NULL), 0);
	CU_ASSERT(runs(&box, running));
	box_done(&box);
}

/* What stands there when an absence ends stays; a section that has gone takes its own along. */
static void nothing_returns_over_what_is_there(void)
{
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "interface e0\n no mtu\n"), 0);
	add_by_hand(&box, "interface e0\n mtu 1500\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", "", NULL), 0);
	CU_ASSERT(runs(&box, "vlan 20\n name red\ninterface e0\n mtu 1500\n"
			     "interface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "vlan 20\n no name\n"), 0);
	add_by_hand(&box, "no vlan 20\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 20\n", NULL), 0);
	CU_ASSERT_PTR_NULL(smd_tree_at(box.tree, "/vlan[20]", NULL, NULL));
	box_done(&box);
}

/* One gives up X, the other one ends it: in one plan that is no conflict. */
static void what_is_given_up_in_the_same_plan_is_free(void)
{
	const struct request requests[] = {{"a", "vlan 10\n name blue\n", NULL},
					   {"b", NULL, "no vlan 10\n"}};
	const struct request back[] = {{"a", NULL, "vlan 10\n name blue\n"}, {"b", "", NULL}};
	struct smd_error error = {0};
	struct box box;

	box_begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL, "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy_all(&box, requests, 2, &error), 0);
	CU_ASSERT(runs(&box, running));
	CU_ASSERT_EQUAL(deploy_all(&box, back, 2, &error), 0);
	CU_ASSERT(owns(&box.ledger, "/vlan[10]", "a", 1));
	box_done(&box);
}

static void put_line(struct gen *gen, char *text, size_t size)
{
	static const char *const lines[] = {"vlan 10\n name blue\n",
					    "no vlan 10\n",
					    "vlan 20\n no name\n",
					    "no vlan 20\n",
					    "interface e0\n mtu 1500\n",
					    "interface e0\n no mtu\n",
					    "interface e1\n trunk vlan 40\n",
					    "interface e1\n no trunk vlan 30\n",
					    "interface e1\n no trunk vlan 20\n",
					    "acl x\n rule permit any\n",
					    "no acl x\n",
					    "vlan 30\n name green\n",
					    "vlan 20\n name rose\n",
					    "interface e2\n no access vlan\n"};
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s", lines[gen_below(gen, SMD_COUNT(lines))]);
}

/*
 * Random fragments of two owners, deployed and changed in turn as far as they have no conflict;
 * when both are removed, everything is as it was before.
 */
static void removed_fragments_leave_no_trace(void)
{
	/* VLAN 50 stays: this device has no word for a trunk of no VLAN */
	static const char start[] = "vlan 20\n name red\n"
				    "interface e0\n mtu 9000\n"
				    "interface e1\n trunk vlan 20,30,50\n"
				    "interface e2\n access vlan 7\n"
				    "acl x\n rule deny any\n";
	struct gen gen;
	unsigned rounds;

	gen_init(&gen);
	rounds = gen_rounds(400);
	for (unsigned round = 0; round < rounds; round++) {
		static const char *const owners[] = {"a", "b"};
		char now[2][600] = {"", ""}, *had[2] = {NULL, NULL};
		struct box box;

		box_begin(&box, start);
		for (int turn = 0; turn < 6; turn++) {
			unsigned who = gen_below(&gen, 2);
			char next[600] = "";

			for (unsigned i = 1 + gen_below(&gen, 4); i; i--)
				put_line(&gen, next, sizeof(next));
			if (deploy(&box, owners[who], had[who], next))
				continue;
			strcpy(now[who], next);
			had[who] = now[who];
		}
		for (unsigned who = 0; who < 2; who++)
			CU_ASSERT_EQUAL(deploy(&box, owners[who], had[who], NULL), 0);
		CU_ASSERT(runs(&box, start));
		CU_ASSERT_EQUAL(box.absences.count, 0);
		CU_ASSERT_EQUAL(box.ledger.count, 0);
		box_done(&box);
		if (CU_get_number_of_failures()) {
			printf("\nin round %u\n", round);
			return;
		}
	}
}

TEST_MAIN("absence", TEST(a_negation_removes_and_its_end_brings_back),
	  TEST(what_another_owns_is_a_conflict), TEST(what_another_wants_absent_is_a_conflict),
	  TEST(one_configuration_does_not_want_both),
	  TEST(an_absence_lasts_as_long_as_somebody_wants_it), TEST(drift_does_not_return),
	  TEST(nothing_returns_over_what_is_there), TEST(what_is_given_up_in_the_same_plan_is_free),
	  TEST(removed_fragments_leave_no_trace));
