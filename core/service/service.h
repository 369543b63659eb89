/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door: everything a program can ask of Smart Deploy.
 *
 * A call is a principal, a method and a JSON request; it gives a JSON result,
 * and a stream of events while it runs. sdctl, the REST API and the daemon's
 * socket are faces of this door and of nothing else.
 *
 * Members of a request that end in `?` may be left out; `[]` is an array, `{}` an object.
 *
 * method                request                          result
 * --------------------  -------------------------------  -------------------------------
 * configuration.list    -                                configurations []
 * configuration.remove  name                             name, kind, revision, changed
 * configuration.set     text, what?                      name, kind, revision, changed
 * configuration.show    name, revision?                  name, revision, deployed,
 *                                                        removed, text
 * deployment.list       configuration?                   deployments [], oldest first
 * deployment.recover    -                                count
 * deployment.rollback   id, or "last"                    deployment, record
 * deployment.show       id, or a configuration's name    record, journal []
 * device.add            the device, as in an inventory   devices, hosts, links (counts)
 * device.check          name?                            devices [], what each one can do
 * device.import         inventory?, topology? (texts)    devices, hosts, links (counts)
 * device.list           -                                devices []
 * device.trust          name, fingerprint?               fingerprint, accepted
 * driver.list           -                                drivers []
 * driver.show           name, or a file with a '/'       its envelope, services [],
 *                                                        stages [], options []
 * driver.test           name, options {}?, golden?,      file, golden, seed, checks [],
 *                       limit-ms?, seed?, only?,         failed (see smd_kit_run)
 *                       here?, update?
 * plan.apply            text (of the plan), what?        deployment, record
 * plan.make             name                             the plan's own members
 * text.diff             driver, running, intended,       equal; by format: text, tree [],
 *                       running-name?,                   or commands, undo and tree [];
 *                       intended-name?, format?,         hazards [], atomic-method
 *                       merge?
 * text.parse            driver, text, text-name?,        text, or tree
 *                       format?
 * verify                name                             devices [], evidence []
 *
 * `what`, `text-name` and the like are what errors call a text, such as its file. `format` of
 * text.diff is commands, undo, tree or json; that of text.parse is text, flat or json.
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
