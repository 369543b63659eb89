/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What users write: configurations, the inventory, the topology.
 *
 * Documents are JSON (RFC 7951) by the YANG modules under share/yang. A reader
 * validates the whole document and gives a plain structure, or one error that
 * names the document, the field (`where` has its path) and what is allowed.
 *
 * What a reader gives is the caller's, in one piece, and immutable by custom:
 * strings are never NULL (a leaf that is absent is ""), arrays are sorted as
 * said beside them. It holds no pointer into the model, which may be freed first.
 */
#ifndef SMD_MODEL_MODEL_H
#define SMD_MODEL_MODEL_H

#include <smartdeploy/text.h>

#include "core/base/cleanup.h"
#include "core/model/inventory.h"
#include "core/model/topology.h"

struct smd_path;
struct smd_tree;

/* The YANG modules, loaded. Immutable, so any number of threads may read documents by it. */
struct smd_model;

#define SMD_DOCUMENT_LIMIT ((size_t)16 * 1024 * 1024) /* bytes of one document */

/*
 * Load the modules from a folder. SMD_E_IO when there is no such folder or a
 * module in it cannot be read; the message has libyang's words. Sets libyang's
 * log options, which are the process's own, to keep errors instead of printing.
 */
int smd_model_new(const char *yang_dir, struct smd_model **out, struct smd_error *error);
void smd_model_free(struct smd_model *model); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_model *, smd_model_free);

enum smd_tagging { SMD_ACCESS = 1, SMD_TAGGED = 2 };

const char *smd_tagging_name(enum smd_tagging tagging); /* "access", "tagged" */

struct smd_endpoint {
	const char *device;
	const char *port;
	enum smd_tagging tagging;
};

/* One L2 broadcast domain. Endpoints are sorted by device, then port; there is at least one. */
struct smd_bridge_domain {
	const char *name;
	uint16_t vlan; /* 1 to 4094 (IEEE 802.1Q-2018, 9.6) */
	const char *description;
	const struct smd_endpoint *endpoints;
	size_t endpoint_count;
};

struct smd_native_device {
	const char *device;
	const struct smd_text *text; /* in the order given; a line may stand twice */
};

/* Lines of one or more devices, as the vendor writes them. Sorted by device. */
struct smd_native {
	const char *name;
	const struct smd_native_device *devices;
	size_t device_count;
};

enum smd_document_kind { SMD_DOCUMENT_BRIDGE_DOMAIN = 1, SMD_DOCUMENT_NATIVE = 2 };

/* A configuration. `name` is that of the member in use, `kind` says which that is. */
struct smd_document {
	enum smd_document_kind kind;
	const char *name;
	union {
		struct smd_bridge_domain domain;
		struct smd_native native;
	};
};

/*
 * Read a configuration of any kind. `what` is how messages call the document:
 * a file's name, "request". SMD_E_INVALID: it breaks a rule, or is no
 * configuration at all; SMD_E_NO_MEMORY beyond SMD_DOCUMENT_LIMIT. Any thread.
 */
int smd_document_read(const struct smd_model *model, const char *json, size_t size,
		      const char *what, struct smd_document **out, struct smd_error *error);
void smd_document_free(struct smd_document *document); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_document *, smd_document_free);

const char *smd_document_kind_name(enum smd_document_kind kind); /* "bridge-domain", "native" */

/*
 * What one device does in a bridge domain, in the shape that a driver's
 * `compose` takes (struct smd_service): its endpoints, and as tagged ports its
 * ends of the path's links. SMD_E_NOT_FOUND when it has no part in the domain.
 * The tree is the caller's.
 */
int smd_domain_part(const struct smd_bridge_domain *domain, const struct smd_path *path,
		    const char *device, struct smd_tree **out, struct smd_error *error);

#endif
