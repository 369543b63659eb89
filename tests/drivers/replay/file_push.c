/* SPDX-License-Identifier: Apache-2.0 */
/* A push of a whole configuration, written to the device as a file and loaded as its candidate. */
#include "drivers.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define PUT 2 /* index of the step that writes the file */

static const struct smd_question out_of_sync[] = {
	{.pattern = "configuration is out of sync\\..*\\[abort\\]\\?",
	 .answer = "abort",
	 .verdict = SMD_CLASS_CONFLICT},
};

static const struct smd_step steps[] = {
	{.exchange = {.send = "", .flags = SMD_X_READS | SMD_X_BARRIER}},
	{.exchange = {.send = "rollback 0"}, .when = "[^(]*\\(cfg"},
	[PUT] = {.put = "/config/{tag}.cfg"},
	{.exchange = {.send = "configure"}, .when = "[^(]*#"},
	{.exchange = {.send = "load override {tag}.cfg", .deadline = 300000},
	 .expect = "configuration load complete"},
	{.exchange = {.send = "show config compare | no-more", .flags = SMD_X_READS}, .keep = 1},
	{.exchange = {.send = "commit check",
		      .failure = "(?i)\\s*error:|Commit check failed",
		      .questions = out_of_sync,
		      .question_count = 1,
		      .deadline = 300000},
	 .expect = "Commit check passed"},
};

/* A file that was not loaded changes nothing, so it can be written again. */
static void prepare(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	smd_steps_next(run, answer, action, steps, COUNT(steps));
	if (run->step == PUT && action->act == SMD_ACT_FAIL && action->reason == SMD_CLASS_UNKNOWN)
		smd_action_fail(action, SMD_CLASS_BUSY, "the file could not be written to its end");
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step all[] = {
		{.exchange = {.send = "show config | no-more", .flags = SMD_X_READS}, .keep = 1},
	};

	smd_steps_next(run, answer, action, all, COUNT(all));
}

const struct smd_driver file_push = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "file-push", .version = "1.0",
		 .summary = "A push by file"},
	.profile = &dnos_profile,
	.fetch = fetch,
	.prepare = prepare,
	.commit = dnos_commit,
	.confirm = dnos_confirm,
	.abort = dnos_abort,
};
