/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of FRRouting 8.4 prints, as rules. What is not
 * here is kept as its own text, and removed by `no` and the whole line. "Seen on
 * 8.4.4" is what the daemons did when the manual says nothing.
 */
#include <smartdeploy/rules.h>

#include "frr.h"

#define GUIDE "FRRouting User Guide 8.4, "
#define INTERFACE "interface *;interface * vrf *"
#define ROUTE_MAP "route-map * * *"
#define BGP "router bgp *;router bgp * vrf *"
#define OSPF "router ospf;router ospf *;router ospf vrf *"
#define ROUTER BGP ";" OSPF ";router ..."
#define BGP_PEERS BGP ";address-family ..."

#define SOURCE(chapter) .source = GUIDE chapter

/*
 * A next hop of a route has one distance and one tag, which the next line of that hop overwrites;
 * the same is true of the ways to drop packets. Seen on 8.4.4.
 */
#define ROUTES(in)                                                                                 \
	MEMBER(in, "ip|ipv6 route * from ...", SOURCE("STATIC, Static Route Commands")),           \
		MEMBER(in, "ip|ipv6 route * * table|label|nexthop-vrf|color|segments ..."),        \
		VALUE(in, "ip|ipv6 route * = Null0|blackhole|reject"),                             \
		VALUE(in, "ip|ipv6 route * = Null0|blackhole|reject <number>"),                    \
		VALUE(in, "ip|ipv6 route * = Null0|blackhole|reject tag <number>"),                \
		VALUE(in, "ip|ipv6 route * = Null0|blackhole|reject tag <number> <number>"),       \
		VALUE(in, "ip|ipv6 route * * ="), VALUE(in, "ip|ipv6 route * * = <number>"),       \
		VALUE(in, "ip|ipv6 route * * = tag <number>"),                                     \
		VALUE(in, "ip|ipv6 route * * = tag <number> <number>"),                            \
		VALUE(in, "ip|ipv6 route * * * ="), VALUE(in, "ip|ipv6 route * * * = <number>"),   \
		VALUE(in, "ip|ipv6 route * * * = tag <number>"),                                   \
		VALUE(in, "ip|ipv6 route * * * = tag <number> <number>"),                          \
		VALUE(in, "ip|ipv6 route * * * = onlink"),                                         \
		VALUE(in, "ip|ipv6 route * * * = <number> onlink"),                                \
		VALUE(in, "ip|ipv6 route * * * = tag <number> onlink"),                            \
		VALUE(in, "ip|ipv6 route * * * = tag <number> <number> onlink"),                   \
		MEMBER(in, "ip|ipv6 route ...")

static const struct smd_rule rules[] = {
	/* A profile cannot be negated: the default profile is entered instead. */
	DEFAULT(NULL, "frr defaults traditional"),
	VALUE(NULL, "frr defaults *", .negate = "frr defaults traditional",
	      SOURCE("Basic Commands, Profiles")),
	VALUE(NULL, "log timestamp precision *", SOURCE("Basic Commands, Basic Config Commands")),
	VALUE(NULL, "log facility *"),
	SECTION(NULL, "line vty", .flags = SMD_RULE_PERMANENT),

	/*
	 * An interface that exists cannot be removed, and is printed only if there is something in
	 * it; the same is true of a VRF. Seen on 8.4.4: "only inactive interfaces can be deleted".
	 */
	SECTION(NULL, "interface *", .flags = SMD_RULE_PERMANENT,
		SOURCE("Zebra, Interface Commands")),
	SECTION(NULL, "interface * vrf *", .flags = SMD_RULE_PERMANENT, .uses = "vrf $2"),
	VALUE(INTERFACE, "description ...", .flags = SMD_RULE_FREE_TEXT, .negate = "no description",
	      SOURCE("Zebra, Standard Commands")),
	DEFAULT(INTERFACE, "no shutdown"),
	VALUE(INTERFACE, "bandwidth *"),
	MEMBER(INTERFACE, "ip address ..."),
	MEMBER(INTERFACE, "ipv6 address ..."),
	DEFAULT(INTERFACE, "ip ospf network broadcast", SOURCE("OSPFv2, Interfaces")),
	DEFAULT(INTERFACE, "ip ospf hello-interval 10"),
	DEFAULT(INTERFACE, "ip ospf priority 1"),
	DEFAULT(INTERFACE, "ip ospf retransmit-interval 5"),
	DEFAULT(INTERFACE, "ip ospf transmit-delay 1"),
	VALUE(INTERFACE, "ip ospf cost|dead-interval|hello-interval *"),
	VALUE(INTERFACE, "ip ospf priority|retransmit-interval|transmit-delay *"),
	VALUE(INTERFACE, "ip ospf network *"),
	/* Seen on 8.4.4: "Must remove previous area config before changing ospf area". */
	VALUE(INTERFACE, "ip ospf area *", .flags = SMD_RULE_REMOVE_FIRST),
	/* Seen on 8.4.4: lines about IS-IS and BFD are removed with the line that turns it on. */
	VALUE(INTERFACE, "ip|ipv6 router isis *", .flags = SMD_RULE_REMOVE_FIRST,
	      .invalidates = "isis ...", SOURCE("ISIS, ISIS interface")),
	MEMBER(INTERFACE, "ip ospf bfd", .invalidates = "ip ospf bfd profile *",
	       SOURCE("OSPFv2, Interfaces")),
	VALUE(INTERFACE, "ip ospf authentication ="),
	VALUE(INTERFACE, "ip ospf authentication = message-digest|null"),
	VALUE(INTERFACE, "ip ospf authentication-key *", .flags = SMD_RULE_SECRET),
	VALUE(INTERFACE, "ip ospf message-digest-key * md5 *", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "vrf *", .flags = SMD_RULE_PERMANENT, .defines = "vrf $1",
		SOURCE("Zebra, Virtual Routing and Forwarding")),

	ROUTES(NULL),
	ROUTES("vrf *"),

	/*
	 * An entry overwrites the one with its number. The same entry under a second number is
	 * ignored (order.c). A list with a description and no entries passes everything, so the
	 * description is entered behind the entries and removed before them.
	 */
	VALUE(NULL, "ip|ipv6 prefix-list * description ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no $name", .uses = "prefix-list $1", SOURCE("Filtering, IP Prefix List")),
	VALUE(NULL, "ip prefix-list * seq * = ...", .negate = "no ip prefix-list $1 seq $2",
	      .defines = "prefix-list $1"),
	VALUE(NULL, "ipv6 prefix-list * seq * = ...", .negate = "no ipv6 prefix-list $1 seq $2",
	      .defines = "prefix-list $1"),
	VALUE(NULL, "access-list * remark ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no access-list $1 remark", SOURCE("Filtering, IP Access List")),
	VALUE(NULL, "ipv6|mac access-list * remark ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no $name"),
	VALUE(NULL, "access-list * seq * = ...", .defines = "access-list $1"),
	VALUE(NULL, "ipv6|mac access-list * seq * = ...", .defines = "access-list $1"),
	VALUE(NULL, "bgp as-path access-list * seq * = ...", .defines = "as-path $1",
	      SOURCE("BGP, AS Path Access Lists")),
	VALUE(NULL, "bgp community-list standard|expanded * seq * = ...",
	      .defines = "community-list $1", SOURCE("BGP, Community Lists")),
	VALUE(NULL, "bgp community-list * seq * = ...", .defines = "community-list $1"),
	VALUE(NULL, "bgp large-community-list standard|expanded * seq * = ...",
	      .defines = "large-community-list $1", SOURCE("BGP, Large Community Lists")),
	VALUE(NULL, "bgp extcommunity-list standard|expanded * seq * = ...",
	      .defines = "extcommunity-list $1", SOURCE("BGP, Extended Community Lists")),

	VALUE(NULL, "bgp large-community-list * seq * = ...", .defines = "large-community-list $1"),
	VALUE(NULL, "bgp extcommunity-list * seq * = ...", .defines = "extcommunity-list $1"),

	/* Each line of a clause has one value, which the next one overwrites. */
	SECTION(NULL, ROUTE_MAP, .defines = "route-map $1",
		SOURCE("Route Maps, Route Map Command")),
	VALUE(ROUTE_MAP, "description ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no description"),
	VALUE(ROUTE_MAP, "match ip|ipv6 address|next-hop|route-source prefix-list *",
	      .uses = "prefix-list $1", SOURCE("Route Maps, Route Map Match Command")),
	VALUE(ROUTE_MAP, "match ip|ipv6 address|next-hop|route-source prefix-len *"),
	VALUE(ROUTE_MAP, "match ip|ipv6 next-hop address|type *"),
	VALUE(ROUTE_MAP, "match ip|ipv6 address|next-hop|route-source *", .uses = "access-list $1"),
	VALUE(ROUTE_MAP, "match as-path *", .uses = "as-path $1"),
	VALUE(ROUTE_MAP, "match community = * exact-match", .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "match community = *", .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "match large-community = * exact-match",
	      .uses = "large-community-list $1"),
	VALUE(ROUTE_MAP, "match large-community = *", .uses = "large-community-list $1"),
	VALUE(ROUTE_MAP, "match extcommunity *", .uses = "extcommunity-list $1"),
	VALUE(ROUTE_MAP, "match metric|tag|local-preference|origin|peer|interface *"),
	VALUE(ROUTE_MAP, "match source-protocol|source-instance|source-vrf|probability *"),
	VALUE(ROUTE_MAP, "match evpn vni|route-type|default-route|rd *"),
	VALUE(ROUTE_MAP, "call *", .uses = "route-map $1",
	      SOURCE("Route Maps, Route Map Call Command")),
	VALUE(ROUTE_MAP, "on-match = next", .negate = "no on-match next",
	      SOURCE("Route Maps, Route Map Exit Action Command")),
	VALUE(ROUTE_MAP, "on-match = goto *", .negate = "no on-match goto"),
	/*
	 * Seen on 8.4.4: a prepended path that becomes `last-as`, and communities that become
	 * `none`, cannot be changed again. BGP applies a changed route map only after seconds.
	 */
	VALUE(ROUTE_MAP, "set as-path prepend ...", .negate = "no set as-path prepend",
	      .flags = SMD_RULE_REMOVE_FIRST, SOURCE("Route Maps, Route Map Set Command")),
	VALUE(ROUTE_MAP, "set community|large-community ...", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE(ROUTE_MAP, "set as-path exclude ..."),
	VALUE(ROUTE_MAP, "set extcommunity rt|soo|bandwidth ..."),
	VALUE(ROUTE_MAP, "set comm-list =* delete", .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "set large-comm-list =* delete", .uses = "large-community-list $1"),
	/* Seen on 8.4.4: `peer-address` does not replace an address. */
	VALUE(ROUTE_MAP, "set ip next-hop *", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE(ROUTE_MAP, "set ipv6 next-hop global|local *"),
	VALUE(ROUTE_MAP, "set aggregator as ..."),
	VALUE(ROUTE_MAP, "set table *", .negate = "no set table"),
	VALUE(ROUTE_MAP, "set metric|local-preference|weight|tag|origin|distance *"),
	VALUE(ROUTE_MAP, "set originator-id|src|metric-type|label-index *"),

	/*
	 * A neighbor exists by its AS, its group, or its interface, and the other lines about it
	 * are removed before that. A group has its AS before it gets members. Without a filter
	 * everything passes.
	 */
	SECTION(NULL, "router bgp * vrf *", .uses = "vrf $2",
		SOURCE("BGP, BGP Router Configuration")),
	SECTION(NULL, "router bgp *"),
	VALUE(BGP, "bgp router-id *"),
	/* What is the default, depends on `frr defaults`: only the other one is shown. */
	MEMBER(BGP, "no bgp ebgp-requires-policy", .negate = "bgp ebgp-requires-policy",
	       SOURCE("BGP, Require policy on EBGP")),
	MEMBER(BGP, "bgp ebgp-requires-policy", .negate = "no bgp ebgp-requires-policy"),
	DEFAULT(BGP, "bgp default local-preference 100"),
	VALUE(BGP, "bgp default local-preference *"),
	VALUE(BGP, "bgp cluster-id *"),
	VALUE(BGP, "coalesce-time *"),
	VALUE(BGP, "bgp confederation identifier *"),
	VALUE(BGP, "bgp confederation peers ...", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE(BGP, "bgp listen limit *"),
	MEMBER(BGP, "bgp listen range * peer-group *", .uses = "peer-group $2;remote-as $2"),
	VALUE(BGP, "bgp route-map delay-timer *"),
	VALUE(BGP, "bgp bestpath med ...", .flags = SMD_RULE_REMOVE_FIRST),
	DEFAULT(BGP, "timers bgp 60 180"),
	VALUE(BGP, "timers bgp ..."),
	MEMBER(BGP, "neighbor * peer-group", .defines = "neighbor $1;peer-group $1",
	       SOURCE("BGP, Peer Groups")),
	VALUE(BGP, "neighbor * peer-group *", .flags = SMD_RULE_REMOVE_FIRST,
	      .defines = "neighbor $1", .uses = "peer-group $2;remote-as $1;remote-as $2"),
	VALUE(BGP, "neighbor * interface = v6only peer-group *",
	      .negate = "no neighbor $1 interface", .flags = SMD_RULE_REMOVE_FIRST,
	      .defines = "neighbor $1", .uses = "peer-group $2;remote-as $2"),
	VALUE(BGP, "neighbor * interface = peer-group *", .negate = "no neighbor $1 interface",
	      .flags = SMD_RULE_REMOVE_FIRST, .defines = "neighbor $1",
	      .uses = "peer-group $2;remote-as $2"),
	VALUE(BGP, "neighbor * interface = remote-as *", .negate = "no neighbor $1 interface",
	      .defines = "neighbor $1;remote-as $1", SOURCE("BGP, Configuring Peers")),
	VALUE(BGP, "neighbor * interface = v6only remote-as *",
	      .negate = "no neighbor $1 interface", .defines = "neighbor $1;remote-as $1"),
	VALUE(BGP, "neighbor * remote-as *", .defines = "neighbor $1;remote-as $1",
	      .uses = "peer-group $1", SOURCE("BGP, Defining Peers")),
	VALUE(BGP, "neighbor * local-as ...", .uses = "neighbor $1",
	      SOURCE("BGP, Configuring Peers")),
	VALUE(BGP, "neighbor * description ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no neighbor $1 description", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * password ...", .negate = "no neighbor $1 password",
	      .flags = SMD_RULE_SECRET, .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * ebgp-multihop|port|update-source *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * advertisement-interval *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * timers connect *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * timers = <number> <number>", .uses = "neighbor $1"),
	/* Seen on 8.4.4: removing the profile turns BFD on again, so it is removed first. */
	MEMBER(BGP, "neighbor * bfd profile *", .uses = "neighbor $1;bfd $1"),
	MEMBER(BGP, "neighbor * bfd check-control-plane-failure", .uses = "neighbor $1;bfd $1"),
	MEMBER(BGP, "neighbor * bfd", .defines = "bfd $1", .uses = "neighbor $1"),
	MEMBER(BGP, "neighbor * bfd <number> <number> <number>", .defines = "bfd $1",
	       .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * shutdown =", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * shutdown = message ...", .flags = SMD_RULE_FREE_TEXT,
	      .negate = "no neighbor $1 shutdown", .uses = "neighbor $1"),
	VALUE(BGP_PEERS, "neighbor * prefix-list =* in|out", .flags = SMD_RULE_REQUIRED,
	      .uses = "neighbor $1;prefix-list $2", SOURCE("BGP, Peer Filtering")),
	VALUE(BGP_PEERS, "neighbor * route-map =* in|out", .flags = SMD_RULE_REQUIRED,
	      .uses = "neighbor $1;route-map $2"),
	VALUE(BGP_PEERS, "neighbor * filter-list =* in|out", .flags = SMD_RULE_REQUIRED,
	      .uses = "neighbor $1;as-path $2"),
	VALUE(BGP_PEERS, "neighbor * distribute-list =* in|out", .flags = SMD_RULE_REQUIRED,
	      .uses = "neighbor $1;access-list $2"),
	VALUE(BGP_PEERS, "neighbor * unsuppress-map *", .uses = "neighbor $1;route-map $2"),
	VALUE(BGP_PEERS, "neighbor * default-originate =", .uses = "neighbor $1",
	      SOURCE("BGP, Configuring Peers")),
	VALUE(BGP_PEERS, "neighbor * default-originate = route-map *",
	      .uses = "neighbor $1;route-map $2"),
	VALUE(BGP_PEERS, "neighbor * maximum-prefix ...", .uses = "neighbor $1"),
	VALUE(BGP_PEERS, "neighbor * allowas-in =", .uses = "neighbor $1"),
	VALUE(BGP_PEERS, "neighbor * allowas-in = *", .uses = "neighbor $1"),
	VALUE(BGP_PEERS, "neighbor * weight|maximum-prefix-out *", .uses = "neighbor $1"),
	/* Seen on 8.4.4: new options are added to the old ones. */
	VALUE(BGP_PEERS, "neighbor * remove-private-AS =", .flags = SMD_RULE_REMOVE_FIRST,
	      .uses = "neighbor $1"),
	VALUE(BGP_PEERS, "neighbor * remove-private-AS = ...", .flags = SMD_RULE_REMOVE_FIRST,
	      .uses = "neighbor $1"),
	/* Never printed: communities are sent unless a line says otherwise. */
	DEFAULT(BGP_PEERS, "neighbor * send-community"),
	DEFAULT(BGP_PEERS, "neighbor * send-community both|all|standard|extended|large"),
	MEMBER(BGP_PEERS, "neighbor * ...", .uses = "neighbor $1"),
	MEMBER(BGP_PEERS, "no neighbor * activate", .negate = "neighbor $1 activate",
	       .uses = "neighbor $1"),
	MEMBER(BGP_PEERS, "no neighbor * send-community", .negate = "neighbor $1 send-community",
	       .uses = "neighbor $1"),
	VALUE("address-family ...", "network * =", SOURCE("BGP, Networks")),
	VALUE("address-family ...", "network * = route-map *", .uses = "route-map $2"),
	/* Seen on 8.4.4: "cannot change label-index". */
	VALUE("address-family ...", "network * = label-index *", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE("address-family ...", "network * = ..."),
	VALUE("address-family ...", "aggregate-address * =", SOURCE("BGP, Route Aggregation")),
	VALUE("address-family ...", "aggregate-address * = ..."),
	VALUE("address-family ...", "redistribute ospf|table <number> =",
	      .flags = SMD_RULE_REMOVE_FIRST, SOURCE("BGP, Redistribution")),
	VALUE("address-family ...", "redistribute ospf|table <number> = ...",
	      .flags = SMD_RULE_REMOVE_FIRST),
	VALUE("address-family ...", "redistribute * =", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE("address-family ...", "redistribute * = route-map *", .flags = SMD_RULE_REMOVE_FIRST,
	      .uses = "route-map $2"),
	VALUE("address-family ...", "redistribute * = metric * route-map *",
	      .flags = SMD_RULE_REMOVE_FIRST, .uses = "route-map $3"),
	VALUE("address-family ...", "redistribute * = ...", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE("address-family ...", "maximum-paths *", SOURCE("BGP, Route Selection")),
	VALUE("address-family ...", "maximum-paths ibgp *"),
	DEFAULT("address-family ...", "distance bgp 20 200 200",
		SOURCE("BGP, Administrative Distance Metrics")),
	VALUE("address-family ...", "distance bgp ..."),
	VALUE("address-family ...", "table-map *", .uses = "route-map $1",
	      SOURCE("BGP, Redistribution")),
	VALUE("address-family ...", "advertise * * =", .negate = "no $name",
	      SOURCE("BGP, EVPN Overlay Index Gateway IP")),
	VALUE("address-family ...", "advertise * * = route-map *", .negate = "no $name",
	      .uses = "route-map $3"),
	VALUE("address-family ...", "advertise * * = gateway-ip route-map *", .negate = "no $name",
	      .uses = "route-map $3"),
	VALUE("address-family ...", "advertise * * = ...", .negate = "no $name"),

	SECTION(NULL, "router ospf vrf *", .uses = "vrf $1", SOURCE("OSPFv2, Routers")),
	SECTION(NULL, "router ospf *"),
	SECTION(NULL, "router ospf"),
	VALUE(OSPF, "ospf router-id *"),
	/* Seen on 8.4.4: "There is already same network statement". */
	VALUE(OSPF, "network * area *", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE(OSPF, "redistribute ospf|table <number> =", SOURCE("OSPFv2, Redistribution")),
	VALUE(OSPF, "redistribute ospf|table <number> = ..."),
	VALUE(OSPF, "redistribute * ="),
	VALUE(OSPF, "redistribute * = route-map *", .uses = "route-map $2"),
	VALUE(OSPF, "redistribute * = metric|metric-type * route-map *", .uses = "route-map $3"),
	VALUE(OSPF, "redistribute * = metric * metric-type * route-map *", .uses = "route-map $4"),
	VALUE(OSPF, "redistribute * = ..."),
	VALUE(OSPF, "default-information originate ="),
	VALUE(OSPF, "default-information originate = ..."),
	VALUE(OSPF, "default-metric|maximum-paths *", .negate = "no $name"),
	/* Seen on 8.4.4: `no distance` needs its value, `no distance ospf` takes none. */
	VALUE(OSPF, "distance *"),
	VALUE(OSPF, "distance ospf = ...", .negate = "no $name"),
	DEFAULT(OSPF, "auto-cost reference-bandwidth 100000", SOURCE("OSPFv2, Routers")),
	VALUE(OSPF, "auto-cost reference-bandwidth *", .negate = "no $name"),
	DEFAULT(OSPF, "timers throttle spf 0 50 5000"),
	VALUE(OSPF, "timers throttle spf ...", .negate = "no $name"),
	VALUE(OSPF, "log-adjacency-changes =", .negate = "no $name"),
	VALUE(OSPF, "log-adjacency-changes = detail", .negate = "no $name"),
	/*
	 * Seen on 8.4.4: the cost of a default route needs an area that is stub or NSSA. A virtual
	 * link and an NSSA are removed without their options, and the lines about them are removed
	 * with them.
	 */
	VALUE(OSPF, "area * stub =", .negate = "no $name", .defines = "stubby $1",
	      SOURCE("OSPFv2, Areas")),
	VALUE(OSPF, "area * stub = no-summary", .negate = "no $name", .defines = "stubby $1"),
	MEMBER(OSPF, "area * nssa no-summary", .uses = "nssa $1"),
	/* Lines of their own beside the one of the area. */
	VALUE(OSPF, "area * nssa range * =", .negate = "no $name", .uses = "nssa $1"),
	VALUE(OSPF, "area * nssa range * = ...", .negate = "no $name", .uses = "nssa $1"),
	MEMBER(OSPF, "area * nssa suppress-fa", .uses = "nssa $1"),
	VALUE(OSPF, "area * nssa default-information-originate =", .negate = "no $name",
	      .uses = "nssa $1"),
	VALUE(OSPF, "area * nssa default-information-originate = ...", .negate = "no $name",
	      .uses = "nssa $1"),
	VALUE(OSPF, "area * nssa =", .negate = "no $name", .defines = "nssa $1;stubby $1"),
	VALUE(OSPF, "area * nssa = ...", .negate = "no $name", .defines = "nssa $1;stubby $1"),
	VALUE(OSPF, "area * range * =", .negate = "no $name", .flags = SMD_RULE_REMOVE_FIRST),
	VALUE(OSPF, "area * range * = ...", .negate = "no $name", .flags = SMD_RULE_REMOVE_FIRST),
	MEMBER(OSPF, "area * virtual-link * authentication", .uses = "virtual-link $2"),
	MEMBER(OSPF, "area * virtual-link * authentication ...", .uses = "virtual-link $2"),
	MEMBER(OSPF, "area * virtual-link * authentication-key|message-digest-key ...",
	       .flags = SMD_RULE_SECRET, .uses = "virtual-link $2"),
	VALUE(OSPF, "area * virtual-link * =", .negate = "no $name", .defines = "virtual-link $2"),
	VALUE(OSPF, "area * virtual-link * = hello-interval ...", .negate = "no $name",
	      .defines = "virtual-link $2"),
	VALUE(OSPF, "area * authentication ="),
	VALUE(OSPF, "area * authentication = message-digest"),
	VALUE(OSPF, "area * default-cost *", .uses = "stubby $1"),
	VALUE(OSPF, "area * filter-list prefix =* in|out", .uses = "prefix-list $2"),
	VALUE(OSPF, "area * export-list|import-list *", .uses = "access-list $2"),

	SECTION(NULL, "router ...",
		SOURCE("OSPFv3, OSPF6 router; ISIS, ISIS router; RIP, RIP Configuration; "
		       "EIGRP, EIGRP Configuration; OpenFabric, OpenFabric router")),
	SECTION(ROUTER, "address-family ...", .flags = SMD_RULE_PERMANENT,
		SOURCE("BGP, Address Families")),
	SECTION("address-family ...", "vni *", SOURCE("BGP, Ethernet Virtual Network - EVPN")),

	SECTION(NULL, "bfd", SOURCE("Bidirectional Forwarding Detection, BFDd Commands")),
	SECTION("bfd", "peer ..."),
	SECTION("bfd", "profile *"),
	SECTION(NULL, "key chain *", SOURCE("RIP, RIP Authentication")),
	SECTION("key chain *", "key *"),
	SECTION(NULL, "nexthop-group *", SOURCE("PBR, Nexthop Groups")),
	SECTION(NULL, "pbr-map * seq *", SOURCE("PBR, PBR Maps")),
	SECTION(NULL, "rpki", SOURCE("BGP, Enabling RPKI")),
	SECTION(NULL, "mpls ldp", SOURCE("LDP, LDP Configuration")),
	SECTION(NULL, "l2vpn * type *"),
	SECTION(NULL, "segment-routing", SOURCE("PATH, Configuration Commands")),
};

/* Each daemon ends its sections in its own way. */
static const char *const closers[] = {"!",        "exit",        "exit-address-family",
				      "exit-vrf", "exit-vni",    "exit-vrf-policy",
				      "exit-vnc", "exit-ldp-if", "end",
				      NULL};

/* Seen on 8.4.4: a name entered in vtysh is that of the session and not of a daemon. */
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
