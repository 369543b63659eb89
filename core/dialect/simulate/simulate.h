/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A device that takes lines, as far as the dialect's rules know it. It knows
 * nothing of how the lines came about.
 */
#ifndef SMD_DIALECT_SIMULATE_SIMULATE_H
#define SMD_DIALECT_SIMULATE_SIMULATE_H

#include "core/dialect/edit/statement.h"
#include "core/dialect/line/invalidate.h"

/* What a line did to a node, for those who watch. */
enum smd_event {
	SMD_EVENT_ADDED = 1, /* or its value is another */
	SMD_EVENT_REMOVED,   /* the node is no child of `section` any more */
	SMD_EVENT_LEAVING    /* its value is about to become another */
};

typedef int (*smd_event_fn)(void *arg, enum smd_event event, struct smd_node *section,
			    const struct smd_context *context, const struct smd_node *node);

/* Numbers that the device gave to the entries of an ordered list. */
struct smd_numbering {
	struct smd_numbering *next;
	const struct smd_node *section;
	const struct smd_compiled_rule *compiled;
	struct smd_place_number {
		const struct smd_node *node;
		uint32_t number;
	} * entries; /* in the order of the list */
	size_t count, room;
};

/* A section that has nothing by a rule. */
struct smd_absence {
	const struct smd_node *section;
	const struct smd_compiled_rule *compiled;
};

#define SMD_ABSENCES 16

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

/* For the files of the device. */
int smd_device_take_line(struct smd_device *device, struct smd_span line, int deeper);
int smd_device_take_path(struct smd_device *device, struct smd_span line);
struct smd_cursor *smd_device_cursor(struct smd_device *device);
int smd_device_leave(struct smd_device *device); /* the innermost section */
int smd_device_out_of_memory(struct smd_device *device);
/* Every node that comes is told, or smd_device_forget_absences is called. */
int smd_device_report(struct smd_device *device, enum smd_event event, struct smd_node *section,
		      const struct smd_context *context, const struct smd_node *node);
/* Something may have come into the section, by any rule. */
void smd_device_forget_absences(struct smd_device *device, const struct smd_node *section);
/* Unlink a node, and tell. */
int smd_device_remove(struct smd_device *device, const struct smd_cursor *cursor,
		      const struct smd_node *node);
/* Take out of a section what the match, whose words begin at `from`, names; *found: there was
 * something. */
int smd_device_take_out(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_rule_match *match, const struct smd_words *words,
			size_t from, int *found);
/* Change the list of numbers in writer.line_node as a form says. */
int smd_device_numbers(struct smd_device *device, const struct smd_cursor *cursor,
		       const struct smd_form *form);
/* The same by the rule's way of removal. Wildcards that it does not repeat mean any. */
int smd_device_remove_by_form(struct smd_device *device, const struct smd_cursor *cursor,
			      const struct smd_rule_match *match, const struct smd_words *words,
			      int *found);
/* The lines in a section, but for one (may be NULL), that go by themselves when it changes. */
int smd_device_invalidate(struct smd_device *device, const struct smd_cursor *cursor,
			  const struct smd_invalidator *invalidator, const struct smd_node *except);

/* Entries that are placed by number. */
int smd_numbering_begin(struct smd_device *device, const struct smd_rule_match *match);
struct smd_numbering *smd_numbering_of(const struct smd_device *device,
				       const struct smd_node *section);
int smd_numbering_place(struct smd_device *device, struct smd_numbering *numbering,
			struct smd_cursor *cursor, const struct smd_rule_match *match);
int smd_numbering_leave(struct smd_device *device, struct smd_numbering *numbering,
			const struct smd_cursor *cursor, const struct smd_rule_match *match);
/* Are there several entries of an ordered list that read like this one, or were there? */
int smd_duplicates_any(const struct smd_node *section, const struct smd_node *like);
/* Give the entries of an ordered list that read like this one their keys anew, by their places. */
int smd_duplicates_renumber(struct smd_device *device, struct smd_node *section,
			    const struct smd_node *like);

#endif
