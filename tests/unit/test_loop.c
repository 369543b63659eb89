/* SPDX-License-Identifier: Apache-2.0 */
#include "core/run/loop.h"

#include <stdio.h>

#include "core/base/cleanup.h"
#include "test.h"

#define MESSAGES 1000

static struct {
	struct smd_loop *loop;
	struct smd_message messages[MESSAGES];
	size_t order[MESSAGES], count;
	size_t elsewhere;
	uv_sem_t last;
} post;

static void on_message(void *arg)
{
	post.elsewhere += !smd_loop_here(post.loop);
	post.order[post.count++] = *(size_t *)arg;
	if (post.count == MESSAGES)
		uv_sem_post(&post.last);
}

static void messages_keep_their_order(void)
{
	static size_t numbers[MESSAGES];

	memset(&post, 0, sizeof(post));
	uv_sem_init(&post.last, 0);
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &post.loop, NULL), 0);
	CU_ASSERT(!smd_loop_here(post.loop));
	for (size_t i = 0; i < MESSAGES; i++) {
		numbers[i] = i;
		post.messages[i].function = on_message;
		post.messages[i].arg = &numbers[i];
		smd_loop_post(post.loop, &post.messages[i]);
	}
	uv_sem_wait(&post.last);
	CU_ASSERT_EQUAL(post.elsewhere, 0);
	for (size_t i = 0; i < MESSAGES; i++)
		CU_ASSERT_EQUAL(post.order[i], i);
	smd_loop_free(post.loop);
	smd_loop_free(NULL);
	uv_sem_destroy(&post.last);
}

/* Each message posts the next one. */
static struct {
	struct smd_loop *loop;
	struct smd_message messages[50];
	size_t count;
} chain;

static void on_link(void *arg)
{
	(void)arg;
	if (++chain.count < SMD_COUNT(chain.messages))
		smd_loop_post(chain.loop, &chain.messages[chain.count]);
}

static void what_is_posted_is_carried_out_before_the_end(void)
{
	memset(&chain, 0, sizeof(chain));
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &chain.loop, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(chain.messages); i++)
		chain.messages[i].function = on_link;
	smd_loop_post(chain.loop, &chain.messages[0]);
	smd_loop_free(chain.loop);
	CU_ASSERT_EQUAL(chain.count, SMD_COUNT(chain.messages));
}

static struct {
	struct smd_loop *loop;
	struct smd_pool *pool;
	struct smd_work work;
	struct smd_message message;
	int here_at_work, here_when_done, worked;
	uv_sem_t over;
} job;

static void work(void *arg)
{
	(void)arg;
	job.here_at_work = smd_loop_here(job.loop);
	job.worked = 1;
}

static void worked(void *arg)
{
	(void)arg;
	job.here_when_done = smd_loop_here(job.loop);
	uv_sem_post(&job.over);
}

static void start_work(void *arg)
{
	(void)arg;
	job.work = (struct smd_work){.work = work, .done = worked};
	smd_loop_work(job.loop, &job.work);
}

static void work_is_done_elsewhere_and_told_here(void)
{
	memset(&job, 0, sizeof(job));
	uv_sem_init(&job.over, 0);
	CU_ASSERT_EQUAL_FATAL(smd_pool_new(0, &job.pool, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(
		smd_loop_new(&(struct smd_loop_spec){.pool = job.pool}, &job.loop, NULL), 0);
	job.message.function = start_work;
	smd_loop_post(job.loop, &job.message);
	uv_sem_wait(&job.over);
	CU_ASSERT(job.worked);
	CU_ASSERT(!job.here_at_work);
	CU_ASSERT(job.here_when_done);
	smd_loop_free(job.loop);
	smd_pool_free(job.pool);
	uv_sem_destroy(&job.over);
}

/* Connect slots: 32 on a loop, 8 to an address. */

#define SLOTS 100

static struct limiter {
	struct smd_loop *loop;
	struct smd_connect_slot slots[SLOTS];
	char addresses[SLOTS][16];
	size_t granted_order[SLOTS], count;
	void (*play)(void);
	struct smd_message message;
	uv_sem_t over;
} limiter;

static void on_granted(void *arg)
{
	limiter.granted_order[limiter.count++] =
		(size_t)((struct smd_connect_slot *)arg - limiter.slots);
}

/* Ask for all slots; slot `i` is for address `i` modulo `addresses`. */
static void enter_all(size_t addresses)
{
	for (size_t i = 0; i < SLOTS; i++) {
		snprintf(limiter.addresses[i], sizeof(limiter.addresses[i]), "a%zu", i % addresses);
		limiter.slots[i] = (struct smd_connect_slot){.address = limiter.addresses[i],
							     .granted = on_granted,
							     .arg = &limiter.slots[i]};
		smd_connect_slot_acquire(limiter.loop, &limiter.slots[i]);
	}
}

static void leave(size_t index)
{
	smd_connect_slot_release(limiter.loop, &limiter.slots[index]);
}

static void play_limiter(void *arg)
{
	(void)arg;
	limiter.play();
	/* In reverse order, so that waiting ones go first and none is granted */
	for (size_t i = SLOTS; i > 0; i--)
		leave(i - 1);
	uv_sem_post(&limiter.over);
}

static void await_slot(void (*play)(void))
{
	memset(&limiter, 0, sizeof(limiter));
	uv_sem_init(&limiter.over, 0);
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&(struct smd_loop_spec){0}, &limiter.loop, NULL), 0);
	limiter.play = play;
	limiter.message.function = play_limiter;
	smd_loop_post(limiter.loop, &limiter.message);
	uv_sem_wait(&limiter.over);
	smd_loop_free(limiter.loop);
	uv_sem_destroy(&limiter.over);
}

static size_t counts[4];

static void fill_the_loop(void)
{
	enter_all(50);
	counts[0] = limiter.count;
	leave(70); /* cancels waiting */
	counts[1] = limiter.count;
	leave(3);
	leave(4);
	counts[2] = limiter.count;
}

static void a_loop_has_room_for_thirty_two(void)
{
	await_slot(fill_the_loop);
	CU_ASSERT_EQUAL(counts[0], 32);
	CU_ASSERT_EQUAL(counts[1], 32);
	CU_ASSERT_EQUAL(counts[2], 34);
	CU_ASSERT_EQUAL(limiter.granted_order[32], 32); /* the first that had to wait */
	CU_ASSERT_EQUAL(limiter.granted_order[33], 33);
}

static void fill_two_addresses(void)
{
	enter_all(2);
	counts[0] = limiter.count;
	leave(1);
	counts[1] = limiter.count;
	leave(0);
	leave(0); /* a second release has no effect */
	counts[2] = limiter.count;
}

static void an_address_has_room_for_eight(void)
{
	await_slot(fill_two_addresses);
	CU_ASSERT_EQUAL(counts[0], 16);
	CU_ASSERT_EQUAL(counts[1], 17);
	/* The first waiting one for the address with a free slot */
	CU_ASSERT_EQUAL(limiter.granted_order[16], 17);
	CU_ASSERT_EQUAL(counts[2], 18);
	CU_ASSERT_EQUAL(limiter.granted_order[17], 16);
}

/* All that wait fail as soon as they have their slot, as when the network is down. */

static struct {
	size_t depth, deepest, count;
} nesting;

static void give_back(void *arg)
{
	if (++nesting.depth > nesting.deepest)
		nesting.deepest = nesting.depth;
	nesting.count++;
	smd_connect_slot_release(limiter.loop, arg);
	nesting.depth--;
}

static void fail_all(void)
{
	memset(&nesting, 0, sizeof(nesting));
	enter_all(1);
	for (size_t i = 8; i < SLOTS; i++)
		limiter.slots[i].granted = give_back;
	leave(0);
}

static void a_queue_that_fails_does_not_nest(void)
{
	await_slot(fail_all);
	CU_ASSERT_EQUAL(nesting.count, SLOTS - 8);
	CU_ASSERT_EQUAL(nesting.deepest, 1);
}

TEST_MAIN("loop", TEST(messages_keep_their_order),
	  TEST(what_is_posted_is_carried_out_before_the_end),
	  TEST(work_is_done_elsewhere_and_told_here), TEST(a_loop_has_room_for_thirty_two),
	  TEST(an_address_has_room_for_eight), TEST(a_queue_that_fails_does_not_nest));
