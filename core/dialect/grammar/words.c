/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/words.h"

#include <endian.h>
#include <smartdeploy/error.h>

#define EACH(byte) (0x0101010101010101u * (byte))

/* What is known of the bytes of a line, at most 64. */
struct bytes {
	uint64_t blanks;   /* bit i: byte i is a blank */
	uint64_t controls; /* not 0: there are control characters */
};

/* The top bit of each byte of `word` that is a control character. */
static uint64_t controls_of(uint64_t word)
{
	uint64_t low = word & EACH(0x7f);

	return (~(low + EACH(0x80 - ' ')) | (low + EACH(1))) & ~word & EACH(0x80);
}

#define BLOCK 128 /* bytes, few enough to be counted in a uint8_t */

size_t smd_count_controls(const char *at, size_t length)
{
	size_t count = 0;

	for (size_t i = 0; i < length; i += BLOCK) {
		size_t end = length - i < BLOCK ? length - i : BLOCK;
		uint8_t sum = 0; /* narrow, so that the compiler counts many bytes at once */

		for (size_t k = 0; k < end; k++)
			sum = (uint8_t)(sum + ((unsigned char)at[i + k] < ' ') +
					(at[i + k] == 0x7f));
		count += sum;
	}
	return count;
}

/* Note 8 bytes, which are bytes `at` to `at` + 7 of the line. */
static void look_at_word(struct bytes *bytes, const char *from, size_t at)
{
	uint64_t word, blanks;

	memcpy(&word, from, 8);
	word = le64toh(word);
	blanks = ~((((word & EACH(0x7f)) ^ EACH(' ')) + EACH(0x7f)) | word) & EACH(0x80);
	bytes->controls |= controls_of(word);
	bytes->blanks |= ((blanks >> 7) * 0x0102040810204080u >> 56) << at; /* side by side */
}

static struct bytes look_at(const char *from, size_t length)
{
	struct bytes bytes = {0, 0};
	size_t at = 0;

	for (; at + 8 <= length; at += 8)
		look_at_word(&bytes, from + at, at);
	if (at < length && length >= 8) {
		look_at_word(&bytes, from + length - 8, length - 8);
	} else if (at < length) {
		char padded[8];

		memset(padded, 'x', sizeof(padded));
		memcpy(padded, from + at, length - at);
		look_at_word(&bytes, padded, at);
	}
	return bytes;
}

/* The end of the word that begins at `at`. */
static const char *word_end(const char *at, const char *end, int quotes)
{
	if (!quotes || *at != '"') {
		while (at < end && !smd_is_blank(*at))
			at++;
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

/* Split a line of at most 64 bytes; `blanks` has a bit for each that is a blank. */
static void split_short(struct smd_words *words, struct smd_span line, uint64_t blanks)
{
	uint64_t last = (uint64_t)1 << (line.length - 1);
	uint64_t left = ~blanks & (last | (last - 1)); /* bytes of words not yet split off */

	words->end = line.at + line.length;
	words->count = 0;
	while (left) {
		unsigned from = (unsigned)__builtin_ctzll(left);
		uint64_t behind = ~(left >> from); /* 0: all 64 bytes are one word */
		unsigned length = behind ? (unsigned)__builtin_ctzll(behind) : 64;

		words->at[words->count++] = (struct smd_span){line.at + from, length};
		left = from + length < 64 ? left >> (from + length) << (from + length) : 0;
	}
}

int smd_words_take(struct smd_words *words, struct smd_span line)
{
	struct bytes bytes;

	if (!line.length || line.length > 64)
		return 0;
	bytes = look_at(line.at, line.length);
	if (bytes.controls || bytes.blanks & bytes.blanks << 1)
		return 0;
	split_short(words, line, bytes.blanks);
	return 1;
}

void smd_words_split(struct smd_words *words, struct smd_span line, int quotes)
{
	const char *at;

	if (!quotes && line.length && line.length <= 64) {
		struct bytes bytes = look_at(line.at, line.length);

		if (!bytes.controls) {
			split_short(words, line, bytes.blanks);
			return;
		}
	}
	words->end = line.at + line.length;
	words->count = 0;
	at = skip_blanks(line.at, words->end);
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

/* The end of an escape sequence (ECMA-48, section 5.4), or of the escape character alone. */
static const char *skip_escape(const char *at, const char *end)
{
	if (++at == end || *at != '[')
		return at;
	for (at++; at < end; at++)
		if (*at >= 0x40 && *at <= 0x7e)
			return at + 1;
	return at;
}

/* Has the line neither control characters nor, to be squeezed, runs of blanks? */
static int is_clean(struct smd_span line, int squeeze)
{
	uint64_t controls = 0, runs = 0, last = 0;

	for (size_t i = 0; i < line.length; i += 64) {
		size_t left = line.length - i;
		struct bytes bytes = look_at(line.at + i, left < 64 ? left : 64);

		controls |= bytes.controls;
		runs |= bytes.blanks & (bytes.blanks << 1 | last);
		last = bytes.blanks >> 63;
	}
	return !controls && !(squeeze && runs);
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
		if (c == 0x03) { /* as devices show it: it delimits texts */
			smd_buffer_puts(out, "^C");
			continue;
		}
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

/* Whether a word in quotes means the same without them. */
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

/* Whether a word needs quotes, as it would end or open a statement, or begin a comment. */
static int is_special(struct smd_span word)
{
	for (size_t i = 0; i < word.length; i++)
		if (memchr("{};\"#[]", word.at[i], word.length > 1 ? 7 : 5))
			return 1;
	return has_comment(word);
}

static int has_special(struct smd_span line)
{
	static const uint8_t special[256] = {
		['{'] = 1, ['}'] = 1, [';'] = 1, ['"'] = 1, ['#'] = 1, ['['] = 1, [']'] = 1};

	for (size_t i = 0; i < line.length; i++)
		if (special[(uint8_t)line.at[i]])
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

/* Whether the word begins and ends with a quote. */
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
			smd_buffer_byte(out, ' '); /* it ends at its quote: a blank must follow */
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
