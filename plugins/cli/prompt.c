/* SPDX-License-Identifier: Apache-2.0 */
#include "prompt.h"

static int host_is_ours(const struct smd_shell *s, const char *subject,
			const struct smd_regex_match *span)
{
	struct piece group = {subject + span->group_start, span->group_end - span->group_start};

	return !s->up || !*s->host || same(group, piece_of(s->host));
}

static void learn_host(struct smd_shell *s, const char *subject, const struct smd_regex_match *span)
{
	size_t size = span->group_end - span->group_start;

	if (s->up || size >= sizeof(s->host))
		return;
	if (size)
		memcpy(s->host, subject + span->group_start, size);
	s->host[size] = '\0';
}

/* Does the text match the prompt's pattern, with our device's host name? */
static int prompt_from(struct smd_shell *s, struct piece subject, struct smd_error *error)
{
	struct smd_regex_match span;
	int got = smd_regex_find(s->prompt, subject.text, subject.size, &span, error);

	if (got <= 0)
		return got;
	if (!host_is_ours(s, subject.text, &span))
		return 0;
	learn_host(s, subject.text, &span);
	return 1;
}

int smd_prompt_is(struct smd_shell *s, struct piece row, size_t *above, struct smd_error *error)
{
	struct piece all;

	*above = 0;
	if (!row.size || row.size > TAIL_MAX)
		return 0;
	if (!s->held.size || s->held.size > TAIL_MAX)
		return prompt_from(s, row, error);
	s->subject.size = 0;
	if (smd_bytes_add(&s->subject, s->held.data, s->held.size) ||
	    smd_bytes_add(&s->subject, row.text, row.size))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	all = (struct piece){s->subject.data, s->subject.size};
	for (size_t start = 0; start <= s->held.size;) {
		struct piece rest = {all.text + start, all.size - start};
		int got = prompt_from(s, rest, error);
		const char *lf;

		if (got) {
			*above = s->held.size - start;
			return got;
		}
		lf = memchr(rest.text, '\n', rest.size);
		if (!lf)
			break;
		start = (size_t)(lf - all.text) + 1;
	}
	return 0;
}

void smd_prompt_take(struct smd_shell *s, struct piece row, size_t above)
{
	size_t room = sizeof(s->at) - 1, size;

	if (above > s->held.size)
		above = s->held.size;
	smd_shell_unhold(s, above);
	row = trim_end(row);
	size = above < room ? above : room;
	if (size)
		memcpy(s->at, s->held.data + s->held.size, size);
	room -= size;
	row.size = row.size < room ? row.size : room;
	memcpy(s->at + size, row.text, row.size);
	s->at[size + row.size] = '\0';
	s->at_prompt = 1;
}

int smd_prompt_like(struct smd_shell *s, struct piece p, struct smd_error *error)
{
	size_t above;
	int got = smd_prompt_is(s, p, &above, error);

	if (got || !*s->host)
		return got;
	p = trim_end(p);
	return p.size && starts(p, piece_of(s->host)) && strchr("#>$%:", p.text[p.size - 1]);
}

void smd_prompt_row_taken(struct smd_shell *s)
{
	s->row.base = s->row.length;
	s->row.redrawn = 0;
}

int smd_shell_settle(struct smd_shell *s, struct smd_error *error)
{
	struct piece row;
	size_t above;
	int got;

	if (smd_row_text(&s->row, s->row.redrawn ? 0 : s->row.base, &s->line))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	row = (struct piece){s->line.data, s->line.size};
	got = smd_prompt_is(s, row, &above, error);
	if (got > 0)
		smd_prompt_row_taken(s);
	return got < 0 ? got : 0;
}

/* Find a prompt at the start of the row; `*size` is its length, 0: none. */
static int prompt_before(struct smd_shell *s, struct piece row, size_t *size,
			 struct smd_error *error)
{
	size_t most = row.size < SMD_PROMPT_SIZE ? row.size : SMD_PROMPT_SIZE;

	*size = 0;
	if (!*s->host)
		return 0;
	for (size_t end = strlen(s->host) + 1; end <= most; end++) {
		size_t above;
		int got;

		if (!strchr("#>$%: ", row.text[end - 1]))
			continue;
		got = smd_prompt_is(s, (struct piece){row.text, end}, &above, error);
		if (got > 0)
			*size = end;
		if (got)
			return got;
	}
	return 0;
}

/* Was the next exchange sent, and its echo already seen? */
static int next_was_echoed(const struct smd_shell *s)
{
	return s->current + 1 < s->sent && s->ahead > s->current + 1 &&
	       (s->phase == SMD_PHASE_OUTPUT || (s->phase == SMD_PHASE_ECHO && !s->insist));
}

int smd_prompt_split(struct smd_shell *s, struct smd_error *error)
{
	while (next_was_echoed(s) && !s->row.redrawn && !s->rest) {
		struct piece row;
		size_t size;
		int got;

		if (smd_row_text(&s->row, s->row.base, &s->line))
			return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
		row = (struct piece){s->line.data, s->line.size};
		got = prompt_before(s, row, &size, error);
		if (got <= 0 || size == row.size)
			return got < 0 ? got : 0;
		smd_prompt_take(s, (struct piece){row.text, size}, 0);
		s->row.base = smd_row_cell(&s->row, s->row.base, size);
		got = smd_shell_ended(s, error);
		if (got)
			return got;
	}
	return 0;
}
