/* SPDX-License-Identifier: Apache-2.0 */
/* The Junos model's own parts: configuration trees, and the commands that change a tree. */
#ifndef SIM_JUNOS_H
#define SIM_JUNOS_H

#include "junos_table.h"
#include "kit.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

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
/* Its models show `set` lines where `vendor` is not NULL. */
extern const struct sim_engine junos_engine;
/* Writes the path of a node as `set` has it. */
void junos_write_path(FILE *out, const struct junos_node *node);

#endif
