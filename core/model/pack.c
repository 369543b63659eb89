/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/pack.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS 20 /* of the largest number */

void smd_cleanup_smd_pack(struct smd_pack *pack)
{
	free(pack->bytes);
}

static int make_room(struct smd_pack *pack, size_t wanted)
{
	size_t room = pack->room ? pack->room : 4096;
	char *wider;

	if (wanted > SIZE_MAX / 4 || pack->size > SIZE_MAX / 4)
		return 0;
	while (room - pack->size < wanted)
		room *= 2;
	if (room == pack->room)
		return 1;
	wider = realloc(pack->bytes, room);
	if (!wider)
		return 0;
	pack->bytes = wider;
	pack->room = room;
	return 1;
}

/* Write decimal digits; returns where they begin in `digits`. */
static char *digits_of(uint64_t number, char digits[DIGITS])
{
	char *first = digits + DIGITS;

	do
		*--first = (char)('0' + number % 10);
	while (number /= 10);
	return first;
}

void smd_pack_bytes(struct smd_pack *pack, const char *bytes, size_t size)
{
	char digits[DIGITS], *first = digits_of(size, digits), *to;
	size_t length = (size_t)(digits + DIGITS - first);

	if (pack->failed || !make_room(pack, length + size + 2)) {
		pack->failed = 1;
		return;
	}
	to = pack->bytes + pack->size;
	memcpy(to, first, length);
	to[length] = ':';
	memcpy(to + length + 1, bytes, size);
	to[length + 1 + size] = ',';
	pack->size += length + size + 2;
}

void smd_pack_text(struct smd_pack *pack, const char *text)
{
	smd_pack_bytes(pack, text, strlen(text));
}

void smd_pack_number(struct smd_pack *pack, uint64_t number)
{
	char digits[DIGITS], *first = digits_of(number, digits);

	smd_pack_bytes(pack, first, (size_t)(digits + DIGITS - first));
}

struct smd_unpack smd_unpack_begin(char *bytes, size_t size)
{
	return (struct smd_unpack){
		.at = bytes,
		.end = bytes + size,
		.damage = memchr(bytes, '\0', size) ? "there is a NUL byte in it" : NULL,
	};
}

void smd_unpack_fail(struct smd_unpack *unpack, const char *damage)
{
	if (!unpack->damage)
		unpack->damage = damage;
}

char *smd_unpack_bytes(struct smd_unpack *unpack, size_t *size)
{
	char *at = unpack->at, *text;
	size_t length = 0, left = (size_t)(unpack->end - at);

	*size = 0;
	if (unpack->damage)
		return NULL;
	for (; at < unpack->end && *at >= '0' && *at <= '9' && length <= left; at++)
		length = 10 * length + (size_t)(*at - '0');
	left = (size_t)(unpack->end - at);
	if (at == unpack->at || left < 2 || *at != ':' || length > left - 2 ||
	    at[1 + length] != ',') {
		smd_unpack_fail(unpack, "a text in it has another length than it says");
		return NULL;
	}
	text = at + 1;
	text[length] = '\0';
	unpack->at = text + length + 1;
	*size = length;
	return text;
}

const char *smd_unpack_text(struct smd_unpack *unpack)
{
	size_t size;
	const char *text = smd_unpack_bytes(unpack, &size);

	return text ? text : "";
}

uint64_t smd_unpack_number(struct smd_unpack *unpack, uint64_t least, uint64_t most)
{
	size_t size, i = 0;
	const char *text = smd_unpack_bytes(unpack, &size);
	uint64_t number = 0;

	for (; i < size && i < DIGITS - 1 && text[i] >= '0' && text[i] <= '9'; i++)
		number = 10 * number + (uint64_t)(text[i] - '0');
	if (size && i == size && number >= least && number <= most)
		return number;
	smd_unpack_fail(unpack, "a number in it is out of range");
	return least;
}

size_t smd_unpack_count(struct smd_unpack *unpack)
{
	return (size_t)smd_unpack_number(unpack, 0, (uint64_t)(unpack->end - unpack->at) / 3);
}

const char *smd_unpack_end(struct smd_unpack *unpack)
{
	if (unpack->at != unpack->end)
		smd_unpack_fail(unpack, "there is more behind its end");
	return unpack->damage;
}
