/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "core/model/checked.h"
#include "core/model/read.h"

/* The whole memory of a document: its first member is what smd_document_read returns. */
struct owner {
	struct smd_document document;
	struct smd_alloc alloc;
	struct smd_native_device *devices; /* native devices, whose texts must be freed */
	size_t device_count;
};

SMD_CLEANUP_DEFINE(struct smd_text *, smd_text_free);

const char *smd_tagging_name(enum smd_tagging tagging)
{
	return tagging == SMD_TAGGED ? "tagged" : "access";
}

const char *smd_document_kind_name(enum smd_document_kind kind)
{
	return kind == SMD_DOCUMENT_NATIVE ? "native" : "bridge-domain";
}

void smd_document_free(struct smd_document *document)
{
	struct owner *owner = (struct owner *)document;

	if (!owner)
		return;
	for (size_t i = 0; i < owner->device_count; i++)
		smd_text_free((struct smd_text *)owner->devices[i].text);
	smd_alloc_done(&owner->alloc);
	free(owner);
}

static int by_port(const void *left, const void *right)
{
	const struct smd_endpoint *a = left, *b = right;
	int order = strcmp(a->device, b->device);

	return order ? order : strcmp(a->port, b->port);
}

static void read_endpoints(struct smd_alloc *alloc, const struct lyd_node *node,
			   struct smd_bridge_domain *domain)
{
	size_t count = smd_read_count(node, "endpoint");
	struct smd_endpoint *endpoints = smd_alloc_array(alloc, count, sizeof(*endpoints));
	size_t i = 0;

	if (!endpoints)
		return;
	smd_read_each(node, "endpoint", child)
	{
		const char *tagging = lyd_get_value(smd_read_child(child, "tagging"));

		endpoints[i++] = (struct smd_endpoint){
			.device = smd_alloc_leaf(alloc, child, "device"),
			.port = smd_alloc_leaf(alloc, child, "port"),
			.tagging = strcmp(tagging, "tagged") ? SMD_ACCESS : SMD_TAGGED,
		};
	}
	qsort(endpoints, count, sizeof(*endpoints), by_port);
	domain->endpoints = endpoints;
	domain->endpoint_count = count;
}

static void read_domain(struct owner *owner, const struct lyd_node *node)
{
	struct smd_bridge_domain *domain = &owner->document.domain;
	const struct lyd_node *vlan = smd_read_child(node, "vlan");

	domain->name = smd_alloc_leaf(&owner->alloc, node, "name");
	domain->vlan = ((const struct lyd_node_term *)vlan)->value.uint16;
	domain->description = smd_alloc_leaf(&owner->alloc, node, "description");
	read_endpoints(&owner->alloc, node, domain);
	owner->document.name = domain->name;
}

static struct smd_text *read_lines(const struct lyd_node *node)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;

	if (smd_text_new(&text, 0))
		return NULL;
	smd_read_each(node, "line", line) if (smd_text_line(text, lyd_get_value(line))) return NULL;
	return smd_take(text);
}

static void read_native(struct owner *owner, const struct lyd_node *node)
{
	struct smd_native *native = &owner->document.native;
	size_t count = smd_read_count(node, "device");

	native->name = smd_alloc_leaf(&owner->alloc, node, "name");
	owner->document.name = native->name;
	owner->devices = smd_alloc_array(&owner->alloc, count, sizeof(*owner->devices));
	if (!owner->devices)
		return;
	smd_read_each(node, "device", child)
	{
		struct smd_native_device *device = &owner->devices[owner->device_count++];

		device->device = smd_alloc_leaf(&owner->alloc, child, "name");
		device->text = read_lines(child);
		owner->alloc.failed |= !device->text;
	}
	qsort(owner->devices, count, sizeof(*owner->devices), smd_read_by_name);
	native->devices = owner->devices;
	native->device_count = count;
}

int smd_document_read(const struct smd_model *model, const char *json, size_t size,
		      const char *what, struct smd_document **out, struct smd_error *error)
{
	static const char *const roots[] = {"bridge-domain", "native", NULL};
	smd_cleanup(lyd_free_all) struct lyd_node *tree = NULL;
	struct owner *owner;
	int err = smd_model_parse(model, json, size, what, roots, &tree, error);

	if (err)
		return err;
	owner = calloc(1, sizeof(*owner));
	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (!strcmp(tree->schema->name, "native")) {
		owner->document.kind = SMD_DOCUMENT_NATIVE;
		read_native(owner, tree);
	} else {
		owner->document.kind = SMD_DOCUMENT_BRIDGE_DOMAIN;
		read_domain(owner, tree);
	}
	if (owner->alloc.failed) {
		smd_document_free(&owner->document);
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	}
	*out = &owner->document;
	return 0;
}

/* The checked form */

static void pack_domain(struct smd_pack *form, const struct smd_bridge_domain *domain)
{
	smd_pack_text(form, domain->name);
	smd_pack_number(form, domain->vlan);
	smd_pack_text(form, domain->description);
	smd_pack_number(form, domain->endpoint_count);
	for (size_t i = 0; i < domain->endpoint_count; i++) {
		smd_pack_text(form, domain->endpoints[i].device);
		smd_pack_text(form, domain->endpoints[i].port);
		smd_pack_number(form, domain->endpoints[i].tagging);
	}
}

static void pack_native(struct smd_pack *form, const struct smd_native *native)
{
	smd_pack_text(form, native->name);
	smd_pack_number(form, native->device_count);
	for (size_t i = 0; i < native->device_count; i++) {
		const struct smd_text *text = native->devices[i].text;

		smd_pack_text(form, native->devices[i].device);
		smd_pack_number(form, smd_text_count(text));
		for (size_t line = 0; line < smd_text_count(text); line++)
			smd_pack_text(form, smd_text_get(text, line, NULL));
	}
}

int smd_document_seal(const struct smd_document *document, const char *text, char **out,
		      struct smd_error *error)
{
	smd_cleanup(smd_pack) struct smd_pack form = {0};
	struct smd_record record;
	int err;

	smd_pack_text(&form, smd_document_kind_name(document->kind));
	if (document->kind == SMD_DOCUMENT_NATIVE)
		pack_native(&form, &document->native);
	else
		pack_domain(&form, &document->domain);
	err = smd_checked_seal(&form, text, &record, error);
	if (err)
		return err;
	*out = strndup(record.bytes, record.size);
	free(record.bytes);
	return *out ? 0 : smd_fail(error, SMD_E_NO_MEMORY, "no memory to keep a document");
}

static void unpack_domain(struct owner *owner, struct smd_unpack *form)
{
	struct smd_bridge_domain *domain = &owner->document.domain;
	struct smd_endpoint *endpoints;

	owner->document.kind = SMD_DOCUMENT_BRIDGE_DOMAIN;
	owner->document.name = domain->name = smd_unpack_text(form);
	domain->vlan = (uint16_t)smd_unpack_number(form, 1, 4094);
	domain->description = smd_unpack_text(form);
	domain->endpoint_count = smd_unpack_count(form);
	if (!domain->endpoint_count)
		smd_unpack_fail(form, "it has no endpoint");
	endpoints = smd_alloc_array(&owner->alloc, domain->endpoint_count, sizeof(*endpoints));
	for (size_t i = 0; endpoints && i < domain->endpoint_count && !form->damage; i++) {
		endpoints[i].device = smd_unpack_text(form);
		endpoints[i].port = smd_unpack_text(form);
		endpoints[i].tagging = smd_unpack_number(form, SMD_ACCESS, SMD_TAGGED) == SMD_TAGGED
					       ? SMD_TAGGED
					       : SMD_ACCESS;
		if (i && by_port(&endpoints[i - 1], &endpoints[i]) >= 0)
			smd_unpack_fail(form, "its endpoints are not in order");
	}
	domain->endpoints = endpoints;
}

static struct smd_text *unpack_lines(struct smd_unpack *form)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	size_t count = smd_unpack_count(form);

	if (smd_text_new(&text, 0))
		return NULL;
	for (size_t i = 0; i < count && !form->damage; i++)
		if (smd_text_line(text, smd_unpack_text(form)))
			return NULL;
	return smd_take(text);
}

static void unpack_native(struct owner *owner, struct smd_unpack *form)
{
	struct smd_native *native = &owner->document.native;
	struct smd_native_device *devices;

	owner->document.kind = SMD_DOCUMENT_NATIVE;
	owner->document.name = native->name = smd_unpack_text(form);
	native->device_count = smd_unpack_count(form);
	devices = smd_alloc_array(&owner->alloc, native->device_count, sizeof(*devices));
	owner->devices = devices;
	for (size_t i = 0; devices && i < native->device_count && !form->damage; i++) {
		devices[i].device = smd_unpack_text(form);
		if (i && strcmp(devices[i - 1].device, devices[i].device) >= 0)
			smd_unpack_fail(form, "its devices are not in order");
		devices[i].text = unpack_lines(form);
		owner->device_count = i + 1;
		owner->alloc.failed |= !devices[i].text;
	}
	native->devices = devices;
}

/* Read the form of a record; the document takes the record's memory. */
static int unpack(struct smd_checked *checked, const char *what, struct smd_document **out,
		  struct smd_error *error)
{
	struct smd_unpack *form = &checked->form;
	struct owner *owner = calloc(1, sizeof(*owner));
	smd_cleanup(smd_document_free) struct smd_document *document =
		owner ? &owner->document : NULL;
	const char *kind = smd_unpack_text(form);

	if (!owner)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (!strcmp(kind, smd_document_kind_name(SMD_DOCUMENT_NATIVE)))
		unpack_native(owner, form);
	else if (!strcmp(kind, smd_document_kind_name(SMD_DOCUMENT_BRIDGE_DOMAIN)))
		unpack_domain(owner, form);
	else
		smd_unpack_fail(form, "it is no configuration");
	if (owner->alloc.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to keep it", what);
	if (smd_unpack_end(form))
		return smd_checked_damaged(what, form->damage, error);
	owner->alloc.block = smd_take(checked->block);
	*out = smd_take(document);
	return 0;
}

int smd_document_load(const struct smd_model *model, const char *text, const char *checked_text,
		      const char *what, struct smd_document **out, struct smd_error *error)
{
	smd_cleanup(smd_checked) struct smd_checked checked = {0};
	struct smd_record record = {0};
	char stored[SMD_ERROR_WHERE];
	size_t size = strlen(text);
	int err = 0;

	snprintf(stored, sizeof(stored), "stored configuration \"%s\"", what);
	if (checked_text) {
		record.bytes = strdup(checked_text);
		record.size = strlen(checked_text);
		if (!record.bytes)
			return smd_fail(error, SMD_E_NO_MEMORY, "%s: no memory to read it", what);
		err = smd_checked_open(record, stored, &checked, error);
	}
	if (!err)
		err = smd_checked_match(&checked, text, size, stored, error);
	if (err)
		return err;
	if (checked.form.at)
		return unpack(&checked, stored, out, error);
	return smd_document_read(model, text, size, what, out, error);
}
