/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pure operations of an open driver: its own functions or, where it has none, those of
 * core's dialect engine with the driver's dialect. Any thread.
 */
#ifndef SMD_LOAD_LANGUAGE_H
#define SMD_LOAD_LANGUAGE_H

#include "core/load/loader.h"

/*
 * An open driver; {0} is a closed one.
 *
 * dialect  Its compiled dialect, borrowed from the loader; NULL: it has none.
 * state    Made by the driver's `open`, passed to its operations.
 */
struct smd_language {
	const struct smd_driver *driver;
	const struct smd_compiled *dialect;
	struct smd_settings *settings;
	void *state;
	int opened; /* `state` was made by the driver, so it must be closed */
};

/*
 * Open a driver of the loader with the given option values (smd_settings_new). Fails as the
 * loader, the option check or the driver's `open` does. smd_language_close must be called in
 * any case, before the loader is freed.
 */
int smd_language_open(struct smd_language *language, struct smd_loader *loader,
		      const struct smd_driver *driver, const struct smd_setting *given,
		      size_t count, struct smd_error *error);
void smd_language_close(struct smd_language *language); /* leaves {0} */

int smd_language_parse(const struct smd_language *language, const struct smd_text *text,
		       struct smd_tree **out, struct smd_error *error);
int smd_language_print(const struct smd_language *language, const struct smd_tree *tree,
		       struct smd_text *out, struct smd_error *error);
/* As smd_diff, with an error message on failure that is the same for all drivers. */
int smd_language_diff(const struct smd_tree *from, const struct smd_tree *to,
		      struct smd_changes **out, struct smd_error *error);
int smd_language_render(const struct smd_language *language, const struct smd_changes *changes,
			struct smd_text *payload, struct smd_error *error);
/* `goal`: see smd_dialect_simulate_to; may be NULL. */
int smd_language_simulate(const struct smd_language *language, struct smd_tree *tree,
			  const struct smd_tree *goal, const struct smd_text *payload,
			  smd_step_fn on_step, void *arg, struct smd_error *error);
/* Append the payload with its secrets masked: by the driver's rules, and by the kind of word. */
int smd_language_mask(const struct smd_language *language, const struct smd_text *payload,
		      struct smd_text *out, struct smd_error *error);
/* Does the node hold a secret? */
int smd_language_is_secret(const struct smd_language *language, const struct smd_node *node);
/*
 * The path of a node with secrets masked that its keys, or those above it, hold; the caller's
 * (free()). NULL: no memory.
 */
char *smd_language_show_path(const struct smd_language *language, const struct smd_node *node);
/*
 * Verify a patch: enter the payload into a copy of the tree before the changes. SMD_E_UNSAFE if
 * the result differs from the tree after them. Intermediate states that are not safe are passed
 * to `hazard` (may be NULL) if the driver's rules define safety (smd_dialect_verify_patch).
 */
int smd_language_verify_patch(const struct smd_language *language,
			      const struct smd_changes *changes, const struct smd_text *payload,
			      smd_hazard_fn hazard, void *arg, struct smd_error *error);
/*
 * Compute the payload from one tree to another, and check laws 2 and 6: entering it into `from`
 * gives `to`, and every intermediate state that acts is safe; SMD_E_UNSAFE otherwise.
 * `*payload` is the caller's; it is empty if nothing differs.
 */
int smd_language_patch(const struct smd_language *language, const struct smd_tree *from,
		       const struct smd_tree *to, struct smd_text **payload,
		       struct smd_error *error);
/* The driver's service with this name and version, borrowed; NULL: it has none. */
const struct smd_service *smd_language_service(const struct smd_language *language,
					       const char *name, unsigned version);

#endif
