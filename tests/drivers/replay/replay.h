/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays the device for a driver's stages, from a transcript: what the driver sends must be what
 * the transcript expects, and it receives the transcript's answers. The form of transcripts:
 * transcripts/README.md.
 *
 * Refusals, questions and prompts are found with the driver's patterns and the protocols' own
 * matcher, so a pattern that misses a device's text fails the test.
 */
#ifndef SMD_TESTS_REPLAY_H
#define SMD_TESTS_REPLAY_H

#include <smartdeploy/driver.h>

/* Maximum actions of a stage; one with more is taken for endless. */
#define REPLAY_ACTIONS_MAX 200

/*
 * Play all stages of a transcript. SMD_E_CONFLICT: the driver sends something else; the message
 * says what, `where` has the line. SMD_E_INVALID: the transcript is not valid.
 */
int replay_play(const struct smd_driver *driver, const char *path, struct smd_error *error);

/*
 * A fault to inject.
 *
 * stage, step   Where, counted from 0. A step is an exchange, or an action of another kind.
 * end           How that step ends.
 * question      QUESTION: index of the exchange's question.
 * says          The line of a refusal.
 * then, prompt  How all later exchanges end, and at which prompt.
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
 * What the stage did after the fault.
 *
 * stage    Its name.
 * applied  0: the step has no such question, so nothing was tried.
 * last     Its last action; SMD_ACT_NONE: it made more than REPLAY_ACTIONS_MAX.
 * verdict  QUESTION: the class that the driver gives the question.
 * changed  Number of exchanges without SMD_X_READS that it sent after the fault.
 */
struct replay_outcome {
	char stage[16];
	int applied;
	struct smd_action last;
	enum smd_class verdict;
	size_t changed;
};

/*
 * Play a transcript up to the fault, and see what the stage does. SMD_E_NOT_FOUND: there is no
 * such stage or step.
 */
int replay_fail(const struct smd_driver *driver, const char *path, const struct replay_fault *fault,
		struct replay_outcome *outcome, struct smd_error *error);

/* The number of stages of the transcript; negative: an error. */
int replay_count(const char *path, struct smd_error *error);

#endif
