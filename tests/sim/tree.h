/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the engine of lines.h: rows made ready, lines, and what is done with them. */
#ifndef SIM_TREE_H
#define SIM_TREE_H

#include "lines.h"

/* A piece of a row's words. */
struct sim_element {
	enum { SIM_LITERAL, SIM_PLACE, SIM_OPTION, SIM_OPTION_END } what;
	char *word; /* the literal, or the type */
	char *kind; /* of the name, or NULL */
	bool key, defines, refers, many;
	size_t end; /* of an option: the index of its end */
};

/* A statement made ready. */
struct sim_row {
	const struct sim_statement *statement;
	const char *section;
	struct sim_element *element;
	size_t count;
	size_t rank;       /* place in the tables */
	size_t group_rank; /* rank of the first row of its group */
	char *slot;
	unsigned edits;
};

/* A word of a line with the place that it fills. */
struct sim_part {
	const struct sim_element *element;
	char *word;
};

/* A line read by a row. */
struct sim_match {
	const struct sim_row *row;
	struct sim_part *part;
	size_t count;
	bool whole; /* no value was left out at the end */
};

struct sim_line {
	const struct sim_row *row; /* NULL: carried as it is */
	struct sim_match match;
	char *text, *key;
	bool negated;
	int indent; /* with which a carried line was typed */
	struct sim_line *parent;
	struct sim_line **child;
	size_t count;
};

struct sim_lines {
	const struct sim_vendor *vendor;
	struct sim_row *row;
	size_t rows;
	struct sim_line *top, *committed;
	struct sim_line *current; /* the section in which lines are typed */
	bool loading;
	char *pending; /* a line that goes on */
	char *notice;  /* what is said of the line that is typed, or NULL */
};

/* rows.c */
void sim_rows_new(struct sim_lines *device);
void sim_rows_free(struct sim_lines *device);
const struct sim_type *sim_type_find(const struct sim_vendor *vendor, const char *name);
extern const struct sim_type sim_types[]; /* built in; ends with name NULL */
bool sim_accept(const struct sim_vendor *vendor, const char *type, const char *word, char *out);

/* match.c */
/* Reads a line. `negated`: values at the end may be left out. To be cleared when true. */
bool sim_match_read(const struct sim_vendor *vendor, const struct sim_row *row, const char *text,
		    bool negated, struct sim_match *match);
void sim_match_clear(struct sim_match *match);
char *sim_match_text(const struct sim_match *match); /* as the device writes it */
char *sim_match_key(const struct sim_match *match);

/* tree.c */
struct sim_line *sim_line_new(struct sim_match *match_taken, const char *carried);
void sim_line_free(struct sim_line *line);
struct sim_line *sim_line_copy(const struct sim_line *line);
void sim_line_add(struct sim_line *section, struct sim_line *line);
void sim_line_detach(struct sim_line *line);
struct sim_line *sim_line_keyed(const struct sim_line *section, const char *key);
struct sim_line *sim_line_carried(const struct sim_line *section, const char *text);
bool sim_row_in(const struct sim_row *row, const struct sim_line *section);

/* names.c */
/* The message for the first name that a line refers to and nothing defines; or NULL. */
char *sim_names_refuse(struct sim_lines *device, const struct sim_line *section,
		       const struct sim_match *match);
char *sim_names_check(struct sim_lines *device);
/* The message when a name in use would lose its last definition; or NULL. */
char *sim_names_in_use(struct sim_lines *device, struct sim_line *line);
/* Drops what refers to names that this line, already taken out, was the last to define. */
void sim_names_drop(struct sim_lines *device, struct sim_line *section,
		    const struct sim_line *gone);
const struct sim_names *sim_names_find(const struct sim_vendor *vendor, const char *kind);
bool sim_names_defined(const struct sim_lines *device, const struct sim_line *section,
		       const char *kind, const char *name);
/* Takes away all lines that define or refer to the names in a match, in their scope. */
void sim_names_remove(struct sim_lines *device, struct sim_line *section,
		      const struct sim_match *match);
/* Calls `found` for each name of the kind that is defined in the scope of a section. */
void sim_names_each(const struct sim_lines *device, const struct sim_line *section,
		    const char *kind, void (*found)(const char *name, void *data), void *data);

/* lines.c */
/* Types a line in this section and no other. False and no message: nobody knows the line. */
bool sim_type_in(struct sim_lines *device, struct sim_line *section, const char *text,
		 char **message, struct sim_line **opened);
void sim_take(struct sim_lines *device, struct sim_line *line);
void *sim_lines_open(const struct sim_model *model);
void sim_lines_close(void *state);
bool sim_lines_load(void *state, const char *text, char **message);
bool sim_lines_commit(void *state, char **message);

/* show.c */
char *sim_lines_show(const void *state);

/* draw.c */
bool sim_lines_draw(const struct sim_model *model, enum sim_edit edit, uint64_t seed,
		    struct sim_drawn *drawn);

#endif
