/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a terminal would show on its lowest row.
 *
 * A device writes for a person at a terminal: it colours, moves the cursor
 * back, overwrites. A row takes these bytes, cut anywhere, and holds what a
 * person would see of the current line: ECMA-48 control sequences, carriage
 * return and backspace have been carried out or dropped. There is one row;
 * movements up and down are dropped.
 */
#ifndef SMD_PLUGINS_CLI_CLEAN_H
#define SMD_PLUGINS_CLI_CLEAN_H

#include <stdint.h>

#include "bytes.h"

/* Characters of a row; what is longer is handed on in parts. */
#define SMD_ROW_MAX 16384

enum smd_row_state {
	SMD_ROW_PLAIN = 0,
	SMD_ROW_ESCAPE,  /* after ESC */
	SMD_ROW_CHARSET, /* after ESC and an intermediate byte */
	SMD_ROW_CONTROL, /* after ESC [ */
	SMD_ROW_STRING,  /* after ESC ] and its like */
	SMD_ROW_STRING_ESCAPE
};

/*
 * cells    One character each: its UTF-8 bytes, the first one highest. A byte
 *          that is no UTF-8 is a character of its own.
 * base     The first `base` cells are a prompt that has been dealt with.
 * redrawn  Something was written over those.
 *
 * All zero is an empty row.
 */
struct smd_row {
	uint32_t *cells;
	size_t length, room, cursor;
	size_t base;
	int redrawn;
	enum smd_row_state state;
	unsigned number;  /* of a control sequence: its last one */
	int marked;       /* it is a private one */
	uint32_t partial; /* a UTF-8 character of which `awaited` bytes are to come */
	unsigned awaited;
};

enum smd_row_end {
	SMD_ROW_OPEN = 0, /* all bytes are in; the line goes on */
	SMD_ROW_LINE = 1, /* a line end came */
	SMD_ROW_FULL = 2  /* the line goes on, but the row is full */
};

/*
 * Take bytes up to the next line end. `*used` says how many were taken.
 * Returns an enum smd_row_end or SMD_E_NO_MEMORY. Unless it is OPEN the row is
 * to be read and cleared before more is fed.
 */
int smd_row_feed(struct smd_row *row, const char *bytes, size_t size, size_t *used);
/* Put the text from cell `from` on into `out` in place of what it has. 0 or SMD_E_NO_MEMORY. */
int smd_row_text(const struct smd_row *row, size_t from, struct smd_bytes *out);
/* The cell of byte `bytes` of the text from cell `from` on. */
size_t smd_row_cell(const struct smd_row *row, size_t from, size_t bytes);
/* Keep what is before byte `bytes` of the text from cell `from` on. */
void smd_row_cut(struct smd_row *row, size_t from, size_t bytes);
/* Begin a new line; the state of a half-read sequence stays. */
void smd_row_clear(struct smd_row *row);
void smd_row_done(struct smd_row *row);

#endif
