/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that users write: configurations, the inventory, the topology.
 *
 * They are JSON (RFC 7951) with the YANG modules under share/yang. A read function validates
 * the whole document and returns a plain structure, or one error that names the document, the
 * field (its path in `where`) and what is allowed.
 *
 * The structure belongs to the caller, is one block of memory and must not be changed. Strings
 * are never NULL (a missing leaf is ""); arrays are sorted as documented. It holds no pointer
 * into the model, which may be freed first.
 */
#ifndef SMD_MODEL_MODEL_H
#define SMD_MODEL_MODEL_H

#include <smartdeploy/text.h>

#include "core/base/cleanup.h"
#include "core/model/inventory.h"
#include "core/model/topology.h"

struct smd_path;
struct smd_tree;

/* The YANG modules. Any number of threads may read documents with it. */
struct smd_model;

#define SMD_DOCUMENT_LIMIT ((size_t)16 * 1024 * 1024) /* maximum bytes of one document */

/*
 * Use the YANG modules of a folder. They are loaded when the first document is validated; that
 * fails with SMD_E_IO if a module cannot be read, and its message contains libyang's. Loading also
 * changes libyang's log options, which belong to the whole process, so that it keeps errors instead
 * of printing them. SMD_E_IO: there is no such folder.
 */
int smd_model_new(const char *yang_dir, struct smd_model **out, struct smd_error *error);
void smd_model_free(struct smd_model *model); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_model *, smd_model_free);

/*
 * A stored document: its record, with what was checked when it was written in a form that is read
 * without the YANG modules, and its text, which is stored apart because it is seldom needed. Both
 * belong to the caller (free()).
 */
struct smd_record {
	char *bytes; /* NULL: there is none */
	size_t size;
	char *text; /* NULL: not at hand */
	size_t text_size;
};

/*
 * Whether the record cannot be read without the text that is stored apart: its form has another
 * version.
 */
int smd_record_needs_text(const struct smd_record *record);

/*
 * The text of a record that has its text at hand; the caller's (free()). `what` names the document
 * in messages. SMD_E_IO: the record is damaged.
 */
int smd_record_text(struct smd_record record_take, const char *what, char **out,
		    struct smd_error *error);

enum smd_tagging { SMD_ACCESS = 1, SMD_TAGGED = 2 };

const char *smd_tagging_name(enum smd_tagging tagging); /* "access", "tagged" */

struct smd_endpoint {
	const char *device;
	const char *port;
	enum smd_tagging tagging;
};

/*
 * A bridge domain: one L2 broadcast domain. Endpoints are sorted by device, then port; there is
 * at least one.
 */
struct smd_bridge_domain {
	const char *name;
	uint16_t vlan; /* 1 to 4094 (IEEE 802.1Q-2018, 9.6) */
	const char *description;
	const struct smd_endpoint *endpoints;
	size_t endpoint_count;
};

struct smd_native_device {
	const char *device;
	const struct smd_text *text; /* in the given order, duplicates included */
};

/*
 * A native configuration: lines for one or more devices in the vendor's language. Sorted by
 * device.
 */
struct smd_native {
	const char *name;
	const struct smd_native_device *devices;
	size_t device_count;
};

enum smd_document_kind { SMD_DOCUMENT_BRIDGE_DOMAIN = 1, SMD_DOCUMENT_NATIVE = 2 };

/* A configuration. `kind` tells which member is set; `name` is that member's. */
struct smd_document {
	enum smd_document_kind kind;
	const char *name;
	union {
		struct smd_bridge_domain domain;
		struct smd_native native;
	};
};

/*
 * Read a configuration of any kind. `what` names the document in messages: a file's name,
 * "request". SMD_E_INVALID: it breaks a rule or is no configuration. SMD_E_NO_MEMORY: also when
 * longer than SMD_DOCUMENT_LIMIT. Any thread.
 */
int smd_document_read(const struct smd_model *model, const char *json, size_t size,
		      const char *what, struct smd_document **out, struct smd_error *error);
void smd_document_free(struct smd_document *document); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_document *, smd_document_free);

/* Make the checked part of a document's record; its text is stored beside it. */
int smd_document_seal(const struct smd_document *document, const char *text, char **out,
		      struct smd_error *error);
/*
 * Read a stored configuration: from `checked`, what smd_document_seal made, else (NULL, or of
 * another version) from its text, as smd_document_read. SMD_E_IO: it is damaged.
 */
int smd_document_load(const struct smd_model *model, const char *text, const char *checked,
		      const char *what, struct smd_document **out, struct smd_error *error);

const char *smd_document_kind_name(enum smd_document_kind kind); /* "bridge-domain", "native" */

/*
 * The part of one device in a bridge domain, in the form that a driver's `compose` takes
 * (struct smd_service): its endpoints, and as tagged ports its ends of the path's links.
 * SMD_E_NOT_FOUND: the device has no part. The tree is the caller's.
 */
int smd_domain_part(const struct smd_bridge_domain *domain, const struct smd_path *path,
		    const char *device, struct smd_tree **out, struct smd_error *error);

#endif
