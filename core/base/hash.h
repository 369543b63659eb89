/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests, message authentication codes and random bytes, from libcrypto and the kernel. Any
 * thread may call them. They fail only when the machine does.
 */
#ifndef SMD_BASE_HASH_H
#define SMD_BASE_HASH_H

#include <smartdeploy/error.h>

#include "core/base/cleanup.h"
#include "core/base/span.h"

#define SMD_SHA256_SIZE 32
#define SMD_SHA256_HEX (2 * SMD_SHA256_SIZE + 1) /* length as text, with its NUL */

/*
 * SHA-256 (FIPS 180-4, section 6.2) of `size` bytes. SMD_E_INTERNAL: there is no usable
 * libcrypto.
 */
SMD_MUST_USE int smd_sha256(const void *data, size_t size, uint8_t out[SMD_SHA256_SIZE]);

/* The same, written as 64 lower-case hexadecimal digits. */
SMD_MUST_USE int smd_sha256_hex(const void *data, size_t size, char out[SMD_SHA256_HEX]);

/*
 * A reusable SHA-256 state for many short texts, much cheaper than a call of smd_sha256 for
 * each. One thread at a time. SMD_E_INTERNAL as for smd_sha256; SMD_E_NO_MEMORY.
 */
struct smd_hasher;
SMD_MUST_USE int smd_hasher_new(struct smd_hasher **out);
void smd_hasher_free(struct smd_hasher *hasher); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_hasher *, smd_hasher_free);
/* The digest of all parts, one after the other. */
SMD_MUST_USE int smd_hasher_digest(struct smd_hasher *hasher, const struct smd_span *parts,
				   size_t count, uint8_t out[SMD_SHA256_SIZE]);

/* HMAC-SHA-256 (RFC 2104, RFC 4231). The key may have any length, 0 included. */
SMD_MUST_USE int smd_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
				 uint8_t out[SMD_SHA256_SIZE]);

/* Write `size` bytes as lower-case hexadecimal digits; `out` has room for 2 * size + 1. */
void smd_hex(const uint8_t *bytes, size_t size, char *out);

/* Fill `out` with random bytes fit for keys (getrandom(2)). Blocks only while the machine boots. */
SMD_MUST_USE int smd_random(void *out, size_t size);

/* Whether two secrets are equal. The time taken does not depend on their bytes. */
int smd_same_secret(const void *a, const void *b, size_t size);

#endif
