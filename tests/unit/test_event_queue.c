/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/event_queue.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
#include <uv.h>

#include "test.h"

/* A reader that writes a line an event to a pipe, which a test fills so that the reader waits. */
static struct {
	int pipe[2];
	uv_sem_t entered; /* posted for each event, before it is written */
	uv_thread_t home; /* the thread of the first event */
	size_t elsewhere; /* events on other threads */
	size_t filling;   /* bytes that the test has put into the pipe */
} out;

static void to_pipe(void *arg, const cJSON *event)
{
	uv_thread_t self = uv_thread_self();
	char *text = cJSON_PrintUnformatted(event);

	(void)arg;
	if (!out.home)
		out.home = self;
	out.elsewhere += !uv_thread_equal(&self, &out.home);
	uv_sem_post(&out.entered);
	if (dprintf(out.pipe[1], "%s\n", text) < 0)
		out.elsewhere++;
	cJSON_free(text);
}

/* Fill the pipe to the last byte. */
static void shut_pipe(void)
{
	char bytes[4096];

	memset(bytes, ' ', sizeof(bytes));
	fcntl(out.pipe[1], F_SETFL, O_NONBLOCK);
	for (size_t size = sizeof(bytes); size;) {
		ssize_t written = write(out.pipe[1], bytes, size);

		if (written > 0)
			out.filling += (size_t)written;
		else
			size /= 2;
	}
	fcntl(out.pipe[1], F_SETFL, 0);
}

static struct smd_event_queue *begin(void)
{
	struct smd_event_queue *queue = NULL;

	memset(&out, 0, sizeof(out));
	CU_ASSERT_EQUAL_FATAL(pipe(out.pipe), 0);
	uv_sem_init(&out.entered, 0);
	CU_ASSERT_EQUAL_FATAL(smd_event_queue_new(to_pipe, NULL, &queue, NULL), 0);
	return queue;
}

static void push(struct smd_event_queue *queue, int number, int progress)
{
	cJSON *event = cJSON_CreateObject();

	cJSON_AddNumberToObject(event, "number", number);
	cJSON_AddBoolToObject(event, "progress", progress);
	smd_event_queue_push(queue, event, progress);
	cJSON_Delete(event);
}

static void close_queue(void *queue)
{
	smd_event_queue_close(queue);
	close(out.pipe[1]);
}

/* What a test has read; wrong: events that were not in order. */
struct told {
	int next, events, kept, gaps, dropped, wrong;
};

static void read_line(struct told *told, const char *line)
{
	cJSON *event = cJSON_Parse(line);
	const cJSON *number = cJSON_GetObjectItem(event, "number");

	if (number) {
		told->wrong += number->valueint != told->next;
		told->next = number->valueint + 1;
		told->kept += cJSON_IsFalse(cJSON_GetObjectItem(event, "progress"));
		told->events++;
	} else {
		int count = (int)cJSON_GetNumberValue(cJSON_GetObjectItem(event, "count"));

		told->wrong += strcmp(cJSON_GetStringValue(cJSON_GetObjectItem(event, "event")),
				      "dropped") != 0;
		told->next += count;
		told->dropped += count;
		told->gaps++;
	}
	cJSON_Delete(event);
}

/* Read all, while the queue is closed by another thread. */
static struct told read_and_close(struct smd_event_queue *queue)
{
	struct told told = {0};
	uv_thread_t closer;
	FILE *file = fdopen(out.pipe[0], "r");
	char line[256];

	CU_ASSERT_EQUAL_FATAL(uv_thread_create(&closer, close_queue, queue), 0);
	for (size_t i = 0; i < out.filling; i++)
		fgetc(file);
	while (fgets(line, sizeof(line), file))
		read_line(&told, line);
	uv_thread_join(&closer);
	fclose(file);
	uv_sem_destroy(&out.entered);
	CU_ASSERT_EQUAL(out.elsewhere, 0);
	CU_ASSERT_EQUAL(told.wrong, 0);
	return told;
}

static void all_arrive_in_order(void)
{
	struct smd_event_queue *queue = begin();
	struct told told;

	for (int i = 0; i < 500; i++)
		push(queue, i, 1);
	told = read_and_close(queue);
	CU_ASSERT_EQUAL(told.events, 500);
	CU_ASSERT_EQUAL(told.gaps, 0);
}

/* The reader is stuck, and pushing goes on. */
static void a_reader_that_waits_holds_up_nobody(void)
{
	const int pushed = 3000, most = SMD_EVENT_QUEUE_MOST;
	struct smd_event_queue *queue = begin();
	struct told told;

	shut_pipe();
	push(queue, 0, 1);
	uv_sem_wait(&out.entered); /* from here on it is stuck with the first event */
	for (int i = 1; i < pushed; i++)
		push(queue, i, 1);
	told = read_and_close(queue);
	CU_ASSERT_EQUAL(told.events, most + 1);
	CU_ASSERT_EQUAL(told.gaps, 1);
	CU_ASSERT_EQUAL(told.dropped, pushed - most - 1);
	CU_ASSERT_EQUAL(told.next, pushed);
}

/* What is no progress is kept, and the gaps between are told where they are. */
static void only_progress_is_dropped(void)
{
	const int pushed = 3000, most = SMD_EVENT_QUEUE_MOST;
	struct smd_event_queue *queue = begin();
	struct told told;

	shut_pipe();
	push(queue, 0, 1);
	uv_sem_wait(&out.entered);
	for (int i = 1; i < pushed; i++)
		push(queue, i, i % 1000 != 0);
	told = read_and_close(queue);
	CU_ASSERT_EQUAL(told.kept, 2);
	CU_ASSERT_EQUAL(told.events, most + 1);
	CU_ASSERT_EQUAL(told.gaps, 2);
	CU_ASSERT_EQUAL(told.next, pushed);
}

/* A full queue of events that must be kept grows; then progress is dropped at once. */
static void what_must_be_kept_has_no_limit(void)
{
	const int pushed = SMD_EVENT_QUEUE_MOST + 100;
	struct smd_event_queue *queue = begin();
	struct told told;

	shut_pipe();
	push(queue, 0, 0);
	uv_sem_wait(&out.entered);
	for (int i = 1; i < pushed; i++)
		push(queue, i, 0);
	push(queue, pushed, 1);
	push(queue, pushed + 1, 1);
	told = read_and_close(queue);
	CU_ASSERT_EQUAL(told.events, pushed);
	CU_ASSERT_EQUAL(told.dropped, 2);
	CU_ASSERT_EQUAL(told.gaps, 1);
}

#define PUSHERS 4

static void push_many(void *queue)
{
	for (int i = 0; i < 1000; i++)
		push(queue, i, 1);
}

static void many_threads_push(void)
{
	struct smd_event_queue *queue = begin();
	uv_thread_t pushers[PUSHERS];
	char line[256];
	uv_thread_t closer;
	int told = 0;
	FILE *file;

	for (size_t i = 0; i < PUSHERS; i++)
		CU_ASSERT_EQUAL_FATAL(uv_thread_create(&pushers[i], push_many, queue), 0);
	for (size_t i = 0; i < PUSHERS; i++)
		uv_thread_join(&pushers[i]);
	CU_ASSERT_EQUAL_FATAL(uv_thread_create(&closer, close_queue, queue), 0);
	file = fdopen(out.pipe[0], "r");
	while (fgets(line, sizeof(line), file)) {
		struct told one = {0};

		read_line(&one, line);
		told += one.events + one.dropped;
	}
	uv_thread_join(&closer);
	fclose(file);
	uv_sem_destroy(&out.entered);
	CU_ASSERT_EQUAL(told, PUSHERS * 1000);
	CU_ASSERT_EQUAL(out.elsewhere, 0);
}

static void an_unused_queue_ends(void)
{
	struct told told = read_and_close(begin());

	CU_ASSERT_EQUAL(told.events + told.gaps, 0);
	smd_event_queue_close(NULL);
}

TEST_MAIN("event_queue", TEST(all_arrive_in_order), TEST(a_reader_that_waits_holds_up_nobody),
	  TEST(only_progress_is_dropped), TEST(what_must_be_kept_has_no_limit),
	  TEST(many_threads_push), TEST(an_unused_queue_ends));
