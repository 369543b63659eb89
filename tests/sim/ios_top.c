/* SPDX-License-Identifier: Apache-2.0 */
/* Statements at the top: sections, routes, lists. */
#include "ios.h"

#include <string.h>

/* A physical port cannot be removed. */
static const char *refuse_interface(const struct sim_entry *entry)
{
	if (entry->act == SIM_PUT || sim_starts(entry->text, "Vlan") ||
	    !sim_starts(entry->text, "interface GigabitEthernet") || strchr(entry->text, '.'))
		return NULL;
	return "% Removal of physical interfaces is not permitted";
}

static const struct sim_statement rows[] = {
	{"hostname {name}", IOS_FUNDAMENTALS "hostname", .fallback = "hostname Router"},
	{"vrf definition <name=vrf>", IOS_SWITCHING "vrf definition", .opens = "vrf"},
	{"ip source-route", IOS_ADDRESSING "ip source-route", .flags = SIM_IS_ON},
	{"interface <interface=interface>", IOS_INTERFACE "interface", .opens = "interface",
	 .refuse = refuse_interface},
	{"router bgp <1-4294967295>", IOS_BGP "router bgp", .opens = "router bgp"},
	{"ip access-list standard <name=acl>", IOS_SECURITY "ip access-list", .opens = "acl"},
	{"ip prefix-list <name> seq <1-4294967294> {permit|deny} {prefix4}",
	 IOS_ROUTING "ip prefix-list", .group = "prefix-list", .flags = SIM_SORTED | SIM_ORDERED},
	{"route-map <name=route-map> {permit|deny} <0-65535>", IOS_ROUTING "route-map",
	 .opens = "route-map", .flags = SIM_SORTED | SIM_ORDERED},
};

SIM_TABLE(ios_top, "", rows);

static const struct sim_statement vrf[] = {
	{"rd {name}", IOS_BGP "rd"},
	{"description {text}", IOS_SWITCHING "description (VRF)"},
};

SIM_TABLE(ios_vrfs, "vrf", vrf);
