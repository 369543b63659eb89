/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The plugin interface: a loadable part that is not specific to a vendor.
 *
 * A plugin is `NAME.so` with one exported function, `smd_plugin_entry`, that returns a constant
 * `struct smd_plugin`: the envelope, the kind, and the operations of that kind, which a header
 * of their own describes.
 */
#ifndef SMARTDEPLOY_PLUGIN_H
#define SMARTDEPLOY_PLUGIN_H

#include <smartdeploy/channel.h>
#include <smartdeploy/check.h>
#include <smartdeploy/protocol.h>
#include <smartdeploy/store.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_plugin_kind {
	SMD_PLUGIN_CHANNEL = 1,
	SMD_PLUGIN_PROTOCOL = 2,
	SMD_PLUGIN_STORE = 3,
	SMD_PLUGIN_CHECK = 4
};

/* Only the pointer for the kind is set; ops_size is the size of the structure that it points to. */
struct smd_plugin {
	struct smd_envelope self;
	enum smd_plugin_kind kind;
	size_t ops_size;
	const struct smd_channel *channel;
	const struct smd_protocol *protocol;
	const struct smd_store *store;
	const struct smd_check *check;
};

/* The plugin's only exported symbol. */
SMD_EXPORT const struct smd_plugin *smd_plugin_entry(void);

#ifdef __cplusplus
}
#endif
#endif
