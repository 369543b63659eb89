/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/loader.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/load/search_path.h"

/*
 * `mutex` guards the list. A part in it never changes, except that its compiled dialect is
 * added.
 */
struct smd_loader {
	pthread_mutex_t mutex;
	struct smd_part *parts;
	struct smd_search_path *search;
};

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
	if (smd_search_path_new(folder, &loader->search) ||
	    pthread_mutex_init(&loader->mutex, NULL)) {
		smd_search_path_free(loader->search);
		free(loader);
		return SMD_E_NO_MEMORY;
	}
	*out = loader;
	return 0;
}

int smd_loader_add_path(struct smd_loader *loader, const char *path, struct smd_error *error)
{
	return smd_search_path_add(loader->search, path, error);
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
	smd_search_path_free(loader->search);
	free(loader);
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
	const char *word = smd_search_path_word(kind);
	struct smd_error unread;
	struct list list = {.used = 0};
	size_t length = strlen(name);

	smd_fail(error, SMD_E_NOT_FOUND, "there is no %s '%s'", word, name);
	if (length > 3 && !strcmp(name + length - 3, ".so"))
		smd_error_hint(error, "a file has a '/' in it: ./%.200s", name);
	else if (smd_search_path_each(loader->search, kind, add_to_list, &list, &unread))
		smd_error_hint(error, "%.200s", unread.message);
	else if (list.used)
		smd_error_hint(error, "there are: %s", list.text);
	else
		smd_error_hint(error, "there are none in '%.200s'",
			       smd_search_path_own(loader->search, kind));
}

/* Find an open part: by its file if `by_file` is set, else by its name. */
static struct smd_part *find_loaded(const struct smd_loader *loader, enum smd_part_kind kind,
				    const char *what, int by_file)
{
	struct smd_part *part = loader->parts;

	while (part && (part->kind != kind || part->by_file != by_file ||
			strcmp(by_file ? part->file : part->name, what) != 0))
		part = part->next;
	return part;
}

static int register_part(struct smd_loader *loader, enum smd_part_kind kind,
			 const struct smd_envelope *self, struct smd_error *error)
{
	struct smd_part *part;
	int err = smd_part_register(self, kind, &part, error);

	if (err)
		return err;
	if (find_loaded(loader, kind, part->name, 0)) {
		smd_fail(error, SMD_E_CONFLICT, "there is a %s '%s' already",
			 smd_search_path_word(kind), part->name);
		smd_part_free(part);
		return SMD_E_CONFLICT;
	}
	part->next = loader->parts;
	loader->parts = part;
	return 0;
}

int smd_loader_register_driver(struct smd_loader *loader, const struct smd_driver *driver,
			       struct smd_error *error)
{
	return register_part(loader, SMD_PART_DRIVER, &driver->self, error);
}

int smd_loader_register_plugin(struct smd_loader *loader, const struct smd_plugin *plugin,
			       struct smd_error *error)
{
	return register_part(loader, SMD_PART_PLUGIN, &plugin->self, error);
}

static struct smd_part *load_part(struct smd_loader *loader, enum smd_part_kind kind,
				  const char *name, const char *file, int by_file,
				  struct smd_error *error)
{
	struct smd_part *part;

	if (smd_part_open(file, kind, name, &part, error))
		return NULL;
	part->by_file = by_file;
	part->next = loader->parts;
	return loader->parts = part;
}

static struct smd_part *find_or_load(struct smd_loader *loader, enum smd_part_kind kind,
				     const char *name, struct smd_error *error)
{
	smd_cleanup(free) char *file = NULL;

	if (smd_part_name_ok(name))
		file = smd_search_path_file(loader->search, kind, name, 0);
	if (file)
		return load_part(loader, kind, name, file, 0, error);
	not_found(loader, kind, name, error);
	return NULL;
}

static const struct smd_part *get_part(struct smd_loader *loader, enum smd_part_kind kind,
				       const char *name, struct smd_error *error)
{
	struct smd_part *part;

	pthread_mutex_lock(&loader->mutex);
	part = find_loaded(loader, kind, name, 0);
	if (!part)
		part = find_or_load(loader, kind, name, error);
	pthread_mutex_unlock(&loader->mutex);
	return part;
}

const struct smd_driver *smd_loader_driver(struct smd_loader *loader, const char *name,
					   struct smd_error *error)
{
	const struct smd_part *part = get_part(loader, SMD_PART_DRIVER, name, error);

	return part ? &part->driver : NULL;
}

const struct smd_driver *smd_loader_driver_at(struct smd_loader *loader, const char *file,
					      struct smd_error *error)
{
	char name[SMD_PART_NAME + 1];
	struct smd_part *part;

	if (!strchr(file, '/') || access(file, F_OK)) {
		smd_fail(error, SMD_E_NOT_FOUND, "there is no file '%s'", file);
		smd_error_hint(error, "a word with a '/' is the file of a driver; `sdctl driver "
				      "list` shows what is there by name");
		return NULL;
	}
	if (!smd_search_path_name(file, name)) {
		smd_fail(error, SMD_E_INVALID, "'%s' cannot be a driver by its name", file);
		smd_error_hint(error,
			       "a driver is a file NAME.so, with a name of 1 to %d "
			       "lower-case letters, digits or '-'",
			       SMD_PART_NAME);
		return NULL;
	}
	pthread_mutex_lock(&loader->mutex);
	part = find_loaded(loader, SMD_PART_DRIVER, file, 1);
	if (!part)
		part = load_part(loader, SMD_PART_DRIVER, name, file, 1, error);
	pthread_mutex_unlock(&loader->mutex);
	return part ? &part->driver : NULL;
}

static struct smd_part *part_of(const struct smd_driver *driver)
{
	return (struct smd_part *)((char *)driver - offsetof(struct smd_part, driver));
}

int smd_loader_dialect(struct smd_loader *loader, const struct smd_driver *driver,
		       const struct smd_compiled **out, struct smd_error *error)
{
	struct smd_part *part = part_of(driver);
	int err = 0;

	pthread_mutex_lock(&loader->mutex);
	if (driver->dialect && !part->compiled)
		err = smd_dialect_compile(driver->dialect, &part->compiled, error);
	*out = part->compiled;
	pthread_mutex_unlock(&loader->mutex);
	return err;
}

const char *smd_loader_file(const struct smd_driver *driver)
{
	return part_of(driver)->file;
}

char *smd_loader_find(const struct smd_loader *loader, const char *name, size_t index)
{
	return smd_search_path_file(loader->search, SMD_PART_DRIVER, name, index);
}

int smd_loader_is_own(const struct smd_loader *loader, const char *file)
{
	const char *own = smd_search_path_own(loader->search, SMD_PART_DRIVER);
	size_t length = strlen(own);

	return !strncmp(file, own, length) && file[length] == '/';
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
	const struct smd_part *part = get_part(loader, SMD_PART_PLUGIN, name, error);

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
	return smd_search_path_each(loader->search, SMD_PART_DRIVER, each, arg, error);
}

int smd_loader_each_plugin(struct smd_loader *loader, smd_loader_each_fn each, void *arg,
			   struct smd_error *error)
{
	return smd_search_path_each(loader->search, SMD_PART_PLUGIN, each, arg, error);
}
