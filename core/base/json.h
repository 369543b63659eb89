/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, strict when read (RFC 8259, and the limits of I-JSON, RFC 7493), canonical when written
 * (RFC 8785). Trees are cJSON's. What is stored, or decides something, is built with the functions
 * here that note when memory is short. No function here keeps state; a tree may be used by one
 * thread at a time.
 */
#ifndef SMD_BASE_JSON_H
#define SMD_BASE_JSON_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>

#include "core/base/cleanup.h"
#include "core/base/utf8.h"

/* Maximum nesting of arrays and objects. */
#define SMD_JSON_DEPTH 100
/* The largest whole number that a double represents exactly: 2^53 - 1 (RFC 7493, section 2.2). */
#define SMD_JSON_WHOLE INT64_C(9007199254740991)

/* Example: `smd_cleanup(cJSON_Delete) cJSON *document = NULL;` */
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
 * A member of an object, borrowed; names are compared exactly. NULL: there is none, it has
 * another type, or `object` is NULL or no object.
 */
const cJSON *smd_json_member(const cJSON *object, const char *name); /* any type */
const char *smd_json_string(const cJSON *object, const char *name);
cJSON *smd_json_array(const cJSON *object, const char *name);
cJSON *smd_json_object(const cJSON *object, const char *name);
/* Add the string member `name` of `from` to `to`; nothing if there is no such string. */
void smd_json_copy_string(cJSON *to, const cJSON *from, const char *name);
/*
 * Take a string out of an object without copying it; the object no longer has the member. The
 * result is the caller's (free()), with room for the string and its NUL. NULL: there is no such
 * string, or no memory to copy one that the item only references.
 */
char *smd_json_take_string(cJSON *object, const char *name);
/* A whole number within SMD_JSON_WHOLE; `initial` if the member is missing or something else. */
int64_t smd_json_number(const cJSON *object, const char *name, int64_t initial);
/* 1 or 0; `initial` if the member is missing or no boolean. */
int smd_json_bool(const cJSON *object, const char *name, int initial);

/*
 * Build JSON as a flat list of calls, with one error that is looked at when all is built: it
 * becomes SMD_E_NO_MEMORY where a member or an element is missing, and is left alone by calls that
 * succeed. `object` and `array` may be NULL, when they could not be made; so may items, which are
 * taken in any case. A batch's `err` serves as well: it refuses a record that is not whole.
 */
void smd_json_put(cJSON *object, const char *name, cJSON *item_take, int *err);
/* The same for a member that may exist already. */
void smd_json_replace(cJSON *object, const char *name, cJSON *item_take, int *err);
void smd_json_append(cJSON *array, cJSON *item_take, int *err);
/* `text` NULL: the object shall not have the member. */
void smd_json_put_string(cJSON *object, const char *name, const char *text, int *err);
void smd_json_put_number(cJSON *object, const char *name, double number, int *err);
void smd_json_put_bool(cJSON *object, const char *name, int value, int *err);
/* The new array or object is the object's; NULL: no memory. */
cJSON *smd_json_put_array(cJSON *object, const char *name, int *err);
cJSON *smd_json_put_object(cJSON *object, const char *name, int *err);

/*
 * Any bytes as JSON, without loss: a string, or {"hex": "00ff"} for bytes that are not UTF-8 or
 * contain a NUL. The item is the caller's; NULL: no memory.
 */
cJSON *smd_json_bytes(const char *bytes, size_t size);
/*
 * The reverse of smd_json_bytes. `*out` is the caller's (free()); a NUL follows it that `size`
 * does not count.
 */
SMD_MUST_USE int smd_json_read_bytes(const cJSON *item, char **out, size_t *size);

#endif
