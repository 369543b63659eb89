/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames as bytes: Ethernet with tags, ARP, ICMP echo, and the probe's own.
 *
 * All functions are pure. Those that parse take bytes that nobody has checked,
 * never read beyond `size`, and return 0 or -1: not such a frame, or a damaged
 * one. What they give points into the bytes. Those that build return the
 * length written, or 0 where `room` is too small.
 */
#ifndef SMD_PROBE_FRAME_H
#define SMD_PROBE_FRAME_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define SMD_MAC 6
#define SMD_TAGS 4       /* most tags of a frame that is looked at */
#define SMD_TAGS_TEXT 32 /* `s4095,4095,4095,4095` and a NUL */
#define SMD_WORD 48      /* a run or a label, with its NUL */
#define SMD_FRAME_ROOM 10240

#define SMD_TYPE_IPV4 0x0800
#define SMD_TYPE_ARP 0x0806
#define SMD_TYPE_CTAG 0x8100 /* IEEE 802.1Q, customer tag */
#define SMD_TYPE_STAG 0x88a8 /* IEEE 802.1Q (802.1ad), service tag */
#define SMD_TYPE_MARK 0x88b5 /* IEEE 802, local experimental Ethertype 1 */

struct smd_tag {
	uint16_t type; /* SMD_TYPE_CTAG or SMD_TYPE_STAG */
	uint16_t vlan; /* 0 to 4095; priority and drop eligibility are not kept */
};

/* Outermost first. */
struct smd_tags {
	struct smd_tag tag[SMD_TAGS];
	size_t count;
};

struct smd_frame {
	uint8_t to[SMD_MAC], from[SMD_MAC];
	struct smd_tags tags;
	uint16_t type; /* behind the tags */
	const uint8_t *body;
	size_t size;
};

/* `stripped` is the outermost tag where the kernel has taken it out of the bytes, or NULL. */
int smd_frame_parse(struct smd_frame *frame, const uint8_t *bytes, size_t size,
		    const struct smd_tag *stripped);
/* Without a frame check sequence; padded to 60 bytes, the least that Ethernet carries. */
size_t smd_frame_build(const struct smd_frame *frame, uint8_t *out, size_t room);

/* `none`, or the VLANs outermost first: `100`, `4095,100`; a service tag is `s100`. */
void smd_tags_print(const struct smd_tags *tags, char out[SMD_TAGS_TEXT]);
/* Read what smd_tags_print writes. */
int smd_tags_read(struct smd_tags *tags, const char *text);

/* RFC 826, for IPv4 over Ethernet. */
struct smd_arp {
	int reply;
	uint8_t sender_mac[SMD_MAC], target_mac[SMD_MAC];
	struct in_addr sender, target;
};

int smd_arp_parse(struct smd_arp *arp, const uint8_t *body, size_t size);
size_t smd_arp_build(const struct smd_arp *arp, uint8_t *out, size_t room);

/* An echo or echo reply of RFC 792 in an IPv4 packet of RFC 791, not fragmented. */
struct smd_echo {
	int reply;
	struct in_addr from, to;
	uint16_t id, sequence;
	const uint8_t *data;
	size_t size;
};

int smd_echo_parse(struct smd_echo *echo, const uint8_t *body, size_t size);
size_t smd_echo_build(const struct smd_echo *echo, uint8_t *out, size_t room);

/* What a probe frame says: it belongs to a run, and was sent under a label. */
struct smd_mark {
	char run[SMD_WORD];
	char label[SMD_WORD];
};

/* Words are `[A-Za-z0-9._-]`, 1 to 47 characters; all else is no mark. */
int smd_mark_parse(struct smd_mark *mark, const uint8_t *body, size_t size);
size_t smd_mark_build(const struct smd_mark *mark, uint8_t *out, size_t room);
/* Copy a word of `length` bytes if it is one. */
int smd_word_copy(char out[SMD_WORD], const char *text, size_t length);

#endif
