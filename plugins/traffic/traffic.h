/* SPDX-License-Identifier: Apache-2.0 */
/* State of a test of bridge domains: their hosts, what each did and heard. */
#ifndef SMD_TRAFFIC_H
#define SMD_TRAFFIC_H

#include <smartdeploy/plugin.h>

#define HOSTS_MOST 2048
#define WORD_SIZE 48  /* maximum length of a run's name or a label, with its NUL */
#define TAGS_SIZE 32  /* maximum length of tags as smd-probe writes them, with the NUL */
#define LINE_SIZE 160 /* maximum length of a command line */
#define SEEN_SIZE 256 /* maximum length of what a claim reports */

enum round {
	ROUND_LISTEN = 0,  /* all hosts listen; tagged members answer ARP */
	ROUND_TRY = 1,     /* members ping members; outsiders send frames in all forms */
	ROUND_CONTROL = 2, /* members send control frames and wait for those of the others */
	ROUND_TELL = 3,    /* all hosts report what they heard */
	ROUNDS = 4
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

enum smd_trial_place { PLACE_NONE = 0, PLACE_MEMBER, PLACE_OUTSIDE };

/*
 * The part that a host has in a domain. number: counts those that have one, from 0. next,
 * previous: members only, its pings in the ring.
 */
struct smd_trial_seat {
	enum smd_trial_place place;
	size_t number;
	int tagged;
	struct smd_trial_echoes next, previous;
};

/*
 * A domain in one state of the network. seats: by the host's index. members: indexes of its
 * members, which form a ring in this order.
 */
struct smd_trial_domain {
	const char *name; /* borrowed from the facts */
	unsigned vlan;
	struct smd_trial_seat *seats;
	size_t *members;
	size_t member_count, outside_count;
};

struct smd_trial_layout {
	struct smd_trial_domain *domains;
	size_t count;
};

/*
 * A label that was heard: of which domain and host, and how often. form: of an outsider's
 * frame; FORM_FIRST and FORM_SECOND: a member's control frames.
 */
enum { FORM_FIRST = -1, FORM_SECOND = -2 };
struct smd_trial_sound {
	size_t domain, from;
	int form;
	char tags[TAGS_SIZE];
	unsigned count;
};

/* What the baseline told of a host. */
enum smd_trial_baseline { BASELINE_NONE = 0, BASELINE_ANSWERED, BASELINE_SILENT };

/*
 * failed    Why the host takes no further part in this stage; "": it does.
 * silent    It has failed in a way that tells nothing but its absence.
 * also      VLANs of domains that are not tested, on its port.
 * told      It has reported what it heard.
 * lost      It may have missed frames.
 * script, lines, pings
 *           Its commands in the present round; where the result of each goes, NULL: nowhere.
 */
struct smd_trial_host {
	char *name;
	char interface[16];
	char address[16];
	struct smd_set also;
	enum smd_trial_baseline baseline;
	char failed[SEEN_SIZE];
	int silent;
	struct smd_trial_sound *sounds;
	size_t sound_count, sound_room;
	int told, lost;
	struct smd_exchange *script;
	char (*lines)[LINE_SIZE];
	struct smd_trial_echoes **pings;
	size_t script_count, script_room;
};

/*
 * layouts  The domains in the new and in the old state.
 * now      The layout that is tested; NULL: the stage is the baseline.
 * run      Unique to the stage, so that late frames of the one before do not count.
 */
struct smd_trial {
	char name[WORD_SIZE - 8];
	char run[WORD_SIZE];
	unsigned stages;
	struct smd_trial_host *hosts;
	size_t count;
	struct smd_trial_layout layouts[2], *now;
};

/* Read the facts; `*out` is the caller's. SMD_E_INVALID names the fact that is missing or wrong. */
int smd_trial_new(const struct smd_tree *facts, struct smd_trial **out, struct smd_error *error);
void smd_trial_free(struct smd_trial *trial); /* NULL is fine */
/* NULL: there is none */
struct smd_trial_host *smd_trial_host(const struct smd_trial *trial, const char *name);

/*
 * Keep a line of a host's answer to `heard`. 0, SMD_E_NO_MEMORY, or SMD_E_INVALID: it has
 * another form.
 */
int smd_trial_sound(struct smd_trial *trial, struct smd_trial_host *host, const char *line);
/* Write all claims about the state that was tested to `evidence`. */
int smd_trial_judge(const struct smd_trial *trial, struct smd_tree *evidence,
		    struct smd_error *error);

#endif
