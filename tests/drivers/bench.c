/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

struct smd_text *bench_text(void)
{
	struct smd_text *text;

	if (smd_text_new(&text, 0))
		abort();
	return text;
}

void bench_show_text(const char *title, const struct smd_text *text)
{
	printf("--- %s\n", title);
	for (size_t i = 0; i < smd_text_count(text); i++)
		printf("%s\n", smd_text_get(text, i, NULL));
}

void bench_show_first(const char *before, const struct smd_text *text, size_t most)
{
	size_t count = text ? smd_text_count(text) : 0;

	for (size_t i = 0; i < count && i < most; i++)
		printf("%s%s\n", before, smd_text_get(text, i, NULL));
	if (count > most)
		printf("%s... %zu lines\n", before, count);
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
