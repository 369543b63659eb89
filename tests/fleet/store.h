/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose records lie in a block of fixed size without pointers, so that it outlives the
 * process that writes it and can be copied as bytes. Records are kept sorted by an index;
 * values that were replaced are squeezed out when there is no room.
 */
#ifndef TESTS_FLEET_STORE_H
#define TESTS_FLEET_STORE_H

#include <smartdeploy/plugin.h>

enum store_fault {
	STORE_GOOD = 0,
	STORE_FULL = 1,            /* SMD_E_IO, nothing written */
	STORE_UNKNOWN_WRITTEN = 2, /* SMD_E_UNKNOWN, written */
	STORE_UNKNOWN_LOST = 3,    /* SMD_E_UNKNOWN, not written */
	STORE_CROWDED = 4          /* there is no room but what was kept: then SMD_E_IO */
};

/*
 * owner    Process that has it open in mode OWN; 0: none.
 * applies  Number of calls of apply so far.
 * fault    What goes wrong with apply number `fault_at` (and all later ones if `always`).
 * unreadable  Table that cannot be read, SMD_E_IO; "": all can.
 * kept     Bytes that `reserve` keeps; spare: those of them that were needed and not used yet.
 * size     Bytes of the block, this structure included; used: of them, with the index.
 */
struct store_block {
	int32_t owner;
	unsigned applies;
	unsigned fault_at;
	enum store_fault fault;
	int always;
	char unreadable[16];
	unsigned readers;
	size_t kept, spare;
	size_t size, used;
	size_t count, room; /* records, and places in the index */
	uint32_t index[];
};

#define STORE_RECORDS 16384

/* `size` must exceed the index; the block is empty afterwards. */
void store_init(struct store_block *block, size_t size);
/* Returns the value, which is not terminated, or NULL; for tests. */
const char *store_get(const struct store_block *block, const char *table, const char *key,
		      size_t *size);

/* Called for each record that is written, where it is written; NULL: nobody watches. */
extern void (*store_watch)(const struct smd_store_item *item);

extern const struct smd_store fleet_store;

#endif
