/* SPDX-License-Identifier: Apache-2.0 */
#include "heard.h"

#include <stdlib.h>
#include <string.h>

void smd_heard_done(struct smd_heard *heard)
{
	free(heard->sounds);
	*heard = (struct smd_heard){0};
}

void smd_heard_begin(struct smd_heard *heard, const char *run)
{
	heard->count = 0;
	heard->lost = 0;
	if (smd_word_copy(heard->run, run, strlen(run)) != 0)
		heard->run[0] = '\0';
}

static int same_tags(const struct smd_tags *a, const struct smd_tags *b)
{
	if (a->count != b->count)
		return 0;
	for (size_t i = 0; i < a->count; i++)
		if (a->tag[i].type != b->tag[i].type || a->tag[i].vlan != b->tag[i].vlan)
			return 0;
	return 1;
}

static struct smd_sound *find(struct smd_heard *heard, const char *label,
			      const struct smd_tags *tags)
{
	for (size_t i = 0; i < heard->count; i++)
		if (strcmp(heard->sounds[i].label, label) == 0 &&
		    same_tags(&heard->sounds[i].tags, tags))
			return &heard->sounds[i];
	return NULL;
}

static struct smd_sound *add(struct smd_heard *heard)
{
	if (heard->count == heard->room) {
		size_t room = heard->room ? heard->room * 2 : 64;
		struct smd_sound *sounds;

		if (room > SMD_HEARD_MOST)
			return NULL;
		sounds = reallocarray(heard->sounds, room, sizeof(*sounds));
		if (!sounds)
			return NULL;
		heard->sounds = sounds;
		heard->room = room;
	}
	return &heard->sounds[heard->count++];
}

void smd_heard_take(struct smd_heard *heard, const struct smd_frame *frame)
{
	struct smd_sound *sound;
	struct smd_mark mark;

	if (!heard->run[0] || frame->type != SMD_TYPE_MARK ||
	    smd_mark_parse(&mark, frame->body, frame->size) != 0 ||
	    strcmp(mark.run, heard->run) != 0)
		return;
	sound = find(heard, mark.label, &frame->tags);
	if (sound) {
		sound->count += sound->count < 1000000;
		return;
	}
	sound = add(heard);
	if (!sound) {
		heard->lost++;
		return;
	}
	memcpy(sound->label, mark.label, sizeof(sound->label));
	sound->tags = frame->tags;
	sound->count = 1;
}

/* Whether an earlier sound has the same label, in other tags. */
static int is_first(const struct smd_heard *heard, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (strcmp(heard->sounds[i].label, heard->sounds[index].label) == 0)
			return 0;
	return 1;
}

size_t smd_heard_labels(const struct smd_heard *heard, const char *prefix)
{
	size_t length = strlen(prefix), labels = 0;

	for (size_t i = 0; i < heard->count; i++)
		if (strncmp(heard->sounds[i].label, prefix, length) == 0 && is_first(heard, i))
			labels++;
	return labels;
}
