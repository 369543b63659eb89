/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on plans and deployments that do more than print a result. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/command.h"

static int has_changes(const cJSON *plan)
{
	return cJSON_GetArraySize(cJSON_GetObjectItem(plan, "devices")) > 0;
}

/* Does `sdctl apply` of the plan need a word for lines that a driver does not know? */
static int needs_accept(const cJSON *plan)
{
	const cJSON *device;

	if (cJSON_IsTrue(cJSON_GetObjectItem(plan, "accept-unknown")))
		return 0;
	cJSON_ArrayForEach (device, cJSON_GetObjectItem(plan, "devices"))
		if (cJSON_GetArraySize(cJSON_GetObjectItem(device, "unknown")))
			return 1;
	return 0;
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
			printf("\n`sdctl apply %s%s` does it.\n", run->output,
			       needs_accept(plan_take) ? " --accept-unknown" : "");
	}
	flush_output();
	cJSON_Delete(plan_take);
}

static int check_outputs(struct run *run)
{
	if (!run->json || !run->output || strcmp(run->output, "-") != 0)
		return 0;
	return smd_fail(&run->error, SMD_E_INVALID, "--json and -o - both want standard output");
}

/* What is told of open deployments comes beside the plan; the plan is what was signed. */
static int make_plan(struct run *run, const char *method, cJSON *request_take, cJSON **plan,
		     cJSON **left)
{
	int err = ask(run, method, request_take, plan);

	*left = take_leftovers(*plan);
	return !err && run->output ? keep_plan(run, *plan) : err;
}

int run_plan(struct run *run)
{
	cJSON *plan, *left, *request = run->request;
	int changes, status;

	if (check_outputs(run))
		return print_error(run);
	run->request = NULL;
	if (make_plan(run, "plan.make", request, &plan, &left)) {
		status = print_error(run);
		cJSON_Delete(plan);
	} else {
		changes = has_changes(plan);
		show_plan(run, plan, left);
		status = run->exit_code && changes ? 2 : 0;
	}
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	return status;
}

/* Ask on the terminal; 1: yes. Without one, nobody has agreed. */
static int is_agreed(struct run *run)
{
	char answer[16] = "";

	if (run->yes)
		return 1;
	if (run->json || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		smd_fail(&run->error, SMD_E_CONFLICT, "nothing was done, because nobody agreed");
		smd_error_hint(&run->error, "look at the plan and say --yes, or keep it with -o "
					    "FILE and `sdctl apply` it");
		return 0;
	}
	printf("\nDo it? [y/N] ");
	flush_output();
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return 1;
	smd_fail(&run->error, SMD_E_CONFLICT, "nothing was done");
	return 0;
}

static void copy_member(const cJSON *from, cJSON *to, const char *name)
{
	const cJSON *item = cJSON_GetObjectItem(from, name);

	if (item)
		cJSON_AddItemToObject(to, name, cJSON_Duplicate(item, 1));
}

/* The plan was shown and agreed to. It is the plan that is applied, and it must still hold. */
static int apply_plan(struct run *run, const char *text, const cJSON *wishes)
{
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "text", text);
	copy_member(wishes, request, "require-proof");
	copy_member(wishes, request, "comment");
	return call_and_print(run, "plan.apply", request, print_applied);
}

/* Show the plan, and carry it out if that is agreed to. */
static int plan_rollback(struct run *run, const cJSON *wishes)
{
	cJSON *plan, *left, *request = cJSON_CreateObject();
	int looks = run->output || run->exit_code, changes, status;
	char *text;

	copy_member(wishes, request, "id");
	copy_member(wishes, request, "to");
	if (make_plan(run, "plan.rollback", request, &plan, &left)) {
		status = print_error(run);
		cJSON_Delete(plan);
		print_leftovers(sanitize_json(left));
		cJSON_Delete(left);
		return status;
	}
	text = cJSON_PrintUnformatted(plan);
	changes = has_changes(plan);
	if (looks || !run->json)
		show_plan(run, plan, left);
	else
		cJSON_Delete(plan);
	cJSON_Delete(left);
	if (looks)
		status = run->exit_code && changes ? 2 : 0;
	else if (!text || !is_agreed(run))
		status = print_error(run);
	else
		status = apply_plan(run, text, wishes);
	free(text);
	return status;
}

int run_rollback(struct run *run)
{
	cJSON *wishes = run->request;
	int status;

	if (check_outputs(run))
		return print_error(run);
	run->request = NULL;
	if (!cJSON_GetObjectItem(wishes, "recover")) {
		status = plan_rollback(run, wishes);
		cJSON_Delete(wishes);
		return status;
	}
	if (run->yes && !run->output && !run->exit_code)
		return call_and_print(run, "deployment.rollback", wishes, print_applied);
	cJSON_Delete(wishes);
	smd_fail(&run->error, SMD_E_INVALID,
		 "--recover goes with --yes alone: what there is to plan is known only after the "
		 "recovery");
	smd_error_hint(&run->error, "or run `sdctl recover` first");
	return print_error(run);
}

int run_verify(struct run *run)
{
	cJSON *result, *left, *request = run->request;
	int err, status;

	run->request = NULL;
	err = ask(run, "verify", request, &result);
	/* That every device was read, and some differ, is no error */
	status = !err                                           ? 0
		 : !strcmp(text_of(result, "state"), "differs") ? 2
								: smd_err_exit(run->error.code);
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

/* Of the whole, if nothing is named. What is open is in the result itself. */
int run_status(struct run *run)
{
	cJSON *request = run->request;

	if (run->arg_count)
		return ask_and_print(run);
	run->request = NULL;
	return call_and_print(run, "site.status", request, print_site);
}
