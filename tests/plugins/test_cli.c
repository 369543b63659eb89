/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dialogues with devices, written by hand from the vendors' documentation. Each is played with
 * its bytes cut at every position, byte by byte, and in random pieces; the answer must always
 * be the same.
 */
#include "scene.h"

static const struct smd_session_profile dnos = {
	.size = sizeof(dnos),
	.prompt = "([\\w.-]+)(\\(cfg[^)]*\\))?# ",
	.failure = "(?i)error:|Commit check failed",
	.window = 10,
};

static const struct smd_session_profile ios = {
	.size = sizeof(ios),
	.prompt = "([\\w.-]+)(\\([^)]*\\))?[>#]",
	.failure = "% (Invalid|Incomplete|Ambiguous|Unknown)|Command authorization failed",
	.pager = " ?--More-- ?",
	.noise = "(\\*?\\w{3} +\\d+ [\\d:.]+: )?%[A-Z0-9_]+-\\d-[A-Z0-9_]+:",
	.window = 10,
};

static const struct smd_session_profile junos = {
	.size = sizeof(junos),
	.prompt = "(?:\\n?(?:\\{[\\w:]+\\}\\n)?\\[edit[^\\n]*\\]\\n)?(\\w+@[\\w.-]+)[>#] ",
	.failure = "error: |unknown command\\.|syntax error",
	.window = 10,
};

static void dnos_redraws_its_echo(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "set cli-terminal-length 0"},
		{.send = "show config | include vlan"},
		{.send = "configure"},
	};
	static const struct wire_step steps[] = {
		{"", "\r\nDRIVENETS CLI Loading...\r\n\x1b[?2004h\x1b[0mDUT# "},
		{"set cli-terminal-length 0\n",
		 "set cli-terminal-length 0\r\x1b[K"
		 "DUT(14-Jul-2025-11:00:26)# set cli-terminal-length 0\r\nDUT# "},
		{"show config | include vlan\n",
		 "show config | include vlan\r\n\x1b[1A\x1b[2K\r"
		 "DUT(14-Jul-2025-11:00:27)# show config | include vlan\r\n"
		 "    \x1b[91mvlan\x1b[0m-id 251\r\n    \x1b[91mvlan\x1b[0m-tags outer-tag 100\r\n"
		 "\x1b]0;title\x07\r\nDUT# "},
		{"configure\n", "configure\x1b[14D\x1b[0KDUT(14-Jul-2025-11:00:28)# configure\r\n"
				"\x1b[?1hDUT(cfg)# "},
	};

	SCENE(dnos, exchanges, steps,
	      .answer = "end 1 at 2 <DUT(cfg)#> 0 0 3 3\n"
			"    vlan-id 251\n    vlan-tags outer-tag 100\n\n");
}

static void dnos_out_of_sync_is_a_conflict(void)
{
	static const struct smd_question questions[] = {
		{.pattern = "\\[cancel\\]\\?", .answer = "cancel", .verdict = SMD_CLASS_REFUSED},
		{.pattern = "out of sync.*\\[abort\\]\\?",
		 .answer = "abort",
		 .verdict = SMD_CLASS_CONFLICT},
	};
	static const struct smd_exchange exchanges[] = {
		{.send = "commit check",
		 .questions = questions,
		 .question_count = 2,
		 .flags = SMD_X_BARRIER},
		{.send = "commit", .flags = SMD_X_BARRIER},
	};
	static const struct wire_step steps[] = {
		{"", "DUT(cfg)# "},
		{"commit check\n",
		 "commit check\r\nWarning: User bob committed at 14-Jul-2025 11:00:26 UTC, your "
		 "configuration is out of sync. What would you like to do (check-and-merge, "
		 "merge-only, abort) [abort]? "},
		{"abort\n", "abort\r\n\r\nDUT(cfg)# "},
	};

	SCENE(dnos, exchanges, steps,
	      .answer = "end 3 at 0 question 1 <DUT(cfg)#> 0 2 2\n"
			"Warning: User bob committed at 14-Jul-2025 11:00:26 UTC, your "
			"configuration is out of sync. What would you like to do "
			"(check-and-merge, merge-only, abort) [abort]?\n\n",
	      .typed = "commit check\nabort\n");
}

static void a_question_without_an_answer_ends(void)
{
	static const struct smd_question questions[] = {{.pattern = "\\[yes/no\\]:"}};
	static const struct smd_exchange exchanges[] = {
		{.send = "no username bob", .questions = questions, .question_count = 1}};
	static const struct wire_step steps[] = {
		{"", "r1(config)#"},
		{"no username bob\n", "no username bob\r\nThis removes it.\r\nGo on? [yes/no]: "},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 3 at 0 question 0 <> 0 2\nThis removes it.\nGo on? [yes/no]:\n",
	      .typed = "no username bob\n");
}

static void an_answer_of_enter_goes_on(void)
{
	static const struct smd_question questions[] = {
		{.pattern = "\\[startup-config\\]\\?", .answer = ""},
		{.pattern = "\\[confirm\\]", .answer = ""},
	};
	static const struct smd_exchange exchanges[] = {
		{.send = "copy running-config startup-config",
		 .questions = questions,
		 .question_count = 2,
		 .flags = SMD_X_BARRIER}};
	static const struct wire_step steps[] = {
		{"", "r1#"},
		{"copy running-config startup-config\n",
		 "copy running-config startup-config\r\nDestination filename [startup-config]? "},
		{"\n", "\r\nOverwrite? [confirm]"},
		{"\n", "\r\nBuilding configuration...\r\n[OK]\r\nr1#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 1 at 0 <r1#> 0 4\nDestination filename [startup-config]?\n"
			"Overwrite? [confirm]\nBuilding configuration...\n[OK]\n");
}

static void ios_pages_its_output(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "show run"},
							{.send = "show clock"}};
	static const char wiped[] = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";
	static char second[200], third[200];
	const struct wire_step steps[] = {
		{"", "\r\nbanner: go away # now\r\n\r\nr1#"},
		{"show run\n",
		 "show run\r\nBuilding configuration...\r\n!\r\nhostname r1\r\n --More-- "},
		{" ", second},
		{" ", third},
		{"show clock\n", "show clock\r\n10:00:00 UTC\r\nr1#"},
	};

	snprintf(second, sizeof(second), "%s!\r\nvlan 10\r\n name gr\xc3\xbcn \r\n --More-- ",
		 wiped);
	snprintf(third, sizeof(third), "\r\x1b[Kend\r\n\r\nr1#");
	SCENE(ios, exchanges, steps,
	      .answer = "end 1 at 1 <r1#> 0 8 9\nBuilding configuration...\n!\nhostname r1\n"
			"!\nvlan 10\n name gr\xc3\xbcn \nend\n\n10:00:00 UTC\n",
	      .typed = "show run\n  show clock\n");
}

static void junos_draws_edit_above_its_prompt(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "set cli screen-length 0"},
		{.send = "configure exclusive", .flags = SMD_X_BARRIER},
		{.send = "set vlans v10 vlan-id 10"},
		{.send = "set vlans v10 vlan-id x"},
	};
	static const struct wire_step steps[] = {
		{"", "--- JUNOS 21.2R3 built 2022\r\n{master:0}\r\nadmin@ex1> "},
		{"set cli screen-length 0\n",
		 "set cli screen-length 0 \r\nScreen length set to 0\r\n\r\n{master:0}\r\n"
		 "admin@ex1> "},
		{"configure exclusive\n",
		 "configure exclusive \r\nwarning: uncommitted changes will be discarded on "
		 "exit\r\n"
		 "Entering configuration mode\r\n\r\n{master:0}[edit]\r\nadmin@ex1# "},
		{"set vlans v10 vlan-id 10\n",
		 "set vlans v10 vlan-id 10 \r\n\r\n{master:0}\r\n[edit]\r\nadmin@ex1# "},
		{"set vlans v10 vlan-id x\n",
		 "set vlans v10 vlan-id x\r\n                       ^\r\n"
		 "syntax error, expecting <vlan-id>.\r\n\r\n[edit]\r\nadmin@ex1# "},
	};

	SCENE(junos, exchanges, steps,
	      .answer = "end 2 at 3 line 8 <\n[edit]\nadmin@ex1#> 0 3 7 7 9\n"
			"Screen length set to 0\n\n{master:0}\n"
			"warning: uncommitted changes will be discarded on exit\n"
			"Entering configuration mode\n\n{master:0}[edit]\n"
			"                       ^\nsyntax error, expecting <vlan-id>.\n");
}

static void iosxr_begins_with_the_time(void)
{
	static const struct smd_session_profile iosxr = {
		.size = sizeof(iosxr),
		.prompt = "RP/0/RP0/CPU0:([\\w.-]+)(\\([^)]*\\))?#",
		.failure = "% ",
		.noise = "\\w{3} \\w{3} +\\d+ \\d\\d:\\d\\d:\\d\\d\\.\\d+ \\w+$",
	};
	static const struct smd_question questions[] = {{.pattern = "commit anyway\\? \\[no\\]:",
							 .answer = "no",
							 .verdict = SMD_CLASS_CONFLICT}};
	static const struct smd_exchange exchanges[] = {
		{.send = "show version"},
		{.send = "commit", .questions = questions, .question_count = 1},
	};
	static const struct wire_step steps[] = {
		{"", "\r\n\r\nRP/0/RP0/CPU0:xr1#"},
		{"show version\n", "show version\r\n\rMon Nov 23 10:00:00.123 UTC\r\n"
				   "Cisco IOS XR Software, Version 7.5.2\r\n"
				   "RP/0/RP0/CPU0:xr1#"},
		{"commit\n", "commit\r\nMon Nov 23 10:00:01.456 UTC\r\n\r\n"
			     "One or more commits have occurred from other\r\n"
			     "configuration sessions since this session started.\r\n"
			     "Do you wish to proceed with this commit anyway? [no]: "},
		{"no\n", "no\r\nRP/0/RP0/CPU0:xr1(config)#"},
	};

	SCENE(iosxr, exchanges, steps,
	      .answer = "end 3 at 1 question 0 <RP/0/RP0/CPU0:xr1(config)#> 0 1 5\n"
			"Cisco IOS XR Software, Version 7.5.2\n\n"
			"One or more commits have occurred from other\n"
			"configuration sessions since this session started.\n"
			"Do you wish to proceed with this commit anyway? [no]:\n");
}

/* readline turns bracketed paste on and off, and the terminal echoes lines that come early. */
static void frr_echoes_early(void)
{
	static const struct smd_session_profile frr = {
		.size = sizeof(frr),
		.command = "vtysh",
		.prompt = "([\\w.-]+)(\\([^)]*\\))?# ",
		.failure = "% (?!Can't find)",
		.window = 8,
	};
	static const struct smd_exchange exchanges[] = {
		{.send = "configure terminal"},
		{.send = "router bgp 65001"},
		{.send = "no bgp ebgp-requires-policy"},
		{.send = "exit"},
		{.send = "bogus"},
	};
	static const struct wire_step steps[] = {
		{"", "\r\nHello, this is FRRouting (version 8.4.4).\r\n\r\n\x1b[?2004hr1# "},
		{"configure terminal\n",
		 "configure terminal\r\n\x1b[?2004l\r\x1b[?2004hr1(config)# "},
		{"router bgp 65001\nno bgp ebgp-requires-policy\nexit\nbogus\n",
		 "router bgp 65001\r\n\x1b[?2004l\rno bgp ebgp-requires-policy\r\nexit\r\n"
		 "\x1b[?2004hr1(config-router)# no bgp ebgp-requires-policy\r\n\x1b[?2004l\r"
		 "bogus\r\n\x1b[?2004hr1(config-router)# exit\r\n\x1b[?2004l\r"
		 "\x1b[?2004hr1(config)# bogus\r\n\x1b[?2004l\r% Unknown command: bogus\r\n"
		 "\x1b[?2004hr1(config)# "},
	};

	SCENE(frr, exchanges, steps,
	      .answer = "end 2 at 4 line 0 <r1(config)#> 0 0 0 0 0 1\n% Unknown command: bogus\n");
}

/*
 * The terminal echoes a line once, when its bytes arrive; a shell without a line editor does
 * not echo it again.
 */
static void a_plain_terminal_echoes_once(void)
{
	static const struct smd_session_profile plain = {.size = sizeof(plain),
							 .prompt = "(h1)[$] ",
							 .failure = ".*not found",
							 .window = 10};
	static const struct smd_exchange exchanges[] = {
		{.send = "cd /"},  {.send = "sleep 1"}, {.send = "true"}, {.send = "true"},
		{.send = "seq 2"}, {.send = "nope"},    {.send = "uname"}};
	static const struct wire_step steps[] = {
		{"", "h1$ "},
		{"cd /\n", "cd /\r\nh1$ "},
		{"sleep 1\ntrue\ntrue\nseq 2\nnope\nuname\n",
		 "sleep 1\r\ntrue\r\ntrue\r\nseq 2\r\nnope\r\nuname\r\nh1$ h1$ h1$ 1\r\n"
		 "2\r\nh1$ sh: nope: not found\r\nh1$ Linux\r\nh1$ "},
	};

	SCENE(plain, exchanges, steps,
	      .answer = "end 2 at 5 line 2 <h1$> 0 0 0 0 0 2 3 4\n1\n2\nsh: nope: not found\n"
			"Linux\n");
}

static void the_log_may_come_anywhere(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "configure terminal", .flags = SMD_X_BARRIER},
		{.send = "interface Gi0/1"},
		{.send = "show vlan"},
	};
	static const struct wire_step steps[] = {
		{"", "r1#"},
		{"configure terminal\n", "configure terminal\r\nEnter configuration commands, one "
					 "per line.\r\nr1(config)#"},
		/* A log line interrupts the prompt, which is drawn again before the echo. */
		{"interface Gi0/1\nshow vlan\n",
		 "\r\n*Mar  1 00:01:02.345: %SYS-5-CONFIG_I: Configured from console by vty0\r\n"
		 "r1(config)#interface Gi0/1\r\n"
		 "r1(config-if)#\r\n%LINK-3-UPDOWN: Interface Gi0/1, changed state to up\r\n"
		 "r1(config-if)#show vlan\r\n"
		 "VLAN Name\r\n%LINEPROTO-5-UPDOWN: Line protocol on Gi0/1, up\r\n"
		 "1    default\r\nr1(config-if)#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 1 at 2 <r1(config-if)#> 0 1 1 3\n"
			"Enter configuration commands, one per line.\nVLAN Name\n1    default\n");
}

static void a_prompt_inside_output_is_output(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "show history"}, {.send = "a"}};
	static const struct wire_step steps[] = {
		{"", "r1#"},
		{"show history\n", "show history\r\nlog of r1#\r\nr1#show run\r\nr2#\r\n"
				   "r2# is another\r\nend\r\nr1#"},
		{"a\n", "a\r\nr1#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer =
		      "end 1 at 1 <r1#> 0 5 5\nlog of r1#\nr1#show run\nr2#\nr2# is another\nend\n",
	      .no_cut = "log of r1#\r\nr1#");
}

static void stray_controls_do_not_pass(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "show x"}, {.send = "show y"}};
	static const struct wire_step steps[] = {
		{"", "r1#"},
		{"show x\n",
		 "show x\r\na\x07\x02z\tb\x7f\r\nN\bN_\bn\x1b(B\x1b=\r\r\n\x1bP1$r0m\x1b\\q\xc2\x9b"
		 "1\x9b\xe2\x82\xac\xe0\x80\x8a\xff.\r\nfar\x1b[20Gout\x1b[3D\x1b[P\x1b[@i\r\n"
		 "\x1b]torn\r\n\x1b[1;2;torn\r\nr1#"},
		{"show y\n", "show y\r\nr1#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 1 at 1 <r1#> 0 6 6\naz\tb\nNn\nq1\xe2\x82\xac\xe0\xff.\n"
			"far                iut\n\norn\n");
}

static void until_ends_an_answer(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "enable", .until = "Password:"},
		{.send = "s3cret", .flags = SMD_X_SECRET},
		{.send = "load set terminal", .until = "input\\]"},
		{.send = "\x04"},
	};
	static const struct wire_step steps[] = {
		{"", "r1>"},
		{"enable\n", "enable\r\nPassword: "},
		{"s3cret\n", "\r\nr1#"},
		{"load set terminal\n", "load set terminal\r\n[Type ^D to end input]\r\n"},
		{"\x04", "load complete\r\nr1#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 1 at 3 <r1#> 0 1 1 2 3\nPassword:\n[Type ^D to end input]\n"
			"load complete\n",
	      .typed = "enable\ns3cret\nload set terminal\n\x04");
}

/*
 * Echoes that differ: none for a password, an abbreviation that is completed, a line like the
 * prompt.
 */
static void an_echo_may_differ(void)
{
	static const struct smd_question password = {.pattern = "Password:", .answer = "s3cret"};
	static const struct smd_exchange exchanges[] = {
		{.send = "r1>clock"},
		{.send = "enable", .questions = &password, .question_count = 1},
		{.send = "conf t", .flags = SMD_X_BARRIER},
		{.send = "r1#bogus", .flags = SMD_X_BARRIER},
	};
	static const struct wire_step steps[] = {
		{"", "r1>"},
		{"r1>clock\n", "r1>clock\r\n10:00\r\nr1>"},
		{"enable\n", "enable\r\nPassword: "},
		{"s3cret\n", "\r\nr1#"},
		{"conf t\n", "configure terminal\r\nr1(config)#"},
		{"r1#bogus\n", "r1#bogus\r\n% Invalid input\r\nr1(config)#"},
	};

	SCENE(ios, exchanges, steps,
	      .answer = "end 2 at 3 line 2 <r1(config)#> 0 1 2 2 3\n10:00\nPassword:\n"
			"% Invalid input\n",
	      .typed = "r1>clock\nenable\ns3cret\nconf t\nr1#bogus\n");
}

static void a_device_may_not_echo(void)
{
	static const struct smd_exchange exchanges[] = {
		{.send = "one"}, {.send = "two"}, {.send = "three"}};
	static const struct wire_step steps[] = {
		{"", "login banner\r\nr1# "},
		{"one\n", "\r\nx\r\n\r\ny\r\nr1# "},
		{"two\n", "\r\n% Unknown command: two\r\nr1# "},
	};
	static const struct smd_session_profile profile = {
		.size = sizeof(profile), .prompt = "([\\w.-]+)# ", .failure = "% ", .window = 10};

	SCENE(profile, exchanges, steps,
	      .answer = "end 2 at 1 line 3 <r1#> 0 3 4 4\nx\n\ny\n% Unknown command: two\n",
	      .typed = "one\ntwo\n");
}

static void a_refused_line_stops_the_stream(void)
{
	enum { LINES = 100, BAD = 57, WINDOW = 10 };
	static char lines[LINES][40], gives[LINES][160], tolds[LINES][40], typed[8192];
	static struct smd_exchange exchanges[LINES + 1];
	static struct wire_step steps[LINES + 2];
	size_t used = 0;

	exchanges[0] = (struct smd_exchange){.send = "configure"};
	steps[0] = (struct wire_step){"", "DUT# "};
	steps[1] = (struct wire_step){"configure\n", "configure\r\nDUT(cfg)# "};
	used += (size_t)snprintf(typed, sizeof(typed), "configure\n");
	for (int i = 1; i <= LINES; i++) {
		char *line = lines[i - 1];

		snprintf(line, sizeof(lines[0]), "interfaces ge100-0/0/%d mtu 9000", i);
		snprintf(tolds[i - 1], sizeof(tolds[0]), "%s\n", line);
		snprintf(gives[i - 1], sizeof(gives[0]), "%s\r\n%sDUT(cfg)# ", line,
			 i == BAD       ? "\r\nERROR: Unknown word: 'mtu'.\r\n"
			 : i == BAD + 2 ? "ERROR: a later one\r\n"
					: "");
		exchanges[i] = (struct smd_exchange){.send = line};
		steps[i + 1] = (struct wire_step){tolds[i - 1], gives[i - 1]};
		if (i < BAD + WINDOW)
			used += (size_t)snprintf(typed + used, sizeof(typed) - used, "%s\n", line);
	}
	/* With single bytes, the window is always full when the 57th line is refused. */
	check_one(&(struct scene){&dnos, exchanges, LINES + 1, steps, LINES + 2,
				  "end 2 at 57 line 1 <DUT(cfg)#>\n\nERROR: Unknown word: 'mtu'.\n"
				  "ERROR: a later one\n",
				  typed, NULL},
		  BYTES);
	check(&(struct scene){&dnos, exchanges, LINES + 1, steps, LINES + 2,
			      "end 2 at 57 line 1 <DUT(cfg)#>\n\nERROR: Unknown word: 'mtu'.\n"
			      "ERROR: a later one\n",
			      NULL, NULL});
}

static void a_barrier_is_sent_alone(void)
{
	static const struct smd_exchange exchanges[] = {{.send = "configure"},
							{.send = "a"},
							{.send = "b"},
							{.send = "commit", .flags = SMD_X_BARRIER},
							{.send = "c"}};
	static const struct wire_step steps[] = {
		{"", "DUT# "},
		{"configure\n", "configure\r\nDUT(cfg)# "},
		{"a\nb\n", "a\r\nDUT(cfg)# b\r\nDUT(cfg)# "},
		{"commit\n", "commit\r\nCommit succeeded\r\nDUT(cfg)# "},
		{"c\n", "c\r\nDUT(cfg)# "},
	};
	static char got[4096];
	static struct wire wire;
	struct scene scene = {&dnos, exchanges, 4, steps, 4, NULL, NULL, NULL};

	SCENE(dnos, exchanges, steps,
	      .answer = "end 1 at 4 <DUT(cfg)#> 0 0 0 0 1 1\nCommit succeeded\n",
	      .typed = "configure\na\nb\ncommit\nc\n");
	/* commit is sent only after a and b are answered. */
	scene.step_count = 2;
	play(&scene, WHOLE, got, sizeof(got), &wire);
	CU_ASSERT_STRING_EQUAL(wire.typed, "configure\na\nb\n");
}

int main(void)
{
	static CU_TestInfo tests[] = {
		TEST(dnos_redraws_its_echo),
		TEST(dnos_out_of_sync_is_a_conflict),
		TEST(a_question_without_an_answer_ends),
		TEST(an_answer_of_enter_goes_on),
		TEST(ios_pages_its_output),
		TEST(junos_draws_edit_above_its_prompt),
		TEST(iosxr_begins_with_the_time),
		TEST(frr_echoes_early),
		TEST(a_plain_terminal_echoes_once),
		TEST(the_log_may_come_anywhere),
		TEST(a_prompt_inside_output_is_output),
		TEST(stray_controls_do_not_pass),
		TEST(until_ends_an_answer),
		TEST(an_echo_may_differ),
		TEST(a_device_may_not_echo),
		TEST(a_refused_line_stops_the_stream),
		TEST(a_barrier_is_sent_alone),
		CU_TEST_INFO_NULL,
	};
	static CU_SuiteInfo suites[] = {{"cli", NULL, NULL, NULL, NULL, tests}, CU_SUITE_INFO_NULL};
	unsigned failed;

	gen_init(&scene_gen);
	scene_cuts = gen_rounds(30);
	if (CU_initialize_registry() != CUE_SUCCESS || CU_register_suites(suites) != CUE_SUCCESS)
		return 2;
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
	CU_cleanup_registry();
	return failed ? 1 : 0;
}
