/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of Arista EOS prints, as rules. What is not here
 * is kept as its own text, and removed by `no` and the whole line.
 *
 * A VALUE is removed by the words before the value (`no mtu`), a WHOLE by all
 * of its line (`no ip address 10.0.0.1/24`), for its short form would take more.
 */
#include "eos.h"

#define MANUAL "Arista EOS User Manual 4.30.1F, "

#define SECTION(in, text, ...)                                                                     \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_SECTION, __VA_ARGS__                  \
	}
#define VALUE(in, text, ...)                                                                       \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_VALUE, .negate = "no $name",          \
		__VA_ARGS__                                                                        \
	}
#define WHOLE(in, text, ...)                                                                       \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_VALUE, __VA_ARGS__                    \
	}
#define MEMBER(in, text, ...)                                                                      \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_MEMBER, __VA_ARGS__                   \
	}
#define ORDERED(in, text, ...)                                                                     \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_ORDERED, __VA_ARGS__                  \
	}
#define NUMBERS(in, text, ...)                                                                     \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_NUMBERS, __VA_ARGS__                  \
	}
#define BLOCK(in, text, ...)                                                                       \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_BLOCK, .negate = "no $name",          \
		__VA_ARGS__                                                                        \
	}
#define DEFAULT(in, text, ...)                                                                     \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_DEFAULT, __VA_ARGS__                  \
	}
#define SOURCE(chapter) .source = MANUAL chapter

/* Sections by the line of their rule. */
#define INTERFACE "interface <interface>"
#define VLAN "vlan *"
#define ACCESS_LIST                                                                                \
	"ip access-list standard *;ip access-list *;ipv6 access-list standard *;"                  \
	"ipv6 access-list *;mac access-list *"
#define PREFIX_LIST "ip prefix-list *;ipv6 prefix-list *"
#define ROUTE_MAP "route-map * * *"
#define BGP "router bgp *"
#define BGP_VRF "router bgp * / vrf *"
#define BGP_EVPN "router bgp * / vlan *;vlan-aware-bundle *"
#define BGP_PEERS BGP ";" BGP_VRF ";address-family ..."
#define OSPF "router ospf *;router ospf * vrf *;router ospfv3 *;router ospfv3 * vrf *"
#define ISIS "router isis *"
#define ROUTER BGP_PEERS ";" OSPF ";" ISIS

static const struct smd_numbers_form trunk = {
	.add = "switchport trunk allowed vlan add $#",
	.remove = "switchport trunk allowed vlan remove $#",
	.none = "switchport trunk allowed vlan none",
	.all = "switchport trunk allowed vlan all",
	.except = "switchport trunk allowed vlan except $#",
	.first = 1,
	.last = 4094,
};

/* VLANs without spanning tree: each line adds to them. */
static const struct smd_numbers_form unspanned = {
	.remove = "spanning-tree vlan-id $#",
	.first = 1,
	.last = 4094,
};

static const struct smd_numbers_form unspanned_before_4_21 = {
	.remove = "spanning-tree vlan $#",
	.first = 1,
	.last = 4094,
};

/* VLANs of a spanning tree instance: the same. */
static const struct smd_numbers_form instance = {
	.remove = "no instance $1 vlan $#",
	.first = 1,
	.last = 4094,
};

static const struct smd_rule rules[] = {
	/* Who may log in. A password in clear is shown as a hash with a salt of its own. */
	VALUE(NULL, "username * sshkey|ssh-key ...", SOURCE("User Security, username sshkey")),
	VALUE(NULL, "username * shell *"),
	WHOLE(NULL, "username * = secret 0 *", .negate = "no username $1",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED, SOURCE("User Security, username")),
	WHOLE(NULL, "username * = privilege * secret 0 *", .negate = "no username $1",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	WHOLE(NULL, "username * = role * secret 0 *", .negate = "no username $1",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	WHOLE(NULL, "username * = privilege * role * secret 0 *", .negate = "no username $1",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	WHOLE(NULL, "username * ...", .negate = "no username $1", .flags = SMD_RULE_SECRET),
	DEFAULT(NULL, "no enable password", SOURCE("User Security, enable password")),
	VALUE(NULL, "enable password|secret ...", .flags = SMD_RULE_SECRET),
	DEFAULT(NULL, "no aaa root", SOURCE("User Security, aaa root")),
	WHOLE(NULL, "aaa root ...", .negate = "no aaa root", .flags = SMD_RULE_SECRET),
	VALUE(NULL, "aaa authentication login|enable|dot1x * ...",
	      SOURCE("User Security, aaa authentication")),
	VALUE(NULL, "aaa authorization exec * ...", SOURCE("User Security, aaa authorization")),
	VALUE(NULL, "aaa authorization commands * * ..."),
	VALUE(NULL, "aaa accounting exec|system|dot1x * ...",
	      SOURCE("User Security, aaa accounting")),
	VALUE(NULL, "aaa accounting commands * * ..."),
	SECTION(NULL, "aaa group server radius|tacacs+ *",
		SOURCE("User Security, aaa group server")),
	WHOLE(NULL, "tacacs-server|radius-server key ...", .flags = SMD_RULE_SECRET,
	      SOURCE("User Security, tacacs-server key")),
	VALUE(NULL, "tacacs-server|radius-server timeout *"),
	MEMBER(NULL, "tacacs-server host * vrf * ...", .negate = "no tacacs-server host $1 vrf $2",
	       .flags = SMD_RULE_SECRET, .uses = "vrf $2",
	       SOURCE("User Security, tacacs-server host")),
	MEMBER(NULL, "tacacs-server host * ...", .negate = "no tacacs-server host $1",
	       .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "radius-server host * vrf * ...", .negate = "no radius-server host $1 vrf $2",
	       .flags = SMD_RULE_SECRET, .uses = "vrf $2",
	       SOURCE("User Security, radius-server host")),
	MEMBER(NULL, "radius-server host * ...", .negate = "no radius-server host $1",
	       .flags = SMD_RULE_SECRET),
	VALUE(NULL, "ip tacacs|radius vrf * source-interface <interface>", .uses = "vrf $1"),
	VALUE(NULL, "ip tacacs|radius source-interface <interface>"),

	/* The switch. */
	VALUE(NULL, "hostname *", SOURCE("Switch Administration, hostname")),
	BLOCK(NULL, "banner login|motd =", .until = "EOF",
	      SOURCE("Switch Administration, banner motd")),
	/* Entered as a block, a comment is shown as lines `!! text`. */
	BLOCK("**", "comment =", .until = "EOF", SOURCE("Command-Line Interface, comment")),
	VALUE(NULL, "clock timezone ...", SOURCE("Switch Administration, clock timezone")),
	VALUE(NULL, "dns domain *", SOURCE("Switch Administration, dns domain")),
	VALUE(NULL, "ip domain-name *"),
	MEMBER(NULL, "ip name-server vrf * *", .uses = "vrf $1",
	       SOURCE("Switch Administration, ip name-server")),
	VALUE(NULL, "ip domain lookup vrf * source-interface <interface>", .uses = "vrf $1"),
	VALUE(NULL, "ip domain lookup source-interface <interface>"),
	MEMBER(NULL, "ntp server vrf * * ...", .negate = "no ntp server vrf $1 $2",
	       .uses = "vrf $1", SOURCE("Switch Administration, ntp server")),
	MEMBER(NULL, "ntp server vrf * *", .uses = "vrf $1"),
	MEMBER(NULL, "ntp server * ...", .negate = "no ntp server $1"),
	VALUE(NULL, "ntp local-interface vrf * <interface>", .uses = "vrf $1",
	      SOURCE("Switch Administration, ntp local-interface")),
	VALUE(NULL, "ntp local-interface|source <interface>"),
	WHOLE(NULL, "ntp authentication-key * ...", .negate = "no ntp authentication-key $1",
	      .flags = SMD_RULE_SECRET, SOURCE("Switch Administration, ntp authentication-key")),
	VALUE(NULL, "ntp trusted-key *", SOURCE("Switch Administration, ntp trusted-key")),
	VALUE(NULL, "logging buffered ...", SOURCE("Switch Administration, Event Logging")),
	VALUE(NULL, "logging console|monitor|trap|facility *"),
	VALUE(NULL, "logging vrf * source-interface <interface>", .uses = "vrf $1"),
	VALUE(NULL, "logging source-interface <interface>"),
	VALUE(NULL, "logging level * *"),
	MEMBER(NULL, "logging vrf * host ...", .uses = "vrf $1"),
	MEMBER(NULL, "logging host ..."),
	WHOLE(NULL, "alias * ...", .negate = "no alias $1",
	      SOURCE("Command-Line Interface, alias")),
	SECTION(NULL, "event-handler *", SOURCE("Event Manager, event-handler")),
	BLOCK("event-handler *", "action bash =", .until = "EOF"),
	VALUE("event-handler *", "action ..."),
	VALUE("event-handler *", "delay *"),
	VALUE("event-handler *", "trigger ..."),
	SECTION(NULL, "daemon *", SOURCE("Switch Administration, daemon")),
	VALUE("daemon *", "exec ..."),
	VALUE(NULL, "service routing protocols model *",
	      SOURCE("Routing Protocols, service routing protocols model")),
	VALUE(NULL, "transceiver qsfp default-mode *", SOURCE("Ethernet Ports")),
	VALUE(NULL, "errdisable recovery interval *", SOURCE("Data Transfer, errdisable recovery")),
	VALUE(NULL, "mac address-table aging-time *",
	      SOURCE("Data Transfer, mac address-table aging-time")),
	VALUE(NULL, "lldp timer|hold-time *", SOURCE("Link Layer Discovery Protocol")),
	VALUE(NULL, "load-interval default *", SOURCE("Data Transfer, load-interval default")),
	VALUE(NULL, "queue-monitor length default threshold *", SOURCE("Latency Analyzer (LANZ)")),
	VALUE(NULL, "sflow sample *", SOURCE("sFlow")),
	VALUE(NULL, "sflow polling-interval *"),
	VALUE(NULL, "sflow vrf * source-interface <interface>", .uses = "vrf $1"),
	VALUE(NULL, "sflow source-interface <interface>"),
	MEMBER(NULL, "sflow vrf * destination ...", .uses = "vrf $1"),
	VALUE(NULL, "snmp-server contact|location|chassis-id ...", SOURCE("SNMP")),
	MEMBER(NULL, "snmp-server community * ...", .negate = "no snmp-server community $1",
	       .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server community *", .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server host ...", .flags = SMD_RULE_SECRET),
	VALUE(NULL, "snmp-server vrf * local-interface <interface>", .uses = "vrf $1"),
	VALUE(NULL, "snmp-server local-interface <interface>"),
	/* Keys are shown localized by the engine's ID. */
	WHOLE(NULL, "snmp-server user * * v3 ...", .negate = "no snmp-server user $1 $2 v3",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED, SOURCE("SNMP, snmp-server user")),

	/* Management modes other than APIs cannot be removed. In an API `shutdown` is the
	 * default, elsewhere its absence. */
	SECTION(NULL, "management api ...",
		SOURCE("Switch Administration, management api http-commands")),
	DEFAULT("management api ...", "shutdown"),
	SECTION("management api ...", "vrf *", .uses = "vrf $1"),
	DEFAULT("management api ... / vrf *", "shutdown"),
	SECTION("management api ...", "transport * *"),
	SECTION(NULL, "management ...", .flags = SMD_RULE_STAYS,
		SOURCE("Switch Administration, Session Management Commands")),
	VALUE("management ...", "idle-timeout *"),
	SECTION("management ...", "vrf *", .uses = "vrf $1"),
	SECTION("management ...", "ssl profile *", SOURCE("User Security, ssl profile")),
	VALUE("ssl profile *", "tls versions ..."),
	VALUE("ssl profile *", "cipher-list *"),
	VALUE("management ...;management ... / vrf *", "ip access-group =* vrf * in|out",
	      .flags = SMD_RULE_GUARD, .uses = "ip access-list $1;vrf $2",
	      SOURCE("ACLs and Route Maps, Service ACLs")),
	VALUE("management ...;management ... / vrf *", "ip access-group =* in|out",
	      .flags = SMD_RULE_GUARD, .uses = "ip access-list $1"),
	VALUE("management ...;management ... / vrf *", "ipv6 access-group =* in|out",
	      .flags = SMD_RULE_GUARD, .uses = "ipv6 access-list $1"),
	SECTION(NULL, "system control-plane", .flags = SMD_RULE_STAYS,
		SOURCE("ACLs and Route Maps, control-plane")),
	SECTION(NULL, "control-plane", .flags = SMD_RULE_STAYS),
	MEMBER("system control-plane;control-plane", "ip access-group * vrf * in",
	       .flags = SMD_RULE_GUARD, .uses = "ip access-list $1;vrf $2"),
	MEMBER("system control-plane;control-plane", "ip access-group * in",
	       .flags = SMD_RULE_GUARD, .uses = "ip access-list $1"),

	/* VLANs and spanning tree. */
	VALUE(NULL, "vlan internal order ...", SOURCE("VLANs, vlan internal order")),
	VALUE(NULL, "vlan internal allocation policy ..."),
	SECTION(NULL, VLAN, .flags = SMD_RULE_SPREAD, .defines = "vlan $1", SOURCE("VLANs, vlan")),
	VALUE(VLAN, "name ...", SOURCE("VLANs, name")),
	DEFAULT(VLAN, "state active", SOURCE("VLANs, state")),
	VALUE(VLAN, "state *"),
	MEMBER(VLAN, "trunk group *", SOURCE("VLANs, trunk group")),
	VALUE(NULL, "spanning-tree mode *", SOURCE("Spanning Tree Protocol")),
	NUMBERS(NULL, "no spanning-tree vlan-id *", .negate = "spanning-tree vlan-id $1",
		.numbers = &unspanned),
	NUMBERS(NULL, "no spanning-tree vlan *", .negate = "spanning-tree vlan $1",
		.numbers = &unspanned_before_4_21),
	VALUE(NULL, "spanning-tree mst|vlan-id|vlan * priority *"),
	VALUE(NULL, "spanning-tree priority *"),
	VALUE(NULL, "spanning-tree hello-time|max-age|forward-time|max-hops *"),
	SECTION(NULL, "spanning-tree mst configuration"),
	VALUE("spanning-tree mst configuration", "name ..."),
	VALUE("spanning-tree mst configuration", "revision *"),
	NUMBERS("spanning-tree mst configuration", "instance * vlan ...", .numbers = &instance),

	/* VRFs. An interface that changes its VRF loses its addresses. */
	SECTION(NULL, "vrf instance *", .defines = "vrf $1",
		SOURCE("IPv4, Virtual Routing and Forwarding, vrf instance")),
	SECTION(NULL, "vrf definition *", .defines = "vrf $1",
		.source = "Arista EOS User Manual 4.18.1F, IPv4, vrf definition"),
	VALUE("vrf instance *;vrf definition *", "description ..."),
	VALUE("vrf instance *;vrf definition *", "rd *"),
	VALUE(INTERFACE, "vrf forwarding *", .uses = "vrf $1",
	      .drops = "ip address ...;ipv6 address ..."),
	VALUE(INTERFACE, "vrf *", .uses = "vrf $1", .drops = "ip address ...;ipv6 address ...",
	      SOURCE("IPv4, Virtual Routing and Forwarding, vrf (Interface mode)")),
	DEFAULT(NULL, "no ip routing", SOURCE("IPv4, ip routing")),
	DEFAULT(NULL, "no ip routing vrf *"),
	MEMBER(NULL, "ip routing vrf *", .uses = "vrf $1"),
	DEFAULT(NULL, "no ipv6 unicast-routing", SOURCE("IPv6, ipv6 unicast-routing")),
	DEFAULT(NULL, "no ipv6 unicast-routing vrf *"),
	MEMBER(NULL, "ipv6 unicast-routing vrf *", .uses = "vrf $1"),

	/* Interfaces: what is true of all of them. */
	SECTION(NULL, INTERFACE, .defines = "interface $1", SOURCE("Ethernet Ports, interface")),
	VALUE(INTERFACE, "description ...", SOURCE("Data Transfer, description")),
	DEFAULT(INTERFACE, "no shutdown", SOURCE("Ethernet Ports, shutdown")),
	VALUE(INTERFACE, "mtu *", SOURCE("Data Transfer, mtu")),
	VALUE(INTERFACE, "l2 mtu *"),
	VALUE(INTERFACE, "mac-address *", SOURCE("Ethernet Ports, mac-address")),
	VALUE(INTERFACE, "speed ...", SOURCE("Ethernet Ports, speed")),
	VALUE(INTERFACE, "flowcontrol send|receive *", SOURCE("Ethernet Ports, flowcontrol")),
	VALUE(INTERFACE, "load-interval *", SOURCE("Data Transfer, load-interval")),
	VALUE(INTERFACE, "link-debounce ...", SOURCE("Ethernet Ports, link-debounce")),
	VALUE(INTERFACE, "storm-control * level *", SOURCE("Data Transfer, storm-control")),
	VALUE(INTERFACE, "sflow sample *", SOURCE("sFlow")),
	VALUE(INTERFACE, "bfd interval ...", SOURCE("Bidirectional Forwarding Detection")),
	VALUE(INTERFACE, "qos trust|cos|dscp *", SOURCE("Quality of Service")),
	WHOLE(INTERFACE, "service-policy type * input|output *", .uses = "policy-map $2"),
	WHOLE(INTERFACE, "service-policy input|output *", .uses = "policy-map $1"),

	/* Port channels and MLAG. */
	VALUE(INTERFACE, "channel-group = * mode *", .uses = "interface Port-Channel$1",
	      SOURCE("Port Channels and LACP, channel-group")),
	VALUE(INTERFACE, "lacp timer|rate|port-priority *",
	      SOURCE("Port Channels and LACP, lacp timer")),
	VALUE(INTERFACE, "port-channel min-links *", SOURCE("Port Channels and LACP")),
	VALUE(INTERFACE, "mlag *", SOURCE("Multi-Chassis Link Aggregation, mlag")),
	SECTION(NULL, "mlag configuration", SOURCE("Multi-Chassis Link Aggregation")),
	VALUE("mlag configuration", "domain-id ..."),
	VALUE("mlag configuration", "heartbeat-interval *"),
	VALUE("mlag configuration", "local-interface <interface>", .uses = "interface $1"),
	WHOLE("mlag configuration", "peer-address heartbeat = * vrf *",
	      .negate = "no peer-address heartbeat", .uses = "vrf $2"),
	VALUE("mlag configuration", "peer-address heartbeat *"),
	VALUE("mlag configuration", "peer-address *"),
	VALUE("mlag configuration", "peer-link <interface>", .uses = "interface $1"),
	VALUE("mlag configuration", "primary-priority *"),
	VALUE("mlag configuration", "reload-delay mlag|non-mlag *"),
	VALUE("mlag configuration", "reload-delay *"),

	/* Switched ports. A trunk without its list passes all VLANs. */
	DEFAULT(INTERFACE, "switchport mode access", SOURCE("VLANs, switchport mode")),
	VALUE(INTERFACE, "switchport mode *"),
	DEFAULT(INTERFACE, "switchport access vlan 1", SOURCE("VLANs, switchport access vlan")),
	VALUE(INTERFACE, "switchport access vlan *", .uses = "vlan $1"),
	DEFAULT(INTERFACE, "switchport trunk native vlan 1",
		SOURCE("VLANs, switchport trunk native vlan")),
	VALUE(INTERFACE, "switchport trunk native vlan *", .uses = "vlan $1"),
	NUMBERS(INTERFACE, "switchport trunk allowed vlan *",
		.negate = "no switchport trunk allowed vlan", .flags = SMD_RULE_GUARD,
		.uses = "vlan $#", .numbers = &trunk,
		SOURCE("VLANs, switchport trunk allowed vlan")),
	MEMBER(INTERFACE, "switchport trunk group *", SOURCE("VLANs, switchport trunk group")),
	VALUE(INTERFACE, "switchport phone vlan *", .uses = "vlan $1"),
	VALUE(INTERFACE, "spanning-tree portfast *", SOURCE("Spanning Tree Protocol")),
	VALUE(INTERFACE, "spanning-tree bpduguard|bpdufilter|guard|link-type *"),
	VALUE(INTERFACE, "spanning-tree cost|port-priority *"),

	/* Routed ports. Without an argument `no ip address` takes the secondary ones too. */
	MEMBER(INTERFACE, "ip address virtual * secondary", SOURCE("VXLAN, ip address virtual")),
	WHOLE(INTERFACE, "ip address virtual *"),
	MEMBER(INTERFACE, "ip address * secondary", .flags = SMD_RULE_UNIQUE,
	       SOURCE("IPv4, ip address")),
	WHOLE(INTERFACE, "ip address ...", .flags = SMD_RULE_UNIQUE),
	MEMBER(INTERFACE, "ipv6 address ...", SOURCE("IPv6, ipv6 address")),
	MEMBER(INTERFACE, "ip|ipv6 virtual-router address ...",
	       SOURCE("VRRP and VARP, ip virtual-router address")),
	MEMBER(NULL, "ip virtual-router mac-address mlag-peer",
	       SOURCE("VRRP and VARP, ip virtual-router mac-address")),
	VALUE(NULL, "ip virtual-router mac-address *"),
	VALUE(NULL, "ip address virtual source-nat vrf * address *", .uses = "vrf $1",
	      SOURCE("VXLAN, ip address virtual source-nat")),
	VALUE(INTERFACE, "vrrp * ipv4|ip|ipv6|priority-level|priority *", SOURCE("VRRP and VARP")),
	VALUE(INTERFACE, "vrrp * description ..."),
	VALUE(INTERFACE, "encapsulation dot1q vlan *",
	      SOURCE("Ethernet Ports, encapsulation dot1q vlan")),
	MEMBER(INTERFACE, "ip helper-address ...", SOURCE("DHCP, ip helper-address")),
	VALUE(INTERFACE, "arp aging timeout *", SOURCE("IPv4, arp aging timeout")),
	VALUE(INTERFACE, "tunnel source|destination|mode|ttl|key ...",
	      SOURCE("Tunnels, interface tunnel")),
	VALUE(INTERFACE, "ip ospf cost|priority|area|network *", SOURCE("OSPFv2")),
	VALUE(INTERFACE, "ip ospf hello-interval|dead-interval|retransmit-interval *"),
	VALUE(INTERFACE, "ip ospf authentication-key ...", .flags = SMD_RULE_SECRET),
	WHOLE(INTERFACE, "ip ospf message-digest-key * ...",
	      .negate = "no ip ospf message-digest-key $1", .flags = SMD_RULE_SECRET),
	VALUE(INTERFACE, "ip ospf authentication *"),
	VALUE(INTERFACE, "isis enable|metric|circuit-type|network|priority *", SOURCE("IS-IS")),
	VALUE(INTERFACE, "isis hello-interval|hello-multiplier *"),
	VALUE(INTERFACE, "isis authentication mode *"),
	WHOLE(INTERFACE, "isis authentication key ...", .negate = "no isis authentication key",
	      .flags = SMD_RULE_SECRET),
	VALUE(INTERFACE, "ip pim dr-priority *", SOURCE("Multicast, PIM")),
	VALUE(INTERFACE, "pim ipv4 dr-priority *"),
	VALUE(INTERFACE, "ip igmp version *", SOURCE("Multicast, IGMP")),

	/* VXLAN. */
	VALUE(INTERFACE, "vxlan source-interface <interface>", .uses = "interface $1",
	      SOURCE("VXLAN, vxlan source-interface")),
	VALUE(INTERFACE, "vxlan udp-port *"),
	VALUE(INTERFACE, "vxlan multicast-group *"),
	VALUE(INTERFACE, "vxlan mlag source-interface <interface>", .uses = "interface $1"),
	VALUE(INTERFACE, "vxlan virtual-router encapsulation mac-address *"),
	WHOLE(INTERFACE, "vxlan vlan * vni *", .uses = "vlan $1", SOURCE("VXLAN, vxlan vlan vni")),
	WHOLE(INTERFACE, "vxlan vrf * vni *", .uses = "vrf $1", SOURCE("VXLAN, vxlan vrf vni")),
	VALUE(INTERFACE, "vxlan vlan * flood vtep ...", .uses = "vlan $1",
	      SOURCE("VXLAN, vxlan flood vtep")),
	VALUE(INTERFACE, "vxlan flood vtep ..."),
	SECTION(INTERFACE, "evpn ethernet-segment", SOURCE("EVPN, evpn ethernet-segment")),
	VALUE("evpn ethernet-segment", "identifier *"),
	VALUE("evpn ethernet-segment", "redundancy *"),
	VALUE("evpn ethernet-segment", "route-target import *"),
	VALUE("evpn ethernet-segment", "designated-forwarder election algorithm ..."),

	/* Filters. A port without its filter passes all. Whether an entry takes the place of
	 * one with its number no manual says: the old one is removed first. */
	SECTION(NULL, "ip access-list standard *", .flags = SMD_RULE_GUARD,
		.defines = "ip access-list $1", SOURCE("ACLs and Route Maps, ip access-list")),
	SECTION(NULL, "ip access-list *", .flags = SMD_RULE_GUARD, .defines = "ip access-list $1"),
	SECTION(NULL, "ipv6 access-list standard *", .flags = SMD_RULE_GUARD,
		.defines = "ipv6 access-list $1"),
	SECTION(NULL, "ipv6 access-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv6 access-list $1"),
	SECTION(NULL, "mac access-list *", .flags = SMD_RULE_GUARD,
		.defines = "mac access-list $1"),
	WHOLE(ACCESS_LIST, "<number> ...", .negate = "no $1", .flags = SMD_RULE_REMOVE_FIRST,
	      SOURCE("ACLs and Route Maps, Modifying an ACL")),
	VALUE(INTERFACE, "ip access-group =* in|out", .flags = SMD_RULE_GUARD,
	      .uses = "ip access-list $1", SOURCE("ACLs and Route Maps, ip access-group")),
	VALUE(INTERFACE, "ipv6 access-group =* in|out", .flags = SMD_RULE_GUARD,
	      .uses = "ipv6 access-list $1"),
	VALUE(INTERFACE, "mac access-group =* in|out", .flags = SMD_RULE_GUARD,
	      .uses = "mac access-list $1"),
	SECTION(NULL, "ip prefix-list *", .flags = SMD_RULE_GUARD, .defines = "ip prefix-list $1",
		SOURCE("ACLs and Route Maps, Prefix Lists")),
	SECTION(NULL, "ipv6 prefix-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv6 prefix-list $1"),
	WHOLE(PREFIX_LIST, "seq * ...", .negate = "no seq $1", .flags = SMD_RULE_REMOVE_FIRST),
	/* As EOS before 4.19 prints them. */
	WHOLE(NULL, "ip prefix-list * seq * ...", .negate = "no ip prefix-list $1 seq $2",
	      .flags = SMD_RULE_REMOVE_FIRST, .defines = "ip prefix-list $1",
	      .source = "Arista EOS User Manual 4.18.1F, ACLs and Route Maps, Prefix Lists"),

	/* Route maps. A clause has one match of a kind. */
	SECTION(NULL, ROUTE_MAP, .defines = "route-map $1",
		SOURCE("ACLs and Route Maps, Route Maps")),
	VALUE(ROUTE_MAP, "description ..."),
	VALUE(ROUTE_MAP, "continue *"),
	VALUE(ROUTE_MAP, "sub-route-map *", .uses = "route-map $1"),
	WHOLE(ROUTE_MAP, "match ip address|next-hop prefix-list *", .uses = "ip prefix-list $1",
	      SOURCE("ACLs and Route Maps, match (route-map)")),
	WHOLE(ROUTE_MAP, "match ipv6 address|next-hop prefix-list *",
	      .uses = "ipv6 prefix-list $1"),
	WHOLE(ROUTE_MAP, "match ip address access-list *", .uses = "ip access-list $1"),
	WHOLE(ROUTE_MAP, "match community *", .uses = "community-list $1"),
	WHOLE(ROUTE_MAP, "match extcommunity *", .uses = "extcommunity-list $1"),
	WHOLE(ROUTE_MAP, "match as-path *", .uses = "as-path access-list $1"),
	WHOLE(ROUTE_MAP, "match interface <interface>"),
	WHOLE(ROUTE_MAP, "match tag|metric|local-preference|source-protocol *"),
	WHOLE(ROUTE_MAP, "set local-preference|metric|weight|tag|origin|distance *",
	      SOURCE("ACLs and Route Maps, set (route-map)")),
	WHOLE(ROUTE_MAP, "set metric-type|isis-level *"),
	WHOLE(ROUTE_MAP, "set ip|ipv6 next-hop ..."),
	WHOLE(ROUTE_MAP, "set as-path prepend ..."),
	WHOLE(ROUTE_MAP, "set community ..."),

	/* Lists whose entries count in their order. */
	VALUE(NULL, "ip as-path regex-mode *", SOURCE("BGP, ip as-path regex-mode")),
	ORDERED(NULL, "ip as-path access-list * = ...", .defines = "as-path access-list $1",
		SOURCE("BGP, ip as-path access-list")),
	ORDERED(NULL, "ip community-list regexp|standard|expanded * = ...",
		.defines = "community-list $1", SOURCE("BGP, ip community-list")),
	ORDERED(NULL, "ip community-list * = ...", .defines = "community-list $1"),
	ORDERED(NULL, "ip extcommunity-list regexp|standard|expanded * = ...",
		.defines = "extcommunity-list $1", SOURCE("BGP, ip extcommunity-list")),
	ORDERED(NULL, "ip extcommunity-list * = ...", .defines = "extcommunity-list $1"),

	/* Static routes. */
	MEMBER(NULL, "ip route vrf * ...", .uses = "vrf $1", SOURCE("IPv4, ip route")),
	MEMBER(NULL, "ip route ..."),
	MEMBER(NULL, "ipv6 route vrf * ...", .uses = "vrf $1", SOURCE("IPv6, ipv6 route")),
	MEMBER(NULL, "ipv6 route ..."),

	/* BGP. */
	SECTION(NULL, BGP, SOURCE("BGP, router bgp")),
	SECTION(BGP, "vrf *", .uses = "vrf $1", SOURCE("BGP, vrf")),
	SECTION(BGP ";" BGP_VRF, "address-family ...", SOURCE("BGP, address-family")),
	SECTION(BGP, "vlan *", .uses = "vlan $1", SOURCE("EVPN, vlan (Router-BGP)")),
	SECTION(BGP, "vlan-aware-bundle *", SOURCE("EVPN, vlan-aware-bundle")),
	VALUE("vlan-aware-bundle *", "vlan *"),
	VALUE(BGP_VRF ";" BGP_EVPN, "rd *", SOURCE("EVPN, rd")),
	MEMBER(BGP_VRF ";" BGP_EVPN, "route-target ...", SOURCE("EVPN, route-target")),
	VALUE(BGP ";" BGP_VRF, "router-id *", SOURCE("BGP, router-id")),
	VALUE(BGP_PEERS, "maximum-paths ...", SOURCE("BGP, maximum-paths")),
	VALUE(BGP_PEERS, "distance bgp ...", SOURCE("BGP, distance bgp")),
	VALUE(BGP_PEERS, "timers bgp ...", SOURCE("BGP, timers bgp")),
	VALUE(BGP_PEERS, "local-as *"),
	VALUE(BGP_PEERS, "graceful-restart restart-time|stalepath-time *"),
	VALUE(BGP_PEERS, "bgp cluster-id *", SOURCE("BGP, bgp cluster-id")),
	VALUE(BGP_PEERS, "bgp confederation identifier *"),
	VALUE(BGP_PEERS, "bgp default local-preference *"),
	VALUE(BGP_PEERS, "bgp listen limit *"),
	MEMBER(BGP_PEERS, "bgp listen range ...", SOURCE("BGP, bgp listen range")),
	MEMBER(BGP_PEERS, "network * route-map *", .uses = "route-map $2",
	       SOURCE("BGP, network (BGP)")),
	MEMBER(BGP_PEERS, "aggregate-address * ...", .negate = "no aggregate-address $1",
	       SOURCE("BGP, aggregate-address")),
	/* Without its group or AS a neighbor stays, if there is more of it. */
	MEMBER(BGP_PEERS, "neighbor * peer group", .defines = "peer group $1",
	       SOURCE("BGP, neighbor peer group (create)")),
	MEMBER(BGP_PEERS, "neighbor * peer-group", .defines = "peer group $1"),
	WHOLE(BGP_PEERS, "neighbor * peer group *", .uses = "peer group $2",
	      SOURCE("BGP, neighbor peer group (neighbor assignment)")),
	WHOLE(BGP_PEERS, "neighbor * peer-group *", .uses = "peer group $2"),
	VALUE(BGP_PEERS, "neighbor * remote-as *", SOURCE("BGP, neighbor remote-as")),
	VALUE(BGP_PEERS, "neighbor * local-as ...", SOURCE("BGP, neighbor local-as")),
	VALUE(BGP_PEERS, "neighbor * description ...", SOURCE("BGP, neighbor description")),
	VALUE(BGP_PEERS, "neighbor * update-source <interface>", .uses = "interface $2",
	      SOURCE("BGP, neighbor update-source")),
	WHOLE(BGP_PEERS, "neighbor * password = 0 *", .negate = "no neighbor $1 password",
	      .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED, SOURCE("BGP, neighbor password")),
	VALUE(BGP_PEERS, "neighbor * password ...", .flags = SMD_RULE_SECRET),
	VALUE(BGP_PEERS, "neighbor * ebgp-multihop|weight|allowas-in *",
	      SOURCE("BGP, neighbor ebgp-multihop")),
	VALUE(BGP_PEERS, "neighbor * timers ...", SOURCE("BGP, neighbor timers")),
	VALUE(BGP_PEERS, "neighbor * send-community ...", SOURCE("BGP, neighbor send-community")),
	VALUE(BGP_PEERS, "neighbor * maximum-routes ...", SOURCE("BGP, neighbor maximum-routes")),
	VALUE(BGP_PEERS, "neighbor * maximum-accepted-routes ..."),
	VALUE(BGP_PEERS, "neighbor * default-originate ..."),
	VALUE(BGP_PEERS, "neighbor * import-localpref|export-localpref *"),
	VALUE(BGP_PEERS, "neighbor * ttl maximum-hops *"),
	VALUE(BGP_PEERS, "neighbor * soft-reconfiguration inbound *"),
	VALUE(BGP_PEERS, "neighbor * route-map =* in|out", .uses = "route-map $2",
	      SOURCE("BGP, neighbor route-map (BGP)")),
	VALUE(BGP_PEERS, "neighbor * prefix-list =* in|out", .uses = "ip prefix-list $2",
	      SOURCE("BGP, neighbor prefix-list")),
	WHOLE(ROUTER, "redistribute * = route-map *", .negate = "no redistribute $1",
	      .uses = "route-map $2", SOURCE("BGP, redistribute (BGP)")),
	WHOLE(ROUTER, "redistribute * =", .negate = "no redistribute $1"),

	/* OSPF and IS-IS. */
	SECTION(NULL, "router ospf * vrf *", .uses = "vrf $2", SOURCE("OSPFv2, router ospf")),
	SECTION(NULL, "router ospf *"),
	SECTION(NULL, "router ospfv3 * vrf *", .uses = "vrf $2", SOURCE("OSPFv3, router ospfv3")),
	SECTION(NULL, "router ospfv3 *"),
	VALUE(OSPF, "router-id *", SOURCE("OSPFv2")),
	VALUE(OSPF, "max-lsa ..."),
	VALUE(OSPF, "maximum-paths *"),
	VALUE(OSPF, "auto-cost reference-bandwidth *"),
	VALUE(OSPF, "distance ospf intra-area|inter-area|external *"),
	VALUE(OSPF, "timers throttle spf ..."),
	VALUE(OSPF, "timers spf|lsa ..."),
	VALUE(OSPF, "default-metric *"),
	VALUE(OSPF, "log-adjacency-changes *"),
	MEMBER(OSPF, "network * area *"),
	MEMBER(OSPF, "passive-interface <interface>"),
	MEMBER(OSPF, "no passive-interface <interface>"),
	SECTION(NULL, "router isis * vrf *", .uses = "vrf $2", SOURCE("IS-IS, router isis")),
	SECTION(NULL, ISIS),
	VALUE(ISIS, "net *"),
	VALUE(ISIS, "is-type *"),
	VALUE(ISIS, "router-id ipv4 *"),
	VALUE(ISIS, "spf-interval ..."),
	VALUE(ISIS, "authentication mode ..."),
	WHOLE(ISIS, "authentication key ...", .negate = "no authentication key",
	      .flags = SMD_RULE_SECRET),
	SECTION(ISIS, "address-family ..."),

	/* Traffic policies. */
	SECTION(NULL, "class-map type * match-any *", .defines = "class-map $2",
		SOURCE("Quality of Service, class-map")),
	SECTION(NULL, "policy-map type * *", .defines = "policy-map $2",
		SOURCE("Quality of Service, policy-map")),
	SECTION(NULL, "policy-map *", .defines = "policy-map $1"),
	SECTION("policy-map type * *;policy-map *", "class *", .flags = SMD_RULE_PLACED,
		.uses = "class-map $1"),
	SECTION(NULL, "qos profile *", SOURCE("Quality of Service, qos profile")),
	SECTION("qos profile *;" INTERFACE, "tx-queue|uc-tx-queue *"),
	VALUE("tx-queue|uc-tx-queue *", "bandwidth percent|guaranteed ..."),
	VALUE("tx-queue|uc-tx-queue *;qos profile *;" INTERFACE, "shape rate ..."),
	SECTION(NULL, "peer-filter *", SOURCE("BGP, peer-filter")),
	SECTION(NULL, "hardware tcam", SOURCE("Data Transfer, TCAM Profiles")),
	/* As `show running-config all` prints them. */
	DEFAULT("**", "default ...", SOURCE("Command-Line Interface, default")),
	SECTION(NULL, "patch panel", SOURCE("VXLAN and Pseudowires, patch panel")),
};

static const char *const closers[] = {"!", "exit", "end", NULL};

/* A line `!! text` is a comment that the switch keeps: it acts on nothing. */
static const char *const noise[] = {"!.*", "Building configuration\\.\\.\\.", NULL};

static const char *const interfaces[] = {
	"Ethernet", "Port-Channel",   "Vlan", "Loopback", "Management",          "Vxlan", "Tunnel",
	"Fabric",   "Recirc-Channel", "Dps",  "Register", "UnconnectedEthernet", NULL};

static const char *const signs[] = {"! Command: show running-config.*",
				    "! device: .*EOS-.*",
				    "! boot system flash:.*",
				    "interface (Port-Channel|Vxlan|Management)\\d+.*",
				    "vrf instance .*",
				    "vlan internal order .*",
				    "service routing protocols model .*",
				    "transceiver qsfp default-mode .*",
				    "no spanning-tree vlan-id .*",
				    "switchport trunk group .*",
				    "mlag configuration",
				    "peer-link Port-Channel\\d+",
				    "vxlan vlan \\S+ vni .*",
				    "ip address virtual .*",
				    "neighbor \\S+ peer group( .*)?",
				    "no aaa root",
				    "username \\S+ .*secret sha512 .*",
				    "daemon \\S+",
				    "management (api|ssh|security|console) ?.*",
				    NULL};

const struct smd_dialect smd_eos_dialect = {
	.size = sizeof(struct smd_dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 3,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.interfaces = interfaces,
	.candidate = 1,
	.way = "configure session",
	.signs = signs,
};
