/* SPDX-License-Identifier: Apache-2.0 */
/* The stored inventory and topology: damage and an unreadable store are errors, by name. */
#include "core/site/documents.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "bad/part.h"
#include "core/base/hash.h"
#include "core/service/methods.h"
#include "test.h"

/* A site with a store in memory, and one driver, "x". */
struct bench {
	struct smd_site site;
	struct smd_store ops;
	struct smd_loader *loader;
};

/* A loader of the built parts and of driver "x". */
static struct smd_loader *new_loader(void)
{
	struct smd_driver driver = {BAD_DRIVER("x"), .parse = bad_parse};
	struct smd_loader *loader;

	driver.profile = NULL; /* a language alone: no test waits for a device */
	driver.fetch = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/lib/smartdeploy", &loader), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(loader, &driver, NULL), 0);
	return loader;
}

static const char inventory[] =
	"{\"smartdeploy-inventory:inventory\":{\"credential\":[{\"name\":\"c\",\"user\":\"u\","
	"\"agent\":true}],\"device\":[{\"name\":\"b\",\"driver\":\"x\",\"address\":\"b\","
	"\"credential\":\"c\"},{\"name\":\"a\",\"driver\":\"x\",\"address\":\"a\","
	"\"credential\":\"c\"}]}}";
static const char topology[] =
	"{\"smartdeploy-topology:topology\":{\"link\":[{\"a-device\":\"b\",\"a-port\":\"1\","
	"\"b-device\":\"a\",\"b-port\":\"2\"}]}}";

static void begin(struct bench *bench)
{
	struct smd_store_thread_spec spec = {
		.ops = &bench->ops, .where = "", .mode = SMD_STORE_OWN};

	*bench = (struct bench){.ops = *smd_plugin_entry()->store, .loader = new_loader()};
	bench->site.loader = bench->loader;
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &bench->site.model, NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &bench->site.store_thread, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_site_read_documents(&bench->site, NULL), 0);
}

static void forget(struct bench *bench)
{
	smd_inventory_free(smd_take(bench->site.inventory));
	smd_topology_free(smd_take(bench->site.topology));
}

static void end(struct bench *bench)
{
	forget(bench);
	smd_store_thread_free(bench->site.store_thread);
	smd_model_free(bench->site.model);
	smd_loader_free(bench->loader);
}

static void put(struct smd_store_thread *store, const char *key, const void *value, size_t size)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "meta", key, value, size);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(store, &batch, NULL), 0);
}

/* Change a byte in the middle of a record. */
static void damage(struct smd_store_thread *store, const char *key)
{
	void *value;
	size_t size;

	CU_ASSERT_EQUAL_FATAL(
		smd_store_thread_get_bytes(store, "meta", key, &value, &size, NULL, NULL), 0);
	((char *)value)[size / 2] ^= 1;
	put(store, key, value, size);
	free(value);
}

/* Read the documents again, as the next start of the program does. */
static int read_again(struct bench *bench, struct smd_error *error)
{
	forget(bench);
	CU_ASSERT_EQUAL_FATAL(smd_site_read_documents(&bench->site, error), 0);
	return smd_site_check_documents(&bench->site, error);
}

static void what_is_set_is_read(void)
{
	struct bench bench;
	struct smd_model *model;

	begin(&bench);
	CU_ASSERT_EQUAL(bench.site.inventory->device_count, 0);
	CU_ASSERT_EQUAL(bench.site.topology->link_count, 0);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, inventory, topology, NULL), 0);
	/* No module can be read any more, and none is needed. */
	model = bench.site.model;
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/core/base", &bench.site.model, NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(read_again(&bench, NULL), 0);
	CU_ASSERT_EQUAL(bench.site.inventory->device_count, 2);
	CU_ASSERT_EQUAL(bench.site.topology->link_count, 1);
	smd_model_free(bench.site.model);
	bench.site.model = model;
	end(&bench);
}

static void each_can_be_set_alone(void)
{
	struct bench bench;
	struct smd_error error;
	smd_cleanup(free) char *text = NULL;

	begin(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_site_inventory_text(&bench.site, &text, NULL), 0);
	CU_ASSERT_EQUAL(smd_site_set_documents(&bench.site, NULL, topology, &error), SMD_E_INVALID);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, inventory, NULL, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, NULL, topology, NULL), 0);
	CU_ASSERT_EQUAL(smd_site_set_documents(&bench.site, text, NULL, &error), SMD_E_INVALID);
	free(smd_take(text));
	CU_ASSERT_EQUAL_FATAL(smd_site_inventory_text(&bench.site, &text, NULL), 0);
	CU_ASSERT_STRING_EQUAL(text, inventory);
	CU_ASSERT_EQUAL_FATAL(read_again(&bench, NULL), 0);
	CU_ASSERT_EQUAL(bench.site.topology->link_count, 1);
	end(&bench);
}

static void damage_is_told_and_mended_by_setting(void)
{
	static const char *const keys[] = {"inventory", "topology"};

	for (size_t i = 0; i < SMD_COUNT(keys); i++) {
		struct bench bench;
		struct smd_error error;
		char message[80];

		begin(&bench);
		CU_ASSERT_EQUAL_FATAL(
			smd_site_set_documents(&bench.site, inventory, topology, NULL), 0);
		damage(bench.site.store_thread, keys[i]);
		snprintf(message, sizeof(message), "the stored %s is damaged: ", keys[i]);
		CU_ASSERT_EQUAL(read_again(&bench, &error), SMD_E_IO);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, message));
		CU_ASSERT_EQUAL(smd_err_exit(error.code), 1);
		CU_ASSERT_EQUAL(bench.site.inventory->device_count, 0);
		CU_ASSERT_EQUAL(bench.site.topology->link_count, 0);
		CU_ASSERT_EQUAL_FATAL(
			smd_site_set_documents(&bench.site, inventory, topology, NULL), 0);
		CU_ASSERT_EQUAL(smd_site_check_documents(&bench.site, NULL), 0);
		CU_ASSERT_EQUAL(read_again(&bench, NULL), 0);
		end(&bench);
	}
}

/* A device that is added must not take a damaged text for none. */
static void a_damaged_text_is_told(void)
{
	struct bench bench;
	struct smd_error error;
	char *text = NULL;

	begin(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, inventory, NULL, NULL), 0);
	damage(bench.site.store_thread, "inventory-text");
	CU_ASSERT_EQUAL(smd_site_inventory_text(&bench.site, &text, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the stored inventory is damaged: "));
	end(&bench);
}

static int refuse_to_read(void *store, const char *table, const char *key, void **value,
			  size_t *size, uint64_t *revision, struct smd_error *error)
{
	(void)store, (void)table, (void)key, (void)value, (void)size, (void)revision;
	return smd_fail(error, SMD_E_IO, "the disk does not answer");
}

static void an_unreadable_store_is_no_empty_network(void)
{
	struct bench bench;
	struct smd_error error;
	char *text = NULL;

	begin(&bench);
	bench.ops.get = refuse_to_read;
	CU_ASSERT_EQUAL(read_again(&bench, &error), SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message, "the disk does not answer");
	CU_ASSERT_EQUAL(smd_site_inventory_text(&bench.site, &text, &error), SMD_E_IO);
	CU_ASSERT_EQUAL(smd_site_set_documents(&bench.site, inventory, NULL, &error), SMD_E_IO);
	end(&bench);
}

/* What earlier programs wrote, and a form of another version, which has its text beside it. */
static void other_forms_are_validated(void)
{
	char other[160], digest[SMD_SHA256_HEX];
	struct bench bench;
	struct smd_error error;
	cJSON *json = cJSON_CreateObject();
	char *old;

	begin(&bench);
	cJSON_AddStringToObject(json, "text", inventory);
	old = cJSON_PrintUnformatted(json);
	put(bench.site.store_thread, "inventory", old, strlen(old));
	CU_ASSERT_EQUAL_FATAL(read_again(&bench, NULL), 0);
	CU_ASSERT_EQUAL(bench.site.inventory->device_count, 2);
	CU_ASSERT_EQUAL_FATAL(smd_sha256_hex(inventory, strlen(inventory), digest), 0);
	snprintf(other, sizeof(other), "19:smartdeploy-checked,1:7,1:x,64:%s,1:z,", digest);
	put(bench.site.store_thread, "inventory", other, strlen(other));
	CU_ASSERT_EQUAL(read_again(&bench, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "its text is missing"));
	put(bench.site.store_thread, "inventory-text", inventory, strlen(inventory));
	CU_ASSERT_EQUAL_FATAL(read_again(&bench, NULL), 0);
	CU_ASSERT_EQUAL(bench.site.inventory->device_count, 2);
	put(bench.site.store_thread, "inventory-text", inventory, strlen(inventory) - 1);
	CU_ASSERT_EQUAL(read_again(&bench, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the checksum of its text does not fit"));
	free(old);
	cJSON_Delete(json);
	end(&bench);
}

/* The program's own calls, on a store of its own */

static int call(struct smd_controller *controller, const char *method, const char *name,
		struct smd_error *error)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;
	int err;

	if (name)
		cJSON_AddStringToObject(request, "name", name);
	*error = (struct smd_error){0};
	err = smd_controller_call(controller, "test", method, request, NULL, NULL, &result, error);
	cJSON_Delete(result);
	return err;
}

static void import(struct smd_controller *controller)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;
	struct smd_error error = {0};
	int err;

	cJSON_AddStringToObject(request, "inventory", inventory);
	cJSON_AddStringToObject(request, "topology", topology);
	err = smd_controller_call(controller, "test", "device.import", request, NULL, NULL, &result,
				  &error);
	if (err)
		printf("%s\n", error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	cJSON_Delete(result);
}

static void damage_store(const char *home)
{
	struct smd_store_thread_spec spec = {0};
	struct smd_loader *loader;
	struct smd_store_thread *store;
	const struct smd_plugin *plugin;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/lib/smartdeploy", &loader), 0);
	plugin = smd_loader_plugin(loader, SMD_PLUGIN_STORE, "sqlite", NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	spec.ops = plugin->store;
	spec.settings = smd_loader_settings(plugin);
	spec.where = home;
	spec.mode = SMD_STORE_OWN;
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store, NULL), 0);
	damage(store, "inventory");
	smd_store_thread_free(store);
	smd_loader_free(loader);
}

/* Modules are loaded to write; a controller that cannot load any reads and plans. */
static void a_plan_needs_no_modules(void)
{
	static const char domain[] =
		"{\"smartdeploy-bridge-domain:bridge-domain\":{\"name\":\"red\",\"vlan\":7,"
		"\"endpoint\":[{\"device\":\"a\",\"port\":\"h\"}]}}";
	char home[] = "/tmp/smd-test-XXXXXX", command[64];
	struct smd_controller_spec spec = {home, SMD_BUILD_DIR "/lib/smartdeploy",
					   SMD_SOURCE_DIR "/share/yang", NULL};
	struct smd_seams seams = {.loader = new_loader()};
	struct smd_controller *controller;
	struct smd_error error;
	cJSON *request = cJSON_CreateObject(), *result = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &controller, NULL), 0);
	import(controller);
	cJSON_AddStringToObject(request, "text", domain);
	CU_ASSERT_EQUAL_FATAL(smd_controller_call(controller, "test", "configuration.set", request,
						  NULL, NULL, &result, NULL),
			      0);
	cJSON_Delete(result);
	smd_controller_free(controller);
	spec.yang = SMD_SOURCE_DIR "/core/base";
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &controller, NULL), 0);
	CU_ASSERT_EQUAL(call(controller, "device.list", NULL, &error), 0);
	/* As far as the devices */
	CU_ASSERT_NOT_EQUAL(call(controller, "plan.make", "red", &error), 0);
	CU_ASSERT_STRING_EQUAL(error.message, "driver \"x\" only knows the language; it "
					      "cannot talk to a device");
	smd_controller_free(controller);
	smd_loader_free(seams.loader);
	snprintf(command, sizeof(command), "rm -rf %s", home);
	CU_ASSERT_EQUAL(system(command), 0);
}

static void every_call_names_the_damage(void)
{
	static const struct {
		const char *method, *name;
	} calls[] = {{"device.list", NULL},
		     {"device.check", NULL},
		     {"plan.make", "a"},
		     {"configuration.list", NULL},
		     {"verify", "a"}};
	char home[] = "/tmp/smd-test-XXXXXX", command[64];
	struct smd_controller_spec spec = {home, SMD_BUILD_DIR "/lib/smartdeploy",
					   SMD_SOURCE_DIR "/share/yang", NULL};
	struct smd_seams seams = {.loader = new_loader()};
	struct smd_controller *controller;
	struct smd_error error;

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(home));
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &controller, NULL), 0);
	import(controller);
	CU_ASSERT_EQUAL(call(controller, "device.list", NULL, &error), 0);
	smd_controller_free(controller);
	damage_store(home);
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &controller, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(calls); i++) {
		CU_ASSERT_EQUAL(call(controller, calls[i].method, calls[i].name, &error), SMD_E_IO);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the stored inventory is damaged: "));
		CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "sdctl device import"));
	}
	import(controller);
	CU_ASSERT_EQUAL(call(controller, "device.list", NULL, &error), 0);
	smd_controller_free(controller);
	smd_loader_free(seams.loader);
	snprintf(command, sizeof(command), "rm -rf %s", home);
	CU_ASSERT_EQUAL(system(command), 0);
}

/* The site of another program that has the same store, as when a lease was lost. */
static struct smd_site beside(const struct bench *bench)
{
	return (struct smd_site){.store_thread = bench->site.store_thread};
}

static int write_fenced(const struct smd_site *site)
{
	struct smd_batch batch = {0};

	smd_site_fence(site, &batch);
	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "decision", "n1", "{}", 2);
	return smd_store_thread_apply(site->store_thread, &batch, NULL);
}

static uint64_t take_epoch(struct smd_site *site, int lost)
{
	struct smd_batch batch = {0};

	CU_ASSERT_EQUAL_FATAL(smd_site_epoch(site, &batch, NULL), 0);
	if (!lost)
		CU_ASSERT_EQUAL(smd_store_thread_apply(site->store_thread, &batch, NULL), 0);
	smd_batch_done(&batch);
	return site->epoch;
}

static void who_was_succeeded_decides_nothing(void)
{
	struct bench bench;
	struct smd_site other;

	begin(&bench);
	other = beside(&bench);
	CU_ASSERT_EQUAL(take_epoch(&bench.site, 1), 1); /* its batch fails, for another reason */
	CU_ASSERT_EQUAL(take_epoch(&bench.site, 0), 1);
	CU_ASSERT_EQUAL(take_epoch(&bench.site, 0), 1);
	CU_ASSERT_EQUAL(write_fenced(&bench.site), 0);
	CU_ASSERT_EQUAL(take_epoch(&other, 0), 2);
	CU_ASSERT_EQUAL(write_fenced(&bench.site), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(write_fenced(&other), 0);
	end(&bench);
}

static void what_changed_beside_is_not_overwritten(void)
{
	struct bench bench;

	begin(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, inventory, topology, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_site_set_documents(&bench.site, inventory, NULL, NULL), 0);
	put(bench.site.store_thread, "inventory", "another", 7);
	CU_ASSERT_EQUAL(smd_site_set_documents(&bench.site, inventory, NULL, NULL), SMD_E_CONFLICT);
	end(&bench);
}

TEST_MAIN("site_documents", TEST(who_was_succeeded_decides_nothing),
	  TEST(what_changed_beside_is_not_overwritten), TEST(what_is_set_is_read),
	  TEST(each_can_be_set_alone), TEST(damage_is_told_and_mended_by_setting),
	  TEST(a_damaged_text_is_told), TEST(an_unreadable_store_is_no_empty_network),
	  TEST(other_forms_are_validated), TEST(a_plan_needs_no_modules),
	  TEST(every_call_names_the_damage));
