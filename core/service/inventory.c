/* SPDX-License-Identifier: Apache-2.0 */
/* Changing the inventory: as a whole, and device by device. */
#include <stdio.h>
#include <string.h>

#include "core/service/methods.h"
#include "core/service/outgoing.h"
#include "core/site/documents.h"

/* Store what is given, and tell the new numbers and what changes. */
static int replace(struct smd_call *call, const struct smd_new_documents *given)
{
	const struct smd_site *site = call->site;
	cJSON *changes;
	int err = smd_site_replace_documents(call->site, given, &changes, call->error);

	if (err)
		return err;
	cJSON_AddItemToObject(call->result, "changes", changes);
	cJSON_AddBoolToObject(call->result, "dry-run", given->dry_run);
	cJSON_AddNumberToObject(call->result, "devices", (double)site->inventory->device_count);
	cJSON_AddNumberToObject(call->result, "hosts", (double)site->inventory->host_count);
	cJSON_AddNumberToObject(call->result, "links", (double)site->topology->link_count);
	return 0;
}

int smd_device_import(struct smd_call *call)
{
	const struct smd_new_documents given = {
		.inventory = smd_json_string(call->request, "inventory"),
		.topology = smd_json_string(call->request, "topology"),
		.dry_run = smd_json_bool(call->request, "dry-run", 0),
	};

	if (!given.inventory && !given.topology)
		return smd_fail(call->error, SMD_E_INVALID,
				"the request has neither an inventory nor a topology");
	return replace(call, &given);
}

/* The stored documents as JSON, to be edited */

static int parse_stored(struct smd_call *call, const char *text, const char *what, cJSON **out)
{
	return smd_json_parse(text, strlen(text), what, out, call->error);
}

static int stored_inventory(struct smd_call *call, cJSON **out)
{
	smd_cleanup(free) char *text = NULL;
	int err = smd_site_inventory_text(call->site, &text, call->error);

	return err ? err : parse_stored(call, text, "stored inventory", out);
}

static int stored_topology(struct smd_call *call, cJSON **out)
{
	smd_cleanup(free) char *text = NULL;
	int err = smd_site_topology_text(call->site, &text, call->error);

	return err ? err : parse_stored(call, text, "stored topology", out);
}

/* A list of the inventory's; NULL: it has none. */
static cJSON *list_in(cJSON *document, const char *name)
{
	return smd_json_array(smd_json_object(document, "smartdeploy-inventory:inventory"), name);
}

/* The text as it is stored; without plain secrets, which are refused when it is imported. */
int smd_device_export(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	smd_cleanup(free) char *text = NULL;
	cJSON *device;
	int masked = 0;
	int err = smd_site_inventory_text(call->site, &text, call->error);

	if (!err)
		err = parse_stored(call, text, "stored inventory", &document);
	if (err)
		return err;
	cJSON_ArrayForEach (device, list_in(document, "device"))
		masked |= smd_outgoing_options(call, device);
	if (masked) {
		free(text);
		text = cJSON_Print(document);
	}
	if (!text || !cJSON_AddStringToObject(call->result, "text", text))
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	return 0;
}

static cJSON *find_named(cJSON *list, const char *name)
{
	cJSON *one;

	cJSON_ArrayForEach (one, list) {
		const char *its = smd_json_string(one, "name");

		if (its && !strcmp(its, name))
			return one;
	}
	return NULL;
}

/* The document's entry of a device that the inventory has; NULL with the error filled. */
static cJSON *find_device(struct smd_call *call, cJSON *document, const char *name)
{
	cJSON *device = find_named(list_in(document, "device"), name);

	if (!device && smd_call_device(call, name))
		smd_fail(call->error, SMD_E_INTERNAL, "the stored text lacks device \"%s\"", name);
	return device;
}

/* Store the edited documents; `topology` may be NULL. */
static int replace_edited(struct smd_call *call, const cJSON *inventory, const cJSON *topology)
{
	smd_cleanup(free) char *text = cJSON_Print(inventory);
	smd_cleanup(free) char *links = topology ? cJSON_Print(topology) : NULL;
	const struct smd_new_documents given = {.inventory = text, .topology = links};

	if (!text || (topology && !links))
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	return replace(call, &given);
}

int smd_device_add(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	cJSON *devices;
	int err = stored_inventory(call, &document);

	if (err)
		return err;
	devices = list_in(document, "device");
	if (!devices)
		devices = cJSON_AddArrayToObject(
			smd_json_object(document, "smartdeploy-inventory:inventory"), "device");
	cJSON_AddItemToArray(devices, cJSON_Duplicate(call->request, 1));
	return replace_edited(call, document, NULL);
}

/* device.set */

/* Nothing in it: an empty text or list. */
static int is_empty(const cJSON *value)
{
	return (cJSON_IsString(value) && !*value->valuestring) ||
	       (cJSON_IsArray(value) && !value->child);
}

static int set_member(cJSON *device, const cJSON *value)
{
	cJSON *copy;

	if (is_empty(value)) {
		cJSON_DeleteItemFromObjectCaseSensitive(device, value->string);
		return 0;
	}
	copy = cJSON_Duplicate(value, 1);
	if (!copy)
		return SMD_E_NO_MEMORY;
	if (smd_json_member(device, value->string))
		cJSON_ReplaceItemInObjectCaseSensitive(device, value->string, copy);
	else
		cJSON_AddItemToObject(device, value->string, copy);
	return 0;
}

/* Set one option of the driver; one that has only a name is removed. */
static int set_option(cJSON *options, const cJSON *option)
{
	const char *name = smd_json_string(option, "name");
	cJSON *before = name ? find_named(options, name) : NULL;
	int removes = name && cJSON_GetArraySize(option) == 1;
	cJSON *copy = removes ? NULL : cJSON_Duplicate(option, 1);

	if (!removes && !copy)
		return SMD_E_NO_MEMORY;
	if (before)
		cJSON_Delete(cJSON_DetachItemViaPointer(options, before));
	if (copy)
		cJSON_AddItemToArray(options, copy);
	return 0;
}

static int set_options(cJSON *device, const cJSON *given)
{
	cJSON *options = smd_json_array(device, "option");
	const cJSON *option;
	int err = 0;

	if (!options)
		options = cJSON_AddArrayToObject(device, "option");
	cJSON_ArrayForEach (option, given)
		err = err ? err : set_option(options, option);
	if (!options->child)
		cJSON_DeleteItemFromObjectCaseSensitive(device, "option");
	return err;
}

/* What the model does not know it refuses, when the whole is read again. */
int smd_device_set(struct smd_call *call)
{
	const char *name = smd_json_string(call->request, "name");
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	cJSON *device;
	const cJSON *member;
	int err = stored_inventory(call, &document);

	if (err)
		return err;
	device = find_device(call, document, name);
	if (!device)
		return (int)call->error->code;
	cJSON_ArrayForEach (member, call->request) {
		if (err || !strcmp(member->string, "name"))
			continue;
		err = strcmp(member->string, "option") ? set_member(device, member)
						       : set_options(device, member);
	}
	if (err)
		return smd_fail(call->error, err, "out of memory");
	return replace_edited(call, document, NULL);
}

/* device.remove */

/* Hosts that are connected to the device are connected to none then. */
static void unplug_hosts(cJSON *hosts, const char *device)
{
	cJSON *host;

	cJSON_ArrayForEach (host, hosts) {
		const char *its = smd_json_string(host, "device");

		if (!its || strcmp(its, device))
			continue;
		cJSON_DeleteItemFromObjectCaseSensitive(host, "device");
		cJSON_DeleteItemFromObjectCaseSensitive(host, "device-port");
	}
}

static int ends_at(const cJSON *link, const char *end, const char *device)
{
	const char *its = smd_json_string(link, end);

	return its && !strcmp(its, device);
}

static void remove_links(cJSON *topology, const char *device)
{
	cJSON *links =
		smd_json_array(smd_json_object(topology, "smartdeploy-topology:topology"), "link");
	cJSON *next;

	for (cJSON *link = links ? links->child : NULL; link; link = next) {
		next = link->next;
		if (ends_at(link, "a-device", device) || ends_at(link, "b-device", device))
			cJSON_Delete(cJSON_DetachItemViaPointer(links, link));
	}
}

int smd_device_unlist(struct smd_call *call)
{
	const char *name = smd_json_string(call->request, "name");
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	smd_cleanup(cJSON_Delete) cJSON *topology = NULL;
	cJSON *device;
	int err = stored_inventory(call, &document);

	if (!err)
		err = stored_topology(call, &topology);
	if (err)
		return err;
	device = find_device(call, document, name);
	if (!device)
		return (int)call->error->code;
	cJSON_Delete(cJSON_DetachItemViaPointer(list_in(document, "device"), device));
	unplug_hosts(list_in(document, "host"), name);
	remove_links(topology, name);
	return replace_edited(call, document, topology);
}
