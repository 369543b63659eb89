/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The JSON reader. cJSON's own parser is not used: it accepts more than JSON (raw control
 * characters, `01`, bad UTF-8) and keeps both of two members with the same name.
 *
 * Decoded strings are stored one after the other in one buffer. A string with its NUL is never
 * longer than it was with its quotes, so a buffer of the text's size is enough.
 */
#include "core/base/json.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct key {
	const char *name;
	size_t at;
};

struct parser {
	const char *text;
	size_t size, at;
	const char *what;
	unsigned depth;
	char *strings;
	size_t used;
	struct key *keys; /* names of the members of all objects that are open */
	size_t key_count, key_room;
	struct smd_error *error;
};

static int value(struct parser *p, cJSON **out);

/* Fail at byte `at`. Line and column are computed only here. */
static int SMD_PRINTF(3, 4) refuse(struct parser *p, size_t at, const char *format, ...)
{
	char message[SMD_ERROR_MESSAGE];
	size_t line = 1, column = 1;
	va_list args;

	for (size_t i = 0; i < at; i++) {
		if (p->text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)p->text[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	smd_fail(p->error, SMD_E_INVALID, "cannot read %s as JSON: %s", p->what, message);
	smd_error_where(p->error, "%s:%zu:%zu", p->what, line, column);
	return SMD_E_INVALID;
}

static int no_memory(struct parser *p)
{
	return smd_fail(p->error, SMD_E_NO_MEMORY, "cannot read %s: out of memory", p->what);
}

/*
 * The current byte; 0 at the end of the text. A NUL in the text is no part of a token, so it is
 * an error as well.
 */
static char peek(const struct parser *p)
{
	return p->at < p->size ? p->text[p->at] : '\0';
}

static void skip_blanks(struct parser *p)
{
	while (p->at < p->size && memchr(" \t\r\n", p->text[p->at], 4))
		p->at++;
}

static int unexpected(struct parser *p, const char *wanted)
{
	unsigned char c = (unsigned char)peek(p);

	if (p->at >= p->size)
		return refuse(p, p->at, "the text ends where %s should stand", wanted);
	if (c < 0x20 || c >= 0x7f)
		return refuse(p, p->at, "a byte 0x%02x where %s should stand", c, wanted);
	return refuse(p, p->at, "'%c' where %s should stand", c, wanted);
}

static int hex_digits(struct parser *p, uint32_t *out)
{
	*out = 0;
	for (unsigned i = 0; i < 4; i++, p->at++) {
		char c = peek(p);

		if (c >= '0' && c <= '9')
			*out = *out << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			*out = *out << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return unexpected(p, "a hexadecimal digit");
	}
	return 0;
}

static void put_utf8(struct parser *p, uint32_t c)
{
	char *out = p->strings + p->used;

	if (c < 0x80) {
		*out++ = (char)c;
	} else if (c < 0x800) {
		*out++ = (char)(0xc0 | c >> 6);
		*out++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*out++ = (char)(0xe0 | c >> 12);
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	} else {
		*out++ = (char)(0xf0 | c >> 18);
		*out++ = (char)(0x80 | (c >> 12 & 0x3f));
		*out++ = (char)(0x80 | (c >> 6 & 0x3f));
		*out++ = (char)(0x80 | (c & 0x3f));
	}
	p->used = (size_t)(out - p->strings);
}

/* Decode `XXXX` after `\u`, and the second escape of a surrogate pair. */
static int escaped_unicode(struct parser *p, size_t start)
{
	uint32_t c, low;
	int err = hex_digits(p, &c);

	if (err)
		return err;
	if (c == 0)
		return refuse(p, start, "\\u0000 in a string");
	if (c >= 0xd800 && c < 0xdc00) {
		if (p->size - p->at < 6 || memcmp(p->text + p->at, "\\u", 2) != 0)
			return refuse(p, start, "half of a surrogate pair");
		p->at += 2;
		err = hex_digits(p, &low);
		if (err)
			return err;
		if (low < 0xdc00 || low > 0xdfff)
			return refuse(p, start, "half of a surrogate pair");
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
	} else if (c >= 0xdc00 && c < 0xe000) {
		return refuse(p, start, "half of a surrogate pair");
	}
	put_utf8(p, c);
	return 0;
}

static int escape(struct parser *p)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	size_t start = p->at++;
	char c = peek(p);
	const char *found;

	if (c == 'u') {
		p->at++;
		return escaped_unicode(p, start);
	}
	found = c ? strchr(from, c) : NULL;
	if (!found)
		return unexpected(p, "the rest of an escape");
	p->strings[p->used++] = to[found - from];
	p->at++;
	return 0;
}

/* Copy a character that is not escaped. */
static int plain(struct parser *p)
{
	unsigned char c = (unsigned char)p->text[p->at];
	size_t length;

	if (c < 0x20)
		return refuse(p, p->at, "a byte 0x%02x in a string: write it as an escape", c);
	length = smd_utf8_length(p->text + p->at, p->size - p->at);
	if (!length)
		return refuse(p, p->at, "a byte 0x%02x that is not UTF-8", c);
	memcpy(p->strings + p->used, p->text + p->at, length);
	p->used += length;
	p->at += length;
	return 0;
}

static int string(struct parser *p, const char **out)
{
	size_t start = p->at++;

	*out = p->strings + p->used;
	while (peek(p) != '"') {
		int err;

		if (p->at >= p->size)
			return refuse(p, start, "a string that does not end");
		err = p->text[p->at] == '\\' ? escape(p) : plain(p);
		if (err)
			return err;
	}
	p->at++;
	p->strings[p->used++] = '\0';
	return 0;
}

static int string_value(struct parser *p, cJSON **out)
{
	const char *text;
	int err = string(p, &text);

	if (err)
		return err;
	*out = cJSON_CreateString(text);
	return *out ? 0 : no_memory(p);
}

static int digits(struct parser *p)
{
	if (peek(p) < '0' || peek(p) > '9')
		return unexpected(p, "a digit");
	while (peek(p) >= '0' && peek(p) <= '9')
		p->at++;
	return 0;
}

/* Skip a number (RFC 8259, section 6); `*whole` is 1 if it has no fraction or exponent. */
static int scan_number(struct parser *p, int *whole)
{
	int err = 0;

	*whole = 1;
	if (peek(p) == '-')
		p->at++;
	if (peek(p) == '0')
		p->at++;
	else
		err = digits(p);
	if (!err && peek(p) == '.') {
		*whole = 0;
		p->at++;
		err = digits(p);
	}
	if (!err && (peek(p) == 'e' || peek(p) == 'E')) {
		*whole = 0;
		p->at++;
		if (peek(p) == '+' || peek(p) == '-')
			p->at++;
		err = digits(p);
	}
	return err;
}

/* Convert a number with '.' as its decimal point, whatever the locale. */
static double to_double(const char *text)
{
	locale_t plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	double number;

	if (plain_locale == (locale_t)0)
		return NAN;
	number = strtod_l(text, NULL, plain_locale);
	freelocale(plain_locale);
	return number;
}

static int number_value(struct parser *p, cJSON **out)
{
	char *copy = p->strings + p->used; /* free space of the buffer, used for a moment only */
	size_t start = p->at;
	double number;
	int whole, err = scan_number(p, &whole);

	if (err)
		return err;
	memcpy(copy, p->text + start, p->at - start);
	copy[p->at - start] = '\0';
	number = to_double(copy);
	if (!isfinite(number))
		return refuse(p, start, "a number that is too large");
	if (whole && fabs(number) > (double)SMD_JSON_WHOLE) {
		err = refuse(p, start, "a whole number beyond 2^53 - 1");
		smd_error_hint(p->error, "write it as a string");
		return err;
	}
	*out = cJSON_CreateNumber(number);
	return *out ? 0 : no_memory(p);
}

static int word_value(struct parser *p, const char *word, cJSON *(*create)(void), cJSON **out)
{
	size_t length = strlen(word);

	if (p->size - p->at < length || memcmp(p->text + p->at, word, length) != 0)
		return unexpected(p, "a value");
	p->at += length;
	*out = create();
	return *out ? 0 : no_memory(p);
}

/* After an item: 1 if a comma follows and so another item; 0 if `end` closes the list. */
static int another_item(struct parser *p, char end, const char *wanted)
{
	skip_blanks(p);
	if (peek(p) != ',' && peek(p) != end)
		return unexpected(p, wanted);
	return p->text[p->at++] == ',';
}

/* Skip the opening bracket: 1 if an item follows, 0 if the list is empty. */
static int begin_items(struct parser *p, char end)
{
	if (p->depth == SMD_JSON_DEPTH)
		return refuse(p, p->at, "more than %d levels of nesting", SMD_JSON_DEPTH);
	p->depth++;
	p->at++;
	skip_blanks(p);
	if (peek(p) != end)
		return 1;
	p->at++;
	return 0;
}

static int array_items(struct parser *p, cJSON *array)
{
	int more = begin_items(p, ']');

	while (more > 0) {
		cJSON *item = NULL;
		int err = value(p, &item);

		if (err)
			return err;
		cJSON_AddItemToArray(array, item);
		more = another_item(p, ']', "',' or ']'");
	}
	p->depth--;
	return more;
}

static int remember_key(struct parser *p, const char *name, size_t at)
{
	if (p->key_count == p->key_room) {
		size_t room = p->key_room ? p->key_room * 2 : 32;
		struct key *keys = reallocarray(p->keys, room, sizeof(*keys));

		if (!keys)
			return no_memory(p);
		p->keys = keys;
		p->key_room = room;
	}
	p->keys[p->key_count++] = (struct key){name, at};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct key *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : (left->at > right->at) - (left->at < right->at);
}

/* Fail if a name occurs twice among the keys from `first` on; then remove them from the list. */
static int check_keys(struct parser *p, size_t first)
{
	size_t count = p->key_count - first;
	struct key *keys;

	p->key_count = first;
	if (count < 2)
		return 0;
	keys = p->keys + first;
	qsort(keys, count, sizeof(*keys), by_name);
	for (size_t i = 1; i < count; i++)
		if (strcmp(keys[i - 1].name, keys[i].name) == 0)
			return refuse(p, keys[i].at, "the name \"%.64s\" a second time",
				      keys[i].name);
	return 0;
}

static int member(struct parser *p, cJSON *object)
{
	const char *name;
	cJSON *item = NULL;
	size_t at = p->at;
	int err;

	if (peek(p) != '"')
		return unexpected(p, "a name in quotes");
	err = string(p, &name);
	if (!err)
		err = remember_key(p, name, at);
	if (err)
		return err;
	skip_blanks(p);
	if (peek(p) != ':')
		return unexpected(p, "':'");
	p->at++;
	err = value(p, &item);
	if (err)
		return err;
	if (cJSON_AddItemToObject(object, name, item))
		return 0;
	cJSON_Delete(item);
	return no_memory(p);
}

static int object_members(struct parser *p, cJSON *object)
{
	size_t first = p->key_count;
	int more = begin_items(p, '}');

	while (more > 0) {
		int err;

		skip_blanks(p);
		err = member(p, object);
		if (err)
			return err;
		more = another_item(p, '}', "',' or '}'");
	}
	p->depth--;
	return more ? more : check_keys(p, first);
}

static int container(struct parser *p, cJSON *made, int (*fill)(struct parser *, cJSON *),
		     cJSON **out)
{
	int err = made ? fill(p, made) : no_memory(p);

	if (err)
		cJSON_Delete(made);
	else
		*out = made;
	return err;
}

static int value(struct parser *p, cJSON **out)
{
	skip_blanks(p);
	switch (peek(p)) {
	case '{':
		return container(p, cJSON_CreateObject(), object_members, out);
	case '[':
		return container(p, cJSON_CreateArray(), array_items, out);
	case '"':
		return string_value(p, out);
	case 't':
		return word_value(p, "true", cJSON_CreateTrue, out);
	case 'f':
		return word_value(p, "false", cJSON_CreateFalse, out);
	case 'n':
		return word_value(p, "null", cJSON_CreateNull, out);
	default:
		if (peek(p) == '-' || (peek(p) >= '0' && peek(p) <= '9'))
			return number_value(p, out);
		return unexpected(p, "a value");
	}
}

int smd_json_parse(const char *text, size_t size, const char *what, cJSON **out,
		   struct smd_error *error)
{
	struct parser p = {.text = text, .size = size, .what = what, .error = error};
	smd_cleanup(cJSON_Delete) cJSON *document = NULL;
	int err;

	p.strings = size < SIZE_MAX ? malloc(size + 1) : NULL;
	if (!p.strings)
		return no_memory(&p);
	err = value(&p, &document);
	skip_blanks(&p);
	if (!err && p.at < size)
		err = unexpected(&p, "nothing more");
	free(p.strings);
	free(p.keys);
	if (!err)
		*out = smd_take(document);
	return err;
}

const cJSON *smd_json_member(const cJSON *object, const char *name)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, name) : NULL;
}

const char *smd_json_string(const cJSON *object, const char *name)
{
	return cJSON_GetStringValue(smd_json_member(object, name));
}

void smd_json_copy_string(cJSON *to, const cJSON *from, const char *name)
{
	const char *text = smd_json_string(from, name);

	if (text)
		cJSON_AddStringToObject(to, name, text);
}

char *smd_json_take_string(cJSON *object, const char *name)
{
	smd_cleanup(cJSON_Delete) cJSON *item = NULL;

	if (!smd_json_string(object, name))
		return NULL;
	item = cJSON_DetachItemFromObjectCaseSensitive(object, name);
	return item->type & cJSON_IsReference ? strdup(item->valuestring)
					      : smd_take(item->valuestring);
}

cJSON *smd_json_array(const cJSON *object, const char *name)
{
	const cJSON *item = smd_json_member(object, name);

	return cJSON_IsArray(item) ? (cJSON *)item : NULL;
}

cJSON *smd_json_object(const cJSON *object, const char *name)
{
	const cJSON *item = smd_json_member(object, name);

	return cJSON_IsObject(item) ? (cJSON *)item : NULL;
}

int64_t smd_json_number(const cJSON *object, const char *name, int64_t initial)
{
	const cJSON *item = smd_json_member(object, name);

	if (!cJSON_IsNumber(item) || fabs(item->valuedouble) > (double)SMD_JSON_WHOLE ||
	    (double)(int64_t)item->valuedouble != item->valuedouble)
		return initial;
	return (int64_t)item->valuedouble;
}

int smd_json_bool(const cJSON *object, const char *name, int initial)
{
	const cJSON *item = smd_json_member(object, name);

	return cJSON_IsBool(item) ? cJSON_IsTrue(item) : initial;
}
