/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "play.h"

static const char *const acts[] = {
	[SMD_ACT_EXCHANGE] = "exchanges",  [SMD_ACT_PUT] = "put",   [SMD_ACT_GET] = "get",
	[SMD_ACT_RECONNECT] = "reconnect", [SMD_ACT_WAIT] = "wait", [SMD_ACT_DONE] = "done",
	[SMD_ACT_FAIL] = "fail",
};

static const char *const classes[] = {
	[SMD_CLASS_NONE] = "none",         [SMD_CLASS_REFUSED] = "refused",
	[SMD_CLASS_CONFLICT] = "conflict", [SMD_CLASS_BUSY] = "busy",
	[SMD_CLASS_UNKNOWN] = "unknown",   [SMD_CLASS_INVALID] = "invalid",
};

static const char *const pendings[] = {
	[SMD_PENDING_NONE] = "none",
	[SMD_PENDING_OURS] = "ours",
	[SMD_PENDING_FOREIGN] = "foreign",
	[SMD_PENDING_UNKNOWN] = "unknown",
};

const char *action_name(enum smd_act act)
{
	return (size_t)act < SMD_COUNT(acts) && acts[act] ? acts[act] : "no action at all";
}

int differ(struct player *player, const struct line *line, const char *format, ...)
{
	char got[256];
	va_list args;

	va_start(args, format);
	vsnprintf(got, sizeof(got), format, args);
	va_end(args);
	if (!line)
		return smd_fail(player->error, SMD_E_CONFLICT,
				"%s: expected: the end of the transcript; %s", player->script.path,
				got);
	smd_fail(player->error, SMD_E_CONFLICT, "expected: %s %s; %s", word_name(line->word),
		 line->text, got);
	smd_error_where(player->error, "%s:%zu", player->script.path, line->number);
	return SMD_E_CONFLICT;
}

void drop(struct player *player)
{
	player->up = 0;
	player->notes = 0;
}

/* Answers */

static int begin_answer(struct player *player)
{
	size_t room = player->action.act == SMD_ACT_EXCHANGE ? player->action.exchange_count : 1;
	size_t *first = reallocarray(player->first, room + 1, sizeof(*first));

	if (!first)
		return smd_fail(player->error, SMD_E_NO_MEMORY, "out of memory");
	memset(first, 0, (room + 1) * sizeof(*first));
	player->first = first;
	smd_text_clear(player->out);
	smd_text_clear(player->err);
	player->answer = (struct smd_answer){.end = SMD_END_DONE,
					     .out = player->out,
					     .err = player->err,
					     .first = first,
					     .status = -1};
	return 0;
}

static void end_answer(struct player *player)
{
	size_t count = player->action.act == SMD_ACT_EXCHANGE ? player->action.exchange_count : 1;

	for (size_t i = player->answer.exchange + 1; i <= count; i++)
		player->first[i] = smd_text_count(player->out);
	if (player->answer.end != SMD_END_DONE && !player->up)
		player->answer.prompt = NULL;
}

static int is_fault(struct player *player)
{
	const struct replay_fault *fault = player->fault;

	return fault && !player->faulty && fault->stage == player->stage &&
	       fault->step == player->step;
}

static int play_exchanges(struct player *player)
{
	for (size_t i = 0; i < player->action.exchange_count; i++) {
		int err;

		player->answer.exchange = i;
		if (is_fault(player)) {
			answer_fault(player, i);
			return 0;
		}
		err = play_exchange(player, i);
		player->step++;
		if (err)
			return err;
		if (player->answer.end != SMD_END_DONE)
			return play_sent_ahead(player, i + 1);
	}
	return 0;
}

/* Play the contents of a file that the driver writes. */
static int play_file(struct player *player)
{
	const struct smd_text *file = player->action.file;

	for (size_t i = 0; i < smd_text_count(file); i++) {
		const char *got = smd_text_get(file, i, NULL);
		const struct line *line = next_is(player, WORD_FILE);

		if (!line || strcmp(line->text, got))
			return differ(player, script_line(&player->script, player->at),
				      "got: file %s", got);
		player->at++;
	}
	return 0;
}

/* Play an action other than EXCHANGE: PUT, GET, RECONNECT, WAIT. */
static int play_other(struct player *player)
{
	const struct smd_action *action = &player->action;
	const struct line *line = script_line(&player->script, player->at);
	enum word word = action->act == SMD_ACT_PUT         ? WORD_PUT
			 : action->act == SMD_ACT_RECONNECT ? WORD_RECONNECT
							    : WORD_WAIT;
	int err;

	if (is_fault(player)) {
		answer_fault(player, 0);
		return 0;
	}
	player->step++;
	if (!line || line->word != word || !line->gap ||
	    (word == WORD_PUT && strcmp(line->text, action->path)))
		return differ(player, line, "got: %s %s", action_name(action->act),
			      word == WORD_PUT ? action->path : "");
	player->at++;
	err = word == WORD_PUT ? play_file(player) : 0;
	if (!err && word != WORD_WAIT)
		err = play_end(player);
	if (player->answer.end == SMD_END_FAILURE)
		player->answer.failed_err = 1;
	return err;
}

static int is_checked(const struct player *player)
{
	const struct smd_action *action = &player->action;

	return action->act == SMD_ACT_EXCHANGE ? action->exchanges && action->exchange_count
	       : action->act == SMD_ACT_PUT
		       ? action->path && action->file
		       : action->act == SMD_ACT_RECONNECT || action->act == SMD_ACT_WAIT;
}

static int give_answer(struct player *player)
{
	int err = begin_answer(player);

	if (err)
		return err;
	if (!is_checked(player))
		return differ(player, script_line(&player->script, player->at), "got: %s",
			      action_name(player->action.act));
	if (player->action.act == SMD_ACT_RECONNECT) {
		drop(player);
		player->up = 1;
	}
	if (player->faulty)
		answer_blind(player);
	else if (!player->up)
		err = differ(player, script_line(&player->script, player->at),
			     "got: %s on a session that is gone", action_name(player->action.act));
	else
		err = player->action.act == SMD_ACT_EXCHANGE ? play_exchanges(player)
							     : play_other(player);
	end_answer(player);
	return err;
}

/* Stages */

static smd_next_fn find_stage(const struct smd_driver *driver, const char *name)
{
	const struct {
		const char *name;
		smd_next_fn next;
	} stages[] = {
		{"attach", driver->attach},     {"fetch", driver->fetch},
		{"probe", driver->probe},       {"prepare", driver->prepare},
		{"commit", driver->commit},     {"confirm", driver->confirm},
		{"persist", driver->persist},   {"abort", driver->abort},
		{"rollback", driver->rollback},
	};

	for (size_t i = 0; i < SMD_COUNT(stages); i++)
		if (!strcmp(stages[i].name, name))
			return stages[i].next;
	return NULL;
}

static int begin_stage(struct player *player, const struct line *line, smd_next_fn *next)
{
	*next = find_stage(player->driver, line->text);
	if (!*next)
		return differ(player, line, "got: a driver without this stage");
	if (!player->up)
		drop(player); /* core logs in again */
	player->up = 1;
	player->step = 0;
	smd_text_clear(player->result);
	smd_run_core_done(&player->core);
	smd_run_core_init(&player->core);
	player->run = (struct smd_run){.device = player->script.device,
				       .tag = player->script.tag,
				       .payload = player->script.payload,
				       .timer = player->script.timer,
				       .result = player->result,
				       .facts = &player->facts,
				       .core = &player->core,
				       .notes = &player->notes};
	player->answer = (struct smd_answer){.end = SMD_END_START, .status = -1};
	return 0;
}

/* Call the stage until it ends, or until the limit on actions is reached. */
static int run_stage(struct player *player, smd_next_fn next)
{
	for (size_t i = 0; i < REPLAY_ACTIONS_MAX; i++) {
		int err;

		smd_run_core_reset(&player->core);
		player->action = (struct smd_action){0};
		next(&player->run, &player->answer, &player->action);
		if (player->action.act == SMD_ACT_DONE || player->action.act == SMD_ACT_FAIL)
			return 0;
		err = give_answer(player);
		if (err)
			return err;
	}
	player->action = (struct smd_action){0};
	return player->faulty ? 0
			      : differ(player, script_line(&player->script, player->at),
				       "got: a stage without an end");
}

static int check_failure(struct player *player, const struct line *line)
{
	const struct smd_action *action = &player->action;
	const char *name = classes[action->reason];
	size_t length = strcspn(line->text, " ");
	const char *words = line->text + length + (line->text[length] != '\0');

	if (strlen(name) != length || strncmp(name, line->text, length) ||
	    !strstr(action->message, words))
		return differ(player, line, "got: fail %s %s", name, action->message);
	return 0;
}

static int check_last(struct player *player)
{
	const struct smd_action *action = &player->action;
	const struct line *line = script_line(&player->script, player->at);
	enum word word = action->act == SMD_ACT_DONE ? WORD_DONE : WORD_FAIL;

	if (!line || line->word != word)
		return differ(player, line, "got: %s %s", action_name(action->act),
			      action->message);
	player->at++;
	return word == WORD_FAIL ? check_failure(player, line) : 0;
}

/* Compare the stage's result and facts with the transcript. */
static int check_rest(struct player *player)
{
	const char *pending = pendings[player->facts.pending];
	const struct line *line;
	size_t lines = 0;

	while ((line = next_is(player, WORD_RESULT))) {
		const char *got = smd_text_get(player->result, lines++, NULL);

		if (!got || strcmp(got, line->text))
			return differ(player, line, "got: %s", got ? got : "(nothing)");
		player->at++;
	}
	if (lines && lines != smd_text_count(player->result))
		return differ(player, script_line(&player->script, player->at),
			      "got: a longer result");
	line = next_is(player, WORD_PENDING);
	if (line && strcmp(line->text, pending))
		return differ(player, line, "got: pending %s", pending);
	player->at += line != NULL;
	return 0;
}

static int play_stage(struct player *player, const struct line *line)
{
	smd_next_fn next;
	int err = begin_stage(player, line, &next);

	if (!err)
		err = run_stage(player, next);
	if (!err && !player->faulty)
		err = check_last(player);
	if (!err && !player->faulty)
		err = check_rest(player);
	return err;
}

static int play_all(struct player *player)
{
	const struct line *line;
	int err = 0;

	while (!err && !player->faulty && (line = script_line(&player->script, player->at))) {
		player->at++;
		if (line->word == WORD_LOGIN) {
			drop(player);
		} else if (line->word == WORD_STAGE) {
			if (player->outcome)
				snprintf(player->outcome->stage, sizeof(player->outcome->stage),
					 "%s", line->text);
			err = play_stage(player, line);
			player->stage++;
		} else {
			err = differ(player, line, "got: the end of the stage");
		}
	}
	return err;
}

static int player_init(struct player *player, const struct smd_driver *driver, const char *path,
		       struct smd_error *error)
{
	*player = (struct player){.driver = driver, .error = error};
	smd_run_core_init(&player->core);
	if (smd_text_new(&player->result, 0) || smd_text_new(&player->out, 0) ||
	    smd_text_new(&player->err, 0))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	return script_read(&player->script, path, error);
}

static void player_done(struct player *player)
{
	script_done(&player->script);
	smd_regex_cache_done(&player->patterns);
	smd_run_core_done(&player->core);
	smd_text_free(player->result);
	smd_text_free(player->out);
	smd_text_free(player->err);
	free(player->first);
}

int replay_play(const struct smd_driver *driver, const char *path, struct smd_error *error)
{
	struct player player;
	int err = player_init(&player, driver, path, error);

	if (!err)
		err = play_all(&player);
	player_done(&player);
	return err;
}

int replay_fail(const struct smd_driver *driver, const char *path, const struct replay_fault *fault,
		struct replay_outcome *outcome, struct smd_error *error)
{
	struct player player;
	int err = player_init(&player, driver, path, error);

	*outcome = (struct replay_outcome){.applied = 0};
	player.fault = fault;
	player.outcome = outcome;
	if (!err)
		err = play_all(&player);
	outcome->last = player.action;
	if (!err && !player.faulty)
		err = smd_fail(error, SMD_E_NOT_FOUND, "no step %zu in stage %zu of %s",
			       fault->step, fault->stage, path);
	player_done(&player);
	return err;
}

int replay_count(const char *path, struct smd_error *error)
{
	struct script script;
	int count = script_read(&script, path, error);

	for (size_t i = 0; count >= 0 && i < script.count; i++)
		count += script.lines[i].word == WORD_STAGE;
	script_done(&script);
	return count;
}
