/* SPDX-License-Identifier: Apache-2.0 */
/* State of a test of a bridge domain: its hosts, what each did and heard. */
#ifndef SMD_TRAFFIC_H
#define SMD_TRAFFIC_H

#include <smartdeploy/plugin.h>

#define HOSTS_MOST 512
#define WORD_SIZE 48  /* maximum length of a run's name or a label, with its NUL */
#define TAGS_SIZE 32  /* maximum length of tags as smd-probe writes them, with the NUL */
#define LINE_SIZE 160 /* maximum length of a command line */
#define SEEN_SIZE 256 /* maximum length of what a claim reports */

enum round {
	ROUND_LISTEN = 0,  /* all hosts listen; tagged members answer ARP */
	ROUND_PING = 1,    /* members ping members */
	ROUND_INTRUDE = 2, /* outsiders send frames in all forms */
	ROUND_CONTROL = 3, /* each member sends one control frame in the domain */
	ROUND_AWAIT = 4,   /* all hosts wait for the frames they should get */
	ROUND_TELL = 5,    /* all hosts report what they heard */
	ROUNDS = 6
};

/* A form of frame with which an outsider tries to get into the domain. */
struct smd_trial_form {
	const char *name; /* used in labels and messages */
	const char *how;  /* arguments for smd-probe; V is the domain's VLAN */
};

extern const struct smd_trial_form smd_trial_forms[];
extern const size_t smd_trial_form_count;

/* The result of pinging one peer. */
struct smd_trial_echoes {
	int known;
	unsigned sent, received;
};

/* One label that was heard: its sender, its form (-1: a member's control frame), how often. */
struct smd_trial_sound {
	size_t from;
	int form;
	char tags[TAGS_SIZE];
	unsigned count;
};

/*
 * failed         Why the host takes no further part; "": it has not failed.
 * echoes         Members only: ping results by the peer's index; trial->count elements.
 * also           VLANs of other domains on its port; frames with these tags belong to them.
 * told           It has reported what it heard.
 * lost           It may have missed frames.
 * script, lines  Its commands in the present round.
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

/* Read the facts; `*out` is the caller's. SMD_E_INVALID names the fact that is missing or wrong. */
int smd_trial_new(const struct smd_tree *facts, struct smd_trial **out, struct smd_error *error);
void smd_trial_free(struct smd_trial *trial); /* NULL is fine */
/* NULL: there is none */
struct smd_trial_host *smd_trial_host(struct smd_trial *trial, const char *name);

/*
 * Keep a line of a host's answer to `heard`. 0, SMD_E_NO_MEMORY, or SMD_E_INVALID: it has
 * another form.
 */
int smd_trial_sound(struct smd_trial *trial, struct smd_trial_host *host, const char *line);
/* Write all claims to `evidence`. */
int smd_trial_judge(const struct smd_trial *trial, struct smd_tree *evidence,
		    struct smd_error *error);

#endif
