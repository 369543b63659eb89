/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/plan.h"

#include <stdio.h>

#include "fleet/clock.h"
#include "test.h"
#include "tiny.h"

/* A draft of two devices made by hand, so that no device is needed. */
struct bench {
	struct smd_site site;
	struct smd_transition transition;
	struct smd_transition *transitions[1];
	struct smd_task tasks[2];
	struct smd_fetch_job fetches[2];
	struct smd_draft draft;
};

static const char leaf1[] = "interface e0\n mtu 9000\n";
static const char leaf2[] = "vlan 10\n name blue\n";

static void begin_task(struct smd_task *task, const char *device, const char *native)
{
	*task = (struct smd_task){.device = device};
	tiny_share(task, "blue");
	task->language = tiny_language(&tiny_driver);
	task->native = tiny_text(native);
}

/* leaf1 gets VLAN 10; leaf2 has nothing to do. */
static void begin(struct bench *bench, const char *native)
{
	memset(bench, 0, sizeof(*bench));
	bench->site.clock = smd_real_clock();
	strcpy(bench->site.id, "0123456789abcdef0123456789abcdef");
	memset(bench->site.key, 7, sizeof(bench->site.key));
	bench->transition = (struct smd_transition){.goal = SMD_GOAL_DEPLOY,
						    .configuration = (char *)"blue",
						    .revision = 3,
						    .from = cJSON_Parse("{\"vlan\":10,"
									"\"revision\":2}")};
	bench->transitions[0] = &bench->transition;
	begin_task(&bench->tasks[0], "leaf1", native);
	bench->tasks[0].shares[0].part = tiny_part(10, "e0 access e1 tagged");
	begin_task(&bench->tasks[1], "leaf2", leaf2);
	for (size_t i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL_FATAL(smd_task_compute(&bench->tasks[i], NULL), 0);
		bench->fetches[i] = (struct smd_fetch_job){.connect = 20000, .took = 10000};
	}
	bench->draft = (struct smd_draft){.site = &bench->site,
					  .transitions = bench->transitions,
					  .transition_count = 1,
					  .tasks = bench->tasks,
					  .fetches = bench->fetches,
					  .count = 2,
					  .steps = 1};
}

static void end(struct bench *bench)
{
	cJSON_Delete(bench->transition.from);
	for (size_t i = 0; i < 2; i++)
		smd_task_done(&bench->tasks[i]);
}

static cJSON *write_plan(const struct bench *bench)
{
	cJSON *plan = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_plan_write(&bench->draft, &plan, NULL), 0);
	return plan;
}

/* Print the plan and parse it again, as with a file. */
static cJSON *through_a_file(const cJSON *plan)
{
	char *text = cJSON_Print(plan);
	cJSON *read = NULL;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	CU_ASSERT_EQUAL_FATAL(smd_json_parse(text, strlen(text), "plan", &read, NULL), 0);
	free(text);
	return read;
}

static void a_plan_says_what_would_be_done(void)
{
	struct bench bench;
	cJSON *plan;
	const cJSON *device, *step;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	CU_ASSERT_STRING_EQUAL(smd_json_string(plan, "store"), bench.site.id);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(smd_json_array(plan, "configurations")), 1);
	device = cJSON_GetArrayItem(smd_json_array(plan, "configurations"), 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "configuration"), "blue");
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "goal"), "deploy");
	CU_ASSERT_EQUAL(smd_json_number(device, "revision", 0), 3);
	CU_ASSERT_EQUAL(smd_json_number(device, "from-revision", 0), 2);
	CU_ASSERT(cJSON_IsNull(smd_json_member(plan, "reverts-after-s")));
	/* Connect, then one round trip each for check, step and reading: 20 + 3 * 10 ms. */
	CU_ASSERT_EQUAL(smd_json_number(plan, "estimate-ms", 0), 50);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(smd_json_array(plan, "devices")), 1);
	device = cJSON_GetArrayItem(smd_json_array(plan, "devices"), 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "name"), "leaf1");
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "driver"), "tiny");
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "level"), "E");
	CU_ASSERT_STRING_EQUAL(smd_json_string(device, "base"), bench.tasks[0].base);
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(smd_json_array(device, "steps")), 1);
	step = cJSON_GetArrayItem(smd_json_array(device, "steps"), 0);
	CU_ASSERT_EQUAL((size_t)cJSON_GetArraySize(smd_json_array(step, "commands")),
			smd_text_count(bench.tasks[0].steps[0].payload));
	CU_ASSERT_EQUAL((size_t)cJSON_GetArraySize(smd_json_array(step, "undo")),
			smd_text_count(bench.tasks[0].steps[0].undo));
	CU_ASSERT_STRING_EQUAL(
		cJSON_GetArrayItem(smd_json_array(plan, "unchanged"), 0)->valuestring, "leaf2");
	device = smd_json_object(plan, "impact");
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(device, "ports")), 2);
	CU_ASSERT_EQUAL(cJSON_GetArrayItem(smd_json_array(device, "vlans"), 0)->valueint, 10);
	cJSON_Delete(plan);
	end(&bench);
}

static void a_plan_of_ours_is_taken(void)
{
	struct bench bench;
	cJSON *plan, *read;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	CU_ASSERT_EQUAL(smd_plan_check(&bench.site, plan, NULL), 0);
	read = through_a_file(plan);
	CU_ASSERT_EQUAL(smd_plan_check(&bench.site, read, NULL), 0);
	CU_ASSERT_EQUAL(strlen(smd_json_string(plan, "id")), 64);
	cJSON_Delete(read);
	cJSON_Delete(plan);
	end(&bench);
}

/* The id computed by another program: for ASCII text, RFC 8785 is sorted JSON without blanks. */
static void the_id_is_the_digest(void)
{
	static const char command[] =
		"python3 -c 'import json,hashlib,sys; p=json.load(open(sys.argv[1])); "
		"p.pop(\"id\"); p.pop(\"mac\"); print(hashlib.sha256(json.dumps(p, sort_keys=True, "
		"separators=(\",\",\":\")).encode()).hexdigest())' %s 2>/dev/null";
	char path[] = "/tmp/smd-plan-XXXXXX", line[sizeof(command) + sizeof(path)], id[80] = "";
	int file = mkstemp(path);
	struct bench bench;
	cJSON *plan;
	char *text;
	FILE *pipe;

	CU_ASSERT_FATAL(file >= 0);
	begin(&bench, leaf1);
	plan = write_plan(&bench);
	text = cJSON_Print(plan);
	CU_ASSERT_EQUAL_FATAL(write(file, text, strlen(text)), (ssize_t)strlen(text));
	close(file);
	snprintf(line, sizeof(line), command, path);
	pipe = popen(line, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipe);
	if (!fgets(id, sizeof(id), pipe))
		printf("no python3: nothing to compare with\n");
	else
		CU_ASSERT(!strncmp(id, smd_json_string(plan, "id"), 64));
	pclose(pipe);
	unlink(path);
	free(text);
	cJSON_Delete(plan);
	end(&bench);
}

static int is_trusted(const struct bench *bench, const cJSON *plan)
{
	struct smd_error error = {0};
	int err = smd_plan_check(&bench->site, plan, &error);

	if (err) {
		CU_ASSERT(err == SMD_E_INVALID || err == SMD_E_UNTRUSTED);
		CU_ASSERT_EQUAL(error.code, (enum smd_err)err);
		CU_ASSERT_NOT_EQUAL(error.message[0], '\0');
	}
	return !err;
}

static void change_text(const struct bench *bench, const cJSON *plan, cJSON *item)
{
	char *text = item->valuestring;

	for (size_t i = 0; text[i]; i++) {
		char was = text[i];

		text[i] = was == '0' ? '1' : '0';
		CU_ASSERT(!is_trusted(bench, plan));
		text[i] = was;
	}
}

static size_t change_each(const struct bench *bench, const cJSON *plan, cJSON *parent);

static size_t change(const struct bench *bench, const cJSON *plan, cJSON *item)
{
	cJSON *more = cJSON_CreateNull();

	if (cJSON_IsString(item)) {
		change_text(bench, plan, item);
	} else if (cJSON_IsNumber(item)) {
		cJSON_SetNumberValue(item, item->valuedouble + 1);
		CU_ASSERT(!is_trusted(bench, plan));
		cJSON_SetNumberValue(item, item->valuedouble - 1);
	} else if (cJSON_IsArray(item)) {
		cJSON_AddItemToArray(item, more);
		CU_ASSERT(!is_trusted(bench, plan));
		cJSON_DeleteItemFromArray(item, cJSON_GetArraySize(item) - 1);
		return 1 + change_each(bench, plan, item);
	} else if (cJSON_IsObject(item)) {
		cJSON_AddItemToObject(item, "more", more);
		CU_ASSERT(!is_trusted(bench, plan));
		cJSON_DeleteItemFromObject(item, "more");
		return 1 + change_each(bench, plan, item);
	}
	cJSON_Delete(more);
	return 1;
}

static size_t change_each(const struct bench *bench, const cJSON *plan, cJSON *parent)
{
	size_t changed = 0;
	cJSON *item;

	cJSON_ArrayForEach (item, parent)
		changed += change(bench, plan, item);
	return changed;
}

static void every_change_is_found(void)
{
	struct bench bench;
	cJSON *plan;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	CU_ASSERT(change(&bench, plan, plan) > 50);
	CU_ASSERT(is_trusted(&bench, plan)); /* all edits were undone */
	for (int i = 0; i < cJSON_GetArraySize(plan); i++) {
		cJSON *less = cJSON_Duplicate(plan, 1);

		cJSON_DeleteItemFromArray(less, i);
		CU_ASSERT(!is_trusted(&bench, less));
		cJSON_Delete(less);
	}
	cJSON_Delete(plan);
	end(&bench);
}

static void what_is_no_plan_is_refused(void)
{
	static const char *const texts[] = {
		"{}",
		"[]",
		"7",
		"\"x\"",
		"{\"format\":\"smartdeploy-plan/3\"}",
		"{\"format\":\"smartdeploy-plan/2\",\"id\":\"\",\"mac\":\"\",\"store\":\"\"}",
		"{\"format\":\"smartdeploy-plan/3\",\"id\":7,\"mac\":\"\",\"store\":\"\"}",
		"{\"format\":\"smartdeploy-plan/3\",\"id\":\"\",\"mac\":\"\",\"store\":\"\"}"};
	struct bench bench;

	begin(&bench, leaf1);
	for (size_t i = 0; i < SMD_COUNT(texts); i++) {
		cJSON *plan = cJSON_Parse(texts[i]);

		CU_ASSERT_PTR_NOT_NULL_FATAL(plan);
		CU_ASSERT(!is_trusted(&bench, plan));
		cJSON_Delete(plan);
	}
	end(&bench);
}

static void another_controllers_plan_is_refused(void)
{
	struct bench bench;
	struct smd_error error = {0};
	cJSON *plan;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	bench.site.key[31] ^= 1;
	CU_ASSERT_EQUAL(smd_plan_check(&bench.site, plan, &error), SMD_E_UNTRUSTED);
	bench.site.key[31] ^= 1;
	bench.site.id[0] = 'f';
	CU_ASSERT_EQUAL(smd_plan_check(&bench.site, plan, &error), SMD_E_UNTRUSTED);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "another controller"));
	cJSON_Delete(plan);
	end(&bench);
}

/* Comparing a plan with a draft, which contains only the devices that the plan changes. */

static int compare(const struct bench *bench, const cJSON *plan, size_t count,
		   struct smd_error *error)
{
	struct smd_draft draft = bench->draft;

	draft.count = count;
	*error = (struct smd_error){0};
	return smd_plan_compare(plan, &draft, error);
}

static void time_does_not_count(void)
{
	struct bench bench;
	struct smd_error error;
	cJSON *plan;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	bench.fetches[0].took *= 7;
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), 0);
	cJSON_Delete(plan);
	end(&bench);
}

static void a_stale_plan_is_refused(void)
{
	static const struct {
		const char *native;
		int stale;
	} cases[] = {
		{leaf1, 0},
		{"interface e0\n mtu 9000\nvlan 99\n", 0},
		{"interface e0\n mtu 1500\n", 1},
		{"interface e0\n mtu 9000\nvlan 10\n", 1},
		{"interface e0\n mtu 9000\n trunk vlan 3\n", 1},
	};
	struct bench bench;
	cJSON *plan;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench now;
		struct smd_error error;

		begin(&now, cases[i].native);
		CU_ASSERT_EQUAL(compare(&now, plan, 1, &error),
				cases[i].stale ? SMD_E_CONFLICT : 0);
		CU_ASSERT_STRING_EQUAL(error.device, cases[i].stale ? "leaf1" : "");
		end(&now);
	}
	cJSON_Delete(plan);
	end(&bench);
}

static void another_intent_is_refused(void)
{
	struct bench bench;
	struct smd_error error;
	cJSON *plan, *unchanged;

	begin(&bench, leaf1);
	plan = write_plan(&bench);
	bench.transition.revision = 4;
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "revision"));
	bench.transition.revision = 3;
	cJSON_SetNumberValue(cJSON_GetObjectItem(bench.transition.from, "revision"), 1);
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), SMD_E_CONFLICT);
	cJSON_SetNumberValue(cJSON_GetObjectItem(bench.transition.from, "revision"), 2);
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), 0);
	CU_ASSERT_EQUAL(compare(&bench, plan, 0, &error), SMD_E_CONFLICT);
	CU_ASSERT_EQUAL(compare(&bench, plan, 2, &error), 0); /* leaf2 needs no change, as then */
	unchanged = cJSON_DetachItemFromObject(plan, "unchanged");
	CU_ASSERT_EQUAL(compare(&bench, plan, 2, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.device, "leaf2");
	cJSON_AddItemToObject(plan, "unchanged", unchanged);
	bench.tasks[0].facts.timer_longest = 60; /* the device has a longer timer than before */
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), SMD_E_CONFLICT);
	cJSON_Delete(plan);
	end(&bench);
}

static int is_json(const cJSON *json, const char *text)
{
	cJSON *wanted = cJSON_Parse(text);
	int same = cJSON_Compare(json, wanted, 1);

	if (!same) {
		char *is = cJSON_PrintUnformatted(json);

		printf("is: %s\nought to be: %s\n", is ? is : "", text);
		free(is);
	}
	cJSON_Delete(wanted);
	return same;
}

/* The longest timer of the devices that are changed; no number if one of them has none. */
static void a_plan_says_when_all_is_old_again(void)
{
	static const struct {
		uint32_t first, second;
		const char *json;
	} cases[] = {{60, 300, "300"}, {900, 300, "600"}, {60, 0, "null"}, {0, 60, "null"}};
	struct smd_driver driver = tiny_driver;
	struct bench bench;
	struct smd_error error;
	cJSON *plan = NULL;

	begin(&bench, leaf1);
	driver.confirm = tiny_confirm;
	for (size_t i = 0; i < 2; i++)
		bench.tasks[i].language.driver = &driver;
	bench.tasks[0].facts.timer_longest = 60;
	plan = write_plan(
		&bench); /* leaf2 is not changed, so that it has no timer does not count */
	CU_ASSERT(is_json(smd_json_member(plan, "reverts-after-s"), "60"));
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), 0);
	bench.tasks[0].facts.timer_longest = 50;
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), SMD_E_CONFLICT);
	cJSON_Delete(plan);
	smd_task_done(&bench.tasks[1]);
	begin_task(&bench.tasks[1], "leaf2", leaf2);
	bench.tasks[1].language.driver = &driver;
	bench.tasks[1].shares[0].part = tiny_part(10, "e0 access");
	CU_ASSERT_EQUAL_FATAL(smd_task_compute(&bench.tasks[1], NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		bench.tasks[0].facts.timer_longest = cases[i].first;
		bench.tasks[1].facts.timer_longest = cases[i].second;
		plan = write_plan(&bench);
		CU_ASSERT(is_json(smd_json_member(plan, "reverts-after-s"), cases[i].json));
		cJSON_Delete(plan);
	}
	end(&bench);
}

static int has_reason(const cJSON *risk, const char *beginning)
{
	const cJSON *reason;

	cJSON_ArrayForEach (reason, smd_json_array(risk, "reasons"))
		if (!strncmp(reason->valuestring, beginning, strlen(beginning)))
			return 1;
	return 0;
}

/* Check the level, and that there are as many reasons as `beginnings` (NULL at the end). */
static void has_risk(const struct bench *bench, const char *level, const char *const *beginnings)
{
	cJSON *plan = write_plan(bench);
	const cJSON *risk = smd_json_object(plan, "risk");
	int count = 0;

	CU_ASSERT_STRING_EQUAL(smd_json_string(risk, "level"), level);
	while (beginnings[count])
		CU_ASSERT(has_reason(risk, beginnings[count++]));
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(risk, "reasons")), count);
	cJSON_Delete(plan);
}

static void a_plan_tells_its_risk(void)
{
	static const char timer[] = "1 device without a revert timer";
	static const char silent[] =
		"traffic proves nothing: no host of the inventory is at an endpoint of blue";
	static const char in_use[] = "1 port that carries VLANs now is changed: leaf1/e0";
	static const char interrupted[] = "traffic is interrupted";
	struct smd_host host = {.name = "h", .device = "leaf1", .device_port = "e0"};
	struct smd_inventory inventory = {.hosts = &host, .host_count = 1};
	struct smd_driver driver = tiny_driver;
	struct bench bench;

	begin(&bench, leaf1);
	has_risk(&bench, "medium", (const char *[]){timer, silent, NULL});
	bench.site.inventory = &inventory; /* with a host, but elsewhere */
	has_risk(&bench, "medium", (const char *[]){timer, silent, NULL});
	cJSON_AddItemToObject(bench.transition.from, "endpoints",
			      cJSON_Parse("[{\"device\":\"leaf1\",\"port\":\"e0\"}]"));
	has_risk(&bench, "medium", (const char *[]){timer, NULL});
	driver.confirm = tiny_confirm;
	bench.tasks[0].language.driver = &driver;
	bench.tasks[0].facts.timer_longest = 60;
	has_risk(&bench, "low", (const char *[]){NULL});
	bench.draft.steps = 2;
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(smd_task_split(&bench.tasks[i], NULL), 0);
	has_risk(&bench, "high", (const char *[]){interrupted, NULL});
	end(&bench);
	begin(&bench, "interface e0\n access vlan 20\n");
	has_risk(&bench, "high", (const char *[]){in_use, timer, silent, NULL});
	end(&bench);
}

static void two_legs_are_two_steps(void)
{
	struct bench bench;
	struct smd_error error;
	const cJSON *order;
	cJSON *plan, *one = NULL;

	begin(&bench, leaf1);
	one = write_plan(&bench);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(smd_task_split(&bench.tasks[i], NULL), 0);
	bench.draft.steps = 2;
	plan = write_plan(&bench);
	order = smd_json_array(plan, "order");
	CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(order), 2);
	CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(order, 0), "step"), "break");
	CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(order, 1), "step"), "make");
	CU_ASSERT(is_trusted(&bench, plan));
	CU_ASSERT_EQUAL(compare(&bench, plan, 1, &error), 0);
	CU_ASSERT_EQUAL(compare(&bench, one, 1, &error), SMD_E_CONFLICT);
	cJSON_Delete(plan);
	cJSON_Delete(one);
	end(&bench);
}

/* Text with bytes that are not UTF-8 can be written to a plan, read and verified. */
static void any_bytes_can_be_planned(void)
{
	struct bench bench, now;
	struct smd_error error;
	cJSON *plan, *read;

	begin(&bench, "vlan 10\n name Z\xfcrich\n");
	plan = write_plan(&bench);
	read = through_a_file(plan);
	CU_ASSERT(is_trusted(&bench, read));
	CU_ASSERT_EQUAL(compare(&bench, read, 1, &error), 0);
	begin(&now, "vlan 10\n name Z\xfbrich\n"); /* another byte, so that the two differ */
	CU_ASSERT_EQUAL(compare(&now, read, 1, &error), SMD_E_CONFLICT);
	end(&now);
	cJSON_Delete(read);
	cJSON_Delete(plan);
	end(&bench);
}

static void time_is_written_as_rfc_3339(void)
{
	struct smd_clock *clock = fleet_clock_new(NULL);
	char text[SMD_TIME_TEXT];
	struct tm time = {0};
	const char *rest;

	smd_time_text(smd_real_clock(), text);
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &time);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rest);
	CU_ASSERT_EQUAL(strlen(rest), 5);
	CU_ASSERT_EQUAL(rest[0], '.');
	CU_ASSERT_EQUAL(rest[4], 'Z');
	CU_ASSERT(time.tm_year >= 124);
	smd_time_text(clock, text);
	CU_ASSERT_STRING_EQUAL(text, "2026-01-01T00:00:00.000Z");
	fleet_clock_set_wall(clock, 61007);
	smd_time_text(clock, text);
	CU_ASSERT_STRING_EQUAL(text, "2026-01-01T00:01:01.007Z");
	fleet_clock_free(clock);
}

TEST_MAIN("plan", TEST(a_plan_says_what_would_be_done), TEST(a_plan_of_ours_is_taken),
	  TEST(the_id_is_the_digest), TEST(every_change_is_found), TEST(what_is_no_plan_is_refused),
	  TEST(another_controllers_plan_is_refused), TEST(time_does_not_count),
	  TEST(a_stale_plan_is_refused), TEST(another_intent_is_refused),
	  TEST(a_plan_says_when_all_is_old_again), TEST(a_plan_tells_its_risk),
	  TEST(two_legs_are_two_steps), TEST(any_bytes_can_be_planned),
	  TEST(time_is_written_as_rfc_3339));
