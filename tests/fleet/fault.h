/* SPDX-License-Identifier: Apache-2.0 */
/* Faults of devices, and strangers at work on them, bound to the n-th command of a class. */
#ifndef TESTS_FLEET_FAULT_H
#define TESTS_FLEET_FAULT_H

#include "config.h"

#include <stdint.h>

/* What a command is for; faults are armed by it. */
enum command_class {
	CLASS_LOGIN,
	CLASS_READ,
	CLASS_PROBE,
	CLASS_EDIT,    /* lock, load, line into a candidate, start of a timer */
	CLASS_ACT,     /* commit, transaction, or a line that acts */
	CLASS_CONFIRM, /* a pending commit is kept */
	CLASS_SAVE,    /* running to startup */
	CLASS_ABORT,   /* a candidate is discarded, a lock released, a transaction made void */
	CLASS_CANCEL,  /* a pending commit is undone */
	CLASS_COUNT
};

enum fault_kind {
	FAULT_NONE,
	FAULT_REFUSED,     /* says no, does nothing; LOGIN: the connection is refused */
	FAULT_LOST_BEFORE, /* the connection goes before it acts */
	FAULT_LOST_AFTER,  /* acts, and the connection goes without an answer */
	FAULT_LATE,        /* acts only after `delay` ms, whatever has become of the session */
	FAULT_HUNG,        /* never acts nor answers; the connection stays */
	FAULT_LIED_NO,     /* acts, and says no */
	FAULT_LIED_YES,    /* does nothing, and says ok; READ, PROBE: shows nothing */
	FAULT_REBOOT,      /* restarts instead; cannot be reached for `delay` ms */
	/* Strangers. They act beside the command, whatever else happens to it. */
	STRANGER_EDIT,    /* enters `line` in running */
	STRANGER_DIRTY,   /* enters `line` in the shared candidate */
	STRANGER_COMMIT,  /* commits `line` (may be ""), which confirms where any commit does */
	STRANGER_LOCK,    /* holds the lock for `delay` ms */
	STRANGER_PENDING, /* commits `line` with a timer of `delay` ms */
	STRANGER_SAVE     /* saves running to startup */
};

/*
 * occurrence  Which command of the class, from 1.
 * delay       Milliseconds; of LOST_*: the device notices the lost session only then.
 * always      Each command of the class from that one on.
 * after       Of strangers: after the command, else before it.
 * fired       How often it has happened; filled by the device.
 * blocked     How often a stranger was kept out by a lock or by what the kind lacks.
 */
struct fault {
	enum command_class class;
	unsigned occurrence;
	enum fault_kind kind;
	uint32_t delay;
	int always;
	int after;
	char line[CONFIG_LINE];
	unsigned fired, blocked;
};

#endif
