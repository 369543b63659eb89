/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>

#include "core/kit/kit.h"
#include "core/service/methods.h"

/* Add the driver's file, and whether it is one of the product's own. */
static void add_file(const struct smd_call *call, cJSON *json, const char *file)
{
	cJSON_AddStringToObject(json, "file", file);
	cJSON_AddBoolToObject(json, "own", smd_loader_is_own(call->loader, file));
}

/* Add the files of the same name that are not used. */
static void add_hidden(const struct smd_call *call, cJSON *json, const char *name)
{
	cJSON *list = cJSON_AddArrayToObject(json, "hides");
	char *file;

	for (size_t i = 1; (file = smd_loader_find(call->loader, name, i)); i++) {
		cJSON_AddItemToArray(list, cJSON_CreateString(file));
		free(file);
	}
}

static int add_driver(void *arg, const char *name)
{
	struct smd_call *call = arg;
	cJSON *list = smd_json_array(call->result, "drivers");
	smd_cleanup(free) char *file = smd_loader_find(call->loader, name, 0);
	struct smd_error error;
	const struct smd_driver *driver = smd_loader_driver(call->loader, name, &error);
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "name", name);
	add_file(call, json, file ? file : "");
	add_hidden(call, json, name);
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
	return smd_loader_each_driver(call->loader, add_driver, call, call->error);
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

const struct smd_driver *smd_call_driver(const struct smd_call *call, const char *name)
{
	if (strchr(name, '/'))
		return smd_loader_driver_at(call->loader, name, call->error);
	return smd_loader_driver(call->loader, name, call->error);
}

static void describe(const struct smd_call *call, const struct smd_driver *driver)
{
	cJSON *result = call->result;

	cJSON_AddStringToObject(result, "name", driver->self.name);
	cJSON_AddStringToObject(result, "version", driver->self.version);
	cJSON_AddStringToObject(result, "summary", driver->self.summary);
	add_file(call, result, smd_loader_file(driver));
	cJSON_AddBoolToObject(result, "language-only", !driver->profile);
	if (!driver->profile)
		return;
	cJSON_AddStringToObject(result, "channel", driver->profile->channel);
	cJSON_AddStringToObject(result, "protocol", driver->profile->protocol);
}

int smd_driver_show(struct smd_call *call)
{
	const struct smd_driver *driver =
		smd_call_driver(call, smd_json_string(call->request, "name"));
	cJSON *list;

	if (!driver)
		return call->error->code;
	describe(call, driver);
	list = cJSON_AddArrayToObject(call->result, "services");
	for (size_t i = 0; i < driver->service_count; i++)
		cJSON_AddItemToArray(list, cJSON_CreateString(driver->services[i].name));
	add_stages(driver, call->result);
	list = cJSON_AddArrayToObject(call->result, "options");
	for (size_t i = 0; i < driver->self.option_count; i++)
		cJSON_AddItemToArray(list, option_json(&driver->self.options[i]));
	return 0;
}

/* The driver's file. It is not loaded here: its test runs in a child process. */
static char *file_of(const struct smd_call *call, const char *name)
{
	char *file = strchr(name, '/') ? strdup(name) : smd_loader_find(call->loader, name, 0);

	if (!file) /* fills the error, with the list of drivers */
		smd_loader_driver(call->loader, name, call->error);
	return file;
}

/* A random seed of at most nine digits, so that it is easy to type again. */
static int64_t any_seed(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (now.tv_sec * 1000 + now.tv_nsec / 1000000) % 1000000000;
}

/*
 * The option values of a JSON object, with borrowed strings; the array is the caller's. NULL:
 * no memory.
 */
static struct smd_setting *settings_of(const cJSON *options, size_t *count)
{
	size_t most = (size_t)cJSON_GetArraySize(options) + 1;
	struct smd_setting *given = calloc(most, sizeof(*given));
	const cJSON *option;

	*count = 0;
	cJSON_ArrayForEach (option, options)
		if (given && cJSON_IsString(option))
			given[(*count)++] =
				(struct smd_setting){option->string, option->valuestring};
	return given;
}

int smd_driver_test(struct smd_call *call)
{
	const cJSON *request = call->request;
	smd_cleanup(free) char *file = file_of(call, smd_json_string(request, "name"));
	size_t count;
	smd_cleanup(free) struct smd_setting *given =
		settings_of(smd_json_object(request, "options"), &count);
	const struct smd_kit_spec spec = {
		.file = file,
		.golden = smd_json_string(request, "golden"),
		.given = given,
		.given_count = count,
		.limit = (unsigned)smd_json_number(request, "limit-ms", 0),
		.seed = (uint64_t)smd_json_number(request, "seed", any_seed()),
		.only = smd_json_string(request, "only"),
		.here = smd_json_bool(request, "here", 0),
		.update = smd_json_bool(request, "update", 0),
	};

	return file ? smd_kit_run(&spec, call->result, call->error) : (int)call->error->code;
}
