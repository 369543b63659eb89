/* SPDX-License-Identifier: Apache-2.0 */
/* Open vSwitch by ovs-vsctl(8): one transaction per change, nothing to prepare or confirm. */
#include "ovs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ovs-vsctl gives up this many milliseconds before the driver does: nothing acts after that. */
#define MARGIN 2000u

/*
 * Exit status of ovs-vsctl when its --timeout has ended it by SIGALRM: in a shell's words, or none
 * where the server tells of the signal itself.
 */
#define ALARM 142
#define SIGNAL (-1)

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
	free(ovs->marker);
	free(ovs->next);
	free(ovs->doubtful);
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
static void run_command(struct smd_run *run, struct smd_action *action, char *command_take,
			uint32_t flags)
{
	struct smd_ovs *ovs = run->state;
	const char *command = command_take ? smd_run_printf(run, "%s", command_take) : NULL;

	free(command_take);
	if (!command) {
		smd_action_fail(action, SMD_CLASS_INVALID, "no memory for a command");
		return;
	}
	ovs->sent =
		(struct smd_exchange){.send = command, .flags = flags, .deadline = ovs->deadline};
	*action = (struct smd_action){
		.act = SMD_ACT_EXCHANGE, .exchanges = &ovs->sent, .exchange_count = 1};
}

/*
 * ovs-vsctl(8), "EXIT STATUS": 1 is a bad command or a transaction that the database refused; 126
 * or 127 is a shell without ovs-vsctl. Anything else is a signal, as the alarm of --timeout.
 */
static int is_refusal(const struct smd_answer *answer)
{
	return answer->end == SMD_END_FAILURE &&
	       (answer->status == 1 || answer->status == 126 || answer->status == 127);
}

/* Whether the answer ends the stage, as any does that is not good; `action` is then set. */
static int failed(const struct smd_run *run, const struct smd_answer *answer,
		  struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;

	if (answer->end == SMD_END_DONE)
		return 0;
	if (answer->end == SMD_END_FAILURE && (answer->status == ALARM || answer->status == SIGNAL))
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"the switch's database gave no answer in %u s",
				(unsigned)(ovs->deadline - MARGIN) / 1000);
	else
		smd_action_fail_from_answer(action, answer, &ovs->sent);
	return 1;
}

static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;
	const char *line;
	char *command;

	if (answer->end == SMD_END_START) {
		if (asprintf(&command, "%s --version", ovs->command) < 0)
			command = NULL;
		run_command(run, action, command, SMD_X_READS);
		return;
	}
	if (failed(run, answer, action))
		return;
	*run->facts =
		(struct smd_facts){.candidate = SMD_CANDIDATE_NONE, .atomic = 1, .abort_voids = 1};
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

/* Remember the marker as the switch has it: what we send next is void if it is another by then. */
static int note_marker(struct smd_ovs *ovs, const struct smd_text *output)
{
	free(ovs->marker);
	ovs->marker_known = !smd_ovs_marker_read(output, ovs->bridge, &ovs->marker);
	return ovs->marker_known;
}

/* All tables are read in one transaction: one consistent state. */
static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;

	if (answer->end == SMD_END_START) {
		run_command(run, action, smd_ovs_fetch_command(ovs, wants_faults(run->scope)),
			    SMD_X_READS);
		return;
	}
	if (failed(run, answer, action))
		return;
	note_marker(ovs, answer->out);
	*action = (struct smd_action){.act = SMD_ACT_DONE};
	for (size_t i = 0; i < smd_text_count(answer->out); i++)
		if (smd_text_line(run->result, smd_text_get(answer->out, i, NULL)))
			smd_action_fail(action, SMD_CLASS_INVALID, "the answer is too long");
}

/* Steps of a commit. READ and WITHDRAW are rare. */
enum step { BEGIN, READ, SEND, WITHDRAW };

/* Make the marker that the next command writes; `before` as in smd_ovs_marker_make. */
static int make_next(struct smd_run *run, const char *before, struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;

	free(ovs->next);
	ovs->next = smd_ovs_marker_make(run->tag, before);
	if (!ovs->next)
		smd_action_fail(action, SMD_CLASS_INVALID, "no memory, or no random number");
	return ovs->next != NULL;
}

/* The marker that was sent is now the bridge's. */
static void take_next(struct smd_ovs *ovs)
{
	free(ovs->marker);
	ovs->marker = ovs->next;
	ovs->next = NULL;
	ovs->marker_known = 1;
}

static void send_payload(struct smd_run *run, struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;
	struct smd_error error = {0};
	char *command;

	if (!make_next(run, ovs->marker, action))
		return;
	command = smd_ovs_commit_command(ovs, run->payload, &error);
	run->step = SEND;
	if (command)
		run_command(run, action, command, SMD_X_BARRIER);
	else
		smd_action_fail(action, SMD_CLASS_INVALID, "%s", error.message);
}

static void begin_commit(struct smd_run *run, struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;

	if (!smd_text_count(run->payload)) {
		*action = (struct smd_action){.act = SMD_ACT_DONE};
	} else if (ovs->marker_known) {
		send_payload(run, action);
	} else {
		run->step = READ;
		run_command(run, action, smd_ovs_fetch_command(ovs, 0), SMD_X_READS);
	}
}

static void marker_was_read(struct smd_run *run, const struct smd_answer *answer,
			    struct smd_action *action)
{
	if (failed(run, answer, action))
		return;
	if (note_marker(run->state, answer->out))
		send_payload(run, action);
	else
		smd_action_fail(action, SMD_CLASS_UNSUPPORTED,
				"the switch does not show external_ids of the bridge");
}

/*
 * After the alarm, either a guard was unmet all the time, or ovs-vswitchd did not take over what
 * the database has. The marker tells: it is replaced in the same transaction that reads it, so what
 * has not acted by then never will.
 */
static void was_sent(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;

	if (answer->end == SMD_END_DONE) {
		take_next(ovs);
		*action = (struct smd_action){.act = SMD_ACT_DONE};
		return;
	}
	if (answer->end != SMD_END_FAILURE || is_refusal(answer)) {
		ovs->marker_known &= is_refusal(answer);
		failed(run, answer, action);
		return;
	}
	free(ovs->doubtful);
	ovs->doubtful = ovs->next;
	ovs->next = NULL;
	run->step = WITHDRAW;
	if (make_next(run, "", action))
		run_command(run, action, smd_ovs_withdraw_command(ovs, 1), SMD_X_BARRIER);
	if (action->act == SMD_ACT_FAIL)
		action->reason = SMD_CLASS_UNKNOWN; /* what was sent is still on its way */
}

/* Whose change, or which, is in the way of a commit that has not acted. */
static void explain(struct smd_run *run, const struct smd_answer *answer, const char *found,
		    struct smd_action *action)
{
	const struct smd_ovs *ovs = run->state;
	struct smd_error error = {0};
	struct smd_text *tables = NULL;
	struct smd_tree *tree = NULL;
	int err = smd_text_new(&tables, 0);

	for (size_t i = 0; !err && i + 1 < smd_text_count(answer->out); i++) /* the last is `get` */
		err = smd_text_line(tables, smd_text_get(answer->out, i, NULL));
	if (!err)
		err = smd_ovs_parse(run->state, tables, &tree, &error);
	if (!err && smd_ovs_guards_hold(tree, run->payload, &error) == SMD_E_CONFLICT)
		smd_action_fail(action, SMD_CLASS_CONFLICT, "%s", error.message);
	else if (found && (!ovs->marker || strcmp(found, ovs->marker) != 0))
		smd_action_fail(action, SMD_CLASS_CONFLICT,
				"'%.*s' of another controller has changed the switch since it was "
				"read",
				(int)strcspn(found, "."), found);
	else
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"ovs-vsctl gave up; the change was not made, and will not be");
	smd_text_free(tables);
	smd_tree_free(tree);
}

static void was_withdrawn(struct smd_run *run, const struct smd_answer *answer,
			  struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;
	char *found = NULL;
	int err;

	if (answer->end != SMD_END_DONE) {
		ovs->marker_known = 0;
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"ovs-vsctl gave up, and the commit could not be withdrawn");
		return;
	}
	err = smd_ovs_marker_read(answer->out, ovs->bridge, &found);
	if (!err && found && !strcmp(found, ovs->doubtful))
		smd_action_fail(
			action, SMD_CLASS_UNKNOWN,
			"the database has the change, but ovs-vswitchd did not take it over "
			"in time");
	else if (!err &&
		 (found && ovs->marker ? !strcmp(found, ovs->marker) : found == ovs->marker))
		explain(run, answer, found, action);
	else if (!err && smd_ovs_marker_follows(found, ovs->marker))
		explain(run, answer, found, action);
	else
		smd_action_fail(
			action, SMD_CLASS_UNKNOWN,
			"ovs-vsctl gave up, and the bridge has the marker of somebody else");
	free(found);
	take_next(ovs);
}

static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (answer->end == SMD_END_START)
		begin_commit(run, action);
	else if (run->step == READ)
		marker_was_read(run, answer, action);
	else if (run->step == SEND)
		was_sent(run, answer, action);
	else
		was_withdrawn(run, answer, action);
}

/* Make void what was sent before: it waits for a marker that will never come again. */
static void withdraw(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	struct smd_ovs *ovs = run->state;

	if (answer->end == SMD_END_START) {
		if (make_next(run, "", action))
			run_command(run, action, smd_ovs_withdraw_command(ovs, 0), SMD_X_BARRIER);
		return;
	}
	if (answer->end == SMD_END_DONE) {
		take_next(ovs);
		*action = (struct smd_action){.act = SMD_ACT_DONE};
		return;
	}
	ovs->marker_known = 0;
	if (answer->end == SMD_END_FAILURE && !is_refusal(answer))
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "ovs-vsctl ended with status %d",
				answer->status);
	else
		failed(run, answer, action);
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
	.abort = withdraw,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
