/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets in paths of trees, and in what sentences quote. */
#include <ctype.h>
#include <smartdeploy/text.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/secret_words.h"

/* Paths */

/* The words of a path of a tree: `/a b[c]/d` as "a b c  d". */
static void spell_path(const char *path, size_t size, char *line)
{
	for (size_t i = 0; i < size; i++)
		line[i] = strchr("/[]", path[i]) && path[i] ? ' ' : path[i];
}

int smd_secret_is_at(const char *path)
{
	struct smd_span secrets[SMD_SECRET_SPANS], line = {NULL, strlen(path)};
	smd_cleanup(free) char *words = malloc(line.length + 1);

	if (!words)
		return 1;
	spell_path(path, line.length, words);
	line.at = words;
	return smd_secret_find(line, 0, secrets) > 0 ||
	       smd_secret_around(line, 0) & (SMD_AROUND_VALUE | SMD_AROUND_KEY);
}

/* The secrets in the words of a path. */
static size_t find_in_path(const char *path, char *words,
			   struct smd_span secrets[static SMD_SECRET_SPANS])
{
	struct smd_span line = {words, strlen(path)};
	size_t count;

	spell_path(path, line.length, words);
	count = smd_secret_find(line, SMD_AROUND_OPENS, secrets);
	for (size_t i = 0; i < count; i++)
		secrets[i].at = path + (secrets[i].at - words);
	return count;
}

/* Sentences */

/* The quote that ends a quoted line: the last one, as lines may hold quotes themselves. */
static const char *find_close(const char *open)
{
	const char *close = strrchr(open + 1, *open);

	while (close && close > open + 1 && *open == '\'' && isalnum((unsigned char)close[1])) {
		do
			close--;
		while (close > open && *close != '\'');
	}
	return close && close > open ? close : open + strlen(open);
}

static int opens(const char *text, const char *at)
{
	return *at == '"' ||
	       (*at == '\'' && (at == text || isspace((unsigned char)at[-1]) || at[-1] == '('));
}

/* The secrets of the first quoted line that has any, or else the passwords of URLs. */
static size_t find_in_sentence(const char *text, struct smd_span secrets[static SMD_SECRET_SPANS])
{
	for (const char *at = text; *at; at++)
		if (opens(text, at)) {
			struct smd_span line = {at + 1, (size_t)(find_close(at) - at - 1)};
			size_t count = smd_secret_find(line, SMD_AROUND_ANY, secrets);

			if (count)
				return count;
		}
	return smd_secret_find_by_looks(smd_span_of(text), secrets);
}

char *smd_secret_mask_sentence(const char *text, int *failed)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	smd_cleanup(free) char *words = malloc(strlen(text) + 1);
	size_t count = 0;
	char *masked;

	if (words)
		count = *text == '/' ? find_in_path(text, words, secrets)
				     : find_in_sentence(text, secrets);
	masked = count ? smd_secret_cover(smd_span_of(text), secrets, count) : NULL;
	*failed |= !words || (count && !masked);
	return masked;
}
