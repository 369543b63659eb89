/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic_play.h"

#include <stdio.h>

const struct player play_four[5] = {
	{"h1", "access", "10.0.0.1", "access", NULL},
	{"h2", "tagged", "10.0.0.2", "outside", NULL},
	{"h3", "outside", "10.0.0.3", "tagged", NULL},
	{"h4", "outside", "10.0.0.4", "outside", NULL},
	{0},
};

const struct smd_check *play_check(void)
{
	return smd_plugin_entry()->check;
}

int is_seat(const char *place)
{
	return place && strcmp(place, "outside") != 0;
}

int is_member(const struct player *player)
{
	return is_seat(player->place);
}

static int is_called(const char *name, const struct player *player)
{
	return name && strcmp(name, player->name) == 0;
}

int is_control(const struct sent *frame)
{
	return strncmp(frame->label, "in", 2) == 0;
}

/* A correct network: control frames arrive at members once, nothing else arrives. */
unsigned carry_rightly(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)tag;
	return is_control(frame) && is_member(to) && frame->from != to;
}

static void play_heard(struct play *play, const struct player *to, struct smd_text *out)
{
	for (size_t i = 0; i < play->sent_count; i++) {
		const struct sent *frame = &play->sent[i];
		const char *tag = to->place && strcmp(to->place, "tagged") == 0 ? "100" : "none";
		unsigned count;

		count = (play->carry ? play->carry : carry_rightly)(frame, to, &tag);
		if (count)
			smd_text_linef(out, "heard run=%s from=%s tag=%s count=%u", frame->run,
				       frame->label, tag, count);
	}
	if (is_called(play->losing, to))
		smd_text_line(out, "lost count=12");
	if (is_called(play->garbling, to))
		smd_text_line(out, play->garbage);
}

static void play_ping(struct play *play, const struct player *from, const char *address,
		      struct smd_text *out)
{
	const struct player *to = play->players;

	while (to->name && (!to->address || strcmp(to->address, address) != 0))
		to++;
	CU_ASSERT_PTR_NOT_NULL_FATAL(to->name);
	if (play->deaf_pair[0] && strcmp(play->deaf_pair[0], from->name) == 0 &&
	    strcmp(play->deaf_pair[1], to->name) == 0) {
		smd_text_linef(out, "no arp reply from %s", address);
		smd_text_line(out, play->ping_says ? play->ping_says : "0 sent, 0 received");
		return;
	}
	for (int i = 0; i < 3; i++)
		smd_text_linef(out, "reply from %s time 100 us", address);
	smd_text_line(out, "3 sent, 3 received");
}

static void play_line(struct play *play, const struct player *player, const char *line,
		      struct smd_text *out)
{
	struct sent *frame = &play->sent[play->sent_count];
	char address[48];

	CU_ASSERT_FATAL(play->sent_count < FRAMES_MOST);
	if (sscanf(line, "ping %47s", address) == 1)
		play_ping(play, player, address, out);
	else if (sscanf(line, "send %47s %47s %47[^\n]", frame->run, frame->label, frame->form) ==
		 3)
		play->sent[play->sent_count++].from = player;
	else if (strcmp(line, "heard") == 0)
		play_heard(play, player, out);
}

static void play_action(struct play *play, const struct player *player, unsigned round,
			const struct smd_action *action, struct smd_text *out, size_t *first)
{
	for (size_t i = 0; i < action->exchange_count; i++) {
		const char *line = action->exchanges[i].send;

		first[i] = smd_text_count(out);
		smd_text_linef(play->script, "%u %s: %s", round, player->name, line);
		CU_ASSERT(action->exchanges[i].flags & SMD_X_READS);
		play_line(play, player, line, out);
	}
}

static int is_failing(const struct play *play, const struct player *player, unsigned round)
{
	return is_called(play->failing, player) && round >= play->failing_round;
}

static void play_round_of(struct play *play, void *state, unsigned round,
			  const struct player *player)
{
	static const struct smd_error no_login = {.message = "cannot connect to 198.51.100.7"};
	struct smd_action action = {0};
	struct smd_answer answer = {.end = SMD_END_DONE, .status = -1};
	struct smd_text *out = NULL;
	size_t first[64] = {0};

	if (is_called(play->absent, player))
		return;
	if (!play_check()->ask(state, round, player->name, &action))
		return;
	if (is_called(play->unreachable, player)) {
		play_check()->on_unreachable(state, round, player->name, &no_login);
		return;
	}
	CU_ASSERT_FALSE(play->failed == player); /* a host that has failed is not asked again */
	CU_ASSERT_EQUAL(action.act, SMD_ACT_EXCHANGE);
	CU_ASSERT_FATAL(action.exchange_count > 0 && action.exchange_count < 64);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&out, 0), 0);
	answer.exchange = action.exchange_count - 1;
	if (is_failing(play, player, round)) {
		answer.end = play->failing_end;
		play->failed = player;
		answer.exchange = 0;
		smd_text_line(out, "error: interface \"e\x1b[0m\": it is down");
	} else {
		play_action(play, player, round, &action, out, first);
	}
	answer.out = out;
	answer.first = first;
	play_check()->on_answer(state, round, player->name, &answer);
	smd_text_free(out);
}

/* The baseline: round 0, in which one host cannot be reached and another one fails. */
static void play_baseline(struct play *play, void *state)
{
	struct play before = {.players = play->players,
			      .unreachable = play->absent_before,
			      .failing = play->mute_before,
			      .failing_end = SMD_END_FAILURE};

	CU_ASSERT_EQUAL(play_check()->begin(state, SMD_CHECK_BASELINE), 1);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&before.script, 0), 0);
	for (const struct player *player = play->players; player->name; player++)
		play_round_of(&before, state, 0, player);
	smd_text_free(before.script);
}

/* Run one stage. The evidence is the caller's. */
struct smd_tree *play_stage(struct play *play, void *state, enum smd_check_stage stage)
{
	struct smd_tree *evidence = NULL;
	unsigned rounds = play_check()->begin(state, stage);

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&evidence), 0);
	for (unsigned round = 0; round < rounds; round++)
		for (const struct player *player = play->players; player->name; player++)
			play_round_of(play, state, round, player);
	CU_ASSERT_EQUAL(play_check()->judge(state, evidence, NULL), 0);
	return evidence;
}

static void add_place(struct smd_node *root, const char *state, const char *domain,
		      const char *host, const char *place)
{
	struct smd_node *node = smd_node_make(root, state, domain), *seat;

	smd_node_put_leaf(node, "vlan", strcmp(domain, "red") == 0 ? "200" : "100");
	if (!place)
		return;
	seat = smd_node_make(node, "host", host);
	smd_node_put_leaf(seat, "place", is_seat(place) ? "member" : "outside");
	if (is_seat(place))
		smd_node_put_leaf(seat, "tagging", place);
}

struct smd_tree *play_facts(const struct player *players)
{
	struct smd_tree *facts = NULL;
	struct smd_node *root;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&facts), 0);
	root = smd_tree_root(facts);
	smd_node_put_leaf(root, "run", "r7");
	for (; players->name; players++) {
		struct smd_node *host = smd_node_make(root, "host", players->name);

		smd_node_put_leaf(host, "interface", "eth1");
		smd_node_put_leaf(host, "address", players->address);
		add_place(root, "new", "blue", players->name, players->place);
		add_place(root, "old", "blue", players->name, players->old);
		if (players->red)
			add_place(root, "new", "red", players->name, players->red);
	}
	return facts;
}

/* Open the check and let it have its baseline. */
void *play_open(struct play *play)
{
	struct smd_error error = {0};
	void *state = NULL;

	play->facts = play_facts(play->players);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&play->script, 0), 0);
	CU_ASSERT_EQUAL_FATAL(play_check()->open(play->facts, NULL, &state, &error), 0);
	if (play->baseline)
		play_baseline(play, state);
	return state;
}

/* Run the whole test. The evidence is the caller's. */
struct smd_tree *play_run(struct play *play)
{
	void *state = play_open(play);
	struct smd_tree *evidence =
		play_stage(play, state, play->stage ? play->stage : SMD_CHECK_NEW);

	play_check()->close(state);
	smd_tree_free(play->facts);
	return evidence;
}

void play_done(struct play *play, struct smd_tree *evidence)
{
	smd_tree_free(evidence);
	smd_text_free(play->script);
}

unsigned carry_nothing(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)frame;
	(void)to;
	(void)tag;
	return 0;
}

void expect_claim(const struct smd_tree *evidence, const char *text, const char *result,
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

size_t count_claims(const struct smd_tree *evidence, const char *result)
{
	const struct smd_node *claim = smd_node_first(smd_tree_top(evidence));
	size_t count = 0;

	for (; claim; claim = smd_node_next(claim))
		count += !result || strcmp(smd_node_leaf(claim, "result"), result) == 0;
	return count;
}
