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
static void show_plan(struct run *run, cJSON *plan_take, cJSON *leftovers_take)
{
	if (run->json) {
		cJSON *json = cJSON_CreateObject();

		cJSON_AddItemToObject(json, "plan", plan_take);
		if (leftovers_take)
			cJSON_AddItemToObject(json, "leftovers", leftovers_take);
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
	if (leftovers_take)
		print_leftovers(sanitize_json(leftovers_take));
	cJSON_Delete(plan_take);
	cJSON_Delete(leftovers_take);
}

int run_plan(struct run *run)
{
	cJSON *result, *leftovers, *request = run->request;
	int changes, err;

	if (run->json && run->output && !strcmp(run->output, "-")) {
		smd_fail(&run->error, SMD_E_INVALID, "--json and -o - both want standard output");
		return print_error(run);
	}
	run->request = NULL;
	err = ask(run, "plan.make", request, &result);
	/* They are told beside the plan; the plan is what was signed */
	leftovers = cJSON_DetachItemFromObject(result, "leftovers");
	changes = has_changes(result);
	if (err || (run->output && keep_plan(run, result))) {
		int status = print_error(run);

		if (leftovers)
			print_leftovers(sanitize_json(leftovers));
		cJSON_Delete(leftovers);
		cJSON_Delete(result);
		return status;
	}
	show_plan(run, result, leftovers);
	return run->exit_code && changes ? 2 : 0;
}

int run_verify(struct run *run)
{
	cJSON *result, *leftovers, *request = run->request;
	int err, status;

	run->request = NULL;
	err = ask(run, "verify", request, &result);
	/* That every device was read, and some differ, is no error */
	status = !err                                           ? 0
		 : !strcmp(text_of(result, "state"), "differs") ? 2
								: smd_err_exit(run->error.code);
	leftovers = cJSON_Duplicate(cJSON_GetObjectItem(result, "leftovers"), 1);
	if (run->json)
		print_json(run, result, err && status != 2);
	else if (!err || cJSON_GetObjectItem(result, "devices"))
		print_verification(run, sanitize_json(result));
	flush_output();
	if (err)
		tell_error(run);
	if (leftovers)
		print_leftovers(sanitize_json(leftovers));
	cJSON_Delete(leftovers);
	cJSON_Delete(result);
	return status;
}
