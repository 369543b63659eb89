/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/tree.h>

#include <stdio.h>

#include "core/base/json.h"
#include "core/tree/json.h"
#include "gen.h"
#include "test.h"

static const struct gen_shape shapes[] = {{8, 4, 2}, {60, 8, 5}, {300, 60, 4}, {40, 2, 30}};

static struct smd_node *add(struct smd_node *parent, struct smd_node_spec spec)
{
	struct smd_node *node = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_node_add(parent, &spec, &node), 0);
	return node;
}

static struct smd_tree *new_tree(void)
{
	struct smd_tree *tree;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	return tree;
}

/* The tree that fingerprint.py calls every_kind. */
static struct smd_tree *every_kind(void)
{
	static const char *const route[] = {"10.0.0.0/8", "Null0"};
	struct smd_tree *tree = new_tree();
	struct smd_node *root = smd_tree_root(tree), *port;

	port = smd_node_make(smd_node_make(root, "bridge", "br0"), "port", "eth1");
	CU_ASSERT_EQUAL(smd_node_put_leaf(port, "tag", "10"), 0);
	CU_ASSERT_EQUAL(smd_node_put_numbers(port, "trunks", 20, 29), 0);
	CU_ASSERT_EQUAL(smd_node_put_numbers(port, "trunks", 10, 10), 0);
	CU_ASSERT_EQUAL(smd_node_put_numbers(port, "trunks", UINT32_MAX, UINT32_MAX), 0);
	CU_ASSERT_EQUAL(smd_node_put_member(port, "shutdown", NULL), 0);
	add(root, (struct smd_node_spec){.kind = SMD_BLOCK,
					 .name = "banner",
					 .value = "hello\0\n\xff",
					 .value_size = 8,
					 .line = 3});
	add(root, (struct smd_node_spec){
			  .kind = SMD_MEMBER, .name = "route", .keys = route, .key_count = 2});
	CU_ASSERT_PTR_NOT_NULL(smd_node_make(root, "system", NULL));
	add(root, (struct smd_node_spec){.kind = SMD_SET, .name = "none"});
	return tree;
}

static void knows_what_it_was_told(void)
{
	struct smd_tree *tree = every_kind();
	const struct smd_node *top = smd_tree_top(tree);
	const struct smd_node *bridge = smd_node_find(top, "bridge", "br0");
	const struct smd_node *port = smd_node_find(bridge, "port", "eth1");
	const struct smd_node *banner = smd_node_find(top, "banner", NULL);
	const struct smd_node *route = smd_node_next(banner);
	size_t size;

	CU_ASSERT_PTR_NOT_NULL_FATAL(port);
	CU_ASSERT_PTR_EQUAL(smd_node_parent(port), bridge);
	CU_ASSERT_PTR_NULL(smd_node_parent(top));
	CU_ASSERT_STRING_EQUAL(smd_node_leaf(port, "tag"), "10");
	CU_ASSERT_PTR_NULL(smd_node_leaf(port, "trunks"));
	CU_ASSERT_EQUAL(smd_set_size(smd_node_set(smd_node_find(port, "trunks", NULL))), 12);
	CU_ASSERT_EQUAL(memcmp(smd_node_value(banner, &size), "hello\0\n\xff", 9), 0);
	CU_ASSERT_EQUAL(size, 8);
	CU_ASSERT_EQUAL(smd_node_line(banner), 3);
	CU_ASSERT_EQUAL(smd_node_kind(route), SMD_MEMBER);
	CU_ASSERT_EQUAL(smd_node_key_count(route), 2);
	CU_ASSERT_STRING_EQUAL(smd_node_key(route, 1), "Null0");
	CU_ASSERT_PTR_NULL(smd_node_key(route, 2));
	CU_ASSERT_PTR_NULL(smd_node_value(route, NULL));
	CU_ASSERT_PTR_NULL(smd_node_find(top, "bridge", NULL));
	CU_ASSERT_PTR_NULL(smd_node_find(top, "route", "10.0.0.0/8"));
	CU_ASSERT_PTR_NULL(smd_node_find(banner, "x", NULL));
	smd_tree_free(tree);
}

static void refuses_what_cannot_be(void)
{
	static const char *const keys[] = {"k"};
	static const struct smd_node_spec bad[] = {
		{.kind = SMD_SECTION, .name = ""},
		{.kind = SMD_SECTION},
		{.kind = SMD_LEAF, .name = "a", .keys = keys, .key_count = 1},
		{.kind = SMD_SECTION, .name = "a", .value = "v"},
		{.kind = SMD_MEMBER, .name = "a", .keys = keys, .key_count = 256},
		{.kind = 0, .name = "a"},
		{.kind = 7, .name = "a"},
	};
	struct smd_tree *tree = new_tree();
	struct smd_node *root = smd_tree_root(tree), *leaf, *there;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(smd_node_add(root, &bad[i], NULL), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(smd_node_first(root));
	leaf = add(root, (struct smd_node_spec){.kind = SMD_LEAF, .name = "a", .value = "1"});
	CU_ASSERT_EQUAL(smd_node_put_leaf(leaf, "b", "2"), SMD_E_INVALID);
	CU_ASSERT_EQUAL(
		smd_node_add(root, &(struct smd_node_spec){.kind = SMD_SET, .name = "a"}, &there),
		SMD_E_EXISTS);
	CU_ASSERT_PTR_EQUAL(there, leaf);
	CU_ASSERT_EQUAL(smd_node_put_numbers(root, "a", 1, 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_node_take_numbers(root, "a", 1, 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_node_take_numbers(root, "none", 1, 1), 0);
	CU_ASSERT_PTR_NULL(smd_node_make(root, "a", NULL));
	CU_ASSERT_EQUAL(smd_node_set_value(root, "x", 1), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(smd_node_numbers(leaf));
	smd_tree_free(tree);
	smd_tree_free(NULL);
}

static void depth_is_bounded(void)
{
	struct smd_tree *tree = new_tree();
	struct smd_node *node = smd_tree_root(tree);
	unsigned depth = 0;

	for (struct smd_node *below; (below = smd_node_make(node, "deeper", NULL)); node = below)
		depth++;
	CU_ASSERT_TRUE(depth >= 1000 && depth < 10000);
	CU_ASSERT_EQUAL(smd_node_put_leaf(node, "x", "1"), SMD_E_INVALID);
	smd_tree_free(tree);
}

/* Thousands of children, removed in different orders: lookups must stay correct. */
static void finds_among_many(void)
{
	enum { COUNT = 5000 };
	static struct smd_node *nodes[COUNT];
	struct smd_tree *tree = new_tree();
	struct smd_node *root = smd_tree_root(tree);
	struct gen gen;
	char key[16];

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(4 * COUNT); round < rounds; round++) {
		unsigned i = gen_below(&gen, COUNT);

		snprintf(key, sizeof(key), "%u", i);
		CU_ASSERT_PTR_EQUAL(smd_node_find(root, "n", key), nodes[i]);
		if (nodes[i] && gen_chance(&gen, 50)) {
			smd_node_remove(nodes[i]);
			nodes[i] = NULL;
		} else {
			nodes[i] = smd_node_make(root, "n", key);
		}
		CU_ASSERT_PTR_EQUAL(smd_node_find(root, "n", key), nodes[i]);
	}
	for (unsigned i = 0; i < COUNT; i++) {
		snprintf(key, sizeof(key), "%u", i);
		CU_ASSERT_PTR_EQUAL(smd_node_find(root, "n", key), nodes[i]);
	}
	smd_tree_free(tree);
}

static void assert_names(const struct smd_node *parent, const char *expected)
{
	char names[64] = "";
	size_t used = 0;
	const struct smd_node *last = NULL;

	for (const struct smd_node *n = smd_node_first(parent); n; n = smd_node_next(n)) {
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s",
					 smd_node_name(n));
		last = n;
	}
	CU_ASSERT_STRING_EQUAL(names, expected);
	CU_ASSERT_TRUE(!last || !smd_node_next(last));
}

static void moves_among_siblings(void)
{
	struct smd_tree *tree = new_tree();
	struct smd_node *root = smd_tree_root(tree);
	struct smd_node *a = smd_node_make(root, "a", NULL), *b = smd_node_make(root, "b", NULL);
	struct smd_node *c = smd_node_make(root, "c", NULL), *d = smd_node_make(a, "d", NULL);

	assert_names(root, "abc");
	smd_node_move(a, c);
	assert_names(root, "bca");
	smd_node_move(a, NULL);
	assert_names(root, "abc");
	smd_node_move(b, b);
	smd_node_move(b, a);
	smd_node_move(b, d); /* not a sibling: no effect */
	smd_node_move(root, NULL);
	assert_names(root, "abc");
	smd_node_remove(b);
	assert_names(root, "ac");
	smd_node_remove(c);
	smd_node_remove(root);
	assert_names(root, "a");
	CU_ASSERT_PTR_NOT_NULL(smd_node_make(root, "b", NULL));
	assert_names(root, "ab");
	smd_tree_free(tree);
}

static void grafts_copy(void)
{
	struct smd_tree *from = every_kind(), *tree = new_tree();
	const struct smd_node *bridge = smd_node_find(smd_tree_top(from), "bridge", "br0");
	struct smd_node *root = smd_tree_root(tree), *copy, *again;

	CU_ASSERT_EQUAL(smd_node_graft(root, bridge, &copy), 0);
	CU_ASSERT_TRUE(smd_node_equal(copy, bridge));
	CU_ASSERT_EQUAL(smd_node_graft(root, bridge, &again), SMD_E_EXISTS);
	CU_ASSERT_PTR_EQUAL(again, copy);
	CU_ASSERT_EQUAL(smd_node_graft(copy, copy, NULL), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_node_graft(root, smd_tree_top(from), NULL), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(smd_node_edit(tree, bridge));
	CU_ASSERT_PTR_EQUAL(smd_node_edit(tree, copy), copy);
	smd_tree_free(from);
	CU_ASSERT_STRING_EQUAL(smd_node_leaf(smd_node_find(copy, "port", "eth1"), "tag"), "10");
	smd_tree_free(tree);
}

static void assert_path(const struct smd_node *node, const char *expected)
{
	char path[256];

	CU_ASSERT_EQUAL(smd_node_path(node, path, sizeof(path)), strlen(expected));
	CU_ASSERT_STRING_EQUAL(path, expected);
}

static void paths_are_canonical(void)
{
	static const char *const odd[] = {"a/b", "[]\\", "\x01\x1f\x7f\xc3\xbc", ""};
	struct smd_tree *tree = every_kind();
	struct smd_node *root = smd_tree_root(tree);
	const struct smd_node *trunks;
	char cut[10];

	assert_path(root, "/");
	trunks = smd_tree_at(tree, "/bridge[br0]/port[eth1]/trunks", NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(trunks);
	assert_path(trunks, "/bridge[br0]/port[eth1]/trunks");
	CU_ASSERT_EQUAL(smd_node_path(trunks, cut, sizeof(cut)), 30);
	CU_ASSERT_STRING_EQUAL(cut, "/bridge[b");
	CU_ASSERT_EQUAL(smd_node_path(trunks, NULL, 0), 30);
	assert_path(add(root,
			(struct smd_node_spec){
				.kind = SMD_ENTRY, .name = "n]\n", .keys = odd, .key_count = 4}),
		    "/n\\]\\x0A[a\\/b][\\[\\]\\\\][\\x01\\x1F\\x7F\xc3\xbc][]");
	smd_tree_free(tree);
}

static void paths_lead_into_sets(void)
{
	struct smd_tree *tree = every_kind();
	const struct smd_node *node;
	struct smd_error error = {0};
	int64_t number = 7;

	CU_ASSERT_PTR_EQUAL(smd_tree_at(tree, "/", &number, NULL), smd_tree_top(tree));
	CU_ASSERT_EQUAL(number, -1);
	node = smd_tree_at(tree, "/bridge[br0]/port[eth1]/trunks[4294967295]", &number, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(node);
	CU_ASSERT_STRING_EQUAL(smd_node_name(node), "trunks");
	CU_ASSERT_EQUAL(number, UINT32_MAX);
	number = 7;
	for (size_t i = 0; i < 4; i++) {
		static const char *const missing[] = {"30", "010", "4294967296", "x"};
		char path[64];

		snprintf(path, sizeof(path), "/bridge[br0]/port[eth1]/trunks[%s]", missing[i]);
		CU_ASSERT_PTR_NULL(smd_tree_at(tree, path, &number, &error));
		CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	}
	CU_ASSERT_PTR_NULL(
		smd_tree_at(tree, "/bridge[br0]/port[eth1]/trunks[10]/x", &number, &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_EQUAL(number, 7);
	smd_tree_free(tree);
}

static void unreadable_paths_are_told_apart(void)
{
	static const char *const unreadable[] = {
		"",          "a",         "//",      "/a/",     "/a[",    "/a[b",
		"/a]",       "/a[b]c",    "/a\\",    "/a\\n",   "/a\\x",  "/a\\x0",
		"/a\\x00",   "/a\\x41",   "/a\\xGG", "/[k]",    "/a[b]]", "/a\nb",
		"/nowhere/", "/system\\", "/a[[b]]", "/a[b/c]",
	};
	struct smd_tree *tree = every_kind();
	struct smd_error error = {0};

	for (size_t i = 0; i < sizeof(unreadable) / sizeof(unreadable[0]); i++) {
		CU_ASSERT_PTR_NULL(smd_tree_at(tree, unreadable[i], NULL, &error));
		CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
		CU_ASSERT_NOT_EQUAL(error.hint[0], '\0');
	}
	CU_ASSERT_PTR_NULL(smd_tree_at(tree, "/nowhere/at[all]", NULL, &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	smd_tree_free(tree);
}

static void assert_fingerprint(const struct smd_tree *tree, const char *expected)
{
	uint8_t digest[SMD_FINGERPRINT_SIZE];
	char hex[2 * SMD_FINGERPRINT_SIZE + 1];

	CU_ASSERT_EQUAL(smd_node_fingerprint(smd_tree_top(tree), digest), 0);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	CU_ASSERT_STRING_EQUAL(hex, expected);
}

/* The expected values are printed by fingerprint.py, which shares no code with the library. */
static void fingerprints_are_as_specified(void)
{
	static const char *const rules[][2] = {
		{"seq", "2"}, {"seq", "1"}, {"acl", "b"}, {"acl", "a"}};
	struct smd_tree *tree = new_tree();

	assert_fingerprint(tree,
			   "d56077e9ad989393b77d89aa6b453b7dc0292069c8fd4b031b9855183b123934");
	for (size_t i = 0; i < 4; i++)
		add(smd_tree_root(tree), (struct smd_node_spec){.kind = SMD_MEMBER,
								.name = rules[i][0],
								.keys = &rules[i][1],
								.key_count = 1,
								.ordered = 1,
								.line = 7});
	CU_ASSERT_EQUAL(smd_node_put_leaf(smd_tree_root(tree), "x", ""), 0);
	assert_fingerprint(tree,
			   "ca078301829b4186ff2bb746d6cfc7ab12d5cfddd11c425d5f5380716e2f6504");
	smd_tree_free(tree);
	tree = every_kind();
	assert_fingerprint(tree,
			   "2af6d37818517c64aa4c9c5eaf3ccbaedab6db7329672b530b5fdf903ec7f4bf");
	smd_tree_free(tree);
}

static int same_fingerprint(const struct smd_tree *a, const struct smd_tree *b)
{
	uint8_t x[SMD_FINGERPRINT_SIZE], y[SMD_FINGERPRINT_SIZE];

	CU_ASSERT_EQUAL(smd_node_fingerprint(smd_tree_top(a), x), 0);
	CU_ASSERT_EQUAL(smd_node_fingerprint(smd_tree_top(b), y), 0);
	return !memcmp(x, y, sizeof(x));
}

static int equal(const struct smd_tree *a, const struct smd_tree *b)
{
	return smd_node_equal(smd_tree_top(a), smd_tree_top(b));
}

static void equal_means_same_fingerprint(void)
{
	unsigned equals = 0, rounds = gen_rounds(600);
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0; round < rounds; round++) {
		struct smd_tree *a = gen_tree(&gen, &shapes[round % 4]);
		struct smd_tree *b = gen_variant(&gen, a, gen_below(&gen, 4));
		struct smd_tree *shuffled = gen_shuffled(&gen, a);

		CU_ASSERT_TRUE(equal(a, shuffled));
		CU_ASSERT_TRUE(same_fingerprint(a, shuffled));
		CU_ASSERT_EQUAL(equal(a, b), same_fingerprint(a, b));
		CU_ASSERT_EQUAL(equal(a, b), equal(b, a));
		equals += (unsigned)equal(a, b);
		smd_tree_free(a);
		smd_tree_free(b);
		smd_tree_free(shuffled);
	}
	CU_ASSERT_TRUE(equals > rounds / 30 && equals < rounds - rounds / 30);
}

/* A tree with two rules in this order. */
static struct smd_tree *two_rules(const char *first, const char *second, int ordered)
{
	struct smd_tree *tree = new_tree();
	const char *const keys[] = {first, second};

	for (size_t i = 0; i < 2; i++)
		add(smd_tree_root(tree), (struct smd_node_spec){.kind = SMD_MEMBER,
								.name = "rule",
								.keys = &keys[i],
								.key_count = 1,
								.ordered = ordered});
	return tree;
}

static void order_counts_where_it_is_content(void)
{
	struct smd_tree *loose = two_rules("1", "2", 0), *loose_back = two_rules("2", "1", 0);
	struct smd_tree *fixed = two_rules("1", "2", 1), *fixed_back = two_rules("2", "1", 1);

	CU_ASSERT_TRUE(equal(loose, loose_back));
	CU_ASSERT_FALSE(equal(fixed, fixed_back));
	CU_ASSERT_FALSE(equal(loose, fixed));
	CU_ASSERT_TRUE(same_fingerprint(loose, loose_back));
	CU_ASSERT_FALSE(same_fingerprint(fixed, fixed_back));
	CU_ASSERT_FALSE(same_fingerprint(loose, fixed));
	smd_tree_free(loose);
	smd_tree_free(loose_back);
	smd_tree_free(fixed);
	smd_tree_free(fixed_back);
}

static void flattened(const struct smd_tree *tree, char **out)
{
	struct smd_text *text;

	CU_ASSERT_EQUAL_FATAL(smd_text_new(&text, 0), 0);
	CU_ASSERT_EQUAL(smd_tree_flatten(tree, text), 0);
	*out = smd_text_join(text);
	smd_text_free(text);
}

static void flattens_one_line_each(void)
{
	struct smd_tree *tree = every_kind();
	char *text;

	CU_ASSERT_EQUAL(smd_node_put_leaf(smd_tree_root(tree), "q", "\"\\/\b\x1f\x7f\xc3\xbc\xc0"),
			0);
	flattened(tree, &text);
	CU_ASSERT_STRING_EQUAL(text, "/bridge[br0]/port[eth1]/tag = \"10\"\n"
				     "/bridge[br0]/port[eth1]/trunks = 10,20-29,4294967295\n"
				     "/bridge[br0]/port[eth1]/shutdown\n"
				     "/banner = \"hello\\u0000\\n\\udcff\"\n"
				     "/route[10.0.0.0\\/8][Null0]\n"
				     "/system/\n"
				     "/none = \n"
				     "/q = \"\\\"\\\\/\\b\\u001f\x7f\xc3\xbc\\udcc0\"\n");
	free(text);
	smd_tree_free(tree);
	tree = new_tree();
	flattened(tree, &text);
	CU_ASSERT_STRING_EQUAL(text, "");
	free(text);
	smd_tree_free(tree);
}

/* Same content, same order, same lines. */
static void assert_identical(const struct smd_node *a, const struct smd_node *b)
{
	const struct smd_node *x = smd_node_first(a), *y = smd_node_first(b);

	CU_ASSERT_EQUAL(smd_node_line(a), smd_node_line(b));
	CU_ASSERT_STRING_EQUAL(smd_node_name(a), smd_node_name(b));
	for (; x && y; x = smd_node_next(x), y = smd_node_next(y))
		assert_identical(x, y);
	CU_ASSERT_TRUE(!x && !y);
}

static struct smd_tree *through_json(const struct smd_tree *tree)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL, *parsed = NULL;
	struct smd_error error = {0};
	struct smd_tree *again = NULL;
	char *text;

	CU_ASSERT_EQUAL_FATAL(smd_tree_to_json(tree, &json), 0);
	CU_ASSERT_EQUAL_FATAL(smd_json_canonical(json, &text), 0);
	CU_ASSERT_EQUAL(smd_json_parse(text, strlen(text), "tree", &parsed, &error), 0);
	free(text);
	CU_ASSERT_EQUAL_FATAL(smd_tree_from_json(parsed, &again, &error), 0);
	return again;
}

static void assert_each_path(const struct smd_tree *tree, const struct smd_node *node)
{
	char path[8192];

	CU_ASSERT_TRUE(smd_node_path(node, path, sizeof(path)) < sizeof(path));
	CU_ASSERT_PTR_EQUAL(smd_tree_at(tree, path, NULL, NULL), node);
	for (node = smd_node_first(node); node; node = smd_node_next(node))
		assert_each_path(tree, node);
}

static void nothing_gets_lost(void)
{
	struct gen gen;

	gen_init(&gen);
	for (unsigned round = 0, rounds = gen_rounds(200); round < rounds; round++) {
		struct smd_tree *tree = gen_tree(&gen, &shapes[round % 4]), *copy, *stored;

		assert_each_path(tree, smd_tree_top(tree));
		CU_ASSERT_EQUAL_FATAL(smd_tree_copy(&copy, tree), 0);
		stored = through_json(tree);
		CU_ASSERT_TRUE(equal(tree, copy));
		CU_ASSERT_TRUE(equal(tree, stored));
		assert_identical(smd_tree_top(tree), smd_tree_top(copy));
		assert_identical(smd_tree_top(tree), smd_tree_top(stored));
		assert_each_path(stored, smd_tree_top(stored));
		smd_tree_free(tree);
		smd_tree_free(copy);
		smd_tree_free(stored);
	}
}

static void damaged_json_is_refused(void)
{
	static const char *const bad[] = {
		"{}",
		"3",
		"[3]",
		"[{}]",
		"[{\"k\":\"leaf\"}]",
		"[{\"k\":\"thing\",\"n\":\"a\"}]",
		"[{\"k\":\"section\",\"n\":\"\"}]",
		"[{\"k\":\"section\",\"n\":7}]",
		"[{\"k\":\"section\",\"n\":\"a\",\"z\":1}]",
		"[{\"k\":\"section\",\"n\":\"a\"},{\"k\":\"leaf\",\"n\":\"a\",\"v\":\"\"}]",
		"[{\"k\":\"section\",\"n\":\"a\",\"s\":\"1\"}]",
		"[{\"k\":\"set\",\"n\":\"a\",\"s\":\"1,x\"}]",
		"[{\"k\":\"set\",\"n\":\"a\"}]",
		"[{\"k\":\"leaf\",\"n\":\"a\",\"v\":\"\",\"c\":[]}]",
		"[{\"k\":\"entry\",\"n\":\"a\",\"keys\":\"b\"}]",
		"[{\"k\":\"entry\",\"n\":\"a\",\"keys\":[{\"hex\":\"0\"}]}]",
		"[{\"k\":\"entry\",\"n\":\"a\",\"keys\":[{\"hex\":\"00\"}]}]",
		"[{\"k\":\"entry\",\"n\":\"a\",\"keys\":[{\"hex\":\"zz\"}]}]",
		"[{\"k\":\"section\",\"n\":\"a\",\"l\":-1}]",
		"[{\"k\":\"section\",\"n\":\"a\",\"l\":1.5}]",
		"[{\"k\":\"section\",\"n\":\"a\",\"c\":[{\"k\":\"leaf\"}]}]",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		smd_cleanup(cJSON_Delete) cJSON *json = cJSON_Parse(bad[i]);
		struct smd_tree *tree = NULL;
		struct smd_error error = {0};

		CU_ASSERT_PTR_NOT_NULL_FATAL(json);
		CU_ASSERT_EQUAL(smd_tree_from_json(json, &tree, &error), SMD_E_INVALID);
		CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
		CU_ASSERT_PTR_NULL(tree);
		if (i == sizeof(bad) / sizeof(bad[0]) - 1)
			CU_ASSERT_STRING_EQUAL(error.where, "/a");
	}
}

TEST_MAIN("tree", TEST(knows_what_it_was_told), TEST(refuses_what_cannot_be),
	  TEST(depth_is_bounded), TEST(finds_among_many), TEST(moves_among_siblings),
	  TEST(grafts_copy), TEST(paths_are_canonical), TEST(paths_lead_into_sets),
	  TEST(unreadable_paths_are_told_apart), TEST(fingerprints_are_as_specified),
	  TEST(equal_means_same_fingerprint), TEST(order_counts_where_it_is_content),
	  TEST(flattens_one_line_each), TEST(nothing_gets_lost), TEST(damaged_json_is_refused));
