/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ssh.h"

#define KEY_SIZE 65536 /* maximum size of a key file; RSA with 16384 bits needs 12 kB */

/* The key file */

static int open_key(const char *path, struct smd_error *error)
{
	/* O_NONBLOCK: do not wait for the other end of a FIFO. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat stat;

	if (file < 0)
		return smd_fail(error, errno == ENOENT ? SMD_E_NOT_FOUND : SMD_E_IO,
				"cannot read the key file '%s': %s", path, strerror(errno));
	if (fstat(file, &stat) || !S_ISREG(stat.st_mode) || stat.st_size > KEY_SIZE) {
		close(file);
		return smd_fail(error, SMD_E_INVALID, "'%s' is no key file", path);
	}
	if (stat.st_mode & 077) {
		close(file);
		smd_fail(error, SMD_E_INVALID, "the key file '%s' is open to others (mode %04o)",
			 path, (unsigned)stat.st_mode & 07777);
		smd_error_hint(error,
			       "chmod 600 '%s', and replace the key if others may have "
			       "read it",
			       path);
		return SMD_E_INVALID;
	}
	return file;
}

static int read_all(int file, char *text, size_t size)
{
	size_t used = 0;

	while (used < size - 1) {
		ssize_t got = read(file, text + used, size - 1 - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		used += (size_t)got;
	}
	text[used] = '\0';
	return 0;
}

/* Without this callback OpenSSL would ask at the terminal. */
static int no_passphrase(const char *prompt, char *buffer, size_t size, int echo, int verify,
			 void *asked)
{
	(void)prompt;
	(void)buffer;
	(void)size;
	(void)echo;
	(void)verify;
	*(int *)asked = 1;
	return -1;
}

static int parse_key(const char *path, const char *text, ssh_key *key, struct smd_error *error)
{
	int asked = 0;

	if (ssh_pki_import_privkey_base64(text, NULL, no_passphrase, &asked, key) == SSH_OK)
		return 0;
	if (!asked)
		return smd_fail(error, SMD_E_INVALID,
				"'%s' holds no private key that is understood", path);
	smd_fail(error, SMD_E_INVALID, "the key in '%s' is protected by a passphrase", path);
	smd_error_hint(error,
		       "load it into an agent (ssh-add '%s') and let the device use the agent",
		       path);
	return SMD_E_INVALID;
}

static const char key_hint[] = "check \"key-file\" of the credential in the inventory";

int smd_ssh_load_key(const char *path, ssh_key *key, struct smd_error *error)
{
	int file = open_key(path, error);
	char *text;
	int err;

	if (file < 0) {
		if (error && !error->hint[0])
			smd_error_hint(error, "%s", key_hint);
		return file;
	}
	text = calloc(1, KEY_SIZE);
	if (!text)
		err = smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	else if (read_all(file, text, KEY_SIZE))
		err = smd_fail(error, SMD_E_IO, "cannot read the key file '%s': %s", path,
			       strerror(errno));
	else
		err = parse_key(path, text, key, error);
	close(file);
	if (err && error && !error->hint[0])
		smd_error_hint(error, "%s", key_hint);
	if (text)
		explicit_bzero(text, KEY_SIZE);
	free(text);
	return err;
}

/* Logging in */

static int offered(struct smd_ssh *ssh, int method)
{
	int methods = ssh_userauth_list(ssh->session, NULL);

	return !methods || methods & method;
}

static int usable(struct smd_ssh *ssh)
{
	const struct smd_channel_target *target = ssh->target;

	switch (ssh->way) {
	case SMD_SSH_NONE:
		return 1;
	case SMD_SSH_KEY:
		return ssh->key && offered(ssh, SSH_AUTH_METHOD_PUBLICKEY);
	case SMD_SSH_AGENT:
		return target->agent && offered(ssh, SSH_AUTH_METHOD_PUBLICKEY);
	case SMD_SSH_PASSWORD:
		return target->password && offered(ssh, SSH_AUTH_METHOD_PASSWORD);
	case SMD_SSH_QUESTIONS:
		/*
		 * A wrong password is not tried by a second method, because that would lock
		 * accounts sooner.
		 */
		return target->password && !(ssh->tried & 1u << SMD_SSH_PASSWORD) &&
		       offered(ssh, SSH_AUTH_METHOD_INTERACTIVE);
	default:
		return 0;
	}
}

/* Answer a round of questions. Returns 0 if there is one that the password does not answer. */
static int answer_questions(struct smd_ssh *ssh)
{
	int count = ssh_userauth_kbdint_getnprompts(ssh->session);

	for (int i = 0; i < count; i++) {
		char echo = 0;

		ssh_userauth_kbdint_getprompt(ssh->session, (unsigned)i, &echo);
		if (echo || ssh->answered)
			return 0;
		ssh_userauth_kbdint_setanswer(ssh->session, (unsigned)i, ssh->target->password);
		ssh->answered = 1;
	}
	return 1;
}

static int ask_questions(struct smd_ssh *ssh)
{
	int got = ssh_userauth_kbdint(ssh->session, NULL, NULL);

	/* Rounds without a question (a banner, "password expires") are allowed, up to a limit. */
	for (int round = 0; got == SSH_AUTH_INFO && round < 8; round++) {
		if (!answer_questions(ssh))
			return SSH_AUTH_DENIED;
		got = ssh_userauth_kbdint(ssh->session, NULL, NULL);
	}
	return got == SSH_AUTH_INFO ? SSH_AUTH_DENIED : got;
}

static int attempt(struct smd_ssh *ssh)
{
	if (!usable(ssh))
		return SSH_AUTH_DENIED;
	ssh->tried |= 1u << ssh->way;
	switch (ssh->way) {
	case SMD_SSH_NONE:
		return ssh_userauth_none(ssh->session, NULL);
	case SMD_SSH_KEY:
		return ssh_userauth_publickey(ssh->session, NULL, ssh->key);
	case SMD_SSH_AGENT:
		return ssh_userauth_agent(ssh->session, NULL);
	case SMD_SSH_PASSWORD:
		return ssh_userauth_password(ssh->session, NULL, ssh->target->password);
	default:
		return ask_questions(ssh);
	}
}

static const char *const names[SMD_SSH_WAYS] = {
	[SMD_SSH_KEY] = "key file",
	[SMD_SSH_AGENT] = "agent",
	[SMD_SSH_PASSWORD] = "password",
	[SMD_SSH_QUESTIONS] = "password (keyboard-interactive)",
};

static void add_word(char *text, size_t size, const char *word)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? ", " : "", word);
}

void smd_ssh_tried(const struct smd_ssh *ssh, char *text, size_t size)
{
	text[0] = '\0';
	for (int way = SMD_SSH_KEY; way < SMD_SSH_WAYS; way++)
		if (ssh->tried & 1u << way)
			add_word(text, size, names[way]);
	if (!text[0])
		add_word(text, size, "nothing, for lack of credentials");
}

static void list_offered(struct smd_ssh *ssh, char *text, size_t size)
{
	text[0] = '\0';
	if (offered(ssh, SSH_AUTH_METHOD_PUBLICKEY))
		add_word(text, size, "publickey");
	if (offered(ssh, SSH_AUTH_METHOD_PASSWORD))
		add_word(text, size, "password");
	if (offered(ssh, SSH_AUTH_METHOD_INTERACTIVE))
		add_word(text, size, "keyboard-interactive");
	if (!text[0])
		add_word(text, size, "nothing that is supported");
}

static int refused(struct smd_ssh *ssh, struct smd_error *error)
{
	char tried[128], takes[64];

	smd_ssh_tried(ssh, tried, sizeof(tried));
	list_offered(ssh, takes, sizeof(takes));
	smd_fail(error, SMD_E_AUTH, "login as '%s' refused; tried %s; the device accepts %s",
		 ssh->target->user, tried, takes);
	if (ssh->tried & 1u << SMD_SSH_AGENT && !getenv("SSH_AUTH_SOCK"))
		smd_error_hint(error, "no agent is running: SSH_AUTH_SOCK is not set");
	else if (ssh->tried & 1u << SMD_SSH_KEY)
		smd_error_hint(error, "does the device know the key in '%s' for this user?",
			       ssh->target->key_file);
	else
		smd_error_hint(error, "check the user and the credentials of the device");
	smd_ssh_prefix(ssh, error);
	return SMD_E_AUTH;
}

static void logged_in(struct smd_ssh *ssh)
{
	ssh_key_free(ssh->key);
	ssh->key = NULL;
	ssh->stage = SMD_SSH_READY;
	smd_ssh_emit(ssh, SMD_CHANNEL_READY, 0, NULL, 0, 0);
}

int smd_ssh_login(struct smd_ssh *ssh, struct smd_error *error)
{
	for (; ssh->way < SMD_SSH_WAYS; ssh->way++) {
		int got = attempt(ssh);

		if (got == SSH_AUTH_SUCCESS) {
			logged_in(ssh);
			return 0;
		}
		if (smd_ssh_dead(ssh))
			return smd_ssh_lost(ssh, error);
		if (got == SSH_AUTH_AGAIN)
			return 0;
	}
	return refused(ssh, error);
}
