/* SPDX-License-Identifier: Apache-2.0 */
#include "path_dialects.h"

static const struct smd_rule rules[] = {
	{NULL, "system", SMD_RULE_SECTION, NULL, "test"},
	{"system", "host-name *", SMD_RULE_VALUE, NULL, "test"},
	{"system", "key *", SMD_RULE_VALUE, NULL, "test", SMD_RULE_SECRET},
	{"system", "server *", SMD_RULE_MEMBER, NULL, "test"},
	{NULL, "interfaces", SMD_RULE_SECTION, NULL, "test"},
	{"interfaces", "port *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_PERMANENT},
	{"port *", "mtu *", SMD_RULE_VALUE, NULL, "test"},
	{"port *", "description *", SMD_RULE_VALUE, NULL, "test"},
	{"port *", "tags", SMD_RULE_SECTION, NULL, "test"},
	{"tags", "outer *", SMD_RULE_VALUE, NULL, "test"},
	{"tags", "inner *", SMD_RULE_VALUE, NULL, "test"},
	{"port *", "members *", SMD_RULE_MEMBER, NULL, "test"},
	{NULL, "group *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_EMPTY_IS_ABSENT},
	{"group *", "apply *", SMD_RULE_ORDERED, NULL, "test"},
	{NULL, "policy *", SMD_RULE_SECTION, NULL, "test"},
	{"policy *", "term *", SMD_RULE_SECTION, NULL, "test", SMD_RULE_ORDERED_SECTION},
	{"term *", "then *", SMD_RULE_VALUE, NULL, "test"},
	{"term *", "from *", SMD_RULE_MEMBER, NULL, "test"},
};
static const struct smd_mark marks[] = {{"inactive:", "deactivate", "activate"}, {NULL}};
const struct smd_dialect braced = {
	.size = sizeof(braced),
	.family = SMD_FAMILY_BRACED,
	.negation = "delete",
	.indent = 4,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.enter = "set",
	.insert = "insert",
	.marks = marks,
	.quotes = 1,
	.candidate = 1,
};
static const char *const closers[] = {"!", NULL};
const struct smd_dialect plain = {
	.size = sizeof(plain),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.indent = 2,
	.closers = closers,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
	.enter = "",
	.candidate = 1,
};
