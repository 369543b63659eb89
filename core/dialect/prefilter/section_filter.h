/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines of one section, or below the root, need not be read to compare two texts. */
#ifndef SMD_DIALECT_PREFILTER_SECTION_FILTER_H
#define SMD_DIALECT_PREFILTER_SECTION_FILTER_H

#include "core/dialect/prefilter/chunk_head.h"
#include "core/dialect/prefilter/chunks.h"

/* Hashes of what lines say, sorted. */
struct smd_names {
	uint32_t *hashes;
	size_t count;
};

/*
 * The lines of one section in both texts, or those below the root.
 *
 * said      By hash of their identities, pieces of the first text that are left out, or
 *           looked into.
 * sections  What the sections of either text are that are read.
 * touchy    A line that is read may take back, or make the device drop, what is not.
 */
struct smd_scope {
	struct smd_scope *next; /* of all there are */
	uint32_t number;        /* from 1, which is the root's */
	const struct smd_context *context;
	struct smd_span outer; /* first key of the section, or its name; empty at the root */
	struct smd_pieces a, b;
	struct smd_table said;
	struct smd_names sections[2];
	int touchy;
};

/* All scopes of two texts. {.cutter, .head} are made; smd_scopes_done at the end. */
struct smd_scopes {
	struct smd_grammar *grammar;
	struct smd_cutter cutter;
	struct smd_head head;
	struct smd_scope *all;
	struct smd_names uses; /* what is left out of sections that are looked into refers to */
	size_t uses_room;
	int uses_any; /* it may refer to other names as well */
};

/* SMD_E_NO_MEMORY is all that can fail, here and below. */
int smd_scopes_init(struct smd_scopes *scopes, struct smd_grammar *grammar);
void smd_scopes_done(struct smd_scopes *scopes);
/* Without lines; NULL: no memory. */
struct smd_scope *smd_scope_new(struct smd_scopes *scopes, const struct smd_context *context,
				const struct smd_text *a, const struct smd_text *b);

/* Choose which of its pieces, which were paired, are left out of both texts. */
int smd_scope_choose(struct smd_scopes *scopes, struct smd_scope *scope);
void smd_names_sort(struct smd_names *names);
/* Is the piece of the second text left out with its like of the first? */
int smd_scope_is_out(const struct smd_scope *scope, size_t index);
/* The piece that says what has this identity; SMD_NO_PIECE: none that is left out or looked into.
 */
size_t smd_scope_find(const struct smd_scope *scope, uint64_t identity);
/* A piece of the first text says it. */
void smd_scope_say(struct smd_scope *scope, size_t index, uint64_t identity);
/* Is it said by one section of either text that is read, and by no piece that is not? */
int smd_scope_is_sole(const struct smd_scope *scope, uint64_t identity);

#endif
