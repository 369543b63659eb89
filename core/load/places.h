/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where parts lie: the product's own folder, and for drivers those of a path
 * that a user gives. The path comes first, in its order, so that a driver in the
 * making stands in for the one of that name that is installed.
 *
 * Any thread may call any function but smd_places_add and smd_places_free.
 */
#ifndef SMD_LOAD_PLACES_H
#define SMD_LOAD_PLACES_H

#include "core/load/part.h"

struct smd_places;

/* Parts lie in `folder`/drivers and `folder`/plugins, which need not exist. */
int smd_places_new(const char *folder, struct smd_places **out);
void smd_places_free(struct smd_places *places); /* NULL is fine */

/*
 * Look for drivers in the folders of `path` too, separated by ':'; empty ones are
 * passed over. SMD_E_NOT_FOUND: one is no folder. To be called before others use it.
 */
int smd_places_add(struct smd_places *places, const char *path, struct smd_error *error);

/*
 * The file of a part, the caller's (free()): of `index` 0 the one that is used, of
 * others those that it hides. NULL: there is none, or no memory.
 */
char *smd_places_file(const struct smd_places *places, enum smd_part_kind kind, const char *name,
		      size_t index);
/* The product's own folder of that kind; borrowed. */
const char *smd_places_own(const struct smd_places *places, enum smd_part_kind kind);
/* As smd_loader_each_driver. */
int smd_places_each(const struct smd_places *places, enum smd_part_kind kind,
		    smd_loader_each_fn each, void *arg, struct smd_error *error);

/* The name in `NAME.so`, without folders; 0 when the file is none of ours. */
int smd_places_name(const char *file, char name[SMD_PART_NAME + 1]);
/* "driver" or "plugin". */
const char *smd_places_word(enum smd_part_kind kind);

#endif
