/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/steps.h"

#include "test.h"

/* A stage with its answer and action, called by hand. */
struct bench {
	struct smd_run_core core;
	struct smd_run run;
	struct smd_text *payload, *result, *out, *err;
	struct smd_answer answer;
	struct smd_action action;
};

static struct smd_text *text_of(const char *bytes)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	CU_ASSERT_EQUAL(smd_text_append(text, bytes, strlen(bytes)), 0);
	return text;
}

static void begin(struct bench *bench, const char *payload)
{
	*bench = (struct bench){.payload = text_of(payload), .result = text_of("")};
	smd_run_core_init(&bench->core);
	bench->run = (struct smd_run){.core = &bench->core,
				      .tag = "d-7f3a",
				      .timer = 3723,
				      .payload = bench->payload,
				      .result = bench->result};
}

static void end(struct bench *bench)
{
	smd_run_core_done(&bench->core);
	smd_text_free(bench->payload);
	smd_text_free(bench->result);
	smd_text_free(bench->out);
	smd_text_free(bench->err);
}

static void answer(struct bench *bench, enum smd_end why, const char *out, const char *err)
{
	smd_text_free(bench->out);
	smd_text_free(bench->err);
	bench->out = text_of(out);
	bench->err = text_of(err);
	bench->answer = (struct smd_answer){
		.end = why, .out = bench->out, .err = bench->err, .failed_err = *err != 0};
}

static void next(struct bench *bench, const struct smd_step *steps, size_t count)
{
	smd_run_core_reset(&bench->core);
	bench->action = (struct smd_action){0};
	smd_steps_next(&bench->run, &bench->answer, &bench->action, steps, count);
}

static void a_table_runs_to_its_end(void)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "configure", .until = "\\(config\\)# "}},
		{.payload = 1, .exchange = {.failure = "%", .deadline = 77}},
		{.exchange = {.send = "show diff"}, .keep = 1},
		{.exchange =
			 {.send = "commit {timer-minutes} {timer-seconds} {timer-hms} {tag} {x}"},
		 .expect = "Commit complete"},
	};
	struct bench bench;

	begin(&bench, "vlan 100\n name a\n");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 4);
	CU_ASSERT_EQUAL(bench.action.act, SMD_ACT_EXCHANGE);
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[0].send, "configure");
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[0].until, "\\(config\\)# ");
	answer(&bench, SMD_END_DONE, "", "");
	next(&bench, steps, 4);
	CU_ASSERT_EQUAL_FATAL(bench.action.exchange_count, 2);
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[1].send, " name a");
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[1].failure, "%");
	CU_ASSERT_EQUAL(bench.action.exchanges[1].deadline, 77);
	next(&bench, steps, 4);
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[0].send, "show diff");
	answer(&bench, SMD_END_DONE, "+ vlan 100\n+  name a\n", "");
	next(&bench, steps, 4);
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[0].send,
			       "commit 63 3723 01:02:03 d-7f3a {x}");
	answer(&bench, SMD_END_DONE, "\nCommit complete.\n", "");
	next(&bench, steps, 4);
	CU_ASSERT_EQUAL(bench.action.act, SMD_ACT_DONE);
	CU_ASSERT_EQUAL(smd_text_count(bench.result), 2);
	CU_ASSERT_STRING_EQUAL(smd_text_get(bench.result, 1, NULL), "+  name a");
	end(&bench);
}

static void an_empty_payload_is_skipped(void)
{
	static const struct smd_step steps[] = {{.payload = 1}, {.exchange = {.send = "exit"}}};
	struct bench bench;

	begin(&bench, "");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	CU_ASSERT_EQUAL(bench.action.act, SMD_ACT_DONE);
	next(&bench, steps, 2);
	CU_ASSERT_STRING_EQUAL(bench.action.exchanges[0].send, "exit");
	end(&bench);
}

static void a_refused_line_is_named(void)
{
	static const struct smd_step steps[] = {{.payload = 1}};
	struct bench bench;

	begin(&bench, "vlan 100\nvlan 5000\n");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	answer(&bench, SMD_END_FAILURE, "one\n% Invalid input\nmore\n", "");
	bench.answer.exchange = 1;
	bench.answer.failed = 1;
	next(&bench, steps, 1);
	CU_ASSERT_EQUAL(bench.action.act, SMD_ACT_FAIL);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_REFUSED);
	CU_ASSERT_STRING_EQUAL(bench.action.message,
			       "the device refuses 'vlan 5000': % Invalid input");
	end(&bench);
}

/* Without a matching line, the message quotes the last line of stderr. */
static void a_status_is_explained_by_stderr(void)
{
	static const struct smd_step steps[] = {{.exchange = {.send = "tool -x"}}};
	struct bench bench;

	begin(&bench, "");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	answer(&bench, SMD_END_FAILURE, "", "warning\ntool: no such option\n");
	bench.answer.failed = 1;
	bench.answer.status = 1;
	next(&bench, steps, 1);
	CU_ASSERT_STRING_EQUAL(bench.action.message,
			       "the device refuses 'tool -x': tool: no such option");
	end(&bench);
}

static void what_is_secret_stays_so(void)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "password hunter2", .flags = SMD_X_SECRET}}};
	static const enum smd_end ends[] = {SMD_END_FAILURE, SMD_END_DEADLINE, SMD_END_LOST,
					    SMD_END_OVERFLOW};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct bench bench;

		begin(&bench, "");
		answer(&bench, SMD_END_START, "", "");
		next(&bench, steps, 1);
		answer(&bench, ends[i], "bad: password hunter2\n", "");
		next(&bench, steps, 1);
		CU_ASSERT_PTR_NULL(strstr(bench.action.message, "hunter2"));
		CU_ASSERT_PTR_NOT_NULL(strstr(bench.action.message, "******"));
		end(&bench);
	}
}

static void an_unseen_end_is_unknown(void)
{
	static const struct smd_step steps[] = {{.exchange = {.send = "commit"}}};
	static const enum smd_end ends[] = {SMD_END_DEADLINE, SMD_END_LOST, SMD_END_OVERFLOW};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct bench bench;

		begin(&bench, "");
		answer(&bench, SMD_END_START, "", "");
		next(&bench, steps, 1);
		answer(&bench, ends[i], "", "");
		next(&bench, steps, 1);
		CU_ASSERT_EQUAL(bench.action.act, SMD_ACT_FAIL);
		CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_UNKNOWN);
		CU_ASSERT_PTR_NOT_NULL(strstr(bench.action.message, "'commit'"));
		end(&bench);
	}
}

static void a_question_has_its_verdict(void)
{
	static const struct smd_question questions[] = {{.pattern = "sure\\?", .answer = "yes"},
							{.pattern = "out of sync.*\\[abort\\]",
							 .answer = "abort",
							 .verdict = SMD_CLASS_CONFLICT}};
	static const struct smd_step steps[] = {
		{.exchange = {.send = "commit", .questions = questions, .question_count = 2}}};
	struct bench bench;

	begin(&bench, "");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	answer(&bench, SMD_END_QUESTION, "out of sync [abort]\n", "");
	bench.answer.question = 1;
	next(&bench, steps, 1);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_CONFLICT);
	end(&bench);
}

static void what_was_expected_must_come(void)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "commit"}, .expect = "ok$", .otherwise = SMD_CLASS_BUSY}};
	static const struct smd_step bad[] = {{.exchange = {.send = "commit"}, .expect = "(("}};
	static const struct smd_step costly[] = {
		{.exchange = {.send = "commit"}, .expect = "(a+)+$"}};
	struct bench bench;

	begin(&bench, "");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	answer(&bench, SMD_END_DONE, "not ok\nlocked by bob\n",
	       ""); /* does not match: patterns are matched at the start of a line */
	next(&bench, steps, 1);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_BUSY);
	CU_ASSERT_STRING_EQUAL(bench.action.message,
			       "unexpected answer to 'commit': locked by bob");
	answer(&bench, SMD_END_START, "", "");
	next(&bench, bad, 1);
	answer(&bench, SMD_END_DONE, "x\n", "");
	next(&bench, bad, 1);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_INVALID);
	answer(&bench, SMD_END_START, "", "");
	next(&bench, costly, 1);
	answer(&bench, SMD_END_DONE, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "");
	next(&bench, costly, 1);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_INVALID);
	end(&bench);
}

static void a_nul_is_not_sent(void)
{
	static const struct smd_step steps[] = {{.payload = 1}};
	struct bench bench;

	begin(&bench, "");
	smd_text_append(bench.payload, "a\0b\n", 4);
	answer(&bench, SMD_END_START, "", "");
	next(&bench, steps, 1);
	CU_ASSERT_EQUAL(bench.action.reason, SMD_CLASS_INVALID);
	end(&bench);
}

static void formatted_text_lives_for_one_more_call(void)
{
	struct bench bench;
	const char *first;

	begin(&bench, "");
	smd_run_core_reset(&bench.core);
	first = smd_run_printf(&bench.run, "%s %d", "line", 1);
	CU_ASSERT_STRING_EQUAL_FATAL(first, "line 1");
	smd_run_core_reset(&bench.core);
	CU_ASSERT_STRING_EQUAL(smd_run_printf(&bench.run, "%0300d", 7) + 299, "7");
	CU_ASSERT_STRING_EQUAL(first, "line 1");
	end(&bench);
}

TEST_MAIN("steps", TEST(a_table_runs_to_its_end), TEST(an_empty_payload_is_skipped),
	  TEST(a_refused_line_is_named), TEST(a_status_is_explained_by_stderr),
	  TEST(what_is_secret_stays_so), TEST(an_unseen_end_is_unknown),
	  TEST(a_question_has_its_verdict), TEST(what_was_expected_must_come),
	  TEST(a_nul_is_not_sent), TEST(formatted_text_lives_for_one_more_call));
