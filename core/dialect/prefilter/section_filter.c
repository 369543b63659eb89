/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/section_filter.h"

#include "core/dialect/edit/statement.h"

int smd_scopes_init(struct smd_scopes *scopes, struct smd_grammar *grammar)
{
	scopes->grammar = scopes->head.grammar = grammar;
	return smd_cutter_init(&scopes->cutter, grammar);
}

struct smd_scope *smd_scope_new(struct smd_scopes *scopes, const struct smd_context *context,
				const struct smd_text *a, const struct smd_text *b)
{
	struct smd_scope *scope = calloc(1, sizeof(*scope));

	if (!scope)
		return NULL;
	scope->number = scopes->all ? scopes->all->number + 1 : 1;
	scope->context = context;
	scope->outer = (struct smd_span){"", 0};
	scope->a.text = a;
	scope->b.text = b;
	scope->next = scopes->all;
	return scopes->all = scope;
}

void smd_scopes_done(struct smd_scopes *scopes)
{
	struct smd_scope *next;

	for (struct smd_scope *scope = scopes->all; scope; scope = next) {
		next = scope->next;
		free(scope->said.slots);
		free(scope->sections[0].hashes);
		free(scope->sections[1].hashes);
		free(scope);
	}
	free(scopes->uses.hashes);
	smd_cutter_done(&scopes->cutter);
	smd_head_done(&scopes->head);
}

/* Names */

static int names_init(struct smd_names *names, size_t room)
{
	names->count = 0;
	names->hashes = calloc(room + 1, sizeof(*names->hashes));
	return names->hashes ? 0 : SMD_E_NO_MEMORY;
}

static int by_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

void smd_names_sort(struct smd_names *names)
{
	if (names->count)
		qsort(names->hashes, names->count, sizeof(*names->hashes), by_hash);
}

static const uint32_t *names_find(const struct smd_names *names, uint32_t name)
{
	return names->count ? bsearch(&name, names->hashes, names->count, sizeof(name), by_hash)
			    : NULL;
}

static int is_once(const struct smd_names *names, uint32_t name)
{
	const uint32_t *at = names_find(names, name), *end = names->hashes + names->count;

	return at && !(at > names->hashes && at[-1] == name) && !(at + 1 < end && at[1] == name);
}

/* Identities */

static uint32_t short_of(uint64_t identity)
{
	return (uint32_t)(identity >> 32);
}

size_t smd_scope_find(const struct smd_scope *scope, uint64_t identity)
{
	uint32_t hash = short_of(identity);
	size_t slot = smd_table_find(&scope->said, hash, hash);

	for (; scope->said.slots[slot].number; slot = smd_table_find(&scope->said, hash, slot + 1))
		if (scope->a.list[scope->said.slots[slot].number - 1].identity == identity)
			return scope->said.slots[slot].number - 1;
	return SMD_NO_PIECE;
}

void smd_scope_say(struct smd_scope *scope, size_t index, uint64_t identity)
{
	scope->a.list[index].identity = identity;
	smd_table_put(&scope->said, short_of(identity), index);
}

int smd_scope_is_sole(const struct smd_scope *scope, uint64_t identity)
{
	return smd_scope_find(scope, identity) == SMD_NO_PIECE &&
	       is_once(&scope->sections[0], short_of(identity)) &&
	       is_once(&scope->sections[1], short_of(identity));
}

/* Leaving out */

/* Has the section no lines that stand deeper? Then lines beside it may belong to it. */
static int is_flush(struct smd_scopes *scopes, const struct smd_pieces *pieces, size_t index)
{
	return smd_piece_column(pieces, index, &scopes->cutter) <=
	       smd_line_column(smd_piece_head(pieces, index));
}

/* May a piece of the first text be left out, as far as the rule of its line says? */
static int may_be_out(struct smd_scopes *scopes, const struct smd_scope *scope, size_t index)
{
	struct smd_head *head = &scopes->head;
	const struct smd_rule *rule;

	if (!smd_head_match(head, scope->context, smd_piece_head(&scope->a, index)) ||
	    !smd_head_is_plain(head))
		return 0;
	rule = smd_match_rule(&head->match);
	if (rule->flags & SMD_RULE_PLACED)
		return 0;
	if (rule->kind == SMD_RULE_SECTION)
		return !is_flush(scopes, &scope->a, index);
	return (rule->kind == SMD_RULE_MEMBER || rule->kind == SMD_RULE_VALUE) &&
	       is_flush(scopes, &scope->a, index);
}

static int add_use(void *arg, uint32_t name)
{
	struct smd_scopes *scopes = arg;
	size_t room = scopes->uses_room ? scopes->uses_room * 2 : 256;

	if (scopes->uses.count == scopes->uses_room) {
		uint32_t *hashes = reallocarray(scopes->uses.hashes, room, sizeof(*hashes));

		if (!hashes)
			return SMD_E_NO_MEMORY;
		scopes->uses.hashes = hashes;
		scopes->uses_room = room;
	}
	scopes->uses.hashes[scopes->uses.count++] = name;
	return 0;
}

/*
 * What is left out of a section that is looked into may refer to what is read. What it has in
 * sections of its own is not looked at: those may refer to anything.
 */
static int note_uses(struct smd_scopes *scopes, const struct smd_scope *scope,
		     const struct smd_piece *piece)
{
	if (scope->number == 1)
		return 0;
	scopes->uses_any |= !piece->leaf;
	return smd_head_uses(&scopes->head, scope->outer, add_use, scopes);
}

/* Leave a piece out of both texts, unless another that is left out says the same. */
static int leave_out(struct smd_scopes *scopes, struct smd_scope *scope, size_t index)
{
	struct smd_piece *piece = &scope->a.list[index];
	uint64_t identity;
	size_t same;

	if (piece->odd || piece->other == SMD_NO_PIECE || scope->b.list[piece->other].odd ||
	    !may_be_out(scopes, scope, index))
		return 0;
	piece->defines = smd_head_defines(&scopes->head, scope->outer);
	identity = smd_head_identity(&scopes->head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	piece->leaf = !smd_rule_is_section(smd_match_rule(&scopes->head.match));
	if (!piece->leaf && smd_head_respelled(&scopes->head))
		return 0; /* it may be of another rule than it seems */
	same = smd_scope_find(scope, identity);
	if (same != SMD_NO_PIECE) {
		scope->a.list[same].out = 0;
		return 0;
	}
	smd_scope_say(scope, index, identity);
	piece->out = 1;
	return note_uses(scopes, scope, piece);
}

int smd_scope_is_out(const struct smd_scope *scope, size_t index)
{
	size_t other = scope->b.list[index].other;

	return other != SMD_NO_PIECE && scope->a.list[other].out;
}

static void keep(struct smd_scope *scope, uint64_t identity)
{
	size_t same = smd_scope_find(scope, identity);

	if (same != SMD_NO_PIECE)
		scope->a.list[same].out = 0;
}

/* Look at a line that is read; of one that takes another back, at what it takes back. */
static int take_read(struct smd_scopes *scopes, struct smd_scope *scope, struct smd_span raw)
{
	struct smd_head *head = &scopes->head;
	struct smd_span line, positive;

	if (!smd_head_take(head, raw))
		return 0;
	line = head->line;
	positive = smd_grammar_positive(scopes->grammar, line);
	if (positive.length)
		scope->touchy |= smd_head_match_line(head, scope->context, line, SMD_FORM_UNSET);
	smd_head_match_line(head, scope->context, positive.length ? positive : line,
			    SMD_FORM_OPS_STATED);
	return 1;
}

/* A section before a line that nobody here knows may take it, if there is nothing in it. */
static void keep_taker(struct smd_scope *scope, const struct smd_pieces *pieces, size_t index)
{
	uint32_t before;

	if (!index)
		return;
	before = pieces == &scope->b ? scope->b.list[index - 1].other : (uint32_t)index - 1;
	if (before != SMD_NO_PIECE)
		scope->a.list[before].out = 0;
}

/* What a line that is read is about is read, too. */
static int keep_same(struct smd_scopes *scopes, struct smd_scope *scope,
		     const struct smd_pieces *pieces, size_t index)
{
	struct smd_head *head = &scopes->head;
	const struct smd_rule *rule;
	uint64_t identity;

	if (!take_read(scopes, scope, smd_piece_head(pieces, index)))
		return 0;
	rule = smd_match_rule(&head->match);
	if (!rule)
		keep_taker(scope, pieces, index);
	identity = smd_head_identity(head);
	keep(scope, identity);
	if (identity && rule && rule->kind == SMD_RULE_DEFAULT) { /* what it says is not set */
		smd_context_find_set(scope->context, &head->words, 0, &head->match);
		identity = smd_head_identity(head);
		keep(scope, identity);
	}
	return identity ? 0 : SMD_E_NO_MEMORY;
}

/* What is read */

typedef int (*visit_fn)(struct smd_scopes *scopes, struct smd_scope *scope,
			const struct smd_pieces *pieces, size_t index);

/* Each piece of either text that is not left out. */
static int visit_read(struct smd_scopes *scopes, struct smd_scope *scope, visit_fn visit)
{
	int err = 0;

	for (size_t i = 0; i < scope->a.count && !err; i++)
		if (!scope->a.list[i].out)
			err = visit(scopes, scope, &scope->a, i);
	for (size_t i = 0; i < scope->b.count && !err; i++)
		if (!smd_scope_is_out(scope, i))
			err = visit(scopes, scope, &scope->b, i);
	return err;
}

/* May what was matched change what others say, or is it to be seen with all its like? */
static int is_about_others(const struct smd_head *head)
{
	const struct smd_rule *rule = smd_match_rule(&head->match);

	return smd_match_is_dropper(&head->match) || rule->order ||
	       !head->match.form->compiled->negated;
}

/* Note whether the piece, which is read, is about others, and if it is a section, which. */
static int note_read(struct smd_scopes *scopes, struct smd_scope *scope,
		     const struct smd_pieces *pieces, size_t index)
{
	struct smd_names *sections = &scope->sections[pieces == &scope->b];
	struct smd_head *head = &scopes->head;
	uint64_t identity;

	if (!smd_head_match(head, scope->context, smd_piece_head(pieces, index)))
		return 0;
	scope->touchy |= is_about_others(head);
	pieces->list[index].defines = smd_head_defines(head, scope->outer);
	if (!smd_rule_is_section(smd_match_rule(&head->match)))
		return 0;
	scope->touchy |= smd_match_rule(&head->match)->until && is_flush(scopes, pieces, index);
	identity = smd_head_identity(head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	sections->hashes[sections->count++] = short_of(identity);
	return 0;
}

static size_t count_read(const struct smd_scope *scope, int second)
{
	size_t count = 0;

	for (size_t i = 0; i < (second ? scope->b.count : scope->a.count); i++)
		count += second ? !smd_scope_is_out(scope, i) : !scope->a.list[i].out;
	return count;
}

/* What is numbered in a table of names that lines define. */
enum definer {
	DEFINED_READ, /* by a line that is read */
	DEFINED_KEPT  /* and by one that was left out, and is read now */
};

static size_t count_definers(const struct smd_scope *scope)
{
	size_t count = 0;

	for (size_t i = 0; i < scope->a.count; i++)
		count += !scope->a.list[i].out && scope->a.list[i].defines;
	for (size_t i = 0; i < scope->b.count; i++)
		count += scope->b.list[i].defines != 0;
	return count;
}

static void add_definer(struct smd_table *names, const struct smd_piece *piece)
{
	if (!piece->out && piece->defines &&
	    !names->slots[smd_table_find(names, piece->defines, piece->defines)].number)
		smd_table_put(names, piece->defines, DEFINED_READ);
}

/* Where something is defined by lines that are read, one that is left out is read as well. */
static int keep_definers(struct smd_scope *scope)
{
	size_t count = count_definers(scope);
	struct smd_table names;

	if (!count)
		return 0;
	if (smd_table_init(&names, count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < scope->a.count; i++)
		add_definer(&names, &scope->a.list[i]);
	for (size_t i = 0; i < scope->b.count; i++)
		add_definer(&names, &scope->b.list[i]);
	for (size_t i = 0; i < scope->a.count; i++) {
		struct smd_piece *piece = &scope->a.list[i];
		struct smd_slot *slot;

		if (!piece->out || !piece->defines)
			continue;
		slot = &names.slots[smd_table_find(&names, piece->defines, piece->defines)];
		if (slot->number != DEFINED_READ + 1)
			continue;
		slot->number = DEFINED_KEPT + 1;
		piece->out = 0;
	}
	free(names.slots);
	return 0;
}

static int keep_for_read(struct smd_scopes *scopes, struct smd_scope *scope)
{
	int err = 0;

	for (int second = 0; second < 2 && !err; second++)
		err = names_init(&scope->sections[second], count_read(scope, second));
	if (!err)
		err = visit_read(scopes, scope, note_read);
	smd_names_sort(&scope->sections[0]);
	smd_names_sort(&scope->sections[1]);
	return err ? err : keep_definers(scope);
}

static void keep_all(struct smd_scope *scope)
{
	for (size_t i = 0; i < scope->a.count; i++)
		scope->a.list[i].out = 0;
}

/* A section with nothing in it may be another thing: one line stays that is there for sure. */
static void keep_one(struct smd_scope *scope)
{
	for (size_t i = 0; i < scope->a.count; i++)
		if (scope->a.list[i].out && scope->a.list[i].leaf) {
			scope->a.list[i].out = 0;
			return;
		}
	keep_all(scope);
}

int smd_scope_choose(struct smd_scopes *scopes, struct smd_scope *scope)
{
	int err = smd_table_init(&scope->said, scope->a.count);

	for (size_t i = 0; i < scope->a.count && !err; i++)
		err = leave_out(scopes, scope, i);
	if (!err)
		err = visit_read(scopes, scope, keep_same);
	if (!err)
		err = keep_for_read(scopes, scope);
	if (scope->touchy)
		keep_all(scope);
	else if (scope->number > 1)
		keep_one(scope);
	return err;
}
