/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DIALECT_GRAMMAR_LIKENESS_H
#define SMD_DIALECT_GRAMMAR_LIKENESS_H

#include <smartdeploy/text.h>

/*
 * How many of the lines, from 0 to 1000, match one of the signs, which are patterns as
 * smd_line_filter_new takes them; of a long text, only some are looked at. 0: none, or a failure.
 */
unsigned smd_text_likeness(const char *const *signs, const struct smd_text *text);

#endif
