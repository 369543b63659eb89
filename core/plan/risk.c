/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/risk.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/fabric.h"

enum weight { LOW, MEDIUM, HIGH };

/* From how many devices on their number is a reason, and how many names a sentence has. */
#define MANY_DEVICES 11
#define MOST_NAMES 5

struct risk {
	const struct smd_draft *draft;
	const cJSON *ports;
	unsigned medium, high;
	cJSON *reasons;
	int *err;
};

static void add_reason(struct risk *risk, enum weight weight, const char *sentence)
{
	risk->medium += weight == MEDIUM;
	risk->high += weight == HIGH;
	smd_json_append(risk->reasons, cJSON_CreateString(sentence), risk->err);
}

/* "a, b, c and 4 more" */
struct names {
	char text[SMD_ERROR_MESSAGE];
	size_t used, count;
};

static void add_name(struct names *names, const char *first, const char *second)
{
	size_t room = sizeof(names->text) - names->used;
	int length;

	if (names->count++ >= MOST_NAMES)
		return;
	length = snprintf(names->text + names->used, room, "%s%s%s%s", names->used ? ", " : "",
			  first, second ? "/" : "", second ? second : "");
	if (length > 0)
		names->used += (size_t)length < room ? (size_t)length : room - 1;
}

static void end_names(struct names *names)
{
	if (names->count > MOST_NAMES)
		snprintf(names->text + names->used, sizeof(names->text) - names->used,
			 " and %zu more", names->count - MOST_NAMES);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void look_at_interruption(struct risk *risk)
{
	if (risk->draft->steps > 1)
		add_reason(risk, HIGH,
			   "traffic is interrupted: the old path is removed before the new one is "
			   "made, because both together would be a loop");
}

static void look_at_ports(struct risk *risk)
{
	smd_cleanup(cJSON_Delete) cJSON *used = cJSON_CreateArray();
	struct names names = {.used = 0};
	char sentence[2 * SMD_ERROR_MESSAGE];
	const cJSON *port;

	if (!used || smd_fabric_in_use(risk->draft, risk->ports, used)) {
		*risk->err = SMD_E_NO_MEMORY;
		return;
	}
	cJSON_ArrayForEach (port, used)
		add_name(&names, smd_json_string(port, "device"), smd_json_string(port, "port"));
	if (!names.count)
		return;
	end_names(&names);
	snprintf(sentence, sizeof(sentence), "%zu port%s that carr%s VLANs now %s changed: %s",
		 names.count, plural(names.count), names.count == 1 ? "ies" : "y",
		 names.count == 1 ? "is" : "are", names.text);
	add_reason(risk, MEDIUM, sentence);
}

/* What the controller alone takes back. */
static void look_at_levels(struct risk *risk)
{
	struct names names = {.used = 0};
	char sentence[2 * SMD_ERROR_MESSAGE];

	for (size_t i = 0; i < risk->draft->count; i++) {
		const struct smd_task *task = &risk->draft->tasks[i];

		if (smd_task_sends(task) && !smd_task_timer(task))
			add_name(&names, task->device, NULL);
	}
	if (!names.count)
		return;
	end_names(&names);
	snprintf(sentence, sizeof(sentence),
		 "%zu device%s without a revert timer: if the controller dies, only `sdctl "
		 "recover` takes the change back (%s)",
		 names.count, plural(names.count), names.text);
	add_reason(risk, MEDIUM, sentence);
}

static void look_at_number(struct risk *risk)
{
	char sentence[80];
	size_t count = 0;

	for (size_t i = 0; i < risk->draft->count; i++)
		count += smd_task_sends(&risk->draft->tasks[i]) != 0;
	if (count < MANY_DEVICES)
		return;
	snprintf(sentence, sizeof(sentence), "%zu devices are changed at the same time", count);
	add_reason(risk, MEDIUM, sentence);
}

/* Is there a host at an endpoint of the configuration, before or after the change? */
static int has_host(const struct smd_draft *draft, const struct smd_transition *transition)
{
	const struct smd_inventory *inventory = draft->site->inventory;
	int found = 0;

	for (size_t i = 0; inventory && i < inventory->host_count && !found; i++) {
		const struct smd_host *host = &inventory->hosts[i];

		found = host->device && host->device_port &&
			smd_transition_has_endpoint(transition, host->device, host->device_port);
	}
	return found;
}

static void look_at_proof(struct risk *risk)
{
	struct names names = {.used = 0};
	char sentence[2 * SMD_ERROR_MESSAGE];

	for (size_t i = 0; i < risk->draft->transition_count; i++) {
		const struct smd_transition *transition = risk->draft->transitions[i];

		if (smd_transition_vlan(transition) && !has_host(risk->draft, transition))
			add_name(&names, transition->configuration, NULL);
	}
	if (!names.count)
		return;
	end_names(&names);
	snprintf(sentence, sizeof(sentence),
		 "traffic proves nothing: no host of the inventory is at an endpoint of %s",
		 names.text);
	add_reason(risk, MEDIUM, sentence);
}

static int sends(const struct smd_draft *draft)
{
	for (size_t i = 0; i < draft->count; i++)
		if (smd_task_sends(&draft->tasks[i]))
			return 1;
	return 0;
}

cJSON *smd_risk_json(const struct smd_draft *draft, const cJSON *ports, int *err)
{
	cJSON *json = cJSON_CreateObject();
	struct risk risk = {.draft = draft, .ports = ports, .err = err};

	risk.reasons = smd_json_put_array(json, "reasons", err);
	if (sends(draft)) {
		look_at_interruption(&risk);
		look_at_ports(&risk);
		look_at_levels(&risk);
		look_at_proof(&risk);
		look_at_number(&risk);
	}
	smd_json_put_string(json, "level",
			    risk.high || risk.medium > 2 ? "high"
			    : risk.medium                ? "medium"
							 : "low",
			    err);
	return json;
}
