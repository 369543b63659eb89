/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door: everything a program can ask of Smart Deploy.
 *
 * A call is a principal, a method and a JSON request; it gives a JSON result,
 * and a stream of events while it runs. sdctl, the REST API and the daemon's
 * socket are faces of this door and of nothing else.
 *
 * method                request                          result
 * --------------------  -------------------------------  --------------------------
 * configuration.set     text, what                       name, revision, kind, changed
 * configuration.list    -                                configurations []
 * configuration.show    name, revision?                  name, revision, text, deployed
 * configuration.remove  name                             name, revision
 * deployment.list       configuration?                   deployments [], newest last
 * deployment.show       id (or a configuration's name)   the deployment's record, journal []
 * deployment.recover    -                                count
 * deployment.rollback   id                               as plan.apply
 * device.import         inventory?, topology? (texts)    devices, hosts, links
 * device.add            name, driver, address, ...       devices
 * device.list           -                                devices []
 * device.check          name?                            devices [], each with what it can do
 * device.trust          name, fingerprint?               fingerprint, accepted
 * driver.list           -                                drivers []
 * driver.show           name (or a file with a '/')      the driver's envelope and options
 * driver.test           name, options {}?, golden?,      as smd_kit_run: checks [], failed, seed;
 *                       seed?, only?, limit-ms?,         in failure too
 *                       update?, here?
 * plan.make             name                             the plan
 * plan.apply            text (the plan), what            deployment, record
 * text.diff             driver, running, intended,       equal, and by format: text; tree []; or
 *                       format?, merge?                  all; hazards [], way?
 * text.parse            driver, text, format?            text, or tree
 * verify                name                             devices [], evidence []
 */
#ifndef SMD_SERVICE_SERVICE_H
#define SMD_SERVICE_SERVICE_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>

struct smd_controller;

/*
 * home   Folder of the store and what belongs to it.
 * parts  Folder with drivers/ and plugins/.
 * yang   Folder with the YANG modules.
 * driver_path  Folders that are searched for drivers before that in `parts`,
 *        separated by ':'; or NULL.
 * All are copied.
 */
struct smd_controller_spec {
	const char *home;
	const char *parts;
	const char *yang;
	const char *driver_path;
};

/* Opens no store yet. SMD_E_NOT_FOUND: the driver path names what is no folder. */
SMD_EXPORT int smd_controller_new(const struct smd_controller_spec *spec,
				  struct smd_controller **out, struct smd_error *error);
SMD_EXPORT void smd_controller_free(struct smd_controller *controller); /* NULL is fine */

/*
 * Have a deployment that is under way taken back at its next barrier. May be
 * called from a signal handler.
 */
SMD_EXPORT void smd_controller_interrupt(struct smd_controller *controller);

/* Called on threads of the service while a call runs; the event is borrowed. */
typedef void (*smd_event_sink_fn)(void *arg, const cJSON *event);

/*
 * Call a method; blocks until it is done. One call at a time. The request, which
 * may be NULL, is deleted in the end; large texts are used where they lie in it.
 * `*result` is the caller's (cJSON_Delete); it may be set in failure too, where
 * there is more to say than the error does.
 */
SMD_EXPORT int smd_controller_call(struct smd_controller *controller, const char *principal,
				   const char *method, cJSON *request_take, smd_event_sink_fn event,
				   void *arg, cJSON **result, struct smd_error *error);

#endif
