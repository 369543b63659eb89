/* SPDX-License-Identifier: Apache-2.0 */
/* Cleanup at the end of a scope for the types of the installed headers. */
#ifndef SMD_TREE_OWN_H
#define SMD_TREE_OWN_H

#include <smartdeploy/change.h>

#include "core/base/cleanup.h"

SMD_CLEANUP_DEFINE(struct smd_text *, smd_text_free);
SMD_CLEANUP_DEFINE(struct smd_tree *, smd_tree_free);
SMD_CLEANUP_DEFINE(struct smd_changes *, smd_changes_free);

#endif
