/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/deployment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/hash.h"
#include "core/deploy/device_run.h"
#include "core/tree/own.h"

static void start_deployment(void *arg)
{
	struct deployment *deployment = arg;

	deployment->next(deployment);
}

void run_deployment(struct deployment *deployment, phase_fn first)
{
	deployment->next = first;
	deployment->message.function = start_deployment;
	deployment->message.arg = deployment;
	smd_latch_init(&deployment->over, deployment->site->clock);
	smd_loop_post(deployment->loop, &deployment->message);
	smd_latch_wait(&deployment->over);
	smd_latch_done(&deployment->over);
}

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
	return 0;
}

void close_deployment(struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++) {
		struct device_run *run = &deployment->runs[i];

		smd_fetch_jobs_done(&run->fetch, 1);
		smd_tree_free(run->now);
		smd_text_free(run->candidate);
		smd_text_free(run->shown);
		smd_batch_done(&run->save.batch);
	}
	smd_batch_done(&deployment->save.batch);
	smd_proof_free(deployment->proof);
	cJSON_Delete(deployment->evidence);
	cJSON_Delete(deployment->record);
	free(deployment->runs);
}

/*
 * A deployment's id: date, time with milliseconds, random digits. Ids sort by time and do not
 * repeat.
 */
static int make_id(char out[SMD_DEPLOYMENT_ID])
{
	struct timespec now;
	struct tm utc;
	uint8_t bytes[2];
	char tail[5];
	size_t used;

	if (smd_random(bytes, sizeof(bytes)))
		return SMD_E_IO;
	smd_hex(bytes, sizeof(bytes), tail);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	used = strftime(out, SMD_DEPLOYMENT_ID, "%Y%m%d-%H%M%S", &utc);
	snprintf(out + used, SMD_DEPLOYMENT_ID - used, "%03ld-%s", now.tv_nsec / 1000000, tail);
	return 0;
}

/*
 * The first device that was rolled back but differs from before outside of our nodes; NULL:
 * none.
 */
static const struct device_run *find_leftover(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].touched && deployment->runs[i].note[0])
			return &deployment->runs[i];
	return NULL;
}

/*
 * Report a device that was rolled back but differs from before in nodes that are not ours. The
 * device may have interpreted a line in its own way, or somebody changed it at the same time.
 * Smart Deploy does not touch such nodes (law 5), so a person has to look.
 */
static int tell_leftover(const struct deployment *deployment, const struct device_run *run,
			 struct smd_error *error)
{
	char message[SMD_ERROR_MESSAGE];

	snprintf(message, sizeof(message), "%s", deployment->error.message);
	smd_fail(error, SMD_E_ATTENTION,
		 "all that is ours was rolled back, but something else differs from before (it "
		 "began with: %s)",
		 message);
	smd_error_device(error, run->task->device);
	smd_error_where(error, "%s", run->note);
	smd_error_hint(error, "look at it on the device, and put it right by hand if need be");
	return SMD_E_ATTENTION;
}

int deployment_result(const struct deployment *deployment, struct smd_error *error)
{
	static const int codes[] = {0, 0, SMD_E_ROLLED_BACK, SMD_E_ATTENTION};
	int err = codes[deployment->outcome];

	if (deployment->failed && error)
		*error = deployment->error;
	if (!deployment->outcome)
		return deployment->error.code;
	if (err == SMD_E_ROLLED_BACK && find_leftover(deployment))
		return tell_leftover(deployment, find_leftover(deployment), error);
	if (err == SMD_E_ATTENTION && !deployment->failed)
		smd_fail(error, err, "a device could not be brought to a known state");
	if (err == SMD_E_ROLLED_BACK)
		smd_error_prefix(error, "failed, and all is as it was before");
	if (err && error)
		error->code = err;
	if (err == SMD_E_ATTENTION)
		smd_error_hint(error,
			       "`sdctl status %s` says which device; when it answers again, run "
			       "`sdctl recover`",
			       deployment->id);
	return err;
}

static int prepare_proof(struct deployment *deployment, struct smd_error *error)
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

int smd_deployment_run(struct smd_draft *draft, const cJSON *plan, const char *principal,
		       const struct smd_listener *listener, char id[SMD_DEPLOYMENT_ID],
		       struct smd_error *error)
{
	struct deployment deployment = {
		.plan = plan, .principal = principal, .listener = listener, .entries = 1};
	int err = open_deployment(&deployment, draft);

	if (err || make_id(deployment.id))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	memcpy(id, deployment.id, sizeof(deployment.id));
	err = make_record(&deployment, error);
	if (!err)
		err = prepare_proof(&deployment, error);
	if (!err) {
		run_deployment(&deployment, begin_phase);
		err = deployment_result(&deployment, error);
	}
	close_deployment(&deployment);
	return err;
}
