/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fleet: devices and a store in memory that forked processes share, and the parts by which
 * core reaches them: a channel, a protocol, a store and drivers, as constant structures.
 *
 *   struct fleet *fleet = fleet_new(FLEET_STORE);
 *   fleet_add(fleet, "r1", DEVICE_SHARED, "port p1\nset a 1\n");
 *   fleet_use(fleet);
 *   struct fleet_image *image = fleet_save(fleet);
 *   ...
 *   fleet_reset(fleet, image);
 *   fleet_arm(fleet, "r1", &(struct fault){.class = CLASS_ACT, .occurrence = 1,
 *                                          .kind = FAULT_LOST_AFTER});
 *   ... run ...
 *   CU_ASSERT(fleet_runs(fleet, "r1", "port p1\nset a 2\n"));
 *
 * All functions may be called by any thread, fleet_use and fleet_add before others run.
 */
#ifndef TESTS_FLEET_FLEET_H
#define TESTS_FLEET_FLEET_H

#include "device.h"
#include "store.h"

#include <smartdeploy/driver.h>
#include <smartdeploy/plugin.h>

#define FLEET_DEVICES 16
#define FLEET_STORE ((size_t)1 << 20)
#define FLEET_DIED 86 /* exit status of a process that ended at a point of death */

/*
 * Milliseconds on a clock that never goes back, whatever starts again; set by the test. Devices
 * live by it.
 */
extern uint64_t (*fleet_now)(void);

/* The parts; the arrays end with a NULL. */
extern const struct smd_plugin *const fleet_plugins[];
extern const struct smd_driver *const fleet_drivers[];

struct fleet;

/* `store_size`: bytes of the store's block. Ends the program without memory. */
struct fleet *fleet_new(size_t store_size);
void fleet_free(struct fleet *fleet); /* NULL is fine */
/* Make it the fleet that channel and store reach; NULL: none. */
void fleet_use(struct fleet *fleet);
struct fleet *fleet_in_use(void);
/* Add a device with this running (and startup) text. Ends the program if it is refused. */
struct device *fleet_add(struct fleet *fleet, const char *name, enum device_kind kind,
			 const char *running);
/* Add a cable to the topology. */
void fleet_link(struct fleet *fleet, const char *a, const char *a_port, const char *b,
		const char *b_port);

/* A copy of everything in the shared block: devices, store, counters. */
struct fleet_image;
struct fleet_image *fleet_save(struct fleet *fleet);
void fleet_reset(struct fleet *fleet, const struct fleet_image *image);
void fleet_image_free(struct fleet_image *image);

/* The inventory and topology documents; the caller's (free()). Addresses are 127.0.0.2 and up. */
char *fleet_inventory(const struct fleet *fleet);
char *fleet_topology(const struct fleet *fleet);

/* The device of this name or address, NULL: none. To be read while no command runs. */
struct device *fleet_device(const struct fleet *fleet, const char *name);
size_t fleet_count(const struct fleet *fleet);
struct device *fleet_device_at(const struct fleet *fleet, size_t index);
struct store_block *fleet_store_block(const struct fleet *fleet);
/* Ends the program if there is no such device or no room. */
void fleet_arm(struct fleet *fleet, const char *name, const struct fault *fault);
/* apply number `at` (from 1) of the store goes wrong. */
void fleet_arm_store(struct fleet *fleet, unsigned at, enum store_fault fault, int always);
/* Whether running is this text; lines in any order. */
int fleet_runs(struct fleet *fleet, const char *name, const char *text);
/* Bring all devices to the time `now`; when the next thing is due; DEVICE_NEVER: nothing. */
void fleet_advance(struct fleet *fleet, uint64_t now);
uint64_t fleet_due(struct fleet *fleet);

/*
 * Points of death are counted in the shared block. When their number reaches the armed one, the
 * process ends at once by _exit(FLEET_DIED). `at` 0: never. Arming starts counting anew.
 */
void fleet_arm_death(struct fleet *fleet, uint64_t at);
uint64_t fleet_points(const struct fleet *fleet);
/* The last point: "acted r1". */
const char *fleet_last_point(const struct fleet *fleet);
/* What happened since the last reset, a line each: time, device, command, end. For people. */
const char *fleet_log(const struct fleet *fleet);

/* For the parts: the lock that all of the above hold, and the counting of points under it. */
void fleet_lock(struct fleet *fleet);
void fleet_unlock(struct fleet *fleet);
void fleet_point(struct fleet *fleet, const char *where, const char *device);
void fleet_login(struct fleet *fleet, struct device *device, const char *user,
		 struct device_reply *reply);
void fleet_command(struct fleet *fleet, struct device *device, uint32_t session,
		   const char *command, struct device_reply *reply);

#endif
