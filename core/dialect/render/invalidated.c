/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a section that the device removes when others change, and changes that are done. */
#include "core/base/array.h"
#include "core/dialect/render/internal.h"

/*
 * lines        Of the tree we come from, in their order.
 * invalidated  Their numbers, for an invalidator to find.
 * lost         Numbers of changes that add a line, likewise.
 * later        Numbers of changes, for a line to find the invalidators among them.
 */
struct smd_render_section {
	const struct smd_node *parent;
	struct smd_render_line *lines;
	size_t count;
	struct smd_multimap invalidated, lost, later;
	struct smd_found found;
};

void smd_render_section_free(struct smd_render_section *section)
{
	if (!section)
		return;
	free(section->lines);
	smd_multimap_done(&section->invalidated);
	smd_multimap_done(&section->lost);
	smd_multimap_done(&section->later);
	free(section->found.list);
	free(section);
}

static int split_node(struct smd_render *render, const struct smd_node *node,
		      struct smd_words *words)
{
	render->text.used = 0;
	smd_node_put_text(node, &render->text);
	if (render->text.failed)
		return SMD_E_NO_MEMORY;
	smd_words_split(words, (struct smd_span){render->text.bytes, render->text.used}, 0);
	return 0;
}

static int read_lines(struct smd_render *render, const struct smd_context *context,
		      struct smd_render_section *section)
{
	size_t room = 0;

	for (const struct smd_node *node = smd_node_first(section->parent); node;
	     node = node->next) {
		struct smd_render_line *line;
		struct smd_words words;

		if (smd_make_room(&section->lines, section->count, &room, sizeof(*section->lines)))
			return SMD_E_NO_MEMORY;
		line = &section->lines[section->count];
		*line = (struct smd_render_line){.node = node};
		if (!smd_render_node_rule(render, context, node))
			smd_invalidator_init(&line->by, &render->node_rule.match);
		if (split_node(render, node, &words) ||
		    smd_line_index_put(&section->invalidated, &words, 2,
				       (uint32_t)section->count++))
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

static int read_change(struct smd_render *render, const struct smd_context *context,
		       struct smd_render_section *section, uint32_t number)
{
	const struct smd_change *change = smd_changes_get(render->changes, number);
	struct smd_invalidator by;
	struct smd_words words;

	if (!smd_render_node_rule(render, context, change->to ? change->to : change->from)) {
		smd_invalidator_init(&by, &render->node_rule.match);
		if (smd_invalidator_index_put(&section->later, &by, number))
			return SMD_E_NO_MEMORY;
	}
	if (change->op != SMD_CHANGE_ADD)
		return 0;
	if (split_node(render, change->to, &words))
		return SMD_E_NO_MEMORY;
	return smd_line_index_put(&section->lost, &words, 2, number);
}

static uint64_t key_of_node(const struct smd_node *node)
{
	return smd_hash_wide_join(1, (uintptr_t)node);
}

int smd_render_changes_in(struct smd_render *render, const struct smd_node *parent, uint32_t *first)
{
	size_t count = render->by_parent.count ? 0 : smd_changes_count(render->changes);
	int err = 0;

	for (size_t i = 0; i < count && !err; i++)
		err = smd_multimap_put(&render->by_parent,
				       key_of_node(smd_changes_get(render->changes, i)->parent),
				       (uint32_t)i);
	*first = smd_multimap_first(&render->by_parent, key_of_node(parent));
	return err;
}

static int read_section(struct smd_render *render, const struct smd_context *context,
			struct smd_render_section *section)
{
	int err = read_lines(render, context, section);
	uint32_t at = SMD_MULTIMAP_END;

	if (!err)
		err = smd_render_changes_in(render, section->parent, &at);
	for (; at != SMD_MULTIMAP_END && !err; at = render->by_parent.pairs[at].next)
		err = read_change(render, context, section, render->by_parent.pairs[at].value);
	return err;
}

/* The section, read unless it is the one asked for last; NULL: no memory. */
static struct smd_render_section *section_of(struct smd_render *render,
					     const struct smd_context *context,
					     const struct smd_node *parent)
{
	struct smd_render_section *section = render->section;

	if (section && section->parent == parent)
		return section;
	smd_render_section_free(section);
	render->section = section = calloc(1, sizeof(*section));
	if (!section)
		return NULL;
	section->parent = parent;
	if (!read_section(render, context, section))
		return section;
	smd_render_section_free(section);
	return render->section = NULL;
}

struct smd_render_line *smd_render_section_line(struct smd_render *render, uint32_t number)
{
	return &render->section->lines[number];
}

int smd_render_invalidated(struct smd_render *render, const struct smd_context *context,
			   const struct smd_node *parent, const struct smd_invalidator *invalidator,
			   struct smd_found *numbers)
{
	struct smd_render_section *section = section_of(render, context, parent);
	struct smd_words words;
	size_t kept = 0;

	if (!section || smd_line_index_find(&section->invalidated, invalidator, numbers))
		return smd_render_no_memory(render);
	for (size_t i = 0; i < numbers->count; i++) {
		if (split_node(render, section->lines[numbers->list[i]].node, &words))
			return smd_render_no_memory(render);
		if (smd_invalidator_removes(invalidator, &words))
			numbers->list[kept++] = numbers->list[i];
	}
	numbers->count = kept;
	return 0;
}

int smd_render_lost(struct smd_render *render, const struct smd_context *context,
		    const struct smd_node *parent, const struct smd_invalidator *invalidator,
		    struct smd_found *changes)
{
	struct smd_render_section *section = section_of(render, context, parent);
	struct smd_words words;
	size_t kept = 0;

	if (!section || smd_line_index_find(&section->lost, invalidator, changes))
		return smd_render_no_memory(render);
	for (size_t i = 0; i < changes->count; i++) {
		uint32_t number = changes->list[i];

		if (split_node(render, smd_changes_get(render->changes, number)->to, &words))
			return smd_render_no_memory(render);
		if (smd_render_is_done(render, number) &&
		    smd_invalidator_removes(invalidator, &words))
			changes->list[kept++] = number;
	}
	changes->count = kept;
	return 0;
}

int smd_render_invalidated_later(struct smd_render *render, const struct smd_context *context,
				 const struct smd_node *parent, const struct smd_node *node,
				 int *invalidated)
{
	struct smd_render_section *section = section_of(render, context, parent);
	struct smd_words words;

	*invalidated = 0;
	if (!section || split_node(render, node, &words) ||
	    smd_invalidator_index_find(&section->later, &words, &section->found))
		return smd_render_no_memory(render);
	for (size_t i = 0; i < section->found.count && !*invalidated; i++) {
		uint32_t number = section->found.list[i];
		const struct smd_change *change = smd_changes_get(render->changes, number);
		struct smd_invalidator by;

		if (smd_render_is_done(render, number) || change->from == node ||
		    smd_render_node_rule(render, context, change->to ? change->to : change->from))
			continue;
		smd_invalidator_init(&by, &render->node_rule.match);
		*invalidated = smd_invalidator_removes(&by, &words);
	}
	return 0;
}

int smd_render_skip(struct smd_render *render, const struct smd_node *node)
{
	return smd_multimap_put(&render->skipped, key_of_node(node), 0)
		       ? smd_render_no_memory(render)
		       : 0;
}

int smd_render_is_done(struct smd_render *render, size_t change)
{
	const struct smd_change *one = smd_changes_get(render->changes, change);
	const struct smd_node *at = one->from ? one->from : one->parent;

	for (; at && render->skipped.count && !render->done[change]; at = at->parent)
		if (smd_multimap_first(&render->skipped, key_of_node(at)) != SMD_MULTIMAP_END)
			render->done[change] = 1;
	return render->done[change];
}
