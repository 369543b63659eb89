/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who takes part in a proof by traffic: the rule of proof_hosts.h, on a fabric of leaves. And what
 * its claims come to.
 */
#include <stdio.h>

#include "../test.h"
#include "core/deploy/proof_hosts.h"
#include "core/deploy/proof_sum.h"

#define LEAVES 40
#define PORTS 25 /* hosts of each leaf */
#define HOSTS ((size_t)LEAVES * PORTS)

/* Host I is at port pI of leaf I % LEAVES; all leaves hang on both spines. */
static struct fabric {
	char names[HOSTS][8], ports[HOSTS][8], leaves[LEAVES][8];
	struct smd_host hosts[HOSTS];
	struct smd_link links[2 * LEAVES];
	struct smd_inventory inventory;
	struct smd_topology topology;
	uint8_t roles[HOSTS];
} fabric;

static const char *const spines[] = {"spine1", "spine2"};

static void make_fabric(void)
{
	for (size_t i = 0; i < LEAVES; i++) {
		snprintf(fabric.leaves[i], sizeof(fabric.leaves[i]), "leaf%zu", i);
		for (size_t j = 0; j < 2; j++)
			fabric.links[2 * i + j] = (struct smd_link){fabric.leaves[i], spines[j],
								    spines[j], fabric.leaves[i]};
	}
	for (size_t i = 0; i < HOSTS; i++) {
		snprintf(fabric.names[i], sizeof(fabric.names[i]), "h%zu", i);
		snprintf(fabric.ports[i], sizeof(fabric.ports[i]), "p%zu", i);
		fabric.hosts[i] = (struct smd_host){.name = fabric.names[i],
						    .address = "",
						    .device = fabric.leaves[i % LEAVES],
						    .device_port = fabric.ports[i],
						    .interface = "eth0",
						    .ip = "192.0.2.1"};
	}
	fabric.inventory = (struct smd_inventory){.hosts = fabric.hosts, .host_count = HOSTS};
	fabric.topology = (struct smd_topology){fabric.links, 2 * (size_t)LEAVES};
}

/*
 * A deployed record of a fresh fabric: endpoints at these hosts, the leaves joined over spine1.
 * The list is ended by -1.
 */
static cJSON *record_of(int vlan, const int *hosts)
{
	cJSON *record = cJSON_CreateObject();
	cJSON *endpoints, *links;

	make_fabric();
	cJSON_AddNumberToObject(record, "vlan", vlan);
	endpoints = cJSON_AddArrayToObject(record, "endpoints");
	links = cJSON_AddArrayToObject(record, "links");
	for (; *hosts >= 0; hosts++) {
		cJSON *endpoint = cJSON_CreateObject(), *link = cJSON_CreateObject();

		cJSON_AddStringToObject(endpoint, "device", fabric.hosts[*hosts].device);
		cJSON_AddStringToObject(endpoint, "port", fabric.hosts[*hosts].device_port);
		cJSON_AddStringToObject(endpoint, "tagging", *hosts % 2 ? "tagged" : "access");
		cJSON_AddItemToArray(endpoints, endpoint);
		cJSON_AddStringToObject(link, "a-device", fabric.hosts[*hosts].device);
		cJSON_AddStringToObject(link, "b-device", "spine1");
		cJSON_AddItemToArray(links, link);
	}
	return record;
}

static size_t count_role(enum smd_proof_role role)
{
	size_t count = 0;

	for (size_t i = 0; i < HOSTS; i++)
		count += fabric.roles[i] == role;
	return count;
}

static void choose(const cJSON *before, const cJSON *after)
{
	const struct smd_proof_entry entry = {"blue", before, after};

	CU_ASSERT_EQUAL(smd_proof_choose(&entry, &fabric.inventory, &fabric.topology, fabric.roles),
			0);
}

/* Of 1,000 hosts, as many as the domain's size asks for. */
static void few_of_a_thousand(void)
{
	cJSON *record = record_of(100, (const int[]){0, 1, -1});

	choose(NULL, record);
	CU_ASSERT_EQUAL(fabric.roles[0], SMD_PROOF_ENDPOINT);
	CU_ASSERT_EQUAL(fabric.roles[1], SMD_PROOF_ENDPOINT);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_ENDPOINT), 2);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_OTHER), 2 + SMD_PROOF_OTHERS);
	/* Two on each leaf of the path: the next hosts of leaf0 and leaf1. */
	CU_ASSERT_EQUAL(fabric.roles[LEAVES], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[2 * LEAVES], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[3 * LEAVES], SMD_PROOF_NONE);
	CU_ASSERT_EQUAL(fabric.roles[LEAVES + 1], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[2 * LEAVES + 1], SMD_PROOF_OTHER);
	/* The others are neighbours over spine1, one of each leaf. */
	for (size_t i = 2; i < 8; i++)
		CU_ASSERT_EQUAL(fabric.roles[i], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[8], SMD_PROOF_NONE);
	cJSON_Delete(record);
}

/* An endpoint that has left the domain takes part: it must not hear it any more. */
static void both_states_count(void)
{
	cJSON *before = record_of(100, (const int[]){0, 7, -1});
	cJSON *after = record_of(100, (const int[]){0, 9, -1});

	choose(before, after);
	CU_ASSERT_EQUAL(fabric.roles[0], SMD_PROOF_ENDPOINT);
	CU_ASSERT_EQUAL(fabric.roles[7], SMD_PROOF_ENDPOINT);
	CU_ASSERT_EQUAL(fabric.roles[9], SMD_PROOF_ENDPOINT);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_ENDPOINT), 3);
	CU_ASSERT_EQUAL(fabric.roles[LEAVES + 7], SMD_PROOF_OTHER); /* leaf7 is of the old path */
	choose(before, NULL);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_ENDPOINT), 2);
	cJSON_Delete(before);
	cJSON_Delete(after);
}

/* The nearer ones first: leaf0 alone is the path, spines have no hosts, then come other leaves. */
static void others_come_from_ever_further(void)
{
	cJSON *record = record_of(100, (const int[]){0, -1});

	cJSON_DeleteItemFromObject(record, "links");
	choose(NULL, record);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_ENDPOINT), 1);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_OTHER), 1 + SMD_PROOF_OTHERS);
	CU_ASSERT_EQUAL(fabric.roles[LEAVES], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[2 * LEAVES], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[1], SMD_PROOF_OTHER);
	CU_ASSERT_EQUAL(fabric.roles[LEAVES + 1], SMD_PROOF_NONE);
	/* Without spine1 and spine2 nothing further is known. */
	fabric.topology.link_count = 0;
	choose(NULL, record);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_OTHER), 2);
	cJSON_Delete(record);
}

static void a_host_that_cannot_test_is_left_out(void)
{
	cJSON *record = record_of(100, (const int[]){0, 1, -1});

	fabric.hosts[0].ip = "";
	fabric.hosts[LEAVES].device = "";
	choose(NULL, record);
	CU_ASSERT_EQUAL(fabric.roles[0], SMD_PROOF_NONE);
	CU_ASSERT_EQUAL(fabric.roles[LEAVES], SMD_PROOF_NONE);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_ENDPOINT), 1);
	cJSON_Delete(record);
}

static void without_a_host_of_the_domain_there_is_nobody_to_hear(void)
{
	cJSON *record = record_of(100, (const int[]){0, 1, -1});
	cJSON *native = cJSON_CreateObject();

	fabric.hosts[0].ip = fabric.hosts[1].ip = "";
	choose(NULL, record);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_NONE), HOSTS);
	choose(NULL, native);
	CU_ASSERT_EQUAL(count_role(SMD_PROOF_NONE), HOSTS);
	cJSON_Delete(record);
	cJSON_Delete(native);
}

static void the_tagging_of_a_record(void)
{
	cJSON *record = record_of(100, (const int[]){0, 1, -1});
	const struct smd_proof_entry entry = {"blue", record, NULL};

	CU_ASSERT_STRING_EQUAL(smd_proof_tagging(record, &fabric.hosts[0]), "access");
	CU_ASSERT_STRING_EQUAL(smd_proof_tagging(record, &fabric.hosts[1]), "tagged");
	CU_ASSERT_PTR_NULL(smd_proof_tagging(record, &fabric.hosts[2]));
	CU_ASSERT_PTR_NULL(smd_proof_tagging(NULL, &fabric.hosts[0]));
	CU_ASSERT_EQUAL(smd_proof_vlan(&entry), 100);
	cJSON_Delete(record);
}

/* Sum up a proof with so many claims of each result; each claim is called after its result. */
static int sum(size_t proven, size_t unproven, size_t broken, int require, const char *summary,
	       struct smd_error *error)
{
	static const char *const results[] = {"proven", "unproven", "broken"};
	const size_t counts[] = {proven, unproven, broken};
	struct smd_tree *evidence = NULL;
	cJSON *result = NULL;
	int err;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&evidence), 0);
	for (size_t i = 0; i < 3; i++)
		for (size_t j = 0; j < counts[i]; j++) {
			struct smd_node *claim;
			char text[32];

			snprintf(text, sizeof(text), "%s %zu", results[i], j);
			claim = smd_node_make(smd_tree_root(evidence), "claim", text);
			smd_node_put_leaf(claim, "result", results[i]);
			smd_node_put_leaf(claim, "seen", "this");
		}
	err = smd_proof_sum(smd_tree_top(evidence), 4, require, &result, error);
	CU_ASSERT_STRING_EQUAL(smd_json_string(result, "summary"), summary);
	CU_ASSERT_EQUAL((size_t)smd_json_number(result, "proven", 99), proven);
	CU_ASSERT_EQUAL((size_t)smd_json_number(result, "unproven", 99), unproven);
	CU_ASSERT_EQUAL((size_t)smd_json_number(result, "broken", 99), broken);
	CU_ASSERT_EQUAL((size_t)cJSON_GetArraySize(smd_json_array(result, "claims")),
			proven + unproven + broken);
	cJSON_Delete(result);
	smd_tree_free(evidence);
	return err;
}

static void what_is_broken_fails(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(sum(3, 1, 2, 0, "proven 3, broken 2, unproven 1", &error), SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(error.message, "not true: broken 0 (this)");
	CU_ASSERT_EQUAL(sum(3, 1, 2, 1, "proven 3, broken 2, unproven 1", &error), SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(error.message, "not true: broken 0 (this)");
}

static void what_is_unproven_fails_if_a_proof_is_required(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(sum(12, 0, 0, 1, "proven 12", &error), 0);
	CU_ASSERT_EQUAL(sum(12, 4, 0, 0, "proven 12, unproven 4", &error), 0);
	CU_ASSERT_EQUAL(sum(12, 4, 0, 1, "proven 12, unproven 4", &error), SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(error.message,
			       "a proof is required, but not proven: unproven 0 (this)");
	CU_ASSERT_EQUAL(sum(0, 4, 0, 0, "proven 0, unproven 4", &error), 0);
}

static void no_claim_is_no_proof(void)
{
	struct smd_error error = {0};
	cJSON *result = NULL;

	CU_ASSERT_EQUAL(sum(0, 0, 0, 0, "nothing to prove with so few hosts", &error), 0);
	CU_ASSERT_EQUAL(sum(0, 0, 0, 1, "nothing to prove with so few hosts", &error),
			SMD_E_DEVICE);
	CU_ASSERT_EQUAL(smd_proof_sum(NULL, 0, 0, &result, &error), 0);
	cJSON_Delete(result);
	CU_ASSERT_EQUAL(smd_proof_sum(NULL, 0, 1, &result, &error), SMD_E_DEVICE);
	CU_ASSERT_STRING_EQUAL(error.message, "a proof is required: no hosts to prove with");
	cJSON_Delete(result);
}

TEST_MAIN("proof", TEST(few_of_a_thousand), TEST(both_states_count),
	  TEST(others_come_from_ever_further), TEST(a_host_that_cannot_test_is_left_out),
	  TEST(without_a_host_of_the_domain_there_is_nobody_to_hear), TEST(the_tagging_of_a_record),
	  TEST(what_is_broken_fails), TEST(what_is_unproven_fails_if_a_proof_is_required),
	  TEST(no_claim_is_no_proof));
