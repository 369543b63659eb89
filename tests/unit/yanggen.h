/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random YANG data, made with libyang from the schema. It fits the types and is not validated
 * further. The same seed gives the same data.
 */
#ifndef SMD_TESTS_YANGGEN_H
#define SMD_TESTS_YANGGEN_H

#include <libyang/libyang.h>

#include "gen.h"

struct yang_maker {
	struct gen gen;               /* to be initialised by the caller */
	const struct ly_ctx *context; /* modules that are implemented in it are used */
	size_t nodes;                 /* number of nodes made so far */
	size_t refused;               /* number of nodes for whose type no value was found */

	struct lyd_node *first;
	size_t limit; /* maximum number of nodes of the present top-level node */
};

/* Make one instance of all modules. The caller's, for lyd_free_all; may be NULL. */
struct lyd_node *yang_make(struct yang_maker *maker);

#endif
