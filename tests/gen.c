/* SPDX-License-Identifier: Apache-2.0 */
#include "gen.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void need(int good)
{
	if (good)
		return;
	fprintf(stderr, "gen: no memory\n");
	abort();
}

void gen_init_seed(struct gen *gen, uint64_t seed)
{
	gen->seed = gen->prng.state = seed;
}

void gen_init(struct gen *gen)
{
	const char *given = getenv("SMD_TEST_SEED");
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	gen_init_seed(gen, given ? strtoull(given, NULL, 0)
				 : (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec);
	printf("SMD_TEST_SEED=%" PRIu64 "\n", gen->seed);
	fflush(stdout);
}

unsigned gen_rounds(unsigned usual)
{
	const char *given = getenv("SMD_TEST_ROUNDS");
	const char *factor = given ? given : "1";
	char *end;
	unsigned long times = strtoul(factor, &end, 10);

	if (*end || times < 1 || times > UINT_MAX / usual) {
		fprintf(stderr, "SMD_TEST_ROUNDS=%s is no factor for %u rounds\n", factor, usual);
		exit(2);
	}
	printf("rounds: %lu\n", times * usual);
	fflush(stdout);
	return (unsigned)times * usual;
}

uint32_t gen_below(struct gen *gen, uint32_t bound)
{
	return smd_prng_below(&gen->prng, bound);
}

int gen_chance(struct gen *gen, unsigned percent)
{
	return smd_prng_percent(&gen->prng, percent);
}

static const char *const names[] = {
	"system", "interface", "vlan",       "port",    "a",     "a/b",        "[x]",
	"\\",     "tab\there", "with blank", "Gi0/0/1", "trunk", "\x01\x7f\n", "k\xc3\xbc",
};

static const char *const keys[] = {
	"eth0", "eth1",       "Gi1/0/1", "1",      "100",  "10.0.0.0/8 Null0", "",      "]", "[",
	"/",    "\\",         "\\x0A",   "\r\n\t", "\x7f", "\xff\xfe",         "k=[v]", "x", "0",
	" ",    "permit any", "a][b",    "a]/[b",
};

static void random_key(struct gen *gen, char *out, size_t size)
{
	if (gen_chance(gen, 40))
		snprintf(out, size, "%s", keys[gen_below(gen, COUNT(keys))]);
	else
		snprintf(out, size, "k%u", gen_below(gen, 200));
}

static void random_value(struct gen *gen, char *out, size_t size, size_t *length)
{
	*length = gen_below(gen, gen_chance(gen, 10) ? (uint32_t)size : 12);
	for (size_t i = 0; i < *length; i++)
		out[i] = (char)(gen_chance(gen, 10) ? gen_below(gen, 256)
						    : 'a' + gen_below(gen, 26));
	out[*length] = '\0';
}

static void random_numbers(struct gen *gen, struct smd_set *set)
{
	static const uint32_t edges[] = {0, 1, 4094, UINT32_MAX - 1, UINT32_MAX};

	for (unsigned i = gen_below(gen, 6); i > 0; i--) {
		uint32_t first = gen_chance(gen, 10) ? edges[gen_below(gen, COUNT(edges))]
						     : gen_below(gen, 300);
		uint32_t more = gen_below(gen, 20);

		need(!smd_set_add(set, first, first > UINT32_MAX - more ? first : first + more));
	}
}

/* Try to add one child; one of the same identity may stand there already. */
static struct smd_node *add_child(struct gen *gen, struct smd_node *parent)
{
	char key_bytes[3][32], value[400];
	const char *key_list[] = {key_bytes[0], key_bytes[1], key_bytes[2]};
	struct smd_node_spec spec = {.name = names[gen_below(gen, COUNT(names))],
				     .keys = key_list,
				     .line = gen_below(gen, 1000)};
	struct smd_node *node = NULL;
	int err;

	spec.kind =
		gen_chance(gen, 40) ? SMD_ENTRY : (enum smd_kind)(SMD_SECTION + gen_below(gen, 6));
	if (spec.kind == SMD_ENTRY || spec.kind == SMD_MEMBER)
		spec.key_count = gen_chance(gen, 80) ? 1 : gen_below(gen, 4);
	for (size_t i = 0; i < spec.key_count; i++)
		random_key(gen, key_bytes[i], sizeof(key_bytes[i]));
	if (spec.kind == SMD_LEAF || spec.kind == SMD_BLOCK) {
		random_value(gen, value, sizeof(value), &spec.value_size);
		spec.value = value;
	}
	/* Mostly all of one name or none, as in the field; at times mixed. */
	spec.ordered =
		gen_chance(gen, 5) ? gen_chance(gen, 50) : strchr("tv", spec.name[0]) != NULL;
	err = smd_node_add(parent, &spec, &node);
	need(err != SMD_E_NO_MEMORY);
	if (err)
		return NULL;
	if (spec.kind == SMD_SET)
		random_numbers(gen, smd_node_numbers(node));
	return node;
}

static void fill(struct gen *gen, struct smd_node *parent, const struct gen_shape *shape,
		 unsigned level, size_t *left)
{
	unsigned width = 1 + gen_below(gen, shape->width);

	if (level >= shape->depth)
		return;
	for (unsigned i = 0; i < width && *left; i++) {
		struct smd_node *node = add_child(gen, parent);

		if (!node)
			continue;
		--*left;
		if ((smd_node_kind(node) == SMD_SECTION || smd_node_kind(node) == SMD_ENTRY) &&
		    gen_chance(gen, 70))
			fill(gen, node, shape, level + 1, left);
	}
}

struct smd_tree *gen_tree(struct gen *gen, const struct gen_shape *shape)
{
	size_t left = gen_below(gen, (uint32_t)shape->nodes + 1);
	struct smd_tree *tree;

	need(!smd_tree_new(&tree));
	if (left)
		fill(gen, smd_tree_root(tree), shape, 0, &left);
	return tree;
}

static size_t child_count(const struct smd_node *node)
{
	size_t count = 0;

	for (node = smd_node_first(node); node; node = smd_node_next(node))
		count++;
	return count;
}

static struct smd_node *child_at(struct smd_tree *tree, const struct smd_node *parent, size_t index)
{
	const struct smd_node *child = smd_node_first(parent);

	while (index--)
		child = smd_node_next(child);
	return smd_node_edit(tree, child);
}

/* Walk down from the root, stopping anywhere; NULL in a tree without nodes. */
static struct smd_node *random_node(struct gen *gen, struct smd_tree *tree)
{
	struct smd_node *node = NULL, *at = smd_tree_root(tree);

	for (size_t count; (count = child_count(at)); at = node) {
		node = child_at(tree, at, gen_below(gen, (uint32_t)count));
		if (gen_chance(gen, 30))
			break;
	}
	return node;
}

static void edit_content(struct gen *gen, struct smd_node *node)
{
	char value[400];
	size_t length;

	switch (smd_node_kind(node)) {
	case SMD_SECTION:
	case SMD_ENTRY:
		add_child(gen, node);
		break;
	case SMD_LEAF:
	case SMD_BLOCK:
		random_value(gen, value, sizeof(value), &length);
		need(!smd_node_set_value(node, value, length));
		break;
	case SMD_SET:
		random_numbers(gen, smd_node_numbers(node));
		need(!smd_set_remove(smd_node_numbers(node), 10, 10 + gen_below(gen, 200)));
		break;
	case SMD_MEMBER:
		break;
	}
}

static void move_anywhere(struct gen *gen, struct smd_tree *tree, struct smd_node *node)
{
	const struct smd_node *parent = smd_node_parent(node);
	size_t place = gen_below(gen, (uint32_t)child_count(parent) + 1);

	smd_node_move(node, place ? child_at(tree, parent, place - 1) : NULL);
}

struct smd_tree *gen_variant(struct gen *gen, const struct smd_tree *from, unsigned edits)
{
	struct smd_tree *tree;

	need(!smd_tree_copy(&tree, from));
	while (edits--) {
		struct smd_node *node = random_node(gen, tree);

		if (!node || gen_chance(gen, 10))
			add_child(gen, smd_tree_root(tree));
		else if (gen_chance(gen, 20))
			smd_node_remove(node);
		else if (gen_chance(gen, 40))
			move_anywhere(gen, tree, node);
		else
			edit_content(gen, node);
	}
	return tree;
}

/* Only unordered nodes are moved, so the ordered ones keep their relative order. */
static void shuffle_below(struct gen *gen, struct smd_tree *tree, const struct smd_node *parent)
{
	size_t count = child_count(parent);

	for (size_t i = 0; i < count; i++) {
		struct smd_node *node = child_at(tree, parent, gen_below(gen, (uint32_t)count));

		if (!smd_node_ordered(node))
			move_anywhere(gen, tree, node);
	}
	for (parent = smd_node_first(parent); parent; parent = smd_node_next(parent))
		shuffle_below(gen, tree, parent);
}

struct smd_tree *gen_shuffled(struct gen *gen, const struct smd_tree *from)
{
	struct smd_tree *tree;

	need(!smd_tree_copy(&tree, from));
	shuffle_below(gen, tree, smd_tree_top(tree));
	return tree;
}
