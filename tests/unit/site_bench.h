/* SPDX-License-Identifier: Apache-2.0 */
/* A site for tests of plans: a store in memory, the leaf-spine fabric of fabric.h, no devices. */
#ifndef SMD_TESTS_UNIT_SITE_BENCH_H
#define SMD_TESTS_UNIT_SITE_BENCH_H

#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/plan/transition.h"
#include "fabric.h"
#include "test.h"

struct bench {
	struct net net;
	struct smd_site site;
};

static inline void begin(struct bench *bench)
{
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};
	struct fabric fabric = fabric_clos;

	*bench = (struct bench){0};
	fabric.has_endpoint[0] = fabric.has_endpoint[1] = 1;
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &bench->site.model, NULL),
			      0);
	fabric_build(NULL, &fabric, bench->site.model, &bench->net);
	bench->site.inventory = bench->net.inventory;
	bench->site.topology = bench->net.topology;
	bench->site.clock = smd_real_clock();
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &bench->site.store_thread, NULL), 0);
}

static inline void end(struct bench *bench)
{
	smd_store_thread_free(bench->site.store_thread);
	net_done(&bench->net);
	smd_model_free(bench->site.model);
}

static inline void store(struct bench *bench, const char *table, const char *key, const char *json)
{
	struct smd_batch batch = {0};

	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, table, key, json, strlen(json));
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_apply(bench->site.store_thread, &batch, NULL), 0);
}

/* Store revision 2 of a configuration: a VLAN on a port of d0 and d1. */
static inline void configure_domain(struct bench *bench, const char *name, unsigned vlan,
				    const char *port, const char *tagging)
{
	char text[512], json[1200], key[SMD_REVISION_KEY];

	snprintf(text, sizeof(text),
		 "{\\\"smartdeploy-bridge-domain:bridge-domain\\\":{\\\"name\\\":\\\"%s\\\","
		 "\\\"vlan\\\":%u,\\\"endpoint\\\":[{\\\"device\\\":\\\"d0\\\",\\\"port\\\":"
		 "\\\"%s\\\",\\\"tagging\\\":\\\"%s\\\"},{\\\"device\\\":\\\"d1\\\","
		 "\\\"port\\\":\\\"%s\\\"}]}}",
		 name, vlan, port, tagging, port);
	snprintf(json, sizeof(json), "{\"text\":\"%s\"}", text);
	smd_revision_key(name, 2, key);
	store(bench, "configuration", name, "{\"revision\":2}");
	store(bench, "revision", key, json);
}

/* Store configuration "blue", revision 2: VLAN 100 on port h1 of d0 and d1. */
static inline void configure(struct bench *bench, const char *tagging)
{
	configure_domain(bench, "blue", 100, "h1", tagging);
}

static inline struct smd_transition *deploy(struct bench *bench)
{
	struct smd_transition *transition = NULL;
	struct smd_error error = {0};
	int err = smd_transition_deploy(&bench->site, "blue", &transition, &error);

	if (err)
		printf("%s\n", error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	return transition;
}

#endif
