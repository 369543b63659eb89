/* SPDX-License-Identifier: Apache-2.0 */
#include "grow.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(int good, const char *text)
{
	if (good)
		return;
	fprintf(stderr, "cannot grow '%s'\n", text);
	abort();
}

/* Cut the key off a step and return it; NULL: the step has none. */
static char *cut_key(char *step)
{
	char *key = strchr(step, '[');

	if (!key)
		return NULL;
	*key++ = '\0';
	key[strcspn(key, "]")] = '\0';
	return key;
}

static void grow_last(struct smd_node *parent, char *step)
{
	size_t length = strcspn(step, "=#[");
	char *key, mark = step[length];
	struct smd_set set = {0};

	if (mark == '=') {
		step[length] = '\0';
		must(!smd_node_put_leaf(parent, step, step + length + 1), step);
	} else if (mark == '#') {
		step[length] = '\0';
		must(!smd_node_put_numbers(parent, step, 0, 0) &&
			     !smd_node_take_numbers(parent, step, 0, 0),
		     step);
		must(!smd_set_parse(&set, step + length + 1, strlen(step + length + 1), NULL),
		     step);
		for (size_t i = 0; i < set.count; i++)
			must(!smd_node_put_numbers(parent, step, set.ranges[i].first,
						   set.ranges[i].last),
			     step);
		smd_set_done(&set);
	} else if (*step == '+' || *step == '!') {
		key = cut_key(step);
		must(!smd_node_add(parent,
				   &(struct smd_node_spec){.kind = SMD_MEMBER,
							   .name = step + 1,
							   .keys = (const char *const *)&key,
							   .key_count = 1,
							   .ordered = *step == '!'},
				   NULL),
		     step);
	} else {
		key = cut_key(step);
		must(smd_node_make(parent, step, key) != NULL, step);
	}
}

static void grow_path(struct smd_tree *tree, char *path)
{
	struct smd_node *node = smd_tree_root(tree);
	char *slash;

	while ((slash = strchr(path, '/'))) {
		char *key;

		*slash = '\0';
		key = cut_key(path);
		node = smd_node_make(node, path, key);
		must(node != NULL, path);
		path = slash + 1;
	}
	grow_last(node, path);
}

struct smd_tree *grow(const char *text)
{
	char *copy = strdup(text), *rest = NULL;
	struct smd_tree *tree = NULL;

	must(copy && !smd_tree_new(&tree), text);
	for (char *path = strtok_r(copy, " ", &rest); path; path = strtok_r(NULL, " ", &rest))
		grow_path(tree, path);
	free(copy);
	return tree;
}

static void print(const char *what, const struct smd_tree *tree)
{
	struct smd_text *lines;
	char *joined;

	must(!smd_text_new(&lines, 0) && !smd_tree_flatten(tree, lines), what);
	joined = smd_text_join(lines);
	printf("%s:\n%s", what, joined ? joined : "");
	free(joined);
	smd_text_free(lines);
}

int is_same(const struct smd_tree *a, const struct smd_tree *b)
{
	int same = smd_node_equal(smd_tree_top(a), smd_tree_top(b));

	if (!same) {
		print("is", a);
		print("ought to be", b);
	}
	return same;
}

int is_grown(const struct smd_tree *tree, const char *text)
{
	struct smd_tree *other = grow(text);
	int same = is_same(tree, other);

	smd_tree_free(other);
	return same;
}
