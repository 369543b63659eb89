/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/compiled.h"

#include <pthread.h>

#define IDLE_MAX 4        /* grammars kept: threads likely to use one dialect at once */
#define CONTEXTS_MAX 1024 /* a grammar with more is freed: an odd text made them */

struct smd_compiled {
	const struct smd_dialect *dialect;
	pthread_mutex_t mutex; /* guards the idle grammars */
	struct smd_grammar *idle[IDLE_MAX];
	size_t idle_count;
};

static int add_grammar(struct smd_compiled *compiled, struct smd_error *error)
{
	int err = smd_grammar_new(compiled->dialect, &compiled->idle[0], error);

	if (err)
		return err;
	smd_grammar_set_owner(compiled->idle[0], compiled);
	compiled->idle_count = 1;
	return 0;
}

int smd_dialect_compile(const struct smd_dialect *dialect, struct smd_compiled **out,
			struct smd_error *error)
{
	struct smd_compiled *compiled = calloc(1, sizeof(*compiled));
	int err;

	if (!compiled || pthread_mutex_init(&compiled->mutex, NULL)) {
		free(compiled);
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	}
	compiled->dialect = dialect;
	err = add_grammar(compiled, error);
	if (err)
		smd_dialect_free(compiled);
	else
		*out = compiled;
	return err;
}

void smd_dialect_free(struct smd_compiled *compiled)
{
	if (!compiled)
		return;
	while (compiled->idle_count)
		smd_grammar_free(compiled->idle[--compiled->idle_count]);
	pthread_mutex_destroy(&compiled->mutex);
	free(compiled);
}

int smd_grammar_borrow(const struct smd_compiled *compiled, struct smd_grammar **out,
		       struct smd_error *error)
{
	struct smd_compiled *own =
		(struct smd_compiled *)compiled; /* only its mutex and the idle grammars change */
	struct smd_grammar *idle = NULL;
	int err;

	pthread_mutex_lock(&own->mutex);
	if (own->idle_count)
		idle = own->idle[--own->idle_count];
	pthread_mutex_unlock(&own->mutex);
	if (idle) {
		*out = idle;
		return 0;
	}
	err = smd_grammar_new(compiled->dialect, out, error);
	if (!err)
		smd_grammar_set_owner(*out, own);
	return err;
}

void smd_grammar_return(struct smd_grammar *grammar)
{
	struct smd_compiled *compiled;

	if (!grammar)
		return;
	compiled = smd_grammar_owner(grammar);
	smd_grammar_set_wanted(grammar, 0);
	pthread_mutex_lock(&compiled->mutex);
	if (compiled->idle_count < IDLE_MAX && smd_grammar_context_count(grammar) <= CONTEXTS_MAX)
		compiled->idle[compiled->idle_count++] = smd_take(grammar);
	pthread_mutex_unlock(&compiled->mutex);
	smd_grammar_free(grammar);
}
