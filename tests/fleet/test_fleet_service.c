/* SPDX-License-Identifier: Apache-2.0 */
/* What core is given: parts that its loader takes, and the service bridge-domain. */
#include "core/load/loader.h"
#include "driver.h"
#include "fleet.h"
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
		       "/vlan[10,20]/port[p2]/tagging = \"tagged\"\n"
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

/* A driver as the loader hands it out, opened with settings that bring its dialect. */
static void open_driver(struct smd_loader *loader, const char *name)
{
	const struct smd_driver *driver = smd_loader_driver(loader, name, NULL);
	const struct smd_compiled *dialect = NULL;
	struct smd_settings *settings = NULL;
	struct driver_state *state;
	void *opened = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_EQUAL_FATAL(smd_loader_dialect(loader, driver, &dialect, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_settings_new(&driver->self, NULL, 0, &settings, NULL), 0);
	smd_settings_set_dialect(settings, dialect);
	CU_ASSERT_EQUAL_FATAL(driver->open(settings, &opened, NULL), 0);
	state = opened;
	CU_ASSERT_PTR_EQUAL(state->dialect, dialect);
	CU_ASSERT_PTR_NULL(state->compiled);
	driver->close(opened);
	smd_settings_free(settings);
}

static void parts(void)
{
	struct smd_loader *loader = NULL;
	struct smd_error error = {.message = ""};

	CU_ASSERT_EQUAL_FATAL(smd_loader_new("/nonexistent", &loader), 0);
	for (int i = 0; fleet_drivers[i]; i++)
		CU_ASSERT_EQUAL(smd_loader_register_driver(loader, fleet_drivers[i], &error), 0);
	for (int i = 0; fleet_plugins[i]; i++)
		CU_ASSERT_EQUAL(smd_loader_register_plugin(loader, fleet_plugins[i], &error), 0);
	CU_ASSERT_STRING_EQUAL(error.message, "");
	for (int i = 0; fleet_drivers[i]; i++) {
		open_driver(loader, fleet_drivers[i]->self.name);
		CU_ASSERT_EQUAL(smd_dialect_check(fleet_drivers[i]->dialect, NULL), 0);
	}
	CU_ASSERT_PTR_NOT_NULL(smd_loader_plugin(loader, SMD_PLUGIN_CHANNEL, "fleet", NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_loader_plugin(loader, SMD_PLUGIN_PROTOCOL, "fleet-cli", NULL));
	CU_ASSERT_PTR_NOT_NULL(smd_loader_plugin(loader, SMD_PLUGIN_STORE, "sqlite", NULL));
	smd_loader_free(loader);
}

TEST_MAIN("service", TEST(bridge_domain), TEST(parts));
