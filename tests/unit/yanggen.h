/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random data of YANG modules, made through libyang from the schema: it fits
 * the types, and is not validated beyond that. The same seed gives the same data.
 */
#ifndef SMD_TESTS_YANGGEN_H
#define SMD_TESTS_YANGGEN_H

#include <libyang/libyang.h>

#include "gen.h"

struct yang_maker {
	struct gen gen;               /* to be initialised */
	const struct ly_ctx *context; /* whose implemented modules are used */
	size_t nodes;                 /* made so far */
	size_t refused;               /* for which no value was found that fits the type */

	struct lyd_node *first;
	size_t limit; /* of nodes, for what is under way at the top */
};

/* One instance of all modules; the caller's, for lyd_free_all. May be NULL. */
struct lyd_node *yang_make(struct yang_maker *maker);

#endif
