/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where parts lie: the product's own folder, and for drivers those of a path
 * that a user gives. The path comes first, in its order, so that a driver in the
 * making stands in for the one of that name that is installed.
 *
 * Any thread may call any function but smd_search_path_add and smd_search_path_free.
 */
#ifndef SMD_LOAD_SEARCH_PATH_H
#define SMD_LOAD_SEARCH_PATH_H

#include "core/load/part.h"

struct smd_search_path;

/* Parts lie in `folder`/drivers and `folder`/plugins, which need not exist. */
int smd_search_path_new(const char *folder, struct smd_search_path **out);
void smd_search_path_free(struct smd_search_path *search); /* NULL is fine */

/*
 * Look for drivers in the folders of `path` too, separated by ':'; empty ones are
 * passed over. SMD_E_NOT_FOUND: one is no folder. To be called before others use it.
 */
int smd_search_path_add(struct smd_search_path *search, const char *path, struct smd_error *error);

/*
 * The file of a part, the caller's (free()): of `index` 0 the one that is used, of
 * others those that it hides. NULL: there is none, or no memory.
 */
char *smd_search_path_file(const struct smd_search_path *search, enum smd_part_kind kind,
			   const char *name, size_t index);
/* The product's own folder of that kind; borrowed. */
const char *smd_search_path_own(const struct smd_search_path *search, enum smd_part_kind kind);
/* As smd_loader_each_driver. */
int smd_search_path_each(const struct smd_search_path *search, enum smd_part_kind kind,
			 smd_loader_each_fn each, void *arg, struct smd_error *error);

/* The name in `NAME.so`, without folders; 0 when the file is none of ours. */
int smd_search_path_name(const char *file, char name[SMD_PART_NAME + 1]);
/* "driver" or "plugin". */
const char *smd_search_path_word(enum smd_part_kind kind);

#endif
