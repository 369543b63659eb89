/* SPDX-License-Identifier: Apache-2.0 */
/* share/doc/native.md is true: each of its examples is deployed, block after block. */
#include <stdio.h>

#include "box.h"
#include "drivers/eos/eos.h"
#include "drivers/frr/frr.h"
#include "drivers/ios/ios.h"
#include "drivers/junos/junos.h"
#include "test.h"
#include "tiny.h"

#define PAGE SMD_SOURCE_DIR "/share/doc/native.md"

/* A fenced block: "```KIND NAME WORD", its lines, "```". */
struct block {
	char kind[16], name[24], word[24];
	char text[2000];
	size_t line;
};

struct reader {
	FILE *file;
	size_t line;
};

/* The example that is being run. */
struct example {
	char name[24];
	struct smd_driver driver;
	struct smd_compiled *dialect;
	struct box box;
	struct smd_error error; /* of the last that was wanted */
	int err, checked;
};

/* Read the next block with a name; 0: there is none. */
static int next_block(struct reader *reader, struct block *block)
{
	char line[400];
	int inside = 0;

	while (fgets(line, sizeof(line), reader->file)) {
		reader->line++;
		if (inside && !strcmp(line, "```\n"))
			return 1;
		if (inside) {
			CU_ASSERT_FATAL(strlen(block->text) + strlen(line) < sizeof(block->text));
			strcat(block->text, line);
			continue;
		}
		*block = (struct block){.line = reader->line};
		inside = sscanf(line, "```%15s %23s %23s", block->kind, block->name, block->word) >
			 1;
	}
	return 0;
}

static const struct smd_dialect *dialect_of(const char *name)
{
	static const struct {
		const char *name;
		const struct smd_dialect *dialect;
	} dialects[] = {{"frr", &smd_frr_dialect},
			{"ios", &smd_ios_dialect},
			{"eos", &smd_eos_dialect},
			{"junos", &smd_junos_dialect}};

	for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
		if (!strcmp(dialects[i].name, name))
			return dialects[i].dialect;
	return NULL;
}

static void end_example(struct example *example)
{
	if (!example->name[0])
		return;
	box_done(&example->box);
	smd_dialect_free(example->dialect);
	*example = (struct example){.name = ""};
}

static void begin_example(struct example *example, const struct block *block)
{
	const struct smd_dialect *dialect = dialect_of(block->word);
	struct smd_language language = {.driver = &example->driver};

	end_example(example);
	CU_ASSERT_PTR_NOT_NULL_FATAL(dialect);
	strcpy(example->name, block->name);
	example->checked = 1;
	example->driver = tiny_driver;
	example->driver.dialect = dialect;
	example->driver.safe = NULL;
	CU_ASSERT_EQUAL_FATAL(smd_dialect_compile(dialect, &example->dialect, NULL), 0);
	language.dialect = example->dialect;
	box_begin(&example->box, &language, block->text);
}

static int is_text(const struct smd_text *text, const char *expected)
{
	char *joined = smd_text_join(text);
	int same = !strcmp(joined, expected);

	if (!same)
		printf("\nnot this:\n%s", joined);
	free(joined);
	return same;
}

static int is_error(const struct example *example, const char *expected)
{
	char message[SMD_ERROR_MESSAGE + 1];

	snprintf(message, sizeof(message), "%s\n", example->err ? example->error.message : "");
	if (strcmp(message, expected) != 0)
		printf("\nnot this: %s", message);
	return !strcmp(message, expected);
}

static void want(struct example *example, const struct block *block)
{
	const struct box_request request = {block->word, block->text};

	example->error = (struct smd_error){0};
	example->err = box_deploy(&example->box, &request, 1, &example->error);
	example->checked = !example->err;
}

static int is_shown(struct example *example, const struct block *block)
{
	example->checked |= !strcmp(block->kind, "refused");
	if (!strcmp(block->kind, "commands"))
		return is_text(example->box.commands, block->text);
	if (!strcmp(block->kind, "undo"))
		return is_text(example->box.undo, block->text);
	if (!strcmp(block->kind, "unknown"))
		return is_text(example->box.unknown, block->text);
	if (!strcmp(block->kind, "idle"))
		return is_text(example->box.idle, block->text);
	if (!strcmp(block->kind, "refused"))
		return is_error(example, block->text);
	if (!strcmp(block->kind, "runs"))
		return box_runs(&example->box, block->text);
	printf("\nnothing runs a block \"%s\"", block->kind);
	return 0;
}

/* What is refused must be shown as refused. */
static int leaves_unchecked(const struct example *example)
{
	if (example->checked)
		return 0;
	printf("\n%s\n", example->error.message);
	return 1;
}

static void run_block(struct example *example, const struct block *block)
{
	int good = 1;

	if (strcmp(block->kind, "refused") != 0)
		good = !leaves_unchecked(example);
	if (!strcmp(block->kind, "device"))
		begin_example(example, block);
	else if (strcmp(block->name, example->name) != 0)
		good = 0;
	else if (!strcmp(block->kind, "wanted"))
		want(example, block);
	else
		good &= is_shown(example, block);
	if (!good)
		printf("\n%s:%zu: %s %s\n", PAGE, block->line, block->kind, block->name);
	CU_ASSERT(good);
}

static void every_example_of_the_page_is_true(void)
{
	struct reader reader = {.file = fopen(PAGE, "r")};
	struct example example = {.name = "", .checked = 1};
	struct block block;
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(reader.file);
	for (; next_block(&reader, &block); count++)
		run_block(&example, &block);
	CU_ASSERT(!leaves_unchecked(&example));
	CU_ASSERT(count > 25);
	end_example(&example);
	fclose(reader.file);
}

TEST_MAIN("native doc", TEST(every_example_of_the_page_is_true));
