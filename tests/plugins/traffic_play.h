/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated network for the traffic test: it answers as smd-probe does, and carries frames as
 * each case says.
 */
#ifndef SMD_TESTS_TRAFFIC_PLAY_H
#define SMD_TESTS_TRAFFIC_PLAY_H

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "test.h"

enum { FRAMES_MOST = 256 };

/* A host, with the members of its facts. */
struct player {
	const char *name, *place, *tagging, *address;
};

/* A frame: its sender, label and form. */
struct sent {
	const struct player *from;
	char label[48], form[48];
};

struct play;

/* How many copies of `frame` arrive at `to`; may replace its tag. */
typedef unsigned (*carry_fn)(const struct sent *frame, const struct player *to, const char **tag);

struct play {
	const struct player *players; /* ended by an empty element */
	carry_fn carry;               /* NULL: carry_rightly */
	const char *deaf_pair[2];     /* ping from the first host to the second gets no ARP reply */
	const char *ping_says;        /* output of that ping instead; NULL: as above */
	const char *absent;           /* host that does not answer at all */
	const char *losing;           /* host that reports lost frames */
	const char *garbling;         /* host that prints `garbage` */
	const char *garbage;
	const char *failing; /* host whose answers end with failing_end, from failing_round on */
	unsigned failing_round;
	enum smd_end failing_end;
	const struct player *failed; /* the host that has failed */
	struct sent sent[FRAMES_MOST];
	size_t sent_count;
	struct smd_text *script; /* everything that was asked, as `ROUND HOST: LINE` */
};

static const struct smd_check *check_of(void)
{
	return smd_plugin_entry()->check;
}

static int is_member(const struct player *player)
{
	return strcmp(player->place, "member") == 0;
}

static int is_control(const struct sent *frame)
{
	return strncmp(frame->label, "in.", 3) == 0;
}

/* A correct network: control frames arrive at members once, nothing else arrives. */
static unsigned carry_rightly(const struct sent *frame, const struct player *to, const char **tag)
{
	(void)tag;
	return is_control(frame) && is_member(to) && frame->from != to;
}

static void play_heard(struct play *play, const struct player *to, struct smd_text *out)
{
	for (size_t i = 0; i < play->sent_count; i++) {
		const struct sent *frame = &play->sent[i];
		const char *tag =
			to->tagging && strcmp(to->tagging, "tagged") == 0 ? "100" : "none";
		unsigned count;

		count = (play->carry ? play->carry : carry_rightly)(frame, to, &tag);
		if (count)
			smd_text_linef(out, "heard run=r7 from=%s tag=%s count=%u", frame->label,
				       tag, count);
	}
	if (play->losing && strcmp(play->losing, to->name) == 0)
		smd_text_line(out, "lost count=12");
	if (play->garbling && strcmp(play->garbling, to->name) == 0)
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
	else if (sscanf(line, "send r7 %47s %47[^\n]", frame->label, frame->form) == 2)
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

static void play_round_of(struct play *play, void *state, unsigned round,
			  const struct player *player)
{
	struct smd_action action = {0};
	struct smd_answer answer = {.end = SMD_END_DONE, .status = -1};
	struct smd_text *out = NULL;
	size_t first[64] = {0};

	if (play->absent && strcmp(play->absent, player->name) == 0)
		return;
	if (!check_of()->ask(state, round, player->name, &action))
		return;
	CU_ASSERT_FALSE(play->failed == player); /* a host that has failed is not asked again */
	CU_ASSERT_EQUAL(action.act, SMD_ACT_EXCHANGE);
	CU_ASSERT_FATAL(action.exchange_count > 0 && action.exchange_count < 64);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&out, 0), 0);
	answer.exchange = action.exchange_count - 1;
	if (play->failing && strcmp(play->failing, player->name) == 0 &&
	    round >= play->failing_round) {
		answer.end = play->failing_end;
		play->failed = player;
		answer.exchange = 0;
		smd_text_line(out, "error: interface \"e\x1b[0m\": it is down");
	} else {
		play_action(play, player, round, &action, out, first);
	}
	answer.out = out;
	answer.first = first;
	check_of()->on_answer(state, round, player->name, &answer);
	smd_text_free(out);
}

static struct smd_tree *facts_of(const struct player *players)
{
	struct smd_tree *facts = NULL;
	struct smd_node *root;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&facts), 0);
	root = smd_tree_root(facts);
	smd_node_put_leaf(root, "name", "blue");
	smd_node_put_leaf(root, "vlan", "100");
	smd_node_put_leaf(root, "run", "r7");
	for (; players->name; players++) {
		struct smd_node *host = smd_node_make(root, "host", players->name);

		smd_node_put_leaf(host, "interface", "eth1");
		smd_node_put_leaf(host, "place", players->place);
		if (players->address)
			smd_node_put_leaf(host, "address", players->address);
		if (players->tagging)
			smd_node_put_leaf(host, "tagging", players->tagging);
	}
	return facts;
}

/* Run the whole test. The evidence is the caller's. */
static struct smd_tree *run(struct play *play)
{
	struct smd_tree *facts = facts_of(play->players), *evidence = NULL;
	struct smd_error error = {0};
	void *state = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&evidence), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&play->script, 0), 0);
	CU_ASSERT_EQUAL_FATAL(check_of()->open(facts, NULL, &state, &error), 0);
	smd_tree_free(facts);
	for (unsigned round = 0; round < check_of()->rounds; round++)
		for (const struct player *player = play->players; player->name; player++)
			play_round_of(play, state, round, player);
	CU_ASSERT_EQUAL(check_of()->judge(state, evidence, &error), 0);
	check_of()->close(state);
	return evidence;
}

static void run_done(struct play *play, struct smd_tree *evidence)
{
	smd_tree_free(evidence);
	smd_text_free(play->script);
}

#endif
