/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A push over NETCONF with a shared candidate and a lock. The protocol does framing and
 * message-id; it passes on the children of a reply as lines, and each rpc-error as one line of
 * `err`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drivers.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { LOCKED = 1 }; /* flag in run->notes: this session has locked the candidate */

#define FAILURE ".*<error-severity>error<"
#define TAKEN ".*locked by|.*<error-tag>lock-denied<"
#define MODIFIED ".*configuration database modified"
#define SUCCESS "\\s*<commit-success/>"

static const struct smd_exchange history = {.send = "<get-commit-information/>",
					    .flags = SMD_X_READS};

/* Find the text between <name> and </name> in a line. Returns its length, or 0. */
static size_t element(const char *line, const char *name, const char **text)
{
	char tag[64];
	const char *end;

	snprintf(tag, sizeof(tag), "<%s>", name);
	*text = line ? strstr(line, tag) : NULL;
	if (!*text)
		return 0;
	*text += strlen(tag);
	snprintf(tag, sizeof(tag), "</%s>", name);
	end = strstr(*text, tag);
	return end ? (size_t)(end - *text) : 0;
}

/* Run a table of steps, but show users the error-message without the XML around it. */
static void run_steps(struct smd_run *run, const struct smd_answer *answer,
		      struct smd_action *action, const struct smd_step *steps, size_t count)
{
	const char *text;
	size_t length = 0;

	smd_steps_next(run, answer, action, steps, count);
	if (action->act == SMD_ACT_FAIL && answer->end == SMD_END_FAILURE && answer->failed_err)
		length = element(smd_text_get(answer->err, answer->failed, NULL), "error-message",
				 &text);
	if (length)
		smd_action_fail(action, action->reason, "the device refuses: %.*s",
				length < 200 ? (int)length : 200, text);
}

static void take_fact(const struct smd_text *out, const char *name, char *place, size_t size)
{
	const char *text;
	size_t length = 0;

	for (size_t i = 0; !length && i < smd_text_count(out); i++)
		length = element(smd_text_get(out, i, NULL), name, &text);
	if (length)
		snprintf(place, size, "%.*s", (int)(length < size ? length : size), text);
}

static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<get-system-information/>", .flags = SMD_X_READS}},
	};
	struct smd_facts *facts = run->facts;

	run_steps(run, answer, action, steps, COUNT(steps));
	if (action->act != SMD_ACT_DONE)
		return;
	take_fact(answer->out, "hardware-model", facts->product, sizeof(facts->product));
	take_fact(answer->out, "os-version", facts->version, sizeof(facts->version));
	facts->candidate = SMD_CANDIDATE_SHARED;
	facts->atomic = 1;
	facts->timer_longest = UINT32_C(65535) * 60;
	facts->any_commit_confirms = 1;
	facts->revert_takes_all = 1;
	facts->keeps_history = 1;
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<get-configuration format=\"text\"/>", .flags = SMD_X_READS},
		 .keep = 1},
	};

	run_steps(run, answer, action, steps, COUNT(steps));
}

static void put_escaped(FILE *out, const char *line)
{
	for (; *line; line++)
		if (*line == '<')
			fputs("&lt;", out);
		else if (*line == '&')
			fputs("&amp;", out);
		else
			fputc(*line, out);
	fputc('\n', out);
}

static const char *make_load(struct smd_run *run)
{
	const char *rpc = NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs("<load-configuration action=\"set\" format=\"text\"><configuration-set>", out);
	for (size_t i = 0; i < smd_text_count(run->payload); i++)
		put_escaped(out, smd_text_get(run->payload, i, NULL));
	fputs("</configuration-set></load-configuration>", out);
	if (!fclose(out))
		rpc = smd_run_printf(run, "%s", text);
	free(text);
	return rpc;
}

static void prepare(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<lock-configuration/>"},
		 .busy = TAKEN,
		 .conflict = MODIFIED},
		{.make = make_load},
		{.exchange = {.send = "<get-configuration compare=\"rollback\" rollback=\"0\" "
				      "format=\"text\"/>",
			      .flags = SMD_X_READS},
		 .keep = 1},
		{.exchange = {.send = "<commit-configuration><check/></commit-configuration>",
			      .deadline = 300000}},
	};

	run_steps(run, answer, action, steps, COUNT(steps));
	if (run->step > 0 && answer->end == SMD_END_DONE)
		*run->notes |= LOCKED;
}

static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step timed[] = {
		{.exchange = {.send = "<commit-configuration><confirmed/><confirm-timeout>"
				      "{timer-minutes}</confirm-timeout><log>{tag}</log>"
				      "</commit-configuration>",
			      .deadline = 300000},
		 .expect = SUCCESS,
		 .otherwise = SMD_CLASS_UNKNOWN},
	};
	static const struct smd_step untimed[] = {
		{.exchange = {.send = "<commit-configuration><log>{tag}</log>"
				      "</commit-configuration>",
			      .deadline = 300000},
		 .expect = SUCCESS,
		 .otherwise = SMD_CLASS_UNKNOWN},
	};

	if (answer->end != SMD_END_START && recover_wanted(run, answer))
		recover(run, answer, action, "commit-configuration", &history);
	else
		run_steps(run, answer, action, run->timer ? timed : untimed, 1);
}

/* After a successful confirm, an error of the unlock is ignored. */
static void confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<commit-configuration><log>{tag}</log>"
				      "</commit-configuration>",
			      .deadline = 300000},
		 .expect = SUCCESS,
		 .otherwise = SMD_CLASS_UNKNOWN},
		{.exchange = {.send = "<unlock-configuration/>"}},
	};
	size_t count = *run->notes & LOCKED ? 2 : 1;

	if (run->step == 1 && answer->end != SMD_END_START) {
		*run->notes &= ~(uint32_t)LOCKED;
		action->act = SMD_ACT_DONE;
	} else if (answer->end != SMD_END_START && recover_wanted(run, answer)) {
		recover(run, answer, action, "commit-configuration", &history);
	} else {
		run_steps(run, answer, action, steps, count);
	}
}

/* Discard the candidate only if we hold its lock; otherwise there are no changes of ours in it. */
static void abort_all(struct smd_run *run, const struct smd_answer *answer,
		      struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<load-configuration rollback=\"0\"/>"}},
		{.exchange = {.send = "<unlock-configuration/>"}},
	};

	if (answer->end == SMD_END_START && !(*run->notes & LOCKED)) {
		action->act = SMD_ACT_DONE;
		return;
	}
	run_steps(run, answer, action, steps, COUNT(steps));
	if (action->act == SMD_ACT_DONE)
		*run->notes &= ~(uint32_t)LOCKED;
}

static void rollback(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "<load-configuration rollback=\"1\"/>"}},
		{.exchange = {.send = "<commit-configuration><log>{tag}</log>"
				      "</commit-configuration>",
			      .deadline = 300000},
		 .expect = SUCCESS,
		 .otherwise = SMD_CLASS_UNKNOWN},
	};

	run_steps(run, answer, action, steps, COUNT(steps));
}

static const struct smd_session_profile profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "netconf",
	.failure = FAILURE,
	.deadline = 60000,
};

const struct smd_driver junos_push = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "junos-push", .version = "1.0",
		 .summary = "A push over NETCONF with a shared candidate"},
	.profile = &profile,
	.attach = attach,
	.fetch = fetch,
	.prepare = prepare,
	.commit = commit,
	.confirm = confirm,
	.abort = abort_all,
	.rollback = rollback,
};
