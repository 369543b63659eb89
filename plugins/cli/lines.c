/* SPDX-License-Identifier: Apache-2.0 */
/* Complete rows: echo, noise or output? */
#include "prompt.h"

static int all_stars(struct piece p)
{
	for (size_t i = 0; i < p.size; i++)
		if (p.text[i] != '*')
			return 0;
	return p.size > 0;
}

/* Is the row the end of a long line typed? Some line editors scroll long lines sideways. */
static int scrolled_echo(struct piece row, struct piece typed)
{
	enum { LONG = 60, SEEN = 16 };

	return typed.size >= LONG && row.size >= SEEN &&
	       ends(typed, (struct piece){row.text + row.size - SEEN, SEEN});
}

/* Is the row the echo of what was typed? `after_prompt`: it began with the prompt or question. */
static int is_echo(struct smd_shell *s, struct piece row, int after_prompt, struct smd_error *error)
{
	struct piece typed = trim(piece_of(s->expect));

	row = trim(row);
	if (same(row, typed))
		return 1;
	if (!typed.size)
		return s->row.redrawn;
	if (after_prompt && (all_stars(row) || scrolled_echo(row, typed)))
		return 1;
	if (!ends(row, typed))
		return 0;
	row.size -= typed.size;
	return s->row.redrawn ? 1 : smd_prompt_like(s, row, error);
}

static int is_noise(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	row = first_part(row);
	return smd_regex_find(s->noise, row.text, row.size, NULL, error);
}

static void echo_seen(struct smd_shell *s)
{
	s->phase = SMD_PHASE_OUTPUT;
	s->fresh = 1;
	if (*s->expect)
		s->echoes = 1;
}

/*
 * Is the row the echo of a line sent ahead? It can appear in the output of earlier exchanges,
 * because the terminal echoes what arrives while no program reads.
 */
static int early_echo(struct smd_shell *s, struct piece row)
{
	for (size_t i = s->ahead; i < s->sent; i++) {
		if (same(row, piece_of(s->exchanges[i].send))) {
			s->ahead = i + 1;
			return 1;
		}
	}
	return 0;
}

/*
 * Is the row a prompt with the echo of the next exchange behind it? So it is when lines were
 * sent ahead. It ends the current exchange and begins the next one.
 */
static int is_next_echo(struct smd_shell *s, struct piece row, size_t *above,
			struct smd_error *error)
{
	struct piece typed;
	int got;

	*above = 0;
	if (s->current + 1 >= s->sent)
		return 0;
	typed = trim(piece_of(s->exchanges[s->current + 1].send));
	row = trim_end(row);
	if (!ends(row, typed))
		return 0;
	row.size -= typed.size;
	got = smd_prompt_is(s, row, above, error);
	return got ? got : smd_prompt_like(s, row, error);
}

static int next_begins(struct smd_shell *s, struct piece row, size_t above, struct smd_error *error)
{
	int err;

	row = trim_end(row);
	row.size -= trim(piece_of(s->exchanges[s->current + 1].send)).size;
	smd_prompt_take(s, row, above);
	err = smd_shell_ended(s, error);
	if (!err && s->phase == SMD_PHASE_ECHO)
		echo_seen(s);
	return err;
}

/* Is the row the echo once more, drawn again after the cursor went up? */
static int is_echo_again(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	struct piece typed;

	if (!s->fresh)
		return 0;
	s->fresh = 0;
	typed = trim(piece_of(s->expect));
	row = trim_end(row);
	if (!typed.size || row.size <= typed.size || !ends(row, typed))
		return 0;
	row.size -= typed.size;
	return smd_prompt_like(s, row, error);
}

/*
 * Is the row no output: a log line, an echo, or a prompt alone (after an empty line, or redrawn
 * after a log line)?
 */
static int is_nothing(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	size_t above;
	int got = is_noise(s, row, error);

	if (!got)
		got = is_echo_again(s, row, error);
	if (!got)
		got = early_echo(s, row);
	if (got || !*s->host || !s->up)
		return got;
	got = smd_prompt_is(s, row, &above, error);
	if (got > 0)
		smd_shell_unhold(s, above);
	return got;
}

static int output_line(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	size_t above;
	int got = is_next_echo(s, row, &above, error);
	int err;

	if (got)
		return got < 0 ? got : next_begins(s, row, above, error);
	got = is_nothing(s, row, error);
	if (got)
		return got < 0 ? got : 0;
	err = smd_shell_output(s, row.text, row.size, 1, error);
	if (err || s->phase != SMD_PHASE_OUTPUT || !s->until)
		return err;
	row = first_part(row);
	got = smd_regex_find(s->until, row.text, row.size, NULL, error);
	if (got <= 0)
		return got;
	s->at_prompt = 0;
	return smd_shell_ended(s, error);
}

/*
 * Whatever follows a prompt is the echo, even if the device has changed its spelling; unless it
 * is a refusal.
 */
static int is_echo_rewritten(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	int got;

	if (!s->insist)
		return 0;
	row = first_part(row);
	got = smd_regex_find(s->failure, row.text, row.size, NULL, error);
	return got < 0 ? got : !got;
}

static int echo_line(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	int after_prompt = s->row.base > 0 || s->row.redrawn;
	int got = is_echo(s, row, after_prompt, error);

	if (got > 0)
		echo_seen(s);
	if (got)
		return got < 0 ? got : 0;
	got = is_noise(s, row, error);
	if (got)
		return got < 0 ? got : 0;
	if (!trim(row).size) {
		/* The device does not echo: it sends the line end only. */
		if (after_prompt && !s->insist) {
			s->phase = SMD_PHASE_OUTPUT;
			s->fresh = 1;
		}
		return 0;
	}
	got = after_prompt ? is_echo_rewritten(s, row, error) : 0;
	if (got < 0)
		return got;
	if (got) {
		echo_seen(s);
		return 0;
	}
	s->phase = SMD_PHASE_OUTPUT;
	return output_line(s, row, error);
}

/* Process a part of a line that is too long for a row. */
static int long_line(struct smd_shell *s, struct piece row, int last, struct smd_error *error)
{
	int err = 0, got = s->rest == SMD_REST_NONE ? is_noise(s, row, error) : 0;

	if (got < 0)
		return got;
	if (s->phase == SMD_PHASE_ECHO)
		s->phase = SMD_PHASE_OUTPUT;
	if (!got && s->rest != SMD_REST_DROP)
		err = smd_shell_output(s, row.text, row.size, last, error);
	if (s->rest == SMD_REST_NONE)
		s->rest = got ? SMD_REST_DROP : SMD_REST_KEEP;
	if (last)
		s->rest = SMD_REST_NONE;
	return err;
}

static int row_means(struct smd_shell *s, struct piece row, int last, struct smd_error *error)
{
	if (s->phase == SMD_PHASE_IDLE)
		return 0;
	if (!last || s->rest)
		return long_line(s, row, last, error);
	if (s->phase == SMD_PHASE_ECHO)
		return echo_line(s, row, error);
	if (s->row.base && !trim(row).size)
		return 0; /* only the line end of a row already processed */
	return output_line(s, row, error);
}

/* Keep the line for the error message, in case the session ends before the first prompt. */
static void last_words(struct smd_shell *s, struct piece row)
{
	size_t size = row.size < sizeof(s->at) ? row.size : sizeof(s->at) - 1;

	memcpy(s->at, row.text, size);
	s->at[size] = '\0';
}

int smd_shell_row(struct smd_shell *s, int last, struct smd_error *error)
{
	int err = smd_prompt_split(s, error);
	struct piece row;

	if (err)
		return err;
	if (smd_row_text(&s->row, s->row.redrawn ? 0 : s->row.base, &s->line))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	row = (struct piece){s->line.data, s->line.size};
	if (s->wiped)
		row = trim_end(row);
	if (s->phase == SMD_PHASE_COMING && trim(row).size)
		last_words(s, row);
	err = row_means(s, row, last, error);
	s->wiped = 0;
	smd_row_clear(&s->row);
	return err;
}
