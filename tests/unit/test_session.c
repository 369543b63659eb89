/* SPDX-License-Identifier: Apache-2.0 */
#include "session_bench.h"

static const struct smd_exchange echo_a[] = {{.send = "echo a", .flags = SMD_X_READS}};
static const struct smd_exchange change[] = {{.send = "echo change"}};
static const struct smd_exchange die[] = {{.send = "die", .flags = SMD_X_READS}};

static void a_stage_speaks_and_hears(void)
{
	static const struct smd_exchange two[] = {{.send = "echo a", .flags = SMD_X_READS},
						  {.send = "echo b", .flags = SMD_X_READS}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, two, 2);
	say(&play, echo_b, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.heard, 3);
	CU_ASSERT_EQUAL(play.ends[0], SMD_END_START);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DONE);
	CU_ASSERT_EQUAL(play.culprits[1], 1);
	CU_ASSERT_STRING_EQUAL(play.out[1], "a");
	CU_ASSERT_STRING_EQUAL(play.out[2], "b");
	CU_ASSERT(bench.job.connect > 0);
	still_works(&bench);
	CU_ASSERT_EQUAL(bench.job.connect, 0); /* it was already connected */
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo a echo b echo b echo b");
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	CU_ASSERT_EQUAL(bench.stats.round_trips, 4); /* the first prompt and three actions */
	CU_ASSERT(bench.stats.connect > 0);
	CU_ASSERT(bench.stats.waiting >= bench.stats.connect);
	CU_ASSERT_EQUAL(bench.stats.received, 2 + 8 + 4 + 4);
	end(&bench);
}

static void a_refusal_is_told(void)
{
	static const struct smd_exchange three[] = {{.send = "echo a", .flags = SMD_X_READS},
						    {.send = "bad", .flags = SMD_X_READS},
						    {.send = "echo b", .flags = SMD_X_READS}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, three, 3);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_FAILURE);
	CU_ASSERT_EQUAL(play.culprits[1], 1);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo a bad");
	end(&bench);
}

static void attach_comes_first_and_once(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = play_next;
	say(&bench.attach, echo_a, 1);
	say(&play, echo_b, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	still_works(&bench);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo a echo b echo b");
	CU_ASSERT_EQUAL(bench.attach.heard, 2);
	end(&bench);
}

static void learn(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	(void)answer;
	strcpy(run->facts->product, "robot");
	action->act = SMD_ACT_DONE;
}

static void what_attach_learned_is_told(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = learn;
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_STRING_EQUAL(bench.job.facts.product, "robot");
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_STRING_EQUAL(bench.job.facts.product, "robot");
	end(&bench);
}

static void attach_that_fails_ends_the_job(void)
{
	static const struct {
		enum smd_class reason;
		int err;
	} cases[] = {
		{SMD_CLASS_REFUSED, SMD_E_DEVICE},
		{SMD_CLASS_DENIED, SMD_E_AUTH},
		/* attach changes nothing, so it is not UNKNOWN */
		{SMD_CLASS_UNKNOWN, SMD_E_UNREACHABLE},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct bench bench;
		struct play play = {0};

		begin(&bench);
		bench.spec.attach = play_next;
		then(&bench.attach, (struct smd_action){.act = SMD_ACT_FAIL,
							.reason = cases[i].reason,
							.message = "no paging"});
		say(&play, echo_a, 1);
		CU_ASSERT_EQUAL(run(&bench, &play, NULL), cases[i].err);
		CU_ASSERT_EQUAL(bench.job.error.code, (enum smd_err)cases[i].err);
		CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "no paging"));
		CU_ASSERT_STRING_EQUAL(bench.job.error.device, "leaf1");
		CU_ASSERT_EQUAL(play.heard, 0);
		bench.attach.count = 0;
		CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
		close_session(&bench);
		CU_ASSERT_EQUAL(bench.stats.logins, 2);
		end(&bench);
	}
}

/* attach runs on every new connection, so a reconnect in it would never end. */
static void attach_may_not_reconnect(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = play_next;
	then(&bench.attach, (struct smd_action){.act = SMD_ACT_RECONNECT});
	say(&play, echo_a, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "attach"));
	CU_ASSERT_EQUAL(play.heard, 0);
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), 1);
	bench.attach.count = 0;
	still_works(&bench);
	end(&bench);
}

static void attach_that_loses_the_device_leaves_no_dead_session(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = play_next;
	say(&bench.attach, die, 1); /* and attach ignores the loss */
	run(&bench, &play, NULL);
	bench.attach.count = 0;
	still_works(&bench);
	end(&bench);
}

/* Recording */

struct notes {
	struct smd_recorder recorder; /* first member: the recorder is cast to struct notes */
	struct smd_job *job;
	size_t calls, count;
	char first[40];
	int err, later;
	struct smd_error error;
	struct smd_message message;
	uv_sem_t asked;
};

static void go_on(void *arg)
{
	struct notes *notes = arg;

	smd_job_recorded(notes->job, notes->err, notes->err ? &notes->error : NULL);
}

static void record(struct smd_recorder *recorder, struct smd_job *job,
		   const struct smd_exchange *exchanges, size_t count)
{
	struct notes *notes = (struct notes *)recorder;

	notes->job = job;
	notes->calls++;
	notes->count = count;
	snprintf(notes->first, sizeof(notes->first), "%s", exchanges[0].send);
	notes->message = (struct smd_message){.function = go_on, .arg = notes};
	if (notes->later)
		uv_sem_post(&notes->asked);
	else
		go_on(notes);
}

static void notes_begin(struct notes *notes, int later)
{
	*notes = (struct notes){.recorder = {record}, .later = later};
	uv_sem_init(&notes->asked, 0);
}

static void who_only_reads_changes_nothing(void)
{
	static const struct smd_exchange mixed[] = {{.send = "echo a", .flags = SMD_X_READS},
						    {.send = "echo change"}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, mixed, 2);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_INTERNAL);
	CU_ASSERT_EQUAL(bench.job.reason, SMD_CLASS_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "only reads"));
	still_works(&bench);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo b");
	end(&bench);
}

static void attach_changes_nothing_either(void)
{
	struct bench bench;
	struct play play = {0};
	struct notes notes;

	begin(&bench);
	notes_begin(&notes, 0);
	bench.spec.attach = play_next;
	say(&bench.attach, change, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, &notes.recorder), SMD_E_INTERNAL);
	CU_ASSERT_EQUAL(notes.calls, 0);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "");
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

static void what_only_reads_is_not_recorded(void)
{
	struct bench bench;
	struct play play = {0};
	struct notes notes;

	begin(&bench);
	notes_begin(&notes, 0);
	say(&play, echo_a, 1);
	say(&play, change, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, &notes.recorder), 0);
	CU_ASSERT_EQUAL(notes.calls, 1);
	CU_ASSERT_EQUAL(notes.count, 1);
	CU_ASSERT_STRING_EQUAL(notes.first, "echo change");
	CU_ASSERT_STRING_EQUAL(play.out[2], "change");
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

/*
 * Anything sent early by one session would arrive before another session's two round trips,
 * because the robot has one thread and the loopback has no delay.
 */
static void nothing_is_sent_before_the_record(void)
{
	struct bench bench, other;
	struct play play = {0};
	struct notes notes;

	begin(&bench);
	notes_begin(&notes, 1);
	other = bench;
	other.session = NULL;
	uv_sem_init(&other.ended, 0);
	say(&play, change, 1);
	submit(&bench, &play, &notes.recorder);
	uv_sem_wait(&notes.asked);
	still_works(&other);
	still_works(&other);
	CU_ASSERT_EQUAL(robot_heard(bench.robot, "echo change"), 0);
	smd_loop_post(bench.loop, &notes.message);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(bench.job.err, 0);
	CU_ASSERT_EQUAL(robot_heard(bench.robot, "echo change"), 1);
	close_session(&other);
	uv_sem_destroy(&other.ended);
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

static void without_a_record_nothing_is_sent(void)
{
	struct bench bench;
	struct play play = {0};
	struct notes notes;

	begin(&bench);
	notes_begin(&notes, 0);
	notes.err = smd_fail(&notes.error, SMD_E_IO, "disk full");
	say(&play, change, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, &notes.recorder), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "nothing was sent"));
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "disk full"));
	still_works(&bench);
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo b");
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

static void a_loss_while_recording_is_told(void)
{
	struct bench bench;
	struct play play = {0};
	struct notes notes;

	begin(&bench);
	notes_begin(&notes, 1);
	say(&play, change, 1);
	submit(&bench, &play, &notes.recorder);
	uv_sem_wait(&notes.asked);
	robot_hang_up(bench.robot, 0);
	robot_wait_closed(1);
	smd_loop_post(bench.loop, &notes.message);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_LOST);
	CU_ASSERT_EQUAL(robot_heard(bench.robot, "echo change"), 0);
	still_works(&bench);
	end(&bench);
	uv_sem_destroy(&notes.asked);
}

/* Deadlines and losses */

static void no_answer_in_time_ends_the_connection(void)
{
	static const struct smd_exchange two[] = {
		{.send = "echo a", .flags = SMD_X_READS},
		{.send = "silent", .flags = SMD_X_READS, .deadline = 30}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.profile.deadline = 40;
	say(&play, two, 2);
	say(&play, echo_a, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DEADLINE);
	CU_ASSERT_EQUAL(play.culprits[1], 1);
	CU_ASSERT_EQUAL(play.ends[2], SMD_END_LOST);
	robot_wait_closed(1); /* so a late answer cannot arrive */
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 2);
	end(&bench);
}

/* The kernel must not go on sending to a device that does not answer. */
static void what_was_not_answered_is_reset(void)
{
	static const struct smd_exchange silent[] = {
		{.send = "silent", .flags = SMD_X_READS, .deadline = 30}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, silent, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DEADLINE);
	CU_ASSERT_EQUAL(robot_wait_left(bench.robot, 1), 1);
	still_works(&bench);
	close_session(&bench); /* all is answered: an orderly end */
	CU_ASSERT_EQUAL(robot_wait_left(bench.robot, 2), 1);
	end(&bench);
}

/* protocol.h: core restarts the clock whenever the index grows. */
static void each_exchange_has_its_own_deadline(void)
{
	static const struct smd_exchange two[] = {
		{.send = "echo a", .flags = SMD_X_READS, .deadline = 5000},
		{.send = "silent", .flags = SMD_X_READS, .deadline = 30}};
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, two, 2);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DEADLINE);
	CU_ASSERT(bench.job.took < 2000000);
	end(&bench);
}

static void a_loss_is_an_answer(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	say(&play, die, 1);
	then(&play, (struct smd_action){.act = SMD_ACT_FAIL,
					.reason = SMD_CLASS_UNKNOWN,
					.message = "who knows"});
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_LOST);
	CU_ASSERT_EQUAL(bench.job.reason, SMD_CLASS_UNKNOWN);
	CU_ASSERT_STRING_EQUAL(bench.job.error.message, "who knows");
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 2);
	end(&bench);
}

static void a_loss_between_jobs_is_repaired(void)
{
	struct bench bench;

	begin(&bench);
	still_works(&bench);
	robot_hang_up(bench.robot, 0);
	robot_wait_closed(1);
	still_works(&bench);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 2);
	CU_ASSERT_EQUAL(bench.stats.received, 2 * (2 + 4));
	end(&bench);
}

static void a_stage_may_reconnect(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.attach = play_next;
	say(&bench.attach, echo_a, 1);
	say(&play, die, 1);
	then(&play, (struct smd_action){.act = SMD_ACT_RECONNECT});
	say(&play, echo_b, 1);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.heard, 4);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_LOST);
	CU_ASSERT_EQUAL(play.ends[2], SMD_END_DONE);
	CU_ASSERT_STRING_EQUAL(play.out[3], "b");
	CU_ASSERT_STRING_EQUAL(robot_log(bench.robot), "echo a die echo a echo b");
	end(&bench);
}

/* exchange.h: RECONNECT is answered DONE or LOST. */
static void reconnecting_in_vain_is_told(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	still_works(&bench);
	robot_set_door(bench.robot, ROBOT_AUTH); /* existing connections stay */
	say(&play, echo_a, 1);
	then(&play, (struct smd_action){.act = SMD_ACT_RECONNECT});
	then(&play, (struct smd_action){.act = SMD_ACT_FAIL, .reason = SMD_CLASS_UNKNOWN});
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(play.heard, 3);
	CU_ASSERT_EQUAL(play.ends[2], SMD_END_LOST);
	robot_set_door(bench.robot, ROBOT_OPEN);
	still_works(&bench);
	end(&bench);
}

static void waiting_is_answered(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	then(&play, (struct smd_action){.act = SMD_ACT_WAIT, .wait = 20});
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DONE);
	CU_ASSERT(bench.job.took >= 19000);
	end(&bench);
}

/* Failing */

static void a_stage_fails_by_its_class(void)
{
	static const struct {
		enum smd_class reason;
		int err;
	} cases[] = {
		{SMD_CLASS_REFUSED, SMD_E_DEVICE},
		{SMD_CLASS_CONFLICT, SMD_E_CONFLICT},
		{SMD_CLASS_BUSY, SMD_E_BUSY},
		{SMD_CLASS_UNKNOWN, SMD_E_UNKNOWN},
		{SMD_CLASS_INVALID, SMD_E_INTERNAL},
		{SMD_CLASS_DENIED, SMD_E_AUTH},
		{SMD_CLASS_UNSUPPORTED, SMD_E_UNSUPPORTED},
		{(enum smd_class)77, SMD_E_INTERNAL},
	};
	struct bench bench;

	begin(&bench);
	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct play play = {0};

		then(&play, (struct smd_action){.act = SMD_ACT_FAIL,
						.reason = cases[i].reason,
						.message = "why"});
		CU_ASSERT_EQUAL(run(&bench, &play, NULL), cases[i].err);
		CU_ASSERT_EQUAL(bench.job.reason, cases[i].reason);
		CU_ASSERT_EQUAL(bench.job.error.code, (enum smd_err)cases[i].err);
		CU_ASSERT_STRING_EQUAL(bench.job.error.message, "why");
		CU_ASSERT_STRING_EQUAL(bench.job.error.device, "leaf1");
	}
	end(&bench);
}

/* A stage that sets no action, or an action that does not exist. */
static void what_makes_no_sense_is_named(void)
{
	static const int acts[] = {0, SMD_ACT_PUT, SMD_ACT_GET, 99};
	struct bench bench;

	begin(&bench);
	for (size_t i = 0; i < SMD_COUNT(acts); i++) {
		struct play play = {0};

		then(&play, (struct smd_action){.act = (enum smd_act)acts[i]});
		CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_INTERNAL);
		CU_ASSERT_NOT_EQUAL(bench.job.error.message[0], '\0');
		still_works(&bench);
	}
	end(&bench);
}

TEST_MAIN("session", TEST(a_stage_speaks_and_hears), TEST(a_refusal_is_told),
	  TEST(attach_comes_first_and_once), TEST(what_attach_learned_is_told),
	  TEST(attach_that_fails_ends_the_job), TEST(attach_may_not_reconnect),
	  TEST(attach_that_loses_the_device_leaves_no_dead_session),
	  TEST(who_only_reads_changes_nothing), TEST(attach_changes_nothing_either),
	  TEST(what_only_reads_is_not_recorded), TEST(nothing_is_sent_before_the_record),
	  TEST(without_a_record_nothing_is_sent), TEST(a_loss_while_recording_is_told),
	  TEST(no_answer_in_time_ends_the_connection), TEST(what_was_not_answered_is_reset),
	  TEST(each_exchange_has_its_own_deadline), TEST(a_loss_is_an_answer),
	  TEST(a_loss_between_jobs_is_repaired), TEST(a_stage_may_reconnect),
	  TEST(reconnecting_in_vain_is_told), TEST(waiting_is_answered),
	  TEST(a_stage_fails_by_its_class), TEST(what_makes_no_sense_is_named));
