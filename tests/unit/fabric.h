/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fabrics for tests, described by numbers, from which inventory, topology and bridge domain are
 * made.
 */
#ifndef SMD_TESTS_FABRIC_H
#define SMD_TESTS_FABRIC_H

#include "core/model/path.h"
#include "gen.h"

#define DEVICES 32
#define LINKS 128

/* A fabric. Device n is called `d<n>`; link l has a port `p<l>` at both ends. */
struct fabric {
	const char *driver; /* of all devices; NULL: "x", which does not exist */
	unsigned devices, links;
	int is_leaf[DEVICES];
	unsigned a[LINKS], b[LINKS];
	int has_endpoint[DEVICES];
};

/* The documents of a fabric, read by the model's functions. */
struct net {
	struct smd_inventory *inventory;
	struct smd_topology *topology;
	struct smd_document *document;
};

/*
 * Leaf devices d0 to d3, spines d4 and d5. Each leaf has a link to each spine: p(2 * leaf +
 * spine).
 */
extern const struct fabric fabric_clos;

/*
 * Make the documents of a fabric; with `gen`, in random order and with the ends of links
 * swapped. The test fails if that is not possible.
 */
void fabric_build(struct gen *gen, const struct fabric *fabric, const struct smd_model *model,
		  struct net *net);
void net_done(struct net *net);

/*
 * Make a random fabric of leaves and spines, with a few links between any two devices, some of
 * them parallel. At most `devices` and `links`; at least one device has an endpoint.
 */
void fabric_random(struct gen *gen, struct fabric *fabric, unsigned devices, unsigned links);

unsigned fabric_number(const char *name); /* number in the name of a device or port */
/* The representative of `n` in a simple union-find, to check results. */
unsigned fabric_root(const unsigned *root, unsigned n);

#endif
