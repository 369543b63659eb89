/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `show config` of DNOS prints, indented or with `| flatten`, as rules. A
 * word that is not here is kept as a section, or as a member when it is the last
 * one, and is removed by `no` and all of it. The manual is that of releases 18 to
 * 25; its pages are named by their commands.
 */
#include <smartdeploy/rules.h>

#include "dnos.h"

#define CLI "DNOS CLI Reference, "

/* A value that `no` and its name remove, or set back to its default. */
#define SETTING(in, text, ...) VALUE(in, text, .negate = "$name", __VA_ARGS__)
#define SECRET(in, text, ...) SETTING(in, text, .flags = SMD_RULE_SECRET, __VA_ARGS__)
/* A container: it is printed only if there is something in it, and cannot be removed itself. */
#define HOLDER(in, text, ...) SECTION(in, text, .flags = SMD_RULE_PERMANENT, __VA_ARGS__)
/*
 * A rule with a number. Entering it again adds to what it matches, and `no` with a part of it
 * removes that part, which may leave a rule that matches all. So it is removed by its number first.
 */
#define NUMBERED(in, ...)                                                                          \
	SETTING(in, "rule * description *"),                                                       \
		SETTING(in, "rule * = ...", .flags = SMD_RULE_REMOVE_FIRST,                        \
			.invalidates = "rule $1 description *", __VA_ARGS__)

#define PORT "interfaces / *"
#define DOMAIN "bridge-domain / instance *"
#define SERVICE                                                                                    \
	"bridge-domain / instance *;vrf / instance *;evpn / instance *;evpn-vpws / instance *;"    \
	"evpn-vpws-fxc / instance *;vpws / instance *"
#define PEERS "bgp * / neighbor *;bgp * / neighbor-group *;bgp * / neighbor-group * / neighbor *"
#define PEER_FAMILIES                                                                              \
	"bgp * / neighbor * / address-family *;bgp * / neighbor-group * / address-family *;"       \
	"bgp * / neighbor-group * / neighbor * / address-family *"

static const struct smd_rule rules[] = {
	HOLDER(NULL, "system", .source = CLI "show config"),
	HOLDER(NULL, "services"),
	HOLDER(NULL, "interfaces"),
	HOLDER(NULL, "network-services"),
	HOLDER(NULL, "forwarding-options"),
	HOLDER(NULL, "routing-options"),
	HOLDER(NULL, "protocols"),
	HOLDER(NULL, "multicast"),
	HOLDER(NULL, "routing-policy"),
	HOLDER(NULL, "access-lists"),
	HOLDER(NULL, "qos"),
	HOLDER(NULL, "nacm"),
	HOLDER(NULL, "debug"),

	/* Interfaces */
	SECTION("interfaces", "*", .defines = "interface $1", .source = CLI "interfaces"),
	SETTING(PORT, "admin-state *"),
	SETTING(PORT, "description *"),
	SETTING(PORT, "mtu *"),
	SETTING(PORT, "mtu-mpls *"),
	SETTING(PORT, "mtu-ipv4 *"),
	SETTING(PORT, "mtu-ipv6 *"),
	SETTING(PORT, "mpls *"),
	SETTING(PORT, "speed *"),
	SETTING(PORT, "fec *"),
	SETTING(PORT, "breakout *"),
	SETTING(PORT, "mac-address *"),
	SETTING(PORT, "load-interval *"),
	SETTING(PORT, "util-rate-threshold *"),
	SETTING(PORT, "flap-suppression *"),
	SETTING(PORT, "mixed-type *"),
	SETTING(PORT, "min-links *"),
	SETTING(PORT, "max-links *"),
	SETTING(PORT, "bundle-id *", .uses = "interface bundle-$1",
		.source = CLI "interfaces bundle-id"),
	SETTING(PORT, "l2-service *", .source = CLI "interfaces l2-service"),
	/* A sub-interface must have a tag. Another one, even of another kind, replaces it. */
	NUMBERS(PORT, "vlan-id list ...", .invalidates = "vlan-id *;vlan-id * tpid *;vlan-tags ...",
		.source = CLI "interfaces vlan-id list, 19.1"),
	SETTING(PORT, "vlan-id = ...", .invalidates = "vlan-id list ...;vlan-tags ...",
		.source = CLI "interfaces vlan-id"),
	NUMBERS(PORT, "vlan-tags outer-tag * inner-tag-list ...",
		.invalidates = "vlan-id ...;vlan-tags outer-tag * inner-tag ...",
		.source = CLI "interfaces vlan-tags outer-tag inner-tag-list, 19.1"),
	SETTING(PORT, "vlan-tags = ...",
		.invalidates = "vlan-id ...;vlan-tags outer-tag * inner-tag-list ...",
		.source = CLI "interfaces vlan-tags outer-tag inner-tag, 17.1"),
	SETTING(PORT, "vlan-manipulation ingress-mapping = ...",
		.source = CLI "interfaces vlan-manipulation ingress-mapping"),
	SETTING(PORT, "vlan-manipulation egress-mapping = ..."),
	/* Without its list an interface passes everything. There is one per direction and type. */
	MEMBER(PORT, "access-list * * direction in|out", .flags = SMD_RULE_REQUIRED,
	       .uses = "access-list $1 $2", .source = CLI "interfaces access-list ipv4 direction"),
	SETTING(PORT, "tracking-policy *"),

	/* Services */
	HOLDER("network-services", "bridge-domain", .source = CLI "network-services bridge-domain"),
	HOLDER("network-services", "vrf", .source = CLI "network-services vrf"),
	HOLDER("network-services", "evpn", .source = CLI "network-services evpn"),
	HOLDER("network-services", "evpn-vpws"),
	HOLDER("network-services", "evpn-vpws-fxc"),
	HOLDER("network-services", "vpws", .source = CLI "network-services vpws"),
	SECTION("bridge-domain", "instance *", .defines = "bridge-domain $1",
		.source = CLI "network-services bridge-domain instance"),
	SECTION("vrf", "instance *", .defines = "vrf $1",
		.source = CLI "network-services vrf instance"),
	SECTION("evpn", "instance *", .defines = "evpn $1",
		.source = CLI "network-services evpn instance"),
	SECTION("evpn-vpws;evpn-vpws-fxc;vpws", "instance *"),
	SETTING(SERVICE, "admin-state *"),
	SETTING(SERVICE, "description *"),
	SECTION(SERVICE, "interface *", .uses = "interface $1",
		.source = CLI "network-services bridge-domain instance interface"),
	SETTING(SERVICE, "router-interface *", .uses = "interface $1"),
	SETTING(SERVICE, "fxc-mode *"),
	SECTION(SERVICE, "mac-handling",
		.source = CLI "network-services bridge-domain instance mac-handling"),
	SETTING("mac-handling", "mac-learning *"),
	SETTING("mac-handling", "mac-table-limit *"),
	SETTING("mac-handling", "mac-table-aging-time *"),
	SECTION("bridge-domain;" DOMAIN ";" DOMAIN " / interface *", "storm-control",
		.source = CLI "network-services bridge-domain instance storm-control"),
	SETTING("storm-control", "broadcast-packet-rate *"),
	SETTING("storm-control", "multicast-packet-rate *"),
	SETTING("storm-control", "unknown-unicast-packet-rate *"),
	HOLDER("vrf / instance *", "protocols"),

	/* Protocols */
	SECTION("protocols", "bgp *", .source = CLI "protocols bgp"),
	SETTING("bgp *", "router-id *"),
	SECTION("bgp *", "address-family *"),
	SECTION("bgp *", "neighbor *"),
	SECTION("bgp *", "neighbor-group *"),
	SECTION("bgp * / neighbor-group *", "neighbor *"),
	SETTING(PEERS, "admin-state *"),
	SETTING(PEERS, "description *"),
	SETTING(PEERS, "remote-as *"),
	SETTING(PEERS, "update-source *", .uses = "interface $1"),
	SETTING(PEERS, "advertisement-interval *"),
	SECTION(PEERS, "address-family *"),
	/* Without its policies a neighbor sends and accepts everything. */
	MEMBER(PEER_FAMILIES, "policy * in|out", .flags = SMD_RULE_REQUIRED, .uses = "policy $1"),
	SECTION("protocols", "isis", .source = CLI "protocols isis"),
	SECTION("isis", "instance *"),
	SETTING("isis / instance *", "iso-network *"),
	SETTING("isis / instance *", "level *"),
	SECTION("isis / instance *", "interface *", .uses = "interface $1"),
	SECTION("protocols", "ospf", .source = CLI "protocols ospf"),
	SECTION("protocols", "ospfv3"),
	SECTION("ospf;ospfv3", "instance *"),
	SECTION("ospf;ospfv3;ospf / instance *;ospfv3 / instance *", "area *"),
	SETTING("ospf;ospfv3;ospf / instance *;ospfv3 / instance *", "router-id *"),
	SECTION("area *", "interface *", .uses = "interface $1"),
	SECTION("protocols", "lldp", .source = CLI "protocols lldp"),
	SECTION("lldp", "interface *", .uses = "interface $1"),
	SECTION("protocols", "lacp", .source = CLI "protocols lacp"),
	SECTION("lacp", "interface *", .uses = "interface $1"),
	SECTION("protocols", "ldp", .source = CLI "protocols ldp"),
	SECTION("ldp", "address-family *"),
	SECTION("ldp / address-family *", "interface *", .uses = "interface $1"),

	/* Policies; a rule's number is its place. */
	SECTION("routing-policy", "policy *", .flags = SMD_RULE_REQUIRED, .defines = "policy $1",
		.source = CLI "routing-policy policy"),
	SECTION("routing-policy / policy *", "rule * *", .negate = "rule $1",
		.source = CLI "routing-policy policy rule"),
	MEMBER("rule * *", "match community *", .uses = "community-list $1"),
	MEMBER("rule * *", "match large-community *", .uses = "large-community-list $1"),
	MEMBER("rule * *", "match as-path *", .uses = "as-path-list $1"),
	MEMBER("rule * *", "match ipv4 prefix *", .uses = "prefix-list ipv4 $1"),
	MEMBER("rule * *", "match ipv6 prefix *", .uses = "prefix-list ipv6 $1"),
	SETTING("rule * *", "description *"),
	SETTING("rule * *", "set med = ..."),
	SETTING("rule * *", "set aigp = ..."),
	SETTING("rule * *", "set local-preference *"),
	SETTING("rule * *", "set ipv4 next-hop *"),
	SETTING("rule * *", "set ipv6 next-hop *"),
	SECTION("routing-policy", "prefix-list * *", .defines = "prefix-list $1 $2",
		.source = CLI "routing-policy prefix-list"),
	SECTION("routing-policy", "as-path-list *", .defines = "as-path-list $1",
		.source = CLI "routing-policy as-path-list"),
	SECTION("routing-policy", "community-list *", .defines = "community-list $1",
		.source = CLI "routing-policy community-list"),
	SECTION("routing-policy", "large-community-list *", .defines = "large-community-list $1"),
	NUMBERED("prefix-list * *;as-path-list *;community-list *;large-community-list *"),

	/* A list must have a rule, and cannot be removed while an interface uses it. */
	SECTION("access-lists", "ipv4 *", .flags = SMD_RULE_REQUIRED,
		.defines = "access-list ipv4 $1", .source = CLI "access-lists"),
	SECTION("access-lists", "ipv6 *", .flags = SMD_RULE_REQUIRED,
		.defines = "access-list ipv6 $1"),
	SECTION("access-lists", "eth *", .flags = SMD_RULE_REQUIRED,
		.defines = "access-list eth $1"),
	NUMBERED("access-lists / ipv4 *;access-lists / ipv6 *;access-lists / eth *",
		 .source = CLI "access-lists rule"),

	SECTION("qos", "policy *", .source = CLI "qos policy"),
	SECTION("qos / policy *", "rule *"),
	SETTING("qos / policy * / rule *", "description *"),

	/* System */
	SETTING("system", "name *", .source = CLI "system name"),
	SETTING("system", "timezone *"),
	HOLDER("system", "login"),
	HOLDER("system / login", "ncm"),
	HOLDER("system / login", "ipmi"),
	SECTION("login;login / ncm;login / ipmi", "user *"),
	SETTING("login / user *;ncm / user *;ipmi / user *", "description *"),
	SETTING("login / user *;ncm / user *;ipmi / user *", "role *"),
	SETTING("login / user *;ncm / user *;ipmi / user *", "privilege *"),
	SETTING("login", "banner *"),
	HOLDER("system", "snmp"),
	SECTION("snmp", "community * vrf *", .uses = "vrf $2",
		.source = CLI "system snmp community"),
	SETTING("community * vrf *", "access *"),

	/* Secrets, wherever they stand. As printed, they can be entered again. */
	SECRET("**", "password *", .source = CLI "system login user password"),
	SECRET("**", "authentication md5 password *"),
};

static const char *const closers[] = {"!", "exit", "top", NULL};

/* Comments: head and foot of the output, the release, who saved it. */
static const char *const noise[] = {"#.*", NULL};

/*
 * `show config | flatten` ends a node without a leaf in `^`; `show config defaults` marks defaults
 * in brackets.
 */
static const char *const cut[] = {"\\s+\\^", "\\s+\\[[^\\]]*\\]", NULL};

#define IF "(ge[0-9]+-[0-9]+/[0-9]+/[0-9]+(/[0-9]+)?|bundle-[0-9]+)(\\.[0-9]+)?"

static const char *const signs[] = {
	"# ?\\S+ config-(start \\[.*\\]|end)",
	"# VERSION DNOS .*",
	IF,
	"(no )?interfaces (" IF "|(mgmt|ipmi|console)-ncc-\\S+).*",
	"(no )?network-services( (bridge-domain|vrf|evpn|evpn-vpws|vpws)( .*)?)?",
	"interface " IF,
	"l2-service (enabled|disabled)",
	"vlan-id list [0-9].*",
	"vlan-tags outer-tag [0-9]+ inner-tag.*",
	"vlan-manipulation (ingress|egress)-mapping .*",
	"storm-control",
	"(broadcast|multicast|unknown-unicast)-packet-rate .*",
	".* \\^",
	NULL,
};

/* Interfaces are always named in full, so there are no types to complete. */
const struct smd_dialect smd_dnos_dialect = {
	.size = sizeof(struct smd_dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.indent = 2,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.enter = "",
	.quotes = 1,
	.candidate = 1,
	.signs = signs,
	.cut = cut,
};
