/* SPDX-License-Identifier: Apache-2.0 */
/* Edits drawn from the tables. */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The row under edit, where, and the lines that it has there. */
struct target {
	struct sim_drawing *drawing;
	const struct sim_row *row;
	struct sim_line *section;
	enum sim_edit edit;
};

static bool type(struct target *target, const char *form, const char *text)
{
	char *line = sim_say("%s%s", form, text);
	bool taken = sim_type_line(target->drawing->device, target->section, line);

	free(line);
	return taken;
}

/* One of the lines of the row in its section, or NULL. */
static struct sim_line *choose(struct target *target)
{
	struct sim_line *chosen = NULL;
	size_t count = 0;

	for (size_t i = 0; i < target->section->count; i++) {
		struct sim_line *line = target->section->child[i];

		if (line->row == target->row &&
		    sim_random_below(&target->drawing->random, ++count) == 0)
			chosen = line;
	}
	return chosen;
}

static void put_new(struct target *target)
{
	char *text = sim_sample_text(target->drawing, target->row, target->section, NULL);

	if (text)
		type(target, "", text);
	free(text);
}

static void take(struct target *target)
{
	struct sim_line *line = choose(target);
	char *text;

	if (!line)
		return;
	text = sim_copy(line->text);
	type(target, line->negated ? "" : "no ", text);
	free(text);
}

/* The key of a line with other values. */
static void change_value(struct target *target)
{
	struct sim_line *line = choose(target);
	char *text;

	if (!line)
		return;
	text = sim_sample_text(target->drawing, target->row, target->section, line);
	if (text)
		type(target, "", text);
	free(text);
}

static void change_set(struct target *target)
{
	uint64_t way = sim_random_below(&target->drawing->random, 3);

	if (way != 0)
		take(target);
	if (way != 1)
		put_new(target);
}

/* A line goes and comes again, at the end or with another number. */
static void move(struct target *target)
{
	struct sim_line *line = choose(target);
	char *text, *again;

	if (!line)
		return;
	text = sim_copy(line->text);
	type(target, "no ", text);
	again = sim_sample_text(target->drawing, target->row, target->section, NULL);
	if (again && strpbrk(text, "0123456789") && sim_random_chance(&target->drawing->random, 30))
		type(target, "", again);
	else
		type(target, "", text);
	free(again);
	free(text);
}

static void change_order(struct target *target)
{
	switch (sim_random_below(&target->drawing->random, 4)) {
	case 0:
		move(target);
		break;
	case 1:
		change_value(target);
		break;
	default:
		change_set(target);
		break;
	}
}

static void change_no(struct target *target)
{
	if (choose(target))
		take(target);
	else
		put_new(target);
}

static void change_default(struct target *target)
{
	struct sim_line *line = choose(target);
	const struct sim_vendor *vendor = target->drawing->device->vendor;
	char *text;

	if (!line) {
		put_new(target);
		return;
	}
	text = sim_copy(line->text);
	if (target->row->statement->fallback && sim_random_chance(&target->drawing->random, 50))
		type(target, "", target->row->statement->fallback);
	else if (vendor->has_default && sim_random_chance(&target->drawing->random, 50))
		type(target, "default ", text);
	else
		type(target, line->negated ? "" : "no ", text);
	free(text);
}

static void change_reference(struct target *target)
{
	switch (sim_random_below(&target->drawing->random, 3)) {
	case 0:
		take(target);
		break;
	case 1:
		change_value(target);
		break;
	default:
		put_new(target);
		break;
	}
}

/* `no` on what others hang on: a row that is known with `no` alone has no line of its own. */
static void change_gone(struct target *target)
{
	char *text;

	if (!(target->row->statement->flags & SIM_NO_ONLY)) {
		take(target);
		return;
	}
	text = sim_sample_text(target->drawing, target->row, target->section, NULL);
	if (text)
		type(target, "no ", text);
	free(text);
}

static void change_side(struct target *target)
{
	if (choose(target) && sim_random_chance(&target->drawing->random, 50))
		take(target);
	else
		put_new(target);
}

static void change(struct target *target)
{
	static void (*const changes[SIM_EDITS])(struct target * target) = {
		change_value,   change_set,       change_order, change_no,
		change_default, change_reference, change_gone,  change_side,
	};

	changes[target->edit](target);
}

static const struct sim_row *choose_row(struct sim_drawing *drawing, unsigned edits)
{
	const struct sim_row *chosen = NULL;
	size_t count = 0;

	for (size_t i = 0; i < drawing->device->rows; i++)
		if (drawing->device->row[i].edits & edits &&
		    sim_random_below(&drawing->random, ++count) == 0)
			chosen = &drawing->device->row[i];
	return chosen;
}

/* Lines around the edit. */
static void draw_around(struct sim_drawing *drawing)
{
	for (uint64_t lines = 3 + sim_random_below(&drawing->random, 8); lines > 0; lines--) {
		const struct sim_row *row = choose_row(drawing, ~0U);
		struct sim_line *section = sim_sample_section(drawing, row);

		if (section && !(row->statement->flags & SIM_NO_ONLY))
			sim_sample_line(drawing, row, section);
	}
}

/* Rows that hang on the same names, or stand in the section that the row opens. */
static void draw_dependants(struct target *target, struct sim_line *line)
{
	struct sim_drawing *drawing = target->drawing;

	for (int tries = 0; tries < 60; tries++) {
		const struct sim_row *row = choose_row(drawing, ~0U);
		struct sim_line *section = NULL;

		if (row->statement->flags & SIM_NO_ONLY)
			continue;
		if (line && line->row->statement->opens && sim_row_in(row, line))
			section = line;
		else if (target->row->statement->flags & SIM_NO_ONLY &&
			 sim_row_in(row, target->section))
			section = target->section;
		if (section)
			sim_sample_line(drawing, row, section);
	}
}

/* What is drawn next stands mostly in the list of this line. */
static void share_list(struct target *target, const struct sim_line *line)
{
	struct sim_drawing *drawing = target->drawing;

	for (size_t i = 0; line && drawing->listed != target->row && i < line->match.count; i++) {
		if (!line->match.part[i].element->key)
			continue;
		drawing->listed = target->row;
		snprintf(drawing->list, sizeof drawing->list, "%s", line->match.part[i].word);
	}
}

/* The lines that the edit changes; false when it has nothing to begin with. */
static bool draw_target(struct target *target)
{
	struct sim_drawing *drawing = target->drawing;
	bool many = target->edit == SIM_SET || target->edit == SIM_ORDER;
	uint64_t lines = many ? 2 + sim_random_below(&drawing->random, 4)
			      : 1 + sim_random_below(&drawing->random, 2);
	struct sim_line *line = NULL;

	target->section = sim_sample_section(drawing, target->row);
	if (!target->section)
		return false;
	if (target->edit == SIM_NO && sim_random_chance(&drawing->random, 50))
		return true;
	for (; lines > 0 && !(target->row->statement->flags & SIM_NO_ONLY); lines--) {
		line = sim_sample_line(drawing, target->row, target->section);
		if (many)
			share_list(target, line);
	}
	if (target->edit == SIM_GONE_WITH)
		draw_dependants(target, line);
	return true;
}

static bool commit(struct sim_lines *device)
{
	char *message = NULL;
	bool taken = sim_lines_commit(device, &message);

	free(message);
	return taken;
}

static bool draw_once(struct sim_drawing *drawing, enum sim_edit edit, struct sim_drawn *drawn)
{
	struct target target = {.drawing = drawing, .edit = edit};
	struct sim_lines *device = drawing->device;
	char *message = NULL;
	bool drawn_well;

	drawing->listed = NULL;
	if (!sim_lines_load(device, device->vendor->basis, &message))
		sim_mistake("basis refused", message);
	draw_around(drawing);
	target.row = choose_row(drawing, 1U << edit);
	if (!target.row || !draw_target(&target) || !commit(device))
		return false;
	drawn->before = sim_lines_show(device);
	change(&target);
	if (sim_random_chance(&drawing->random, 25))
		change(&target);
	drawn_well = commit(device);
	drawn->after = sim_lines_show(device);
	if (drawn_well && strcmp(drawn->before, drawn->after) != 0) {
		drawn->statement =
			(struct sim_known){target.row->section, target.row->statement->words,
					   target.row->statement->page, target.row->edits};
		return true;
	}
	sim_drawn_clear(drawn);
	return false;
}

bool sim_lines_draw(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
		    struct sim_drawn *drawn)
{
	struct sim_drawing drawing = {.device = sim_lines_open(model), .random = {seed}};
	bool done = false;

	for (int tries = 0; !done && tries < 50; tries++)
		done = draw_once(&drawing, edit, drawn);
	if (done && sim_random_chance(&drawing.random, 50)) {
		char *before = drawn->before;

		drawn->before = drawn->after;
		drawn->after = before;
	}
	sim_lines_close(drawing.device);
	return done;
}
