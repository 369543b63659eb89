/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration as text: read from braces, shown in braces and as `set` lines. */
#include "junos.h"

#include <stdlib.h>
#include <string.h>

/* Where a reader stands. */
struct reader {
	const char *text;
	char *refusal;
};

static void read_block(struct reader *reader, struct junos_node *node,
		       const struct junos_schema *list);

static void add_word(struct junos_words *words, char *word)
{
	words->word = sim_grow(words->word, words->count + 1, sizeof(*words->word));
	words->word[words->count++] = word;
}

/* Reads words up to `;`, `{` or `}`; returns that sign, 0 at the end. */
static char read_words(struct reader *reader, struct junos_words *words, bool *inactive)
{
	size_t given = words->count;
	bool quoted;
	char *word;

	*inactive = false;
	while ((word = junos_word_next(&reader->text, &quoted))) {
		char sign = *word;

		if (!quoted && (sign == ';' || sign == '{' || sign == '}')) {
			free(word);
			return sign;
		}
		if (!quoted && words->count == given && !strcmp(word, "inactive:")) {
			*inactive = true;
			free(word);
		} else {
			add_word(words, word);
		}
	}
	return 0;
}

/* The list whose entries follow in the braces of its keyword, or NULL. */
static const struct junos_schema *grouped_list(const struct junos_node *node,
					       const struct junos_words *words)
{
	const struct junos_schema *found;

	if (words->count != 1 || !node->schema)
		return NULL;
	found = junos_schema_keyword(node->schema, words->word[0]);
	return found && found->kind == JUNOS_LIST ? found : NULL;
}

static void read_statement(struct reader *reader, struct junos_node *node,
			   const struct junos_words *words, char sign, bool inactive)
{
	const struct junos_schema *list = sign == '{' ? grouped_list(node, words) : NULL;
	struct junos_node *first;
	struct junos_path path;

	if (list) {
		read_block(reader, node, list);
		return;
	}
	path = junos_path_read(node->schema, words->word, words->count, true, &reader->refusal);
	if (!reader->refusal) {
		struct junos_node *inner = junos_apply(node, &path, &first);

		if (first)
			first->inactive = inactive;
		if (sign == '{')
			read_block(reader, inner, NULL);
	}
	junos_path_free(&path);
}

/* Reads statements up to the closing brace; those of a `list` lack its keyword. */
static void read_block(struct reader *reader, struct junos_node *node,
		       const struct junos_schema *list)
{
	char sign;

	do {
		struct junos_words words = {0};
		bool inactive;

		if (list)
			add_word(&words, sim_copy(list->name));
		sign = read_words(reader, &words, &inactive);
		if (words.count > (list != NULL) && (sign == ';' || sign == '{'))
			read_statement(reader, node, &words, sign, inactive);
		else if (sign != '}' && sign != 0)
			reader->refusal = sim_say("syntax error: %c", sign);
		else if (words.count > (list != NULL))
			reader->refusal = sim_say("syntax error: %s", words.word[0]);
		junos_words_free(&words);
	} while (!reader->refusal && sign && sign != '}');
}

/* Takes away containers that braces left empty. */
static void drop_empty(struct junos_node *node)
{
	for (size_t i = node->count; i-- > 0;) {
		drop_empty(node->children[i]);
		if (!node->children[i]->count && (node->children[i]->kind == JUNOS_CONTAINER ||
						  node->children[i]->kind == JUNOS_MEMBERS))
			junos_node_remove(node->children[i]);
	}
}

char *junos_read_braces(struct junos_node *root, const char *text)
{
	struct reader reader = {.text = text};

	while (!reader.refusal && *reader.text) {
		const char *before = reader.text;

		read_block(&reader, root, NULL);
		if (reader.text == before)
			break;
	}
	drop_empty(root);
	return reader.refusal;
}

/* Keys and carried words hold their quotes already; values and members do not. */
static void write_text(FILE *out, const struct junos_node *node)
{
	if (node->kind == JUNOS_LIST || node->kind == JUNOS_CARRIED)
		fputs(node->text, out);
	else
		junos_word_write(out, node->text);
}

/* Writes keyword and key or value; the key alone of a `bare` entry. */
static void write_head(FILE *out, const struct junos_node *node, bool bare)
{
	bool named = !bare && node->schema && node->schema->name && node->kind != JUNOS_MEMBER;

	if (named)
		fputs(node->schema->name, out);
	if (named && node->text)
		putc(' ', out);
	if (node->text)
		write_text(out, node);
}

void junos_write_path(FILE *out, const struct junos_node *node)
{
	if (node->parent && node->parent->parent) {
		junos_write_path(out, node->parent);
		putc(' ', out);
	}
	write_head(out, node, false);
}

static void write_members(FILE *out, const struct junos_node *node)
{
	if (node->count > 1)
		fputs(" [", out);
	for (size_t i = 0; i < node->count; i++) {
		putc(' ', out);
		junos_word_write(out, node->children[i]->text);
	}
	if (node->count > 1)
		fputs(" ]", out);
}

/* Whether a node is written without braces, whatever it holds. */
static bool is_one_line(const struct junos_node *node)
{
	const struct junos_node *only = node->count == 1 ? node->children[0] : NULL;

	if (!node->count || node->kind == JUNOS_MEMBERS || node->kind == JUNOS_LEAF)
		return true;
	if (!node->schema)
		return false;
	if (node->schema->flags & JUNOS_LINE)
		return true;
	if (only && only->kind == JUNOS_VALUE)
		return true;
	if (node->schema->flags & JUNOS_SHORT && node->children[0]->kind == JUNOS_VALUE)
		only = node->children[node->count - 1];
	return node->schema->flags & JUNOS_SHORT && only && node->count <= 2 && !only->inactive &&
	       only->kind != JUNOS_LIST && only->kind != JUNOS_CARRIED && is_one_line(only);
}

static void write_line(FILE *out, const struct junos_node *node, bool bare)
{
	write_head(out, node, bare);
	if (node->kind == JUNOS_MEMBERS) {
		write_members(out, node);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		putc(' ', out);
		write_line(out, node->children[i], false);
	}
}

/* `family` stands before each of its families, without braces of its own. */
static bool is_family(const struct junos_node *node)
{
	return node->schema && node->schema->name && node->kind == JUNOS_CONTAINER &&
	       !strcmp(node->schema->name, "family");
}

static void indent(FILE *out, int depth, const struct junos_node *node)
{
	fprintf(out, "%*s%s", depth * 4, "", node->inactive ? "inactive: " : "");
}

static void write_block(FILE *out, const struct junos_node *node, int depth);

static void write_statement(FILE *out, const struct junos_node *node, int depth, bool bare)
{
	bool secret = node->schema && node->schema->flags & JUNOS_SECRET;

	indent(out, depth, node);
	if (node->parent && is_family(node->parent))
		fputs("family ", out);
	if (is_one_line(node)) {
		write_line(out, node, bare);
		fputs(secret ? "; ## SECRET-DATA\n" : ";\n", out);
		return;
	}
	write_head(out, node, bare);
	fputs(" {\n", out);
	write_block(out, node, depth + 1);
	fprintf(out, "%*s}\n", depth * 4, "");
}

static bool is_grouped(const struct junos_node *node)
{
	return node->kind == JUNOS_LIST && node->schema->name &&
	       node->schema->flags & JUNOS_GROUPED;
}

/* Writes the entries of a list from `at` on in one pair of braces; returns where they end. */
static size_t write_group(FILE *out, const struct junos_node *parent, size_t at, int depth)
{
	const struct junos_schema *list = parent->children[at]->schema;

	fprintf(out, "%*s%s {\n", depth * 4, "", list->name);
	for (; at < parent->count && parent->children[at]->schema == list; at++)
		write_statement(out, parent->children[at], depth + 1, true);
	fprintf(out, "%*s}\n", depth * 4, "");
	return at;
}

static void write_block(FILE *out, const struct junos_node *node, int depth)
{
	for (size_t i = 0; i < node->count;)
		if (is_family(node->children[i]))
			write_block(out, node->children[i++], depth);
		else if (is_grouped(node->children[i]))
			i = write_group(out, node, i, depth);
		else
			write_statement(out, node->children[i++], depth, false);
}

static void write_set(FILE *out, const struct junos_node *node)
{
	if (!node->count && node->parent) {
		fputs("set ", out);
		junos_write_path(out, node);
		putc('\n', out);
	}
	for (size_t i = 0; i < node->count; i++)
		write_set(out, node->children[i]);
	if (node->inactive) {
		fputs("deactivate ", out);
		junos_write_path(out, node);
		putc('\n', out);
	}
}

char *junos_show(const struct junos *device, bool as_set)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (as_set)
		write_set(out, device->running);
	else
		write_block(out, device->running, 0);
	fclose(out);
	return text;
}
