/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/ledger.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"

static void claim_done(struct smd_claim *claim)
{
	for (size_t i = 0; i < claim->owner_count; i++)
		free(claim->owners[i]);
	free(claim->owners);
	free(claim->path);
	free(claim->was);
}

void smd_ledger_done(struct smd_ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		claim_done(&ledger->claims[i]);
	free(ledger->claims);
	*ledger = (struct smd_ledger){0};
}

/* Where the row is, or has to be. */
static size_t place(const struct smd_ledger *ledger, const char *path, int *there)
{
	size_t low = 0, high = ledger->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(ledger->claims[middle].path, path);

		if (!order) {
			*there = 1;
			return middle;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*there = 0;
	return low;
}

struct smd_claim *smd_ledger_find(const struct smd_ledger *ledger, const char *path)
{
	int there;
	size_t at = place(ledger, path, &there);

	return there ? &ledger->claims[at] : NULL;
}

struct smd_claim *smd_ledger_row(struct smd_ledger *ledger, const char *path, int *fresh)
{
	int there;
	size_t at = place(ledger, path, &there);
	char *copy;

	*fresh = !there;
	if (there)
		return &ledger->claims[at];
	if (ledger->count == ledger->room) {
		size_t room = ledger->room ? ledger->room * 2 : 16;
		struct smd_claim *claims = reallocarray(ledger->claims, room, sizeof(*claims));

		if (!claims)
			return NULL;
		ledger->claims = claims;
		ledger->room = room;
	}
	copy = strdup(path);
	if (!copy)
		return NULL;
	memmove(&ledger->claims[at + 1], &ledger->claims[at],
		(ledger->count - at) * sizeof(*ledger->claims));
	ledger->count++;
	ledger->claims[at] = (struct smd_claim){.path = copy};
	return &ledger->claims[at];
}

void smd_ledger_drop(struct smd_ledger *ledger, const char *path)
{
	int there;
	size_t at = place(ledger, path, &there);

	if (!there)
		return;
	claim_done(&ledger->claims[at]);
	ledger->count--;
	memmove(&ledger->claims[at], &ledger->claims[at + 1],
		(ledger->count - at) * sizeof(*ledger->claims));
}

int smd_claim_owned_by(const struct smd_claim *claim, const char *owner)
{
	for (size_t i = 0; i < claim->owner_count; i++)
		if (!strcmp(claim->owners[i], owner))
			return 1;
	return 0;
}

const char *smd_claim_other(const struct smd_claim *claim, const char *owner)
{
	for (size_t i = 0; i < claim->owner_count; i++)
		if (strcmp(claim->owners[i], owner))
			return claim->owners[i];
	return NULL;
}

int smd_claim_add_owner(struct smd_claim *claim, const char *owner)
{
	char **owners;

	if (smd_claim_owned_by(claim, owner))
		return 0;
	owners = reallocarray(claim->owners, claim->owner_count + 1, sizeof(*owners));
	if (!owners)
		return SMD_E_NO_MEMORY;
	claim->owners = owners;
	owners[claim->owner_count] = strdup(owner);
	if (!owners[claim->owner_count])
		return SMD_E_NO_MEMORY;
	claim->owner_count++;
	return 0;
}

void smd_claim_remove_owner(struct smd_claim *claim, const char *owner)
{
	for (size_t i = 0; i < claim->owner_count; i++) {
		if (strcmp(claim->owners[i], owner))
			continue;
		free(claim->owners[i]);
		claim->owners[i] = claim->owners[--claim->owner_count];
		return;
	}
}

/* Records */

static cJSON *claim_json(const struct smd_claim *claim)
{
	cJSON *json = cJSON_CreateObject();
	cJSON *owners = cJSON_AddArrayToObject(json, "owners");

	cJSON_AddStringToObject(json, "path", claim->path);
	for (size_t i = 0; i < claim->owner_count; i++)
		cJSON_AddItemToArray(owners, cJSON_CreateString(claim->owners[i]));
	cJSON_AddBoolToObject(json, "foreign", claim->foreign);
	if (claim->was)
		cJSON_AddItemToObject(json, "was", smd_json_bytes(claim->was, claim->was_size));
	return json;
}

static int add_json(struct smd_ledger *ledger, const cJSON *json)
{
	const char *path = smd_json_string(json, "path");
	const cJSON *was = smd_json_member(json, "was");
	const cJSON *owner;
	struct smd_claim *claim;
	int fresh, err = 0;

	claim = path ? smd_ledger_row(ledger, path, &fresh) : NULL;
	if (!claim)
		return SMD_E_NO_MEMORY;
	claim->foreign = smd_json_bool(json, "foreign", 0);
	if (was && !claim->was)
		err = smd_json_read_bytes(was, &claim->was, &claim->was_size);
	cJSON_ArrayForEach (owner, smd_json_array(json, "owners"))
		err = err                     ? err
		      : cJSON_IsString(owner) ? smd_claim_add_owner(claim, owner->valuestring)
					      : SMD_E_INVALID;
	return err;
}

/* A path can be longer than a key may be, so the key has its digest. */
static void record_key(const char *device, const char *path, char *out, size_t size)
{
	char digest[SMD_SHA256_HEX] = "";

	if (smd_sha256_hex(path, strlen(path), digest))
		digest[0] = '\0';
	snprintf(out, size, "%s %s", device, digest);
}

struct loading {
	struct smd_ledger *ledger;
	struct smd_error *error;
};

static int on_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct loading *loading = arg;
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	int err = smd_json_parse(value, size, key, &json, loading->error);

	(void)revision;
	if (err)
		return err;
	err = add_json(loading->ledger, json);
	return err ? smd_fail(loading->error, err, "the ledger's record \"%s\" is damaged", key)
		   : 0;
}

int smd_ledger_load(struct smd_ledger *out, struct smd_store_thread *store_thread,
		    const char *device, struct smd_error *error)
{
	struct loading loading = {out, error};
	char prefix[SMD_STORE_KEY];
	int err;

	*out = (struct smd_ledger){0};
	snprintf(prefix, sizeof(prefix), "%s ", device);
	err = smd_store_thread_each(store_thread, "ledger", prefix, on_record, &loading, error);
	if (err)
		smd_ledger_done(out);
	return err;
}

int smd_ledger_copy(struct smd_ledger *out, const struct smd_ledger *from)
{
	*out = (struct smd_ledger){0};
	for (size_t i = 0; i < from->count; i++) {
		smd_cleanup(cJSON_Delete) cJSON *json = claim_json(&from->claims[i]);

		if (!json || add_json(out, json)) {
			smd_ledger_done(out);
			return SMD_E_NO_MEMORY;
		}
	}
	return 0;
}

static int same(const struct smd_claim *a, const struct smd_claim *b)
{
	smd_cleanup(cJSON_Delete) cJSON *one = claim_json(a);
	smd_cleanup(cJSON_Delete) cJSON *other = claim_json(b);

	return cJSON_Compare(one, other, 1);
}

void smd_ledger_save(const struct smd_ledger *before, const struct smd_ledger *after,
		     const char *device, struct smd_batch *batch)
{
	char key[SMD_STORE_KEY];

	for (size_t i = 0; i < before->count; i++) {
		record_key(device, before->claims[i].path, key, sizeof(key));
		if (!smd_ledger_find(after, before->claims[i].path))
			smd_batch_delete(batch, "ledger", key);
	}
	for (size_t i = 0; i < after->count; i++) {
		const struct smd_claim *claim = &after->claims[i];
		const struct smd_claim *old = smd_ledger_find(before, claim->path);
		smd_cleanup(cJSON_Delete) cJSON *json = NULL;

		if (old && same(old, claim))
			continue;
		json = claim_json(claim);
		record_key(device, claim->path, key, sizeof(key));
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "ledger", key, json);
	}
}
