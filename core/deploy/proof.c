/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/proof.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/deploy/proof_sum.h"
#include "core/tree/own.h"

struct prober {
	struct smd_proof *proof;
	const struct smd_host *host;
	struct smd_remote *remote;
	struct smd_single single;
	struct smd_job job;
};

/*
 * check, state  NULL: there are no hosts.
 * domains       Number of entries that are bridge domains.
 * stage, round  What is under way.
 * left          Hosts that have not answered in this round.
 * lock          Held while the check is called: answers come on the loops of the sessions.
 */
struct smd_proof {
	uv_mutex_t lock;
	const struct smd_check *check;
	void *state;
	struct smd_tree *facts;
	struct smd_tree *evidence;
	struct prober *probers;
	size_t count;
	size_t domains;
	enum smd_check_stage stage;
	unsigned round, rounds;
	size_t left;
	int err;
	struct smd_error error;
	void (*done)(void *arg);
	void *arg;
	struct smd_loop *loop;
	struct smd_message message;
};

/* Facts */

static int add_host(struct smd_proof *proof, const struct smd_host *host)
{
	struct smd_node *node = smd_node_make(smd_tree_root(proof->facts), "host", host->name);
	int err = node ? smd_node_put_leaf(node, "address", host->ip) : SMD_E_NO_MEMORY;

	return err ? err : smd_node_put_leaf(node, "interface", host->interface);
}

static int add_seat(struct smd_node *domain, const struct smd_host *host, const char *tagging)
{
	struct smd_node *seat = smd_node_make(domain, "host", host->name);
	int err = seat ? smd_node_put_leaf(seat, "place", tagging ? "member" : "outside")
		       : SMD_E_NO_MEMORY;

	return err || !tagging ? err : smd_node_put_leaf(seat, "tagging", tagging);
}

static int has_member(const struct smd_inventory *inventory, const cJSON *record,
		      const uint8_t *roles)
{
	for (size_t i = 0; i < inventory->host_count; i++)
		if (roles[i] && smd_proof_tagging(record, &inventory->hosts[i]))
			return 1;
	return 0;
}

/*
 * The places of all hosts in one state of an entry. Where no host is a member, only hosts at
 * endpoints of the other state take part: others may belong to other domains and reach each
 * other.
 */
static int add_state(struct smd_proof *proof, const struct smd_inventory *inventory,
		     const struct smd_proof_entry *entry, const char *state, const cJSON *record,
		     const uint8_t *roles)
{
	struct smd_node *domain =
		smd_node_make(smd_tree_root(proof->facts), state, entry->configuration);
	int64_t vlan = smd_json_number(record, "vlan", smd_proof_vlan(entry));
	int members = has_member(inventory, record, roles);
	char number[16];
	int err;

	snprintf(number, sizeof(number), "%d", (int)vlan);
	err = domain ? smd_node_put_leaf(domain, "vlan", number) : SMD_E_NO_MEMORY;
	for (size_t i = 0; i < inventory->host_count && !err; i++) {
		const struct smd_host *host = &inventory->hosts[i];

		if (roles[i] == SMD_PROOF_ENDPOINT || (roles[i] && members))
			err = add_seat(domain, host, smd_proof_tagging(record, host));
	}
	return err;
}

static int add_entry(struct smd_proof *proof, struct smd_site *site,
		     const struct smd_proof_entry *entry, uint8_t *roles, uint8_t *chosen)
{
	int err = smd_proof_choose(entry, site->inventory, site->topology, roles);

	if (err || !smd_proof_vlan(entry))
		return err;
	proof->domains++;
	err = add_state(proof, site->inventory, entry, "new", entry->after, roles);
	if (!err)
		err = add_state(proof, site->inventory, entry, "old", entry->before, roles);
	for (size_t i = 0; i < site->inventory->host_count; i++)
		if (roles[i])
			chosen[i] = 1;
	return err;
}

static int add_run(struct smd_proof *proof)
{
	char run[17];
	uint8_t bytes[8];
	int err = smd_random(bytes, sizeof(bytes));

	smd_hex(bytes, sizeof(bytes), run);
	return err ? err : smd_node_put_leaf(smd_tree_root(proof->facts), "run", run);
}

/* VLANs that other deployed domains carry on the ports of the hosts. */

struct others {
	struct smd_proof *proof;
	const struct smd_proof_entry *entries;
	size_t count;
};

static int is_entry(const struct others *others, const char *configuration)
{
	for (size_t i = 0; i < others->count; i++)
		if (!strcmp(others->entries[i].configuration, configuration))
			return 1;
	return 0;
}

static int on_other(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct others *others = arg;
	smd_cleanup(cJSON_Delete) cJSON *record = NULL;
	uint32_t vlan;
	int err = is_entry(others, key) ? 0 : smd_json_parse(value, size, key, &record, NULL);

	(void)revision;
	vlan = (uint32_t)smd_json_number(record, "vlan", 0);
	for (size_t i = 0; vlan && i < others->proof->count && !err; i++) {
		const struct prober *prober = &others->proof->probers[i];
		struct smd_node *root = smd_tree_root(others->proof->facts);

		if (smd_proof_tagging(record, prober->host))
			err = smd_node_put_numbers(smd_node_make(root, "host", prober->host->name),
						   "also", vlan, vlan);
	}
	return err;
}

/* Hosts */

static int open_hosts(struct smd_proof *proof, struct smd_site *site, const uint8_t *chosen,
		      struct smd_error *error)
{
	const struct smd_inventory *inventory = site->inventory;
	int err = 0;

	proof->probers = calloc(inventory->host_count + 1, sizeof(*proof->probers));
	if (!proof->probers)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	for (size_t i = 0; i < inventory->host_count && !err; i++) {
		struct prober *prober = &proof->probers[proof->count];

		if (!chosen[i])
			continue;
		prober->proof = proof;
		prober->host = &inventory->hosts[i];
		if (add_host(proof, prober->host))
			return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
		err = smd_remote_open_host(site, prober->host, proof->check->profile,
					   &prober->remote, error);
		if (!err)
			proof->count++;
	}
	return err;
}

static int find_hosts(struct smd_proof *proof, struct smd_site *site, const struct others *others,
		      uint8_t *chosen, struct smd_error *error)
{
	smd_cleanup(free) uint8_t *roles = calloc(site->inventory->host_count + 1, 1);
	const struct smd_plugin *plugin;
	int err = roles ? 0 : SMD_E_NO_MEMORY;

	for (size_t i = 0; i < others->count && !err; i++)
		err = add_entry(proof, site, &others->entries[i], roles, chosen);
	if (err)
		return smd_fail(error, err, "out of memory");
	if (!memchr(chosen, 1, site->inventory->host_count))
		return 0;
	plugin = smd_loader_plugin(site->loader, SMD_PLUGIN_CHECK, "traffic", error);
	if (!plugin)
		return error->code;
	proof->check = plugin->check;
	err = open_hosts(proof, site, chosen, error);
	if (!err)
		err = smd_store_thread_each(site->store_thread, "deployed", "", on_other,
					    (void *)others, error);
	return err ? err
		   : proof->check->open(proof->facts, smd_loader_settings(plugin), &proof->state,
					error);
}

static struct smd_proof *alloc_proof(void)
{
	struct smd_proof *proof = calloc(1, sizeof(*proof));

	if (proof && uv_mutex_init(&proof->lock))
		free(smd_take(proof));
	return proof;
}

int smd_proof_new(struct smd_site *site, const struct smd_proof_entry *entries, size_t count,
		  struct smd_proof **out, struct smd_error *error)
{
	smd_cleanup(smd_proof_free) struct smd_proof *proof = alloc_proof();
	smd_cleanup(free) uint8_t *chosen = calloc(site->inventory->host_count + 1, 1);
	struct others others = {proof, entries, count};
	struct smd_error own;
	int err;

	*out = NULL;
	error = error ? error : &own;
	if (!proof || !chosen || smd_tree_new(&proof->facts) || add_run(proof))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	proof->loop = site->loops[0];
	err = find_hosts(proof, site, &others, chosen, error);
	if (!err)
		*out = smd_take(proof);
	return err;
}

void smd_proof_free(struct smd_proof *proof)
{
	if (!proof)
		return;
	for (size_t i = 0; i < proof->count; i++)
		smd_remote_close(proof->probers[i].remote, NULL);
	if (proof->state)
		proof->check->close(proof->state);
	smd_tree_free(proof->facts);
	smd_tree_free(proof->evidence);
	uv_mutex_destroy(&proof->lock);
	free(proof->probers);
	free(proof);
}

size_t smd_proof_hosts(const struct smd_proof *proof)
{
	return proof->count;
}

/* Rounds */

static void next_round(struct smd_proof *proof);

static void one_less(struct smd_proof *proof)
{
	if (--proof->left)
		return;
	proof->round++;
	next_round(proof);
}

static void take_answer(struct smd_single *single, const struct smd_answer *answer)
{
	struct prober *prober = single->arg;
	struct smd_proof *proof = prober->proof;

	uv_mutex_lock(&proof->lock);
	proof->check->on_answer(proof->state, proof->round, prober->host->name, answer);
	uv_mutex_unlock(&proof->lock);
}

static void was_asked(struct smd_job *job)
{
	struct prober *prober = job->arg;
	struct smd_proof *proof = prober->proof;

	if (job->err) {
		uv_mutex_lock(&proof->lock);
		proof->check->on_unreachable(proof->state, proof->round, prober->host->name,
					     &job->error);
		uv_mutex_unlock(&proof->lock);
	}
	one_less(proof);
}

static void ask_host(struct prober *prober)
{
	struct smd_proof *proof = prober->proof;
	int asked;

	prober->single = (struct smd_single){.on_answer = take_answer, .arg = prober};
	uv_mutex_lock(&proof->lock);
	asked = proof->check->ask(proof->state, proof->round, prober->host->name,
				  &prober->single.action);
	uv_mutex_unlock(&proof->lock);
	if (asked <= 0) {
		one_less(proof);
		return;
	}
	prober->job = (struct smd_job){
		.next = smd_single_next,
		.run = {.state = &prober->single, .device = prober->host->name, .tag = ""},
		.reply = proof->loop,
		.done = was_asked,
		.arg = prober,
	};
	smd_session_submit(prober->remote->session, &prober->job);
}

static void stage_over(struct smd_proof *proof)
{
	if (proof->stage != SMD_CHECK_BASELINE)
		proof->err = proof->check->judge(proof->state, proof->evidence, &proof->error);
	proof->done(proof->arg);
}

static void next_round(struct smd_proof *proof)
{
	if (proof->round == proof->rounds) {
		stage_over(proof);
		return;
	}
	/* One for this function, so that the count reaches 0 only once */
	proof->left = proof->count + 1;
	for (size_t i = 0; i < proof->count; i++)
		ask_host(&proof->probers[i]);
	one_less(proof);
}

static void begin_stage(struct smd_proof *proof)
{
	smd_tree_free(smd_take(proof->evidence));
	proof->err = smd_tree_new(&proof->evidence);
	if (proof->err)
		smd_fail(&proof->error, proof->err, "out of memory");
	if (!proof->count || proof->err) {
		proof->done(proof->arg);
		return;
	}
	proof->round = 0;
	proof->rounds = proof->check->begin(proof->state, proof->stage);
	next_round(proof);
}

void smd_proof_baseline(struct smd_proof *proof, void (*done)(void *arg), void *arg)
{
	proof->stage = SMD_CHECK_BASELINE;
	proof->done = done;
	proof->arg = arg;
	begin_stage(proof);
}

static enum smd_check_stage stage_of(enum smd_proof_state state)
{
	return state == SMD_PROOF_AFTER ? SMD_CHECK_NEW : SMD_CHECK_OLD;
}

void smd_proof_start(struct smd_proof *proof, enum smd_proof_state state, void (*done)(void *arg),
		     void *arg)
{
	proof->stage = stage_of(state);
	proof->done = done;
	proof->arg = arg;
	begin_stage(proof);
}

static void post_done(void *arg)
{
	smd_latch_post(arg);
}

static void begin_on_loop(void *arg)
{
	begin_stage(arg);
}

void smd_proof_run(struct smd_proof *proof, enum smd_proof_state state)
{
	struct smd_latch done;

	smd_latch_init(&done, smd_loop_clock(proof->loop));
	proof->stage = stage_of(state);
	proof->done = post_done;
	proof->arg = &done;
	proof->message.function = begin_on_loop;
	proof->message.arg = proof;
	smd_loop_post(proof->loop, &proof->message);
	smd_latch_wait(&done);
	smd_latch_done(&done);
}

int smd_proof_result(const struct smd_proof *proof, int require, cJSON **result,
		     struct smd_error *error)
{
	const struct smd_node *claims = proof->evidence ? smd_tree_top(proof->evidence) : NULL;
	int err = smd_proof_sum(claims, proof->count, require, result, error);

	if (!proof->domains)
		cJSON_Delete(smd_take(*result));
	if (proof->err && error)
		*error = proof->error;
	return proof->err ? proof->err : err;
}
