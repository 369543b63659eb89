/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/common.h"

#include <ctype.h>

#include "core/cli/statement.h"

/* A line below the root and what belongs to it. */
struct piece {
	const char *at; /* its bytes, with what is between the lines */
	size_t size;
	size_t first, end; /* lines */
	uint32_t hash;
	uint32_t defines; /* hash of the name that its line defines; 0: it defines none */
	uint8_t odd;      /* it may hold what is read otherwise: never left out */
	uint8_t out;      /* it is left out */
	size_t other;     /* index of the like in the other text; NONE */
};

#define NONE SIZE_MAX

struct pieces {
	const struct smd_text *text;
	struct piece *list;
	size_t count, room;
	struct smd_skips skips;
};

/* A table of numbers by hash, open. */
struct table {
	size_t *slots; /* index + 1; 0: free */
	size_t size;   /* a power of two */
};

/*
 * blocks      First words of rules of blocks.
 * identities  By hash, what the pieces that are left out say: index into `said`.
 */
struct smd_common {
	struct smd_grammar *grammar;
	struct pieces a, b;
	struct smd_span *blocks;
	size_t block_count;
	uint8_t block_starts[256];
	struct table identities;
	struct said {
		struct smd_span text; /* in the arena */
		size_t piece;         /* of the first text */
	} * said;
	size_t said_count;
	struct smd_arena arena;
	struct smd_shape shape;
	struct smd_words words;
	struct smd_hit hit;
	struct smd_buffer clean, text;
};

/* Hashes of names that are defined, with room for one a piece. */
struct names {
	uint32_t *hashes;
	size_t count;
};

/* Tables */

static int table_init(struct table *table, size_t count)
{
	table->size = 16;
	while (table->size < count * 2)
		table->size *= 2;
	table->slots = calloc(table->size, sizeof(*table->slots));
	return table->slots ? 0 : SMD_E_NO_MEMORY;
}

/* Cutting a text into pieces */

static int more_pieces(struct pieces *pieces)
{
	size_t room = pieces->room ? pieces->room * 2 : 1024;
	struct piece *list;

	if (pieces->count < pieces->room)
		return 0;
	list = reallocarray(pieces->list, room, sizeof(*list));
	if (!list)
		return SMD_E_NO_MEMORY;
	pieces->list = list;
	pieces->room = room;
	return 0;
}

/* Does the line begin with a word that may begin a block? */
static int may_be_block(const struct smd_common *common, struct smd_span line)
{
	struct smd_span word;

	while (line.length && smd_is_blank(*line.at)) {
		line.at++;
		line.length--;
	}
	if (!line.length || !common->block_starts[(unsigned char)*line.at])
		return 0;
	word = smd_span_word(&line);
	for (size_t i = 0; i < common->block_count; i++)
		if (smd_span_same(common->blocks[i], word))
			return 1;
	return 0;
}

/* Does a piece begin here? Comments and closers belong to the one before them. */
static int begins_piece(const struct smd_common *common, struct smd_span line)
{
	const char *const *closers = smd_grammar_dialect(common->grammar)->closers;

	if (!line.length || smd_is_blank(*line.at))
		return 0;
	if (!isalnum((unsigned char)*line.at))
		return !smd_grammar_drops(common->grammar, smd_span_trim(line));
	for (size_t i = 0; closers && closers[i]; i++)
		if (*closers[i] == *line.at && smd_span_is(line, closers[i]))
			return 0;
	return 1;
}

static void end_piece(struct piece *piece, const char *at, size_t end)
{
	piece->end = end;
	piece->size = (size_t)(at - piece->at);
	piece->hash = smd_hash(piece->at, piece->size);
}

/* Take up one line; `*skip` is how many behind it belong to it whatever they are. */
static int take_line(struct smd_common *common, struct pieces *pieces, struct smd_span line,
		     size_t index, size_t *skip)
{
	struct piece *last = pieces->count ? &pieces->list[pieces->count - 1] : NULL;
	int block = may_be_block(common, line);

	*skip = 0;
	if (last && !begins_piece(common, line)) {
		last->odd |= (uint8_t)block;
		return 0;
	}
	if (last)
		end_piece(last, line.at, index);
	if (more_pieces(pieces))
		return SMD_E_NO_MEMORY;
	pieces->list[pieces->count++] =
		(struct piece){.at = line.at, .first = index, .other = NONE, .odd = (uint8_t)block};
	if (!last && !begins_piece(common, line))
		pieces->list[0].odd = 1;
	if (block)
		*skip = smd_block_lines(common->grammar, smd_grammar_top(common->grammar),
					pieces->text, index, line);
	return 0;
}

static int cut(struct smd_common *common, struct pieces *pieces)
{
	size_t count = smd_text_count(pieces->text), skip = 0;
	struct smd_span line = {"", 0};
	int err = 0;

	for (size_t i = 0; i < count && !err; i += 1 + skip) {
		line.at = smd_text_get(pieces->text, i, &line.length);
		err = take_line(common, pieces, line, i, &skip);
	}
	if (!err && pieces->count) {
		line.at = smd_text_get(pieces->text, count - 1, &line.length);
		end_piece(&pieces->list[pieces->count - 1], line.at + line.length, count);
	}
	return err;
}

/* What both have */

/* The piece of the first text with the bytes of this one of the second; NONE. */
static size_t find_like(const struct smd_common *common, const struct table *table,
			const struct piece *piece)
{
	size_t mask = table->size - 1, slot = piece->hash & mask;

	for (; table->slots[slot]; slot = (slot + 1) & mask) {
		const struct piece *like = &common->a.list[table->slots[slot] - 1];

		if (like->hash == piece->hash && like->size == piece->size &&
		    !memcmp(like->at, piece->at, like->size))
			return table->slots[slot] - 1;
	}
	return NONE;
}

/* Put a piece of the first text into the table; one that is there twice is odd. */
static void put_piece(struct smd_common *common, struct table *table, size_t index)
{
	struct piece *piece = &common->a.list[index];
	size_t mask = table->size - 1, slot = piece->hash & mask;
	size_t like = find_like(common, table, piece);

	if (like != NONE) {
		piece->odd = common->a.list[like].odd = 1;
		return;
	}
	while (table->slots[slot])
		slot = (slot + 1) & mask;
	table->slots[slot] = index + 1;
}

static int pair(struct smd_common *common)
{
	struct table table;

	if (table_init(&table, common->a.count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < common->a.count; i++)
		put_piece(common, &table, i);
	for (size_t i = 0; i < common->b.count; i++) {
		size_t like = find_like(common, &table, &common->b.list[i]);

		if (like == NONE)
			continue;
		if (common->a.list[like].other != NONE)
			common->a.list[like].odd = 1;
		common->a.list[like].other = i;
		common->b.list[i].other = like;
	}
	free(table.slots);
	return 0;
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

static struct said *find_said(const struct smd_common *common, struct smd_span text)
{
	const struct table *table = &common->identities;
	size_t mask = table->size - 1, slot = smd_hash(text.at, text.length) & mask;

	for (; table->slots[slot]; slot = (slot + 1) & mask)
		if (smd_span_same(common->said[table->slots[slot] - 1].text, text))
			return &common->said[table->slots[slot] - 1];
	return NULL;
}

static int say(struct smd_common *common, struct smd_span text, size_t piece)
{
	struct table *table = &common->identities;
	size_t mask = table->size - 1, slot = smd_hash(text.at, text.length) & mask;
	char *kept = smd_arena_take(&common->arena, text.length + 1);

	if (!kept)
		return SMD_E_NO_MEMORY;
	memcpy(kept, text.at, text.length);
	while (table->slots[slot])
		slot = (slot + 1) & mask;
	common->said[common->said_count++] = (struct said){{kept, text.length}, piece};
	table->slots[slot] = common->said_count;
	return 0;
}

/* The first line of a piece, and the rule that knows it; 0: there is none. */
static int hit_head(struct smd_common *common, const struct pieces *pieces,
		    const struct piece *piece, struct smd_span *line)
{
	int squeeze = smd_grammar_dialect(common->grammar)->squeeze, err;

	line->at = smd_text_get(pieces->text, piece->first, &line->length);
	*line = smd_grammar_cut(common->grammar,
				smd_line_clean(*line, squeeze, &common->clean, &err));
	if (err || !line->length || smd_grammar_drops(common->grammar, *line))
		return 0;
	smd_words_split(&common->words, *line, 0);
	return smd_context_find(smd_grammar_top(common->grammar), &common->words, 0, SMD_DEEDS_SAID,
				0, &common->hit);
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

/* The first line of a piece, by its rule; 0: it is nothing that may be left out. */
static int read_head(struct smd_common *common, const struct pieces *pieces,
		     const struct piece *piece)
{
	const struct smd_rule *rule;
	struct smd_span line;

	if (!hit_head(common, pieces, piece, &line))
		return 0;
	rule = smd_hit_rule(&common->hit);
	if (common->hit.form->deed != SMD_DEED_ENTER || common->hit.form->known->drop_count ||
	    rule->flags & (SMD_RULE_SPREAD | SMD_RULE_PLACED) ||
	    smd_grammar_positive(common->grammar, line).length)
		return 0;
	if (rule->kind == SMD_RULE_SECTION)
		return piece->end > piece->first + 1; /* lines beside it may belong to it */
	return rule->kind == SMD_RULE_MEMBER || rule->kind == SMD_RULE_VALUE;
}

/* Leave a piece out of both texts, unless another that is left out says the same. */
static int leave_out(struct smd_common *common, size_t index)
{
	struct piece *piece = &common->a.list[index];
	struct smd_shape *shape = &common->shape;
	struct smd_span text;
	struct said *said;

	if (piece->odd || piece->other == NONE || common->b.list[piece->other].odd ||
	    !read_head(common, &common->a, piece))
		return 0;
	piece->defines = hash_defined(common);
	if (smd_shape_line(shape, common->grammar, &common->hit, &common->words, 0, 0))
		return SMD_E_NO_MEMORY;
	put_identity(&common->text, shape->parts.name, shape->parts.keys, shape->parts.key_count);
	if (common->text.failed)
		return SMD_E_NO_MEMORY;
	text = (struct smd_span){common->text.bytes, common->text.used};
	said = find_said(common, text);
	if (said) {
		common->a.list[said->piece].out = 0;
		return 0;
	}
	piece->out = 1;
	return say(common, text, index);
}

/* A line that is read, and takes another back: what it is about is read, too. */
static int keep_negated(struct smd_common *common, const struct pieces *pieces,
			const struct piece *piece)
{
	struct smd_span line, positive;
	struct said *said;

	line.at = smd_text_get(pieces->text, piece->first, &line.length);
	positive = smd_grammar_positive(common->grammar, smd_span_trim(line));
	if (!positive.length)
		return 0;
	smd_words_split(&common->words, positive, 0);
	smd_context_find(smd_grammar_top(common->grammar), &common->words, 0, SMD_DEEDS_SAID, 0,
			 &common->hit);
	if (smd_shape_line(&common->shape, common->grammar, &common->hit, &common->words, 0, 0))
		return SMD_E_NO_MEMORY;
	put_identity(&common->text, common->shape.parts.name, common->shape.parts.keys,
		     common->shape.parts.key_count);
	if (common->text.failed)
		return SMD_E_NO_MEMORY;
	said = find_said(common, (struct smd_span){common->text.bytes, common->text.used});
	if (said)
		common->a.list[said->piece].out = 0;
	return 0;
}

/* Is the piece of the second text left out with its like of the first? */
static int is_out(const struct smd_common *common, size_t index)
{
	size_t other = common->b.list[index].other;

	return other != NONE && common->a.list[other].out && common->a.list[other].other == index;
}

/* Note what the piece defines, which is read. */
static void note_defined(struct smd_common *common, const struct pieces *pieces, size_t index,
			 struct names *names)
{
	struct smd_span line;
	uint32_t name =
		hit_head(common, pieces, &pieces->list[index], &line) ? hash_defined(common) : 0;

	if (name)
		names->hashes[names->count++] = name;
}

static int by_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Where something is defined by several lines, one of which is read, all of them are. */
static int keep_definers(struct smd_common *common)
{
	struct names names = {calloc(common->a.count + common->b.count + 1, sizeof(uint32_t)), 0};

	if (!names.hashes)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < common->a.count; i++)
		if (!common->a.list[i].out)
			note_defined(common, &common->a, i, &names);
	for (size_t i = 0; i < common->b.count; i++)
		if (!is_out(common, i))
			note_defined(common, &common->b, i, &names);
	qsort(names.hashes, names.count, sizeof(*names.hashes), by_hash);
	for (size_t i = 0; i < common->a.count; i++) {
		struct piece *piece = &common->a.list[i];

		if (piece->out && piece->defines &&
		    bsearch(&piece->defines, names.hashes, names.count, sizeof(*names.hashes),
			    by_hash))
			piece->out = 0;
	}
	free(names.hashes);
	return 0;
}

static int choose(struct smd_common *common)
{
	int err = table_init(&common->identities, common->a.count);

	common->said = calloc(common->a.count + 1, sizeof(*common->said));
	if (err || !common->said)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < common->a.count && !err; i++)
		err = leave_out(common, i);
	for (size_t i = 0; i < common->a.count && !err; i++)
		err = common->a.list[i].out ? 0
					    : keep_negated(common, &common->a, &common->a.list[i]);
	for (size_t i = 0; i < common->b.count && !err; i++)
		err = common->b.list[i].other != NONE
			      ? 0
			      : keep_negated(common, &common->b, &common->b.list[i]);
	return err ? err : keep_definers(common);
}

/* Ranges */

static int collect(struct smd_common *common, struct pieces *pieces, int second)
{
	struct smd_skips *skips = &pieces->skips;

	skips->ranges = calloc(pieces->count + 1, sizeof(*skips->ranges));
	if (!skips->ranges)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < pieces->count; i++) {
		const struct piece *piece = &pieces->list[i];

		if (second ? is_out(common, i) : piece->out)
			skips->ranges[skips->count++] =
				(struct smd_range_of_lines){piece->first, piece->end};
	}
	return 0;
}

static int gather_blocks(struct smd_common *common)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(common->grammar, &count);

	common->blocks = calloc(count + 1, sizeof(*common->blocks));
	if (!common->blocks)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		struct smd_span left = smd_span_of(known[i].rule->line), word;

		if (known[i].rule->kind != SMD_RULE_BLOCK)
			continue;
		word = smd_span_word(&left);
		while (word.length) { /* `a|b` begins with either */
			struct smd_span one = smd_list_cut(&word, '|');

			common->blocks[common->block_count++] = one;
			common->block_starts[(unsigned char)*one.at] = 1;
			if (common->block_count == count)
				break;
		}
	}
	return 0;
}

static int find(struct smd_common *common)
{
	int err = gather_blocks(common);

	if (!err)
		err = cut(common, &common->a);
	if (!err)
		err = cut(common, &common->b);
	if (!err)
		err = pair(common);
	if (!err)
		err = choose(common);
	if (!err)
		err = collect(common, &common->a, 0);
	return err ? err : collect(common, &common->b, 1);
}

int smd_common_new(struct smd_grammar *grammar, const struct smd_text *a, const struct smd_text *b,
		   struct smd_common **out)
{
	smd_cleanup(smd_common_free) struct smd_common *common = calloc(1, sizeof(*common));
	int err;

	if (!common)
		return SMD_E_NO_MEMORY;
	common->grammar = grammar;
	common->a.text = a;
	common->b.text = b;
	err = smd_grammar_paths(grammar) ? 0 : find(common);
	if (!err)
		*out = smd_take(common);
	return err;
}

void smd_common_free(struct smd_common *common)
{
	if (!common)
		return;
	free(common->a.list);
	free(common->b.list);
	free(common->a.skips.ranges);
	free(common->b.skips.ranges);
	free(common->blocks);
	free(common->identities.slots);
	free(common->said);
	smd_arena_done(&common->arena);
	smd_shape_done(&common->shape);
	smd_buffer_done(&common->clean);
	smd_buffer_done(&common->text);
	free(common);
}

const struct smd_skips *smd_common_skips(const struct smd_common *common, int second)
{
	return second ? &common->b.skips : &common->a.skips;
}

int smd_common_clashes(const struct smd_common *common, const struct smd_tree *tree)
{
	struct smd_span keys[SMD_NODE_KEYS];
	struct smd_buffer text = {0};
	int clashes = 0;

	if (!common->said_count)
		return 0;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node && !clashes;
	     node = node->next) {
		const struct said *said;

		for (size_t i = 0; i < node->key_count; i++)
			keys[i] = smd_span_of(smd_node_key(node, i));
		put_identity(&text, (struct smd_span){node->name->bytes, node->name->length}, keys,
			     node->key_count);
		if (text.failed)
			break;
		said = find_said(common, (struct smd_span){text.bytes, text.used});
		clashes = said && common->a.list[said->piece].out;
	}
	clashes |= text.failed;
	smd_buffer_done(&text);
	return clashes;
}
