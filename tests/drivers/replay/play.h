/* SPDX-License-Identifier: Apache-2.0 */
/* State of one replay; used in this folder only. */
#ifndef SMD_TESTS_REPLAY_PLAY_H
#define SMD_TESTS_REPLAY_PLAY_H

#include "core/run/steps.h"
#include "plugins/common/match.h"
#include "replay.h"
#include "script.h"

struct player {
	const struct smd_driver *driver;
	struct script script;
	size_t at; /* index of the next line of the script */
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

	const struct replay_fault *fault; /* NULL: everything is played from the script */
	struct replay_outcome *outcome;
	size_t stage, step; /* current stage and step */
	int faulty;         /* the fault has happened: the script is no longer used */

	struct smd_error *error;
};

/* The name of an action, for messages. */
const char *action_name(enum smd_act act);

/* Fail at a line of the script (NULL: its end), with what was expected and what came. */
int differ(struct player *player, const struct line *line, const char *format, ...)
	SMD_PRINTF(3, 4);

/* The next line of the script if it has this word and belongs to the same action; else NULL. */
const struct line *next_is(struct player *player, enum word word);

/* Play exchange `index` of the action: compare what is sent, then give the answer. */
int play_exchange(struct player *player, size_t index);
/* Play an exchange that was sent ahead, after one that failed. */
int play_sent_ahead(struct player *player, size_t index);
/* Play the end of an answer to an action that is no exchange. */
int play_end(struct player *player);

/* Give the fault's answer, without the script, and later what follows it. */
void answer_fault(struct player *player, size_t index);
void answer_blind(struct player *player);

/* End the session. */
void drop(struct player *player);

#endif
