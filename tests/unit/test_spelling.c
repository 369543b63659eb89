/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses in texts: the same however they are spelled, and nothing else is. */
#include "core/tree/spelling.h"

#include "core/tree/arena.h"
#include "test.h"

static int same(const char *a, const char *b)
{
	int are = smd_spelling_same(smd_span_of(a), smd_span_of(b));

	CU_ASSERT_EQUAL(smd_spelling_same(smd_span_of(b), smd_span_of(a)), are);
	if (are)
		CU_ASSERT_EQUAL(smd_spelling_hash(smd_span_of(a)),
				smd_spelling_hash(smd_span_of(b)));
	return are;
}

/* RFC 4291, 2.2: leading zeros, one run of zeros left out, an IPv4 address at the end. */
static void ipv6(void)
{
	CU_ASSERT(same("2001:DB8::1", "2001:db8::1"));
	CU_ASSERT(same("2001:db8:0:0::0001", "2001:db8::1"));
	CU_ASSERT(same("::ffff:192.0.2.1", "::FFFF:c000:201"));
	CU_ASSERT(same("address 2001:DB8::1/64 eui-64", "address 2001:db8:0::1/64 eui-64"));
	CU_ASSERT(same("neighbor 2001:DB8::1 remote-as 1 via [2001:DB8::2]:179",
		       "neighbor 2001:db8::1 remote-as 1 via [2001:db8::2]:179"));
	CU_ASSERT_FALSE(same("2001:db8::1", "2001:db8::2"));
	CU_ASSERT_FALSE(same("2001:DB8::1/64", "2001:db8::1/65"));
	CU_ASSERT_FALSE(same("2001:DB8::1 x", "2001:db8::1"));
	CU_ASSERT_FALSE(same("2001:DB8::1", ""));
}

/* IEEE 802 groups of two digits; vendors' groups of four. */
static void mac(void)
{
	CU_ASSERT(same("00AA.bbCC.dd01", "00:aa:bb:cc:dd:01"));
	CU_ASSERT(same("static 00-AA-BB-CC-DD-01 vlan 7", "static 00aa.bbcc.dd01 vlan 7"));
	CU_ASSERT_FALSE(same("00aa.bbcc.dd01", "00aa.bbcc.dd02"));
	CU_ASSERT_FALSE(same("00aa-bbcc-dd01", "00aa.bbcc.dd01"));
	CU_ASSERT_FALSE(same("00:aa:bb-cc:dd:01", "00:aa:bb:cc:dd:01"));
}

/* What only looks like an address counts as it is written. */
static void other_words(void)
{
	CU_ASSERT_FALSE(same("Ethernet1:A:B", "Ethernet1:a:b"));
	CU_ASSERT_FALSE(same("AB:CD:EF", "ab:cd:ef"));
	CU_ASSERT_FALSE(same("49.0001.1921.6800.100A.00", "49.0001.1921.6800.100a.00"));
	CU_ASSERT_FALSE(same("x2001:DB8::1", "x2001:db8::1"));
	CU_ASSERT_FALSE(same("FE80::1%Ethernet1", "fe80::1%ethernet1"));
	CU_ASSERT_FALSE(same("00:AA:BB:CC:DD:01:02", "00:aa:bb:cc:dd:01:02"));
}

/* Texts without an address hash as bytes do; pieces put together again are the text. */
static void pieces(void)
{
	const char *text = "a 2001:DB8::1/64, 00AA.BBCC.DD01;b";
	struct smd_span left = smd_span_of(text), piece;
	char address[SMD_SPELLING_ADDRESS], joined[100] = "";

	while ((piece = smd_spelling_piece(&left, address)).length)
		strncat(joined, piece.at, piece.length);
	CU_ASSERT_STRING_EQUAL(joined, "a 2001:db8::1/64, 00aa.bbcc.dd01;b");
	CU_ASSERT_EQUAL(smd_spelling_hash(smd_span_of("vlan 10")), smd_hash("vlan 10", 7));
	CU_ASSERT_EQUAL(smd_spelling_hash(smd_span_of("")), smd_hash("", 0));
}

TEST_MAIN("spelling", TEST(ipv6), TEST(mac), TEST(other_words), TEST(pieces));
