/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store whose process is killed, whose power is cut, or whose disk is full: all reported
 * batches are kept, and none in part.
 */
#include "gen.h"
#include "sqlite_disk.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <time.h>

/* Write batch n: its number in two tables, and a filling whose size depends on n. */
static int apply_numbered(const struct smd_store *ops, void *store, unsigned number)
{
	static const char filling[20000];
	char key[16];
	struct smd_store_item batch[3] = {
		{.op = SMD_STORE_PUT, .table = "first", .key = key},
		{.op = SMD_STORE_PUT, .table = "last", .key = "n", .value = key, .size = 8},
		{.op = SMD_STORE_PUT, .table = "second", .key = key},
	};

	snprintf(key, sizeof(key), "%08u", number);
	batch[0].value = batch[2].value = filling;
	batch[0].size = number * 7919 % sizeof(filling);
	batch[2].size = number * 104729 % sizeof(filling);
	return ops->apply(store, batch, 3, NULL, NULL);
}

static void writer(const struct disk *disk, unsigned from, int reports)
{
	void *store;

	if (disk->ops->open(disk->where, SMD_STORE_OWN, NULL, &store, NULL))
		_exit(1);
	for (unsigned number = from;; number++)
		if (apply_numbered(disk->ops, store, number) ||
		    write(reports, &number, sizeof(number)) != sizeof(number))
			_exit(1);
}

struct numbers {
	unsigned next, factor, wrong;
};

static int expect_number(void *arg, const char *key, const void *value, size_t size,
			 uint64_t revision)
{
	struct numbers *numbers = arg;
	char expected[16];

	(void)value;
	snprintf(expected, sizeof(expected), "%08u", numbers->next);
	if (strcmp(key, expected) != 0 || size != numbers->next * numbers->factor % 20000 ||
	    revision != 1)
		numbers->wrong++;
	numbers->next++;
	return 0;
}

/* The number of batches. Each must be complete, and none before the last may be missing. */
static unsigned whole_batches(const struct smd_store *ops, void *store)
{
	struct numbers first = {.next = 1, .factor = 7919}, second = {.next = 1, .factor = 104729};
	char last[16];

	CU_ASSERT_EQUAL(ops->each(store, "first", "", expect_number, &first, NULL), 0);
	CU_ASSERT_EQUAL(ops->each(store, "second", "", expect_number, &second, NULL), 0);
	CU_ASSERT_EQUAL(first.wrong + second.wrong, 0);
	CU_ASSERT_EQUAL(first.next, second.next);
	snprintf(last, sizeof(last), "%08u", first.next - 1);
	CU_ASSERT_EQUAL(has_record(ops, store, "last", "n", last), first.next - 1);
	return first.next - 1;
}

/* Kill a writer after some reports and a random number of microseconds; returns the last report. */
static unsigned kill_a_writer(const struct disk *disk, unsigned from, struct gen *gen)
{
	unsigned wait = 1 + gen_below(gen, 40), number = from - 1;
	struct timespec more = {.tv_nsec = gen_below(gen, 3000) * 1000L};
	int pipes[2];
	pid_t child;

	CU_ASSERT_EQUAL_FATAL(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		close(pipes[0]);
		writer(disk, from, pipes[1]);
	}
	close(pipes[1]);
	while (wait-- && read(pipes[0], &number, sizeof(number)) == sizeof(number))
		;
	nanosleep(&more, NULL); /* a random moment is wanted */
	kill_now(child);
	while (read(pipes[0], &number, sizeof(number)) == sizeof(number))
		;
	close(pipes[0]);
	return number;
}

static void what_was_reported_survives_a_kill(void)
{
	struct disk disk;
	struct gen gen;
	unsigned there = 0;

	gen_init(&gen);
	disk_init(&disk);
	for (unsigned round = 0, rounds = gen_rounds(12); round < rounds; round++) {
		unsigned reported = kill_a_writer(&disk, there + 1, &gen);
		void *store = own(&disk);

		CU_ASSERT_TRUE(reported > there);
		there = whole_batches(disk.ops, store);
		CU_ASSERT_TRUE(there == reported || there == reported + 1);
		disk.ops->close(store);
	}
	disk_done(&disk);
}

/*
 * As after a power cut: the end of the log is missing, and so is the note of it, which is not
 * synced. Only complete batches are left. With the note, it is told.
 */
static void a_torn_log_keeps_batches_whole(void)
{
	struct gen gen;
	size_t file_size, log_size;
	char *file, *log, path[192], lock[192];
	struct disk disk;

	gen_init(&gen);
	disk_init(&disk);
	kill_a_writer(&disk, 1, &gen);
	snprintf(lock, sizeof(lock), "%s/lock", disk.where);
	snprintf(path, sizeof(path), "%s-wal", disk.file);
	file = slurp(disk.file, &file_size);
	log = slurp(path, &log_size);
	CU_ASSERT_TRUE_FATAL(log_size > 0);
	spill(path, log, log_size / 2);
	is_refused(&disk, SMD_STORE_LOOK, SMD_E_INVALID, "is damaged");
	CU_ASSERT_EQUAL(truncate(lock, 0), 0);
	for (unsigned round = 0, rounds = gen_rounds(12); round < rounds; round++) {
		size_t cut = gen_below(&gen, (uint32_t)log_size);
		void *store;

		spill(disk.file, file, file_size);
		spill(path, log, cut);
		store = own(&disk);
		whole_batches(disk.ops, store);
		disk.ops->close(store);
	}
	free(file);
	free(log);
	disk_done(&disk);
}

/*
 * Write batches until one fails, which must leave nothing behind. Returns 0 if everything is
 * correct.
 */
static int write_until_full(const struct disk *disk, void (*make_room)(const struct disk *))
{
	unsigned number = 1;
	void *store;
	int err;

	if (disk->ops->open(disk->where, SMD_STORE_OWN, NULL, &store, NULL))
		return 1;
	while (!(err = apply_numbered(disk->ops, store, number)) && number < 10000)
		number++;
	if (err != SMD_E_IO || number < 5)
		return 2;
	if (whole_batches(disk->ops, store) != number - 1)
		return 3;
	make_room(disk);
	if (apply_numbered(disk->ops, store, number))
		return 4;
	disk->ops->close(store);
	if (disk->ops->open(disk->where, SMD_STORE_OWN, NULL, &store, NULL))
		return 5;
	return whole_batches(disk->ops, store) == number ? 0 : 6;
}

static void lift_limit(const struct disk *disk)
{
	struct rlimit limit;

	(void)disk;
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_FSIZE, &limit);
}

static int write_with_limit(const struct disk *disk)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = 600 * 1000;
	setrlimit(RLIMIT_FSIZE, &limit);
	return write_until_full(disk, lift_limit);
}

static void remove_ballast(const struct disk *disk)
{
	char path[192];

	snprintf(path, sizeof(path), "%s/../ballast", disk->where);
	unlink(path);
}

/* Write until a small file system, mounted in this child only, is full. */
static int write_to_small_disk(const struct disk *disk)
{
	static char ballast[2 << 20];
	char folder[160], path[192];

	snprintf(folder, sizeof(folder), "%s/a", disk->scratch.path);
	snprintf(path, sizeof(path), "%s/ballast", folder);
	mkdir(folder, 0700);
	if (unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("tmpfs", folder, "tmpfs", 0, "size=4m,mode=0700") < 0)
		return 77;
	spill(path, ballast, sizeof(ballast));
	return write_until_full(disk, remove_ballast);
}

static void a_failed_write_leaves_no_trace(void)
{
	struct disk disk;

	disk_init(&disk);
	CU_ASSERT_EQUAL(in_child(write_with_limit, &disk), 0);
	disk_done(&disk);
}

static void a_full_disk_leaves_no_trace(void)
{
	struct disk disk;
	int result;

	disk_init(&disk);
	result = in_child(write_to_small_disk, &disk);
	if (result == 77)
		printf("\nskipped: a tmpfs cannot be mounted\n");
	else
		CU_ASSERT_EQUAL(result, 0);
	disk_done(&disk);
}

TEST_MAIN("sqlite_crash", TEST(what_was_reported_survives_a_kill),
	  TEST(a_torn_log_keeps_batches_whole), TEST(a_failed_write_leaves_no_trace),
	  TEST(a_full_disk_leaves_no_trace));
