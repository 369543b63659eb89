/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/in_use.h"
#include "core/site/deployment_key.h"

#include <string.h>

struct in_use {
	const struct smd_inventory *now, *next;
	int err;
	struct smd_error error;
};

static int same_options(const struct smd_device *a, const struct smd_device *b)
{
	if (a->option_count != b->option_count)
		return 0;
	for (size_t i = 0; i < a->option_count; i++)
		if (strcmp(a->options[i].name, b->options[i].name) ||
		    strcmp(a->options[i].value, b->options[i].value))
			return 0;
	return 1;
}

/* The name of what differs between two entries of a device in a way that matters; NULL: nothing. */
static const char *difference(const struct smd_device *a, const struct smd_device *b)
{
	if (strcmp(a->driver, b->driver))
		return "driver";
	if (strcmp(a->address, b->address) || a->port != b->port)
		return "address";
	return same_options(a, b) ? NULL : "options";
}

static int check_device(struct in_use *in_use, const char *name, const char *user)
{
	const struct smd_device *now = smd_inventory_device(in_use->now, name);
	const struct smd_device *next = smd_inventory_device(in_use->next, name);
	const char *what = now && next ? difference(now, next) : NULL;

	if (next && !what)
		return 0;
	if (next)
		smd_fail(&in_use->error, SMD_E_CONFLICT, "the %s of \"%s\" cannot change: %s", what,
			 name, user);
	else
		smd_fail(&in_use->error, SMD_E_CONFLICT, "\"%s\" cannot be removed: %s", name,
			 user);
	return in_use->err = SMD_E_CONFLICT;
}

static int on_deployed(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct in_use *in_use = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	const cJSON *slice;
	char user[SMD_STORE_KEY + 32];

	(void)revision;
	in_use->err = smd_json_parse(value, size, key, &record, &in_use->error);
	snprintf(user, sizeof(user), "\"%s\" is deployed there", key);
	cJSON_ArrayForEach (slice, smd_json_object(record, "slices"))
		if (!in_use->err && check_device(in_use, slice->string, user))
			smd_error_hint(&in_use->error,
				       "change or remove \"%s\" first, and apply that", key);
	return in_use->err;
}

/* Which configurations are on one device. */
struct on_device {
	const char *device;
	cJSON *names;
	struct smd_error *error;
};

static int on_deployed_there(void *arg, const char *key, const void *value, size_t size,
			     uint64_t revision)
{
	struct on_device *on = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	int err = smd_json_parse(value, size, key, &record, on->error);

	(void)revision;
	if (err || !smd_json_member(smd_json_object(record, "slices"), on->device))
		return err;
	return cJSON_AddItemToArray(on->names, cJSON_CreateString(key)) ? 0 : SMD_E_NO_MEMORY;
}

int smd_site_deployed_on(struct smd_site *site, const char *device, cJSON **out,
			 struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *names = cJSON_CreateArray();
	struct on_device on = {device, names, error};
	int err = smd_store_thread_each(site->store_thread, "deployed", "", on_deployed_there, &on,
					error);

	if (!err)
		*out = smd_take(names);
	return err;
}

static int on_open(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	int err = 0;

	(void)value;
	(void)size;
	(void)revision;
	smd_json_append(arg, cJSON_CreateString(key), &err);
	return err;
}

/*
 * Called for each snapshot, whose key is "ID DEVICE". Snapshots tell the devices of a
 * deployment even if its record is damaged.
 */
static int on_snapshot(void *arg, const char *key, const void *value, size_t size,
		       uint64_t revision)
{
	struct in_use *in_use = arg;
	const char *device = strchr(key, ' ');
	char user[SMD_STORE_KEY + 32], open[SMD_STORE_KEY], id[SMD_DEPLOYMENT_ID];

	(void)value;
	(void)size;
	(void)revision;
	if (!device)
		return 0;
	snprintf(open, sizeof(open), "%.*s", (int)(device - key), key);
	smd_deployment_id(open, id);
	snprintf(user, sizeof(user), "deployment %s is still open there", id);
	if (check_device(in_use, device + 1, user))
		smd_error_hint(&in_use->error, "run `sdctl recover` first");
	return in_use->err;
}

static int check_open(struct smd_site *site, struct in_use *in_use, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *open = cJSON_CreateArray();
	int err = smd_store_thread_each(site->store_thread, "open", "", on_open, open, error);
	const cJSON *id;

	cJSON_ArrayForEach (id, open) {
		char prefix[SMD_STORE_KEY];

		snprintf(prefix, sizeof(prefix), "%s ", id->valuestring);
		if (!err)
			err = smd_store_thread_each(site->store_thread, "snapshot", prefix,
						    on_snapshot, in_use, error);
	}
	return err;
}

int smd_site_check_in_use(struct smd_site *site, const struct smd_inventory *inventory,
			  struct smd_error *error)
{
	struct in_use in_use = {.now = site->inventory, .next = inventory};
	int err = smd_store_thread_each(site->store_thread, "deployed", "", on_deployed, &in_use,
					error);

	if (!err)
		err = check_open(site, &in_use, error);
	if (in_use.err && error)
		*error = in_use.error;
	return err;
}
