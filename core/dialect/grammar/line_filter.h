/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of lines, or of their ends (PCRE2), tried at once. */
#ifndef SMD_DIALECT_GRAMMAR_LINE_FILTER_H
#define SMD_DIALECT_GRAMMAR_LINE_FILTER_H

#include <smartdeploy/error.h>
#include <stdint.h>

#include "core/base/cleanup.h"
#include "core/base/span.h"

struct smd_screen;

/*
 * NULL-terminated; `*out` is NULL where there are none. `what` they are, for a
 * message. `whole`: they are of whole lines.
 */
int smd_screen_new(const char *const *patterns, const char *what, int whole,
		   struct smd_screen **out, struct smd_error *error);
void smd_screen_free(struct smd_screen *screen); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_screen *, smd_screen_free);
/* Could it catch a line that begins with this byte? */
int smd_screen_may_catch(const struct smd_screen *screen, uint8_t first);
int smd_screen_catches(struct smd_screen *screen, struct smd_span line);
/* Length of the line before what they match at its end. */
size_t smd_screen_end(struct smd_screen *screen, struct smd_span line);

#endif
