/* SPDX-License-Identifier: Apache-2.0 */
/* Junos statements as the configuration models list them, and the schema built from them. */
#ifndef SIM_JUNOS_TABLE_H
#define SIM_JUNOS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

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
	const char *fallback; /* what holds without the statement; shown only when entered */
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

#endif
