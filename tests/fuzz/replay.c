/* SPDX-License-Identifier: Apache-2.0 */
/* Gives every file of the named folders to a fuzz target, where no fuzzer drives it. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static int replay(const char *path)
{
	FILE *file = fopen(path, "rb");
	uint8_t *bytes = malloc(1 << 20);
	size_t size = 0;
	int failed = !file || !bytes;

	if (!failed) {
		size = fread(bytes, 1, 1 << 20, file);
		failed = ferror(file);
	}
	if (failed)
		perror(path);
	else
		LLVMFuzzerTestOneInput(bytes, size);
	if (file)
		fclose(file);
	free(bytes);
	return failed;
}

static int replay_folder(const char *path, unsigned *count)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	int failed = 0;

	if (!folder) {
		perror(path);
		return 1;
	}
	while ((entry = readdir(folder))) {
		char name[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		failed |= replay(name);
		(*count)++;
	}
	closedir(folder);
	return failed;
}

int main(int argc, char **argv)
{
	unsigned count = 0;
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= replay_folder(argv[i], &count);
	printf("%u inputs replayed\n", count);
	return failed || !count;
}
