/* SPDX-License-Identifier: Apache-2.0 */
#include "core/service/methods.h"

static int add_driver(void *arg, const char *name)
{
	struct smd_call *call = arg;
	cJSON *list = smd_json_array(call->result, "drivers");
	struct smd_error error;
	const struct smd_driver *driver = smd_loader_driver(call->site->loader, name, &error);
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", name);
	if (driver) {
		cJSON_AddStringToObject(json, "version", driver->self.version);
		cJSON_AddStringToObject(json, "summary", driver->self.summary);
	} else {
		cJSON_AddStringToObject(json, "error", error.message);
	}
	cJSON_AddItemToArray(list, json);
	return 0;
}

int smd_driver_list(struct smd_call *call)
{
	cJSON_AddArrayToObject(call->result, "drivers");
	return smd_loader_each_driver(call->site->loader, add_driver, call, call->error);
}

static cJSON *option_json(const struct smd_option *option)
{
	static const char *const types[] = {"", "string", "number", "bool", "choice"};
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", option->name);
	cJSON_AddStringToObject(json, "type", types[option->type]);
	if (option->initial && !option->secret)
		cJSON_AddStringToObject(json, "initial", option->initial);
	if (option->type == SMD_OPTION_NUMBER) {
		cJSON_AddNumberToObject(json, "minimum", (double)option->minimum);
		cJSON_AddNumberToObject(json, "maximum", (double)option->maximum);
	}
	if (option->choices)
		cJSON_AddStringToObject(json, "choices", option->choices);
	cJSON_AddStringToObject(json, "help", option->help);
	cJSON_AddBoolToObject(json, "secret", option->secret);
	return json;
}

static void add_stages(const struct smd_driver *driver, cJSON *json)
{
	const struct {
		const char *name;
		smd_next_fn stage;
	} stages[] = {
		{"attach", driver->attach},     {"fetch", driver->fetch},
		{"probe", driver->probe},       {"prepare", driver->prepare},
		{"commit", driver->commit},     {"confirm", driver->confirm},
		{"persist", driver->persist},   {"abort", driver->abort},
		{"rollback", driver->rollback},
	};
	cJSON *list = cJSON_AddArrayToObject(json, "stages");

	for (size_t i = 0; i < SMD_COUNT(stages); i++)
		if (stages[i].stage)
			cJSON_AddItemToArray(list, cJSON_CreateString(stages[i].name));
}

int smd_driver_show(struct smd_call *call)
{
	const char *name = smd_call_need(call, "name");
	const struct smd_driver *driver;
	cJSON *list;

	if (!name)
		return SMD_E_INVALID;
	driver = smd_loader_driver(call->site->loader, name, call->error);
	if (!driver)
		return call->error->code;
	cJSON_AddStringToObject(call->result, "name", driver->self.name);
	cJSON_AddStringToObject(call->result, "version", driver->self.version);
	cJSON_AddStringToObject(call->result, "summary", driver->self.summary);
	cJSON_AddBoolToObject(call->result, "language-only", !driver->manner);
	if (driver->manner) {
		cJSON_AddStringToObject(call->result, "channel", driver->manner->channel);
		cJSON_AddStringToObject(call->result, "protocol", driver->manner->protocol);
	}
	list = cJSON_AddArrayToObject(call->result, "services");
	for (size_t i = 0; i < driver->service_count; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(driver->services[i].name));
	add_stages(driver, call->result);
	list = cJSON_AddArrayToObject(call->result, "options");
	for (size_t i = 0; i < driver->self.option_count; i++)
		cJSON_AddItemToArray(list, option_json(&driver->self.options[i]));
	return 0;
}
