/* SPDX-License-Identifier: Apache-2.0 */
/* The request for a command's method, made of arguments and options. */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/command.h"

const char *arg(const struct run *run, int index)
{
	return index < run->arg_count ? run->args[index] : NULL;
}

static int set_number(struct run *run, const struct smd_field *field, const char *value)
{
	char *end;
	double number = strtod(value, &end);

	if (*value >= '0' && *value <= '9' && strspn(value, "0123456789") == strlen(value) &&
	    number >= field->minimum && number <= field->maximum) {
		cJSON_DeleteItemFromObjectCaseSensitive(run->request, field->name);
		cJSON_AddNumberToObject(run->request, field->name, number);
		return 0;
	}
	return smd_fail(&run->error, SMD_E_INVALID,
			"%s \"%s\" is no whole number from %.0f to %.0f", field->name, value,
			field->minimum, field->maximum);
}

static int check_choice(struct run *run, const struct smd_field *field, const char *value)
{
	char list[SMD_ERROR_HINT] = "";

	for (size_t i = 0; field->choices[i]; i++) {
		if (!strcmp(field->choices[i], value))
			return 0;
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 field->choices[i]);
	}
	smd_fail(&run->error, SMD_E_INVALID, "there is no %s \"%s\"", field->name, value);
	smd_error_hint(&run->error, "one of: %s", list);
	return run->error.code;
}

/* Add the words between commas to the field's array. */
static int add_words(struct run *run, const struct smd_field *field, const char *words)
{
	cJSON *list = cJSON_GetObjectItem(run->request, field->name);

	if (!list)
		list = cJSON_AddArrayToObject(run->request, field->name);
	while (*words) {
		size_t length = strcspn(words, ",");
		char *word = strndup(words, length);

		cJSON_AddItemToArray(list, cJSON_CreateString(word));
		free(word);
		words += length + (words[length] == ',');
	}
	return 0;
}

int set_field(struct run *run, const struct smd_field *field, const char *value)
{
	if (field->type == SMD_FIELD_LIST)
		return add_words(run, field, value);
	if (field->type == SMD_FIELD_NUMBER)
		return set_number(run, field, value);
	if (field->choices && check_choice(run, field, value))
		return run->error.code;
	cJSON_DeleteItemFromObjectCaseSensitive(run->request, field->name);
	if (field->type == SMD_FIELD_FLAG)
		cJSON_AddTrueToObject(run->request, field->name);
	else
		cJSON_AddStringToObject(run->request, field->name, value);
	return 0;
}

/* A JSON string that owns `bytes_take` (from malloc()). */
static cJSON *string_of(char *bytes_take)
{
	cJSON *item = cJSON_CreateStringReference(bytes_take);

	if (item)
		item->type &= ~cJSON_IsReference;
	else
		free(bytes_take);
	return item;
}

int set_document(struct run *run, const struct smd_field *field, const char *path)
{
	int is_json = run->command->run != run_diff && run->command->run != run_parse;
	char *text = read_file(run, path, is_json ? DOCUMENT_LIMIT : TEXT_LIMIT);

	if (text && !*text && is_json) {
		smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is empty", path);
		smd_error_hint(&run->error, "a document is what `sdctl config set` takes, a plan "
					    "what `sdctl plan` wrote");
		free(text);
		return run->error.code;
	}
	if (!text)
		return run->error.code;
	cJSON_AddItemToObject(run->request, field->name, string_of(text));
	if (field->label)
		cJSON_AddStringToObject(run->request, field->label,
					strcmp(path, "-") ? path : "standard input");
	return 0;
}

int set_arguments(struct run *run)
{
	const struct smd_method *method = method_of(run->command);
	const struct argument *argument = run->command->arguments;
	int err = 0;

	for (int i = 0; method && i < run->arg_count && argument->word && !err; i++) {
		const struct smd_field *field = method->fields;

		while (argument->field && field->name && strcmp(field->name, argument->field))
			field++;
		if (!argument->field) {
			argument += !argument->many;
			continue;
		}
		err = field->type == SMD_FIELD_DOCUMENT ? set_document(run, field, run->args[i])
							: set_field(run, field, run->args[i]);
		argument += !argument->many;
	}
	return err;
}
