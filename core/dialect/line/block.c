/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/block.h"

/* What follows the name of a block on its first line. */
static struct smd_span head_of(const struct smd_rule_match *match, const struct smd_words *words)
{
	size_t key_at = match->form->pattern.key_at;
	const char *at = words->at[0].at;

	if (key_at)
		at = match->captures.at[key_at - 1].at + match->captures.at[key_at - 1].length;
	return smd_span_trim((struct smd_span){at, (size_t)(words->end - at)});
}

/* The delimiter that a text begins with: `^C`, or one character. */
static struct smd_span delimiter_of(struct smd_span head)
{
	head.length = head.length > 1 && !memcmp(head.at, "^C", 2) ? 2 : head.length > 0;
	return head;
}

/* The first delimiter in a text; NULL: it has none. What is shown as `^C` is typed as one byte. */
static const char *find_delimiter(struct smd_span text, struct smd_span delimiter)
{
	const char *shown = memmem(text.at, text.length, delimiter.at, delimiter.length);
	const char *typed = delimiter.length > 1 ? memchr(text.at, '\003', text.length) : NULL;

	return !shown || (typed && typed < shown) ? typed : shown;
}

static int has_delimiter(struct smd_span line, struct smd_span delimiter)
{
	return delimiter.length && find_delimiter(line, delimiter);
}

static int is_last(const struct smd_rule *rule, struct smd_span line, struct smd_span delimiter)
{
	if (delimiter.length)
		return has_delimiter(line, delimiter);
	return smd_span_is(smd_span_trim(line), rule->until);
}

/* `delimiter` empty: a line of the rule's own ends it. */
static int no_end(const struct smd_rule *rule, const struct smd_words *words,
		  struct smd_span delimiter, size_t number, struct smd_error *error)
{
	struct smd_span head = smd_words_rest(words, 0), end = delimiter;

	if (!end.length)
		end = smd_span_of(rule->until);
	smd_fail(error, SMD_E_INVALID, "\"%.*s\" in line %zu has no end: \"%.*s\" is missing",
		 (int)(head.length < 60 ? head.length : 60), head.at, number, (int)end.length,
		 end.at);
	smd_error_where(error, "line %zu", number);
	smd_error_hint(error, "is the file complete?");
	return SMD_E_INVALID;
}

/* Append a line of a block as it stands, but carriage returns become blanks, as elsewhere. */
static void put_block_line(struct smd_buffer *block, struct smd_span line)
{
	while (line.length && line.at[line.length - 1] == '\r')
		line.length--;
	smd_buffer_byte(block, '\n');
	if (!memchr(line.at, '\r', line.length)) {
		smd_buffer_put(block, line.at, line.length);
		return;
	}
	for (size_t i = 0; i < line.length; i++)
		smd_buffer_byte(block, line.at[i] == '\r' ? ' ' : (uint8_t)line.at[i]);
}

/*
 * The delimiter is no content: put one in place of it that the text does not have, the same for
 * the same text. What stands behind the last one is dropped, as the device does.
 */
static void set_delimiter(struct smd_buffer *block, struct smd_span delimiter)
{
	static const char choice[] = "#%@~&$+=*!|";
	struct smd_span text = {block->bytes + delimiter.length, block->used - delimiter.length};
	const char *end = find_delimiter(text, delimiter), *own = choice;
	smd_cleanup(free) char *kept = NULL;

	if (block->failed || !end)
		return;
	text.length = (size_t)(end - text.at);
	while (*own && memchr(text.at, *own, text.length))
		own++;
	if (!*own)
		return;
	kept = strndup(text.at, text.length);
	block->used = 0;
	smd_buffer_byte(block, (uint8_t)*own);
	if (kept)
		smd_buffer_put(block, kept, text.length);
	smd_buffer_byte(block, (uint8_t)*own);
	block->failed |= !kept;
}

int smd_block_read(const struct smd_rule_match *match, const struct smd_words *words, size_t number,
		   struct smd_source *source, struct smd_buffer *out, struct smd_error *error)
{
	const struct smd_rule *rule = smd_match_rule(match);
	struct smd_span head = head_of(match, words), delimiter = {"", 0}, line;
	int last = 0;

	out->used = 0;
	smd_buffer_put(out, head.at, head.length);
	if (!strcmp(rule->until, "$delimiter")) {
		delimiter = delimiter_of(head);
		head.at += delimiter.length;
		head.length -= delimiter.length;
		last = !delimiter.length || has_delimiter(head, delimiter);
	}
	while (!last) {
		line = source ? smd_text_span(source->text, source->next)
			      : (struct smd_span){NULL, 0};
		if (!line.at || memchr(line.at, '\0', line.length))
			return no_end(rule, words, delimiter, number, error);
		source->next++;
		put_block_line(out, line);
		last = is_last(rule, line, delimiter);
	}
	if (delimiter.length)
		set_delimiter(out, delimiter);
	return smd_buffer_close(out)
		       ? smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration")
		       : 0;
}

size_t smd_block_lines(const struct smd_context *context, const struct smd_text *text, size_t at,
		       struct smd_span line)
{
	struct smd_buffer block = {0};
	struct smd_rule_match match;
	struct smd_words words;
	struct smd_source source = {text, at + 1};
	size_t lines = 0;

	smd_words_split(&words, line, 0);
	if (smd_context_find(context, &words, 0, SMD_FORM_SET, 0, &match) &&
	    smd_match_rule(&match)->kind == SMD_RULE_BLOCK)
		lines = smd_block_read(&match, &words, at + 1, &source, &block, NULL)
				? SMD_NO_END
				: source.next - at - 1;
	smd_buffer_done(&block);
	return lines;
}
