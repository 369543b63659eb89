/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver interface: one vendor's language as a loadable part.
 *
 * A driver is `NAME.so` with one exported function, `smd_driver_entry`, that
 * returns a constant `struct smd_driver`. It links libsmartdeploy, includes
 * only <smartdeploy/driver.h>, opens no socket, starts no thread, sleeps never,
 * prints nothing and keeps no mutable global.
 *
 * Two groups of operations:
 *
 *   pure      parse, print, render, simulate, safe, and the services. Called on
 *             any thread, several at once, also while a stage runs; they read
 *             `state` and never write to it.
 *   stages    attach, fetch, probe, prepare, commit, confirm, persist, abort,
 *             rollback. Called on the device's own loop, one at a time for a
 *             device, and they return at once. In `state` they write to members
 *             that no pure operation looks at.
 *
 * A capability is an operation that is not NULL. Mandatory is a language: a
 * dialect, or else parse, print, render and simulate. A driver that has no more
 * than that compares and previews configurations; one that talks to devices
 * has a session profile, fetch and commit, all three, and what other stages its devices
 * need. Without open, state is NULL.
 *
 * The road of a push, device by device, with a barrier across all devices
 * between the stages:
 *
 *   prepare  everything up to, not including, what makes it act: lock, load
 *            the candidate, show what it holds, check it. NULL where lines act at once.
 *   commit   make it act; with a timer, if the device has one and run->timer > 0.
 *   confirm  stop the timer, keep the change. NULL without a timer.
 *   persist  running to startup. NULL where that is the same.
 *   abort    undo a prepare: the candidate is clean and unlocked afterwards.
 *   rollback undo a commit the vendor's way, under our own pending timer only;
 *            NULL: core pushes the undo, computed from what runs then.
 *
 * Each stage can start on a fresh session in an unknown mode, and may be
 * started again after it failed. A private candidate dies with its session:
 * a commit or confirm that needs one and finds itself on another session sends
 * nothing that acts and fails with REFUSED ("the candidate is gone with the
 * session that held it"). It never loads the candidate anew, for what was compared
 * and checked is gone. Abort then has nothing to undo and is done.
 */
#ifndef SMARTDEPLOY_DRIVER_H
#define SMARTDEPLOY_DRIVER_H

#include <smartdeploy/dialect.h>
#include <smartdeploy/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What is true of the *device*, learned by attach or probe; the driver writes
 * it, core reads it and derives the safety level. Its texts are cleaned by core.
 */
enum smd_candidate { SMD_CANDIDATE_NONE = 0, SMD_CANDIDATE_PRIVATE = 1, SMD_CANDIDATE_SHARED = 2 };
enum smd_pending {
	SMD_PENDING_NONE = 0,
	SMD_PENDING_OURS = 1,
	SMD_PENDING_FOREIGN = 2,
	SMD_PENDING_UNKNOWN = 3
};

struct smd_facts {
	char product[64]; /* as the device says it */
	char version[64];
	enum smd_candidate candidate;
	int atomic;                  /* a payload acts as a whole or not at all */
	uint32_t timer_longest;      /* seconds of the longest revert timer; 0: none */
	int timer_is_standard;       /* it is NETCONF's confirmed commit (RFC 6241, section 8.4) */
	int timer_dies_with_session; /* the revert comes at once when the session ends */
	int any_commit_confirms;     /* a stranger's commit confirms ours */
	int revert_takes_all;        /* a revert restores strangers' later edits too */
	enum smd_pending pending;
	int keeps_history; /* commits carry our tag and can be asked for it */
};

/*
 * One stage of one device. Made by core for each stage, passed to every call
 * of it.
 *
 * state     What `open` made.
 * step      The driver's own position; 0 at the first call; core never reads it.
 * device    The name in the inventory.
 * tag       Id of the deployment, `[0-9a-z-]`, to be left where the device keeps
 *           history; empty outside of a deployment.
 * payload   prepare, commit: the lines that `render` made. fetch: NULL.
 * scope     fetch: tree paths to read at least; none: all configuration that the
 *           driver manages. SMD_SCOPE_FAULT among them: that, and what the device
 *           itself calls broken, as /fault[PORT][WHAT]/error, which is no
 *           configuration: it is never in a slice, a fingerprint or a change.
 * timer     commit: seconds after which the device shall undo by itself; 0: no timer.
 * result    fetch: the native text goes here. prepare: what the candidate holds,
 *           as native text like that of fetch, where the device can show it; not a
 *           diff. Core parses it and compares it with the tree intended; what is left
 *           empty is not compared. Owned by core; NULL in other stages.
 * covered   fetch: the tree paths really read, one a line; empty: everything.
 * facts     attach and probe write it, all may read it.
 * core      Core's own; not to be touched.
 * shown     The payload as people may see it, line by line: what differs holds a secret.
 *           NULL: there is none in it.
 * notes     The driver's own word about the *session*, as "we hold the lock":
 *           0 after every login, RECONNECT included, kept from stage to stage.
 *           So abort can tell our candidate from a stranger's.
 */
#define SMD_SCOPE_FAULT "/fault"

struct smd_run {
	void *state;
	unsigned step;
	const char *device;
	const char *tag;
	const struct smd_text *payload;
	const struct smd_text *scope;
	uint32_t timer;
	struct smd_text *result;
	struct smd_text *covered;
	struct smd_facts *facts;
	void *core;
	uint32_t *notes;
	const struct smd_text *shown;
};

/*
 * Called on the device's loop with the answer to the action before (end is
 * SMD_END_START at first); sets `action`. Must not block.
 */
typedef void (*smd_next_fn)(struct smd_run *run, const struct smd_answer *answer,
			    struct smd_action *action);

/* Format into memory that lives until the next call of the stage returns; NULL: no memory. */
SMD_EXPORT const char *smd_run_printf(struct smd_run *run, const char *format, ...)
	SMD_PRINTF(2, 3);
/* Does the line of the payload hold a secret? Nothing that the device says to it is shown. */
SMD_EXPORT int smd_run_hides(const struct smd_run *run, size_t line);
/* Fail the stage in one line. */
SMD_EXPORT void smd_action_fail(struct smd_action *action, enum smd_class reason,
				const char *format, ...) SMD_PRINTF(3, 4);
/*
 * Fail by the answer: names the line that the device refused and what it
 * said. A deadline, a lost connection or an overflow becomes UNKNOWN, a question
 * its verdict. `exchanges` are those of the action that was answered, or NULL.
 */
SMD_EXPORT void smd_action_fail_from_answer(struct smd_action *action,
					    const struct smd_answer *answer,
					    const struct smd_exchange *exchanges);

/*
 * A stage as a table. `send` may hold {tag}, {timer-seconds}, {timer-minutes}
 * (rounded up), {timer-hms}. All patterns are PCRE2, matched at the start.
 *
 * payload   Each line of the payload is an exchange like `exchange`,
 *           all in one action; the step is left out when there are none.
 * keep      The output goes to run->result.
 * expect    Some line of the output must match it, else the stage fails with
 *           `otherwise` (NONE: REFUSED).
 * when      Matched against the prompt seen last in this stage; the step is left
 *           out unless it matches, and when there was none. So a stage that begins
 *           in an unknown mode says an empty line and goes on by the prompt.
 * conflict, busy  A refusal whose line matches is of that class.
 * make      Makes what is said, to be sent as it is, instead of `send`: memory of
 *           smd_run_printf, NULL: no memory.
 * put       No exchange: the payload is written to this file (placeholders as in
 *           `send`).
 */
struct smd_step {
	struct smd_exchange exchange;
	int payload;
	int keep;
	const char *expect;
	enum smd_class otherwise;
	const char *when;
	const char *conflict;
	const char *busy;
	const char *(*make)(struct smd_run *run);
	const char *put;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Run a table: `smd_steps_next(run, answer, action, table, count)` is a whole
 * stage function. It uses run->step and begins anew with an answer of END_START.
 */
SMD_EXPORT void smd_steps_next(struct smd_run *run, const struct smd_answer *answer,
			       struct smd_action *action, const struct smd_step *steps,
			       size_t count);

/*
 * A service that the driver can express, as data in the shape that the
 * service's YANG module documents.
 *
 * Core asks for a service by name and exactly the version that it speaks; a
 * driver may offer several versions of one. There is bridge-domain, version 1,
 * whose `part` holds what one device does in one domain:
 *     /name = NAME   /vlan = NUMBER   /port[PORT]/tagging = access|tagged
 * where links of the fabric are ports that are tagged.
 *
 * compose   The slice of the device's tree that makes it so, complete: every
 *           node that must exist or have a value. Writes into the empty `slice`.
 * discover  The other way, for all domains in `running`:
 *     /vlan[NUMBER]/port[PORT]/tagging = access|tagged
 * ports     May be NULL. Which ports there are: /port[PORT]; with a leaf
 *           `error` when the device says that one is unusable.
 */
struct smd_service {
	const char *name;
	unsigned version;
	int (*compose)(void *state, const struct smd_tree *part, const struct smd_tree *running,
		       struct smd_tree *slice, struct smd_error *error);
	int (*discover)(void *state, const struct smd_tree *running, struct smd_tree *found,
			struct smd_error *error);
	int (*ports)(void *state, const struct smd_tree *running, struct smd_tree *found,
		     struct smd_error *error);
};

struct smd_driver {
	struct smd_envelope self;
	const struct smd_session_profile *profile; /* NULL: it only knows the language */
	const struct smd_dialect *dialect;         /* NULL: the pure operations are all here */
	const struct smd_service *services;
	size_t service_count;
	size_t service_size; /* sizeof(struct smd_service) */

	/*
	 * Make and free what belongs to one device for as long as core knows it:
	 * checked settings, nothing of a session. `settings` outlives the state.
	 */
	int (*open)(const struct smd_settings *settings, void **state, struct smd_error *error);
	void (*close)(void *state);

	/* Native text to tree, and back (law 1). NULL with a dialect: core's. */
	int (*parse)(void *state, const struct smd_text *text, struct smd_tree **out,
		     struct smd_error *error);
	int (*print)(void *state, const struct smd_tree *tree, struct smd_text *out,
		     struct smd_error *error);
	/*
	 * Changes to payload lines, in an order that is safe (law 6); where the
	 * payload is a whole configuration, that of smd_changes_to. NULL with a
	 * dialect: core's.
	 */
	int (*render)(void *state, const struct smd_changes *changes, struct smd_text *payload,
		      struct smd_error *error);
	/*
	 * Enter the payload into `tree` as the device would, calling `on_step` each
	 * time the device would act on a state: behind every line, or once at
	 * the end where the payload acts as a whole. NULL with a dialect: core's.
	 */
	int (*simulate)(void *state, struct smd_tree *tree, const struct smd_text *payload,
			smd_step_fn on_step, void *arg, struct smd_error *error);
	/*
	 * Is `now` a state in which nothing was opened that `before` kept shut
	 * (law 6)? SMD_E_UNSAFE with the node in `where` otherwise. NULL: always.
	 */
	int (*safe)(void *state, const struct smd_tree *before, const struct smd_tree *now,
		    struct smd_error *error);

	smd_next_fn attach; /* after every login: paging off, learn facts; may be NULL */
	smd_next_fn fetch;
	smd_next_fn probe; /* is a commit pending, whose; may be NULL */
	smd_next_fn prepare;
	smd_next_fn commit;
	smd_next_fn confirm;
	smd_next_fn persist;
	smd_next_fn abort;
	smd_next_fn rollback;
};

/* The one exported symbol of a driver. */
SMD_EXPORT const struct smd_driver *smd_driver_entry(void);

#ifdef __cplusplus
}
#endif
#endif
