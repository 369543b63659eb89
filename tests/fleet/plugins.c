/* SPDX-License-Identifier: Apache-2.0 */
#include "parts.h"

static const struct smd_plugin channel = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "fleet",
		 .summary = "Channel to a device in memory", .version = "1.0"},
	.kind = SMD_PLUGIN_CHANNEL,
	.ops_size = sizeof(struct smd_channel),
	.channel = &fleet_channel,
};

/* Plugins have one space of names, whatever their kinds. */
static const struct smd_plugin protocol = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "fleet-cli",
		 .summary = "A command is a line", .version = "1.0"},
	.kind = SMD_PLUGIN_PROTOCOL,
	.ops_size = sizeof(struct smd_protocol),
	.protocol = &fleet_protocol,
};

/* Bears the name of the store that core opens. */
static const struct smd_plugin store = {
	.self = {SMD_ENVELOPE(struct smd_plugin), .name = "sqlite",
		 .summary = "Store in memory that processes share", .version = "1.0"},
	.kind = SMD_PLUGIN_STORE,
	.ops_size = sizeof(struct smd_store),
	.store = &fleet_store,
};

const struct smd_plugin *const fleet_plugins[] = {&channel, &protocol, &store, NULL};
