/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/read/foreign.h"

#include <ctype.h>

#include "core/dialect/grammar/words.h"

static int begins(struct smd_span line, const char *with)
{
	size_t length = strlen(with);

	return line.length >= length && !memcmp(line.at, with, length);
}

static int is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* A name, perhaps with user, mode and time, and `#` or `>`: `sw1#show run`, `ann@r1> `. */
static int is_prompt(struct smd_span line)
{
	size_t i = 0;

	if (!isalnum((unsigned char)*line.at))
		return smd_span_is(line, "[edit]") || begins(line, "[edit ");
	while (i < line.length && (isalnum((unsigned char)line.at[i]) ||
				   (line.at[i] && strchr("_-.:/@()[]~", line.at[i]))))
		i++;
	return i && i < line.length && (line.at[i] == '#' || line.at[i] == '>') &&
	       (i + 1 == line.length || line.at[i + 1] == ' ' ||
		isalpha((unsigned char)line.at[i + 1]));
}

/* `--More--`, ` <--- More --->`, `-- More -- (Press q to quit)`, `---(more 12%)---`. */
static int is_pager(struct smd_span line)
{
	size_t i = 0;

	while (i < line.length && line.at[i] && strchr("<-( ", line.at[i]))
		i++;
	return i >= 2 && memchr(line.at, '-', i) && line.length - i >= 4 &&
	       !strncasecmp(line.at + i, "more", 4) && memchr(line.at + i, '-', line.length - i);
}

/* `% Invalid input detected at '^' marker.`, and the line with the marker. */
static int is_error(struct smd_span line)
{
	static const char *const words[] = {"ERROR: ", "Error: ", "error: ", "syntax error",
					    "unknown command."};

	if (*line.at == '^' && line.length == 1)
		return 1;
	if (*line.at == '%' && line.length > 2 && (line.at[1] == ' ' || is_upper(line.at[1])))
		return 1;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (begins(line, words[i]))
			return 1;
	return 0;
}

/* `%LINK-3-UPDOWN: `, as syslog messages of network devices name themselves. */
static int names_message(struct smd_span text)
{
	const char *colon = memchr(text.at, ':', text.length);
	size_t dashes = 0, i = 0;

	if (!colon || text.length < 8 || !is_upper(text.at[1]))
		return 0;
	for (i = 1; text.at + i < colon; i++) {
		if (text.at[i] == '-')
			dashes++;
		else if (!is_upper(text.at[i]) && !isdigit((unsigned char)text.at[i]) &&
			 text.at[i] != '_')
			return 0;
	}
	return dashes >= 2;
}

/* A message with a time before its name: `*Mar  1 00:00:35.123: %LINK-3-UPDOWN: ...`. */
static int is_message(struct smd_span line)
{
	const char *name = memchr(line.at, '%', line.length);
	struct smd_span before = {line.at, name ? (size_t)(name - line.at) : 0};
	struct smd_span word;

	if (!name || !names_message((struct smd_span){name, line.length - before.length}))
		return 0;
	word = smd_span_word(&before);
	return !word.length || memchr(word.at, ':', word.length) ||
	       (before.length && memchr(before.at, ':', before.length));
}

const char *smd_line_foreign(struct smd_span line, size_t column)
{
	if (!line.length)
		return NULL;
	if (!column && is_prompt(line))
		return "the prompt of a device";
	if (is_pager(line))
		return "a pager's line";
	if (is_message(line))
		return "a message of a device";
	return is_error(line) ? "an error of a device" : NULL;
}

int smd_foreign_fail(struct smd_error *error, const char *what, size_t number)
{
	smd_fail(error, SMD_E_INVALID, "line %zu is %s, and no configuration", number, what);
	smd_error_where(error, "line %zu", number);
	smd_error_hint(error, "take it out of the text, or read the configuration from the device "
			      "without it");
	return SMD_E_INVALID;
}
