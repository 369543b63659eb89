/* SPDX-License-Identifier: Apache-2.0 */
/* Progress of a deployment: one line for each step that a device has finished. */
#include <string.h>
#include <unistd.h>

#include "api/sdctl/columns.h"

static const char *phase_text(const char *phase)
{
	static const struct {
		const char *phase, *words;
	} table[] = {
		{"begin", "Recording what is about to happen"},
		{"baseline", "Asking the hosts for a baseline"},
		{"prepare", "Preparing"},
		{"commit", "Committing"},
		{"verify", "Reading back"},
		{"prove", "Proving by traffic"},
		{"decide", "Decided: keep it"},
		{"confirm", "Confirming"},
		{"persist", "Saving"},
		{"abort", "Taking back what was prepared"},
		{"rollback", "Rolling back"},
		{"prove-rollback", "Proving the rollback by traffic"},
		{"recover", "Recovering"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (!strcmp(table[i].phase, phase))
			return table[i].words;
	return NULL;
}

static const char *colour_of(const char *state)
{
	static const char *const doubtful[] = {"unknown", "late", "waiting"};

	if (!strcmp(state, "failed"))
		return "31";
	for (size_t i = 0; i < sizeof(doubtful) / sizeof(doubtful[0]); i++)
		if (!strcmp(doubtful[i], state))
			return "33";
	return "32";
}

static void show_device(const struct run *run, const cJSON *event)
{
	const char *state = text_of(event, "state");
	const char *message = text_of(event, "message");

	if (!strcmp(state, "started"))
		return;
	fprintf(stderr, "    %-16s ", text_of(event, "device"));
	if (run->colour)
		fprintf(stderr, "\033[%sm%s\033[0m", colour_of(state), state);
	else
		fprintf(stderr, "%s", state);
	fprintf(stderr, "%s%s\n", *message ? ": " : "", message);
}

/* For somebody who waits; whoever reads a file of it would learn nothing. */
static void show_reading(double devices)
{
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "  Reading ");
	print_count(stderr, devices, "device", "devices");
	fprintf(stderr, "\n");
}

void show_event(void *arg, const cJSON *event)
{
	struct run *run = arg;
	const char *words;

	if (run->json) {
		char *text = cJSON_PrintUnformatted(event);

		fprintf(stderr, "%s\n", text ? text : "");
		cJSON_free(text);
		return;
	}
	if (!strcmp(text_of(event, "event"), "device")) {
		show_device(run, event);
		return;
	}
	if (!strcmp(text_of(event, "event"), "checked")) {
		cJSON *device = cJSON_Duplicate(cJSON_GetObjectItem(event, "device"), 1);

		if (device)
			print_device_check(run, sanitize_json(device));
		cJSON_Delete(device);
		return;
	}
	if (!strcmp(text_of(event, "event"), "dropped")) {
		fprintf(stderr, "    (%.0f events of progress left out)\n",
			number_of(event, "count"));
		return;
	}
	if (!strcmp(text_of(event, "phase"), "read")) {
		show_reading(number_of(event, "devices"));
		return;
	}
	words = phase_text(text_of(event, "phase"));
	if (words)
		fprintf(stderr, "  %s\n", words);
}
