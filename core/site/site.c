/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/site.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/site/documents.h"

static void from_hex(const char *text, uint8_t *out, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		out[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
}

/* Create the store's id and key; done once, by its first owner. */
static int make_identity(struct smd_site *site, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	struct smd_batch batch = {0};
	uint8_t bytes[48];
	char text[97];

	if (smd_random(bytes, sizeof(bytes)))
		return smd_fail(error, SMD_E_IO, "no random bytes to be had");
	smd_hex(bytes, 16, text);
	smd_json_put_string(json, "id", text, &batch.err);
	smd_hex(bytes + 16, 32, text);
	smd_json_put_string(json, "key", text, &batch.err);
	smd_batch_put_json(&batch, SMD_NEED_ABSENT, 0, "meta", "identity", json);
	return smd_store_thread_apply(site->store_thread, &batch, error);
}

static int read_identity(struct smd_site *site, enum smd_store_mode mode, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	const char *id, *key;
	int err = smd_store_thread_get(site->store_thread, "meta", "identity", &json, NULL, error);

	if (err == SMD_E_NOT_FOUND && mode == SMD_STORE_OWN) {
		site->made = 1;
		err = make_identity(site, error);
		if (!err)
			err = smd_store_thread_get(site->store_thread, "meta", "identity", &json,
						   NULL, error);
	}
	if (err == SMD_E_NOT_FOUND) {
		smd_fail(error, err, "the store in \"%s\" was not made to its end", site->home);
		smd_error_hint(error, "`sdctl init` does that");
	}
	if (err)
		return err;
	id = smd_json_string(json, "id");
	key = smd_json_string(json, "key");
	if (!id || !key || strlen(id) != 32 || strlen(key) != 64)
		return smd_fail(error, SMD_E_IO, "the store's identity is damaged");
	memcpy(site->id, id, sizeof(site->id));
	from_hex(key, site->key, sizeof(site->key));
	return 0;
}

int smd_site_epoch(struct smd_site *site, struct smd_batch *batch, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	uint64_t revision = 0, stored;
	int err =
		smd_store_thread_get(site->store_thread, "meta", "epoch", &json, &revision, error);

	if (err && err != SMD_E_NOT_FOUND)
		return err;
	stored = (uint64_t)smd_json_number(json, "epoch", 0);
	/* The batch that took it may not have been written */
	if (site->epoch && stored == site->epoch && revision == site->epoch_revision)
		return 0;
	site->epoch = stored + 1;
	site->epoch_revision = revision + 1;
	cJSON_Delete(json);
	json = cJSON_CreateObject();
	smd_json_put_number(json, "epoch", (double)site->epoch, &batch->err);
	smd_batch_put_json(batch, err ? SMD_NEED_ABSENT : SMD_NEED_REVISION, revision, "meta",
			   "epoch", json);
	return 0;
}

void smd_site_fence(const struct smd_site *site, struct smd_batch *batch)
{
	smd_batch_check(batch, SMD_NEED_REVISION, site->epoch_revision, "meta", "epoch");
}

/*
 * Only a reader does not make the store that it opens. Anything else that is wrong with it the
 * owner will see, or mend, as an older version.
 */
static int check_existing(const struct smd_store_thread_spec *spec, struct smd_error *error)
{
	struct smd_store_thread_spec look = *spec;
	struct smd_store_thread *reader = NULL;
	int err;

	look.mode = SMD_STORE_LOOK;
	err = smd_store_thread_new(&look, &reader, error);
	smd_store_thread_free(reader);
	if (err == SMD_E_NOT_FOUND)
		return err;
	if (error)
		*error = (struct smd_error){0};
	return 0;
}

/* An empty store in memory, for a reader that compares with what is there. */
static int open_blank(struct smd_site *site, struct smd_error *error)
{
	struct smd_store_thread_spec thread = {.clock = site->clock, .mode = SMD_STORE_OWN};
	const struct smd_plugin *store =
		smd_loader_plugin(site->loader, SMD_PLUGIN_STORE, "memory", error);
	int err;

	if (!store)
		return error ? (int)error->code : SMD_E_NOT_FOUND;
	thread.ops = store->store;
	thread.settings = smd_loader_settings(store);
	err = smd_store_thread_new(&thread, &site->store_thread, error);
	if (!err)
		err = read_identity(site, SMD_STORE_OWN, error);
	site->made = 0;
	site->blank = 1;
	return err;
}

static int open_store(struct smd_site *site, const struct smd_site_spec *spec,
		      struct smd_error *error)
{
	struct smd_store_thread_spec thread = {
		.clock = site->clock, .where = spec->home, .mode = spec->mode};
	const struct smd_plugin *store;
	int err;

	store = smd_loader_plugin(site->loader, SMD_PLUGIN_STORE, "sqlite", error);
	if (!store)
		return error ? (int)error->code : SMD_E_NOT_FOUND;
	thread.ops = store->store;
	thread.settings = smd_loader_settings(store);
	err = spec->existing ? check_existing(&thread, error) : 0;
	if (!err)
		err = smd_store_thread_new(&thread, &site->store_thread, error);
	if (err == SMD_E_NOT_FOUND && spec->blank)
		return open_blank(site, error);
	if (err == SMD_E_NOT_FOUND)
		smd_error_hint(error, "`sdctl init` makes one; is it the right home?");
	return err ? err : read_identity(site, spec->mode, error);
}

/* Start what the sessions run on. */
static int start_loops(struct smd_site *site, struct smd_error *error)
{
	struct smd_loop_spec loop = {.clock = site->clock};
	int err = 0;

	if (!site->connector) {
		err = smd_connector_new(&site->own_connector, error);
		site->connector = site->own_connector;
	}
	if (!err)
		err = smd_pool_new(0, &site->pool, error);
	loop.pool = site->pool;
	for (size_t i = 0; i < SMD_SITE_LOOPS && !err; i++)
		err = smd_loop_new(&loop, &site->loops[i], error);
	return err;
}

int smd_site_open(const struct smd_site_spec *spec, struct smd_site **out, struct smd_error *error)
{
	struct smd_site *site = calloc(1, sizeof(*site));
	int err;

	if (!site)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	site->home = strdup(spec->home);
	site->loader = spec->loader;
	site->clock = spec->clock ? spec->clock : smd_real_clock();
	site->connector = spec->connector;
	err = site->home ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (!err)
		err = smd_model_new(spec->yang, &site->model, error);
	if (!err)
		err = open_store(site, spec, error);
	if (!err)
		err = smd_site_read_documents(site, error);
	if (!err)
		err = start_loops(site, error);
	if (err)
		smd_site_close(site);
	else
		*out = site;
	return err;
}

void smd_site_close(struct smd_site *site)
{
	if (!site)
		return;
	smd_connector_free(site->own_connector);
	for (size_t i = 0; i < SMD_SITE_LOOPS; i++)
		smd_loop_free(site->loops[i]);
	smd_pool_free(site->pool);
	smd_store_thread_free(site->store_thread);
	smd_topology_free(site->topology);
	smd_inventory_free(site->inventory);
	smd_model_free(site->model);
	free(site->home);
	explicit_bzero(site->key, sizeof(site->key));
	free(site);
}
