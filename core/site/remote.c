/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/remote.h"

#include <string.h>

#include "core/run/conn.h"
#include "core/site/secret.h"

static int load_parts(struct smd_site *site, struct smd_remote *remote,
		      const struct smd_session_profile *profile, struct smd_error *error)
{
	const struct smd_plugin *channel, *protocol;

	channel = smd_loader_plugin(site->loader, SMD_PLUGIN_CHANNEL, profile->channel, error);
	if (!channel)
		return error->code;
	protocol = smd_loader_plugin(site->loader, SMD_PLUGIN_PROTOCOL, profile->protocol, error);
	if (!protocol)
		return error->code;
	remote->spec.connector = site->connector;
	remote->spec.channel = channel->channel;
	remote->spec.protocol = protocol->protocol;
	remote->spec.settings = smd_loader_settings(protocol);
	remote->spec.target.settings = smd_loader_settings(channel);
	remote->spec.profile = profile;
	return 0;
}

static int set_target(struct smd_site *site, struct smd_remote *remote, const char *address,
		      uint16_t port, const struct smd_credential *credential,
		      struct smd_error *error)
{
	int err = smd_secret_read(credential->password_env, credential->password_file,
				  &remote->password, error);

	remote->spec.target = (struct smd_channel_target){
		.name = remote->name,
		.host = address,
		.port = port,
		.user = credential->user,
		.known_hosts = site->inventory->known_hosts,
		.key_file = credential->key_file[0] ? credential->key_file : NULL,
		.agent = credential->agent,
		.password = remote->password,
		.settings = remote->spec.target.settings,
	};
	return err;
}

/* Read option values that are stored elsewhere; the others stay NULL. */
static int read_secrets(const struct smd_device *device, char **secrets, struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < device->option_count && !err; i++)
		err = smd_secret_read(device->options[i].value_env, device->options[i].value_file,
				      &secrets[i], error);
	return err;
}

static int open_language(struct smd_remote *remote, struct smd_loader *loader,
			 const struct smd_driver *driver, char **secrets, struct smd_setting *given,
			 struct smd_error *error)
{
	const struct smd_device *device = remote->device;
	int err = smd_secret_check(&driver->self, device, error);

	if (!err)
		err = read_secrets(device, secrets, error);
	for (size_t i = 0; i < device->option_count && !err; i++)
		given[i] = (struct smd_setting){device->options[i].name,
						secrets[i] ? secrets[i] : device->options[i].value};
	if (!err)
		err = smd_language_open(&remote->language, loader, driver, given,
					device->option_count, error);
	for (size_t i = 0; i < device->option_count; i++)
		smd_secret_free(secrets[i]);
	return err;
}

static int only_language(const struct smd_driver *driver, struct smd_error *error)
{
	smd_fail(error, SMD_E_UNSUPPORTED,
		 "driver \"%s\" only knows the language; it cannot talk to a device",
		 driver->self.name);
	smd_error_hint(error,
		       "it lacks a session profile, fetch and commit; `sdctl driver show %s`",
		       driver->self.name);
	return SMD_E_UNSUPPORTED;
}

static int load_driver(struct smd_site *site, struct smd_remote *remote, struct smd_error *error)
{
	const struct smd_device *device = remote->device;
	size_t most = device->option_count + 1;
	smd_cleanup(free) struct smd_setting *given = calloc(most, sizeof(*given));
	smd_cleanup(free) char **secrets = calloc(most, sizeof(*secrets));
	const struct smd_driver *driver = smd_loader_driver(site->loader, device->driver, error);
	int err;

	if (!driver)
		return error->code;
	if (!driver->profile)
		return only_language(driver, error);
	if (!given || !secrets)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	err = open_language(remote, site->loader, driver, secrets, given, error);
	remote->spec.attach = driver->attach;
	remote->spec.state = remote->language.state;
	return err;
}

void smd_remote_note_driver(const struct smd_remote *remote, cJSON *json, int *err)
{
	const struct smd_envelope *driver = &remote->language.driver->self;
	cJSON *options;

	smd_json_put_string(json, "driver", driver->name, err);
	smd_json_put_string(json, "driver-version", driver->version, err);
	options = smd_json_put_object(json, "options", err);
	for (size_t i = 0; i < remote->device->option_count; i++)
		if (!smd_option_by_reference(&remote->device->options[i]))
			smd_json_put_string(options, remote->device->options[i].name,
					    remote->device->options[i].value, err);
}

int smd_remote_check_driver(const struct smd_remote *remote, const cJSON *json,
			    struct smd_error *error)
{
	const struct smd_envelope *driver = &remote->language.driver->self;
	smd_cleanup(cJSON_Delete) cJSON *now = cJSON_CreateObject();
	const char *name = smd_json_string(json, "driver");
	const char *version = smd_json_string(json, "driver-version");
	int err = 0;

	smd_remote_note_driver(remote, now, &err);
	if (err)
		return smd_fail(error, err, "out of memory");
	if (name && version && !strcmp(name, driver->name) && !strcmp(version, driver->version) &&
	    cJSON_Compare(smd_json_object(json, "options"), smd_json_object(now, "options"), 1))
		return 0;
	smd_fail(error, SMD_E_CONFLICT,
		 "what was kept was read by driver \"%s\" %s, or with other options than now",
		 name ? name : "", version ? version : "");
	smd_error_device(error, remote->name);
	smd_error_hint(error, "the driver is \"%s\" %s now: bring back the one of then",
		       driver->name, driver->version);
	return SMD_E_CONFLICT;
}

/*
 * The loop for an address. All sessions to one address share a loop, so that it can count their
 * connect slots.
 */
static struct smd_loop *loop_for(struct smd_site *site, const char *address)
{
	size_t sum = 0;

	for (; *address; address++)
		sum = sum * 31 + (unsigned char)*address;
	return site->loops[sum % SMD_SITE_LOOPS];
}

static int open_device(struct smd_site *site, struct smd_remote *remote, enum smd_access access,
		       struct smd_error *error)
{
	const struct smd_device *device = remote->device;
	const struct smd_credential *credential =
		access == SMD_ACCESS_READ ? device->read_only_credential : device->credential;
	struct smd_loop *loop = loop_for(site, device->address);
	int err = load_driver(site, remote, error);

	if (!err)
		err = load_parts(site, remote, remote->language.driver->profile, error);
	if (!err)
		err = set_target(site, remote, device->address, device->port, credential, error);
	if (!err)
		err = smd_session_new(loop, &remote->spec, &remote->session, error);
	return err;
}

static struct smd_remote *new_remote(const char *name, struct smd_error *error)
{
	struct smd_remote *remote = calloc(1, sizeof(*remote));

	if (!remote) {
		smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
		return NULL;
	}
	remote->name = remote->spec.device = name;
	return remote;
}

int smd_remote_open_device(struct smd_site *site, const char *name, enum smd_access access,
			   struct smd_remote **out, struct smd_error *error)
{
	const struct smd_device *device = smd_inventory_device(site->inventory, name);
	struct smd_error own;
	struct smd_remote *remote;
	int err;

	if (!device) {
		smd_fail(error, SMD_E_NOT_FOUND, "there is no device \"%s\" in the inventory",
			 name);
		smd_error_hint(error, "`sdctl device list` shows those that there are");
		return SMD_E_NOT_FOUND;
	}
	error = error ? error : &own;
	remote = new_remote(device->name, error);
	if (!remote)
		return SMD_E_NO_MEMORY;
	remote->device = device;
	err = open_device(site, remote, access, error);
	if (err) {
		smd_error_device(error, device->name);
		smd_remote_close(remote, NULL);
		return err;
	}
	*out = remote;
	return 0;
}

int smd_remote_open_host(struct smd_site *site, const struct smd_host *host,
			 const struct smd_session_profile *profile, struct smd_remote **out,
			 struct smd_error *error)
{
	struct smd_error own;
	struct smd_remote *remote;
	int err;

	error = error ? error : &own;
	remote = new_remote(host->name, error);
	if (!remote)
		return SMD_E_NO_MEMORY;
	err = load_parts(site, remote, profile, error);
	if (!err)
		err = set_target(site, remote, host->address, host->port, host->credential, error);
	if (!err)
		err = smd_session_new(loop_for(site, host->address), &remote->spec,
				      &remote->session, error);
	if (err) {
		smd_error_device(error, host->name);
		smd_remote_close(remote, NULL);
		return err;
	}
	*out = remote;
	return 0;
}

void smd_remote_close(struct smd_remote *remote, struct smd_session_stats *stats)
{
	if (!remote)
		return;
	smd_session_close(remote->session, stats);
	smd_language_close(&remote->language);
	smd_secret_free(remote->password);
	free(remote);
}

/* Host keys */

struct learning {
	struct smd_remote *remote;
	struct smd_session_spec spec;
	struct smd_conn *conn;
	char *line, *fingerprint;
	size_t line_size, fingerprint_size;
	int err;
	struct smd_error error;
	struct smd_latch done;
};

static void key_learnt(struct smd_conn *conn, void *arg)
{
	struct learning *learning = arg;

	smd_conn_peer_key(conn, learning->line, learning->line_size);
	smd_conn_peer_fingerprint(conn, learning->fingerprint, learning->fingerprint_size);
	smd_conn_free(conn);
	smd_latch_post(&learning->done);
}

static void key_not_learnt(struct smd_conn *conn, void *arg, const struct smd_error *error)
{
	struct learning *learning = arg;

	learning->err = error->code;
	learning->error = *error;
	smd_conn_free(conn);
	smd_latch_post(&learning->done);
}

static void learn_key(void *arg)
{
	static const struct smd_conn_events events = {.up = key_learnt, .lost = key_not_learnt};
	struct learning *learning = arg;

	learning->err = smd_conn_new(smd_session_loop(learning->remote->session), &learning->spec,
				     &events, learning, &learning->conn, &learning->error);
	if (learning->err)
		smd_latch_post(&learning->done);
}

int smd_remote_host_key(struct smd_remote *remote, char *line, size_t line_size, char *fingerprint,
			size_t fingerprint_size, struct smd_error *error)
{
	struct learning learning = {.remote = remote,
				    .spec = remote->spec,
				    .line = line,
				    .fingerprint = fingerprint,
				    .line_size = line_size,
				    .fingerprint_size = fingerprint_size};
	struct smd_message message = {.function = learn_key, .arg = &learning};

	learning.spec.target.learn = 1;
	smd_latch_init(&learning.done, smd_loop_clock(smd_session_loop(remote->session)));
	smd_loop_post(smd_session_loop(remote->session), &message);
	smd_latch_wait(&learning.done);
	smd_latch_done(&learning.done);
	if (learning.err && error) {
		*error = learning.error;
		smd_error_device(error, remote->name);
	}
	return learning.err;
}
