/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/remote.h"

#include "core/model/inventory.h"
#include "test.h"

/* A device whose driver has a language and no sessions is refused before anything is sent. */
static void a_language_alone_reaches_no_device(void)
{
	static const struct smd_credential credential = {.name = "lab"};
	struct smd_device device = {.name = "leaf1",
				    .driver = "language",
				    .address = "192.0.2.1",
				    .credential = &credential,
				    .read_only_credential = &credential};
	struct smd_inventory inventory = {.devices = &device, .device_count = 1};
	struct smd_site site = {.inventory = &inventory};
	struct smd_remote *remote = NULL;
	struct smd_error error;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(SMD_BUILD_DIR "/tests/parts", &site.loader), 0);
	CU_ASSERT_EQUAL(smd_remote_open_device(&site, "leaf1", SMD_ACCESS_READ, &remote, &error),
			SMD_E_UNSUPPORTED);
	CU_ASSERT_PTR_NULL(remote);
	CU_ASSERT_STRING_EQUAL(error.message, "driver \"language\" only knows the language; it "
					      "cannot talk to a device");
	CU_ASSERT_STRING_EQUAL(error.device, "leaf1");
	smd_loader_free(site.loader);
}

TEST_MAIN("remote", TEST(a_language_alone_reaches_no_device));
