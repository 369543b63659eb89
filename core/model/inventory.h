/* SPDX-License-Identifier: Apache-2.0 */
/* The devices and hosts that there are, and how to log in to them. */
#ifndef SMD_MODEL_INVENTORY_H
#define SMD_MODEL_INVENTORY_H

#include <smartdeploy/error.h>

#include "core/base/cleanup.h"

struct smd_model;

/*
 * How to log in; secrets by reference only. Several ways may be given; what is
 * absent is "" or 0. There is at least one.
 */
struct smd_credential {
	const char *name;
	const char *user;
	const char *key_file;      /* path of a private key */
	int agent;                 /* ask the agent at $SSH_AUTH_SOCK */
	const char *password_env;  /* name of the environment variable that holds it */
	const char *password_file; /* path of a file of mode 0600; its first line */
};

/*
 * A setting for the device's driver; checked against the driver's table
 * elsewhere. Written out, or by reference, as secrets must be: of `value`,
 * `value_env` and `value_file` only one is not "", and none if it is empty.
 */
struct smd_device_option {
	const char *name;
	const char *value;
	const char *value_env;  /* name of the environment variable that holds it */
	const char *value_file; /* path of a file of mode 0600; its first line */
};

static inline int smd_option_by_reference(const struct smd_device_option *option)
{
	return *option->value_env || *option->value_file;
}

struct smd_device {
	const char *name;
	const char *driver;
	const char *address; /* IP address or host name */
	uint16_t port;       /* 22 unless told otherwise */
	const char *role;    /* "leaf" carries no transit; "" or any other word does */
	const char *const *labels;
	size_t label_count;
	const struct smd_credential *credential; /* in the same inventory, never NULL */
	const struct smd_device_option *options; /* sorted by name */
	size_t option_count;
};

/*
 * A host that checks can use as a probe. `device` and `device_port` say where
 * it is plugged in ("" both: unknown); no two are plugged in at the same place.
 */
struct smd_host {
	const char *name;
	const char *address;
	uint16_t port;
	const struct smd_credential *credential;
	const char *device;
	const char *device_port;
	const char *interface; /* the host's own name of its interface there */
	const char *ip;        /* IPv4 address to probe with */
};

/*
 * All arrays are sorted by name (bytes). No two devices or hosts share a name
 * among their kind, or an address and port among all.
 */
struct smd_inventory {
	const char *known_hosts; /* path of the file of accepted host keys, or "" */
	const struct smd_credential *credentials;
	size_t credential_count;
	const struct smd_device *devices;
	size_t device_count;
	const struct smd_host *hosts;
	size_t host_count;
};

/* Read an inventory; arguments and errors as smd_document_read. */
int smd_inventory_read(const struct smd_model *model, const char *json, size_t size,
		       const char *what, struct smd_inventory **out, struct smd_error *error);
void smd_inventory_free(struct smd_inventory *inventory); /* NULL is fine */
SMD_CLEANUP_DEFINE(struct smd_inventory *, smd_inventory_free);

/* Find by name, borrowed; NULL: there is none. */
const struct smd_device *smd_inventory_device(const struct smd_inventory *inventory,
					      const char *name);
const struct smd_host *smd_inventory_host(const struct smd_inventory *inventory, const char *name);
/* The host that is plugged in at a port, borrowed; NULL: none known. */
const struct smd_host *smd_inventory_host_at(const struct smd_inventory *inventory,
					     const char *device, const char *port);

#endif
