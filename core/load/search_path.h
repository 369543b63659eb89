/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The folders that are searched for parts: the product's own and, for drivers, a path given by
 * the user. The path is searched first, in its order, so that a driver under development
 * replaces the installed one of the same name.
 *
 * Any thread may call any function except smd_search_path_add and smd_search_path_free.
 */
#ifndef SMD_LOAD_SEARCH_PATH_H
#define SMD_LOAD_SEARCH_PATH_H

#include "core/load/part.h"

struct smd_search_path;

/* Make a search path for parts in `folder`/drivers and `folder`/plugins, which need not exist. */
int smd_search_path_new(const char *folder, struct smd_search_path **out);
void smd_search_path_free(struct smd_search_path *search); /* NULL is fine */

/*
 * Search the folders of `path` for drivers too; they are separated by ':', empty ones are
 * ignored. SMD_E_NOT_FOUND: one is not a folder. To be called before other threads use the
 * object.
 */
int smd_search_path_add(struct smd_search_path *search, const char *path, struct smd_error *error);

/*
 * The file of a part. `index` 0: the one that is used; 1 and more: those that it hides. The
 * caller's (free()); NULL: there is none, or no memory.
 */
char *smd_search_path_file(const struct smd_search_path *search, enum smd_part_kind kind,
			   const char *name, size_t index);
/* The product's own folder for that kind; borrowed. */
const char *smd_search_path_own(const struct smd_search_path *search, enum smd_part_kind kind);
/* As smd_loader_each_driver, for any kind. */
int smd_search_path_each(const struct smd_search_path *search, enum smd_part_kind kind,
			 smd_loader_each_fn each, void *arg, struct smd_error *error);

/* Copy the name from `NAME.so`, without folders. Returns 0 if the file is not named like a part. */
int smd_search_path_name(const char *file, char name[SMD_PART_NAME + 1]);
/* The word for a kind: "driver" or "plugin". */
const char *smd_search_path_word(enum smd_part_kind kind);

#endif
