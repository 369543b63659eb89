/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/fragment.h"

#include <string.h>

#include "core/tree/own.h"

static int no_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a configuration");
}

/* Without a dialect, or where the driver is its own device, no line is known to remove anything. */
static int has_absences(const struct smd_language *language)
{
	return language->dialect && !language->driver->simulate;
}

/* Spelling: a driver may parse by its dialect, but spell lines as the device does */

static int add_missing(struct smd_node *to, const struct smd_node *from,
		       const struct smd_node *seen)
{
	int err = 0;

	for (const struct smd_node *node = smd_node_first(from); node && !err;
	     node = smd_node_next(node)) {
		const struct smd_node *there = smd_node_match(seen, node);
		const struct smd_node *own = there ? smd_node_match(to, node) : NULL;

		if (!there)
			err = smd_node_graft(to, node, NULL);
		else if (own)
			err = add_missing((struct smd_node *)own, node, there);
		err = err == SMD_E_EXISTS ? 0 : err;
	}
	return err;
}

/*
 * Take the statements as the driver spells them; what it passes over in a device's text, it does
 * not see.
 */
static int spell_statements(const struct smd_language *language, struct smd_fragment *fragment,
			    struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *spelled = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *seen = NULL;
	int err = smd_language_parse(language, fragment->stated, &spelled, error);

	if (!err)
		err = smd_dialect_parse(language->dialect, fragment->stated, &seen, error);
	if (err)
		return err;
	if (add_missing(smd_tree_root(spelled), smd_tree_top(fragment->statements),
			smd_tree_top(seen)))
		return no_memory(error);
	smd_tree_free(fragment->statements);
	fragment->statements = smd_take(spelled);
	return 0;
}

/* Copy lines `first` up to `end`, without the negation of the last, or with it. */
static int copy_lines(const struct smd_text *from, size_t first, size_t end, const char *negation,
		      int negates, struct smd_text *out)
{
	size_t length = strlen(negation);
	int err = 0;

	for (size_t i = first; i < end && !err; i++) {
		const char *line = smd_text_get(from, i, NULL);
		int blanks = (int)strspn(line, " ");

		if (i + 1 < end)
			err = smd_text_line(out, line);
		else if (negates)
			err = smd_text_linef(out, "%.*s%s %s", blanks, line, negation,
					     line + blanks);
		else
			err = smd_text_linef(out, "%.*s%s", blanks, line,
					     line + blanks + length + 1);
	}
	return err;
}

/* What is negated, as the driver spells it; empty: it is spelled as it was written. */
static int spell_positive(const struct smd_language *language, const struct smd_text *positive,
			  struct smd_text *out, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *spelled = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *written = NULL;
	int err = smd_language_parse(language, positive, &spelled, error);

	if (!err)
		err = smd_dialect_parse(language->dialect, positive, &written, error);
	if (err || smd_node_equal(smd_tree_top(spelled), smd_tree_top(written)))
		return err;
	return smd_language_print(language, spelled, out, error);
}

/* Put one absence, lines `first` up to `end`, as the driver spells it. */
static int spell_one(const struct smd_language *language, const struct smd_text *absences,
		     size_t first, size_t end, struct smd_text *out, struct smd_error *error)
{
	const char *negation = language->driver->dialect->negation;
	const char *last = smd_text_get(absences, end - 1, NULL);
	smd_cleanup(smd_text_free) struct smd_text *positive = NULL;
	smd_cleanup(smd_text_free) struct smd_text *spelled = NULL;
	int negated = !strncmp(last + strspn(last, " "), negation, strlen(negation));
	int err = smd_text_new(&positive, 0);

	if (!err)
		err = smd_text_new(&spelled, 0);
	if (!err && negated)
		err = copy_lines(absences, first, end, negation, 0, positive);
	if (err)
		return no_memory(error);
	err = negated ? spell_positive(language, positive, spelled, error) : 0;
	if (err)
		return err;
	if (smd_text_count(spelled) == end - first)
		err = copy_lines(spelled, 0, end - first, negation, 1, out);
	for (size_t i = first; smd_text_count(spelled) != end - first && i < end && !err; i++)
		err = smd_text_line(out, smd_text_get(absences, i, NULL));
	return err ? no_memory(error) : 0;
}

static int spell_absences(const struct smd_language *language, struct smd_fragment *fragment,
			  struct smd_error *error)
{
	smd_cleanup(smd_text_free) struct smd_text *out = NULL;
	size_t count = smd_text_count(fragment->absences), end;
	int err = smd_text_new(&out, 0) ? no_memory(error) : 0;

	for (size_t first = 0; first < count && !err; first = end) {
		end = first + 1;
		while (end < count && *smd_text_get(fragment->absences, end, NULL) == ' ')
			end++;
		err = spell_one(language, fragment->absences, first, end, out, error);
	}
	if (err)
		return err;
	smd_text_free(fragment->absences);
	fragment->absences = smd_take(out);
	return 0;
}

int smd_language_read_fragment(const struct smd_language *language,
			       const struct smd_wanted_lines *wanted, struct smd_fragment *out,
			       struct smd_error *error)
{
	int err;

	*out = (struct smd_fragment){NULL};
	if (!has_absences(language))
		return smd_language_parse(language, wanted->lines, &out->statements, error);
	err = smd_dialect_read_fragment(language->dialect, wanted, out, error);
	if (err || !language->driver->parse)
		return err;
	err = spell_statements(language, out, error);
	if (!err && out->absences)
		err = spell_absences(language, out, error);
	if (err)
		smd_fragment_done(out);
	return err;
}

int smd_language_enter_absences(const struct smd_language *language, struct smd_tree *tree,
				const struct smd_text *absences, struct smd_error *error)
{
	if (has_absences(language))
		return smd_dialect_enter_absences(language->dialect, tree, absences, error);
	return smd_fail(error, SMD_E_UNSUPPORTED, "driver \"%s\" has no commands that remove",
			language->driver->self.name);
}
