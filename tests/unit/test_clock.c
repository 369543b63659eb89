/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet/clock.h"

#include <stdio.h>

#include "core/store/store_thread.h"
#include "gen.h"
#include "test.h"

#define HOUR 3600000

/* A clock, and loops on it that call functions of the test. */
static struct {
	struct smd_clock *clock;
	struct smd_pool *pool;
	struct smd_loop *loops[2];
	struct smd_latch latch;
	uint64_t began;
} bench;

static void begin_at(struct fleet_time *time)
{
	bench.clock = fleet_clock_new(time);
	bench.began = smd_clock_now(bench.clock);
	CU_ASSERT_EQUAL_FATAL(smd_pool_new(0, &bench.pool, NULL), 0);
	for (size_t i = 0; i < 2; i++)
		CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){bench.clock, bench.pool},
						   &bench.loops[i], NULL),
				      0);
	smd_latch_init(&bench.latch, bench.clock);
}

static void begin(void)
{
	begin_at(NULL);
}

static void end(void)
{
	smd_latch_done(&bench.latch);
	for (size_t i = 0; i < 2; i++)
		smd_loop_free(bench.loops[i]);
	smd_pool_free(bench.pool);
	fleet_clock_free(bench.clock);
}

static uint64_t passed(void)
{
	return smd_clock_now(bench.clock) - bench.began;
}

struct visit {
	void (*function)(void);
	uv_sem_t over;
};

static void on_visit(void *arg)
{
	struct visit *visit = arg;

	if (visit->function)
		visit->function();
	uv_sem_post(&visit->over);
}

/*
 * Call a function on a loop, and wait without telling the clock. After a second visit, all that
 * the loop was sent before the first one's end is carried out.
 */
static void visit(size_t loop, void (*function)(void))
{
	struct visit visit = {.function = function};
	struct smd_message message = {.function = on_visit, .arg = &visit};

	uv_sem_init(&visit.over, 0);
	smd_loop_post(bench.loops[loop], &message);
	uv_sem_wait(&visit.over);
	uv_sem_destroy(&visit.over);
}

/* Long waits */

#define WAITS 5000

static struct smd_timer waiting;
static size_t waits;

static void on_waited(void *arg)
{
	(void)arg;
	if (++waits < WAITS)
		smd_timer_start(bench.loops[0], &waiting, HOUR);
	else
		smd_latch_post(&bench.latch);
}

static void start_waiting(void)
{
	smd_timer_start(bench.loops[0], &waiting, HOUR);
}

static void hours_take_no_time(void)
{
	begin();
	waits = 0;
	waiting = (struct smd_timer){.function = on_waited};
	visit(0, start_waiting);
	smd_latch_wait(&bench.latch);
	CU_ASSERT_EQUAL(waits, WAITS);
	CU_ASSERT_EQUAL(passed(), (uint64_t)WAITS * HOUR);
	CU_ASSERT_EQUAL(fleet_clock_jumps(bench.clock), WAITS);
	end();
}

/* One timer whose end is noted, and work that holds time. */

static int rung;

static void on_rung(void *arg)
{
	(void)arg;
	rung++;
	smd_latch_post(&bench.latch);
}

static void begin_hour(void)
{
	begin();
	rung = 0;
	waiting = (struct smd_timer){.function = on_rung};
	visit(0, start_waiting);
}

/* Whether time has stood still although a loop had nothing to do. */
static int stands_still(void)
{
	visit(0, NULL);
	visit(0, NULL);
	visit(1, NULL);
	return passed() == 0 && !rung;
}

static void the_thread_that_works_holds_time(void)
{
	begin_hour();
	CU_ASSERT(stands_still());
	smd_latch_wait(&bench.latch);
	CU_ASSERT_EQUAL(passed(), HOUR);
	visit(0, start_waiting); /* between two waits, nothing goes on either */
	CU_ASSERT_EQUAL(rung, 1);
	CU_ASSERT_EQUAL(passed(), HOUR);
	smd_latch_wait(&bench.latch);
	CU_ASSERT_EQUAL(passed(), 2 * HOUR);
	end();
}

static struct smd_work work;
static int still;

static void do_work(void *arg)
{
	(void)arg;
	still = stands_still();
}

static void on_worked(void *arg)
{
	(void)arg;
	still = still && !passed() && !rung;
}

static void start_work(void)
{
	work = (struct smd_work){.work = do_work, .done = on_worked};
	smd_loop_work(bench.loops[1], &work);
}

static void work_on_the_pool_holds_time(void)
{
	begin_hour();
	still = 0;
	visit(1, start_work);
	smd_latch_wait(&bench.latch);
	CU_ASSERT(still);
	CU_ASSERT_EQUAL(passed(), HOUR);
	end();
}

static int store_open(const char *where, enum smd_store_mode mode,
		      const struct smd_settings *settings, void **store, struct smd_error *error)
{
	(void)where;
	(void)mode;
	(void)settings;
	(void)store;
	(void)error;
	return 0;
}

static void store_close(void *store)
{
	(void)store;
}

static int store_apply(void *store, const struct smd_store_item *items, size_t count,
		       size_t *culprit, struct smd_error *error)
{
	(void)store;
	(void)items;
	(void)count;
	(void)culprit;
	(void)error;
	still = stands_still();
	return 0;
}

static void on_saved(struct smd_save *save)
{
	(void)save;
	still = still && !passed() && !rung;
}

static void writing_holds_time(void)
{
	static const struct smd_store ops = {
		.open = store_open, .close = store_close, .apply = store_apply};
	struct smd_store_thread_spec spec = {.ops = &ops, .where = ""};
	struct smd_store_thread *thread = NULL;
	struct smd_save save = {.done = on_saved};
	struct smd_batch batch = {0};

	begin_hour();
	spec.clock = bench.clock;
	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &thread, NULL), 0);
	still = 0;
	smd_batch_put(&batch, SMD_NEED_NOTHING, 0, "thing", "a", "1", 1);
	CU_ASSERT_EQUAL(smd_store_thread_apply(thread, &batch, NULL), 0);
	CU_ASSERT(still);
	CU_ASSERT_EQUAL(passed(), 0);
	still = 0;
	save.reply = bench.loops[1];
	smd_batch_put(&save.batch, SMD_NEED_NOTHING, 0, "thing", "a", "1", 1);
	smd_store_thread_save(thread, &save);
	smd_latch_wait(&bench.latch);
	CU_ASSERT(still);
	CU_ASSERT_EQUAL(passed(), HOUR);
	smd_store_thread_free(thread);
	end();
}

/* Order */

#define MANY 300

/* `due` is a model of the timer: when it has to end; SMD_NEVER: it does not run. */
static struct ticker {
	struct smd_timer timer;
	size_t loop;
	uint64_t due, order;
} tickers[MANY];
static size_t left, wrong;
static struct gen gen;

static int ends_before(const struct ticker *a, const struct ticker *b)
{
	return a->due < b->due || (a->due == b->due && a->loop == b->loop && a->order < b->order);
}

static void on_tick(void *arg)
{
	struct ticker *ticker = arg;

	wrong += ticker->due != smd_clock_now(bench.clock);
	for (size_t i = 0; i < MANY; i++)
		wrong += tickers[i].due != SMD_NEVER && ends_before(&tickers[i], ticker);
	ticker->due = SMD_NEVER;
	if (!--left)
		smd_latch_post(&bench.latch);
}

static void start_some(size_t loop)
{
	static uint64_t order;

	for (size_t round = 0; round < 10 * (size_t)MANY; round++) {
		struct ticker *ticker = &tickers[gen_below(&gen, MANY)];
		uint64_t wait = 1 + gen_below(&gen, 200);

		if (ticker->loop != loop)
			continue;
		left += ticker->due == SMD_NEVER;
		ticker->due = smd_clock_now(bench.clock) + wait;
		ticker->order = order++;
		smd_timer_start(bench.loops[loop], &ticker->timer, wait);
		if (gen_below(&gen, 3))
			continue;
		ticker->due = SMD_NEVER;
		left--;
		smd_timer_stop(bench.loops[loop], &ticker->timer);
		smd_timer_stop(bench.loops[loop], &ticker->timer);
	}
}

static void start_on_first(void)
{
	start_some(0);
}

static void start_on_second(void)
{
	start_some(1);
}

static void timers_end_in_their_order(void)
{
	gen_init(&gen);
	begin();
	for (size_t i = 0; i < MANY; i++)
		tickers[i] = (struct ticker){.timer = {.function = on_tick, .arg = &tickers[i]},
					     .loop = i % 2,
					     .due = SMD_NEVER};
	left = 1; /* for this thread */
	wrong = 0;
	visit(0, start_on_first);
	visit(1, start_on_second);
	CU_ASSERT(left > MANY / 3);
	left--;
	smd_latch_wait(&bench.latch);
	CU_ASSERT_EQUAL(left, 0);
	CU_ASSERT_EQUAL(wrong, 0);
	CU_ASSERT(passed() <= 200);
	end();
}

static struct smd_timer pair[2];
static struct smd_message between;
static int came_between;

static void on_between(void *arg)
{
	(void)arg;
	came_between++;
}

static void stop_the_other(void *arg)
{
	rung++;
	smd_timer_stop(bench.loops[0], arg);
	if (rung > 1) {
		CU_ASSERT_EQUAL(came_between, 1);
		smd_latch_post(&bench.latch);
		return;
	}
	/* A timer of no time does not end at once, but after what the loop was sent by then */
	between = (struct smd_message){.function = on_between};
	smd_loop_post(bench.loops[0], &between);
	smd_timer_start(bench.loops[0], &pair[0], 0);
}

static void start_pair(void)
{
	for (size_t i = 0; i < 2; i++) {
		pair[i] = (struct smd_timer){.function = stop_the_other, .arg = &pair[!i]};
		smd_timer_start(bench.loops[0], &pair[i], 10);
	}
}

static void a_stopped_timer_does_not_end(void)
{
	begin();
	rung = came_between = 0;
	visit(0, start_pair);
	smd_latch_wait(&bench.latch);
	CU_ASSERT_EQUAL(rung, 2);
	CU_ASSERT_EQUAL(passed(), 10);
	end();
}

/* What a test does to the time */

static void time_passes_by_hand(void)
{
	begin_hour();
	fleet_clock_advance(bench.clock, HOUR - 1);
	visit(0, NULL);
	CU_ASSERT_EQUAL(rung, 0);
	fleet_clock_advance(bench.clock, 5);
	visit(0, NULL);
	CU_ASSERT_EQUAL(rung, 1);
	CU_ASSERT_EQUAL(passed(), HOUR + 4);
	CU_ASSERT_EQUAL(fleet_clock_jumps(bench.clock), 0);
	smd_latch_wait(&bench.latch);
	end();
}

static int64_t wall(void)
{
	struct timespec now;

	bench.clock->wall(bench.clock, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void the_next_process_goes_on(void)
{
	struct fleet_time time = {0};
	char first[SMD_BOOT_ID], id[SMD_BOOT_ID];
	int64_t set;

	begin_at(&time);
	bench.clock->boot(bench.clock, first);
	set = wall() + HOUR;
	CU_ASSERT_EQUAL(wall(), INT64_C(1767225600000));
	fleet_clock_advance(bench.clock, HOUR);
	CU_ASSERT_EQUAL(wall(), set);
	fleet_clock_set_wall(bench.clock, -5 * HOUR);
	CU_ASSERT_EQUAL(wall(), set - 5 * HOUR);
	CU_ASSERT_EQUAL(passed(), HOUR);
	end();
	begin_at(&time);
	CU_ASSERT_EQUAL(wall(), set - 5 * HOUR);
	bench.clock->boot(bench.clock, id);
	CU_ASSERT_STRING_EQUAL(id, first);
	fleet_clock_reboot(bench.clock, HOUR);
	CU_ASSERT_EQUAL(wall(), set - 4 * HOUR);
	CU_ASSERT(smd_clock_now(bench.clock) < HOUR);
	bench.clock->boot(bench.clock, id);
	CU_ASSERT_STRING_NOT_EQUAL(id, first);
	end();
}

/* The machine's clock */

static uint64_t due, ended;

static void on_ended(void *arg)
{
	(void)arg;
	ended = smd_clock_now(bench.clock);
	smd_latch_post(&bench.latch);
}

/* An alarm is set, put off, and set earlier again. */
static void start_real(void)
{
	smd_timer_start(bench.loops[0], &waiting, 1);
	smd_timer_start(bench.loops[0], &waiting, HOUR);
	due = smd_clock_now(bench.clock) + 20;
	smd_timer_start(bench.loops[0], &waiting, 20);
}

static void the_machines_clock_waits(void)
{
	char id[SMD_BOOT_ID], again[SMD_BOOT_ID];

	bench.clock = smd_real_clock();
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &bench.loops[0], NULL), 0);
	smd_latch_init(&bench.latch, bench.clock);
	waiting = (struct smd_timer){.function = on_ended};
	visit(0, start_real);
	smd_latch_wait(&bench.latch);
	CU_ASSERT(ended >= due);
	CU_ASSERT(ended < due + HOUR / 2);
	bench.clock->boot(bench.clock, id);
	bench.clock->boot(bench.clock, again);
	CU_ASSERT_EQUAL(strlen(id), 36);
	CU_ASSERT_STRING_EQUAL(id, again);
	CU_ASSERT(wall() > INT64_C(1700000000000));
	smd_latch_done(&bench.latch);
	smd_loop_free(bench.loops[0]);
}

TEST_MAIN("clock", TEST(hours_take_no_time), TEST(the_thread_that_works_holds_time),
	  TEST(work_on_the_pool_holds_time), TEST(writing_holds_time),
	  TEST(timers_end_in_their_order), TEST(a_stopped_timer_does_not_end),
	  TEST(time_passes_by_hand), TEST(the_next_process_goes_on),
	  TEST(the_machines_clock_waits));
