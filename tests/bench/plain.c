/* SPDX-License-Identifier: Apache-2.0 */
/* smd-plain FILE...: reads files and prints the SHA-256 of each, which is the least one can do. */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/evp.h>

#define CHUNK ((size_t)1 << 20)

static int hash(FILE *file, unsigned char *digest, unsigned *size)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *chunk = malloc(CHUNK);
	int good = context && chunk && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	size_t got;

	while (good && (got = fread(chunk, 1, CHUNK, file)) > 0)
		good = EVP_DigestUpdate(context, chunk, got);
	good = good && !ferror(file) && EVP_DigestFinal_ex(context, digest, size);
	EVP_MD_CTX_free(context);
	free(chunk);
	return good;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++) {
		unsigned char digest[EVP_MAX_MD_SIZE];
		FILE *file = fopen(argv[i], "re");
		unsigned size = 0;

		if (!file || !hash(file, digest, &size)) {
			perror(argv[i]);
			failed = 1;
		}
		for (unsigned at = 0; at < size; at++)
			printf("%02x", digest[at]);
		printf("  %s\n", argv[i]);
		if (file)
			fclose(file);
	}
	return failed;
}
