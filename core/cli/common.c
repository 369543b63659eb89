/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/common.h"

#include "core/cli/pieces.h"
#include "core/cli/statement.h"

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
	struct smd_span text; /* in the arena */
	size_t piece;         /* of the first text */
};

/*
 * The lines of one section in both texts, or those below the root.
 *
 * identities  By hash, what pieces say that are left out: index into `said`.
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
	struct scope *all, *top;
	struct smd_skips a, b;
	size_t skip_room[2];
	struct smd_arena arena;
	struct smd_shape shape;
	struct smd_words words;
	struct smd_hit hit;
	struct smd_buffer clean, text;
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

static void put_identity(struct smd_buffer *out, struct smd_span name, const struct smd_span *keys,
			 size_t count)
{
	out->used = 0;
	smd_buffer_put(out, name.at, name.length);
	for (size_t i = 0; i < count; i++) {
		smd_buffer_byte(out, '\0');
		smd_buffer_put(out, keys[i].at, keys[i].length);
	}
}

/* The identity of the node that the line becomes that was hit, in `text`. */
static int put_hit_identity(struct smd_common *common)
{
	struct smd_shape *shape = &common->shape;

	if (smd_shape_line(shape, common->grammar, &common->hit, &common->words, 0, 0))
		return SMD_E_NO_MEMORY;
	put_identity(&common->text, shape->parts.name, shape->parts.keys, shape->parts.key_count);
	return common->text.failed ? SMD_E_NO_MEMORY : 0;
}

static struct said *find_said(const struct scope *scope, const struct smd_buffer *identity)
{
	struct smd_span text = {identity->bytes, identity->used};
	const struct smd_table *table = &scope->identities;
	size_t slot = smd_table_slot(table, smd_hash(text.at, text.length));

	for (; table->slots[slot]; slot = smd_table_slot(table, slot + 1))
		if (smd_span_same(scope->said[table->slots[slot] - 1].text, text))
			return &scope->said[table->slots[slot] - 1];
	return NULL;
}

static int say(struct smd_common *common, struct scope *scope, size_t piece)
{
	const struct smd_buffer *text = &common->text;
	char *kept = smd_arena_take(&common->arena, text->used + 1);

	if (!kept)
		return SMD_E_NO_MEMORY;
	memcpy(kept, text->bytes, text->used);
	smd_table_put(&scope->identities, smd_hash(kept, text->used), scope->said_count);
	scope->said[scope->said_count++] = (struct said){{kept, text->used}, piece};
	return 0;
}

/* The first line of a piece */

static struct smd_span head_of(const struct smd_pieces *pieces, const struct smd_piece *piece)
{
	struct smd_span line;

	line.at = smd_text_get(pieces->text, piece->first, &line.length);
	return line;
}

/* The rule that knows it; 0: there is none. */
static int hit_head(struct smd_common *common, const struct scope *scope,
		    const struct smd_pieces *pieces, const struct smd_piece *piece,
		    struct smd_span *line)
{
	int squeeze = smd_grammar_dialect(common->grammar)->squeeze, err;

	line->at = smd_text_get(pieces->text, piece->first, &line->length);
	*line = smd_grammar_cut(common->grammar,
				smd_line_clean(*line, squeeze, &common->clean, &err));
	if (err || !line->length || smd_grammar_drops(common->grammar, *line))
		return 0;
	smd_words_split(&common->words, *line, 0);
	return smd_context_find(scope->context, &common->words, 0, SMD_DEEDS_SAID, 0, &common->hit);
}

/* What the line that was hit defines: the hash of its first name; 0: nothing. */
static uint32_t hash_defined(struct smd_common *common)
{
	const struct smd_rule *rule = smd_hit_rule(&common->hit);
	struct smd_span list = smd_span_of(rule->defines ? rule->defines : "");
	struct smd_filling filling = {.line = {"", 0}, .name = {"", 0}, .outer = {"", 0}};

	if (!list.length)
		return 0;
	common->text.used = 0;
	smd_hit_filling(&common->hit, &filling);
	smd_template_fill(smd_list_cut(&list, ';'), &filling, &common->text);
	return common->text.failed ? 0 : smd_hash(common->text.bytes, common->text.used) | 1;
}

/* Is the first key of the line that was hit more than one number? */
static int is_list(const struct smd_common *common)
{
	struct smd_span key = smd_match_place(&common->hit.form->pattern, &common->hit.match, 1);

	return memchr(key.at, ',', key.length) || memchr(key.at, '-', key.length);
}

/* Is the line that was hit one that says just what it says, and nothing about others? */
static int is_plain(const struct smd_common *common, struct smd_span line)
{
	const struct smd_rule *rule = smd_hit_rule(&common->hit);

	return common->hit.form->deed == SMD_DEED_ENTER && !common->hit.form->known->drop_count &&
	       !((rule->flags & SMD_RULE_SPREAD) && is_list(common)) &&
	       !smd_grammar_positive(common->grammar, line).length;
}

/* Has the section no lines that stand deeper? Then lines beside it may belong to it. */
static int is_flush(const struct smd_common *common, const struct smd_pieces *pieces,
		    const struct smd_piece *piece)
{
	return smd_piece_column(pieces, piece, common->grammar) <=
	       smd_line_column(head_of(pieces, piece));
}

/* May the piece be left out, as far as the rule of its line says? */
static int read_head(struct smd_common *common, const struct scope *scope,
		     const struct smd_piece *piece)
{
	const struct smd_rule *rule;
	struct smd_span line;

	if (!hit_head(common, scope, &scope->a, piece, &line) || !is_plain(common, line))
		return 0;
	rule = smd_hit_rule(&common->hit);
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
	struct said *said;

	if (piece->odd || piece->other == SMD_NO_PIECE || scope->b.list[piece->other].odd ||
	    !read_head(common, scope, piece))
		return 0;
	piece->defines = hash_defined(common);
	if (put_hit_identity(common))
		return SMD_E_NO_MEMORY;
	said = find_said(scope, &common->text);
	if (said) {
		scope->a.list[said->piece].out = 0;
		return 0;
	}
	piece->out = 1;
	return say(common, scope, index);
}

/* A line that is read, and takes another back: what it is about is read, too. */
static int keep_negated(struct smd_common *common, struct scope *scope,
			const struct smd_pieces *pieces, const struct smd_piece *piece)
{
	struct smd_span line, positive;
	struct said *said;

	line.at = smd_text_get(pieces->text, piece->first, &line.length);
	line = smd_span_trim(line);
	positive = smd_grammar_positive(common->grammar, line);
	if (!positive.length)
		return 0;
	smd_words_split(&common->words, line, 0);
	scope->touchy |= smd_context_find(scope->context, &common->words, 0, SMD_DEED_REMOVE, 0,
					  &common->hit);
	smd_words_split(&common->words, positive, 0);
	smd_context_find(scope->context, &common->words, 0, SMD_DEEDS_SAID, 0, &common->hit);
	if (put_hit_identity(common))
		return SMD_E_NO_MEMORY;
	said = find_said(scope, &common->text);
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
	struct smd_span line;
	uint32_t name;

	if (!hit_head(common, scope, pieces, piece, &line))
		return 0;
	scope->touchy |= common->hit.form->known->drop_count > 0;
	name = hash_defined(common);
	if (name)
		names->hashes[names->count++] = name;
	if (!smd_rule_is_section(smd_hit_rule(&common->hit)))
		return 0;
	scope->touchy |= smd_hit_rule(&common->hit)->until && is_flush(common, pieces, piece);
	if (put_hit_identity(common))
		return SMD_E_NO_MEMORY;
	sections->hashes[sections->count++] = smd_hash(common->text.bytes, common->text.used);
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
		err = scope->a.list[i].out
			      ? 0
			      : keep_negated(common, scope, &scope->a, &scope->a.list[i]);
	for (size_t i = 0; i < scope->b.count && !err; i++)
		err = is_out(scope, i) ? 0
				       : keep_negated(common, scope, &scope->b, &scope->b.list[i]);
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
static const struct smd_context *enter(struct smd_common *common, const struct scope *scope,
				       struct smd_span line)
{
	const struct smd_rule *rule = smd_hit_rule(&common->hit);

	/* one that moves, or goes with what is in it, is entered again as a whole */
	if (!smd_rule_is_section(rule) || !is_plain(common, line) ||
	    rule->flags & (SMD_RULE_HOLLOW | SMD_RULE_PLACED))
		return NULL;
	return smd_grammar_enter(common->grammar, scope->context, common->hit.form->known);
}

static int look_into(struct smd_common *common, struct scope *scope, size_t a, size_t b,
		     unsigned depth)
{
	struct smd_piece *from = &scope->a.list[a], *to = &scope->b.list[b];
	size_t column = smd_piece_column(&scope->a, from, common->grammar);
	const struct smd_context *context = NULL;
	struct smd_span line;
	struct scope *inner;
	uint32_t name;
	int err;

	if (hit_head(common, scope, &scope->a, from, &line))
		context = enter(common, scope, line);
	if (!context || from->odd || to->odd ||
	    column <= smd_line_column(head_of(&scope->a, from)) ||
	    column != smd_piece_column(&scope->b, to, common->grammar) || put_hit_identity(common))
		return 0;
	name = smd_hash(common->text.bytes, common->text.used);
	if (find_said(scope, &common->text) || !is_once(&scope->sections[0], name) ||
	    !is_once(&scope->sections[1], name))
		return 0; /* another piece says something about it */
	err = say(common, scope, a);
	inner = err ? NULL : scope_new(common, context, scope->a.text, scope->b.text);
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
	common->grammar = grammar;
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
	smd_arena_done(&common->arena);
	smd_shape_done(&common->shape);
	smd_buffer_done(&common->clean);
	smd_buffer_done(&common->text);
	free(common);
}

const struct smd_skips *smd_common_skips(const struct smd_common *common, int second)
{
	return second ? &common->b : &common->a;
}

/* Clashes */

static int clashes(const struct scope *scope, const struct smd_node *section,
		   struct smd_buffer *text)
{
	struct smd_span keys[SMD_NODE_KEYS];

	if (!scope->said_count)
		return 0;
	for (const struct smd_node *node = smd_node_first(section); node; node = node->next) {
		const struct smd_piece *piece;
		const struct said *said;

		for (size_t i = 0; i < node->key_count; i++)
			keys[i] = smd_span_of(smd_node_key(node, i));
		put_identity(text, (struct smd_span){node->name->bytes, node->name->length}, keys,
			     node->key_count);
		if (text->failed)
			return 1;
		said = find_said(scope, text);
		piece = said ? &scope->a.list[said->piece] : NULL;
		if (piece && (piece->out || (piece->inner && clashes(piece->inner, node, text))))
			return 1;
	}
	return 0;
}

int smd_common_clashes(const struct smd_common *common, const struct smd_tree *tree)
{
	struct smd_buffer text = {0};
	int found = common->top && clashes(common->top, smd_tree_top(tree), &text);

	smd_buffer_done(&text);
	return found;
}
