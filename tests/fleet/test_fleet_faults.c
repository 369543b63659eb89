/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind of fault, and each stranger, at its place. */
#include "fleet.h"
#include "test.h"

#include <stdio.h>

static struct fleet *fleet;
static struct device *device;
static struct device_reply reply;
static uint64_t now;
static uint32_t session;

static uint64_t read_clock(void)
{
	return now;
}

static void log_in(void)
{
	fleet_login(fleet, device, "us", &reply);
	session = reply.session;
}

static void begin(enum device_kind kind, const char *running)
{
	now = 1000;
	fleet_now = read_clock;
	fleet = fleet_new(FLEET_STORE);
	device = fleet_add(fleet, "r1", kind, running);
	log_in();
}

static void arm(enum command_class class, unsigned occurrence, enum fault_kind kind, uint32_t delay)
{
	fleet_arm(fleet, "r1",
		  &(struct fault){
			  .class = class, .occurrence = occurrence, .kind = kind, .delay = delay});
}

static void arm_stranger(enum command_class class, enum fault_kind kind, int after,
			 const char *line)
{
	struct fault fault = {
		.class = class, .occurrence = 1, .kind = kind, .after = after, .delay = 5000};

	snprintf(fault.line, sizeof(fault.line), "%s", line);
	fleet_arm(fleet, "r1", &fault);
}

/* The end of a command, or REPLY_ANSWER + 10 for a refusal. */
static int say(const char *command)
{
	fleet_command(fleet, device, session, command, &reply);
	return reply.end == REPLY_ANSWER && strchr(reply.text, '%') ? REPLY_ANSWER + 10
								    : (int)reply.end;
}

#define REFUSAL (REPLY_ANSWER + 10)

/* One fault at the second line of a device: what is said, and what runs. */
static void one_fault(enum fault_kind kind, int end, const char *running)
{
	begin(DEVICE_LINES, "set a 1\n");
	arm(CLASS_ACT, 2, kind, 0);
	CU_ASSERT_EQUAL(say("do set b 1"), REPLY_ANSWER);
	CU_ASSERT_EQUAL(say("do set b 2"), end);
	CU_ASSERT(fleet_runs(fleet, "r1", running));
	CU_ASSERT_EQUAL(device->faults[0].fired, 1);
	CU_ASSERT_EQUAL(device_has_session(device, session), end != REPLY_LOST);
	if (end != REPLY_LOST)
		CU_ASSERT_EQUAL(say("do set b 3"), REPLY_ANSWER);
	fleet_free(fleet);
}

static void kinds(void)
{
	one_fault(FAULT_REFUSED, REFUSAL, "set a 1\nset b 1\n");
	one_fault(FAULT_LOST_BEFORE, REPLY_LOST, "set a 1\nset b 1\n");
	one_fault(FAULT_LOST_AFTER, REPLY_LOST, "set a 1\nset b 2\n");
	one_fault(FAULT_HUNG, REPLY_NONE, "set a 1\nset b 1\n");
	one_fault(FAULT_LIED_NO, REFUSAL, "set a 1\nset b 2\n");
	one_fault(FAULT_LIED_YES, REPLY_ANSWER, "set a 1\nset b 1\n");
	one_fault(FAULT_REBOOT, REPLY_LOST, "set a 1\n");
}

static void always(void)
{
	begin(DEVICE_LINES, "set a 1\n");
	fleet_arm(fleet, "r1",
		  &(struct fault){
			  .class = CLASS_ACT, .occurrence = 2, .kind = FAULT_REFUSED, .always = 1});
	CU_ASSERT_EQUAL(say("do set b 1"), REPLY_ANSWER);
	CU_ASSERT_EQUAL(say("do set b 2"), REFUSAL);
	CU_ASSERT_EQUAL(say("do set b 2"), REFUSAL);
	CU_ASSERT_EQUAL(say("show running"), REPLY_ANSWER);
	fleet_free(fleet);
}

/* A late command acts after its session, and its answer waits if the session lives. */
static void late(void)
{
	begin(DEVICE_LINES, "set a 1\n");
	arm(CLASS_ACT, 1, FAULT_LATE, 5000);
	CU_ASSERT_EQUAL(say("do set a 2"), REPLY_LATE);
	CU_ASSERT_EQUAL(reply.at, 6000);
	CU_ASSERT_EQUAL(fleet_due(fleet), 6000);
	now = 5999;
	device_collect(device, now, reply.late, &reply);
	CU_ASSERT_EQUAL(reply.end, REPLY_LATE);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\n"));
	now = 6000;
	device_collect(device, now, reply.late, &reply);
	CU_ASSERT_EQUAL(reply.end, REPLY_ANSWER);
	CU_ASSERT_STRING_EQUAL(reply.text, "ok\n.\n");
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 2\n"));
	arm(CLASS_ACT, 2, FAULT_LATE, 5000);
	CU_ASSERT_EQUAL(say("do set a 3"), REPLY_LATE);
	device_logout(device, now, session);
	now += 5000;
	fleet_advance(fleet, now);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 3\n"));
	CU_ASSERT_EQUAL(device->late_acted, 2);
	CU_ASSERT_EQUAL(fleet_due(fleet), DEVICE_NEVER);
	fleet_free(fleet);
}

static void late_guard(void)
{
	begin(DEVICE_ATOMIC, "set a 1\n");
	arm(CLASS_ACT, 1, FAULT_LATE, 5000);
	CU_ASSERT_EQUAL(say("transaction was set a 1;set a 2"), REPLY_LATE);
	CU_ASSERT_EQUAL(say("transaction set a 3"), REPLY_ANSWER);
	now += 5000;
	device_collect(device, now, 0, &reply);
	CU_ASSERT_PTR_NOT_NULL(strstr(reply.text, "% guard"));
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 3\n"));
	fleet_free(fleet);
}

/* A lock that comes late, when its session is gone, is no lock. */
static void late_lock(void)
{
	begin(DEVICE_SHARED, "set a 1\n");
	arm(CLASS_EDIT, 1, FAULT_LATE, 5000);
	CU_ASSERT_EQUAL(say("lock candidate"), REPLY_LATE);
	device_logout(device, now, session);
	now += 5000;
	fleet_advance(fleet, now);
	CU_ASSERT_EQUAL(device->lock.session, 0);
	fleet_free(fleet);
}

static void late_private_commit(void)
{
	begin(DEVICE_PRIVATE, "set a 1\n");
	say("configure exclusive");
	say("load set a 2");
	arm(CLASS_ACT, 1, FAULT_LATE, 5000);
	CU_ASSERT_EQUAL(say("commit t"), REPLY_LATE);
	device_logout(device, now, session);
	now += 5000;
	fleet_advance(fleet, now);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\n"));
	fleet_free(fleet);
}

/* The device notices later that the session is gone: its lock stays that long. */
static void lingering(void)
{
	begin(DEVICE_SHARED, "set a 1\n");
	say("lock candidate");
	arm(CLASS_READ, 1, FAULT_LOST_BEFORE, 5000);
	CU_ASSERT_EQUAL(say("show running"), REPLY_LOST);
	CU_ASSERT_EQUAL(say("show running"), REPLY_LOST);
	log_in();
	CU_ASSERT_EQUAL(say("lock candidate"), REFUSAL);
	now += 5000;
	CU_ASSERT_EQUAL(say("lock candidate"), REPLY_ANSWER);
	fleet_free(fleet);
}

static void logins(void)
{
	begin(DEVICE_LINES, "set a 1\n");
	arm(CLASS_LOGIN, 2, FAULT_REFUSED, 0);
	arm(CLASS_LOGIN, 3, FAULT_HUNG, 0);
	arm(CLASS_LOGIN, 4, FAULT_REBOOT, 10000);
	say("do set a 2");
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_LOST);
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_NONE);
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_LOST);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\n"));
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_LOST);
	now += 10000;
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_ANSWER);
	for (int i = 1; i < DEVICE_SESSIONS; i++)
		log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_ANSWER);
	log_in();
	CU_ASSERT_EQUAL(reply.end, REPLY_LOST);
	fleet_free(fleet);
}

/* A stranger before a command and after it. */
static void strangers(void)
{
	begin(DEVICE_LINES, "set a 1\n");
	arm_stranger(CLASS_ACT, STRANGER_EDIT, 0, "set b before");
	say("do set b us");
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\nset b us\n"));
	fleet_free(fleet);
	begin(DEVICE_LINES, "set a 1\n");
	arm_stranger(CLASS_ACT, STRANGER_EDIT, 1, "set b after");
	arm_stranger(CLASS_ACT, STRANGER_SAVE, 1, "");
	arm(CLASS_ACT, 1, FAULT_LOST_BEFORE, 0);
	CU_ASSERT_EQUAL(say("do set b us"), REPLY_LOST);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\nset b after\n"));
	CU_ASSERT(config_equal(&device->running, &device->startup));
	fleet_free(fleet);
	begin(DEVICE_SHARED, "set a 1\n");
	arm_stranger(CLASS_EDIT, STRANGER_LOCK, 0, "");
	arm_stranger(CLASS_EDIT, STRANGER_DIRTY, 1, "set b 1");
	CU_ASSERT_EQUAL(say("lock candidate"), REFUSAL);
	CU_ASSERT_EQUAL(device->faults[0].fired, 1);
	CU_ASSERT(device_is_dirty(device));
	fleet_free(fleet);
	begin(DEVICE_SHARED, "set a 1\n");
	arm_stranger(CLASS_EDIT, STRANGER_DIRTY, 1, "set b 1");
	CU_ASSERT_EQUAL(say("lock candidate"), REPLY_ANSWER);
	CU_ASSERT_EQUAL(device->faults[0].blocked, 1);
	CU_ASSERT_FALSE(device_is_dirty(device));
	fleet_free(fleet);
}

TEST_MAIN("faults", TEST(kinds), TEST(always), TEST(late), TEST(late_guard), TEST(late_lock),
	  TEST(late_private_commit), TEST(lingering), TEST(logins), TEST(strangers));
