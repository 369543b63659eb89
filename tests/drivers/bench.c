/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int bench_init(struct bench *bench, const char *driver, const struct smd_setting *given,
	       size_t count)
{
	int err;

	*bench = (struct bench){.loader = NULL};
	if (smd_loader_new(PARTS, &bench->loader))
		abort();
	bench->driver = smd_loader_driver(bench->loader, driver, &bench->error);
	if (!bench->driver)
		return bench->error.code;
	err = smd_settings_new(&bench->driver->self, given, count, &bench->settings, &bench->error);
	if (!err && bench->driver->open)
		err = bench->driver->open(bench->settings, &bench->state, &bench->error);
	bench->language = (struct smd_language){bench->driver, bench->state};
	return err;
}

void bench_done(struct bench *bench)
{
	if (bench->driver && bench->driver->close)
		bench->driver->close(bench->state);
	smd_settings_free(bench->settings);
	smd_loader_free(bench->loader);
}

struct smd_text *bench_text(void)
{
	struct smd_text *text;

	if (smd_text_new(&text, 0))
		abort();
	return text;
}

struct smd_text *bench_read(const char *path)
{
	FILE *file = fopen(path, "re");
	struct smd_text *text;
	char bytes[4096];
	size_t size;

	if (!file)
		return NULL;
	text = bench_text();
	while ((size = fread(bytes, 1, sizeof(bytes), file)) > 0)
		if (smd_text_append(text, bytes, size))
			abort();
	fclose(file);
	return text;
}

int bench_write(const char *path, const struct smd_text *text)
{
	char *bytes = smd_text_join(text);
	FILE *file = fopen(path, "we");
	int bad = !file || !bytes || fputs(bytes, file) < 0;

	free(bytes);
	if (file && fclose(file))
		bad = 1;
	return bad ? -1 : 0;
}

struct smd_text *bench_print(struct bench *bench, const struct smd_tree *tree)
{
	struct smd_text *text = bench_text();

	if (!smd_language_print(&bench->language, tree, text, &bench->error))
		return text;
	smd_text_free(text);
	return NULL;
}

struct smd_tree *bench_parse(struct bench *bench, const struct smd_text *text)
{
	struct smd_tree *tree;

	return smd_language_parse(&bench->language, text, &tree, &bench->error) ? NULL : tree;
}

struct smd_text *bench_payload(struct bench *bench, const struct smd_tree *from,
			       const struct smd_tree *to)
{
	struct smd_text *payload = bench_text();
	struct smd_changes *changes = NULL;
	int err = smd_language_diff(from, to, &changes, &bench->error);

	if (!err)
		err = smd_language_render(&bench->language, changes, payload, &bench->error);
	smd_changes_free(changes);
	if (!err)
		return payload;
	smd_text_free(payload);
	return NULL;
}

struct smd_tree *bench_enter(struct bench *bench, const struct smd_tree *from,
			     const struct smd_text *payload)
{
	struct smd_tree *tree;

	if (smd_tree_copy(&tree, from))
		abort();
	if (!smd_language_simulate(&bench->language, tree, payload, NULL, NULL, &bench->error))
		return tree;
	smd_tree_free(tree);
	return NULL;
}

int bench_same_lines(const struct smd_text *a, const struct smd_text *b)
{
	size_t count = smd_text_count(a);

	if (count != smd_text_count(b))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(smd_text_get(a, i, NULL), smd_text_get(b, i, NULL)) != 0)
			return 0;
	return 1;
}

int bench_same(const struct smd_tree *a, const struct smd_tree *b)
{
	return a && b && smd_node_equal(smd_tree_top(a), smd_tree_top(b));
}

void bench_show_text(const char *title, const struct smd_text *text)
{
	printf("--- %s\n", title);
	for (size_t i = 0; i < smd_text_count(text); i++)
		printf("%s\n", smd_text_get(text, i, NULL));
}

void bench_show(const char *title, const struct smd_tree *tree)
{
	struct smd_text *text = bench_text();

	if (tree && !smd_tree_flatten(tree, text))
		bench_show_text(title, text);
	else
		printf("--- %s: none\n", title);
	smd_text_free(text);
}
