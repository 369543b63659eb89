/* SPDX-License-Identifier: Apache-2.0 */
#include "core/plan/task.h"

#include <string.h>

#include "core/base/hash.h"
#include "core/dialect/check/numbers.h"
#include "core/plan/atom.h"
#include "core/plan/slice.h"
#include "core/tree/own.h"

#define LONGEST_TIMER 600 /* seconds */

static void steps_done(struct smd_task *task)
{
	for (size_t i = 0; i < SMD_COUNT(task->steps); i++) {
		smd_tree_free(task->steps[i].to);
		smd_text_free(task->steps[i].payload);
		smd_text_free(task->steps[i].undo);
		task->steps[i] = (struct smd_plan_step){0};
	}
	task->step_count = 0;
}

static void share_done(struct smd_task_share *share)
{
	smd_tree_free(share->had);
	smd_tree_free(share->part);
	smd_text_free(share->lines);
	smd_tree_free(share->wanted);
	smd_text_free(share->absent);
	smd_unknown_lines_free(share->unknown, share->unknown_count);
	smd_text_free(share->idle);
}

void smd_task_done(struct smd_task *task)
{
	steps_done(task);
	smd_changes_free(task->changes); /* before the trees: the changes borrow them */
	for (size_t i = 0; i < task->share_count; i++)
		share_done(&task->shares[i]);
	free(task->shares);
	smd_tree_free(task->had);
	smd_tree_free(task->wanted);
	smd_text_free(task->native);
	smd_tree_free(task->running);
	smd_tree_free(task->target);
	smd_ledger_done(&task->before);
	smd_ledger_done(&task->after);
	smd_absences_done(&task->absences);
	smd_removal_done(&task->removal);
	smd_shown_done(&task->shown);
	smd_text_free(task->later);
}

cJSON *smd_task_later_json(const struct smd_task *task, int *err)
{
	cJSON *json, *paths;

	if (!task->later_count)
		return NULL;
	json = cJSON_CreateObject();
	smd_json_put_number(json, "count", (double)task->later_count, err);
	paths = smd_json_put_array(json, "paths", err);
	for (size_t i = 0; i < smd_text_count(task->later); i++)
		smd_json_append(paths, cJSON_CreateString(smd_text_get(task->later, i, NULL)), err);
	return json;
}

static int no_memory(struct smd_error *error)
{
	return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
}

/*
 * The shares in turn: each is laid over what those before it have made of the running
 * configuration, with the ledger that they have left.
 */
struct turn {
	struct smd_task *task;
	const char **owners;        /* of all shares, so that each knows who comes later */
	const struct smd_tree *now; /* the task's running tree, or `made` */
	struct smd_tree *made;
	struct smd_ledger ledger;
	struct smd_error *error;
};

static void turn_done(struct turn *turn)
{
	free(turn->owners);
	smd_tree_free(turn->made);
	smd_ledger_done(&turn->ledger);
}

static int begin_turns(struct turn *turn, struct smd_task *task, struct smd_error *error)
{
	*turn = (struct turn){.task = task, .now = task->running, .error = error};
	turn->owners = calloc(task->share_count + 1, sizeof(*turn->owners));
	if (!turn->owners || smd_ledger_copy(&turn->ledger, &task->before))
		return no_memory(error);
	for (size_t i = 0; i < task->share_count; i++)
		turn->owners[i] = task->shares[i].owner;
	return 0;
}

static struct smd_slice_change change_of(const struct turn *turn, size_t index,
					 const struct smd_tree *wanted)
{
	const struct smd_task *task = turn->task;

	return (struct smd_slice_change){.owner = task->shares[index].owner,
					 .had = task->shares[index].had,
					 .wanted = wanted,
					 .later = turn->owners + index + 1,
					 .later_count = task->share_count - index - 1};
}

/* Lay `wanted` over what there is, in place of what the share had. */
static int take_turn(struct turn *turn, size_t index, const struct smd_tree *wanted)
{
	struct smd_slice_change change = change_of(turn, index, wanted);
	struct smd_tree *next = NULL;
	int err = smd_slice_overlay(turn->now, &change, &turn->ledger, &next, turn->error);

	if (err)
		return err;
	smd_tree_free(turn->made);
	turn->now = turn->made = next;
	return 0;
}

/* Take what all turns have made; the caller's. */
static int end_turns(struct turn *turn, struct smd_tree **out)
{
	*out = smd_take(turn->made);
	return *out ? 0 : smd_tree_copy(out, turn->now);
}

/*
 * SMD_E_CONFLICT for a port that the device reports as broken: it would accept the change
 * without effect.
 */
static int check_faults(const struct smd_task *task, const struct smd_task_share *share,
			const struct smd_service *service, struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *ports = NULL;
	const struct smd_node *port = smd_node_first(smd_tree_top(share->part));
	int err;

	if (!service->ports)
		return 0;
	err = smd_tree_new(&ports);
	if (err)
		return no_memory(error);
	err = service->ports(task->language.state, task->running, ports, error);
	for (; port && !err; port = smd_node_next(port)) {
		const struct smd_node *there = smd_node_match(smd_tree_top(ports), port);
		const char *fault = there ? smd_node_leaf(there, "error") : NULL;

		if (!fault)
			continue;
		err = smd_fail(error, SMD_E_CONFLICT, "port \"%s\" cannot be used: %s",
			       smd_node_key(port, 0), fault);
		smd_error_hint(error, "mend the port, or choose another one");
	}
	return err;
}

/*
 * Compose the service's slice. `compose` gets the tree as it is at the share's turn, without
 * its owner's former slice.
 */
static int compose_slice(const struct turn *turn, size_t index)
{
	const struct smd_task *task = turn->task;
	struct smd_task_share *share = &task->shares[index];
	struct smd_slice_change removal = change_of(turn, index, NULL);
	const struct smd_service *service;
	smd_cleanup(smd_tree_free) struct smd_tree *without = NULL;
	struct smd_ledger ledger = {0};
	int err;

	service = smd_language_service(&task->language, "bridge-domain", 1);
	if (!service || !service->compose)
		return smd_fail(turn->error, SMD_E_UNSUPPORTED,
				"driver \"%s\" cannot make bridge domains",
				task->language.driver->self.name);
	err = check_faults(task, share, service, turn->error);
	if (err)
		return err;
	err = smd_ledger_copy(&ledger, &turn->ledger);
	if (!err)
		err = smd_slice_overlay(turn->now, &removal, &ledger, &without, turn->error);
	smd_ledger_done(&ledger);
	if (!err)
		err = smd_tree_new(&share->wanted) ? no_memory(turn->error) : 0;
	if (!err)
		err = service->compose(task->language.state, share->part, without, share->wanted,
				       turn->error);
	return err;
}

/* A line, and whether all that it says runs as it is written. */
struct line_search {
	const struct smd_tree *running;
	size_t number;
	int found;
};

static int is_elsewise(void *arg, const struct smd_atom *atom)
{
	struct line_search *search = arg;

	if (smd_node_line(atom->node) != search->number)
		return 0;
	search->found = 1;
	return !smd_atom_same(search->running, atom);
}

/*
 * A line that the device shows as it is written is compared by its text, whatever the driver
 * knows of it: leave it out.
 */
static void forget_shown(const struct smd_task *task, struct smd_task_share *share)
{
	size_t kept = 0;

	for (size_t i = 0; i < share->unknown_count; i++) {
		struct smd_unknown_line line = share->unknown[i];
		struct line_search search = {task->running, line.number, 0};

		if (!smd_atoms_each(share->wanted, SMD_ATOMS_PARENTS_FIRST, is_elsewise, &search) &&
		    search.found) {
			free(line.text);
			free(line.likely);
		} else {
			share->unknown[kept++] = line;
		}
	}
	share->unknown_count = kept;
}

/* Read what a native configuration wants. */
static int read_lines(const struct turn *turn, struct smd_task_share *share)
{
	const struct smd_task *task = turn->task;
	const struct smd_absence *had = smd_absences_find(&task->absences, share->owner);
	const struct smd_wanted_lines wanted = {share->lines, turn->now, had ? had->lines : NULL};
	struct smd_fragment fragment;
	int err = smd_language_read_fragment(&task->language, &wanted, &fragment, turn->error);

	if (err)
		return err;
	share->wanted = smd_take(fragment.statements);
	share->absent = smd_take(fragment.absences);
	share->unknown = smd_take(fragment.unknown);
	share->unknown_count = fragment.unknown_count;
	smd_text_free(fragment.stated);
	forget_shown(task, share);
	/* A driver with its own parser checks numbers there */
	return task->language.driver->parse
		       ? 0
		       : smd_check_numbers(task->language.dialect, share->wanted, turn->error);
}

static int find_wanted(const struct turn *turn, size_t index)
{
	struct smd_task_share *share = &turn->task->shares[index];

	if (share->wanted)
		return 0;
	if (share->part)
		return compose_slice(turn, index);
	if (share->lines)
		return read_lines(turn, share);
	return smd_tree_new(&share->wanted) ? no_memory(turn->error) : 0;
}

/* Begin with what returns when the shares' absences end; what lasts is taken away again. */
static int return_all(struct turn *turn)
{
	struct smd_task *task = turn->task;
	int err = 0;

	if (!task->absences.count)
		return 0;
	if (smd_tree_copy(&turn->made, turn->now))
		return no_memory(turn->error);
	turn->now = turn->made;
	for (size_t i = 0; i < task->share_count && !err; i++)
		err = smd_removal_return(&task->removal, task->shares[i].owner, turn->made,
					 turn->error);
	return err;
}

static int is_share(const struct smd_task *task, const char *owner)
{
	for (size_t i = 0; i < task->share_count; i++)
		if (!strcmp(task->shares[i].owner, owner))
			return 1;
	return 0;
}

/* Find the absences that shall be: those of the shares, and those of others as they are. */
static int find_absences(struct smd_task *task)
{
	struct smd_absences *after = &task->removal.after;
	int err = 0;

	for (size_t i = 0; i < task->share_count && !err; i++)
		if (smd_text_count(task->shares[i].absent))
			err = smd_absences_add(after, task->shares[i].owner, task->shares[i].absent,
					       NULL);
	for (size_t i = 0; i < task->absences.count && !err; i++) {
		const struct smd_absence *other = &task->absences.all[i];

		if (!is_share(task, other->owner))
			err = smd_absences_add(after, other->owner, other->lines, other->was);
	}
	return err;
}

/* Take away from the target what shall be absent. */
static int take_absences(struct smd_task *task, const struct smd_ledger *ledger,
			 struct smd_error *error)
{
	smd_cleanup(free) struct smd_removal_owner *owners =
		calloc(task->share_count + 1, sizeof(*owners));

	if (!owners || find_absences(task))
		return no_memory(error);
	for (size_t i = 0; i < task->share_count; i++)
		owners[i] =
			(struct smd_removal_owner){task->shares[i].owner, task->shares[i].wanted};
	return smd_removal_take_all(&task->removal, owners, task->share_count, ledger,
				    &task->target, error);
}

/* Find for each share what it wants to be absent and is not there. */
static int find_idle(struct smd_task *task, struct smd_error *error)
{
	int err = 0;

	for (size_t i = 0; i < task->share_count && !err; i++) {
		struct smd_task_share *share = &task->shares[i];

		if (!share->lines || !smd_text_count(share->absent))
			continue;
		smd_text_free(smd_take(share->idle));
		err = smd_text_new(&share->idle, 0)
			      ? no_memory(error)
			      : smd_removal_find_idle(&task->removal, share->owner, share->idle,
						      error);
	}
	return err;
}

/* Find what each share wants, the target and the ledger behind it. */
static int find_target(struct smd_task *task, struct smd_error *error)
{
	struct turn turn;
	int err = begin_turns(&turn, task, error);

	smd_removal_done(&task->removal);
	if (!err)
		err = smd_removal_begin(&task->removal, &task->language, &task->absences,
					task->running, error);
	if (!err)
		err = return_all(&turn);
	for (size_t i = 0; i < task->share_count && !err; i++) {
		err = find_wanted(&turn, i);
		if (!err)
			err = take_turn(&turn, i, task->shares[i].wanted);
	}
	if (!err)
		err = end_turns(&turn, &task->target) ? no_memory(error) : 0;
	if (!err)
		err = take_absences(task, &turn.ledger, error);
	if (!err)
		err = find_idle(task, error);
	if (!err) {
		smd_ledger_done(&task->after);
		task->after = turn.ledger;
		turn.ledger = (struct smd_ledger){0};
	}
	turn_done(&turn);
	return err;
}

static int unite_shares(struct smd_task *task)
{
	size_t count = task->share_count;
	smd_cleanup(free) const struct smd_tree **slices = calloc(2 * count + 2, sizeof(*slices));
	int err;

	if (!slices)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		slices[i] = task->shares[i].wanted;
		slices[count + i] = task->shares[i].had;
	}
	slices[2 * count] = task->removal.gone;
	slices[2 * count + 1] = task->removal.returned;
	err = smd_slice_union(slices, count, &task->wanted);
	return err ? err : smd_slice_union(slices + count, count + 2, &task->had);
}

/* Compute a step's payload, from `from` to step->to, and its undo. */
static int fill_step(struct smd_task *task, const struct smd_tree *from, struct smd_plan_step *step,
		     struct smd_error *error)
{
	int err = smd_language_patch(&task->language, from, step->to, &step->payload, error);

	if (err)
		return err;
	err = smd_language_patch(&task->language, step->to, from, &step->undo, error);
	if (err)
		smd_error_prefix(error, "there is no way back");
	return err;
}

/* Read what the device runs; what it shows otherwise than it was sent counts as sent. */
static int read_running(struct smd_task *task, struct smd_error *error)
{
	int err = smd_language_parse(&task->language, task->native, &task->running, error);

	for (size_t i = 0; i < task->share_count && !err; i++)
		if (smd_shown_apply(&task->shown, task->facts.version, task->shares[i].had,
				    task->running))
			err = no_memory(error);
	return err;
}

int smd_task_compute(struct smd_task *task, struct smd_error *error)
{
	int err = read_running(task, error);

	if (!err)
		err = find_target(task, error);
	if (err)
		return err;
	if (unite_shares(task) || smd_tree_copy(&task->steps[0].to, task->target) ||
	    smd_task_fingerprint(task, task->running, task->base) ||
	    smd_task_fingerprint(task, task->target, task->goal))
		return no_memory(error);
	task->step_count = 1;
	err = fill_step(task, task->running, &task->steps[0], error);
	if (!err)
		err = smd_language_diff(task->running, task->target, &task->changes, error);
	return err;
}

/* What all shares leave of the running configuration before they add anything. */
static int find_middle(struct smd_task *task, struct smd_tree **out, struct smd_error *error)
{
	struct turn turn;
	int err = begin_turns(&turn, task, error);

	for (size_t i = 0; i < task->share_count && !err; i++) {
		smd_cleanup(smd_tree_free) struct smd_tree *common = NULL;

		err = smd_slice_common(task->shares[i].had, task->wanted, &common)
			      ? no_memory(error)
			      : take_turn(&turn, i, common);
	}
	if (!err)
		err = end_turns(&turn, out) ? no_memory(error) : 0;
	turn_done(&turn);
	return err;
}

int smd_task_split(struct smd_task *task, struct smd_error *error)
{
	int err;

	steps_done(task);
	err = find_middle(task, &task->steps[0].to, error);
	if (err)
		return err;
	if (smd_tree_copy(&task->steps[1].to, task->target))
		return no_memory(error);
	task->step_count = 2;
	err = fill_step(task, task->running, &task->steps[0], error);
	return err ? err : fill_step(task, task->steps[0].to, &task->steps[1], error);
}

int smd_task_sends(const struct smd_task *task)
{
	for (unsigned i = 0; i < task->step_count; i++)
		if (smd_text_count(task->steps[i].payload))
			return 1;
	return 0;
}

static int is_same_absence(const struct smd_absence *a, const struct smd_absence *b)
{
	if (!a || !b || smd_text_count(a->lines) != smd_text_count(b->lines) ||
	    !smd_node_equal(smd_tree_top(a->was), smd_tree_top(b->was)))
		return !a && !b;
	for (size_t i = 0; i < smd_text_count(a->lines); i++)
		if (strcmp(smd_text_get(a->lines, i, NULL), smd_text_get(b->lines, i, NULL)) != 0)
			return 0;
	return 1;
}

static int is_idle(const struct smd_task *task, const struct smd_task_share *share)
{
	const struct smd_node *wanted = smd_tree_top(share->wanted);

	if (!is_same_absence(smd_absences_find(&task->absences, share->owner),
			     smd_absences_find(&task->removal.after, share->owner)))
		return 0;
	return share->had ? smd_node_equal(smd_tree_top(share->had), wanted)
			  : !smd_node_first(wanted);
}

int smd_task_idle(const struct smd_task *task)
{
	for (size_t i = 0; i < task->share_count; i++)
		if (!is_idle(task, &task->shares[i]))
			return 0;
	return !smd_task_sends(task);
}

uint32_t smd_task_timer(const struct smd_task *task)
{
	uint32_t longest = task->facts.timer_longest;

	if (!task->language.driver->confirm)
		return 0;
	return longest < LONGEST_TIMER ? longest : LONGEST_TIMER;
}

enum smd_level smd_task_level(const struct smd_task *task)
{
	const struct smd_facts *facts = &task->facts;
	int candidate = facts->candidate != SMD_CANDIDATE_NONE;
	int timer = facts->timer_longest > 0;

	if (candidate && timer)
		return facts->timer_is_standard ? SMD_LEVEL_A : SMD_LEVEL_B;
	if (candidate)
		return SMD_LEVEL_C;
	return timer ? SMD_LEVEL_D : SMD_LEVEL_E;
}

const char *smd_level_text(enum smd_level level)
{
	switch (level) {
	case SMD_LEVEL_A:
		return "confirmed commit, the device undoes by itself";
	case SMD_LEVEL_B:
		return "candidate with a revert timer, the device undoes by itself";
	case SMD_LEVEL_C:
		return "candidate without a timer, the controller's journal undoes";
	case SMD_LEVEL_D:
		return "line by line with a revert timer, the device undoes by itself";
	default:
		return "acts at once without a timer, the controller's journal undoes";
	}
}

int smd_task_fingerprint(const struct smd_task *task, const struct smd_tree *tree, char out[65])
{
	smd_cleanup(smd_tree_free) struct smd_tree *affected = NULL;
	uint8_t digest[SMD_FINGERPRINT_SIZE];
	int err = smd_slice_affected(tree, task->had, task->wanted, &affected);

	if (!err)
		err = smd_node_fingerprint(smd_tree_top(affected), digest);
	if (!err)
		smd_hex(digest, sizeof(digest), out);
	return err;
}
