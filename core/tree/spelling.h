/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts in which an address may be spelled in several ways: 2001:DB8::1 and 2001:db8:0::1, or
 * 00AA.bbcc.dd01 and 00:aa:bb:cc:dd:01, are the same. Pure; any thread; nothing is allocated.
 */
#ifndef SMD_TREE_SPELLING_H
#define SMD_TREE_SPELLING_H

#include <stdint.h>

#include "core/base/span.h"

/* A canonical address: RFC 5952 for IPv6; three groups of four digits for a MAC address. */
#define SMD_SPELLING_ADDRESS 48

/* Whether two texts are the same but for the spelling of addresses that are words of them. */
int smd_spelling_same(struct smd_span a, struct smd_span b);
/* A hash that texts have in common which are the same. Of those without addresses, smd_hash. */
uint32_t smd_spelling_hash(struct smd_span text);
/*
 * Take the next piece off a text, as it is spelled canonically: an address, or what stands between
 * two of them. Borrowed from the text, or from `address`. Empty: nothing is left.
 */
struct smd_span smd_spelling_piece(struct smd_span *left, char address[SMD_SPELLING_ADDRESS]);

#endif
