/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/prefilter.h"

#include "core/dialect/prefilter/section_filter.h"
#include "core/tree/own.h"

#define DEPTH_MAX 8 /* levels of sections that are split */
#define MIN_LINES 6 /* lines; to split shorter chunks is slower than to read them */

struct smd_prefilter {
	struct smd_section_filters filters;
	struct smd_section_filter *top;
	struct smd_skips a, b;
	size_t skip_room[2], line_room[2];
};

/* Sections that differ */

/* Whether this chunk is unmatched and long enough to be worth splitting. */
static int is_worth_splitting(const struct smd_chunks *chunks, size_t index)
{
	const struct smd_chunk *chunk = &chunks->list[index];

	return chunk->other == SMD_NO_CHUNK && !chunk->opaque &&
	       smd_chunk_end(chunks, index) - chunk->first >= MIN_LINES;
}

static uint32_t first_line_hash(const struct smd_chunks *chunks, size_t index)
{
	struct smd_span line = smd_chunk_first_line(chunks, index);

	return smd_hash(line.at, line.length);
}

/* Index the chunks of the first text that are worth splitting by their first lines. */
static int index_first_lines(const struct smd_chunks *chunks, struct smd_table *heads)
{
	size_t count = 0;

	for (size_t i = 0; i < chunks->count; i++)
		count += (size_t)is_worth_splitting(chunks, i);
	if (smd_table_init(heads, count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < chunks->count; i++)
		if (is_worth_splitting(chunks, i))
			smd_table_put(heads, first_line_hash(chunks, i), i);
	return 0;
}

/* The chunk of the first text that begins like chunk `b` of the second; SMD_NO_CHUNK: none. */
static size_t find_first_line(const struct smd_section_filter *filter,
			      const struct smd_table *heads, size_t b)
{
	struct smd_span line = smd_chunk_first_line(&filter->b, b);
	uint32_t hash = first_line_hash(&filter->b, b);
	size_t slot = smd_table_find(heads, hash, hash);

	for (; heads->slots[slot].number; slot = smd_table_find(heads, hash, slot + 1))
		if (smd_span_same(smd_chunk_first_line(&filter->a, heads->slots[slot].number - 1),
				  line))
			return heads->slots[slot].number - 1;
	return SMD_NO_CHUNK;
}

/* The context in which the chunks of the section of the head read last are compared; or NULL. */
static const struct smd_context *inner_context(struct smd_prefilter *prefilter,
					       const struct smd_section_filter *filter)
{
	const struct smd_chunk_head *head = &prefilter->filters.head;
	const struct smd_rule *rule = smd_match_rule(&head->match);

	/* a section that moves, or is removed when it is empty, is entered again as a whole */
	if (!smd_rule_is_section(rule) || !smd_chunk_head_is_plain(head) ||
	    rule->flags & (SMD_RULE_EMPTY_IS_ABSENT | SMD_RULE_ORDERED_SECTION))
		return NULL;
	return smd_grammar_enter(head->grammar, filter->context, head->match.form->compiled);
}

/* The column of the lines in both sections; 0: there are none, or the columns differ. */
static size_t inner_column(struct smd_prefilter *prefilter, const struct smd_section_filter *filter,
			   size_t a, size_t b)
{
	size_t column = smd_chunk_column(&filter->a, a, &prefilter->filters.splitter);

	return column > smd_line_column(smd_chunk_first_line(&filter->a, a)) &&
			       column ==
				       smd_chunk_column(&filter->b, b, &prefilter->filters.splitter)
		       ? column
		       : 0;
}

static int compare_chunks(struct smd_prefilter *prefilter, struct smd_section_filter *filter,
			  unsigned depth);

/* Copy the key of the section whose head was read last. */
static int keep_enclosing_key(struct smd_prefilter *prefilter, struct smd_section_filter *filter)
{
	const struct smd_parts *parts = &prefilter->filters.head.line_node.parts;
	struct smd_span enclosing_key = parts->key_count ? parts->keys[0] : parts->name;
	char *kept = smd_arena_take(&prefilter->filters.splitter.arena, enclosing_key.length + 1);

	if (!kept)
		return SMD_E_NO_MEMORY;
	memcpy(kept, enclosing_key.at, enclosing_key.length);
	filter->enclosing_key = (struct smd_span){kept, enclosing_key.length};
	return 0;
}

/* Split the lines in both sections into chunks and compare these. */
static int compare_inner(struct smd_prefilter *prefilter, struct smd_section_filter *filter,
			 const struct smd_context *context, size_t a, size_t b, unsigned depth)
{
	struct smd_chunk *from = &filter->a.list[a], *to = &filter->b.list[b];
	struct smd_splitter *splitter = &prefilter->filters.splitter;
	size_t column = inner_column(prefilter, filter, a, b);
	struct smd_section_filter *inner = smd_section_filter_new(&prefilter->filters, context,
								  filter->a.text, filter->b.text);
	int err;

	if (!inner || keep_enclosing_key(prefilter, inner))
		return SMD_E_NO_MEMORY;
	inner->a.plain = filter->a.plain;
	inner->b.plain = filter->b.plain;
	err = smd_chunks_split(&inner->a, splitter, context, from->first + 1u,
			       smd_chunk_end(&filter->a, a), column);
	if (!err)
		err = smd_chunks_split(&inner->b, splitter, context, to->first + 1u,
				       smd_chunk_end(&filter->b, b), column);
	if (err || inner->a.unsplittable || inner->b.unsplittable)
		return err;
	from->inner = to->inner = inner;
	return compare_chunks(prefilter, inner, depth);
}

static int compare_section(struct smd_prefilter *prefilter, struct smd_section_filter *filter,
			   size_t a, size_t b, unsigned depth)
{
	struct smd_chunk_head *head = &prefilter->filters.head;
	const struct smd_context *context = NULL;
	uint64_t identity;

	if (smd_chunk_head_match(head, filter->context, smd_chunk_first_line(&filter->a, a)))
		context = inner_context(prefilter, filter);
	if (!context || !inner_column(prefilter, filter, a, b))
		return 0;
	identity = smd_chunk_head_identity(head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	if (!smd_section_filter_is_unique(filter, identity))
		return 0;
	if (smd_chunk_head_respelled(head))
		return 0;
	smd_section_filter_add(filter, a, identity);
	return compare_inner(prefilter, filter, context, a, b, depth);
}

/* Compare the sections that both texts have with different lines in them. */
static int compare_sections(struct smd_prefilter *prefilter, struct smd_section_filter *filter,
			    unsigned depth)
{
	struct smd_table heads;
	int err = index_first_lines(&filter->a, &heads);

	if (err)
		return err;
	for (size_t i = 0; i < filter->b.count && !err; i++) {
		size_t a = is_worth_splitting(&filter->b, i) ? find_first_line(filter, &heads, i)
							     : SMD_NO_CHUNK;

		if (a != SMD_NO_CHUNK && !filter->a.list[a].inner)
			err = compare_section(prefilter, filter, a, i, depth);
	}
	free(heads.slots);
	return err;
}

static int compare_chunks(struct smd_prefilter *prefilter, struct smd_section_filter *filter,
			  unsigned depth)
{
	int err = smd_chunks_pair(&filter->a, &filter->b);

	if (!err)
		err = smd_section_filter_choose(&prefilter->filters, filter);
	if (err || depth == DEPTH_MAX || filter->affects_skipped)
		return err;
	return compare_sections(prefilter, filter, depth + 1);
}

/* Ranges */

static int add_range(struct smd_skips *skips, size_t *room, uint32_t first, uint32_t end)
{
	size_t wanted = *room ? *room * 2 : 64;
	struct smd_line_range *ranges;

	if (skips->count && skips->ranges[skips->count - 1].end == first) {
		skips->ranges[skips->count - 1].end = end;
		return 0;
	}
	if (skips->count == *room) {
		ranges = reallocarray(skips->ranges, wanted, sizeof(*ranges));
		if (!ranges)
			return SMD_E_NO_MEMORY;
		skips->ranges = ranges;
		*room = wanted;
	}
	skips->ranges[skips->count++] = (struct smd_line_range){first, end};
	return 0;
}

static int add_line(struct smd_skips *skips, size_t *room, struct smd_read_line line)
{
	size_t wanted = *room ? *room * 2 : 64;
	struct smd_read_line *lines;

	if (skips->line_count == *room) {
		lines = reallocarray(skips->lines, wanted, sizeof(*lines));
		if (!lines)
			return SMD_E_NO_MEMORY;
		skips->lines = lines;
		*room = wanted;
	}
	skips->lines[skips->line_count++] = line;
	return 0;
}

static int collect_skips(struct smd_prefilter *prefilter, const struct smd_section_filter *filter,
			 int second)
{
	const struct smd_chunks *chunks = second ? &filter->b : &filter->a;
	struct smd_skips *skips = second ? &prefilter->b : &prefilter->a;
	int err = 0;

	for (size_t i = 0; i < chunks->count && !err; i++) {
		const struct smd_chunk *chunk = &chunks->list[i];
		const struct smd_section_filter *inner = chunk->inner;

		if (!inner &&
		    (second ? smd_section_filter_is_skipped(filter, i) : chunk->skipped)) {
			err = add_range(skips, &prefilter->skip_room[second], chunk->first,
					smd_chunk_end(chunks, i));
			continue;
		}
		err = add_line(skips, &prefilter->line_room[second],
			       (struct smd_read_line){chunk->first, filter->number,
						      inner ? inner->number : 0});
		if (!err && inner)
			err = collect_skips(prefilter, inner, second);
	}
	return err;
}

/* Whether a line has a NUL byte: then the text is read whole, for the reader's error message. */
static int has_nul(const struct smd_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		struct smd_span line = smd_text_span(text, i);

		if (memchr(line.at, '\0', line.length))
			return 1;
	}
	return 0;
}

/* Whether lines with the same bytes always mean the same in this dialect. */
static int is_suited(const struct smd_grammar *grammar)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(grammar);

	return !smd_grammar_paths(grammar) && !dialect->quotes && !dialect->cut;
}

static int filter_texts(struct smd_prefilter *prefilter, struct smd_grammar *grammar,
			const struct smd_text *a, const struct smd_text *b)
{
	const struct smd_context *context = smd_grammar_top(grammar);
	struct smd_splitter *splitter = &prefilter->filters.splitter;
	struct smd_section_filter *top;
	int err = smd_section_filters_init(&prefilter->filters, grammar);

	top = err ? NULL : smd_section_filter_new(&prefilter->filters, context, a, b);
	if (!top)
		return SMD_E_NO_MEMORY;
	top->a.plain = smd_text_is_plain(a);
	top->b.plain = smd_text_is_plain(b);
	if ((!top->a.plain && has_nul(a)) || (!top->b.plain && has_nul(b)))
		return 0;
	err = smd_chunks_split(&top->a, splitter, context, 0, smd_text_count(a), 0);
	if (!err)
		err = smd_chunks_split(&top->b, splitter, context, 0, smd_text_count(b), 0);
	if (err || top->a.unsplittable || top->b.unsplittable)
		return err;
	prefilter->top = top;
	err = compare_chunks(prefilter, top, 0);
	if (!err)
		err = collect_skips(prefilter, top, 0);
	return err ? err : collect_skips(prefilter, top, 1);
}

int smd_prefilter_new(struct smd_grammar *grammar, const struct smd_text *a,
		      const struct smd_text *b, struct smd_prefilter **out)
{
	smd_cleanup(smd_prefilter_free) struct smd_prefilter *prefilter =
		calloc(1, sizeof(*prefilter));
	int err;

	if (!prefilter)
		return SMD_E_NO_MEMORY;
	err = is_suited(grammar) ? filter_texts(prefilter, grammar, a, b) : 0;
	if (!err)
		*out = smd_take(prefilter);
	return err;
}

void smd_prefilter_free(struct smd_prefilter *prefilter)
{
	if (!prefilter)
		return;
	smd_section_filters_done(&prefilter->filters);
	free(prefilter->a.ranges);
	free(prefilter->b.ranges);
	free(prefilter->a.lines);
	free(prefilter->b.lines);
	free(prefilter);
}

const struct smd_skips *smd_prefilter_skips(const struct smd_prefilter *prefilter, int second)
{
	if (!prefilter->top)
		return NULL;
	return second ? &prefilter->b : &prefilter->a;
}

struct smd_unread smd_prefilter_take_unread(struct smd_prefilter *prefilter,
					    const struct smd_text *a)
{
	struct smd_names *uses = &prefilter->filters.uses;
	size_t ranges = prefilter->a.count;

	smd_names_sort(uses);
	prefilter->a.count = 0;
	return (struct smd_unread){.uses = smd_take(uses->hashes),
				   .count = uses->count,
				   .any = prefilter->filters.uses_any,
				   .text = a,
				   .ranges = smd_take(prefilter->a.ranges),
				   .range_count = ranges};
}

/* Clashes */

static int clashes_below(const struct smd_section_filter *filter, const struct smd_node *section)
{
	struct smd_span keys[SMD_NODE_KEYS];

	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		const struct smd_chunk *chunk;
		struct smd_span name = {node->name->bytes, node->name->length};
		size_t found;

		for (size_t i = 0; i < node->key_count; i++)
			keys[i] = smd_span_of(smd_node_key(node, i));
		found = smd_section_filter_find(filter,
						smd_identity_of(name, keys, node->key_count));
		chunk = found == SMD_NO_CHUNK ? NULL : &filter->a.list[found];
		if (chunk &&
		    (chunk->skipped || (chunk->inner && clashes_below(chunk->inner, node))))
			return 1;
	}
	return 0;
}

int smd_prefilter_clashes(const struct smd_prefilter *prefilter, const struct smd_tree *tree)
{
	return prefilter->top && clashes_below(prefilter->top, smd_tree_top(tree));
}
