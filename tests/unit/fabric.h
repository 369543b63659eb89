/* SPDX-License-Identifier: Apache-2.0 */
/* Fabrics for tests: numbers, made into an inventory, a topology and a bridge domain. */
#ifndef SMD_TESTS_FABRIC_H
#define SMD_TESTS_FABRIC_H

#include "core/model/path.h"
#include "gen.h"

#define DEVICES 32
#define LINKS 128

/* A fabric as numbers; device n is called `d<n>`, link l has the ports `p<l>` at both ends. */
struct fabric {
	unsigned devices, links;
	int is_leaf[DEVICES];
	unsigned a[LINKS], b[LINKS];
	int has_endpoint[DEVICES];
};

/* The same through the readers. */
struct net {
	struct smd_inventory *inventory;
	struct smd_topology *topology;
	struct smd_document *document;
};

/* Leaves d0 to d3, spines d4 and d5, every leaf to every spine: link p(2 * leaf + spine). */
extern const struct fabric fabric_clos;

/* In random order, and links turned round, when there is a generator. Fails the test if it must. */
void fabric_build(struct gen *gen, const struct fabric *fabric, const struct smd_model *model,
		  struct net *net);
void net_done(struct net *net);

/*
 * Leaves, spines, and now and then a link between any two; some are parallel.
 * Up to `devices` and `links`; at least one device has an endpoint.
 */
void fabric_random(struct gen *gen, struct fabric *fabric, unsigned devices, unsigned links);

unsigned fabric_number(const char *name); /* of a device or port */
/* Union-find, plain: the representative of `n`. */
unsigned fabric_root(const unsigned *root, unsigned n);

#endif
