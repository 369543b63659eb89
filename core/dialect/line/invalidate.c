/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/invalidate.h"
#include "core/base/array.h"

void smd_invalidator_init(struct smd_invalidator *invalidator, const struct smd_rule_match *match)
{
	*invalidator = (struct smd_invalidator){
		.compiled = smd_match_invalidates(match) ? match->form->compiled : NULL};
	for (unsigned place = 1; invalidator->compiled && place <= SMD_WILDCARDS; place++) {
		struct smd_span there =
			smd_captures_place(&match->form->pattern, &match->captures, place);

		invalidator->places[place] =
			there.length ? smd_hash_wide(there.at, there.length) : 0;
	}
}

/* Whether the line has at each `$1` of the pattern what the invalidator has at that place. */
static int captures_agree(const struct smd_invalidator *invalidator,
			  const struct smd_pattern *pattern, const struct smd_captures *captures)
{
	for (size_t i = 0; i < pattern->count; i++) {
		uint64_t wanted = invalidator->places[pattern->tokens[i].place];

		if (wanted && smd_hash_wide(captures->at[i].at, captures->at[i].length) != wanted)
			return 0;
	}
	return 1;
}

int smd_invalidator_removes(const struct smd_invalidator *invalidator,
			    const struct smd_words *words)
{
	const struct smd_compiled_rule *compiled = invalidator->compiled;
	struct smd_captures captures;

	for (size_t i = 0; compiled && i < compiled->invalidate_count; i++)
		if (smd_pattern_matches(&compiled->invalidates[i], words, 0, 1, &captures) &&
		    captures_agree(invalidator, &compiled->invalidates[i], &captures))
			return 1;
	return 0;
}

/* Finding by words */

/* What lines have in common that begin with the same words. */
static uint64_t key_of_one(uint64_t word)
{
	return smd_hash_wide_join(1, word);
}

static uint64_t key_of_two(uint64_t first, uint64_t second)
{
	return smd_hash_wide_join(smd_hash_wide_join(2, first), second);
}

/* The same where the second word may change. */
static uint64_t key_of_loose(uint64_t first)
{
	return smd_hash_wide_join(3, first);
}

#define KEY_OF_ALL 0
#define KEY_OF_ANY 1 /* all words may change */
#define KEYS_MAX 3

static uint64_t hash_of(struct smd_span word)
{
	return smd_hash_wide(word.at, word.length);
}

/* The words with which lines begin that the pattern matches; 0: not known. */
static void begin_of_pattern(const struct smd_invalidator *invalidator,
			     const struct smd_pattern *pattern, uint64_t begin[2])
{
	const struct smd_token *tokens = pattern->tokens;

	begin[0] = begin[1] = 0;
	if (!pattern->count || tokens[0].kind != SMD_TOKEN_WORD)
		return;
	begin[0] = hash_of(tokens[0].text);
	if (pattern->count > 1 && tokens[1].kind == SMD_TOKEN_WORD)
		begin[1] = hash_of(tokens[1].text);
	else if (pattern->count > 1 && tokens[1].kind == SMD_TOKEN_ANY)
		begin[1] = invalidator->places[tokens[1].place];
}

static uint64_t key_of_begin(const uint64_t begin[2])
{
	if (!begin[0])
		return KEY_OF_ALL;
	return begin[1] ? key_of_two(begin[0], begin[1]) : key_of_one(begin[0]);
}

/* The keys under which a line is found whose first words are fixed. */
static size_t keys_of_line(const struct smd_words *words, size_t fixed, uint64_t keys[KEYS_MAX])
{
	uint64_t first;

	keys[0] = KEY_OF_ALL;
	if (!words->count)
		return 1;
	if (!fixed) {
		keys[1] = KEY_OF_ANY;
		return 2;
	}
	first = hash_of(words->at[0]);
	keys[1] = key_of_one(first);
	keys[2] = key_of_loose(first);
	if (fixed > 1 && words->count == 1)
		return 2;
	if (fixed > 1)
		keys[2] = key_of_two(first, hash_of(words->at[1]));
	return 3;
}

static int add_found(const struct smd_multimap *map, uint64_t key, struct smd_found *found)
{
	int err = 0;

	for (uint32_t at = smd_multimap_first(map, key); at != SMD_MULTIMAP_END && !err;
	     at = map->pairs[at].next) {
		err = smd_make_room(&found->list, found->count, &found->room, sizeof(*found->list));
		if (!err)
			found->list[found->count++] = map->pairs[at].value;
	}
	return err;
}

static int by_value(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* In rising order, each once. */
static void tidy(struct smd_found *found)
{
	size_t kept = 0;

	if (found->count > 1)
		qsort(found->list, found->count, sizeof(*found->list), by_value);
	for (size_t i = 0; i < found->count; i++)
		if (!kept || found->list[kept - 1] != found->list[i])
			found->list[kept++] = found->list[i];
	found->count = kept;
}

int smd_line_index_put(struct smd_multimap *lines, const struct smd_words *words, size_t fixed,
		       uint32_t number)
{
	uint64_t keys[KEYS_MAX];
	size_t count = keys_of_line(words, fixed, keys);
	int err = 0;

	for (size_t i = 0; i < count && !err; i++)
		err = smd_multimap_put(lines, keys[i], number);
	return err;
}

int smd_line_index_find(const struct smd_multimap *lines, const struct smd_invalidator *invalidator,
			struct smd_found *found)
{
	const struct smd_compiled_rule *compiled = invalidator->compiled;
	int err = 0;

	found->count = 0;
	for (size_t i = 0; compiled && i < compiled->invalidate_count && !err; i++) {
		uint64_t begin[2];

		begin_of_pattern(invalidator, &compiled->invalidates[i], begin);
		err = add_found(lines, key_of_begin(begin), found);
		if (!err && begin[1])
			err = add_found(lines, key_of_loose(begin[0]), found);
		if (!err && begin[0])
			err = add_found(lines, KEY_OF_ANY, found);
	}
	tidy(found);
	return err;
}

int smd_invalidator_index_put(struct smd_multimap *invalidators,
			      const struct smd_invalidator *invalidator, uint32_t number)
{
	const struct smd_compiled_rule *compiled = invalidator->compiled;
	int err = 0;

	for (size_t i = 0; compiled && i < compiled->invalidate_count && !err; i++) {
		uint64_t begin[2];

		begin_of_pattern(invalidator, &compiled->invalidates[i], begin);
		err = smd_multimap_put(invalidators, key_of_begin(begin), number);
	}
	return err;
}

int smd_invalidator_index_find(const struct smd_multimap *invalidators,
			       const struct smd_words *words, struct smd_found *found)
{
	uint64_t keys[KEYS_MAX];
	size_t count = keys_of_line(words, 2, keys);
	int err = 0;

	found->count = 0;
	for (size_t i = 0; i < count && !err; i++)
		err = add_found(invalidators, keys[i], found);
	tidy(found);
	return err;
}

/* Those of a section */

int smd_invalidators_add(struct smd_invalidators *invalidators, const struct smd_invalidator *by,
			 struct smd_span line)
{
	struct smd_invalidator_line *one;

	if (smd_make_room(&invalidators->list, invalidators->count, &invalidators->room,
			  sizeof(*invalidators->list)) ||
	    smd_invalidator_index_put(&invalidators->index, by, (uint32_t)invalidators->count))
		return SMD_E_NO_MEMORY;
	one = &invalidators->list[invalidators->count++];
	*one = (struct smd_invalidator_line){*by, invalidators->texts.used, line.length};
	smd_buffer_put(&invalidators->texts, line.at, line.length);
	return invalidators->texts.failed ? SMD_E_NO_MEMORY : 0;
}

static void split_line(const struct smd_invalidators *invalidators, uint32_t number,
		       struct smd_words *words)
{
	const struct smd_invalidator_line *one = &invalidators->list[number];
	struct smd_span line = {one->length ? invalidators->texts.bytes + one->text : "",
				one->length};

	smd_words_split(words, line, invalidators->quotes);
}

int smd_invalidators_pairs(const struct smd_invalidators *invalidators,
			   int (*each)(void *arg, uint32_t by, uint32_t line), void *arg)
{
	struct smd_found found = {0};
	struct smd_words own, words;
	int err = 0;

	for (uint32_t line = 0; line < invalidators->count && !err; line++) {
		split_line(invalidators, line, &own);
		err = smd_invalidator_index_find(&invalidators->index, &own, &found);
		for (size_t i = 0; i < found.count && !err; i++) {
			uint32_t by = found.list[i];

			if (by == line ||
			    !smd_invalidator_removes(&invalidators->list[by].by, &own))
				continue;
			split_line(invalidators, by, &words);
			if (!smd_invalidator_removes(&invalidators->list[line].by, &words))
				err = each(arg, by, line);
		}
	}
	free(found.list);
	return err;
}

int smd_invalidators_remove(const struct smd_invalidators *invalidators,
			    const struct smd_words *words, int *removes)
{
	struct smd_found found = {0};
	int err;

	*removes = 0;
	if (!invalidators->count)
		return 0;
	err = smd_invalidator_index_find(&invalidators->index, words, &found);
	for (size_t i = 0; i < found.count && !err && !*removes; i++)
		*removes = smd_invalidator_removes(&invalidators->list[found.list[i]].by, words);
	free(found.list);
	return err;
}

void smd_invalidators_done(struct smd_invalidators *invalidators)
{
	free(invalidators->list);
	smd_buffer_done(&invalidators->texts);
	smd_multimap_done(&invalidators->index);
	*invalidators = (struct smd_invalidators){0};
}
