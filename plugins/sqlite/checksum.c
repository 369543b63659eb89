/* SPDX-License-Identifier: Apache-2.0 */
#include "internal.h"

#include <string.h>

#define POLYNOMIAL 0xc96c5795d7870f42u /* ECMA-182, annex B, with the lowest bit first */

/* Table k has the remainders of a byte that k zero bytes follow. */
void checksum_init(struct checksum *checksum)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		uint64_t sum = byte;

		for (int bit = 0; bit < 8; bit++)
			sum = sum >> 1 ^ (sum & 1 ? POLYNOMIAL : 0);
		checksum->tables[0][byte] = sum;
	}
	for (unsigned k = 1; k < 8; k++)
		for (unsigned byte = 0; byte < 256; byte++) {
			uint64_t sum = checksum->tables[k - 1][byte];

			checksum->tables[k][byte] = sum >> 8 ^ checksum->tables[0][sum & 0xff];
		}
}

/* Eight bytes, the lowest first, on machines of either byte order. */
static uint64_t eight_bytes(const unsigned char *at)
{
	uint64_t word = 0;

	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)at[i] << 8 * i;
	return word;
}

/* Continue a sum, whose bits are inverted before the first part and after the last one. */
static uint64_t add(const struct checksum *checksum, uint64_t sum, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	for (; size >= 8; at += 8, size -= 8) {
		uint64_t word = sum ^ eight_bytes(at);

		sum = 0;
		for (unsigned i = 0; i < 8; i++)
			sum ^= checksum->tables[7 - i][word >> 8 * i & 0xff];
	}
	for (; size; size--)
		sum = sum >> 8 ^ checksum->tables[0][(sum ^ *at++) & 0xff];
	return sum;
}

uint64_t checksum_of_bytes(const struct checksum *checksum, const void *bytes, size_t size)
{
	return ~add(checksum, UINT64_MAX, bytes, size);
}

uint64_t checksum_of_record(const struct checksum *checksum, const char *table, const void *key,
			    size_t key_size, uint64_t revision, const void *value, size_t size)
{
	unsigned char number[9] = {0}; /* the NUL behind the key, and the revision */
	uint64_t sum = add(checksum, UINT64_MAX, table, strlen(table) + 1);

	for (unsigned i = 0; i < 8; i++)
		number[i + 1] = (unsigned char)(revision >> 8 * i);
	sum = add(checksum, sum, key, key_size);
	sum = add(checksum, sum, number, sizeof(number));
	return ~add(checksum, sum, value, size);
}
