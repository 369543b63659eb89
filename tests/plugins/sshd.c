/* SPDX-License-Identifier: Apache-2.0 */
#include "sshd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SSHD "/usr/sbin/sshd"

const char *sshd_missing(void)
{
	if (access(SSHD, X_OK))
		return "openssh-server is not installed";
	if (access("/usr/bin/ssh-keygen", X_OK))
		return "openssh-client is not installed";
	/* systemd makes this folder when it starts the service; as root, sshd requires it. */
	if (!geteuid() && mkdir("/run/sshd", 0755) && errno != EEXIST)
		return "/run/sshd cannot be made";
	return NULL;
}

const char *sshd_file(const struct sshd *sshd, const char *name)
{
	static char paths[8][160];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", sshd->dir, name);
	return path;
}

static size_t read_all(int file, char *text, size_t size)
{
	size_t used = 0;
	ssize_t got;

	while (used + 1 < size && (got = read(file, text + used, size - 1 - used)) > 0)
		used += (size_t)got;
	text[used] = '\0';
	return used;
}

int sshd_run(char *out, size_t size, const char *const *argv)
{
	int ends[2], status;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(ends[1], 1);
		if (!out)
			dup2(open("/dev/null", O_WRONLY), 1);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	if (out)
		read_all(ends[0], out, size);
	close(ends[0]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int sshd_make_key(const struct sshd *sshd, const char *name, const char *type,
		  const char *passphrase)
{
	const char *argv[] = {"/usr/bin/ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f",
			      sshd_file(sshd, name), NULL};

	return sshd_run(NULL, 0, argv);
}

int sshd_write(const struct sshd *sshd, const char *name, const char *text)
{
	FILE *file = fopen(sshd_file(sshd, name), "we");

	if (!file)
		return -1;
	fputs(text, file);
	return fclose(file);
}

void sshd_read(const struct sshd *sshd, const char *name, char *text, size_t size)
{
	int file = open(sshd_file(sshd, name), O_RDONLY | O_CLOEXEC);

	text[0] = '\0';
	if (file < 0)
		return;
	read_all(file, text, size);
	close(file);
}

void sshd_known_line(const struct sshd *sshd, const char *name, char *line, size_t size)
{
	char key[2048], type[64] = "", base64[1024] = "";

	sshd_read(sshd, name, key, sizeof(key));
	sscanf(key, "%63s %1023s", type, base64);
	snprintf(line, size, "[127.0.0.1]:%u %s %s", sshd->port, type, base64);
}

int sshd_connect(const struct sshd *sshd)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(sshd->port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(file, (struct sockaddr *)&address, sizeof(address))) {
		close(file);
		return -1;
	}
	fcntl(file, F_SETFL, O_NONBLOCK);
	return file;
}

static int port_is_free(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1, taken;

	setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	taken = bind(file, (struct sockaddr *)&address, sizeof(address));
	close(file);
	return !taken;
}

static int write_config(const struct sshd *sshd, const char *config)
{
	char text[4096];

	snprintf(text, sizeof(text),
		 "%s\n"
		 "ListenAddress 127.0.0.1\n"
		 "HostKey %s/host\n"
		 "AuthorizedKeysFile %s/authorized_keys\n"
		 "PidFile none\n"
		 "StrictModes no\n"
		 "UsePAM no\n"
		 "PasswordAuthentication no\n"
		 "KbdInteractiveAuthentication no\n"
		 "PermitRootLogin yes\n"
		 "PrintMotd no\n"
		 "Subsystem sftp internal-sftp\n"
		 "SetEnv HOME=%s\n", /* the shell's start-up files must not be read */
		 config ? config : "", sshd->dir, sshd->dir, sshd->dir);
	return sshd_write(sshd, "config", text);
}

static int prepare(struct sshd *sshd, const char *config)
{
	char key[2048];

	snprintf(sshd->dir, sizeof(sshd->dir), "/tmp/smd-sshd-XXXXXX");
	if (!mkdtemp(sshd->dir)) {
		sshd->dir[0] = '\0';
		return -1;
	}
	snprintf(sshd->user, sizeof(sshd->user), "%s", getpwuid(geteuid())->pw_name);
	if (sshd_make_key(sshd, "host", "ed25519", "") ||
	    sshd_make_key(sshd, "user", "ed25519", "") || write_config(sshd, config))
		return -1;
	sshd_read(sshd, "user.pub", key, sizeof(key));
	return sshd_write(sshd, "authorized_keys", key);
}

static void spawn(struct sshd *sshd)
{
	char port[8];
	int log = open(sshd_file(sshd, "log"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	snprintf(port, sizeof(port), "%u", sshd->port);
	sshd->pid = fork();
	if (!sshd->pid) {
		dup2(open("/dev/null", O_RDONLY), 0);
		dup2(log, 1);
		dup2(log, 2);
		execl(SSHD, SSHD, "-D", "-e", "-f", sshd_file(sshd, "config"), "-p", port, NULL);
		_exit(127);
	}
	close(log);
}

/* Returns 0 when the server listens, -1 if it has ended. */
static int wait_until_it_listens(struct sshd *sshd)
{
	for (int i = 0; i < 1000; i++) {
		int file;

		if (waitpid(sshd->pid, NULL, WNOHANG)) {
			sshd->pid = 0;
			return -1;
		}
		file = sshd_connect(sshd);
		if (file >= 0) {
			close(file);
			return 0;
		}
		poll(NULL, 0, 10);
	}
	return -1;
}

int sshd_start(struct sshd *sshd, const char *config)
{
	unsigned start = (unsigned)getpid();
	char line[2048];

	memset(sshd, 0, sizeof(*sshd));
	if (prepare(sshd, config))
		return -1;
	for (unsigned i = 0; i < 200; i++) {
		sshd->port = (uint16_t)(20000 + (start * 37 + i * 101) % 12000);
		if (!port_is_free(sshd->port))
			continue;
		spawn(sshd);
		if (!wait_until_it_listens(sshd)) {
			sshd_known_line(sshd, "host.pub", line, sizeof(line) - 1);
			strcat(line, "\n");
			return sshd_write(sshd, "known_hosts", line);
		}
		if (sshd->pid)
			break;
	}
	sshd_read(sshd, "log", line, sizeof(line));
	fprintf(stderr, "sshd does not start: %s\n", line);
	return -1;
}

static int remove_one(const char *path, const struct stat *stat, int flag, struct FTW *walk)
{
	(void)stat;
	(void)flag;
	(void)walk;
	return remove(path);
}

void sshd_stop(struct sshd *sshd)
{
	if (sshd->pid > 0) {
		kill(sshd->pid, SIGTERM);
		waitpid(sshd->pid, NULL, 0);
	}
	if (sshd->dir[0])
		nftw(sshd->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	memset(sshd, 0, sizeof(*sshd));
}
