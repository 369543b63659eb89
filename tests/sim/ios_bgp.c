/* SPDX-License-Identifier: Apache-2.0 */
/* Statements of BGP. */
#include "ios.h"

#define NEIGHBOR .group = "neighbor", .flags = SIM_SORTED

static const struct sim_statement rows[] = {
	{"bgp router-id {ipv4}", IOS_BGP "bgp router-id"},
	{"neighbor <ipv4:neighbor>", IOS_BGP "neighbor remote-as", .flags = SIM_NO_ONLY},
	{"neighbor <ipv4=neighbor> remote-as {1-4294967295}", IOS_BGP "neighbor remote-as",
	 NEIGHBOR},
	{"neighbor <ipv4:neighbor> description {text}", IOS_BGP "neighbor description", NEIGHBOR},
	{"address-family ipv4", IOS_BGP "address-family ipv4 (BGP)", .opens = "router bgp/ipv4",
	 .end = "exit-address-family", .flags = SIM_BANG},
};

SIM_TABLE(ios_bgp, "router bgp", rows);

static const struct sim_statement family[] = {
	{"network <ipv4> mask <mask>", IOS_BGP "network (BGP and multiprotocol BGP)"},
	{"neighbor <ipv4:neighbor> activate", IOS_BGP "neighbor activate", NEIGHBOR},
	{"neighbor <ipv4:neighbor> route-map {name:route-map} <in|out>",
	 IOS_BGP "neighbor route-map", NEIGHBOR},
};

SIM_TABLE(ios_bgp_families, "router bgp/ipv4", family);
