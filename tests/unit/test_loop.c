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
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&post.loop, NULL), 0);
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
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&chain.loop, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(chain.messages); i++)
		chain.messages[i].function = on_link;
	smd_loop_post(chain.loop, &chain.messages[0]);
	smd_loop_free(chain.loop);
	CU_ASSERT_EQUAL(chain.count, SMD_COUNT(chain.messages));
}

static struct {
	struct smd_loop *loop;
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
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&job.loop, NULL), 0);
	job.message.function = start_work;
	smd_loop_post(job.loop, &job.message);
	uv_sem_wait(&job.over);
	CU_ASSERT(job.worked);
	CU_ASSERT(!job.here_at_work);
	CU_ASSERT(job.here_when_done);
	smd_loop_free(job.loop);
	uv_sem_destroy(&job.over);
}

/* The gate: 32 of a loop, 8 of an address. */

#define TICKETS 100

static struct gate {
	struct smd_loop *loop;
	struct smd_gate_ticket tickets[TICKETS];
	char addresses[TICKETS][16];
	size_t entered[TICKETS], count;
	void (*play)(void);
	struct smd_message message;
	uv_sem_t over;
} gate;

static void on_enter(void *arg)
{
	gate.entered[gate.count++] = (size_t)((struct smd_gate_ticket *)arg - gate.tickets);
}

/* Ticket `i` stands at the address `i` modulo `addresses`. */
static void enter_all(size_t addresses)
{
	for (size_t i = 0; i < TICKETS; i++) {
		snprintf(gate.addresses[i], sizeof(gate.addresses[i]), "a%zu", i % addresses);
		gate.tickets[i] = (struct smd_gate_ticket){
			.address = gate.addresses[i], .enter = on_enter, .arg = &gate.tickets[i]};
		smd_gate_enter(gate.loop, &gate.tickets[i]);
	}
}

static void leave(size_t index)
{
	smd_gate_leave(gate.loop, &gate.tickets[index]);
}

static void play_gate(void *arg)
{
	(void)arg;
	gate.play();
	for (size_t i = TICKETS; i > 0; i--) /* the last come first, so that nobody enters */
		leave(i - 1);
	uv_sem_post(&gate.over);
}

static void at_the_gate(void (*play)(void))
{
	memset(&gate, 0, sizeof(gate));
	uv_sem_init(&gate.over, 0);
	CU_ASSERT_EQUAL_FATAL(smd_loop_new(&gate.loop, NULL), 0);
	gate.play = play;
	gate.message.function = play_gate;
	smd_loop_post(gate.loop, &gate.message);
	uv_sem_wait(&gate.over);
	smd_loop_free(gate.loop);
	uv_sem_destroy(&gate.over);
}

static size_t counts[4];

static void fill_the_loop(void)
{
	enter_all(50);
	counts[0] = gate.count;
	leave(70); /* gives up waiting */
	counts[1] = gate.count;
	leave(3);
	leave(4);
	counts[2] = gate.count;
}

static void a_loop_has_room_for_thirty_two(void)
{
	at_the_gate(fill_the_loop);
	CU_ASSERT_EQUAL(counts[0], 32);
	CU_ASSERT_EQUAL(counts[1], 32);
	CU_ASSERT_EQUAL(counts[2], 34);
	CU_ASSERT_EQUAL(gate.entered[32], 32); /* who came first */
	CU_ASSERT_EQUAL(gate.entered[33], 33);
}

static void fill_two_addresses(void)
{
	enter_all(2);
	counts[0] = gate.count;
	leave(1);
	counts[1] = gate.count;
	leave(0);
	leave(0); /* twice is once */
	counts[2] = gate.count;
}

static void an_address_has_room_for_eight(void)
{
	at_the_gate(fill_two_addresses);
	CU_ASSERT_EQUAL(counts[0], 16);
	CU_ASSERT_EQUAL(counts[1], 17);
	CU_ASSERT_EQUAL(gate.entered[16], 17); /* of the address that has room again */
	CU_ASSERT_EQUAL(counts[2], 18);
	CU_ASSERT_EQUAL(gate.entered[17], 16);
}

TEST_MAIN("loop", TEST(messages_keep_their_order),
	  TEST(what_is_posted_is_carried_out_before_the_end),
	  TEST(work_is_done_elsewhere_and_told_here), TEST(a_loop_has_room_for_thirty_two),
	  TEST(an_address_has_room_for_eight));
