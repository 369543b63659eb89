/* SPDX-License-Identifier: Apache-2.0 */
/* The service on a test's own ground: its parts, its clock, its streams. */
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>

#include "bad/part.h"
#include "core/service/methods.h"
#include "fleet/clock.h"
#include "test.h"

#define HOUR 3600000

/* A channel without a server: the login is granted in the first turn. */

struct wire {
	int socket, ready;
	struct smd_channel_sink *sink;
};

static atomic_uint logins_to_write, logins_to_read;

static int wire_open(const struct smd_channel_target *target, int socket,
		     struct smd_channel_sink *sink, void **connection, struct smd_error *error)
{
	struct wire *wire = calloc(1, sizeof(*wire));

	atomic_fetch_add(strcmp(target->user, "viewer") ? &logins_to_write : &logins_to_read, 1);
	if (!wire)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	*wire = (struct wire){.socket = socket, .sink = sink};
	*connection = wire;
	return 0;
}

static int wire_turn(void *connection, struct smd_channel_wants *wants, struct smd_error *error)
{
	struct wire *wire = connection;

	(void)wants;
	(void)error;
	if (!wire->ready)
		wire->sink->event(wire->sink, SMD_CHANNEL_READY, -1, NULL, 0, 0);
	wire->ready = 1;
	return 0;
}

static void wire_close(void *connection)
{
	struct wire *wire = connection;

	if (wire)
		close(wire->socket);
	free(wire);
}

static int wire_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			    struct smd_error *error)
{
	(void)connection, (void)kind, (void)command, (void)error;
	return 1;
}

static int wire_write(void *connection, int stream, const char *bytes, size_t size)
{
	(void)connection, (void)stream, (void)bytes, (void)size;
	return 0;
}

static int wire_finish(void *connection, int stream)
{
	(void)connection, (void)stream;
	return 0;
}

static void wire_stream_close(void *connection, int stream)
{
	(void)connection, (void)stream;
}

static size_t wire_key(void *connection, char *text, size_t size)
{
	(void)connection;
	return (size_t)snprintf(text, size, "key");
}

static const struct smd_channel channel = {wire_open,         wire_turn,  wire_close,
					   wire_stream_open,  wire_write, wire_finish,
					   wire_stream_close, wire_key,   wire_key};

/* A protocol whose first prompt is there at once. No stage of this test sends anything. */

static int speak_open(const struct smd_session_profile *profile,
		      const struct smd_settings *settings, struct smd_wire *wire, void **session,
		      struct smd_error *error)
{
	(void)profile, (void)settings, (void)wire, (void)error;
	*session = NULL;
	return 0;
}

static void speak_close(void *session)
{
	(void)session;
}

static int speak_begin(void *session, const struct smd_exchange *exchanges, size_t count,
		       struct smd_reply *reply, struct smd_error *error)
{
	(void)session, (void)exchanges, (void)count, (void)error;
	reply->answer.end = SMD_END_DONE;
	return SMD_PROGRESS_DONE;
}

static int speak_event(void *session, enum smd_channel_event event, int stream, const char *bytes,
		       size_t size, int number, struct smd_error *error)
{
	(void)session, (void)event, (void)stream, (void)bytes, (void)size, (void)number,
		(void)error;
	return SMD_PROGRESS_MORE;
}

static size_t speak_outstanding(void *session)
{
	(void)session;
	return 0;
}

static const struct smd_protocol protocol = {speak_open, speak_close, speak_begin, speak_event,
					     speak_outstanding};

/* A driver whose reading takes an hour. */

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	if (answer->end == SMD_END_START) {
		*action = (struct smd_action){.act = SMD_ACT_WAIT, .wait = HOUR};
		return;
	}
	strcpy(run->facts->product, "own");
	action->act = SMD_ACT_DONE;
}

static int parse(void *state, const struct smd_text *text, struct smd_tree **out,
		 struct smd_error *error)
{
	(void)state, (void)text, (void)error;
	return smd_tree_new(out);
}

static const struct smd_session_profile profile = {
	.size = sizeof(profile), .channel = "own", .protocol = "talk"};

/* Streams: one end of a socket pair. Sessions of several loops connect. */

static atomic_uint connects;

static void connect_pair(struct smd_connector *connector, struct smd_attempt *attempt)
{
	int ends[2];

	(void)connector;
	CU_ASSERT_EQUAL_FATAL(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends), 0);
	atomic_fetch_add(&connects, 1);
	close(ends[1]);
	attempt->connected(attempt, ends[0]);
}

static void cancel(struct smd_connector *connector, struct smd_attempt *attempt)
{
	(void)connector;
	(void)attempt;
}

static struct {
	struct smd_clock *clock;
	struct smd_loader *loader;
	struct smd_connector connector;
	struct smd_controller *controller;
} bench;

static struct smd_plugin plugin(const char *name, enum smd_plugin_kind kind, size_t size)
{
	return (struct smd_plugin){.self = {SMD_ENVELOPE(struct smd_plugin), .name = name,
					    .summary = "A test part", .version = "1.0"},
				   .kind = kind,
				   .ops_size = size};
}

static const struct smd_option options[] = {
	{.name = "enable", .type = SMD_OPTION_STRING, .initial = "", .help = "h"}};

static void register_parts(void)
{
	struct smd_driver driver = {BAD_DRIVER("own"), .parse = parse, .commit = bad_stage};
	struct smd_plugin talk = plugin("talk", SMD_PLUGIN_PROTOCOL, sizeof(protocol));
	struct smd_plugin own = plugin("own", SMD_PLUGIN_CHANNEL, sizeof(channel));
	struct smd_plugin store = *smd_plugin_entry();

	driver.self.options = options;
	driver.self.option_count = SMD_COUNT(options);
	driver.self.option_size = sizeof(options[0]);
	driver.profile = &profile;
	driver.fetch = fetch;
	talk.protocol = &protocol;
	own.channel = &channel;
	store.self.name = "sqlite";
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(bench.loader, &driver, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_plugin(bench.loader, &talk, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_plugin(bench.loader, &own, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_plugin(bench.loader, &store, NULL), 0);
}

static cJSON *call(const char *method, const char *request, int expected)
{
	struct smd_error error = {0};
	cJSON *result = NULL;

	CU_ASSERT_EQUAL(smd_controller_call(bench.controller, "root", method,
					    request ? cJSON_Parse(request) : NULL, NULL, NULL,
					    &result, &error),
			expected);
	if ((int)error.code != expected)
		printf("%s: %s\n", method, error.message);
	return result;
}

static void begin(void)
{
	static const struct smd_controller_spec spec = {
		.home = "", .parts = "/nonexistent", .yang = SMD_SOURCE_DIR "/share/yang"};
	struct smd_seams seams = {0};

	atomic_store(&connects, 0);
	atomic_store(&logins_to_read, 0);
	atomic_store(&logins_to_write, 0);
	bench.clock = seams.clock = fleet_clock_new(NULL);
	CU_ASSERT_EQUAL_FATAL(smd_loader_new("/nonexistent", &bench.loader), 0);
	register_parts();
	seams.loader = bench.loader;
	bench.connector = (struct smd_connector){.connect = connect_pair, .cancel = cancel};
	seams.connector = &bench.connector;
	CU_ASSERT_EQUAL_FATAL(smd_controller_new_on(&spec, &seams, &bench.controller, NULL), 0);
	cJSON_Delete(
		call("device.import",
		     "{\"inventory\": \"{\\\"smartdeploy-inventory:inventory\\\": {"
		     "\\\"credential\\\": [{\\\"name\\\": \\\"c\\\", \\\"user\\\": \\\"u\\\", "
		     "\\\"agent\\\": true}, {\\\"name\\\": \\\"v\\\", \\\"user\\\": "
		     "\\\"viewer\\\", \\\"agent\\\": true}],"
		     "\\\"device\\\": [{\\\"name\\\": \\\"a\\\", \\\"driver\\\": \\\"own\\\","
		     "\\\"address\\\": \\\"a.invalid\\\", \\\"credential\\\": \\\"c\\\","
		     "\\\"read-only-credential\\\": \\\"v\\\"},"
		     "{\\\"name\\\": \\\"b\\\", \\\"driver\\\": \\\"own\\\","
		     "\\\"address\\\": \\\"192.0.2.1\\\", \\\"credential\\\": \\\"c\\\"}]}}\"}",
		     0));
}

static void end(void)
{
	smd_controller_free(bench.controller);
	smd_loader_free(bench.loader);
	fleet_clock_free(bench.clock);
}

static void devices_are_read_in_no_time(void)
{
	const cJSON *device;
	uint64_t began;
	cJSON *result;

	begin();
	began = smd_clock_now(bench.clock);
	result = call("device.check", NULL, 0);
	CU_ASSERT_EQUAL(smd_clock_now(bench.clock) - began, HOUR); /* of both at the same time */
	CU_ASSERT_EQUAL(atomic_load(&connects), 2);
	CU_ASSERT_EQUAL(atomic_load(&logins_to_read), 1); /* the other device has one account */
	CU_ASSERT_EQUAL(atomic_load(&logins_to_write), 1);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(smd_json_array(result, "devices")), 2);
	cJSON_ArrayForEach (device, smd_json_array(result, "devices")) {
		CU_ASSERT_STRING_EQUAL(smd_json_string(device, "state"), "ok");
		CU_ASSERT_STRING_EQUAL(smd_json_string(device, "product"), "own");
	}
	cJSON_Delete(result);
	result = call("device.trust", "{\"name\": \"a\"}", 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(result, "fingerprint"), "key");
	cJSON_Delete(result);
	end();
}

static void only_the_owner_sees_secrets(void)
{
	static const char *const requests[][2] = {
		{"text.parse", "{\"driver\": \"own\", \"text\": \"\", \"reveal\": true}"},
		{"configuration.show", "{\"name\": \"a\", \"reveal\": true}"},
		{"device.show", "{\"name\": \"a\", \"reveal\": true}"},
	};

	begin();
	for (size_t i = 0; i < SMD_COUNT(requests); i++) {
		struct smd_error error = {0};
		cJSON *result = NULL;

		CU_ASSERT_EQUAL(smd_controller_call(bench.controller, "stranger", requests[i][0],
						    cJSON_Parse(requests[i][1]), NULL, NULL,
						    &result, &error),
				SMD_E_DENIED);
		CU_ASSERT(result && !result->child);
		cJSON_Delete(result);
	}
	end();
}

/* What `device.show` and `device.export` tell of the option. */
static void check_option(const char *shown)
{
	cJSON *result = call("device.show", "{\"name\": \"a\"}", 0);
	const cJSON *option = cJSON_GetArrayItem(smd_json_array(result, "option"), 0);
	char value[64];

	CU_ASSERT_STRING_EQUAL(smd_json_string(option, "value"), shown);
	cJSON_Delete(result);
	result = call("device.export", NULL, 0);
	snprintf(value, sizeof(value), "\"%s\"", shown);
	CU_ASSERT_PTR_NOT_NULL(strstr(smd_json_string(result, "text"), value));
	CU_ASSERT(!strcmp(shown, "plain") == !!strstr(smd_json_string(result, "text"), "plain"));
	cJSON_Delete(result);
}

/* A newer driver may call secret what is in the inventory already. */
static void options_that_became_secret_are_masked(void)
{
	struct smd_option *copy;

	begin();
	copy = (struct smd_option *)smd_loader_driver(bench.loader, "own", NULL)->self.options;
	cJSON_Delete(call("device.set",
			  "{\"name\": \"a\", \"option\": [{\"name\": \"enable\", "
			  "\"value\": \"plain\"}]}",
			  0));
	check_option("plain");
	copy->secret = 1;
	check_option("******");
	end();
}

TEST_MAIN("seams", TEST(devices_are_read_in_no_time), TEST(only_the_owner_sees_secrets),
	  TEST(options_that_became_secret_are_masked));
