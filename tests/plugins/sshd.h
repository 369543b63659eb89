/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A temporary OpenSSH server on the loopback interface, with keys in a folder of its own. The
 * user that runs the test can log in.
 */
#ifndef SMD_TESTS_SSHD_H
#define SMD_TESTS_SSHD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The folder has `host` and `user` (private keys, with .pub), `authorized_keys`, `known_hosts`
 * (with the host key), `config`, `log`.
 */
struct sshd {
	pid_t pid;
	uint16_t port;
	char dir[64];
	char user[64];
};

/* What is missing to run one, for the message of a test that exits with 77; NULL: nothing. */
const char *sshd_missing(void);
/* Start a server. `config` is added to its configuration. Returns 0 when it listens. */
int sshd_start(struct sshd *sshd, const char *config);
/* End the server and remove its folder. The structure may be zero or incomplete. */
void sshd_stop(struct sshd *sshd);

/* The path of a file in the folder, in one of a few static buffers used in turn. */
const char *sshd_file(const struct sshd *sshd, const char *name);
/* Make the key pair `name` in the folder. */
int sshd_make_key(const struct sshd *sshd, const char *name, const char *type,
		  const char *passphrase);
/* Write a text file in the folder. */
int sshd_write(const struct sshd *sshd, const char *name, const char *text);
/* Read a file of the folder, cut to `size`; "" if there is none. */
void sshd_read(const struct sshd *sshd, const char *name, char *text, size_t size);
/* Make a line of known_hosts for this server with the public key in the folder's file `name`. */
void sshd_known_line(const struct sshd *sshd, const char *name, char *line, size_t size);
/* Returns a connected socket. */
int sshd_connect(const struct sshd *sshd);
/* Run a program to its end; its output goes to `out` (may be NULL). Returns its exit status. */
int sshd_run(char *out, size_t size, const char *const *argv);

#endif
