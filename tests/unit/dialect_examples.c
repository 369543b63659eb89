/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dialects of share/doc/dialect.md, each as small as it can be. Lines between
 * `example: NAME` and `end` stand in the page as they are here.
 */
#include <smartdeploy/rules.h>

#include "dialect_examples.h"

/* example: tiny */
const char *const exclamation_mark[] = {"!", NULL};
static const struct smd_rule rules[] = {
	{.within = NULL, .line = "hostname *", .kind = SMD_RULE_VALUE, .negate = "no hostname"},
	SECTION(NULL, "vlan <number>", .defines = "vlan $1", .source = "Manual 4.30, VLANs, vlan"),
	VALUE("vlan <number>", "name *", .negate = "no name"),
	SECTION(NULL, "interface *"),
	VALUE("interface *", "description ...", .negate = "no description"),
	VALUE("interface *", "mtu <number>", .negate = "no mtu"),
	VALUE("interface *", "switchport access vlan <number>", .uses = "vlan $1"),
	VALUE("interface *", "ip address ..."),
	MEMBER(NULL, "ip route ..."),
	MEMBER(NULL, "ntp server *"),
};
static const struct smd_dialect tiny = {
	.size = sizeof(tiny),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = exclamation_mark,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
};
/* end */

/* example: call */
int patch_of(const struct smd_dialect *dialect, const struct smd_text *running,
	     const struct smd_text *intended, struct smd_text *patch, struct smd_error *error)
{
	struct smd_tree *from = NULL, *to = NULL;
	struct smd_compiled *compiled = NULL;
	struct smd_changes *changes = NULL;
	int err = smd_dialect_compile(dialect, &compiled, error);

	if (!err)
		err = smd_dialect_parse(compiled, running, &from, error);
	if (!err)
		err = smd_dialect_parse(compiled, intended, &to, error);
	if (!err)
		err = smd_diff(from, to, &changes);
	if (!err)
		err = smd_dialect_render(compiled, changes, patch, error);
	smd_changes_free(changes);
	smd_tree_free(to);
	smd_tree_free(from);
	smd_dialect_free(compiled);
	return err;
}
/* end */

/* The line of a rule */

static const struct smd_rule words[] = {
	/* example: words */
	SECTION(NULL, "interface *"), VALUE("interface *", "ip|ipv6 mtu *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule rest[] = {
	/* example: rest */
	SECTION(NULL, "interface *"), VALUE("interface *", "description ...", .negate = "no $name"),
	/* end */
};
static const struct smd_rule number[] = {
	/* example: number */
	SECTION(NULL, "ip access-list *"),
	VALUE("ip access-list *", "<number> ...", .negate = "no $1"),
	MEMBER("ip access-list *", "statistics per-entry"),
	/* end */
};
/* example: interface */
static const char *const types[] = {"GigabitEthernet", "Loopback", "Vlan", NULL};
/* end */
static const struct smd_rule interface_rules[] = {
	/* example: interface */
	SECTION(NULL, "interface <interface>"),
	VALUE("interface <interface>", "mtu <number>", .negate = "no $name"),
	/* end */
};
static const struct smd_dialect interface = {
	LIKE_TINY(interface_rules),
	/* example: interface */
	.interfaces = types,
	/* end */
};
static const struct smd_rule interface_types[] = {
	/* example: interface-types */
	SECTION(NULL, "interface <interface:Loopback,Vlan>"),
	SECTION(NULL, "interface <interface>", .flags = SMD_RULE_PERMANENT),
	/* end */
};
static const struct smd_rule subinterface[] = {
	/* example: subinterface */
	SECTION(NULL, "interface <subinterface>"),
	SECTION(NULL, "interface <interface>", .flags = SMD_RULE_PERMANENT),
	/* end */
};
static const struct smd_rule type_number[] = {
	/* example: type-number */
	SECTION(NULL, "interface Vlan<number>", .uses = "vlan $1"),
	SECTION(NULL, "vlan <number>", .defines = "vlan $1"),
	/* end */
};
static const struct smd_rule value_begins[] = {
	/* example: value-begins */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "channel-group = * mode *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule value_may_be_none[] = {
	/* example: value-may-be-none */
	VALUE(NULL, "ip route * * ="), VALUE(NULL, "ip route * * = <number>"),
	/* end */
};
static const struct smd_rule value_inside[] = {
	/* example: value-inside */
	SECTION(NULL, "interface *"), VALUE("interface *", "ip access-group =* in|out"),
	/* end */
};
static const struct smd_rule key_begins[] = {
	/* example: key-begins */
	SECTION(NULL, "ip access-list *"), ORDERED("ip access-list *", "= permit|deny ..."),
	/* end */
};
static const struct smd_rule first_counts[] = {
	/* example: first-counts */
	SECTION(NULL, "interface *"), MEMBER("interface *", "ip address * * secondary"),
	VALUE("interface *", "ip address = ..."),
	/* end */
};

/* within */

static const struct smd_rule within_path[] = {
	/* example: within-path */
	SECTION(NULL, "vrf *"), SECTION(NULL, "router bgp *"), SECTION("router bgp *", "vrf *"),
	VALUE("router bgp * / vrf *", "rd *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule within_several[] = {
	/* example: within-several */
	SECTION(NULL, "interface *"), SECTION(NULL, "vrf definition *"),
	VALUE("interface *;vrf definition *", "description ...", .negate = "no $name"),
	/* end */
};
static const struct smd_rule within_any[] = {
	/* example: within-any */
	SECTION(NULL, "class-map *"), SECTION(NULL, "policy-map *"),
	SECTION("policy-map *", "class *"), VALUE("**", "description ...", .negate = "no $name"),
	/* end */
};

/* Kinds */

static const struct smd_rule section[] = {
	/* example: section */
	SECTION(NULL, "router bgp *"), SECTION("router bgp *", "vrf *"),
	MEMBER("vrf *", "redistribute *"),
	/* end */
};
static const struct smd_rule value[] = {
	/* example: value */
	SECTION(NULL, "interface *"), VALUE("interface *", "mtu *"),
	VALUE("interface *", "load-interval *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule member[] = {
	/* example: member */
	MEMBER(NULL, "ntp server *"),
	/* end */
};
static const struct smd_rule numbers[] = {
	/* example: numbers */
	NUMBERS(NULL, "ip dhcp snooping vlan *"),
	/* end */
};
static const struct smd_rule ordered[] = {
	/* example: ordered */
	ORDERED(NULL, "ip name-server *"),
	/* end */
};
static const struct smd_rule block[] = {
	/* example: block */
	BLOCK(NULL, "banner login|motd =", .until = "EOF", .negate = "no $name"),
	/* end */
};
static const struct smd_rule block_delimiter[] = {
	/* example: block-delimiter */
	BLOCK(NULL, "banner motd|login ...", .until = "$delimiter", .negate = "no $name"),
	/* end */
};
static const struct smd_rule default_kind[] = {
	/* example: default */
	SECTION(NULL, "interface *"), DEFAULT("interface *", "no shutdown"),
	DEFAULT("interface *", "switchport mode access"),
	VALUE("interface *", "switchport mode *", .negate = "no $name"),
	/* end */
};

/* Removal */

static const struct smd_rule negate[] = {
	/* example: negate */
	VALUE(NULL, "aaa session-id *"), VALUE(NULL, "logging buffered ...", .negate = "no $name"),
	VALUE(NULL, "username * ...", .negate = "no username $1"),
	MEMBER(NULL, "logging event ...", .negate = "default $line"),
	/* end */
};

static const struct smd_rule contrary[] = {
	/* example: contrary */
	MEMBER(NULL, "ip http server"),
	/* end */
};

/* Flags */

static const struct smd_rule refers[] = {
	/* example: refers */
	SECTION(NULL, "time-range *", .defines = "time-range $1"),
	SECTION(NULL, "ip access-list *"),
	ORDERED("ip access-list *", "= permit|deny ...", .refers = "time-range"),
	SECTION(NULL, "aaa group server *", .defines = "aaa-group $1"),
	VALUE(NULL, "aaa authentication * = ...", .refers = "group=aaa-group"),
	/* end */
};

static const struct smd_rule entered_first[] = {
	/* example: entered-first */
	SECTION(NULL, "interface *"),
	MEMBER("interface *", "shutdown", .flags = SMD_RULE_ENTERED_FIRST),
	VALUE("interface *", "ip address ...", .negate = "no $name"),
	/* end */
};

static const struct smd_rule entered_last[] = {
	/* example: entered-last */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "channel-group *", .negate = "no $name",
	      .flags = SMD_RULE_ENTERED_LAST | SMD_RULE_REMOVE_FIRST),
	VALUE("interface *", "mtu *", .negate = "no $name"),
	/* end */
};

static const struct smd_rule tie[] = {
	/* example: tie */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "switchport mode = trunk", .negate = "no $name", .uses = "~list $^1"),
	VALUE("interface *", "switchport trunk allowed vlan *", .negate = "no $name",
	      .defines = "~list $^1"),
	/* end */
};

static const struct smd_rule free_text[] = {
	/* example: free-text */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "description ...", .flags = SMD_RULE_FREE_TEXT),
	VALUE("interface *", "ipv6 address *"),
	/* end */
};

static const struct smd_rule required[] = {
	/* example: required */
	SECTION(NULL, "ip access-list *", .flags = SMD_RULE_REQUIRED, .defines = "acl $1"),
	VALUE("ip access-list *", "<number> ...", .negate = "no $1",
	      .flags = SMD_RULE_REMOVE_FIRST),
	SECTION(NULL, "interface *"),
	VALUE("interface *", "ip access-group =* in|out", .flags = SMD_RULE_REQUIRED,
	      .uses = "acl $1"),
	/* end */
};
static const struct smd_rule advice[] = {
	/* example: advice */
	SECTION(NULL, "ip access-list *"),
	VALUE("ip access-list *", "<number> = deny ...", .negate = "no $1",
	      .flags = SMD_RULE_REMOVE_FIRST | SMD_RULE_REQUIRED,
	      .advice = "give the new entry a number of its own"),
	VALUE("ip access-list *", "<number> ...", .negate = "no $1",
	      .flags = SMD_RULE_REMOVE_FIRST),
	/* end */
};
static const struct smd_rule remove_first[] = {
	/* example: remove-first */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "ip ospf area *", .flags = SMD_RULE_REMOVE_FIRST),
	/* end */
};
static const struct smd_rule secret[] = {
	/* example: secret */
	MEMBER(NULL, "snmp-server community ...", .flags = SMD_RULE_SECRET),
	VALUE(NULL, "tacacs-server key ...", .flags = SMD_RULE_SECRET, .negate = "no $name"),
	/* end */
};
static const struct smd_rule rehashed[] = {
	/* example: rehashed */
	VALUE(NULL, "username * secret = ...", .negate = "no username $1",
	      .flags = SMD_RULE_REHASHED | SMD_RULE_SECRET),
	/* end */
};
static const struct smd_rule expand_list[] = {
	/* example: expand-list */
	SECTION(NULL, "vlan *", .flags = SMD_RULE_EXPAND_LIST),
	VALUE("vlan *", "name *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule expand_words[] = {
	/* example: expand-words */
	SECTION(NULL, "route-map * permit|deny <number>"),
	MEMBER("route-map * permit|deny <number>", "match as-path ...",
	       .flags = SMD_RULE_EXPAND_LIST),
	/* end */
};
static const struct smd_rule permanent[] = {
	/* example: permanent */
	SECTION(NULL, "interface *", .flags = SMD_RULE_PERMANENT),
	VALUE("interface *", "mtu *", .negate = "no $name"),
	/* end */
};
static const struct smd_rule empty_is_absent[] = {
	/* example: empty-is-absent */
	SECTION(NULL, "ip access-list *", .flags = SMD_RULE_EMPTY_IS_ABSENT),
	MEMBER("ip access-list *", "permit|deny ..."),
	/* end */
};
static const struct smd_rule unique[] = {
	/* example: unique */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "ip address = ...", .flags = SMD_RULE_UNIQUE),
	/* end */
};
static const struct smd_rule ordered_section[] = {
	/* example: ordered-section */
	SECTION(NULL, "policy-map *"),
	SECTION("policy-map *", "class *", .flags = SMD_RULE_ORDERED_SECTION),
	VALUE("class *", "set dscp *"),
	/* end */
};
static const struct smd_rule removes_list[] = {
	/* example: removes-list */
	ORDERED(NULL, "access-list * = ...", .negate = "no access-list $1",
		.flags = SMD_RULE_REMOVES_LIST),
	/* end */
};

/* What depends on what */

static const struct smd_rule uses[] = {
	/* example: uses */
	SECTION(NULL, "interface *"), VALUE("interface *", "vrf forwarding *", .uses = "vrf $1"),
	SECTION(NULL, "vrf definition *", .defines = "vrf $1"),
	/* end */
};
static const struct smd_rule uses_numbers[] = {
	/* example: uses-numbers */
	NUMBERS(NULL, "vlan *", .defines = "vlan $#"), SECTION(NULL, "interface *"),
	NUMBERS("interface *", "trunk vlan *", .uses = "vlan $#"),
	/* end */
};
static const struct smd_rule uses_around[] = {
	/* example: uses-around */
	SECTION(NULL, "interface *"),
	MEMBER("interface *", "ip address * * secondary", .uses = "primary $^1"),
	VALUE("interface *", "ip address = ...", .defines = "primary $^1"),
	/* end */
};
static const struct smd_rule invalidates[] = {
	/* example: invalidates */
	SECTION(NULL, "interface *"),
	VALUE("interface *", "vrf forwarding *", .invalidates = "ip address ...;ipv6 address ..."),
	VALUE("interface *", "ip address = ..."), MEMBER("interface *", "ipv6 address ..."),
	/* end */
};
static const struct smd_rule invalidates_key[] = {
	/* example: invalidates-key */
	SECTION(NULL, "router bgp *"),
	VALUE("router bgp *", "neighbor * remote-as *", .negate = "no neighbor $1",
	      .invalidates = "neighbor $1 ..."),
	VALUE("router bgp *", "neighbor * description ...", .negate = "no neighbor $1 description"),
	/* end */
};
/* example: until */
static const char *const ends[] = {"!", "exit-address-family", NULL};
/* end */
static const struct smd_rule until[] = {
	/* example: until */
	SECTION(NULL, "router bgp *"),
	SECTION("router bgp *", "address-family ...", .until = "exit-address-family"),
	MEMBER("address-family ...", "neighbor * activate"),
	/* end */
};
static const struct smd_dialect until_dialect = {
	.rules = TABLE(until),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	/* example: until */
	.closers = ends,
	/* end */
};

const struct example rule_examples[] = {
	{"tiny", &tiny},
	{"words", DIALECT(LIKE_TINY(words))},
	{"rest", DIALECT(LIKE_TINY(rest))},
	{"number", DIALECT(LIKE_TINY(number))},
	{"interface", &interface},
	{"interface-types", DIALECT(LIKE_TINY(interface_types))},
	{"subinterface", DIALECT(LIKE_TINY(subinterface))},
	{"type-number", DIALECT(LIKE_TINY(type_number))},
	{"value-begins", DIALECT(LIKE_TINY(value_begins))},
	{"value-may-be-none", DIALECT(LIKE_TINY(value_may_be_none))},
	{"value-inside", DIALECT(LIKE_TINY(value_inside))},
	{"key-begins", DIALECT(LIKE_TINY(key_begins))},
	{"first-counts", DIALECT(LIKE_TINY(first_counts))},
	{"within-path", DIALECT(LIKE_TINY(within_path))},
	{"within-several", DIALECT(LIKE_TINY(within_several))},
	{"within-any", DIALECT(LIKE_TINY(within_any))},
	{"section", DIALECT(LIKE_TINY(section))},
	{"value", DIALECT(LIKE_TINY(value))},
	{"member", DIALECT(LIKE_TINY(member))},
	{"numbers", DIALECT(LIKE_TINY(numbers))},
	{"ordered", DIALECT(LIKE_TINY(ordered))},
	{"block", DIALECT(LIKE_TINY(block))},
	{"block-delimiter", DIALECT(LIKE_TINY(block_delimiter))},
	{"default", DIALECT(LIKE_TINY(default_kind))},
	{"negate", DIALECT(LIKE_TINY(negate))},
	{"contrary", DIALECT(LIKE_TINY(contrary))},
	{"required", DIALECT(LIKE_TINY(required))},
	{"advice", DIALECT(LIKE_TINY(advice))},
	{"remove-first", DIALECT(LIKE_TINY(remove_first))},
	{"secret", DIALECT(LIKE_TINY(secret))},
	{"rehashed", DIALECT(LIKE_TINY(rehashed))},
	{"expand-list", DIALECT(LIKE_TINY(expand_list))},
	{"expand-words", DIALECT(LIKE_TINY(expand_words))},
	{"permanent", DIALECT(LIKE_TINY(permanent))},
	{"empty-is-absent", DIALECT(LIKE_TINY(empty_is_absent))},
	{"unique", DIALECT(LIKE_TINY(unique))},
	{"ordered-section", DIALECT(LIKE_TINY(ordered_section))},
	{"refers", DIALECT(LIKE_TINY(refers))},
	{"entered-first", DIALECT(LIKE_TINY(entered_first))},
	{"entered-last", DIALECT(LIKE_TINY(entered_last))},
	{"tie", DIALECT(LIKE_TINY(tie))},
	{"free-text", DIALECT(LIKE_TINY(free_text))},
	{"removes-list", DIALECT(LIKE_TINY(removes_list))},
	{"uses", DIALECT(LIKE_TINY(uses))},
	{"uses-numbers", DIALECT(LIKE_TINY(uses_numbers))},
	{"uses-around", DIALECT(LIKE_TINY(uses_around))},
	{"invalidates", DIALECT(LIKE_TINY(invalidates))},
	{"invalidates-key", DIALECT(LIKE_TINY(invalidates_key))},
	{"until", &until_dialect},
	{NULL, NULL},
};
