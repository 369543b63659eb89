/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every driver of the build passes the conformance kit (core/kit). The checks run in this
 * process, so that sanitizers see all of them.
 *
 *   SMD_GOLDEN_UPDATE=1   write patch and undo of the golden cases
 *   SMD_TEST_SEED=N       repeat a random run
 *   SMD_TEST_ROUNDS=N     number of runs of each driver, with consecutive seeds
 *   SMD_TEST_DRIVER=NAME  only this driver
 */
#include <stdio.h>

#include "core/service/service.h"
#include "gen.h"
#include "test.h"

#define PARTS SMD_BUILD_DIR "/lib/smartdeploy"
#define SEEDS 1000000000u /* limit of a seed, as in sdctl */

static struct smd_controller *controller;
static uint64_t seed;
static unsigned rounds;

/* Call a method. The result is the caller's. */
static cJSON *ask(const char *method, cJSON *request_take)
{
	struct smd_error error = {0};
	cJSON *result = NULL;

	if (smd_controller_call(controller, "test", method, request_take, NULL, NULL, &result,
				&error))
		printf("\n%s\n", error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(result);
	return result;
}

static const char *text_of(const cJSON *object, const char *name)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, name));

	return text ? text : "";
}

/* Assert that the check ran: it may be skipped only if the driver lacks what it checks. */
static void assert_check(const char *driver, const cJSON *check)
{
	const char *name = text_of(check, "name"), *state = text_of(check, "state");
	int good = !strcmp(state, "ok") || (!strcmp(state, "skipped") &&
					    (!strcmp(name, "safe") || !strcmp(name, "stages")));
	const cJSON *line;

	CU_ASSERT(good);
	if (good)
		return;
	printf("\n%s: %s: %s: %s\n", driver, name, state, text_of(check, "message"));
	cJSON_ArrayForEach (line, cJSON_GetObjectItem(check, "detail"))
		printf("%s\n", line->valuestring);
}

static void test_driver(const char *name)
{
	cJSON *request = cJSON_CreateObject(), *result;
	const cJSON *check;
	char golden[512];

	snprintf(golden, sizeof(golden), SMD_SOURCE_DIR "/drivers/%s/testdata", name);
	cJSON_AddStringToObject(request, "name", name);
	cJSON_AddStringToObject(request, "golden", golden);
	cJSON_AddNumberToObject(request, "seed", (double)seed);
	cJSON_AddBoolToObject(request, "here", 1);
	cJSON_AddBoolToObject(request, "update", getenv("SMD_GOLDEN_UPDATE") != NULL);
	result = ask("driver.test", request);
	CU_ASSERT(cJSON_GetArraySize(cJSON_GetObjectItem(result, "checks")) > 1);
	cJSON_ArrayForEach (check, cJSON_GetObjectItem(result, "checks"))
		assert_check(name, check);
	cJSON_Delete(result);
}

static void test_driver_often(const char *name)
{
	uint64_t first = seed;

	for (unsigned i = 0; i < rounds && !CU_get_number_of_failures(); i++, seed++)
		test_driver(name);
	seed = first;
}

static void every_driver_holds_the_kit(void)
{
	const char *only = getenv("SMD_TEST_DRIVER");
	cJSON *result = ask("driver.list", NULL);
	const cJSON *driver;
	unsigned seen = 0;

	cJSON_ArrayForEach (driver, cJSON_GetObjectItem(result, "drivers")) {
		if (only && strcmp(only, text_of(driver, "name")) != 0)
			continue;
		test_driver_often(text_of(driver, "name"));
		seen++;
	}
	CU_ASSERT(seen > 0);
	cJSON_Delete(result);
}

static void set_up(void)
{
	const struct smd_controller_spec spec = {.home = "", .parts = PARTS, .yang = ""};
	struct gen gen;

	gen_init(&gen);
	seed = gen.seed % SEEDS;
	rounds = gen_rounds(1);
	printf("seed of the kit: %llu\n", (unsigned long long)seed);
	CU_ASSERT_EQUAL_FATAL(smd_controller_new(&spec, &controller, NULL), 0);
}

static void tear_down(void)
{
	smd_controller_free(controller);
}

TEST_MAIN("conformance", TEST(set_up), TEST(every_driver_holds_the_kit), TEST(tear_down));
