/* SPDX-License-Identifier: Apache-2.0 */
#include "dialect.h"

#include <stdio.h>
#include <string.h>

#include "core/tree/own.h"

#define PARTING "\n%%\n"

static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static struct smd_text *new_text(void)
{
	struct smd_text *text = NULL;

	must(!smd_text_new(&text, 0), "memory");
	return text;
}

static void show_tree(const char *title, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *flat = new_text();

	fprintf(stderr, "--- %s\n", title);
	if (smd_tree_flatten(tree, flat))
		return;
	for (size_t i = 0; i < smd_text_count(flat); i++)
		fprintf(stderr, "%s\n", smd_text_get(flat, i, NULL));
}

static int same(const struct smd_tree *a, const struct smd_tree *b)
{
	return smd_node_equal(smd_tree_top(a), smd_tree_top(b));
}

static struct smd_tree *parse(const struct smd_dialect *dialect, const struct smd_text *text)
{
	struct smd_error error = {.code = SMD_OK};
	struct smd_tree *tree = NULL;

	if (smd_dialect_parse(dialect, text, &tree, &error))
		must(*error.message != '\0', "a refusal has words");
	return tree;
}

/* A tree that cannot be printed says why; printed it reads the same. */
static void check_printed(const struct smd_dialect *dialect, const struct smd_tree *tree, int flat)
{
	smd_cleanup(smd_text_free) struct smd_text *text = new_text();
	smd_cleanup(smd_tree_free) struct smd_tree *again = NULL;
	struct smd_error error = {.code = SMD_OK};
	int err = flat ? smd_dialect_flatten(dialect, tree, text, &error)
		       : smd_dialect_print(dialect, tree, text, &error);

	if (err) {
		must(*error.message != '\0', "a refusal has words");
		return;
	}
	again = parse(dialect, text);
	if (again && same(tree, again))
		return;
	for (size_t i = 0; i < smd_text_count(text); i++)
		fprintf(stderr, "%s\n", smd_text_get(text, i, NULL));
	show_tree("read", tree);
	if (again)
		show_tree("read again", again);
	must(0, flat ? "law 1, flat" : "law 1");
}

static struct smd_tree *read_half(const struct smd_dialect *dialect, const uint8_t *bytes,
				  size_t size)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	struct smd_tree *tree;

	must(!smd_text_from(&text, (const char *)bytes, size), "memory");
	tree = parse(dialect, text);
	if (!tree)
		return NULL;
	check_printed(dialect, tree, 0);
	if (dialect->enter)
		check_printed(dialect, tree, 1);
	return tree;
}

static void check_applied(const struct smd_changes *changes)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;

	must(!smd_tree_copy(&tree, smd_changes_from(changes)), "memory");
	must(!smd_changes_apply(changes, tree), "changes can be made");
	must(same(tree, smd_changes_to(changes)), "changes lead from one tree to the other");
}

static void on_hazard(void *arg, size_t line, const char *what)
{
	(void)arg;
	(void)line;
	must(what && *what, "a hazard has words");
}

static void enter(const struct smd_dialect *dialect, const struct smd_tree *from,
		  const struct smd_tree *to)
{
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	smd_cleanup(smd_text_free) struct smd_text *lines = new_text();
	struct smd_error error = {.code = SMD_OK};
	int err;

	must(!smd_diff(from, to, &changes), "memory");
	must((smd_changes_count(changes) == 0) == same(from, to), "changes tell a difference");
	check_applied(changes);
	err = smd_dialect_render(dialect, changes, lines, &error);
	must(!err || *error.message, "a refusal has words");
	must(err || smd_changes_count(changes) || !smd_text_count(lines), "law 4");
	if (!err)
		err = smd_dialect_rehearse(dialect, changes, lines, on_hazard, NULL, &error);
	must(!err || *error.message, "a refusal has words");
}

void fuzz_dialect(const struct smd_dialect *dialect, const uint8_t *bytes, size_t size)
{
	const uint8_t *parting = memmem(bytes, size, PARTING, strlen(PARTING));
	size_t first = parting ? (size_t)(parting - bytes) + 1 : size;
	size_t second = parting ? first + strlen(PARTING) - 1 : size;
	smd_cleanup(smd_tree_free) struct smd_tree *from = read_half(dialect, bytes, first);
	smd_cleanup(smd_tree_free) struct smd_tree *to = NULL;

	if (parting)
		to = read_half(dialect, bytes + second, size - second);
	if (!from || !to)
		return;
	enter(dialect, from, to);
	enter(dialect, to, from);
	enter(dialect, from, from);
}
