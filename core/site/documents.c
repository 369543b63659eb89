/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/documents.h"

#include <string.h>

#include "core/site/in_use.h"
#include "core/site/secret.h"

/* The record of a document; no bytes if there is none. The caller frees them. */
static int get_record(struct smd_site *site, const char *name, struct smd_record *out,
		      struct smd_error *error)
{
	struct smd_error own = {0};
	void *bytes = NULL;
	int err;

	*out = (struct smd_record){0};
	err = smd_store_thread_get_bytes(site->store_thread, "meta", name, &bytes, &out->size, NULL,
					 &own);
	out->bytes = bytes;
	if (err == SMD_E_NOT_FOUND)
		return 0;
	if (err && error)
		*error = own;
	return err;
}

static int load_documents(struct smd_site *site, struct smd_record inventory,
			  struct smd_record topology, struct smd_error *error)
{
	int err = smd_inventory_load(site->model, inventory, "stored inventory", &site->inventory,
				     error);

	if (err)
		free(topology.bytes);
	else
		err = smd_topology_load(site->model, site->inventory, topology, "stored topology",
					&site->topology, error);
	return err;
}

int smd_site_read_documents(struct smd_site *site, struct smd_error *error)
{
	static const struct smd_record none = {0};
	struct smd_record inventory, topology;
	int err = get_record(site, "inventory", &inventory, error);

	if (err)
		return err;
	err = get_record(site, "topology", &topology, error);
	if (err) {
		free(inventory.bytes);
		return err;
	}
	site->documents_error = (struct smd_error){0};
	if (!load_documents(site, inventory, topology, &site->documents_error))
		return 0;
	smd_error_hint(
		&site->documents_error,
		"give both anew with `sdctl device import`, or bring a copy of the store back");
	smd_inventory_free(smd_take(site->inventory));
	return load_documents(site, none, none, error);
}

int smd_site_check_documents(const struct smd_site *site, struct smd_error *error)
{
	if (site->documents_error.code && error)
		*error = site->documents_error;
	return (int)site->documents_error.code;
}

int smd_site_inventory_text(struct smd_site *site, char **out, struct smd_error *error)
{
	static const char empty[] = "{\"smartdeploy-inventory:inventory\":{}}";
	struct smd_record record;
	int err = get_record(site, "inventory", &record, error);

	if (err)
		return err;
	if (record.bytes)
		return smd_record_text(record, "stored inventory", out, error);
	*out = strdup(empty);
	return *out ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

static int check_secrets(struct smd_site *site, const struct smd_inventory *inventory,
			 struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < inventory->device_count && !err; i++) {
		const struct smd_device *device = &inventory->devices[i];
		const struct smd_driver *driver = NULL;

		if (device->option_count) /* a missing driver checks them when it is opened */
			driver = smd_loader_driver(site->loader, device->driver, NULL);
		if (driver)
			err = smd_secret_check(&driver->self, device, error);
	}
	return err;
}

/* Read a new inventory, or the stored one again. */
static int next_inventory(struct smd_site *site, const char *text, struct smd_inventory **out,
			  struct smd_error *error)
{
	struct smd_record record;
	int err;

	if (text)
		return smd_inventory_read(site->model, text, strlen(text), "inventory", out, error);
	err = get_record(site, "inventory", &record, error);
	return err ? err : smd_inventory_load(site->model, record, "stored inventory", out, error);
}

/* The same for the topology, whose devices must be those of the inventory. */
static int next_topology(struct smd_site *site, const struct smd_inventory *inventory,
			 const char *text, struct smd_topology **out, struct smd_error *error)
{
	struct smd_record record;
	int err;

	if (text)
		return smd_topology_read(site->model, inventory, text, strlen(text), "topology",
					 out, error);
	err = get_record(site, "topology", &record, error);
	return err ? err
		   : smd_topology_load(site->model, inventory, record, "stored topology", out,
				       error);
}

static void put_record(struct smd_batch *batch, const char *name, struct smd_record *record)
{
	smd_batch_put(batch, SMD_NEED_NOTHING, 0, "meta", name, record->bytes, record->size);
	free(smd_take(record->bytes));
}

static int store_documents(struct smd_site *site, const struct smd_inventory *devices,
			   const char *inventory, const struct smd_topology *links,
			   const char *topology, struct smd_error *error)
{
	struct smd_batch batch = {0};
	struct smd_record record;
	int err = inventory ? smd_inventory_seal(devices, inventory, &record, error) : 0;

	if (!err && inventory)
		put_record(&batch, "inventory", &record);
	if (!err && topology)
		err = smd_topology_seal(links, topology, &record, error);
	if (!err && topology)
		put_record(&batch, "topology", &record);
	if (!err)
		return smd_store_thread_apply(site->store_thread, &batch, error);
	smd_batch_done(&batch);
	return err;
}

int smd_site_set_documents(struct smd_site *site, const char *inventory, const char *topology,
			   struct smd_error *error)
{
	smd_cleanup(smd_inventory_free) struct smd_inventory *devices = NULL;
	smd_cleanup(smd_topology_free) struct smd_topology *links = NULL;
	int err = next_inventory(site, inventory, &devices, error);

	if (!err)
		err = next_topology(site, devices, topology, &links, error);
	if (!err)
		err = check_secrets(site, devices, error);
	if (!err)
		err = smd_site_check_in_use(site, devices, error);
	if (!err)
		err = store_documents(site, devices, inventory, links, topology, error);
	if (err)
		return err;
	smd_inventory_free(site->inventory);
	smd_topology_free(site->topology);
	site->inventory = smd_take(devices);
	site->topology = smd_take(links);
	site->documents_error = (struct smd_error){0};
	return 0;
}
