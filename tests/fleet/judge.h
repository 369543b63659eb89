/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge: compares what a controller said about a deployment with what the devices are like.
 * It looks at the devices' blocks and at the texts of the harness, and never asks the executor
 * what is true.
 */
#ifndef TESTS_FLEET_JUDGE_H
#define TESTS_FLEET_JUDGE_H

#include "harness.h"

#define JUDGE_COMPLAINTS 8192

/* What a device runs of "blue"; a device that the deployment does not change has both. */
enum side { SIDE_OTHER = 0, SIDE_OLD = 1, SIDE_NEW = 2, SIDE_BOTH = 3 };

/* How a deployment ended, as it was told. */
enum claim {
	CLAIM_NOTHING,   /* exit 1: nothing was begun */
	CLAIM_DONE,      /* exit 0 */
	CLAIM_REFUSED,   /* exit 3: nothing acted */
	CLAIM_BACK,      /* exit 4 */
	CLAIM_ATTENTION, /* exit 5 */
	CLAIM_ACCEPTED,  /* a person has taken what the devices run */
	CLAIM_UNKNOWN    /* any other exit status */
};

/*
 * A deployment to be judged.
 *
 * from, to    The revisions before and after.
 * deaths      How many controllers have died.
 * claim       How it ended, by the exit status or by the record.
 * sentence    The message of the end, with the device's name.
 * record      What `deployment.show` told after the end; NULL: there is none.
 * complaints  Receives a line for each thing that is not as it should be.
 */
struct judgement {
	struct harness *harness;
	enum revision from, to;
	unsigned deaths;
	enum claim claim;
	char sentence[1024];
	cJSON *record;
	size_t used;
	char complaints[JUDGE_COMPLAINTS];
};

void judge_complain(struct judgement *judgement, const char *format, ...)
	__attribute__((__format__(__printf__, 2, 3)));

/* The claim that an exit status makes, or the outcome of a record. */
enum claim judge_claim_of_exit(int status);
enum claim judge_claim_of_outcome(const char *outcome);
const char *judge_claim_name(enum claim claim);

enum side judge_side(const struct judgement *judgement, size_t device,
		     const struct config *running);
/* Whether a stranger has written to lines of "blue" on the device, or to any line. */
int judge_strangers_own(const struct judgement *judgement, size_t device);
/* Whether a stranger has filled the device's candidate. */
int judge_stranger_fills(const struct judgement *judgement, size_t device);
/*
 * Whether the record tells of something that has changed while our lines acted, and a stranger's
 * line stands, which may have come then, or went then with a reboot.
 */
int judge_stranger_strays(const struct judgement *judgement, size_t device);
/* Whether the record or the sentence says something about the device. */
int judge_told(const struct judgement *judgement, size_t device);

/* All rules for what the devices are like at a sight. */
void judge_sight(struct judgement *judgement, enum sight sight);
/* Nothing changes between two sights. */
void judge_rest(struct judgement *judgement, enum sight before, enum sight after);
/* What the record says of each device is true; with `claim` ATTENTION also that it says why. */
void judge_record(struct judgement *judgement, enum sight sight);
/* What strangers wrote stands, or something is told about it. */
void judge_strangers(struct judgement *judgement, enum sight sight);

#endif
