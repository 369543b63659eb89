/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/secret_kind.h"

#include <ctype.h>

#include "core/base/cleanup.h"

typedef const char *const word_list[];

/* Words whose value is a secret; also as the end of a word, behind '-' or '_'. */
static word_list secret_ends = {"password",   "passwd",   "passphrase", "secret", "psk", "token",
				"credential", "passcode", "pwd",        "cak",    "pmk"};
static word_list secret_words = {
	"pass-phrase",
	"key-string",
	"key-octet-string",
	"shared-key",
	"pre-shared-key",
	"preshared-key",
	"authentication-key",
	"message-digest-key",
	"session-key",
	"server-key",
	"set-key",
	"privacy-key",
	"monitoring-key",
	"private-key",
	"api-key",
	"access-key",
	"config-key",
	"community-name",
	"snmp-community",
	"auth-string",
	"bearer",
	"community-string",
	"ascii-text",
	"text-authentication",
	"tcp-md5-auth",
	"_pass",
	"pem",
	"pkcs12",
	"authentication-string",
	"hello-authentication-key",
	"password-encrypt",
	"password-encryption",
};
/* Words that end in "key" and have no secret as their value. */
static word_list plain_keys = {"trusted-key", "port-key", "hash-key",   "route-key",  "named-key",
			       "ssh-key",     "host-key", "public-key", "egress-key", "gre-key"};
/* Behind a word for a secret: how it is written, or whose it is. */
static word_list type_words = {
	"encrypted", "clear",   "cleartext",   "clear-text",    "plaintext", "text",
	"ascii",     "hex",     "string",      "value",         "level",     "local",
	"remote",    "inbound", "hexadecimal", "outbound",      "esp",       "ah",
	"cipher",    "address", "hostname",    "peer",          "client",    "type",
	"simple",    "option",  "for",         "accepts",       "key",       "auth",
	"priv",      "key-id",  "hex-string",  "authenticator", "keyid",     "8a",
	"10",        "128",     "192",         "256",
};
/* Behind a word for a secret: a rule for secrets, or that one is needed. */
static word_list policy_words = {
	"encryption", "encryption-key", "strength-check", "secure-mode", "minimum",  "maximum",
	"format",     "policy",         "prompt",         "history",     "aging",    "length",
	"lifetime",   "recovery",       "required",       "default",     "optional", "none",
	"min-length", "minimum-length", "maximum-length", "change-type", "expire",   "expiration",
};
/* The next word is the name of something that holds the secret. */
static word_list reference_words = {"key-chain", "keychain", "profile", "chain", "trustpoint"};
/* Behind `key`: other things than a key. */
static word_list key_plain = {"generate",     "zeroize", "exchange", "rsa",      "dsa",
			      "ecdsa",        "param",   "export",   "import",   "pubkey-chain",
			      "key-exchange", "storage", "chain",    "algorithm"};
/* The rest of the line is for people. */
static word_list prose_words = {"description", "remark",  "banner", "contact",
				"location",    "comment", "message"};
/* Something is called so, whatever the next word says. */
static word_list naming_words = {"term",     "policy-statement", "route-map", "policy",
				 "standard", "expanded",         "regexp"};
/* Behind `authentication` alone: how it is done. */
static word_list method_words = {"message-digest", "pre-share", "rsa-sig", "rsa-encr", "ecdsa-sig",
				 "null",           "none",      "open",    "shared",   "mode",
				 "remote",         "local",     "enable",  "disable",  "eap"};
static word_list gateway_words = {"standby", "hsrp", "vrrp", "glbp", "nhrp", "vrrp-group"};

/* Every word of every line is looked up, so the first letter is compared before all else. */
int smd_word_is_one_of(struct smd_span word, const char *const list[], size_t count)
{
	for (size_t i = 0; i < count && word.length; i++)
		if (*list[i] == *word.at && smd_span_is(word, list[i]))
			return 1;
	return 0;
}

int smd_word_begins(struct smd_span word, const char *with)
{
	size_t i = 0;

	while (i < word.length && with[i] && word.at[i] == with[i])
		i++;
	return !with[i];
}

int smd_word_holds(struct smd_span word, const char *what)
{
	for (size_t i = 0; i < word.length; i++)
		if (word.at[i] == *what &&
		    smd_word_begins((struct smd_span){word.at + i, word.length - i}, what))
			return 1;
	return 0;
}

int smd_word_is_number(struct smd_span word)
{
	size_t i = 0;

	while (i < word.length && isdigit((unsigned char)word.at[i]))
		i++;
	return word.length && i == word.length;
}

int smd_word_is_digit(struct smd_span word)
{
	return word.length == 1 && smd_word_is_number(word);
}

int smd_word_is_address(struct smd_span word)
{
	size_t marks = 0;

	for (size_t i = 0; i < word.length; i++) {
		if (!isxdigit((unsigned char)word.at[i]) && !strchr(".:/", word.at[i]))
			return 0;
		marks += word.at[i] == '.' || word.at[i] == ':';
	}
	return marks >= 2;
}

/* The word behind its last '-' or '_'. */
static struct smd_span last_part(struct smd_span word)
{
	size_t from = word.length;

	while (from && word.at[from - 1] != '-' && word.at[from - 1] != '_')
		from--;
	return (struct smd_span){word.at + from, word.length - from};
}

/* A method of hashing or encrypting. */
int smd_word_is_algorithm(struct smd_span word)
{
	static word_list names = {"md5", "sha",  "des", "3des",    "3des-cbc",  "des56",
				  "aes", "cmac", "esp", "des-cbc", "keyed-sha1"};

	return SMD_WORD_IS_ONE_OF(word, names) || smd_span_is(last_part(word), "md5") ||
	       smd_word_begins(word, "hmac-") || smd_word_begins(word, "aes-") ||
	       smd_word_begins(word, "sha-") ||
	       (smd_word_begins(word, "sha") && word.length > 3 &&
		isdigit((unsigned char)word.at[3])) ||
	       (smd_word_begins(word, "aes") && word.length > 3 &&
		isdigit((unsigned char)word.at[3]));
}

int smd_word_is_type(struct smd_span word)
{
	return smd_word_is_digit(word) || SMD_WORD_IS_ONE_OF(word, type_words) ||
	       smd_word_is_algorithm(word);
}

int smd_word_says_secret(struct smd_span word)
{
	static const char behind[] = "-value"; /* as `plain-text-password-value` */
	size_t size = strlen(behind);

	if (word.length > size && !memcmp(word.at + word.length - size, behind, size))
		word.length -= size;
	return SMD_WORD_IS_ONE_OF(word, secret_words) ||
	       SMD_WORD_IS_ONE_OF(last_part(word), secret_ends);
}

int smd_word_says_key(struct smd_span word)
{
	return smd_span_is(word, "key") ||
	       (!smd_word_holds(word, "hash") && smd_span_is(last_part(word), "key") &&
		!SMD_WORD_IS_ONE_OF(word, plain_keys));
}

#define LIST(kind, words) [kind] = {words, SMD_COUNT(words)}

int smd_word_is(struct smd_span word, enum smd_word_kind kind)
{
	static const struct {
		const char *const *words;
		size_t count;
	} lists[] = {
		LIST(SMD_WORD_REFERENCE, reference_words), LIST(SMD_WORD_POLICY, policy_words),
		LIST(SMD_WORD_BEHIND_KEY, key_plain),      LIST(SMD_WORD_PROSE, prose_words),
		LIST(SMD_WORD_NAMING, naming_words),       LIST(SMD_WORD_METHOD, method_words),
		LIST(SMD_WORD_GATEWAY, gateway_words),
	};

	return smd_word_is_one_of(word, lists[kind].words, lists[kind].count);
}
