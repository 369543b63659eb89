/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

enum { SOUNDS_MOST = 65536 };

static void host_done(struct smd_trial_host *host)
{
	free(host->name);
	smd_set_done(&host->also);
	free(host->sounds);
	free(host->script);
	free(host->lines);
	free(host->pings);
}

static void layout_done(struct smd_trial_layout *layout)
{
	for (size_t i = 0; i < layout->count; i++) {
		free(layout->domains[i].seats);
		free(layout->domains[i].members);
	}
	free(layout->domains);
}

void smd_trial_free(struct smd_trial *trial)
{
	if (!trial)
		return;
	for (size_t i = 0; i < trial->count; i++)
		host_done(&trial->hosts[i]);
	layout_done(&trial->layouts[0]);
	layout_done(&trial->layouts[1]);
	free(trial->hosts);
	free(trial);
}

struct smd_trial_host *smd_trial_host(const struct smd_trial *trial, const char *name)
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

static int read_host(struct smd_trial *trial, const struct smd_node *node, struct smd_error *error)
{
	const char *interface = smd_node_leaf(node, "interface");
	const char *address = smd_node_leaf(node, "address");
	const struct smd_node *also = smd_node_find(node, "also", NULL);
	struct smd_trial_host *host = &trial->hosts[trial->count];
	struct in_addr parsed;

	if (!interface || !is_word(interface, sizeof(host->interface)))
		return fact_error(error, node, "interface", "an interface's name");
	if (!address || inet_pton(AF_INET, address, &parsed) != 1)
		return fact_error(error, node, "address", "an IPv4 address");
	if (also && smd_node_set(also) && smd_set_copy(&host->also, smd_node_set(also)) != 0)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	memcpy(host->interface, interface, strlen(interface) + 1);
	inet_ntop(AF_INET, &parsed, host->address, sizeof(host->address));
	host->name = strdup(smd_node_key(node, 0));
	if (!host->name)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	trial->count++;
	return 0;
}

static int is_called(const struct smd_node *node, const char *name)
{
	return strcmp(smd_node_name(node), name) == 0 && smd_node_key_count(node) == 1;
}

static size_t count_of(const struct smd_node *parent, const char *name)
{
	size_t count = 0;

	for (const struct smd_node *node = smd_node_first(parent); node; node = smd_node_next(node))
		count += is_called(node, name) ? 1 : 0;
	return count;
}

static int read_hosts(struct smd_trial *trial, const struct smd_node *top, struct smd_error *error)
{
	size_t count = count_of(top, "host");
	int err = 0;

	if (!count)
		return smd_fail(error, SMD_E_INVALID, "no host is given that could probe");
	if (count > HOSTS_MOST)
		return smd_fail(error, SMD_E_INVALID, "%zu hosts are given, at most %d can probe",
				count, HOSTS_MOST);
	trial->hosts = calloc(count, sizeof(*trial->hosts));
	if (!trial->hosts)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's hosts");
	for (const struct smd_node *node = smd_node_first(top); node && !err;
	     node = smd_node_next(node))
		if (is_called(node, "host"))
			err = read_host(trial, node, error);
	return err;
}

/* Domains */

static int read_seat(struct smd_trial *trial, const struct smd_node *node,
		     struct smd_trial_domain *domain, struct smd_error *error)
{
	const struct smd_trial_host *host = smd_trial_host(trial, smd_node_key(node, 0));
	int member = either(node, "place", "member", "outside");
	struct smd_trial_seat *seat;

	if (!host)
		return smd_fail(error, SMD_E_INVALID, "host \"%s\" of domain \"%s\" is not given",
				smd_node_key(node, 0), domain->name);
	if (member < 0)
		return fact_error(error, node, "place", "member or outside");
	seat = &domain->seats[host - trial->hosts];
	seat->place = member ? PLACE_MEMBER : PLACE_OUTSIDE;
	seat->number = domain->member_count + domain->outside_count;
	if (!member) {
		domain->outside_count++;
		return 0;
	}
	seat->tagged = either(node, "tagging", "tagged", "access");
	if (seat->tagged < 0)
		return fact_error(error, node, "tagging", "access or tagged");
	domain->members[domain->member_count++] = (size_t)(host - trial->hosts);
	return 0;
}

static int read_domain(struct smd_trial *trial, const struct smd_node *node,
		       struct smd_trial_layout *layout, struct smd_error *error)
{
	struct smd_trial_domain *domain = &layout->domains[layout->count++];
	const char *vlan = smd_node_leaf(node, "vlan");
	char *end = NULL;
	unsigned long number = vlan && *vlan >= '0' && *vlan <= '9' ? strtoul(vlan, &end, 10) : 0;
	int err = 0;

	if (number < 1 || number > 4094 || *end)
		return fact_error(error, node, "vlan", "a number from 1 to 4094");
	domain->name = smd_node_key(node, 0);
	domain->vlan = (unsigned)number;
	domain->seats = calloc(trial->count, sizeof(*domain->seats));
	domain->members = calloc(trial->count, sizeof(*domain->members));
	if (!domain->seats || !domain->members)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's domains");
	for (const struct smd_node *seat = smd_node_first(node); seat && !err;
	     seat = smd_node_next(seat))
		if (is_called(seat, "host"))
			err = read_seat(trial, seat, domain, error);
	return err;
}

static int read_layout(struct smd_trial *trial, const struct smd_node *top, const char *state,
		       struct smd_trial_layout *layout, struct smd_error *error)
{
	int err = 0;

	layout->domains = calloc(count_of(top, state) + 1, sizeof(*layout->domains));
	if (!layout->domains)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check's domains");
	for (const struct smd_node *node = smd_node_first(top); node && !err;
	     node = smd_node_next(node))
		if (is_called(node, state))
			err = read_domain(trial, node, layout, error);
	return err;
}

static int read_run(struct smd_trial *trial, const struct smd_node *top, struct smd_error *error)
{
	const char *run = smd_node_leaf(top, "run");

	if (!run || !is_word(run, sizeof(trial->name)))
		return fact_error(error, top, "run",
				  "a word of at most 39 letters, digits, '.', '_', '-'");
	memcpy(trial->name, run, strlen(run) + 1);
	return 0;
}

static int read_all(struct smd_trial *trial, const struct smd_node *top, struct smd_error *error)
{
	int err = read_run(trial, top, error);

	if (!err)
		err = read_hosts(trial, top, error);
	if (!err)
		err = read_layout(trial, top, "new", &trial->layouts[0], error);
	if (!err)
		err = read_layout(trial, top, "old", &trial->layouts[1], error);
	return err;
}

int smd_trial_new(const struct smd_tree *facts, struct smd_trial **out, struct smd_error *error)
{
	struct smd_trial *trial = calloc(1, sizeof(*trial));
	int err;

	if (!trial)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for the check");
	err = read_all(trial, smd_tree_top(facts), error);
	if (err)
		smd_trial_free(trial);
	else
		*out = trial;
	return err;
}

/* What was heard */

static int form_of(const char *name)
{
	for (size_t i = 0; i < smd_trial_form_count; i++)
		if (strcmp(smd_trial_forms[i].name, name) == 0)
			return (int)i;
	return -1;
}

/*
 * Read a label made by this plugin: `in.DOMAIN.HOST`, `in2.DOMAIN.HOST` or
 * `out.DOMAIN.HOST.FORM`.
 */
static int read_label(const struct smd_trial *trial, const char *label,
		      struct smd_trial_sound *sound)
{
	char name[WORD_SIZE] = "";
	unsigned domain, from;
	int end = 0;

	if (sscanf(label, "in.%5u.%5u%n", &domain, &from, &end) == 2 && !label[end])
		sound->form = FORM_FIRST;
	else if (sscanf(label, "in2.%5u.%5u%n", &domain, &from, &end) == 2 && !label[end])
		sound->form = FORM_SECOND;
	else if (sscanf(label, "out.%5u.%5u.%47s", &domain, &from, name) == 3 && form_of(name) >= 0)
		sound->form = form_of(name);
	else
		return SMD_E_INVALID;
	sound->domain = domain;
	sound->from = from;
	return domain < trial->now->count && from < trial->count ? 0 : SMD_E_INVALID;
}

/*
 * Do the tags belong to another domain on the host's port? They are written outermost first;
 * 802.1ad tags begin with a letter and belong to no domain.
 */
static int is_of_another_domain(const struct smd_trial *trial, const struct smd_trial_host *host,
				const struct smd_trial_sound *sound)
{
	unsigned vlan;

	if (sscanf(sound->tags, "%4u", &vlan) != 1)
		return 0;
	for (size_t i = 0; i < trial->now->count; i++) {
		const struct smd_trial_domain *domain = &trial->now->domains[i];

		if (i != sound->domain && domain->vlan == vlan &&
		    domain->seats[host - trial->hosts].place == PLACE_MEMBER)
			return 1;
	}
	return smd_set_has(&host->also, vlan);
}

int smd_trial_sound(struct smd_trial *trial, struct smd_trial_host *host, const char *line)
{
	char run[WORD_SIZE], label[WORD_SIZE];
	struct smd_trial_sound sound, *more;
	int end = 0;

	if (sscanf(line, "heard run=%47s from=%47s tag=%31s count=%9u%n", run, label, sound.tags,
		   &sound.count, &end) != 4 ||
	    line[end] || strcmp(run, trial->run) != 0)
		return SMD_E_INVALID;
	if (read_label(trial, label, &sound) != 0)
		return SMD_E_INVALID;
	if (is_of_another_domain(trial, host, &sound))
		return 0;
	if (host->sound_count == host->sound_room) {
		size_t room = host->sound_room ? host->sound_room * 2 : 16;

		more = room > SOUNDS_MOST ? NULL : reallocarray(host->sounds, room, sizeof(*more));
		if (!more)
			return SMD_E_NO_MEMORY;
		host->sounds = more;
		host->sound_room = room;
	}
	host->sounds[host->sound_count++] = sound;
	return 0;
}
