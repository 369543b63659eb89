/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text as lines: what a device printed, what it is to be sent, a file.
 *
 * One growing buffer with an index of lines, so that a million lines cost two
 * allocations that double. Lines are separated by LF; a CR before it is no
 * part of the line. Every line is NUL-terminated in place; a NUL byte in the
 * input is kept and counted in the length. A text has one owner at a time and
 * may move between threads.
 */
#ifndef SMARTDEPLOY_TEXT_H
#define SMARTDEPLOY_TEXT_H

#include <smartdeploy/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct smd_text;

/* What stands for a secret wherever one would be shown. */
#define SMD_MASK "******"

/* Make an empty text that never holds more than `limit` bytes; 0: SMD_TEXT_LIMIT. */
#define SMD_TEXT_LIMIT ((size_t)1 << 30)
SMD_EXPORT int smd_text_new(struct smd_text **out, size_t limit);
/* Make a text of `size` bytes at once. */
SMD_EXPORT int smd_text_from(struct smd_text **out, const char *bytes, size_t size);
SMD_EXPORT void smd_text_free(struct smd_text *text); /* wipes the bytes; NULL is fine */

/*
 * Append bytes as they come from a wire, lines cut anywhere. Returns
 * SMD_E_NO_MEMORY beyond the limit; what fitted is kept.
 */
SMD_EXPORT int smd_text_append(struct smd_text *text, const char *bytes, size_t size);
/* Append a whole line; an open last line is ended first. */
SMD_EXPORT int smd_text_line(struct smd_text *text, const char *line);
SMD_EXPORT int smd_text_linef(struct smd_text *text, const char *format, ...) SMD_PRINTF(2, 3);
/* Forget all lines, keep the memory. */
SMD_EXPORT void smd_text_clear(struct smd_text *text);

/* Number of lines; an unfinished last line counts. */
SMD_EXPORT size_t smd_text_count(const struct smd_text *text);
/*
 * Line `index`, borrowed until the text changes; NULL beyond the end. `length`
 * (may be NULL) is its length without the line end.
 */
SMD_EXPORT const char *smd_text_get(const struct smd_text *text, size_t index, size_t *length);
/* Number of bytes that `smd_text_join` writes without its NUL. */
SMD_EXPORT size_t smd_text_size(const struct smd_text *text);
/* All lines joined by LF, with one at the end unless empty; the caller frees it with free(). */
SMD_EXPORT char *smd_text_join(const struct smd_text *text);

#ifdef __cplusplus
}
#endif
#endif
