/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/inventory_changes.h"

#include <stdio.h>
#include <string.h>

/* Comparing members */

static int same_text(const void *a, const void *b)
{
	return !strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int same_port(const void *a, const void *b)
{
	return *(const uint16_t *)a == *(const uint16_t *)b;
}

static int same_flag(const void *a, const void *b)
{
	return *(const int *)a == *(const int *)b;
}

/* What it says is compared on its own; here it matters which one it is. */
static int same_credential(const void *a, const void *b)
{
	return !strcmp((*(const struct smd_credential *const *)a)->name,
		       (*(const struct smd_credential *const *)b)->name);
}

/* Of the whole device */
static int same_labels(const void *a, const void *b)
{
	const struct smd_device *one = a, *other = b;
	int same = one->label_count == other->label_count;

	for (size_t i = 0; same && i < one->label_count; i++)
		same = !strcmp(one->labels[i], other->labels[i]);
	return same;
}

static int same_options(const void *a, const void *b)
{
	const struct smd_device *one = a, *other = b;
	int same = one->option_count == other->option_count;

	for (size_t i = 0; same && i < one->option_count; i++) {
		const struct smd_device_option *x = &one->options[i], *y = &other->options[i];

		same = !strcmp(x->name, y->name) && !strcmp(x->value, y->value) &&
		       !strcmp(x->value_env, y->value_env) && !strcmp(x->value_file, y->value_file);
	}
	return same;
}

/* A member: its name in the document, its place, and how it is compared. */
struct member {
	const char *name;
	size_t at;
	int (*same)(const void *a, const void *b);
};

#define TEXT(type, name, member)                                                                   \
	{                                                                                          \
		name, offsetof(struct type, member), same_text                                     \
	}
#define LOGIN(type)                                                                                \
	TEXT(type, "address", address), {"port", offsetof(struct type, port), same_port},          \
	{                                                                                          \
		"credential", offsetof(struct type, credential), same_credential                   \
	}

static const struct member credential_members[] = {
	TEXT(smd_credential, "user", user),
	TEXT(smd_credential, "key-file", key_file),
	{"agent", offsetof(struct smd_credential, agent), same_flag},
	TEXT(smd_credential, "password-env", password_env),
	TEXT(smd_credential, "password-file", password_file),
	{0},
};

static const struct member device_members[] = {
	TEXT(smd_device, "driver", driver),
	LOGIN(smd_device),
	{"read-only-credential", offsetof(struct smd_device, read_only_credential),
	 same_credential},
	TEXT(smd_device, "role", role),
	{"label", 0, same_labels},
	{"option", 0, same_options},
	{0},
};

static const struct member host_members[] = {
	LOGIN(smd_host),
	TEXT(smd_host, "device", device),
	TEXT(smd_host, "device-port", device_port),
	TEXT(smd_host, "interface", interface),
	TEXT(smd_host, "ip", ip),
	{0},
};

/* Comparing lists */

/* Entries that begin with their name, sorted by it. */
struct entries {
	const void *array;
	size_t count;
};

static const char *const *entry(const struct entries *entries, size_t size, size_t index)
{
	return (const void *)((const char *)entries->array + index * size);
}

static int add_name(cJSON *list, const char *name)
{
	return cJSON_AddItemToArray(list, cJSON_CreateString(name)) ? 0 : SMD_E_NO_MEMORY;
}

/* Add {name, members} if a member differs. */
static int add_changed(cJSON *list, const struct member *members, const char *const *before,
		       const char *const *after)
{
	cJSON *json = NULL, *names = NULL;
	int err = 0;

	for (; members->name && !err; members++) {
		if (members->same((const char *)before + members->at,
				  (const char *)after + members->at))
			continue;
		if (!json) {
			json = cJSON_CreateObject();
			if (!cJSON_AddItemToArray(list, json))
				return SMD_E_NO_MEMORY;
			cJSON_AddStringToObject(json, "name", *after);
			names = cJSON_AddArrayToObject(json, "members");
		}
		err = add_name(names, members->name);
	}
	return err;
}

static int compare_entries(cJSON *json, const struct member *members, size_t size,
			   const struct entries *before, const struct entries *after)
{
	cJSON *added = cJSON_AddArrayToObject(json, "added");
	cJSON *changed = cJSON_AddArrayToObject(json, "changed");
	cJSON *dropped = cJSON_AddArrayToObject(json, "dropped");
	size_t i = 0, j = 0;
	int err = added && changed && dropped ? 0 : SMD_E_NO_MEMORY;

	while (!err && (i < before->count || j < after->count)) {
		const char *const *old = i < before->count ? entry(before, size, i) : NULL;
		const char *const *new = j < after->count ? entry(after, size, j) : NULL;
		int order = !old ? 1 : !new ? -1 : strcmp(*old, *new);

		if (order < 0)
			err = add_name(dropped, *old);
		else if (order > 0)
			err = add_name(added, *new);
		else
			err = add_changed(changed, members, old, new);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

/* Links */

static int by_ends(const struct smd_link *a, const struct smd_link *b)
{
	int order = strcmp(a->a_device, b->a_device);

	order = order ? order : strcmp(a->b_device, b->b_device);
	order = order ? order : strcmp(a->a_port, b->a_port);
	return order ? order : strcmp(a->b_port, b->b_port);
}

static int add_link(cJSON *list, const struct smd_link *link)
{
	smd_cleanup(free) char *text = NULL;

	if (asprintf(&text, "%s %s - %s %s", link->a_device, link->a_port, link->b_device,
		     link->b_port) < 0)
		return SMD_E_NO_MEMORY;
	return add_name(list, text);
}

static int compare_links(cJSON *json, const struct smd_topology *before,
			 const struct smd_topology *after)
{
	cJSON *added = cJSON_AddArrayToObject(json, "added");
	cJSON *dropped = cJSON_AddArrayToObject(json, "dropped");
	size_t i = 0, j = 0;
	int err = added && dropped ? 0 : SMD_E_NO_MEMORY;

	while (!err && (i < before->link_count || j < after->link_count)) {
		const struct smd_link *old = &before->links[i], *new = &after->links[j];
		int order = i == before->link_count  ? 1
			    : j == after->link_count ? -1
						     : by_ends(old, new);

		if (order < 0)
			err = add_link(dropped, old);
		else if (order > 0)
			err = add_link(added, new);
		i += order <= 0;
		j += order >= 0;
	}
	return err;
}

/* The whole */

static int is_equal(const cJSON *changes)
{
	const cJSON *kind, *list;

	cJSON_ArrayForEach (kind, changes) {
		if (cJSON_IsTrue(kind))
			return 0;
		cJSON_ArrayForEach (list, kind)
			if (list->child)
				return 0;
	}
	return 1;
}

static int compare_all(cJSON *json, const struct smd_inventory *before,
		       const struct smd_inventory *after)
{
	const struct {
		const char *name;
		const struct member *members;
		size_t size;
		struct entries before, after;
	} kinds[] = {
		{"credentials",
		 credential_members,
		 sizeof(*before->credentials),
		 {before->credentials, before->credential_count},
		 {after->credentials, after->credential_count}},
		{"devices",
		 device_members,
		 sizeof(*before->devices),
		 {before->devices, before->device_count},
		 {after->devices, after->device_count}},
		{"hosts",
		 host_members,
		 sizeof(*before->hosts),
		 {before->hosts, before->host_count},
		 {after->hosts, after->host_count}},
	};
	int err = 0;

	for (size_t i = 0; i < SMD_COUNT(kinds) && !err; i++)
		err = compare_entries(cJSON_AddObjectToObject(json, kinds[i].name),
				      kinds[i].members, kinds[i].size, &kinds[i].before,
				      &kinds[i].after);
	return err;
}

int smd_inventory_changes(const struct smd_inventory *before,
			  const struct smd_topology *links_before,
			  const struct smd_inventory *after, const struct smd_topology *links_after,
			  cJSON **out, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	int err = compare_all(json, before, after);

	if (!err)
		err = compare_links(cJSON_AddObjectToObject(json, "links"), links_before,
				    links_after);
	if (!err && strcmp(before->known_hosts, after->known_hosts))
		err = cJSON_AddTrueToObject(json, "known-hosts") ? 0 : SMD_E_NO_MEMORY;
	if (!err)
		err = cJSON_AddBoolToObject(json, "equal", is_equal(json)) ? 0 : SMD_E_NO_MEMORY;
	if (err)
		return smd_fail(error, err, "out of memory");
	*out = smd_take(json);
	return 0;
}
