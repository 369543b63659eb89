/* SPDX-License-Identifier: Apache-2.0 */
/* The traffic test of bridge domains, against a simulated network. */
#include "traffic_play.h"

#include <stdio.h>

static void asks_in_order(void)
{
	static const char *const wanted[] = {
		"0 h1: use eth1",
		"0 h1: listen r7.0",
		"0 h2: use eth1",
		"0 h2: listen r7.0",
		"0 h2: serve 100 10.0.0.2",
		"0 h3: use eth1",
		"0 h3: listen r7.0",
		"1 h1: ping 10.0.0.2 count 3 timeout 400",
		"1 h2: ping 10.0.0.1 vlan 100 count 3 timeout 400",
		"1 h3: send r7.0 out.0.2.untagged untagged",
		"1 h3: send r7.0 out.0.2.tagged vlan 100",
		"1 h3: send r7.0 out.0.2.priority vlan 0",
		"1 h3: send r7.0 out.0.2.reserved vlan 4095",
		"1 h3: send r7.0 out.0.2.double vlan 100,100",
		"1 h3: send r7.0 out.0.2.priority-double vlan 0,100",
		"1 h3: send r7.0 out.0.2.reserved-double vlan 4095,100",
		"1 h3: send r7.0 out.0.2.service vlan s100",
		"2 h1: send r7.0 in.0.0 untagged",
		"2 h1: await in.0. 1 timeout 3000",
		"2 h1: send r7.0 in2.0.0 untagged",
		"2 h1: await in2.0. 1 timeout 1000",
		"2 h2: send r7.0 in.0.1 vlan 100",
		"2 h2: await in.0. 1 timeout 3000",
		"2 h2: send r7.0 in2.0.1 vlan 100",
		"2 h2: await in2.0. 1 timeout 1000",
		"3 h1: heard",
		"3 h2: heard",
		"3 h3: heard",
	};
	const struct player three[] = {play_four[0], play_four[1], play_four[2], {0}};
	struct play play = {.players = three};
	struct smd_tree *evidence = play_run(&play);

	CU_ASSERT_EQUAL(smd_text_count(play.script), sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const char *line = smd_text_get(play.script, i, NULL);

		CU_ASSERT_STRING_EQUAL(line ? line : "nothing", wanted[i]);
	}
	play_done(&play, evidence);
}

/* The second exchange gives outsiders time; members alone need none. */
static void without_outsiders_one_exchange_is_enough(void)
{
	const struct player two[] = {play_four[0], play_four[1], {0}};
	struct play play = {.players = two};
	struct smd_tree *evidence = play_run(&play);
	const char *line;

	for (size_t i = 0; (line = smd_text_get(play.script, i, NULL)); i++)
		CU_ASSERT_PTR_NULL(strstr(line, "in2."));
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 4);
	play_done(&play, evidence);
}

static void all_is_well(void)
{
	struct play play = {.players = play_four};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "proven", "3 of 3 echoes");
	expect_claim(evidence, "h2 reaches h1 in blue", "proven", "3 of 3 echoes");
	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "proven",
		     "once to each of 1");
	expect_claim(evidence, "h3 is not heard in blue", "proven", "8 forms of frames at 2");
	expect_claim(evidence, "h4 is not heard in blue", "proven", "heard each other");
	expect_claim(evidence, "blue is not heard by h3", "proven", "while 2 heard each other");
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 4 + 2 * 2);
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 8);
	play_done(&play, evidence);
}

/* Hosts of this number of members and outsiders. `names` has room for all. */
static void make_players(struct player *players, char (*names)[16], size_t members, size_t others)
{
	for (size_t i = 0; i < members + others; i++) {
		snprintf(names[2 * i], sizeof(names[0]), "h%03zu", i);
		snprintf(names[2 * i + 1], sizeof(names[0]), "10.0.0.%zu", i + 1);
		players[i] = (struct player){names[2 * i], i < members ? "access" : "outside",
					     names[2 * i + 1], "outside", NULL};
	}
	players[members + others] = (struct player){0};
}

/* At most 3n claims of reaching and 2h of silence, whatever the numbers. */
static void claims_grow_with_the_hosts(void)
{
	static const size_t sizes[][2] = {{1, 3}, {2, 1}, {3, 2}, {8, 0}, {9, 7}};

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct player players[32];
		char names[64][16];
		size_t members = sizes[i][0], others = sizes[i][1];
		size_t reaching = members > 2 ? 3 * members : members == 2 ? 4 : 0;
		struct play play = {.players = players};
		struct smd_tree *evidence;

		make_players(players, names, members, others);
		evidence = play_run(&play);
		CU_ASSERT_EQUAL(count_claims(evidence, NULL), reaching + 2 * others);
		CU_ASSERT_EQUAL(count_claims(evidence, "proven"), reaching + 2 * others);
		play_done(&play, evidence);
	}
}

static void members_ping_around_the_ring(void)
{
	struct player players[8];
	char names[16][16];
	struct play play = {.players = players, .deaf_pair = {"h000", "h003"}};
	struct smd_tree *evidence;

	make_players(players, names, 4, 0);
	evidence = play_run(&play);
	expect_claim(evidence, "h000 reaches h001 in blue", "proven", "3 of 3");
	expect_claim(evidence, "h000 reaches h003 in blue", "broken", "no ARP reply from 10.0.0.4");
	expect_claim(evidence, "h003 reaches h000 in blue", "proven", "3 of 3");
	CU_ASSERT_PTR_NULL(
		smd_node_find(smd_tree_top(evidence), "claim", "h000 reaches h002 in blue"));
	play_done(&play, evidence);
}

static void no_arp_reply_is_broken(void)
{
	struct play play = {.players = play_four, .deaf_pair = {"h1", "h2"}};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "broken", "no ARP reply from 10.0.0.2");
	expect_claim(evidence, "h2 reaches h1 in blue", "proven", "");
	play_done(&play, evidence);
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
		{"what?", "unproven", "h5 did not tell"},
	};
	const struct player five[] = {play_four[0],
				      play_four[2],
				      play_four[1],
				      {"h5", "access", "10.0.0.5", NULL, NULL},
				      {"h6", "access", "10.0.0.6", NULL, NULL},
				      {0}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct play play = {
			.players = five, .deaf_pair = {"h5", "h6"}, .ping_says = cases[i].says};
		struct smd_tree *evidence = play_run(&play);

		expect_claim(evidence, "h5 reaches h6 in blue", cases[i].result, cases[i].seen);
		expect_claim(evidence, "h5 reaches h2 in blue", "proven", "3 of 3");
		expect_claim(evidence, "h6 reaches h5 in blue", "proven", "3 of 3");
		CU_ASSERT(count_claims(evidence, "proven") >= 12 + 2 - 1);
		play_done(&play, evidence);
	}
}

static unsigned carry_back(const struct sent *frame, const struct player *to, const char **tag)
{
	return carry_rightly(frame, to, tag) || (is_control(frame) && frame->from == to);
}

static void an_echoing_network_is_broken(void)
{
	struct play play = {.players = play_four, .carry = carry_back};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "broken",
		     "came back to the sender: there is a loop");
	play_done(&play, evidence);
}

static unsigned carry_looping(const struct sent *frame, const struct player *to, const char **tag)
{
	return carry_rightly(frame, to, tag) * 4;
}

static void a_loop_is_broken(void)
{
	struct play play = {.players = play_four, .carry = carry_looping};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "broken",
		     "to h2 4 times: there is a loop");
	play_done(&play, evidence);
}

static unsigned carry_tagged(const struct sent *frame, const struct player *to, const char **tag)
{
	*tag = "100";
	return carry_rightly(frame, to, tag);
}

static void a_wrong_tag_is_broken(void)
{
	struct play play = {.players = play_four, .carry = carry_tagged};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "proven", "");
	expect_claim(evidence, "the broadcast of h2 reaches all in blue", "broken",
		     "to h1 with tag 100 instead of none");
	/* h1 heard no member with the right tag, so its silence proves nothing. */
	expect_claim(evidence, "h3 is not heard in blue", "unproven",
		     "at h1, but it heard no member");
	play_done(&play, evidence);
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
	struct play play = {.players = play_four, .carry = carry_intruder};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h3 is not heard in blue", "broken",
		     "h1 heard reserved-double as none");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 7);
	play_done(&play, evidence);
	/* What was heard counts, even if the outsider fails afterwards. */
	play = (struct play){.players = play_four,
			     .carry = carry_intruder,
			     .failing = "h3",
			     .failing_round = 3,
			     .failing_end = SMD_END_LOST};
	evidence = play_run(&play);
	expect_claim(evidence, "h3 is not heard in blue", "broken", "reserved-double");
	expect_claim(evidence, "blue is not heard by h3", "unproven", "h3: the connection");
	play_done(&play, evidence);
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
	struct play play = {.players = play_four, .carry = carry_everywhere};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "blue is not heard by h3", "broken",
		     "h3 heard control frame as 100");
	expect_claim(evidence, "blue is not heard by h4", "broken",
		     "h4 heard control frame as 100");
	play_done(&play, evidence);
}

/* A leak that only the second exchange shows is a leak, too. */
static unsigned carry_late(const struct sent *frame, const struct player *to, const char **tag)
{
	return carry_rightly(frame, to, tag) ||
	       (strncmp(frame->label, "in2", 3) == 0 && !is_member(to));
}

static void a_late_leak_is_found(void)
{
	struct play play = {.players = play_four, .carry = carry_late};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "blue is not heard by h3", "broken", "h3 heard control frame");
	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "proven", "");
	play_done(&play, evidence);
}

/* Only an outsider's frames arrive. */
static unsigned carry_stranger(const struct sent *frame, const struct player *to, const char **tag)
{
	*tag = "none";
	return strcmp(frame->from->name, "h4") == 0 && is_member(to);
}

static void silence_without_control_is_unproven(void)
{
	struct play play = {.players = play_four, .carry = carry_nothing};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "the broadcast of h1 reaches all in blue", "broken",
		     "not come to h2");
	expect_claim(evidence, "h3 is not heard in blue", "unproven", "it heard no member");
	expect_claim(evidence, "blue is not heard by h3", "unproven", "no member heard h1");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 2); /* the pings */
	play_done(&play, evidence);
	play = (struct play){.players = play_four, .carry = carry_stranger};
	evidence = play_run(&play);
	expect_claim(evidence, "h3 is not heard in blue", "unproven", "it heard no member");
	play_done(&play, evidence);
}

static const struct player crowd[] = {
	{"h1", "tagged", "10.0.0.1", NULL, "tagged"},
	{"h2", "tagged", "10.0.0.2", NULL, "tagged"},
	{"h3", "access", "10.0.0.3", NULL, "outside"},
	{"h4", "outside", "10.0.0.4", NULL, "access"},
	{0},
};

static int is_of_red(const struct sent *frame)
{
	return strchr(frame->label, '.')[1] == '1';
}

static unsigned carry_both(const struct sent *frame, const struct player *to, const char **tag)
{
	const char *place = is_of_red(frame) ? to->red : to->place;

	*tag = !is_seat(place) || strcmp(place, "tagged") != 0 ? "none"
	       : is_of_red(frame)                              ? "200"
							       : "100";
	/* What h4 sends untagged as an outsider of blue belongs to red. */
	if (strcmp(frame->label, "out.0.3.untagged") == 0 && is_seat(to->red)) {
		*tag = "200";
		return 1;
	}
	return is_control(frame) && is_seat(place) && frame->from != to;
}

static unsigned carry_across(const struct sent *frame, const struct player *to, const char **tag)
{
	if (is_control(frame) && is_of_red(frame) && strcmp(to->name, "h3") == 0) {
		*tag = "none";
		return 1;
	}
	return carry_both(frame, to, tag);
}

/* A leak into another domain is found at hosts that have no part in the first. */
static void a_leak_across_domains_is_found(void)
{
	const struct player three[] = {
		crowd[0], crowd[1], {"h3", "access", "10.0.0.3", NULL, NULL}, {0}};
	struct play play = {.players = three, .carry = carry_across};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "red is not heard by h3", "broken",
		     "h3 heard the control frame of h1 as");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 9 + 4);
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 9 + 4 + 1);
	play_done(&play, evidence);
}

static void two_domains_at_once(void)
{
	struct play play = {.players = crowd, .carry = carry_both};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h1 reaches h2 in blue", "proven", "");
	expect_claim(evidence, "h1 reaches h2 in red", "proven", "");
	expect_claim(evidence, "h4 is not heard in blue", "proven", "");
	expect_claim(evidence, "red is not heard by h3", "proven", "");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 9 + 2 + 9 + 2);
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 22);
	play_done(&play, evidence);
	play = (struct play){.players = crowd, .carry = carry_across};
	evidence = play_run(&play);
	expect_claim(evidence, "red is not heard by h3", "broken",
		     "h3 heard control frame as none");
	CU_ASSERT_EQUAL(count_claims(evidence, "proven"), 21);
	play_done(&play, evidence);
}

static void a_member_alone(void)
{
	const struct player three[] = {play_four[0], play_four[2], play_four[3], {0}};
	struct play play = {.players = three};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h3 is not heard in blue", "proven", "no other to hear");
	expect_claim(evidence, "blue is not heard by h4", "proven", "no other to be heard by");
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 4);
	play_done(&play, evidence);
}

static unsigned carry_untagged(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)tag;
	return frame->from != to && strcmp(frame->form, "untagged") == 0;
}

static void no_member(void)
{
	const struct player two[] = {play_four[2], play_four[3], {0}};
	struct play play = {.players = two};
	struct smd_tree *evidence = play_run(&play);

	expect_claim(evidence, "h3 is not heard by others without blue", "proven", "8 forms");
	expect_claim(evidence, "h4 is not heard by others without blue", "proven", "8 forms");
	CU_ASSERT_EQUAL(count_claims(evidence, NULL), 2);
	play_done(&play, evidence);
	play = (struct play){.players = two, .carry = carry_untagged};
	evidence = play_run(&play);
	expect_claim(evidence, "h3 is not heard by others without blue", "broken",
		     "untagged as none");
	play_done(&play, evidence);
}

static void expect_refusal(const char *fact, const char *value, const char *where)
{
	struct smd_tree *facts = play_facts(play_four);
	struct smd_node *root = smd_tree_root(facts);
	struct smd_node *blue = smd_node_make(root, "new", "blue");
	struct smd_error error = {0};
	void *state = NULL;

	if (strcmp(where, "/") == 0)
		smd_node_put_leaf(root, fact, value);
	else if (strcmp(where, "/host[h1]") == 0)
		smd_node_put_leaf(smd_node_make(root, "host", "h1"), fact, value);
	else if (strcmp(where, "/new[blue]") == 0)
		smd_node_put_leaf(blue, fact, value);
	else
		smd_node_put_leaf(smd_node_make(blue, "host", "h1"), fact, value);
	CU_ASSERT_EQUAL(play_check()->open(facts, NULL, &state, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, fact));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, value));
	CU_ASSERT_STRING_EQUAL(error.where, where);
	smd_tree_free(facts);
}

static void bad_facts_are_refused(void)
{
	const struct player nobody[] = {{0}};
	struct smd_tree *facts = play_facts(nobody);
	struct smd_error error = {0};
	void *state = NULL;

	expect_refusal("vlan", "4095", "/new[blue]");
	expect_refusal("vlan", "0", "/new[blue]");
	expect_refusal("vlan", "-1", "/new[blue]");
	expect_refusal("vlan", "12x", "/new[blue]");
	expect_refusal("run", "two words", "/");
	expect_refusal("interface", "eth0; reboot", "/host[h1]");
	expect_refusal("interface", "a-name-too-long0", "/host[h1]");
	expect_refusal("address", "10.0.0.256", "/host[h1]");
	expect_refusal("place", "inside", "/new[blue]/host[h1]");
	expect_refusal("tagging", "trunk", "/new[blue]/host[h1]");
	CU_ASSERT_EQUAL(play_check()->open(facts, NULL, &state, &error), SMD_E_INVALID);
	smd_tree_free(facts);
	play_check()->close(NULL);
}

static void it_is_a_check(void)
{
	const struct smd_plugin *plugin = smd_plugin_entry();

	CU_ASSERT_EQUAL(plugin->self.abi_major, SMD_ABI_MAJOR);
	CU_ASSERT_EQUAL(plugin->self.size, sizeof(*plugin));
	CU_ASSERT_STRING_EQUAL(plugin->self.name, "traffic");
	CU_ASSERT_EQUAL(plugin->kind, SMD_PLUGIN_CHECK);
	CU_ASSERT_STRING_EQUAL(play_check()->service, "bridge-domain");
	CU_ASSERT_EQUAL(play_check()->profile->size, sizeof(struct smd_session_profile));
}

TEST_MAIN("traffic", TEST(it_is_a_check), TEST(asks_in_order),
	  TEST(without_outsiders_one_exchange_is_enough), TEST(all_is_well),
	  TEST(claims_grow_with_the_hosts), TEST(members_ping_around_the_ring),
	  TEST(no_arp_reply_is_broken), TEST(each_ping_counts_for_its_pair),
	  TEST(an_echoing_network_is_broken), TEST(a_loop_is_broken), TEST(a_wrong_tag_is_broken),
	  TEST(an_intruder_is_found), TEST(a_leak_is_found), TEST(a_late_leak_is_found),
	  TEST(silence_without_control_is_unproven), TEST(two_domains_at_once),
	  TEST(a_leak_across_domains_is_found), TEST(a_member_alone), TEST(no_member),
	  TEST(bad_facts_are_refused));
