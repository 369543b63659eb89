/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A protocol turns exchanges into bytes and bytes into answers, over any
 * channel. It holds the state of one session and never waits: core feeds it
 * what arrives and keeps its deadlines.
 */
#ifndef SMARTDEPLOY_PROTOCOL_H
#define SMARTDEPLOY_PROTOCOL_H

#include <smartdeploy/channel.h>
#include <smartdeploy/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a protocol may ask of its session; core's side. Errors end the session by themselves. */
struct smd_wire {
	/* Open a stream; several may be open. Its number; events of it come to `event`. */
	int (*open)(struct smd_wire *wire, enum smd_stream_kind kind, const char *command);
	void (*write)(struct smd_wire *wire, int stream, const char *bytes, size_t size);
	void (*finish)(struct smd_wire *wire, int stream);
	void (*close)(struct smd_wire *wire, int stream);
};

/* The answer in the making; the protocol fills it, core lends it to the driver. */
struct smd_reply {
	struct smd_text *out;
	struct smd_text *err;
	size_t *first; /* room for one more than the exchanges of the action */
	struct smd_answer answer;
};

enum smd_progress {
	SMD_PROGRESS_MORE = 0, /* the answer is not complete */
	SMD_PROGRESS_DONE = 1  /* reply->answer is complete; nothing is outstanding */
};

struct smd_protocol {
	/* `profile`, and `settings` of this plugin's options, outlive the session. */
	int (*open)(const struct smd_session_profile *profile, const struct smd_settings *settings,
		    struct smd_wire *wire, void **session, struct smd_error *error);
	void (*close)(void *session); /* NULL is fine */
	/*
	 * Begin an action. `count` 0: come up, that is, get to the first prompt;
	 * it is always the first action of a session. `exchanges` and `reply`
	 * stay valid until the answer is complete or the session closed. May
	 * complete at once. Returns an enum smd_progress or an error.
	 */
	int (*begin)(void *session, const struct smd_exchange *exchanges, size_t count,
		     struct smd_reply *reply, struct smd_error *error);
	/* A stream's event (never READY). Returns as `begin` does. */
	int (*event)(void *session, enum smd_channel_event event, int stream, const char *bytes,
		     size_t size, int number, struct smd_error *error);
	/*
	 * The exchange that is outstanding now, as an index, for core's deadline
	 * of it: core restarts the clock whenever the index grows.
	 */
	size_t (*outstanding)(void *session);
};

#ifdef __cplusplus
}
#endif
#endif
