/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor's CLI described as data: how its lines make a tree, and how a
 * change becomes lines again. Core has the engine, a driver has the rules. The
 * functions take a driver's own tables, of this build of the headers or an older
 * one, by the sizes that stand in them.
 *
 * share/doc/dialect.md shows each word at work, by an example that is tested.
 *
 * The families. In an *indented* configuration each line is a statement, and
 * lines indented deeper belong to it. In a *braced* one a statement ends in `;`
 * or holds others in braces. In both, a dialect may say that statements are
 * *paths* (`enter` is set): then a line may begin at the root and go through
 * any number of sections (`set system host-name x`, `interfaces ge1 mtu 9000`),
 * as well as stand inside of them, and commands are written like that.
 */
#ifndef SMARTDEPLOY_DIALECT_H
#define SMARTDEPLOY_DIALECT_H

#include <smartdeploy/change.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_rule_kind {
	SMD_RULE_SECTION = 1, /* lines below it belong to it; wildcards are its keys */
	SMD_RULE_VALUE = 2,   /* single-valued: a new value overwrites the old */
	SMD_RULE_MEMBER = 3,  /* each whole line is present or not; wildcards are its key */
	SMD_RULE_NUMBERS = 4, /* the value is a list of numbers, a set */
	SMD_RULE_ORDERED = 5, /* a member whose place among its like is content */
	SMD_RULE_BLOCK = 6,   /* the line and all that follows up to `until` is one opaque value */
	SMD_RULE_DEFAULT = 7  /* says what is true without it: as good as not there */
};

/* More about a rule; to be or-ed. */
enum smd_rule_flag {
	/*
	 * Absence means "everything": a trunk without its list, a port without its
	 * filter, a filter without entries. Between two states that have it there
	 * must be none without it, nor, for a section, with nothing in it.
	 */
	SMD_RULE_REQUIRED = 1,
	/* A value that does not overwrite: the old one is removed first. */
	SMD_RULE_REMOVE_FIRST = 2,
	/* The value is a secret: previews show it masked. */
	SMD_RULE_SECRET = 4,
	/*
	 * The device shows another text than was entered (a hash with new salt, a
	 * clock): two values always compare as equal, and are kept and entered whole.
	 */
	SMD_RULE_REHASHED = 8,
	/*
	 * A section whose only key may be a list of numbers, `vlan 10,20-22`, is one of each. A
	 * MEMBER that ends in `...` is one of each word there: `match as-path 1 2`.
	 */
	SMD_RULE_EXPAND_LIST = 16,
	/* A section that is not there when nothing is in it, and goes by being emptied. */
	SMD_RULE_PERMANENT = 32,
	/* No two lines of one device may have this value at once: one lets go first. */
	SMD_RULE_UNIQUE = 64,
	/* A section whose place among those of one name is content. */
	SMD_RULE_ORDERED_SECTION = 128,
	/* A section that with nothing in it is as good as none, and is removed like any other. */
	SMD_RULE_EMPTY_IS_ABSENT = 256,
	/* Of an ordered list: what removes one entry removes them all. */
	SMD_RULE_REMOVES_LIST = 512
};

/*
 * Other ways to enter a list of numbers. In all of them `$1` stands for what the
 * first wildcard of the rule matched, and `$#` for the numbers.
 *
 * add, remove  Lines that add to the list and take out of it. With `add` the rule's
 *              own line replaces the whole list; without, it adds to it.
 * none         Line for the empty list. NULL: an emptied list is removed.
 * all          Line that says what absence says.
 * except       Line for all numbers from `first` to `last` but those named.
 * longest      Characters a line may have before the list goes on in further ones; 0: any.
 */
struct smd_numbers_form {
	const char *add;
	const char *remove;
	const char *none;
	const char *all;
	const char *except;
	uint32_t first, last;
	uint32_t longest;
};

/*
 * How to place an entry among its like where entries are not numbered in the
 * text, though the device counts them. `$1` is the first key of the *section*, `$#`
 * a number, `$line` the entry.
 *
 * renumber  Entered at the root: numbers the entries anew, beginning with `$first`,
 *           in steps of `$step`.
 * insert    Enters an entry at a number: "$# $line".
 * remove    Removes the entry of a number: "no $#".
 */
struct smd_order_form {
	const char *renumber;
	const char *insert;
	const char *remove;
};

/*
 * within       The section that holds the line, by *its* rule's line, word by word as it stands
 *              there; NULL: top level; "**": anywhere. "A / B": a B within an A. Several are
 *              separated by ";".
 * line         Pattern of the line. Words are literal, `a|b` is either; `*` is one word,
 *              `<number>` a decimal number, `<interface>` the name of an interface,
 *              `<interface:Ethernet,Vlan>` of these types, `<subinterface>` of one with a point
 *              in it, `Vlan<number>` of this type and a number, which is what the wildcard then
 *              stands for; a final `...` is the rest of the line, at least one word. At most 32
 *              words and 9 wildcards (`a|b` is none). A word `=` matches nothing: behind it the
 *              value begins (none, at the end), or the key of a member. `=*` is one word and
 *              the whole value, what stands behind it belongs to the name again.
 * negate       How the device removes it when that is not the dialect's negation and the whole
 *              line. `$1`, `$2` stand for what the first and second wildcard matched, `$name`
 *              for the words before the value (with `=*`, for all of the line), `$line` for the
 *              line.
 * source       Where that is written: manual and release. NULL: as the rule before.
 * flags        enum smd_rule_flag.
 * defines      What others refer to: "vlan $1". Several are separated by ";". `$^1` is the
 *              first key of the section around it (or the name, if it has none); of NUMBERS,
 *              `$#` stands for each.
 * uses         What it refers to: "vrf $1", in the same way. What is defined and used in one
 *              change is created before its use, and removed behind it.
 * invalidates  Patterns of lines beside it, separated by ";", that the device drops by itself
 *              when this line is entered, changed or removed; `$1` there is what this line has
 *              at that place. What shall stay of them is entered again.
 * advice       Of a REQUIRED rule: how to change it without a moment in which it is missing,
 *              for people.
 * until        BLOCK: the line that ends it, or "$delimiter": the character, or `^` and a
 *              character, that the value begins with. SECTION: the line that ends it where the
 *              device prints its lines not deeper than itself; one of the closers, too.
 *
 * Of rules that match a line the first counts. The node of a line is named by
 * the words before the value (VALUE, NUMBERS, BLOCK; it begins at `=`, or else at
 * the *last* wildcard), or before the key (others; it begins at `=`, or else at
 * the *first* wildcard). Siblings that are ORDERED are so among those of one name.
 * In a dialect of paths a rule matches the beginning of what is left of a line. A
 * SECTION leaves the rest to the rules within it, others to the rules beside them
 * (`vlan-tags outer 100 inner 20`); a word that no rule knows is a section of its own.
 */
struct smd_rule {
	const char *within;
	const char *line;
	enum smd_rule_kind kind;
	const char *negate;
	const char *source;
	unsigned flags;
	const char *defines;
	const char *uses;
	const char *invalidates;
	const char *until;
	const struct smd_numbers_form *numbers;
	const struct smd_order_form *order;
	const char *advice;
};

enum smd_family {
	SMD_FAMILY_INDENTED = 1, /* sections by indentation */
	SMD_FAMILY_BRACED = 2    /* sections by braces */
};

/* A word before a statement that says something about it: `inactive:`. */
struct smd_mark {
	const char *word; /* as it is printed */
	const char *set;  /* the word that gives it to a path: "deactivate" */
	const char *clear;
};

/*
 * negation       The word before a line that removes it: "no". Mandatory.
 * exit           The line that leaves a section: "exit". Mandatory unless `enter` is set.
 * indent         Blanks a level when printed.
 * closers        Lines that close a section and are no content: "!", "exit". NULL-terminated.
 * noise          PCRE2, anchored to whole lines: what is printed but is no configuration
 *                ("Building configuration..."). NULL-terminated.
 * cut            PCRE2: what is printed behind a line and is no part of it (a comment, a
 *                default). NULL-terminated.
 * squeeze        A run of blanks is one blank to the device, in free text too.
 * enter          NULL: commands go section by section. Else statements are paths, and this is
 *                the word before one that is entered: "set", or "" for none.
 * insert         The word of `insert PATH before|after NAME`, which moves an ordered entry;
 *                NULL: there is none.
 * marks          Terminated by one without a word.
 * quotes         Text in double quotes is one word, and means the same without them.
 * interfaces     Types of interfaces in full: "GigabitEthernet". A word `<interface>` that
 *                begins with the beginning of just one of them, in any case, and goes on with a
 *                digit, is spelled with it. NULL-terminated.
 * candidate      Lines go to a candidate: no state between them acts.
 * atomic_method  What makes a change act as a whole where lines act at once, for people:
 *                "configure session". NULL: nothing does.
 * signs          PCRE2, anchored to whole lines: what only this vendor's configurations have.
 *                NULL-terminated.
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
	const char *enter;
	const char *insert;
	const struct smd_mark *marks;
	int quotes;
	const char *const *interfaces;
	int candidate;
	const char *atomic_method;
	const char *const *signs;
	const char *const *cut;
};

/*
 * Is the dialect well formed? SMD_E_INVALID names the rule or pattern that is not. The
 * other functions look only as far as they need to. Pure; any thread.
 */
SMD_EXPORT int smd_dialect_check(const struct smd_dialect *dialect, struct smd_error *error);

/* A dialect made ready for use: rules found by section and first words, patterns compiled. */
struct smd_compiled;

/*
 * Compile a dialect, once for all that is done with it: it costs as much as reading thousands
 * of lines. The dialect, its tables and their strings are borrowed and stay as they are until
 * smd_dialect_free. `*out` is the caller's; any number of threads may use it at once.
 * SMD_E_INVALID names the rule or pattern that is wrong.
 * The dialect of a driver that was loaded is compiled by whoever loads it: smd_settings_dialect.
 */
SMD_EXPORT int smd_dialect_compile(const struct smd_dialect *dialect, struct smd_compiled **out,
				   struct smd_error *error);
SMD_EXPORT void smd_dialect_free(struct smd_compiled *compiled); /* NULL is fine */
/*
 * Text to tree. Every line becomes a node; a line that no rule knows is a
 * member named by its own text, or a section when lines below it are indented
 * deeper. The same section twice is merged; of the same value twice the last
 * counts. SMD_E_INVALID names the line that has a NUL byte, that cannot be
 * structured (braces that do not match), or that is nested too deeply for a
 * tree. Pure; any thread.
 */
SMD_EXPORT int smd_dialect_parse(const struct smd_compiled *dialect, const struct smd_text *text,
				 struct smd_tree **out, struct smd_error *error);
/*
 * Tree to text, so that parsing it again gives the same tree (law 1); it is parsed again to
 * see that. SMD_E_INVALID says what would be read differently. `out` is only appended to
 * when all is well.
 */
SMD_EXPORT int smd_dialect_print(const struct smd_compiled *dialect, const struct smd_tree *tree,
				 struct smd_text *out, struct smd_error *error);
/*
 * Tree to one line a statement from the root: as the device does it where
 * statements are paths, else the lines of the sections and its own, separated by
 * " / ", for people and for `grep`. Paths are parsed again, as above.
 */
SMD_EXPORT int smd_dialect_flatten(const struct smd_compiled *dialect, const struct smd_tree *tree,
				   struct smd_text *out, struct smd_error *error);
/* Changes to the lines to enter from configuration mode's root, in order. */
SMD_EXPORT int smd_dialect_render(const struct smd_compiled *dialect,
				  const struct smd_changes *changes, struct smd_text *out,
				  struct smd_error *error);

/* Called behind each line of a payload that acts; non-zero stops and is returned. */
typedef int (*smd_step_fn)(void *arg, const struct smd_tree *tree, size_t line);

/*
 * Enter lines into `tree` as the device would, calling `on_step` behind each line
 * that acts. A line that is not known in a section, but is further up, leaves
 * the section. Negating what is not there is kept as a line of its own. An
 * unknown line opens a section when the next one is indented deeper.
 */
SMD_EXPORT int smd_dialect_simulate(const struct smd_compiled *dialect, struct smd_tree *tree,
				    const struct smd_text *lines, smd_step_fn on_step, void *arg,
				    struct smd_error *error);

/*
 * What `running` becomes when all of `intended` is entered, and nothing else goes: `*out`
 * is the caller's. Values are overwritten, numbers join lists, ordered entries come
 * last; only a line that negates another takes that away.
 */
SMD_EXPORT int smd_dialect_merge(const struct smd_compiled *dialect, const struct smd_tree *running,
				 const struct smd_tree *intended, struct smd_tree **out,
				 struct smd_error *error);

/*
 * Called for each line of a change as people look at it: `mark` is '+' for what comes,
 * '-' for what goes, '~' for a list that changes, ' ' for a section around them.
 * `text` is borrowed, secrets in it are masked. Non-zero stops and is returned.
 */
typedef int (*smd_preview_fn)(void *arg, char mark, unsigned depth, const char *text);

/* Tell changes section by section, in the order of the configuration. */
SMD_EXPORT int smd_dialect_preview(const struct smd_compiled *dialect,
				   const struct smd_changes *changes, smd_preview_fn each,
				   void *arg, struct smd_error *error);

/*
 * Append lines to enter as people may see them: secrets masked. A line is taken as of the
 * section that it is entered in; on a path, anything that looks like a secret is one.
 */
SMD_EXPORT int smd_dialect_mask(const struct smd_compiled *dialect, const struct smd_text *lines,
				struct smd_text *out, struct smd_error *error);
/* Is what the node says a secret? No memory: it is. */
SMD_EXPORT int smd_dialect_is_secret(const struct smd_compiled *dialect,
				     const struct smd_node *node);

/*
 * A state that is not safe.
 *
 * line    Index of the line of the payload behind which it is so.
 * what    One sentence for people.
 * advice  How else to make this change, by the rule of the line; NULL: no rule says.
 */
struct smd_hazard {
	size_t line;
	const char *what, *advice;
};
/* Told during the call; the hazard is borrowed. */
typedef void (*smd_hazard_fn)(void *arg, const struct smd_hazard *hazard);

/*
 * Enter the lines for changes into a copy of the tree they come from; it must become
 * the one they go to, else SMD_E_UNSAFE. Tells each state between that acts and is not
 * safe: what a REQUIRED rule keeps is missing though both trees have it, or something is
 * used that is not defined though one of them defines it. None where the dialect has
 * a candidate. `hazard` may be NULL.
 */
SMD_EXPORT int smd_dialect_verify_patch(const struct smd_compiled *dialect,
					const struct smd_changes *changes,
					const struct smd_text *lines, smd_hazard_fn hazard,
					void *arg, struct smd_error *error);

/* How many of the lines, from 0 to 1000, bear the signs of the dialect. */
SMD_EXPORT unsigned smd_dialect_likeness(const struct smd_dialect *dialect,
					 const struct smd_text *text);

#ifdef __cplusplus
}
#endif
#endif
