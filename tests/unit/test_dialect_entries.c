/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of entries: ordered ones, and ones with numbers in their text. */
#include <stdio.h>
#include <stdlib.h>

#include "compiled.h"
#include "dialect_bench.h"
#include "gen.h"

#define ROUNDS 200

static const struct smd_order_form places = {
	.renumber = "acl resequence $1 $first $step",
	.insert = "$# $line",
	.remove = "no $#",
};
static const struct smd_rule rules[] = {
	{NULL, "acl *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_REQUIRED},
	{"acl *", "entry ...", SMD_RULE_ORDERED, NULL, "test", .order = &places},
	{NULL, "chain *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_REQUIRED},
	{"chain *", "entry ...", SMD_RULE_ORDERED, NULL, "test"},
	{NULL, "via ...", SMD_RULE_ORDERED, "no via", "test", SMD_RULE_REMOVES_LIST},
	{NULL, "hop ...", SMD_RULE_ORDERED, NULL, "test", SMD_RULE_REMOVES_LIST},
	{NULL, "list *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_REQUIRED},
	{"list *", "<number> = ...", SMD_RULE_VALUE, "no $1", "test", SMD_RULE_REMOVE_FIRST},
	{NULL, "plain *", SMD_RULE_SECTION, NULL, "test"},
	{"plain *", "<number> = ...", SMD_RULE_VALUE, "no $1", "test"},
};
static const char *const closers[] = {"!", "exit", NULL};
static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
};

static void the_dialect_is_well_formed(void)
{
	struct smd_error error = {0};

	CU_ASSERT_EQUAL(smd_dialect_check(&dialect, &error), 0);
	if (*error.message)
		printf("\n%s\n", error.message);
}

/* To place entries a dialect needs all three forms. */
static void an_order_that_lacks_a_line_is_named(void)
{
	static const struct smd_order_form lacking[] = {
		{NULL, "$# $line", "no $#"},
		{"acl resequence $1 $first $step", NULL, "no $#"},
		{"acl resequence $1 $first $step", "$# $line", NULL},
	};

	for (size_t i = 0; i < sizeof(lacking) / sizeof(lacking[0]); i++) {
		const struct smd_rule bad[] = {
			{NULL, "acl *", SMD_RULE_SECTION, NULL, "test"},
			{"acl *", "entry ...", SMD_RULE_ORDERED, .order = &lacking[i]},
		};
		struct smd_dialect other = dialect;
		struct smd_error error = {0};

		other.rules = bad;
		other.rule_count = sizeof(bad) / sizeof(bad[0]);
		CU_ASSERT_EQUAL(smd_dialect_check(&other, &error), SMD_E_INVALID);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "entry ..."));
	}
}

/* A device that numbers entries; an entry without a number gets the next ten. */

#define ENTRIES 64

struct counted {
	unsigned number;
	char text[32];
};

struct device {
	struct counted entries[ENTRIES];
	size_t count;
	int inside;
};

static void device_put(struct device *device, unsigned number, const char *text)
{
	size_t at = device->count;

	while (at && device->entries[at - 1].number >= number)
		at--;
	CU_ASSERT_FATAL(device->count < ENTRIES);
	CU_ASSERT(at == device->count || device->entries[at].number != number); /* free */
	memmove(&device->entries[at + 1], &device->entries[at],
		(device->count++ - at) * sizeof(device->entries[0]));
	device->entries[at].number = number;
	snprintf(device->entries[at].text, sizeof(device->entries[at].text), "%s", text);
}

static void device_drop(struct device *device, size_t at)
{
	CU_ASSERT(at < device->count); /* what is removed is there */
	if (at >= device->count)
		return;
	memmove(&device->entries[at], &device->entries[at + 1],
		(--device->count - at) * sizeof(device->entries[0]));
}

static size_t device_find(const struct device *device, const char *said)
{
	unsigned number = (unsigned)strtoul(said, NULL, 10);
	size_t at;

	for (at = 0; at < device->count; at++)
		if (number ? device->entries[at].number == number
			   : !strcmp(device->entries[at].text, said))
			break;
	return at;
}

static void device_enter(struct device *device, const char *line)
{
	unsigned first, step, last = 0;
	char *rest;

	line += strspn(line, " ");
	if (sscanf(line, "acl resequence a %u %u", &first, &step) == 2) {
		for (size_t i = 0; i < device->count; i++)
			device->entries[i].number = first + (unsigned)i * step;
	} else if (!strncmp(line, "no ", 3)) {
		device_drop(device, device_find(device, line + 3));
	} else if (!strncmp(line, "entry ", 6)) {
		last = device->count ? device->entries[device->count - 1].number : 0;
		device_put(device, last + 10, line);
	} else if ((first = (unsigned)strtoul(line, &rest, 10)) > 0) {
		device_put(device, first, rest + 1);
	}
	CU_ASSERT(device->count > 0 || !device->inside); /* never emptied */
}

/* Check the lines on a device with odd numbers: no number is used twice, and the order is right. */
static int check_counted(const char *from, const char *to)
{
	struct smd_text *lines = render_texts(&dialect, from, to);
	struct smd_text *start = text_of(from), *end = text_of(to);
	struct device device = {.count = 0};
	int right;

	for (size_t i = 1; i < smd_text_count(start); i++)
		device_put(&device, (unsigned)(i * i + 6), smd_text_get(start, i, NULL) + 1);
	device.inside = device.count > 0;
	for (size_t i = 0; i < smd_text_count(lines); i++)
		device_enter(&device, smd_text_get(lines, i, NULL));
	right = device.count + 1 == smd_text_count(end);
	for (size_t i = 0; right && i < device.count; i++)
		right = !strcmp(device.entries[i].text, smd_text_get(end, i + 1, NULL) + 1);
	if (!right)
		printf("\n--- from\n%s--- to\n%s", from, to), show_text("payload", lines);
	CU_ASSERT(right);
	smd_text_free(start);
	smd_text_free(end);
	smd_text_free(lines);
	return right;
}

static void entries_land_at_free_numbers(void)
{
	static const char *const texts[] = {
		"acl a\n entry 1\n entry 2\n entry 3\n",
		"acl a\n entry 0\n entry 1\n entry 2\n entry 3\n",
		"acl a\n entry 3\n entry 1\n entry 2\n",
		"acl a\n entry 3\n entry 2\n entry 1\n",
		"acl a\n entry 1\n entry x\n entry y\n entry z\n entry 2\n entry 3\n",
		"acl a\n entry x\n",
		"acl a\n entry 2\n",
		"acl a\n entry r\n entry 1\n entry r\n entry 2\n",
		"acl a\n entry 1\n entry 2\n entry r\n entry r\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		check_again(&dialect, texts[i]);
		for (size_t j = 0; j < sizeof(texts) / sizeof(texts[0]); j++) {
			check_way(&dialect, texts[i], texts[j]);
			check_counted(texts[i], texts[j]);
		}
	}
}

static void an_entry_at_the_end_needs_no_number(void)
{
	check_render(&dialect, "acl a\n entry 1\n", "acl a\n entry 1\n entry 2\n",
		     "acl a\n entry 2\nexit\n");
	check_render(&dialect, "", "acl a\n entry 1\n entry 2\n",
		     "acl a\n entry 1\n entry 2\nexit\n");
}

static void the_same_entry_twice_is_two(void)
{
	struct smd_tree *tree = parse(&dialect, "acl a\n entry r\n entry 1\n entry r\n");
	const struct smd_node *acl = smd_node_find(smd_tree_top(tree), "acl", "a");
	size_t count = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(acl);
	for (const struct smd_node *n = smd_node_first(acl); n; n = smd_node_next(n))
		count++;
	CU_ASSERT_EQUAL(count, 3);
	smd_tree_free(tree);
	check_print(&dialect, "acl a\n entry r\n entry 1\n entry r\n",
		    "acl a\n entry r\n entry 1\n entry r\n");
	check_way(&dialect, "acl a\n entry r\n entry 1\n", "acl a\n entry 1\n");
	check_way(&dialect, "acl a\n entry r\n entry 1\n entry r\n", "acl a\n entry r\n entry 1\n");
	check_counted("acl a\n entry r\n entry 1\n entry r\n", "acl a\n entry r\n entry 1\n");
}

static void write_entries(struct gen *gen, char *text, size_t size, const char *head, int repeat)
{
	int seen[12] = {0};
	size_t used = (size_t)snprintf(text, size, "%s\n", head);

	for (uint32_t i = 1 + gen_below(gen, 9); i; i--) {
		uint32_t pick = gen_below(gen, 12);

		if (seen[pick] && !repeat)
			continue;
		seen[pick] = 1;
		used += (size_t)snprintf(text + used, size - used, " entry %c\n", 'a' + (int)pick);
	}
}

static void any_order_becomes_any_other(void)
{
	int repeat = 0;
	struct gen gen;

	repeat = 1;
	gen_init(&gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		char from[256], to[256];

		write_entries(&gen, from, sizeof(from), "acl a", repeat);
		write_entries(&gen, to, sizeof(to), "acl a", repeat);
		check_way(&dialect, from, to);
		if (!check_counted(from, to))
			break;
		write_entries(&gen, from, sizeof(from), "chain a", repeat);
		write_entries(&gen, to, sizeof(to), "chain a", repeat);
		check_way(&dialect, from, to);
	}
}

static void a_chain_is_never_emptied(void)
{
	check_way(&dialect, "chain a\n entry 1\n", "chain a\n entry 2\n");
	check_way(&dialect, "chain a\n entry 1\n entry 2\n", "chain a\n entry 3\n entry 4\n");
	check_way(&dialect, "chain a\n entry 1\n entry 2\n", "chain a\n entry 2\n entry 1\n");
	check_before(&dialect, "chain a\n entry 1\n", "chain a\n entry 2\n", "entry 2",
		     "no entry 1");
}

static void what_removes_one_entry_removes_the_list(void)
{
	check_simulate(&dialect, "via a\nvia b\nvia c\n", "no via\n", "");
	check_simulate(&dialect, "via a\nvia b\nvia c\n", "no via b\n", "");
	check_simulate(&dialect, "via a\nvia a\n", "no via\n", "");
	check_render(&dialect, "via a\nvia b\nvia c\n", "via a\nvia c\n", "no via\nvia a\nvia c\n");
	check_render(&dialect, "via a\nvia b\n", "via b\nvia a\n", "no via\nvia b\nvia a\n");
	check_render(&dialect, "via a\nvia b\n", "", "no via\n");
	check_render(&dialect, "via a\nvia b\n", "via a\nvia b\nvia c\n", "via c\n");
	check_simulate(&dialect, "hop a\nhop b\n", "no hop a\n", "");
	check_way(&dialect, "hop a\nhop b\nhop c\n", "hop c\nhop a\n");
}

static void a_number_names_its_entry(void)
{
	check_broken(&dialect, "list a\n 10 permit x y\n 20 deny z\n 10 permit w\n", "line 4");
	check_parse(&dialect, "list a\n 20 deny z\n 10 permit w\n",
		    "/list[a]/20 = \"deny z\"\n/list[a]/10 = \"permit w\"\n");
	check_render(&dialect, "list a\n 10 permit x\n 20 deny z\n",
		     "list a\n 10 permit y\n 20 deny z\n", "list a\n no 10\n 10 permit y\nexit\n");
	check_render(&dialect, "plain a\n 10 permit x\n 20 deny z\n",
		     "plain a\n 10 permit y\n 20 deny z\n", "plain a\n 10 permit y\nexit\n");
	check_render(&dialect, "plain a\n 10 permit x\n 20 deny z\n", "plain a\n 20 deny z\n",
		     "plain a\n no 10\nexit\n");
	check_way(&dialect, "list a\n 10 permit x\n 20 deny y\n",
		  "list a\n 10 permit z\n 20 deny w\n");
	check_way(&dialect, "list a\n 10 permit x\n", "list a\n 20 permit x\n");
	check_way(&dialect, "list a\n 10 permit x\n", "list a\n 20 permit x\n 30 deny z\n");
	check_before(&dialect, "list a\n 10 permit x\n", "list a\n 20 permit x\n", "20 permit x",
		     "no 10");
}

/* A list of as many entries that read the same. */
static char *equal_entries(int count)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	fprintf(file, "acl a\n");
	for (int i = 0; i < count; i++)
		fprintf(file, " entry x\n");
	fclose(file);
	return text;
}

/* Each change of one gives all the others behind it other keys: not more than a thousand. */
static void too_many_equal_entries_are_refused(void)
{
	static const char payload[] = "acl resequence a 10 10\nacl a\n no 10\nexit\n";

	for (int count = 1000; count <= 1001; count++) {
		char *from = equal_entries(count + 1), *to = equal_entries(count);
		struct smd_tree *tree = parse(&dialect, from), *wanted = parse(&dialect, to);
		struct smd_text *lines = text_of(payload);
		struct smd_error error = {0};
		int result =
			COMPILED(&dialect, NULL,
				 smd_dialect_simulate(compiled, tree, lines, NULL, NULL, &error));

		CU_ASSERT_EQUAL(result, count > 1000 ? SMD_E_UNSUPPORTED : 0);
		CU_ASSERT_EQUAL(smd_node_equal(smd_tree_top(tree), smd_tree_top(wanted)),
				count <= 1000);
		CU_ASSERT_STRING_EQUAL(error.message,
				       count > 1000 ? "more than 1000 entries of \"acl a\" are "
						      "\"entry x\", and some of them change"
						    : "");
		smd_tree_free(tree);
		smd_tree_free(wanted);
		smd_text_free(lines);
		free(from);
		free(to);
	}
}

TEST_MAIN("dialect entries", TEST(the_dialect_is_well_formed),
	  TEST(an_order_that_lacks_a_line_is_named), TEST(entries_land_at_free_numbers),
	  TEST(an_entry_at_the_end_needs_no_number), TEST(the_same_entry_twice_is_two),
	  TEST(any_order_becomes_any_other), TEST(a_chain_is_never_emptied),
	  TEST(what_removes_one_entry_removes_the_list), TEST(a_number_names_its_entry),
	  TEST(too_many_equal_entries_are_refused));
