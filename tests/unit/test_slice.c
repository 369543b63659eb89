/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/slice.h"

#include <stdio.h>

#include "core/plan/atom.h"
#include "grow.h"
#include "ledgers.h"
#include "test.h"

/* A device's running configuration and its ledger. */
struct device {
	struct smd_tree *running;
	struct smd_ledger ledger;
};

static void begin(struct device *device, const char *running)
{
	*device = (struct device){.running = grow(running)};
}

static void end(struct device *device)
{
	smd_tree_free(device->running);
	smd_ledger_done(&device->ledger);
}

static struct smd_tree *grow_or_null(const char *text)
{
	return text ? grow(text) : NULL;
}

/* Deploy what `owner` wants; on an error the device stays as it was. */
static int deploy(struct device *device, const char *owner, const char *had, const char *wanted,
		  struct smd_error *error)
{
	struct smd_tree *old = grow_or_null(had), *new = grow_or_null(wanted), *target = NULL;
	struct smd_slice_change change = {.owner = owner, .had = old, .wanted = new};
	int err = smd_slice_overlay(device->running, &change, &device->ledger, &target, error);

	if (!err) {
		smd_tree_free(device->running);
		device->running = target;
	}
	smd_tree_free(old);
	smd_tree_free(new);
	return err;
}

static void what_is_wanted_is_added(void)
{
	struct device device;

	begin(&device, "if[e0]/mtu=1500 if[e1]");
	CU_ASSERT_EQUAL(deploy(&device, "a", NULL, "if[e0]/vlans#10,20 vlan[10]/name=x", NULL), 0);
	CU_ASSERT(is_grown(device.running,
			   "if[e0]/mtu=1500 if[e0]/vlans#10,20 if[e1] vlan[10]/name=x"));
	CU_ASSERT_EQUAL(deploy(&device, "a", "if[e0]/vlans#10,20 vlan[10]/name=x", NULL, NULL), 0);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=1500 if[e1]"));
	CU_ASSERT_EQUAL(device.ledger.count, 0);
	end(&device);
}

static void the_ledger_tells_who_owns_what(void)
{
	struct device device;
	struct smd_ledger_row *row;

	begin(&device, "if[e0]/mtu=1500 if[e0]/vlans#10");
	deploy(&device, "a", NULL, "if[e0]/mtu=9000 if[e0]/vlans#10,20", NULL);
	deploy(&device, "b", NULL, "if[e0]/vlans#20", NULL);
	CU_ASSERT_EQUAL(device.ledger.count, 3);
	row = smd_ledger_find(&device.ledger, "/if[e0]/mtu");
	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	CU_ASSERT(row->foreign);
	CU_ASSERT_STRING_EQUAL(row->was, "1500");
	CU_ASSERT(owns(&device.ledger, "/if[e0]/mtu", "a", 1));
	row = smd_ledger_find(&device.ledger, "/if[e0]/vlans");
	CU_ASSERT_PTR_NOT_NULL_FATAL(row);
	CU_ASSERT(row->foreign);
	CU_ASSERT_PTR_NULL(row->was);
	CU_ASSERT(smd_set_has(&row->foreign_numbers, 10));
	CU_ASSERT(!smd_set_has(&row->foreign_numbers, 20));
	CU_ASSERT(owns(&device.ledger, "/if[e0]/vlans", "a", 2));
	CU_ASSERT(owns_number(&device.ledger, "/if[e0]/vlans", 10, "a", 1));
	CU_ASSERT(owns_number(&device.ledger, "/if[e0]/vlans", 20, "a", 2));
	CU_ASSERT(owns_number(&device.ledger, "/if[e0]/vlans", 20, "b", 2));
	end(&device);
}

static void what_is_shared_goes_with_the_last_owner(void)
{
	struct device device;

	begin(&device, "if[e0]");
	deploy(&device, "a", NULL, "vlan[10]/name=x if[e0]/vlans#10,11", NULL);
	deploy(&device, "b", NULL, "vlan[10]/name=x if[e0]/vlans#10,12", NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/vlans#10-12 vlan[10]/name=x"));
	deploy(&device, "a", "vlan[10]/name=x if[e0]/vlans#10,11", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/vlans#10,12 vlan[10]/name=x"));
	deploy(&device, "b", "vlan[10]/name=x if[e0]/vlans#10,12", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]"));
	CU_ASSERT_EQUAL(device.ledger.count, 0);
	end(&device);
}

static void what_is_foreign_stays_with_its_value(void)
{
	struct device device;

	begin(&device, "if[e0]/mtu=1500 if[e0]/vlans#5,10");
	deploy(&device, "a", NULL, "if[e0]/mtu=9000 if[e0]/vlans#10,20", NULL);
	deploy(&device, "b", NULL, "if[e0]/mtu=9000", NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=9000 if[e0]/vlans#5,10,20"));
	deploy(&device, "a", "if[e0]/mtu=9000 if[e0]/vlans#10,20", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=9000 if[e0]/vlans#5,10"));
	deploy(&device, "b", "if[e0]/mtu=9000", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=1500 if[e0]/vlans#5,10"));
	end(&device);
}

/* The foreign value is the one before the first deployment, however often the owner changes it. */
static void an_owner_may_want_something_else(void)
{
	struct device device;

	begin(&device, "if[e0]/mtu=1500");
	deploy(&device, "a", NULL, "if[e0]/mtu=9000 if[e0]/vlans#10", NULL);
	deploy(&device, "a", "if[e0]/mtu=9000 if[e0]/vlans#10", "if[e0]/mtu=4000 if[e0]/vlans#11",
	       NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=4000 if[e0]/vlans#11"));
	deploy(&device, "a", "if[e0]/mtu=4000 if[e0]/vlans#11", "if[e0]/vlans#11", NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=1500 if[e0]/vlans#11"));
	deploy(&device, "a", "if[e0]/vlans#11", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/mtu=1500"));
	end(&device);
}

static void two_who_want_different_values_conflict(void)
{
	struct device device;
	struct smd_error error = {0};

	begin(&device, "if[e0]");
	deploy(&device, "a", NULL, "if[e0]/mtu=9000", NULL);
	CU_ASSERT_EQUAL(deploy(&device, "b", NULL, "if[e0]/mtu=1500", &error), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(error.code, SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.where, "/if[e0]/mtu");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"a\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"b\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "9000"));
	CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
	end(&device);
}

static void a_container_goes_only_without_children(void)
{
	struct device device;

	begin(&device, "");
	deploy(&device, "a", NULL, "vlan[10]/name=x", NULL);
	/* Somebody else adds a leaf below our node. */
	smd_node_put_leaf(smd_node_make(smd_tree_root(device.running), "vlan", "10"), "mtu", "9");
	deploy(&device, "a", "vlan[10]/name=x", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "vlan[10]/mtu=9"));
	CU_ASSERT_EQUAL(device.ledger.count, 0);
	end(&device);
}

static void a_foreign_container_stays_without_children(void)
{
	struct device device;

	begin(&device, "vlan[10]");
	deploy(&device, "a", NULL, "vlan[10]/name=x", NULL);
	deploy(&device, "a", "vlan[10]/name=x", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "vlan[10]"));
	end(&device);
}

/* An empty set can mean "none" where no set means "all". */
static void an_empty_set_is_given_back(void)
{
	struct device device;

	begin(&device, "if[e0]/vlans#");
	deploy(&device, "a", NULL, "if[e0]/vlans#10", NULL);
	deploy(&device, "a", "if[e0]/vlans#10", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/vlans#"));
	CU_ASSERT_EQUAL(device.ledger.count, 0);
	end(&device);
}

static void an_empty_set_may_be_wanted(void)
{
	struct device device;

	begin(&device, "if[e0]/vlans#5 if[e1]");
	deploy(&device, "a", NULL, "if[e0]/vlans# if[e1]/vlans#", NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/vlans#5 if[e1]/vlans#"));
	deploy(&device, "a", "if[e0]/vlans# if[e1]/vlans#", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "if[e0]/vlans#5 if[e1]"));
	end(&device);
}

/* A node that somebody else has removed meanwhile is no error. */
static void what_is_gone_already_is_fine(void)
{
	struct device device;

	begin(&device, "");
	deploy(&device, "a", NULL, "vlan[10]/name=x if[e0]/vlans#1,2", NULL);
	smd_tree_free(device.running);
	device.running = grow("if[e0]/vlans#2");
	CU_ASSERT_EQUAL(deploy(&device, "a", "vlan[10]/name=x if[e0]/vlans#1,2", NULL, NULL), 0);
	CU_ASSERT(is_grown(device.running, ""));
	CU_ASSERT_EQUAL(device.ledger.count, 0);
	end(&device);
}

/* A node that is not in the ledger was never ours. */
static void what_the_ledger_does_not_know_stays(void)
{
	struct device device;

	begin(&device, "vlan[10]/name=x");
	CU_ASSERT_EQUAL(deploy(&device, "a", "vlan[10]/name=x", NULL, NULL), 0);
	CU_ASSERT(is_grown(device.running, "vlan[10]/name=x"));
	end(&device);
}

static void without_a_ledger_what_was_had_goes(void)
{
	struct smd_tree *running = grow("vlan[10]/name=x vlan[11]"), *had = grow("vlan[10]/name=x");
	struct smd_slice_change change = {.owner = "a", .had = had};
	struct smd_tree *out = NULL;

	CU_ASSERT_EQUAL(smd_slice_overlay(running, &change, NULL, &out, NULL), 0);
	CU_ASSERT(is_grown(out, "vlan[11]"));
	smd_tree_free(out);
	smd_tree_free(running);
	smd_tree_free(had);
}

static void order_is_kept(void)
{
	struct device device;

	begin(&device, "acl[x]/!rule[foreign]");
	deploy(&device, "a", NULL, "acl[x]/!rule[1] acl[x]/!rule[3]", NULL);
	deploy(&device, "a", "acl[x]/!rule[1] acl[x]/!rule[3]",
	       "acl[x]/!rule[1] acl[x]/!rule[2] acl[x]/!rule[3]", NULL);
	CU_ASSERT(
		is_grown(device.running,
			 "acl[x]/!rule[foreign] acl[x]/!rule[1] acl[x]/!rule[2] acl[x]/!rule[3]"));
	deploy(&device, "a", "acl[x]/!rule[1] acl[x]/!rule[2] acl[x]/!rule[3]",
	       "acl[x]/!rule[3] acl[x]/!rule[1]", NULL);
	CU_ASSERT(
		is_grown(device.running, "acl[x]/!rule[foreign] acl[x]/!rule[3] acl[x]/!rule[1]"));
	deploy(&device, "a", "acl[x]/!rule[3] acl[x]/!rule[1]", NULL, NULL);
	CU_ASSERT(is_grown(device.running, "acl[x]/!rule[foreign]"));
	end(&device);
}

/* The same path as a leaf and as a section is a conflict. */
static void another_kind_is_refused(void)
{
	static const char *const kinds[] = {"x=1", "x#1", "x", "x/y=1"};

	for (size_t i = 0; i < SMD_COUNT(kinds); i++) {
		for (size_t j = 0; j < SMD_COUNT(kinds); j++) {
			struct device device;
			struct smd_error error = {0};
			int same = i == j || (i >= 2 && j >= 2);

			begin(&device, kinds[i]);
			CU_ASSERT_EQUAL(!deploy(&device, "a", NULL, kinds[j], &error), same);
			CU_ASSERT_EQUAL(error.message[0] != '\0', !same);
			end(&device);
		}
	}
}

static void restoring_touches_nothing_else(void)
{
	struct smd_tree *before = grow("if[e0]/mtu=1500 if[e0]/vlans#10,11 vlan[11]/name=y");
	struct smd_tree *had = grow("if[e0]/vlans#11 vlan[11]/name=y");
	struct smd_tree *wanted = grow("if[e0]/mtu=9000 if[e0]/vlans#12 vlan[12]/name=z");
	struct smd_tree *now = grow("if[e0]/mtu=9000 if[e0]/vlans#10,12,13 vlan[12]/name=z "
				    "vlan[12]/stranger=1 if[e1]");
	struct smd_tree *out = NULL;

	CU_ASSERT_EQUAL(smd_slice_restore(now, before, had, wanted, &out), 0);
	CU_ASSERT(is_grown(out, "if[e0]/mtu=1500 if[e0]/vlans#10,11,13 vlan[11]/name=y "
				"vlan[12]/stranger=1 if[e1]"));
	smd_tree_free(out);
	smd_tree_free(before);
	smd_tree_free(had);
	smd_tree_free(wanted);
	smd_tree_free(now);
}

/* A container and a set stay while somebody else has something in them. */
static void what_others_fill_is_in_place(void)
{
	struct smd_tree *before = grow("if[e0]/mtu=1500");
	struct smd_tree *wanted = grow("if[e0]/vlans#12 vlan[12]/name=z");
	struct smd_tree *ours = grow("if[e0]/mtu=1500 if[e0]/vlans#12 vlan[12]/name=z");
	struct smd_tree *filled = grow("if[e0]/mtu=1500 if[e0]/vlans#13 vlan[12]/stranger=1");
	struct smd_tree *empty = grow("if[e0]/mtu=1500 vlan[12]");

	CU_ASSERT_EQUAL(smd_slice_is_at(before, before, NULL, wanted), 1);
	CU_ASSERT_EQUAL(smd_slice_is_at(ours, ours, NULL, wanted), 1);
	CU_ASSERT_EQUAL(smd_slice_is_at(ours, before, NULL, wanted), 0);
	CU_ASSERT_EQUAL(smd_slice_is_at(before, ours, NULL, wanted), 0);
	CU_ASSERT_EQUAL(smd_slice_is_at(filled, before, NULL, wanted), 1);
	CU_ASSERT_EQUAL(smd_slice_is_at(empty, before, NULL, wanted), 0);
	smd_tree_free(before);
	smd_tree_free(wanted);
	smd_tree_free(ours);
	smd_tree_free(filled);
	smd_tree_free(empty);
}

static void restoring_gives_the_place_back(void)
{
	struct smd_tree *before = grow("!rule[a] !rule[b] !rule[c]");
	struct smd_tree *had = grow("!rule[a] !rule[b] !rule[c]");
	struct smd_tree *wanted = grow("!rule[c] !rule[a]");
	struct smd_tree *now = grow("!rule[c] !rule[a]"), *out = NULL;

	CU_ASSERT_EQUAL(smd_slice_restore(now, before, had, wanted, &out), 0);
	CU_ASSERT(is_same(out, before));
	smd_tree_free(out);
	smd_tree_free(before);
	smd_tree_free(had);
	smd_tree_free(wanted);
	smd_tree_free(now);
}

static void affected_is_what_stands_beside(void)
{
	struct smd_tree *tree =
		grow("if[e0]/mtu=1 if[e0]/mode=trunk if[e0]/sub[1]/x=1 if[e1]/mtu=2 "
		     "top=1 vlan[10]/name=x");
	struct smd_tree *wanted = grow("if[e0]/vlans#10 vlan[10]/name=y vlan[11]");
	struct smd_tree *out = NULL;

	CU_ASSERT_EQUAL(smd_slice_affected(tree, NULL, wanted, &out), 0);
	CU_ASSERT(is_grown(out, "if[e0]/mtu=1 if[e0]/mode=trunk vlan[10]/name=x"));
	smd_tree_free(out);
	smd_tree_free(tree);
	smd_tree_free(wanted);
}

static void what_is_not_affected_does_not_differ(void)
{
	static const struct {
		const char *other, *path;
	} cases[] = {
		{"if[e0]/mtu=1 if[e0]/vlans#10 if[e1]", NULL},
		{"if[e0]/mtu=1 if[e0]/vlans#10 if[e1]/mtu=7 x=1", NULL},
		{"if[e0]/mtu=1 if[e0]/vlans#10 if[e0]/sub[1] if[e1]", NULL},
		{"if[e0]/mtu=2 if[e0]/vlans#10 if[e1]", "/if[e0]/mtu"},
		{"if[e0]/mtu=1 if[e1]", "/if[e0]/vlans"},
		{"if[e0]/mtu=1 if[e0]/vlans#10 if[e0]/mode=access if[e1]", "/if[e0]/mode"},
		{"if[e1]", "/if[e0]"},
	};
	struct smd_tree *tree = grow(cases[0].other), *wanted = grow("if[e0]/vlans#10");

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_tree *other = grow(cases[i].other);
		int err = cases[i].path ? SMD_E_DEVICE : 0;
		char path[2][64] = {"", ""};

		CU_ASSERT_EQUAL(smd_slice_compare(tree, other, NULL, wanted, path[0], 64), err);
		CU_ASSERT_EQUAL(smd_slice_compare(tree, other, wanted, NULL, path[1], 64), err);
		CU_ASSERT_STRING_EQUAL(path[0], cases[i].path ? cases[i].path : "");
		CU_ASSERT_STRING_EQUAL(path[1], path[0]);
		smd_tree_free(other);
	}
	smd_tree_free(tree);
	smd_tree_free(wanted);
}

static void whole_trees_are_compared(void)
{
	struct smd_tree *a = grow("if[e0]/mtu=1 x=1"), *b = grow("x=1 if[e0]/mtu=1");
	struct smd_tree *c = grow("if[e0]/mtu=1 x=2");
	char path[64] = "";

	CU_ASSERT_EQUAL(smd_tree_compare(a, b, path, sizeof(path)), 0);
	CU_ASSERT_EQUAL(smd_tree_compare(a, c, path, sizeof(path)), SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(path, "/x");
	smd_tree_free(a);
	smd_tree_free(b);
	smd_tree_free(c);
}

static void what_is_missing_is_named(void)
{
	static const struct {
		const char *slice, *path;
	} cases[] = {
		{"", NULL},
		{"if[e0]/mtu=1 if[e0]/vlans#10", NULL},
		{"if[e0]/mtu=2", "/if[e0]/mtu"},
		{"if[e0]/vlans#10-12", "/if[e0]/vlans[12]"},
		{"if[e0]/mtu=1 if[e2]/mtu=1", "/if[e2]"},
	};
	struct smd_tree *tree = grow("if[e0]/mtu=1 if[e0]/vlans#10,11");

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_tree *slice = grow(cases[i].slice);
		char path[64] = "";

		CU_ASSERT_EQUAL(!!smd_slice_missing(tree, slice, path, sizeof(path)),
				cases[i].path != NULL);
		CU_ASSERT_STRING_EQUAL(path, cases[i].path ? cases[i].path : "");
		smd_tree_free(slice);
	}
	CU_ASSERT_EQUAL(smd_slice_missing(tree, NULL, NULL, 0), 0);
	smd_tree_free(tree);
}

static void what_is_common_is_in_both(void)
{
	struct smd_tree *had = grow("if[e0]/mtu=1 if[e0]/vlans#10-12 vlan[10]/name=x");
	struct smd_tree *wanted = grow("if[e0]/vlans#11-13 if[e1] vlan[10]/name=y");
	struct smd_tree *out = NULL, *none = NULL;

	CU_ASSERT_EQUAL(smd_slice_common(had, wanted, &out), 0);
	CU_ASSERT(is_grown(out, "if[e0]/vlans#11,12 vlan[10]/name=x"));
	CU_ASSERT_EQUAL(smd_slice_common(NULL, wanted, &none), 0);
	CU_ASSERT(is_grown(none, ""));
	smd_tree_free(none);
	CU_ASSERT_EQUAL(smd_slice_common(had, NULL, &none), 0);
	CU_ASSERT(is_grown(none, ""));
	smd_tree_free(none);
	smd_tree_free(out);
	smd_tree_free(had);
	smd_tree_free(wanted);
}

static void a_union_has_the_atoms_of_all(void)
{
	struct smd_tree *a =
		grow("if[e0]/vlans#10 acl[x]/!rule[1] acl[x]/!rule[3] vlan[10]/name=x");
	struct smd_tree *b = grow("if[e0]/vlans#11 if[e1] acl[x]/!rule[2] acl[x]/!rule[3]");
	struct smd_tree *c = grow("vlan[10]/name=y");
	const struct smd_tree *all[] = {NULL, a, b, NULL, c};
	struct smd_tree *out = NULL;

	CU_ASSERT_EQUAL(smd_slice_union(all, SMD_COUNT(all), &out), 0);
	CU_ASSERT(is_grown(out, "if[e0]/vlans#10,11 if[e1] acl[x]/!rule[1] acl[x]/!rule[2] "
				"acl[x]/!rule[3] vlan[10]/name=y"));
	smd_tree_free(smd_take(out));
	CU_ASSERT_EQUAL(smd_slice_union(all + 1, 1, &out), 0);
	CU_ASSERT(is_same(out, a));
	smd_tree_free(smd_take(out));
	CU_ASSERT_EQUAL(smd_slice_union(all, 1, &out), 0);
	CU_ASSERT(is_grown(out, ""));
	smd_tree_free(out);
	smd_tree_free(a);
	smd_tree_free(b);
	smd_tree_free(c);
}

/* What an owner has whose own change follows is no conflict; what others have is one. */
static void who_comes_later_is_not_in_the_way(void)
{
	static const char *const later[] = {"b"};
	struct smd_tree *had = grow("if[e0]/mtu=9000"), *wanted = grow("if[e0]/mtu=1500");
	struct smd_slice_change change = {.owner = "a", .had = had, .wanted = wanted};
	struct smd_tree *out = NULL;
	struct device device;

	begin(&device, "if[e0]");
	deploy(&device, "a", NULL, "if[e0]/mtu=9000", NULL);
	deploy(&device, "b", NULL, "if[e0]/mtu=9000", NULL);
	CU_ASSERT_EQUAL(smd_slice_overlay(device.running, &change, &device.ledger, &out, NULL),
			SMD_E_CONFLICT);
	change.later = later;
	change.later_count = 1;
	CU_ASSERT_EQUAL(smd_slice_overlay(device.running, &change, &device.ledger, &out, NULL), 0);
	CU_ASSERT(is_grown(out, "if[e0]/mtu=1500"));
	smd_tree_free(smd_take(out));
	deploy(&device, "c", NULL, "if[e0]/mtu=9000", NULL);
	CU_ASSERT_EQUAL(smd_slice_overlay(device.running, &change, &device.ledger, &out, NULL),
			SMD_E_CONFLICT);
	smd_tree_free(had);
	smd_tree_free(wanted);
	end(&device);
}

TEST_MAIN("slice", TEST(what_is_wanted_is_added), TEST(the_ledger_tells_who_owns_what),
	  TEST(what_is_shared_goes_with_the_last_owner), TEST(what_is_foreign_stays_with_its_value),
	  TEST(an_owner_may_want_something_else), TEST(two_who_want_different_values_conflict),
	  TEST(a_container_goes_only_without_children),
	  TEST(a_foreign_container_stays_without_children), TEST(an_empty_set_is_given_back),
	  TEST(an_empty_set_may_be_wanted), TEST(what_is_gone_already_is_fine),
	  TEST(what_the_ledger_does_not_know_stays), TEST(without_a_ledger_what_was_had_goes),
	  TEST(order_is_kept), TEST(another_kind_is_refused), TEST(restoring_touches_nothing_else),
	  TEST(what_others_fill_is_in_place), TEST(restoring_gives_the_place_back),
	  TEST(affected_is_what_stands_beside), TEST(what_is_not_affected_does_not_differ),
	  TEST(whole_trees_are_compared), TEST(what_is_missing_is_named),
	  TEST(what_is_common_is_in_both), TEST(a_union_has_the_atoms_of_all),
	  TEST(who_comes_later_is_not_in_the_way));
