/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/loop.h"

#include <string.h>

#include "core/base/cleanup.h"

#define CONNECTS_OF_LOOP 32
#define CONNECTS_TO_ADDRESS 8

struct smd_loop {
	uv_loop_t uv;
	uv_async_t wake;
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards the queue and `ending` */
	struct smd_message *first, **last;
	int ending;

	struct smd_connect_slot *waiting;
	/* Slots that are held; a list through `next`, as the queue */
	struct smd_connect_slot *held;
	unsigned held_count;
};

static struct smd_message *take_all(struct smd_loop *loop, int *ending)
{
	struct smd_message *all;

	uv_mutex_lock(&loop->mutex);
	all = loop->first;
	loop->first = NULL;
	loop->last = &loop->first;
	*ending = loop->ending;
	uv_mutex_unlock(&loop->mutex);
	return all;
}

/* Run all queued messages. When the loop is ending, also those that they post. Returns `ending`. */
static int carry_out(struct smd_loop *loop)
{
	struct smd_message *message, *next;
	int ending, some;

	do {
		message = take_all(loop, &ending);
		some = message != NULL;
		for (; message; message = next) {
			next = message->next;
			message->function(message->arg);
		}
	} while (some && ending);
	return ending;
}

static void on_wake(uv_async_t *async)
{
	struct smd_loop *loop = async->data;

	if (carry_out(loop) && !uv_is_closing((uv_handle_t *)&loop->wake))
		uv_close((uv_handle_t *)&loop->wake, NULL);
}

static void run_thread(void *arg)
{
	struct smd_loop *loop = arg;

	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

static int start_thread(struct smd_loop *loop)
{
	loop->last = &loop->first;
	loop->wake.data = loop;
	if (uv_mutex_init(&loop->mutex))
		return -1;
	if (uv_loop_init(&loop->uv))
		goto no_loop;
	if (uv_async_init(&loop->uv, &loop->wake, on_wake))
		goto no_async;
	if (uv_thread_create(&loop->thread, run_thread, loop))
		goto no_thread;
	return 0;

no_thread:
	uv_close((uv_handle_t *)&loop->wake, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
no_async:
	uv_loop_close(&loop->uv);
no_loop:
	uv_mutex_destroy(&loop->mutex);
	return -1;
}

int smd_loop_new(struct smd_loop **out, struct smd_error *error)
{
	struct smd_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (start_thread(loop)) {
		free(loop);
		return smd_fail(error, SMD_E_IO, "cannot start an event loop");
	}
	*out = loop;
	return 0;
}

void smd_loop_free(struct smd_loop *loop)
{
	if (!loop)
		return;
	uv_mutex_lock(&loop->mutex);
	loop->ending = 1;
	uv_mutex_unlock(&loop->mutex);
	uv_async_send(&loop->wake);
	uv_thread_join(&loop->thread);
	uv_loop_close(&loop->uv);
	uv_mutex_destroy(&loop->mutex);
	free(loop);
}

void smd_loop_post(struct smd_loop *loop, struct smd_message *message)
{
	message->next = NULL;
	uv_mutex_lock(&loop->mutex);
	*loop->last = message;
	loop->last = &message->next;
	uv_mutex_unlock(&loop->mutex);
	uv_async_send(&loop->wake);
}

static void on_work(uv_work_t *uv)
{
	struct smd_work *work = uv->data;

	work->work(work->arg);
}

static void on_worked(uv_work_t *uv, int status)
{
	struct smd_work *work = uv->data;

	(void)status; /* work is never cancelled */
	work->done(work->arg);
}

void smd_loop_work(struct smd_loop *loop, struct smd_work *work)
{
	work->uv.data = work;
	/* Cannot fail: it does so only without a function */
	uv_queue_work(&loop->uv, &work->uv, on_work, on_worked);
}

uv_loop_t *smd_loop_uv(struct smd_loop *loop)
{
	return &loop->uv;
}

int smd_loop_here(const struct smd_loop *loop)
{
	uv_thread_t self = uv_thread_self();

	return uv_thread_equal(&self, &loop->thread);
}

static unsigned held_by_address(const struct smd_loop *loop, const char *address)
{
	unsigned count = 0;

	for (const struct smd_connect_slot *t = loop->held; t; t = t->next)
		count += !strcmp(t->address, address);
	return count;
}

static int has_free_slot(const struct smd_loop *loop, const struct smd_connect_slot *slot)
{
	return loop->held_count < CONNECTS_OF_LOOP &&
	       held_by_address(loop, slot->address) < CONNECTS_TO_ADDRESS;
}

static void grant_slot(struct smd_loop *loop, struct smd_connect_slot *slot)
{
	slot->queued = 0;
	slot->held = 1;
	slot->next = loop->held;
	loop->held = slot;
	loop->held_count++;
	slot->granted(slot->arg);
}

void smd_connect_slot_acquire(struct smd_loop *loop, struct smd_connect_slot *slot)
{
	struct smd_connect_slot **end = &loop->waiting;

	if (has_free_slot(loop, slot)) {
		grant_slot(loop, slot);
		return;
	}
	while (*end)
		end = &(*end)->next;
	slot->queued = 1;
	slot->next = NULL;
	*end = slot;
}

static void unlink_slot(struct smd_connect_slot **list, struct smd_connect_slot *slot)
{
	while (*list && *list != slot)
		list = &(*list)->next;
	if (*list)
		*list = slot->next;
}

void smd_connect_slot_release(struct smd_loop *loop, struct smd_connect_slot *slot)
{
	if (slot->queued)
		unlink_slot(&loop->waiting, slot);
	if (slot->held) {
		unlink_slot(&loop->held, slot);
		loop->held_count--;
	}
	slot->queued = slot->held = 0;
	for (struct smd_connect_slot **w = &loop->waiting; *w; w = &(*w)->next) {
		struct smd_connect_slot *next = *w;

		if (!has_free_slot(loop, next))
			continue;
		*w = next->next;
		grant_slot(loop, next);
		break;
	}
}
