/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/traffic.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/tree/own.h"

struct prober {
	struct smd_traffic *traffic;
	const struct smd_host *host;
	struct smd_remote *remote;
	struct smd_single single;
	struct smd_job job;
};

struct smd_traffic {
	const struct smd_check *check;
	void *state;
	struct smd_tree *facts;
	struct smd_tree *evidence;
	struct prober *probers;
	size_t count;
	unsigned round;
	size_t left;
	int err;
	struct smd_error error;
	void (*done)(void *arg);
	void *arg;
	struct smd_loop *loop;
	struct smd_message message;
};

/* Facts */

static const char *tagging_at(const cJSON *record, const struct smd_host *host)
{
	const cJSON *endpoint;

	cJSON_ArrayForEach (endpoint, smd_json_array(record, "endpoints")) {
		const char *device = smd_json_string(endpoint, "device");
		const char *port = smd_json_string(endpoint, "port");

		if (device && port && !strcmp(device, host->device) &&
		    !strcmp(port, host->device_port))
			return smd_json_string(endpoint, "tagging");
	}
	return NULL;
}

/*
 * Whether a host outside of the domain is part of the test. Where nothing is deployed, only
 * hosts on the former endpoints are: others may belong to other domains and reach each other.
 */
static int takes_part(const struct smd_host *host, const cJSON *now, const cJSON *before)
{
	if (!host->ip[0] || !host->device[0])
		return 0;
	return now || tagging_at(before, host);
}

static int add_fact(struct smd_traffic *traffic, const struct smd_host *host, const char *tagging)
{
	struct smd_node *node = smd_node_make(smd_tree_root(traffic->facts), "host", host->name);
	int err = node ? smd_node_put_leaf(node, "address", host->ip) : SMD_E_NO_MEMORY;

	if (!err)
		err = smd_node_put_leaf(node, "interface", host->interface);
	if (!err)
		err = smd_node_put_leaf(node, "place", tagging ? "member" : "outside");
	if (!err && tagging)
		err = smd_node_put_leaf(node, "tagging", tagging);
	return err;
}

/* VLANs that other deployed domains carry on the ports of the hosts under test. */

struct others {
	struct smd_traffic *traffic;
	const char *configuration;
};

static int on_other(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct others *others = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	uint32_t vlan;
	int err = smd_json_parse(value, size, key, &record, NULL);

	(void)revision;
	vlan = (uint32_t)smd_json_number(record, "vlan", 0);
	if (!strcmp(key, others->configuration) || !vlan)
		return err;
	for (size_t i = 0; i < others->traffic->count && !err; i++) {
		const struct prober *prober = &others->traffic->probers[i];
		struct smd_node *root = smd_tree_root(others->traffic->facts);

		if (tagging_at(record, prober->host))
			err = smd_node_put_numbers(smd_node_make(root, "host", prober->host->name),
						   "also", vlan, vlan);
	}
	return err;
}

static int add_others(struct smd_traffic *traffic, struct smd_site *site, const char *configuration,
		      struct smd_error *error)
{
	struct others others = {traffic, configuration};

	return smd_store_thread_each(site->store_thread, "deployed", "", on_other, &others, error);
}

static int add_names(struct smd_traffic *traffic, const char *configuration, const cJSON *record)
{
	struct smd_node *root = smd_tree_root(traffic->facts);
	char number[16], run[17];
	uint8_t bytes[8];
	int err = smd_random(bytes, sizeof(bytes));

	smd_hex(bytes, sizeof(bytes), run);
	snprintf(number, sizeof(number), "%d", (int)smd_json_number(record, "vlan", 0));
	if (!err)
		err = smd_node_put_leaf(root, "name", configuration);
	if (!err)
		err = smd_node_put_leaf(root, "vlan", number);
	return err ? err : smd_node_put_leaf(root, "run", run);
}

static int add_hosts(struct smd_traffic *traffic, struct smd_site *site, const cJSON *now,
		     const cJSON *before, struct smd_error *error)
{
	const struct smd_inventory *inventory = site->inventory;
	int err = 0;

	traffic->probers = calloc(inventory->host_count + 1, sizeof(*traffic->probers));
	if (!traffic->probers)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < inventory->host_count && !err; i++) {
		const struct smd_host *host = &inventory->hosts[i];
		struct prober *prober = &traffic->probers[traffic->count];

		if (!takes_part(host, now, before))
			continue;
		if (add_fact(traffic, host, tagging_at(now, host)))
			return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
		prober->traffic = traffic;
		prober->host = host;
		err = smd_remote_open_host(site, host, traffic->check->profile, &prober->remote,
					   error);
		if (!err)
			traffic->count++;
	}
	return err;
}

int smd_traffic_new(struct smd_site *site, const char *configuration, const cJSON *now,
		    const cJSON *before, struct smd_traffic **out, struct smd_error *error)
{
	smd_cleanup(smd_traffic_free) struct smd_traffic *traffic = NULL;
	const cJSON *record = now ? now : before;
	const struct smd_plugin *plugin;
	int err;

	*out = NULL;
	if (smd_json_number(record, "vlan", 0) == 0 || !site->inventory->host_count)
		return 0;
	plugin = smd_loader_plugin(site->loader, SMD_PLUGIN_CHECK, "traffic", error);
	if (!plugin)
		return error->code;
	traffic = calloc(1, sizeof(*traffic));
	if (!traffic || smd_tree_new(&traffic->facts) || smd_tree_new(&traffic->evidence) ||
	    add_names(traffic, configuration, record))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	traffic->check = plugin->check;
	traffic->loop = site->loops[0];
	err = add_hosts(traffic, site, now, before, error);
	if (!err)
		err = add_others(traffic, site, configuration, error);
	if (err || !traffic->count)
		return err;
	err = traffic->check->open(traffic->facts, smd_loader_settings(plugin), &traffic->state,
				   error);
	if (!err)
		*out = smd_take(traffic);
	return err;
}

void smd_traffic_free(struct smd_traffic *traffic)
{
	if (!traffic)
		return;
	for (size_t i = 0; i < traffic->count; i++)
		smd_remote_close(traffic->probers[i].remote, NULL);
	if (traffic->state)
		traffic->check->close(traffic->state);
	smd_tree_free(traffic->facts);
	smd_tree_free(traffic->evidence);
	free(traffic->probers);
	free(traffic);
}

/* Rounds */

static void next_round(struct smd_traffic *traffic);

static void one_less(struct smd_traffic *traffic)
{
	if (--traffic->left)
		return;
	traffic->round++;
	next_round(traffic);
}

static void take_answer(struct smd_single *single, const struct smd_answer *answer)
{
	struct prober *prober = single->arg;
	struct smd_traffic *traffic = prober->traffic;

	traffic->check->on_answer(traffic->state, traffic->round, prober->host->name, answer);
}

static void was_asked(struct smd_job *job)
{
	static const struct smd_answer lost = {.end = SMD_END_LOST, .status = -1};
	struct prober *prober = job->arg;

	if (job->err) /* it could not be asked: no connection, or no memory */
		take_answer(&prober->single, &lost);
	one_less(prober->traffic);
}

static void ask_host(struct prober *prober)
{
	struct smd_traffic *traffic = prober->traffic;

	prober->single = (struct smd_single){.on_answer = take_answer, .arg = prober};
	if (traffic->check->ask(traffic->state, traffic->round, prober->host->name,
				&prober->single.action) <= 0) {
		one_less(traffic);
		return;
	}
	prober->job = (struct smd_job){
		.next = smd_single_next,
		.run = {.state = &prober->single, .device = prober->host->name, .tag = ""},
		.reply = traffic->loop,
		.done = was_asked,
		.arg = prober,
	};
	smd_session_submit(prober->remote->session, &prober->job);
}

static void next_round(struct smd_traffic *traffic)
{
	if (traffic->round == traffic->check->rounds) {
		traffic->err =
			traffic->check->judge(traffic->state, traffic->evidence, &traffic->error);
		traffic->done(traffic->arg);
		return;
	}
	/* One for this function, so that the count reaches 0 only once */
	traffic->left = traffic->count + 1;
	for (size_t i = 0; i < traffic->count; i++)
		ask_host(&traffic->probers[i]);
	one_less(traffic);
}

void smd_traffic_start(struct smd_traffic *traffic, void (*done)(void *arg), void *arg)
{
	traffic->done = done;
	traffic->arg = arg;
	traffic->round = 0;
	next_round(traffic);
}

static void post_done(void *arg)
{
	smd_latch_post(arg);
}

static void begin_rounds(void *arg)
{
	next_round(arg);
}

void smd_traffic_run(struct smd_traffic *traffic)
{
	struct smd_latch done;

	smd_latch_init(&done, smd_loop_clock(traffic->loop));
	traffic->done = post_done;
	traffic->arg = &done;
	traffic->round = 0;
	traffic->message.function = begin_rounds;
	traffic->message.arg = traffic;
	smd_loop_post(traffic->loop, &traffic->message);
	smd_latch_wait(&done);
	smd_latch_done(&done);
}

/* Evidence */

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

int smd_traffic_result(struct smd_traffic *traffic, cJSON **evidence, struct smd_error *error)
{
	const struct smd_node *top = smd_tree_top(traffic->evidence);
	cJSON *list = cJSON_CreateArray();
	int err = traffic->err;

	if (err && error)
		*error = traffic->error;
	for (const struct smd_node *claim = smd_node_first(top); claim && list;
	     claim = smd_node_next(claim)) {
		const char *result = or_empty(smd_node_leaf(claim, "result"));
		const char *seen = or_empty(smd_node_leaf(claim, "seen"));
		cJSON *json = cJSON_CreateObject();

		cJSON_AddStringToObject(json, "claim", smd_node_key(claim, 0));
		cJSON_AddStringToObject(json, "result", result);
		cJSON_AddStringToObject(json, "seen", seen);
		cJSON_AddItemToArray(list, json);
		if (!err && !strcmp(result, "broken"))
			err = smd_fail(error, SMD_E_DEVICE, "not true: %s (%s)",
				       smd_node_key(claim, 0), seen);
	}
	*evidence = list;
	return err;
}
