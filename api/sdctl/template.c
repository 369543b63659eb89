/* SPDX-License-Identifier: Apache-2.0 */
/* `driver new`: copies the template from share/ and fills in the driver's name. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "api/sdctl/command.h"

#define MARK "@NAME@"    /* placeholder in files */
#define FILE_MARK "NAME" /* placeholder in file names */
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789-"
#define LONGEST 32 /* maximum length of a name, as in the loader */

struct copy {
	struct run *run;
	const char *name;
};

/* A copy of `text` with each `mark` replaced by `name`; the caller's. NULL: no memory. */
static char *fill_in(const char *text, const char *mark, const char *name)
{
	char *out = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&out, &size);
	const char *at;

	if (!stream)
		return NULL;
	while ((at = strstr(text, mark))) {
		fwrite(text, 1, (size_t)(at - text), stream);
		fputs(name, stream);
		text = at + strlen(mark);
	}
	fputs(text, stream);
	if (!fclose(stream))
		return out;
	free(out);
	return NULL;
}

static int cannot(struct run *run, const char *what, const char *path)
{
	return smd_fail(&run->error, SMD_E_IO, "cannot %s \"%s\": %s", what, path, strerror(errno));
}

/* Copy a file. An existing file is not overwritten. */
static int copy_file(const struct copy *copy, const char *from, const char *to)
{
	char *text = read_file(copy->run, from, TEXT_LIMIT);
	char *filled = text ? fill_in(text, MARK, copy->name) : NULL;
	FILE *file = filled ? fopen(to, "wxe") : NULL;
	int err = 0;

	if (text && !filled)
		err = smd_fail(&copy->run->error, SMD_E_NO_MEMORY, "out of memory");
	else if (filled && (!file || fputs(filled, file) < 0))
		err = cannot(copy->run, "write", to);
	if (file && fclose(file) && !err)
		err = cannot(copy->run, "write", to);
	free(filled);
	free(text);
	return text ? err : (int)copy->run->error.code;
}

static int copy_folder(const struct copy *copy, const char *from, const char *to);

static int copy_entry(const struct copy *copy, const char *from, const char *to,
		      const struct dirent *entry)
{
	char *source = NULL, *target = NULL;
	char *name = fill_in(entry->d_name, FILE_MARK, copy->name);
	struct stat info;
	int err;

	if (!name || asprintf(&source, "%s/%s", from, entry->d_name) < 0 ||
	    asprintf(&target, "%s/%s", to, name) < 0)
		err = smd_fail(&copy->run->error, SMD_E_NO_MEMORY, "out of memory");
	else if (stat(source, &info))
		err = cannot(copy->run, "read", source);
	else if (S_ISDIR(info.st_mode))
		err = copy_folder(copy, source, target);
	else
		err = copy_file(copy, source, target);
	free(name);
	free(source);
	free(target);
	return err;
}

static int make_folder(struct run *run, const char *path)
{
	return mkdir(path, 0777) && errno != EEXIST ? cannot(run, "make the folder", path) : 0;
}

static int copy_folder(const struct copy *copy, const char *from, const char *to)
{
	struct dirent **entries;
	int count = scandir(from, &entries, NULL, alphasort);
	int err =
		count < 0 ? cannot(copy->run, "read the folder", from) : make_folder(copy->run, to);

	for (int i = 0; i < count; i++) {
		if (!err && entries[i]->d_name[0] != '.')
			err = copy_entry(copy, from, to, entries[i]);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return err;
}

static int check_name(struct run *run, const char *name)
{
	size_t length = strlen(name);

	if (*name >= 'a' && *name <= 'z' && length <= LONGEST && strspn(name, LETTERS) == length)
		return 0;
	smd_fail(&run->error, SMD_E_INVALID, "\"%s\" cannot be the name of a driver", name);
	smd_error_hint(&run->error, "1 to %d lower-case letters, digits or '-', and a letter first",
		       LONGEST);
	return SMD_E_INVALID;
}

/* Fail if the folder exists and is not empty. */
static int check_folder(struct run *run, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, NULL);

	for (int i = 0; i < count; i++)
		free(entries[i]);
	if (count >= 0)
		free(entries);
	if (count < 0 && errno != ENOENT)
		return cannot(run, "write into", path);
	if (count <= 2) /* only "." and ".." */
		return 0;
	smd_fail(&run->error, SMD_E_EXISTS, "the folder \"%s\" is not empty", path);
	smd_error_hint(&run->error, "nothing was written; name another folder: `sdctl driver new "
				    "NAME FOLDER`");
	return SMD_E_EXISTS;
}

static void print_new(const struct run *run, const char *name, const char *folder)
{
	if (run->json) {
		cJSON *result = cJSON_CreateObject();

		cJSON_AddStringToObject(result, "name", name);
		cJSON_AddStringToObject(result, "folder", folder);
		print_json(run, result, 0);
		cJSON_Delete(result);
		return;
	}
	printf("%s: a driver to begin with, and two golden cases\n"
	       "  cd %s && cmake -B build && cmake --build build\n"
	       "  sdctl driver test build/%s.so\n",
	       folder, folder, name);
}

/* A driver of the same name is found first, and that should not go unnoticed. */
static void tell_hidden(struct run *run, const char *name)
{
	cJSON *request = cJSON_CreateObject(), *result;

	cJSON_AddStringToObject(request, "name", name);
	if (!ask(run, "driver.show", request, &result))
		fprintf(stderr,
			"note: there is a driver \"%s\" already; yours hides it in a folder of "
			"--driver-path\n",
			name);
	cJSON_Delete(result);
}

int run_driver_new(struct run *run)
{
	const char *name = run->args[0];
	const char *folder = run->arg_count > 1 ? run->args[1] : name;
	const struct copy copy = {run, name};
	char template[4200];

	share_path(run, "driver-template", template, sizeof(template));
	if (check_name(run, name) || check_folder(run, folder) ||
	    copy_folder(&copy, template, folder))
		return print_error(run);
	print_new(run, name, folder);
	if (!run->json)
		tell_hidden(run, name);
	return 0;
}
