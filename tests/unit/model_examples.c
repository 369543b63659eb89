/* SPDX-License-Identifier: Apache-2.0 */
#include "model_examples.h"

#include <stdio.h>

SMD_CLEANUP_DEFINE(FILE *, fclose);

struct smd_model *model;

void model_load(void)
{
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &model, NULL), 0);
}

char *example(const char *name, size_t *size)
{
	char path[512];
	char *text = calloc(1, 65536);
	smd_cleanup(fclose) FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/share/examples/%s", SMD_SOURCE_DIR, name);
	file = fopen(path, "r");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	*size = fread(text, 1, 65535, file);
	return text;
}

struct smd_inventory *example_inventory(void)
{
	size_t size;
	char *text = example("inventory.json", &size);
	struct smd_inventory *inventory;
	struct smd_error error;

	CU_ASSERT_EQUAL_FATAL(smd_inventory_read(model, text, size, "file", &inventory, &error), 0);
	free(text);
	return inventory;
}
