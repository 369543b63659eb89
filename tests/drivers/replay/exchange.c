/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange with the device, played from the script. */
#include <stdio.h>
#include <string.h>

#include "play.h"

const struct line *next_is(struct player *player, enum word word)
{
	const struct line *line = script_line(&player->script, player->at);

	return line && line->word == word && !line->gap ? line : NULL;
}

/* Is `said` the current line of the script with its continuation lines? Moves behind them. */
static int same_words(struct player *player, const char *said)
{
	const struct line *line = script_line(&player->script, player->at++);
	int same = 1;

	for (;;) {
		size_t length = strlen(line->text);

		same = same && !strncmp(said, line->text, length);
		said += same ? length : 0;
		line = next_is(player, WORD_MORE);
		if (!line)
			return same && !*said;
		player->at++;
		same = same && *said == '\n';
		said += same;
	}
}

/* Compare what the driver sends. */
static int play_saying(struct player *player, size_t index)
{
	const struct smd_exchange *x = &player->action.exchanges[index];
	const struct line *line = script_line(&player->script, player->at);
	const char *word = x->flags & SMD_X_READS ? "read" : "send";

	if (!line || (line->word != WORD_SEND && line->word != WORD_READ))
		return differ(player, line, "got: %s %s", word, x->send);
	if (index ? line->gap : !line->gap && player->at && line[-1].word != WORD_STAGE)
		return differ(player, line, "got: %s %s, %s", word, x->send,
			      index ? "in the same action" : "in an action of its own");
	if ((line->word == WORD_READ) != !!(x->flags & SMD_X_READS))
		return differ(player, line, "got: %s %s: SMD_X_READS is wrong", word, x->send);
	if (!same_words(player, x->send))
		return differ(player, line, "got: %s %s", word, x->send);
	return 0;
}

static int match(struct player *player, const char *pattern, enum smd_regex_anchor where,
		 const char *what, const char *text)
{
	struct smd_regex *compiled = NULL;
	int err = smd_regex_cache_get(&player->patterns, pattern, where, 0, what, &compiled,
				      player->error);

	return err ? err : smd_regex_find(compiled, text, strlen(text), NULL, player->error);
}

/* Process a line of stdout or stderr: is it a refusal? */
static int hear_line(struct player *player, const struct smd_exchange *x, const struct line *line)
{
	struct smd_text *text = line->word == WORD_ERR ? player->err : player->out;
	const char *failure = x->failure ? x->failure : player->driver->profile->failure;
	int found = 0;

	if (player->answer.end != SMD_END_FAILURE)
		found = match(player, failure, SMD_REGEX_START, "failure", line->text);
	if (found < 0)
		return found;
	if (found) {
		player->answer.end = SMD_END_FAILURE;
		player->answer.failed = smd_text_count(text);
		player->answer.failed_err = line->word == WORD_ERR;
	}
	return smd_text_line(text, line->text);
}

/* The number of the question; -1: the driver has no such question. */
static int find_question(struct player *player, const struct smd_exchange *x, const char *text)
{
	for (size_t i = 0; i < x->question_count; i++) {
		int found = match(player, x->questions[i].pattern, SMD_REGEX_END, "question", text);

		if (found)
			return found < 0 ? found - 1 : (int)i;
	}
	return -1;
}

static int hear_question(struct player *player, const struct smd_exchange *x,
			 const struct line *line)
{
	int index = find_question(player, x, line->text);
	const struct line *types = next_is(player, WORD_TYPES);
	const struct smd_question *question = index < 0 ? NULL : &x->questions[index];

	if (smd_text_line(player->out, line->text))
		return SMD_E_NO_MEMORY;
	if (!question)
		return types ? differ(player, types, "got: silence, no question matches") : 0;
	if (!question->answer != !types || (types && strcmp(types->text, question->answer)))
		return differ(player, types ? types : line, "got: types %s",
			      question->answer ? question->answer : "(nothing)");
	player->at += types != NULL;
	if (question->verdict || !question->answer) {
		player->answer.end = SMD_END_QUESTION;
		player->answer.question = (size_t)index;
	}
	return 0;
}

/* Process the end of an answer. Returns 1 if the line was one. */
static int hear_end(struct player *player, const struct smd_exchange *x, const struct line *line)
{
	const char *until = x && x->until ? x->until : player->driver->profile->prompt;
	int found;

	switch (line->word) {
	case WORD_PROMPT:
		found = match(player, until, x && x->until ? SMD_REGEX_END : SMD_REGEX_WHOLE,
			      "prompt", line->text);
		if (found <= 0)
			return differ(player, line, "got: no prompt by the driver's pattern");
		player->answer.prompt = line->text;
		return 1;
	case WORD_END:
		player->answer.status = *line->text ? line->text[0] - '0' : -1;
		if (player->answer.status > 0)
			player->answer.end = SMD_END_FAILURE;
		return 1;
	case WORD_LOST:
	case WORD_DEADLINE:
	case WORD_OVERFLOW:
		player->answer.end = line->word == WORD_LOST       ? SMD_END_LOST
				     : line->word == WORD_DEADLINE ? SMD_END_DEADLINE
								   : SMD_END_OVERFLOW;
		drop(player);
		return 1;
	default:
		return 0;
	}
}

static int hear(struct player *player, const struct smd_exchange *x, const struct line *line)
{
	int err = 0;

	if (line->word == WORD_ASKS && x)
		err = hear_question(player, x, line);
	else if ((line->word == WORD_SAYS || line->word == WORD_ERR) && x)
		err = hear_line(player, x, line);
	else if (line->word == WORD_SAYS || line->word == WORD_ERR)
		err = smd_text_line(line->word == WORD_ERR ? player->err : player->out, line->text);
	else
		err = differ(player, line, "the transcript lacks the end of an answer before it");
	return err;
}

static int play_answer(struct player *player, const struct smd_exchange *x)
{
	for (;;) {
		const struct line *line = script_line(&player->script, player->at);
		int ended;

		if (!line || line->gap)
			return differ(player, line,
				      "the transcript lacks the end of an answer before it");
		player->at++;
		ended = hear_end(player, x, line);
		if (!ended)
			ended = hear(player, x, line);
		if (ended)
			return ended < 0 ? ended : 0;
	}
}

int play_end(struct player *player)
{
	return play_answer(player, NULL);
}

int play_exchange(struct player *player, size_t index)
{
	int err;

	player->first[index] = smd_text_count(player->out);
	err = play_saying(player, index);
	return err ? err : play_answer(player, &player->action.exchanges[index]);
}

int play_sent_ahead(struct player *player, size_t index)
{
	int err = 0;

	for (size_t i = index; !err && i < player->action.exchange_count; i++) {
		err = play_saying(player, i);
		if (!err && next_is(player, WORD_PROMPT))
			player->at++;
	}
	return err;
}
