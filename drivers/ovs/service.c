/* SPDX-License-Identifier: Apache-2.0 */
/* What ports mean: bridge domains, and which change would open one. */
#include "ovs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As in ovs-vswitchd.conf.db(5), Port, "VLAN Configuration". */
enum smd_ovs_mode smd_ovs_mode(const struct smd_node *port)
{
	const char *mode = smd_node_leaf(port, "vlan_mode");

	if (!mode)
		return smd_node_leaf(port, "tag") ? SMD_OVS_ACCESS : SMD_OVS_TRUNK;
	if (!strcmp(mode, "access"))
		return SMD_OVS_ACCESS;
	if (!strcmp(mode, "native-tagged"))
		return SMD_OVS_NATIVE_TAGGED;
	if (!strcmp(mode, "native-untagged"))
		return SMD_OVS_NATIVE_UNTAGGED;
	return !strcmp(mode, "dot1q-tunnel") ? SMD_OVS_TUNNEL : SMD_OVS_TRUNK;
}

static const struct smd_set *numbers(const struct smd_node *port, const char *column)
{
	static const struct smd_set none = {0};
	const struct smd_node *node = smd_node_find(port, column, NULL);

	return node && smd_node_set(node) ? smd_node_set(node) : &none;
}

/* Whether the port carries all VLANs: its list is empty, and its mode uses the list. */
static int is_open(const struct smd_node *port)
{
	switch (smd_ovs_mode(port)) {
	case SMD_OVS_ACCESS:
		return 0;
	case SMD_OVS_TUNNEL:
		return !numbers(port, "cvlans")->count;
	case SMD_OVS_TRUNK:
	case SMD_OVS_NATIVE_TAGGED:
	case SMD_OVS_NATIVE_UNTAGGED:
		break;
	}
	return !numbers(port, "trunks")->count;
}

static int opened(const struct smd_node *port, struct smd_error *error)
{
	char path[SMD_ERROR_WHERE];

	smd_node_path(port, path, sizeof(path));
	smd_fail(error, SMD_E_UNSAFE, "port '%s' would carry every VLAN", smd_node_key(port, 0));
	smd_error_where(error, "%s", path);
	smd_error_hint(error, "park it: ovs-vsctl add Port '%s' trunks %u", smd_node_key(port, 0),
		       SMD_OVS_RESERVED);
	return SMD_E_UNSAFE;
}

int smd_ovs_safe(void *state, const struct smd_tree *before, const struct smd_tree *now,
		 struct smd_error *error)
{
	const struct smd_node *bridge = smd_node_first(smd_tree_top(now));

	(void)state;
	for (; bridge; bridge = smd_node_next(bridge)) {
		const struct smd_node *was = smd_node_match(smd_tree_top(before), bridge);
		const struct smd_node *port = NULL;

		if (!strcmp(smd_node_name(bridge), "bridge"))
			port = smd_node_first(bridge);
		for (; port; port = smd_node_next(port)) {
			const struct smd_node *old = was ? smd_node_match(was, port) : NULL;

			if (is_open(port) && !(old && is_open(old)))
				return opened(port, error);
		}
	}
	return 0;
}

/* One member of a domain, while its slice is composed. */
struct member {
	const char *name;
	const struct smd_node *port; /* in the running tree */
	uint32_t vlan;
	struct smd_error *error;
};

static int conflict(const struct member *member, const char *hint, const char *what)
{
	char path[SMD_ERROR_WHERE];

	smd_node_path(member->port, path, sizeof(path));
	smd_fail(member->error, SMD_E_CONFLICT, "port '%s' %s", member->name, what);
	smd_error_where(member->error, "%s", path);
	smd_error_hint(member->error, "%s", hint);
	return SMD_E_CONFLICT;
}

/*
 * Refuse a port without any VLAN column: it carries all VLANs. To restrict it would cut traffic
 * that is not ours, and to undo that would open a port: law 6 both ways.
 */
static int refuse_open(const struct member *member)
{
	char hint[SMD_ERROR_HINT];

	snprintf(hint, sizeof(hint),
		 "if nothing needs it, park it first: ovs-vsctl set Port '%s' trunks=%u",
		 member->name, SMD_OVS_RESERVED);
	return conflict(member, hint, "is open: without this domain it carries every VLAN");
}

/* Whether the trunk list holds nothing but the reserved number. */
static int is_parked(const struct smd_node *port)
{
	const struct smd_set *trunks = numbers(port, "trunks");

	return smd_set_size(trunks) == (uint64_t)smd_set_has(trunks, SMD_OVS_RESERVED);
}

static int compose_access(const struct member *member, struct smd_node *slice)
{
	const char *mode = smd_node_leaf(member->port, "vlan_mode");
	char number[16];

	if (mode && strcmp(mode, "access") != 0)
		return conflict(member, "clear vlan_mode, or attach the domain tagged",
				"has a vlan_mode that is not access");
	if (is_open(member->port))
		return refuse_open(member);
	if (!is_parked(member->port))
		return conflict(member, "attach the domain tagged, or take the other VLANs off",
				"is a trunk for VLANs of others");
	snprintf(number, sizeof(number), "%u", member->vlan);
	return smd_node_put_leaf(slice, "tag", number);
}

static int compose_tagged(const struct member *member, struct smd_node *slice)
{
	const char *tag = smd_node_leaf(member->port, "tag");
	enum smd_ovs_mode mode = smd_ovs_mode(member->port);
	uint32_t native;

	if (mode == SMD_OVS_ACCESS || mode == SMD_OVS_TUNNEL)
		return conflict(member, "attach the domain untagged, or clear tag and vlan_mode",
				mode == SMD_OVS_ACCESS ? "is an access port" : "is a tunnel port");
	if (is_open(member->port))
		return refuse_open(member);
	if (mode == SMD_OVS_NATIVE_UNTAGGED && tag && smd_ovs_vlan(tag, &native) &&
	    native == member->vlan)
		return conflict(member, "choose another native VLAN for the port",
				"carries this VLAN untagged, as its native one");
	return smd_node_put_numbers(slice, "trunks", member->vlan, member->vlan);
}

static int no_such_port(const struct smd_node *bridge, const char *name, struct smd_error *error)
{
	char list[SMD_ERROR_HINT - 32] = "";
	size_t used = 0;
	const struct smd_node *port = smd_node_first(bridge);

	smd_fail(error, SMD_E_INVALID, "bridge '%s' has no port '%s'", smd_node_key(bridge, 0),
		 name);
	for (; port && used < sizeof(list); port = smd_node_next(port))
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "",
					 smd_node_key(port, 0));
	if (used)
		smd_error_hint(error, "its ports are: %s", list);
	else
		smd_error_hint(error, "it has no ports");
	return SMD_E_INVALID;
}

static int compose_port(const struct smd_node *wanted, const struct smd_node *bridge, uint32_t vlan,
			struct smd_node *slice, struct smd_error *error)
{
	const char *tagging = smd_node_leaf(wanted, "tagging");
	struct member member = {.name = smd_node_key(wanted, 0), .vlan = vlan, .error = error};
	struct smd_node *entry;
	int err;

	member.port = member.name ? smd_node_find(bridge, "port", member.name) : NULL;
	if (!member.port)
		return no_such_port(bridge, member.name ? member.name : "", error);
	entry = smd_node_make(slice, "port", member.name);
	if (!entry)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a slice");
	if (tagging && !strcmp(tagging, "access"))
		err = compose_access(&member, entry);
	else if (tagging && !strcmp(tagging, "tagged"))
		err = compose_tagged(&member, entry);
	else
		err = smd_fail(error, SMD_E_INVALID,
			       "port '%s': tagging is access or tagged, not '%s'", member.name,
			       tagging ? tagging : "");
	return err == SMD_E_NO_MEMORY ? smd_fail(error, err, "no memory for a slice") : err;
}

int smd_ovs_compose(void *state, const struct smd_tree *part, const struct smd_tree *running,
		    struct smd_tree *slice, struct smd_error *error)
{
	const struct smd_ovs *ovs = state;
	const struct smd_node *top = smd_tree_top(part), *node;
	const struct smd_node *bridge = smd_node_find(smd_tree_top(running), "bridge", ovs->bridge);
	const char *text = smd_node_leaf(top, "vlan");
	struct smd_node *out;
	uint32_t vlan;

	if (!text || !smd_ovs_vlan(text, &vlan) || !vlan || vlan == SMD_OVS_RESERVED)
		return smd_fail(error, SMD_E_INVALID,
				"a domain needs a VLAN from 1 to 4094, not '%s'", text ? text : "");
	if (!bridge) {
		smd_fail(error, SMD_E_INVALID, "there is no bridge '%s'", ovs->bridge);
		smd_error_hint(error, "the driver's option 'bridge' names it");
		return SMD_E_INVALID;
	}
	out = smd_node_make(smd_tree_root(slice), "bridge", ovs->bridge);
	if (!out)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a slice");
	for (node = smd_node_first(top); node; node = smd_node_next(node)) {
		int err = 0;

		if (!strcmp(smd_node_name(node), "port"))
			err = compose_port(node, bridge, vlan, out, error);
		if (err)
			return err;
	}
	return 0;
}

static int found_in(struct smd_tree *found, const char *vlans, const char *port,
		    const char *tagging)
{
	struct smd_node *node = smd_node_make(smd_tree_root(found), "vlan", vlans);

	node = node ? smd_node_make(node, "port", port) : NULL;
	return node ? smd_node_put_leaf(node, "tagging", tagging) : SMD_E_NO_MEMORY;
}

/* The VLANs of the trunk that can be one, less that of the tag. */
static int found_trunk(struct smd_tree *found, const struct smd_set *trunks, uint32_t tag,
		       const char *port)
{
	struct smd_set vlans = {0};
	char *list = NULL;
	size_t size;
	int err = smd_set_copy(&vlans, trunks);

	if (!err)
		err = smd_set_remove(&vlans, 0, 0);
	if (!err)
		err = smd_set_remove(&vlans, SMD_OVS_RESERVED, UINT32_MAX);
	if (!err && tag)
		err = smd_set_remove(&vlans, tag, tag);
	size = smd_set_format(&vlans, NULL, 0) + 1;
	if (!err && vlans.count)
		list = malloc(size);
	if (list) {
		smd_set_format(&vlans, list, size);
		err = found_in(found, list, port, "tagged");
	} else if (!err && vlans.count) {
		err = SMD_E_NO_MEMORY;
	}
	free(list);
	smd_set_done(&vlans);
	return err;
}

static int discover_port(const struct smd_node *port, struct smd_tree *found)
{
	const struct smd_set *trunks = numbers(port, "trunks");
	enum smd_ovs_mode mode = smd_ovs_mode(port);
	const char *tag = smd_node_leaf(port, "tag"), *name = smd_node_key(port, 0);
	uint32_t vlan = 0;
	int err = 0;

	if (mode == SMD_OVS_TUNNEL)
		return 0;
	if (mode == SMD_OVS_TRUNK || !tag || !smd_ovs_vlan(tag, &vlan))
		vlan = 0;
	if (mode != SMD_OVS_ACCESS)
		err = found_trunk(found, trunks, vlan, name);
	if (!err && vlan && vlan < SMD_OVS_RESERVED)
		err = found_in(found, tag, name,
			       mode == SMD_OVS_NATIVE_TAGGED ? "tagged" : "access");
	return err;
}

int smd_ovs_discover(void *state, const struct smd_tree *running, struct smd_tree *found,
		     struct smd_error *error)
{
	const struct smd_ovs *ovs = state;
	const struct smd_node *bridge = smd_node_find(smd_tree_top(running), "bridge", ovs->bridge);
	const struct smd_node *port = bridge ? smd_node_first(bridge) : NULL;

	for (; port; port = smd_node_next(port))
		if (discover_port(port, found))
			return smd_fail(error, SMD_E_NO_MEMORY, "no memory for what was found");
	return 0;
}

static int put_faults(const struct smd_tree *running, struct smd_node *out)
{
	const struct smd_node *fault = smd_node_first(smd_tree_top(running));
	int err = 0;

	for (; !err && fault; fault = smd_node_next(fault))
		if (!strcmp(smd_node_name(fault), "fault") &&
		    !strcmp(smd_node_key(fault, 0), smd_node_key(out, 0)))
			err = smd_node_put_leaf(out, "error", smd_node_leaf(fault, "error"));
	return err;
}

int smd_ovs_ports(void *state, const struct smd_tree *running, struct smd_tree *found,
		  struct smd_error *error)
{
	const struct smd_ovs *ovs = state;
	const struct smd_node *bridge = smd_node_find(smd_tree_top(running), "bridge", ovs->bridge);
	const struct smd_node *port = bridge ? smd_node_first(bridge) : NULL;

	for (; port; port = smd_node_next(port)) {
		struct smd_node *out =
			smd_node_make(smd_tree_root(found), "port", smd_node_key(port, 0));

		if (!out || put_faults(running, out))
			return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the ports");
	}
	return 0;
}
