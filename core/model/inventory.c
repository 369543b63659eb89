/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/model/checked.h"
#include "core/model/read.h"

/* The whole memory of an inventory: its first member is what smd_inventory_read returns. */
struct owner {
	struct smd_inventory inventory;
	struct smd_alloc alloc;
};

void smd_inventory_free(struct smd_inventory *inventory)
{
	struct owner *owner = (struct owner *)inventory;

	if (!owner)
		return;
	smd_alloc_done(&owner->alloc);
	free(owner);
}

const struct smd_device *smd_inventory_device(const struct smd_inventory *inventory,
					      const char *name)
{
	return smd_read_find(inventory->devices, inventory->device_count,
			     sizeof(*inventory->devices), name);
}

const struct smd_host *smd_inventory_host(const struct smd_inventory *inventory, const char *name)
{
	return smd_read_find(inventory->hosts, inventory->host_count, sizeof(*inventory->hosts),
			     name);
}

static uint16_t read_port(const struct lyd_node *parent)
{
	const struct lyd_node *port = smd_read_child(parent, "port");

	return ((const struct lyd_node_term *)port)->value.uint16;
}

static void read_credentials(struct owner *owner, const struct lyd_node *node)
{
	struct smd_alloc *alloc = &owner->alloc;
	size_t count = smd_read_count(node, "credential"), i = 0;
	struct smd_credential *credentials = smd_alloc_array(alloc, count, sizeof(*credentials));

	if (!credentials)
		return;
	smd_read_each(node, "credential", child) credentials[i++] = (struct smd_credential){
		.name = smd_alloc_leaf(alloc, child, "name"),
		.user = smd_alloc_leaf(alloc, child, "user"),
		.key_file = smd_alloc_leaf(alloc, child, "key-file"),
		.agent = !strcmp(lyd_get_value(smd_read_child(child, "agent")), "true"),
		.password_env = smd_alloc_leaf(alloc, child, "password-env"),
		.password_file = smd_alloc_leaf(alloc, child, "password-file"),
	};
	qsort(credentials, count, sizeof(*credentials), smd_read_by_name);
	owner->inventory.credentials = credentials;
	owner->inventory.credential_count = count;
}

/*
 * The credential that a leaf of that name refers to. It exists: the schema's leafref was
 * validated. NULL: there is no such leaf.
 */
static const struct smd_credential *find_credential(const struct smd_inventory *inventory,
						    const struct lyd_node *node, const char *leaf)
{
	const struct lyd_node *name = smd_read_child(node, leaf);

	return name ? smd_read_find(inventory->credentials, inventory->credential_count,
				    sizeof(*inventory->credentials), lyd_get_value(name))
		    : NULL;
}

static void read_labels(struct smd_alloc *alloc, const struct lyd_node *node,
			struct smd_device *device)
{
	size_t count = smd_read_count(node, "label"), i = 0;
	const char **labels = smd_alloc_array(alloc, count, sizeof(*labels));

	if (!labels)
		return;
	smd_read_each(node, "label", label) labels[i++] =
		smd_alloc_text(alloc, lyd_get_value(label));
	qsort(labels, count, sizeof(*labels), smd_read_by_name);
	device->labels = labels;
	device->label_count = count;
}

static void read_options(struct smd_alloc *alloc, const struct lyd_node *node,
			 struct smd_device *device)
{
	size_t count = smd_read_count(node, "option"), i = 0;
	struct smd_device_option *options = smd_alloc_array(alloc, count, sizeof(*options));

	if (!options)
		return;
	smd_read_each(node, "option", option) options[i++] = (struct smd_device_option){
		.name = smd_alloc_leaf(alloc, option, "name"),
		.value = smd_alloc_leaf(alloc, option, "value"),
		.value_env = smd_alloc_leaf(alloc, option, "value-env"),
		.value_file = smd_alloc_leaf(alloc, option, "value-file"),
	};
	qsort(options, count, sizeof(*options), smd_read_by_name);
	device->options = options;
	device->option_count = count;
}

static void read_devices(struct owner *owner, const struct lyd_node *node)
{
	struct smd_alloc *alloc = &owner->alloc;
	size_t count = smd_read_count(node, "device"), i = 0;
	struct smd_device *devices = smd_alloc_array(alloc, count, sizeof(*devices));

	if (!devices)
		return;
	smd_read_each(node, "device", child)
	{
		struct smd_device *device = &devices[i++];

		device->name = smd_alloc_leaf(alloc, child, "name");
		device->driver = smd_alloc_leaf(alloc, child, "driver");
		device->address = smd_alloc_leaf(alloc, child, "address");
		device->port = read_port(child);
		device->role = smd_alloc_leaf(alloc, child, "role");
		device->credential = find_credential(&owner->inventory, child, "credential");
		device->read_only_credential =
			find_credential(&owner->inventory, child, "read-only-credential");
		if (!device->read_only_credential)
			device->read_only_credential = device->credential;
		read_labels(alloc, child, device);
		read_options(alloc, child, device);
	}
	qsort(devices, count, sizeof(*devices), smd_read_by_name);
	owner->inventory.devices = devices;
	owner->inventory.device_count = count;
}

static void read_hosts(struct owner *owner, const struct lyd_node *node)
{
	struct smd_alloc *alloc = &owner->alloc;
	size_t count = smd_read_count(node, "host"), i = 0;
	struct smd_host *hosts = smd_alloc_array(alloc, count, sizeof(*hosts));

	if (!hosts)
		return;
	smd_read_each(node, "host", child) hosts[i++] = (struct smd_host){
		.name = smd_alloc_leaf(alloc, child, "name"),
		.address = smd_alloc_leaf(alloc, child, "address"),
		.port = read_port(child),
		.credential = find_credential(&owner->inventory, child, "credential"),
		.device = smd_alloc_leaf(alloc, child, "device"),
		.device_port = smd_alloc_leaf(alloc, child, "device-port"),
		.interface = smd_alloc_leaf(alloc, child, "interface"),
		.ip = smd_alloc_leaf(alloc, child, "ip"),
	};
	qsort(hosts, count, sizeof(*hosts), smd_read_by_name);
	owner->inventory.hosts = hosts;
	owner->inventory.host_count = count;
}

static int by_address(const void *left, const void *right)
{
	const struct smd_device *a = *(const struct smd_device *const *)left;
	const struct smd_device *b = *(const struct smd_device *const *)right;
	int order = strcmp(a->address, b->address);

	return order ? order : (a->port > b->port) - (a->port < b->port);
}

/*
 * Fail if a device and a host have the same address and port. Within devices and within hosts,
 * the schema's `unique` has checked that.
 */
static int check_addresses(struct owner *owner, const char *what, struct smd_error *error)
{
	const struct smd_inventory *inventory = &owner->inventory;
	size_t count = inventory->device_count;
	const struct smd_device **devices = smd_alloc_array(&owner->alloc, count, sizeof(*devices));

	if (!devices)
		return 0;
	for (size_t i = 0; i < count; i++)
		devices[i] = &inventory->devices[i];
	qsort(devices, count, sizeof(*devices), by_address);
	for (size_t i = 0; i < inventory->host_count; i++) {
		const struct smd_host *host = &inventory->hosts[i];
		struct smd_device like = {.address = host->address, .port = host->port},
				  *key = &like;
		const struct smd_device **same =
			bsearch(&key, devices, count, sizeof(*devices), by_address);

		if (!same)
			continue;
		smd_fail(error, SMD_E_INVALID,
			 "%s: host \"%s\" and device \"%s\" both have address \"%s\" port %u", what,
			 host->name, (*same)->name, host->address, host->port);
		smd_error_where(error, "/inventory/host[name='%s']/address", host->name);
		return SMD_E_INVALID;
	}
	return 0;
}

int smd_inventory_read(const struct smd_model *model, const char *json, size_t size,
		       const char *what, struct smd_inventory **out, struct smd_error *error)
{
	static const char *const roots[] = {"inventory", NULL};
	smd_cleanup(lyd_free_all) struct lyd_node *tree = NULL;
	struct owner *owner;
	int err = smd_model_parse(model, json, size, what, roots, &tree, error);

	if (err)
		return err;
	owner = calloc(1, sizeof(*owner));
	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	owner->inventory.known_hosts = smd_alloc_leaf(&owner->alloc, tree, "known-hosts");
	read_credentials(owner, tree);
	read_devices(owner, tree);
	read_hosts(owner, tree);
	err = check_addresses(owner, what, error);
	if (owner->alloc.failed)
		err = smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (err)
		smd_inventory_free(&owner->inventory);
	else
		*out = &owner->inventory;
	return err;
}

/* The checked form */

static void pack_credentials(struct smd_pack *form, const struct smd_inventory *inventory)
{
	smd_pack_number(form, inventory->credential_count);
	for (size_t i = 0; i < inventory->credential_count; i++) {
		const struct smd_credential *credential = &inventory->credentials[i];

		smd_pack_text(form, credential->name);
		smd_pack_text(form, credential->user);
		smd_pack_text(form, credential->key_file);
		smd_pack_number(form, (uint64_t)credential->agent);
		smd_pack_text(form, credential->password_env);
		smd_pack_text(form, credential->password_file);
	}
}

static void pack_login(struct smd_pack *form, const struct smd_inventory *inventory,
		       const char *address, uint16_t port, const struct smd_credential *credential)
{
	smd_pack_text(form, address);
	smd_pack_number(form, port);
	smd_pack_number(form, (uint64_t)(credential - inventory->credentials));
}

static void pack_device(struct smd_pack *form, const struct smd_inventory *inventory,
			const struct smd_device *device)
{
	smd_pack_text(form, device->name);
	smd_pack_text(form, device->driver);
	pack_login(form, inventory, device->address, device->port, device->credential);
	smd_pack_number(form, (uint64_t)(device->read_only_credential - inventory->credentials));
	smd_pack_text(form, device->role);
	smd_pack_number(form, device->label_count);
	for (size_t i = 0; i < device->label_count; i++)
		smd_pack_text(form, device->labels[i]);
	smd_pack_number(form, device->option_count);
	for (size_t i = 0; i < device->option_count; i++) {
		smd_pack_text(form, device->options[i].name);
		smd_pack_text(form, device->options[i].value);
		smd_pack_text(form, device->options[i].value_env);
		smd_pack_text(form, device->options[i].value_file);
	}
}

static void pack_host(struct smd_pack *form, const struct smd_inventory *inventory,
		      const struct smd_host *host)
{
	smd_pack_text(form, host->name);
	pack_login(form, inventory, host->address, host->port, host->credential);
	smd_pack_text(form, host->device);
	smd_pack_text(form, host->device_port);
	smd_pack_text(form, host->interface);
	smd_pack_text(form, host->ip);
}

int smd_inventory_seal(const struct smd_inventory *inventory, const char *text,
		       struct smd_record *out, struct smd_error *error)
{
	smd_cleanup(smd_pack) struct smd_pack form = {0};

	smd_pack_text(&form, "inventory");
	smd_pack_text(&form, inventory->known_hosts);
	pack_credentials(&form, inventory);
	smd_pack_number(&form, inventory->device_count);
	for (size_t i = 0; i < inventory->device_count; i++)
		pack_device(&form, inventory, &inventory->devices[i]);
	smd_pack_number(&form, inventory->host_count);
	for (size_t i = 0; i < inventory->host_count; i++)
		pack_host(&form, inventory, &inventory->hosts[i]);
	return smd_checked_seal(&form, text, out, error);
}

/* The next name, which must be behind `last` in the order; NULL: it is the first. */
static const char *unpack_name(struct smd_unpack *form, const char *last)
{
	const char *name = smd_unpack_text(form);

	if (!*name || (last && strcmp(last, name) >= 0))
		smd_unpack_fail(form, "its names are not in order");
	return name;
}

static void unpack_credentials(struct owner *owner, struct smd_unpack *form)
{
	size_t count = smd_unpack_count(form);
	struct smd_credential *credentials =
		smd_alloc_array(&owner->alloc, count, sizeof(*credentials));

	for (size_t i = 0; credentials && i < count && !form->damage; i++) {
		struct smd_credential *credential = &credentials[i];

		credential->name = unpack_name(form, i ? credentials[i - 1].name : NULL);
		credential->user = smd_unpack_text(form);
		credential->key_file = smd_unpack_text(form);
		credential->agent = (int)smd_unpack_number(form, 0, 1);
		credential->password_env = smd_unpack_text(form);
		credential->password_file = smd_unpack_text(form);
	}
	owner->inventory.credentials = credentials;
	owner->inventory.credential_count = count;
}

static const struct smd_credential *unpack_credential(const struct smd_inventory *inventory,
						      struct smd_unpack *form)
{
	size_t count = inventory->credential_count;

	if (!count)
		smd_unpack_fail(form, "it has no credential");
	return inventory->credentials + smd_unpack_number(form, 0, count ? count - 1 : 0);
}

static void unpack_labels(struct smd_alloc *alloc, struct smd_unpack *form,
			  struct smd_device *device)
{
	size_t count = smd_unpack_count(form);
	const char **labels = smd_alloc_array(alloc, count, sizeof(*labels));

	for (size_t i = 0; labels && i < count && !form->damage; i++)
		labels[i] = unpack_name(form, i ? labels[i - 1] : NULL);
	device->labels = labels;
	device->label_count = count;
}

static void unpack_options(struct smd_alloc *alloc, struct smd_unpack *form,
			   struct smd_device *device)
{
	size_t count = smd_unpack_count(form);
	struct smd_device_option *options = smd_alloc_array(alloc, count, sizeof(*options));

	for (size_t i = 0; options && i < count && !form->damage; i++) {
		options[i].name = unpack_name(form, i ? options[i - 1].name : NULL);
		options[i].value = smd_unpack_text(form);
		options[i].value_env = smd_unpack_text(form);
		options[i].value_file = smd_unpack_text(form);
	}
	device->options = options;
	device->option_count = count;
}

static void unpack_devices(struct owner *owner, struct smd_unpack *form)
{
	size_t count = smd_unpack_count(form);
	struct smd_device *devices = smd_alloc_array(&owner->alloc, count, sizeof(*devices));

	for (size_t i = 0; devices && i < count && !form->damage; i++) {
		struct smd_device *device = &devices[i];

		device->name = unpack_name(form, i ? devices[i - 1].name : NULL);
		device->driver = smd_unpack_text(form);
		device->address = smd_unpack_text(form);
		device->port = (uint16_t)smd_unpack_number(form, 1, UINT16_MAX);
		device->credential = unpack_credential(&owner->inventory, form);
		device->read_only_credential = unpack_credential(&owner->inventory, form);
		device->role = smd_unpack_text(form);
		unpack_labels(&owner->alloc, form, device);
		unpack_options(&owner->alloc, form, device);
	}
	owner->inventory.devices = devices;
	owner->inventory.device_count = count;
}

static void unpack_hosts(struct owner *owner, struct smd_unpack *form)
{
	size_t count = smd_unpack_count(form);
	struct smd_host *hosts = smd_alloc_array(&owner->alloc, count, sizeof(*hosts));

	for (size_t i = 0; hosts && i < count && !form->damage; i++) {
		struct smd_host *host = &hosts[i];

		host->name = unpack_name(form, i ? hosts[i - 1].name : NULL);
		host->address = smd_unpack_text(form);
		host->port = (uint16_t)smd_unpack_number(form, 1, UINT16_MAX);
		host->credential = unpack_credential(&owner->inventory, form);
		host->device = smd_unpack_text(form);
		host->device_port = smd_unpack_text(form);
		host->interface = smd_unpack_text(form);
		host->ip = smd_unpack_text(form);
	}
	owner->inventory.hosts = hosts;
	owner->inventory.host_count = count;
}

/* Read the form of a record; the inventory takes the record's memory. */
static int unpack(struct smd_checked *checked, const char *what, struct smd_inventory **out,
		  struct smd_error *error)
{
	struct smd_unpack *form = &checked->form;
	struct owner *owner = calloc(1, sizeof(*owner));
	smd_cleanup(smd_inventory_free) struct smd_inventory *inventory =
		owner ? &owner->inventory : NULL;

	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (strcmp(smd_unpack_text(form), "inventory"))
		smd_unpack_fail(form, "it is no inventory");
	inventory->known_hosts = smd_unpack_text(form);
	unpack_credentials(owner, form);
	unpack_devices(owner, form);
	unpack_hosts(owner, form);
	if (owner->alloc.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (smd_unpack_end(form))
		return smd_checked_damaged(what, form->damage, error);
	owner->alloc.block = smd_take(checked->block);
	*out = smd_take(inventory);
	return 0;
}

static int new_empty(struct smd_inventory **out, struct smd_error *error)
{
	struct owner *owner = calloc(1, sizeof(*owner));

	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for an inventory");
	owner->inventory.known_hosts = "";
	*out = &owner->inventory;
	return 0;
}

int smd_inventory_load(const struct smd_model *model, struct smd_record record_take,
		       const char *what, struct smd_inventory **out, struct smd_error *error)
{
	smd_cleanup(smd_checked) struct smd_checked checked = {0};
	int err;

	if (!record_take.bytes)
		return new_empty(out, error);
	err = smd_checked_open(record_take, what, &checked, error);
	if (!err && checked.form.at)
		return unpack(&checked, what, out, error);
	if (!err)
		err = smd_checked_need_text(&checked, what, error);
	return err ? err
		   : smd_inventory_read(model, checked.text, checked.text_size, what, out, error);
}
