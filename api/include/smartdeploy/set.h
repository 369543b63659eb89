/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sets of numbers, kept as sorted ranges: VLAN lists such as `10,20-29`.
 */
#ifndef SMARTDEPLOY_SET_H
#define SMARTDEPLOY_SET_H

#include <smartdeploy/error.h>

#ifdef __cplusplus
extern "C" {
#endif

struct smd_range {
	uint32_t first, last; /* both included; first <= last */
};

/*
 * Ranges are sorted, disjoint and not adjacent. {0} is the empty set. The layout
 * is fixed for the major version.
 */
struct smd_set {
	struct smd_range *ranges;
	size_t count;
	size_t room;
};

SMD_EXPORT void smd_set_done(struct smd_set *set); /* frees the ranges; leaves it empty */

/* Each returns 0 or SMD_E_NO_MEMORY (the set is then as it was). */
SMD_EXPORT int smd_set_add(struct smd_set *set, uint32_t first, uint32_t last);
SMD_EXPORT int smd_set_remove(struct smd_set *set, uint32_t first, uint32_t last);
SMD_EXPORT int smd_set_copy(struct smd_set *out, const struct smd_set *from);
/* out = a without b; `out` must be neither. */
SMD_EXPORT int smd_set_minus(struct smd_set *out, const struct smd_set *a, const struct smd_set *b);

SMD_EXPORT int smd_set_has(const struct smd_set *set, uint32_t number);
SMD_EXPORT int smd_set_equal(const struct smd_set *a, const struct smd_set *b);
SMD_EXPORT uint64_t smd_set_size(const struct smd_set *set); /* how many numbers */

/*
 * Parse `1,10-20`, blanks allowed around commas, any order, overlaps allowed.
 * Empty text is the empty set. SMD_E_INVALID names the word that is no number
 * or range. `length` bytes of `text` are read.
 */
SMD_EXPORT int smd_set_parse(struct smd_set *out, const char *text, size_t length,
			     struct smd_error *error);
/* Write `1,10-20` and a NUL. Returns the length it needs without the NUL, as snprintf does. */
SMD_EXPORT size_t smd_set_format(const struct smd_set *set, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
