/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order in which changes are carried out. They keep the order of smd_diff,
 * section by section, unless one must wait for another: what is used is made
 * before it is used, and taken away behind; what only one may hold is let go
 * first, though it be let go for a moment only; and what makes the device drop other
 * lines comes first in its section.
 */
#ifndef SMD_DIALECT_RENDER_ORDER_H
#define SMD_DIALECT_RENDER_ORDER_H

#include "core/dialect/line/line_node.h"

/* What of a change is carried out. */
enum smd_change_part {
	SMD_PART_ALL,
	SMD_PART_LEAVING, /* the numbers that leave a list */
	SMD_PART_JOINING, /* those that join it */
	SMD_PART_RELEASE  /* the old value goes, so that another line can have it; ALL follows */
};

struct smd_render_order {
	struct smd_render_step {
		size_t change; /* index */
		enum smd_change_part part;
	} * steps;
	size_t count, room;
};

/* {0} is fine before. SMD_E_NO_MEMORY is all that can fail. */
int smd_render_order_init(struct smd_render_order *order, struct smd_grammar *grammar,
			  const struct smd_changes *changes);
void smd_render_order_done(struct smd_render_order *order);

#endif
