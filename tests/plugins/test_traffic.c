/* SPDX-License-Identifier: Apache-2.0 */
/* The traffic test of bridge domains, against a simulated network. */
#include "traffic_play.h"

/* Assert that the claim has this result, and that `seen` contains these words. */
static void expect(const struct smd_tree *evidence, const char *text, const char *result,
		   const char *seen)
{
	const struct smd_node *claim = smd_node_find(smd_tree_top(evidence), "claim", text);
	const char *got = claim ? smd_node_leaf(claim, "result") : NULL;
	const char *told = claim ? smd_node_leaf(claim, "seen") : NULL;

	if (!got || !told || strcmp(got, result) != 0 || !strstr(told, seen))
		printf("\n\"%s\": wanted %s, %s; got %s, %s\n", text, result, seen,
		       got ? got : "nothing", told ? told : "nothing");
	CU_ASSERT_FATAL(got && told);
	CU_ASSERT_STRING_EQUAL(got, result);
	CU_ASSERT_PTR_NOT_NULL(strstr(told, seen));
}

static size_t count_claims(const struct smd_tree *evidence, const char *result)
{
	const struct smd_node *claim = smd_node_first(smd_tree_top(evidence));
	size_t count = 0;

	for (; claim; claim = smd_node_next(claim))
		count += !result || strcmp(smd_node_leaf(claim, "result"), result) == 0;
	return count;
}

static const struct player four[] = {
	{"h1", "member", "access", "10.0.0.1"},
	{"h2", "member", "tagged", "10.0.0.2"},
	{"h3", "outside", NULL, NULL},
	{"h4", "outside", NULL, NULL},
	{0},
};

static void asks_in_order(void)
{
	static const char *const wanted[] = {
		"0 h1: use eth1",
		"0 h1: listen r7",
		"0 h2: use eth1",
		"0 h2: listen r7",
		"0 h2: serve 100 10.0.0.2",
		"0 h3: use eth1",
		"0 h3: listen r7",
		"1 h1: ping 10.0.0.2 count 3 timeout 400",
		"1 h2: ping 10.0.0.1 vlan 100 count 3 timeout 400",
		"2 h3: send r7 out.2.untagged untagged",
		"2 h3: send r7 out.2.tagged vlan 100",
		"2 h3: send r7 out.2.priority vlan 0",
		"2 h3: send r7 out.2.reserved vlan 4095",
		"2 h3: send r7 out.2.double vlan 100,100",
		"2 h3: send r7 out.2.priority-double vlan 0,100",
		"2 h3: send r7 out.2.reserved-double vlan 4095,100",
		"2 h3: send r7 out.2.service vlan s100",
		"3 h1: send r7 in.0 untagged",
		"3 h2: send r7 in.1 vlan 100",
		"4 h1: await in. 1 timeout 2000",
		"4 h2: await in. 1 timeout 2000",
		"4 h3: await in. 2 timeout 250",
		"5 h1: heard",
		"5 h2: heard",
		"5 h3: heard",
	};
	const struct player three[] = {four[0], four[1], four[2], {0}};
	struct play play = {.players = three};
	struct smd_tree *evidence = run(&play);

	CU_ASSERT_EQUAL(smd_text_count(play.script), sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const char *line = smd_text_get(play.script, i, NULL);

		CU_ASSERT_STRING_EQUAL(line ? line : "nothing", wanted[i]);
	}
	run_done(&play, evidence);
}

static void all_is_well(void)
{
	struct play play = {.players = four};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "proven", "3 of 3 echoes");
	expect(evidence, "h2 reaches h1", "proven", "came once");
	expect(evidence, "h3 is not heard by h1", "proven", "while h2 was heard");
	expect(evidence, "h4 is not heard by h2", "proven", "8 forms");
	expect(evidence, "h1 is not heard by h3", "proven", "while h2 heard it");
	/*
	 * Both directions between members, and between members and outsiders; none between
	 * outsiders.
	 */
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 2 + 4 + 4);
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 10);
	run_done(&play, evidence);
}

static void no_arp_reply_is_broken(void)
{
	struct play play = {.players = four, .deaf_pair = {"h1", "h2"}};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "broken", "no ARP reply from 10.0.0.2");
	expect(evidence, "h2 reaches h1", "proven", "");
	run_done(&play, evidence);
}

/* A ping's result counts for its own pair only. */
static void each_ping_counts_for_its_pair(void)
{
	static const struct {
		const char *says, *result, *seen;
	} cases[] = {
		{NULL, "broken", "no ARP reply from 10.0.0.6"},
		{"3 sent, 0 received", "broken", "0 of 3 echoes answered by 10.0.0.6"},
		{"3 sent, 1 received", "proven", "1 of 3 echoes"},
		{"what?", "unproven", "h2 did not tell"},
	};
	const struct player five[] = {four[0],
				      four[2],
				      four[1],
				      {"h5", "member", "access", "10.0.0.5"},
				      {"h6", "member", "access", "10.0.0.6"},
				      {0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = {
			.players = five, .deaf_pair = {"h2", "h6"}, .ping_says = cases[i].says};
		struct smd_tree *evidence = run(&play);

		expect(evidence, "h2 reaches h6", cases[i].result, cases[i].seen);
		expect(evidence, "h2 reaches h5", "proven", "3 of 3");
		expect(evidence, "h6 reaches h2", "proven", "3 of 3");
		CU_ASSERT(count_claims(evidence, "proven") >= 12 + 8 - 1);
		run_done(&play, evidence);
	}
}

static unsigned carry_back(const struct sent *frame, const struct player *to, const char **tag)
{
	return carry_rightly(frame, to, tag) || (is_control(frame) && frame->from == to);
}

static void an_echoing_network_is_broken(void)
{
	struct play play = {.players = four, .carry = carry_back};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "broken", "came back to it: there is a loop");
	run_done(&play, evidence);
}

static unsigned carry_looping(const struct sent *frame, const struct player *to, const char **tag)
{
	return carry_rightly(frame, to, tag) * 4;
}

static void a_loop_is_broken(void)
{
	struct play play = {.players = four, .carry = carry_looping};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "broken", "4 times: there is a loop");
	run_done(&play, evidence);
}

static unsigned carry_tagged(const struct sent *frame, const struct player *to, const char **tag)
{
	*tag = "100";
	return carry_rightly(frame, to, tag);
}

static void a_wrong_tag_is_broken(void)
{
	struct play play = {.players = four, .carry = carry_tagged};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "proven", "");
	expect(evidence, "h2 reaches h1", "broken", "with tag 100 instead of none");
	/* h1 heard no member with the right tag, so its silence proves nothing. */
	expect(evidence, "h3 is not heard by h1", "unproven", "no member was heard there");
	run_done(&play, evidence);
}

static unsigned carry_intruder(const struct sent *frame, const struct player *to, const char **tag)
{
	if (strcmp(frame->from->name, "h3") == 0 && strcmp(to->name, "h1") == 0 &&
	    strcmp(frame->form, "vlan 4095,100") == 0)
		return 1;
	return carry_rightly(frame, to, tag);
}

static void an_intruder_is_found(void)
{
	struct play play = {.players = four, .carry = carry_intruder};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h3 is not heard by h1", "broken", "heard: reserved-double as none");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 9);
	run_done(&play, evidence);
	/* What was heard counts, even if the outsider fails afterwards. */
	play = (struct play){.players = four,
			     .carry = carry_intruder,
			     .failing = "h3",
			     .failing_round = 4,
			     .failing_end = SMD_END_LOST};
	evidence = run(&play);
	expect(evidence, "h3 is not heard by h1", "broken", "reserved-double");
	expect(evidence, "h3 is not heard by h2", "unproven", "h3: the connection");
	run_done(&play, evidence);
}

static unsigned carry_everywhere(const struct sent *frame, const struct player *to,
				 const char **tag)
{
	(void)to;
	*tag = "100";
	return is_control(frame);
}

static void a_leak_is_found(void)
{
	struct play play = {.players = four, .carry = carry_everywhere};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 is not heard by h3", "broken", "control frame as 100");
	expect(evidence, "h2 is not heard by h4", "broken", "control frame as 100");
	run_done(&play, evidence);
}

/* Only an outsider's frames arrive. */
static unsigned carry_stranger(const struct sent *frame, const struct player *to, const char **tag)
{
	*tag = "none";
	return strcmp(frame->from->name, "h4") == 0 && is_member(to);
}

static unsigned carry_nothing(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)frame;
	(void)to;
	(void)tag;
	return 0;
}

static void silence_without_control_is_unproven(void)
{
	struct play play = {.players = four, .carry = carry_nothing};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "broken", "did not come");
	expect(evidence, "h3 is not heard by h1", "unproven", "no member was heard there");
	expect(evidence, "h1 is not heard by h3", "unproven", "no member heard it");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 0);
	run_done(&play, evidence);
	play = (struct play){.players = four, .carry = carry_stranger};
	evidence = run(&play);
	expect(evidence, "h3 is not heard by h1", "unproven", "no member was heard there");
	run_done(&play, evidence);
}

static void loss_is_unproven(void)
{
	struct play play = {.players = four, .losing = "h1"};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h3 is not heard by h1", "unproven", "lost at h1");
	expect(evidence, "h3 is not heard by h2", "proven", "");
	run_done(&play, evidence);
}

static void garbage_is_unproven(void)
{
	static const char *const garbage[] = {
		"heard run=r7 from=in.99999 tag=none count=1",
		"heard run=r7 from=in.4 tag=none count=1",
		"heard run=r8 from=in.0 tag=none count=1",
		"heard run=r7 from=out.2.sideways tag=none count=1",
		"heard run=r7 from=in.0 tag=none count=1 more",
		"heard run=r7 from=in.0 tag=none",
		"Segmentation fault",
	};

	for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
		struct play play = {.players = four, .garbling = "h2", .garbage = garbage[i]};
		struct smd_tree *evidence = run(&play);

		expect(evidence, "h3 is not heard by h2", "unproven", "cannot make sense of");
		run_done(&play, evidence);
	}
}

static void an_absent_host_is_unproven(void)
{
	struct play play = {.players = four, .absent = "h2"};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h1 reaches h2", "unproven", "h2 has not told");
	expect(evidence, "h2 is not heard by h3", "unproven", "h2 has not told");
	run_done(&play, evidence);
}

static void a_failed_host_is_unproven(void)
{
	static const struct {
		enum smd_end end;
		const char *seen;
	} cases[] = {
		{SMD_END_LOST, "h2: the connection to the probe was lost"},
		{SMD_END_DEADLINE, "h2: the probe did not answer in time"},
		{SMD_END_FAILURE, "h2: the probe says \"error: interface \"e?[0m\": it is down\""},
		{SMD_END_OVERFLOW, "h2: the probe's answer"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (unsigned round = 0; round < check_of()->rounds; round++) {
			struct play play = {.players = four,
					    .failing = "h2",
					    .failing_round = round,
					    .failing_end = cases[i].end};
			struct smd_tree *evidence = run(&play);

			expect(evidence, "h1 reaches h2", "unproven", cases[i].seen);
			expect(evidence, "h2 reaches h1", "unproven", cases[i].seen);
			expect(evidence, "h3 is not heard by h2", "unproven", cases[i].seen);
			run_done(&play, evidence);
		}
}

static void a_member_alone(void)
{
	const struct player three[] = {four[0], four[2], four[3], {0}};
	struct play play = {.players = three};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h3 is not heard by h1", "proven", "no other to hear");
	expect(evidence, "h1 is not heard by h4", "proven", "no other to be heard by");
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 4);
	run_done(&play, evidence);
}

static unsigned carry_untagged(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)tag;
	return frame->from != to && strcmp(frame->form, "untagged") == 0;
}

static void no_member(void)
{
	const struct player two[] = {four[2], four[3], {0}};
	struct play play = {.players = two};
	struct smd_tree *evidence = run(&play);

	expect(evidence, "h3 does not reach h4", "proven", "8 forms");
	expect(evidence, "h4 does not reach h3", "proven", "8 forms");
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 2);
	run_done(&play, evidence);
	play = (struct play){.players = two, .carry = carry_untagged};
	evidence = run(&play);
	expect(evidence, "h3 does not reach h4", "broken", "untagged as none");
	run_done(&play, evidence);
}

static void expect_refusal(const char *fact, const char *value, const char *where)
{
	struct smd_tree *facts = facts_of(four);
	struct smd_node *root = smd_tree_root(facts);
	struct smd_error error = {0};
	void *state = NULL;

	if (strcmp(where, "/") == 0)
		smd_node_put_leaf(root, fact, value);
	else
		smd_node_put_leaf(smd_node_make(root, "host", "h1"), fact, value);
	CU_ASSERT_EQUAL(check_of()->open(facts, NULL, &state, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, fact));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, value));
	CU_ASSERT_STRING_EQUAL(error.where, where);
	smd_tree_free(facts);
}

static void bad_facts_are_refused(void)
{
	const struct player nobody[] = {{0}};
	struct smd_tree *facts = facts_of(nobody);
	struct smd_error error = {0};
	void *state = NULL;

	expect_refusal("vlan", "4095", "/");
	expect_refusal("vlan", "0", "/");
	expect_refusal("vlan", "-1", "/");
	expect_refusal("vlan", "12x", "/");
	expect_refusal("run", "two words", "/");
	expect_refusal("interface", "eth0; reboot", "/host[h1]");
	expect_refusal("interface", "a-name-too-long0", "/host[h1]");
	expect_refusal("address", "10.0.0.256", "/host[h1]");
	expect_refusal("place", "inside", "/host[h1]");
	expect_refusal("tagging", "trunk", "/host[h1]");
	CU_ASSERT_EQUAL(check_of()->open(facts, NULL, &state, &error), SMD_E_INVALID);
	smd_tree_free(facts);
	check_of()->close(NULL);
}

static void it_is_a_check(void)
{
	const struct smd_plugin *plugin = smd_plugin_entry();

	CU_ASSERT_EQUAL(plugin->self.abi_major, SMD_ABI_MAJOR);
	CU_ASSERT_EQUAL(plugin->self.size, sizeof(*plugin));
	CU_ASSERT_STRING_EQUAL(plugin->self.name, "traffic");
	CU_ASSERT_EQUAL(plugin->kind, SMD_PLUGIN_CHECK);
	CU_ASSERT_STRING_EQUAL(check_of()->service, "bridge-domain");
	CU_ASSERT_EQUAL(check_of()->profile->size, sizeof(struct smd_session_profile));
}

TEST_MAIN("traffic", TEST(it_is_a_check), TEST(asks_in_order), TEST(all_is_well),
	  TEST(no_arp_reply_is_broken), TEST(each_ping_counts_for_its_pair),
	  TEST(an_echoing_network_is_broken), TEST(a_loop_is_broken), TEST(a_wrong_tag_is_broken),
	  TEST(an_intruder_is_found), TEST(a_leak_is_found),
	  TEST(silence_without_control_is_unproven), TEST(loss_is_unproven),
	  TEST(garbage_is_unproven), TEST(an_absent_host_is_unproven),
	  TEST(a_failed_host_is_unproven), TEST(a_member_alone), TEST(no_member),
	  TEST(bad_facts_are_refused));
