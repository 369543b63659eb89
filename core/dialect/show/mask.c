/* SPDX-License-Identifier: Apache-2.0 */
/* Masks secrets in lines: by the rules, and by the kind of word where no rule says so. */
#include "core/base/cleanup.h"
#include "core/base/secret_words.h"
#include "core/dialect/line/block.h"
#include "core/dialect/show/show.h"
#include "core/tree/own.h"

/* Lines that are followed section by section, as a device would. */
struct masking {
	struct smd_grammar *grammar;
	const struct smd_context *sections[SMD_TREE_DEPTH + 1];
	size_t depth; /* of open sections, at least 1 */
	const struct smd_text *text;
	size_t line, until; /* lines before index `until` belong to a secret block */
	struct smd_words words;
	struct smd_rule_match match;
	struct smd_buffer out, bare; /* the line masked; by the rules alone */
	struct {
		size_t indent;
		unsigned about;
	} around[SMD_TREE_DEPTH + 1]; /* lines that are indented less, the outermost first */
	size_t around_count;
};

static int is_secret(const struct smd_rule *rule)
{
	return rule && rule->flags & SMD_RULE_SECRET;
}

static struct smd_span no_secret(const struct smd_words *words)
{
	return (struct smd_span){words->end, 0};
}

/* The secret in the words from `from` on, if they match the rule; empty: they do not. */
static struct smd_span secret_of(const struct smd_compiled_rule *compiled,
				 const struct smd_words *words, size_t from)
{
	const struct smd_pattern *pattern = &compiled->line;
	struct smd_captures captures;
	struct smd_span secret;

	if (!is_secret(compiled->rule) || pattern->key_at >= pattern->count ||
	    !smd_pattern_matches(pattern, words, from, 0, &captures))
		return no_secret(words);
	secret = captures.at[pattern->key_at];
	if (!pattern->infix)
		secret.length = (size_t)(words->end - secret.at);
	if (smd_secret_is_named(secret) || smd_span_is(secret, "{")) /* a brace opens a section */
		return no_secret(words);
	return secret;
}

/* The secret on a path. Any words may stand before it: better too much masked than too little. */
static struct smd_span find_on_path(const struct masking *masking)
{
	const struct smd_words *words = &masking->words;
	struct smd_span secret = no_secret(words);
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(masking->grammar, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t from = 0; is_secret(compiled[i].rule) && from < words->count; from++) {
			struct smd_span found = secret_of(&compiled[i], words, from);

			if (found.length && found.at < secret.at)
				secret = found;
		}
	return secret;
}

/* Open the section of the line, if it is one. */
static void open_section(struct masking *masking)
{
	const struct smd_rule *rule = smd_match_rule(&masking->match);
	int section = smd_rule_is_section(rule) && masking->match.form->op == SMD_FORM_SET;

	if (!section || masking->depth > SMD_TREE_DEPTH)
		return;
	masking->sections[masking->depth] =
		smd_grammar_enter(masking->grammar, masking->sections[masking->depth - 1],
				  masking->match.form->compiled);
	masking->depth += masking->sections[masking->depth] != NULL;
}

/* Whether a rule of the innermost section knows the line, also negated. `*from`: its first word. */
static int is_known(struct masking *masking, size_t *from)
{
	const struct smd_context *context = masking->sections[masking->depth - 1];
	const char *negation = smd_grammar_dialect(masking->grammar)->negation;
	int negated = masking->words.count && smd_span_is(masking->words.at[0], negation);

	for (*from = 0; *from <= (size_t)negated; ++*from)
		if (smd_context_find(context, &masking->words, *from, SMD_FORM_OPS_ALL, 0,
				     &masking->match))
			return 1;
	return 0;
}

/* The secret of a line, by the innermost section with a rule that knows it. */
static struct smd_span find_in_section(struct masking *masking, struct smd_span line)
{
	const char *exit = smd_grammar_dialect(masking->grammar)->exit;
	size_t depth = masking->depth, from, lines;

	if (exit && smd_span_is(line, exit)) {
		masking->depth -= masking->depth > 1;
		return no_secret(&masking->words);
	}
	while (!is_known(masking, &from)) {
		if (masking->depth == 1) {
			masking->depth = depth; /* no rule knows it: stay in the section */
			return no_secret(&masking->words);
		}
		masking->depth--;
	}
	open_section(masking);
	if (is_secret(smd_match_rule(&masking->match))) {
		lines = smd_block_lines(masking->sections[masking->depth - 1], masking->text,
					masking->line, line);
		masking->until = lines == SMD_NO_END ? lines : masking->line + 1 + lines;
	}
	return secret_of(masking->match.form->compiled, &masking->words, from);
}

static struct smd_span find_secret(struct masking *masking, struct smd_span line)
{
	if (masking->line < masking->until)
		return line;
	smd_words_split(&masking->words, line, smd_grammar_dialect(masking->grammar)->quotes);
	return smd_grammar_paths(masking->grammar) ? find_on_path(masking)
						   : find_in_section(masking, line);
}

void smd_mask_put_line(struct smd_span line, unsigned around, struct smd_buffer *out)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	size_t count = smd_secret_find(line, around, secrets);
	smd_cleanup(free) char *masked = count ? smd_secret_cover(line, secrets, count) : NULL;

	if (masked)
		smd_buffer_puts(out, masked);
	else if (count)
		out->failed = 1;
	else
		smd_buffer_put(out, line.at, line.length);
}

/* What the lines around are about, by their indentation; the line itself is entered. */
static unsigned find_around(struct masking *masking, struct smd_span raw, struct smd_span line)
{
	size_t indent = (size_t)(line.at - raw.at);
	unsigned about = 0;

	while (masking->around_count && masking->around[masking->around_count - 1].indent >= indent)
		masking->around_count--;
	if (masking->around_count)
		about = masking->around[masking->around_count - 1].about;
	if (masking->around_count < SMD_COUNT(masking->around)) {
		masking->around[masking->around_count].indent = indent;
		masking->around[masking->around_count++].about = smd_secret_around(line, about);
	}
	return about;
}

static int put_masked(struct masking *masking, struct smd_span raw)
{
	struct smd_span line = smd_span_trim(raw), secret = find_secret(masking, line);
	const char *end = line.at + line.length;
	unsigned around = find_around(masking, raw, line);

	masking->bare.used = masking->out.used = 0;
	smd_buffer_put(&masking->bare, raw.at, (size_t)(secret.at - raw.at));
	if (secret.length) {
		smd_buffer_puts(&masking->bare, SMD_MASK);
		secret.at += secret.length;
		smd_buffer_put(&masking->bare, secret.at, (size_t)(end - secret.at));
	}
	if (smd_buffer_close(&masking->bare))
		return SMD_E_NO_MEMORY;
	smd_mask_put_line((struct smd_span){masking->bare.bytes, masking->bare.used}, around,
			  &masking->out);
	return smd_buffer_close(&masking->out);
}

int smd_mask_lines(struct smd_grammar *grammar, const struct smd_text *lines, struct smd_text *out,
		   struct smd_error *error)
{
	smd_cleanup(free) struct masking *masking = calloc(1, sizeof(*masking));
	int err = 0;

	if (!masking)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to mask lines");
	masking->grammar = grammar;
	masking->sections[masking->depth++] = smd_grammar_top(grammar);
	masking->text = lines;
	for (; masking->line < smd_text_count(lines) && !err; masking->line++) {
		struct smd_span line;

		line = smd_text_span(lines, masking->line);
		if (put_masked(masking, line) || smd_text_line(out, masking->out.bytes))
			err = smd_fail(error, SMD_E_NO_MEMORY, "no memory to mask lines");
	}
	smd_buffer_done(&masking->bare);
	smd_buffer_done(&masking->out);
	return err;
}

unsigned smd_mask_around(const struct smd_node *node)
{
	const struct smd_node *section = node->parent;
	struct smd_buffer text = {0};
	unsigned about;

	if (!section || !section->parent)
		return 0;
	about = smd_mask_around(section);
	smd_node_put_name(section, &text);
	about = text.failed ? SMD_AROUND_ANY
			    : smd_secret_around((struct smd_span){text.bytes, text.used}, about);
	smd_buffer_done(&text);
	return about;
}

/* Whether the node's own words tell that it holds a secret. */
static int says_secret(const struct smd_node *node)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	struct smd_buffer text = {0};
	int secret = 1;

	smd_node_put_text(node, &text);
	if (!smd_buffer_close(&text))
		secret = smd_secret_find((struct smd_span){text.bytes, text.used},
					 smd_mask_around(node) | smd_mask_opens(node), secrets) > 0;
	smd_buffer_done(&text);
	return secret;
}

int smd_mask_is_secret(struct smd_grammar *grammar, const struct smd_node *node)
{
	struct smd_node_rule node_rule = {.line = {0}};
	const struct smd_context *context;
	int secret = 1;

	context = smd_node_context(grammar, node->parent);
	if (context && !smd_node_rule_find(&node_rule, grammar, context, node))
		secret = is_secret(smd_match_rule(&node_rule.match));
	smd_node_rule_done(&node_rule);
	return secret || says_secret(node);
}
