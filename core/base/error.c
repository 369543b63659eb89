/* SPDX-License-Identifier: Apache-2.0 */
#include <smartdeploy/error.h>

#include <stdio.h>
#include <string.h>

#include "core/base/json.h"

static const struct {
	enum smd_err code;
	const char *name;
	int exit;
	int http;
} table[] = {
	{SMD_OK, "ok", 0, 200},
	{SMD_E_INVALID, "invalid", 3, 422},
	{SMD_E_NOT_FOUND, "not-found", 1, 404},
	{SMD_E_EXISTS, "exists", 3, 409},
	{SMD_E_NO_MEMORY, "no-memory", 1, 500},
	{SMD_E_IO, "io", 1, 500},
	{SMD_E_UNREACHABLE, "unreachable", 1, 502},
	{SMD_E_AUTH, "auth", 1, 502},
	{SMD_E_UNTRUSTED, "untrusted", 3, 502},
	{SMD_E_DEVICE, "device", 1, 502},
	{SMD_E_CONFLICT, "conflict", 3, 409},
	{SMD_E_UNSAFE, "unsafe", 3, 409},
	{SMD_E_BUSY, "busy", 3, 503},
	{SMD_E_UNKNOWN, "unknown", 5, 502},
	{SMD_E_UNSUPPORTED, "unsupported", 3, 501},
	{SMD_E_DENIED, "denied", 3, 403},
	{SMD_E_ROLLED_BACK, "rolled-back", 4, 409},
	{SMD_E_ATTENTION, "attention", 5, 500},
	{SMD_E_INTERNAL, "internal", 1, 500},
};

static int is_hostile(const unsigned char *c, size_t length)
{
	if (length == 1)
		return *c < 0x20 || *c == 0x7f;
	if (length == 2)
		return c[0] == 0xc2 && c[1] < 0xa0;
	return length == 3 && c[0] == 0xe2 &&
	       ((c[1] == 0x80 && c[2] >= 0xaa && c[2] <= 0xae) ||
		(c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9));
}

char *smd_sanitize(char *text)
{
	size_t left = strlen(text), length;

	for (char *at = text; left; at += length, left -= length) {
		length = smd_utf8_length(at, left);
		if (!length || is_hostile((unsigned char *)at, length)) {
			length = length ? length : 1;
			memset(at, '?', length);
		}
	}
	return text;
}

/* End a text that was too long with "...", without splitting a UTF-8 character. */
static void cut(char *out, size_t size)
{
	size_t at = size - 4;

	while (at && ((unsigned char)out[at] & 0xc0) == 0x80)
		at--;
	memcpy(out + at, "...", 4);
}

/* Format into `out`; a text that is too long is cut, foreign characters are sanitized. */
static void SMD_PRINTF(3, 0) put_text(char *out, size_t size, const char *format, va_list args)
{
	int length = vsnprintf(out, size, format, args);

	if (length < 0)
		out[0] = '\0';
	else if ((size_t)length >= size)
		cut(out, size);
	smd_sanitize(out);
}

int smd_fail(struct smd_error *error, enum smd_err code, const char *format, ...)
{
	va_list args;

	if (!error)
		return code;
	error->code = code;
	error->device[0] = error->where[0] = error->hint[0] = '\0';
	va_start(args, format);
	put_text(error->message, sizeof(error->message), format, args);
	va_end(args);
	return code;
}

void smd_error_hint(struct smd_error *error, const char *format, ...)
{
	va_list args;

	if (!error)
		return;
	va_start(args, format);
	put_text(error->hint, sizeof(error->hint), format, args);
	va_end(args);
}

void smd_error_where(struct smd_error *error, const char *format, ...)
{
	va_list args;

	if (!error)
		return;
	va_start(args, format);
	put_text(error->where, sizeof(error->where), format, args);
	va_end(args);
}

void smd_error_device(struct smd_error *error, const char *device)
{
	if (!error)
		return;
	snprintf(error->device, sizeof(error->device), "%s", device);
	smd_sanitize(error->device);
}

void smd_error_prefix(struct smd_error *error, const char *format, ...)
{
	char message[SMD_ERROR_MESSAGE];
	va_list args;
	size_t used;

	if (!error)
		return;
	memcpy(message, error->message, sizeof(message));
	va_start(args, format);
	put_text(error->message, sizeof(error->message), format, args);
	va_end(args);
	used = strlen(error->message);
	if (snprintf(error->message + used, sizeof(error->message) - used, ": %s", message) >=
	    (int)(sizeof(error->message) - used))
		cut(error->message, sizeof(error->message));
}

static size_t row(enum smd_err code)
{
	for (size_t i = 0; i < SMD_COUNT(table); i++)
		if (table[i].code == code)
			return i;
	return SMD_COUNT(table) - 1;
}

const char *smd_err_name(enum smd_err code)
{
	return table[row(code)].name;
}

int smd_err_exit(enum smd_err code)
{
	return table[row(code)].exit;
}

int smd_err_http(enum smd_err code)
{
	return table[row(code)].http;
}
