/* SPDX-License-Identifier: Apache-2.0 */
/* FIFOs, devices, folders, sockets and files in the place of a store or of one of its files. */
#include <sys/socket.h>
#include <sys/un.h>

#include "sqlite_disk.h"

/* No regular file is refused at once: nobody waits for the other end of a FIFO. */
static void a_fifo_or_device_in_the_way(void)
{
	struct disk disk;

	disk_init(&disk);
	disk.ops->close(own(&disk));
	unlink(disk.file);
	CU_ASSERT_EQUAL_FATAL(mkfifo(disk.file, 0600), 0);
	is_refused(&disk, SMD_STORE_OWN, SMD_E_INVALID, "not a regular file");
	is_refused(&disk, SMD_STORE_LOOK, SMD_E_INVALID, "not a regular file");
	unlink(disk.file);
	CU_ASSERT_EQUAL_FATAL(symlink("/dev/zero", disk.file), 0);
	is_refused(&disk, SMD_STORE_OWN, SMD_E_INVALID, "not a regular file");
	is_refused(&disk, SMD_STORE_LOOK, SMD_E_INVALID, "not a regular file");
	disk_done(&disk);
}

/* Put no regular file there; 0 if there is no such kind. */
static int obstruct(const char *path, int kind)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int unix_socket;

	unlink(path);
	switch (kind) {
	case 0:
		return mkfifo(path, 0600) == 0;
	case 1:
		return mkdir(path, 0700) == 0;
	case 2:
		snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
		unix_socket = socket(AF_UNIX, SOCK_STREAM, 0);
		kind = bind(unix_socket, (struct sockaddr *)&address, sizeof(address));
		close(unix_socket);
		return kind == 0;
	default:
		return 0;
	}
}

/* FIFOs, folders and sockets in the place of the files beside the database. */
static void other_files_in_the_way(void)
{
	static const char *const names[] = {"store.db-wal", "store.db-shm", "lock", "store.db",
					    "store.db-journal"};
	struct disk disk;
	char path[256];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		for (int kind = 0; kind < 3; kind++) {
			void *store = NULL;

			disk_init(&disk);
			disk.ops->close(own(&disk));
			snprintf(path, sizeof(path), "%s/%s", disk.where, names[i]);
			CU_ASSERT_TRUE_FATAL(obstruct(path, kind));
			CU_ASSERT_NOT_EQUAL(
				disk.ops->open(disk.where, SMD_STORE_OWN, NULL, &store, NULL), 0);
			if (i != 2) /* who looks does not need the lock */
				is_refused(&disk, SMD_STORE_LOOK, SMD_E_INVALID,
					   "not a regular file");
			rmdir(path);
			unlink(path);
			disk.ops->close(own(&disk));
			disk_done(&disk);
		}
}

static void a_file_in_the_way(void)
{
	struct disk disk;

	disk_init(&disk);
	snprintf(disk.where, sizeof(disk.where), "%s/a", disk.scratch.path);
	spill(disk.where, "x", 1);
	is_refused(&disk, SMD_STORE_OWN, SMD_E_INVALID, "not a folder");
	snprintf(disk.where, sizeof(disk.where), "%s/a/store", disk.scratch.path);
	is_refused(&disk, SMD_STORE_OWN, SMD_E_IO, "Not a directory");
	is_refused(&disk, SMD_STORE_LOOK, SMD_E_NOT_FOUND, "no store");
	disk.where[0] = '\0';
	is_refused(&disk, SMD_STORE_OWN, SMD_E_INVALID, "no folder");
	disk_done(&disk);
}

TEST_MAIN("sqlite files", TEST(a_file_in_the_way), TEST(a_fifo_or_device_in_the_way),
	  TEST(other_files_in_the_way));
