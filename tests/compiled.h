/* SPDX-License-Identifier: Apache-2.0 */
/* For tests that try many small dialects: one compiled for a single call. */
#ifndef TESTS_COMPILED_H
#define TESTS_COMPILED_H

#include <smartdeploy/dialect.h>

/*
 * The call's value, `compiled` in it being the dialect; or the error if it is not well formed.
 * `error` may be NULL.
 */
#define COMPILED(dialect, error, call)                                                             \
	({                                                                                         \
		struct smd_compiled *compiled = NULL;                                              \
		int err_ = smd_dialect_compile(dialect, &compiled, error);                         \
                                                                                                   \
		if (!err_)                                                                         \
			err_ = (call);                                                             \
		smd_dialect_free(compiled);                                                        \
		err_;                                                                              \
	})

#endif
