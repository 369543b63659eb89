/* SPDX-License-Identifier: Apache-2.0 */
/* An index of forms by the first two words of a line (their prefix). */
#ifndef SMD_DIALECT_GRAMMAR_FORM_INDEX_H
#define SMD_DIALECT_GRAMMAR_FORM_INDEX_H

#include "core/dialect/grammar/grammar.h"

struct smd_form_entry;

/* The forms of one prefix. */
struct smd_form_bucket {
	const struct smd_form_entry *entries; /* by rank; NULL: a free slot */
	uint32_t hash, count;
};

/* {0} is an empty index; smd_form_index_done frees what it owns. */
struct smd_form_index {
	struct smd_form_entry *list; /* sorted by prefix, then by rank */
	size_t count;
	struct smd_form_bucket *buckets; /* hash table by prefix, open addressing */
	size_t room;                     /* its slots, a power of two */
	struct smd_form_bucket open;     /* forms whose first word may be any */
};

/*
 * A lookup: which form with an op in `ops` the words from `from` on have. `beginning`: the form may
 * match only the first of these words.
 */
struct smd_form_lookup {
	const struct smd_words *words;
	size_t from;
	unsigned ops;
	int beginning;
	int defaults; /* forms of DEFAULT rules count */
};

/* Index forms, which are borrowed. Fails only with SMD_E_NO_MEMORY. */
int smd_form_index_init(struct smd_form_index *index, const struct smd_form *const *forms,
			size_t count);
void smd_form_index_done(struct smd_form_index *index);
/* Find the matching form of the lowest rank, else NULL; returns whether there is one. */
int smd_form_index_find(const struct smd_form_index *index, const struct smd_form_lookup *lookup,
			struct smd_rule_match *match);
/*
 * Write the words with those in full that are short for a word of a form of the lowest rank,
 * SMD_FORM_SET or SMD_FORM_UNSET. Returns whether there is such a form; else `out` is as before.
 */
int smd_form_index_complete(const struct smd_form_index *index, const struct smd_words *words,
			    struct smd_buffer *out);

#endif
