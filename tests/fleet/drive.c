/* SPDX-License-Identifier: Apache-2.0 */
#include "drive.h"

#include <smartdeploy/dialect.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEADLINE 10000
#define MOST_ACTIONS 100

static uint64_t now;

static uint64_t read_clock(void)
{
	return now;
}

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "drive: %s\n", what);
	abort();
}

void drive_init(struct drive *drive, enum device_kind kind, const char *running)
{
	*drive = (struct drive){.fleet = fleet_new(FLEET_STORE)};
	now = 1000;
	fleet_now = read_clock;
	drive->device = fleet_add(drive->fleet, "r1", kind, running);
	drive->driver = fleet_drivers[kind];
	must(!drive->driver->open(NULL, &drive->state, NULL), "open");
	must(!smd_text_new(&drive->payload, 0) && !smd_text_new(&drive->result, 0) &&
		     !smd_text_new(&drive->out, 0),
	     "memory");
}

void drive_done(struct drive *drive)
{
	drive->driver->close(drive->state);
	smd_text_free(drive->payload);
	smd_text_free(drive->result);
	smd_text_free(drive->out);
	fleet_free(drive->fleet);
}

void drive_hang_up(struct drive *drive)
{
	device_logout(drive->device, now, drive->session);
	drive->session = drive->notes = 0;
}

void drive_restart(struct drive *drive)
{
	drive_hang_up(drive);
	drive->driver->close(drive->state);
	must(!drive->driver->open(NULL, &drive->state, NULL), "open");
	memset(&drive->facts, 0, sizeof(drive->facts));
}

void drive_wait(struct drive *drive, uint64_t seconds)
{
	now += seconds * 1000;
	fleet_advance(drive->fleet, now);
}

int drive_runs(struct drive *drive, const char *text)
{
	fleet_advance(drive->fleet, now);
	return fleet_runs(drive->fleet, "r1", text);
}

static void arm(struct drive *drive, struct fault fault)
{
	fault.occurrence = drive->device->counts[fault.class] + 1;
	fleet_arm(drive->fleet, "r1", &fault);
}

void drive_arm(struct drive *drive, enum command_class class, enum fault_kind kind, uint32_t delay)
{
	arm(drive, (struct fault){.class = class, .kind = kind, .delay = delay});
}

void drive_arm_stranger(struct drive *drive, enum command_class class, enum fault_kind kind,
			const char *line, int after)
{
	struct fault fault = {.class = class, .kind = kind, .after = after, .delay = 60000};

	snprintf(fault.line, sizeof(fault.line), "%s", line);
	arm(drive, fault);
}

/* Exchanges */

/* Give a command and wait for its answer, at most until the deadline. */
static enum smd_end give(struct drive *drive, const char *command, struct device_reply *reply)
{
	uint64_t deadline = now + DEADLINE;

	fleet_command(drive->fleet, drive->device, drive->session, command, reply);
	while (reply->end == REPLY_LATE && reply->at <= deadline) {
		now = reply->at;
		device_collect(drive->device, now, reply->late, reply);
	}
	if (reply->end == REPLY_NONE || reply->end == REPLY_LATE) {
		now = deadline;
		return SMD_END_DEADLINE;
	}
	now = reply->at > now ? reply->at : now;
	return reply->end == REPLY_LOST ? SMD_END_LOST : SMD_END_DONE;
}

static enum smd_end take_lines(struct drive *drive, char *text, struct smd_answer *answer)
{
	enum smd_end end = SMD_END_DONE;
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strcmp(line, "ok") || !strcmp(line, "."))
			continue;
		if (line[0] == '%') {
			answer->failed = smd_text_count(drive->out);
			end = SMD_END_FAILURE;
		}
		smd_text_line(drive->out, line);
	}
	return end;
}

static void exchange(struct drive *drive, const struct smd_action *action,
		     struct smd_answer *answer, size_t *first)
{
	static struct device_reply reply;

	smd_text_clear(drive->out);
	*answer = (struct smd_answer){.out = drive->out, .first = first, .status = -1};
	for (size_t i = 0; i < action->exchange_count; i++) {
		first[i] = smd_text_count(drive->out);
		answer->exchange = i;
		drive->sent += !(action->exchanges[i].flags & SMD_X_READS);
		answer->end = give(drive, action->exchanges[i].send, &reply);
		if (answer->end == SMD_END_DONE)
			answer->end = take_lines(drive, reply.text, answer);
		first[i + 1] = smd_text_count(drive->out);
		if (answer->end != SMD_END_DONE)
			break;
	}
	if (answer->end == SMD_END_LOST || answer->end == SMD_END_DEADLINE)
		drive_hang_up(drive);
}

static enum smd_class run_stage(struct drive *drive, smd_next_fn stage)
{
	struct smd_answer answer = {.end = SMD_END_START};
	size_t first[600];

	drive->run = (struct smd_run){.state = drive->state,
				      .device = "r1",
				      .tag = "d1",
				      .payload = drive->payload,
				      .timer = drive->run.timer,
				      .scope = drive->scope,
				      .result = drive->result,
				      .facts = &drive->facts,
				      .notes = &drive->notes};
	for (unsigned i = 0; i < MOST_ACTIONS; i++) {
		struct smd_action action = {.act = (enum smd_act)0};

		stage(&drive->run, &answer, &action);
		if (action.act == SMD_ACT_DONE)
			return SMD_CLASS_NONE;
		if (action.act == SMD_ACT_FAIL) {
			snprintf(drive->what, sizeof(drive->what), "%s", action.message);
			return action.reason;
		}
		must(action.act == SMD_ACT_EXCHANGE && action.exchange_count < 600, "action");
		exchange(drive, &action, &answer, first);
	}
	must(0, "the stage does not end");
	return SMD_CLASS_INVALID;
}

static int log_in(struct drive *drive)
{
	static struct device_reply reply;

	fleet_login(drive->fleet, drive->device, "smartdeploy", &reply);
	now = reply.at > now ? reply.at : now;
	drive->session = reply.end == REPLY_ANSWER ? reply.session : 0;
	drive->notes = 0;
	return drive->session && run_stage(drive, drive->driver->attach) == SMD_CLASS_NONE;
}

enum smd_class drive_stage(struct drive *drive, smd_next_fn stage)
{
	drive->what[0] = '\0';
	smd_text_clear(drive->result);
	if (!drive->session && !log_in(drive))
		return SMD_CLASS_UNKNOWN;
	return run_stage(drive, stage);
}

/* Plans */

static int parse(struct drive *drive, const struct smd_compiled *dialect, const char *text,
		 struct smd_tree **tree)
{
	struct smd_text *lines = NULL;
	int err = smd_text_from(&lines, text, strlen(text));

	(void)drive;
	if (!err)
		err = smd_dialect_parse(dialect, lines, tree, NULL);
	smd_text_free(lines);
	return err;
}

static int render(struct drive *drive, const struct smd_compiled *dialect, const char *running,
		  const char *intended)
{
	struct smd_tree *from = NULL, *to = NULL;
	struct smd_changes *changes = NULL;
	int err = parse(drive, dialect, running, &from);

	if (!err)
		err = parse(drive, dialect, intended, &to);
	if (!err)
		err = smd_diff(from, to, &changes);
	smd_text_clear(drive->payload);
	if (!err)
		err = smd_dialect_render(dialect, changes, drive->payload, NULL);
	if (!err)
		err = smd_dialect_verify_patch(dialect, changes, drive->payload, NULL, NULL, NULL);
	smd_changes_free(changes);
	smd_tree_free(to);
	smd_tree_free(from);
	return err;
}

int drive_plan(struct drive *drive, const char *intended)
{
	struct smd_compiled *dialect = NULL;
	char *running;
	int err = drive_stage(drive, drive->driver->fetch) ? SMD_E_UNKNOWN : 0;

	running = smd_text_join(drive->result);
	if (!err)
		err = smd_dialect_compile(drive->driver->dialect, &dialect, NULL);
	if (!err)
		err = render(drive, dialect, running, intended);
	smd_dialect_free(dialect);
	free(running);
	return err;
}

int drive_has_result(const struct drive *drive, const char *text)
{
	char *joined = smd_text_join(drive->result);
	int same = joined && !strcmp(joined, text);

	free(joined);
	return same;
}
