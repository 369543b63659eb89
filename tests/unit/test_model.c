/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/model.h"

#include <pthread.h>
#include <stdio.h>

#include "test.h"

#define DOMAIN "smartdeploy-bridge-domain:bridge-domain"
#define NATIVE "smartdeploy-native:native"
#define INVENTORY "smartdeploy-inventory:inventory"
#define TOPOLOGY "smartdeploy-topology:topology"

SMD_CLEANUP_DEFINE(FILE *, fclose);

static struct smd_model *model;

/* Read a file of share/examples. */
static char *example(const char *name, size_t *size)
{
	char path[512];
	char *text = calloc(1, 65536);
	smd_cleanup(fclose) FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/share/examples/%s", SMD_SOURCE_DIR, name);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	*size = fread(text, 1, 65535, file);
	return text;
}

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
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &model, &error), 0);
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

static struct smd_inventory *example_inventory(void)
{
	size_t size;
	char *text = example("inventory.json", &size);
	struct smd_inventory *inventory;
	struct smd_error error;

	CU_ASSERT_EQUAL_FATAL(smd_inventory_read(model, text, size, "file", &inventory, &error), 0);
	free(text);
	return inventory;
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

/* A wrong document, the place (`where`) that the error must name, and a word of its message. */
struct bad {
	const char *json;
	const char *where;
	const char *words[4];
};

typedef int (*read_fn)(const char *json, size_t size, struct smd_error *error);

static void refuse(const struct bad *bad, size_t count, read_fn read)
{
	for (size_t i = 0; i < count; i++) {
		struct smd_error error = {0};
		int good = read(bad[i].json, strlen(bad[i].json), &error) == SMD_E_INVALID;

		good = good && error.code == SMD_E_INVALID && !strcmp(error.where, bad[i].where);
		good = good && !strncmp(error.message, "file", 4);
		for (size_t w = 0; w < SMD_COUNT(bad[i].words) && bad[i].words[w]; w++)
			good = good && strstr(error.message, bad[i].words[w]);
		if (!good)
			fprintf(stderr, "\n%s\n  gave: %s\n  at: %s\n", bad[i].json, error.message,
				error.where);
		CU_ASSERT(good);
	}
}

static int read_document(const char *json, size_t size, struct smd_error *error)
{
	struct smd_document *document = NULL;
	int err = smd_document_read(model, json, size, "file", &document, error);

	smd_document_free(document);
	return err;
}

static int read_inventory(const char *json, size_t size, struct smd_error *error)
{
	struct smd_inventory *inventory = NULL;
	int err = smd_inventory_read(model, json, size, "file", &inventory, error);

	smd_inventory_free(inventory);
	return err;
}

static int read_topology(const char *json, size_t size, struct smd_error *error)
{
	struct smd_inventory *inventory = example_inventory();
	struct smd_topology *topology = NULL;
	int err = smd_topology_read(model, inventory, json, size, "file", &topology, error);

	smd_topology_free(topology);
	smd_inventory_free(inventory);
	return err;
}

#define AN_END "\"endpoint\": [{\"device\": \"leaf1\", \"port\": \"h1\"}]"
#define WITH(members) "{\"" DOMAIN "\": {" members "}}"
#define NAMED(name) WITH("\"name\": \"" name "\", \"vlan\": 100, " AN_END)
#define VLAN(vlan) WITH("\"name\": \"blue\", \"vlan\": " vlan ", " AN_END)
#define ENDS(ends) WITH("\"name\": \"blue\", \"vlan\": 100, \"endpoint\": [" ends "]")
#define FIRST "/bridge-domain/endpoint[device='leaf1'][port='h1']"

static void bad_bridge_domains(void)
{
	static const struct bad bad[] = {
		{VLAN("0"), "/bridge-domain/vlan", {"\"0\"", "1 to 4094"}},
		{VLAN("4095"), "/bridge-domain/vlan", {"\"4095\"", "1 to 4094"}},
		{VLAN("5000"), "/bridge-domain/vlan", {"\"5000\"", "1 to 4094"}},
		{VLAN("70000"), "/bridge-domain/vlan", {"\"70000\"", "1 to 4094"}},
		{VLAN("-1"), "/bridge-domain/vlan", {"\"-1\"", "1 to 4094"}},
		{VLAN("100.5"), "/bridge-domain/vlan", {"\"100.5\"", "1 to 4094"}},
		{VLAN("\"100\""), "/bridge-domain/vlan", {"\"100\"", "JSON type", "1 to 4094"}},
		{VLAN("[1]"), "/bridge-domain/vlan", {"1 to 4094"}},
		{VLAN("100, \"vlan\": 101"), "/bridge-domain/vlan", {"duplicate", "once"}},
		{NAMED("bl\\\"ue"), "/bridge-domain/name", {"bl\"ue", "letters"}},
		{NAMED("bl\\nue"), "/bridge-domain/name", {"bl?ue", "letters"}},
		{NAMED("bl ue"), "/bridge-domain/name", {"\"bl ue\"", "letters"}},
		{NAMED("-blue"), "/bridge-domain/name", {"\"-blue\"", "letters"}},
		{NAMED(""), "/bridge-domain/name", {"\"\"", "1 to 63"}},
		{NAMED("a123456789b123456789c123456789d123456789e123456789f123456789g123"),
		 "/bridge-domain/name",
		 {"1 to 63"}},
		{WITH("\"vlan\": 100, " AN_END), "/bridge-domain/name", {"missing"}},
		{WITH("\"name\": \"blue\", " AN_END), "/bridge-domain/vlan", {"missing", "1 to"}},
		{WITH("\"name\": \"blue\", \"vlan\": 1"), "/bridge-domain/endpoint", {"at least"}},
		{ENDS(""), "/bridge-domain/endpoint", {"at least one"}},
		{WITH("\"name\": \"b\", \"colour\": 1, \"vlan\": 100"),
		 "/bridge-domain",
		 {"colour", "name, vlan, description, endpoint"}},
		{WITH("\"name\": \"b\", \"description\": \"a;reboot\", \"vlan\": 100, " AN_END),
		 "/bridge-domain/description",
		 {"a;reboot"}},
		{ENDS("{\"device\": \"leaf1\", \"port\": \"h1\", \"tagging\": \"trunk\"}"),
		 FIRST "/tagging",
		 {"\"trunk\"", "access, tagged"}},
		{ENDS("{\"device\": \"leaf1\", \"port\": \"h1\"},"
		      "{\"device\": \"leaf1\", \"port\": \"h1\", \"tagging\": \"tagged\"}"),
		 FIRST,
		 {"leaf1", "h1", "same device and port"}},
		{ENDS("{\"device\": \"leaf1\"}"),
		 "/bridge-domain/endpoint[device='leaf1']",
		 {"\"port\""}},
		{ENDS("{\"device\": \"leaf1\", \"port\": \"h1\\nreboot\"}"),
		 "/bridge-domain/endpoint[device='leaf1']/port",
		 {"h1?reboot", "a port is"}},
		{ENDS("{\"device\": \"leaf 1\", \"port\": \"h1\"}"),
		 "/bridge-domain/endpoint/device",
		 {"leaf 1", "a name is"}},
	};

	refuse(bad, SMD_COUNT(bad), read_document);
}

static void no_documents(void)
{
	static const struct bad bad[] = {
		{"", "", {0}},
		{"{}", "", {"empty"}},
		{"[]", "", {"array"}},
		{"5", "", {"number"}},
		{"{\"" DOMAIN "\":", "", {0}},
		{"{\n\"" DOMAIN "\": {\n\"name\": }", "/bridge-domain", {"file:3"}},
		{"{\"bridge-domain\": {}}", "", {"bridge-domain"}},
		{"{\"smartdeploy-other:x\": {}}", "", {"smartdeploy-other"}},
		{"{\"" INVENTORY "\": {}}", "", {"inventory", "bridge-domain or native"}},
		{NAMED("blue") "\n x", "", {"file:2", "behind the end"}},
		{"{\"" DOMAIN "\": []}", "", {"bridge-domain"}},
		{"{\"" DOMAIN "\": {\"name\": \"\xff\"}}", "/bridge-domain", {0}},
	};
	struct smd_error error;

	refuse(bad, SMD_COUNT(bad), read_document);
	CU_ASSERT_EQUAL(read_document(NAMED("a\0b"), sizeof(NAMED("a\0b")) - 1, &error),
			SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "NUL"));
	CU_ASSERT_EQUAL(read_document("{\"a\": {}}", 9, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, DOMAIN));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, NATIVE));
}

/* Every example is refused when it is cut off, wherever that is. */
static void truncated_documents(void)
{
	size_t size;
	char *text = example("bridge-domain.json", &size);

	while (size && text[size - 1] != '}')
		size--;
	for (size_t cut = 0; cut < size; cut++) {
		/* A block of its own, so that sanitizers see reading beyond the end. */
		char *part = malloc(cut + 1);

		memcpy(part, text, cut);
		CU_ASSERT_EQUAL(read_document(part, cut, NULL), SMD_E_INVALID);
		free(part);
	}
	free(text);
}

static void too_large(void)
{
	size_t size = SMD_DOCUMENT_LIMIT + 1;
	char *text = malloc(size);
	struct smd_error error;

	memset(text, ' ', size);
	CU_ASSERT_EQUAL(read_document(text, size, &error), SMD_E_NO_MEMORY);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "at most"));
	free(text);
}

#define LINES(lines) "{\"" NATIVE "\": {\"name\": \"n\", \"device\": [" lines "]}}"

static void bad_natives(void)
{
	static const struct bad bad[] = {
		{LINES(""), "/native/device", {"at least one"}},
		{LINES("{\"name\": \"r1\", \"line\": []}"), "/native/device/line", {"at least"}},
		{LINES("{\"name\": \"r1\", \"line\": [\"a\\nb\"]}"),
		 "/native/device[name='r1']/line",
		 {"a?b", "control character"}},
		{LINES("{\"name\": \"r1\", \"line\": [\"a\\tb\"]}"),
		 "/native/device[name='r1']/line",
		 {"a?b", "control character"}},
		{LINES("{\"name\": \"r1\", \"line\": [\"a\\u007f\"]}"),
		 "/native/device[name='r1']/line",
		 {"control character"}},
		{LINES("{\"name\": \"r1\", \"line\": [\"\\u001b[2J\"]}"),
		 "/native/device[name='r1']",
		 {"control character"}},
		{LINES("{\"name\": \"r1\", \"line\": [\"a\"]}, {\"name\": \"r1\", \"line\": "
		       "[\"b\"]}"),
		 "/native/device[name='r1']",
		 {"duplicate", "r1"}},
	};

	refuse(bad, SMD_COUNT(bad), read_document);
}

#define CREDENTIAL "\"credential\": [{\"name\": \"c\", \"user\": \"u\", \"agent\": true}]"
#define STOCK(members) "{\"" INVENTORY "\": {" CREDENTIAL ", " members "}}"
#define BOX(name, address, rest)                                                                   \
	"{\"name\": \"" name "\", \"driver\": \"ovs\", \"address\": \"" address                    \
	"\", \"credential\": \"c\"" rest "}"
#define HOST(name, address, rest)                                                                  \
	"{\"name\": \"" name "\", \"address\": \"" address "\", \"credential\": \"c\"" rest "}"

static void bad_inventories(void)
{
	static const struct bad bad[] = {
		{STOCK("\"device\": [" BOX("a", "x", "") ", " BOX("a", "y", "") "]"),
		 "/inventory/device[name='a']",
		 {"duplicate", "device", "name"}},
		{STOCK("\"device\": [" BOX("a", "x", "") ", " BOX("b", "x", ", \"port\": 22") "]"),
		 "/inventory/device[name='b']",
		 {"[name='a']", "[name='b']", "address port"}},
		{STOCK("\"host\": [" HOST("a", "x", "") ", " HOST("b", "x", "") "]"),
		 "/inventory/host[name='b']",
		 {"[name='a']", "[name='b']", "address port"}},
		{STOCK("\"device\": [" BOX("a", "x", "") "], \"host\": [" HOST("h", "x", "") "]"),
		 "/inventory/host[name='h']/address",
		 {"\"h\"", "\"a\"", "\"x\" port 22"}},
		{STOCK("\"device\": [{\"name\": \"a\", \"driver\": \"ovs\", \"address\": \"x\","
		       "\"credential\": \"root\"}]"),
		 "/inventory/device[name='a']/credential",
		 {"no credential \"root\""}},
		{STOCK("\"device\": [" BOX("a", "x", ", \"read-only-credential\": \"root\"") "]"),
		 "/inventory/device[name='a']/read-only-credential",
		 {"no credential \"root\""}},
		{STOCK("\"device\": [" BOX("a", "x", ", \"label\": [\"=x\"]") "]"),
		 "/inventory/device[name='a']/label",
		 {"NAME=VALUE"}},
		{STOCK("\"host\": [" HOST("h", "y",
					  ", \"device\": \"a\", \"device-port\": \"1\"") "]"),
		 "/inventory/host[name='h']/device",
		 {"no device \"a\""}},
		{STOCK("\"device\": [" BOX("a", "x", "") "], \"host\": [" HOST(
			 "h", "y", ", \"device\": \"a\"") "]"),
		 "/inventory/host[name='h']/device",
		 {"device-port"}},
		{STOCK("\"device\": [" BOX("a", "x", "") "], \"host\": [" HOST(
			 "h", "y",
			 ", \"device\": \"a\", \"device-port\": \"1\"") ", " HOST("i", "z",
										  ", \"device\": "
										  "\"a\", "
										  "\"device-port\":"
										  " \"1\"") "]"),
		 "/inventory/host[name='i']",
		 {"[name='h']", "[name='i']", "device device-port"}},
		{STOCK("\"host\": [" HOST("h", "y", ", \"ip\": \"10.0.0.256\"") "]"),
		 "/inventory/host[name='h']/ip",
		 {"10.0.0.256", "0 to 255"}},
		{STOCK("\"device\": [" BOX("a", "x", ", \"port\": 0") "]"),
		 "/inventory/device[name='a']/port",
		 {"\"0\"", "1 to 65535"}},
		{STOCK("\"device\": [" BOX("a", "-oProxyCommand=x", "") "]"),
		 "/inventory/device[name='a']/address",
		 {"ProxyCommand", "an address is"}},
		{STOCK("\"device\": [{\"name\": \"a\", \"driver\": \"../x\", \"address\": \"x\","
		       "\"credential\": \"c\"}]"),
		 "/inventory/device[name='a']/driver",
		 {"../x", "a driver is"}},
		{"{\"" INVENTORY "\": {\"credential\": [{\"name\": \"c\", \"user\": \"u\"}]}}",
		 "/inventory/credential[name='c']",
		 {"key-file", "agent", "password-env", "password-file"}},
		{"{\"" INVENTORY "\": {\"credential\": [{\"name\": \"c\", \"user\": \"u\","
		 "\"password\": \"x\"}]}}",
		 "/inventory/credential[name='c']",
		 {"password-env, password-file"}},
		{STOCK("\"device\": [" BOX("a", "x", ", \"option\": [{\"name\": \"o\"}]") "]"),
		 "/inventory/device[name='a']/option[name='o']",
		 {"one of value, value-env, value-file"}},
		{STOCK("\"device\": [" BOX("a", "x",
					   ", \"option\": [{\"name\": \"o\", \"value\": \"v\","
					   "\"value-env\": \"E\"}]") "]"),
		 "/inventory/device[name='a']/option[name='o']",
		 {"one of value, value-env, value-file"}},
		{STOCK("\"device\": [" BOX("a", "x",
					   ", \"option\": [{\"name\": \"o\","
					   "\"value-env\": \"1=\"}]") "]"),
		 "/inventory/device[name='a']/option[name='o']/value-env",
		 {"1=", "an environment variable is"}},
		{NAMED("blue"), "", {"bridge-domain", "not inventory"}},
	};

	refuse(bad, SMD_COUNT(bad), read_inventory);
}

#define CABLES(links) "{\"" TOPOLOGY "\": {\"link\": [" links "]}}"
#define CABLE(a, ap, b, bp)                                                                        \
	"{\"a-device\": \"" a "\", \"a-port\": \"" ap "\", \"b-device\": \"" b                     \
	"\", \"b-port\": \"" bp "\"}"

static void bad_topologies(void)
{
	static const struct bad bad[] = {
		{CABLES(CABLE("leaf1", "1", "leaf1", "2")),
		 "/topology/link[a-device='leaf1'][a-port='1'][b-device='leaf1'][b-port='2']",
		 {"itself"}},
		{CABLES(CABLE("leaf1", "1", "leaf9", "2")),
		 "device \"leaf9\", port \"2\"",
		 {"no device \"leaf9\"", "leaf1 1"}},
		{CABLES(CABLE("leaf1", "1", "leaf2", "2") ", " CABLE("leaf3", "3", "leaf1", "1")),
		 "device \"leaf1\", port \"1\"",
		 {"two links", "leaf2 2", "leaf3 3"}},
		{CABLES(CABLE("leaf1", "1", "leaf2", "2") ", " CABLE("leaf2", "2", "leaf1", "1")),
		 "device \"leaf1\", port \"1\"",
		 {"two links"}},
		{CABLES(CABLE("leaf1", "1", "leaf2", "2") ", " CABLE("leaf1", "1", "leaf2", "2")),
		 "/topology/link[a-device='leaf1'][a-port='1'][b-device='leaf2'][b-port='2']",
		 {"duplicate"}},
		{CABLES(CABLE("leaf1", "1?", "leaf2", "2")),
		 "/topology/link[a-device='leaf1']/a-port",
		 {"1?", "a port is"}},
		{"{\"" INVENTORY "\": {}}", "", {"not topology"}},
	};

	refuse(bad, SMD_COUNT(bad), read_topology);
}

/*
 * Many threads read good and bad documents with one model, whose modules the first of them loads:
 * each must get its own errors.
 */
static void *read_many(void *arg)
{
	size_t *wrong = arg;

	for (int i = 0; i < 200; i++) {
		struct smd_error error = {0};

		*wrong += read_document(NAMED("blue"), strlen(NAMED("blue")), NULL) != 0;
		*wrong += read_document(VLAN("5000"), strlen(VLAN("5000")), &error) == 0;
		*wrong += strstr(error.message, "\"5000\"") == NULL;
		*wrong += read_document(NAMED("b b"), strlen(NAMED("b b")), &error) == 0;
		*wrong += strstr(error.message, "\"b b\"") == NULL;
	}
	return NULL;
}

static void threads_share_a_model(void)
{
	struct smd_model *loaded = model;
	pthread_t threads[4];
	size_t wrong[4] = {0};

	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &model, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(threads); i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, read_many, &wrong[i]), 0);
	for (size_t i = 0; i < SMD_COUNT(threads); i++) {
		pthread_join(threads[i], NULL);
		CU_ASSERT_EQUAL(wrong[i], 0);
	}
	smd_model_free(model);
	model = loaded;
}

static void unloading(void)
{
	smd_model_free(model);
	model = NULL;
}

TEST_MAIN("model", TEST(loading), TEST(a_bridge_domain), TEST(endpoints_are_sorted), TEST(a_native),
	  TEST(an_inventory), TEST(options), TEST(a_topology), TEST(the_examples_are_valid),
	  TEST(bad_bridge_domains), TEST(no_documents), TEST(truncated_documents), TEST(too_large),
	  TEST(bad_natives), TEST(bad_inventories), TEST(bad_topologies),
	  TEST(threads_share_a_model), TEST(unloading));
