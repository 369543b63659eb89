/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The envelope that every loadable part begins with.
 *
 * A part is a shared object that exports one function. The function returns a
 * constant structure whose first member is an envelope. The loader reads
 * `abi_major` and nothing else until that number is its own; then it reads no
 * more than `size` bytes and takes what is missing as zero. So a part built
 * against an older minor version goes on working, and one built against
 * another major version is refused with a message instead of a crash.
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
/* Raised when members are added at the end of a structure. */
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
	size_t option_size; /* sizeof(struct smd_option) */
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
