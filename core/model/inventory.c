/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

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
	smd_arena_done(&owner->alloc.arena);
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

const struct smd_host *smd_inventory_host_at(const struct smd_inventory *inventory,
					     const char *device, const char *port)
{
	for (size_t i = 0; i < inventory->host_count; i++) {
		const struct smd_host *host = &inventory->hosts[i];

		if (!strcmp(host->device, device) && !strcmp(host->device_port, port))
			return host;
	}
	return NULL;
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

/* The credential of that name. It exists: the schema's leafref was validated. */
static const struct smd_credential *find_credential(const struct smd_inventory *inventory,
						    const struct lyd_node *node)
{
	return smd_read_find(inventory->credentials, inventory->credential_count,
			     sizeof(*inventory->credentials),
			     lyd_get_value(smd_read_child(node, "credential")));
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
		device->credential = find_credential(&owner->inventory, child);
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
		.credential = find_credential(&owner->inventory, child),
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
