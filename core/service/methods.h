/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/service: the arguments of every method, and the methods. */
#ifndef SMD_SERVICE_METHODS_H
#define SMD_SERVICE_METHODS_H

#include "core/deploy/deployment.h"
#include "core/service/service.h"
#include "core/site/site.h"

/*
 * A call of a method. Everything is borrowed.
 *
 * site     NULL for a method that needs no store.
 * alone    This controller owns the store, so no other one is at work.
 * request  NULL: the call has none. A method may take large texts out of it.
 * result   An object, to which the method adds its results.
 */
struct smd_call {
	struct smd_loader *loader;
	struct smd_site *site;
	int alone;
	const char *principal;
	cJSON *request;
	cJSON *result;
	struct smd_listener listener;
	struct smd_error *error; /* never NULL */
};

/*
 * What a controller stands on, for tests: each may be NULL, for the usual one. Borrowed, must
 * outlive the controller. With a loader of the test's, `parts` and `driver_path` of the
 * controller's specification are not used.
 */
struct smd_seams {
	struct smd_loader *loader;
	struct smd_clock *clock;
	struct smd_connector *connector;
};

/* As smd_controller_new, on other ground. */
int smd_controller_new_on(const struct smd_controller_spec *spec, const struct smd_seams *seams,
			  struct smd_controller **out, struct smd_error *error);

/* Tell the listener that so many devices are being read, which can take a while. */
void smd_call_tell_reading(const struct smd_call *call, size_t devices);

/*
 * Add to the result as `seen` which product and release the device ran when a plan last read it,
 * unless it has had another driver or address since. Nothing is added if that is not known.
 */
int smd_seen_add(const struct smd_call *call, const struct smd_device *device, cJSON *result);
/* The device of that name, borrowed from the inventory; NULL with the error filled. */
const struct smd_device *smd_call_device(const struct smd_call *call, const char *name);
/*
 * The devices that the request means, sorted by name: those that have a name or match a pattern
 * (glob(7)) of its array `devices`, if there is one, and have all of its `label`, each NAME,
 * NAME=VALUE, or only the NAME of one with a value. `*out` is the caller's (free()).
 * SMD_E_NOT_FOUND: a name, a pattern or the labels mean no device.
 */
int smd_call_select_devices(struct smd_call *call, const struct smd_device ***out, size_t *count);

/* The driver of that name, or in that file if it contains a '/'; NULL with the error filled. */
const struct smd_driver *smd_call_driver(const struct smd_call *call, const char *name);

/*
 * What to call a deployment that the store has as running: "running" if another controller is at
 * work, else "interrupted".
 */
int smd_call_running(const struct smd_call *call, const char **running, struct smd_error *error);
/*
 * Called for a deployment with the key of its record; `record` NULL: it is damaged. It may be
 * changed; 0 goes on.
 */
typedef int (*smd_deployment_fn)(void *arg, const char *key, cJSON *record);
/*
 * Pass all deployments, the newest first, on the caller's thread. They are read by page. `before`:
 * only those before this id; NULL: all. An error is that of the store.
 */
int smd_call_each_deployment(struct smd_call *call, const char *before, smd_deployment_fn each,
			     void *arg);
/*
 * In the request, replace the beginning of a deployment's id by the whole (short_id.c).
 * SMD_E_INVALID: it is that of several.
 */
int smd_call_complete_ids(const struct smd_call *call, const struct smd_method *method);
/* SMD_E_NOT_FOUND with the error filled: it was pruned, if the store has counted it, or never was.
 */
int smd_call_no_deployment(const struct smd_call *call, const char *id);
/*
 * The deployments that are open: an array of {id, configurations [], started, state}, the
 * caller's. `state` is "running", "interrupted" (its controller is dead), "attention" or "damaged".
 */
int smd_call_open_deployments(const struct smd_call *call, cJSON **list, struct smd_error *error);
/*
 * Add "leftovers" to the result: the open deployments that are not running, if there are any; or
 * "leftovers-error", why that is not known, since a method that has acted did not fail by it.
 */
void smd_call_tell_leftovers(struct smd_call *call);

/* Turn a method's result into what everybody may see of it, in place (view.c). */
void smd_call_view(cJSON *result);

/* After SMD_E_NOT_FOUND: if a name in the request is like one that there is, the hint names it. */
void smd_call_suggest(const struct smd_call *call, const struct smd_method *method);

int smd_configuration_set(struct smd_call *call);
int smd_configuration_list(struct smd_call *call);
int smd_configuration_show(struct smd_call *call);
int smd_configuration_remove(struct smd_call *call);
int smd_deployment_list(struct smd_call *call);
int smd_deployment_prune(struct smd_call *call);
int smd_deployment_show(struct smd_call *call);
int smd_deployment_recover_all(struct smd_call *call);
int smd_deployment_roll_back(struct smd_call *call);
int smd_device_import(struct smd_call *call);
int smd_device_add(struct smd_call *call);
int smd_device_set(struct smd_call *call);
int smd_device_unlist(struct smd_call *call);
int smd_device_export(struct smd_call *call);
int smd_device_list(struct smd_call *call);
int smd_device_show(struct smd_call *call);
int smd_device_check(struct smd_call *call);
int smd_device_trust(struct smd_call *call);
int smd_driver_list(struct smd_call *call);
int smd_driver_show(struct smd_call *call);
int smd_driver_test(struct smd_call *call);
int smd_plan_make(struct smd_call *call);
int smd_plan_rollback(struct smd_call *call);
int smd_plan_apply(struct smd_call *call);
int smd_site_status(struct smd_call *call);
int smd_store_init(struct smd_call *call);
int smd_text_diff(struct smd_call *call);
int smd_text_parse(struct smd_call *call);
int smd_verify(struct smd_call *call);

#endif
