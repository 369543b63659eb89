/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DRIVERS_FRR_H
#define SMD_DRIVERS_FRR_H

#include <smartdeploy/dialect.h>

extern const struct smd_dialect smd_frr_dialect;

/* As smd_dialect_parse, with prefixes of static routes spelled as the device does. */
int smd_frr_parse(const struct smd_compiled *dialect, const struct smd_text *text,
		  struct smd_tree **out, struct smd_error *error);
/* Put the lines of a payload into an order that the device accepts. Fails with SMD_E_NO_MEMORY. */
int smd_frr_order(const struct smd_changes *changes, struct smd_text *payload,
		  struct smd_error *error);

#endif
