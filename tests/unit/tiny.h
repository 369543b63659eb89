/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "tiny": a driver for tests, without a device. A made-up switch with a CLI; core's dialect
 * engine does its operations.
 *
 *   vlan 10                 interface e0               acl x
 *    name blue               mtu 9000                   rule permit any
 *                            access vlan 10
 *                            trunk vlan 10,20-29
 *                            fault LINK
 *
 * An interface cannot be removed, only its contents. The interface "guard" without a trunk is
 * unsafe. An interface with a fault cannot be used.
 */
#ifndef SMD_TESTS_UNIT_TINY_H
#define SMD_TESTS_UNIT_TINY_H

#include "core/plan/task.h"

extern const struct smd_driver tiny_driver;

/*
 * The language of this driver, or of another with its dialect, which is compiled once for all
 * tests.
 */
struct smd_language tiny_language(const struct smd_driver *driver);

/* A device's part in a domain; `ports` as "e0 access e1 tagged". The caller frees it. */
struct smd_tree *tiny_part(unsigned vlan, const char *ports);
/* Add an empty share to the task. Invalidates pointers to the others. */
struct smd_task_share *tiny_share(struct smd_task *task, const char *owner);
/* A stage `confirm` that is never called, for a copy of the driver that shall have a timer. */
void tiny_confirm(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action);
/* A text of lines; the caller frees it. Ends the program without memory. */
struct smd_text *tiny_text(const char *lines);

#endif
