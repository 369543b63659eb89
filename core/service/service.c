/* SPDX-License-Identifier: Apache-2.0 */
#include "core/service/service.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "core/base/cleanup.h"
#include "core/run/event_queue.h"
#include "core/service/methods.h"
#include "core/site/documents.h"

/* What a method needs of the store. */
enum need {
	PARTS,  /* nothing; only drivers and plugins */
	LOOKS,  /* a store, to read; works beside another controller that owns it */
	WRITES, /* a store, to write */
	MAKES   /* the same; it is made if there is none */
};

static const struct {
	const char *name;
	enum need need;
	int (*run)(struct smd_call *call);
} methods[] = {
	{"configuration.list", LOOKS, smd_configuration_list},
	{"configuration.remove", WRITES, smd_configuration_remove},
	{"configuration.set", MAKES, smd_configuration_set},
	{"configuration.show", LOOKS, smd_configuration_show},
	{"deployment.list", LOOKS, smd_deployment_list},
	{"deployment.recover", WRITES, smd_deployment_recover_all},
	{"deployment.rollback", WRITES, smd_deployment_roll_back},
	{"deployment.show", LOOKS, smd_deployment_show},
	{"device.add", MAKES, smd_device_add},
	{"device.check", LOOKS, smd_device_check},
	{"device.export", LOOKS, smd_device_export},
	{"device.import", MAKES, smd_device_import},
	{"device.list", LOOKS, smd_device_list},
	{"device.remove", WRITES, smd_device_unlist},
	{"device.set", WRITES, smd_device_set},
	{"device.show", LOOKS, smd_device_show},
	{"device.trust", LOOKS, smd_device_trust},
	{"driver.list", PARTS, smd_driver_list},
	{"driver.show", PARTS, smd_driver_show},
	{"driver.test", PARTS, smd_driver_test},
	{"plan.apply", WRITES, smd_plan_apply},
	{"plan.make", WRITES, smd_plan_make},
	{"text.diff", PARTS, smd_text_diff},
	{"text.parse", PARTS, smd_text_parse},
	{"verify", LOOKS, smd_verify},
};

struct smd_controller {
	char *home, *yang;
	struct smd_seams seams;
	struct smd_loader *own_loader; /* NULL: the loader is the test's */
	struct smd_loader *loader;
	struct smd_site *site;
	enum smd_store_mode mode;
	atomic_int stop;
};

static int prepare(struct smd_controller *controller, const struct smd_controller_spec *spec,
		   struct smd_error *error)
{
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

static int open_site(struct smd_controller *controller, enum need need, struct smd_error *error)
{
	struct smd_site_spec spec = {
		.home = controller->home,
		.loader = controller->loader,
		.yang = controller->yang,
		.mode = need == LOOKS ? SMD_STORE_LOOK : SMD_STORE_OWN,
		.existing = need == WRITES,
		.clock = controller->seams.clock,
		.connector = controller->seams.connector,
	};

	if (controller->site && (controller->mode == SMD_STORE_OWN || need == LOOKS))
		return 0;
	smd_site_close(smd_take(controller->site));
	controller->mode = spec.mode;
	return smd_site_open(&spec, &controller->site, error);
}

static int run_method(struct smd_controller *controller, size_t method, struct smd_call *call)
{
	enum need need = methods[method].need;
	int err;

	call->loader = controller->loader;
	if (need == PARTS)
		return methods[method].run(call);
	err = open_site(controller, need, call->error);
	if (err)
		return err;
	call->site = controller->site;
	call->alone = controller->mode == SMD_STORE_OWN;
	if (methods[method].run != smd_device_import)
		err = smd_site_check_documents(call->site, call->error);
	if (!err)
		err = methods[method].run(call);
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
	smd_event_queue_push(queue, event, tells_progress(event));
}

/* Run a method whose events go through a queue, so that `event` may block. */
static int run_with_events(struct smd_controller *controller, size_t method, struct smd_call *call,
			   smd_event_sink_fn event, void *arg)
{
	struct smd_event_queue *queue;
	int err;

	if (!event || methods[method].need == PARTS)
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
	size_t i = 0;

	*result = call.result;
	if (!call.result)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	while (i < SMD_COUNT(methods) && strcmp(methods[i].name, method))
		i++;
	if (i == SMD_COUNT(methods))
		return smd_fail(error, SMD_E_NOT_FOUND, "there is no method \"%s\"", method);
	return run_with_events(controller, i, &call, event, arg);
}

const char *smd_call_need(const struct smd_call *call, const char *name)
{
	const char *value = smd_json_string(call->request, name);

	if (!value || !*value) {
		smd_fail(call->error, SMD_E_INVALID, "the request lacks \"%s\"", name);
		return NULL;
	}
	return value;
}
