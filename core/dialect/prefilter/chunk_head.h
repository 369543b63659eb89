/* SPDX-License-Identifier: Apache-2.0 */
/* Chunk heads: the first line of a chunk and what can be told from it without a tree. */
#ifndef SMD_DIALECT_PREFILTER_CHUNK_HEAD_H
#define SMD_DIALECT_PREFILTER_CHUNK_HEAD_H

#include "core/dialect/line/line_node.h"

/* The chunk head read last. {.grammar = ...}; smd_chunk_head_done at the end. */
struct smd_chunk_head {
	struct smd_grammar *grammar;
	struct smd_span line; /* as the tree has it; borrowed from the text, or from `clean` */
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_line_node line_node;
	struct smd_buffer clean, name, kept;
};

/* Read a line; returns whether it has content (else it is a closer, noise or empty). */
int smd_chunk_head_read(struct smd_chunk_head *head, struct smd_span raw);
/* Read a line of a section and match it; returns whether a rule knows it. */
int smd_chunk_head_match(struct smd_chunk_head *head, const struct smd_context *context,
			 struct smd_span raw);
/* The same for a line that is cut and clean already, among forms of these operations. */
int smd_chunk_head_match_line(struct smd_chunk_head *head, const struct smd_context *context,
			      struct smd_span line, unsigned ops);
/*
 * Hash of the identity of the node that the line makes (smd_identity_of), by the rule it matched
 * or, if none, as plain text. The line must have content. 0: no memory.
 */
uint64_t smd_chunk_head_identity(struct smd_chunk_head *head);
/* Whether the node that smd_chunk_head_identity last made is spelled otherwise than the line. */
int smd_chunk_head_respelled(const struct smd_chunk_head *head);
/*
 * Hash of the first name that the matched line defines; 0: it defines none. `enclosing_key`: the
 * first key of the section around it, or its name.
 */
uint32_t smd_chunk_head_defines(struct smd_chunk_head *head, struct smd_span enclosing_key);
/* Call `each` with the hash of each name that the line uses; non-zero stops and is returned. */
typedef int (*smd_chunk_head_use_fn)(void *arg, uint32_t name);
int smd_chunk_head_uses(struct smd_chunk_head *head, struct smd_span enclosing_key,
			smd_chunk_head_use_fn each, void *arg);
/*
 * Whether the line states itself and affects no other: it negates and invalidates none, is not
 * expanded, and no other line removes it but its negation.
 */
int smd_chunk_head_is_plain(const struct smd_chunk_head *head);
/*
 * The same of a line that is alike in both texts, and so is not entered: then it does not matter
 * which lines the device would remove for it.
 */
int smd_chunk_head_stays(const struct smd_chunk_head *head);
void smd_chunk_head_done(struct smd_chunk_head *head);

/* Hash of a node's name and keys. Never 0; two identities practically never share one. */
uint64_t smd_identity_of(struct smd_span name, const struct smd_span *keys, size_t count);

#endif
