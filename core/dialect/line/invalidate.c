/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/invalidate.h"

void smd_invalidator_init(struct smd_invalidator *invalidator, const struct smd_rule_match *match)
{
	*invalidator = (struct smd_invalidator){
		.compiled = smd_match_invalidates(match) ? match->form->compiled : NULL};
	for (unsigned place = 1; invalidator->compiled && place <= SMD_WILDCARDS; place++) {
		struct smd_span there =
			smd_captures_place(&match->form->pattern, &match->captures, place);

		invalidator->places[place] =
			there.length ? smd_hash_wide(there.at, there.length) : 0;
	}
}

/* Whether the line has at each `$1` of the pattern what the invalidator has at that place. */
static int captures_agree(const struct smd_invalidator *invalidator,
			  const struct smd_pattern *pattern, const struct smd_captures *captures)
{
	for (size_t i = 0; i < pattern->count; i++) {
		uint64_t wanted = invalidator->places[pattern->tokens[i].place];

		if (wanted && smd_hash_wide(captures->at[i].at, captures->at[i].length) != wanted)
			return 0;
	}
	return 1;
}

int smd_invalidator_removes(const struct smd_invalidator *invalidator,
			    const struct smd_words *words)
{
	const struct smd_compiled_rule *compiled = invalidator->compiled;
	struct smd_captures captures;

	for (size_t i = 0; compiled && i < compiled->invalidate_count; i++)
		if (smd_pattern_matches(&compiled->invalidates[i], words, 0, 1, &captures) &&
		    captures_agree(invalidator, &compiled->invalidates[i], &captures))
			return 1;
	return 0;
}
