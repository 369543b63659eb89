/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: a short list of codes, and the details in a structure of the caller.
 *
 * A function that can fail returns 0 or one of the negative codes, and takes
 * `struct smd_error *` as its last argument, which may be NULL. On failure it
 * is filled completely; on success it is left alone. It holds no pointers, so
 * it can be copied, sent to another thread and dropped without ceremony. Its
 * layout is fixed for the major version; codes may be added.
 */
#ifndef SMARTDEPLOY_ERROR_H
#define SMARTDEPLOY_ERROR_H

#include <smartdeploy/abi.h>
#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif

enum smd_err {
	SMD_OK = 0,
	SMD_E_INVALID = -1,      /* what was given breaks a rule: document, option, file */
	SMD_E_NOT_FOUND = -2,    /* no such device, configuration, plan, driver, file */
	SMD_E_EXISTS = -3,       /* it is there already */
	SMD_E_NO_MEMORY = -4,    /* out of memory, or beyond a limit that bounds it */
	SMD_E_IO = -5,           /* this machine failed us: disk, file, socket */
	SMD_E_UNREACHABLE = -6,  /* the device does not answer, or stopped answering */
	SMD_E_AUTH = -7,         /* the device does not take our login, or not for this */
	SMD_E_UNTRUSTED = -8,    /* host key unknown or changed, signature wrong */
	SMD_E_DEVICE = -9,       /* the device refused what it was told */
	SMD_E_CONFLICT = -10,    /* something moved: stale plan, foreign change, taken port */
	SMD_E_UNSAFE = -11,      /* a law would be broken: loop, opened port, wrong undo */
	SMD_E_BUSY = -12,        /* held by another; try again later */
	SMD_E_UNKNOWN = -13,     /* sent, but the outcome is not known: read and see */
	SMD_E_UNSUPPORTED = -14, /* this driver, device or part cannot do that */
	SMD_E_DENIED = -15,      /* the principal has no right to do that */
	SMD_E_ROLLED_BACK = -16, /* failed, and everything is as it was before */
	SMD_E_ATTENTION = -17,   /* a human has to look; instructions are given */
	SMD_E_INTERNAL = -18     /* a bug of ours */
};

#define SMD_ERROR_MESSAGE 512
#define SMD_ERROR_DEVICE 64
#define SMD_ERROR_WHERE 160
#define SMD_ERROR_HINT 256

/*
 * message  What failed on what; lower case, no newline, no full stop, what a
 *          user typed in quotes. Too long a text is cut and ends in "...".
 * device   Name of the device, or empty.
 * where    `file:line`, a tree path or a field of a document, or empty.
 * hint     What to do about it, or empty.
 */
struct smd_error {
	enum smd_err code;
	char message[SMD_ERROR_MESSAGE];
	char device[SMD_ERROR_DEVICE];
	char where[SMD_ERROR_WHERE];
	char hint[SMD_ERROR_HINT];
};

/*
 * Fill `error` (may be NULL) and return `code`, so that
 * `return smd_fail(error, SMD_E_INVALID, "...", ...)` is one line. Clears
 * device, where and hint. All texts are sanitized as smd_sanitize does.
 */
SMD_EXPORT int smd_fail(struct smd_error *error, enum smd_err code, const char *format, ...)
	SMD_PRINTF(3, 4);

/* Add a detail to an error that has been filled; `error` may be NULL. */
SMD_EXPORT void smd_error_hint(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);
SMD_EXPORT void smd_error_where(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);
SMD_EXPORT void smd_error_device(struct smd_error *error, const char *device);

/* Put words before the message: "while reading the plan: ...". */
SMD_EXPORT void smd_error_prefix(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);

/*
 * Make foreign text fit to be shown, in place: what is not UTF-8, control
 * characters (C0, DEL, C1) and those that turn the direction of text (Unicode,
 * U+202A-202E, U+2066-2069) become `?`, so that no device, file or user can
 * write to a terminal what it obeys. Returns `text`.
 */
SMD_EXPORT char *smd_sanitize(char *text);

/* The code's name for machines, as "not-found"; never NULL. */
SMD_EXPORT const char *smd_err_name(enum smd_err code);
/* The exit status of a program that ends with this code (0 to 5). */
SMD_EXPORT int smd_err_exit(enum smd_err code);
/* The HTTP status of a request that ends with this code (RFC 9110, section 15). */
SMD_EXPORT int smd_err_http(enum smd_err code);

#ifdef __cplusplus
}
#endif
#endif
