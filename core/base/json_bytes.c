/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "core/base/hash.h"
#include "core/base/json.h"

static int is_text(const char *bytes, size_t size)
{
	for (size_t at = 0, length; at < size; at += length) {
		length = smd_utf8_length(bytes + at, size - at);
		if (!length || !bytes[at])
			return 0;
	}
	return 1;
}

static cJSON *text_item(const char *bytes, size_t size)
{
	smd_cleanup(free) char *text = strndup(bytes, size);

	return text ? cJSON_CreateString(text) : NULL;
}

cJSON *smd_json_bytes(const char *bytes, size_t size)
{
	smd_cleanup(cJSON_Delete) cJSON *object = NULL;
	smd_cleanup(free) char *hex = NULL;

	if (is_text(bytes, size))
		return text_item(bytes, size);
	hex = malloc(2 * size + 1);
	object = cJSON_CreateObject();
	if (!hex || !object)
		return NULL;
	smd_hex((const uint8_t *)bytes, size, hex);
	return cJSON_AddStringToObject(object, "hex", hex) ? smd_take(object) : NULL;
}

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

static int decode(const char *hex, char *out, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		int high = hex_digit(hex[2 * i]);
		int low = high < 0 ? -1 : hex_digit(hex[2 * i + 1]);

		if (low < 0)
			return SMD_E_INVALID;
		out[i] = (char)(high << 4 | low);
	}
	out[size] = '\0';
	return 0;
}

int smd_json_read_bytes(const cJSON *item, char **out, size_t *size)
{
	const char *text = cJSON_GetStringValue(item);
	const char *hex = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "hex"));
	smd_cleanup(free) char *bytes = NULL;
	int err = 0;

	if (!text && (!hex || strlen(hex) % 2))
		return SMD_E_INVALID;
	*size = text ? strlen(text) : strlen(hex) / 2;
	bytes = malloc(*size + 1);
	if (!bytes)
		return SMD_E_NO_MEMORY;
	if (text)
		memcpy(bytes, text, *size + 1);
	else
		err = decode(hex, bytes, *size);
	if (!err)
		*out = smd_take(bytes);
	return err;
}
