/* SPDX-License-Identifier: Apache-2.0 */
#include "junos.h"

#include <stdlib.h>
#include <string.h>

/* Positions grow in the order of the tables; the root counts them. */
static size_t next_position(struct junos_schema *schema)
{
	while (schema->parent)
		schema = schema->parent;
	return ++schema->position;
}

static struct junos_schema *add_child(struct junos_schema *parent, const char *name)
{
	struct junos_schema *child = sim_alloc(1, sizeof(*child));

	child->path = sim_say("%s%s%s", parent->path, *parent->path ? " " : "", name ? name : "<>");
	child->name = name ? sim_copy(name) : NULL;
	child->parent = parent;
	child->position = next_position(parent);
	parent->children = sim_grow(parent->children, parent->count + 1, sizeof(*parent->children));
	parent->children[parent->count++] = child;
	return child;
}

static const struct junos_schema *holder(const struct junos_schema *schema)
{
	return schema->same ? schema->same : schema;
}

struct junos_schema *junos_schema_keyword(const struct junos_schema *schema, const char *word)
{
	schema = holder(schema);
	for (size_t i = 0; i < schema->count; i++)
		if (schema->children[i]->name && !strcmp(schema->children[i]->name, word))
			return schema->children[i];
	return NULL;
}

struct junos_schema *junos_schema_unnamed(const struct junos_schema *schema, enum junos_kind kind)
{
	schema = holder(schema);
	for (size_t i = 0; i < schema->count; i++)
		if (!schema->children[i]->name && schema->children[i]->kind == kind)
			return schema->children[i];
	return NULL;
}

static bool is_key(const char *word)
{
	return *word == '<';
}

/* Counts the words in < > from `word` on. */
static int keys_from(const struct junos_words *path, size_t word)
{
	int count = 0;

	while (word < path->count && is_key(path->word[word++]))
		count++;
	return count;
}

/* Walks a table path down to its last known statement; `*at` is where it stands. */
static struct junos_schema *walk(struct junos_schema *node, const struct junos_words *path,
				 size_t *at)
{
	while (*at < path->count) {
		struct junos_schema *child = is_key(path->word[*at])
						     ? junos_schema_unnamed(node, JUNOS_LIST)
						     : junos_schema_keyword(node, path->word[*at]);

		if (!child)
			break;
		*at += !!child->name;
		if (child->kind == JUNOS_LIST)
			*at += (size_t)child->keys;
		node = child;
	}
	return node;
}

static void fill(struct junos_schema *node, const struct junos_statement *row, const char *prefix,
		 const char *path, int keys)
{
	free(node->path);
	node->path = sim_copy(path);
	node->keys = keys;
	node->statement = row;
	node->prefix = prefix;
	node->kind = row->kind;
	node->flags = row->flags;
	node->words = row->words ? row->words : keys;
}

static void add_row(struct junos_schema *root, const char *prefix,
		    const struct junos_statement *row)
{
	char *full = sim_say("%s%s%s", prefix, *prefix && *row->path ? " " : "", row->path);
	struct junos_words path = junos_words_split(full);
	size_t at = 0;
	struct junos_schema *node = walk(root, &path, &at);

	while (at < path.count) {
		bool named = !is_key(path.word[at]);

		node = add_child(node, named ? path.word[at] : NULL);
		at += named;
		if (at + (size_t)keys_from(&path, at) == path.count)
			break;
	}
	if (!node->statement)
		fill(node, row, prefix, full, keys_from(&path, at));
	junos_words_free(&path);
	free(full);
}

static void link_same(struct junos_schema *root, struct junos_schema *node)
{
	if (node->statement && node->statement->same)
		node->same = junos_schema_at(root, node->statement->same);
	for (size_t i = 0; i < node->count; i++)
		link_same(root, node->children[i]);
}

struct junos_schema *junos_schema_new(void)
{
	struct junos_schema *root = sim_alloc(1, sizeof(*root));

	root->path = sim_copy("");
	for (size_t i = 0; i < junos_table_count; i++) {
		const char *prefix = "";

		for (size_t j = 0; j < junos_tables[i]->count; j++) {
			const struct junos_statement *row = &junos_tables[i]->rows[j];

			if (row->flags & JUNOS_PREFIX)
				prefix = row->path;
			else
				add_row(root, prefix, row);
		}
	}
	link_same(root, root);
	return root;
}

void junos_schema_free(struct junos_schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->count; i++)
		junos_schema_free(schema->children[i]);
	free(schema->children);
	free(schema->path);
	free(schema->name);
	free(schema);
}

struct junos_schema *junos_schema_at(struct junos_schema *root, const char *path)
{
	struct junos_words words = junos_words_split(path);
	struct junos_schema *node = root;

	for (size_t i = 0; node && i < words.count; i++) {
		struct junos_schema *child = junos_schema_keyword(node, words.word[i]);
		struct junos_schema *entry = junos_schema_unnamed(node, JUNOS_LIST);

		node = child || !entry ? child : junos_schema_keyword(entry, words.word[i]);
	}
	junos_words_free(&words);
	return node;
}

bool junos_excludes(const struct junos_schema *one, const struct junos_schema *other)
{
	const char *a = one->statement ? one->statement->choice : NULL;
	const char *b = other->statement ? other->statement->choice : NULL;
	size_t name;

	if (!a || !b || one->parent != other->parent)
		return false;
	name = (size_t)(strchr(a, ':') - a) + 1;
	return !strncmp(a, b, name) && strcmp(a + name, b + name) != 0;
}
