/* SPDX-License-Identifier: Apache-2.0 */
#include "subject.h"

#include <dirent.h>
#include <stdio.h>

static struct smd_text *read_of(const struct golden *golden, const char *file)
{
	char path[600];

	snprintf(path, sizeof(path), "%s/%s", golden->folder, file);
	return bench_read(path);
}

static void load_golden(struct subject *subject, const char *name)
{
	struct golden *golden = &subject->golden[subject->count];

	snprintf(golden->folder, sizeof(golden->folder), DRIVERS "/%s/testdata/%s",
		 subject->bench.driver->self.name, name);
	golden->running_text = read_of(golden, "running");
	if (!golden->running_text)
		return;
	subject->count++;
	golden->intended_text = read_of(golden, "intended");
	golden->running = bench_parse(&subject->bench, golden->running_text);
	CHECK(subject, golden->running, "%s/running: %s", golden->folder,
	      subject->bench.error.message);
	if (CHECK(subject, golden->intended_text, "%s has no file 'intended'", golden->folder))
		golden->intended = bench_parse(&subject->bench, golden->intended_text);
	CHECK(subject, golden->intended, "%s/intended: %s", golden->folder,
	      subject->bench.error.message);
	if (!golden->running || !golden->intended)
		subject->count--;
}

static int subject_init(struct subject *subject, const char *name)
{
	struct dirent **entries;
	char path[512];
	int count;

	memset(subject, 0, sizeof(*subject));
	if (bench_init(&subject->bench, name, NULL, 0)) {
		printf("\n%s: %s\n", name, subject->bench.error.message);
		CU_FAIL("a driver cannot be loaded and opened with its initial options");
		return 0;
	}
	snprintf(path, sizeof(path), DRIVERS "/%s/testdata", name);
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (entries[i]->d_name[0] != '.' && subject->count < CASES_MAX)
			load_golden(subject, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return 1;
}

static void subject_done(struct subject *subject)
{
	for (size_t i = 0; i < CASES_MAX; i++) {
		smd_text_free(subject->golden[i].running_text);
		smd_text_free(subject->golden[i].intended_text);
		smd_tree_free(subject->golden[i].running);
		smd_tree_free(subject->golden[i].intended);
	}
	bench_done(&subject->bench);
}

static int test_one(void *arg, const char *name)
{
	void (**test)(struct subject * subject) = arg;
	const char *only = getenv("SMD_TEST_DRIVER");
	struct subject *subject;

	if (only && strcmp(only, name) != 0)
		return 0;
	subject = calloc(1, sizeof(*subject));
	CU_ASSERT_PTR_NOT_NULL_FATAL(subject);
	if (subject_init(subject, name))
		(*test)(subject);
	subject_done(subject);
	free(subject);
	return 0;
}

void for_each_driver(void (*test)(struct subject *subject))
{
	struct smd_loader *loader;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(PARTS, &loader), 0);
	CU_ASSERT_EQUAL(smd_loader_each_driver(loader, test_one, &test, NULL), 0);
	smd_loader_free(loader);
}
