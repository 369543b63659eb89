/* SPDX-License-Identifier: Apache-2.0 */
/* Line nodes: the node that a line makes, and the line of a node. */
#ifndef SMD_DIALECT_LINE_LINE_NODE_H
#define SMD_DIALECT_LINE_LINE_NODE_H

#include "core/dialect/grammar/grammar.h"
#include "core/tree/node.h"

/* The node that a line makes. {0} is fine; smd_line_node_done at the end. */
struct smd_line_node {
	struct smd_parts parts;
	struct smd_set numbers;
	int has_numbers; /* `numbers` has those that the line names */
	int merged;      /* it was put where a line said the same, or opened the same section */
	int once;        /* putting another value of the same name is SMD_E_CONFLICT */
	struct smd_span keys[SMD_PATTERN_WORDS];
	struct smd_buffer bytes; /* for text that is not in the line: interfaces spelled in full */
};

/*
 * Read the words from `from` on by what they matched, or as plain text where no rule did. `holds`:
 * other lines belong to it, so that it is a container whatever its rule says. Borrows the line.
 * Fails with SMD_E_NO_MEMORY.
 */
int smd_line_node_read(struct smd_line_node *line_node, const struct smd_grammar *grammar,
		       const struct smd_rule_match *match, const struct smd_words *words,
		       size_t from, int holds);
/*
 * Read a line that removes: the identity of the node that goes. SMD_E_NOT_FOUND: the line does not
 * say all of it, and the node has to be searched for.
 */
int smd_line_node_removal(struct smd_line_node *line_node, const struct smd_grammar *grammar,
			  const struct smd_rule_match *match, const struct smd_words *words);
/* Set the value of a block; borrowed. */
void smd_line_node_set_block(struct smd_line_node *line_node, struct smd_span value);
void smd_line_node_done(struct smd_line_node *line_node);

/*
 * Add it to a section, or merge it with the node of the same identity there; `*out` (may be NULL)
 * is the node. An entry that an ordered list has already becomes a duplicate; but it is merged with
 * one from before line `since`, where the section was entered again and repeats its list.
 * SMD_E_INVALID: too deep for a tree. SMD_E_CONFLICT: `once`, and it has another value.
 */
int smd_line_node_put(struct smd_node *parent, struct smd_line_node *line_node, size_t since,
		      struct smd_node **out);
/* The node of the same identity in a section; NULL: there is none. */
const struct smd_node *smd_line_node_find(const struct smd_node *parent,
					  const struct smd_line_node *line_node);

/* Whether the node is a section or an entry, even an empty one. */
int smd_node_is_container(const struct smd_node *node);
/* Append the node's own line; a block's has several lines. */
void smd_node_put_text(const struct smd_node *node, struct smd_buffer *out);
/* Append the node's line without its value or numbers. */
void smd_node_put_name(const struct smd_node *node, struct smd_buffer *out);
void smd_set_put_text(const struct smd_set *set, struct smd_buffer *out);

/* The mark that a member stands for; NULL: it is none. */
const struct smd_mark *smd_node_mark(const struct smd_grammar *grammar,
				     const struct smd_node *node);
/* The first key of the section around the node, or its name if it has none. */
struct smd_span smd_node_enclosing_key(const struct smd_node *node);

/* A node's line and the rule that knows it. */
struct smd_node_rule {
	struct smd_rule_match match; /* points into `line` */
	struct smd_words words;
	struct smd_buffer line;
};

/*
 * Match a node's line with its rule; `match.form` is NULL where no rule knows it. Fails only with
 * SMD_E_NO_MEMORY.
 */
int smd_node_rule_find(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
		       const struct smd_context *context, const struct smd_node *node);
/* The same for a list of numbers, with `numbers` in place of its own. */
int smd_node_rule_numbers(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
			  const struct smd_context *context, const struct smd_node *node,
			  const struct smd_set *numbers);
/* Append a template of the node's rule, filled from its line. */
void smd_node_rule_fill(const struct smd_node_rule *node_rule, const struct smd_node *node,
			const char *template, struct smd_buffer *out);
void smd_node_rule_done(struct smd_node_rule *node_rule);
/* The context of a node's children; NULL: no memory. */
const struct smd_context *smd_node_context(struct smd_grammar *grammar,
					   const struct smd_node *node);

#endif
