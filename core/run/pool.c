/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/pool.h"

#include <stdlib.h>
#include <uv.h>

#define LEAST 2
#define MOST 16

struct smd_pool {
	uv_mutex_t mutex; /* guards the queue and `ending` */
	uv_cond_t filled;
	struct smd_pool_item *first, **last;
	int ending;
	unsigned count;
	uv_thread_t threads[MOST];
};

static struct smd_pool_item *wait_for_item(struct smd_pool *pool)
{
	struct smd_pool_item *item;

	uv_mutex_lock(&pool->mutex);
	while (!pool->first && !pool->ending)
		uv_cond_wait(&pool->filled, &pool->mutex);
	item = pool->first;
	if (item)
		pool->first = item->next;
	if (!pool->first)
		pool->last = &pool->first;
	uv_mutex_unlock(&pool->mutex);
	return item;
}

static void run_thread(void *arg)
{
	struct smd_pool_item *item;

	while ((item = wait_for_item(arg)))
		item->run(item);
}

static unsigned thread_count(unsigned wanted)
{
	unsigned count = wanted ? wanted : uv_available_parallelism();

	if (!wanted && count < LEAST)
		count = LEAST;
	return count < MOST ? count : MOST;
}

int smd_pool_new(unsigned threads, struct smd_pool **out, struct smd_error *error)
{
	struct smd_pool *pool = calloc(1, sizeof(*pool));

	threads = thread_count(threads);
	if (!pool)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	pool->last = &pool->first;
	uv_mutex_init(&pool->mutex);
	uv_cond_init(&pool->filled);
	while (pool->count < threads &&
	       !uv_thread_create(&pool->threads[pool->count], run_thread, pool))
		pool->count++;
	if (!pool->count) {
		smd_pool_free(pool);
		return smd_fail(error, SMD_E_IO, "cannot start a thread");
	}
	*out = pool;
	return 0;
}

void smd_pool_free(struct smd_pool *pool)
{
	if (!pool)
		return;
	uv_mutex_lock(&pool->mutex);
	pool->ending = 1;
	uv_cond_broadcast(&pool->filled);
	uv_mutex_unlock(&pool->mutex);
	for (unsigned i = 0; i < pool->count; i++)
		uv_thread_join(&pool->threads[i]);
	uv_cond_destroy(&pool->filled);
	uv_mutex_destroy(&pool->mutex);
	free(pool);
}

void smd_pool_submit(struct smd_pool *pool, struct smd_pool_item *item)
{
	item->next = NULL;
	uv_mutex_lock(&pool->mutex);
	*pool->last = item;
	pool->last = &item->next;
	uv_cond_signal(&pool->filled);
	uv_mutex_unlock(&pool->mutex);
}
