/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor's CLI described as data: how its lines make a tree, and how a
 * change becomes lines again. Core has the engine, a driver has the rules. The
 * functions take a driver's own tables, of this build of the headers or an older
 * one, by the sizes that stand in them.
 */
#ifndef SMARTDEPLOY_DIALECT_H
#define SMARTDEPLOY_DIALECT_H

#include <smartdeploy/change.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_rule_kind {
	SMD_RULE_SECTION = 1, /* lines below it belong to it; `*` words are its keys */
	SMD_RULE_VALUE = 2,   /* single-valued: a new value overwrites the old */
	SMD_RULE_MEMBER = 3,  /* each whole line is present or not; `*` and `...` are its key */
	SMD_RULE_NUMBERS = 4, /* the rest of the line is a list of numbers, a set */
	SMD_RULE_ORDERED = 5  /* a member whose place among its like is content */
};

/*
 * within   Pattern of the section that holds the line; NULL: top level; "**": anywhere.
 * line     Pattern of the line: words are literal, `*` is one word, a final
 *          `...` is the rest of the line, at least one word. At most 32 words
 *          and 9 wildcards.
 * negate   How the device removes it when that is not the dialect's negation
 *          and the whole line; `$1`, `$2` stand for what the first and second
 *          wildcard matched. "" for a section that cannot be removed as such:
 *          what is in it is removed, and an empty one is as good as none.
 * source   Where that is written: manual and release.
 *
 * Of rules that match a line the first counts. The node of a line is named by
 * the words before the first wildcard, the others are its keys; a value or
 * numbers begin at the *last* wildcard, and all words before it are the name.
 * NUMBERS are for devices where entering numbers adds them to the set and
 * negating them takes them out; where a list replaces the list before, the rule
 * is a VALUE.
 */
struct smd_rule {
	const char *within;
	const char *line;
	enum smd_rule_kind kind;
	const char *negate;
	const char *source;
};

enum smd_family {
	SMD_FAMILY_INDENTED = 1 /* sections by indentation */
};

/*
 * negation  The word before a line that removes it: "no". Mandatory.
 * exit      The line that leaves a section: "exit". Mandatory.
 * indent    Blanks a level when printed.
 * closers   Lines that close a section and are no content: "!", "exit". NULL-terminated.
 * noise     PCRE2, anchored to whole lines: what is printed but is no
 *           configuration ("Building configuration..."). NULL-terminated.
 * squeeze   A run of blanks is one blank to the device, in free text too.
 *
 * Blanks around a line are no part of it.
 */
struct smd_dialect {
	size_t size; /* sizeof(struct smd_dialect) */
	enum smd_family family;
	const char *negation;
	const char *exit;
	unsigned indent;
	const char *const *closers;
	const char *const *noise;
	const struct smd_rule *rules;
	size_t rule_count;
	size_t rule_size; /* sizeof(struct smd_rule) */
	int squeeze;
};

/*
 * Text to tree. Every line becomes a node; a line that no rule knows is a
 * member named by its own text, or a section when lines below it are indented
 * deeper. The same section twice is merged; of the same value twice the last
 * counts. SMD_E_INVALID names the line that has a NUL byte or is nested too
 * deeply for a tree. Pure; any thread.
 */
SMD_EXPORT int smd_dialect_parse(const struct smd_dialect *dialect, const struct smd_text *text,
				 struct smd_tree **out, struct smd_error *error);
/* Tree to text, so that parsing it again gives the same tree. */
SMD_EXPORT int smd_dialect_print(const struct smd_dialect *dialect, const struct smd_tree *tree,
				 struct smd_text *out, struct smd_error *error);
/* Changes to the lines to enter from configuration mode's root, in order. */
SMD_EXPORT int smd_dialect_render(const struct smd_dialect *dialect,
				  const struct smd_changes *changes, struct smd_text *out,
				  struct smd_error *error);

/* Called where a device comes to rest while it takes a payload; non-zero stops and is returned. */
typedef int (*smd_rest_fn)(void *arg, const struct smd_tree *tree, size_t line);

/*
 * Enter lines into `tree` as the device would, calling `rest` behind each line
 * that acts. A line that is not known in a section, but is further up, leaves
 * the section. Negating what is not there is kept as a line of its own. An
 * unknown line opens a section when the next one is indented deeper.
 */
SMD_EXPORT int smd_dialect_simulate(const struct smd_dialect *dialect, struct smd_tree *tree,
				    const struct smd_text *lines, smd_rest_fn rest, void *arg,
				    struct smd_error *error);

#ifdef __cplusplus
}
#endif
#endif
