/* SPDX-License-Identifier: Apache-2.0 */
/* What the probe does with frames, whatever it is waiting for. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include "probe.h"

/* A drain takes no more, so that a flood cannot hold the probe. */
enum { DRAIN_MOST = 1 << 16 };

static const uint8_t everybody[SMD_MAC] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

uint64_t smd_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static int send_frame(struct smd_probe *probe, const struct smd_frame *frame)
{
	uint8_t bytes[SMD_FRAME_ROOM];
	size_t size = smd_frame_build(frame, bytes, sizeof(bytes));

	return size ? smd_link_send(&probe->link, bytes, size) : -EMSGSIZE;
}

/* Begin the answer to a frame: back to where it came from, in the same tags. */
static struct smd_frame answer_to(const struct smd_probe *probe, const struct smd_frame *frame,
				  const uint8_t *body, size_t size)
{
	struct smd_frame answer = *frame;

	memcpy(answer.to, frame->from, SMD_MAC);
	memcpy(answer.from, probe->link.mac, SMD_MAC);
	answer.body = body;
	answer.size = size;
	return answer;
}

/* The VLAN of a frame with one customer tag; SMD_UNTAGGED without tags; -2: anything else. */
static int vlan_of(const struct smd_frame *frame)
{
	if (frame->tags.count == 0)
		return SMD_UNTAGGED;
	if (frame->tags.count > 1 || frame->tags.tag[0].type != SMD_TYPE_CTAG)
		return -2;
	return frame->tags.tag[0].vlan;
}

static int serves(const struct smd_probe *probe, int vlan, struct in_addr address)
{
	for (size_t i = 0; i < probe->served_count; i++)
		if (probe->served[i].vlan == vlan &&
		    probe->served[i].address.s_addr == address.s_addr)
			return 1;
	return 0;
}

static void take_arp_request(struct smd_probe *probe, const struct smd_frame *frame,
			     const struct smd_arp *request)
{
	struct smd_arp reply = {.reply = 1, .sender = request->target, .target = request->sender};
	uint8_t body[64];
	struct smd_frame answer;

	memcpy(reply.sender_mac, probe->link.mac, SMD_MAC);
	memcpy(reply.target_mac, request->sender_mac, SMD_MAC);
	answer = answer_to(probe, frame, body, smd_arp_build(&reply, body, sizeof(body)));
	/* One that cannot be sent is as good as lost: who asked will ask again. */
	(void)send_frame(probe, &answer);
}

static void take_arp(struct smd_probe *probe, const struct smd_frame *frame)
{
	struct smd_ping *ping = probe->ping;
	struct smd_arp arp;
	int vlan = vlan_of(frame);

	if (smd_arp_parse(&arp, frame->body, frame->size) != 0)
		return;
	if (!arp.reply) {
		if (serves(probe, vlan, arp.target))
			take_arp_request(probe, frame, &arp);
		return;
	}
	if (ping && !ping->resolved && ping->vlan == vlan && arp.sender.s_addr == ping->to.s_addr &&
	    memcmp(arp.target_mac, probe->link.mac, SMD_MAC) == 0) {
		memcpy(ping->mac, arp.sender_mac, SMD_MAC);
		ping->resolved = 1;
	}
}

static void take_echo(struct smd_probe *probe, const struct smd_frame *frame)
{
	struct smd_ping *ping = probe->ping;
	uint8_t body[SMD_FRAME_ROOM];
	struct smd_echo echo;
	int vlan = vlan_of(frame);

	if (memcmp(frame->to, probe->link.mac, SMD_MAC) != 0 ||
	    smd_echo_parse(&echo, frame->body, frame->size) != 0)
		return;
	if (!echo.reply && serves(probe, vlan, echo.to)) {
		struct smd_echo reply = echo;
		struct smd_frame answer;

		reply.reply = 1;
		reply.from = echo.to;
		reply.to = echo.from;
		answer = answer_to(probe, frame, body, smd_echo_build(&reply, body, sizeof(body)));
		(void)send_frame(probe, &answer);
	} else if (echo.reply && ping && ping->vlan == vlan &&
		   echo.from.s_addr == ping->to.s_addr && echo.to.s_addr == ping->from.s_addr &&
		   echo.id == ping->id && echo.sequence == ping->sequence) {
		ping->answered = 1;
	}
}

static void take(struct smd_probe *probe)
{
	const struct smd_capture *capture = &probe->capture;
	struct smd_frame frame;

	if (smd_frame_parse(&frame, capture->bytes, capture->size,
			    capture->tagged ? &capture->tag : NULL) != 0)
		return;
	switch (frame.type) {
	case SMD_TYPE_MARK:
		smd_heard_take(&probe->heard, &frame);
		break;
	case SMD_TYPE_ARP:
		take_arp(probe, &frame);
		break;
	case SMD_TYPE_IPV4:
		take_echo(probe, &frame);
		break;
	default:
		break;
	}
}

int smd_probe_drain(struct smd_probe *probe)
{
	if (probe->link.fd < 0)
		return 0;
	for (int i = 0; i < DRAIN_MOST; i++) {
		int got = smd_link_receive(&probe->link, &probe->capture);

		if (got == 0)
			return 0;
		if (got < 0)
			probe->heard.lost++;
		else
			take(probe);
	}
	return 1;
}

int smd_probe_run(struct smd_probe *probe, uint64_t deadline, int (*done)(const void *arg),
		  const void *arg)
{
	for (;;) {
		struct pollfd wait = {.fd = probe->link.fd, .events = POLLIN};
		uint64_t now;

		smd_probe_drain(probe);
		if (done(arg))
			return 1;
		now = smd_now_us();
		if (now >= deadline)
			return 0;
		/* Rounded up, so as not to spin through the last millisecond. */
		if (poll(&wait, 1, (int)((deadline - now + 999) / 1000)) < 0 && errno != EINTR)
			return 0;
	}
}

int smd_probe_mark(struct smd_probe *probe, const struct smd_mark *mark,
		   const struct smd_tags *tags)
{
	uint8_t body[4 * SMD_WORD];
	struct smd_frame frame = {.tags = *tags, .type = SMD_TYPE_MARK, .body = body};

	frame.size = smd_mark_build(mark, body, sizeof(body));
	memcpy(frame.to, everybody, SMD_MAC);
	memcpy(frame.from, probe->link.mac, SMD_MAC);
	return send_frame(probe, &frame);
}

int smd_probe_address(const struct smd_probe *probe, int vlan, struct in_addr *address)
{
	for (size_t i = 0; i < probe->served_count; i++)
		if (probe->served[i].vlan == vlan) {
			*address = probe->served[i].address;
			return 0;
		}
	return smd_link_address(&probe->link, address);
}

static struct smd_frame begin_frame(const struct smd_probe *probe, const struct smd_ping *ping)
{
	struct smd_frame frame = {0};

	memcpy(frame.from, probe->link.mac, SMD_MAC);
	if (ping->vlan != SMD_UNTAGGED) {
		frame.tags.count = 1;
		frame.tags.tag[0].type = SMD_TYPE_CTAG;
		frame.tags.tag[0].vlan = (uint16_t)ping->vlan;
	}
	return frame;
}

int smd_ping_ask_mac(struct smd_probe *probe, const struct smd_ping *ping)
{
	struct smd_frame frame = begin_frame(probe, ping);
	struct smd_arp arp = {.sender = ping->from, .target = ping->to};
	uint8_t body[64];

	memcpy(arp.sender_mac, probe->link.mac, SMD_MAC);
	memcpy(frame.to, everybody, SMD_MAC);
	frame.type = SMD_TYPE_ARP;
	frame.body = body;
	frame.size = smd_arp_build(&arp, body, sizeof(body));
	return send_frame(probe, &frame);
}

int smd_ping_ask_echo(struct smd_probe *probe, const struct smd_ping *ping)
{
	static const uint8_t data[] = "smart deploy probe";
	struct smd_frame frame = begin_frame(probe, ping);
	const struct smd_echo echo = {.from = ping->from,
				      .to = ping->to,
				      .id = ping->id,
				      .sequence = ping->sequence,
				      .data = data,
				      .size = sizeof(data)};
	uint8_t body[128];

	memcpy(frame.to, ping->mac, SMD_MAC);
	frame.type = SMD_TYPE_IPV4;
	frame.body = body;
	frame.size = smd_echo_build(&echo, body, sizeof(body));
	return send_frame(probe, &frame);
}
