/* SPDX-License-Identifier: Apache-2.0 */
#include "fabric.h"
#include "test.h"

static struct smd_model *model;

static void loading(void)
{
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &model, NULL), 0);
}

static void unloading(void)
{
	smd_model_free(model);
}

static int judge(const struct net *net, const struct smd_port *ports, size_t count,
		 const char *const *read, size_t read_count, struct smd_error *error)
{
	return smd_loop_check(net->topology, 100, ports, count, read, read_count, error);
}

static void loops(void)
{
	static const char *const all[] = {"d5", "d0", "d1", "d2", "d3", "d4"};
	/* A loop d1 - d4 - d2 - d5 - d1, and a link d0 - d4. */
	static const struct smd_port ports[] = {
		{"d0", "p0"}, {"d4", "p0"}, {"d1", "p2"}, {"d4", "p2"}, {"d1", "p3"}, {"d5", "p3"},
		{"d2", "p4"}, {"d4", "p4"}, {"d0", "h1"}, {"d2", "p5"}, {"d5", "p5"}};
	struct net net = {0};
	struct smd_error error;
	struct fabric fabric = fabric_clos;

	fabric.has_endpoint[0] = 1;
	fabric_build(NULL, &fabric, model, &net);
	CU_ASSERT_EQUAL(judge(&net, ports, 11, all, 6, &error), SMD_E_UNSAFE);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "VLAN 100"));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "d1 p2 - d4 p2, d1 p3 - d5 p3, "
						     "d2 p4 - d4 p4, d2 p5 - d5 p5"));
	CU_ASSERT_PTR_NULL(strstr(error.message, "d0"));
	/*
	 * Only one end of the last link carries the VLAN: it is active only if the other device
	 * was not read.
	 */
	CU_ASSERT_EQUAL(judge(&net, ports, 10, all, 6, &error), 0);
	/* d5 was not read */
	CU_ASSERT_EQUAL(judge(&net, ports, 10, all + 1, 5, &error), SMD_E_UNSAFE);
	CU_ASSERT_EQUAL(judge(&net, ports, 9, NULL, 0, &error), 0);
	CU_ASSERT_EQUAL(judge(&net, NULL, 0, NULL, 0, &error), 0);
	net_done(&net);
}

static void a_loop_of_two_parallel_links(void)
{
	static const struct smd_port ports[] = {
		{"d0", "p0"}, {"d1", "p0"}, {"d0", "p2"}, {"d1", "p2"}, {"d1", "p2"}};
	struct fabric fabric = {.devices = 2, .links = 3, .a = {0, 0, 0}, .b = {1, 1, 1}};
	struct net net = {0};
	struct smd_error error;

	fabric.has_endpoint[0] = 1;
	fabric_build(NULL, &fabric, model, &net);
	CU_ASSERT_EQUAL(judge(&net, ports, 2, NULL, 0, &error), 0);
	CU_ASSERT_EQUAL(judge(&net, ports, 5, NULL, 0, &error), SMD_E_UNSAFE);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "d0 p0 - d1 p0, d0 p2 - d1 p2"));
	net_done(&net);
}

/* A graph has no loop if it has as many links as devices minus components. */
static void random_loops(void)
{
	struct gen gen;
	unsigned safe = 0, unsafe = 0;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(400); round < rounds; round++) {
		struct fabric fabric;
		struct net net = {0};
		struct smd_port ports[2 * LINKS];
		unsigned root[DEVICES], active = 0, joins = 0, carried[LINKS] = {0};
		const char *read[DEVICES];
		int was_read[DEVICES];
		size_t count = 0, reads = 0;

		fabric_random(&gen, &fabric, 10, 20);
		fabric_build(&gen, &fabric, model, &net);
		for (size_t i = 0; i < net.inventory->device_count; i++) {
			const char *name = net.inventory->devices[i].name;

			was_read[fabric_number(name)] = gen_chance(&gen, 70);
			if (was_read[fabric_number(name)])
				read[reads++] = name;
			root[i] = (unsigned)i;
		}
		for (size_t i = 0; i < net.topology->link_count; i++) {
			const struct smd_link *link = &net.topology->links[i];

			carried[i] = gen_chance(&gen, 60) ? gen_below(&gen, 4) : 0;
			if (carried[i] & 1)
				ports[count++] = (struct smd_port){link->a_device, link->a_port};
			if (carried[i] & 2)
				ports[count++] = (struct smd_port){link->b_device, link->b_port};
		}
		for (size_t i = 0; i < net.topology->link_count; i++) {
			unsigned a = fabric_number(net.topology->links[i].a_device);
			unsigned b = fabric_number(net.topology->links[i].b_device);

			if (!carried[i] || (carried[i] == 1 && was_read[b]) ||
			    (carried[i] == 2 && was_read[a]))
				continue;
			active++;
			joins += fabric_root(root, a) != fabric_root(root, b);
			root[fabric_root(root, a)] = fabric_root(root, b);
		}
		if (active == joins) {
			safe++;
			CU_ASSERT_EQUAL(judge(&net, ports, count, read, reads, NULL), 0);
		} else {
			unsafe++;
			CU_ASSERT_EQUAL(judge(&net, ports, count, read, reads, NULL), SMD_E_UNSAFE);
		}
		net_done(&net);
	}
	CU_ASSERT(safe > 20 && unsafe > 20);
}

TEST_MAIN("vlan loop", TEST(loading), TEST(loops), TEST(a_loop_of_two_parallel_links),
	  TEST(random_loops), TEST(unloading));
