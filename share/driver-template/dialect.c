/*
 * The language, as data: which lines there are, and how a change becomes lines
 * again. <smartdeploy/dialect.h> says what each member means.
 *
 * Of rules that match a line the first counts. A line that no rule knows is kept
 * too: it is there or not, and `no` and the line remove it.
 */
#include "dialect.h"

/* Where it is written that the device does so: manual, chapter, release. */
#define MANUAL "the vendor's manual, "

static const struct smd_rule rules[] = {
	/* A section: the lines below belong to it. The `*` is one word, its key. */
	{.line = "interface *", .kind = SMD_RULE_SECTION, .source = MANUAL "Interfaces"},
	/* A value: a new one overwrites the old. It is removed without being named. */
	{.within = "interface *",
	 .line = "mtu *",
	 .kind = SMD_RULE_VALUE,
	 .negate = "no mtu",
	 .source = MANUAL "Interfaces"},
	/* `...` is the rest of the line. */
	{.within = "interface *",
	 .line = "description ...",
	 .kind = SMD_RULE_VALUE,
	 .negate = "no description",
	 .source = MANUAL "Interfaces"},
	/* Numbers: entering some adds them to those that there are. */
	{.within = "interface *",
	 .line = "vlans ...",
	 .kind = SMD_RULE_NUMBERS,
	 .source = MANUAL "VLANs"},
	/* A member: any number of them, each there or not. */
	{.line = "ntp server *", .kind = SMD_RULE_MEMBER, .source = MANUAL "Time"},
};

/* Lines that end a section and are no content. */
static const char *const closers[] = {"!", "exit", "end", NULL};

/* What is printed, but is no configuration. */
static const char *const noise[] = {"Building configuration\\.\\.\\.", "!.*", NULL};

const struct smd_dialect dialect = {
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
};
