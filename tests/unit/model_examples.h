/* SPDX-License-Identifier: Apache-2.0 */
/* A model, and the examples of share/examples, for tests of documents. */
#ifndef TESTS_UNIT_MODEL_EXAMPLES_H
#define TESTS_UNIT_MODEL_EXAMPLES_H

#include "core/model/model.h"
#include "test.h"

#define DOMAIN "smartdeploy-bridge-domain:bridge-domain"
#define NATIVE "smartdeploy-native:native"
#define INVENTORY "smartdeploy-inventory:inventory"
#define TOPOLOGY "smartdeploy-topology:topology"

/* The one that all tests of a program use. */
extern struct smd_model *model;

/* Make `model`; the test program frees it. */
void model_load(void);
/* The text of a file of share/examples; the caller frees it. */
char *example(const char *name, size_t *size);
/* The caller frees it. */
struct smd_inventory *example_inventory(void);

#endif
