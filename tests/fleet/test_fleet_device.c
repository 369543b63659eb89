/* SPDX-License-Identifier: Apache-2.0 */
/* Each kind behaves as its family does, by its commands alone. */
#include "device.h"
#include "test.h"

#include <stdio.h>

static struct device device;
static struct device_reply reply;
static uint64_t now;

static void make(enum device_kind kind, const char *running)
{
	now = 1000;
	CU_ASSERT_PTR_NULL_FATAL(device_init(&device, "r1", kind, running));
}

static uint32_t log_in(const char *user)
{
	device_login(&device, now, user, &reply);
	CU_ASSERT_EQUAL_FATAL(reply.end, REPLY_ANSWER);
	return reply.session;
}

/* Give a command, a second after the last one; the answer is in `reply`. */
static int say(uint32_t session, const char *command)
{
	now += 1000;
	device_command(&device, now, session, command, &reply);
	return reply.end == REPLY_ANSWER && reply.size >= 5 &&
	       !strcmp(reply.text + reply.size - 5, "ok\n.\n");
}

static int shows(uint32_t session, const char *command, const char *text)
{
	return say(session, command) && reply.size == strlen(text) + 5 &&
	       !strncmp(reply.text, text, strlen(text));
}

static int refuses(uint32_t session, const char *command, const char *why)
{
	return !say(session, command) && strstr(reply.text, why) != NULL;
}

static int runs(const char *text)
{
	struct config wanted = {0};

	device_advance(&device, now);
	CU_ASSERT_PTR_NULL_FATAL(config_enter_text(&wanted, text));
	return config_equal(&wanted, &device.running);
}

static int act(enum fault_kind kind, const char *line, uint32_t delay)
{
	struct fault fault = {.kind = kind, .delay = delay};

	snprintf(fault.line, sizeof(fault.line), "%s", line);
	return device_stranger(&device, now, &fault);
}

static void wait_for(uint64_t seconds)
{
	now += seconds * 1000;
	device_advance(&device, now);
}

static void language(void)
{
	static const char *const bad[] = {"x",
					  "set",
					  "set a",
					  "set a b;c",
					  "port p1 access 0",
					  "no",
					  "port p1 loud",
					  "set port 1",
					  "port p1 trunk add",
					  "port p1 access 4095",
					  "no a b",
					  "no port p1",
					  "port p1 trunk add x",
					  "port p1 access 1 2"};
	struct config config = {0};
	char text[512];

	CU_ASSERT_PTR_NULL(config_enter_text(&config, "port p1\nset b 2\nset a 1 and 2\n"));
	CU_ASSERT_PTR_NULL(
		config_enter_text(&config, "port p1 access 10\nport p2 trunk 5,10-12\n"));
	CU_ASSERT_PTR_NULL(config_enter_text(&config, "port p2 trunk add 13\nport p1 access 20\n"));
	CU_ASSERT_PTR_NULL(config_enter_text(&config, "port p2 trunk remove 5,11\nno b\nno c\n"));
	CU_ASSERT_PTR_NULL(config_enter(&config, "port p1"));
	config_text(&config, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(
		text, "port p1\nport p1 access 20\nport p2 trunk 10,12-13\nset a 1 and 2\n");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!config_enter(&config, bad[i]))
			CU_FAIL(bad[i]);
	CU_ASSERT_PTR_NULL(config_enter_text(
		&config, "no port p1 access\nport p2 trunk remove 1-4094\nno a\nno port p3 trunk"));
	config_text(&config, text, sizeof(text));
	CU_ASSERT_STRING_EQUAL(text, "port p1\n");
}

static void language_is_bounded(void)
{
	struct config config = {0};
	char line[2 * CONFIG_LINE];

	for (int i = 0; i < CONFIG_LINES; i++) {
		snprintf(line, sizeof(line), "set v%d x", i);
		CU_ASSERT_PTR_NULL(config_enter(&config, line));
	}
	CU_ASSERT_PTR_NOT_NULL(config_enter(&config, "set more x"));
	CU_ASSERT_PTR_NULL(config_enter(&config, "set v7 y"));
	memset(line, 'x', sizeof(line));
	memcpy(line, "set v7 ", 7);
	line[sizeof(line) - 1] = '\0';
	CU_ASSERT_PTR_NOT_NULL(config_enter(&config, line));
	CU_ASSERT_STRING_EQUAL(config_find(&config, "set v7 x"), "set v7 y");
	CU_ASSERT_EQUAL(config.count, CONFIG_LINES);
}

/* Undoing a commit leaves what others have changed since. */
static void undo_of_a_commit(void)
{
	struct config before = {0}, after = {0}, running;

	config_enter_text(&before, "set a 1\nset b 1\nset same 1\n");
	config_enter_text(&after, "set a 2\nset c 1\nset same 1\n");
	running = after;
	config_enter_text(&running, "set theirs 1\nset same 2\n");
	config_undo(&running, &before, &after);
	config_enter_text(&before, "set theirs 1\nset same 2\n");
	CU_ASSERT(config_equal(&running, &before));
}

static void atomic_transactions(void)
{
	uint32_t session;

	make(DEVICE_ATOMIC, "set a 1\nport p1 trunk 10\n");
	session = log_in("us");
	CU_ASSERT(shows(session, "show marker", "first-1\n"));
	CU_ASSERT(say(session, "transaction marker first-1 t-2;was set a 1;absent set b x;"
			       "lacks port p1 trunk 20;has port p1 trunk 10;set a 2;set b 1;"
			       "port p1 trunk add 20"));
	CU_ASSERT(runs("set a 2\nset b 1\nport p1 trunk 10,20\n"));
	CU_ASSERT(shows(session, "show marker", "t-2\n"));
	CU_ASSERT(refuses(session, "transaction marker first-1 t-3;set a 3", "guard: marker"));
	CU_ASSERT(refuses(session, "transaction marker t-2 t-3;was set a 1;set a 3", "guard"));
	CU_ASSERT(refuses(session, "transaction marker t-2 t-3;absent set a 3;set a 3", "guard"));
	CU_ASSERT(refuses(session, "transaction lacks port p1 trunk 20-21;set a 3", "guard"));
	CU_ASSERT(refuses(session, "transaction has port p1 trunk 20-21;set a 3", "guard"));
	CU_ASSERT(refuses(session, "transaction marker t-2 t-3;set a 3;bad line", "unknown line"));
	CU_ASSERT(runs("set a 2\nset b 1\nport p1 trunk 10,20\n"));
	CU_ASSERT(shows(session, "show marker", "t-2\n"));
	CU_ASSERT(say(session, "mark void-3"));
	CU_ASSERT(refuses(session, "transaction marker t-2 t-3;set a 3", "guard: marker"));
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 2\nset b 1\nport p1 trunk 10,20\n"));
	CU_ASSERT_STRING_EQUAL(device.marker, "void-3");
}

static void lines_act_at_once(void)
{
	uint32_t session;

	make(DEVICE_LINES, "set a 1\n");
	session = log_in("us");
	CU_ASSERT(say(session, "do set a 2"));
	CU_ASSERT(runs("set a 2\n"));
	CU_ASSERT(refuses(session, "do jump", "unknown line"));
	CU_ASSERT(refuses(session, "load set a 3", "unknown command"));
	CU_ASSERT(refuses(session, "configure revert 5", "unknown command"));
	CU_ASSERT(shows(session, "show startup", "set a 1\n"));
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 1\n"));
	CU_ASSERT(!say(session, "show running"));
	CU_ASSERT_EQUAL(reply.end, REPLY_LOST);
	session = log_in("us");
	CU_ASSERT(say(session, "do set a 3"));
	CU_ASSERT(say(session, "save"));
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 3\n"));
}

static void lines_timer_rings(void)
{
	uint32_t session;

	make(DEVICE_LINES_TIMER, "set a 1\nset b 1\n");
	session = log_in("us");
	CU_ASSERT(refuses(session, "configure revert 0", "unknown"));
	CU_ASSERT(say(session, "configure revert 2"));
	CU_ASSERT(refuses(session, "configure revert 2", "already in progress"));
	CU_ASSERT(say(session, "do set a 2"));
	CU_ASSERT(shows(session, "show state", "pending mine \n"));
	device_logout(&device, now, session);
	session = log_in("us");
	CU_ASSERT(shows(session, "show state", "pending old \n"));
	CU_ASSERT(act(STRANGER_EDIT, "set theirs 1", 0));
	wait_for(100);
	CU_ASSERT(runs("set a 2\nset b 1\nset theirs 1\n"));
	wait_for(120);
	CU_ASSERT(runs("set a 1\nset b 1\n")); /* theirs is gone, too */
	CU_ASSERT(refuses(session, "confirm", "no pending"));
}

static void lines_timer_is_stopped(void)
{
	uint32_t session;

	make(DEVICE_LINES_TIMER, "set a 1\n");
	session = log_in("us");
	say(session, "configure revert 1");
	say(session, "do set a 2");
	CU_ASSERT(say(session, "confirm"));
	wait_for(1000);
	CU_ASSERT(runs("set a 2\n"));
	say(session, "configure revert 1");
	say(session, "do set a 3");
	CU_ASSERT(say(session, "cancel"));
	CU_ASSERT(runs("set a 2\n"));
	say(session, "configure revert 1");
	say(session, "do set a 4");
	CU_ASSERT(act(STRANGER_COMMIT, "", 0));
	wait_for(1000);
	CU_ASSERT(runs("set a 4\n"));
	say(session, "configure revert 1");
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 1\n"));
	CU_ASSERT_FALSE(device.pending.active);
}

static void shared_candidate_and_locks(void)
{
	uint32_t a, b;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	b = log_in("us");
	CU_ASSERT(say(a, "lock candidate"));
	CU_ASSERT(say(a, "lock running"));
	CU_ASSERT(refuses(b, "lock candidate", "locked by us"));
	CU_ASSERT(refuses(b, "load set b 1", "locked by us"));
	CU_ASSERT(refuses(b, "commit t", "locked by us"));
	CU_ASSERT_FALSE(act(STRANGER_DIRTY, "set x 1", 0));
	CU_ASSERT_FALSE(act(STRANGER_COMMIT, "set x 1", 0));
	CU_ASSERT_FALSE(act(STRANGER_EDIT, "set x 1", 0));
	CU_ASSERT_FALSE(act(STRANGER_LOCK, "", 1000));
	CU_ASSERT(say(a, "load set a 2"));
	CU_ASSERT(shows(b, "show candidate", "set a 2\n"));
	CU_ASSERT(shows(b, "show state", "candidate ours\nlock old\nrunning-lock old\n"));
	CU_ASSERT(runs("set a 1\n"));
	device_logout(&device, now, a); /* the candidate stays, the locks go */
	CU_ASSERT(shows(b, "show candidate", "set a 2\n"));
	CU_ASSERT(refuses(b, "lock candidate", "candidate modified"));
	CU_ASSERT(say(b, "discard"));
	CU_ASSERT(say(b, "lock candidate"));
	CU_ASSERT(refuses(b, "unlock running", "not locked"));
	CU_ASSERT(say(b, "unlock candidate"));
	CU_ASSERT(runs("set a 1\n"));
}

static void shared_timer(void)
{
	uint32_t a;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	say(a, "load set a 2");
	CU_ASSERT(say(a, "commit confirmed 60 t1"));
	CU_ASSERT(runs("set a 2\n"));
	CU_ASSERT(shows(a, "show state", "candidate clean\npending mine t1\n"));
	device_logout(&device, now, a);
	CU_ASSERT(act(STRANGER_EDIT, "set theirs 1", 0));
	wait_for(50);
	CU_ASSERT(runs("set a 2\nset theirs 1\n"));
	wait_for(10);
	CU_ASSERT(runs("set a 1\n"));
	a = log_in("us");
	CU_ASSERT(shows(a, "show history", "revert t1 us\ntrial t1 us\n"));
	CU_ASSERT(refuses(a, "confirm t1", "no pending"));
	CU_ASSERT(refuses(a, "cancel t1", "no pending"));
}

static void shared_confirm_and_cancel(void)
{
	uint32_t a, b;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	b = log_in("us");
	say(a, "load set a 2");
	say(a, "commit confirmed 60 t1");
	CU_ASSERT(refuses(b, "cancel t2", "no pending"));
	CU_ASSERT(say(b, "cancel t1"));
	CU_ASSERT(runs("set a 1\n"));
	say(a, "load set a 3");
	say(a, "commit confirmed 60 t2");
	CU_ASSERT(act(STRANGER_DIRTY, "set theirs 1", 0));
	CU_ASSERT(say(b, "confirm t2")); /* takes what is in the candidate then */
	CU_ASSERT(runs("set a 3\nset theirs 1\n"));
	wait_for(100);
	CU_ASSERT(runs("set a 3\nset theirs 1\n"));
	CU_ASSERT_EQUAL(device_find_history(&device, "t2")->what, HISTORY_COMMIT);
}

static void shared_any_commit_confirms(void)
{
	uint32_t a;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	say(a, "load set a 2");
	say(a, "commit confirmed 60 t1");
	CU_ASSERT(act(STRANGER_COMMIT, "set theirs 1", 0));
	wait_for(100);
	CU_ASSERT(runs("set a 2\nset theirs 1\n"));
	CU_ASSERT_EQUAL(device_find_history(&device, "t1")->what, HISTORY_CONFIRM);
	CU_ASSERT_STRING_EQUAL(device_find_history(&device, "t1")->user, "stranger");
	say(a, "load set a 3");
	say(a, "commit confirmed 60 t2");
	CU_ASSERT(act(STRANGER_PENDING, "set theirs 2", 30000));
	CU_ASSERT(shows(a, "show state", "candidate clean\npending foreign foreign\n"));
	wait_for(100);
	CU_ASSERT(runs("set a 3\nset theirs 1\n"));
	say(a, "load set a 4");
	say(a, "commit confirmed 60 t3");
	CU_ASSERT(say(a, "check")); /* confirms, too */
	wait_for(100);
	CU_ASSERT(runs("set a 4\nset theirs 1\n"));
	say(a, "load set a 5");
	say(a, "commit confirmed 60 t4");
	device_reboot(&device, now, 0);
	wait_for(100);
	CU_ASSERT(runs("set a 5\nset theirs 1\n"));
}

static void shared_flags(void)
{
	uint32_t a;

	make(DEVICE_SHARED, "set a 1\n");
	device.flags = DEVICE_LOCK_STOPS_TIMER | DEVICE_LATE_CONFIRM_COMMITS;
	a = log_in("us");
	say(a, "lock running");
	say(a, "load set a 2");
	say(a, "commit confirmed 5 t1");
	wait_for(10);
	CU_ASSERT(runs("set a 2\n")); /* the lock kept the timer from it */
	say(a, "load set a 3");
	say(a, "commit confirmed 5 t2 release");
	wait_for(10);
	CU_ASSERT(runs("set a 2\n"));
	CU_ASSERT(act(STRANGER_DIRTY, "set theirs 1", 0));
	CU_ASSERT(say(a, "confirm t2"));
	CU_ASSERT(runs("set a 2\nset theirs 1\n"));
	device.flags = DEVICE_COMMITS_NOTHING | DEVICE_IGNORES_LOCKS;
	say(a, "load set a 4");
	CU_ASSERT(say(a, "commit confirmed 5 t3"));
	CU_ASSERT(runs("set a 2\nset theirs 1\n"));
	CU_ASSERT_FALSE(device.pending.active);
	say(a, "discard");
	say(a, "lock running");
	CU_ASSERT(act(STRANGER_EDIT, "set theirs 2", 0));
}

/* README, row 47. */
static void shared_refused_confirm(void)
{
	uint32_t a, b;

	make(DEVICE_SHARED, "set a 1\n");
	device.flags = DEVICE_REFUSED_CONFIRM_DISARMS;
	a = log_in("us");
	b = log_in("us");
	say(a, "lock candidate");
	say(a, "load set a 2");
	say(a, "commit confirmed 60 t1");
	CU_ASSERT(refuses(b, "confirm t1", "locked"));
	wait_for(100);
	CU_ASSERT(runs("set a 2\n"));
}

static void private_candidate(void)
{
	uint32_t a, b;

	make(DEVICE_PRIVATE, "set a 1\n");
	a = log_in("us");
	b = log_in("them");
	CU_ASSERT(refuses(a, "load set a 2", "no candidate"));
	CU_ASSERT(say(a, "configure exclusive"));
	CU_ASSERT(refuses(b, "configure exclusive", "locked by us"));
	CU_ASSERT_FALSE(act(STRANGER_EDIT, "set x 1", 0));
	CU_ASSERT(say(a, "load set a 2"));
	CU_ASSERT(refuses(b, "show candidate", "no candidate"));
	CU_ASSERT(shows(a, "show candidate", "set a 2\n"));
	device_logout(&device, now, a);
	CU_ASSERT(say(b, "configure exclusive"));
	CU_ASSERT(shows(b, "show candidate", "set a 1\n"));
	device.running.lines[0][6] = '7'; /* somebody committed nevertheless */
	CU_ASSERT(refuses(b, "commit t", "out of sync"));
	CU_ASSERT(say(b, "discard"));
	CU_ASSERT_EQUAL(device.lock.session, 0);
}

/* The trial dies with its session, and takes along only itself. */
static void private_trial(void)
{
	uint32_t a, b;

	make(DEVICE_PRIVATE, "set a 1\nset b 1\n");
	a = log_in("us");
	b = log_in("us");
	say(a, "configure exclusive");
	say(a, "load set a 2");
	CU_ASSERT(say(a, "commit confirmed 60 t1"));
	CU_ASSERT(runs("set a 2\nset b 1\n"));
	CU_ASSERT(refuses(b, "confirm t1", "another session"));
	CU_ASSERT(refuses(b, "cancel t1", "another session"));
	device.flags = DEVICE_IGNORES_LOCKS;
	CU_ASSERT(act(STRANGER_EDIT, "set b 2", 0));
	device_logout(&device, now, a);
	CU_ASSERT(runs("set a 1\nset b 2\n"));
	CU_ASSERT(shows(b, "show history", "revert t1 us\ncommit foreign stranger\ntrial t1 us\n"));
	say(b, "configure exclusive");
	say(b, "load set a 3");
	say(b, "commit confirmed 60 t2");
	wait_for(30);
	CU_ASSERT(say(b, "confirm t2"));
	device_logout(&device, now, b);
	wait_for(100);
	CU_ASSERT(runs("set a 3\nset b 2\n"));
	a = log_in("us");
	say(a, "configure exclusive");
	say(a, "load set a 4");
	say(a, "commit confirmed 60 t3");
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 3\nset b 2\n"));
}

static void named_candidate(void)
{
	uint32_t a, b;

	make(DEVICE_NAMED, "set a 1\nset b 1\n");
	a = log_in("us");
	CU_ASSERT(say(a, "configure session s1"));
	CU_ASSERT(say(a, "load set a 2"));
	device_logout(&device, now, a);
	b = log_in("us");
	CU_ASSERT(shows(b, "show state", "session s1\n"));
	CU_ASSERT(shows(b, "show candidate s1", "set a 2\nset b 1\n"));
	CU_ASSERT(act(STRANGER_EDIT, "set b 2", 0));
	CU_ASSERT(refuses(b, "commit confirmed 60 s1", "unknown"));
	CU_ASSERT(say(b, "commit s1")); /* overwrites what has changed since */
	CU_ASSERT(runs("set a 2\nset b 1\n"));
	CU_ASSERT(refuses(b, "commit s1", "no candidate"));
	CU_ASSERT(say(b, "configure session s2"));
	CU_ASSERT(say(b, "drop s2"));
	CU_ASSERT(refuses(b, "commit s2", "no candidate"));
	CU_ASSERT(shows(b, "show history", "commit s1 us\ncommit foreign stranger\n"));
	for (int i = 0; i < DEVICE_CANDIDATES; i++) {
		char command[32];

		snprintf(command, sizeof(command), "configure session n%d", i);
		CU_ASSERT(say(b, command));
	}
	CU_ASSERT(refuses(b, "configure session more", "too many"));
	CU_ASSERT(say(b, "save"));
	device_reboot(&device, now, 0);
	CU_ASSERT(runs("set a 2\nset b 1\n"));
	CU_ASSERT(shows(log_in("us"), "show state", ""));
}

static void foreign_locks_end(void)
{
	uint32_t a;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	CU_ASSERT(act(STRANGER_LOCK, "", 10000));
	CU_ASSERT_FALSE(act(STRANGER_LOCK, "", 10000));
	CU_ASSERT(refuses(a, "lock candidate", "locked by stranger"));
	CU_ASSERT_EQUAL(device_due(&device), 12000 - 1000);
	wait_for(10);
	CU_ASSERT(say(a, "lock candidate"));
}

/* Who edited and took it back has left nothing behind. */
static void shared_candidate_is_clean_again(void)
{
	uint32_t a;

	make(DEVICE_SHARED, "set a 1\n");
	a = log_in("us");
	CU_ASSERT(act(STRANGER_DIRTY, "set a 2", 0));
	CU_ASSERT(shows(a, "show state", "candidate foreign\n"));
	CU_ASSERT(act(STRANGER_DIRTY, "set a 1", 0));
	CU_ASSERT(shows(a, "show state", "candidate clean\n"));
	CU_ASSERT(say(a, "lock candidate"));
	CU_ASSERT(act(STRANGER_EDIT, "set b 1", 0));
	CU_ASSERT(shows(a, "show candidate", "set a 1\nset b 1\n"));
	CU_ASSERT(say(a, "load set a 3"));
	CU_ASSERT(shows(a, "show state", "candidate ours\nlock mine\n"));
	CU_ASSERT(shows(a, "show candidate", "set a 3\nset b 1\n"));
}

TEST_MAIN("device", TEST(language), TEST(language_is_bounded), TEST(undo_of_a_commit),
	  TEST(atomic_transactions), TEST(lines_act_at_once), TEST(lines_timer_rings),
	  TEST(lines_timer_is_stopped), TEST(shared_candidate_and_locks), TEST(shared_timer),
	  TEST(shared_confirm_and_cancel), TEST(shared_any_commit_confirms), TEST(shared_flags),
	  TEST(shared_refused_confirm), TEST(private_candidate), TEST(private_trial),
	  TEST(named_candidate), TEST(foreign_locks_end), TEST(shared_candidate_is_clean_again));
