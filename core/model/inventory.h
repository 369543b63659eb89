/* SPDX-License-Identifier: Apache-2.0 */
/* The inventory: all devices and hosts, and how to log in to them. */
#ifndef SMD_MODEL_INVENTORY_H
#define SMD_MODEL_INVENTORY_H

#include <smartdeploy/error.h>

#include "core/base/cleanup.h"

struct smd_model;
struct smd_record;

/*
 * How to log in. Secrets are references, never values. Several methods may be set, at least one
 * is; a member that is not set is "" or 0.
 */
struct smd_credential {
	const char *name;
	const char *user;
	const char *key_file;      /* path of a private key */
	int agent;                 /* 1: use the SSH agent at $SSH_AUTH_SOCK */
	const char *password_env;  /* name of the environment variable with the password */
	const char *password_file; /* path of a file of mode 0600; its first line is the password */
};

/*
 * An option of the device's driver, not yet checked against the driver's table. The value is
 * given directly or, as secrets must be, by reference: at most one of `value`, `value_env` and
 * `value_file` is set; if none is, the value is empty.
 */
struct smd_device_option {
	const char *name;
	const char *value;
	const char *value_env;  /* name of the environment variable with the value */
	const char *value_file; /* path of a file of mode 0600; its first line is the value */
};

static inline int smd_option_by_reference(const struct smd_device_option *option)
{
	return *option->value_env || *option->value_file;
}

struct smd_device {
	const char *name;
	const char *driver;
	const char *address;       /* IP address or host name */
	uint16_t port;             /* 22 unless told otherwise */
	const char *role;          /* "leaf": carries no transit; any other word does not matter */
	const char *const *labels; /* each NAME or NAME=VALUE; sorted */
	size_t label_count;
	/* Both are borrowed from the same inventory, and never NULL */
	const struct smd_credential *credential;
	const struct smd_credential *read_only_credential; /* `credential`, if there is no other */
	const struct smd_device_option *options;           /* sorted by name */
	size_t option_count;
};

/*
 * A host that traffic tests can use. `device` and `device_port` are the port to which it is
 * connected (both "": unknown); each port has at most one host.
 */
struct smd_host {
	const char *name;
	const char *address;
	uint16_t port;
	const struct smd_credential *credential;
	const char *device;
	const char *device_port;
	const char *interface; /* name of the host's own interface there */
	const char *ip;        /* IPv4 address for the tests */
};

/*
 * All arrays are sorted by name (bytes). Devices have unique names, hosts too; address and port
 * are unique among both.
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

/* Make the record of an inventory that was read from `text`. */
int smd_inventory_seal(const struct smd_inventory *inventory, const char *text,
		       struct smd_record *out, struct smd_error *error);
/*
 * Read a record, whose memory it takes; one without bytes gives an empty inventory. What it was
 * checked for when it was written is not checked again, unless the form has another version:
 * then its text is read as by smd_inventory_read. SMD_E_IO: it is damaged.
 */
int smd_inventory_load(const struct smd_model *model, struct smd_record record_take,
		       const char *what, struct smd_inventory **out, struct smd_error *error);

/* Find by name, borrowed; NULL: there is none. */
const struct smd_device *smd_inventory_device(const struct smd_inventory *inventory,
					      const char *name);
const struct smd_host *smd_inventory_host(const struct smd_inventory *inventory, const char *name);

#endif
