/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/removal.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/atom.h"
#include "core/tree/own.h"
#include "core/tree/set_ops.h"

static int out_of_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

/* What is in one tree and not in another */

/* A walk over the atoms of `tree` that `other` lacks; of a list, its numbers that it lacks. */
struct lack {
	const struct smd_tree *other;
	smd_atom_fn each;
	void *arg;
};

static int visit_atom(void *arg, const struct smd_atom *atom)
{
	const struct lack *lack = arg;
	smd_cleanup(smd_set_done) struct smd_set numbers = {0};
	struct smd_atom those = {atom->node, &numbers};
	int err;

	if (!atom->numbers)
		return smd_atom_node(lack->other, atom->node) ? 0 : lack->each(lack->arg, atom);
	err = smd_set_copy(&numbers, atom->numbers);
	if (!err)
		err = smd_set_remove_all(&numbers, smd_atom_set(lack->other, atom->node));
	return err || !numbers.count ? err : lack->each(lack->arg, &those);
}

static int each_lacking(const struct smd_tree *tree, const struct smd_tree *other,
			enum smd_atom_order order, smd_atom_fn each, void *arg)
{
	struct lack lack = {other, each, arg};

	return smd_atoms_each(tree, order, visit_atom, &lack);
}

static int put_into(void *arg, const struct smd_atom *atom)
{
	return smd_atom_put_with_sections(arg, atom);
}

/* A copy of the tree, into which the lines were entered. */
static int enter(const struct smd_language *language, const struct smd_tree *tree,
		 const struct smd_text *lines, struct smd_tree **out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *left = NULL;
	int err;

	if (smd_tree_copy(&left, tree))
		return out_of_memory(error);
	err = smd_language_enter_absences(language, left, lines, error);
	if (!err)
		*out = smd_take(left);
	return err;
}

/* What returns */

struct coming_back {
	struct smd_tree *tree, *returned;
};

static int bring_back(void *arg, const struct smd_atom *atom)
{
	struct coming_back *back = arg;
	int err;

	if (!atom->numbers && smd_atom_node(back->tree, atom->node))
		return 0;
	err = smd_atom_put(back->tree, atom);
	if (err == SMD_E_NOT_FOUND)
		return 0;
	return err ? err : smd_atom_put_with_sections(back->returned, atom);
}

int smd_removal_return(struct smd_removal *removal, const char *owner, struct smd_tree *tree,
		       struct smd_error *error)
{
	const struct smd_absence *absence = smd_absences_find(removal->before, owner);
	smd_cleanup(smd_tree_free) struct smd_tree *sections = NULL;
	struct coming_back back = {tree, removal->returned};
	int err;

	if (!absence)
		return 0;
	err = enter(removal->language, absence->was, absence->lines, &sections, error);
	if (!err &&
	    each_lacking(absence->was, sections, SMD_ATOMS_PARENTS_FIRST, bring_back, &back))
		err = out_of_memory(error);
	return err;
}

/* What goes */

/*
 * One absence being carried out. had: it as it was before; NULL: it is new. drifted: what it would
 * have removed from the running configuration, so that it came there meanwhile. left: `tree`
 * without what the absence removes. is_own: it is of one of the owners.
 */
struct taking {
	struct smd_removal *removal;
	struct smd_absence *absence;
	const struct smd_absence *had;
	const struct smd_removal_owner *owners;
	size_t owner_count;
	const struct smd_ledger *ledger;
	const struct smd_tree *tree;
	struct smd_tree *drifted, *left, *target;
	int is_own;
	struct smd_error *error;
};

static int fail_conflict(const struct taking *taking, const struct smd_atom *atom,
			 const char *other)
{
	const char *owner = taking->absence->owner;
	smd_cleanup(free) char *path = smd_atom_path(atom->node);
	int same = !strcmp(owner, other);

	if (same)
		smd_fail(taking->error, SMD_E_CONFLICT,
			 "\"%s\" wants the same to be there and to be absent", owner);
	else
		smd_fail(taking->error, SMD_E_CONFLICT,
			 "\"%s\" wants to be absent what \"%s\" wants to be there", owner, other);
	smd_error_where(taking->error, "%s", path ? path : "");
	smd_error_hint(taking->error, same ? "remove one of the two lines"
					   : "change one of the two configurations");
	return SMD_E_CONFLICT;
}

static int has_some(const struct smd_set *set, const struct smd_set *numbers, int *answer)
{
	smd_cleanup(smd_set_done) struct smd_set common = {0};
	int err = smd_set_copy(&common, numbers);

	if (!err)
		err = smd_set_keep_all(&common, set);
	*answer = common.count > 0;
	return err;
}

/* Who owns the atom, or some of its numbers; NULL: nobody. */
static int find_owner(const struct taking *taking, const struct smd_atom *atom, const char **owner)
{
	smd_cleanup(free) char *path = smd_atom_path(atom->node);
	const struct smd_ledger_row *row = path ? smd_ledger_find(taking->ledger, path) : NULL;
	int err = path ? 0 : SMD_E_NO_MEMORY, owns = 1;

	*owner = NULL;
	for (size_t i = 0; row && !err && i < row->owner_count && !*owner; i++) {
		if (atom->numbers)
			err = has_some(&row->owners[i].numbers, atom->numbers, &owns);
		if (owns)
			*owner = row->owners[i].name;
	}
	return err;
}

/* Who of those whose change this is wants it; NULL: nobody. */
static const char *find_wanting(const struct taking *taking, const struct smd_atom *atom)
{
	for (size_t i = 0; i < taking->owner_count; i++) {
		const struct smd_tree *wanted = taking->owners[i].wanted;

		if (wanted && (atom->numbers ? smd_atom_same(wanted, atom)
					     : smd_atom_node(wanted, atom->node) != NULL))
			return taking->owners[i].name;
	}
	return NULL;
}

/* What others' absences would remove is left alone unless it has just returned. */
static int stays(const struct taking *taking, const struct smd_atom *atom)
{
	return !taking->is_own && !smd_atom_node(taking->removal->returned, atom->node);
}

/* Whether it came after the absence began, so that it does not return. */
static int is_drifted(const struct taking *taking, const struct smd_atom *atom)
{
	return taking->had && smd_atom_node(taking->drifted, atom->node) &&
	       !smd_atom_node(taking->had->was, atom->node);
}

static int note_gone(void *arg, const struct smd_atom *atom)
{
	const struct taking *taking = arg;
	const char *other = NULL;
	int err = 0;

	if (taking->is_own)
		err = find_owner(taking, atom, &other);
	else
		other = find_wanting(taking, atom);
	if (err)
		return err;
	if (other)
		return fail_conflict(taking, atom, other);
	if (stays(taking, atom))
		return 0;
	err = smd_atom_put_with_sections(taking->removal->gone, atom);
	return err || is_drifted(taking, atom)
		       ? err
		       : smd_atom_put_with_sections(taking->absence->was, atom);
}

static int take_away(void *arg, const struct smd_atom *atom)
{
	const struct taking *taking = arg;

	return stays(taking, atom) ? 0 : smd_atom_drop(taking->target, atom);
}

/* What returns has the value that it had before, whatever stands there now. */
static int keep_value(void *arg, const struct smd_atom *atom)
{
	const struct taking *taking = arg;

	if (atom->numbers || !smd_atom_node(taking->absence->was, atom->node))
		return 0;
	return smd_atom_put(taking->absence->was, atom);
}

/* Find what the absence would have removed before the change: nothing, unless it came meanwhile. */
static int find_drifted(struct taking *taking)
{
	const struct smd_removal *removal = taking->removal;
	smd_cleanup(smd_tree_free) struct smd_tree *left = NULL;
	int err;

	if (!taking->had)
		return 0;
	err = enter(removal->language, removal->running, taking->had->lines, &left, taking->error);
	if (!err && (smd_tree_new(&taking->drifted) ||
		     each_lacking(removal->running, left, SMD_ATOMS_PARENTS_FIRST, put_into,
				  taking->drifted)))
		err = out_of_memory(taking->error);
	return err;
}

static int find_gone(struct taking *taking)
{
	int err = find_drifted(taking);

	if (!err)
		err = enter(taking->removal->language, taking->tree, taking->absence->lines,
			    &taking->left, taking->error);
	if (err)
		return err;
	err = each_lacking(taking->tree, taking->left, SMD_ATOMS_PARENTS_FIRST, note_gone, taking);
	return err == SMD_E_NO_MEMORY ? out_of_memory(taking->error) : err;
}

static int carry_out(struct taking *taking)
{
	if (smd_tree_copy(&taking->target, taking->tree) ||
	    each_lacking(taking->tree, taking->left, SMD_ATOMS_CHILDREN_FIRST, take_away, taking))
		return out_of_memory(taking->error);
	if (taking->had &&
	    smd_atoms_each(taking->had->was, SMD_ATOMS_PARENTS_FIRST, keep_value, taking))
		return out_of_memory(taking->error);
	return 0;
}

static int is_owner(const struct taking *taking, const char *name)
{
	for (size_t i = 0; i < taking->owner_count; i++)
		if (!strcmp(taking->owners[i].name, name))
			return 1;
	return 0;
}

/* Carry out one absence; `*tree` becomes the one without what it removes. */
static int take_one(struct taking taking, struct smd_tree **tree)
{
	int err;

	taking.tree = *tree;
	taking.is_own = is_owner(&taking, taking.absence->owner);
	taking.had = smd_absences_find(taking.removal->before, taking.absence->owner);
	err = find_gone(&taking);
	if (!err)
		err = carry_out(&taking);
	smd_tree_free(taking.left);
	smd_tree_free(taking.drifted);
	if (err) {
		smd_tree_free(taking.target);
		return err;
	}
	smd_tree_free(*tree);
	*tree = taking.target;
	return 0;
}

int smd_removal_take_all(struct smd_removal *removal, const struct smd_removal_owner *owners,
			 size_t owner_count, const struct smd_ledger *ledger,
			 struct smd_tree **tree, struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < removal->after.count && !err; i++)
		err = take_one((struct taking){.removal = removal,
					       .absence = &removal->after.all[i],
					       .owners = owners,
					       .owner_count = owner_count,
					       .ledger = ledger,
					       .error = error},
			       tree);
	return err;
}

/* What removes nothing */

/* Lines `first` up to `end` of an absence: one command with the sections around it. */
static int copy_command(const struct smd_text *lines, size_t first, size_t end,
			struct smd_text *out)
{
	int err = 0;

	for (size_t i = first; i < end && !err; i++)
		err = smd_text_line(out, smd_text_get(lines, i, NULL));
	return err;
}

static int found(void *arg, const struct smd_atom *atom)
{
	(void)arg;
	(void)atom;
	return 1;
}

/* Does the command remove some of the tree? 1, 0, or SMD_E_NO_MEMORY; what cannot be told is 1. */
static int removes(const struct smd_language *language, const struct smd_tree *tree,
		   const struct smd_text *command)
{
	smd_cleanup(smd_tree_free) struct smd_tree *left = NULL;
	int err = enter(language, tree, command, &left, NULL);

	if (err)
		return err == SMD_E_NO_MEMORY ? err : 1;
	return each_lacking(tree, left, SMD_ATOMS_PARENTS_FIRST, found, NULL);
}

int smd_removal_find_idle(const struct smd_removal *removal, const char *owner,
			  struct smd_text *out, struct smd_error *error)
{
	const struct smd_absence *absence = smd_absences_find(&removal->after, owner);
	smd_cleanup(smd_tree_free) struct smd_tree *taken = NULL;
	size_t count = absence ? smd_text_count(absence->lines) : 0, end;

	if (!count)
		return 0;
	if (smd_tree_copy(&taken, removal->gone) ||
	    (absence->was &&
	     smd_atoms_each(absence->was, SMD_ATOMS_PARENTS_FIRST, put_into, taken)))
		return out_of_memory(error);
	for (size_t first = 0; first < count; first = end) {
		smd_cleanup(smd_text_free) struct smd_text *command = NULL;
		int acts;

		end = first + 1;
		while (end < count && *smd_text_get(absence->lines, end, NULL) == ' ')
			end++;
		if (smd_text_new(&command, 0) || copy_command(absence->lines, first, end, command))
			return out_of_memory(error);
		acts = removes(removal->language, taken, command);
		if (acts == SMD_E_NO_MEMORY ||
		    (!acts && copy_command(absence->lines, first, end, out)))
			return out_of_memory(error);
	}
	return 0;
}

int smd_removal_begin(struct smd_removal *removal, const struct smd_language *language,
		      const struct smd_absences *before, const struct smd_tree *running,
		      struct smd_error *error)
{
	*removal = (struct smd_removal){.language = language, .before = before, .running = running};
	return smd_tree_new(&removal->returned) || smd_tree_new(&removal->gone)
		       ? out_of_memory(error)
		       : 0;
}

void smd_removal_done(struct smd_removal *removal)
{
	smd_absences_done(&removal->after);
	smd_tree_free(removal->returned);
	smd_tree_free(removal->gone);
}

/* Looking */

struct look {
	char *path;
	size_t size;
};

static int tell(void *arg, const struct smd_atom *atom)
{
	const struct look *look = arg;

	smd_atom_write_path(atom->node, -1, look->path, look->size);
	return 1;
}

int smd_absence_broken(const struct smd_language *language, const struct smd_tree *tree,
		       const struct smd_text *lines, char *path, size_t size,
		       struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *left = NULL;
	struct look look = {path, size};
	int err = enter(language, tree, lines, &left, error);

	return err ? err : each_lacking(tree, left, SMD_ATOMS_PARENTS_FIRST, tell, &look);
}
