/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <sys/socket.h>

#include "session_bench.h"

/* A port on which nobody listens: it was just opened and closed again. */
static uint16_t closed_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t size = sizeof(address);
	int made = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
	CU_ASSERT_EQUAL_FATAL(bind(made, (struct sockaddr *)&address, size), 0);
	getsockname(made, (struct sockaddr *)&address, &size);
	close(made);
	return ntohs(address.sin_port);
}

static void a_refused_connection_is_named(void)
{
	struct bench bench;
	struct play play = {0};
	char port[32];

	begin(&bench);
	bench.spec.target.port = closed_port();
	snprintf(port, sizeof(port), "127.0.0.1 port %u", bench.spec.target.port);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNREACHABLE);
	CU_ASSERT_EQUAL(bench.job.error.code, SMD_E_UNREACHABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, port));
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "Connection refused"));
	CU_ASSERT_STRING_EQUAL(bench.job.error.device, "leaf1");
	CU_ASSERT_NOT_EQUAL(bench.job.error.hint[0], '\0');
	CU_ASSERT_EQUAL(play.heard, 0);
	bench.spec.target.port = robot_port(bench.robot);
	end(&bench);
}

static void a_name_is_resolved(void)
{
	struct bench bench;

	begin(&bench);
	bench.spec.target.host = "localhost";
	still_works(&bench);
	end(&bench);
}

static void a_busy_door_is_knocked_at_again(void)
{
	struct bench bench;

	begin(&bench);
	robot_set_busy(bench.robot, 3);
	still_works(&bench);
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), 4);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	end(&bench);
}

/* Each attempt resolves the name anew; a leak checker sees what is left of the former ones. */
static void a_busy_door_is_knocked_at_again_by_name(void)
{
	struct bench bench;

	begin(&bench);
	bench.spec.target.host = "localhost";
	robot_set_busy(bench.robot, 3);
	still_works(&bench);
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), 4);
	end(&bench);
}

/* A name is still being resolved, perhaps, when nobody wants its address any more. */
static void a_name_may_come_too_late(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	bench.spec.target.host = "localhost";
	submit(&bench, &play, NULL);
	smd_session_cancel(bench.session, &bench.job);
	uv_sem_wait(&bench.ended);
	CU_ASSERT_EQUAL(bench.job.err, SMD_E_UNKNOWN);
	still_works(&bench);
	end(&bench);
}

/* Names that nobody answers for, in front of the real connector. */

struct deaf {
	struct smd_connector connector; /* first member: the connector is cast to struct deaf */
	struct smd_connector *real;
};

static void find(struct smd_connector *connector, struct smd_attempt *attempt)
{
	if (strncmp(attempt->host, "slow", 4) != 0)
		((struct deaf *)connector)->real->find(((struct deaf *)connector)->real, attempt);
}

static void connect_real(struct smd_connector *connector, struct smd_attempt *attempt)
{
	((struct deaf *)connector)->real->connect(((struct deaf *)connector)->real, attempt);
}

static void cancel(struct smd_connector *connector, struct smd_attempt *attempt)
{
	((struct deaf *)connector)->real->cancel(((struct deaf *)connector)->real, attempt);
}

/* More of them than there are connect slots. */
#define SLOW 40

static void slow_names_delay_nobody_else(void)
{
	static struct smd_job jobs[SLOW];
	static struct play plays[SLOW];
	static char hosts[SLOW][16];
	struct smd_session *slow[SLOW];
	struct smd_session_spec spec;
	struct deaf deaf;
	struct bench bench;

	begin(&bench);
	deaf = (struct deaf){{find, connect_real, cancel}, bench.connector};
	bench.spec.connector = &deaf.connector;
	spec = bench.spec;
	for (size_t i = 0; i < SLOW; i++) {
		snprintf(hosts[i], sizeof(hosts[i]), "slow%zu", i);
		spec.target.host = hosts[i];
		CU_ASSERT_EQUAL_FATAL(smd_session_new(bench.loop, &spec, &slow[i], NULL), 0);
		jobs[i] = (struct smd_job){.next = play_next,
					   .run = {.state = &plays[i], .tag = ""},
					   .reply = bench.home,
					   .done = on_done,
					   .arg = &bench.ended};
		smd_session_submit(slow[i], &jobs[i]);
	}
	bench.spec.patience = 5000;
	still_works(&bench);
	for (size_t i = 0; i < SLOW; i++) {
		smd_session_cancel(slow[i], &jobs[i]);
		uv_sem_wait(&bench.ended);
		smd_session_close(slow[i], NULL);
	}
	end(&bench);
}

static void patience_ends(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	robot_set_busy(bench.robot, 1000);
	bench.spec.patience = 400;
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNREACHABLE);
	CU_ASSERT(robot_knocks(bench.robot) > 1);
	robot_set_busy(bench.robot, 0);
	still_works(&bench);
	end(&bench);
}

static void a_silent_door_ends_patience_too(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	robot_set_door(bench.robot, ROBOT_MUTE);
	bench.spec.patience = 50;
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNREACHABLE);
	CU_ASSERT_NOT_EQUAL(bench.job.error.message[0], '\0');
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), 1);
	robot_wait_closed(1);
	robot_set_door(bench.robot, ROBOT_OPEN);
	close_session(&bench);
	bench.spec.patience = 0;
	still_works(&bench);
	end(&bench);
}

static void who_is_not_known_does_not_try_again(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	robot_set_door(bench.robot, ROBOT_AUTH);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_AUTH);
	CU_ASSERT_STRING_EQUAL(bench.job.error.message, "the robot does not know us");
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), 1);
	end(&bench);
}

static void without_a_prompt_there_is_no_session(void)
{
	struct bench bench;
	struct play play = {0};

	begin(&bench);
	robot_set_door(bench.robot, ROBOT_NOPROMPT);
	CU_ASSERT_EQUAL(run(&bench, &play, NULL), SMD_E_UNREACHABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(bench.job.error.message, "prompt"));
	CU_ASSERT_EQUAL(play.heard, 0);
	robot_set_door(bench.robot, ROBOT_OPEN);
	still_works(&bench);
	end(&bench);
}

/* Jobs */

#define JOBS 30

struct numbered {
	struct smd_job job;
	struct play play;
	size_t number;
};

static struct {
	size_t order[JOBS], count;
	uv_sem_t *ended;
} ended_jobs;

static void on_numbered(struct smd_job *job)
{
	ended_jobs.order[ended_jobs.count++] = ((struct numbered *)job)->number;
	uv_sem_post(ended_jobs.ended);
}

static void jobs_keep_their_order(void)
{
	static struct numbered jobs[JOBS];
	struct bench bench;

	begin(&bench);
	ended_jobs.count = 0;
	ended_jobs.ended = &bench.ended;
	CU_ASSERT_EQUAL_FATAL(smd_session_new(bench.loop, &bench.spec, &bench.session, NULL), 0);
	CU_ASSERT_PTR_EQUAL(smd_session_loop(bench.session), bench.loop);
	memset(jobs, 0, sizeof(jobs));
	for (size_t i = 0; i < JOBS; i++) {
		say(&jobs[i].play, echo_b, 1);
		jobs[i].number = i;
		jobs[i].job = (struct smd_job){.next = play_next,
					       .run = {.state = &jobs[i].play, .tag = ""},
					       .reply = bench.home,
					       .done = on_numbered};
		smd_session_submit(bench.session, &jobs[i].job);
	}
	for (size_t i = 0; i < JOBS; i++)
		uv_sem_wait(&bench.ended);
	for (size_t i = 0; i < JOBS; i++) {
		CU_ASSERT_EQUAL(ended_jobs.order[i], i);
		CU_ASSERT_EQUAL(jobs[i].job.err, 0);
		CU_ASSERT_EQUAL(jobs[i].play.heard, 2);
	}
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 1);
	end(&bench);
}

/* After a failed login, each of the waiting jobs has its turn and gets its own error. */
static void jobs_behind_a_failed_one_have_their_turn(void)
{
	static struct numbered jobs[3];
	struct bench bench;

	begin(&bench);
	ended_jobs.count = 0;
	ended_jobs.ended = &bench.ended;
	robot_set_door(bench.robot, ROBOT_AUTH);
	CU_ASSERT_EQUAL_FATAL(smd_session_new(bench.loop, &bench.spec, &bench.session, NULL), 0);
	for (size_t i = 0; i < 3; i++) {
		jobs[i] = (struct numbered){.number = i};
		jobs[i].job = (struct smd_job){.next = play_next,
					       .run = {.state = &jobs[i].play, .tag = ""},
					       .reply = bench.home,
					       .done = on_numbered};
		smd_session_submit(bench.session, &jobs[i].job);
	}
	for (size_t i = 0; i < 3; i++)
		uv_sem_wait(&bench.ended);
	for (size_t i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(jobs[i].job.err, SMD_E_AUTH);
	end(&bench);
}

static void who_never_spoke_can_be_closed(void)
{
	struct bench bench;

	begin(&bench);
	CU_ASSERT_EQUAL_FATAL(smd_session_new(bench.loop, &bench.spec, &bench.session, NULL), 0);
	close_session(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 0);
	smd_session_close(NULL, NULL);
	end(&bench);
	CU_ASSERT_EQUAL(bench.stats.logins, 0);
}

/* Many */

#define MANY 200

struct many {
	struct smd_session *session;
	struct smd_job job;
	struct play play;
};

static void on_one_of_many(struct smd_job *job)
{
	uv_sem_post(job->arg);
}

/* At most eight logins at the same time to one address, which one loop serves. */
static void crowd(int addresses)
{
	static const char *const hosts[] = {"127.0.0.1", "127.0.0.2"};
	struct many *all = calloc(MANY, sizeof(*all));
	struct smd_session_spec specs[2];
	struct bench bench;

	CU_ASSERT_PTR_NOT_NULL_FATAL(all);
	begin(&bench);
	robot_expect(bench.robot, MANY / (unsigned)addresses);
	for (int i = 0; i < 2; i++) {
		specs[i] = bench.spec;
		specs[i].target.host = hosts[i % addresses];
		specs[i].patience = 60000;
	}
	for (size_t i = 0; i < MANY; i++) {
		struct smd_loop *loop = (int)(i % 2) < addresses - 1 ? bench.home : bench.loop;

		CU_ASSERT_EQUAL_FATAL(smd_session_new(loop, &specs[i % 2], &all[i].session, NULL),
				      0);
		say(&all[i].play, echo_b, 1);
		all[i].job = (struct smd_job){.next = play_next,
					      .run = {.state = &all[i].play, .tag = ""},
					      .reply = bench.loop,
					      .done = on_one_of_many,
					      .arg = &bench.ended};
		smd_session_submit(all[i].session, &all[i].job);
	}
	for (size_t i = 0; i < MANY; i++)
		uv_sem_wait(&bench.ended);
	for (size_t i = 0; i < MANY; i++) {
		CU_ASSERT_EQUAL(all[i].job.err, 0);
		CU_ASSERT_EQUAL(all[i].play.ends[1], SMD_END_DONE);
		smd_session_close(all[i].session, NULL);
	}
	CU_ASSERT_EQUAL(robot_knocks(bench.robot), MANY);
	for (int i = 0; i < addresses; i++)
		CU_ASSERT_EQUAL(robot_crowd(bench.robot, i), 8);
	end(&bench);
	free(all);
}

static void a_crowd_at_two_doors_queues(void)
{
	crowd(2);
}

static void a_crowd_at_one_door_queues(void)
{
	crowd(1);
}

TEST_MAIN("session login", TEST(a_refused_connection_is_named), TEST(a_name_is_resolved),
	  TEST(a_busy_door_is_knocked_at_again), TEST(a_busy_door_is_knocked_at_again_by_name),
	  TEST(a_name_may_come_too_late), TEST(slow_names_delay_nobody_else), TEST(patience_ends),
	  TEST(a_silent_door_ends_patience_too), TEST(who_is_not_known_does_not_try_again),
	  TEST(without_a_prompt_there_is_no_session), TEST(jobs_keep_their_order),
	  TEST(jobs_behind_a_failed_one_have_their_turn), TEST(who_never_spoke_can_be_closed),
	  TEST(a_crowd_at_two_doors_queues), TEST(a_crowd_at_one_door_queues));
