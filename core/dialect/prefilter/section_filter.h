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
 * identities       By hash of their identities, chunks of the first text that are skipped or split.
 * sections         What the sections of either text are that are read.
 * affects_skipped  A line that is read may take back, or make the device drop, what is not.
 */
struct smd_section_filter {
	struct smd_section_filter *next; /* of all there are */
	uint32_t number;                 /* from 1, which is the root's */
	const struct smd_context *context;
	struct smd_span enclosing_key; /* of the section; empty at the root */
	struct smd_chunks a, b;
	struct smd_table identities;
	struct smd_names sections[2];
	int affects_skipped;
};

/* The filters of all sections of two texts, with {.splitter, .head} made; smd_section_filters_done
 * at the end. */
struct smd_section_filters {
	struct smd_grammar *grammar;
	struct smd_splitter splitter;
	struct smd_chunk_head head;
	struct smd_section_filter *all;
	struct smd_names uses; /* what is skipped of sections that are split refers to */
	size_t uses_room;
	int uses_any; /* it may refer to other names as well */
};

/* SMD_E_NO_MEMORY is all that can fail, here and below. */
int smd_section_filters_init(struct smd_section_filters *filters, struct smd_grammar *grammar);
void smd_section_filters_done(struct smd_section_filters *filters);
/* Without lines; NULL: no memory. */
struct smd_section_filter *smd_section_filter_new(struct smd_section_filters *filters,
						  const struct smd_context *context,
						  const struct smd_text *a,
						  const struct smd_text *b);

/* Choose which of its chunks, which were paired, are skipped in both texts. */
int smd_section_filter_choose(struct smd_section_filters *filters,
			      struct smd_section_filter *filter);
void smd_names_sort(struct smd_names *names);
/* Is the chunk of the second text skipped with its like of the first? */
int smd_section_filter_is_skipped(const struct smd_section_filter *filter, size_t index);
/* The chunk that says what has this identity; SMD_NO_CHUNK: none that is skipped or split.
 */
size_t smd_section_filter_find(const struct smd_section_filter *filter, uint64_t identity);
/* A chunk of the first text has it. */
void smd_section_filter_add(struct smd_section_filter *filter, size_t index, uint64_t identity);
/* Has one section of either text that is read this identity, and no chunk that is not? */
int smd_section_filter_is_unique(const struct smd_section_filter *filter, uint64_t identity);

#endif
