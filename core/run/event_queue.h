/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue of JSON events from any threads to one reader, which may be as slow as it likes: it is
 * called on a thread of the queue's own, so a terminal that pauses stops no loop.
 */
#ifndef SMD_RUN_EVENT_QUEUE_H
#define SMD_RUN_EVENT_QUEUE_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>

#define SMD_EVENT_QUEUE_MOST 1024

struct smd_event_queue;

/* Called for one event after the other, always on the queue's thread. The event is borrowed. */
typedef void (*smd_event_reader_fn)(void *arg, const cJSON *event);

/* Start a queue and its thread. */
int smd_event_queue_new(smd_event_reader_fn reader, void *arg, struct smd_event_queue **out,
			struct smd_error *error);

/*
 * Queue a copy of an event. Any thread; never waits for the reader, and never fails.
 *
 * While more than SMD_EVENT_QUEUE_MOST events are queued, the oldest that tells only `progress`
 * is dropped; other events are always kept. In the place of those that were dropped the reader
 * gets one event {"event": "dropped", "count": N}. The order is kept.
 */
void smd_event_queue_push(struct smd_event_queue *queue, const cJSON *event, int progress);

/*
 * Wait until the reader has got all that is queued, then end the thread and free the queue. No
 * other call may run. NULL is fine.
 */
void smd_event_queue_close(struct smd_event_queue *queue);

#endif
