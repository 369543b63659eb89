/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of routing instances. */
#include "junos_table.h"

static const struct junos_statement rows[] = {
	AT("routing-instances <name>"),
	LIST("", "CUST-A|CUST-B|VR1"),
	LEAF("instance-type", "vrf|virtual-router",
	     .one_of = "virtual-switch|layer2-control|mac-vrf|forwarding|no-forwarding|l2vpn|vpls|"
		       "virtual-router|l2backhaul-vpn|mpls-internet-multicast|evpn|mpls-forwarding|"
		       "evpn-vpws|vrf"),
	CONTAINER("routing-options", .same = "routing-options"),
	CONTAINER("protocols", .same = "protocols"),
	LEAF("description", "\"customer A\"|\"customer B\""),
	LIST("interface <name>", "ge-0/0/2.10|ge-0/0/2.20|xe-0/1/0.100"),
	CONTAINER("route-distinguisher", .flags = JUNOS_LINE),
	VALUE("route-distinguisher <rd-type>", "192.0.2.1:10|192.0.2.1:20|65000:30"),
	MEMBERS("vrf-import", "POL-VRF-IN|POL-IN", .refers = "policy-options policy-statement",
		.flags = JUNOS_ORDERED),
	MEMBERS("vrf-export", "POL-VRF-OUT|POL-OUT", .refers = "policy-options policy-statement",
		.flags = JUNOS_ORDERED),
	CONTAINER("vrf-target", .flags = JUNOS_SHORT),
	VALUE("vrf-target <community>", "target:65000:10|target:65000:20"),
	LEAF("vrf-target import", "target:65000:10|target:65000:20"),
	LEAF("vrf-target export", "target:65000:10|target:65000:20"),
	PRESENCE("vrf-table-label", .flags = JUNOS_LINE),
	FLAG("vrf-table-label source-class-usage"),
	FLAG("no-vrf-propagate-ttl", .choice = "vrf-propagate-ttl-or-no-vrf-propagate-ttl:1"),
	FLAG("vrf-propagate-ttl", .choice = "vrf-propagate-ttl-or-no-vrf-propagate-ttl:2"),
};

const struct junos_table junos_instances = {rows, sizeof(rows) / sizeof(*rows)};
