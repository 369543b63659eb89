/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A driver for tests, without a device: a made-up switch with a CLI, whose
 * operations are core's own by its dialect.
 *
 *   vlan 10                 interface e0               acl x
 *    name blue               mtu 9000                   rule permit any
 *                            access vlan 10
 *                            trunk vlan 10,20-29
 *                            fault LINK
 *
 * An interface cannot be removed, only what is in it. It is not safe to leave
 * the interface "guard" without a trunk. One with a fault cannot be used.
 */
#ifndef SMD_TESTS_UNIT_TINY_H
#define SMD_TESTS_UNIT_TINY_H

#include "core/load/language.h"

extern const struct smd_driver tiny_driver;

/* The driver, or another one of its dialect, with the dialect compiled once for all tests. */
struct smd_language tiny_language(const struct smd_driver *driver);

/* What a device does in a domain: `ports` as "e0 access e1 tagged". The caller frees it. */
struct smd_tree *tiny_part(unsigned vlan, const char *ports);
/* A text of lines; the caller frees it. Memory running out ends the program. */
struct smd_text *tiny_text(const char *lines);

#endif
