/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/compiled.h"

#include <pthread.h>

#define IDLE_MAX 4        /* as many threads as are likely to use one dialect at once */
#define CONTEXTS_MAX 1024 /* a strange text may make many: then it is not worth its memory */

struct held {
	struct held *next;
	const struct smd_dialect *dialect;
	size_t holders;
	struct smd_grammar *idle[IDLE_MAX];
	size_t idle_count;
};

/* `mutex` guards the list and all that hangs on it. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct held *all;

/* The link to the dialect, or the one at the end of the list. */
static struct held **find_link(const struct smd_dialect *dialect)
{
	struct held **link = &all;

	while (*link && (*link)->dialect != dialect)
		link = &(*link)->next;
	return link;
}

void smd_dialect_hold(const struct smd_dialect *dialect)
{
	struct held **link;

	pthread_mutex_lock(&mutex);
	link = find_link(dialect);
	if (!*link)
		*link = calloc(1, sizeof(**link));
	if (*link) {
		(*link)->dialect = dialect;
		(*link)->holders++;
	}
	pthread_mutex_unlock(&mutex);
}

void smd_dialect_release(const struct smd_dialect *dialect)
{
	struct held **link, *held = NULL;

	pthread_mutex_lock(&mutex);
	link = find_link(dialect);
	if (*link && !--(*link)->holders) {
		held = *link;
		*link = held->next;
	}
	pthread_mutex_unlock(&mutex);
	while (held && held->idle_count)
		smd_grammar_free(held->idle[--held->idle_count]);
	free(held);
}

int smd_grammar_borrow(const struct smd_dialect *dialect, struct smd_grammar **out,
		       struct smd_error *error)
{
	struct smd_grammar *kept = NULL;
	struct held *held;

	pthread_mutex_lock(&mutex);
	held = *find_link(dialect);
	if (held && held->idle_count)
		kept = held->idle[--held->idle_count];
	pthread_mutex_unlock(&mutex);
	if (!kept)
		return smd_grammar_new(dialect, out, error);
	*out = kept;
	return 0;
}

void smd_grammar_return(struct smd_grammar *grammar)
{
	struct held *held;

	if (!grammar)
		return;
	pthread_mutex_lock(&mutex);
	held = *find_link(smd_grammar_origin(grammar));
	if (held && held->idle_count < IDLE_MAX &&
	    smd_grammar_context_count(grammar) <= CONTEXTS_MAX)
		held->idle[held->idle_count++] = smd_take(grammar);
	pthread_mutex_unlock(&mutex);
	smd_grammar_free(grammar);
}
