/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/tree.h>

#include <stdio.h>
#include <string.h>

#include "core/model/path.h"

SMD_CLEANUP_DEFINE(struct smd_tree *, smd_tree_free);

static int put_port(struct smd_node *root, const char *port, enum smd_tagging tagging)
{
	struct smd_node *entry = smd_node_make(root, "port", port);

	return entry ? smd_node_put_leaf(entry, "tagging", smd_tagging_name(tagging))
		     : SMD_E_NO_MEMORY;
}

static int put_endpoints(struct smd_node *root, const struct smd_bridge_domain *domain,
			 const char *device)
{
	int err = 0;

	for (size_t i = 0; !err && i < domain->endpoint_count; i++) {
		const struct smd_endpoint *endpoint = &domain->endpoints[i];

		if (!strcmp(endpoint->device, device))
			err = put_port(root, endpoint->port, endpoint->tagging);
	}
	return err;
}

static int put_links(struct smd_node *root, const struct smd_path *path, const char *device)
{
	int err = 0;

	for (size_t i = 0; !err && i < path->link_count; i++) {
		const struct smd_link *link = &path->links[i];

		if (!strcmp(link->a_device, device))
			err = put_port(root, link->a_port, SMD_TAGGED);
		else if (!strcmp(link->b_device, device))
			err = put_port(root, link->b_port, SMD_TAGGED);
	}
	return err;
}

int smd_domain_part(const struct smd_bridge_domain *domain, const struct smd_path *path,
		    const char *device, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;
	struct smd_node *root;
	char vlan[8];
	int err;

	if (!smd_path_has(path, device))
		return smd_fail(error, SMD_E_NOT_FOUND,
				"device \"%s\" has no part in bridge domain \"%s\"", device,
				domain->name);
	if (smd_tree_new(&tree))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a part of \"%s\"",
				domain->name);
	root = smd_tree_root(tree);
	snprintf(vlan, sizeof(vlan), "%u", domain->vlan);
	err = smd_node_put_leaf(root, "name", domain->name);
	if (!err)
		err = smd_node_put_leaf(root, "vlan", vlan);
	if (!err)
		err = put_endpoints(root, domain, device);
	if (!err)
		err = put_links(root, path, device);
	if (err)
		return smd_fail(error, err, "cannot make the part of \"%s\" on device \"%s\"",
				domain->name, device);
	*out = smd_take(tree);
	return 0;
}
