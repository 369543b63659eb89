/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

static const struct smd_session_profile profile = {
	.size = sizeof(profile), .channel = "ssh", .protocol = "exec", .failure = "ovs-\\w+: "};

struct talk {
	const struct smd_protocol *protocol;
	struct wire wire;
	struct wire_reply to;
	struct smd_error error;
	void *session;
};

static void talk_begin(struct talk *talk, const struct smd_session_profile *with)
{
	memset(talk, 0, sizeof(*talk));
	talk->protocol = wire_protocol("exec");
	wire_init(&talk->wire);
	wire_reply_init(&talk->to);
	CU_ASSERT_EQUAL_FATAL(
		talk->protocol->open(with, NULL, &talk->wire.ops, &talk->session, &talk->error), 0);
	CU_ASSERT_EQUAL_FATAL(
		talk->protocol->begin(talk->session, NULL, 0, &talk->to.reply, &talk->error),
		SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk->to.reply.answer.end, SMD_END_DONE);
	CU_ASSERT_EQUAL(talk->wire.streams, 0);
}

static void talk_end(struct talk *talk)
{
	talk->protocol->close(talk->session);
	wire_reply_done(&talk->to);
}

static int begin(struct talk *talk, const struct smd_exchange *exchanges, size_t count)
{
	return talk->protocol->begin(talk->session, exchanges, count, &talk->to.reply,
				     &talk->error);
}

static int event(struct talk *talk, enum smd_channel_event event_kind, const char *text, int number)
{
	return talk->protocol->event(talk->session, event_kind, talk->wire.streams - 1, text,
				     text ? strlen(text) : 0, number, &talk->error);
}

/* End the command of the last stream. */
static int ends(struct talk *talk, int status)
{
	CU_ASSERT_EQUAL(event(talk, SMD_CHANNEL_STATUS, NULL, status), SMD_PROGRESS_MORE);
	return event(talk, SMD_CHANNEL_CLOSED, NULL, 0);
}

static const char *out_line(struct talk *talk, size_t index)
{
	const char *line = smd_text_get(talk->to.reply.out, index, NULL);

	return line ? line : "(none)";
}

static void one_after_another(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "cat", .input = "a\nb", .input_size = 3},
		{.send = "true"},
		{.send = "ovs-vsctl get x"},
	};
	struct talk talk;

	talk_begin(&talk, &profile);
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 3), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(talk.wire.kind, SMD_STREAM_EXEC);
	CU_ASSERT_STRING_EQUAL(talk.wire.command, "cat");
	CU_ASSERT_EQUAL(talk.wire.typed_size, 0);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(talk.wire.finished, 1);
	CU_ASSERT_STRING_EQUAL(talk.wire.typed, "a\nb");
	event(&talk, SMD_CHANNEL_OUT, "a\n", 0);
	event(&talk, SMD_CHANNEL_OUT, "b", 0);
	CU_ASSERT_EQUAL(ends(&talk, 0), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(talk.protocol->outstanding(talk.session), 1);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(talk.wire.finished, 2);
	CU_ASSERT_EQUAL(ends(&talk, 0), SMD_PROGRESS_MORE);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	event(&talk, SMD_CHANNEL_OUT, "c\n", 0);
	event(&talk, SMD_CHANNEL_ERR, "a remark\n", 0);
	CU_ASSERT_EQUAL(ends(&talk, 0), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.exchange, 2);
	CU_ASSERT_EQUAL(talk.to.reply.answer.status, 0);
	CU_ASSERT_EQUAL(smd_text_count(talk.to.reply.out), 3);
	CU_ASSERT_STRING_EQUAL(out_line(&talk, 1), "b");
	CU_ASSERT_STRING_EQUAL(out_line(&talk, 2), "c");
	CU_ASSERT_EQUAL(talk.to.first[0], 0);
	CU_ASSERT_EQUAL(talk.to.first[1], 2);
	CU_ASSERT_EQUAL(talk.to.first[2], 2);
	CU_ASSERT_EQUAL(talk.to.first[3], 3);
	talk_end(&talk);
}

static void a_status_is_a_failure(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "false"}, {.send = "never"}};
	struct talk talk;

	talk_begin(&talk, &profile);
	begin(&talk, exchanges, 2);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	event(&talk, SMD_CHANNEL_OUT, "x\n", 0);
	event(&talk, SMD_CHANNEL_ERR, "first\nno row \"x\" in table Port\n\n", 0);
	CU_ASSERT_EQUAL(ends(&talk, 142), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_FAILURE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.exchange, 0);
	CU_ASSERT_EQUAL(talk.to.reply.answer.status, 142);
	CU_ASSERT_EQUAL(talk.to.reply.answer.failed, 1);
	CU_ASSERT_EQUAL(talk.to.reply.answer.failed_err, 1);
	CU_ASSERT_EQUAL(talk.wire.streams, 1);
	talk_end(&talk);
}

static void a_line_is_a_failure(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "a"}, {.send = "b"}, {.send = "c", .failure = "bad"}};
	struct talk talk;

	talk_begin(&talk, &profile);
	begin(&talk, exchanges, 2);
	event(&talk, SMD_CHANNEL_ERR, "ovs-vsctl: of the first\n", 0); /* before OPENED: kept */
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(ends(&talk, 0), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_FAILURE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.failed_err, 1);
	CU_ASSERT_EQUAL(talk.to.reply.answer.status, 0);

	smd_text_clear(talk.to.reply.err);
	begin(&talk, &exchanges[2], 1);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	event(&talk, SMD_CHANNEL_OUT, "fine\nba", 0);
	event(&talk, SMD_CHANNEL_OUT, "d\novs-vsctl: not asked for\n", 0);
	CU_ASSERT_EQUAL(ends(&talk, 0), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_FAILURE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.failed, 1);
	CU_ASSERT_EQUAL(talk.to.reply.answer.failed_err, 0);
	talk_end(&talk);
}

static void signals_and_losses(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "a"}};
	struct talk talk;

	talk_begin(&talk, &profile);
	begin(&talk, exchanges, 1);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(ends(&talk, -1), SMD_PROGRESS_DONE); /* ended by a signal */
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_FAILURE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.status, -1);

	begin(&talk, exchanges, 1);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(event(&talk, SMD_CHANNEL_CLOSED, NULL, 0), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_LOST);
	CU_ASSERT_EQUAL(talk.to.reply.answer.status, -1);

	begin(&talk, exchanges, 1);
	CU_ASSERT_EQUAL(event(&talk, SMD_CHANNEL_CLOSED, NULL, 0), SMD_E_DEVICE);
	talk_end(&talk);
}

static void output_is_bounded(void)
{
	static const struct smd_session_profile small = {.size = sizeof(small), .limit = 10};
	static const struct smd_exchange exchanges[] = {{.send = "a"}};
	struct talk talk;

	talk_begin(&talk, &small);
	begin(&talk, exchanges, 1);
	event(&talk, SMD_CHANNEL_OPENED, NULL, 0);
	CU_ASSERT_EQUAL(event(&talk, SMD_CHANNEL_OUT, "12345\n", 0), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(event(&talk, SMD_CHANNEL_ERR, "12345", 0), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(talk.to.reply.answer.end, SMD_END_OVERFLOW);
	CU_ASSERT_EQUAL(talk.wire.closed, 1);
	CU_ASSERT_EQUAL(event(&talk, SMD_CHANNEL_OUT, "late", 0), SMD_PROGRESS_MORE);
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 1), SMD_PROGRESS_MORE);
	talk_end(&talk);
}

static void bad_exchanges_are_refused(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "good"}, {.send = "a", .until = "x"}, {.send = "b", .failure = "("}};
	struct talk talk;

	talk_begin(&talk, &profile);
	CU_ASSERT_EQUAL(begin(&talk, exchanges, 2), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk.error.message, "exchange 1"));
	CU_ASSERT_EQUAL(begin(&talk, &exchanges[2], 1), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(talk.error.message, "character"));
	CU_ASSERT_EQUAL(talk.wire.streams, 0);
	talk_end(&talk);
}

TEST_MAIN("exec", TEST(one_after_another), TEST(a_status_is_a_failure), TEST(a_line_is_a_failure),
	  TEST(signals_and_losses), TEST(output_is_bounded), TEST(bad_exchanges_are_refused));
