/* SPDX-License-Identifier: Apache-2.0 */
/* Recognising prompts, and helpers for pieces of text. */
#ifndef SMD_PLUGINS_CLI_PROMPT_H
#define SMD_PLUGINS_CLI_PROMPT_H

#include <string.h>

#include "shell.h"

/* Maximum characters of a row that can be a prompt or a question. */
#define TAIL_MAX 2048

/* A piece of text, borrowed. */
struct piece {
	const char *text;
	size_t size;
};

static inline struct piece trim_end(struct piece p)
{
	while (p.size && p.text[p.size - 1] == ' ')
		p.size--;
	return p;
}

static inline struct piece trim(struct piece p)
{
	while (p.size && *p.text == ' ') {
		p.text++;
		p.size--;
	}
	return trim_end(p);
}

static inline struct piece piece_of(const char *text)
{
	return (struct piece){text, strlen(text)};
}

static inline int same(struct piece a, struct piece b)
{
	return a.size == b.size && (!a.size || !memcmp(a.text, b.text, a.size));
}

static inline int starts(struct piece p, struct piece with)
{
	return p.size >= with.size && (!with.size || !memcmp(p.text, with.text, with.size));
}

static inline int ends(struct piece p, struct piece with)
{
	return p.size >= with.size &&
	       (!with.size || !memcmp(p.text + p.size - with.size, with.text, with.size));
}

static inline struct piece first_part(struct piece p)
{
	return (struct piece){p.text, p.size < SMD_LINE_LOOKED ? p.size : SMD_LINE_LOOKED};
}

/*
 * Is `row` our device's prompt? 1, 0 or an error. `*above`: bytes of the held lines that belong
 * to the prompt as well. Of several matches the longest is taken, because a pattern that
 * contains line ends wants the lines above.
 */
int smd_prompt_is(struct smd_shell *s, struct piece row, size_t *above, struct smd_error *error);
/* The device is at this prompt: remember it, and remove its lines from the held output. */
void smd_prompt_take(struct smd_shell *s, struct piece row, size_t above);
/*
 * Can `p` be a prompt in front of an echo? Also true for text that begins with the host name
 * and ends like a prompt, because a device may show more in it than the pattern knows, such as
 * the time.
 */
int smd_prompt_like(struct smd_shell *s, struct piece p, struct smd_error *error);
/*
 * Find prompts that are followed by output on the same row, and end their exchanges. This
 * happens with a terminal without a line editor: it echoes lines sent ahead once, early, and
 * not again behind the prompt.
 */
int smd_prompt_split(struct smd_shell *s, struct smd_error *error);
/* Mark the row as processed; what is typed follows on it. */
void smd_prompt_row_taken(struct smd_shell *s);

#endif
