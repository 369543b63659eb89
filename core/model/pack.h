/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/model: packed text, a sequence of netstrings (`LENGTH:BYTES,`); numbers are written
 * as decimal digits. It is read in place: the comma behind a text becomes its NUL.
 */
#ifndef SMD_MODEL_PACK_H
#define SMD_MODEL_PACK_H

#include <stddef.h>
#include <stdint.h>

/* A writer; {0} is empty. A failed allocation sets `failed`, to be checked once at the end. */
struct smd_pack {
	char *bytes; /* the caller's (free()) */
	size_t size, room;
	int failed;
};

void smd_pack_bytes(struct smd_pack *pack, const char *bytes, size_t size);
void smd_pack_text(struct smd_pack *pack, const char *text);
void smd_pack_number(struct smd_pack *pack, uint64_t number);
void smd_cleanup_smd_pack(struct smd_pack *pack);

/*
 * A reader. What does not read sets `damage` (the first time), and all that follows is then
 * empty: "", or the least number.
 */
struct smd_unpack {
	char *at, *end;
	const char *damage; /* what is wrong, for a message; NULL: nothing so far */
};

/* Begin to read; a NUL byte anywhere is damage, so that texts are as long as they say. */
struct smd_unpack smd_unpack_begin(char *bytes, size_t size);
const char *smd_unpack_text(struct smd_unpack *unpack); /* borrowed, never NULL */
char *smd_unpack_bytes(struct smd_unpack *unpack, size_t *size);
uint64_t smd_unpack_number(struct smd_unpack *unpack, uint64_t least, uint64_t most);
/* A number of things that follow, each packed in at least three bytes. */
size_t smd_unpack_count(struct smd_unpack *unpack);
void smd_unpack_fail(struct smd_unpack *unpack, const char *damage);
/* What is wrong with a reader that should be at its end; NULL: nothing. */
const char *smd_unpack_end(struct smd_unpack *unpack);

#endif
