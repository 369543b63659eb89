/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets found by the kind of their words: in lines, in paths, and in what sentences quote. */
#include <smartdeploy/text.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/secret_words.h"
#include "test.h"

static char *mask(const char *line, unsigned around)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	size_t count = smd_secret_find(smd_span_of(line), around, secrets);

	return smd_secret_cover(smd_span_of(line), secrets, count);
}

static void check(const char *line, unsigned around, const char *wanted)
{
	smd_cleanup(free) char *masked = mask(line, around);
	smd_cleanup(free) char *again = masked ? mask(masked, around) : NULL;

	CU_ASSERT_FATAL(masked && again);
	CU_ASSERT_STRING_EQUAL(masked, wanted);
	CU_ASSERT_STRING_EQUAL(again, wanted); /* a plan is masked once and signed */
}

static void a_value_behind_a_word_is_masked(void)
{
	check("neighbor 10.0.0.1 password 7 0822", 0, "neighbor 10.0.0.1 password 7 ******");
	check("neighbor 10.0.0.1 password two words", 0, "neighbor 10.0.0.1 password ******");
	check("no enable secret level 12 abc", 0, "no enable secret level 12 ******");
	check("user a auth md5 ****** priv aes 128 abc", SMD_AROUND_SNMP,
	      "user a auth md5 ****** priv aes 128 ******");
	check("password 0", 0, "password ******");
	check("pre-shared-key ascii-text \"$9$a b\"; ## SECRET-DATA", 0,
	      "pre-shared-key ascii-text \"******\"; ## SECRET-DATA");
	check("frob api_token abc", 0, "frob api_token ******");
	check("PASSWORD abc", 0, "PASSWORD ******");
	check("Neighbor X Password abc", 0, "Neighbor X Password ******");
}

static void a_word_alone_is_no_secret(void)
{
	static const char *const lines[] = {
		"key chain office",
		"route-map key permit 10",
		"set community 65000:1",
		"description the password is not here",
		"aaa authentication login default local",
		"password encryption aes",
		"crypto key generate rsa",
		"key 1",
		"ntp server 192.0.2.1 key 1",
		"neighbor A send-community both",
		"hash md5",
		"isis authentication key-chain office",
		"match community friends",
		"tunnel key 4711",
	};

	for (size_t i = 0; i < SMD_COUNT(lines); i++)
		check(lines[i], 0, lines[i]);
}

static void sections_say_what_a_word_means(void)
{
	check("community abc ro", SMD_AROUND_SNMP, "community ******");
	check("community abc members 65000:1", SMD_AROUND_ROUTES, "community abc members 65000:1");
	check("key 12345", SMD_AROUND_LOGIN, "key ******");
	check("key 12345", 0, "key 12345");
	check("authentication abc timeout 3", SMD_AROUND_GATEWAY, "authentication ******");
	check("abc", SMD_AROUND_VALUE, "******");
	CU_ASSERT(smd_secret_around(smd_span_of("enc-password"), 0) & SMD_AROUND_VALUE);
	check("plain-text-password-value abc", 0, "plain-text-password-value ******");
	check("password enc-abc", 0, "password ******");
	CU_ASSERT(smd_secret_around(smd_span_of("snmp"), 0) & SMD_AROUND_SNMP);
	CU_ASSERT(smd_secret_around(smd_span_of("api-token"), 0) & SMD_AROUND_VALUE);
	CU_ASSERT_FALSE(smd_secret_around(smd_span_of("unit 0"), SMD_AROUND_VALUE) &
			SMD_AROUND_VALUE);
}

static void some_secrets_are_told_by_their_looks(void)
{
	check("path ftp://me:abc@host/file", 0, "path ftp://me:******@host/file");
	check("path ftp://host:21/file", 0, "path ftp://host:21/file");
	check("frob $6$salt$hash x", 0, "frob ****** x");
	check("\"-----BEGIN RSA PRIVATE KEY-----\\nabc\"", 0, "\"******\"");
	check("exec -auth=abc -x", 0, "exec -auth=****** -x");
}

static void check_sentence(const char *text, const char *wanted)
{
	int failed = 0;
	smd_cleanup(free) char *masked = smd_secret_mask_sentence(text, &failed);

	CU_ASSERT_EQUAL(failed, 0);
	CU_ASSERT_STRING_EQUAL(masked ? masked : "(as it was)", wanted ? wanted : "(as it was)");
}

static void a_sentence_shows_no_secret_that_it_quotes(void)
{
	check_sentence("no rule knows \"neighbor A password abc\" here",
		       "no rule knows \"neighbor A password ******\" here");
	check_sentence("the device refuses 'enable secret abc': no",
		       "the device refuses 'enable secret ******': no");
	check_sentence("cannot read http://me:abc@host/x", "cannot read http://me:******@host/x");
	check_sentence("the password of credential \"lab\" is missing", NULL);
	check_sentence("can't read key file \"id\"", NULL);
	check_sentence("/router bgp 1/neighbor A password[abc]",
		       "/router bgp 1/neighbor A password[******]");
	check_sentence("/vlan[10]/name", NULL);
	CU_ASSERT(smd_secret_is_at("/router bgp 1/neighbor A password"));
	CU_ASSERT_FALSE(smd_secret_is_at("/vlan[10]/name"));
}

TEST_MAIN("secret words", TEST(a_value_behind_a_word_is_masked), TEST(a_word_alone_is_no_secret),
	  TEST(sections_say_what_a_word_means), TEST(some_secrets_are_told_by_their_looks),
	  TEST(a_sentence_shows_no_secret_that_it_quotes));
