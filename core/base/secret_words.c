/* SPDX-License-Identifier: Apache-2.0 */
#include "core/base/secret_words.h"

#include <ctype.h>
#include <smartdeploy/text.h>
#include <stdlib.h>

#include "core/base/cleanup.h"
#include "core/base/secret_kind.h"

/* What the words that were read make of the next one. */
enum want {
	NOTHING,
	VALUE, /* it is a secret, unless it says how the secret is written */
	TYPED, /* it is one only behind a digit that says how it is written */
	KEY,   /* as VALUE, but a number is a name of a key */
	HOST,  /* options of a receiver of traps, then its community */
	SKIP,  /* it is a name, whatever it says */
};

struct scan {
	const char *at, *end; /* what is left of the line */
	struct smd_span word, before;
	enum want want;
	int quoted;
	unsigned about; /* enum smd_around, of the sections around and of the words before */
	int user, host;
	const char *begin;
	size_t count;
	struct smd_span *secrets;
};

/* Words */

/* Whether the word ends here: at a blank, or at a mark of a braced text. */
static int is_end(const char *at, const char *end)
{
	if (at == end || isspace((unsigned char)*at))
		return 1;
	return strchr(";{}]", *at) && (at + 1 == end || isspace((unsigned char)at[1]));
}

static struct smd_span read_word(const char **at, const char *end, int *quoted)
{
	struct smd_span word;

	while (*at < end &&
	       (isspace((unsigned char)**at) || (**at == '[' && is_end(*at + 1, end)) ||
		(is_end(*at, end) && *at < end)))
		++*at;
	word.at = *at;
	*quoted = *at < end && **at == '"';
	if (*quoted) {
		word.at = ++*at;
		while (*at < end && (**at != '"' || ((*at)[-1] == '\\' && *at > word.at)))
			++*at;
		word.length = (size_t)(*at - word.at);
		*at += *at < end;
		return word;
	}
	while (!is_end(*at, end))
		++*at;
	word.length = (size_t)(*at - word.at);
	return word;
}

static int next_word(struct scan *scan)
{
	scan->before = scan->word;
	scan->word = read_word(&scan->at, scan->end, &scan->quoted);
	if (!scan->quoted && smd_word_begins(scan->word, "##"))
		scan->word.length = 0; /* a note behind a statement */
	return scan->word.length || scan->quoted;
}

/* The word behind the one that is being read; empty: it is the last. */
static struct smd_span peek(const struct scan *scan)
{
	const char *at = scan->at;
	int quoted;
	struct smd_span word = read_word(&at, scan->end, &quoted);

	return smd_word_begins(word, "##") ? (struct smd_span){at, 0} : word;
}

/* Secrets */

static void add(struct scan *scan, const char *from, const char *until)
{
	struct smd_span secret = {from, (size_t)(until - from)};

	if (!secret.length || smd_span_is(secret, SMD_MASK))
		return;
	if (scan->count == SMD_SECRET_SPANS - 1)
		secret.length = (size_t)(scan->end - from);
	if (scan->count < SMD_SECRET_SPANS)
		scan->secrets[scan->count++] = secret;
}

/* The secret is the word and all that follows, but for the marks of a braced text. */
static void add_rest(struct scan *scan)
{
	const char *end = scan->end,
		   *note = memmem(scan->word.at, (size_t)(end - scan->word.at), " ## ", 4);

	if (note)
		end = note;
	while (end > scan->word.at && strchr(" ;{}\r\t", end[-1]))
		end--;
	if (scan->quoted && end > scan->word.at && end[-1] == '"')
		end--;
	add(scan, scan->word.at, end);
	scan->at = scan->end;
}

/* user:password@host, also in a URL. Returns whether the word has a password. */
static int add_url(struct scan *scan, struct smd_span word)
{
	const char *end = word.at + word.length;
	const char *from, *colon, *at;

	if (!memchr(word.at, '@', word.length))
		return 0;
	from = memmem(word.at, word.length, "://", 3);
	from = from ? from + 3 : word.at;
	at = memchr(from, '@', (size_t)(end - from));
	while (at && memchr(at + 1, '@', (size_t)(end - at - 1)))
		at = memchr(at + 1, '@', (size_t)(end - at - 1));
	colon = at ? memchr(from, ':', (size_t)(at - from)) : NULL;
	if (!colon || colon == from || at == colon + 1 || memchr(from, '/', (size_t)(colon - from)))
		return 0;
	add(scan, colon + 1, at);
	return 1;
}

/* name=VALUE within a word, where the name says that it is a secret. */
static int add_assigned(struct scan *scan, struct smd_span word)
{
	static const char *const names[] = {
		"auth=", "password=", "passwd=", "secret=", "token=", "key=", "psk="};

	for (size_t i = 0; i < SMD_COUNT(names) && memchr(word.at, '=', word.length); i++) {
		const char *found = memmem(word.at, word.length, names[i], strlen(names[i]));

		if (found) {
			add(scan, found + strlen(names[i]), word.at + word.length);
			return 1;
		}
	}
	return 0;
}

/* $1$..., $9$...: a hash or an encrypted value as many devices write them. */
static int looks_hashed(struct smd_span word)
{
	size_t i = 1;

	if (word.length < 4 || word.at[0] != '$')
		return 0;
	while (i < word.length && i < 9 && isalnum((unsigned char)word.at[i]))
		i++;
	return i > 1 && i < word.length && word.at[i] == '$';
}

/* Whether the word is a secret by its looks alone; such a one is added. */
static int add_by_looks(struct scan *scan)
{
	struct smd_span word = scan->word, login = scan->before;

	if (looks_hashed(word) || smd_word_holds(word, "PRIVATE KEY-----") ||
	    smd_word_holds(word, "private key-----") ||
	    (smd_word_begins(word, "enc-") && scan->about & SMD_AROUND_KEYS &&
	     !smd_word_says_secret(word))) {
		add(scan, word.at, word.at + word.length);
		return 1;
	}
	if ((smd_span_is(login, "-u") || smd_span_is(login, "--user")) &&
	    memchr(word.at, ':', word.length)) {
		add(scan, memchr(word.at, ':', word.length), word.at + word.length);
		return 1;
	}
	return add_url(scan, word) || add_assigned(scan, word);
}

/* What a line is about */

static unsigned about_word(struct smd_span word, struct smd_span before)
{
	unsigned about = 0;

	if (smd_word_begins(word, "snmp") || smd_span_is(word, "rmon"))
		about |= SMD_AROUND_SNMP;
	if (smd_word_begins(word, "radius") || smd_word_begins(word, "tacacs") ||
	    smd_word_begins(word, "tacplus") || smd_word_begins(word, "ldap") ||
	    smd_span_is(word, "server-private"))
		about |= SMD_AROUND_LOGIN;
	if (smd_word_holds(word, "policy") || smd_word_begins(word, "route-map") ||
	    smd_word_begins(word, "community-"))
		about |= SMD_AROUND_ROUTES;
	if (smd_word_is(word, SMD_WORD_GATEWAY))
		about |= SMD_AROUND_GATEWAY;
	if (smd_word_holds(word, "key-chain") || smd_word_holds(word, "keychain") ||
	    (smd_span_is(word, "chain") && smd_span_is(before, "key")))
		about |= SMD_AROUND_CHAIN;
	if (smd_word_holds(word, "auth") || smd_word_holds(word, "key") ||
	    smd_word_holds(word, "password") || smd_span_is(word, "spi") ||
	    smd_word_holds(word, "encrypt") || smd_word_begins(word, "priv"))
		about |= SMD_AROUND_KEYS;
	return about;
}

/* Reading a line */

/* Whether a community is meant that is no secret: of routes, or what they are matched with. */
static int is_of_routes(const struct scan *scan)
{
	static const char *const verbs[] = {"set",  "match", "add",        "delete",
					    "from", "send",  "matches-any"};
	struct smd_span next = peek(scan);

	if (next.length && isdigit((unsigned char)*next.at) && memchr(next.at, ':', next.length))
		return 1;
	if (SMD_WORD_IS_ONE_OF(scan->before, verbs) && scan->before.at != scan->begin)
		return 1;
	if (memmem(scan->at, (size_t)(scan->end - scan->at), " members ", 9))
		return 1;
	if ((scan->about & SMD_AROUND_ANY) == SMD_AROUND_ANY)
		return SMD_WORD_IS_ONE_OF(scan->before, verbs);
	if (scan->about & SMD_AROUND_SNMP)
		return 0;
	return scan->about & SMD_AROUND_ROUTES || scan->word.at != scan->begin;
}

/* Whether the word begins the line and one word follows. */
static int is_before_last(const struct scan *scan)
{
	const char *at = scan->at;
	int quoted;

	if (scan->word.at != scan->begin || !read_word(&at, scan->end, &quoted).length)
		return 0;
	return !read_word(&at, scan->end, &quoted).length;
}

/* What a word that is no value says of the next one. */
static enum want want_after(struct scan *scan)
{
	static const char *const named[] = {"text", "string", "simple"};
	struct smd_span word = scan->word, before = scan->before;
	int of_snmp = (scan->about & SMD_AROUND_SNMP) != 0;

	if (smd_word_is(before, SMD_WORD_NAMING))
		return NOTHING;
	if (smd_word_says_secret(word))
		return VALUE;
	if (smd_span_is(word, "community"))
		return is_of_routes(scan) ? NOTHING : VALUE;
	if (of_snmp && (smd_span_is(word, "community-map") || smd_span_is(word, "trap-group")))
		return VALUE;
	if (smd_span_is(word, "2c") && smd_span_is(before, "version"))
		return HOST;
	if (of_snmp && smd_span_is(word, "trap") && !scan->host)
		return VALUE;
	if (of_snmp && scan->user &&
	    (smd_word_begins(word, "auth") || smd_word_begins(word, "priv") ||
	     smd_word_begins(word, "encryption")))
		return VALUE;
	if (smd_span_is(word, "spi"))
		return KEY;
	if (smd_word_says_key(word) && !smd_span_is(before, "crypto") &&
	    !smd_span_is(before, "ssh"))
		return KEY;
	if (smd_span_is(word, "authentication") && !smd_word_is(peek(scan), SMD_WORD_METHOD) &&
	    (scan->about & SMD_AROUND_GATEWAY || is_before_last(scan)))
		return VALUE;
	if (SMD_WORD_IS_ONE_OF(word, named) &&
	    (smd_word_holds(before, "auth") ||
	     (word.at == scan->begin && scan->about & SMD_AROUND_KEYS)))
		return VALUE;
	if (smd_span_is(word, "value") && scan->about & SMD_AROUND_KEYS)
		return VALUE;
	if (smd_word_is_algorithm(word) && scan->about & SMD_AROUND_KEYS) {
		static const char *const choices[] = {"hash",
						      "algorithm",
						      "hash-algo",
						      "mac",
						      "integrity",
						      "type",
						      "cryptographic-algorithm"};

		return SMD_WORD_IS_ONE_OF(before, choices) ? NOTHING : VALUE;
	}
	return NOTHING;
}

/* A word among the options of a receiver of traps; anything else is the community. */
static void read_host(struct scan *scan)
{
	static const char *const named[] = {"vrf", "use-vrf", "filter-vrf", "source-interface",
					    "udp-port"};
	static const char *const alone[] = {"traps", "informs",   "trap",  "inform", "version", "1",
					    "2c",    "encrypted", "clear", "0",      "7"};

	if (SMD_WORD_IS_ONE_OF(scan->word, named))
		next_word(scan);
	else if (smd_span_is(scan->word, "3") && smd_span_is(scan->before, "version"))
		scan->want = NOTHING, scan->about = 0;
	else if (!SMD_WORD_IS_ONE_OF(scan->word, alone) || !peek(scan).length)
		scan->want = VALUE;
	if (scan->want == VALUE && !smd_span_is(scan->word, "traps") &&
	    !smd_span_is(scan->word, "informs"))
		add_rest(scan);
}

/* Whether a number behind a word for a secret is one of its options. */
static int is_option(const struct scan *scan, struct smd_span next)
{
	if (smd_word_is_digit(scan->word) && scan->want != KEY)
		return 1;
	return smd_span_is(scan->before, "level") || smd_span_is(scan->before, "spi") ||
	       smd_word_is_type(next) || smd_word_says_secret(next) || smd_span_is(next, SMD_MASK);
}

static int is_plain_key(const struct scan *scan, struct smd_span next)
{
	if (smd_word_is(scan->word, SMD_WORD_BEHIND_KEY))
		return 1;
	if (!smd_word_is_number(scan->word) || scan->about & SMD_AROUND_LOGIN)
		return 0;
	return !next.length || scan->about & SMD_AROUND_CHAIN;
}

/* The word behind one that says "secret". */
static void read_value(struct scan *scan)
{
	struct smd_span next = peek(scan);

	if (smd_span_is(scan->word, SMD_MASK) ||
	    (!next.length && smd_word_is_number(scan->word) && scan->about & SMD_AROUND_OPENS)) {
		scan->want = NOTHING;
	} else if (smd_word_is(scan->word, SMD_WORD_REFERENCE)) {
		scan->want = SKIP;
	} else if (smd_word_is(scan->word, SMD_WORD_POLICY)) {
		scan->want = TYPED;
	} else if (scan->want == KEY && is_plain_key(scan, next)) {
		scan->want = NOTHING;
	} else if ((next.length || scan->about & SMD_AROUND_OPENS) && !scan->quoted &&
		   (smd_word_says_secret(scan->word) ||
		    (smd_word_is_type(scan->word) && !smd_word_is_number(scan->word)) ||
		    (smd_word_is_number(scan->word) &&
		     (is_option(scan, next) || smd_word_is_digit(scan->word) ||
		      smd_word_is_algorithm(scan->before))) ||
		    smd_word_is_address(scan->word) || smd_span_is(scan->before, "hostname") ||
		    (smd_word_begins(scan->before, "pkcs12") &&
		     memchr(scan->word.at, ':', scan->word.length)))) {
		scan->want = VALUE;
	} else {
		add_rest(scan);
		scan->want = NOTHING;
	}
}

static void read_plain(struct scan *scan)
{
	struct smd_span word = scan->word;

	if (add_by_looks(scan))
		return;
	if (scan->quoted) {
		struct scan inner = *scan;

		if (!memchr(word.at, ' ', word.length))
			return;
		inner.at = word.at;
		inner.end = word.at + word.length;
		inner.word = inner.before = (struct smd_span){word.at, 0};
		while (next_word(&inner) && !smd_word_is(inner.word, SMD_WORD_PROSE))
			if (inner.want == VALUE || inner.want == KEY)
				read_value(&inner);
			else
				inner.want = want_after(&inner);
		scan->count = inner.count;
		return;
	}
	scan->about |= about_word(word, scan->before);
	scan->user |= smd_span_is(word, "user");
	if ((scan->about & SMD_AROUND_SNMP) && !scan->host && smd_span_is(word, "host")) {
		scan->host = 1;
		scan->want = HOST;
		next_word(scan); /* its address */
		return;
	}
	scan->want = want_after(scan);
}

/* Read the words of a line up to the last one, or to what is for people. */
static void read_line(struct scan *scan)
{
	while (next_word(scan) && !smd_word_is(scan->word, SMD_WORD_PROSE)) {
		if (!scan->begin && !smd_span_is(scan->word, "no"))
			scan->begin = scan->word.at;
		if (scan->want == VALUE || scan->want == KEY) {
			read_value(scan);
		} else if (scan->want == HOST) {
			read_host(scan);
		} else if (scan->want == SKIP) {
			scan->want = NOTHING;
		} else if (scan->want == TYPED && smd_word_is_digit(scan->word) &&
			   peek(scan).length) {
			scan->want = VALUE;
		} else {
			scan->want = NOTHING;
			read_plain(scan);
		}
	}
}

static enum want want_from(unsigned around)
{
	if (around & SMD_AROUND_VALUE)
		return VALUE;
	return around & SMD_AROUND_KEY ? KEY : NOTHING;
}

static size_t find(struct smd_span line, unsigned around,
		   struct smd_span secrets[static SMD_SECRET_SPANS])
{
	struct scan scan = {.at = line.at,
			    .end = line.at + line.length,
			    .word = {line.at, 0},
			    .want = want_from(around),
			    .about = around,
			    .secrets = secrets};

	if (line.length && scan.end[-1] == '{')
		scan.about |= SMD_AROUND_OPENS;
	read_line(&scan);
	return scan.count;
}

/* A line typed in capitals, which devices take as well; else capitals are names. */
static size_t find_in_capitals(struct smd_span line, unsigned around,
			       struct smd_span secrets[static SMD_SECRET_SPANS])
{
	smd_cleanup(free) char *small = malloc(line.length);
	size_t count;

	if (!small) {
		secrets[0] = line;
		return 1;
	}
	for (size_t i = 0; i < line.length; i++)
		small[i] = (char)tolower((unsigned char)line.at[i]);
	count = find((struct smd_span){small, line.length}, around, secrets);
	for (size_t i = 0; i < count; i++)
		secrets[i].at = line.at + (secrets[i].at - small);
	return count;
}

size_t smd_secret_find(struct smd_span line, unsigned around,
		       struct smd_span secrets[static SMD_SECRET_SPANS])
{
	size_t first = 0;

	while (first < line.length && isspace((unsigned char)line.at[first]))
		first++;
	if (first < line.length && isupper((unsigned char)line.at[first]))
		return find_in_capitals(line, around, secrets);
	return find(line, around, secrets);
}

unsigned smd_secret_around(struct smd_span line, unsigned around)
{
	struct smd_span secrets[SMD_SECRET_SPANS];
	unsigned about = around & ~(unsigned)(SMD_AROUND_OPENS | SMD_AROUND_VALUE | SMD_AROUND_KEY);
	struct scan scan = {.at = line.at, .end = line.at + line.length, .word = {line.at, 0}};

	while (next_word(&scan) && !smd_word_is(scan.word, SMD_WORD_PROSE))
		about |= about_word(scan.word, scan.before);
	scan = (struct scan){.at = line.at,
			     .end = scan.end,
			     .word = {line.at, 0},
			     .want = want_from(around),
			     .about = about | SMD_AROUND_OPENS,
			     .secrets = secrets};
	read_line(&scan);
	if (scan.want == VALUE)
		return about | SMD_AROUND_VALUE;
	return about | (scan.want == KEY ? SMD_AROUND_KEY : 0);
}

int smd_secret_is_named(struct smd_span value)
{
	const char *at = value.at, *end = value.at + value.length;
	struct smd_span word, last = {value.at, 0};
	int quoted, first = 1;

	while ((word = read_word(&at, end, &quoted)).length && !quoted) {
		if (first &&
		    (smd_word_is(word, SMD_WORD_REFERENCE) || smd_word_is(word, SMD_WORD_POLICY)))
			return 1;
		if (smd_span_is(word, "3") && smd_span_is(last, "version"))
			return 1; /* a user of SNMP, who has passwords of his own */
		first &= smd_word_is_type(word) || smd_word_says_secret(word);
		last = word;
	}
	return !quoted && smd_span_is(last, "nopassword");
}

size_t smd_secret_find_by_looks(struct smd_span text,
				struct smd_span secrets[static SMD_SECRET_SPANS])
{
	struct scan scan = {.at = text.at,
			    .end = text.at + text.length,
			    .word = {text.at, 0},
			    .secrets = secrets};

	while (next_word(&scan))
		if (looks_hashed(scan.word))
			add(&scan, scan.word.at, scan.word.at + scan.word.length);
		else
			add_url(&scan, scan.word);
	return scan.count;
}

char *smd_secret_cover(struct smd_span text, const struct smd_span secrets[], size_t count)
{
	const char *at = text.at, *end = text.at + text.length;
	char *masked = malloc(text.length + count * strlen(SMD_MASK) + 1);
	char *to = masked;

	if (!masked)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		to = stpcpy(mempcpy(to, at, (size_t)(secrets[i].at - at)), SMD_MASK);
		at = secrets[i].at + secrets[i].length;
	}
	*(char *)mempcpy(to, at, (size_t)(end - at)) = '\0';
	return masked;
}
