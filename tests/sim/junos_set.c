/* SPDX-License-Identifier: Apache-2.0 */
/* The Junos model that shows `set` lines. */
#include "junos.h"
#include "model.h"

const struct sim_model sim_junos_set = {
	.name = "junos-set", .engine = &junos_engine, .vendor = "display set"};
