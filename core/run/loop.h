/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An event loop with a thread of its own.
 *
 * What lives on a loop is used by its thread only. Other threads send it messages with
 * smd_loop_post. Long work runs on libuv's worker threads, by smd_loop_work.
 */
#ifndef SMD_RUN_LOOP_H
#define SMD_RUN_LOOP_H

#include <smartdeploy/error.h>
#include <uv.h>

struct smd_loop;

/* Start a loop and its thread. */
int smd_loop_new(struct smd_loop **out, struct smd_error *error);
/*
 * End the thread and free the loop. Handles on it must be closed already. Messages that are
 * still queued are run first. Must not be called on the loop's own thread. NULL is fine.
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
 * of posting. Any thread.
 */
void smd_loop_post(struct smd_loop *loop, struct smd_message *message);

struct smd_work {
	uv_work_t uv;            /* internal */
	void (*work)(void *arg); /* on a worker thread */
	void (*done)(void *arg); /* called afterwards, on the loop */
	void *arg;
};

/* Run a work item on a worker thread. To be called on the loop's thread. */
void smd_loop_work(struct smd_loop *loop, struct smd_work *work);

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
 * after the login; a waiter that gives up calls release too. On the loop's thread.
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
