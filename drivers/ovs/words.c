/* SPDX-License-Identifier: Apache-2.0 */
#include "ovs.h"

#include <stdlib.h>
#include <string.h>

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "_-.,:=/+@%";

static int is_plain(char c)
{
	return c && strchr(plain, c);
}

char *smd_ovs_quote(const char *word)
{
	size_t length = strlen(word);
	char *out, *to;

	if (length > SMD_OVS_COMMAND_MAX)
		return NULL;
	out = to = malloc(length * 4 + 3);
	if (!out)
		return NULL;
	if (length && strspn(word, plain) == length)
		return memcpy(out, word, length + 1);
	*to++ = '\'';
	for (; *word; word++) {
		if (*word == '\'') {
			memcpy(to, "'\\''", 4);
			to += 4;
		} else {
			*to++ = *word;
		}
	}
	memcpy(to, "'", 2);
	return out;
}

/* Copy one word from `*from` to `*to`; returns 0 if it has a character that is not allowed. */
static int one_word(const char **from, char **to)
{
	const char *c = *from;

	while (*c && *c != ' ') {
		if (*c == '\'') {
			const char *end = strchr(c + 1, '\'');

			if (!end)
				return 0;
			memcpy(*to, c + 1, (size_t)(end - c) - 1);
			*to += end - c - 1;
			c = end + 1;
		} else if (*c == '\\' && c[1]) {
			*(*to)++ = c[1];
			c += 2;
		} else if (is_plain(*c)) {
			*(*to)++ = *c++;
		} else {
			return 0;
		}
	}
	*(*to)++ = '\0';
	*from = c;
	return 1;
}

int smd_ovs_words_split(struct smd_ovs_words *words, const char *line, struct smd_error *error)
{
	const char *from = line + strspn(line, " ");
	char *to;

	*words = (struct smd_ovs_words){.memory = malloc(strlen(line) + 1)};
	to = words->memory;
	if (!to)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a line");
	while (*from) {
		if (words->count == SMD_OVS_WORDS) {
			smd_ovs_words_done(words);
			return smd_fail(error, SMD_E_INVALID, "too many words in '%s'", line);
		}
		words->word[words->count++] = to;
		if (!one_word(&from, &to)) {
			smd_ovs_words_done(words);
			return smd_fail(error, SMD_E_INVALID,
					"a character that must be quoted is not, or a quote is "
					"open, in '%s'",
					line);
		}
		from += strspn(from, " ");
	}
	return 0;
}

void smd_ovs_words_done(struct smd_ovs_words *words)
{
	free(words->memory);
	*words = (struct smd_ovs_words){.count = 0};
}

int smd_ovs_vlan(const char *text, uint32_t *vlan)
{
	uint32_t number = 0;
	size_t length = strspn(text, "0123456789");

	if (!length || length > 4 || text[length])
		return 0;
	for (; *text; text++)
		number = number * 10 + (uint32_t)(*text - '0');
	*vlan = number;
	return number <= SMD_OVS_VLAN_MAX;
}

int smd_ovs_mode_known(const char *word)
{
	static const char *const modes[] = {"access", "dot1q-tunnel", "native-tagged",
					    "native-untagged", "trunk"};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i], word))
			return 1;
	return 0;
}
