/* SPDX-License-Identifier: Apache-2.0 */
/* A transcript, parsed into lines. */
#ifndef SMD_TESTS_REPLAY_SCRIPT_H
#define SMD_TESTS_REPLAY_SCRIPT_H

#include <smartdeploy/error.h>
#include <smartdeploy/text.h>

enum word {
	WORD_DEVICE,
	WORD_TAG,
	WORD_TIMER,
	WORD_PAYLOAD, /* from here on: given by core */
	WORD_LOGIN,
	WORD_STAGE,
	WORD_DONE,
	WORD_FAIL,
	WORD_RESULT,
	WORD_PENDING,
	WORD_SEND,
	WORD_READ,
	WORD_MORE,
	WORD_TYPES,
	WORD_PUT,
	WORD_FILE,
	WORD_RECONNECT,
	WORD_WAIT, /* from here on: sent by the driver */
	WORD_SAYS,
	WORD_ERR,
	WORD_ASKS,
	WORD_PROMPT,
	WORD_END,
	WORD_LOST,
	WORD_DEADLINE,
	WORD_OVERFLOW, /* from here on: sent by the device */
	WORD_COUNT
};

struct line {
	enum word word;
	int gap;       /* there are blank lines or comments before it */
	size_t number; /* line number in the file, from 1 */
	const char *text;
};

struct script {
	const char *path;
	struct smd_text *file;
	struct line *lines;
	size_t count;
	const char *device, *tag;
	uint32_t timer;
	struct smd_text *payload;
};

/* Read a transcript; `path` is borrowed. script_done may be called after a failure, too. */
int script_read(struct script *script, const char *path, struct smd_error *error);
void script_done(struct script *script);
/* The line at index `at`; NULL beyond the end. */
const struct line *script_line(const struct script *script, size_t at);
const char *word_name(enum word word);

#endif
