/* SPDX-License-Identifier: Apache-2.0 */
/* The `driver` commands, except `driver new` (template.c). */
#include <string.h>

#include "api/sdctl/sdctl.h"

int driver_list(struct run *run)
{
	return ask_and_print(run, "driver.list", NULL, print_drivers);
}

int driver_show(struct run *run)
{
	return ask_and_print(run, "driver.show", with("name", arg(run, 0)), print_driver);
}

static int add_options(struct run *run, cJSON *request)
{
	cJSON *options = cJSON_AddObjectToObject(request, "options");

	for (int i = 1; i < run->arg_count; i++) {
		char *equals = strchr(run->args[i], '=');

		if (!equals)
			return smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is not NAME=VALUE",
					run->args[i]);
		*equals = '\0';
		cJSON_AddStringToObject(options, run->args[i], equals + 1);
	}
	return 0;
}

/* Any failure is exit status 1, because a test refuses and changes nothing. */
int driver_test(struct run *run)
{
	cJSON *request = with("name", arg(run, 0));

	if (add_options(run, request) ||
	    (run->seed && add_number(run, request, "seed", run->seed))) {
		cJSON_Delete(request);
		print_error(run);
		return 1;
	}
	if (run->golden)
		cJSON_AddStringToObject(request, "golden", run->golden);
	if (run->only)
		cJSON_AddStringToObject(request, "only", run->only);
	cJSON_AddBoolToObject(request, "update", run->update);
	cJSON_AddBoolToObject(request, "here", run->here);
	return ask_and_print(run, "driver.test", request, print_test) ? 1 : 0;
}
