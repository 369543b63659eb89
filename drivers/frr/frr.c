/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FRRouting by vtysh. There is no candidate: each line acts when it is
 * entered, so lines go one at a time and the first refusal ends the payload.
 */
#include <smartdeploy/driver.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frr.h"

#define DEADLINE 30000u /* milliseconds */
#define SECOND 1000u

static const struct smd_option options[] = {
	{.name = "line-deadline",
	 .type = SMD_OPTION_NUMBER,
	 .initial = "30",
	 .minimum = 1,
	 .maximum = 600,
	 .help = "seconds that a daemon may take to act on a line"},
};

/* The host's name, or what is printed where there is none. */
#define NAME "([^\\s()#]+|\\(null\\))"

struct frr {
	const struct smd_compiled *dialect;
	uint32_t deadline;        /* of a line, in milliseconds */
	struct smd_action failed; /* why the commit fails, once configuration mode is left */
};

static int open_state(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	struct frr *frr = calloc(1, sizeof(*frr));

	if (!frr)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a device");
	frr->dialect = smd_settings_dialect(settings);
	frr->deadline = (uint32_t)smd_settings_number(settings, "line-deadline") * SECOND;
	*state = frr;
	return 0;
}

static void close_state(void *state)
{
	free(state);
}

/* Planning */

/* Whether the node's line is about this neighbor. */
static int is_about(const struct smd_node *node, const char *neighbor, size_t length)
{
	const char *name = smd_node_name(node), *key = smd_node_key(node, 0);

	if (!strcmp(name, "neighbor") && key)
		return !strncmp(key, neighbor, length) && (!key[length] || key[length] == ' ');
	return !strncmp(name, "neighbor ", 9) && !strncmp(name + 9, neighbor, length) &&
	       name[9 + length] == ' ';
}

/* The neighbor that the node puts into a peer-group, and the length of its name; NULL: none. */
static const char *grouped_neighbor(const struct smd_node *node, size_t *length)
{
	const char *name = smd_node_name(node);

	if (smd_node_kind(node) != SMD_LEAF || strncmp(name, "neighbor ", 9) != 0)
		return NULL;
	*length = strcspn(name + 9, " ");
	return strcmp(name + 9 + *length, " peer-group") ? NULL : name + 9;
}

/*
 * Refuse to take a neighbor out of its peer-group and keep it. Seen on 8.4.4: a neighbor that
 * leaves its group is removed, with all lines about it.
 */
static int check_group(const struct smd_changes *changes, const struct smd_change *change,
		       struct smd_error *error)
{
	const struct smd_node *section;
	size_t length;
	const char *neighbor = change->from ? grouped_neighbor(change->from, &length) : NULL;

	if (!neighbor || !smd_node_parent(change->from))
		return 0;
	section = smd_node_match(smd_tree_top(smd_changes_to(changes)),
				 smd_node_parent(change->from));
	for (const struct smd_node *node = section ? smd_node_first(section) : NULL; node;
	     node = smd_node_next(node)) {
		if (!is_about(node, neighbor, length))
			continue;
		smd_fail(error, SMD_E_UNSUPPORTED,
			 "neighbor %.*s would leave its peer-group, and FRR removes it with that",
			 (int)length, neighbor);
		smd_error_hint(error, "remove it, and add it in another deployment");
		return SMD_E_UNSUPPORTED;
	}
	return 0;
}

static int check_groups(const struct smd_changes *changes, struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < smd_changes_count(changes) && !err; i++)
		err = check_group(changes, smd_changes_get(changes, i), error);
	return err;
}

static int parse(void *state, const struct smd_text *text, struct smd_tree **out,
		 struct smd_error *error)
{
	const struct frr *frr = state;

	return smd_frr_parse(frr->dialect, text, out, error);
}

/* Render, and refuse lines with `?`, which vtysh answers at once instead of taking it as text. */
static int render(void *state, const struct smd_changes *changes, struct smd_text *payload,
		  struct smd_error *error)
{
	const struct frr *frr = state;
	const char *line;
	int err = check_groups(changes, error);

	if (!err)
		err = smd_dialect_render(frr->dialect, changes, payload, error);
	if (!err)
		err = smd_frr_order(changes, payload, error);
	for (size_t i = 0; !err && (line = smd_text_get(payload, i, NULL)); i++) {
		if (!strchr(line, '?'))
			continue;
		err = smd_fail(
			error, SMD_E_UNSUPPORTED,
			"the line '%.60s' cannot be entered: vtysh takes '?' for a call for help",
			line + strspn(line, " "));
		smd_error_hint(error, "write it without '?'");
	}
	return err;
}

/* Reading */

static const struct smd_step learn_steps[] = {
	{.exchange = {.send = "end", .flags = SMD_X_READS}},
	{.exchange = {.send = "no terminal paginate", .flags = SMD_X_READS}},
	{.exchange = {.send = "show version", .flags = SMD_X_READS},
	 .expect = "FRRouting [0-9]",
	 .otherwise = SMD_CLASS_UNSUPPORTED},
};

static void learn_version(struct smd_facts *facts, const struct smd_text *out)
{
	static const char product[] = "FRRouting";
	const char *line;

	*facts = (struct smd_facts){.candidate = SMD_CANDIDATE_NONE};
	snprintf(facts->product, sizeof(facts->product), "%s", product);
	for (size_t i = 0; (line = smd_text_get(out, i, NULL)); i++) {
		if (strncmp(line, product, sizeof(product) - 1) != 0)
			continue;
		line += sizeof(product) - 1;
		line += strspn(line, " ");
		snprintf(facts->version, sizeof(facts->version), "%.*s", (int)strcspn(line, " "),
			 line);
		return;
	}
}

static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	size_t count = sizeof(learn_steps) / sizeof(learn_steps[0]);

	smd_steps_next(run, answer, action, learn_steps, count);
	if (action->act == SMD_ACT_DONE)
		learn_version(run->facts, answer->out);
}

static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		{.exchange = {.send = "end", .flags = SMD_X_READS}},
		{.exchange = {.send = "show running-config", .flags = SMD_X_READS},
		 .keep = 1,
		 .expect = "Current configuration:"},
	};

	smd_steps_next(run, answer, action, steps, sizeof(steps) / sizeof(steps[0]));
}

/* Writing */

enum { STEP_ENTER = 1, STEP_LINES = 2, STEP_GIVE_UP = 4 };

static const struct smd_step commit_steps[STEP_GIVE_UP] = {
	{.exchange = {.send = "end", .flags = SMD_X_READS}},
	[STEP_ENTER] = {.exchange = {.send = "configure terminal"}},
	[STEP_LINES] = {.payload = 1},
	{.exchange = {.send = "end", .flags = SMD_X_READS}},
};

/* "% Configuration failed." alone explains nothing; the lines below it do. */
static const char *reason_below(const struct smd_answer *answer)
{
	static const char heading[] = "Error description: ";
	const char *line;

	for (size_t i = answer->failed + 1; (line = smd_text_get(answer->out, i, NULL)); i++) {
		if (!strncmp(line, heading, sizeof(heading) - 1))
			return line + sizeof(heading) - 1;
		if (*line == ' ' && line[strspn(line, " ")])
			return line + strspn(line, " ");
	}
	return NULL;
}

static void explain(struct smd_action *failed, const struct smd_answer *answer)
{
	const char *reason = answer->failed_err ? NULL : reason_below(answer);
	size_t used = strlen(failed->message);

	if (reason)
		snprintf(failed->message + used, sizeof(failed->message) - used, " %s", reason);
}

/* Enter the payload. When a line is refused, leave configuration mode before the stage fails. */
static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_exchange leave = {.send = "end", .flags = SMD_X_READS};
	struct frr *frr = run->state;
	struct smd_step steps[STEP_GIVE_UP];

	if (answer->end != SMD_END_START && run->step == STEP_GIVE_UP) {
		*action = frr->failed;
		return;
	}
	memcpy(steps, commit_steps, sizeof(steps));
	steps[STEP_ENTER].exchange.deadline = steps[STEP_LINES].exchange.deadline = frr->deadline;
	smd_steps_next(run, answer, action, steps, STEP_GIVE_UP);
	if (action->act != SMD_ACT_FAIL || answer->end != SMD_END_FAILURE ||
	    run->step != STEP_LINES)
		return;
	frr->failed = *action;
	if (!smd_run_hides(run, answer->exchange))
		explain(&frr->failed, answer);
	run->step = STEP_GIVE_UP;
	*action = (struct smd_action){
		.act = SMD_ACT_EXCHANGE, .exchanges = &leave, .exchange_count = 1};
}

/* Save: all daemons write their files, which takes longer than a line. */
static void persist(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	const struct frr *frr = run->state;
	const struct smd_step steps[] = {
		{.exchange = {.send = "end", .flags = SMD_X_READS}},
		{.exchange = {.send = "write memory", .deadline = 2 * frr->deadline},
		 .expect = "Configuration saved to |Integrated configuration saved to "},
	};

	smd_steps_next(run, answer, action, steps, sizeof(steps) / sizeof(steps[0]));
}

/*
 * Answers that are refusals: "% Unknown command", "% Configuration failed.", "% Can't find ...",
 * and some of ospfd without a mark, seen on 8.4.4. "bfdd is not running" is none.
 */
#define FAILURE                                                                                    \
	"% ?(?!(?i:warning|note|OSPF: Reference bandwidth is changed))\\S|Please remove all |"     \
	"Must remove previous area config|There is already same network statement|"                \
	"The area is neither stub, nor NSSA|Instance redistribution in non-instanced|"             \
	"ip ospf bfd has not been set"

static const struct smd_session_profile profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "cli",
	.prompt = NAME "(?:\\([a-z0-9-]+\\))?# ",
	.failure = FAILURE,
	.window = 1,
	.deadline = DEADLINE,
};

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "frr",
		 .summary = "FRRouting by vtysh over SSH", .version = "1.0", SMD_OPTIONS(options)},
	.profile = &profile,
	.dialect = &smd_frr_dialect,
	.open = open_state,
	.close = close_state,
	.parse = parse,
	.render = render,
	.attach = attach,
	.fetch = fetch,
	.commit = commit,
	.persist = persist,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
