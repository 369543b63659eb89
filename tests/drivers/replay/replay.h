/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the device to a driver's stages, from a transcript: what is said must
 * be what the transcript expects, what comes back is what it says. How a
 * transcript is written: transcripts/README.md.
 *
 * What a protocol finds with the driver's patterns (refusals, questions,
 * prompts) is found here with the same patterns and the same matcher, so that a
 * pattern that misses a device's words fails the test.
 */
#ifndef SMD_TESTS_REPLAY_H
#define SMD_TESTS_REPLAY_H

#include <smartdeploy/driver.h>

/* A stage that wants more than this of its device is taken to run for ever. */
#define REPLAY_ACTIONS_MAX 200

/*
 * Play all stages of a transcript. SMD_E_CONFLICT: the driver differs, the
 * message says from what, `where` at which line; SMD_E_INVALID: the transcript
 * is no such thing.
 */
int replay_play(const struct smd_driver *driver, const char *path, struct smd_error *error);

/*
 * What goes wrong, and where.
 *
 * stage, step  Counted from 0. A step is an exchange, or an action of another kind.
 * end          How that step ends.
 * question     QUESTION: which of the exchange's.
 * says         The line that refuses.
 * then, prompt  How everything behind it ends, and at which prompt.
 */
struct replay_fault {
	size_t stage, step;
	enum smd_end end;
	size_t question;
	const char *says;
	enum smd_end then;
	const char *prompt;
};

/*
 * How the stage took it.
 *
 * stage    Its name.
 * applied  0: the step has no such question, and nothing was tried.
 * last     Its last action. None: it asked for more than REPLAY_ACTIONS_MAX.
 * verdict  QUESTION: the class that the driver gives the question.
 * changed  Exchanges without SMD_X_READS that it began behind the fault.
 */
struct replay_outcome {
	char stage[16];
	int applied;
	struct smd_action last;
	enum smd_class verdict;
	size_t changed;
};

/* Play up to the fault and see. SMD_E_NOT_FOUND: there is no such stage or step. */
int replay_fail(const struct smd_driver *driver, const char *path, const struct replay_fault *fault,
		struct replay_outcome *outcome, struct smd_error *error);

/* How many stages the transcript has; negative: an error. */
int replay_count(const char *path, struct smd_error *error);

#endif
