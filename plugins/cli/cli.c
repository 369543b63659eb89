/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol `cli`: a command line made for people.
 *
 * README.md says what it handles and what it cannot detect.
 */
#include <smartdeploy/plugin.h>

#include <stdlib.h>
#include <string.h>

#include "shell.h"

/* The number of lines of a prompt above its last one: occurrences of `\n` in the pattern. */
static size_t lines_named(const char *pattern)
{
	enum { MOST = 4 };
	size_t count = 0;

	for (const char *at = pattern; (at = strstr(at, "\\n")) && count < MOST; at += 2)
		count++;
	return count;
}

static int take_profile(struct smd_shell *s, struct smd_error *error)
{
	const struct smd_session_profile *m = s->profile;
	int err;

	if (!m->prompt)
		return smd_fail(error, SMD_E_INVALID, "the driver names no prompt, cli needs one");
	s->hold = lines_named(m->prompt);
	s->limit = m->limit ? m->limit : SMD_TEXT_LIMIT;
	err = smd_regex_cache_get(&s->patterns, m->prompt, SMD_REGEX_WHOLE, 1, "prompt", &s->prompt,
				  error);
	if (!err)
		err = smd_regex_cache_get(&s->patterns, m->failure, SMD_REGEX_START, 1, "failure",
					  &s->profile_failure, error);
	if (!err)
		err = smd_regex_cache_get(&s->patterns, m->noise, SMD_REGEX_START, 1, "noise",
					  &s->noise, error);
	if (!err)
		err = smd_regex_cache_get(&s->patterns, m->pager, SMD_REGEX_END, 1, "pager",
					  &s->pager, error);
	return err;
}

static void session_close(void *session)
{
	struct smd_shell *s = session;

	if (!s)
		return;
	smd_regex_cache_done(&s->patterns);
	smd_row_done(&s->row);
	smd_bytes_done(&s->line);
	smd_bytes_done(&s->held);
	smd_bytes_done(&s->subject);
	free(s);
}

static int session_open(const struct smd_session_profile *profile,
			const struct smd_settings *settings, struct smd_wire *wire, void **session,
			struct smd_error *error)
{
	struct smd_shell *s = calloc(1, sizeof(*s));
	int err;

	(void)settings;
	if (!s)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	s->profile = profile;
	s->wire = wire;
	s->stream = -1;
	err = take_profile(s, error);
	if (err) {
		session_close(s);
		return err;
	}
	*session = s;
	return 0;
}

/*
 * The first control character (C0, DEL, or C1 in UTF-8), which a device would take as a key;
 * NULL: none.
 */
static const char *find_control(const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < 0x20 || *c == 0x7f || (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0))
			return (const char *)c;
	return NULL;
}

static int check_typed(const char *text, const char *what, size_t index, struct smd_error *error)
{
	const char *control;

	if (!text)
		return smd_fail(error, SMD_E_INVALID, "exchange %zu has no %s", index, what);
	control = smd_shell_is_key(text) ? NULL : find_control(text);
	if (!control)
		return 0;
	/* The text may be a secret, so the message does not contain it. */
	smd_fail(error, SMD_E_INVALID,
		 "the %s of exchange %zu has the control character 0x%02x at byte %zu", what, index,
		 (unsigned)(unsigned char)*control, (size_t)(control - text));
	smd_error_hint(error, "a command line acts on control characters while they are typed; "
			      "take it out of the name or value");
	return SMD_E_INVALID;
}

static int check_patterns(struct smd_shell *s, const struct smd_exchange *x,
			  struct smd_error *error)
{
	struct smd_regex *unused;
	int err = smd_regex_cache_get(&s->patterns, x->until, SMD_REGEX_END, 0, "end", &unused,
				      error);

	if (!err)
		err = smd_regex_cache_get(&s->patterns, x->failure, SMD_REGEX_START, 0, "failure",
					  &unused, error);
	for (size_t i = 0; i < x->question_count && !err; i++)
		err = smd_regex_cache_get(&s->patterns, x->questions[i].pattern, SMD_REGEX_END, 0,
					  "question", &unused, error);
	return err;
}

/* Check an exchange. All exchanges of an action are checked before anything is sent. */
static int check_exchange(struct smd_shell *s, const struct smd_exchange *x, size_t index,
			  struct smd_error *error)
{
	int err = check_typed(x->send, "line", index, error);

	if (err)
		return err;
	if (x->input)
		return smd_fail(error, SMD_E_INVALID,
				"exchange %zu has input, but a command line has no standard input",
				index);
	if (x->question_count > SMD_QUESTIONS)
		return smd_fail(error, SMD_E_INVALID, "exchange %zu has more than %d questions",
				index, SMD_QUESTIONS);
	for (size_t i = 0; i < x->question_count && !err; i++) {
		if (!x->questions[i].pattern)
			err = smd_fail(error, SMD_E_INVALID,
				       "question %zu of exchange %zu has no pattern", i, index);
		else if (x->questions[i].answer)
			err = check_typed(x->questions[i].answer, "answer", index, error);
	}
	return err ? err : check_patterns(s, x, error);
}

static int progress_of(struct smd_shell *s)
{
	int done = s->done;

	s->done = 0;
	return done ? SMD_PROGRESS_DONE : SMD_PROGRESS_MORE;
}

static int come_up(struct smd_shell *s, struct smd_error *error)
{
	if (s->up) {
		smd_shell_complete(s, SMD_END_DONE);
		return progress_of(s);
	}
	s->phase = SMD_PHASE_COMING;
	s->stream = s->wire->open(s->wire, SMD_STREAM_SHELL, s->profile->command);
	if (s->stream < 0)
		return smd_fail(error, SMD_E_UNREACHABLE, "the device gives no command line");
	return SMD_PROGRESS_MORE;
}

static int can_begin(const struct smd_shell *s, size_t count, struct smd_error *error)
{
	if (s->phase != SMD_PHASE_IDLE)
		return smd_fail(error, SMD_E_INTERNAL, "an action is begun before the last ended");
	if (s->gone)
		return smd_fail(error, SMD_E_UNREACHABLE,
				"the session is over: the device closed it, or it is out of step");
	if (count && !s->up)
		return smd_fail(error, SMD_E_INTERNAL, "the session has not come up");
	return 0;
}

static int session_begin(void *session, const struct smd_exchange *exchanges, size_t count,
			 struct smd_reply *reply, struct smd_error *error)
{
	struct smd_shell *s = session;
	int err = can_begin(s, count, error);

	for (size_t i = 0; i < count && !err; i++)
		err = check_exchange(s, &exchanges[i], i, error);
	if (err)
		return err;
	s->exchanges = exchanges;
	s->count = count;
	s->reply = reply;
	s->current = s->sent = s->ahead = s->spent = 0;
	s->stop = s->failed = s->asked = s->done = 0;
	reply->answer = (struct smd_answer){
		.out = reply->out, .err = reply->err, .first = reply->first, .status = -1};
	if (!count)
		return come_up(s, error);
	err = smd_shell_settle(s, error);
	if (!err)
		err = smd_shell_start(s, error);
	return err ? err : progress_of(s);
}

static int take_bytes(struct smd_shell *s, const char *bytes, size_t size, struct smd_error *error)
{
	while (size && !s->gone) {
		size_t used = 0;
		int what = smd_row_feed(&s->row, bytes, size, &used);
		int err;

		if (what < 0)
			return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
		if (what == SMD_ROW_OPEN)
			break;
		err = smd_shell_row(s, what == SMD_ROW_LINE, error);
		if (err)
			return err;
		bytes += used;
		size -= used;
	}
	return s->gone ? 0 : smd_shell_tail(s, error);
}

static int closed(struct smd_shell *s, struct smd_error *error)
{
	int err = 0;

	s->gone = 1;
	if (s->phase == SMD_PHASE_IDLE)
		return 0;
	if (s->row.length > s->row.base || s->row.redrawn)
		err = smd_shell_row(s, 1, error);
	if (err || s->phase == SMD_PHASE_IDLE)
		return err;
	if (s->phase == SMD_PHASE_COMING) {
		smd_fail(error, SMD_E_UNREACHABLE,
			 "the device ended the session before its first prompt");
		if (*s->at)
			smd_error_hint(error, "the last thing it said was \"%s\"", s->at);
		return SMD_E_UNREACHABLE;
	}
	err = smd_shell_output(s, "", 0, 0, error);
	if (!err && s->phase != SMD_PHASE_IDLE)
		smd_shell_complete(s, SMD_END_LOST);
	return err;
}

static int session_event(void *session, enum smd_channel_event event, int stream, const char *bytes,
			 size_t size, int number, struct smd_error *error)
{
	struct smd_shell *s = session;
	int err = 0;

	(void)number;
	if (stream != s->stream)
		return SMD_PROGRESS_MORE;
	if (event == SMD_CHANNEL_OUT || event == SMD_CHANNEL_ERR)
		err = take_bytes(s, bytes, size, error);
	else if (event == SMD_CHANNEL_CLOSED)
		err = closed(s, error);
	return err ? err : progress_of(s);
}

static size_t session_outstanding(void *session)
{
	const struct smd_shell *s = session;

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
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "cli",
		 .summary = "Command lines that were made for people, by prompt and echo",
		 .version = "1.0"},
	.kind = SMD_PLUGIN_PROTOCOL,
	.ops_size = sizeof(struct smd_protocol),
	.protocol = &protocol,
};

const struct smd_plugin *smd_plugin_entry(void)
{
	return &plugin;
}
