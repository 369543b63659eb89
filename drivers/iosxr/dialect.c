/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show running-config` of Cisco IOS-XR prints, as rules. What is not here
 * is kept as its own text, and removed by `no` and the whole line.
 *
 * A SETTING is removed by the words before the value (`no mtu`), a VALUE by all
 * of its line (`no ipv4 address ...`), for its short form would take more.
 */
#include <smartdeploy/rules.h>

#include "iosxr.h"

#define IP "IP Addresses and Services Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define IF_GUIDE                                                                                   \
	"Interface and Hardware Component Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define L2 "VPN and Ethernet Services Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define MPLS "MPLS Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define QOS "Modular QoS Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define ROUTING "Routing Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define SECURITY "System Security Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define SYSTEM "System Management Command Reference for Cisco ASR 9000, IOS XR 7.5, "
#define MONITORING "System Monitoring Command Reference for Cisco ASR 9000, IOS XR 7.5, "

/* A value that is removed by its name alone. */
#define SETTING(in, text, ...) VALUE(in, text, .negate = "no $name", __VA_ARGS__)
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
	SETTING(NULL, "hostname *", SOURCE(SYSTEM "hostname")),
	SETTING(NULL, "clock timezone ...", SOURCE(SYSTEM "clock timezone")),
	/* A banner ends where the character that it begins with stands again. */
	BLOCK(NULL, "banner motd|login|exec|incoming|prompt-timeout|slip-ppp ...",
	      .flags = SMD_RULE_FREE_TEXT, SHORT, .until = "$delimiter",
	      SOURCE(SYSTEM "banner motd")),
	SETTING(NULL, "domain name *", SOURCE(IP "domain name (IPAddr)")),
	SETTING(NULL, "domain vrf * name *", .uses = "vrf $1"),
	/* Asked in turn: the models have an ordering index. */
	ORDERED(NULL, "domain name-server *"),
	ORDERED(NULL, "domain list *"),
	ORDERED(NULL, "domain vrf * name-server *", .uses = "vrf $1"),
	ORDERED("aaa group server tacacs+|radius *", "server *"),
	SETTING(NULL, "logging console|monitor|trap|facility *",
		SOURCE(MONITORING "Logging Services Commands")),
	SETTING(NULL, "logging history size *"),
	SETTING(NULL, "logging hostnameprefix|archive|history ..."),
	SETTING(NULL, "logging events level|threshold|buffer-size *"),
	SETTING(NULL, "service timestamps log|debug ...", SOURCE(SYSTEM "service timestamps")),
	SETTING(NULL, "telnet vrf * ipv4|ipv6 server max-servers *", SOURCE(IP "telnet server")),
	SETTING(NULL, "ssh timeout *", SOURCE(SECURITY "Secure Shell Commands")),
	SETTING(NULL, "ssh server rate-limit|session-limit|dscp *"),
	SETTING(NULL, "cdp timer|holdtime *"),
	SECTION(NULL, "lldp"),
	SETTING("lldp", "timer|holdtime|reinit *"),
	/* The console and the default line cannot be removed. */
	SECTION(NULL, "line console|default", .flags = SMD_RULE_PERMANENT,
		SOURCE(SYSTEM "Terminal Services Commands")),
	SECTION(NULL, "line template *"),
	SETTING(LINE, "exec-timeout ..."),
	SETTING(LINE, "session-timeout|length|width *"),
	SETTING(LINE, "access-class ingress|egress *", .uses = "ipv4 access-list $1"),
	SETTING(LINE, "transport input|output|preferred ..."),
	VALUE(NULL, "vty-pool * ...", .negate = "no vty-pool $1"),
	SECTION(NULL, "ntp", SOURCE(SYSTEM "NTP Commands")),
	VALUE("ntp", "authentication-key * ...", .negate = "no authentication-key $1",
	      .flags = SMD_RULE_SECRET),
	SETTING("ntp", "source <interface>"),
	SETTING("ntp", "source vrf * <interface>", .uses = "vrf $1"),
	SETTING("ntp", "max-associations *"),
	MEMBER("ntp", "trusted-key *"),
	MEMBER("ntp", "server|peer vrf * ...", .uses = "vrf $1"),
	SETTING(NULL, "snmp-server contact|location|chassis-id ...", .flags = SMD_RULE_FREE_TEXT,
		SOURCE(SYSTEM "SNMP Server Commands")),
	SETTING(NULL, "snmp-server packetsize|queue-length|trap-timeout *"),
	SETTING(NULL, "snmp-server trap-source|trap-source-ipv4 <interface>"),
	MEMBER(NULL, "snmp-server community * ...", .negate = "no snmp-server community $1",
	       .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server community *", .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server host ...", .flags = SMD_RULE_SECRET),
	MEMBER(NULL, "snmp-server user ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "snmp-server vrf *", .uses = "vrf $1"),
	MEMBER("snmp-server vrf *", "host ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "controller *", .flags = SMD_RULE_PERMANENT,
		SOURCE(IF_GUIDE "controller (DWDM)")),

	/* Who may log in. A password in clear is shown as a hash with a salt of its own. */
	SECTION(NULL, "username *", SOURCE(SECURITY "Authentication Commands, username")),
	MEMBER("username *", "group *"),
	VALUE("username *", "secret = 0 *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	VALUE("username *", "password = 0 *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED),
	SETTING("username *", "secret|password ...", .flags = SMD_RULE_SECRET),
	SECTION(NULL, "usergroup|taskgroup *", SOURCE(SECURITY "usergroup; taskgroup")),
	SETTING(NULL, "aaa authentication login|ppp * ...", SOURCE(SECURITY "aaa authentication")),
	SETTING(NULL, "aaa authorization exec|commands|network|subscriber|eventmanager * ...",
		SOURCE(SECURITY "aaa authorization")),
	SETTING(NULL, "aaa accounting exec|commands|system|network|subscriber * ...",
		SOURCE(SECURITY "aaa accounting")),
	SETTING(NULL, "aaa default-taskgroup *"),
	SECTION(NULL, "aaa group server tacacs+|radius *", SOURCE(SECURITY "aaa group server")),
	SETTING("aaa group server tacacs+|radius *", VRF, .uses = "vrf $1"),
	SECTION("aaa group server tacacs+|radius *", "server-private ..."),
	SECTION(NULL, "tacacs-server host * port *", SOURCE(SECURITY "tacacs-server host")),
	SECTION(NULL, "radius-server host * auth-port * acct-port *",
		SOURCE(SECURITY "radius-server host")),
	SETTING("tacacs-server host * port *;radius-server host * auth-port * acct-port *;"
		"server-private ...",
		"key ...", .flags = SMD_RULE_SECRET),
	SETTING("tacacs-server host * port *;radius-server host * auth-port * acct-port *;"
		"server-private ...",
		"timeout|retransmit *"),
	SETTING(NULL, "tacacs-server|radius-server key ...", .flags = SMD_RULE_SECRET,
		SOURCE(SECURITY "tacacs-server key")),
	SETTING(NULL, "tacacs-server|radius-server timeout|retransmit *"),
	SECTION(NULL, "key chain *", .defines = "key chain $1",
		SOURCE(SECURITY "Keychain Management Commands")),
	SECTION("key chain *", "key *"),
	SETTING("key *", "key-string ...", .flags = SMD_RULE_SECRET),
	SETTING("key *", "accept-lifetime|send-lifetime ..."),
	SETTING("key *", "cryptographic-algorithm *"),
	SETTING("key chain *", "accept-tolerance *"),

	/*
	 * Filters. An entry replaces the one with its number. A port without its filter, and a
	 * filter without entries, pass all.
	 */
	SECTION(NULL, "ipv4 access-list *", .flags = SMD_RULE_REQUIRED,
		.defines = "ipv4 access-list $1", SOURCE(IP "ipv4 access-list")),
	SECTION(NULL, "ipv6 access-list *", .flags = SMD_RULE_REQUIRED,
		.defines = "ipv6 access-list $1", SOURCE(IP "ipv6 access-list")),
	SECTION(NULL, "ethernet-services access-list *", .flags = SMD_RULE_REQUIRED,
		.defines = "ethernet-services access-list $1",
		SOURCE(L2 "ethernet-services access-list")),
	SECTION(NULL, "ipv4 prefix-list *", .flags = SMD_RULE_REQUIRED,
		.defines = "ipv4 prefix-list $1", SOURCE(IP "ipv4 prefix-list")),
	SECTION(NULL, "ipv6 prefix-list *", .flags = SMD_RULE_REQUIRED,
		.defines = "ipv6 prefix-list $1", SOURCE(IP "ipv6 prefix-list")),
	VALUE(ACCESS_LIST, "<number> ...", .negate = "no $1",
	      SOURCE(IP "permit (IPv4); deny (IPv4)")),
	VALUE(INTERFACE, "ipv4 access-group =* ingress|egress", .flags = SMD_RULE_REQUIRED,
	      .uses = "ipv4 access-list $1", SOURCE(IP "ipv4 access-group")),
	VALUE(INTERFACE, "ipv6 access-group =* ingress|egress", .flags = SMD_RULE_REQUIRED,
	      .uses = "ipv6 access-list $1", SOURCE(IP "ipv6 access-group")),
	VALUE(INTERFACE, "ethernet-services access-group =* ingress|egress",
	      .flags = SMD_RULE_REQUIRED, .uses = "ethernet-services access-list $1",
	      SOURCE(L2 "ethernet-services access-group")),
	SECTION(NULL, "object-group network ipv4|ipv6 *", SOURCE(IP "object-group network")),
	SECTION(NULL, "object-group port *"),
	SETTING("object-group network ipv4|ipv6 *;object-group port *", "description ...",
		.flags = SMD_RULE_FREE_TEXT),

	/* Policies and sets are entered whole, and replace the one of the same name. */
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
	SETTING(VRF, "description ...", .flags = SMD_RULE_FREE_TEXT),
	SETTING(VRF, "rd *"),
	SETTING(VRF, "fallback-vrf *", .uses = "vrf $1"),
	SECTION(VRF_FAMILY, "import|export route-target"),
	SETTING(VRF_FAMILY, "import|export route-policy *", .uses = "route-policy $1"),
	SETTING(VRF_FAMILY, "import from default-vrf route-policy *", .uses = "route-policy $1"),
	SETTING(VRF_FAMILY, "export to default-vrf route-policy *", .uses = "route-policy $1"),
	SETTING(VRF_FAMILY, "maximum prefix ..."),
	SETTING(INTERFACE, VRF, .uses = "vrf $1", SOURCE(IP "vrf (interface)")),

	/* Interfaces. An empty one is not printed, if it is a port. */
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
	SETTING(INTERFACE, "description ...", .flags = SMD_RULE_FREE_TEXT,
		SOURCE(IF_GUIDE "description (interface)")),
	DEFAULT(INTERFACE, "no shutdown", SOURCE(IF_GUIDE "shutdown (interface)")),
	SETTING(INTERFACE, "mtu|bandwidth|load-interval|speed|duplex *",
		SOURCE(IF_GUIDE "mtu; bandwidth (interface); load-interval")),
	SETTING(INTERFACE, "mac-address *", SOURCE(IF_GUIDE "mac-address (Ethernet)")),
	SETTING(INTERFACE, "carrier-delay ...", SOURCE(IF_GUIDE "carrier-delay")),
	SETTING(INTERFACE, "flow-control *", SOURCE(IF_GUIDE "flow-control")),
	SETTING(INTERFACE, "dampening ...", SOURCE(IF_GUIDE "dampening")),
	SETTING(INTERFACE, "bundle id = * mode *", .uses = "interface Bundle-Ether$1",
		SOURCE(IF_GUIDE "bundle id")),
	SETTING(INTERFACE, "bundle id *", .uses = "interface Bundle-Ether$1"),
	SETTING(INTERFACE, "bundle port-priority|wait-while *"),
	SETTING(INTERFACE, "bundle minimum-active links|bandwidth *"),
	SETTING(INTERFACE, "bundle maximum-active links ..."),
	SETTING(INTERFACE, "bundle load-balancing hash *"),
	SETTING(INTERFACE, "lacp period|mode|churn *", SOURCE(IF_GUIDE "lacp period short")),
	/* Without an address `no ipv4 address` removes the secondary ones, too. */
	MEMBER(INTERFACE, "ipv4 address * * secondary", SOURCE(IP "ipv4 address (network)")),
	MEMBER(INTERFACE, "ipv4 address * secondary"),
	MEMBER(INTERFACE, "ipv4 address * * secondary route-tag *"),
	MEMBER(INTERFACE, "ipv4 address * secondary route-tag *"),
	VALUE(INTERFACE, "ipv4 address ..."),
	MEMBER(INTERFACE, "ipv6 address ...", SOURCE(IP "ipv6 address")),
	SETTING(INTERFACE, "ipv4 unnumbered <interface>", .uses = "interface $1"),
	SETTING(INTERFACE, "ipv4|ipv6 mtu *"),
	MEMBER(INTERFACE, "ipv4 helper-address ..."),
	VALUE(INTERFACE, "ipv4 verify ..."),
	SETTING(INTERFACE, "arp timeout *", SOURCE(IP "arp timeout")),
	VALUE(INTERFACE, "service-policy input|output *", .uses = "policy-map $1",
	      SOURCE(QOS "service-policy (interface)")),
	VALUE(INTERFACE, "service-policy input|output ..."),
	SETTING(INTERFACE, "bfd mode *", SOURCE(ROUTING "Bidirectional Forwarding Detection")),
	SETTING(INTERFACE,
		"bfd address-family ipv4|ipv6 minimum-interval|multiplier|destination *"),
	SETTING(INTERFACE, "bfd address-family ipv4|ipv6 timers start|nbr-unconfig *"),
	SETTING(INTERFACE, "tunnel source|destination|mode|vrf|tos|ttl|key ...",
		SOURCE(IF_GUIDE "Tunnel Interfaces")),
	MEMBER(INTERFACE, "monitor-session ..."),

	/* Ethernet services. All words about a frame's tags are one value. */
	VALUE(INTERFACE, "encapsulation ...", SOURCE(L2 "encapsulation dot1q")),
	VALUE(INTERFACE, "rewrite ingress tag ...", SOURCE(L2 "rewrite ingress tag")),
	SECTION(INTERFACE, "l2transport", SOURCE(L2 "l2transport (Ethernet)")),
	SETTING(INTERFACE ";l2transport", "l2protocol * = ..."),
	SETTING(INTERFACE ";l2transport;" BRIDGE_DOMAIN,
		"storm-control broadcast|multicast|unknown-unicast ...",
		SOURCE(L2 "storm-control")),
	SECTION(INTERFACE, "ethernet cfm|oam"),

	/* Bridging. A port exists before it joins a domain, and leaves before it is removed. */
	SECTION(NULL, "l2vpn", SOURCE(L2 "l2vpn")),
	SETTING("l2vpn", "router-id *"),
	SECTION("l2vpn", "bridge group *", SOURCE(L2 "bridge group")),
	SECTION("bridge group *", BRIDGE_DOMAIN, SOURCE(L2 "bridge-domain (VPLS)")),
	SETTING(BRIDGE_DOMAIN, "description ...", .flags = SMD_RULE_FREE_TEXT),
	SETTING(BRIDGE_DOMAIN, "mtu *"),
	SECTION(BRIDGE_DOMAIN, "interface <interface>", .uses = "interface $1",
		SOURCE(L2 "interface (VPLS)")),
	SECTION(BRIDGE_DOMAIN, "routed interface <interface>", .uses = "interface $1",
		SOURCE(L2 "routed interface")),
	SECTION(BRIDGE_DOMAIN, "vfi *", SOURCE(L2 "vfi (VPLS)")),
	SECTION(BRIDGE_DOMAIN ";vfi *", "neighbor * pw-id *", SOURCE(L2 "neighbor (VPLS)")),
	SECTION(BRIDGE_DOMAIN, "evi *", .uses = "evi $1"),
	SECTION(BRIDGE_DOMAIN, "mac"),
	SETTING("mac", "limit maximum|action|notification *"),
	SETTING("mac", "aging time|type *"),
	SECTION("l2vpn", "pw-class *", .defines = "pw-class $1", SOURCE(L2 "pw-class (L2VPN)")),
	SECTION("pw-class *", "encapsulation mpls"),
	SECTION("l2vpn", "xconnect group *", SOURCE(L2 "xconnect group")),
	SECTION("xconnect group *", "p2p *", SOURCE(L2 "p2p")),
	SECTION("xconnect group *", "mp2mp *", SOURCE(L2 "mp2mp")),
	SETTING("p2p *", "description ...", .flags = SMD_RULE_FREE_TEXT),
	MEMBER("p2p *", "interface <interface>", .uses = "interface $1",
	       SOURCE(L2 "interface (p2p)")),
	SECTION("p2p *", "neighbor ipv4|ipv6 * pw-id *", SOURCE(L2 "neighbor (L2VPN)")),
	SECTION("p2p *", "neighbor * pw-id *"),
	SETTING("neighbor * pw-id *;neighbor ipv4|ipv6 * pw-id *", "pw-class *",
		.uses = "pw-class $1"),
	SECTION(NULL, "evpn", SOURCE(L2 "EVPN Commands")),
	SECTION("evpn", "evi *", .defines = "evi $1"),
	SETTING("evpn / evi *", "description ...", .flags = SMD_RULE_FREE_TEXT),
	SECTION("evpn", "interface <interface>"),
	SECTION("evpn / interface <interface>", "ethernet-segment"),
	SETTING("ethernet-segment", "identifier ..."),
	SETTING("ethernet-segment", "load-balancing-mode|service-carving *"),
	SETTING("ethernet-segment", "bgp route-target *"),

	/* Quality of service. `end-class-map` and `end-policy-map` are only closers. */
	SECTION(NULL, "class-map type * match-any|match-all *", .defines = "class-map $2",
		SOURCE(QOS "class-map")),
	SECTION(NULL, "class-map match-any|match-all *", .defines = "class-map $1"),
	SECTION(NULL, "policy-map type * *", .defines = "policy-map $2", SOURCE(QOS "policy-map")),
	SECTION(NULL, "policy-map *", .defines = "policy-map $1"),
	SECTION("policy-map type * *;policy-map *", "class type * *",
		.flags = SMD_RULE_ORDERED_SECTION, .uses = "class-map $2",
		SOURCE(QOS "class (policy-map)")),
	SECTION("policy-map type * *;policy-map *", "class *", .flags = SMD_RULE_ORDERED_SECTION,
		.uses = "class-map $1"),
	SETTING(CLASS, "set cos|dscp|precedence|qos-group|discard-class|traffic-class *",
		SOURCE(QOS "set cos; set dscp; set qos-group")),
	SETTING(CLASS, "set mpls experimental imposition|topmost *"),
	SETTING(CLASS, "shape average ...", SOURCE(QOS "shape average")),
	SETTING(CLASS, "bandwidth remaining ...", SOURCE(QOS "bandwidth remaining")),
	SETTING(CLASS, "bandwidth ...", SOURCE(QOS "bandwidth (QoS)")),
	SETTING(CLASS, "priority level *", SOURCE(QOS "priority (QoS)")),
	SETTING(CLASS, "service-policy *", .uses = "policy-map $1"),
	SECTION(CLASS, "police rate ...", SOURCE(QOS "police rate")),
	SETTING("police rate ...", "conform-action|exceed-action|violate-action ..."),

	/* BGP. */
	SECTION(NULL, "router bgp * instance *", SOURCE(ROUTING "router bgp")),
	SECTION(NULL, "router bgp *"),
	SECTION(BGP, VRF, .uses = "vrf $1", SOURCE(ROUTING "vrf (BGP)")),
	SETTING(BGP_VRF, "rd *"),
	SETTING(BGP ";" BGP_VRF, "bgp router-id|cluster-id *", SOURCE(ROUTING "bgp router-id")),
	SETTING(BGP, "bgp confederation identifier *"),
	SETTING(BGP, "bgp graceful-restart restart-time|stalepath-time|purge-time *"),
	SETTING(BGP ";" BGP_VRF, "default-metric *"),
	SETTING(BGP ";" BGP_VRF ";" PEER, "timers ...", SOURCE(ROUTING "timers (BGP)")),
	SECTION(BGP, "neighbor-group *", .defines = "neighbor-group $1",
		SOURCE(ROUTING "neighbor-group")),
	SECTION(BGP, "session-group *", .defines = "session-group $1",
		SOURCE(ROUTING "session-group")),
	SECTION(BGP, "af-group * address-family ...", .negate = "no af-group $1",
		.defines = "af-group $1", SOURCE(ROUTING "af-group")),
	SECTION(BGP ";" BGP_VRF, "neighbor *", SOURCE(ROUTING "neighbor (BGP)")),
	SETTING(PEER, "remote-as *", SOURCE(ROUTING "remote-as (BGP)")),
	SETTING(PEER, "use neighbor-group *", .uses = "neighbor-group $1", SOURCE(ROUTING "use")),
	SETTING(PEER, "use session-group *", .uses = "session-group $1"),
	SETTING(FAMILY, "use af-group *", .uses = "af-group $1"),
	SETTING(PEER, "description ...", .flags = SMD_RULE_FREE_TEXT),
	SETTING(PEER, "update-source <interface>", .uses = "interface $1",
		SOURCE(ROUTING "update-source")),
	VALUE(PEER, "password = clear *", SHORT, .flags = SMD_RULE_SECRET | SMD_RULE_REHASHED,
	      SOURCE(ROUTING "password (BGP)")),
	SETTING(PEER, "password ...", .flags = SMD_RULE_SECRET),
	SETTING(PEER, "keychain *", .uses = "key chain $1", SOURCE(ROUTING "keychain")),
	SETTING(PEER, "ebgp-multihop|local-as|dscp|cluster-id|local ...",
		SOURCE(ROUTING "ebgp-multihop; local-as")),
	SETTING(PEER, "session-open-mode|advertisement-interval *"),
	SETTING(PEER, "bfd minimum-interval|multiplier *"),
	/* One policy in and one out, each removed by its whole line. */
	VALUE(FAMILY, "route-policy =* in|out", .uses = "route-policy $1",
	      SOURCE(ROUTING "route-policy (BGP)")),
	SETTING(FAMILY, "maximum-prefix ...", SOURCE(ROUTING "maximum-prefix (BGP)")),
	SETTING(FAMILY, "maximum-paths ibgp|ebgp|eibgp ...", SOURCE(ROUTING "maximum-paths (BGP)")),
	SETTING(FAMILY, "weight|allowas-in|label-mode *"),
	SETTING(FAMILY, "label mode ..."),
	SETTING(FAMILY, "distance bgp ..."),
	SETTING(FAMILY, "default-originate route-policy *", .uses = "route-policy $1"),
	SETTING(FAMILY, "additional-paths selection route-policy *", .uses = "route-policy $1"),
	SETTING(FAMILY, "table-policy *", .uses = "route-policy $1"),
	SETTING(FAMILY, "soft-reconfiguration inbound *"),
	VALUE(FAMILY, "network * route-policy *", .negate = "no network $1",
	      .uses = "route-policy $2", SOURCE(ROUTING "network (BGP)")),
	MEMBER(FAMILY, "aggregate-address * ...", .negate = "no aggregate-address $1",
	       SOURCE(ROUTING "aggregate-address (BGP)")),
	VALUE(FAMILY ";" OSPF, "redistribute * = route-policy *", .negate = "no redistribute $1",
	      .uses = "route-policy $2", SOURCE(ROUTING "redistribute (BGP); redistribute (OSPF)")),
	VALUE(FAMILY ";" OSPF, "redistribute * * = route-policy *",
	      .negate = "no redistribute $1 $2", .uses = "route-policy $3"),
	VALUE(FAMILY ";" OSPF, "redistribute * =", .negate = "no redistribute $1"),
	VALUE(FAMILY ";" OSPF, "redistribute * * =", .negate = "no redistribute $1 $2"),

	/* OSPF. */
	SECTION(NULL, "router ospf *", SOURCE(ROUTING "router ospf (OSPF)")),
	SECTION(NULL, "router ospfv3 *", SOURCE(ROUTING "router ospfv3")),
	SECTION("router ospf *;router ospfv3 *", VRF, .uses = "vrf $1"),
	SECTION(OSPF, "area *", SOURCE(ROUTING "area (OSPF)")),
	SECTION("area *", "interface <interface>", .uses = "interface $1",
		SOURCE(ROUTING "interface (OSPF)")),
	SETTING(OSPF, "router-id *", SOURCE(ROUTING "router-id (OSPF)")),
	SETTING(OSPF, "auto-cost reference-bandwidth *"),
	SETTING(OSPF, "default-information originate ..."),
	SETTING(OSPF, "maximum paths *"),
	SETTING(OSPF, "timers throttle spf ..."),
	SETTING(OSPF, "timers throttle lsa all ..."),
	SETTING(OSPF, "timers lsa min-arrival *"),
	SETTING(OSPF, "max-metric router-lsa ..."),
	SETTING(OSPF, "distance ospf ..."),
	SETTING(OSPF_ANY, "cost|priority|passive|network|hello-interval|dead-interval *",
		SOURCE(ROUTING "OSPF Commands")),
	SETTING(OSPF_ANY, "retransmit-interval|transmit-delay|mtu-ignore *"),
	SETTING(OSPF_ANY, "authentication ..."),
	SETTING(OSPF_ANY, "authentication-key ...", .flags = SMD_RULE_SECRET),
	VALUE(OSPF_ANY, "message-digest-key * ...", .negate = "no message-digest-key $1",
	      .flags = SMD_RULE_SECRET),
	SETTING(OSPF_ANY, "bfd minimum-interval|multiplier *"),
	SETTING(OSPF_ANY, "bfd fast-detect *"),
	SETTING(OSPF_ANY, "distribute-list route-policy *"),

	/* IS-IS. */
	SECTION(NULL, ISIS, SOURCE(ROUTING "router isis")),
	SECTION(ISIS, "interface <interface>", .uses = "interface $1",
		SOURCE(ROUTING "interface (IS-IS)")),
	MEMBER(ISIS, "net *", SOURCE(ROUTING "net")),
	SETTING(ISIS, "is-type *", SOURCE(ROUTING "is-type")),
	/* One for all levels and one for each may stand together. */
	VALUE(ISIS, "lsp-mtu|lsp-refresh-interval|max-lsp-lifetime =* level <number>"),
	SETTING(ISIS, "lsp-mtu|lsp-refresh-interval|max-lsp-lifetime *"),
	MEMBER(ISIS, "lsp-gen-interval ..."),
	MEMBER(ISIS, "lsp-password ...", .flags = SMD_RULE_SECRET, SOURCE(ROUTING "lsp-password")),
	SETTING(ISIS_INTERFACE, "circuit-type *", SOURCE(ROUTING "circuit-type")),
	SETTING(ISIS_INTERFACE, "hello-padding *"),
	MEMBER(ISIS_INTERFACE, "hello-password ...", .flags = SMD_RULE_SECRET,
	       SOURCE(ROUTING "hello-password")),
	SETTING(ISIS_INTERFACE, "bfd minimum-interval|multiplier *"),
	VALUE("interface <interface> / address-family ...", "metric =* level <number>"),
	SETTING("interface <interface> / address-family ...", "metric *"),
	MEMBER("router isis * / address-family ...", "metric-style ..."),
	MEMBER("router isis * / address-family ...", "spf-interval ..."),
	SETTING("router isis * / address-family ...", "maximum-paths *"),
	SETTING("router isis * / address-family ...", "mpls traffic-eng router-id <interface>"),

	/* Static routes are one line each; their sections only need the VRF. */
	SECTION(NULL, "router static", SOURCE(ROUTING "router static")),
	SECTION("router static", VRF, .uses = "vrf $1"),

	/* MPLS and multicast, mostly lists of interfaces. */
	SECTION(NULL, "mpls ldp", SOURCE(MPLS "mpls ldp")),
	SETTING("mpls ldp", "router-id *"),
	SECTION(NULL, "mpls traffic-eng", SOURCE(MPLS "mpls traffic-eng")),
	SECTION(NULL, "rsvp", SOURCE(MPLS "rsvp")),
	SETTING("rsvp / interface <interface>", "bandwidth ..."),

	/* Groups: configuration that other sections apply. */
	SECTION(NULL, "group *", .defines = "group $1", SOURCE(SYSTEM "group")),
	SETTING("**", "apply-group ..."),

	/* Sections and values that occur anywhere else. */
	SECTION("**", "address-family ...", SOURCE(ROUTING "address-family")),
	SECTION("**", "interface <interface>", .uses = "interface $1"),
	SETTING("**", "description ...", .flags = SMD_RULE_FREE_TEXT),
};

/* `end-group` and the like end sections that are indented like all others. */
static const char *const closers[] = {"!",         "exit", "end", "end-class-map", "end-policy-map",
				      "end-group", NULL};

/* Comments have no effect, whether the router's own (`!!`) or somebody's (`! text`). */
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
	.atomic_method = "commit",
	.signs = signs,
};
