/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver interface: one vendor's language as a loadable part.
 *
 * A driver is `NAME.so` with one exported function, `smd_driver_entry`, that returns a constant
 * `struct smd_driver`. It links libsmartdeploy and includes only <smartdeploy/driver.h>. It
 * opens no socket, starts no thread, never sleeps, prints nothing and has no mutable global.
 *
 * Its operations form two groups:
 *
 *   pure      parse, print, render, simulate, safe, and the services. Called on any
 *             thread, several at the same time, also while a stage runs. They read
 *             `state` and never write to it.
 *   stages    attach, fetch, probe, prepare, commit, confirm, persist, abort,
 *             rollback. Called on the device's own loop, one at a time for a device;
 *             they return at once. They may write to members of `state` that no pure
 *             operation reads.
 *
 * A capability is an operation that is not NULL. A language is mandatory: a dialect, or parse,
 * print, render and simulate. With only that, a driver can compare and preview configurations.
 * To talk to devices it must also have a session profile, fetch and commit, all three, and the
 * other stages that its devices need. Without open, state is NULL.
 *
 * A push runs these stages. All devices finish a stage before the next one begins:
 *
 *   prepare  do everything before activation: lock, load the candidate, show what it
 *            holds, check it. NULL where each line acts at once.
 *   commit   activate the change; with a revert timer, if the device has one and
 *            run->timer > 0.
 *   confirm  stop the timer and keep the change. NULL without a timer; needs probe, which
 *            core runs before and behind it.
 *   persist  save running to startup, and read it back where the device can show it.
 *            NULL where that is the same. Called last after a success: locks that are
 *            still held are released.
 *   abort    undo a prepare: the candidate is clean and unlocked afterwards.
 *   rollback undo a commit by the vendor's own means, only while our timer is pending;
 *            NULL: core pushes the undo, computed from what then runs.
 *
 * Each stage can start on a new session in an unknown mode, and may be started again after it
 * failed. A private candidate is lost with its session: a commit or confirm that needs it and
 * is on another session must send nothing that acts, and fail with REFUSED ("the candidate is
 * gone with the session that held it"). It must not load the candidate again, because the new
 * one would not have been compared and checked. Abort then has nothing to undo and succeeds.
 */
#ifndef SMARTDEPLOY_DRIVER_H
#define SMARTDEPLOY_DRIVER_H

#include <smartdeploy/dialect.h>
#include <smartdeploy/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Facts about the *device*, learned by attach or probe. The driver writes them; core reads
 * them, and derives the safety level. Core sanitizes the texts.
 */
enum smd_candidate { SMD_CANDIDATE_NONE = 0, SMD_CANDIDATE_PRIVATE = 1, SMD_CANDIDATE_SHARED = 2 };
enum smd_pending {
	SMD_PENDING_NONE = 0,
	SMD_PENDING_OURS = 1,
	SMD_PENDING_FOREIGN = 2,
	SMD_PENDING_UNKNOWN = 3
};

struct smd_facts {
	char product[64]; /* as the device names itself */
	char version[64];
	enum smd_candidate candidate;
	int atomic;             /* a payload acts as a whole or not at all */
	uint32_t timer_longest; /* longest revert timer in seconds; 0: it has none */
	/* The timer is NETCONF's confirmed commit (RFC 6241, section 8.4) */
	int timer_is_standard;
	int timer_dies_with_session; /* the revert happens at once when the session ends */
	int any_commit_confirms;     /* a commit by somebody else confirms ours */
	int revert_takes_all;        /* a revert also undoes later changes by others */
	enum smd_pending pending;
	int keeps_history; /* commits keep our tag, and it can be read back */
	/*
	 * What was sent before an abort can act no more after it. With `atomic` and without a
	 * candidate: a commit also acts only while what was fetched last still holds.
	 */
	int abort_voids;
	/* The shared candidate differs from what runs, and not by us; learned by probe */
	int candidate_dirty;
};

/*
 * One run of a stage on one device. Made by core for each run, passed to every call of the
 * stage function.
 *
 * state    What `open` made.
 * step     The driver's position in the stage; 0 at the first call. Core never reads it.
 * device   Name in the inventory.
 * tag      Id of the deployment, `[0-9a-z-]`, to be left in the device's commit history; ""
 *          outside of a deployment.
 * payload  prepare, commit: the lines that `render` made. fetch: NULL.
 * scope    fetch: tree paths that must be read; none: all configuration that the driver
 *          manages. SMD_SCOPE_FAULT asks also for what the device itself reports as broken, as
 *          /fault[PORT][WHAT]/error. That is no configuration and never part of a slice,
 *          fingerprint or change.
 * timer    commit: seconds after which the device undoes the commit by itself; 0: no timer.
 * result   fetch: receives the native text. prepare: receives what the candidate holds, as
 *          native text like that of fetch (no diff), if the device can show it; core parses it
 *          and compares it with the intended tree. If it stays empty, nothing is compared.
 *          Owned by core; NULL in other stages.
 * covered  fetch: receives the tree paths that were read, one a line; empty: everything.
 * facts    Written by attach and probe, read by all stages.
 * core     Core's own; not to be touched.
 * shown    The payload with secrets masked, line by line: a line that differs holds a secret.
 *          NULL: there are no secrets.
 * notes    The driver's own flags about the *session*, as "we hold the lock". 0 after every
 *          login, RECONNECT included; kept from stage to stage, so that abort knows whether the
 *          candidate is ours.
 * principal, comment
 *          Who asked for the deployment, and why, as a ticket; "" or NULL: nobody said. For people
 *          only, UTF-8 without control characters; see smd_run_comment. Since minor version 1.
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
	const char *principal;
	const char *comment;
};

/*
 * A stage function. Called on the device's loop with the answer to the previous action (end is
 * SMD_END_START at first); sets `action`. Must not block.
 */
typedef void (*smd_next_fn)(struct smd_run *run, const struct smd_answer *answer,
			    struct smd_action *action);

/*
 * Format a text. Its memory is valid until the next call of the stage function returns. NULL:
 * no memory.
 */
SMD_EXPORT const char *smd_run_printf(struct smd_run *run, const char *format, ...)
	SMD_PRINTF(2, 3);
/*
 * The text to leave with a commit, where the device keeps one: the tag and, as far as there is
 * room, the principal and the comment. The device takes at most `most` bytes of letters, digits and
 * the ASCII characters `others`; what it does not take becomes '-', '_' or a blank, the first of
 * them that it takes. The tag is never changed or cut: NULL if it does not fit, or there is no
 * memory.
 * "" outside of a deployment. Memory as of smd_run_printf. Since minor version 1.
 *
 * Leave out of `others` what the device's command line acts on, as '"', '\\', '?' and '!'.
 */
SMD_EXPORT const char *smd_run_comment(struct smd_run *run, const char *others, size_t most);
/* Does this line of the payload hold a secret? If so, the device's answer to it is not shown. */
SMD_EXPORT int smd_run_hides(const struct smd_run *run, size_t line);
/* Fail the stage, with a message. */
SMD_EXPORT void smd_action_fail(struct smd_action *action, enum smd_class reason,
				const char *format, ...) SMD_PRINTF(3, 4);
/*
 * Fail the stage because of an answer. The message names the line that the device refused and
 * what it said. A deadline, a lost connection or an overflow becomes UNKNOWN, a question its
 * verdict. `exchanges` are those of the answered action, or NULL.
 */
SMD_EXPORT void smd_action_fail_from_answer(struct smd_action *action,
					    const struct smd_answer *answer,
					    const struct smd_exchange *exchanges);

/*
 * A step of a stage that is written as a table. `send` may contain {tag}, {timer-seconds},
 * {timer-minutes} (rounded up), {timer-hms}. All patterns are PCRE2, matched at the start of
 * the text.
 *
 * payload         Send each line of the payload, as exchanges like `exchange`, in one action;
 *                 skipped if there are no lines.
 * keep            Move the output to the end of run->result; the answer has none of it then.
 * expect          A line of the output must match, else the stage fails with `otherwise` (NONE:
 *                 REFUSED).
 * when            Skip the step unless the last prompt in this stage matches; also without a
 *                 prompt. So a stage that begins in an unknown mode sends an empty line first
 *                 and goes on according to the prompt.
 * conflict, busy  A refusal whose line matches has that class.
 * make            Function that makes the text to send, instead of `send`; in memory of
 *                 smd_run_printf. NULL: no memory.
 * put             No exchange: write the payload to this file (placeholders as in `send`).
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
 * Run a table of steps: `smd_steps_next(run, answer, action, table, count)` is a complete stage
 * function. It uses run->step and starts over at an answer of END_START.
 */
SMD_EXPORT void smd_steps_next(struct smd_run *run, const struct smd_answer *answer,
			       struct smd_action *action, const struct smd_step *steps,
			       size_t count);

/*
 * A service that the driver supports. Its data have the form that the service's YANG module
 * documents.
 *
 * Core asks for a service by name and exact version; a driver may support several versions.
 * There is bridge-domain, version 1. Its `part` holds what one device does in one domain:
 *     /name = NAME   /vlan = NUMBER   /port[PORT]/tagging = access|tagged
 * where links of the fabric are tagged ports.
 *
 * compose   Write the slice of the device's tree that makes the part into the empty `slice`:
 *           every node that must exist or have a certain value.
 * discover  The reverse, for all domains in `running`: /vlan[NUMBER]/port[PORT]/tagging =
 *           access|tagged. In place of a number there can be a list as in set.h, 1,10-20: a port
 *           with many VLANs then costs no more than one with few.
 * ports     May be NULL. The ports of the device: /port[PORT], with a leaf `error` when the
 *           device reports it as unusable.
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
	/* NULL: the driver has a language but no sessions */
	const struct smd_session_profile *profile;
	/* NULL: the driver has its own parse, print, render and simulate */
	const struct smd_dialect *dialect;
	const struct smd_service *services;
	size_t service_count;
	size_t service_size; /* sizeof(struct smd_service) */

	/*
	 * Make and free the state of one device, which exists as long as core knows the device.
	 * It has checked settings and nothing of a session. `settings` outlives it.
	 */
	int (*open)(const struct smd_settings *settings, void **state, struct smd_error *error);
	void (*close)(void *state);

	/* Convert native text to a tree, and back (law 1). NULL if core does it by the dialect. */
	int (*parse)(void *state, const struct smd_text *text, struct smd_tree **out,
		     struct smd_error *error);
	int (*print)(void *state, const struct smd_tree *tree, struct smd_text *out,
		     struct smd_error *error);
	/*
	 * Make the payload lines of the changes, in a safe order (law 6). Where the payload is
	 * a whole configuration, it is that of smd_changes_to. NULL if core does it by the
	 * dialect.
	 */
	int (*render)(void *state, const struct smd_changes *changes, struct smd_text *payload,
		      struct smd_error *error);
	/*
	 * Enter the payload into `tree` as the device would. `on_step` is called whenever the
	 * device would act on a state: after every line, or once at the end if the payload acts
	 * as a whole. NULL if core does it by the dialect.
	 */
	int (*simulate)(void *state, struct smd_tree *tree, const struct smd_text *payload,
			smd_step_fn on_step, void *arg, struct smd_error *error);
	/*
	 * Does `now` open nothing that was shut in `before` (law 6)? SMD_E_UNSAFE with the node
	 * in `where` if it does. NULL: every state is safe.
	 */
	int (*safe)(void *state, const struct smd_tree *before, const struct smd_tree *now,
		    struct smd_error *error);

	smd_next_fn attach; /* after every login: turn paging off, learn facts; may be NULL */
	smd_next_fn fetch;
	smd_next_fn probe; /* find out whether a commit is pending, and whose; may be NULL */
	smd_next_fn prepare;
	smd_next_fn commit;
	smd_next_fn confirm;
	smd_next_fn persist;
	smd_next_fn abort;
	smd_next_fn rollback;
};

/* The driver's only exported symbol. */
SMD_EXPORT const struct smd_driver *smd_driver_entry(void);

#ifdef __cplusplus
}
#endif
#endif
