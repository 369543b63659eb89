/* SPDX-License-Identifier: Apache-2.0 */
/* A part of another ABI major. Reading beyond its first member touches an unmapped page. */
#include <smartdeploy/driver.h>

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const struct smd_driver *smd_driver_entry(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint32_t major = SMD_ABI_MAJOR + 1;
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return NULL;
	memcpy(pages + page - 8, &major, sizeof(major));
	mprotect(pages + page, page, PROT_NONE);
	return (const void *)(pages + page - 8);
}
