/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of lines, found by the first two words of a line. */
#ifndef SMD_DIALECT_GRAMMAR_FORM_INDEX_H
#define SMD_DIALECT_GRAMMAR_FORM_INDEX_H

#include "core/dialect/grammar/grammar.h"

struct smd_form_entry;

/* The forms of one prefix. */
struct smd_form_bucket {
	const struct smd_form_entry *entries; /* NULL: there are none */
	uint32_t hash, count;
};

/* {0} is fine; smd_form_index_done at the end. */
struct smd_form_index {
	struct smd_form_entry *list; /* sorted by prefix, then by rank */
	size_t count;
	struct smd_form_bucket *buckets; /* a hash table by prefix */
	size_t room;                     /* a power of two */
	struct smd_form_bucket open;     /* those that may begin with any word */
};

/* What is looked for. */
struct smd_form_lookup {
	const struct smd_words *words;
	size_t from;
	unsigned ops;
	int beginning;
	int defaults; /* DEFAULT rules count */
};

/* Of these forms, which live as long. SMD_E_NO_MEMORY is all that can fail. */
int smd_form_index_init(struct smd_form_index *index, const struct smd_form *const *forms,
			size_t count);
void smd_form_index_done(struct smd_form_index *index);
/* The first form that the words have; whether there is one. */
int smd_form_index_find(const struct smd_form_index *index, const struct smd_form_lookup *lookup,
			struct smd_rule_match *match);

#endif
