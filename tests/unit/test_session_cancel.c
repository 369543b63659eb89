/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/clock.h"
#include "session_bench.h"

static const struct smd_exchange change[] = {{.send = "echo change"}};

/* A stage that says when it has begun, and then does one thing that does not end by itself. */
struct endless {
	struct smd_action action;
	uv_sem_t begun;
};

static void endless_next(struct smd_run *run, const struct smd_answer *answer,
			 struct smd_action *action)
{
	struct endless *endless = run->state;

	CU_ASSERT_EQUAL(answer->end, SMD_END_START);
	*action = endless->action;
	uv_sem_post(&endless->begun);
}

static const struct smd_action wait_long = {.act = SMD_ACT_WAIT, .wait = 3600000};

static void start(struct bench *bench, struct smd_job *job, smd_next_fn next, void *state)
{
	if (!bench->session)
		CU_ASSERT_EQUAL_FATAL(
			smd_session_new(bench->loop, &bench->spec, &bench->session, NULL), 0);
	*job = (struct smd_job){.next = next,
				.run = {.state = state, .device = "leaf1", .tag = ""},
				.reply = bench->home,
				.done = on_done,
				.arg = &bench->ended};
	smd_session_submit(bench->session, job);
}

static void start_endless(struct bench *bench, struct endless *endless, struct smd_action action)
{
	endless->action = action;
	uv_sem_init(&endless->begun, 0);
	start(bench, &bench->job, endless_next, endless);
	uv_sem_wait(&endless->begun);
}

static void expect_given_up(struct bench *bench)
{
	uv_sem_wait(&bench->ended);
	CU_ASSERT_EQUAL(bench->job.err, SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(bench->job.reason, SMD_CLASS_UNKNOWN);
	CU_ASSERT_EQUAL(bench->job.error.code, SMD_E_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(bench->job.error.device, "leaf1");
	CU_ASSERT_PTR_NOT_NULL(strstr(bench->job.error.message, "given up"));
}

static void on_passed(void *arg)
{
	uv_sem_post(arg);
}

/* Wait until the loop has carried out all that it was sent. */
static void pass(struct smd_loop *loop)
{
	struct smd_message message = {.function = on_passed};
	uv_sem_t passed;

	uv_sem_init(&passed, 0);
	message.arg = &passed;
	smd_loop_post(loop, &message);
	uv_sem_wait(&passed);
	uv_sem_destroy(&passed);
}

static void ends_when_given_up(struct smd_action action)
{
	struct endless endless;
	struct bench bench;

	begin(&bench);
	start_endless(&bench, &endless, action);
	smd_session_cancel(bench.session, &bench.job);
	smd_session_cancel(bench.session, &bench.job);
	expect_given_up(&bench);
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 2);
	CU_ASSERT_NOT_EQUAL(uv_sem_trywait(&bench.ended), 0); /* it has ended only once */
	end(&bench);
	uv_sem_destroy(&endless.begun);
}

static void a_wait_is_given_up(void)
{
	ends_when_given_up(wait_long);
}

/* The time that was waited for comes later, and finds nothing to end. */
static void what_is_given_up_does_not_come_back(void)
{
	struct smd_clock *clock = fleet_clock_new(NULL);
	struct endless endless;
	struct bench bench;

	begin_on(&bench, clock);
	start_endless(&bench, &endless, wait_long);
	smd_session_cancel(bench.session, &bench.job);
	expect_given_up(&bench);
	fleet_clock_advance(clock, 2 * (uint64_t)wait_long.wait);
	pass(bench.loop);
	still_works(&bench);
	end(&bench);
	fleet_clock_free(clock);
	uv_sem_destroy(&endless.begun);
}

static void an_exchange_is_given_up(void)
{
	static const struct smd_exchange silent[] = {
		{.send = "silent", .flags = SMD_X_READS, .deadline = 3600000}};

	ends_when_given_up((struct smd_action){
		.act = SMD_ACT_EXCHANGE, .exchanges = silent, .exchange_count = 1});
}

static void a_login_is_given_up(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	robot_set_door(bench.robot, ROBOT_MUTE);
	submit(&bench, &play, NULL);
	smd_session_cancel(bench.session, &bench.job);
	expect_given_up(&bench);
	CU_ASSERT_EQUAL(play.heard, 0);
	robot_set_door(bench.robot, ROBOT_OPEN);
	still_works(&bench);
	end(&bench);
}

static void attach_is_given_up(void)
{
	struct endless endless = {.action = wait_long};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = endless_next;
	bench.spec.state = &endless;
	uv_sem_init(&endless.begun, 0);
	submit(&bench, &play, NULL);
	uv_sem_wait(&endless.begun);
	smd_session_cancel(bench.session, &bench.job);
	expect_given_up(&bench);
	CU_ASSERT_EQUAL(play.heard, 0);
	close_session(&bench);
	bench.spec.attach = NULL;
	still_works(&bench);
	end(&bench);
	uv_sem_destroy(&endless.begun);
}

static void a_job_in_the_queue_has_not_begun(void)
{
	struct smd_job second;
	struct endless endless;
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	start_endless(&bench, &endless, wait_long);
	start(&bench, &second, play_next, &play);
	smd_session_cancel(bench.session, &second);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(second.err, SMD_E_BUSY);
	CU_ASSERT_EQUAL(second.error.code, SMD_E_BUSY);
	CU_ASSERT_STRING_EQUAL(second.error.device, "leaf1");
	CU_ASSERT_EQUAL(play.heard, 0);
	start(&bench, &second, play_next, &play); /* goes on when the first one is given up */
	smd_session_cancel(bench.session, &bench.job);
	expect_given_up(&bench);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(second.err, 0);
	CU_ASSERT_EQUAL(play.heard, 1);
	end(&bench);
	uv_sem_destroy(&endless.begun);
}

/* Recording */

struct notes {
	struct smd_recorder recorder; /* first member: the recorder is cast to struct notes */
	struct smd_job *job;
	int err;
	struct smd_error error;
	struct smd_message message;
	uv_sem_t asked;
};

static void go_on(void *arg)
{
	struct notes *notes = arg;

	smd_job_recorded(notes->job, notes->err, &notes->error);
}

static void record(struct smd_recorder *recorder, struct smd_job *job,
		   const struct smd_exchange *exchanges, size_t count)
{
	struct notes *notes = (struct notes *)recorder;

	(void)exchanges;
	(void)count;
	notes->job = job;
	uv_sem_post(&notes->asked);
}

static void cancel_while_recording(int err)
{
	struct notes notes = {.recorder = {record}, .err = err};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	uv_sem_init(&notes.asked, 0);
	smd_fail(&notes.error, SMD_E_IO, "disk full");
	say(&play, change, 1);
	submit(&bench, &play, &notes.recorder);
	uv_sem_wait(&notes.asked);
	smd_session_cancel(bench.session, &bench.job);
	pass(bench.loop);
	pass(bench.home);
	CU_ASSERT_NOT_EQUAL(uv_sem_trywait(&bench.ended), 0); /* the recorder still uses the job */
	notes.message = (struct smd_message){.function = go_on, .arg = &notes};
	smd_loop_post(bench.loop, &notes.message);
	expect_given_up(&bench);
	CU_ASSERT_EQUAL(robot_heard(bench.robot, "echo change"), 0);
	CU_ASSERT_EQUAL(play.heard, 1);
	still_works(&bench);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo b");
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

static void a_recorder_finishes_first(void)
{
	cancel_while_recording(0);
	cancel_while_recording(SMD_E_IO);
}

/* Jobs that end at the same time as they are given up. They are freed as soon as they may be. */

struct ending {
	struct smd_job job;
	struct smd_session *session;
	uv_sem_t *ended;
	int *err;
};

static void on_ending(struct smd_job *job)
{
	struct ending *ending = job->arg;
	uv_sem_t *ended = ending->ended;

	*ending->err = job->err;
	free(ending);
	uv_sem_post(ended);
}

/* The stage is done, but the message to give its job up is already on its way. */
static void end_and_cancel(struct smd_run *run, const struct smd_answer *answer,
			   struct smd_action *action)
{
	struct ending *ending = run->state;

	(void)answer;
	smd_session_cancel(ending->session, &ending->job);
	action->act = SMD_ACT_DONE;
}

static struct ending *start_ending(struct bench *bench, smd_next_fn next, int *err)
{
	struct ending *ending = calloc(1, sizeof(*ending));

	CU_ASSERT_PTR_NOT_NULL_FATAL(ending);
	CU_ASSERT_EQUAL_FATAL(smd_session_new(bench->loop, &bench->spec, &bench->session, NULL), 0);
	ending->session = bench->session;
	ending->ended = &bench->ended;
	ending->err = err;
	ending->job = (struct smd_job){.next = next,
				       .run = {.state = ending, .tag = ""},
				       .reply = bench->home,
				       .done = on_ending,
				       .arg = ending};
	smd_session_submit(bench->session, &ending->job);
	return ending;
}

static void a_job_that_ends_meanwhile_has_ended(void)
{
	struct bench bench;
	int err = -1;

	begin(&bench);
	start_ending(&bench, end_and_cancel, &err);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(err, 0);
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	end(&bench);
}

static void on_block(void *arg)
{
	uv_sem_wait(arg);
}

static void just_end(struct smd_run *run, const struct smd_answer *answer,
		     struct smd_action *action)
{
	struct ending *ending = run->state;

	(void)answer;
	action->act = SMD_ACT_DONE;
	uv_sem_post(ending->ended);
}

/* The job is over, but its `done` has not been called: the loop for replies is busy. */
static void what_is_over_stays_so(void)
{
	struct smd_message message = {.function = on_block};
	struct ending *ending;
	struct bench bench;
	uv_sem_t go;
	int err = -1;

	begin(&bench);
	uv_sem_init(&go, 0);
	message.arg = &go;
	smd_loop_post(bench.home, &message);
	ending = start_ending(&bench, just_end, &err);
	uv_sem_wait(&bench.ended);
	pass(bench.loop);
	smd_session_cancel(bench.session, &ending->job);
	pass(bench.loop);
	CU_ASSERT_EQUAL(err, -1);
	uv_sem_post(&go);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(err, 0);
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	end(&bench);
	uv_sem_destroy(&go);
}

TEST_MAIN("session cancel", TEST(a_wait_is_given_up), TEST(what_is_given_up_does_not_come_back),
	  TEST(an_exchange_is_given_up), TEST(a_login_is_given_up), TEST(attach_is_given_up),
	  TEST(a_job_in_the_queue_has_not_begun), TEST(a_recorder_finishes_first),
	  TEST(a_job_that_ends_meanwhile_has_ended), TEST(what_is_over_stays_so));
