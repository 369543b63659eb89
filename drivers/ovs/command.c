/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Commands for a shell. Each word is split off and quoted anew before a shell sees it.
 *
 * Why wait-until is not enough as a guard: ovs-vsctl evaluates it on its copy of the database. Only
 * a column that it has been told to `get` (or add to, or remove from) goes along with the
 * transaction as an operation `wait` (RFC 7047, section 5.2.6), which the server evaluates. So each
 * wait-until is followed by a get of its columns: the first compares what the client has read with
 * what we know, the second what the server has with what the client has read.
 */
#include "ovs.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of two markers of ours, and of the commands that check and write them. */
#define MARKER_SIZE 512

/* A text that grows; `err` is kept until the end. */
struct command {
	FILE *out;
	char *text;
	size_t size;
	int err;
};

static void begin(struct command *command)
{
	*command = (struct command){.out = NULL};
	command->out = open_memstream(&command->text, &command->size);
	if (!command->out)
		command->err = SMD_E_NO_MEMORY;
}

/* The finished text, or NULL with `*err` set. */
static char *end(struct command *command, int *err)
{
	if (command->out && fclose(command->out))
		command->err = SMD_E_NO_MEMORY;
	*err = command->err;
	if (!command->err)
		return command->text;
	free(command->text);
	return NULL;
}

static void put(struct command *command, const char *format, ...) SMD_PRINTF(2, 3);
static void put(struct command *command, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (command->out && vfprintf(command->out, format, args) < 0)
		command->err = SMD_E_NO_MEMORY;
	va_end(args);
}

static void put_quoted(struct command *command, const char *before, const char *word)
{
	char *quoted = smd_ovs_quote(word);

	if (quoted)
		put(command, "%s%s", before, quoted);
	else
		command->err = SMD_E_NO_MEMORY;
	free(quoted);
}

static void put_fetch(struct command *command, const struct smd_ovs *ovs, int faults)
{
	put_quoted(command, " --format=json -- --columns=name,ports,external_ids list Bridge ",
		   ovs->bridge);
	put(command, " -- --columns=_uuid,name,tag,trunks,vlan_mode,cvlans%s list Port%s",
	    faults ? ",interfaces" : "",
	    faults ? " -- --columns=_uuid,name,error list Interface" : "");
}

static void put_next(struct command *command, const struct smd_ovs *ovs)
{
	put_quoted(command, " -- set Bridge ", ovs->bridge);
	put_quoted(command, " external_ids:" SMD_OVS_MARKER_KEY "=", ovs->next);
}

/* The column itself is named, not the key: to get a key that is missing is an error. */
static void put_get_marker(struct command *command, const struct smd_ovs *ovs)
{
	put_quoted(command, " -- get Bridge ", ovs->bridge);
	put(command, " external_ids");
}

static void put_marker_guard(struct command *command, const struct smd_ovs *ovs)
{
	cJSON *string = ovs->marker ? cJSON_CreateString(ovs->marker) : NULL;
	char *json = string ? cJSON_PrintUnformatted(string) : NULL;

	put_quoted(command, " -- wait-until Bridge ", ovs->bridge);
	if (json)
		put_quoted(command, " external_ids:" SMD_OVS_MARKER_KEY "=", json);
	else if (ovs->marker)
		command->err = SMD_E_NO_MEMORY;
	else
		put_quoted(command, " ", "external_ids:" SMD_OVS_MARKER_KEY "{=}[]");
	put_get_marker(command, ovs);
	cJSON_free(json);
	cJSON_Delete(string);
}

/* The columns that the conditions name, each once; conditions of one column stand together. */
static void put_columns(struct command *command, const struct smd_ovs_line *line)
{
	size_t before = 0;

	for (size_t i = 0; i < line->condition_count; i++) {
		const char *condition = line->condition[i];
		size_t length = strcspn(condition, "=!{");

		if (!i || length != before ||
		    strncmp(condition, line->condition[i - 1], length) != 0)
			put(command, " %.*s", (int)length, condition);
		before = length;
	}
}

static int put_line(struct command *command, const char *text, struct smd_error *error)
{
	struct smd_ovs_line line;
	int err = smd_ovs_line_read(&line, text, error);

	if (!err && line.condition_count) {
		put_quoted(command, " -- wait-until Port ", line.words.word[2]);
		for (size_t i = 0; i < line.condition_count; i++)
			put_quoted(command, " ", line.condition[i]);
		put_quoted(command, " -- get Port ", line.words.word[2]);
		put_columns(command, &line);
	}
	if (!err)
		put(command, " --");
	for (size_t i = 0; !err && i < line.command_count; i++)
		put_quoted(command, " ", line.command[i]);
	smd_ovs_line_done(&line);
	return err;
}

static int put_lines(struct command *command, const struct smd_text *payload,
		     struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; !err && i < smd_text_count(payload); i++)
		err = put_line(command, smd_text_get(payload, i, NULL), error);
	return err;
}

char *smd_ovs_fetch_command(const struct smd_ovs *ovs, int faults)
{
	struct command command;
	int err;

	begin(&command);
	put(&command, "%s", ovs->command);
	put_fetch(&command, ovs, faults);
	return end(&command, &err);
}

char *smd_ovs_commit_command(const struct smd_ovs *ovs, const struct smd_text *payload,
			     struct smd_error *error)
{
	struct command command;
	char *text;
	int bad, err;

	begin(&command);
	put(&command, "%s", ovs->command);
	put_marker_guard(&command, ovs);
	bad = put_lines(&command, payload, error);
	put_next(&command, ovs);
	text = end(&command, &err);
	if (!text) {
		smd_fail(error, err, "no memory for a command");
	} else if (!bad && command.size > SMD_OVS_COMMAND_MAX) {
		bad = smd_fail(error, SMD_E_INVALID,
			       "the change and what guards it take a command of %zu bytes, and one "
			       "transaction has room for %u",
			       command.size, SMD_OVS_COMMAND_MAX);
	}
	if (!bad)
		return text;
	free(text);
	return NULL;
}

char *smd_ovs_withdraw_command(const struct smd_ovs *ovs, int read)
{
	struct command command;
	int err;

	begin(&command);
	put(&command, "%s --no-wait", ovs->command);
	if (read) {
		put_fetch(&command, ovs, 0);
		put_get_marker(&command, ovs);
	}
	put_next(&command, ovs);
	return end(&command, &err);
}

size_t smd_ovs_commit_size(const struct smd_ovs *ovs, const struct smd_text *payload)
{
	struct command command;
	char *text;
	int bad, err;

	begin(&command);
	put(&command, "%s", ovs->command);
	for (int i = 0; i < 3; i++) /* it is named in the guard, in the get and in the set */
		put_quoted(&command, "", ovs->bridge);
	bad = put_lines(&command, payload, NULL);
	text = end(&command, &err);
	free(text);
	return text && !bad ? command.size + MARKER_SIZE : 0;
}
