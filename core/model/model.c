/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/model.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "core/model/read.h"

/* What is made when the first document is validated. */
struct modules {
	pthread_mutex_t mutex;
	struct ly_ctx *context; /* NULL: not yet made; then constant */
};

struct smd_model {
	char *folder;
	struct modules *modules;
};

static const char *const names[] = {
	"smartdeploy-bridge-domain",
	"smartdeploy-native",
	"smartdeploy-inventory",
	"smartdeploy-topology",
};

static int load(struct ly_ctx *context, const char *folder, struct smd_error *error)
{
	for (size_t i = 0; i < SMD_COUNT(names); i++) {
		if (ly_ctx_load_module(context, names[i], NULL, NULL))
			continue;
		smd_yang_error(context, names[i], error);
		smd_error_where(error, "%s", folder);
		smd_error_hint(error, "the folder must hold %s.yang as it was installed", names[i]);
		if (error)
			error->code = SMD_E_IO;
		return SMD_E_IO;
	}
	return 0;
}

static int new_context(const char *folder, struct ly_ctx **out, struct smd_error *error)
{
	struct ly_ctx *context;
	int err;

	/*
	 * Otherwise libyang prints errors. Set for the whole process, since libyang's leafref
	 * checks reset its per-thread setting.
	 */
	ly_log_options(LY_LOSTORE_LAST);
	if (ly_ctx_new(folder, LY_CTX_NO_YANGLIBRARY | LY_CTX_DISABLE_SEARCHDIR_CWD, &context))
		return smd_fail(error, SMD_E_IO, "libyang cannot use the folder \"%s\"", folder);
	err = load(context, folder, error);
	if (err)
		ly_ctx_destroy(context);
	else
		*out = context;
	return err;
}

/* The context, made if this is the first call that needs it. */
static int need_context(const struct smd_model *model, const struct ly_ctx **out,
			struct smd_error *error)
{
	struct modules *modules = model->modules;
	int err = 0;

	pthread_mutex_lock(&modules->mutex);
	if (!modules->context)
		err = new_context(model->folder, &modules->context, error);
	*out = modules->context;
	pthread_mutex_unlock(&modules->mutex);
	return err;
}

int smd_model_new(const char *yang_dir, struct smd_model **out, struct smd_error *error)
{
	smd_cleanup(smd_model_free) struct smd_model *model = calloc(1, sizeof(*model));

	if (model) {
		model->folder = strdup(yang_dir);
		model->modules = calloc(1, sizeof(*model->modules));
	}
	if (!model || !model->folder || !model->modules)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the YANG modules");
	pthread_mutex_init(&model->modules->mutex, NULL);
	if (access(yang_dir, R_OK | X_OK))
		return smd_fail(error, SMD_E_IO,
				"cannot read the folder of YANG modules \"%s\": %m", yang_dir);
	*out = smd_take(model);
	return 0;
}

void smd_model_free(struct smd_model *model)
{
	if (!model)
		return;
	if (model->modules) {
		ly_ctx_destroy(model->modules->context);
		pthread_mutex_destroy(&model->modules->mutex);
	}
	free(model->modules);
	free(model->folder);
	free(model);
}

/* Add a hint that shows the top level of an allowed document. */
static void hint_roots(const char *const *roots, struct smd_error *error)
{
	char wanted[SMD_ERROR_HINT] = "";
	size_t used = 0;

	for (size_t i = 0; roots[i] && used < sizeof(wanted); i++)
		used += (size_t)snprintf(wanted + used, sizeof(wanted) - used,
					 "%s{\"smartdeploy-%s:%s\": {...}}", i ? " or " : "",
					 roots[i], roots[i]);
	smd_error_hint(error, "wanted is %s", wanted);
}

static int wrong_root(const char *const *roots, const char *what, const char *found,
		      struct smd_error *error)
{
	smd_fail(error, SMD_E_INVALID, "%s: this is %s, not %s%s%s", what, found, roots[0],
		 roots[1] ? " or " : "", roots[1] ? roots[1] : "");
	hint_roots(roots, error);
	return SMD_E_INVALID;
}

static int check_root(const struct lyd_node *tree, const char *const *roots, const char *what,
		      struct smd_error *error)
{
	char found[80];

	if (!tree)
		return wrong_root(roots, what, "an empty document", error);
	if (tree->next)
		return wrong_root(roots, what, "a document of several parts", error);
	for (size_t i = 0; roots[i]; i++)
		if (!strcmp(tree->schema->name, roots[i]))
			return 0;
	snprintf(found, sizeof(found), "\"%s\"", tree->schema->name);
	return wrong_root(roots, what, found, error);
}

/* Fail if anything follows the first JSON value, which libyang does not check. */
static int check_end(const char *text, size_t parsed, const char *what, struct smd_error *error)
{
	unsigned line = 1;
	const char *end = text + parsed;

	while (isspace((unsigned char)*end))
		end++;
	if (!*end)
		return 0;
	for (const char *c = text; c < end; c++)
		line += *c == '\n';
	return smd_fail(error, SMD_E_INVALID, "%s:%u: there is more behind the end of the document",
			what, line);
}

static int parse(const struct ly_ctx *context, const char *text, const char *what,
		 struct lyd_node **tree, struct smd_error *error)
{
	struct ly_in *in;
	LY_ERR result;
	int err;

	ly_err_clean((struct ly_ctx *)context, NULL);
	if (ly_in_new_memory(text, &in))
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to read it", what);
	result = lyd_parse_data(context, NULL, in, LYD_JSON, LYD_PARSE_STRICT, LYD_VALIDATE_PRESENT,
				tree);
	if (result == LY_EMEM)
		err = smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to read it", what);
	else if (result)
		err = smd_yang_error(context, what, error);
	else
		err = check_end(text, ly_in_parsed(in), what, error);
	ly_in_free(in, 0);
	return err;
}

int smd_model_parse(const struct smd_model *model, const char *json, size_t size, const char *what,
		    const char *const *roots, struct lyd_node **tree, struct smd_error *error)
{
	smd_cleanup(lyd_free_all) struct lyd_node *read = NULL;
	smd_cleanup(free) char *text = NULL;
	const struct ly_ctx *context = NULL;
	int err;

	if (size > SMD_DOCUMENT_LIMIT)
		return smd_fail(error, SMD_E_NO_MEMORY,
				"%s: the document has %zu bytes; at most %zu are taken", what, size,
				SMD_DOCUMENT_LIMIT);
	if (memchr(json, '\0', size))
		return smd_fail(error, SMD_E_INVALID, "%s: the document holds a NUL byte", what);
	text = strndup(json, size);
	if (!text)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to read it", what);
	err = need_context(model, &context, error);
	if (err)
		return err;
	err = parse(context, text, what, &read, error);
	if (err && error && !error->where[0] && !error->hint[0])
		hint_roots(roots, error);
	if (err)
		return err;
	err = check_root(read, roots, what, error);
	if (!err)
		*tree = smd_take(read);
	return err;
}
