/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks of a driver's stages, called with made-up answers: whatever a device answers at any
 * call, a stage must end in a valid result, and must send nothing that it may not send.
 */
#include <stdio.h>
#include <string.h>

#include "core/kit/check.h"
#include "core/run/steps.h"

#define CALLS_WITH_ACCIDENT 5 /* the failure is injected at the first, second, ... answer */
#define CALLS 1000            /* a stage that makes more calls is taken for endless */
#define QUESTIONS 8           /* maximum of an exchange, see exchange.h */
#define TIMER 300             /* seconds, revert timer */
#define REFUSAL "% refused, says the kit"

/*
 * One stage. `says`: the device's output for every command it accepts. `struck`: the stage did
 * not end before the accident.
 */
struct stage {
	struct smd_kit *kit;
	const char *name;
	smd_next_fn next;
	int reads; /* a stage that must not change anything */
	const struct smd_text *says;
	struct smd_run_core core;
	struct smd_run run;
	struct smd_facts facts;
	uint32_t notes;
	struct smd_text *payload, *result, *covered, *empty, *refusal;
	size_t *first;
	int struck;
};

/* A failure to inject: its kind, and the number of the answer. */
struct accident {
	enum smd_end end;
	unsigned call;
};

static struct smd_text *payload_of(struct smd_kit *kit)
{
	const struct smd_golden *golden = &kit->goldens.list[0];
	struct smd_text *payload = NULL;

	if (kit->goldens.count)
		payload = smd_bench_payload(&kit->bench, golden->running, golden->intended);
	if (!payload)
		smd_text_new(&payload, 0);
	return payload;
}

static int stage_init(struct stage *stage)
{
	smd_run_core_init(&stage->core);
	stage->payload = payload_of(stage->kit);
	if (!stage->payload || smd_text_new(&stage->result, 0) ||
	    smd_text_new(&stage->covered, 0) || smd_text_new(&stage->empty, 0) ||
	    smd_text_from(&stage->refusal, REFUSAL, sizeof(REFUSAL) - 1))
		return SMD_E_NO_MEMORY;
	stage->run = (struct smd_run){.state = stage->kit->bench.state,
				      .device = "leaf1",
				      .tag = "d-1",
				      .payload = stage->reads ? NULL : stage->payload,
				      .timer = TIMER,
				      .result = stage->result,
				      .covered = stage->covered,
				      .facts = &stage->facts,
				      .notes = &stage->notes,
				      .core = &stage->core};
	return 0;
}

static void stage_done(struct stage *stage)
{
	smd_run_core_done(&stage->core);
	smd_text_free(stage->payload);
	smd_text_free(stage->result);
	smd_text_free(stage->covered);
	smd_text_free(stage->empty);
	smd_text_free(stage->refusal);
	free(stage->first);
}

static void check_exchange(const struct stage *stage, const struct smd_exchange *one)
{
	struct smd_kit *kit = stage->kit;

	smd_kit_hold(kit, one->send && !strpbrk(one->send, "\r\n"), "%s sends no line: '%s'",
		     stage->name, one->send ? one->send : "");
	smd_kit_hold(kit, one->question_count <= QUESTIONS, "%s: more than %d questions",
		     stage->name, QUESTIONS);
	smd_kit_hold(kit, !stage->reads || one->flags & SMD_X_READS,
		     "%s must only read, and sends '%s' without SMD_X_READS", stage->name,
		     one->send ? one->send : "");
}

static void check_action(const struct stage *stage, const struct smd_action *action)
{
	struct smd_kit *kit = stage->kit;

	switch (action->act) {
	case SMD_ACT_EXCHANGE:
		smd_kit_hold(kit, action->exchange_count > 0, "%s: no exchange", stage->name);
		for (size_t i = 0; i < action->exchange_count; i++)
			check_exchange(stage, &action->exchanges[i]);
		break;
	case SMD_ACT_PUT:
	case SMD_ACT_GET:
		smd_kit_hold(kit, action->path && *action->path, "%s: a file without a path",
			     stage->name);
		smd_kit_hold(kit, action->act == SMD_ACT_GET || !stage->reads,
			     "%s must only read, and writes a file", stage->name);
		break;
	case SMD_ACT_RECONNECT:
	case SMD_ACT_WAIT:
	case SMD_ACT_DONE:
	case SMD_ACT_FAIL:
		break;
	default:
		smd_kit_hold(kit, 0, "%s: an action that is none (%d)", stage->name,
			     (int)action->act);
	}
}

/* Make the answer to an action: success, or the accident at its first exchange. */
static int make_answer(struct stage *stage, const struct smd_action *action,
		       const struct accident *accident, unsigned call, struct smd_answer *answer)
{
	size_t count = action->act == SMD_ACT_EXCHANGE ? action->exchange_count : 1;
	int wrong = call == accident->call && accident->end != SMD_END_DONE;

	stage->struck |= wrong;
	free(stage->first);
	stage->first = calloc(count + 1, sizeof(*stage->first));
	if (!stage->first)
		return SMD_E_NO_MEMORY;
	*answer = (struct smd_answer){.end = wrong ? accident->end : SMD_END_DONE,
				      .exchange = wrong ? 0 : count - 1,
				      .out = stage->says,
				      .err = stage->empty,
				      .first = stage->first};
	if (wrong && accident->end == SMD_END_FAILURE) {
		answer->out = stage->refusal;
		answer->status = 1;
	}
	if (wrong && accident->end == SMD_END_LOST)
		answer->status = -1;
	return 0;
}

/* Run a stage to its end. Returns its last action. */
static struct smd_action play(struct stage *stage, const struct accident *accident)
{
	struct smd_answer answer = {.out = stage->empty, .err = stage->empty};
	struct smd_action action = {.act = SMD_ACT_DONE};
	size_t first[1] = {0};

	answer.first = first;
	for (unsigned call = 0; call < CALLS; call++) {
		smd_run_core_reset(&stage->core);
		action = (struct smd_action){.act = 0};
		stage->next(&stage->run, &answer, &action);
		check_action(stage, &action);
		if (stage->kit->failed || action.act == SMD_ACT_DONE || action.act == SMD_ACT_FAIL)
			return action;
		if (make_answer(stage, &action, accident, call, &answer))
			break;
	}
	smd_kit_hold(stage->kit, 0, "%s has no end", stage->name);
	return action;
}

static void check_end(const struct stage *stage, const struct accident *accident,
		      const struct smd_action *action)
{
	struct smd_kit *kit = stage->kit;
	int unseen = stage->struck &&
		     (accident->end == SMD_END_DEADLINE || accident->end == SMD_END_LOST);

	if (action->act != SMD_ACT_FAIL)
		return;
	smd_kit_hold(kit, *action->message, "%s fails without a word", stage->name);
	smd_kit_hold(kit, action->reason != SMD_CLASS_NONE, "%s fails without a reason",
		     stage->name);
	smd_kit_hold(kit, stage->reads || !unseen || action->reason == SMD_CLASS_UNKNOWN,
		     "%s calls an end that it has not seen something else than unknown: %s",
		     stage->name, action->message);
}

static void check_accident(struct stage *stage, const struct accident *accident)
{
	static const char *const names[] = {
		[SMD_END_DONE] = "as asked",          [SMD_END_FAILURE] = "a refusal",
		[SMD_END_QUESTION] = "a question",    [SMD_END_DEADLINE] = "no answer in time",
		[SMD_END_LOST] = "a lost connection", [SMD_END_OVERFLOW] = "more than the limit"};
	struct smd_action action;

	smd_kit_at(stage->kit, "%s, answer %u: %s", stage->name, accident->call + 1,
		   names[accident->end]);
	if (!smd_kit_hold(stage->kit, !stage_init(stage), "out of memory"))
		return;
	action = play(stage, accident);
	check_end(stage, accident, &action);
}

static void check_stage(struct smd_kit *kit, const char *name, smd_next_fn next, int reads,
			const struct smd_text *says)
{
	struct accident accident;

	for (accident.call = 0; next && accident.call < CALLS_WITH_ACCIDENT; accident.call++)
		for (accident.end = SMD_END_DONE; accident.end <= SMD_END_OVERFLOW;
		     accident.end++) {
			struct stage stage = {
				.kit = kit, .name = name, .next = next, .reads = reads};

			stage.says = says;
			check_accident(&stage, &accident);
			stage_done(&stage);
			if (kit->failed)
				return;
		}
}

static void check_all(struct smd_kit *kit, const struct smd_text *says)
{
	const struct smd_driver *driver = kit->bench.driver;

	check_stage(kit, "attach", driver->attach, 1, says);
	check_stage(kit, "fetch", driver->fetch, 1, says);
	check_stage(kit, "probe", driver->probe, 1, says);
	check_stage(kit, "prepare", driver->prepare, 0, says);
	check_stage(kit, "commit", driver->commit, 0, says);
	check_stage(kit, "confirm", driver->confirm, 0, says);
	check_stage(kit, "persist", driver->persist, 0, says);
	check_stage(kit, "abort", driver->abort, 0, says);
	check_stage(kit, "rollback", driver->rollback, 0, says);
}

/*
 * Run every stage against a device that answers nothing, and one that answers every command
 * with its configuration.
 */
void smd_check_stages(struct smd_kit *kit)
{
	smd_cleanup(smd_text_free) struct smd_text *nothing = NULL;

	if (!kit->bench.driver->profile) {
		smd_kit_skip(kit, "the driver only knows the language");
		return;
	}
	if (!smd_kit_hold(kit, !smd_text_new(&nothing, 0), "out of memory"))
		return;
	check_all(kit, nothing);
	if (kit->goldens.count && !kit->failed)
		check_all(kit, kit->goldens.list[0].running_text);
}
