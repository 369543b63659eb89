/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans as documents: what a draft would do, to be read, approved and applied.
 *
 * A plan's id is the SHA-256 of its canonical JSON (RFC 8785) without the
 * members `id` and `mac`; `mac` is an HMAC-SHA-256 of the id by the store's
 * key. So a plan that was edited, cut, or made by another store is recognised.
 */
#ifndef SMD_PLAN_PLAN_H
#define SMD_PLAN_PLAN_H

#include "core/plan/draft.h"

/* Write the plan of a draft, signed. The caller's (cJSON_Delete). */
int smd_plan_write(const struct smd_draft *draft, cJSON **out, struct smd_error *error);

/*
 * Check a plan document: form, id, signature, store. SMD_E_INVALID: no plan, or
 * damaged; SMD_E_UNTRUSTED: changed by hand, or another controller's.
 */
int smd_plan_check(const struct smd_site *site, const cJSON *plan, struct smd_error *error);

/*
 * Is a draft made now the same plan? SMD_E_CONFLICT names the first device that
 * moved since and what about it. Time and estimate do not count.
 */
int smd_plan_compare(const cJSON *plan, const struct smd_draft *draft, struct smd_error *error);

#define SMD_TIME_TEXT 32
/* Now, as RFC 3339 in UTC with milliseconds. */
void smd_time_text(char out[SMD_TIME_TEXT]);

#endif
