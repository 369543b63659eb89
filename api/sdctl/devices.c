/* SPDX-License-Identifier: Apache-2.0 */
/* Commands on the inventory whose arguments are not simply fields: import, export, add, set. */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

/* What a document is, by its top-level member. */
static const char *kind_of_file(const char *text)
{
	if (strstr(text, "\"smartdeploy-topology:topology\""))
		return "topology";
	return "inventory";
}

static int add_document(struct run *run, const char *path)
{
	char *text = read_file(run, path, DOCUMENT_LIMIT);
	const char *kind = text ? kind_of_file(text) : "";
	int err = text ? 0 : run->error.code;

	if (text && cJSON_GetObjectItem(run->request, kind))
		err = smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is a second %s", path, kind);
	else if (text)
		cJSON_AddStringToObject(run->request, kind, text);
	free(text);
	return err;
}

int run_import(struct run *run)
{
	for (int i = 0; i < run->arg_count; i++)
		if (add_document(run, run->args[i]))
			return print_error(run);
	return ask_and_print(run);
}

int run_export(struct run *run)
{
	cJSON *result, *request = run->request;
	int status = 0, err;

	if (!run->output)
		run->output = "-";
	run->request = NULL;
	err = ask(run, "device.export", request, &result);
	if (run->json && !err)
		print_json(run, result, 0);
	else if (err || write_file(run, run->output, text_of(result, "text")))
		status = print_error(run);
	cJSON_Delete(result);
	return status;
}

/*
 * Add a driver option to the request: its value or, for a secret, a reference to it; with an empty
 * one only the name, which removes it.
 */
static int add_driver_option(cJSON *request, const char *word, const char *value)
{
	static const struct {
		const char *prefix, *leaf;
	} ways[] = {
		{"option.", "value"}, {"option-env.", "value-env"}, {"option-file.", "value-file"}};
	cJSON *options = cJSON_GetObjectItem(request, "option");

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t length = strlen(ways[i].prefix);
		cJSON *option;

		if (strncmp(word, ways[i].prefix, length))
			continue;
		if (!options)
			options = cJSON_AddArrayToObject(request, "option");
		option = cJSON_CreateObject();
		cJSON_AddStringToObject(option, "name", word + length);
		if (*value)
			cJSON_AddStringToObject(option, ways[i].leaf, value);
		cJSON_AddItemToArray(options, option);
		return 1;
	}
	return 0;
}

/* Add one argument FIELD=VALUE to the request. The service knows the fields. */
static int add_setting(struct run *run, char *word)
{
	const struct smd_field *field = method_of(run->command)->fields;
	char *equals = strchr(word, '=');

	if (!equals)
		return smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is not FIELD=VALUE", word);
	*equals = '\0';
	if (add_driver_option(run->request, word, equals + 1))
		return 0;
	while (field->name && strcmp(field->name, word) != 0)
		field++;
	if (cJSON_GetObjectItem(run->request, word) && field->type != SMD_FIELD_LIST)
		return smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is given twice", word);
	if (field->name && !strcmp(word, "port") && !equals[1])
		return set_field(run, field, "22"); /* which is what it is without one */
	if (field->name && (field->type == SMD_FIELD_NUMBER || field->type == SMD_FIELD_LIST))
		return set_field(run, field, equals + 1);
	cJSON_AddStringToObject(run->request, word, equals + 1);
	return 0;
}

int run_settings(struct run *run)
{
	for (int i = 1; i < run->arg_count; i++)
		if (add_setting(run, run->args[i]))
			return print_error(run);
	return ask_and_print(run);
}
