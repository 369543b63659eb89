/* SPDX-License-Identifier: Apache-2.0 */
/* Channel and protocol together, the fleet's image, its store's faults, points of death. */
#include "parts.h"
#include "test.h"

#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct fleet *fleet;
static uint64_t now;

static uint64_t read_clock(void)
{
	return now;
}

static void begin(void)
{
	now = 1000;
	fleet_now = read_clock;
	fleet = fleet_new(FLEET_STORE);
	fleet_add(fleet, "r1", DEVICE_LINES, "set a 1\n");
	fleet_add(fleet, "r2", DEVICE_SHARED, "set a 1\n");
	fleet_use(fleet);
}

/* What core does for one session, without core. */
struct core {
	struct smd_channel_sink sink;
	struct smd_wire wire;
	void *connection, *session;
	int ready, progress, peer;
	struct smd_reply reply;
	struct smd_channel_wants wants;
	struct smd_error error;
	size_t first[8];
};

static void on_event(struct smd_channel_sink *sink, enum smd_channel_event event, int stream,
		     const char *bytes, size_t size, int number)
{
	struct core *core = (struct core *)sink;

	if (event == SMD_CHANNEL_READY)
		core->ready = 1;
	else
		core->progress = fleet_protocol.event(core->session, event, stream, bytes, size,
						      number, &core->error);
}

static struct core *core_of(struct smd_wire *wire)
{
	return (struct core *)((char *)wire - offsetof(struct core, wire));
}

static int wire_open(struct smd_wire *wire, enum smd_stream_kind kind, const char *command)
{
	return fleet_channel.stream_open(core_of(wire)->connection, kind, command, NULL);
}

static void wire_write(struct smd_wire *wire, int stream, const char *bytes, size_t size)
{
	CU_ASSERT_EQUAL(fleet_channel.stream_write(core_of(wire)->connection, stream, bytes, size),
			0);
}

/* Turn until the action is complete. Returns an error of the channel, or the progress. */
static int turn(struct core *core)
{
	int err = 0;

	core->progress = SMD_PROGRESS_MORE;
	for (int i = 0; i < 20 && !err && core->progress == SMD_PROGRESS_MORE; i++) {
		err = fleet_channel.turn(core->connection, &core->wants, &core->error);
		now += core->wants.alarm;
	}
	return err ? err : core->progress;
}

static int connect_to(struct core *core, const char *name)
{
	struct smd_channel_target target = {.name = name, .host = "127.0.0.9", .user = "us"};
	int pair[2], err;

	*core = (struct core){.sink = {on_event}, .wire = {.open = wire_open, .write = wire_write}};
	core->reply.first = core->first;
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&core->reply.out, 0), 0);
	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	core->peer = pair[1];
	CU_ASSERT_EQUAL_FATAL(
		fleet_channel.open(&target, pair[0], &core->sink, &core->connection, NULL), 0);
	for (int i = 0; i < 5 && !core->ready; i++) {
		err = fleet_channel.turn(core->connection, &core->wants, &core->error);
		if (err)
			return err;
		now += core->wants.alarm;
	}
	if (!core->ready)
		return SMD_E_BUSY;
	CU_ASSERT_EQUAL_FATAL(fleet_protocol.open(NULL, NULL, &core->wire, &core->session, NULL),
			      0);
	core->progress = fleet_protocol.begin(core->session, NULL, 0, &core->reply, NULL);
	return core->progress == SMD_PROGRESS_DONE ? core->progress : turn(core);
}

static void disconnect(struct core *core)
{
	fleet_protocol.close(core->session);
	fleet_channel.close(core->connection);
	smd_text_free(core->reply.out);
	close(core->peer);
}

static int say(struct core *core, const char *one, const char *two)
{
	struct smd_exchange exchanges[] = {{.send = one}, {.send = two}};

	smd_text_clear(core->reply.out);
	CU_ASSERT_EQUAL(
		fleet_protocol.begin(core->session, exchanges, two ? 2 : 1, &core->reply, NULL),
		SMD_PROGRESS_MORE);
	return turn(core);
}

static void answers(void)
{
	struct core core;

	begin();
	CU_ASSERT_EQUAL(connect_to(&core, "r1"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(now, 1001);
	CU_ASSERT_EQUAL(say(&core, "do set b 1", "show running"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(core.reply.answer.end, SMD_END_DONE);
	CU_ASSERT_EQUAL(core.reply.answer.exchange, 1);
	CU_ASSERT_EQUAL(smd_text_count(core.reply.out), 2);
	CU_ASSERT_EQUAL(core.first[1], 0);
	CU_ASSERT_EQUAL(core.first[2], 2);
	CU_ASSERT_STRING_EQUAL(smd_text_get(core.reply.out, 1, NULL), "set b 1");
	CU_ASSERT_EQUAL(say(&core, "do jump", "do set c 1"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(core.reply.answer.end, SMD_END_FAILURE);
	CU_ASSERT_EQUAL(core.reply.answer.exchange, 0);
	CU_ASSERT_STRING_EQUAL(smd_text_get(core.reply.out, core.reply.answer.failed, NULL),
			       "% unknown line");
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\nset b 1\n"));
	CU_ASSERT_EQUAL(now, 1004);
	disconnect(&core);
	CU_ASSERT_EQUAL(fleet_device(fleet, "r1")->sessions[0].id, 0);
	fleet_free(fleet);
}

static void connections_fail(void)
{
	struct core core;

	begin();
	fleet_arm(fleet, "r1",
		  &(struct fault){.class = CLASS_LOGIN, .occurrence = 1, .kind = FAULT_REFUSED});
	fleet_arm(fleet, "r1",
		  &(struct fault){.class = CLASS_LOGIN, .occurrence = 2, .kind = FAULT_HUNG});
	fleet_arm(fleet, "r1",
		  &(struct fault){.class = CLASS_ACT, .occurrence = 1, .kind = FAULT_LOST_AFTER});
	fleet_arm(fleet, "r1",
		  &(struct fault){.class = CLASS_ACT, .occurrence = 2, .kind = FAULT_HUNG});
	fleet_arm(fleet, "r1",
		  &(struct fault){
			  .class = CLASS_ACT, .occurrence = 3, .kind = FAULT_LATE, .delay = 7000});
	CU_ASSERT_EQUAL(connect_to(&core, "r1"), SMD_E_UNREACHABLE);
	disconnect(&core);
	CU_ASSERT_EQUAL(connect_to(&core, "127.0.0.2"), SMD_E_BUSY);
	CU_ASSERT_EQUAL(core.wants.alarm, 0);
	disconnect(&core);
	CU_ASSERT_EQUAL(connect_to(&core, "r1"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(say(&core, "do set a 2", NULL), SMD_E_UNREACHABLE);
	disconnect(&core);
	CU_ASSERT_EQUAL(connect_to(&core, "r1"), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(say(&core, "do set a 3", NULL), SMD_PROGRESS_MORE);
	disconnect(&core);
	CU_ASSERT_EQUAL(connect_to(&core, "r1"), SMD_PROGRESS_DONE);
	now = 20000;
	CU_ASSERT_EQUAL(say(&core, "do set a 4", NULL), SMD_PROGRESS_DONE);
	CU_ASSERT_EQUAL(now, 27000);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 4\n"));
	disconnect(&core);
	fleet_free(fleet);
}

/* Store */

static int put(void *store, const char *key, const char *value)
{
	struct smd_store_item item = {.op = SMD_STORE_PUT,
				      .table = "t",
				      .key = key,
				      .value = value,
				      .size = strlen(value)};

	return fleet_store.apply(store, &item, 1, NULL, NULL);
}

static int has(const char *key, const char *value)
{
	size_t size;
	const char *found = store_get(fleet_store_block(fleet), "t", key, &size);

	return found ? size == strlen(value) && !memcmp(found, value, size) : !*value;
}

static void store_faults(void)
{
	void *store = NULL, *other = NULL;
	struct smd_error error;

	begin();
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_OWN, NULL, &store, NULL), 0);
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_OWN, NULL, &other, &error), SMD_E_BUSY);
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_LOOK, NULL, &other, NULL), 0);
	CU_ASSERT_EQUAL(put(other, "a", "1"), SMD_E_DENIED);
	fleet_store.close(other);
	CU_ASSERT_EQUAL(put(store, "a", "1"), 0);
	fleet_arm_store(fleet, 2, STORE_FULL, 0);
	CU_ASSERT_EQUAL(put(store, "a", "2"), SMD_E_IO);
	CU_ASSERT(has("a", "1"));
	fleet_arm_store(fleet, 3, STORE_UNKNOWN_WRITTEN, 0);
	CU_ASSERT_EQUAL(put(store, "a", "3"), SMD_E_UNKNOWN);
	CU_ASSERT(has("a", "3"));
	fleet_arm_store(fleet, 4, STORE_UNKNOWN_LOST, 1);
	CU_ASSERT_EQUAL(put(store, "a", "4"), SMD_E_UNKNOWN);
	CU_ASSERT_EQUAL(put(store, "b", "4"), SMD_E_UNKNOWN);
	CU_ASSERT(has("a", "3"));
	CU_ASSERT(has("b", ""));
	fleet_store.close(store);
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_OWN, NULL, &store, NULL), 0);
	fleet_store.close(store);
	fleet_free(fleet);
}

/* Old values are squeezed out when there is no room, and what does not fit changes nothing. */
static void store_is_full(void)
{
	static char value[100000];
	void *store = NULL;
	int err = 0, count = 0;

	begin();
	memset(value, 'x', sizeof(value) - 1);
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_OWN, NULL, &store, NULL), 0);
	for (int i = 0; i < 50; i++)
		CU_ASSERT_EQUAL(put(store, i % 2 ? "a" : "b", value), 0);
	for (char key[] = "c"; !err; key[0]++, count++)
		err = put(store, key, value);
	CU_ASSERT_EQUAL(err, SMD_E_IO);
	CU_ASSERT(count > 3 && count < 12);
	CU_ASSERT(has("a", value) && has("b", value) && has("c", value));
	fleet_store.close(store);
	fleet_free(fleet);
}

/* When others fill the place, what was kept is used, once. */
static void store_keeps_room(void)
{
	void *store = NULL;

	begin();
	CU_ASSERT_EQUAL(fleet_store.open("x", SMD_STORE_OWN, NULL, &store, NULL), 0);
	CU_ASSERT_EQUAL(fleet_store.reserve(store, 10, NULL), 0);
	CU_ASSERT_EQUAL(put(store, "a", "123456789"), 0);
	fleet_arm_store(fleet, 2, STORE_CROWDED, 1);
	CU_ASSERT_EQUAL(put(store, "b", "1234"), 0);
	CU_ASSERT_EQUAL(put(store, "c", "12345"), SMD_E_IO);
	CU_ASSERT_EQUAL(put(store, "c", "1234"), 0);
	CU_ASSERT_EQUAL(put(store, "d", ""), SMD_E_IO);
	CU_ASSERT_EQUAL(fleet_store.reserve(store, 10, NULL), SMD_E_IO);
	CU_ASSERT_EQUAL(fleet_store.reserve(store, 0, NULL), 0);
	CU_ASSERT(has("b", "1234") && has("c", "1234") && has("d", ""));
	fleet_store.close(store);
	fleet_free(fleet);
}

/* Images and death */

/* A process with a session that enters lines and writes records until it dies. */
static void work(void)
{
	struct core core;
	void *store = NULL;

	if (fleet_store.open("x", SMD_STORE_OWN, NULL, &store, NULL))
		_exit(1);
	put(store, "journal", "1");
	connect_to(&core, "r1");
	say(&core, "do set a 2", "do set b 2");
	put(store, "journal", "2");
	_exit(0);
}

static int die_at(uint64_t point)
{
	pid_t child;
	int status;

	fleet_arm_death(fleet, point);
	child = fork();
	if (!child)
		work();
	CU_ASSERT_EQUAL_FATAL(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Each point is reached in order; nothing is half done; the next process can go on. */
static void deaths(void)
{
	static const char *const points[] = {"store-before", "store-after", "login r1",
					     "send r1",      "acted r1",    "answer r1",
					     "send r1",      "acted r1",    "answer r1",
					     "store-before", "store-after"};
	struct fleet_image *image;

	begin();
	image = fleet_save(fleet);
	CU_ASSERT_EQUAL(die_at(0), 0);
	CU_ASSERT_EQUAL(fleet_points(fleet), 11);
	CU_ASSERT(fleet_runs(fleet, "r1", "set a 2\nset b 2\n"));
	CU_ASSERT(has("journal", "2"));
	for (uint64_t i = 1; i <= 11; i++) {
		fleet_reset(fleet, image);
		CU_ASSERT(fleet_runs(fleet, "r1", "set a 1\n"));
		CU_ASSERT(has("journal", ""));
		CU_ASSERT_EQUAL(die_at(i), FLEET_DIED);
		CU_ASSERT_STRING_EQUAL(fleet_last_point(fleet), points[i - 1]);
		CU_ASSERT(fleet_runs(fleet, "r1",
				     i < 5   ? "set a 1\n"
				     : i < 8 ? "set a 2\n"
					     : "set a 2\nset b 2\n"));
		CU_ASSERT(has("journal", i < 2 ? "" : i < 11 ? "1" : "2"));
		fleet_arm_death(fleet, 0);
		CU_ASSERT_EQUAL(die_at(0), 0);
		CU_ASSERT(has("journal", "2"));
	}
	fleet_image_free(image);
	fleet_free(fleet);
}

static void documents(void)
{
	char *inventory, *topology;

	begin();
	fleet_link(fleet, "r1", "p1", "r2", "p2");
	inventory = fleet_inventory(fleet);
	topology = fleet_topology(fleet);
	CU_ASSERT_PTR_NOT_NULL(strstr(inventory, "{\"name\": \"r2\", \"driver\": \"fleet-shared\", "
						 "\"address\": \"127.0.0.3\""));
	CU_ASSERT_PTR_NOT_NULL(strstr(topology, "{\"a-device\": \"r1\", \"a-port\": \"p1\", "
						"\"b-device\": \"r2\", \"b-port\": \"p2\"}"));
	CU_ASSERT_PTR_EQUAL(fleet_device(fleet, "127.0.0.3"), fleet_device(fleet, "r2"));
	free(inventory);
	free(topology);
	fleet_free(fleet);
}

TEST_MAIN("wire", TEST(answers), TEST(connections_fail), TEST(store_faults), TEST(store_is_full),
	  TEST(store_keeps_room), TEST(deaths), TEST(documents));
