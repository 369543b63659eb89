/* SPDX-License-Identifier: Apache-2.0 */
/* IOS against its pages. */
#include "sim.h"
#include "test.h"

#include <stdio.h>

/* A device with these lines, divided by `;`, typed in turn. */
static struct sim_device *typed(const char *lines)
{
	struct sim_device *device = sim_device_new(sim_model_find("ios"));
	char *copy = strdup(lines), *rest = copy, *line, *message;

	while ((line = strsep(&rest, ";"))) {
		if (!sim_enter(device, line, &message)) {
			printf("%s: %s\n", line, message);
			CU_FAIL("refused");
		}
		free(message);
	}
	free(copy);
	return device;
}

/* What is shown after the lines, without `!` and `end`, divided by `;`. */
static char *shown(const char *lines)
{
	struct sim_device *device = typed(lines);
	char *text = sim_show(device), *out = calloc(strlen(text) + 1, 1), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line && line[strspn(line, " ")] != '!' && strcmp(line, "end") != 0) {
			if (*out)
				strcat(out, ";");
			strcat(out, line);
		}
	free(text);
	sim_device_free(device);
	return out;
}

static void check(const char *lines, const char *expected)
{
	char *text = shown(lines);

	if (strcmp(text, expected) != 0)
		printf("typed    %s\nshows    %s\nexpected %s\n", lines, text, expected);
	CU_ASSERT_STRING_EQUAL(text, expected);
	free(text);
}

/* The last line is refused with a message that begins so. */
static void check_refused(const char *lines, const char *line, const char *start)
{
	struct sim_device *device = typed(lines);
	char *message;

	CU_ASSERT_FALSE(sim_enter(device, line, &message));
	if (!message || strncmp(message, start, strlen(start)) != 0)
		printf("%s: %s\n", line, message ? message : "");
	CU_ASSERT(message && strncmp(message, start, strlen(start)) == 0);
	free(message);
	sim_device_free(device);
}

static void values(void)
{
	check("hostname A;hostname B", "hostname B");
	check("hostname A;no hostname", "");
	check("interface Gi0/1;ip address 192.0.2.1 255.255.255.0;ip address 192.0.2.2 "
	      "255.255.255.0",
	      "interface GigabitEthernet0/1; ip address 192.0.2.2 255.255.255.0");
	check("interface Gi0/1;ip mtu 1400;ip mtu 1500;description x",
	      "interface GigabitEthernet0/1; description x; no ip address");
	check("no ip source-route", "no ip source-route");
	check("no ip source-route;default ip source-route", "");
}

static void names(void)
{
	check("vrf definition A;exit;interface Gi0/1;ip address 192.0.2.2 255.255.255.0;"
	      "vrf forwarding A",
	      "vrf definition A;interface GigabitEthernet0/1; vrf forwarding A; no ip address");
	check("vrf definition A;interface Gi0/1;vrf forwarding A;no vrf definition A",
	      "interface GigabitEthernet0/1; no ip address");
	check_refused("interface Gi0/1", "vrf forwarding A", "% VRF A not configured");
	check_refused("router bgp 1", "neighbor 192.0.2.1 description x", "% Specify remote-as");
}

static void neighbors(void)
{
	check("router bgp 1;neighbor 192.0.2.1 remote-as 2;neighbor 192.0.2.1 description x;"
	      "address-family ipv4;neighbor 192.0.2.1 activate;exit-address-family;"
	      "no neighbor 192.0.2.1",
	      "router bgp 1; address-family ipv4; exit-address-family");
}

static void carried(void)
{
	check("foo bar; baz 1; baz 2;no foo qux;hostname A",
	      "hostname A;foo bar; baz 1; baz 2;no foo qux");
	check("foo bar;no foo bar", "");
}

TEST_MAIN("ios", TEST(values), TEST(names), TEST(neighbors), TEST(carried));
