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
 * frame proves nothing by its silence.
 *
 * An outsider expects no frame, so there is no order to rely on. It reports after members have
 * exchanged control frames twice: a leaked frame of the first exchange had the time of the whole
 * second one. Where no two members can exchange anything (a member alone, a domain that is not
 * deployed), hosts listen for QUIET milliseconds, many times what a frame needs through a
 * switched network.
 */
#include "traffic.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ECHOES = 3,
	ECHO_TIMEOUT = 400,   /* ms for each echo, and for each of three ARP requests */
	AWAIT_TIMEOUT = 3000, /* ms for control frames; they take a few, but hosts start apart */
	AGAIN_TIMEOUT = 1000, /* ms for those of the second exchange */
	QUIET = 250,          /* ms of listening where no frame can be expected anywhere */
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

/* Asking */

/* Make room for `count` lines now: exchanges point to them, so they must not move later. */
static int script_begin(struct smd_trial_host *host, size_t count)
{
	host->script_count = 0;
	if (count <= host->script_room)
		return 0;
	free(host->script);
	free(host->lines);
	free(host->pings);
	host->script = calloc(count, sizeof(*host->script));
	host->lines = calloc(count, sizeof(*host->lines));
	host->pings = calloc(count, sizeof(*host->pings));
	host->script_room = host->script && host->lines && host->pings ? count : 0;
	return host->script_room ? 0 : SMD_E_NO_MEMORY;
}

static void SMD_PRINTF(2, 3) add_line(struct smd_trial_host *host, const char *format, ...)
{
	char *line = host->lines[host->script_count];
	va_list args;

	va_start(args, format);
	vsnprintf(line, LINE_SIZE, format, args);
	va_end(args);
	host->pings[host->script_count] = NULL;
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

/* A host's part in domain number `domain` of the state that is tested. */
struct part {
	const struct smd_trial *trial;
	struct smd_trial_host *host;
	size_t domain;
	const struct smd_trial_domain *in;
	struct smd_trial_seat *seat;
};

static void ask_listen(const struct part *part)
{
	if (part->seat->place == PLACE_MEMBER && part->seat->tagged)
		add_line(part->host, "serve %u %s", part->in->vlan, part->host->address);
}

static void ask_ping(const struct part *part, size_t peer, struct smd_trial_echoes *result)
{
	const char *address = part->trial->hosts[peer].address;
	char tag[16] = "";

	if (part->seat->tagged)
		snprintf(tag, sizeof(tag), " vlan %u", part->in->vlan);
	add_line(part->host, "ping %s%s count %d timeout %d", address, tag, ECHOES, ECHO_TIMEOUT);
	part->host->pings[part->host->script_count - 1] = result;
}

/* Ping the neighbours in the ring of members. Two members have one neighbour each. */
static void ask_ring(const struct part *part)
{
	size_t count = part->in->member_count, at = 0;

	while (part->in->members[at] != index_of(part->trial, part->host))
		at++;
	if (count > 1)
		ask_ping(part, part->in->members[(at + 1) % count], &part->seat->next);
	if (count > 2)
		ask_ping(part, part->in->members[(at + count - 1) % count], &part->seat->previous);
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

static void ask_intrude(const struct part *part)
{
	char how[64];

	for (size_t i = 0; i < smd_trial_form_count; i++) {
		spell(smd_trial_forms[i].how, part->in->vlan, how, sizeof(how));
		add_line(part->host, "send %s out.%zu.%zu.%s %s", part->trial->run, part->domain,
			 index_of(part->trial, part->host), smd_trial_forms[i].name, how);
	}
}

static void ask_try(const struct part *part)
{
	if (part->seat->place == PLACE_MEMBER)
		ask_ring(part);
	else
		ask_intrude(part);
}

static void exchange_control(const struct part *part, const char *label, int timeout)
{
	size_t index = index_of(part->trial, part->host);
	char how[16] = "untagged";

	if (part->seat->tagged)
		snprintf(how, sizeof(how), "vlan %u", part->in->vlan);
	add_line(part->host, "send %s %s.%zu.%zu %s", part->trial->run, label, part->domain, index,
		 how);
	if (part->in->member_count > 1)
		add_line(part->host, "await %s.%zu. %zu timeout %d", label, part->domain,
			 part->in->member_count - 1, timeout);
}

/* The second exchange is for outsiders; without any it tells nothing new. */
static void ask_control(const struct part *part)
{
	if (part->seat->place != PLACE_MEMBER)
		return;
	exchange_control(part, "in", AWAIT_TIMEOUT);
	if (part->in->member_count > 1 && part->in->outside_count)
		exchange_control(part, "in2", AGAIN_TIMEOUT);
}

/* Is the host in a domain where no two members can exchange anything? Then it just listens. */
static int must_listen(const struct smd_trial *trial, const struct smd_trial_host *host)
{
	for (size_t i = 0; i < trial->now->count; i++) {
		const struct smd_trial_domain *domain = &trial->now->domains[i];

		if (domain->member_count < 2 &&
		    domain->seats[index_of(trial, host)].place != PLACE_NONE)
			return 1;
	}
	return 0;
}

/* Call `ask` for each domain in which the host has a part. */
static void each_part(struct smd_trial *trial, struct smd_trial_host *host,
		      void (*ask)(const struct part *part))
{
	for (size_t i = 0; i < trial->now->count; i++) {
		const struct smd_trial_domain *domain = &trial->now->domains[i];
		struct smd_trial_seat *seat = &domain->seats[index_of(trial, host)];

		if (seat->place != PLACE_NONE)
			ask(&(struct part){trial, host, i, domain, seat});
	}
}

static void ask_in_round(struct smd_trial *trial, unsigned round, struct smd_trial_host *host)
{
	if (!trial->now || round == ROUND_LISTEN)
		add_line(host, "use %s", host->interface);
	if (!trial->now)
		return;
	if (round == ROUND_LISTEN) {
		add_line(host, "listen %s", trial->run);
		each_part(trial, host, ask_listen);
	} else if (round == ROUND_TRY) {
		each_part(trial, host, ask_try);
	} else if (round == ROUND_CONTROL) {
		each_part(trial, host, ask_control);
		if (must_listen(trial, host))
			add_line(host, "await quiet 1 timeout %d", QUIET);
	} else {
		add_line(host, "heard");
	}
}

static int ask(void *state, unsigned round, const char *name, struct smd_action *action)
{
	struct smd_trial *trial = state;
	struct smd_trial_host *host = smd_trial_host(trial, name);
	size_t domains = trial->now ? trial->now->count : 0;

	if (!host || host->failed[0])
		return 0;
	/* In no round does it get more lines for a domain than there are forms. */
	if (script_begin(host, domains * smd_trial_form_count + 2) != 0) {
		fail(host, "no memory for what it is asked");
		return 0;
	}
	ask_in_round(trial, round, host);
	action->act = SMD_ACT_EXCHANGE;
	action->exchanges = host->script;
	action->exchange_count = host->script_count;
	return host->script_count ? 1 : 0;
}

/* Answers */

/* The lines of exchange `index` are [*from, *to) in the answer. */
static void lines_of(const struct smd_answer *answer, size_t index, size_t *from, size_t *to)
{
	*from = answer->first[index];
	*to = index < answer->exchange ? answer->first[index + 1] : smd_text_count(answer->out);
}

static void hear_pings(struct smd_trial_host *host, const struct smd_answer *answer)
{
	for (size_t i = 0; i <= answer->exchange && i < host->script_count; i++) {
		struct smd_trial_echoes *echoes = host->pings[i];
		size_t from, to;

		lines_of(answer, i, &from, &to);
		for (; echoes && from < to; from++)
			if (sscanf(smd_text_get(answer->out, from, NULL), "%9u sent, %9u received",
				   &echoes->sent, &echoes->received) == 2)
				echoes->known = 1;
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

/*
 * What the probe itself says is no silence: it may lack an address to ping from, and so it did
 * before. But that it cannot use its interface any more is.
 */
static void hear_failure(struct smd_trial_host *host, unsigned round,
			 const struct smd_answer *answer)
{
	const char *line;

	switch (answer->end) {
	case SMD_END_FAILURE:
		line = smd_text_get(answer->failed_err ? answer->err : answer->out, answer->failed,
				    NULL);
		host->silent |= round == ROUND_LISTEN;
		fail(host, "the probe says \"%.150s\"", line ? line : "");
		break;
	case SMD_END_DEADLINE:
		host->silent = 1;
		fail(host, "the probe did not answer in time");
		break;
	case SMD_END_LOST:
		host->silent = 1;
		fail(host, "the connection to the probe was lost");
		break;
	default:
		fail(host, "the probe's answer did not end as it should");
		break;
	}
}

static void note_baseline(const struct smd_trial *trial, struct smd_trial_host *host)
{
	if (!trial->now)
		host->baseline = host->failed[0] ? BASELINE_SILENT : BASELINE_ANSWERED;
}

static void take_answer(void *state, unsigned round, const char *name,
			const struct smd_answer *answer)
{
	struct smd_trial *trial = state;
	struct smd_trial_host *host = smd_trial_host(trial, name);

	if (!host)
		return;
	if (answer->end != SMD_END_DONE)
		hear_failure(host, round, answer);
	else if (trial->now && round == ROUND_TRY)
		hear_pings(host, answer);
	else if (trial->now && round == ROUND_TELL)
		hear_told(trial, host, answer);
	note_baseline(trial, host);
}

static void take_unreachable(void *state, unsigned round, const char *name,
			     const struct smd_error *error)
{
	struct smd_trial *trial = state;
	struct smd_trial_host *host = smd_trial_host(trial, name);

	(void)round;
	if (!host)
		return;
	host->silent = 1;
	fail(host, "%.120s%s%.100s", error->message, error->hint[0] ? "; " : "", error->hint);
	note_baseline(trial, host);
}

static void forget_echoes(struct smd_trial_layout *layout, size_t count)
{
	for (size_t i = 0; i < layout->count; i++)
		for (size_t j = 0; j < count; j++)
			layout->domains[i].seats[j].next = layout->domains[i].seats[j].previous =
				(struct smd_trial_echoes){0};
}

/* A host that was silent in the baseline is not asked again. */
static void forget(struct smd_trial_host *host)
{
	host->sound_count = 0;
	host->told = host->lost = 0;
	if (host->baseline == BASELINE_SILENT)
		return;
	host->silent = 0;
	host->failed[0] = '\0';
}

static unsigned begin(void *state, enum smd_check_stage stage)
{
	struct smd_trial *trial = state;

	trial->now = stage == SMD_CHECK_BASELINE ? NULL : &trial->layouts[stage == SMD_CHECK_OLD];
	snprintf(trial->run, sizeof(trial->run), "%s.%u", trial->name, trial->stages++ % 1000);
	for (size_t i = 0; i < trial->count; i++)
		forget(&trial->hosts[i]);
	if (trial->now)
		forget_echoes(trial->now, trial->count);
	return trial->now ? ROUNDS : 1;
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
	.open = check_open,
	.close = check_close,
	.begin = begin,
	.ask = ask,
	.on_answer = take_answer,
	.on_unreachable = take_unreachable,
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
