/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/snapshot.h"

#include "core/site/deployment_key.h"

int smd_snapshot_read(struct smd_site *site, const char *deployment,
		      const struct smd_remote *remote, struct smd_text **out,
		      struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	smd_cleanup(free) char *native = NULL;
	char key[SMD_STORE_KEY];
	size_t size;
	int err;

	smd_deployment_key(deployment, remote->name, key);
	err = smd_store_thread_get(site->store_thread, "snapshot", key, &json, NULL, error);
	if (!err)
		err = smd_remote_check_driver(remote, json, error);
	if (err)
		return err;
	err = smd_json_read_bytes(smd_json_member(json, "native"), &native, &size);
	if (!err)
		err = smd_text_from(out, native, size);
	if (err == SMD_E_NO_MEMORY)
		return smd_fail(error, err, "out of memory");
	if (err)
		return smd_fail(error, SMD_E_IO, "the snapshot of \"%s\" is damaged", remote->name);
	return 0;
}
