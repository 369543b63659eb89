/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A correct driver of an older minor version: its structure, options and services have fewer
 * members. All of them end at the end of a page, so that reading further crashes.
 */
#include "part.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define DRIVER_SIZE offsetof(struct smd_driver, confirm)
#define OPTION_SIZE offsetof(struct smd_option, secret)
#define SERVICE_SIZE offsetof(struct smd_service, ports)

static char *at_the_end(size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || mprotect(pages + page, page, PROT_NONE))
		return NULL;
	return pages + page - size;
}

static int compose(void *state, const struct smd_tree *part, const struct smd_tree *running,
		   struct smd_tree *slice, struct smd_error *error)
{
	(void)state, (void)part, (void)running, (void)slice, (void)error;
	return SMD_E_UNSUPPORTED;
}

static int discover(void *state, const struct smd_tree *running, struct smd_tree *found,
		    struct smd_error *error)
{
	(void)state, (void)running, (void)found, (void)error;
	return SMD_E_UNSUPPORTED;
}

/* Two services with smaller elements; the second one is version 2. */
static char *services_at_the_end(void)
{
	struct smd_service service = {
		.name = "domain", .version = 1, .compose = compose, .discover = discover};
	char *services = at_the_end(2 * SERVICE_SIZE);

	if (!services)
		return NULL;
	memcpy(services, &service, SERVICE_SIZE);
	service.version = 2;
	memcpy(services + SERVICE_SIZE, &service, SERVICE_SIZE);
	return services;
}

const struct smd_driver *smd_driver_entry(void)
{
	static const struct smd_option option = {
		.name = "speed", .type = SMD_OPTION_NUMBER, .maximum = 9, .help = "how fast"};
	struct smd_driver driver = {BAD_DRIVER("older"), .parse = bad_parse, .commit = bad_stage};
	char *options = at_the_end(2 * OPTION_SIZE), *copy = at_the_end(DRIVER_SIZE);
	char *services = services_at_the_end();

	if (!options || !copy || !services)
		return NULL;
	memcpy(options, &option, OPTION_SIZE);
	memcpy(options + OPTION_SIZE, &option, OPTION_SIZE);
	driver.self.size = DRIVER_SIZE;
	driver.self.options = (const void *)options;
	driver.self.option_count = 2;
	driver.self.option_size = OPTION_SIZE;
	driver.services = (const void *)services;
	driver.service_count = 2;
	driver.service_size = SERVICE_SIZE;
	memcpy(copy, &driver, DRIVER_SIZE);
	return (const void *)copy;
}
