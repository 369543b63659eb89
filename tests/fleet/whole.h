/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Are records whole? Those that are written while nothing is wrong are learned first; each that is
 * written later must be like one of them. All processes share what was learned and found.
 */
#ifndef TESTS_FLEET_WHOLE_H
#define TESTS_FLEET_WHOLE_H

/* Before the first fork. Records are watched, and learned, from here on. */
void whole_init(void);
/* From here on records are compared while memory can run out; nothing was found yet. */
void whole_check(void);
/* What was found to lack something since, a line each; "": nothing. */
const char *whole_found(void);

#endif
