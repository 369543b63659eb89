/* SPDX-License-Identifier: Apache-2.0 */
/* The service bridge-domain over the language of the fleet. */
#include "driver.h"
#include "test.h"

/* The service: a part is lines of ports, found again by discover. */
static struct smd_tree *tree_of(const struct smd_compiled *dialect, const char *text)
{
	struct smd_text *lines = NULL;
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&lines, text, strlen(text)), 0);
	CU_ASSERT_EQUAL_FATAL(smd_dialect_parse(dialect, lines, &tree, NULL), 0);
	smd_text_free(lines);
	return tree;
}

static void is_tree(const struct smd_tree *tree, const char *flat)
{
	struct smd_text *lines = NULL;
	char *joined;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&lines, 0), 0);
	CU_ASSERT_EQUAL(smd_tree_flatten(tree, lines), 0);
	joined = smd_text_join(lines);
	CU_ASSERT_STRING_EQUAL(joined, flat);
	free(joined);
	smd_text_free(lines);
}

static struct smd_tree *part_of_a_domain(void)
{
	struct smd_tree *part = NULL;
	struct smd_node *root;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&part), 0);
	root = smd_tree_root(part);
	smd_node_put_leaf(root, "name", "blue");
	smd_node_put_leaf(root, "vlan", "30");
	smd_node_put_leaf(smd_node_make(root, "port", "p1"), "tagging", "access");
	smd_node_put_leaf(smd_node_make(root, "port", "p2"), "tagging", "tagged");
	return part;
}

static void bridge_domain(void)
{
	const struct smd_service *service = driver_fleet_shared.services;
	struct smd_compiled *dialect = NULL;
	struct smd_tree *part = part_of_a_domain(), *slice = NULL, *found = NULL, *running;
	void *state = NULL;

	CU_ASSERT_EQUAL_FATAL(driver_fleet_shared.open(NULL, &state, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_dialect_compile(driver_fleet_shared.dialect, &dialect, NULL), 0);
	running = tree_of(
		dialect,
		"port p1\nport p1 access 10\nport p2 trunk 10,20\nset a 1\nport p1 trunk 7\n"
		"fault p2 link\n error down\n");
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&slice), 0);
	CU_ASSERT_EQUAL(service->compose(state, part, running, slice, NULL), 0);
	is_tree(slice, "/port p1 access = \"30\"\n/port p2 trunk = 30\n");
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&found), 0);
	CU_ASSERT_EQUAL(service->discover(state, running, found, NULL), 0);
	is_tree(found, "/vlan[10]/port[p1]/tagging = \"access\"\n"
		       "/vlan[10]/port[p2]/tagging = \"tagged\"\n"
		       "/vlan[20]/port[p2]/tagging = \"tagged\"\n"
		       "/vlan[7]/port[p1]/tagging = \"tagged\"\n");
	smd_tree_free(found);
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&found), 0);
	CU_ASSERT_EQUAL(service->ports(state, running, found, NULL), 0);
	is_tree(found, "/port[p1]/\n/port[p2]/error = \"down\"\n");
	smd_tree_free(found);
	smd_tree_free(slice);
	smd_tree_free(part);
	smd_tree_free(running);
	smd_dialect_free(dialect);
	driver_fleet_shared.close(state);
}

TEST_MAIN("service", TEST(bridge_domain));
