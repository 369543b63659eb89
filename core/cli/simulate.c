/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that takes lines, as far as the dialect's rules know it. It knows
 * nothing of how the lines came about.
 */
#include <string.h>

#include "core/cli/shape.h"
#include "core/tree/node.h"

/* A section that we are in. */
struct level {
	struct smd_node *node;
	const struct smd_rule *rule; /* NULL: no rule knows it */
	char *line;
};

struct device {
	const struct smd_grammar *grammar;
	struct smd_tree *tree;
	struct level levels[SMD_TREE_DEPTH];
	size_t depth;
	struct smd_shape shape;
	struct smd_buffer line, other;
	struct smd_error *error;
};

/* What a line does. */
enum deed { ENTER = 1, REMOVE, REMOVE_BY_TEMPLATE };

static int out_of_memory(struct device *device)
{
	return smd_fail(device->error, SMD_E_NO_MEMORY, "no memory for a simulation");
}

static struct smd_node *section(struct device *device)
{
	return device->depth ? device->levels[device->depth - 1].node : smd_tree_root(device->tree);
}

/* An unknown section with nothing in it is a plain line again. */
static int make_plain(struct smd_tree *tree, struct smd_node *node)
{
	struct smd_node *parent = smd_node_edit(tree, smd_node_parent(node));
	const struct smd_node_spec spec = {.kind = SMD_MEMBER, .name = smd_node_name(node)};

	smd_node_remove(node);
	return smd_node_add(parent, &spec, NULL);
}

static int leave(struct device *device)
{
	struct level *level = &device->levels[--device->depth];
	int err = 0;

	if (!smd_node_first(level->node)) {
		if (smd_rule_stays(level->rule))
			smd_node_remove(level->node);
		else if (!level->rule)
			err = make_plain(device->tree, level->node);
	}
	free(level->line);
	return err ? out_of_memory(device) : 0;
}

static int go_to(struct device *device, size_t depth)
{
	int err = 0;

	while (device->depth > depth && !err)
		err = leave(device);
	return err;
}

static int open_section(struct device *device, struct smd_node *node, const struct smd_rule *rule)
{
	struct level *level = &device->levels[device->depth];

	if (device->depth == SMD_TREE_DEPTH)
		return smd_fail(device->error, SMD_E_INVALID, "sections are nested too deeply");
	*level = (struct level){node, rule, strdup(device->line.bytes)};
	if (!level->line)
		return out_of_memory(device);
	device->depth++;
	return 0;
}

/* Who takes the line: the section, or else what is above it, as far as the grammar is known. */
static enum deed find_taker(struct device *device, size_t *depth, struct smd_hit *hit)
{
	const struct smd_grammar *grammar = device->grammar;
	const char *line = device->line.bytes, *positive = smd_grammar_positive(grammar, line);

	for (size_t at = device->depth;; at--) {
		const char *within = at ? device->levels[at - 1].line : NULL;

		*depth = at;
		if (smd_grammar_find_removal(grammar, within, line, hit))
			return REMOVE_BY_TEMPLATE;
		if (smd_grammar_find(grammar, within, line, hit))
			return ENTER;
		if (positive && smd_grammar_find(grammar, within, positive, hit))
			return REMOVE;
		if (!at || !device->levels[at - 1].rule)
			break;
	}
	*depth = device->depth;
	hit->rule = NULL;
	return positive ? REMOVE : ENTER;
}

static int put(struct device *device, const struct smd_hit *hit, const char *line, int holds,
	       struct smd_node **out)
{
	int err = smd_shape_line(&device->shape, hit, line, holds);

	if (!err)
		err = smd_shape_put(section(device), &device->shape, out);
	if (err == SMD_E_INVALID)
		return smd_fail(device->error, err, "sections are nested too deeply");
	return err ? out_of_memory(device) : 0;
}

/* Negating what is not there: the negation itself is what the device keeps. */
static int keep_negation(struct device *device)
{
	const struct smd_hit none = {.rule = NULL};

	return put(device, &none, device->line.bytes, 0, NULL);
}

static int take_out(struct device *device, const struct smd_node *node)
{
	struct smd_node *edit = smd_node_edit(device->tree, node);
	const struct smd_set *numbers = &device->shape.numbers;
	int err = 0;

	if (smd_node_kind(node) != SMD_SET) {
		smd_node_remove(edit);
		return 0;
	}
	for (size_t i = 0; i < numbers->count && !err; i++)
		err = smd_set_remove(smd_node_numbers(edit), numbers->ranges[i].first,
				     numbers->ranges[i].last);
	if (!err && !smd_node_set(node)->count)
		smd_node_remove(edit);
	return err ? out_of_memory(device) : 0;
}

static int remove_line(struct device *device, const struct smd_hit *hit)
{
	const char *positive = smd_grammar_positive(device->grammar, device->line.bytes);
	const struct smd_hit none = {.rule = NULL};
	const struct smd_node *node;

	if (smd_rule_stays(hit->rule))
		return smd_fail(device->error, SMD_E_INVALID, "the device does not remove \"%s\"",
				positive);
	if (smd_shape_line(&device->shape, hit, positive, 0))
		return out_of_memory(device);
	node = smd_shape_find(section(device), &device->shape);
	if (!node && smd_shape_line(&device->shape, &none, positive, 0))
		return out_of_memory(device);
	if (!node)
		node = smd_shape_find(section(device), &device->shape);
	return node ? take_out(device, node) : keep_negation(device);
}

static int same_span(struct smd_span said, struct smd_span there)
{
	return !said.at || (said.length == there.length && !memcmp(said.at, there.at, said.length));
}

/* Is the node one that the removal means? Wildcards that it does not repeat mean any. */
static int is_meant(struct device *device, const struct smd_node *node, const struct smd_hit *hit,
		    const struct smd_span *numbers)
{
	struct smd_hit own;

	if ((numbers && smd_node_kind(node) != SMD_SET) || smd_node_text(node, &device->other) ||
	    !smd_rule_matches(hit->rule, device->other.bytes, &own))
		return 0;
	for (size_t i = 0; i < SMD_WILDCARDS; i++)
		if (&hit->wild[i] != numbers && !same_span(hit->wild[i], own.wild[i]))
			return 0;
	return 1;
}

/* The numbers that a removal names, read into the shape; NULL: it names none. */
static const struct smd_span *numbers_of(struct device *device, const struct smd_hit *hit)
{
	const struct smd_span *span = hit->wild + SMD_WILDCARDS;

	smd_set_done(&device->shape.numbers);
	if (hit->rule->kind != SMD_RULE_NUMBERS)
		return NULL;
	while (span > hit->wild)
		if ((--span)->at)
			return smd_set_parse(&device->shape.numbers, span->at, span->length, NULL)
				       ? NULL
				       : span;
	return NULL;
}

static int remove_by_template(struct device *device, const struct smd_hit *hit)
{
	const struct smd_node *next, *node = smd_node_first(section(device));
	const struct smd_span *numbers = numbers_of(device, hit);
	int found = 0, err = 0;

	for (; node && !err; node = next) {
		next = smd_node_next(node);
		if (!is_meant(device, node, hit, numbers))
			continue;
		if (numbers)
			err = take_out(device, node);
		else
			smd_node_remove(smd_node_edit(device->tree, node));
		found = 1;
	}
	return found || err ? err : keep_negation(device);
}

/* `no X` stands there as a line of its own, and X takes it back. 1: so it was. */
static int takes_back(struct device *device, int *answer)
{
	const struct smd_hit none = {.rule = NULL};
	struct smd_buffer *other = &device->other;
	const struct smd_node *node;

	other->used = 0;
	smd_buffer_puts(other, smd_grammar_dialect(device->grammar)->negation);
	smd_buffer_byte(other, ' ');
	smd_buffer_puts(other, device->line.bytes);
	if (smd_buffer_close(other) || smd_shape_line(&device->shape, &none, other->bytes, 0))
		return out_of_memory(device);
	node = smd_shape_find(section(device), &device->shape);
	*answer = node != NULL;
	if (*answer)
		smd_node_remove(smd_node_edit(device->tree, node));
	return 0;
}

static int enter_line(struct device *device, const struct smd_hit *hit, int deeper)
{
	const struct smd_rule *rule = hit->rule;
	int opens = deeper;
	struct smd_node *node;
	int err;

	if (rule && rule->kind == SMD_RULE_SECTION)
		opens = 1;
	else
		rule = NULL;
	err = put(device, hit, device->line.bytes, opens, &node);
	return !err && opens ? open_section(device, node, rule) : err;
}

static int take_line(struct device *device, int deeper)
{
	struct smd_hit hit;
	size_t depth;
	int took_back = 0;
	enum deed deed = find_taker(device, &depth, &hit);
	int err = go_to(device, depth);

	if (!err)
		err = takes_back(device, &took_back);
	if (err || took_back)
		return err;
	if (deed != ENTER && deeper) { /* a negation with lines below: an unknown section */
		hit.rule = NULL;
		deed = ENTER;
	}
	switch (deed) {
	case ENTER:
		return enter_line(device, &hit, deeper);
	case REMOVE:
		return remove_line(device, &hit);
	case REMOVE_BY_TEMPLATE:
		return remove_by_template(device, &hit);
	}
	return SMD_E_INTERNAL;
}

static int take_exit(struct device *device)
{
	if (!device->depth)
		return smd_fail(device->error, SMD_E_INVALID,
				"\"%s\" would leave configuration mode", device->line.bytes);
	return leave(device);
}

/* Is the next line that says anything indented deeper than line `at`? */
static int next_is_deeper(const struct smd_text *lines, size_t at)
{
	size_t length, column;
	const char *line = smd_text_get(lines, at, &length);

	column = smd_line_column(line, length);
	while ((line = smd_text_get(lines, ++at, &length)))
		if (line[strspn(line, " \t\r")])
			return smd_line_column(line, length) > column;
	return 0;
}

/* Carry out line `at`; `*acts`: it did something. */
static int enter_one(struct device *device, const struct smd_text *lines, size_t at, int *acts)
{
	const char *exit = smd_grammar_dialect(device->grammar)->exit;
	struct smd_buffer *line = &device->line;
	size_t length;
	const char *bytes = smd_text_get(lines, at, &length);
	int got = smd_grammar_trim(device->grammar, bytes, length, line);

	*acts = 0;
	if (got < 0)
		return smd_fail(device->error, got, "it has a NUL byte, or there is no memory");
	if (!got)
		return 0;
	if (!strcmp(line->bytes, exit))
		return take_exit(device);
	if (smd_grammar_drops(device->grammar, line->bytes, line->used))
		return 0;
	*acts = 1;
	return take_line(device, next_is_deeper(lines, at));
}

static int enter_all(struct device *device, const struct smd_text *lines, smd_rest_fn rest,
		     void *arg)
{
	int err = 0, acts;

	for (size_t i = 0; i < smd_text_count(lines) && !err; i++) {
		err = enter_one(device, lines, i, &acts);
		if (err)
			smd_error_where(device->error, "line %zu of the payload", i + 1);
		else if (rest && acts)
			err = rest(arg, device->tree, i);
	}
	return err ? err : go_to(device, 0);
}

int smd_dialect_simulate(const struct smd_dialect *dialect, struct smd_tree *tree,
			 const struct smd_text *lines, smd_rest_fn rest, void *arg,
			 struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	struct device device = {.tree = tree, .error = error};
	int err = smd_grammar_new(dialect, &grammar, error);

	if (err)
		return err;
	device.grammar = grammar;
	err = enter_all(&device, lines, rest, arg);
	while (device.depth)
		free(device.levels[--device.depth].line);
	smd_shape_done(&device.shape);
	smd_buffer_done(&device.line);
	smd_buffer_done(&device.other);
	return err;
}
