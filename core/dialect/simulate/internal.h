/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the device share. */
#ifndef SMD_DIALECT_SIMULATE_INTERNAL_H
#define SMD_DIALECT_SIMULATE_INTERNAL_H

#include "core/dialect/line/invalidate.h"
#include "core/dialect/simulate/simulate.h"

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
/* Give the entries of an ordered list that read like this one their keys anew, by their places.
 * SMD_E_UNSUPPORTED: they are too many. */
int smd_duplicates_renumber(struct smd_device *device, struct smd_node *section,
			    const struct smd_node *like);

#endif
