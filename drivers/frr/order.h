/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of a payload that are put into another order. */
#ifndef SMD_DRIVERS_FRR_ORDER_H
#define SMD_DRIVERS_FRR_ORDER_H

#include <smartdeploy/driver.h>

#include <string.h>

/* The lines are on the heap and its own; NULL: it was moved elsewhere. */
struct smd_frr_lines {
	char **at;
	size_t count, room;
};

/* Append a line, which is the list's from then on; NULL is no memory. -1: no memory. */
int smd_frr_put(struct smd_frr_lines *lines, char *line);
/* Move all lines to the end of `out`; the lines of a numbered list, whose entries are in `from`,
 * stand where the first of them stood. -1: no memory. */
int smd_frr_order_entries(struct smd_frr_lines *lines, const struct smd_tree *from,
			  struct smd_frr_lines *out);

/* What is behind a word; NULL: the text is NULL or begins otherwise. */
static inline const char *smd_frr_behind(const char *text, const char *word)
{
	size_t length = strlen(word);

	return text && !strncmp(text, word, length) ? text + length : NULL;
}

static inline const char *smd_frr_behind_word(const char *text)
{
	size_t length = text ? strcspn(text, " ") : 0;

	return length && text[length] == ' ' ? text + length + 1 : NULL;
}

#endif
