/* SPDX-License-Identifier: Apache-2.0 */
/* The top of the configuration in the order in which it is shown, and all tables below it. */
#include "junos_table.h"

#define GROUPS_PAGE "CLI User Guide, Use Configuration Groups"
#define KEY_CHAINS_PAGE "[edit security authentication-key-chains] Hierarchy Level"

static const struct junos_statement rows[] = {
	LIST("groups <name>", "COMMON|LAB", .same = "", .page = GROUPS_PAGE,
	     .flags = JUNOS_AS_ENTERED),
	MEMBERS("apply-groups", "COMMON|LAB", .page = GROUPS_PAGE, .refers = "groups",
		.flags = JUNOS_ORDERED),
	MEMBERS("apply-groups-except", "COMMON|LAB", .page = GROUPS_PAGE, .refers = "groups",
		.flags = JUNOS_AS_ENTERED),
	CONTAINER("system"),
	CONTAINER("chassis"),
	CONTAINER("security"),
	CONTAINER("interfaces"),
	CONTAINER("snmp"),
	CONTAINER("forwarding-options"),
	CONTAINER("policy-options"),
	CONTAINER("class-of-service"),
	CONTAINER("firewall"),
	CONTAINER("routing-instances"),
	CONTAINER("switch-options"),
	CONTAINER("routing-options"),
	CONTAINER("protocols"),
	CONTAINER("vlans"),
};

const struct junos_table junos_hierarchies = {rows, sizeof(rows) / sizeof(*rows)};

static const struct junos_statement security_rows[] = {
	AT("security authentication-key-chains"),
	LIST("key-chain <name>", "KC1|KC2", .page = KEY_CHAINS_PAGE, .flags = JUNOS_AS_ENTERED),
	LEAF("key-chain <name> description", "\"for bgp\"|\"for isis\"", .page = KEY_CHAINS_PAGE),
	LIST("key-chain <name> key <name>", "1|2|3", .page = KEY_CHAINS_PAGE,
	     .flags = JUNOS_AS_ENTERED),
	LEAF("key-chain <name> key <name> secret", "\"$9$efg\"|\"$9$hij\"", .page = KEY_CHAINS_PAGE,
	     .flags = JUNOS_SECRET),
	LEAF("key-chain <name> key <name> start-time", "2026-01-01.00:00|2026-06-01.00:00",
	     .page = KEY_CHAINS_PAGE),
	LEAF("key-chain <name> tolerance", "60|300", .page = KEY_CHAINS_PAGE),
};

const struct junos_table junos_security = {security_rows,
					   sizeof(security_rows) / sizeof(*security_rows)};

const struct junos_table *const junos_tables[] = {
	&junos_hierarchies, &junos_system,    &junos_interfaces, &junos_vlans,
	&junos_routing,     &junos_instances, &junos_bgp,        &junos_igp,
	&junos_policy,      &junos_firewall,  &junos_management, &junos_security,
};

const size_t junos_table_count = sizeof(junos_tables) / sizeof(*junos_tables);
