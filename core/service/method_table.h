/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of methods: what each one is for, who may call it, whether it acts, and the fields of
 * its request. Requests are checked against it before a method runs; what programs offer their
 * users (commands, help, completion, pages) is made from it.
 */
#ifndef SMD_SERVICE_METHOD_TABLE_H
#define SMD_SERVICE_METHOD_TABLE_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>
#include <stddef.h>

struct smd_call;

/* What a method needs of the store; from SMD_USE_WRITE on it acts. */
enum smd_use {
	SMD_USE_PARTS, /* nothing; only drivers and plugins */
	SMD_USE_LOOK,  /* a store, to read; works beside another controller that owns it */
	SMD_USE_WRITE, /* a store, to write */
	SMD_USE_MAKE   /* the same; it is made if there is none */
};

/* The least right that a user needs for a method; each has those before it. */
enum smd_right { SMD_RIGHT_VIEWER, SMD_RIGHT_OPERATOR, SMD_RIGHT_ADMIN };

enum smd_field_type {
	SMD_FIELD_TEXT,     /* a string */
	SMD_FIELD_DOCUMENT, /* a string: the contents of a file */
	SMD_FIELD_NUMBER,   /* a whole number from `minimum` to `maximum` */
	SMD_FIELD_FLAG,     /* true or false; left out, it is false */
	SMD_FIELD_CHOICE,   /* a string, one of `choices` */
	SMD_FIELD_LIST,     /* an array; the method checks what is in it */
	SMD_FIELD_OBJECT    /* an object whose members are strings */
};

/* Of what a text is the name, so that those that there are can be offered. */
enum smd_names {
	SMD_NAMES_NONE,
	SMD_NAMES_CONFIGURATION,
	SMD_NAMES_DEPLOYMENT,
	SMD_NAMES_DEVICE,
	SMD_NAMES_DRIVER,
	SMD_NAMES_FOLDER
};

#define SMD_LARGEST_NUMBER 9007199254740991.0 /* 2^53 - 1, the largest exact one in JSON */

/*
 * choices  NULL-terminated array, of SMD_FIELD_CHOICE.
 * label    Of SMD_FIELD_DOCUMENT: the field that says what errors call the document, as its file.
 */
struct smd_field {
	const char *name;
	enum smd_field_type type;
	int required;
	enum smd_names names;
	double minimum, maximum;
	const char *const *choices;
	const char *label;
	const char *help;
};

#define SMD_METHOD_FIELDS 12

/*
 * summary   For people: one line, lower case, without a full stop.
 * fields    Up to the first one without a name.
 * replaces  Inventory and topology on record need not be sound: it replaces them, or does not ask.
 */
struct smd_method {
	const char *name;
	enum smd_use use;
	enum smd_right right;
	const char *summary;
	int (*run)(struct smd_call *call);
	struct smd_field fields[SMD_METHOD_FIELDS];
	int replaces;
};

/* All methods, sorted by name. Constant. */
const struct smd_method *smd_method_table(size_t *count);
/* The method of that name. SMD_E_NOT_FOUND in `error`, with NULL, if there is none. */
const struct smd_method *smd_method_find(const char *name, struct smd_error *error);
/* The method's field of that name; NULL: it has none. */
const struct smd_field *smd_method_field(const struct smd_method *method, const char *name);
/*
 * Check a request (NULL: there is none): SMD_E_INVALID if a member is no field, has the wrong type
 * or value, or a required one is missing or empty.
 */
int smd_method_check(const struct smd_method *method, const cJSON *request,
		     struct smd_error *error);

#endif
