/* SPDX-License-Identifier: Apache-2.0 */
/* A small driver with one fault, chosen by the build. */
#include <smartdeploy/driver.h>

#include <stdlib.h>
#include <string.h>

enum {
	FAULT_NONE,
	FAULT_FULLSTOP,  /* the summary ends in a full stop */
	FAULT_ASTRAY,    /* a rule belongs to a section that no rule opens */
	FAULT_BADOPTION, /* an option's initial value is out of range */
	FAULT_ABORTS,    /* parsing crashes */
	FAULT_EXITS,     /* parsing ends the program */
	FAULT_HANGS,     /* parsing never returns */
	FAULT_NEEDY,     /* it cannot be opened without an option */
	FAULT_DROPS,     /* printing drops the last line (law 1) */
	FAULT_MISLEADS,  /* rendering drops the last line (law 2) */
	FAULT_KEEPS,     /* rendering returns a line although nothing changes (law 4) */
	FAULT_WRITES,    /* fetch sends an exchange that is not marked READS */
	FAULT_MUTE,      /* commit fails without a message */
	FAULT_ENDLESS,   /* commit never ends */
	FAULT_UNSEEN,    /* commit reports a lost connection as a refusal */
	FAULT_OPENS      /* `safe` calls every state unsafe */
};

static const struct smd_rule rules[] = {
	{.line = "interface *", .kind = SMD_RULE_SECTION},
	{.within = "interface *", .line = "mtu *", .kind = SMD_RULE_VALUE, .negate = "no mtu"},
	{.within = FAULT == FAULT_ASTRAY ? "port *" : "interface *",
	 .line = "vlans ...",
	 .kind = SMD_RULE_NUMBERS},
};

static const char *const closers[] = {"!", "exit", NULL};
static const char *const noise[] = {NULL};

static const struct smd_dialect dialect = {
	.size = sizeof(dialect),
	.family = SMD_FAMILY_INDENTED,
	.negation = "no",
	.exit = "exit",
	.indent = 1,
	.closers = closers,
	.noise = noise,
	.rules = rules,
	.rule_count = sizeof(rules) / sizeof(rules[0]),
	.rule_size = sizeof(rules[0]),
};

static const struct smd_option options[] = {
	{.name = "tries",
	 .type = SMD_OPTION_NUMBER,
	 .initial = FAULT == FAULT_BADOPTION ? "10" : "9",
	 .maximum = 9,
	 .help = "how often"},
};

static int open_device(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	*state = (void *)smd_settings_dialect(settings);
	if (FAULT != FAULT_NEEDY || smd_settings_number(settings, "tries") == 1)
		return 0;
	return smd_fail(error, SMD_E_INVALID, "one try is what it takes");
}

static int parse(void *state, const struct smd_text *text, struct smd_tree **out,
		 struct smd_error *error)
{
	if (FAULT == FAULT_ABORTS)
		abort();
	if (FAULT == FAULT_EXITS)
		_Exit(0);
	for (volatile int forever = FAULT == FAULT_HANGS; forever;)
		;
	return smd_dialect_parse(state, text, out, error);
}

/* Copy all lines except the last. */
static int without_last(struct smd_text *out, const struct smd_text *lines)
{
	int err = 0;

	for (size_t i = 0; !err && i + 1 < smd_text_count(lines); i++)
		err = smd_text_line(out, smd_text_get(lines, i, NULL));
	return err;
}

static int print(void *state, const struct smd_tree *tree, struct smd_text *out,
		 struct smd_error *error)
{
	struct smd_text *lines = NULL;
	int err;

	if (FAULT != FAULT_DROPS)
		return smd_dialect_print(state, tree, out, error);
	err = smd_text_new(&lines, 0);
	if (!err)
		err = smd_dialect_print(state, tree, lines, error);
	if (!err)
		err = without_last(out, lines);
	smd_text_free(lines);
	return err;
}

static int render(void *state, const struct smd_changes *changes, struct smd_text *out,
		  struct smd_error *error)
{
	struct smd_text *lines = NULL;
	int err = smd_text_new(&lines, 0);

	if (!err)
		err = smd_dialect_render(state, changes, lines, error);
	if (FAULT == FAULT_KEEPS && !err && !smd_text_count(lines))
		err = smd_text_line(lines, "interface eth0");
	if (FAULT == FAULT_MISLEADS && !err)
		err = without_last(out, lines);
	for (size_t i = 0; FAULT != FAULT_MISLEADS && !err && i < smd_text_count(lines); i++)
		err = smd_text_line(out, smd_text_get(lines, i, NULL));
	smd_text_free(lines);
	return err;
}

static int safe(void *state, const struct smd_tree *before, const struct smd_tree *now,
		struct smd_error *error)
{
	(void)state, (void)before, (void)now;
	return FAULT == FAULT_OPENS ? smd_fail(error, SMD_E_UNSAFE, "a port is open") : 0;
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "show", .flags = FAULT == FAULT_WRITES ? 0 : SMD_X_READS},
		 .keep = 1},
	};

	smd_steps_next(run, answer, action, steps, 1);
}

static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {{.exchange = {.send = "configure"}},
						{.payload = 1}};
	static const struct smd_exchange again = {.send = "again"};

	smd_steps_next(run, answer, action, steps, 2);
	if (FAULT == FAULT_ENDLESS)
		*action = (struct smd_action){
			.act = SMD_ACT_EXCHANGE, .exchanges = &again, .exchange_count = 1};
	if (FAULT == FAULT_MUTE)
		action->message[0] = '\0';
	if (FAULT == FAULT_UNSEEN && action->act == SMD_ACT_FAIL)
		action->reason = SMD_CLASS_REFUSED;
}

static const struct smd_session_profile profile = {.size = sizeof(profile),
						   .channel = "ssh",
						   .protocol = "cli",
						   .prompt = "\\w+# ",
						   .deadline = 30000};

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = NAME,
		 .summary = FAULT == FAULT_FULLSTOP ? "A test part." : "A test part",
		 .version = "1.0", SMD_OPTIONS(options)},
	.profile = &profile,
	.dialect = &dialect,
	.open = open_device,
	.parse = parse,
	.print = print,
	.render = render,
	.safe = safe,
	.fetch = fetch,
	.commit = commit,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
