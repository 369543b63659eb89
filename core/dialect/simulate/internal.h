/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the simulated device share. */
#ifndef SMD_DIALECT_SIMULATE_INTERNAL_H
#define SMD_DIALECT_SIMULATE_INTERNAL_H

#include "core/dialect/line/invalidate.h"
#include "core/dialect/simulate/simulate.h"

/* Numbers that the device has given to the entries of an ordered list. */
struct smd_numbering {
	const struct smd_node *section;
	const struct smd_compiled_rule *compiled;
	struct smd_place_number {
		const struct smd_node *node;
		uint32_t number;
	} * entries; /* in the order of the list */
	size_t count, room;
};

int smd_device_take_line(struct smd_device *device, struct smd_span line, int deeper);
int smd_device_take_path(struct smd_device *device, struct smd_span line);
struct smd_cursor *smd_device_cursor(struct smd_device *device);
int smd_device_leave(struct smd_device *device); /* the innermost section */
int smd_device_out_of_memory(struct smd_device *device);
/* Report an event. Each added node is reported, or smd_device_forget_absences called. */
int smd_device_report(struct smd_device *device, enum smd_event event, struct smd_node *section,
		      const struct smd_context *context, const struct smd_node *node);
/* Forget what the section has nothing of: anything may have been added. */
void smd_device_forget_absences(struct smd_device *device, const struct smd_node *section);
/* Unlink a node and report it. */
int smd_device_remove(struct smd_device *device, const struct smd_cursor *cursor,
		      const struct smd_node *node);
/*
 * Remove from a section what a line names; `match` is that of its words from `from` on. `*found`:
 * there was something.
 */
int smd_device_take_out(struct smd_device *device, const struct smd_cursor *cursor,
			const struct smd_rule_match *match, const struct smd_words *words,
			size_t from, int *found);
/* Change the list of the writer's line node as a line of this form does. */
int smd_device_numbers(struct smd_device *device, const struct smd_cursor *cursor,
		       const struct smd_form *form);
/* Remove what a line names by its rule's `negate`. Wildcards that the line lacks match anything. */
int smd_device_remove_by_form(struct smd_device *device, const struct smd_cursor *cursor,
			      const struct smd_rule_match *match, const struct smd_words *words,
			      int *found);
/* Remove the lines of a section that the invalidator removes; `except` may be NULL. */
int smd_device_invalidate(struct smd_device *device, const struct smd_cursor *cursor,
			  const struct smd_invalidator *invalidator, const struct smd_node *except);
/* Forget the index of lines. To be called before a node moves: the index is extended by what stands
 * behind its last line. */
void smd_device_forget_lines(struct smd_device *device);

/*
 * Ordered lists whose entries are placed by number. _begin: the line that renumbers them; _of: the
 * numbering of a section, NULL if it has none; _place and _leave: the lines that insert and remove
 * an entry.
 */
int smd_numbering_begin(struct smd_device *device, const struct smd_rule_match *match);
struct smd_numbering *smd_numbering_of(const struct smd_device *device,
				       const struct smd_node *section);
int smd_numbering_place(struct smd_device *device, struct smd_numbering *numbering,
			struct smd_cursor *cursor, const struct smd_rule_match *match);
int smd_numbering_leave(struct smd_device *device, struct smd_numbering *numbering,
			const struct smd_cursor *cursor, const struct smd_rule_match *match);
/* Whether the ordered list has, or had, duplicates of this entry. */
int smd_duplicates_any(const struct smd_node *section, const struct smd_node *like);
/* Renumber the duplicates of an entry by their places in the list. SMD_E_UNSUPPORTED: too many. */
int smd_duplicates_renumber(struct smd_device *device, struct smd_node *section,
			    const struct smd_node *like);

#endif
