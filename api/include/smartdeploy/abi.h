/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope that every loadable part begins with.
 *
 * A part is a shared object that exports one function. The function returns a
 * constant structure whose first member is an envelope. The loader reads
 * `abi_major` and nothing else until that number is its own. A part may be older
 * than the program, never newer: one of another major or of a later minor
 * version is refused with a message instead of a crash.
 *
 * What may change within a major version, so that older parts go on working:
 *
 *   - A structure that carries its size, or stands in an array with an element
 *     size beside it, gets members at its end. Core reads no more than that size
 *     and takes what is missing as zero.
 *   - A structure that core alone makes (smd_run, smd_facts, smd_wire, smd_reply,
 *     smd_channel_target, ...) gets members at its end.
 *   - A structure that parts make without a size, or that stands in others, ends in
 *     `reserved`: zero now, and what later members are taken from. Its size and the
 *     places of its members never change.
 *   - smd_error, smd_range and smd_set never change.
 */
#ifndef SMARTDEPLOY_ABI_H
#define SMARTDEPLOY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Raised when a structure changes so that older parts cannot be read. */
#define SMD_ABI_MAJOR 1u
/* Raised when anything is added: members, values of an enumeration, functions. */
#define SMD_ABI_MINOR 0u

#if defined(__GNUC__)
#define SMD_EXPORT __attribute__((__visibility__("default")))
#define SMD_PRINTF(format_at, first) __attribute__((__format__(__printf__, format_at, first)))
#define SMD_MUST_USE __attribute__((__warn_unused_result__))
#else
#define SMD_EXPORT
#define SMD_PRINTF(format_at, first)
#define SMD_MUST_USE
#endif

struct smd_option;

/*
 * Who a part is. Constant, of static storage duration.
 *
 * name      What users type, `[a-z][a-z0-9-]*`, at most 32 characters. The file
 *           is `NAME.so`; the loader refuses any other.
 * summary   One line for lists, without a full stop.
 * version   Of the part itself, free text without blanks, as "1.0".
 * options   What an inventory may set for a device that uses the part.
 */
struct smd_envelope {
	uint32_t abi_major; /* SMD_ABI_MAJOR; first for ever */
	uint32_t abi_minor; /* SMD_ABI_MINOR */
	size_t size;        /* sizeof the whole structure that this one begins */
	const char *name;
	const char *summary;
	const char *version;
	const struct smd_option *options;
	size_t option_count;
	size_t option_size;      /* sizeof(struct smd_option) */
	const void *reserved[4]; /* zero, see abi.h */
};

/* Fill the first three members: `.self = {SMD_ENVELOPE(struct smd_driver), .name = ...}`. */
#define SMD_ENVELOPE(type)                                                                         \
	.abi_major = SMD_ABI_MAJOR, .abi_minor = SMD_ABI_MINOR, .size = sizeof(type)

/* Fill the option members from an array. */
#define SMD_OPTIONS(array)                                                                         \
	.options = (array), .option_count = sizeof(array) / sizeof((array)[0]),                    \
	.option_size = sizeof(struct smd_option)

#ifdef __cplusplus
}
#endif
#endif
