/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The protocol interface: a plugin that turns exchanges into bytes and bytes into answers, over
 * any channel. It holds the state of one session and never blocks: core passes it the bytes
 * that arrive, and keeps the deadlines.
 */
#ifndef SMARTDEPLOY_PROTOCOL_H
#define SMARTDEPLOY_PROTOCOL_H

#include <smartdeploy/channel.h>
#include <smartdeploy/exchange.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a protocol can ask of core for its session. After an error core ends the session. */
struct smd_wire {
	/* Open a stream; several may be open. Returns its number; its events go to `event`. */
	int (*open)(struct smd_wire *wire, enum smd_stream_kind kind, const char *command);
	void (*write)(struct smd_wire *wire, int stream, const char *bytes, size_t size);
	void (*finish)(struct smd_wire *wire, int stream);
	void (*close)(struct smd_wire *wire, int stream);
};

/* The answer under construction: filled by the protocol, lent by core to the driver. */
struct smd_reply {
	struct smd_text *out;
	struct smd_text *err;
	size_t *first; /* array with room for one element more than the action has exchanges */
	struct smd_answer answer;
};

enum smd_progress {
	SMD_PROGRESS_MORE = 0, /* the answer is not complete yet */
	SMD_PROGRESS_DONE = 1  /* reply->answer is complete, nothing is outstanding */
};

struct smd_protocol {
	/* Begin a session. `profile` and `settings` (this plugin's options) outlive it. */
	int (*open)(const struct smd_session_profile *profile, const struct smd_settings *settings,
		    struct smd_wire *wire, void **session, struct smd_error *error);
	void (*close)(void *session); /* NULL is fine */
	/*
	 * Begin an action. `count` 0: get to the first prompt; this is the first action of
	 * every session. `exchanges` and `reply` stay valid until the answer is complete or the
	 * session closed. The answer may be complete at once. Returns an enum smd_progress or
	 * an error.
	 */
	int (*begin)(void *session, const struct smd_exchange *exchanges, size_t count,
		     struct smd_reply *reply, struct smd_error *error);
	/* An event of a stream (never READY). Returns as `begin` does. */
	int (*event)(void *session, enum smd_channel_event event, int stream, const char *bytes,
		     size_t size, int number, struct smd_error *error);
	/*
	 * The index of the exchange that is outstanding now. Core restarts the deadline
	 * whenever it grows.
	 */
	size_t (*outstanding)(void *session);
};

#ifdef __cplusplus
}
#endif
#endif
