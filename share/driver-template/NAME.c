/*
 * @NAME@: how sessions with the device are held, and what is said in each stage of a
 * change. <smartdeploy/driver.h> says when each function is called, and by whom.
 *
 * A driver never waits: a stage gets the last answer and sets the next action. Here
 * each is a table of lines that smd_steps_next goes through. A driver without a
 * session profile and without stages is one too: it knows the language and no device.
 */
#include <smartdeploy/driver.h>

#include <stdlib.h>

#include "dialect.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000u /* milliseconds */

/* Options are what an inventory may set for a device. */
static const struct smd_option options[] = {
	{.name = "line-deadline",
	 .type = SMD_OPTION_NUMBER,
	 .initial = "30",
	 .minimum = 1,
	 .maximum = 600,
	 .help = "seconds that the device may take to act on a line"},
};

/* What belongs to one device, for as long as it is known; nothing of a session. */
struct device {
	uint32_t deadline; /* of a line, in milliseconds */
};

static int open_device(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a device");
	device->deadline = (uint32_t)smd_settings_number(settings, "line-deadline") * SECOND;
	*state = device;
	return 0;
}

static void close_device(void *state)
{
	free(state);
}

/*
 * A stage can begin on a new session or in the middle of an old one: an empty line
 * brings the prompt, and `end` is said only where that is one of configuration mode.
 */
#define LOOK                                                                                       \
	{                                                                                          \
		.exchange = {.send = "", .flags = SMD_X_READS }                                    \
	}
#define LEAVE                                                                                      \
	{                                                                                          \
		.exchange = {.send = "end", .flags = SMD_X_READS}, .when = ".*\\(config"           \
	}

/* After every login. What is learned of the device goes to run->facts. */
static void attach(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		LEAVE,
		{.exchange = {.send = "terminal length 0", .flags = SMD_X_READS}},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
	if (action->act == SMD_ACT_DONE)
		*run->facts = (struct smd_facts){.product = "@NAME@"};
}

/* What only reads says so: everything else is recorded before it is sent. */
static void fetch(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		LEAVE,
		{.exchange = {.send = "show running-config", .flags = SMD_X_READS}, .keep = 1},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

/* Make it act: here each line does so at once, so there is nothing to prepare. */
static void commit(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	const struct device *device = run->state;
	const struct smd_step steps[] = {
		LOOK,
		LEAVE,
		{.exchange = {.send = "configure terminal"}},
		{.exchange = {.deadline = device->deadline}, .payload = 1},
		{.exchange = {.send = "end", .flags = SMD_X_READS}},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

/* Running to startup. */
static void persist(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	static const struct smd_step steps[] = {
		LOOK,
		LEAVE,
		{.exchange = {.send = "write memory"}},
	};

	smd_steps_next(run, answer, action, steps, COUNT(steps));
}

/* Patterns are PCRE2. The prompt is `host# ` or `host(config-if)# `. */
static const struct smd_session_profile profile = {
	.size = sizeof(struct smd_session_profile),
	.channel = "ssh",
	.protocol = "cli",
	.prompt = "([A-Za-z0-9._-]+)(?:\\([a-z0-9-]+\\))?[>#] ?",
	.failure = "% ?\\S",
	.window = 1,
	.deadline = 30 * SECOND,
};

static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "@NAME@",
		 .summary = "Devices with a command line in sections", .version = "0.1",
		 SMD_OPTIONS(options)},
	.profile = &profile,
	.dialect = &dialect,
	.open = open_device,
	.close = close_device,
	.attach = attach,
	.fetch = fetch,
	.commit = commit,
	.persist = persist,
};

const struct smd_driver *smd_driver_entry(void)
{
	return &driver;
}
