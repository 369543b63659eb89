/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The claims about a domain, and what each needs to be proven.
 *
 * Of n members and h hosts in all, these are at most 3n claims of reaching (each member reaches
 * its two neighbours in the ring of members; the broadcasts of each arrive at all others) and
 * 2h claims of silence (each outsider is not heard by any member, and hears none).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "traffic.h"

/* From the best to the worst */
enum verdict { PROVEN, UNPROVEN, BROKEN };

static const char *const verdict_names[] = {"proven", "unproven", "broken"};

struct finding {
	enum verdict verdict;
	char seen[SEEN_SIZE];
};

/*
 * What came from one host at another. right, wrong: copies of its first control frame with
 * correct and with wrong tags; any: something came, of whatever kind.
 */
struct trace {
	unsigned right, wrong;
	const char *wrong_tags;
	int any;
};

/* One domain before the judge. traces: [from * participants + to], by seat number. */
struct court {
	const struct smd_trial *trial;
	const struct smd_trial_domain *domain;
	size_t number;
	struct trace *traces;
	struct smd_node *root;
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

static const struct smd_trial_host *host_of(const struct court *court, size_t index)
{
	return &court->trial->hosts[index];
}

static size_t participants(const struct smd_trial_domain *domain)
{
	return domain->member_count + domain->outside_count;
}

static struct trace *trace_of(const struct court *court, size_t from, size_t to)
{
	const struct smd_trial_domain *domain = court->domain;

	return &court->traces[domain->seats[from].number * participants(domain) +
			      domain->seats[to].number];
}

static int is_member(const struct court *court, size_t index)
{
	return court->domain->seats[index].place == PLACE_MEMBER;
}

/*
 * Returns 1 if the host's observations are missing. It is to blame on the deployment if the
 * host could take part before.
 */
static int is_mute(const struct smd_trial_host *host, struct finding *finding)
{
	int since = host->silent && host->baseline == BASELINE_ANSWERED;

	if (host->failed[0])
		find(finding, since ? BROKEN : UNPROVEN, "%.80s%s: %s", host->name,
		     since ? " answered before and is silent now" : "", host->failed);
	else if (!host->told)
		find(finding, UNPROVEN, "%.80s has not told what it heard", host->name);
	else
		return 0;
	return 1;
}

/* The tags that are correct on a member's own link: none, or the domain's VLAN. */
static void right_tags(const struct smd_trial_domain *domain, size_t member, char out[TAGS_SIZE])
{
	if (domain->seats[member].tagged)
		snprintf(out, TAGS_SIZE, "%u", domain->vlan);
	else
		snprintf(out, TAGS_SIZE, "none");
}

/* Claims of reaching */

static void judge_ping(const struct court *court, size_t a, size_t b,
		       const struct smd_trial_echoes *echoes, struct finding *finding)
{
	const struct smd_trial_host *from = host_of(court, a), *to = host_of(court, b);

	if (is_mute(from, finding) || is_mute(to, finding))
		return;
	if (!echoes->known)
		find(finding, UNPROVEN, "%.80s did not tell what became of its ping", from->name);
	else if (!echoes->sent)
		find(finding, BROKEN, "no ARP reply from %s", to->address);
	else if (!echoes->received)
		find(finding, BROKEN, "0 of %u echoes answered by %s", echoes->sent, to->address);
	else
		find(finding, PROVEN, "%u of %u echoes answered", echoes->received, echoes->sent);
}

/* Does the broadcast of member `a` come to member `b` as it should? */
static void judge_broadcast(const struct court *court, size_t a, size_t b, struct finding *finding)
{
	const struct trace *trace = trace_of(court, a, b);
	const struct smd_trial_host *to = host_of(court, b);
	char tags[TAGS_SIZE];

	right_tags(court->domain, b, tags);
	if (is_mute(to, finding))
		return;
	if (trace->wrong)
		find(finding, BROKEN, "it came to %.80s with tag %s instead of %s", to->name,
		     trace->wrong_tags, tags);
	else if (trace->right > 1)
		find(finding, BROKEN, "it came to %.80s %u times: there is a loop", to->name,
		     trace->right);
	else if (!trace->right && to->lost)
		find(finding, UNPROVEN, "it was not seen at %.80s, but frames were lost there",
		     to->name);
	else if (!trace->right)
		find(finding, BROKEN, "it did not come to %.80s", to->name);
	else
		find(finding, PROVEN, "it came once to each of %zu",
		     court->domain->member_count - 1);
}

/* The worst of two findings; of two that are as bad, the first. */
static void worsen(struct finding *finding, const struct finding *other)
{
	if (other->verdict > finding->verdict || !finding->seen[0])
		*finding = *other;
}

static void judge_broadcasts(const struct court *court, size_t a, struct finding *finding)
{
	const struct smd_trial_domain *domain = court->domain;
	const struct trace *own = trace_of(court, a, a);

	if (own->right + own->wrong)
		find(finding, BROKEN, "it came back to the sender: there is a loop");
	else if (is_mute(host_of(court, a), finding))
		return;
	for (size_t i = 0; i < domain->member_count; i++) {
		struct finding one;

		if (domain->members[i] == a)
			continue;
		judge_broadcast(court, a, domain->members[i], &one);
		worsen(finding, &one);
	}
}

/* Claims of silence */

static void name_sound(const struct smd_trial_sound *sound, char *out, size_t size)
{
	snprintf(out, size, "%s as %s",
		 sound->form < 0 ? "control frame" : smd_trial_forms[sound->form].name,
		 sound->tags);
}

/* Returns 1, with verdict BROKEN, if `b` heard any frame of `a`. */
static int is_heard(const struct court *court, size_t a, size_t b, struct finding *finding)
{
	const struct smd_trial_host *to = host_of(court, b);
	char list[SEEN_SIZE] = "", name[SEEN_SIZE];
	size_t used = 0;

	if (!trace_of(court, a, b)->any)
		return 0;
	for (size_t i = 0; i < to->sound_count && used < sizeof(list) - 1; i++) {
		const struct smd_trial_sound *sound = &to->sounds[i];

		if (sound->from != a || sound->domain != court->number)
			continue;
		name_sound(sound, name, sizeof(name));
		snprintf(list + used, sizeof(list) - used, "%s %s", used ? "," : "", name);
		used = strlen(list);
	}
	find(finding, BROKEN, "%.80s heard%.150s", to->name, list);
	return 1;
}

/* `b` hears nothing of `a`. The two claims of silence ask more than this. */
static void judge_silence(const struct court *court, size_t a, size_t b, struct finding *finding)
{
	const struct smd_trial_host *to = host_of(court, b);

	if (is_heard(court, a, b, finding) || is_mute(host_of(court, a), finding) ||
	    is_mute(to, finding))
		return;
	if (to->lost)
		find(finding, UNPROVEN, "not heard, but frames were lost at %.80s", to->name);
	else
		find(finding, PROVEN, "silence");
}

/* Has member `b` heard another member? Without that its silence proves nothing. */
static int has_control(const struct court *court, size_t b)
{
	const struct smd_trial_domain *domain = court->domain;

	for (size_t i = 0; i < domain->member_count; i++)
		if (domain->members[i] != b && trace_of(court, domain->members[i], b)->right)
			return 1;
	return domain->member_count == 1;
}

/* Has any member heard member `a`? Without that nobody's silence proves anything about it. */
static int was_control(const struct court *court, size_t a)
{
	const struct smd_trial_domain *domain = court->domain;

	for (size_t i = 0; i < domain->member_count; i++)
		if (domain->members[i] != a && trace_of(court, a, domain->members[i])->right)
			return 1;
	return domain->member_count == 1;
}

/* Claim: outsider `x` is not heard by any member. Proven only where each heard another member. */
static void judge_intruder(const struct court *court, size_t x, struct finding *finding)
{
	const struct smd_trial_domain *domain = court->domain;

	if (domain->member_count == 1)
		find(finding, PROVEN, "silence; a member alone has no other to hear as a control");
	else
		find(finding, PROVEN, "silence in %zu forms of frames at %zu that heard each other",
		     smd_trial_form_count, domain->member_count);
	for (size_t i = 0; i < domain->member_count; i++) {
		struct finding one;

		judge_silence(court, x, domain->members[i], &one);
		worsen(finding, &one);
	}
	for (size_t i = 0; i < domain->member_count && finding->verdict == PROVEN; i++)
		if (!has_control(court, domain->members[i]))
			find(finding, UNPROVEN, "silence at %.80s, but it heard no member either",
			     host_of(court, domain->members[i])->name);
}

/* Claim: outsider `x` hears no member. Proven only if each member was heard by another. */
static void judge_leak(const struct court *court, size_t x, struct finding *finding)
{
	const struct smd_trial_domain *domain = court->domain;

	if (domain->member_count == 1)
		find(finding, PROVEN, "silence; a member alone has no other to be heard by");
	else
		find(finding, PROVEN, "silence, while %zu heard each other", domain->member_count);
	for (size_t i = 0; i < domain->member_count; i++) {
		struct finding one;

		judge_silence(court, domain->members[i], x, &one);
		worsen(finding, &one);
	}
	for (size_t i = 0; i < domain->member_count && finding->verdict == PROVEN; i++)
		if (!was_control(court, domain->members[i]))
			find(finding, UNPROVEN, "silence, but no member heard %.80s either",
			     host_of(court, domain->members[i])->name);
}

/* Claim where nothing is deployed: `x` is not heard by the others that are tested with it. */
static void judge_apart(const struct court *court, size_t x, struct finding *finding)
{
	find(finding, PROVEN, "silence in %zu forms of frames", smd_trial_form_count);
	for (size_t i = 0; i < court->trial->count; i++) {
		struct finding one;

		if (i == x || court->domain->seats[i].place == PLACE_NONE)
			continue;
		judge_silence(court, x, i, &one);
		worsen(finding, &one);
	}
}

/* Writing */

static int SMD_PRINTF(3, 4) write_claim(const struct court *court, const struct finding *finding,
					const char *format, ...)
{
	char text[SEEN_SIZE];
	struct smd_node *claim;
	va_list args;
	int err;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	claim = smd_node_make(court->root, "claim", text);
	if (!claim)
		return SMD_E_NO_MEMORY;
	err = smd_node_put_leaf(claim, "result", verdict_names[finding->verdict]);
	return err ? err : smd_node_put_leaf(claim, "seen", finding->seen);
}

static int write_ping(const struct court *court, size_t a, size_t b,
		      const struct smd_trial_echoes *echoes)
{
	struct finding finding = {0};

	judge_ping(court, a, b, echoes, &finding);
	return write_claim(court, &finding, "%.80s reaches %.80s in %.80s", host_of(court, a)->name,
			   host_of(court, b)->name, court->domain->name);
}

static int write_member(const struct court *court, size_t at)
{
	const struct smd_trial_domain *domain = court->domain;
	size_t count = domain->member_count, member = domain->members[at];
	const struct smd_trial_seat *seat = &domain->seats[member];
	struct finding finding = {0};
	int err = 0;

	if (count > 1)
		err = write_ping(court, member, domain->members[(at + 1) % count], &seat->next);
	if (!err && count > 2)
		err = write_ping(court, member, domain->members[(at + count - 1) % count],
				 &seat->previous);
	if (err || count < 2)
		return err;
	judge_broadcasts(court, member, &finding);
	return write_claim(court, &finding, "the broadcast of %.80s reaches all in %.80s",
			   host_of(court, member)->name, domain->name);
}

static int write_outsider(const struct court *court, size_t x)
{
	const char *name = host_of(court, x)->name, *domain = court->domain->name;
	struct finding intruder = {0}, leak = {0};
	int err;

	if (!court->domain->member_count) {
		if (court->domain->outside_count < 2)
			return 0;
		judge_apart(court, x, &intruder);
		return write_claim(court, &intruder, "%.80s is not heard by others without %.80s",
				   name, domain);
	}
	judge_intruder(court, x, &intruder);
	judge_leak(court, x, &leak);
	err = write_claim(court, &intruder, "%.80s is not heard in %.80s", name, domain);
	return err ? err : write_claim(court, &leak, "%.80s is not heard by %.80s", domain, name);
}

static void add_sound(struct court *court, size_t at, const struct smd_trial_sound *sound)
{
	struct trace *trace = trace_of(court, sound->from, at);
	char tags[TAGS_SIZE];

	trace->any = 1;
	if (sound->form != FORM_FIRST || !is_member(court, at))
		return;
	right_tags(court->domain, at, tags);
	if (strcmp(sound->tags, tags) == 0) {
		trace->right += sound->count;
	} else {
		trace->wrong += sound->count;
		trace->wrong_tags = sound->tags;
	}
}

static int has_seat(const struct court *court, size_t index)
{
	return court->domain->seats[index].place != PLACE_NONE;
}

static void add_sounds(struct court *court)
{
	const struct smd_trial *trial = court->trial;

	for (size_t i = 0; i < trial->count; i++)
		for (size_t j = 0; j < trial->hosts[i].sound_count && has_seat(court, i); j++) {
			const struct smd_trial_sound *sound = &trial->hosts[i].sounds[j];

			if (sound->domain == court->number && has_seat(court, sound->from))
				add_sound(court, i, sound);
		}
}

/*
 * A host that has no part in the domain, but in another one that is tested, must not hear its
 * control frames. There is a claim only if it did.
 */
static int write_stranger(const struct court *court, size_t at)
{
	const struct smd_trial_host *host = host_of(court, at);
	struct finding finding;

	for (size_t i = 0; i < host->sound_count; i++) {
		const struct smd_trial_sound *sound = &host->sounds[i];

		if (sound->domain != court->number || sound->form >= 0)
			continue;
		find(&finding, BROKEN, "%.80s heard the control frame of %.80s as %s", host->name,
		     host_of(court, sound->from)->name, sound->tags);
		return write_claim(court, &finding, "%.80s is not heard by %.80s",
				   court->domain->name, host->name);
	}
	return 0;
}

static int judge_domain(struct court *court)
{
	size_t count = participants(court->domain);
	int err = 0;

	court->traces = calloc(count * count + 1, sizeof(*court->traces));
	if (!court->traces)
		return SMD_E_NO_MEMORY;
	add_sounds(court);
	for (size_t i = 0; i < court->domain->member_count && !err; i++)
		err = write_member(court, i);
	for (size_t i = 0; i < court->trial->count && !err; i++)
		if (court->domain->seats[i].place == PLACE_OUTSIDE)
			err = write_outsider(court, i);
		else if (!has_seat(court, i))
			err = write_stranger(court, i);
	free(court->traces);
	return err;
}

int smd_trial_judge(const struct smd_trial *trial, struct smd_tree *evidence,
		    struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; !err && i < trial->now->count; i++)
		err = judge_domain(&(struct court){.trial = trial,
						   .domain = &trial->now->domains[i],
						   .number = i,
						   .root = smd_tree_root(evidence)});
	return err ? smd_fail(error, err, "no memory for the check's evidence") : 0;
}
