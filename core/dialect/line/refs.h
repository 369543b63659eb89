/* SPDX-License-Identifier: Apache-2.0 */
/* What nodes define, and what they refer to. */
#ifndef SMD_DIALECT_LINE_REFS_H
#define SMD_DIALECT_LINE_REFS_H

#include "core/dialect/line/line_node.h"

enum smd_ref_kind {
	SMD_REF_DEFINES = 1,
	SMD_REF_USES,
	SMD_REF_HOLDS /* a value that no two may have at once */
};

/* `name` is what is defined, used or held; borrowed during the call. Non-zero stops and is
 * returned. */
typedef int (*smd_ref_fn)(void *arg, enum smd_ref_kind kind, struct smd_span name);

/* To find references with. {0} but for the grammar. */
struct smd_refs {
	struct smd_grammar *grammar;
	struct smd_node_rule node_rule;
	struct smd_buffer name, kept;
};

/*
 * What a line that was matched fills templates with, interfaces spelled in full in `kept`, which
 * has room.
 */
void smd_refs_fill(const struct smd_grammar *grammar, const struct smd_rule_match *match,
		   struct smd_buffer *kept, struct smd_filling *filling);
/* Make that room, for a line of `length`; SMD_E_NO_MEMORY. */
int smd_refs_room(struct smd_buffer *kept, size_t length);

void smd_refs_done(struct smd_refs *refs);
/* Does the dialect say anything of the kind? */
int smd_refs_any(const struct smd_grammar *grammar);
/* Those of one node, or of all that is below it too. `context` is that in which it stands. */
int smd_refs_node(struct smd_refs *refs, const struct smd_context *context,
		  const struct smd_node *node, smd_ref_fn each, void *arg);
/* Are the numbers of a set looked at one by one? Not when there are too many. */
int smd_refs_walks(const struct smd_set *set);
/* Those of some numbers of a set. */
int smd_refs_numbers(struct smd_refs *refs, const struct smd_context *context,
		     const struct smd_node *node, const struct smd_set *numbers, smd_ref_fn each,
		     void *arg);
int smd_refs_below(struct smd_refs *refs, const struct smd_context *context,
		   const struct smd_node *node, smd_ref_fn each, void *arg);

#endif
