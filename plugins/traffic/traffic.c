/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The test of bridge domains by real traffic, with smd-probe on the hosts.
 *
 * That a host heard nothing proves something only if the frame had time to arrive. The test
 * relies on the order of frames, not on a clock. In one round, outsiders send; when they have
 * their prompts back, their frames are on the wire. Only then, in the next round, do members
 * send control frames. Each member reports what it heard after the control frames of all other
 * members have arrived. A leaked frame was sent a whole round earlier and travels over the same
 * last link, which keeps order, so it would have arrived too. A member that hears no control
 * frame proves nothing by its silence. Where no frame is expected at all (outsiders, a single
 * member, a removed domain), hosts listen for QUIET milliseconds, many times what a frame needs
 * through a switched network.
 */
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ECHOES = 3,
	ECHO_TIMEOUT = 400,   /* ms for each echo, and for each of three ARP requests */
	AWAIT_TIMEOUT = 2000, /* ms for control frames, which take only a few */
	QUIET = 250,          /* ms of listening where no frame is expected */
	AWAIT_MOST = 10000,   /* maximum number of labels that smd-probe waits for */
	DEADLINE = 15000      /* ms for any command */
};

const struct smd_trial_form smd_trial_forms[] = {
	{"untagged", "untagged"},           {"tagged", "vlan V"},   {"priority", "vlan 0"},
	{"reserved", "vlan 4095"},          {"double", "vlan V,V"}, {"priority-double", "vlan 0,V"},
	{"reserved-double", "vlan 4095,V"}, {"service", "vlan sV"},
};
const size_t smd_trial_form_count = sizeof(smd_trial_forms) / sizeof(smd_trial_forms[0]);

static int check_open(const struct smd_tree *facts, const struct smd_settings *settings,
		      void **state, struct smd_error *error)
{
	struct smd_trial *trial = NULL;
	int err = smd_trial_new(facts, &trial, error);

	(void)settings;
	if (!err)
		*state = trial;
	return err;
}

static void check_close(void *state)
{
	smd_trial_free(state);
}

static void SMD_PRINTF(2, 3) fail(struct smd_trial_host *host, const char *format, ...)
{
	va_list args;

	if (host->failed[0])
		return;
	va_start(args, format);
	vsnprintf(host->failed, sizeof(host->failed), format, args);
	va_end(args);
	/* It may contain output of the host. */
	for (unsigned char *c = (unsigned char *)host->failed; *c; c++)
		if (*c < 0x20 || *c == 0x7f)
			*c = '?';
}

/* Make room for `count` lines now: exchanges point to them, so they must not move later. */
static int script_begin(struct smd_trial_host *host, size_t count)
{
	host->script_count = 0;
	if (count <= host->script_room)
		return 0;
	free(host->script);
	free(host->lines);
	host->script = calloc(count, sizeof(*host->script));
	host->lines = calloc(count, sizeof(*host->lines));
	host->script_room = host->script && host->lines ? count : 0;
	return host->script_room ? 0 : SMD_E_NO_MEMORY;
}

static void SMD_PRINTF(2, 3) add_line(struct smd_trial_host *host, const char *format, ...)
{
	char *line = host->lines[host->script_count];
	va_list args;

	va_start(args, format);
	vsnprintf(line, LINE_SIZE, format, args);
	va_end(args);
	host->script[host->script_count++] = (struct smd_exchange){
		.send = line,
		.deadline = DEADLINE,
		.flags = SMD_X_READS,
	};
}

static size_t index_of(const struct smd_trial *trial, const struct smd_trial_host *host)
{
	return (size_t)(host - trial->hosts);
}

static void ask_listen(const struct smd_trial *trial, struct smd_trial_host *host)
{
	add_line(host, "use %s", host->interface);
	add_line(host, "listen %s", trial->run);
	if (host->member && host->tagged)
		add_line(host, "serve %u %s", trial->vlan, host->address);
}

/* Index of the next member other than `host`, from `at` on; trial->count: none. */
static size_t next_peer(const struct smd_trial *trial, const struct smd_trial_host *host, size_t at)
{
	while (at < trial->count && (!trial->hosts[at].member || &trial->hosts[at] == host))
		at++;
	return at;
}

static void ask_ping(const struct smd_trial *trial, struct smd_trial_host *host)
{
	size_t peer = next_peer(trial, host, 0);

	for (; peer < trial->count; peer = next_peer(trial, host, peer + 1)) {
		const char *address = trial->hosts[peer].address;

		if (host->tagged)
			add_line(host, "ping %s vlan %u count %d timeout %d", address, trial->vlan,
				 ECHOES, ECHO_TIMEOUT);
		else
			add_line(host, "ping %s count %d timeout %d", address, ECHOES,
				 ECHO_TIMEOUT);
	}
}

/* Write a form's arguments, with V replaced by the domain's VLAN. */
static void spell(const char *how, unsigned vlan, char *out, size_t size)
{
	size_t used = 0;

	for (; *how && used < size - 1; how++) {
		if (*how == 'V')
			used += (size_t)snprintf(out + used, size - used, "%u", vlan);
		else
			out[used++] = *how;
	}
	out[used < size ? used : size - 1] = '\0';
}

static void ask_intrude(const struct smd_trial *trial, struct smd_trial_host *host)
{
	char how[64];

	for (size_t i = 0; i < smd_trial_form_count; i++) {
		spell(smd_trial_forms[i].how, trial->vlan, how, sizeof(how));
		add_line(host, "send %s out.%zu.%s %s", trial->run, index_of(trial, host),
			 smd_trial_forms[i].name, how);
	}
}

static void ask_control(const struct smd_trial *trial, struct smd_trial_host *host)
{
	size_t index = index_of(trial, host);

	if (host->tagged)
		add_line(host, "send %s in.%zu vlan %u", trial->run, index, trial->vlan);
	else
		add_line(host, "send %s in.%zu untagged", trial->run, index);
}

static void ask_await(const struct smd_trial *trial, struct smd_trial_host *host)
{
	size_t outsiders = trial->count - trial->members;
	/* Number of frames that must not arrive: all forms of all other outsiders */
	size_t intrusions = (outsiders - (host->member ? 0 : 1)) * smd_trial_form_count;

	if (host->member && trial->members > 1)
		add_line(host, "await in. %zu timeout %d", trial->members - 1, AWAIT_TIMEOUT);
	else if (!host->member && trial->members)
		add_line(host, "await in. %zu timeout %d", trial->members, QUIET);
	else if (intrusions)
		add_line(host, "await out. %zu timeout %d",
			 intrusions < AWAIT_MOST ? intrusions : (size_t)AWAIT_MOST, QUIET);
}

static int ask(void *state, unsigned round, const char *name, struct smd_action *action)
{
	struct smd_trial *trial = state;
	struct smd_trial_host *host = smd_trial_host(trial, name);

	if (!host || host->failed[0])
		return 0;
	if (script_begin(host, trial->count + smd_trial_form_count + 3) != 0) {
		fail(host, "no memory for what it is asked");
		return 0;
	}
	if (round == ROUND_LISTEN)
		ask_listen(trial, host);
	else if (round == ROUND_PING && host->member)
		ask_ping(trial, host);
	else if (round == ROUND_INTRUDE && !host->member)
		ask_intrude(trial, host);
	else if (round == ROUND_CONTROL && host->member)
		ask_control(trial, host);
	else if (round == ROUND_AWAIT)
		ask_await(trial, host);
	else if (round == ROUND_TELL)
		add_line(host, "heard");
	action->act = SMD_ACT_EXCHANGE;
	action->exchanges = host->script;
	action->exchange_count = host->script_count;
	return host->script_count ? 1 : 0;
}

/* The lines of exchange `index` are [*from, *to) in the answer. */
static void lines_of(const struct smd_answer *answer, size_t index, size_t *from, size_t *to)
{
	*from = answer->first[index];
	*to = index < answer->exchange ? answer->first[index + 1] : smd_text_count(answer->out);
}

static void hear_ping(const struct smd_trial *trial, struct smd_trial_host *host,
		      const struct smd_answer *answer)
{
	size_t peer = next_peer(trial, host, 0);

	for (size_t i = 0; i <= answer->exchange && peer < trial->count; i++) {
		struct smd_trial_echoes *echoes = &host->echoes[peer];
		size_t from, to;

		lines_of(answer, i, &from, &to);
		for (; from < to; from++)
			if (sscanf(smd_text_get(answer->out, from, NULL), "%9u sent, %9u received",
				   &echoes->sent, &echoes->received) == 2)
				echoes->known = 1;
		peer = next_peer(trial, host, peer + 1);
	}
}

static void hear_told(struct smd_trial *trial, struct smd_trial_host *host,
		      const struct smd_answer *answer)
{
	const char *line;
	unsigned lost;

	for (size_t i = 0; (line = smd_text_get(answer->out, i, NULL)); i++) {
		if (sscanf(line, "lost count=%9u", &lost) == 1)
			host->lost = 1;
		else if (*line && smd_trial_sound(trial, host, line) != 0)
			fail(host, "cannot make sense of \"%.100s\"", line);
	}
	host->told = 1;
}

static void hear_failure(struct smd_trial_host *host, const struct smd_answer *answer)
{
	const char *line;

	switch (answer->end) {
	case SMD_END_FAILURE:
		line = smd_text_get(answer->failed_err ? answer->err : answer->out, answer->failed,
				    NULL);
		fail(host, "the probe says \"%.150s\"", line ? line : "");
		break;
	case SMD_END_DEADLINE:
		fail(host, "the probe did not answer in time");
		break;
	case SMD_END_LOST:
		fail(host, "the connection to the probe was lost");
		break;
	default:
		fail(host, "the probe's answer did not end as it should");
		break;
	}
}

static void take_answer(void *state, unsigned round, const char *name,
			const struct smd_answer *answer)
{
	struct smd_trial *trial = state;
	struct smd_trial_host *host = smd_trial_host(trial, name);

	if (!host)
		return;
	if (answer->end != SMD_END_DONE)
		hear_failure(host, answer);
	else if (round == ROUND_PING)
		hear_ping(trial, host, answer);
	else if (round == ROUND_TELL)
		hear_told(trial, host, answer);
}

static int judge(void *state, struct smd_tree *evidence, struct smd_error *error)
{
	return smd_trial_judge(state, evidence, error);
}

static const struct smd_session_profile profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "cli",
	.command = "smd-probe",
	.prompt = "probe> ",
	.failure = "error: .*",
	.deadline = DEADLINE,
	.limit = (size_t)4 << 20,
};

static const struct smd_check check = {
	.service = "bridge-domain",
	.profile = &profile,
	.rounds = ROUNDS,
	.open = check_open,
	.close = check_close,
	.ask = ask,
	.on_answer = take_answer,
	.judge = judge,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	static const struct smd_plugin plugin = {
		.self = {SMD_ENVELOPE(struct smd_plugin), .name = "traffic",
			 .summary = "proves by real frames who reaches whom in a bridge domain",
			 .version = "1.0", .option_size = sizeof(struct smd_option)},
		.kind = SMD_PLUGIN_CHECK,
		.ops_size = sizeof(struct smd_check),
		.check = &check,
	};

	return &plugin;
}
