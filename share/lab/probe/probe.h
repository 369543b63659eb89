/* SPDX-License-Identifier: Apache-2.0 */
/* The probe: one interface, what it answers for, what it hears, whom it asks. */
#ifndef SMD_PROBE_PROBE_H
#define SMD_PROBE_PROBE_H

#include "heard.h"
#include "link.h"

#define SMD_SERVED_MOST 4094
#define SMD_UNTAGGED (-1)

/* An address that the probe answers for, in a VLAN, with tags. */
struct smd_served {
	int vlan;
	struct in_addr address;
};

/* A ping under way. It asks for the MAC first, then for an echo. */
struct smd_ping {
	int vlan; /* or SMD_UNTAGGED */
	struct in_addr from, to;
	uint8_t mac[SMD_MAC];
	uint16_t id, sequence;
	int resolved; /* mac is known */
	int answered; /* the echo of `sequence` has come back */
};

struct smd_probe {
	struct smd_link link;
	struct smd_heard heard;
	struct smd_served served[SMD_SERVED_MOST];
	size_t served_count;
	struct smd_ping *ping; /* the one under way, or NULL */
	struct smd_capture capture;
};

/* Microseconds of the monotonic clock. */
uint64_t smd_now_us(void);

/*
 * Take all frames that have come, without waiting, and do what each asks for.
 * 0, or 1: they come faster than they are taken, and it gave up.
 */
int smd_probe_drain(struct smd_probe *probe);
/*
 * Take frames as they come until `done(arg)`, or until the deadline (us of the
 * monotonic clock). Returns the last done(arg). Waits in poll(2) alone.
 */
int smd_probe_run(struct smd_probe *probe, uint64_t deadline, int (*done)(const void *arg),
		  const void *arg);
/* Broadcast a probe frame. 0 or a negative errno. */
int smd_probe_mark(struct smd_probe *probe, const struct smd_mark *mark,
		   const struct smd_tags *tags);
/* The address that the probe has in a VLAN: served, else the interface's own. 0 or -1. */
int smd_probe_address(const struct smd_probe *probe, int vlan, struct in_addr *address);

/* Send what a ping asks with. 0 or a negative errno. */
int smd_ping_ask_mac(struct smd_probe *probe, const struct smd_ping *ping);
int smd_ping_ask_echo(struct smd_probe *probe, const struct smd_ping *ping);

/* How a ping is to be done; `timeout` in milliseconds, for each answer. */
struct smd_ping_request {
	struct in_addr to;
	int vlan;
	unsigned count;
	unsigned timeout;
};

/*
 * Ping and print a line for each answer, then the sum. 0, or a negative errno
 * when it could not ask; no answer is no error.
 */
int smd_probe_ping(struct smd_probe *probe, const struct smd_ping_request *request);

/*
 * Carry out one command line, which is taken apart; prints its output and
 * errors. 1: the program is to end.
 */
int smd_probe_command(struct smd_probe *probe, char *line);

#endif
