/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/hash.h"

#include "test.h"

/* Examples of FIPS 180-4, as published with it by NIST. */
static void sha256_of_the_standard(void)
{
	static const struct {
		const char *message, *digest;
	} vectors[] = {
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		char hex[SMD_SHA256_HEX];

		CU_ASSERT_EQUAL(smd_sha256_hex(vectors[i].message, strlen(vectors[i].message), hex),
				0);
		CU_ASSERT_STRING_EQUAL(hex, vectors[i].digest);
	}
}

static void sha256_of_a_million(void)
{
	char *message = malloc(1000000), hex[SMD_SHA256_HEX];

	memset(message, 'a', 1000000);
	CU_ASSERT_EQUAL(smd_sha256_hex(message, 1000000, hex), 0);
	CU_ASSERT_STRING_EQUAL(hex,
			       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	free(message);
}

static void hmac_is(const void *key, size_t key_size, const void *data, size_t size,
		    const char *expected)
{
	uint8_t mac[SMD_SHA256_SIZE];
	char hex[SMD_SHA256_HEX];

	CU_ASSERT_EQUAL(smd_hmac_sha256(key, key_size, data, size, mac), 0);
	smd_hex(mac, sizeof(mac), hex);
	CU_ASSERT_STRING_EQUAL(hex, expected);
}

/* RFC 4231, sections 4.2, 4.3, 4.4 and 4.7. */
static void hmac_of_the_rfc(void)
{
	static const char longer[] = "Test Using Larger Than Block-Size Key - Hash Key First";
	uint8_t key[131], data[50];

	memset(key, 0x0b, 20);
	hmac_is(key, 20, "Hi There", 8,
		"b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hmac_is("Jefe", 4, "what do ya want for nothing?", 28,
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof(key));
	memset(data, 0xdd, sizeof(data));
	hmac_is(key, 20, data, 50,
		"773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
	hmac_is(key, 131, longer, strlen(longer),
		"60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* As Python's hmac module computes it. */
static void hmac_without_a_key(void)
{
	hmac_is(NULL, 0, "", 0, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void hex_of_nothing_and_all(void)
{
	char hex[9];

	smd_hex(NULL, 0, hex);
	CU_ASSERT_STRING_EQUAL(hex, "");
	smd_hex((const uint8_t *)"\x00\x7f\x80\xff", 4, hex);
	CU_ASSERT_STRING_EQUAL(hex, "007f80ff");
}

static void random_fills_all(void)
{
	static const uint8_t nothing[32];
	uint8_t a[32 + 1] = {0}, b[32] = {0};

	CU_ASSERT_EQUAL(smd_random(a, 32), 0);
	CU_ASSERT_EQUAL(smd_random(b, 32), 0);
	CU_ASSERT_EQUAL(a[32], 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a, b, 32), 0);
	CU_ASSERT_NOT_EQUAL(memcmp(a + 16, nothing, 16), 0);
	CU_ASSERT_EQUAL(smd_random(NULL, 0), 0);
}

static void secrets_compare(void)
{
	CU_ASSERT_TRUE(smd_same_secret("token", "token", 5));
	CU_ASSERT_FALSE(smd_same_secret("token", "tokem", 5));
	CU_ASSERT_FALSE(smd_same_secret("token", "Token", 5));
	CU_ASSERT_TRUE(smd_same_secret("a", "b", 0));
}

TEST_MAIN("hash", TEST(sha256_of_the_standard), TEST(sha256_of_a_million), TEST(hmac_of_the_rfc),
	  TEST(hmac_without_a_key), TEST(hex_of_nothing_and_all), TEST(random_fills_all),
	  TEST(secrets_compare));
