/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smd-generate SHAPE LINES SEED RUNNING INTENDED: writes two configurations of about so
 * many lines as IOS has them. The same seed gives the same files on every machine.
 *
 *   network  what a router and switch has; 0.7% of the lines differ: values, entries
 *            that are new, entries that are gone
 *   access   what a switch of access ports has, which EOS takes, too; 0.7% differ
 *   renamed  interfaces that all have another number in the second text
 *   wide     siblings in one section, 0.7% of which differ
 *   list     one ordered list, the second time in reverse
 *   deep     each line within the one before; the innermost differs
 *   long     one line of so many bytes, the last of which differs
 *   DRIVER/DIMENSION  one thing so many times (repeat.c); `smd-generate` alone lists these
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/kit/prng.h"
#include "tests/bench/repeat.h"

#define CHANGED 7 /* of a thousand lines */
#define LINE_SIZE 256

#define VLANS 4000
#define ACL_ENTRIES 200
#define LIST_ENTRIES 100
#define MAP_ENTRIES 20
#define VRF_NEIGHBORS 200
#define ROUTES 1000

struct pair {
	FILE *running, *intended;
	struct smd_prng prng;
	unsigned long lines, most;
};

/* Lines */

static unsigned draw(struct pair *pair, unsigned bound)
{
	return smd_prng_below(&pair->prng, bound);
}

static void put(struct pair *pair, const char *running, const char *intended)
{
	if (running)
		fprintf(pair->running, "%s\n", running);
	if (intended)
		fprintf(pair->intended, "%s\n", intended);
	pair->lines++;
}

static int is_changed(struct pair *pair)
{
	return draw(pair, 1000) < CHANGED;
}

__attribute__((format(printf, 2, 3))) static void same(struct pair *pair, const char *format, ...)
{
	char line[LINE_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	put(pair, line, line);
}

/* A line that differs at times: the number in the format is another. */
#define VALUE(pair, value, format, ...)                                                            \
	do {                                                                                       \
		char before_[LINE_SIZE], after_[LINE_SIZE];                                        \
		unsigned value_ = (value);                                                         \
                                                                                                   \
		snprintf(before_, LINE_SIZE, format, __VA_ARGS__ value_);                          \
		snprintf(after_, LINE_SIZE, format, __VA_ARGS__ value_ + is_changed(pair));        \
		put(pair, before_, after_);                                                        \
	} while (0)

/* A line that at times is only in one of both. */
__attribute__((format(printf, 2, 3))) static void entry(struct pair *pair, const char *format, ...)
{
	char line[LINE_SIZE];
	int gone = is_changed(pair), fresh = gone && draw(pair, 2);
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	put(pair, fresh ? NULL : line, gone && !fresh ? NULL : line);
}

/* Sections; `index` tells them apart */

static void add_vlan(struct pair *pair, unsigned index)
{
	same(pair, "vlan %u", 2 + index % VLANS);
	VALUE(pair, draw(pair, 900), " name customer-%u-%u", index, );
	same(pair, "!");
}

static void add_port(struct pair *pair, unsigned index)
{
	unsigned first = 2 + draw(pair, 3000);

	same(pair, "interface GigabitEthernet%u/%u/%u", index / 1152, index / 48 % 24, index % 48);
	VALUE(pair, draw(pair, 90000), " description to rack %u, cable %u", index % 400, );
	if (index % 3) {
		VALUE(pair, first + 40, " switchport trunk allowed vlan %u-%u,%u", first,
		      first + 20, );
		same(pair, " switchport mode trunk");
	} else {
		same(pair, " no switchport");
		VALUE(pair, index % 250, " ip address 10.%u.%u.%u 255.255.255.0",
		      index / 62500 % 250, index / 250 % 250, );
		entry(pair, " ip access-group EDGE-%u in", index % 97);
	}
	VALUE(pair, 1500 + draw(pair, 7000), " mtu %u", );
	entry(pair, " storm-control broadcast level %u.00", 1 + draw(pair, 90));
	entry(pair, " spanning-tree portfast");
	same(pair, "!");
}

static void add_acl(struct pair *pair, unsigned index)
{
	same(pair, "ip access-list extended EDGE-%u", index);
	for (unsigned i = 1; i <= ACL_ENTRIES; i++)
		entry(pair, " %u permit tcp 10.%u.%u.0 0.0.0.255 host 192.0.2.%u eq %u", 10 * i,
		      draw(pair, 250), draw(pair, 250), 1 + draw(pair, 250), 1 + draw(pair, 60000));
	same(pair, "!");
}

static void add_prefix_list(struct pair *pair, unsigned index)
{
	for (unsigned i = 1; i <= LIST_ENTRIES; i++)
		entry(pair, "ip prefix-list CUSTOMER-%u seq %u permit 10.%u.%u.0/24 le %u", index,
		      5 * i, draw(pair, 250), draw(pair, 250), 25 + draw(pair, 7));
	same(pair, "!");
}

static void add_route_map(struct pair *pair, unsigned index)
{
	for (unsigned i = 1; i <= MAP_ENTRIES; i++) {
		same(pair, "route-map CUSTOMER-%u permit %u", index, 10 * i);
		entry(pair, " match ip address prefix-list CUSTOMER-%u", index);
		VALUE(pair, draw(pair, 4000), " set local-preference %u", );
		same(pair, "!");
	}
}

static void add_routes(struct pair *pair, unsigned index)
{
	for (unsigned i = 0; i < ROUTES; i++)
		entry(pair, "ip route vrf V%u 10.%u.%u.0 255.255.255.0 192.0.2.%u", index, i / 250,
		      i % 250, 1 + draw(pair, 250));
	same(pair, "!");
}

static void add_neighbors(struct pair *pair, unsigned index)
{
	same(pair, " address-family ipv4 vrf V%u", index);
	for (unsigned i = 0; i < VRF_NEIGHBORS; i++) {
		char peer[32];

		snprintf(peer, sizeof(peer), "172.%u.%u.%u", 16 + index / 250 % 16, index % 250, i);
		same(pair, "  neighbor %s remote-as %u", peer, 64512 + draw(pair, 1000));
		VALUE(pair, draw(pair, 90000), "  neighbor %s description site %u", peer, );
		same(pair, "  neighbor %s activate", peer);
		entry(pair, "  neighbor %s send-community both", peer);
		same(pair, "  neighbor %s route-map CUSTOMER-%u in", peer, index);
	}
	same(pair, " exit-address-family");
	same(pair, " !");
}

/* Up to a share, in percent, of all lines. */
static void fill(struct pair *pair, unsigned share, unsigned most,
		 void (*add)(struct pair *pair, unsigned index))
{
	unsigned long end = pair->lines + pair->most / 100 * share;

	for (unsigned index = 0; pair->lines < end && index < most; index++)
		add(pair, index);
}

static void add_network(struct pair *pair)
{
	same(pair, "version 15.2");
	same(pair, "hostname core1");
	same(pair, "!");
	fill(pair, 2, VLANS, add_vlan);
	fill(pair, 42, -1u, add_port);
	same(pair, "router bgp 65000");
	same(pair, " bgp log-neighbor-changes");
	same(pair, " !");
	fill(pair, 10, -1u, add_neighbors);
	same(pair, "!");
	fill(pair, 5, -1u, add_routes);
	fill(pair, 24, -1u, add_acl);
	fill(pair, 12, -1u, add_prefix_list);
	fill(pair, 5, -1u, add_route_map);
	same(pair, "end");
}

/* Lines that IOS and EOS have in common */

static void add_access(struct pair *pair)
{
	for (unsigned index = 0; pair->lines < pair->most; index++) {
		same(pair, "interface Ethernet%u/%u", index / 48, index % 48);
		VALUE(pair, draw(pair, 90000), " description host on cable %u", );
		VALUE(pair, 2 + draw(pair, 4000), " switchport access vlan %u", );
		same(pair, " switchport mode access");
		VALUE(pair, 1500 + draw(pair, 7000), " mtu %u", );
		entry(pair, " spanning-tree portfast");
		same(pair, "!");
	}
}

/* Each interface has another number: what it was goes, and what it is comes. */
static void add_renamed(struct pair *pair)
{
	for (unsigned index = 0; pair->lines < pair->most; index++) {
		char lines[2][LINE_SIZE];

		snprintf(lines[0], LINE_SIZE, "interface Loopback%u", index);
		snprintf(lines[1], LINE_SIZE, "interface Loopback%u", index + 50000);
		put(pair, lines[0], lines[1]);
		same(pair, " description customer %u", index);
		same(pair, " vrf forwarding V%u", index % 50);
		same(pair, " ip address 10.%u.%u.%u 255.255.255.255", index / 62500,
		     index / 250 % 250, index % 250);
		same(pair, " ip access-group EDGE-%u in", index % 100);
		same(pair, "!");
	}
}

/* Worst cases */

static void add_wide(struct pair *pair)
{
	same(pair, "router ospf 1");
	while (pair->lines < pair->most)
		entry(pair, " network 10.%lu.%lu.%lu 0.0.0.0 area 0", pair->lines / 65536,
		      pair->lines / 256 % 256, pair->lines % 256);
}

static void add_list(struct pair *pair)
{
	same(pair, "ip access-list extended LONG");
	for (unsigned long i = 0; i < pair->most; i++) {
		unsigned long last = pair->most - 1 - i;
		char lines[2][LINE_SIZE];

		snprintf(lines[0], LINE_SIZE, " permit tcp any host 10.0.%lu.%lu", i / 256,
			 i % 256);
		snprintf(lines[1], LINE_SIZE, " permit tcp any host 10.0.%lu.%lu", last / 256,
			 last % 256);
		put(pair, lines[0], lines[1]);
	}
}

static void add_deep(struct pair *pair)
{
	for (unsigned long i = 0; i < pair->most; i++) {
		fprintf(pair->running, "%*slevel %lu\n", (int)i, "", i);
		fprintf(pair->intended, "%*slevel %lu\n", (int)i, "", i + (i + 1 == pair->most));
	}
}

static void add_long(struct pair *pair)
{
	fputs("snmp-server location ", pair->running);
	fputs("snmp-server location ", pair->intended);
	for (unsigned long i = 0; i < pair->most; i++) {
		fputc('x', pair->running);
		fputc(i + 1 == pair->most ? 'y' : 'x', pair->intended);
	}
	put(pair, "", "");
}

static const struct shape {
	const char *name;
	void (*add)(struct pair *pair);
} shapes[] = {{"network", add_network}, {"access", add_access}, {"renamed", add_renamed},
	      {"wide", add_wide},       {"list", add_list},     {"deep", add_deep},
	      {"long", add_long}};

static const struct shape *find_shape(const char *name)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if (!strcmp(shapes[i].name, name))
			return &shapes[i];
	return NULL;
}

static int close_file(FILE *file, const char *path)
{
	if (file && !ferror(file) && !fclose(file))
		return 0;
	perror(path);
	return 1;
}

int main(int argc, char **argv)
{
	const struct shape *shape = argc == 6 ? find_shape(argv[1]) : NULL;
	const struct smd_repeat *repeat = argc == 6 ? smd_repeat_find(argv[1]) : NULL;
	struct pair pair = {.running = NULL};

	if (!shape && !repeat) {
		fprintf(stderr, "usage: smd-generate SHAPE LINES SEED RUNNING INTENDED\n");
		smd_repeat_list(stdout);
		return 1;
	}
	pair.most = strtoul(argv[2], NULL, 10);
	pair.prng.state = strtoull(argv[3], NULL, 10);
	pair.running = fopen(argv[4], "we");
	pair.intended = fopen(argv[5], "we");
	if (pair.running && pair.intended && shape)
		shape->add(&pair);
	else if (pair.running && pair.intended)
		smd_repeat_write(repeat, pair.most, pair.running, pair.intended);
	return close_file(pair.running, argv[4]) | close_file(pair.intended, argv[5]);
}
