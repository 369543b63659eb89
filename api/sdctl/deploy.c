/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on plans and deployments that do more than print a result. */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

static int has_changes(const cJSON *plan)
{
	return cJSON_GetArraySize(cJSON_GetObjectItem(plan, "devices")) > 0;
}

static int keep_plan(struct run *run, const cJSON *plan)
{
	char *text = cJSON_Print(plan);
	int err = text ? write_file(run, run->output, text)
		       : smd_fail(&run->error, SMD_E_NO_MEMORY, "out of memory");

	free(text);
	return err;
}

/* Print the plan, or keep it; on standard output there is either. */
static void show_plan(struct run *run, cJSON *plan_take, const cJSON *left)
{
	if (run->json) {
		cJSON *json = cJSON_CreateObject();

		cJSON_AddItemToObject(json, "plan", plan_take);
		add_leftovers(json, left);
		print_json(run, json, 0);
		cJSON_Delete(json);
		return;
	}
	if (!run->output || strcmp(run->output, "-") != 0) {
		print_plan(run, sanitize_json(plan_take));
		if (run->output && has_changes(plan_take))
			printf("\n`sdctl apply %s` does it.\n", run->output);
	}
	flush_output();
	cJSON_Delete(plan_take);
}

int run_plan(struct run *run)
{
	cJSON *result, *left, *request = run->request;
	int changes, status, err;

	if (run->json && run->output && !strcmp(run->output, "-")) {
		smd_fail(&run->error, SMD_E_INVALID, "--json and -o - both want standard output");
		return print_error(run);
	}
	run->request = NULL;
	err = ask(run, "plan.make", request, &result);
	/* They are told beside the plan; the plan is what was signed */
	left = take_leftovers(result);
	changes = has_changes(result);
	if (err || (run->output && keep_plan(run, result))) {
		status = print_error(run);
		cJSON_Delete(result);
	} else {
		show_plan(run, result, left);
		status = run->exit_code && changes ? 2 : 0;
	}
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	return status;
}

/* Do devices differ, and has each one been read? Then that is no error. */
static int only_differs(const cJSON *result)
{
	const cJSON *device;
	int differs = 0;

	cJSON_ArrayForEach (device, cJSON_GetObjectItem(result, "devices")) {
		if (*text_of(device, "error"))
			return 0;
		differs |= !strcmp(text_of(device, "state"), "differs");
	}
	return differs;
}

int run_verify(struct run *run)
{
	cJSON *result, *left, *request = run->request;
	int err, status;

	run->request = NULL;
	err = ask(run, "verify", request, &result);
	status = !err ? 0 : only_differs(result) ? 2 : smd_err_exit(run->error.code);
	left = take_leftovers(result);
	if (run->json) {
		add_leftovers(result, left);
		print_json(run, result, err && status != 2);
	} else if (!err || cJSON_GetObjectItem(result, "devices")) {
		print_verification(run, sanitize_json(result));
	}
	flush_output();
	if (err)
		tell_error(run);
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	cJSON_Delete(result);
	return status;
}
