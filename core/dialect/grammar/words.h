/* SPDX-License-Identifier: Apache-2.0 */
/* A line as words. */
#ifndef SMD_DIALECT_GRAMMAR_WORDS_H
#define SMD_DIALECT_GRAMMAR_WORDS_H

#include "core/base/lines.h"
#include "core/base/span.h"
#include "core/tree/buffer.h"

#define SMD_WORDS 64

/* The words of a line, which is borrowed. The last of SMD_WORDS is the rest of the line. */
struct smd_words {
	const char *end; /* of the line */
	struct smd_span at[SMD_WORDS];
	size_t count;
};

/* `quotes`: text in double quotes is one word, its quotes included. */
void smd_words_split(struct smd_words *words, struct smd_span line, int quotes);
/*
 * Split a line of at most 64 bytes that has neither control characters nor runs of blanks; quotes
 * mean nothing. Returns 0 for any other line: smd_line_clean comes first there.
 */
int smd_words_take(struct smd_words *words, struct smd_span line);
/* From word `from` to the end of the line; empty beyond the last. */
struct smd_span smd_words_rest(const struct smd_words *words, size_t from);

/* Without the blanks around it. */
struct smd_span smd_span_trim(struct smd_span span);
/* Order by bytes, as memcmp: less than 0, 0, or more; the beginning of a span comes before it. */
int smd_span_compare(struct smd_span a, struct smd_span b);
/* Take the first word off a line, which then begins behind it; empty: no word is left. */
struct smd_span smd_span_word(struct smd_span *left);
/* The same, where text in double quotes is one word. */
struct smd_span smd_span_quoted_word(struct smd_span *left);

/* How many of the bytes are control characters. */
size_t smd_count_controls(const char *at, size_t length);

/* The column at which a line begins; tabs go to the next multiple of 8. */
size_t smd_line_column(struct smd_span line);
/*
 * A line without what a terminal would not show: blanks around it, escape
 * sequences, control characters; `squeeze`: each run of blanks is one. Borrowed
 * from the line where nothing had to be changed, else from `out`, which is
 * overwritten. *err is SMD_E_INVALID for a NUL byte, or SMD_E_NO_MEMORY.
 */
struct smd_span smd_line_clean(struct smd_span line, int squeeze, struct smd_buffer *out, int *err);
/*
 * Take quotes off the words that do not need them. `braces`: also put quotes around words with
 * characters that would end a statement. Borrowed as from smd_line_clean.
 */
struct smd_span smd_line_unquote(struct smd_span line, int braces, struct smd_buffer *out);

static inline int smd_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

#endif
