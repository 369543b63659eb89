/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a terminal would show on its current line.
 *
 * A device writes for a person at a terminal: it uses colours, moves the cursor back,
 * overwrites. A row takes these bytes, in pieces of any size, and keeps what a person would see
 * of the current line. ECMA-48 control sequences, carriage return and backspace are executed or
 * dropped. There is only one row; movements up and down are dropped.
 */
#ifndef SMD_PLUGINS_CLI_CLEAN_H
#define SMD_PLUGINS_CLI_CLEAN_H

#include <stdint.h>

#include "bytes.h"

/* Maximum characters of a row; a longer line is passed on in parts. */
#define SMD_ROW_MAX 16384

enum smd_row_state {
	SMD_ROW_PLAIN = 0,
	SMD_ROW_ESCAPE,  /* after ESC */
	SMD_ROW_CHARSET, /* after ESC and an intermediate byte */
	SMD_ROW_CONTROL, /* after ESC [ */
	SMD_ROW_STRING,  /* after ESC ] and other beginnings of a control string */
	SMD_ROW_STRING_ESCAPE
};

/*
 * cells    One character each: its UTF-8 bytes, the first one in the highest place. A byte that
 *          is not UTF-8 is a character by itself.
 * base     Number of cells at the start that belong to a prompt or text already processed.
 * redrawn  Something was written over those cells.
 *
 * {0} is an empty row.
 */
struct smd_row {
	uint32_t *cells;
	size_t length, room, cursor;
	size_t base;
	int redrawn;
	enum smd_row_state state;
	unsigned number;  /* last parameter of a control sequence */
	int marked;       /* it is a private control sequence */
	uint32_t partial; /* incomplete UTF-8 character; `awaited` bytes are missing */
	unsigned awaited;
};

enum smd_row_end {
	SMD_ROW_OPEN = 0, /* all bytes are taken; the line is not complete */
	SMD_ROW_LINE = 1, /* the line is complete */
	SMD_ROW_FULL = 2  /* the row is full; the line is not complete */
};

/*
 * Take bytes up to the next line end; `*used` is their number. Returns an enum smd_row_end or
 * SMD_E_NO_MEMORY. After LINE and FULL, the row must be read and cleared before the next call.
 */
int smd_row_feed(struct smd_row *row, const char *bytes, size_t size, size_t *used);
/* Set `out` to the text from cell `from` on. Returns 0 or SMD_E_NO_MEMORY. */
int smd_row_text(const struct smd_row *row, size_t from, struct smd_bytes *out);
/* The cell at byte offset `bytes` of the text that begins at cell `from`. */
size_t smd_row_cell(const struct smd_row *row, size_t from, size_t bytes);
/* Remove everything from byte offset `bytes` on, in the text that begins at cell `from`. */
void smd_row_cut(struct smd_row *row, size_t from, size_t bytes);
/* Begin a new line. The state of an incomplete sequence is kept. */
void smd_row_clear(struct smd_row *row);
void smd_row_done(struct smd_row *row);

#endif
