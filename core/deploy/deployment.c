/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/deployment.h"

#include <string.h>

#include "core/base/crash_point.h"
#include "core/deploy/engine.h"

/* Events */

/* `err` as of smd_json_put: an event that is not whole is not told. */
static void report_event(struct deployment *deployment, cJSON *event_take, int err)
{
	const struct smd_listener *listener = deployment->listener;

	smd_json_put_string(event_take, "deployment", deployment->id, &err);
	if (listener && listener->event && !err)
		listener->event(listener->arg, event_take);
	cJSON_Delete(event_take);
}

void report_phase(struct deployment *deployment, const char *phase)
{
	cJSON *event = cJSON_CreateObject();
	int err = 0;

	smd_crash_point("phase", phase);
	smd_json_put_string(event, "event", "phase", &err);
	smd_json_put_string(event, "phase", phase, &err);
	report_event(deployment, event, err);
}

void report_device(const struct device_run *run, const char *state, const char *message)
{
	cJSON *event = cJSON_CreateObject();
	int err = 0;

	smd_json_put_string(event, "event", "device", &err);
	smd_json_put_string(event, "device", run->task->device, &err);
	smd_json_put_string(event, "phase", phase_name(run->deployment), &err);
	smd_json_put_string(event, "state", state, &err);
	smd_json_put_string(event, "message", message, &err);
	report_event(run->deployment, event, err);
}

void record_first_failure(struct deployment *deployment, const struct smd_error *error)
{
	if (!deployment->failed)
		deployment->error = *error;
	deployment->failed = 1;
}

/* The deployment as a whole */

int open_deployment(struct deployment *deployment, struct smd_draft *draft)
{
	deployment->site = draft->site;
	deployment->draft = draft;
	deployment->loop = draft->site->loops[0];
	deployment->runs = calloc(draft->count + 1, sizeof(*deployment->runs));
	if (!deployment->runs)
		return SMD_E_NO_MEMORY;
	deployment->count = draft->count;
	for (size_t i = 0; i < draft->count; i++) {
		deployment->runs[i].deployment = deployment;
		deployment->runs[i].task = &draft->tasks[i];
		deployment->runs[i].remote = draft->fetches[i].remote;
	}
	atomic_store(&deployment->entries, 1);
	return 0;
}

void close_deployment(struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		device_run_done(&deployment->runs[i]);
	smd_batch_done(&deployment->save.batch);
	smd_proof_free(deployment->proof);
	cJSON_Delete(deployment->evidence);
	cJSON_Delete(deployment->record);
	free(deployment->runs);
}

static void start_road(void *arg)
{
	struct deployment *deployment = arg;

	deployment->begin(deployment);
}

void run_deployment(struct deployment *deployment, void (*sequence)(struct deployment *deployment))
{
	deployment->begin = sequence;
	deployment->message.function = start_road;
	deployment->message.arg = deployment;
	smd_latch_init(&deployment->over, deployment->site->clock);
	smd_loop_post(deployment->loop, &deployment->message);
	smd_latch_wait(&deployment->over);
	smd_latch_done(&deployment->over);
}

void deployment_over(struct deployment *deployment)
{
	smd_latch_post(&deployment->over);
}

int prepare_proof(struct deployment *deployment, struct smd_error *error)
{
	const cJSON *configurations = smd_record_configurations(deployment->record), *entry;
	size_t most = (size_t)cJSON_GetArraySize(configurations), count = 0;
	smd_cleanup(free) struct smd_proof_entry *entries = calloc(most + 1, sizeof(*entries));

	if (!entries)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (entry, configurations)
		entries[count++] = (struct smd_proof_entry){
			.configuration = smd_json_string(entry, "configuration"),
			.before = smd_json_object(entry, "from"),
			.after = smd_json_object(entry, "to")};
	return smd_proof_new(deployment->site, entries, count, &deployment->proof, error);
}

/*
 * Room for the records of the way back is kept from here on, so that a disk that becomes full
 * cannot leave a network half changed.
 */
static int execute(struct deployment *deployment, struct smd_error *error)
{
	struct smd_store_thread *store = deployment->site->store_thread;
	size_t size;
	int err = way_back_size(deployment, &size);

	if (err)
		return smd_fail(error, err, "out of memory");
	err = smd_store_thread_reserve(store, size, error);

	if (err) {
		smd_error_prefix(error,
				 "nothing was begun, for the way back could not be recorded");
		return err;
	}
	run_deployment(deployment, go_through);
	smd_store_thread_reserve(store, 0, NULL);
	return deployment_result(deployment, error);
}

int smd_deployment_run(struct smd_draft *draft, const cJSON *plan,
		       const struct smd_deployment_options *options,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error)
{
	struct deployment deployment = {.plan = plan,
					.principal = options->principal,
					.comment = options->comment,
					.require_proof = options->require_proof,
					.accept_shown = options->accept_shown,
					.listener = listener};
	int err = open_deployment(&deployment, draft);

	id[0] = '\0';
	if (err)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = prepare_begin(&deployment, error);
	if (!err)
		err = prepare_proof(&deployment, error);
	if (!err)
		err = execute(&deployment, error);
	if (deployment.begun)
		memcpy(id, deployment.id, sizeof(deployment.id));
	close_deployment(&deployment);
	return err;
}
