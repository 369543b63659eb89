/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope: the header of the structure by which every loadable part (driver or plugin)
 * describes itself.
 *
 * A part is a shared object that exports one function. The function returns a constant
 * structure whose first member is an envelope. The loader reads `abi_major` first, and nothing
 * else if it is not the program's own. A part may be older than the program, not newer: one
 * with another major or a later minor version is refused with an error.
 *
 * What may change within a major version, so that older parts still work:
 *
 *   - A structure that contains its size, or is an element of an array whose element
 *     size is given, may get new members at its end. Core reads only up to that size
 *     and takes missing members as zero.
 *   - A structure that only core makes (smd_run, smd_facts, smd_wire, smd_reply,
 *     smd_channel_target, ...) may get new members at its end.
 *   - A structure that parts make without a size, or that is part of another, ends in
 *     `reserved`: zero now, the place of later members. Its size and the offsets of
 *     its members never change.
 *   - smd_error, smd_range and smd_set never change.
 */
#ifndef SMARTDEPLOY_ABI_H
#define SMARTDEPLOY_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Increased when a structure changes in a way that older parts cannot be read. */
#define SMD_ABI_MAJOR 1u
/* Increased when something is added: members, enumeration values, functions. */
#define SMD_ABI_MINOR 1u

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
 * name     What users type: `[a-z][a-z0-9-]*`, at most 32 characters. The file is `NAME.so`;
 *          the loader refuses a different name.
 * summary  One line for lists, without a full stop.
 * version  The part's own version, free text without blanks, as "1.0".
 * options  Options that an inventory may set for a device that uses the part.
 */
struct smd_envelope {
	uint32_t abi_major; /* SMD_ABI_MAJOR; always the first member */
	uint32_t abi_minor; /* SMD_ABI_MINOR */
	size_t size;        /* size of the structure that this envelope begins */
	const char *name;
	const char *summary;
	const char *version;
	const struct smd_option *options;
	size_t option_count;
	size_t option_size;      /* sizeof(struct smd_option) */
	const void *reserved[4]; /* zero, see abi.h */
};

/*
 * Initializer of the first three members: `.self = {SMD_ENVELOPE(struct smd_driver), .name =
 * ...}`.
 */
#define SMD_ENVELOPE(type)                                                                         \
	.abi_major = SMD_ABI_MAJOR, .abi_minor = SMD_ABI_MINOR, .size = sizeof(type)

/* Initializer of the option members, from an array. */
#define SMD_OPTIONS(array)                                                                         \
	.options = (array), .option_count = sizeof(array) / sizeof((array)[0]),                    \
	.option_size = sizeof(struct smd_option)

#ifdef __cplusplus
}
#endif
#endif
