/* SPDX-License-Identifier: Apache-2.0 */
#include "yanggen.h"

#include <stdio.h>

#include "core/base/cleanup.h"

/* Values that match the patterns in real modules. */
static const char *const words[] = {
	"a",
	"eth0",
	"1",
	"0",
	"64",
	"65000:1",
	"10.0.0.1",
	"10.0.0.0/8",
	"2001:db8::1",
	"2001:db8::/32",
	"00:11:22:33:44:55",
	"2026-01-01T00:00:00Z",
	"1.2.3.4:100",
	"10..20",
	"a.b.example",
	"4294967295",
	"49.0001.0000.0000.0001.00",
	"49.0001",
	"1/1",
	"two words",
	"'\"]",
	"x\\y",
	"0000.0000.0001",
	"k\xc3\xbc",
	"ABCDEF0123456789",
	"01:02",
	"target:1L:1",
	"1.1.1.1",
	"00-00",
	"/a/b",
	"1.5",
};

static const char *any_identity(struct yang_maker *maker, const struct lysc_type_identityref *type,
				char *text, size_t size)
{
	const struct lysc_ident *identity = type->bases[0];

	while (LY_ARRAY_COUNT(identity->derived) &&
	       (identity == type->bases[0] || gen_chance(&maker->gen, 50)))
		identity = identity->derived[gen_below(
			&maker->gen, (uint32_t)LY_ARRAY_COUNT(identity->derived))];
	snprintf(text, size, "%s:%s", identity->module->name, identity->name);
	return text;
}

static const char *any_bits(struct yang_maker *maker, const struct lysc_type_bits *type, char *text,
			    size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < LY_ARRAY_COUNT(type->bits) && used < size; i++)
		if (gen_chance(&maker->gen, 40))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? " " : "",
						 type->bits[i].name);
	return text;
}

/* A random value that may fit the type; the caller tries it. */
static const char *any_value(struct yang_maker *maker, const struct lysc_type *type, char *text,
			     size_t size)
{
	const struct lysc_type_enum *names = (const struct lysc_type_enum *)type;
	const struct lysc_type_union *members = (const struct lysc_type_union *)type;

	switch (type->basetype) {
	case LY_TYPE_UNION:
		return any_value(maker,
				 members->types[gen_below(
					 &maker->gen, (uint32_t)LY_ARRAY_COUNT(members->types))],
				 text, size);
	case LY_TYPE_LEAFREF:
		return any_value(maker, ((const struct lysc_type_leafref *)type)->realtype, text,
				 size);
	case LY_TYPE_ENUM:
		return names->enums[gen_below(&maker->gen, (uint32_t)LY_ARRAY_COUNT(names->enums))]
			.name;
	case LY_TYPE_IDENT:
		return any_identity(maker, (const struct lysc_type_identityref *)type, text, size);
	case LY_TYPE_BITS:
		return any_bits(maker, (const struct lysc_type_bits *)type, text, size);
	case LY_TYPE_BOOL:
		return gen_chance(&maker->gen, 50) ? "true" : "false";
	case LY_TYPE_EMPTY:
		return "";
	case LY_TYPE_BINARY:
		return gen_chance(&maker->gen, 50) ? "AAECAw==" : "";
	case LY_TYPE_INST:
		return "/base:top/two[second='1'][first='a']/value";
	case LY_TYPE_STRING:
		return words[gen_below(&maker->gen, SMD_COUNT(words))];
	default:
		snprintf(text, size, "%u",
			 gen_below(&maker->gen, gen_chance(&maker->gen, 50) ? 5 : 4000));
		return text;
	}
}

static void keep_top(struct yang_maker *maker, const struct lyd_node *parent, struct lyd_node *node)
{
	maker->nodes++;
	if (!parent)
		lyd_insert_sibling(maker->first, node, &maker->first);
}

static void drop(struct yang_maker *maker, struct lyd_node *node)
{
	if (maker->first == node)
		maker->first = node->next;
	lyd_free_tree(node);
}

/* Make a leaf or one value of a leaf-list. 0: no value fitted. */
static int make_term(struct yang_maker *maker, struct lyd_node *parent,
		     const struct lysc_node *schema)
{
	const struct lysc_type *type = ((const struct lysc_node_leaf *)schema)->type;
	char text[256];

	for (int i = 0; i < 8; i++) {
		const char *value = any_value(maker, type, text, sizeof(text));
		struct lyd_node *node = NULL;

		if (lyd_new_term(parent, schema->module, schema->name, value, 0, &node))
			continue;
		keep_top(maker, parent, node);
		return 1;
	}
	maker->refused++;
	return 0;
}

/* Make a leaf-list without duplicates, which libyang would report only when it validates. */
static void make_leaf_list(struct yang_maker *maker, struct lyd_node *parent,
			   const struct lysc_node *schema)
{
	uint32_t count = gen_below(&maker->gen, 4);

	for (uint32_t i = 0; i < count; i++) {
		struct lyd_node *last, *other;

		if (!make_term(maker, parent, schema))
			return;
		last = parent ? lyd_child_no_keys(parent) : maker->first;
		while (last && last->schema != schema)
			last = last->next;
		while (last && last->next && last->next->schema == schema)
			last = last->next;
		for (other = last ? last->prev : NULL;
		     other && other->next && other->schema == schema; other = other->prev)
			if (!lyd_compare_single(other, last, 0))
				break;
		if (other && other->next && other->schema == schema)
			drop(maker, last);
	}
}

static void make_children(struct yang_maker *maker, struct lyd_node *parent,
			  const struct lysc_node *schema, const struct lys_module *module,
			  unsigned depth);

static void make_list(struct yang_maker *maker, struct lyd_node *parent,
		      const struct lysc_node *schema, unsigned depth)
{
	const struct lysc_node *key = lysc_node_child(schema);
	char texts[4][256];
	const char *k[4] = {NULL};
	struct lyd_node *node = NULL;

	for (size_t i = 0; key && lysc_is_key(key); key = key->next, i++) {
		if (i == SMD_COUNT(k))
			return;
		k[i] = any_value(maker, ((const struct lysc_node_leaf *)key)->type, texts[i],
				 sizeof(texts[i]));
	}
	if (!k[0] ||
	    lyd_new_list(NULL, schema->module, schema->name, 0, &node, k[0], k[1], k[2], k[3])) {
		if (!k[0] || !parent ||
		    lyd_new_list(parent, schema->module, schema->name, 0, &node, k[0], k[1], k[2],
				 k[3])) {
			maker->refused++;
			return;
		}
		parent = lyd_parent(node);
		lyd_unlink_tree(node);
	}
	if (!lyd_find_sibling_first(parent ? lyd_child(parent) : maker->first, node, NULL)) {
		lyd_free_tree(node);
		return;
	}
	if (parent)
		lyd_insert_child(parent, node);
	keep_top(maker, parent, node);
	make_children(maker, node, schema, NULL, depth);
}

static void make_any(struct yang_maker *maker, struct lyd_node *parent,
		     const struct lysc_node *schema)
{
	static const char json[] = "{\"x:y\":{\"z\":[1,\"2\"]}}";
	struct lyd_node *node = NULL;

	if (!lyd_new_any(parent, schema->module, schema->name, json, 0, LYD_ANYDATA_JSON, 0, &node))
		keep_top(maker, parent, node);
}

static void make_node(struct yang_maker *maker, struct lyd_node *parent,
		      const struct lysc_node *schema, unsigned depth)
{
	struct lyd_node *node = NULL;
	uint32_t count = gen_below(&maker->gen, 4);

	switch (schema->nodetype) {
	case LYS_CONTAINER:
		if (lyd_new_inner(parent, schema->module, schema->name, 0, &node))
			break;
		keep_top(maker, parent, node);
		make_children(maker, node, schema, NULL, depth);
		if (node->flags & LYD_DEFAULT)
			drop(maker, node);
		break;
	case LYS_LIST:
		for (uint32_t i = 0; i < count && !(schema->flags & LYS_KEYLESS); i++)
			make_list(maker, parent, schema, depth);
		break;
	case LYS_LEAF:
		make_term(maker, parent, schema);
		break;
	case LYS_LEAFLIST:
		make_leaf_list(maker, parent, schema);
		break;
	default:
		make_any(maker, parent, schema);
		break;
	}
}

static void make_children(struct yang_maker *maker, struct lyd_node *parent,
			  const struct lysc_node *schema, const struct lys_module *module,
			  unsigned depth)
{
	const struct lysc_node *child = NULL;
	unsigned chance = depth < 7 ? 85 : 50;

	while ((child = lys_getnext(child, schema, module ? module->compiled : NULL, 0))) {
		if (!(child->nodetype &
		      (LYS_CONTAINER | LYS_LIST | LYS_LEAF | LYS_LEAFLIST | LYS_ANYDATA)) ||
		    lysc_is_key(child) || depth > 30)
			continue;
		if (!depth)
			maker->limit = maker->nodes + 700;
		if (maker->nodes < maker->limit && gen_chance(&maker->gen, chance))
			make_node(maker, parent, child, depth + 1);
	}
}

struct lyd_node *yang_make(struct yang_maker *maker)
{
	const struct lys_module *module;
	uint32_t index = 0;

	maker->first = NULL;
	while ((module = ly_ctx_get_module_iter(maker->context, &index)))
		if (module->implemented && module->compiled)
			make_children(maker, NULL, NULL, module, 0);
	return maker->first;
}
