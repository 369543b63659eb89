/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The laws on configurations of real networks, and on small changes of them.
 *
 * The collection is not part of this tree: a folder for each vendor, a file for each device.
 * Some files are no configurations: for them, a tree or an error with a line number is
 * expected.
 *
 *   SMD_CORPORA=DIR         the collection; without it the test is skipped
 *   SMD_CORPORA_FILE=TEXT   only files with this text in their path
 *   SMD_CORPORA_SHOW=N      failed cases to show for each vendor
 *   SMD_CORPORA_KEEP=DIR    folder for both texts of each failed case
 *   SMD_TEST_SEED=N         repeat a run
 *   SMD_TEST_ROUNDS=N       number of changes of each file
 */
#include <dirent.h>
#include <stdio.h>

#include "bench.h"
#include "core/service/service.h"
#include "gen.h"
#include "mutate.h"
#include "test.h"

#define ROUNDS 1 /* one change of each of some hundred files is enough for an ordinary run */
#define SHOWN 5
#define ELSEWHERE 1000 /* of so many changes, one may be refused as leading elsewhere */
#define PATCH_SHOWN 24
#define PATH_SIZE 1024

static struct {
	const char *folder, *file, *keep;
	unsigned rounds, shown;
	struct gen gen;
	struct smd_controller *controller;
} use;

/* Files with typed commands instead of a device's output: a line removes what another one sets. */
static const char *const contradictory[] = {"cisco_xr/bf-acl", "arista_eos/bf-eos-allowed-vlans"};

/* One vendor's files, and counts of the results. */
struct corpus {
	struct smd_bench bench;
	struct smd_tree *nothing;
	char folder[PATH_SIZE], path[2 * PATH_SIZE]; /* the latter of the file at hand */
	unsigned files, refused, changes, still, unsaid, impossible, hazards, compared, elsewhere,
		failed;
};

/* Messages of failures */

/* Count a failure, and show it unless enough have been shown. */
static int fail(struct corpus *corpus, const char *what, const char *why)
{
	if (corpus->failed++ >= use.shown)
		return 0;
	printf("\n%s: %s: %s\n", corpus->path, what, why);
	return 1;
}

static void keep_tree(struct corpus *corpus, const char *name, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *text = smd_bench_print(&corpus->bench, tree);
	char path[PATH_SIZE];

	snprintf(path, sizeof(path), "%s/%s-%u.%s", use.keep, corpus->bench.driver->self.name,
		 corpus->failed + corpus->elsewhere, name);
	if (text && smd_bench_write(path, text))
		perror(path);
}

static void show_elsewhere(struct corpus *corpus, const char *what, const struct smd_tree *from,
			   const struct smd_tree *to, const struct smd_text *patch)
{
	if (corpus->elsewhere++ < use.shown) {
		printf("\n%s: %s: refused: %s\n", corpus->path, what, corpus->bench.error.message);
		bench_show_first("    ", patch, PATCH_SHOWN);
	}
	if (!use.keep)
		return;
	keep_tree(corpus, "from", from);
	keep_tree(corpus, "to", to);
}

static void fail_way(struct corpus *corpus, const char *what, const struct smd_tree *from,
		     const struct smd_tree *to, const struct smd_text *patch)
{
	if (fail(corpus, what, corpus->bench.error.message))
		bench_show_first("    ", patch, PATCH_SHOWN);
	if (!use.keep)
		return;
	keep_tree(corpus, "from", from);
	keep_tree(corpus, "to", to);
}

/* Laws of one text */

/* Parse a text. If that fails, the error must name a line. */
static struct smd_tree *parse(struct corpus *corpus, const char *what, const struct smd_text *text)
{
	struct smd_error *error = &corpus->bench.error;
	struct smd_tree *tree;

	*error = (struct smd_error){.code = SMD_OK};
	tree = smd_bench_parse(&corpus->bench, text);
	if (!tree && (error->code != SMD_E_INVALID || !*error->message ||
		      strncmp(error->where, "line ", 5) != 0))
		fail(corpus, what, *error->message ? error->message : "refused without a word");
	return tree;
}

/* Check law 1; returns whether it holds. */
static int check_law_1(struct corpus *corpus, const char *what, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *text = smd_bench_print(&corpus->bench, tree);
	smd_cleanup(smd_tree_free) struct smd_tree *again =
		text ? smd_bench_parse(&corpus->bench, text) : NULL;

	if (smd_bench_same(tree, again))
		return 1;
	fail(corpus, what, again ? "law 1" : corpus->bench.error.message);
	return 0;
}

static void check_flat(struct corpus *corpus, const struct smd_tree *tree)
{
	const struct smd_compiled *dialect = corpus->bench.language.dialect;
	smd_cleanup(smd_text_free) struct smd_text *text = bench_text();
	smd_cleanup(smd_tree_free) struct smd_tree *again = NULL;

	if (!corpus->bench.driver->dialect->enter)
		return;
	if (!smd_dialect_flatten(dialect, tree, text, &corpus->bench.error))
		again = smd_bench_parse(&corpus->bench, text);
	if (!smd_bench_same(tree, again))
		fail(corpus, "flat", again ? "another tree" : corpus->bench.error.message);
}

static void check_law_4(struct corpus *corpus, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *patch =
		smd_bench_payload(&corpus->bench, tree, tree);

	if (!patch || smd_text_count(patch))
		fail(corpus, "itself", patch ? "law 4" : corpus->bench.error.message);
}

/* Laws between two trees */

static void on_hazard(void *arg, const struct smd_hazard *hazard)
{
	(void)hazard;
	++*(unsigned *)arg;
}

/* Render and verify the commands from one tree to the other. 0: they lead there. */
static int go(struct corpus *corpus, const struct smd_tree *from, const struct smd_tree *to,
	      struct smd_text *patch, unsigned *hazards)
{
	struct smd_bench *bench = &corpus->bench;
	smd_cleanup(smd_changes_free) struct smd_changes *changes = NULL;
	int err = smd_language_diff(from, to, &changes, &bench->error);

	if (!err)
		err = smd_language_render(&bench->language, changes, patch, &bench->error);
	return err ? err
		   : smd_dialect_verify_patch(bench->language.dialect, changes, patch, on_hazard,
					      hazards, &bench->error);
}

/*
 * Can a device have this configuration? It can if its lines, entered into an empty device, give
 * it; not if a line removes what another one sets.
 */
static int is_possible(struct corpus *corpus, const struct smd_tree *tree)
{
	const struct smd_error error = corpus->bench.error;
	smd_cleanup(smd_text_free) struct smd_text *patch = bench_text();
	int err = go(corpus, corpus->nothing, tree, patch, &(unsigned){0});

	corpus->bench.error = error; /* keep the error of the case */
	return !err;
}

/*
 * The commands from one tree to the other lead there, or are refused in words. That they would
 * lead elsewhere (law 2) is such a refusal: a line took back what another one says. It is rare,
 * and judged by how often it happens.
 */
static void check_way(struct corpus *corpus, const char *what, const struct smd_tree *from,
		      const struct smd_tree *to)
{
	smd_cleanup(smd_text_free) struct smd_text *patch = bench_text();
	unsigned hazards = 0;
	int err = go(corpus, from, to, patch, &hazards);

	corpus->hazards += hazards > 0;
	if (err == SMD_E_UNSUPPORTED)
		corpus->unsaid++;
	else if (err && !is_possible(corpus, from))
		corpus->impossible++;
	else if (err == SMD_E_UNSAFE)
		show_elsewhere(corpus, what, from, to, patch);
	else if (err)
		fail_way(corpus, what, from, to, patch);
}

static int ends_in(const char *path, const char *end)
{
	size_t all = strlen(path), length = strlen(end);

	return all >= length && !strcmp(path + all - length, end);
}

static int is_contradictory(const struct corpus *corpus)
{
	for (size_t i = 0; i < SMD_COUNT(contradictory); i++)
		if (ends_in(corpus->path, contradictory[i]))
			return 1;
	return 0;
}

/* Check the way to an empty device, and from it. */
static void check_whole(struct corpus *corpus, const struct smd_tree *tree)
{
	smd_cleanup(smd_text_free) struct smd_text *patch = bench_text();

	if (is_contradictory(corpus))
		return;
	if (go(corpus, corpus->nothing, tree, patch, &(unsigned){0}))
		fail_way(corpus, "from nothing", corpus->nothing, tree, patch);
	check_way(corpus, "to nothing", tree, corpus->nothing);
}

static void check_change(struct corpus *corpus, const struct mutation *mutation,
			 const struct smd_tree *from, const struct smd_tree *to)
{
	char undo[MUTATION_SIZE + 8];

	if (smd_bench_same(from, to)) {
		corpus->still++;
		return;
	}
	corpus->changes++;
	snprintf(undo, sizeof(undo), "undo: %s", mutation->what);
	check_way(corpus, mutation->what, from, to);
	check_way(corpus, undo, to, from);
}

/* A text, and the changed text. */
struct step {
	const struct mutation *mutation;
	const struct smd_text *texts[2];
	const struct smd_tree *trees[2];
};

static cJSON *string_item(const struct smd_text *text)
{
	smd_cleanup(free) char *bytes = smd_text_join(text);

	return cJSON_CreateString(bytes);
}

/* text.diff's result for the two texts; NULL: refused. */
static cJSON *compare(struct corpus *corpus, const struct step *step)
{
	cJSON *request = cJSON_CreateObject(), *result = NULL;

	cJSON_AddStringToObject(request, "driver", corpus->bench.driver->self.name);
	cJSON_AddItemToObject(request, "running", string_item(step->texts[0]));
	cJSON_AddItemToObject(request, "intended", string_item(step->texts[1]));
	if (!smd_controller_call(use.controller, "test", "text.diff", request, NULL, NULL, &result,
				 &corpus->bench.error))
		return result;
	cJSON_Delete(result);
	return NULL;
}

/* Reading only parts of two texts must give the same differences as reading all of them. */
static void check_pair(struct corpus *corpus, const struct step *step)
{
	smd_cleanup(smd_text_free) struct smd_text *pair = NULL;
	smd_cleanup(smd_text_free) struct smd_text *whole =
		smd_bench_payload(&corpus->bench, step->trees[0], step->trees[1]);
	cJSON *result = compare(corpus, step);
	const char *lines = cJSON_GetStringValue(cJSON_GetObjectItem(result, "text"));

	corpus->compared += result != NULL;
	if (lines)
		CU_ASSERT_EQUAL_FATAL(smd_text_from(&pair, lines, strlen(lines)), 0);
	cJSON_Delete(result);
	if (!lines || (whole && smd_bench_same_lines(pair, whole)) ||
	    !fail(corpus, step->mutation->what, "compared as texts they differ otherwise"))
		return;
	bench_show_first("    texts ", pair, PATCH_SHOWN);
	bench_show_first("    trees ", whole, PATCH_SHOWN);
}

static void check_text(struct corpus *corpus, const struct mutation *mutation,
		       const struct smd_text *was, const struct smd_tree *from,
		       const struct smd_text *text)
{
	smd_cleanup(smd_tree_free) struct smd_tree *to =
		text ? parse(corpus, mutation->what, text) : NULL;
	const struct step step = {mutation, {was, text}, {from, to}};

	if (!to)
		return;
	check_pair(corpus, &step);
	if (!is_possible(corpus, to))
		corpus->impossible++;
	else if (check_law_1(corpus, mutation->what, to))
		check_change(corpus, mutation, from, to);
}

/* Two siblings swapped whose order has no meaning: the printed text must give the same tree. */
static void check_swapped(struct corpus *corpus, const struct mutation *mutation,
			  const struct smd_tree *from, const struct smd_tree *swapped)
{
	smd_cleanup(smd_text_free) struct smd_text *text =
		swapped ? smd_bench_print(&corpus->bench, swapped) : NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *to =
		text ? parse(corpus, mutation->what, text) : NULL;

	if (swapped && !smd_bench_same(from, to) && !is_contradictory(corpus))
		fail(corpus, mutation->what, to ? "another tree" : corpus->bench.error.message);
}

static void check_round(struct corpus *corpus, const struct smd_text *text,
			const struct smd_tree *from)
{
	struct mutation mutation = {.prng = &use.gen.prng};
	smd_cleanup(smd_text_free) struct smd_text *changed = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *moved = NULL;
	uint32_t kind = gen_below(&use.gen, 10);

	if (kind >= 7)
		moved = mutate_move(&mutation, from);
	if (moved)
		changed = smd_bench_print(&corpus->bench, moved);
	else if (kind == 6)
		moved = mutate_swap(&mutation, from);
	else if (kind % 2)
		changed = mutate_delete(&mutation, text);
	else
		changed = mutate_word(&mutation, text);
	if (kind == 6)
		check_swapped(corpus, &mutation, from, moved);
	else
		check_text(corpus, &mutation, text, from, changed);
}

/* Files */

static void check_file(struct corpus *corpus)
{
	smd_cleanup(smd_text_free) struct smd_text *text = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *tree = NULL;

	if (use.file && !strstr(corpus->path, use.file))
		return;
	corpus->files++;
	text = smd_bench_read(corpus->path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	tree = parse(corpus, "as it is", text);
	if (!tree) {
		corpus->refused++;
		return;
	}
	check_flat(corpus, tree);
	check_law_4(corpus, tree);
	check_whole(corpus, tree);
	if (!check_law_1(corpus, "as it is", tree))
		return;
	for (unsigned i = 0; i < use.rounds; i++)
		check_round(corpus, text, tree);
}

static int is_file(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void check_folder(struct corpus *corpus)
{
	struct dirent **entries;
	int count = scandir(corpus->folder, &entries, is_file, alphasort);

	CU_ASSERT_FATAL(count >= 0);
	for (int i = 0; i < count; i++) {
		snprintf(corpus->path, sizeof(corpus->path), "%s/%s", corpus->folder,
			 entries[i]->d_name);
		check_file(corpus);
		free(entries[i]);
	}
	free(entries);
	CU_ASSERT(use.file || corpus->files > 0);
}

static void check_vendor(const char *folder, const char *driver)
{
	struct corpus corpus = {.files = 0};

	snprintf(corpus.folder, sizeof(corpus.folder), "%s/%s", use.folder, folder);
	CU_ASSERT_EQUAL_FATAL(smd_bench_init(&corpus.bench, PARTS, driver, NULL, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&corpus.nothing), 0);
	check_folder(&corpus);
	smd_tree_free(corpus.nothing);
	smd_bench_done(&corpus.bench);
	printf("\n%s: %u files, %u refused; %u changes, %u without effect, %u ways refused, "
	       "%u that contradict themselves, %u not safe, %u compared as texts, "
	       "%u refused as leading elsewhere, %u failures\n",
	       driver, corpus.files, corpus.refused, corpus.changes, corpus.still, corpus.unsaid,
	       corpus.impossible, corpus.hazards, corpus.compared, corpus.elsewhere, corpus.failed);
	CU_ASSERT_EQUAL(corpus.failed, 0);
	CU_ASSERT(corpus.elsewhere <= 1 + corpus.changes / ELSEWHERE);
}

static void every_vendor_holds_the_laws(void)
{
	check_vendor("cisco_ios", "ios");
	check_vendor("cisco_nxos", "nxos");
	check_vendor("cisco_xr", "iosxr");
	check_vendor("arista_eos", "eos");
	check_vendor("junos", "junos");
	check_vendor("frr", "frr");
	smd_controller_free(use.controller);
}

static void set_up(void)
{
	const struct smd_controller_spec spec = {.home = "", .parts = PARTS, .yang = ""};
	const char *shown = getenv("SMD_CORPORA_SHOW");

	use.folder = getenv("SMD_CORPORA");
	use.file = getenv("SMD_CORPORA_FILE");
	use.keep = getenv("SMD_CORPORA_KEEP");
	use.shown = shown ? (unsigned)strtoul(shown, NULL, 10) : SHOWN;
	if (!use.folder || access(use.folder, R_OK)) {
		printf("\nskipped: SMD_CORPORA names no collection of configurations\n");
		fflush(stdout);
		_exit(77);
	}
	CU_ASSERT_EQUAL_FATAL(smd_controller_new(&spec, &use.controller, NULL), 0);
	gen_init(&use.gen);
	use.rounds = gen_rounds(ROUNDS);
}

TEST_MAIN("corpora", TEST(set_up), TEST(every_vendor_holds_the_laws));
