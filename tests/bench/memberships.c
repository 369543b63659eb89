/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smd-memberships [ROUNDS]: the CPU time of plans and deployments on one device in memory with 16
 * ports, by how many VLANs the ports are in: about four each, all 4094, every other one, or every
 * other one of the first half.
 *
 *   plan, apply      the VLANs join ports that are in none
 *   plan2, apply2    then each port leaves one of them
 *
 * Least of ROUNDS (5), and in brackets as a multiple of the fewest memberships. The time of the
 * device counts, too: it works in the same process. Every other VLAN is a text of 150,000
 * characters, so it costs more; twice as many cost about twice as much.
 *
 * Exit status 1 if all VLANs cost more than 1.5 times the fewest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/base/json.h"
#include "ground.h"

#define PORTS 16
#define LINES (8 * PORTS) /* of a document, at most */
#define STORE ((size_t)64 << 20)
#define STEPS 4
#define MOST 1.5

static const char *const steps[STEPS] = {"plan", "apply", "plan2", "apply2"};

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "smd-memberships: %s\n", what);
	exit(1);
}

/* Write the lines for a port, less one VLAN if `shrunk`; each is ended by LF. */
typedef void (*write_fn)(FILE *out, unsigned port, int shrunk);

static void write_few(FILE *out, unsigned port, int shrunk)
{
	fprintf(out, "port p%u trunk 10,30,50%s%s\n", port, shrunk ? "" : ",70", port ? "" : ",90");
}

static void write_all(FILE *out, unsigned port, int shrunk)
{
	fprintf(out, "port p%u trunk %s\n", port, shrunk ? "1-99,101-4094" : "1-4094");
}

/* A line of a document has at most 4096 characters. */
static void write_odd(FILE *out, unsigned port, int shrunk, unsigned last)
{
	for (unsigned vlan = 1; vlan <= last; vlan += 2) {
		if (vlan % 1000 == 1)
			fprintf(out, "%sport p%u trunk add %u", vlan > 1 ? "\n" : "", port, vlan);
		else if (!shrunk || vlan != 99)
			fprintf(out, ",%u", vlan);
	}
	fputs("\n", out);
}

static void write_half(FILE *out, unsigned port, int shrunk)
{
	write_odd(out, port, shrunk, 2046);
}

static void write_alternating(FILE *out, unsigned port, int shrunk)
{
	write_odd(out, port, shrunk, 4094);
}

static const struct kind {
	const char *name;
	unsigned memberships;
	write_fn write;
} kinds[] = {{"few", 65, write_few},
	     {"all", PORTS * 4094, write_all},
	     {"half of next", PORTS * 1023, write_half},
	     {"alternating", PORTS * 2047, write_alternating}};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static char *write_document(const struct kind *kind, int shrunk)
{
	static const char *const devices[] = {"r1"};
	const char *lines[LINES];
	size_t count = 0, size;
	char *all, *text, *rest;
	FILE *out = open_memstream(&all, &size);

	must(out != NULL, "no memory");
	for (unsigned i = 0; i < PORTS; i++)
		kind->write(out, i, shrunk);
	must(!fclose(out), "no memory");
	for (char *line = strtok_r(all, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		must(count < LINES, "too many lines");
		lines[count++] = line;
	}
	text = ground_native("blue", devices, 1, lines, count);
	free(all);
	return text;
}

static double cpu_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Call a method with one text; `took` may be NULL. The result is the caller's. */
static cJSON *call(struct smd_controller *controller, const char *method, const char *member,
		   char *value_take, double *took)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;
	struct smd_error error = {0};
	double began, ended;

	cJSON_AddStringToObject(request, member, value_take);
	free(value_take);
	began = cpu_now();
	if (smd_controller_call(controller, "bench", method, request, NULL, NULL, &result, &error))
		must(0, error.message);
	ended = cpu_now();
	if (took && (!*took || ended - began < *took))
		*took = ended - began;
	return result;
}

/* `took`: of the plan and of its deployment. */
static void deploy(struct smd_controller *controller, char *document_take, double took[2])
{
	cJSON *plan;

	cJSON_Delete(call(controller, "configuration.set", "text", document_take, NULL));
	plan = call(controller, "plan.make", "name", strdup("blue"), &took[0]);
	cJSON_Delete(
		call(controller, "plan.apply", "text", cJSON_PrintUnformatted(plan), &took[1]));
	cJSON_Delete(plan);
}

static void take_times(const struct kind *kind, double took[STEPS])
{
	struct fleet *fleet = fleet_new(STORE);
	struct smd_controller *controller;
	struct fleet_time time = {0};
	struct ground ground;
	char *running;
	size_t size;
	FILE *out = open_memstream(&running, &size);

	must(out != NULL, "no memory");
	for (unsigned i = 0; i < PORTS; i++)
		fprintf(out, "port p%u\n", i);
	must(!fclose(out), "no memory");
	fleet_add(fleet, "r1", DEVICE_SHARED, running);
	ground_init(&ground, fleet, &time);
	controller = ground_controller(&ground);
	cJSON_Delete(call(controller, "device.import", "inventory", fleet_inventory(fleet), NULL));
	deploy(controller, write_document(kind, 0), took);
	deploy(controller, write_document(kind, 1), took + 2);
	smd_controller_free(controller);
	ground_done(&ground);
	fleet_free(fleet);
	free(running);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 5;
	double took[KINDS][STEPS] = {{0}};

	for (int i = 0; i < rounds; i++)
		for (size_t k = 0; k < KINDS; k++)
			take_times(&kinds[k], took[k]);
	printf("%-12s %11s", "CPU, ms", "memberships");
	for (size_t s = 0; s < STEPS; s++)
		printf(" %16s", steps[s]);
	for (size_t k = 0; k < KINDS; k++) {
		printf("\n%-12s %11u", kinds[k].name, kinds[k].memberships);
		for (size_t s = 0; s < STEPS; s++)
			printf(" %8.2f (%5.2f)", took[k][s], took[k][s] / took[0][s]);
	}
	printf("\n");
	for (size_t s = 0; s < STEPS; s++)
		if (took[1][s] > MOST * took[0][s])
			return 1;
	return 0;
}
