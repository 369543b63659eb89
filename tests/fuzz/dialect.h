/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a configuration of a vendor. A line `%%` parts an input: what stands
 * before it is changed to what stands behind. What breaks a law ends the program.
 */
#ifndef SMD_TESTS_FUZZ_DIALECT_H
#define SMD_TESTS_FUZZ_DIALECT_H

#include <smartdeploy/dialect.h>

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/*
 * Each half gives a tree or an error in words. A tree holds law 1, flat too where
 * statements are paths, and law 4. The changes between two trees lead from one to the
 * other; their commands, if there are any, are entered: that these lead there is not
 * asked of a text that no device has.
 */
void fuzz_dialect(const struct smd_dialect *dialect, const uint8_t *bytes, size_t size);

#endif
