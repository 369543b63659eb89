/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/common.h"

#include "core/cli/heads.h"
#include "core/cli/pieces.h"

#define DEPTH_MAX 8   /* sections within each other that are looked into */
#define WORTH_LINES 6 /* shorter sections are read as fast as they are looked into */

/* Hashes of names, sorted when all are there; with room for one a piece. */
struct names {
	uint32_t *hashes;
	uint8_t *done; /* of each, for the user */
	size_t count;
};

/* What a piece says that is left out, or looked into. */
struct said {
	uint64_t identity;
	size_t piece; /* of the first text */
};

/*
 * The lines of one section in both texts, or those below the root.
 *
 * identities  What pieces say that are left out: index into `said`.
 * sections    What the sections of either text are that are read.
 * touchy      A line that is read may take back, or make the device drop, what is not.
 */
struct scope {
	struct scope *next; /* of all there are */
	const struct smd_context *context;
	struct smd_pieces a, b;
	struct smd_table identities;
	struct said *said;
	size_t said_count;
	struct names sections[2];
	int touchy;
};

struct smd_common {
	struct smd_grammar *grammar;
	struct smd_cutter cutter;
	struct smd_head head;
	struct scope *all, *top;
	struct smd_skips a, b;
	size_t skip_room[2];
};

/* Names */

static int names_init(struct names *names, size_t room)
{
	names->hashes = calloc(room + 1, sizeof(*names->hashes));
	names->done = calloc(room + 1, 1);
	return names->hashes && names->done ? 0 : SMD_E_NO_MEMORY;
}

static void names_done(struct names *names)
{
	free(names->hashes);
	free(names->done);
}

static int by_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void names_sort(struct names *names)
{
	if (names->count)
		qsort(names->hashes, names->count, sizeof(*names->hashes), by_hash);
}

/* Of the same names, which were sorted, only one stays. */
static void names_merge(struct names *names)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->count; i++)
		if (!kept || names->hashes[kept - 1] != names->hashes[i])
			names->hashes[kept++] = names->hashes[i];
	names->count = kept;
}

static uint32_t *names_find(const struct names *names, uint32_t name)
{
	return names->count ? bsearch(&name, names->hashes, names->count, sizeof(name), by_hash)
			    : NULL;
}

static int is_once(const struct names *names, uint32_t name)
{
	const uint32_t *at = names_find(names, name), *end = names->hashes + names->count;

	return at && !(at > names->hashes && at[-1] == name) && !(at + 1 < end && at[1] == name);
}

/* Identities */

static uint32_t slot_hash(uint64_t identity)
{
	return (uint32_t)(identity >> 32);
}

static struct said *find_said(const struct scope *scope, uint64_t identity)
{
	const struct smd_table *table = &scope->identities;
	size_t slot = smd_table_slot(table, slot_hash(identity));

	for (; table->slots[slot]; slot = smd_table_slot(table, slot + 1))
		if (scope->said[table->slots[slot] - 1].identity == identity)
			return &scope->said[table->slots[slot] - 1];
	return NULL;
}

static void say(struct scope *scope, uint64_t identity, size_t piece)
{
	smd_table_put(&scope->identities, slot_hash(identity), scope->said_count);
	scope->said[scope->said_count++] = (struct said){identity, piece};
}

/* Pieces by their first lines */

static struct smd_span head_of(const struct smd_pieces *pieces, const struct smd_piece *piece)
{
	struct smd_span line;

	line = smd_text_span(pieces->text, piece->first);
	return line;
}

/* Has the section no lines that stand deeper? Then lines beside it may belong to it. */
static int is_flush(const struct smd_common *common, const struct smd_pieces *pieces,
		    const struct smd_piece *piece)
{
	return smd_piece_column(pieces, piece, &common->cutter) <=
	       smd_line_column(head_of(pieces, piece));
}

/* May the piece be left out, as far as the rule of its line says? */
static int read_head(struct smd_common *common, const struct scope *scope,
		     const struct smd_piece *piece)
{
	struct smd_head *head = &common->head;
	const struct smd_rule *rule;

	if (!smd_head_hit(head, scope->context, head_of(&scope->a, piece)) ||
	    !smd_head_is_plain(head))
		return 0;
	rule = smd_hit_rule(&head->hit);
	if (rule->flags & SMD_RULE_PLACED)
		return 0;
	if (rule->kind == SMD_RULE_SECTION)
		return !is_flush(common, &scope->a, piece);
	return (rule->kind == SMD_RULE_MEMBER || rule->kind == SMD_RULE_VALUE) &&
	       is_flush(common, &scope->a, piece);
}

/* Leaving out */

/* Leave a piece out of both texts, unless another that is left out says the same. */
static int leave_out(struct smd_common *common, struct scope *scope, size_t index)
{
	struct smd_piece *piece = &scope->a.list[index];
	uint64_t identity;
	struct said *said;

	if (piece->odd || piece->other == SMD_NO_PIECE || scope->b.list[piece->other].odd ||
	    !read_head(common, scope, piece))
		return 0;
	piece->defines = smd_head_defines(&common->head);
	identity = smd_head_identity(&common->head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	said = find_said(scope, identity);
	if (said)
		scope->a.list[said->piece].out = 0;
	else
		say(scope, identity, index);
	piece->out = !said;
	return 0;
}

/* Look at a line that is read; of one that takes another back, at what it takes back. */
static int take_read(struct smd_common *common, struct scope *scope, struct smd_span raw)
{
	struct smd_head *head = &common->head;
	struct smd_span line, positive;

	if (!smd_head_take(head, raw))
		return 0;
	line = head->line;
	positive = smd_grammar_positive(common->grammar, line);
	if (positive.length)
		scope->touchy |= smd_head_hit_line(head, scope->context, line, SMD_DEED_REMOVE);
	smd_head_hit_line(head, scope->context, positive.length ? positive : line, SMD_DEEDS_SAID);
	return 1;
}

/* What a line that is read is about is read, too. */
static int keep_same(struct smd_common *common, struct scope *scope,
		     const struct smd_pieces *pieces, const struct smd_piece *piece)
{
	uint64_t identity;
	struct said *said;

	if (!take_read(common, scope, head_of(pieces, piece)))
		return 0;
	identity = smd_head_identity(&common->head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	said = find_said(scope, identity);
	if (said)
		scope->a.list[said->piece].out = 0;
	return 0;
}

/* Is the piece of the second text left out with its like of the first? */
static int is_out(const struct scope *scope, size_t index)
{
	size_t other = scope->b.list[index].other;

	return other != SMD_NO_PIECE && scope->a.list[other].out &&
	       scope->a.list[other].other == index;
}

/* Note what the piece is and defines, which is read, and whether it is about others. */
static int note_read(struct smd_common *common, struct scope *scope, int second, size_t index,
		     struct names *names)
{
	const struct smd_pieces *pieces = second ? &scope->b : &scope->a;
	const struct smd_piece *piece = &pieces->list[index];
	struct names *sections = &scope->sections[second];
	struct smd_head *head = &common->head;
	uint64_t identity;
	uint32_t name;

	if (!smd_head_hit(head, scope->context, head_of(pieces, piece)))
		return 0;
	scope->touchy |= head->hit.form->known->drop_count > 0;
	name = smd_head_defines(head);
	if (name)
		names->hashes[names->count++] = name;
	if (!smd_rule_is_section(smd_hit_rule(&head->hit)))
		return 0;
	scope->touchy |= smd_hit_rule(&head->hit)->until && is_flush(common, pieces, piece);
	identity = smd_head_identity(head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	sections->hashes[sections->count++] = slot_hash(identity);
	return 0;
}

/* Where something is defined by lines that are read, one that is left out is read as well. */
static void keep_definers(struct scope *scope, struct names *names)
{
	for (size_t i = 0; i < scope->a.count; i++) {
		struct smd_piece *piece = &scope->a.list[i];
		uint32_t *name =
			piece->out && piece->defines ? names_find(names, piece->defines) : NULL;
		size_t at = name ? (size_t)(name - names->hashes) : 0;

		if (!name || names->done[at])
			continue;
		names->done[at] = 1;
		piece->out = 0;
	}
}

static int keep_for_read(struct smd_common *common, struct scope *scope)
{
	struct names names = {NULL, NULL, 0};
	int err = names_init(&names, scope->a.count + scope->b.count);

	if (!err)
		err = names_init(&scope->sections[0], scope->a.count);
	if (!err)
		err = names_init(&scope->sections[1], scope->b.count);
	for (size_t i = 0; i < scope->a.count && !err; i++)
		if (!scope->a.list[i].out)
			err = note_read(common, scope, 0, i, &names);
	for (size_t i = 0; i < scope->b.count && !err; i++)
		if (!is_out(scope, i))
			err = note_read(common, scope, 1, i, &names);
	names_sort(&scope->sections[0]);
	names_sort(&scope->sections[1]);
	names_sort(&names);
	names_merge(&names);
	if (!err)
		keep_definers(scope, &names);
	names_done(&names);
	return err;
}

/* One line stays at least, for a section with nothing in it may be another thing. */
static void keep_some(struct scope *scope, int top)
{
	for (size_t i = 0; i < scope->a.count; i++) {
		int out = scope->a.list[i].out;

		if (scope->touchy || (out && !top))
			scope->a.list[i].out = 0;
		if (out && !scope->touchy)
			return;
	}
}

static int choose(struct smd_common *common, struct scope *scope)
{
	int err = smd_table_init(&scope->identities, scope->a.count);

	scope->said = calloc(scope->a.count + 1, sizeof(*scope->said));
	if (err || !scope->said)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < scope->a.count && !err; i++)
		err = leave_out(common, scope, i);
	for (size_t i = 0; i < scope->a.count && !err; i++)
		err = scope->a.list[i].out ? 0
					   : keep_same(common, scope, &scope->a, &scope->a.list[i]);
	for (size_t i = 0; i < scope->b.count && !err; i++)
		err = is_out(scope, i) ? 0 : keep_same(common, scope, &scope->b, &scope->b.list[i]);
	if (!err)
		err = keep_for_read(common, scope);
	if (!err)
		keep_some(scope, scope == common->top);
	return err;
}

/* Sections that differ */

static int look_into(struct smd_common *common, struct scope *scope, size_t a, size_t b,
		     unsigned depth);

/* A piece without a like that begins with this line. */
static size_t find_head(const struct smd_pieces *pieces, struct smd_table *table,
			struct smd_span line)
{
	size_t slot = smd_table_slot(table, smd_hash(line.at, line.length));

	for (; table->slots[slot]; slot = smd_table_slot(table, slot + 1)) {
		size_t index = table->slots[slot] - 1;

		if (smd_span_same(head_of(pieces, &pieces->list[index]), line))
			return index;
	}
	return SMD_NO_PIECE;
}

/* Look into sections that both texts have, though not alike. */
static int look_into_all(struct smd_common *common, struct scope *scope, unsigned depth)
{
	struct smd_table heads;
	int err = smd_table_init(&heads, scope->a.count);

	for (size_t i = 0; i < scope->a.count && !err; i++) {
		const struct smd_piece *piece = &scope->a.list[i];
		struct smd_span line = head_of(&scope->a, piece);

		if (piece->other == SMD_NO_PIECE && piece->end - piece->first >= WORTH_LINES)
			smd_table_put(&heads, smd_hash(line.at, line.length), i);
	}
	for (size_t i = 0; i < scope->b.count && !err; i++) {
		const struct smd_piece *piece = &scope->b.list[i];
		size_t a;

		if (piece->other != SMD_NO_PIECE || piece->end - piece->first < WORTH_LINES)
			continue;
		a = find_head(&scope->a, &heads, head_of(&scope->b, piece));
		if (a != SMD_NO_PIECE && !scope->a.list[a].inner)
			err = look_into(common, scope, a, i, depth);
	}
	free(heads.slots);
	return err;
}

static struct scope *scope_new(struct smd_common *common, const struct smd_context *context,
			       const struct smd_text *a, const struct smd_text *b)
{
	struct scope *scope = calloc(1, sizeof(*scope));

	if (!scope)
		return NULL;
	scope->context = context;
	scope->a.text = a;
	scope->b.text = b;
	scope->next = common->all;
	return common->all = scope;
}

static int compare_pieces(struct smd_common *common, struct scope *scope, unsigned depth)
{
	int err = smd_pieces_pair(&scope->a, &scope->b);

	if (!err)
		err = choose(common, scope);
	if (err || depth == DEPTH_MAX || scope->touchy)
		return err;
	return look_into_all(common, scope, depth + 1);
}

/* The context within a section that may be looked into, whose head was hit; NULL: it may not. */
static const struct smd_context *enter(struct smd_common *common, const struct scope *scope)
{
	const struct smd_head *head = &common->head;
	const struct smd_rule *rule = smd_hit_rule(&head->hit);

	/* one that moves, or goes with what is in it, is entered again as a whole */
	if (!smd_rule_is_section(rule) || !smd_head_is_plain(head) ||
	    rule->flags & (SMD_RULE_HOLLOW | SMD_RULE_PLACED))
		return NULL;
	return smd_grammar_enter(common->grammar, scope->context, head->hit.form->known);
}

static int look_into(struct smd_common *common, struct scope *scope, size_t a, size_t b,
		     unsigned depth)
{
	struct smd_piece *from = &scope->a.list[a], *to = &scope->b.list[b];
	size_t column = smd_piece_column(&scope->a, from, &common->cutter);
	const struct smd_context *context = NULL;
	struct scope *inner;
	uint64_t identity;
	int err;

	if (smd_head_hit(&common->head, scope->context, head_of(&scope->a, from)))
		context = enter(common, scope);
	if (!context || from->odd || to->odd ||
	    column <= smd_line_column(head_of(&scope->a, from)) ||
	    column != smd_piece_column(&scope->b, to, &common->cutter))
		return 0;
	identity = smd_head_identity(&common->head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	if (find_said(scope, identity) || !is_once(&scope->sections[0], slot_hash(identity)) ||
	    !is_once(&scope->sections[1], slot_hash(identity)))
		return 0; /* another piece says something about it */
	say(scope, identity, a);
	inner = scope_new(common, context, scope->a.text, scope->b.text);
	if (!inner)
		return SMD_E_NO_MEMORY;
	err = smd_pieces_cut(&inner->a, &common->cutter, context, from->first + 1, from->end,
			     column);
	if (!err)
		err = smd_pieces_cut(&inner->b, &common->cutter, context, to->first + 1, to->end,
				     column);
	if (err || inner->a.ragged || inner->b.ragged)
		return err;
	from->inner = to->inner = inner;
	return compare_pieces(common, inner, depth);
}

/* Ranges */

static int add_range(struct smd_skips *skips, size_t *room, const struct smd_piece *piece)
{
	size_t wanted = *room ? *room * 2 : 64;
	struct smd_range_of_lines *ranges;

	if (skips->count && skips->ranges[skips->count - 1].end == piece->first) {
		skips->ranges[skips->count - 1].end = piece->end;
		return 0;
	}
	if (skips->count == *room) {
		ranges = reallocarray(skips->ranges, wanted, sizeof(*ranges));
		if (!ranges)
			return SMD_E_NO_MEMORY;
		skips->ranges = ranges;
		*room = wanted;
	}
	skips->ranges[skips->count++] = (struct smd_range_of_lines){piece->first, piece->end};
	return 0;
}

static int collect(struct smd_common *common, const struct scope *scope, int second)
{
	const struct smd_pieces *pieces = second ? &scope->b : &scope->a;
	struct smd_skips *skips = second ? &common->b : &common->a;
	int err = 0;

	for (size_t i = 0; i < pieces->count && !err; i++) {
		const struct smd_piece *piece = &pieces->list[i];

		if (piece->inner)
			err = collect(common, piece->inner, second);
		else if (second ? is_out(scope, i) : piece->out)
			err = add_range(skips, &common->skip_room[second], piece);
	}
	return err;
}

static int find(struct smd_common *common, const struct smd_text *a, const struct smd_text *b)
{
	const struct smd_context *context = smd_grammar_top(common->grammar);
	int err = smd_cutter_init(&common->cutter, common->grammar);

	common->top = err ? NULL : scope_new(common, context, a, b);
	if (!common->top)
		return SMD_E_NO_MEMORY;
	err = smd_pieces_cut(&common->top->a, &common->cutter, context, 0, smd_text_count(a), 0);
	if (!err)
		err = smd_pieces_cut(&common->top->b, &common->cutter, context, 0,
				     smd_text_count(b), 0);
	if (!err)
		err = compare_pieces(common, common->top, 0);
	if (!err)
		err = collect(common, common->top, 0);
	return err ? err : collect(common, common->top, 1);
}

int smd_common_new(struct smd_grammar *grammar, const struct smd_text *a, const struct smd_text *b,
		   struct smd_common **out)
{
	smd_cleanup(smd_common_free) struct smd_common *common = calloc(1, sizeof(*common));
	int err;

	if (!common)
		return SMD_E_NO_MEMORY;
	common->grammar = common->head.grammar = grammar;
	err = smd_grammar_paths(grammar) ? 0 : find(common, a, b);
	if (!err)
		*out = smd_take(common);
	return err;
}

void smd_common_free(struct smd_common *common)
{
	struct scope *next;

	if (!common)
		return;
	for (struct scope *scope = common->all; scope; scope = next) {
		next = scope->next;
		smd_pieces_done(&scope->a);
		smd_pieces_done(&scope->b);
		free(scope->identities.slots);
		free(scope->said);
		names_done(&scope->sections[0]);
		names_done(&scope->sections[1]);
		free(scope);
	}
	smd_cutter_done(&common->cutter);
	free(common->a.ranges);
	free(common->b.ranges);
	smd_head_done(&common->head);
	free(common);
}

const struct smd_skips *smd_common_skips(const struct smd_common *common, int second)
{
	return second ? &common->b : &common->a;
}

/* Clashes */

static int clashes(const struct scope *scope, const struct smd_node *section)
{
	struct smd_span keys[SMD_NODE_KEYS];

	if (!scope->said_count)
		return 0;
	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		const struct smd_piece *piece;
		const struct said *said;

		for (size_t i = 0; i < node->key_count; i++)
			keys[i] = smd_span_of(smd_node_key(node, i));
		said = find_said(scope, smd_identity_of((struct smd_span){node->name->bytes,
									  node->name->length},
							keys, node->key_count));
		piece = said ? &scope->a.list[said->piece] : NULL;
		if (piece && (piece->out || (piece->inner && clashes(piece->inner, node))))
			return 1;
	}
	return 0;
}

int smd_common_clashes(const struct smd_common *common, const struct smd_tree *tree)
{
	return common->top && clashes(common->top, smd_tree_top(tree));
}
