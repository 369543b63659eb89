/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "traffic.h"

enum verdict { PROVEN, BROKEN, UNPROVEN };

static const char *const verdict_names[] = {"proven", "broken", "unproven"};

struct finding {
	enum verdict verdict;
	char seen[SEEN_SIZE];
};

static void SMD_PRINTF(3, 4)
	find(struct finding *finding, enum verdict verdict, const char *format, ...)
{
	va_list args;

	finding->verdict = verdict;
	va_start(args, format);
	vsnprintf(finding->seen, sizeof(finding->seen), format, args);
	va_end(args);
}

/* Returns 1, with verdict UNPROVEN, if the host's observations are missing. */
static int is_mute(const struct smd_trial_host *host, struct finding *finding)
{
	if (host->failed[0])
		find(finding, UNPROVEN, "%.80s: %s", host->name, host->failed);
	else if (!host->told)
		find(finding, UNPROVEN, "%.80s has not told what it heard", host->name);
	else
		return 0;
	return 1;
}

/* The tags that are correct on a member's own link: none, or the domain's VLAN. */
static void right_tags(const struct smd_trial *trial, const struct smd_trial_host *host,
		       char out[TAGS_SIZE])
{
	if (host->tagged)
		snprintf(out, TAGS_SIZE, "%u", trial->vlan);
	else
		snprintf(out, TAGS_SIZE, "none");
}

/*
 * How often the control frame of member `from` arrived at `at`, with correct and with wrong
 * tags.
 */
struct control {
	unsigned right, wrong;
	const char *wrong_tags;
};

static struct control control_of(const struct smd_trial *trial, size_t from,
				 const struct smd_trial_host *at)
{
	struct control control = {0};
	char tags[TAGS_SIZE];

	right_tags(trial, at, tags);
	for (size_t i = 0; i < at->sound_count; i++) {
		const struct smd_trial_sound *sound = &at->sounds[i];

		if (sound->from != from || sound->form >= 0)
			continue;
		if (strcmp(sound->tags, tags) == 0) {
			control.right += sound->count;
		} else {
			control.wrong += sound->count;
			control.wrong_tags = sound->tags;
		}
	}
	return control;
}

static int delivered(const struct control *control)
{
	return control->right == 1 && !control->wrong;
}

static void explain_control(const struct smd_trial *trial, const struct control *control,
			    const struct smd_trial_host *to, struct finding *finding)
{
	char tags[TAGS_SIZE];

	right_tags(trial, to, tags);
	if (control->wrong)
		find(finding, BROKEN, "its broadcast came with tag %s instead of %s",
		     control->wrong_tags, tags);
	else if (control->right)
		find(finding, BROKEN, "its broadcast came %u times: there is a loop",
		     control->right);
	else if (to->lost)
		find(finding, UNPROVEN, "its broadcast was not seen, but frames were lost at %.80s",
		     to->name);
	else
		find(finding, BROKEN, "its broadcast did not come");
}

/* Does member `a` reach member `b`? */
static void judge_reach(const struct smd_trial *trial, size_t a, size_t b, struct finding *finding)
{
	const struct smd_trial_host *from = &trial->hosts[a], *to = &trial->hosts[b];
	const struct smd_trial_echoes *echoes = &from->echoes[b];
	struct control control = control_of(trial, a, to), own = control_of(trial, a, from);

	if (is_mute(from, finding) || is_mute(to, finding))
		return;
	if (!echoes->known)
		find(finding, UNPROVEN, "%.80s did not tell what became of its ping", from->name);
	else if (!echoes->sent)
		find(finding, BROKEN, "no ARP reply from %s", to->address);
	else if (!echoes->received)
		find(finding, BROKEN, "0 of %u echoes answered by %s", echoes->sent, to->address);
	else if (own.right + own.wrong)
		find(finding, BROKEN, "its own broadcast came back to it: there is a loop");
	else if (!delivered(&control))
		explain_control(trial, &control, to, finding);
	else
		find(finding, PROVEN, "%u of %u echoes answered, its broadcast came once",
		     echoes->received, echoes->sent);
}

/* Returns 1, with verdict BROKEN, if `to` heard any frame of `from`. */
static int is_heard(size_t from, const struct smd_trial_host *to, struct finding *finding)
{
	size_t used;

	find(finding, BROKEN, "heard:");
	used = strlen(finding->seen);
	for (size_t i = 0; i < to->sound_count; i++) {
		const struct smd_trial_sound *sound = &to->sounds[i];
		int length;

		if (sound->from != from)
			continue;
		length = snprintf(finding->seen + used, sizeof(finding->seen) - used, "%s %s as %s",
				  used > 6 ? "," : "",
				  sound->form < 0 ? "control frame"
						  : smd_trial_forms[sound->form].name,
				  sound->tags);
		used += (size_t)length;
		if (used >= sizeof(finding->seen))
			used = sizeof(finding->seen) - 1;
	}
	return used > 6;
}

/* Check what all claims of silence have in common. Returns 1 if the verdict is set. */
static int is_not_silent(const struct smd_trial *trial, size_t from,
			 const struct smd_trial_host *to, struct finding *finding)
{
	if (is_heard(from, to, finding))
		return 1;
	if (is_mute(&trial->hosts[from], finding) || is_mute(to, finding))
		return 1;
	if (!to->lost)
		return 0;
	find(finding, UNPROVEN, "not heard, but frames were lost at %.80s", to->name);
	return 1;
}

/* Claim: outsider `x` is not heard by member `y`. Proven only if `y` heard another member. */
static void judge_intruder(const struct smd_trial *trial, size_t x, size_t y,
			   struct finding *finding)
{
	const struct smd_trial_host *to = &trial->hosts[y];

	if (is_not_silent(trial, x, to, finding))
		return;
	if (trial->members == 1) {
		find(finding, PROVEN, "silence; a member alone has no other to hear as a control");
		return;
	}
	for (size_t i = 0; i < trial->count; i++) {
		struct control control = control_of(trial, i, to);

		if (i == y || !control.right)
			continue;
		find(finding, PROVEN, "silence in %zu forms of frames, while %.80s was heard",
		     smd_trial_form_count, trial->hosts[i].name);
		return;
	}
	find(finding, UNPROVEN, "silence, but no member was heard there either");
}

/* Claim: member `a` is not heard by outsider `x`. Proven only if another member heard `a`. */
static void judge_leak(const struct smd_trial *trial, size_t a, size_t x, struct finding *finding)
{
	if (is_not_silent(trial, a, &trial->hosts[x], finding))
		return;
	if (trial->members == 1) {
		find(finding, PROVEN, "silence; a member alone has no other to be heard by");
		return;
	}
	for (size_t i = 0; i < trial->count; i++) {
		const struct smd_trial_host *host = &trial->hosts[i];
		struct control control = control_of(trial, a, host);

		if (i == a || !host->member || !control.right)
			continue;
		find(finding, PROVEN, "silence, while %.80s heard it", host->name);
		return;
	}
	find(finding, UNPROVEN, "silence, but no member heard it either");
}

/* Claim where there is no domain: `a` does not reach `b`. */
static void judge_apart(const struct smd_trial *trial, size_t a, size_t b, struct finding *finding)
{
	if (!is_not_silent(trial, a, &trial->hosts[b], finding))
		find(finding, PROVEN, "silence in %zu forms of frames", smd_trial_form_count);
}

/* Judge the claim about `a` towards `b`; 0: there is none. */
static int judge_pair(const struct smd_trial *trial, size_t a, size_t b, const char **verb,
		      struct finding *finding)
{
	int from = trial->hosts[a].member, to = trial->hosts[b].member;

	*verb = "is not heard by";
	if (from && to) {
		*verb = "reaches";
		judge_reach(trial, a, b, finding);
	} else if (from) {
		judge_leak(trial, a, b, finding);
	} else if (to) {
		judge_intruder(trial, a, b, finding);
	} else if (!trial->members) {
		*verb = "does not reach";
		judge_apart(trial, a, b, finding);
	} else {
		return 0; /* two outsiders may be in a domain of their own */
	}
	return 1;
}

static int write_claim(const struct smd_trial *trial, size_t a, size_t b, struct smd_node *root)
{
	struct finding finding;
	struct smd_node *claim;
	const char *verb;
	char text[SEEN_SIZE];
	int err;

	if (a == b || !judge_pair(trial, a, b, &verb, &finding))
		return 0;
	snprintf(text, sizeof(text), "%.110s %s %.110s", trial->hosts[a].name, verb,
		 trial->hosts[b].name);
	claim = smd_node_make(root, "claim", text);
	if (!claim)
		return SMD_E_NO_MEMORY;
	err = smd_node_put_leaf(claim, "result", verdict_names[finding.verdict]);
	return err ? err : smd_node_put_leaf(claim, "seen", finding.seen);
}

int smd_trial_judge(const struct smd_trial *trial, struct smd_tree *evidence,
		    struct smd_error *error)
{
	struct smd_node *root = smd_tree_root(evidence);

	for (size_t a = 0; a < trial->count; a++)
		for (size_t b = 0; b < trial->count; b++)
			if (write_claim(trial, a, b, root) != 0)
				return smd_fail(error, SMD_E_NO_MEMORY,
						"no memory for the check's evidence");
	return 0;
}
