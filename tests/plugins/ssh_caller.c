/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh_caller.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "core/load/loader.h"

struct sshd sshd;
const struct smd_channel *channel;

static void keep(char *kept, size_t *used, const char *bytes, size_t size)
{
	size_t at = *used < KEPT - 1 ? *used : KEPT - 1;
	size_t part = size < KEPT - 1 - at ? size : KEPT - 1 - at;

	memcpy(kept + at, bytes, part);
	kept[at + part] = '\0';
	*used += size;
}

static void on_event(struct smd_channel_sink *sink, enum smd_channel_event event, int stream,
		     const char *bytes, size_t size, int number)
{
	struct caller *caller = (struct caller *)sink;
	struct heard *heard = &caller->heard[stream < STREAMS ? stream : 0];

	if (event == SMD_CHANNEL_READY) {
		caller->ready++;
		return;
	}
	CU_ASSERT_EQUAL(heard->closed, 0);
	if (event != SMD_CHANNEL_OPENED && event != SMD_CHANNEL_CLOSED)
		CU_ASSERT_EQUAL(heard->opened, 1);
	if (event == SMD_CHANNEL_OPENED)
		heard->opened++;
	if (event == SMD_CHANNEL_OUT && heard->taste)
		heard->taste(heard, bytes, size);
	if (event == SMD_CHANNEL_OUT)
		keep(heard->out, &heard->out_size, bytes, size);
	if (event == SMD_CHANNEL_ERR)
		keep(heard->err, &heard->err_size, bytes, size);
	if (event == SMD_CHANNEL_STATUS) {
		heard->status = number;
		heard->statuses++;
	}
	if (event == SMD_CHANNEL_CLOSED) {
		heard->closed++;
		snprintf(heard->why, sizeof(heard->why), "%.*s", (int)size, bytes ? bytes : "");
	}
	if (event == SMD_CHANNEL_OUT && caller->close_on_output == stream)
		channel->stream_close(caller->connection, stream);
}

int64_t caller_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* Run the event loop until `done` returns true or the connection fails. */
int caller_until(struct caller *caller, int (*done)(const struct caller *caller))
{
	int64_t end = caller_now() + PATIENCE;

	for (;;) {
		struct smd_channel_wants wants = {1, 1, 1};
		struct pollfd file = {.fd = caller->socket};
		int64_t left;

		if (caller->err)
			return -1;
		caller->err = channel->turn(caller->connection, &wants, &caller->error);
		if (caller->err || done(caller))
			return caller->err ? -1 : 0;
		left = end - caller_now();
		if (left <= 0)
			return -2;
		if (wants.alarm && wants.alarm < left)
			left = wants.alarm;
		file.events =
			(short)((wants.readable ? POLLIN : 0) | (wants.writable ? POLLOUT : 0));
		poll(&file, 1, (int)left);
	}
}

static int is_ready(const struct caller *caller)
{
	return caller->ready;
}

static int awaited_closed(const struct caller *caller)
{
	return caller->heard[caller->awaited].closed;
}

static int awaited_said(const struct caller *caller)
{
	return caller->heard[caller->awaited].out_size > 0;
}

int caller_never(const struct caller *caller)
{
	(void)caller;
	return 0;
}

void caller_prepare(struct caller *caller, const struct sshd *server)
{
	memset(caller, 0, sizeof(*caller));
	caller->sink.event = on_event;
	caller->target = (struct smd_channel_target){
		.host = "127.0.0.1",
		.port = server->port,
		.user = server->user,
		.known_hosts = strdup(sshd_file(server, "known_hosts")),
		.key_file = strdup(sshd_file(server, "user")),
	};
	caller->socket = sshd_connect(server);
}

int caller_enter(struct caller *caller)
{
	caller->err = channel->open(&caller->target, caller->socket, &caller->sink,
				    &caller->connection, &caller->error);
	return caller->err ? caller->err : caller_until(caller, is_ready);
}

void caller_leave(struct caller *caller)
{
	if (caller->connection)
		channel->close(caller->connection);
	else
		close(caller->socket);
	smd_settings_free(caller->settings);
	free((char *)caller->target.known_hosts);
	free((char *)caller->target.key_file);
}

void caller_set_option(struct caller *caller, const char *name, const char *value)
{
	const struct smd_setting given = {name, value};

	CU_ASSERT_EQUAL_FATAL(
		smd_settings_new(&smd_plugin_entry()->self, &given, 1, &caller->settings, NULL), 0);
	caller->target.settings = caller->settings;
}

void caller_set_file(const char **place, const struct sshd *server, const char *name)
{
	free((char *)*place);
	*place = name ? strdup(sshd_file(server, name)) : NULL;
}

int caller_until_closed(struct caller *caller, int stream)
{
	caller->awaited = stream;
	return caller_until(caller, awaited_closed);
}

int caller_until_said(struct caller *caller, int stream)
{
	caller->awaited = stream;
	return caller_until(caller, awaited_said);
}

int caller_exec(struct caller *caller, const char *command)
{
	int stream =
		channel->stream_open(caller->connection, SMD_STREAM_EXEC, command, &caller->error);

	CU_ASSERT_FATAL(stream > 0 && stream < STREAMS);
	return stream;
}

void caller_let_in(struct caller *caller)
{
	caller_prepare(caller, &sshd);
	CU_ASSERT_EQUAL_FATAL(caller_enter(caller), 0);
}

int caller_open_files(void)
{
	int count = 0;

	for (int i = 0; i < 256; i++)
		count += fcntl(i, F_GETFD) >= 0;
	return count;
}

int caller_main(const char *suite, CU_TestInfo *tests)
{
	CU_SuiteInfo suites[] = {{suite, NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
	const char *missing = sshd_missing();
	unsigned failed = 1;

	if (missing) {
		printf("skipped: %s\n", missing);
		return 77;
	}
	channel = smd_plugin_entry()->channel;
	if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (!sshd_start(&sshd, "MaxSessions 100")) {
		CU_basic_run_tests();
		failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
	}
	sshd_stop(&sshd);
	CU_cleanup_registry();
	return failed ? 1 : 0;
}
