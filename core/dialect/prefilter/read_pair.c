/* SPDX-License-Identifier: Apache-2.0 */
/* Two texts read to be compared, but for what they have in common. */
#include "core/dialect/prefilter/prefilter.h"
#include "core/tree/own.h"

/* Read both, but for what they have in common; 1: that is not what it seemed to be. */
static int read_filtered(struct smd_grammar *grammar, const struct smd_text *running,
			 const struct smd_text *intended, struct smd_tree **from,
			 struct smd_tree **to, struct smd_error *error)
{
	smd_cleanup(smd_prefilter_free) struct smd_prefilter *prefilter = NULL;
	int err = smd_prefilter_new(grammar, running, intended, &prefilter);

	if (err)
		return smd_fail(error, err, "no memory for a configuration");
	err = smd_read_text(grammar, running, smd_prefilter_skips(prefilter, 0), from, error);
	if (!err)
		err = smd_read_text(grammar, intended, smd_prefilter_skips(prefilter, 1), to,
				    error);
	if (!err &&
	    (smd_prefilter_clashes(prefilter, *from) || smd_prefilter_clashes(prefilter, *to)))
		err = 1;
	return err ? err : smd_prefilter_note_uses(prefilter, *from);
}

int smd_read_pair(struct smd_grammar *grammar, const struct smd_text *running,
		  const struct smd_text *intended, struct smd_tree **from, struct smd_tree **to,
		  struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *a = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *b = NULL;
	int err = read_filtered(grammar, running, intended, &a, &b, error);
	if (err > 0) {
		smd_tree_free(smd_take(a));
		smd_tree_free(smd_take(b));
		err = smd_read_text(grammar, running, NULL, &a, error);
		if (!err)
			err = smd_read_text(grammar, intended, NULL, &b, error);
	}
	if (err)
		return err;
	*from = smd_take(a);
	*to = smd_take(b);
	return 0;
}
