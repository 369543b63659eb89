/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static routes as staticd prints them: the prefix without host bits, and IPv6 as in RFC 5952.
 * Spelled otherwise, a route would be read back as another one than was entered.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frr.h"

#define LONGEST (INET6_ADDRSTRLEN + 4) /* "/128" */
#define BLANKS " \t\r"                 /* the blanks of the dialect engine */

static void mask(unsigned char *address, size_t size, unsigned long bits)
{
	for (size_t i = 0; i < size; i++) {
		unsigned long kept = bits > i * 8 ? bits - i * 8 : 0;

		if (kept < 8)
			address[i] &= (unsigned char)(0xff00u >> kept);
	}
}

/* Write a prefix as staticd prints it. Returns 0 if it is no prefix: the device will refuse it. */
static int spell(int family, const char *word, size_t length, char out[LONGEST + 1])
{
	size_t size = family == AF_INET ? 4 : 16;
	unsigned char address[16];
	char *slash, *end;
	unsigned long bits;
	size_t used;

	if (length > LONGEST)
		return 0;
	snprintf(out, LONGEST + 1, "%.*s", (int)length, word);
	slash = strchr(out, '/');
	if (!slash || strspn(slash + 1, "0123456789") != strlen(slash + 1) || !slash[1])
		return 0;
	bits = strtoul(slash + 1, &end, 10);
	*slash = '\0';
	if (bits > size * 8 || inet_pton(family, out, address) != 1)
		return 0;
	mask(address, size, bits);
	if (!inet_ntop(family, address, out, INET6_ADDRSTRLEN))
		return 0;
	used = strlen(out);
	snprintf(out + used, LONGEST + 1 - used, "/%lu", bits);
	return 1;
}

/* What follows `word` and blanks; NULL: the line begins otherwise. */
static const char *past(const char *line, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(line, word, length) != 0 || !strspn(line + length, BLANKS))
		return NULL;
	return line + length + strspn(line + length, BLANKS);
}

static int respell(struct smd_text *out, const char *line, size_t length)
{
	const char *start = line + strspn(line, BLANKS), *at = past(start, "ip");
	int family = at ? AF_INET : AF_INET6;
	char prefix[LONGEST + 1];
	size_t word;

	at = at ? at : past(start, "ipv6");
	at = at ? past(at, "route") : NULL;
	word = at ? strcspn(at, BLANKS) : 0;
	if (strlen(line) != length || !at || !spell(family, at, word, prefix))
		return smd_text_append(out, line, length) || smd_text_append(out, "\n", 1);
	return smd_text_append(out, line, (size_t)(at - line)) ||
	       smd_text_append(out, prefix, strlen(prefix)) ||
	       smd_text_append(out, at + word, strlen(at + word)) || smd_text_append(out, "\n", 1);
}

/* Whether there are control characters, which the dialect engine removes; to it a CR is a blank. */
static int has_controls(const struct smd_text *text)
{
	const char *line;
	size_t length;

	for (size_t i = 0; (line = smd_text_get(text, i, &length)); i++)
		for (; length; length--, line++)
			if (((unsigned char)*line < 0x20 && *line != '\t' && *line != '\r') ||
			    *line == 0x7f)
				return 1;
	return 0;
}

/* The text as the engine understands it, so that both see the same words. */
static int clean(const struct smd_compiled *dialect, const struct smd_text *text,
		 struct smd_text *out, struct smd_error *error)
{
	struct smd_tree *tree = NULL;
	int err = smd_dialect_parse(dialect, text, &tree, error);

	if (!err)
		err = smd_dialect_print(dialect, tree, out, error);
	smd_tree_free(tree);
	return err;
}

static int parse_spelled(const struct smd_compiled *dialect, const struct smd_text *text,
			 struct smd_tree **out, struct smd_error *error)
{
	struct smd_text *spelled = NULL;
	const char *line;
	size_t length;
	int err = smd_text_new(&spelled, 0);

	for (size_t i = 0; !err && (line = smd_text_get(text, i, &length)); i++)
		err = respell(spelled, line, length);
	if (err)
		err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	else
		err = smd_dialect_parse(dialect, spelled, out, error);
	smd_text_free(spelled);
	return err;
}

int smd_frr_parse(const struct smd_compiled *dialect, const struct smd_text *text,
		  struct smd_tree **out, struct smd_error *error)
{
	struct smd_text *cleaned = NULL;
	int err;

	if (!has_controls(text))
		return parse_spelled(dialect, text, out, error);
	if (smd_text_new(&cleaned, 0))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	err = clean(dialect, text, cleaned, error);
	if (!err)
		err = parse_spelled(dialect, cleaned, out, error);
	smd_text_free(cleaned);
	return err;
}
