/* SPDX-License-Identifier: Apache-2.0 */
#include "core/deploy/device_run.h"

#include <stdio.h>
#include <string.h>

#include "core/deploy/engine.h"
#include "core/tree/own.h"

struct spent {
	struct smd_pool_item item; /* the first member */
	struct smd_tree *tree;
	struct smd_text *text;
};

static void free_spent(struct smd_pool_item *item)
{
	struct spent *spent = (struct spent *)item;

	smd_tree_free(spent->tree);
	smd_text_free(spent->text);
	free(spent);
}

void discard(struct device_run *run, struct smd_tree *tree_take, struct smd_text *text_take)
{
	struct spent *spent = tree_take || text_take ? malloc(sizeof(*spent)) : NULL;

	if (spent) {
		*spent = (struct spent){{.run = free_spent}, tree_take, text_take};
		smd_pool_submit(run->deployment->site->pool, &spent->item);
	} else {
		smd_tree_free(tree_take);
		smd_text_free(text_take);
	}
}

void device_run_done(struct device_run *run)
{
	smd_tree_free(run->reading.now);
	smd_text_free(run->reading.payload);
	smd_fetch_jobs_done(&run->fetch, 1);
	smd_shown_done(&run->pairs);
	smd_tree_free(run->before_lines);
	smd_tree_free(run->strays);
	smd_tree_free(run->after_commit);
	smd_tree_free(run->base);
	smd_text_free(run->payload);
	smd_text_free(run->candidate);
	smd_text_free(run->shown);
	smd_batch_done(&run->save.batch);
	smd_batch_done(&run->answer.batch);
}

void device_event(struct device_run *run, enum device_event event)
{
	run->state = device_state_after(run->state, event);
}

static void keep_error(struct device_run *run, const struct smd_error *error)
{
	run->error = *error;
	run->err = error->code;
	smd_error_device(&run->error, run->task->device);
}

void device_failed(struct device_run *run, const struct smd_error *error)
{
	if (!run->err)
		keep_error(run, error);
	record_first_failure(run->deployment, &run->error);
	report_device(run, "failed", error->message);
}

void device_problem(struct device_run *run, enum device_problem problem,
		    const struct smd_error *error)
{
	report_device(run, "failed", error->message);
	if (device_problem_worst(run->problem, problem) == run->problem)
		return;
	run->problem = problem;
	keep_error(run, error);
}

/* Deadlines */

static int too_late(const struct device_run *run, struct smd_error *error)
{
	if (!run->deployment->late)
		return 0;
	return smd_fail(error, SMD_E_UNREACHABLE, "given up at the deadline of the phase");
}

void end_at_deadline(struct device_run *run)
{
	if (run->resting) {
		smd_timer_stop(run->deployment->loop, &run->rest);
		run->resting = 0;
		run->rested(run); /* which fails: what it may still act on stays noted */
	} else if (run->doing) {
		smd_session_cancel(run->remote->session, run->doing);
	}
}

/* Stages */

/*
 * After an unknown outcome the device may act until `quiesce_until`. An answer is noted in the
 * journal, so that recovery need not wait for what this stage has sent.
 */
static void note_rest(struct device_run *run)
{
	if (!run->sent)
		return;
	if (run->job.err != SMD_E_UNKNOWN) {
		save_answer(run);
		return;
	}
	run->outstanding = 1;
	run->quiesce_until = smd_clock_now(run->deployment->site->clock) + run->quiesce_ms;
}

/*
 * A payload that acts as a whole and was refused has done nothing, says the device. It is read
 * all the same before an outcome is told.
 */
static int was_refused_whole(const struct smd_job *job)
{
	return job->facts.atomic && job->facts.candidate == SMD_CANDIDATE_NONE &&
	       (job->reason == SMD_CLASS_REFUSED || job->reason == SMD_CLASS_CONFLICT);
}

static void stage_done(struct smd_job *job)
{
	struct device_run *run = job->arg;

	run->doing = NULL;
	if (run->sent && run->stage.event >= 0 && !was_refused_whole(job))
		device_event(run, (enum device_event)run->stage.event);
	if (!job->err || job->facts.product[0]) /* recovery starts without facts */
		run->task->facts = job->facts;
	note_rest(run);
	run->stage.done(run);
}

static void submit_stage(void *arg)
{
	struct device_run *run = arg;
	const struct stage *stage = &run->stage;

	run->sent = 0;
	run->job.err = too_late(run, &run->job.error);
	if (run->job.err) {
		stage->done(run);
		return;
	}
	run->first_entry = 0;
	run->recorder.record = record_exchanges;
	run->job = (struct smd_job){
		.next = stage->next,
		.run = {.state = run->task->language.state,
			.device = run->task->device,
			.tag = run->deployment->tag,
			.payload = stage->payload,
			.shown = run->shown,
			.result = stage->result,
			.timer = stage->timer,
			.principal = smd_json_string(run->deployment->record, "principal"),
			.comment = smd_json_string(run->deployment->record, "comment")},
		.recorder = &run->recorder,
		.reply = run->deployment->loop,
		.done = stage_done,
		.arg = run,
	};
	run->doing = &run->job;
	smd_session_submit(run->remote->session, &run->job);
}

/* Mask the payload's secrets. Out of memory: then nothing of it is shown. */
static void mask_payload(void *arg)
{
	struct device_run *run = arg;

	if (smd_text_new(&run->shown, 0))
		return;
	if (smd_language_mask(&run->task->language, run->stage.payload, run->shown, NULL))
		smd_text_clear(run->shown);
}

void run_stage(struct device_run *run, const struct stage *stage)
{
	run->stage = *stage;
	discard(run, NULL, smd_take(run->shown));
	report_device(run, "started", stage->name);
	if (!stage->payload) {
		submit_stage(run);
		return;
	}
	run->work = (struct smd_work){.work = mask_payload, .done = submit_stage, .arg = run};
	smd_loop_work(run->deployment->loop, &run->work);
}

/* Reading */

/*
 * A value of ours that is neither old nor new directly behind our commit: the device shows the
 * line in its own way, or somebody was quicker than the reading. As long as it stays, it is
 * taken for ours.
 */
static int is_as_after_commit(const struct device_run *run)
{
	const struct smd_task *task = run->task;
	char path[SMD_ERROR_WHERE];

	return run->after_commit && !smd_slice_compare(run->reading.now, run->after_commit,
						       task->had, task->wanted, path, sizeof(path));
}

static int find_position(struct device_run *run)
{
	struct reading *reading = &run->reading;
	const struct smd_task *task = run->task;
	const struct smd_slice_ends ends = {task->running, task->target, task->had, task->wanted};
	const struct smd_facts *facts = &run->fetch.facts; /* of this session */
	int whole = facts->atomic || facts->candidate != SMD_CANDIDATE_NONE;
	int err = smd_slice_place(reading->now, &ends, !whole, &reading->position, reading->third,
				  sizeof(reading->third));

	if (!err && reading->position == SMD_SLICE_THIRD && is_as_after_commit(run)) {
		snprintf(run->overwritten, sizeof(run->overwritten), "%s", reading->third);
		reading->position = SMD_SLICE_BETWEEN;
	}
	reading->has_ours = !err && reading->position == SMD_SLICE_THIRD &&
			    smd_slice_has_new(reading->now, &ends);
	return err;
}

/* Compute the commands from what runs to the goal, limited to what the change affects. */
static int find_commands(struct device_run *run)
{
	struct reading *reading = &run->reading;
	const struct smd_task *task = run->task;
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	int err = smd_slice_restore(reading->now, run->goal, task->had, task->wanted, &target);

	if (err)
		return smd_fail(&reading->patch_error, err, "out of memory");
	return smd_language_patch(&task->language, reading->now, target, &reading->payload,
				  &reading->patch_error);
}

static void find_patch(struct device_run *run)
{
	struct reading *reading = &run->reading;
	const struct smd_task *task = run->task;
	int is_at = smd_slice_is_at(reading->now, run->goal, task->had, task->wanted);
	int err = is_at < 0 ? is_at : 0;

	if (is_at > 0)
		err = smd_text_new(&reading->payload, 0);
	if (err)
		smd_fail(&reading->patch_error, err, "out of memory");
	reading->patch_err = is_at ? err : find_commands(run);
}

static void find_elsewhere(struct reading *reading, const struct smd_tree *goal)
{
	if (smd_tree_compare(reading->now, goal, reading->elsewhere, sizeof(reading->elsewhere)))
		smd_sanitize(reading->elsewhere);
}

/*
 * Compare with the goal. Directly behind our commit what is shown otherwise is found; then the
 * device stands where it would if it showed what was sent.
 */
static int compare_with_goal(struct device_run *run)
{
	struct reading *reading = &run->reading;
	const struct smd_task *task = run->task;
	int err;

	reading->as_wanted = !smd_slice_compare(reading->now, run->goal, task->had, task->wanted,
						reading->differs, sizeof(reading->differs));
	if (reading->as_wanted || !run->seeks_pairs)
		return 0;
	err = explain_difference(run, reading->now);
	if (!err)
		err = find_strays(run);
	reading->as_wanted = err > 0;
	if (!err && run->takes_pairs)
		snprintf(run->overwritten, sizeof(run->overwritten), "%s", reading->differs);
	return err < 0 ? err : 0;
}

/* Lines had acted when one was refused: then the way back is the first to read the device. */
static int look_behind_refusal(struct device_run *run)
{
	if (!run->patch || run->strays || !has_unknown(run->task))
		return 0;
	return find_strays(run);
}

/* What runs the goal as it is shown needs no pairs: somebody's line may look like one of them. */
static int read_as_sent(struct device_run *run)
{
	const struct smd_task *task = run->task;
	char path[SMD_ERROR_WHERE];

	return smd_slice_compare(run->reading.now, run->goal, task->had, task->wanted, path,
				 sizeof(path))
		       ? take_as_sent(run, run->reading.now)
		       : 0;
}

/* Judge a reading. On the computing pool. */
static int judge(struct smd_fetch_job *fetch, struct smd_error *error)
{
	struct device_run *run = fetch->arg;
	struct reading *reading = &run->reading;
	const struct smd_task *task = run->task;
	char path[SMD_ERROR_WHERE];
	int err = smd_language_parse(&task->language, fetch->native, &reading->now, error);

	smd_text_free(smd_take(fetch->native));
	if (err)
		return err;
	if (read_as_sent(run) || compare_with_goal(run) || look_behind_refusal(run) ||
	    find_position(run))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	if (run->base)
		reading->is_base = !smd_slice_compare(reading->now, run->base, task->had,
						      task->wanted, path, sizeof(path));
	if (run->patch) {
		find_elsewhere(reading, run->goal);
		reading->strays_stay = run->strays && !smd_slice_is_at(reading->now, task->running,
								       run->strays, NULL);
		find_patch(run);
	}
	return 0;
}

/* What others do to a device that nothing was sent to is not ours to tell. */
static void apply_reading(struct device_run *run)
{
	static const enum device_event events[] = {
		[SMD_SLICE_OLD] = EVENT_READ_OLD,
		[SMD_SLICE_NEW] = EVENT_READ_NEW,
		[SMD_SLICE_BETWEEN] = EVENT_READ_BETWEEN,
		[SMD_SLICE_THIRD] = EVENT_READ_THIRD,
	};

	enum device_event event = events[run->reading.position];

	/* Nothing of ours was made to act, and yet it runs: somebody has committed our candidate */
	if (run->reading.has_ours && (run->state == STATE_UNTOUCHED || run->state == STATE_LOADED))
		event = EVENT_READ_BETWEEN;
	if (run->entry)
		device_event(run, event);
}

static void read_done(void *arg)
{
	struct device_run *run = arg;

	run->doing = NULL;
	if (run->fetch.err) {
		device_event(run, EVENT_LOSE);
	} else {
		run->task->facts = run->fetch.facts;
		apply_reading(run);
	}
	run->was_read(run);
}

/* On the device's loop; continues on the deployment's. */
static void was_fetched(struct smd_fetch_job *fetch)
{
	struct device_run *run = fetch->arg;

	run->message.function = read_done;
	run->message.arg = run;
	smd_loop_post(run->deployment->loop, &run->message);
}

static void read_now(struct device_run *run)
{
	discard(run, run->reading.now, run->reading.payload);
	run->reading = (struct reading){0};
	run->fetch.err = too_late(run, &run->fetch.error);
	if (run->fetch.err) {
		read_done(run);
		return;
	}
	run->fetch.remote = run->remote;
	run->fetch.work = judge;
	run->fetch.arg = run;
	run->doing = &run->fetch.job;
	smd_fetch_start(&run->fetch, was_fetched);
}

static void rest_is_over(void *arg)
{
	struct device_run *run = arg;

	run->quiesce_until = run->resting = 0;
	run->rested(run);
}

void rest_device(struct device_run *run, void (*done)(struct device_run *run))
{
	uint64_t now = smd_clock_now(run->deployment->site->clock);

	run->rested = done;
	if (run->deployment->late) {
		done(run);
		return;
	}
	if (now >= run->quiesce_until) {
		rest_is_over(run);
		return;
	}
	report_device(run, "waiting", "it may still act on what was sent");
	run->resting = 1;
	run->rest = (struct smd_timer){.function = rest_is_over, .arg = run};
	smd_timer_start(run->deployment->loop, &run->rest, run->quiesce_until - now);
}

static void was_made_void(struct device_run *run)
{
	if (!run->job.err) {
		device_event(run, EVENT_CLEAR);
		run->quiesce_until = 0;
		run->outstanding = 0;
	}
	rest_device(run, read_now);
}

void read_device(struct device_run *run, const struct smd_tree *goal, int patch,
		 void (*done)(struct device_run *run))
{
	run->goal = goal;
	run->patch = patch;
	run->was_read = done;
	if (run->outstanding && is_guarded(run) && driver_of(run)->abort)
		run_stage(run, &(struct stage){.name = "withdraw",
					       .next = driver_of(run)->abort,
					       .event = -1,
					       .done = was_made_void});
	else
		rest_device(run, read_now);
}
