/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/likeness.h"

#include "core/base/lines.h"
#include "core/dialect/grammar/line_filter.h"
#include "core/dialect/grammar/words.h"

#define SAMPLE ((size_t)1000)

unsigned smd_text_likeness(const char *const *signs, const struct smd_text *text)
{
	size_t count = smd_text_count(text), step = count / SAMPLE + 1;
	smd_cleanup(smd_line_filter_free) struct smd_line_filter *filter = NULL;
	size_t lines = 0, matching = 0;

	if (smd_line_filter_new(signs, "signs", 1, &filter, NULL) || !filter)
		return 0;
	for (size_t i = 0; i < count; i += step) {
		struct smd_span line = smd_span_trim(smd_text_span(text, i));

		lines += line.length > 0;
		matching += line.length && smd_line_filter_matches(filter, line);
	}
	return lines ? (unsigned)(matching * 1000 / lines) : 0;
}
