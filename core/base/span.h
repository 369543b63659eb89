/* SPDX-License-Identifier: Apache-2.0 */
/* A borrowed piece of text, not ended by NUL. */
#ifndef SMD_BASE_SPAN_H
#define SMD_BASE_SPAN_H

#include <stddef.h>
#include <string.h>

struct smd_span {
	const char *at;
	size_t length;
};

static inline struct smd_span smd_span_of(const char *text)
{
	return (struct smd_span){text, strlen(text)};
}

static inline int smd_span_same(struct smd_span a, struct smd_span b)
{
	return a.length == b.length &&
	       (!a.length || (*a.at == *b.at && !memcmp(a.at, b.at, a.length)));
}

static inline int smd_span_is(struct smd_span span, const char *text)
{
	return smd_span_same(span, smd_span_of(text));
}

#endif
