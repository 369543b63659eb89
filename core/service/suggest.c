/* SPDX-License-Identifier: Apache-2.0 */
/* "Did you mean": for a name that is not known, the nearest one of those that there are. */
#include <string.h>

#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/service/methods.h"

/* best: a copy of the nearest name, because those that are offered go. */
struct suggestion {
	struct smd_nearest nearest;
	char best[SMD_NEAREST_LENGTH * 2];
	int is_known;
};

static void offer(struct suggestion *suggestion, const char *name)
{
	const char *before = suggestion->nearest.best;

	suggestion->is_known |= !strcmp(name, suggestion->nearest.word);
	smd_nearest_offer(&suggestion->nearest, name);
	if (suggestion->nearest.best == before)
		return;
	snprintf(suggestion->best, sizeof(suggestion->best), "%s", name);
	suggestion->nearest.best = suggestion->best;
}

static int offer_driver(void *arg, const char *name)
{
	offer(arg, name);
	return 0;
}

static int offer_key(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	(void)value;
	(void)size;
	(void)revision;
	offer(arg, key);
	return 0;
}

static void offer_all(const struct smd_call *call, enum smd_names names,
		      struct suggestion *suggestion)
{
	if (names == SMD_NAMES_DRIVER) {
		/* best effort, as below: without an answer nothing is suggested */
		(void)smd_loader_each_driver(call->loader, offer_driver, suggestion, NULL);
		return;
	}
	if (!call->site)
		return;
	if (names == SMD_NAMES_CONFIGURATION || names == SMD_NAMES_DEPLOYMENT)
		(void)smd_store_thread_each(call->site->store_thread, "configuration", "",
					    offer_key, suggestion, NULL);
	if (names == SMD_NAMES_DEVICE)
		for (size_t i = 0; i < call->site->inventory->device_count; i++)
			offer(suggestion, call->site->inventory->devices[i].name);
}

/* A pattern for names (glob(7)) is no name that is not known. */
static int is_pattern(enum smd_names names, const char *word)
{
	return names == SMD_NAMES_DEVICE && strpbrk(word, "*?[");
}

static void suggest_for(const struct smd_call *call, enum smd_names names, const char *word)
{
	struct suggestion suggestion = {.nearest.word = word};

	if (is_pattern(names, word))
		return;
	offer_all(call, names, &suggestion);
	if (suggestion.nearest.best && !suggestion.is_known)
		smd_error_hint(call->error, "did you mean \"%s\"?", suggestion.best);
}

void smd_call_suggest(const struct smd_call *call, const struct smd_method *method)
{
	for (const struct smd_field *field = method->fields; field->name; field++) {
		const cJSON *value = smd_json_member(call->request, field->name), *one;

		if (field->names == SMD_NAMES_NONE)
			continue;
		if (cJSON_IsString(value))
			suggest_for(call, field->names, value->valuestring);
		if (cJSON_IsArray(value))
			cJSON_ArrayForEach (one, value)
				if (cJSON_IsString(one))
					suggest_for(call, field->names, one->valuestring);
	}
}
