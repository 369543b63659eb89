/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: a table, from which the help is printed too. */
#include <stdlib.h>
#include <string.h>

#include "api/sdctl/sdctl.h"

cJSON *with(const char *name, const char *value)
{
	cJSON *request = cJSON_CreateObject();

	if (value)
		cJSON_AddStringToObject(request, name, value);
	return request;
}

const char *arg(const struct run *run, int index)
{
	return index < run->arg_count ? run->args[index] : NULL;
}

int add_number(struct run *run, cJSON *request, const char *name, const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || number > 1000000000)
		return smd_fail(&run->error, SMD_E_INVALID, "%s \"%s\" is no number", name, text);
	cJSON_AddNumberToObject(request, name, (double)number);
	return 0;
}

/* Configurations */

static void print_set(const struct run *run, const cJSON *result)
{
	(void)run;
	if (cJSON_IsTrue(cJSON_GetObjectItem(result, "changed")))
		printf("%s: revision %.0f is kept; `sdctl plan %s` shows what it would change\n",
		       text_of(result, "name"), number_of(result, "revision"),
		       text_of(result, "name"));
	else
		printf("%s: unchanged, revision %.0f\n", text_of(result, "name"),
		       number_of(result, "revision"));
}

/*
 * Add the user's wishes for a deployment: what is unproven counts as a failure, what holds the
 * devices is recovered first, and why it is made.
 */
static cJSON *with_wishes(const struct run *run, cJSON *request)
{
	if (run->require_proof)
		cJSON_AddTrueToObject(request, "require-proof");
	if (run->recover)
		cJSON_AddTrueToObject(request, "recover");
	if (run->comment)
		cJSON_AddStringToObject(request, "comment", run->comment);
	return request;
}

/* Call a method with the contents of the file that is the first argument. */
static int ask_about_file(struct run *run, const char *method,
			  void (*print)(const struct run *run, const cJSON *result))
{
	const char *path = arg(run, 0);
	char *text = read_file(run, path, DOCUMENT_LIMIT);
	cJSON *request;

	if (text && !*text)
		smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is empty", path);
	if (!text || !*text) {
		free(text);
		smd_error_hint(&run->error, "a document is what `sdctl config set` takes, a plan "
					    "what `sdctl plan` wrote");
		return print_error(run);
	}
	request = with("text", text);
	cJSON_AddStringToObject(request, "what", strcmp(path, "-") ? path : "standard input");
	free(text);
	return ask_and_print(run, method, with_wishes(run, request), print);
}

static int config_set(struct run *run)
{
	return ask_about_file(run, "configuration.set", print_set);
}

static int config_list(struct run *run)
{
	return ask_and_print(run, "configuration.list", NULL, print_configurations);
}

static void print_text(const struct run *run, const cJSON *result)
{
	(void)run;
	printf("%s", text_of(result, "text"));
}

static int config_show(struct run *run)
{
	cJSON *request = with("name", arg(run, 0));

	if (run->revision && add_number(run, request, "revision", run->revision)) {
		cJSON_Delete(request);
		return print_error(run);
	}
	return ask_and_print(run, "configuration.show", request, print_text);
}

static void print_removed(const struct run *run, const cJSON *result)
{
	(void)run;
	printf("%s: revision %.0f says that it shall be gone; `sdctl plan %s` shows what that "
	       "would change\n",
	       text_of(result, "name"), number_of(result, "revision"), text_of(result, "name"));
}

static int config_remove(struct run *run)
{
	return ask_and_print(run, "configuration.remove", with("name", arg(run, 0)), print_removed);
}

/* Plans and deployments */

static int has_changes(const cJSON *plan)
{
	return cJSON_GetArraySize(cJSON_GetObjectItem(plan, "devices")) > 0;
}

static int keep_plan(struct run *run, const cJSON *plan)
{
	char *text = cJSON_Print(plan);
	int err = text ? write_file(run, run->output, text) : SMD_E_NO_MEMORY;

	free(text);
	return err;
}

static void move_member(cJSON *from, cJSON *to, const char *name)
{
	cJSON *item = cJSON_DetachItemFromObject(from, name);

	if (item)
		cJSON_AddItemToObject(to, name, item);
}

static int plan(struct run *run)
{
	cJSON *result, *left;
	int status = 0, err = ask(run, "plan.make", with("name", arg(run, 0)), &result);

	/* They are told beside the plan; the plan is what was signed */
	left = cJSON_CreateObject();
	move_member(result, left, "leftovers");
	move_member(result, left, "leftovers-error");
	if (err) {
		status = print_error(run);
	} else if (run->output && keep_plan(run, result)) {
		status = print_error(run);
	} else if (run->json) {
		print_json(result);
	} else {
		print_plan(run, sanitize_json(result));
		if (run->output && has_changes(result))
			printf("\n`sdctl apply %s` does it.\n", run->output);
	}
	print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	if (!status && run->exit_code && has_changes(result))
		status = 2;
	cJSON_Delete(result);
	return status;
}

static int apply(struct run *run)
{
	return ask_about_file(run, "plan.apply", print_applied);
}

static int rollback(struct run *run)
{
	return ask_and_print(run, "deployment.rollback", with_wishes(run, with("id", arg(run, 0))),
			     print_applied);
}

static int history(struct run *run)
{
	return ask_and_print(run, "deployment.list", with("configuration", arg(run, 0)),
			     print_history);
}

static int status(struct run *run)
{
	return ask_and_print(run, "deployment.show", with("id", arg(run, 0)), print_status);
}

static int verify(struct run *run)
{
	return ask_and_print(run, "verify", with_wishes(run, with("name", arg(run, 0))),
			     print_verification);
}

static int recover(struct run *run)
{
	cJSON *request = with("id", arg(run, 0));

	if (run->accept)
		cJSON_AddTrueToObject(request, "accept");
	return ask_and_print(run, "deployment.recover", request, print_recovered);
}

/* Devices */

/* What a document is, by its top-level member. */
static const char *kind_of_file(const char *text)
{
	if (strstr(text, "\"smartdeploy-topology:topology\""))
		return "topology";
	return "inventory";
}

static int device_import(struct run *run)
{
	cJSON *request = cJSON_CreateObject();

	for (int i = 0; i < run->arg_count; i++) {
		char *text = read_file(run, run->args[i], DOCUMENT_LIMIT);

		if (!text) {
			cJSON_Delete(request);
			return print_error(run);
		}
		cJSON_AddStringToObject(request, kind_of_file(text), text);
		free(text);
	}
	if (run->dry_run)
		cJSON_AddTrueToObject(request, "dry-run");
	return ask_and_print(run, "device.import", request, print_changes);
}

static int device_export(struct run *run)
{
	cJSON *result;
	int status = 0, err = ask(run, "device.export", NULL, &result);

	if (err || (run->output && write_file(run, run->output, text_of(result, "text"))))
		status = print_error(run);
	else if (!run->output)
		puts(text_of(result, "text"));
	cJSON_Delete(result);
	return status;
}

/* The texts between commas, as an array. */
static cJSON *split(const char *text)
{
	cJSON *list = cJSON_CreateArray();

	while (*text) {
		size_t length = strcspn(text, ",");
		char *one = strndup(text, length);

		cJSON_AddItemToArray(list, cJSON_CreateString(one));
		free(one);
		text += length + (text[length] == ',');
	}
	return list;
}

/*
 * Add a driver option to the request: its value or, for a secret, a reference to it; with an empty
 * one only the name, which removes it.
 */
static int add_option(cJSON *options, const char *word, const char *value)
{
	static const struct {
		const char *prefix, *leaf;
	} ways[] = {
		{"option.", "value"}, {"option-env.", "value-env"}, {"option-file.", "value-file"}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		size_t length = strlen(ways[i].prefix);
		cJSON *option;

		if (strncmp(word, ways[i].prefix, length))
			continue;
		option = with("name", word + length);
		if (*value)
			cJSON_AddStringToObject(option, ways[i].leaf, value);
		cJSON_AddItemToArray(options, option);
		return 1;
	}
	return 0;
}

/* Add one argument NAME=VALUE to the request. */
static int add_setting(struct run *run, cJSON *request, cJSON *options, char *word)
{
	char *equals = strchr(word, '=');

	if (!equals)
		return smd_fail(&run->error, SMD_E_INVALID, "\"%s\" is not NAME=VALUE", word);
	*equals = '\0';
	if (!strcmp(word, "port"))
		return add_number(run, request, word, equals[1] ? equals + 1 : "22");
	if (!strcmp(word, "label")) {
		cJSON_AddItemToObject(request, word, split(equals + 1));
		return 0;
	}
	if (!add_option(options, word, equals + 1))
		cJSON_AddStringToObject(request, word, equals + 1);
	return 0;
}

/* Arguments: `NAME driver=ovs address=192.0.2.1 credential=lab option.bridge=br1` */
static int ask_with_settings(struct run *run, const char *method)
{
	cJSON *request = with("name", arg(run, 0));
	cJSON *options = cJSON_CreateArray();
	int err = 0;

	for (int i = 1; i < run->arg_count && !err; i++)
		err = add_setting(run, request, options, run->args[i]);
	if (options->child)
		cJSON_AddItemToObject(request, "option", options);
	else
		cJSON_Delete(options);
	if (!err)
		return ask_and_print(run, method, request, print_changes);
	cJSON_Delete(request);
	return print_error(run);
}

static int device_add(struct run *run)
{
	return ask_with_settings(run, "device.add");
}

static int device_set(struct run *run)
{
	return ask_with_settings(run, "device.set");
}

static int device_remove(struct run *run)
{
	return ask_and_print(run, "device.remove", with("name", arg(run, 0)), print_changes);
}

static int device_show(struct run *run)
{
	cJSON *request = with("name", arg(run, 0));

	if (run->config)
		cJSON_AddTrueToObject(request, "config");
	return ask_and_print(run, "device.show", request, print_device);
}

static int device_list(struct run *run)
{
	return ask_and_print(run, "device.list", NULL, print_devices);
}

static int device_check(struct run *run)
{
	cJSON *request = cJSON_CreateObject();
	cJSON *names = run->arg_count ? cJSON_AddArrayToObject(request, "devices") : NULL;

	for (int i = 0; i < run->arg_count; i++)
		cJSON_AddItemToArray(names, cJSON_CreateString(run->args[i]));
	if (run->label)
		cJSON_AddItemToObject(request, "labels", split(run->label));
	return ask_and_print(run, "device.check", request, NULL);
}

static void print_trust(const struct run *run, const cJSON *result)
{
	const char *fingerprint = text_of(result, "fingerprint");

	if (cJSON_IsTrue(cJSON_GetObjectItem(result, "accepted")))
		printf("%s: key %s is accepted from now on\n", arg(run, 0), fingerprint);
	else if (arg(run, 1) == NULL)
		printf("%s shows key %s\nCompare it on the device itself; if it is the same, "
		       "accept "
		       "it:\n  sdctl device trust %s %s\n",
		       arg(run, 0), fingerprint, arg(run, 0), fingerprint);
}

static int device_trust(struct run *run)
{
	cJSON *request = with("name", arg(run, 0));

	if (arg(run, 1))
		cJSON_AddStringToObject(request, "fingerprint", arg(run, 1));
	return ask_and_print(run, "device.trust", request, print_trust);
}

const struct command commands[] = {
	{"config set", "FILE", 1, 1, "check a configuration document and keep it as a new revision",
	 config_set},
	{"config list", "", 0, 0, "the configurations and their state", config_list},
	{"config show", "NAME [--revision N]", 1, 1, "a configuration's document", config_show},
	{"config remove", "NAME", 1, 1, "keep as a new revision that it shall be gone",
	 config_remove},
	{"plan", "NAME [-o FILE] [--exit-code]", 1, 1,
	 "what deploying the latest revision would change, and how it is undone", plan},
	{"apply", "FILE [-v] [--comment TEXT] [--require-proof] [--recover]", 1, 1,
	 "execute a plan: push, verify, prove, or take all of it back", apply},
	{"rollback", "ID|last [-v] [--comment TEXT] [--require-proof] [--recover]", 1, 1,
	 "return to the state before a deployment", rollback},
	{"history", "[NAME]", 0, 1, "all deployments", history},
	{"status", "ID|NAME [-v]", 1, 1,
	 "the deployment ID, or else the newest of the configuration NAME", status},
	{"verify", "NAME [-v] [--require-proof]", 1, 1,
	 "read the devices and probe: is it as it was deployed?", verify},
	{"recover", "[ID [--accept]]", 0, 1,
	 "finish or undo what a dead controller left open; or take it as it is", recover},
	{"device import", "FILE... [--dry-run]", 1, 2,
	 "take an inventory, a topology or both from files", device_import},
	{"device export", "[-o FILE]", 0, 0, "the inventory, as device import takes it",
	 device_export},
	{"device add", "NAME driver=D address=A credential=C [...]", 3, 64,
	 "add a device to the inventory", device_add},
	{"device set", "NAME MEMBER=VALUE...", 2, 64,
	 "change a device of the inventory; an empty value removes", device_set},
	{"device remove", "NAME", 1, 1, "remove a device and its links from the inventory",
	 device_remove},
	{"device show", "NAME [--config]", 1, 1, "a device: its login, its state, what it runs",
	 device_show},
	{"device list", "", 0, 0, "the inventory", device_list},
	{"device check", "[NAME|PATTERN...] [--label L]", 0, 1024,
	 "log in, read, and say what the devices can do", device_check},
	{"device trust", "NAME [FINGERPRINT]", 1, 2, "show, then accept a device's host key",
	 device_trust},
	{"driver list", "", 0, 0, "the drivers that there are, and where they come from",
	 driver_list},
	{"driver show", "NAME|FILE.so", 1, 1, "a driver's abilities and options", driver_show},
	{"driver new", "NAME [FOLDER]", 1, 2, "begin a driver of your own", driver_new},
	{"driver test", "NAME|FILE.so [OPTION=VALUE...]", 1, 64,
	 "does a driver hold what every driver must?", driver_test},
	{"diff", "RUNNING INTENDED --driver D [--merge] [--format F]", 2, 2,
	 "the lines that lead from one text to the other; F: commands, tree, undo, json",
	 text_diff},
	{"parse", "FILE --driver D [--format text|json|flat]", 1, 1,
	 "a text as its driver understands it", text_parse},
	{"lab", "up|down|status [--leaves N --spines M]", 0, 64,
	 "a lab of real Open vSwitch switches on this machine", run_lab},
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
