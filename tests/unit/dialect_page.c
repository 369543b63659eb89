/* SPDX-License-Identifier: Apache-2.0 */
#include "dialect_page.h"
#include "compiled.h"

#include "dialect_bench.h"

struct blocks page, source;
char *page_text;

/* Reading */

char *read_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char *bytes = NULL;
	size_t size = 0;
	ssize_t got;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	got = getdelim(&bytes, &size, '\0', file);
	CU_ASSERT_FATAL(got > 0);
	fclose(file);
	return bytes;
}

static struct block *add_block(struct blocks *blocks, const char *kind, const char *name,
			       size_t line)
{
	struct block *block = &blocks->all[blocks->count++];

	CU_ASSERT_FATAL(blocks->count < BLOCKS);
	snprintf(block->kind, sizeof(block->kind), "%s", kind);
	snprintf(block->name, sizeof(block->name), "%s", name);
	block->text = calloc(1, 1);
	block->line = line;
	return block;
}

static void add_line(struct block *block, const char *line)
{
	size_t used = strlen(block->text), length = strlen(line);

	block->text = realloc(block->text, used + length + 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(block->text);
	memcpy(block->text + used, line, length);
	memcpy(block->text + used + length, "\n", 2);
}

/* Whether the line opens a block with a name: "```before NAME", "```c rule NAME". */
static int opens_block(const char *line, char kind[16], char name[40])
{
	return sscanf(line, "```c %15s %39s", kind, name) == 2 ||
	       (strncmp(line, "```c ", 5) && sscanf(line, "```%15s %39s", kind, name) == 2);
}

static void read_page_line(const char *line, size_t number, struct block **open)
{
	char kind[16], name[40];

	if (*open && !strcmp(line, "```")) {
		*open = NULL;
	} else if (*open) {
		add_line(*open, line);
	} else if (opens_block(line, kind, name)) {
		*open = add_block(&page, kind, name, number);
	} else if (!strncmp(line, "```", 3)) {
		printf("\n%s:%zu: a block that no test runs\n", PAGE, number);
		CU_FAIL("a block without a name");
	}
}

/* Parts within a table are indented by one tab more than in the page. */
static void read_source_line(const char *line, size_t number, struct block **open)
{
	const char *at = line + (*line == '\t');
	char name[40];

	if (sscanf(at, "/* example: %39s */", name) == 1)
		*open = add_block(&source, at == line ? "outer" : "inner", name, number);
	else if (!strcmp(at, "/* end */"))
		*open = NULL;
	else if (*open)
		add_line(*open, strcmp((*open)->kind, "inner") ? line : at);
}

static void each_line(const char *text, void (*take)(const char *, size_t, struct block **))
{
	char *copy = strdup(text), *rest = copy, *line;
	struct block *open = NULL;
	size_t number = 0;

	while ((line = strsep(&rest, "\n")))
		take(line, ++number, &open);
	CU_ASSERT_PTR_NULL(open);
	free(copy);
}

void read_page(void)
{
	char *rules = read_file(SMD_SOURCE_DIR "/tests/unit/dialect_examples.c");
	char *frames = read_file(SMD_SOURCE_DIR "/tests/unit/dialect_example_frames.c");

	page_text = read_file(PAGE);
	each_line(page_text, read_page_line);
	each_line(rules, read_source_line);
	each_line(frames, read_source_line);
	free(rules);
	free(frames);
}

const struct block *find_block(const char *kind, const char *name)
{
	for (size_t i = 0; i < page.count; i++)
		if (!strcmp(page.all[i].kind, kind) && !strcmp(page.all[i].name, name))
			return &page.all[i];
	return NULL;
}

const struct example *example_at(size_t index)
{
	size_t rules = 0;

	while (rule_examples[rules].name)
		rules++;
	return index < rules ? &rule_examples[index] : &frame_examples[index - rules];
}

/* "trunk.2" is a case of the example "trunk". */
static int is_case_of(const char *name, const char *example)
{
	size_t length = strlen(example);

	return !strncmp(name, example, length) && (!name[length] || name[length] == '.');
}

const struct example *example_of(const char *name)
{
	const struct example *example;

	for (size_t i = 0; (example = example_at(i))->name; i++)
		if (is_case_of(name, example->name))
			return example;
	return NULL;
}

static void free_blocks(struct blocks *blocks)
{
	while (blocks->count)
		free(blocks->all[--blocks->count].text);
}

void free_page(void)
{
	free_blocks(&page);
	free_blocks(&source);
	free(page_text);
}

char *code_of(const struct blocks *blocks, const char *name)
{
	struct block all = {.text = calloc(1, 1)};

	for (size_t i = 0; i < blocks->count; i++)
		if (!strcmp(blocks->all[i].name, name) &&
		    (blocks == &source || !strcmp(blocks->all[i].kind, "code")))
			add_line(&all, blocks->all[i].text);
	return all.text;
}

/* What the engine makes of a case: each function adds lines to the text. */

struct attempt {
	const struct smd_dialect *dialect;
	struct smd_text *before, *after; /* of the page; empty where it has none */
	struct smd_tree *from, *to;
	struct smd_changes *changes;
	struct smd_text *out;
};

static int make_patch(struct attempt *attempt)
{
	return patch_of(attempt->dialect, attempt->before, attempt->after, attempt->out, NULL);
}

static int make_undo(struct attempt *attempt)
{
	return patch_of(attempt->dialect, attempt->after, attempt->before, attempt->out, NULL);
}

static int make_tree(struct attempt *attempt)
{
	return smd_tree_flatten(attempt->from, attempt->out);
}

static int make_printed(struct attempt *attempt)
{
	return COMPILED(attempt->dialect, NULL,
			smd_dialect_print(compiled, attempt->from, attempt->out, NULL));
}

static int make_flat(struct attempt *attempt)
{
	return COMPILED(attempt->dialect, NULL,
			smd_dialect_flatten(compiled, attempt->from, attempt->out, NULL));
}

static int show_line(void *arg, char mark, unsigned depth, const char *text)
{
	smd_text_linef(arg, "%c %*s%s", mark, (int)depth, "", text);
	return 0;
}

static int make_preview(struct attempt *attempt)
{
	return COMPILED(
		attempt->dialect, NULL,
		smd_dialect_preview(compiled, attempt->changes, show_line, attempt->out, NULL));
}

static void tell_hazard(void *arg, const struct smd_hazard *hazard)
{
	smd_text_linef(arg, "line %zu: %s", hazard->line + 1, hazard->what);
	if (hazard->advice)
		smd_text_linef(arg, "advice: %s", hazard->advice);
}

static int make_hazards(struct attempt *attempt)
{
	struct smd_text *lines = empty_text();
	int err = COMPILED(attempt->dialect, NULL,
			   smd_dialect_render(compiled, attempt->changes, lines, NULL));

	if (!err)
		err = COMPILED(attempt->dialect, NULL,
			       smd_dialect_verify_patch(compiled, attempt->changes, lines,
							tell_hazard, attempt->out, NULL));
	smd_text_free(lines);
	return err;
}

static int make_likeness(struct attempt *attempt)
{
	return smd_text_linef(attempt->out, "%u",
			      smd_dialect_likeness(attempt->dialect, attempt->before));
}

static const struct maker {
	const char *kind;
	int (*make)(struct attempt *attempt);
} makers[] = {
	{"patch", make_patch},     {"undo", make_undo},         {"tree", make_tree},
	{"printed", make_printed}, {"flat", make_flat},         {"preview", make_preview},
	{"hazards", make_hazards}, {"likeness", make_likeness},
};

#define MAKERS (sizeof(makers) / sizeof(makers[0]))

static const struct maker *maker_of(const char *kind)
{
	for (size_t i = 0; i < MAKERS; i++)
		if (!strcmp(makers[i].kind, kind))
			return &makers[i];
	return NULL;
}

int is_made(const char *kind)
{
	return maker_of(kind) != NULL;
}

static struct smd_text *page_lines(const char *kind, const char *name)
{
	const struct block *block = find_block(kind, name);

	return text_of(block ? block->text : "");
}

/* The result, or the name of the error; the caller frees it. */
static char *outcome(const struct smd_dialect *dialect, const struct maker *maker, const char *name)
{
	struct attempt attempt = {.dialect = dialect,
				  .before = page_lines("before", name),
				  .after = page_lines("after", name),
				  .out = empty_text()};
	char *made;
	int err = COMPILED(dialect, NULL,
			   smd_dialect_parse(compiled, attempt.before, &attempt.from, NULL));

	if (!err)
		err = COMPILED(dialect, NULL,
			       smd_dialect_parse(compiled, attempt.after, &attempt.to, NULL));
	if (!err)
		err = smd_diff(attempt.from, attempt.to, &attempt.changes);
	if (!err)
		err = maker->make(&attempt);
	made = err ? strdup(smd_err_name(err)) : smd_text_join(attempt.out);
	smd_changes_free(attempt.changes);
	smd_tree_free(attempt.from);
	smd_tree_free(attempt.to);
	smd_text_free(attempt.out);
	smd_text_free(attempt.before);
	smd_text_free(attempt.after);
	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	return made;
}

/* Whether this dialect makes the block, which the engine makes, as the page shows it. */
static int as_shown(const struct smd_dialect *dialect, const struct block *block, int tell)
{
	const struct maker *maker = maker_of(block->kind);
	char *made = outcome(dialect, maker, block->name);
	int same = !strcmp(made, block->text);

	if (!same && tell)
		printf("\n%s:%zu: %s %s\n--- the page\n%s--- the engine\n%s", PAGE, block->line,
		       block->kind, block->name, block->text, made);
	free(made);
	return same;
}

int all_as_shown(const struct example *example, const struct smd_dialect *dialect, int tell)
{
	int same = 1;

	for (size_t i = 0; i < page.count; i++)
		if (is_case_of(page.all[i].name, example->name) && is_made(page.all[i].kind))
			same &= as_shown(dialect, &page.all[i], tell);
	return same;
}
