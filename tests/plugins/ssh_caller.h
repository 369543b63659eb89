/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller of the channel plugin `ssh`: an event loop over one socket that
 * does as the plugin wants, and what it was told.
 */
#ifndef SMD_TESTS_SSH_CALLER_H
#define SMD_TESTS_SSH_CALLER_H

#include <smartdeploy/plugin.h>

#include "sshd.h"
#include "test.h"

#define PATIENCE 60000 /* milliseconds until a test gives up */
#define KEPT 8192      /* bytes of output kept for looking at */
#define STREAMS 16
#define MEGABYTE ((size_t)1024 * 1024)

/* What a stream said. `taste` looks at its output, counting in `wrong` what it did not expect. */
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
	struct smd_settings *settings; /* those of the target, once an option is set */
	void *connection;
	int socket;
	int ready, err;
	struct smd_error error;
	struct heard heard[STREAMS];
	int close_on_output; /* the stream to close as soon as it says something */
	int awaited;
};

/* The server and the plugin of the program; set by caller_main. */
extern struct sshd sshd;
extern const struct smd_channel *channel;

/* Run the tests with a server; the program's exit status, 77 where there is none. */
int caller_main(const char *suite, CU_TestInfo *tests);

/* Connect and fill in the target: the server's known_hosts, its user, its user's key. */
void caller_prepare(struct caller *caller, const struct sshd *server);
/* Open and log in. Returns 0; else `err` and `error` of the caller tell. */
int caller_enter(struct caller *caller);
/* Both, at the program's server; it must work. */
void caller_let_in(struct caller *caller);
void caller_leave(struct caller *caller);
/* Set an option of the plugin; before it all are unset, and so nothing is kept alive. */
void caller_set_option(struct caller *caller, const char *name, const char *value);
/* Set a path of the target to a file of the server's folder, or to NULL. */
void caller_set_file(const char **place, const struct sshd *server, const char *name);

/*
 * Turn as the plugin wants it, until `done` says so. -1: the connection failed
 * (`err`, `error`); -2: that took too long.
 */
int caller_until(struct caller *caller, int (*done)(const struct caller *caller));
int caller_until_closed(struct caller *caller, int stream);
int caller_until_said(struct caller *caller, int stream);
int caller_never(const struct caller *caller);
/* Open a stream for a command; its number. */
int caller_exec(struct caller *caller, const char *command);

int64_t caller_now(void); /* milliseconds */
int caller_open_files(void);

#endif
