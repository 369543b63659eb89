/* SPDX-License-Identifier: Apache-2.0 */
/* The state of one replay; for the files of this folder only. */
#ifndef SMD_TESTS_REPLAY_PLAY_H
#define SMD_TESTS_REPLAY_PLAY_H

#include "core/run/steps.h"
#include "plugins/common/match.h"
#include "replay.h"
#include "script.h"

struct player {
	const struct smd_driver *driver;
	struct script script;
	size_t at; /* the next line of the script */
	struct smd_regex_cache patterns;
	struct smd_run_core core;
	struct smd_run run;
	struct smd_facts facts;
	uint32_t notes;
	struct smd_text *result, *out, *err;
	size_t *first;
	struct smd_answer answer;
	struct smd_action action;
	int up; /* there is a session */

	const struct replay_fault *fault; /* NULL: all goes by the script */
	struct replay_outcome *outcome;
	size_t stage, step; /* under way */
	int faulty;         /* from here on the script is not asked */

	struct smd_error *error;
};

/* What a driver does, in words, for `got`. */
const char *action_name(enum smd_act act);

/* Fail at a line of the script (NULL: its end): what was expected there, and what came. */
int differ(struct player *player, const struct line *line, const char *format, ...)
	SMD_PRINTF(3, 4);

/* The line next in the script if it has this word and stands in the same action. */
const struct line *next_is(struct player *player, enum word word);

/* The exchange `index` of the action, by the script: what is said, then what comes back. */
int play_exchange(struct player *player, size_t index);
/* What was sent ahead behind an exchange that went wrong. */
int play_sent_ahead(struct player *player, size_t index);
/* The lines up to the end of an answer that is no exchange's. */
int play_end(struct player *player);

/* Answer without the script: the fault itself, then what follows it. */
void answer_fault(struct player *player, size_t index);
void answer_blind(struct player *player);

/* Lose the session. */
void drop(struct player *player);

#endif
