/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine of vendors whose configuration is lines, indented under the line that opens a
 * section. A vendor gives tables of statements; what a table cannot say goes in hooks.
 */
#ifndef SIM_LINES_H
#define SIM_LINES_H

#include "kit.h"
#include "model.h"

struct sim_lines; /* a device */
struct sim_line;  /* a line of its configuration */

/* What is entered, as a hook sees it. */
struct sim_entry {
	struct sim_lines *device;
	struct sim_line *section; /* where it stands or would stand */
	struct sim_line *line;    /* the line itself; NULL while it is not there */
	const char *text;         /* all words, as the device writes them, without `no` */
	enum sim_act { SIM_PUT, SIM_TAKE } act;
};

enum sim_flag {
	SIM_IS_ON = 1,     /* holds by default and is hidden then; `no` is stored and shown */
	SIM_BOTH = 2,      /* neither is the default: the line and its `no` are both shown */
	SIM_SORTED = 4,    /* the device sorts lines of this statement by their keys */
	SIM_ORDERED = 8,   /* the order of these lines has a meaning */
	SIM_NO_ONLY = 16,  /* known with `no` alone: takes away all lines of the names in it */
	SIM_NO_EXACT = 32, /* `no` with another value than the present one does nothing */
	SIM_NEVER_DRAWN = 64,
	SIM_BANG = 128,      /* shown with `!` before it */
	SIM_PERMANENT = 256, /* `no` is refused (a physical port) */
};

/*
 * One row of a table. Words are literal, or
 *   <type>  a word of the key: lines with other keys stand beside this one
 *   {type}  a value: a new one overwrites the old
 *   [ ... ] may be left out
 * A type is a range `1-4094`, a choice `in|out`, or a name: word, name, text (all that follows),
 * ipv4, mask, wildcard, prefix4, ipv6, prefix6, mac, vlans, or one of the vendor's.
 * `type:kind` refers to a name of that kind, `type=kind` defines one. A `+` at the end: one or
 * more words, to which a new line adds and from which `no` takes.
 */
struct sim_statement {
	const char *words;
	const char *page;
	const char *opens;    /* the section that the line opens, by its path: `router bgp/vrf` */
	const char *end;      /* the line that the device prints at the section's end */
	const char *slot;     /* rows with one slot exclude one another for the same key */
	const char *group;    /* neighbouring rows that the device shows together for each key */
	const char *fallback; /* the whole line that holds by default and is not shown */
	const char *absent;   /* what is shown while no line of the slot is there */
	const char *beside;   /* drawn only beside these lines, `|` between them */
	const char *sample;   /* values to be drawn for type text, `|` between them */
	const char *(*refuse)(const struct sim_entry *entry); /* the message, or NULL */
	bool (*instead)(const struct sim_entry *entry);       /* true when all is done */
	void (*effect)(const struct sim_entry *entry);        /* after it was done */
	unsigned flags;                                       /* enum sim_flag */
	unsigned edits; /* kinds of edits, added to what the row tells */
};

/* Rows that stand in one section; the order is the order in which they are shown. */
struct sim_table {
	const char *section; /* as in `opens`; several with `|` between them; "" for the top */
	const struct sim_statement *rows;
	size_t count;
};

#define SIM_TABLE(name, in, list)                                                                  \
	const struct sim_table name = {                                                            \
		.section = in, .rows = list, .count = sizeof(list) / sizeof *(list)}

/* Type of a placeholder. */
struct sim_type {
	const char *name;
	/* Writes the word as the device would; false when it is none. `out` has SIM_WORD bytes. */
	bool (*accept)(const char *word, char *out);
	char *(*sample)(struct sim_random *random); /* to be freed */
};

#define SIM_WORD 512

/* A kind of name that statements define and refer to. */
struct sim_names {
	const char *kind;
	/* Sections with names of their own, `|` between them; NULL: one set for the device. */
	const char *scope;
	enum { SIM_FREE, SIM_REFUSED, SIM_CREATED } undefined;
	const char *refusal; /* message; one %s is the name */
	const char *creates; /* the line typed at the top for SIM_CREATED, one %s is the name */
	enum { SIM_KEPT, SIM_IN_USE, SIM_DROPPED } removed; /* what happens to those that refer */
	const char *in_use;                                 /* message of SIM_IN_USE */
	const char *page;
};

struct sim_vendor {
	const struct sim_table *const *tables; /* ends with NULL */
	const struct sim_names *names;         /* ends with kind NULL */
	const struct sim_type *types;          /* before the built-in ones; ends with name NULL */
	const char *basis;           /* configuration of a device that nobody configured */
	const char *header, *footer; /* printed around the configuration; NULL for none */
	int indent;
	bool candidate;      /* names are checked at commit */
	bool has_default;    /* takes `default LINE` */
	bool closes;         /* prints `!` at each section's end, else after those at the top */
	const char *invalid; /* message for a line that no device would take */
	/* Whether a line goes on in the next one (banners, certificates); NULL: never. */
	bool (*unfinished)(const char *text);
	/* Lines of a text that are no configuration; NULL: those that begin with `!`. */
	bool (*skipped)(const char *line);
	/* More checks at commit: the message, to be freed, or NULL. */
	char *(*check)(struct sim_lines *device);
};

extern const struct sim_engine sim_lines_engine;

/* For hooks. Paths of sections are not needed: a section is the line that opens it. */
struct sim_line *sim_top(struct sim_lines *device);
bool sim_loading(const struct sim_lines *device); /* a text is read, as at boot */
/* The first line in a section whose text is `start` or goes on from it with a blank. */
struct sim_line *sim_find(const struct sim_line *section, const char *start);
struct sim_line *sim_find_next(const struct sim_line *line, const char *start);
const char *sim_text(const struct sim_line *line); /* without `no` */
bool sim_negated(const struct sim_line *line);
struct sim_line *sim_section(const struct sim_line *line);                /* NULL for the top */
const char *sim_section_name(const struct sim_line *section);             /* as in `opens` */
struct sim_line *sim_child(const struct sim_line *section, size_t index); /* or NULL */
/* Takes a line away, nothing else happens. */
void sim_remove(struct sim_line *line);
/* Types a line in a section; what it said is dropped. Returns whether it was taken. */
bool sim_type_line(struct sim_lines *device, struct sim_line *section, const char *line);
/* What the device says although it takes the line; printf's words. */
void sim_notice(struct sim_lines *device, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Whether a name is defined in the set that the top sees. */
bool sim_defined(const struct sim_lines *device, const char *kind, const char *name);

#endif
