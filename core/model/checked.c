/* SPDX-License-Identifier: Apache-2.0 */
#include "core/model/checked.h"

#include <string.h>

#include "core/base/json.h"

static const char mark[] = "smartdeploy-checked";

void smd_cleanup_smd_checked(struct smd_checked *checked)
{
	free(checked->block);
	free(checked->text);
}

int smd_checked_damaged(const char *what, const char *damage, struct smd_error *error)
{
	return smd_fail(error, SMD_E_IO, "the %s is damaged: %s", what, damage);
}

static int no_digest(int err, struct smd_error *error)
{
	return smd_fail(error, err, "%s",
			err == SMD_E_NO_MEMORY ? "out of memory" : "libcrypto cannot be used");
}

static int digest_form(const char *form, size_t size, const char *text_digest,
		       char out[SMD_SHA256_HEX])
{
	const struct smd_span parts[] = {{form, size}, {text_digest, strlen(text_digest)}};
	smd_cleanup(smd_hasher_free) struct smd_hasher *hasher = NULL;
	uint8_t digest[SMD_SHA256_SIZE];
	int err = smd_hasher_new(&hasher);

	if (!err)
		err = smd_hasher_digest(hasher, parts, SMD_COUNT(parts), digest);
	if (!err)
		smd_hex(digest, sizeof(digest), out);
	return err;
}

/* A record of an earlier program. */
static int open_json(struct smd_checked *checked, const char *record, size_t size, const char *what,
		     struct smd_error *error)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	struct smd_error own = {0};
	int err = smd_json_parse(record, size, what, &json, &own);

	if (err == SMD_E_INVALID)
		return smd_checked_damaged(what, own.message, error);
	if (err)
		return smd_fail(error, err, "%s", own.message);
	free(checked->text);
	checked->text = smd_json_take_string(json, "text");
	if (!checked->text)
		return smd_checked_damaged(what, "its record has no text", error);
	checked->text_size = strlen(checked->text);
	return 0;
}

static int open_packed(struct smd_checked *checked, size_t size, const char *what,
		       struct smd_error *error)
{
	struct smd_unpack record = {.at = checked->block, .end = checked->block + size};
	const char *found = smd_unpack_text(&record);
	uint64_t version = smd_unpack_number(&record, 0, UINT32_MAX);
	const char *form_digest = smd_unpack_text(&record);
	char digest[SMD_SHA256_HEX];
	size_t form_size;
	char *form;
	int err;

	checked->text_digest = smd_unpack_text(&record);
	form = smd_unpack_bytes(&record, &form_size);
	if (strcmp(found, mark))
		return smd_checked_damaged(what, "its record is not one of this program", error);
	if (smd_unpack_end(&record))
		return smd_checked_damaged(what, record.damage, error);
	if (version != SMD_CHECKED_VERSION)
		return 0;
	err = digest_form(form, form_size, checked->text_digest, digest);
	if (err)
		return no_digest(err, error);
	if (strcmp(digest, form_digest))
		return smd_checked_damaged(what, "its checksum does not fit", error);
	checked->form = smd_unpack_begin(form, form_size);
	return 0;
}

int smd_checked_open(struct smd_record record_take, const char *what, struct smd_checked *out,
		     struct smd_error *error)
{
	smd_cleanup(smd_checked) struct smd_checked checked = {
		.block = record_take.bytes,
		.text = record_take.text,
		.text_size = record_take.text_size,
	};
	size_t size = record_take.size;
	int err = size && *checked.block == '{'
			  ? open_json(&checked, checked.block, size, what, error)
			  : open_packed(&checked, size, what, error);

	*out = (struct smd_checked){0};
	if (err)
		return err;
	*out = checked;
	checked = (struct smd_checked){0};
	return 0;
}

int smd_checked_match(const struct smd_checked *checked, const char *text, size_t size,
		      const char *what, struct smd_error *error)
{
	char digest[SMD_SHA256_HEX];

	if (!checked->text_digest)
		return 0;
	if (smd_sha256_hex(text, size, digest))
		return smd_fail(error, SMD_E_INTERNAL, "libcrypto cannot be used");
	if (strcmp(digest, checked->text_digest))
		return smd_checked_damaged(what, "the checksum of its text does not fit", error);
	return 0;
}

int smd_checked_seal(const struct smd_pack *form, const char *text, struct smd_record *out,
		     struct smd_error *error)
{
	char form_digest[SMD_SHA256_HEX], text_digest[SMD_SHA256_HEX];
	smd_cleanup(smd_pack) struct smd_pack record = {0};
	int err;

	if (form->failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to keep a document");
	err = smd_sha256_hex(text, strlen(text), text_digest);
	if (!err)
		err = digest_form(form->bytes, form->size, text_digest, form_digest);
	if (err)
		return no_digest(err, error);
	smd_pack_text(&record, mark);
	smd_pack_number(&record, SMD_CHECKED_VERSION);
	smd_pack_text(&record, form_digest);
	smd_pack_text(&record, text_digest);
	smd_pack_bytes(&record, form->bytes, form->size);
	if (record.failed)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to keep a document");
	*out = (struct smd_record){.size = record.size};
	out->bytes = smd_take(record.bytes);
	return 0;
}

int smd_checked_need_text(const struct smd_checked *checked, const char *what,
			  struct smd_error *error)
{
	if (!checked->text)
		return smd_checked_damaged(what, "its text is missing", error);
	return smd_checked_match(checked, checked->text, checked->text_size, what, error);
}

int smd_record_needs_text(const struct smd_record *record)
{
	smd_cleanup(smd_pack) struct smd_pack head = {0};

	if (!record->bytes || (record->size && *record->bytes == '{'))
		return 0;
	smd_pack_text(&head, mark);
	smd_pack_number(&head, SMD_CHECKED_VERSION);
	return head.failed || record->size < head.size ||
	       memcmp(record->bytes, head.bytes, head.size);
}

int smd_record_text(struct smd_record record_take, const char *what, char **out,
		    struct smd_error *error)
{
	smd_cleanup(smd_checked) struct smd_checked checked = {0};
	int err = smd_checked_open(record_take, what, &checked, error);

	if (!err)
		err = smd_checked_need_text(&checked, what, error);
	if (!err)
		*out = smd_take(checked.text);
	return err;
}
