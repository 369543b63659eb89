/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store in memory that counts writes, behind a store thread; and saves queued behind one
 * that waits.
 */
#ifndef TESTS_UNIT_WATCHED_STORE_H
#define TESTS_UNIT_WATCHED_STORE_H

#include "core/store/store_thread.h"

#include <smartdeploy/plugin.h>

#include "test.h"

/* While `shut` is set, a write waits inside, so that a test can decide what is queued behind it. */
struct watched {
	const struct smd_store *ops;
	int shut;
	uv_sem_t entered, go;
	size_t applies, items; /* number of writes; number of items in the last one */
	size_t kept;           /* number of records when it is closed */
	size_t reserved;       /* what the last reserve asked for */
	unsigned unknown;      /* so many writes from now on end with SMD_E_UNKNOWN */
	int writes;            /* what these do: they write, or not */
	int unreadable;        /* records cannot be read */
};
extern struct watched watched;

/* The store in memory, watched; and the same, which keeps room for 1,000 bytes. */
extern const struct smd_store watch, roomy;

/* Start a store thread on an empty store; watch_begin: on `watch`. watch_end frees it. */
struct smd_store_thread *watch_begin_with(const struct smd_store *ops);
struct smd_store_thread *watch_begin(void);
void watch_end(struct smd_store_thread *store_thread);

/* Write a record to the table "thing", and wait. */
int watch_put(struct smd_store_thread *store_thread, const char *key, const char *json,
	      struct smd_error *error);
/* The number that a record of this table holds, or -1. */
double watch_number(struct smd_store_thread *store_thread, const char *key, uint64_t *revision);

/* Saves that do not block, and their results in the order of completion. */
#define MOST 128
struct line {
	struct smd_loop *loop;
	struct smd_save saves[MOST];
	size_t order[MOST];
	size_t queued, answered, elsewhere; /* completed on a thread other than the loop's */
	uv_sem_t all;
};
extern struct line line;

void line_begin(void);
/* Wait until all are answered. */
void line_wait(void);
void line_end(void);
/* `done` of all saves */
void line_saved(struct smd_save *save);
/* Queue a save of one record. */
struct smd_save *line_queue(struct smd_store_thread *store_thread, enum smd_store_need need,
			    uint64_t revision, const char *key, const char *json);
/* Make the store thread wait inside the store, by a first save. */
void line_shut_gate(struct smd_store_thread *store_thread);

#endif
