/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "probe.h"

enum { ARP_TRIES = 3 };

static int is_resolved(const void *ping)
{
	return ((const struct smd_ping *)ping)->resolved;
}

static int is_answered(const void *ping)
{
	return ((const struct smd_ping *)ping)->answered;
}

/* 1: the MAC is known, 0: nobody answered, or a negative errno. */
static int resolve(struct smd_probe *probe, struct smd_ping *ping, unsigned timeout)
{
	for (int i = 0; i < ARP_TRIES; i++) {
		int err = smd_ping_ask_mac(probe, ping);

		if (err)
			return err;
		if (smd_probe_run(probe, smd_now_us() + timeout * 1000ull, is_resolved, ping))
			return 1;
	}
	return 0;
}

/* One echo. 1: answered, 0: not, or a negative errno. */
static int echo(struct smd_probe *probe, struct smd_ping *ping, unsigned timeout, const char *name)
{
	uint64_t begin = smd_now_us();
	int err;

	ping->sequence++;
	ping->answered = 0;
	err = smd_ping_ask_echo(probe, ping);
	if (err)
		return err;
	if (!smd_probe_run(probe, begin + timeout * 1000ull, is_answered, ping)) {
		printf("no reply from %s\n", name);
		return 0;
	}
	printf("reply from %s time %llu us\n", name, (unsigned long long)(smd_now_us() - begin));
	return 1;
}

static int echoes(struct smd_probe *probe, struct smd_ping *ping,
		  const struct smd_ping_request *request, const char *name)
{
	unsigned sent = 0, received = 0;
	int got = 0;

	while (sent < request->count && got >= 0) {
		got = echo(probe, ping, request->timeout, name);
		sent += got >= 0;
		received += got > 0;
	}
	printf("%u sent, %u received\n", sent, received);
	return got < 0 ? got : 0;
}

int smd_probe_ping(struct smd_probe *probe, const struct smd_ping_request *request)
{
	struct smd_ping ping = {.vlan = request->vlan, .to = request->to, .id = (uint16_t)getpid()};
	char name[INET_ADDRSTRLEN] = "?";
	int got;

	inet_ntop(AF_INET, &request->to, name, sizeof(name));
	if (smd_probe_address(probe, request->vlan, &ping.from) != 0)
		return -EADDRNOTAVAIL;
	probe->ping = &ping;
	got = resolve(probe, &ping, request->timeout);
	if (got > 0)
		got = echoes(probe, &ping, request, name);
	else if (got == 0)
		printf("no arp reply from %s\n0 sent, 0 received\n", name);
	probe->ping = NULL;
	return got;
}
