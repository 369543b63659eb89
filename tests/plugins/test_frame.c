/* SPDX-License-Identifier: Apache-2.0 */
/* smd-probe's frames compared with frames that a Linux kernel sent, recorded by tcpdump. */
#include <arpa/inet.h>
#include <stdio.h>

#include "gen.h"
#include "share/lab/probe/frame.h"
#include "test.h"

static const uint8_t arp_request[] = {
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06,
	0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
	0xc0, 0x00, 0x02, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0x00, 0x02, 0x02};
static const uint8_t arp_reply[] = {
	0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x08, 0x06,
	0x00, 0x01, 0x08, 0x00, 0x06, 0x04, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x02,
	0xc0, 0x00, 0x02, 0x02, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0xc0, 0x00, 0x02, 0x01};
static const uint8_t echo_request[] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x02, 0x02, 0x00, 0x00, 0x00,
				       0x00, 0x01, 0x08, 0x00, 0x45, 0x00, 0x00, 0x21, 0x47, 0x93,
				       0x40, 0x00, 0x40, 0x01, 0x6f, 0x45, 0xc0, 0x00, 0x02, 0x01,
				       0xc0, 0x00, 0x02, 0x02, 0x08, 0x00, 0xe5, 0xd2, 0x0c, 0x28,
				       0x00, 0x01, 0x00, 0x01, 0x02, 0x03, 0x04};
static const uint8_t echo_reply[] = {0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00,
				     0x00, 0x02, 0x08, 0x00, 0x45, 0x00, 0x00, 0x21, 0xce, 0x6a,
				     0x00, 0x00, 0x40, 0x01, 0x28, 0x6e, 0xc0, 0x00, 0x02, 0x02,
				     0xc0, 0x00, 0x02, 0x01, 0x00, 0x00, 0xed, 0xd2, 0x0c, 0x28,
				     0x00, 0x01, 0x00, 0x01, 0x02, 0x03, 0x04};
enum { HEAD = 14, IPV4 = 20, ARP = 28 };

static void arp_as_the_kernel_says_it(void)
{
	struct smd_frame frame;
	struct smd_arp arp;
	uint8_t out[64];

	CU_ASSERT_EQUAL_FATAL(smd_frame_parse(&frame, arp_request, sizeof(arp_request), NULL), 0);
	CU_ASSERT_EQUAL(frame.type, SMD_TYPE_ARP);
	CU_ASSERT_EQUAL(frame.tags.count, 0);
	CU_ASSERT_EQUAL_FATAL(smd_arp_parse(&arp, frame.body, frame.size), 0);
	CU_ASSERT_EQUAL(arp.reply, 0);
	CU_ASSERT_EQUAL(arp.sender.s_addr, inet_addr("192.0.2.1"));
	CU_ASSERT_EQUAL(arp.target.s_addr, inet_addr("192.0.2.2"));
	CU_ASSERT_EQUAL(smd_arp_build(&arp, out, sizeof(out)), ARP);
	CU_ASSERT_EQUAL(memcmp(out, arp_request + HEAD, ARP), 0);

	CU_ASSERT_EQUAL_FATAL(smd_arp_parse(&arp, arp_reply + HEAD, ARP), 0);
	CU_ASSERT_EQUAL(arp.reply, 1);
	CU_ASSERT_EQUAL(memcmp(arp.sender_mac, arp_reply + 6, SMD_MAC), 0);
	CU_ASSERT_EQUAL(smd_arp_build(&arp, out, sizeof(out)), ARP);
	CU_ASSERT_EQUAL(memcmp(out, arp_reply + HEAD, ARP), 0);
	CU_ASSERT_EQUAL(smd_arp_build(&arp, out, ARP - 1), 0);
	CU_ASSERT_EQUAL(smd_arp_parse(&arp, arp_reply + HEAD, ARP - 1), -1);
}

static void echo_as_the_kernel_says_it(void)
{
	const size_t size = sizeof(echo_request) - HEAD;
	struct smd_echo echo, other;
	uint8_t out[64];

	CU_ASSERT_EQUAL_FATAL(smd_echo_parse(&echo, echo_request + HEAD, size), 0);
	CU_ASSERT_EQUAL(echo.reply, 0);
	CU_ASSERT_EQUAL(echo.id, 3112);
	CU_ASSERT_EQUAL(echo.sequence, 1);
	CU_ASSERT_EQUAL(echo.size, 5);
	CU_ASSERT_EQUAL(echo.from.s_addr, inet_addr("192.0.2.1"));
	/* Our reply has the same message as the kernel's, whose IP header has another id. */
	other = echo;
	other.reply = 1;
	other.from = echo.to;
	other.to = echo.from;
	CU_ASSERT_EQUAL(smd_echo_build(&other, out, sizeof(out)), size);
	CU_ASSERT_EQUAL(memcmp(out + IPV4, echo_reply + HEAD + IPV4, size - IPV4), 0);
	CU_ASSERT_EQUAL(smd_echo_parse(&other, out, size), 0);
	CU_ASSERT_EQUAL(smd_echo_build(&other, out, size - 1), 0);
}

/* Every byte of the packet is covered by a checksum. */
static void damaged_echoes_are_refused(void)
{
	const size_t size = sizeof(echo_request) - HEAD;
	struct smd_echo echo;
	uint8_t bytes[64];

	for (size_t i = 0; i < size; i++) {
		memcpy(bytes, echo_request + HEAD, size);
		bytes[i] ^= 0x10;
		CU_ASSERT_EQUAL(smd_echo_parse(&echo, bytes, size), -1);
	}
	for (size_t cut = 0; cut < size; cut++)
		CU_ASSERT_EQUAL(smd_echo_parse(&echo, echo_request + HEAD, cut), -1);
	/* Padding after the packet is ignored. */
	memcpy(bytes, echo_request + HEAD, size);
	memset(bytes + size, 0xee, sizeof(bytes) - size);
	CU_ASSERT_EQUAL(smd_echo_parse(&echo, bytes, sizeof(bytes)), 0);
	CU_ASSERT_EQUAL(echo.size, 5);
}

static void tags_in_the_bytes_and_beside_them(void)
{
	/*
	 * IEEE 802.1Q tags: priority 5, VLAN 100; VLAN 4095; then EtherType "local
	 * experimental".
	 */
	static const uint8_t bytes[] = {1,    1,    1,    1,    1,    1,    2,    2,
					2,    2,    2,    2,    0x88, 0xa8, 0xa0, 0x64,
					0x81, 0x00, 0x0f, 0xff, 0x88, 0xb5, 0x2a};
	const struct smd_tag stripped = {SMD_TYPE_CTAG, 7};
	struct smd_frame frame;
	char text[SMD_TAGS_TEXT];
	uint8_t out[64];

	CU_ASSERT_EQUAL_FATAL(smd_frame_parse(&frame, bytes, sizeof(bytes), NULL), 0);
	smd_tags_print(&frame.tags, text);
	CU_ASSERT_STRING_EQUAL(text, "s100,4095");
	CU_ASSERT_EQUAL(frame.type, SMD_TYPE_MARK);
	CU_ASSERT_EQUAL(frame.size, 1);
	CU_ASSERT_EQUAL(frame.body[0], 0x2a);
	CU_ASSERT_EQUAL_FATAL(smd_frame_parse(&frame, bytes, sizeof(bytes), &stripped), 0);
	smd_tags_print(&frame.tags, text);
	CU_ASSERT_STRING_EQUAL(text, "7,s100,4095");
	CU_ASSERT_EQUAL(smd_frame_build(&frame, out, sizeof(out)), 60);
	CU_ASSERT_EQUAL(memcmp(out + 12, "\x81\x00\x00\x07\x88\xa8\x00\x64\x81\x00\x0f\xff", 12),
			0);
	CU_ASSERT_EQUAL(smd_frame_build(&frame, out, 59), 0);
}

static void too_many_tags_are_refused(void)
{
	uint8_t bytes[14 + 5 * 4] = {0};
	struct smd_frame frame;

	for (size_t at = 12; at + 4 < sizeof(bytes); at += 4)
		bytes[at] = 0x81;
	CU_ASSERT_EQUAL(smd_frame_parse(&frame, bytes, sizeof(bytes), NULL), -1);
	bytes[12 + 4 * 4] = 0x08;
	CU_ASSERT_EQUAL(smd_frame_parse(&frame, bytes, sizeof(bytes), NULL), 0);
	CU_ASSERT_EQUAL(frame.tags.count, 4);
}

static void tags_as_text(void)
{
	static const char *const good[] = {"none", "0", "4095", "100,100", "s1,2,s3,4"};
	static const char *const bad[] = {"",    "4096",   "-1",  "1,",  ",1",
					  "1 2", "x",      "s",   "ss1", "1,2,3,4,5",
					  "+1",  "none,1", "0x1", "1s",  "99999999999999999999"};
	struct smd_tags tags;
	char text[SMD_TAGS_TEXT];

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT_EQUAL_FATAL(smd_tags_read(&tags, good[i]), 0);
		smd_tags_print(&tags, text);
		CU_ASSERT_STRING_EQUAL(text, good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_EQUAL(smd_tags_read(&tags, bad[i]), -1);
}

static void marks(void)
{
	struct smd_mark mark = {"run-1", "in.3"}, read;
	uint8_t out[128];
	size_t size = smd_mark_build(&mark, out, sizeof(out));

	CU_ASSERT_EQUAL_FATAL(smd_mark_parse(&read, out, size), 0);
	CU_ASSERT_STRING_EQUAL(read.run, "run-1");
	CU_ASSERT_STRING_EQUAL(read.label, "in.3");
	for (size_t cut = 0; cut < size; cut++)
		CU_ASSERT_EQUAL(smd_mark_parse(&read, out, cut), -1);
	CU_ASSERT_EQUAL(smd_mark_build(&mark, out, size - 1), 0);
	out[size - 1] = '\n';
	CU_ASSERT_EQUAL(smd_mark_parse(&read, out, size), -1);
}

/* With any input, nothing is read beyond its end, which sanitizers check. */
static void garbage_does_no_harm(void)
{
	static const struct {
		const uint8_t *bytes;
		size_t size;
	} seeds[] = {{arp_request, sizeof(arp_request)},
		     {arp_reply, sizeof(arp_reply)},
		     {echo_request, sizeof(echo_request)}};
	struct gen gen;

	gen_init(&gen);
	for (unsigned turn = 0, turns = gen_rounds(100000); turn < turns; turn++) {
		size_t from = gen_below(&gen, 3);
		size_t size = gen_below(&gen, (uint32_t)seeds[from].size + 1);
		uint8_t *bytes = malloc(size ? size : 1);
		struct smd_frame frame;
		struct smd_arp arp;
		struct smd_echo echo;
		struct smd_mark mark;

		CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
		memcpy(bytes, seeds[from].bytes, size);
		for (int i = 0; size && i < 3; i++)
			bytes[gen_below(&gen, (uint32_t)size)] = (uint8_t)gen_below(&gen, 256);
		if (smd_frame_parse(&frame, bytes, size, NULL) == 0) {
			CU_ASSERT(frame.body + frame.size == bytes + size);
			(void)smd_arp_parse(&arp, frame.body, frame.size);
			(void)smd_mark_parse(&mark, frame.body, frame.size);
			if (smd_echo_parse(&echo, frame.body, frame.size) == 0)
				CU_ASSERT(echo.data + echo.size <= bytes + size);
		}
		free(bytes);
	}
}

TEST_MAIN("frame", TEST(arp_as_the_kernel_says_it), TEST(echo_as_the_kernel_says_it),
	  TEST(damaged_echoes_are_refused), TEST(tags_in_the_bytes_and_beside_them),
	  TEST(too_many_tags_are_refused), TEST(tags_as_text), TEST(marks),
	  TEST(garbage_does_no_harm));
