/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/deploy: open deployments of which a record is damaged, or that cannot be made again.
 */
#ifndef SMD_DEPLOY_DAMAGE_H
#define SMD_DEPLOY_DAMAGE_H

#include "core/deploy/engine.h"

/*
 * read_record reads the record at this key: 0, or 1 with `*record` NULL if it
 * is damaged or missing, or an error of the store. decided_direction is 1 for forward, 0 for back,
 * -1 for a damaged decision.
 */
int read_record(struct smd_site *site, const char *key, cJSON **record, struct smd_error *error);
int decided_direction(const cJSON *decision);
/* Only what recovery has tried can be accepted: before that nobody knows what there is. */
int check_accept(const cJSON *record, struct smd_error *error);
/*
 * What becomes of an open deployment that cannot be made again of what is on record; `why` is
 * the reason, and receives the name of the damaged record if there is one. If it is to be
 * accepted, it is closed, without an attempt before if it is damaged. Else it needs attention.
 * `error` is not NULL.
 */
int settle_unrecoverable(struct deployment *deployment, struct smd_error *why,
			 struct smd_error *error);

#endif
