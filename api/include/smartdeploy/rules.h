/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short macros for tables of dialect rules (dialect.h). Include it only in the file that
 * contains the table. Arguments after the line are further members by name:
 *
 *   VALUE("interface *", "mtu <number>", .source = "Interfaces Guide, mtu"),
 */
#ifndef SMARTDEPLOY_RULES_H
#define SMARTDEPLOY_RULES_H

#include <smartdeploy/dialect.h>

#define RULE(of, in, text, ...)                                                                    \
	{                                                                                          \
		.within = in, .line = text, .kind = SMD_RULE_##of, __VA_ARGS__                     \
	}
#define SECTION(in, text, ...) RULE(SECTION, in, text, __VA_ARGS__)
#define MEMBER(in, text, ...) RULE(MEMBER, in, text, __VA_ARGS__)
#define VALUE(in, text, ...) RULE(VALUE, in, text, __VA_ARGS__)
#define NUMBERS(in, text, ...) RULE(NUMBERS, in, text, __VA_ARGS__)
#define ORDERED(in, text, ...) RULE(ORDERED, in, text, __VA_ARGS__)
#define BLOCK(in, text, ...) RULE(BLOCK, in, text, __VA_ARGS__)
#define DEFAULT(in, text, ...) RULE(DEFAULT, in, text, __VA_ARGS__)

#endif
