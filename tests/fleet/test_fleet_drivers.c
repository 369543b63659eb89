/* SPDX-License-Identifier: Apache-2.0 */
/* Each driver against its device, stage by stage. */
#include "drive.h"
#include "test.h"

#include <stdio.h>

#define BEFORE "port p1\nport p1 access 10\nport p2 trunk 10,20\nset a 1\nset b 1\n"
#define AFTER "port p1\nport p1 access 30\nport p2 trunk 10,30\nset a 2\nset c x\n"

static struct drive drive;

#define STAGE(name) drive_stage(&drive, drive.driver->name)
#define IS(name, class) CU_ASSERT_EQUAL(STAGE(name), SMD_CLASS_##class)

/* A device that runs BEFORE, and a payload that leads to AFTER. */
static void begin(enum device_kind kind)
{
	drive_init(&drive, kind, BEFORE);
	CU_ASSERT_EQUAL_FATAL(drive_plan(&drive, AFTER), 0);
	drive.run.timer = drive.facts.timer_longest ? 60 : 0;
}

static const char *all(const char *text)
{
	return drive_runs(&drive, text) ? "yes" : fleet_log(drive.fleet);
}

#define RUNS(text) CU_ASSERT_STRING_EQUAL(all(text), "yes")

static void payload_of_the_dialect(void)
{
	char *payload;

	begin(DEVICE_LINES);
	payload = smd_text_join(drive.payload);
	CU_ASSERT_STRING_EQUAL(payload, "port p1 access 30\nport p2 trunk remove 20\n"
					"port p2 trunk add 30\nset a 2\nno b\nset c x\n");
	free(payload);
	drive_done(&drive);
}

/* Everything goes well: all is old, then new, also after the timer and a restart. */
static void good_way(enum device_kind kind)
{
	begin(kind);
	if (drive.driver->prepare) {
		IS(prepare, NONE);
		CU_ASSERT(drive_has_result(&drive, AFTER));
		RUNS(BEFORE);
	}
	IS(commit, NONE);
	RUNS(AFTER);
	if (drive.driver->probe && drive.run.timer) {
		IS(probe, NONE);
		CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_OURS);
	}
	if (drive.driver->confirm)
		IS(confirm, NONE);
	if (drive.driver->probe) {
		IS(probe, NONE);
		CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_NONE);
		CU_ASSERT_EQUAL(drive.facts.candidate_dirty, 0);
	}
	if (drive.driver->persist)
		IS(persist, NONE);
	CU_ASSERT_EQUAL(drive.device->lock.session, 0);
	CU_ASSERT_EQUAL(drive.device->running_lock.session, 0);
	drive_wait(&drive, 1000);
	drive_hang_up(&drive);
	RUNS(AFTER);
	device_reboot(drive.device, fleet_now(), 0);
	RUNS(AFTER);
	CU_ASSERT_EQUAL(drive_plan(&drive, AFTER), 0);
	CU_ASSERT_EQUAL(smd_text_count(drive.payload), 0);
	drive_done(&drive);
}

static void good_ways(void)
{
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		good_way((enum device_kind)kind);
}

/* After an abort the device is as it was, and another can lock it. */
static void abort_way(enum device_kind kind)
{
	begin(kind);
	if (!drive.driver->abort) {
		drive_done(&drive);
		return;
	}
	IS(abort, NONE);
	if (drive.driver->prepare)
		IS(prepare, NONE);
	IS(abort, NONE);
	IS(abort, NONE);
	RUNS(BEFORE);
	CU_ASSERT_EQUAL(drive.device->lock.session, 0);
	CU_ASSERT_FALSE(device_is_dirty(drive.device));
	IS(commit, REFUSED);
	RUNS(BEFORE);
	CU_ASSERT_EQUAL(drive_plan(&drive, AFTER), 0);
	if (drive.driver->prepare)
		IS(prepare, NONE);
	IS(commit, NONE);
	RUNS(AFTER);
	drive_done(&drive);
}

static void aborts(void)
{
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		abort_way((enum device_kind)kind);
}

/* Before its confirmation a commit is undone by the driver, or by the timer. */
static void rollback_way(enum device_kind kind, int by_timer)
{
	begin(kind);
	if (drive.driver->prepare)
		IS(prepare, NONE);
	IS(commit, NONE);
	RUNS(AFTER);
	if (by_timer)
		drive_wait(&drive, 100);
	else
		IS(rollback, NONE);
	RUNS(BEFORE);
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_NONE);
	/* Once more: undone already, where there is a history to tell */
	CU_ASSERT_EQUAL(STAGE(rollback),
			drive.facts.keeps_history ? SMD_CLASS_NONE : SMD_CLASS_REFUSED);
	CU_ASSERT_EQUAL(STAGE(confirm),
			drive.facts.keeps_history ? SMD_CLASS_REFUSED : SMD_CLASS_UNKNOWN);
	RUNS(BEFORE);
	drive_done(&drive);
}

static void rollbacks(void)
{
	for (int by_timer = 0; by_timer < 2; by_timer++) {
		rollback_way(DEVICE_LINES_TIMER, by_timer);
		rollback_way(DEVICE_SHARED, by_timer);
		rollback_way(DEVICE_PRIVATE, by_timer);
	}
}

/* A confirm that was lost after it acted: the next one finds that out, or says that it cannot. */
static void confirm_lost(enum device_kind kind, enum smd_class second)
{
	begin(kind);
	if (drive.driver->prepare)
		IS(prepare, NONE);
	IS(commit, NONE);
	drive_arm(&drive, CLASS_CONFIRM, FAULT_LOST_AFTER, 0);
	IS(confirm, UNKNOWN);
	CU_ASSERT_EQUAL(STAGE(confirm), second);
	drive_wait(&drive, 100);
	RUNS(AFTER);
	drive_done(&drive);
}

static void lost_confirms(void)
{
	confirm_lost(DEVICE_SHARED, SMD_CLASS_NONE);
	confirm_lost(DEVICE_PRIVATE, SMD_CLASS_NONE);
	confirm_lost(DEVICE_LINES_TIMER, SMD_CLASS_UNKNOWN);
}

static void confirm_said_no(void)
{
	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	IS(commit, NONE);
	drive_arm(&drive, CLASS_CONFIRM, FAULT_REFUSED, 0);
	IS(confirm, UNKNOWN);
	drive_arm(&drive, CLASS_CONFIRM, FAULT_LIED_YES, 0);
	IS(confirm, UNKNOWN);
	drive_arm(&drive, CLASS_CONFIRM, FAULT_LIED_NO, 0);
	IS(confirm, UNKNOWN);
	IS(confirm, NONE);
	drive_wait(&drive, 100);
	RUNS(AFTER);
	drive_done(&drive);
}

/* The confirm would commit what somebody has put in the candidate meanwhile. */
static void confirm_with_a_dirty_candidate(void)
{
	struct fault dirty = {.kind = STRANGER_DIRTY, .line = "set theirs 1"};

	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	IS(commit, NONE);
	drive_hang_up(&drive);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &dirty));
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.candidate_dirty, 1);
	IS(confirm, CONFLICT);
	RUNS(AFTER);
	IS(abort, NONE);
	CU_ASSERT(device_is_dirty(drive.device));
	IS(rollback, NONE);
	RUNS(BEFORE);
	CU_ASSERT(device_is_dirty(drive.device));
	drive_done(&drive);
}

static void foreign_candidate(void)
{
	struct fault dirty = {.kind = STRANGER_DIRTY, .line = "set theirs 1"};

	begin(DEVICE_SHARED);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &dirty));
	IS(prepare, CONFLICT);
	CU_ASSERT_EQUAL(drive.sent, 0);
	IS(abort, NONE);
	CU_ASSERT(device_is_dirty(drive.device));
	drive_done(&drive);
}

static void foreign_lock_and_pending(void)
{
	struct fault lock = {.kind = STRANGER_LOCK, .delay = 5000};
	struct fault pending = {.kind = STRANGER_PENDING, .delay = 5000, .line = "set theirs 1"};

	begin(DEVICE_SHARED);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &lock));
	IS(prepare, BUSY);
	IS(abort, NONE);
	drive_wait(&drive, 10);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &pending));
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_FOREIGN);
	IS(prepare, CONFLICT);
	IS(confirm, CONFLICT);
	IS(rollback, CONFLICT);
	drive_wait(&drive, 10);
	IS(prepare, NONE);
	IS(commit, NONE);
	RUNS(AFTER);
	drive_done(&drive);
}

/* Between commit and confirm a stranger's commit confirms ours: told by the history. */
static void confirmed_by_a_stranger(void)
{
	struct fault commit = {.kind = STRANGER_COMMIT};

	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	IS(commit, NONE);
	drive_hang_up(&drive);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &commit));
	IS(rollback, REFUSED);
	IS(confirm, NONE);
	drive_wait(&drive, 100);
	RUNS(AFTER);
	drive_done(&drive);
}

/* What we loaded stands in the candidate after our session and our process are gone. */
static void leftover_candidate(void)
{
	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	drive_restart(&drive);
	CU_ASSERT(device_is_dirty(drive.device));
	IS(commit, REFUSED);
	IS(abort, NONE);
	CU_ASSERT_FALSE(device_is_dirty(drive.device));
	RUNS(BEFORE);
	drive_done(&drive);
}

static void mixed_candidate(void)
{
	struct fault dirty = {.kind = STRANGER_DIRTY, .line = "set theirs 1"};

	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	drive_hang_up(&drive);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &dirty));
	IS(abort, CONFLICT);
	CU_ASSERT(device_is_dirty(drive.device));
	drive_done(&drive);
}

static void private_session_is_lost(void)
{
	begin(DEVICE_PRIVATE);
	IS(prepare, NONE);
	drive_hang_up(&drive);
	drive.sent = 0;
	IS(commit, REFUSED);
	IS(abort, NONE);
	CU_ASSERT_EQUAL(drive.sent, 0);
	IS(prepare, NONE);
	IS(commit, NONE);
	RUNS(AFTER);
	drive_hang_up(&drive);
	RUNS(BEFORE);
	IS(confirm, REFUSED);
	IS(rollback, NONE);
	drive_done(&drive);
}

/* The device has not noticed yet that our session is gone. */
static void private_session_lingers(void)
{
	begin(DEVICE_PRIVATE);
	IS(prepare, NONE);
	drive_arm(&drive, CLASS_ACT, FAULT_LOST_AFTER, 5000);
	IS(commit, UNKNOWN);
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_OURS);
	IS(confirm, REFUSED);
	IS(rollback, BUSY);
	RUNS(AFTER);
	drive_wait(&drive, 5);
	RUNS(BEFORE);
	IS(rollback, NONE);
	drive_done(&drive);
}

static void named_candidate_outlives(void)
{
	begin(DEVICE_NAMED);
	IS(prepare, NONE);
	drive_hang_up(&drive);
	IS(commit, NONE);
	RUNS(AFTER);
	drive_done(&drive);
	begin(DEVICE_NAMED);
	IS(prepare, NONE);
	drive_restart(&drive);
	IS(commit, REFUSED);
	IS(abort, NONE);
	CU_ASSERT_FALSE(drive.device->candidates[0].used);
	RUNS(BEFORE);
	drive_done(&drive);
}

static void named_base_has_changed(void)
{
	begin(DEVICE_NAMED);
	IS(prepare, NONE);
	drive_arm_stranger(&drive, CLASS_READ, STRANGER_EDIT, "set theirs 1", 0);
	IS(commit, CONFLICT);
	CU_ASSERT(drive_runs(&drive, BEFORE "set theirs 1\n"));
	drive_done(&drive);
}

static void atomic_guard(void)
{
	begin(DEVICE_ATOMIC);
	drive_arm_stranger(&drive, CLASS_ACT, STRANGER_EDIT, "set a 7", 0);
	IS(commit, CONFLICT);
	CU_ASSERT(drive_runs(&drive, BEFORE "set a 7\n"));
	drive_done(&drive);
	begin(DEVICE_ATOMIC);
	drive_arm_stranger(&drive, CLASS_ACT, STRANGER_EDIT, "port p2 trunk add 40", 0);
	IS(commit, NONE); /* another member of the list is not ours to guard */
	CU_ASSERT(drive_runs(&drive, AFTER "port p2 trunk add 40\n"));
	drive_done(&drive);
}

/* A late transaction is void after an abort. */
static void atomic_late(void)
{
	begin(DEVICE_ATOMIC);
	drive_arm(&drive, CLASS_ACT, FAULT_LATE, 60000);
	IS(commit, UNKNOWN);
	IS(commit, REFUSED);
	drive_wait(&drive, 100);
	RUNS(AFTER);
	drive_done(&drive);
	begin(DEVICE_ATOMIC);
	drive_arm(&drive, CLASS_ACT, FAULT_LATE, 60000);
	IS(commit, UNKNOWN);
	IS(abort, NONE);
	drive_wait(&drive, 100);
	RUNS(BEFORE);
	CU_ASSERT_EQUAL(drive.device->late_acted, 1);
	drive_done(&drive);
}

static void named_late(void)
{
	begin(DEVICE_NAMED);
	IS(prepare, NONE);
	drive_arm(&drive, CLASS_ACT, FAULT_LATE, 60000);
	IS(commit, UNKNOWN);
	IS(abort, NONE);
	drive_wait(&drive, 100);
	RUNS(BEFORE);
	drive_done(&drive);
}

static void shared_late(void)
{
	begin(DEVICE_SHARED);
	IS(prepare, NONE);
	drive_arm(&drive, CLASS_ACT, FAULT_LATE, 20000);
	IS(commit, UNKNOWN);
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_NONE);
	drive_wait(&drive, 20);
	RUNS(AFTER);
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_OURS);
	IS(rollback, NONE);
	RUNS(BEFORE);
	drive_done(&drive);
}

/* Commands of a prepare that fail leave nothing that an abort does not clean. */
static void prepare_fails(enum device_kind kind, enum command_class class, enum fault_kind fault)
{
	enum smd_class result;

	begin(kind);
	if (drive.driver->prepare) {
		drive_arm(&drive, class, fault, 20000);
		result = STAGE(prepare);
		CU_ASSERT(result == SMD_CLASS_NONE || result == SMD_CLASS_REFUSED ||
			  result == SMD_CLASS_UNKNOWN);
		RUNS(BEFORE);
		drive_wait(&drive, 60);
		IS(abort, NONE);
		CU_ASSERT_FALSE(device_is_dirty(drive.device));
		CU_ASSERT_EQUAL(drive.device->lock.session, 0);
		RUNS(BEFORE);
	}
	drive_done(&drive);
}

static void failing_prepares(void)
{
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		for (int fault = FAULT_REFUSED; fault < STRANGER_EDIT; fault++) {
			prepare_fails(kind, CLASS_EDIT, fault);
			if (fault != FAULT_LIED_YES) /* a look that shows nothing at all */
				prepare_fails(kind, CLASS_PROBE, fault);
		}
}

/* A commit's class is NONE or REFUSED only if that is what the device said. */
static void commit_fails(enum device_kind kind, enum fault_kind fault, enum smd_class expected)
{
	begin(kind);
	if (drive.driver->prepare)
		IS(prepare, NONE);
	drive_arm(&drive, CLASS_ACT, fault, 20000);
	CU_ASSERT_EQUAL(STAGE(commit), expected);
	drive_done(&drive);
}

static void failing_commits(void)
{
	for (int kind = 0; kind < DEVICE_KINDS; kind++) {
		commit_fails(kind, FAULT_REFUSED, SMD_CLASS_REFUSED);
		commit_fails(kind, FAULT_LIED_NO, SMD_CLASS_REFUSED);
		commit_fails(kind, FAULT_LIED_YES, SMD_CLASS_NONE);
		commit_fails(kind, FAULT_LOST_BEFORE, SMD_CLASS_UNKNOWN);
		commit_fails(kind, FAULT_LOST_AFTER, SMD_CLASS_UNKNOWN);
		commit_fails(kind, FAULT_LATE, SMD_CLASS_UNKNOWN);
		commit_fails(kind, FAULT_HUNG, SMD_CLASS_UNKNOWN);
		commit_fails(kind, FAULT_REBOOT, SMD_CLASS_UNKNOWN);
	}
}

static void timer_session_in_progress(void)
{
	struct fault pending = {.kind = STRANGER_PENDING, .delay = 5000};

	begin(DEVICE_LINES_TIMER);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &pending));
	IS(commit, CONFLICT);
	IS(rollback, CONFLICT);
	RUNS(BEFORE);
	drive_done(&drive);
}

/* Locks do not keep others out everywhere (README, rows 46, 48): the last look does. */
static void locks_that_do_not_lock(void)
{
	struct fault dirty = {.kind = STRANGER_DIRTY, .line = "set theirs 1"};
	struct fault pending = {.kind = STRANGER_PENDING, .delay = 5000};

	begin(DEVICE_SHARED);
	drive.device->flags = DEVICE_IGNORES_LOCKS;
	IS(prepare, NONE);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &dirty));
	IS(commit, CONFLICT);
	RUNS(BEFORE);
	drive_done(&drive);
	begin(DEVICE_SHARED);
	drive.device->flags = DEVICE_IGNORES_LOCKS;
	IS(prepare, NONE);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &pending));
	IS(commit, CONFLICT);
	drive_done(&drive);
	begin(DEVICE_SHARED);
	drive.device->flags = DEVICE_IGNORES_LOCKS;
	IS(prepare, NONE);
	IS(commit, NONE);
	CU_ASSERT(device_stranger(drive.device, fleet_now(), &dirty));
	IS(confirm, CONFLICT);
	IS(rollback, NONE);
	RUNS(BEFORE);
	drive_done(&drive);
}

static void named_candidate_has_changed(void)
{
	static struct device_reply reply;
	uint32_t other;

	begin(DEVICE_NAMED);
	IS(prepare, NONE);
	device_login(drive.device, fleet_now(), "them", &reply);
	other = reply.session;
	device_command(drive.device, fleet_now(), other, "configure session sd-d1", &reply);
	device_command(drive.device, fleet_now(), other, "load set theirs 1", &reply);
	IS(commit, CONFLICT);
	RUNS(BEFORE);
	drive_done(&drive);
}

/* A lost session that lingers with its locks does not keep the timer from it (README, row 1). */
static void timer_beside_a_lingering_session(void)
{
	begin(DEVICE_SHARED);
	drive.device->flags = DEVICE_LOCK_STOPS_TIMER;
	IS(prepare, NONE);
	drive_arm(&drive, CLASS_ACT, FAULT_LOST_AFTER, 1000000);
	IS(commit, UNKNOWN);
	IS(probe, NONE);
	CU_ASSERT_EQUAL(drive.facts.pending, SMD_PENDING_OURS);
	IS(confirm, BUSY); /* the old session has the candidate's lock */
	RUNS(AFTER);
	drive_wait(&drive, 60);
	RUNS(BEFORE);
	drive_done(&drive);
}

/* A fetch reports broken ports if it is asked to; here the change breaks one. */
static void broken_port(enum device_kind kind)
{
	struct smd_text *scope = NULL;

	begin(kind);
	snprintf(drive.device->broken_port, DEVICE_NAME, "p1");
	snprintf(drive.device->broken_while, CONFIG_LINE, "port p1 access 30");
	CU_ASSERT_EQUAL_FATAL(smd_text_from(&scope, SMD_SCOPE_FAULT, strlen(SMD_SCOPE_FAULT)), 0);
	drive.scope = scope;
	IS(fetch, NONE);
	CU_ASSERT(drive_has_result(&drive, BEFORE));
	if (drive.driver->prepare)
		IS(prepare, NONE);
	IS(commit, NONE);
	IS(fetch, NONE);
	CU_ASSERT(drive_has_result(&drive, AFTER "fault p1 link\n error down\n"));
	drive.scope = NULL;
	IS(fetch, NONE);
	CU_ASSERT(drive_has_result(&drive, AFTER));
	smd_text_free(scope);
	drive_done(&drive);
}

static void broken_ports(void)
{
	for (int kind = 0; kind < DEVICE_KINDS; kind++)
		broken_port((enum device_kind)kind);
}

TEST_MAIN("drivers", TEST(payload_of_the_dialect), TEST(good_ways), TEST(aborts), TEST(rollbacks),
	  TEST(lost_confirms), TEST(confirm_said_no), TEST(confirm_with_a_dirty_candidate),
	  TEST(foreign_candidate), TEST(foreign_lock_and_pending), TEST(confirmed_by_a_stranger),
	  TEST(leftover_candidate), TEST(mixed_candidate), TEST(private_session_is_lost),
	  TEST(private_session_lingers), TEST(named_candidate_outlives),
	  TEST(named_base_has_changed), TEST(atomic_guard), TEST(atomic_late), TEST(named_late),
	  TEST(shared_late), TEST(failing_prepares), TEST(failing_commits),
	  TEST(timer_session_in_progress), TEST(locks_that_do_not_lock),
	  TEST(named_candidate_has_changed), TEST(timer_beside_a_lingering_session),
	  TEST(broken_ports));
