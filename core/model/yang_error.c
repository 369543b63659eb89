/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conversion of libyang's errors to ours: document and line, field, what is wrong and, as far
 * as the schema tells, what is allowed.
 */
#include <stdio.h>
#include <string.h>

#include "core/model/read.h"

#define WORDS 320
#define FIELD 200 /* bytes of a path that a message shows, so that there is room for the rest */
#define VALUE 80  /* bytes of a value that a message shows */

struct yang_error {
	char field[512];     /* data path, with the module's name */
	char module[64];     /* "smartdeploy-inventory:", or "" */
	unsigned line;       /* 0: unknown */
	char words[WORDS];   /* what is wrong */
	char allowed[WORDS]; /* what is allowed, or "" */
};

static void SMD_PRINTF(3, 4) append(char *out, size_t size, const char *format, ...)
{
	size_t used = strlen(out);
	va_list args;

	va_start(args, format);
	vsnprintf(out + used, size - used, format, args);
	va_end(args);
}

/* Parse libyang's text: `Data location "/m:a/b[k='v']", line number 7.` */
static void find_place(struct yang_error *yang_error, const char *place)
{
	const char *begin = strchr(place, '"');
	const char *end = strrchr(place, '"');
	const char *line = strcasestr(end ? end : place, "line number ");
	const char *colon;

	if (line)
		yang_error->line = (unsigned)strtoul(line + strlen("line number "), NULL, 10);
	if (!begin || end == begin)
		return;
	append(yang_error->field, sizeof(yang_error->field), "%.*s", (int)(end - begin - 1),
	       begin + 1);
	colon = strchr(yang_error->field, ':');
	if (yang_error->field[0] == '/' && colon)
		append(yang_error->module, sizeof(yang_error->module), "%.*s",
		       (int)(colon - yang_error->field), yang_error->field + 1);
}

/* Remove every occurrence of `part`. */
static void strip(char *text, const char *part)
{
	size_t length = strlen(part);
	char *found = text;

	while (length && (found = strstr(found, part)))
		memmove(found, found + length, strlen(found + length) + 1);
}

/*
 * The schema node of a data path. The path is used without `[key='value']`, since a value can
 * contain `/`.
 */
static const struct lysc_node *find_schema(const struct ly_ctx *context, const char *field)
{
	char path[sizeof(((struct yang_error *)0)->field)];
	size_t used = 0;
	char quote = '\0';
	int inside = 0;

	for (const char *c = field; *c; c++) {
		if (quote)
			quote = *c == quote ? '\0' : quote;
		else if (inside && (*c == '\'' || *c == '"'))
			quote = *c;
		else if (*c == '[')
			inside = 1;
		else if (inside && *c == ']')
			inside = 0;
		else if (!inside)
			path[used++] = *c;
	}
	path[used] = '\0';
	return used ? lys_find_path(context, NULL, path, 0) : NULL;
}

static void allow_children(char *out, const struct lysc_node *node)
{
	const struct lysc_node *child = lysc_node_child(node);

	for (const char *lead = "allowed here: "; child; child = child->next, lead = ", ")
		append(out, WORDS, "%s%s", lead, child->name);
}

static void allow_keys(char *out, const struct lysc_node *list)
{
	const struct lysc_node *child = lysc_node_child(list);

	append(out, WORDS, "no two may have the same");
	for (const char *lead = " "; child && lysc_is_key(child);
	     child = child->next, lead = " and ")
		append(out, WORDS, "%s%s", lead, child->name);
}

static void allow_enum(char *out, const struct lysc_type_enum *type)
{
	for (LY_ARRAY_COUNT_TYPE i = 0; i < LY_ARRAY_COUNT(type->enums); i++)
		append(out, WORDS, "%s%s", i ? ", " : "allowed: ", type->enums[i].name);
}

static void allow_value(char *out, const struct lysc_type *type)
{
	const struct lysc_range *range;
	struct lysc_pattern **patterns;

	switch (type->basetype) {
	case LY_TYPE_UINT16:
		range = ((const struct lysc_type_num *)type)->range;
		if (range && range->dsc)
			append(out, WORDS, "%s", range->dsc);
		break;
	case LY_TYPE_STRING:
		patterns = ((const struct lysc_type_str *)type)->patterns;
		if (LY_ARRAY_COUNT(patterns) && patterns[0]->dsc)
			append(out, WORDS, "%s", patterns[0]->dsc);
		break;
	case LY_TYPE_ENUM:
		allow_enum(out, (const struct lysc_type_enum *)type);
		break;
	case LY_TYPE_BOOL:
		append(out, WORDS, "allowed: true, false");
		break;
	default:
		break;
	}
}

static void explain_allowed(struct yang_error *yang_error, const struct ly_ctx *context,
			    const struct ly_err_item *item)
{
	const struct lysc_node *node = find_schema(context, yang_error->field);
	int twice = !strncmp(item->msg, "Duplicate", 9);

	if (!node || !strncmp(item->msg, "Too few", 7))
		return;
	if (twice && node->nodetype == LYS_LIST)
		allow_keys(yang_error->allowed, node);
	else if (twice)
		append(yang_error->allowed, WORDS, "it may stand once");
	else if (node->nodetype & (LYS_LEAF | LYS_LEAFLIST))
		allow_value(yang_error->allowed, ((const struct lysc_node_leaf *)node)->type);
	else if (item->vecode == LYVE_REFERENCE)
		allow_children(yang_error->allowed, node);
}

/* Is it an error about a value that does not fit the leaf's type? */
static int refuses_value(const struct ly_err_item *item)
{
	static const char *const heads[] = {
		"Unsatisfied range",   "Unsatisfied pattern", "Value \"",       "Invalid type",
		"Invalid enumeration", "Invalid non-",        "Invalid boolean"};

	for (size_t i = 0; i < SMD_COUNT(heads); i++)
		if (!strncmp(item->msg, heads[i], strlen(heads[i])))
			return 1;
	return 0;
}

/* Whether somebody may have written a secret in the field, where a reference to one belongs. */
static int may_be_secret(const char *field)
{
	const char *name = strrchr(field, '/');

	return name && (!strncmp(name, "/password", 9) || !strcmp(name, "/value-env"));
}

/*
 * Rewrite such an error. The value may contain anything, quotes included; a long one is cut
 * between UTF-8 characters.
 */
static void explain_value(char *words, const char *field, const char *message)
{
	const char *begin = strchr(message, '"');
	const char *end = strstr(message, "\" does not conform to ");
	const char *wrong = strncmp(message, "Invalid non-", 12) ? "is not allowed"
								 : "is of the wrong JSON type";

	if (!end)
		end = strrchr(message, '"');
	if (!begin || end <= begin) {
		append(words, WORDS, "%s", message);
		return;
	}
	if (may_be_secret(field)) {
		append(words, WORDS, "the value %s", wrong);
		return;
	}
	if (end - begin > VALUE)
		for (end = begin + VALUE; ((unsigned char)*end & 0xc0) == 0x80; end--)
			;
	append(words, WORDS, "value %.*s\" %s", (int)(end - begin), begin, wrong);
}

static void explain_plain(char *words, const char *message)
{
	size_t length;

	append(words, WORDS, "%s", message);
	length = strlen(words);
	if (length && words[length - 1] == '.')
		words[length - 1] = '\0';
	if (words[0] >= 'A' && words[0] <= 'Z' && words[1] >= 'a' && words[1] <= 'z')
		words[0] = (char)(words[0] - 'A' + 'a');
}

/* Set `words` to libyang's message, or to a plainer one for common errors. */
static void explain(struct yang_error *yang_error, const struct ly_err_item *item)
{
	char value[64], name[64], one[128], two[128];
	char *words = yang_error->words;

	if (strcasestr(item->msg, "invalid character reference"))
		append(words, WORDS,
		       "a \\u escape that is not taken: no control character; write any "
		       "other as it is");
	else if (refuses_value(item))
		explain_value(words, yang_error->field, item->msg);
	else if (sscanf(item->msg,
			"Invalid leafref value \"%63[^\"]\" - no target instance "
			"\"/%*[^/]/%*[^:]:%63[a-z-]/",
			value, name) == 2)
		append(words, WORDS, "there is no %s \"%s\" in the document", name, value);
	else if (sscanf(item->msg, "Too few \"%63[^\"]\" instances", name) == 1)
		append(words, WORDS, "there is no \"%s\"; at least one is needed", name);
	else if (sscanf(item->msg, "Mandatory node \"%63[^\"]\" instance", name) == 1)
		append(words, WORDS, "\"%s\" is missing", name);
	else if (sscanf(item->msg,
			"Unique data leaf(s) \"%63[^\"]\" not satisfied in "
			"\"%127[^\"]\" and \"%127[^\"]\"",
			name, one, two) == 3)
		append(words, WORDS, "%s and %s have the same %s", one, two, name);
	else
		explain_plain(words, item->msg);
	strip(words, yang_error->module);
}

int smd_yang_error(const struct ly_ctx *context, const char *what, struct smd_error *error)
{
	const struct ly_err_item *item = ly_err_first(context);
	struct yang_error yang_error = {0};
	char place[128];

	if (!item || !item->msg)
		return smd_fail(error, SMD_E_INVALID, "%s: libyang refused it without a reason",
				what);
	find_place(&yang_error, item->path ? item->path : "");
	explain(&yang_error, item);
	explain_allowed(&yang_error, context, item);
	strip(yang_error.field, yang_error.module);
	snprintf(place, sizeof(place), yang_error.line ? "%s:%u" : "%s", what, yang_error.line);
	smd_fail(error, SMD_E_INVALID, "%s: %.*s%s%s%s%s", place, FIELD, yang_error.field,
		 yang_error.field[0] ? ": " : "", yang_error.words,
		 yang_error.allowed[0] ? "; " : "", yang_error.allowed);
	smd_error_where(error, "%s", yang_error.field);
	return SMD_E_INVALID;
}
