/* SPDX-License-Identifier: Apache-2.0 */
/* The FRRouting driver against the real daemons, with core's session over a real sshd. */
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "core/run/session.h"
#include "gen.h"
#include "plugins/sshd.h"
#include "policy.h"
#include "router.h"
#include "test.h"

#define ROUNDS 40
#define POLICY_ROUNDS 12

static struct router router;
static struct sshd sshd;
static struct smd_bench bench;
static struct smd_loop *loop;
static struct smd_session *session;
static struct smd_session_spec spec;

static void give_up(const char *why)
{
	printf("skipped: %s\n", why);
	fflush(stdout);
	_exit(77);
}

static void load_parts(void)
{
	const struct smd_plugin *channel, *protocol;

	if (smd_bench_init(&bench, PARTS, "frr", NULL, 0))
		printf("%s\n", bench.error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench.driver);
	channel = smd_loader_plugin(bench.loader, SMD_PLUGIN_CHANNEL, "ssh", &bench.error);
	protocol = smd_loader_plugin(bench.loader, SMD_PLUGIN_PROTOCOL, "cli", &bench.error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(channel);
	CU_ASSERT_PTR_NOT_NULL_FATAL(protocol);
	spec = (struct smd_session_spec){.device = "r1",
					 .channel = channel->channel,
					 .protocol = protocol->protocol,
					 .profile = bench.driver->profile,
					 .attach = bench.driver->attach,
					 .state = bench.state,
					 .patience = 20000};
}

static void start(void)
{
	char config[128];

	if (router_missing())
		give_up(router_missing());
	if (sshd_missing())
		give_up(sshd_missing());
	CU_ASSERT_EQUAL_FATAL(router_start(&router), 0);
	snprintf(config, sizeof(config), "ForceCommand /usr/bin/vtysh -N %s", router.name);
	CU_ASSERT_EQUAL_FATAL(sshd_start(&sshd, config), 0);
	load_parts();
	spec.target =
		(struct smd_channel_target){.host = "127.0.0.1",
					    .port = sshd.port,
					    .user = sshd.user,
					    .known_hosts = strdup(sshd_file(&sshd, "known_hosts")),
					    .key_file = strdup(sshd_file(&sshd, "user"))};
	CU_ASSERT_EQUAL_FATAL(smd_connector_new(&spec.connector, &bench.error), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &loop, &bench.error), 0);
	CU_ASSERT_EQUAL_FATAL(smd_session_new(loop, &spec, &session, &bench.error), 0);
}

static void stop(void)
{
	smd_session_close(session, NULL);
	smd_connector_free(spec.connector);
	smd_loop_free(loop);
	smd_bench_done(&bench);
	free((char *)spec.target.known_hosts);
	free((char *)spec.target.key_file);
	sshd_stop(&sshd);
	router_stop(&router);
}

/* A recorder that notes what was recorded before it was sent. */
struct notes {
	struct smd_recorder recorder;
	struct smd_text *lines;
};

static void note(struct smd_recorder *recorder, struct smd_job *job,
		 const struct smd_exchange *exchanges, size_t count)
{
	struct notes *notes = (struct notes *)recorder;

	for (size_t i = 0; i < count; i++)
		smd_text_line(notes->lines, exchanges[i].send);
	smd_job_recorded(job, 0, NULL);
}

static void job_done(struct smd_job *job)
{
	uv_sem_post(job->arg);
}

/*
 * Run one stage over the session to its end. The caller sets job->next and what is needed of
 * job->run.
 */
static int run_job(struct smd_job *job)
{
	uv_sem_t done;

	CU_ASSERT_EQUAL_FATAL(uv_sem_init(&done, 0), 0);
	job->reply = loop;
	job->done = job_done;
	job->arg = &done;
	job->run.device = "r1";
	job->run.tag = "d-1";
	if (!job->run.state)
		job->run.state = bench.state;
	smd_session_submit(session, job);
	uv_sem_wait(&done);
	uv_sem_destroy(&done);
	return job->err;
}

static struct smd_tree *fetch(void)
{
	struct smd_text *result = bench_text(), *covered = bench_text();
	struct smd_job job = {.next = bench.driver->fetch,
			      .run = {.result = result, .covered = covered}};
	struct smd_tree *tree = NULL;

	if (run_job(&job))
		printf("%s\n", job.error.message);
	else
		tree = smd_bench_parse(&bench, result);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(result);
	smd_text_free(covered);
	return tree;
}

/* Run the commit. Every line of the payload up to the refused one must have been recorded. */
static struct smd_job commit(const struct smd_text *payload)
{
	struct notes notes = {{note}, bench_text()};
	struct smd_job job = {.next = bench.driver->commit,
			      .run = {.payload = payload},
			      .recorder = &notes.recorder};
	size_t found = 0;

	run_job(&job);
	for (size_t i = 0; i < smd_text_count(notes.lines); i++) {
		const char *line = smd_text_get(payload, found, NULL);

		found += line && !strcmp(line, smd_text_get(notes.lines, i, NULL));
	}
	CU_ASSERT_EQUAL(found, smd_text_count(payload));
	smd_text_free(notes.lines);
	return job;
}

static struct smd_tree *tree_of(const char *bytes)
{
	struct smd_text *text;
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&text, bytes, strlen(bytes)), 0);
	tree = smd_bench_parse(&bench, text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(text);
	return tree;
}

static int has(const struct smd_tree *tree, const char *path)
{
	return smd_tree_at(tree, path, NULL, NULL) != NULL;
}

static void the_version_is_learned(void)
{
	struct smd_text *result = bench_text(), *covered = bench_text();
	struct smd_job job = {.next = bench.driver->fetch,
			      .run = {.result = result, .covered = covered}};

	CU_ASSERT_EQUAL(run_job(&job), 0);
	CU_ASSERT_STRING_EQUAL(job.error.message, "");
	CU_ASSERT_STRING_EQUAL(job.facts.product, "FRRouting");
	CU_ASSERT(job.facts.version[0] >= '1' && job.facts.version[0] <= '9');
	CU_ASSERT_PTR_NULL(strchr(job.facts.version, ' '));
	CU_ASSERT_EQUAL(job.facts.candidate, SMD_CANDIDATE_NONE);
	CU_ASSERT_EQUAL(job.facts.atomic, 0);
	CU_ASSERT_EQUAL(job.facts.timer_longest, 0);
	smd_text_free(result);
	smd_text_free(covered);
}

static void random_routes(struct gen *gen, struct smd_text *text)
{
	static const char *const options[] = {"", " 20", " tag 7", " tag 8 30"};

	for (unsigned i = gen_below(gen, 12); i; i--) {
		unsigned prefix = gen_below(gen, 40);

		if (gen_chance(gen, 30)) {
			smd_text_linef(text, "ip route 10.%u.0.0/16 %s%s", i,
				       gen_chance(gen, 50) ? "Null0" : "blackhole",
				       gen_chance(gen, 50) ? "" : " 250");
			continue;
		}
		smd_text_linef(text, "ip route 10.%u.%u.0/24 192.0.2.%u%s", 100 + i, prefix,
			       1 + gen_below(gen, 3), options[gen_below(gen, 4)]);
	}
}

static void random_interfaces(struct gen *gen, struct smd_text *text)
{
	static const char *const words[] = {"to", "spine1", "\"quoted", "b\xc3\xb6rse", "#7",
					    "!",  "(x)",    "no",       "exit"};
	static const char *const names[] = {"lo", "eth1", "eth2", "eth3"};

	for (unsigned i = 0; i < SMD_COUNT(names); i++) {
		char line[128] = " description";
		size_t used = strlen(line);

		if (gen_chance(gen, 40))
			continue;
		for (unsigned k = 1 + gen_below(gen, 4); k; k--)
			used += (size_t)snprintf(line + used, sizeof(line) - used, " %s",
						 words[gen_below(gen, SMD_COUNT(words))]);
		smd_text_linef(text, "interface %s", names[i]);
		smd_text_line(text, line);
	}
}

/* A random tree: the base plus random routes and interfaces. */
static struct smd_tree *random_tree(struct gen *gen, const struct smd_tree *base)
{
	struct smd_text *text = smd_bench_print(&bench, base);
	struct smd_tree *tree;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	random_routes(gen, text);
	random_interfaces(gen, text);
	tree = smd_bench_parse(&bench, text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(text);
	return tree;
}

/*
 * Enter the commands from `from` to `to` into the router. Router, simulation and `to` must
 * agree.
 */
static int lead(const struct smd_tree *from, const struct smd_tree *to)
{
	struct smd_text *payload = smd_bench_payload(&bench, from, to);
	struct smd_tree *simulated = payload ? smd_bench_enter(&bench, from, to, payload) : NULL,
			*real;
	struct smd_job job;
	int good;

	CU_ASSERT_PTR_NOT_NULL_FATAL(simulated);
	job = commit(payload);
	real = fetch();
	good = !job.err && smd_bench_same(real, simulated) && smd_bench_same(real, to);
	CU_ASSERT(good);
	if (!good) {
		printf("%s\n", job.error.message);
		bench_show("from", from);
		bench_show_text("payload", payload);
		bench_show("real", real);
		bench_show("simulated", simulated);
	}
	smd_tree_free(real);
	smd_tree_free(simulated);
	smd_text_free(payload);
	return good;
}

static void the_router_agrees_with_the_simulation(void)
{
	struct smd_tree *base = fetch();
	struct gen gen;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		struct smd_tree *running = fetch(), *wanted = random_tree(&gen, base);
		int good = lead(running, wanted) && lead(wanted, running) && lead(running, wanted);

		smd_tree_free(running);
		smd_tree_free(wanted);
		if (!good)
			break;
	}
	smd_tree_free(base);
}

static struct smd_tree *policy_tree(const struct policy *policy, const struct smd_tree *base)
{
	struct smd_text *text = smd_bench_print(&bench, base);
	struct smd_tree *tree;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	policy_print(policy, text);
	tree = smd_bench_parse(&bench, text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tree);
	smd_text_free(text);
	return tree;
}

/* Lists, route maps, neighbors and routes: created, changed a little, and removed. */
static void policies_land_where_they_should(void)
{
	struct smd_tree *base = fetch(), *running = fetch();
	struct policy policy;
	struct gen gen;
	int good = 1;

	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(POLICY_ROUNDS); i < rounds && good; i++) {
		struct smd_tree *first, *second;

		policy_make(&policy, &gen);
		first = policy_tree(&policy, base);
		policy_change(&policy, &gen, 4 + gen_below(&gen, 40));
		second = policy_tree(&policy, base);
		good = lead(running, first) && lead(first, second) && lead(second, first);
		smd_tree_free(second);
		smd_tree_free(running);
		running = first;
	}
	CU_ASSERT(!good || lead(running, base));
	smd_tree_free(running);
	smd_tree_free(base);
}

/* Send one line and take its answer. */
static void take_answer(struct smd_single *single, const struct smd_answer *answer)
{
	snprintf(single->arg, 64, "%s", answer->prompt ? answer->prompt : "");
}

static void say(const char *line, char prompt[64])
{
	struct smd_exchange exchange = {.send = line, .flags = SMD_X_READS};
	struct smd_single single = {
		.action = {.act = SMD_ACT_EXCHANGE, .exchanges = &exchange, .exchange_count = 1},
		.on_answer = take_answer,
		.arg = prompt};
	struct smd_job job = {.next = smd_single_next, .run = {.state = &single}};

	CU_ASSERT_EQUAL(run_job(&job), 0);
}

static void a_refused_line_ends_the_payload(void)
{
	static const struct {
		const char *line, *says;
	} refused[] = {
		{"ip route 10.0.0.0/40 Null0", "% Unknown command: ip route 10.0.0.0/40 Null0"},
		{"ip route", "% Command incomplete"},
		{"no interface lo", "% Configuration failed."},
		{"no ip route 172.16.0.0/12 Null0", "% Refusing to remove a non-existent route"},
	};

	for (size_t i = 0; i < SMD_COUNT(refused); i++) {
		struct notes notes = {{note}, bench_text()};
		struct smd_text *payload = bench_text();
		struct smd_job job = {.next = bench.driver->commit,
				      .run = {.payload = payload},
				      .recorder = &notes.recorder};
		struct smd_tree *tree;
		char prompt[64];

		smd_text_line(payload, "ip route 203.0.113.0/25 Null0");
		smd_text_line(payload, "interface lo");
		smd_text_line(payload, refused[i].line);
		smd_text_line(payload, "ip route 203.0.113.128/25 Null0");
		CU_ASSERT_EQUAL(run_job(&job), SMD_E_DEVICE);
		CU_ASSERT_EQUAL(job.reason, SMD_CLASS_REFUSED);
		CU_ASSERT_PTR_NOT_NULL(strstr(job.error.message, refused[i].line));
		CU_ASSERT_PTR_NOT_NULL(strstr(job.error.message, refused[i].says));
		say("show version", prompt);
		CU_ASSERT_PTR_NULL(strchr(prompt, '('));
		tree = fetch();
		CU_ASSERT(has(tree, "/ip route 203.0.113.0\\/25"));
		CU_ASSERT_FALSE(has(tree, "/ip route 203.0.113.128\\/25"));
		smd_tree_free(tree);
		smd_text_free(payload);
		smd_text_free(notes.lines);
	}
}

static void a_commit_leaves_configuration_mode(void)
{
	struct smd_text *payload = bench_text();
	struct smd_job job;
	char prompt[64];

	smd_text_line(payload, "ip route 203.0.113.0/25 Null0");
	job = commit(payload);
	CU_ASSERT_EQUAL(job.err, 0);
	say("show version", prompt);
	CU_ASSERT_PTR_NULL(strchr(prompt, '('));
	smd_text_free(payload);
}

static void a_stage_begins_in_any_mode(void)
{
	struct smd_tree *before = fetch(), *after;
	struct smd_text *payload = bench_text();
	struct smd_job job;
	char prompt[64];

	say("configure terminal", prompt);
	say("interface lo", prompt);
	CU_ASSERT_PTR_NOT_NULL(strstr(prompt, "(config-if)"));
	after = fetch();
	CU_ASSERT(smd_bench_same(before, after));
	say("configure terminal", prompt);
	say("interface lo", prompt);
	smd_text_line(payload, "no ip route 203.0.113.0/25 Null0");
	job = commit(payload);
	CU_ASSERT_EQUAL(job.err, 0);
	smd_text_free(payload);
	smd_tree_free(before);
	smd_tree_free(after);
}

/* In vtysh the host name of a session is not part of the configuration. */
static void the_name_of_a_session_is_no_configuration(void)
{
	struct smd_tree *tree = tree_of("hostname renamed\n"), *empty = tree_of("");

	CU_ASSERT(smd_bench_same(tree, empty));
	smd_tree_free(tree);
	smd_tree_free(empty);
}

static void what_runs_is_saved(void)
{
	static const char line[] = "ip route 203.0.113.32/27 Null0";
	struct notes notes = {{note}, bench_text()};
	struct smd_job save = {.next = bench.driver->persist, .recorder = &notes.recorder};
	struct smd_text *payload = bench_text();

	smd_text_line(payload, line);
	CU_ASSERT_EQUAL(commit(payload).err, 0);
	CU_ASSERT_FALSE(router_saved(&router, "staticd", line));
	if (run_job(&save))
		printf("%s\n", save.error.message);
	CU_ASSERT_EQUAL(save.err, 0);
	CU_ASSERT(router_saved(&router, "staticd", line));
	CU_ASSERT_STRING_EQUAL(smd_text_get(notes.lines, 0, NULL), "write memory");
	smd_text_free(notes.lines);
	smd_text_free(payload);
}

TEST_MAIN("frr", TEST(start), TEST(the_version_is_learned),
	  TEST(the_router_agrees_with_the_simulation), TEST(policies_land_where_they_should),
	  TEST(a_refused_line_ends_the_payload), TEST(a_commit_leaves_configuration_mode),
	  TEST(a_stage_begins_in_any_mode), TEST(the_name_of_a_session_is_no_configuration),
	  TEST(what_runs_is_saved), TEST(stop));
