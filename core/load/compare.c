/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/compare.h"

#include <stdio.h>
#include <string.h>

#include "core/base/array.h"
#include "core/dialect/pair.h"
#include "core/tree/own.h"

/*
 * pair    The trees, perhaps partial: only the sections that differ were parsed.
 * unsure  A problem was found that may come from a partial tree, so it must be checked with
 *         whole trees.
 */
struct compare {
	const struct smd_language *language;
	struct smd_comparison *out;
	struct smd_error *error;
	struct smd_tree_pair pair;
	struct smd_changes *changes;
	int unsure;
};

static int out_of_memory(const struct compare *compare)
{
	return smd_fail(compare->error, SMD_E_NO_MEMORY, "out of memory");
}

/* Results */

static void patch_done(struct smd_patch *patch)
{
	smd_text_free(patch->lines);
	for (size_t i = 0; i < patch->hazard_count; i++)
		free((char *)patch->hazards[i].what);
	free(patch->hazards);
}

void smd_comparison_done(struct smd_comparison *comparison)
{
	patch_done(&comparison->patch);
	patch_done(&comparison->undo);
	for (size_t i = 0; i < comparison->preview_count; i++)
		free(comparison->preview[i].text);
	free(comparison->preview);
	*comparison = (struct smd_comparison){0};
}

struct hazards {
	struct smd_patch *patch;
	int failed;
};

static void add_hazard(void *arg, const struct smd_hazard *hazard)
{
	struct hazards *hazards = arg;
	struct smd_patch *patch = hazards->patch;
	char *what = NULL;

	if (!smd_make_room(&patch->hazards, patch->hazard_count, &patch->hazard_room,
			   sizeof(*patch->hazards)))
		what = strdup(hazard->what);
	if (what)
		patch->hazards[patch->hazard_count++] =
			(struct smd_hazard){hazard->line, what, hazard->advice};
	else
		hazards->failed = 1;
}

static int add_preview_line(void *arg, char mark, unsigned depth, const char *text)
{
	struct smd_comparison *out = arg;
	char *copy = NULL;

	if (!smd_make_room(&out->preview, out->preview_count, &out->preview_room,
			   sizeof(*out->preview)))
		copy = strdup(text);
	if (!copy)
		return SMD_E_NO_MEMORY;
	out->preview[out->preview_count++] = (struct smd_preview_line){mark, depth, copy};
	return 0;
}

/* Reading */

int smd_language_parse_named(const struct smd_language *language, const struct smd_named_text *text,
			     struct smd_read_notes *notes, struct smd_tree **out,
			     struct smd_error *error)
{
	char where[SMD_ERROR_WHERE];
	int err =
		language->dialect && !language->driver->parse
			? smd_dialect_parse_noted(language->dialect, text->text, notes, out, error)
			: smd_language_parse(language, text->text, out, error);

	if (err) {
		snprintf(where, sizeof(where), "%.200s", error->where);
		smd_error_where(error, "%s%s%s", text->name, *where ? ": " : "", where);
	}
	return err;
}

/* Does the dialect do all, so that trees may lack what it knows to be alike? */
static int is_dialect_alone(const struct smd_language *language)
{
	const struct smd_driver *driver = language->driver;

	return language->dialect && !driver->parse && !driver->render && !driver->simulate &&
	       !driver->safe;
}

/*
 * Parse both texts. Without `whole`, only sections that differ are parsed if the driver has a
 * dialect and nothing of its own; a merge needs whole trees.
 */
static int read_both(struct compare *compare, const struct smd_named_text *running,
		     const struct smd_named_text *intended, int whole)
{
	const struct smd_language *language = compare->language;
	int err;

	if (!whole && is_dialect_alone(language) &&
	    !smd_dialect_read_pair(language->dialect, running->text, intended->text,
				   compare->out->notes, &compare->pair, NULL))
		return 0;
	smd_tree_pair_done(&compare->pair);
	err = smd_language_parse_named(language, running, &compare->out->notes[0],
				       &compare->pair.from, compare->error);
	return err ? err
		   : smd_language_parse_named(language, intended, &compare->out->notes[1],
					      &compare->pair.to, compare->error);
}

static int merge(struct compare *compare)
{
	const struct smd_language *language = compare->language;
	struct smd_tree *merged;
	int err;

	if (!language->dialect)
		return smd_fail(compare->error, SMD_E_UNSUPPORTED,
				"driver \"%s\" has no dialect to merge by",
				language->driver->self.name);
	err = smd_dialect_merge(language->dialect, compare->pair.from, compare->pair.to, &merged,
				compare->error);
	if (err)
		return err;
	smd_tree_free(compare->pair.to);
	compare->pair.to = merged;
	return 0;
}

/* Patches */

/*
 * Verify a patch. On partial trees an error may come from the missing parts; then `unsure` is
 * set.
 */
static int verify(struct compare *compare, const struct smd_changes *changes,
		  struct smd_patch *patch, struct hazards *hazards)
{
	const struct smd_language *language = compare->language;
	int err;

	if (!compare->pair.partial)
		return smd_language_verify_patch(language, changes, patch->lines, add_hazard,
						 hazards, compare->error);
	err = smd_dialect_verify_partial(language->dialect, changes, patch->lines,
					 &compare->pair.unread, &compare->unsure, add_hazard,
					 hazards, compare->error);
	compare->unsure |= err != 0;
	return err;
}

static int make_patch(struct compare *compare, const struct smd_changes *changes,
		      struct smd_patch *patch)
{
	struct hazards hazards = {patch, 0};
	int err = smd_text_new(&patch->lines, 0);

	if (err)
		return out_of_memory(compare);
	err = smd_language_render(compare->language, changes, patch->lines, compare->error);
	if (!err)
		err = verify(compare, changes, patch, &hazards);
	return !err && hazards.failed ? out_of_memory(compare) : err;
}

static int make_undo(struct compare *compare)
{
	smd_cleanup(smd_changes_free) struct smd_changes *back = NULL;
	int err = smd_language_diff(compare->pair.to, compare->pair.from, &back, compare->error);

	return err ? err : make_patch(compare, back, &compare->out->undo);
}

/* Without a dialect, the preview shows each change by its path. */
static int preview_paths(struct compare *compare)
{
	static const char marks[] = {[SMD_CHANGE_ADD] = '+',
				     [SMD_CHANGE_REMOVE] = '-',
				     [SMD_CHANGE_VALUE] = '~',
				     [SMD_CHANGE_NUMBERS] = '~',
				     [SMD_CHANGE_MOVE] = '~'};
	int err = 0;

	for (size_t i = 0; i < smd_changes_count(compare->changes) && !err; i++) {
		const struct smd_change *change = smd_changes_get(compare->changes, i);
		size_t size = smd_change_path(change, NULL, 0) + 1;
		smd_cleanup(free) char *path = malloc(size);

		if (!path)
			return out_of_memory(compare);
		smd_change_path(change, path, size);
		err = add_preview_line(compare->out, marks[change->op], 0, path);
	}
	return err ? out_of_memory(compare) : 0;
}

static int make_preview(struct compare *compare)
{
	const struct smd_compiled *dialect = compare->language->dialect;

	return dialect ? smd_dialect_preview(dialect, compare->changes, add_preview_line,
					     compare->out, compare->error)
		       : preview_paths(compare);
}

static int compare_trees(struct compare *compare, unsigned flags)
{
	int err = smd_language_diff(compare->pair.from, compare->pair.to, &compare->changes,
				    compare->error);

	if (err)
		return err;
	compare->out->equal = !smd_changes_count(compare->changes);
	if (flags & SMD_COMPARE_PATCH)
		err = make_patch(compare, compare->changes, &compare->out->patch);
	if (!err && flags & SMD_COMPARE_UNDO)
		err = make_undo(compare);
	if (!err && flags & SMD_COMPARE_PREVIEW)
		err = make_preview(compare);
	return err;
}

int smd_language_compare(const struct smd_language *language, const struct smd_named_text *running,
			 const struct smd_named_text *intended, unsigned flags,
			 struct smd_comparison *out, struct smd_error *error)
{
	int whole = (flags & SMD_COMPARE_MERGE) != 0, err;
	struct compare compare = {.unsure = 0};

	do {
		compare = (struct compare){language, out, error, .pair = {NULL}};
		smd_comparison_done(out);
		err = read_both(&compare, running, intended, whole);
		if (!err && flags & SMD_COMPARE_MERGE)
			err = merge(&compare);
		if (!err)
			err = compare_trees(&compare, flags);
		smd_changes_free(compare.changes);
		smd_tree_pair_done(&compare.pair);
	} while (compare.unsure && !whole++);
	return err;
}
