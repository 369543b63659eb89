/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON as this product takes and signs it: strict in (RFC 8259 and the limits
 * of I-JSON, RFC 7493), canonical out (RFC 8785). The tree is cJSON's, and is
 * built with cJSON's own functions. No function here keeps state; a tree
 * belongs to one thread at a time.
 */
#ifndef SMD_BASE_JSON_H
#define SMD_BASE_JSON_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>

#include "core/base/cleanup.h"

/* How deep arrays and objects may stand in each other. */
#define SMD_JSON_DEPTH 100
/* The largest whole number that every reader keeps exactly: 2^53 - 1 (RFC 7493, section 2.2). */
#define SMD_JSON_WHOLE INT64_C(9007199254740991)

/* `smd_cleanup(cJSON_Delete) cJSON *document = NULL;` */
SMD_CLEANUP_DEFINE(cJSON *, cJSON_Delete);

/*
 * Parse a whole document of `size` bytes. `what` names it in errors, as a file
 * name does. SMD_E_INVALID, with `WHAT:LINE:COLUMN` (in characters, from 1) as
 * `where`: not JSON, more than one value, a name twice in one object, bad
 * UTF-8, U+0000 or half a surrogate pair in a string, deeper than
 * SMD_JSON_DEPTH, a whole number beyond SMD_JSON_WHOLE, one beyond a double.
 * The caller bounds `size`, and frees `*out` with cJSON_Delete().
 */
SMD_MUST_USE int smd_json_parse(const char *text, size_t size, const char *what, cJSON **out,
				struct smd_error *error);

/*
 * Write `value` in the canonical form of RFC 8785: no blanks, members sorted by
 * the UTF-16 code units of their names, numbers as ECMAScript prints them.
 * `*out` is the caller's (free()). SMD_E_INVALID: a name twice, bad UTF-8, a
 * number that is not finite, deeper than SMD_JSON_DEPTH, a raw or invalid item.
 */
SMD_MUST_USE int smd_json_canonical(const cJSON *value, char **out);

/*
 * A member of an object, borrowed; names are compared exactly. NULL where there
 * is none, it is of another type, or `object` is NULL or no object.
 */
const cJSON *smd_json_member(const cJSON *object, const char *name); /* any type */
const char *smd_json_string(const cJSON *object, const char *name);
cJSON *smd_json_array(const cJSON *object, const char *name);
cJSON *smd_json_object(const cJSON *object, const char *name);
/*
 * Take a string out of an object, which does not have the member any more: no copy is made. The
 * caller's (free()), with room for the string and its NUL. NULL: there is none; or no memory, where
 * the item only borrowed it.
 */
char *smd_json_take_string(cJSON *object, const char *name);
/* A whole number within SMD_JSON_WHOLE, else `initial`. */
int64_t smd_json_number(const cJSON *object, const char *name, int64_t initial);
/* 1 or 0, else `initial`. */
int smd_json_bool(const cJSON *object, const char *name, int initial);

/*
 * Any bytes as JSON, without loss: a string, or {"hex": "00ff"} where they are
 * not UTF-8 or hold a NUL. The item is the caller's; NULL: no memory.
 */
cJSON *smd_json_bytes(const char *bytes, size_t size);
/* The other way; `*out` is the caller's (free()) and has a NUL behind it that does not count. */
SMD_MUST_USE int smd_json_read_bytes(const cJSON *item, char **out, size_t *size);

/*
 * Length of the UTF-8 sequence that `bytes` begins with (1 to 4), 0 where it is
 * cut, overlong, a surrogate or beyond U+10FFFF (RFC 3629, section 4).
 */
size_t smd_utf8_length(const char *bytes, size_t size);

#endif
