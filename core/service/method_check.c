/* SPDX-License-Identifier: Apache-2.0 */
/* Finding a method in the table, and checking a request against it. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/service/method_table.h"

const struct smd_method *smd_method_find(const char *name, struct smd_error *error)
{
	struct smd_nearest nearest = {.word = name};
	size_t count;
	const struct smd_method *methods = smd_method_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(methods[i].name, name))
			return &methods[i];
		smd_nearest_offer(&nearest, methods[i].name);
	}
	smd_fail(error, SMD_E_NOT_FOUND, "there is no method \"%s\"", name);
	if (nearest.best)
		smd_error_hint(error, "did you mean \"%s\"?", nearest.best);
	return NULL;
}

const struct smd_field *smd_method_field(const struct smd_method *method, const char *name)
{
	for (const struct smd_field *field = method->fields; field->name; field++)
		if (!strcmp(field->name, name))
			return field;
	return NULL;
}

/* The choices, as a hint: "commands, tree, undo". */
static void hint_choices(struct smd_error *error, const struct smd_field *field)
{
	char list[SMD_ERROR_HINT] = "";

	for (size_t i = 0; field->choices[i]; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 field->choices[i]);
	smd_error_hint(error, "one of: %s", list);
}

static int check_choice(const struct smd_field *field, const char *value, struct smd_error *error)
{
	for (size_t i = 0; field->choices[i]; i++)
		if (!strcmp(field->choices[i], value))
			return 0;
	smd_fail(error, SMD_E_INVALID, "there is no %s \"%s\"", field->name, value);
	hint_choices(error, field);
	return SMD_E_INVALID;
}

static int check_number(const struct smd_field *field, double value, struct smd_error *error)
{
	if (value >= field->minimum && value <= field->maximum && value == (double)(int64_t)value)
		return 0;
	return smd_fail(error, SMD_E_INVALID, "\"%s\" is no whole number from %.0f to %.0f",
			field->name, field->minimum, field->maximum);
}

static int is_of_strings(const cJSON *object)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, object)
		if (!cJSON_IsString(one))
			return 0;
	return cJSON_IsObject(object);
}

static const char *const type_names[] = {
	[SMD_FIELD_TEXT] = "a string",
	[SMD_FIELD_DOCUMENT] = "a string",
	[SMD_FIELD_NUMBER] = "a number",
	[SMD_FIELD_FLAG] = "true or false",
	[SMD_FIELD_CHOICE] = "a string",
	[SMD_FIELD_LIST] = "an array",
	[SMD_FIELD_OBJECT] = "an object of strings",
};

static int has_type(const struct smd_field *field, const cJSON *value)
{
	switch (field->type) {
	case SMD_FIELD_NUMBER:
		return cJSON_IsNumber(value);
	case SMD_FIELD_FLAG:
		return cJSON_IsBool(value);
	case SMD_FIELD_LIST:
		return cJSON_IsArray(value);
	case SMD_FIELD_OBJECT:
		return is_of_strings(value);
	case SMD_FIELD_TEXT:
	case SMD_FIELD_DOCUMENT:
	case SMD_FIELD_CHOICE:
		break;
	}
	return cJSON_IsString(value);
}

static int check_value(const struct smd_field *field, const cJSON *value, struct smd_error *error)
{
	if (!has_type(field, value))
		return smd_fail(error, SMD_E_INVALID, "\"%s\" is not %s", field->name,
				type_names[field->type]);
	if (field->type == SMD_FIELD_NUMBER)
		return check_number(field, value->valuedouble, error);
	if (field->type == SMD_FIELD_CHOICE)
		return check_choice(field, value->valuestring, error);
	if (field->type == SMD_FIELD_TEXT && field->required && !*value->valuestring)
		return smd_fail(error, SMD_E_INVALID, "\"%s\" is empty", field->name);
	return 0;
}

static int refuse_member(const struct smd_method *method, const char *name, struct smd_error *error)
{
	struct smd_nearest nearest = {.word = name};

	for (const struct smd_field *field = method->fields; field->name; field++)
		smd_nearest_offer(&nearest, field->name);
	smd_fail(error, SMD_E_INVALID, "%s has no field \"%s\"", method->name, name);
	if (nearest.best)
		smd_error_hint(error, "did you mean \"%s\"?", nearest.best);
	return SMD_E_INVALID;
}

int smd_method_check(const struct smd_method *method, const cJSON *request, struct smd_error *error)
{
	const cJSON *member;

	if (request && !cJSON_IsObject(request))
		return smd_fail(error, SMD_E_INVALID, "the request is not an object");
	cJSON_ArrayForEach (member, request) {
		const struct smd_field *field = smd_method_field(method, member->string);
		int err = field ? check_value(field, member, error)
				: refuse_member(method, member->string, error);

		if (err) {
			smd_error_where(error, "%s: %s", method->name, member->string);
			return err;
		}
	}
	for (const struct smd_field *field = method->fields; field->name; field++) {
		if (!field->required || smd_json_member(request, field->name))
			continue;
		smd_fail(error, SMD_E_INVALID, "the request lacks \"%s\": %s", field->name,
			 field->help);
		smd_error_where(error, "%s", method->name);
		return SMD_E_INVALID;
	}
	return 0;
}
