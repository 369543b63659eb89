/* SPDX-License-Identifier: Apache-2.0 */
/* A driver of a newer minor version: structure, options and services have more members. */
#include "part.h"

struct newer_option {
	struct smd_option option;
	const char *later;
};

struct newer_service {
	struct smd_service service;
	void *later[3];
};

struct newer_driver {
	struct smd_driver driver;
	smd_next_fn later;
};

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

static const struct newer_option options[] = {
	{{.name = "one", .type = SMD_OPTION_STRING, .help = "first"}, "x"},
	{{.name = "two", .type = SMD_OPTION_BOOL, .initial = "true", .help = "second"}, "y"},
};

static const struct newer_service services[] = {
	{.service = {.name = "first", .version = 1, .compose = compose, .discover = discover}},
	{.service = {.name = "second", .version = 2, .compose = compose, .discover = discover}},
};

static const struct newer_driver newer = {
	.driver = {.self = {.abi_major = SMD_ABI_MAJOR,
			    .abi_minor = SMD_ABI_MINOR + 1,
			    .size = sizeof(struct newer_driver),
			    .name = "newer",
			    .summary = "A test part",
			    .version = "1.0",
			    .options = &options[0].option,
			    .option_count = 2,
			    .option_size = sizeof(struct newer_option)},
		   .manner = &bad_manner,
		   .services = &services[0].service,
		   .service_count = 2,
		   .service_size = sizeof(struct newer_service),
		   .parse = bad_parse,
		   .print = bad_print,
		   .render = bad_render,
		   .simulate = bad_simulate,
		   .fetch = bad_stage,
		   .commit = bad_stage},
	.later = bad_stage,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &newer.driver;
}
