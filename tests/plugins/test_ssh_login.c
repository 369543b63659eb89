/* SPDX-License-Identifier: Apache-2.0 */
/* The channel plugin `ssh`: host keys and logins. */
#include <fcntl.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ssh_caller.h"

/* Host keys */

static void an_unknown_host_key(void)
{
	struct caller caller;

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.known_hosts, &sshd, "there-is-none");
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_UNTRUSTED);
	CU_ASSERT_EQUAL(caller.ready, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.hint, "sdctl device trust "));
	caller_leave(&caller);
}

/* Host keys in a FIFO are refused, and nobody waits for its other end. */
static void host_keys_in_no_file(void)
{
	struct caller caller;

	CU_ASSERT_EQUAL_FATAL(mkfifo(sshd_file(&sshd, "fifo"), 0600), 0);
	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.known_hosts, &sshd, "fifo");
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_INVALID);
	CU_ASSERT_EQUAL(caller.ready, 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "not a regular file"));
	caller_leave(&caller);
}

/* The fingerprint as ssh-keygen prints it: `256 SHA256:... comment (ED25519)`. */
static void real_fingerprint(const char *name, char *out, size_t size)
{
	const char *argv[] = {"/usr/bin/ssh-keygen", "-l", "-f", sshd_file(&sshd, name), NULL};
	char text[512] = "", word[128] = "";

	sshd_run(text, sizeof(text), argv);
	sscanf(text, "%*s %127s", word);
	snprintf(out, size, "%s", word);
}

static void another_host_key(void)
{
	static const char *const types[] = {"ed25519", "rsa"};

	for (size_t i = 0; i < 2; i++) {
		char line[2048], accepted[128], shown[128], name[32];
		struct caller caller;

		snprintf(name, sizeof(name), "impostor-%s", types[i]);
		CU_ASSERT_EQUAL_FATAL(sshd_make_key(&sshd, name, types[i], ""), 0);
		snprintf(name, sizeof(name), "impostor-%s.pub", types[i]);
		sshd_known_line(&sshd, name, line, sizeof(line));
		sshd_write(&sshd, "known_hosts_changed", line);
		real_fingerprint(name, accepted, sizeof(accepted));
		real_fingerprint("host.pub", shown, sizeof(shown));

		caller_prepare(&caller, &sshd);
		caller_set_file(&caller.target.known_hosts, &sshd, "known_hosts_changed");
		CU_ASSERT_EQUAL(caller_enter(&caller), -1);
		CU_ASSERT_EQUAL(caller.err, SMD_E_UNTRUSTED);
		CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, accepted));
		CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, shown));
		CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "HAS CHANGED"));
		caller_leave(&caller);
	}
}

static void a_path_with_characters_that_libssh_expands(void)
{
	char text[2048];
	struct caller caller;

	sshd_read(&sshd, "known_hosts", text, sizeof(text));
	sshd_write(&sshd, "100%known%hosts", text);
	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.known_hosts, &sshd, "100%known%hosts");
	CU_ASSERT_EQUAL(caller_enter(&caller), 0);
	caller_leave(&caller);
}

static void learning_the_key(void)
{
	char line[2048], known[2048], printed[128], real[128];
	struct caller caller;

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.known_hosts, &sshd, "there-is-none");
	caller_set_file(&caller.target.key_file, &sshd, NULL);
	caller.target.user = NULL;
	caller.target.learn = 1;
	CU_ASSERT_EQUAL(caller_enter(&caller), 0);
	sshd_known_line(&sshd, "host.pub", known, sizeof(known));
	CU_ASSERT_EQUAL(channel->peer_key(caller.connection, line, sizeof(line)), strlen(known));
	CU_ASSERT_STRING_EQUAL(line, known);
	real_fingerprint("host.pub", real, sizeof(real));
	CU_ASSERT_EQUAL(channel->peer_fingerprint(caller.connection, printed, sizeof(printed)),
			strlen(real));
	CU_ASSERT_STRING_EQUAL(printed, real);
	/* Return value as of snprintf. */
	CU_ASSERT_EQUAL(channel->peer_fingerprint(caller.connection, printed, 7), strlen(real));
	CU_ASSERT_STRING_EQUAL(printed, "SHA256");
	CU_ASSERT_EQUAL(channel->peer_key(caller.connection, NULL, 0), strlen(known));
	CU_ASSERT(channel->stream_open(caller.connection, SMD_STREAM_EXEC, "true", NULL) < 0);
	caller_leave(&caller);
}

/* Logging in */

static void a_wrong_key(void)
{
	struct caller caller;

	CU_ASSERT_EQUAL_FATAL(sshd_make_key(&sshd, "stranger", "ed25519", ""), 0);
	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, "stranger");
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_AUTH);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, sshd.user));
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "tried key file;"));
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "accepts publickey"));
	caller_leave(&caller);
}

static void no_credentials(void)
{
	struct caller caller;

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, NULL);
	caller.target.password = "this server takes none";
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_AUTH);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "tried nothing"));
	CU_ASSERT_PTR_NULL(strstr(caller.error.message, caller.target.password));
	caller_leave(&caller);
}

/* Open with a bad key file; on failure the socket must still be the caller's. */
static void expect_bad_key(const char *name, int code, const char *word)
{
	struct caller caller;

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, name);
	CU_ASSERT_EQUAL(caller_enter(&caller), code);
	CU_ASSERT_PTR_NULL(caller.connection);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, word));
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, name));
	CU_ASSERT(fcntl(caller.socket, F_GETFD) >= 0);
	caller_leave(&caller);
}

static void bad_key_files(void)
{
	int files = caller_open_files();

	CU_ASSERT_EQUAL_FATAL(sshd_make_key(&sshd, "open", "ed25519", ""), 0);
	chmod(sshd_file(&sshd, "open"), 0644);
	expect_bad_key("open", SMD_E_INVALID, "mode 0644");
	CU_ASSERT_EQUAL_FATAL(sshd_make_key(&sshd, "locked", "ed25519", "sesame"), 0);
	expect_bad_key("locked", SMD_E_INVALID, "passphrase");
	sshd_write(&sshd, "garbage", "-----BEGIN OPENSSH PRIVATE KEY-----\nno\n");
	chmod(sshd_file(&sshd, "garbage"), 0600);
	expect_bad_key("garbage", SMD_E_INVALID, "no private key");
	expect_bad_key("nonesuch", SMD_E_NOT_FOUND, "No such file");
	mkfifo(sshd_file(&sshd, "fifo"), 0600);
	expect_bad_key("fifo", SMD_E_INVALID, "no key file");
	CU_ASSERT_EQUAL(caller_open_files(), files);
}

static void a_key_in_pem_with_passphrase(void)
{
	const char *argv[] = {"/usr/bin/ssh-keygen",
			      "-q",
			      "-t",
			      "rsa",
			      "-m",
			      "PEM",
			      "-N",
			      "sesame",
			      "-f",
			      sshd_file(&sshd, "locked-pem"),
			      NULL};

	CU_ASSERT_EQUAL_FATAL(sshd_run(NULL, 0, argv), 0);
	expect_bad_key("locked-pem", SMD_E_INVALID, "passphrase");
}

static pid_t start_agent(const char *socket)
{
	pid_t pid = fork();

	if (!pid) {
		dup2(open("/dev/null", O_WRONLY), 1);
		execl("/usr/bin/ssh-agent", "ssh-agent", "-D", "-a", socket, NULL);
		_exit(127);
	}
	for (int i = 0; i < 1000 && access(socket, F_OK); i++)
		poll(NULL, 0, 10);
	return pid;
}

static void keys_in_an_agent(void)
{
	const char *socket = sshd_file(&sshd, "agent");
	char path[160];
	const char *argv[] = {"/usr/bin/ssh-add", "-q", path, NULL};
	struct caller caller;
	pid_t agent = start_agent(socket);

	snprintf(path, sizeof(path), "%s", sshd_file(&sshd, "user"));
	setenv("SSH_AUTH_SOCK", socket, 1);
	CU_ASSERT_EQUAL(sshd_run(NULL, 0, argv), 0);

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, NULL);
	caller.target.agent = 1;
	CU_ASSERT_EQUAL(caller_enter(&caller), 0);
	caller_exec(&caller, "echo in");
	CU_ASSERT_EQUAL(caller_until_closed(&caller, 1), 0);
	CU_ASSERT_STRING_EQUAL(caller.heard[1].out, "in\n");
	caller_leave(&caller);

	/* A key file that the server does not accept is followed by the next method, the agent. */
	CU_ASSERT_EQUAL_FATAL(sshd_make_key(&sshd, "stranger-2", "ed25519", ""), 0);
	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, "stranger-2");
	caller.target.agent = 1;
	CU_ASSERT_EQUAL(caller_enter(&caller), 0);
	caller_leave(&caller);

	kill(agent, SIGTERM);
	waitpid(agent, NULL, 0);
	unsetenv("SSH_AUTH_SOCK");

	caller_prepare(&caller, &sshd);
	caller_set_file(&caller.target.key_file, &sshd, NULL);
	caller.target.agent = 1;
	CU_ASSERT_EQUAL(caller_enter(&caller), -1);
	CU_ASSERT_EQUAL(caller.err, SMD_E_AUTH);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.hint, "SSH_AUTH_SOCK"));
	caller_leave(&caller);
}

/*
 * A server made with libssh, in a child process, that accepts the password "sesame" by a single
 * method.
 */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations" /* the newer functions are callbacks */
static void serve_password(int listener, int method)
{
	ssh_bind place = ssh_bind_new();
	ssh_session session = ssh_new();
	ssh_message message;
	int status = 0;

	ssh_bind_options_set(place, SSH_BIND_OPTIONS_HOSTKEY, sshd_file(&sshd, "host"));
	if (ssh_bind_accept_fd(place, session, accept(listener, NULL, NULL)) ||
	    ssh_handle_key_exchange(session))
		_exit(1);
	while (!status && (message = ssh_message_get(session))) {
		int kind = ssh_message_subtype(message);
		const char *said = NULL;

		ssh_message_auth_set_methods(message, method);
		if (ssh_message_type(message) == SSH_REQUEST_SERVICE)
			ssh_message_service_reply_success(message);
		else if (ssh_message_type(message) != SSH_REQUEST_AUTH || kind != method)
			ssh_message_reply_default(message);
		else if (method == SSH_AUTH_METHOD_PASSWORD)
			said = ssh_message_auth_password(message);
		else if (!ssh_message_auth_kbdint_is_response(message))
			ssh_message_auth_interactive_request(
				message, "", "", 1, (const char *[]){"Password: "}, (char[]){0});
		else
			said = ssh_userauth_kbdint_getanswer(session, 0);
		if (said && !strcmp(said, "sesame"))
			status = !ssh_message_auth_reply_success(message, 0);
		else if (said)
			ssh_message_reply_default(message);
		ssh_message_free(message);
	}
	ssh_message_get(session); /* until the client disconnects */
	_exit(0);
}

#pragma GCC diagnostic pop

static void try_password(int method, const char *password, struct caller *caller)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(address);
	struct sshd place = sshd;
	char line[2048];
	pid_t server;

	bind(listener, (struct sockaddr *)&address, size);
	listen(listener, 1);
	getsockname(listener, (struct sockaddr *)&address, &size);
	place.port = ntohs(address.sin_port);
	sshd_known_line(&place, "host.pub", line, sizeof(line));
	sshd_write(&place, "known_hosts_password", line);
	server = fork();
	if (!server)
		serve_password(listener, method);
	caller_prepare(caller, &place);
	caller_set_file(&caller->target.known_hosts, &place, "known_hosts_password");
	caller->target.password = password;
	caller_enter(caller);
	caller_leave(caller);
	kill(server, SIGKILL);
	waitpid(server, NULL, 0);
	close(listener);
}

static void passwords(void)
{
	struct caller caller;

	try_password(SSH_AUTH_METHOD_PASSWORD, "sesame", &caller);
	CU_ASSERT_EQUAL(caller.ready, 1);
	try_password(SSH_AUTH_METHOD_INTERACTIVE, "sesame", &caller);
	CU_ASSERT_EQUAL(caller.ready, 1);
	try_password(SSH_AUTH_METHOD_PASSWORD, "opensesame", &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_AUTH);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "tried password; "));
	CU_ASSERT_PTR_NULL(strstr(caller.error.message, "opensesame"));
	try_password(SSH_AUTH_METHOD_INTERACTIVE, "opensesame", &caller);
	CU_ASSERT_EQUAL(caller.err, SMD_E_AUTH);
	CU_ASSERT_PTR_NOT_NULL(strstr(caller.error.message, "tried password (keyboard"));
}

int main(void)
{
	static CU_TestInfo tests[] = {
		TEST(an_unknown_host_key),
		TEST(host_keys_in_no_file),
		TEST(another_host_key),
		TEST(a_path_with_characters_that_libssh_expands),
		TEST(learning_the_key),
		TEST(a_wrong_key),
		TEST(no_credentials),
		TEST(bad_key_files),
		TEST(a_key_in_pem_with_passphrase),
		TEST(keys_in_an_agent),
		TEST(passwords),
		CU_TEST_INFO_NULL,
	};

	return caller_main("ssh login", tests);
}
