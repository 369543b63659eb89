/* SPDX-License-Identifier: Apache-2.0 */
/*
 * share/doc/dialect.md is true: its code is what is compiled, the engine does what it shows, and a
 * test runs everything on it.
 */
#include <ctype.h>

#include "dialect_bench.h"
#include "dialect_page.h"

static void the_page_and_its_code_are_read(void)
{
	read_page();
	CU_ASSERT(page.count > 100);
}

/* Make each run of blanks and line ends one blank: lines may be broken elsewhere. */
static char *squeeze(char *code)
{
	char *to = code;

	for (const char *at = code; *at; at++)
		if (!isspace((unsigned char)*at))
			*to++ = *at;
		else if (to > code && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	return code;
}

static void check_code(const char *name)
{
	char *shown = squeeze(code_of(&page, name)), *compiled = squeeze(code_of(&source, name));

	if (strcmp(shown, compiled) != 0)
		printf("\n%s\n--- the page\n%s\n--- compiled\n%s\n", name, shown, compiled);
	CU_ASSERT(*compiled != '\0');
	CU_ASSERT_STRING_EQUAL(shown, compiled);
	free(shown);
	free(compiled);
}

static void the_code_of_the_page_is_what_is_compiled(void)
{
	for (size_t i = 0; i < source.count; i++)
		if (!i || strcmp(source.all[i].name, source.all[i - 1].name) != 0)
			check_code(source.all[i].name);
	for (size_t i = 0; i < page.count; i++)
		if (!strcmp(page.all[i].kind, "code"))
			check_code(page.all[i].name);
}

static void the_engine_does_what_the_page_shows(void)
{
	const struct example *example;

	for (size_t i = 0; (example = example_at(i))->name; i++) {
		struct smd_error error = {0};

		CU_ASSERT_EQUAL(smd_dialect_check(example->dialect, &error), 0);
		if (*error.message)
			printf("\n%s: %s\n", example->name, error.message);
		CU_ASSERT(all_as_shown(example, example->dialect, 1));
	}
}

static int is_shown(const char *name)
{
	for (size_t i = 0; i < page.count; i++)
		if (!strcmp(page.all[i].name, name) && is_made(page.all[i].kind))
			return 1;
	return 0;
}

/* Code may be shown in parts; of any other kind there is one block per case. */
static int is_run(const struct block *block)
{
	int input = !strcmp(block->kind, "before") || !strcmp(block->kind, "after");

	if (!strcmp(block->kind, "code"))
		return 1;
	return example_of(block->name) && find_block(block->kind, block->name) == block &&
	       (is_made(block->kind) || (input && is_shown(block->name)));
}

/* A test runs each block of the page, and no example is missing there. */
static void every_block_is_of_an_example(void)
{
	const struct example *example;

	for (size_t i = 0; i < page.count; i++) {
		const struct block *block = &page.all[i];

		if (!is_run(block))
			printf("\n%s:%zu: nothing runs %s %s\n", PAGE, block->line, block->kind,
			       block->name);
		CU_ASSERT(is_run(block));
	}
	for (size_t i = 0; (example = example_at(i))->name; i++)
		CU_ASSERT(is_shown(example->name));
}

/* Both ways of each case lead where they should, and are safe unless the page shows a hazard. */
static void every_patch_of_the_page_is_safe(void)
{
	for (size_t i = 0; i < page.count; i++) {
		const struct block *block = &page.all[i];
		const struct block *before = find_block("before", block->name);

		if (strcmp(block->kind, "after") != 0)
			continue;
		CU_ASSERT_PTR_NOT_NULL_FATAL(before);
		if (!find_block("hazards", block->name))
			check_way(example_of(block->name)->dialect, before->text, block->text);
	}
}

/* Write a heading as links name it: lower case, `-` for blanks, no punctuation. */
static void put_anchor(const char *heading, char *anchor, size_t size)
{
	size_t used = 0;

	for (; *heading && *heading != '\n' && used + 1 < size; heading++)
		if (isalnum((unsigned char)*heading) || strchr("-_ ", *heading))
			anchor[used++] =
				*heading == ' ' ? '-' : (char)tolower((unsigned char)*heading);
	anchor[used] = '\0';
}

static int has_anchor(const char *wanted)
{
	char anchor[80];

	for (const char *at = page_text; (at = strstr(at, "\n#")); at++) {
		put_anchor(at + 1 + strspn(at + 1, "#") + 1, anchor, sizeof(anchor));
		if (!strcmp(anchor, wanted))
			return 1;
	}
	return 0;
}

static void every_link_leads_to_a_heading(void)
{
	char wanted[80];

	for (const char *at = page_text; (at = strstr(at, "](#")); at++) {
		CU_ASSERT_EQUAL_FATAL(sscanf(at, "](#%79[^)]", wanted), 1);
		if (!has_anchor(wanted))
			printf("\nno heading for #%s\n", wanted);
		CU_ASSERT(has_anchor(wanted));
	}
}

static void the_page_is_let_go(void)
{
	free_page();
}

TEST_MAIN("dialect doc", TEST(the_page_and_its_code_are_read),
	  TEST(the_code_of_the_page_is_what_is_compiled), TEST(every_block_is_of_an_example),
	  TEST(the_engine_does_what_the_page_shows), TEST(every_patch_of_the_page_is_safe),
	  TEST(every_link_leads_to_a_heading), TEST(the_page_is_let_go));
