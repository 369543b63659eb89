/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets in lines of configuration, found by the kind of their words: what stands behind
 * `password`, `secret`, `key` and the like, in URLs, and what looks like a hash. It knows no
 * vendor and no rule: a net beneath the rules of dialects, for statements that none of them knows.
 */
#ifndef SMD_BASE_SECRET_WORDS_H
#define SMD_BASE_SECRET_WORDS_H

#include "core/base/span.h"

/* What the sections around a line are about, which decides what some of its words mean. */
enum smd_around {
	SMD_AROUND_SNMP = 1,    /* `community X` is a secret, as it is not in a route-map */
	SMD_AROUND_LOGIN = 2,   /* RADIUS, TACACS, LDAP: a key may be a number */
	SMD_AROUND_GATEWAY = 4, /* HSRP, VRRP, GLBP, NHRP: `authentication X` is a secret */
	SMD_AROUND_KEYS = 8,    /* keys for authentication: `value X`, `md5 X` are secrets */
	SMD_AROUND_CHAIN = 16,  /* a key chain: a number behind `key` is its name */
	SMD_AROUND_ANY = 31,    /* not known: rather mask too much */
	SMD_AROUND_ROUTES = 32, /* policies of routes: their communities are no secrets */
	/* Of the line itself: it opens a section, so a number in it is the section's name. */
	SMD_AROUND_OPENS = 64,
	/* Of the section just above alone: it ends in a word whose value is a secret. */
	SMD_AROUND_VALUE = 128,
	SMD_AROUND_KEY = 256 /* the same, but a number is the key's name */
};

/* The most secrets of a line that are told apart; a last one reaches to the end of the line. */
#define SMD_SECRET_SPANS 8

/*
 * What lines below this one have around them, if it has `around` itself: enum smd_around, or-ed.
 */
unsigned smd_secret_around(struct smd_span line, unsigned around);

/*
 * Find the secrets of a line, in order. `around`: enum smd_around of the sections around it,
 * or-ed. A secret behind a word reaches to the end of the line, as values may have blanks; what
 * is masked already (SMD_MASK) is none. So what is masked by this stays as it is when masked
 * again. Returns their number.
 */
size_t smd_secret_find(struct smd_span line, unsigned around,
		       struct smd_span secrets[static SMD_SECRET_SPANS]);

/* The same, but only what looks like a hash, and passwords in URLs. */
size_t smd_secret_find_by_looks(struct smd_span text,
				struct smd_span secrets[static SMD_SECRET_SPANS]);

/*
 * Whether what a rule takes for a secret only names one, or a rule for secrets: `key-chain X`,
 * `minimum-length 10`.
 */
int smd_secret_is_named(struct smd_span value);

/* Whether the value at this path of a tree is a secret by the words of the path. */
int smd_secret_is_at(const char *path);

/*
 * The text with SMD_MASK in place of each secret; the caller's, from malloc(). NULL: no memory.
 * `secrets`: parts of the text, in order.
 */
char *smd_secret_cover(struct smd_span text, const struct smd_span secrets[], size_t count);

/*
 * A sentence in which secrets of quoted lines ("..." or '...') and passwords in URLs are masked, or
 * a path ("/...") in which secrets are; the caller's, from malloc(). NULL: there is nothing to
 * mask, or no memory, which `*failed` tells.
 */
char *smd_secret_mask_sentence(const char *text, int *failed);

#endif
