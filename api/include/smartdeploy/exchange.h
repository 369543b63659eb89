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

/* Why something failed, in the words on which core acts. */
enum smd_class {
	SMD_CLASS_NONE = 0,
	SMD_CLASS_REFUSED = 1,    /* the device said no and did nothing with it */
	SMD_CLASS_CONFLICT = 2,   /* somebody else is in the way: dirty candidate, foreign commit */
	SMD_CLASS_BUSY = 3,       /* locked or overloaded: try again */
	SMD_CLASS_UNKNOWN = 4,    /* it may have acted: reconnect and read */
	SMD_CLASS_INVALID = 5,    /* a fault of ours: core or driver was given what cannot be */
	SMD_CLASS_DENIED = 6,     /* our login may not do that: enable refused, privilege too low */
	SMD_CLASS_UNSUPPORTED = 7 /* another product, release or answer than the driver knows */
};

/*
 * A question the device may ask while it answers.
 *
 * pattern   PCRE2, matched at the tail of the output.
 * answer    What is typed, without the line end; NULL: nothing is sent and the
 *           exchange ends with SMD_END_QUESTION.
 * verdict   SMD_CLASS_NONE: go on as if nothing was asked. Otherwise the
 *           exchange ends, after the answer, with SMD_END_QUESTION.
 */
struct smd_question {
	const char *pattern;
	const char *answer;
	enum smd_class verdict;
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * READS     Cannot change configuration, candidate or lock; it is not journalled.
 *           Every other exchange is recorded durably before it is sent (law 7), and
 *           refused in a stage that only reads (attach, fetch, probe).
 * BARRIER   It may ask, or the next prompt cannot be known: nothing follows it
 *           before its answer.
 * SECRET    `send` and `input` are masked wherever they are shown.
 */
enum smd_exchange_flag { SMD_X_READS = 1, SMD_X_BARRIER = 2, SMD_X_SECRET = 4 };

/*
 * One thing said and its answer.
 *
 * send       What is said, without a line end: a CLI line, a command, an RPC.
 * input      exec only: bytes for standard input, followed by its end; or NULL.
 * until      PCRE2 matched at the tail of the output; it ends the answer. NULL:
 *            the protocol's own end (the prompt; the end of the command).
 * failure    PCRE2 matched against each line (and, for exec, each line of
 *            stderr), anchored at its start: the device refuses. NULL: the
 *            session profile's own pattern.
 * questions  At most 8.
 * deadline   Milliseconds from the moment the exchange is the outstanding one; 0:
 *            the profile's own.
 * shown      What people are told was said, and then nothing of the answer, which
 *            may repeat it; NULL: `send`.
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

/* Why an answer ended. */
enum smd_end {
	SMD_END_START = 0, /* no answer: the stage begins, on a session in an unknown mode */
	SMD_END_DONE = 1,  /* as asked: prompt or pattern seen, command ended, action carried out */
	SMD_END_FAILURE = 2,  /* the failure pattern matched, or an exec status other than 0 */
	SMD_END_QUESTION = 3, /* a question with a verdict was asked */
	SMD_END_DEADLINE = 4, /* no end in time; whether it acted is not known */
	SMD_END_LOST = 5,     /* the connection is gone; whether it acted is not known */
	SMD_END_OVERFLOW = 6  /* more output than the bound; the end was not seen */
};

/*
 * What came back for an action. Borrowed; valid until the stage function
 * returns.
 *
 * exchange   Index of the exchange at which it ended: the last, or the culprit.
 * out, err   Output of all exchanges of the action, err where the protocol knows
 *            such. `cli` takes echo, prompts, escapes and carriage returns away;
 *            the other protocols hand on what the device wrote. Either is foreign
 *            text: any bytes may be in it, and it is not to be shown uncleaned
 *            (smd_sanitize; core sanitizes facts and the messages of actions).
 * first      For each exchange, the index of its first line in `out`;
 *            `exchange + 1` numbers.
 * failed     FAILURE: index in `out` (or `err`, see failed_err) of the line that matched.
 * status     exec: exit status; -1: none came (killed by a signal, lost).
 * prompt     cli: the prompt that ended it, else NULL.
 * question   QUESTION: index of the question.
 *
 * A protocol of remote calls (NETCONF, RFC 6241) answers with the children of each
 * reply in `out` as the device wrote them, and with each rpc-error, whole, as one
 * line of `err`. The failure pattern is matched against both, so a driver tells
 * warnings from errors; without a pattern, an rpc-error of severity error is one.
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
 * PUT and GET are answered by DONE or FAILURE; a PUT is recorded as an exchange
 * that does not only read. Where the channel transfers no files the stage fails.
 * WAIT is answered by DONE and keeps the session. Neither the number of actions
 * nor the waits of a stage are bounded by core: the driver bounds its own tries.
 */
enum smd_act {
	SMD_ACT_EXCHANGE = 1,  /* say these, in order; stop at the first that fails */
	SMD_ACT_PUT = 2,       /* write a file on the device */
	SMD_ACT_GET = 3,       /* read a file of the device; its lines are the answer */
	SMD_ACT_RECONNECT = 4, /* drop the session, open a new one; answer: DONE or LOST */
	SMD_ACT_WAIT = 5,      /* call again after `wait` milliseconds: for a busy device only */
	SMD_ACT_DONE = 6,      /* the stage is complete */
	SMD_ACT_FAIL = 7       /* the stage failed */
};

/*
 * What to do next. Core clears it before each call. Strings are borrowed until
 * the next call; smd_run_printf makes such.
 */
struct smd_action {
	enum smd_act act;
	const struct smd_exchange *exchanges; /* EXCHANGE */
	size_t exchange_count;
	const char *path;            /* PUT, GET: on the device */
	const struct smd_text *file; /* PUT */
	uint32_t wait;               /* WAIT */
	enum smd_class reason;       /* FAIL */
	char message[256];           /* FAIL: in a user's words */
	const void *reserved[4];     /* zero, see abi.h */
};

/*
 * How sessions with a kind of device are held.
 *
 * channel    Name of the channel plugin, as "ssh".
 * protocol   Name of the protocol plugin: "cli", "exec".
 * command    What is started on the channel instead of a login shell (cli), or NULL.
 * prompt     cli: PCRE2 matched at the tail of the output. Group 1, if there
 *            is one, must stay the same for the whole session (the host's name).
 * failure    PCRE2, as in an exchange; for those that name none. NULL: none.
 * pager      cli: PCRE2 at the tail that asks for the next page; answered by a blank. NULL: none.
 * noise      PCRE2 for lines that may land anywhere and mean nothing (syslog). NULL: none.
 * window     cli: lines sent ahead of their answers; 0 or 1: none ahead.
 * deadline   Milliseconds, for exchanges that name none; 0: 30 seconds.
 * limit      Bytes of output an answer may have; 0: 64 MiB.
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
