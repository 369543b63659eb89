/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/model: from a document's text to libyang's tree, and from there to the structures
 * that callers get.
 */
#ifndef SMD_MODEL_READ_H
#define SMD_MODEL_READ_H

#include <libyang/libyang.h>

#include "core/model/model.h"
#include "core/tree/arena.h"

/*
 * Parse and validate a document. Its top-level node must be one of `roots` (NULL-terminated);
 * root `x` is defined in module `smartdeploy-x`. `*tree` is the caller's, for lyd_free_all.
 */
int smd_model_parse(const struct smd_model *model, const char *json, size_t size, const char *what,
		    const char *const *roots, struct lyd_node **tree, struct smd_error *error);
SMD_CLEANUP_DEFINE(struct lyd_node *, lyd_free_all);

/* Convert libyang's last error on this thread; returns its code. */
int smd_yang_error(const struct ly_ctx *context, const char *what, struct smd_error *error);

/*
 * Memory of one document. A failed allocation sets `failed`, so that the caller checks it once,
 * at the end.
 */
struct smd_alloc {
	struct smd_arena arena;
	char *block; /* of a record that strings are borrowed from (free()) */
	int failed;
};

void smd_alloc_done(struct smd_alloc *alloc);

/* Allocate a cleared array; NULL if `count` is 0 or there is no memory. */
void *smd_alloc_array(struct smd_alloc *alloc, size_t count, size_t size);
const char *smd_alloc_text(struct smd_alloc *alloc, const char *text); /* never NULL */
/* A copy of the value of `parent`'s leaf `name`; "" if there is none. */
const char *smd_alloc_leaf(struct smd_alloc *alloc, const struct lyd_node *parent,
			   const char *name);

const struct lyd_node *smd_read_child(const struct lyd_node *parent, const char *name);
size_t smd_read_count(const struct lyd_node *parent, const char *name);

/* Loop over all children of that name: `smd_read_each(parent, "endpoint", node) { ... }`. */
#define smd_read_each(parent, wanted, node)                                                        \
	for (const struct lyd_node *node = lyd_child(parent); node; node = node->next)             \
		if (!strcmp(node->schema->name, wanted))

/* Comparison for qsort: structures whose first member is a name. */
int smd_read_by_name(const void *a, const void *b);
const void *smd_read_find(const void *array, size_t count, size_t size, const char *name);

#endif
