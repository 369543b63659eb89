/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/prefilter.h"

#include "core/dialect/prefilter/section_filter.h"
#include "core/tree/own.h"

#define DEPTH_MAX 8   /* sections within each other that are looked into */
#define WORTH_LINES 6 /* shorter sections are read as fast as they are looked into */

struct smd_common {
	struct smd_scopes scopes;
	struct smd_scope *top;
	struct smd_skips a, b;
	size_t skip_room[2], line_room[2];
};

/* Sections that differ */

/* Is the piece one without a like, and long enough? */
static int is_worth_it(const struct smd_pieces *pieces, size_t index)
{
	const struct smd_piece *piece = &pieces->list[index];

	return piece->other == SMD_NO_PIECE && !piece->odd &&
	       smd_piece_end(pieces, index) - piece->first >= WORTH_LINES;
}

static uint32_t hash_of_head(const struct smd_pieces *pieces, size_t index)
{
	struct smd_span line = smd_piece_head(pieces, index);

	return smd_hash(line.at, line.length);
}

/* By their first lines, the pieces of the first text that are worth it. */
static int gather_heads(const struct smd_pieces *pieces, struct smd_table *heads)
{
	size_t count = 0;

	for (size_t i = 0; i < pieces->count; i++)
		count += (size_t)is_worth_it(pieces, i);
	if (smd_table_init(heads, count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < pieces->count; i++)
		if (is_worth_it(pieces, i))
			smd_table_put(heads, hash_of_head(pieces, i), i);
	return 0;
}

/* A piece of the first text that begins like this one of the second. */
static size_t find_head(const struct smd_scope *scope, const struct smd_table *heads, size_t b)
{
	struct smd_span line = smd_piece_head(&scope->b, b);
	uint32_t hash = hash_of_head(&scope->b, b);
	size_t slot = smd_table_find(heads, hash, hash);

	for (; heads->slots[slot].number; slot = smd_table_find(heads, hash, slot + 1))
		if (smd_span_same(smd_piece_head(&scope->a, heads->slots[slot].number - 1), line))
			return heads->slots[slot].number - 1;
	return SMD_NO_PIECE;
}

/* The context within a section that may be looked into, whose head was matched; NULL: it may not.
 */
static const struct smd_context *enter(struct smd_common *common, const struct smd_scope *scope)
{
	const struct smd_head *head = &common->scopes.head;
	const struct smd_rule *rule = smd_match_rule(&head->match);

	/* one that moves, or goes with what is in it, is entered again as a whole */
	if (!smd_rule_is_section(rule) || !smd_head_is_plain(head) ||
	    rule->flags & (SMD_RULE_HOLLOW | SMD_RULE_PLACED))
		return NULL;
	return smd_grammar_enter(head->grammar, scope->context, head->match.form->compiled);
}

/* The column of the lines in both sections; 0: there are none, or not the same in both. */
static size_t inner_column(struct smd_common *common, const struct smd_scope *scope, size_t a,
			   size_t b)
{
	size_t column = smd_piece_column(&scope->a, a, &common->scopes.cutter);

	return column > smd_line_column(smd_piece_head(&scope->a, a)) &&
			       column == smd_piece_column(&scope->b, b, &common->scopes.cutter)
		       ? column
		       : 0;
}

static int compare_pieces(struct smd_common *common, struct smd_scope *scope, unsigned depth);

/* By the head that was looked at last. */
static int keep_outer(struct smd_common *common, struct smd_scope *scope)
{
	const struct smd_parts *parts = &common->scopes.head.line_node.parts;
	struct smd_span outer = parts->key_count ? parts->keys[0] : parts->name;
	char *kept = smd_arena_take(&common->scopes.cutter.arena, outer.length + 1);

	if (!kept)
		return SMD_E_NO_MEMORY;
	memcpy(kept, outer.at, outer.length);
	scope->outer = (struct smd_span){kept, outer.length};
	return 0;
}

/* Cut what is in both sections into pieces, and compare those. */
static int compare_inner(struct smd_common *common, struct smd_scope *scope,
			 const struct smd_context *context, size_t a, size_t b, unsigned depth)
{
	struct smd_piece *from = &scope->a.list[a], *to = &scope->b.list[b];
	struct smd_cutter *cutter = &common->scopes.cutter;
	size_t column = inner_column(common, scope, a, b);
	struct smd_scope *inner =
		smd_scope_new(&common->scopes, context, scope->a.text, scope->b.text);
	int err;

	if (!inner || keep_outer(common, inner))
		return SMD_E_NO_MEMORY;
	inner->a.plain = scope->a.plain;
	inner->b.plain = scope->b.plain;
	err = smd_pieces_cut(&inner->a, cutter, context, from->first + 1u,
			     smd_piece_end(&scope->a, a), column);
	if (!err)
		err = smd_pieces_cut(&inner->b, cutter, context, to->first + 1u,
				     smd_piece_end(&scope->b, b), column);
	if (err || inner->a.ragged || inner->b.ragged)
		return err;
	from->inner = to->inner = inner;
	return compare_pieces(common, inner, depth);
}

static int look_into(struct smd_common *common, struct smd_scope *scope, size_t a, size_t b,
		     unsigned depth)
{
	struct smd_head *head = &common->scopes.head;
	const struct smd_context *context = NULL;
	uint64_t identity;

	if (smd_head_match(head, scope->context, smd_piece_head(&scope->a, a)))
		context = enter(common, scope);
	if (!context || !inner_column(common, scope, a, b))
		return 0;
	identity = smd_head_identity(head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	if (!smd_scope_is_sole(scope, identity))
		return 0;
	if (smd_head_respelled(head))
		return 0;
	smd_scope_say(scope, a, identity);
	return compare_inner(common, scope, context, a, b, depth);
}

/* Look into sections that both texts have, though not alike. */
static int look_into_all(struct smd_common *common, struct smd_scope *scope, unsigned depth)
{
	struct smd_table heads;
	int err = gather_heads(&scope->a, &heads);

	if (err)
		return err;
	for (size_t i = 0; i < scope->b.count && !err; i++) {
		size_t a = is_worth_it(&scope->b, i) ? find_head(scope, &heads, i) : SMD_NO_PIECE;

		if (a != SMD_NO_PIECE && !scope->a.list[a].inner)
			err = look_into(common, scope, a, i, depth);
	}
	free(heads.slots);
	return err;
}

static int compare_pieces(struct smd_common *common, struct smd_scope *scope, unsigned depth)
{
	int err = smd_pieces_pair(&scope->a, &scope->b);

	if (!err)
		err = smd_scope_choose(&common->scopes, scope);
	if (err || depth == DEPTH_MAX || scope->touchy)
		return err;
	return look_into_all(common, scope, depth + 1);
}

/* Ranges */

static int add_range(struct smd_skips *skips, size_t *room, uint32_t first, uint32_t end)
{
	size_t wanted = *room ? *room * 2 : 64;
	struct smd_range_of_lines *ranges;

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
	skips->ranges[skips->count++] = (struct smd_range_of_lines){first, end};
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

static int collect(struct smd_common *common, const struct smd_scope *scope, int second)
{
	const struct smd_pieces *pieces = second ? &scope->b : &scope->a;
	struct smd_skips *skips = second ? &common->b : &common->a;
	int err = 0;

	for (size_t i = 0; i < pieces->count && !err; i++) {
		const struct smd_piece *piece = &pieces->list[i];
		const struct smd_scope *inner = piece->inner;

		if (!inner && (second ? smd_scope_is_out(scope, i) : piece->out)) {
			err = add_range(skips, &common->skip_room[second], piece->first,
					smd_piece_end(pieces, i));
			continue;
		}
		err = add_line(skips, &common->line_room[second],
			       (struct smd_read_line){piece->first, scope->number,
						      inner ? inner->number : 0});
		if (!err && inner)
			err = collect(common, inner, second);
	}
	return err;
}

/* Does a line have a NUL? Then the text cannot be read, and the bytes of lines mean nothing. */
static int has_nul(const struct smd_text *text)
{
	for (size_t i = 0; i < text->count; i++) {
		struct smd_span line = smd_text_span(text, i);

		if (memchr(line.at, '\0', line.length))
			return 1;
	}
	return 0;
}

/* Can what is alike be seen from the bytes of lines? */
static int is_suited(const struct smd_grammar *grammar)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(grammar);

	return !smd_grammar_paths(grammar) && !dialect->quotes && !dialect->cut;
}

static int find(struct smd_common *common, struct smd_grammar *grammar, const struct smd_text *a,
		const struct smd_text *b)
{
	const struct smd_context *context = smd_grammar_top(grammar);
	struct smd_cutter *cutter = &common->scopes.cutter;
	struct smd_scope *top;
	int err = smd_scopes_init(&common->scopes, grammar);

	top = err ? NULL : smd_scope_new(&common->scopes, context, a, b);
	if (!top)
		return SMD_E_NO_MEMORY;
	top->a.plain = smd_text_is_plain(a);
	top->b.plain = smd_text_is_plain(b);
	if ((!top->a.plain && has_nul(a)) || (!top->b.plain && has_nul(b)))
		return 0;
	err = smd_pieces_cut(&top->a, cutter, context, 0, smd_text_count(a), 0);
	if (!err)
		err = smd_pieces_cut(&top->b, cutter, context, 0, smd_text_count(b), 0);
	if (err || top->a.ragged || top->b.ragged)
		return err;
	common->top = top;
	err = compare_pieces(common, top, 0);
	if (!err)
		err = collect(common, top, 0);
	return err ? err : collect(common, top, 1);
}

int smd_common_new(struct smd_grammar *grammar, const struct smd_text *a, const struct smd_text *b,
		   struct smd_common **out)
{
	smd_cleanup(smd_common_free) struct smd_common *common = calloc(1, sizeof(*common));
	int err;

	if (!common)
		return SMD_E_NO_MEMORY;
	err = is_suited(grammar) ? find(common, grammar, a, b) : 0;
	if (!err)
		*out = smd_take(common);
	return err;
}

void smd_common_free(struct smd_common *common)
{
	if (!common)
		return;
	smd_scopes_done(&common->scopes);
	free(common->a.ranges);
	free(common->b.ranges);
	free(common->a.lines);
	free(common->b.lines);
	free(common);
}

const struct smd_skips *smd_common_skips(const struct smd_common *common, int second)
{
	if (!common->top)
		return NULL;
	return second ? &common->b : &common->a;
}

int smd_common_note_uses(struct smd_common *common, struct smd_tree *tree)
{
	struct smd_names *uses = &common->scopes.uses;
	uint32_t *kept = smd_arena_take(&tree->arena, (uses->count + 1) * sizeof(*kept));

	if (!kept)
		return SMD_E_NO_MEMORY;
	smd_names_sort(uses);
	if (uses->count)
		memcpy(kept, uses->hashes, uses->count * sizeof(*kept));
	tree->unread_uses = kept;
	tree->unread_count = uses->count;
	tree->unread_any = common->scopes.uses_any;
	return 0;
}

/* Clashes */

static int clashes(const struct smd_scope *scope, const struct smd_node *section)
{
	struct smd_span keys[SMD_NODE_KEYS];

	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		const struct smd_piece *piece;
		struct smd_span name = {node->name->bytes, node->name->length};
		size_t said;

		for (size_t i = 0; i < node->key_count; i++)
			keys[i] = smd_span_of(smd_node_key(node, i));
		said = smd_scope_find(scope, smd_identity_of(name, keys, node->key_count));
		piece = said == SMD_NO_PIECE ? NULL : &scope->a.list[said];
		if (piece && (piece->out || (piece->inner && clashes(piece->inner, node))))
			return 1;
	}
	return 0;
}

int smd_common_clashes(const struct smd_common *common, const struct smd_tree *tree)
{
	return common->top && clashes(common->top, smd_tree_top(tree));
}
