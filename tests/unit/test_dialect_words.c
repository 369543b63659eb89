/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each kind, flag and member that dialect.h declares has an example in share/doc/dialect.md and a
 * row in its index, and the page depends on it: without it the engine does something else.
 */
#include <stddef.h>

#include "dialect_bench.h"
#include "dialect_page.h"

#define HEADER SMD_SOURCE_DIR "/api/include/smartdeploy/dialect.h"

static char *header_text;

static void the_page_and_the_header_are_read(void)
{
	read_page();
	header_text = read_file(HEADER);
}

#define FIELD(owner, name)                                                                         \
	{                                                                                          \
#owner, #name, offsetof(struct owner, name), sizeof(((struct owner *)0)->name)     \
	}

/* Members that the engine reads. */
static const struct field {
	const char *owner, *name;
	size_t offset, size;
} fields[] = {
	FIELD(smd_rule, within),
	FIELD(smd_rule, line),
	FIELD(smd_rule, kind),
	FIELD(smd_rule, negate),
	FIELD(smd_rule, flags),
	FIELD(smd_rule, defines),
	FIELD(smd_rule, uses),
	FIELD(smd_rule, invalidates),
	FIELD(smd_rule, until),
	FIELD(smd_rule, numbers),
	FIELD(smd_rule, order),
	FIELD(smd_rule, advice),
	FIELD(smd_rule, refers),
	FIELD(smd_numbers_form, add),
	FIELD(smd_numbers_form, remove),
	FIELD(smd_numbers_form, none),
	FIELD(smd_numbers_form, all),
	FIELD(smd_numbers_form, except),
	FIELD(smd_numbers_form, first),
	FIELD(smd_numbers_form, last),
	FIELD(smd_numbers_form, longest),
	FIELD(smd_order_form, renumber),
	FIELD(smd_order_form, insert),
	FIELD(smd_order_form, remove),
	FIELD(smd_mark, word),
	FIELD(smd_mark, set),
	FIELD(smd_mark, clear),
	FIELD(smd_dialect, size),
	FIELD(smd_dialect, family),
	FIELD(smd_dialect, negation),
	FIELD(smd_dialect, exit),
	FIELD(smd_dialect, indent),
	FIELD(smd_dialect, closers),
	FIELD(smd_dialect, noise),
	FIELD(smd_dialect, rule_count),
	FIELD(smd_dialect, squeeze),
	FIELD(smd_dialect, enter),
	FIELD(smd_dialect, insert),
	FIELD(smd_dialect, marks),
	FIELD(smd_dialect, quotes),
	FIELD(smd_dialect, interfaces),
	FIELD(smd_dialect, candidate),
	FIELD(smd_dialect, signs),
	FIELD(smd_dialect, cut),
};

/* Members that only people read, and those that are sizes of tables. */
static const struct field unread[] = {
	{"smd_rule", "source", 0, 0},
	{"smd_dialect", "atomic_method", 0, 0},
	{"smd_dialect", "rules", 0, 0},
	{"smd_dialect", "rule_size", 0, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A copy of a dialect and of all that it points to, to be changed. */
struct copy {
	struct smd_dialect dialect;
	struct smd_rule *rules;
	struct smd_numbers_form *numbers;
	struct smd_order_form *orders;
	struct smd_mark mark[2];
};

static void copy_dialect(struct copy *copy, const struct smd_dialect *dialect)
{
	size_t count = dialect->rule_count;

	copy->dialect = *dialect;
	copy->rules = malloc(count * sizeof(*copy->rules));
	copy->numbers = calloc(count, sizeof(*copy->numbers));
	copy->orders = calloc(count, sizeof(*copy->orders));
	CU_ASSERT_FATAL(copy->rules && copy->numbers && copy->orders);
	memcpy(copy->rules, dialect->rules, count * sizeof(*copy->rules));
	copy->dialect.rules = copy->rules;
	for (size_t i = 0; i < count; i++) {
		struct smd_rule *rule = &copy->rules[i];

		if (rule->numbers) {
			copy->numbers[i] = *rule->numbers;
			rule->numbers = &copy->numbers[i];
		}
		if (rule->order) {
			copy->orders[i] = *rule->order;
			rule->order = &copy->orders[i];
		}
	}
	memset(copy->mark, 0, sizeof(copy->mark));
	if (dialect->marks) {
		copy->mark[0] = dialect->marks[0];
		copy->dialect.marks = copy->mark;
	}
}

static void free_copy(struct copy *copy)
{
	free(copy->rules);
	free(copy->numbers);
	free(copy->orders);
}

/* The field in the rule or in the dialect; NULL: that one has it not. */
static void *field_of(struct copy *copy, size_t rule, const struct field *field)
{
	char *at = (char *)&copy->dialect;

	if (!strcmp(field->owner, "smd_rule"))
		at = (char *)&copy->rules[rule];
	else if (!strcmp(field->owner, "smd_numbers_form"))
		at = copy->rules[rule].numbers ? (char *)&copy->numbers[rule] : NULL;
	else if (!strcmp(field->owner, "smd_order_form"))
		at = copy->rules[rule].order ? (char *)&copy->orders[rule] : NULL;
	else if (!strcmp(field->owner, "smd_mark"))
		at = copy->dialect.marks ? (char *)copy->mark : NULL;
	return at ? at + field->offset : NULL;
}

/* Whether the example no longer is as shown when the field is zero, or the bit is clear. */
static int matters(const struct example *example, const struct field *field, unsigned bit)
{
	static const char zeros[sizeof(struct smd_dialect)];
	int found = 0;

	for (size_t rule = 0; rule < example->dialect->rule_count && !found; rule++) {
		struct copy copy;
		char *at;

		copy_dialect(&copy, example->dialect);
		at = field_of(&copy, rule, field);
		if (at && bit && copy.rules[rule].flags & bit) {
			copy.rules[rule].flags &= ~bit;
			found = !all_as_shown(example, &copy.dialect, 0);
		} else if (at && !bit && memcmp(at, zeros, field->size) != 0) {
			memset(at, 0, field->size);
			found = smd_dialect_check(&copy.dialect, NULL) ||
				!all_as_shown(example, &copy.dialect, 0);
		}
		free_copy(&copy);
	}
	return found;
}

static void check_matters(const struct field *field, unsigned bit, const char *word)
{
	const struct example *example;
	int found = 0;

	for (size_t i = 0; (example = example_at(i))->name && !found; i++)
		found = matters(example, field, bit);
	if (!found)
		printf("\nno example of the page depends on %s\n", word);
	CU_ASSERT(found);
}

/* Check that the word stands in code of the page, as a whole word. */
static void check_named(const char *word)
{
	size_t length = strlen(word);
	int found = 0;

	for (size_t i = 0; i < page.count && !found; i++) {
		const char *at = strcmp(page.all[i].kind, "code") ? NULL : page.all[i].text;

		while (at && (at = strstr(at, word)) && !found)
			found = !strchr("_abcdefghijklmnopqrstuvwxyz", (at += length)[0]);
	}
	if (!found)
		printf("\nno code of the page has %s\n", word);
	CU_ASSERT(found);
}

/* Check that the index has it: "| `invalidates` | rule |". */
static void check_indexed(const char *name, const char *of)
{
	char row[96];

	snprintf(row, sizeof(row), "\n| `%s` | %s |", name, of);
	if (!strstr(page_text, row))
		printf("\nthe index of the page lacks %s\n", name);
	CU_ASSERT_PTR_NOT_NULL(strstr(page_text, row));
}

static void check_field(const char *owner, const char *name, const char *of)
{
	char word[48];

	check_indexed(name, of);
	snprintf(word, sizeof(word), ".%s", name);
	if (strcmp(owner, "smd_mark") != 0)
		check_named(word);
	for (size_t i = 0; i < COUNT(unread); i++)
		if (!strcmp(unread[i].owner, owner) && !strcmp(unread[i].name, name))
			return;
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!strcmp(fields[i].owner, owner) && !strcmp(fields[i].name, name)) {
			check_matters(&fields[i], 0, word);
			return;
		}
	printf("\n%s.%s is not known here\n", owner, name);
	CU_FAIL("a field that is not known");
}

/* Check the names that a structure declares: `const char *set; ...`, `uint32_t a, b;`. */
static void check_declared(const char *owner, const char *of, char *body)
{
	char *line;

	while ((line = strsep(&body, "\n"))) {
		char *declared = strsep(&line, ";"), *name;

		if (!line)
			continue;
		while ((name = strsep(&declared, ","))) {
			char *last = name + strlen(name);

			while (last > name && !strchr(" *\t", last[-1]))
				last--;
			check_field(owner, last, of);
		}
	}
}

static void every_field_has_an_example(void)
{
	/* Structures, and their names in the index. */
	static const char *const owners[][2] = {{"smd_rule", "rule"},
						{"smd_numbers_form", "numbers"},
						{"smd_order_form", "order"},
						{"smd_mark", "mark"},
						{"smd_dialect", "dialect"}};

	for (size_t i = 0; i < COUNT(owners); i++) {
		char head[48];
		const char *at;
		char *body;

		snprintf(head, sizeof(head), "\nstruct %s {\n", owners[i][0]);
		at = strstr(header_text, head);
		CU_ASSERT_PTR_NOT_NULL_FATAL(at);
		at += strlen(head);
		body = strndup(at, (size_t)(strstr(at, "\n}") + 1 - at));
		check_declared(owners[i][0], owners[i][1], body);
		free(body);
	}
}

static const struct field *flags_field(void)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!strcmp(fields[i].name, "flags"))
			return &fields[i];
	return NULL;
}

/* Kinds are looked for as in rules.h, `VALUE(`; flags, which are bits, by their full names. */
static void every_kind_and_flag_has_an_example(void)
{
	const char *at = strstr(header_text, "enum smd_rule_kind {"), *flags;
	size_t count = 0;
	char word[48];
	unsigned value;

	flags = strstr(header_text, "enum smd_rule_flag {");
	CU_ASSERT_FATAL(at && flags && at < flags);
	for (; (at = strstr(at, "\tSMD_RULE_")); at++, count++) {
		CU_ASSERT_EQUAL_FATAL(sscanf(at + 1, "%47[A-Z_] = %u", word, &value), 2);
		if (at > flags) {
			check_indexed(word, "flag");
			check_named(word);
			check_matters(flags_field(), value, word);
		} else {
			check_indexed(word + strlen("SMD_RULE_"), "kind");
			strcat(word, "(");
			check_named(word + strlen("SMD_RULE_"));
		}
	}
	CU_ASSERT(count >= 17);
}

static void they_are_let_go(void)
{
	free_page();
	free(header_text);
}

TEST_MAIN("dialect words", TEST(the_page_and_the_header_are_read), TEST(every_field_has_an_example),
	  TEST(every_kind_and_flag_has_an_example), TEST(they_are_let_go));
