/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/fetch_job.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/tree/own.h"

/* Fetches that are under way together: their number, and the thread that waits for the last. */
struct smd_fetch_group {
	atomic_size_t left;
	struct smd_latch all;
};

static void on_worked(void *arg)
{
	struct smd_fetch_job *fetch = arg;

	fetch->done(fetch);
}

static void run_work(void *arg)
{
	struct smd_fetch_job *fetch = arg;

	fetch->err = fetch->work(fetch, &fetch->error);
	if (fetch->err)
		smd_error_device(&fetch->error, fetch->remote->name);
}

static void on_fetched(struct smd_job *job)
{
	struct smd_fetch_job *fetch = job->arg;

	fetch->err = job->err;
	fetch->error = job->error;
	/* A fetch changes nothing, so it cannot be "unknown" whether it acted */
	if (fetch->err == SMD_E_UNKNOWN)
		fetch->err = fetch->error.code = SMD_E_UNREACHABLE;
	fetch->facts = job->facts;
	fetch->connect = job->connect;
	fetch->took = job->took;
	smd_text_free(smd_take(job->run.covered));
	if (fetch->err || !fetch->work) {
		fetch->done(fetch);
		return;
	}
	fetch->job_work = (struct smd_work){.work = run_work, .done = on_worked, .arg = fetch};
	smd_loop_work(job->reply, &fetch->job_work);
}

void smd_fetch_start(struct smd_fetch_job *fetch, void (*done)(struct smd_fetch_job *fetch))
{
	struct smd_remote *remote = fetch->remote;

	fetch->done = done;
	smd_text_free(smd_take(fetch->native));
	fetch->job = (struct smd_job){
		.next = remote->language.driver->fetch,
		.run = {.state = remote->language.state, .device = remote->name, .tag = ""},
		.reply = smd_session_loop(remote->session),
		.done = on_fetched,
		.arg = fetch,
	};
	if (smd_text_new(&fetch->native, 0) || smd_text_new(&fetch->job.run.covered, 0)) {
		fetch->err = smd_fail(&fetch->error, SMD_E_NO_MEMORY, "out of memory");
		fetch->done(fetch);
		return;
	}
	fetch->job.run.scope = fetch->scope;
	fetch->job.run.result = fetch->native;
	smd_session_submit(remote->session, &fetch->job);
}

static void count_down(struct smd_fetch_job *fetch)
{
	struct smd_fetch_group *group = fetch->group;

	if (atomic_fetch_sub(&group->left, 1) == 1)
		smd_latch_post(&group->all);
}

void smd_fetch_all(struct smd_fetch_job *fetches, size_t count)
{
	struct smd_fetch_group group;

	if (!count)
		return;
	atomic_init(&group.left, count);
	smd_latch_init(&group.all, smd_loop_clock(smd_session_loop(fetches[0].remote->session)));
	for (size_t i = 0; i < count; i++) {
		fetches[i].group = &group;
		smd_fetch_start(&fetches[i], count_down);
	}
	smd_latch_wait(&group.all);
	smd_latch_done(&group.all);
}

int smd_fetch_all_error(const struct smd_fetch_job *fetches, size_t count, struct smd_error *error)
{
	const struct smd_fetch_job *first = NULL;
	size_t failed = 0;

	for (size_t i = 0; i < count; i++) {
		if (!fetches[i].err)
			continue;
		failed++;
		first = first ? first : &fetches[i];
	}
	if (!first)
		return 0;
	if (error) {
		char others[64] = "";

		*error = first->error;
		if (failed > 1)
			snprintf(others, sizeof(others), " (and %zu more device%s failed)",
				 failed - 1, failed == 2 ? "" : "s");
		strncat(error->message, others,
			sizeof(error->message) - strlen(error->message) - 1);
	}
	return first->err;
}

void smd_fetch_jobs_done(struct smd_fetch_job *fetches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		smd_text_free(smd_take(fetches[i].native));
}
