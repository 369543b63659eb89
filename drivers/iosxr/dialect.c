/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of Cisco IOS-XR prints, as rules. What is not here
 * is kept as its own text, and removed by `no` and the whole line.
 *
 * A VALUE is removed by the words before the value (`no mtu`), a WHOLE by all
 * of its line (`no ipv4 address ...`), for its short form would take more.
 */
#include "iosxr.h"

#define IP "IP Addresses and Services Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define IF_GUIDE                                                                                   \
	"Interface and Hardware Component Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define L2 "L2VPN and Ethernet Services Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define MPLS "MPLS Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define QOS "Modular QoS Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define ROUTING "Routing Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define SECURITY "System Security Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define SYSTEM "System Management Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define MONITORING "System Monitoring Command Reference for Cisco ASR 9000, IOS XR 7.5, "

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
#define BLOCK(in, text, ...)                                                                       \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_BLOCK, __VA_ARGS__                    \
	}
#define DEFAULT(in, text, ...)                                                                     \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_DEFAULT, __VA_ARGS__                  \
	}
#define SOURCE(text) .source = text

/* Sections by the line of their rule. */
#define INTERFACE                                                                                  \
	"interface preconfigure <interface> l2transport;interface preconfigure <interface>;"       \
	"interface <interface> l2transport;interface <interface> point-to-point;"                  \
	"interface <interface> multipoint;interface <interface>"
#define LINE "line console|default;line template *"
#define VRF "vrf *"
#define VRF_FAMILY "vrf * / address-family ..."
#define ACCESS_LIST                                                                                \
	"ipv4 access-list *;ipv6 access-list *;ethernet-services access-list *;"                   \
	"ipv4 prefix-list *;ipv6 prefix-list *"
#define BGP "router bgp * instance *;router bgp *"
#define BGP_VRF "router bgp * instance * / vrf *;router bgp * / vrf *"
#define PEER "neighbor *;neighbor-group *;session-group *"
#define FAMILY "address-family ...;af-group * address-family ..."
#define OSPF "router ospf *;router ospfv3 *;router ospf * / vrf *;router ospfv3 * / vrf *"
#define OSPF_ANY OSPF ";area *;area * / interface <interface>"
#define ISIS "router isis *"
#define ISIS_INTERFACE "router isis * / interface <interface>"
#define BRIDGE_DOMAIN "bridge-domain *"
#define CLASS "class type * *;class *"
#define SHORT .negate = "no $name"

static const struct smd_rule rules[] = {
	/* The router. */
	VALUE(NULL, "hostname *", SOURCE(SYSTEM "hostname")),
	VALUE(NULL, "clock timezone ...", SOURCE(SYSTEM "clock timezone")),
	/* A banner ends where the character stands again that it begins with. */
	BLOCK(NULL, "banner motd|login|exec|incoming|prompt-timeout|slip-ppp ...", SHORT,
	      .until = "$delimiter", SOURCE(SYSTEM "banner motd")),
	VALUE(NULL, "domain name *", SOURCE(IP "domain name (IPAddr)")),
	VALUE(NULL, "domain vrf * name *", .uses = "vrf $1"),
	MEMBER(NULL, "domain name-server *"),
	MEMBER(NULL, "domain vrf * name-server *", .uses = "vrf $1"),
	VALUE(NULL, "logging console|monitor|trap|facility *",
	      SOURCE(MONITORING "Logging Services Commands")),
	VALUE(NULL, "logging hostnameprefix|archive|history ..."),
	VALUE(NULL, "logging events level|threshold|buffer-size *"),
	VALUE(NULL, "service timestamps log|debug ...", SOURCE(SYSTEM "service timestamps")),
	VALUE(NULL, "telnet vrf * ipv4|ipv6 server max-servers *", SOURCE(IP "telnet server")),
	VALUE(NULL, "ssh timeout *", SOURCE(SECURITY "Secure Shell Commands")),
	VALUE(NULL, "ssh server rate-limit|session-limit|dscp *"),
	VALUE(NULL, "cdp timer|holdtime *"),
	SECTION(NULL, "lldp"),
	VALUE("lldp", "timer|holdtime|reinit *"),
	/* The console and the default line are there for good. */
	SECTION(NULL, "line console|default", .flags = SMD_RULE_STAYS,
		SOURCE(SYSTEM "Terminal Services Commands")),
	SECTION(NULL, "line template *"),
	VALUE(LINE, "exec-timeout ..."),
	VALUE(LINE, "session-timeout|length|width *"),
	VALUE(LINE, "access-class ingress|egress *", .uses = "ipv4 access-list $1"),
	VALUE(LINE, "transport input|output|preferred ..."),
	WHOLE(NULL, "vty-pool * ...", .negate = "no vty-pool $1"),
	SECTION(NULL, "ntp", SOURCE(SYSTEM "NTP Commands")),
	WHOLE("ntp", "authentication-key * ...", .negate = "no authentication-key $1",
	      .flags = SMD_RULE_SECRET),
	VALUE("ntp", "source <interface>"),
	VALUE("ntp", "source vrf * <interface>", .uses = "vrf $1"),
	VALUE("ntp", "max-associations *"),
	MEMBER("ntp", "trusted-key *"),
	MEMBER("ntp", "server|peer vrf * ...", .uses = "vrf $1"),
	VALUE(NULL, "snmp-server contact|location|chassis-id ...",
	      SOURCE(SYSTEM "SNMP Server Commands")),
	VALUE(NULL, "snmp-server packetsize|queue-length|trap-timeout *"),
	VALUE(NULL, "snmp-server trap-source|trap-source-ipv4 <interface>"),
	MEMBER(NULL, "snmp-server community * ...", .negate = "no snmp-server community $1",
	       .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server community *", .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server host ...", .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server user ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "snmp-server vrf *", .uses = "vrf $1"),
	MEMBER("snmp-server vrf *", "host ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "controller *", .flags = SMD_RULE_STAYS,
		SOURCE(IF_GUIDE "controller (DWDM)")),

	/* Who may log in. A password in clear is shown as a hash with a salt of its own. */
	SECTION(NULL, "username *", SOURCE(SECURITY "Authentication Commands, username")),
	MEMBER("username *", "group *"),
	WHOLE("username *", "secret = 0 *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	WHOLE("username *", "password = 0 *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	VALUE("username *", "secret|password ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "usergroup|taskgroup *", SOURCE(SECURITY "usergroup; taskgroup")),
	VALUE(NULL, "aaa authentication login|ppp * ...", SOURCE(SECURITY "aaa authentication")),
	VALUE(NULL, "aaa authorization exec|commands|network|subscriber|eventmanager * ...",
	      SOURCE(SECURITY "aaa authorization")),
	VALUE(NULL, "aaa accounting exec|commands|system|network|subscriber * ...",
	      SOURCE(SECURITY "aaa accounting")),
	VALUE(NULL, "aaa default-taskgroup *"),
	SECTION(NULL, "aaa group server tacacs+|radius *", SOURCE(SECURITY "aaa group server")),
	VALUE("aaa group server tacacs+|radius *", VRF, .uses = "vrf $1"),
	SECTION("aaa group server tacacs+|radius *", "server-private ..."),
	SECTION(NULL, "tacacs-server host * port *", SOURCE(SECURITY "tacacs-server host")),
	SECTION(NULL, "radius-server host * auth-port * acct-port *",
		SOURCE(SECURITY "radius-server host")),
	VALUE("tacacs-server host * port *;radius-server host * auth-port * acct-port *;"
	      "server-private ...",
	      "key ...", .flags = SMD_RULE_SECRET),
	VALUE("tacacs-server host * port *;radius-server host * auth-port * acct-port *;"
	      "server-private ...",
	      "timeout|retransmit *"),
	VALUE(NULL, "tacacs-server|radius-server key ...", .flags = SMD_RULE_SECRET,
	      SOURCE(SECURITY "tacacs-server key")),
	VALUE(NULL, "tacacs-server|radius-server timeout|retransmit *"),
	SECTION(NULL, "key chain *", .defines = "key chain $1",
		SOURCE(SECURITY "Keychain Management Commands")),
	SECTION("key chain *", "key *"),
	VALUE("key *", "key-string ...", .flags = SMD_RULE_SECRET),
	VALUE("key *", "accept-lifetime|send-lifetime ..."),
	VALUE("key *", "cryptographic-algorithm *"),
	VALUE("key chain *", "accept-tolerance *"),

	/* Filters. An entry takes the place of one with its number. A port without its
	 * filter, and a filter without entries, pass all. */
	SECTION(NULL, "ipv4 access-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv4 access-list $1", SOURCE(IP "ipv4 access-list")),
	SECTION(NULL, "ipv6 access-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv6 access-list $1", SOURCE(IP "ipv6 access-list")),
	SECTION(NULL, "ethernet-services access-list *", .flags = SMD_RULE_GUARD,
		.defines = "ethernet-services access-list $1",
		SOURCE(L2 "ethernet-services access-list")),
	SECTION(NULL, "ipv4 prefix-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv4 prefix-list $1", SOURCE(IP "ipv4 prefix-list")),
	SECTION(NULL, "ipv6 prefix-list *", .flags = SMD_RULE_GUARD,
		.defines = "ipv6 prefix-list $1", SOURCE(IP "ipv6 prefix-list")),
	WHOLE(ACCESS_LIST, "<number> ...", .negate = "no $1",
	      SOURCE(IP "permit (IPv4); deny (IPv4)")),
	WHOLE(INTERFACE, "ipv4 access-group =* ingress|egress", .flags = SMD_RULE_GUARD,
	      .uses = "ipv4 access-list $1", SOURCE(IP "ipv4 access-group")),
	WHOLE(INTERFACE, "ipv6 access-group =* ingress|egress", .flags = SMD_RULE_GUARD,
	      .uses = "ipv6 access-list $1", SOURCE(IP "ipv6 access-group")),
	WHOLE(INTERFACE, "ethernet-services access-group =* ingress|egress",
	      .flags = SMD_RULE_GUARD, .uses = "ethernet-services access-list $1",
	      SOURCE(L2 "ethernet-services access-group")),
	SECTION(NULL, "object-group network ipv4|ipv6 *", SOURCE(IP "object-group network")),
	SECTION(NULL, "object-group port *"),
	VALUE("object-group network ipv4|ipv6 *;object-group port *", "description ..."),

	/* Policies and sets are entered whole, and take the place of their like. */
	BLOCK(NULL, "route-policy * =", .negate = "no route-policy $1", .until = "end-policy",
	      .defines = "route-policy $1", SOURCE(ROUTING "route-policy (RPL)")),
	BLOCK(NULL, "route-policy * ...", .negate = "no route-policy $1", .until = "end-policy"),
	BLOCK(NULL, "extcommunity-set rt|soo|cost|bandwidth|opaque|color|seg-nh * =", SHORT,
	      .until = "end-set", SOURCE(ROUTING "Routing Policy Language Commands")),
	BLOCK(NULL, "prefix-set|community-set|large-community-set|as-path-set|rd-set * =", SHORT,
	      .until = "end-set"),
	BLOCK(NULL, "tag-set|ospf-area-set|mac-set|esi-set|etag-set|route-type-set * =", SHORT,
	      .until = "end-set"),
	BLOCK(NULL, "policy-global =", SHORT, .until = "end-global"),

	/* VRFs. */
	SECTION(NULL, VRF, .defines = "vrf $1", SOURCE(ROUTING "vrf; MPLS Layer 3 VPN")),
	VALUE(VRF, "description ..."),
	VALUE(VRF, "rd *"),
	VALUE(VRF, "fallback-vrf *", .uses = "vrf $1"),
	SECTION(VRF_FAMILY, "import|export route-target"),
	VALUE(VRF_FAMILY, "import|export route-policy *", .uses = "route-policy $1"),
	VALUE(VRF_FAMILY, "import from default-vrf route-policy *", .uses = "route-policy $1"),
	VALUE(VRF_FAMILY, "export to default-vrf route-policy *", .uses = "route-policy $1"),
	VALUE(VRF_FAMILY, "maximum prefix ..."),
	VALUE(INTERFACE, VRF, .uses = "vrf $1", SOURCE(IP "vrf (interface)")),

	/* Interfaces. One without anything in it is not printed, if it is a port. */
	SECTION(NULL, "interface preconfigure <interface> l2transport",
		.negate = "no interface preconfigure $1",
		SOURCE(IF_GUIDE "interface preconfigure")),
	SECTION(NULL, "interface preconfigure <interface>", .defines = "interface $1"),
	SECTION(NULL, "interface <interface> l2transport", .negate = "no interface $1",
		.defines = "interface $1", SOURCE(L2 "interface (l2transport)")),
	SECTION(NULL, "interface <interface> point-to-point", .negate = "no interface $1",
		.defines = "interface $1", SOURCE(IF_GUIDE "interface (global)")),
	SECTION(NULL, "interface <interface> multipoint", .negate = "no interface $1",
		.defines = "interface $1"),
	SECTION(NULL, "interface <interface>", .defines = "interface $1"),
	VALUE(INTERFACE, "description ...", SOURCE(IF_GUIDE "description (interface)")),
	DEFAULT(INTERFACE, "no shutdown", SOURCE(IF_GUIDE "shutdown (interface)")),
	VALUE(INTERFACE, "mtu|bandwidth|load-interval|speed|duplex *",
	      SOURCE(IF_GUIDE "mtu; bandwidth (interface); load-interval")),
	VALUE(INTERFACE, "mac-address *", SOURCE(IF_GUIDE "mac-address (Ethernet)")),
	VALUE(INTERFACE, "carrier-delay ...", SOURCE(IF_GUIDE "carrier-delay")),
	VALUE(INTERFACE, "flow-control *", SOURCE(IF_GUIDE "flow-control")),
	VALUE(INTERFACE, "dampening ...", SOURCE(IF_GUIDE "dampening")),
	VALUE(INTERFACE, "bundle id = * mode *", .uses = "interface Bundle-Ether$1",
	      SOURCE(IF_GUIDE "bundle id")),
	VALUE(INTERFACE, "bundle id *", .uses = "interface Bundle-Ether$1"),
	VALUE(INTERFACE, "bundle port-priority|wait-while *"),
	VALUE(INTERFACE, "bundle minimum-active links|bandwidth *"),
	VALUE(INTERFACE, "bundle maximum-active links ..."),
	VALUE(INTERFACE, "bundle load-balancing hash *"),
	VALUE(INTERFACE, "lacp period|mode|churn *", SOURCE(IF_GUIDE "lacp period short")),
	/* Without an address `no ipv4 address` takes the secondary ones too. */
	MEMBER(INTERFACE, "ipv4 address * * secondary", SOURCE(IP "ipv4 address (network)")),
	MEMBER(INTERFACE, "ipv4 address * secondary"),
	WHOLE(INTERFACE, "ipv4 address ..."),
	MEMBER(INTERFACE, "ipv6 address ...", SOURCE(IP "ipv6 address")),
	VALUE(INTERFACE, "ipv4 unnumbered <interface>", .uses = "interface $1"),
	VALUE(INTERFACE, "ipv4|ipv6 mtu *"),
	MEMBER(INTERFACE, "ipv4 helper-address ..."),
	WHOLE(INTERFACE, "ipv4 verify ..."),
	VALUE(INTERFACE, "arp timeout *", SOURCE(IP "arp timeout")),
	WHOLE(INTERFACE, "service-policy input|output *", .uses = "policy-map $1",
	      SOURCE(QOS "service-policy (interface)")),
	WHOLE(INTERFACE, "service-policy input|output ..."),
	VALUE(INTERFACE, "bfd mode *", SOURCE(ROUTING "Bidirectional Forwarding Detection")),
	VALUE(INTERFACE, "bfd address-family ipv4|ipv6 minimum-interval|multiplier|destination *"),
	VALUE(INTERFACE, "bfd address-family ipv4|ipv6 timers start|nbr-unconfig *"),
	VALUE(INTERFACE, "tunnel source|destination|mode|vrf|tos|ttl|key ...",
	      SOURCE(IF_GUIDE "Tunnel Interfaces")),
	VALUE(INTERFACE, "monitor-session ..."),

	/* Ethernet services. The rest of a frame's tags is one value. */
	WHOLE(INTERFACE, "encapsulation ...", SOURCE(L2 "encapsulation dot1q")),
	WHOLE(INTERFACE, "rewrite ingress tag ...", SOURCE(L2 "rewrite ingress tag")),
	SECTION(INTERFACE, "l2transport", SOURCE(L2 "l2transport (Ethernet)")),
	VALUE(INTERFACE ";l2transport", "l2protocol ..."),
	VALUE(INTERFACE ";l2transport;" BRIDGE_DOMAIN,
	      "storm-control broadcast|multicast|unknown-unicast ...", SOURCE(L2 "storm-control")),
	SECTION(INTERFACE, "ethernet cfm|oam"),

	/* What is bridged: a port joins when it is there, and leaves before it goes. */
	SECTION(NULL, "l2vpn", SOURCE(L2 "l2vpn")),
	VALUE("l2vpn", "router-id *"),
	SECTION("l2vpn", "bridge group *", SOURCE(L2 "bridge group")),
	SECTION("bridge group *", BRIDGE_DOMAIN, SOURCE(L2 "bridge-domain (VPLS)")),
	VALUE(BRIDGE_DOMAIN, "description ..."),
	VALUE(BRIDGE_DOMAIN, "mtu *"),
	SECTION(BRIDGE_DOMAIN, "interface <interface>", .uses = "interface $1",
		SOURCE(L2 "interface (VPLS)")),
	SECTION(BRIDGE_DOMAIN, "routed interface <interface>", .uses = "interface $1",
		SOURCE(L2 "routed interface")),
	SECTION(BRIDGE_DOMAIN, "vfi *", SOURCE(L2 "vfi (VPLS)")),
	SECTION(BRIDGE_DOMAIN ";vfi *", "neighbor * pw-id *", SOURCE(L2 "neighbor (VPLS)")),
	SECTION(BRIDGE_DOMAIN, "evi *", .uses = "evi $1"),
	SECTION(BRIDGE_DOMAIN, "mac"),
	VALUE("mac", "limit maximum|action|notification *"),
	VALUE("mac", "aging time|type *"),
	SECTION("l2vpn", "pw-class *", .defines = "pw-class $1", SOURCE(L2 "pw-class (L2VPN)")),
	SECTION("pw-class *", "encapsulation mpls"),
	SECTION("l2vpn", "xconnect group *", SOURCE(L2 "xconnect group")),
	SECTION("xconnect group *", "p2p *", SOURCE(L2 "p2p")),
	SECTION("xconnect group *", "mp2mp *", SOURCE(L2 "mp2mp")),
	VALUE("p2p *", "description ..."),
	MEMBER("p2p *", "interface <interface>", .uses = "interface $1",
	       SOURCE(L2 "interface (p2p)")),
	SECTION("p2p *", "neighbor ipv4|ipv6 * pw-id *", SOURCE(L2 "neighbor (L2VPN)")),
	SECTION("p2p *", "neighbor * pw-id *"),
	VALUE("neighbor * pw-id *;neighbor ipv4|ipv6 * pw-id *", "pw-class *",
	      .uses = "pw-class $1"),
	SECTION(NULL, "evpn", SOURCE(L2 "EVPN Commands")),
	SECTION("evpn", "evi *", .defines = "evi $1"),
	VALUE("evpn / evi *", "description ..."),
	SECTION("evpn", "interface <interface>"),
	SECTION("evpn / interface <interface>", "ethernet-segment"),
	VALUE("ethernet-segment", "identifier ..."),
	VALUE("ethernet-segment", "load-balancing-mode|service-carving *"),
	VALUE("ethernet-segment", "bgp route-target *"),

	/* Quality of service. `end-class-map` and `end-policy-map` are but closers. */
	SECTION(NULL, "class-map type * match-any|match-all *", .defines = "class-map $2",
		SOURCE(QOS "class-map")),
	SECTION(NULL, "class-map match-any|match-all *", .defines = "class-map $1"),
	SECTION(NULL, "policy-map type * *", .defines = "policy-map $2", SOURCE(QOS "policy-map")),
	SECTION(NULL, "policy-map *", .defines = "policy-map $1"),
	SECTION("policy-map type * *;policy-map *", "class type * *", .flags = SMD_RULE_PLACED,
		.uses = "class-map $2", SOURCE(QOS "class (policy-map)")),
	SECTION("policy-map type * *;policy-map *", "class *", .flags = SMD_RULE_PLACED,
		.uses = "class-map $1"),
	VALUE(CLASS, "set cos|dscp|precedence|qos-group|discard-class|traffic-class *",
	      SOURCE(QOS "set cos; set dscp; set qos-group")),
	VALUE(CLASS, "set mpls experimental imposition|topmost *"),
	VALUE(CLASS, "shape average ...", SOURCE(QOS "shape average")),
	VALUE(CLASS, "bandwidth remaining ...", SOURCE(QOS "bandwidth remaining")),
	VALUE(CLASS, "bandwidth ...", SOURCE(QOS "bandwidth (QoS)")),
	VALUE(CLASS, "priority level *", SOURCE(QOS "priority (QoS)")),
	VALUE(CLASS, "service-policy *", .uses = "policy-map $1"),
	SECTION(CLASS, "police rate ...", SOURCE(QOS "police rate")),
	VALUE("police rate ...", "conform-action|exceed-action|violate-action ..."),

	/* BGP. */
	SECTION(NULL, "router bgp * instance *", SOURCE(ROUTING "router bgp")),
	SECTION(NULL, "router bgp *"),
	SECTION(BGP, VRF, .uses = "vrf $1", SOURCE(ROUTING "vrf (BGP)")),
	VALUE(BGP_VRF, "rd *"),
	VALUE(BGP ";" BGP_VRF, "bgp router-id|cluster-id *", SOURCE(ROUTING "bgp router-id")),
	VALUE(BGP, "bgp confederation identifier *"),
	VALUE(BGP, "bgp graceful-restart restart-time|stalepath-time|purge-time *"),
	VALUE(BGP ";" BGP_VRF, "default-metric *"),
	VALUE(BGP ";" BGP_VRF ";" PEER, "timers ...", SOURCE(ROUTING "timers (BGP)")),
	SECTION(BGP, "neighbor-group *", .defines = "neighbor-group $1",
		SOURCE(ROUTING "neighbor-group")),
	SECTION(BGP, "session-group *", .defines = "session-group $1",
		SOURCE(ROUTING "session-group")),
	SECTION(BGP, "af-group * address-family ...", .negate = "no af-group $1",
		.defines = "af-group $1", SOURCE(ROUTING "af-group")),
	SECTION(BGP ";" BGP_VRF, "neighbor *", SOURCE(ROUTING "neighbor (BGP)")),
	VALUE(PEER, "remote-as *", SOURCE(ROUTING "remote-as (BGP)")),
	VALUE(PEER, "use neighbor-group *", .uses = "neighbor-group $1", SOURCE(ROUTING "use")),
	VALUE(PEER, "use session-group *", .uses = "session-group $1"),
	VALUE(FAMILY, "use af-group *", .uses = "af-group $1"),
	VALUE(PEER, "description ..."),
	VALUE(PEER, "update-source <interface>", .uses = "interface $1",
	      SOURCE(ROUTING "update-source")),
	WHOLE(PEER, "password = clear *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED,
	      SOURCE(ROUTING "password (BGP)")),
	VALUE(PEER, "password ...", .flags = SMD_RULE_SECRET),
	VALUE(PEER, "keychain *", .uses = "key chain $1", SOURCE(ROUTING "keychain")),
	VALUE(PEER, "ebgp-multihop|local-as|dscp|cluster-id|local ...",
	      SOURCE(ROUTING "ebgp-multihop; local-as")),
	VALUE(PEER, "session-open-mode|advertisement-interval *"),
	VALUE(PEER, "bfd minimum-interval|multiplier *"),
	/* One policy in and one out, each by its whole line. */
	WHOLE(FAMILY, "route-policy =* in|out", .uses = "route-policy $1",
	      SOURCE(ROUTING "route-policy (BGP)")),
	VALUE(FAMILY, "maximum-prefix ...", SOURCE(ROUTING "maximum-prefix (BGP)")),
	VALUE(FAMILY, "maximum-paths ibgp|ebgp|eibgp ...", SOURCE(ROUTING "maximum-paths (BGP)")),
	VALUE(FAMILY, "weight|allowas-in|label-mode *"),
	VALUE(FAMILY, "label mode ..."),
	VALUE(FAMILY, "distance bgp ..."),
	VALUE(FAMILY, "default-originate route-policy *", .uses = "route-policy $1"),
	VALUE(FAMILY, "additional-paths selection route-policy *", .uses = "route-policy $1"),
	VALUE(FAMILY, "table-policy *", .uses = "route-policy $1"),
	VALUE(FAMILY, "soft-reconfiguration inbound *"),
	WHOLE(FAMILY, "network * route-policy *", .negate = "no network $1",
	      .uses = "route-policy $2", SOURCE(ROUTING "network (BGP)")),
	MEMBER(FAMILY, "aggregate-address * ...", .negate = "no aggregate-address $1",
	       SOURCE(ROUTING "aggregate-address (BGP)")),
	WHOLE(FAMILY ";" OSPF, "redistribute * = route-policy *", .negate = "no redistribute $1",
	      .uses = "route-policy $2", SOURCE(ROUTING "redistribute (BGP); redistribute (OSPF)")),
	WHOLE(FAMILY ";" OSPF, "redistribute * * = route-policy *",
	      .negate = "no redistribute $1 $2", .uses = "route-policy $3"),
	WHOLE(FAMILY ";" OSPF, "redistribute * =", .negate = "no redistribute $1"),
	WHOLE(FAMILY ";" OSPF, "redistribute * * =", .negate = "no redistribute $1 $2"),

	/* OSPF. */
	SECTION(NULL, "router ospf *", SOURCE(ROUTING "router ospf (OSPF)")),
	SECTION(NULL, "router ospfv3 *", SOURCE(ROUTING "router ospfv3")),
	SECTION("router ospf *;router ospfv3 *", VRF, .uses = "vrf $1"),
	SECTION(OSPF, "area *", SOURCE(ROUTING "area (OSPF)")),
	SECTION("area *", "interface <interface>", .uses = "interface $1",
		SOURCE(ROUTING "interface (OSPF)")),
	VALUE(OSPF, "router-id *", SOURCE(ROUTING "router-id (OSPF)")),
	VALUE(OSPF, "auto-cost reference-bandwidth *"),
	VALUE(OSPF, "default-information originate ..."),
	VALUE(OSPF, "maximum paths *"),
	VALUE(OSPF, "timers throttle spf ..."),
	VALUE(OSPF, "timers throttle lsa all ..."),
	VALUE(OSPF, "timers lsa min-arrival *"),
	VALUE(OSPF, "max-metric router-lsa ..."),
	VALUE(OSPF, "distance ospf ..."),
	VALUE(OSPF_ANY, "cost|priority|passive|network|hello-interval|dead-interval *",
	      SOURCE(ROUTING "OSPF Commands")),
	VALUE(OSPF_ANY, "retransmit-interval|transmit-delay|mtu-ignore *"),
	VALUE(OSPF_ANY, "authentication ..."),
	VALUE(OSPF_ANY, "authentication-key ...", .flags = SMD_RULE_SECRET),
	WHOLE(OSPF_ANY, "message-digest-key * ...", .negate = "no message-digest-key $1",
	      .flags = SMD_RULE_SECRET),
	VALUE(OSPF_ANY, "bfd minimum-interval|multiplier *"),
	VALUE(OSPF_ANY, "bfd fast-detect *"),
	VALUE(OSPF_ANY, "distribute-list route-policy *"),

	/* IS-IS. */
	SECTION(NULL, ISIS, SOURCE(ROUTING "router isis")),
	SECTION(ISIS, "interface <interface>", .uses = "interface $1",
		SOURCE(ROUTING "interface (IS-IS)")),
	MEMBER(ISIS, "net *", SOURCE(ROUTING "net")),
	VALUE(ISIS, "is-type *", SOURCE(ROUTING "is-type")),
	VALUE(ISIS, "lsp-gen-interval|lsp-mtu|lsp-refresh-interval|max-lsp-lifetime ..."),
	WHOLE(ISIS, "lsp-password ...", .flags = SMD_RULE_SECRET, SOURCE(ROUTING "lsp-password")),
	VALUE(ISIS_INTERFACE, "circuit-type *", SOURCE(ROUTING "circuit-type")),
	VALUE(ISIS_INTERFACE, "hello-padding *"),
	WHOLE(ISIS_INTERFACE, "hello-password ...", .flags = SMD_RULE_SECRET,
	      SOURCE(ROUTING "hello-password")),
	VALUE(ISIS_INTERFACE, "bfd minimum-interval|multiplier *"),
	VALUE("interface <interface> / address-family ...", "metric *"),
	VALUE("router isis * / address-family ...", "metric-style ..."),
	VALUE("router isis * / address-family ...", "spf-interval ..."),
	VALUE("router isis * / address-family ...", "maximum-paths *"),
	VALUE("router isis * / address-family ...", "mpls traffic-eng router-id <interface>"),

	/* Static routes are each a line; their sections need but the VRF. */
	SECTION(NULL, "router static", SOURCE(ROUTING "router static")),
	SECTION("router static", VRF, .uses = "vrf $1"),

	/* MPLS and multicast: mostly interfaces. */
	SECTION(NULL, "mpls ldp", SOURCE(MPLS "mpls ldp")),
	VALUE("mpls ldp", "router-id *"),
	SECTION(NULL, "mpls traffic-eng", SOURCE(MPLS "mpls traffic-eng")),
	SECTION(NULL, "rsvp", SOURCE(MPLS "rsvp")),
	VALUE("rsvp / interface <interface>", "bandwidth ..."),

	/* Configuration that others apply. */
	SECTION(NULL, "group *", .defines = "group $1", SOURCE(SYSTEM "group")),
	VALUE("**", "apply-group ..."),

	/* In all else that has them. */
	SECTION("**", "address-family ...", SOURCE(ROUTING "address-family")),
	SECTION("**", "interface <interface>", .uses = "interface $1"),
	VALUE("**", "description ..."),
};

/* `end-group` and the like end sections that are indented as all others. */
static const char *const closers[] = {"!",         "exit", "end", "end-class-map", "end-policy-map",
				      "end-group", NULL};

/* Comments are the router's own (`!!`) or somebody's (`! text`): they act on nothing. */
static const char *const noise[] = {
	"!.*", "Building configuration\\.\\.\\.",
	"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} +\\d+ \\d\\d:\\d\\d:\\d\\d\\.\\d+ .*", NULL};

static const char *const interfaces[] = {
	"GigabitEthernet",
	"TenGigE",
	"TwentyFiveGigE",
	"FortyGigE",
	"FiftyGigE",
	"HundredGigE",
	"TwoHundredGigE",
	"FourHundredGigE",
	"EightHundredGigE",
	"FastEthernet",
	"MgmtEth",
	"Bundle-Ether",
	"Bundle-POS",
	"BVI",
	"Loopback",
	"Null",
	"POS",
	"Serial",
	"Multilink",
	"PW-Ether",
	"PW-IW",
	"nV-Loopback",
	"tunnel-ip",
	"tunnel-ipsec",
	"tunnel-te",
	"tunnel-mte",
	"tunnel-tp",
	NULL,
};

#define PORT "(GigabitEthernet|[A-Z][A-Za-z]+GigE)\\d+/\\d+/\\d+/\\d+\\S*"

static const char *const signs[] = {"!! IOS XR Configuration .*",
				    "interface (preconfigure )?" PORT "( l2transport)?",
				    "interface (Bundle-Ether|MgmtEth|BVI)\\d\\S*( l2transport)?",
				    "routed interface BVI\\d+",
				    "bridge group .*",
				    "bridge-domain [A-Za-z].*",
				    "xconnect group .*",
				    "ipv4 address \\S+ \\S+.*",
				    "ipv4 access-list .*",
				    "ipv4 access-group .*",
				    "route-policy .*",
				    "end-policy",
				    "end-set",
				    "prefix-set .*",
				    "neighbor-group .*",
				    "router static",
				    "bundle id \\d+ mode .*",
				    "vty-pool .*",
				    "taskgroup .*",
				    NULL};

const struct smd_dialect smd_iosxr_dialect = {
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
	.interfaces = interfaces,
	.candidate = 1,
	.way = "commit",
	.signs = signs,
};
