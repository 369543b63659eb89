/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pushes of three kinds of device, as far as they show that the driver
 * interface carries them. Not installed; they parse and render nothing.
 */
#ifndef SMD_TESTS_REPLAY_DRIVERS_H
#define SMD_TESTS_REPLAY_DRIVERS_H

#include <smartdeploy/driver.h>

extern const struct smd_driver dnos_push;
extern const struct smd_driver junos_push;
extern const struct smd_driver file_push;

/* What the DNOS stages share with a push by file. */
extern const struct smd_session_profile dnos_profile;
void dnos_commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void dnos_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
void dnos_abort(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);

/*
 * The end of a stage whose commit was sent and never answered. It takes over
 * where `recover_wanted` says so, and then until the stage ends:
 *
 *   reconnect; say `history`, where the device tells our tag; DONE if it does
 *
 * `history` NULL: the commit bears no tag, only reading the configuration tells.
 */
int recover_wanted(const struct smd_run *run, const struct smd_answer *answer);
void recover(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action,
	     const char *committed, const struct smd_exchange *history);

/* Does a line hold the tag as a word of its own? */
int has_tag(const struct smd_text *text, const char *tag);

#endif
