/* SPDX-License-Identifier: Apache-2.0 */
/* Ordered lists on a device that numbers their entries. */
#include "core/base/array.h"
#include "core/dialect/simulate/internal.h"

#include <stdio.h>
#include <stdlib.h>

/* Duplicates of one entry that a list may have while it changes: each change renumbers them. */
#define DUPLICATES_MAX 1000u

static uint32_t number_at(const struct smd_rule_match *match, unsigned place)
{
	struct smd_span span = smd_captures_place(&match->form->pattern, &match->captures, place);
	uint64_t number = 0;

	for (size_t i = 0; i < span.length && number < UINT32_MAX; i++)
		number = number * 10 + (unsigned)(span.at[i] - '0');
	return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

/* Read the nodes at the top that came behind those read before. */
static int read_tops(struct smd_device *device)
{
	const struct smd_node *top = smd_tree_top(device->tree), *node;
	int err = 0;

	while (device->top_count && device->tops[device->top_count - 1]->parent != top)
		device->top_count--;
	node = device->top_count ? device->tops[device->top_count - 1]->next : smd_node_first(top);
	for (; node && !err; node = node->next) {
		const struct smd_string *key =
			node->kind == SMD_ENTRY ? smd_node_key_string(node, 0) : NULL;

		err = smd_make_room(&device->tops, device->top_count, &device->top_room,
				    sizeof(const struct smd_node *));
		if (!err && key)
			err = smd_multimap_put(&device->tops_by_key,
					       smd_hash_wide(key->bytes, key->length),
					       (uint32_t)device->top_count);
		if (!err)
			device->tops[device->top_count++] = node;
	}
	return err;
}

/* Whether the node has this first key and is a section in which the list of the rule may be. */
static int is_section(struct smd_device *device, const struct smd_rule *rule, struct smd_span key,
		      const struct smd_node *node)
{
	struct smd_node_rule node_rule = {.line = {0}};
	const struct smd_grammar *grammar = device->writer.grammar;
	const struct smd_rule *own;
	int is = 0;

	if (node->parent != smd_tree_top(device->tree) || node->kind != SMD_ENTRY ||
	    !smd_span_is(key, smd_node_key_string(node, 0)->bytes))
		return 0;
	if (!smd_node_rule_find(&node_rule, device->writer.grammar, smd_grammar_top(grammar),
				node)) {
		own = smd_match_rule(&node_rule.match);
		is = own && rule->within && strstr(rule->within, own->line);
	}
	smd_node_rule_done(&node_rule);
	return is;
}

/* Find the section with this first key in which the list of the rule is; NULL: none. */
static int find_section(struct smd_device *device, const struct smd_rule *rule, struct smd_span key,
			const struct smd_node **found)
{
	uint32_t at;

	*found = NULL;
	if (read_tops(device))
		return smd_device_out_of_memory(device);
	at = smd_multimap_first(&device->tops_by_key, smd_hash_wide(key.at, key.length));
	for (; at != SMD_MULTIMAP_END && !*found; at = device->tops_by_key.pairs[at].next) {
		uint32_t number = device->tops_by_key.pairs[at].value;

		if (number < device->top_count &&
		    is_section(device, rule, key, device->tops[number]))
			*found = device->tops[number];
	}
	return 0;
}

static int put_entry(struct smd_numbering *numbering, size_t at, const struct smd_node *node,
		     uint32_t number)
{
	if (numbering->count == numbering->room) {
		size_t room = numbering->room ? numbering->room * 2 : 16;
		void *entries = reallocarray(numbering->entries, room, sizeof(*numbering->entries));

		if (!entries)
			return SMD_E_NO_MEMORY;
		numbering->entries = entries;
		numbering->room = room;
	}
	memmove(numbering->entries + at + 1, numbering->entries + at,
		(numbering->count - at) * sizeof(*numbering->entries));
	numbering->entries[at] = (struct smd_place_number){node, number};
	numbering->count++;
	return 0;
}

static uint64_t key_of_section(const struct smd_node *section)
{
	return smd_hash_wide_join(1, (uintptr_t)section);
}

/* Make the numbering of a section, which the device owns; NULL: no memory. */
static struct smd_numbering *new_numbering(struct smd_device *device,
					   const struct smd_node *section)
{
	smd_cleanup(free) struct smd_numbering *numbering = calloc(1, sizeof(*numbering));

	if (!numbering ||
	    smd_make_room(&device->numberings, device->numbering_count, &device->numbering_room,
			  sizeof(struct smd_numbering *)) ||
	    smd_multimap_put(&device->numbered, key_of_section(section),
			     (uint32_t)device->numbering_count))
		return NULL;
	numbering->section = section;
	return device->numberings[device->numbering_count++] = smd_take(numbering);
}

int smd_numbering_begin(struct smd_device *device, const struct smd_rule_match *match)
{
	uint32_t number = number_at(match, SMD_PLACE_FIRST),
		 step = number_at(match, SMD_PLACE_STEP);
	struct smd_span key = smd_captures_place(&match->form->pattern, &match->captures, 1);
	const struct smd_compiled_rule *compiled = match->form->compiled;
	const struct smd_node *section;
	struct smd_numbering *numbering;

	if (find_section(device, compiled->rule, key, &section))
		return SMD_E_NO_MEMORY;
	if (!section)
		return smd_fail(device->error, SMD_E_INVALID, "there is no \"%.*s\" to number anew",
				(int)key.length, key.at);
	numbering = smd_numbering_of(device, section);
	if (!numbering)
		numbering = new_numbering(device, section);
	if (!numbering)
		return smd_device_out_of_memory(device);
	numbering->compiled = compiled;
	numbering->count = 0;
	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		if (!node->ordered)
			continue;
		if (put_entry(numbering, numbering->count, node, number))
			return smd_device_out_of_memory(device);
		number += step;
	}
	return 0;
}

struct smd_numbering *smd_numbering_of(const struct smd_device *device,
				       const struct smd_node *section)
{
	uint32_t at = smd_multimap_first(&device->numbered, key_of_section(section));

	return at == SMD_MULTIMAP_END ? NULL : device->numberings[device->numbered.pairs[at].value];
}

/* Index of the first entry with at least this number. */
static size_t find_number(const struct smd_numbering *numbering, uint32_t number)
{
	size_t low = 0, high = numbering->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (numbering->entries[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int smd_numbering_place(struct smd_device *device, struct smd_numbering *numbering,
			struct smd_cursor *cursor, const struct smd_rule_match *match)
{
	uint32_t number = number_at(match, SMD_PLACE_NUMBERS);
	struct smd_span line =
		smd_captures_place(&match->form->pattern, &match->captures, SMD_PLACE_LINE);
	size_t at = find_number(numbering, number);
	struct smd_node *last, *node;
	struct smd_cursor inner;
	int err;

	if (at < numbering->count && numbering->entries[at].number == number)
		return smd_fail(device->error, SMD_E_INVALID, "number %u is taken", number);
	last = cursor->node->children ? cursor->node->children->last : NULL;
	err = smd_statement_put(&device->writer, cursor, line, device->line + 1, 0, NULL, &inner);
	if (err)
		return err;
	node = cursor->node->children->last;
	if (node == last || !node->ordered)
		return smd_fail(device->error, SMD_E_INVALID, "it is no entry of the list");
	smd_device_forget_lines(device);
	smd_node_move(node, at ? (struct smd_node *)numbering->entries[at - 1].node : NULL);
	if (put_entry(numbering, at, node, number))
		return smd_device_out_of_memory(device);
	if (node->flags & SMD_NODE_DUPLICATE && smd_node_next(node))
		err = smd_duplicates_renumber(device, cursor->node, node);
	if (err)
		return err;
	node = (struct smd_node *)numbering->entries[at].node;
	return smd_device_report(device, SMD_EVENT_ADDED, cursor->node, cursor->context, node);
}

int smd_numbering_leave(struct smd_device *device, struct smd_numbering *numbering,
			const struct smd_cursor *cursor, const struct smd_rule_match *match)
{
	uint32_t number = number_at(match, SMD_PLACE_NUMBERS);
	size_t at = find_number(numbering, number);
	const struct smd_node *node;

	if (at == numbering->count || numbering->entries[at].number != number)
		return smd_fail(device->error, SMD_E_INVALID, "there is no entry %u", number);
	node = numbering->entries[at].node;
	numbering->count--;
	memmove(numbering->entries + at, numbering->entries + at + 1,
		(numbering->count - at) * sizeof(*numbering->entries));
	return smd_device_remove(device, cursor, node);
}

/* Duplicates */

static size_t own_keys(const struct smd_node *node)
{
	return node->key_count - (node->flags & SMD_NODE_DUPLICATE ? 1u : 0u);
}

static int reads_like(const struct smd_node *node, const struct smd_node *like)
{
	if (!node->ordered || node->kind != like->kind || own_keys(node) != own_keys(like) ||
	    !smd_string_equal(node->name, like->name))
		return 0;
	for (size_t i = 0; i < own_keys(node); i++)
		if (!smd_string_equal(smd_node_key_string(node, i), smd_node_key_string(like, i)))
			return 0;
	return 1;
}

/* Add a copy of an entry with the key of its place among its duplicates. */
static int add_duplicate(struct smd_node *section, const struct smd_node *like, unsigned place,
			 struct smd_node **out)
{
	struct smd_span keys[SMD_PATTERN_WORDS + 1];
	struct smd_parts parts = {.kind = SMD_MEMBER,
				  .ordered = 1,
				  .flags = like->flags & ~(unsigned)SMD_NODE_DUPLICATE,
				  .line = like->line,
				  .name = {like->name->bytes, like->name->length},
				  .keys = keys,
				  .key_count = own_keys(like)};
	char number[16];

	if (parts.key_count > SMD_PATTERN_WORDS)
		return SMD_E_INVALID;
	for (size_t i = 0; i < parts.key_count; i++)
		keys[i] = smd_span_of(smd_node_key(like, i));
	if (place > 1) {
		snprintf(number, sizeof(number), "%u", place);
		keys[parts.key_count++] = smd_span_of(number);
		parts.flags |= SMD_NODE_DUPLICATE;
	}
	return smd_parts_add(section, &parts, out);
}

int smd_duplicates_any(const struct smd_node *section, const struct smd_node *like)
{
	struct smd_span keys[SMD_PATTERN_WORDS + 1];
	struct smd_parts parts = {.name = {like->name->bytes, like->name->length},
				  .keys = keys,
				  .key_count = own_keys(like)};

	if (!like->ordered || like->kind != SMD_MEMBER || parts.key_count > SMD_PATTERN_WORDS)
		return 0;
	if (like->flags & SMD_NODE_DUPLICATE)
		return 1;
	for (size_t i = 0; i < parts.key_count; i++)
		keys[i] = smd_span_of(smd_node_key(like, i));
	keys[parts.key_count++] = smd_span_of("2");
	return smd_parts_find(section, &parts) != NULL;
}

/* An entry among its duplicates, the node before it, and the node that replaces it. */
struct duplicate {
	struct smd_node *node, *before, *new;
};

/* Both are in the order of the list. */
static void replace_numbered(struct smd_device *device, const struct smd_node *section,
			     const struct duplicate *all, size_t count)
{
	struct smd_numbering *numbering = smd_numbering_of(device, section);

	for (size_t i = 0, at = 0; numbering && i < numbering->count && at < count; i++)
		if (numbering->entries[i].node == all[at].node)
			numbering->entries[i].node = all[at++].new;
}

static size_t collect_duplicates(struct smd_node *section, const struct smd_node *like,
				 struct duplicate *out)
{
	size_t count = 0;

	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		if (!reads_like(node, like))
			continue;
		if (out)
			out[count] = (struct duplicate){(struct smd_node *)node, node->prev, NULL};
		count++;
	}
	return count;
}

/* How many of the first ones already have the keys of their places. */
static size_t count_placed(const struct duplicate *all, size_t count)
{
	size_t placed = 0;

	for (; placed < count; placed++) {
		const struct smd_node *node = all[placed].node;
		unsigned long place = 1;

		if (node->flags & SMD_NODE_DUPLICATE)
			place = strtoul(smd_node_key(node, node->key_count - 1u), NULL, 10);
		if (place != placed + 1)
			break;
	}
	return placed;
}

/* Remove the entries from `first` on and add them again one by one, so that no keys clash. */
static int replace_from(struct smd_node *section, struct duplicate *all, size_t first, size_t count)
{
	int err = 0;

	for (size_t i = first; i < count; i++)
		smd_node_remove(all[i].node);
	for (size_t i = first; i < count && !err; i++) {
		struct smd_node *before = all[i].before;

		if (i > first && before == all[i - 1].node)
			before = all[i - 1].new;
		err = add_duplicate(section, all[i].node, (unsigned)i + 1, &all[i].new);
		if (!err)
			smd_node_move(all[i].new, before);
	}
	return err;
}

static int refuse_duplicates(struct smd_device *device, const struct smd_node *section,
			     const struct smd_node *like)
{
	struct smd_buffer names = {0};
	size_t list;

	smd_node_put_name(section, &names);
	smd_buffer_byte(&names, '\0');
	list = names.used;
	smd_node_put_text(like, &names);
	if (smd_buffer_close(&names))
		return smd_device_out_of_memory(device);
	smd_fail(device->error, SMD_E_UNSUPPORTED,
		 "more than %u entries of \"%.60s\" are \"%.60s\", and some of them change",
		 DUPLICATES_MAX, names.bytes, names.bytes + list);
	smd_error_hint(device->error, "leave fewer entries that read the same in the list");
	smd_buffer_done(&names);
	return SMD_E_UNSUPPORTED;
}

int smd_duplicates_renumber(struct smd_device *device, struct smd_node *section,
			    const struct smd_node *like)
{
	size_t count = collect_duplicates(section, like, NULL), placed;
	struct duplicate *all = calloc(count + 1, sizeof(*all));
	int err = 0;

	if (!all)
		return smd_device_out_of_memory(device);
	collect_duplicates(section, like, all);
	placed = count_placed(all, count);
	if (placed < count)
		smd_device_forget_lines(device);
	if (placed < count && count > DUPLICATES_MAX)
		err = refuse_duplicates(device, section, like);
	else if (replace_from(section, all, placed, count))
		err = smd_device_out_of_memory(device);
	if (!err)
		replace_numbered(device, section, all + placed, count - placed);
	free(all);
	return err;
}
