/* SPDX-License-Identifier: Apache-2.0 */
/* Verifying: compare what devices run with the last deployment, and prove it by traffic. */
#include <string.h>

#include "core/deploy/proof.h"
#include "core/plan/fetch_job.h"
#include "core/plan/removal.h"
#include "core/plan/shown.h"
#include "core/plan/slice.h"
#include "core/service/methods.h"
#include "core/tree/json.h"
#include "core/tree/own.h"

/*
 * fetch  The device's fetch; NULL: it could not be started, see `error`.
 */
struct verification {
	const char *device;
	struct smd_tree *slice;
	struct smd_text *absent; /* NULL: nothing */
	struct smd_shown shown;
	const struct smd_fetch_job *fetch;
	struct smd_error error;
	int differs;
	char where[SMD_ERROR_WHERE];
};

static int compare(struct smd_fetch_job *fetch, struct smd_error *error)
{
	struct verification *verification = fetch->arg;
	smd_cleanup(smd_tree_free) struct smd_tree *running = NULL;
	int err = smd_language_parse(&fetch->remote->language, fetch->native, &running, error);

	if (!err)
		err = smd_shown_apply(&verification->shown, fetch->facts.version,
				      verification->slice, running);
	if (err)
		return err;
	verification->differs = smd_slice_missing(running, verification->slice, verification->where,
						  sizeof(verification->where));
	if (verification->differs || !verification->absent)
		return 0;
	err = smd_absence_broken(&fetch->remote->language, running, verification->absent,
				 verification->where, sizeof(verification->where), error);
	verification->differs = err > 0;
	return err < 0 ? err : 0;
}

/* Prepare the fetch of a device. Returns 0 if that fails, see verification->error. */
static int begin_verification(struct smd_call *call, const cJSON *deployed, const cJSON *slice,
			      struct smd_fetch_job *fetch, struct verification *verification)
{
	const cJSON *absences = smd_json_object(deployed, "absences");
	int err;

	verification->device = slice->string;
	err = smd_tree_from_json(slice, &verification->slice, &verification->error);
	if (!err &&
	    smd_absence_lines_read(smd_json_array(absences, slice->string), &verification->absent))
		err = smd_fail(&verification->error, SMD_E_INVALID,
			       "what shall be absent cannot be read");
	if (!err)
		err = smd_remote_open_device(call->site, slice->string, SMD_ACCESS_READ,
					     &fetch->remote, &verification->error);
	if (!err)
		err = smd_shown_load(&verification->shown, call->site->store_thread,
				     fetch->remote->language.driver->self.name,
				     &verification->error);
	if (err)
		return 0;
	fetch->work = compare;
	fetch->arg = verification;
	verification->fetch = fetch;
	return 1;
}

static void report_device(cJSON *list, const struct verification *verification,
			  const struct smd_error *error)
{
	cJSON *json = cJSON_CreateObject();
	const char *state = verification->differs ? "differs" : "ok";

	cJSON_AddStringToObject(json, "name", verification->device);
	cJSON_AddStringToObject(json, "state", error ? smd_err_name(error->code) : state);
	cJSON_AddStringToObject(json, "where", verification->where);
	if (error)
		cJSON_AddStringToObject(json, "error", error->message);
	cJSON_AddItemToArray(list, json);
}

static int fail_verification(struct smd_call *call, const struct verification *verification)
{
	smd_fail(call->error, SMD_E_DEVICE, "the device does not run what was deployed");
	smd_error_device(call->error, verification->device);
	smd_error_where(call->error, "%s", verification->where);
	smd_error_hint(call->error, "`sdctl plan` shows how to bring it back");
	return SMD_E_DEVICE;
}

/*
 * Add all devices to the result. The error is that of the first device that differs or could
 * not be read.
 */
static int report(struct smd_call *call, const struct verification *verifications, size_t count)
{
	cJSON *list = cJSON_AddArrayToObject(call->result, "devices");
	const char *state = "as-deployed";
	int err = 0;

	for (size_t i = 0; i < count; i++) {
		const struct verification *verification = &verifications[i];
		const struct smd_fetch_job *fetch = verification->fetch;
		const struct smd_error *error = NULL;

		if (!fetch)
			error = &verification->error;
		else if (fetch->err)
			error = &fetch->error;
		report_device(list, verification, error);
		if (error)
			state = "failed";
		else if (verification->differs && strcmp(state, "failed") != 0)
			state = "differs";
		if (err)
			continue;
		if (error) {
			err = error->code;
			*call->error = *error;
			smd_error_device(call->error, verification->device);
		} else if (verification->differs) {
			err = fail_verification(call, verification);
		}
	}
	cJSON_AddStringToObject(call->result, "state", state);
	return err;
}

/* What the devices must run is not on record: nothing can be said about them. */
static int cannot_verify(struct smd_call *call, const char *name)
{
	smd_fail(call->error, SMD_E_ATTENTION,
		 "\"%s\" cannot be verified: the record deployed \"%s\" does not say what its "
		 "devices run",
		 name, name);
	smd_error_hint(call->error,
		       "`sdctl plan %s` reads them; applying a new revision makes the record anew",
		       name);
	return SMD_E_ATTENTION;
}

static int verify_slices(struct smd_call *call, const cJSON *deployed)
{
	const cJSON *slices = smd_json_object(deployed, "slices"), *slice;
	size_t most = (size_t)cJSON_GetArraySize(slices) + 1, count = 0, open = 0;
	smd_cleanup(free) struct smd_fetch_job *fetches = calloc(most, sizeof(*fetches));
	smd_cleanup(free) struct verification *verifications = calloc(most, sizeof(*verifications));
	int err;

	if (!fetches || !verifications)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	cJSON_ArrayForEach (slice, slices)
		open += (size_t)begin_verification(call, deployed, slice, &fetches[open],
						   &verifications[count++]);
	smd_call_tell_reading(call, open);
	smd_fetch_all(fetches, open);
	err = report(call, verifications, count);
	for (size_t i = 0; i < count; i++) {
		smd_tree_free(verifications[i].slice);
		smd_text_free(verifications[i].absent);
		smd_shown_done(&verifications[i].shown);
	}
	for (size_t i = 0; i < open; i++)
		smd_remote_close(fetches[i].remote, NULL);
	smd_fetch_jobs_done(fetches, open);
	return err;
}

/* Without a baseline: a host that is silent now leaves its claims unproven. */
static int verify_by_traffic(struct smd_call *call, const char *name, const cJSON *deployed)
{
	smd_cleanup(smd_proof_free) struct smd_proof *proof = NULL;
	const struct smd_proof_entry entry = {.configuration = name, .after = deployed};
	int require = cJSON_IsTrue(cJSON_GetObjectItem(call->request, "require-proof"));
	cJSON *result = NULL;
	int cut = 0;
	int err = smd_proof_new(call->site, &entry, 1, &proof, call->error);

	if (err)
		return err;
	smd_proof_run(proof, SMD_PROOF_AFTER);
	err = smd_proof_result(proof, require, &result, call->error);
	if (err)
		cJSON_ReplaceItemInObjectCaseSensitive(call->result, "state",
						       cJSON_CreateString("failed"));
	if (result)
		smd_json_put(call->result, "proof", result, &cut);
	return err ? err : cut ? smd_fail(call->error, cut, "out of memory") : 0;
}

int smd_verify(struct smd_call *call)
{
	smd_cleanup(cJSON_Delete) cJSON *deployed = NULL;
	const char *name = smd_json_string(call->request, "name");
	int err = smd_store_thread_get(call->site->store_thread, "deployed", name, &deployed, NULL,
				       call->error);

	if (err == SMD_E_NOT_FOUND) {
		smd_fail(call->error, SMD_E_NOT_FOUND, "nothing of \"%s\" is deployed", name);
		smd_error_hint(call->error, "`sdctl config list` shows what is");
	}
	if (!err && !smd_json_object(deployed, "slices"))
		err = cannot_verify(call, name);
	if (!err)
		err = verify_slices(call, deployed);
	return err ? err : verify_by_traffic(call, name, deployed);
}
