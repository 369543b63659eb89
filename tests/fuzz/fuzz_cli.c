/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that says anything. The first byte of an input chooses the session profile,
 * the second how the rest, which is what the device says, is cut.
 */
#include <smartdeploy/plugin.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define EXCHANGES 6
#define LIMIT 65536

static const struct smd_session_profile profiles[] = {
	{.prompt = "([\\w.-]+)(\\([^)]*\\))?[>#]",
	 .failure = "% (Invalid|Unknown)",
	 .pager = " ?--More-- ?",
	 .noise = "%[A-Z0-9_]+-\\d-",
	 .window = 4,
	 .limit = LIMIT},
	{.prompt = "(?:\\n?\\[edit[^\\n]*\\]\\n)?(\\w+@[\\w.-]+)[>#] ",
	 .failure = "error:",
	 .window = 10,
	 .limit = LIMIT},
	{.prompt = "\\S+[$#] ?", .failure = "(?i)error", .limit = 512},
};

static const struct smd_question questions[] = {
	{.pattern = "\\[confirm\\]", .answer = ""},
	{.pattern = "\\[abort\\]\\?", .answer = "abort", .verdict = SMD_CLASS_CONFLICT},
	{.pattern = "\\[no\\]:", .verdict = SMD_CLASS_REFUSED},
};

static const struct smd_exchange exchanges[EXCHANGES] = {
	{.send = "show x"},
	{.send = "a"},
	{.send = "b", .failure = "bad"},
	{.send = "enable", .until = "word:"},
	{.send = "secret", .flags = SMD_X_SECRET},
	{.send = "commit", .questions = questions, .question_count = 3, .flags = SMD_X_BARRIER},
};

static int wire_open(struct smd_wire *wire, enum smd_stream_kind kind, const char *command)
{
	(void)wire;
	(void)kind;
	(void)command;
	return 0;
}

static void wire_write(struct smd_wire *wire, int stream, const char *bytes, size_t size)
{
	(void)wire;
	(void)stream;
	(void)bytes;
	(void)size;
}

static void wire_end(struct smd_wire *wire, int stream)
{
	(void)wire;
	(void)stream;
}

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

/* What every answer keeps to, whatever the device said. */
static void check(const struct smd_answer *answer, size_t count)
{
	size_t lines = smd_text_count(answer->out);

	must(answer->end >= SMD_END_DONE && answer->end <= SMD_END_OVERFLOW, "end");
	must(answer->exchange < (count ? count : 1), "exchange is one of the action");
	must(answer->first[0] == 0, "first begins at 0");
	for (size_t i = 0; i < count; i++)
		must(answer->first[i] <= answer->first[i + 1], "first grows");
	must(answer->first[count] <= lines, "first is within the output");
	if (answer->end == SMD_END_FAILURE)
		must(answer->failed < lines && answer->failed >= answer->first[answer->exchange],
		     "the failed line is one of the culprit's");
	for (size_t i = 0; i < lines; i++) {
		size_t size;
		const char *line = smd_text_get(answer->out, i, &size);

		for (size_t at = 0; at < size; at++)
			must((unsigned char)line[at] >= 0x20 || line[at] == '\t',
			     "no control character passes");
	}
}

struct talk {
	const struct smd_protocol *protocol;
	void *session;
	struct smd_reply reply;
	size_t first[EXCHANGES + 1];
	struct smd_error error;
	size_t count; /* exchanges of the action */
};

static int begin(struct talk *talk, size_t count)
{
	talk->count = count;
	smd_text_clear(talk->reply.out);
	return talk->protocol->begin(talk->session, count ? exchanges : NULL, count, &talk->reply,
				     &talk->error);
}

/* One action after another for as long as the device speaks. */
static void converse(struct talk *talk, const uint8_t *bytes, size_t size, unsigned cut)
{
	int got = begin(talk, 0);

	for (size_t at = 0, step; at < size && got >= 0; at += step) {
		char *copy;

		step = cut ? 1 + (at * 31 + cut) % cut : size;
		step = step < size - at ? step : size - at;
		copy = malloc(step);
		must(copy != NULL, "memory");
		memcpy(copy, bytes + at, step);
		got = talk->protocol->event(talk->session, SMD_CHANNEL_OUT, 0, copy, step, 0,
					    &talk->error);
		free(copy);
		if (got == SMD_PROGRESS_DONE) {
			check(&talk->reply.answer, talk->count);
			got = begin(talk, EXCHANGES);
		}
	}
	if (got == SMD_PROGRESS_MORE)
		got = talk->protocol->event(talk->session, SMD_CHANNEL_CLOSED, 0, NULL, 0, 0,
					    &talk->error);
	if (got == SMD_PROGRESS_DONE)
		check(&talk->reply.answer, talk->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct smd_wire wire = {wire_open, wire_write, wire_end, wire_end};
	struct talk talk = {.protocol = smd_plugin_entry()->protocol};
	const struct smd_session_profile *profile;

	if (size < 2)
		return 0;
	profile = &profiles[bytes[0] % (sizeof(profiles) / sizeof(profiles[0]))];
	must(!smd_text_new(&talk.reply.out, 0) && !smd_text_new(&talk.reply.err, 0), "memory");
	talk.reply.first = talk.first;
	must(!talk.protocol->open(profile, NULL, &wire, &talk.session, &talk.error), "open");
	converse(&talk, bytes + 2, size - 2, bytes[1]);
	talk.protocol->close(talk.session);
	smd_text_free(talk.reply.out);
	smd_text_free(talk.reply.err);
	return 0;
}
