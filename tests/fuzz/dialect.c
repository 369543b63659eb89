/* SPDX-License-Identifier: Apache-2.0 */
#include "dialect.h"

#include <stdio.h>
#include <string.h>

#include "core/dialect/pair.h"
#include "core/tree/own.h"

#define PARTING "\n%%\n"
#define PATH_SIZE 1024

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

static struct smd_tree *parse(const struct smd_compiled *dialect, const struct smd_text *text)
{
	struct smd_error error = {.code = SMD_OK};
	struct smd_tree *tree = NULL;

	if (smd_dialect_parse(dialect, text, &tree, &error))
		must(*error.message != '\0', "a refusal has words");
	return tree;
}

/* A tree that cannot be printed says why; printed it reads the same. */
static void check_printed(const struct smd_compiled *dialect, const struct smd_tree *tree, int flat)
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

static struct smd_text *text_of(const uint8_t *bytes, size_t size)
{
	struct smd_text *text = NULL;

	must(!smd_text_from(&text, (const char *)bytes, size), "memory");
	return text;
}

static struct smd_tree *read_half(const struct smd_compiled *dialect, const struct smd_text *text,
				  int paths)
{
	struct smd_tree *tree = parse(dialect, text);

	if (!tree)
		return NULL;
	check_printed(dialect, tree, 0);
	if (paths)
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

static void on_hazard(void *arg, const struct smd_hazard *hazard)
{
	(void)arg;
	must(hazard->what && *hazard->what, "a hazard has words");
}

static void enter(const struct smd_compiled *dialect, const struct smd_tree *from,
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
		err = smd_dialect_verify_patch(dialect, changes, lines, on_hazard, NULL, &error);
	must(!err || *error.message, "a refusal has words");
}

/* Read without what they have in common, two texts have no fewer and no other changes. */
static void check_pair(const struct smd_compiled *dialect, const struct smd_text *running,
		       const struct smd_text *intended, const struct smd_tree *from,
		       const struct smd_tree *to)
{
	struct smd_tree_pair rest_pair = {NULL};
	smd_cleanup(smd_changes_free) struct smd_changes *whole = NULL;
	smd_cleanup(smd_changes_free) struct smd_changes *rest = NULL;
	struct smd_error error = {.code = SMD_OK};

	must(!smd_dialect_read_pair(dialect, running, intended, NULL, &rest_pair, &error),
	     "what can be read can be read as a pair");
	must(!smd_diff(from, to, &whole) && !smd_diff(rest_pair.from, rest_pair.to, &rest),
	     "memory");
	must(smd_changes_count(whole) == smd_changes_count(rest), "a pair has the same changes");
	for (size_t i = 0; i < smd_changes_count(whole); i++) {
		char a[PATH_SIZE], b[PATH_SIZE];

		smd_change_path(smd_changes_get(whole, i), a, sizeof(a));
		smd_change_path(smd_changes_get(rest, i), b, sizeof(b));
		must(!strcmp(a, b), "a pair has the same changes");
	}
	smd_changes_free(smd_take(rest));
	smd_tree_pair_done(&rest_pair);
}

#define DIALECTS 4

/* Compiled once for all inputs. */
static const struct smd_compiled *compiled(const struct smd_dialect *dialect)
{
	static struct {
		const struct smd_dialect *dialect;
		struct smd_compiled *compiled;
	} kept[DIALECTS];
	size_t i = 0;

	while (i < DIALECTS && kept[i].dialect && kept[i].dialect != dialect)
		i++;
	must(i < DIALECTS, "room for a dialect");
	if (!kept[i].dialect)
		must(!smd_dialect_compile(dialect, &kept[i].compiled, NULL), "it is well formed");
	kept[i].dialect = dialect;
	return kept[i].compiled;
}

void fuzz_dialect(const struct smd_dialect *table, const uint8_t *bytes, size_t size)
{
	const uint8_t *parting = memmem(bytes, size, PARTING, strlen(PARTING));
	size_t first = parting ? (size_t)(parting - bytes) + 1 : size;
	size_t second = parting ? first + strlen(PARTING) - 1 : size;
	smd_cleanup(smd_text_free) struct smd_text *running = text_of(bytes, first);
	smd_cleanup(smd_text_free) struct smd_text *intended =
		text_of(bytes + second, size - second);
	smd_cleanup(smd_tree_free) struct smd_tree *from = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *to = NULL;
	const struct smd_compiled *dialect = compiled(table);

	from = read_half(dialect, running, table->enter != NULL);
	to = read_half(dialect, intended, table->enter != NULL);
	if (!from || !to || !parting)
		return;
	check_pair(dialect, running, intended, from, to);
	enter(dialect, from, to);
	enter(dialect, to, from);
	enter(dialect, from, from);
}
