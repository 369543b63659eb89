/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller of the channel plugin `ssh`: an event loop for one socket that does what the plugin
 * wants, and records its events.
 */
#ifndef SMD_TESTS_SSH_CALLER_H
#define SMD_TESTS_SSH_CALLER_H

#include <smartdeploy/plugin.h>

#include "sshd.h"
#include "test.h"

#define PATIENCE 60000 /* milliseconds until a test fails */
#define KEPT 8192      /* bytes of output that are kept */
#define STREAMS 16
#define MEGABYTE ((size_t)1024 * 1024)

/* The events of a stream. `taste` checks its output and counts unexpected bytes in `wrong`. */
struct heard {
	int opened, closed, status, statuses;
	char out[KEPT], err[KEPT], why[256];
	size_t out_size, err_size;
	void (*taste)(struct heard *heard, const char *bytes, size_t size);
	size_t wrong;
	uint64_t next;
	char word[24];
	const char *at;
};

struct caller {
	struct smd_channel_sink sink;
	struct smd_channel_target target;
	struct smd_settings *settings; /* the target's settings, once an option is set */
	void *connection;
	int socket;
	int ready, err;
	struct smd_error error;
	struct heard heard[STREAMS];
	int close_on_output; /* number of a stream to close as soon as it has output */
	int awaited;
};

/* The test program's server and plugin; set by caller_main. */
extern struct sshd sshd;
extern const struct smd_channel *channel;

/* Start a server and run the tests. Returns the exit status, 77 if there is no server. */
int caller_main(const char *suite, CU_TestInfo *tests);

/* Connect, and fill in the target with the server's known_hosts, user and user's key. */
void caller_prepare(struct caller *caller, const struct sshd *server);
/* Open the channel and log in. Returns 0, or an error, see the caller's `err` and `error`. */
int caller_enter(struct caller *caller);
/* Connect to the program's server and log in; the test fails otherwise. */
void caller_let_in(struct caller *caller);
void caller_leave(struct caller *caller);
/*
 * Set an option of the plugin. Before the first call no option is set, and so no keepalive is
 * sent.
 */
void caller_set_option(struct caller *caller, const char *name, const char *value);
/* Set a path in the target to a file of the server's folder, or to NULL. */
void caller_set_file(const char **place, const struct sshd *server, const char *name);

/*
 * Run the event loop until `done` returns true. -1: the connection failed (see `err`, `error`);
 * -2: timeout.
 */
int caller_until(struct caller *caller, int (*done)(const struct caller *caller));
int caller_until_closed(struct caller *caller, int stream);
int caller_until_said(struct caller *caller, int stream);
int caller_never(const struct caller *caller);
/* Open a stream for a command; returns its number. */
int caller_exec(struct caller *caller, const char *command);

int64_t caller_now(void); /* milliseconds */
int caller_open_files(void);

#endif
