/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/hash.h"

#include <errno.h>
#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/random.h>

int smd_sha256(const void *data, size_t size, uint8_t out[SMD_SHA256_SIZE])
{
	return EVP_Digest(data, size, out, NULL, EVP_sha256(), NULL) ? 0 : SMD_E_INTERNAL;
}

int smd_sha256_hex(const void *data, size_t size, char out[SMD_SHA256_HEX])
{
	uint8_t digest[SMD_SHA256_SIZE];
	int err = smd_sha256(data, size, digest);

	if (!err)
		smd_hex(digest, sizeof(digest), out);
	return err;
}

int smd_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
		    uint8_t out[SMD_SHA256_SIZE])
{
	/* libcrypto takes a NULL key for "the one of the last call" */
	const void *bytes = key_size ? key : "";

	if (key_size > INT_MAX)
		return SMD_E_INVALID;
	return HMAC(EVP_sha256(), bytes, (int)key_size, data, size, out, NULL) ? 0 : SMD_E_INTERNAL;
}

void smd_hex(const uint8_t *bytes, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 0xf];
	}
	*out = '\0';
}

int smd_random(void *out, size_t size)
{
	uint8_t *place = out;

	while (size) {
		ssize_t got = getrandom(place, size, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return SMD_E_IO;
		place += got;
		size -= (size_t)got;
	}
	return 0;
}

int smd_same_secret(const void *a, const void *b, size_t size)
{
	return CRYPTO_memcmp(a, b, size) == 0;
}
