/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/sdctl/command.h"
#include "core/base/utf8.h"

static cJSON *error_json(const struct smd_error *error)
{
	cJSON *json = cJSON_CreateObject();

	cJSON_AddStringToObject(json, "code", smd_err_name(error->code));
	cJSON_AddStringToObject(json, "message", error->message);
	cJSON_AddStringToObject(json, "device", error->device);
	cJSON_AddStringToObject(json, "where", error->where);
	cJSON_AddStringToObject(json, "hint", error->hint);
	return json;
}

int flush_output(void)
{
	static int
		first; /* why the first write failed; the stream itself only knows that one did */

	if (fflush(stdout) && !first)
		first = errno;
	return first || !ferror(stdout) ? first : EIO;
}

int tell_error(const struct run *run)
{
	const struct smd_error *error = &run->error;

	fprintf(stderr, "sdctl: ");
	if (error->device[0])
		fprintf(stderr, "%s: ", error->device);
	fprintf(stderr, "%s\n", error->message);
	if (error->where[0])
		fprintf(stderr, "  where: %s\n", error->where);
	if (error->hint[0])
		fprintf(stderr, "  hint: %s\n", error->hint);
	return smd_err_exit(error->code);
}

int print_error(const struct run *run)
{
	if (run->json) {
		cJSON *none = cJSON_CreateObject();

		print_json(run, none, 1);
		cJSON_Delete(none);
		flush_output();
	}
	return tell_error(run);
}

static const char *principal(void)
{
	const struct passwd *user = getpwuid(geteuid());

	return user ? user->pw_name : "unknown";
}

int read_wait(struct run *run)
{
	static const char units[] = "smh";
	static const uint32_t seconds[] = {1, 60, 3600};
	char *end = NULL;
	unsigned long number = run->wait ? strtoul(run->wait, &end, 10) : 0;
	const char *unit = end && end[0] && !end[1] ? strchr(units, end[0]) : NULL;

	if (!run->wait)
		return 0;
	if (!unit || *run->wait < '0' || *run->wait > '9' || number > 86400 / seconds[unit - units])
		return smd_fail(&run->error, SMD_E_INVALID,
				"--wait \"%s\" is no time of at most a day, such as 60s, 5m or 1h",
				run->wait);
	run->wait_ms = (uint32_t)number * seconds[unit - units] * 1000;
	return 0;
}

int connect_controller(struct run *run)
{
	char home[4096], parts[4200], yang[4200];
	struct smd_controller_spec spec = {home, parts, yang, run->driver_path, run->wait_ms};

	if (run->controller)
		return 0;
	home_path(run, home, sizeof(home));
	parts_path(run, parts, sizeof(parts));
	share_path(run, "yang", yang, sizeof(yang));
	return smd_controller_new(&spec, &run->controller, &run->error);
}

/*
 * ^C, SIGTERM, and SIGHUP from a terminal that goes away: the first one makes the deployment
 * roll back, the second one of its kind ends the program.
 */

static struct smd_controller *interrupted; /* global, because a signal handler has no argument */

static void on_signal(int number)
{
	static const char words[] = "\nsdctl: going back; once more to leave at once, then `sdctl "
				    "recover` finishes what was begun\n";
	int before = errno; /* that of the call which the signal has interrupted */
	ssize_t written;

	smd_controller_interrupt(interrupted);
	signal(number, SIG_DFL);
	/* Last, because it may wait for the reader of a pipe */
	written = write(STDERR_FILENO, words, sizeof(words) - 1);
	(void)written;
	errno = before;
}

static void install_signals(struct run *run)
{
	struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART}, before;

	interrupted = run->controller;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	/* nohup(1) has it ignored, and means it */
	if (!sigaction(SIGHUP, NULL, &before) && before.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &action, NULL);
}

int ask(struct run *run, const char *method, cJSON *request_take, cJSON **result)
{
	int err = connect_controller(run);

	*result = NULL;
	if (!err && (!strcmp(method, "plan.apply") || !strcmp(method, "deployment.rollback")))
		install_signals(run);
	if (!err)
		err = smd_controller_call(run->controller, principal(), method, request_take,
					  show_event, run, result, &run->error);
	else
		cJSON_Delete(request_take);
	if (err && !run->error.code)
		smd_fail(&run->error, err, "failed: %s", smd_err_name(err));
	return err;
}

/* Sanitize a text line by line, so that its line ends and tabs are kept. */
static void sanitize_text(char *text)
{
	for (;;) {
		size_t length = strcspn(text, "\n\t");
		char end = text[length];

		text[length] = '\0';
		smd_sanitize(text);
		if (!end)
			return;
		text[length] = end;
		text += length + 1;
	}
}

cJSON *sanitize_json(cJSON *json)
{
	if (json->valuestring && json->string && !strcmp(json->string, "text"))
		sanitize_text(json->valuestring);
	else if (json->valuestring)
		smd_sanitize(json->valuestring);
	for (cJSON *child = json->child; child; child = child->next)
		sanitize_json(child);
	return json;
}

static void move_member(cJSON *from, cJSON *to, const char *name)
{
	cJSON *item = cJSON_DetachItemFromObject(from, name);

	if (item)
		cJSON_AddItemToObject(to, name, item);
}

cJSON *take_leftovers(cJSON *result)
{
	cJSON *left = cJSON_CreateObject();

	move_member(result, left, "leftovers");
	move_member(result, left, "leftovers-error");
	return left;
}

void add_leftovers(cJSON *json, const cJSON *left)
{
	const cJSON *member;

	cJSON_ArrayForEach (member, left)
		cJSON_AddItemToObject(json, member->string, cJSON_Duplicate(member, 1));
}

/* The name of what a command prints: smartdeploy/config-set/1; of none: smartdeploy/error/1. */
static void add_schema(const struct run *run, cJSON *json)
{
	char name[64];

	snprintf(name, sizeof(name), "smartdeploy/%s/1",
		 run->command ? run->command->words : "error");
	for (char *blank = name; (blank = strchr(blank, ' '));)
		*blank = '-';
	cJSON_AddStringToObject(json, "schema", name);
}

static int is_utf8(const char *text)
{
	size_t left = strlen(text), length = 1;

	for (; left && length; text += length, left -= length)
		length = smd_utf8_length(text, left);
	return length != 0;
}

/* Bytes as {"hex": "00ff"} */
static cJSON *hex_item(const char *bytes)
{
	cJSON *item = cJSON_CreateObject();
	char *hex = malloc(2 * strlen(bytes) + 1);

	for (size_t i = 0; hex && bytes[i]; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)bytes[i]);
	if (hex)
		cJSON_AddStringToObject(item, "hex", hex);
	free(hex);
	return item;
}

/* JSON is UTF-8, and lines of devices are what they are. */
static void make_utf8(cJSON *json)
{
	cJSON *next;

	for (cJSON *item = json->child; item; item = next) {
		next = item->next;
		if (!item->valuestring || is_utf8(item->valuestring))
			make_utf8(item);
		else if (item->string)
			cJSON_ReplaceItemInObjectCaseSensitive(json, item->string,
							       hex_item(item->valuestring));
		else
			cJSON_ReplaceItemViaPointer(json, item, hex_item(item->valuestring));
	}
}

void print_json(const struct run *run, cJSON *result, int failed)
{
	cJSON *json = cJSON_CreateObject();
	char *text;

	add_schema(run, json);
	while (result && result->child) {
		cJSON *member = cJSON_DetachItemViaPointer(result, result->child);

		cJSON_AddItemToObject(json, member->string, member);
	}
	if (failed)
		cJSON_AddItemToObject(json, "error", error_json(&run->error));
	make_utf8(json);
	text = cJSON_Print(json);
	if (text)
		puts(text);
	free(text);
	cJSON_Delete(json);
}

/* A store in the wrong place should not go unnoticed. */
static void print_made(cJSON *made_take)
{
	if (made_take)
		fprintf(stderr, "note: a new store was made in %s\n",
			sanitize_json(made_take)->valuestring);
	cJSON_Delete(made_take);
}

/* Methods whose own result tells of open deployments */
static int tells_leftovers(const char *method)
{
	return !strcmp(method, "deployment.recover") || !strcmp(method, "site.status");
}

int call_and_print(struct run *run, const char *method, cJSON *request_take,
		   void (*print)(const struct run *run, const cJSON *result))
{
	cJSON *result, *left, *made;
	int err = ask(run, method, request_take, &result);

	if (err && !result)
		return print_error(run);
	left = take_leftovers(result);
	made = run->json ? NULL : cJSON_DetachItemFromObject(result, "made-home");
	if (run->json) {
		add_leftovers(result, left);
		print_json(run, result, err != 0);
	} else if (print && (!err || result->child)) {
		print(run, sanitize_json(result));
	}
	flush_output();
	if (err)
		tell_error(run);
	print_made(made);
	if (!tells_leftovers(method))
		print_leftovers(sanitize_json(left));
	cJSON_Delete(left);
	cJSON_Delete(result);
	return err ? smd_err_exit(run->error.code) : 0;
}

int ask_and_print(struct run *run)
{
	cJSON *request = run->request;

	run->request = NULL;
	return call_and_print(run, run->command->method, request, run->command->print);
}
