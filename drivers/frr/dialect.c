/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of FRRouting 8.4 prints, as rules. What is not
 * here is kept as its own text, and removed by `no` and the whole line.
 */
#include "frr.h"

#define GUIDE "FRRouting User Guide 8.4, "
#define ROUTER "router ..."
#define INTERFACE "interface *;interface * vrf *"
#define ROUTE_MAP "route-map * * *"

#define SECTION(within, line, flags, source)                                                       \
	{                                                                                          \
		within, line, SMD_RULE_SECTION, NULL, source, flags                                \
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
	SECTION(NULL, "line vty", SMD_RULE_STAYS, GUIDE "Basic Setup, Terminal Mode Commands"),

	/* An interface that exists cannot be removed, and is printed only if there is something in
	 * it; so is a VRF. Seen on 8.4.4: "only inactive interfaces can be deleted". */
	SECTION(NULL, "interface *", SMD_RULE_STAYS, GUIDE "Zebra, Interface Commands"),
	SECTION(NULL, "interface * vrf *", SMD_RULE_STAYS, GUIDE "Zebra, Interface Commands"),
	VALUE(INTERFACE, "description ...", "no description", GUIDE "Zebra, Standard Commands"),
	VALUE(INTERFACE, "bandwidth *", NULL, GUIDE "Zebra, Standard Commands"),
	MEMBER(INTERFACE, "ip address ...", GUIDE "Zebra, Standard Commands"),
	MEMBER(INTERFACE, "ipv6 address ...", GUIDE "Zebra, Standard Commands"),
	SECTION(NULL, "vrf *", SMD_RULE_STAYS, GUIDE "Zebra, Virtual Routing and Forwarding"),

	MEMBER(NULL, "ip route ...", GUIDE "STATIC, Static Route Commands"),
	MEMBER(NULL, "ipv6 route ...", GUIDE "STATIC, Static Route Commands"),
	MEMBER("vrf *", "ip route ...", GUIDE "STATIC, VRF static routes"),
	MEMBER("vrf *", "ipv6 route ...", GUIDE "STATIC, VRF static routes"),

	MEMBER(NULL, "access-list ...", GUIDE "Filtering, IP Access List"),
	MEMBER(NULL, "ip prefix-list ...", GUIDE "Filtering, IP Prefix List"),
	MEMBER(NULL, "ipv6 prefix-list ...", GUIDE "Filtering, IP Prefix List"),
	SECTION(NULL, ROUTE_MAP, 0, GUIDE "Route Maps, Route Map Command"),
	VALUE(ROUTE_MAP, "description ...", "no description", GUIDE "Route Maps"),
	VALUE(ROUTE_MAP, "set metric *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set local-preference *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set weight *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set tag *", NULL, GUIDE "Route Maps, Route Map Set Command"),
	VALUE(ROUTE_MAP, "set origin *", NULL, GUIDE "Route Maps, Route Map Set Command"),

	/* Without its AS a neighbor is gone with all that is said of it. */
	SECTION(NULL, ROUTER, 0, GUIDE "BGP; OSPFv2; OSPFv3; ISIS; RIP; EIGRP; OpenFabric"),
	VALUE(ROUTER, "neighbor * remote-as *", "no neighbor $1", GUIDE "BGP, Defining Peers"),
	VALUE(ROUTER, "neighbor * description ...", "no neighbor $1 description",
	      GUIDE "BGP, BGP Peer commands"),
	VALUE(ROUTER, "bgp router-id *", NULL, GUIDE "BGP, BGP Router Configuration"),
	VALUE(ROUTER, "ospf router-id *", NULL, GUIDE "OSPFv2, OSPF Routers"),
	SECTION(ROUTER, "address-family ...", SMD_RULE_STAYS, GUIDE "BGP, Address Families"),
	SECTION("address-family ...", "vni *", 0, GUIDE "Ethernet Virtual Network - EVPN"),

	SECTION(NULL, "bfd", 0, GUIDE "BFD, BFDd Commands"),
	SECTION("bfd", "peer ...", 0, GUIDE "BFD, Peer Configurations"),
	SECTION("bfd", "profile *", 0, GUIDE "BFD, Peer Configurations"),
	SECTION(NULL, "key chain *", 0, GUIDE "RIP, RIP Authentication"),
	SECTION("key chain *", "key *", 0, GUIDE "RIP, RIP Authentication"),
	SECTION(NULL, "nexthop-group *", 0, GUIDE "PBR, Nexthop Groups"),
	SECTION(NULL, "pbr-map * seq *", 0, GUIDE "PBR, PBR Maps"),
	SECTION(NULL, "rpki", 0, GUIDE "BGP, Enabling RPKI"),
	SECTION(NULL, "mpls ldp", 0, GUIDE "LDP, LDP Configuration"),
	SECTION(NULL, "l2vpn * type *", 0, GUIDE "LDP, LDP Configuration"),
	SECTION(NULL, "segment-routing", 0, GUIDE "PATH, Configuration"),
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
