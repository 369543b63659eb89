/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/loop.h"

#include <stddef.h>
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
	struct smd_clock *clock;
	struct smd_pool *pool;

	struct smd_timers timers;
	void *alarm;        /* of the clock; set to the timer that ends first */
	uint64_t alarm_due; /* what it is set to */
	int ringing;        /* timers that have ended are being called */

	struct smd_connect_slot *waiting;
	/* Slots that are held; a list through `next`, as the queue */
	struct smd_connect_slot *held;
	unsigned held_count;
	int granting; /* waiting slots are being granted */
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
			smd_clock_release(loop->clock);
		}
	} while (some && ending);
	return ending;
}

static void on_wake(uv_async_t *async)
{
	struct smd_loop *loop = async->data;

	if (!carry_out(loop) || uv_is_closing((uv_handle_t *)&loop->wake))
		return;
	loop->clock->alarm_free(loop->clock, loop->alarm);
	uv_close((uv_handle_t *)&loop->wake, NULL);
}

/* Timers */

/* Set the alarm to the timer that ends first. */
static void set_alarm(struct smd_loop *loop)
{
	uint64_t due = loop->timers.first ? loop->timers.first->due : SMD_NEVER;

	if (due == loop->alarm_due || loop->ringing)
		return;
	loop->alarm_due = due;
	loop->clock->alarm_set(loop->clock, loop->alarm, due);
}

/* The alarm rings: call the timers that have ended, but none that is started meanwhile. */
static void on_ring(struct smd_loop *loop)
{
	struct smd_timers *timers = &loop->timers;
	uint64_t now = smd_clock_now(loop->clock);
	uint64_t order = timers->order;

	loop->ringing = 1;
	while (timers->first && timers->first->due <= now && timers->first->order < order) {
		struct smd_timer *timer = timers->first;

		smd_timers_remove(timers, timer);
		timer->function(timer->arg);
	}
	loop->ringing = 0;
	loop->alarm_due = SMD_NEVER;
	set_alarm(loop);
}

void smd_timer_start(struct smd_loop *loop, struct smd_timer *timer, uint64_t milliseconds)
{
	uint64_t now = smd_clock_now(loop->clock);

	if (timer->running)
		smd_timers_remove(&loop->timers, timer);
	smd_timers_add(&loop->timers, timer, now + milliseconds);
	set_alarm(loop);
}

void smd_timer_stop(struct smd_loop *loop, struct smd_timer *timer)
{
	if (!timer->running)
		return;
	smd_timers_remove(&loop->timers, timer);
	set_alarm(loop);
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
	loop->alarm_due = SMD_NEVER;
	loop->alarm = loop->clock->alarm_new(loop->clock, loop, on_ring);
	if (!loop->alarm)
		goto no_alarm;
	if (uv_thread_create(&loop->thread, run_thread, loop))
		goto no_thread;
	return 0;

no_thread:
	loop->clock->alarm_free(loop->clock, loop->alarm);
no_alarm:
	uv_close((uv_handle_t *)&loop->wake, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
no_async:
	uv_loop_close(&loop->uv);
no_loop:
	uv_mutex_destroy(&loop->mutex);
	return -1;
}

int smd_loop_new(const struct smd_loop_spec *spec, struct smd_loop **out, struct smd_error *error)
{
	struct smd_loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	loop->clock = spec->clock ? spec->clock : smd_real_clock();
	loop->pool = spec->pool;
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
	smd_clock_hold(loop->clock);
	message->next = NULL;
	uv_mutex_lock(&loop->mutex);
	*loop->last = message;
	loop->last = &message->next;
	/* Under the mutex, because afterwards the loop may be freed */
	uv_async_send(&loop->wake);
	uv_mutex_unlock(&loop->mutex);
}

static void on_worked(void *arg)
{
	struct smd_work *work = arg;

	work->done(work->arg);
}

static void run_work(struct smd_pool_item *item)
{
	struct smd_work *work = (struct smd_work *)((char *)item - offsetof(struct smd_work, item));
	struct smd_clock *clock = work->loop->clock;

	work->work(work->arg);
	work->message = (struct smd_message){.function = on_worked, .arg = work};
	smd_loop_post(work->loop, &work->message);
	smd_clock_release(clock);
}

void smd_loop_work(struct smd_loop *loop, struct smd_work *work)
{
	smd_clock_hold(loop->clock);
	work->loop = loop;
	work->item.run = run_work;
	smd_pool_submit(loop->pool, &work->item);
}

struct smd_clock *smd_loop_clock(const struct smd_loop *loop)
{
	return loop->clock;
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

/* The first slot in the queue that can be granted, taken out of it; NULL: none. */
static struct smd_connect_slot *next_slot(struct smd_loop *loop)
{
	for (struct smd_connect_slot *slot = loop->waiting; slot; slot = slot->next) {
		if (!has_free_slot(loop, slot))
			continue;
		unlink_slot(&loop->waiting, slot);
		return slot;
	}
	return NULL;
}

void smd_connect_slot_release(struct smd_loop *loop, struct smd_connect_slot *slot)
{
	struct smd_connect_slot *next;

	if (slot->queued)
		unlink_slot(&loop->waiting, slot);
	if (slot->held) {
		unlink_slot(&loop->held, slot);
		loop->held_count--;
	}
	slot->queued = slot->held = 0;
	/* A slot that is released from within `granted` is passed on by the call outside */
	if (loop->granting)
		return;
	loop->granting = 1;
	while ((next = next_slot(loop)))
		grant_slot(loop, next);
	loop->granting = 0;
}
