/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/words.h"

#include <endian.h>
#include <smartdeploy/error.h>

/* A bit in each byte of `word` that is below `least` (at most 128), or not ASCII. */
static uint64_t below(uint64_t word, uint8_t least)
{
	return (word - 0x0101010101010101u * least) & ~word & 0x8080808080808080u;
}

/* The first byte that may be a blank: a blank, or a control character. */
static const char *find_blank(const char *at, const char *end)
{
	uint64_t word, found;

	for (; end - at >= 8; at += 8) {
		memcpy(&word, at, 8);
		found = below(le64toh(word), ' ' + 1);
		if (found)
			return at + __builtin_ctzll(found) / 8;
	}
	while (at < end && (unsigned char)*at > ' ')
		at++;
	return at;
}

/* Behind the word that begins at `at`. */
static const char *word_end(const char *at, const char *end, int quotes)
{
	if (!quotes || *at != '"') {
		for (at = find_blank(at, end); at < end && !smd_is_blank(*at);)
			at = find_blank(at + 1, end);
		return at;
	}
	for (at++; at < end && *at != '"'; at++)
		if (*at == '\\' && at + 1 < end)
			at++;
	return at < end ? at + 1 : end;
}

static const char *skip_blanks(const char *at, const char *end)
{
	while (at < end && smd_is_blank(*at))
		at++;
	return at;
}

void smd_words_split(struct smd_words *words, struct smd_span line, int quotes)
{
	const char *at = skip_blanks(line.at, line.at + line.length);

	words->end = line.at + line.length;
	words->count = 0;
	while (at < words->end && words->count < SMD_WORDS) {
		const char *behind = word_end(at, words->end, quotes);

		words->at[words->count++] = (struct smd_span){at, (size_t)(behind - at)};
		at = skip_blanks(behind, words->end);
	}
	if (at < words->end)
		words->at[SMD_WORDS - 1].length =
			(size_t)(words->end - words->at[SMD_WORDS - 1].at);
}

struct smd_span smd_words_rest(const struct smd_words *words, size_t from)
{
	if (from >= words->count)
		return (struct smd_span){words->end, 0};
	return (struct smd_span){words->at[from].at, (size_t)(words->end - words->at[from].at)};
}

struct smd_span smd_span_trim(struct smd_span span)
{
	while (span.length && smd_is_blank(*span.at)) {
		span.at++;
		span.length--;
	}
	while (span.length && smd_is_blank(span.at[span.length - 1]))
		span.length--;
	return span;
}

int smd_span_compare(struct smd_span a, struct smd_span b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

static struct smd_span cut_word(struct smd_span *left, int quotes)
{
	const char *end = left->at + left->length;
	const char *at = skip_blanks(left->at, end);
	const char *behind = at < end ? word_end(at, end, quotes) : end;

	*left = (struct smd_span){behind, (size_t)(end - behind)};
	return (struct smd_span){at, (size_t)(behind - at)};
}

struct smd_span smd_span_word(struct smd_span *left)
{
	return cut_word(left, 0);
}

struct smd_span smd_span_quoted_word(struct smd_span *left)
{
	return cut_word(left, 1);
}

size_t smd_line_column(struct smd_span line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.length && smd_is_blank(line.at[i]); i++) {
		if (line.at[i] == '\t')
			column += 8 - column % 8;
		else if (line.at[i] == ' ')
			column++;
	}
	return column;
}

/* Behind an escape sequence (ECMA-48, section 5.4), or behind the escape alone. */
static const char *skip_escape(const char *at, const char *end)
{
	if (++at == end || *at != '[')
		return at;
	for (at++; at < end; at++)
		if (*at >= 0x40 && *at <= 0x7e)
			return at + 1;
	return at;
}

/* A bit in each byte of `word` that is a blank. */
static uint64_t blanks_of(uint64_t word)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7fu;

	word ^= 0x2020202020202020u;
	return ~(((word & low) + low) | word | low);
}

/* Has the line neither control characters nor, to be squeezed, runs of blanks? */
static int is_clean(struct smd_span line, int squeeze)
{
	uint64_t word, blanks, odd = 0, runs = 0, last = 0;
	size_t i = 0;

	for (; i + 8 <= line.length; i += 8) {
		memcpy(&word, line.at + i, 8);
		word = le64toh(word);
		odd |= below(word, 0x20) | below(word ^ 0x7f7f7f7f7f7f7f7fu, 1);
		blanks = blanks_of(word);
		runs |= blanks & (blanks << 8 | last);
		last = blanks >> 56;
	}
	for (; i < line.length; i++) {
		odd |= (unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7f;
		runs |= line.at[i] == ' ' && last;
		last = line.at[i] == ' ';
	}
	return !odd && !(squeeze && runs);
}

static void put_clean(struct smd_span line, int squeeze, struct smd_buffer *out)
{
	const char *at = line.at, *end = line.at + line.length;

	while (at < end) {
		char c = *at;

		if (c == 0x1b) {
			at = skip_escape(at, end);
			continue;
		}
		at++;
		if (c == '\b' && out->used)
			out->used--;
		if ((unsigned char)c < 0x20 && c != '\t' && c != '\r')
			continue;
		if (c == 0x7f)
			continue;
		if (c == '\r' || (squeeze && c == '\t'))
			c = ' ';
		if (!squeeze || c != ' ' || !out->used || out->bytes[out->used - 1] != ' ')
			smd_buffer_byte(out, (uint8_t)c);
	}
}

struct smd_span smd_line_clean(struct smd_span line, int squeeze, struct smd_buffer *out, int *err)
{
	line = smd_span_trim(line);
	*err = 0;
	if (is_clean(line, squeeze))
		return line;
	if (memchr(line.at, '\0', line.length)) {
		*err = SMD_E_INVALID;
		return line;
	}
	out->used = 0;
	if (smd_buffer_reserve(out, line.length))
		put_clean(line, squeeze, out);
	if (out->failed)
		*err = SMD_E_NO_MEMORY;
	return smd_span_trim((struct smd_span){out->bytes, out->used});
}

/* May the word, which stands in quotes, stand without them? */
static int is_bare(struct smd_span word)
{
	if (word.length < 3 || word.at[word.length - 1] != '"')
		return 0;
	for (size_t i = 1; i + 1 < word.length; i++)
		if (memchr(" \t\r;{}[]\"\\#<>()|,&*?!'`$", word.at[i], 24))
			return 0;
	return 1;
}

static int has_comment(struct smd_span text)
{
	return memmem(text.at, text.length, "/*", 2) != NULL;
}

/* Does it hold what ends or opens a statement, or a comment? */
static int is_special(struct smd_span word)
{
	for (size_t i = 0; i < word.length; i++)
		if (memchr("{};\"#[]", word.at[i], word.length > 1 ? 7 : 5))
			return 1;
	return has_comment(word);
}

static int has_special(struct smd_span line)
{
	for (size_t i = 0; i < line.length; i++)
		if (memchr("{};\"#[]", line.at[i], 7))
			return 1;
	return has_comment(line);
}

static void put_quoted(struct smd_span word, struct smd_buffer *out)
{
	smd_buffer_byte(out, '"');
	for (size_t i = 0; i < word.length; i++) {
		if (word.at[i] == '"' || word.at[i] == '\\')
			smd_buffer_byte(out, '\\');
		smd_buffer_byte(out, (uint8_t)word.at[i]);
	}
	smd_buffer_byte(out, '"');
}

/* Is the word one that begins with a quote and ends with it? */
static int is_quoted(struct smd_span word)
{
	return word.length > 1 && *word.at == '"' && word.at[word.length - 1] == '"';
}

struct smd_span smd_line_unquote(struct smd_span line, int braces, struct smd_buffer *out)
{
	const char *at = line.at, *end = line.at + line.length;

	if (!memchr(line.at, '"', line.length) && !(braces && has_special(line)))
		return line;
	out->used = 0;
	while (at < end) {
		const char *from = at, *behind = skip_blanks(at, end);
		struct smd_span word;

		if (from > line.at && behind == from && behind < end)
			smd_buffer_byte(out, ' '); /* a quoted word ends at its quote */
		smd_buffer_put(out, from, (size_t)(behind - from));
		at = behind < end ? word_end(behind, end, 1) : end;
		word = (struct smd_span){behind, (size_t)(at - behind)};
		if (word.length && *word.at == '"' && is_bare(word))
			smd_buffer_put(out, word.at + 1, word.length - 2);
		else if (braces && !is_quoted(word) && is_special(word))
			put_quoted(word, out);
		else
			smd_buffer_put(out, word.at, word.length);
	}
	return out->failed ? line : (struct smd_span){out->bytes, out->used};
}
