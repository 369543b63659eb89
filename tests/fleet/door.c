/* SPDX-License-Identifier: Apache-2.0 */
#include "door.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

const char *const door_names[DEVICES] = {"r1", "r2"};

void door_open(struct door *door)
{
	ground_init(&door->ground, door->fleet, door->time);
	door->controller = ground_controller(&door->ground);
}

void door_close(struct door *door)
{
	smd_controller_free(door->controller);
	ground_done(&door->ground);
}

cJSON *door_call(struct door *door, const char *method, const char *request, enum smd_err expected)
{
	cJSON *json = request ? cJSON_Parse(request) : NULL, *result = NULL;
	int err;

	CU_ASSERT_FATAL(!request || json);
	door->error = (struct smd_error){0};
	err = smd_controller_call(door->controller, "tester", method, json, NULL, NULL, &result,
				  &door->error);
	if (err != (int)expected)
		printf("\n%s %s: %s (%s)\n", method, request ? request : "", door->error.message,
		       smd_err_name(err));
	CU_ASSERT_EQUAL(err, expected);
	return result;
}

void door_ask(struct door *door, const char *method, const char *request, enum smd_err expected)
{
	cJSON_Delete(door_call(door, method, request, expected));
}

char *door_with(const char *member, char *value_take, int recovers)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	cJSON_AddStringToObject(json, member, value_take);
	if (recovers)
		cJSON_AddTrueToObject(json, "recover");
	text = cJSON_PrintUnformatted(json);
	cJSON_Delete(json);
	free(value_take);
	return text;
}

void door_ask_with(struct door *door, const char *method, const char *member, char *value_take)
{
	char *request = door_with(member, value_take, 0);

	door_ask(door, method, request, 0);
	free(request);
}

void door_set(struct door *door, const char *first, const char *second)
{
	const char *const lines[] = {first, second};

	door_ask_with(door, "configuration.set", "text",
		      ground_native("blue", door_names, DEVICES, lines, second ? 2 : 1));
}

char *door_plan(struct door *door, const char *request)
{
	cJSON *result = door_call(door, "plan.make", request, 0);
	char *text = cJSON_PrintUnformatted(result);

	cJSON_Delete(result);
	return text;
}

cJSON *door_apply(struct door *door, char *plan_take, int recovers, enum smd_err expected)
{
	char *request = door_with("text", plan_take, recovers);
	cJSON *result = door_call(door, "plan.apply", request, expected);

	free(request);
	return result;
}

void door_begin(struct door *door)
{
	*door = (struct door){.fleet = fleet_new(FLEET_STORE), .dying = PLAN_BLUE};
	door->time = mmap(NULL, sizeof(*door->time), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CU_ASSERT_FATAL(door->time != MAP_FAILED);
	memset(door->time, 0, sizeof(*door->time));
	fleet_add(door->fleet, "r1", DEVICE_SHARED, PORTS);
	fleet_add(door->fleet, "r2", DEVICE_LINES, PORTS);
	door_open(door);
	door_ask_with(door, "device.import", "inventory", fleet_inventory(door->fleet));
	door_set(door, "set color red", "set size 1");
	cJSON_Delete(door_apply(door, door_plan(door, PLAN_BLUE), 0, 0));
	door_set(door, "set color blue", "set shape round");
}

void door_end(struct door *door)
{
	door_close(door);
	fleet_free(door->fleet);
	munmap(door->time, sizeof(*door->time));
}

int door_all_run(struct door *door, const char *lines)
{
	char text[256];

	snprintf(text, sizeof(text), "%s%s", PORTS, lines);
	return fleet_runs(door->fleet, "r1", text) && fleet_runs(door->fleet, "r2", text);
}

static void be_child(struct door *door)
{
	alarm(60);
	door_open(door);
	cJSON_Delete(door_apply(door, door_plan(door, door->dying), 0, 0));
	_exit(1);
}

/* Whether the store has such a record of deployment 2, with this text in it. */
static int has_record(const char *table, const char *expected)
{
	char key[SMD_STORE_KEY];
	void *store = NULL, *value = NULL;
	size_t size;
	int found;

	smd_deployment_key("2", NULL, key);
	CU_ASSERT_EQUAL_FATAL(fleet_store.open("", SMD_STORE_LOOK, NULL, &store, NULL), 0);
	found = !fleet_store.get(store, table, key, &value, &size, NULL, NULL) &&
		strstr(value, expected);
	free(value);
	fleet_store.close(store);
	return found;
}

int door_is_dead_before(struct door *door)
{
	return has_record("open", "") && !fleet_runs(door->fleet, "r2", PORTS FIRST);
}

int door_is_dead_behind(struct door *door)
{
	(void)door;
	return has_record("open", "") && has_record("decision", "forward");
}

static int die_at(struct door *door, uint64_t point)
{
	int status = -1;
	pid_t child;

	fleet_arm_death(door->fleet, point);
	fflush(NULL);
	child = fork();
	CU_ASSERT_FATAL(child >= 0);
	if (!child)
		be_child(door);
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	fleet_arm_death(door->fleet, 0);
	ground_hang_up(door->fleet, door->time->now);
	return WIFEXITED(status) && WEXITSTATUS(status) == FLEET_DIED;
}

void door_die(struct door *door, int (*is_there)(struct door *door))
{
	struct fleet_image *image;
	struct fleet_time time;
	int died = 1;

	door_close(door);
	image = fleet_save(door->fleet);
	time = *door->time;
	fleet_use(door->fleet);
	for (uint64_t point = 1; died; point++) {
		died = die_at(door, point);
		fleet_use(door->fleet);
		if (is_there(door))
			break;
		fleet_reset(door->fleet, image);
		*door->time = time;
	}
	CU_ASSERT_FATAL(died);
	fleet_image_free(image);
	door_open(door);
}

int door_tells_leftover(struct door *door, const char *state)
{
	cJSON *result = door_call(door, "configuration.list", NULL, 0);
	const cJSON *one = cJSON_GetArrayItem(smd_json_array(result, "leftovers"), 0);
	const char *id = smd_json_string(one, "id"), *told = smd_json_string(one, "state");
	int good = state ? id && told && !strcmp(id, "2") && !strcmp(told, state) : !one;

	cJSON_Delete(result);
	return good;
}

int door_outcome_is(struct door *door, const char *id, const char *expected)
{
	char request[64];
	const char *outcome;
	cJSON *result;
	int good;

	snprintf(request, sizeof(request), "{\"id\": \"%s\"}", id);
	result = door_call(door, "deployment.show", request, 0);
	outcome = smd_json_string(smd_json_object(result, "record"), "outcome");
	good = outcome && !strcmp(outcome, expected);
	if (!good)
		printf("\ndeployment %s: %s\n", id, outcome ? outcome : "no outcome");
	cJSON_Delete(result);
	return good;
}

void door_refuse_at_r2(struct door *door)
{
	struct device *device = fleet_device(door->fleet, "r2");

	fleet_arm(door->fleet, "r2",
		  &(struct fault){.class = CLASS_ACT,
				  .occurrence = device->counts[CLASS_ACT] + 1,
				  .kind = FAULT_REFUSED,
				  .always = 1});
}
