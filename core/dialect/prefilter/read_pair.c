/* SPDX-License-Identifier: Apache-2.0 */
/* Reads two texts for a comparison, without the chunks that they share. */
#include "core/dialect/prefilter/prefilter.h"
#include "core/tree/own.h"

void smd_tree_pair_done(struct smd_tree_pair *pair)
{
	smd_tree_free(pair->from);
	smd_tree_free(pair->to);
	free(pair->unread.uses);
	free(pair->unread.ranges);
	*pair = (struct smd_tree_pair){NULL};
}

/* Read both without skipped chunks. 1: the prefilter was mistaken, the texts must be read whole. */
static int read_filtered(struct smd_grammar *grammar, const struct smd_text *running,
			 const struct smd_text *intended, struct smd_read_notes notes[2],
			 struct smd_tree_pair *out, struct smd_error *error)
{
	smd_cleanup(smd_prefilter_free) struct smd_prefilter *prefilter = NULL;
	int err = smd_prefilter_new(grammar, running, intended, &prefilter);

	if (err)
		return smd_fail(error, err, "no memory for a configuration");
	err = smd_read_noted(grammar, running, smd_prefilter_skips(prefilter, 0), notes, &out->from,
			     error);
	if (!err)
		err = smd_read_noted(grammar, intended, smd_prefilter_skips(prefilter, 1),
				     notes ? &notes[1] : NULL, &out->to, error);
	if (err)
		return err;
	if (smd_prefilter_clashes(prefilter, out->from) ||
	    smd_prefilter_clashes(prefilter, out->to))
		return 1;
	out->partial = smd_prefilter_skips(prefilter, 0) != NULL;
	out->unread = smd_prefilter_take_unread(prefilter, running);
	return 0;
}

int smd_read_pair(struct smd_grammar *grammar, const struct smd_text *running,
		  const struct smd_text *intended, struct smd_read_notes notes[2],
		  struct smd_tree_pair *out, struct smd_error *error)
{
	int err = read_filtered(grammar, running, intended, notes, out, error);

	if (err <= 0)
		return err;
	smd_tree_pair_done(out);
	err = smd_read_noted(grammar, running, NULL, notes, &out->from, error);
	return err ? err
		   : smd_read_noted(grammar, intended, NULL, notes ? &notes[1] : NULL, &out->to,
				    error);
}
