/* SPDX-License-Identifier: Apache-2.0 */
/* Inside core/base: kinds of words in lines of configuration, for secret_words.c. */
#ifndef SMD_BASE_SECRET_KIND_H
#define SMD_BASE_SECRET_KIND_H

#include "core/base/span.h"

/*
 * REFERENCE   the next word is the name of something that holds the secret
 * POLICY      behind a word for a secret: a rule for secrets, or that one is needed
 * BEHIND_KEY  behind `key`: other things than a key
 * PROSE       the rest of the line is for people
 * NAMING      something is called as the next word says
 * METHOD      behind `authentication`: how it is done
 * GATEWAY     protocols of gateways
 */
enum smd_word_kind {
	SMD_WORD_REFERENCE,
	SMD_WORD_POLICY,
	SMD_WORD_BEHIND_KEY,
	SMD_WORD_PROSE,
	SMD_WORD_NAMING,
	SMD_WORD_METHOD,
	SMD_WORD_GATEWAY
};

int smd_word_is(struct smd_span word, enum smd_word_kind kind);
int smd_word_is_one_of(struct smd_span word, const char *const list[], size_t count);
#define SMD_WORD_IS_ONE_OF(word, list) smd_word_is_one_of(word, list, SMD_COUNT(list))

int smd_word_begins(struct smd_span word, const char *with);
int smd_word_holds(struct smd_span word, const char *what);
int smd_word_is_number(struct smd_span word);
int smd_word_is_digit(struct smd_span word);
int smd_word_is_address(struct smd_span word);   /* or a prefix */
int smd_word_is_algorithm(struct smd_span word); /* of hashing or encrypting */
int smd_word_is_type(struct smd_span word);      /* how a secret is written, or whose it is */
int smd_word_says_secret(struct smd_span word);  /* its value is a secret */
int smd_word_says_key(struct smd_span word);     /* the same, if the value is no number */

#endif
