/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of Cisco IOS 15 and IOS-XE 16 and 17 prints, as
 * rules. What is not here is kept as its own text, and removed by `no` and the
 * whole line.
 */
#include "ios.h"

#define FUNDAMENTALS "Configuration Fundamentals Command Reference, IOS 15M&T, "
#define LAN "LAN Switching Command Reference, IOS 15M&T, "
#define CATALYST "Catalyst 9300 Command Reference, IOS-XE 17.3, "
#define ADDRESSING "IP Addressing Services Command Reference, IOS 15M&T, "
#define ACLS "Security Configuration Guide: Access Control Lists, IOS-XE 3S, "
#define SECURITY "Security Command Reference, IOS 15M&T, "
#define MANAGEMENT "Network Management Command Reference, IOS 15M&T, "
#define ROUTING "IP Routing: Protocol-Independent Command Reference, IOS 15M&T, "
#define BGP_GUIDE "IP Routing: BGP Command Reference, IOS 15M&T, "
#define OSPF_GUIDE "IP Routing: OSPF Command Reference, IOS 15M&T, "
#define EIGRP_GUIDE "IP Routing: EIGRP Command Reference, IOS 15M&T, "
#define QOS "Quality of Service Solutions Command Reference, IOS 15M&T, "

#define RULE(of, where, text, ...)                                                                 \
	{                                                                                          \
		.within = where, .line = text, .kind = SMD_RULE_##of, __VA_ARGS__                  \
	}
#define SECTION(where, text, ...) RULE(SECTION, where, text, __VA_ARGS__)
#define VALUE(where, text, ...) RULE(VALUE, where, text, __VA_ARGS__)
#define MEMBER(where, text, ...) RULE(MEMBER, where, text, __VA_ARGS__)
#define NUMBERS(where, text, ...) RULE(NUMBERS, where, text, __VA_ARGS__)
#define ORDERED(where, text, ...) RULE(ORDERED, where, text, __VA_ARGS__)
#define BLOCK(where, text, ...) RULE(BLOCK, where, text, __VA_ARGS__)
#define DEFAULT(where, text, ...) RULE(DEFAULT, where, text, __VA_ARGS__)
/* A value that is removed by its name alone. */
#define SETTING(where, text, ...) VALUE(where, text, .negate = "no $name", __VA_ARGS__)
/* One for each direction, which stands behind the name of what is bound. */
#define DIRECTED(where, text, ...) VALUE(where, text, .flags = SMD_RULE_GUARD, __VA_ARGS__)

#define GUARD SMD_RULE_GUARD
#define FIRST SMD_RULE_REMOVE_FIRST
#define SECRET SMD_RULE_SECRET
#define HASHED (SMD_RULE_SECRET | SMD_RULE_REHASHED)
#define STAYS SMD_RULE_STAYS

#define PORT                                                                                       \
	"interface Vlan1;interface Vlan<number>;interface Loopback<number>;"                       \
	"interface Port-channel<number>;interface Tunnel<number>;interface BDI<number>;"           \
	"interface BVI<number>;interface Dialer<number>;interface Virtual-Template<number>;"       \
	"interface Multilink<number>;interface nve<number>;interface VirtualPortGroup<number>;"    \
	"interface <interface>.<number>;"                                                          \
	"interface <interface> point-to-point|multipoint|l2transport;interface <interface>"
#define LINE "line ..."
#define ACL "ip access-list standard|extended *"
#define ACL6 "ipv6 access-list *"
#define ROUTE_MAP "route-map * permit|deny <number>"
#define CLASS_MAP                                                                                  \
	"class-map *;class-map match-any|match-all *;class-map type * *;"                          \
	"class-map type * match-any|match-all *"
#define POLICY_MAP "policy-map *;policy-map type * *"
#define CLASS                                                                                      \
	"policy-map * / class *;policy-map type * * / class *;"                                    \
	"policy-map type * * / class type * *"
#define BGP                                                                                        \
	"router bgp *;router bgp * / address-family ipv4|ipv6 vrf *;"                              \
	"router bgp * / address-family ...;router bgp * / template peer-policy *;"                 \
	"router bgp * / template peer-session *"
#define OSPF "router ospf *;router ospf * vrf *;router ospfv3 *;ipv6 router ospf *"
#define EIGRP                                                                                      \
	"router eigrp *;router eigrp * / address-family ipv4|ipv6 unicast vrf * "                  \
	"autonomous-system *;router eigrp * / address-family ...;"                                 \
	"address-family ... / topology *"
#define ROUTER OSPF ";" EIGRP ";router rip;router isis;router isis *;" BGP
#define VRF "vrf definition *;vrf definition * / address-family ...;ip vrf *"

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

static const struct smd_numbers_form pruned = {
	.add = "switchport trunk pruning vlan add $#",
	.remove = "switchport trunk pruning vlan remove $#",
	.none = "switchport trunk pruning vlan none",
	.except = "switchport trunk pruning vlan except $#",
	.first = 2,
	.last = 1001,
	.longest = 80,
};

static const struct smd_numbers_form snooped = {
	.remove = "no ip dhcp snooping vlan $#",
	.first = 1,
	.last = 4094,
	.longest = 80,
};

static const struct smd_numbers_form inspected = {
	.remove = "no ip arp inspection vlan $#",
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

/* The device counts the entries though it does not print the numbers: 10, 20, 30. */
static const struct smd_order_form resequence = {
	.renumber = "ip access-list resequence $1 $first $step",
	.insert = "$# $line",
	.remove = "no $#",
};

static const struct smd_rule rules[] = {
	/* The box. */
	SETTING(NULL, "hostname *", .source = FUNDAMENTALS "hostname, banner, clock, service"),
	SETTING(NULL, "ip domain name *"),
	SETTING(NULL, "ip domain-name *"),
	SETTING(NULL, "ip default-gateway *"),
	SETTING(NULL, "clock timezone ..."),
	SETTING(NULL, "clock summer-time ..."),
	SETTING(NULL, "service timestamps debug ..."),
	SETTING(NULL, "service timestamps log ..."),
	SETTING(NULL, "ip ssh version|time-out|authentication-retries|source-interface *"),
	SETTING(NULL, "ip http port|secure-port|max-connections *"),
	VALUE(NULL, "ip http access-class *", .uses = "acl $1"),
	VALUE(NULL, "ip http access-class ipv4 *", .uses = "acl $1"),
	SETTING(NULL, "ip http authentication *"),
	SETTING(NULL, "ip tftp|ftp|telnet source-interface <interface>"),
	SETTING(NULL, "ip ftp username *"),
	VALUE(NULL, "ip ftp password = 0 *", .negate = "no ip ftp password", .flags = HASHED),
	SETTING(NULL, "ip ftp password = ...", .flags = SECRET),
	SETTING(NULL, "sdm prefer ..."),
	SETTING(NULL, "cdp timer|holdtime *"),
	SETTING(NULL, "lldp timer|holdtime|reinit *"),
	SETTING(NULL, "system mtu *"),
	SECTION(NULL, "control-plane", .flags = STAYS),
	VALUE("control-plane", "service-policy input|output *", .flags = FIRST,
	      .uses = "policy-map $1"),
	SECTION(NULL, "redundancy", .flags = STAYS),
	SECTION(NULL, "archive"),
	SETTING("archive", "path ..."),
	SETTING("archive", "maximum|time-period *"),
	SECTION("archive", "log config"),
	/* The text goes on until the character it began with comes again. */
	BLOCK(NULL, "banner motd|login|exec|incoming|prompt-timeout|slip-ppp ...",
	      .negate = "no $name", .until = "$delimiter"),
	BLOCK(NULL, "aaa authentication banner|fail-message ...", .negate = "no $name",
	      .until = "$delimiter", .source = SECURITY "aaa authentication banner"),
	BLOCK(LINE, "vacant-message|refuse-message ...", .negate = "no $name",
	      .until = "$delimiter", .source = FUNDAMENTALS "vacant-message"),
	BLOCK(NULL, "menu * title ...", .negate = "no menu $1", .until = "$delimiter"),
	BLOCK(NULL, "macro name *", .negate = "no macro name $1", .until = "@",
	      .source = CATALYST "macro name"),

	/* VLANs. VLAN 1 is always there. */
	SECTION(NULL, "vlan 1", .flags = STAYS, .defines = "vlan 1", .source = CATALYST "vlan"),
	SECTION(NULL, "vlan *", .flags = SMD_RULE_SPREAD, .defines = "vlan $1"),
	SETTING("vlan 1;vlan *", "name *"),
	SETTING("vlan 1;vlan *", "state *"),
	SETTING("vlan 1;vlan *", "private-vlan association *"),
	SECTION(NULL, "vlan configuration *"),
	SECTION(NULL, "vlan access-map * <number>", .defines = "vlan-map $1",
		.source = CATALYST "vlan access-map, vlan filter"),
	MEMBER("vlan access-map * <number>", "match ip address *", .uses = "acl $1"),
	SETTING("vlan access-map * <number>", "action *"),
	MEMBER(NULL, "vlan filter * vlan-list *", .uses = "vlan-map $1"),
	SETTING(NULL, "vtp mode|domain|version|interface *", .source = CATALYST "vtp"),
	SETTING(NULL, "vtp password ...", .flags = SECRET),
	SETTING(NULL, "spanning-tree mode *", .source = CATALYST "spanning-tree"),
	SETTING(NULL, "spanning-tree pathcost method *"),
	SETTING(NULL, "spanning-tree mst max-age|max-hops|hello-time|forward-time *"),
	SECTION(NULL, "spanning-tree mst configuration"),
	SETTING("spanning-tree mst configuration", "name *"),
	SETTING("spanning-tree mst configuration", "revision *"),
	NUMBERS("spanning-tree mst configuration", "instance <number> vlan ...",
		.negate = "no instance $1", .numbers = &instance),
	NUMBERS(NULL, "ip dhcp snooping vlan *", .negate = "no ip dhcp snooping vlan $#",
		.numbers = &snooped, .source = CATALYST "ip dhcp snooping vlan"),
	NUMBERS(NULL, "ip arp inspection vlan *", .negate = "no ip arp inspection vlan $#",
		.numbers = &inspected, .source = CATALYST "ip arp inspection vlan"),
	SETTING(NULL, "errdisable recovery interval *"),
	SETTING(NULL, "port-channel load-balance ..."),
	SETTING(NULL, "lacp system-priority *"),
	MEMBER(NULL, "monitor session * source|destination ..."),

	/* VRFs. A route distinguisher is not overwritten. */
	SECTION(NULL, "vrf definition *", .defines = "vrf $1",
		.source = "MPLS Command Reference, IOS 15M&T, vrf definition, rd, route-target"),
	SECTION(NULL, "ip vrf *", .defines = "vrf $1"),
	SECTION("vrf definition *", "address-family ...", .until = "exit-address-family"),
	SETTING(VRF, "description ..."),
	VALUE(VRF, "rd *", .flags = FIRST),
	MEMBER(VRF, "route-target import|export|both *"),
	MEMBER(VRF, "route-target import|export|both * stitching"),
	SETTING(VRF, "import|export map *", .uses = "route-map $1"),
	SETTING(VRF, "vnid *"),

	/*
	 * Interfaces. One of the hardware cannot be removed: emptied, it has its defaults. A
	 * VLAN's has its number's VLAN beneath.
	 */
	SECTION(NULL, "interface Vlan1", .flags = STAYS, .defines = "interface Vlan1",
		.source = "Interface and Hardware Component Command Reference, IOS 15M&T, "
			  "interface, description, mtu, duplex, speed, shutdown"),
	SECTION(NULL, "interface Vlan<number>", .defines = "interface Vlan$1", .uses = "vlan $1"),
	SECTION(NULL, "interface Loopback<number>", .defines = "interface Loopback$1"),
	SECTION(NULL, "interface Port-channel<number>", .defines = "interface Port-channel$1"),
	SECTION(NULL, "interface Tunnel<number>", .defines = "interface Tunnel$1"),
	SECTION(NULL, "interface BDI<number>", .defines = "interface BDI$1"),
	SECTION(NULL, "interface BVI<number>", .defines = "interface BVI$1"),
	SECTION(NULL, "interface Dialer<number>", .defines = "interface Dialer$1"),
	SECTION(NULL, "interface Virtual-Template<number>",
		.defines = "interface Virtual-Template$1"),
	SECTION(NULL, "interface Multilink<number>", .defines = "interface Multilink$1"),
	SECTION(NULL, "interface nve<number>", .defines = "interface nve$1"),
	SECTION(NULL, "interface VirtualPortGroup<number>",
		.defines = "interface VirtualPortGroup$1"),
	SECTION(NULL, "interface <interface>.<number>", .defines = "interface $1.$2",
		.uses = "interface $1"),
	SECTION(NULL, "interface <interface> point-to-point|multipoint|l2transport",
		.negate = "no interface $1", .defines = "interface $1"),
	SECTION(NULL, "interface <interface>", .flags = STAYS, .defines = "interface $1"),
	DEFAULT(PORT, "no shutdown"),
	DEFAULT(PORT, "duplex auto"),
	DEFAULT(PORT, "speed auto"),
	SETTING(PORT, "description ..."),
	SETTING(PORT, "bandwidth|delay|mtu|speed|duplex|load-interval|media-type *"),
	SETTING(PORT, "bandwidth receive *"),
	SETTING(PORT, "mac-address *"),
	SETTING(PORT, "carrier-delay ..."),
	VALUE(PORT, "keepalive ...", .negate = "default keepalive"),
	MEMBER(PORT, "hold-queue <number> in|out"),
	SETTING(PORT, "power inline ..."),
	SETTING(PORT, "udld port ..."),
	SETTING(PORT, "flowcontrol receive|send *"),

	/* Layer 2. A port that changes its layer begins anew. */
	MEMBER(PORT, "no switchport", .negate = "switchport",
	       .drops = "switchport ...;ip address ...;ipv6 address ...",
	       .source = CATALYST "switchport"),
	MEMBER(PORT, "switchport", .negate = "no switchport",
	       .drops = "switchport ...;ip address ...;ipv6 address ..."),
	DEFAULT(PORT, "switchport access vlan 1", .source = CATALYST "switchport access vlan"),
	DEFAULT(PORT, "switchport trunk native vlan 1"),
	SETTING(PORT, "switchport access vlan <number>", .uses = "vlan $1"),
	SETTING(PORT, "switchport access vlan dynamic"),
	SETTING(PORT, "switchport voice vlan <number>", .uses = "vlan $1"),
	SETTING(PORT, "switchport voice vlan *"),
	SETTING(PORT, "switchport trunk native vlan <number>", .uses = "vlan $1"),
	/* Without the list a trunk carries all VLANs. */
	NUMBERS(PORT, "switchport trunk allowed vlan *", .flags = GUARD, .uses = "vlan $#",
		.numbers = &allowed, .negate = "no switchport trunk allowed vlan",
		.source = LAN "switchport trunk"),
	NUMBERS(PORT, "switchport trunk pruning vlan *", .numbers = &pruned,
		.negate = "no switchport trunk pruning vlan"),
	SETTING(PORT, "switchport trunk encapsulation *"),
	SETTING(PORT, "switchport mode ..."),
	SETTING(PORT, "switchport private-vlan host-association|mapping ..."),
	SETTING(PORT, "switchport port-security maximum|violation *",
		.source = CATALYST "switchport port-security"),
	SETTING(PORT, "switchport port-security aging time|type *"),
	MEMBER(PORT, "switchport port-security mac-address ..."),
	/* A port is in one bundle, and leaves it before it enters another. */
	SETTING(PORT, "channel-group = * mode *", .flags = FIRST,
		.uses = "interface Port-channel$1", .source = CATALYST "channel-group"),
	SETTING(PORT, "channel-protocol *"),
	VALUE(PORT, "lacp port-priority|rate *"),
	SETTING(PORT, "spanning-tree cost|port-priority|guard|bpduguard|bpdufilter|link-type *",
		.source = CATALYST "spanning-tree"),
	SETTING(PORT, "spanning-tree vlan * cost|port-priority *"),
	VALUE(PORT, "spanning-tree portfast"),
	SETTING(PORT, "spanning-tree portfast = ..."),
	SETTING(PORT, "storm-control broadcast|multicast|unicast level ...",
		.source = CATALYST "storm-control"),
	MEMBER(PORT, "storm-control action *"),
	SETTING(PORT, "ip dhcp snooping limit rate *"),
	SETTING(PORT, "ip arp inspection limit ..."),
	SETTING(PORT, "authentication host-mode|order|priority|port-control|violation ..."),
	VALUE(PORT, "dot1x pae *"),
	SETTING(PORT, "dot1x timeout|max-req ..."),
	MEMBER(PORT, "vlan mapping <number> <number>"),
	SECTION(PORT, "service instance * ethernet"),
	SECTION(PORT, "service instance * ethernet *", .negate = "no service instance $1"),
	VALUE("service instance * ethernet;service instance * ethernet *", "encapsulation ..."),
	SETTING("service instance * ethernet;service instance * ethernet *", "description ..."),
	VALUE("service instance * ethernet;service instance * ethernet *", "bridge-domain ..."),
	VALUE("service instance * ethernet;service instance * ethernet *", "rewrite ..."),

	/* Layer 3. Another VRF takes the addresses away. */
	VALUE(PORT, "encapsulation ...", .source = LAN "encapsulation dot1q"),
	VALUE(PORT, "vrf forwarding *", .uses = "vrf $1",
	      .drops = "ip address ...;ipv6 address ...;ipv6 enable",
	      .source = "MPLS Command Reference, IOS 15M&T, vrf forwarding"),
	VALUE(PORT, "ip vrf forwarding *", .uses = "vrf $1", .drops = "ip address ..."),
	DEFAULT(PORT, "no ip address", .source = ADDRESSING "ip address"),
	MEMBER(PORT, "ip address * * secondary", .flags = SMD_RULE_UNIQUE),
	VALUE(PORT, "ip address = ...", .flags = SMD_RULE_UNIQUE),
	SETTING(PORT, "ip unnumbered <interface>"),
	SETTING(PORT, "ip mtu *"),
	SETTING(PORT, "ip tcp adjust-mss *"),
	SETTING(PORT, "ipv6 mtu *"),
	SETTING(PORT, "arp timeout *"),
	MEMBER(PORT, "ip helper-address ..."),
	DIRECTED(PORT, "ip access-group =* in|out", .uses = "acl $1",
		 .source = SECURITY "ip access-group"),
	DIRECTED(PORT, "ipv6 traffic-filter =* in|out", .uses = "acl6 $1"),
	VALUE(PORT, "ip policy route-map *", .uses = "route-map $1"),
	VALUE(PORT, "ip verify unicast ..."),
	SETTING(PORT, "ip igmp version|query-interval|query-max-response-time *"),
	VALUE(PORT, "ip igmp access-group *", .uses = "acl $1"),
	SETTING(PORT, "ip pim dr-priority|query-interval *"),
	VALUE(PORT, "zone-member security *", .uses = "zone $1"),
	VALUE(PORT, "crypto map *", .uses = "crypto-map $1", .source = SECURITY "crypto map"),
	SETTING(PORT, "tunnel source|destination|key|vrf *"),
	SETTING(PORT, "tunnel mode ..."),
	VALUE(PORT, "tunnel protection ipsec profile *", .uses = "ipsec-profile $1"),
	/* A policy is detached before another takes its place. */
	VALUE(PORT, "service-policy input|output *", .flags = FIRST, .uses = "policy-map $1",
	      .source = QOS "service-policy"),
	VALUE(PORT, "service-policy type * input|output *", .flags = FIRST,
	      .uses = "policy-map $2"),
	DIRECTED(PORT, "ip flow monitor =* input|output"),
	SETTING(PORT, "ip ospf cost|priority|hello-interval|dead-interval|retransmit-interval *",
		.source = OSPF_GUIDE "ip ospf"),
	SETTING(PORT, "ip ospf network ..."),
	VALUE(PORT, "ip ospf <number> area *"),
	SETTING(PORT, "ip ospf authentication-key = ...", .flags = SECRET),
	SETTING(PORT, "ip ospf message-digest-key <number> md5 = ...",
		.flags = SECRET | SMD_RULE_REMOVE_FIRST),
	VALUE(PORT, "ipv6 ospf <number> area *"),
	SETTING(PORT, "ip hello-interval|hold-time eigrp <number> *",
		.source = EIGRP_GUIDE "ip hello-interval eigrp"),
	SETTING(PORT, "isis circuit-type|metric ..."),
	SETTING(PORT, "bfd interval ..."),
	SETTING(PORT, "standby version *",
		.source = "First Hop Redundancy Protocols Command Reference, IOS 15M&T, standby"),
	VALUE(PORT, "standby <number> ip ="),
	MEMBER(PORT, "standby <number> ip * secondary"),
	SETTING(PORT, "standby <number> ip = *"),
	SETTING(PORT, "standby <number> priority|name *"),
	SETTING(PORT, "standby <number> timers = ..."),
	VALUE(PORT, "standby <number> preempt ="),
	SETTING(PORT, "standby <number> preempt = ..."),
	SETTING(PORT, "standby <number> authentication = ...", .flags = SECRET),
	SETTING(PORT, "vrrp <number> priority *"),
	SETTING(PORT, "vrrp <number> description|timers ..."),

	/*
	 * Access lists. One that is bound and empty lets all pass. Where numbers are printed
	 * one cannot be given twice: "Duplicate sequence number".
	 */
	SECTION(NULL, ACL, .flags = GUARD, .defines = "acl $1",
		.source = ACLS "IP Access List Entry Sequence Numbering"),
	VALUE(ACL, "<number> = ...", .negate = "no $1", .flags = FIRST),
	ORDERED(ACL, "= permit|deny|remark|evaluate|dynamic ...", .order = &resequence),
	SECTION(NULL, ACL6, .flags = GUARD, .defines = "acl6 $1"),
	VALUE(ACL6, "sequence <number> = ...", .negate = "no sequence $1", .flags = FIRST),
	ORDERED(ACL6, "= permit|deny|remark|evaluate ..."),
	SECTION(NULL, "mac access-list extended *", .flags = GUARD, .defines = "acl $1"),
	VALUE("mac access-list extended *", "<number> = ...", .negate = "no $1", .flags = FIRST),
	ORDERED("mac access-list extended *", "= permit|deny|remark ..."),
	/* However much of a numbered entry is named, its whole list is removed. */
	ORDERED(NULL, "access-list * = ...", .flags = GUARD | SMD_RULE_WHOLE,
		.negate = "no access-list $1", .defines = "acl $1",
		.source = SECURITY "access-list (IP extended)"),
	SECTION(NULL, "object-group network|service *", .defines = "object-group $1",
		.source = ACLS "Object Groups for ACLs"),
	SETTING("object-group network|service *", "description ..."),
	SECTION(NULL, "time-range *", .defines = "time-range $1"),
	/* The whole entry is named to remove it: "Incomplete command" otherwise. */
	SETTING(NULL, "ip prefix-list * description ...", .source = ROUTING "ip prefix-list"),
	VALUE(NULL, "ip prefix-list * seq <number> = ...", .flags = FIRST,
	      .defines = "prefix-list $1"),
	ORDERED(NULL, "ip prefix-list * = permit|deny ...", .defines = "prefix-list $1"),
	SETTING(NULL, "ipv6 prefix-list * description ..."),
	VALUE(NULL, "ipv6 prefix-list * seq <number> = ...", .flags = FIRST,
	      .defines = "prefix-list6 $1"),
	ORDERED(NULL, "ip as-path access-list * = ...", .defines = "as-path $1",
		.source = BGP_GUIDE "ip as-path access-list, ip community-list"),
	ORDERED(NULL, "ip community-list standard|expanded * = ...",
		.defines = "community-list $1"),
	ORDERED(NULL, "ip community-list <number> = ...", .defines = "community-list $1"),
	ORDERED(NULL, "ip extcommunity-list standard|expanded * = ...",
		.defines = "extcommunity-list $1"),
	ORDERED(NULL, "ip extcommunity-list <number> = ...", .defines = "extcommunity-list $1"),

	/* Route maps. An entry without its match takes all; a second match adds to the first. */
	SECTION(NULL, ROUTE_MAP, .defines = "route-map $1", .source = ROUTING "route-map"),
	SETTING(ROUTE_MAP, "description ..."),
	MEMBER(ROUTE_MAP, "match ip address prefix-list *", .flags = GUARD,
	       .uses = "prefix-list $1"),
	MEMBER(ROUTE_MAP, "match ip address prefix-list * *", .flags = GUARD,
	       .uses = "prefix-list $1;prefix-list $2"),
	MEMBER(ROUTE_MAP, "match ip address prefix-list ...", .flags = GUARD),
	MEMBER(ROUTE_MAP, "match ipv6 address prefix-list *", .flags = GUARD,
	       .uses = "prefix-list6 $1"),
	MEMBER(ROUTE_MAP, "match ip address *", .flags = GUARD, .uses = "acl $1"),
	MEMBER(ROUTE_MAP, "match ip address * *", .flags = GUARD, .uses = "acl $1;acl $2"),
	MEMBER(ROUTE_MAP, "match as-path *", .flags = GUARD, .uses = "as-path $1"),
	MEMBER(ROUTE_MAP, "match community *", .flags = GUARD, .uses = "community-list $1"),
	MEMBER(ROUTE_MAP, "match community * exact-match", .flags = GUARD,
	       .uses = "community-list $1"),
	MEMBER(ROUTE_MAP, "match extcommunity *", .flags = GUARD, .uses = "extcommunity-list $1"),
	MEMBER(ROUTE_MAP, "match ...", .flags = GUARD),
	SETTING(ROUTE_MAP, "continue *"),
	VALUE(ROUTE_MAP, "set local-preference|weight|tag|origin|metric-type|level *"),
	VALUE(ROUTE_MAP, "set metric ..."),
	VALUE(ROUTE_MAP, "set community = ..."),
	VALUE(ROUTE_MAP, "set extcommunity rt|soo|cost = ..."),
	VALUE(ROUTE_MAP, "set comm-list = * delete", .uses = "community-list $1"),
	VALUE(ROUTE_MAP, "set as-path prepend ..."),
	VALUE(ROUTE_MAP, "set ip precedence|tos|df *"),
	VALUE(ROUTE_MAP, "set vrf *", .uses = "vrf $1"),

	/* Static routes. */
	MEMBER(NULL, "ip route vrf * ...", .uses = "vrf $1", .source = ROUTING "ip route"),
	MEMBER(NULL, "ipv6 route vrf * ...", .uses = "vrf $1"),
	MEMBER(NULL, "ip route ..."),
	MEMBER(NULL, "ipv6 route ..."),
	SECTION(NULL, "track * ...", .negate = "no track $1", .defines = "track $1"),
	SECTION(NULL, "ip sla <number>", .defines = "sla $1"),
	SETTING(NULL, "ip sla schedule <number> = ...", .uses = "sla $1"),
	SECTION(NULL, "key chain *", .defines = "key-chain $1"),
	SECTION("key chain *", "key <number>"),
	SETTING("key chain * / key <number>", "key-string = 0 *", .flags = HASHED),
	SETTING("key chain * / key <number>", "key-string = ...", .flags = SECRET),

	/* BGP. Without its AS a neighbor is gone, so all that is said of it goes before. */
	SECTION(NULL, "router bgp *", .source = BGP_GUIDE "router bgp, address-family"),
	SECTION("router bgp *", "address-family ipv4|ipv6 vrf *", .uses = "vrf $1",
		.until = "exit-address-family"),
	SECTION("router bgp *", "address-family ...", .until = "exit-address-family"),
	SECTION("router bgp *", "template peer-policy *", .until = "exit-peer-policy"),
	SECTION("router bgp *", "template peer-session *", .until = "exit-peer-session"),
	SETTING(BGP, "bgp router-id ..."),
	SETTING(BGP, "bgp cluster-id *"),
	SETTING(BGP, "bgp confederation identifier *"),
	SETTING(BGP, "bgp graceful-restart restart-time|stalepath-time *"),
	SETTING(BGP, "timers bgp ..."),
	SETTING(BGP, "distance bgp ..."),
	SETTING(BGP, "maximum-paths <number>"),
	SETTING(BGP, "maximum-paths ibgp|eibgp *"),
	SETTING(BGP, "default-metric *"),
	MEMBER(BGP, "network * route-map *", .uses = "route-map $2"),
	MEMBER(BGP, "network * mask * route-map *", .uses = "route-map $3"),
	MEMBER(BGP, "neighbor * peer-group", .defines = "neighbor $1",
	       .source = BGP_GUIDE "neighbor"),
	VALUE(BGP, "neighbor * remote-as *", .negate = "no neighbor $1", .defines = "neighbor $1"),
	VALUE(BGP, "neighbor * peer-group *", .defines = "neighbor $1", .uses = "neighbor $2"),
	SETTING(BGP, "neighbor * description ...", .uses = "neighbor $1"),
	SETTING(BGP, "neighbor * update-source <interface>", .uses = "neighbor $1;interface $2"),
	SETTING(BGP, "neighbor * ebgp-multihop|weight|advertisement-interval|version *",
		.uses = "neighbor $1"),
	VALUE(BGP, "neighbor * ttl-security hops *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * maximum-prefix = ...", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * local-as = ...", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * timers = ...", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * transport connection-mode *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * allowas-in *", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * default-originate =", .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * default-originate = route-map *",
	      .negate = "no neighbor $1 default-originate", .uses = "neighbor $1;route-map $2"),
	VALUE(BGP, "neighbor * inherit peer-policy|peer-session *", .uses = "neighbor $1"),
	SETTING(BGP, "neighbor * password = <number> *", .flags = SECRET, .uses = "neighbor $1"),
	SETTING(BGP, "neighbor * password = ...", .flags = HASHED, .uses = "neighbor $1"),
	VALUE(BGP, "neighbor * unsuppress-map *", .uses = "neighbor $1;route-map $2"),
	DIRECTED(BGP, "neighbor * route-map =* in|out", .uses = "neighbor $1;route-map $2"),
	DIRECTED(BGP, "neighbor * prefix-list =* in|out", .uses = "neighbor $1;prefix-list $2"),
	DIRECTED(BGP, "neighbor * filter-list =* in|out", .uses = "neighbor $1;as-path $2"),
	DIRECTED(BGP, "neighbor * distribute-list =* in|out", .uses = "neighbor $1;acl $2"),
	MEMBER(BGP, "no neighbor * activate", .negate = "neighbor $1 activate",
	       .uses = "neighbor $1"),
	MEMBER(BGP, "neighbor * ...", .uses = "neighbor $1"),

	/* OSPF, EIGRP, RIP, IS-IS. What is redistributed keeps its old words when new come. */
	SECTION(NULL, "router ospf * vrf *", .uses = "vrf $2", .negate = "no router ospf $1",
		.source = OSPF_GUIDE "router ospf"),
	SECTION(NULL, "router ospf *"),
	SECTION(NULL, "router ospfv3 *"),
	SECTION("router ospfv3 *", "address-family ...", .until = "exit-address-family"),
	SECTION(NULL, "ipv6 router ospf *"),
	SECTION(NULL, "router eigrp *", .source = EIGRP_GUIDE "router eigrp, address-family"),
	SECTION("router eigrp *", "address-family ipv4|ipv6 unicast vrf * autonomous-system *",
		.uses = "vrf $1", .until = "exit-address-family"),
	SECTION("router eigrp *", "address-family ...", .until = "exit-address-family"),
	SECTION("address-family ...", "af-interface *", .until = "exit-af-interface"),
	SECTION("address-family ...", "topology *", .until = "exit-af-topology"),
	SECTION(NULL, "router rip"),
	SECTION(NULL, "router isis"),
	SECTION(NULL, "router isis *"),
	SETTING(ROUTER, "router-id *", .source = ROUTING "redistribute, distribute-list"),
	SETTING(ROUTER, "eigrp router-id *"),
	SETTING(ROUTER, "auto-cost reference-bandwidth *"),
	SETTING(ROUTER, "maximum-paths *"),
	SETTING(ROUTER, "default-metric ..."),
	SETTING(ROUTER, "distance ospf|eigrp ..."),
	SETTING(ROUTER, "timers throttle spf|lsa ..."),
	VALUE(ROUTER, "area * stub ="),
	SETTING(ROUTER, "area * stub = ..."),
	VALUE(ROUTER, "area * nssa ="),
	SETTING(ROUTER, "area * nssa = ..."),
	SETTING(ROUTER, "area * default-cost *"),
	SETTING(ROUTER, "max-metric router-lsa ..."),
	VALUE(ROUTER, "default-information originate"),
	SETTING(ROUTER, "default-information originate = ...", .flags = FIRST),
	VALUE(ROUTER, "redistribute connected|static|rip|odr|mobile"),
	SETTING(ROUTER, "redistribute connected|static|rip|odr|mobile = route-map *",
		.flags = FIRST, .uses = "route-map $1"),
	SETTING(ROUTER, "redistribute connected|static|rip = subnets route-map *", .flags = FIRST,
		.uses = "route-map $1"),
	SETTING(ROUTER, "redistribute connected|static|rip|odr|mobile = ...", .flags = FIRST),
	SETTING(ROUTER, "redistribute ospf|ospfv3|eigrp|bgp|isis * = route-map *", .flags = FIRST,
		.uses = "route-map $2"),
	SETTING(ROUTER, "redistribute ospf|ospfv3|eigrp|bgp|isis * = subnets route-map *",
		.flags = FIRST, .uses = "route-map $2"),
	SETTING(ROUTER, "redistribute ospf|ospfv3|eigrp|bgp|isis * = ...", .flags = FIRST),
	VALUE(ROUTER, "redistribute ospf|ospfv3|eigrp|bgp|isis * ="),
	DIRECTED(ROUTER, "distribute-list prefix =* in|out", .uses = "prefix-list $1"),
	DIRECTED(ROUTER, "distribute-list route-map =* in|out", .uses = "route-map $1"),
	DIRECTED(ROUTER, "distribute-list =* in|out", .uses = "acl $1"),

	/* Quality of service. */
	SECTION(NULL, "class-map match-any|match-all *", .defines = "class-map $1",
		.source = QOS "class-map, policy-map"),
	SECTION(NULL, "class-map type * match-any|match-all *", .defines = "class-map $2"),
	SECTION(NULL, "class-map type * *", .defines = "class-map $2"),
	SECTION(NULL, "class-map *", .defines = "class-map $1"),
	SETTING(CLASS_MAP, "description ..."),
	MEMBER(CLASS_MAP, "match access-group name *", .uses = "acl $1"),
	MEMBER(CLASS_MAP, "match access-group <number>", .uses = "acl $1"),
	SECTION(NULL, "policy-map type * *", .defines = "policy-map $2"),
	SECTION(NULL, "policy-map *", .defines = "policy-map $1"),
	SETTING(POLICY_MAP, "description ..."),
	SECTION(POLICY_MAP, "class type * *", .flags = SMD_RULE_PLACED, .uses = "class-map $2"),
	SECTION(POLICY_MAP, "class *", .flags = SMD_RULE_PLACED, .uses = "class-map $1"),
	VALUE(CLASS, "bandwidth|priority|police|shape|queue-limit ..."),
	VALUE(CLASS, "set dscp|precedence|cos|qos-group *"),
	VALUE(CLASS, "set ip dscp|precedence *"),
	VALUE(CLASS, "service-policy *", .flags = FIRST, .uses = "policy-map $1"),

	/* Firewall zones. */
	SECTION(NULL, "zone security *", .defines = "zone $1", .source = SECURITY "zone security"),
	SECTION(NULL, "zone-pair security * source * destination *",
		.negate = "no zone-pair security $1", .uses = "zone $2;zone $3"),
	VALUE("zone-pair security * source * destination *", "service-policy type inspect *",
	      .flags = FIRST, .uses = "policy-map $1"),

	/* Address translation and DHCP. */
	MEMBER(NULL, "ip nat pool * ...", .defines = "nat-pool $1", .source = ADDRESSING "ip nat"),
	MEMBER(NULL, "ip nat inside|outside source list * pool * ...",
	       .uses = "acl $1;nat-pool $2"),
	MEMBER(NULL, "ip nat inside|outside source list * pool *", .uses = "acl $1;nat-pool $2"),
	MEMBER(NULL, "ip nat inside|outside source list * ...", .uses = "acl $1"),
	MEMBER(NULL, "ip nat inside|outside source route-map * ...", .uses = "route-map $1"),
	SECTION(NULL, "ip dhcp pool *", .source = ADDRESSING "ip dhcp pool"),
	SETTING("ip dhcp pool *", "network|default-router|dns-server|domain-name|lease ..."),
	SETTING("ip dhcp pool *", "option <number> = ..."),
	SETTING("ip dhcp pool *", "vrf *", .uses = "vrf $1"),

	/* Who may log in. A password in clear, type 0, comes back encrypted. */
	SETTING(NULL, "enable secret level <number> = 0 *", .flags = HASHED,
		.source = SECURITY "enable password, enable secret, username, aaa"),
	SETTING(NULL, "enable secret|password level <number> = ...", .flags = SECRET),
	SETTING(NULL, "enable secret = 0 *", .flags = HASHED),
	SETTING(NULL, "enable secret = ...", .flags = SECRET),
	SETTING(NULL, "enable password = ...", .flags = SECRET),
	VALUE(NULL, "username * = secret|password 0 *", .negate = "no username $1",
	      .flags = HASHED),
	VALUE(NULL, "username * = privilege * secret|password 0 *", .negate = "no username $1",
	      .flags = HASHED),
	VALUE(NULL, "username * = secret|password ...", .negate = "no username $1",
	      .flags = SECRET),
	VALUE(NULL, "username * = privilege * secret|password ...", .negate = "no username $1",
	      .flags = SECRET),
	VALUE(NULL, "username * = privilege *", .negate = "no username $1"),
	SECTION(NULL, "aaa group server radius|tacacs+|ldap *", .defines = "aaa-group $1"),
	MEMBER("aaa group server radius|tacacs+|ldap *", "server-private ...", .flags = SECRET),
	MEMBER("aaa group server radius|tacacs+|ldap *", "server name *", .uses = "server $1"),
	VALUE("aaa group server radius|tacacs+|ldap *", "ip vrf forwarding *", .uses = "vrf $1"),
	SETTING("aaa group server radius|tacacs+|ldap *",
		"ip radius|tacacs source-interface <interface>"),
	SETTING(NULL, "aaa authentication login|enable|dot1x|ppp * = group *",
		.uses = "aaa-group $2"),
	SETTING(NULL, "aaa authentication login|enable|dot1x|ppp * = group * ...",
		.uses = "aaa-group $2"),
	SETTING(NULL, "aaa authentication login|enable|dot1x|ppp * = ..."),
	SETTING(NULL, "aaa authorization exec|network * = group * ...", .uses = "aaa-group $2"),
	SETTING(NULL, "aaa authorization exec|network|auth-proxy * = ..."),
	SETTING(NULL, "aaa authorization commands <number> * = group * ...",
		.uses = "aaa-group $3"),
	SETTING(NULL, "aaa authorization commands <number> * = ..."),
	SECTION(NULL, "aaa accounting exec|network|system|connection *"),
	SECTION(NULL, "aaa accounting commands <number> *"),
	SETTING("aaa accounting exec|network|system|connection *;"
		"aaa accounting commands <number> *",
		"action-type *"),
	MEMBER("aaa accounting exec|network|system|connection *;"
	       "aaa accounting commands <number> *",
	       "group *", .uses = "aaa-group $1"),
	SETTING(NULL, "aaa accounting exec|network|system|connection|dot1x * = ..."),
	SETTING(NULL, "aaa accounting commands <number> * = ..."),
	SECTION(NULL, "aaa server radius dynamic-author"),
	MEMBER("aaa server radius dynamic-author", "client ...", .flags = SECRET),
	SECTION(NULL, "radius server *", .defines = "server $1"),
	SECTION(NULL, "tacacs server *", .defines = "server $1"),
	VALUE("radius server *;tacacs server *", "address ipv4|ipv6 ..."),
	SETTING("radius server *;tacacs server *", "key = 0 *", .flags = HASHED),
	SETTING("radius server *;tacacs server *", "key = ...", .flags = SECRET),
	SETTING("radius server *;tacacs server *", "timeout|retransmit *"),
	SETTING(NULL, "tacacs-server|radius-server key = 0 *", .flags = HASHED),
	SETTING(NULL, "tacacs-server|radius-server key = ...", .flags = SECRET),
	SETTING(NULL, "tacacs-server|radius-server timeout|retransmit|deadtime *"),
	SETTING(NULL, "tacacs-server|radius-server host * = ...", .flags = SECRET),
	SETTING(NULL, "ip tacacs|radius source-interface ..."),
	SETTING(NULL, "login block-for ..."),
	SETTING(NULL, "security passwords min-length *"),

	/* Lines cannot be removed. Here `no` means never, none or anybody: `default` is meant. */
	SECTION(NULL, LINE, .flags = STAYS, .source = FUNDAMENTALS "line"),
	DEFAULT(LINE, "exec-timeout 10 0"),
	VALUE(LINE, "exec-timeout ...", .negate = "default $name"),
	SETTING(LINE, "session-timeout ..."),
	SETTING(LINE, "privilege level *"),
	VALUE(LINE, "transport input|output|preferred ...", .negate = "default $name"),
	VALUE(LINE, "length|width|stopbits|speed|databits|parity|flowcontrol *",
	      .negate = "default $name"),
	SETTING(LINE, "history size *"),
	SETTING(LINE, "password = 0 *", .flags = HASHED),
	SETTING(LINE, "password = ...", .flags = SECRET),
	VALUE(LINE, "login", .negate = "default login"),
	VALUE(LINE, "login = ...", .negate = "default login"),
	SETTING(LINE, "authorization exec|commands ..."),
	SETTING(LINE, "accounting exec|commands ..."),
	DIRECTED(LINE, "access-class =* in|out", .uses = "acl $1"),
	DIRECTED(LINE, "access-class =* in vrf-also", .uses = "acl $1"),
	DIRECTED(LINE, "ipv6 access-class =* in|out", .uses = "acl6 $1"),

	/* Management. What has a default that is not off goes back to it by `default`. */
	VALUE(NULL, "logging buffered ...", .negate = "default logging buffered",
	      .source = MANAGEMENT "logging, ntp, snmp-server"),
	VALUE(NULL, "logging console|monitor|trap *", .negate = "default $name"),
	SETTING(NULL, "logging facility *"),
	SETTING(NULL, "logging source-interface ..."),
	SETTING(NULL, "logging origin-id ..."),
	SETTING(NULL, "logging rate-limit ..."),
	SETTING(NULL, "logging host * vrf * = ...", .uses = "vrf $2"),
	VALUE(NULL, "logging host * vrf * =", .uses = "vrf $2"),
	SETTING(NULL, "logging host * = ..."),
	VALUE(NULL, "logging host * ="),
	SETTING(NULL, "ntp server vrf * * = ...", .uses = "vrf $1"),
	VALUE(NULL, "ntp server vrf * * =", .uses = "vrf $1"),
	SETTING(NULL, "ntp server|peer * = ..."),
	VALUE(NULL, "ntp server|peer * ="),
	SETTING(NULL, "ntp source ..."),
	SETTING(NULL, "ntp authentication-key <number> md5 = ...", .flags = SECRET),
	VALUE(NULL, "ntp access-group peer|query-only|serve|serve-only *", .uses = "acl $1"),
	MEMBER(NULL, "snmp-server community * RO|RW *", .flags = SECRET, .uses = "acl $2"),
	MEMBER(NULL, "snmp-server community ...", .flags = SECRET),
	MEMBER(NULL, "snmp-server host ...", .flags = SECRET),
	MEMBER(NULL, "snmp-server user ...", .flags = SECRET),
	SETTING(NULL, "snmp-server location|contact|chassis-id ..."),
	SETTING(NULL, "snmp-server trap-source|source-interface ..."),
	SETTING(NULL, "snmp-server engineID local *"),
	SETTING(NULL, "snmp-server packetsize|queue-length *"),
	SECTION(NULL, "event manager applet *",
		.source = "Embedded Event Manager Command Reference, IOS 15M&T, "
			  "event manager applet"),
	SETTING("event manager applet *", "description ..."),
	SETTING("event manager applet *", "action * = ..."),
	SECTION(NULL, "flow record *", .defines = "flow-record $1",
		.source = "Flexible NetFlow Command Reference, IOS 15M&T, flow"),
	SECTION(NULL, "flow exporter *", .defines = "flow-exporter $1"),
	SECTION(NULL, "flow monitor *", .defines = "flow-monitor $1"),
	VALUE("flow monitor *", "record *", .uses = "flow-record $1"),
	MEMBER("flow monitor *", "exporter *", .uses = "flow-exporter $1"),
	SETTING("flow exporter *", "destination|source|transport|export-protocol ..."),

	/* Keys and certificates. The lines of a certificate end with `quit`. */
	SECTION(NULL, "crypto pki trustpoint *", .defines = "trustpoint $1",
		.source = SECURITY "crypto"),
	SETTING("crypto pki trustpoint *", "enrollment ..."),
	SETTING("crypto pki trustpoint *", "subject-name|revocation-check|rsakeypair ..."),
	SECTION(NULL, "crypto pki certificate chain *", .uses = "trustpoint $1"),
	BLOCK("crypto pki certificate chain *", "certificate ...", .until = "quit"),
	SECTION(NULL, "crypto isakmp policy *"),
	SETTING("crypto isakmp policy *", "encr|encryption|hash|authentication|group|lifetime ..."),
	MEMBER(NULL, "crypto isakmp key ...", .flags = SECRET),
	SECTION(NULL, "crypto keyring *", .defines = "keyring $1"),
	SECTION(NULL, "crypto keyring * vrf *", .negate = "no crypto keyring $1",
		.defines = "keyring $1", .uses = "vrf $2"),
	MEMBER("crypto keyring *;crypto keyring * vrf *", "pre-shared-key ...", .flags = SECRET),
	SECTION(NULL, "crypto isakmp profile *", .defines = "isakmp-profile $1"),
	VALUE("crypto isakmp profile *", "keyring *", .uses = "keyring $1"),
	SETTING("crypto isakmp profile *", "vrf *", .uses = "vrf $1"),
	SECTION(NULL, "crypto ipsec transform-set * ...",
		.negate = "no crypto ipsec transform-set $1", .defines = "transform-set $1"),
	SECTION(NULL, "crypto ipsec profile *", .defines = "ipsec-profile $1"),
	SECTION(NULL, "crypto map * <number> ipsec-isakmp|ipsec-manual|gdoi",
		.negate = "no crypto map $1 $2", .defines = "crypto-map $1"),
	VALUE("crypto ipsec profile *;"
	      "crypto map * <number> ipsec-isakmp|ipsec-manual|gdoi",
	      "set transform-set *", .uses = "transform-set $1"),
	VALUE("crypto ipsec profile *;"
	      "crypto map * <number> ipsec-isakmp|ipsec-manual|gdoi",
	      "set pfs|isakmp-profile|ikev2-profile|security-association ..."),
	VALUE("crypto map * <number> ipsec-isakmp|ipsec-manual|gdoi", "match address *",
	      .uses = "acl $1"),

	/* Other secrets, wherever they stand. */
	MEMBER(NULL, "username ...", .flags = SECRET, .source = SECURITY "username"),
	MEMBER("**", "pre-shared-key ...", .flags = SECRET),
	MEMBER("**", "security wpa psk set-key ...", .flags = SECRET),
	MEMBER("**", "dot1x|mgmtuser username ...", .flags = SECRET),
	SETTING("**", "ppp chap|pap password = ...", .flags = SECRET),
};

static const char *const closers[] = {
	"!",
	"exit",
	"end",
	"exit-address-family",
	"exit-peer-policy",
	"exit-peer-session",
	"exit-af-interface",
	"exit-af-topology",
	"exit-service-family",
	NULL,
};

/* The release and the serial number are told, not set; so is the clock's drift. */
static const char *const noise[] = {
	"Building configuration\\.\\.\\.",
	"Current configuration ?:.*",
	"Using [0-9]+ out of [0-9]+ bytes.*",
	"!.*",
	"version [0-9]{2}\\.[0-9]+",
	"boot-(start|end)-marker",
	"license udi pid .*",
	"ntp clock-period [0-9]+",
	NULL,
};

static const char *const interfaces[] = {
	"AppGigabitEthernet",
	"Async",
	"ATM",
	"BDI",
	"BVI",
	"Cellular",
	"Dialer",
	"Embedded-Service-Engine",
	"Ethernet",
	"FastEthernet",
	"FiveGigabitEthernet",
	"FortyGigabitEthernet",
	"FourHundredGigE",
	"GigabitEthernet",
	"HundredGigE",
	"Loopback",
	"Multilink",
	"Null",
	"nve",
	"Port-channel",
	"POS",
	"pseudowire",
	"Serial",
	"TenGigabitEthernet",
	"Tunnel",
	"TwentyFiveGigE",
	"TwoGigabitEthernet",
	"TwoHundredGigE",
	"Virtual-Template",
	"VirtualPortGroup",
	"Vlan",
	"Wlan-GigabitEthernet",
	NULL,
};

static const char *const signs[] = {
	"Current configuration : [0-9]+ bytes",
	"! Last configuration change at .*",
	"! NVRAM config last updated at .*",
	"version 1[0-9]\\.[0-9]+",
	"service timestamps (debug|log) .*",
	"boot-(start|end)-marker",
	"(no )?aaa new-model",
	"ip forward-protocol nd",
	"(no )?ip http (secure-)?server",
	"license udi pid .*",
	"control-plane",
	"line (con|aux) 0",
	"line vty [0-9]+ [0-9]+",
	"interface (Two|Five|Ten|Forty)?GigabitEthernet[0-9]+(/[0-9]+){0,2}(\\.[0-9]+)?",
	"interface (TwentyFive|Hundred|TwoHundred|FourHundred)GigE[0-9]+(/[0-9]+)*",
	"ip address [0-9.]+ (255|254|252|248|240|224|192|128)(\\.[0-9]+){3}( secondary)?",
	"no ip address",
	"vrf (definition|forwarding) .*",
	"ip vrf .*",
	"ip access-list (standard|extended) .*",
	"switchport trunk encapsulation .*",
	"crypto pki certificate chain .*",
	NULL,
};

const struct smd_dialect smd_ios_dialect = {
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
	.squeeze = 1, /* `deny   any` is printed for `deny any` */
	.interfaces = interfaces,
	.signs = signs,
};
