/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of <smartdeploy/dialect.h>: each borrows a grammar and asks the folders. */
#include "core/base/versioned.h"
#include "core/dialect/check/verify_patch.h"
#include "core/dialect/compiled.h"
#include "core/dialect/fragment.h"
#include "core/dialect/grammar/likeness.h"
#include "core/dialect/grammar/line_filter.h"
#include "core/dialect/pair.h"
#include "core/dialect/prefilter/prefilter.h"
#include "core/dialect/read/fragment.h"
#include "core/dialect/read/read.h"
#include "core/dialect/render/render.h"
#include "core/dialect/show/show.h"
#include "core/dialect/simulate/simulate.h"

int smd_dialect_check(const struct smd_dialect *dialect, struct smd_error *error)
{
	smd_cleanup(smd_grammar_free) struct smd_grammar *grammar = NULL;
	smd_cleanup(smd_line_filter_free) struct smd_line_filter *signs = NULL;
	int err = smd_grammar_new(dialect, &grammar, error);

	if (!err)
		err = smd_line_filter_new(smd_grammar_dialect(grammar)->signs, "signs", 1, &signs,
					  error);
	return err ? err : smd_grammar_check(grammar, error);
}

unsigned smd_dialect_likeness(const struct smd_dialect *dialect, const struct smd_text *text)
{
	struct smd_dialect own;

	smd_versioned_take(&own, sizeof(own), dialect, dialect->size);
	return smd_text_likeness(own.signs, text);
}

int smd_dialect_parse(const struct smd_compiled *dialect, const struct smd_text *text,
		      struct smd_tree **out, struct smd_error *error)
{
	return smd_dialect_parse_noted(dialect, text, NULL, out, error);
}

int smd_dialect_parse_noted(const struct smd_compiled *dialect, const struct smd_text *text,
			    struct smd_read_notes *notes, struct smd_tree **out,
			    struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_read_noted(grammar, text, NULL, notes, out, error);
}

int smd_dialect_read_pair(const struct smd_compiled *dialect, const struct smd_text *running,
			  const struct smd_text *intended, struct smd_read_notes notes[2],
			  struct smd_tree_pair *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_read_pair(grammar, running, intended, notes, out, error);
}

int smd_dialect_render(const struct smd_compiled *dialect, const struct smd_changes *changes,
		       struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_render_changes(grammar, changes, out, error);
}

int smd_dialect_simulate(const struct smd_compiled *dialect, struct smd_tree *tree,
			 const struct smd_text *lines, smd_step_fn on_step, void *arg,
			 struct smd_error *error)
{
	return smd_dialect_simulate_to(dialect, tree, NULL, lines, on_step, arg, error);
}

int smd_dialect_simulate_to(const struct smd_compiled *dialect, struct smd_tree *tree,
			    const struct smd_tree *goal, const struct smd_text *lines,
			    smd_step_fn on_step, void *arg, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	smd_cleanup(smd_device_free) struct smd_device *device = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	if (err)
		return err;
	smd_grammar_set_wanted(grammar, 1);
	err = smd_device_new(grammar, tree, goal, lines, &device, error);
	return err ? err : smd_device_enter(device, on_step, arg);
}

int smd_dialect_read_fragment(const struct smd_compiled *dialect,
			      const struct smd_wanted_lines *wanted, struct smd_fragment *out,
			      struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	if (err)
		return err;
	smd_grammar_set_wanted(grammar, 1);
	return smd_read_fragment(grammar, wanted, out, error);
}

int smd_dialect_enter_absences(const struct smd_compiled *dialect, struct smd_tree *tree,
			       const struct smd_text *absences, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	if (err)
		return err;
	smd_grammar_set_wanted(grammar, 1);
	return smd_enter_absences(grammar, tree, absences, error);
}

int smd_dialect_verify_partial(const struct smd_compiled *dialect,
			       const struct smd_changes *changes, const struct smd_text *lines,
			       const struct smd_unread *unread, int *unsure, smd_hazard_fn hazard,
			       void *arg, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	if (err)
		return err;
	smd_grammar_set_wanted(grammar, 1);
	return smd_verify_patch(grammar, changes, lines, unread, unsure, hazard, arg, error);
}

int smd_dialect_verify_patch(const struct smd_compiled *dialect, const struct smd_changes *changes,
			     const struct smd_text *lines, smd_hazard_fn hazard, void *arg,
			     struct smd_error *error)
{
	return smd_dialect_verify_partial(dialect, changes, lines, NULL, NULL, hazard, arg, error);
}

/* Print the tree, or flatten it (`flat`). */
static int print_or_flatten(const struct smd_compiled *dialect, const struct smd_tree *tree,
			    int flat, struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_print_tree(grammar, tree, flat, out, error);
}

int smd_dialect_print(const struct smd_compiled *dialect, const struct smd_tree *tree,
		      struct smd_text *out, struct smd_error *error)
{
	return print_or_flatten(dialect, tree, 0, out, error);
}

int smd_dialect_flatten(const struct smd_compiled *dialect, const struct smd_tree *tree,
			struct smd_text *out, struct smd_error *error)
{
	return print_or_flatten(dialect, tree, 1, out, error);
}

int smd_dialect_merge(const struct smd_compiled *dialect, const struct smd_tree *running,
		      const struct smd_tree *intended, struct smd_tree **out,
		      struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_merge_trees(grammar, running, intended, out, error);
}

int smd_dialect_preview(const struct smd_compiled *dialect, const struct smd_changes *changes,
			smd_preview_fn each, void *arg, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_preview_changes(grammar, changes, each, arg, error);
}

int smd_dialect_mask(const struct smd_compiled *dialect, const struct smd_text *lines,
		     struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;
	int err = smd_grammar_borrow(dialect, &grammar, error);

	return err ? err : smd_mask_lines(grammar, lines, out, error);
}

int smd_dialect_is_secret(const struct smd_compiled *dialect, const struct smd_node *node)
{
	smd_cleanup(smd_grammar_return) struct smd_grammar *grammar = NULL;

	return smd_grammar_borrow(dialect, &grammar, NULL) || smd_mask_is_secret(grammar, node);
}
