/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/line_node.h"

#include <stdio.h>

#include "core/tree/spelling.h"

/* What joining words to one string needs. */
struct join {
	struct smd_line_node *line_node;
	const struct smd_grammar *grammar;
	const struct smd_rule_match *match;
};

/* Whether a word of the line is spelled as it is in the tree. */
static int is_spelled(const struct join *join, size_t token)
{
	enum smd_token_kind kind = join->match->form->pattern.tokens[token].kind;

	return (kind != SMD_TOKEN_INTERFACE && kind != SMD_TOKEN_MIXED) ||
	       smd_grammar_spelled(join->grammar, join->match->captures.at[token]);
}

static int follows_directly(struct smd_span word, struct smd_span next)
{
	return next.at == word.at + word.length + 1 && word.at[word.length] == ' ';
}

/*
 * The words of tokens `first` up to `end`, one blank between them; borrowed from the line if they
 * stand like that there, else written to `bytes`.
 */
static struct smd_span join_words(const struct join *join, size_t first, size_t end)
{
	const struct smd_span *at = join->match->captures.at;
	struct smd_buffer *bytes = &join->line_node->bytes;
	struct smd_span joined = {"", 0};
	int spells = join->match->form->pattern.spells, plain = 1;

	if (first == end)
		return joined;
	for (size_t i = first; i < end && plain; i++)
		plain = (!spells || is_spelled(join, i)) &&
			(i + 1 == end || follows_directly(at[i], at[i + 1]));
	if (plain)
		return (struct smd_span){at[first].at, (size_t)(at[end - 1].at - at[first].at) +
							       at[end - 1].length};
	joined.at = bytes->bytes + bytes->used;
	for (size_t i = first; i < end; i++) {
		if (i > first)
			smd_buffer_byte(bytes, ' ');
		if (is_spelled(join, i))
			smd_buffer_put(bytes, at[i].at, at[i].length);
		else
			smd_grammar_spell(join->grammar, at[i], bytes);
	}
	joined.length = (size_t)(bytes->bytes + bytes->used - joined.at);
	return joined;
}

/* Reserve memory for all that may be spelled anew: spans point into it, so it must not move. */
static int make_room(struct smd_line_node *line_node, const struct smd_words *words)
{
	size_t most = (size_t)(words->end - words->at[0].at) + SMD_PATTERN_WORDS * 64;

	line_node->bytes.used = 0;
	if (line_node->bytes.room > most || smd_buffer_reserve(&line_node->bytes, most))
		return 0;
	return SMD_E_NO_MEMORY;
}

static int node_of_text(struct smd_line_node *line_node, struct smd_span line, int holds)
{
	line_node->parts =
		(struct smd_parts){.kind = holds ? SMD_SECTION : SMD_MEMBER, .name = line};
	return 0;
}

static unsigned flags_of(const struct smd_rule_match *match)
{
	unsigned flags = match->form->compiled->rule->flags;

	return (flags & SMD_RULE_REHASHED ? SMD_NODE_MASKED : 0u) |
	       (flags & SMD_RULE_FREE_TEXT ? SMD_NODE_FREE_TEXT : 0u) |
	       (match->form->compiled->line.infix ? SMD_NODE_INFIX : 0u);
}

static int read_numbers(struct smd_line_node *line_node, const struct join *join)
{
	const struct smd_pattern *pattern = &join->match->form->pattern;
	struct smd_span numbers = {"", 0};
	int err;

	if (join->match->form->op == SMD_FORM_SET)
		numbers = join->match->captures.at[pattern->count - 1];
	else
		numbers = smd_captures_place(pattern, &join->match->captures, SMD_PLACE_NUMBERS);
	if (!numbers.length && join->match->form->op == SMD_FORM_REMOVE_NUMBERS)
		numbers =
			smd_captures_place(pattern, &join->match->captures,
					   smd_pattern_numbers(&join->match->form->compiled->line));
	smd_set_done(&line_node->numbers);
	err = smd_set_parse(&line_node->numbers, numbers.at, numbers.length, NULL);
	line_node->has_numbers = !err && line_node->numbers.count;
	return err == SMD_E_NO_MEMORY ? err : 0;
}

/* The word that another form has for a token of the rule's own line; empty: it has none. */
static struct smd_span word_by_form(const struct smd_rule_match *match,
				    const struct smd_token *token)
{
	const struct smd_pattern *form = &match->form->pattern;

	if (token->place)
		return smd_captures_place(form, &match->captures, token->place);
	for (size_t i = 0; i < form->count; i++)
		if (token->kind == SMD_TOKEN_EITHER &&
		    smd_span_same(form->tokens[i].text, token->text))
			return match->captures.at[i];
	return token->kind == SMD_TOKEN_EITHER ? (struct smd_span){"", 0} : token->text;
}

/* The name of the rule's own line, from another form of the rule; empty: a part is missing. */
static struct smd_span name_by_form(const struct join *join)
{
	const struct smd_pattern *line = &join->match->form->compiled->line;
	struct smd_buffer *bytes = &join->line_node->bytes;
	size_t start = bytes->used;

	for (size_t i = 0; i < line->key_at; i++) {
		struct smd_span word = word_by_form(join->match, &line->tokens[i]);

		if (!word.length)
			return word;
		if (i)
			smd_buffer_byte(bytes, ' ');
		if (line->tokens[i].kind == SMD_TOKEN_INTERFACE ||
		    line->tokens[i].kind == SMD_TOKEN_MIXED)
			smd_grammar_spell(join->grammar, word, bytes);
		else
			smd_buffer_put(bytes, word.at, word.length);
	}
	return (struct smd_span){bytes->bytes + start, bytes->used - start};
}

int smd_line_node_removal(struct smd_line_node *line_node, const struct smd_grammar *grammar,
			  const struct smd_rule_match *match, const struct smd_words *words)
{
	const struct smd_rule *rule = match->form->compiled->rule;
	const struct join join = {line_node, grammar, match};

	if (make_room(line_node, words))
		return SMD_E_NO_MEMORY;
	line_node->parts = (struct smd_parts){.kind = SMD_LEAF};
	if (!match->form->compiled->line.infix &&
	    (rule->kind == SMD_RULE_VALUE || rule->kind == SMD_RULE_NUMBERS ||
	     rule->kind == SMD_RULE_BLOCK))
		line_node->parts.name = name_by_form(&join);
	return line_node->parts.name.length ? 0 : SMD_E_NOT_FOUND;
}

static int node_of_numbers(struct smd_line_node *line_node, const struct join *join,
			   struct smd_span line)
{
	enum smd_form_op op = join->match->form->op;
	int err = read_numbers(line_node, join);

	if (err)
		return err;
	if (!line_node->has_numbers && op != SMD_FORM_NO_NUMBERS && op != SMD_FORM_ALL_NUMBERS)
		return node_of_text(line_node, line, 0);
	line_node->parts = (struct smd_parts){.kind = SMD_SET};
	line_node->parts.name = op == SMD_FORM_SET
					? join_words(join, 0, join->match->form->pattern.key_at)
					: name_by_form(join);
	return 0;
}

/* `ip access-group X in` is named "ip access-group * in". */
static struct smd_span infix_name(const struct join *join)
{
	const struct smd_pattern *pattern = &join->match->form->pattern;
	struct smd_buffer *bytes = &join->line_node->bytes;
	size_t start = bytes->used;

	for (size_t i = 0; i < pattern->count; i++) {
		struct smd_span word =
			i == pattern->key_at ? smd_span_of("*") : join->match->captures.at[i];

		if (i)
			smd_buffer_byte(bytes, ' ');
		smd_buffer_put(bytes, word.at, word.length);
	}
	return (struct smd_span){bytes->bytes + start, bytes->used - start};
}

static void node_of_value(struct smd_line_node *line_node, const struct join *join,
			  enum smd_kind kind)
{
	const struct smd_pattern *pattern = &join->match->form->pattern;
	size_t key_at = pattern->key_at;
	size_t count = pattern->infix ? key_at + 1u : pattern->count;

	line_node->parts = (struct smd_parts){.kind = kind,
					      .flags = flags_of(join->match),
					      .name = pattern->infix ? infix_name(join)
								     : join_words(join, 0, key_at),
					      .value = join_words(join, key_at, count)};
}

/* A container or a member. Behind the name, each word is a key; of an ORDERED rule all are one. */
static void node_of_keys(struct smd_line_node *line_node, const struct join *join, int section)
{
	const struct smd_pattern *pattern = &join->match->form->pattern;
	const struct smd_rule *rule = join->match->form->compiled->rule;
	int ordered = rule->kind == SMD_RULE_ORDERED;
	size_t first = pattern->key_at || ordered ? pattern->key_at : pattern->count;
	int whole = ordered && first < pattern->count;

	line_node->parts =
		(struct smd_parts){.kind = section ? SMD_SECTION : SMD_MEMBER,
				   .ordered = rule->kind == SMD_RULE_ORDERED ||
					      (section && rule->flags & SMD_RULE_ORDERED_SECTION),
				   .flags = flags_of(join->match),
				   .name = join_words(join, 0, first),
				   .keys = line_node->keys};
	if (whole)
		line_node->keys[line_node->parts.key_count++] =
			join_words(join, first, pattern->count);
	for (size_t i = first; i < pattern->count && !whole; i++)
		line_node->keys[line_node->parts.key_count++] = join_words(join, i, i + 1);
	if (section && line_node->parts.key_count)
		line_node->parts.kind = SMD_ENTRY;
	if (ordered && !first) { /* all entries of a list have the same name */
		line_node->parts.name = smd_span_of("entry");
		line_node->parts.flags |= SMD_NODE_NAMELESS;
	}
}

int smd_line_node_read(struct smd_line_node *line_node, const struct smd_grammar *grammar,
		       const struct smd_rule_match *match, const struct smd_words *words,
		       size_t from, int holds)
{
	const struct smd_rule *rule = smd_match_rule(match);
	const struct join join = {line_node, grammar, match};
	struct smd_span line = smd_words_rest(words, from);

	line_node->has_numbers = 0;
	if (make_room(line_node, words))
		return SMD_E_NO_MEMORY;
	if (!rule || (holds && rule->kind != SMD_RULE_SECTION))
		return node_of_text(line_node, line, holds);
	switch (rule->kind) {
	case SMD_RULE_NUMBERS:
		return node_of_numbers(line_node, &join, line);
	case SMD_RULE_VALUE:
		node_of_value(line_node, &join, SMD_LEAF);
		return 0;
	case SMD_RULE_BLOCK:
		node_of_value(line_node, &join, SMD_BLOCK);
		return 0;
	case SMD_RULE_SECTION:
	case SMD_RULE_MEMBER:
	case SMD_RULE_ORDERED:
	case SMD_RULE_DEFAULT:
		node_of_keys(line_node, &join, rule->kind == SMD_RULE_SECTION);
		return 0;
	}
	return SMD_E_INTERNAL;
}

void smd_line_node_set_block(struct smd_line_node *line_node, struct smd_span value)
{
	line_node->parts.value = value;
}

void smd_line_node_done(struct smd_line_node *line_node)
{
	smd_set_done(&line_node->numbers);
	smd_buffer_done(&line_node->bytes);
}

int smd_node_is_container(const struct smd_node *node)
{
	return smd_node_holds(node);
}

/* Putting */

static int add_numbers(struct smd_node *node, const struct smd_set *numbers)
{
	int err = 0;

	for (size_t i = 0; i < numbers->count && !err; i++)
		err = smd_set_add(smd_node_numbers(node), numbers->ranges[i].first,
				  numbers->ranges[i].last);
	return err;
}

/* Write `next` as the last key; returns whether the section has a child of that identity. */
static int is_there(struct smd_node *parent, struct smd_parts *parts, struct smd_span *key,
		    char number[16], unsigned next)
{
	*key = (struct smd_span){number, (size_t)snprintf(number, 16, "%u", next)};
	return smd_parts_find(parent, parts) != NULL;
}

/*
 * Add an entry that reads like one before it in an ordered list: a duplicate, told apart by a
 * number as one more key. These numbers run from 2 without a gap, so that bisection finds the next
 * one.
 */
static int put_duplicate(struct smd_node *parent, const struct smd_line_node *line_node,
			 struct smd_node **node)
{
	struct smd_span keys[SMD_PATTERN_WORDS + 1], *key = &keys[line_node->parts.key_count];
	struct smd_parts parts = line_node->parts;
	unsigned taken = 1, next = 2;
	char number[16];

	if (parts.kind != SMD_MEMBER || parts.key_count >= SMD_PATTERN_WORDS)
		return SMD_E_EXISTS;
	if (parts.key_count)
		memcpy(keys, parts.keys, parts.key_count * sizeof(*keys));
	parts.keys = keys;
	parts.key_count++;
	parts.flags |= SMD_NODE_DUPLICATE;
	while (is_there(parent, &parts, key, number, next)) {
		taken = next;
		next *= 2;
	}
	while (next - taken > 1) {
		unsigned middle = taken + (next - taken) / 2;

		*(is_there(parent, &parts, key, number, middle) ? &taken : &next) = middle;
	}
	is_there(parent, &parts, key, number, next);
	return smd_parts_add(parent, &parts, node);
}

/* Merge a line with `*node`, which has the same identity. */
static int merge_nodes(struct smd_node *parent, const struct smd_line_node *line_node, size_t since,
		       struct smd_node **node)
{
	enum smd_kind have = smd_node_kind(*node), want = line_node->parts.kind;

	if (smd_node_holds(*node))
		return 0;
	if (line_node->parts.ordered && (*node)->ordered && (*node)->line < since)
		return 0;
	if (line_node->parts.ordered && (*node)->ordered)
		return put_duplicate(parent, line_node, node);
	if (have != want) {
		smd_node_remove(*node);
		return smd_parts_add(parent, &line_node->parts, node);
	}
	if (line_node->once && smd_node_valued(*node) &&
	    !smd_spelling_same(smd_string_span((*node)->value), line_node->parts.value))
		return SMD_E_CONFLICT;
	return smd_node_valued(*node) ? smd_node_set_value(*node, line_node->parts.value.at,
							   line_node->parts.value.length)
				      : 0;
}

int smd_line_node_put(struct smd_node *parent, struct smd_line_node *line_node, size_t since,
		      struct smd_node **out)
{
	struct smd_node *node;
	int err = smd_parts_add(parent, &line_node->parts, &node);

	line_node->merged = err == SMD_E_EXISTS && line_node->parts.kind != SMD_SET &&
			    !line_node->parts.ordered;
	if (err == SMD_E_EXISTS)
		err = merge_nodes(parent, line_node, since, &node);
	if (!err && line_node->parts.kind == SMD_SET && smd_node_kind(node) == SMD_SET)
		err = add_numbers(node, &line_node->numbers);
	if ((!err || err == SMD_E_CONFLICT) && out)
		*out = node;
	return err;
}

const struct smd_node *smd_line_node_find(const struct smd_node *parent,
					  const struct smd_line_node *line_node)
{
	return smd_parts_find(parent, &line_node->parts);
}

/* Text of nodes */

void smd_node_put_name(const struct smd_node *node, struct smd_buffer *out)
{
	size_t keys = node->key_count - (node->flags & SMD_NODE_DUPLICATE ? 1u : 0u);

	if (!(node->flags & SMD_NODE_NAMELESS))
		smd_buffer_put(out, node->name->bytes, node->name->length);
	for (size_t i = 0; i < keys; i++) {
		const struct smd_string *key = smd_node_key_string(node, i);

		if (i || !(node->flags & SMD_NODE_NAMELESS))
			smd_buffer_byte(out, ' ');
		smd_buffer_put(out, key->bytes, key->length);
	}
}

void smd_set_put_text(const struct smd_set *set, struct smd_buffer *out)
{
	size_t size = smd_set_format(set, NULL, 0);

	if (!smd_buffer_reserve(out, size + 1))
		return;
	smd_set_format(set, out->bytes + out->used, size + 1);
	out->used += size;
}

/* Append the name, with the value in place of the word `*`. */
static void put_infix(const struct smd_node *node, struct smd_buffer *out)
{
	struct smd_span left = {node->name->bytes, node->name->length};

	for (struct smd_span word = smd_span_word(&left); word.length;
	     word = smd_span_word(&left)) {
		if (word.at != node->name->bytes)
			smd_buffer_byte(out, ' ');
		if (smd_span_is(word, "*"))
			smd_buffer_put(out, node->value->bytes, node->value->length);
		else
			smd_buffer_put(out, word.at, word.length);
	}
}

void smd_node_put_text(const struct smd_node *node, struct smd_buffer *out)
{
	if (node->flags & SMD_NODE_INFIX && smd_node_valued(node)) {
		put_infix(node, out);
		return;
	}
	smd_node_put_name(node, out);
	if (smd_node_valued(node) && node->value->length) {
		if (*node->value->bytes != '\n')
			smd_buffer_byte(out, ' ');
		smd_buffer_put(out, node->value->bytes, node->value->length);
	} else if (node->kind == SMD_SET) {
		smd_buffer_byte(out, ' ');
		smd_set_put_text(&node->numbers->set, out);
	}
}

const struct smd_mark *smd_node_mark(const struct smd_grammar *grammar, const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(grammar)->marks;

	for (; mark && mark->word; mark++)
		if (node->kind == SMD_MEMBER && node->key_count == 1 &&
		    !strcmp(node->name->bytes, mark->word))
			return mark;
	return NULL;
}

struct smd_span smd_node_enclosing_key(const struct smd_node *node)
{
	const struct smd_node *section = node->parent;

	if (!section || !section->parent)
		return (struct smd_span){"", 0};
	return smd_span_of(section->key_count ? smd_node_key(section, 0) : section->name->bytes);
}

/* Rules of nodes */

/* Cut a block's text down to its first line, by which rules know it. */
static void end_node_rule(struct smd_node_rule *node_rule)
{
	const char *end = node_rule->line.failed
				  ? NULL
				  : memchr(node_rule->line.bytes, '\n', node_rule->line.used);

	if (end)
		node_rule->line.used = (size_t)(end - node_rule->line.bytes);
}

/* Append numbers; 0 in place of none, for a line without numbers would not match. */
static void put_numbers(struct smd_node_rule *node_rule, const struct smd_set *numbers)
{
	if (numbers->count)
		smd_set_put_text(numbers, &node_rule->line);
	else
		smd_buffer_byte(&node_rule->line, '0');
}

/* Whether a line of the rule makes a node of this kind; if not, the node is a line's plain text. */
static int made_by(const struct smd_rule *rule, const struct smd_node *node)
{
	switch (rule->kind) {
	case SMD_RULE_SECTION:
		return smd_node_holds(node);
	case SMD_RULE_VALUE:
		return node->kind == SMD_LEAF;
	case SMD_RULE_NUMBERS:
		return node->kind == SMD_SET;
	case SMD_RULE_BLOCK:
		return node->kind == SMD_BLOCK;
	case SMD_RULE_MEMBER:
	case SMD_RULE_ORDERED:
	case SMD_RULE_DEFAULT:
		return node->kind == SMD_MEMBER;
	}
	return 0;
}

static int match_node(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
		      const struct smd_context *context, const struct smd_node *node)
{
	end_node_rule(node_rule);
	if (node_rule->line.failed)
		return SMD_E_NO_MEMORY;
	smd_words_split(&node_rule->words,
			(struct smd_span){node_rule->line.bytes, node_rule->line.used},
			smd_grammar_dialect(grammar)->quotes);
	if (smd_context_find(context, &node_rule->words, 0, SMD_FORM_SET, 0, &node_rule->match) &&
	    !made_by(smd_match_rule(&node_rule->match), node))
		node_rule->match.form = NULL;
	return 0;
}

int smd_node_rule_find(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
		       const struct smd_context *context, const struct smd_node *node)
{
	if (node->kind == SMD_SET)
		return smd_node_rule_numbers(node_rule, grammar, context, node,
					     &node->numbers->set);
	node_rule->line.used = 0;
	smd_node_put_text(node, &node_rule->line);
	return match_node(node_rule, grammar, context, node);
}

int smd_node_rule_numbers(struct smd_node_rule *node_rule, struct smd_grammar *grammar,
			  const struct smd_context *context, const struct smd_node *node,
			  const struct smd_set *numbers)
{
	node_rule->line.used = 0;
	smd_node_put_name(node, &node_rule->line);
	smd_buffer_byte(&node_rule->line, ' ');
	put_numbers(node_rule, numbers);
	return match_node(node_rule, grammar, context, node);
}

void smd_node_rule_fill(const struct smd_node_rule *node_rule, const struct smd_node *node,
			const char *template, struct smd_buffer *out)
{
	struct smd_filling filling = {.line = {node_rule->line.bytes, node_rule->line.used},
				      .enclosing_key = smd_node_enclosing_key(node)};
	struct smd_buffer name = {0};

	smd_match_filling(&node_rule->match, &filling);
	smd_node_put_name(node, &name);
	filling.name = node->flags & SMD_NODE_INFIX ? filling.line
						    : (struct smd_span){name.bytes, name.used};
	smd_template_fill(smd_span_of(template), &filling, out);
	out->failed |= name.failed;
	smd_buffer_done(&name);
}

void smd_node_rule_done(struct smd_node_rule *node_rule)
{
	smd_buffer_done(&node_rule->line);
}

const struct smd_context *smd_node_context(struct smd_grammar *grammar, const struct smd_node *node)
{
	const struct smd_context *context;
	struct smd_node_rule node_rule = {.line = {0}};
	const struct smd_rule *rule;

	if (!node->parent)
		return smd_grammar_top(grammar);
	context = smd_node_context(grammar, node->parent);
	if (context && smd_node_rule_find(&node_rule, grammar, context, node))
		context = NULL;
	if (context) {
		rule = smd_match_rule(&node_rule.match);
		context = smd_grammar_enter(
			grammar, context,
			smd_rule_is_section(rule) ? node_rule.match.form->compiled : NULL);
	}
	smd_node_rule_done(&node_rule);
	return context;
}
