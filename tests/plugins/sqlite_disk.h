/* SPDX-License-Identifier: Apache-2.0 */
/* A store in a temporary folder, and child processes to be killed. */
#ifndef SMD_TESTS_PLUGINS_SQLITE_DISK_H
#define SMD_TESTS_PLUGINS_SQLITE_DISK_H

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "store_fixture.h"

struct disk {
	struct scratch scratch;
	const struct smd_store *ops;
	char where[128], file[160];
};

static inline void disk_init(struct disk *disk)
{
	disk->ops = load_store("sqlite");
	scratch_init(&disk->scratch, "a/store", disk->where);
	snprintf(disk->file, sizeof(disk->file), "%s/store.db", disk->where);
}

static inline void disk_done(struct disk *disk)
{
	scratch_done(&disk->scratch);
}

static inline void *own(const struct disk *disk)
{
	struct smd_error error;
	void *store = NULL;

	if (disk->ops->open(disk->where, SMD_STORE_OWN, NULL, &store, &error))
		fprintf(stderr, "%s\n", error.message);
	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	return store;
}

static inline void is_refused(const struct disk *disk, enum smd_store_mode mode, enum smd_err code,
			      const char *words)
{
	struct smd_error error = {.code = SMD_OK};
	void *store = NULL;
	int err = disk->ops->open(disk->where, mode, NULL, &store, &error);

	CU_ASSERT_EQUAL(err, (int)code);
	CU_ASSERT_PTR_NULL(store);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, words));
	if (err != (int)code || !strstr(error.message, words))
		fprintf(stderr, "%s: \"%s\"\n", smd_err_name((enum smd_err)err), error.message);
	disk->ops->close(store);
}

static inline void kill_now(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static inline char *slurp(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = NULL;

	*size = 0;
	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	*size = (size_t)ftell(file);
	rewind(file);
	bytes = malloc(*size + 1);
	CU_ASSERT_EQUAL(fread(bytes, 1, *size, file), *size);
	fclose(file);
	return bytes;
}

static inline void spill(const char *path, const void *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_EQUAL(fwrite(bytes, 1, size, file), size);
	fclose(file);
}

/* Run `work` in a child, so that it may change the process's state; returns its exit status. */
static inline int in_child(int (*work)(const struct disk *disk), const struct disk *disk)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0)
		_exit(work(disk));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
