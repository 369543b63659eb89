/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The gate: everything that leaves the service passes it. Lines of devices are masked where they
 * are made, by their driver's rules; here what sentences quote of them is.
 */
#include "core/service/outgoing.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/secret_words.h"
#include "core/tree/own.h"

/*
 * Members that the gate leaves alone: lines of configuration, which are masked by smd_outgoing_text
 * and the like, or made for a device; and what somebody wrote for everybody to read.
 */
static int passes(const cJSON *item)
{
	static const char *const names[] = {"text", "commands", "undo", "tree", "comment"};

	for (size_t i = 0; item->string && i < SMD_COUNT(names); i++)
		if (!strcmp(item->string, names[i]))
			return 1;
	return 0;
}

/* What the store keeps of a deployment to compute with, and nobody looks at. */
static int is_kept_back(const cJSON *item)
{
	return item->string && !strcmp(item->string, "slices");
}

static void mask_string(cJSON *item)
{
	int failed = 0;
	char *masked = smd_secret_mask_sentence(item->valuestring, &failed);

	if (masked && !cJSON_SetValuestring(item, masked))
		failed = 1;
	if (failed)
		memset(item->valuestring, '*', strlen(item->valuestring));
	free(masked);
}

/* A plan is signed as it was made, so it is masked where it is made; what is told beside is not. */
static int is_signed(const cJSON *json, const cJSON *item)
{
	return item->string && cJSON_GetObjectItemCaseSensitive(json, "mac") &&
	       strncmp(item->string, "leftovers", 9) != 0;
}

void smd_outgoing_json(cJSON *json)
{
	cJSON *next;

	for (cJSON *item = json ? json->child : NULL; item; item = next) {
		next = item->next;
		if (is_signed(json, item) || passes(item))
			continue;
		if (is_kept_back(item))
			cJSON_Delete(cJSON_DetachItemViaPointer(json, item));
		else if (cJSON_IsString(item))
			mask_string(item);
		else
			smd_outgoing_json(item);
	}
}

static void mask_chars(char *text, size_t room)
{
	int failed = 0;
	char *masked = smd_secret_mask_sentence(text, &failed);

	if (masked)
		snprintf(text, room, "%s", masked);
	else if (failed)
		snprintf(text, room, "%s", SMD_MASK);
	free(masked);
}

void smd_outgoing_error(struct smd_error *error)
{
	mask_chars(error->message, sizeof(error->message));
	mask_chars(error->where, sizeof(error->where));
	mask_chars(error->hint, sizeof(error->hint));
}

int smd_outgoing_opens(const struct smd_call *call, int *reveals)
{
	const struct passwd *owner;

	*reveals = cJSON_IsTrue(cJSON_GetObjectItem(call->request, "reveal"));
	if (!*reveals)
		return 0;
	owner = getpwuid(geteuid());
	if (owner && call->principal && !strcmp(owner->pw_name, call->principal))
		return 0;
	return smd_fail(call->error, SMD_E_DENIED,
			"only the user who runs the controller may see secrets");
}

int smd_outgoing_text(const struct smd_language *language, struct smd_text **text,
		      struct smd_error *error)
{
	struct smd_text *masked = NULL;
	int err = smd_text_new(&masked, 0);

	if (err)
		return smd_fail(error, err, "out of memory");
	err = smd_language_mask(language, *text, masked, error);
	if (err) {
		smd_text_free(masked);
		return err;
	}
	smd_text_free(*text);
	*text = masked;
	return 0;
}

/* The language of a device as far as it can be told; else {0}, which masks by the kind of word. */
static void open_language(const struct smd_call *call, const char *name,
			  struct smd_language *language)
{
	const struct smd_device *device = smd_inventory_device(call->site->inventory, name);
	const struct smd_driver *driver =
		device ? smd_loader_driver(call->loader, device->driver, NULL) : NULL;

	if (driver && smd_language_open(language, call->loader, driver, NULL, 0, NULL))
		smd_language_close(language);
}

/* Mask the lines of one device of a native configuration. `*changed` is set if there are secrets.
 */
static int mask_lines(const struct smd_call *call, const cJSON *device, int *changed)
{
	const char *name = smd_json_string(device, "name");
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	struct smd_language language = {NULL};
	cJSON *lines = cJSON_GetObjectItem(device, "line"), *line;
	size_t i = 0;
	int err = smd_text_new(&text, 0);

	cJSON_ArrayForEach (line, lines)
		if (!err)
			err = smd_text_line(text, cJSON_GetStringValue(line));
	if (err)
		return smd_fail(call->error, err, "out of memory");
	if (name)
		open_language(call, name, &language);
	err = smd_outgoing_text(&language, &text, call->error);
	smd_language_close(&language);
	cJSON_ArrayForEach (line, lines) {
		const char *shown = err ? NULL : smd_text_get(text, i++, NULL);

		if (!shown || !strcmp(shown, line->valuestring))
			continue;
		*changed = 1;
		if (!cJSON_SetValuestring(line, shown))
			err = smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	}
	return err;
}

int smd_outgoing_document(const struct smd_call *call, char **text)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	const cJSON *devices, *device;
	char *masked;
	int changed = 0;
	int err = smd_json_parse(*text, strlen(*text), "configuration", &json, call->error);

	devices = smd_json_member(smd_json_object(json, "smartdeploy-native:native"), "device");
	cJSON_ArrayForEach (device, devices)
		if (!err)
			err = mask_lines(call, device, &changed);
	if (err || !changed)
		return err;
	masked = cJSON_Print(json);
	if (!masked)
		return smd_fail(call->error, SMD_E_NO_MEMORY, "out of memory");
	free(*text);
	*text = masked;
	return 0;
}

int smd_outgoing_options(const struct smd_call *call, cJSON *device)
{
	const char *name = smd_json_string(device, "driver");
	cJSON *options = smd_json_array(device, "option"), *option;
	const struct smd_driver *driver =
		options && name ? smd_loader_driver(call->loader, name, NULL) : NULL;
	int masked = 0;

	cJSON_ArrayForEach (option, options) {
		const char *its = smd_json_string(option, "name");

		for (size_t i = 0; driver && its && i < driver->self.option_count; i++) {
			if (!driver->self.options[i].secret ||
			    strcmp(driver->self.options[i].name, its) ||
			    !smd_json_string(option, "value"))
				continue;
			cJSON_ReplaceItemInObjectCaseSensitive(option, "value",
							       cJSON_CreateString(SMD_MASK));
			masked = 1;
		}
	}
	return masked;
}

/* Replace the words of a node that holds a secret. The children are not looked at. */
static void mask_node(cJSON *json)
{
	const char *name = smd_json_string(json, "n");
	struct smd_span secrets[SMD_SECRET_SPANS];
	int alone = !cJSON_GetObjectItem(json, "v") && !cJSON_GetObjectItem(json, "keys");

	if (cJSON_GetObjectItem(json, "v"))
		cJSON_ReplaceItemInObject(json, "v", cJSON_CreateString(SMD_MASK));
	if (cJSON_GetObjectItem(json, "keys")) {
		cJSON *keys = cJSON_CreateArray();

		cJSON_AddItemToArray(keys, cJSON_CreateString(SMD_MASK));
		cJSON_ReplaceItemInObject(json, "keys", keys);
	}
	if (alone || !name || smd_secret_find(smd_span_of(name), SMD_AROUND_ANY, secrets))
		cJSON_ReplaceItemInObject(json, "n", cJSON_CreateString(SMD_MASK));
}

void smd_outgoing_tree(const struct smd_language *language, const struct smd_node *node,
		       cJSON *json)
{
	cJSON *item = json ? json->child : NULL;

	for (node = smd_node_first(node); node && item; node = smd_node_next(node)) {
		if (smd_language_is_secret(language, node))
			mask_node(item);
		smd_outgoing_tree(language, node, cJSON_GetObjectItem(item, "c"));
		item = item->next;
	}
}
