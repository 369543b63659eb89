/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A configuration of a device in memory: sorted lines of a small language, in a block of fixed
 * size without pointers.
 *
 *   set NAME VALUE            one value; setting it again overwrites
 *   port NAME                 the port exists; cannot be removed
 *   port NAME access VLAN     one value
 *   port NAME trunk LIST      a set of numbers, 10,20-22
 *
 * Entered are these lines, and `no NAME`, `no port NAME access`, `no port NAME trunk`,
 * `port NAME trunk add LIST`, `port NAME trunk remove LIST`. Removing what is not there does
 * nothing.
 */
#ifndef TESTS_FLEET_CONFIG_H
#define TESTS_FLEET_CONFIG_H

#include <stddef.h>

#ifndef CONFIG_LINE /* a build may have other sizes */
#define CONFIG_LINES 64
#define CONFIG_LINE 96
#endif

struct config {
	unsigned count;
	char lines[CONFIG_LINES][CONFIG_LINE];
};

/* Enter a line. Returns NULL, or the reason why the device refuses it; then nothing is done. */
const char *config_enter(struct config *config, const char *line);
/* Enter all lines of a text, separated by LF; stops at the first that is refused. */
const char *config_enter_text(struct config *config, const char *text);
/* The line of `config` that `line` (of any configuration) would overwrite; NULL: none. */
const char *config_find(const struct config *config, const char *line);
/*
 * The line that `line` of a payload changes, as it stands in `config`; NULL: there is none. For
 * `no NAME` that is the line of NAME.
 */
const char *config_affected(const struct config *config, const char *line);
int config_equal(const struct config *a, const struct config *b);
/* Undo in `running` what changed from `before` to `after`; other lines stay. */
void config_undo(struct config *running, const struct config *before, const struct config *after);
/* Write all lines, each ended by LF, and a NUL. Returns the length, as snprintf. */
size_t config_text(const struct config *config, char *out, size_t size);

#endif
