/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device models: the configuration half of a device, written from the vendors' documents alone.
 * A device lives in memory; many of them may live in one process, each used by one thread at a
 * time. Memory running out ends the program.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_model;
struct sim_device;

/* How an edit changes a configuration. */
enum sim_edit {
	SIM_VALUE,       /* a new value overwrites the old one */
	SIM_SET,         /* lines beside one another, or members of one line */
	SIM_ORDER,       /* entries whose order has a meaning */
	SIM_NO,          /* a line or its absence, a line or `no` before it */
	SIM_DEFAULT,     /* a value whose default is not shown */
	SIM_REFERENCE,   /* a name that is defined elsewhere */
	SIM_GONE_WITH,   /* lines that the device drops with another */
	SIM_SIDE_EFFECT, /* a line that changes, drops, adds or hides others */
	SIM_EDITS,
};

/* A statement that a model knows; the strings live as long as the model. */
struct sim_known {
	const char *section; /* path of the section, `|` between several; "" is the top */
	const char *words;   /* with placeholders */
	const char *page;    /* manual and command, or model module */
	unsigned edits;      /* a bit for each enum sim_edit that it takes part in */
};

/* An edit; the texts are as `show` prints them. To be cleared with sim_drawn_clear. */
struct sim_drawn {
	char *before, *after;
	struct sim_known statement; /* the one that was edited */
};

/* The models, `*count` of them. */
const struct sim_model *const *sim_models(size_t *count);
/* NULL without a model of this name. */
const struct sim_model *sim_model_find(const char *name);
const char *sim_model_name(const struct sim_model *model);
size_t sim_known_count(const struct sim_model *model);
struct sim_known sim_known_at(const struct sim_model *model, size_t index);
const char *sim_edit_name(enum sim_edit edit);

/* A device with an empty configuration, to be freed with sim_device_free, which takes NULL. */
struct sim_device *sim_device_new(const struct sim_model *model);
void sim_device_free(struct sim_device *device);

/*
 * The next three return whether the device took what it was given. `*message` is what it said,
 * a refusal or a notice, NULL for nothing; to be freed.
 */
/* Takes a running text as at boot, in place of all that was there. */
bool sim_load(struct sim_device *device, const char *text, char **message);
/* Takes one typed line of configuration mode. */
bool sim_enter(struct sim_device *device, const char *line, char **message);
/* Makes the candidate the running configuration; nothing to do where lines act at once. */
bool sim_commit(struct sim_device *device, char **message);
/* Goes back to the running configuration, at the top. */
void sim_discard(struct sim_device *device);
/* The running configuration as the device prints it; to be freed. */
char *sim_show(const struct sim_device *device);

/* Draws an edit, the same for the same seed. False when the seed leads to none. */
bool sim_draw(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
	      struct sim_drawn *drawn);
void sim_drawn_clear(struct sim_drawn *drawn);

#endif
