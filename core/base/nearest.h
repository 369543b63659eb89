/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Did you mean X?": of some words, the one that is nearest to a word that somebody wrote.
 *
 *     struct smd_nearest nearest = {.word = "paln"};
 *     smd_nearest_offer(&nearest, "plan");
 *     nearest.best is "plan"
 */
#ifndef SMD_BASE_NEAREST_H
#define SMD_BASE_NEAREST_H

#include <string.h>

#define SMD_NEAREST_LENGTH 48  /* a longer word is like no other */
#define SMD_NEAREST_DISTANCE 2 /* the most edits between words that are alike */

/* best: the nearest word that was offered so far, borrowed; NULL: none is near. */
struct smd_nearest {
	const char *word, *best;
	unsigned distance;
};

/*
 * The number of edits between two words, where an edit adds, removes or replaces a character, or
 * swaps two neighbours (Damerau and Levenshtein, each place edited once).
 */
static inline unsigned smd_word_distance(const char *a, const char *b)
{
	unsigned rows[3][SMD_NEAREST_LENGTH + 1];
	size_t a_length = strlen(a), b_length = strlen(b);

	if (a_length > SMD_NEAREST_LENGTH || b_length > SMD_NEAREST_LENGTH)
		return SMD_NEAREST_LENGTH;
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a_length; i++) {
		unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3];
		const unsigned *before = rows[(i + 1) % 3];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= b_length; j++) {
			unsigned least = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < least)
				least = above[j] + 1;
			if (row[j - 1] + 1 < least)
				least = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < least)
				least = before[j - 2] + 1;
			row[j] = least;
		}
	}
	return rows[a_length % 3][b_length];
}

/* Offer a word. Of equally near ones the first stays; short words must be nearer. */
static inline void smd_nearest_offer(struct smd_nearest *nearest, const char *word)
{
	unsigned distance = smd_word_distance(nearest->word, word);

	if (distance > SMD_NEAREST_DISTANCE || distance * 2 > strlen(word) ||
	    (nearest->best && distance >= nearest->distance))
		return;
	nearest->best = word;
	nearest->distance = distance;
}

#endif
