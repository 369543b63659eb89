/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/read/read.h"
#include "core/tree/own.h"

int smd_read_text(struct smd_grammar *grammar, const struct smd_text *text,
		  const struct smd_skips *skips, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	int err;

	if (smd_tree_new(&tree))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	if (smd_grammar_dialect(grammar)->family == SMD_FAMILY_BRACED)
		err = smd_read_braced(grammar, text, NULL, tree, error);
	else
		err = smd_read_indented(grammar, text, skips, NULL, tree, error);
	if (!err)
		*out = smd_take(tree);
	return err;
}

int smd_read_noted(struct smd_grammar *grammar, const struct smd_text *text,
		   const struct smd_skips *skips, struct smd_read_notes *notes,
		   struct smd_tree **out, struct smd_error *error)
{
	int err;

	if (notes)
		*notes = (struct smd_read_notes){.passed_over = {0}};
	smd_grammar_set_notes(grammar, notes);
	err = smd_read_text(grammar, text, skips, out, error);
	smd_grammar_set_notes(grammar, NULL);
	return err;
}
