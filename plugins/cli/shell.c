/* SPDX-License-Identifier: Apache-2.0 */
#include "shell.h"

#include <stdlib.h>
#include <string.h>

/* Maximum length of lines sent ahead: the echo of longer ones may be wrapped or scrolled. */
#define STREAM_MAX 400

int smd_shell_is_key(const char *send)
{
	return (send[0] == 0x03 || send[0] == 0x04 || send[0] == 0x1a) && !send[1];
}

/*
 * Type a line, ended by LF. Terminals and line editors take CR and LF alike, but a program that
 * reads lines itself with input translation off (ICRNL) only knows LF.
 */
int smd_shell_type(struct smd_shell *s, const char *text, struct smd_error *error)
{
	size_t size = strlen(text);
	char *line = malloc(size + 1);

	if (!line)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	memcpy(line, text, size);
	line[size] = '\n';
	s->wire->write(s->wire, s->stream, line, smd_shell_is_key(text) ? 1 : size + 1);
	explicit_bzero(line, size + 1);
	free(line);
	return 0;
}

/* May other lines be sent before and after this one without waiting for its answer? */
static int streamable(const struct smd_exchange *exchange)
{
	size_t size = strlen(exchange->send);

	return !(exchange->flags & (SMD_X_BARRIER | SMD_X_SECRET)) && !exchange->question_count &&
	       !exchange->until && size && size <= STREAM_MAX && !smd_shell_is_key(exchange->send);
}

/*
 * May exchange `index` be sent now? Ahead of answers only if the device echoes, because the
 * echo tells which prompt answers which line.
 */
static int may_send(const struct smd_shell *s, size_t index)
{
	if (index == s->current)
		return 1;
	return s->echoes && index - s->current < s->profile->window &&
	       streamable(&s->exchanges[index - 1]) && streamable(&s->exchanges[index]);
}

static int send_more(struct smd_shell *s, struct smd_error *error)
{
	while (!s->stop && s->sent < s->count && may_send(s, s->sent)) {
		int err = smd_shell_type(s, s->exchanges[s->sent].send, error);

		if (err)
			return err;
		s->sent++;
	}
	return 0;
}

static int take_patterns(struct smd_shell *s, const struct smd_exchange *x, struct smd_error *error)
{
	int err = smd_regex_cache_get(&s->patterns, x->until, SMD_REGEX_END, 0, "end", &s->until,
				      error);

	s->failure = s->profile_failure;
	if (!err && x->failure)
		err = smd_regex_cache_get(&s->patterns, x->failure, SMD_REGEX_START, 0, "failure",
					  &s->failure, error);
	for (size_t i = 0; i < x->question_count && !err; i++)
		err = smd_regex_cache_get(&s->patterns, x->questions[i].pattern, SMD_REGEX_END, 0,
					  "question", &s->question[i], error);
	return err;
}

int smd_shell_start(struct smd_shell *s, struct smd_error *error)
{
	const struct smd_exchange *x = &s->exchanges[s->current];
	int err = take_patterns(s, x, error);

	if (err)
		return err;
	s->reply->first[s->current] = smd_text_count(s->reply->out);
	s->failed = s->asked = s->fresh = 0;
	s->rest = SMD_REST_NONE;
	s->phase = smd_shell_is_key(x->send) ? SMD_PHASE_OUTPUT : SMD_PHASE_ECHO;
	s->expect = x->send;
	s->insist = s->echoes && s->at_prompt && s->ahead <= s->current && *x->send &&
		    !(x->flags & SMD_X_SECRET);
	if (s->ahead <= s->current)
		s->ahead = s->current + 1;
	return send_more(s, error);
}

void smd_shell_complete(struct smd_shell *s, enum smd_end end)
{
	struct smd_reply *reply = s->reply;
	struct smd_answer *answer = &reply->answer;
	size_t lines = smd_text_count(reply->out);

	if (end != SMD_END_DONE) {
		answer->end = end;
		answer->exchange = s->current;
	} else if (!s->stop) {
		answer->end = SMD_END_DONE;
		answer->exchange = s->count ? s->count - 1 : 0;
	}
	for (size_t i = end == SMD_END_DONE ? s->current : s->current + 1; i <= s->count; i++)
		reply->first[i] = lines;
	answer->prompt = end == SMD_END_DONE && s->at_prompt ? s->at : NULL;
	s->reply = NULL;
	s->exchanges = NULL;
	s->phase = SMD_PHASE_IDLE;
	s->held.size = s->held_lines = 0;
	s->done = 1;
}

/*
 * Too much output. Its end was not seen, so the next prompt could not be assigned: give up the
 * session.
 */
static int overflow(struct smd_shell *s)
{
	s->gone = 1;
	smd_shell_complete(s, SMD_END_OVERFLOW);
	return 0;
}

/* Match the failure pattern against a complete line, before it may be held. */
static int look_for_failure(struct smd_shell *s, const char *text, size_t size,
			    struct smd_error *error)
{
	int got;

	if (s->failed || s->rest || s->phase == SMD_PHASE_COMING)
		return 0;
	got = smd_regex_find(s->failure, text, size < SMD_LINE_LOOKED ? size : SMD_LINE_LOOKED,
			     NULL, error);
	if (got > 0) {
		s->failed = 1;
		s->failed_line = smd_text_count(s->reply->out) + s->held_lines;
	}
	return got < 0 ? got : 0;
}

static int emit(struct smd_shell *s, const char *text, size_t size, int ends)
{
	struct smd_text *out;

	if (s->phase != SMD_PHASE_ECHO && s->phase != SMD_PHASE_OUTPUT)
		return 0;
	if (size >= s->limit - s->spent)
		return overflow(s);
	s->spent += size + (ends != 0);
	out = s->reply->out;
	if (smd_text_append(out, text, size) || (ends && smd_text_append(out, "\n", 1)))
		return overflow(s);
	return 0;
}

/* Pass the oldest held line on to the output. */
static int release(struct smd_shell *s)
{
	const char *lf = memchr(s->held.data, '\n', s->held.size);
	size_t size = lf ? (size_t)(lf - s->held.data) : s->held.size;
	int err = emit(s, s->held.data, size, 1);

	if (s->held.size)
		smd_bytes_drop(&s->held, size + (lf != NULL));
	if (s->held_lines)
		s->held_lines--;
	return err;
}

static int release_all(struct smd_shell *s)
{
	int err = 0;

	while (s->held.size && !err)
		err = release(s);
	return err;
}

void smd_shell_unhold(struct smd_shell *s, size_t size)
{
	s->held.size -= size < s->held.size ? size : s->held.size;
	s->held_lines = 0;
	for (size_t i = 0; i < s->held.size; i++)
		s->held_lines += s->held.data[i] == '\n';
}

static int hold_back(struct smd_shell *s, const char *text, size_t size, struct smd_error *error)
{
	if (smd_bytes_add(&s->held, text, size) || smd_bytes_add(&s->held, "\n", 1))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	s->held_lines++;
	return s->held_lines > s->hold ? release(s) : 0;
}

int smd_shell_output(struct smd_shell *s, const char *text, size_t size, int ends,
		     struct smd_error *error)
{
	int err = look_for_failure(s, text, size, error);

	if (err)
		return err;
	if (s->hold && ends && !s->rest)
		return hold_back(s, text, size, error);
	err = release_all(s);
	return err ? err : emit(s, text, size, ends);
}

/*
 * Record the first failure or question of the action as its result. Exchanges sent after it are
 * only waited for.
 */
static void note(struct smd_shell *s)
{
	struct smd_answer *answer = &s->reply->answer;

	if (s->stop || (!s->asked && !s->failed))
		return;
	s->stop = 1;
	answer->exchange = s->current;
	answer->end = s->asked ? SMD_END_QUESTION : SMD_END_FAILURE;
	if (s->asked)
		answer->question = s->asked_which;
	if (s->failed)
		answer->failed = s->failed_line;
}

int smd_shell_ended(struct smd_shell *s, struct smd_error *error)
{
	int err = release_all(s);

	if (err || s->phase == SMD_PHASE_IDLE)
		return err;
	note(s);
	s->current++;
	if (s->current < s->count && !(s->stop && s->current == s->sent))
		return smd_shell_start(s, error);
	smd_shell_complete(s, SMD_END_DONE);
	return 0;
}
