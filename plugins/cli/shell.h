/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A session with a device's command line, in three layers. clean.c turns bytes into rows.
 * lines.c classifies a complete row (echo, output, noise) and tail.c an incomplete one
 * (question, pager, prompt), both with prompt.c. shell.c acts on that: it collects output, ends
 * exchanges and sends the next ones.
 */
#ifndef SMD_PLUGINS_CLI_SHELL_H
#define SMD_PLUGINS_CLI_SHELL_H

#include <smartdeploy/protocol.h>

#include "../common/match.h"
#include "clean.h"

#define SMD_QUESTIONS 8      /* maximum of an exchange, see exchange.h */
#define SMD_PROMPT_SIZE 512  /* maximum length of a prompt, with its lines above */
#define SMD_LINE_LOOKED 4096 /* bytes of a line against which patterns are matched */

enum smd_phase {
	SMD_PHASE_IDLE = 0, /* no action; bytes that arrive are dropped */
	SMD_PHASE_COMING,   /* waiting for the first prompt */
	SMD_PHASE_ECHO,     /* something was typed, its echo is expected */
	SMD_PHASE_OUTPUT
};

/* What to do with the rest of a line too long for a row. */
enum smd_rest { SMD_REST_NONE = 0, SMD_REST_KEEP, SMD_REST_DROP };

struct smd_shell {
	const struct smd_session_profile *profile;
	struct smd_wire *wire;
	struct smd_regex_cache patterns;
	struct smd_regex *prompt, *profile_failure, *pager, *noise;
	size_t limit;
	int stream;

	struct smd_row row;
	struct smd_bytes line;    /* buffer for the row's text */
	struct smd_bytes held;    /* last output lines; may belong to a prompt */
	struct smd_bytes subject; /* buffer: `held` and the row, for the prompt's pattern */
	size_t hold, held_lines;  /* maximum number of held lines; present number */
	enum smd_rest rest;
	int wiped; /* the row had a pager's text: blanks at its end come from erasing it */

	char host[256];           /* group 1 of the first prompt, the host name; "": none */
	char at[SMD_PROMPT_SIZE]; /* last prompt; before the first one, the last line */
	int up;                   /* the first prompt has been seen */
	int gone;                 /* closed or out of step: the session cannot be used */
	int at_prompt;            /* the last exchange was ended by a prompt */
	int echoes;               /* the device has echoed at least once */

	/* The current action. */
	enum smd_phase phase;
	const struct smd_exchange *exchanges;
	size_t count;
	struct smd_reply *reply;
	size_t current, sent; /* index of the exchange being answered; number sent */
	size_t ahead;         /* index of the next exchange whose echo may appear in output */
	size_t spent;         /* bytes of output so far */
	int stop;             /* an exchange has failed: send nothing more */
	int done;             /* the answer is complete, core is to be told */

	/* The current exchange. */
	struct smd_regex *failure, *until, *question[SMD_QUESTIONS];
	const char *expect; /* the text that the echo shows */
	int insist;         /* a prompt does not count before the echo */
	int fresh;          /* the echo was the last row, so it may be drawn again */
	int failed, asked;
	size_t failed_line, asked_which;
};

/* shell.c. Functions that return int return 0 or an error; they may change `phase`. */

/* Begin exchange `current`: send it, and following ones as the window allows. */
int smd_shell_start(struct smd_shell *s, struct smd_error *error);
/* Add text to the output. `ends`: the line is complete. */
int smd_shell_output(struct smd_shell *s, const char *text, size_t size, int ends,
		     struct smd_error *error);
/* Drop the last `size` bytes of the held lines: they are a prompt's. */
void smd_shell_unhold(struct smd_shell *s, size_t size);
/* End the current exchange: its answer is complete. */
int smd_shell_ended(struct smd_shell *s, struct smd_error *error);
/* Type `text` and a line end. */
int smd_shell_type(struct smd_shell *s, const char *text, struct smd_error *error);
/* End the action. `end` DONE: with a failure if one was recorded. */
void smd_shell_complete(struct smd_shell *s, enum smd_end end);
/* Is it a key that acts without a line end: Ctrl-C, Ctrl-D, Ctrl-Z? */
int smd_shell_is_key(const char *send);

/* lines.c: process the row, which is complete or (`ends` 0) full, and clear it. */
int smd_shell_row(struct smd_shell *s, int ends, struct smd_error *error);
/* tail.c: all bytes so far are in the row: is it a question, pager text or prompt? */
int smd_shell_tail(struct smd_shell *s, struct smd_error *error);
/* prompt.c: before an action, skip a prompt that was drawn again since the last one. */
int smd_shell_settle(struct smd_shell *s, struct smd_error *error);

#endif
