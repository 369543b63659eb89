/* SPDX-License-Identifier: Apache-2.0 */
/* The text that a device keeps with a commit, within what it takes. */
#include <ctype.h>
#include <smartdeploy/driver.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/json.h"

/* A text of at most `most` bytes of letters, digits and `others`. */
struct line {
	char *text;
	size_t used, most;
	const char *others;
};

static int takes(const struct line *line, char c)
{
	return isalnum((unsigned char)c) || (c && strchr(line->others, c));
}

/* What stands for characters that the device does not take; '\0': nothing does. */
static char filler(const struct line *line)
{
	return takes(line, '-') ? '-' : takes(line, '_') ? '_' : takes(line, ' ') ? ' ' : '\0';
}

static void put(struct line *line, char c)
{
	if (c && line->used < line->most)
		line->text[line->used++] = c;
}

/* Put a part of the text; each run of what is not taken becomes one filler between the rest. */
static void put_part(struct line *line, const char *part)
{
	size_t begin = line->used, size = strlen(part);
	char gap = '\0';

	while (size) {
		size_t length = smd_utf8_length(part, size);

		if (length == 1 && takes(line, *part)) {
			if (line->used > begin)
				put(line, gap);
			gap = '\0';
			put(line, *part);
		} else {
			gap = filler(line);
		}
		length = length ? length : 1; /* bytes that are no UTF-8 */
		part += length;
		size -= length;
	}
}

/* Add a part behind what there is, or nothing if none of it has room. */
static void add_part(struct line *line, const char *part)
{
	size_t before = line->used, begin;

	if (!part || !*part)
		return;
	if (takes(line, ' ')) {
		put(line, takes(line, ':') ? ':' : '\0');
		put(line, ' ');
	} else {
		put(line, filler(line));
	}
	begin = line->used;
	put_part(line, part);
	while (line->used > begin && strchr(" -_", line->text[line->used - 1]))
		line->used--;
	if (line->used == begin)
		line->used = before;
}

const char *smd_run_comment(struct smd_run *run, const char *others, size_t most)
{
	const char *tag = run->tag ? run->tag : "";
	smd_cleanup(free) char *text = malloc(most + 1);
	struct line line = {.text = text, .most = most, .others = others};

	if (!text || strlen(tag) > most)
		return NULL;
	for (; *tag; tag++) {
		if (!takes(&line, *tag))
			return NULL;
		put(&line, *tag);
	}
	if (line.used) {
		add_part(&line, run->principal);
		add_part(&line, run->comment);
	}
	text[line.used] = '\0';
	return smd_run_printf(run, "%s", text);
}
