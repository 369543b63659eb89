/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/hash.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

/*
 * libcrypto, loaded at its first use: its relocations take as long as everything else in a
 * short command that needs no digest. Written once, by `load`.
 */
static struct {
	void *library;
	typeof(EVP_sha256) *sha256;
	typeof(EVP_Digest) *digest;
	typeof(HMAC) *hmac;
	typeof(EVP_MD_fetch) *fetch;
	typeof(EVP_MD_free) *free_algorithm;
	typeof(EVP_MD_CTX_new) *new_context;
	typeof(EVP_MD_CTX_free) *free_context;
	typeof(EVP_DigestInit_ex2) *init;
	typeof(EVP_DigestUpdate) *update;
	typeof(EVP_DigestFinal_ex) *final;
} crypto;

static int find_function(const char *name, void *function)
{
	void *found = dlsym(crypto.library, name);

	memcpy(function, &found, sizeof(found));
	return found != NULL;
}

static void load(void)
{
	crypto.library =
		dlopen("libcrypto.so." OPENSSL_MSTR(OPENSSL_SHLIB_VERSION), RTLD_NOW | RTLD_LOCAL);
	if (!crypto.library ||
	    (find_function("EVP_sha256", &crypto.sha256) &&
	     find_function("EVP_Digest", &crypto.digest) && find_function("HMAC", &crypto.hmac) &&
	     find_function("EVP_MD_fetch", &crypto.fetch) &&
	     find_function("EVP_MD_free", &crypto.free_algorithm) &&
	     find_function("EVP_MD_CTX_new", &crypto.new_context) &&
	     find_function("EVP_MD_CTX_free", &crypto.free_context) &&
	     find_function("EVP_DigestInit_ex2", &crypto.init) &&
	     find_function("EVP_DigestUpdate", &crypto.update) &&
	     find_function("EVP_DigestFinal_ex", &crypto.final)))
		return;
	dlclose(crypto.library);
	crypto.library = NULL;
}

static int has_crypto(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return crypto.library != NULL;
}

int smd_sha256(const void *data, size_t size, uint8_t out[SMD_SHA256_SIZE])
{
	return has_crypto() && crypto.digest(data, size, out, NULL, crypto.sha256(), NULL)
		       ? 0
		       : SMD_E_INTERNAL;
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
	/* libcrypto takes a NULL key as the key of the last call */
	const void *bytes = key_size ? key : "";

	if (key_size > INT_MAX)
		return SMD_E_INVALID;
	return has_crypto() && crypto.hmac(crypto.sha256(), bytes, (int)key_size, data, size, out,
					   NULL)
		       ? 0
		       : SMD_E_INTERNAL;
}

struct smd_hasher {
	EVP_MD *algorithm; /* fetched once: looking it up costs more than hashing a few bytes */
	EVP_MD_CTX *context;
};

int smd_hasher_new(struct smd_hasher **out)
{
	struct smd_hasher *hasher;

	if (!has_crypto())
		return SMD_E_INTERNAL;
	hasher = calloc(1, sizeof(*hasher));
	if (!hasher)
		return SMD_E_NO_MEMORY;
	hasher->algorithm = crypto.fetch(NULL, "SHA256", NULL);
	hasher->context = crypto.new_context();
	if (!hasher->algorithm || !hasher->context) {
		smd_hasher_free(hasher);
		return SMD_E_NO_MEMORY;
	}
	*out = hasher;
	return 0;
}

void smd_hasher_free(struct smd_hasher *hasher)
{
	if (!hasher)
		return;
	crypto.free_context(hasher->context);
	crypto.free_algorithm(hasher->algorithm);
	free(hasher);
}

int smd_hasher_digest(struct smd_hasher *hasher, const struct smd_span *parts, size_t count,
		      uint8_t out[SMD_SHA256_SIZE])
{
	int good = crypto.init(hasher->context, hasher->algorithm, NULL);

	for (size_t i = 0; i < count && good; i++)
		good = crypto.update(hasher->context, parts[i].at, parts[i].length);
	return good && crypto.final(hasher->context, out, NULL) ? 0 : SMD_E_INTERNAL;
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
	const volatile uint8_t *x = a, *y = b;
	uint8_t differing = 0;

	for (size_t i = 0; i < size; i++)
		differing |= x[i] ^ y[i];
	return !differing;
}
