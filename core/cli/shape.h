/* SPDX-License-Identifier: Apache-2.0 */
/* Lines as nodes and nodes as lines. */
#ifndef SMD_CLI_SHAPE_H
#define SMD_CLI_SHAPE_H

#include "core/cli/grammar.h"

/* What a line is to be in the tree. {0} is fine; smd_shape_done at the end. */
struct smd_shape {
	struct smd_node_spec spec;
	struct smd_set numbers;
	const char *keys[SMD_PATTERN_WORDS];
	struct smd_buffer bytes; /* the strings that spec points to */
};

/*
 * By the rule that knows the line, or by its own text if none does. `holds`:
 * other lines belong to it, so that it is a container whatever its rule says.
 */
int smd_shape_line(struct smd_shape *shape, const struct smd_hit *hit, const char *line, int holds);
void smd_shape_done(struct smd_shape *shape);

/*
 * Add it to a section, or merge it with what has its identity there; `*out`
 * (may be NULL) is the node. SMD_E_INVALID: too deep for a tree.
 */
int smd_shape_put(struct smd_node *parent, const struct smd_shape *shape, struct smd_node **out);
/* What has its identity there; NULL: nothing. */
const struct smd_node *smd_shape_find(const struct smd_node *parent, const struct smd_shape *shape);

/* A container, whether or not there is anything in it. */
int smd_node_is_container(const struct smd_node *node);
/* The node's own line, ended by a NUL, replaces what `out` has. */
int smd_node_text(const struct smd_node *node, struct smd_buffer *out);
/* The same for a set with other numbers. */
int smd_node_text_with(const struct smd_node *node, const struct smd_set *numbers,
		       struct smd_buffer *out);
/*
 * The rule that knows the node where it stands. `within` is filled with the
 * line of its section and `line` with its own; the spans point there.
 */
int smd_node_rule(const struct smd_grammar *grammar, const struct smd_node *node,
		  struct smd_buffer *within, struct smd_buffer *line, struct smd_hit *hit);

#endif
