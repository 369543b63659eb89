/* SPDX-License-Identifier: Apache-2.0 */
/* The dialects of share/doc/dialect.md. The parts that the page shows stand between markers. */
#ifndef SMD_TESTS_DIALECT_EXAMPLES_H
#define SMD_TESTS_DIALECT_EXAMPLES_H

#include <smartdeploy/dialect.h>

/* A table as `.rules`, with its sizes. */
#define TABLE(table)                                                                               \
	(table), .rule_count = sizeof(table) / sizeof((table)[0]),                                 \
		 .rule_size = sizeof((table)[0]), .size = sizeof(struct smd_dialect)

/* The page's first dialect, with other rules. */
#define LIKE_TINY(table)                                                                           \
	.rules = TABLE(table), .family = SMD_FAMILY_INDENTED, .negation = "no", .exit = "exit",    \
	.indent = 1, .closers = exclamation_mark

#define DIALECT(...)                                                                               \
	&(const struct smd_dialect)                                                                \
	{                                                                                          \
		__VA_ARGS__                                                                        \
	}

extern const char *const exclamation_mark[];

struct example {
	const char *name;
	const struct smd_dialect *dialect;
};

/* The last element of each has no name. */
extern const struct example rule_examples[], frame_examples[];

/* The function of the page: appends the lines that lead from one text to the other. */
int patch_of(const struct smd_dialect *dialect, const struct smd_text *running,
	     const struct smd_text *intended, struct smd_text *patch, struct smd_error *error);

#endif
