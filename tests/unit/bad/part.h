/* SPDX-License-Identifier: Apache-2.0 */
/* A correct driver, for parts that break one thing of it. */
#ifndef SMD_TESTS_BAD_PART_H
#define SMD_TESTS_BAD_PART_H

#include <smartdeploy/driver.h>

static inline int bad_parse(void *state, const struct smd_text *text, struct smd_tree **out,
			    struct smd_error *error)
{
	(void)state, (void)text, (void)out, (void)error;
	return SMD_E_UNSUPPORTED;
}

static inline int bad_print(void *state, const struct smd_tree *tree, struct smd_text *out,
			    struct smd_error *error)
{
	(void)state, (void)tree, (void)out, (void)error;
	return SMD_E_UNSUPPORTED;
}

static inline int bad_render(void *state, const struct smd_changes *changes,
			     struct smd_text *payload, struct smd_error *error)
{
	(void)state, (void)changes, (void)payload, (void)error;
	return SMD_E_UNSUPPORTED;
}

static inline int bad_simulate(void *state, struct smd_tree *tree, const struct smd_text *payload,
			       smd_step_fn on_step, void *arg, struct smd_error *error)
{
	(void)state, (void)tree, (void)payload, (void)on_step, (void)arg, (void)error;
	return SMD_E_UNSUPPORTED;
}

static inline void bad_stage(struct smd_run *run, const struct smd_answer *answer,
			     struct smd_action *action)
{
	(void)run, (void)answer;
	action->act = SMD_ACT_DONE;
}

__attribute__((unused)) static const struct smd_session_profile bad_profile = {
	.size = sizeof(struct smd_session_profile), .channel = "ssh", .protocol = "exec"};

/* All mandatory members except `parse` and `commit`. */
#define BAD_DRIVER(part_name)                                                                      \
	.self = {SMD_ENVELOPE(struct smd_driver), .name = part_name, .summary = "A test part",     \
		 .version = "1.0"},                                                                \
	.profile = &bad_profile, .print = bad_print, .render = bad_render,                         \
	.simulate = bad_simulate, .fetch = bad_stage

#endif
