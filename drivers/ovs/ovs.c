/* SPDX-License-Identifier: Apache-2.0 */
/* Open vSwitch by ovs-vsctl(8): one transaction per change, nothing to prepare or confirm. */
#include "ovs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ovs-vsctl gives up this many milliseconds before the driver does: nothing acts after that. */
#define MARGIN 2000u

static const struct smd_option options[] = {
	{.name = "bridge",
	 .type = SMD_OPTION_STRING,
	 .initial = "br0",
	 .help = "bridge whose ports are managed"},
	{.name = "db",
	 .type = SMD_OPTION_STRING,
	 .help = "database as ovs-vsctl --db takes it, if not the default"},
	{.name = "sudo",
	 .type = SMD_OPTION_BOOL,
	 .initial = "false",
	 .help = "run ovs-vsctl by sudo -n"},
	{.name = "timeout",
	 .type = SMD_OPTION_NUMBER,
	 .initial = "5",
	 .minimum = 1,
	 .maximum = 600,
	 .help = "seconds after which ovs-vsctl gives up; so long it may act on a lost connection"},
};

/* `sudo -n ovs-vsctl --timeout=5 --db='...'`, with the parts that the settings ask for. */
static char *command_of(const struct smd_settings *settings)
{
	const char *sudo = smd_settings_bool(settings, "sudo") ? "sudo -n " : "";
	const char *db = smd_settings_string(settings, "db");
	char *quoted = db ? smd_ovs_quote(db) : NULL;
	char *command = NULL;

	if (db && !quoted)
		return NULL;
	if (asprintf(&command, "%sovs-vsctl --timeout=%d%s%s", sudo,
		     (int)smd_settings_number(settings, "timeout"), db ? " --db=" : "",
		     db ? quoted : "") < 0)
		command = NULL;
	free(quoted);
	return command;
}

static void close_state(void *state)
{
	struct smd_ovs *ovs = state;

	if (!ovs)
		return;
	free(ovs->bridge);
	free(ovs->command);
	free(ovs);
}

static int open_state(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	const char *bridge = smd_settings_string(settings, "bridge");
	struct smd_ovs *ovs;

	if (!bridge || !*bridge)
		return smd_fail(error, SMD_E_INVALID, "option 'bridge' must not be empty");
	ovs = calloc(1, sizeof(*ovs));
	if (ovs) {
		ovs->bridge = strdup(bridge);
		ovs->command = command_of(settings);
		ovs->deadline = (uint32_t)smd_settings_number(settings, "timeout") * 1000 + MARGIN;
	}
	if (!ovs || !ovs->bridge || !ovs->command) {
		close_state(ovs);
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a device");
	}
	*state = ovs;
	return 0;
}

/* Send one command; it is kept in the state for an error message. */
static void run_command(struct smd_run *run, struct smd_action *action, const char *command,
			uint32_t flags)
{
	struct smd_ovs *ovs = run->state;

	if (!command) {
		smd_action_fail(action, SMD_CLASS_INVALID, "no memory for a command");
		return;
	}
	ovs->sent =
		(struct smd_exchange){.send = command, .flags = flags, .deadline = ovs->deadline};
	*action = (struct smd_action){
		.act = SMD_ACT_EXCHANGE, .exchanges = &ovs->sent, .exchange_count = 1};
}

/* Whether the answer ends the stage, as any does that is not good; `action` is then set. */
static int failed(const struct smd_run *run, const struct smd_answer *answer,
		  struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;

	if (answer->end == SMD_END_DONE)
		return 0;
	smd_action_fail_from_answer(action, answer, &ovs->sent);
	return 1;
}

static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;
	const char *line;

	if (answer->end == SMD_END_START) {
		run_command(run, action, smd_run_printf(run, "%s --version", ovs->command),
			    SMD_X_READS);
		return;
	}
	if (failed(run, answer, action))
		return;
	*run->facts = (struct smd_facts){.candidate = SMD_CANDIDATE_NONE, .atomic = 1};
	snprintf(run->facts->product, sizeof(run->facts->product), "Open vSwitch");
	line = smd_text_get(answer->out, 0, NULL);
	if (line && strrchr(line, ' ')) /* "ovs-vsctl (Open vSwitch) 3.1.0" */
		snprintf(run->facts->version, sizeof(run->facts->version), "%s",
			 strrchr(line, ' ') + 1);
	*action = (struct smd_action){.act = SMD_ACT_DONE};
}

static int wants_faults(const struct smd_text *scope)
{
	for (size_t i = 0; i < smd_text_count(scope); i++)
		if (!strncmp(smd_text_get(scope, i, NULL), "/fault", 6))
			return 1;
	return 0;
}

/* Read all tables in one transaction: one consistent state. */
static const char *fetch_command(struct smd_run *run)
{
	const struct smd_ovs *ovs = run->state;
	int faults = wants_faults(run->scope);
	char *bridge = smd_ovs_quote(ovs->bridge);
	const char *command = NULL;

	if (bridge)
		command = smd_run_printf(run,
					 "%s --format=json -- --columns=name,ports list Bridge %s"
					 " -- --columns=_uuid,name,tag,trunks,vlan_mode,cvlans%s "
					 "list Port%s",
					 ovs->command, bridge, faults ? ",interfaces" : "",
					 faults ? " -- --columns=_uuid,name,error list Interface"
						: "");
	free(bridge);
	return command;
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (answer->end == SMD_END_START) {
		run_command(run, action, fetch_command(run), SMD_X_READS);
		return;
	}
	if (failed(run, answer, action))
		return;
	*action = (struct smd_action){.act = SMD_ACT_DONE};
	for (size_t i = 0; i < smd_text_count(answer->out); i++)
		if (smd_text_line(run->result, smd_text_get(answer->out, i, NULL)))
			smd_action_fail(action, SMD_CLASS_INVALID, "the answer is too long");
}

static int append_line(FILE *out, const char *line)
{
	struct smd_ovs_words words;
	int err = smd_ovs_words_split(&words, line, NULL);

	if (err)
		return err;
	fputs(" --", out);
	for (size_t i = 0; i < words.count; i++) {
		char *quoted = smd_ovs_quote(words.word[i]);

		fprintf(out, " %s", quoted ? quoted : "");
		err = quoted ? err : SMD_E_NO_MEMORY;
		free(quoted);
	}
	smd_ovs_words_done(&words);
	return err;
}

/* The payload as one command. Each word is split off and quoted anew before a shell sees it. */
static const char *commit_command(struct smd_run *run, struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;
	const char *command = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? 0 : SMD_E_NO_MEMORY;

	if (out)
		fputs(ovs->command, out);
	for (size_t i = 0; !err && i < smd_text_count(run->payload); i++)
		err = append_line(out, smd_text_get(run->payload, i, NULL));
	if (out && fclose(out))
		err = SMD_E_NO_MEMORY;
	if (!err && size <= SMD_OVS_COMMAND_MAX)
		command = smd_run_printf(run, "%s", text);
	if (err == SMD_E_INVALID)
		smd_action_fail(action, SMD_CLASS_INVALID, "the payload is not ours to send");
	else if (!err && size > SMD_OVS_COMMAND_MAX)
		smd_action_fail(action, SMD_CLASS_INVALID,
				"the change is too long for one command");
	else if (!command)
		smd_action_fail(action, SMD_CLASS_INVALID, "no memory for a command");
	free(text);
	return command;
}

/*
 * ovs-vsctl(8), "EXIT STATUS": 1 is a bad command or a transaction that the database refused; 126
 * or 127 is a shell without ovs-vsctl. After anything else (the alarm of --timeout, another signal)
 * the command may have acted.
 */
static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	int refused = answer->status == 1 || answer->status == 126 || answer->status == 127;

	if (answer->end == SMD_END_START && smd_text_count(run->payload)) {
		const char *command = commit_command(run, action);

		if (command)
			run_command(run, action, command, SMD_X_BARRIER);
		return;
	}
	if (answer->end == SMD_END_FAILURE && !refused)
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "ovs-vsctl ended with status %d",
				answer->status);
	else if (answer->end == SMD_END_START || !failed(run, answer, action))
		*action = (struct smd_action){.act = SMD_ACT_DONE};
}

static const struct smd_session_profile profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "exec",
	.deadline = 5000 + MARGIN,
};

static const struct smd_service services[] = {
	{.name = "bridge-domain",
	 .version = 1,
	 .compose = smd_ovs_compose,
	 .discover = smd_ovs_discover,
	 .ports = smd_ovs_ports},
};

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "ovs",
		 .summary = "Open vSwitch by ovs-vsctl over SSH", .version = "1.0",
		 SMD_OPTIONS(options)},
	.profile = &profile,
	.services = services,
	.service_count = sizeof(services) / sizeof(services[0]),
	.service_size = sizeof(services[0]),
	.open = open_state,
	.close = close_state,
	.parse = smd_ovs_parse,
	.print = smd_ovs_print,
	.render = smd_ovs_render,
	.simulate = smd_ovs_simulate,
	.safe = smd_ovs_safe,
	.attach = attach,
	.fetch = fetch,
	.commit = commit,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
