/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/search_path.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PART_KINDS 2

static const char *const words[PART_KINDS] = {
	[SMD_PART_DRIVER] = "driver", [SMD_PART_PLUGIN] = "plugin"};

/* `own`: the product's folders, one a kind. `path`: folders searched before, for drivers only. */
struct smd_search_path {
	char *own[PART_KINDS];
	char **folders;
	size_t folder_count;
};

const char *smd_search_path_word(enum smd_part_kind kind)
{
	return words[kind];
}

int smd_search_path_new(const char *folder, struct smd_search_path **out)
{
	struct smd_search_path *search = calloc(1, sizeof(*search));

	for (size_t i = 0; search && i < PART_KINDS; i++) {
		if (asprintf(&search->own[i], "%s/%ss", folder, words[i]) >= 0)
			continue;
		search->own[i] = NULL;
		smd_search_path_free(search);
		return SMD_E_NO_MEMORY;
	}
	*out = search;
	return search ? 0 : SMD_E_NO_MEMORY;
}

void smd_search_path_free(struct smd_search_path *search)
{
	if (!search)
		return;
	for (size_t i = 0; i < PART_KINDS; i++)
		free(search->own[i]);
	for (size_t i = 0; i < search->folder_count; i++)
		free(search->folders[i]);
	free(search->folders);
	free(search);
}

/*
 * Add a folder as an absolute path, because the path is shown to users and the current folder
 * can change.
 */
static int add_folder(struct smd_search_path *search, const char *folder, struct smd_error *error)
{
	smd_cleanup(free) char *full = realpath(folder, NULL);
	struct stat info;
	char **more;

	if (!full || stat(full, &info) || !S_ISDIR(info.st_mode)) {
		smd_fail(error, SMD_E_NOT_FOUND, "the path of drivers names '%s', which is %s",
			 folder, full ? "no folder" : "not there");
		smd_error_hint(error, "--driver-path and $SMARTDEPLOY_DRIVER_PATH take folders, "
				      "separated by ':'");
		return SMD_E_NOT_FOUND;
	}
	more = reallocarray(search->folders, search->folder_count + 1, sizeof(*more));
	if (!more)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a path");
	search->folders = more;
	search->folders[search->folder_count++] = smd_take(full);
	return 0;
}

int smd_search_path_add(struct smd_search_path *search, const char *path, struct smd_error *error)
{
	smd_cleanup(free) char *copy = strdup(path);
	char *rest = copy, *folder;
	int err = 0;

	if (!copy)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a path");
	while (!err && (folder = strsep(&rest, ":")))
		if (*folder)
			err = add_folder(search, folder, error);
	return err;
}

/* The folder that is searched at position `index`; NULL beyond the last. */
static const char *folder_at(const struct smd_search_path *search, enum smd_part_kind kind,
			     size_t index)
{
	size_t before = kind == SMD_PART_DRIVER ? search->folder_count : 0;

	if (index < before)
		return search->folders[index];
	return index == before ? search->own[kind] : NULL;
}

char *smd_search_path_file(const struct smd_search_path *search, enum smd_part_kind kind,
			   const char *name, size_t index)
{
	const char *folder;
	char *file;

	for (size_t i = 0; (folder = folder_at(search, kind, i)); i++) {
		if (asprintf(&file, "%s/%s.so", folder, name) < 0)
			return NULL;
		if (!access(file, F_OK) && !index--)
			return file;
		free(file);
	}
	return NULL;
}

const char *smd_search_path_own(const struct smd_search_path *search, enum smd_part_kind kind)
{
	return search->own[kind];
}

int smd_search_path_name(const char *file, char name[SMD_PART_NAME + 1])
{
	const char *slash = strrchr(file, '/');
	const char *base = slash ? slash + 1 : file;
	size_t length = strlen(base);

	if (length < 4 || length - 3 > SMD_PART_NAME || strcmp(base + length - 3, ".so") != 0)
		return 0;
	memcpy(name, base, length - 3);
	name[length - 3] = '\0';
	return smd_part_name_ok(name);
}

static int is_part(const struct dirent *entry)
{
	char name[SMD_PART_NAME + 1];

	return smd_search_path_name(entry->d_name, name);
}

struct names {
	char (*list)[SMD_PART_NAME + 1];
	size_t count;
};

static int add_names(struct names *names, struct dirent **entries, size_t count)
{
	void *more = reallocarray(names->list, names->count + count + 1, sizeof(*names->list));

	if (more)
		names->list = more;
	for (size_t i = 0; i < count; i++) {
		if (more)
			smd_search_path_name(entries[i]->d_name, names->list[names->count++]);
		free(entries[i]);
	}
	free(entries);
	return more ? 0 : SMD_E_NO_MEMORY;
}

static int read_folder(struct names *names, const char *folder, enum smd_part_kind kind,
		       struct smd_error *error)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_part, NULL);

	if (count < 0)
		return smd_fail(error, SMD_E_IO, "cannot read the folder of %ss '%s': %s",
				words[kind], folder, strerror(errno));
	if (add_names(names, entries, (size_t)count))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for names");
	return 0;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(a, b);
}

int smd_search_path_each(const struct smd_search_path *search, enum smd_part_kind kind,
			 smd_loader_each_fn each, void *arg, struct smd_error *error)
{
	struct names names = {0};
	const char *folder;
	int err = 0;

	for (size_t i = 0; !err && (folder = folder_at(search, kind, i)); i++)
		err = read_folder(&names, folder, kind, error);
	if (!err)
		qsort(names.list, names.count, sizeof(*names.list), by_bytes);
	for (size_t i = 0; !err && i < names.count; i++)
		if (!i || strcmp(names.list[i], names.list[i - 1]) != 0)
			err = each(arg, names.list[i]);
	free(names.list);
	return err;
}
