/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include <stdio.h>
#include <string.h>

#include "internal.h"

/* A line of the log: of which device, and the class of its command. CLASS_COUNT: no command. */
static enum command_class read_line(const char *line, const char *device)
{
	char name[DEVICE_NAME] = "", command[DEVICE_COMMAND] = "";
	unsigned session;

	if (sscanf(line, "%*s %31s %u> %8191[^:\n]", name, &session, command) == 3)
		return strcmp(name, device) != 0 ? CLASS_COUNT : verb_class(command);
	if (sscanf(line, "%*s %31s %8191[^:\n]", name, command) == 2 && !strcmp(name, device) &&
	    !strcmp(command, "login"))
		return CLASS_LOGIN;
	return CLASS_COUNT;
}

static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end ? end + 1 : line + strlen(line);
}

/* Where the log ended when the devices were copied. */
static const char *log_end(const struct harness *harness)
{
	return fleet_log(harness->fleet) + harness->shared->log_end;
}

const char *history_of_fault(const struct harness *harness, size_t device,
			     const struct fault *fault)
{
	const char *name = harness->members[device].name, *found = NULL;
	unsigned count = 0;

	for (const char *line = harness_log(harness); line < log_end(harness);
	     line = next_line(line)) {
		if (read_line(line, name) != fault->class || ++count < fault->occurrence)
			continue;
		found = next_line(line);
		if (!fault->always)
			break;
	}
	return found;
}

static int is_command(const char *line, const char *command)
{
	const char *found = strstr(line, command);

	return found && found < next_line(line);
}

/* The next line about the device; the end of the log if there is none. */
static const char *next_of_device(const char *line, const char *device)
{
	do
		line = next_line(line);
	while (*line && read_line(line, device) == CLASS_COUNT);
	return line;
}

/* Whether running is read for the controller; a driver reads it with startup for itself alone. */
static int shows_running(const char *line, const char *device)
{
	return is_command(line, "> show running") &&
	       !is_command(next_of_device(line, device), "> show startup");
}

enum command_class history_next(const struct harness *harness, size_t device, const char *at,
				unsigned classes)
{
	const char *name = harness->members[device].name;

	for (const char *line = at; line < log_end(harness); line = next_line(line)) {
		enum command_class class = read_line(line, name);

		if (class == CLASS_COUNT || !(classes & 1u << class))
			continue;
		if (class != CLASS_READ || shows_running(line, name))
			return class;
	}
	return CLASS_COUNT;
}
