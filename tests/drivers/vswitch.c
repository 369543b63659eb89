/* SPDX-License-Identifier: Apache-2.0 */
#include "vswitch.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "shell.h"
#include "test.h"

#define SCHEMA "/usr/share/openvswitch/vswitch.ovsschema"

static char folder[] = "/tmp/smd-ovs-XXXXXX";
static pid_t server;

const char *vswitch_folder(void)
{
	return folder;
}

void need(const char *format, ...)
{
	struct smd_text *out = bench_text(), *err = bench_text();
	char command[2048];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (shell(command, out, err)) {
		bench_show_text(command, err);
		CU_FAIL("a command of the test itself failed");
	}
	smd_text_free(out);
	smd_text_free(err);
}

static void write_file(const char *name, const char *content)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs(content, file);
	fclose(file);
	chmod(path, 0700);
}

static void write_wrapper(void)
{
	char script[512], path[64];

	snprintf(script, sizeof(script),
		 "#!/bin/sh\n. %s/obstacle\n[ -e %s/waits ] || set -- --no-wait \"$@\"\n"
		 "exec /usr/bin/ovs-vsctl --db=unix:%s/db.sock \"$@\"\n",
		 folder, folder, folder);
	write_file("ovs-vsctl", script);
	vswitch_obstruct(NULL);
	snprintf(path, sizeof(path), "%s:/usr/bin:/bin:/usr/sbin", folder);
	setenv("PATH", path, 1);
}

void vswitch_obstruct(const char *code)
{
	write_file("obstacle", code ? code : "");
}

void vswitch_wait(int wait)
{
	need(wait ? "touch %s/waits" : "rm %s/waits", folder);
}

/* Start a child that does not detach, so that its end can be awaited. */
static void start_server(void)
{
	char socket[64], command[512];

	snprintf(socket, sizeof(socket), "%s/db.sock", folder);
	snprintf(command, sizeof(command),
		 "cd %s && exec ovsdb-server --remote=punix:%s --unixctl=%s/ctl --log-file=%s/log "
		 "-vconsole:off db </dev/null >/dev/null 2>&1",
		 folder, socket, folder, folder);
	server = fork();
	if (!server) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that dies leaves no server behind */
		execl("/bin/sh", "sh", "-c", command, NULL);
		_exit(127);
	}
	CU_ASSERT_EQUAL_FATAL(daemon_await(&server, socket), 0);
}

void vswitch_start(void)
{
	if (access("/usr/bin/ovs-vsctl", X_OK) || access("/usr/sbin/ovsdb-server", X_OK) ||
	    access(SCHEMA, R_OK)) {
		printf("skipped: Open vSwitch is not installed\n");
		fflush(stdout);
		_exit(77);
	}
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	write_wrapper();
	need("cd %s && ovsdb-tool create db " SCHEMA, folder);
	start_server();
	need("ovs-vsctl init");
}

void vswitch_stop(void)
{
	daemon_end(&server);
	need("rm -r %s", folder);
}
