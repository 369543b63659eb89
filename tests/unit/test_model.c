/* SPDX-License-Identifier: Apache-2.0 */
#include "model_examples.h"

static void loading(void)
{
	struct smd_error error;
	struct smd_model *none;
	struct smd_document *document = NULL;

	CU_ASSERT_EQUAL(smd_model_new("/nonexistent", &none, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "/nonexistent"));
	/* A folder that exists and has no modules: seen when the first document is read. */
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/core/base", &none, &error), 0);
	CU_ASSERT_EQUAL(smd_document_read(none, "{}", 2, "file", &document, &error), SMD_E_IO);
	CU_ASSERT_EQUAL(error.code, SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "smartdeploy-bridge-domain"));
	CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
	smd_model_free(none);
	smd_model_free(NULL);
	model_load();
}

static void a_bridge_domain(void)
{
	size_t size;
	char *text = example("bridge-domain.json", &size);
	struct smd_document *document;

	CU_ASSERT_EQUAL_FATAL(smd_document_read(model, text, size, "file", &document, NULL), 0);
	free(text);
	CU_ASSERT_EQUAL(document->kind, SMD_DOCUMENT_BRIDGE_DOMAIN);
	CU_ASSERT_STRING_EQUAL(document->name, "blue");
	CU_ASSERT_STRING_EQUAL(document->domain.name, "blue");
	CU_ASSERT_EQUAL(document->domain.vlan, 100);
	CU_ASSERT_STRING_EQUAL(document->domain.description, "Office network, first floor");
	CU_ASSERT_EQUAL_FATAL(document->domain.endpoint_count, 3);
	CU_ASSERT_STRING_EQUAL(document->domain.endpoints[0].device, "leaf1");
	CU_ASSERT_STRING_EQUAL(document->domain.endpoints[0].port, "h1");
	CU_ASSERT_EQUAL(document->domain.endpoints[1].tagging, SMD_ACCESS);
	CU_ASSERT_EQUAL(document->domain.endpoints[2].tagging, SMD_TAGGED);
	smd_document_free(document);
	smd_document_free(NULL);
}

static void endpoints_are_sorted(void)
{
	static const char text[] =
		"{\"" DOMAIN "\": {\"endpoint\": [{\"device\": \"b\", \"port\": \"1\"},"
		"{\"port\": \"2\", \"device\": \"a\"}, {\"device\": \"a\", \"port\": \"1\"}],"
		"\"vlan\": 4094, \"name\": \"x\"}}\n";
	struct smd_document *document;
	const struct smd_endpoint *endpoint;

	CU_ASSERT_EQUAL_FATAL(
		smd_document_read(model, text, sizeof(text) - 1, "file", &document, NULL), 0);
	endpoint = document->domain.endpoints;
	CU_ASSERT_EQUAL(document->domain.vlan, 4094);
	CU_ASSERT_STRING_EQUAL(document->domain.description, "");
	CU_ASSERT_STRING_EQUAL(endpoint[0].device, "a");
	CU_ASSERT_STRING_EQUAL(endpoint[0].port, "1");
	CU_ASSERT_STRING_EQUAL(endpoint[1].port, "2");
	CU_ASSERT_STRING_EQUAL(endpoint[2].device, "b");
	CU_ASSERT_EQUAL(endpoint[2].tagging, SMD_ACCESS);
	smd_document_free(document);
}

static void a_native(void)
{
	static const char text[] = "{\"" NATIVE "\": {\"name\": \"n\", \"device\": ["
				   "{\"name\": \"r2\", \"line\": [\"x\"]},"
				   "{\"name\": \"r1\", \"line\": [\"router\", \" z\", \"exit\","
				   "\"interface \\u00e9 \\\"q\\\"\", \"exit\"]}]}}";
	struct smd_document *document;
	const struct smd_native_device *device;

	CU_ASSERT_EQUAL_FATAL(
		smd_document_read(model, text, sizeof(text) - 1, "file", &document, NULL), 0);
	CU_ASSERT_EQUAL(document->kind, SMD_DOCUMENT_NATIVE);
	CU_ASSERT_STRING_EQUAL(document->name, "n");
	CU_ASSERT_EQUAL_FATAL(document->native.device_count, 2);
	device = document->native.devices;
	CU_ASSERT_STRING_EQUAL(device[0].device, "r1");
	CU_ASSERT_EQUAL_FATAL(smd_text_count(device[0].text), 5);
	CU_ASSERT_STRING_EQUAL(smd_text_get(device[0].text, 1, NULL), " z");
	CU_ASSERT_STRING_EQUAL(smd_text_get(device[0].text, 2, NULL), "exit");
	CU_ASSERT_STRING_EQUAL(smd_text_get(device[0].text, 3, NULL), "interface \xc3\xa9 \"q\"");
	CU_ASSERT_STRING_EQUAL(smd_text_get(device[0].text, 4, NULL), "exit");
	CU_ASSERT_STRING_EQUAL(smd_text_get(device[1].text, 0, NULL), "x");
	smd_document_free(document);
}

static void an_inventory(void)
{
	struct smd_inventory *inventory = example_inventory();
	const struct smd_device *leaf = smd_inventory_device(inventory, "leaf1");
	const struct smd_host *host = smd_inventory_host(inventory, "h2");

	CU_ASSERT_STRING_EQUAL(inventory->known_hosts, "/etc/smartdeploy/known_hosts");
	CU_ASSERT_EQUAL(inventory->device_count, 5);
	CU_ASSERT_PTR_NOT_NULL_FATAL(leaf);
	CU_ASSERT_STRING_EQUAL(leaf->address, "192.0.2.11");
	CU_ASSERT_EQUAL(leaf->port, 22);
	CU_ASSERT_STRING_EQUAL(leaf->role, "leaf");
	CU_ASSERT_EQUAL_FATAL(leaf->label_count, 1);
	CU_ASSERT_STRING_EQUAL(leaf->labels[0], "rack=1");
	CU_ASSERT_STRING_EQUAL(leaf->options[0].name, "bridge");
	CU_ASSERT_STRING_EQUAL(leaf->options[0].value, "br0");
	CU_ASSERT_STRING_EQUAL(leaf->credential->user, "smartdeploy");
	CU_ASSERT_STRING_EQUAL(leaf->credential->key_file, "/etc/smartdeploy/id_ed25519");
	CU_ASSERT_EQUAL(leaf->credential->agent, 0);
	CU_ASSERT_STRING_EQUAL(leaf->read_only_credential->user, "viewer");
	CU_ASSERT_STRING_EQUAL(smd_inventory_device(inventory, "leaf2")->read_only_credential->user,
			       "smartdeploy");
	CU_ASSERT_PTR_NOT_NULL_FATAL(host);
	CU_ASSERT_EQUAL(host->port, 2222);
	CU_ASSERT_EQUAL(host->credential->agent, 1);
	CU_ASSERT_STRING_EQUAL(host->credential->password_env, "PROBE_PASSWORD");
	CU_ASSERT_STRING_EQUAL(host->credential->password_file, "");
	CU_ASSERT_STRING_EQUAL(host->interface, "eth0");
	CU_ASSERT_STRING_EQUAL(host->ip, "10.0.0.2");
	CU_ASSERT_PTR_NULL(smd_inventory_device(inventory, "leaf9"));
	smd_inventory_free(inventory);
	smd_inventory_free(NULL);
}

/* A value is given directly or by reference; an empty value is valid. */
static void options(void)
{
	static const char text[] =
		"{\"" INVENTORY "\": {\"credential\": [{\"name\": \"c\", \"user\": \"u\","
		"\"agent\": true}], \"device\": [{\"name\": \"a\", \"driver\": \"d\","
		"\"address\": \"x\", \"credential\": \"c\", \"option\": ["
		"{\"name\": \"w\", \"value\": \"\"}, {\"name\": \"v\", \"value-file\": \"/f\"},"
		"{\"name\": \"u\", \"value-env\": \"E\"}]}]}}";
	struct smd_inventory *inventory;
	const struct smd_device_option *option;

	CU_ASSERT_EQUAL_FATAL(
		smd_inventory_read(model, text, sizeof(text) - 1, "file", &inventory, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(inventory->devices[0].option_count, 3);
	option = inventory->devices[0].options;
	CU_ASSERT_STRING_EQUAL(option[0].value_env, "E");
	CU_ASSERT_STRING_EQUAL(option[0].value, "");
	CU_ASSERT(smd_option_by_reference(&option[0]));
	CU_ASSERT_STRING_EQUAL(option[1].value_file, "/f");
	CU_ASSERT(smd_option_by_reference(&option[1]));
	CU_ASSERT_STRING_EQUAL(option[2].name, "w");
	CU_ASSERT(!smd_option_by_reference(&option[2]));
	smd_inventory_free(inventory);
}

static void a_topology(void)
{
	/* Links in another order and with swapped ends: the topology has an order of its own. */
	static const char turned[] = "{\"" TOPOLOGY "\": {\"link\": ["
				     "{\"a-device\":\"spine1\",\"a-port\":\"l2\",\"b-device\":"
				     "\"leaf2\",\"b-port\":\"s1\"},"
				     "{\"a-device\":\"leaf1\",\"a-port\":\"x\",\"b-device\":"
				     "\"leaf2\",\"b-port\":\"x\"}]}}";
	struct smd_inventory *inventory = example_inventory();
	struct smd_topology *topology;
	const struct smd_link *link;

	CU_ASSERT_EQUAL_FATAL(smd_topology_read(model, inventory, turned, sizeof(turned) - 1,
						"file", &topology, NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(topology->link_count, 2);
	CU_ASSERT_STRING_EQUAL(topology->links[0].a_device, "leaf1");
	link = smd_topology_link_at(topology, "spine1", "l2");
	CU_ASSERT_PTR_EQUAL_FATAL(link, &topology->links[1]);
	CU_ASSERT_STRING_EQUAL(link->a_device, "leaf2");
	CU_ASSERT_STRING_EQUAL(link->a_port, "s1");
	CU_ASSERT_STRING_EQUAL(link->b_device, "spine1");
	CU_ASSERT_PTR_EQUAL(smd_topology_link_at(topology, "leaf2", "s1"), link);
	CU_ASSERT_PTR_NULL(smd_topology_link_at(topology, "leaf2", "l2"));
	smd_topology_free(topology);
	smd_topology_free(NULL);
	smd_inventory_free(inventory);
}

static void the_examples_are_valid(void)
{
	struct smd_inventory *inventory = example_inventory();
	struct smd_topology *topology;
	struct smd_document *document;
	size_t size;
	char *text = example("topology.json", &size);

	CU_ASSERT_EQUAL_FATAL(
		smd_topology_read(model, inventory, text, size, "file", &topology, NULL), 0);
	CU_ASSERT_EQUAL(topology->link_count, 6);
	smd_topology_free(topology);
	free(text);
	text = example("native.json", &size);
	CU_ASSERT_EQUAL_FATAL(smd_document_read(model, text, size, "file", &document, NULL), 0);
	smd_document_free(document);
	free(text);
	smd_inventory_free(inventory);
}

static void unloading(void)
{
	smd_model_free(model);
	model = NULL;
}

TEST_MAIN("model", TEST(loading), TEST(a_bridge_domain), TEST(endpoints_are_sorted), TEST(a_native),
	  TEST(an_inventory), TEST(options), TEST(a_topology), TEST(the_examples_are_valid),
	  TEST(unloading));
