/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sizes that never change within a major version, on machines with 64-bit pointers: structures
 * that parts make, and of which others have arrays or members. Compiled, not run. A member
 * taken from `reserved` keeps the size.
 */
#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#define SIZE(type, size) _Static_assert(sizeof(struct type) == (size), #type)
#define PLACE(type, member, place) _Static_assert(offsetof(struct type, member) == (place), #member)

#if UINTPTR_MAX == UINT64_MAX
SIZE(smd_error, 996);
SIZE(smd_range, 8);
SIZE(smd_set, 24);
SIZE(smd_envelope, 96);
SIZE(smd_question, 56);
SIZE(smd_exchange, 96);
SIZE(smd_step, 192);
SIZE(smd_answer, 104);
SIZE(smd_action, 336);
SIZE(smd_store_item, 80);
SIZE(smd_node_spec, 96);

PLACE(smd_envelope, abi_major, 0);
PLACE(smd_envelope, abi_minor, 4);
PLACE(smd_envelope, size, 8);
PLACE(smd_driver, profile, 96);
PLACE(smd_plugin, kind, 96);
PLACE(smd_reply, answer, 24);
#endif
