/* SPDX-License-Identifier: Apache-2.0 */
/* Conversion of YANG data to trees and back: cases made by hand, random data, real modules. */
#include "core/model/yangtree.h"

#include <stdio.h>

#include "core/tree/own.h"
#include "test.h"
#include "yanggen.h"

#define COMPARE (LYD_COMPARE_FULL_RECURSION | LYD_COMPARE_DEFAULTS | LYD_COMPARE_OPAQ)
#define PRINT (LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | LYD_PRINT_WD_EXPLICIT)

static const char base_yang[] =
	"module base { yang-version 1.1; namespace 'urn:base'; prefix b;"
	" identity shape; identity round { base shape; }"
	" container top {"
	"  leaf text { type string; } leaf dflt { type uint8; default 7; }"
	"  leaf nothing { type empty; }"
	"  leaf number { type decimal64 { fraction-digits 2; } }"
	"  leaf bytes { type binary; } leaf flag { type boolean; }"
	"  leaf bits { type bits { bit a; bit b; bit c; } }"
	"  leaf colour { type enumeration { enum red; enum blue; } }"
	"  leaf shape { type identityref { base shape; } }"
	"  leaf place { type instance-identifier { require-instance false; } }"
	"  leaf either { type union { type uint8; type enumeration { enum none; }"
	"     type identityref { base shape; } type string; } }"
	"  leaf odd { type union { type string { length 2; } type int8; } }"
	"  leaf ref { type leafref { path '../text'; require-instance false; } }"
	"  container quiet { leaf inside { type string; default x; } }"
	"  container present { presence 'means something'; leaf inside { type string; } }"
	"  leaf-list sys { type string; }"
	"  leaf-list usr { type uint16; ordered-by user; }"
	"  list two { key 'second first'; leaf first { type string; }"
	"     leaf second { type union { type uint8; type string; } } leaf value { type int32; } }"
	"  list chain { key id; ordered-by user; leaf id { type string; }"
	"     list inner { key id; leaf id { type identityref { base shape; } } leaf x { type "
	"empty; } } }"
	"  choice way { case a { leaf way-a { type string; } container way-c { leaf z { type "
	"string; } } }"
	"     case b { choice deep { leaf way-b { type string; } } } }"
	"  anydata any; anyxml axml;"
	" }"
	" list flat { key name; leaf name { type string; } }"
	" leaf-list loose { type string; }"
	" container state { config false; list keyless { leaf a { type string; } }"
	"  leaf-list again { type string; } }"
	"}";

static const char more_yang[] =
	"module more { yang-version 1.1; namespace 'urn:more'; prefix m; import base { prefix b; }"
	" identity square { base b:shape; }"
	" augment /b:top { leaf text { type string; } container added { leaf text { type string; }"
	"   leaf shape { type identityref { base b:shape; } } } }"
	" augment /b:top/b:chain { list inner { key k; leaf k { type string; } } }"
	" container top { leaf only { type string; } }"
	"}";

SMD_CLEANUP_DEFINE(struct ly_ctx *, ly_ctx_destroy);
SMD_CLEANUP_DEFINE(struct lyd_node *, lyd_free_all);

static struct ly_ctx *own_context(void)
{
	struct ly_ctx *context = NULL;

	ly_log_options(LY_LOSTORE_LAST);
	CU_ASSERT_EQUAL_FATAL(ly_ctx_new(NULL, LY_CTX_NO_YANGLIBRARY, &context), LY_SUCCESS);
	CU_ASSERT_EQUAL_FATAL(lys_parse_mem(context, base_yang, LYS_IN_YANG, NULL), LY_SUCCESS);
	CU_ASSERT_EQUAL_FATAL(lys_parse_mem(context, more_yang, LYS_IN_YANG, NULL), LY_SUCCESS);
	return context;
}

static struct lyd_node *parse(const struct ly_ctx *context, const char *text, LYD_FORMAT format)
{
	struct lyd_node *data = NULL;
	LY_ERR err = lyd_parse_data_mem(context, text, format, LYD_PARSE_ONLY, 0, &data);

	if (err)
		fprintf(stderr, "\n%s: %s\n", text, ly_errmsg(context));
	CU_ASSERT_EQUAL_FATAL(err, LY_SUCCESS);
	return data;
}

static char *print(const struct lyd_node *data, LYD_FORMAT format)
{
	char *text = NULL;

	CU_ASSERT_EQUAL_FATAL(lyd_print_mem(&text, data, format, PRINT), LY_SUCCESS);
	return text ? text : strdup("");
}

static void show(const struct smd_error *error)
{
	fprintf(stderr, "\n%s: %s\n", error->where, error->message);
}

static void same_text(const struct lyd_node *before, const struct lyd_node *after,
		      LYD_FORMAT format)
{
	smd_cleanup(free) char *one = print(before, format);
	smd_cleanup(free) char *two = print(after, format);

	if (strcmp(one, two))
		fprintf(stderr, "\n%s\n%s\n", one, two);
	CU_ASSERT_STRING_EQUAL(one, two);
}

static void same_data(const struct lyd_node *before, const struct lyd_node *after)
{
	LY_ERR same = lyd_compare_siblings(before, after, COMPARE);
	smd_cleanup(free) char *text = same ? print(before, LYD_JSON) : NULL;

	if (same)
		fprintf(stderr, "\nlibyang sees a difference in %s\n", text);
	CU_ASSERT_EQUAL(same, LY_SUCCESS);
}

/*
 * Convert to a tree and back, twice. `exactly`: libyang's comparison, with defaults, must agree
 * too.
 */
static void round_trip(const struct ly_ctx *context, const struct lyd_node *data, int exactly)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *again = NULL;
	smd_cleanup(lyd_free_all) struct lyd_node *back = NULL;
	struct smd_error error = {.code = 0};

	if (smd_yang_to_tree(data, &tree, &error) ||
	    smd_yang_from_tree(context, tree, &back, &error) ||
	    smd_yang_to_tree(back, &again, &error)) {
		show(&error);
		CU_FAIL_FATAL("no way there and back");
		return;
	}
	same_text(data, back, LYD_JSON);
	same_text(data, back, LYD_XML);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(again)));
	if (exactly)
		same_data(data, back);
}

static void json_round_trip(const struct ly_ctx *context, const char *text)
{
	smd_cleanup(lyd_free_all) struct lyd_node *data = parse(context, text, LYD_JSON);

	round_trip(context, data, 1);
}

static void xml_round_trip(const struct ly_ctx *context, const char *text)
{
	smd_cleanup(lyd_free_all) struct lyd_node *data = parse(context, text, LYD_XML);

	round_trip(context, data, 1);
}

static void values_survive(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();

	json_round_trip(context, "{\"base:top\":{\"text\":\"a / [b] \\\\ 'c' \\\"d\\\"\\nline\"}}");
	json_round_trip(context, "{\"base:top\":{\"text\":\"\",\"nothing\":[null]}}");
	json_round_trip(context, "{\"base:top\":{\"dflt\":7}}");
	json_round_trip(context, "{\"base:top\":{\"number\":\"-1.5\",\"bytes\":\"AAEC/w==\","
				 "\"flag\":false,\"bits\":\"c a\",\"colour\":\"blue\"}}");
	json_round_trip(context, "{\"base:top\":{\"shape\":\"more:square\"}}");
	json_round_trip(context, "{\"base:top\":{\"shape\":\"round\"}}");
	json_round_trip(
		context,
		"{\"base:top\":{\"place\":\"/base:top/two[first='a'][second='1']/value\"}}");
	json_round_trip(context, "{\"base:top\":{\"either\":17}}");
	json_round_trip(context, "{\"base:top\":{\"either\":\"none\"}}");
	json_round_trip(context, "{\"base:top\":{\"either\":\"more:square\"}}");
	json_round_trip(context, "{\"base:top\":{\"either\":\"anything else\"}}");
	json_round_trip(context, "{\"base:top\":{\"ref\":\"somewhere\"}}");
	xml_round_trip(context, "<top xmlns='urn:base'><shape xmlns:q='urn:more'>q:square</shape>"
				"<place xmlns:p='urn:base'>/p:top/p:sys[.='x']</place>"
				"<either xmlns:q='urn:more'>q:square</either></top>");
	/*
	 * "+16" is the number 16; its canonical text "16" would be read as the other member
	 * type.
	 */
	xml_round_trip(context, "<top xmlns='urn:base'><odd>+16</odd></top>");
}

static void structures_survive(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();

	json_round_trip(context, "{}");
	json_round_trip(context, "{\"base:top\":{\"present\":{}}}");
	json_round_trip(context, "{\"base:top\":{\"sys\":[\"b\",\"a\",\"\"],\"usr\":[3,1,2]}}");
	json_round_trip(context, "{\"base:top\":{\"two\":[{\"second\":1,\"first\":\"a'\\\"]\"},"
				 "{\"second\":\"x \",\"first\":\"a\",\"value\":-5}]}}");
	json_round_trip(context, "{\"base:top\":{\"chain\":[{\"id\":\"z\"},{\"id\":\"a\","
				 "\"inner\":[{\"id\":\"more:square\",\"x\":[null]}],"
				 "\"more:inner\":[{\"k\":\"v\"}]}]}}");
	json_round_trip(context, "{\"base:top\":{\"way-a\":\"1\",\"way-c\":{\"z\":\"2\"}}}");
	json_round_trip(context, "{\"base:top\":{\"way-b\":\"1\"}}");
	json_round_trip(context, "{\"base:top\":{\"text\":\"1\",\"more:text\":\"2\",\"more:added\":"
				 "{\"text\":\"3\",\"shape\":\"base:round\"}},"
				 "\"more:top\":{\"only\":\"4\"}}");
	json_round_trip(context, "{\"base:flat\":[{\"name\":\"b\"},{\"name\":\"a\"}],"
				 "\"base:loose\":[\"x\",\"y\"]}");
}

static void anydata_stays_as_it_is(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	smd_cleanup(lyd_free_all) struct lyd_node *prefixed = NULL;

	json_round_trip(context, "{\"base:top\":{\"any\":{\"x:y\":{\"z\":[1,\"2\",null,true]}}}}");
	json_round_trip(context, "{\"base:top\":{\"any\":{\"more:top\":{\"only\":\"known\"}}}}");
	json_round_trip(context, "{\"base:top\":{\"any\":{}}}");
	json_round_trip(context, "{\"base:top\":{\"axml\":\"text\"}}");
	json_round_trip(context, "{\"base:top\":{\"axml\":[1,2]}}");
	xml_round_trip(context,
		       "<top xmlns='urn:base'><any><foo xmlns='urn:foo' a='1'>bar<!-- c --></foo>"
		       "<baz xmlns='urn:foo'/></any></top>");
	prefixed = parse(
		context,
		"<top xmlns='urn:base'><axml><b xmlns='urn:x' xmlns:p='urn:p'>p:q</b></axml></top>",
		LYD_XML);
	round_trip(context, prefixed, 0); /* libyang compares it as different from itself */
	xml_round_trip(context, "<top xmlns='urn:base'><any/></top>");
}

static void defaults_are_left_out(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	smd_cleanup(lyd_free_all) struct lyd_node *data =
		parse(context, "{\"base:top\":{\"text\":\"x\"}}", LYD_JSON);
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	const struct smd_node *top;

	CU_ASSERT_EQUAL_FATAL(lyd_new_implicit_all(&data, context, 0, NULL), LY_SUCCESS);
	round_trip(context, data, 0);
	CU_ASSERT_EQUAL_FATAL(smd_yang_to_tree(data, &tree, NULL), 0);
	top = smd_node_find(smd_tree_top(tree), "base:top", NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(top);
	CU_ASSERT_STRING_EQUAL(smd_node_leaf(top, "text"), "x");
	CU_ASSERT_PTR_NULL(smd_node_next(smd_node_first(top)));
	CU_ASSERT_PTR_NULL(smd_node_next(top));
}

/* The tree's form: names, keys in the schema's order, marks for ordered lists. */
static void the_tree_is_as_documented(void)
{
	static const char *const wanted[] = {
		"/base:top/chain[a]/",
		"/base:top/more:added/shape = \"base:round\"",
		"/base:top/nothing = \"\"",
		"/base:top/sys[x]",
		"/base:top/two[1][k]/value = \"5\"",
	};
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	smd_cleanup(lyd_free_all) struct lyd_node *data =
		parse(context,
		      "{\"base:top\":{\"two\":[{\"first\":\"k\",\"second\":1,\"value\":5}],"
		      "\"more:added\":{\"shape\":\"base:round\"},\"chain\":[{\"id\":\"a\"}],"
		      "\"nothing\":[null],\"sys\":[\"x\"]}}",
		      LYD_JSON);
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	smd_cleanup(smd_text_free) struct smd_text *flat = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_yang_to_tree(data, &tree, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&flat, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_tree_flatten(tree, flat), 0);
	CU_ASSERT_EQUAL(smd_text_count(flat), SMD_COUNT(wanted));
	for (size_t i = 0; i < SMD_COUNT(wanted); i++) {
		int found = 0;

		for (size_t j = 0; j < smd_text_count(flat); j++)
			found |= !strcmp(wanted[i], smd_text_get(flat, j, NULL));
		if (!found)
			fprintf(stderr, "\nmissing: %s\n", wanted[i]);
		CU_ASSERT(found);
	}
	CU_ASSERT(smd_node_ordered(smd_tree_at(tree, "/base:top/chain[a]", NULL, NULL)));
	CU_ASSERT(!smd_node_ordered(smd_tree_at(tree, "/base:top/sys[x]", NULL, NULL)));
}

static void refuse_data(const struct ly_ctx *context, const char *json, const char *words,
			const char *where)
{
	smd_cleanup(lyd_free_all) struct lyd_node *data = parse(context, json, LYD_JSON);
	struct smd_tree *tree = NULL;
	struct smd_error error = {.code = 0};

	CU_ASSERT_EQUAL(smd_yang_to_tree(data, &tree, &error), SMD_E_UNSUPPORTED);
	CU_ASSERT_PTR_NULL(tree);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, words));
	CU_ASSERT_STRING_EQUAL(error.where, where);
}

static void what_a_tree_cannot_hold_is_refused(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	smd_cleanup(lyd_free_all) struct lyd_node *data =
		parse(context, "{\"base:top\":{\"text\":\"x\"}}", LYD_JSON);
	smd_cleanup(lyd_free_all) struct lyd_node *opaque = NULL;
	struct smd_tree *tree = NULL;

	refuse_data(context, "{\"base:state\":{\"keyless\":[{\"a\":\"1\"}]}}", "has no keys",
		    "/base:state/keyless[1]");
	refuse_data(context, "{\"base:state\":{\"again\":[\"1\",\"1\"]}}", "is there twice",
		    "/base:state/again[2]");
	CU_ASSERT_EQUAL(smd_yang_to_tree(lyd_child(data), &tree, NULL), SMD_E_INVALID);
	CU_ASSERT_EQUAL_FATAL(lyd_parse_data_mem(context, "{\"a:b\":1}", LYD_JSON,
						 LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &opaque),
			      LY_SUCCESS);
	CU_ASSERT_EQUAL(smd_yang_to_tree(opaque, &tree, NULL), SMD_E_UNSUPPORTED);
}

static struct smd_node *made(struct smd_tree *tree, const char *section)
{
	return smd_node_make(smd_tree_root(tree), section, NULL);
}

static void refuse_tree(const struct ly_ctx *context, struct smd_tree *take, const char *words,
			const char *where)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = take;
	struct lyd_node *data = NULL;
	struct smd_error error = {.code = 0};

	CU_ASSERT_EQUAL(smd_yang_from_tree(context, tree, &data, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(data);
	if (!strstr(error.message, words) || strcmp(error.where, where))
		show(&error);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, words));
	CU_ASSERT_STRING_EQUAL(error.where, where);
}

static struct smd_tree *new_tree(void)
{
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	return tree;
}

static void what_the_schema_lacks_is_refused(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	struct smd_node_spec block = {.kind = SMD_BLOCK, .name = "any", .value = "what\n{}"};
	struct smd_tree *tree = new_tree();

	made(tree, "top");
	refuse_tree(context, tree, "is not in the schema", "/top");
	tree = new_tree();
	made(tree, "nomodule:top");
	refuse_tree(context, tree, "is not in the schema", "/nomodule:top");
	tree = new_tree();
	smd_node_put_leaf(made(tree, "base:top"), "base:text", "x");
	refuse_tree(context, tree, "is not in the schema", "/base:top/base:text");
	tree = new_tree();
	smd_node_put_leaf(made(tree, "base:top"), "dflt", "300");
	refuse_tree(context, tree, "300", "/base:top/dflt");
	tree = new_tree();
	smd_node_make(made(tree, "base:top"), "text", NULL);
	refuse_tree(context, tree, "another kind", "/base:top/text");
	tree = new_tree();
	smd_node_make(made(tree, "base:top"), "two", "one");
	refuse_tree(context, tree, "number of keys", "/base:top/two[one]");
	tree = new_tree();
	smd_node_put_leaf(smd_node_make(made(tree, "base:top"), "chain", "one"), "id", "one");
	refuse_tree(context, tree, "is a key", "/base:top/chain[one]/id");
	tree = new_tree();
	smd_node_add(made(tree, "base:top"), &block, NULL);
	refuse_tree(context, tree, "", "/base:top/any");
}

/* Random data */

static void try_random(struct yang_maker *maker)
{
	smd_cleanup(lyd_free_all) struct lyd_node *data = yang_make(maker);

	round_trip(maker->context, data, 1);
}

static void random_data_survives(void)
{
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = own_context();
	struct yang_maker maker = {.context = context};

	gen_init(&maker.gen);
	for (unsigned i = 0, rounds = gen_rounds(200); i < rounds; i++)
		try_random(&maker);
}

/* Load the modules that the folder's README lists, with what they import. */
static void load_modules(struct ly_ctx *context)
{
	static const char *const names[] = {
		"openconfig-network-instance",
		"openconfig-vlan",
		"openconfig-interfaces",
		"openconfig-if-aggregate",
		"openconfig-if-ethernet",
		"openconfig-lldp",
		"openconfig-lacp",
		"openconfig-platform",
		"openconfig-spanning-tree",
	};

	for (size_t i = 0; i < SMD_COUNT(names); i++) {
		const struct lys_module *module = ly_ctx_load_module(context, names[i], NULL, NULL);

		if (!module)
			fprintf(stderr, "\n%s: %s\n", names[i], ly_errmsg(context));
		CU_ASSERT_PTR_NOT_NULL_FATAL(module);
	}
	CU_ASSERT_EQUAL_FATAL(ly_ctx_compile(context), LY_SUCCESS);
}

static void real_modules_survive(void)
{
	const char *path = getenv("SMD_YANG_DIR");
	smd_cleanup(ly_ctx_destroy) struct ly_ctx *context = NULL;
	struct yang_maker maker = {.refused = 0};

	if (!path || access(path, R_OK)) {
		printf("\nskipped: SMD_YANG_DIR names no folder of OpenConfig modules\n");
		return;
	}
	ly_log_options(LY_LOSTORE_LAST);
	CU_ASSERT_EQUAL_FATAL(
		ly_ctx_new(path,
			   LY_CTX_NO_YANGLIBRARY | LY_CTX_ALL_IMPLEMENTED | LY_CTX_EXPLICIT_COMPILE,
			   &context),
		LY_SUCCESS);
	load_modules(context);
	maker.context = context;
	gen_init(&maker.gen);
	for (unsigned i = 0, rounds = gen_rounds(40); i < rounds; i++)
		try_random(&maker);
	printf("%zu nodes of %s, for %zu no value was found\n", maker.nodes, path, maker.refused);
	CU_ASSERT(maker.nodes > 10000);
}

TEST_MAIN("yangtree", TEST(values_survive), TEST(structures_survive), TEST(anydata_stays_as_it_is),
	  TEST(defaults_are_left_out), TEST(the_tree_is_as_documented),
	  TEST(what_a_tree_cannot_hold_is_refused), TEST(what_the_schema_lacks_is_refused),
	  TEST(random_data_survives), TEST(real_modules_survive));
