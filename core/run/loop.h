/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An event loop with a thread of its own.
 *
 * Whatever lives on a loop is touched by its thread alone; others send it
 * messages with smd_loop_post. Long work goes to libuv's worker pool with
 * smd_loop_work.
 */
#ifndef SMD_RUN_LOOP_H
#define SMD_RUN_LOOP_H

#include <smartdeploy/error.h>
#include <uv.h>

struct smd_loop;

/* Start a loop and its thread. */
int smd_loop_new(struct smd_loop **out, struct smd_error *error);
/*
 * End the thread and free the loop. Everything that lives on it must have been
 * closed; messages that are still queued are carried out first. Not from the
 * loop's own thread. NULL is fine.
 */
void smd_loop_free(struct smd_loop *loop);

/*
 * A message and a piece of work live inside what they are about, so that
 * sending them cannot fail. Neither may be sent again before it has arrived.
 */
struct smd_message {
	struct smd_message *next; /* the loop's */
	void (*function)(void *arg);
	void *arg;
};

/* Have message->function called on the loop's thread, in the order of posting. Any thread. */
void smd_loop_post(struct smd_loop *loop, struct smd_message *message);

struct smd_work {
	uv_work_t uv;            /* the loop's */
	void (*work)(void *arg); /* on a worker thread */
	void (*done)(void *arg); /* then, on the loop */
	void *arg;
};

/* From the loop's thread. */
void smd_loop_work(struct smd_loop *loop, struct smd_work *work);

/* For handles that live on the loop; from its thread only. */
uv_loop_t *smd_loop_uv(struct smd_loop *loop);
/* Is this the loop's own thread? */
int smd_loop_here(const struct smd_loop *loop);

/*
 * Handshakes in flight are capped, sessions are not: 32 on a loop, 8 to one
 * address (which one loop serves), for a server under 1,000 logins at once serves them slower than
 * 64 after 64, and sshd drops what is beyond its own limit.
 *
 * `granted(arg)` is called, at once or later, when there is a slot; whoever was
 * called releases it when the handshake is over, and a waiter that gives up
 * leaves the queue in the same way. From the loop's thread.
 */
struct smd_connect_slot {
	struct smd_connect_slot *next;
	const char *address;
	void (*granted)(void *arg);
	void *arg;
	int held, queued;
};
void smd_connect_slot_acquire(struct smd_loop *loop, struct smd_connect_slot *slot);
void smd_connect_slot_release(struct smd_loop *loop, struct smd_connect_slot *slot); /* or cancel */

#endif
