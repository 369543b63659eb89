/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/section_filter.h"

#include "core/dialect/edit/statement.h"
#include "core/dialect/line/invalidate.h"

#define LOOKS_MAX 1000000u /* beyond, a section is read whole */

int smd_section_filters_init(struct smd_section_filters *filters, struct smd_grammar *grammar)
{
	filters->grammar = filters->head.grammar = grammar;
	return smd_splitter_init(&filters->splitter, grammar);
}

struct smd_section_filter *smd_section_filter_new(struct smd_section_filters *filters,
						  const struct smd_context *context,
						  const struct smd_text *a,
						  const struct smd_text *b)
{
	struct smd_section_filter *filter = calloc(1, sizeof(*filter));

	if (!filter)
		return NULL;
	filter->number = filters->all ? filters->all->number + 1 : 1;
	filter->context = context;
	filter->enclosing_key = (struct smd_span){"", 0};
	filter->a.text = a;
	filter->b.text = b;
	filter->next = filters->all;
	return filters->all = filter;
}

void smd_section_filters_done(struct smd_section_filters *filters)
{
	struct smd_section_filter *next;

	for (struct smd_section_filter *filter = filters->all; filter; filter = next) {
		next = filter->next;
		free(filter->identities.slots);
		free(filter->sections[0].hashes);
		free(filter->sections[1].hashes);
		free(filter);
	}
	free(filters->uses.hashes);
	smd_splitter_done(&filters->splitter);
	smd_chunk_head_done(&filters->head);
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

size_t smd_section_filter_find(const struct smd_section_filter *filter, uint64_t identity)
{
	uint32_t hash = short_of(identity);
	size_t slot = smd_table_find(&filter->identities, hash, hash);

	for (; filter->identities.slots[slot].number;
	     slot = smd_table_find(&filter->identities, hash, slot + 1))
		if (filter->a.list[filter->identities.slots[slot].number - 1].identity == identity)
			return filter->identities.slots[slot].number - 1;
	return SMD_NO_CHUNK;
}

void smd_section_filter_add(struct smd_section_filter *filter, size_t index, uint64_t identity)
{
	filter->a.list[index].identity = identity;
	smd_table_put(&filter->identities, short_of(identity), index);
}

int smd_section_filter_is_unique(const struct smd_section_filter *filter, uint64_t identity)
{
	return smd_section_filter_find(filter, identity) == SMD_NO_CHUNK &&
	       is_once(&filter->sections[0], short_of(identity)) &&
	       is_once(&filter->sections[1], short_of(identity));
}

/* Choosing */

/* Whether no line stands deeper than the section's head: then the lines behind may belong to it. */
static int is_flush(struct smd_section_filters *filters, const struct smd_chunks *chunks,
		    size_t index)
{
	return smd_chunk_column(chunks, index, &filters->splitter) <=
	       smd_line_column(smd_chunk_first_line(chunks, index));
}

/* Whether a chunk of the first text may be skipped, by the rule of its head. */
static int may_skip(struct smd_section_filters *filters, const struct smd_section_filter *filter,
		    size_t index)
{
	struct smd_chunk_head *head = &filters->head;
	const struct smd_rule *rule;

	if (!smd_chunk_head_match(head, filter->context, smd_chunk_first_line(&filter->a, index)) ||
	    !smd_chunk_head_stays(head))
		return 0;
	rule = smd_match_rule(&head->match);
	if (rule->flags & SMD_RULE_ORDERED_SECTION)
		return 0;
	if (rule->kind == SMD_RULE_SECTION)
		return !is_flush(filters, &filter->a, index);
	return (rule->kind == SMD_RULE_MEMBER || rule->kind == SMD_RULE_VALUE) &&
	       is_flush(filters, &filter->a, index);
}

static int add_use(void *arg, uint32_t name)
{
	struct smd_section_filters *filters = arg;
	size_t room = filters->uses_room ? filters->uses_room * 2 : 256;

	if (filters->uses.count == filters->uses_room) {
		uint32_t *hashes = reallocarray(filters->uses.hashes, room, sizeof(*hashes));

		if (!hashes)
			return SMD_E_NO_MEMORY;
		filters->uses.hashes = hashes;
		filters->uses_room = room;
	}
	filters->uses.hashes[filters->uses.count++] = name;
	return 0;
}

/*
 * Note the names that a skipped chunk of a split section uses: lines that are read may define them.
 * What sections within it use is not looked at; they may use any name.
 */
static int note_uses(struct smd_section_filters *filters, const struct smd_section_filter *filter,
		     const struct smd_chunk *chunk)
{
	if (filter->number == 1)
		return 0;
	filters->uses_any |= !chunk->leaf;
	return smd_chunk_head_uses(&filters->head, filter->enclosing_key, add_use, filters);
}

/* Skip a chunk in both texts; but if a skipped one has the same identity, skip neither. */
static int skip_chunk(struct smd_section_filters *filters, struct smd_section_filter *filter,
		      size_t index)
{
	struct smd_chunk *chunk = &filter->a.list[index];
	uint64_t identity;
	size_t same;

	if (chunk->opaque || chunk->other == SMD_NO_CHUNK || filter->b.list[chunk->other].opaque ||
	    !may_skip(filters, filter, index))
		return 0;
	chunk->defines = smd_chunk_head_defines(&filters->head, filter->enclosing_key);
	identity = smd_chunk_head_identity(&filters->head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	chunk->leaf = !smd_rule_is_section(smd_match_rule(&filters->head.match));
	if (!chunk->leaf && smd_chunk_head_respelled(&filters->head))
		return 0; /* spelled in full, another rule may know it */
	same = smd_section_filter_find(filter, identity);
	if (same != SMD_NO_CHUNK) {
		filter->a.list[same].skipped = 0;
		return 0;
	}
	smd_section_filter_add(filter, index, identity);
	chunk->skipped = 1;
	return note_uses(filters, filter, chunk);
}

int smd_section_filter_is_skipped(const struct smd_section_filter *filter, size_t index)
{
	size_t other = filter->b.list[index].other;

	return other != SMD_NO_CHUNK && filter->a.list[other].skipped;
}

static void unskip_identity(struct smd_section_filter *filter, uint64_t identity)
{
	size_t same = smd_section_filter_find(filter, identity);

	if (same != SMD_NO_CHUNK)
		filter->a.list[same].skipped = 0;
}

/*
 * Match a line that is read, without its negation; a removal by a rule's `negate` affects skipped
 * lines. Returns whether it has content.
 */
static int take_read(struct smd_section_filters *filters, struct smd_section_filter *filter,
		     struct smd_span raw)
{
	struct smd_chunk_head *head = &filters->head;
	struct smd_span line, positive;

	if (!smd_chunk_head_read(head, raw))
		return 0;
	line = head->line;
	positive = smd_grammar_positive(filters->grammar, line);
	if (positive.length)
		filter->affects_skipped |=
			smd_chunk_head_match_line(head, filter->context, line, SMD_FORM_UNSET);
	smd_chunk_head_match_line(head, filter->context, positive.length ? positive : line,
				  SMD_FORM_OPS_STATED);
	return 1;
}

/* Also read the chunk before an unknown line: the line may belong to it, if it is empty. */
static void unskip_taker(struct smd_section_filter *filter, const struct smd_chunks *chunks,
			 size_t index)
{
	uint32_t before;

	if (!index)
		return;
	before = chunks == &filter->b ? filter->b.list[index - 1].other : (uint32_t)index - 1;
	if (before != SMD_NO_CHUNK)
		filter->a.list[before].skipped = 0;
}

/* Read chunks of the same identity as a line that is read, too. */
static int unskip_same(struct smd_section_filters *filters, struct smd_section_filter *filter,
		       const struct smd_chunks *chunks, size_t index)
{
	struct smd_chunk_head *head = &filters->head;
	const struct smd_rule *rule;
	uint64_t identity;

	if (!take_read(filters, filter, smd_chunk_first_line(chunks, index)))
		return 0;
	rule = smd_match_rule(&head->match);
	if (!rule)
		unskip_taker(filter, chunks, index);
	identity = smd_chunk_head_identity(head);
	unskip_identity(filter, identity);
	if (identity && rule && rule->kind == SMD_RULE_DEFAULT) { /* and what it resets */
		smd_context_find_set(filter->context, &head->words, 0, &head->match);
		identity = smd_chunk_head_identity(head);
		unskip_identity(filter, identity);
	}
	return identity ? 0 : SMD_E_NO_MEMORY;
}

/* Lines that are read */

typedef int (*visit_fn)(struct smd_section_filters *filters, struct smd_section_filter *filter,
			const struct smd_chunks *chunks, size_t index);

/* Call `visit` for each chunk of either text that is not skipped. */
static int visit_read(struct smd_section_filters *filters, struct smd_section_filter *filter,
		      visit_fn visit)
{
	int err = 0;

	for (size_t i = 0; i < filter->a.count && !err; i++)
		if (!filter->a.list[i].skipped)
			err = visit(filters, filter, &filter->a, i);
	for (size_t i = 0; i < filter->b.count && !err; i++)
		if (!smd_section_filter_is_skipped(filter, i))
			err = visit(filters, filter, &filter->b, i);
	return err;
}

/* Whether the matched line makes the device remove a line that is skipped. */
static int removes_skipped(const struct smd_section_filters *filters,
			   struct smd_section_filter *filter)
{
	const struct smd_chunk_head *head = &filters->head;
	int quotes = smd_grammar_dialect(head->grammar)->quotes;
	struct smd_invalidator invalidator;
	struct smd_words words;

	if (!smd_match_invalidates(&head->match))
		return 0;
	if (filter->looks += filter->a.count, filter->looks > LOOKS_MAX)
		return 1;
	smd_invalidator_init(&invalidator, &head->match);
	for (size_t i = 0; i < filter->a.count; i++) {
		if (!filter->a.list[i].skipped)
			continue;
		smd_words_split(&words, smd_span_trim(smd_chunk_first_line(&filter->a, i)), quotes);
		if (smd_invalidator_removes(&invalidator, &words))
			return 1;
	}
	return 0;
}

/* Whether the matched line may change what others mean, or can only be read with its whole list. */
static int is_about_others(const struct smd_chunk_head *head)
{
	return smd_match_rule(&head->match)->order || !head->match.form->compiled->negated;
}

/* Note what a chunk that is read affects and defines, and the identity of a section. */
static int note_read(struct smd_section_filters *filters, struct smd_section_filter *filter,
		     const struct smd_chunks *chunks, size_t index)
{
	struct smd_names *sections = &filter->sections[chunks == &filter->b];
	struct smd_chunk_head *head = &filters->head;
	uint64_t identity;

	if (!smd_chunk_head_match(head, filter->context, smd_chunk_first_line(chunks, index)))
		return 0;
	filter->affects_skipped |= is_about_others(head) || removes_skipped(filters, filter);
	chunks->list[index].defines = smd_chunk_head_defines(head, filter->enclosing_key);
	if (!smd_rule_is_section(smd_match_rule(&head->match)))
		return 0;
	filter->affects_skipped |=
		smd_match_rule(&head->match)->until && is_flush(filters, chunks, index);
	identity = smd_chunk_head_identity(head);
	if (!identity)
		return SMD_E_NO_MEMORY;
	sections->hashes[sections->count++] = short_of(identity);
	return 0;
}

static size_t count_read(const struct smd_section_filter *filter, int second)
{
	size_t count = 0;

	for (size_t i = 0; i < (second ? filter->b.count : filter->a.count); i++)
		count += second ? !smd_section_filter_is_skipped(filter, i)
				: !filter->a.list[i].skipped;
	return count;
}

/* What the table of defined names says about a name. */
enum definer {
	DEFINED_READ, /* a chunk that is read defines it */
	DEFINED_KEPT  /* and a skipped one did, which is read now */
};

static size_t count_definers(const struct smd_section_filter *filter)
{
	size_t count = 0;

	for (size_t i = 0; i < filter->a.count; i++)
		count += !filter->a.list[i].skipped && filter->a.list[i].defines;
	for (size_t i = 0; i < filter->b.count; i++)
		count += filter->b.list[i].defines != 0;
	return count;
}

static void add_definer(struct smd_table *names, const struct smd_chunk *chunk)
{
	if (!chunk->skipped && chunk->defines &&
	    !names->slots[smd_table_find(names, chunk->defines, chunk->defines)].number)
		smd_table_put(names, chunk->defines, DEFINED_READ);
}

/* If chunks that are read define a name, read a skipped one that does, too: it stays defined. */
static int unskip_definers(struct smd_section_filter *filter)
{
	size_t count = count_definers(filter);
	struct smd_table names;

	if (!count)
		return 0;
	if (smd_table_init(&names, count))
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < filter->a.count; i++)
		add_definer(&names, &filter->a.list[i]);
	for (size_t i = 0; i < filter->b.count; i++)
		add_definer(&names, &filter->b.list[i]);
	for (size_t i = 0; i < filter->a.count; i++) {
		struct smd_chunk *chunk = &filter->a.list[i];
		struct smd_slot *slot;

		if (!chunk->skipped || !chunk->defines)
			continue;
		slot = &names.slots[smd_table_find(&names, chunk->defines, chunk->defines)];
		if (slot->number != DEFINED_READ + 1)
			continue;
		slot->number = DEFINED_KEPT + 1;
		chunk->skipped = 0;
	}
	free(names.slots);
	return 0;
}

static int unskip_for_read(struct smd_section_filters *filters, struct smd_section_filter *filter)
{
	int err = 0;

	for (int second = 0; second < 2 && !err; second++)
		err = names_init(&filter->sections[second], count_read(filter, second));
	if (!err)
		err = visit_read(filters, filter, note_read);
	smd_names_sort(&filter->sections[0]);
	smd_names_sort(&filter->sections[1]);
	return err ? err : unskip_definers(filter);
}

static void unskip_all(struct smd_section_filter *filter)
{
	for (size_t i = 0; i < filter->a.count; i++)
		filter->a.list[i].skipped = 0;
}

/*
 * A split section must not look empty when all of it is skipped: read a line that is no section. If
 * there is none, skip nothing.
 */
static void unskip_one(struct smd_section_filter *filter)
{
	for (size_t i = 0; i < filter->a.count; i++)
		if (filter->a.list[i].skipped && filter->a.list[i].leaf) {
			filter->a.list[i].skipped = 0;
			return;
		}
	unskip_all(filter);
}

int smd_section_filter_choose(struct smd_section_filters *filters,
			      struct smd_section_filter *filter)
{
	int err = smd_table_init(&filter->identities, filter->a.count);

	for (size_t i = 0; i < filter->a.count && !err; i++)
		err = skip_chunk(filters, filter, i);
	if (!err)
		err = visit_read(filters, filter, unskip_same);
	if (!err)
		err = unskip_for_read(filters, filter);
	if (filter->affects_skipped)
		unskip_all(filter);
	else if (filter->number > 1)
		unskip_one(filter);
	return err;
}
