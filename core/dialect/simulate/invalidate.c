/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that the device removes when another line beside them changes. */
#include "core/base/array.h"
#include "core/dialect/simulate/internal.h"

#define FEW 16 /* so many lines are looked at one by one */

/*
 * An index of the lines of a section by their first words. Lines added later are read before it is
 * used again; some of its lines may have left the section.
 *
 * nodes  In the order of the section.
 * put    How many lines were ever put into the index.
 */
struct smd_device_lines {
	const struct smd_node *section;
	const struct smd_node **nodes;
	size_t count, room, put;
	struct smd_multimap index;
	struct smd_found found;
};

void smd_device_forget_lines(struct smd_device *device)
{
	struct smd_device_lines *lines = device->lines;

	device->lines = NULL;
	if (!lines)
		return;
	free(lines->nodes);
	smd_multimap_done(&lines->index);
	free(lines->found.list);
	free(lines);
}

/* The node's text as words. */
static int split_node(struct smd_device *device, const struct smd_node *node,
		      struct smd_words *words)
{
	struct smd_buffer *text = &device->writer.other;

	text->used = 0;
	smd_node_put_text(node, text);
	if (text->failed)
		return SMD_E_NO_MEMORY;
	smd_words_split(words, (struct smd_span){text->bytes, text->used}, 0);
	return 0;
}

/* How many of the first two words stay when the value of the node changes. */
static size_t count_fixed(struct smd_device *device, const struct smd_node *node)
{
	struct smd_buffer *text = &device->writer.other;
	struct smd_words words;

	if (!smd_node_valued(node) && node->kind != SMD_SET)
		return 2;
	if (node->flags & SMD_NODE_INFIX)
		return 0;
	text->used = 0;
	smd_node_put_name(node, text);
	if (text->failed)
		return 0;
	smd_words_split(&words, (struct smd_span){text->bytes, text->used}, 0);
	return words.count < 2 ? words.count : 2;
}

static int read_line(struct smd_device *device, struct smd_device_lines *lines,
		     const struct smd_node *node)
{
	size_t fixed = count_fixed(device, node);
	struct smd_words words;

	if (split_node(device, node, &words) ||
	    smd_make_room(&lines->nodes, lines->count, &lines->room,
			  sizeof(const struct smd_node *)) ||
	    smd_line_index_put(&lines->index, &words, fixed, (uint32_t)lines->count))
		return SMD_E_NO_MEMORY;
	lines->nodes[lines->count++] = node;
	lines->put++;
	return 0;
}

/* Read the lines behind the last one that is in the index and still in the section. */
static int read_new(struct smd_device *device, struct smd_device_lines *lines)
{
	const struct smd_node *node;
	int err = 0;

	while (lines->count && lines->nodes[lines->count - 1]->parent != lines->section)
		lines->count--;
	node = lines->count ? lines->nodes[lines->count - 1]->next : smd_node_first(lines->section);
	for (; node && !err; node = node->next)
		err = read_line(device, lines, node);
	return err;
}

/* The lines of a section; NULL: no memory. */
static struct smd_device_lines *lines_of(struct smd_device *device, const struct smd_node *section)
{
	struct smd_device_lines *lines = device->lines;

	if (lines &&
	    (lines->section != section || lines->put / 2 > smd_node_children(section)->count + FEW))
		smd_device_forget_lines(device);
	if (!device->lines) {
		device->lines = lines = calloc(1, sizeof(*lines));
		if (!lines)
			return NULL;
		lines->section = section;
	}
	return read_new(device, lines) ? NULL : lines;
}

/* Remove the node if the invalidator drops it. */
static int drop_line(struct smd_device *device, const struct smd_cursor *cursor,
		     const struct smd_invalidator *invalidator, const struct smd_node *node)
{
	struct smd_words words;

	if (split_node(device, node, &words))
		return smd_device_out_of_memory(device);
	return smd_invalidator_removes(invalidator, &words)
		       ? smd_device_remove(device, cursor, node)
		       : 0;
}

static int drop_one_by_one(struct smd_device *device, const struct smd_cursor *cursor,
			   const struct smd_invalidator *invalidator, const struct smd_node *except)
{
	const struct smd_node *next;
	int err = 0;

	for (const struct smd_node *node = smd_node_first(cursor->node); node && !err;
	     node = next) {
		next = smd_node_next(node);
		if (node != except)
			err = drop_line(device, cursor, invalidator, node);
	}
	return err;
}

int smd_device_invalidate(struct smd_device *device, const struct smd_cursor *cursor,
			  const struct smd_invalidator *invalidator, const struct smd_node *except)
{
	const struct smd_children *children = smd_node_children(cursor->node);
	struct smd_device_lines *lines;
	int err = 0;

	if (!invalidator->compiled || !children)
		return 0;
	if (children->count <= FEW)
		return drop_one_by_one(device, cursor, invalidator, except);
	lines = lines_of(device, cursor->node);
	if (!lines || smd_line_index_find(&lines->index, invalidator, &lines->found))
		return smd_device_out_of_memory(device);
	for (size_t i = 0; i < lines->found.count && !err; i++) {
		uint32_t number = lines->found.list[i];
		const struct smd_node *node = number < lines->count ? lines->nodes[number] : NULL;

		if (node && node->parent == cursor->node && node != except)
			err = drop_line(device, cursor, invalidator, node);
		if (!err && !device->lines) /* nodes were replaced: begin again */
			return smd_device_invalidate(device, cursor, invalidator, except);
	}
	return err;
}
