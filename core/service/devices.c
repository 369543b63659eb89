/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/plan/fetch_job.h"
#include "core/plan/task.h"
#include "core/service/methods.h"
#include "core/site/documents.h"
#include "core/site/known_hosts.h"
#include "core/tree/own.h"

static int counts(struct smd_call *call)
{
	const struct smd_site *site = call->site;

	cJSON_AddNumberToObject(call->result, "devices", (double)site->inventory->device_count);
	cJSON_AddNumberToObject(call->result, "hosts", (double)site->inventory->host_count);
	cJSON_AddNumberToObject(call->result, "links", (double)site->topology->link_count);
	return 0;
}

int smd_device_import(struct smd_call *call)
{
	const char *inventory = smd_json_string(call->request, "inventory");
	const char *topology = smd_json_string(call->request, "topology");
	int err;

	if (!inventory && !topology)
		return smd_fail(call->error, SMD_E_INVALID,
				"the request has neither an inventory nor a topology");
	err = smd_site_set_documents(call->site, inventory, topology, call->error);
	return err ? err : counts(call);
}

static int stored_inventory(struct smd_call *call, cJSON **out)
{
	smd_cleanup(free) char *text = NULL;
	int err = smd_site_inventory_text(call->site, &text, call->error);

	return err ? err : smd_json_parse(text, strlen(text), "stored inventory", out, call->error);
}

int smd_device_add(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	smd_cleanup(free) char *text = NULL;
	cJSON *inventory, *devices;
	int err = stored_inventory(call, &document);

	if (err)
		return err;
	inventory = smd_json_object(document, "smartdeploy-inventory:inventory");
	devices = smd_json_array(inventory, "device");
	if (!devices)
		devices = cJSON_AddArrayToObject(inventory, "device");
	cJSON_AddItemToArray(devices, cJSON_Duplicate(call->request, 1));
	text = cJSON_Print(document);
	if (!text)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	err = smd_site_set_documents(call->site, text, NULL, call->error);
	return err ? err : counts(call);
}

int smd_device_list(struct smd_call *call)
{
	const struct smd_inventory *inventory = call->site->inventory;
	cJSON *list = cJSON_AddArrayToObject(call->result, "devices");

	for (size_t i = 0; i < inventory->device_count; i++) {
		const struct smd_device *device = &inventory->devices[i];
		cJSON *json = cJSON_CreateObject();

		cJSON_AddStringToObject(json, "name", device->name);
		cJSON_AddStringToObject(json, "driver", device->driver);
		cJSON_AddStringToObject(json, "address", device->address);
		cJSON_AddNumberToObject(json, "port", device->port);
		cJSON_AddStringToObject(json, "role", device->role);
		cJSON_AddItemToArray(list, json);
	}
	return 0;
}

/* device.check: log in, read, and report what the device can do. */

static int parse_only(struct smd_fetch_job *fetch, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;

	return smd_language_parse(&fetch->remote->language, fetch->native, &tree, error);
}

static void add_facts(cJSON *json, const struct smd_fetch_job *fetch)
{
	struct smd_task task = {.facts = fetch->facts};
	char level[2] = {(char)smd_task_level(&task), '\0'};

	cJSON_AddStringToObject(json, "product", fetch->facts.product);
	cJSON_AddStringToObject(json, "version", fetch->facts.version);
	cJSON_AddStringToObject(json, "level", level);
	cJSON_AddStringToObject(json, "undone-by", smd_level_text(smd_task_level(&task)));
	cJSON_AddNumberToObject(json, "connect-ms", (double)(fetch->connect / 1000));
	cJSON_AddNumberToObject(json, "read-ms", (double)(fetch->took / 1000));
}

static int report(struct smd_call *call, const struct smd_device *device,
		  const struct smd_fetch_job *fetch)
{
	cJSON *json = cJSON_CreateObject();
	int err = fetch->err;

	cJSON_AddStringToObject(json, "name", device->name);
	cJSON_AddStringToObject(json, "state", err ? smd_err_name(err) : "ok");
	if (err) {
		cJSON_AddStringToObject(json, "error", fetch->error.message);
		cJSON_AddStringToObject(json, "hint", fetch->error.hint);
		*call->error = fetch->error;
		smd_error_device(call->error, device->name);
	} else {
		add_facts(json, fetch);
	}
	cJSON_AddItemToArray(smd_json_array(call->result, "devices"), json);
	return err;
}

static int check_devices(struct smd_call *call, const struct smd_device *devices, size_t count)
{
	smd_cleanup(free) struct smd_fetch_job *fetches = calloc(count + 1, sizeof(*fetches));
	size_t open = 0;
	int worst = 0;

	if (!fetches)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	for (; open < count && !worst; open++) {
		fetches[open].work = parse_only;
		worst = smd_remote_open_device(call->site, devices[open].name, SMD_ACCESS_READ,
					       &fetches[open].remote, call->error);
	}
	if (!worst) {
		smd_fetch_all(fetches, count);
		for (size_t i = 0; i < count; i++) {
			int err = report(call, &devices[i], &fetches[i]);

			worst = worst ? worst : err;
		}
		smd_fetch_jobs_done(fetches, count);
	}
	for (size_t i = 0; i < open; i++)
		smd_remote_close(fetches[i].remote, NULL);
	return worst;
}

int smd_device_check(struct smd_call *call)
{
	const struct smd_inventory *inventory = call->site->inventory;
	const char *name = smd_json_string(call->request, "name");
	const struct smd_device *device;

	cJSON_AddArrayToObject(call->result, "devices");
	if (!name)
		return check_devices(call, inventory->devices, inventory->device_count);
	device = smd_inventory_device(inventory, name);
	if (device)
		return check_devices(call, device, 1);
	smd_fail(call->error, SMD_E_NOT_FOUND, "there is no device \"%s\" in the inventory", name);
	smd_error_hint(call->error, "`sdctl device list` shows those that there are");
	return SMD_E_NOT_FOUND;
}

/* device.trust: a host key is accepted only by an explicit call. */

int smd_device_trust(struct smd_call *call)
{
	const char *name = smd_json_string(call->request, "name");
	const char *expected = smd_json_string(call->request, "fingerprint");
	char line[4096] = "", fingerprint[128] = "";
	struct smd_remote *remote;
	int err = smd_remote_open_device(call->site, name, SMD_ACCESS_READ, &remote, call->error);

	if (err)
		return err;
	err = smd_remote_host_key(remote, line, sizeof(line), fingerprint, sizeof(fingerprint),
				  call->error);
	smd_remote_close(remote, NULL);
	if (err)
		return err;
	cJSON_AddStringToObject(call->result, "fingerprint", fingerprint);
	cJSON_AddBoolToObject(call->result, "accepted", expected && !strcmp(expected, fingerprint));
	if (!expected)
		return 0;
	if (!strcmp(expected, fingerprint))
		return smd_known_hosts_replace(call->site->inventory->known_hosts, line,
					       call->error);
	smd_fail(call->error, SMD_E_UNTRUSTED, "the device's key is %s, not %s", fingerprint,
		 expected);
	smd_error_device(call->error, name);
	smd_error_hint(call->error, "nothing was accepted; compare on the device's own console");
	return SMD_E_UNTRUSTED;
}
