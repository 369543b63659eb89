/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A simulated device: takes lines and changes a tree, as far as the dialect's rules describe it. It
 * does not depend on how the lines were made.
 */
#ifndef SMD_DIALECT_SIMULATE_SIMULATE_H
#define SMD_DIALECT_SIMULATE_SIMULATE_H

#include "core/base/multimap.h"
#include "core/dialect/edit/statement.h"

/* What a line does to a node. */
enum smd_event {
	SMD_EVENT_ADDED = 1, /* or it has a new value */
	SMD_EVENT_REMOVED,   /* the node is no longer a child of `section` */
	SMD_EVENT_LEAVING /* its value is about to be replaced; of a list, numbers were removed */
};

typedef int (*smd_event_fn)(void *arg, enum smd_event event, struct smd_node *section,
			    const struct smd_context *context, const struct smd_node *node);

/* A rule of which a section has no line. */
struct smd_absence {
	const struct smd_node *section;
	const struct smd_compiled_rule *compiled;
};

#define SMD_ABSENCES 16

struct smd_numbering;
struct smd_device_lines;

struct smd_device {
	struct smd_statement_writer writer;
	struct smd_source source; /* the lines to enter */
	struct smd_tree *tree;
	const struct smd_tree *goal; /* see smd_device_new */
	struct smd_cursor levels[SMD_TREE_DEPTH + 1];
	size_t columns[SMD_TREE_DEPTH + 1]; /* in which the lines of the levels' sections begin */
	size_t depth;                       /* levels in use, at least 1 */
	size_t column;                      /* of the current line */
	struct smd_numbering **numberings;
	size_t numbering_count, numbering_room;
	struct smd_multimap numbered; /* indexes of numberings by their sections */
	/* nodes at the top that were read, in their order; indexes of the entries among them by
	 * their first keys */
	const struct smd_node **tops;
	size_t top_count, top_room;
	struct smd_multimap tops_by_key;
	struct smd_device_lines *lines; /* an index of one section, or NULL */
	size_t line;                    /* index of the current line */
	/* noted by removals, to save the next of the same rule a search; the oldest is replaced */
	struct smd_absence absences[SMD_ABSENCES];
	size_t absence_count, absence_next;
	int only_removes; /* a negation of what is not there is not kept as a line */
	smd_event_fn event;
	void *arg;
	/* during an event of a list: the numbers that were added or removed; NULL: all of them */
	const struct smd_set *numbers;
	struct smd_error *error;
};

/*
 * `lines` and `tree` are borrowed; `*out` is the caller's. Behind `no X` some devices show `no X`,
 * others nothing, and behind X X or nothing: a device that was made with `goal`, the configuration
 * that it is to have, shows what that has. NULL: it shows nothing.
 */
int smd_device_new(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_tree *goal,
		   const struct smd_text *lines, struct smd_device **out, struct smd_error *error);
void smd_device_free(struct smd_device *device); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_device *, smd_device_free);
/* Enter all lines; call `on_step` (may be NULL) behind each that acts. */
int smd_device_enter(struct smd_device *device, smd_step_fn on_step, void *arg);

/* Enter commands into a tree that becomes a configuration. */
int smd_device_read(struct smd_grammar *grammar, struct smd_tree *tree, const struct smd_text *text,
		    struct smd_error *error);
/* Whether a line begins with a verb, in a dialect of paths that has a word for entering. */
int smd_line_is_command(const struct smd_grammar *grammar, struct smd_span line);

#endif
