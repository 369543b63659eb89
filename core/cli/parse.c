/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/read.h"
#include "core/tree/own.h"

int smd_dialect_parse(const struct smd_dialect *dialect, const struct smd_text *text,
		      struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	int err = smd_grammar_new(dialect, &grammar, error);

	if (err)
		return err;
	if (smd_tree_new(&tree))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
	if (smd_grammar_dialect(grammar)->family == SMD_FAMILY_BRACED)
		err = smd_read_braced(grammar, text, tree, error);
	else
		err = smd_read_indented(grammar, text, tree, error);
	if (!err)
		*out = smd_take(tree);
	return err;
}

unsigned smd_dialect_likeness(const struct smd_dialect *dialect, const struct smd_text *text)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;

	return smd_grammar_new(dialect, &grammar, NULL) ? 0 : smd_grammar_likeness(grammar, text);
}
