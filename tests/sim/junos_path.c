/* SPDX-License-Identifier: Apache-2.0 */
/* Typed words as a path of statements, and what a path does to a tree. */
#include "junos.h"

#include <stdlib.h>
#include <string.h>

static void add_step(struct junos_path *path, const struct junos_schema *schema,
		     enum junos_kind kind, char *text)
{
	path->step = sim_grow(path->step, path->count + 1, sizeof(*path->step));
	path->step[path->count++] =
		(struct junos_step){.schema = schema, .kind = kind, .text = text};
}

void junos_path_free(struct junos_path *path)
{
	for (size_t i = 0; i < path->count; i++)
		free(path->step[i].text);
	free(path->step);
	*path = (struct junos_path){0};
}

/* The device's message on a value that the statement does not take, or NULL. */
static char *check_value(const struct junos_schema *schema, const char *word)
{
	const struct junos_statement *row = schema->statement;
	char *rest;
	long long low, high, value;

	if (row->one_of && !sim_among(row->one_of, word))
		return sim_say("syntax error, invalid value '%s'", word);
	if (!row->limits || *word == '<')
		return NULL;
	value = strtoll(word, &rest, 10);
	if (*rest || rest == word)
		return sim_say("Invalid numeric value: '%s'", word);
	low = strtoll(row->limits, &rest, 10);
	high = strtoll(rest + 2, NULL, 10);
	if (value < low || value > high)
		return sim_say("Value %lld is not within range (%lld..%lld)", value, low, high);
	return NULL;
}

static bool match_type_has_value(const char *type)
{
	return sim_among("upto|through|prefix-length-range|address-mask", type);
}

/* How many of the words make the key of an entry; 0 when some are missing. */
static size_t key_size(const struct junos_schema *schema, char *const *word, size_t count)
{
	size_t size = (size_t)schema->words;

	if (schema->flags & JUNOS_MATCH_TYPE)
		size = count >= 2 && match_type_has_value(word[1]) ? 3 : 2;
	for (size_t i = 0; i < size && i < count; i++)
		if (!strcmp(word[i], "[") || !strcmp(word[i], "]"))
			return 0;
	return size <= count ? size : 0;
}

/* Reads `a`, or `[ a b ]`; returns the words used. */
static size_t read_members(struct junos_path *path, const struct junos_schema *schema,
			   char *const *word, size_t count, char **refusal)
{
	bool many = count && !strcmp(word[0], "[");
	size_t at = many;

	while (at < count && strcmp(word[at], "]") != 0) {
		*refusal = check_value(schema, word[at]);
		if (*refusal)
			return 0;
		add_step(path, schema, JUNOS_MEMBER, sim_copy(word[at++]));
		if (!many)
			return at;
	}
	return at + many;
}

/* Reads what follows the keyword of a statement; returns the words used. */
static size_t read_rest(struct junos_path *path, const struct junos_schema *schema,
			char *const *word, size_t count, bool whole, char **refusal)
{
	size_t size;

	if (schema->kind == JUNOS_MEMBERS) {
		add_step(path, schema, JUNOS_MEMBERS, NULL);
		if (!count && whole)
			*refusal = sim_say("missing argument.");
		return count ? read_members(path, schema, word, count, refusal) : 0;
	}
	if (schema->kind == JUNOS_LIST) {
		size = key_size(schema, word, count);
		if (!size)
			*refusal = sim_say("missing argument.");
		else
			add_step(path, schema, JUNOS_LIST, junos_words_join(word, size));
		return size;
	}
	if (schema->kind != JUNOS_LEAF && schema->kind != JUNOS_VALUE) {
		add_step(path, schema, schema->kind, NULL);
		return 0;
	}
	if (!count && whole)
		*refusal = sim_say("missing argument.");
	else if (count)
		*refusal = check_value(schema, word[0]);
	if (!*refusal)
		add_step(path, schema, schema->kind, count ? sim_copy(word[0]) : NULL);
	return count ? 1 : 0;
}

/* The statement that a word begins below `from`; NULL when no table knows it. Groups apply
 * anywhere. */
static const struct junos_schema *statement_for(const struct junos_schema *from, const char *word)
{
	const struct junos_schema *found = junos_schema_keyword(from, word), *root = from;

	while (root->parent)
		root = root->parent;
	if (!found && !strncmp(word, "apply-groups", strlen("apply-groups")))
		found = junos_schema_keyword(root, word);
	if (!found && *word != '[')
		found = junos_schema_unnamed(from, JUNOS_LIST);
	if (!found && *word != '[')
		found = junos_schema_unnamed(from, JUNOS_VALUE);
	return found;
}

static bool holds_statements(enum junos_kind kind)
{
	return kind == JUNOS_CONTAINER || kind == JUNOS_PRESENCE || kind == JUNOS_LIST;
}

struct junos_path junos_path_read(const struct junos_schema *from, char *const *word, size_t count,
				  bool whole, char **refusal)
{
	struct junos_path path = {0};
	size_t at = 0;

	*refusal = NULL;
	while (at < count && !*refusal) {
		const struct junos_schema *found = from ? statement_for(from, word[at]) : NULL;

		if (!found) {
			add_step(&path, NULL, JUNOS_CARRIED,
				 junos_words_join(word + at, count - at));
			return path;
		}
		at += !!found->name;
		at += read_rest(&path, found, word + at, count - at, whole, refusal);
		if (holds_statements(found->kind))
			from = found;
	}
	if (*refusal)
		junos_path_free(&path);
	return path;
}

static void drop_other_cases(struct junos_node *parent, const struct junos_schema *schema)
{
	for (size_t i = parent->count; i-- > 0;) {
		const struct junos_schema *other = parent->children[i]->schema;

		if (other && junos_excludes(schema, other))
			junos_node_remove(parent->children[i]);
	}
}

/* Whether carried words begin with those of a carried section; where they go on then. */
static const char *behind(const char *text, const char *section)
{
	size_t size = strlen(section);

	return !strncmp(text, section, size) && text[size] == ' ' ? text + size + 1 : NULL;
}

static struct junos_node *carry(struct junos_node *parent, const char *text)
{
	struct junos_node *node = junos_node_find(parent, NULL, text);

	for (size_t i = 0; !node && i < parent->count; i++) {
		struct junos_node *child = parent->children[i];
		const char *rest = child->kind == JUNOS_CARRIED ? behind(text, child->text) : NULL;

		if (rest && child->count)
			return carry(child, rest);
	}
	if (!node) {
		node = junos_node_new(NULL, JUNOS_CARRIED, text);
		junos_node_add(parent, node);
	}
	return node;
}

/* Enters one step below `parent`; returns its node. */
static struct junos_node *enter_step(struct junos_node *parent, const struct junos_step *step)
{
	bool single = step->kind != JUNOS_LIST && step->kind != JUNOS_MEMBER;
	struct junos_node *node;

	if (step->kind == JUNOS_CARRIED)
		return carry(parent, step->text);
	node = junos_node_find(parent, step->schema, single ? NULL : step->text);
	if (node && single && step->text) {
		free(node->text);
		node->text = sim_copy(step->text);
	}
	if (!node) {
		drop_other_cases(parent, step->schema);
		node = junos_node_new(step->schema, step->kind, step->text);
		junos_node_add(parent, node);
	}
	return node;
}

struct junos_node *junos_apply(struct junos_node *from, const struct junos_path *path,
			       struct junos_node **first)
{
	struct junos_node *parent = from, *members = NULL;

	*first = NULL;
	for (size_t i = 0; i < path->count; i++) {
		const struct junos_step *step = &path->step[i];
		struct junos_node *node =
			enter_step(step->kind == JUNOS_MEMBER ? members : parent, step);

		if (!*first && (step->kind != JUNOS_CONTAINER || i + 1 == path->count ||
				strcmp(step->schema->name, "family") != 0))
			*first = node;
		if (step->kind == JUNOS_MEMBERS)
			members = node;
		if (holds_statements(step->kind) || step->kind == JUNOS_CARRIED)
			parent = node;
	}
	return parent;
}

static struct junos_node *locate_carried(struct junos_node *parent, const char *text)
{
	struct junos_node *node = junos_node_find(parent, NULL, text);

	for (size_t i = 0; !node && i < parent->count; i++) {
		struct junos_node *child = parent->children[i];
		const char *rest = child->kind == JUNOS_CARRIED ? behind(text, child->text) : NULL;

		if (rest)
			node = locate_carried(child, rest);
		else if (child->kind == JUNOS_CARRIED && behind(child->text, text))
			node = child;
	}
	return node;
}

struct junos_node *junos_locate(struct junos_node *from, const struct junos_path *path)
{
	struct junos_node *parent = from, *node = from, *members = NULL;

	for (size_t i = 0; node && i < path->count; i++) {
		const struct junos_step *step = &path->step[i];

		if (step->kind == JUNOS_CARRIED)
			return locate_carried(parent, step->text);
		node = junos_node_find(step->kind == JUNOS_MEMBER ? members : parent, step->schema,
				       step->text);
		if (step->kind == JUNOS_MEMBERS)
			members = node;
		if (holds_statements(step->kind))
			parent = node;
	}
	return node;
}
