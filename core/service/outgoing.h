/* SPDX-License-Identifier: Apache-2.0 */
/* The gate: secrets of devices are masked in everything that leaves the service. */
#ifndef SMD_SERVICE_OUTGOING_H
#define SMD_SERVICE_OUTGOING_H

#include "core/load/language.h"
#include "core/service/methods.h"

/*
 * Mask a result or an event, in place: secrets in lines that sentences quote, passwords in URLs.
 * Leaves out what records keep only to compute with. Lines of configuration must have been masked
 * where they were made, so that the rules of their driver count; those of text.diff are exact.
 */
void smd_outgoing_json(cJSON *json);
void smd_outgoing_error(struct smd_error *error);

/*
 * Does the request ask for secrets in clear, and may it? `*reveals`: it does. SMD_E_DENIED: the
 * principal is not the user whom the controller belongs to.
 */
int smd_outgoing_opens(const struct smd_call *call, int *reveals);

/* Replace a text in the driver's language by one with its secrets masked. */
int smd_outgoing_text(const struct smd_language *language, struct smd_text **text,
		      struct smd_error *error);
/*
 * Replace the text of a configuration by one whose lines have their secrets masked, by the drivers
 * that the inventory names. A text without secrets stays as it was written.
 */
int smd_outgoing_document(const struct smd_call *call, char **text);
/*
 * Mask what a device of an inventory, as JSON, has as values of options that its driver calls
 * secret: they are refused, but a driver may call an option so after it was given. Returns whether
 * there were any.
 */
int smd_outgoing_options(const struct smd_call *call, cJSON *device);
/* Mask the JSON of the node's children (smd_tree_to_json), in place. */
void smd_outgoing_tree(const struct smd_language *language, const struct smd_node *node,
		       cJSON *json);

#endif
