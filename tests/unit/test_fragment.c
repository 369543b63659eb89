/* SPDX-License-Identifier: Apache-2.0 */
/* Fragments of four vendors: what is a statement, what is an absence, and what no rule knows. */
#include "core/load/fragment.h"

#include "compiled.h"
#include "dialect_bench.h"
#include "drivers/eos/eos.h"
#include "drivers/frr/frr.h"
#include "drivers/ios/ios.h"
#include "drivers/junos/junos.h"

/* Check a fragment: its statements (flat), its absences, and its unknown lines as "N likely". */
static void check_fragment(const struct smd_dialect *dialect, const char *lines,
			   const char *statements, const char *absences, const char *unknown)
{
	struct smd_text *text = text_of(lines), *found = empty_text();
	const struct smd_wanted_lines wanted = {.lines = text};
	struct smd_fragment fragment;
	struct smd_error error = {0};
	int err = COMPILED(dialect, &error,
			   smd_dialect_read_fragment(compiled, &wanted, &fragment, &error));

	if (err)
		printf("\n%s\n", error.message);
	CU_ASSERT_EQUAL_FATAL(err, 0);
	check_flat(fragment.statements, statements);
	for (size_t i = 0; i < fragment.unknown_count; i++)
		smd_text_linef(found, "%zu %s", fragment.unknown[i].number,
			       fragment.unknown[i].likely ? fragment.unknown[i].likely : "-");
	check_text(found, unknown);
	found = empty_text();
	for (size_t i = 0; fragment.absences && i < smd_text_count(fragment.absences); i++)
		smd_text_line(found, smd_text_get(fragment.absences, i, NULL));
	check_text(found, absences);
	smd_fragment_done(&fragment);
	smd_text_free(text);
}

/* Check what absences leave of a configuration. */
static void check_left(const struct smd_dialect *dialect, const char *running, const char *absences,
		       const char *left)
{
	struct smd_tree *tree = parse(dialect, running), *wanted = parse(dialect, left);
	struct smd_text *lines = text_of(absences);
	struct smd_error error = {0};
	int err = COMPILED(dialect, &error,
			   smd_dialect_enter_absences(compiled, tree, lines, &error));

	if (err)
		printf("\n%s\n", error.message);
	CU_ASSERT_EQUAL(err, 0);
	CU_ASSERT(smd_node_equal(smd_tree_top(tree), smd_tree_top(wanted)));
	if (!smd_node_equal(smd_tree_top(tree), smd_tree_top(wanted)))
		show("left", tree);
	smd_tree_free(tree);
	smd_tree_free(wanted);
	smd_text_free(lines);
}

static void negations_are_absences_with_their_sections(void)
{
	check_fragment(&smd_frr_dialect,
		       "ip route 192.0.2.0/24 Null0\n"
		       "no ip route 198.51.100.0/24 Null0\n"
		       "interface eth0\n"
		       " no description\n"
		       "exit\n"
		       "router bgp 65000\n"
		       " address-family ipv4 unicast\n"
		       "  no network 192.0.2.0/24\n"
		       " exit-address-family\n"
		       "exit\n",
		       "/ip route 192.0.2.0\\/24 = \"Null0\"\n"
		       "/router bgp[65000]/\n",
		       "no ip route 198.51.100.0/24 Null0\n"
		       "interface eth0\n"
		       " no description\n"
		       "router bgp 65000\n"
		       " address-family ipv4 unicast\n"
		       "  no network 192.0.2.0/24\n",
		       "");
}

static void what_leaves_nothing_in_a_tree_is_an_absence(void)
{
	check_fragment(&smd_ios_dialect,
		       "interface GigabitEthernet0/1\n"
		       " no shutdown\n"
		       " switchport trunk allowed vlan all\n"
		       "interface GigabitEthernet0/2\n"
		       " shutdown\n",
		       "/interface[GigabitEthernet0\\/2]/shutdown\n",
		       "interface GigabitEthernet0/1\n"
		       " no shutdown\n"
		       "interface GigabitEthernet0/1\n"
		       " switchport trunk allowed vlan all\n",
		       "");
}

static void a_negation_in_several_sections_is_one_in_each(void)
{
	check_fragment(&smd_ios_dialect, "vlan 10,20\n no name\n", "/vlan[10]/\n/vlan[20]/\n",
		       "vlan 10\n no name\nvlan 20\n no name\n", "");
	check_left(&smd_ios_dialect, "vlan 10\n name a\nvlan 20\n name b\nvlan 30\n name c\n",
		   "vlan 10\n no name\nvlan 20\n no name\n",
		   "vlan 10\nvlan 20\nvlan 30\n name c\n");
}

static void deleted_paths_are_absences(void)
{
	check_fragment(&smd_junos_dialect,
		       "set system host-name r1\n"
		       "delete interfaces ge-0/0/0 description\n"
		       "set surely unknown\n",
		       "/system/host-name = \"r1\"\n/surely/unknown/\n",
		       "delete interfaces ge-0/0/0 description\n", "3 -\n");
	check_left(&smd_junos_dialect,
		   "interfaces { ge-0/0/0 { description a; disable; } ge-0/0/1 { disable; } }\n",
		   "delete interfaces ge-0/0/9\ndelete interfaces ge-0/0/0 description\n",
		   "interfaces { ge-0/0/0 { disable; } ge-0/0/1 { disable; } }\n");
}

/* Lines that turn on what is off by default, or off what is on, and are shown so. */
static void switches_are_known(void)
{
	check_fragment(&smd_frr_dialect, "interface eth0\n shutdown\n",
		       "/interface[eth0]/shutdown\n", "", "");
	check_fragment(&smd_frr_dialect, "interface eth0\n no shutdown\n", "",
		       "interface eth0\n no shutdown\n", "");
	check_fragment(&smd_frr_dialect, "router bgp 1\n no bgp ebgp-requires-policy\n",
		       "/router bgp[1]/no bgp ebgp-requires-policy\n", "", "");
	check_fragment(&smd_eos_dialect, "interface Ethernet1\n   no switchport\n",
		       "/interface[Ethernet1]/no switchport\n", "", "");
}

static void unknown_lines_are_marked(void)
{
	check_fragment(&smd_eos_dialect, "interface Ethernet1\n description a\n no such\n",
		       "/interface[Ethernet1]/description = \"a\"\n/interface[Ethernet1]/no such\n",
		       "", "3 -\n");
	check_fragment(&smd_junos_dialect, "system { host-name r1; surely { unknown; } }\n",
		       "/system/host-name = \"r1\"\n/system/surely/unknown/\n", "", "1 -\n");
}

static void abbreviations_are_told(void)
{
	check_fragment(&smd_frr_dialect, "ip rout 192.0.2.0/24 Null0 30\n",
		       "/ip rout 192.0.2.0\\/24 Null0 30\n", "",
		       "1 ip route 192.0.2.0/24 Null0 30\n");
	check_fragment(&smd_ios_dialect, "int Gi0/1\n shut\nno ip rout 192.0.2.0 255.255.255.0\n",
		       "/int Gi0\\/1/shut\n/no ip rout 192.0.2.0 255.255.255.0\n", "",
		       "1 interface Gi0/1\n2 -\n3 no ip route 192.0.2.0 255.255.255.0\n");
}

/* Noise is what a device shows; wanted, it is a statement that no rule knows. */
static void noise_with_words_is_a_statement(void)
{
	check_fragment(&smd_frr_dialect, "hostname r9\n! comment\n\nfrr version 8\nend\n",
		       "/hostname r9\n/frr version 8\n", "", "1 -\n4 -\n");
	check_parse(&smd_frr_dialect, "hostname r9\nend\n", "");
	check_simulate(&smd_frr_dialect, "", "hostname r9\n", "/hostname r9\n");
}

/* A negation that no rule knows removes what is there, or is shown as it was entered. */
static void an_unknown_negation_is_what_it_does(void)
{
	struct smd_tree *running = parse(&smd_ios_dialect, "feature of tomorrow\n");
	struct smd_text *lines = text_of("no feature of tomorrow\nno ip http server\n");
	struct smd_text *before = text_of("interface Lo0\n no x\nno ip http server\n");
	const struct smd_wanted_lines wanted = {lines, running, NULL},
				      again = {lines, NULL, before};
	struct smd_fragment fragment;

	CU_ASSERT_EQUAL_FATAL(
		COMPILED(&smd_ios_dialect, NULL,
			 smd_dialect_read_fragment(compiled, &wanted, &fragment, NULL)),
		0);
	check_flat(fragment.statements, "/no ip http server\n");
	CU_ASSERT_EQUAL(fragment.unknown_count, 2);
	CU_ASSERT_EQUAL_FATAL(smd_text_count(fragment.absences), 1);
	CU_ASSERT_STRING_EQUAL(smd_text_get(fragment.absences, 0, NULL), "no feature of tomorrow");
	smd_fragment_done(&fragment);
	CU_ASSERT_EQUAL_FATAL(
		COMPILED(&smd_ios_dialect, NULL,
			 smd_dialect_read_fragment(compiled, &again, &fragment, NULL)),
		0);
	check_flat(fragment.statements, "/no feature of tomorrow\n");
	CU_ASSERT_EQUAL(smd_text_count(fragment.absences), 1);
	smd_fragment_done(&fragment);
	smd_tree_free(running);
	smd_text_free(lines);
	smd_text_free(before);
}

static void a_shorter_negation_removes_the_statement(void)
{
	check_left(&smd_frr_dialect,
		   "ip route 192.0.2.0/24 Null0 20\nip route 198.51.100.0/24 Null0 20\n",
		   "no ip route 192.0.2.0/24 Null0\nno ip route 203.0.113.0/24 Null0\n",
		   "ip route 198.51.100.0/24 Null0 20\n");
}

/* frr parses by its dialect, but spells prefixes as the device does. */
static int parse_as_frr(void *state, const struct smd_text *text, struct smd_tree **out,
			struct smd_error *error)
{
	return smd_frr_parse(state, text, out, error);
}

static void a_fragment_is_spelled_as_the_driver_does(void)
{
	const struct smd_driver driver = {
		.self = {.name = "frr"}, .dialect = &smd_frr_dialect, .parse = parse_as_frr};
	struct smd_language language = {.driver = &driver};
	struct smd_text *lines = text_of("ip route 10.4.0.7/16 Null0\nhostname r9\n"
					 "no ip route 10.5.0.7/16 Null0\ninterface eth0\n"
					 " no description\n");
	const struct smd_wanted_lines wanted = {.lines = lines};
	struct smd_compiled *dialect = NULL;
	struct smd_fragment fragment;

	CU_ASSERT_EQUAL_FATAL(smd_dialect_compile(&smd_frr_dialect, &dialect, NULL), 0);
	language.dialect = dialect;
	language.state = dialect;
	CU_ASSERT_EQUAL_FATAL(smd_language_read_fragment(&language, &wanted, &fragment, NULL), 0);
	check_flat(fragment.statements, "/ip route 10.4.0.0\\/16 = \"Null0\"\n/hostname r9\n");
	check_text(fragment.absences, "no ip route 10.5.0.0/16 Null0\n"
				      "interface eth0\n no description\n");
	fragment.absences = NULL;
	CU_ASSERT_EQUAL(fragment.unknown_count, 1);
	smd_fragment_done(&fragment);
	smd_dialect_free(dialect);
	smd_text_free(lines);
}

TEST_MAIN("fragment", TEST(negations_are_absences_with_their_sections),
	  TEST(what_leaves_nothing_in_a_tree_is_an_absence),
	  TEST(a_negation_in_several_sections_is_one_in_each), TEST(deleted_paths_are_absences),
	  TEST(switches_are_known), TEST(unknown_lines_are_marked), TEST(abbreviations_are_told),
	  TEST(noise_with_words_is_a_statement), TEST(an_unknown_negation_is_what_it_does),
	  TEST(a_shorter_negation_removes_the_statement),
	  TEST(a_fragment_is_spelled_as_the_driver_does));
