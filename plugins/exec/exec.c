/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol `exec`: each exchange is one command, with standard input, output, error and
 * exit status. There is no terminal, so nothing has to be guessed.
 */
#include <smartdeploy/plugin.h>

#include <stdlib.h>
#include <string.h>

#include "../common/match.h"

/* Bytes of a line against which the failure pattern is matched. */
#define LINE_LOOKED 4096

struct session {
	const struct smd_session_profile *profile;
	struct smd_wire *wire;
	struct smd_regex_cache patterns;
	size_t limit;

	const struct smd_exchange *exchanges; /* of the action; NULL: there is no action */
	size_t count;
	struct smd_reply *reply;
	size_t current;
	size_t spent; /* bytes of output of the action so far */

	int stream; /* stream of the current exchange; -1: none */
	int opened, ended;
	int status;
	size_t err_first;       /* index in `err` of the current exchange's first line */
	int out_open, err_open; /* the last line has no line end yet */
};

static void session_close(void *session)
{
	struct session *s = session;

	if (!s)
		return;
	smd_regex_cache_done(&s->patterns);
	free(s);
}

static int session_open(const struct smd_session_profile *profile,
			const struct smd_settings *settings, struct smd_wire *wire, void **session,
			struct smd_error *error)
{
	struct session *s = calloc(1, sizeof(*s));
	struct smd_regex *pattern;
	int err;

	(void)settings;
	if (!s)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	s->profile = profile;
	s->wire = wire;
	s->stream = -1;
	s->limit = profile->limit ? profile->limit : SMD_TEXT_LIMIT;
	err = smd_regex_cache_get(&s->patterns, profile->failure, SMD_REGEX_START, 1, "failure",
				  &pattern, error);
	if (err) {
		session_close(s);
		return err;
	}
	*session = s;
	return 0;
}

static int failure_pattern(struct session *s, const struct smd_exchange *x, struct smd_regex **out,
			   struct smd_error *error)
{
	return smd_regex_cache_get(&s->patterns, x->failure ? x->failure : s->profile->failure,
				   SMD_REGEX_START, 0, "failure", out, error);
}

static int check_exchange(struct session *s, const struct smd_exchange *x, size_t index,
			  struct smd_error *error)
{
	struct smd_regex *pattern;

	if (!x->send)
		return smd_fail(error, SMD_E_INVALID, "exchange %zu has no command", index);
	if (x->until || x->question_count)
		return smd_fail(error, SMD_E_INVALID,
				"exchange %zu waits for a pattern or a question, but a command "
				"without a terminal ends by itself and asks nothing",
				index);
	return failure_pattern(s, x, &pattern, error);
}

/* End the action; `exchange` is the one that failed, or the last. */
static int complete(struct session *s, enum smd_end end)
{
	struct smd_reply *reply = s->reply;
	struct smd_answer *answer = &reply->answer;
	size_t lines = smd_text_count(reply->out);

	for (size_t i = s->count ? s->current + 1 : 0; i <= s->count; i++)
		reply->first[i] = lines;
	answer->end = end;
	answer->exchange = s->current;
	answer->status = s->status;
	s->exchanges = NULL;
	s->reply = NULL;
	return SMD_PROGRESS_DONE;
}

static int start_command(struct session *s, struct smd_error *error)
{
	s->status = -1;
	s->opened = s->ended = s->out_open = s->err_open = 0;
	s->reply->first[s->current] = smd_text_count(s->reply->out);
	s->err_first = smd_text_count(s->reply->err);
	s->stream = s->wire->open(s->wire, SMD_STREAM_EXEC, s->exchanges[s->current].send);
	if (s->stream < 0)
		return smd_fail(error, SMD_E_UNREACHABLE, "the device takes no further command");
	return SMD_PROGRESS_MORE;
}

static int session_begin(void *session, const struct smd_exchange *exchanges, size_t count,
			 struct smd_reply *reply, struct smd_error *error)
{
	struct session *s = session;

	if (s->exchanges)
		return smd_fail(error, SMD_E_INTERNAL, "an action is begun before the last ended");
	for (size_t i = 0; i < count; i++) {
		int err = check_exchange(s, &exchanges[i], i, error);

		if (err)
			return err;
	}
	reply->answer = (struct smd_answer){
		.out = reply->out, .err = reply->err, .first = reply->first, .status = -1};
	s->reply = reply;
	s->count = count;
	s->current = s->spent = 0;
	if (!count) { /* no first prompt to wait for */
		s->status = 0;
		return complete(s, SMD_END_DONE);
	}
	s->exchanges = exchanges;
	return start_command(s, error);
}

/*
 * Write the exchange's input and close it. Without input it is closed too, so that no command
 * waits for input.
 */
static void feed_input(struct session *s)
{
	const struct smd_exchange *x = &s->exchanges[s->current];

	s->opened = 1;
	if (x->input && x->input_size)
		s->wire->write(s->wire, s->stream, x->input, x->input_size);
	s->wire->finish(s->wire, s->stream);
}

static int overflow(struct session *s)
{
	int stream = s->stream;

	s->stream = -1;
	s->wire->close(s->wire, stream);
	return complete(s, SMD_END_OVERFLOW);
}

static int take_output(struct session *s, struct smd_text *text, int *open, const char *bytes,
		       size_t size)
{
	if (!size)
		return SMD_PROGRESS_MORE;
	if (size > s->limit - s->spent)
		return overflow(s);
	s->spent += size;
	*open = bytes[size - 1] != '\n';
	return smd_text_append(text, bytes, size) ? overflow(s) : SMD_PROGRESS_MORE;
}

/* Find the first line from `first` on that matches. 1 and its index, 0, or an error. */
static int find_failure(struct smd_regex *pattern, const struct smd_text *text, size_t first,
			size_t *index, struct smd_error *error)
{
	size_t count = pattern ? smd_text_count(text) : 0;

	for (size_t i = first; i < count; i++) {
		size_t size;
		const char *line = smd_text_get(text, i, &size);
		int got = smd_regex_find(pattern, line, size < LINE_LOOKED ? size : LINE_LOOKED,
					 NULL, error);

		*index = i;
		if (got)
			return got;
	}
	return 0;
}

/* The last line from `first` on that is not blank; the number of lines if there is none. */
static size_t last_said(const struct smd_text *text, size_t first)
{
	for (size_t i = smd_text_count(text); i > first; i--) {
		size_t size;
		const char *line = smd_text_get(text, i - 1, &size);

		if (size && strspn(line, " \t") < size)
			return i - 1;
	}
	return smd_text_count(text);
}

/*
 * Find the line that explains a failure: one that matches the pattern, in stderr first, where
 * programs report errors; else the last line of stderr or, if it is empty, of stdout.
 */
static int find_reason(struct session *s, int *failed, struct smd_error *error)
{
	struct smd_answer *answer = &s->reply->answer;
	size_t first = s->reply->first[s->current];
	struct smd_regex *pattern;
	int got = failure_pattern(s, &s->exchanges[s->current], &pattern, error);

	if (got)
		return got;
	got = find_failure(pattern, s->reply->err, s->err_first, &answer->failed, error);
	answer->failed_err = got > 0;
	if (!got)
		got = find_failure(pattern, s->reply->out, first, &answer->failed, error);
	*failed = got > 0 || s->status != 0;
	if (got || !*failed)
		return got < 0 ? got : 0;
	answer->failed = last_said(s->reply->err, s->err_first);
	answer->failed_err = answer->failed < smd_text_count(s->reply->err);
	if (!answer->failed_err)
		answer->failed = last_said(s->reply->out, first);
	return 0;
}

static int closed(struct session *s, struct smd_error *error)
{
	int failed = 0, err = 0;

	s->stream = -1;
	if (!s->opened && !s->ended)
		return smd_fail(error, SMD_E_DEVICE, "the device refuses to run commands");
	if ((s->out_open && smd_text_append(s->reply->out, "\n", 1)) ||
	    (s->err_open && smd_text_append(s->reply->err, "\n", 1)))
		return complete(s, SMD_END_OVERFLOW);
	/* Neither exit status nor signal was reported, so the command may still be running. */
	if (!s->ended)
		return complete(s, SMD_END_LOST);
	err = find_reason(s, &failed, error);
	if (err)
		return err;
	if (failed)
		return complete(s, SMD_END_FAILURE);
	if (s->current + 1 == s->count)
		return complete(s, SMD_END_DONE);
	s->current++;
	return start_command(s, error);
}

static int session_event(void *session, enum smd_channel_event event, int stream, const char *bytes,
			 size_t size, int number, struct smd_error *error)
{
	struct session *s = session;

	if (!s->exchanges || stream != s->stream)
		return SMD_PROGRESS_MORE;
	switch (event) {
	case SMD_CHANNEL_OPENED:
		feed_input(s);
		return SMD_PROGRESS_MORE;
	case SMD_CHANNEL_OUT:
		return take_output(s, s->reply->out, &s->out_open, bytes, size);
	case SMD_CHANNEL_ERR:
		return take_output(s, s->reply->err, &s->err_open, bytes, size);
	case SMD_CHANNEL_STATUS:
		s->ended = 1;
		s->status = number;
		return SMD_PROGRESS_MORE;
	case SMD_CHANNEL_CLOSED:
		return closed(s, error);
	default:
		return SMD_PROGRESS_MORE;
	}
}

static size_t session_outstanding(void *session)
{
	const struct session *s = session;

	return s->current;
}

static const struct smd_protocol protocol = {
	.open = session_open,
	.close = session_close,
	.begin = session_begin,
	.event = session_event,
	.outstanding = session_outstanding,
};

static const struct smd_plugin plugin = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "exec",
		 .summary = "Commands with input, output and exit status, one stream each",
		 .version = "1.0"},
	.kind = SMD_PLUGIN_PROTOCOL,
	.ops_size = sizeof(struct smd_protocol),
	.protocol = &protocol,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
