/* SPDX-License-Identifier: Apache-2.0 */
#include "ground.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connector.h"
#include "core/site/site.h"

#define YANG SMD_SOURCE_DIR "/share/yang"
#define NOWHERE "/nonexistent" /* the fleet is in memory */

/* For the fleet, which asks for the time without an argument. */
static struct smd_clock *clock_in_use;

static uint64_t read_clock(void)
{
	return smd_clock_now(clock_in_use);
}

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "ground: %s\n", what);
	abort();
}

void ground_init(struct ground *ground, struct fleet *fleet, struct fleet_time *time)
{
	struct smd_error error;

	*ground = (struct ground){.fleet = fleet};
	ground->clock = clock_in_use = fleet_clock_new(time);
	fleet_now = read_clock;
	fleet_use(fleet);
	must(!smd_loader_new(NOWHERE, &ground->loader), "no memory");
	for (size_t i = 0; fleet_drivers[i]; i++)
		must(!smd_loader_register_driver(ground->loader, fleet_drivers[i], &error),
		     "a driver is refused");
	for (size_t i = 0; fleet_plugins[i]; i++)
		must(!smd_loader_register_plugin(ground->loader, fleet_plugins[i], &error),
		     "a plugin is refused");
}

void ground_done(struct ground *ground)
{
	smd_loader_free(ground->loader);
	fleet_use(NULL);
	fleet_clock_free(ground->clock);
}

struct smd_controller *ground_controller(struct ground *ground)
{
	struct smd_controller_spec spec = {.home = NOWHERE, .parts = NOWHERE, .yang = YANG};
	struct smd_seams seams = {
		.loader = ground->loader, .clock = ground->clock, .connector = &memory_connector};
	struct smd_controller *controller = NULL;
	struct smd_error error;

	must(!smd_controller_new_on(&spec, &seams, &controller, &error), "no controller");
	return controller;
}

struct smd_site *ground_site(struct ground *ground)
{
	struct smd_site_spec spec = {.home = NOWHERE,
				     .loader = ground->loader,
				     .yang = YANG,
				     .mode = SMD_STORE_OWN,
				     .clock = ground->clock,
				     .connector = &memory_connector};
	struct smd_site *site = NULL;
	struct smd_error error;
	int err = smd_site_open(&spec, &site, &error);

	must(!err, err ? error.message : "");
	return site;
}

char *ground_native(const char *name, const char *const *devices, size_t count,
		    const char *const *lines, size_t line_count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	must(out != NULL, "no memory");
	fprintf(out, "{\"smartdeploy-native:native\": {\"name\": \"%s\", \"device\": [", name);
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%s{\"name\": \"%s\", \"line\": [", i ? ", " : "", devices[i]);
		for (size_t k = 0; k < line_count; k++)
			fprintf(out, "%s\"%s\"", k ? ", " : "", lines[k]);
		fputs("]}", out);
	}
	fputs("]}}", out);
	must(!fclose(out), "no memory");
	return text;
}

void ground_hang_up(struct fleet *fleet, uint64_t now)
{
	for (size_t i = 0; i < fleet_count(fleet); i++) {
		struct device *device = fleet_device_at(fleet, i);

		for (unsigned n = 0; n < DEVICE_SESSIONS; n++)
			if (device->sessions[n].id)
				device_logout(device, now, device->sessions[n].id);
	}
}
