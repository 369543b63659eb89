/* SPDX-License-Identifier: Apache-2.0 */
/* Memory, strings and numbers of the models. Memory running out ends the program. */
#ifndef SIM_KIT_H
#define SIM_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *sim_alloc(size_t count, size_t size); /* zeroed */
void *sim_grow(void *old, size_t count, size_t size);
char *sim_copy(const char *text);
char *sim_copy_part(const char *text, size_t length);
/* printf to a new string. */
char *sim_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program: a table holds what it may not. */
void sim_mistake(const char *what, const char *where) __attribute__((noreturn));

/* A string that grows; `text` is NULL while empty. */
struct sim_buffer {
	char *text;
	size_t length;
};

void sim_buffer_add(struct sim_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Order of words in which numbers count as numbers: Gi0/2 is before Gi0/10. */
int sim_compare(const char *one, const char *other);
bool sim_starts(const char *text, const char *start);
/* Whether `word` is one of the words in `list`, which are divided by `|`. */
bool sim_among(const char *list, const char *word);
/* A number in decimal digits and nothing else. */
bool sim_number(const char *word, uint64_t *number);

/* A generator of numbers; the same seed gives the same numbers. */
struct sim_random {
	uint64_t state;
};

uint64_t sim_random_below(struct sim_random *random, uint64_t bound);
bool sim_random_chance(struct sim_random *random, unsigned percent);
/* One of the words in `list`, which are divided by `|`; to be freed. */
char *sim_random_among(struct sim_random *random, const char *list);

#endif
