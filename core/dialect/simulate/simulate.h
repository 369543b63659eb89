/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that takes lines, as far as the dialect's rules know it. It knows
 * nothing of how the lines came about.
 */
#ifndef SMD_DIALECT_SIMULATE_SIMULATE_H
#define SMD_DIALECT_SIMULATE_SIMULATE_H

#include "core/dialect/edit/statement.h"

/* What a line did to a node, for those who watch. */
enum smd_event {
	SMD_EVENT_ADDED = 1, /* or its value is another */
	SMD_EVENT_REMOVED,   /* the node is no child of `section` any more */
	SMD_EVENT_LEAVING    /* its value is about to become another; of a list: numbers left */
};

typedef int (*smd_event_fn)(void *arg, enum smd_event event, struct smd_node *section,
			    const struct smd_context *context, const struct smd_node *node);

/* A section that has nothing by a rule. */
struct smd_absence {
	const struct smd_node *section;
	const struct smd_compiled_rule *compiled;
};

#define SMD_ABSENCES 16

struct smd_numbering;

struct smd_device {
	struct smd_statement_writer writer;
	struct smd_source source; /* the lines */
	struct smd_tree *tree;
	struct smd_cursor levels[SMD_TREE_DEPTH + 1];
	size_t columns[SMD_TREE_DEPTH + 1]; /* in which the lines of the levels begin */
	size_t depth;                       /* of the levels in use; at least 1 */
	size_t column;                      /* of the line that is carried out */
	struct smd_numbering *numberings;
	size_t line; /* index of the one that is carried out */
	/* what removals looked for in vain, so that others like them need not; the oldest goes */
	struct smd_absence absences[SMD_ABSENCES];
	size_t absence_count, absence_next;
	smd_event_fn event;
	void *arg;
	/* of a list that something is told of: those that joined or left; NULL: all of them */
	const struct smd_set *numbers;
	struct smd_error *error;
};

/* Made on the heap, as it is large. */
int smd_device_new(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_text *lines,
		   struct smd_device **out, struct smd_error *error);
void smd_device_free(struct smd_device *device); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_device *, smd_device_free);
/* Enter all lines, calling `on_step` (may be NULL) behind each that acts. */
int smd_device_enter(struct smd_device *device, smd_step_fn on_step, void *arg);

/* Enter commands into a tree that is a configuration in the making. */
int smd_device_read(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_text *text,
		    struct smd_error *error);
/* In a dialect of paths with a word for entering: does the line begin with a verb? */
int smd_line_is_command(const struct smd_grammar *grammar, struct smd_span line);

#endif
