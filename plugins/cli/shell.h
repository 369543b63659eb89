/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One session with a device's command line.
 *
 * Three layers: clean.c makes rows of bytes; lines.c decides what a complete
 * row is (echo, output, noise) and tail.c what the open one is (question,
 * pager, prompt), both with prompt.c; shell.c carries the consequences: it
 * collects output, ends exchanges and sends the next.
 */
#ifndef SMD_PLUGINS_CLI_SHELL_H
#define SMD_PLUGINS_CLI_SHELL_H

#include <smartdeploy/protocol.h>

#include "../common/match.h"
#include "clean.h"

#define SMD_QUESTIONS 8      /* exchange.h: "at most 8" */
#define SMD_PROMPT_SIZE 512  /* room for a prompt, its lines above included */
#define SMD_LINE_LOOKED 4096 /* bytes of a line that patterns for lines see */

enum smd_phase {
	SMD_PHASE_IDLE = 0, /* no action; what comes is dropped */
	SMD_PHASE_COMING,   /* towards the first prompt */
	SMD_PHASE_ECHO,     /* something was typed and its echo is due */
	SMD_PHASE_OUTPUT
};

/* What becomes of the rest of a line too long for a row. */
enum smd_rest { SMD_REST_NONE = 0, SMD_REST_KEEP, SMD_REST_DROP };

struct smd_shell {
	const struct smd_session_profile *profile;
	struct smd_wire *wire;
	struct smd_regex_cache patterns;
	struct smd_regex *prompt, *profile_failure, *pager, *noise;
	size_t limit;
	int stream;

	struct smd_row row;
	struct smd_bytes line;    /* the row's text while it is looked at */
	struct smd_bytes held;    /* the last lines of output, which the prompt may include */
	struct smd_bytes subject; /* those and the row */
	size_t hold, held_lines;  /* at most so many; so many now */
	enum smd_rest rest;
	int wiped; /* the row held a pager's text: blanks at its end are leftovers */

	char host[256];           /* group 1 of the first prompt; empty: there is none */
	char at[SMD_PROMPT_SIZE]; /* the last prompt; before the first: the last line seen */
	int up;                   /* the first prompt has been seen */
	int gone;                 /* closed, or out of step: of no further use */
	int at_prompt;            /* the last thing that ended was ended by a prompt */
	int echoes;               /* the device has been seen to echo */

	/* The action. */
	enum smd_phase phase;
	const struct smd_exchange *exchanges;
	size_t count;
	struct smd_reply *reply;
	size_t current, sent; /* the one being answered; how many have been sent */
	size_t ahead;         /* the next one whose early echo may show up in output */
	size_t spent;         /* bytes of output */
	int stop;             /* a culprit is known: send nothing more */
	int done;             /* the answer is complete; to be told to core */

	/* The current exchange. */
	struct smd_regex *failure, *until, *question[SMD_QUESTIONS];
	const char *expect; /* what the echo shows */
	int insist;         /* no prompt counts before the echo */
	int fresh;          /* the echo was the last row: it may be drawn once more */
	int failed, asked;
	size_t failed_line, asked_which;
};

/* shell.c. Each returns 0 or an error; look at `phase` afterwards. */

/* Begin with exchange `current`: send it, and others as the window allows. */
int smd_shell_start(struct smd_shell *s, struct smd_error *error);
/* Add to the output; `ends`: the line is complete. */
int smd_shell_output(struct smd_shell *s, const char *text, size_t size, int ends,
		     struct smd_error *error);
/* The last `size` bytes held are no output. */
void smd_shell_unhold(struct smd_shell *s, size_t size);
/* The current exchange has its answer. */
int smd_shell_ended(struct smd_shell *s, struct smd_error *error);
/* Type `text` and the line end. */
int smd_shell_type(struct smd_shell *s, const char *text, struct smd_error *error);
/* The action is over, as `end` says (DONE: or as was noted before). */
void smd_shell_complete(struct smd_shell *s, enum smd_end end);
/* One that acts by itself, without a line end: Ctrl-C, Ctrl-D, Ctrl-Z. */
int smd_shell_is_key(const char *send);

/* lines.c: the row is complete, or (`ends` 0) full: deal with it and clear it. */
int smd_shell_row(struct smd_shell *s, int ends, struct smd_error *error);
/* tail.c: all bytes that have come are in the row: is it something that waits for us? */
int smd_shell_tail(struct smd_shell *s, struct smd_error *error);
/* prompt.c: before an action, for the device may have drawn its prompt anew since the last. */
int smd_shell_settle(struct smd_shell *s, struct smd_error *error);

#endif
