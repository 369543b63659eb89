/* SPDX-License-Identifier: Apache-2.0 */
#include "dialect_bench.h"

#include "compiled.h"

struct smd_text *text_of(const char *bytes)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&text, bytes, strlen(bytes)), 0);
	return text;
}

struct smd_text *empty_text(void)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	return text;
}

struct smd_tree *parse_text(const struct smd_dialect *dialect, const struct smd_text *text)
{
	struct smd_tree *tree = NULL;
	struct smd_error error = {0};

	if (COMPILED(dialect, &error, smd_dialect_parse(compiled, text, &tree, &error)))
		printf("\n%s: %s\n", error.where, error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	return tree;
}

struct smd_tree *parse(const struct smd_dialect *dialect, const char *bytes)
{
	struct smd_text *text = text_of(bytes);
	struct smd_tree *tree = parse_text(dialect, text);

	smd_text_free(text);
	return tree;
}

struct smd_text *render(const struct smd_dialect *dialect, const struct smd_tree *from,
			const struct smd_tree *to)
{
	struct smd_text *lines = empty_text();
	struct smd_error error = {0};
	struct smd_changes *changes;

	CU_ASSERT_EQUAL_FATAL(smd_diff(from, to, &changes), 0);
	if (COMPILED(dialect, &error, smd_dialect_render(compiled, changes, lines, &error))) {
		printf("\n%s\n", error.message);
		CU_FAIL_FATAL("what differs cannot be rendered");
	}
	smd_changes_free(changes);
	return lines;
}

struct smd_text *render_texts(const struct smd_dialect *dialect, const char *from, const char *to)
{
	struct smd_tree *a = parse(dialect, from), *b = parse(dialect, to);
	struct smd_text *lines = render(dialect, a, b);

	smd_tree_free(a);
	smd_tree_free(b);
	return lines;
}

void show_text(const char *title, const struct smd_text *text)
{
	char *joined = smd_text_join(text);

	printf("--- %s\n%s", title, joined);
	free(joined);
}

void show(const char *title, const struct smd_tree *tree)
{
	struct smd_text *text = empty_text();

	if (!smd_tree_flatten(tree, text))
		show_text(title, text);
	smd_text_free(text);
}

void check_text(struct smd_text *text, const char *wanted)
{
	char *got = smd_text_join(text);

	if (strcmp(got, wanted) != 0)
		printf("\n--- got\n%s--- wanted\n%s", got, wanted);
	CU_ASSERT_STRING_EQUAL(got, wanted);
	free(got);
	smd_text_free(text);
}

void check_flat(const struct smd_tree *tree, const char *wanted)
{
	struct smd_text *flat = empty_text();

	CU_ASSERT_EQUAL(smd_tree_flatten(tree, flat), 0);
	check_text(flat, wanted);
}

void check_parse(const struct smd_dialect *dialect, const char *bytes, const char *wanted)
{
	struct smd_tree *tree = parse(dialect, bytes);

	check_flat(tree, wanted);
	smd_tree_free(tree);
}

void check_same(const struct smd_dialect *dialect, const char *one, const char *other)
{
	struct smd_tree *a = parse(dialect, one), *b = parse(dialect, other);
	int same = smd_node_equal(smd_tree_top(a), smd_tree_top(b));

	if (!same) {
		putchar('\n');
		show("one", a);
		show("other", b);
	}
	CU_ASSERT(same);
	check_text(render(dialect, a, b), "");
	smd_tree_free(a);
	smd_tree_free(b);
}

void check_print(const struct smd_dialect *dialect, const char *bytes, const char *wanted)
{
	struct smd_tree *tree = parse(dialect, bytes);
	struct smd_text *text = empty_text();

	CU_ASSERT_EQUAL(COMPILED(dialect, NULL, smd_dialect_print(compiled, tree, text, NULL)), 0);
	check_text(text, wanted);
	smd_tree_free(tree);
}

int prints_again(const struct smd_dialect *dialect, const struct smd_tree *tree)
{
	struct smd_text *text = empty_text();
	struct smd_tree *again;
	int same;

	CU_ASSERT_EQUAL_FATAL(
		COMPILED(dialect, NULL, smd_dialect_print(compiled, tree, text, NULL)), 0);
	again = parse_text(dialect, text);
	same = smd_node_equal(smd_tree_top(tree), smd_tree_top(again));
	if (!same) {
		putchar('\n');
		show("tree", tree);
		show_text("printed", text);
	}
	smd_tree_free(again);
	smd_text_free(text);
	return same;
}

void check_again(const struct smd_dialect *dialect, const char *bytes)
{
	struct smd_tree *tree = parse(dialect, bytes);

	CU_ASSERT(prints_again(dialect, tree));
	smd_tree_free(tree);
}

void check_broken(const struct smd_dialect *dialect, const char *bytes, const char *where)
{
	struct smd_text *text = text_of(bytes);
	struct smd_error error = {0};
	struct smd_tree *tree = NULL;

	CU_ASSERT_EQUAL(COMPILED(dialect, &error, smd_dialect_parse(compiled, text, &tree, &error)),
			SMD_E_INVALID);
	if (strcmp(error.where, where) != 0)
		printf("\ngot \"%s\" (%s), wanted \"%s\"\n", error.where, error.message, where);
	CU_ASSERT_STRING_EQUAL(error.where, where);
	smd_text_free(text);
}

/* Whether entering the lines turns one tree into the other. */
static int lead(const struct smd_dialect *dialect, const struct smd_tree *from,
		const struct smd_text *lines, const struct smd_tree *to)
{
	struct smd_error error = {0};
	struct smd_tree *tree;
	int same;

	CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&tree, from), 0);
	same = !COMPILED(dialect, &error,
			 smd_dialect_simulate_to(compiled, tree, to, lines, NULL, NULL, &error)) &&
	       smd_node_equal(smd_tree_top(tree), smd_tree_top(to));
	if (!same) {
		printf("\n%s %s\n", error.where, error.message);
		show("from", from);
		show("to", to);
		show("came to", tree);
		show_text("payload", lines);
	}
	smd_tree_free(tree);
	return same;
}

int lands(const struct smd_dialect *dialect, const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_text *lines = render(dialect, from, to);
	int landed = lead(dialect, from, lines, to);

	smd_text_free(lines);
	return landed;
}

void check_render(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *wanted)
{
	struct smd_tree *a = parse(dialect, from), *b = parse(dialect, to);
	struct smd_text *lines = render(dialect, a, b);

	CU_ASSERT(lead(dialect, a, lines, b));
	check_text(lines, wanted);
	smd_tree_free(a);
	smd_tree_free(b);
}

static void a_hazard(void *arg, const struct smd_hazard *hazard)
{
	struct hazards *hazards = arg;

	if (hazards->count++)
		return;
	hazards->line = hazard->line;
	snprintf(hazards->what, sizeof(hazards->what), "%s", hazard->what);
}

void verify_patch(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *lines, struct hazards *out)
{
	struct smd_tree *a = parse(dialect, from), *b = parse(dialect, to);
	struct smd_text *text = lines ? text_of(lines) : render(dialect, a, b);
	struct smd_changes *changes;

	memset(out, 0, sizeof(*out));
	CU_ASSERT_EQUAL_FATAL(smd_diff(a, b, &changes), 0);
	out->result =
		COMPILED(dialect, NULL,
			 smd_dialect_verify_patch(compiled, changes, text, a_hazard, out, NULL));
	if (!lines && (out->result || out->count)) {
		printf("\nresult %d, line %zu: %s\n", out->result, out->line, out->what);
		show_text("payload", text);
	}
	smd_changes_free(changes);
	smd_text_free(text);
	smd_tree_free(a);
	smd_tree_free(b);
}

static void check_one_way(const struct smd_dialect *dialect, const char *from, const char *to)
{
	struct smd_tree *a = parse(dialect, from), *b = parse(dialect, to);
	struct hazards hazards;

	CU_ASSERT(lands(dialect, a, b));
	verify_patch(dialect, from, to, NULL, &hazards);
	CU_ASSERT_EQUAL(hazards.result, 0);
	CU_ASSERT_EQUAL(hazards.count, 0);
	smd_tree_free(a);
	smd_tree_free(b);
}

void check_way(const struct smd_dialect *dialect, const char *from, const char *to)
{
	check_one_way(dialect, from, to);
	check_one_way(dialect, to, from);
}

size_t line_at(const struct smd_text *text, const char *line)
{
	size_t count = smd_text_count(text), i;

	for (i = 0; i < count; i++) {
		const char *at = smd_text_get(text, i, NULL);

		if (strcmp(at + strspn(at, " \t"), line) == 0)
			break;
	}
	return i;
}

void check_before(const struct smd_dialect *dialect, const char *from, const char *to,
		  const char *earlier, const char *later)
{
	struct smd_text *lines = render_texts(dialect, from, to);
	size_t first = line_at(lines, earlier), second = line_at(lines, later);
	int right = first < second && second < smd_text_count(lines);

	if (!right) {
		printf("\n\"%s\" should stand before \"%s\"\n", earlier, later);
		show_text("payload", lines);
	}
	CU_ASSERT(right);
	smd_text_free(lines);
}

void check_lacks(const struct smd_dialect *dialect, const char *from, const char *to,
		 const char *line)
{
	struct smd_text *lines = render_texts(dialect, from, to);
	int there = line_at(lines, line) < smd_text_count(lines);

	if (there) {
		printf("\n\"%s\" should not be there\n", line);
		show_text("payload", lines);
	}
	CU_ASSERT(!there);
	smd_text_free(lines);
}

void check_simulate(const struct smd_dialect *dialect, const char *from, const char *payload,
		    const char *wanted)
{
	struct smd_tree *tree = parse(dialect, from);
	struct smd_text *lines = text_of(payload);
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(COMPILED(dialect, &error,
				 smd_dialect_simulate(compiled, tree, lines, NULL, NULL, &error)),
			0);
	if (*error.message)
		printf("\n%s: %s\n", error.where, error.message);
	check_flat(tree, wanted);
	smd_text_free(lines);
	smd_tree_free(tree);
}

void check_refused(const struct smd_dialect *dialect, const char *from, const char *payload,
		   const char *where)
{
	struct smd_tree *tree = parse(dialect, from);
	struct smd_text *lines = text_of(payload);
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(COMPILED(dialect, &error,
				 smd_dialect_simulate(compiled, tree, lines, NULL, NULL, &error)),
			SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.where, where);
	smd_text_free(lines);
	smd_tree_free(tree);
}
