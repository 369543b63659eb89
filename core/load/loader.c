/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/loader.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/load/part.h"

/* `mutex` guards the list; a part in it is never changed. */
struct smd_loader {
	pthread_mutex_t mutex;
	struct smd_part *parts;
	char *folder;
};

static const struct {
	const char *folder;
	const char *word;
} kinds[] = {[SMD_PART_DRIVER] = {"drivers", "driver"}, [SMD_PART_PLUGIN] = {"plugins", "plugin"}};

static const struct {
	enum smd_plugin_kind kind;
	const char *word;
} plugin_kinds[] = {{SMD_PLUGIN_CHANNEL, "channel"},
		    {SMD_PLUGIN_PROTOCOL, "protocol"},
		    {SMD_PLUGIN_STORE, "store"},
		    {SMD_PLUGIN_CHECK, "check"}};

int smd_loader_new(const char *folder, struct smd_loader **out)
{
	struct smd_loader *loader = calloc(1, sizeof(*loader));

	if (!loader)
		return SMD_E_NO_MEMORY;
	loader->folder = strdup(folder);
	if (!loader->folder || pthread_mutex_init(&loader->mutex, NULL)) {
		free(loader->folder);
		free(loader);
		return SMD_E_NO_MEMORY;
	}
	*out = loader;
	return 0;
}

void smd_loader_free(struct smd_loader *loader)
{
	if (!loader)
		return;
	while (loader->parts) {
		struct smd_part *part = loader->parts;

		loader->parts = part->next;
		smd_part_free(part);
	}
	pthread_mutex_destroy(&loader->mutex);
	free(loader->folder);
	free(loader);
}

/* The name in `NAME.so`; 0 when the file is none of ours. */
static int name_of_file(const char *file, char name[SMD_PART_NAME + 1])
{
	size_t length = strlen(file);

	if (length < 4 || length - 3 > SMD_PART_NAME || strcmp(file + length - 3, ".so") != 0)
		return 0;
	memcpy(name, file, length - 3);
	name[length - 3] = '\0';
	return smd_part_name_ok(name);
}

static int is_part(const struct dirent *entry)
{
	char name[SMD_PART_NAME + 1];

	return name_of_file(entry->d_name, name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int each_part(const struct smd_loader *loader, enum smd_part_kind kind,
		     smd_loader_each_fn each, void *arg, struct smd_error *error)
{
	smd_cleanup(free) char *path = NULL;
	struct dirent **entries;
	int count, stop = 0;

	if (asprintf(&path, "%s/%s", loader->folder, kinds[kind].folder) < 0) {
		path = NULL;
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a path");
	}
	count = scandir(path, &entries, is_part, by_bytes);
	if (count < 0)
		return smd_fail(error, SMD_E_IO, "cannot read the folder of %ss '%s': %s",
				kinds[kind].word, path, strerror(errno));
	for (int i = 0; i < count; i++) {
		char name[SMD_PART_NAME + 1];

		if (!stop && name_of_file(entries[i]->d_name, name))
			stop = each(arg, name);
		free(entries[i]);
	}
	free(entries);
	return stop;
}

struct list {
	char text[SMD_ERROR_HINT - 32];
	size_t used;
};

static int add_to_list(void *arg, const char *name)
{
	struct list *list = arg;

	if (list->used < sizeof(list->text))
		list->used +=
			(size_t)snprintf(list->text + list->used, sizeof(list->text) - list->used,
					 "%s%s", list->used ? ", " : "", name);
	return 0;
}

static void not_found(const struct smd_loader *loader, enum smd_part_kind kind, const char *name,
		      struct smd_error *error)
{
	struct smd_error unread;
	struct list list = {.used = 0};

	smd_fail(error, SMD_E_NOT_FOUND, "there is no %s '%s'", kinds[kind].word, name);
	if (each_part(loader, kind, add_to_list, &list, &unread))
		smd_error_hint(error, "%.200s", unread.message);
	else if (list.used)
		smd_error_hint(error, "there are: %s", list.text);
	else
		smd_error_hint(error, "there are none in '%.160s/%s'", loader->folder,
			       kinds[kind].folder);
}

static struct smd_part *load(const struct smd_loader *loader, enum smd_part_kind kind,
			     const char *name, struct smd_error *error)
{
	smd_cleanup(free) char *path = NULL;
	struct smd_part *part;

	if (!smd_part_name_ok(name)) {
		not_found(loader, kind, name, error);
		return NULL;
	}
	if (asprintf(&path, "%s/%s/%s.so", loader->folder, kinds[kind].folder, name) < 0) {
		path = NULL;
		smd_fail(error, SMD_E_NO_MEMORY, "no memory for a path");
		return NULL;
	}
	if (access(path, F_OK)) {
		not_found(loader, kind, name, error);
		return NULL;
	}
	return smd_part_open(path, kind, name, &part, error) ? NULL : part;
}

static const struct smd_part *get(struct smd_loader *loader, enum smd_part_kind kind,
				  const char *name, struct smd_error *error)
{
	struct smd_part *part;

	pthread_mutex_lock(&loader->mutex);
	for (part = loader->parts; part; part = part->next)
		if (part->kind == kind && !strcmp(part->name, name))
			break;
	if (!part) {
		part = load(loader, kind, name, error);
		if (part) {
			part->next = loader->parts;
			loader->parts = part;
		}
	}
	pthread_mutex_unlock(&loader->mutex);
	return part;
}

const struct smd_driver *smd_loader_driver(struct smd_loader *loader, const char *name,
					   struct smd_error *error)
{
	const struct smd_part *part = get(loader, SMD_PART_DRIVER, name, error);

	return part ? &part->driver : NULL;
}

static const char *kind_word(enum smd_plugin_kind kind)
{
	for (size_t i = 0; i < SMD_COUNT(plugin_kinds); i++)
		if (plugin_kinds[i].kind == kind)
			return plugin_kinds[i].word;
	return "part";
}

const struct smd_plugin *smd_loader_plugin(struct smd_loader *loader, enum smd_plugin_kind kind,
					   const char *name, struct smd_error *error)
{
	const struct smd_part *part = get(loader, SMD_PART_PLUGIN, name, error);

	if (!part)
		return NULL;
	if (part->plugin.kind == kind)
		return &part->plugin;
	smd_fail(error, SMD_E_INVALID, "plugin '%s' is a %s, not a %s", name,
		 kind_word(part->plugin.kind), kind_word(kind));
	return NULL;
}

const struct smd_settings *smd_loader_settings(const struct smd_plugin *plugin)
{
	const char *part = (const char *)plugin - offsetof(struct smd_part, plugin);

	return ((const struct smd_part *)part)->settings;
}

int smd_loader_each_driver(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error)
{
	return each_part(loader, SMD_PART_DRIVER, each, arg, error);
}

int smd_loader_each_plugin(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error)
{
	return each_part(loader, SMD_PART_PLUGIN, each, arg, error);
}
