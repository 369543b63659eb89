/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/language.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/lines.h"
#include "core/base/secret_words.h"
#include "core/tree/own.h"

int smd_language_open(struct smd_language *language, struct smd_loader *loader,
		      const struct smd_driver *driver, const struct smd_setting *given,
		      size_t count, struct smd_error *error)
{
	int err = smd_settings_new(&driver->self, given, count, &language->settings, error);

	language->driver = driver;
	if (!err)
		err = smd_loader_dialect(loader, driver, &language->dialect, error);
	if (err)
		return err;
	smd_settings_set_dialect(language->settings, language->dialect);
	if (driver->open)
		err = driver->open(language->settings, &language->state, error);
	language->opened = !err;
	return err;
}

void smd_language_close(struct smd_language *language)
{
	const struct smd_driver *driver = language->driver;

	if (language->opened && driver->close)
		driver->close(language->state);
	smd_settings_free(language->settings);
	*language = (struct smd_language){NULL};
}

int smd_language_parse(const struct smd_language *language, const struct smd_text *text,
		       struct smd_tree **out, struct smd_error *error)
{
	const struct smd_driver *driver = language->driver;

	if (driver->parse)
		return driver->parse(language->state, text, out, error);
	return smd_dialect_parse(language->dialect, text, out, error);
}

int smd_language_print(const struct smd_language *language, const struct smd_tree *tree,
		       struct smd_text *out, struct smd_error *error)
{
	const struct smd_driver *driver = language->driver;

	if (driver->print)
		return driver->print(language->state, tree, out, error);
	return smd_dialect_print(language->dialect, tree, out, error);
}

int smd_language_diff(const struct smd_tree *from, const struct smd_tree *to,
		      struct smd_changes **out, struct smd_error *error)
{
	int err = smd_diff(from, to, out);

	return err ? smd_fail(error, err, "cannot compare two configurations: %s",
			      smd_err_name(err))
		   : 0;
}

int smd_language_render(const struct smd_language *language, const struct smd_changes *changes,
			struct smd_text *payload, struct smd_error *error)
{
	const struct smd_driver *driver = language->driver;

	if (driver->render)
		return driver->render(language->state, changes, payload, error);
	return smd_dialect_render(language->dialect, changes, payload, error);
}

int smd_language_simulate(const struct smd_language *language, struct smd_tree *tree,
			  const struct smd_tree *goal, const struct smd_text *payload,
			  smd_step_fn on_step, void *arg, struct smd_error *error)
{
	const struct smd_driver *driver = language->driver;

	if (driver->simulate)
		return driver->simulate(language->state, tree, payload, on_step, arg, error);
	return smd_dialect_simulate_to(language->dialect, tree, goal, payload, on_step, arg, error);
}

/* Append a line with what its words tell to be a secret masked. */
static int put_masked(const char *line, struct smd_text *out)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	size_t count = smd_secret_find(smd_span_of(line), 0, secrets);
	smd_cleanup(free) char *masked = smd_secret_cover(smd_span_of(line), secrets, count);

	return masked ? smd_text_line(out, masked) : SMD_E_NO_MEMORY;
}

int smd_language_mask(const struct smd_language *language, const struct smd_text *payload,
		      struct smd_text *out, struct smd_error *error)
{
	int err = 0;

	if (language->dialect)
		return smd_dialect_mask(language->dialect, payload, out, error);
	for (size_t i = 0; i < smd_text_count(payload) && !err; i++)
		err = put_masked(smd_text_get(payload, i, NULL), out);
	return err ? smd_fail(error, err, "out of memory") : 0;
}

int smd_language_is_secret(const struct smd_language *language, const struct smd_node *node)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	smd_cleanup(free) char *line = NULL;
	const char *value = smd_node_value(node, NULL);

	if (language->dialect)
		return smd_dialect_is_secret(language->dialect, node);
	return asprintf(&line, "%s %s", smd_node_name(node), value ? value : "") < 0 ||
	       smd_secret_find(smd_span_of(line), 0, secrets) > 0;
}

static char *path_of(const struct smd_node *node)
{
	size_t size = smd_node_path(node, NULL, 0) + 1;
	char *path = malloc(size);

	if (path)
		smd_node_path(node, path, size);
	return path;
}

char *smd_language_show_path(const struct smd_language *language, const struct smd_node *node)
{
	const struct smd_node *parent = smd_node_parent(node);
	smd_cleanup(free) char *above = NULL, *whole = path_of(node), *plain = NULL;
	smd_cleanup(smd_text_free) struct smd_text *name = NULL;
	char *path;

	if (!whole || !parent || !smd_node_parent(parent)) {
		above = strdup("");
	} else {
		above = smd_language_show_path(language, parent);
		plain = path_of(parent);
	}
	if (!whole || !above || (parent && smd_node_parent(parent) && !plain))
		return NULL;
	if (!smd_language_is_secret(language, node))
		return asprintf(&path, "%s%s", above, whole + (plain ? strlen(plain) : 0)) < 0
			       ? NULL
			       : path;
	if (smd_text_new(&name, 0) || put_masked(smd_node_name(node), name))
		return NULL;
	return asprintf(&path, "%s/%s%s", above, smd_text_get(name, 0, NULL),
			smd_node_key(node, 0) ? "[" SMD_MASK "]" : "") < 0
		       ? NULL
		       : path;
}

struct watch {
	const struct smd_language *language;
	const struct smd_tree *before;
	struct smd_error *error;
	int unsafe;
};

static int on_step(void *arg, const struct smd_tree *tree, size_t line)
{
	const struct watch *watch = arg;
	const struct smd_language *language = watch->language;

	(void)line;
	if (!language->driver->safe)
		return 0;
	return language->driver->safe(language->state, watch->before, tree, watch->error);
}

static int leads_elsewhere(const struct smd_language *language, struct smd_error *error)
{
	smd_fail(error, SMD_E_UNSAFE, "the commands would not lead to the intended configuration");
	smd_error_hint(error, "this is a fault of driver \"%s\"; nothing was sent",
		       language->driver->self.name);
	return SMD_E_UNSAFE;
}

/* Check laws 2 and 6 by the driver's own `simulate` or `safe`. */
static int assert_own_laws(const struct smd_language *language, const struct smd_changes *changes,
			   const struct smd_text *payload, struct smd_error *error)
{
	const struct smd_tree *from = smd_changes_from(changes), *to = smd_changes_to(changes);
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	struct watch watch = {language, from, error, 0};
	int err = smd_tree_copy(&tree, from);

	if (err)
		return smd_fail(error, err, "out of memory");
	err = smd_language_simulate(language, tree, to, payload, on_step, &watch, error);
	if (err)
		return err;
	return smd_node_equal(smd_tree_top(tree), smd_tree_top(to))
		       ? 0
		       : leads_elsewhere(language, error);
}

int smd_language_verify_patch(const struct smd_language *language,
			      const struct smd_changes *changes, const struct smd_text *payload,
			      smd_hazard_fn hazard, void *arg, struct smd_error *error)
{
	const struct smd_driver *driver = language->driver;
	int err;

	if (driver->simulate || driver->safe || !driver->dialect)
		return assert_own_laws(language, changes, payload, error);
	err = smd_dialect_verify_patch(language->dialect, changes, payload, hazard, arg, error);
	return err == SMD_E_UNSAFE ? leads_elsewhere(language, error) : err;
}

/* Keep the first hazard only. */
static void on_hazard(void *arg, const struct smd_hazard *hazard)
{
	struct watch *watch = arg;
	const char *whole = watch->language->driver->dialect->atomic_method;

	if (watch->unsafe)
		return;
	watch->unsafe = 1;
	smd_fail(watch->error, SMD_E_UNSAFE,
		 "every order of the commands passes a state that is "
		 "not safe: line %zu: %s",
		 hazard->line + 1, hazard->what);
	if (whole)
		smd_error_hint(watch->error, "the device can take such a change as a whole: %s",
			       whole);
	else if (hazard->advice)
		smd_error_hint(watch->error, "%s", hazard->advice);
}

static int assert_laws(const struct smd_language *language, const struct smd_changes *changes,
		       const struct smd_text *payload, struct smd_error *error)
{
	struct watch watch = {language, NULL, error, 0};
	int err = smd_language_verify_patch(language, changes, payload, on_hazard, &watch, error);

	return !err && watch.unsafe ? SMD_E_UNSAFE : err;
}

int smd_language_patch(const struct smd_language *language, const struct smd_tree *from,
		       const struct smd_tree *to, struct smd_text **payload,
		       struct smd_error *error)
{
	smd_cleanup(smd_changes_free) struct smd_changes *found = NULL;
	smd_cleanup(smd_text_free) struct smd_text *lines = NULL;
	int err = smd_language_diff(from, to, &found, error);

	if (err)
		return err;
	err = smd_text_new(&lines, 0);
	if (err)
		return smd_fail(error, err, "out of memory");
	err = smd_language_render(language, found, lines, error);
	if (!err)
		err = assert_laws(language, found, lines, error);
	if (!err)
		*payload = smd_take(lines);
	return err;
}

const struct smd_service *smd_language_service(const struct smd_language *language,
					       const char *name, unsigned version)
{
	const struct smd_driver *driver = language->driver;

	for (size_t i = 0; i < driver->service_count; i++)
		if (!strcmp(driver->services[i].name, name) &&
		    driver->services[i].version == version)
			return &driver->services[i];
	return NULL;
}
