/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the IOS model: its tables by topic, and hooks that several of them use. */
#ifndef SIM_IOS_H
#define SIM_IOS_H

#include "lines.h"

/* Manuals, as the pages of the tables name them. */
#define IOS_FUNDAMENTALS "Configuration Fundamentals Command Reference: "
#define IOS_INTERFACE "Interface and Hardware Component Command Reference: "
#define IOS_ADDRESSING "IP Addressing Command Reference: "
#define IOS_SWITCHING "IP Switching Command Reference: "
#define IOS_BGP "IP Routing: BGP Command Reference: "
#define IOS_ROUTING "IP Routing: Protocol-Independent Command Reference: "
#define IOS_SECURITY "Security Command Reference: "
#define IOS_LAN "LAN Switching Command Reference: "

extern const struct sim_table ios_top, ios_vrfs, ios_interfaces, ios_bgp, ios_bgp_families;

/* The addresses of an interface go with a change of its VRF. */
void ios_vrf_moved(const struct sim_entry *entry);

#endif
