/* SPDX-License-Identifier: Apache-2.0 */
/* Every model: its tables, and texts drawn from them. */
#include "kit.h"
#include "sim.h"
#include "test.h"

#include <inttypes.h>
#include <stdio.h>

#define ROUNDS 2000 /* texts of each model, at least */

static const struct sim_model *model_at(size_t index)
{
	size_t count;
	const struct sim_model *const *models = sim_models(&count);

	return index < count ? models[index] : NULL;
}

static void pages(void)
{
	for (size_t i = 0; model_at(i); i++) {
		unsigned kinds = 0;

		for (size_t j = 0; j < sim_known_count(model_at(i)); j++) {
			struct sim_known known = sim_known_at(model_at(i), j);

			CU_ASSERT(known.page && *known.page && known.words && known.section);
			kinds |= known.edits;
		}
		CU_ASSERT_EQUAL(kinds, (1U << SIM_EDITS) - 1);
	}
}

/* What a device shows that boots with a text; NULL, with a word on it, when it refuses. */
static char *booted(const struct sim_model *model, const char *text)
{
	struct sim_device *device = sim_device_new(model);
	char *message, *shown = NULL;

	if (sim_load(device, text, &message))
		shown = sim_show(device);
	else
		printf("%s: %s\n", sim_model_name(model), message);
	free(message);
	sim_device_free(device);
	return shown;
}

static bool stands(const struct sim_model *model, const char *text)
{
	char *shown = booted(model, text);
	bool same = shown && strcmp(shown, text) == 0;

	if (shown && !same)
		printf("--- drawn\n%s--- shown again\n%s", text, shown);
	free(shown);
	return same;
}

static bool draw_one(const struct sim_model *model, enum sim_edit edit, uint64_t seed)
{
	struct sim_drawn drawn, again;
	bool good;

	if (!sim_draw(model, edit, seed, &drawn)) {
		printf("%s %s %" PRIu64 ": nothing drawn\n", sim_model_name(model),
		       sim_edit_name(edit), seed);
		return false;
	}
	good = stands(model, drawn.before) && stands(model, drawn.after) &&
	       strcmp(drawn.before, drawn.after) != 0;
	if (!good)
		printf("%s %s %" PRIu64 ": %s\n", sim_model_name(model), sim_edit_name(edit), seed,
		       drawn.statement.words);
	if (seed % 50 == 0 && sim_draw(model, edit, seed, &again)) {
		good = good && strcmp(again.after, drawn.after) == 0;
		sim_drawn_clear(&again);
	}
	sim_drawn_clear(&drawn);
	return good;
}

static void drawn_texts(void)
{
	for (size_t i = 0; model_at(i); i++)
		for (int edit = 0; edit < SIM_EDITS; edit++) {
			unsigned bad = 0;

			for (uint64_t seed = 0; seed < ROUNDS / SIM_EDITS / 2 + 1 && bad < 3;
			     seed++)
				bad += !draw_one(model_at(i), (enum sim_edit)edit, seed);
			CU_ASSERT_EQUAL(bad, 0);
		}
}

TEST_MAIN("models", TEST(pages), TEST(drawn_texts));
