/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: before anything is sent that can change a device, an entry is durable (law 7).
 *
 * An entry is {device, unit, epoch, phase, stage, first, step, exchanges, sha256, boot, until-ms,
 * quiesce-ms, overwrites, at}. `first` is the number of the stage's first entry. `sha256` stands
 * for the lines, which can contain secrets. `until-ms` is the time of the clock of boot `boot`
 * until which the device may act on what was sent; `quiesce-ms` is how long that is from the last
 * thing sent: until its deadline, when it would have been given up, and as long again. `overwrites`
 * is the path of a value that is not ours and goes by it; most entries have none. An entry {device,
 * answers, at} says that the stage of the entry with that number was answered, so that nothing of
 * it acts any more.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/hash.h"
#include "core/deploy/engine.h"
#include "core/plan/plan.h"

static void add_time(struct smd_clock *clock, cJSON *json, int *err)
{
	char now[SMD_TIME_TEXT];

	smd_time_text(clock, now);
	smd_json_put_string(json, "at", now, err);
}

/*
 * How long the device may act on exchanges that are about to be sent, in milliseconds. `all`:
 * when all of them are sent, each behind the answer to the one before. `one`: after the last one
 * sent, when the controller dies or the connection is lost.
 */
struct allowance {
	uint64_t all, one;
};

static struct allowance allowance_of(const struct device_run *run,
				     const struct smd_exchange *exchanges, size_t count)
{
	const struct smd_session_profile *profile = run->remote->spec.profile;
	uint64_t ahead = profile->window > 1 ? profile->window : 1;
	struct allowance allowance = {0};

	for (size_t i = 0; i < count; i++) {
		uint64_t deadline = exchanges[i].deadline ? exchanges[i].deadline
				    : profile->deadline   ? profile->deadline
							  : 30000;

		allowance.all += deadline;
		if (deadline * ahead > allowance.one)
			allowance.one = deadline * ahead;
	}
	return allowance;
}

static int digest_of(const struct smd_exchange *exchanges, size_t count, char out[SMD_SHA256_HEX])
{
	struct smd_text *text = NULL;
	smd_cleanup(free) char *joined = NULL;
	int err = smd_text_new(&text, 0);

	for (size_t i = 0; i < count && !err; i++)
		err = smd_text_line(text, exchanges[i].send);
	joined = err ? NULL : smd_text_join(text);
	smd_text_free(text);
	return joined ? smd_sha256_hex(joined, strlen(joined), out) : SMD_E_NO_MEMORY;
}

/* Key of the next entry; `*number` receives its number. */
static void next_key(struct deployment *deployment, unsigned *number, char key[SMD_STORE_KEY])
{
	char text[16];

	*number = atomic_fetch_add(&deployment->entries, 1);
	snprintf(text, sizeof(text), "%08u", *number);
	smd_deployment_key(deployment->id, text, key);
}

static void put_entry(struct device_run *run, const struct smd_exchange *exchanges, size_t count,
		      const struct allowance *allowance)
{
	struct deployment *deployment = run->deployment;
	struct smd_clock *clock = deployment->site->clock;
	smd_cleanup(cJSON_Delete) cJSON *json = cJSON_CreateObject();
	char digest[SMD_SHA256_HEX] = "", key[SMD_STORE_KEY], boot[SMD_BOOT_ID];
	int *err = &run->save.batch.err;

	if (digest_of(exchanges, count, digest))
		*err = SMD_E_NO_MEMORY;
	clock->boot(clock, boot);
	next_key(deployment, &run->entry, key);
	run->first_entry = run->first_entry ? run->first_entry : run->entry;
	smd_json_put_string(json, "device", run->task->device, err);
	smd_json_put_number(json, "unit", 1, err);
	smd_json_put_number(json, "epoch", (double)deployment->site->epoch, err);
	smd_json_put_string(json, "phase", phase_name(deployment), err);
	smd_json_put_string(json, "stage", run->stage.name, err);
	smd_json_put_number(json, "first", run->first_entry, err);
	smd_json_put_number(json, "step", step_of(deployment), err);
	smd_json_put_number(json, "exchanges", (double)count, err);
	smd_json_put_string(json, "sha256", digest, err);
	smd_json_put_string(json, "boot", boot, err);
	smd_json_put_number(json, "until-ms",
			    (double)(smd_clock_now(clock) + allowance->all + allowance->one), err);
	smd_json_put_number(json, "quiesce-ms", 2.0 * (double)allowance->one, err);
	smd_json_put_string(json, "overwrites", run->overwritten[0] ? run->overwritten : NULL, err);
	add_time(clock, json, err);
	smd_batch_put_json(&run->save.batch, SMD_NEED_NOTHING, 0, "journal", key, json);
}

/*
 * Make the entries of one action: one for a payload that acts as a whole, one a line where each
 * line acts at once. On the pool: a payload can have a hundred thousand lines.
 */
static void make_entries(void *arg)
{
	struct device_run *run = arg;
	const struct smd_facts *facts = run->job.run.facts;
	int whole = facts->atomic || facts->candidate != SMD_CANDIDATE_NONE;
	struct allowance allowance = allowance_of(run, run->exchanges, run->exchange_count);

	run->quiesce_ms = allowance.one;
	if (whole)
		put_entry(run, run->exchanges, run->exchange_count, &allowance);
	for (size_t i = 0; i < run->exchange_count && !whole; i++)
		put_entry(run, &run->exchanges[i], 1, &allowance);
}

static void was_recorded(struct smd_save *save)
{
	struct device_run *run = save->arg;

	/* Unless the session drops the job, it is sent now */
	run->sent |= !save->err;
	smd_job_recorded(&run->job, save->err, &save->error);
}

static void save_entries(void *arg)
{
	struct device_run *run = arg;

	run->save.reply = smd_session_loop(run->remote->session);
	run->save.done = was_recorded;
	run->save.arg = run;
	smd_store_thread_save(run->deployment->site->store_thread, &run->save);
}

void record_exchanges(struct smd_recorder *recorder, struct smd_job *job,
		      const struct smd_exchange *exchanges, size_t count)
{
	struct device_run *run =
		(struct device_run *)((char *)recorder - offsetof(struct device_run, recorder));

	(void)job;
	run->exchanges = exchanges;
	run->exchange_count = count;
	run->entry_work = (struct smd_work){.work = make_entries, .done = save_entries, .arg = run};
	smd_loop_work(smd_session_loop(run->remote->session), &run->entry_work);
}

static void answer_saved(struct smd_save *save)
{
	struct device_run *run = save->arg;

	run->answering = 0;
}

void save_answer(struct device_run *run)
{
	smd_cleanup(cJSON_Delete) cJSON *json = NULL;
	char key[SMD_STORE_KEY];
	unsigned number;
	int *err = &run->answer.batch.err;

	if (run->answering) /* best effort: without this entry recovery only waits longer */
		return;
	json = cJSON_CreateObject();
	smd_json_put_string(json, "device", run->task->device, err);
	smd_json_put_number(json, "answers", run->entry, err);
	add_time(run->deployment->site->clock, json, err);
	next_key(run->deployment, &number, key);
	smd_batch_put_json(&run->answer.batch, SMD_NEED_NOTHING, 0, "journal", key, json);
	run->answering = 1;
	run->answer.reply = run->deployment->loop;
	run->answer.done = answer_saved;
	run->answer.arg = run;
	smd_store_thread_save(run->deployment->site->store_thread, &run->answer);
}

/* Reading what a dead controller left */

/*
 * One device's entries. Times of the clock until which it may act, 0: it does not.
 *
 * stage_until  On what the stage that began with entry `first` has sent.
 * until        On what unanswered stages before it have sent.
 */
struct trace {
	unsigned first;
	uint64_t stage_until, until;
};

struct journal_reader {
	struct deployment *deployment;
	struct trace *traces; /* one a device */
	unsigned last;        /* number of the last entry read */
	struct smd_error *error;
};

/*
 * Until when the device may act on the entry. Its sender is dead, so that is never longer than
 * quiesce-ms from now; after a restart of this machine it is that, for how much has passed is not
 * known.
 */
static uint64_t entry_until(struct smd_clock *clock, const cJSON *entry)
{
	uint64_t now = smd_clock_now(clock);
	uint64_t latest = now + (uint64_t)smd_json_number(entry, "quiesce-ms", 0);
	uint64_t until = (uint64_t)smd_json_number(entry, "until-ms", 0);
	const char *then = smd_json_string(entry, "boot");
	char boot[SMD_BOOT_ID];

	clock->boot(clock, boot);
	if (!then || !*then || strcmp(then, boot) || until > latest)
		return latest;
	return until > now ? until : 0;
}

static enum device_event event_of(const char *stage)
{
	if (!strcmp(stage, "prepare"))
		return EVENT_LOAD;
	/* These change nothing that runs */
	if (!strcmp(stage, "abort") || !strcmp(stage, "withdraw") || !strcmp(stage, "persist"))
		return EVENT_SAVE;
	return EVENT_SEND;
}

static void take_entry(struct device_run *run, struct trace *trace, const cJSON *entry,
		       unsigned number)
{
	const char *stage = smd_json_string(entry, "stage");
	unsigned first = (unsigned)smd_json_number(entry, "first", 0);
	uint64_t until;

	if (smd_json_number(entry, "answers", 0)) {
		trace->stage_until = 0;
		return;
	}
	until = entry_until(run->deployment->site->clock, entry);
	if (first != trace->first) {
		trace->until =
			trace->until > trace->stage_until ? trace->until : trace->stage_until;
		trace->stage_until = 0;
		trace->first = first;
	}
	trace->stage_until = trace->stage_until > until ? trace->stage_until : until;
	run->entry = number;
	if (smd_json_string(entry, "overwrites"))
		snprintf(run->overwritten, sizeof(run->overwritten), "%s",
			 smd_json_string(entry, "overwrites"));
	device_event(run, event_of(stage ? stage : ""));
}

static size_t index_of(const struct deployment *deployment, const char *device)
{
	size_t i = 0;

	while (i < deployment->count && strcmp(deployment->runs[i].task->device, device))
		i++;
	return i;
}

static int on_entry(void *arg, const char *key, const void *value, size_t size, uint64_t revision)
{
	struct journal_reader *reader = arg;
	smd_cleanup(cJSON_Delete) cJSON *entry = NULL;
	const char *device;
	size_t i;
	int err;

	(void)revision;
	reader->last = (unsigned)strtoul(strrchr(key, ' ') + 1, NULL, 10);
	err = smd_json_parse(value, size, key, &entry, reader->error);
	if (err) /* what memory was short for is not damaged */
		return err == SMD_E_NO_MEMORY ? err : SMD_E_IO;
	device = smd_json_string(entry, "device");
	i = index_of(reader->deployment, device ? device : "");
	if (i == reader->deployment->count)
		return smd_fail(reader->error, SMD_E_IO,
				"journal entry %u is of device \"%s\", which the deployment's "
				"record does not know",
				reader->last, device ? device : "");
	take_entry(&reader->deployment->runs[i], &reader->traces[i], entry, reader->last);
	return 0;
}

int read_journal(struct deployment *deployment, struct smd_error *error)
{
	smd_cleanup(free) struct trace *traces = calloc(deployment->count + 1, sizeof(*traces));
	struct journal_reader reader = {.deployment = deployment, .traces = traces, .error = error};
	char prefix[SMD_STORE_KEY];
	int err;

	if (!traces)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	smd_deployment_key(deployment->id, "", prefix);
	err = smd_store_thread_each(deployment->site->store_thread, "journal", prefix, on_entry,
				    &reader, error);
	atomic_store(&deployment->entries, reader.last + 1);
	for (size_t i = 0; i < deployment->count; i++)
		deployment->runs[i].quiesce_until = traces[i].until > traces[i].stage_until
							    ? traces[i].until
							    : traces[i].stage_until;
	return err;
}
