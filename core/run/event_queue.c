/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/event_queue.h"

#include <stdlib.h>
#include <uv.h>

#include "core/base/cleanup.h"

/* An event that is queued. dropped_before: how many were dropped between the last one and it. */
struct entry {
	struct entry *next;
	cJSON *event;
	int progress;
	size_t dropped_before;
};

struct smd_event_queue {
	smd_event_reader_fn reader;
	void *arg;
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards all below */
	uv_cond_t filled;
	struct entry *first, **last;
	size_t count;
	size_t dropped; /* after the last entry */
	int closing;
};

static void entry_free(struct entry *entry)
{
	if (entry)
		cJSON_Delete(entry->event);
	free(entry);
}

/*
 * Take the first entry off the queue, and wait for one if there is none. NULL: the queue is
 * being closed. `*dropped` is how many events were dropped before it, or before the end.
 */
static struct entry *take_first(struct smd_event_queue *queue, size_t *dropped)
{
	struct entry *entry;

	uv_mutex_lock(&queue->mutex);
	while (!queue->first && !queue->closing)
		uv_cond_wait(&queue->filled, &queue->mutex);
	entry = queue->first;
	*dropped = entry ? entry->dropped_before : queue->dropped;
	if (entry) {
		queue->first = entry->next;
		queue->count--;
		if (!queue->first)
			queue->last = &queue->first;
	}
	uv_mutex_unlock(&queue->mutex);
	return entry;
}

static void tell_dropped(struct smd_event_queue *queue, size_t count)
{
	cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "event", "dropped");
	cJSON_AddNumberToObject(event, "count", (double)count);
	if (event)
		queue->reader(queue->arg, event);
	cJSON_Delete(event);
}

static void run_thread(void *arg)
{
	struct smd_event_queue *queue = arg;
	struct entry *entry;

	do {
		size_t dropped;

		entry = take_first(queue, &dropped);
		if (dropped)
			tell_dropped(queue, dropped);
		if (entry)
			queue->reader(queue->arg, entry->event);
		entry_free(entry);
	} while (entry);
}

int smd_event_queue_new(smd_event_reader_fn reader, void *arg, struct smd_event_queue **out,
			struct smd_error *error)
{
	struct smd_event_queue *queue = calloc(1, sizeof(*queue));

	if (!queue)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	queue->reader = reader;
	queue->arg = arg;
	queue->last = &queue->first;
	uv_mutex_init(&queue->mutex);
	uv_cond_init(&queue->filled);
	if (uv_thread_create(&queue->thread, run_thread, queue)) {
		uv_cond_destroy(&queue->filled);
		uv_mutex_destroy(&queue->mutex);
		free(queue);
		return smd_fail(error, SMD_E_IO, "cannot start a thread");
	}
	*out = queue;
	return 0;
}

/* Unlink the oldest entry that tells only progress, and count it where it was; NULL: none does. */
static struct entry *drop_oldest(struct smd_event_queue *queue)
{
	struct entry **place = &queue->first, *entry;

	while (*place && !(*place)->progress)
		place = &(*place)->next;
	entry = *place;
	if (!entry)
		return NULL;
	*place = entry->next;
	queue->count--;
	if (entry->next)
		entry->next->dropped_before += entry->dropped_before + 1;
	else
		queue->dropped += entry->dropped_before + 1;
	if (!entry->next)
		queue->last = place;
	return entry;
}

void smd_event_queue_push(struct smd_event_queue *queue, const cJSON *event, int progress)
{
	struct entry *entry = calloc(1, sizeof(*entry)), *dropped = NULL;

	if (entry)
		entry->event = cJSON_Duplicate(event, 1);
	if (entry && !entry->event) {
		entry_free(entry);
		entry = NULL;
	}
	uv_mutex_lock(&queue->mutex);
	if (entry) {
		entry->progress = progress;
		entry->dropped_before = queue->dropped;
		queue->dropped = 0;
		*queue->last = entry;
		queue->last = &entry->next;
		if (++queue->count > SMD_EVENT_QUEUE_MOST)
			dropped = drop_oldest(queue);
		uv_cond_signal(&queue->filled);
	} else {
		queue->dropped++; /* out of memory */
	}
	uv_mutex_unlock(&queue->mutex);
	entry_free(dropped);
}

void smd_event_queue_close(struct smd_event_queue *queue)
{
	if (!queue)
		return;
	uv_mutex_lock(&queue->mutex);
	queue->closing = 1;
	uv_cond_signal(&queue->filled);
	uv_mutex_unlock(&queue->mutex);
	uv_thread_join(&queue->thread);
	uv_cond_destroy(&queue->filled);
	uv_mutex_destroy(&queue->mutex);
	free(queue);
}
