/* SPDX-License-Identifier: Apache-2.0 */
#include "junos.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_comment(const char *text)
{
	if (!strncmp(text, "/*", 2)) {
		const char *end = strstr(text + 2, "*/");

		return end ? end + 2 : text + strlen(text);
	}
	return text + strcspn(text, "\n");
}

static const char *skip_blank(const char *text)
{
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (*text != '#' && strncmp(text, "/*", 2) != 0)
			return text;
		text = skip_comment(text);
	}
}

char *junos_word_next(const char **text, bool *quoted)
{
	const char *start = skip_blank(*text), *end;

	*quoted = *start == '"';
	if (!*start)
		return NULL;
	if (*quoted) {
		for (end = ++start; *end && *end != '"'; end++)
			end += *end == '\\' && end[1];
		*text = end + (*end == '"');
	} else {
		end = strchr("{};[]", *start) ? start + 1 : start + strcspn(start, " \t\r\n{};[]");
		*text = end;
	}
	return sim_copy_part(start, (size_t)(end - start));
}

struct junos_words junos_words_split(const char *line)
{
	struct junos_words words = {0};
	bool quoted;
	char *word;

	while ((word = junos_word_next(&line, &quoted))) {
		words.word = sim_grow(words.word, words.count + 1, sizeof(*words.word));
		words.word[words.count++] = word;
	}
	return words;
}

void junos_words_free(struct junos_words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->word[i]);
	free(words->word);
	*words = (struct junos_words){0};
}

static bool is_plain(const char *word)
{
	if (!*word)
		return false;
	for (; *word; word++)
		if (!isalnum((unsigned char)*word) && !strchr("_.:/@+=%,<>*~-", *word))
			return false;
	return true;
}

void junos_word_write(FILE *out, const char *word)
{
	fprintf(out, is_plain(word) ? "%s" : "\"%s\"", word);
}

char *junos_words_join(char *const *word, size_t count)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < count; i++) {
		if (i)
			putc(' ', out);
		if (strlen(word[i]) == 1 && strchr("[]", *word[i]))
			fputs(word[i], out);
		else
			junos_word_write(out, word[i]);
	}
	fclose(out);
	return text;
}
