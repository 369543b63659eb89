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

static void show_plan(struct run *run, cJSON *plan)
{
	int to_output = run->output && !strcmp(run->output, "-");

	if (to_output)
		return;
	print_plan(run, sanitize_json(plan));
	if (run->output && has_changes(plan))
		printf("\n`sdctl apply %s` does it.\n", run->output);
}

/* Move what is told of open deployments from the plan, which is what was signed, beside it. */
static cJSON *split_plan(cJSON *result)
{
	cJSON *left = leftovers_of(result);

	cJSON_DeleteItemFromObjectCaseSensitive(result, "leftovers");
	cJSON_DeleteItemFromObjectCaseSensitive(result, "leftovers-error");
	return left;
}

static void print_plan_json(const struct run *run, cJSON *plan_take, const cJSON *left, int failed)
{
	cJSON *json = cJSON_Duplicate(left, 1);

	if (failed)
		cJSON_Delete(plan_take);
	else
		cJSON_AddItemToObject(json, "plan", plan_take);
	print_json(run, json, failed);
	cJSON_Delete(json);
}

int run_plan(struct run *run)
{
	cJSON *plan, *left, *request = run->request;
	int changes, err;

	if (run->json && run->output && !strcmp(run->output, "-")) {
		smd_fail(&run->error, SMD_E_INVALID, "--json and -o - both want standard output");
		return print_error(run);
	}
	run->request = NULL;
	err = ask(run, "plan.make", request, &plan);
	left = split_plan(plan);
	changes = has_changes(plan);
	if (!err && run->output)
		err = keep_plan(run, plan);
	if (!run->json && !err)
		show_plan(run, plan);
	if (run->json)
		print_plan_json(run, plan, left, err != 0);
	else
		cJSON_Delete(plan);
	flush_output();
	if (err)
		tell_error(run);
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	if (err)
		return smd_err_exit(run->error.code);
	return run->exit_code && changes ? 2 : 0;
}

int run_verify(struct run *run)
{
	cJSON *request = run->request, *result, *left;
	int err, status, differs;

	run->request = NULL;
	err = ask(run, "verify", request, &result);
	/* That every device was read, and some differ, is no error */
	differs = err && !strcmp(text_of(result, "state"), "differs");
	status = !err ? 0 : differs ? 2 : smd_err_exit(run->error.code);
	left = leftovers_of(result);
	if (run->json)
		print_json(run, result, err && !differs);
	else if (!err || cJSON_GetObjectItem(result, "devices"))
		print_verification(run, sanitize_json(result));
	flush_output();
	if (err)
		tell_error(run);
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	cJSON_Delete(result);
	return status;
}
