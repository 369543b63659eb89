/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two configurations in one deployment, over devices that both have a part in: all or nothing for
 * both, in the records as on the devices, and when the controller dies in the middle.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/plan/plan.h"
#include "core/site/site.h"
#include "ground.h"
#include "test.h"

#define DEVICES 6
#define PORTS "port left\nport right\nset host x\n"
#define COLOR "set color red\nset size 1\n"
#define TASTE "set taste sweet\nset size 1\n"
#define STRIDE 3 /* every n-th point of death is tried */

/* "color" is on the first four devices, "taste" on the last four; both want the size. */
static const char *const names[DEVICES] = {"r1", "r2", "r3", "r4", "r5", "r6"};
static const char *const configurations[] = {"color", "taste"};

struct scene {
	struct fleet *fleet;
	struct fleet_time *time; /* shared with children */
	struct fleet_image *image;
	struct fleet_time began;
	struct ground ground;
	struct smd_site *site;
};

static void open_site(struct scene *scene)
{
	ground_init(&scene->ground, scene->fleet, scene->time);
	scene->site = ground_site(&scene->ground);
}

static void close_site(struct scene *scene)
{
	smd_site_close(scene->site);
	ground_done(&scene->ground);
}

/* The door */

static void call(struct smd_controller *controller, const char *method, const char *member,
		 char *value_take)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;
	struct smd_error error;
	int err;

	cJSON_AddStringToObject(request, member, value_take);
	free(value_take);
	err = smd_controller_call(controller, "tester", method, request, NULL, NULL, &result,
				  &error);
	if (err)
		printf("\n%s: %s\n", method, error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	cJSON_Delete(result);
}

static void store_documents(struct scene *scene)
{
	static const char *const color[] = {"set color red", "set size 1"};
	static const char *const taste[] = {"set taste sweet", "set size 1"};
	struct smd_controller *controller;

	ground_init(&scene->ground, scene->fleet, scene->time);
	controller = ground_controller(&scene->ground);
	call(controller, "device.import", "inventory", fleet_inventory(scene->fleet));
	call(controller, "configuration.set", "text", ground_native("color", names, 4, color, 2));
	call(controller, "configuration.set", "text",
	     ground_native("taste", names + 2, 4, taste, 2));
	smd_controller_free(controller);
	ground_done(&scene->ground);
}

static void begin(struct scene *scene)
{
	*scene = (struct scene){.fleet = fleet_new(FLEET_STORE)};
	scene->time = mmap(NULL, sizeof(*scene->time), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(scene->time != MAP_FAILED);
	memset(scene->time, 0, sizeof(*scene->time));
	for (size_t i = 0; i < DEVICES; i++)
		fleet_add(scene->fleet, names[i], (enum device_kind)i, PORTS);
	store_documents(scene);
	scene->image = fleet_save(scene->fleet);
	scene->began = *scene->time;
}

static void start_over(struct scene *scene)
{
	fleet_reset(scene->fleet, scene->image);
	*scene->time = scene->began;
}

static void end(struct scene *scene)
{
	fleet_image_free(scene->image);
	fleet_free(scene->fleet);
	munmap(scene->time, sizeof(*scene->time));
}

/* Deploying */

/* Takes the transitions. `id` receives the deployment's. */
static int run(struct scene *scene, struct smd_transition **transitions_take, size_t count,
	       char id[SMD_DEPLOYMENT_ID], struct smd_error *error)
{
	static const struct smd_deployment_options options = {.principal = "tester"};
	struct smd_draft *draft = NULL;
	cJSON *plan = NULL;
	int err = smd_draft_make(scene->site, transitions_take, count, NULL, SMD_ACCESS_WRITE,
				 &draft, error);

	if (!err)
		err = smd_plan_write(draft, &plan, error);
	if (!err)
		err = smd_deployment_run(draft, plan, &options, NULL, id, error);
	cJSON_Delete(plan);
	smd_draft_free(draft);
	return err;
}

static int deploy(struct scene *scene, char id[SMD_DEPLOYMENT_ID], struct smd_error *error)
{
	struct smd_transition **transitions = NULL;
	int err = smd_transition_deploy_all(scene->site, configurations, 2, &transitions, error);

	return err ? err : run(scene, transitions, 2, id, error);
}

static void deploy_well(struct scene *scene, char id[SMD_DEPLOYMENT_ID])
{
	struct smd_error error = {0};
	int err = deploy(scene, id, &error);

	if (err)
		printf("\n%s (%s)\n%s", error.message, error.device, fleet_log(scene->fleet));
	CU_ASSERT_EQUAL_FATAL(err, 0);
}

/* What is so afterwards */

/* Do all devices run both configurations, or none of them? */
static int all_run(struct scene *scene, int both)
{
	for (size_t i = 0; i < DEVICES; i++) {
		const char *color = both && i < 4 ? COLOR : "", *taste = both && i > 1 ? TASTE : "";
		char text[256];

		snprintf(text, sizeof(text), "%s%s%s", PORTS, color, taste);
		if (!fleet_runs(scene->fleet, names[i], text))
			return 0;
	}
	return 1;
}

static cJSON *record(struct scene *scene, const char *table, const char *key)
{
	cJSON *json = NULL;

	smd_store_thread_get(scene->site->store_thread, table, key, &json, NULL, NULL);
	return json;
}

static cJSON *record_of(struct scene *scene, const char *table, const char *id)
{
	char key[SMD_STORE_KEY];

	smd_deployment_key(id, NULL, key);
	return record(scene, table, key);
}

static int text_is(const cJSON *json, const char *member, const char *expected)
{
	const char *text = smd_json_string(json, member);

	return text && !strcmp(text, expected);
}

/* Is this deployment the one that both configurations are from? "": they are not deployed. */
static int both_are_from(struct scene *scene, const char *id)
{
	int good = 0;

	for (size_t i = 0; i < 2; i++) {
		cJSON *deployed = record(scene, "deployed", configurations[i]);
		cJSON *last = record(scene, "last", configurations[i]);

		good += *id ? text_is(deployed, "deployment", id) && text_is(last, "deployment", id)
			    : !deployed && !last;
		cJSON_Delete(deployed);
		cJSON_Delete(last);
	}
	return good == 2;
}

/* Numbers of rows in the ledger: of one configuration, of both. */
struct rows {
	unsigned color, taste, both;
};

static int count_row(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct rows *rows = arg;
	char *text = strndup(value, size);
	int color, taste;

	(void)key;
	(void)revision;
	color = strstr(text, "\"color\"") != NULL;
	taste = strstr(text, "\"taste\"") != NULL;
	rows->both += color && taste;
	rows->color += color && !taste;
	rows->taste += taste && !color;
	free(text);
	return 0;
}

static int ledger_has(struct scene *scene, struct rows expected)
{
	struct rows rows = {0};

	CU_ASSERT_EQUAL(smd_store_thread_each(scene->site->store_thread, "ledger", "", count_row,
					      &rows, NULL),
			0);
	return !memcmp(&rows, &expected, sizeof(rows));
}

static int count_open(struct scene *scene)
{
	cJSON *list = NULL;
	int count;

	CU_ASSERT_EQUAL_FATAL(smd_deployment_open(scene->site, &list, NULL), 0);
	count = cJSON_GetArraySize(list);
	cJSON_Delete(list);
	return count;
}

/* All or nothing, for both, and on record. */
static int is_all(struct scene *scene, const char *id)
{
	return all_run(scene, 1) && both_are_from(scene, id) &&
	       ledger_has(scene, (struct rows){6, 6, 2}) && !count_open(scene);
}

static int is_nothing(struct scene *scene)
{
	return all_run(scene, 0) && both_are_from(scene, "") &&
	       ledger_has(scene, (struct rows){0}) && !count_open(scene);
}

static void record_has_both(struct scene *scene, const char *id, const char *goal)
{
	cJSON *json = record_of(scene, "deployment", id);
	const cJSON *list = smd_record_configurations(json);

	CU_ASSERT_EQUAL(cJSON_GetArraySize(list), 2);
	for (int i = 0; i < 2; i++) {
		const cJSON *one = cJSON_GetArrayItem(list, i);

		CU_ASSERT(text_is(one, "configuration", configurations[i]));
		CU_ASSERT(text_is(one, "goal", goal));
	}
	cJSON_Delete(json);
}

/* Units and epochs */

struct epochs {
	int64_t first, last; /* of the journal's entries, in their order */
	unsigned entries, wrong;
};

static int take_entry(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct epochs *epochs = arg;
	cJSON *entry = NULL;
	int64_t epoch;

	(void)revision;
	if (smd_json_parse(value, size, key, &entry, NULL))
		return SMD_E_IO;
	epoch = smd_json_number(entry, "epoch", 0);
	if (!smd_json_number(entry, "answers", 0)) {
		epochs->wrong += smd_json_number(entry, "unit", 0) != 1 || epoch < epochs->last;
		epochs->first = epochs->entries++ ? epochs->first : epoch;
		epochs->last = epoch;
	}
	cJSON_Delete(entry);
	return 0;
}

static struct epochs journal_of(struct scene *scene, const char *id)
{
	struct epochs epochs = {0};
	char prefix[SMD_STORE_KEY];

	smd_deployment_key(id, "", prefix);
	CU_ASSERT_EQUAL(smd_store_thread_each(scene->site->store_thread, "journal", prefix,
					      take_entry, &epochs, NULL),
			0);
	CU_ASSERT_EQUAL(epochs.wrong, 0);
	return epochs;
}

static void decision_is(struct scene *scene, const char *id, const char *direction)
{
	cJSON *json = record_of(scene, "decision", id);

	CU_ASSERT(text_is(json, "direction", direction));
	CU_ASSERT_EQUAL(smd_json_number(json, "unit", 0), 1);
	CU_ASSERT_EQUAL(smd_json_number(json, "epoch", 0), (int64_t)scene->site->epoch);
	cJSON_Delete(json);
}

/* Tests */

static void together_and_back(void)
{
	struct smd_transition **transitions = NULL;
	char id[SMD_DEPLOYMENT_ID], back[SMD_DEPLOYMENT_ID];
	struct epochs epochs;
	struct scene scene;
	size_t count = 0;

	begin(&scene);
	open_site(&scene);
	deploy_well(&scene, id);
	CU_ASSERT(is_all(&scene, id));
	record_has_both(&scene, id, "deploy");
	decision_is(&scene, id, "forward");
	epochs = journal_of(&scene, id);
	CU_ASSERT(epochs.entries >= DEVICES);
	CU_ASSERT_EQUAL(epochs.first, (int64_t)scene.site->epoch);
	CU_ASSERT_EQUAL(epochs.last, (int64_t)scene.site->epoch);
	CU_ASSERT_EQUAL_FATAL(smd_transition_roll_back(scene.site, id, &transitions, &count, NULL),
			      0);
	CU_ASSERT_EQUAL(count, 2);
	CU_ASSERT_EQUAL(run(&scene, transitions, count, back, NULL), 0);
	CU_ASSERT(is_nothing(&scene));
	record_has_both(&scene, back, "rollback");
	close_site(&scene);
	end(&scene);
}

/* The failing device is one of "color" alone, of both, and of "taste" alone. */
static void a_failure_takes_both_back(void)
{
	static const char *const failing[] = {"r1", "r3", "r6"};
	char id[SMD_DEPLOYMENT_ID];
	struct smd_error error;
	struct scene scene;

	begin(&scene);
	for (size_t i = 0; i < SMD_COUNT(failing); i++) {
		start_over(&scene);
		open_site(&scene);
		fleet_arm(scene.fleet, failing[i],
			  &(struct fault){
				  .class = CLASS_ACT, .occurrence = 1, .kind = FAULT_REFUSED});
		CU_ASSERT_EQUAL(deploy(&scene, id, &error), SMD_E_ROLLED_BACK);
		CU_ASSERT_STRING_EQUAL(error.device, failing[i]);
		CU_ASSERT(is_nothing(&scene));
		record_has_both(&scene, id, "deploy");
		decision_is(&scene, id, "back");
		close_site(&scene);
	}
	end(&scene);
}

/* Death */

static void be_child(struct scene *scene)
{
	char id[SMD_DEPLOYMENT_ID];
	struct smd_error error = {0};
	int err;

	alarm(60);
	open_site(scene);
	err = deploy(scene, id, &error);
	if (err)
		fprintf(stderr, "%s\n", error.message);
	close_site(scene);
	_exit(err ? 1 : 0);
}

/* Deploy in a child that dies at a point. Returns its exit status. */
static int die_at(struct scene *scene, uint64_t point)
{
	int status = -1;
	pid_t child;

	start_over(scene);
	fleet_arm_death(scene->fleet, point);
	fflush(NULL);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (!child)
		be_child(scene);
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	fleet_arm_death(scene->fleet, 0);
	ground_hang_up(scene->fleet, scene->time->now);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int decided_forward(struct scene *scene)
{
	cJSON *json = record_of(scene, "decision", "1");
	int forward = text_is(json, "direction", "forward");

	cJSON_Delete(json);
	return forward;
}

/* The next owner finishes what is open, in the direction that is on record. */
static void recover(struct scene *scene)
{
	static const struct smd_recovery recovery = {.principal = "tester"};
	int forward = decided_forward(scene), open = count_open(scene);
	struct epochs before = journal_of(scene, "1");
	struct smd_error error = {0};
	int err = open ? smd_deployment_recover(scene->site, "1", &recovery, NULL, &error) : 0;
	struct epochs after = journal_of(scene, "1");

	if (err)
		printf("\n%s (%s: %s)\n", error.message, error.device, error.where);
	CU_ASSERT_EQUAL(err, 0);
	if (open && before.entries)
		CU_ASSERT_EQUAL((int64_t)scene->site->epoch, before.last + 1);
	CU_ASSERT_EQUAL(before.last, before.first);
	if (after.entries > before.entries)
		CU_ASSERT_EQUAL(after.last, (int64_t)scene->site->epoch);
	CU_ASSERT(forward ? is_all(scene, "1") : is_nothing(scene));
}

static void death_leaves_both_or_none(void)
{
	unsigned failed = CU_get_number_of_failure_records(), forward = 0, back = 0;
	struct scene scene;
	int status = FLEET_DIED;

	begin(&scene);
	for (uint64_t point = 1; status == FLEET_DIED; point += STRIDE) {
		status = die_at(&scene, point);
		CU_ASSERT(status == FLEET_DIED || status == 0);
		open_site(&scene);
		forward += (unsigned)decided_forward(&scene);
		back += (unsigned)!decided_forward(&scene);
		recover(&scene);
		close_site(&scene);
		if (CU_get_number_of_failure_records() > failed) {
			printf("\npoint %llu: %s\n%s", (unsigned long long)point,
			       fleet_last_point(scene.fleet), fleet_log(scene.fleet));
			break;
		}
	}
	printf("\n%u deaths before the decision, %u behind it\n", back, forward);
	CU_ASSERT(forward > 3 && back > 3);
	end(&scene);
}

TEST_MAIN("several", TEST(together_and_back), TEST(a_failure_takes_both_back),
	  TEST(death_leaves_both_or_none));
