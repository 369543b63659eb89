/* SPDX-License-Identifier: Apache-2.0 */
/* IOS and IOS-XE: lines act at once. */
#include "ios.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const char *const interface_names[] = {
	"GigabitEthernet", "TenGigabitEthernet", "FastEthernet", "Ethernet",
	"Loopback",        "Port-channel",       "Tunnel",       "Vlan",
	"Serial",
};

/* A name, long or cut short, and a number such as 0/1 or 0/1.10. */
static bool accept_interface(const char *word, char *out)
{
	size_t letters = strcspn(word, "0123456789");

	if (letters < 2 || !isdigit((unsigned char)word[letters]) ||
	    strspn(word + letters, "0123456789/.") != strlen(word + letters))
		return false;
	for (size_t i = 0; i < sizeof interface_names / sizeof *interface_names; i++) {
		if (strncasecmp(interface_names[i], word, letters) == 0) {
			snprintf(out, SIM_WORD, "%s%s", interface_names[i], word + letters);
			return true;
		}
	}
	return false;
}

static char *sample_interface(struct sim_random *random)
{
	return sim_random_among(random, "Loopback1|Loopback2|Vlan10|Vlan20|Tunnel1|Port-channel1|"
					"GigabitEthernet0/1.10|GigabitEthernet0/2.20");
}

/* An address of IPv6 as IOS writes it: in capitals. */
static bool accept_ipv6(const char *word, char *out)
{
	unsigned char address[16];

	if (inet_pton(AF_INET6, word, address) != 1 || !inet_ntop(AF_INET6, address, out, SIM_WORD))
		return false;
	for (; *out; out++)
		*out = (char)toupper((unsigned char)*out);
	return true;
}

static char *sample_ipv6(struct sim_random *random)
{
	return sim_say("2001:DB8:%X::%X", (unsigned)sim_random_below(random, 8) + 1,
		       (unsigned)sim_random_below(random, 200) + 1);
}

static const struct sim_type types[] = {
	{"interface", accept_interface, sample_interface},
	{"ipv6", accept_ipv6, sample_ipv6},
	{0},
};

static const struct sim_names names[] = {
	{"vrf", .undefined = SIM_REFUSED, .refusal = "% VRF %s not configured.",
	 .removed = SIM_DROPPED, .page = IOS_SWITCHING "vrf definition"},
	{"neighbor", .scope = "router bgp", .undefined = SIM_REFUSED,
	 .refusal = "% Specify remote-as or peer-group commands first: %s", .removed = SIM_DROPPED,
	 .page = IOS_BGP "neighbor remote-as"},
	{"interface", .undefined = SIM_FREE, .page = IOS_INTERFACE "interface"},
	{"route-map", .undefined = SIM_FREE, .page = IOS_ROUTING "route-map"},
	{"acl", .undefined = SIM_FREE, .page = IOS_SECURITY "ip access-list"},
	{0},
};

static const struct sim_table *const tables[] = {
	&ios_top, &ios_vrfs, &ios_interfaces, &ios_bgp, &ios_bgp_families, NULL,
};

static const char basis[] = "hostname Router\n"
			    "interface GigabitEthernet0/1\n"
			    "interface GigabitEthernet0/2\n"
			    "interface GigabitEthernet0/3\n";

/* Whether a banner lacks its closing sign. */
static bool unfinished(const char *text)
{
	const char *start;
	size_t length;

	if (!sim_starts(text, "banner "))
		return false;
	start = strchr(text + 7, ' ');
	if (!start || !start[1])
		return false;
	start++;
	length = start[0] == '^' && start[1] == 'C' ? 2 : 1;
	for (const char *at = start + length; *at; at++)
		if (strncmp(at, start, length) == 0)
			return false;
	return true;
}

static const struct sim_vendor vendor = {
	.tables = tables,
	.names = names,
	.types = types,
	.basis = basis,
	.header = "!\n",
	.footer = "end\n",
	.indent = 1,
	.has_default = true,
	.invalid = "% Invalid input detected at '^' marker.",
	.unfinished = unfinished,
};

const struct sim_model sim_ios = {"ios", &sim_lines_engine, &vendor};
