/* SPDX-License-Identifier: Apache-2.0 */
/* Absences: `no X` owns the absence of X, against X's owners, and its undo is X's return. */
#include <stdio.h>

#include "box.h"
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

static void begin(struct box *box, const char *text)
{
	struct smd_language language = tiny_language(&tiny_driver);

	box_begin(box, &language, text);
}

/* Deploy one configuration; a conflict is told by the result, other errors are printed, too. */
static int deploy(struct box *box, const char *owner, const char *lines)
{
	const struct box_request request = {owner, lines};
	struct smd_error error = {0};
	int err = box_deploy(box, &request, 1, &error);

	if (err && err != SMD_E_CONFLICT)
		printf("\n%s: %s %s\n", owner, error.message, error.where);
	return err;
}

static void a_negation_removes_and_its_end_brings_back(void)
{
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "interface e0\n no mtu\nno vlan 20\n"), 0);
	CU_ASSERT(box_runs(&box, "interface e1\n trunk vlan 20,30\n"));
	/* again: nothing differs */
	CU_ASSERT_EQUAL(deploy(&box, "a", "interface e0\n no mtu\nno vlan 20\n"), 0);
	CU_ASSERT(box_runs(&box, "interface e1\n trunk vlan 20,30\n"));
	/* one of the two leaves the document, then the other */
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 20\n"), 0);
	CU_ASSERT(box_runs(&box, "interface e0\n mtu 9000\ninterface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT(box_runs(&box, running));
	CU_ASSERT_EQUAL(box.absences.count, 0);
	box_done(&box);
}

static void what_another_owns_is_a_conflict(void)
{
	struct box_request request = {"b", "no vlan 10\n"};
	struct smd_error error = {0};
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(box_deploy(&box, &request, 1, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.where, "/vlan[10]");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"b\""));
	/* a part of it, and a number of a list */
	CU_ASSERT_EQUAL(deploy(&box, "b", "vlan 10\n no name\n"), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(deploy(&box, "b", "interface e1\n trunk vlan 40\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "c", "interface e1\n no trunk vlan 40\n"), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(deploy(&box, "c", "interface e1\n no trunk vlan 30\n"), 0);
	CU_ASSERT(box_runs(&box,
			   "vlan 10\n name blue\nvlan 20\n name red\ninterface e0\n mtu 9000\n"
			   "interface e1\n trunk vlan 20,40\n"));
	CU_ASSERT_EQUAL(deploy(&box, "c", NULL), 0);
	CU_ASSERT(box_runs(&box,
			   "vlan 10\n name blue\nvlan 20\n name red\ninterface e0\n mtu 9000\n"
			   "interface e1\n trunk vlan 20,30,40\n"));
	box_done(&box);
}

static void what_another_wants_absent_is_a_conflict(void)
{
	struct box_request request = {"b", "vlan 20\n name blue\n"};
	struct smd_error error = {0};
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(box_deploy(&box, &request, 1, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.where, "/vlan[20]");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	/* what does not touch it is fine */
	CU_ASSERT_EQUAL(deploy(&box, "b", "vlan 10\n name blue\n"), 0);
	box_done(&box);
}

static void one_configuration_does_not_want_both(void)
{
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\nno vlan 10\n"), SMD_E_CONFLICT);
	/* from one to the other is a change like any other */
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 10\n"), 0);
	CU_ASSERT(box_runs(&box, running));
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT(box_runs(&box, running));
	box_done(&box);
}

/* Two want the same absence: it lasts until both are gone, and then returns once. */
static void an_absence_lasts_as_long_as_somebody_wants_it(void)
{
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "b", "no vlan 20\n"), 0);
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT_PTR_NULL(smd_tree_at(box.tree, "/vlan[20]", NULL, NULL));
	CU_ASSERT_EQUAL(deploy(&box, "b", NULL), 0);
	CU_ASSERT(box_runs(&box, running));
	box_done(&box);
}

/* What somebody enters against an absence is removed when it is deployed again, for good. */
static void drift_does_not_return(void)
{
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 40\ninterface e0\n no mtu\n"), 0);
	box_enter(&box, "vlan 40\n name late\nexit\ninterface e0\n mtu 1500\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", "no vlan 40\ninterface e0\n no mtu\n"), 0);
	CU_ASSERT(box_runs(&box, "vlan 20\n name red\ninterface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT(box_runs(&box, running));
	box_done(&box);
}

/* What stands there when an absence ends stays; a section that has gone takes its own along. */
static void nothing_returns_over_what_is_there(void)
{
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "interface e0\n no mtu\n"), 0);
	box_enter(&box, "interface e0\n mtu 1500\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT(box_runs(&box, "vlan 20\n name red\ninterface e0\n mtu 1500\n"
				 "interface e1\n trunk vlan 20,30\n"));
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 20\n no name\n"), 0);
	box_enter(&box, "no vlan 20\n");
	CU_ASSERT_EQUAL(deploy(&box, "a", NULL), 0);
	CU_ASSERT_PTR_NULL(smd_tree_at(box.tree, "/vlan[20]", NULL, NULL));
	box_done(&box);
}

/* One gives up X, the other one ends it: in one plan that is no conflict. */
static void what_is_given_up_in_the_same_plan_is_free(void)
{
	const struct box_request requests[] = {{"a", NULL}, {"b", "no vlan 10\n"}};
	const struct box_request back[] = {{"a", "vlan 10\n name blue\n"}, {"b", NULL}};
	struct smd_error error = {0};
	struct box box;

	begin(&box, running);
	CU_ASSERT_EQUAL(deploy(&box, "a", "vlan 10\n name blue\n"), 0);
	CU_ASSERT_EQUAL(box_deploy(&box, requests, 2, &error), 0);
	CU_ASSERT(box_runs(&box, running));
	CU_ASSERT_EQUAL(box_deploy(&box, back, 2, &error), 0);
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
		struct box box;

		begin(&box, start);
		for (int turn = 0; turn < 6; turn++) {
			unsigned who = gen_below(&gen, 2);
			char next[600] = "";

			for (unsigned i = 1 + gen_below(&gen, 4); i; i--)
				put_line(&gen, next, sizeof(next));
			deploy(&box, owners[who], next);
		}
		for (unsigned who = 0; who < 2; who++)
			CU_ASSERT_EQUAL(deploy(&box, owners[who], NULL), 0);
		CU_ASSERT(box_runs(&box, start));
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
