/* SPDX-License-Identifier: Apache-2.0 */
/* Section filters: which chunks of a section, or of the top level, need not be read. */
#ifndef SMD_DIALECT_PREFILTER_SECTION_FILTER_H
#define SMD_DIALECT_PREFILTER_SECTION_FILTER_H

#include "core/dialect/prefilter/chunk_head.h"
#include "core/dialect/prefilter/chunks.h"

/* Hashes of names or identities. */
struct smd_names {
	uint32_t *hashes;
	size_t count;
};

/*
 * The chunks of one section in both texts, or of the top level.
 *
 * identities       Chunks of the first text that are skipped or split, by hash of their identities.
 * sections         Hashes of the identities of sections that are read, per text; sorted.
 * affects_skipped  A line that is read may remove a skipped one, or make the device remove it.
 */
struct smd_section_filter {
	struct smd_section_filter *next; /* in the list of all */
	uint32_t number;                 /* from 1, the top level */
	const struct smd_context *context;
	struct smd_span enclosing_key; /* of the section; empty at the top level */
	struct smd_chunks a, b;
	struct smd_table identities;
	struct smd_names sections[2];
	size_t looks; /* at chunks, to find whether a line removes them */
	int affects_skipped;
};

/*
 * The filters of all sections of two texts. Begin with {0} and smd_section_filters_init;
 * smd_section_filters_done at the end.
 */
struct smd_section_filters {
	struct smd_grammar *grammar;
	struct smd_splitter splitter;
	struct smd_chunk_head head;
	struct smd_section_filter *all;
	struct smd_names uses; /* names that skipped chunks of split sections use */
	size_t uses_room;
	int uses_any; /* they may use other names, too */
};

/* These functions fail only with SMD_E_NO_MEMORY. */
int smd_section_filters_init(struct smd_section_filters *filters, struct smd_grammar *grammar);
void smd_section_filters_done(struct smd_section_filters *filters);
/* A filter without chunks; NULL: no memory. It is owned by `filters`. */
struct smd_section_filter *smd_section_filter_new(struct smd_section_filters *filters,
						  const struct smd_context *context,
						  const struct smd_text *a,
						  const struct smd_text *b);

/* Choose which of its pairs of equal chunks are skipped. */
int smd_section_filter_choose(struct smd_section_filters *filters,
			      struct smd_section_filter *filter);
void smd_names_sort(struct smd_names *names);
/* Whether a chunk of the second text is skipped, with its equal in the first. */
int smd_section_filter_is_skipped(const struct smd_section_filter *filter, size_t index);
/* The chunk of the first text with this identity that is skipped or split; SMD_NO_CHUNK: none. */
size_t smd_section_filter_find(const struct smd_section_filter *filter, uint64_t identity);
/* Note the identity of a chunk of the first text. */
void smd_section_filter_add(struct smd_section_filter *filter, size_t index, uint64_t identity);
/* Whether one section that is read has this identity in each text, and no other chunk. */
int smd_section_filter_is_unique(const struct smd_section_filter *filter, uint64_t identity);

#endif
