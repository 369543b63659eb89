/* SPDX-License-Identifier: Apache-2.0 */
/* Configuration mode: set, delete, insert, activate, deactivate; the candidate and its commit. */
#include "junos.h"

#include <stdlib.h>
#include <string.h>

struct junos *junos_new(void)
{
	struct junos *device = sim_alloc(1, sizeof(*device));

	device->schema = junos_schema_new();
	device->running = junos_node_new(device->schema, JUNOS_PRESENCE, NULL);
	device->candidate = junos_node_copy(device->running);
	return device;
}

void junos_free(struct junos *device)
{
	if (!device)
		return;
	junos_node_free(device->running);
	junos_node_free(device->candidate);
	junos_schema_free(device->schema);
	free(device);
}

void junos_rollback(struct junos *device)
{
	junos_node_free(device->candidate);
	device->candidate = junos_node_copy(device->running);
}

char *junos_commit(struct junos *device)
{
	char *refusal = junos_check(device->schema, device->candidate);

	if (refusal)
		return refusal;
	junos_node_free(device->running);
	device->running = junos_node_copy(device->candidate);
	return NULL;
}

static char *do_set(struct junos_node *root, char *const *word, size_t count)
{
	char *refusal;
	struct junos_path path = junos_path_read(root->schema, word, count, true, &refusal);
	struct junos_node *first, *last;

	if (!refusal && !path.count)
		refusal = sim_say("missing argument.");
	if (!refusal) {
		last = junos_apply(root, &path, &first);
		if (!last->count && last->kind == JUNOS_CONTAINER)
			junos_node_prune(last);
	}
	junos_path_free(&path);
	return refusal;
}

/* The node that words name; NULL with a message in `refusal` otherwise. */
static struct junos_node *find_named(struct junos_node *root, char *const *word, size_t count,
				     char **refusal)
{
	struct junos_path path = junos_path_read(root->schema, word, count, false, refusal);
	struct junos_node *node = NULL;

	if (!*refusal && !path.count)
		*refusal = sim_say("missing argument.");
	if (!*refusal) {
		node = junos_locate(root, &path);
		if (!node)
			*refusal = sim_say("warning: statement not found");
	}
	junos_path_free(&path);
	return node;
}

static char *delete_named(struct junos_node *root, char *const *word, size_t count)
{
	char *refusal;
	struct junos_node *node = find_named(root, word, count, &refusal);
	bool carried;

	if (!node)
		return refusal;
	do { /* carried lines below the words go one by one */
		carried = node->kind == JUNOS_CARRIED;
		junos_node_prune(node);
		node = carried ? find_named(root, word, count, &refusal) : NULL;
	} while (node);
	if (carried)
		free(refusal);
	return NULL;
}

/* Deletes what the words name, each of `[ a b ]` by itself. */
static char *do_delete(struct junos_node *root, char *const *word, size_t count)
{
	size_t open = 0;
	char *message = NULL, **each;

	while (open < count && strcmp(word[open], "[") != 0)
		open++;
	if (open == count)
		return delete_named(root, word, count);
	each = sim_alloc(open + 1, sizeof(*each));
	memcpy(each, word, open * sizeof(*each));
	for (size_t i = open + 1; i < count && strcmp(word[i], "]") != 0; i++) {
		each[open] = word[i];
		free(message);
		message = delete_named(root, each, open + 1);
	}
	free(each);
	return message;
}

/* A node within a statement that is shown on one line cannot be marked by itself. */
static bool is_part_of_line(const struct junos_node *node)
{
	if (node->kind == JUNOS_CONTAINER && node->schema->name &&
	    !strcmp(node->schema->name, "family"))
		return true;
	return node->kind == JUNOS_MEMBER || node->kind == JUNOS_VALUE ||
	       (node->parent->schema && node->parent->schema->flags & JUNOS_LINE);
}

static char *do_activate(struct junos_node *root, char *const *word, size_t count, bool inactive)
{
	char *refusal;
	struct junos_node *node = find_named(root, word, count, &refusal);

	if (!node)
		return refusal;
	if (is_part_of_line(node))
		return sim_say("syntax error.");
	node->inactive = inactive;
	return NULL;
}

/* The sibling that the words behind `before` or `after` name. */
static struct junos_node *find_sibling(const struct junos_node *node, char *const *word,
				       size_t count)
{
	struct junos_node *sibling;
	char *text;

	if (count > 1 && node->schema->name && !strcmp(node->schema->name, word[0])) {
		word++;
		count--;
	}
	text = node->kind == JUNOS_MEMBER ? sim_copy(count ? word[0] : "")
					  : junos_words_join(word, count);
	sibling = junos_node_find(node->parent, node->schema, text);
	free(text);
	return sibling;
}

static char *do_insert(struct junos_node *root, char *const *word, size_t count)
{
	size_t at = count;
	struct junos_node *node, *sibling;
	char *refusal;

	while (at && strcmp(word[at - 1], "before") != 0 && strcmp(word[at - 1], "after") != 0)
		at--;
	if (!at || at == count)
		return sim_say("missing argument.");
	node = find_named(root, word, at - 1, &refusal);
	if (!node)
		return refusal;
	if ((node->kind != JUNOS_LIST && node->kind != JUNOS_MEMBER) ||
	    !(node->schema->flags & (JUNOS_ORDERED | JUNOS_AS_ENTERED)))
		return sim_say("error: statement '%s' cannot be ordered",
			       node->text ? node->text : word[at - 2]);
	sibling = find_sibling(node, word + at, count - at);
	if (!sibling || sibling == node)
		return sim_say("error: statement '%s' not found", word[count - 1]);
	junos_node_move(node, sibling, !strcmp(word[at - 1], "before"));
	return NULL;
}

static char *run_command(struct junos_node *root, const struct junos_words *words)
{
	char *const *word = words->word + 1;
	size_t count = words->count - 1;
	const char *verb = words->word[0];

	if (!strcmp(verb, "set"))
		return do_set(root, word, count);
	if (!strcmp(verb, "delete"))
		return do_delete(root, word, count);
	if (!strcmp(verb, "insert"))
		return do_insert(root, word, count);
	if (!strcmp(verb, "deactivate") || !strcmp(verb, "activate"))
		return do_activate(root, word, count, *verb == 'd');
	return sim_say("unknown command.");
}

char *junos_enter(struct junos *device, const char *line)
{
	struct junos_words words = junos_words_split(line);
	char *refusal = words.count ? run_command(device->candidate, &words) : NULL;

	junos_words_free(&words);
	return refusal;
}

static bool is_set_form(const char *text)
{
	bool quoted;
	char *word = junos_word_next(&text, &quoted);
	bool set = word && (!strcmp(word, "set") || !strcmp(word, "deactivate"));

	free(word);
	return set;
}

static char *read_set_lines(struct junos *device, const char *text)
{
	char *refusal = NULL;

	while (*text && !refusal) {
		size_t size = strcspn(text, "\n");
		char *line = sim_copy_part(text, size);

		refusal = junos_enter(device, line);
		free(line);
		text += size + (text[size] == '\n');
	}
	return refusal;
}

char *junos_load(struct junos *device, const char *text)
{
	char *refusal;

	junos_node_free(device->candidate);
	device->candidate = junos_node_new(device->schema, JUNOS_PRESENCE, NULL);
	refusal = is_set_form(text) ? read_set_lines(device, text)
				    : junos_read_braces(device->candidate, text);
	if (refusal) {
		junos_rollback(device);
		return refusal;
	}
	junos_node_free(device->running);
	device->running = junos_node_copy(device->candidate);
	return NULL;
}
