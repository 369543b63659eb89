/* SPDX-License-Identifier: Apache-2.0 */
#include "kit.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *sim_alloc(size_t count, size_t size)
{
	void *memory = calloc(count ? count : 1, size);

	if (!memory)
		abort();
	return memory;
}

void *sim_grow(void *old, size_t count, size_t size)
{
	void *memory = reallocarray(old, count, size);

	if (!memory)
		abort();
	return memory;
}

void sim_mistake(const char *what, const char *where)
{
	fprintf(stderr, "table: %s: %s\n", what, where);
	abort();
}

char *sim_copy(const char *text)
{
	return sim_copy_part(text, strlen(text));
}

char *sim_copy_part(const char *text, size_t length)
{
	char *copy = sim_alloc(length + 1, 1);

	memcpy(copy, text, length);
	return copy;
}

char *sim_say(const char *format, ...)
{
	va_list list;
	char *text;
	int length;

	va_start(list, format);
	length = vasprintf(&text, format, list);
	va_end(list);
	if (length < 0)
		abort();
	return text;
}

void sim_buffer_add(struct sim_buffer *buffer, const char *format, ...)
{
	va_list list;
	char *text;
	int length;

	va_start(list, format);
	length = vasprintf(&text, format, list);
	va_end(list);
	if (length < 0)
		abort();
	buffer->text = sim_grow(buffer->text, buffer->length + (size_t)length + 1, 1);
	memcpy(buffer->text + buffer->length, text, (size_t)length + 1);
	buffer->length += (size_t)length;
	free(text);
}

int sim_compare(const char *one, const char *other)
{
	while (*one && *other) {
		char *one_end, *other_end;
		unsigned long long a, b;

		if (!isdigit((unsigned char)*one) || !isdigit((unsigned char)*other)) {
			if (*one != *other)
				return (unsigned char)*one - (unsigned char)*other;
			one++;
			other++;
			continue;
		}
		a = strtoull(one, &one_end, 10);
		b = strtoull(other, &other_end, 10);
		if (a != b)
			return a < b ? -1 : 1;
		one = one_end;
		other = other_end;
	}
	return (unsigned char)*one - (unsigned char)*other;
}

bool sim_starts(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool sim_among(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at; at = strchr(at, '|'), at = at ? at + 1 : NULL)
		if (strncmp(at, word, length) == 0 && (at[length] == '|' || !at[length]))
			return true;
	return false;
}

bool sim_number(const char *word, uint64_t *number)
{
	char *end;

	if (!isdigit((unsigned char)*word))
		return false;
	*number = strtoull(word, &end, 10);
	return !*end && end - word <= 19;
}

static uint64_t next(struct sim_random *random)
{
	uint64_t value = random->state += 0x9e3779b97f4a7c15U; /* splitmix64 */

	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
	return value ^ (value >> 31);
}

uint64_t sim_random_below(struct sim_random *random, uint64_t bound)
{
	return next(random) % bound;
}

bool sim_random_chance(struct sim_random *random, unsigned percent)
{
	return sim_random_below(random, 100) < percent;
}

char *sim_random_among(struct sim_random *random, const char *list)
{
	const char *at = list, *end;
	uint64_t skip;
	size_t count = 1;

	for (const char *bar = list; (bar = strchr(bar, '|')); bar++)
		count++;
	for (skip = sim_random_below(random, count); skip > 0; skip--)
		at = strchr(at, '|') + 1;
	end = strchr(at, '|');
	return sim_copy_part(at, end ? (size_t)(end - at) : strlen(at));
}
