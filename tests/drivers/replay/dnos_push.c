/* SPDX-License-Identifier: Apache-2.0 */
/* A push over a CLI with a private candidate and a revert timer. */
#include <string.h>

#include "drivers.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OPERATIONAL "[^(]*#"
#define CONFIGURATION "[^(]*\\(cfg"
#define BELOW "[^(]*\\(cfg-"
#define REFUSAL "(?i)\\s*error:"
#define SUCCESS "Commit succeeded by|Commit confirm will be automatically rolled back"
#define PENDING "(?i).*commit confirm.*pending"
#define BUSY "(?i).*busy"

/* Answer "abort": merging would bring in changes that nobody has looked at. */
static const struct smd_question out_of_sync[] = {
	{.pattern = "configuration is out of sync\\..*\\[abort\\]\\?",
	 .answer = "abort",
	 .verdict = SMD_CLASS_CONFLICT},
};

static const struct smd_question dirty[] = {
	{.pattern = "uncommitted changes.*\\(yes,no,cancel\\)\\[cancel\\]\\?", .answer = "no"},
};

/* An empty line, to see the mode in the prompt. */
#define LOOK                                                                                       \
	{                                                                                          \
		.exchange = {.send = "", .flags = SMD_X_READS | SMD_X_BARRIER }                    \
	}
#define COMMIT(text)                                                                               \
	.exchange = {.send = (text),                                                               \
		     .questions = out_of_sync,                                                     \
		     .question_count = 1,                                                          \
		     .deadline = 300000},                                                          \
	.expect = SUCCESS, .conflict = PENDING, .busy = BUSY

#define HISTORY                                                                                    \
	{                                                                                          \
		.send = "show rollback | no-more", .flags = SMD_X_READS                            \
	}

static const struct smd_exchange history = HISTORY;

static int is_configuring(const char *prompt)
{
	return prompt && strstr(prompt, "(cfg");
}

static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "set cli-terminal-length 0", .flags = SMD_X_READS}},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
	if (action->act != SMD_ACT_DONE)
		return;
	run->facts->candidate = SMD_CANDIDATE_PRIVATE;
	run->facts->atomic = 1;
	run->facts->timer_longest = UINT32_C(65535) * 60;
	run->facts->any_commit_confirms = 1;
	run->facts->revert_takes_all = 1;
	run->facts->keeps_history = 1;
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "show config | no-more", .flags = SMD_X_READS}, .keep = 1},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

/* Our tag in the history means that the commit is final. A commit with a timer has no tag. */
static void probe(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {{.exchange = HISTORY}};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
	if (action->act == SMD_ACT_DONE)
		run->facts->pending =
			has_tag(answer->out, run->tag) ? SMD_PENDING_NONE : SMD_PENDING_UNKNOWN;
}

/* The candidate belongs to the session, so its contents are left from an earlier try. */
static void prepare(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		{.exchange = {.send = "configure"}, .when = OPERATIONAL},
		{.exchange = {.send = "top"}, .when = BELOW},
		{.exchange = {.send = "rollback 0"}},
		{.payload = 1},
		{.exchange = {.send = "top"}},
		{.exchange = {.send = "show config compare | no-more", .flags = SMD_X_READS},
		 .keep = 1},
		{.exchange = {.send = "commit check",
			      .failure = REFUSAL "|Commit check failed",
			      .questions = out_of_sync,
			      .question_count = 1,
			      .deadline = 300000},
		 .expect = "Commit check passed"},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

void dnos_commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step timed[] = {LOOK, {COMMIT("commit confirm {timer-minutes}")}};
	static const struct smd_step untimed[] = {LOOK, {COMMIT("commit log \"{tag}\"")}};
	const char *said = "the commit";

	if (run->timer)
		said = smd_run_printf(run, "commit confirm %u",
				      run->timer / 60 + !!(run->timer % 60));
	if (answer->end != SMD_END_START && run->step && recover_wanted(run, answer)) {
		recover(run, answer, action, said, run->timer ? NULL : &history);
		return;
	}
	smd_steps_next(run, answer, action, run->timer ? timed : untimed, COUNT(timed));
	if (answer->end == SMD_END_DONE && action->act == SMD_ACT_EXCHANGE &&
	    !is_configuring(answer->prompt))
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the candidate is gone with the session that held it");
}

void dnos_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		{.exchange = {.send = "configure"}, .when = OPERATIONAL},
		{COMMIT("commit log \"{tag}\""), .otherwise = SMD_CLASS_UNKNOWN},
	};

	if (answer->end != SMD_END_START && run->step >= 2 && recover_wanted(run, answer))
		recover(run, answer, action, "commit", &history);
	else
		smd_steps_next(run, answer, action, steps, COUNT(steps));
}

void dnos_abort(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		{.exchange = {.send = "top"}, .when = BELOW},
		{.exchange = {.send = "rollback 0"}, .when = CONFIGURATION},
		{.exchange = {.send = "exit", .questions = dirty, .question_count = 1},
		 .when = CONFIGURATION},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
	if (action->act == SMD_ACT_DONE && is_configuring(answer->prompt))
		smd_action_fail(
			action, SMD_CLASS_REFUSED,
			"configuration mode cannot be left; something uncommitted may be there");
}

static void rollback(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		{.exchange = {.send = "configure"}, .when = OPERATIONAL},
		{.exchange = {.send = "rollback 1"}, .expect = "Configuration rollback complete"},
		{COMMIT("commit log \"{tag} back\""), .otherwise = SMD_CLASS_UNKNOWN},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

const struct smd_session_profile dnos_profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "cli",
	.prompt = "([A-Za-z0-9_.-]+)(?:\\(cfg[^)]*\\))?#",
	.failure = REFUSAL,
	.window = 16,
	.deadline = 30000,
};

const struct smd_driver dnos_push = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "dnos-push", .version = "1.0",
		 .summary = "A push over a CLI with a private candidate"},
	.profile = &dnos_profile,
	.attach = attach,
	.fetch = fetch,
	.probe = probe,
	.prepare = prepare,
	.commit = dnos_commit,
	.confirm = dnos_confirm,
	.abort = dnos_abort,
	.rollback = rollback,
};
