/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LINKS 32
#define LOG 65536

/* What the processes share, before the store. */
struct shared {
	uint64_t points, die_at;
	char last_point[DEVICE_NAME + 16];
	size_t log_used;
	char log[LOG];
	size_t count;
	struct device devices[FLEET_DEVICES];
};

struct link {
	char a[DEVICE_NAME], a_port[DEVICE_NAME], b[DEVICE_NAME], b_port[DEVICE_NAME];
};

/* The process's own: a lock in shared memory would stay locked when its holder ends. */
struct fleet {
	pthread_mutex_t mutex;
	struct shared *shared;
	struct store_block *store;
	size_t size;
	struct link links[LINKS];
	size_t link_count;
};

static struct fleet *in_use;
uint64_t (*fleet_now)(void);

static void must(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "fleet: %s\n", what);
	abort();
}

struct fleet *fleet_new(size_t store_size)
{
	struct fleet *fleet = calloc(1, sizeof(*fleet));
	pthread_mutexattr_t attributes;
	size_t before = (sizeof(struct shared) + 63) / 64 * 64;

	must(fleet != NULL, "no memory");
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&fleet->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	fleet->size = before + store_size;
	fleet->shared =
		mmap(NULL, fleet->size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(fleet->shared != MAP_FAILED, "no memory");
	fleet->store = (struct store_block *)((char *)fleet->shared + before);
	store_init(fleet->store, store_size);
	return fleet;
}

void fleet_free(struct fleet *fleet)
{
	if (!fleet)
		return;
	if (in_use == fleet)
		in_use = NULL;
	munmap(fleet->shared, fleet->size);
	pthread_mutex_destroy(&fleet->mutex);
	free(fleet);
}

void fleet_use(struct fleet *fleet)
{
	in_use = fleet;
}

struct fleet *fleet_in_use(void)
{
	return in_use;
}

void fleet_lock(struct fleet *fleet)
{
	pthread_mutex_lock(&fleet->mutex);
}

void fleet_unlock(struct fleet *fleet)
{
	pthread_mutex_unlock(&fleet->mutex);
}

struct device *fleet_add(struct fleet *fleet, const char *name, enum device_kind kind,
			 const char *running)
{
	struct device *device = &fleet->shared->devices[fleet->shared->count];

	must(fleet->shared->count < FLEET_DEVICES, "too many devices");
	must(!device_init(device, name, kind, running), "the device refuses its first lines");
	fleet->shared->count++;
	return device;
}

void fleet_link(struct fleet *fleet, const char *a, const char *a_port, const char *b,
		const char *b_port)
{
	struct link *link = &fleet->links[fleet->link_count];

	must(fleet->link_count < LINKS, "too many links");
	fleet->link_count++;
	snprintf(link->a, sizeof(link->a), "%s", a);
	snprintf(link->a_port, sizeof(link->a_port), "%s", a_port);
	snprintf(link->b, sizeof(link->b), "%s", b);
	snprintf(link->b_port, sizeof(link->b_port), "%s", b_port);
}

/* Saving and going back */

struct fleet_image {
	size_t devices, store; /* bytes of each that are in use */
	char bytes[];
};

static size_t devices_size(const struct fleet *fleet)
{
	return offsetof(struct shared, devices) + fleet->shared->count * sizeof(struct device);
}

struct fleet_image *fleet_save(struct fleet *fleet)
{
	struct fleet_image *image;
	size_t devices = devices_size(fleet), store = fleet->store->used;

	image = malloc(sizeof(*image) + devices + store);
	must(image != NULL, "no memory");
	*image = (struct fleet_image){devices, store};
	fleet_lock(fleet);
	memcpy(image->bytes, fleet->shared, devices);
	memcpy(image->bytes + devices, fleet->store, store);
	fleet_unlock(fleet);
	return image;
}

void fleet_reset(struct fleet *fleet, const struct fleet_image *image)
{
	fleet_lock(fleet);
	memcpy(fleet->shared, image->bytes, image->devices);
	memcpy(fleet->store, image->bytes + image->devices, image->store);
	fleet_unlock(fleet);
}

void fleet_image_free(struct fleet_image *image)
{
	free(image);
}

/* Documents */

static const char *const driver_names[] = {"fleet-atomic", "fleet-lines",   "fleet-lines-timer",
					   "fleet-shared", "fleet-private", "fleet-named"};

static FILE *begin_text(char **text, size_t *size)
{
	FILE *out = open_memstream(text, size);

	must(out != NULL, "no memory");
	return out;
}

char *fleet_inventory(const struct fleet *fleet)
{
	char *text = NULL;
	size_t size;
	FILE *out = begin_text(&text, &size);

	fprintf(out, "{\"smartdeploy-inventory:inventory\": {\"credential\": [{\"name\": "
		     "\"fleet\", \"user\": \"smartdeploy\", \"agent\": true}], \"device\": [");
	for (size_t i = 0; i < fleet->shared->count; i++)
		fprintf(out,
			"%s{\"name\": \"%s\", \"driver\": \"%s\", \"address\": \"127.0.0.%zu\", "
			"\"credential\": \"fleet\"}",
			i ? ", " : "", fleet->shared->devices[i].name,
			driver_names[fleet->shared->devices[i].kind], i + 2);
	fprintf(out, "]}}");
	fclose(out);
	return text;
}

char *fleet_topology(const struct fleet *fleet)
{
	char *text = NULL;
	size_t size;
	FILE *out = begin_text(&text, &size);

	fprintf(out, "{\"smartdeploy-topology:topology\": {\"link\": [");
	for (size_t i = 0; i < fleet->link_count; i++) {
		const struct link *link = &fleet->links[i];

		fprintf(out,
			"%s{\"a-device\": \"%s\", \"a-port\": \"%s\", \"b-device\": \"%s\", "
			"\"b-port\": \"%s\"}",
			i ? ", " : "", link->a, link->a_port, link->b, link->b_port);
	}
	fprintf(out, "]}}");
	fclose(out);
	return text;
}

/* Devices and what is armed */

size_t fleet_count(const struct fleet *fleet)
{
	return fleet->shared->count;
}

struct device *fleet_device_at(const struct fleet *fleet, size_t index)
{
	return &fleet->shared->devices[index];
}

struct device *fleet_device(const struct fleet *fleet, const char *name)
{
	char address[24];

	for (size_t i = 0; i < fleet->shared->count; i++) {
		snprintf(address, sizeof(address), "127.0.0.%zu", i + 2);
		if (!strcmp(fleet->shared->devices[i].name, name) || !strcmp(address, name))
			return &fleet->shared->devices[i];
	}
	return NULL;
}

struct store_block *fleet_store_block(const struct fleet *fleet)
{
	return fleet->store;
}

void fleet_arm(struct fleet *fleet, const char *name, const struct fault *fault)
{
	struct device *device = fleet_device(fleet, name);

	must(device && device_arm(device, fault), "cannot arm a fault");
}

void fleet_arm_store(struct fleet *fleet, unsigned at, enum store_fault fault, int always)
{
	fleet->store->fault_at = at;
	fleet->store->fault = fault;
	fleet->store->always = always;
}

int fleet_runs(struct fleet *fleet, const char *name, const char *text)
{
	struct config wanted = {0};
	int same;

	must(!config_enter_text(&wanted, text), "the text is no configuration");
	fleet_lock(fleet);
	same = config_equal(&wanted, &fleet_device(fleet, name)->running);
	fleet_unlock(fleet);
	return same;
}

void fleet_advance(struct fleet *fleet, uint64_t now)
{
	fleet_lock(fleet);
	for (size_t i = 0; i < fleet->shared->count; i++)
		device_advance(&fleet->shared->devices[i], now);
	fleet_unlock(fleet);
}

uint64_t fleet_due(struct fleet *fleet)
{
	uint64_t due = DEVICE_NEVER;

	fleet_lock(fleet);
	for (size_t i = 0; i < fleet->shared->count; i++) {
		uint64_t next = device_due(&fleet->shared->devices[i]);

		due = next < due ? next : due;
	}
	fleet_unlock(fleet);
	return due;
}

/* Points of death, and the log */

void fleet_arm_death(struct fleet *fleet, uint64_t at)
{
	fleet->shared->points = 0;
	fleet->shared->die_at = at;
}

uint64_t fleet_points(const struct fleet *fleet)
{
	return fleet->shared->points;
}

const char *fleet_last_point(const struct fleet *fleet)
{
	return fleet->shared->last_point;
}

const char *fleet_log(const struct fleet *fleet)
{
	return fleet->shared->log;
}

__attribute__((__format__(__printf__, 2, 3))) static void note(struct fleet *fleet,
							       const char *format, ...)
{
	struct shared *shared = fleet->shared;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(shared->log + shared->log_used, LOG - shared->log_used, format, args);
	va_end(args);
	shared->log_used += (size_t)length;
	if (shared->log_used >= LOG)
		shared->log_used = LOG - 1;
}

void fleet_point(struct fleet *fleet, const char *where, const char *device)
{
	struct shared *shared = fleet->shared;

	shared->points++;
	snprintf(shared->last_point, sizeof(shared->last_point), "%s%s%s", where,
		 *device ? " " : "", device);
	if (shared->points != shared->die_at)
		return;
	note(fleet, "%" PRIu64 " the process ends: %s\n", fleet_now(), shared->last_point);
	_exit(FLEET_DIED);
}

static const char *const ends[] = {"answer", "lost", "late", "no answer"};

void fleet_login(struct fleet *fleet, struct device *device, const char *user,
		 struct device_reply *reply)
{
	fleet_lock(fleet);
	fleet_point(fleet, "login", device->name);
	device_login(device, fleet_now(), user, reply);
	note(fleet, "%" PRIu64 " %s login: %s, session %" PRIu32 "\n", fleet_now(), device->name,
	     ends[reply->end], reply->session);
	fleet_unlock(fleet);
}

void fleet_command(struct fleet *fleet, struct device *device, uint32_t session,
		   const char *command, struct device_reply *reply)
{
	uint64_t now = fleet_now();
	const char *status;

	fleet_lock(fleet);
	fleet_point(fleet, "send", device->name);
	device_command(device, now, session, command, reply);
	status = strstr(reply->text, "% ");
	note(fleet, "%" PRIu64 " %s %" PRIu32 "> %s: %s%s%.*s\n", now, device->name, session,
	     command, ends[reply->end], status ? " " : "", status ? (int)strcspn(status, "\n") : 0,
	     status ? status : "");
	fleet_point(fleet, "acted", device->name);
	fleet_unlock(fleet);
}
