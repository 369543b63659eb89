/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kit/bench.h"

#include <stdio.h>
#include <string.h>

int smd_bench_init(struct smd_bench *bench, const char *parts, const char *driver,
		   const struct smd_setting *given, size_t count)
{
	struct smd_error *error = &bench->error;
	int err;

	*bench = (struct smd_bench){.loader = NULL};
	if (smd_loader_new(parts, &bench->loader))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	bench->driver = strchr(driver, '/') ? smd_loader_driver_at(bench->loader, driver, error)
					    : smd_loader_driver(bench->loader, driver, error);
	if (!bench->driver)
		return error->code;
	err = smd_language_open(&bench->language, bench->loader, bench->driver, given, count,
				error);
	bench->state = bench->language.state;
	return err;
}

void smd_bench_done(struct smd_bench *bench)
{
	smd_language_close(&bench->language);
	smd_loader_free(bench->loader);
}

struct smd_text *smd_bench_read(const char *path)
{
	FILE *file = fopen(path, "re");
	struct smd_text *text = NULL;
	char bytes[4096];
	size_t size;
	int bad = !file || smd_text_new(&text, 0);

	while (!bad && (size = fread(bytes, 1, sizeof(bytes), file)) > 0)
		bad = smd_text_append(text, bytes, size);
	if (!bad)
		bad = ferror(file);
	if (file)
		fclose(file);
	if (!bad)
		return text;
	smd_text_free(text);
	return NULL;
}

int smd_bench_write(const char *path, const struct smd_text *text)
{
	smd_cleanup(free) char *bytes = smd_text_join(text);
	FILE *file = bytes ? fopen(path, "we") : NULL;
	int bad = !file || fputs(bytes, file) < 0;

	if (file && fclose(file))
		bad = 1;
	return bad ? -1 : 0;
}

static struct smd_text *new_text(struct smd_bench *bench)
{
	struct smd_text *text = NULL;

	if (smd_text_new(&text, 0))
		smd_fail(&bench->error, SMD_E_NO_MEMORY, "out of memory");
	return text;
}

struct smd_text *smd_bench_print(struct smd_bench *bench, const struct smd_tree *tree)
{
	struct smd_text *text = new_text(bench);

	if (text && !smd_language_print(&bench->language, tree, text, &bench->error))
		return text;
	smd_text_free(text);
	return NULL;
}

struct smd_tree *smd_bench_parse(struct smd_bench *bench, const struct smd_text *text)
{
	struct smd_tree *tree;

	return smd_language_parse(&bench->language, text, &tree, &bench->error) ? NULL : tree;
}

struct smd_text *smd_bench_payload(struct smd_bench *bench, const struct smd_tree *from,
				   const struct smd_tree *to)
{
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	struct smd_text *payload = new_text(bench);

	if (payload && !smd_language_diff(from, to, &changes, &bench->error) &&
	    !smd_language_render(&bench->language, changes, payload, &bench->error))
		return payload;
	smd_text_free(payload);
	return NULL;
}

struct smd_tree *smd_bench_enter(struct smd_bench *bench, const struct smd_tree *from,
				 const struct smd_tree *to, const struct smd_text *payload)
{
	struct smd_tree *tree = NULL;

	if (smd_tree_copy(&tree, from))
		smd_fail(&bench->error, SMD_E_NO_MEMORY, "out of memory");
	else if (!smd_language_simulate(&bench->language, tree, to, payload, NULL, NULL,
					&bench->error))
		return tree;
	smd_tree_free(tree);
	return NULL;
}

int smd_bench_same_lines(const struct smd_text *a, const struct smd_text *b)
{
	size_t count = smd_text_count(a);

	if (count != smd_text_count(b))
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(smd_text_get(a, i, NULL), smd_text_get(b, i, NULL)) != 0)
			return 0;
	return 1;
}

int smd_bench_same(const struct smd_tree *a, const struct smd_tree *b)
{
	return a && b && smd_node_equal(smd_tree_top(a), smd_tree_top(b));
}
