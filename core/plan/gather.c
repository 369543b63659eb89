/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/gather.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/tree/own.h"

/* How many are still under way, and who waits for the last one. */
struct smd_gathering {
	atomic_size_t left;
	uv_sem_t all;
};

static void on_worked(void *arg)
{
	struct smd_reading *reading = arg;

	reading->done(reading);
}

static void work(void *arg)
{
	struct smd_reading *reading = arg;

	reading->err = reading->work(reading, &reading->error);
	if (reading->err)
		smd_error_device(&reading->error, reading->remote->name);
}

static void on_fetched(struct smd_job *job)
{
	struct smd_reading *reading = job->arg;

	reading->err = job->err;
	reading->error = job->error;
	if (reading->err == SMD_E_UNKNOWN) /* reading has no outcome that could be unknown */
		reading->err = reading->error.code = SMD_E_UNREACHABLE;
	reading->facts = job->facts;
	reading->connect = job->connect;
	reading->took = job->took;
	smd_text_free(smd_take(job->run.covered));
	if (reading->err || !reading->work) {
		reading->done(reading);
		return;
	}
	reading->job_work = (struct smd_work){.work = work, .done = on_worked, .arg = reading};
	smd_loop_work(job->reply, &reading->job_work);
}

void smd_reading_start(struct smd_reading *reading, void (*done)(struct smd_reading *reading))
{
	struct smd_remote *remote = reading->remote;

	reading->done = done;
	smd_text_free(smd_take(reading->native));
	reading->job = (struct smd_job){
		.next = remote->language.driver->fetch,
		.run = {.state = remote->language.state, .device = remote->name, .tag = ""},
		.reply = smd_session_loop(remote->session),
		.done = on_fetched,
		.arg = reading,
	};
	if (smd_text_new(&reading->native, 0) || smd_text_new(&reading->job.run.covered, 0)) {
		reading->err = smd_fail(&reading->error, SMD_E_NO_MEMORY, "out of memory");
		reading->done(reading);
		return;
	}
	reading->job.run.scope = reading->scope;
	reading->job.run.result = reading->native;
	smd_session_submit(remote->session, &reading->job);
}

static void count_down(struct smd_reading *reading)
{
	struct smd_gathering *gathering = reading->gathering;

	if (atomic_fetch_sub(&gathering->left, 1) == 1)
		uv_sem_post(&gathering->all);
}

void smd_gather(struct smd_reading *readings, size_t count)
{
	struct smd_gathering gathering;

	if (!count)
		return;
	atomic_init(&gathering.left, count);
	uv_sem_init(&gathering.all, 0);
	for (size_t i = 0; i < count; i++) {
		readings[i].gathering = &gathering;
		smd_reading_start(&readings[i], count_down);
	}
	uv_sem_wait(&gathering.all);
	uv_sem_destroy(&gathering.all);
}

int smd_gather_error(const struct smd_reading *readings, size_t count, struct smd_error *error)
{
	const struct smd_reading *first = NULL;
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!readings[i].err)
			continue;
		failed++;
		first = first ? first : &readings[i];
	}
	if (!first)
		return 0;
	if (error) {
		char others[64] = "";

		*error = first->error;
		if (failed > 1)
			snprintf(others, sizeof(others), " (and %zu more devices failed)",
				 failed - 1);
		strncat(error->message, others,
			sizeof(error->message) - strlen(error->message) - 1);
	}
	return first->err;
}

void smd_gather_done(struct smd_reading *readings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		smd_text_free(smd_take(readings[i].native));
}
