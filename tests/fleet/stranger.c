/* SPDX-License-Identifier: Apache-2.0 */
/* Other people at work on the device, at the moments that are armed. */
#include "internal.h"

#include <string.h>

int fault_is_due(const struct device *device, const struct fault *fault, enum command_class class)
{
	unsigned count = device->counts[class];

	if (fault->class != class)
		return 0;
	return fault->always ? count >= fault->occurrence : count == fault->occurrence;
}

/* Whether one of our locks keeps strangers out. */
static int keeps_out(const struct device *device, const struct lock *lock)
{
	return device_is_locked_out(lock, DEVICE_STRANGER) &&
	       !(device->flags & DEVICE_IGNORES_LOCKS);
}

static int enter_line(struct device *device, const char *line)
{
	return !*line || !config_enter(&device->running, line);
}

/* IOS-XR has no other way to running than a commit, which an exclusive session keeps out. */
static int edit(struct device *device, uint64_t now, const char *line)
{
	if (keeps_out(device, &device->running_lock) ||
	    (device->kind == DEVICE_PRIVATE && keeps_out(device, &device->lock)))
		return 0;
	if (!enter_line(device, line))
		return 0;
	if (device->kind == DEVICE_PRIVATE || device->kind == DEVICE_NAMED)
		device_remember(device, now, HISTORY_COMMIT, "foreign", "stranger");
	return 1;
}

static int dirty(struct device *device, const char *line)
{
	if (device->kind != DEVICE_SHARED || keeps_out(device, &device->lock))
		return 0;
	return !device_load_shared(device, DEVICE_STRANGER, line);
}

/* SHARED: a commit takes all of the candidate along, whoever edited it. */
static int commit_shared(struct device *device, uint64_t now, const char *line, uint64_t due)
{
	if (keeps_out(device, &device->lock) || keeps_out(device, &device->running_lock))
		return 0;
	if (*line && device_load_shared(device, DEVICE_STRANGER, line))
		return 0;
	device_commit_shared(device, now, DEVICE_STRANGER, "foreign", due);
	return 1;
}

/* IOS: `configure confirm` of another line of the terminal confirms. */
static int commit(struct device *device, uint64_t now, const char *line)
{
	if (device->kind == DEVICE_SHARED)
		return commit_shared(device, now, line, 0);
	if (device->kind == DEVICE_LINES_TIMER && enter_line(device, line)) {
		device->pending = (struct pending){0};
		return 1;
	}
	return edit(device, now, line);
}

static int take_lock(struct device *device, uint64_t now, uint32_t delay)
{
	struct lock lock = {.session = DEVICE_STRANGER, .ends = delay ? now + delay : 0};

	if (device->kind != DEVICE_SHARED && device->kind != DEVICE_PRIVATE)
		return 0;
	if (device->lock.session || device->running_lock.session || device_is_dirty(device))
		return 0;
	device->lock = lock;
	if (device->kind == DEVICE_SHARED && !device->pending.active)
		device->running_lock = lock;
	return 1;
}

static int begin_pending(struct device *device, uint64_t now, const struct fault *fault)
{
	uint64_t due = now + (fault->delay ? fault->delay : 600000);
	struct config before = device->running;

	if (device->kind == DEVICE_SHARED)
		return commit_shared(device, now, fault->line, due);
	if ((device->kind != DEVICE_PRIVATE && device->kind != DEVICE_LINES_TIMER) ||
	    device->pending.active || !edit(device, now, fault->line))
		return 0;
	device_begin_pending(device, &before, device->kind == DEVICE_PRIVATE ? "foreign" : "",
			     DEVICE_STRANGER, due);
	return 1;
}

int device_stranger(struct device *device, uint64_t now, const struct fault *fault)
{
	switch (fault->kind) {
	case STRANGER_EDIT:
		return edit(device, now, fault->line);
	case STRANGER_DIRTY:
		return dirty(device, fault->line);
	case STRANGER_COMMIT:
		return commit(device, now, fault->line);
	case STRANGER_LOCK:
		return take_lock(device, now, fault->delay);
	case STRANGER_PENDING:
		return begin_pending(device, now, fault);
	case STRANGER_SAVE:
		device->startup = device->running;
		return 1;
	default:
		return 0;
	}
}

void device_let_strangers(struct device *device, uint64_t now, enum command_class class, int after)
{
	for (unsigned i = 0; i < device->fault_count; i++) {
		struct fault *fault = &device->faults[i];

		if (fault->kind < STRANGER_EDIT || !fault->after != !after ||
		    !fault_is_due(device, fault, class))
			continue;
		if (device_stranger(device, now, fault))
			fault->fired++;
		else
			fault->blocked++;
	}
}
