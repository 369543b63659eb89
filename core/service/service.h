/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The service: the single entry point for everything a program can ask of Smart Deploy.
 *
 * A call has a principal (the user), a method and a JSON request. It returns a JSON result and
 * sends events while it runs. sdctl, the REST API and the daemon's socket use nothing else.
 *
 * The table in method_table.c says who may call a method and what its fields are; a request that
 * does not fit is SMD_E_INVALID. Here, members of a request that end in `?` may be left out; `[]`
 * is an array, `{}` an object.
 *
 * method                request                          result
 * --------------------  -------------------------------  -------------------------------
 * configuration.list    -                                configurations []
 * configuration.remove  name                             name, kind, revision, changed
 * configuration.set     text, what?                      name, kind, revision, changed
 * configuration.show    name, revision?, reveal?         name, revision, deployed,
 *                                                        removed, text
 * deployment.list       configuration?, before? (id),    deployments [], newest first;
 *                       limit?                           more: there are older ones
 * deployment.prune      keep?, older-than?, dry-run?     deployments [] (ids), kept, damaged,
 *                                                        plans, records, bytes, dry-run
 * deployment.recover    id?, accept?                     deployments [], count
 * deployment.rollback   id, or "last", comment?,         deployment, record
 *                       require-proof?, recover?
 * deployment.show       id, or a configuration's name    record, journal [],
 *                                                        also-configuration?, passed-over?
 * device.add            the device, as in an inventory   devices, hosts, links (counts),
 *                                                        changes {}
 * device.check          devices []?, label []?           devices [], what each one can do
 * device.export         -                                text, as device.import takes it
 * device.import         inventory?, topology? (texts),   devices, hosts, links (counts),
 *                       dry-run?                         changes {}
 * device.list           -                                devices []
 * device.remove         name                             devices, hosts, links (counts),
 *                                                        changes {}
 * device.set            name, and what changes           devices, hosts, links (counts),
 *                                                        changes {}
 * device.show           name, config?, reveal?           the device, host-key {},
 *                                                        configurations [], held-by?; with
 *                                                        config: product, version, text
 * device.trust          name, fingerprint?               fingerprint, accepted
 * driver.list           -                                drivers []
 * driver.show           name, or a file with a '/'       its envelope, services [],
 *                                                        stages [], options []
 * driver.test           name, options {}?, golden?,      file, golden, seed, checks [],
 *                       limit-ms?, seed?, only?,         failed (see smd_kit_run)
 *                       here?, update?
 * plan.apply            text (of the plan), what?,       deployment, record
 *                       comment?, require-proof?,
 *                       recover?
 * plan.make             name                             the plan's own members
 * store.init            -                                home, made: there was none
 * text.diff             driver, running, intended,       equal; by format: text, tree [],
 *                       running-name?,                   or commands, undo and tree [];
 *                       intended-name?, format?,         hazards [], atomic-method
 *                       merge?
 * text.parse            driver, text, text-name?,        text, or tree
 *                       format?, reveal?
 * verify                name, require-proof?             state, devices [], proof {}
 *
 * Their exact shapes are those that share/schema/ describes for the commands of sdctl.
 *
 * Where there is no store, configuration.set, device.add, device.import and store.init make one,
 * and say so by `made-home`; all other methods fail with SMD_E_NOT_FOUND, and make nothing.
 *
 * `what`, `text-name` and the like are what errors call a text, such as its file. `format` of
 * text.diff is commands, undo, tree or json; that of text.parse is text, flat or json.
 * `reveal` (true): secrets in clear; only for the user who runs the controller, SMD_E_DENIED to
 * others. Without it they are masked, as they are in all other results, events and errors, except
 * in the lines of text.diff: those are for a device.
 * `comment` is one line of at most 255 bytes; it is kept in the record, and on devices that keep
 * a history. `require-proof` (true): what was not proven by traffic counts as a failure. `recover`
 * (true): an open deployment that holds a device is recovered first. deployment.recover is of one
 * deployment
 * (`id`) or of all that are open; with `accept` (true) what the devices of that one run is taken.
 *
 * deployment.list has the newest 100, or `limit` of them; 0: all. deployment.prune removes what is
 * beyond the newest `keep` of each configuration and ended longer ago than `older-than` (as 36h,
 * 90d or 12w); one of them is needed. Open ones stay, and those by which what is in force came,
 * `keep` steps back and at least one, and a rollback by which the newest revision is undone. With
 * `dry-run` (true) it only says what would go.
 *
 * device.set has the members of a device as in an inventory; an empty text or list removes the
 * member, and so does an option with a name alone. device.remove takes its links along. `changes`
 * is what smd_inventory_changes tells; with `dry-run` (true) nothing is stored. device.check is of
 * the devices whose names match one of `devices` and that have all of `label`; each is told by an
 * event {"event": "checked", "device": {}} as soon as it has ended. `config` (true): what the
 * device runs.
 *
 * deployment.show takes `id` for a deployment's id first: `also-configuration` is there if a
 * configuration has that name too. Of a configuration it is the newest deployment; `passed-over`
 * is the id of a newer one whose record is damaged, so that nobody knows of what it was.
 *
 * Any result can have `leftovers` [], the open deployments that nobody works on, or
 * `leftovers-error`, why it is not known whether there are any.
 */
#ifndef SMD_SERVICE_SERVICE_H
#define SMD_SERVICE_SERVICE_H

#include <cjson/cJSON.h>
#include <smartdeploy/error.h>

#include "core/service/method_table.h"

struct smd_controller;

/*
 * home         Folder of the store and its files.
 * parts        Folder that has drivers/ and plugins/.
 * yang         Folder of the YANG modules.
 * driver_path  Folders searched for drivers before `parts`, separated by ':'; or NULL.
 *
 * The strings are copied.
 */
struct smd_controller_spec {
	const char *home;
	const char *parts;
	const char *yang;
	const char *driver_path;
};

/*
 * Make a controller; the store is not opened yet. SMD_E_NOT_FOUND: the driver path names
 * something that is not a folder.
 */
SMD_EXPORT int smd_controller_new(const struct smd_controller_spec *spec,
				  struct smd_controller **out, struct smd_error *error);
SMD_EXPORT void smd_controller_free(struct smd_controller *controller); /* NULL is fine */

/*
 * Make a running deployment roll back at its next barrier between phases. May be called from a
 * signal handler.
 */
SMD_EXPORT void smd_controller_interrupt(struct smd_controller *controller);

/*
 * Receives events while a call runs, one after the other, on a thread of the service. It may
 * block: the call goes on, and events that only tell progress may then be left out, which an
 * event {"event": "dropped", "count": N} tells. The event is borrowed.
 */
typedef void (*smd_event_sink_fn)(void *arg, const cJSON *event);

/*
 * Call a method; blocks until it is done and `event` (may be NULL) has got all events. One call
 * at a time. `request` may be NULL; it is
 * deleted at the end, and large texts are taken out of it without a copy. `*result` is the
 * caller's (cJSON_Delete); it may be set on failure too, if there is more to report than the
 * error.
 */
SMD_EXPORT int smd_controller_call(struct smd_controller *controller, const char *principal,
				   const char *method, cJSON *request_take, smd_event_sink_fn event,
				   void *arg, cJSON **result, struct smd_error *error);

/* All methods, sorted by name, with the fields of their requests. Constant; any thread. */
SMD_EXPORT const struct smd_method *smd_controller_methods(size_t *count);

#endif
