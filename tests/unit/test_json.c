/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>

#include "test.h"

/* The canonical form of a text, which the caller frees. NULL: it is refused. */
static char *canonical(const char *text)
{
	smd_cleanup(cJSON_Delete) cJSON *value = NULL;
	struct smd_error error;
	char *out = NULL;

	if (smd_json_parse(text, strlen(text), "test", &value, &error) == 0)
		CU_ASSERT_EQUAL(smd_json_canonical(value, &out), 0);
	return out;
}

static void becomes(const char *text, const char *expected)
{
	char *out = canonical(text);

	CU_ASSERT_PTR_NOT_NULL(out);
	if (!out)
		return;
	CU_ASSERT_STRING_EQUAL(out, expected);
	if (strcmp(out, expected) != 0)
		fprintf(stderr, "got %s, expected %s\n", out, expected);
	free(out);
}

/* RFC 8785, sections 3.2.2 to 3.2.4. */
static void the_rfc_sample(void)
{
	becomes("{\n"
		"  \"numbers\": [333333333.33333329, 1E30, 4.50,\n"
		"              2e-3, 0.000000000000000000000000001],\n"
		"  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
		"  \"literals\": [null, true, false]\n"
		"}",
		"{\"literals\":[null,true,false],"
		"\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
		"\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

/* RFC 8785, section 3.2.3. */
static void the_rfc_order(void)
{
	becomes("{\n"
		"  \"\\u20ac\": \"Euro Sign\",\n"
		"  \"\\r\": \"Carriage Return\",\n"
		"  \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\",\n"
		"  \"1\": \"One\",\n"
		"  \"\\ud83d\\ude00\": \"Emoji: Grinning Face\",\n"
		"  \"\\u0080\": \"Control\",\n"
		"  \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"\n"
		"}",
		"{\"\\r\":\"Carriage Return\","
		"\"1\":\"One\","
		"\"\xc2\x80\":\"Control\","
		"\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\","
		"\"\xe2\x82\xac\":\"Euro Sign\","
		"\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
		"\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");
	becomes("{\"aa\":1,\"a\":2,\"\":3,\"B\":4,\"a\\u0001\":5}",
		"{\"\":3,\"B\":4,\"a\":2,\"a\\u0001\":5,\"aa\":1}");
}

/*
 * RFC 8785, appendix B; the last two are ECMAScript's own output for doubles next to a power of
 * two.
 */
static void the_rfc_numbers(void)
{
	static const struct {
		uint64_t bits;
		const char *text;
	} vectors[] = {
		{0x0000000000000000, "0"},
		{0x8000000000000000, "0"},
		{0x0000000000000001, "5e-324"},
		{0x8000000000000001, "-5e-324"},
		{0x7fefffffffffffff, "1.7976931348623157e+308"},
		{0xffefffffffffffff, "-1.7976931348623157e+308"},
		{0x4340000000000000, "9007199254740992"},
		{0xc340000000000000, "-9007199254740992"},
		{0x4430000000000000, "295147905179352830000"},
		{0x44b52d02c7e14af5, "9.999999999999997e+22"},
		{0x44b52d02c7e14af6, "1e+23"},
		{0x44b52d02c7e14af7, "1.0000000000000001e+23"},
		{0x444b1ae4d6e2ef4e, "999999999999999700000"},
		{0x444b1ae4d6e2ef4f, "999999999999999900000"},
		{0x444b1ae4d6e2ef50, "1e+21"},
		{0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
		{0x3eb0c6f7a0b5ed8d, "0.000001"},
		{0x41b3de4355555553, "333333333.3333332"},
		{0x41b3de4355555554, "333333333.33333325"},
		{0x41b3de4355555555, "333333333.3333333"},
		{0x41b3de4355555556, "333333333.3333334"},
		{0x41b3de4355555557, "333333333.33333343"},
		{0xbecbf647612f3696, "-0.0000033333333333333333"},
		{0x43143ff3c1cb0959, "1424953923781206.2"},
		{0x3d30000000000000, "5.684341886080802e-14"},
		{0x0010000000000000, "2.2250738585072014e-308"},
	};

	for (size_t i = 0; i < SMD_COUNT(vectors); i++) {
		smd_cleanup(cJSON_Delete) cJSON *value = NULL;
		smd_cleanup(free) char *out = NULL;
		double number;

		memcpy(&number, &vectors[i].bits, sizeof(number));
		value = cJSON_CreateNumber(number);
		CU_ASSERT_EQUAL_FATAL(smd_json_canonical(value, &out), 0);
		CU_ASSERT_STRING_EQUAL(out, vectors[i].text);
		if (strcmp(out, vectors[i].text) != 0)
			fprintf(stderr, "got %s, expected %s\n", out, vectors[i].text);
	}
}

static void whole_numbers_are_exact(void)
{
	becomes("[9007199254740991,-9007199254740991,4094,-0,0,-1,1e3]",
		"[9007199254740991,-9007199254740991,4094,0,0,-1,1000]");
}

static void a_comma_for_a_point(void)
{
	char *before = strdup(setlocale(LC_NUMERIC, NULL));

	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") || setlocale(LC_NUMERIC, "fr_FR.UTF-8"))
		becomes("[1.5,333333333.33333329]", "[1.5,333333333.3333333]");
	setlocale(LC_NUMERIC, before);
	free(before);
}

static void canonical_refuses(cJSON *value_take)
{
	char *out = NULL;

	CU_ASSERT_EQUAL(smd_json_canonical(value_take, &out), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(out);
	cJSON_Delete(value_take);
}

static void what_has_no_canonical_form(void)
{
	cJSON *object = cJSON_CreateObject(), *deep = cJSON_CreateArray();

	canonical_refuses(cJSON_CreateNumber((double)NAN));
	canonical_refuses(cJSON_CreateNumber((double)INFINITY));
	canonical_refuses(cJSON_CreateString("\xed\xa0\x80"));
	canonical_refuses(cJSON_CreateString("\xff"));
	canonical_refuses(cJSON_CreateRaw("1"));
	cJSON_AddNumberToObject(object, "a", 1);
	cJSON_AddNumberToObject(object, "b", 1);
	cJSON_AddNumberToObject(object, "a", 2);
	canonical_refuses(object);
	for (int i = 0; i < SMD_JSON_DEPTH; i++) {
		cJSON *outer = cJSON_CreateArray();

		cJSON_AddItemToArray(outer, deep);
		deep = outer;
	}
	canonical_refuses(deep);
	canonical_refuses(NULL);
}

static void parse_refuses(const char *text, size_t size, const char *where)
{
	struct smd_error error = {.code = SMD_OK};
	cJSON *value = NULL;

	CU_ASSERT_EQUAL(smd_json_parse(text, size, "f", &value, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(value);
	CU_ASSERT_STRING_EQUAL(error.where, where);
	if (strcmp(error.where, where) != 0)
		fprintf(stderr, "%s: %s, expected %s\n", error.where, error.message, where);
}

static void what_is_no_json(void)
{
	static const struct {
		const char *text, *where;
	} cases[] = {
		{"", "f:1:1"},
		{"  \n ", "f:2:2"},
		{"{", "f:1:2"},
		{"[1,]", "f:1:4"},
		{"[1 2]", "f:1:4"},
		{"{\"a\":1,}", "f:1:8"},
		{"{a:1}", "f:1:2"},
		{"{\"a\" 1}", "f:1:6"},
		{"{\"a\":1}\n}", "f:2:1"},
		{"1 1", "f:1:3"},
		{"nul", "f:1:1"},
		{"nulll", "f:1:5"},
		{"True", "f:1:1"},
		{"01", "f:1:2"},
		{"-", "f:1:2"},
		{"+1", "f:1:1"},
		{".5", "f:1:1"},
		{"1.", "f:1:3"},
		{"1e", "f:1:3"},
		{"0x10", "f:1:2"},
		{"NaN", "f:1:1"},
		{"1e400", "f:1:1"},
		{"[9007199254740992]", "f:1:2"},
		{"\"abc", "f:1:1"},
		{"\"\\", "f:1:3"},
		{"\"a\tb\"", "f:1:3"},
		{"\"\\x\"", "f:1:3"},
		{"\"\\u12g4\"", "f:1:6"},
		{"\"\\u0000\"", "f:1:2"},
		{"\"\\ud800\"", "f:1:2"},
		{"\"\\ud800\\u0041\"", "f:1:2"},
		{"\"\\udc00\"", "f:1:2"},
		{"\"\xff\"", "f:1:2"},
		{"\"\xc0\xaf\"", "f:1:2"},
		{"\"\xed\xa0\x80\"", "f:1:2"},
		{"\"\xf4\x90\x80\x80\"", "f:1:2"},
		{"\xef\xbb\xbf{}", "f:1:1"},
		{"{} // no", "f:1:4"},
		{"\"\xc3\xb6\xe2\x82\xac\n\"", "f:1:4"},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++)
		parse_refuses(cases[i].text, strlen(cases[i].text), cases[i].where);
	parse_refuses("[1]\0", 4, "f:1:4");
	parse_refuses("\"a\0b\"", 5, "f:1:3");
	parse_refuses("\"\\u", 3, "f:1:4");
	parse_refuses("\"\xe2\x82", 3, "f:1:2");
}

static void a_name_twice(void)
{
	static const char text[] = "{\"a\":{\"b\":1},\n \"b\":2, \"\\u0061\": 3}";
	struct smd_error error;
	cJSON *value = NULL;

	CU_ASSERT_EQUAL(smd_json_parse(text, strlen(text), "plan.json", &value, &error),
			SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.where, "plan.json:2:9");
	CU_ASSERT_STRING_EQUAL(error.message,
			       "cannot read plan.json as JSON: the name \"a\" a second time");
	becomes("{\"b\":{\"a\":1},\"a\":{\"a\":2,\"b\":{}}}",
		"{\"a\":{\"a\":2,\"b\":{}},\"b\":{\"a\":1}}");
}

static void depth(void)
{
	char text[2 * (SMD_JSON_DEPTH + 1)];
	char *out;

	memset(text, '[', sizeof(text) / 2);
	memset(text + sizeof(text) / 2, ']', sizeof(text) / 2);
	parse_refuses(text, sizeof(text), "f:1:101");
	memmove(text, text + 1, sizeof(text) - 1);
	text[sizeof(text) - 2] = '\0';
	out = canonical(text);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	CU_ASSERT_STRING_EQUAL(out, text);
	free(out);
}

static void members(void)
{
	static const char text[] = "{\"name\":\"leaf-1\",\"vlan\":4094,\"half\":0.5,\"up\":true,"
				   "\"list\":[1],\"object\":{\"Name\":1}}";
	smd_cleanup(cJSON_Delete) cJSON *value = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_json_parse(text, strlen(text), "x", &value, NULL), 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(value, "name"), "leaf-1");
	CU_ASSERT_PTR_NULL(smd_json_string(value, "Name"));
	CU_ASSERT_PTR_NULL(smd_json_string(value, "vlan"));
	CU_ASSERT_PTR_NULL(smd_json_string(NULL, "name"));
	CU_ASSERT_EQUAL(smd_json_number(value, "vlan", 1), 4094);
	CU_ASSERT_EQUAL(smd_json_number(value, "half", 1), 1);
	CU_ASSERT_EQUAL(smd_json_number(value, "name", -7), -7);
	CU_ASSERT_EQUAL(smd_json_bool(value, "up", 0), 1);
	CU_ASSERT_EQUAL(smd_json_bool(value, "down", 1), 1);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(value, "list")), 1);
	CU_ASSERT_PTR_NULL(smd_json_array(value, "object"));
	CU_ASSERT_PTR_NOT_NULL(smd_json_object(value, "object"));
	CU_ASSERT_PTR_NULL(smd_json_member(smd_json_array(value, "list"), "name"));
}

static void a_string_copied(void)
{
	smd_cleanup(cJSON_Delete) cJSON *from = cJSON_CreateObject();
	smd_cleanup(cJSON_Delete) cJSON *to = cJSON_CreateObject();

	cJSON_AddStringToObject(from, "name", "leaf-1");
	cJSON_AddNumberToObject(from, "vlan", 10);
	smd_json_copy_string(to, from, "name");
	smd_json_copy_string(to, from, "vlan");
	smd_json_copy_string(to, NULL, "other");
	CU_ASSERT_STRING_EQUAL(smd_json_string(to, "name"), "leaf-1");
	CU_ASSERT_EQUAL(cJSON_GetArraySize(to), 1);
}

static unsigned allocations, failing; /* number of the one that fails */

static void *scarce(size_t size)
{
	return ++allocations == failing ? NULL : malloc(size);
}

static cJSON *build(int *err)
{
	cJSON *object = cJSON_CreateObject();
	cJSON *list = smd_json_put_array(object, "list", err);

	smd_json_put_string(object, "name", "leaf-1", err);
	smd_json_put_string(object, "none", NULL, err);
	smd_json_put_number(object, "vlan", 10, err);
	smd_json_put_bool(object, "up", 1, err);
	smd_json_put_string(smd_json_put_object(object, "inner", err), "a", "b", err);
	smd_json_append(list, cJSON_CreateString("first"), err);
	smd_json_append(list, cJSON_CreateString("second"), err);
	smd_json_put(object, "copy", cJSON_Duplicate(list, 1), err);
	return object;
}

/* Each allocation fails once: what is built is whole, or it is an error. */
static void building_without_memory(void)
{
	cJSON_Hooks hooks = {scarce, free};
	int err = SMD_E_NO_MEMORY;

	for (failing = 1; err; failing++) {
		smd_cleanup(cJSON_Delete) cJSON *built = NULL;
		char *text = NULL;

		allocations = 0;
		err = 0;
		cJSON_InitHooks(&hooks);
		built = build(&err);
		cJSON_InitHooks(NULL);
		CU_ASSERT_EQUAL(err, allocations >= failing ? SMD_E_NO_MEMORY : 0);
		if (err)
			continue;
		text = cJSON_PrintUnformatted(built);
		CU_ASSERT_STRING_EQUAL(text, "{\"list\":[\"first\",\"second\"],\"name\":\"leaf-1\","
					     "\"vlan\":10,\"up\":true,\"inner\":{\"a\":\"b\"},"
					     "\"copy\":[\"first\",\"second\"]}");
		free(text);
	}
	CU_ASSERT(failing > 20);
}

TEST_MAIN("json", TEST(the_rfc_sample), TEST(the_rfc_order), TEST(the_rfc_numbers),
	  TEST(whole_numbers_are_exact), TEST(a_comma_for_a_point),
	  TEST(what_has_no_canonical_form), TEST(what_is_no_json), TEST(a_name_twice), TEST(depth),
	  TEST(members), TEST(a_string_copied), TEST(building_without_memory));
