/* SPDX-License-Identifier: Apache-2.0 */
#include "robot.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 256 /* maximum number of connections at a time */
#define AT_ONCE 8

struct guest {
	int socket, address;
	int waiting; /* connected, and not welcomed yet */
	char line[256];
	size_t used;
};

struct robot {
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards all members below */
	int listeners[2], wake[2];
	uint16_t port;
	int ending, hang_up, deaf;
	enum robot_door door;
	unsigned busy, knocks, gone, resets;
	uv_cond_t someone_left;
	unsigned left[2], waiting[2], crowd[2];
	struct guest guests[MOST];
	size_t count;
	struct smd_text *log;
	char shown[4096];
};

static struct {
	uv_mutex_t mutex;
	uv_cond_t changed;
	unsigned closed;
} ours;
static uv_once_t once = UV_ONCE_INIT;

static void make_ours(void)
{
	uv_mutex_init(&ours.mutex);
	uv_cond_init(&ours.changed);
}

static void must(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	abort();
}

/* The robot's side */

static void say(const struct guest *guest, const char *text)
{
	(void)!send(guest->socket, text, strlen(text), MSG_NOSIGNAL);
}

static void dismiss(struct robot *robot, size_t index)
{
	struct guest *guest = &robot->guests[index];

	if (guest->waiting)
		robot->waiting[guest->address]--;
	close(guest->socket);
	*guest = robot->guests[--robot->count];
	robot->gone++;
	uv_cond_broadcast(&robot->someone_left);
}

static void welcome_one(struct robot *robot, int address)
{
	unsigned enough = robot->left[address] < AT_ONCE ? robot->left[address] : AT_ONCE;

	if (!enough || robot->waiting[address] < enough)
		return;
	for (size_t i = 0; i < robot->count; i++) {
		struct guest *guest = &robot->guests[i];

		if (!guest->waiting || guest->address != address)
			continue;
		guest->waiting = 0;
		robot->waiting[address]--;
		robot->left[address]--;
		say(guest, "hello\n");
		return;
	}
}

static void receive(struct robot *robot, int address, int socket)
{
	struct guest *guest;

	must(robot->count < MOST, "robot: too many guests");
	guest = &robot->guests[robot->count++];
	*guest = (struct guest){.socket = socket, .address = address};
	robot->knocks++;
	if (robot->busy) {
		robot->busy--;
		say(guest, "busy\n");
	} else if (robot->door == ROBOT_AUTH) {
		say(guest, "auth\n");
	} else if (robot->door == ROBOT_CROWD) {
		guest->waiting = 1;
		if (++robot->waiting[address] > robot->crowd[address])
			robot->crowd[address] = robot->waiting[address];
	} else if (robot->door != ROBOT_MUTE) {
		say(guest, "hello\n");
	}
}

/* Accept all waiting connections, so that the crowd is counted correctly. */
static void receive_all(struct robot *robot, int address)
{
	int socket;

	while ((socket = accept(robot->listeners[address], NULL, NULL)) >= 0)
		receive(robot, address, socket);
}

/* Carry out a line. Returns 0 if the connection is to be closed. */
static int obey(struct robot *robot, struct guest *guest, const char *line)
{
	char answer[300];

	if (!strcmp(line, "up")) {
		say(guest, robot->door == ROBOT_NOPROMPT ? "% what?\n.\n" : ".\n");
		return 1;
	}
	smd_text_line(robot->log, line);
	if (!strncmp(line, "echo ", 5)) {
		snprintf(answer, sizeof(answer), "%s\n.\n", line + 5);
		say(guest, answer);
	} else if (!strcmp(line, "bad")) {
		say(guest, "% no\n.\n");
	}
	return strcmp(line, "die") != 0;
}

static int listen_to(struct robot *robot, struct guest *guest)
{
	ssize_t got = recv(guest->socket, guest->line + guest->used,
			   sizeof(guest->line) - 1 - guest->used, 0);
	char *end;

	robot->resets += got < 0 && errno == ECONNRESET;
	if (got <= 0)
		return 0;
	guest->used += (size_t)got;
	guest->line[guest->used] = '\0';
	while ((end = strchr(guest->line, '\n'))) {
		*end = '\0';
		if (!obey(robot, guest, guest->line))
			return 0;
		guest->used -= (size_t)(end + 1 - guest->line);
		memmove(guest->line, end + 1, guest->used + 1);
	}
	return 1;
}

/* Carry out what the test has asked for since the last turn. */
static void follow(struct robot *robot)
{
	while (robot->hang_up && robot->count)
		dismiss(robot, robot->count - 1);
	robot->hang_up = 0;
	for (int i = 0; i < 2 && robot->deaf; i++) {
		if (robot->listeners[i] >= 0)
			close(robot->listeners[i]);
		robot->listeners[i] = -1;
	}
}

static void turn(struct robot *robot, const struct pollfd *polled, size_t count)
{
	char byte[64];

	if (polled[0].revents)
		(void)!read(robot->wake[0], byte, sizeof(byte));
	for (size_t i = count; i > 3; i--)
		if (polled[i - 1].revents && !listen_to(robot, &robot->guests[i - 4]))
			dismiss(robot, i - 4);
	for (int i = 0; i < 2; i++)
		receive_all(robot, i);
	follow(robot);
	for (int i = 0; i < 2 && robot->door == ROBOT_CROWD; i++)
		welcome_one(robot, i);
}

static void run(void *arg)
{
	struct robot *robot = arg;
	struct pollfd polled[MOST + 3];

	uv_mutex_lock(&robot->mutex);
	while (!robot->ending) {
		size_t count = 3;

		polled[0] = (struct pollfd){robot->wake[0], POLLIN, 0};
		polled[1] = (struct pollfd){robot->listeners[0], POLLIN, 0};
		polled[2] = (struct pollfd){robot->listeners[1], POLLIN, 0};
		for (size_t i = 0; i < robot->count; i++)
			polled[count++] = (struct pollfd){robot->guests[i].socket, POLLIN, 0};
		uv_mutex_unlock(&robot->mutex);
		must(poll(polled, count, -1) >= 0, "poll");
		uv_mutex_lock(&robot->mutex);
		turn(robot, polled, count);
	}
	while (robot->count)
		dismiss(robot, robot->count - 1);
	uv_mutex_unlock(&robot->mutex);
}

static int listener(const char *host, uint16_t *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
	socklen_t size = sizeof(address);
	int one = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	must(made >= 0, "socket");
	inet_pton(AF_INET, host, &address.sin_addr);
	setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	must(!bind(made, (struct sockaddr *)&address, size) && !listen(made, 1024), "listen");
	getsockname(made, (struct sockaddr *)&address, &size);
	*port = ntohs(address.sin_port);
	return made;
}

struct robot *robot_new(void)
{
	struct robot *robot = calloc(1, sizeof(*robot));

	uv_once(&once, make_ours);
	uv_mutex_lock(&ours.mutex);
	ours.closed = 0;
	uv_mutex_unlock(&ours.mutex);
	must(robot && !smd_text_new(&robot->log, 0) && !pipe(robot->wake), "robot");
	robot->listeners[0] = listener("127.0.0.1", &robot->port);
	robot->listeners[1] = listener("127.0.0.2", &robot->port);
	uv_mutex_init(&robot->mutex);
	uv_cond_init(&robot->someone_left);
	must(!uv_thread_create(&robot->thread, run, robot), "thread");
	return robot;
}

static void let_go(struct robot *robot)
{
	(void)!write(robot->wake[1], "", 1);
	uv_mutex_unlock(&robot->mutex);
}

void robot_free(struct robot *robot)
{
	uv_mutex_lock(&robot->mutex);
	robot->ending = robot->deaf = 1;
	let_go(robot);
	uv_thread_join(&robot->thread);
	follow(robot);
	uv_cond_destroy(&robot->someone_left);
	uv_mutex_destroy(&robot->mutex);
	close(robot->wake[0]);
	close(robot->wake[1]);
	smd_text_free(robot->log);
	free(robot);
}

uint16_t robot_port(const struct robot *robot)
{
	return robot->port;
}

void robot_set_door(struct robot *robot, enum robot_door door)
{
	uv_mutex_lock(&robot->mutex);
	robot->door = door;
	let_go(robot);
}

void robot_set_busy(struct robot *robot, unsigned count)
{
	uv_mutex_lock(&robot->mutex);
	robot->busy = count;
	let_go(robot);
}

void robot_expect(struct robot *robot, unsigned count)
{
	uv_mutex_lock(&robot->mutex);
	robot->door = ROBOT_CROWD;
	robot->left[0] = robot->left[1] = count;
	let_go(robot);
}

unsigned robot_crowd(struct robot *robot, int address)
{
	unsigned crowd;

	uv_mutex_lock(&robot->mutex);
	crowd = robot->crowd[address];
	uv_mutex_unlock(&robot->mutex);
	return crowd;
}

void robot_hang_up(struct robot *robot, int deaf)
{
	uv_mutex_lock(&robot->mutex);
	robot->hang_up = 1;
	robot->deaf = deaf;
	let_go(robot);
}

unsigned robot_knocks(struct robot *robot)
{
	unsigned knocks;

	uv_mutex_lock(&robot->mutex);
	knocks = robot->knocks;
	uv_mutex_unlock(&robot->mutex);
	return knocks;
}

unsigned robot_wait_left(struct robot *robot, unsigned count)
{
	unsigned resets;

	uv_mutex_lock(&robot->mutex);
	while (robot->gone < count)
		uv_cond_wait(&robot->someone_left, &robot->mutex);
	resets = robot->resets;
	uv_mutex_unlock(&robot->mutex);
	return resets;
}

unsigned robot_heard(struct robot *robot, const char *line)
{
	unsigned count = 0;

	uv_mutex_lock(&robot->mutex);
	for (size_t i = 0; i < smd_text_count(robot->log); i++)
		count += !strcmp(smd_text_get(robot->log, i, NULL), line);
	uv_mutex_unlock(&robot->mutex);
	return count;
}

const char *robot_log(struct robot *robot)
{
	size_t used = 0;

	uv_mutex_lock(&robot->mutex);
	robot->shown[0] = '\0';
	for (size_t i = 0; i < smd_text_count(robot->log) && used < sizeof(robot->shown); i++)
		used += (size_t)snprintf(robot->shown + used, sizeof(robot->shown) - used, "%s%s",
					 i ? " " : "", smd_text_get(robot->log, i, NULL));
	uv_mutex_unlock(&robot->mutex);
	return robot->shown;
}

/* The channel */

struct link {
	int socket, ready;
	struct smd_channel_sink *sink;
	char word[16], out[4096];
	size_t word_used, out_used;
};

static int link_open(const struct smd_channel_target *target, int socket,
		     struct smd_channel_sink *sink, void **connection, struct smd_error *error)
{
	struct link *link = calloc(1, sizeof(*link));

	(void)target;
	if (!link)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	link->socket = socket;
	link->sink = sink;
	*connection = link;
	return 0;
}

/* Process the robot's first word: "hello" makes the channel ready, others are errors. */
static int greeted(struct link *link, char byte, struct smd_error *error)
{
	if (byte != '\n') {
		if (link->word_used < sizeof(link->word) - 1)
			link->word[link->word_used++] = byte;
		return 0;
	}
	if (!strcmp(link->word, "busy"))
		return smd_fail(error, SMD_E_BUSY, "the robot is busy");
	if (!strcmp(link->word, "auth"))
		return smd_fail(error, SMD_E_AUTH, "the robot does not know us");
	link->ready = 1;
	link->sink->event(link->sink, SMD_CHANNEL_READY, -1, NULL, 0, 0);
	return 0;
}

static void flush(struct link *link)
{
	ssize_t sent = send(link->socket, link->out, link->out_used, MSG_NOSIGNAL);

	if (sent <= 0)
		return;
	link->out_used -= (size_t)sent;
	memmove(link->out, link->out + sent, link->out_used);
}

static int link_turn(void *connection, struct smd_channel_wants *wants, struct smd_error *error)
{
	struct link *link = connection;
	char bytes[512];
	ssize_t got;
	int err = 0;

	while (!err && (got = recv(link->socket, bytes, link->ready ? sizeof(bytes) : 1, 0)) > 0) {
		if (link->ready)
			link->sink->event(link->sink, SMD_CHANNEL_OUT, 1, bytes, (size_t)got, 0);
		else
			err = greeted(link, bytes[0], error);
	}
	if (err)
		return err;
	if (got == 0 || errno != EAGAIN)
		return smd_fail(error, SMD_E_UNREACHABLE, "the robot hung up");
	flush(link);
	wants->readable = 1;
	wants->writable = link->out_used > 0;
	wants->alarm = 0;
	return 0;
}

static void link_close(void *connection)
{
	struct link *link = connection;

	if (!link)
		return;
	close(link->socket);
	free(link);
	uv_mutex_lock(&ours.mutex);
	ours.closed++;
	uv_cond_signal(&ours.changed);
	uv_mutex_unlock(&ours.mutex);
}

void robot_wait_closed(unsigned count)
{
	uv_mutex_lock(&ours.mutex);
	while (ours.closed < count)
		uv_cond_wait(&ours.changed, &ours.mutex);
	uv_mutex_unlock(&ours.mutex);
}

static int link_stream_open(void *connection, enum smd_stream_kind kind, const char *command,
			    struct smd_error *error)
{
	(void)connection;
	(void)kind;
	(void)command;
	(void)error;
	return 1;
}

static int link_write(void *connection, int stream, const char *bytes, size_t size)
{
	struct link *link = connection;

	(void)stream;
	if (size > sizeof(link->out) - link->out_used)
		return SMD_E_NO_MEMORY;
	memcpy(link->out + link->out_used, bytes, size);
	link->out_used += size;
	return 0;
}

const struct smd_channel robot_channel = {
	.open = link_open,
	.turn = link_turn,
	.close = link_close,
	.stream_open = link_stream_open,
	.stream_write = link_write,
};

/* The protocol */

struct talk {
	struct smd_wire *wire;
	int stream;
	const struct smd_exchange *exchanges;
	size_t count, at;
	struct smd_reply *reply;
	char line[512];
	size_t used;
};

static int talk_open(const struct smd_session_profile *profile, const struct smd_settings *settings,
		     struct smd_wire *wire, void **session, struct smd_error *error)
{
	struct talk *talk = calloc(1, sizeof(*talk));

	(void)profile;
	(void)settings;
	if (!talk)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	talk->wire = wire;
	talk->stream = wire->open(wire, SMD_STREAM_SHELL, NULL);
	*session = talk;
	return 0;
}

static void talk_close(void *session)
{
	free(session);
}

static void tell(struct talk *talk, const char *line)
{
	talk->wire->write(talk->wire, talk->stream, line, strlen(line));
	talk->wire->write(talk->wire, talk->stream, "\n", 1);
}

static int talk_begin(void *session, const struct smd_exchange *exchanges, size_t count,
		      struct smd_reply *reply, struct smd_error *error)
{
	struct talk *talk = session;

	(void)error;
	talk->exchanges = exchanges;
	talk->count = count;
	talk->at = 0;
	talk->reply = reply;
	reply->answer.end = SMD_END_DONE;
	tell(talk, count ? exchanges[0].send : "up");
	return SMD_PROGRESS_MORE;
}

/* Process a complete line of the robot's answer. */
static int take_line(struct talk *talk, const char *line)
{
	struct smd_answer *answer = &talk->reply->answer;

	if (strcmp(line, ".") != 0) {
		if (line[0] == '%') {
			answer->end = SMD_END_FAILURE;
			answer->failed = smd_text_count(talk->reply->out);
		}
		return smd_text_line(talk->reply->out, line) ? SMD_E_NO_MEMORY : 0;
	}
	answer->exchange = talk->at;
	if (talk->at < talk->count)
		talk->reply->first[++talk->at] = smd_text_count(talk->reply->out);
	if (talk->at >= talk->count || answer->end != SMD_END_DONE)
		return SMD_PROGRESS_DONE;
	tell(talk, talk->exchanges[talk->at].send);
	return SMD_PROGRESS_MORE;
}

static int talk_event(void *session, enum smd_channel_event event, int stream, const char *bytes,
		      size_t size, int number, struct smd_error *error)
{
	struct talk *talk = session;
	int progress = SMD_PROGRESS_MORE;

	(void)stream;
	(void)number;
	(void)error;
	for (size_t i = 0; event == SMD_CHANNEL_OUT && i < size; i++) {
		if (bytes[i] != '\n') {
			if (talk->used < sizeof(talk->line) - 1)
				talk->line[talk->used++] = bytes[i];
			continue;
		}
		talk->line[talk->used] = '\0';
		talk->used = 0;
		progress = take_line(talk, talk->line);
	}
	return progress;
}

static size_t talk_outstanding(void *session)
{
	return ((struct talk *)session)->at;
}

const struct smd_protocol robot_protocol = {
	.open = talk_open,
	.close = talk_close,
	.begin = talk_begin,
	.event = talk_event,
	.outstanding = talk_outstanding,
};
