/* SPDX-License-Identifier: Apache-2.0 */
#include "starve.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <execinfo.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

static struct shared {
	const char *method;
	enum starve_whom whom;
	uint64_t at;
	int tells;
	atomic_uint_fast64_t count;
} * shared;

static _Thread_local int spared;

static void tell_where(void)
{
	void *frames[32];

	backtrace_symbols_fd(frames, backtrace(frames, 32), STDERR_FILENO);
}

int starve_counts(void)
{
	return shared && shared->method && child_calls_first(shared->method);
}

/* Does this allocation fail? */
static int fails(enum starve_whom who)
{
	if (!starve_counts() || spared || who > shared->whom)
		return 0;
	if (atomic_fetch_add(&shared->count, 1) + 1 != shared->at)
		return 0;
	if (shared->tells)
		tell_where();
	errno = ENOMEM;
	return 1;
}

/* The names are the linker's */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);

void *__wrap_malloc(size_t size)
{
	return fails(STARVE_ALL) ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails(STARVE_ALL) ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails(STARVE_ALL) ? NULL : __real_realloc(old, size);
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
	return fails(STARVE_ALL) ? NULL : __real_reallocarray(old, count, size);
}

char *__wrap_strdup(const char *text)
{
	return fails(STARVE_ALL) ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
	return fails(STARVE_ALL) ? NULL : __real_strndup(text, size);
}

static void *json_malloc(size_t size)
{
	return fails(STARVE_JSON) ? NULL : __real_malloc(size);
}

void starve_init(void)
{
	cJSON_Hooks hooks = {json_malloc, free};

	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		abort();
	cJSON_InitHooks(&hooks);
}

void starve_arm(const char *method, enum starve_whom whom, uint64_t at)
{
	shared->method = method;
	shared->whom = whom;
	shared->at = at;
	atomic_store(&shared->count, 0);
}

void starve_tell(void)
{
	shared->tells = 1;
}

uint64_t starve_count(void)
{
	return atomic_load(&shared->count);
}

void starve_spare(int is_spared)
{
	spared = is_spared;
}
