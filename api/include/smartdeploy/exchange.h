/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What passes between a driver and its device, as data.
 *
 * A driver never waits. One of its stage functions is called with the last
 * *answer* and returns an *action*; core carries it out and calls again. So a
 * push can be run live, replayed from a transcript, fuzzed and killed at every
 * step, and one thread drives a thousand devices.
 */
#ifndef SMARTDEPLOY_EXCHANGE_H
#define SMARTDEPLOY_EXCHANGE_H

#include <smartdeploy/option.h>
#include <smartdeploy/text.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The class of a failure, which decides how core reacts. */
enum smd_class {
	SMD_CLASS_NONE = 0,
	SMD_CLASS_REFUSED = 1,  /* the device refused, and did nothing */
	SMD_CLASS_CONFLICT = 2, /* somebody else is in the way: changed candidate, foreign commit */
	SMD_CLASS_BUSY = 3,     /* locked or overloaded: try again later */
	SMD_CLASS_UNKNOWN = 4,  /* it may have acted: reconnect and read */
	SMD_CLASS_INVALID = 5,  /* a bug: core or the driver was given invalid input */
	SMD_CLASS_DENIED = 6,   /* the login lacks a right: enable refused, privilege too low */
	SMD_CLASS_UNSUPPORTED = 7 /* a product, release or answer that the driver does not know */
};

/*
 * A question that the device may ask during an exchange.
 *
 * pattern  PCRE2, matched at the end of the output.
 * answer   What to type, without the line end; NULL: nothing is sent, and the exchange ends
 *          with SMD_END_QUESTION.
 * verdict  SMD_CLASS_NONE: go on as usual. Otherwise the exchange ends with SMD_END_QUESTION
 *          after the answer was typed.
 */
struct smd_question {
	const char *pattern;
	const char *answer;
	enum smd_class verdict;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Flags of an exchange.
 *
 * READS    It cannot change configuration, candidate or lock, so it is not journalled. Every
 *          other exchange is recorded durably before it is sent (law 7), and is refused in a
 *          stage that only reads (attach, fetch, probe).
 * BARRIER  Nothing is sent after it before it is answered, because it may ask a question or its
 *          next prompt is not known.
 * SECRET   `send` and `input` are masked wherever they are shown.
 */
enum smd_exchange_flag { SMD_X_READS = 1, SMD_X_BARRIER = 2, SMD_X_SECRET = 4 };

/*
 * One thing to send, and how its answer ends.
 *
 * send       A CLI line, a command or an RPC, without a line end.
 * input      exec only: bytes for standard input, which is then closed; or NULL.
 * until      PCRE2 matched at the end of the output: the answer ends there. NULL: the
 *            protocol's usual end (the prompt; the end of the command).
 * failure    PCRE2 matched at the start of each line (and, for exec, of each line of stderr):
 *            the device refuses. NULL: the session profile's pattern.
 * questions  At most 8.
 * deadline   Milliseconds from the moment it is the outstanding exchange; 0: the session
 *            profile's deadline.
 * shown      What users see instead of `send`; then the answer is not shown at all, because it
 *            may repeat `send`. NULL: `send`.
 *
 * Borrowed by core until the stage function is called again.
 */
struct smd_exchange {
	const char *send;
	const char *input;
	size_t input_size;
	const char *until;
	const char *failure;
	const struct smd_question *questions;
	size_t question_count;
	uint32_t deadline;
	uint32_t flags;
	const char *shown;
	const void *reserved[3]; /* zero, see abi.h */
};

/* How an answer ended. */
enum smd_end {
	SMD_END_START = 0, /* no answer: the stage begins, on a session in an unknown mode */
	SMD_END_DONE = 1,  /* success: prompt or pattern seen, command ended, action carried out */
	SMD_END_FAILURE = 2,  /* the failure pattern matched, or an exec status other than 0 */
	SMD_END_QUESTION = 3, /* a question with a verdict was asked */
	SMD_END_DEADLINE = 4, /* deadline passed; it is not known whether it acted */
	SMD_END_LOST = 5,     /* connection lost; it is not known whether it acted */
	SMD_END_OVERFLOW = 6  /* more output than the limit; the end was not seen */
};

/*
 * The answer to an action. Borrowed; valid until the stage function returns.
 *
 * exchange  Index of the exchange that ended it: the last one, or the one that failed.
 * out, err  Output of all exchanges of the action; err only if the protocol separates it. `cli`
 *           removes echo, prompts, escapes and carriage returns, other protocols change
 *           nothing. Both are foreign text with any bytes, and must not be shown without
 *           smd_sanitize (core sanitizes facts and messages of actions).
 * first     For each exchange, the index of its first line in `out`; `exchange + 1` elements.
 * failed    FAILURE: index in `out` (or in `err`, see failed_err) of the line that matched.
 * status    exec: exit status; -1: none (killed by a signal, lost).
 * prompt    cli: the prompt that ended it, else NULL.
 * question  QUESTION: index of the question.
 *
 * A protocol of remote calls (NETCONF, RFC 6241) returns the children of each reply in `out` as
 * the device wrote them, and each rpc-error as one line of `err`. The failure pattern is
 * matched against both, so a driver can tell warnings from errors; without a pattern, an
 * rpc-error of severity error is a failure.
 */
struct smd_answer {
	enum smd_end end;
	size_t exchange;
	const struct smd_text *out;
	const struct smd_text *err;
	const size_t *first;
	size_t failed;
	int failed_err;
	int status;
	const char *prompt;
	size_t question;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Kinds of actions. PUT and GET are answered by DONE or FAILURE; a PUT is journalled like an
 * exchange without READS. If the channel cannot transfer files, the stage fails. WAIT is
 * answered by DONE and keeps the session. Core limits neither the number of actions nor the
 * waits of a stage: the driver must limit its own tries.
 */
enum smd_act {
	SMD_ACT_EXCHANGE = 1,  /* send these exchanges, in order; stop at the first that fails */
	SMD_ACT_PUT = 2,       /* write a file on the device */
	SMD_ACT_GET = 3,       /* read a file of the device; the answer has its lines */
	SMD_ACT_RECONNECT = 4, /* close the session and open a new one; answer: DONE or LOST */
	SMD_ACT_WAIT = 5, /* be called again after `wait` milliseconds; only for a busy device */
	SMD_ACT_DONE = 6, /* the stage has succeeded */
	SMD_ACT_FAIL = 7  /* the stage has failed */
};

/*
 * The next action of a stage. Core clears it before each call. Strings are borrowed until the
 * next call; smd_run_printf makes such strings.
 */
struct smd_action {
	enum smd_act act;
	const struct smd_exchange *exchanges; /* EXCHANGE */
	size_t exchange_count;
	const char *path;            /* PUT, GET: path on the device */
	const struct smd_text *file; /* PUT: contents */
	uint32_t wait;               /* WAIT: milliseconds */
	enum smd_class reason;       /* FAIL: class */
	char message[256];           /* FAIL: message for users */
	const void *reserved[4];     /* zero, see abi.h */
};

/*
 * How sessions with a kind of device work.
 *
 * channel   Name of the channel plugin, as "ssh".
 * protocol  Name of the protocol plugin: "cli", "exec".
 * command   cli: command to start on the channel instead of a login shell; or NULL.
 * prompt    cli: PCRE2 matched at the end of the output. If it has a group 1, that text must
 *           stay the same for the whole session (the host name).
 * failure   PCRE2, as in an exchange; for exchanges without their own. NULL: none.
 * pager     cli: PCRE2 at the end of the output that asks for the next page; answered by a
 *           blank. NULL: none.
 * noise     PCRE2 for lines that may appear anywhere and are ignored (syslog). NULL: none.
 * window    cli: number of lines that may be sent without an answer yet; 0 or 1: one.
 * deadline  Milliseconds, for exchanges without their own; 0: 30 seconds.
 * limit     Maximum bytes of output of an answer; 0: 64 MiB.
 */
struct smd_session_profile {
	size_t size; /* sizeof(struct smd_session_profile) */
	const char *channel;
	const char *protocol;
	const char *command;
	const char *prompt;
	const char *failure;
	const char *pager;
	const char *noise;
	unsigned window;
	uint32_t deadline;
	size_t limit;
};

#ifdef __cplusplus
}
#endif
#endif
