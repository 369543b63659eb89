/* SPDX-License-Identifier: Apache-2.0 */
/* The harness's fleets, their documents, and the states that runs begin with. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/json.h"

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "harness: %s\n", what);
	abort();
}

static void enter(struct config *config, const char *text)
{
	const char *why = config_enter_text(config, text);

	must(!why, why);
}

static FILE *begin_text(char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	must(out != NULL, "no memory");
	return out;
}

/* Documents */

static void print_lines(FILE *out, const struct config *lines)
{
	for (unsigned i = 0; i < lines->count; i++)
		fprintf(out, "%s\"%s\"", i ? ", " : "", lines->lines[i]);
}

/* A fragment a device; `lines[i]` is of device i. The caller frees it. */
static char *native_document(const struct harness *harness, const char *name,
			     const struct config *const lines[])
{
	char *text;
	size_t size;
	FILE *out = begin_text(&text, &size);

	fprintf(out, "{\"smartdeploy-native:native\": {\"name\": \"%s\", \"device\": [", name);
	for (size_t i = 0; i < harness->count; i++) {
		fprintf(out, "%s{\"name\": \"%s\", \"line\": [", i ? ", " : "",
			harness->members[i].name);
		print_lines(out, lines[i]);
		fputs("]}", out);
	}
	fputs("]}}", out);
	fclose(out);
	return text;
}

static char *fragments(const struct harness *harness, enum revision revision)
{
	const struct config *lines[HARNESS_DEVICES];

	for (size_t i = 0; i < harness->count; i++)
		lines[i] = &harness->members[i].lines[revision];
	return native_document(harness, "blue", lines);
}

/* The last end of the bridge domain is on the second device, then on the last one. */
static size_t last_end(const struct harness *harness, enum revision revision)
{
	return revision == REVISION_FIRST ? 1 : harness->count - 1;
}

static char *domain(const struct harness *harness, enum revision revision)
{
	char *text;
	size_t size;
	FILE *out = begin_text(&text, &size);

	fprintf(out,
		"{\"smartdeploy-bridge-domain:bridge-domain\": {\"name\": \"blue\", \"vlan\": 10, "
		"\"endpoint\": [{\"device\": \"%s\", \"port\": \"h1\", \"tagging\": \"access\"}, "
		"{\"device\": \"%s\", \"port\": \"h1\", \"tagging\": \"access\"}]}}",
		harness->members[0].name, harness->members[last_end(harness, revision)].name);
	fclose(out);
	return text;
}

static char *green(const struct harness *harness)
{
	const struct config *lines[HARNESS_DEVICES];
	struct config line = {0};

	enter(&line, "set taste sweet");
	for (size_t i = 0; i < harness->count; i++)
		lines[i] = &line;
	return native_document(harness, "green", lines);
}

/* The fleets */

static struct harness *allocate(const enum device_kind *kinds, size_t count)
{
	static const char *const names[] = {"atomic", "lines",   "timer",
					    "shared", "private", "named"};
	struct harness *harness = calloc(1, sizeof(*harness));

	must(harness && count <= HARNESS_DEVICES, "no memory");
	harness->shared = mmap(NULL, sizeof(*harness->shared), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(harness->shared != MAP_FAILED, "no memory");
	snprintf(harness->home, sizeof(harness->home), "/tmp/smd-fleet-XXXXXX");
	must(mkdtemp(harness->home) != NULL, "no folder");
	harness->fleet = fleet_new(FLEET_STORE);
	harness->count = count;
	for (size_t i = 0; i < count; i++) {
		struct member *member = &harness->members[i];

		member->kind = kinds[i];
		snprintf(member->name, sizeof(member->name), "%s%zu", names[kinds[i]], i + 1);
	}
	return harness;
}

static void add_devices(struct harness *harness)
{
	for (size_t i = 0; i < harness->count; i++) {
		const struct member *member = &harness->members[i];
		char text[CONFIG_LINES * CONFIG_LINE];

		config_text(&member->rest, text, sizeof(text));
		fleet_add(harness->fleet, member->name, member->kind, text);
		if (i)
			fleet_link(harness->fleet, harness->members[i - 1].name, "right",
				   member->name, "left");
	}
}

void harness_free(struct harness *harness)
{
	if (!harness)
		return;
	for (size_t i = 0; i < IMAGES; i++)
		fleet_image_free(harness->images[i]);
	fleet_free(harness->fleet);
	munmap(harness->shared, sizeof(*harness->shared));
	rmdir(harness->home);
	free(harness->plan);
	free(harness);
}

/* The images */

struct documents {
	char *inventory, *topology, *blue[REVISIONS], *green;
};

static const struct reply *succeed(struct child *child, const struct reply *reply)
{
	if (!reply->error.code)
		return reply;
	fprintf(stderr, "harness: %s: %s (%s: %s)\n", reply->method, reply->error.message,
		reply->error.device, reply->error.where);
	harness_print(child_harness(child));
	abort();
}

static void set(struct child *child, const char *text)
{
	succeed(child, child_ask(child, "configuration.set", "text", text));
}

static const struct reply *plan(struct child *child, const char *name)
{
	return succeed(child, child_ask(child, "plan.make", "name", name));
}

static void deploy(struct child *child, const char *name)
{
	const struct reply *reply = plan(child, name);

	succeed(child, child_ask(child, "plan.apply", "text",
				 child_harness(child)->shared->texts + reply->json));
}

static void make_first(struct child *child, void *arg)
{
	const struct documents *documents = arg;
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "inventory", documents->inventory);
	cJSON_AddStringToObject(request, "topology", documents->topology);
	succeed(child, child_call(child, "device.import", request));
	set(child, documents->blue[REVISION_FIRST]);
	deploy(child, "blue");
	set(child, documents->blue[REVISION_SECOND]);
	set(child, documents->green);
	plan(child, "blue");
}

static void make_second(struct child *child, void *arg)
{
	struct harness *harness = arg;

	succeed(child, child_ask(child, "plan.apply", "text", harness->plan));
}

static void check_runs(struct harness *harness, enum revision revision)
{
	for (size_t i = 0; i < harness->count; i++) {
		const struct member *member = &harness->members[i];
		char text[CONFIG_LINES * CONFIG_LINE];
		size_t used = config_text(&member->rest, text, sizeof(text));

		config_text(&member->lines[revision], text + used, sizeof(text) - used);
		if (fleet_runs(harness->fleet, member->name, text))
			continue;
		config_text(&fleet_device(harness->fleet, member->name)->running, text,
			    sizeof(text));
		fprintf(stderr, "harness: %s runs:\n%s", member->name, text);
		harness_print(harness);
		abort();
	}
}

/* Keep the id of the deployment that led to the image. */
static void keep_deployment(struct harness *harness, enum image image)
{
	cJSON *result = harness_result(harness, harness_reply(harness, "plan.apply"));
	const char *id = smd_json_string(result, "deployment");

	snprintf(harness->deployments[image], sizeof(harness->deployments[image]), "%s",
		 id ? id : "");
	cJSON_Delete(result);
}

static void save(struct harness *harness, enum image image)
{
	keep_deployment(harness, image);
	check_runs(harness, image == IMAGE_FIRST ? REVISION_FIRST : REVISION_SECOND);
	harness->images[image] = fleet_save(harness->fleet);
	harness->times[image] = harness->shared->time;
	harness->logged[image] = strlen(fleet_log(harness->fleet));
	harness_forget(harness);
}

static char *copy_last_result(const struct harness *harness)
{
	const struct harness_shared *shared = harness->shared;
	char *text = strdup(shared->texts + shared->replies[shared->count - 1].json);

	must(text != NULL, "no memory");
	return text;
}

static void run_or_end(struct harness *harness, harness_script script, void *arg)
{
	enum harness_end end = harness_run(harness, script, arg);

	must(end == HARNESS_ENDED, harness_end_name(end));
}

static struct harness *make_images(struct harness *harness, struct documents *documents)
{
	documents->inventory = fleet_inventory(harness->fleet);
	documents->topology = fleet_topology(harness->fleet);
	documents->green = green(harness);
	run_or_end(harness, make_first, documents);
	harness->plan = copy_last_result(harness);
	save(harness, IMAGE_FIRST);
	run_or_end(harness, make_second, harness);
	save(harness, IMAGE_SECOND);
	free(documents->inventory);
	free(documents->topology);
	free(documents->green);
	free(documents->blue[REVISION_FIRST]);
	free(documents->blue[REVISION_SECOND]);
	return harness;
}

struct harness *harness_new(const enum device_kind *kinds, size_t count)
{
	struct harness *harness = allocate(kinds, count);
	struct documents documents = {0};

	for (size_t i = 0; i < count; i++) {
		struct member *member = &harness->members[i];

		enter(&member->rest, "port left\nport right\nport h1\nset host x\n");
		enter(&member->lines[REVISION_FIRST], "set color red\nset size 1\n");
		enter(&member->lines[REVISION_SECOND], "set color blue\nset shape round\n");
	}
	add_devices(harness);
	documents.blue[REVISION_FIRST] = fragments(harness, REVISION_FIRST);
	documents.blue[REVISION_SECOND] = fragments(harness, REVISION_SECOND);
	return make_images(harness, &documents);
}

/* What the bridge domain is on device `i`, when its ends are on the first and on `last`. */
static void enter_domain(struct config *lines, size_t i, size_t last)
{
	if (i == 0 || i == last)
		enter(lines, "port h1 access 10\n");
	if (i < last)
		enter(lines, "port right trunk 10\n");
	if (i > 0 && i <= last)
		enter(lines, "port left trunk 10\n");
}

struct harness *harness_new_domain(const enum device_kind *kinds, size_t count)
{
	struct harness *harness = allocate(kinds, count);
	struct documents documents = {0};

	for (size_t i = 0; i < count; i++) {
		struct member *member = &harness->members[i];

		enter(&member->rest, "port left\nport right\nport h1\nset host x\n");
		for (enum revision n = REVISION_FIRST; n < REVISIONS; n++)
			enter_domain(&member->lines[n], i, last_end(harness, n));
	}
	add_devices(harness);
	documents.blue[REVISION_FIRST] = domain(harness, REVISION_FIRST);
	documents.blue[REVISION_SECOND] = domain(harness, REVISION_SECOND);
	return make_images(harness, &documents);
}
