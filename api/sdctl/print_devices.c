/* SPDX-License-Identifier: Apache-2.0 */
/* Output about devices and the inventory for people. */
#include <string.h>

#include "api/sdctl/columns.h"

static const cJSON *list_of(const cJSON *object, const char *name)
{
	return cJSON_GetObjectItemCaseSensitive(object, name);
}

/* Print texts with something between them; returns how many there were. */
static int print_joined(const cJSON *list, const char *between)
{
	const cJSON *one;
	int count = 0;

	cJSON_ArrayForEach (one, list)
		printf("%s%s", count++ ? between : "", one->valuestring);
	return count;
}

void print_device_check(const struct run *run, const cJSON *device)
{
	const char *error = text_of(device, "error"), *state = text_of(device, "state");
	const char *colour = *error ? "31" : "32";

	printf("%-16s ", text_of(device, "name"));
	if (*error)
		printf("%s", error);
	else
		printf("%s %s, connects in %.0f ms, reads in %.0f ms, level %s: %s",
		       text_of(device, "product"), text_of(device, "version"),
		       number_of(device, "connect-ms"), number_of(device, "read-ms"),
		       text_of(device, "level"), text_of(device, "undone-by"));
	if (run->colour)
		printf(": \033[%sm%s\033[0m\n", colour, state);
	else
		printf(": %s\n", state);
	fflush(stdout); /* others may take long */
}

/* Changes of an inventory */

static void print_what(const char *verb, const char *noun, const cJSON *names)
{
	int count = cJSON_GetArraySize(names);

	if (!count)
		return;
	printf("  %s %d %s%s: ", verb, count, noun, count > 1 ? "s" : "");
	print_joined(names, ", ");
	printf("\n");
}

/* As `changes 2 devices: leaf1 (address), leaf2 (role, label)` */
static void print_changed(const char *verb, const char *noun, const cJSON *changed)
{
	int count = cJSON_GetArraySize(changed);
	const char *comma = "";
	const cJSON *one;

	if (!count)
		return;
	printf("  %s %d %s%s: ", verb, count, noun, count > 1 ? "s" : "");
	cJSON_ArrayForEach (one, changed) {
		printf("%s%s (", comma, text_of(one, "name"));
		print_joined(list_of(one, "members"), ", ");
		printf(")");
		comma = ", ";
	}
	printf("\n");
}

void print_changes(const struct run *run, const cJSON *result)
{
	static const struct {
		const char *name, *noun;
	} kinds[] = {{"devices", "device"},
		     {"hosts", "host"},
		     {"credentials", "credential"},
		     {"links", "link"}};
	const cJSON *changes = list_of(result, "changes");
	int dry = cJSON_IsTrue(list_of(result, "dry-run"));

	(void)run;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const cJSON *kind = list_of(changes, kinds[i].name);

		print_what("adds", kinds[i].noun, list_of(kind, "added"));
		print_changed("changes", kinds[i].noun, list_of(kind, "changed"));
		print_what("drops", kinds[i].noun, list_of(kind, "dropped"));
	}
	if (cJSON_IsTrue(list_of(changes, "known-hosts")))
		printf("  changes the file of accepted host keys\n");
	if (cJSON_IsTrue(list_of(changes, "equal")))
		printf("  changes nothing\n");
	printf("%s", dry ? "nothing was stored; still " : "");
	print_count(stdout, number_of(result, "devices"), "device, ", "devices, ");
	print_count(stdout, number_of(result, "hosts"), "host, ", "hosts, ");
	print_count(stdout, number_of(result, "links"), "link\n", "links\n");
}

/* One device */

static void print_line(const char *name, const char *value)
{
	printf("  %-14s %s\n", name, *value ? value : "-");
}

static void print_texts(const char *name, const cJSON *list)
{
	printf("  %-14s ", name);
	if (!print_joined(list, ", "))
		printf("-");
	printf("\n");
}

static void print_accounts(const cJSON *device)
{
	const cJSON *write = list_of(device, "credential");
	const cJSON *read = list_of(device, "read-only-credential");

	printf("  %-14s %s (user %s)", "credential", text_of(write, "name"),
	       text_of(write, "user"));
	if (strcmp(text_of(write, "name"), text_of(read, "name")))
		printf("; to read: %s (user %s)", text_of(read, "name"), text_of(read, "user"));
	printf("\n");
}

static void print_options(const cJSON *options)
{
	const cJSON *one;

	cJSON_ArrayForEach (one, options) {
		const char *variable = text_of(one, "value-env"),
			   *file = text_of(one, "value-file");

		printf("  %-14s %s = ", "option", text_of(one, "name"));
		if (*variable)
			printf("(in the environment variable %s)\n", variable);
		else if (*file)
			printf("(in the file %s)\n", file);
		else
			printf("%s\n", text_of(one, "value"));
	}
}

static void print_host_key(const cJSON *host_key)
{
	const char *state = text_of(host_key, "state");
	const cJSON *one;

	if (!strcmp(state, "untrusted"))
		print_line("host key", "none is accepted yet: `sdctl device trust` shows it");
	else if (!strcmp(state, "unknown"))
		print_line("host key", "the file of accepted keys hides its hosts' names");
	cJSON_ArrayForEach (one, list_of(host_key, "accepted"))
		printf("  %-14s accepted: %s (%s)\n", "host key", text_of(one, "fingerprint"),
		       text_of(one, "type"));
}

void print_device(const struct run *run, const cJSON *device)
{
	const cJSON *text = list_of(device, "text");

	(void)run;
	printf("%s\n", text_of(device, "name"));
	print_line("driver", text_of(device, "driver"));
	printf("  %-14s %s port %.0f\n", "address", text_of(device, "address"),
	       number_of(device, "port"));
	print_accounts(device);
	print_line("role", text_of(device, "role"));
	print_texts("labels", list_of(device, "label"));
	print_options(list_of(device, "option"));
	print_host_key(list_of(device, "host-key"));
	print_texts("configurations", list_of(device, "configurations"));
	if (*text_of(device, "held-by"))
		printf("  %-14s open deployment %s\n", "held by", text_of(device, "held-by"));
	if (text)
		printf("  %-14s %s %s\n\n%s", "runs", text_of(device, "product"),
		       text_of(device, "version"), text->valuestring);
}
