/* SPDX-License-Identifier: Apache-2.0 */
/* Documents that are none: where it is told, and in which words. */
#include <pthread.h>
#include <stdio.h>

#include "model_examples.h"

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
		 {"the value is not allowed", "an environment variable is"}},
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

	model_load();
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

TEST_MAIN("model_refusals", TEST(model_load), TEST(bad_bridge_domains), TEST(no_documents),
	  TEST(truncated_documents), TEST(too_large), TEST(bad_natives), TEST(bad_inventories),
	  TEST(bad_topologies), TEST(threads_share_a_model), TEST(unloading));
