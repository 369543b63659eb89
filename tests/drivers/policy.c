/* SPDX-License-Identifier: Apache-2.0 */
#include "policy.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Writes the lines of a policy, taking its picks in order. */
struct writer {
	const struct policy *policy;
	struct smd_text *text;
	size_t at;
};

void policy_make(struct policy *policy, struct gen *gen)
{
	for (size_t i = 0; i < POLICY_PICKS; i++)
		policy->picks[i] = (uint8_t)gen_below(gen, 256);
}

void policy_change(struct policy *policy, struct gen *gen, unsigned count)
{
	while (count--)
		policy->picks[gen_below(gen, POLICY_PICKS)] = (uint8_t)gen_below(gen, 256);
}

static unsigned pick(struct writer *writer, unsigned ways)
{
	return writer->policy->picks[writer->at++ % POLICY_PICKS] % ways;
}

/* Write `begin` with one of the endings, or nothing for the first one, which is NULL. */
static unsigned choose(struct writer *writer, const char *begin, const char *const *ends,
		       unsigned count)
{
	unsigned way = pick(writer, count);

	if (way)
		smd_text_linef(writer->text, "%s%s", begin, ends[way]);
	return way;
}

#define CHOOSE(writer, begin, ...)                                                                 \
	choose(writer, begin, (const char *const[]){NULL, __VA_ARGS__},                            \
	       1 + sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Write some entries of a list, none twice; returns their number. */
static unsigned put_list(struct writer *writer, const char *list, const char *const *contents,
			 unsigned count)
{
	unsigned seen = 0, entries = 0;

	for (unsigned seq = 5; seq <= 20; seq += 5) {
		unsigned way = pick(writer, count + 2);

		if (way >= count || seen & 1u << way)
			continue;
		seen |= 1u << way;
		entries++;
		smd_text_linef(writer->text, "%s seq %u %s", list, seq, contents[way]);
	}
	return entries;
}

static void put_lists(struct writer *writer)
{
	static const char *const prefixes[] = {"permit 10.0.0.0/8", "permit 10.1.0.0/16 le 24",
					       "deny 10.0.0.0/8", "permit any"};
	static const char *const paths[] = {"permit ^65001_", "deny _65002$", "permit .*"};
	static const char *const communities[] = {"permit 65000:1", "permit 65000:2 65000:3",
						  "deny no-export"};
	static const char *const access[] = {"permit 10.0.0.0/8", "deny 10.2.0.0/16 exact-match",
					     "permit any"};
	char name[64];

	for (unsigned i = 1; i <= 3; i++) {
		snprintf(name, sizeof(name), "ip prefix-list P%u", i);
		if (put_list(writer, name, prefixes, 4))
			CHOOSE(writer, strcat(name, " description "), "some", "other words");
	}
	for (unsigned i = 1; i <= 2; i++) {
		snprintf(name, sizeof(name), "bgp as-path access-list A%u", i);
		put_list(writer, name, paths, 3);
		snprintf(name, sizeof(name), "bgp community-list standard C%u", i);
		put_list(writer, name, communities, 3);
		snprintf(name, sizeof(name), "access-list X%u", i);
		put_list(writer, name, access, 3);
	}
}

static void put_clause(struct writer *writer, const char *name, unsigned seq)
{
	unsigned way = pick(writer, 5);

	if (!way)
		return;
	smd_text_linef(writer->text, "route-map %s %s %u", name, way == 1 ? "deny" : "permit", seq);
	CHOOSE(writer, " description ", "to the left", "to the right");
	CHOOSE(writer, " match ip address prefix-list ", "P1", "P2", "P3");
	CHOOSE(writer, " match ip address ", "X1", "X2");
	CHOOSE(writer, " match as-path ", "A1", "A2");
	CHOOSE(writer, " match community ", "C1", "C2", "C1 exact-match");
	CHOOSE(writer, " match metric ", "5", "6");
	CHOOSE(writer, " set metric ", "5", "6");
	CHOOSE(writer, " set local-preference ", "150", "250");
	CHOOSE(writer, " set as-path prepend ", "65001", "65001 65001", "last-as 3");
	CHOOSE(writer, " set community ", "65000:1", "65000:2 65000:3 additive", "none");
	CHOOSE(writer, " set comm-list ", "C1 delete", "C2 delete");
	CHOOSE(writer, " set table ", "10", "20");
	if (way != 1) /* only a permit entry can have "on-match" */
		CHOOSE(writer, " on-match ", "next", "goto 30", "goto 40");
	if (*name == 'R')
		CHOOSE(writer, " call ", "S1", "S2");
	smd_text_line(writer->text, "exit");
}

static void put_peer(struct writer *writer, const char *peer)
{
	char line[80];

	snprintf(line, sizeof(line), " neighbor %s ", peer);
	if (!CHOOSE(writer, strcat(line, "remote-as "), "65101", "65102", "65103"))
		return;
#define PEER(words, ...)                                                                           \
	(snprintf(line, sizeof(line), " neighbor %s " words, peer),                                \
	 CHOOSE(writer, line, __VA_ARGS__))
	PEER("description ", "one of them", "another");
	PEER("shutdown ", "message for now", "message for ever");
	PEER("ebgp-multihop ", "3", "4");
	PEER("password ", "secret", "other");
	PEER("timers connect ", "5", "6");
	PEER("timers ", "5 15", "6 18");
	PEER("local-as ", "65009", "65009 no-prepend");
}

#define PEERS(words, ...)                                                                          \
	(snprintf(line, sizeof(line), "  neighbor %s " words, peer),                               \
	 CHOOSE(writer, line, __VA_ARGS__))

static void put_peer_family(struct writer *writer, const char *peer)
{
	char line[80];

	PEERS("prefix-list ", "P1 in", "P2 in", "P3 in");
	PEERS("distribute-list ", "X1 out", "X2 out");
	PEERS("route-map ", "R1 in", "R2 in");
	PEERS("filter-list ", "A1 in", "A2 in");
	PEERS("weight ", "50", "60");
	PEERS("maximum-prefix ", "100", "200 80", "100 restart 5");
	PEERS("next-hop-self", "");
	PEERS("remove-private-AS", "", " all");
	PEERS("default-originate", "", " route-map R1");
	PEERS("allowas-in ", "2", "4");
	snprintf(line, sizeof(line), "  no neighbor %s ", peer);
	CHOOSE(writer, line, "send-community", "activate");
}

/* Has a line with this beginning been written since line `first`? */
static int has(const struct smd_text *text, size_t first, const char *begin)
{
	const char *line;

	for (size_t i = first; (line = smd_text_get(text, i, NULL)); i++)
		if (!strncmp(line, begin, strlen(begin)))
			return 1;
	return 0;
}

static void put_bgp(struct writer *writer)
{
	size_t first = smd_text_count(writer->text);
	int group = (int)pick(writer, 3);

	if (!pick(writer, 12))
		return;
	smd_text_line(writer->text, "router bgp 65000");
	CHOOSE(writer, " bgp router-id ", "192.0.2.1", "192.0.2.2");
	CHOOSE(writer, " bgp default local-preference ", "200", "300");
	CHOOSE(writer, " timers bgp ", "5 15", "10 30");
	if (group) {
		smd_text_line(writer->text, " neighbor G peer-group");
		smd_text_linef(writer->text, " neighbor G remote-as %d", 65110 + group);
		if (CHOOSE(writer, " neighbor 192.0.2.9 peer-group ", "G"))
			CHOOSE(writer, " neighbor 192.0.2.9 description ", "a", "b");
	}
	put_peer(writer, "192.0.2.10");
	put_peer(writer, "192.0.2.11");
	smd_text_line(writer->text, " address-family ipv4 unicast");
	CHOOSE(writer, "  network 10.1.0.0/16", "", " route-map R1", " route-map R2");
	CHOOSE(writer, "  aggregate-address 10.0.0.0/8", "", " summary-only", " as-set");
	CHOOSE(writer, "  redistribute static", "", " metric 5", " route-map R1",
	       " metric 6 route-map R2");
	CHOOSE(writer, "  maximum-paths ", "2", "4");
	if (group)
		CHOOSE(writer, "  neighbor G prefix-list ", "P1 in", "P2 in");
	if (has(writer->text, first, " neighbor 192.0.2.10 remote-as"))
		put_peer_family(writer, "192.0.2.10");
	if (has(writer->text, first, " neighbor 192.0.2.11 remote-as"))
		put_peer_family(writer, "192.0.2.11");
	smd_text_line(writer->text, " exit-address-family");
	smd_text_line(writer->text, "exit");
}

static void put_ospf(struct writer *writer)
{
	if (!pick(writer, 3))
		return;
	smd_text_line(writer->text, "router ospf");
	CHOOSE(writer, " ospf router-id ", "192.0.2.1", "192.0.2.2");
	CHOOSE(writer, " network 10.3.0.0/16 area ", "1", "2");
	CHOOSE(writer, " redistribute static", "", " metric 5", " metric 5 route-map R1");
	CHOOSE(writer, " auto-cost reference-bandwidth ", "1000", "2000");
	CHOOSE(writer, " default-metric ", "5", "6");
	CHOOSE(writer, " area 7 stub", "", " no-summary");
	CHOOSE(writer, " log-adjacency-changes", "", " detail");
	CHOOSE(writer, " timers throttle spf ", "1 50 5000", "2 60 6000");
	CHOOSE(writer, " maximum-paths ", "2", "4");
	smd_text_line(writer->text, "exit");
}

/* Next hops with the same distance must have the same tag. */
static void put_routes(struct writer *writer)
{
	static const char *const tags[] = {"", " tag 7", " tag 8"}, *const distances[] = {"", " 20",
											  " 30"};

	for (unsigned i = 1; i <= 4; i++) {
		const char *tag = tags[pick(writer, 3)];

		for (unsigned k = 1; k <= 2; k++) {
			unsigned way = pick(writer, 4);

			if (way)
				smd_text_linef(writer->text,
					       "ip route 10.20.%u.0/24 192.0.2.%u%s%s", i, k, tag,
					       distances[way - 1]);
		}
	}
	CHOOSE(writer, "ip route 10.21.0.0/16 ", "Null0", "blackhole", "reject", "Null0 200",
	       "blackhole tag 5 100", "192.0.2.1");
	CHOOSE(writer, "ipv6 route 2001:db8:1::/48 2001:db8::1", "", " 20", " tag 9");
}

void policy_print(const struct policy *policy, struct smd_text *text)
{
	struct writer writer = {policy, text, 0};

	put_lists(&writer);
	for (unsigned seq = 10; seq <= 20; seq += 10) {
		put_clause(&writer, "R1", seq);
		put_clause(&writer, "R2", seq);
		put_clause(&writer, "S1", seq);
	}
	put_routes(&writer);
	put_ospf(&writer);
	put_bgp(&writer);
}
