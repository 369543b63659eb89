/* SPDX-License-Identifier: Apache-2.0 */
#include "trial.h"

#include <stdio.h>
#include <string.h>

#include "core/base/json.h"

#define RECOVERIES 2 /* how often recovering may be tried once nothing is wrong any more */

/* In the child */

/* The end: from here on nobody is killed. */
static void ask_what_is(struct child *child)
{
	fleet_arm_death(child_harness(child)->fleet, 0);
	child_look(child, SIGHT_DONE);
	child_ask(child, "deployment.show", "id", "blue");
	child_call(child, "deployment.list", NULL);
	child_call(child, "configuration.list", NULL);
}

static const struct reply *recover(struct child *child)
{
	return child_call(child, "deployment.recover", NULL);
}

/* Take what the devices of the open deployment run; the last `deployment.show` tells its id. */
static void accept_as_is(struct child *child)
{
	struct harness *harness = child_harness(child);
	cJSON *shown = harness_result(harness, harness_reply(harness, "deployment.show"));
	const char *id = smd_json_string(smd_json_object(shown, "record"), "id");
	cJSON *request = cJSON_CreateObject();

	cJSON_AddStringToObject(request, "id", id ? id : "");
	cJSON_AddTrueToObject(request, "accept");
	child_call(child, "deployment.recover", request);
	cJSON_Delete(shown);
}

/*
 * What follows the end: nothing is wrong any more and all timers have rung; then a deployment
 * that is still open is recovered, as often as it takes, and accepted as the last resort.
 */
static void follow_up(struct child *child, int is_open)
{
	child_restart(child);
	child_rest(child, TRIAL_REST, 1);
	child_look(child, SIGHT_RESTED);
	if (is_open) {
		child_ask(child, "plan.make", "name", "blue");
		for (int i = 0; is_open && i < RECOVERIES; i++)
			is_open = recover(child)->error.code != 0;
		child_look(child, SIGHT_RECOVERED);
		child_ask(child, "deployment.show", "id", "blue");
	}
	if (is_open)
		accept_as_is(child);
	child_ask(child, "verify", "name", "blue");
	recover(child);
}

static void deploy(struct child *child, void *arg)
{
	const struct trial *trial = arg;
	const struct reply *reply;

	if (trial->task == TASK_APPLY)
		reply = child_ask(child, "plan.apply", "text", child_harness(child)->plan);
	else
		reply = child_ask(child, "deployment.rollback", "id", "last");
	ask_what_is(child);
	follow_up(child, reply_exit(reply) == 5);
}

/* Another controller, after the first has died. */
static void take_over(struct child *child, void *arg)
{
	const struct trial *trial = arg;
	const struct reply *reply;

	if (trial->reboots)
		child_reboot(child, trial->down);
	else
		child_rest(child, trial->down, 0);
	reply = recover(child);
	ask_what_is(child);
	follow_up(child, reply->error.code != 0);
}

/* Running */

void trial_add(struct trial *trial, size_t device, const struct fault *fault)
{
	trial->at[trial->count] = device;
	trial->faults[trial->count++] = *fault;
}

static void arm(struct harness *harness, const struct trial *trial)
{
	for (size_t i = 0; i < harness->count; i++)
		fleet_device_at(harness->fleet, i)->flags = trial->flags[i];
	for (size_t i = 0; i < trial->count; i++)
		fleet_arm(harness->fleet, harness->members[trial->at[i]].name, &trial->faults[i]);
	if (trial->store_at)
		fleet_arm_store(harness->fleet,
				fleet_store_block(harness->fleet)->applies + trial->store_at,
				trial->store_fault, trial->store_always);
}

/* One controller after the other, until one does not die. */
static enum harness_end run(struct harness *harness, const struct trial *trial, unsigned *deaths)
{
	const uint64_t points[] = {trial->die_at, trial->die_again, 0};
	enum harness_end end = HARNESS_DIED;

	for (*deaths = 0; end == HARNESS_DIED; *deaths += end == HARNESS_DIED) {
		harness_forget(harness);
		fleet_arm_death(harness->fleet, points[*deaths]);
		end = harness_run(harness, *deaths ? take_over : deploy, (void *)trial);
	}
	return end;
}

/* Judging */

/* The n-th answer to a method, from 0; NULL: there are fewer. */
static const struct reply *nth_reply(const struct harness *harness, const char *method, unsigned n)
{
	const struct harness_shared *shared = harness->shared;

	for (unsigned i = 0; i < shared->count; i++)
		if (!strcmp(shared->replies[i].method, method) && !n--)
			return &shared->replies[i];
	return NULL;
}

/* The record that the n-th `deployment.show` told; NULL: it is one from before the trial. */
static cJSON *record_of(const struct harness *harness, unsigned n, enum task task)
{
	cJSON *result = harness_result(harness, nth_reply(harness, "deployment.show", n));
	cJSON *record = cJSON_DetachItemFromObjectCaseSensitive(result, "record");
	const char *id = smd_json_string(record, "id");

	cJSON_Delete(result);
	if (id && strcmp(id, harness->deployments[task]) != 0)
		return record;
	cJSON_Delete(record);
	return NULL;
}

/* The answer that tells how the deployment ended. */
static const struct reply *main_reply(const struct harness *harness)
{
	const struct reply *first = &harness->shared->replies[0];

	return harness->shared->count ? first : NULL;
}

/* Whether a record is of a deployment that nobody could finish, as when the store has failed. */
static int is_left_open(const cJSON *record)
{
	const char *outcome = smd_json_string(record, "outcome");

	return outcome && (!strcmp(outcome, "running") || !strcmp(outcome, "interrupted"));
}

static void read_claim(struct judgement *judgement, const struct reply *reply)
{
	if (reply->error.code && is_left_open(judgement->record))
		judgement->claim = CLAIM_ATTENTION;
	else if (strcmp(reply->method, "deployment.recover") != 0)
		judgement->claim = judge_claim_of_exit(reply_exit(reply));
	else if (!judgement->record)
		judgement->claim = reply->error.code ? CLAIM_UNKNOWN : CLAIM_NOTHING;
	else
		judgement->claim =
			judge_claim_of_outcome(smd_json_string(judgement->record, "outcome"));
	if (judgement->claim == CLAIM_UNKNOWN)
		judge_complain(judgement, "%s: exit status %d and outcome '%s' do not fit",
			       reply->method, reply_exit(reply),
			       smd_json_string(judgement->record, "outcome")
				       ? smd_json_string(judgement->record, "outcome")
				       : "");
	snprintf(judgement->sentence, sizeof(judgement->sentence), "%s%s%s", reply->error.device,
		 reply->error.device[0] ? ": " : "", reply->error.message);
	if (reply->error.code && !reply->error.message[0])
		judge_complain(judgement, "%s: an error without a message", reply->method);
}

/* An entry of a list in a result, by a member's value. */
static const cJSON *find_entry(const cJSON *list, const char *member, const char *value)
{
	const cJSON *entry;

	cJSON_ArrayForEach (entry, list) {
		const char *text = smd_json_string(entry, member);

		if (text && value && !strcmp(text, value))
			return entry;
	}
	return NULL;
}

/* An open deployment is shown by both lists. */
static void judge_lists(struct judgement *judgement)
{
	struct harness *harness = judgement->harness;
	const char *id = smd_json_string(judgement->record, "id");
	cJSON *list = harness_result(harness, nth_reply(harness, "deployment.list", 0));
	const cJSON *entry = find_entry(smd_json_array(list, "deployments"), "id", id);
	const char *outcome = smd_json_string(entry, "outcome");

	if (!outcome || strcmp(outcome, "attention") != 0)
		judge_complain(judgement, "deployment.list does not say that it needs attention");
	cJSON_Delete(list);
	list = harness_result(harness, nth_reply(harness, "configuration.list", 0));
	entry = find_entry(smd_json_array(list, "configurations"), "name", "blue");
	if (!smd_json_string(smd_json_object(entry, "deployment"), "id"))
		judge_complain(judgement, "configuration.list does not say that it is open");
	cJSON_Delete(list);
}

/* The devices of an open deployment are kept for it. */
static void judge_held(struct judgement *judgement)
{
	const struct reply *reply = nth_reply(judgement->harness, "plan.make", 0);
	const char *id = smd_json_string(judgement->record, "id");
	char name[64];

	if (!reply || !id)
		return;
	snprintf(name, sizeof(name), "deployment %s", id);
	if (reply_exit(reply) != 3)
		judge_complain(judgement, "plan.make over an open deployment: exit status %d",
			       reply_exit(reply));
	else if (!strstr(reply->error.message, name) && !strstr(reply->error.hint, id))
		judge_complain(judgement, "plan.make does not name the open %s: %s", name,
			       reply->error.message);
}

static int any_stranger_owns(const struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->harness->count; i++)
		if (judge_strangers_own(judgement, i))
			return 1;
	return 0;
}

/* Whether a stranger's work is in a candidate beside ours: nobody may throw it away. */
static int any_stranger_fills(const struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->harness->count; i++)
		if (judge_stranger_fills(judgement, i))
			return 1;
	return 0;
}

/*
 * Whether a stranger wrote while our lines acted, as a device's record says: nobody can tell it
 * from the doing of the lines, so a person has to look.
 */
static int any_stranger_strays(const struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->harness->count; i++)
		if (judge_stranger_strays(judgement, i))
			return 1;
	return 0;
}

/* What recovering has made of an open deployment. */
static void judge_recovered(struct judgement *judgement, enum task task)
{
	struct harness *harness = judgement->harness;
	const char *outcome;

	cJSON_Delete(judgement->record);
	judgement->record = record_of(harness, 1, task);
	outcome = smd_json_string(judgement->record, "outcome");
	judgement->claim = judge_claim_of_outcome(outcome);
	judge_strangers(judgement, SIGHT_RECOVERED);
	if (judgement->claim == CLAIM_DONE || judgement->claim == CLAIM_BACK) {
		judge_sight(judgement, SIGHT_RECOVERED);
		return;
	}
	if (judgement->claim != CLAIM_ATTENTION ||
	    (!any_stranger_owns(judgement) && !any_stranger_fills(judgement) &&
	     !any_stranger_strays(judgement)))
		judge_complain(judgement, "recovering ends with the outcome '%s': %s",
			       outcome ? outcome : "",
			       harness_reply(harness, "deployment.recover")->error.message);
	judge_record(judgement, SIGHT_RECOVERED);
}

/* What the devices run now is what they ran at the last sight. */
static void judge_unchanged(struct judgement *judgement, enum sight sight)
{
	struct harness *harness = judgement->harness;

	for (size_t i = 0; i < harness->count; i++)
		if (!config_equal(&harness->shared->sights[sight][i].running,
				  &fleet_device_at(harness->fleet, i)->running))
			judge_complain(judgement, "%s: accepting has changed it",
				       harness->members[i].name);
}

/* In the end nothing is open, and what is deployed can be verified. */
static void judge_closed(struct judgement *judgement)
{
	struct harness *harness = judgement->harness;
	const struct reply *verify = harness_reply(harness, "verify");
	const struct reply *last = harness_reply(harness, "deployment.recover");
	cJSON *result = harness_result(harness, last);

	if (last->error.code || smd_json_number(result, "count", -1) != 0)
		judge_complain(judgement, "in the end something is left to recover: %s",
			       last->error.message);
	/* where somebody's candidate stood in the way, what is accepted is a mixture */
	if (verify->error.code && !any_stranger_owns(judgement) && !any_stranger_fills(judgement))
		judge_complain(judgement, "in the end verify fails: %s: %s", verify->error.device,
			       verify->error.message);
	cJSON_Delete(result);
}

static void judge_end(struct judgement *judgement, const struct trial *trial)
{
	const struct reply *reply = main_reply(judgement->harness);
	int is_recorded;

	judgement->record = record_of(judgement->harness, 0, trial->task);
	is_recorded = !trial->store_at && !is_left_open(judgement->record);
	read_claim(judgement, reply);
	judge_sight(judgement, SIGHT_DONE);
	if (is_recorded)
		judge_record(judgement, SIGHT_DONE);
	if (judgement->claim != CLAIM_ATTENTION) {
		judge_strangers(judgement, SIGHT_DONE);
		judge_sight(judgement, SIGHT_RESTED);
		judge_rest(judgement, SIGHT_DONE, SIGHT_RESTED);
	} else if (is_recorded) {
		judge_lists(judgement);
		judge_held(judgement);
	}
}

void trial_run(struct harness *harness, const struct trial *trial, struct judgement *judgement)
{
	enum harness_end end;
	enum claim claim;

	*judgement = (struct judgement){.harness = harness};
	judgement->from = trial->task == TASK_APPLY ? REVISION_FIRST : REVISION_SECOND;
	judgement->to = trial->task == TASK_APPLY ? REVISION_SECOND : REVISION_FIRST;
	harness_reset(harness, trial->task == TASK_APPLY ? IMAGE_FIRST : IMAGE_SECOND);
	arm(harness, trial);
	end = run(harness, trial, &judgement->deaths);
	if (end != HARNESS_ENDED) {
		judge_complain(judgement, "the controller %s (%s)", harness_end_name(end),
			       harness->shared->calling);
		return;
	}
	judge_end(judgement, trial);
	claim = judgement->claim;
	if (nth_reply(harness, "deployment.show", 1))
		judge_recovered(judgement, trial->task);
	if (judgement->claim == CLAIM_ATTENTION)
		judge_unchanged(judgement, SIGHT_RECOVERED);
	judge_closed(judgement);
	judgement->claim = claim;
}

void trial_done(struct judgement *judgement)
{
	cJSON_Delete(judgement->record);
	judgement->record = NULL;
}

/* Names */

const char *trial_class_name(enum command_class class)
{
	static const char *const names[CLASS_COUNT] = {"login",   "read", "probe", "edit",  "act",
						       "confirm", "save", "abort", "cancel"};

	return names[class];
}

const char *trial_fault_name(enum fault_kind kind)
{
	static const char *const names[] = {"none",
					    "refused",
					    "lost before",
					    "lost after",
					    "late",
					    "hung",
					    "lied: no",
					    "lied: yes",
					    "reboot",
					    "stranger edits",
					    "stranger fills candidate",
					    "stranger commits",
					    "stranger locks",
					    "stranger pending",
					    "stranger saves"};

	return names[kind];
}

const char *trial_kind_name(enum device_kind kind)
{
	static const char *const names[DEVICE_KINDS] = {"atomic", "lines",   "lines-timer",
							"shared", "private", "named"};

	return names[kind];
}

void trial_print(const struct harness *harness, const struct trial *trial)
{
	printf("%s:", trial->task == TASK_APPLY ? "apply" : "roll back");
	for (size_t i = 0; i < trial->count; i++) {
		const struct fault *fault = &trial->faults[i];

		printf(" [%s: %s %s %s%u%s%s%s delay %u]", harness->members[trial->at[i]].name,
		       trial_fault_name(fault->kind), fault->after ? "after" : "at",
		       trial_class_name(fault->class), fault->occurrence,
		       fault->always ? "..." : "", fault->line[0] ? " " : "", fault->line,
		       fault->delay);
	}
	if (trial->store_at)
		printf(" [store fault %d at write %u%s]", trial->store_fault, trial->store_at,
		       trial->store_always ? "..." : "");
	if (trial->die_at)
		printf(" [dies at %llu, then %llu, down %llu ms%s]",
		       (unsigned long long)trial->die_at, (unsigned long long)trial->die_again,
		       (unsigned long long)trial->down, trial->reboots ? ", reboot" : "");
	for (size_t i = 0; i < harness->count; i++)
		if (trial->flags[i])
			printf(" [%s: flags %u]", harness->members[i].name, trial->flags[i]);
	putchar('\n');
}
