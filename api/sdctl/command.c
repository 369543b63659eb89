/* SPDX-License-Identifier: Apache-2.0 */
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/sdctl.h"

int complain(const struct run *run)
{
	const struct smd_error *error = &run->error;

	fprintf(stderr, "sdctl: ");
	if (error->device[0])
		fprintf(stderr, "%s: ", error->device);
	fprintf(stderr, "%s\n", error->message);
	if (error->where[0])
		fprintf(stderr, "  where: %s\n", error->where);
	if (error->hint[0])
		fprintf(stderr, "  hint: %s\n", error->hint);
	return smd_err_exit(error->code);
}

static const char *principal(void)
{
	const struct passwd *user = getpwuid(geteuid());

	return user ? user->pw_name : "unknown";
}

static int connect_controller(struct run *run)
{
	char home[4096], parts[4200], yang[4200];
	struct smd_controller_spec spec = {home, parts, yang};

	if (run->controller)
		return 0;
	home_path(run, home, sizeof(home));
	parts_path(run, parts, sizeof(parts));
	share_path(run, "yang", yang, sizeof(yang));
	return smd_controller_new(&spec, &run->controller, &run->error);
}

int ask(struct run *run, const char *method, cJSON *request_take, cJSON **result)
{
	int err = connect_controller(run);

	*result = NULL;
	if (!err)
		err = smd_controller_call(run->controller, principal(), method, request_take,
					  show_event, run, result, &run->error);
	cJSON_Delete(request_take);
	if (err && !run->error.code)
		smd_fail(&run->error, err, "failed: %s", smd_err_name(err));
	return err;
}

static void print_json(const cJSON *json)
{
	char *text = cJSON_Print(json);

	if (text)
		puts(text);
	free(text);
}

cJSON *clean_json(cJSON *json)
{
	if (json->valuestring)
		smd_clean(json->valuestring);
	for (cJSON *child = json->child; child; child = child->next)
		clean_json(child);
	return json;
}

static cJSON *error_json(const struct smd_error *error)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "code", smd_err_name(error->code));
	cJSON_AddStringToObject(json, "message", error->message);
	cJSON_AddStringToObject(json, "device", error->device);
	cJSON_AddStringToObject(json, "where", error->where);
	cJSON_AddStringToObject(json, "hint", error->hint);
	return json;
}

int ask_and_print(struct run *run, const char *method, cJSON *request_take,
		  void (*print)(const struct run *run, const cJSON *result))
{
	cJSON *result;
	int err = ask(run, method, request_take, &result);

	if (run->json) {
		if (err)
			cJSON_AddItemToObject(result, "error-details", error_json(&run->error));
		print_json(result);
	} else if (print && result && (!err || result->child)) {
		print(run, clean_json(result));
	}
	cJSON_Delete(result);
	fflush(stdout);
	return err ? complain(run) : 0;
}
