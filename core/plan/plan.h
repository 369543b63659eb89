/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans as documents: what a draft would change, to be read, approved and applied.
 *
 * A device has `unknown` where its driver does not know lines of a native configuration: an array
 * of {configuration, line, text, looks-like?}. It cannot compare them with what the device shows,
 * nor tell what they take away. `removes-nothing`: its negations that would remove what is not
 * there.
 *
 * A plan's id is the SHA-256 of its canonical JSON (RFC 8785) without the members `id` and
 * `mac`. `mac` is the HMAC-SHA-256 of the id with the store's key. So a plan that was edited,
 * cut off or made by another store is recognised.
 */
#ifndef SMD_PLAN_PLAN_H
#define SMD_PLAN_PLAN_H

#include "core/plan/draft.h"

/* Write a draft's plan and sign it. `*out` is the caller's (cJSON_Delete). */
int smd_plan_write(const struct smd_draft *draft, cJSON **out, struct smd_error *error);

/*
 * Check a plan document: form, id, signature, store. SMD_E_INVALID: it is no plan or is
 * damaged. SMD_E_UNTRUSTED: it was edited, or made by another controller.
 */
int smd_plan_check(const struct smd_site *site, const cJSON *plan, struct smd_error *error);

/*
 * Compare a plan with a draft that is made now, except for time and estimate. SMD_E_CONFLICT
 * names the first device that has changed since, and what changed.
 */
int smd_plan_compare(const cJSON *plan, const struct smd_draft *draft, struct smd_error *error);

/* SMD_E_UNSAFE if the plan has lines that a driver does not know; names the first. */
int smd_plan_refuse_unknown(const cJSON *plan, struct smd_error *error);

#define SMD_TIME_TEXT 32
/* The clock's time of day, as RFC 3339 in UTC with milliseconds. */
void smd_time_text(struct smd_clock *clock, char out[SMD_TIME_TEXT]);
/* The same, of so many seconds ago. Such texts sort by time. */
void smd_time_text_ago(struct smd_clock *clock, int64_t seconds, char out[SMD_TIME_TEXT]);

#endif
