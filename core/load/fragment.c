/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/fragment.h"

static int parses_itself(const struct smd_language *language)
{
	return language->driver->parse || !language->dialect;
}

int smd_language_read_fragment(const struct smd_language *language, const struct smd_wanted *wanted,
			       struct smd_fragment *out, struct smd_error *error)
{
	if (!parses_itself(language))
		return smd_dialect_read_fragment(language->dialect, wanted, out, error);
	*out = (struct smd_fragment){NULL};
	return smd_language_parse(language, wanted->lines, &out->statements, error);
}

int smd_language_enter_absences(const struct smd_language *language, struct smd_tree *tree,
				const struct smd_text *absences, struct smd_error *error)
{
	if (parses_itself(language))
		return smd_fail(error, SMD_E_UNSUPPORTED,
				"driver \"%s\" has no commands that remove",
				language->driver->self.name);
	return smd_dialect_enter_absences(language->dialect, tree, absences, error);
}
