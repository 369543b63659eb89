/* SPDX-License-Identifier: Apache-2.0 */
/* Several configurations in one plan, from the documents to the records, on Open vSwitch. */
#include "core/plan/plan.h"

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/plan/fabric.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"
#include "fabric.h"
#include "ledgers.h"
#include "test.h"

/*
 * A site with a store in memory and the leaf-spine fabric of fabric.h. No device is reached: a
 * test says what each of them runs. d0 and d1 have the hosts' ports h1 and h2.
 */
struct bench {
	struct net net;
	struct smd_site site;
};

static void begin(struct bench *bench)
{
	struct smd_loop_spec loop = {0};
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};
	struct fabric fabric = fabric_clos;

	*bench = (struct bench){0};
	fabric.driver = "ovs";
	fabric.has_endpoint[0] = fabric.has_endpoint[1] = 1;
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &bench->site.model, NULL),
			      0);
	fabric_build(NULL, &fabric, bench->site.model, &bench->net);
	bench->site.inventory = bench->net.inventory;
	bench->site.topology = bench->net.topology;
	bench->site.clock = smd_real_clock();
	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/lib/smartdeploy", &bench->site.loader),
			      0);
	CU_ASSERT_EQUAL_FATAL(smd_pool_new(0, &bench->site.pool, NULL), 0);
	loop.pool = bench->site.pool;
	for (size_t i = 0; i < SMD_SITE_LOOPS; i++)
		CU_ASSERT_EQUAL_FATAL(smd_loop_new(&loop, &bench->site.loops[i], NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &bench->site.store_thread, NULL), 0);
}

static void end(struct bench *bench)
{
	smd_store_thread_free(bench->site.store_thread);
	for (size_t i = 0; i < SMD_SITE_LOOPS; i++)
		smd_loop_free(bench->site.loops[i]);
	smd_pool_free(bench->site.pool);
	smd_loader_free(bench->site.loader);
	net_done(&bench->net);
	smd_model_free(bench->site.model);
}

static void store_json(struct bench *bench, const char *table, const char *key, const cJSON *json)
{
	struct smd_batch batch = {0};

	smd_batch_put_json(&batch, SMD_NEED_NOTHING, 0, table, key, json);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(bench->site.store_thread, &batch, NULL), 0);
}

static void store(struct bench *bench, const char *table, const char *key, const char *text)
{
	cJSON *json = cJSON_Parse(text);

	CU_ASSERT_PTR_NOT_NULL_FATAL(json);
	store_json(bench, table, key, json);
	cJSON_Delete(json);
}

static void configure(struct bench *bench, const char *name, const char *document)
{
	cJSON *json = cJSON_CreateObject();
	char key[SMD_REVISION_KEY];

	cJSON_AddStringToObject(json, "text", document);
	smd_revision_key(name, 1, key);
	store(bench, "configuration", name, "{\"revision\":1}");
	store_json(bench, "revision", key, json);
	cJSON_Delete(json);
}

/* Configure a VLAN on a port of d0 and d1. */
static void configure_domain(struct bench *bench, const char *name, unsigned vlan, const char *port)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "{\"smartdeploy-bridge-domain:bridge-domain\":{\"name\":\"%s\",\"vlan\":%u,"
		 "\"endpoint\":[{\"device\":\"d0\",\"port\":\"%s\"},{\"device\":\"d1\","
		 "\"port\":\"%s\"}]}}",
		 name, vlan, port, port);
	configure(bench, name, text);
}

/* The text of a switch on which all ports are parked; of d0 and d1 if `leaf`. */
static struct smd_text *switch_text(int leaf)
{
	static const char *const ports[] = {"p0", "p1", "p2", "p3", "p4",
					    "p5", "p6", "p7", "h1", "h2"};
	size_t count = leaf ? SMD_COUNT(ports) : SMD_COUNT(ports) - 2;
	struct smd_text *text = NULL;
	char *line;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	fputs("{\"data\":[[\"br0\",[\"set\",[", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s[\"uuid\",\"06154817-1560-4760-a66a-156a89e37f%02zx\"]",
			i ? "," : "", i);
	fputs("]]]],\"headings\":[\"name\",\"ports\"]}\n{\"data\":[", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out,
			"%s[[\"uuid\",\"06154817-1560-4760-a66a-156a89e37f%02zx\"],\"%s\","
			"[\"set\",[]],4095,[\"set\",[]],[\"set\",[]]]",
			i ? "," : "", i, ports[i]);
	fputs("],\"headings\":[\"_uuid\",\"name\",\"tag\",\"trunks\",\"vlan_mode\",\"cvlans\"]}\n",
	      out);
	fclose(out);
	CU_ASSERT_EQUAL_FATAL(smd_text_append(text, line, size), 0);
	free(line);
	return text;
}

/* Compute all tasks of a draft. Each device runs what `after` leads to; NULL: it is parked. */
static void compute_all(struct smd_draft *draft, const struct smd_draft *after)
{
	for (size_t i = 0; i < draft->count; i++) {
		struct smd_task *task = &draft->tasks[i];
		struct smd_error error = {0};
		int err;

		if (after) {
			CU_ASSERT_EQUAL_FATAL(smd_text_new(&task->native, 0), 0);
			CU_ASSERT_EQUAL_FATAL(smd_language_print(&task->language,
								 after->tasks[i].target,
								 task->native, NULL),
					      0);
		} else {
			task->native = switch_text(strcmp(task->device, "d4") != 0);
		}
		err = smd_task_compute(task, &error);
		if (err)
			printf("%s: %s %s\n", task->device, error.message, error.where);
		CU_ASSERT_EQUAL_FATAL(err, 0);
	}
}

static struct smd_draft *open_draft(struct bench *bench, struct smd_transition **transitions_take,
				    size_t count)
{
	struct smd_draft *draft = NULL;
	struct smd_error error = {0};
	int err = smd_draft_open(&bench->site, transitions_take, count, NULL, SMD_ACCESS_WRITE,
				 &draft, &error);

	if (err)
		printf("%s: %s\n", error.device, error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	return draft;
}

/* Red is named first: drafts are sorted by name. */
static struct smd_draft *deploy_both(struct bench *bench)
{
	static const char *const names[] = {"red", "blue"};
	struct smd_transition **transitions = NULL;
	struct smd_error error = {0};

	CU_ASSERT_EQUAL_FATAL(
		smd_transition_deploy_all(&bench->site, names, 2, &transitions, &error), 0);
	return open_draft(bench, transitions, 2);
}

static cJSON *write_plan(const struct smd_draft *draft)
{
	cJSON *plan = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_fabric_check(draft, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_plan_write(draft, &plan, NULL), 0);
	return plan;
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

static void two_domains_are_one_plan(void)
{
	struct bench bench;
	struct smd_draft *draft;
	const struct smd_task *task;
	cJSON *plan;

	begin(&bench);
	configure_domain(&bench, "blue", 100, "h1");
	configure_domain(&bench, "red", 200, "h2");
	draft = deploy_both(&bench);
	compute_all(draft, NULL);
	CU_ASSERT_STRING_EQUAL(draft->transitions[0]->configuration, "blue");
	CU_ASSERT_EQUAL_FATAL(draft->count, 3); /* d0, d1 and the spine that they share */
	task = &draft->tasks[0];
	CU_ASSERT_EQUAL_FATAL(task->share_count, 2);
	CU_ASSERT_STRING_EQUAL(task->shares[1].owner, "red");
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(task->target, "/bridge[br0]/port[p0]/trunks[100]", NULL, NULL));
	CU_ASSERT_PTR_NOT_NULL(
		smd_tree_at(task->target, "/bridge[br0]/port[p0]/trunks[200]", NULL, NULL));
	CU_ASSERT(owns_number(&task->after, "/bridge[br0]/port[p0]/trunks", 100, "blue", 1));
	CU_ASSERT(owns_number(&task->after, "/bridge[br0]/port[p0]/trunks", 200, "red", 1));
	CU_ASSERT(owns(&task->after, "/bridge[br0]/port[p0]/trunks", "red", 2));
	plan = write_plan(draft);
	CU_ASSERT(is_json(smd_json_array(plan, "configurations"),
			  "[{\"configuration\":\"blue\",\"goal\":\"deploy\",\"revision\":1,"
			  "\"from-revision\":0},{\"configuration\":\"red\",\"goal\":\"deploy\","
			  "\"revision\":1,\"from-revision\":0}]"));
	CU_ASSERT(is_json(smd_json_member(smd_json_object(plan, "impact"), "vlans"), "[100,200]"));
	CU_ASSERT(is_json(
		smd_json_member(smd_json_object(plan, "impact"), "ports"),
		"[{\"device\":\"d0\",\"port\":\"h1\"},{\"device\":\"d0\",\"port\":\"h2\"},"
		"{\"device\":\"d0\",\"port\":\"p0\"},{\"device\":\"d1\",\"port\":\"h1\"},"
		"{\"device\":\"d1\",\"port\":\"h2\"},{\"device\":\"d1\",\"port\":\"p2\"},"
		"{\"device\":\"d4\",\"port\":\"p0\"},{\"device\":\"d4\",\"port\":\"p2\"}]"));
	CU_ASSERT(cJSON_IsNull(smd_json_member(plan, "reverts-after-s")));
	CU_ASSERT_EQUAL(smd_plan_check(&bench.site, plan, NULL), 0);
	CU_ASSERT_EQUAL(smd_plan_compare(plan, draft, NULL), 0);
	cJSON_Delete(plan);
	smd_draft_free(draft);
	end(&bench);
}

static void all_configurations_are_compared(void)
{
	struct bench bench;
	struct smd_draft *draft;
	struct smd_error error;
	cJSON *plan;

	begin(&bench);
	configure_domain(&bench, "blue", 100, "h1");
	configure_domain(&bench, "red", 200, "h2");
	draft = deploy_both(&bench);
	compute_all(draft, NULL);
	plan = write_plan(draft);
	draft->transitions[1]->revision = 4;
	CU_ASSERT_EQUAL(smd_plan_compare(plan, draft, &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"red\" has another revision"));
	draft->transitions[1]->revision = 1;
	draft->transitions[1]->configuration[0] = 'z';
	CU_ASSERT_EQUAL(smd_plan_compare(plan, draft, &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "other configurations"));
	draft->transitions[1]->configuration[0] = 'r';
	draft->transition_count = 1;
	CU_ASSERT_EQUAL(smd_plan_compare(plan, draft, &error), SMD_E_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "other configurations"));
	draft->transition_count = 2;
	CU_ASSERT_EQUAL(smd_plan_compare(plan, draft, &error), 0);
	cJSON_Delete(plan);
	smd_draft_free(draft);
	end(&bench);
}

/* Store what a deployment of the draft leaves: records, ledgers, its own record. */
static void deployed(struct bench *bench, const struct smd_draft *draft, const char *id)
{
	cJSON *record = cJSON_CreateObject();
	cJSON *list = cJSON_AddArrayToObject(record, "configurations");
	struct smd_batch batch = {0};

	cJSON_AddStringToObject(record, "outcome", "done");
	for (size_t i = 0; i < draft->transition_count; i++) {
		const struct smd_transition *transition = draft->transitions[i];
		cJSON *json = cJSON_CreateObject(), *last = cJSON_CreateObject(), *to = NULL;

		CU_ASSERT_EQUAL_FATAL(smd_draft_record(draft, transition, id, &to), 0);
		cJSON_AddStringToObject(last, "deployment", id);
		store_json(bench, "deployed", transition->configuration, to);
		store_json(bench, "last", transition->configuration, last);
		cJSON_AddStringToObject(json, "configuration", transition->configuration);
		cJSON_AddItemToObject(json, "from", cJSON_CreateNull());
		cJSON_AddItemToObject(json, "to", to);
		cJSON_AddItemToArray(list, json);
		cJSON_Delete(last);
	}
	store_json(bench, "deployment", id, record);
	cJSON_Delete(record);
	for (size_t i = 0; i < draft->count; i++)
		smd_ledger_save(&draft->tasks[i].before, &draft->tasks[i].after,
				draft->tasks[i].device, &batch);
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(bench->site.store_thread, &batch, NULL), 0);
}

static void both_go_back_without_a_trace(void)
{
	struct bench bench;
	struct smd_draft *draft, *back;
	struct smd_transition **transitions = NULL;
	size_t count = 0;
	cJSON *plan;
	char path[256];

	begin(&bench);
	configure_domain(&bench, "blue", 100, "h1");
	configure_domain(&bench, "red", 200, "h2");
	draft = deploy_both(&bench);
	compute_all(draft, NULL);
	deployed(&bench, draft, "d7");
	CU_ASSERT_EQUAL_FATAL(
		smd_transition_roll_back(&bench.site, "d7", &transitions, &count, NULL), 0);
	back = open_draft(&bench, transitions, count);
	compute_all(back, draft);
	CU_ASSERT_EQUAL_FATAL(back->count, draft->count);
	for (size_t i = 0; i < back->count; i++) {
		CU_ASSERT_EQUAL(back->tasks[i].share_count, 2);
		CU_ASSERT_EQUAL(smd_tree_compare(back->tasks[i].target, draft->tasks[i].running,
						 path, sizeof(path)),
				0);
		CU_ASSERT_EQUAL(back->tasks[i].after.count, 0);
		CU_ASSERT_STRING_EQUAL(back->tasks[i].base, draft->tasks[i].goal);
	}
	plan = write_plan(back);
	CU_ASSERT(is_json(
		smd_json_member(cJSON_GetArrayItem(smd_json_array(plan, "devices"), 0), "carriers"),
		"[{\"vlan\":100,\"ports\":[\"h1\",\"p0\"]},{\"vlan\":200,\"ports\":[\"h2\",\"p0\"]}"
		"]"));
	CU_ASSERT_STRING_EQUAL(
		smd_json_string(cJSON_GetArrayItem(smd_json_array(plan, "configurations"), 1),
				"undoes"),
		"d7");
	cJSON_Delete(plan);
	smd_draft_free(back);
	smd_draft_free(draft);
	end(&bench);
}

/* A configuration has a share only on the devices that it concerns. */
static void each_has_a_share_where_it_is(void)
{
	struct bench bench;
	struct smd_draft *draft;

	begin(&bench);
	configure_domain(&bench, "blue", 100, "h1");
	configure(&bench, "red",
		  "{\"smartdeploy-native:native\":{\"name\":\"red\",\"device\":[{\"name\":\"d1\","
		  "\"line\":[\"x\"]},{\"name\":\"d3\",\"line\":[\"y\"]}]}}");
	draft = deploy_both(&bench);
	CU_ASSERT_EQUAL_FATAL(draft->count, 4);
	CU_ASSERT_STRING_EQUAL(draft->tasks[1].device, "d1");
	CU_ASSERT_EQUAL(draft->tasks[0].share_count, 1);
	CU_ASSERT_PTR_NOT_NULL(draft->tasks[0].shares[0].part);
	CU_ASSERT_EQUAL_FATAL(draft->tasks[1].share_count, 2);
	CU_ASSERT_PTR_NOT_NULL(draft->tasks[1].shares[0].part);
	CU_ASSERT_EQUAL(smd_text_count(draft->tasks[1].shares[1].lines), 1);
	CU_ASSERT_STRING_EQUAL(draft->tasks[2].device, "d3");
	CU_ASSERT_EQUAL(draft->tasks[2].share_count, 1);
	CU_ASSERT_STRING_EQUAL(draft->tasks[2].shares[0].owner, "red");
	smd_draft_free(draft);
	end(&bench);
}

TEST_MAIN("several", TEST(two_domains_are_one_plan), TEST(all_configurations_are_compared),
	  TEST(both_go_back_without_a_trace), TEST(each_has_a_share_where_it_is));
