/* SPDX-License-Identifier: Apache-2.0 */
#include "link.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

/*
 * What the probe looks at, so that a busy interface does not fill its buffer:
 * ARP, probe frames, tagged frames whose outer tag still stands in the bytes,
 * and ICMP. A tag that the kernel took out is not in the bytes that a filter
 * sees.
 */
static const struct sock_filter interesting[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SMD_TYPE_ARP, 6, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SMD_TYPE_MARK, 5, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SMD_TYPE_CTAG, 4, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SMD_TYPE_STAG, 3, 0),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SMD_TYPE_IPV4, 0, 3),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_ICMP, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 0x40000),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

/* As much as an unprivileged process gets; what does not fit is counted as lost. */
enum { RECEIVE_BUFFER = 8 << 20 };

static int set_options(int fd)
{
	const struct sock_fprog filter = {
		.len = sizeof(interesting) / sizeof(interesting[0]),
		.filter = (struct sock_filter *)(uintptr_t)interesting,
	};
	const struct timeval patience = {.tv_sec = 1};
	const int on = 1, room = RECEIVE_BUFFER;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof(filter)) != 0 ||
	    setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)) != 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) != 0)
		return -1;
	return 0;
}

static int refuse(struct smd_link *link, char why[SMD_WHY], const char *what)
{
	snprintf(why, SMD_WHY, "interface \"%s\": %s", link->name, what);
	smd_link_close(link);
	return -1;
}

static int look_up(struct smd_link *link, int *index, char why[SMD_WHY])
{
	struct ifreq request = {0};

	memcpy(request.ifr_name, link->name, sizeof(link->name));
	if (ioctl(link->fd, SIOCGIFINDEX, &request) != 0)
		return refuse(link, why, "there is none of this name");
	*index = request.ifr_ifindex;
	if (ioctl(link->fd, SIOCGIFFLAGS, &request) != 0)
		return refuse(link, why, strerror(errno));
	if (!(request.ifr_flags & IFF_UP))
		return refuse(link, why, "it is down (ip link set it up)");
	if (ioctl(link->fd, SIOCGIFHWADDR, &request) != 0)
		return refuse(link, why, strerror(errno));
	if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
		return refuse(link, why, "it is no Ethernet");
	memcpy(link->mac, request.ifr_hwaddr.sa_data, SMD_MAC);
	return 0;
}

int smd_link_open(struct smd_link *link, const char *name, char why[SMD_WHY])
{
	struct sockaddr_ll where = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
	size_t length = strlen(name);

	link->fd = -1;
	if (!length || length >= sizeof(link->name)) {
		snprintf(why, SMD_WHY, "an interface's name has 1 to %zu characters",
			 sizeof(link->name) - 1);
		return -1;
	}
	memset(link->name, 0, sizeof(link->name));
	memcpy(link->name, name, length);
	/* Protocol 0 takes nothing in, until the filter stands and bind names the protocol. */
	link->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (link->fd < 0)
		return refuse(link, why,
			      errno == EPERM ? "no right to see raw frames: give smd-probe "
					       "CAP_NET_RAW (setcap cap_net_raw+ep)"
					     : strerror(errno));
	if (look_up(link, &where.sll_ifindex, why) != 0)
		return -1;
	if (set_options(link->fd) != 0 ||
	    bind(link->fd, (struct sockaddr *)&where, sizeof(where)) != 0)
		return refuse(link, why, strerror(errno));
	return 0;
}

void smd_link_close(struct smd_link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	link->fd = -1;
}

int smd_link_address(const struct smd_link *link, struct in_addr *address)
{
	struct ifreq request = {0};
	struct sockaddr_in inet;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), failed;

	if (fd < 0)
		return -1;
	memcpy(request.ifr_name, link->name, sizeof(link->name));
	failed = ioctl(fd, SIOCGIFADDR, &request);
	close(fd);
	if (failed)
		return -1;
	memcpy(&inet, &request.ifr_addr, sizeof(inet));
	*address = inet.sin_addr;
	return 0;
}

int smd_link_send(const struct smd_link *link, const uint8_t *bytes, size_t size)
{
	ssize_t sent;

	do
		sent = send(link->fd, bytes, size, 0);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -errno;
	return (size_t)sent == size ? 0 : -EMSGSIZE;
}

/* packet(7), PACKET_AUXDATA. */
static void take_tag(struct msghdr *message, struct smd_capture *capture)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *part;

	capture->tagged = 0;
	for (part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
		if (part->cmsg_level != SOL_PACKET || part->cmsg_type != PACKET_AUXDATA ||
		    part->cmsg_len < CMSG_LEN(sizeof(aux)))
			continue;
		memcpy(&aux, CMSG_DATA(part), sizeof(aux));
		if (!(aux.tp_status & TP_STATUS_VLAN_VALID))
			continue;
		capture->tagged = 1;
		capture->tag.vlan = aux.tp_vlan_tci & 0xfff;
		capture->tag.type = aux.tp_status & TP_STATUS_VLAN_TPID_VALID ? aux.tp_vlan_tpid
									      : SMD_TYPE_CTAG;
	}
}

int smd_link_receive(const struct smd_link *link, struct smd_capture *capture)
{
	union {
		char bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
		struct cmsghdr align;
	} control;
	struct sockaddr_ll from = {0};
	struct iovec part = {capture->bytes, sizeof(capture->bytes)};

	for (;;) {
		struct msghdr message = {.msg_name = &from,
					 .msg_namelen = sizeof(from),
					 .msg_iov = &part,
					 .msg_iovlen = 1,
					 .msg_control = &control,
					 .msg_controllen = sizeof(control)};
		ssize_t size = recvmsg(link->fd, &message, MSG_DONTWAIT);

		if (size < 0 && errno == EINTR)
			continue;
		if (size < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? 0 : -errno;
		/* Copies of what this host sends are no news; too long a frame is none of ours. */
		if (from.sll_pkttype == PACKET_OUTGOING || message.msg_flags & MSG_TRUNC)
			continue;
		capture->size = (size_t)size;
		take_tag(&message, capture);
		return 1;
	}
}

unsigned smd_link_dropped(const struct smd_link *link)
{
	struct tpacket_stats stats = {0};
	socklen_t size = sizeof(stats);

	if (getsockopt(link->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &size) != 0)
		return 0;
	return stats.tp_drops;
}
