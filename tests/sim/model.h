/* SPDX-License-Identifier: Apache-2.0 */
/* What a model consists of; models of indented vendors take it from lines.h. */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include "sim.h"

/* The functions behind sim.h, with its promises; `state` is what `open` returned. */
struct sim_engine {
	void *(*open)(const struct sim_model *model);
	void (*close)(void *state);
	bool (*load)(void *state, const char *text, char **message);
	bool (*enter)(void *state, const char *line, char **message);
	bool (*commit)(void *state, char **message);
	void (*discard)(void *state);
	char *(*show)(const void *state);
	size_t (*known_count)(const struct sim_model *model);
	struct sim_known (*known_at)(const struct sim_model *model, size_t index);
	bool (*draw)(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
		     struct sim_drawn *drawn);
};

struct sim_model {
	const char *name;
	const struct sim_engine *engine;
	const void *vendor; /* the engine's own: struct sim_vendor for sim_lines_engine */
};

#endif
