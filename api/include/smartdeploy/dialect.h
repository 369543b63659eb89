/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vendor's command-line language as data, a *dialect*: how lines of a
 * configuration become a tree, and how changes become lines to enter. Core has the
 * engine, a driver has the rules. Tables of a driver that was built with older
 * headers are fine: each says its own size.
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
	SMD_RULE_MEMBER = 3,  /* the whole line is present or not; wildcards are its key */
	SMD_RULE_NUMBERS = 4, /* the value is a list of numbers, a set */
	SMD_RULE_ORDERED = 5, /* a member whose place among those of its name is content */
	SMD_RULE_BLOCK = 6,   /* the line and all that follows up to `until` is one opaque value */
	SMD_RULE_DEFAULT = 7  /* says what is so without it, too: adds nothing to the tree */
};

/* Properties of a rule; to be or-ed. */
enum smd_rule_flag {
	/*
	 * Absence means "everything": a trunk without its list, a port without its
	 * filter, a filter without entries. On the way between two states that have it,
	 * it must never be missing nor, if it is a section, be empty.
	 */
	SMD_RULE_REQUIRED = 1,
	/* A new value does not overwrite the old one, which has to be removed first. */
	SMD_RULE_REMOVE_FIRST = 2,
	/* The value is a secret: previews show it masked. */
	SMD_RULE_SECRET = 4,
	/*
	 * The device shows another text than was entered (a hash with new salt, a
	 * clock). Any two such values compare as equal; each is kept and entered as it is.
	 */
	SMD_RULE_REHASHED = 8,
	/*
	 * A line that stands for several. A section whose only key may be a list of numbers:
	 * `vlan 10,20-22` is a section for each number. A MEMBER that ends in `...`:
	 * `match as-path 1 2` is a member for each word.
	 */
	SMD_RULE_EXPAND_LIST = 16,
	/* A section that is removed by removing all that is in it; empty, it counts as absent. */
	SMD_RULE_PERMANENT = 32,
	/* No two lines of one device may have this value at once: one gives it up first. */
	SMD_RULE_UNIQUE = 64,
	/* A section whose place among those of its name is content. */
	SMD_RULE_ORDERED_SECTION = 128,
	/* A section that counts as absent when it is empty, but is removed like any other. */
	SMD_RULE_EMPTY_IS_ABSENT = 256,
	/* Of an ordered list: removing one entry removes them all. */
	SMD_RULE_REMOVES_LIST = 512,
	/*
	 * The value is text for people: it is compared as it is written. Elsewhere an address is
	 * the same however it is spelled (2001:DB8::1 and 2001:db8:0::1).
	 */
	SMD_RULE_FREE_TEXT = 1024,
	/* Of what changes in a section it is entered before the others, and removed behind them. */
	SMD_RULE_ENTERED_FIRST = 2048,
	/* The other way round: it is removed before the others, and entered behind them. */
	SMD_RULE_ENTERED_LAST = 4096
};

/*
 * Other forms to enter a list of numbers. In each, `$1` stands for what the
 * first wildcard of the rule matched, and `$#` for the numbers.
 *
 * add, remove  Lines that add numbers to the list and remove them from it. With `add` the rule's
 *              own line replaces the whole list; without, it adds to it.
 * none         Line for the empty list. NULL: an emptied list is removed.
 * all          Line that says what absence says.
 * except       Line for all numbers from `first` to `last` except the named ones.
 * longest      Characters a line may have; what does not fit goes on in further lines. 0: any.
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
 * Forms to place an entry in an ordered list whose entries have numbers on the
 * device, but not in the text. `$1` is the first key of the *section*, `$#` a number,
 * `$line` the entry.
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
 * within       The section that holds the line, named by the `line` of that section's rule, word by
 *              word; NULL: top level; "**": anywhere. "A / B": a B within an A. Several are
 *              separated by ";".
 * line         Pattern of the line. Words are literal, `a|b` is either; `*` is one word,
 *              `<number>` a decimal number, `<interface>` the name of an interface,
 *              `<interface:Ethernet,Vlan>` of these types, `<subinterface>` of one with a point
 *              in it, `Vlan<number>` of this type and a number, which is what the wildcard then
 *              stands for; a final `...` is the rest of the line, at least one word. At most 32
 *              words and 9 wildcards (`a|b` is none). A word `=` matches nothing: behind it the
 *              value begins (none, at the end), or the key of a member. `=*` is one word and
 *              the whole value; the words behind it belong to the name again.
 * negate       The line that removes it. NULL: the dialect's negation and the whole line. `$1`,
 *              `$2` stand for what the first and second wildcard matched, `$name` for the words
 *              before the value (with `=*`, for all of the line), `$line` for the line.
 * source       Where that is written: manual and release. NULL: as the rule before.
 * flags        enum smd_rule_flag.
 * defines      Name that others may use: "vlan $1". Several are separated by ";". `$^1` is the
 *              first key of the section around it (or the name, if it has none); of NUMBERS,
 *              `$#` stands for each.
 * uses         Name that it uses: "vrf $1", in the same way. What is defined and used in one change
 *              is created before its use, and removed behind it. A name that begins with `~` does
 *              nothing more; of others it is told when they are used and not defined.
 * refers       Words behind which the line names what it uses, wherever they stand: with
 *              "time-range;group=aaa-group", a line with `group TG` uses "aaa-group TG".
 * invalidates  Patterns of lines beside it, separated by ";", that the device removes by itself
 *              when this line is entered, changed or removed; `$1` there is what this line has
 *              at that place. Those that are to stay are entered again.
 * advice       Of a REQUIRED rule: how to change it without a moment in which it is missing,
 *              for people.
 * until        BLOCK: the line that ends it, or "$delimiter": the character, or `^C`, that the
 *              value begins with; it is no content, and one is entered that the text does not
 *              have. SECTION: the line that ends it where the
 *              device prints its lines not deeper than itself; one of the closers, too.
 *
 * If several rules match a line, the first counts. The node of a line is named by
 * the words before the value (VALUE, NUMBERS, BLOCK; it begins at `=`, or else at
 * the *last* wildcard), or before the key (others; it begins at `=`, or else at
 * the *first* wildcard). ORDERED siblings of one name are one list.
 * In a dialect of paths a rule matches the first words of a path, or the next ones behind a
 * SECTION: these are matched by the rules within it; behind any other rule, by the rules beside it
 * (`vlan-tags outer 100 inner 20`). A word that no rule knows is a section of its own.
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
	const char *refers;
};

enum smd_family {
	SMD_FAMILY_INDENTED = 1, /* sections by indentation */
	SMD_FAMILY_BRACED = 2    /* sections by braces */
};

/* A word before a statement that marks it: `inactive:`. */
struct smd_mark {
	const char *word; /* as it is printed */
	const char *set;  /* the verb that marks a path: "deactivate" */
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
 * Check that a dialect is well formed, in all respects; smd_dialect_compile checks only what it
 * needs. SMD_E_INVALID names the rule or pattern that is not. Pure; any thread.
 */
SMD_EXPORT int smd_dialect_check(const struct smd_dialect *dialect, struct smd_error *error);

/* A compiled dialect: rules indexed by section and first words, patterns compiled. */
struct smd_compiled;

/*
 * Compile a dialect, once for all uses: it costs as much as reading thousands of lines. The
 * dialect, its tables and their strings are borrowed and must not change until
 * smd_dialect_free. `*out` is the caller's; any number of threads may use it at once.
 * SMD_E_INVALID names the rule or pattern that is wrong.
 * The dialect of a loaded driver is compiled by the loader: smd_settings_dialect.
 */
SMD_EXPORT int smd_dialect_compile(const struct smd_dialect *dialect, struct smd_compiled **out,
				   struct smd_error *error);
SMD_EXPORT void smd_dialect_free(struct smd_compiled *compiled); /* NULL is fine */
/*
 * Parse a text into a tree. Every line becomes a node; a line that no rule knows is a
 * member named by its own text, or a section when lines below it are indented
 * deeper. Equal sections are merged; of a value that is given twice the last
 * counts. SMD_E_INVALID names a line with a NUL byte, one where the structure is broken
 * (braces that do not match), or one that is nested too deeply for a tree. Pure; any thread.
 */
SMD_EXPORT int smd_dialect_parse(const struct smd_compiled *dialect, const struct smd_text *text,
				 struct smd_tree **out, struct smd_error *error);
/*
 * Print a tree as text that parses to the same tree (law 1); it is parsed to make sure.
 * SMD_E_INVALID says what would be read differently. `out` is only appended to
 * when it returns 0.
 */
SMD_EXPORT int smd_dialect_print(const struct smd_compiled *dialect, const struct smd_tree *tree,
				 struct smd_text *out, struct smd_error *error);
/*
 * Write a tree as one line per statement, each from the root: as the device does it where
 * statements are paths, else the lines of the sections and its own, separated by
 * " / ", for people and for `grep`. Paths are parsed again, as above.
 */
SMD_EXPORT int smd_dialect_flatten(const struct smd_compiled *dialect, const struct smd_tree *tree,
				   struct smd_text *out, struct smd_error *error);
/* Write the lines that carry out changes, to be entered in order at configuration mode's root. */
SMD_EXPORT int smd_dialect_render(const struct smd_compiled *dialect,
				  const struct smd_changes *changes, struct smd_text *out,
				  struct smd_error *error);

/* Called behind each line of a payload that acts, by index; non-zero stops and is returned. */
typedef int (*smd_step_fn)(void *arg, const struct smd_tree *tree, size_t line);

/*
 * Enter lines into `tree` as the device would, calling `on_step` behind each line
 * that acts. A line that the section's rules do not know, but those of a section around it,
 * leaves the section. Negating a line that is not there is kept as a line of its own. An
 * unknown line opens a section when the next one is indented deeper.
 */
SMD_EXPORT int smd_dialect_simulate(const struct smd_compiled *dialect, struct smd_tree *tree,
				    const struct smd_text *lines, smd_step_fn on_step, void *arg,
				    struct smd_error *error);

/*
 * The same on the way to a configuration that is known. Whether a device shows `no X` behind
 * `no X`, or nothing, hangs on its defaults: it is taken for what `goal` has. NULL: nothing.
 */
SMD_EXPORT int smd_dialect_simulate_to(const struct smd_compiled *dialect, struct smd_tree *tree,
				       const struct smd_tree *goal, const struct smd_text *lines,
				       smd_step_fn on_step, void *arg, struct smd_error *error);

/*
 * Merge: what `running` becomes when all of `intended` is entered, and nothing else is
 * removed. `*out` is the caller's. Values are overwritten, numbers join lists, ordered entries
 * are added behind the others; a line that negates another removes it.
 */
SMD_EXPORT int smd_dialect_merge(const struct smd_compiled *dialect, const struct smd_tree *running,
				 const struct smd_tree *intended, struct smd_tree **out,
				 struct smd_error *error);

/*
 * Called for each line of a preview. `mark` is '+' for a line that is added, '-' for one
 * that is removed, '~' for a list that changes, ' ' for a section around them. `depth`: of
 * sections. `text` is borrowed, secrets in it are masked. Non-zero stops and is returned.
 */
typedef int (*smd_preview_fn)(void *arg, char mark, unsigned depth, const char *text);

/* Preview changes section by section, in the order of the configuration. */
SMD_EXPORT int smd_dialect_preview(const struct smd_compiled *dialect,
				   const struct smd_changes *changes, smd_preview_fn each,
				   void *arg, struct smd_error *error);

/*
 * Append lines to enter with secrets masked, for people. A line is judged by the
 * section that it is entered in; on a path, anything that looks like a secret is masked.
 */
SMD_EXPORT int smd_dialect_mask(const struct smd_compiled *dialect, const struct smd_text *lines,
				struct smd_text *out, struct smd_error *error);
/* Whether the node's line has a secret; true also when there is no memory to tell. */
SMD_EXPORT int smd_dialect_is_secret(const struct smd_compiled *dialect,
				     const struct smd_node *node);

/*
 * A hazard: a state during a patch that is not safe.
 *
 * line    Index of the line of the payload behind which it exists.
 * what    One sentence for people.
 * advice  How else to make this change, by the rule of the line; NULL: no rule says.
 */
struct smd_hazard {
	size_t line;
	const char *what, *advice;
};
/* Called during the verification; the hazard is borrowed. */
typedef void (*smd_hazard_fn)(void *arg, const struct smd_hazard *hazard);

/*
 * Verify a patch: enter its lines into a copy of the tree that the changes come from. It must
 * become the tree they go to, else SMD_E_UNSAFE. Reports as a hazard each state in between that
 * acts and in which something REQUIRED is missing though both trees have it, or a name is
 * used, if only where nothing changes, and not defined though one of the trees defines it. Where
 * the dialect has a candidate only the last state acts. `hazard` may be NULL.
 */
SMD_EXPORT int smd_dialect_verify_patch(const struct smd_compiled *dialect,
					const struct smd_changes *changes,
					const struct smd_text *lines, smd_hazard_fn hazard,
					void *arg, struct smd_error *error);

/* How many lines of a thousand match the dialect's signs, from 0 to 1000. */
SMD_EXPORT unsigned smd_dialect_likeness(const struct smd_dialect *dialect,
					 const struct smd_text *text);

#ifdef __cplusplus
}
#endif
#endif
