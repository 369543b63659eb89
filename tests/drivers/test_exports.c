/* SPDX-License-Identifier: Apache-2.0 */
/* Parts export their entry function and nothing else, as nm(1) shows. */
#include <dirent.h>
#include <stdio.h>

#include "bench.h"
#include "test.h"

static void check_exports(const char *folder, const char *name, const char *wanted)
{
	char command[1024], line[256], symbol[128];
	unsigned count = 0;
	FILE *nm;

	snprintf(command, sizeof(command), "nm -D --defined-only '" PARTS "/%s/%s.so'", folder,
		 name);
	nm = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed program on our own file */
	CU_ASSERT_PTR_NOT_NULL_FATAL(nm);
	while (fgets(line, sizeof(line), nm)) {
		if (sscanf(line, "%*s T %127s", symbol) != 1 || strcmp(symbol, wanted) != 0)
			printf("\n%s/%s.so: %s", folder, name, line);
		else
			count++;
		CU_ASSERT_PTR_NOT_NULL(strstr(line, wanted));
	}
	CU_ASSERT_EQUAL(pclose(nm), 0);
	CU_ASSERT_EQUAL(count, 1);
}

static int check_driver(void *arg, const char *name)
{
	++*(unsigned *)arg;
	check_exports("drivers", name, "smd_driver_entry");
	return 0;
}

static int check_plugin(void *arg, const char *name)
{
	++*(unsigned *)arg;
	check_exports("plugins", name, "smd_plugin_entry");
	return 0;
}

static void a_part_exports_one_function(void)
{
	struct smd_loader *loader;
	unsigned drivers = 0, plugins = 0;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(PARTS, &loader), 0);
	CU_ASSERT_EQUAL(smd_loader_each_driver(loader, check_driver, &drivers, NULL), 0);
	smd_loader_each_plugin(loader, check_plugin, &plugins, NULL);
	CU_ASSERT(drivers > 0);
	smd_loader_free(loader);
}

TEST_MAIN("exports", TEST(a_part_exports_one_function));
