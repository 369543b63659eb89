/* SPDX-License-Identifier: Apache-2.0 */
/* What has been heard of one run: how often each label came, and in what tags. */
#ifndef SMD_PROBE_HEARD_H
#define SMD_PROBE_HEARD_H

#include "frame.h"

#define SMD_HEARD_MOST 8192

struct smd_sound {
	char label[SMD_WORD];
	struct smd_tags tags;
	unsigned count;
};

/* {0} hears nothing. `lost`: so many frames may have come that are not counted here. */
struct smd_heard {
	char run[SMD_WORD]; /* "": none */
	struct smd_sound *sounds;
	size_t count, room;
	uint64_t lost;
};

void smd_heard_done(struct smd_heard *heard);
/* Forget everything; from now on count the frames of `run`, a word. */
void smd_heard_begin(struct smd_heard *heard, const char *run);
/* Count a frame, if it is one of the run. */
void smd_heard_take(struct smd_heard *heard, const struct smd_frame *frame);
/* How many different labels that begin with `prefix` were heard. */
size_t smd_heard_labels(const struct smd_heard *heard, const char *prefix);

#endif
