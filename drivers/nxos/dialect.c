/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of Cisco NX-OS 9.3 and 10 (Nexus 9000 and 3000)
 * prints, as rules. What is not here is kept as its own text, and removed by
 * `no` and the whole line.
 */
#include <smartdeploy/rules.h>

#include "nxos.h"

#define FUNDAMENTALS "Nexus 9000 Fundamentals Configuration Guide 10.2(x), "
#define INTERFACES "Nexus 9000 Interfaces Configuration Guide 10.2(x), "
#define LAYER2 "Nexus 9000 Layer 2 Switching Configuration Guide 10.2(x), "
#define UNICAST "Nexus 9000 Unicast Routing Configuration Guide 10.2(x), "
#define SECURITY "Nexus 9000 Security Configuration Guide 10.2(x), "
#define MANAGEMENT "Nexus 9000 System Management Configuration Guide 10.2(x), "
#define QOS "Nexus 9000 Quality of Service Configuration Guide 10.2(x), "
#define VXLAN "Nexus 9000 VXLAN Configuration Guide 10.2(x), "

/* A value that is removed by its name alone. */
#define SETTING(where, text, ...) VALUE(where, text, .negate = "no $name", __VA_ARGS__)
/* A binding that exists once per direction, which stands behind the name of what is bound. */
#define DIRECTED(where, text, ...) VALUE(where, text, .flags = SMD_RULE_REQUIRED, __VA_ARGS__)

#define REQUIRED SMD_RULE_REQUIRED
#define FIRST SMD_RULE_REMOVE_FIRST
#define LISTED (REQUIRED | SMD_RULE_EXPAND_LIST)
/* Advice for an entry that has a number. */
#define INSERT "give the new entry a number of its own: it is entered before the old one goes"
#define ENTRY(text, ...)                                                                           \
	VALUE(ACL, "<number> = deny " text, .negate = "no $1", .flags = FIRST | REQUIRED,          \
	      .advice = INSERT, __VA_ARGS__),                                                      \
		VALUE(ACL, "<number> = permit " text, .negate = "no $1", .flags = FIRST,           \
		      __VA_ARGS__)
#define SECRET SMD_RULE_SECRET
#define HASHED (SMD_RULE_SECRET | SMD_RULE_REHASHED)
#define PERMANENT SMD_RULE_PERMANENT

#define PORT                                                                                       \
	"interface Vlan1;interface Vlan<number>;interface loopback<number>;"                       \
	"interface port-channel<number>;interface Tunnel<number>;interface nve<number>;"           \
	"interface <interface>.<number>;interface <interface>"
#define NVE "interface nve<number>"
#define VNI "interface nve<number> / member vni *"
#define HSRP "hsrp <number>;hsrp <number> ipv4|ipv6"
#define ACL "ip access-list *;ipv6 access-list *;mac access-list *"
#define ROUTE_MAP "route-map * permit|deny <number>"
#define CLASS_MAP                                                                                  \
	"class-map match-any|match-all *;class-map type * *;"                                      \
	"class-map type * match-any|match-all *"
#define POLICY_MAP "policy-map *;policy-map type * *"
#define CLASS                                                                                      \
	"policy-map * / class *;policy-map type * * / class *;"                                    \
	"policy-map type * * / class type * *"
#define BGP "router bgp *;router bgp * / vrf *"
#define FAMILY                                                                                     \
	"router bgp * / address-family ...;vrf * / address-family ...;"                            \
	"neighbor * / address-family ...;neighbor * remote-as * / address-family ...;"             \
	"template peer * / address-family ...;template peer-policy *"
#define NEIGHBOR "neighbor *;neighbor * remote-as *;template peer *;template peer-session *"
#define ROUTER                                                                                     \
	"router ospf *;router ospf * / vrf *;router ospfv3 *;router ospfv3 * / vrf *;"             \
	"router eigrp *;router eigrp * / vrf *;router eigrp * / address-family ...;"               \
	"router rip *;router isis *;router ospfv3 * / address-family ...;"                         \
	"router rip * / address-family ...;router isis * / address-family ...;" BGP ";" FAMILY

static const struct smd_numbers_form allowed = {
	.add = "switchport trunk allowed vlan add $#",
	.remove = "switchport trunk allowed vlan remove $#",
	.none = "switchport trunk allowed vlan none",
	.all = "switchport trunk allowed vlan all",
	.except = "switchport trunk allowed vlan except $#",
	.first = 1,
	.last = 4094,
	.longest = 80,
};

static const struct smd_numbers_form instance = {
	.remove = "no instance $1 vlan $#",
	.first = 1,
	.last = 4094,
	.longest = 80,
};

/* For entries that are written without a number; the device prints them with one. */
static const struct smd_order_form resequence = {
	.renumber = "resequence ip access-list $1 $first $step",
	.insert = "$# $line",
	.remove = "no $#",
};

static const struct smd_rule rules[] = {
	/* Features. What needs a feature is refused before it is on, and removed with it. */
	MEMBER(NULL, "feature ...", .defines = "feature $1",
	       .source = FUNDAMENTALS "feature; hostname, banner, clock, boot"),
	MEMBER(NULL, "nv overlay evpn", .uses = "feature nv overlay"),
	SETTING(NULL, "hostname *"),
	SETTING(NULL, "switchname *"),
	SECTION(NULL, "vdc * id *", .flags = PERMANENT),
	SETTING(NULL, "ip domain-name *"),
	SETTING(NULL, "clock timezone ..."),
	SETTING(NULL, "clock summer-time ..."),
	SETTING(NULL, "clock protocol *"),
	SETTING(NULL, "boot nxos|kickstart|system *"),
	SETTING(NULL, "copp profile *"),
	SETTING(NULL, "system jumbomtu *"),
	SETTING(NULL, "cdp timer|holdtime *"),
	SETTING(NULL, "lldp timer|holdtime|reinit *"),
	SETTING(NULL, "ssh login-attempts *"),
	SETTING(NULL, "port-channel load-balance ..."),
	SETTING(NULL, "lacp system-priority|system-mac *", .uses = "feature lacp"),
	SETTING(NULL, "fabric forwarding anycast-gateway-mac *",
		.uses = "feature fabric forwarding"),
	/* The text ends where the character that it began with stands again. */
	BLOCK(NULL, "banner motd|exec ...", .flags = SMD_RULE_FREE_TEXT, .negate = "no $name",
	      .until = "$delimiter"),

	/* VLANs. VLAN 1 is always there. */
	SECTION(NULL, "vlan 1", .flags = PERMANENT, .defines = "vlan 1",
		.source = LAYER2 "Configuring VLANs"),
	SECTION(NULL, "vlan *", .flags = SMD_RULE_EXPAND_LIST, .defines = "vlan $1"),
	SETTING("vlan 1;vlan *", "name *"),
	SETTING("vlan 1;vlan *", "state *"),
	SETTING("vlan 1;vlan *", "vn-segment *", .flags = FIRST,
		.uses = "feature vn-segment-vlan-based"),
	VALUE("vlan 1;vlan *", "service-policy type qos input *", .uses = "policy-map $1"),
	SECTION(NULL, "vlan configuration *"),
	SECTION(NULL, "vlan access-map * <number>", .defines = "vlan-map $1",
		.source = SECURITY "Configuring VLAN ACLs"),
	MEMBER("vlan access-map * <number>", "match ip|ipv6|mac address *", .uses = "acl $1"),
	SETTING("vlan access-map * <number>", "action *"),
	MEMBER(NULL, "vlan filter * vlan-list *", .uses = "vlan-map $1"),
	SETTING(NULL, "spanning-tree mode *", .source = LAYER2 "Configuring Rapid PVST+; MST"),
	SETTING(NULL, "spanning-tree pathcost method *"),
	SECTION(NULL, "spanning-tree mst configuration"),
	SETTING("spanning-tree mst configuration", "name *"),
	SETTING("spanning-tree mst configuration", "revision *"),
	NUMBERS("spanning-tree mst configuration", "instance <number> vlan ...",
		.negate = "no instance $1", .numbers = &instance),
	MEMBER(NULL, "ip dhcp ...", .uses = "feature dhcp"),

	/* VRFs. The management VRF is always there. */
	SECTION(NULL, "vrf context management", .flags = PERMANENT, .defines = "vrf management",
		.source = UNICAST "Configuring Layer 3 Virtualization"),
	SECTION(NULL, "vrf context *", .defines = "vrf $1"),
	SETTING("vrf context *", "description ...", .flags = SMD_RULE_FREE_TEXT),
	VALUE("vrf context *", "rd *"),
	VALUE("vrf context *", "vni <number>", .flags = FIRST),
	SECTION("vrf context *", "address-family ..."),
	MEMBER("vrf context * / address-family ...", "route-target import|export|both *"),
	MEMBER("vrf context * / address-family ...", "route-target import|export|both * evpn"),
	MEMBER("vrf context *;vrf context management", "ip|ipv6 route ..."),

	/*
	 * Interfaces. Those of the hardware cannot be removed: emptied, they have their defaults. A
	 * VLAN interface needs the VLAN of its number.
	 */
	SECTION(NULL, "interface Vlan1", .flags = PERMANENT, .defines = "interface Vlan1",
		.uses = "feature interface-vlan",
		.source = INTERFACES "Configuring Basic Interface Parameters"),
	SECTION(NULL, "interface Vlan<number>", .defines = "interface Vlan$1",
		.uses = "vlan $1;feature interface-vlan"),
	SECTION(NULL, "interface loopback<number>", .defines = "interface loopback$1"),
	SECTION(NULL, "interface port-channel<number>", .defines = "interface port-channel$1"),
	SECTION(NULL, "interface Tunnel<number>", .defines = "interface Tunnel$1",
		.uses = "feature tunnel"),
	SECTION(NULL, "interface nve<number>", .defines = "interface nve$1",
		.uses = "feature nv overlay"),
	SECTION(NULL, "interface <interface>.<number>", .defines = "interface $1.$2",
		.uses = "interface $1"),
	SECTION(NULL, "interface <interface>", .flags = PERMANENT, .defines = "interface $1"),
	SETTING(PORT, "description ...", .flags = SMD_RULE_FREE_TEXT),
	MEMBER(PORT, "bandwidth inherit"),
	SETTING(PORT, "bandwidth inherit = *"),
	SETTING(PORT, "bandwidth|delay|mtu|medium|fec *"),
	SETTING(PORT, "ip bandwidth|bandwidth-percent|delay eigrp * = ..."),
	/* "Duplex is not Compatible with Speed" when the speed is removed first. */
	SETTING(PORT, "speed *", .defines = "speed $^1"),
	SETTING(PORT, "duplex *", .uses = "speed $^1"),
	SETTING(PORT, "mac-address *"),
	SETTING(PORT, "load-interval counter <number> *"),
	VALUE(PORT, "link debounce time *"),
	SETTING(PORT, "flowcontrol receive|send *"),
	SETTING(PORT, "priority-flow-control mode *"),
	VALUE(PORT, "encapsulation ...", .source = INTERFACES "Configuring Layer 3 Interfaces"),

	/* Layer 2. A port that changes its layer loses its configuration. */
	MEMBER(PORT, "no switchport", .negate = "switchport",
	       .invalidates = "switchport ...;vrf member *;ip ...;ipv6 ...;hsrp ...",
	       .source = INTERFACES "Configuring Layer 2 Interfaces"),
	MEMBER(PORT, "switchport", .negate = "no switchport",
	       .invalidates = "switchport ...;vrf member *;ip ...;ipv6 ...;hsrp ..."),
	DEFAULT(PORT, "switchport mode access"),
	DEFAULT(PORT, "switchport access vlan 1"),
	DEFAULT(PORT, "switchport trunk native vlan 1"),
	SETTING(PORT, "switchport access vlan <number>", .uses = "vlan $1",
		.defines = "~access-vlan $^1"),
	SETTING(PORT, "switchport voice vlan <number>", .uses = "vlan $1"),
	SETTING(PORT, "switchport voice vlan *"),
	SETTING(PORT, "switchport trunk native vlan <number>", .uses = "vlan $1",
		.defines = "~trunk $^1"),
	MEMBER(PORT, "shutdown", .flags = SMD_RULE_ENTERED_FIRST),
	MEMBER(PORT, "no shutdown", .negate = "shutdown", .flags = SMD_RULE_ENTERED_LAST),
	/* Without the list a trunk carries all VLANs. */
	NUMBERS(PORT, "switchport trunk allowed vlan *", .flags = REQUIRED, .uses = "vlan $#",
		.defines = "~trunk $^1", .numbers = &allowed,
		.negate = "no switchport trunk allowed vlan"),
	/* What a mode needs is there before it, and goes behind it. */
	SETTING(PORT, "switchport mode = trunk", .uses = "~trunk $^1"),
	SETTING(PORT, "switchport mode = ..."),
	SETTING(PORT, "switchport port-security maximum|violation *",
		.uses = "feature port-security"),
	/* A port is in one bundle, and must leave it before it joins another. */
	SETTING(PORT, "channel-group = * mode on", .flags = FIRST | SMD_RULE_ENTERED_LAST,
		.uses = "interface port-channel$1",
		.source = INTERFACES "Configuring Port Channels"),
	SETTING(PORT, "channel-group = * ...", .flags = FIRST | SMD_RULE_ENTERED_LAST,
		.uses = "interface port-channel$1;feature lacp"),
	SETTING(PORT, "channel-group = *", .flags = FIRST | SMD_RULE_ENTERED_LAST,
		.uses = "interface port-channel$1"),
	VALUE(PORT, "lacp port-priority|rate|max-bundle|min-links *", .uses = "feature lacp"),
	SETTING(PORT, "vpc *", .uses = "feature vpc", .source = INTERFACES "Configuring vPCs"),
	SECTION(NULL, "vpc domain *", .uses = "feature vpc"),
	SETTING("vpc domain *", "role priority *"),
	SETTING("vpc domain *", "system-priority|system-mac *"),
	SETTING("vpc domain *", "delay restore *"),
	SETTING("vpc domain *", "delay restore interface-vlan *"),
	VALUE("vpc domain *", "peer-keepalive = ..."),
	SETTING(PORT, "spanning-tree port type ...", .source = LAYER2 "Configuring STP Extensions"),
	SETTING(PORT, "spanning-tree cost|port-priority|guard|bpduguard|bpdufilter|link-type *"),
	SETTING(PORT, "storm-control broadcast|multicast|unicast level ...",
		.source = SECURITY "Configuring Traffic Storm Control"),
	MEMBER(PORT, "storm-control action *"),

	/* Layer 3. A change of the VRF removes all of it: "Deleted all L3 config on interface". */
	VALUE(PORT, "vrf member *", .uses = "vrf $1",
	      .invalidates = "ip ...;ipv6 ...;no ip ...;no ipv6 ...;hsrp ...;vrrp ...;"
			     "fabric forwarding ...",
	      .source = UNICAST "Configuring Layer 3 Virtualization"),
	MEMBER(PORT, "ip address * secondary", .flags = SMD_RULE_UNIQUE, .uses = "primary $^1",
	       .source = UNICAST "Configuring IPv4; IPv6"),
	MEMBER(PORT, "ip address * secondary ..."), /* a tag, a preference */
	VALUE(PORT, "ip address = ...", .flags = SMD_RULE_UNIQUE, .defines = "primary $^1"),
	MEMBER(PORT, "ipv6 address ..."),
	SETTING(PORT, "ip unnumbered <interface>"),
	SETTING(PORT, "ip arp timeout *"),
	MEMBER(PORT, "ip dhcp relay address ...", .uses = "feature dhcp"),
	DIRECTED(PORT, "ip access-group =* in|out", .uses = "acl $1",
		 .source = SECURITY "Configuring IP ACLs"),
	DIRECTED(PORT, "ipv6 traffic-filter =* in|out", .uses = "acl $1"),
	DIRECTED(PORT, "ip port access-group =* in", .uses = "acl $1"),
	DIRECTED(PORT, "mac port access-group =*", .uses = "acl $1"),
	VALUE(PORT, "ip policy route-map *", .uses = "route-map $1;feature pbr"),
	SETTING(PORT, "fabric forwarding mode *", .uses = "feature fabric forwarding"),
	/* A policy must be detached before another is attached. */
	VALUE(PORT, "service-policy type * input|output *", .flags = FIRST, .uses = "policy-map $2",
	      .source = QOS "Using Modular QoS CLI"),
	VALUE(PORT, "ip router ospf|ospfv3 * area *", .uses = "feature ospf",
	      .source = UNICAST "Configuring OSPFv2"),
	MEMBER(PORT, "ip router ospf ...", .uses = "feature ospf"),
	MEMBER(PORT, "ip router eigrp *", .uses = "feature eigrp"),
	MEMBER(PORT, "ip router isis *", .uses = "feature isis"),
	MEMBER(PORT, "ip router rip *", .uses = "feature rip"),
	SETTING(PORT, "ip ospf cost|priority|hello-interval|dead-interval|network *",
		.uses = "feature ospf"),
	SETTING(PORT, "ip ospf authentication-key = ...", .flags = SECRET, .uses = "feature ospf"),
	SETTING(PORT, "ip ospf message-digest-key <number> md5 = ...", .flags = SECRET,
		.uses = "feature ospf"),
	MEMBER(PORT, "ip ospf ...", .uses = "feature ospf"),
	SETTING(PORT, "ip pim dr-priority|dr-delay|hello-interval *", .uses = "feature pim"),
	SETTING(PORT, "ip pim hello-authentication ...", .flags = SECRET, .uses = "feature pim"),
	MEMBER(PORT, "ip pim ...", .uses = "feature pim"),
	SETTING(PORT, "ip igmp version|query-interval|query-max-response-time *"),
	SETTING(PORT, "bfd interval ...", .uses = "feature bfd"),
	SECTION(PORT, "hsrp <number>", .uses = "feature hsrp",
		.source = UNICAST "Configuring HSRP"),
	SECTION(PORT, "hsrp <number> ipv4|ipv6", .uses = "feature hsrp"),
	SETTING(PORT, "hsrp version *", .uses = "feature hsrp"),
	MEMBER(HSRP, "ip * secondary"),
	VALUE(HSRP, "ip *"),
	SETTING(HSRP, "priority|name|mac-address *"),
	SETTING(HSRP, "timers ..."),
	VALUE(HSRP, "preempt"),
	SETTING(HSRP, "preempt = ..."),
	SETTING(HSRP, "authentication = ...", .flags = SECRET),

	/* VXLAN. */
	VALUE(NVE, "source-interface <interface>", .uses = "interface $1",
	      .source = VXLAN "Configuring VXLAN; VXLAN BGP EVPN"),
	SETTING(NVE, "source-interface hold-down-time *"),
	VALUE(NVE, "host-reachability protocol *"),
	SECTION(NVE, "member vni * associate-vrf", .negate = "no member vni $1 associate-vrf"),
	SECTION(NVE, "member vni *", .flags = SMD_RULE_EXPAND_LIST),
	SETTING(VNI, "mcast-group *"),
	VALUE(VNI, "ingress-replication protocol *"),
	SECTION(NULL, "evpn", .uses = "feature nv overlay"),
	SECTION("evpn", "vni * l2"),
	VALUE("evpn / vni * l2", "rd *"),
	MEMBER("evpn / vni * l2", "route-target import|export|both *"),

	/*
	 * Access lists. All entries are numbered, and removed by their numbers. A list without
	 * entries denies nothing.
	 */
	SECTION(NULL, "ip access-list *", .flags = REQUIRED, .defines = "acl $1",
		.source = SECURITY "Configuring IP ACLs"),
	SECTION(NULL, "ipv6 access-list *", .flags = REQUIRED, .defines = "acl $1"),
	SECTION(NULL, "mac access-list *", .flags = REQUIRED, .defines = "acl $1"),
	/* While a `deny` is missing, an entry behind it may permit what it denied. */
	ENTRY("...", .refers = "addrgroup=object-group;portgroup;time-range"),
	VALUE(ACL, "<number> = ...", .negate = "no $1", .flags = FIRST),
	SETTING(ACL, "fragments *"),
	ORDERED("ip access-list *", "= permit|deny|remark ...", .order = &resequence),
	ORDERED("ipv6 access-list *;mac access-list *", "= permit|deny|remark ..."),
	SECTION(NULL, "object-group ip|ipv6 address *", .defines = "object-group $1"),
	SECTION(NULL, "object-group ip port *", .defines = "portgroup $1"),
	VALUE("object-group ip|ipv6 address *;object-group ip port *", "<number> = ...",
	      .negate = "no $1", .flags = FIRST),
	SECTION(NULL, "time-range *", .defines = "time-range $1"),
	SETTING(NULL, "ip prefix-list * description ...", .flags = SMD_RULE_FREE_TEXT,
		.source = UNICAST "Configuring Route Policy Manager"),
	VALUE(NULL, "ip prefix-list * seq <number> = deny ...", .flags = FIRST | REQUIRED,
	      .defines = "prefix-list $1", .advice = INSERT),
	VALUE(NULL, "ip prefix-list * seq <number> = ...", .flags = FIRST,
	      .defines = "prefix-list $1"),
	ORDERED(NULL, "ip prefix-list * = permit|deny ...", .defines = "prefix-list $1"),
	SETTING(NULL, "ipv6 prefix-list * description ...", .flags = SMD_RULE_FREE_TEXT),
	VALUE(NULL, "ipv6 prefix-list * seq <number> = deny ...", .flags = FIRST | REQUIRED,
	      .defines = "prefix-list6 $1", .advice = INSERT),
	VALUE(NULL, "ipv6 prefix-list * seq <number> = ...", .flags = FIRST,
	      .defines = "prefix-list6 $1"),
	VALUE(NULL, "ip as-path access-list * seq <number> = ...", .flags = FIRST,
	      .defines = "as-path $1"),
	VALUE(NULL, "ip community-list standard|expanded * seq <number> = ...", .flags = FIRST,
	      .defines = "community-list $1"),
	ORDERED(NULL, "ip as-path access-list * = ...", .defines = "as-path $1"),
	ORDERED(NULL, "ip community-list standard|expanded * = ...",
		.defines = "community-list $1"),

	/*
	 * Route maps. An entry without its match matches all. Matches of a kind are a list, which
	 * is shown on one line: new ones are added to it, and `no` removes those that it names.
	 */
	SECTION(NULL, ROUTE_MAP, .defines = "route-map $1"),
	SETTING(ROUTE_MAP, "description ...", .flags = SMD_RULE_FREE_TEXT),
	MEMBER(ROUTE_MAP, "match ip address prefix-list ...", .flags = LISTED,
	       .uses = "prefix-list $1"),
	MEMBER(ROUTE_MAP, "match ipv6 address prefix-list ...", .flags = LISTED,
	       .uses = "prefix-list6 $1"),
	VALUE(ROUTE_MAP, "match ip|ipv6 address *", .flags = REQUIRED | FIRST, .uses = "acl $1"),
	MEMBER(ROUTE_MAP, "match as-path ...", .flags = LISTED, .uses = "as-path $1"),
	MEMBER(ROUTE_MAP, "match interface|tag ...", .flags = LISTED),
	VALUE(ROUTE_MAP, "match community = *", .flags = REQUIRED | FIRST,
	      .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "match community = * exact-match", .flags = REQUIRED | FIRST,
	      .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "match ip|ipv6 * = ...", .flags = REQUIRED | FIRST),
	VALUE(ROUTE_MAP, "match * = ...", .flags = REQUIRED | FIRST),
	SETTING(ROUTE_MAP, "continue *"),
	VALUE(ROUTE_MAP, "set local-preference|weight|tag|origin|metric-type|level *"),
	VALUE(ROUTE_MAP, "set metric ..."),
	/* A new one joins the old. */
	VALUE(ROUTE_MAP, "set community = ...", .flags = FIRST),
	VALUE(ROUTE_MAP, "set comm-list = * delete", .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "set as-path prepend ..."),

	/* Routing. */
	MEMBER(NULL, "ip|ipv6 route ...", .source = UNICAST "Configuring Static Routing"),
	SECTION(NULL, "track * ...", .negate = "no track $1", .defines = "track $1"),
	SECTION(NULL, "key chain *", .defines = "key-chain $1"),
	SECTION("key chain *", "key <number>"),
	SETTING("key chain * / key <number>", "key-string = ...", .flags = HASHED),
	SECTION(NULL, "router bgp *", .uses = "feature bgp",
		.source = UNICAST "Configuring Basic BGP; Advanced BGP"),
	SECTION("router bgp *", "vrf *", .uses = "vrf $1"),
	SECTION(BGP, "address-family ..."),
	SECTION("router bgp *", "template peer *", .defines = "peer $1"),
	SECTION("router bgp *", "template peer-policy *", .defines = "peer-policy $1"),
	SECTION("router bgp *", "template peer-session *", .defines = "peer-session $1"),
	SECTION(BGP, "neighbor *"),
	SECTION(BGP, "neighbor * remote-as *", .negate = "no neighbor $1"),
	SECTION(NEIGHBOR, "address-family ..."),
	SETTING(BGP, "router-id *"),
	SETTING(BGP, "cluster-id *"),
	SETTING(BGP, "confederation identifier *"),
	SETTING(BGP, "timers bgp|prefix-peer-timeout|prefix-peer-wait|bestpath-limit = ..."),
	SETTING(NEIGHBOR, "timers ..."),
	SETTING(BGP, "graceful-restart restart-time|stalepath-time *"),
	VALUE(NEIGHBOR, "remote-as *"),
	SETTING(NEIGHBOR, "description ...", .flags = SMD_RULE_FREE_TEXT),
	VALUE(NEIGHBOR, "update-source <interface>", .uses = "interface $1"),
	SETTING(NEIGHBOR, "ebgp-multihop *"),
	SETTING(NEIGHBOR, "local-as ..."),
	SETTING(NEIGHBOR, "password = ...", .flags = HASHED),
	VALUE(NEIGHBOR, "inherit peer *", .uses = "peer $1"),
	VALUE(NEIGHBOR, "inherit peer-session *", .uses = "peer-session $1"),
	VALUE(FAMILY, "inherit peer-policy = * <number>", .uses = "peer-policy $1"),
	DIRECTED(FAMILY, "route-map =* in|out", .uses = "route-map $1"),
	DIRECTED(FAMILY, "prefix-list =* in|out", .uses = "prefix-list $1"),
	DIRECTED(FAMILY, "filter-list =* in|out", .uses = "as-path $1"),
	SETTING(FAMILY, "maximum-prefix ..."),
	SETTING(FAMILY, "weight|advertisement-interval *"),
	VALUE(FAMILY, "allowas-in"),
	SETTING(FAMILY, "allowas-in = *"),
	VALUE(FAMILY, "default-originate"),
	SETTING(FAMILY, "default-originate = route-map *", .uses = "route-map $1"),
	SETTING(FAMILY, "maximum-paths <number>"),
	SETTING(FAMILY, "maximum-paths ibgp|eibgp|mixed *"),
	SETTING(FAMILY, "distance ..."),
	MEMBER(FAMILY, "network * route-map *", .uses = "route-map $2"),
	MEMBER(FAMILY, "network ..."),
	SECTION(NULL, "router ospf *", .uses = "feature ospf",
		.source = UNICAST "Configuring OSPFv2; EIGRP; RIP; IS-IS"),
	SECTION(NULL, "router ospfv3 *", .uses = "feature ospfv3"),
	SECTION(NULL, "router eigrp *", .uses = "feature eigrp"),
	SECTION(NULL, "router rip *", .uses = "feature rip"),
	SECTION(NULL, "router isis *", .uses = "feature isis"),
	SECTION("router ospf *;router ospfv3 *;router eigrp *;router rip *;router isis *", "vrf *",
		.uses = "vrf $1"),
	SECTION("router ospfv3 *;router eigrp *;router rip *;router isis *;vrf *",
		"address-family ..."),
	SETTING(ROUTER, "router-id *"),
	SETTING(ROUTER, "auto-cost reference-bandwidth ..."),
	SETTING(ROUTER, "log-adjacency-changes ..."),
	SETTING(ROUTER, "maximum-paths *"),
	SETTING(ROUTER, "default-metric ..."),
	SETTING(ROUTER, "distance ..."),
	SETTING(ROUTER, "timers throttle spf|lsa ..."),
	SETTING(ROUTER, "autonomous-system *"),
	SETTING(ROUTER, "timers basic ..."),
	VALUE(ROUTER, "default-information originate"),
	SETTING(ROUTER, "default-information originate = ...", .refers = "route-map"),
	VALUE(ROUTER, "redistribute direct|static = route-map *", .uses = "route-map $1"),
	VALUE(ROUTER, "redistribute ospf|ospfv3|eigrp|bgp|isis|rip * = route-map *",
	      .uses = "route-map $2"),

	/* Quality of service. */
	SECTION(NULL, "class-map type * match-any|match-all *", .defines = "class-map $2",
		.source = QOS "Using Modular QoS CLI; Configuring Classification"),
	SECTION(NULL, "class-map type * *", .defines = "class-map $2"),
	SECTION(NULL, "class-map match-any|match-all *", .defines = "class-map $1"),
	MEMBER(CLASS_MAP, "match access-group name *", .uses = "acl $1"),
	SECTION(NULL, "policy-map type * *", .defines = "policy-map $2"),
	SECTION(NULL, "policy-map *", .defines = "policy-map $1"),
	SETTING(POLICY_MAP, "description ...", .flags = SMD_RULE_FREE_TEXT),
	SECTION(POLICY_MAP, "class type * *", .flags = SMD_RULE_ORDERED_SECTION,
		.uses = "class-map $2"),
	SECTION(POLICY_MAP, "class *", .flags = SMD_RULE_ORDERED_SECTION, .uses = "class-map $1"),
	VALUE(CLASS, "bandwidth|police|shape|queue-limit|mtu ..."),
	VALUE(CLASS, "set dscp|precedence|cos|qos-group *"),
	SECTION(NULL, "system qos", .flags = PERMANENT),
	VALUE("system qos", "service-policy type * *", .uses = "policy-map $2"),
	VALUE("system qos", "service-policy type * input|output *", .uses = "policy-map $2"),

	/* Who may log in. Keys of SNMP users are shown localized, however they were entered. */
	VALUE(NULL, "username * password = 5 ...", .negate = "no username $1", .flags = SECRET,
	      .source = SECURITY "Configuring User Accounts and RBAC; AAA; TACACS+; RADIUS"),
	VALUE(NULL, "username * password = ...", .negate = "no username $1", .flags = HASHED),
	SETTING(NULL, "username * sshkey ..."),
	MEMBER(NULL, "username * ..."),
	SECTION(NULL, "role name *"),
	SECTION(NULL, "aaa group server radius *", .defines = "aaa-group $1"),
	SECTION(NULL, "aaa group server tacacs+ *", .defines = "aaa-group $1",
		.uses = "feature tacacs+"),
	/* Servers are asked in turn. */
	ORDERED("aaa group server radius *;aaa group server tacacs+ *", "server *",
		.uses = "server $1"),
	VALUE("aaa group server radius *;aaa group server tacacs+ *", "use-vrf *",
	      .uses = "vrf $1"),
	VALUE("aaa group server radius *;aaa group server tacacs+ *",
	      "source-interface <interface>"),
	VALUE(NULL, "aaa authentication login default|console = group *", .uses = "aaa-group $1"),
	VALUE(NULL, "aaa authentication login default|console = ...", .refers = "group=aaa-group"),
	VALUE(NULL, "aaa authorization commands|config-commands default|console = ..."),
	VALUE(NULL, "aaa accounting default = ..."),
	SETTING(NULL, "tacacs-server key = ...", .flags = HASHED, .uses = "feature tacacs+"),
	VALUE(NULL, "tacacs-server host * key = ...", .flags = HASHED,
	      .negate = "no tacacs-server host $1"),
	SETTING(NULL, "tacacs-server timeout|deadtime *", .uses = "feature tacacs+"),
	SETTING(NULL, "radius-server key = ...", .flags = HASHED),
	SETTING(NULL, "radius-server timeout|deadtime|retransmit *"),
	SETTING(NULL, "ip tacacs|radius source-interface <interface>"),
	SECTION(NULL, "line console", .flags = PERMANENT,
		.source = FUNDAMENTALS "Configuring Terminal Settings"),
	SECTION(NULL, "line vty", .flags = PERMANENT),
	SETTING("line console;line vty", "exec-timeout *"),
	SETTING("line console", "speed|databits|stopbits|parity *"),
	SETTING("line vty", "session-limit *"),
	DIRECTED("line vty", "access-class =* in|out", .uses = "acl $1"),
	DIRECTED("line vty", "ipv6 access-class =* in|out", .uses = "acl $1"),

	/* Management. */
	SETTING(NULL, "logging server * = ...", .source = MANAGEMENT "System Message Logging; NTP"),
	VALUE(NULL, "logging server * ="),
	VALUE(NULL, "logging console|monitor *", .negate = "$name"), /* the default severity */
	SETTING(NULL, "logging logfile = ..."),
	SETTING(NULL, "logging origin-id ..."),
	SETTING(NULL, "logging source-interface ..."),
	SETTING(NULL, "logging timestamp *"),
	VALUE(NULL, "logging level * *"),
	/* A server keeps its old options when new ones are entered. */
	VALUE(NULL, "ntp server|peer * = use-vrf *", .flags = FIRST, .uses = "vrf $2"),
	VALUE(NULL, "ntp server|peer * = prefer use-vrf *", .flags = FIRST, .uses = "vrf $2"),
	VALUE(NULL, "ntp server|peer * = ...", .flags = FIRST),
	VALUE(NULL, "ntp server|peer * ="),
	SETTING(NULL, "ntp source *"),
	SETTING(NULL, "ntp source-interface <interface>"),
	SETTING(NULL, "ntp authentication-key <number> md5 = ...", .flags = HASHED),
	VALUE(NULL, "ntp access-group peer|query-only|serve|serve-only *", .uses = "acl $1"),
	SETTING(NULL, "snmp-server user * use-ipv4acl|use-ipv6acl *", .uses = "acl $2"),
	SETTING(NULL, "snmp-server user * = ...", .flags = HASHED,
		.source = MANAGEMENT "Configuring SNMP"),
	SETTING(NULL, "snmp-server community * group = *", .flags = SECRET),
	SETTING(NULL, "snmp-server community * use-ipv4acl|use-ipv6acl|use-acl = *",
		.flags = SECRET, .uses = "acl $2"),
	MEMBER(NULL, "snmp-server community ...", .flags = SECRET),
	MEMBER(NULL, "snmp-server host ...", .flags = SECRET),
	SETTING(NULL, "snmp-server location|contact ...", .flags = SMD_RULE_FREE_TEXT),
	SETTING(NULL, "snmp-server source-interface trap|traps|inform|informs <interface>"),
	SECTION(NULL, "event manager applet *"),
	SETTING("event manager applet *", "action * = ..."),
	SECTION(NULL, "monitor session *"),
	SECTION(NULL, "monitor session * type *", .negate = "no monitor session $1"),
	SECTION(NULL, "flow record *", .defines = "flow-record $1", .uses = "feature netflow",
		.source = MANAGEMENT "Configuring NetFlow"),
	SECTION(NULL, "flow exporter *", .defines = "flow-exporter $1", .uses = "feature netflow"),
	SECTION(NULL, "flow monitor *", .defines = "flow-monitor $1", .uses = "feature netflow"),
	VALUE("flow monitor *", "record *", .uses = "flow-record $1"),
	MEMBER("flow monitor *", "exporter *", .uses = "flow-exporter $1"),
	SECTION(NULL, "fex *", .uses = "feature fex"),
};

static const char *const closers[] = {"!", "exit", "end", NULL};

/* The release is printed, but cannot be set. */
static const char *const noise[] = {
	"Building configuration\\.\\.\\.",
	"!.*",
	"version [0-9]+\\.[0-9]+\\([0-9A-Za-z.]+\\).*",
	NULL,
};

static const char *const interfaces[] = {
	"Ethernet", "loopback", "mgmt", "nve", "port-channel", "Tunnel", "Vlan", "sup-eth", NULL,
};

static const char *const signs[] = {
	"!Command: show .*",
	"!Running configuration last done at: .*",
	"!Time: .*",
	"version [0-9]+\\.[0-9]+\\([0-9A-Za-z.]+\\).*",
	"(no )?feature [a-z].*",
	"nv overlay evpn",
	"vdc \\S+ id [0-9]+",
	"limit-resource \\S+ minimum .*",
	"vrf context .*",
	"vrf member .*",
	"vn-segment [0-9]+",
	"interface (mgmt0|nve[0-9]+)",
	"interface (port-channel|loopback)[0-9]+(\\.[0-9]+)?",
	"boot (nxos|kickstart) .*",
	"copp profile .*",
	"(no )?system default switchport.*",
	"no password strength-check",
	"rmon event [0-9]+ .*",
	"username \\S+ password 5 .* role .*",
	"fabric forwarding .*",
	"hardware (profile|access-list) .*",
	"line console",
	NULL,
};

const struct smd_dialect smd_nxos_dialect = {
	.size = sizeof(struct smd_dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 2,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.squeeze = 1, /* `password 5 HASH  role NAME` is printed with two */
	.interfaces = interfaces,
	.atomic_method =
		"configure dual-stage", /* Nexus 9000, 10.5(x): Two-stage Configuration Commit */
	.signs = signs,
};
