/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pushes for three kinds of device, to show that the driver interface supports them. Not
 * installed; they parse and render nothing.
 */
#ifndef SMD_TESTS_REPLAY_DRIVERS_H
#define SMD_TESTS_REPLAY_DRIVERS_H

#include <smartdeploy/driver.h>

extern const struct smd_driver dnos_push;
extern const struct smd_driver junos_push;
extern const struct smd_driver file_push;

/* The session profile that the DNOS stages and the push by file share. */
extern const struct smd_session_profile dnos_profile;
void dnos_commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void dnos_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void dnos_abort(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);

/*
 * The rest of a stage whose commit was sent and not answered. Used when `recover_wanted` says
 * so, until the stage ends: reconnect, send `history`, and return DONE if the device shows our
 * tag.
 *
 * `history` NULL: the commit has no tag, so only reading the configuration can tell.
 */
int recover_wanted(const struct smd_run *run, const struct smd_answer *answer);
void recover(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action,
	     const char *committed, const struct smd_exchange *history);

/* Does a line contain the tag as a whole word? */
int has_tag(const struct smd_text *text, const char *tag);

#endif
