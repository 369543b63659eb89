/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guards. A leaf must have the value that it had. Of a set only what changes matters: numbers that
 * are added must be missing, numbers that are removed must be there, and it must not become empty,
 * for a port with an empty list can be open. So a VLAN that somebody else adds to the same trunk
 * meanwhile is in nobody's way.
 */
#include "ovs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const columns[] = {"tag", "vlan_mode", "trunks", "cvlans"};

static const struct smd_set *set_of(const struct smd_node *port, const char *column)
{
	static const struct smd_set none = {0};
	const struct smd_node *node = smd_node_find(port, column, NULL);

	return node && smd_node_kind(node) == SMD_SET ? smd_node_set(node) : &none;
}

static int is_set(const char *column)
{
	return !strcmp(column, "trunks") || !strcmp(column, "cvlans");
}

/* Making conditions */

/* Write one condition. An empty value is "[]". */
static int put(FILE *out, const char *column, const char *operator, const char * value)
{
	char *word = NULL, *quoted = NULL;

	if (asprintf(&word, "%s%s%s", column, operator, value && * value ? value : "[]") < 0)
		word = NULL;
	quoted = word ? smd_ovs_quote(word) : NULL;
	if (quoted)
		fprintf(out, " %s", quoted);
	free(word);
	free(quoted);
	return quoted ? 0 : SMD_E_NO_MEMORY;
}

static char *format(const struct smd_set *set)
{
	size_t length = smd_set_format(set, NULL, 0);
	char *list = malloc(length + 1);

	if (list)
		smd_set_format(set, list, length + 1);
	return list;
}

static int put_set(FILE *out, const char *column, const char *operator, const struct smd_set * set)
{
	char *list = format(set);
	int err = list ? put(out, column, operator, list) : SMD_E_NO_MEMORY;

	free(list);
	return err;
}

static int put_numbers(FILE *out, const char *column, const struct smd_change *change)
{
	int err = 0;

	if (!change->removed
		     .count) /* it had numbers; had it none by now, they would be the first */
		err = put(out, column, "!=", NULL);
	if (!err && change->added.count)
		err = put_set(out, column, "{not-in}", &change->added);
	if (!err && change->removed.count)
		err = put_set(out, column, change->added.count ? "{>=}" : "{>}", &change->removed);
	return err;
}

static int put_column(FILE *out, const struct smd_node *from, const char *column)
{
	return is_set(column) ? put_set(out, column, "=", set_of(from, column))
			      : put(out, column, "=", smd_node_leaf(from, column));
}

static int is_unchanged(const struct smd_node *from, const struct smd_node *to, const char *column)
{
	const char *one = smd_node_leaf(from, column), *other = smd_node_leaf(to, column);

	if (is_set(column))
		return smd_set_equal(set_of(from, column), set_of(to, column));
	return one && other ? !strcmp(one, other) : one == other;
}

/* Could it open the port, if the other columns were not what they are? */
static int relies_on_others(const struct smd_change *change, const char *column)
{
	return change->op == SMD_CHANGE_REMOVE || !strcmp(column, "vlan_mode");
}

/* Conditions on the columns that do not change: the mode, and that lists are not empty. */
static int put_others(FILE *out, const struct smd_node *from, const struct smd_node *to)
{
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (!is_unchanged(from, to, columns[i]))
			continue;
		if (!is_set(columns[i]))
			err = put_column(out, from, columns[i]);
		else if (set_of(from, columns[i])->count)
			err = put(out, columns[i], "!=", NULL);
	}
	return err;
}

char *smd_ovs_conditions(const struct smd_change *change, const struct smd_node *to)
{
	const struct smd_node *node = change->to ? change->to : change->from;
	const char *column = smd_node_name(node);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? 0 : SMD_E_NO_MEMORY;

	if (!err && change->op == SMD_CHANGE_NUMBERS)
		err = put_numbers(out, column, change);
	else if (!err)
		err = put_column(out, change->parent, column);
	if (!err && relies_on_others(change, column))
		err = put_others(out, change->parent, to);
	if (out && fclose(out))
		err = SMD_E_NO_MEMORY;
	if (!err)
		return text;
	free(text);
	return NULL;
}

/* Reading lines */

static int split_guard(struct smd_ovs_line *line, const char *text, struct smd_error *error)
{
	const struct smd_ovs_words *words = &line->words;
	size_t dashes = 3;

	while (dashes < words->count && strcmp(words->word[dashes], "--") != 0)
		dashes++;
	if (dashes < 4 || dashes + 3 >= words->count || strcmp(words->word[1], "Port") != 0 ||
	    strcmp(words->word[dashes + 3], words->word[2]) != 0)
		return smd_fail(error, SMD_E_INVALID,
				"a guard without conditions, or of another port, in '%s'", text);
	line->condition = words->word + 3;
	line->condition_count = dashes - 3;
	line->command = words->word + dashes + 1;
	line->command_count = words->count - dashes - 1;
	return 0;
}

int smd_ovs_line_read(struct smd_ovs_line *line, const char *text, struct smd_error *error)
{
	int err;

	*line = (struct smd_ovs_line){.condition_count = 0};
	err = smd_ovs_words_split(&line->words, text, error);
	if (err)
		return err;
	line->command = line->words.word;
	line->command_count = line->words.count;
	if (line->words.count && !strcmp(line->words.word[0], "wait-until"))
		return split_guard(line, text, error);
	return 0;
}

void smd_ovs_line_done(struct smd_ovs_line *line)
{
	smd_ovs_words_done(&line->words);
	*line = (struct smd_ovs_line){.condition_count = 0};
}

/* Checking conditions */

static int compare_sets(const struct smd_set *set, const char *operator,
			const struct smd_set * value, int *holds)
{
	struct smd_set missing = {0};
	int err = smd_set_minus(&missing, value, set);

	if (!strcmp(operator, "="))
		*holds = smd_set_equal(set, value);
	else if (!strcmp(operator, "!="))
		*holds = !smd_set_equal(set, value);
	else if (!strcmp(operator, "{not-in}"))
		*holds = smd_set_equal(&missing, value);
	else
		*holds = !missing.count &&
			 (!strcmp(operator, "{>=}") || smd_set_size(set) > smd_set_size(value));
	smd_set_done(&missing);
	return err;
}

static int set_holds(const struct smd_node *port, const char *column, const char *operator,
		     const char * value, int *holds, struct smd_error *error)
{
	struct smd_set set = {0};
	int err = strcmp(value, "[]") != 0 ? smd_set_parse(&set, value, strlen(value), error) : 0;

	if (!err)
		err = compare_sets(set_of(port, column), operator, & set, holds);
	smd_set_done(&set);
	return err;
}

/* Describe what is there instead. */
static int unmet(const struct smd_node *port, const char *column, const char *condition,
		 struct smd_error *error)
{
	char *list = is_set(column) ? format(set_of(port, column)) : NULL;
	const char *value = is_set(column) ? list : smd_node_leaf(port, column);

	smd_fail(error, SMD_E_CONFLICT,
		 "port '%s' was changed since it was read: %s is %s, not '%s'",
		 smd_node_key(port, 0), column, value && *value ? value : "empty", condition);
	free(list);
	return SMD_E_CONFLICT;
}

int smd_ovs_condition_holds(const struct smd_node *port, const char *condition,
			    struct smd_error *error)
{
	static const char *const operators[] = {"{not-in}", "{>=}", "{>}", "!=", "="};
	size_t length = strcspn(condition, "=!{"), i = 0, known = 0;
	const size_t count = sizeof(operators) / sizeof(operators[0]);
	const char *leaf, *value;
	int holds = 0, err = 0;

	while (known < sizeof(columns) / sizeof(columns[0]) &&
	       (strlen(columns[known]) != length ||
		strncmp(columns[known], condition, length) != 0))
		known++;
	while (i < count && strncmp(condition + length, operators[i], strlen(operators[i])) != 0)
		i++;
	if (known == sizeof(columns) / sizeof(columns[0]) || i == count)
		return smd_fail(error, SMD_E_INVALID, "unknown condition '%s'", condition);
	value = condition + length + strlen(operators[i]);
	leaf = smd_node_leaf(port, columns[known]);
	if (is_set(columns[known]))
		err = set_holds(port, columns[known], operators[i], value, &holds, error);
	else
		holds = !strcmp(leaf ? leaf : "[]", value) == !strcmp(operators[i], "=");
	if (err)
		return smd_fail(error, err, "condition '%s' cannot be checked", condition);
	return holds ? 0 : unmet(port, columns[known], condition, error);
}

const struct smd_node *smd_ovs_port(const struct smd_tree *tree, const char *name)
{
	const struct smd_node *bridge = smd_node_first(smd_tree_top(tree));

	for (; bridge; bridge = smd_node_next(bridge)) {
		const struct smd_node *port = NULL;

		if (!strcmp(smd_node_name(bridge), "bridge"))
			port = smd_node_find(bridge, "port", name);
		if (port)
			return port;
	}
	return NULL;
}

int smd_ovs_guards_hold(const struct smd_tree *tree, const struct smd_text *payload,
			struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; !err && i < smd_text_count(payload); i++) {
		struct smd_ovs_line line;
		const struct smd_node *port;

		err = smd_ovs_line_read(&line, smd_text_get(payload, i, NULL), error);
		port = !err && line.condition_count ? smd_ovs_port(tree, line.words.word[2]) : NULL;
		if (!err && line.condition_count && !port)
			err = smd_fail(error, SMD_E_CONFLICT, "port '%s' is no more on the bridge",
				       line.words.word[2]);
		for (size_t k = 0; !err && k < line.condition_count; k++)
			err = smd_ovs_condition_holds(port, line.condition[k], error);
		smd_ovs_line_done(&line);
	}
	return err;
}
