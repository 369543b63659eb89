/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One interface, as raw frames: packet(7). Needs CAP_NET_RAW and nothing else.
 */
#ifndef SMD_PROBE_LINK_H
#define SMD_PROBE_LINK_H

#include <net/if.h>

#include "frame.h"

#define SMD_WHY 160

/* `fd` is -1 while closed; it is readable when a frame has come. */
struct smd_link {
	int fd;
	char name[IF_NAMESIZE];
	uint8_t mac[SMD_MAC];
};

/* One frame and the outermost tag, if the kernel took it out of the bytes. */
struct smd_capture {
	uint8_t bytes[SMD_FRAME_ROOM];
	size_t size;
	struct smd_tag tag;
	int tagged;
};

/* Open the interface. 0, or -1 with the reason in `why`; the link is then closed. */
int smd_link_open(struct smd_link *link, const char *name, char why[SMD_WHY]);
void smd_link_close(struct smd_link *link); /* closed is fine */
/* The first IPv4 address of the interface, as it is now. 0, or -1: it has none. */
int smd_link_address(const struct smd_link *link, struct in_addr *address);
/* Send one frame. 0 or a negative errno. Waits at most a second for room. */
int smd_link_send(const struct smd_link *link, const uint8_t *bytes, size_t size);
/*
 * Take the next frame that somebody else sent. 1, 0: there is none now, or a
 * negative errno: the link failed meanwhile, and frames may have been missed.
 */
int smd_link_receive(const struct smd_link *link, struct smd_capture *capture);
/* Frames that the kernel dropped for lack of room since the last call. */
unsigned smd_link_dropped(const struct smd_link *link);

#endif
