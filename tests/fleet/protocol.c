/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol "fleet-cli": a command is a line. Its answer is lines of output, then "ok" or
 * "% REASON", then ".". The line of the reason is part of the output, "ok" is not.
 */
#include "parts.h"

#include <stdlib.h>
#include <string.h>

struct talk {
	struct smd_wire *wire;
	int stream;
	int is_open;
	const struct smd_exchange *exchanges;
	size_t count, at;
	struct smd_reply *reply; /* NULL: nothing is outstanding */
	char line[DEVICE_ANSWER];
	size_t used;
};

static int talk_open(const struct smd_session_profile *profile, const struct smd_settings *settings,
		     struct smd_wire *wire, void **session, struct smd_error *error)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	(void)profile;
	(void)settings;
	if (!talk)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	talk->wire = wire;
	talk->stream = wire->open(wire, SMD_STREAM_SHELL, NULL);
	if (talk->stream < 0) {
		free(talk);
		return smd_fail(error, SMD_E_UNREACHABLE, "cannot open a shell");
	}
	*session = talk;
	return 0;
}

static void talk_close(void *session)
{
	free(session);
}

static void send_next(struct talk *talk)
{
	const char *line = talk->exchanges[talk->at].send;

	talk->wire->write(talk->wire, talk->stream, line, strlen(line));
	talk->wire->write(talk->wire, talk->stream, "\n", 1);
}

static int is_done(struct talk *talk)
{
	talk->reply = NULL;
	return SMD_PROGRESS_DONE;
}

static int talk_begin(void *session, const struct smd_exchange *exchanges, size_t count,
		      struct smd_reply *reply, struct smd_error *error)
{
	struct talk *talk = session;

	(void)error;
	talk->exchanges = exchanges;
	talk->count = count;
	talk->at = 0;
	talk->reply = reply;
	talk->used = 0;
	reply->answer.end = SMD_END_DONE;
	reply->answer.exchange = 0;
	reply->answer.status = -1;
	reply->first[0] = smd_text_count(reply->out);
	if (count)
		send_next(talk);
	else if (talk->is_open)
		return is_done(talk);
	return SMD_PROGRESS_MORE;
}

static int end_exchange(struct talk *talk)
{
	struct smd_answer *answer = &talk->reply->answer;

	answer->exchange = talk->at;
	talk->reply->first[++talk->at] = smd_text_count(talk->reply->out);
	if (answer->end != SMD_END_DONE || talk->at == talk->count)
		return is_done(talk);
	send_next(talk);
	return SMD_PROGRESS_MORE;
}

static int take_line(struct talk *talk, const char *line)
{
	struct smd_answer *answer;

	if (!talk->reply || !talk->count || !strcmp(line, "ok"))
		return SMD_PROGRESS_MORE;
	if (!strcmp(line, "."))
		return end_exchange(talk);
	answer = &talk->reply->answer;
	if (line[0] == '%') {
		answer->end = SMD_END_FAILURE;
		answer->failed = smd_text_count(talk->reply->out);
	}
	return smd_text_line(talk->reply->out, line) ? SMD_E_NO_MEMORY : SMD_PROGRESS_MORE;
}

static int take_bytes(struct talk *talk, const char *bytes, size_t size)
{
	int progress = SMD_PROGRESS_MORE;

	for (size_t i = 0; i < size && progress == SMD_PROGRESS_MORE; i++) {
		if (bytes[i] != '\n') {
			if (talk->used < sizeof(talk->line) - 1)
				talk->line[talk->used++] = bytes[i];
			continue;
		}
		talk->line[talk->used] = '\0';
		talk->used = 0;
		progress = take_line(talk, talk->line);
	}
	return progress;
}

static int talk_event(void *session, enum smd_channel_event event, int stream, const char *bytes,
		      size_t size, int number, struct smd_error *error)
{
	struct talk *talk = session;

	(void)stream;
	(void)number;
	if (event == SMD_CHANNEL_CLOSED)
		return smd_fail(error, SMD_E_UNREACHABLE, "the device has ended the session");
	if (event == SMD_CHANNEL_OUT)
		return take_bytes(talk, bytes, size);
	if (event != SMD_CHANNEL_OPENED)
		return SMD_PROGRESS_MORE;
	talk->is_open = 1;
	return talk->reply && !talk->count ? is_done(talk) : SMD_PROGRESS_MORE;
}

static size_t talk_outstanding(void *session)
{
	return ((struct talk *)session)->at;
}

const struct smd_protocol fleet_protocol = {
	.open = talk_open,
	.close = talk_close,
	.begin = talk_begin,
	.event = talk_event,
	.outstanding = talk_outstanding,
};
