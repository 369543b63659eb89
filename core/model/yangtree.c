/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/yangtree.h"

#include <libyang/plugins_types.h>
#include <stdio.h>
#include <string.h>

#include "core/model/read.h"
#include "core/tree/own.h"

#define DATA (LYS_CONTAINER | LYS_LIST | LYS_LEAF | LYS_LEAFLIST | LYS_ANYDATA)
/* Maximum number of keys of a list, more than any module has; see new_list */
#define KEYS 16

/* From YANG to tree */

static int cannot_keep(const struct lyd_node *node, enum smd_err code, const char *why,
		       struct smd_error *error)
{
	char path[SMD_ERROR_WHERE] = "";

	lyd_path(node, LYD_PATH_STD, path, sizeof(path));
	smd_fail(error, code, "%s \"%s\" %s",
		 node->schema ? lys_nodetype2str(node->schema->nodetype) : "node", LYD_NAME(node),
		 why);
	smd_error_where(error, "%s", path);
	return code;
}

/* Does `text`, read as a value of the union, give this same value? */
static int is_spelling(const struct lyd_node_term *term, const char *text, size_t size)
{
	const struct lysc_type *type = term->value.realtype;
	const struct ly_ctx *context = LYD_CTX(&term->node);
	struct lyd_value value = {0};
	struct ly_err_item *item = NULL;
	LY_ERR err = type->plugin->store(context, type, text, size, 0, LY_VALUE_JSON, NULL,
					 LYD_HINT_DATA, term->schema, &value, NULL, &item);
	int same = 0;

	ly_err_free(item);
	if (err && err != LY_EINCOMPLETE)
		return 0;
	same = !type->plugin->compare(&term->value, &value);
	type->plugin->free(context, &value);
	return same;
}

/*
 * The value's text for the tree: the canonical value; for a union the original text, if the
 * canonical one would be read as another member type. The caller frees it.
 */
static char *spell(const struct lyd_node *node)
{
	const struct lyd_node_term *term = (const struct lyd_node_term *)node;
	const char *canonical = lyd_get_value(node);

	if (term->value.realtype->basetype == LY_TYPE_UNION &&
	    !is_spelling(term, canonical, strlen(canonical))) {
		const struct lyd_value_union *one = term->value.subvalue;

		if (!memchr(one->original, '\0', one->orig_len) &&
		    is_spelling(term, one->original, one->orig_len))
			return strndup(one->original, one->orig_len);
	}
	return strdup(canonical);
}

static char *name_of(const struct lyd_node *node)
{
	const struct lyd_node *parent = lyd_parent(node);
	const struct lys_module *module = node->schema->module;
	char *name = NULL;

	if (parent && parent->schema->module == module)
		return strdup(node->schema->name);
	return asprintf(&name, "%s:%s", module->name, node->schema->name) < 0 ? NULL : name;
}

static enum smd_kind kind_of(const struct lysc_node *schema)
{
	switch (schema->nodetype) {
	case LYS_CONTAINER:
		return SMD_SECTION;
	case LYS_LIST:
		return SMD_ENTRY;
	case LYS_LEAFLIST:
		return SMD_MEMBER;
	case LYS_LEAF:
		return SMD_LEAF;
	default:
		return SMD_BLOCK;
	}
}

/*
 * How an anydata node becomes a block: the word in the block's first line, and libyang's types
 * for it.
 */
static const struct {
	const char *word;
	LYD_ANYDATA_VALUETYPE type;
	LYD_FORMAT format;
} forms[] = {
	{"tree-xml", LYD_ANYDATA_DATATREE, LYD_XML}, {"tree-json", LYD_ANYDATA_DATATREE, LYD_JSON},
	{"string", LYD_ANYDATA_STRING, LYD_UNKNOWN}, {"xml", LYD_ANYDATA_XML, LYD_UNKNOWN},
	{"json", LYD_ANYDATA_JSON, LYD_UNKNOWN},
};

/* Was the tree parsed from JSON? Nodes without a schema know that. */
static int was_json(const struct lyd_node *first)
{
	const struct lyd_node *top, *node;

	LY_LIST_FOR(first, top)
	{
		LYD_TREE_DFS_BEGIN(top, node)
		{
			if (!node->schema &&
			    ((const struct lyd_node_opaq *)node)->format == LY_VALUE_JSON)
				return 1;
			LYD_TREE_DFS_END(top, node);
		}
	}
	return 0;
}

/*
 * The text of an anydata node, the caller's; `*form` is its index in `forms`, or SIZE_MAX with
 * NULL: it has no value.
 */
static char *any_text(const struct lyd_node_any *any, size_t *form)
{
	char *text = NULL;

	*form = SIZE_MAX;
	if (any->value_type == LYD_ANYDATA_DATATREE) {
		*form = (size_t)was_json(any->value.tree);
		if (!any->value.tree)
			return strdup("");
		if (lyd_print_mem(&text, any->value.tree, forms[*form].format,
				  LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK))
			return NULL;
		return text;
	}
	for (size_t i = 2; i < SMD_COUNT(forms); i++)
		if (forms[i].type == any->value_type && any->value.str)
			*form = i;
	return *form == SIZE_MAX ? NULL : strdup(any->value.str);
}

/* The block's value for an anydata node; the caller frees it. */
static char *spell_any(const struct lyd_node *node)
{
	size_t form;
	smd_cleanup(free) char *text = any_text((const struct lyd_node_any *)node, &form);
	char *value = NULL;

	if (form == SIZE_MAX)
		return strdup("none\n");
	if (!text || asprintf(&value, "%s\n%s", forms[form].word, text) < 0)
		return NULL;
	return value;
}

static int keep_children(struct smd_node *parent, const struct lyd_node *node,
			 struct smd_error *error);

/* Add a node to the tree; `spec` has its value or key already, the rest is filled in here. */
static int add_node(struct smd_node *parent, const struct lyd_node *node,
		    struct smd_node_spec *spec, struct smd_node **out, struct smd_error *error)
{
	smd_cleanup(free) char *name = name_of(node);
	int err;

	if (!name)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a tree");
	spec->kind = kind_of(node->schema);
	spec->name = name;
	spec->ordered = lysc_is_userordered(node->schema);
	err = smd_node_add(parent, spec, out);
	if (err == SMD_E_EXISTS)
		return cannot_keep(node, SMD_E_UNSUPPORTED, "is there twice", error);
	if (err == SMD_E_INVALID)
		return cannot_keep(node, err, "nests too deep or has too many keys", error);
	return err ? smd_fail(error, err, "no memory for a tree") : 0;
}

static int keep_list(struct smd_node *parent, const struct lyd_node *node, struct smd_error *error)
{
	char *keys[KEYS] = {NULL};
	struct smd_node *entry;
	struct smd_node_spec spec = {.keys = (const char *const *)keys};
	const struct lyd_node *key;
	int err = 0;

	if (node->schema->flags & LYS_KEYLESS)
		return cannot_keep(node, SMD_E_UNSUPPORTED, "has no keys", error);
	for (key = lyd_child(node); key && lysc_is_key(key->schema) && !err; key = key->next) {
		if (spec.key_count == KEYS)
			err = cannot_keep(node, SMD_E_UNSUPPORTED, "has too many keys", error);
		else if (!(keys[spec.key_count++] = spell(key)))
			err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a tree");
	}
	if (!err)
		err = add_node(parent, node, &spec, &entry, error);
	for (size_t i = 0; i < spec.key_count; i++)
		free(keys[i]);
	return err ? err : keep_children(entry, key, error);
}

static int keep_valued(struct smd_node *parent, const struct lyd_node *node,
		       struct smd_error *error)
{
	int is_any = node->schema->nodetype & LYS_ANYDATA, is_key;
	smd_cleanup(free) char *text = is_any ? spell_any(node) : spell(node);
	const char *key = text;
	struct smd_node_spec spec = {.value = text};

	if (is_any && ((const struct lyd_node_any *)node)->value_type == LYD_ANYDATA_LYB)
		return cannot_keep(node, SMD_E_UNSUPPORTED, "is binary", error);
	if (!text)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a tree");
	is_key = node->schema->nodetype == LYS_LEAFLIST;
	if (is_key)
		spec = (struct smd_node_spec){.keys = &key, .key_count = 1};
	return add_node(parent, node, &spec, NULL, error);
}

static int alloc(struct smd_node *parent, const struct lyd_node *node, struct smd_error *error)
{
	struct smd_node_spec spec = {.name = NULL};
	struct smd_node *section;
	int err;

	if (!node->schema || !(node->schema->nodetype & DATA))
		return cannot_keep(node, SMD_E_UNSUPPORTED, "is no data that a schema knows",
				   error);
	if (node->flags & LYD_DEFAULT)
		return 0;
	if (node->schema->nodetype == LYS_LIST)
		return keep_list(parent, node, error);
	if (node->schema->nodetype != LYS_CONTAINER)
		return keep_valued(parent, node, error);
	err = add_node(parent, node, &spec, &section, error);
	return err ? err : keep_children(section, lyd_child(node), error);
}

/* Add `node` and the siblings behind it. Recursion is bounded by the tree's maximum depth. */
static int keep_children(struct smd_node *parent, const struct lyd_node *node,
			 struct smd_error *error)
{
	int err = 0;

	for (; node && !err; node = node->next)
		err = alloc(parent, node, error);
	return err;
}

int smd_yang_to_tree(const struct lyd_node *data, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	int err = smd_tree_new(&tree);

	if (err)
		return smd_fail(error, err, "no memory for a tree");
	if (data && lyd_parent(data))
		return cannot_keep(data, SMD_E_INVALID, "is not at the top", error);
	err = keep_children(smd_tree_root(tree), data ? lyd_first_sibling(data) : NULL, error);
	if (!err)
		*out = smd_take(tree);
	return err;
}

/* From tree to YANG */

static int schema_error(const struct smd_node *node, struct smd_error *error, const char *what)
{
	char path[SMD_ERROR_WHERE];

	smd_node_path(node, path, sizeof(path));
	smd_fail(error, SMD_E_INVALID, "\"%s\" %s", smd_node_name(node), what);
	smd_error_where(error, "%s", path);
	return SMD_E_INVALID;
}

/* Report that libyang refused the node. */
static int refused(const struct ly_ctx *context, const struct smd_node *node, LY_ERR result,
		   struct smd_error *error)
{
	char path[SMD_ERROR_WHERE];

	if (result == LY_EMEM)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for data");
	smd_node_path(node, path, sizeof(path));
	smd_yang_error(context, smd_node_name(node), error);
	smd_error_where(error, "%s", path);
	return SMD_E_INVALID;
}

static const struct lysc_node *find_schema(const struct ly_ctx *context,
					   const struct lysc_node *parent,
					   const struct smd_node *node)
{
	const char *name = smd_node_name(node);
	const char *colon = strchr(name, ':');
	const struct lys_module *module = parent ? parent->module : NULL;

	if (colon) {
		smd_cleanup(free) char *prefix = strndup(name, (size_t)(colon - name));
		const struct lys_module *own = module;

		module = prefix ? ly_ctx_get_module_implemented(context, prefix) : NULL;
		if (module == own) /* else a node could have two names */
			return NULL;
		name = colon + 1;
	}
	return module ? lys_find_child(parent, module, name, 0, DATA, 0) : NULL;
}

static size_t key_count(const struct lysc_node *list)
{
	const struct lysc_node *child = lysc_node_child(list);
	size_t count = 0;

	for (; child && lysc_is_key(child); child = child->next)
		count++;
	return count;
}

static LY_ERR new_list(struct lyd_node *parent, const struct lysc_node *schema,
		       const struct smd_node *node, struct lyd_node **out)
{
	const char *k[KEYS] = {NULL};

	for (size_t i = 0; i < KEYS; i++)
		k[i] = smd_node_key(node, i);
	/* Variadic: libyang takes as many keys as the list has. This form needs no quoting. */
	return lyd_new_list(parent, schema->module, schema->name, 0, out, k[0], k[1], k[2], k[3],
			    k[4], k[5], k[6], k[7], k[8], k[9], k[10], k[11], k[12], k[13], k[14],
			    k[15]);
}

/* Make an anydata node from a block's value. */
static LY_ERR new_any(struct lyd_node *parent, const struct lysc_node *schema,
		      const struct smd_node *node, struct lyd_node **out)
{
	const char *value = smd_node_value(node, NULL);
	const char *lf = strchr(value, '\n');
	smd_cleanup(lyd_free_all) struct lyd_node *tree = NULL;
	LY_ERR err = LY_SUCCESS;
	size_t i = 0;

	if (!strcmp(value, "none\n"))
		return lyd_new_any(parent, schema->module, schema->name, NULL, 0,
				   LYD_ANYDATA_STRING, 0, out);
	while (lf && i < SMD_COUNT(forms) &&
	       (strncmp(forms[i].word, value, (size_t)(lf - value)) ||
		forms[i].word[lf - value] != '\0'))
		i++;
	if (!lf || i == SMD_COUNT(forms))
		return LY_EVALID;
	if (forms[i].type != LYD_ANYDATA_DATATREE)
		return lyd_new_any(parent, schema->module, schema->name, lf + 1, 0, forms[i].type,
				   0, out);
	if (lf[1])
		err = lyd_parse_data_mem(schema->module->ctx, lf + 1, forms[i].format,
					 LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &tree);
	if (!err)
		err = lyd_new_any(parent, schema->module, schema->name, tree, 1,
				  LYD_ANYDATA_DATATREE, 0, out);
	if (!err)
		tree = NULL; /* owned by the parent now */
	return err;
}

static LY_ERR new_node(struct lyd_node *parent, const struct lysc_node *schema,
		       const struct smd_node *node, struct lyd_node **out)
{
	switch (schema->nodetype) {
	case LYS_CONTAINER:
		return lyd_new_inner(parent, schema->module, schema->name, 0, out);
	case LYS_LIST:
		return new_list(parent, schema, node, out);
	case LYS_LEAFLIST:
		return lyd_new_term(parent, schema->module, schema->name, smd_node_key(node, 0), 0,
				    out);
	case LYS_LEAF:
		return lyd_new_term(parent, schema->module, schema->name,
				    smd_node_value(node, NULL), 0, out);
	default:
		return new_any(parent, schema, node, out);
	}
}

/* Check that the tree's node has the kind and shape that its schema node requires. */
static int check(const struct smd_node *node, const struct lysc_node *schema,
		 struct smd_error *error)
{
	size_t keys = schema && schema->nodetype == LYS_LIST       ? key_count(schema)
		      : schema && schema->nodetype == LYS_LEAFLIST ? 1
								   : 0;
	const char *value = smd_node_value(node, NULL);
	size_t size = 0;

	if (!schema)
		return schema_error(node, error, "is not in the schema at this place");
	if (kind_of(schema) != smd_node_kind(node))
		return schema_error(node, error, "is of another kind in the schema");
	if (keys != smd_node_key_count(node) || keys > KEYS)
		return schema_error(node, error, "has another number of keys in the schema");
	if (lysc_is_key(schema))
		return schema_error(node, error, "is a key and stands in the entry already");
	if (value && smd_node_value(node, &size) && strlen(value) != size)
		return schema_error(node, error, "has a NUL byte");
	return 0;
}

static int build_children(const struct ly_ctx *context, const struct smd_node *from,
			  struct lyd_node *parent, const struct lysc_node *schema,
			  struct lyd_node **first, struct smd_error *error);

static int build(const struct ly_ctx *context, const struct smd_node *node, struct lyd_node *parent,
		 const struct lysc_node *above, struct lyd_node **first, struct smd_error *error)
{
	const struct lysc_node *schema = find_schema(context, above, node);
	struct lyd_node *made = NULL;
	int err = check(node, schema, error);
	LY_ERR result;

	if (err)
		return err;
	result = new_node(parent, schema, node, &made);
	if (!result && !parent)
		result = lyd_insert_sibling(*first, made, first);
	if (result)
		return refused(context, node, result, error);
	return build_children(context, node, made, schema, first, error);
}

static int build_children(const struct ly_ctx *context, const struct smd_node *from,
			  struct lyd_node *parent, const struct lysc_node *schema,
			  struct lyd_node **first, struct smd_error *error)
{
	const struct smd_node *node = smd_node_first(from);
	int err = 0;

	for (; node && !err; node = smd_node_next(node))
		err = build(context, node, parent, schema, first, error);
	return err;
}

int smd_yang_from_tree(const struct ly_ctx *context, const struct smd_tree *tree,
		       struct lyd_node **out, struct smd_error *error)
{
	smd_cleanup(lyd_free_all) struct lyd_node *first = NULL;
	int err;

	ly_err_clean((struct ly_ctx *)context, NULL);
	err = build_children(context, smd_tree_top(tree), NULL, NULL, &first, error);
	if (!err)
		*out = smd_take(first);
	return err;
}
