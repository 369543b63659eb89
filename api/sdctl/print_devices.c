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

void print_devices(const struct run *run, const cJSON *result)
{
	struct list list = {
		.headings = {"NAME", "DRIVER", "ADDRESS", "ROLE", "LABELS"},
		.none = "no devices; `sdctl device import` and `device add` take them",
		.judged = -1,
	};
	const cJSON *one, *label;

	cJSON_ArrayForEach (one, list_of(result, "devices")) {
		char address[CELL], labels[CELL] = "";

		snprintf(address, sizeof(address), "%s:%.0f", text_of(one, "address"),
			 number_of(one, "port"));
		cJSON_ArrayForEach (label, list_of(one, "label"))
			snprintf(labels + strlen(labels), sizeof(labels) - strlen(labels), "%s%s",
				 *labels ? "," : "", label->valuestring);
		add_row(&list, (const char *[]){text_of(one, "name"), text_of(one, "driver"),
						address, text_of(one, "role"), labels});
	}
	print_list(run, &list);
}

void print_device_check(struct run *run, const cJSON *device)
{
	static const char *const form = "%-16s  %s%-13s%s  %-5s  %7s  %7s  %s\n";
	const char *error = text_of(device, "error"), *level = text_of(device, "level");
	char connect[32] = "-", read[32] = "-", system[CELL];
	const char *colour = !run->colour ? "" : *error ? "\033[31m" : "\033[32m";

	if (!run->lines++)
		printf(form, "NAME", "", "STATE", "", "LEVEL", "CONNECT", "READ", "SYSTEM");
	if (!*error) {
		snprintf(connect, sizeof(connect), "%.0f ms", number_of(device, "connect-ms"));
		snprintf(read, sizeof(read), "%.0f ms", number_of(device, "read-ms"));
	}
	snprintf(system, sizeof(system), "%s %s", text_of(device, "product"),
		 text_of(device, "version"));
	printf(form, text_of(device, "name"), colour, text_of(device, "state"),
	       run->colour ? "\033[0m" : "", *level ? level : "-", connect, read,
	       *error ? error : system);
	flush_output(); /* others may take long */
}

void print_levels(const struct run *run, const cJSON *result)
{
	char told[8] = "";
	const cJSON *one;

	(void)run;
	cJSON_ArrayForEach (one, list_of(result, "devices")) {
		const char *level = text_of(one, "level");

		if (!*level || strchr(told, *level) || strlen(told) + 1 == sizeof(told))
			continue;
		snprintf(told + strlen(told), sizeof(told) - strlen(told), "%c", *level);
		printf("Level %s: %s.\n", level, text_of(one, "undone-by"));
	}
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

static void print_items(const char *name, const cJSON *list)
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
	const cJSON *text = list_of(device, "text"), *seen = list_of(device, "seen");
	char when[CELL];

	(void)run;
	local_time(text_of(seen, "at"), when, sizeof(when));
	printf("%s\n", text_of(device, "name"));
	print_line("driver", text_of(device, "driver"));
	printf("  %-14s %s port %.0f\n", "address", text_of(device, "address"),
	       number_of(device, "port"));
	print_accounts(device);
	print_line("role", text_of(device, "role"));
	print_items("labels", list_of(device, "label"));
	print_options(list_of(device, "option"));
	print_host_key(list_of(device, "host-key"));
	print_items("configurations", list_of(device, "configurations"));
	if (*text_of(device, "held-by"))
		printf("  %-14s open deployment %s\n", "held by", text_of(device, "held-by"));
	if (seen && !text)
		printf("  %-14s %s %s on %s\n", "last seen", text_of(seen, "product"),
		       text_of(seen, "version"), when);
	if (text)
		printf("  %-14s %s %s\n\n%s", "runs", text_of(device, "product"),
		       text_of(device, "version"), text->valuestring);
}
