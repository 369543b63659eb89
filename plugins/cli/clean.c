/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parser follows ECMA-48 section 5.4 (control sequences) and 5.6 (control strings). UTF-8
 * as in RFC 3629, section 4.
 */
#include "clean.h"

#include <stdlib.h>
#include <string.h>

#include <smartdeploy/error.h>

/* The cursor can move to this column: the width of the announced terminal. */
#define COLUMNS 511
/*
 * Maximum length of a row on which cells are inserted or deleted, which moves the rest of the
 * row.
 */
#define EDIT_MAX 2048

static int reserve(struct smd_row *row, size_t cells)
{
	size_t room = row->room * sizeof(*row->cells);
	uint32_t *fresh;

	if (cells <= row->room)
		return 0;
	fresh = smd_bytes_regrow(row->cells, row->length * sizeof(*fresh), &room,
				 cells * sizeof(*fresh));
	if (!fresh)
		return SMD_E_NO_MEMORY;
	row->cells = fresh;
	row->room = room / sizeof(*fresh);
	return 0;
}

/* Note whether the change at the cursor is inside the prompt. */
static void touch(struct smd_row *row)
{
	if (row->cursor < row->base)
		row->redrawn = 1;
}

static int put_cell(struct smd_row *row, uint32_t cell)
{
	if (reserve(row, row->cursor + 1))
		return SMD_E_NO_MEMORY;
	touch(row);
	while (row->length < row->cursor)
		row->cells[row->length++] = ' ';
	row->cells[row->cursor++] = cell;
	if (row->length < row->cursor)
		row->length = row->cursor;
	return 0;
}

/* Add a byte that is not part of a UTF-8 character; C1 controls are dropped. */
static int put_odd(struct smd_row *row, unsigned char byte)
{
	return byte < 0xa0 ? 0 : put_cell(row, byte);
}

/* An incomplete UTF-8 character was followed by something else: add its bytes one by one. */
static int give_up_partial(struct smd_row *row)
{
	uint32_t partial = row->partial;
	int err = 0;

	row->awaited = 0;
	row->partial = 0;
	for (int shift = 24; shift >= 0 && !err; shift -= 8)
		if (partial >> shift & 0xff)
			err = put_odd(row, (unsigned char)(partial >> shift));
	return err;
}

/* Is this second byte invalid after the first: overlong form, surrogate, above U+10FFFF? */
static int forbidden(uint32_t first, unsigned char second)
{
	return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
	       (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
}

static int put_byte(struct smd_row *row, unsigned char byte)
{
	uint32_t whole;
	int err;

	if (row->awaited) {
		if ((byte & 0xc0) != 0x80 || forbidden(row->partial, byte)) {
			err = give_up_partial(row);
			return err ? err : put_byte(row, byte);
		}
		row->partial = row->partial << 8 | byte;
		if (--row->awaited)
			return 0;
		whole = row->partial;
		row->partial = 0;
		/* U+0080 to U+009F are C1 controls. */
		return whole >= 0xc280 && whole < 0xc2a0 ? 0 : put_cell(row, whole);
	}
	if (byte < 0x80)
		return put_cell(row, byte);
	if (byte < 0xc2 || byte > 0xf4)
		return put_odd(row, byte);
	row->partial = byte;
	row->awaited = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
	return 0;
}

static void move_to(struct smd_row *row, size_t column)
{
	size_t last = row->length > COLUMNS ? row->length : COLUMNS;

	row->cursor = column < last ? column : last;
}

/*
 * ED and EL (ECMA-48, 8.3.39 and 8.3.41). 0: from the cursor to the end, 1: from the start to
 * the cursor, 2: everything.
 */
static void erase(struct smd_row *row, unsigned which)
{
	size_t end = row->cursor < row->length ? row->cursor : row->length;

	touch(row);
	if (which == 0)
		row->length = end;
	else if (which == 1 && end <= EDIT_MAX)
		for (size_t i = 0; i < end + (end < row->length); i++)
			row->cells[i] = ' ';
	else if (which == 2)
		row->length = 0;
}

/* DCH (8.3.26): delete cells; the rest moves left. */
static void delete_cells(struct smd_row *row, size_t count)
{
	size_t behind;

	touch(row);
	if (row->cursor >= row->length || row->length > EDIT_MAX)
		return;
	behind = row->length - row->cursor;
	if (count > behind)
		count = behind;
	memmove(row->cells + row->cursor, row->cells + row->cursor + count,
		(behind - count) * sizeof(*row->cells));
	row->length -= count;
}

/* ICH (8.3.64): insert cells; the rest moves right. */
static int insert_cells(struct smd_row *row, size_t count)
{
	size_t behind;

	touch(row);
	if (row->cursor >= row->length || row->length > EDIT_MAX)
		return 0;
	if (count > COLUMNS)
		count = COLUMNS;
	if (reserve(row, row->length + count))
		return SMD_E_NO_MEMORY;
	behind = row->length - row->cursor;
	memmove(row->cells + row->cursor + count, row->cells + row->cursor,
		behind * sizeof(*row->cells));
	for (size_t i = 0; i < count; i++)
		row->cells[row->cursor + i] = ' ';
	row->length += count;
	return 0;
}

/* ECH (8.3.38): overwrite cells with blanks. */
static void blank_cells(struct smd_row *row, size_t count)
{
	touch(row);
	for (size_t i = row->cursor; i < row->length && count && count <= EDIT_MAX; i++, count--)
		row->cells[i] = ' ';
}

/* The last byte of a control sequence: execute it if it acts within a row, else drop it. */
static int control(struct smd_row *row, unsigned char last)
{
	size_t count = row->number ? row->number : 1;

	if (row->marked)
		return 0;
	switch (last) {
	case 'C':
		move_to(row, row->cursor + count);
		break;
	case 'D':
		row->cursor -= count < row->cursor ? count : row->cursor;
		break;
	case 'G':
	case 'H':
	case 'f':
		move_to(row, count - 1);
		break;
	case 'J':
	case 'K':
		erase(row, row->number);
		break;
	case 'P':
		delete_cells(row, count);
		break;
	case 'X':
		blank_cells(row, count);
		break;
	case '@':
		return insert_cells(row, count);
	default:
		break;
	}
	return 0;
}

static int in_control(struct smd_row *row, unsigned char byte)
{
	if (byte >= '0' && byte <= '9') {
		if (row->number < 100000)
			row->number = row->number * 10 + (unsigned)(byte - '0');
	} else if (byte == ';' || byte == ':') {
		row->number = 0;
	} else if (byte < 0x40) {
		row->marked = 1; /* a private sequence, or one with an intermediate byte */
	} else {
		row->state = SMD_ROW_PLAIN;
		return byte < 0x7f ? control(row, byte) : 0;
	}
	return 0;
}

static void after_escape(struct smd_row *row, unsigned char byte)
{
	row->number = 0;
	row->marked = 0;
	if (byte == '[')
		row->state = SMD_ROW_CONTROL;
	else if (byte == ']' || byte == 'P' || byte == 'X' || byte == '^' || byte == '_')
		row->state = SMD_ROW_STRING;
	else if (byte >= 0x20 && byte < 0x30)
		row->state = SMD_ROW_CHARSET;
	else
		row->state = SMD_ROW_PLAIN;
}

/* A C0 control other than LF. It ends any sequence, so a damaged one affects at most one line. */
static int command(struct smd_row *row, unsigned char byte)
{
	int err = give_up_partial(row);

	row->state = SMD_ROW_PLAIN;
	if (err)
		return err;
	switch (byte) {
	case '\r':
		row->cursor = 0;
		break;
	case '\b':
		row->cursor -= row->cursor > 0;
		break;
	case '\t':
		return put_cell(row, '\t');
	case 0x1b:
		row->state = SMD_ROW_ESCAPE;
		break;
	default:
		break;
	}
	return 0;
}

/* A control string ends at BEL or ESC \ (ST). */
static int in_string(struct smd_row *row, unsigned char byte)
{
	if (byte == 0x07 || byte == 0x18 || byte == 0x1a ||
	    (row->state == SMD_ROW_STRING_ESCAPE && byte == '\\'))
		row->state = SMD_ROW_PLAIN;
	else
		row->state = byte == 0x1b ? SMD_ROW_STRING_ESCAPE : SMD_ROW_STRING;
	return 0;
}

static int take_byte(struct smd_row *row, unsigned char byte)
{
	if (row->state >= SMD_ROW_STRING)
		return in_string(row, byte);
	if (byte < 0x20)
		return command(row, byte);
	if (byte == 0x7f)
		return 0;
	switch (row->state) {
	case SMD_ROW_ESCAPE:
		after_escape(row, byte);
		return 0;
	case SMD_ROW_CHARSET:
		if (byte >= 0x30)
			row->state = SMD_ROW_PLAIN;
		return 0;
	case SMD_ROW_CONTROL:
		return in_control(row, byte);
	default:
		return put_byte(row, byte);
	}
}

int smd_row_feed(struct smd_row *row, const char *bytes, size_t size, size_t *used)
{
	for (size_t i = 0; i < size; i++) {
		int err;

		if (bytes[i] == '\n') {
			*used = i + 1;
			row->state = SMD_ROW_PLAIN;
			err = give_up_partial(row);
			return err ? err : SMD_ROW_LINE;
		}
		err = take_byte(row, (unsigned char)bytes[i]);
		if (err)
			return err;
		if (row->length >= SMD_ROW_MAX) {
			*used = i + 1;
			return SMD_ROW_FULL;
		}
	}
	*used = size;
	return SMD_ROW_OPEN;
}

/* Write the bytes of a cell, at most 4; returns their number. */
static size_t spell(uint32_t cell, char out[4])
{
	size_t count = 0;

	for (int shift = 24; shift >= 0; shift -= 8)
		if (cell >> shift & 0xff)
			out[count++] = (char)(cell >> shift);
	return count;
}

int smd_row_text(const struct smd_row *row, size_t from, struct smd_bytes *out)
{
	out->size = 0;
	for (size_t i = from; i < row->length; i++) {
		char spelt[4];

		if (smd_bytes_add(out, spelt, spell(row->cells[i], spelt)))
			return SMD_E_NO_MEMORY;
	}
	return 0;
}

size_t smd_row_cell(const struct smd_row *row, size_t from, size_t bytes)
{
	char spelt[4];
	size_t at = from;

	for (size_t done = 0; at < row->length && done < bytes; at++)
		done += spell(row->cells[at], spelt);
	return at;
}

void smd_row_cut(struct smd_row *row, size_t from, size_t bytes)
{
	size_t at = smd_row_cell(row, from, bytes);

	row->length = row->cursor = at;
	if (row->base > at)
		row->base = at;
}

void smd_row_clear(struct smd_row *row)
{
	row->length = row->cursor = row->base = 0;
	row->redrawn = 0;
}

void smd_row_done(struct smd_row *row)
{
	if (row->cells)
		explicit_bzero(row->cells, row->room * sizeof(*row->cells));
	free(row->cells);
	memset(row, 0, sizeof(*row));
}
