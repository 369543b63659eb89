/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The stored inventory and topology. They are validated when they are written, with a checked
 * form beside the text, so that reading them needs no YANG modules (core/model/inventory.h).
 */
#ifndef SMD_SITE_DOCUMENTS_H
#define SMD_SITE_DOCUMENTS_H

#include "core/site/site.h"

/*
 * Read both into the site. Where there is none, it is empty. Where one cannot be read, damaged or
 * not, both are empty and the site's `documents_error` tells why. SMD_E_NO_MEMORY.
 */
int smd_site_read_documents(struct smd_site *site, struct smd_error *error);

/*
 * Why the site's documents cannot be used, 0 if they can. To be asked before anything that
 * looks at them; setting them anew is what helps.
 */
int smd_site_check_documents(const struct smd_site *site, struct smd_error *error);

/* The text of the stored inventory, or of an empty one. The caller frees it. */
int smd_site_inventory_text(struct smd_site *site, char **out, struct smd_error *error);
/* The same of the topology. */
int smd_site_topology_text(struct smd_site *site, char **out, struct smd_error *error);

/*
 * inventory, topology  Texts; NULL: the stored one stays.
 * dry_run              Check and compare only; store nothing.
 */
struct smd_new_documents {
	const char *inventory, *topology;
	int dry_run;
};

/*
 * As smd_site_set_documents. `*changes` (may be NULL) tells what changes, as
 * smd_inventory_changes does; the caller's.
 */
int smd_site_replace_documents(struct smd_site *site, const struct smd_new_documents *given,
			       cJSON **changes, struct smd_error *error);

#endif
