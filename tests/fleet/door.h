/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A service and its fleet for tests of what is said and done at its methods: the configuration
 * blue on two devices, r1 and r2, and deployments that die.
 *
 *   door_begin(&door);
 *   door_die(&door, door_is_dead_before);
 *   door_ask(&door, "deployment.recover", NULL, 0);
 *   door_end(&door);
 */
#ifndef TESTS_FLEET_DOOR_H
#define TESTS_FLEET_DOOR_H

#include <stdio.h>

#include "core/base/json.h"
#include "ground.h"
#include "test.h"

#define DEVICES 2
#define PORTS "port left\nset host x\n"
#define FIRST "set color red\nset size 1\n"
#define SECOND "set color blue\nset shape round\n"
#define THIRD "set taste sweet\n"
#define PLAN_BLUE "{\"name\": \"blue\"}"

extern const char *const door_names[DEVICES];

struct door {
	struct fleet *fleet;
	struct fleet_time *time; /* shared with children */
	struct ground ground;
	struct smd_controller *controller;
	const char *dying;      /* the request for the plan of the deployment that dies */
	struct smd_error error; /* of the last call */
};

/* The first revision is deployed by deployment 1; the second one is set. */
void door_begin(struct door *door);
void door_end(struct door *door);
/* The controller alone */
void door_open(struct door *door);
void door_close(struct door *door);

/* Call a method with a request in JSON; the result is the caller's. */
cJSON *door_call(struct door *door, const char *method, const char *request, enum smd_err expected);
/* The same without the result */
void door_ask(struct door *door, const char *method, const char *request, enum smd_err expected);
/* The text of a request with this member; the caller frees it. */
char *door_with(const char *member, char *value_take, int recovers);
void door_ask_with(struct door *door, const char *method, const char *member, char *value_take);
/* Keep `blue` with these lines on all devices; the second may be NULL. */
void door_set(struct door *door, const char *first, const char *second);
/* The text of a plan; the caller frees it. */
char *door_plan(struct door *door, const char *request);
/* The result is the caller's. */
cJSON *door_apply(struct door *door, char *plan_take, int recovers, enum smd_err expected);

/* Whether both devices run these lines */
int door_all_run(struct door *door, const char *lines);
/* Is deployment 2 told as a leftover, in this state? NULL: none is told. */
int door_tells_leftover(struct door *door, const char *state);
int door_outcome_is(struct door *door, const char *id, const char *expected);

/*
 * Deployment 2, which leads to the second revision, dies: before the decision, when r2 runs
 * something else already, or behind it.
 */
void door_die(struct door *door, int (*is_there)(struct door *door));
int door_is_dead_before(struct door *door);
int door_is_dead_behind(struct door *door);
/* r2 refuses all further commands. */
void door_refuse_at_r2(struct door *door);

#endif
