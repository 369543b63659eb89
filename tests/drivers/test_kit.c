/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conformance kit finds each fault of a driver, survives it, and gives the same result
 * again.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/service/service.h"
#include "test.h"

#define FAULTY SMD_BUILD_DIR "/tests/faulty"
#define GOLDEN SMD_SOURCE_DIR "/tests/drivers/faulty/testdata"

static struct smd_controller *controller;
static struct smd_error error;

static void set_up(void)
{
	const struct smd_controller_spec spec = {.home = "", .parts = FAULTY, .yang = ""};

	CU_ASSERT_EQUAL_FATAL(smd_controller_new(&spec, &controller, NULL), 0);
}

static void tear_down(void)
{
	smd_controller_free(controller);
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

	return text ? text : "";
}

static cJSON *request_of(const char *name, const char *golden, int seed)
{
	cJSON *request = cJSON_CreateObject();
	char file[512];

	snprintf(file, sizeof(file), FAULTY "/%s.so", name);
	cJSON_AddStringToObject(request, "name", file);
	cJSON_AddNumberToObject(request, "seed", seed);
	if (golden)
		cJSON_AddStringToObject(request, "golden", golden);
	return request;
}

/* Call driver.test. The result is the caller's; `*status` gets the method's return value. */
static cJSON *test_by(cJSON *request_take, int *status)
{
	cJSON *result = NULL;

	error = (struct smd_error){.code = SMD_OK};
	*status = smd_controller_call(controller, "test", "driver.test", request_take, NULL, NULL,
				      &result, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result);
	return result;
}

static cJSON *test_with(const char *name, const char *golden, int seed, int *status)
{
	return test_by(request_of(name, golden, seed), status);
}

static const cJSON *check_of(const cJSON *result, const char *name)
{
	const cJSON *check;

	cJSON_ArrayForEach (check, cJSON_GetObjectItem(result, "checks"))
		if (!strcmp(text_of(check, "name"), name))
			return check;
	CU_FAIL("there is no such check");
	return NULL;
}

/* Assert that the driver's fault is found by this check, with these words. */
static void found(const char *driver, const char *check, const char *words)
{
	int status;
	cJSON *request = request_of(driver, GOLDEN, 7), *result;
	const cJSON *one;

	cJSON_AddStringToObject(request, "only", check);
	result = test_by(request, &status);
	one = check_of(result, check);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(result, "checks")), 2);
	CU_ASSERT_EQUAL(status, SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(text_of(one, "state"), "failed");
	CU_ASSERT_PTR_NOT_NULL(strstr(text_of(one, "message"), words));
	if (!strstr(text_of(one, "message"), words))
		printf("\n%s: %s: %s\n", driver, check, text_of(one, "message"));
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "load"), "state"), "ok");
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "checks of"));
	CU_ASSERT_STRING_EQUAL(error.hint, "seed 7 repeats them");
	cJSON_Delete(result);
}

static void every_fault_is_found(void)
{
	found("fullstop", "envelope", "the summary is no line");
	found("astray", "envelope", "the dialect is not well formed");
	found("badoption", "options", "must be a number from 0 to 9");
	found("drops", "laws", "law 1, mtu: printed and parsed again it is another tree");
	found("misleads", "golden", "patch differs");
	found("misleads", "laws", "law 2, mtu: the lines lead to another tree");
	found("misleads", "mutations", "law 2, round ");
	found("keeps", "laws", "law 4, mtu");
	found("opens", "safe", "law 6, mtu: a port is open");
	found("writes", "stages", "fetch must only read, and sends 'show' without SMD_X_READS");
	found("mute", "stages", "commit fails without a word");
	found("endless", "stages", "commit has no end");
	found("unseen", "stages", "commit calls an end that it has not seen");
}

static void a_driver_that_dies_takes_nobody_along(void)
{
	found("aborts", "golden", "crashed: signal 6 (Aborted), at reading the golden cases");
	found("exits", "golden", "ended the program with status 0, at reading the golden cases");
}

static void a_driver_that_hangs_is_left(void)
{
	cJSON *request = request_of("hangs", GOLDEN, 7), *result;
	int status;

	cJSON_AddNumberToObject(request, "limit-ms", 200);
	cJSON_AddStringToObject(request, "only", "golden");
	result = test_by(request, &status);
	CU_ASSERT_EQUAL(status, SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "golden"), "message"),
			       "not done after 200 ms, at reading the golden cases");
	cJSON_Delete(result);
}

static void a_driver_is_opened_with_options(void)
{
	cJSON *request = request_of("needy", GOLDEN, 7), *result;
	int status;

	result = test_by(cJSON_Duplicate(request, 1), &status);
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "load"), "message"),
			       "one try is what it takes");
	cJSON_Delete(result);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(request, "options"), "tries", "1");
	cJSON_AddStringToObject(request, "only", "laws");
	result = test_by(request, &status);
	CU_ASSERT_EQUAL(status, 0);
	cJSON_Delete(result);
}

static void a_good_driver_passes(void)
{
	int status;
	cJSON *result = test_with("none", GOLDEN, 7, &status);
	const cJSON *check;

	CU_ASSERT_EQUAL(status, 0);
	cJSON_ArrayForEach (check, cJSON_GetObjectItem(result, "checks"))
		if (strcmp(text_of(check, "name"), "page") != 0)
			CU_ASSERT_STRING_EQUAL(text_of(check, "state"), "ok");
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "page"), "state"), "skipped");
	cJSON_Delete(result);
}

static cJSON *random_of(int seed)
{
	cJSON *request = request_of("misleads", GOLDEN, seed);
	int status;

	cJSON_AddStringToObject(request, "only", "mutations");
	return test_by(request, &status);
}

static void the_same_seed_gives_the_same(void)
{
	cJSON *first = random_of(11), *again = random_of(11), *other = random_of(12);

	CU_ASSERT(cJSON_Compare(first, again, 1));
	CU_ASSERT(!cJSON_Compare(first, other, 1));
	cJSON_Delete(first);
	cJSON_Delete(again);
	cJSON_Delete(other);
}

static void what_is_not_there_is_told(void)
{
	int status;
	cJSON *request, *result = test_with("nothing", NULL, 7, &status);

	CU_ASSERT_EQUAL(status, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "/nothing.so'"));
	cJSON_Delete(result);
	result = test_with("none", "/nonexistent", 7, &status);
	CU_ASSERT_EQUAL(status, SMD_E_NOT_FOUND);
	cJSON_Delete(result);
	request = request_of("none", GOLDEN, 7);
	cJSON_AddStringToObject(request, "only", "nothing");
	result = test_by(request, &status);
	CU_ASSERT_EQUAL(status, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "mutations"));
	cJSON_Delete(result);
	result = test_with("none", NULL, 7, &status);
	CU_ASSERT_EQUAL(status, SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "golden"), "state"), "failed");
	CU_ASSERT_STRING_EQUAL(text_of(check_of(result, "laws"), "state"), "skipped");
	cJSON_Delete(result);
}

static void what_is_no_driver_fails_to_load(void)
{
	int status;
	cJSON *result, *checks;

	CU_ASSERT_EQUAL_FATAL(symlink(GOLDEN "/mtu/running", FAULTY "/text.so"), 0);
	result = test_with("text", GOLDEN, 7, &status);
	checks = cJSON_GetObjectItem(result, "checks");
	CU_ASSERT_EQUAL(status, SMD_E_INVALID);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(checks), 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(text_of(check_of(result, "load"), "message"),
				      "it is no shared object, or not whole"));
	unlink(FAULTY "/text.so");
	cJSON_Delete(result);
}

TEST_MAIN("kit", TEST(set_up), TEST(a_good_driver_passes), TEST(every_fault_is_found),
	  TEST(a_driver_that_dies_takes_nobody_along), TEST(a_driver_that_hangs_is_left),
	  TEST(a_driver_is_opened_with_options), TEST(the_same_seed_gives_the_same),
	  TEST(what_is_not_there_is_told), TEST(what_is_no_driver_fails_to_load), TEST(tear_down));
