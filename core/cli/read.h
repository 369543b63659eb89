/* SPDX-License-Identifier: Apache-2.0 */
/* Text of each family to tree. */
#ifndef SMD_CLI_READ_H
#define SMD_CLI_READ_H

#include "core/cli/statement.h"

int smd_read_indented(struct smd_grammar *grammar, const struct smd_text *text,
		      struct smd_tree *tree, struct smd_error *error);
int smd_read_braced(struct smd_grammar *grammar, const struct smd_text *text, struct smd_tree *tree,
		    struct smd_error *error);

#endif
