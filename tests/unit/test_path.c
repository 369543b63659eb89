/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/tree.h>

#include <stdio.h>

#include "core/model/graph.h"
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

static int find(const struct net *net, const struct smd_path *in_place, struct smd_path **path,
		struct smd_error *error)
{
	size_t links = in_place ? in_place->link_count : 0;
	struct smd_port *ports = calloc(2 * links + 1, sizeof(*ports));
	int err;

	for (size_t i = 0; i < links; i++) {
		const struct smd_link *link = &in_place->links[i];

		ports[2 * i] = (struct smd_port){link->a_device, link->a_port};
		ports[2 * i + 1] = (struct smd_port){link->b_device, link->b_port};
	}
	err = smd_path_find(&net->document->domain, net->inventory, net->topology, ports, 2 * links,
			    path, error);
	free(ports);
	return err;
}

static int find_fresh(const struct fabric *fabric, struct smd_path **path, struct smd_error *error)
{
	struct net net = {0};
	int err;

	fabric_build(NULL, fabric, model, &net);
	err = find(&net, NULL, path, error);
	net_done(&net);
	return err;
}

static void links_are(const struct smd_path *path, const char *const *expected, size_t count)
{
	CU_ASSERT_EQUAL_FATAL(path->link_count, count);
	for (size_t i = 0; i < count; i++) {
		char name[160];

		snprintf(name, sizeof(name), "%s %s %s", path->links[i].a_device,
			 path->links[i].b_device, path->links[i].a_port);
		CU_ASSERT_STRING_EQUAL(name, expected[i]);
	}
}

static int same(const struct smd_path *a, const struct smd_path *b)
{
	if (a->link_count != b->link_count || a->device_count != b->device_count)
		return 0;
	for (size_t i = 0; i < a->device_count; i++)
		if (strcmp(a->devices[i], b->devices[i]))
			return 0;
	for (size_t i = 0; i < a->link_count; i++)
		if (strcmp(a->links[i].a_device, b->links[i].a_device) ||
		    strcmp(a->links[i].b_device, b->links[i].b_device) ||
		    strcmp(a->links[i].a_port, b->links[i].a_port) ||
		    strcmp(a->links[i].b_port, b->links[i].b_port))
			return 0;
	return 1;
}

static void one_device_alone(void)
{
	struct fabric fabric = fabric_clos;
	struct smd_path *path;

	fabric.has_endpoint[2] = 1;
	CU_ASSERT_EQUAL_FATAL(find_fresh(&fabric, &path, NULL), 0);
	CU_ASSERT_EQUAL(path->link_count, 0);
	CU_ASSERT_EQUAL_FATAL(path->device_count, 1);
	CU_ASSERT_STRING_EQUAL(path->devices[0], "d2");
	smd_path_free(path);
	smd_path_free(NULL);
}

static void low_names_win(void)
{
	struct fabric fabric = fabric_clos;
	struct smd_path *path;

	fabric.has_endpoint[1] = fabric.has_endpoint[3] = 1;
	CU_ASSERT_EQUAL_FATAL(find_fresh(&fabric, &path, NULL), 0);
	links_are(path, (const char *const[]){"d1 d4 p2", "d3 d4 p6"}, 2);
	CU_ASSERT(smd_path_has(path, "d1"));
	CU_ASSERT(smd_path_has(path, "d4"));
	CU_ASSERT_FALSE(smd_path_has(path, "d5"));
	smd_path_free(path);
}

/* d0 and d1 have links to both spines, d2 only to the second: the path uses that spine alone. */
static void a_common_spine_wins(void)
{
	struct fabric fabric = {.devices = 5,
				.links = 5,
				.is_leaf = {1, 1, 1},
				.has_endpoint = {1, 1, 1},
				.a = {0, 0, 1, 1, 2},
				.b = {3, 4, 3, 4, 4}};
	struct smd_path *path;

	CU_ASSERT_EQUAL_FATAL(find_fresh(&fabric, &path, NULL), 0);
	links_are(path, (const char *const[]){"d0 d4 p1", "d1 d4 p3", "d2 d4 p4"}, 3);
	smd_path_free(path);
}

/* A row 0 - 1 - 2 - 3, started at 0 without an endpoint: the useless link is removed again. */
static void a_useless_tip_is_cut(void)
{
	struct smd_edge *edges = calloc(3, sizeof(*edges));
	struct smd_graph graph = {.node_count = 4, .edge_count = 3, .edges = edges};
	const uint8_t allowed[] = {1, 1, 1, 1};
	const uint32_t goals[] = {2, 3};
	uint8_t chosen[3];
	uint32_t unreached;

	for (uint32_t i = 0; i < 3; i++)
		edges[i] = (struct smd_edge){.a = i, .b = i + 1, .weight = 1};
	CU_ASSERT_EQUAL_FATAL(smd_graph_index(&graph), 0);
	CU_ASSERT_EQUAL(smd_graph_span(&graph, allowed, goals, 2, 0, chosen, &unreached), 0);
	CU_ASSERT(!chosen[0] && !chosen[1] && chosen[2]);
	CU_ASSERT_EQUAL(smd_graph_weight(&graph, chosen), 1);
	smd_graph_done(&graph);
}

static void what_is_in_place_wins(void)
{
	static const struct smd_port ports[] = {
		{"d1", "p3"}, {"d5", "p3"}, {"d0", "p0"}, {"d3", "h1"}, {"d1", "p2"}};
	struct fabric fabric = fabric_clos;
	struct net net = {0};
	struct smd_path *path;

	fabric.has_endpoint[1] = fabric.has_endpoint[3] = 1;
	fabric_build(NULL, &fabric, model, &net);
	/* A link with only one end (p0, p2) among the ports is not in place. */
	CU_ASSERT_EQUAL_FATAL(smd_path_find(&net.document->domain, net.inventory, net.topology,
					    ports, SMD_COUNT(ports), &path, NULL),
			      0);
	links_are(path, (const char *const[]){"d1 d5 p3", "d3 d5 p7"}, 2);
	smd_path_free(path);
	net_done(&net);
}

static void parallel_links(void)
{
	static const struct smd_port ports[] = {{"d0", "p2"}, {"d1", "p2"}};
	struct fabric fabric = {.devices = 2, .links = 3, .a = {0, 1, 0}, .b = {1, 0, 1}};
	struct net net = {0};
	struct smd_path *path;

	fabric.has_endpoint[0] = fabric.has_endpoint[1] = 1;
	fabric_build(NULL, &fabric, model, &net);
	CU_ASSERT_EQUAL_FATAL(find(&net, NULL, &path, NULL), 0);
	links_are(path, (const char *const[]){"d0 d1 p0"}, 1);
	smd_path_free(path);
	CU_ASSERT_EQUAL_FATAL(smd_path_find(&net.document->domain, net.inventory, net.topology,
					    ports, 2, &path, NULL),
			      0);
	links_are(path, (const char *const[]){"d0 d1 p2"}, 1);
	smd_path_free(path);
	net_done(&net);
}

/* A row d0 - d1 - d2 of leaf devices. */
static void leaves_and_transit(void)
{
	struct fabric row = {
		.devices = 3, .links = 2, .is_leaf = {1, 1, 1}, .a = {0, 1}, .b = {1, 2}};
	struct smd_error error;
	struct smd_path *path;

	row.has_endpoint[0] = row.has_endpoint[2] = 1;
	CU_ASSERT_EQUAL(find_fresh(&row, &path, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"d0\" and \"d2\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "leaf without an endpoint, as \"d1\""));
	row.has_endpoint[1] = 1;
	CU_ASSERT_EQUAL_FATAL(find_fresh(&row, &path, NULL), 0);
	CU_ASSERT_EQUAL(path->link_count, 2);
	smd_path_free(path);
	row.has_endpoint[1] = row.is_leaf[1] = 0;
	CU_ASSERT_EQUAL_FATAL(find_fresh(&row, &path, NULL), 0);
	CU_ASSERT_EQUAL(path->link_count, 2);
	smd_path_free(path);
}

static void no_links_between(void)
{
	struct fabric fabric = {.devices = 4, .links = 2, .a = {0, 2}, .b = {1, 3}};
	struct smd_error error;
	struct smd_path *path;

	fabric.has_endpoint[1] = fabric.has_endpoint[2] = 1;
	CU_ASSERT_EQUAL(find_fresh(&fabric, &path, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"d1\" and \"d2\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "no links between"));
	CU_ASSERT_STRING_EQUAL(error.where, "/bridge-domain/endpoint[device='d2'][port='h1']");
	CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
}

static int find_of(const char *json, struct smd_error *error)
{
	struct fabric fabric = fabric_clos;
	struct smd_document *document;
	struct net net = {0};
	struct smd_path *path = NULL;
	int err;

	fabric.has_endpoint[0] = 1;
	fabric_build(NULL, &fabric, model, &net);
	CU_ASSERT_EQUAL_FATAL(
		smd_document_read(model, json, strlen(json), "domain", &document, NULL), 0);
	err = smd_path_find(&document->domain, net.inventory, net.topology, NULL, 0, &path, error);
	smd_path_free(path);
	smd_document_free(document);
	net_done(&net);
	return err;
}

#define ENDS(ends)                                                                                 \
	"{\"smartdeploy-bridge-domain:bridge-domain\":{\"name\":\"blue\",\"vlan\":1,"              \
	"\"endpoint\":[" ends "]}}"

static void bad_endpoints(void)
{
	struct smd_error error;

	CU_ASSERT_EQUAL(find_of(ENDS("{\"device\":\"d9\",\"port\":\"h1\"}"), &error),
			SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "no device \"d9\""));
	CU_ASSERT_STRING_EQUAL(error.where, "/bridge-domain/endpoint[device='d9'][port='h1']");
	CU_ASSERT_EQUAL(find_of(ENDS("{\"device\":\"d4\",\"port\":\"p0\"}"), &error),
			SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"p0\" of device \"d4\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "link to d0 p0"));
	/* A spine can have endpoints. */
	CU_ASSERT_EQUAL(find_of(ENDS("{\"device\":\"d4\",\"port\":\"h1\"}"), &error), 0);
}

/*
 * Is the path a tree of existing links that connects all endpoints, and whose leaves all have
 * one?
 */
static int is_right(const struct fabric *fabric, const struct smd_path *path)
{
	unsigned root[DEVICES], degree[DEVICES] = {0};
	int part[DEVICES] = {0};

	for (unsigned n = 0; n < fabric->devices; n++)
		root[n] = n;
	for (size_t i = 0; i < path->device_count; i++)
		part[fabric_number(path->devices[i])] = 1;
	for (size_t i = 0; i < path->link_count; i++) {
		unsigned a = fabric_number(path->links[i].a_device),
			 b = fabric_number(path->links[i].b_device);
		unsigned link = fabric_number(path->links[i].a_port);

		if (link >= fabric->links || (fabric->a[link] != a && fabric->b[link] != a) ||
		    (fabric->a[link] != b && fabric->b[link] != b) || !part[a] || !part[b] ||
		    fabric_root(root, a) == fabric_root(root, b))
			return 0;
		root[fabric_root(root, a)] = fabric_root(root, b);
		degree[a]++;
		degree[b]++;
	}
	for (unsigned n = 0; n < fabric->devices; n++) {
		if (fabric->has_endpoint[n] && !part[n])
			return 0;
		if (part[n] && !fabric->has_endpoint[n] && (degree[n] < 2 || fabric->is_leaf[n]))
			return 0;
	}
	return path->link_count + 1 == path->device_count;
}

static void random_paths(void)
{
	struct gen gen;
	unsigned found = 0;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(400); round < rounds; round++) {
		struct fabric fabric;
		struct net net = {0}, shuffled = {0};
		struct smd_path *path, *again;

		fabric_random(&gen, &fabric, 20, 60);
		fabric_build(NULL, &fabric, model, &net);
		fabric_build(&gen, &fabric, model, &shuffled);
		if (find(&net, NULL, &path, NULL)) {
			CU_ASSERT_NOT_EQUAL(find(&shuffled, NULL, &again, NULL), 0);
		} else {
			found++;
			CU_ASSERT(is_right(&fabric, path));
			CU_ASSERT_EQUAL_FATAL(find(&shuffled, NULL, &again, NULL), 0);
			CU_ASSERT(same(path, again));
			smd_path_free(again);
			CU_ASSERT_EQUAL_FATAL(find(&shuffled, path, &again, NULL), 0);
			CU_ASSERT(same(path, again));
			smd_path_free(again);
			smd_path_free(path);
		}
		net_done(&net);
		net_done(&shuffled);
	}
	CU_ASSERT(found > 100);
}

static int has_link(const struct smd_path *path, const struct smd_link *link)
{
	for (size_t i = 0; i < path->link_count; i++)
		if (!strcmp(path->links[i].a_device, link->a_device) &&
		    !strcmp(path->links[i].a_port, link->a_port))
			return 1;
	return 0;
}

/* Are all links of `part` also in `whole`? */
static int within(const struct smd_path *part, const struct smd_path *whole)
{
	for (size_t i = 0; i < part->link_count; i++)
		if (!has_link(whole, &part->links[i]))
			return 0;
	return 1;
}

/* When an endpoint is added, existing links stay; when one is removed, no link is added. */
static void random_edits(void)
{
	struct gen gen;
	unsigned edits = 0;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(400); round < rounds; round++) {
		struct fabric fabric;
		struct net less = {0}, more = {0};
		struct smd_path *small, *grown, *shrunk;
		unsigned extra;

		fabric_random(&gen, &fabric, 12, 40);
		extra = gen_below(&gen, fabric.devices);
		if (fabric.has_endpoint[extra])
			continue;
		fabric_build(&gen, &fabric, model, &less);
		fabric.has_endpoint[extra] = 1;
		fabric_build(&gen, &fabric, model, &more);
		if (!find(&less, NULL, &small, NULL)) {
			if (!find(&more, small, &grown, NULL)) {
				edits++;
				CU_ASSERT(within(small, grown));
				/*
				 * Removing it again gives the old path, unless the path now
				 * runs through it.
				 */
				fabric.has_endpoint[extra] = 0;
				CU_ASSERT_EQUAL_FATAL(find(&less, grown, &shrunk, NULL), 0);
				CU_ASSERT(is_right(&fabric, shrunk));
				CU_ASSERT(same(shrunk, small));
				smd_path_free(shrunk);
				smd_path_free(grown);
			}
			smd_path_free(small);
		}
		net_done(&less);
		net_done(&more);
	}
	CU_ASSERT(edits > 50);
}

/* The minimum number of links of a correct tree, by trying all sets of links; 0: there is none. */
static unsigned fewest_links(const struct fabric *fabric)
{
	unsigned least = 0;

	for (unsigned set = 1; set < 1u << fabric->links; set++) {
		unsigned root[DEVICES], links = (unsigned)__builtin_popcount(set), joined = 0;
		unsigned top = DEVICES;
		int right = !least || links < least;

		for (unsigned n = 0; n < fabric->devices; n++)
			root[n] = n;
		for (unsigned l = 0; right && l < fabric->links; l++) {
			unsigned a = fabric->a[l], b = fabric->b[l];

			if (!(set >> l & 1))
				continue;
			right = (!fabric->is_leaf[a] || fabric->has_endpoint[a]) &&
				(!fabric->is_leaf[b] || fabric->has_endpoint[b]) &&
				fabric_root(root, a) != fabric_root(root, b);
			root[fabric_root(root, a)] = fabric_root(root, b);
			joined++;
		}
		for (unsigned n = 0; right && n < fabric->devices; n++) {
			if (!fabric->has_endpoint[n])
				continue;
			right = top == DEVICES || fabric_root(root, n) == top;
			top = fabric_root(root, n);
		}
		if (right)
			least = joined;
	}
	return least;
}

static void against_all_trees(void)
{
	struct gen gen;
	unsigned found = 0, optimal = 0;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(600); round < rounds; round++) {
		struct fabric fabric;
		struct smd_path *path;
		unsigned ends = 0, least;

		fabric_random(&gen, &fabric, 8, 11);
		for (unsigned n = 0; n < fabric.devices; n++)
			ends += (unsigned)fabric.has_endpoint[n];
		if (ends < 2 || !fabric.links)
			continue;
		least = fewest_links(&fabric);
		if (find_fresh(&fabric, &path, NULL)) {
			CU_ASSERT_EQUAL(least, 0);
			continue;
		}
		found++;
		optimal += path->link_count == least;
		/* Takahashi and Matsuyama's bound: at most 2 (1 - 1/ends) times the minimum. */
		CU_ASSERT(least && path->link_count * ends <= 2 * least * (ends - 1));
		smd_path_free(path);
	}
	printf("shortest in %u of %u\n", optimal, found);
	CU_ASSERT(found > 100);
	CU_ASSERT(optimal * 100 >= found * 98);
}

static void parts_of_devices(void)
{
	static const char leaf[] = "/name = \"blue\"\n/port[h1]/tagging = \"access\"\n"
				   "/port[p2]/tagging = \"tagged\"\n/vlan = \"100\"\n";
	static const char spine[] = "/name = \"blue\"\n/port[p2]/tagging = \"tagged\"\n"
				    "/port[p6]/tagging = \"tagged\"\n/vlan = \"100\"\n";
	const char *const devices[] = {"d1", "d4"}, *const expected[] = {leaf, spine};
	struct fabric fabric = fabric_clos;
	struct net net = {0};
	struct smd_path *path;
	struct smd_tree *tree = NULL;
	struct smd_error error;

	fabric.has_endpoint[1] = fabric.has_endpoint[3] = 1;
	fabric_build(NULL, &fabric, model, &net);
	CU_ASSERT_EQUAL_FATAL(find(&net, NULL, &path, NULL), 0);
	for (size_t i = 0; i < 2; i++) {
		const struct smd_node *root;
		char *lines = strdup(expected[i]), *save = NULL;
		size_t leaves = 0, wanted = 0;

		CU_ASSERT_EQUAL_FATAL(
			smd_domain_part(&net.document->domain, path, devices[i], &tree, NULL), 0);
		root = smd_tree_top(tree);
		for (const struct smd_node *n = smd_node_first(root); n; n = smd_node_next(n))
			leaves++;
		for (char *line = strtok_r(lines, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save)) {
			char *equal = strstr(line, " = \"");
			const struct smd_node *node;

			*equal = line[strlen(line) - 1] = '\0';
			node = smd_tree_at(tree, line, NULL, NULL);
			CU_ASSERT_PTR_NOT_NULL_FATAL(node);
			CU_ASSERT_STRING_EQUAL(smd_node_value(node, NULL), equal + 4);
			wanted++;
		}
		CU_ASSERT_EQUAL(leaves, wanted);
		free(lines);
		smd_tree_free(tree);
	}
	CU_ASSERT_EQUAL(smd_domain_part(&net.document->domain, path, "d5", &tree, &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "\"d5\""));
	smd_path_free(path);
	net_done(&net);
}

static void a_link_to_an_unknown_device(void)
{
	static const char *const unknown[] = {"c", "d33", "e"}; /* before, among and behind */
	struct fabric fabric = fabric_clos;
	struct net net = {0};

	fabric.has_endpoint[0] = 1;
	fabric_build(NULL, &fabric, model, &net);
	for (size_t i = 0; i < SMD_COUNT(unknown); i++) {
		struct smd_link link = {"d0", "p9", unknown[i], "p9"};
		struct smd_topology topology = {.links = &link, .link_count = 1};
		struct smd_path *path = NULL;
		struct smd_error error;

		CU_ASSERT_EQUAL(smd_path_find(&net.document->domain, net.inventory, &topology, NULL,
					      0, &path, &error),
				SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "a device that the inventory lacks"));
	}
	net_done(&net);
}

TEST_MAIN("path", TEST(loading), TEST(one_device_alone), TEST(low_names_win),
	  TEST(a_common_spine_wins), TEST(a_useless_tip_is_cut), TEST(what_is_in_place_wins),
	  TEST(parallel_links), TEST(leaves_and_transit), TEST(no_links_between),
	  TEST(bad_endpoints), TEST(a_link_to_an_unknown_device), TEST(random_paths),
	  TEST(random_edits), TEST(against_all_trees),

	  TEST(parts_of_devices), TEST(unloading));
