/* SPDX-License-Identifier: Apache-2.0 */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"

#define COLUMN 8 /* column of a line's text */

static const char *const names[] = {
	[WORD_DEVICE] = "device",     [WORD_TAG] = "tag",           [WORD_TIMER] = "timer",
	[WORD_PAYLOAD] = "payload",   [WORD_LOGIN] = "login",       [WORD_STAGE] = "stage",
	[WORD_DONE] = "done",         [WORD_FAIL] = "fail",         [WORD_RESULT] = "result",
	[WORD_PENDING] = "pending",   [WORD_SEND] = "send",         [WORD_READ] = "read",
	[WORD_MORE] = "more",         [WORD_TYPES] = "types",       [WORD_PUT] = "put",
	[WORD_FILE] = "file",         [WORD_WAIT] = "wait",         [WORD_RECONNECT] = "reconnect",
	[WORD_SAYS] = "says",         [WORD_ERR] = "err",           [WORD_ASKS] = "asks",
	[WORD_PROMPT] = "prompt",     [WORD_END] = "end",           [WORD_LOST] = "lost",
	[WORD_DEADLINE] = "deadline", [WORD_OVERFLOW] = "overflow",
};

const char *word_name(enum word word)
{
	return word < WORD_COUNT ? names[word] : "?";
}

static enum word find_word(const char *line)
{
	size_t length = strcspn(line, " ");
	unsigned word = 0;

	while (word < WORD_COUNT &&
	       (strlen(names[word]) != length || strncmp(names[word], line, length)))
		word++;
	return (enum word)word;
}

static int load(struct script *script, struct smd_error *error)
{
	FILE *file = fopen(script->path, "re");
	char piece[4096];
	size_t size;
	int err = file ? 0 : SMD_E_NOT_FOUND;

	while (file && !err && (size = fread(piece, 1, sizeof(piece), file)))
		err = smd_text_append(script->file, piece, size);
	if (file)
		fclose(file);
	return err ? smd_fail(error, err, "cannot read the transcript \"%s\"", script->path) : 0;
}

/* Lines before the first stage are not part of the dialogue. */
static int take_head(struct script *script, const struct line *line)
{
	switch (line->word) {
	case WORD_DEVICE:
		script->device = line->text;
		break;
	case WORD_TAG:
		script->tag = line->text;
		break;
	case WORD_TIMER:
		script->timer = (uint32_t)strtoul(line->text, NULL, 10);
		break;
	case WORD_PAYLOAD:
		return smd_text_line(script->payload, line->text);
	default:
		script->lines[script->count++] = *line;
		break;
	}
	return 0;
}

static int parse(struct script *script, struct smd_error *error)
{
	int gap = 1, err = 0;

	for (size_t i = 0; !err && i < smd_text_count(script->file); i++) {
		size_t length;
		const char *text = smd_text_get(script->file, i, &length);
		struct line line = {.gap = gap, .number = i + 1};

		gap = !*text || *text == '#';
		if (gap) {
			gap = 1;
			continue;
		}
		line.word = find_word(text);
		line.text = length > COLUMN && text[COLUMN - 1] == ' ' ? text + COLUMN : "";
		if (line.word == WORD_COUNT) {
			smd_fail(error, SMD_E_INVALID, "no such word in a transcript: \"%s\"",
				 text);
			smd_error_where(error, "%s:%zu", script->path, line.number);
			return SMD_E_INVALID;
		}
		err = take_head(script, &line);
	}
	return err ? smd_fail(error, err, "out of memory") : 0;
}

int script_read(struct script *script, const char *path, struct smd_error *error)
{
	int err;

	*script = (struct script){.path = path, .device = "", .tag = ""};
	if (smd_text_new(&script->file, 0) || smd_text_new(&script->payload, 0))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = load(script, error);
	if (err)
		return err;
	script->lines = calloc(smd_text_count(script->file) + 1, sizeof(*script->lines));
	if (!script->lines)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	return parse(script, error);
}

void script_done(struct script *script)
{
	smd_text_free(script->file);
	smd_text_free(script->payload);
	free(script->lines);
}

const struct line *script_line(const struct script *script, size_t at)
{
	return at < script->count ? &script->lines[at] : NULL;
}
