/* SPDX-License-Identifier: Apache-2.0 */
#include "wish.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/plan/atom.h"

/* A hash of the path, so that two owners of the same node want the same value. */
static uint32_t hash_of(const struct smd_node *node)
{
	char *path = smd_atom_path(node);
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (const char *p = path; p && *p; p++)
		hash = (hash ^ (unsigned char)*p) * 16777619u;
	free(path);
	return hash;
}

static void add_own(struct gen *gen, struct smd_node *parent)
{
	char key[16];
	const char *keys[] = {key};
	struct smd_node_spec rule = {
		.kind = SMD_MEMBER, .name = "own-rule", .keys = keys, .key_count = 1, .ordered = 1};

	if (gen_chance(gen, 20))
		smd_node_put_leaf(parent, "own-leaf", "v");
	if (gen_chance(gen, 20))
		smd_node_put_numbers(parent, "own-set", gen_below(gen, 5), 5);
	if (gen_chance(gen, 20))
		smd_node_make(parent, "own-entry", "x");
	/* All owners add them in the same order; another order would be a conflict. */
	for (unsigned i = 0; i < 4; i++) {
		snprintf(key, sizeof(key), "k%u", i);
		if (gen_chance(gen, 20))
			smd_node_add(parent, &rule, NULL);
	}
}

/*
 * Change a copy of the running tree into something that an owner may want: remove nodes, change
 * values, add nodes.
 */
static void carve(struct gen *gen, struct smd_tree *tree, struct smd_node *parent)
{
	const struct smd_node *next;

	for (const struct smd_node *c = smd_node_first(parent); c; c = next) {
		struct smd_node *node = smd_node_edit(tree, c);
		enum smd_kind kind = smd_node_kind(c);
		int sectionlike = kind == SMD_SECTION || kind == SMD_ENTRY;

		next = smd_node_next(c);
		if (gen_chance(gen, sectionlike ? 30 : 60)) {
			smd_node_remove(node);
			continue;
		}
		if (sectionlike)
			carve(gen, tree, node);
		else if ((kind == SMD_LEAF || kind == SMD_BLOCK) && hash_of(c) % 2)
			smd_node_set_value(node, "wanted", 6);
		else if (kind == SMD_SET)
			smd_set_add(smd_node_numbers(node), gen_below(gen, 300), 300);
	}
	add_own(gen, parent);
}

struct smd_tree *wish(struct gen *gen, const struct smd_tree *running)
{
	struct smd_tree *tree;

	if (smd_tree_copy(&tree, running))
		abort();
	carve(gen, tree, smd_tree_root(tree));
	return tree;
}
