/* SPDX-License-Identifier: Apache-2.0 */
/* References: what nodes define, and what they use. */
#ifndef SMD_DIALECT_LINE_REFS_H
#define SMD_DIALECT_LINE_REFS_H

#include "core/dialect/line/line_node.h"

enum smd_ref_kind {
	SMD_REF_DEFINES = 1,
	SMD_REF_USES,
	SMD_REF_HOLDS /* has a UNIQUE value, which no other may have at the same time */
};

/* A name that only orders lines: nothing is wrong while it is used and not defined. */
static inline int smd_ref_is_tie(struct smd_span name)
{
	return name.length && *name.at == '~';
}

/*
 * Called with each reference. `name`: what is defined, used or held; borrowed during the call.
 * Non-zero stops and is returned.
 */
typedef int (*smd_ref_fn)(void *arg, enum smd_ref_kind kind, struct smd_span name);

/* Working memory for finding references. {0} but for the grammar; smd_refs_done at the end. */
struct smd_refs {
	struct smd_grammar *grammar;
	struct smd_node_rule node_rule;
	struct smd_buffer name, kept;
};

/*
 * Fill `filling` from what a line matched. Interfaces are spelled in full in `kept`, which
 * smd_refs_room has made ready.
 */
void smd_refs_fill(const struct smd_grammar *grammar, const struct smd_rule_match *match,
		   struct smd_buffer *kept, struct smd_filling *filling);
/* Empty `kept` and reserve memory for the names of a line of `length` bytes. SMD_E_NO_MEMORY. */
int smd_refs_room(struct smd_buffer *kept, size_t length);

void smd_refs_done(struct smd_refs *refs);
/* Whether any rule of the dialect defines, uses, or is UNIQUE. */
int smd_refs_any(const struct smd_grammar *grammar);
/*
 * Report the references of a node; smd_refs_below also those of all nodes below it. `context` is
 * the one in which the node stands.
 */
int smd_refs_node(struct smd_refs *refs, const struct smd_context *context,
		  const struct smd_node *node, smd_ref_fn each, void *arg);
/* Whether the numbers of a set are looked at one by one: no more than SMD_NUMBERS_MAX are. */
int smd_refs_walks(const struct smd_set *set);
/* Report the references of a set, with `numbers` in place of its own. */
int smd_refs_numbers(struct smd_refs *refs, const struct smd_context *context,
		     const struct smd_node *node, const struct smd_set *numbers, smd_ref_fn each,
		     void *arg);
int smd_refs_below(struct smd_refs *refs, const struct smd_context *context,
		   const struct smd_node *node, smd_ref_fn each, void *arg);

#endif
