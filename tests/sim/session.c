/* SPDX-License-Identifier: Apache-2.0 */
/* A device of lines: texts read at boot, typed lines in their modes, and commits. */
#include "tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool skipped(const struct sim_lines *device, const char *line)
{
	if (!*line || *line == '!' || strcmp(line, "end") == 0)
		return true;
	return device->vendor->skipped && device->vendor->skipped(line);
}

/* A line that no row knows: it is kept, `no` takes it away. */
static struct sim_line *carry(struct sim_lines *device, struct sim_line *section, const char *text)
{
	bool to_default = device->vendor->has_default && sim_starts(text, "default ");
	const char *positive = sim_starts(text, "no ") ? text + 3 : text + (to_default ? 8 : 0);
	char *other = positive == text ? sim_say("no %s", text) : sim_copy(positive);
	struct sim_line *line = sim_line_carried(section, other);

	free(other);
	if (line && !device->loading) {
		sim_take(device, line);
		if (positive != text)
			return NULL;
	}
	line = sim_line_carried(section, text);
	if (line || to_default)
		return line;
	line = sim_line_new(NULL, text);
	sim_line_add(section, line);
	return line;
}

/* Takes a line of a text in its section; `*under` is where deeper lines belong. */
static bool load_line(struct sim_lines *device, struct sim_line *section, const char *text,
		      char **message, struct sim_line **under)
{
	struct sim_line *opened = NULL;

	if (section->parent &&
	    (strcmp(text, "exit") == 0 || (section->row && section->row->statement->end &&
					   strcmp(text, section->row->statement->end) == 0)))
		return true;
	if (sim_type_in(device, section, text, message, &opened)) {
		*under = opened;
		return true;
	}
	if (*message)
		return false;
	*under = carry(device, section, text);
	return true;
}

/* Places by indentation where the lines of a text belong. */
struct place {
	struct sim_line *section;
	int indent;
};

struct text_reader {
	struct sim_lines *device;
	struct place place[16];
	int depth;
};

static bool ends(const struct sim_lines *device, const char *text)
{
	for (size_t i = 0; i < device->rows; i++)
		if (device->row[i].statement->end &&
		    strcmp(device->row[i].statement->end, text) == 0)
			return true;
	return false;
}

static bool read_line(struct text_reader *reader, const char *line, char **message)
{
	int indent = (int)strspn(line, " ");
	struct sim_line *under = NULL;

	if (skipped(reader->device, line + indent))
		return true;
	while (reader->depth > 0 && reader->place[reader->depth].indent >= indent)
		reader->depth--;
	if (ends(reader->device, line + indent))
		return true;
	if (!load_line(reader->device, reader->place[reader->depth].section, line + indent, message,
		       &under))
		return false;
	if (under && reader->depth < 15)
		reader->place[++reader->depth] = (struct place){under, indent};
	return true;
}

/* Reads one line with those that it goes on in. */
static char *whole_line(const struct sim_lines *device, const char **text)
{
	const char *start = *text;
	size_t length = strcspn(start, "\n");

	for (;;) {
		char *line = sim_copy_part(start, length);
		const char *trimmed = line + strspn(line, " ");

		*text = start + length + (start[length] == '\n');
		if (!start[length] || !device->vendor->unfinished ||
		    !device->vendor->unfinished(trimmed)) {
			for (size_t end = strlen(line); end > 0 && strchr(" \r", line[end - 1]);)
				line[--end] = 0;
			return line;
		}
		free(line);
		length += 1 + strcspn(start + length + 1, "\n");
	}
}

static bool read_text(struct sim_lines *device, const char *text, char **message)
{
	struct text_reader reader = {.device = device, .place = {{device->top, -1}}};
	bool taken = true;

	while (taken && *text) {
		char *line = whole_line(device, &text);
		char *refusal = NULL;

		taken = read_line(&reader, line, &refusal);
		if (!taken)
			*message = sim_say("%s: %s", line, refusal);
		free(refusal);
		free(line);
	}
	return taken;
}

static void empty(struct sim_lines *device)
{
	sim_line_free(device->top);
	device->top = sim_alloc(1, sizeof *device->top);
	device->current = device->top;
	free(device->pending);
	device->pending = NULL;
}

void *sim_lines_open(const struct sim_model *model)
{
	struct sim_lines *device = sim_alloc(1, sizeof *device);

	device->vendor = model->vendor;
	sim_rows_new(device);
	empty(device);
	if (device->vendor->candidate)
		device->committed = sim_line_copy(device->top);
	return device;
}

void sim_lines_close(void *state)
{
	struct sim_lines *device = state;

	sim_line_free(device->top);
	sim_line_free(device->committed);
	sim_rows_free(device);
	free(device->pending);
	free(device->notice);
	free(device);
}

static void keep(struct sim_lines *device)
{
	if (!device->vendor->candidate)
		return;
	sim_line_free(device->committed);
	device->committed = sim_line_copy(device->top);
}

bool sim_lines_load(void *state, const char *text, char **message)
{
	struct sim_lines *device = state;
	bool taken;

	empty(device);
	device->loading = true;
	taken = read_text(device, text, message);
	device->loading = false;
	keep(device);
	return taken;
}

bool sim_lines_commit(void *state, char **message)
{
	struct sim_lines *device = state;

	if (!device->vendor->candidate)
		return true;
	*message = sim_names_check(device);
	if (!*message && device->vendor->check)
		*message = device->vendor->check(device);
	if (*message)
		return false;
	keep(device);
	return true;
}

static void discard(void *state)
{
	struct sim_lines *device = state;

	if (device->vendor->candidate) {
		empty(device);
		sim_line_free(device->top);
		device->top = sim_line_copy(device->committed);
	}
	device->current = device->top;
}

/* Leaves the section; false when the line is none that leaves. */
static bool leave(struct sim_lines *device, const char *text)
{
	const struct sim_row *row = device->current->row;

	if (strcmp(text, "end") == 0 || strcmp(text, "root") == 0) {
		device->current = device->top;
	} else if (strcmp(text, "exit") == 0 ||
		   (row && row->statement->end && strcmp(text, row->statement->end) == 0)) {
		if (device->current->parent)
			device->current = device->current->parent;
	} else {
		return false;
	}
	return true;
}

void sim_notice(struct sim_lines *device, const char *format, ...)
{
	va_list list;

	free(device->notice);
	va_start(list, format);
	if (vasprintf(&device->notice, format, list) < 0)
		abort();
	va_end(list);
}

static bool is_carried(const struct sim_line *line)
{
	return line->parent && !line->row;
}

static bool enter_line(struct sim_lines *device, const char *text, int indent, char **message)
{
	struct sim_line *opened, *line;

	if (leave(device, text) || skipped(device, text))
		return true;
	while (is_carried(device->current) && indent <= device->current->indent)
		device->current = device->current->parent;
	for (struct sim_line *section = device->current; section && !is_carried(section);
	     section = section->parent) {
		struct sim_line *before = device->current;
		bool taken;

		device->current = section;
		taken = sim_type_in(device, section, text, message, &opened);
		if (taken && opened)
			device->current = opened;
		if (taken || *message)
			return taken;
		device->current = before;
	}
	line = carry(device, device->current, text);
	if (line) {
		device->current = line;
		line->indent = indent;
	}
	return true;
}

static bool enter(void *state, const char *typed, char **message)
{
	struct sim_lines *device = state;
	char *line, *text;
	bool taken = true;
	size_t end;

	line = device->pending ? sim_say("%s\n%s", device->pending, typed) : sim_copy(typed);
	free(device->pending);
	device->pending = NULL;
	text = line + strspn(line, " ");
	for (end = strlen(text); end > 0 && strchr(" \r\n", text[end - 1]); end--)
		text[end - 1] = 0;
	if (device->vendor->unfinished && device->vendor->unfinished(text))
		device->pending = sim_copy(text);
	else
		taken = enter_line(device, text, (int)(text - line), message);
	free(line);
	if (!*message)
		*message = device->notice;
	else
		free(device->notice);
	device->notice = NULL;
	return taken;
}

static size_t known_count(const struct sim_model *model)
{
	const struct sim_vendor *vendor = model->vendor;
	size_t count = 0;

	for (const struct sim_table *const *table = vendor->tables; *table; table++)
		count += (*table)->count;
	return count;
}

static struct sim_known known_at(const struct sim_model *model, size_t index)
{
	struct sim_lines *device = sim_lines_open(model);
	const struct sim_row *row = &device->row[index];
	struct sim_known known = {row->section, row->statement->words, row->statement->page,
				  row->edits};

	sim_lines_close(device);
	return known;
}

const struct sim_engine sim_lines_engine = {
	.open = sim_lines_open,
	.close = sim_lines_close,
	.load = sim_lines_load,
	.enter = enter,
	.commit = sim_lines_commit,
	.discard = discard,
	.show = sim_lines_show,
	.known_count = known_count,
	.known_at = known_at,
	.draw = sim_lines_draw,
};
