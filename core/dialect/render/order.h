/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which changes are rendered: that of smd_diff, section by section, except where one
 * must wait for another. A name is defined before its use, and removed behind it; a UNIQUE value is
 * released, if only for a moment, before another line gets it; a line that invalidates others comes
 * before these.
 */
#ifndef SMD_DIALECT_RENDER_ORDER_H
#define SMD_DIALECT_RENDER_ORDER_H

#include "core/dialect/line/line_node.h"

/* The part of a change that a step renders. */
enum smd_change_part {
	SMD_PART_ALL,
	SMD_PART_LEAVING, /* the numbers that are removed from a list */
	SMD_PART_JOINING, /* the numbers that are added to it */
	SMD_PART_RELEASE  /* only remove the old value, for another line to take; ALL follows */
};

struct smd_render_order {
	struct smd_render_step {
		size_t change; /* index */
		enum smd_change_part part;
	} * steps;
	size_t count, room;
};

/* Order the changes. {0} is fine before. Fails only with SMD_E_NO_MEMORY. */
int smd_render_order_init(struct smd_render_order *order, struct smd_grammar *grammar,
			  const struct smd_changes *changes);
void smd_render_order_done(struct smd_render_order *order);

#endif
