/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8: which bytes are text. */
#ifndef SMD_BASE_UTF8_H
#define SMD_BASE_UTF8_H

#include <stddef.h>

/*
 * Length (1 to 4) of the UTF-8 sequence at the start of `bytes`; 0 if it is incomplete,
 * overlong, a surrogate or above U+10FFFF (RFC 3629, section 4).
 */
static inline size_t smd_utf8_length(const char *bytes, size_t size)
{
	const unsigned char *b = (const unsigned char *)bytes;
	unsigned char low = 0x80, high = 0xbf;
	size_t length;

	if (size && b[0] < 0x80)
		return 1;
	if (size < 2 || b[0] < 0xc2 || b[0] > 0xf4)
		return 0;
	length = b[0] < 0xe0 ? 2 : b[0] < 0xf0 ? 3 : 4;
	/* The second byte shows overlong forms, surrogates and values above U+10FFFF */
	if (b[0] == 0xe0)
		low = 0xa0;
	else if (b[0] == 0xf0)
		low = 0x90;
	else if (b[0] == 0xed)
		high = 0x9f;
	else if (b[0] == 0xf4)
		high = 0x8f;
	if (size < length || b[1] < low || b[1] > high)
		return 0;
	for (size_t i = 2; i < length; i++)
		if ((b[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

#endif
