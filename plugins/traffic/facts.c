/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

enum { SOUNDS_MOST = 8192 };

static void host_done(struct smd_trial_host *host)
{
	free(host->name);
	smd_set_done(&host->also);
	free(host->echoes);
	free(host->sounds);
	free(host->script);
	free(host->lines);
}

void smd_trial_free(struct smd_trial *trial)
{
	if (!trial)
		return;
	for (size_t i = 0; i < trial->count; i++)
		host_done(&trial->hosts[i]);
	free(trial->hosts);
	free(trial);
}

struct smd_trial_host *smd_trial_host(struct smd_trial *trial, const char *name)
{
	for (size_t i = 0; i < trial->count; i++)
		if (strcmp(trial->hosts[i].name, name) == 0)
			return &trial->hosts[i];
	return NULL;
}

/* Is the text safe in a command line? Only these characters may be in it. */
static int is_word(const char *text, size_t size)
{
	size_t length = strlen(text);

	return length && length < size &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       length;
}

static int fact_error(struct smd_error *error, const struct smd_node *at, const char *fact,
		      const char *wanted)
{
	const char *value = smd_node_leaf(at, fact);
	char path[SMD_ERROR_WHERE];

	if (value)
		smd_fail(error, SMD_E_INVALID, "fact \"%s\" is \"%s\", wanted: %s", fact, value,
			 wanted);
	else
		smd_fail(error, SMD_E_INVALID, "fact \"%s\" is missing, wanted: %s", fact, wanted);
	smd_node_path(at, path, sizeof(path));
	smd_error_where(error, "%s", path);
	return SMD_E_INVALID;
}

/* A fact with two allowed words: 1 for the first, 0 for the second, -1 for anything else. */
static int either(const struct smd_node *at, const char *fact, const char *yes, const char *no)
{
	const char *value = smd_node_leaf(at, fact);

	if (value && strcmp(value, yes) == 0)
		return 1;
	return value && strcmp(value, no) == 0 ? 0 : -1;
}

static int read_member(const struct smd_node *node, struct smd_trial_host *host,
		       struct smd_error *error)
{
	const char *address = smd_node_leaf(node, "address");
	struct in_addr parsed;

	host->tagged = either(node, "tagging", "tagged", "access");
	if (host->tagged < 0)
		return fact_error(error, node, "tagging", "access or tagged");
	if (!address || inet_pton(AF_INET, address, &parsed) != 1)
		return fact_error(error, node, "address", "an IPv4 address");
	inet_ntop(AF_INET, &parsed, host->address, sizeof(host->address));
	return 0;
}

static int read_host(struct smd_trial *trial, const struct smd_node *node, struct smd_error *error)
{
	const char *interface = smd_node_leaf(node, "interface");
	const struct smd_node *also = smd_node_find(node, "also", NULL);
	struct smd_trial_host *host = &trial->hosts[trial->count];

	if (!interface || !is_word(interface, sizeof(host->interface)))
		return fact_error(error, node, "interface", "an interface's name");
	host->member = either(node, "place", "member", "outside");
	if (host->member < 0)
		return fact_error(error, node, "place", "member or outside");
	if (also && smd_node_set(also) && smd_set_copy(&host->also, smd_node_set(also)) != 0)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	memcpy(host->interface, interface, strlen(interface) + 1);
	if (host->member && read_member(node, host, error) != 0)
		return SMD_E_INVALID;
	host->name = strdup(smd_node_key(node, 0));
	if (!host->name)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	trial->count++;
	trial->members += host->member ? 1 : 0;
	return 0;
}

static int read_domain(struct smd_trial *trial, const struct smd_node *top, struct smd_error *error)
{
	const char *run = smd_node_leaf(top, "run"), *vlan = smd_node_leaf(top, "vlan");
	char *end = NULL;
	unsigned long number = vlan && *vlan >= '0' && *vlan <= '9' ? strtoul(vlan, &end, 10) : 0;

	if (!run || !is_word(run, sizeof(trial->run)))
		return fact_error(error, top, "run",
				  "a word of at most 47 letters, digits, '.', '_', '-'");
	if (number < 1 || number > 4094 || *end)
		return fact_error(error, top, "vlan", "a number from 1 to 4094");
	memcpy(trial->run, run, strlen(run) + 1);
	trial->vlan = (unsigned)number;
	return 0;
}

static int is_host(const struct smd_node *node)
{
	return strcmp(smd_node_name(node), "host") == 0 && smd_node_key_count(node) == 1;
}

static int read_hosts(struct smd_trial *trial, const struct smd_node *top, struct smd_error *error)
{
	size_t count = 0;

	for (const struct smd_node *node = smd_node_first(top); node; node = smd_node_next(node))
		count += is_host(node) ? 1 : 0;
	if (!count)
		return smd_fail(error, SMD_E_INVALID, "no host is given that could probe");
	if (count > HOSTS_MOST)
		return smd_fail(error, SMD_E_INVALID, "%zu hosts are given, at most %d can probe",
				count, HOSTS_MOST);
	trial->hosts = calloc(count, sizeof(*trial->hosts));
	if (!trial->hosts)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	for (const struct smd_node *node = smd_node_first(top); node; node = smd_node_next(node)) {
		int err = is_host(node) ? read_host(trial, node, error) : 0;

		if (err)
			return err;
	}
	for (size_t i = 0; i < count; i++) {
		trial->hosts[i].echoes = calloc(count, sizeof(struct smd_trial_echoes));
		if (!trial->hosts[i].echoes)
			return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	}
	return 0;
}

int smd_trial_new(const struct smd_tree *facts, struct smd_trial **out, struct smd_error *error)
{
	const struct smd_node *top = smd_tree_top(facts);
	struct smd_trial *trial = calloc(1, sizeof(*trial));
	int err;

	if (!trial)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check");
	err = read_domain(trial, top, error);
	if (!err)
		err = read_hosts(trial, top, error);
	if (err) {
		smd_trial_free(trial);
		return err;
	}
	*out = trial;
	return 0;
}

/* Parse a label made by this plugin: `in.HOST` or `out.HOST.FORM`. */
static int read_label(const struct smd_trial *trial, const char *label,
		      struct smd_trial_sound *sound)
{
	char name[WORD_SIZE] = "";
	unsigned from;
	int end = 0;

	sound->form = -1;
	if (sscanf(label, "in.%5u%n", &from, &end) == 1 && !label[end] && from < trial->count) {
		sound->from = from;
		return 0;
	}
	if (sscanf(label, "out.%5u.%47s", &from, name) != 2 || from >= trial->count)
		return SMD_E_INVALID;
	sound->from = from;
	for (size_t i = 0; i < smd_trial_form_count; i++)
		if (strcmp(smd_trial_forms[i].name, name) == 0)
			sound->form = (int)i;
	return sound->form < 0 ? SMD_E_INVALID : 0;
}

/*
 * Do the tags belong to another domain on the host's port? They are written outermost first;
 * 802.1ad tags begin with a letter and belong to no domain.
 */
static int is_of_another_domain(const struct smd_trial_host *host, const char *tags)
{
	unsigned vlan;

	return sscanf(tags, "%4u", &vlan) == 1 && smd_set_has(&host->also, vlan);
}

int smd_trial_sound(struct smd_trial *trial, struct smd_trial_host *host, const char *line)
{
	char run[WORD_SIZE], label[WORD_SIZE];
	struct smd_trial_sound sound;
	int end = 0;

	if (sscanf(line, "heard run=%47s from=%47s tag=%31s count=%9u%n", run, label, sound.tags,
		   &sound.count, &end) != 4 ||
	    line[end] || strcmp(run, trial->run) != 0)
		return SMD_E_INVALID;
	if (read_label(trial, label, &sound) != 0)
		return SMD_E_INVALID;
	if (is_of_another_domain(host, sound.tags))
		return 0;
	if (host->sound_count == host->sound_room) {
		size_t room = host->sound_room ? host->sound_room * 2 : 16;
		struct smd_trial_sound *sounds;

		if (room > SOUNDS_MOST)
			return SMD_E_NO_MEMORY;
		sounds = reallocarray(host->sounds, room, sizeof(*sounds));
		if (!sounds)
			return SMD_E_NO_MEMORY;
		host->sounds = sounds;
		host->sound_room = room;
	}
	host->sounds[host->sound_count++] = sound;
	return 0;
}
