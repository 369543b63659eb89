/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver's pure operations, or core's own by the driver's dialect where it
 * has none. Any thread.
 */
#ifndef SMD_LOAD_LANGUAGE_H
#define SMD_LOAD_LANGUAGE_H

#include "core/load/loader.h"

/*
 * A driver that is open; {0} is none.
 *
 * dialect  Its compiled one; NULL: it has none.
 * state    The driver's, for its operations.
 */
struct smd_language {
	const struct smd_driver *driver;
	const struct smd_compiled *dialect;
	struct smd_settings *settings;
	void *state;
	int opened; /* the driver has made the state */
};

/*
 * Open a driver that the loader gave, with the values of its options (smd_settings_new). Refused
 * as by the loader, the options, or the driver itself. To be closed in any case, before the
 * loader is freed.
 */
int smd_language_open(struct smd_language *language, struct smd_loader *loader,
		      const struct smd_driver *driver, const struct smd_setting *given,
		      size_t count, struct smd_error *error);
void smd_language_close(struct smd_language *language); /* it is {0} again */

int smd_language_parse(const struct smd_language *language, const struct smd_text *text,
		       struct smd_tree **out, struct smd_error *error);
int smd_language_print(const struct smd_language *language, const struct smd_tree *tree,
		       struct smd_text *out, struct smd_error *error);
/* smd_diff, in words when it fails: the same for all languages. */
int smd_language_diff(const struct smd_tree *from, const struct smd_tree *to,
		      struct smd_changes **out, struct smd_error *error);
int smd_language_render(const struct smd_language *language, const struct smd_changes *changes,
			struct smd_text *payload, struct smd_error *error);
int smd_language_simulate(const struct smd_language *language, struct smd_tree *tree,
			  const struct smd_text *payload, smd_step_fn on_step, void *arg,
			  struct smd_error *error);
/* Append the payload as people may see it; a copy, where the driver's rules name no secrets. */
int smd_language_mask(const struct smd_language *language, const struct smd_text *payload,
		      struct smd_text *out, struct smd_error *error);
/* Is what the node says a secret? */
int smd_language_is_secret(const struct smd_language *language, const struct smd_node *node);
/*
 * Enter the payload for changes into a copy of the tree they come from; it must become
 * the one they go to, else SMD_E_UNSAFE. States between that are not safe are told
 * where the driver's rules say what is (smd_dialect_verify_patch); `hazard` may be NULL.
 */
int smd_language_verify_patch(const struct smd_language *language,
			      const struct smd_changes *changes, const struct smd_text *payload,
			      smd_hazard_fn hazard, void *arg, struct smd_error *error);
/*
 * Diff and render, then assert law 2 and law 6: entering the payload into
 * `from` gives `to`, and each state on the way that acts is safe. SMD_E_UNSAFE
 * otherwise. `*payload` is the caller's, empty where nothing differs.
 */
int smd_language_patch(const struct smd_language *language, const struct smd_tree *from,
		       const struct smd_tree *to, struct smd_text **payload,
		       struct smd_error *error);
/* The service of a name and version, or NULL. */
const struct smd_service *smd_language_service(const struct smd_language *language,
					       const char *name, unsigned version);

#endif
