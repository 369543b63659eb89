/* SPDX-License-Identifier: Apache-2.0 */
/* What the check of bridge domains knows: its hosts, what each did and heard. */
#ifndef SMD_TRAFFIC_H
#define SMD_TRAFFIC_H

#include <smartdeploy/plugin.h>

#define HOSTS_MOST 512
#define WORD_SIZE 48  /* a run or a label of smd-probe, with its NUL */
#define TAGS_SIZE 32  /* tags as smd-probe writes them, with the NUL */
#define LINE_SIZE 160 /* a command line */
#define SEEN_SIZE 256 /* what is told of a claim */

enum round {
	ROUND_LISTEN = 0,  /* all: begin to listen; tagged members: answer for their address */
	ROUND_PING = 1,    /* members ping members */
	ROUND_INTRUDE = 2, /* outsiders send in all forms */
	ROUND_CONTROL = 3, /* members send one frame in the domain */
	ROUND_AWAIT = 4,   /* all: wait for what is due */
	ROUND_TELL = 5,    /* all: tell what was heard */
	ROUNDS = 6
};

/* How an outsider tries to get in. */
struct smd_trial_form {
	const char *name; /* in labels and in words to users */
	const char *how;  /* as smd-probe is told; V is the domain's VLAN */
};

extern const struct smd_trial_form smd_trial_forms[];
extern const size_t smd_trial_form_count;

/* The result of pinging one peer. */
struct smd_trial_echoes {
	int known;
	unsigned sent, received;
};

/* One label heard: from whom, in which form (-1: a member's control frame), how often. */
struct smd_trial_sound {
	size_t from;
	int form;
	char tags[TAGS_SIZE];
	unsigned count;
};

/*
 * failed   Why the host can say nothing more; "": it has not failed.
 * echoes   Members: by the index of the peer; `count` of the check in number.
 * also     VLANs of other domains on its port: what comes with their tag is theirs.
 * told     It has told what it heard.
 * lost     It may have missed frames.
 * script, lines  What it is asked in the present round.
 */
struct smd_trial_host {
	char *name;
	char interface[16];
	char address[16];
	int member, tagged;
	struct smd_set also;
	char failed[SEEN_SIZE];
	struct smd_trial_echoes *echoes;
	struct smd_trial_sound *sounds;
	size_t sound_count, sound_room;
	int told, lost;
	struct smd_exchange *script;
	char (*lines)[LINE_SIZE];
	size_t script_count, script_room;
};

struct smd_trial {
	char run[WORD_SIZE];
	unsigned vlan;
	struct smd_trial_host *hosts;
	size_t count, members;
};

/* Read the facts; `*out` is the caller's. INVALID names the fact that is missing or bad. */
int smd_trial_new(const struct smd_tree *facts, struct smd_trial **out, struct smd_error *error);
void smd_trial_free(struct smd_trial *trial);                                     /* NULL is fine */
struct smd_trial_host *smd_trial_host(struct smd_trial *trial, const char *name); /* NULL: none */

/* Keep what a host heard. 0, NO_MEMORY, or INVALID: it is no line of `heard`. */
int smd_trial_sound(struct smd_trial *trial, struct smd_trial_host *host, const char *line);
/* Write the claims. */
int smd_trial_judge(const struct smd_trial *trial, struct smd_tree *evidence,
		    struct smd_error *error);

#endif
