/* SPDX-License-Identifier: Apache-2.0 */
/* Checks of the laws (share/doc/design.md) on golden cases and on random mutations of them. */
#include <stdio.h>
#include <string.h>

#include "core/kit/check.h"
#include "core/kit/mutate.h"

#define ROUNDS 400
#define CASES 2 /* minimum number of golden cases */

static void compare_with_file(struct smd_kit *kit, const struct smd_golden *golden,
			      const char *file, const struct smd_text *lines)
{
	smd_cleanup(smd_text_free) struct smd_text *wanted = NULL;
	smd_cleanup(free) char *path = NULL;

	if (asprintf(&path, "%s/%s", golden->folder, file) < 0) {
		path = NULL;
		smd_kit_hold(kit, 0, "out of memory");
		return;
	}
	if (kit->spec->update)
		smd_kit_hold(kit, !smd_bench_write(path, lines), "cannot write %s", path);
	wanted = smd_bench_read(path);
	if (smd_kit_hold(kit, wanted != NULL, "there is no %s", path) &&
	    !smd_kit_hold(kit, smd_bench_same_lines(wanted, lines),
			  "%s differs from what is "
			  "rendered",
			  path)) {
		smd_kit_show_text(kit, "wanted", wanted);
		smd_kit_show_text(kit, "rendered", lines);
	}
}

void smd_check_golden(struct smd_kit *kit)
{
	struct smd_bench *bench = &kit->bench;

	if (!smd_kit_hold(kit, kit->spec->golden != NULL,
			  "there are no golden cases: no folder testdata beside the driver") ||
	    !smd_kit_hold(kit, !kit->unread, "%s", bench->error.message))
		return;
	smd_kit_hold(kit, kit->goldens.count >= CASES,
		     "there are %zu golden cases; fewer than %d show little", kit->goldens.count,
		     CASES);
	for (size_t i = 0; i < kit->goldens.count; i++) {
		const struct smd_golden *golden = &kit->goldens.list[i];
		smd_cleanup(smd_text_free) struct smd_text *patch = NULL;
		smd_cleanup(smd_text_free) struct smd_text *undo = NULL;

		smd_kit_at(kit, "case %s", golden->name);
		patch = smd_bench_payload(bench, golden->running, golden->intended);
		undo = patch ? smd_bench_payload(bench, golden->intended, golden->running) : NULL;
		if (!smd_kit_hold(kit, undo != NULL, "%s: %s", golden->name, bench->error.message))
			continue;
		compare_with_file(kit, golden, "patch", patch);
		compare_with_file(kit, golden, "undo", undo);
	}
}

/* Law 1: what was parsed prints as text that parses to the same tree. */
void smd_check_law_1(struct smd_kit *kit, const char *where, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *text = smd_bench_print(&kit->bench, tree);
	smd_cleanup(smd_tree_free) struct smd_tree *again =
		text ? smd_bench_parse(&kit->bench, text) : NULL;

	if (smd_kit_hold(kit, smd_bench_same(tree, again), "law 1, %s: %s", where,
			 again ? "printed and parsed again it is another tree"
			       : kit->bench.error.message))
		return;
	smd_kit_show_tree(kit, "tree", tree);
	if (text)
		smd_kit_show_text(kit, "printed", text);
	smd_kit_show_tree(kit, "parsed again", again);
}

/* Law 2, or law 3 for an undo: entering the payload gives the wanted tree. */
static void check_entering(struct smd_kit *kit, const char *law, const char *where,
			   const struct smd_tree *from, const struct smd_tree *to,
			   const struct smd_text *payload)
{
	smd_cleanup(smd_tree_free) struct smd_tree *tree =
		smd_bench_enter(&kit->bench, from, to, payload);

	if (smd_kit_hold(kit, smd_bench_same(tree, to), "%s, %s: %s", law, where,
			 tree ? "the lines lead to another tree" : kit->bench.error.message))
		return;
	smd_kit_show_tree(kit, "from", from);
	smd_kit_show_text(kit, "lines", payload);
	smd_kit_show_tree(kit, "came to", tree);
	smd_kit_show_tree(kit, "wanted", to);
}

/* Law 4: there is no change between a tree and itself. */
static void check_law_4(struct smd_kit *kit, const char *where, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *payload =
		smd_bench_payload(&kit->bench, tree, tree);

	if (smd_kit_hold(kit, payload && !smd_text_count(payload),
			 "law 4, %s: there are lines between a tree and itself", where) ||
	    !payload)
		return;
	smd_kit_show_tree(kit, "tree", tree);
	smd_kit_show_text(kit, "lines", payload);
}

/*
 * Check all laws between two trees. Returns 0 if the driver refuses to lead from one to the
 * other.
 */
static int check_between(struct smd_kit *kit, const char *where, const struct smd_tree *a,
			 const struct smd_tree *b)
{
	struct smd_bench *bench = &kit->bench;
	smd_cleanup(smd_text_free) struct smd_text *patch = smd_bench_payload(bench, a, b);
	smd_cleanup(smd_text_free) struct smd_text *undo =
		patch ? smd_bench_payload(bench, b, a) : NULL;

	if (!patch || (!undo && bench->error.code == SMD_E_UNSUPPORTED))
		return 0; /* a refusal with an error message is allowed */
	smd_check_law_1(kit, where, b);
	check_entering(kit, "law 2", where, a, b, patch);
	if (smd_kit_hold(kit, undo != NULL, "law 3, %s: what was rendered has no undo: %s", where,
			 bench->error.message))
		check_entering(kit, "law 3", where, b, a, undo);
	check_law_4(kit, where, b);
	return 1;
}

void smd_check_laws(struct smd_kit *kit)
{
	for (size_t i = 0; i < kit->goldens.count; i++) {
		const struct smd_golden *golden = &kit->goldens.list[i];

		smd_kit_at(kit, "case %s", golden->name);
		smd_check_law_1(kit, golden->name, golden->running);
		smd_kit_hold(kit,
			     check_between(kit, golden->name, golden->running, golden->intended),
			     "%s: %s", golden->name, kit->bench.error.message);
	}
	if (!kit->goldens.count)
		smd_kit_skip(kit, "there are no golden cases");
}

static size_t collect_trees(const struct smd_kit *kit, const struct smd_tree **trees)
{
	size_t count = 0;

	for (size_t i = 0; i < kit->goldens.count; i++) {
		trees[count++] = kit->goldens.list[i].running;
		trees[count++] = kit->goldens.list[i].intended;
	}
	return count;
}

/* A random tree in the form that parsing gives, made by printing and parsing a mutated one. */
static struct smd_tree *random_tree(struct smd_kit *kit, const struct smd_tree *from,
				    const struct smd_donors *donors)
{
	unsigned edits = 1 + smd_prng_below(&kit->prng, 6);
	smd_cleanup(smd_tree_free) struct smd_tree *rough =
		smd_mutate_tree(&kit->prng, from, donors, edits);
	smd_cleanup(smd_text_free) struct smd_text *text =
		rough ? smd_bench_print(&kit->bench, rough) : NULL;

	return text ? smd_bench_parse(&kit->bench, text) : NULL;
}

static unsigned check_pair(struct smd_kit *kit, const struct smd_donors *donors, unsigned round)
{
	const struct smd_tree *from =
		donors->trees[smd_prng_below(&kit->prng, (uint32_t)donors->count)];
	smd_cleanup(smd_tree_free) struct smd_tree *a = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *b = NULL;
	char where[32];

	snprintf(where, sizeof(where), "round %u", round);
	smd_kit_at(kit, "%s", where);
	a = random_tree(kit, from, donors);
	b = a ? random_tree(kit, a, donors) : NULL;
	return b ? (unsigned)check_between(kit, where, a, b) : 0;
}

void smd_check_mutations(struct smd_kit *kit)
{
	const struct smd_tree *trees[2 * SMD_GOLDEN_MOST];
	const struct smd_donors donors = {trees, collect_trees(kit, trees)};
	unsigned led = 0;

	if (!donors.count) {
		smd_kit_skip(kit, "there are no golden cases");
		return;
	}
	for (unsigned i = 0; i < ROUNDS && !kit->failed; i++)
		led += check_pair(kit, &donors, i);
	smd_kit_hold(kit, led >= ROUNDS / 5,
		     "only %u of %d random pairs were led from one to the other: %s", led, ROUNDS,
		     kit->bench.error.message);
}

/* Check `safe`: a tree must be safe compared with itself. */
void smd_check_safe(struct smd_kit *kit)
{
	const struct smd_driver *driver = kit->bench.driver;
	struct smd_error *error = &kit->bench.error;

	if (!driver->safe)
		smd_kit_skip(kit, "the driver has no `safe`: every state is");
	else if (!kit->goldens.count)
		smd_kit_skip(kit, "there are no golden cases");
	for (size_t i = 0; driver->safe && i < kit->goldens.count; i++) {
		const struct smd_golden *golden = &kit->goldens.list[i];

		smd_kit_at(kit, "case %s", golden->name);
		smd_kit_hold(
			kit,
			!driver->safe(kit->bench.state, golden->running, golden->running, error),
			"law 6, %s: %s", golden->name, error->message);
	}
}
