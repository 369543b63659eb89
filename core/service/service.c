/* SPDX-License-Identifier: Apache-2.0 */
#include "core/service/service.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <uv.h>

#include "core/base/cleanup.h"
#include "core/run/event_queue.h"
#include "core/service/methods.h"
#include "core/service/outgoing.h"
#include "core/site/documents.h"

struct smd_controller {
	char *home, *yang;
	struct smd_seams seams;
	struct smd_loader *own_loader; /* NULL: the loader is the test's */
	struct smd_loader *loader;
	struct smd_site *site;
	enum smd_store_mode mode;
	uint32_t wait_ms;
	atomic_int stop;
};

static int prepare(struct smd_controller *controller, const struct smd_controller_spec *spec,
		   struct smd_error *error)
{
	controller->wait_ms = spec->wait_ms;
	controller->home = strdup(spec->home);
	controller->yang = strdup(spec->yang);
	if (!controller->home || !controller->yang)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	controller->loader = controller->seams.loader;
	if (controller->loader)
		return 0;
	if (smd_loader_new(spec->parts, &controller->own_loader))
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	controller->loader = controller->own_loader;
	return spec->driver_path ? smd_loader_add_path(controller->loader, spec->driver_path, error)
				 : 0;
}

int smd_controller_new_on(const struct smd_controller_spec *spec, const struct smd_seams *seams,
			  struct smd_controller **out, struct smd_error *error)
{
	struct smd_controller *controller = calloc(1, sizeof(*controller));
	int err;

	if (!controller)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	controller->seams = *seams;
	err = prepare(controller, spec, error);
	if (err)
		smd_controller_free(controller);
	else
		*out = controller;
	return err;
}

int smd_controller_new(const struct smd_controller_spec *spec, struct smd_controller **out,
		       struct smd_error *error)
{
	static const struct smd_seams usual;

	return smd_controller_new_on(spec, &usual, out, error);
}

void smd_controller_free(struct smd_controller *controller)
{
	if (!controller)
		return;
	smd_site_close(controller->site);
	smd_loader_free(controller->own_loader);
	free(controller->home);
	free(controller->yang);
	free(controller);
}

void smd_controller_interrupt(struct smd_controller *controller)
{
	atomic_store(&controller->stop, 1);
}

/*
 * Open the site; while another controller has the store, ask again ten times a second. How a store
 * is locked is its plugin's business, which says "busy" and has no call that waits.
 */
static int wait_for_site(struct smd_controller *controller, const struct smd_site_spec *spec,
			 struct smd_error *error)
{
	const struct timespec pause = {.tv_nsec = 100000000};
	uint64_t end = uv_hrtime() + controller->wait_ms * 1000000ull;
	int err;

	for (;;) {
		err = smd_site_open(spec, &controller->site, error);
		if (err != SMD_E_BUSY || uv_hrtime() >= end)
			return err;
		nanosleep(&pause, NULL);
	}
}

/* Say which deployment the holder of the store carries out, if that can be seen. */
static void tell_holder(const struct smd_site_spec *spec, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *open = NULL;
	struct smd_site_spec look = *spec;
	struct smd_site *site = NULL;
	const cJSON *one;

	look.mode = SMD_STORE_LOOK;
	if (smd_site_open(&look, &site, NULL))
		return;
	if (!smd_deployment_open(site, &open, NULL))
		cJSON_ArrayForEach (one, open) {
			const char *outcome = smd_json_string(one, "outcome");

			if (outcome && !strcmp(outcome, smd_outcome_name(0)))
				smd_error_hint(error,
					       "deployment %s is under way: `sdctl status %s` "
					       "tells of it, --wait 60s waits for it",
					       smd_json_string(one, "id"),
					       smd_json_string(one, "id"));
		}
	smd_site_close(site);
}

/* What only says what it would do reads, and makes no store. */
static int is_dry_run(const struct smd_call *call)
{
	return smd_json_bool(call->request, "dry-run", 0);
}

static int open_site(struct smd_controller *controller, enum smd_use wanted, int dry_run,
		     struct smd_error *error)
{
	enum smd_use use = dry_run ? SMD_USE_LOOK : wanted;
	struct smd_site_spec spec = {
		.home = controller->home,
		.loader = controller->loader,
		.yang = controller->yang,
		.mode = use == SMD_USE_LOOK ? SMD_STORE_LOOK : SMD_STORE_OWN,
		.existing = use == SMD_USE_WRITE,
		.blank = dry_run && wanted == SMD_USE_MAKE,
		.clock = controller->seams.clock,
		.connector = controller->seams.connector,
	};

	int err;

	if (controller->site && !controller->site->blank &&
	    (controller->mode == SMD_STORE_OWN || use == SMD_USE_LOOK))
		return 0;
	smd_site_close(smd_take(controller->site));
	controller->mode = spec.mode;
	err = wait_for_site(controller, &spec, error);
	if (err == SMD_E_BUSY)
		tell_holder(&spec, error);
	return err;
}

/* Say once that the store was made. */
static int tell_made(struct smd_call *call)
{
	int err = 0;

	if (call->site->made)
		smd_json_put_string(call->result, "made-home", call->site->home, &err);
	call->site->made = 0;
	return err;
}

/* All that it does is done when the store was opened. */
int smd_store_init(struct smd_call *call)
{
	int err = 0;

	smd_json_put_string(call->result, "home", call->site->home, &err);
	smd_json_put_bool(call->result, "made", smd_json_member(call->result, "made-home") != NULL,
			  &err);
	return err ? smd_fail(call->error, err, "out of memory") : 0;
}

static int run_method(struct smd_controller *controller, const struct smd_method *method,
		      struct smd_call *call)
{
	int err;

	call->loader = controller->loader;
	if (method->use == SMD_USE_PARTS)
		return method->run(call);
	err = open_site(controller, method->use, is_dry_run(call), call->error);
	if (err)
		return err;
	call->site = controller->site;
	call->alone = controller->mode == SMD_STORE_OWN;
	if (method->use == SMD_USE_MAKE)
		err = tell_made(call);
	if (!err && !method->replaces)
		err = smd_site_check_documents(call->site, call->error);
	if (!err)
		err = smd_call_complete_ids(call, method);
	if (!err)
		err = method->run(call);
	smd_call_tell_leftovers(call);
	return err;
}

/* Events that a later one of the same device makes needless. */
static int tells_progress(const cJSON *event)
{
	static const char *const states[] = {"started", "waiting", "done"};
	const char *state = smd_json_string(event, "state");

	for (size_t i = 0; state && i < SMD_COUNT(states); i++)
		if (!strcmp(state, states[i]))
			return 1;
	return 0;
}

static void push_event(void *queue, const cJSON *event)
{
	smd_cleanup(cJSON_Delete) cJSON *shown = cJSON_Duplicate(event, 1);

	smd_outgoing_json(shown);
	if (shown)
		smd_event_queue_push(queue, shown, tells_progress(event));
}

/* Run a method whose events go through a queue, so that `event` may block. */
static int run_with_events(struct smd_controller *controller, const struct smd_method *method,
			   struct smd_call *call, smd_event_sink_fn event, void *arg)
{
	struct smd_event_queue *queue;
	int err;

	if (!event || method->use == SMD_USE_PARTS)
		return run_method(controller, method, call);
	err = smd_event_queue_new(event, arg, &queue, call->error);
	if (err)
		return err;
	call->listener.event = push_event;
	call->listener.arg = queue;
	err = run_method(controller, method, call);
	smd_event_queue_close(queue);
	return err;
}

int smd_controller_call(struct smd_controller *controller, const char *principal,
			const char *method, cJSON *request_take, smd_event_sink_fn event, void *arg,
			cJSON **result, struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *request = request_take;
	struct smd_error own = {0};
	struct smd_call call = {.principal = principal,
				.request = request,
				.result = cJSON_CreateObject(),
				.listener = {.stop = &controller->stop},
				.error = error ? error : &own};
	const struct smd_method *called;
	int err;

	*result = call.result;
	if (!call.result)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	called = smd_method_find(method, call.error);
	if (!called)
		return SMD_E_NOT_FOUND;
	err = smd_method_check(called, request, call.error);
	if (!err)
		err = run_with_events(controller, called, &call, event, arg);
	if (err == SMD_E_NOT_FOUND)
		smd_call_suggest(&call, called);
	if (err && !call.error->code) /* memory is short, deep below */
		smd_fail(call.error, err, "%s", smd_err_name(err));
	smd_call_view(call.result);
	smd_outgoing_json(call.result); /* the last step, so that nothing comes behind it */
	if (err)
		smd_outgoing_error(call.error);
	return err;
}

const struct smd_method *smd_controller_methods(size_t *count)
{
	return smd_method_table(count);
}

void smd_call_tell_reading(const struct smd_call *call, size_t devices)
{
	smd_cleanup(cJSON_Delete) cJSON *event = cJSON_CreateObject();

	cJSON_AddStringToObject(event, "event", "phase");
	cJSON_AddStringToObject(event, "phase", "read");
	cJSON_AddNumberToObject(event, "devices", (double)devices);
	if (call->listener.event)
		call->listener.event(call->listener.arg, event);
}
