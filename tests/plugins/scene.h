/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plays an action against a scripted device, with its bytes cut into pieces in every possible
 * way.
 */
#ifndef SMD_TESTS_SCENE_H
#define SMD_TESTS_SCENE_H

#include "gen.h"
#include "wire.h"

/* One action, and the script of the device; the first step is its greeting. */
struct scene {
	const struct smd_session_profile *profile;
	const struct smd_exchange *exchanges;
	size_t count;
	const struct wire_step *steps;
	size_t step_count;
	const char *answer; /* expected answer, in the form of describe() */
	const char *typed;  /* expected: everything typed; NULL: not checked */
	/*
	 * NULL, or a text of the output after which no cut is made, because nobody could tell
	 * the result.
	 */
	const char *no_cut;
};

enum { WHOLE = -1, BYTES = -2, RANDOM = -3 };

/* Set by the program that plays scenes. */
static struct gen scene_gen;
static unsigned scene_cuts; /* number of random cuts of each scene */

/* The size of the next piece, when `at` bytes were delivered before. */
static size_t piece(int cut, size_t at, size_t left)
{
	if (cut == BYTES)
		return 1;
	if (cut == RANDOM)
		return 1 + gen_below(&scene_gen, left < 40 ? (uint32_t)left : 40);
	if (cut >= 0 && (size_t)cut > at && (size_t)cut - at < left)
		return (size_t)cut - at;
	return left;
}

static void describe(const struct smd_answer *answer, size_t count, char *out, size_t size)
{
	size_t used = (size_t)snprintf(out, size, "end %d at %zu", answer->end, answer->exchange);

	if (answer->end == SMD_END_FAILURE)
		used += (size_t)snprintf(out + used, size - used, " line %zu", answer->failed);
	if (answer->end == SMD_END_QUESTION)
		used += (size_t)snprintf(out + used, size - used, " question %zu",
					 answer->question);
	used += (size_t)snprintf(out + used, size - used, " <%s>",
				 answer->prompt ? answer->prompt : "");
	for (size_t i = 0; i <= count && count < 10; i++)
		used += (size_t)snprintf(out + used, size - used, " %zu", answer->first[i]);
	used += (size_t)snprintf(out + used, size - used, "\n");
	for (size_t i = 0; i < smd_text_count(answer->out) && used < size; i++)
		used += (size_t)snprintf(out + used, size - used, "%s\n",
					 smd_text_get(answer->out, i, NULL));
}

/* Deliver all that the device has sent, also what comes after the end of the answer. */
static int deliver(const struct smd_protocol *protocol, void *session, const char *bytes,
		   size_t size, int cut, size_t *delivered, struct smd_error *error)
{
	int got = SMD_PROGRESS_MORE;

	while (size) {
		size_t now = piece(cut, *delivered, size);
		/* A block of its own, so that sanitizers see reading beyond it. */
		char *copy = malloc(now);
		int step;

		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		memcpy(copy, bytes, now);
		step = protocol->event(session, SMD_CHANNEL_OUT, 0, copy, now, 0, error);
		free(copy);
		if (step)
			got = step;
		if (got < 0)
			return got;
		bytes += now;
		size -= now;
		*delivered += now;
	}
	return got;
}

/* What the device sends now: the steps whose text has been typed. */
static size_t device_says(const struct scene *scene, struct wire *wire, size_t *step, char *out)
{
	size_t size = 0;

	while (*step < scene->step_count && wire_heard(wire, scene->steps[*step].told)) {
		const char *give = scene->steps[(*step)++].give;

		memcpy(out + size, give, strlen(give));
		size += strlen(give);
	}
	return size;
}

static void play(const struct scene *scene, int cut, char *answer, size_t size, struct wire *wire)
{
	const struct smd_protocol *protocol = wire_protocol("cli");
	static char said[1 << 17];
	struct smd_error error = {0};
	struct wire_reply to;
	void *session = NULL;
	size_t step = 1, delivered = 0, length;
	int got;

	wire_init(wire);
	wire_reply_init(&to);
	got = protocol->open(scene->profile, NULL, &wire->ops, &session, &error);
	if (!got)
		got = protocol->begin(session, NULL, 0, &to.reply, &error);
	if (!got)
		got = deliver(protocol, session, scene->steps[0].give, strlen(scene->steps[0].give),
			      cut, &delivered, &error);
	if (got == SMD_PROGRESS_DONE)
		got = protocol->begin(session, scene->exchanges, scene->count, &to.reply, &error);
	while (got == SMD_PROGRESS_MORE) {
		length = device_says(scene, wire, &step, said);
		if (!length)
			break;
		got = deliver(protocol, session, said, length, cut, &delivered, &error);
	}
	if (got == SMD_PROGRESS_DONE)
		describe(&to.reply.answer, scene->count, answer, size);
	else
		snprintf(answer, size, "stopped: %d %s (exchange %zu, step %zu)\n", got,
			 error.message, protocol->outstanding(session), step);
	protocol->close(session);
	wire_reply_done(&to);
}

static size_t length_of(const struct scene *scene)
{
	size_t size = 0;

	for (size_t i = 0; i < scene->step_count; i++)
		size += strlen(scene->steps[i].give);
	return size;
}

/* May the bytes be cut here? Not where a prompt inside the output would be the end of a piece. */
static int may_cut(const struct scene *scene, size_t at)
{
	static char all[1 << 17];
	size_t size = 0, back;

	if (!scene->no_cut)
		return 1;
	for (size_t i = 0; i < scene->step_count; i++) {
		size_t more = strlen(scene->steps[i].give);

		memcpy(all + size, scene->steps[i].give, more);
		size += more;
	}
	back = strlen(scene->no_cut);
	return at < back || memcmp(all + at - back, scene->no_cut, back) != 0;
}

static void check_one(const struct scene *scene, int cut)
{
	static char got[1 << 16];
	static struct wire wire;

	play(scene, cut, got, sizeof(got), &wire);
	if (strcmp(got, scene->answer) != 0)
		printf("\ncut %d:\n%s-- instead of\n%s", cut, got, scene->answer);
	CU_ASSERT_STRING_EQUAL_FATAL(got, scene->answer);
	if (scene->typed)
		CU_ASSERT_STRING_EQUAL_FATAL(wire.typed, scene->typed);
}

static void check(const struct scene *scene)
{
	check_one(scene, WHOLE);
	for (size_t at = 1; at < length_of(scene); at++)
		if (may_cut(scene, at))
			check_one(scene, (int)at);
	if (scene->no_cut)
		return;
	check_one(scene, BYTES);
	for (unsigned i = 0; i < scene_cuts; i++)
		check_one(scene, RANDOM);
}

#define SCENE(which, its_exchanges, its_steps, ...)                                                \
	check(&(struct scene){.profile = &(which),                                                 \
			      .exchanges = (its_exchanges),                                        \
			      .count = sizeof(its_exchanges) / sizeof((its_exchanges)[0]),         \
			      .steps = (its_steps),                                                \
			      .step_count = sizeof(its_steps) / sizeof((its_steps)[0]),            \
			      __VA_ARGS__})

#endif
