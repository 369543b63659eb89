/* SPDX-License-Identifier: Apache-2.0 */
/* A pool of threads for long work: parsing and comparing, or waiting for names. */
#ifndef SMD_RUN_POOL_H
#define SMD_RUN_POOL_H

#include <smartdeploy/error.h>

struct smd_pool;

/* A piece of work; a member of the object that it is about. */
struct smd_pool_item {
	struct smd_pool_item *next; /* internal */
	/* Called on a thread of the pool, which does not touch the item afterwards */
	void (*run)(struct smd_pool_item *item);
};

/* Start a pool. `threads` 0: as many as the machine has cores, at least 2, at most 16. */
int smd_pool_new(unsigned threads, struct smd_pool **out, struct smd_error *error);
/* End the threads, after everything that was submitted is carried out. NULL is fine. */
void smd_pool_free(struct smd_pool *pool);

/* Queue an item. Items begin in the order of submission. Any thread. */
void smd_pool_submit(struct smd_pool *pool, struct smd_pool_item *item);

#endif
