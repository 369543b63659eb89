/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory as users change it: device by device, or as a whole. Nobody logs in anywhere. */
#include <stdio.h>

#include "bad/part.h"
#include "core/service/methods.h"
#include "test.h"

static char home[] = "/tmp/smd-test-XXXXXX";
static struct smd_loader *loader;
static struct smd_controller *controller;

/* JSON is written with ' for ", so that it can be read. The caller frees it. */
static char *quoted(const char *json)
{
	char *text = strdup(json);

	for (char *at = text; (at = strchr(at, '\'')); at++)
		*at = '"';
	return text;
}

/* A loader of the built parts, and of driver "x" if it is `with_x`. */
static void start(int with_x)
{
	static const struct smd_controller_spec spec = {home, "", SMD_SOURCE_DIR "/share/yang",
							NULL};
	struct smd_driver driver = {BAD_DRIVER("x"), .parse = bad_parse};
	struct smd_seams seams;

	driver.profile = NULL;
	driver.fetch = NULL;
	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/lib/smartdeploy", &loader), 0);
	if (with_x)
		CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(loader, &driver, NULL), 0);
	seams = (struct smd_seams){.loader = loader};
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &controller, NULL), 0);
}

static void stop(void)
{
	smd_controller_free(controller);
	smd_loader_free(loader);
}

/* Call a method with a request that is consumed; the result is the caller's. */
static cJSON *call(const char *method, cJSON *request_take, int expected, struct smd_error *error)
{
	cJSON *result = NULL;
	int err;

	CU_ASSERT_PTR_NOT_NULL_FATAL(request_take);
	*error = (struct smd_error){0};
	err = smd_controller_call(controller, "test", method, request_take, NULL, NULL, &result,
				  error);
	CU_ASSERT_EQUAL(err, expected);
	if (err != expected)
		printf("%s: %s\n", method, error->message);
	return result;
}

static cJSON *parsed(const char *json)
{
	smd_cleanup(free) char *text = quoted(json);

	return cJSON_Parse(text);
}

static cJSON *documents(const char *inventory, const char *topology)
{
	smd_cleanup(free) char *devices = quoted(inventory), *links = quoted(topology);
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "inventory", devices);
	cJSON_AddStringToObject(request, "topology", links);
	return request;
}

static void begin(void)
{
	static const char inventory[] =
		"{'smartdeploy-inventory:inventory': {"
		"'credential': [{'name': 'c', 'user': 'u', 'agent': true},"
		"               {'name': 'v', 'user': 'w', 'agent': true}],"
		"'device': [{'name': 'b', 'driver': 'x', 'address': 'b', 'credential': 'c'},"
		"           {'name': 'a', 'driver': 'x', 'address': 'a', 'credential': 'c',"
		"            'read-only-credential': 'v'}],"
		"'host': [{'name': 'h', 'address': 'h', 'credential': 'c',"
		"          'device': 'a', 'device-port': '3'}]}}";
	static const char topology[] =
		"{'smartdeploy-topology:topology': {'link': ["
		"{'a-device': 'b', 'a-port': '1', 'b-device': 'a', 'b-port': '2'}]}}";
	struct smd_error error;

	strcpy(strrchr(home, '-'), "-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	start(1);
	cJSON_Delete(call("device.import", documents(inventory, topology), 0, &error));
}

static void end(void)
{
	char command[64];

	stop();
	snprintf(command, sizeof(command), "rm -rf %s", home);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* Assert what a member of a result is; `expected` in the quotes of this file. */
static void assert_is(const cJSON *result, const char *member, const char *expected)
{
	cJSON *wanted = parsed(expected);
	const cJSON *found = smd_json_member(result, member);
	char *text = cJSON_PrintUnformatted(found);

	CU_ASSERT_PTR_NOT_NULL_FATAL(wanted);
	CU_ASSERT(cJSON_Compare(found, wanted, 1));
	if (!cJSON_Compare(found, wanted, 1))
		printf("%s: %s\n", member, text);
	free(text);
	cJSON_Delete(wanted);
}

static void assert_result(const char *method, const char *request, const char *member,
			  const char *expected)
{
	struct smd_error error;
	cJSON *result = call(method, parsed(request), 0, &error);

	assert_is(result, member, expected);
	cJSON_Delete(result);
}

static void assert_refused(const char *method, const char *request, const char *words)
{
	struct smd_error error;

	cJSON_Delete(call(method, parsed(request), SMD_E_INVALID, &error));
	CU_ASSERT_EQUAL(smd_err_exit(error.code), 3);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, words));
	if (!strstr(error.message, words))
		printf("%s %s: %s\n", method, request, error.message);
}

static void assert_unknown(const char *method, const char *request)
{
	struct smd_error error;

	cJSON_Delete(call(method, parsed(request), SMD_E_NOT_FOUND, &error));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "sdctl device list"));
}

/* The text of the inventory; the caller's. */
static char *exported(void)
{
	struct smd_error error;
	cJSON *result = call("device.export", cJSON_CreateObject(), 0, &error);
	char *text = smd_json_take_string(result, "text");

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	cJSON_Delete(result);
	return text;
}

#define NONE "{'added': [], 'changed': [], 'dropped': []}"
#define CHANGES(credentials, devices, hosts, dropped_links, equal)                                 \
	"{'credentials': " credentials ", 'devices': " devices ", 'hosts': " hosts                 \
	", 'links': {'added': [], 'dropped': " dropped_links "}, 'equal': " equal "}"
#define CHANGED(name, members)                                                                     \
	"{'added': [], 'changed': [{'name': '" name "', 'members': [" members "]}], 'dropped': "   \
	"[]}"
#define A_CHANGED(members) CHANGES(NONE, CHANGED("a", members), NONE, "[]", "false")
#define NO_CHANGES CHANGES(NONE, NONE, NONE, "[]", "true")

static void only_what_is_named_is_set(void)
{
	begin();
	assert_result("device.set", "{'name': 'a', 'role': 'leaf', 'port': 2222}", "changes",
		      A_CHANGED("'port', 'role'"));
	assert_result("device.set",
		      "{'name': 'a', 'label': ['rack=1'], 'option': [{'name': 'p', 'value': '1'},"
		      "{'name': 'q', 'value-env': 'V'}]}",
		      "changes", A_CHANGED("'label', 'option'"));
	assert_result("device.set", "{'name': 'a', 'option': [{'name': 'p'}]}", "changes",
		      A_CHANGED("'option'"));
	assert_result("device.set", "{'name': 'a', 'port': 2222}", "changes", NO_CHANGES);
	assert_result("device.show", "{'name': 'a'}", "role", "'leaf'");
	assert_result("device.show", "{'name': 'a'}", "port", "2222");
	assert_result("device.show", "{'name': 'a'}", "label", "['rack=1']");
	assert_result("device.show", "{'name': 'a'}", "option",
		      "[{'name': 'q', 'value-env': 'V'}]");
	assert_result("device.set",
		      "{'name': 'a', 'role': '', 'label': [], 'option': [{'name': 'q'}]}",
		      "changes", A_CHANGED("'role', 'label', 'option'"));
	assert_result("device.set", "{'name': 'a', 'read-only-credential': ''}", "changes",
		      A_CHANGED("'read-only-credential'"));
	assert_result("device.show", "{'name': 'b'}", "port", "22");
	end();
}

static void what_is_set_is_checked(void)
{
	char *before, *after;

	begin();
	before = exported();
	assert_refused("device.set", "{'name': 'a', 'driver': 'y'}", "no driver 'y'");
	assert_refused("device.set", "{'name': 'a', 'address': '-x'}", "an address is");
	assert_refused("device.set", "{'name': 'a', 'address': 'b'}", "address port");
	assert_refused("device.set", "{'name': 'a', 'adress': 'c'}", "adress");
	assert_refused("device.set", "{'name': 'a', 'credential': ''}", "credential");
	assert_refused("device.set", "{'name': 'a', 'read-only-credential': 'd'}",
		       "no credential \"d\"");
	assert_refused("device.add",
		       "{'name': 'c', 'driver': 'y', 'address': 'c', 'credential': 'c'}",
		       "no driver 'y'");
	assert_refused("device.add",
		       "{'name': 'a', 'driver': 'x', 'address': 'c', 'credential': 'c'}",
		       "duplicate");
	assert_unknown("device.set", "{'name': 'c', 'role': 'leaf'}");
	assert_unknown("device.show", "{'name': 'c'}");
	assert_unknown("device.remove", "{'name': 'c'}");
	after = exported();
	CU_ASSERT_STRING_EQUAL(before, after);
	free(before);
	free(after);
	end();
}

/* One device with a driver that is gone holds up no other, and can be mended and removed. */
static void a_driver_that_is_gone_holds_up_no_other(void)
{
	begin();
	stop();
	start(0);
	assert_result("device.set", "{'name': 'a', 'role': 'leaf'}", "changes",
		      A_CHANGED("'role'"));
	assert_result("device.remove", "{'name': 'b'}", "devices", "1");
	end();
}

static void a_device_goes_with_its_links_and_plugs(void)
{
	begin();
	assert_result("device.remove", "{'name': 'a'}", "changes",
		      CHANGES(NONE, "{'added': [], 'changed': [], 'dropped': ['a']}",
			      CHANGED("h", "'device', 'device-port'"), "['a 2 - b 1']", "false"));
	assert_result("device.list", "{}", "devices",
		      "[{'name': 'b', 'driver': 'x', 'address': 'b', 'port': 22, 'role': '',"
		      "'label': []}]");
	end();
}

/* "blue" on device "a", as a deployment would have stored it. */
static void deploy_blue(void)
{
	static const char slices[] = "{\"slices\": {\"a\": {}}}";
	struct smd_store_thread_spec spec = {.where = home, .mode = SMD_STORE_OWN};
	struct smd_batch batch = {0};
	struct smd_store_thread *store;
	const struct smd_plugin *plugin;

	stop();
	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/lib/smartdeploy", &loader), 0);
	plugin = smd_loader_plugin(loader, SMD_PLUGIN_STORE, "sqlite", NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	spec.ops = plugin->store;
	spec.settings = smd_loader_settings(plugin);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store, NULL), 0);
	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "deployed", "blue", slices, sizeof(slices) - 1);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(store, &batch, NULL), 0);
	smd_store_thread_free(store);
	smd_loader_free(loader);
	start(1);
}

static void a_device_in_use_stays(void)
{
	static const char *const requests[] = {"{'name': 'a', 'address': 'c'}",
					       "{'name': 'a', 'driver': 'ovs'}"};
	struct smd_error error;

	begin();
	deploy_blue();
	assert_result("device.show", "{'name': 'a'}", "configurations", "['blue']");
	assert_result("device.show", "{'name': 'b'}", "configurations", "[]");
	for (size_t i = 0; i < SMD_COUNT(requests); i++) {
		cJSON_Delete(call("device.set", parsed(requests[i]), SMD_E_CONFLICT, &error));
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "cannot change: \"blue\""));
	}
	cJSON_Delete(call("device.remove", parsed("{'name': 'a'}"), SMD_E_CONFLICT, &error));
	CU_ASSERT_STRING_EQUAL(error.message,
			       "\"a\" cannot be removed: \"blue\" is deployed there");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "change or remove \"blue\" first"));
	assert_result("device.set", "{'name': 'a', 'role': 'leaf'}", "changes",
		      A_CHANGED("'role'"));
	assert_result("device.remove", "{'name': 'b'}", "devices", "1");
	end();
}

static void what_is_exported_changes_nothing(void)
{
	struct smd_error error;
	cJSON *request = cJSON_CreateObject(), *result;
	char *text, *again;

	begin();
	cJSON_Delete(call("device.set",
			  parsed("{'name': 'a', 'label': ['l'],"
				 "'option': [{'name': 'o', 'value': '\\u00e4 \\\\ x'}]}"),
			  0, &error));
	text = exported();
	cJSON_AddStringToObject(request, "inventory", text);
	result = call("device.import", request, 0, &error);
	assert_is(result, "changes", NO_CHANGES);
	again = exported();
	CU_ASSERT_STRING_EQUAL(text, again);
	free(text);
	free(again);
	cJSON_Delete(result);
	end();
}

static void a_dry_run_tells_and_stores_nothing(void)
{
	static const char inventory[] =
		"{'smartdeploy-inventory:inventory': {"
		"'credential': [{'name': 'c', 'user': 'w', 'agent': true}],"
		"'device': [{'name': 'a', 'driver': 'x', 'address': 'a', 'port': 22,"
		"            'credential': 'c', 'read-only-credential': 'c'},"
		"           {'name': 'd', 'driver': 'x', 'address': 'd', 'credential': 'c'}]}}";
	struct smd_error error;
	cJSON *request = documents(inventory, "{'smartdeploy-topology:topology': {}}"), *result;
	char *before, *after;

	begin();
	before = exported();
	cJSON_AddTrueToObject(request, "dry-run");
	result = call("device.import", cJSON_Duplicate(request, 1), 0, &error);
	assert_is(result, "changes",
		  CHANGES("{'added': [], 'changed': [{'name': 'c', 'members': ['user']}],"
			  "'dropped': ['v']}",
			  "{'added': ['d'], 'changed': [{'name': 'a',"
			  "'members': ['read-only-credential']}], 'dropped': ['b']}",
			  "{'added': [], 'changed': [], 'dropped': ['h']}", "['a 2 - b 1']",
			  "false"));
	assert_is(result, "devices", "2");
	cJSON_Delete(result);
	after = exported();
	CU_ASSERT_STRING_EQUAL(before, after);
	cJSON_DeleteItemFromObject(request, "dry-run");
	cJSON_Delete(call("device.import", request, 0, &error));
	assert_result("device.list", "{}", "devices",
		      "[{'name': 'a', 'driver': 'x', 'address': 'a', 'port': 22, 'role': '',"
		      "'label': []}, {'name': 'd', 'driver': 'x', 'address': 'd', 'port': 22,"
		      "'role': '', 'label': []}]");
	free(before);
	free(after);
	end();
}

static void accounts_are_shown_by_name(void)
{
	begin();
	assert_result("device.show", "{'name': 'a'}", "credential", "{'name': 'c', 'user': 'u'}");
	assert_result("device.show", "{'name': 'a'}", "read-only-credential",
		      "{'name': 'v', 'user': 'w'}");
	assert_result("device.show", "{'name': 'b'}", "read-only-credential",
		      "{'name': 'c', 'user': 'u'}");
	assert_result("device.show", "{'name': 'a'}", "host-key",
		      "{'state': 'untrusted', 'accepted': []}");
	end();
}

/* The driver of all devices cannot log in, so each fails at once; which ones were asked matters. */
static void assert_checked(const char *request, const char *names)
{
	struct smd_error error = {0};
	smd_cleanup(cJSON_Delete) cJSON *result = NULL;
	char asked[64] = "";
	const cJSON *device;

	CU_ASSERT_NOT_EQUAL(smd_controller_call(controller, "test", "device.check", parsed(request),
						NULL, NULL, &result, &error),
			    0);
	cJSON_ArrayForEach (device, smd_json_array(result, "devices")) {
		strcat(asked, smd_json_string(device, "name"));
		CU_ASSERT_STRING_EQUAL(smd_json_string(device, "state"), "unsupported");
	}
	CU_ASSERT_STRING_EQUAL(asked, names);
}

static void devices_are_checked_by_pattern_and_label(void)
{
	struct smd_error error;

	begin();
	cJSON_Delete(call("device.set", parsed("{'name': 'a', 'label': ['rack=1', 'edge']}"), 0,
			  &error));
	cJSON_Delete(call("device.set", parsed("{'name': 'b', 'label': ['rack=12']}"), 0, &error));
	assert_checked("{}", "ab");
	assert_checked("{'devices': ['b']}", "b");
	assert_checked("{'devices': ['b', '[a]', 'a*']}", "ab");
	assert_checked("{'label': ['rack']}", "ab");
	assert_checked("{'label': ['rack=1']}", "a");
	assert_checked("{'label': ['edge', 'rack']}", "a");
	assert_checked("{'devices': ['?'], 'label': ['rack=12']}", "b");
	cJSON_Delete(call("device.check", parsed("{'devices': ['c*']}"), SMD_E_NOT_FOUND, &error));
	CU_ASSERT_STRING_EQUAL(error.message, "no device has a name like \"c*\"");
	cJSON_Delete(
		call("device.check", parsed("{'label': ['rack=2']}"), SMD_E_NOT_FOUND, &error));
	CU_ASSERT_STRING_EQUAL(error.message, "no device has these labels");
	assert_unknown("device.check", "{'devices': ['a', 'c']}");
	assert_refused("device.check", "{'devices': [1]}", "something else than texts");
	cJSON_Delete(call("device.check", parsed("{}"), SMD_E_DEVICE, &error));
	CU_ASSERT_STRING_EQUAL(error.message, "2 of 2 devices failed: a, b");
	CU_ASSERT_EQUAL(smd_err_exit(error.code), 1);
	end();
}

TEST_MAIN("devices", TEST(only_what_is_named_is_set), TEST(what_is_set_is_checked),
	  TEST(a_driver_that_is_gone_holds_up_no_other),
	  TEST(a_device_goes_with_its_links_and_plugs), TEST(a_device_in_use_stays),
	  TEST(what_is_exported_changes_nothing), TEST(a_dry_run_tells_and_stores_nothing),
	  TEST(accounts_are_shown_by_name), TEST(devices_are_checked_by_pattern_and_label));
