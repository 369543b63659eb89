/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "api/sdctl/command.h"

static int add_options(struct run *run)
{
	cJSON *options = cJSON_AddObjectToObject(run->request, "options");

	for (int i = 1; i < run->arg_count; i++) {
		char *equals = strchr(run->args[i], '=');

		if (!equals)
			return smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is not OPTION=VALUE",
					run->args[i]);
		*equals = '\0';
		cJSON_AddStringToObject(options, run->args[i], equals + 1);
	}
	return 0;
}

/* Any failure is exit status 1, because a test refuses and changes nothing. */
int run_driver_test(struct run *run)
{
	if (add_options(run)) {
		print_error(run);
		return 1;
	}
	return ask_and_print(run) ? 1 : 0;
}
