/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of interfaces. */
#include "ios.h"

void ios_vrf_moved(const struct sim_entry *entry)
{
	struct sim_line *line = sim_find(entry->section, "ip address");

	if (!line || sim_loading(entry->device))
		return;
	sim_remove(line);
	sim_notice(entry->device, "%% %s IPv4 disabled and address(es) removed due to VRF change",
		   sim_text(entry->section));
}

static const struct sim_statement rows[] = {
	{"description {text}", IOS_INTERFACE "description (interface)"},
	{"vrf forwarding {name:vrf}", IOS_SWITCHING "vrf forwarding", .effect = ios_vrf_moved,
	 .beside = "ip address 192.0.2.9 255.255.255.0"},
	{"ip address {ipv4} {mask}", IOS_ADDRESSING "ip address", .slot = "ip address",
	 .absent = "no ip address"},
	{"ip redirects", IOS_ADDRESSING "ip redirects", .flags = SIM_IS_ON},
	{"ip access-group {name:acl} <in|out>", IOS_SECURITY "ip access-group"},
	{"ip mtu {68-9216}", IOS_ADDRESSING "ip mtu", .fallback = "ip mtu 1500"},
	{"shutdown", IOS_INTERFACE "shutdown (interface)"},
};

SIM_TABLE(ios_interfaces, "interface", rows);
