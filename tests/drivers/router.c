/* SPDX-License-Identifier: Apache-2.0 */
#include "router.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <net/if.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/cleanup.h"
#include "daemon.h"

#define DAEMONS "/usr/lib/frr"
#define CONFIGURATION "/etc/frr"
#define RUNNING "/var/run/frr"

static const char *const daemons[] = {"zebra", "staticd", "bgpd", "ospfd"};

const char *router_missing(void)
{
	if (geteuid())
		return "only root may make a network namespace";
	if (access("/usr/bin/vtysh", X_OK) || !getpwnam("frr"))
		return "FRRouting is not installed";
	for (size_t i = 0; i < SMD_COUNT(daemons); i++) {
		char path[64];

		snprintf(path, sizeof(path), DAEMONS "/%s", daemons[i]);
		if (access(path, X_OK))
			return "a daemon of FRRouting is missing";
	}
	return NULL;
}

static int make_folder(const char *above, const char *name)
{
	const struct passwd *frr = getpwnam("frr");
	char path[128];

	if (!frr || (mkdir(above, 0755) && errno != EEXIST))
		return -1;
	snprintf(path, sizeof(path), "%s/%s", above, name);
	return mkdir(path, 0755) || chown(path, frr->pw_uid, frr->pw_gid);
}

static void bring_loopback_up(void)
{
	struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	int file = socket(AF_INET, SOCK_DGRAM, 0);

	if (ioctl(file, SIOCSIFFLAGS, &request))
		perror("lo");
	close(file);
}

/* Enter a new network namespace, or that of process `with`. */
static int change_namespace(pid_t with)
{
	char path[64];
	int file;

	if (!with) {
		if (unshare(CLONE_NEWNET))
			return -1;
		bring_loopback_up();
		return 0;
	}
	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)with);
	file = open(path, O_RDONLY | O_CLOEXEC);
	return file < 0 ? -1 : setns(file, CLONE_NEWNET);
}

static pid_t spawn(const struct router *router, const char *daemon, pid_t with)
{
	char path[64], pid_file[128];
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(path, sizeof(path), DAEMONS "/%s", daemon);
	snprintf(pid_file, sizeof(pid_file), RUNNING "/%s/%s.pid", router->name, daemon);
	dup2(open("/dev/null", O_RDWR | O_CLOEXEC), 0);
	dup2(0, 1);
	dup2(0, 2);
	if (!change_namespace(with))
		execl(path, daemon, "-N", router->name, "-i", pid_file, NULL);
	_exit(127);
}

static int await(struct router *router, size_t which, const char *file)
{
	char path[128];

	snprintf(path, sizeof(path), RUNNING "/%s/%s", router->name, file);
	return daemon_await(&router->daemons[which], path);
}

int router_start(struct router *router)
{
	memset(router, 0, sizeof(*router));
	snprintf(router->name, sizeof(router->name), "smd%d", (int)getpid());
	if (make_folder(CONFIGURATION, router->name) || make_folder(RUNNING, router->name))
		return -1;
	for (size_t i = 0; i < SMD_COUNT(daemons); i++) {
		char socket[32];

		router->daemons[i] = spawn(router, daemons[i], router->daemons[0]);
		snprintf(socket, sizeof(socket), "%s.vty", daemons[i]);
		if ((!i && await(router, i, "zserv.api")) || await(router, i, socket))
			return -1;
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *stat, int flag, struct FTW *walk)
{
	(void)stat;
	(void)flag;
	(void)walk;
	return remove(path);
}

void router_stop(struct router *router)
{
	char path[128];

	for (size_t i = SMD_COUNT(daemons); i--;)
		daemon_end(&router->daemons[i]);
	if (!router->name[0])
		return;
	snprintf(path, sizeof(path), CONFIGURATION "/%s", router->name);
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	snprintf(path, sizeof(path), RUNNING "/%s", router->name);
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	memset(router, 0, sizeof(*router));
}

int router_saved(const struct router *router, const char *daemon, const char *text)
{
	char path[128], bytes[16384];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), CONFIGURATION "/%s/%s.conf", router->name, daemon);
	file = fopen(path, "re");
	if (!file)
		return 0;
	size = fread(bytes, 1, sizeof(bytes) - 1, file);
	bytes[size] = '\0';
	fclose(file);
	return strstr(bytes, text) != NULL;
}
