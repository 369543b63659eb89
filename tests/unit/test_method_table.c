/* SPDX-License-Identifier: Apache-2.0 */
/* The table of methods: its form, what it refuses of a request, and words that are alike. */
#include <string.h>

#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/service/service.h"
#include "test.h"

/* Help of a field and a summary stand behind a name, on a line of 80 columns. */
#define SUMMARY_COLUMNS 64
#define HELP_COLUMNS 56

static struct smd_error error; /* of the last request */

static int check(const char *method, const char *request)
{
	const struct smd_method *found = smd_method_find(method, NULL);
	smd_cleanup(cJSON_Delete) cJSON *json = request ? cJSON_Parse(request) : NULL;

	CU_ASSERT_FATAL(found && (!request || json));
	memset(&error, 0, sizeof(error));
	return smd_method_check(found, json, &error);
}

static void refuse(const char *method, const char *request, const char *message, const char *hint)
{
	CU_ASSERT_EQUAL(check(method, request), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.message, message);
	CU_ASSERT_STRING_EQUAL(error.hint, hint);
}

static int is_sound(const struct smd_field *field)
{
	return field->help && strlen(field->help) <= HELP_COLUMNS &&
	       (field->type == SMD_FIELD_CHOICE) == (field->choices != NULL) &&
	       (field->type == SMD_FIELD_NUMBER) == (field->maximum > 0) &&
	       field->minimum <= field->maximum;
}

static void is_in_form(void)
{
	size_t count;
	const struct smd_method *methods = smd_controller_methods(&count);

	CU_ASSERT(count > 20);
	for (size_t i = 0; i < count; i++) {
		const struct smd_method *method = &methods[i];

		CU_ASSERT(!i || strcmp(methods[i - 1].name, method->name) < 0);
		CU_ASSERT(method->run && strlen(method->summary) <= SUMMARY_COLUMNS);
		CU_ASSERT_PTR_NULL(method->fields[SMD_METHOD_FIELDS - 1].name);
		for (const struct smd_field *field = method->fields; field->name; field++) {
			const struct smd_field *label =
				field->label ? smd_method_field(method, field->label) : field;

			CU_ASSERT(is_sound(field) && label);
			CU_ASSERT_PTR_EQUAL(smd_method_field(method, field->name), field);
		}
	}
}

static void takes_what_fits(void)
{
	CU_ASSERT_EQUAL(check("configuration.list", NULL), 0);
	CU_ASSERT_EQUAL(check("configuration.list", "{}"), 0);
	CU_ASSERT_EQUAL(check("configuration.show", "{\"name\": \"a\", \"revision\": 1}"), 0);
	CU_ASSERT_EQUAL(check("verify", "{\"name\": \"a\", \"require-proof\": false}"), 0);
	CU_ASSERT_EQUAL(check("driver.test", "{\"name\": \"a\", \"options\": {\"b\": \"c\"}}"), 0);
	CU_ASSERT_EQUAL(check("text.parse", "{\"driver\": \"a\", \"text\": \"\","
					    "\"text-name\": \"f\", \"format\": \"flat\"}"),
			0);
	CU_ASSERT_EQUAL(check("device.add", "{\"name\": \"a\", \"driver\": \"b\","
					    "\"address\": \"c\", \"credential\": \"d\","
					    "\"option\": [{\"name\": \"e\"}], \"port\": 65535}"),
			0);
}

static void refuses_members(void)
{
	refuse("verify", "{\"name\": \"a\", \"require-prof\": true}",
	       "verify has no field \"require-prof\"", "did you mean \"require-proof\"?");
	CU_ASSERT_STRING_EQUAL(error.where, "verify: require-prof");
	refuse("driver.list", "{\"x\": 1}", "driver.list has no field \"x\"", "");
	refuse("driver.list", "[1]", "the request is not an object", "");
	refuse("verify", NULL, "the request lacks \"name\": a configuration", "");
	refuse("verify", "{\"Name\": \"a\"}", "verify has no field \"Name\"",
	       "did you mean \"name\"?");
}

static void refuses_values(void)
{
	refuse("verify", "{\"name\": 1}", "\"name\" is not a string", "");
	refuse("verify", "{\"name\": \"\"}", "\"name\" is empty", "");
	refuse("verify", "{\"name\": \"a\", \"require-proof\": \"yes\"}",
	       "\"require-proof\" is not true or false", "");
	refuse("driver.test", "{\"name\": \"a\", \"options\": {\"b\": 1}}",
	       "\"options\" is not an object of strings", "");
	refuse("text.parse", "{\"driver\": \"a\", \"text\": \"\", \"format\": \"odd\"}",
	       "there is no format \"odd\"", "one of: text, flat, json");
	refuse("configuration.show", "{\"name\": \"a\", \"revision\": 0}",
	       "\"revision\" is no whole number from 1 to 9007199254740991", "");
	refuse("configuration.show", "{\"name\": \"a\", \"revision\": 1.5}",
	       "\"revision\" is no whole number from 1 to 9007199254740991", "");
	refuse("configuration.show", "{\"name\": \"a\", \"revision\": \"1\"}",
	       "\"revision\" is not a number", "");
	refuse("device.add", "{\"label\": \"x\"}", "\"label\" is not an array", "");
}

/* So no method asks again whether it was given its name. */
static void needs_names(void)
{
	static const char *const called[] = {"configuration.remove",
					     "configuration.show",
					     "device.remove",
					     "device.set",
					     "device.show",
					     "device.trust",
					     "driver.show",
					     "driver.test",
					     "plan.make",
					     "verify"};

	for (size_t i = 0; i < SMD_COUNT(called); i++) {
		CU_ASSERT_EQUAL(check(called[i], "{}"), SMD_E_INVALID);
		refuse(called[i], "{\"name\": \"\"}", "\"name\" is empty", "");
		refuse(called[i], "{\"name\": null}", "\"name\" is not a string", "");
	}
	refuse("deployment.show", "{\"id\": \"\"}", "\"id\" is empty", "");
}

/* The service checks before it looks for a store or a driver. */
static void service_checks_first(void)
{
	const struct smd_controller_spec spec = {"/nonexistent", "/nonexistent", "/nonexistent",
						 NULL};
	struct smd_controller *controller = NULL;
	cJSON *result = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_controller_new(&spec, &controller, &error), 0);
	CU_ASSERT_EQUAL(smd_controller_call(controller, "test", "plan.make", NULL, NULL, NULL,
					    &result, &error),
			SMD_E_INVALID);
	CU_ASSERT(result && !result->child);
	cJSON_Delete(result);
	CU_ASSERT_EQUAL(smd_controller_call(controller, "test", "plan.mkae", NULL, NULL, NULL,
					    &result, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(error.hint, "did you mean \"plan.make\"?");
	cJSON_Delete(result);
	smd_controller_free(controller);
}

static const char *nearest(const char *word)
{
	static const char *const words[] = {"plan", "apply", "up", "list", "status"};
	struct smd_nearest found = {.word = word};

	for (size_t i = 0; i < SMD_COUNT(words); i++)
		smd_nearest_offer(&found, words[i]);
	return found.best ? found.best : "";
}

static void finds_nearest(void)
{
	char longest[128];

	CU_ASSERT_EQUAL(smd_word_distance("", ""), 0);
	CU_ASSERT_EQUAL(smd_word_distance("abc", ""), 3);
	CU_ASSERT_EQUAL(smd_word_distance("paln", "plan"), 1);
	CU_ASSERT_EQUAL(smd_word_distance("kitten", "sitting"), 3);
	CU_ASSERT_EQUAL(smd_word_distance("ca", "abc"), 3);
	CU_ASSERT_STRING_EQUAL(nearest("paln"), "plan");
	CU_ASSERT_STRING_EQUAL(nearest("lst"), "list");
	CU_ASSERT_STRING_EQUAL(nearest("aply"), "apply");
	CU_ASSERT_STRING_EQUAL(nearest("statsu"), "status");
	CU_ASSERT_STRING_EQUAL(nearest("un"), "up");
	CU_ASSERT_STRING_EQUAL(nearest("no"), "");
	CU_ASSERT_STRING_EQUAL(nearest("verify"), "");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	CU_ASSERT_STRING_EQUAL(nearest(longest), "");
}

TEST_MAIN("method_table", TEST(is_in_form), TEST(takes_what_fits), TEST(refuses_members),
	  TEST(refuses_values), TEST(needs_names), TEST(service_checks_first), TEST(finds_nearest));
