/* SPDX-License-Identifier: Apache-2.0 */
/* What the first line of a chunk of text says, as far as it can be told without a tree. */
#ifndef SMD_DIALECT_PREFILTER_CHUNK_HEAD_H
#define SMD_DIALECT_PREFILTER_CHUNK_HEAD_H

#include "core/dialect/line/line_node.h"

/* The line looked at last. {.grammar = ...}; smd_chunk_head_done at the end. */
struct smd_chunk_head {
	struct smd_grammar *grammar;
	struct smd_span line; /* as the tree has it; borrowed from the text, or from `clean` */
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_line_node line_node;
	struct smd_buffer clean, name, kept;
};

/* Look at a line; whether it says anything. */
int smd_chunk_head_read(struct smd_chunk_head *head, struct smd_span raw);
/* Look at a line of a section; whether a rule knows it. */
int smd_chunk_head_match(struct smd_chunk_head *head, const struct smd_context *context,
			 struct smd_span raw);
/* The same for a line, cut and clean, and only forms of these operations. */
int smd_chunk_head_match_line(struct smd_chunk_head *head, const struct smd_context *context,
			      struct smd_span line, unsigned ops);
/*
 * What tells the node that the line becomes from others, as smd_identity_of does; 0: no memory. By
 * the rule that matched, or by its own text, which says something.
 */
uint64_t smd_chunk_head_identity(struct smd_chunk_head *head);
/* Is the node's name spelled in another way than the line? As smd_chunk_head_identity found last.
 */
int smd_chunk_head_respelled(const struct smd_chunk_head *head);
/*
 * The hash of the first name that the line which was matched defines; 0: it defines none.
 * `enclosing_key`: the first key of the section around it, or its name.
 */
uint32_t smd_chunk_head_defines(struct smd_chunk_head *head, struct smd_span enclosing_key);
/* Hand over the hashes of all names that it refers to; non-zero stops and is returned. */
typedef int (*smd_chunk_head_use_fn)(void *arg, uint32_t name);
int smd_chunk_head_uses(struct smd_chunk_head *head, struct smd_span enclosing_key,
			smd_chunk_head_use_fn each, void *arg);
/* Is it one that says just what it says, and nothing about others? */
int smd_chunk_head_is_plain(const struct smd_chunk_head *head);
void smd_chunk_head_done(struct smd_chunk_head *head);

/* Of a node: others have others, as good as always; never 0. */
uint64_t smd_identity_of(struct smd_span name, const struct smd_span *keys, size_t count);

#endif
