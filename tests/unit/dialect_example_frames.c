/* SPDX-License-Identifier: Apache-2.0 */
/* More dialects of share/doc/dialect.md: lists, and what a dialect has besides its rules. */
#include <smartdeploy/rules.h>

#include "dialect_examples.h"

/* Lists of numbers, and entries that the device numbers */

/* example: trunk */
static const struct smd_numbers_form allowed = {
	.add = "switchport trunk allowed vlan add $#",
	.remove = "switchport trunk allowed vlan remove $#",
	.none = "switchport trunk allowed vlan none",
	.all = "switchport trunk allowed vlan all",
	.except = "switchport trunk allowed vlan except $#",
	.first = 1,
	.last = 4094,
	.longest = 50,
};
/* end */
static const struct smd_rule trunk[] = {
	/* example: trunk */
	SECTION(NULL, "interface *"),
	NUMBERS("interface *", "switchport trunk allowed vlan *",
		.negate = "no switchport trunk allowed vlan", .flags = SMD_RULE_REQUIRED,
		.numbers = &allowed),
	/* end */
};
/* example: instance */
static const struct smd_numbers_form mapped = {.remove = "no instance $1 vlan $#"};
/* end */
static const struct smd_rule instance[] = {
	/* example: instance */
	SECTION(NULL, "spanning-tree mst configuration"),
	NUMBERS("spanning-tree mst configuration", "instance * vlan ...",
		.negate = "no instance $1", .numbers = &mapped),
	/* end */
};
/* example: order */
static const struct smd_order_form counted = {
	.renumber = "ip access-list resequence $1 $first $step",
	.insert = "$# $line",
	.remove = "no $#",
};
/* end */
static const struct smd_rule order[] = {
	/* example: order */
	SECTION(NULL, "ip access-list extended *"),
	ORDERED("ip access-list extended *", "= permit|deny ...", .order = &counted),
	/* end */
};

/* example: undo */
static const char *const marks_of_sections[] = {"#", "return", NULL};
/* end */
static const struct smd_rule undo_rules[] = {
	/* example: undo */
	VALUE(NULL, "sysname *", .negate = "undo sysname"),
	SECTION(NULL, "interface *", .flags = SMD_RULE_PERMANENT),
	VALUE("interface *", "description ...", .negate = "undo description"),
	MEMBER("interface *", "port trunk allow-pass vlan *"),
	/* end */
};
static const struct smd_dialect undo = {
	.rules = TABLE(undo_rules),
	/* example: undo */
	.family = SMD_FAMILY_INDENTED,
	.negation = "undo",
	.exit = "quit",
	.indent = 1,
	.closers = marks_of_sections,
	/* end */
};
/* example: noise */
static const char *const noise[] = {
	"Building configuration\\.\\.\\.",
	"Current configuration : \\d+ bytes",
	"! .*",
	NULL,
};
static const char *const cut[] = {" +## .*", NULL};
/* end */
static const struct smd_rule noise_rules[] = {
	/* example: noise */
	MEMBER(NULL, "ntp server *"),
	/* end */
};
static const struct smd_dialect noise_dialect = {
	LIKE_TINY(noise_rules),
	/* example: noise */
	.noise = noise, .cut = cut,
	/* end */
};
static const struct smd_rule squeeze_rules[] = {
	/* example: squeeze */
	MEMBER(NULL, "access-list * ..."),
	/* end */
};
static const struct smd_dialect squeeze = {
	LIKE_TINY(squeeze_rules),
	/* example: squeeze */
	.squeeze = 1,
	/* end */
};
/* example: signs */
static const char *const signs[] = {"vrf context .*", "(no )?feature [a-z].*", NULL};
/* end */
static const struct smd_dialect signs_dialect = {
	LIKE_TINY(noise_rules),
	/* example: signs */
	.signs = signs,
	/* end */
};
static const struct smd_rule candidate_rules[] = {
	/* example: candidate */
	SECTION(NULL, "ipv4 access-list *", .flags = SMD_RULE_REQUIRED),
	VALUE("ipv4 access-list *", "<number> ...", .negate = "no $1",
	      .flags = SMD_RULE_REMOVE_FIRST),
	/* end */
};
static const struct smd_dialect candidate = {
	LIKE_TINY(candidate_rules),
	/* example: candidate */
	.candidate = 1, .atomic_method = "commit",
	/* end */
};

/* Paths */

static const struct smd_rule paths_rules[] = {
	/* example: paths */
	SECTION(NULL, "system", .flags = SMD_RULE_PERMANENT),
	VALUE("system", "host-name *", .negate = "$name"),
	MEMBER("system", "name-server *"),
	SECTION(NULL, "interfaces", .flags = SMD_RULE_PERMANENT),
	SECTION("interfaces", "*"),
	VALUE("interfaces / *", "mtu *", .negate = "$name"),
	/* end */
};
static const struct smd_dialect paths = {
	.rules = TABLE(paths_rules),
	/* example: paths */
	.family = SMD_FAMILY_BRACED,
	.negation = "delete",
	.enter = "set",
	.indent = 4,
	/* end */
};
static const struct smd_rule insert_rules[] = {
	/* example: insert */
	SECTION(NULL, "policy-statement *"),
	SECTION("policy-statement *", "term *", .flags = SMD_RULE_ORDERED_SECTION),
	VALUE("term *", "then *", .negate = "$name"),
	/* end */
};
static const struct smd_dialect insert = {
	.rules = TABLE(insert_rules),
	.family = SMD_FAMILY_BRACED,
	.negation = "delete",
	.enter = "set",
	.indent = 4,
	/* example: insert */
	.insert = "insert",
	/* end */
};
/* example: marks */
static const struct smd_mark marks[] = {{"inactive:", "deactivate", "activate"}, {NULL}};
/* end */
static const struct smd_dialect marks_dialect = {
	.rules = TABLE(paths_rules),
	.family = SMD_FAMILY_BRACED,
	.negation = "delete",
	.enter = "set",
	.indent = 4,
	/* example: marks */
	.marks = marks,
	/* end */
};
static const struct smd_rule quotes_rules[] = {
	/* example: quotes */
	SECTION(NULL, "interfaces"), SECTION("interfaces", "*"),
	VALUE("interfaces / *", "description *", .negate = "$name"),
	/* end */
};
static const struct smd_dialect quotes = {
	.rules = TABLE(quotes_rules),
	.family = SMD_FAMILY_BRACED,
	.negation = "delete",
	.enter = "set",
	.indent = 4,
	/* example: quotes */
	.quotes = 1,
	/* end */
};
static const struct smd_rule bare_rules[] = {
	/* example: bare */
	SECTION(NULL, "interfaces", .flags = SMD_RULE_PERMANENT),
	SECTION("interfaces", "*"),
	VALUE("interfaces / *", "mtu *", .negate = "$name"),
	SECTION("interfaces / *", "vlan-tags"),
	VALUE("vlan-tags", "outer-tag *"),
	VALUE("vlan-tags", "inner-tag *"),
	/* end */
};
static const struct smd_dialect bare = {
	.rules = TABLE(bare_rules),
	/* example: bare */
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.enter = "",
	.indent = 2,
	.closers = exclamation_mark,
	/* end */
};

const struct example frame_examples[] = {
	{"trunk", DIALECT(LIKE_TINY(trunk))},
	{"instance", DIALECT(LIKE_TINY(instance))},
	{"order", DIALECT(LIKE_TINY(order))},
	{"undo", &undo},
	{"noise", &noise_dialect},
	{"squeeze", &squeeze},
	{"signs", &signs_dialect},
	{"candidate", &candidate},
	{"paths", &paths},
	{"insert", &insert},
	{"marks", &marks_dialect},
	{"quotes", &quotes},
	{"bare", &bare},
	{NULL, NULL},
};
