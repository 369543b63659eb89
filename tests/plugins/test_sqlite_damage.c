/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores whose files are cut, and whose bytes are flipped, at every kind of place, thousands of
 * times. Opening or reading tells it, or what is read is what was written: no record is missing,
 * none is another one.
 */
#include "gen.h"
#include "sqlite_disk.h"

#include <fcntl.h>

#define RECORDS 600
#define BATCHES 12 /* in the log */
#define LARGEST 30000

/* They take the place of libc's: nothing here is about what is durable. */
SMD_EXPORT int fdatasync(int file)
{
	(void)file;
	return 0;
}

SMD_EXPORT int fsync(int file)
{
	(void)file;
	return 0;
}

/* A record of a known store; revision 0: it is not there. */
struct known {
	char table[8], key[16];
	uint64_t revision;
};

struct world {
	struct disk disk;
	struct gen gen;
	struct known known[RECORDS];
	char *file, *log, *lock; /* bytes as they were written */
	size_t size, log_size, lock_size;
	unsigned refused, told, unseen;
};

/* The value that a record has in a revision; some need pages of their own. */
static size_t value_of(const struct known *known, char *value)
{
	size_t number = (size_t)atoi(known->key + 1);
	size_t size = number % 20 ? 20 + number % 7 * 40 : number % 40 ? 6000 : LARGEST;
	int length = snprintf(value, 64, "<%s %s %" PRIu64 ">", known->table, known->key,
			      known->revision);

	for (size_t i = (size_t)length; i < size; i++)
		value[i] = value[i - (size_t)length];
	return size;
}

static void put(const struct disk *disk, void *store, struct known *known, size_t count)
{
	static char values[4][LARGEST + 64];
	struct smd_store_item items[4] = {0};

	for (size_t i = 0; i < count; i++) {
		known[i].revision++;
		items[i] = (struct smd_store_item){.op = SMD_STORE_PUT,
						   .table = known[i].table,
						   .key = known[i].key,
						   .value = values[i]};
		items[i].size = value_of(&known[i], values[i]);
	}
	CU_ASSERT_EQUAL_FATAL(disk->ops->apply(store, items, count, NULL, NULL), 0);
}

static void drop(const struct disk *disk, void *store, struct known *known)
{
	struct smd_store_item item = {
		.op = SMD_STORE_DELETE, .table = known->table, .key = known->key};

	known->revision = 0;
	CU_ASSERT_EQUAL_FATAL(disk->ops->apply(store, &item, 1, NULL, NULL), 0);
}

/* Every third record is gone: so there are free pages. */
static void fill(struct world *world)
{
	void *store = own(&world->disk);

	for (size_t i = 0; i < RECORDS; i++) {
		struct known *known = &world->known[i];

		snprintf(known->table, sizeof(known->table), "%s", i % 5 ? "ledger" : "open");
		snprintf(known->key, sizeof(known->key), "n%04zu", i);
	}
	for (size_t i = 0; i < RECORDS; i += 4)
		put(&world->disk, store, &world->known[i], 4);
	for (size_t i = 0; i < RECORDS; i += 12)
		put(&world->disk, store, &world->known[i], 4);
	for (size_t i = 40; i < RECORDS; i += 3)
		drop(&world->disk, store, &world->known[i]);
	world->disk.ops->close(store);
	world->file = slurp(world->disk.file, &world->size);
}

static void log_path(const struct world *world, char path[192])
{
	snprintf(path, 192, "%s-wal", world->disk.file);
}

/* A controller that wrote the first two records together, BATCHES times, and was killed. */
static void fill_log(struct world *world)
{
	char path[192];
	pid_t child = fork();

	if (child == 0) {
		void *store = own(&world->disk);

		for (int i = 0; i < BATCHES; i++)
			put(&world->disk, store, world->known, 2);
		raise(SIGKILL);
	}
	waitpid(child, NULL, 0);
	for (size_t i = 0; i < 2; i++)
		world->known[i].revision += BATCHES;
	log_path(world, path);
	free(world->file);
	world->file = slurp(world->disk.file, &world->size);
	world->log = slurp(path, &world->log_size);
	CU_ASSERT_TRUE_FATAL(world->log_size > 32);
	snprintf(path, sizeof(path), "%s/lock", world->disk.where);
	world->lock = slurp(path, &world->lock_size);
}

static void world_init(struct world *world)
{
	*world = (struct world){.refused = 0};
	disk_init(&world->disk);
	gen_init(&world->gen);
	fill(world);
}

static void world_done(struct world *world, const char *what)
{
	printf("%s: %u refused, %u told, %u not in what was read\n", what, world->refused,
	       world->told, world->unseen);
	free(world->file);
	free(world->log);
	free(world->lock);
	disk_done(&world->disk);
}

/* Write a file; emptying it before would make file systems wait for the disk. */
static void rewrite(const char *path, const char *bytes, size_t size)
{
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	CU_ASSERT_TRUE_FATAL(file >= 0);
	CU_ASSERT_EQUAL(pwrite(file, bytes, size, 0), (ssize_t)size);
	CU_ASSERT_EQUAL(ftruncate(file, (off_t)size), 0);
	close(file);
}

/* Write the files as they were, without what SQLite keeps beside them. */
static void restore(const struct world *world)
{
	char path[192];

	rewrite(world->disk.file, world->file, world->size);
	log_path(world, path);
	if (world->log)
		rewrite(path, world->log, world->log_size);
	else
		unlink(path);
	snprintf(path, sizeof(path), "%s/lock", world->disk.where);
	if (world->lock)
		rewrite(path, world->lock, world->lock_size);
	snprintf(path, sizeof(path), "%s-shm", world->disk.file);
	unlink(path);
}

/* Judging */

struct judge {
	const struct world *world;
	const char *table;
	uint64_t behind;  /* so many batches may be missing at the end of the log */
	uint64_t missing; /* of the first record; UINT64_MAX: not read yet */
	size_t seen;
	unsigned damaged, wrong;
};

static const struct known *find_known(const struct world *world, const char *table, const char *key)
{
	size_t number = *key ? (size_t)atoi(key + 1) : RECORDS;
	const struct known *known = number < RECORDS ? &world->known[number] : NULL;

	return known && !strcmp(known->key, key) && !strcmp(known->table, table) ? known : NULL;
}

static int is_right(struct judge *judge, const struct known *known, const void *value, size_t size,
		    uint64_t revision)
{
	static char expected[LARGEST + 64];
	struct known then;
	uint64_t missing;

	if (!known || !known->revision || revision > known->revision)
		return 0;
	missing = known->revision - revision;
	then = *known;
	then.revision = revision;
	if (known - judge->world->known >= 2)
		judge->wrong += missing != 0;
	else if (judge->missing == UINT64_MAX)
		judge->missing = missing;
	else
		judge->wrong += missing != judge->missing; /* half of a batch */
	return missing <= judge->behind && size == value_of(&then, expected) &&
	       !memcmp(value, expected, size);
}

static int judge_row(void *arg, const struct smd_store_row *row)
{
	struct judge *judge = arg;
	const struct known *known = find_known(judge->world, judge->table, row->key);

	judge->seen++;
	if (row->damaged)
		judge->damaged++;
	else if (!is_right(judge, known, row->value, row->size, row->revision))
		judge->wrong++;
	return 0;
}

/* All records of a table are listed, or the listing fails. */
static void judge_list(struct judge *judge, void *store, int backward)
{
	const struct smd_store_range all = {
		.table = judge->table, .prefix = "", .backward = backward};
	struct smd_error error = {.code = SMD_OK};
	size_t there = 0;

	judge->seen = 0;
	for (size_t i = 0; i < RECORDS; i++)
		there += judge->world->known[i].revision &&
			 !strcmp(judge->world->known[i].table, judge->table);
	if (judge->world->disk.ops->list(store, &all, judge_row, judge, &error))
		judge->damaged += error.message[0] != '\0';
	else
		judge->wrong += judge->seen != there;
}

static void judge_get(struct judge *judge, void *store, const struct known *known)
{
	struct smd_error error = {.code = SMD_OK};
	void *value = NULL;
	uint64_t revision;
	size_t size;
	int err = judge->world->disk.ops->get(store, known->table, known->key, &value, &size,
					      &revision, &error);

	if (err == SMD_E_NOT_FOUND)
		judge->wrong += known->revision != 0;
	else if (err)
		judge->damaged += strstr(error.message, known->table) != NULL;
	else
		judge->wrong += !is_right(judge, known, value, size, revision);
	free(value);
}

/* Open the store as it is now, list all of it, and read some of it. Returns the number of what was
 * wrong. */
static unsigned judge_store(struct world *world, enum smd_store_mode mode, uint64_t behind)
{
	struct judge judge = {.world = world, .behind = behind, .missing = UINT64_MAX};
	struct smd_error error = {.code = SMD_OK};
	void *store = NULL;

	if (world->disk.ops->open(world->disk.where, mode, NULL, &store, &error)) {
		world->refused++;
		return !strstr(error.message, "store.db");
	}
	judge.table = "ledger";
	judge_list(&judge, store, 0);
	judge.table = "open";
	judge_list(&judge, store, 1);
	for (size_t i = gen_below(&world->gen, 10); i < RECORDS; i += 10)
		judge_get(&judge, store, &world->known[i]);
	world->disk.ops->close(store);
	world->told += judge.damaged != 0;
	world->unseen += !judge.damaged;
	return judge.wrong;
}

/* Damage */

enum kind { HEADER, TABLE_INTERIOR, TABLE_LEAF, INDEX_INTERIOR, INDEX_LEAF, OTHER, KINDS };

static enum kind kind_of(const struct world *world, size_t page)
{
	switch (world->file[page * 4096]) {
	case 0x05:
		return TABLE_INTERIOR;
	case 0x0d:
		return TABLE_LEAF;
	case 0x02:
		return INDEX_INTERIOR;
	case 0x0a:
		return INDEX_LEAF;
	default: /* pages of large values, and free ones */
		return page ? OTHER : HEADER;
	}
}

/* A place in a page of this kind. */
static size_t place(struct world *world, enum kind kind)
{
	size_t pages = world->size / 4096, page = gen_below(&world->gen, (uint32_t)pages);

	if (kind == HEADER) /* that of the file, or the schema's page */
		return gen_below(&world->gen, gen_chance(&world->gen, 75) ? 100 : 4096);
	for (size_t i = 0; i < pages; i++, page = (page + 1) % pages)
		if (kind_of(world, page) == kind)
			return page * 4096 +
			       gen_below(&world->gen, gen_chance(&world->gen, 25) ? 12 : 4096);
	CU_FAIL_FATAL("the store has no page of a kind");
	return 0;
}

/* Flip a bit, change a byte, or zero some bytes. */
static void hurt(struct world *world, char *bytes, size_t at, size_t size)
{
	uint32_t how = gen_below(&world->gen, 8);

	if (how < 5) {
		bytes[at] = (char)(bytes[at] ^ 1 << gen_below(&world->gen, 8));
	} else if (how < 7) {
		bytes[at] = (char)gen_below(&world->gen, 256);
	} else {
		size_t length = 1 + gen_below(&world->gen, 512);

		memset(bytes + at, 0, length < size - at ? length : size - at);
	}
}

static void report(const char *what, unsigned round, size_t at, unsigned wrong)
{
	CU_ASSERT_EQUAL(wrong, 0);
	if (wrong)
		fprintf(stderr, "round %u, %s at %zu: %u wrong\n", round, what, at, wrong);
}

static void flip_file(struct world *world, unsigned round)
{
	static const char *const names[] = {"header",         "interior page", "leaf",
					    "index interior", "index leaf",    "other page"};
	enum kind kind = (enum kind)(round % KINDS);
	size_t at = place(world, kind);
	char *whole = world->file;

	world->file = memcpy(malloc(world->size), whole, world->size);
	hurt(world, world->file, at, world->size);
	restore(world);
	report(names[kind], round, at,
	       judge_store(world, round % 8 ? SMD_STORE_LOOK : SMD_STORE_OWN, 0));
	free(world->file);
	world->file = whole;
}

static void flipped_at_every_kind_of_place(void)
{
	static struct world world;

	world_init(&world);
	for (unsigned i = 0, rounds = gen_rounds(2000); i < rounds; i++)
		flip_file(&world, i);
	CU_ASSERT_TRUE(world.refused > 0 && world.told > 0);
	world_done(&world, "flipped");
}

/* A file that is shorter than it was is always refused. */
static void cut_anywhere(void)
{
	static struct world world;
	size_t whole;

	world_init(&world);
	whole = world.size;
	for (unsigned i = 0, rounds = gen_rounds(400); i < rounds; i++) {
		unsigned before = world.refused;

		world.size = gen_below(&world.gen, 2) ? gen_below(&world.gen, (uint32_t)whole)
						      : whole - 1 - gen_below(&world.gen, 5000);
		restore(&world);
		report("cut", i, world.size,
		       judge_store(&world, i % 8 ? SMD_STORE_LOOK : SMD_STORE_OWN, 0));
		CU_ASSERT_EQUAL(world.refused, before + 1);
	}
	world.size = whole;
	restore(&world);
	CU_ASSERT_EQUAL(judge_store(&world, SMD_STORE_OWN, 0), 0);
	CU_ASSERT_EQUAL(world.unseen, 1);
	world_done(&world, "cut");
}

/* What is behind a damaged place of the log is missing, and that is told. */
static void a_flipped_log(void)
{
	static struct world world;
	char *whole;

	world_init(&world);
	fill_log(&world);
	restore(&world);
	CU_ASSERT_EQUAL(judge_store(&world, SMD_STORE_LOOK, 0), 0);
	whole = world.log;
	for (unsigned i = 0, rounds = gen_rounds(600); i < rounds; i++) {
		size_t at = gen_below(&world.gen,
				      gen_chance(&world.gen, 20) ? 32 : (uint32_t)world.log_size);

		world.log = memcpy(malloc(world.log_size), whole, world.log_size);
		hurt(&world, world.log, at, world.log_size);
		restore(&world);
		report("log", i, at,
		       judge_store(&world, i % 8 ? SMD_STORE_LOOK : SMD_STORE_OWN, 0));
		free(world.log);
	}
	world.log = whole;
	CU_ASSERT_TRUE(world.refused > 0);
	world_done(&world, "log flipped");
}

/*
 * A log that was cut is told too. Without the note that the controller left, as after a failure of
 * the machine, the batches up to there are read, each whole.
 */
static void a_cut_log(void)
{
	static struct world world;
	size_t whole;

	world_init(&world);
	fill_log(&world);
	whole = world.log_size;
	for (unsigned i = 0, rounds = gen_rounds(200); i < rounds; i++) {
		world.log_size = 33 + gen_below(&world.gen, (uint32_t)whole - 33);
		restore(&world);
		report("log cut", i, world.log_size,
		       judge_store(&world, i % 8 ? SMD_STORE_LOOK : SMD_STORE_OWN, 0));
	}
	world.lock_size = 0;
	for (unsigned i = 0, rounds = gen_rounds(200); i < rounds; i++) {
		world.log_size = gen_below(&world.gen, (uint32_t)whole);
		restore(&world);
		report("log cut", i, world.log_size,
		       judge_store(&world, i % 8 ? SMD_STORE_LOOK : SMD_STORE_OWN, BATCHES));
	}
	world_done(&world, "log cut");
}

TEST_MAIN("sqlite damage", TEST(flipped_at_every_kind_of_place), TEST(cut_anywhere),
	  TEST(a_flipped_log), TEST(a_cut_log));
