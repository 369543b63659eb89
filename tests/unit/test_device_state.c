/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of a device's states holds to its meaning: statements about every sequence of events
 * up to a length, told by what happened and not by the table.
 */
#include "core/deploy/device_state.h"

#include <stdio.h>

#include "test.h"

#define LONGEST 6

/*
 * What happened to a device, and what is known of it by that.
 *
 * loaded   A candidate may be left.
 * touched  Something acted, or somebody else's commit of our candidate was seen.
 * known    The last reading, if nothing can have changed the device since; else -1.
 * kept     Confirmed; `saved`: and saved.
 */
struct history {
	enum device_event events[LONGEST];
	size_t count;
	int loaded, touched, known, kept, saved;
};

static int is_reading(enum device_event event)
{
	return event >= EVENT_READ_OLD && event <= EVENT_READ_THIRD;
}

static void forget(struct history *history)
{
	history->known = -1;
	history->kept = history->saved = 0;
}

static void take_reading(struct history *history, enum device_event event)
{
	int ours = event == EVENT_READ_NEW || event == EVENT_READ_BETWEEN;

	if (!history->touched && !ours)
		return; /* what somebody else made of a value of his is not ours to tell */
	history->touched = 1;
	history->known = (int)event;
	if (event != EVENT_READ_NEW)
		history->kept = history->saved = 0;
}

static void add_event(struct history *history, enum device_event event)
{
	history->events[history->count++] = event;
	if (event == EVENT_LOAD && !history->touched)
		history->loaded = 1;
	else if (event == EVENT_LOAD || event == EVENT_SEND || event == EVENT_LOSE)
		forget(history);
	if (event == EVENT_SEND)
		history->touched = 1;
	if (event == EVENT_CLEAR)
		history->loaded = 0;
	if (is_reading(event))
		take_reading(history, event);
	if (history->known == EVENT_READ_NEW && event == EVENT_CONFIRM)
		history->kept = 1;
	if (history->known == EVENT_READ_NEW && event == EVENT_SAVE)
		history->kept = history->saved = 1;
}

static enum device_outcome outcome_by(const struct history *history)
{
	if (!history->touched)
		return history->loaded ? DEVICE_ATTENTION : DEVICE_UNTOUCHED;
	if (history->known == EVENT_READ_OLD)
		return DEVICE_ROLLED_BACK;
	return history->known == EVENT_READ_NEW ? DEVICE_DONE : DEVICE_ATTENTION;
}

static void tell(const struct history *history, enum device_state state)
{
	for (size_t i = 0; i < history->count; i++)
		printf("%s%s", i ? ", " : "\n", device_event_name(history->events[i]));
	printf(": %s\n", device_state_name(state));
}

static int all_holds(const struct history *history, enum device_state state)
{
	int kept = state == STATE_CONFIRMED || state == STATE_SAVED;

	return device_outcome_of(state, PROBLEM_NONE) == outcome_by(history) &&
	       (state == STATE_UNTOUCHED) == (!history->touched && !history->loaded) &&
	       (state == STATE_LOADED) == (!history->touched && history->loaded) &&
	       (state == STATE_SENT) == (history->touched && history->known < 0) &&
	       (state == STATE_BETWEEN) == (history->known == EVENT_READ_BETWEEN) &&
	       (state == STATE_THIRD) == (history->known == EVENT_READ_THIRD) &&
	       kept == history->kept && (state == STATE_SAVED) == history->saved;
}

/* Check every sequence that begins like this one; count those that are wrong. */
static unsigned check_from(const struct history *before, enum device_state state)
{
	unsigned wrong = 0;

	for (int event = 0; event < EVENT_COUNT && before->count < LONGEST; event++) {
		enum device_state after = device_state_after(state, (enum device_event)event);
		struct history history = *before;

		add_event(&history, (enum device_event)event);
		if (!all_holds(&history, after)) {
			tell(&history, after);
			wrong++;
		} else {
			wrong += check_from(&history, after);
		}
		if (wrong > 10)
			break;
	}
	return wrong;
}

static void every_sequence(void)
{
	CU_ASSERT_EQUAL(check_from(&(struct history){.known = -1}, STATE_UNTOUCHED), 0);
}

static enum device_outcome outcome(enum device_state state)
{
	return device_outcome_of(state, PROBLEM_NONE);
}

/* From any state at all, whether a sequence leads there or not. */

static void only_a_reading_ends_doubt(void)
{
	for (int state = STATE_LOADED; state < STATE_COUNT; state++)
		for (int event = 0; event < EVENT_COUNT; event++) {
			enum device_state from = (enum device_state)state;
			enum device_state to = device_state_after(from, (enum device_event)event);

			if (outcome(from) != DEVICE_ATTENTION || outcome(to) == DEVICE_ATTENTION)
				continue;
			CU_ASSERT(is_reading((enum device_event)event) ||
				  (from == STATE_LOADED && event == EVENT_CLEAR));
		}
}

static void what_is_sent_or_lost_is_not_known(void)
{
	static const enum device_event events[] = {EVENT_SEND, EVENT_LOAD, EVENT_LOSE};

	for (int state = STATE_SENT; state < STATE_COUNT; state++)
		for (size_t i = 0; i < 3; i++)
			CU_ASSERT_EQUAL(device_state_after((enum device_state)state, events[i]),
					STATE_SENT);
}

static void a_second_reading_tells_nothing_new(void)
{
	for (int state = 0; state < STATE_COUNT; state++)
		for (int event = EVENT_READ_OLD; event <= EVENT_READ_THIRD; event++) {
			enum device_event reading = (enum device_event)event;
			enum device_state once =
				device_state_after((enum device_state)state, reading);

			CU_ASSERT_EQUAL(device_state_after(once, reading), once);
		}
}

static void nothing_leads_back_to_untouched(void)
{
	for (int state = STATE_SENT; state < STATE_COUNT; state++)
		for (int event = 0; event < EVENT_COUNT; event++) {
			enum device_state to = device_state_after((enum device_state)state,
								  (enum device_event)event);

			CU_ASSERT(to != STATE_UNTOUCHED && to != STATE_LOADED);
		}
}

static void saving_and_confirming_change_no_outcome(void)
{
	for (int state = 0; state < STATE_COUNT; state++) {
		enum device_state from = (enum device_state)state;

		CU_ASSERT_EQUAL(outcome(device_state_after(from, EVENT_SAVE)), outcome(from));
		CU_ASSERT_EQUAL(outcome(device_state_after(from, EVENT_CONFIRM)), outcome(from));
	}
}

/* Problems */

static void a_problem_only_grows(void)
{
	for (int a = 0; a < PROBLEM_COUNT; a++)
		for (int b = 0; b < PROBLEM_COUNT; b++) {
			enum device_problem x = (enum device_problem)a, y = (enum device_problem)b;
			enum device_problem worst = device_problem_worst(x, y);

			CU_ASSERT(worst >= x && worst >= y);
			CU_ASSERT(worst == x || worst == y);
			CU_ASSERT_EQUAL(worst, device_problem_worst(y, x));
		}
}

static void a_problem_needs_attention_in_any_state(void)
{
	for (int state = 0; state < STATE_COUNT; state++)
		for (int problem = 1; problem < PROBLEM_COUNT; problem++)
			CU_ASSERT_EQUAL(device_outcome_of((enum device_state)state,
							  (enum device_problem)problem),
					DEVICE_ATTENTION);
}

/* Records and people tell them apart by name. */
static void names_differ(void)
{
	const char *names[STATE_COUNT + EVENT_COUNT + PROBLEM_COUNT + 4];
	size_t count = 0, first;

#define ADD_NAMES(end, name)                                                                       \
	first = count;                                                                             \
	for (int i = 0; i < (end); i++) {                                                          \
		names[count] = name(i);                                                            \
		CU_ASSERT_PTR_NOT_NULL_FATAL(names[count]);                                        \
		for (size_t k = first; k < count; k++)                                             \
			CU_ASSERT_STRING_NOT_EQUAL(names[k], names[count]);                        \
		count++;                                                                           \
	}
	ADD_NAMES(STATE_COUNT, device_state_name)
	ADD_NAMES(EVENT_COUNT, device_event_name)
	ADD_NAMES(PROBLEM_COUNT, device_problem_name)
	ADD_NAMES(DEVICE_ATTENTION + 1, device_outcome_name)
}

TEST_MAIN("device state", TEST(every_sequence), TEST(only_a_reading_ends_doubt),
	  TEST(what_is_sent_or_lost_is_not_known), TEST(a_second_reading_tells_nothing_new),
	  TEST(nothing_leads_back_to_untouched), TEST(saving_and_confirming_change_no_outcome),
	  TEST(a_problem_only_grows), TEST(a_problem_needs_attention_in_any_state),
	  TEST(names_differ));
