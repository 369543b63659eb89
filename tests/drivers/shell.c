/* SPDX-License-Identifier: Apache-2.0 */
#include "shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/run/steps.h"

static void drain(FILE *from, struct smd_text *to)
{
	char bytes[4096];
	size_t size;

	while ((size = fread(bytes, 1, sizeof(bytes), from)) > 0)
		if (smd_text_append(to, bytes, size))
			abort();
}

int shell(const char *command, struct smd_text *out, struct smd_text *err)
{
	FILE *errors = tmpfile();
	char *redirected;
	FILE *pipe;
	int status;

	if (!errors || asprintf(&redirected, "{ %s\n} 2>/dev/fd/%d", command, fileno(errors)) < 0)
		abort();
	pipe = popen(redirected, "r");
	if (!pipe)
		abort();
	drain(pipe, out);
	status = pclose(pipe);
	rewind(errors);
	drain(errors, err);
	fclose(errors);
	free(redirected);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Carry out all exchanges in order, up to the first that fails. */
static void say(const struct smd_action *action, struct smd_answer *answer, struct smd_text *out,
		struct smd_text *err, size_t *first)
{
	smd_text_clear(out);
	smd_text_clear(err);
	*answer = (struct smd_answer){.end = SMD_END_DONE, .out = out, .err = err, .first = first};
	for (size_t i = 0; i < action->exchange_count && answer->end == SMD_END_DONE; i++) {
		first[i] = smd_text_count(out);
		first[i + 1] = first[i];
		answer->exchange = i;
		answer->status = shell(action->exchanges[i].send, out, err);
		if (answer->status)
			answer->end = SMD_END_FAILURE;
	}
}

struct smd_action shell_stage(struct smd_bench *bench, smd_next_fn next, struct smd_run run)
{
	struct smd_text *out = bench_text(), *err = bench_text();
	struct smd_answer answer = {.end = SMD_END_START, .out = out, .err = err};
	struct smd_action action;
	struct smd_run_core core;
	size_t first[64] = {0};

	smd_run_core_init(&core);
	run.state = bench->state;
	run.device = "switch";
	run.tag = "d-1";
	run.core = &core;
	for (;;) {
		smd_run_core_reset(&core);
		action = (struct smd_action){0};
		next(&run, &answer, &action);
		if (action.act != SMD_ACT_EXCHANGE || action.exchange_count >= 64)
			break;
		say(&action, &answer, out, err, first);
	}
	smd_run_core_done(&core);
	smd_text_free(out);
	smd_text_free(err);
	return action;
}
