/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated network for tests of the traffic test: it answers as smd-probe does, and carries
 * frames as each case says.
 */
#ifndef TESTS_PLUGINS_TRAFFIC_PLAY_H
#define TESTS_PLUGINS_TRAFFIC_PLAY_H

#include <smartdeploy/plugin.h>

#include "test.h"

enum { FRAMES_MOST = 256 };

/*
 * A host, with its facts: its place in domain blue (VLAN 100), its address, its place before,
 * and in domain red (VLAN 200). A place is access, tagged, outside, or NULL: it has none.
 */
struct player {
	const char *name, *place, *address, *old, *red;
};

/* A frame: its sender, run, label and form. */
struct sent {
	const struct player *from;
	char run[48], label[48], form[48];
};

struct play;

/* How many copies of `frame` arrive at `to`; may replace its tag. */
typedef unsigned (*carry_fn)(const struct sent *frame, const struct player *to, const char **tag);

struct play {
	const struct player *players; /* ended by an empty element */
	int baseline;                 /* there is one */
	const char *absent_before;    /* host that cannot be reached in the baseline */
	const char *mute_before;      /* host whose probe fails in the baseline */
	enum smd_check_stage stage;   /* BASELINE: the new state */
	carry_fn carry;               /* NULL: carry_rightly */
	const char *deaf_pair[2];     /* ping from the first host to the second gets no ARP reply */
	const char *ping_says;        /* output of that ping instead; NULL: as above */
	const char *absent;           /* host that does not answer at all */
	const char *unreachable;      /* host that cannot be logged in to behind the baseline */
	const char *losing;           /* host that reports lost frames */
	const char *garbling;         /* host that prints `garbage` */
	const char *garbage;
	const char *failing; /* host whose answers end with failing_end, from failing_round on */
	unsigned failing_round;
	enum smd_end failing_end;
	const struct player *failed; /* the host that has failed */
	struct sent sent[FRAMES_MOST];
	size_t sent_count;
	struct smd_tree *facts;
	struct smd_text *script; /* everything that was asked, as `ROUND HOST: LINE` */
};

/* An access member, a tagged one, and two outsiders. */
extern const struct player play_four[5];

const struct smd_check *play_check(void);
int is_seat(const char *place);
int is_member(const struct player *player);
int is_control(const struct sent *frame);

/* As a bridge domain shall; and as a network in which all is lost. */
unsigned carry_rightly(const struct sent *frame, const struct player *to, const char **tag);
unsigned carry_nothing(const struct sent *frame, const struct player *to, const char **tag);

/* Facts of these hosts; an open test of them, which `play` then serves; one stage of it. */
struct smd_tree *play_facts(const struct player *players);
void *play_open(struct play *play);
struct smd_tree *play_stage(struct play *play, void *state, enum smd_check_stage stage);

/* The whole of it: the evidence is for play_done. */
struct smd_tree *play_run(struct play *play);
void play_done(struct play *play, struct smd_tree *evidence);

/* Assert that the claim has this result, and that `seen` contains these words. */
void expect_claim(const struct smd_tree *evidence, const char *text, const char *result,
		  const char *seen);
/* Claims with this result; NULL: all. */
size_t count_claims(const struct smd_tree *evidence, const char *result);

#endif
