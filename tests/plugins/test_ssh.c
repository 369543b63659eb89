/* SPDX-License-Identifier: Apache-2.0 */
/* The channel plugin `ssh` against OpenSSH's server: streams, and freed resources. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ssh_caller.h"

static void output_errors_and_status(void)
{
	struct caller caller;

	caller_let_in(&caller);
	caller_exec(&caller, "echo out; echo err >&2; exit 3");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[1].out, "out\n");
	CU_ASSERT_STRING_EQUAL(caller.heard[1].err, "err\n");
	CU_ASSERT_EQUAL(caller.heard[1].status, 3);
	CU_ASSERT_EQUAL(caller.heard[1].statuses, 1);
	CU_ASSERT_EQUAL(caller.ready, 1);

	/* The second stream of the same connection. */
	CU_ASSERT_EQUAL(caller_exec(&caller, "true"), 2);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 2), 0);
	CU_ASSERT_EQUAL(caller.heard[2].statuses, 1);
	CU_ASSERT_EQUAL(caller.heard[2].status, 0);
	caller_leave(&caller);
}

static void a_signal_is_status_minus_one(void)
{
	struct caller caller;

	caller_let_in(&caller);
	caller_exec(&caller, "kill -9 $$");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_EQUAL(caller.heard[1].statuses, 1);
	CU_ASSERT_EQUAL(caller.heard[1].status, -1);
	caller_leave(&caller);
}

/* Check the output of `seq 1 N`, byte by byte. */
static void taste_numbers(struct heard *heard, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (!heard->at || !*heard->at) {
			snprintf(heard->word, sizeof(heard->word), "%llu\n",
				 (unsigned long long)++heard->next);
			heard->at = heard->word;
		}
		heard->wrong += bytes[i] != *heard->at++;
	}
}

#define NUMBERS "seq 1 2700000"

/*
 * Size of the output of `seq 1 2700000`: for each number of digits, the count of numbers times
 * (digits + LF).
 */
static size_t numbers_size(void)
{
	return 9 * 2 + 90 * 3 + 900 * 4 + 9000 * 5 + 90000 * 6 + 900000 * 7 + (size_t)1700001 * 8;
}

static void much_output_in_bounded_memory(void)
{
	struct rusage before, after;
	struct caller caller;

	caller_let_in(&caller);
	getrusage(RUSAGE_SELF, &before);
	caller_exec(&caller, NUMBERS);
	caller.heard[1].taste = taste_numbers;
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	getrusage(RUSAGE_SELF, &after);
	CU_ASSERT_EQUAL(caller.heard[1].out_size, numbers_size());
	CU_ASSERT_EQUAL(caller.heard[1].wrong, 0);
#ifndef __SANITIZE_ADDRESS__ /* AddressSanitizer keeps freed memory */
	CU_ASSERT(after.ru_maxrss - before.ru_maxrss < 8192);
#endif
	caller_leave(&caller);
}

static char byte_at(size_t index)
{
	return (char)((index * 2654435761u >> 11) & 0xff);
}

static void taste_bytes(struct heard *heard, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		heard->wrong += bytes[i] != byte_at(heard->next++);
}

static char *make_bytes(size_t size)
{
	char *bytes = malloc(size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = byte_at(i);
	return bytes;
}

static void much_input(void)
{
	char *bytes = make_bytes(MEGABYTE);
	struct caller caller;

	caller_let_in(&caller);
	caller_exec(&caller, "cat");
	caller.heard[1].taste = taste_bytes;
	/* Queued before the stream is open, in pieces that do not fit the blocks' size. */
	for (size_t at = 0, part; at < MEGABYTE; at += part) {
		part = MEGABYTE - at < 10007 ? MEGABYTE - at : 10007;
		CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 1, bytes + at, part), 0);
	}
	CU_ASSERT_EQUAL(channel->stream_finish(caller.connection, 1), 0);
	CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 1, "x", 1), SMD_E_INVALID);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_EQUAL(caller.heard[1].out_size, MEGABYTE);
	CU_ASSERT_EQUAL(caller.heard[1].wrong, 0);
	CU_ASSERT_EQUAL(caller.heard[1].status, 0);
	caller_leave(&caller);
	free(bytes);
}

/* The limit of the queue is the one that the README states. */
static void the_queue_is_bounded(void)
{
	char *bytes = calloc(1, MEGABYTE);
	struct caller caller;

	caller_let_in(&caller);
	caller_exec(&caller, "exec sleep 10");
	for (int i = 0; i < 64; i++)
		CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 1, bytes, MEGABYTE), 0);
	CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 1, bytes, 1), SMD_E_NO_MEMORY);
	channel->stream_close(caller.connection, 1);
	CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 1, bytes, 1), SMD_E_NOT_FOUND);
	/* A stream whose command does not read must not delay others. */
	caller_exec(&caller, "exec sleep 10");
	CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 2, bytes, MEGABYTE), 0);
	caller_exec(&caller, "echo alive");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 3), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[3].out, "alive\n");
	caller_leave(&caller);
	free(bytes);
}

static void a_shell_on_a_terminal(void)
{
	static const char lines[] = "stty size; echo T=$TERM; tty -s && echo tty\nexit 5\n";
	struct caller caller;

	caller_let_in(&caller);
	CU_ASSERT_EQUAL(channel->stream_open(caller.connection, SMD_STREAM_SHELL, NULL, NULL), 1);
	channel->stream_write(caller.connection, 1, lines, sizeof(lines) - 1);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.heard[1].out, "24 511\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.heard[1].out, "T=dumb\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.heard[1].out, "\ntty\r\n"));
	CU_ASSERT_EQUAL(caller.heard[1].status, 5);
	caller_leave(&caller);
}

static void a_command_on_a_terminal(void)
{
	struct caller caller;

	caller_let_in(&caller);
	CU_ASSERT_EQUAL(
		channel->stream_open(caller.connection, SMD_STREAM_SHELL, "stty size", NULL), 1);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[1].out, "24 511\r\n");
	caller_leave(&caller);
}

static int version_came(const struct caller *caller)
{
	return caller->heard[1].out_size >= 9;
}

/* draft-ietf-secsh-filexfer-02, section 4: SSH_FXP_INIT is 1, SSH_FXP_VERSION 2. */
static void a_subsystem(void)
{
	static const char init[] = {0, 0, 0, 5, 1, 0, 0, 0, 3};
	static const char version[] = {2, 0, 0, 0, 3};
	struct caller caller;

	caller_let_in(&caller);
	CU_ASSERT_EQUAL(channel->stream_open(caller.connection, SMD_STREAM_SUBSYSTEM, "sftp", NULL),
			1);
	channel->stream_write(caller.connection, 1, init, sizeof(init));
	CU_ASSERT_EQUAL(caller_until(&caller, version_came), 0);
	CU_ASSERT_EQUAL(memcmp(caller.heard[1].out + 4, version, sizeof(version)), 0);
	channel->stream_finish(caller.connection, 1);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	caller_leave(&caller);
}

static void a_subsystem_that_there_is_not(void)
{
	struct caller caller;

	caller_let_in(&caller);
	CU_ASSERT_EQUAL(
		channel->stream_open(caller.connection, SMD_STREAM_SUBSYSTEM, "nonesuch", NULL), 1);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_EQUAL(caller.heard[1].opened, 0);
	CU_ASSERT_EQUAL(caller.heard[1].closed, 1);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.heard[1].why, "subsystem"));
	caller_leave(&caller);
}

static int both_closed(const struct caller *caller)
{
	return caller->heard[1].closed && caller->heard[2].closed;
}

static void two_streams_at_once(void)
{
	struct caller caller;

	caller_let_in(&caller);
	/* The first command ends after the second, so they must run at the same time. */
	caller_exec(&caller, "read line; echo got $line; " NUMBERS);
	caller_exec(&caller, "echo second; exit 7");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 2), 0);
	CU_ASSERT_EQUAL(caller.heard[1].closed, 0);
	channel->stream_write(caller.connection, 1, "word\n", 5);
	CU_ASSERT_EQUAL(caller_until(&caller, both_closed), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[2].out, "second\n");
	CU_ASSERT_EQUAL(caller.heard[2].status, 7);
	CU_ASSERT_EQUAL(strncmp(caller.heard[1].out, "got word\n1\n2\n", 13), 0);
	CU_ASSERT_EQUAL(caller.heard[1].out_size, numbers_size() + 9);
	CU_ASSERT_EQUAL(caller.heard[1].status, 0);
	caller_leave(&caller);
}

/* The server allows one open channel at a time, which counts until both sides have closed it. */
static void an_ended_stream_is_closed_at_the_server(void)
{
	struct sshd narrow;
	struct caller caller;

	CU_ASSERT_EQUAL_FATAL(sshd_start(&narrow, "MaxSessions 1"), 0);
	caller_prepare(&caller, &narrow);
	CU_ASSERT_EQUAL_FATAL(caller_enter(&caller), 0);
	for (int i = 1; i < STREAMS; i++) {
		caller_exec(&caller, "echo said");
		CU_ASSERT_EQUAL(caller_until_closed(&caller, i), 0);
		CU_ASSERT_STRING_EQUAL(caller.heard[i].out, "said\n");
	}
	caller_leave(&caller);
	sshd_stop(&narrow);
}

static void closing_a_stream_while_it_talks(void)
{
	struct caller caller;

	caller_let_in(&caller);
	for (int i = 1; i <= 6; i++) {
		caller.close_on_output = caller_exec(&caller, "yes");
		CU_ASSERT_EQUAL(caller_until_said(&caller, i), 0);
	}
	/* Closed before the server has opened it. */
	channel->stream_close(caller.connection, caller_exec(&caller, "yes"));
	caller.close_on_output = 0;
	caller_exec(&caller, "echo last");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 8), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[8].out, "last\n");
	for (int i = 1; i <= 7; i++)
		CU_ASSERT_EQUAL(caller.heard[i].closed, 0);
	CU_ASSERT_EQUAL(caller.heard[7].opened, 0);
	caller_leave(&caller);
}

static size_t occurrences(const char *text, const char *word)
{
	size_t count = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		count++;
	return count;
}

static void new_keys_at_any_time(void)
{
	char *log = malloc(8 * MEGABYTE);
	char *bytes = make_bytes(MEGABYTE);
	struct sshd restless;
	struct caller caller;

	CU_ASSERT_EQUAL_FATAL(sshd_start(&restless, "RekeyLimit 64K\nLogLevel DEBUG1"), 0);
	caller_prepare(&caller, &restless);
	CU_ASSERT_EQUAL_FATAL(caller_enter(&caller), 0);
	caller_exec(&caller, NUMBERS);
	caller_exec(&caller, "cat");
	caller.heard[1].taste = taste_numbers;
	caller.heard[2].taste = taste_bytes;
	channel->stream_write(caller.connection, 2, bytes, MEGABYTE);
	channel->stream_finish(caller.connection, 2);
	CU_ASSERT_EQUAL(caller_until(&caller, both_closed), 0);
	CU_ASSERT_EQUAL(caller.heard[1].out_size, numbers_size());
	CU_ASSERT_EQUAL(caller.heard[1].wrong, 0);
	CU_ASSERT_EQUAL(caller.heard[2].out_size, MEGABYTE);
	CU_ASSERT_EQUAL(caller.heard[2].wrong, 0);
	sshd_read(&restless, "log", log, 8 * MEGABYTE);
	CU_ASSERT(occurrences(log, "SSH2_MSG_NEWKEYS received") > 50);
	caller_leave(&caller);
	sshd_stop(&restless);
	free(bytes);
	free(log);
}

/* The shape of the plugin */

static void nothing_is_left_open(void)
{
	int files = caller_open_files();
	struct caller caller;

	caller_let_in(&caller);
	CU_ASSERT(fcntl(caller.socket, F_GETFL) & O_NONBLOCK);
	caller_leave(&caller);
	/* Closed during the key exchange, and before it. */
	caller_prepare(&caller, &sshd);
	CU_ASSERT_EQUAL(channel->open(&caller.target, caller.socket, &caller.sink,
				      &caller.connection, NULL),
			0);
	CU_ASSERT_EQUAL(channel->turn(caller.connection, &(struct smd_channel_wants){0}, NULL), 0);
	caller_leave(&caller);
	caller_prepare(&caller, &sshd);
	CU_ASSERT_EQUAL(channel->open(&caller.target, caller.socket, &caller.sink,
				      &caller.connection, NULL),
			0);
	caller_leave(&caller);
	channel->close(NULL);
	CU_ASSERT_EQUAL(caller_open_files(), files);
}

static void closing_with_streams_open(void)
{
	int files = caller_open_files();
	struct caller caller;

	caller_let_in(&caller);
	caller_exec(&caller, "yes");
	caller_exec(&caller, "cat");
	CU_ASSERT_EQUAL(caller_until_said(&caller, 1), 0);
	channel->stream_write(caller.connection, 2, "x", 1);
	caller_exec(&caller, "not even asked for");
	caller_leave(&caller);
	CU_ASSERT_EQUAL(caller_open_files(), files);
}

static void targets_that_make_no_sense(void)
{
	static const struct smd_channel_target targets[] = {
		{.host = "", .port = 22, .user = "u"},
		{.host = "a@b", .port = 22, .user = "u"},
		{.host = "a b;c", .port = 22, .user = "u"},
		{.host = "a", .port = 0, .user = "u"},
		{.host = "a", .port = 22},
	};
	struct smd_channel_sink sink = {NULL};

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++) {
		struct smd_error error;
		void *connection = NULL;
		int file = dup(0);

		CU_ASSERT_EQUAL(channel->open(&targets[i], file, &sink, &connection, &error),
				SMD_E_INVALID);
		CU_ASSERT_PTR_NULL(connection);
		CU_ASSERT_EQUAL(close(file), 0);
	}
}

static void the_plugin(void)
{
	const struct smd_plugin *plugin = smd_plugin_entry();

	CU_ASSERT_EQUAL(plugin->self.abi_major, SMD_ABI_MAJOR);
	CU_ASSERT_EQUAL(plugin->self.size, sizeof(*plugin));
	CU_ASSERT_STRING_EQUAL(plugin->self.name, "ssh");
	CU_ASSERT_EQUAL(plugin->kind, SMD_PLUGIN_CHANNEL);
	CU_ASSERT_EQUAL(plugin->ops_size, sizeof(struct smd_channel));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		TEST(output_errors_and_status),
		TEST(a_signal_is_status_minus_one),
		TEST(much_output_in_bounded_memory),
		TEST(much_input),
		TEST(the_queue_is_bounded),
		TEST(a_shell_on_a_terminal),
		TEST(a_command_on_a_terminal),
		TEST(a_subsystem),
		TEST(a_subsystem_that_there_is_not),
		TEST(two_streams_at_once),
		TEST(an_ended_stream_is_closed_at_the_server),
		TEST(closing_a_stream_while_it_talks),
		TEST(new_keys_at_any_time),
		TEST(nothing_is_left_open),
		TEST(closing_with_streams_open),
		TEST(targets_that_make_no_sense),
		TEST(the_plugin),
		CU_TEST_INFO_NULL,
	};

	return caller_main("ssh", tests);
}
