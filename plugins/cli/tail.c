/* SPDX-License-Identifier: Apache-2.0 */
/* Incomplete rows: is the device waiting for input? */
#include "prompt.h"

static int next_page(struct smd_shell *s, size_t text_start)
{
	smd_row_cut(&s->row, s->row.base, text_start);
	s->wiped = 1;
	s->wire->write(s->wire, s->stream, " ", 1);
	return 0;
}

static int asked(struct smd_shell *s, size_t which, struct piece row, struct smd_error *error)
{
	const struct smd_question *question = &s->exchanges[s->current].questions[which];
	int err;

	row = trim_end(row);
	err = smd_shell_output(s, row.text, row.size, 1, error);
	if (err || s->phase == SMD_PHASE_IDLE)
		return err;
	smd_prompt_row_taken(s);
	if (!s->asked && (question->verdict != SMD_CLASS_NONE || !question->answer)) {
		s->asked = 1;
		s->asked_which = which;
	}
	if (!question->answer) {
		s->at_prompt = 0;
		return smd_shell_ended(s, error);
	}
	s->phase = SMD_PHASE_ECHO;
	s->expect = question->answer;
	s->insist = 0;
	return smd_shell_type(s, question->answer, error);
}

/* The driver's end pattern (`until`) has matched; the row may be a prompt as well. */
static int until_seen(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	size_t above;
	int got = smd_prompt_is(s, row, &above, error);
	int err = 0;

	if (got < 0)
		return got;
	if (got) {
		smd_prompt_take(s, row, above);
	} else {
		s->at_prompt = 0;
		row = trim_end(row);
		err = smd_shell_output(s, row.text, row.size, 1, error);
	}
	smd_prompt_row_taken(s);
	return err || s->phase == SMD_PHASE_IDLE ? err : smd_shell_ended(s, error);
}

static int prompt_seen(struct smd_shell *s, struct piece row, size_t above, struct smd_error *error)
{
	/* A log line interrupted the prompt, which was drawn again: the echo is still to come. */
	if (s->phase == SMD_PHASE_ECHO && s->insist) {
		smd_prompt_row_taken(s);
		return 0;
	}
	/*
	 * With a driver's own end pattern, a prompt ends the answer only after a refusal or
	 * question.
	 */
	if (s->until && !s->failed && !s->asked)
		return 0;
	smd_prompt_take(s, row, above);
	smd_prompt_row_taken(s);
	if (s->phase != SMD_PHASE_COMING)
		return smd_shell_ended(s, error);
	s->up = 1;
	smd_shell_complete(s, SMD_END_DONE);
	return 0;
}

/* Match the questions. Returns 1 if one matched and was answered, 0, or an error. */
static int look_for_question(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	size_t count = s->phase == SMD_PHASE_COMING ? 0 : s->exchanges[s->current].question_count;

	for (size_t i = 0; i < count; i++) {
		int got = smd_regex_find(s->question[i], row.text, row.size, NULL, error);
		int err = got > 0 ? asked(s, i, row, error) : got;

		if (got)
			return err < 0 ? err : 1;
	}
	return 0;
}

static int look_for_end(struct smd_shell *s, struct piece row, struct smd_error *error)
{
	struct smd_regex_match span;
	size_t above;
	int got = smd_regex_find(s->pager, row.text, row.size, &span, error);

	if (got)
		return got < 0 ? got : next_page(s, span.start);
	if (s->phase != SMD_PHASE_COMING) {
		got = smd_regex_find(s->until, row.text, row.size, NULL, error);
		if (got)
			return got < 0 ? got : until_seen(s, row, error);
	}
	got = smd_prompt_is(s, row, &above, error);
	return got <= 0 ? got : prompt_seen(s, row, above, error);
}

/* Drop blanks behind the cursor, with which the device erased the pager's text. */
static void drop_leftovers(struct smd_row *row)
{
	while (row->length > row->cursor && row->cells[row->length - 1] == ' ')
		row->length--;
}

int smd_shell_tail(struct smd_shell *s, struct smd_error *error)
{
	struct smd_row *r = &s->row;
	struct piece row;
	int got;

	if (s->wiped)
		drop_leftovers(r);
	got = smd_prompt_split(s, error);
	if (got)
		return got;
	if (s->phase == SMD_PHASE_IDLE || s->rest || r->redrawn || r->length <= r->base ||
	    r->length - r->base > TAIL_MAX)
		return 0;
	if (smd_row_text(r, r->base, &s->line))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	row = (struct piece){s->line.data, s->line.size};
	if (!trim(row).size)
		return 0;
	/* So far it is the beginning of the echo. */
	if (s->phase == SMD_PHASE_ECHO && starts(piece_of(s->expect), trim(row)))
		return 0;
	got = look_for_question(s, row, error);
	if (got)
		return got < 0 ? got : 0;
	return look_for_end(s, row, error);
}
