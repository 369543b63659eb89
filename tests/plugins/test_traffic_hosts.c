/* SPDX-License-Identifier: Apache-2.0 */
/* The traffic test of bridge domains, where hosts or their probes fail. */
#include "traffic_play.h"

static void loss_is_unproven(void)
{
	struct play play = {.players = play_four, .losing = "h1"};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h3 is not heard in blue", "unproven", "lost at h1");
	expect_claim(evidence, "blue is not heard by h3", "proven", "");
	play_done(&play, evidence);
	play = (struct play){.players = play_four, .losing = "h3"};
	evidence = play_run(&play);
	expect_claim(evidence, "h3 is not heard in blue", "proven", "");
	expect_claim(evidence, "blue is not heard by h3", "unproven", "lost at h3");
	play_done(&play, evidence);
	play = (struct play){.players = play_four, .losing = "h2", .carry = carry_nothing};
	evidence = play_run(&play);
	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "unproven", "lost there");
	expect_claim(evidence, "the broadcast of h2 reaches all in blue", "broken",
		     "not come to h1");
	play_done(&play, evidence);
}

static void garbage_is_unproven(void)
{
	static const char *const garbage[] = {
		"heard run=r7.0 from=in.0.99999 tag=none count=1",
		"heard run=r7.0 from=in.0.4 tag=none count=1",
		"heard run=r7.0 from=in.1.0 tag=none count=1",
		"heard run=r7.1 from=in.0.0 tag=none count=1",
		"heard run=r7.0 from=out.0.2.sideways tag=none count=1",
		"heard run=r7.0 from=in.0.0 tag=none count=1 more",
		"heard run=r7.0 from=in.0.0 tag=none",
		"Segmentation fault",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct play play = {.players = play_four, .garbling = "h2", .garbage = garbage[i]};
		struct smd_tree *evidence = play_run(&play);

		expect_claim(evidence, "h3 is not heard in blue", "unproven",
			     "cannot make sense of");
		play_done(&play, evidence);
	}
}

static void an_absent_host_is_unproven(void)
{
	struct play play = {.players = play_four, .absent = "h2"};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "unproven", "h2 has not told");
	expect_claim(evidence, "blue is not heard by h3", "unproven", "h2 has not told");
	play_done(&play, evidence);
}

static const struct {
	enum smd_end end;
	const char *seen;
} failures[] = {
	{SMD_END_LOST, "the connection to the probe was lost"},
	{SMD_END_DEADLINE, "the probe did not answer in time"},
	{SMD_END_FAILURE, "the probe says \"error: interface \"e?[0m\": it is down\""},
	{SMD_END_OVERFLOW, "the probe's answer"},
};

/* What becomes of claims about h2 when it fails in this way and round. */
static void expect_failure(size_t how, unsigned round, int baseline, const char *result)
{
	struct play play = {.players = play_four,
			    .baseline = baseline,
			    .failing = "h2",
			    .failing_round = round,
			    .failing_end = failures[how].end};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", result, failures[how].seen);
	expect_claim(evidence, "h2 reaches h1 in blue", result, failures[how].seen);
	expect_claim(evidence, "the broadcast of h1 reaches all in blue", result,
		     failures[how].seen);
	expect_claim(evidence, "the broadcast of h2 reaches all in blue", result,
		     failures[how].seen);
	expect_claim(evidence, "h3 is not heard in blue", result, failures[how].seen);
	expect_claim(evidence, "blue is not heard by h3", result, failures[how].seen);
	play_done(&play, evidence);
}

static void without_a_baseline_a_failed_host_is_unproven(void)
{
	for (size_t how = 0; how < sizeof(failures) / sizeof(failures[0]); how++)
		for (unsigned round = 0; round < 4; round++)
			expect_failure(how, round, 0, "unproven");
}

/* Answered before, silent since: broken. What the probe says of itself is no silence. */
static void a_host_that_fell_silent_is_broken(void)
{
	for (unsigned round = 0; round < 4; round++) {
		expect_failure(0, round, 1, "broken");
		expect_failure(1, round, 1, "broken");
		expect_failure(2, round, 1, round ? "unproven" : "broken");
		expect_failure(3, round, 1, "unproven");
	}
}

static void a_host_without_login_is_judged_by_the_baseline(void)
{
	struct play play = {.players = play_four, .unreachable = "h2"};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "unproven",
		     "h2: cannot connect to 198.51.100.7");
	play_done(&play, evidence);
	play = (struct play){.players = play_four, .unreachable = "h2", .baseline = 1};
	evidence = play_run(&play);
	expect_claim(evidence, "h1 reaches h2 in blue", "broken",
		     "h2 answered before and is silent now: cannot connect to 198.51.100.7");
	play_done(&play, evidence);
}

static int asked_of(const struct play *play, const char *host)
{
	const char *line;
	int count = 0;

	for (size_t i = 0; (line = smd_text_get(play->script, i, NULL)); i++)
		count += strncmp(line + 2, host, strlen(host)) == 0;
	return count;
}

static void a_host_that_was_silent_before_is_unproven(void)
{
	struct play play = {.players = play_four, .baseline = 1, .absent_before = "h2"};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "unproven", "h2: cannot connect");
	expect_claim(evidence, "h3 is not heard in blue", "unproven", "h2: cannot connect");
	expect_claim(evidence, "blue is not heard by h4", "unproven", "h2: cannot connect");
	CU_ASSERT_EQUAL(asked_of(&play, "h2"), 0);
	CU_ASSERT(asked_of(&play, "h1") > 0);
	play_done(&play, evidence);
	play = (struct play){.players = play_four, .baseline = 1, .mute_before = "h3"};
	evidence = play_run(&play);
	expect_claim(evidence, "h1 reaches h2 in blue", "proven", "");
	expect_claim(evidence, "h3 is not heard in blue", "unproven", "h3: the probe says");
	expect_claim(evidence, "h4 is not heard in blue", "proven", "");
	play_done(&play, evidence);
}

static unsigned carry_to_old(const struct sent *frame, const struct player *to, const char **tag)
{
	*tag = strcmp(to->name, "h3") == 0 ? "100" : "none";
	return is_control(frame) && is_seat(to->old) && frame->from != to;
}

/* The old state has its own members. What was seen of the new one does not count for it. */
static void the_old_state_is_judged_apart(void)
{
	struct play play = {
		.players = play_four, .baseline = 1, .failing = "h2", .carry = carry_nothing};
	void *state = play_open(&play);
	struct smd_tree *evidence;

	play.failing_end = SMD_END_LOST;
	evidence = play_stage(&play, state, SMD_CHECK_NEW);
	expect_claim(evidence, "h1 reaches h2 in blue", "broken", "lost");
	smd_tree_free(evidence);
	play.failing = NULL;
	play.failed = NULL;
	play.sent_count = 0;
	play.carry = carry_to_old;
	evidence = play_stage(&play, state, SMD_CHECK_OLD);
	expect_claim(evidence, "h1 reaches h3 in blue", "proven", "3 of 3");
	expect_claim(evidence, "the broadcast of h3 reaches all in blue", "proven", "");
	expect_claim(evidence, "h2 is not heard in blue", "proven", "");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 4 + 2 * 2);
	play_check()->close(state);
	smd_tree_free(play.facts);
	play_done(&play, evidence);
}

TEST_MAIN("traffic_hosts", TEST(loss_is_unproven), TEST(garbage_is_unproven),
	  TEST(an_absent_host_is_unproven), TEST(without_a_baseline_a_failed_host_is_unproven),
	  TEST(a_host_that_fell_silent_is_broken),
	  TEST(a_host_without_login_is_judged_by_the_baseline),
	  TEST(a_host_that_was_silent_before_is_unproven), TEST(the_old_state_is_judged_apart));
