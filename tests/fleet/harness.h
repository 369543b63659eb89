/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A harness for whole deployments on a fleet in memory. A controller runs in a forked child and
 * is called through the service, as a program would. What it answered, what the time is and what
 * the devices were like lie in memory that the parent shares, so that they outlive a child that
 * ends in the middle.
 *
 *   struct harness *harness = harness_new(kinds, 4);
 *   harness_reset(harness, IMAGE_FIRST);
 *   fleet_arm(harness->fleet, ...);
 *   end = harness_run(harness, script, arg); // calls script(child, arg) in a child
 *   harness_reply(harness, "plan.apply") ...
 *
 * The configuration "blue" has two revisions; devices have other lines (`rest`) besides. The
 * parent must not start threads.
 */
#ifndef TESTS_FLEET_HARNESS_H
#define TESTS_FLEET_HARNESS_H

#include "fleet.h"

#include <cjson/cJSON.h>

#include "clock.h"

#define HARNESS_DEVICES 8
#define HARNESS_REPLIES 48
#define HARNESS_TEXTS ((size_t)2 << 20) /* bytes of all answers of a child */
#define HARNESS_PATIENCE 20             /* seconds of real time that a child may take */

/* How a child ended. */
enum harness_end {
	HARNESS_ENDED = 0,
	HARNESS_CRASHED = 1,
	HARNESS_DIED = FLEET_DIED, /* at an armed point of death */
	HARNESS_LEAKED = 98,       /* memory was left; only under ASan */
	HARNESS_HUNG = 99
};

/* What runs on the devices: nothing of "blue", its first or its second revision. */
enum revision { REVISION_NONE, REVISION_FIRST, REVISION_SECOND, REVISIONS };

/* States that a run can begin with; in each there is a plan for what its name says. */
enum image {
	IMAGE_FIRST,  /* the first revision is deployed; the plan leads to the second */
	IMAGE_SECOND, /* the second is deployed too */
	IMAGES
};

/* Moments at which a child copies all devices. */
enum sight { SIGHT_DONE, SIGHT_RESTED, SIGHT_RECOVERED, SIGHTS };

/* rest: what is there without "blue"; lines: of the revision alone. */
struct member {
	char name[DEVICE_NAME];
	enum device_kind kind;
	struct config rest, lines[REVISIONS];
};

/* An answer to a call. `json`: where its result begins in `texts`. */
struct reply {
	char method[32];
	struct smd_error error; /* code 0: success */
	size_t json;
};

/* What child and parent share, beside the fleet. */
struct harness_shared {
	struct fleet_time time;
	uint64_t before;  /* of the devices' time: what passed before the machine's last start */
	char calling[32]; /* the method that is being called, or "" */
	unsigned count;
	struct reply replies[HARNESS_REPLIES];
	size_t used;
	size_t log_end; /* length of the log at SIGHT_DONE */
	struct device sights[SIGHTS][HARNESS_DEVICES];
	char texts[HARNESS_TEXTS];
};

struct harness {
	struct fleet *fleet;
	struct harness_shared *shared;
	size_t count;
	struct member members[HARNESS_DEVICES];
	struct fleet_image *images[IMAGES];
	struct fleet_time times[IMAGES];
	size_t logged[IMAGES], log_start; /* how much of the log is older than the image */
	char deployments[IMAGES][32];     /* the newest deployment of the image */
	char *plan;                       /* of IMAGE_FIRST */
	const char *lacks;                /* a driver that controllers do not find; NULL: none */
	char home[64];
};

/* In a child: its controller, made at the first call. */
struct child;
typedef void (*harness_script)(struct child *child, void *arg);

/*
 * A fleet of devices of these kinds, and its images. Ends the program if "blue" cannot be
 * deployed while nothing is wrong.
 */
struct harness *harness_new(const enum device_kind *kinds, size_t count);
/*
 * The same with a bridge domain as "blue": the devices are a chain, and the second revision has
 * another end.
 */
struct harness *harness_new_domain(const enum device_kind *kinds, size_t count);
void harness_free(struct harness *harness);

/* Go back to an image: devices, store, time; nothing is armed, counted or answered. */
void harness_reset(struct harness *harness, enum image image);
/* Run a script in a child, and wait for its end. Answers are added to those of children before. */
enum harness_end harness_run(struct harness *harness, harness_script script, void *arg);
const char *harness_end_name(enum harness_end end);

/* The last answer to this method, NULL: it was not called. */
const struct reply *harness_reply(const struct harness *harness, const char *method);
/* Its result; the caller's (cJSON_Delete). */
cJSON *harness_result(const struct harness *harness, const struct reply *reply);
/* The exit status of a program for this answer. */
int reply_exit(const struct reply *reply);
/* Forget all answers. */
void harness_forget(struct harness *harness);
/* What the devices did since the last reset, a line each. */
const char *harness_log(const struct harness *harness);
/* Print that, and all answers. */
void harness_print(const struct harness *harness);

/* In a child */

/* Whether the first call of this process is under way, and to this method. On any thread. */
int child_calls_first(const char *method);
struct harness *child_harness(struct child *child);
/* Call a method. `request_take` may be NULL. The answer is the harness's. */
const struct reply *child_call(struct child *child, const char *method, cJSON *request_take);
/* The same with one member. */
const struct reply *child_ask(struct child *child, const char *method, const char *member,
			      const char *value);
/* Free the controller; the next call makes another. */
void child_restart(struct child *child);
/*
 * Open the site of the controller, which is freed, for what the service cannot be asked; the
 * caller closes it before the next call.
 */
struct smd_site *child_site(struct child *child);
/* Copy all devices. */
void child_look(struct child *child, enum sight sight);
/* The machine is started again; `down` milliseconds pass. Before the first call. */
void child_reboot(struct child *child, uint64_t down);
/* Let time pass. What is armed no longer happens, if `clears`. */
void child_rest(struct child *child, uint64_t milliseconds, int clears);

#endif
