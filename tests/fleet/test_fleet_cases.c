/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole deployments in surroundings that change: clocks that jump, two controllers, two stores on
 * one fleet, an old store, and people who have changed the devices by hand.
 */
#include <stdio.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/plan/plan.h"
#include "core/store/batch.h"
#include "judge.h"
#include "suite.h"

#define DEVICES 4
#define DAY INT64_C(86400000)
#define HAND "set color green" /* what a stranger writes: a line of ours */
#define STEP 12                /* every so many points of death */

static struct harness *harness;

/* A store as bytes, to be exchanged for another. */
struct kept_store {
	size_t size;
	char *bytes;
};

static void make_harness(void)
{
	static const enum device_kind kinds[DEVICES] = {DEVICE_ATOMIC, DEVICE_LINES, DEVICE_SHARED,
							DEVICE_PRIVATE};

	harness = harness_new(kinds, DEVICES);
}

/* What devices run */

static int runs(size_t device, const char *line)
{
	const struct config *running = &fleet_device_at(harness->fleet, device)->running;
	const char *now = config_find(running, line);

	return now && !strcmp(now, line);
}

static int all_run(const char *line)
{
	for (size_t i = 0; i < DEVICES; i++)
		if (!runs(i, line))
			return 0;
	return 1;
}

/* What a script is to do, and what came of it. */

static int last_exit(const char *method)
{
	const struct reply *reply = harness_reply(harness, method);

	return reply ? reply_exit(reply) : -1;
}

static void apply_blue(struct child *child, void *arg)
{
	(void)arg;
	child_ask(child, "plan.apply", "text", harness->plan);
}

static void apply_green(struct child *child, void *arg)
{
	const struct reply *plan = child_ask(child, "plan.make", "name", "green");

	(void)arg;
	child_ask(child, "plan.apply", "text", harness->shared->texts + plan->json);
}

static void roll_back_last(struct child *child, void *arg)
{
	(void)arg;
	child_ask(child, "deployment.rollback", "id", "last");
}

static void recover(struct child *child, void *arg)
{
	(void)arg;
	child_call(child, "deployment.recover", NULL);
	child_ask(child, "deployment.show", "id", "blue");
}

static void accept_blue(struct child *child, void *arg)
{
	cJSON *shown, *request = cJSON_CreateObject();
	const char *id;

	(void)arg;
	shown = harness_result(harness, child_ask(child, "deployment.show", "id", "blue"));
	id = smd_json_string(smd_json_object(shown, "record"), "id");
	cJSON_AddStringToObject(request, "id", id ? id : "");
	cJSON_AddTrueToObject(request, "accept");
	child_call(child, "deployment.recover", request);
	cJSON_Delete(shown);
}

static void look(struct child *child, void *arg)
{
	(void)arg;
	child_call(child, "deployment.list", NULL);
}

static void must_end(harness_script script)
{
	CU_ASSERT_EQUAL(harness_run(harness, script, NULL), HARNESS_ENDED);
}

/* The number of entries that the last recovery told. */
static int64_t recovered(void)
{
	cJSON *result = harness_result(harness, harness_reply(harness, "deployment.recover"));
	int64_t count = smd_json_number(result, "count", -1);

	cJSON_Delete(result);
	return count;
}

static void write_by_hand(void)
{
	static const struct fault hand = {.kind = STRANGER_EDIT, .line = HAND};

	for (size_t i = 0; i < DEVICES; i++)
		device_stranger(fleet_device_at(harness->fleet, i), harness->shared->time.now,
				&hand);
}

/* Stores */

static void keep_store(struct kept_store *store)
{
	const struct store_block *block = fleet_store_block(harness->fleet);

	store->size = block->size;
	store->bytes = malloc(store->size);
	if (!store->bytes)
		abort();
	memcpy(store->bytes, block, store->size);
}

static void put_store(const struct kept_store *store)
{
	memcpy(fleet_store_block(harness->fleet), store->bytes, store->size);
}

/* Exchange the present store for the kept one. */
static void swap_store(struct kept_store *store)
{
	struct kept_store present;

	keep_store(&present);
	put_store(store);
	free(store->bytes);
	*store = present;
}

/* Clocks */

/* The newest deployment is the one with the highest number, whatever the time of day was. */
static void clock_set_back_and_forth(void)
{
	harness_reset(harness, IMAGE_SECOND);
	harness->shared->time.wall -= DAY;
	must_end(apply_green);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	CU_ASSERT(all_run("set taste sweet"));
	harness->shared->time.wall += 3 * DAY;
	must_end(roll_back_last);
	CU_ASSERT_EQUAL(last_exit("deployment.rollback"), 0);
	CU_ASSERT(!runs(0, "set taste sweet") && all_run("set color blue"));
	harness->shared->time.wall -= 5 * DAY;
	must_end(apply_green);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	must_end(roll_back_last);
	CU_ASSERT(!runs(0, "set taste sweet") && all_run("set color blue"));
}

/* Controllers and stores */

static void second_controller_is_refused(void)
{
	harness_reset(harness, IMAGE_FIRST);
	fleet_store_block(harness->fleet)->owner = getpid();
	must_end(apply_blue);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 3);
	CU_ASSERT(all_run("set color red"));
	must_end(look);
	CU_ASSERT_EQUAL(last_exit("deployment.list"), 0);
	fleet_store_block(harness->fleet)->owner = 0;
	must_end(apply_blue);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	CU_ASSERT(all_run("set color blue"));
}

static char *rival_document(void)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("{\"smartdeploy-native:native\": {\"name\": \"rival\", \"device\": [", out);
	for (size_t i = 0; i < DEVICES; i++)
		fprintf(out, "%s{\"name\": \"%s\", \"line\": [\"%s\"]}", i ? ", " : "",
			harness->members[i].name, HAND);
	fputs("]}}", out);
	fclose(out);
	return text;
}

/* A controller with a store of its own, which wants another color on all devices. */
static void deploy_rival(struct child *child, void *arg)
{
	char *inventory = fleet_inventory(harness->fleet), *document = rival_document();
	const struct reply *plan;

	(void)arg;
	child_ask(child, "device.import", "inventory", inventory);
	child_ask(child, "configuration.set", "text", document);
	plan = child_ask(child, "plan.make", "name", "rival");
	if (!plan->error.code)
		child_ask(child, "plan.apply", "text", harness->shared->texts + plan->json);
	free(inventory);
	free(document);
}

static void empty_store(struct kept_store *store)
{
	struct kept_store present;

	keep_store(&present);
	store_init(fleet_store_block(harness->fleet), present.size);
	keep_store(store);
	put_store(&present);
	free(present.bytes);
}

static void plan_is_stale_after_a_rival(void)
{
	struct kept_store other;

	harness_reset(harness, IMAGE_FIRST);
	empty_store(&other);
	swap_store(&other);
	must_end(deploy_rival);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	CU_ASSERT(all_run(HAND));
	swap_store(&other);
	must_end(apply_blue);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 3);
	CU_ASSERT(all_run(HAND));
	free(other.bytes);
}

/* Whether the record of "blue" or the last recovery says something about a device. */
static int is_told(size_t device)
{
	struct judgement judgement = {.harness = harness};
	cJSON *shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	const struct reply *reply = harness_reply(harness, "deployment.recover");
	int told;

	snprintf(judgement.sentence, sizeof(judgement.sentence), "%s %s", reply->error.device,
		 reply->error.message);
	judgement.record = smd_json_object(shown, "record");
	told = judge_told(&judgement, device);
	cJSON_Delete(shown);
	return told;
}

/*
 * The controller dies at a point; a rival deploys, if the devices let it; the first one comes
 * back and recovers. What the rival has is not lost without a word.
 */
static unsigned rival_at(uint64_t point)
{
	struct kept_store other;
	unsigned lost = 0;

	harness_reset(harness, IMAGE_FIRST);
	empty_store(&other);
	fleet_arm_death(harness->fleet, point);
	if (harness_run(harness, apply_blue, NULL) == HARNESS_DIED) {
		fleet_arm_death(harness->fleet, 0);
		swap_store(&other);
		must_end(deploy_rival);
		swap_store(&other);
		must_end(recover);
		for (size_t i = 0; last_exit("plan.apply") == 0 && i < DEVICES; i++)
			lost += !runs(i, HAND) && !is_told(i);
	}
	free(other.bytes);
	if (lost)
		printf("a rival at point %llu: lost on %u devices\n", (unsigned long long)point,
		       lost);
	return lost;
}

static uint64_t points_of_apply(void)
{
	harness_reset(harness, IMAGE_FIRST);
	fleet_arm_death(harness->fleet, 0);
	must_end(apply_blue);
	return fleet_points(harness->fleet);
}

static void rival_between_death_and_recovery(void)
{
	uint64_t points = points_of_apply();
	unsigned lost = 0;

	for (uint64_t point = 1; point < points; point += STEP)
		lost += rival_at(point);
	CU_ASSERT_EQUAL(lost, 0);
}

/* A backup of the store is put back: it says that the first revision is deployed. */
static void old_store_is_put_back(void)
{
	struct kept_store old;

	harness_reset(harness, IMAGE_FIRST);
	keep_store(&old);
	must_end(apply_blue);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	put_store(&old);
	must_end(apply_blue);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 3);
	CU_ASSERT(all_run("set color blue"));
	must_end(roll_back_last);
	CU_ASSERT_NOT_EQUAL(last_exit("deployment.rollback"), 0);
	CU_ASSERT(all_run("set color blue"));
	free(old.bytes);
}

/* The store was kept while a deployment was open, and comes back when that is long over. */
static void store_of_an_open_deployment_is_put_back(void)
{
	uint64_t points = points_of_apply();
	struct kept_store open;

	harness_reset(harness, IMAGE_FIRST);
	fleet_arm_death(harness->fleet, points * 3 / 4);
	CU_ASSERT_EQUAL(harness_run(harness, apply_blue, NULL), HARNESS_DIED);
	fleet_arm_death(harness->fleet, 0);
	keep_store(&open);
	must_end(recover);
	write_by_hand();
	put_store(&open);
	must_end(recover);
	CU_ASSERT_EQUAL(last_exit("deployment.recover"), 5);
	CU_ASSERT(all_run(HAND));
	free(open.bytes);
}

/* Hands */

/*
 * What was written by hand stands, or something is said of the device: to cancel a commit that
 * waits for its confirmation takes along what others have written since.
 */
static int stands_or_told(void)
{
	for (size_t i = 0; i < DEVICES; i++)
		if (!runs(i, HAND) && !is_told(i))
			return 0;
	return 1;
}

/* All devices are changed by hand after the death; they are left alone until somebody accepts. */
static int hands_at(uint64_t point)
{
	int good, open;

	harness_reset(harness, IMAGE_FIRST);
	fleet_arm_death(harness->fleet, point);
	if (harness_run(harness, apply_blue, NULL) != HARNESS_DIED)
		return 1;
	fleet_arm_death(harness->fleet, 0);
	write_by_hand();
	must_end(recover);
	good = stands_or_told();
	open = last_exit("deployment.recover") == 5;
	if (open) {
		must_end(accept_blue);
		good &= last_exit("deployment.recover") == 0;
	}
	must_end(recover);
	good &= last_exit("deployment.recover") == 0 && recovered() == 0;
	if (!good) {
		printf("hands at point %llu:\n", (unsigned long long)point);
		harness_print(harness);
	}
	return good;
}

static void third_state_is_left_alone(void)
{
	uint64_t points = points_of_apply();
	unsigned failed = 0;

	for (uint64_t point = 1; point < points && !failed; point += STEP)
		failed += !hands_at(point);
	CU_ASSERT_EQUAL(failed, 0);
}

/* Two configurations in one deployment */

/* A plan of "blue" and "green" together, kept in the store that issues it. The caller's. */
static char *plan_both(struct child *child)
{
	static const char *const names[] = {"blue", "green"};
	struct smd_site *site = child_site(child);
	struct smd_transition **transitions = NULL;
	smd_cleanup(cJSON_Delete) cJSON *plan = NULL;
	struct smd_draft *draft = NULL;
	struct smd_batch batch = {0};
	struct smd_error error = {0};
	char *text = NULL;
	int err = smd_transition_deploy_all(site, names, 2, &transitions, &error);

	if (!err)
		err = smd_draft_make(site, transitions, 2, NULL, SMD_ACCESS_READ, &draft, &error);
	if (!err)
		err = smd_plan_write(draft, &plan, &error);
	if (!err) {
		smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, "plan", smd_json_string(plan, "id"),
				   plan);
		err = smd_store_thread_apply(site->store_thread, &batch, &error);
	}
	if (err)
		fprintf(stderr, "no plan of both: %s\n", error.message);
	else
		text = cJSON_PrintUnformatted(plan);
	smd_draft_free(draft);
	smd_site_close(site);
	child_restart(child);
	return text;
}

/* `arg`: the point of death after the plan is made. */
static void apply_both(struct child *child, void *arg)
{
	const uint64_t *point = arg;
	char *plan = plan_both(child);

	if (!plan)
		return;
	fleet_arm_death(harness->fleet, *point);
	child_ask(child, "plan.apply", "text", plan);
	fleet_arm_death(harness->fleet, 0);
	free(plan);
}

static int runs_both(void)
{
	return all_run("set color blue") && all_run("set taste sweet");
}

static int runs_none(void)
{
	for (size_t i = 0; i < DEVICES; i++)
		if (runs(i, "set taste sweet"))
			return 0;
	return all_run("set color red");
}

static void two_configurations_together(void)
{
	uint64_t never = 0;

	harness_reset(harness, IMAGE_FIRST);
	CU_ASSERT_EQUAL(harness_run(harness, apply_both, &never), HARNESS_ENDED);
	CU_ASSERT_EQUAL(last_exit("plan.apply"), 0);
	CU_ASSERT(runs_both());
	must_end(roll_back_last);
	CU_ASSERT_EQUAL(last_exit("deployment.rollback"), 0);
	CU_ASSERT(runs_none());
}

/* One device refuses: neither of the two is left. */
static void two_configurations_refused(void)
{
	static const struct fault refusal = {
		.class = CLASS_ACT, .occurrence = 1, .kind = FAULT_REFUSED, .always = 1};
	uint64_t never = 0;

	for (size_t i = 0; i < DEVICES; i++) {
		harness_reset(harness, IMAGE_FIRST);
		fleet_arm(harness->fleet, harness->members[i].name, &refusal);
		CU_ASSERT_EQUAL(harness_run(harness, apply_both, &never), HARNESS_ENDED);
		CU_ASSERT_EQUAL(last_exit("plan.apply"), 4);
		CU_ASSERT(runs_none());
	}
}

static void two_configurations_and_a_death(void)
{
	unsigned failed = 0;
	uint64_t point = 1;

	for (enum harness_end end = HARNESS_DIED; end == HARNESS_DIED; point += STEP) {
		harness_reset(harness, IMAGE_FIRST);
		end = harness_run(harness, apply_both, &point);
		must_end(recover);
		if (last_exit("deployment.recover") == 0 && (runs_both() || runs_none()))
			continue;
		printf("two configurations, death at point %llu\n", (unsigned long long)point);
		failed++;
	}
	CU_ASSERT_EQUAL(failed, 0);
}

int main(void)
{
	CU_TestInfo tests[] = {TEST(clock_set_back_and_forth),
			       TEST(second_controller_is_refused),
			       TEST(plan_is_stale_after_a_rival),
			       TEST(rival_between_death_and_recovery),
			       TEST(old_store_is_put_back),
			       TEST(store_of_an_open_deployment_is_put_back),
			       TEST(third_state_is_left_alone),
			       TEST(two_configurations_together),
			       TEST(two_configurations_refused),
			       TEST(two_configurations_and_a_death),
			       CU_TEST_INFO_NULL};
	unsigned failed;

	make_harness();
	failed = run_tests("cases", tests);
	harness_free(harness);
	return failed ? 1 : 0;
}
