/* SPDX-License-Identifier: Apache-2.0 */
#include "core/tree/spelling.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "core/tree/arena.h"

#define MAC_DIGITS 12

/* What may stand within an address. */
static int is_address_byte(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') || c == ':' ||
	       c == '.' || c == '-';
}

static int is_word_byte(char c)
{
	return is_address_byte(c) || ((c | 0x20) >= 'g' && (c | 0x20) <= 'z') || c == '_' ||
	       c == '%';
}

static int is_separator(char c)
{
	return c == ':' || c == '.' || c == '-';
}

/*
 * Whether there may be an address: two colons, or separators as far from each other as those of a
 * MAC address. Most texts have none.
 */
static int may_have_address(struct smd_span text)
{
	const char *end = text.at + text.length, *at = memchr(text.at, ':', text.length);

	if (at && memchr(at + 1, ':', (size_t)(end - at) - 1))
		return 1;
	for (at = text.at; at < end && (at = memchr(at, '.', (size_t)(end - at))); at++)
		if (end - at > 5 && at[5] == '.')
			return 1;
	for (at = text.at; at < end && (at = memchr(at, '-', (size_t)(end - at))); at++)
		if (end - at > 3 && at[3] == '-')
			return 1;
	return 0;
}

/* Write a MAC address of groups of 2 or 4 digits with one separator; 0: the word is none. */
static size_t put_mac(struct smd_span word, char *out)
{
	size_t group = word.length == 17 ? 2 : 4, digits = 0, used = 0;

	if (word.length != 17 && word.length != 14)
		return 0;
	for (size_t i = 0; i < word.length; i++) {
		char c = word.at[i];

		if (i % (group + 1) == group) {
			if (c != word.at[group] || !is_separator(c) || (group == 4) != (c == '.'))
				return 0;
			continue;
		}
		if (is_separator(c))
			return 0;
		if (digits && digits % 4 == 0)
			out[used++] = '.';
		out[used++] = (char)(c >= 'A' && c <= 'F' ? c | 0x20 : c);
		digits++;
	}
	return digits == MAC_DIGITS ? used : 0;
}

/* Write an IPv6 address; 0: the word is none. */
static size_t put_ipv6(struct smd_span word, char *out)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (word.length >= sizeof(text))
		return 0;
	memcpy(text, word.at, word.length);
	text[word.length] = '\0';
	if (inet_pton(AF_INET6, text, &address) != 1 ||
	    !inet_ntop(AF_INET6, &address, out, SMD_SPELLING_ADDRESS))
		return 0;
	return strlen(out);
}

static size_t put_address(struct smd_span word, char *out)
{
	const char *colon = memchr(word.at, ':', word.length);
	size_t used = put_mac(word, out);

	return used || !colon ? used : put_ipv6(word, out);
}

/* The word at the beginning of a text, if all of it may be an address; else empty. */
static struct smd_span address_word(const char *at, const char *end)
{
	struct smd_span word = {at, 0};

	while (at + word.length < end && is_address_byte(at[word.length]))
		word.length++;
	if (at + word.length < end && is_word_byte(at[word.length]))
		word.length = 0;
	return word;
}

struct smd_span smd_spelling_piece(struct smd_span *left, char address[SMD_SPELLING_ADDRESS])
{
	const char *at = left->at, *end = left->at + left->length;
	struct smd_span piece = {at, 0};

	while (at < end) {
		struct smd_span word = address_word(at, end);
		size_t used = word.length ? put_address(word, address) : 0;

		if (used && at == left->at) {
			left->at += word.length;
			left->length -= word.length;
			return (struct smd_span){address, used};
		}
		if (used)
			break;
		while (at < end && is_word_byte(*at))
			at++;
		while (at < end && !is_word_byte(*at))
			at++;
	}
	piece.length = (size_t)(at - piece.at);
	left->at = at;
	left->length = (size_t)(end - at);
	return piece;
}

int smd_spelling_same(struct smd_span a, struct smd_span b)
{
	char addresses[2][SMD_SPELLING_ADDRESS];
	struct smd_span x, y;

	if (a.length == b.length && !memcmp(a.at, b.at, a.length))
		return 1;
	if (!may_have_address(a) || !may_have_address(b))
		return 0;
	do {
		x = smd_spelling_piece(&a, addresses[0]);
		y = smd_spelling_piece(&b, addresses[1]);
		if (x.length != y.length || memcmp(x.at, y.at, x.length) != 0)
			return 0;
	} while (x.length);
	return 1;
}

uint32_t smd_spelling_hash(struct smd_span text)
{
	char address[SMD_SPELLING_ADDRESS];
	struct smd_span piece;
	uint32_t hash = 0;

	if (!may_have_address(text))
		return smd_hash(text.at, text.length);
	while ((piece = smd_spelling_piece(&text, address)).length)
		hash = smd_hash_join(hash, smd_hash(piece.at, piece.length));
	return hash;
}
