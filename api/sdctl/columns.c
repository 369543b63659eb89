/* SPDX-License-Identifier: Apache-2.0 */
#include "api/sdctl/columns.h"

#include <string.h>
#include <time.h>

void add_row(struct list *list, const char *const *cells)
{
	int count = 0;

	while (list->headings[count])
		count++;
	if (!list->rows)
		list->rows = cJSON_CreateArray();
	cJSON_AddItemToArray(list->rows, cJSON_CreateStringArray(cells, count));
}

/* Columns that a text in UTF-8 takes, where each character takes one. */
static int width_of(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static void widen(const struct list *list, int *widths)
{
	const cJSON *row, *cell;

	for (int i = 0; list->headings[i]; i++)
		widths[i] = width_of(list->headings[i]);
	cJSON_ArrayForEach (row, list->rows) {
		int i = 0;

		cJSON_ArrayForEach (cell, row) {
			int width = width_of(cell->valuestring);

			if (width > widths[i])
				widths[i] = width;
			i++;
		}
	}
}

static void print_cell(const struct run *run, const struct list *list, int column, int width,
		       const char *text)
{
	int judged = run->colour && column == list->judged;

	if (judged)
		printf("\033[%sm", !strcmp(text, list->good) ? "32" : "31");
	printf("%s", text);
	if (judged)
		printf("\033[0m");
	if (list->headings[column + 1])
		printf("%*s  ", width - width_of(text), "");
}

void print_list(const struct run *run, struct list *list)
{
	int widths[MOST_COLUMNS];
	const cJSON *row, *cell;

	if (!list->rows) {
		fprintf(stderr, "%s\n", list->none);
		return;
	}
	widen(list, widths);
	for (int i = 0; list->headings[i]; i++)
		printf("%-*s%s", list->headings[i + 1] ? widths[i] : 0, list->headings[i],
		       list->headings[i + 1] ? "  " : "\n");
	cJSON_ArrayForEach (row, list->rows) {
		int i = 0;

		cJSON_ArrayForEach (cell, row) {
			print_cell(run, list, i, widths[i], cell->valuestring);
			i++;
		}
		printf("\n");
	}
	cJSON_Delete(list->rows);
	list->rows = NULL;
}

void print_count(FILE *out, double count, const char *one, const char *many)
{
	fprintf(out, "%.0f %s", count, count == 1 ? one : many);
}

void local_time(const char *text, char *out, size_t size)
{
	struct tm parts = {0};
	time_t seconds;

	snprintf(out, size, "-");
	if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &parts))
		return;
	seconds = timegm(&parts);
	if (localtime_r(&seconds, &parts))
		strftime(out, size, "%Y-%m-%d %H:%M:%S", &parts);
}
