/* SPDX-License-Identifier: Apache-2.0 */
/* What the drivers of the kinds share: the language, and the bricks of their stages. */
#ifndef TESTS_FLEET_DRIVER_H
#define TESTS_FLEET_DRIVER_H

#include "config.h"
#include <stdatomic.h>

#include <smartdeploy/driver.h>
#include <smartdeploy/rules.h>

#define DRIVER_EXCHANGES 512
#define DRIVER_TAG 64

/* A flag of the session: the candidate holds what prepare has loaded and read back. */
#define NOTE_LOADED 1u

/*
 * compiled        The dialect, ours if there are no settings to bring one.
 * marker, base    ATOMIC: what the last fetch saw. NAMED: `base` is running when the candidate
 *                 was opened.
 * loaded, tag     The candidate that prepare read back, and the deployment it was for.
 * commands ...    The present action.
 */
struct driver_state {
	const struct smd_compiled *dialect;
	struct smd_compiled *compiled;
	char marker[DRIVER_TAG];
	struct config base;
	struct smd_text *loaded;
	char tag[DRIVER_TAG];
	struct smd_text *commands;
	uint32_t flags[DRIVER_EXCHANGES];
	struct smd_exchange exchanges[DRIVER_EXCHANGES];
	size_t count;
};

/* language.c */
extern const struct smd_dialect driver_lines;     /* each line acts at once */
extern const struct smd_dialect driver_candidate; /* no state between lines acts */
extern const struct smd_service driver_services[];
#define DRIVER_SERVICES 1
int driver_open_lines(const struct smd_settings *settings, void **state, struct smd_error *error);
int driver_open_candidate(const struct smd_settings *settings, void **state,
			  struct smd_error *error);
void driver_close(void *state);

/* stages.c: bricks */

/* Add a command to the next action; `flags` as those of an exchange. */
void driver_ask(struct smd_run *run, uint32_t flags, const char *format, ...) SMD_PRINTF(3, 4);
/* Add `show faults`, if the scope of a fetch asks for it. */
void driver_ask_faults(struct smd_run *run);
/* Add each line of the payload behind a verb. */
void driver_ask_payload(struct smd_run *run, const char *verb);
/* Send what was asked; if nothing was, the stage is done. */
void driver_send(struct smd_run *run, struct smd_action *action);
void driver_done(struct smd_action *action);
/*
 * Begin a call of a stage function: forgets the commands of the last action, and at END_START
 * goes back to step 0. Returns 0 if the answer makes the stage fail; `action` says how. A
 * command that confirms or cancels and is refused has the outcome UNKNOWN.
 */
int driver_begin(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
/* Append the output of an exchange to a text; -1: the last one. */
void driver_copy(const struct smd_answer *answer, int exchange, struct smd_text *out);
/* Whether the output of an exchange is these lines. */
int driver_is_same(const struct smd_answer *answer, size_t exchange, const struct smd_text *text);

enum whose { WHOSE_NONE, WHOSE_MINE, WHOSE_OLD, WHOSE_FOREIGN };

/*
 * What `show state` tells.
 *
 * candidate  "clean", "ours", "foreign", "both"; "" if there is none.
 * lock, running_lock  This session's, an old one's of our user, somebody else's.
 * pending    The same of a commit; `ours` if it also bears our tag (or the device keeps none).
 * named      There is a candidate with our name.
 */
struct view {
	char candidate[16];
	enum whose lock, running_lock, pending;
	int ours;
	int named;
};
/* Read it from the output of the last exchange. */
void driver_view(const struct smd_run *run, const struct smd_answer *answer, struct view *view);
/* The first word of the newest entry of `show history` with our tag, or "". */
void driver_history(const struct smd_run *run, const struct smd_answer *answer, char word[16]);
/* How often a stage that uses the tag had the comment "CHG-1" of principal "tester". */
extern atomic_uint driver_comments;
/* The deployment's tag, or "none" outside of one. */
const char *driver_tag(const struct smd_run *run);
/* NAMED: the name of our candidate. */
void driver_candidate_name(const struct smd_run *run, char name[DRIVER_TAG]);

/* stages.c: stages that several kinds have */
void driver_fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void driver_probe(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void driver_save(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
/* Learn product and version; `facts` of the kind are set already. */
void driver_attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);

extern const struct smd_session_profile driver_profile; /* drivers.c */

/* direct.c */
extern const struct smd_driver driver_fleet_atomic, driver_fleet_lines, driver_fleet_lines_timer;
/* shared.c, private.c, named.c */
extern const struct smd_driver driver_fleet_shared, driver_fleet_private, driver_fleet_named;

/* pending.c: a pending commit; how SHARED, PRIVATE and LINES_TIMER confirm and undo it. */
void driver_confirm(struct smd_run *run, const struct smd_answer *answer,
		    struct smd_action *action);
void driver_rollback(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action);

/* The members of a driver that all kinds share. */
#define DRIVER_COMMON(of, what, language)                                                          \
	.self = {SMD_ENVELOPE(struct smd_driver), .name = of, .summary = what, .version = "1.0"},  \
	.profile = &driver_profile, .dialect = &driver_##language, .services = driver_services,    \
	.service_count = DRIVER_SERVICES, .service_size = sizeof(struct smd_service),              \
	.open = driver_open_##language, .close = driver_close

#endif
