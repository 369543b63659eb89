/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kit/golden.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ABOVE 2 /* parent folders searched: a build folder in the project, and one more */

static struct smd_text *read_of(const struct smd_golden *golden, const char *file)
{
	smd_cleanup(free) char *path = NULL;

	if (asprintf(&path, "%s/%s", golden->folder, file) >= 0)
		return smd_bench_read(path);
	path = NULL;
	return NULL;
}

static void golden_done(struct smd_golden *golden)
{
	smd_text_free(golden->running_text);
	smd_text_free(golden->intended_text);
	smd_tree_free(golden->running);
	smd_tree_free(golden->intended);
	free(golden->folder);
	*golden = (struct smd_golden){.folder = NULL};
}

static struct smd_tree *parse_of(const struct smd_golden *golden, const char *file,
				 const struct smd_text *text, struct smd_bench *bench)
{
	struct smd_tree *tree = NULL;

	if (!text)
		smd_fail(&bench->error, SMD_E_NOT_FOUND, "there is no file");
	else
		tree = smd_bench_parse(bench, text);
	if (!tree)
		smd_error_prefix(&bench->error, "%s/%s", golden->name, file);
	return tree;
}

static int read_case(struct smd_goldens *goldens, const char *folder, const char *name,
		     struct smd_bench *bench)
{
	struct smd_golden *golden = &goldens->list[goldens->count];

	if (asprintf(&golden->folder, "%s/%s", folder, name) < 0) {
		golden->folder = NULL;
		return smd_fail(&bench->error, SMD_E_NO_MEMORY, "out of memory");
	}
	golden->name = golden->folder + strlen(folder) + 1;
	golden->running_text = read_of(golden, "running");
	if (!golden->running_text) {
		golden_done(golden);
		return 0;
	}
	golden->intended_text = read_of(golden, "intended");
	golden->running = parse_of(golden, "running", golden->running_text, bench);
	if (golden->running)
		golden->intended = parse_of(golden, "intended", golden->intended_text, bench);
	if (golden->intended) {
		goldens->count++;
		return 0;
	}
	golden_done(golden);
	return bench->error.code;
}

int smd_goldens_read(struct smd_goldens *goldens, const char *folder, struct smd_bench *bench)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort), err = 0;

	goldens->count = 0;
	if (count < 0)
		return smd_fail(&bench->error, SMD_E_NOT_FOUND, "there is no folder '%s'", folder);
	for (int i = 0; i < count; i++) {
		if (!err && entries[i]->d_name[0] != '.' && goldens->count < SMD_GOLDEN_MOST)
			err = read_case(goldens, folder, entries[i]->d_name, bench);
		free(entries[i]);
	}
	free(entries);
	return err;
}

void smd_goldens_done(struct smd_goldens *goldens)
{
	for (size_t i = 0; i < goldens->count; i++)
		golden_done(&goldens->list[i]);
	goldens->count = 0;
}

char *smd_golden_folder(const char *file)
{
	smd_cleanup(free) char *full = realpath(file, NULL);
	char *path, *slash;
	struct stat info;

	for (int up = 0; full && up <= ABOVE && (slash = strrchr(full, '/')); up++) {
		*slash = '\0';
		if (asprintf(&path, "%s/testdata", full) < 0)
			return NULL;
		if (!stat(path, &info) && S_ISDIR(info.st_mode))
			return path;
		free(path);
	}
	return NULL;
}
