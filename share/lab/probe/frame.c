/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ETHERNET = 14, ETHERNET_LEAST = 60, TAG = 4, ARP = 28, IPV4 = 20, ICMP = 8 };

static uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static int is_tag(uint16_t type)
{
	return type == SMD_TYPE_CTAG || type == SMD_TYPE_STAG;
}

int smd_frame_parse(struct smd_frame *frame, const uint8_t *bytes, size_t size,
		    const struct smd_tag *stripped)
{
	size_t at = 2 * SMD_MAC;

	if (size < ETHERNET)
		return -1;
	memcpy(frame->to, bytes, SMD_MAC);
	memcpy(frame->from, bytes + SMD_MAC, SMD_MAC);
	frame->tags.count = 0;
	if (stripped)
		frame->tags.tag[frame->tags.count++] = *stripped;
	while (is_tag(get16(bytes + at))) {
		if (frame->tags.count == SMD_TAGS || size - at < TAG + 2)
			return -1;
		frame->tags.tag[frame->tags.count++] = (struct smd_tag){
			.type = get16(bytes + at),
			.vlan = get16(bytes + at + 2) & 0xfff,
		};
		at += TAG;
	}
	frame->type = get16(bytes + at);
	frame->body = bytes + at + 2;
	frame->size = size - at - 2;
	return 0;
}

size_t smd_frame_build(const struct smd_frame *frame, uint8_t *out, size_t room)
{
	size_t head = ETHERNET + TAG * frame->tags.count, at = 2 * SMD_MAC;
	size_t size = head + frame->size;

	if (frame->tags.count > SMD_TAGS || frame->size > SMD_FRAME_ROOM)
		return 0;
	if (size < ETHERNET_LEAST)
		size = ETHERNET_LEAST;
	if (size > room)
		return 0;
	memset(out, 0, size);
	memcpy(out, frame->to, SMD_MAC);
	memcpy(out + SMD_MAC, frame->from, SMD_MAC);
	for (size_t i = 0; i < frame->tags.count; i++, at += TAG) {
		put16(out + at, frame->tags.tag[i].type);
		put16(out + at + 2, frame->tags.tag[i].vlan & 0xfff);
	}
	put16(out + at, frame->type);
	if (frame->size)
		memcpy(out + head, frame->body, frame->size);
	return size;
}

void smd_tags_print(const struct smd_tags *tags, char out[SMD_TAGS_TEXT])
{
	size_t used = 0;

	snprintf(out, SMD_TAGS_TEXT, "none");
	for (size_t i = 0; i < tags->count && i < SMD_TAGS; i++)
		used += (size_t)snprintf(out + used, SMD_TAGS_TEXT - used, "%s%s%u", i ? "," : "",
					 tags->tag[i].type == SMD_TYPE_STAG ? "s" : "",
					 tags->tag[i].vlan & 0xfffu);
}

int smd_tags_read(struct smd_tags *tags, const char *text)
{
	tags->count = 0;
	if (strcmp(text, "none") == 0)
		return 0;
	for (;;) {
		struct smd_tag *tag = &tags->tag[tags->count];
		unsigned long vlan;
		char *end;

		if (tags->count == SMD_TAGS)
			return -1;
		tag->type = *text == 's' ? SMD_TYPE_STAG : SMD_TYPE_CTAG;
		text += *text == 's';
		if (*text < '0' || *text > '9')
			return -1;
		vlan = strtoul(text, &end, 10);
		if (vlan > 4095 || (*end && *end != ','))
			return -1;
		tag->vlan = (uint16_t)vlan;
		tags->count++;
		if (!*end)
			return 0;
		text = end + 1;
	}
}

/* Hardware and protocol are those of IPv4 over Ethernet: 1, 0x0800, 6 and 4 bytes. */
static const uint8_t arp_head[] = {0, 1, 8, 0, 6, 4};

int smd_arp_parse(struct smd_arp *arp, const uint8_t *body, size_t size)
{
	uint16_t operation;

	if (size < ARP || memcmp(body, arp_head, sizeof(arp_head)) != 0)
		return -1;
	operation = get16(body + 6);
	if (operation != 1 && operation != 2)
		return -1;
	arp->reply = operation == 2;
	memcpy(arp->sender_mac, body + 8, SMD_MAC);
	memcpy(&arp->sender, body + 14, sizeof(arp->sender));
	memcpy(arp->target_mac, body + 18, SMD_MAC);
	memcpy(&arp->target, body + 24, sizeof(arp->target));
	return 0;
}

size_t smd_arp_build(const struct smd_arp *arp, uint8_t *out, size_t room)
{
	if (room < ARP)
		return 0;
	memcpy(out, arp_head, sizeof(arp_head));
	put16(out + 6, arp->reply ? 2 : 1);
	memcpy(out + 8, arp->sender_mac, SMD_MAC);
	memcpy(out + 14, &arp->sender, sizeof(arp->sender));
	memcpy(out + 18, arp->target_mac, SMD_MAC);
	memcpy(out + 24, &arp->target, sizeof(arp->target));
	return ARP;
}

/* RFC 1071; over bytes with a right checksum in them it is 0. */
static uint16_t checksum(const uint8_t *bytes, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i + 1 < size; i += 2) {
		sum += get16(bytes + i);
		sum = (sum & 0xffff) + (sum >> 16);
	}
	if (size & 1)
		sum += (uint32_t)bytes[size - 1] << 8;
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* The ICMP message in an IPv4 packet; its length, or 0. */
static size_t find_icmp(const uint8_t *body, size_t size, const uint8_t **icmp)
{
	size_t head, total;

	if (size < IPV4 || body[0] >> 4 != 4)
		return 0;
	head = (body[0] & 15u) * 4u;
	total = get16(body + 2);
	if (head < IPV4 || total > size || total < head + ICMP)
		return 0;
	/* More fragments follow, or this is not the first. */
	if (get16(body + 6) & 0x3fff)
		return 0;
	if (body[9] != IPPROTO_ICMP || checksum(body, head) != 0)
		return 0;
	*icmp = body + head;
	return total - head;
}

int smd_echo_parse(struct smd_echo *echo, const uint8_t *body, size_t size)
{
	const uint8_t *icmp = NULL;
	size_t length = find_icmp(body, size, &icmp);

	if (!length || checksum(icmp, length) != 0)
		return -1;
	if ((icmp[0] != 8 && icmp[0] != 0) || icmp[1] != 0)
		return -1;
	echo->reply = icmp[0] == 0;
	memcpy(&echo->from, body + 12, sizeof(echo->from));
	memcpy(&echo->to, body + 16, sizeof(echo->to));
	echo->id = get16(icmp + 4);
	echo->sequence = get16(icmp + 6);
	echo->data = icmp + ICMP;
	echo->size = length - ICMP;
	return 0;
}

size_t smd_echo_build(const struct smd_echo *echo, uint8_t *out, size_t room)
{
	uint8_t *icmp = out + IPV4;
	size_t size;

	if (echo->size > SMD_FRAME_ROOM || room < IPV4 + ICMP + echo->size)
		return 0;
	size = IPV4 + ICMP + echo->size;
	memset(out, 0, IPV4 + ICMP);
	out[0] = 4 << 4 | IPV4 / 4;
	put16(out + 2, (uint16_t)size);
	out[8] = 64; /* time to live, RFC 1700 */
	out[9] = IPPROTO_ICMP;
	memcpy(out + 12, &echo->from, sizeof(echo->from));
	memcpy(out + 16, &echo->to, sizeof(echo->to));
	put16(out + 10, checksum(out, IPV4));
	icmp[0] = echo->reply ? 0 : 8;
	put16(icmp + 4, echo->id);
	put16(icmp + 6, echo->sequence);
	if (echo->size)
		memcpy(icmp + ICMP, echo->data, echo->size);
	put16(icmp + 2, checksum(icmp, ICMP + echo->size));
	return size;
}

int smd_word_copy(char out[SMD_WORD], const char *text, size_t length)
{
	if (!length || length >= SMD_WORD)
		return -1;
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') &&
		    c != '.' && c != '_' && c != '-')
			return -1;
	}
	memcpy(out, text, length);
	out[length] = '\0';
	return 0;
}

/* Magic and version, two lengths, then the words. */
static const uint8_t mark_head[] = {'S', 'M', 'D', 'P', 1};
enum { MARK = sizeof(mark_head) + 2 };

int smd_mark_parse(struct smd_mark *mark, const uint8_t *body, size_t size)
{
	const char *words = (const char *)body + MARK;
	size_t run, label;

	if (size < MARK || memcmp(body, mark_head, sizeof(mark_head)) != 0)
		return -1;
	run = body[MARK - 2];
	label = body[MARK - 1];
	if (run + label > size - MARK)
		return -1;
	if (smd_word_copy(mark->run, words, run) != 0)
		return -1;
	return smd_word_copy(mark->label, words + run, label);
}

size_t smd_mark_build(const struct smd_mark *mark, uint8_t *out, size_t room)
{
	size_t run = strnlen(mark->run, SMD_WORD), label = strnlen(mark->label, SMD_WORD);

	if (room < MARK + run + label)
		return 0;
	memcpy(out, mark_head, sizeof(mark_head));
	out[MARK - 2] = (uint8_t)run;
	out[MARK - 1] = (uint8_t)label;
	memcpy(out + MARK, mark->run, run);
	memcpy(out + MARK + run, mark->label, label);
	return MARK + run + label;
}
