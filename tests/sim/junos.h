/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Junos model's own parts: statements as the configuration models list them, the schema built
 * from them, configuration trees, and the commands that change a tree.
 */
#ifndef SIM_JUNOS_H
#define SIM_JUNOS_H

#include "kit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a statement is in the models; the last two appear in trees only. */
enum junos_kind {
	JUNOS_CONTAINER, /* goes when its last statement goes */
	JUNOS_PRESENCE,  /* stays when empty */
	JUNOS_LIST,
	JUNOS_LEAF,
	JUNOS_VALUE, /* a leaf whose keyword is not written */
	JUNOS_FLAG,
	JUNOS_MEMBERS, /* a leaf-list */
	JUNOS_MEMBER,
	JUNOS_CARRIED, /* a statement that no table knows, as it was entered */
};

enum junos_flag {
	JUNOS_ORDERED = 1,     /* the order of the entries has a meaning */
	JUNOS_AS_ENTERED = 2,  /* entries stand as entered; without either flag they are sorted */
	JUNOS_LINE = 4,        /* always shown on one line */
	JUNOS_SHORT = 8,       /* shown on one line while it holds one statement */
	JUNOS_GROUPED = 16,    /* entries in one pair of braces under the keyword */
	JUNOS_SECRET = 32,     /* `## SECRET-DATA` behind it */
	JUNOS_MATCH_TYPE = 64, /* keys are a prefix or list, a match type, perhaps its value */
	JUNOS_PREFIX = 128,    /* no statement: the path the next rows stand under */
};

/* One row of a table. Absent members are NULL or 0. */
struct junos_statement {
	const char *path;     /* from the row's prefix; a word in < > is a key or a value */
	const char *values;   /* samples `a|b`, or numbers `1..9` */
	const char *limits;   /* `1..9`: other numbers are refused */
	const char *one_of;   /* `a|b`: other words are refused */
	const char *choice;   /* `name:case`: a new case takes the others away */
	const char *refers;   /* the list that must hold the value at commit */
	const char *fallback; /* what holds without the statement; never shown */
	const char *same;     /* the hierarchy whose statements it holds, "" for all */
	const char *page;     /* where other than the configuration model of its hierarchy */
	enum junos_kind kind;
	int flags;
	int words; /* of an entry's key, where its < > words do not tell */
};

#define AT(p)                                                                                      \
	{                                                                                          \
		.path = p, .flags = JUNOS_PREFIX                                                   \
	}
#define CONTAINER(p, ...)                                                                          \
	{                                                                                          \
		.path = p, .kind = JUNOS_CONTAINER, __VA_ARGS__                                    \
	}
#define PRESENCE(p, ...)                                                                           \
	{                                                                                          \
		.path = p, .kind = JUNOS_PRESENCE, __VA_ARGS__                                     \
	}
#define FLAG(p, ...)                                                                               \
	{                                                                                          \
		.path = p, .kind = JUNOS_FLAG, __VA_ARGS__                                         \
	}
#define LIST(p, v, ...)                                                                            \
	{                                                                                          \
		.path = p, .kind = JUNOS_LIST, .values = v, __VA_ARGS__                            \
	}
#define LEAF(p, v, ...)                                                                            \
	{                                                                                          \
		.path = p, .kind = JUNOS_LEAF, .values = v, __VA_ARGS__                            \
	}
#define VALUE(p, v, ...)                                                                           \
	{                                                                                          \
		.path = p, .kind = JUNOS_VALUE, .values = v, __VA_ARGS__                           \
	}
#define MEMBERS(p, v, ...)                                                                         \
	{                                                                                          \
		.path = p, .kind = JUNOS_MEMBERS, .values = v, __VA_ARGS__                         \
	}

struct junos_table {
	const struct junos_statement *rows;
	size_t count;
};

/* The tables by topic, in the order in which the device shows the hierarchies. */
extern const struct junos_table *const junos_tables[];
extern const size_t junos_table_count;
extern const struct junos_table junos_hierarchies, junos_system, junos_interfaces, junos_vlans,
	junos_routing, junos_instances, junos_bgp, junos_igp, junos_policy, junos_firewall,
	junos_management, junos_security;

/* A statement in its place. Children stand in the device's order. */
struct junos_schema {
	const struct junos_statement *statement; /* NULL for the root and implied containers */
	const char *prefix;                      /* that the statement stands under in its table */
	char *path;
	char *name; /* NULL: no keyword is written */
	enum junos_kind kind;
	int flags;
	int keys;  /* < > words of an entry in table paths */
	int words; /* of an entry's key when typed */
	size_t position;
	struct junos_schema *parent, *same;
	struct junos_schema **children;
	size_t count;
};

/* Builds the schema of all tables; to be freed with junos_schema_free. */
struct junos_schema *junos_schema_new(void);
void junos_schema_free(struct junos_schema *schema);
/* The child written with `word`, NULL without one. */
struct junos_schema *junos_schema_keyword(const struct junos_schema *schema, const char *word);
/* The child of a kind that is written without a keyword, NULL without one. */
struct junos_schema *junos_schema_unnamed(const struct junos_schema *schema, enum junos_kind kind);
/* The statement at a path such as `policy-options community`, entries skipped; or NULL. */
struct junos_schema *junos_schema_at(struct junos_schema *root, const char *path);
/* Whether two statements are different cases of one choice. */
bool junos_excludes(const struct junos_schema *one, const struct junos_schema *other);

struct junos_node {
	const struct junos_schema *schema; /* NULL when carried */
	enum junos_kind kind;
	char *text; /* key, value, member or carried words; NULL for others */
	bool inactive;
	struct junos_node *parent;
	struct junos_node **children;
	size_t count;
};

struct junos_node *junos_node_new(const struct junos_schema *schema, enum junos_kind kind,
				  const char *text);
void junos_node_free(struct junos_node *node);
struct junos_node *junos_node_copy(const struct junos_node *node);
/* Puts a child in its place; the tree owns it from then on. */
void junos_node_add(struct junos_node *parent, struct junos_node *child);
/* Takes a child out and frees it. */
void junos_node_remove(struct junos_node *node);
/* Frees the node, then what it leaves empty above. */
void junos_node_prune(struct junos_node *node);
/* Moves a node before or behind a sibling. */
void junos_node_move(struct junos_node *node, struct junos_node *sibling, bool before);
struct junos_node *junos_node_find(const struct junos_node *parent,
				   const struct junos_schema *schema, const char *text);

/* Words of a line; quotes taken off. */
struct junos_words {
	char **word;
	size_t count;
};

/* Reads the next word or sign `{ } ; [ ]` of `*text`; NULL at the end. To be freed. */
char *junos_word_next(const char **text, bool *quoted);
struct junos_words junos_words_split(const char *line);
void junos_words_free(struct junos_words *words);
/* Writes a word, in quotes where the device does. */
void junos_word_write(FILE *out, const char *word);
/* Joins words with blanks, each written as the device does. To be freed. */
char *junos_words_join(char *const *word, size_t count);

/* One step of a path: a statement with its key or value. */
struct junos_step {
	const struct junos_schema *schema;
	enum junos_kind kind;
	char *text;
};

struct junos_path {
	struct junos_step *step;
	size_t count;
};

/*
 * Reads words as a path below `from`. `whole` is false where a value may be absent at the end.
 * On a mistake the result is empty and `refusal` holds the message, NULL otherwise.
 */
struct junos_path junos_path_read(const struct junos_schema *from, char *const *word, size_t count,
				  bool whole, char **refusal);
void junos_path_free(struct junos_path *path);

/* Enters a path's statements; returns the node whose braces follow, and the first one met. */
struct junos_node *junos_apply(struct junos_node *from, const struct junos_path *path,
			       struct junos_node **first);
/* The node at a path's end, NULL when absent. */
struct junos_node *junos_locate(struct junos_node *from, const struct junos_path *path);

/* A device: what is committed, and what is being changed. */
struct junos {
	struct junos_schema *schema;
	struct junos_node *running, *candidate;
};

struct junos *junos_new(void);
void junos_free(struct junos *device);
/*
 * Each returns NULL, or the device's message, to be freed. Messages that begin with `warning:`
 * are no refusal.
 */
char *junos_load(struct junos *device, const char *text); /* replaces both trees; no checks */
char *junos_enter(struct junos *device, const char *line);
char *junos_commit(struct junos *device);
void junos_rollback(struct junos *device);
/* Checks what commit checks. */
char *junos_check(const struct junos_schema *schema, struct junos_node *root);
/* A name that a statement refers to and nothing defines, and the list that lacks it; or NULL. */
char *junos_undefined(const struct junos_schema *schema, struct junos_node *root,
		      const struct junos_schema **list);
/* The committed configuration in braces, or as `set` lines. To be freed. */
char *junos_show(const struct junos *device, bool as_set);
/* Adds a configuration in braces below a node. Returns as junos_load. */
char *junos_read_braces(struct junos_node *root, const char *text);
/* Writes the path of a node as `set` has it. */
void junos_write_path(FILE *out, const struct junos_node *node);

#endif
