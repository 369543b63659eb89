/* SPDX-License-Identifier: Apache-2.0 */
/* The commands, in the order of the help. */
#include <stdlib.h>

#include "api/sdctl/columns.h"
#include "api/sdctl/command.h"

#define PROOF_STATUS                                                                               \
	"4  failed, and everything is as it was before\n"                                          \
	"5  needs attention: `sdctl status` says which device and why\n"

static const char *const lab_words[] = {"up", "down", "status", "start", "exec", NULL};
static const char *const shells[] = {"bash", "fish", "zsh", NULL};

static void print_revision(const cJSON *result, const char *does)
{
	const char *name = text_of(result, "name");
	char *text = NULL;

	if (asprintf(&text, "%s: revision %.0f %s; `sdctl plan %s` shows what it would change",
		     name, number_of(result, "revision"), does, name) < 0)
		return;
	print_wrapped(stdout, text, 0, 2);
	free(text);
}

static void print_set(const struct run *run, const cJSON *result)
{
	(void)run;
	if (cJSON_IsTrue(cJSON_GetObjectItem(result, "changed")))
		print_revision(result, "is kept");
	else
		printf("%s: unchanged, revision %.0f\n", text_of(result, "name"),
		       number_of(result, "revision"));
}

static void print_removed(const struct run *run, const cJSON *result)
{
	(void)run;
	print_revision(result, "removes it");
}

static void print_text(const struct run *run, const cJSON *result)
{
	double revision = number_of(result, "revision");

	printf("%s", text_of(result, "text"));
	if (!cJSON_IsTrue(cJSON_GetObjectItem(result, "removed")))
		return;
	fprintf(stderr, "%s is removed in revision %.0f", arg(run, 0), revision);
	fprintf(stderr, revision > 1 ? "; --revision %.0f shows the one before\n" : "\n",
		revision - 1);
}

static void print_trust(const struct run *run, const cJSON *result)
{
	const char *fingerprint = text_of(result, "fingerprint");

	if (cJSON_IsTrue(cJSON_GetObjectItem(result, "accepted")))
		printf("%s: key %s is accepted from now on\n", arg(run, 0), fingerprint);
	else if (arg(run, 1) == NULL)
		printf("%s shows key %s\nCompare it on the device itself; if it is the same, "
		       "accept it:\n  sdctl device trust %s %s\n",
		       arg(run, 0), fingerprint, arg(run, 0), fingerprint);
}

/* That it was made is said of every command that makes one. */
static void print_home(const struct run *run, const cJSON *result)
{
	(void)run;
	if (!cJSON_IsTrue(cJSON_GetObjectItem(result, "made")))
		printf("there is a store in %s, and it is up to date\n", text_of(result, "home"));
}

#define SETTINGS                                                                                   \
	"driver=D address=A credential=C, read-only-credential=C port=N role=R label=L[,L], "      \
	"option.NAME=VALUE, option-env.NAME=VARIABLE, option-file.NAME=FILE"

const struct command commands[] = {
	{"init", "store.init", .options = OWN_JSON, .print = print_home,
	 .example = "sdctl init --home /srv/network\n"},
	{"config set", "configuration.set",
	 .arguments = {{"FILE", "text", "the configuration, as JSON; - is standard input"}},
	 .options = OWN_JSON, .print = print_set, .example = "sdctl config set blue.json\n"},
	{"config list", "configuration.list", .options = OWN_JSON, .print = print_configurations},
	{"config show", "configuration.show", .arguments = {{"NAME", "name"}}, .options = OWN_JSON,
	 .print = print_text, .example = "sdctl config show blue --revision 2\n"},
	{"config remove", "configuration.remove", .arguments = {{"NAME", "name"}},
	 .options = OWN_JSON, .print = print_removed,
	 .example = "sdctl config remove blue\n"
		    "sdctl plan blue -o blue.plan\n"
		    "sdctl apply blue.plan\n"},
	{"plan", "plan.make", .arguments = {{"NAME", "name"}},
	 .options = OWN_JSON | OWN_OUTPUT | OWN_EXIT_CODE, .run = run_plan,
	 .status = "2  with --exit-code: there are changes\n",
	 .example = "sdctl plan blue -o blue.plan\n"},
	{"apply", "plan.apply",
	 .arguments = {{"FILE", "text", "what `sdctl plan` wrote; - is standard input"}},
	 .options = OWN_JSON | OWN_VERBOSE, .print = print_applied, .status = PROOF_STATUS,
	 .example = "sdctl apply blue.plan\n"},
	{"rollback", "deployment.rollback", .arguments = {{"NAME|ID|last", "id"}},
	 .options = OWN_JSON | OWN_OUTPUT | OWN_EXIT_CODE | OWN_VERBOSE | OWN_YES,
	 .run = run_rollback, .print = print_applied,
	 .status = "2  with --exit-code: there are changes\n" PROOF_STATUS,
	 .example = "sdctl rollback blue\nsdctl rollback blue --to 12 -o back.plan\n"},
	{"recover", "deployment.recover", .arguments = {{"ID", "id", .optional = 1}},
	 .options = OWN_JSON, .print = print_recovered, .status = PROOF_STATUS,
	 .example = "sdctl recover\n"},
	{"verify", "verify", .arguments = {{"NAME", "name"}}, .options = OWN_JSON | OWN_VERBOSE,
	 .run = run_verify, .print = print_verification,
	 .status = "2  a device differs from what was deployed\n",
	 .example = "sdctl verify blue --require-proof\n"},
	{"status", "deployment.show",
	 "show what is going on; or a deployment, the newest of a configuration",
	 .arguments = {{"ID|NAME", "id", .optional = 1}}, .options = OWN_JSON | OWN_VERBOSE,
	 .run = run_status, .print = print_status, .example = "sdctl status\nsdctl status blue\n"},
	{"history prune", "deployment.prune", .options = OWN_JSON, .print = print_pruned,
	 .example = "sdctl history prune --keep 20 --older-than 90d\n"},
	{"history", "deployment.list",
	 .arguments = {{"NAME", "configuration",
			"only those of this configuration; if it is called prune: `-- prune`",
			.optional = 1}},
	 .options = OWN_JSON, .print = print_history, .example = "sdctl history blue --limit 10\n"},
	{"device import", "device.import",
	 .arguments = {{"FILE", NULL, "an inventory or a topology, as JSON; - is standard input",
			.many = 1, .source = SOURCE_FILE}},
	 .options = OWN_JSON, .run = run_import, .print = print_changes,
	 .example = "sdctl device import inventory.json topology.json --dry-run\n"},
	{"device export", "device.export", .options = OWN_JSON | OWN_OUTPUT, .run = run_export,
	 .example = "sdctl device export -o inventory.json\n"},
	{"device add", "device.add",
	 .arguments = {{"NAME", "name"}, {"FIELD=VALUE", NULL, SETTINGS, .many = 1}},
	 .options = OWN_JSON, .run = run_settings, .print = print_changes,
	 .example = "sdctl device add leaf9 driver=ovs address=192.0.2.9 credential=lab\n"},
	{"device set", "device.set",
	 .arguments = {{"NAME", "name"},
		       {"FIELD=VALUE", NULL, SETTINGS "; an empty value removes", .many = 1}},
	 .options = OWN_JSON, .run = run_settings, .print = print_changes,
	 .example = "sdctl device set leaf9 address=192.0.2.19 label=row=3,lab\n"},
	{"device remove", "device.remove", .arguments = {{"NAME", "name"}}, .options = OWN_JSON,
	 .print = print_changes},
	{"device show", "device.show", .arguments = {{"NAME", "name"}}, .options = OWN_JSON,
	 .print = print_device, .example = "sdctl device show leaf1 --config\n"},
	{"device list", "device.list", .options = OWN_JSON, .print = print_devices},
	{"device check", "device.check",
	 .arguments = {{"NAME|PATTERN", "devices", .optional = 1, .many = 1}}, .options = OWN_JSON,
	 .print = print_levels, .example = "sdctl device check 'leaf*' --label row=3\n"},
	{"device trust", "device.trust",
	 .arguments = {{"NAME", "name"}, {"FINGERPRINT", "fingerprint", .optional = 1}},
	 .options = OWN_JSON, .print = print_trust, .example = "sdctl device trust leaf1\n"},
	{"driver list", "driver.list", .options = OWN_JSON, .print = print_drivers},
	{"driver show", "driver.show", .arguments = {{"NAME|FILE", "name"}}, .options = OWN_JSON,
	 .print = print_driver, .example = "sdctl driver show build/acme.so\n"},
	{"driver new", NULL, "begin a driver of your own",
	 .arguments = {{"NAME", NULL, "what the driver shall be called"},
		       {"FOLDER", NULL, "where to make it, if not in NAME", .optional = 1,
			.source = SOURCE_FOLDER}},
	 .options = OWN_JSON, .run = run_driver_new, .example = "sdctl driver new acme\n"},
	{"driver test", "driver.test",
	 .arguments = {{"NAME|FILE", "name"},
		       {"OPTION=VALUE", "options", .optional = 1, .many = 1}},
	 .options = OWN_JSON, .run = run_driver_test, .print = print_test,
	 .example = "sdctl driver test build/acme.so --seed 7\n"},
	{"diff", "text.diff", .arguments = {{"RUNNING", "running"}, {"INTENDED", "intended"}},
	 .options = OWN_JSON, .run = run_diff, .status = "2  the texts differ\n",
	 .example = "sdctl diff running.txt intended.txt --driver ios\n"},
	{"parse", "text.parse", .arguments = {{"FILE", "text"}}, .options = OWN_JSON,
	 .run = run_parse, .example = "sdctl parse running.txt --driver junos --format flat\n"},
	{"lab", NULL, "a lab of real Open vSwitch switches on this machine",
	 .arguments = {{"VERB", NULL, "up, down, status, start or exec; `sdctl lab` lists all",
			.many = 1, .source = SOURCE_WORDS, .words = lab_words}},
	 .raw = 1, .run = run_lab, .example = "sdctl lab up --leaves 4 --spines 2\n"},
	{"completion", NULL, "print the completion for a shell",
	 .arguments = {{"SHELL", NULL, "bash, fish or zsh", .source = SOURCE_WORDS,
			.words = shells}},
	 .run = run_completion, .example = ". <(sdctl completion bash)\n"},
	{"help", NULL, "show this, or help on a command",
	 .arguments = {{"COMMAND", NULL, "words of a command", .optional = 1, .many = 1,
			.source = SOURCE_COMMAND}},
	 .run = run_help, .example = "sdctl help config set\n"},
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);
