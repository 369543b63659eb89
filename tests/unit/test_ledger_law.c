/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ownership against a plain model: for each node and each number of a set node, who owns it,
 * whether it is foreign, whether the device has it. Owners deploy at random, strangers change the
 * device, the ledger is stored and loaded, also in the shape of earlier builds: a record
 * for each number.
 */
#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "core/base/hash.h"
#include "core/plan/slice.h"
#include "gen.h"
#include "grow.h"
#include "ledgers.h"
#include "test.h"

#define ROUNDS 60
#define STEPS 25
#define SETS 3
#define LEAVES 2
#define NUMBERS 40
#define OWNERS 3

static const char *const names[OWNERS] = {"a", "b", "c"};
static const char *const ports[SETS] = {"e0", "e1", "e2"};
static const char *const leaves[LEAVES] = {"mtu", "speed"};
/* The numbers of the model, so that the highest and lowest there are occur. */
static const uint32_t bases[SETS] = {0, 1000, UINT32_MAX - NUMBERS + 1};

/* Bits of `owners` and `wants` are owners. */
struct cell {
	unsigned owners, wants;
	int foreign, there;
};

struct model {
	struct cell sets[SETS], leaves[LEAVES];
	struct cell numbers[SETS][NUMBERS];
};

struct scene {
	struct gen gen;
	struct model model;
	struct smd_tree *running, *had[OWNERS];
	struct smd_ledger ledger;
};

/* The model */

static void want(struct cell *cell, unsigned owner)
{
	if (!cell->owners)
		cell->foreign = cell->there;
	cell->owners |= 1u << owner;
	cell->there = 1;
}

/* `stays`: the node has something in it. */
static void leave(struct cell *cell, unsigned owner, int stays)
{
	unsigned before = cell->owners;

	cell->owners &= ~(1u << owner);
	if (!before || cell->owners)
		return;
	if (!cell->foreign && !stays)
		cell->there = 0;
	cell->foreign = 0;
}

static int has_numbers(const struct model *model, unsigned set)
{
	for (unsigned n = 0; n < NUMBERS; n++)
		if (model->numbers[set][n].there)
			return 1;
	return 0;
}

static void change_cell(struct cell *cell, unsigned owner, int had, int stays)
{
	if (cell->wants >> owner & 1)
		want(cell, owner);
	else if (had)
		leave(cell, owner, stays);
}

/* `had`: what the owner wanted before. */
static void deploy_model(struct model *model, unsigned owner, const struct model *had)
{
	for (unsigned i = 0; i < LEAVES; i++)
		change_cell(&model->leaves[i], owner, had->leaves[i].wants >> owner & 1, 0);
	for (unsigned i = 0; i < SETS; i++) {
		for (unsigned n = 0; n < NUMBERS; n++)
			change_cell(&model->numbers[i][n], owner,
				    had->numbers[i][n].wants >> owner & 1, 0);
		change_cell(&model->sets[i], owner, had->sets[i].wants >> owner & 1,
			    has_numbers(model, i));
	}
}

/* Trees of it */

static int picks(const struct cell *cell, int owner)
{
	return owner < 0 ? cell->there : (int)(cell->wants >> owner & 1);
}

static void grow_set(const struct model *model, unsigned set, int owner, struct smd_node *port)
{
	CU_ASSERT_EQUAL_FATAL(smd_node_put_numbers(port, "vlans", 0, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_node_take_numbers(port, "vlans", 0, 0), 0);
	for (uint32_t n = 0; n < NUMBERS; n++)
		if (picks(&model->numbers[set][n], owner))
			smd_node_put_numbers(port, "vlans", bases[set] + n, bases[set] + n);
}

/* What an owner wants, or with -1 what the device has. The ports are always there. */
static struct smd_tree *tree_of(const struct model *model, int owner)
{
	struct smd_tree *tree = NULL;
	struct smd_node *port;

	CU_ASSERT_EQUAL_FATAL(smd_tree_new(&tree), 0);
	for (unsigned i = 0; i < SETS; i++) {
		if (owner >= 0 && !picks(&model->sets[i], owner))
			continue;
		port = smd_node_make(smd_tree_root(tree), "port", ports[i]);
		if (picks(&model->sets[i], owner))
			grow_set(model, i, owner, port);
	}
	for (unsigned i = 0; i < LEAVES; i++)
		if (picks(&model->leaves[i], owner))
			smd_node_put_leaf(smd_tree_root(tree), leaves[i], "9000");
	return tree;
}

/* The ledger of it */

static size_t count_bits(unsigned bits)
{
	return (size_t)__builtin_popcount(bits);
}

static int same_cell(const struct cell *cell, const struct smd_ledger *ledger, const char *path)
{
	const struct smd_ledger_row *row = smd_ledger_find(ledger, path);

	for (unsigned i = 0; i < OWNERS; i++)
		if (cell->owners >> i & 1 &&
		    !owns(ledger, path, names[i], count_bits(cell->owners)))
			return 0;
	return cell->owners ? row && row->foreign == cell->foreign : !row;
}

static int same_number(const struct cell *cell, const struct smd_ledger *ledger, const char *path,
		       uint32_t number)
{
	const struct smd_ledger_row *row = smd_ledger_find(ledger, path);
	size_t owners = 0;

	for (unsigned i = 0; i < OWNERS; i++)
		if (cell->owners >> i & 1 &&
		    !owns_number(ledger, path, number, names[i], count_bits(cell->owners)))
			return 0;
	for (size_t i = 0; row && i < row->owner_count; i++)
		owners += (size_t)smd_set_has(&row->owners[i].numbers, number);
	return owners == count_bits(cell->owners) &&
	       (row ? smd_set_has(&row->foreign_numbers, number) : 0) == cell->foreign;
}

static void set_path(unsigned set, char out[64])
{
	snprintf(out, 64, "/port[%s]/vlans", ports[set]);
}

static void compare(const struct scene *scene)
{
	const struct model *model = &scene->model;
	struct smd_tree *expected = tree_of(model, -1);
	unsigned wrong = 0;
	char path[64];

	CU_ASSERT(is_same(scene->running, expected));
	smd_tree_free(expected);
	for (unsigned i = 0; i < LEAVES; i++) {
		snprintf(path, sizeof(path), "/%s", leaves[i]);
		wrong += !same_cell(&model->leaves[i], &scene->ledger, path);
	}
	for (unsigned i = 0; i < SETS; i++) {
		set_path(i, path);
		wrong += !same_cell(&model->sets[i], &scene->ledger, path);
		for (uint32_t n = 0; n < NUMBERS; n++)
			wrong += !same_number(&model->numbers[i][n], &scene->ledger, path,
					      bases[i] + n);
	}
	CU_ASSERT_EQUAL(wrong, 0);
}

/* The store */

static struct smd_store_thread *open_store_thread(void)
{
	struct smd_store_thread_spec spec = {
		.ops = smd_plugin_entry()->store, .where = "", .mode = SMD_STORE_OWN};
	struct smd_store_thread *store_thread = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_store_thread_new(&spec, &store_thread, NULL), 0);
	return store_thread;
}

/* Write an atom's record as earlier builds did. */
static void put_old(struct smd_batch *batch, const char *path, const struct cell *cell)
{
	char digest[SMD_SHA256_HEX], key[128];
	cJSON *json = cJSON_CreateObject(), *owners = cJSON_AddArrayToObject(json, "owners");

	cJSON_AddStringToObject(json, "path", path);
	for (unsigned i = 0; i < OWNERS; i++)
		if (cell->owners >> i & 1)
			cJSON_AddItemToArray(owners, cJSON_CreateString(names[i]));
	cJSON_AddBoolToObject(json, "foreign", cell->foreign);
	CU_ASSERT_EQUAL_FATAL(smd_sha256_hex(path, strlen(path), digest), 0);
	snprintf(key, sizeof(key), "leaf1 %s", digest);
	if (cell->owners)
		smd_batch_put_json(batch, SMD_NEED_NOTHING, 0, "ledger", key, json);
	cJSON_Delete(json);
}

static void put_all_old(struct smd_batch *batch, const struct model *model)
{
	char path[64], number[96];

	for (unsigned i = 0; i < LEAVES; i++) {
		snprintf(path, sizeof(path), "/%s", leaves[i]);
		put_old(batch, path, &model->leaves[i]);
	}
	for (unsigned i = 0; i < SETS; i++) {
		set_path(i, path);
		put_old(batch, path, &model->sets[i]);
		for (uint32_t n = 0; n < NUMBERS; n++) {
			snprintf(number, sizeof(number), "%s/[%u]", path, bases[i] + n);
			put_old(batch, number, &model->numbers[i][n]);
		}
	}
}

static void load(struct scene *scene, struct smd_store_thread *store_thread)
{
	struct smd_error error = {0};

	smd_ledger_done(&scene->ledger);
	if (smd_ledger_load(&scene->ledger, store_thread, "leaf1", &error))
		printf("%s\n", error.message);
	CU_ASSERT_EQUAL_FATAL(error.code, 0);
}

/* Store the ledger, in the old shape or in ours, and go on with what is loaded. */
static void store_and_load(struct scene *scene)
{
	struct smd_store_thread *store_thread = open_store_thread();
	struct smd_batch batch = {0};
	struct smd_ledger none = {0}, loaded;

	if (gen_chance(&scene->gen, 50)) {
		put_all_old(&batch, &scene->model);
		CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
		load(scene, store_thread);
		compare(scene);
		CU_ASSERT_EQUAL(smd_ledger_copy(&loaded, &scene->ledger), 0);
		smd_ledger_save(&loaded, &scene->ledger, "leaf1", &batch);
		smd_ledger_done(&loaded);
	} else {
		smd_ledger_save(&none, &scene->ledger, "leaf1", &batch);
	}
	CU_ASSERT_EQUAL(smd_store_thread_apply(store_thread, &batch, NULL), 0);
	load(scene, store_thread);
	for (size_t i = 0; i < scene->ledger.count; i++)
		CU_ASSERT_EQUAL(scene->ledger.rows[i].apart.count, 0);
	smd_store_thread_free(store_thread);
}

/* Steps */

static void wish_for(struct gen *gen, struct cell *cell, unsigned owner, unsigned percent)
{
	cell->wants &= ~(1u << owner);
	cell->wants |= (unsigned)gen_chance(gen, percent) << owner;
}

/* An owner wants something else; numbers in ranges, now and then. */
static void make_wish(struct scene *scene, unsigned owner)
{
	struct model *model = &scene->model;
	unsigned density = gen_below(&scene->gen, 101);

	for (unsigned i = 0; i < LEAVES; i++)
		wish_for(&scene->gen, &model->leaves[i], owner, 50);
	for (unsigned i = 0; i < SETS; i++) {
		wish_for(&scene->gen, &model->sets[i], owner, 70);
		for (unsigned n = 0; n < NUMBERS; n++) {
			wish_for(&scene->gen, &model->numbers[i][n], owner, density);
			if (!(model->sets[i].wants >> owner & 1))
				model->numbers[i][n].wants &= ~(1u << owner);
		}
	}
}

static void deploy(struct scene *scene)
{
	unsigned owner = gen_below(&scene->gen, OWNERS);
	struct smd_error error = {0};
	struct model before = scene->model;
	struct smd_tree *wanted, *out = NULL;
	struct smd_slice_change change = {.owner = names[owner], .had = scene->had[owner]};

	make_wish(scene, owner);
	deploy_model(&scene->model, owner, &before);
	change.wanted = wanted = tree_of(&scene->model, (int)owner);
	if (smd_slice_overlay(scene->running, &change, &scene->ledger, &out, &error))
		printf("%s %s\n", error.message, error.where);
	CU_ASSERT_PTR_NOT_NULL_FATAL(out);
	smd_tree_free(scene->running);
	smd_tree_free(scene->had[owner]);
	scene->running = out;
	scene->had[owner] = wanted;
}

/* Somebody else adds or removes numbers, on the device itself. */
static void meddle(struct scene *scene)
{
	unsigned set = gen_below(&scene->gen, SETS);
	struct model *model = &scene->model;

	for (unsigned n = 0; n < NUMBERS; n++)
		if (gen_chance(&scene->gen, 20))
			model->numbers[set][n].there = gen_chance(&scene->gen, 50);
	model->sets[set].there = 1;
	smd_tree_free(scene->running);
	scene->running = tree_of(model, -1);
}

static void play(struct scene *scene)
{
	unsigned failed = CU_get_number_of_failures();

	scene->model = (struct model){0};
	scene->running = tree_of(&scene->model, -1);
	for (unsigned i = 0; i < STEPS && CU_get_number_of_failures() == failed; i++) {
		switch (gen_below(&scene->gen, 5)) {
		case 0:
			meddle(scene);
			break;
		case 1:
			store_and_load(scene);
			break;
		default:
			deploy(scene);
		}
		compare(scene);
	}
	smd_tree_free(scene->running);
	smd_ledger_done(&scene->ledger);
	for (unsigned i = 0; i < OWNERS; i++) {
		smd_tree_free(scene->had[i]);
		scene->had[i] = NULL;
	}
}

static void ownership_is_as_in_the_model(void)
{
	struct scene scene = {.ledger = {0}};
	unsigned failed = CU_get_number_of_failures();

	gen_init(&scene.gen);
	for (unsigned i = 0, rounds = gen_rounds(ROUNDS); i < rounds; i++) {
		play(&scene);
		if (CU_get_number_of_failures() > failed) /* the first failure is enough */
			return;
	}
}

TEST_MAIN("ledger law", TEST(ownership_is_as_in_the_model));
