/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Empties a section that cannot be removed (PERMANENT). A line that uses a name goes before the
 * line that defines it, and lines that invalidate others go last.
 */
#include "core/base/array.h"
#include "core/dialect/line/refs.h"
#include "core/dialect/render/internal.h"

/* A line defines or uses a name. */
struct mention {
	uint32_t name; /* its hash */
	uint32_t line;
};

struct mentions {
	struct mention *list;
	size_t count, room;
};

struct line {
	const struct smd_node *node;
	struct smd_invalidator by; /* the invalidator it is */
	uint32_t first;            /* index of its first definition in `defines` */
	uint8_t gone;
};

struct emptying {
	struct smd_render *render;
	const struct smd_context *context; /* of the section's lines */
	size_t depth;
	struct smd_refs refs;
	struct line *lines;
	size_t count;
	struct mentions defines, uses;        /* both by line; uses are then sorted by name */
	struct smd_invalidators invalidators; /* lines removed so far that invalidate others */
};

/* Collecting */

static int note_mention(void *arg, enum smd_ref_kind kind, struct smd_span name)
{
	struct emptying *emptying = arg;
	struct mentions *to = kind == SMD_REF_DEFINES ? &emptying->defines : &emptying->uses;

	if (kind == SMD_REF_HOLDS)
		return 0;
	if (smd_make_room(&to->list, to->count, &to->room, sizeof(*to->list)))
		return SMD_E_NO_MEMORY;
	to->list[to->count++] =
		(struct mention){smd_hash(name.at, name.length), (uint32_t)emptying->count};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct mention *x = a, *y = b;

	return (x->name > y->name) - (x->name < y->name);
}

static int see_lines(struct emptying *emptying, const struct smd_node *section)
{
	size_t room = 1;
	int err = 0;

	for (const struct smd_node *node = smd_node_first(section); node; node = node->next)
		room++;
	emptying->lines = calloc(room, sizeof(*emptying->lines));
	if (!emptying->lines)
		return SMD_E_NO_MEMORY;
	for (const struct smd_node *node = smd_node_first(section); node && !err;
	     node = node->next) {
		struct line *line = &emptying->lines[emptying->count];

		line->node = node;
		line->first = (uint32_t)emptying->defines.count;
		err = smd_refs_below(&emptying->refs, emptying->context, node, note_mention,
				     emptying);
		if (!err)
			err = smd_render_node_rule(emptying->render, emptying->context, node);
		smd_invalidator_init(&line->by, &emptying->render->node_rule.match);
		emptying->count++;
	}
	emptying->lines[emptying->count].first = (uint32_t)emptying->defines.count;
	if (emptying->uses.count)
		qsort(emptying->uses.list, emptying->uses.count, sizeof(*emptying->uses.list),
		      by_name);
	return err;
}

/* Removing */

/* Whether another line that is still there uses the name. */
static int is_used(const struct emptying *emptying, uint32_t name, size_t by)
{
	const struct mention *uses = emptying->uses.list, *end = uses + emptying->uses.count;
	const struct mention *at = bsearch(&(struct mention){.name = name}, uses,
					   emptying->uses.count, sizeof(*uses), by_name);

	if (!at)
		return 0;
	while (at > uses && at[-1].name == name)
		at--;
	for (; at < end && at->name == name; at++)
		if (at->line != by && !emptying->lines[at->line].gone)
			return 1;
	return 0;
}

static int is_needed(const struct emptying *emptying, size_t index)
{
	uint32_t end = emptying->lines[index + 1].first;

	for (uint32_t i = emptying->lines[index].first; i < end && emptying->uses.count; i++)
		if (is_used(emptying, emptying->defines.list[i].name, index))
			return 1;
	return 0;
}

static int remove_line(struct emptying *emptying, struct line *line)
{
	struct smd_buffer *text = &emptying->render->text;
	struct smd_words words;
	int removed, err;

	line->gone = 1;
	text->used = 0;
	smd_node_put_text(line->node, text);
	if (text->failed)
		return SMD_E_NO_MEMORY;
	smd_words_split(&words, (struct smd_span){text->bytes, text->used}, 0);
	err = smd_invalidators_remove(&emptying->invalidators, &words, &removed);
	if (err || removed)
		return err;
	if (line->by.compiled)
		err = smd_invalidators_add(&emptying->invalidators, &line->by,
					   (struct smd_span){text->bytes, text->used});
	return err ? err
		   : smd_render_remove(emptying->render, emptying->depth, emptying->context,
				       line->node);
}

/*
 * Remove the lines that invalidate others, or those that do not. Where lines use each other in a
 * ring, the first of them goes although it is used.
 */
static int remove_lines(struct emptying *emptying, int invalidators)
{
	int err = 0, any = 1, left = 1;

	while (left && !err) {
		int forced = !any;

		any = left = 0;
		for (size_t i = 0; i < emptying->count && !err; i++) {
			struct line *line = &emptying->lines[i];

			if (line->gone || (line->by.compiled != NULL) != invalidators)
				continue;
			if (is_needed(emptying, i) && !(forced && !any)) {
				left = 1;
				continue;
			}
			err = remove_line(emptying, line);
			any = 1;
		}
	}
	return err;
}

int smd_render_empty(struct smd_render *render, size_t depth, const struct smd_context *context,
		     const struct smd_node *section)
{
	struct emptying emptying = {.render = render,
				    .context = context,
				    .depth = depth,
				    .refs = {.grammar = render->grammar}};
	int err = see_lines(&emptying, section);

	for (int invalidators = 0; invalidators < 2 && !err; invalidators++)
		err = remove_lines(&emptying, invalidators);
	smd_refs_done(&emptying.refs);
	smd_invalidators_done(&emptying.invalidators);
	free(emptying.lines);
	free(emptying.defines.list);
	free(emptying.uses.list);
	return err == SMD_E_NO_MEMORY ? smd_render_no_memory(render) : err;
}
