/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/proof_sum.h"

#include <stdio.h>
#include <string.h>

struct counts {
	unsigned proven, unproven, broken;
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* Add the claims to the list and count them. */
static struct counts add_claims(const struct smd_node *claims, cJSON *list, int *err)
{
	const struct smd_node *claim = claims ? smd_node_first(claims) : NULL;
	struct counts counts = {0};

	for (; claim; claim = smd_node_next(claim)) {
		const char *result = or_empty(smd_node_leaf(claim, "result"));
		cJSON *json = cJSON_CreateObject();

		smd_json_put_string(json, "claim", smd_node_key(claim, 0), err);
		smd_json_put_string(json, "result", result, err);
		smd_json_put_string(json, "seen", or_empty(smd_node_leaf(claim, "seen")), err);
		smd_json_append(list, json, err);
		if (!strcmp(result, "proven"))
			counts.proven++;
		else if (!strcmp(result, "broken"))
			counts.broken++;
		else
			counts.unproven++;
	}
	return counts;
}

/* The summary, such as "proven 12, broken 1, unproven 4". */
static void summarize(const struct counts *counts, size_t hosts, char *out, size_t size)
{
	size_t used;

	if (!counts->proven && !counts->broken && !counts->unproven) {
		snprintf(out, size, "%s",
			 hosts ? "nothing to prove with so few hosts" : "no hosts to prove with");
		return;
	}
	used = (size_t)snprintf(out, size, "proven %u", counts->proven);
	if (counts->broken)
		used += (size_t)snprintf(out + used, size - used, ", broken %u", counts->broken);
	if (counts->unproven)
		snprintf(out + used, size - used, ", unproven %u", counts->unproven);
}

static const cJSON *first_claim(const cJSON *list, const char *result)
{
	const cJSON *claim;

	cJSON_ArrayForEach (claim, list)
		if (!strcmp(or_empty(smd_json_string(claim, "result")), result))
			return claim;
	return NULL;
}

static int judge_claims(const cJSON *list, const struct counts *counts, const char *summary,
			int require, struct smd_error *error)
{
	const char *result = counts->broken ? "broken" : "unproven";
	const cJSON *claim = first_claim(list, result);

	if (!counts->broken && !require)
		return 0;
	if (!counts->broken && !counts->unproven && counts->proven)
		return 0;
	if (!claim)
		return smd_fail(error, SMD_E_DEVICE, "a proof is required: %s", summary);
	return smd_fail(error, SMD_E_DEVICE, "%s: %s (%s)",
			counts->broken ? "not true" : "a proof is required, but not proven",
			smd_json_string(claim, "claim"), smd_json_string(claim, "seen"));
}

int smd_proof_sum(const struct smd_node *claims, size_t hosts, int require, cJSON **result,
		  struct smd_error *error)
{
	cJSON *json = cJSON_CreateObject(), *list = cJSON_CreateArray();
	int err = 0;
	struct counts counts = add_claims(claims, list, &err);
	char summary[80];

	*result = NULL;
	summarize(&counts, hosts, summary, sizeof(summary));
	smd_json_put_string(json, "summary", summary, &err);
	smd_json_put_number(json, "proven", counts.proven, &err);
	smd_json_put_number(json, "unproven", counts.unproven, &err);
	smd_json_put_number(json, "broken", counts.broken, &err);
	smd_json_put(json, "claims", list, &err);
	if (err) {
		cJSON_Delete(json);
		return smd_fail(error, err, "out of memory");
	}
	*result = json;
	return judge_claims(list, &counts, summary, require, error);
}
