/* SPDX-License-Identifier: Apache-2.0 */
/* Outcomes, derived from the states and problems of the devices. */
#include <stdio.h>
#include <string.h>

#include "core/deploy/engine.h"

static enum device_outcome outcome_of(const struct device_run *run)
{
	return device_outcome_of(run->state, run->problem);
}

static int any_is(const struct deployment *deployment, enum device_outcome outcome)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (outcome_of(&deployment->runs[i]) == outcome)
			return 1;
	return 0;
}

static int all_changed(const struct deployment *deployment)
{
	for (size_t i = 0; i < deployment->count; i++)
		if (smd_task_sends(deployment->runs[i].task) &&
		    outcome_of(&deployment->runs[i]) != DEVICE_DONE)
			return 0;
	return 1;
}

/* Was it refused: nothing has acted, because somebody or something was in the way? */
static int was_refused(const struct deployment *deployment)
{
	int code = deployment->error.code;

	return !any_is(deployment, DEVICE_ROLLED_BACK) &&
	       (code == SMD_E_CONFLICT || code == SMD_E_BUSY || code == SMD_E_UNSAFE);
}

enum smd_outcome deployment_outcome(const struct deployment *deployment)
{
	if (deployment->accepted)
		return SMD_OUTCOME_ACCEPTED;
	if (any_is(deployment, DEVICE_ATTENTION) || deployment->store_failed)
		return SMD_OUTCOME_ATTENTION;
	if (deployment->forward)
		return all_changed(deployment) && !deployment->unproven ? SMD_OUTCOME_DONE
									: SMD_OUTCOME_ATTENTION;
	if (any_is(deployment, DEVICE_DONE))
		return SMD_OUTCOME_ATTENTION;
	return was_refused(deployment) ? SMD_OUTCOME_REFUSED : SMD_OUTCOME_ROLLED_BACK;
}

/* The device with the worst problem; NULL: none has one. */
static const struct device_run *worst_device(const struct deployment *deployment)
{
	const struct device_run *worst = NULL;

	for (size_t i = 0; i < deployment->count; i++)
		if (deployment->runs[i].problem > (worst ? worst->problem : PROBLEM_NONE))
			worst = &deployment->runs[i];
	return worst;
}

/* Fill the error for a person who has to look: the device in need, and how it began. */
static void tell_attention(const struct deployment *deployment, struct smd_error *error)
{
	const struct device_run *worst = worst_device(deployment);
	char began[SMD_ERROR_MESSAGE] = "";

	if (worst && deployment->failed && deployment->error.device[0] &&
	    !strstr(worst->error.message, deployment->error.message))
		snprintf(began, sizeof(began), " (it began with %.64s: %.200s)",
			 deployment->error.device, deployment->error.message);
	if (deployment->store_failed)
		*error = deployment->error;
	else if (worst)
		*error = worst->error;
	else if (deployment->unproven)
		*error = deployment->proof_error;
	else if (deployment->failed)
		*error = deployment->error;
	else
		smd_fail(error, SMD_E_ATTENTION, "a device is not in a known state");
	if (*began)
		snprintf(error->message, sizeof(error->message), "%.200s%.300s",
			 worst->error.message, began);
	error->code = SMD_E_ATTENTION;
	if (!strstr(error->hint, "sdctl recover"))
		smd_error_hint(error,
			       "`sdctl status %s` tells the state of each device; when it can be "
			       "reached again, run `sdctl recover`",
			       deployment->id);
}

/*
 * All devices run the old state. Whether traffic passes as it must there was tested, too: where it
 * does not, "all is as before" is more than anybody has seen.
 */
static void tell_rolled_back(const struct deployment *deployment, struct smd_error *error)
{
	*error = deployment->error;
	if (deployment->unproven) {
		smd_error_prefix(error,
				 "failed; all devices run what they ran before, but traffic does "
				 "not pass as it must there (%.120s); it began with",
				 deployment->proof_error.message);
		smd_error_hint(error, "`sdctl status %s -v` shows all claims", deployment->id);
	} else {
		smd_error_prefix(error, "failed, and all is as it was before");
	}
	error->code = SMD_E_ROLLED_BACK;
}

int deployment_result(const struct deployment *deployment, struct smd_error *error)
{
	struct smd_error own;

	error = error ? error : &own;
	switch (deployment->outcome) {
	case SMD_OUTCOME_DONE:
	case SMD_OUTCOME_ACCEPTED:
		return 0;
	case SMD_OUTCOME_ROLLED_BACK:
		tell_rolled_back(deployment, error);
		return SMD_E_ROLLED_BACK;
	case SMD_OUTCOME_ATTENTION:
		tell_attention(deployment, error);
		return SMD_E_ATTENTION;
	default: /* refused, or not begun */
		*error = deployment->error;
		return error->code;
	}
}
