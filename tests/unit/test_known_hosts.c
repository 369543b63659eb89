/* SPDX-License-Identifier: Apache-2.0 */
/* The file of accepted host keys: replaced by many processes at once, and read by host. */
#include "core/site/known_hosts.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/site/host_key.h"
#include "test.h"

#define KEY "AAAAC3NzaC1lZDI1NTE5AAAAIHNjQaKyeQa50LZgOa9emLtHdgjtFhSbJtKz+g7vGDzt"
/* What `ssh-keygen -l` prints of it */
#define FINGERPRINT "SHA256:VBPRLkRwfCFp60a78AWv5Gcv2da9UqzHaREs+bu8RHU"
#define PROCESSES 20
#define HOSTS 5 /* that each process accepts */

static char folder[] = "/tmp/smd-test-XXXXXX", path[64];

static void begin(void)
{
	strcpy(strrchr(folder, '-'), "-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/known_hosts", folder);
}

static void end(void)
{
	unlink(path);
	CU_ASSERT_EQUAL(rmdir(folder), 0); /* nothing else was left in it */
}

static int accept_host(unsigned process, unsigned host)
{
	char line[160];

	snprintf(line, sizeof(line), "192.0.2.%u ssh-ed25519 " KEY, process * HOSTS + host);
	return smd_known_hosts_replace(path, line, NULL);
}

/* Accept keys as soon as the pipe is closed, when all processes are there. */
static int run_process(unsigned process, const int start[2])
{
	char byte;
	int err = 0;

	close(start[1]);
	if (read(start[0], &byte, 1) < 0)
		return 1;
	for (unsigned host = 0; host < HOSTS && !err; host++)
		err = accept_host(process, host);
	return err != 0;
}

static size_t keys_of(const char *address, uint16_t port)
{
	cJSON *keys = NULL;
	size_t count;

	CU_ASSERT_EQUAL_FATAL(smd_host_keys_accepted(path, address, port, &keys, NULL, NULL), 0);
	count = (size_t)cJSON_GetArraySize(keys);
	cJSON_Delete(keys);
	return count;
}

static void many_processes_lose_no_key(void)
{
	int start[2], status, failed = 0;
	char address[32];

	begin();
	CU_ASSERT_EQUAL_FATAL(pipe(start), 0);
	for (unsigned i = 0; i < PROCESSES; i++) {
		pid_t child = fork();

		CU_ASSERT_FATAL(child >= 0);
		if (!child)
			_exit(run_process(i, start));
	}
	close(start[0]);
	close(start[1]);
	while (wait(&status) > 0)
		failed += status != 0;
	CU_ASSERT_EQUAL(failed, 0);
	for (unsigned i = 0; i < PROCESSES * HOSTS; i++) {
		snprintf(address, sizeof(address), "192.0.2.%u", i);
		CU_ASSERT_EQUAL(keys_of(address, 22), 1);
	}
	end();
}

static void a_key_replaces_those_of_its_host(void)
{
	struct stat status;

	begin();
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "a ssh-rsa AAAA", NULL), 0);
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "[a]:2222 ssh-rsa AAAA", NULL), 0);
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "ab,b ssh-rsa AAAA", NULL), 0);
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "a ssh-ed25519 " KEY, NULL), 0);
	CU_ASSERT_EQUAL(keys_of("a", 22), 1);
	CU_ASSERT_EQUAL(keys_of("a", 2222), 1);
	CU_ASSERT_EQUAL(keys_of("b", 22), 1);
	CU_ASSERT_EQUAL(keys_of("c", 22), 0);
	CU_ASSERT_EQUAL(stat(path, &status), 0);
	CU_ASSERT_EQUAL(status.st_mode & 0777, 0600);
	end();
}

static void fingerprints_are_those_of_openssh(void)
{
	cJSON *keys = NULL;
	int hashed;

	begin();
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "a ssh-ed25519 " KEY " comment", NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_host_keys_accepted(path, "a", 22, &keys, &hashed, NULL), 0);
	CU_ASSERT_EQUAL(hashed, 0);
	CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(keys, 0), "type"), "ssh-ed25519");
	CU_ASSERT_STRING_EQUAL(smd_json_string(cJSON_GetArrayItem(keys, 0), "fingerprint"),
			       FINGERPRINT);
	cJSON_Delete(keys);
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "|1|c2FsdA==|aGFzaA== ssh-rsa AAAA", NULL),
			0);
	CU_ASSERT_EQUAL_FATAL(smd_host_keys_accepted(path, "b", 22, &keys, &hashed, NULL), 0);
	CU_ASSERT_EQUAL(hashed, 1);
	CU_ASSERT_EQUAL(cJSON_GetArraySize(keys), 0);
	cJSON_Delete(keys);
	end();
}

static void what_is_no_file_is_an_error(void)
{
	struct smd_error error;
	cJSON *keys = NULL;

	begin();
	CU_ASSERT_EQUAL(keys_of("a", 22), 0); /* there is no file */
	CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
	CU_ASSERT_EQUAL(smd_host_keys_accepted(path, "a", 22, &keys, NULL, &error), SMD_E_IO);
	CU_ASSERT_EQUAL(smd_known_hosts_replace(path, "a ssh-rsa AAAA", &error), SMD_E_IO);
	CU_ASSERT_EQUAL(smd_known_hosts_replace("", "a ssh-rsa AAAA", &error), SMD_E_INVALID);
	CU_ASSERT_EQUAL(smd_known_hosts_replace("/nonexistent/k", "a ssh-rsa AAAA", &error),
			SMD_E_IO);
	end();
}

TEST_MAIN("known_hosts", TEST(many_processes_lose_no_key), TEST(a_key_replaces_those_of_its_host),
	  TEST(fingerprints_are_those_of_openssh), TEST(what_is_no_file_is_an_error));
