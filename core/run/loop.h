/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An event loop with a thread of its own.
 *
 * What lives on a loop is used by its thread only. Other threads send it messages with
 * smd_loop_post. Long work runs on the threads of a pool, by smd_loop_work.
 */
#ifndef SMD_RUN_LOOP_H
#define SMD_RUN_LOOP_H

#include <smartdeploy/error.h>
#include <uv.h>

#include "core/run/latch.h"
#include "core/run/pool.h"
#include "core/run/timer.h"

struct smd_loop;

/*
 * clock  Time on this loop; NULL: the machine's.
 * pool   Carries out smd_loop_work; NULL: the loop is given no work.
 *
 * Both are borrowed and must outlive the loop.
 */
struct smd_loop_spec {
	struct smd_clock *clock;
	struct smd_pool *pool;
};

/* Start a loop and its thread. */
int smd_loop_new(const struct smd_loop_spec *spec, struct smd_loop **out, struct smd_error *error);
/*
 * End the thread and free the loop. Handles on it must be closed already. Messages that are
 * still queued are run first; timers that still run are forgotten. Must not be called on the
 * loop's own thread. NULL is fine.
 */
void smd_loop_free(struct smd_loop *loop);

/*
 * A message to a loop. Messages and work items are members of the object that they are about,
 * so sending them needs no memory and cannot fail. Neither may be sent again before it has
 * arrived.
 */
struct smd_message {
	struct smd_message *next; /* internal */
	void (*function)(void *arg);
	void *arg;
};

/*
 * Queue a message: message->function(message->arg) is called on the loop's thread, in the order
 * of posting. Holds the clock until the function has returned. Any thread.
 */
void smd_loop_post(struct smd_loop *loop, struct smd_message *message);

struct smd_work {
	void (*work)(void *arg); /* on a thread of the pool */
	void (*done)(void *arg); /* called afterwards, on the loop */
	void *arg;

	/* Internal. */
	struct smd_loop *loop;
	struct smd_pool_item item;
	struct smd_message message;
};

/*
 * Run a work item on a thread of the pool. Holds the clock until `done` has returned. To be
 * called on the loop's thread.
 */
void smd_loop_work(struct smd_loop *loop, struct smd_work *work);

struct smd_clock *smd_loop_clock(const struct smd_loop *loop);
/* The libuv loop, to create handles on. On the loop's thread only. */
uv_loop_t *smd_loop_uv(struct smd_loop *loop);
/* Is the caller on the loop's own thread? */
int smd_loop_here(const struct smd_loop *loop);

/*
 * A connect slot: permission to log in. Only 32 logins run at the same time on a loop, and 8 to
 * one address (which is always served by the same loop); the number of open sessions is not
 * limited. Without the limit, a server is slower for 1,000 logins at once than for 64 after 64,
 * and sshd drops those above its own limit.
 *
 * `granted(arg)` is called as soon as there is a slot, perhaps at once. It must be released
 * after the login, at the earliest from within `granted`; a waiter that gives up calls release
 * too. On the loop's thread.
 */
struct smd_connect_slot {
	struct smd_connect_slot *next;
	const char *address;
	void (*granted)(void *arg);
	void *arg;
	int held, queued;
};
void smd_connect_slot_acquire(struct smd_loop *loop, struct smd_connect_slot *slot);
/* Also cancels waiting */
void smd_connect_slot_release(struct smd_loop *loop, struct smd_connect_slot *slot);

#endif
