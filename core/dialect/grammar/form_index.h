/* SPDX-License-Identifier: Apache-2.0 */
/* Forms of lines, found by the first two words of a line. */
#ifndef SMD_DIALECT_GRAMMAR_FORM_INDEX_H
#define SMD_DIALECT_GRAMMAR_FORM_INDEX_H

#include "core/dialect/grammar/grammar.h"

struct smd_lead;

/* The leads of one opening. */
struct smd_lead_group {
	const struct smd_lead *leads; /* NULL: there are none */
	uint32_t hash, count;
};

/* {0} is fine; smd_leads_done at the end. */
struct smd_leads {
	struct smd_lead *list; /* sorted by opening, then by rank */
	size_t count;
	struct smd_lead_group *groups; /* a hash table by opening */
	size_t room;                   /* a power of two */
	struct smd_lead_group open;    /* those that may begin with any word */
};

/* What is looked for. */
struct smd_quest {
	const struct smd_words *words;
	size_t from;
	unsigned ops;
	int beginning;
	int defaults; /* DEFAULT rules count */
};

/* Of these forms, which live as long. SMD_E_NO_MEMORY is all that can fail. */
int smd_leads_init(struct smd_leads *leads, const struct smd_form *const *forms, size_t count);
void smd_leads_done(struct smd_leads *leads);
/* The first form that the words have; whether there is one. */
int smd_leads_find(const struct smd_leads *leads, const struct smd_quest *quest,
		   struct smd_hit *hit);

#endif
