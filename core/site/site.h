/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A site: a controller's store with the inventory and topology in it, the drivers and plugins,
 * and the event loops for its devices.
 */
#ifndef SMD_SITE_SITE_H
#define SMD_SITE_SITE_H

#include "core/load/loader.h"
#include "core/model/model.h"
#include "core/run/connector.h"
#include "core/store/store_thread.h"

#define SMD_SITE_LOOPS 2

/*
 * home    Folder of the store.
 * loader  Drivers and plugins; borrowed, must outlive the site.
 * yang    Folder of the YANG modules.
 * mode    SMD_STORE_OWN to change anything, SMD_STORE_LOOK to read beside an owner.
 * existing  With SMD_STORE_OWN: a store that is not there is SMD_E_NOT_FOUND, and is not made.
 * blank   With SMD_STORE_LOOK: where there is no store, an empty one in memory is read.
 * clock, connector  Borrowed, must outlive the site; NULL: the machine's clock, and TCP.
 */
struct smd_site_spec {
	const char *home;
	struct smd_loader *loader;
	const char *yang;
	enum smd_store_mode mode;
	int existing, blank;
	struct smd_clock *clock;
	struct smd_connector *connector;
};

/* Constant while it is open, except by smd_site_set_documents. */
struct smd_site {
	char *home;                          /* folder of the store; NULL in tests that have none */
	int made;                            /* the store was made when it was opened */
	int blank;                           /* there is none: the store is an empty one */
	struct smd_loader *loader;           /* borrowed */
	struct smd_clock *clock;             /* borrowed */
	struct smd_connector *connector;     /* of all sessions */
	struct smd_connector *own_connector; /* the same, if it is the site's own; else NULL */
	struct smd_pool *pool;               /* for the loops' work */
	struct smd_model *model;
	struct smd_store_thread *store_thread;
	struct smd_inventory *inventory; /* may be empty, never NULL */
	struct smd_topology *topology;   /* may be empty, never NULL */
	/* Why the stored documents cannot be used (documents.h); code 0: they can. */
	struct smd_error documents_error;
	struct smd_loop *loops[SMD_SITE_LOOPS];
	char id[33];     /* random id of the store, made with it */
	uint8_t key[32]; /* key that signs plans, made with the store */
	/* Number of this owner among all that have acted with the store; 0: not taken yet */
	uint64_t epoch, epoch_revision;
	/* Revisions of the stored inventory and topology; 0: there is none, or it is unreadable */
	uint64_t inventory_revision, topology_revision;
};

/* Open a site. SMD_E_BUSY: another controller owns the store. */
int smd_site_open(const struct smd_site_spec *spec, struct smd_site **out, struct smd_error *error);
void smd_site_close(struct smd_site *site); /* NULL is fine */
/*
 * Take the owner's epoch, unless it is taken: add to `batch` the write that makes it lasting.
 * What an owner decides and sends is recorded with its epoch. Blocks; not on a loop's thread.
 */
int smd_site_epoch(struct smd_site *site, struct smd_batch *batch, struct smd_error *error);
/* Make the batch fail with SMD_E_CONFLICT if another owner has taken an epoch since. */
void smd_site_fence(const struct smd_site *site, struct smd_batch *batch);
/*
 * Check and store a new inventory, a new topology, or both (NULL: keep the stored one). Each is
 * checked against the other; all or nothing. SMD_E_INVALID: a rule is broken, or a device is given
 * a driver that cannot be loaded. SMD_E_CONFLICT: see in_use.h, or what is stored is no longer what
 * was read.
 */
int smd_site_set_documents(struct smd_site *site, const char *inventory, const char *topology,
			   struct smd_error *error);

#endif
