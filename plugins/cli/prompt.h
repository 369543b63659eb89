/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of text, and whether one is a prompt. */
#ifndef SMD_PLUGINS_CLI_PROMPT_H
#define SMD_PLUGINS_CLI_PROMPT_H

#include <string.h>

#include "shell.h"

/* Characters of a row that may be a prompt or a question. */
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
 * Is `row` the prompt of our device? 1, 0 or an error. `above` becomes the
 * number of bytes held that belong to it too: the longest prompt wins, as it
 * is what the pattern means by naming the lines above.
 */
int smd_prompt_is(struct smd_shell *s, struct piece row, size_t *above, struct smd_error *error);
/* The device stands at this prompt. */
void smd_prompt_take(struct smd_shell *s, struct piece row, size_t above);
/*
 * May `p` be what stands before an echo? A device may draw other things into
 * the prompt than its pattern knows, such as the time, but it begins with the
 * host's name.
 */
int smd_prompt_like(struct smd_shell *s, struct piece p, struct smd_error *error);
/*
 * A terminal without a line editor echoes what is sent ahead only once, early:
 * then a prompt is followed on its row by the output of the next exchange. Take
 * such prompts from the start of the row and end their exchanges.
 */
int smd_prompt_split(struct smd_shell *s, struct smd_error *error);
/* All that the row has to say is said; what is typed follows it. */
void smd_prompt_row_taken(struct smd_shell *s);

#endif
