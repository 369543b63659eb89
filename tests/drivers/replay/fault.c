/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are not in the transcript: a fault, and what follows it. */
#include <string.h>

#include "play.h"

static void refuse(struct player *player, const char *says)
{
	player->answer.failed = smd_text_count(player->out);
	smd_text_line(player->out, says);
}

static void end_so(struct player *player, enum smd_end end)
{
	player->answer.end = end;
	if (end == SMD_END_FAILURE)
		refuse(player, player->fault->says);
	if (end == SMD_END_LOST || end == SMD_END_DEADLINE || end == SMD_END_OVERFLOW)
		drop(player);
	else if (player->action.act == SMD_ACT_EXCHANGE)
		player->answer.prompt = player->fault->prompt;
}

void answer_fault(struct player *player, size_t index)
{
	const struct replay_fault *fault = player->fault;
	const struct smd_exchange *x =
		player->action.act == SMD_ACT_EXCHANGE ? &player->action.exchanges[index] : NULL;

	player->faulty = 1;
	player->outcome->applied = 1;
	if (fault->end == SMD_END_QUESTION) {
		player->outcome->applied = x && fault->question < x->question_count &&
					   (x->questions[fault->question].verdict ||
					    !x->questions[fault->question].answer);
		if (!player->outcome->applied) {
			end_so(player, SMD_END_LOST);
			return;
		}
		player->outcome->verdict = x->questions[fault->question].verdict;
		player->answer.question = fault->question;
		smd_text_line(player->out, "Really?");
	}
	end_so(player, fault->end);
}

static void count_changes(struct player *player)
{
	for (size_t i = 0; i < player->action.exchange_count; i++)
		player->outcome->changed += !(player->action.exchanges[i].flags & SMD_X_READS);
}

/* After its session is lost, the driver gets LOST until it reconnects. */
void answer_blind(struct player *player)
{
	enum smd_end then = player->fault->then;

	if (player->action.act == SMD_ACT_WAIT)
		return;
	if (player->action.act == SMD_ACT_RECONNECT) {
		if (then != SMD_END_DONE && then != SMD_END_FAILURE)
			end_so(player, SMD_END_LOST);
		return;
	}
	if (!player->up) {
		end_so(player, SMD_END_LOST);
		return;
	}
	if (player->action.act == SMD_ACT_EXCHANGE)
		count_changes(player);
	if (then == SMD_END_DONE && player->action.act == SMD_ACT_EXCHANGE)
		player->answer.exchange = player->action.exchange_count - 1;
	end_so(player, then);
}
