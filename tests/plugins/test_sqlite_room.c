/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store on a full disk: what room was kept for can still be written. Each test runs in a child
 * that has a file system of 1 MB of its own.
 */
#include "sqlite_disk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>

#define SKIPPED 77
#define KEPT 65536 /* bytes of records that room is kept for */
#define ENTRY 400  /* bytes of an entry's value */

/* Ends the child's function with the line as its status, which is never SKIPPED. */
#define REQUIRE(condition)                                                                         \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                    \
			return 1;                                                                  \
		}                                                                                  \
	} while (0)

static int mount_small(const struct disk *disk)
{
	char folder[160];

	snprintf(folder, sizeof(folder), "%s/a", disk->scratch.path);
	mkdir(folder, 0700);
	return unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) < 0 ||
			       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
			       mount("tmpfs", folder, "tmpfs", 0, "size=1m,mode=0700") < 0
		       ? SKIPPED
		       : 0;
}

static const char *filler_of(const struct disk *disk)
{
	static char path[192];

	snprintf(path, sizeof(path), "%s/../filler", disk->where);
	return path;
}

/* Take all room that is left, to the last byte. */
static void fill_disk(const struct disk *disk)
{
	int file = open(filler_of(disk), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	char page[4096];

	memset(page, 'x', sizeof(page));
	while (write(file, page, sizeof(page)) > 0)
		;
	while (write(file, page, 1) > 0)
		;
	close(file);
}

static void empty_disk(const struct disk *disk)
{
	unlink(filler_of(disk));
}

/* Number of files in the store's folder, and the room that they take. */
static size_t files_of(const struct disk *disk, size_t *room)
{
	DIR *folder = opendir(disk->where);
	size_t count = 0;

	*room = 0;
	for (struct dirent *entry; folder && (entry = readdir(folder));) {
		struct stat status;

		if (entry->d_name[0] == '.' ||
		    fstatat(dirfd(folder), entry->d_name, &status, 0) < 0)
			continue;
		count++;
		*room += (size_t)status.st_blocks * 512;
	}
	closedir(folder);
	return count;
}

static void *open_own(const struct disk *disk)
{
	struct smd_error error = {.code = SMD_OK};
	void *store = NULL;

	if (disk->ops->open(disk->where, SMD_STORE_OWN, NULL, &store, &error))
		fprintf(stderr, "%s\n", error.message);
	return store;
}

/* An entry as the journal has it: a new record a batch. */
static int write_entry(const struct disk *disk, void *store, unsigned number)
{
	char key[40], value[ENTRY];
	struct smd_store_item item = {.op = SMD_STORE_PUT,
				      .need = SMD_NEED_ABSENT,
				      .table = "journal",
				      .key = key,
				      .value = value,
				      .size = sizeof(value)};

	memset(value, 'v', sizeof(value));
	snprintf(key, sizeof(key), "20260101T000000Z-0123 %06u", number);
	return disk->ops->apply(store, &item, 1, NULL, NULL);
}

/* Write entries until one fails, at most `most`; returns how many were written. */
static unsigned write_entries(const struct disk *disk, void *store, unsigned from, unsigned most)
{
	unsigned count = 0;

	while (count < most && !write_entry(disk, store, from + count))
		count++;
	return count;
}

static int count_record(void *arg, const char *key, const void *value, size_t size,
			uint64_t revision)
{
	(void)key;
	(void)value;
	(void)size;
	(void)revision;
	++*(size_t *)arg;
	return 0;
}

#define ENTRIES (KEPT / (ENTRY + 40))

static int write_what_was_kept(const struct disk *disk)
{
	size_t found = 0;
	void *store;

	if (mount_small(disk))
		return SKIPPED;
	store = open_own(disk);
	REQUIRE(store && write_entries(disk, store, 0, 20) == 20);
	REQUIRE(!disk->ops->reserve(store, KEPT, NULL));
	fill_disk(disk);
	REQUIRE(write_entries(disk, store, 20, ENTRIES) == ENTRIES);
	disk->ops->close(store);
	store = open_own(disk);
	REQUIRE(store && !disk->ops->each(store, "journal", "", count_record, &found, NULL));
	REQUIRE(found == 20 + ENTRIES);
	disk->ops->close(store);
	return 0;
}

/* The same total in one batch. */
static int write_one_batch(const struct disk *disk)
{
	static char value[KEPT - 8];
	struct smd_store_item item = {.op = SMD_STORE_PUT,
				      .table = "snapshot",
				      .key = "leaf1",
				      .value = value,
				      .size = sizeof(value)};
	void *store;

	if (mount_small(disk))
		return SKIPPED;
	store = open_own(disk);
	REQUIRE(store && !disk->ops->reserve(store, KEPT, NULL));
	fill_disk(disk);
	REQUIRE(!disk->ops->apply(store, &item, 1, NULL, NULL));
	disk->ops->close(store);
	return 0;
}

static int fail_without_room(const struct disk *disk)
{
	struct smd_error error = {.code = SMD_OK};
	size_t count, room, count_after, room_after;
	unsigned written;
	void *store;

	if (mount_small(disk))
		return SKIPPED;
	store = open_own(disk);
	REQUIRE(store && write_entries(disk, store, 0, 20) == 20);
	fill_disk(disk);
	written = write_entries(disk, store, 20, ENTRIES);
	REQUIRE(written < 10);
	count = files_of(disk, &room);
	REQUIRE(disk->ops->reserve(store, KEPT, &error) == SMD_E_IO);
	REQUIRE(strstr(error.message, "No space left") != NULL);
	count_after = files_of(disk, &room_after);
	REQUIRE(count_after == count && room_after == room);
	empty_disk(disk);
	REQUIRE(write_entries(disk, store, 20 + written, 1) == 1);
	disk->ops->close(store);
	return 0;
}

/* A reserve that cannot grow stays as it was; one that was used can be made anew. */
static int keep_again(const struct disk *disk)
{
	size_t room, room_after;
	void *store;

	if (mount_small(disk))
		return SKIPPED;
	store = open_own(disk);
	REQUIRE(store && !disk->ops->reserve(store, KEPT / 2, NULL));
	files_of(disk, &room);
	REQUIRE(disk->ops->reserve(store, 1 << 20, NULL) == SMD_E_IO);
	files_of(disk, &room_after);
	REQUIRE(room_after == room);
	fill_disk(disk);
	REQUIRE(write_entries(disk, store, 0, ENTRIES / 2) == ENTRIES / 2);
	fill_disk(disk);
	REQUIRE(disk->ops->reserve(store, KEPT / 2, NULL) == SMD_E_IO);
	empty_disk(disk);
	REQUIRE(!disk->ops->reserve(store, KEPT / 2, NULL));
	fill_disk(disk);
	REQUIRE(write_entries(disk, store, ENTRIES, ENTRIES / 2) == ENTRIES / 2);
	disk->ops->close(store);
	return 0;
}

/* An owner that dies with a reserve leaves it to the next, on a disk that is full by then. */
static int take_over(const struct disk *disk)
{
	size_t room;
	void *store;
	pid_t child;

	if (mount_small(disk))
		return SKIPPED;
	child = fork();
	if (child == 0) {
		store = open_own(disk);
		_exit(store && !disk->ops->reserve(store, KEPT, NULL) &&
				      write_entries(disk, store, 0, 20) == 20
			      ? 0
			      : 1);
	}
	waitpid(child, NULL, 0);
	fill_disk(disk);
	store = open_own(disk);
	REQUIRE(store && write_entries(disk, store, 20, ENTRIES / 2) == ENTRIES / 2);
	disk->ops->close(store);
	REQUIRE(files_of(disk, &room) == 2); /* store.db and lock */
	return 0;
}

static int keep_and_give_up(const struct disk *disk)
{
	size_t room, room_after;
	void *store;

	if (mount_small(disk))
		return SKIPPED;
	store = open_own(disk);
	REQUIRE(store && write_entries(disk, store, 0, 1) == 1);
	REQUIRE(files_of(disk, &room) == 4); /* store.db with log and index, lock */
	for (int i = 0; i < 100; i++) {
		REQUIRE(!disk->ops->reserve(store, KEPT, NULL));
		REQUIRE(files_of(disk, &room_after) == 5 && room_after > room + KEPT);
		REQUIRE(!disk->ops->reserve(store, 0, NULL));
	}
	REQUIRE(files_of(disk, &room_after) == 4 && room_after <= room + 4096);
	REQUIRE(!disk->ops->reserve(store, KEPT, NULL));
	disk->ops->close(store);
	REQUIRE(files_of(disk, &room_after) == 2);
	return 0;
}

static void run(int (*work)(const struct disk *disk))
{
	struct disk disk;
	int result;

	disk_init(&disk);
	result = in_child(work, &disk);
	if (result == SKIPPED)
		printf("\nskipped: a tmpfs cannot be mounted\n");
	else
		CU_ASSERT_EQUAL(result, 0);
	disk_done(&disk);
}

static void entries_find_the_room_that_was_kept(void)
{
	run(write_what_was_kept);
}

static void a_large_batch_finds_the_room_that_was_kept(void)
{
	run(write_one_batch);
}

static void without_a_reserve_a_full_disk_is_an_error(void)
{
	run(fail_without_room);
}

static void a_reserve_that_was_used_is_made_anew(void)
{
	run(keep_again);
}

static void the_next_owner_has_the_reserve_of_a_dead_one(void)
{
	run(take_over);
}

static void nothing_is_left_of_a_reserve_given_up(void)
{
	run(keep_and_give_up);
}

static void only_the_owner_keeps_room(void)
{
	struct disk disk;
	void *looker;

	disk_init(&disk);
	disk.ops->close(own(&disk));
	CU_ASSERT_EQUAL_FATAL(disk.ops->open(disk.where, SMD_STORE_LOOK, NULL, &looker, NULL), 0);
	CU_ASSERT_EQUAL(disk.ops->reserve(looker, KEPT, NULL), SMD_E_UNSUPPORTED);
	disk.ops->close(looker);
	disk_done(&disk);
}

TEST_MAIN("sqlite_room", TEST(entries_find_the_room_that_was_kept),
	  TEST(a_large_batch_finds_the_room_that_was_kept),
	  TEST(without_a_reserve_a_full_disk_is_an_error),
	  TEST(a_reserve_that_was_used_is_made_anew),
	  TEST(the_next_owner_has_the_reserve_of_a_dead_one),
	  TEST(nothing_is_left_of_a_reserve_given_up), TEST(only_the_owner_keeps_room));
