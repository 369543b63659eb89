/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

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
	smd_arena_done(&owner->alloc.arena);
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
