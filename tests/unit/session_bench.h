/* SPDX-License-Identifier: Apache-2.0 */
/* A session with a robot, and stages that a test writes as data. */
#ifndef SMD_TESTS_UNIT_SESSION_BENCH_H
#define SMD_TESTS_UNIT_SESSION_BENCH_H

#include <stdio.h>

#include "core/base/cleanup.h"
#include "robot.h"
#include "test.h"

/* A stage that performs the given actions and records the answers. */
struct play {
	struct smd_action steps[6];
	size_t count, at;
	enum smd_end ends[12];
	size_t culprits[12];
	char out[12][40];
	size_t heard;
};

static inline void play_next(struct smd_run *run, const struct smd_answer *answer,
			     struct smd_action *action)
{
	struct play *play = run->state;
	const char *line = smd_text_get(answer->out, 0, NULL);

	if (answer->end == SMD_END_START)
		play->at = 0;
	if (play->heard < SMD_COUNT(play->ends)) {
		play->ends[play->heard] = answer->end;
		play->culprits[play->heard] = answer->exchange;
		snprintf(play->out[play->heard], sizeof(play->out[0]), "%s", line ? line : "");
	}
	play->heard++;
	if (play->at < play->count)
		*action = play->steps[play->at++];
	else
		action->act = SMD_ACT_DONE;
}

static inline void then(struct play *play, struct smd_action action)
{
	play->steps[play->count++] = action;
}

static inline void say(struct play *play, const struct smd_exchange *exchanges, size_t count)
{
	then(play, (struct smd_action){.act = SMD_ACT_EXCHANGE,
				       .exchanges = exchanges,
				       .exchange_count = count});
}

static const struct smd_exchange echo_b[] = {{.send = "echo b", .flags = SMD_X_READS}};

/* A robot, a loop, a session with the robot, and a job that replies on another loop. */
struct bench {
	struct robot *robot;
	struct smd_loop *loop, *home;
	struct smd_connector *connector;
	struct smd_session_profile profile;
	struct smd_session_spec spec;
	struct smd_session *session;
	struct smd_session_stats stats;
	struct play attach;
	uv_sem_t ended;
	struct smd_job job;
};

/* `clock` NULL: the machine's. With another one, time stands still but for what the test does. */
static inline void begin_on(struct bench *bench, struct smd_clock *clock)
{
	struct smd_loop_spec loop = {.clock = clock};

	memset(bench, 0, sizeof(*bench));
	bench->robot = robot_new();
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&loop, &bench->loop, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&loop, &bench->home, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_connector_new(&bench->connector, NULL), 0);
	bench->profile =
		(struct smd_session_profile){.size = sizeof(bench->profile), .channel = "robot"};
	bench->spec = (struct smd_session_spec){
		.device = "leaf1",
		.target = {.host = "127.0.0.1", .port = robot_port(bench->robot)},
		.connector = bench->connector,
		.channel = &robot_channel,
		.protocol = &robot_protocol,
		.profile = &bench->profile,
		.state = &bench->attach,
	};
	uv_sem_init(&bench->ended, 0);
}

static inline void begin(struct bench *bench)
{
	begin_on(bench, NULL);
}

static inline void close_session(struct bench *bench)
{
	smd_session_close(bench->session, &bench->stats);
	bench->session = NULL;
}

static inline void end(struct bench *bench)
{
	close_session(bench);
	smd_connector_free(bench->connector);
	smd_loop_free(bench->loop);
	smd_loop_free(bench->home);
	robot_free(bench->robot);
	uv_sem_destroy(&bench->ended);
}

static inline void on_done(struct smd_job *job)
{
	uv_sem_post(job->arg);
}

/* Submit a stage as a job; `bench->ended` is posted at its end. */
static inline void submit(struct bench *bench, struct play *play, struct smd_recorder *recorder)
{
	if (!bench->session)
		CU_ASSERT_EQUAL_FATAL(
			smd_session_new(bench->loop, &bench->spec, &bench->session, NULL), 0);
	bench->job = (struct smd_job){.next = play_next,
				      .run = {.state = play, .device = "leaf1", .tag = ""},
				      .recorder = recorder,
				      .reply = bench->home,
				      .done = on_done,
				      .arg = &bench->ended};
	smd_session_submit(bench->session, &bench->job);
}

static inline int run(struct bench *bench, struct play *play, struct smd_recorder *recorder)
{
	submit(bench, play, recorder);
	uv_sem_wait(&bench->ended);
	return bench->job.err;
}

/* Run a stage with one exchange, and assert that it works whatever happened before. */
static inline void still_works(struct bench *bench)
{
	struct play play = {0};

	say(&play, echo_b, 1);
	CU_ASSERT_EQUAL(run(bench, &play, NULL), 0);
	CU_ASSERT_EQUAL(play.heard, 2);
	CU_ASSERT_EQUAL(play.ends[0], SMD_END_START);
	CU_ASSERT_EQUAL(play.ends[1], SMD_END_DONE);
	CU_ASSERT_STRING_EQUAL(play.out[1], "b");
}

#endif
