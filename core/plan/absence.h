/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Absences: what configurations want not to be there.
 *
 * A configuration owns an absence as it owns a statement: as long as it does, no other one can
 * have what the absence removes. The records of a device are in table `absence`, by device and
 * owner: {lines, was}.
 */
#ifndef SMD_PLAN_ABSENCE_H
#define SMD_PLAN_ABSENCE_H

#include <smartdeploy/text.h>
#include <smartdeploy/tree.h>

#include "core/base/json.h"
#include "core/store/store_thread.h"

/*
 * lines  Commands that remove, as in struct smd_fragment.
 * was    What they took away and nobody owned, with the sections around it: it returns when the
 *        absence ends.
 */
struct smd_absence {
	char *owner;
	struct smd_text *lines;
	struct smd_tree *was;
};

/* The absences of one device, one for each owner, sorted by owner. {0} is empty. */
struct smd_absences {
	struct smd_absence *all;
	size_t count;
};

void smd_absences_done(struct smd_absences *absences);
/* Read the device's records. SMD_E_INVALID: one is damaged. */
int smd_absences_load(struct smd_absences *out, struct smd_store_thread *store_thread,
		      const char *device, struct smd_error *error);
/* Add to `batch` the writes that turn the records of `before` into those of `after`. */
void smd_absences_save(const struct smd_absences *before, const struct smd_absences *after,
		       const char *device, struct smd_batch *batch);
/* The absence of an owner; NULL: it has none. */
struct smd_absence *smd_absences_find(const struct smd_absences *absences, const char *owner);
/* Add copies; `was` NULL: nothing. Invalidates pointers. SMD_E_NO_MEMORY. */
int smd_absences_add(struct smd_absences *absences, const char *owner, const struct smd_text *lines,
		     const struct smd_tree *was);

/* An array of the lines. NULL: no memory. */
cJSON *smd_absence_lines_json(const struct smd_text *lines);
/* `*out` is the caller's; it stays NULL if `json` is no array. */
int smd_absence_lines_read(const cJSON *json, struct smd_text **out);

#endif
