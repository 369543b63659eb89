/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/repeat.h"

#include <string.h>

/*
 * What is written once for each number i from 0 on. `$` and a letter stand in it for
 *
 *   $i $j $r  i, the number behind it, and how many come after it
 *   $w        the number behind it; behind the last comes 0
 *   $e $o     2 * i + 2 and 2 * i + 3
 *   $a $b $c  addresses of $i, $j and $r
 *   $s        as many blanks as i
 *
 * What differs between the configurations is there twice, the running one's first. Of long texts
 * only every second line, or third, is looked at for signs of another driver: in `head` there are
 * as many lines as it takes for those to bear signs of its own, for that search is not measured.
 */
struct smd_repeat {
	const char *name; /* DRIVER/DIMENSION */
	const char *head;
	const char *each[2];
	const char *tail[2];
	const char *close; /* written once for each number behind the tail; NULL: nothing */
};

/* clang-format off */
static const struct smd_repeat repeats[] = {
	{"ios/sections", "",
	 {"interface Ethernet$i\n mtu 1500\n!\n", "interface Ethernet$i\n mtu 9000\n!\n"}},
	{"ios/siblings", "router ospf 1\n",
	 {" network $a 0.0.0.0 area 0\n", " network $a 0.0.0.0 area 1\n"}},
	{"ios/unknown", "", {"frobnicate $i\n", "frobnicate x$i\n"}},
	{"ios/depth", "", {"$slevel $i\n", "$slevel $i\n"}, {"", "end\nlevel x\n"}},
	{"ios/list", "ip access-list extended A\n",
	 {" permit tcp any host $a\n", " permit tcp any host $c\n"}},
	{"ios/numbers", "interface Ethernet1\n switchport trunk allowed vlan 1", {",$e", ",$o"},
	 {"\n", "\n"}},
	{"ios/number-lines", "interface Ethernet1\n switchport trunk allowed vlan 1\n",
	 {" switchport trunk allowed vlan add $e\n", " switchport trunk allowed vlan add $o\n"}},
	{"ios/words", "snmp-server location x", {" a$i", " b$i"}, {"\n", "\n"}},
	{"ios/repeats", "ip access-list extended A\n",
	 {" permit ip any any\n", " permit ip any any\n"}, {"", " deny ip any any\n"}},
	{"ios/repeats-change", "ip access-list extended A\n",
	 {" permit ip any any\n", " deny ip any any\n"}},
	{"ios/renumbered", "",
	 {"ip access-list extended A$i\n permit tcp any any\n permit udp any any\n"
	  " deny ip any any\n",
	  "ip access-list extended A$i\n permit tcp any any\n permit esp any any\n"
	  " permit udp any any\n deny ip any any\n"}},
	{"ios/list-new", "ip access-list extended A\n",
	 {" permit tcp any host $a\n", " deny tcp any host $a\n"}},
	{"ios/chain", "version 15.2\n", {"interface Ethernet$i\n ip address $a 255.255.255.0\n",
			   "interface Ethernet$i\n ip address $b 255.255.255.0\n"}},
	{"ios/ring", "version 15.2\n", {"interface Ethernet$i\n mtu $i\n ip address 10.1.$i.1 255.255.255.0\n",
			  "interface Ethernet$i\n mtu $i\n ip address 10.1.$w.1 255.255.255.0\n"}},
	{"ios/uses", "", {"interface Ethernet$i\n mtu 1500\n",
			  "vrf definition V$i\n rd 1:$i\ninterface Ethernet$i\n vrf forwarding V$i\n"}},
	{"ios/one-name", "", {"", "ip prefix-list P seq $e permit 10.0.0.0/8\n"
				  "route-map M permit $e\n match ip address prefix-list P\n"}},
	{"ios/families", "router bgp 1\n",
	 {" address-family ipv4 vrf V$i\n", " address-family ipv4 vrf V$i\n"},
	 {"", " neighbor 192.0.2.1 remote-as 1\n"}},
	{"ios/families-end", "router bgp 1\n",
	 {" address-family ipv4 vrf V$i\n exit-address-family\n",
	  " address-family ipv4 vrf V$j\n exit-address-family\n"}},
	{"ios/families-come", "router bgp 1\n",
	 {"", " address-family ipv4 vrf V$i\n"}},
	{"ios/drops", "interface Ethernet1\n",
	 {" ip address $a 255.255.255.0 secondary\n", " ip address $a 255.255.255.0 secondary\n"},
	 {" vrf forwarding A\n", " vrf forwarding B\n"}},
	{"ios/negated", "interface Ethernet1\n", {" no frobnicate $i\n", " frobnicate $i\n"}},
	{"junos/sections", "interfaces {\n",
	 {"ge-0/0/$i { mtu 1500; }\n", "ge-0/0/$i { mtu 9000; }\n"}, {"}\n", "}\n"}},
	{"junos/siblings", "policy-options { prefix-list P {\n",
	 {"$a/32;\n", "$b/31;\n"}, {"} }\n", "} }\n"}},
	{"junos/depth", "", {"level$i {\n", "level$i {\n"}, {"x a;\n", "x b;\n"}, "}\n"},
	{"junos/list", "firewall { filter F {\n",
	 {"term t$i { then accept; }\n", "term t$r { then accept; }\n"}, {"} }\n", "} }\n"}},
	{"junos/numbers", "interfaces { ge-0/0/1 { unit 0 { vlan-id-list [", {" $e", " $o"},
	 {" ]; } } }\n", " ]; } } }\n"}},
	{"junos/words", "protocols { bgp { group g { import [", {" P$i", " P$r"},
	 {" ]; } } }\n", " ]; } } }\n"}},
	{"junos/repeats", "interfaces { ge-0/0/1 {\n", {"mtu 1500;\n", "mtu 1500;\n"},
	 {"} }\n", "speed 1g; } }\n"}},
	{"junos/set", "", {"set interfaces ge-0/0/$i mtu 1500\n",
			   "set interfaces ge-0/0/$i mtu 9000\n"}},
	{"eos/sections", "",
	 {"interface Ethernet$j\n   mtu 1500\n!\n", "interface Ethernet$j\n   mtu 9000\n!\n"}},
	{"eos/list", "ip access-list A\n",
	 {"   $e permit tcp any host $a\n", "   $e permit tcp any host $c\n"}},
	{"eos/vlans", "vlan 1", {",$e", ",$o"}, {"\n", "\n"}},
	{"eos/numbers", "interface Ethernet1\n   switchport trunk allowed vlan 1", {",$e", ",$o"},
	 {"\n", "\n"}},
	{"eos/chain", "", {"interface Ethernet$j\n   ip address $a/24\n",
			   "interface Ethernet$j\n   ip address $b/24\n"}},
	{"frr/sections", "", {"interface eth$i\n description a\nexit\n!\n",
			      "interface eth$i\n description b\nexit\n!\n"}},
	{"frr/families", "router bgp 1\n", {" address-family ipv4 unicast\n",
					    " address-family ipv4 unicast\n"},
	 {"", " neighbor 192.0.2.1 remote-as 1\n"}},
	{"frr/list", "", {"ip prefix-list P seq $j permit $a/32\n",
			  "ip prefix-list P seq $j permit $c/32\n"}},
	{"frr/lists", "", {"ip prefix-list P$i seq 5 permit $a/32\n",
			   "ip prefix-list P$i seq 5 permit $c/32\n"}},
	{"frr/clauses", "", {"route-map M permit $j\n", "route-map M deny $j\n"}},
	{"frr/routes", "", {"ip route $a/32 192.0.2.1\n", "ip route $a/32 192.0.2.2\n"}},
	{"dnos/sections", "# leaf1 config-start [30-Nov-2020 10:10:30 UTC]\n\ninterfaces\n", {"  ge100-0/0/$i\n    mtu 1500\n  !\n",
					   "  ge100-0/0/$i\n    mtu 9000\n  !\n"}, {"!\n", "!\n"}},
	{"dnos/list", "# leaf1 config-start [30-Nov-2020 10:10:30 UTC]\naccess-lists\n  ipv4 A\n",
	 {"    rule $e allow src-ip $a/32\n", "    rule $e allow src-ip $c/32\n"},
	 {"  !\n!\n", "  !\n!\n"}},
	{"dnos/numbers", "# leaf1 config-start [30-Nov-2020 10:10:30 UTC]\ninterfaces\n  ge100-0/0/1.1\n    vlan-id list 1", {",$e", ",$o"},
	 {"\n  !\n!\n", "\n  !\n!\n"}},
	{"dnos/depth", "# leaf1 config-start [30-Nov-2020 10:10:30 UTC]\n", {"$slevel$i\n", "$slevel$i\n"}, {"", "x\n"}},
};
/* clang-format on */

static void put_address(unsigned long i, FILE *file)
{
	fprintf(file, "10.%lu.%lu.%lu", i >> 16 & 255, i >> 8 & 255, i & 255);
}

static void put_letter(char letter, unsigned long i, unsigned long times, FILE *file)
{
	const unsigned long numbers[128] = {['i'] = i,
					    ['j'] = i + 1,
					    ['r'] = times - 1 - i,
					    ['w'] = (i + 1) % times,
					    ['e'] = 2 * i + 2,
					    ['o'] = 2 * i + 3,
					    ['a'] = i,
					    ['b'] = i + 1,
					    ['c'] = times - 1 - i};

	if (letter == 's')
		fprintf(file, "%*s", (int)i, "");
	else if (strchr("abc", letter))
		put_address(numbers[(unsigned)letter & 127], file);
	else
		fprintf(file, "%lu", numbers[(unsigned)letter & 127]);
}

static void put_all(const char *template, unsigned long times, FILE *file)
{
	for (unsigned long i = 0; i < times && template; i++)
		for (const char *c = template; *c; c++)
			if (*c == '$')
				put_letter(*++c, i, times, file);
			else
				fputc(*c, file);
}

const struct smd_repeat *smd_repeat_find(const char *name)
{
	for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++)
		if (!strcmp(repeats[i].name, name))
			return &repeats[i];
	return NULL;
}

void smd_repeat_write(const struct smd_repeat *repeat, unsigned long times, FILE *running,
		      FILE *intended)
{
	FILE *const files[] = {running, intended};

	for (size_t i = 0; i < 2; i++) {
		fputs(repeat->head, files[i]);
		put_all(repeat->each[i], times, files[i]);
		if (repeat->tail[i])
			fputs(repeat->tail[i], files[i]);
		put_all(repeat->close, times, files[i]);
	}
}

void smd_repeat_list(FILE *out)
{
	for (size_t i = 0; i < sizeof(repeats) / sizeof(repeats[0]); i++)
		fprintf(out, "%s\n", repeats[i].name);
}
