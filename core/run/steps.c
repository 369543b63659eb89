/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/steps.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <inttypes.h>
#include <pcre2.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/base/lines.h"

/*
 * Limit on the work for matching one line, against patterns of exponential cost. A hundredth of
 * PCRE2's default.
 */
#define MATCH_LIMIT 100000u
#define SHOWN 60 /* bytes of the device's text that a message quotes */

struct smd_scratch {
	struct smd_scratch *next;
	size_t size;
	char bytes[] __attribute__((aligned(16)));
};

static void wipe(struct smd_scratch **list)
{
	while (*list) {
		struct smd_scratch *piece = *list;

		*list = piece->next;
		explicit_bzero(piece->bytes, piece->size);
		free(piece);
	}
}

void smd_run_core_init(struct smd_run_core *core)
{
	*core = (struct smd_run_core){.now = NULL};
}

void smd_run_core_reset(struct smd_run_core *core)
{
	wipe(&core->before);
	core->before = smd_take(core->now);
	core->asked = smd_take(core->asking);
}

void smd_run_core_done(struct smd_run_core *core)
{
	wipe(&core->now);
	wipe(&core->before);
	core->asking = core->asked = NULL;
}

static void *scratch(struct smd_run_core *core, size_t count, size_t size)
{
	struct smd_scratch *piece;
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes) || bytes > SMD_TEXT_LIMIT)
		return NULL;
	piece = calloc(1, sizeof(*piece) + bytes);
	if (!piece)
		return NULL;
	piece->size = bytes;
	piece->next = core->now;
	core->now = piece;
	return piece->bytes;
}

const char *smd_run_printf(struct smd_run *run, const char *format, ...)
{
	va_list args, again;
	char *text = NULL;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	if (length >= 0)
		text = scratch(run->core, (size_t)length + 1, 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	va_end(args);
	return text;
}

void smd_action_fail(struct smd_action *action, enum smd_class reason, const char *format, ...)
{
	va_list args;

	*action = (struct smd_action){.act = SMD_ACT_FAIL, .reason = reason};
	va_start(args, format);
	vsnprintf(action->message, sizeof(action->message), format, args);
	va_end(args);
}

/* What was sent, for a message; masked if it is secret. */
static const char *sent_text(const struct smd_answer *answer, const struct smd_exchange *exchanges)
{
	const struct smd_exchange *one = exchanges ? &exchanges[answer->exchange] : NULL;

	if (!one || !one->send)
		return "what was sent";
	if (one->flags & SMD_X_SECRET)
		return SMD_MASK;
	return one->shown ? one->shown : one->send;
}

static const char *last_line(const struct smd_text *text)
{
	for (size_t i = smd_text_count(text); i; i--) {
		const char *line = smd_text_get(text, i - 1, NULL);

		if (line[strspn(line, " \t")])
			return line;
	}
	return NULL;
}

/* What the device said, for a message: the line that matched, else its last line. */
static const char *device_words(const struct smd_answer *answer)
{
	const char *line = NULL;

	if (answer->end == SMD_END_FAILURE)
		line = smd_text_get(answer->failed_err ? answer->err : answer->out, answer->failed,
				    NULL);
	if (!line || !*line)
		line = last_line(answer->err);
	return line ? line : last_line(answer->out);
}

/* The line below a refusal that ends in ':', as in "Check failed on:"; else "". */
static const char *device_words_below(const struct smd_answer *answer, const char *above)
{
	const struct smd_text *text = answer->failed_err ? answer->err : answer->out;
	size_t length = strlen(above);
	const char *line = NULL;

	if (answer->end == SMD_END_FAILURE && length && above[length - 1] == ':')
		line = smd_text_get(text, answer->failed + 1, NULL);
	return line ? line + strspn(line, " \t") : "";
}

/* Whether the answer must not be quoted: a secret was sent, and it may repeat it. */
static int hides_answer(const struct smd_answer *answer, const struct smd_exchange *exchanges)
{
	const struct smd_exchange *one = exchanges ? &exchanges[answer->exchange] : NULL;

	return one && (one->flags & SMD_X_SECRET || one->shown);
}

static void fail_refused(struct smd_action *action, const struct smd_answer *answer,
			 const struct smd_exchange *exchanges)
{
	const char *answered = hides_answer(answer, exchanges) ? NULL : device_words(answer);
	const char *below = answered ? device_words_below(answer, answered) : "";

	if (answered)
		smd_action_fail(action, SMD_CLASS_REFUSED, "the device refuses '%.*s': %s%s%s",
				SHOWN, sent_text(answer, exchanges), answered, *below ? " " : "",
				below);
	else if (answer->status > 0)
		smd_action_fail(action, SMD_CLASS_REFUSED,
				"the device refuses '%.*s' with status %d", SHOWN,
				sent_text(answer, exchanges), answer->status);
	else
		smd_action_fail(action, SMD_CLASS_REFUSED, "the device refuses '%.*s'", SHOWN,
				sent_text(answer, exchanges));
}

static void fail_asked(struct smd_action *action, const struct smd_answer *answer,
		       const struct smd_exchange *exchanges)
{
	const struct smd_exchange *one = exchanges ? &exchanges[answer->exchange] : NULL;
	enum smd_class reason = SMD_CLASS_NONE;
	const char *line = hides_answer(answer, exchanges) ? NULL : last_line(answer->out);

	if (one && answer->question < one->question_count)
		reason = one->questions[answer->question].verdict;
	smd_action_fail(action, reason ? reason : SMD_CLASS_UNKNOWN,
			"the device asks behind '%.*s': %s", SHOWN, sent_text(answer, exchanges),
			line ? line : "(nothing shown)");
}

void smd_action_fail_from_answer(struct smd_action *action, const struct smd_answer *answer,
				 const struct smd_exchange *exchanges)
{
	const char *line = sent_text(answer, exchanges);

	switch (answer->end) {
	case SMD_END_FAILURE:
		fail_refused(action, answer, exchanges);
		return;
	case SMD_END_QUESTION:
		fail_asked(action, answer, exchanges);
		return;
	case SMD_END_DEADLINE:
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "no answer to '%.*s' in time", SHOWN,
				line);
		return;
	case SMD_END_LOST:
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "the connection was lost behind '%.*s'",
				SHOWN, line);
		return;
	case SMD_END_OVERFLOW:
		smd_action_fail(action, SMD_CLASS_UNKNOWN, "the answer to '%.*s' is too long",
				SHOWN, line);
		return;
	case SMD_END_START:
	case SMD_END_DONE:
		break;
	}
	smd_action_fail(action, SMD_CLASS_INVALID, "the answer to '%.*s' makes no sense", SHOWN,
			line);
}

/*
 * Write the value of the placeholder `{name}`; returns its length as snprintf does, SIZE_MAX if
 * it is no placeholder.
 */
static size_t placeholder(const struct smd_run *run, const char *name, size_t length, char *out,
			  size_t size)
{
	uint32_t timer = run->timer;

	if (length == 3 && !memcmp(name, "tag", 3))
		return (size_t)snprintf(out, size, "%s", run->tag ? run->tag : "");
	if (length == 13 && !memcmp(name, "timer-seconds", 13))
		return (size_t)snprintf(out, size, "%" PRIu32, timer);
	if (length == 13 && !memcmp(name, "timer-minutes", 13))
		return (size_t)snprintf(out, size, "%" PRIu32, timer / 60 + (timer % 60 != 0));
	if (length == 9 && !memcmp(name, "timer-hms", 9))
		return (size_t)snprintf(out, size, "%02" PRIu32 ":%02" PRIu32 ":%02" PRIu32,
					timer / 3600, timer / 60 % 60, timer % 60);
	return SIZE_MAX;
}

/* Write `format` with its placeholders replaced; returns the length as snprintf does. */
static size_t fill_placeholders(const struct smd_run *run, const char *format, char *out,
				size_t size)
{
	size_t used = 0;

	while (*format) {
		size_t room = used < size ? size - used : 0;
		const char *end = *format == '{' ? strchr(format, '}') : NULL;
		size_t length = SIZE_MAX;

		if (end)
			length = placeholder(run, format + 1, (size_t)(end - format) - 1,
					     room ? out + used : NULL, room);
		if (length == SIZE_MAX) {
			if (room)
				out[used] = *format;
			length = 1;
			end = format;
		}
		used += length;
		format = end + 1;
	}
	if (size)
		out[used < size ? used : size - 1] = '\0';
	return used;
}

static const char *filled(struct smd_run *run, const char *format)
{
	size_t length = fill_placeholders(run, format, NULL, 0);
	char *text = scratch(run->core, length + 1, 1);

	if (text)
		fill_placeholders(run, format, text, length + 1);
	return text;
}

/*
 * Set what an exchange sends: a line of the payload, the result of step->make, or step->send
 * with its placeholders replaced.
 */
static int make_send(struct smd_run *run, const struct smd_step *step, size_t index,
		     const char **send)
{
	size_t length;

	if (step->payload) {
		*send = smd_text_get(run->payload, index, &length);
		return strlen(*send) == length ? 0 : SMD_E_INVALID;
	}
	if (step->make)
		*send = step->make(run);
	else
		*send = filled(run, step->exchange.send ? step->exchange.send : "");
	return *send ? 0 : SMD_E_NO_MEMORY;
}

int smd_run_hides(const struct smd_run *run, size_t line)
{
	const char *shown = run->shown ? smd_text_get(run->shown, line, NULL) : NULL;

	return run->shown && (!shown || strcmp(shown, smd_text_get(run->payload, line, NULL)));
}

static const char *shown_line(const struct smd_run *run, size_t line)
{
	const char *shown = smd_text_get(run->shown, line, NULL);

	return shown ? shown : SMD_MASK;
}

/* Make the step's exchanges: one, or one for each line of the payload. */
static int make_exchanges(struct smd_run *run, const struct smd_step *step,
			  struct smd_action *action)
{
	size_t count = step->payload ? smd_text_count(run->payload) : 1;
	struct smd_exchange *list = scratch(run->core, count, sizeof(*list));
	int err = list ? 0 : SMD_E_NO_MEMORY;

	for (size_t i = 0; !err && i < count; i++) {
		list[i] = step->exchange;
		err = make_send(run, step, i, &list[i].send);
		if (!err && step->payload && smd_run_hides(run, i))
			list[i].shown = shown_line(run, i);
	}
	if (err)
		return err;
	((struct smd_run_core *)run->core)->asking = list;
	*action = (struct smd_action){
		.act = SMD_ACT_EXCHANGE, .exchanges = list, .exchange_count = count};
	return 0;
}

/* Make the action that writes a file. Its exchange is never sent; a failure quotes it. */
static int make_put(struct smd_run *run, const struct smd_step *step, struct smd_action *action)
{
	struct smd_exchange *name = scratch(run->core, 1, sizeof(*name));
	const char *path = filled(run, step->put);

	if (!name || !path)
		return SMD_E_NO_MEMORY;
	name->send = smd_run_printf(run, "put %s", path);
	((struct smd_run_core *)run->core)->asking = name;
	*action = (struct smd_action){.act = SMD_ACT_PUT, .path = path, .file = run->payload};
	return 0;
}

struct pattern {
	pcre2_code *code;
	pcre2_match_data *match;
	pcre2_match_context *context;
};

static void pattern_done(struct pattern *pattern)
{
	pcre2_match_data_free(pattern->match);
	pcre2_code_free(pattern->code);
	pcre2_match_context_free(pattern->context);
}

static struct pattern pattern_of(const char *text)
{
	PCRE2_SIZE at;
	int code;
	struct pattern pattern = {.code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED,
							PCRE2_ANCHORED, &code, &at, NULL),
				  .context = pcre2_match_context_create(NULL)};

	if (pattern.code)
		pattern.match = pcre2_match_data_create_from_pattern(pattern.code, NULL);
	if (pattern.context)
		pcre2_set_match_limit(pattern.context, MATCH_LIMIT);
	return pattern;
}

/* 1: matches at the start of `bytes`; 0: does not; negative: invalid pattern, or limit exceeded. */
static int pattern_matches(const struct pattern *pattern, const char *bytes, size_t length)
{
	int code;

	if (!pattern->match || !pattern->context)
		return -1;
	code = pcre2_match(pattern->code, (PCRE2_SPTR)bytes, length, 0, 0, pattern->match,
			   pattern->context);
	return code >= 0 ? 1 : code == PCRE2_ERROR_NOMATCH ? 0 : -1;
}

/* As pattern_matches, for any line. */
static int some_line_matches(const char *text, const struct smd_text *lines)
{
	struct pattern pattern = pattern_of(text);
	int found = pattern.code ? 0 : -1;

	for (size_t i = 0; !found && i < smd_text_count(lines); i++) {
		size_t length;
		const char *line = smd_text_get(lines, i, &length);

		found = pattern_matches(&pattern, line, length);
	}
	pattern_done(&pattern);
	return found;
}

static int matches(const char *text, const char *bytes)
{
	struct pattern pattern = pattern_of(text);
	int found = pattern_matches(&pattern, bytes, strlen(bytes));

	pattern_done(&pattern);
	return found;
}

static void bad_pattern(struct smd_action *action, const char *pattern)
{
	smd_action_fail(action, SMD_CLASS_INVALID, "the driver's pattern '%.*s' fails", SHOWN,
			pattern);
}

/*
 * Whether the step is skipped: no payload, or the prompt does not match. Negative: invalid
 * pattern.
 */
static int left_out(const struct smd_run *run, const struct smd_step *step)
{
	const char *prompt = ((const struct smd_run_core *)run->core)->prompt;
	int found;

	if (step->payload && !smd_text_count(run->payload))
		return 1;
	if (!step->when)
		return 0;
	found = *prompt ? matches(step->when, prompt) : 0;
	return found < 0 ? found : !found;
}

/* Set the reason of a refusal to CONFLICT or BUSY if its line matches the step's pattern. */
static void reclassify(const struct smd_step *step, const struct smd_answer *answer,
		       struct smd_action *action)
{
	const char *line =
		smd_text_get(answer->failed_err ? answer->err : answer->out, answer->failed, NULL);
	int conflict, busy;

	if (answer->end != SMD_END_FAILURE || !line)
		return;
	conflict = step->conflict ? matches(step->conflict, line) : 0;
	busy = step->busy ? matches(step->busy, line) : 0;
	if (conflict < 0 || busy < 0)
		bad_pattern(action, conflict < 0 ? step->conflict : step->busy);
	else if (conflict)
		action->reason = SMD_CLASS_CONFLICT;
	else if (busy)
		action->reason = SMD_CLASS_BUSY;
}

/* Check an answer against `expect` and keep its output. 0: go on. */
static int judge_answer(struct smd_run *run, const struct smd_step *step,
			const struct smd_answer *answer, struct smd_action *action)
{
	const struct smd_run_core *core = run->core;
	const char *line = last_line(answer->out);
	int found = step->expect ? some_line_matches(step->expect, answer->out) : 1;

	if (found < 0) {
		bad_pattern(action, step->expect);
		return 1;
	}
	if (!found) {
		smd_action_fail(action, step->otherwise ? step->otherwise : SMD_CLASS_REFUSED,
				"unexpected answer to '%.*s': %s", SHOWN,
				sent_text(answer, core->asked), line ? line : "(nothing)");
		return 1;
	}
	/* The text is core's own; only for drivers it is constant */
	if (step->keep && run->result && answer->out &&
	    smd_text_move(run->result, (struct smd_text *)answer->out)) {
		smd_action_fail(action, SMD_CLASS_INVALID, "the answer is too long");
		return 1;
	}
	return 0;
}

/* Remember the prompt of the answer. Writing a file returns none, so the last one stays valid. */
static void note_prompt(struct smd_run_core *core, const struct smd_answer *answer)
{
	if (answer->end == SMD_END_START)
		core->prompt[0] = '\0';
	if (answer->prompt)
		snprintf(core->prompt, sizeof(core->prompt), "%s", answer->prompt);
}

/* Process the answer to the current step. 0: go on with the next one; else `action` is set. */
static int step_over(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action, const struct smd_step *steps, size_t count)
{
	const struct smd_run_core *core = run->core;

	if (answer->end == SMD_END_START) {
		run->step = 0;
		return 0;
	}
	if (answer->end == SMD_END_DONE && run->step < count)
		return judge_answer(run, &steps[run->step], answer, action) || !++run->step;
	smd_action_fail_from_answer(action, answer, core->asked);
	if (run->step < count)
		reclassify(&steps[run->step], answer, action);
	return 1;
}

void smd_steps_next(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action,
		    const struct smd_step *steps, size_t count)
{
	int err, out = 0;

	note_prompt(run->core, answer);
	if (step_over(run, answer, action, steps, count))
		return;
	while (run->step < count && (out = left_out(run, &steps[run->step])) > 0)
		run->step++;
	if (out < 0) {
		bad_pattern(action, steps[run->step].when);
		return;
	}
	if (run->step >= count) {
		*action = (struct smd_action){.act = SMD_ACT_DONE};
		return;
	}
	if (steps[run->step].put)
		err = make_put(run, &steps[run->step], action);
	else
		err = make_exchanges(run, &steps[run->step], action);
	if (err == SMD_E_INVALID)
		smd_action_fail(action, SMD_CLASS_INVALID, "a line of the payload has a NUL byte");
	else if (err)
		smd_action_fail(action, SMD_CLASS_INVALID, "no memory to send it");
}
