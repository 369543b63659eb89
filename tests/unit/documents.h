/* SPDX-License-Identifier: Apache-2.0 */
/* Random valid documents, and comparisons of what is read from them. */
#ifndef SMD_TESTS_DOCUMENTS_H
#define SMD_TESTS_DOCUMENTS_H

#include "core/model/model.h"
#include "gen.h"

/* Texts; the caller's (free()). The topology is one of the devices of random_inventory. */
char *random_inventory(struct gen *gen, unsigned devices);
char *random_topology(struct gen *gen, unsigned devices);
char *random_document(struct gen *gen);

int same_inventory(const struct smd_inventory *a, const struct smd_inventory *b);
int same_topology(const struct smd_topology *a, const struct smd_topology *b);
int same_document(const struct smd_document *a, const struct smd_document *b);

#endif
