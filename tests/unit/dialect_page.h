/* SPDX-License-Identifier: Apache-2.0 */
/* share/doc/dialect.md for its tests: fenced blocks, and what the engine makes of them. */
#ifndef SMD_TESTS_DIALECT_PAGE_H
#define SMD_TESTS_DIALECT_PAGE_H

#include "dialect_examples.h"

#define BLOCKS 500
#define PAGE SMD_SOURCE_DIR "/share/doc/dialect.md"

/* A fenced block of the page, or a marked part of the examples' source. */
struct block {
	char kind[16]; /* "code", "before", "patch" ... */
	char name[40]; /* of the example; "trunk.2" is a second case of "trunk" */
	char *text;
	size_t line;
};

struct blocks {
	struct block all[BLOCKS];
	size_t count;
};

extern struct blocks page, source;
extern char *page_text;

char *read_file(const char *path); /* the caller's */
/* Read the page and the source of its examples into the above. */
void read_page(void);
void free_page(void);

const struct block *find_block(const char *kind, const char *name);
/* All code of an example, its parts separated by an empty line; the caller frees it. */
char *code_of(const struct blocks *blocks, const char *name);
/* The example with this index; behind the last comes one without a name. */
const struct example *example_at(size_t index);
/* The example that a block is a case of; NULL: none. */
const struct example *example_of(const char *name);
/* Whether the engine makes blocks of this kind. */
int is_made(const char *kind);
/* Whether this dialect makes all blocks of the example as shown; `tell` prints the others. */
int all_as_shown(const struct example *example, const struct smd_dialect *dialect, int tell);

#endif
