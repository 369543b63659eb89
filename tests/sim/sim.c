/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"
#include "model.h"

#include <stdlib.h>
#include <string.h>

struct sim_device {
	const struct sim_engine *engine;
	void *state;
};

const struct sim_model *sim_model_find(const char *name)
{
	size_t count;
	const struct sim_model *const *models = sim_models(&count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(models[i]->name, name) == 0)
			return models[i];
	return NULL;
}

const char *sim_model_name(const struct sim_model *model)
{
	return model->name;
}

size_t sim_known_count(const struct sim_model *model)
{
	return model->engine->known_count(model);
}

struct sim_known sim_known_at(const struct sim_model *model, size_t index)
{
	return model->engine->known_at(model, index);
}

const char *sim_edit_name(enum sim_edit edit)
{
	static const char *const names[SIM_EDITS] = {
		"value", "set", "order", "no", "default", "reference", "gone-with", "side-effect",
	};

	return names[edit];
}

struct sim_device *sim_device_new(const struct sim_model *model)
{
	struct sim_device *device = sim_alloc(1, sizeof *device);

	device->engine = model->engine;
	device->state = model->engine->open(model);
	return device;
}

void sim_device_free(struct sim_device *device)
{
	if (!device)
		return;
	device->engine->close(device->state);
	free(device);
}

bool sim_load(struct sim_device *device, const char *text, char **message)
{
	*message = NULL;
	return device->engine->load(device->state, text, message);
}

bool sim_enter(struct sim_device *device, const char *line, char **message)
{
	*message = NULL;
	return device->engine->enter(device->state, line, message);
}

bool sim_commit(struct sim_device *device, char **message)
{
	*message = NULL;
	return device->engine->commit(device->state, message);
}

void sim_discard(struct sim_device *device)
{
	device->engine->discard(device->state);
}

char *sim_show(const struct sim_device *device)
{
	return device->engine->show(device->state);
}

bool sim_draw(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
	      struct sim_drawn *drawn)
{
	*drawn = (struct sim_drawn){0};
	return model->engine->draw(model, edit, seed, drawn);
}

void sim_drawn_clear(struct sim_drawn *drawn)
{
	free(drawn->before);
	free(drawn->after);
	*drawn = (struct sim_drawn){0};
}
