/* SPDX-License-Identifier: Apache-2.0 */
/* What a ledger says, for tests. */
#ifndef SMD_TESTS_UNIT_LEDGERS_H
#define SMD_TESTS_UNIT_LEDGERS_H

#include <string.h>

#include "core/plan/ledger.h"

/* Is the configuration one of `count` owners of the node? */
static inline int owns(const struct smd_ledger *ledger, const char *path, const char *owner,
		       size_t count)
{
	const struct smd_ledger_row *row = smd_ledger_find(ledger, path);

	return row && row->owner_count == count && smd_ledger_row_owner(row, owner);
}

/* Is the configuration one of `count` owners of a number of the node? */
static inline int owns_number(const struct smd_ledger *ledger, const char *path, uint32_t number,
			      const char *owner, size_t count)
{
	const struct smd_ledger_row *row = smd_ledger_find(ledger, path);
	const struct smd_ledger_owner *part = row ? smd_ledger_row_owner(row, owner) : NULL;
	size_t owners = 0;

	for (size_t i = 0; row && i < row->owner_count; i++)
		owners += (size_t)smd_set_has(&row->owners[i].numbers, number);
	return part && owners == count && smd_set_has(&part->numbers, number);
}

static inline int same_row(const struct smd_ledger_row *a, const struct smd_ledger_row *b)
{
	if (a->foreign != b->foreign || !smd_set_equal(&a->foreign_numbers, &b->foreign_numbers) ||
	    a->owner_count != b->owner_count || !a->was != !b->was || a->was_size != b->was_size ||
	    (a->was && memcmp(a->was, b->was, a->was_size) != 0))
		return 0;
	for (size_t i = 0; i < a->owner_count; i++) {
		const struct smd_ledger_owner *part = smd_ledger_row_owner(b, a->owners[i].name);

		if (!part || !smd_set_equal(&part->numbers, &a->owners[i].numbers))
			return 0;
	}
	return 1;
}

/* Do both say the same, in any order? */
static inline int same_ledger(const struct smd_ledger *a, const struct smd_ledger *b)
{
	for (size_t i = 0; i < a->count; i++) {
		const struct smd_ledger_row *row = smd_ledger_find(b, a->rows[i].path);

		if (!row || !same_row(&a->rows[i], row))
			return 0;
	}
	return a->count == b->count;
}

#endif
