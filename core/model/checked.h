/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside core/model: the record of a document that was validated when it was written. It holds
 * the checked form, which is read without libyang.
 *
 * A record is packed text: a mark, the version of the form, the SHA-256 of the form and the text's
 * digest, the SHA-256 of the text, the form. The text is stored apart; it is needed when the form
 * has another version.
 *
 * Earlier programs wrote {"text": ...}, which is read as a record without a form.
 */
#ifndef SMD_MODEL_CHECKED_H
#define SMD_MODEL_CHECKED_H

#include <smartdeploy/error.h>

#include "core/base/hash.h"
#include "core/model/model.h"
#include "core/model/pack.h"

/*
 * Raised when the form changes, and when the YANG modules do: a form of another version is not
 * used, and the text is validated again.
 */
#define SMD_CHECKED_VERSION 2

/* A record being read. {0} is empty. */
struct smd_checked {
	char *block;             /* memory of the form */
	struct smd_unpack form;  /* `at` NULL: there is none of this version */
	const char *text_digest; /* NULL: an earlier program wrote the record */
	char *text;              /* NULL: not at hand */
	size_t text_size;
};

/*
 * Begin to read a record, whose memory it takes. `what` names the document. SMD_E_IO: the record
 * is damaged.
 */
int smd_checked_open(struct smd_record record_take, const char *what, struct smd_checked *out,
		     struct smd_error *error);
/* Check that `text` is the one that the form was made from. SMD_E_IO as above. */
int smd_checked_match(const struct smd_checked *checked, const char *text, size_t size,
		      const char *what, struct smd_error *error);
/* Check that the record's text is at hand, and that one. */
int smd_checked_need_text(const struct smd_checked *checked, const char *what,
			  struct smd_error *error);
void smd_cleanup_smd_checked(struct smd_checked *checked);

/* Make the record of a form; `out` gets no text. */
int smd_checked_seal(const struct smd_pack *form, const char *text, struct smd_record *out,
		     struct smd_error *error);

int smd_checked_damaged(const char *what, const char *damage, struct smd_error *error);

#endif
