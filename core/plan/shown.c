/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/shown.h"

#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/plan/atom.h"
#include "core/tree/own.h"

static void pair_done(struct smd_shown_pair *pair)
{
	free(pair->sent);
	free(pair->shown);
	free(pair->sent_told);
	free(pair->shown_told);
	free(pair->release);
}

void smd_shown_done(struct smd_shown *shown)
{
	for (size_t i = 0; i < shown->count; i++)
		pair_done(&shown->pairs[i]);
	free(shown->pairs);
	*shown = (struct smd_shown){NULL, 0};
}

static int add_pair(struct smd_shown *shown, struct smd_shown_pair *pair_take)
{
	struct smd_shown_pair *all =
		reallocarray(shown->pairs, shown->count + 1, sizeof(*shown->pairs));

	if (!all) {
		pair_done(pair_take);
		return SMD_E_NO_MEMORY;
	}
	all[shown->count++] = *pair_take;
	shown->pairs = all;
	return 0;
}

/* The statement of a node as text; the caller's. `node` NULL: "". */
static char *text_of(const struct smd_node *node)
{
	smd_cleanup(free) char *path = node ? smd_atom_path(node) : NULL;
	const char *value = node ? smd_node_value(node, NULL) : NULL;
	char *text = NULL;

	if (!node)
		return strdup("");
	if (!path || asprintf(&text, "%s%s%s", path, value ? " = " : "", value ? value : "") < 0)
		return NULL;
	return text;
}

/* The same for people. */
static char *told_of(const struct smd_language *language, const struct smd_node *node)
{
	smd_cleanup(free) char *section = NULL;
	char *text = NULL;

	if (!node || !smd_language_is_secret(language, node))
		return text_of(node);
	section = smd_atom_path(smd_node_parent(node));
	if (!section || asprintf(&text, "%s/%s = %s", strcmp(section, "/") ? section : "",
				 smd_node_name(node), SMD_MASK) < 0)
		return NULL;
	return text;
}

/* Records */

static int on_record(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	struct smd_shown_pair pair = {NULL};
	const char *sent, *shown, *release;
	int err = smd_json_parse(value, size, key, &json, NULL);

	(void)revision;
	sent = smd_json_string(json, "sent");
	shown = smd_json_string(json, "shown");
	release = smd_json_string(json, "release");
	if (err || !sent || !shown || !release)
		return SMD_E_INVALID;
	pair = (struct smd_shown_pair){
		.sent = strdup(sent), .shown = strdup(shown), .release = strdup(release)};
	if (!pair.sent || !pair.shown || !pair.release) {
		pair_done(&pair);
		return SMD_E_NO_MEMORY;
	}
	return add_pair(arg, &pair);
}

int smd_shown_load(struct smd_shown *out, struct smd_store_thread *store_thread, const char *driver,
		   struct smd_error *error)
{
	char prefix[SMD_STORE_KEY];
	int err;

	*out = (struct smd_shown){NULL, 0};
	snprintf(prefix, sizeof(prefix), "%s ", driver);
	err = smd_store_thread_each(store_thread, "shown", prefix, on_record, out, error);
	if (!err)
		return 0;
	smd_shown_done(out);
	return err == SMD_E_INVALID
		       ? smd_fail(error, err, "a record of what driver \"%s\" shows is damaged",
				  driver)
		       : err;
}

void smd_shown_save(const struct smd_shown *shown, const char *driver, struct smd_batch *batch)
{
	char key[SMD_STORE_KEY], digest[SMD_SHA256_HEX];

	for (size_t i = 0; i < shown->count; i++) {
		const struct smd_shown_pair *pair = &shown->pairs[i];
		smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
		smd_cleanup(free) char *text = NULL;

		smd_json_put_string(json, "sent", pair->sent, &batch->err);
		smd_json_put_string(json, "shown", pair->shown, &batch->err);
		smd_json_put_string(json, "release", pair->release, &batch->err);
		text = json ? cJSON_PrintUnformatted(json) : NULL;
		if (!text || smd_sha256_hex(text, strlen(text), digest)) {
			batch->err = SMD_E_NO_MEMORY;
			return;
		}
		snprintf(key, sizeof(key), "%s %.32s", driver, digest);
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "shown", key, json);
	}
}

cJSON *smd_shown_json(const struct smd_shown *shown)
{
	cJSON *list = shown->count ? cJSON_CreateArray() : NULL;
	int err = 0;

	for (size_t i = 0; i < shown->count; i++) {
		cJSON *json = cJSON_CreateObject();

		smd_json_put_string(json, "sent", shown->pairs[i].sent_told, &err);
		smd_json_put_string(json, "shown", shown->pairs[i].shown_told, &err);
		smd_json_append(list, json, &err);
	}
	if (err)
		cJSON_Delete(smd_take(list));
	return list;
}

/* Taking one for the other */

struct applying {
	const struct smd_shown *shown;
	const char *release;
	const struct smd_tree *slice;
	struct smd_tree *tree;
};

static int is_text(const struct smd_node *node, const char *text, int *same)
{
	smd_cleanup(free) char *own = text_of(node);

	*same = own && !strcmp(own, text);
	return own ? 0 : SMD_E_NO_MEMORY;
}

/* The node of a section that is shown for this pair; NULL: there is none. */
static int find_shown(const struct smd_node *section, const struct smd_shown_pair *pair,
		      const struct smd_node **out)
{
	const struct smd_node *node = section ? smd_node_first(section) : NULL;
	int err = 0, same = 0;

	for (; node && !err && !same; node = same ? node : smd_node_next(node))
		err = is_text(node, pair->shown, &same);
	*out = same ? node : NULL;
	return err;
}

static int put_sent(const struct applying *applying, const struct smd_atom *atom,
		    const struct smd_shown_pair *pair)
{
	const struct smd_node *section = smd_atom_node(applying->tree, smd_node_parent(atom->node));
	const struct smd_node *there;
	int err = find_shown(section, pair, &there);

	if (err || !there)
		return err;
	if (!smd_atom_node(applying->slice, there))
		smd_node_remove(smd_node_edit(applying->tree, there));
	return pair->sent[0] ? smd_atom_put(applying->tree, atom) : 0;
}

/* Whether the pair is about this statement, or about what was added beside it. */
static int is_about(const struct smd_shown_pair *pair, const struct smd_node *node, int *answer)
{
	*answer = 0;
	return pair->sent[0] ? is_text(node, pair->sent, answer) : (*answer = 1, 0);
}

static int apply_to(void *arg, const struct smd_atom *atom)
{
	const struct applying *applying = arg;
	int err = 0, about;

	if (atom->numbers)
		return 0;
	for (size_t i = 0; i < applying->shown->count && !err; i++) {
		const struct smd_shown_pair *pair = &applying->shown->pairs[i];

		if (strcmp(pair->release, applying->release) != 0)
			continue;
		err = is_about(pair, atom->node, &about);
		if (!err && about && (!pair->sent[0] || !smd_atom_same(applying->tree, atom)))
			err = put_sent(applying, atom, pair);
	}
	return err;
}

int smd_shown_apply(const struct smd_shown *shown, const char *release,
		    const struct smd_tree *slice, struct smd_tree *tree)
{
	struct applying applying = {shown, release, slice, tree};

	return shown->count && slice
		       ? smd_atoms_each(slice, SMD_ATOMS_PARENTS_FIRST, apply_to, &applying)
		       : 0;
}

/* Finding pairs */

struct finding {
	const struct smd_shown_search *search;
	struct smd_shown *out;
	size_t first; /* index of the first pair of this search */
};

static int keep_pair(const struct finding *finding, const struct smd_node *sent,
		     const struct smd_node *shown)
{
	const struct smd_language *language = finding->search->language;
	struct smd_shown_pair pair = {.sent = text_of(sent),
				      .shown = text_of(shown),
				      .sent_told = told_of(language, sent),
				      .shown_told = told_of(language, shown),
				      .release = strdup(finding->search->release)};

	if (pair.sent && pair.shown && pair.sent_told && pair.shown_told && pair.release)
		return add_pair(finding->out, &pair);
	pair_done(&pair);
	return SMD_E_NO_MEMORY;
}

/*
 * Whether the node came with the change, is not intended, and has no pair yet. What was there with
 * another value is somebody's, unless it is what was sent (NULL: nothing) with a value.
 */
static int is_new(const struct finding *finding, const struct smd_node *sent,
		  const struct smd_node *node, int *answer)
{
	const struct smd_shown_search *search = finding->search;
	const struct smd_atom atom = {node, NULL};
	int is_sent = sent && smd_atom_node(search->now, sent) == node;
	int err = 0, same = 0;

	*answer = 0;
	if (smd_node_kind(node) == SMD_SET || smd_node_first(node) ||
	    (!is_sent && smd_atom_node(search->before, node)) ||
	    smd_atom_same(search->before, &atom) || smd_atom_same(search->goal, &atom))
		return 0;
	for (size_t i = finding->first; i < finding->out->count && !err && !same; i++)
		err = is_text(node, finding->out->pairs[i].shown, &same);
	*answer = !same;
	return err;
}

static int same_word(const char *a, const char *b)
{
	size_t length = strcspn(a, " ");

	return length == strcspn(b, " ") && !strncmp(a, b, length);
}

/* How well a node stands for what was sent; 0: not at all. */
static int likeness(const struct smd_node *sent, const struct smd_node *node)
{
	const char *a = smd_node_name(sent), *b = smd_node_name(node);

	if (smd_node_kind(sent) == smd_node_kind(node) && !strcmp(a, b))
		return 3;
	return !strcmp(a, b) ? 2 : same_word(a, b);
}

/* Whether the statement has the value that it had before: then what was sent has not acted. */
static int is_unmoved(const struct finding *finding, const struct smd_atom *atom)
{
	const struct smd_atom there = {smd_atom_node(finding->search->now, atom->node), NULL};

	return there.node && smd_atom_same(finding->search->before, &there);
}

/* Find what is shown in place of a statement that is not. */
static int find_pair(void *arg, const struct smd_atom *atom)
{
	const struct finding *finding = arg;
	const struct smd_tree *now = finding->search->now;
	const struct smd_node *section = smd_atom_node(now, smd_node_parent(atom->node));
	const struct smd_node *best = NULL;
	int most = 0, err = 0, fresh;

	if (atom->numbers || smd_node_first(atom->node) || smd_atom_same(now, atom) ||
	    is_unmoved(finding, atom))
		return 0;
	for (const struct smd_node *node = section ? smd_node_first(section) : NULL; node && !err;
	     node = smd_node_next(node)) {
		int like = likeness(atom->node, node);

		if (like <= most)
			continue;
		err = is_new(finding, atom->node, node, &fresh);
		if (!err && fresh) {
			best = node;
			most = like;
		}
	}
	return err || !best ? err : keep_pair(finding, atom->node, best);
}

/* Find what the device has added beside a statement, within a section. */
static int find_added(void *arg, const struct smd_atom *atom)
{
	const struct finding *finding = arg;
	const struct smd_node *section =
		smd_atom_node(finding->search->now, smd_node_parent(atom->node));
	int err = 0, fresh;

	if (atom->numbers || !section || !smd_node_parent(section))
		return 0;
	for (const struct smd_node *node = smd_node_first(section); node && !err;
	     node = smd_node_next(node)) {
		err = is_new(finding, NULL, node, &fresh);
		if (!err && fresh)
			err = keep_pair(finding, NULL, node);
	}
	return err;
}

int smd_shown_find(const struct smd_shown_search *search, struct smd_shown *out)
{
	struct finding finding = {search, out, out->count};
	int err = smd_atoms_each(search->wanted, SMD_ATOMS_PARENTS_FIRST, find_pair, &finding);

	return err ? err
		   : smd_atoms_each(search->wanted, SMD_ATOMS_PARENTS_FIRST, find_added, &finding);
}
