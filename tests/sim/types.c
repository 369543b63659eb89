/* SPDX-License-Identifier: Apache-2.0 */
/* Types of words: what is taken, how it is written back, and samples of it. */
#include "tree.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy_word(const char *word, char *out)
{
	if (!*word)
		return false;
	snprintf(out, SIM_WORD, "%s", word);
	return true;
}

static bool accept_ipv4(const char *word, char *out)
{
	struct in_addr address;

	return inet_pton(AF_INET, word, &address) == 1 && copy_word(word, out);
}

static bool accept_mask(const char *word, char *out)
{
	struct in_addr address;
	uint32_t gaps;

	if (inet_pton(AF_INET, word, &address) != 1)
		return false;
	gaps = ~ntohl(address.s_addr);
	return (gaps & (gaps + 1)) == 0 && copy_word(word, out);
}

/* Reads ADDRESS/LENGTH; host bits are cut off where `cut` is set. */
static bool accept_length(int family, const char *word, bool cut, char *out)
{
	unsigned char address[16];
	char part[64], back[64];
	const char *slash = strchr(word, '/');
	unsigned bits = family == AF_INET ? 32 : 128;
	uint64_t length;

	if (!slash || (size_t)(slash - word) >= sizeof part || !sim_number(slash + 1, &length) ||
	    length > bits)
		return false;
	snprintf(part, sizeof part, "%.*s", (int)(slash - word), word);
	if (inet_pton(family, part, address) != 1)
		return false;
	for (unsigned i = (unsigned)length; cut && i < bits; i++)
		address[i / 8] &= (unsigned char)~(0x80 >> (i % 8));
	inet_ntop(family, address, back, sizeof back);
	snprintf(out, SIM_WORD, "%s/%u", back, (unsigned)length);
	return true;
}

static bool accept_prefix4(const char *word, char *out)
{
	return accept_length(AF_INET, word, true, out);
}

static bool accept_prefix6(const char *word, char *out)
{
	return accept_length(AF_INET6, word, true, out);
}

static bool accept_address4(const char *word, char *out)
{
	return accept_length(AF_INET, word, false, out);
}

static bool accept_address6(const char *word, char *out)
{
	return accept_length(AF_INET6, word, false, out);
}

static bool accept_ipv6(const char *word, char *out)
{
	unsigned char address[16];

	return inet_pton(AF_INET6, word, address) == 1 &&
	       inet_ntop(AF_INET6, address, out, SIM_WORD);
}

/* Three groups of four digits, as 0000.5e00.5301. */
static bool accept_mac(const char *word, char *out)
{
	if (strlen(word) != 14 || strspn(word, "0123456789abcdefABCDEF.") != 14 || word[4] != '.' ||
	    word[9] != '.')
		return false;
	for (size_t i = 0; i <= 14; i++)
		out[i] = (char)tolower((unsigned char)word[i]);
	return true;
}

static bool accept_name(const char *word, char *out)
{
	return !strpbrk(word, "\"!?") && copy_word(word, out);
}

/* Numbers and ranges of a list of VLANs, 1 to 4094. */
static bool accept_vlans(const char *word, char *out)
{
	const char *at = word;

	while (*at) {
		char *end;
		unsigned long number = strtoul(at, &end, 10);

		if (end == at || number < 1 || number > 4094 || (*end && !strchr(",-", *end)))
			return false;
		at = *end ? end + 1 : end;
		if (*end && !*at)
			return false;
	}
	return copy_word(word, out);
}

static char *sample_ipv4(struct sim_random *random)
{
	static const char *const nets[] = {"192.0.2", "198.51.100", "203.0.113"};

	return sim_say("%s.%d", nets[sim_random_below(random, 3)],
		       (int)sim_random_below(random, 250) + 1);
}

static char *sample_mask(struct sim_random *random)
{
	return sim_random_among(random,
				"255.255.255.0|255.255.255.128|255.255.255.252|255.255.0.0");
}

static char *sample_wildcard(struct sim_random *random)
{
	return sim_random_among(random, "0.0.0.255|0.0.0.127|0.0.0.3|0.0.255.255|0.0.0.0");
}

static char *sample_prefix4(struct sim_random *random)
{
	return sim_say("10.%d.%d.0/24", (int)sim_random_below(random, 8),
		       (int)sim_random_below(random, 8));
}

static char *sample_address4(struct sim_random *random)
{
	char *address = sample_ipv4(random), *text = sim_say("%s/24", address);

	free(address);
	return text;
}

static char *sample_ipv6(struct sim_random *random)
{
	return sim_say("2001:db8:%x::%x", (unsigned)sim_random_below(random, 8) + 1,
		       (unsigned)sim_random_below(random, 200) + 1);
}

static char *sample_prefix6(struct sim_random *random)
{
	return sim_say("2001:db8:%x::/48", (unsigned)sim_random_below(random, 8) + 1);
}

static char *sample_address6(struct sim_random *random)
{
	char *address = sample_ipv6(random), *text = sim_say("%s/64", address);

	free(address);
	return text;
}

static char *sample_mac(struct sim_random *random)
{
	return sim_say("0000.5e00.53%02x", (unsigned)sim_random_below(random, 256));
}

static char *sample_name(struct sim_random *random)
{
	return sim_random_among(random, "ALPHA|BRAVO|CHARLIE|DELTA|ECHO");
}

static char *sample_text(struct sim_random *random)
{
	return sim_random_among(random, "to the core|uplink 2 of 4|customer one|spare");
}

static char *sample_vlans(struct sim_random *random)
{
	return sim_random_among(random, "10|20|10,20|10-12|10,20-22,30|2-4,100");
}

const struct sim_type sim_types[] = {
	{"ipv4", accept_ipv4, sample_ipv4},
	{"mask", accept_mask, sample_mask},
	{"wildcard", accept_ipv4, sample_wildcard},
	{"prefix4", accept_prefix4, sample_prefix4},
	{"address4", accept_address4, sample_address4},
	{"ipv6", accept_ipv6, sample_ipv6},
	{"prefix6", accept_prefix6, sample_prefix6},
	{"address6", accept_address6, sample_address6},
	{"mac", accept_mac, sample_mac},
	{"name", accept_name, sample_name},
	{"word", copy_word, sample_name},
	{"text", copy_word, sample_text},
	{"vlans", accept_vlans, sample_vlans},
	{0},
};

const struct sim_type *sim_type_find(const struct sim_vendor *vendor, const char *name)
{
	for (const struct sim_type *type = vendor->types; type && type->name; type++)
		if (strcmp(type->name, name) == 0)
			return type;
	for (const struct sim_type *type = sim_types; type->name; type++)
		if (strcmp(type->name, name) == 0)
			return type;
	return NULL;
}

static bool accept_range(const char *range, const char *word, char *out)
{
	uint64_t low = strtoull(range, NULL, 10);
	uint64_t high = strtoull(strchr(range, '-') + 1, NULL, 10), number;

	if (!sim_number(word, &number) || number < low || number > high)
		return false;
	snprintf(out, SIM_WORD, "%llu", (unsigned long long)number);
	return true;
}

bool sim_accept(const struct sim_vendor *vendor, const char *type, const char *word, char *out)
{
	const struct sim_type *found;

	if (strchr(type, '|'))
		return sim_among(type, word) && copy_word(word, out);
	if (isdigit((unsigned char)*type))
		return accept_range(type, word, out);
	found = sim_type_find(vendor, type);
	if (!found)
		sim_mistake("unknown type", type);
	return found->accept(word, out);
}
