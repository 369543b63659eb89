/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as nodes and nodes as lines. */
#ifndef SMD_DIALECT_LINE_LINE_NODE_H
#define SMD_DIALECT_LINE_LINE_NODE_H

#include "core/dialect/grammar/grammar.h"
#include "core/tree/node.h"

/* What a line is to be in the tree. {0} is fine; smd_line_node_done at the end. */
struct smd_line_node {
	struct smd_parts parts;
	struct smd_set numbers;
	int has_numbers; /* the line names numbers, in `numbers` */
	struct smd_span keys[SMD_PATTERN_WORDS];
	struct smd_buffer bytes; /* what had to be spelled anew */
};

/*
 * By the form that the words from `from` on have, or by their own text if it has
 * none. `holds`: other lines belong to it, so that it is a container whatever its
 * rule says. Borrows the line.
 */
int smd_line_node_read(struct smd_line_node *line_node, const struct smd_grammar *grammar,
		       const struct smd_rule_match *match, const struct smd_words *words,
		       size_t from, int holds);
/*
 * The identity of what a removal takes away, when it says all of that; else
 * SMD_E_NOT_FOUND, and it is to be looked for.
 */
int smd_line_node_removal(struct smd_line_node *line_node, const struct smd_grammar *grammar,
			  const struct smd_rule_match *match, const struct smd_words *words);
/* The text is the value of a block. */
void smd_line_node_set_block(struct smd_line_node *line_node, struct smd_span value);
void smd_line_node_done(struct smd_line_node *line_node);

/*
 * Add it to a section, or merge it with what has its identity there; `*out`
 * (may be NULL) is the node. An entry of an ordered list may stand there again, but
 * is merged when it comes from before line `since`: then the list is said again.
 * SMD_E_INVALID: too deep for a tree.
 */
int smd_line_node_put(struct smd_node *parent, const struct smd_line_node *line_node, size_t since,
		      struct smd_node **out);
/* What has its identity there; NULL: nothing. */
const struct smd_node *smd_line_node_find(const struct smd_node *parent,
					  const struct smd_line_node *line_node);

/* A container, whether or not there is anything in it. */
int smd_node_is_container(const struct smd_node *node);
/* Append the node's own line; a block's has several lines. */
void smd_node_put_text(const struct smd_node *node, struct smd_buffer *out);
/* Append the words of a set before its numbers, or of a valued node before its value. */
void smd_node_put_name(const struct smd_node *node, struct smd_buffer *out);
void smd_set_put_text(const struct smd_set *set, struct smd_buffer *out);

/* The mark that a member is; NULL: it is none. */
const struct smd_mark *smd_node_mark(const struct smd_grammar *grammar,
				     const struct smd_node *node);
/* The first key of the section around the node, or its name if it has none. */
struct smd_span smd_node_enclosing_key(const struct smd_node *node);

/* Where a node stands in a grammar, found out once. */
struct smd_node_rule {
	struct smd_rule_match match; /* points into `line` */
	struct smd_words words;
	struct smd_buffer line;
};

/* The rule that knows a node's line; its match. SMD_E_NO_MEMORY is all that can fail. */
int smd_node_rule_find(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
		       const struct smd_context *context, const struct smd_node *node);
/* The same for a list of numbers, as if it had these. */
int smd_node_rule_numbers(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
			  const struct smd_context *context, const struct smd_node *node,
			  const struct smd_set *numbers);
/* Append a template of the node's rule, filled from its line. */
void smd_node_rule_fill(const struct smd_node_rule *node_rule, const struct smd_node *node,
			const char *template, struct smd_buffer *out);
void smd_node_rule_done(struct smd_node_rule *node_rule);
/* The context in which the children of a node stand; NULL: no memory. */
const struct smd_context *smd_node_context(struct smd_grammar *grammar,
					   const struct smd_node *node);

#endif
