/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/pattern.h"

static int pattern_error(const struct smd_rule *rule, const char *why, struct smd_error *error)
{
	return smd_fail(error, SMD_E_INVALID, "rule \"%s\" of the dialect %s",
			rule->line ? rule->line : "", why);
}

/* Making */

struct making {
	struct smd_token tokens[SMD_PATTERN_WORDS];
	size_t count;
	unsigned wildcards;
};

static int begins_with(struct smd_span word, const char *with)
{
	size_t length = strlen(with);

	return word.length > length && !memcmp(word.at, with, length);
}

static enum smd_token_kind kind_of(struct smd_span word)
{
	if (smd_span_is(word, "*") || smd_span_is(word, "=*"))
		return SMD_TOKEN_ANY;
	if (smd_span_is(word, "..."))
		return SMD_TOKEN_REST;
	if (word.length > 8 && !memcmp(word.at + word.length - 8, "<number>", 8))
		return SMD_TOKEN_MIXED;
	if (begins_with(word, "<interface") || smd_span_is(word, "<subinterface>"))
		return SMD_TOKEN_INTERFACE;
	if (smd_span_is(word, "<number>"))
		return SMD_TOKEN_NUMBER;
	return memchr(word.at, '|', word.length) ? SMD_TOKEN_EITHER : SMD_TOKEN_WORD;
}

static int is_wild(const struct smd_token *token)
{
	return token->kind >= SMD_TOKEN_ANY;
}

static int keep_tokens(const struct making *making, struct smd_arena *arena,
		       struct smd_pattern *out)
{
	size_t size = making->count * sizeof(*making->tokens);
	struct smd_token *tokens = smd_arena_take(arena, size + 1);

	if (!tokens)
		return SMD_E_NO_MEMORY;
	memcpy(tokens, making->tokens, size);
	out->tokens = tokens;
	out->count = (uint8_t)making->count;
	for (uint8_t i = out->count; i--;) {
		out->place_at[tokens[i].place] = (uint8_t)(i + 1);
		out->spells |=
			tokens[i].kind == SMD_TOKEN_INTERFACE || tokens[i].kind == SMD_TOKEN_MIXED;
	}
	out->place_at[0] = 0;
	return 0;
}

/* Where the value or the key begins when no `=` says it: at the last or the first wildcard. */
static uint8_t usual_key(const struct smd_rule *rule, const struct making *making)
{
	int last = rule->kind == SMD_RULE_VALUE || rule->kind == SMD_RULE_NUMBERS ||
		   rule->kind == SMD_RULE_BLOCK;
	uint8_t at = (uint8_t)making->count;

	for (size_t i = making->count; i--;) {
		if (!is_wild(&making->tokens[i]))
			continue;
		at = (uint8_t)i;
		if (last)
			break;
	}
	return at;
}

static int has_rest(const struct making *making)
{
	return making->count && making->tokens[making->count - 1].kind == SMD_TOKEN_REST;
}

int smd_pattern_make(const struct smd_rule *rule, struct smd_arena *arena, struct smd_pattern *out,
		     struct smd_error *error)
{
	struct smd_span left = smd_span_of(rule->line ? rule->line : "");
	struct making making = {.count = 0};
	int marked = 0;

	for (struct smd_span word = smd_span_word(&left); word.length;
	     word = smd_span_word(&left)) {
		struct smd_token token = {.kind = (uint8_t)kind_of(word), .text = word};

		if (*word.at == '=') {
			if (marked)
				return pattern_error(rule, "has more than one '='", error);
			marked = 1;
			out->key_at = (uint8_t)making.count;
			out->infix = word.length > 1;
		}
		if (smd_span_is(word, "="))
			continue;
		if (has_rest(&making))
			return pattern_error(rule, "has words behind its end", error);
		if (is_wild(&token))
			token.place = (uint8_t)++making.wildcards;
		if (making.count == SMD_PATTERN_WORDS || making.wildcards > SMD_WILDCARDS)
			return pattern_error(rule, "has too many words", error);
		making.tokens[making.count++] = token;
	}
	if (!making.count)
		return pattern_error(rule, "has no words", error);
	if (!marked)
		out->key_at = usual_key(rule, &making);
	return keep_tokens(&making, arena, out);
}

/* The place that a word of a template stands for; 0: the word is literal. */
static unsigned place_of(struct smd_span word)
{
	static const struct {
		const char *word;
		unsigned place;
	} places[] = {{"$#", SMD_PLACE_NUMBERS},
		      {"$line", SMD_PLACE_LINE},
		      {"$first", SMD_PLACE_FIRST},
		      {"$step", SMD_PLACE_STEP}};

	if (word.length == 2 && word.at[0] == '$' && word.at[1] >= '1' && word.at[1] <= '9')
		return (unsigned)(word.at[1] - '0');
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (smd_span_is(word, places[i].word))
			return places[i].place;
	return 0;
}

static int add_token(struct making *making, struct smd_token token)
{
	if (making->count == SMD_PATTERN_WORDS || has_rest(making))
		return SMD_E_INVALID;
	making->tokens[making->count++] = token;
	return 0;
}

static int add_tokens(struct making *making, const struct smd_pattern *line, size_t count)
{
	int err = 0;

	for (size_t i = 0; i < count && !err; i++)
		err = add_token(making, line->tokens[i]);
	return err;
}

/* Add the token that the rule's own line has at a place. */
static int add_place(struct making *making, const struct smd_pattern *line, unsigned place)
{
	for (size_t i = 0; i < line->count; i++)
		if (line->tokens[i].place == place)
			return add_token(making, line->tokens[i]);
	return SMD_E_INVALID;
}

static int add_word(struct making *making, struct smd_span word, const struct smd_rule *rule,
		    const struct smd_pattern *line)
{
	unsigned place = place_of(word);
	struct smd_token token = {.kind = SMD_TOKEN_WORD, .place = (uint8_t)place, .text = word};

	if (smd_span_is(word, "$name"))
		return add_tokens(making, line, line->infix ? line->count : line->key_at);
	if (place == SMD_PLACE_LINE && !rule->order)
		return add_tokens(making, line, line->count);
	if (place && place <= SMD_WILDCARDS && !rule->order)
		return add_place(making, line, place);
	if (place == SMD_PLACE_LINE || (place == SMD_PLACE_NUMBERS && rule->numbers))
		token.kind = SMD_TOKEN_REST;
	else if (place == SMD_PLACE_NUMBERS || place > SMD_PLACE_LINE)
		token.kind = SMD_TOKEN_NUMBER;
	else if (place)
		token.kind = SMD_TOKEN_ANY;
	return add_token(making, token);
}

int smd_template_make(const char *template, const struct smd_rule *rule,
		      const struct smd_pattern *line, struct smd_arena *arena,
		      struct smd_pattern *out, struct smd_error *error)
{
	struct smd_span left = smd_span_of(template);
	struct making making = {.count = 0};

	for (struct smd_span word = smd_span_word(&left); word.length; word = smd_span_word(&left))
		if (add_word(&making, word, rule, line))
			return pattern_error(rule, "has a template that names what is not in it",
					     error);
	out->key_at = (uint8_t)making.count;
	return keep_tokens(&making, arena, out);
}

/* Matching */

static int is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Number of letters and hyphens that a name begins with: the type of an interface. */
static size_t count_letters(struct smd_span name)
{
	size_t count = 0;

	while (count < name.length && (is_letter(name.at[count]) || name.at[count] == '-'))
		count++;
	return count;
}

static int is_either(struct smd_span words, struct smd_span word)
{
	while (words.length) {
		const char *bar = memchr(words.at, '|', words.length);
		size_t length = bar ? (size_t)(bar - words.at) : words.length;

		if (length == word.length && !memcmp(words.at, word.at, length))
			return 1;
		words.at += length + (bar != NULL);
		words.length -= length + (bar != NULL);
	}
	return 0;
}

static int is_number(struct smd_span word)
{
	for (size_t i = 0; i < word.length; i++)
		if (!is_digit(word.at[i]))
			return 0;
	return word.length <= 10;
}

/* How many words an interface's name is: 1, or 2 if the number stands apart; 0: it is none. */
static size_t interface_words(const struct smd_words *words, size_t at)
{
	struct smd_span word = words->at[at];

	if (!is_letter(*word.at))
		return 0;
	if (at + 1 == words->count || !is_digit(*words->at[at + 1].at))
		return 1;
	return count_letters(word) < word.length ? 1 : 2;
}

static struct smd_span span_of_words(const struct smd_words *words, size_t first, size_t count)
{
	const struct smd_span *last = &words->at[first + count - 1];
	const char *at = words->at[first].at;

	return (struct smd_span){at, (size_t)(last->at + last->length - at)};
}

/* Whether the interface is of a type that the token allows. */
static int is_kind(struct smd_span kind, struct smd_span name)
{
	size_t letters;

	if (smd_span_is(kind, "<subinterface>"))
		return memchr(name.at, '.', name.length) != NULL;
	if (smd_span_is(kind, "<interface>"))
		return 1;
	letters = count_letters(name);
	kind.at += sizeof("<interface:") - 1;
	kind.length -= sizeof("<interface:>") - 1;
	while (kind.length) {
		const char *comma = memchr(kind.at, ',', kind.length);
		size_t length = comma ? (size_t)(comma - kind.at) : kind.length;

		if (letters && letters <= length && smd_same_letter(*kind.at, *name.at) &&
		    !strncasecmp(kind.at, name.at, letters))
			return 1;
		kind.at += length + (comma != NULL);
		kind.length -= length + (comma != NULL);
	}
	return 0;
}

/* Whether the name is the token's type with a number. */
static int is_mixed(struct smd_span kind, struct smd_span name)
{
	size_t letters, type = kind.length - (sizeof("<number>") - 1);
	struct smd_span rest;

	if (begins_with(kind, "<interface>."))
		return memchr(name.at, '.', name.length) != NULL;
	if (!smd_same_letter(*kind.at, *name.at))
		return 0;
	letters = count_letters(name);
	rest = smd_span_trim((struct smd_span){name.at + letters, name.length - letters});
	return letters && letters <= type && !strncasecmp(kind.at, name.at, letters) &&
	       rest.length && is_number(rest);
}

char smd_token_letter(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_MIXED && *token->text.at != '<' ? *token->text.at : 0;
}

/* How many words a token takes; 0: it does not match. */
static size_t count_taken(const struct smd_token *token, const struct smd_words *words, size_t at)
{
	struct smd_span word = words->at[at];
	size_t count;

	switch ((enum smd_token_kind)token->kind) {
	case SMD_TOKEN_WORD:
		return smd_span_same(token->text, word);
	case SMD_TOKEN_EITHER:
		return (size_t)is_either(token->text, word);
	case SMD_TOKEN_ANY:
		return 1;
	case SMD_TOKEN_NUMBER:
		return (size_t)is_number(word);
	case SMD_TOKEN_INTERFACE:
		count = interface_words(words, at);
		return count && is_kind(token->text, span_of_words(words, at, count)) ? count : 0;
	case SMD_TOKEN_MIXED:
		count = interface_words(words, at);
		return count && is_mixed(token->text, span_of_words(words, at, count)) ? count : 0;
	case SMD_TOKEN_REST:
		return words->count - at;
	}
	return 0;
}

int smd_pattern_matches_from(const struct smd_pattern *pattern, const struct smd_words *words,
			     size_t from, size_t known, int whole, struct smd_captures *captures)
{
	size_t at = from;

	if (words->count < from + pattern->count) /* each token takes a word at least */
		return 0;
	for (size_t i = 0; i < pattern->count; i++) {
		const struct smd_token *token = &pattern->tokens[i];
		size_t count = 1;

		if (i >= known)
			count = at < words->count ? count_taken(token, words, at) : 0;
		if (!count)
			return 0;
		if (token->kind == SMD_TOKEN_REST)
			captures->at[i] = smd_words_rest(words, at);
		else
			captures->at[i] =
				count == 1 ? words->at[at] : span_of_words(words, at, count);
		at += count;
	}
	captures->taken = at - from;
	return !whole || at == words->count;
}

/* The digits at the end of a name. */
static struct smd_span number_of(struct smd_span name)
{
	size_t digits = 0;

	while (digits < name.length && is_digit(name.at[name.length - 1 - digits]))
		digits++;
	return (struct smd_span){name.at + name.length - digits, digits};
}

struct smd_span smd_captures_place(const struct smd_pattern *pattern,
				   const struct smd_captures *captures, unsigned place)
{
	size_t i = pattern->place_at[place];

	if (!i--)
		return (struct smd_span){"", 0};
	return pattern->tokens[i].kind == SMD_TOKEN_MIXED ? number_of(captures->at[i])
							  : captures->at[i];
}

/* Filling */

/* Length of the place that begins with this `$`; `*filled` is the text for it. */
static size_t take_place(struct smd_span left, const struct smd_filling *filling,
			 struct smd_span *filled)
{
	static const char *const words[] = {"$line", "$first", "$step", "$name", "$#", "$^1"};

	if (left.length > 1 && left.at[1] >= '1' && left.at[1] <= '9') {
		*filled = filling->place[left.at[1] - '0'];
		return 2;
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct smd_span word = {left.at, strlen(words[i])};

		if (word.length > left.length || !smd_span_is(word, words[i]))
			continue;
		if (i == 3)
			*filled = filling->name;
		else if (i == 5)
			*filled = filling->enclosing_key;
		else
			*filled = i ? filling->place[place_of(word)] : filling->line;
		return word.length;
	}
	*filled = (struct smd_span){left.at, 1};
	return 1;
}

void smd_template_fill(struct smd_span template, const struct smd_filling *filling,
		       struct smd_buffer *out)
{
	while (template.length) {
		const char *dollar = memchr(template.at, '$', template.length);
		size_t plain = dollar ? (size_t)(dollar - template.at) : template.length;
		struct smd_span filled;
		size_t taken;

		smd_buffer_put(out, template.at, plain);
		template.at += plain;
		template.length -= plain;
		if (!template.length)
			break;
		taken = take_place(template, filling, &filled);
		smd_buffer_put(out, filled.at, filled.length);
		template.at += taken;
		template.length -= taken;
	}
}
