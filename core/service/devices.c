/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to know of the devices of the inventory, and their host keys. */
#include <stdio.h>
#include <string.h>

#include "core/plan/fetch_job.h"
#include "core/service/methods.h"
#include "core/service/outgoing.h"
#include "core/site/host_key.h"
#include "core/site/in_use.h"
#include "core/site/known_hosts.h"
#include "core/tree/own.h"

static void add_labels(cJSON *json, const struct smd_device *device)
{
	cJSON *labels = cJSON_AddArrayToObject(json, "label");

	for (size_t i = 0; i < device->label_count; i++)
		cJSON_AddItemToArray(labels, cJSON_CreateString(device->labels[i]));
}

static void add_device(cJSON *json, const struct smd_device *device)
{
	cJSON_AddStringToObject(json, "name", device->name);
	cJSON_AddStringToObject(json, "driver", device->driver);
	cJSON_AddStringToObject(json, "address", device->address);
	cJSON_AddNumberToObject(json, "port", device->port);
	cJSON_AddStringToObject(json, "role", device->role);
	add_labels(json, device);
}

int smd_device_list(struct smd_call *call)
{
	const struct smd_inventory *inventory = call->site->inventory;
	cJSON *list = cJSON_AddArrayToObject(call->result, "devices");

	for (size_t i = 0; i < inventory->device_count; i++) {
		const struct smd_device *device = &inventory->devices[i];
		cJSON *json = cJSON_CreateObject();

		add_device(json, device);
		cJSON_AddItemToArray(list, json);
	}
	return 0;
}

/* device.show */

/* Names only: what they refer to is not looked at. */
static void add_credential(cJSON *json, const char *name, const struct smd_credential *credential)
{
	cJSON *one = cJSON_AddObjectToObject(json, name);

	cJSON_AddStringToObject(one, "name", credential->name);
	cJSON_AddStringToObject(one, "user", credential->user);
}

static void add_option(cJSON *list, const struct smd_device_option *option)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", option->name);
	if (*option->value_env)
		cJSON_AddStringToObject(json, "value-env", option->value_env);
	else if (*option->value_file)
		cJSON_AddStringToObject(json, "value-file", option->value_file);
	else
		cJSON_AddStringToObject(json, "value", option->value);
	cJSON_AddItemToArray(list, json);
}

static void add_options(cJSON *json, const struct smd_device *device)
{
	cJSON *list = cJSON_AddArrayToObject(json, "option");

	for (size_t i = 0; i < device->option_count; i++)
		add_option(list, &device->options[i]);
}

/*
 * Whether a key is accepted: "trusted", "untrusted", or "unknown" where it could be one of those
 * with hashed names.
 */
static int add_host_key(struct smd_call *call, const struct smd_device *device)
{
	cJSON *json = cJSON_AddObjectToObject(call->result, "host-key"), *keys;
	int hashed;
	int err = smd_host_keys_accepted(call->site->inventory->known_hosts, device->address,
					 device->port, &keys, &hashed, call->error);

	if (err)
		return err;
	cJSON_AddStringToObject(json, "state",
				keys->child ? "trusted"
				: hashed    ? "unknown"
					    : "untrusted");
	cJSON_AddItemToObject(json, "accepted", keys);
	return 0;
}

/* What is deployed there, and the open deployment that holds it. */
static int add_use(struct smd_call *call, const struct smd_device *device)
{
	char id[SMD_DEPLOYMENT_ID] = "";
	cJSON *names;
	int err = smd_site_deployed_on(call->site, device->name, &names, call->error);

	if (err)
		return err;
	cJSON_AddItemToObject(call->result, "configurations", names);
	err = smd_deployment_check_held(call->site, device->name, id, call->error);
	if (err != SMD_E_BUSY)
		return err;
	*call->error = (struct smd_error){0};
	cJSON_AddStringToObject(call->result, "held-by", id);
	return 0;
}

static int add_fetched(struct smd_call *call, struct smd_fetch_job *fetch, int reveals)
{
	smd_cleanup(free) char *text = NULL;
	int err =
		reveals ? 0
			: smd_outgoing_text(&fetch->remote->language, &fetch->native, call->error);

	if (err)
		return err;
	text = smd_text_join(fetch->native);
	if (!text || !cJSON_AddStringToObject(call->result, "text", text))
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_AddStringToObject(call->result, "product", fetch->facts.product);
	cJSON_AddStringToObject(call->result, "version", fetch->facts.version);
	return 0;
}

/* Log in and add what the device runs. */
static int add_running(struct smd_call *call, const struct smd_device *device, int reveals)
{
	struct smd_fetch_job fetch = {0};
	int err = smd_remote_open_device(call->site, device->name, SMD_ACCESS_READ, &fetch.remote,
					 call->error);

	if (err)
		return err;
	smd_fetch_all(&fetch, 1);
	err = smd_fetch_all_error(&fetch, 1, call->error);
	if (!err)
		err = add_fetched(call, &fetch, reveals);
	smd_fetch_jobs_done(&fetch, 1);
	smd_remote_close(fetch.remote, NULL);
	return err;
}

int smd_device_show(struct smd_call *call)
{
	const struct smd_device *device =
		smd_call_device(call, smd_json_string(call->request, "name"));
	int reveals, err;

	if (!device)
		return (int)call->error->code;
	err = smd_outgoing_opens(call, &reveals);
	if (err)
		return err;
	add_device(call->result, device);
	add_credential(call->result, "credential", device->credential);
	add_credential(call->result, "read-only-credential", device->read_only_credential);
	add_options(call->result, device);
	smd_outgoing_options(call, call->result);
	err = add_host_key(call, device);
	if (!err)
		err = add_use(call, device);
	if (!err)
		err = smd_seen_add(call, device, call->result);
	if (!err && smd_json_bool(call->request, "config", 0))
		err = add_running(call, device, reveals);
	return err;
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
