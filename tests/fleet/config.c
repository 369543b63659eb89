/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <smartdeploy/set.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 5
#define LONGEST_NAME 31
#define LAST_VLAN 4094

/* A line as words. The last one of a `set` is the rest of the line. */
struct words {
	char text[CONFIG_LINE];
	const char *word[WORDS];
	unsigned count;
};

static void split_line(struct words *words, const char *line)
{
	char *at = words->text;

	*words = (struct words){0};
	snprintf(words->text, sizeof(words->text), "%s", line);
	while (words->count < WORDS) {
		int is_rest = words->count == 2 && !strcmp(words->word[0], "set");

		at += strspn(at, " ");
		if (!*at)
			return;
		words->word[words->count++] = at;
		at += is_rest ? strlen(at) : strcspn(at, " ");
		if (*at)
			*at++ = '\0';
	}
	if (at[strspn(at, " ")])
		words->count++; /* too many */
}

static int has_word(const struct words *words, unsigned index, const char *word)
{
	return index < words->count && !strcmp(words->word[index], word);
}

static int is_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_./-");

	return length && length <= LONGEST_NAME && !name[length] && strcmp(name, "port") != 0 &&
	       strcmp(name, "set") != 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Index of the line that begins with these words, or config->count. */
static unsigned find_line(const struct config *config, const char *key)
{
	size_t length = strlen(key);
	unsigned i = 0;

	while (i < config->count && (strncmp(config->lines[i], key, length) != 0 ||
				     (config->lines[i][length] && config->lines[i][length] != ' ')))
		i++;
	return i;
}

static void remove_line(struct config *config, const char *key)
{
	unsigned index = find_line(config, key);

	if (index == config->count)
		return;
	memmove(config->lines[index], config->lines[index + 1],
		(config->count - index - 1) * CONFIG_LINE);
	memset(config->lines[--config->count], 0, CONFIG_LINE);
}

static const char *add_line(struct config *config, const char *line)
{
	if (config->count == CONFIG_LINES)
		return "no room for another line";
	memset(config->lines[config->count], 0, CONFIG_LINE);
	snprintf(config->lines[config->count++], CONFIG_LINE, "%s", line);
	qsort(config->lines, config->count, CONFIG_LINE, compare_lines);
	return NULL;
}

static const char *put_line(struct config *config, const char *key, const char *value)
{
	char line[2 * CONFIG_LINE];

	if (snprintf(line, sizeof(line), "%s %s", key, value) >= CONFIG_LINE)
		return "line too long";
	remove_line(config, key);
	return add_line(config, line);
}

/* The words that name the line: "set NAME", "port NAME access". */
static void line_key(const struct words *words, char key[CONFIG_LINE])
{
	if (has_word(words, 0, "set") || words->count < 3)
		snprintf(key, CONFIG_LINE, "%s %s", words->word[0], words->word[1]);
	else
		snprintf(key, CONFIG_LINE, "port %s %s", words->word[1], words->word[2]);
}

static int is_vlan(const char *word)
{
	char *end;
	unsigned long vlan = strtoul(word, &end, 10);

	return *word >= '0' && *word <= '9' && !*end && vlan && vlan <= LAST_VLAN;
}

static int parse_vlans(struct smd_set *set, const char *list)
{
	return !smd_set_parse(set, list, strlen(list), NULL) && set->count &&
	       set->ranges[0].first && set->ranges[set->count - 1].last <= LAST_VLAN;
}

static const char *put_set(struct config *config, const char *key, const struct smd_set *set)
{
	char list[CONFIG_LINE];

	if (!set->count) {
		remove_line(config, key);
		return NULL;
	}
	return smd_set_format(set, list, sizeof(list)) < sizeof(list) ? put_line(config, key, list)
								      : "line too long";
}

/* `port NAME trunk [add|remove] LIST` */
static const char *enter_trunk(struct config *config, const struct words *words, const char *key)
{
	int adds = has_word(words, 3, "add"), removes = has_word(words, 3, "remove");
	struct smd_set set = {0}, change = {0};
	unsigned index = find_line(config, key);
	const char *why = NULL;

	if (words->count != (adds || removes ? 5u : 4u) ||
	    !parse_vlans(&change, words->word[words->count - 1]))
		why = "unknown line";
	if (!why && (adds || removes) && index < config->count)
		parse_vlans(&set, config->lines[index] + strlen(key) + 1);
	for (size_t i = 0; !why && i < change.count; i++)
		if (removes)
			smd_set_remove(&set, change.ranges[i].first, change.ranges[i].last);
		else
			smd_set_add(&set, change.ranges[i].first, change.ranges[i].last);
	if (!why)
		why = put_set(config, key, &set);
	smd_set_done(&change);
	smd_set_done(&set);
	return why;
}

static const char *enter_port(struct config *config, const struct words *words)
{
	char key[CONFIG_LINE];

	line_key(words, key);
	if (words->count == 2)
		return config_find(config, key) ? NULL : add_line(config, key);
	if (has_word(words, 2, "trunk"))
		return enter_trunk(config, words, key);
	if (words->count == 4 && has_word(words, 2, "access") && is_vlan(words->word[3]))
		return put_line(config, key, words->word[3]);
	return "unknown line";
}

static const char *enter_no(struct config *config, const struct words *words)
{
	char key[CONFIG_LINE];

	if (words->count == 2 && is_name(words->word[1]))
		snprintf(key, sizeof(key), "set %s", words->word[1]);
	else if (words->count == 4 && has_word(words, 1, "port") &&
		 (has_word(words, 3, "access") || has_word(words, 3, "trunk")))
		snprintf(key, sizeof(key), "port %s %s", words->word[2], words->word[3]);
	else
		return "unknown line";
	remove_line(config, key);
	return NULL;
}

const char *config_enter(struct config *config, const char *line)
{
	struct words words;
	char key[CONFIG_LINE];

	if (strlen(line) >= CONFIG_LINE)
		return "line too long";
	if (strchr(line, ';'))
		return "unknown line";
	split_line(&words, line);
	if (has_word(&words, 0, "no") && words.count <= WORDS)
		return enter_no(config, &words);
	if (words.count < 2 || words.count > WORDS || !is_name(words.word[1]))
		return "unknown line";
	if (has_word(&words, 0, "port"))
		return enter_port(config, &words);
	if (words.count != 3 || !has_word(&words, 0, "set"))
		return "unknown line";
	line_key(&words, key);
	return put_line(config, key, words.word[2]);
}

const char *config_enter_text(struct config *config, const char *text)
{
	const char *why = NULL;

	while (*text && !why) {
		size_t length = strcspn(text, "\n");
		char line[CONFIG_LINE + 1];

		snprintf(line, sizeof(line), "%.*s", (int)length, text);
		if (length)
			why = config_enter(config, line);
		text += length + (text[length] == '\n');
	}
	return why;
}

const char *config_find(const struct config *config, const char *line)
{
	char key[CONFIG_LINE];
	struct words words;
	unsigned index;

	split_line(&words, line);
	line_key(&words, key);
	/* `port NAME` is the beginning of other lines: only the line itself is the same */
	for (index = find_line(config, key); index < config->count; index++)
		if (words.count > 2 || !strcmp(config->lines[index], key))
			return config->lines[index];
	return NULL;
}

const char *config_affected(const struct config *config, const char *line)
{
	char positive[CONFIG_LINE + 8];

	if (strncmp(line, "no ", 3) != 0)
		return config_find(config, line);
	snprintf(positive, sizeof(positive), "%s%s x", strncmp(line, "no port ", 8) ? "set " : "",
		 line + 3);
	return config_find(config, positive);
}

int config_equal(const struct config *a, const struct config *b)
{
	return a->count == b->count && !memcmp(a->lines, b->lines, a->count * CONFIG_LINE);
}

void config_undo(struct config *running, const struct config *before, const struct config *after)
{
	for (unsigned i = 0; i < after->count; i++) {
		struct words words;
		char key[CONFIG_LINE];

		split_line(&words, after->lines[i]);
		line_key(&words, key);
		if (words.count > 2 && !config_find(before, after->lines[i]))
			remove_line(running, key);
	}
	for (unsigned i = 0; i < before->count; i++) {
		const char *line = before->lines[i], *now = config_find(after, line);

		if (!now || strcmp(now, line) != 0)
			config_enter(running, line);
	}
}

size_t config_text(const struct config *config, char *out, size_t size)
{
	size_t used = 0;

	if (size)
		out[0] = '\0';
	for (unsigned i = 0; i < config->count; i++)
		used += (size_t)snprintf(used < size ? out + used : NULL,
					 used < size ? size - used : 0, "%s\n", config->lines[i]);
	return used;
}
