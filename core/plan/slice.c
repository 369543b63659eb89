/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/slice.h"

#include <stdio.h>
#include <string.h>

#include "core/base/secret_words.h"
#include "core/plan/atom.h"
#include "core/tree/own.h"
#include "core/tree/set_ops.h"

struct overlay {
	const struct smd_tree *running;
	const struct smd_slice_change *change;
	struct smd_ledger *ledger;
	struct smd_tree *target;
	struct smd_error *error;
};

static int out_of_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

static int fail_conflict(const struct overlay *overlay, const struct smd_atom *atom,
			 const char *path, const char *other)
{
	const struct smd_node *there = smd_atom_node(overlay->target, atom->node);
	int secret = smd_secret_is_at(path);

	smd_fail(overlay->error, SMD_E_CONFLICT, "\"%s\" wants \"%s\" where \"%s\" has \"%s\"",
		 overlay->change->owner, secret ? SMD_MASK : smd_node_value(atom->node, NULL),
		 other, secret ? SMD_MASK : smd_node_value(there, NULL));
	smd_error_where(overlay->error, "%s", path);
	smd_error_hint(overlay->error, "change one of the two configurations");
	return SMD_E_CONFLICT;
}

static char *memdup(const char *bytes, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		return NULL;
	memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

static int is_later(const struct smd_slice_change *change, const char *owner)
{
	for (size_t i = 0; i < change->later_count; i++)
		if (!strcmp(change->later[i], owner))
			return 1;
	return 0;
}

/* An owner of the node whose value must be kept; NULL: there is none. */
static const char *other_owner(const struct overlay *overlay, const struct smd_ledger_row *row)
{
	const struct smd_slice_change *change = overlay->change;

	for (size_t i = 0; i < row->owner_count; i++)
		if (strcmp(row->owners[i].name, change->owner) != 0 &&
		    !is_later(change, row->owners[i].name))
			return row->owners[i].name;
	return NULL;
}

/*
 * Enter the owner into the node's row. If nobody owned the node before, also note whether it
 * exists on the device and with what value. SMD_E_CONFLICT: another owner has it with another
 * value.
 */
static int claim_node(struct overlay *overlay, const struct smd_atom *atom, const char *path)
{
	const struct smd_node *before = smd_atom_node(overlay->running, atom->node);
	struct smd_ledger_row *row;
	const char *was, *other;
	int fresh;

	row = smd_ledger_add(overlay->ledger, path, &fresh);
	if (!row)
		return out_of_memory(overlay->error);
	if (fresh && before) {
		row->foreign = 1;
		was = smd_node_value(before, &row->was_size);
		row->was = was ? memdup(was, row->was_size) : NULL;
		if (was && !row->was)
			return out_of_memory(overlay->error);
	}
	other = other_owner(overlay, row);
	if (other && before && !smd_atom_same(overlay->target, atom))
		return fail_conflict(overlay, atom, path, other);
	return smd_ledger_row_add_owner(row, overlay->change->owner) ? out_of_memory(overlay->error)
								     : 0;
}

/* Does the device have another kind of node with the same name and keys? Then SMD_E_CONFLICT. */
static int is_another(const struct overlay *overlay, const struct smd_atom *atom, const char *path)
{
	const struct smd_node *there = smd_atom_node(overlay->target, atom->node);

	if (!there || smd_node_kind(there) == smd_node_kind(atom->node))
		return 0;
	smd_fail(overlay->error, SMD_E_CONFLICT,
		 "\"%s\" wants something of another kind than what the device has there",
		 overlay->change->owner);
	smd_error_where(overlay->error, "%s", path);
	return SMD_E_CONFLICT;
}

/* Enter the owner into the row for these numbers; its node has just been claimed. */
static int claim_numbers(struct overlay *overlay, const struct smd_atom *atom, const char *path)
{
	struct smd_ledger_row *row = smd_ledger_find(overlay->ledger, path);
	int err = row ? smd_ledger_row_add_numbers(row, overlay->change->owner, atom->numbers,
						   smd_atom_set(overlay->running, atom->node))
		      : SMD_E_INTERNAL;

	return err ? smd_fail(overlay->error, err, "the ledger has no room for numbers") : 0;
}

static int claim_atom(struct overlay *overlay, const struct smd_atom *atom, const char *path)
{
	if (!overlay->ledger)
		return 0;
	return atom->numbers ? claim_numbers(overlay, atom, path) : claim_node(overlay, atom, path);
}

static int want_atom(void *arg, const struct smd_atom *atom)
{
	struct overlay *overlay = arg;
	smd_cleanup(free) char *path = smd_atom_path(atom->node);
	int err;

	if (!path)
		return out_of_memory(overlay->error);
	err = is_another(overlay, atom, path);
	if (!err)
		err = claim_atom(overlay, atom, path);
	if (err)
		return err;
	err = smd_atom_put(overlay->target, atom);
	if (err) {
		smd_fail(overlay->error, err, "cannot be put into the configuration");
		smd_error_where(overlay->error, "%s", path);
	}
	return err;
}

/* The last owner has gone: remove the node, or give a foreign node its old value back. */
static int give_back(struct overlay *overlay, const struct smd_atom *atom,
		     const struct smd_ledger_row *row)
{
	const struct smd_node *there;

	if (!row || !row->foreign)
		return smd_atom_drop(overlay->target, atom);
	there = smd_atom_node(overlay->target, atom->node);
	if (!there || !row->was)
		return 0;
	return smd_node_set_value(smd_node_edit(overlay->target, there), row->was, row->was_size);
}

/* `row`: of the atom; NULL: there is no ledger. */
static int release_node(struct overlay *overlay, const struct smd_atom *atom,
			struct smd_ledger_row *row)
{
	const struct smd_tree *wanted = overlay->change->wanted;

	if (wanted && smd_atom_node(wanted, atom->node))
		return 0;
	if (row)
		smd_ledger_row_remove_owner(row, overlay->change->owner);
	return row && row->owner_count ? 0 : give_back(overlay, atom, row);
}

static int release_numbers(struct overlay *overlay, const struct smd_atom *atom,
			   struct smd_ledger_row *row)
{
	const struct smd_tree *wanted = overlay->change->wanted;
	smd_cleanup(smd_set_done) struct smd_set unwanted = {0};
	smd_cleanup(smd_set_done) struct smd_set lost = {0};
	struct smd_atom gone = {atom->node, row ? &lost : &unwanted};
	int err = smd_set_copy(&unwanted, atom->numbers);

	if (!err && wanted)
		err = smd_set_remove_all(&unwanted, smd_atom_set(wanted, atom->node));
	if (!err && row)
		err = smd_ledger_row_remove_numbers(row, overlay->change->owner, &unwanted, &lost);
	return err ? err : smd_atom_drop(overlay->target, &gone);
}

static int release(void *arg, const struct smd_atom *atom)
{
	struct overlay *overlay = arg;
	struct smd_ledger_row *row = NULL;
	int err;

	if (overlay->ledger) {
		smd_cleanup(free) char *path = smd_atom_path(atom->node);

		if (!path)
			return out_of_memory(overlay->error);
		row = smd_ledger_find(overlay->ledger, path);
		if (!row)
			return 0; /* not in the ledger: it was never ours, so it stays */
	}
	err = atom->numbers ? release_numbers(overlay, atom, row)
			    : release_node(overlay, atom, row);
	return err ? out_of_memory(overlay->error) : 0;
}

int smd_slice_overlay(const struct smd_tree *running, const struct smd_slice_change *change,
		      struct smd_ledger *ledger, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	struct overlay overlay = {running, change, ledger, NULL, error};
	int err = smd_tree_copy(&target, running);

	if (err)
		return out_of_memory(error);
	overlay.target = target;
	err = smd_atoms_each(change->wanted, SMD_ATOMS_PARENTS_FIRST, want_atom, &overlay);
	if (!err)
		err = smd_atoms_each(change->had, SMD_ATOMS_CHILDREN_FIRST, release, &overlay);
	if (!err && ledger && smd_ledger_prune(ledger))
		err = out_of_memory(error);
	if (!err)
		*out = smd_take(target);
	return err;
}

/* Restoring */

struct restore {
	const struct smd_tree *before;
	struct smd_tree *target;
};

/* Put those of the numbers into `part` that `tree` has, too. */
static int put_common(struct smd_tree *part, const struct smd_atom *atom,
		      const struct smd_tree *tree)
{
	smd_cleanup(smd_set_done) struct smd_set common = {0};
	struct smd_atom those = {atom->node, &common};
	int err = smd_set_copy(&common, atom->numbers);

	if (!err)
		err = smd_set_keep_all(&common, smd_atom_set(tree, atom->node));
	return err || !common.count ? err : smd_atom_put(part, &those);
}

static int put_back(void *arg, const struct smd_atom *atom)
{
	struct restore *restore = arg;
	struct smd_atom before = {smd_atom_node(restore->before, atom->node), NULL};

	if (atom->numbers)
		return put_common(restore->target, atom, restore->before);
	return before.node ? smd_atom_put(restore->target, &before) : 0;
}

static int take_away(void *arg, const struct smd_atom *atom)
{
	struct restore *restore = arg;
	smd_cleanup(smd_set_done) struct smd_set left = {0};
	struct smd_atom numbers = {atom->node, &left};

	if (!atom->numbers)
		return smd_atom_node(restore->before, atom->node)
			       ? 0
			       : smd_atom_drop(restore->target, atom);
	if (smd_set_minus(&left, atom->numbers, smd_atom_set(restore->before, atom->node)))
		return SMD_E_NO_MEMORY;
	return smd_atom_drop(restore->target, &numbers);
}

int smd_slice_restore(const struct smd_tree *now, const struct smd_tree *before,
		      const struct smd_tree *had, const struct smd_tree *wanted,
		      struct smd_tree **out)
{
	const struct smd_tree *slices[] = {had, wanted};
	smd_cleanup(smd_tree_free) struct smd_tree *target = NULL;
	struct restore restore = {before, NULL};
	int err = smd_tree_copy(&target, now);

	restore.target = target;
	for (size_t i = 0; i < SMD_COUNT(slices) && !err; i++)
		err = smd_atoms_each(slices[i], SMD_ATOMS_PARENTS_FIRST, put_back, &restore);
	for (size_t i = 0; i < SMD_COUNT(slices) && !err; i++)
		err = smd_atoms_each(slices[i], SMD_ATOMS_CHILDREN_FIRST, take_away, &restore);
	if (!err)
		*out = smd_take(target);
	return err;
}

/* Does restoring leave an atom as it is? Of what has an order only a copy tells. */
enum place { PLACE_KEPT, PLACE_LEFT, PLACE_UNSURE };

/* Would smd_atom_drop remove it? */
static int goes(const struct smd_node *node)
{
	if (smd_node_first(node))
		return 0;
	return smd_node_kind(node) != SMD_SET || !smd_node_set(node)->count;
}

static enum place place_of_numbers(const struct smd_tree *now, const struct smd_tree *before,
				   const struct smd_atom *atom)
{
	struct smd_set_walk walk = {
		.set = atom->numbers,
		.others = {smd_atom_set(now, atom->node), smd_atom_set(before, atom->node)}};

	while (smd_set_walk_next(&walk))
		if (walk.in == 1 || walk.in == 2) /* in one of the two alone */
			return PLACE_LEFT;
	return PLACE_KEPT;
}

static enum place place_of(const struct smd_tree *now, const struct smd_tree *before,
			   const struct smd_atom *atom)
{
	const struct smd_node *here = smd_atom_node(now, atom->node);
	struct smd_atom there = {smd_atom_node(before, atom->node), NULL};

	if (atom->numbers)
		return place_of_numbers(now, before, atom);
	if (!there.node)
		return here && goes(here) ? PLACE_LEFT : PLACE_KEPT;
	if (!here)
		return PLACE_LEFT;
	if (smd_node_kind(here) != smd_node_kind(there.node) || smd_node_ordered(there.node))
		return PLACE_UNSURE;
	return smd_atom_same(now, &there) ? PLACE_KEPT : PLACE_LEFT;
}

struct look {
	const struct smd_tree *now, *before;
	int unsure;
};

static int has_left(void *arg, const struct smd_atom *atom)
{
	struct look *look = arg;
	enum place place = place_of(look->now, look->before, atom);

	look->unsure |= place == PLACE_UNSURE;
	return place == PLACE_LEFT;
}

int smd_slice_is_at(const struct smd_tree *now, const struct smd_tree *before,
		    const struct smd_tree *had, const struct smd_tree *wanted)
{
	smd_cleanup(smd_tree_free) struct smd_tree *restored = NULL;
	struct look look = {now, before, 0};
	char path[SMD_ERROR_WHERE];
	int err;

	if (smd_atoms_each(had, SMD_ATOMS_PARENTS_FIRST, has_left, &look) ||
	    smd_atoms_each(wanted, SMD_ATOMS_PARENTS_FIRST, has_left, &look))
		return 0;
	if (!look.unsure)
		return 1;
	err = smd_slice_restore(now, before, had, wanted, &restored);
	if (!err)
		err = smd_tree_compare(now, restored, path, sizeof(path));
	if (err == SMD_E_DEVICE)
		return 0;
	return err ? err : 1;
}

/* The part of a tree that a change affects */

struct extract {
	const struct smd_tree *tree;
	struct smd_tree *part;
	const struct smd_node *taken; /* the last container that take_beside was called for */
};

/* Add the container's leaves, sets, members and blocks, without its sections and entries. */
static int take_beside(struct extract *extract, const struct smd_node *container)
{
	for (const struct smd_node *c = smd_node_first(container); c; c = smd_node_next(c)) {
		const struct smd_node *above = smd_atom_node(extract->part, container);
		int err;

		if (smd_node_kind(c) == SMD_SECTION || smd_node_kind(c) == SMD_ENTRY)
			continue;
		err = smd_node_graft(smd_node_edit(extract->part, above), c, NULL);
		if (err && err != SMD_E_EXISTS)
			return err;
	}
	return 0;
}

static int take_atom(void *arg, const struct smd_atom *atom)
{
	struct extract *extract = arg;
	struct smd_atom here = {smd_atom_node(extract->tree, atom->node), NULL};
	const struct smd_node *parent;
	int err = 0;

	if (atom->numbers)
		return put_common(extract->part, atom, extract->tree);
	if (here.node)
		err = smd_atom_put(extract->part, &here);
	parent = smd_atom_node(extract->tree, smd_node_parent(atom->node));
	if (err || !parent || smd_node_kind(parent) != SMD_ENTRY ||
	    smd_node_kind(atom->node) == SMD_ENTRY || smd_node_kind(atom->node) == SMD_SECTION ||
	    parent == extract->taken)
		return err;
	extract->taken = parent;
	return take_beside(extract, parent);
}

int smd_slice_affected(const struct smd_tree *tree, const struct smd_tree *had,
		       const struct smd_tree *wanted, struct smd_tree **out)
{
	smd_cleanup(smd_tree_free) struct smd_tree *part = NULL;
	struct extract extract = {.tree = tree};
	int err = smd_tree_new(&part);

	extract.part = part;
	if (!err)
		err = smd_atoms_each(had, SMD_ATOMS_PARENTS_FIRST, take_atom, &extract);
	if (!err)
		err = smd_atoms_each(wanted, SMD_ATOMS_PARENTS_FIRST, take_atom, &extract);
	if (!err)
		*out = smd_take(part);
	return err;
}

int smd_tree_compare(const struct smd_tree *a, const struct smd_tree *b, char *path, size_t size)
{
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	int err = smd_diff(a, b, &changes);

	if (err || !smd_changes_count(changes))
		return err;
	smd_change_path(smd_changes_get(changes, 0), path, size);
	return SMD_E_DEVICE;
}

int smd_slice_compare(const struct smd_tree *a, const struct smd_tree *b,
		      const struct smd_tree *had, const struct smd_tree *wanted, char *path,
		      size_t size)
{
	smd_cleanup(smd_tree_free) struct smd_tree *one = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *other = NULL;
	int err = smd_slice_affected(a, had, wanted, &one);

	if (!err)
		err = smd_slice_affected(b, had, wanted, &other);
	return err ? err : smd_tree_compare(one, other, path, size);
}

static int add_atom(void *arg, const struct smd_atom *atom)
{
	return smd_atom_put(arg, atom);
}

int smd_slice_union(const struct smd_tree *const *slices, size_t count, struct smd_tree **out)
{
	smd_cleanup(smd_tree_free) struct smd_tree *all = NULL;
	int err = 0;

	for (size_t i = 0; i < count && !err; i++) {
		if (slices[i] && !all)
			err = smd_tree_copy(&all, slices[i]);
		else
			err = smd_atoms_each(slices[i], SMD_ATOMS_PARENTS_FIRST, add_atom, all);
	}
	if (!err && !all)
		err = smd_tree_new(&all);
	if (!err)
		*out = smd_take(all);
	return err;
}

static int take_common(void *arg, const struct smd_atom *atom)
{
	struct extract *extract = arg;

	if (atom->numbers)
		return put_common(extract->part, atom, extract->tree);
	return smd_atom_node(extract->tree, atom->node) ? smd_atom_put(extract->part, atom) : 0;
}

int smd_slice_common(const struct smd_tree *had, const struct smd_tree *wanted,
		     struct smd_tree **out)
{
	smd_cleanup(smd_tree_free) struct smd_tree *part = NULL;
	struct extract extract = {.tree = wanted};
	int err = smd_tree_new(&part);

	extract.part = part;
	if (!err && wanted)
		err = smd_atoms_each(had, SMD_ATOMS_PARENTS_FIRST, take_common, &extract);
	if (!err)
		*out = smd_take(part);
	return err;
}

/* Finding what is missing */

struct missing {
	const struct smd_tree *tree;
	char *path;
	size_t size;
};

/* The first number that the tree lacks; -1 without numbers. */
static int64_t first_missing(const struct smd_tree *tree, const struct smd_atom *atom)
{
	struct smd_set_walk walk = {.set = atom->numbers};

	if (!atom->numbers)
		return -1;
	walk.others[0] = smd_atom_set(tree, atom->node);
	while (smd_set_walk_next(&walk))
		if (!walk.in)
			break;
	return walk.run.first;
}

static int is_missing(void *arg, const struct smd_atom *atom)
{
	const struct missing *missing = arg;

	if (smd_atom_same(missing->tree, atom))
		return 0;
	smd_atom_write_path(atom->node, first_missing(missing->tree, atom), missing->path,
			    missing->size);
	return 1;
}

int smd_slice_missing(const struct smd_tree *tree, const struct smd_tree *slice, char *path,
		      size_t size)
{
	struct missing missing = {tree, path, size};

	return smd_atoms_each(slice, SMD_ATOMS_PARENTS_FIRST, is_missing, &missing);
}
