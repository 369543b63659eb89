/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/documents.h"

#include <string.h>

#include "core/model/inventory_changes.h"
#include "core/site/in_use.h"
#include "core/site/secret.h"

static const struct names {
	const char *record, *text, *what;
} inventory_names = {"inventory", "inventory-text", "stored inventory"},
  topology_names = {"topology", "topology-text", "stored topology"};

static void smd_cleanup_smd_record(struct smd_record *record)
{
	free(record->bytes);
	free(record->text);
}

/* Read bytes, the caller's (free()); NULL and revision 0 if there are none. */
static int get_bytes(struct smd_site *site, const char *key, char **out, size_t *size,
		     uint64_t *revision, struct smd_error *error)
{
	struct smd_error own = {0};
	void *bytes = NULL;
	int err;

	*revision = 0;
	err = smd_store_thread_get_bytes(site->store_thread, "meta", key, &bytes, size, revision,
					 &own);

	*out = bytes;
	if (err == SMD_E_NOT_FOUND)
		return 0;
	if (err && error)
		*error = own;
	return err;
}

/* Read the record of a document, with its text if `with_text` or if it is needed. */
static int get_record(struct smd_site *site, const struct names *names, int with_text,
		      struct smd_record *out, uint64_t *revision, struct smd_error *error)
{
	smd_cleanup(smd_record) struct smd_record record = {0};
	uint64_t text_revision;
	int err = get_bytes(site, names->record, &record.bytes, &record.size, revision, error);

	*out = (struct smd_record){0};
	if (!err && (with_text || smd_record_needs_text(&record)))
		err = get_bytes(site, names->text, &record.text, &record.text_size, &text_revision,
				error);
	if (err)
		return err;
	*out = record;
	record = (struct smd_record){0};
	return 0;
}

static int load_inventory(struct smd_site *site, struct smd_inventory **out,
			  struct smd_error *error)
{
	struct smd_record record;
	int err = get_record(site, &inventory_names, 0, &record, &site->inventory_revision, error);

	return err ? err
		   : smd_inventory_load(site->model, record, inventory_names.what, out, error);
}

static int load_topology(struct smd_site *site, const struct smd_inventory *inventory,
			 struct smd_topology **out, struct smd_error *error)
{
	struct smd_record record;
	int err = get_record(site, &topology_names, 0, &record, &site->topology_revision, error);

	return err ? err
		   : smd_topology_load(site->model, inventory, record, topology_names.what, out,
				       error);
}

/* Make both empty, and keep why. */
static int set_aside(struct smd_site *site, const struct smd_error *why, struct smd_error *error)
{
	static const struct smd_record none = {0};
	int err;

	site->documents_error = *why;
	smd_error_hint(&site->documents_error,
		       "give both anew with `sdctl device import`, or bring "
		       "a copy of the store back");
	smd_inventory_free(smd_take(site->inventory));
	err = smd_inventory_load(site->model, none, "inventory", &site->inventory, error);
	return err ? err
		   : smd_topology_load(site->model, site->inventory, none, "topology",
				       &site->topology, error);
}

int smd_site_read_documents(struct smd_site *site, struct smd_error *error)
{
	struct smd_error why = {0};
	int err;

	site->documents_error = (struct smd_error){0};
	err = load_inventory(site, &site->inventory, &why);
	if (!err)
		err = load_topology(site, site->inventory, &site->topology, &why);
	if (err == SMD_E_NO_MEMORY) /* nothing is wrong with them */
		return smd_fail(error, err, "out of memory");
	return err ? set_aside(site, &why, error) : 0;
}

int smd_site_check_documents(const struct smd_site *site, struct smd_error *error)
{
	if (site->documents_error.code && error)
		*error = site->documents_error;
	return (int)site->documents_error.code;
}

static int stored_text(struct smd_site *site, const struct names *names, const char *empty,
		       char **out, struct smd_error *error)
{
	smd_cleanup(smd_record) struct smd_record record = {0};
	uint64_t revision;
	int err = get_record(site, names, 1, &record, &revision, error);

	if (err)
		return err;
	if (record.bytes) {
		struct smd_record taken = record;

		record = (struct smd_record){0};
		return smd_record_text(taken, names->what, out, error);
	}
	*out = strdup(empty);
	return *out ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

int smd_site_inventory_text(struct smd_site *site, char **out, struct smd_error *error)
{
	return stored_text(site, &inventory_names, "{\"smartdeploy-inventory:inventory\":{}}", out,
			   error);
}

int smd_site_topology_text(struct smd_site *site, char **out, struct smd_error *error)
{
	return stored_text(site, &topology_names, "{\"smartdeploy-topology:topology\":{}}", out,
			   error);
}

/*
 * A device that is new, or is given another driver, needs one that can be loaded. What was stored
 * before is not checked again, so that one bad device does not hold up the others.
 */
static int check_driver(struct smd_site *site, const struct smd_device *device,
			struct smd_error *error)
{
	const struct smd_device *before = smd_inventory_device(site->inventory, device->name);
	struct smd_error own;

	error = error ? error : &own;
	if (before && !strcmp(before->driver, device->driver))
		return 0;
	if (smd_loader_driver(site->loader, device->driver, error))
		return 0;
	if (error->code == SMD_E_NOT_FOUND)
		error->code = SMD_E_INVALID;
	smd_error_device(error, device->name);
	smd_error_where(error, "/inventory/device[name='%s']/driver", device->name);
	return (int)error->code;
}

static int check_drivers(struct smd_site *site, const struct smd_inventory *inventory,
			 struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < inventory->device_count && !err; i++)
		err = check_driver(site, &inventory->devices[i], error);
	return err;
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
	if (!text)
		return load_inventory(site, out, error);
	return smd_inventory_read(site->model, text, strlen(text), "inventory", out, error);
}

/* The same for the topology, whose devices must be those of the inventory. */
static int next_topology(struct smd_site *site, const struct smd_inventory *inventory,
			 const char *text, struct smd_topology **out, struct smd_error *error)
{
	if (!text)
		return load_topology(site, inventory, out, error);
	return smd_topology_read(site->model, inventory, text, strlen(text), "topology", out,
				 error);
}

/* `revision` is the stored one that was read; 0: none was, and what is there may be damaged. */
static void put_record(struct smd_batch *batch, const struct names *names, uint64_t revision,
		       struct smd_record *record, const char *text)
{
	smd_batch_put(batch, revision ? SMD_NEED_REVISION : SMD_NEED_NOTHING, revision, "meta",
		      names->record, record->bytes, record->size);
	smd_batch_put(batch, SMD_NEED_NOTHING, 0, "meta", names->text, text, strlen(text));
	free(record->bytes);
}

static int store_documents(struct smd_site *site, const struct smd_inventory *devices,
			   const char *inventory, const struct smd_topology *links,
			   const char *topology, struct smd_error *error)
{
	struct smd_batch batch = {0};
	struct smd_record record;
	int err = inventory ? smd_inventory_seal(devices, inventory, &record, error) : 0;

	if (!err && inventory)
		put_record(&batch, &inventory_names, site->inventory_revision, &record, inventory);
	if (!err && topology)
		err = smd_topology_seal(links, topology, &record, error);
	if (!err && topology)
		put_record(&batch, &topology_names, site->topology_revision, &record, topology);
	if (!err)
		return smd_store_thread_apply(site->store_thread, &batch, error);
	smd_batch_done(&batch);
	return err;
}

/* Read both, and check what the modules do not. */
static int read_given(struct smd_site *site, const struct smd_new_documents *given,
		      struct smd_inventory **devices, struct smd_topology **links,
		      struct smd_error *error)
{
	int err = next_inventory(site, given->inventory, devices, error);

	if (!err)
		err = next_topology(site, *devices, given->topology, links, error);
	if (!err && given->inventory)
		err = check_drivers(site, *devices, error);
	if (!err)
		err = check_secrets(site, *devices, error);
	return err ? err : smd_site_check_in_use(site, *devices, error);
}

/* Read the revisions again, for the next change. */
static int note_revisions(struct smd_site *site, struct smd_error *error)
{
	struct smd_record record;
	int err = get_record(site, &inventory_names, 0, &record, &site->inventory_revision, error);

	if (err)
		return err;
	smd_cleanup_smd_record(&record);
	err = get_record(site, &topology_names, 0, &record, &site->topology_revision, error);
	if (!err)
		smd_cleanup_smd_record(&record);
	return err;
}

int smd_site_replace_documents(struct smd_site *site, const struct smd_new_documents *given,
			       cJSON **changes, struct smd_error *error)
{
	smd_cleanup(smd_inventory_free) struct smd_inventory *devices = NULL;
	smd_cleanup(smd_topology_free) struct smd_topology *links = NULL;
	smd_cleanup(cJSON_Delete) cJSON *compared = NULL;
	int err = read_given(site, given, &devices, &links, error);

	if (!err && changes)
		err = smd_inventory_changes(site->inventory, site->topology, devices, links,
					    &compared, error);
	if (!err && !given->dry_run)
		err = store_documents(site, devices, given->inventory, links, given->topology,
				      error);
	if (err)
		return err;
	if (changes)
		*changes = smd_take(compared);
	if (given->dry_run)
		return 0;
	smd_inventory_free(site->inventory);
	smd_topology_free(site->topology);
	site->inventory = smd_take(devices);
	site->topology = smd_take(links);
	site->documents_error = (struct smd_error){0};
	return note_revisions(site, error);
}

int smd_site_set_documents(struct smd_site *site, const char *inventory, const char *topology,
			   struct smd_error *error)
{
	const struct smd_new_documents given = {.inventory = inventory, .topology = topology};

	return smd_site_replace_documents(site, &given, NULL, error);
}
