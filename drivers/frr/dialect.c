/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of FRRouting 8.4 prints, as rules. What is not
 * here is kept as its own text, and removed by `no` and the whole line.
 */
#include "frr.h"

#define GUIDE "FRRouting User Guide 8.4, "
#define ROUTER "router ..."
#define ROUTE_MAP "route-map * * *"

#define SECTION(within, line, negate, source)                                                      \
	{                                                                                          \
		within, line, SMD_RULE_SECTION, negate, source                                     \
	}
#define VALUE(within, line, negate, source)                                                        \
	{                                                                                          \
		within, line, SMD_RULE_VALUE, negate, source                                       \
	}
#define MEMBER(within, line, source)                                                               \
	{                                                                                          \
		within, line, SMD_RULE_MEMBER, NULL, source                                        \
	}

static const struct smd_rule rules[] = {
	VALUE(NULL, "frr defaults *", NULL, GUIDE "Basic Setup, Basic Config Commands"),
	VALUE(NULL, "log timestamp precision *", NULL, GUIDE "Basic Setup, Basic Config Commands"),
	VALUE(NULL, "log facility *", NULL, GUIDE "Basic Setup, Basic Config Commands"),
	SECTION(NULL, "line vty", "", GUIDE "Basic Setup, Terminal Mode Commands"),

	/* An interface that exists cannot be removed, and is printed only if there is something in
	 * it; so is a VRF. Seen on 8.4.4: "only inactive interfaces can be deleted". */
	SECTION(NULL, "interface *", "", GUIDE "Zebra, Interface Commands"),
	SECTION(NULL, "interface * vrf *", "", GUIDE "Zebra, Interface Commands"),
	VALUE("interface ...", "description ...", "no description",
	      GUIDE "Zebra, Standard Commands"),
	VALUE("interface ...", "bandwidth *", NULL, GUIDE "Zebra, Standard Commands"),
	MEMBER("interface ...", "ip address ...", GUIDE "Zebra, Standard Commands"),
	MEMBER("interface ...", "ipv6 address ...", GUIDE "Zebra, Standard Commands"),
	SECTION(NULL, "vrf *", "", GUIDE "Zebra, Virtual Routing and Forwarding"),

	MEMBER(NULL, "ip route ...", GUIDE "STATIC, Static Route Commands"),
	MEMBER(NULL, "ipv6 route ...", GUIDE "STATIC, Static Route Commands"),
	MEMBER("vrf *", "ip route ...", GUIDE "STATIC, VRF static routes"),
	MEMBER("vrf *", "ipv6 route ...", GUIDE "STATIC, VRF static routes"),

	MEMBER(NULL, "access-list ...", GUIDE "Filtering, IP Access List"),
	MEMBER(NULL, "ip prefix-list ...", GUIDE "Filtering, IP Prefix List"),
	MEMBER(NULL, "ipv6 prefix-list ...", GUIDE "Filtering, IP Prefix List"),
	SECTION(NULL, ROUTE_MAP, NULL, GUIDE "Route Maps, Route Map Command"),
	VALUE(ROUTE_MAP, "description ...", "no description", GUIDE "Route Maps"),
	VALUE(ROUTE_MAP, "set metric *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set local-preference *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set weight *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set tag *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set origin *", NULL, GUIDE "Route Maps, Route Map Set Command"),

	/* Without its AS a neighbor is gone with all that is said of it. */
	SECTION(NULL, ROUTER, NULL, GUIDE "BGP; OSPFv2; OSPFv3; ISIS; RIP; EIGRP; OpenFabric"),
	VALUE(ROUTER, "neighbor * remote-as *", "no neighbor $1", GUIDE "BGP, Defining Peers"),
	VALUE(ROUTER, "neighbor * description ...", "no neighbor $1 description",
	      GUIDE "BGP, BGP Peer commands"),
	VALUE(ROUTER, "bgp router-id *", NULL, GUIDE "BGP, BGP Router Configuration"),
	VALUE(ROUTER, "ospf router-id *", NULL, GUIDE "OSPFv2, OSPF Routers"),
	SECTION(ROUTER, "address-family ...", "", GUIDE "BGP, Address Families"),
	SECTION("address-family ...", "vni *", NULL, GUIDE "Ethernet Virtual Network - EVPN"),

	SECTION(NULL, "bfd", NULL, GUIDE "BFD, BFDd Commands"),
	SECTION("bfd", "peer ...", NULL, GUIDE "BFD, Peer Configurations"),
	SECTION("bfd", "profile *", NULL, GUIDE "BFD, Peer Configurations"),
	SECTION(NULL, "key chain *", NULL, GUIDE "RIP, RIP Authentication"),
	SECTION("key chain *", "key *", NULL, GUIDE "RIP, RIP Authentication"),
	SECTION(NULL, "nexthop-group *", NULL, GUIDE "PBR, Nexthop Groups"),
	SECTION(NULL, "pbr-map * seq *", NULL, GUIDE "PBR, PBR Maps"),
	SECTION(NULL, "rpki", NULL, GUIDE "BGP, Enabling RPKI"),
	SECTION(NULL, "mpls ldp", NULL, GUIDE "LDP, LDP Configuration"),
	SECTION(NULL, "l2vpn * type *", NULL, GUIDE "LDP, LDP Configuration"),
	SECTION(NULL, "segment-routing", NULL, GUIDE "PATH, Configuration"),
};

/* Each daemon ends its sections in its own way. */
static const char *const closers[] = {"!",        "exit",        "exit-address-family",
				      "exit-vrf", "exit-vni",    "exit-vrf-policy",
				      "exit-vnc", "exit-ldp-if", "end",
				      NULL};

/* Entered in vtysh, a name is that session's own and no daemon's; seen on 8.4.4. */
#define NAMES "(hostname|domainname) .*"

static const char *const noise[] = {"Building configuration\\.\\.\\.",
				    "Current configuration:",
				    "!.*",
				    "frr version .*",
				    NAMES,
				    NULL};

const struct smd_dialect smd_frr_dialect = {
	.size = sizeof(struct smd_dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.squeeze = 1,
};
