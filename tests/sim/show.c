/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration as the device prints it. */
#include "tree.h"

#include <string.h>

static void show_section(struct sim_buffer *out, const struct sim_lines *device,
			 const struct sim_line *section, int depth);

/* Whether a line of the row's slot stands in the section, whatever its keys. */
static bool slot_taken(const struct sim_line *section, const struct sim_row *row)
{
	for (size_t i = 0; i < section->count; i++)
		if (section->child[i]->row && strcmp(section->child[i]->row->slot, row->slot) == 0)
			return true;
	return false;
}

/* What the device says of statements between two ranks that are not there. */
static void show_absent(struct sim_buffer *out, const struct sim_lines *device,
			const struct sim_line *section, int indent, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < device->rows; i++) {
		const struct sim_row *row = &device->row[i];

		if (row->statement->absent && sim_row_in(row, section) && !slot_taken(section, row))
			sim_buffer_add(out, "%*s%s\n", indent, "", row->statement->absent);
	}
}

static void show_line(struct sim_buffer *out, const struct sim_lines *device,
		      const struct sim_line *line, int depth)
{
	const struct sim_statement *statement = line->row ? line->row->statement : NULL;
	int indent = depth * device->vendor->indent;
	bool section = line->count > 0 || (statement && statement->opens);

	if (statement && statement->flags & SIM_BANG)
		sim_buffer_add(out, "%*s!\n", indent, "");
	sim_buffer_add(out, "%*s%s%s\n", indent, "", line->negated ? "no " : "", line->text);
	if (line->negated)
		return;
	show_section(out, device, line, depth + 1);
	if (statement && statement->end)
		sim_buffer_add(out, "%*s%s\n", indent, "", statement->end);
	if (section && (device->vendor->closes || depth == 0))
		sim_buffer_add(out, "%*s!\n", indent, "");
}

static void show_section(struct sim_buffer *out, const struct sim_lines *device,
			 const struct sim_line *section, int depth)
{
	size_t rank = 0;

	for (size_t i = 0; i < section->count; i++) {
		const struct sim_line *line = section->child[i];
		size_t next = line->row ? line->row->rank : device->rows;

		if (next > rank) {
			show_absent(out, device, section, depth * device->vendor->indent, rank,
				    next);
			rank = next;
		}
		show_line(out, device, line, depth);
	}
	show_absent(out, device, section, depth * device->vendor->indent, rank, device->rows);
}

char *sim_lines_show(const void *state)
{
	const struct sim_lines *device = state;
	struct sim_buffer out = {0};

	sim_buffer_add(&out, "%s", device->vendor->header ? device->vendor->header : "");
	show_section(&out, device, device->committed ? device->committed : device->top, 0);
	sim_buffer_add(&out, "%s", device->vendor->footer ? device->vendor->footer : "");
	return out.text;
}
