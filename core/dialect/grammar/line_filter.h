/* SPDX-License-Identifier: Apache-2.0 */
/* A set of PCRE2 patterns for lines, or for ends of lines, matched as one. */
#ifndef SMD_DIALECT_GRAMMAR_LINE_FILTER_H
#define SMD_DIALECT_GRAMMAR_LINE_FILTER_H

#include <smartdeploy/error.h>
#include <stdint.h>

#include "core/base/cleanup.h"
#include "core/base/span.h"

struct smd_line_filter;

/*
 * Compile patterns (NULL-terminated); `*out` is NULL where there are none. `what`: their name in
 * messages. `whole`: they match whole lines, else the end of a line. SMD_E_INVALID: not valid
 * PCRE2.
 */
int smd_line_filter_new(const char *const *patterns, const char *what, int whole,
			struct smd_line_filter **out, struct smd_error *error);
void smd_line_filter_free(struct smd_line_filter *filter); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_line_filter *, smd_line_filter_free);
/* Whether a line that begins with this byte might match. */
int smd_line_filter_may_match(const struct smd_line_filter *filter, uint8_t first);
int smd_line_filter_matches(struct smd_line_filter *filter, struct smd_span line);
/* Length of the line without what matches at its end. */
size_t smd_line_filter_end(struct smd_line_filter *filter, struct smd_span line);

#endif
