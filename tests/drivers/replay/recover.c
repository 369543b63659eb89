/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <string.h>

#include "drivers.h"

/* Values of run->step beyond those of any table. */
enum { BACK = 1000, BACK_LATE, HISTORY };

static int in_word(char c)
{
	return isalnum((unsigned char)c) || c == '-';
}

int has_tag(const struct smd_text *text, const char *tag)
{
	size_t length = strlen(tag);

	for (size_t i = 0; i < smd_text_count(text); i++) {
		const char *line = smd_text_get(text, i, NULL);

		for (const char *at = line; length && (at = strstr(at, tag)); at += length)
			if ((at == line || !in_word(at[-1])) && !in_word(at[length]))
				return 1;
	}
	return 0;
}

int recover_wanted(const struct smd_run *run, const struct smd_answer *answer)
{
	return run->step >= BACK || answer->end == SMD_END_LOST ||
	       answer->end == SMD_END_DEADLINE || answer->end == SMD_END_OVERFLOW;
}

/* The answer to the reconnect: ask for the history, or fail as UNKNOWN. */
static void came_back(struct smd_run *run, const struct smd_answer *answer,
		      struct smd_action *action, const struct smd_exchange *history,
		      const char *committed)
{
	const char *what =
		run->step == BACK_LATE ? "no answer to" : "the connection was lost behind";

	if (answer->end != SMD_END_DONE) {
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"%s '%s', and the device does not come back", what, committed);
	} else if (!history) {
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "%s '%s'; what runs must be read", what,
				committed);
	} else {
		run->step = HISTORY;
		action->act = SMD_ACT_EXCHANGE;
		action->exchanges = history;
		action->exchange_count = 1;
	}
}

static void looked(const struct smd_run *run, const struct smd_answer *answer,
		   struct smd_action *action, const struct smd_exchange *history)
{
	if (answer->end != SMD_END_DONE) {
		smd_action_fail_from_answer(action, answer, history);
		/* About the commit, whatever the error of this exchange is */
		action->reason = SMD_CLASS_UNKNOWN;
	} else if (has_tag(answer->out, run->tag)) {
		action->act = SMD_ACT_DONE;
	} else {
		smd_action_fail(action, SMD_CLASS_UNKNOWN,
				"commit %s is not in the history of the device", run->tag);
	}
}

void recover(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action,
	     const char *committed, const struct smd_exchange *history)
{
	if (run->step == HISTORY) {
		looked(run, answer, action, history);
	} else if (run->step >= BACK) {
		came_back(run, answer, action, history, committed);
	} else {
		run->step = answer->end == SMD_END_LOST ? BACK : BACK_LATE;
		action->act = SMD_ACT_RECONNECT;
	}
}
