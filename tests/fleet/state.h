/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a device in memory. Tests may read all of it while no command runs. */
#ifndef TESTS_FLEET_STATE_H
#define TESTS_FLEET_STATE_H

#include "fault.h"

/* Each kind is after a family; the README has what they do, and where that is known from. */
enum device_kind {
	DEVICE_ATOMIC,      /* Open vSwitch: one guarded transaction a command */
	DEVICE_LINES,       /* FRR, classic IOS: each line acts at once */
	DEVICE_LINES_TIMER, /* IOS with archive: the same, with a revert timer */
	DEVICE_SHARED,      /* Junos, NETCONF with confirmed-commit 1.1: one shared candidate */
	DEVICE_PRIVATE,     /* IOS-XR: a private candidate and a trial that die with the session */
	DEVICE_NAMED,       /* EOS without its commit timer: a named session outlives its login */
	DEVICE_KINDS
};

/* Switches of a device; to be or-ed. The numbers are rows of the README. */
enum device_flag {
	/* 1: running locked when the timer rings: the change stays for ever */
	DEVICE_LOCK_STOPS_TIMER = 1,
	/* 5: a confirm without anything pending commits what is in the candidate */
	DEVICE_LATE_CONFIRM_COMMITS = 2,
	/* 46, 48: locks do not keep strangers out */
	DEVICE_IGNORES_LOCKS = 4,
	/* 3, 4: a confirmed commit is answered by ok, and nothing is applied */
	DEVICE_COMMITS_NOTHING = 8,
	/* 47: a confirm that is refused because of a lock disarms the timer */
	DEVICE_REFUSED_CONFIRM_DISARMS = 16,
	/* Values are shown in lower case, however they were entered */
	DEVICE_SHOWS_LOWER_CASE = 32,
	/* Lines that act at once may begin with `se`, which is short for `set` */
	DEVICE_TAKES_SHORT_WORDS = 64
};

#define DEVICE_NAME 32
#define DEVICE_TAG 64
#define DEVICE_USER 16
#ifndef DEVICE_COMMAND /* a build may have other sizes */
#define DEVICE_COMMAND 8192
#define DEVICE_ANSWER 16384
#endif
#define DEVICE_SESSIONS 8
#define DEVICE_CANDIDATES 4
#define DEVICE_FAULTS 16
#define DEVICE_HISTORY 16
#define DEVICE_LATE 4
#define DEVICE_STRANGER UINT32_MAX /* the session of all strangers */
#define DEVICE_NEVER UINT64_MAX

/* id 0: free. `ends`: when the device notices that the connection is lost. */
struct session {
	uint32_t id;
	char user[DEVICE_USER];
	char candidate[DEVICE_TAG]; /* NAMED: the candidate that it edits */
	uint64_t ends;
};

enum { DIRTY_OURS = 1, DIRTY_FOREIGN = 2 };

/*
 * SHARED has one, that mirrors running until somebody edits it. PRIVATE has one a session, NAMED
 * one a name.
 */
struct candidate {
	int used;
	uint32_t session;
	char name[DEVICE_TAG];
	unsigned dirty; /* by whom */
	struct config text, base;
};

struct lock {
	uint32_t session; /* 0: free */
	uint64_t ends;    /* of a stranger's lock */
};

struct pending {
	int active;
	char tag[DEVICE_TAG];
	char user[DEVICE_USER];
	uint32_t session;
	uint64_t due;
	struct config before, after;
};

enum history_what {
	HISTORY_COMMIT,
	HISTORY_TRIAL,
	HISTORY_CONFIRM,
	HISTORY_REVERT,
	HISTORY_CANCEL
};

struct history {
	enum history_what what;
	char tag[DEVICE_TAG];
	char user[DEVICE_USER];
	uint64_t when;
};

/* A command that acts later. `due` 0: free. The answer waits for the session, if it lives. */
struct late {
	uint64_t due;
	uint32_t session;
	char user[DEVICE_USER];
	int done;
	char command[DEVICE_COMMAND];
	char answer[256];
};

struct device {
	char name[DEVICE_NAME];
	enum device_kind kind;
	unsigned flags;
	uint32_t latency; /* milliseconds from a command to its answer */
	struct config running, startup;
	char marker[DEVICE_TAG]; /* ATOMIC: what a transaction's guard names */
	struct candidate candidates[DEVICE_CANDIDATES];
	struct lock lock, running_lock;
	struct pending pending;
	struct history history[DEVICE_HISTORY]; /* the newest first */
	unsigned history_count;
	struct session sessions[DEVICE_SESSIONS];
	uint32_t last_session;
	struct late late[DEVICE_LATE];
	uint64_t down_until;
	/* This port is reported as broken while running has this line ("": at any time) */
	char broken_port[DEVICE_NAME];
	char broken_while[CONFIG_LINE];
	struct fault faults[DEVICE_FAULTS];
	unsigned fault_count;
	unsigned counts[CLASS_COUNT]; /* commands so far */
	unsigned reboots, late_acted;
};

#endif
