/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SMD_DIALECT_GRAMMAR_LIKENESS_H
#define SMD_DIALECT_GRAMMAR_LIKENESS_H

#include <smartdeploy/text.h>

/*
 * How many lines of a thousand match one of the signs (patterns as for smd_line_filter_new). Of a
 * long text only a sample is looked at. 0 also when it fails.
 */
unsigned smd_text_likeness(const char *const *signs, const struct smd_text *text);

#endif
