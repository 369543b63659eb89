/* SPDX-License-Identifier: Apache-2.0 */
/* The protocol cli, step by step: refusals, limits, lost sessions. */
#include "wire.h"

#include <time.h>

static const struct smd_session_profile ios = {
	.size = sizeof(ios),
	.prompt = "([\\w.-]+)(\\([^)]*\\))?[>#]",
	.failure = "% ",
};

static const struct smd_session_profile two_rows = {
	.size = sizeof(two_rows),
	.prompt = "(?:\\[edit[^\\n]*\\]\\n)?(\\w+@[\\w.-]+)[>#] ",
	.failure = "error: ",
};

/* A session after its first prompt. */
struct talk {
	const struct smd_protocol *protocol;
	struct wire wire;
	struct wire_reply to;
	struct smd_error error;
	void *session;
};

static int say(struct talk *talk, const char *text)
{
	return talk->protocol->event(talk->session, SMD_CHANNEL_OUT, 0, text, strlen(text), 0,
				     &talk->error);
}

static int begin(struct talk *talk, const struct smd_exchange *exchanges, size_t count)
{
	return talk->protocol->begin(talk->session, exchanges, count, &talk->to.reply,
				     &talk->error);
}

static void talk_open(struct talk *talk, const struct smd_session_profile *profile)
{
	memset(talk, 0, sizeof(*talk));
	talk->protocol = wire_protocol("cli");
	wire_init(&talk->wire);
	wire_reply_init(&talk->to);
	CU_ASSERT_EQUAL_FATAL(
		talk->protocol->open(profile, NULL, &talk->wire.ops, &talk->session, &talk->error),
		0);
	CU_ASSERT_EQUAL_FATAL(begin(talk, NULL, 0), SMD_PROGRESS_MORE);
}

static void talk_close(struct talk *talk)
{
	talk->protocol->close(talk->session);
	wire_reply_done(&talk->to);
}

static int lose(struct talk *talk)
{
	return talk->protocol->event(talk->session, SMD_CHANNEL_CLOSED, 0, NULL, 0, 0,
				     &talk->error);
}

static void a_session_may_be_lost(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "reload"}};
	struct talk talk;

	talk_open(&talk, &ios);
	CU_ASSERT_EQUAL(say(&talk, "This account is not available.\r\n"), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(lose(&talk), SMD_E_UNREACHABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk.error.hint, "This account is not available."));
	talk_close(&talk);

	talk_open(&talk, &ios);
	CU_ASSERT_EQUAL(say(&talk, "r1#"), SMD_PROGRESS_DONE);
	CU_ASSERT_STRING_EQUAL(talk.to.reply.answer.prompt, "r1#");
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 1), SMD_PROGRESS_MORE);
	say(&talk, "reload\r\ngoing down\r\nn");
	CU_ASSERT_EQUAL(lose(&talk), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_LOST);
	CU_ASSERT_EQUAL(smd_text_count(talk.to.reply.out), 2);
	CU_ASSERT_PTR_NULL(talk.to.reply.answer.prompt);
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 1), SMD_E_UNREACHABLE);
	talk_close(&talk);
}

static void output_is_bounded(void)
{
	static const struct smd_session_profile small = {
		.size = sizeof(small), .prompt = "(r1)#", .limit = 20};
	static const struct smd_exchange exchanges[] = {{.send = "x"}};
	struct talk talk;

	talk_open(&talk, &small);
	say(&talk, "r1#");
	begin(&talk, exchanges, 1);
	CU_ASSERT_EQUAL(say(&talk, "x\r\n123456789\r\n123456789\r\n"), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(say(&talk, "1\r\nr1#"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_OVERFLOW);
	CU_ASSERT_EQUAL(smd_text_count(talk.to.reply.out), 2);
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 1), SMD_E_UNREACHABLE);
	talk_close(&talk);
}

/* A moment if the cost is linear; two minutes if it were quadratic. */
static void long_output_and_long_lines(void)
{
	enum { CHUNK = 1000, CHUNKS = 20000 };
	static const struct smd_exchange exchanges[] = {{.send = "x"}};
	static char chunk[CHUNK + 1];
	struct talk talk;
	size_t size = 0;
	clock_t begun;

	talk_open(&talk, &two_rows);
	say(&talk, "a@r1> ");
	begin(&talk, exchanges, 1);
	say(&talk, "x\r\n");
	begun = clock();
	memset(chunk, 'x', CHUNK);
	for (int i = 0; i < CHUNKS; i++) { /* one line of 20 MB */
		if (say(&talk, chunk))
			break;
	}
	for (int i = 1; i < CHUNK; i += 50)
		memcpy(chunk + i, "\r\n", 2);
	for (int i = 0; i < CHUNKS; i++)
		if (say(&talk, chunk))
			break;
	CU_ASSERT((double)(clock() - begun) / CLOCKS_PER_SEC < 60);
	CU_ASSERT_EQUAL(say(&talk, "\r\na@r1> "), SMD_PROGRESS_DONE);
	CU_ASSERT_PTR_NOT_NULL(smd_text_get(talk.to.reply.out, 0, &size));
	CU_ASSERT_EQUAL(size, (size_t)CHUNK * CHUNKS + 1);
	CU_ASSERT_EQUAL(smd_text_count(talk.to.reply.out), (size_t)CHUNKS * 20 + 1);
	talk_close(&talk);
}

static void what_is_typed_is_checked(void)
{
	static const char *const bad[] = {"a\nb",  "a\tb",      "a\rb", "\x1b[A",
					  "a\x7f", "a\xc2\x85", "\x04x"};
	struct smd_exchange exchange = {0};
	struct talk talk;

	talk_open(&talk, &ios);
	say(&talk, "r1#");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		exchange.send = bad[i];
		CU_ASSERT_EQUAL(begin(&talk, &exchange, 1), SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(talk.error.message, "control character"));
	}
	exchange = (struct smd_exchange){.send = "a", .until = "(("};
	CU_ASSERT_EQUAL(begin(&talk, &exchange, 1), SMD_E_INVALID);
	exchange = (struct smd_exchange){.send = "a", .input = "b", .input_size = 1};
	CU_ASSERT_EQUAL(begin(&talk, &exchange, 1), SMD_E_INVALID);
	exchange = (struct smd_exchange){.send = NULL};
	CU_ASSERT_EQUAL(begin(&talk, &exchange, 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(talk.wire.typed_size, 0);
	exchange = (struct smd_exchange){.send = "gr\xc3\xbc\xc3\x9f"};
	CU_ASSERT_EQUAL(begin(&talk, &exchange, 1), SMD_PROGRESS_MORE);
	talk_close(&talk);
}

static void profiles_are_checked(void)
{
	static const struct smd_session_profile none = {.size = sizeof(none)};
	static const struct smd_session_profile wrong = {
		.size = sizeof(wrong), .prompt = "(", .failure = "x"};
	const struct smd_protocol *protocol = wire_protocol("cli");
	struct smd_error error;
	struct wire wire;
	void *session = NULL;

	wire_init(&wire);
	CU_ASSERT_EQUAL(protocol->open(&none, NULL, &wire.ops, &session, &error), SMD_E_INVALID);
	CU_ASSERT_EQUAL(protocol->open(&wrong, NULL, &wire.ops, &session, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(session);
	protocol->close(NULL);
}

/* A pattern of exponential cost ends the session with an error that names it. */
static void steps_are_limited(void)
{
	static const struct smd_session_profile profile = {
		.size = sizeof(profile), .prompt = "(r1)#", .failure = "(a|aa)+$"};
	static const struct smd_exchange exchanges[] = {{.send = "x"}};
	static char line[2001];
	struct talk talk;

	talk_open(&talk, &profile);
	say(&talk, "r1#");
	begin(&talk, exchanges, 1);
	say(&talk, "x\r\n");
	memset(line, 'a', sizeof(line) - 1);
	line[sizeof(line) - 3] = 'b';
	line[sizeof(line) - 2] = '\n';
	CU_ASSERT_EQUAL(say(&talk, line), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk.error.message, "(a|aa)+$"));
	talk_close(&talk);
}

TEST_MAIN("cli_steps", TEST(a_session_may_be_lost), TEST(output_is_bounded),
	  TEST(long_output_and_long_lines), TEST(what_is_typed_is_checked),
	  TEST(profiles_are_checked), TEST(steps_are_limited));
