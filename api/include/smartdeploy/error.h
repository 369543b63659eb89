/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: a code of a short list, and details in a structure of the caller's.
 *
 * A function that can fail returns 0 or a negative code. Its last argument is a `struct
 * smd_error *`, which may be NULL. On failure the structure is filled completely; on success it
 * is not changed. It contains no pointers, so it can be copied, passed to another thread and
 * dropped. Its layout never changes within a major version; codes may be added.
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
	SMD_E_INVALID = -1,      /* input breaks a rule: document, option, file */
	SMD_E_NOT_FOUND = -2,    /* no such device, configuration, plan, driver, file */
	SMD_E_EXISTS = -3,       /* exists already */
	SMD_E_NO_MEMORY = -4,    /* no memory, or a limit on memory is exceeded */
	SMD_E_IO = -5,           /* this machine failed: disk, file, socket */
	SMD_E_UNREACHABLE = -6,  /* the device does not answer, or no longer */
	SMD_E_AUTH = -7,         /* the device refuses the login, or the login lacks a right */
	SMD_E_UNTRUSTED = -8,    /* host key unknown or changed, signature wrong */
	SMD_E_DEVICE = -9,       /* the device refused a command */
	SMD_E_CONFLICT = -10,    /* conflict: stale plan, foreign change, port in use */
	SMD_E_UNSAFE = -11,      /* a law would be broken: loop, opened port, wrong undo */
	SMD_E_BUSY = -12,        /* in use by another; try again later */
	SMD_E_UNKNOWN = -13,     /* sent, but the outcome is unknown: read the device */
	SMD_E_UNSUPPORTED = -14, /* not possible with this driver, device or part */
	SMD_E_DENIED = -15,      /* the user has no right to do that */
	SMD_E_ROLLED_BACK = -16, /* failed, and everything is as before */
	SMD_E_ATTENTION = -17,   /* a person has to act; the hint says how */
	SMD_E_INTERNAL = -18     /* a bug in this program */
};

#define SMD_ERROR_MESSAGE 512
#define SMD_ERROR_DEVICE 64
#define SMD_ERROR_WHERE 160
#define SMD_ERROR_HINT 256

/*
 * message  What failed on what: lower case, no newline, no full stop, user input in quotes. A
 *          message that is too long is cut and ends in "...".
 * device   Name of the device, or "".
 * where    `file:line`, a tree path or a field of a document; or "".
 * hint     What to do about it, or "".
 */
struct smd_error {
	enum smd_err code;
	char message[SMD_ERROR_MESSAGE];
	char device[SMD_ERROR_DEVICE];
	char where[SMD_ERROR_WHERE];
	char hint[SMD_ERROR_HINT];
};

/*
 * Fill `error` (may be NULL) and return `code`, for use as `return smd_fail(error,
 * SMD_E_INVALID, "...", ...)`. Clears device, where and hint. All texts are sanitized as by
 * smd_sanitize.
 */
SMD_EXPORT int smd_fail(struct smd_error *error, enum smd_err code, const char *format, ...)
	SMD_PRINTF(3, 4);

/* Set a detail of an error that is filled already; `error` may be NULL. */
SMD_EXPORT void smd_error_hint(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);
SMD_EXPORT void smd_error_where(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);
SMD_EXPORT void smd_error_device(struct smd_error *error, const char *device);

/* Put text in front of the message: "while reading the plan: ...". */
SMD_EXPORT void smd_error_prefix(struct smd_error *error, const char *format, ...) SMD_PRINTF(2, 3);

/*
 * Make foreign text safe to print, in place: bytes that are not UTF-8, control characters (C0,
 * DEL, C1) and characters that change the direction of text (Unicode, U+202A-202E, U+2066-2069)
 * become `?`, so that no device, file or user can send commands to a terminal. Returns `text`.
 */
SMD_EXPORT char *smd_sanitize(char *text);

/* The code's name in JSON, as "not-found"; never NULL. */
SMD_EXPORT const char *smd_err_name(enum smd_err code);
/* The program's exit status for this code (0 to 5). */
SMD_EXPORT int smd_err_exit(enum smd_err code);
/* The HTTP status for this code (RFC 9110, section 15). */
SMD_EXPORT int smd_err_http(enum smd_err code);

#ifdef __cplusplus
}
#endif
#endif
