/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implicit removal: lines that the device removes by itself when another line beside them is
 * entered, changed or removed.
 */
#ifndef SMD_DIALECT_LINE_INVALIDATE_H
#define SMD_DIALECT_LINE_INVALIDATE_H

#include "core/base/multimap.h"
#include "core/dialect/grammar/grammar.h"

/* A line that invalidates others beside it. */
struct smd_invalidator {
	const struct smd_compiled_rule *compiled; /* its rule; NULL: it invalidates none */
	uint64_t places[SMD_WILDCARDS + 1]; /* by place, hashes of what the line has; 0: nothing */
};

/* From what a line matched; `match->form` may be NULL. */
void smd_invalidator_init(struct smd_invalidator *invalidator, const struct smd_rule_match *match);
/* Whether a change of the invalidator makes the device remove a line of these words beside it. */
int smd_invalidator_removes(const struct smd_invalidator *invalidator,
			    const struct smd_words *words);

/* Numbers that were found; {0} is empty. The caller frees `list`. */
struct smd_found {
	uint32_t *list;
	size_t count, room;
};

/*
 * Indexes of lines by their first words, in which an invalidator finds those that it may remove;
 * and of invalidators, in which a line finds those that may remove it. {0} is empty;
 * smd_multimap_done frees. The caller's numbers stand for what is in them. Numbers are found in
 * rising order, each once; smd_invalidator_removes then tells for sure. SMD_E_NO_MEMORY.
 */
/* `fixed`: how many of the first words stay the same while the index is used. */
SMD_MUST_USE int smd_line_index_put(struct smd_multimap *lines, const struct smd_words *words,
				    size_t fixed, uint32_t number);
SMD_MUST_USE int smd_line_index_find(const struct smd_multimap *lines,
				     const struct smd_invalidator *invalidator,
				     struct smd_found *found);
SMD_MUST_USE int smd_invalidator_index_put(struct smd_multimap *invalidators,
					   const struct smd_invalidator *invalidator,
					   uint32_t number);
SMD_MUST_USE int smd_invalidator_index_find(const struct smd_multimap *invalidators,
					    const struct smd_words *words, struct smd_found *found);

/* The invalidators among the lines of a section. {0} is empty. */
struct smd_invalidators {
	struct smd_invalidator_line {
		struct smd_invalidator by;
		size_t text, length; /* where its own line is in `texts` */
	} * list;
	size_t count, room;
	struct smd_buffer texts;
	struct smd_multimap index;
	int quotes; /* as smd_words_split */
};

/* The number of the first one is 0, of the next one 1. */
SMD_MUST_USE int smd_invalidators_add(struct smd_invalidators *invalidators,
				      const struct smd_invalidator *by, struct smd_span line);
/* Call `each` for each pair in which `by` removes `line` and not the other way round, sorted by
 * `line`. Returns what `each` returned if that is not 0. */
SMD_MUST_USE int smd_invalidators_pairs(const struct smd_invalidators *invalidators,
					int (*each)(void *arg, uint32_t by, uint32_t line),
					void *arg);
/* Find out whether one of them removes a line of these words. */
SMD_MUST_USE int smd_invalidators_remove(const struct smd_invalidators *invalidators,
					 const struct smd_words *words, int *removes);
void smd_invalidators_done(struct smd_invalidators *invalidators);

#endif
