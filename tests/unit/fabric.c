/* SPDX-License-Identifier: Apache-2.0 */
#include "fabric.h"

#include <stdio.h>

#include "test.h"

const struct fabric fabric_clos = {
	.devices = 6,
	.links = 8,
	.is_leaf = {1, 1, 1, 1, 0, 0},
	.a = {0, 0, 1, 1, 2, 2, 3, 3},
	.b = {4, 5, 4, 5, 4, 5, 4, 5},
};

/* Fill `order` with 0 to count - 1 in random order; ascending if `gen` is NULL. */
static void shuffle(struct gen *gen, unsigned *order, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned j = gen ? gen_below(gen, i + 1) : i;

		order[i] = order[j];
		order[j] = i;
	}
}

static void read_inventory(struct gen *gen, const struct fabric *fabric,
			   const struct smd_model *model, struct net *net)
{
	unsigned order[DEVICES];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	shuffle(gen, order, fabric->devices);
	fputs("{\"smartdeploy-inventory:inventory\": {\"credential\": [{\"name\": \"c\","
	      "\"user\": \"u\", \"agent\": true}], \"device\": [",
	      out);
	for (unsigned i = 0; i < fabric->devices; i++)
		fprintf(out,
			"%s{\"name\": \"d%u\", \"driver\": \"%s\", \"address\": \"a%u\","
			"\"credential\": \"c\", \"role\": \"%s\"}",
			i ? "," : "", order[i], fabric->driver ? fabric->driver : "x", order[i],
			fabric->is_leaf[order[i]] ? "leaf" : "spine");
	fputs("]}}", out);
	fclose(out);
	CU_ASSERT_EQUAL_FATAL(
		smd_inventory_read(model, text, size, "inventory", &net->inventory, NULL), 0);
	free(text);
}

static void read_topology(struct gen *gen, const struct fabric *fabric,
			  const struct smd_model *model, struct net *net)
{
	unsigned order[LINKS];
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	shuffle(gen, order, fabric->links);
	fputs("{\"smartdeploy-topology:topology\": {\"link\": [", out);
	for (unsigned i = 0; i < fabric->links; i++) {
		unsigned link = order[i];
		int turn = gen && gen_chance(gen, 50);

		fprintf(out,
			"%s{\"a-device\": \"d%u\", \"a-port\": \"p%u\", \"b-device\": \"d%u\","
			"\"b-port\": \"p%u\"}",
			i ? "," : "", turn ? fabric->b[link] : fabric->a[link], link,
			turn ? fabric->a[link] : fabric->b[link], link);
	}
	fputs("]}}", out);
	fclose(out);
	CU_ASSERT_EQUAL_FATAL(smd_topology_read(model, net->inventory, text, size, "topology",
						&net->topology, NULL),
			      0);
	free(text);
}

static void read_domain(struct gen *gen, const struct fabric *fabric, const struct smd_model *model,
			struct net *net)
{
	unsigned order[DEVICES];
	const char *comma = "";
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	shuffle(gen, order, fabric->devices);
	fputs("{\"smartdeploy-bridge-domain:bridge-domain\": {\"name\": \"blue\", \"vlan\": 100,"
	      "\"endpoint\": [",
	      out);
	for (unsigned i = 0; i < fabric->devices; i++) {
		if (!fabric->has_endpoint[order[i]])
			continue;
		fprintf(out, "%s{\"device\": \"d%u\", \"port\": \"h1\"}", comma, order[i]);
		comma = ",";
	}
	fputs("]}}", out);
	fclose(out);
	CU_ASSERT_EQUAL_FATAL(smd_document_read(model, text, size, "domain", &net->document, NULL),
			      0);
	free(text);
}

void fabric_build(struct gen *gen, const struct fabric *fabric, const struct smd_model *model,
		  struct net *net)
{
	read_inventory(gen, fabric, model, net);
	read_topology(gen, fabric, model, net);
	read_domain(gen, fabric, model, net);
}

void net_done(struct net *net)
{
	smd_document_free(net->document);
	smd_topology_free(net->topology);
	smd_inventory_free(net->inventory);
}

unsigned fabric_root(const unsigned *root, unsigned n)
{
	while (root[n] != n)
		n = root[n];
	return n;
}

unsigned fabric_number(const char *name)
{
	return (unsigned)strtoul(name + 1, NULL, 10);
}

void fabric_random(struct gen *gen, struct fabric *fabric, unsigned devices, unsigned links)
{
	*fabric = (struct fabric){.devices = 2 + gen_below(gen, devices - 1)};
	for (unsigned n = 0; n < fabric->devices; n++) {
		fabric->is_leaf[n] = gen_chance(gen, 60);
		fabric->has_endpoint[n] = gen_chance(gen, fabric->is_leaf[n] ? 60 : 10);
	}
	fabric->has_endpoint[gen_below(gen, fabric->devices)] = 1;
	while (fabric->links < links) {
		unsigned a = gen_below(gen, fabric->devices), b = gen_below(gen, fabric->devices);

		if (gen_chance(gen, 2))
			return;
		if (a == b || (fabric->is_leaf[a] == fabric->is_leaf[b] && gen_chance(gen, 70)))
			continue;
		fabric->a[fabric->links] = a;
		fabric->b[fabric->links++] = b;
	}
}
