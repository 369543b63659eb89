/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON writer: RFC 8785, JSON Canonicalization Scheme. */
#include "core/base/json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DIGITS 17 /* decimal digits that distinguish any two doubles */

static int write_value(FILE *out, const cJSON *value, unsigned depth);

/* Section 3.2.2.2: write an escape in its shortest form. */
static void write_escape(FILE *out, unsigned char c)
{
	static const char from[] = "\b\t\n\f\r\"\\", to[] = "btnfr\"\\";
	const char *found = strchr(from, c);

	if (found)
		fprintf(out, "\\%c", to[found - from]);
	else
		fprintf(out, "\\u%04x", c);
}

static int write_string(FILE *out, const char *text)
{
	size_t left = strlen(text);

	putc('"', out);
	while (left) {
		unsigned char c = (unsigned char)*text;
		size_t length = smd_utf8_length(text, left);

		if (!length)
			return SMD_E_INVALID;
		if (c < 0x20 || c == '"' || c == '\\')
			write_escape(out, c);
		else
			fwrite(text, 1, length, out);
		text += length;
		left -= length;
	}
	putc('"', out);
	return 0;
}

/*
 * The number that has these digits, the first with weight 10^exponent. The text has no decimal
 * point, so the locale does not matter.
 */
static double read_back(const char *digits, int count, int exponent)
{
	char text[DIGITS + 16];

	snprintf(text, sizeof(text), "%.*se%d", count, digits, exponent - count + 1);
	return strtod(text, NULL);
}

/* The `count` digits nearest to `number` > 0, of which the first has the weight 10^exponent. */
static void nearest(double number, int count, char digits[DIGITS + 1], int *exponent)
{
	char text[DIGITS + 32];
	const char *from = text;
	int i = 0;

	snprintf(text, sizeof(text), "%.*e", count - 1, number);
	for (; *from != 'e'; from++)
		if (*from >= '0' && *from <= '9' && i < DIGITS)
			digits[i++] = *from;
	digits[i] = '\0';
	*exponent = (int)strtol(from + 1, NULL, 10);
}

/*
 * Add one to the last digit. The first digit never overflows: rounding would not give digits
 * that are all 9.
 */
static void step_up(char *digits, int count)
{
	int i = count - 1;

	for (; i > 0 && digits[i] == '9'; i--)
		digits[i] = '0';
	if (digits[i] < '9')
		digits[i]++;
}

/*
 * The fewest digits that read back as `number` (ECMAScript, Number::toString). Just below a
 * power of two, doubles are closer together than above it. There the nearest digits may read
 * back as another double and the next higher ones as `number`, so both are tried.
 */
static int shortest(double number, char digits[DIGITS + 1], int *exponent)
{
	for (int count = 1; count < DIGITS; count++) {
		nearest(number, count, digits, exponent);
		if (read_back(digits, count, *exponent) == number)
			return count;
		step_up(digits, count);
		if (read_back(digits, count, *exponent) == number)
			return count;
	}
	nearest(number, DIGITS, digits, exponent);
	return DIGITS;
}

/*
 * Section 3.2.2.3: write `count` digits in ECMAScript's layout, which depends on the place of
 * the decimal point.
 */
static void write_digits(FILE *out, const char *digits, int count, int exponent)
{
	int point = exponent + 1; /* number of digits before the point */

	if (point > 21 || point < -5)
		fprintf(out, "%c%s%.*se%+d", digits[0], count > 1 ? "." : "", count - 1, digits + 1,
			exponent);
	else if (point <= 0)
		fprintf(out, "0.%.*s%.*s", -point, "00000", count, digits);
	else if (point < count)
		fprintf(out, "%.*s.%.*s", point, digits, count - point, digits + point);
	else
		fprintf(out, "%.*s%.*s", count, digits, point - count, "00000000000000000000");
}

static int write_number(FILE *out, double number)
{
	char digits[DIGITS + 1];
	int exponent, count;

	if (!isfinite(number))
		return SMD_E_INVALID;
	if (fabs(number) <= (double)SMD_JSON_WHOLE && (double)(int64_t)number == number) {
		fprintf(out, "%lld", (long long)number); /* -0 is written as 0, as required */
		return 0;
	}
	if (number < 0)
		putc('-', out);
	count = shortest(fabs(number), digits, &exponent);
	write_digits(out, digits, count, exponent);
	return 0;
}

/*
 * Section 3.2.3: names are ordered by their UTF-16 code units. Byte order of UTF-8 is the same,
 * except that U+E000 to U+FFFF come after the characters above U+FFFF, which UTF-16 writes as
 * surrogates. Comparing the weights of lead bytes is enough for that.
 */
static unsigned weight(unsigned char byte)
{
	return byte == 0xee || byte == 0xef ? byte + 0x10u : byte;
}

static int by_utf16(const void *a, const void *b)
{
	const unsigned char *left = (const unsigned char *)(*(const cJSON *const *)a)->string;
	const unsigned char *right = (const unsigned char *)(*(const cJSON *const *)b)->string;

	while (*left && *left == *right) {
		left++;
		right++;
	}
	return (weight(*left) > weight(*right)) - (weight(*left) < weight(*right));
}

static int write_members(FILE *out, const cJSON **members, size_t count, unsigned depth)
{
	int err = 0;

	qsort(members, count, sizeof(const cJSON *), by_utf16);
	putc('{', out);
	for (size_t i = 0; i < count && !err; i++) {
		if (i && by_utf16(&members[i - 1], &members[i]) == 0)
			return SMD_E_INVALID;
		if (i)
			putc(',', out);
		err = write_string(out, members[i]->string);
		putc(':', out);
		if (!err)
			err = write_value(out, members[i], depth);
	}
	putc('}', out);
	return err;
}

static int write_object(FILE *out, const cJSON *object, unsigned depth)
{
	smd_cleanup(free) const cJSON **members = NULL;
	const cJSON *item;
	size_t count = 0;

	cJSON_ArrayForEach (item, object) {
		if (!item->string)
			return SMD_E_INVALID;
		count++;
	}
	members = calloc(count + 1, sizeof(const cJSON *));
	if (!members)
		return SMD_E_NO_MEMORY;
	count = 0;
	cJSON_ArrayForEach (item, object)
		members[count++] = item;
	return write_members(out, members, count, depth);
}

static int write_array(FILE *out, const cJSON *array, unsigned depth)
{
	const cJSON *item;
	int err = 0;

	putc('[', out);
	cJSON_ArrayForEach (item, array) {
		if (item != array->child)
			putc(',', out);
		err = write_value(out, item, depth);
		if (err)
			break;
	}
	putc(']', out);
	return err;
}

static int write_word(FILE *out, const char *word)
{
	fputs(word, out);
	return 0;
}

static int write_value(FILE *out, const cJSON *value, unsigned depth)
{
	int nested = cJSON_IsArray(value) || cJSON_IsObject(value);

	if (nested && depth == SMD_JSON_DEPTH)
		return SMD_E_INVALID;
	switch (value->type & 0xff) {
	case cJSON_NULL:
		return write_word(out, "null");
	case cJSON_True:
		return write_word(out, "true");
	case cJSON_False:
		return write_word(out, "false");
	case cJSON_Number:
		return write_number(out, value->valuedouble);
	case cJSON_String:
		return value->valuestring ? write_string(out, value->valuestring) : SMD_E_INVALID;
	case cJSON_Array:
		return write_array(out, value, depth + 1);
	case cJSON_Object:
		return write_object(out, value, depth + 1);
	default:
		return SMD_E_INVALID;
	}
}

int smd_json_canonical(const cJSON *value, char **out)
{
	smd_cleanup(free) char *text = NULL;
	size_t size;
	FILE *stream;
	int err;

	if (!value)
		return SMD_E_INVALID;
	stream = open_memstream(&text, &size);
	if (!stream)
		return SMD_E_NO_MEMORY;
	err = write_value(stream, value, 0);
	if (ferror(stream) && !err)
		err = SMD_E_NO_MEMORY;
	if (fclose(stream) != 0 && !err)
		err = SMD_E_NO_MEMORY;
	if (!err)
		*out = smd_take(text);
	return err;
}
