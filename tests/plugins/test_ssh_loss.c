/* SPDX-License-Identifier: Apache-2.0 */
/* The channel plugin `ssh` against peers that end, pause, stop answering or send garbage. */
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ssh_caller.h"

/* The server's process for this connection. */
static pid_t serving_process(struct caller *caller)
{
	caller_exec(caller, "echo $PPID");
	CU_ASSERT_EQUAL_FATAL(caller_until_closed(caller, 1), 0);
	return (pid_t)strtol(caller->heard[1].out, NULL, 10);
}

static void the_server_dies(void)
{
	struct caller caller;
	pid_t server;

	caller_let_in(&caller);
	server = serving_process(&caller);
	CU_ASSERT_FATAL(server > 1);
	caller_exec(&caller, "cat");
	CU_ASSERT_EQUAL(channel->turn(caller.connection, &(struct smd_channel_wants){0}, NULL), 0);
	kill(server, SIGKILL);
	CU_ASSERT_EQUAL(caller_until(&caller, caller_never), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_UNREACHABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "127.0.0.1"));
	/* Not closed: an event loop may still watch it */
	CU_ASSERT(fcntl(caller.socket, F_GETFD) >= 0);
	caller_leave(&caller);
}

static void a_server_that_falls_silent(void)
{
	char *bytes = calloc(16, MEGABYTE);
	struct caller caller;
	int64_t start;
	pid_t server;

	caller_prepare(&caller, &sshd);
	caller_set_option(&caller, "keepalive", "1");
	CU_ASSERT_EQUAL_FATAL(caller_enter(&caller), 0);
	server = serving_process(&caller);
	CU_ASSERT_FATAL(server > 1);
	start = caller_now(); /* the silence begins after this */
	/* More than the peer and the sockets take: the turn must not block on it. */
	CU_ASSERT_EQUAL(caller_exec(&caller, "cat >/dev/null"), 2);
	kill(server, SIGSTOP);
	CU_ASSERT_EQUAL(channel->stream_write(caller.connection, 2, bytes, 16 * MEGABYTE), 0);
	CU_ASSERT_EQUAL(caller_until(&caller, caller_never), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_UNREACHABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "no answer"));
	CU_ASSERT(caller_now() - start >= 1900);
	kill(server, SIGKILL);
	caller_leave(&caller);
	free(bytes);
}

/*
 * When the pause ends, only the socket's readiness can wake the rest of the data: it is less
 * than what makes OpenSSH's server answer (3 packets).
 */
static void a_server_that_pauses(void)
{
	char bytes[90000] = "";
	struct caller caller;
	pid_t server;
	int small = 1;

	caller_prepare(&caller, &sshd);
	setsockopt(caller.socket, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
	CU_ASSERT_EQUAL_FATAL(caller_enter(&caller), 0);
	server = serving_process(&caller);
	CU_ASSERT_FATAL(server > 1);
	CU_ASSERT_EQUAL(caller_exec(&caller, "echo x; wc -c"), 2);
	CU_ASSERT_EQUAL(caller_until_said(&caller, 2), 0);
	kill(server, SIGSTOP);
	channel->stream_write(caller.connection, 2, bytes, sizeof(bytes));
	channel->stream_finish(caller.connection, 2);
	for (int i = 0; i < 100; i++)
		channel->turn(caller.connection, &(struct smd_channel_wants){0}, NULL);
	kill(server, SIGCONT);
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 2), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[2].out, "x\n90000\n");
	caller_leave(&caller);
}

static void a_silent_command_is_alive(void)
{
	struct caller caller;

	caller_prepare(&caller, &sshd);
	caller_set_option(&caller, "keepalive", "1");
	CU_ASSERT_EQUAL_FATAL(caller_enter(&caller), 0);
	caller_exec(&caller, "sleep 5; echo awake");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[1].out, "awake\n");
	caller_leave(&caller);
}

static void too_many_logins_are_tried_again(void)
{
	struct sshd strict;
	struct caller caller;
	char banner[64];
	int first;

	CU_ASSERT_EQUAL_FATAL(sshd_start(&strict, "MaxStartups 1:100:1"), 0);
	first = sshd_connect(&strict);
	fcntl(first, F_SETFL, 0);
	CU_ASSERT(recv(first, banner, sizeof(banner), 0) > 0); /* its process exists now */
	caller_prepare(&caller, &strict);
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_BUSY);
	caller_leave(&caller);
	close(first);
	sshd_stop(&strict);
}

/* Connect to a listener that sends `says` and then, if wanted, closes. */
static void meet_a_stranger(const char *says, int hangs_up, struct caller *caller)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), peer;
	socklen_t size = sizeof(address);
	struct sshd place = sshd;

	bind(listener, (struct sockaddr *)&address, size);
	listen(listener, 1);
	getsockname(listener, (struct sockaddr *)&address, &size);
	place.port = ntohs(address.sin_port);
	caller_prepare(caller, &place);
	peer = accept(listener, NULL, NULL);
	CU_ASSERT_EQUAL(send(peer, says, strlen(says), 0), (ssize_t)strlen(says));
	if (hangs_up)
		shutdown(peer, SHUT_RDWR);
	CU_ASSERT_EQUAL(caller_enter(caller), -1);
	caller_leave(caller);
	close(peer);
	close(listener);
}

static void strangers(void)
{
	struct caller caller;
	char line[400];

	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	meet_a_stranger(line, 0, &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_UNREACHABLE);
	meet_a_stranger("HTTP/1.1 400 Bad Request\r\n\r\n", 1, &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_BUSY);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.hint, "HTTP/1.1 400 Bad Request"));
	meet_a_stranger("", 1, &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_BUSY);
	meet_a_stranger("SSH-1.5-old\r\n", 0, &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_UNREACHABLE);
	meet_a_stranger("SSH-2.0-x\r\n\0\0\0garbage, and much of it: 0123456789", 1, &caller);
	CU_ASSERT(caller.err == SMD_E_BUSY || caller.err == SMD_E_UNREACHABLE);
}

int main(void)
{
	static CU_TestInfo tests[] = {
		TEST(the_server_dies),
		TEST(a_server_that_falls_silent),
		TEST(a_server_that_pauses),
		TEST(a_silent_command_is_alive),
		TEST(too_many_logins_are_tried_again),
		TEST(strangers),
		CU_TEST_INFO_NULL,
	};

	return caller_main("ssh loss", tests);
}
