/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verifies a patch: enters its lines into a copy of the tree and watches for unsafe states. Only
 * the nodes below the root in which something changes are copied.
 */
#include "core/dialect/check/verify_patch.h"

#include <stdio.h>

#include "core/base/array.h"
#include "core/base/multimap.h"
#include "core/dialect/line/refs.h"
#include "core/dialect/render/writer.h"
#include "core/dialect/simulate/simulate.h"
#include "core/tree/change.h"
#include "core/tree/own.h"
#include "core/tree/spelling.h"

/* How often a name is defined and used in the present state. */
struct name {
	struct smd_span text; /* in the arena */
	uint32_t hash;
	unsigned uses, definitions;
	int known;                   /* defined in the tree we come from or the one we go to */
	int elsewhere;               /* defined in a part of the tree that does not change */
	const struct smd_node *user; /* in such a part: the first that uses it; NULL: none does */
};

/* A removal by the current line, judged when the line has been entered. */
struct happening {
	struct smd_node *section;
	const struct smd_context *context;
	const struct smd_node *node;
};

struct verification {
	struct smd_grammar *grammar;
	const struct smd_changes *changes;
	struct smd_device *device;
	struct smd_refs refs;
	struct smd_node_rule node_rule;
	struct smd_buffer text;
	struct smd_arena arena;
	struct name **names; /* open hash table */
	size_t name_count, name_room;
	struct happening *happenings; /* of the current line */
	size_t count, room;
	int step;    /* what count_name does: add (1), subtract (-1), KNOWN or ELSEWHERE */
	int scanned; /* scan_elsewhere has run */
	const struct smd_node *top; /* while it runs: the part that is looked at */
	struct name **dangling;
	size_t dangling_count, dangling_room;
	const struct smd_unread *unread;
	int unsure; /* a hazard may be none: it depends on lines that were not read */
	smd_hazard_fn hazard;
	void *arg;
};

#define KNOWN 0     /* only note that names are known */
#define ELSEWHERE 2 /* only note what is defined in parts that do not change */

/* Names */

/* The slot of a name in the table, or a free one for it. */
static struct name **slot_of(struct name **names, size_t room, struct smd_span text, uint32_t hash)
{
	size_t slot = hash & (room - 1);

	while (names[slot] &&
	       !(names[slot]->hash == hash && smd_spelling_same(names[slot]->text, text)))
		slot = (slot + 1) & (room - 1);
	return &names[slot];
}

static int widen_names(struct verification *verification)
{
	size_t room = verification->name_room ? verification->name_room * 2 : 256;
	struct name **wider = calloc(room, sizeof(*wider));

	if (!wider)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < verification->name_room; i++) {
		struct name *name = verification->names[i];

		if (name)
			*slot_of(wider, room, name->text, name->hash) = name;
	}
	free(verification->names);
	verification->names = wider;
	verification->name_room = room;
	return 0;
}

static struct name *new_name(struct verification *verification, struct smd_span text, uint32_t hash)
{
	struct name *name = smd_arena_take(&verification->arena, sizeof(*name));
	char *kept = smd_arena_take(&verification->arena, text.length + 1);

	if (!name || !kept)
		return NULL;
	memcpy(kept, text.at, text.length);
	kept[text.length] = '\0';
	*name = (struct name){.text = {kept, text.length}, .hash = hash};
	return name;
}

/* The entry of a name, added if there is none; NULL: no memory. */
static struct name *name_of(struct verification *verification, struct smd_span text)
{
	uint32_t hash = smd_spelling_hash(text);
	struct name **slot;

	if (verification->name_count >= verification->name_room / 4 * 3 &&
	    widen_names(verification))
		return NULL;
	slot = slot_of(verification->names, verification->name_room, text, hash);
	if (!*slot) {
		*slot = new_name(verification, text, hash);
		verification->name_count += *slot != NULL;
	}
	return *slot;
}

/* Note a name whose use or definition changed, to be judged when the line has been entered. */
static int note_dangling(struct verification *verification, struct name *name)
{
	if (smd_make_room(&verification->dangling, verification->dangling_count,
			  &verification->dangling_room, sizeof(struct name *)))
		return SMD_E_NO_MEMORY;
	verification->dangling[verification->dangling_count++] = name;
	return 0;
}

static int count_name(void *arg, enum smd_ref_kind kind, struct smd_span text)
{
	struct verification *verification = arg;
	int judged = kind != SMD_REF_HOLDS && !smd_ref_is_tie(text);
	struct name *name = judged ? name_of(verification, text) : NULL;

	if (!judged)
		return 0;
	if (!name)
		return SMD_E_NO_MEMORY;
	if (kind == SMD_REF_DEFINES)
		name->known = 1;
	if (verification->step == ELSEWHERE) {
		name->elsewhere |= kind == SMD_REF_DEFINES;
		if (kind == SMD_REF_USES && !name->user)
			name->user = verification->top;
	}
	if (verification->step == KNOWN || verification->step == ELSEWHERE)
		return 0;
	*(kind == SMD_REF_USES ? &name->uses : &name->definitions) += (unsigned)verification->step;
	return verification->device->event ? note_dangling(verification, name) : 0;
}

static int count_names_below(struct verification *verification, const struct smd_context *context,
			     const struct smd_node *node, int step)
{
	verification->step = step;
	return smd_refs_below(&verification->refs, context, node, count_name, verification);
}

static int count_names_of(struct verification *verification, const struct smd_tree *tree, int step)
{
	int err = 0;

	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node && !err;
	     node = node->next)
		err = count_names_below(verification, smd_grammar_top(verification->grammar), node,
					step);
	return err;
}

/* Events */

static int on_event(void *arg, enum smd_event event, struct smd_node *section,
		    const struct smd_context *context, const struct smd_node *node)
{
	struct verification *verification = arg;

	if (event == SMD_EVENT_REMOVED) {
		if (smd_make_room(&verification->happenings, verification->count,
				  &verification->room, sizeof(*verification->happenings)))
			return SMD_E_NO_MEMORY;
		verification->happenings[verification->count++] =
			(struct happening){section, context, node};
	}
	verification->step = event == SMD_EVENT_ADDED ? 1 : -1;
	if (verification->device->numbers)
		return smd_refs_numbers(&verification->refs, context, node,
					verification->device->numbers, count_name, verification);
	if (event == SMD_EVENT_LEAVING)
		return smd_refs_node(&verification->refs, context, node, count_name, verification);
	return count_names_below(verification, context, node, verification->step);
}

/* Report a hazard of a line, or of its section if the text is empty; `so` ends the sentence. */
static void report_hazard(struct verification *verification, const struct smd_node *section,
			  const char *text, const char *so, const char *advice)
{
	struct smd_buffer *words = &verification->text;

	words->used = 0;
	smd_buffer_puts(words, "behind this line \"");
	if (section && section->parent) {
		smd_node_put_path(section, " / ", words);
		smd_node_put_name(section, words);
		smd_buffer_puts(words, *text ? " / " : "");
	}
	smd_buffer_puts(words, text);
	smd_buffer_puts(words, so);
	if (smd_buffer_close(words))
		return;
	verification->hazard(verification->arg, &(struct smd_hazard){verification->device->line,
								     words->bytes, advice});
}

/* Whether both trees have the node that was just removed from the section; NULL: any node. */
static int is_kept(struct verification *verification, const struct smd_node *section,
		   const struct smd_node *node)
{
	const struct smd_node *from =
		smd_tree_counterpart(smd_changes_from(verification->changes), section);
	const struct smd_node *to =
		smd_tree_counterpart(smd_changes_to(verification->changes), section);

	if (!from || !to)
		return 0;
	if (!node)
		return smd_node_first(from) && smd_node_first(to);
	return smd_node_match(from, node) && smd_node_match(to, node);
}

static const struct smd_rule *rule_of(struct verification *verification,
				      const struct smd_context *context,
				      const struct smd_node *node)
{
	if (!context ||
	    smd_node_rule_find(&verification->node_rule, verification->grammar, context, node))
		return NULL;
	return smd_match_rule(&verification->node_rule.match);
}

static int is_required(const struct smd_rule *rule)
{
	return rule && rule->flags & SMD_RULE_REQUIRED;
}

static void look_at_loss(struct verification *verification, const struct happening *happening)
{
	const struct smd_node *section = happening->section;
	const struct smd_rule *rule = rule_of(verification, happening->context, happening->node);
	struct smd_buffer name = {0};

	if (is_required(rule) && !smd_node_match(section, happening->node) &&
	    is_kept(verification, section, happening->node)) {
		smd_node_put_name(happening->node, &name);
		if (!smd_buffer_close(&name))
			report_hazard(verification, section, name.bytes,
				      "\" is missing for a moment", rule->advice);
		smd_buffer_done(&name);
	}
	if (section->parent && !smd_node_first(section) &&
	    is_required(rule_of(verification,
				smd_node_context(verification->grammar, section->parent),
				section)) &&
	    is_kept(verification, section, NULL)) {
		verification->unsure = 1;
		report_hazard(verification, section, "", "\" is empty for a moment", NULL);
	}
}

/* The parts of the trees that change */

static int by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t) * (const struct smd_node *const *)a;
	uintptr_t y = (uintptr_t) * (const struct smd_node *const *)b;

	return (x > y) - (x < y);
}

/* The nodes below the root of `tree` with changes in them, sorted by address; the caller's. */
static const struct smd_node **changed_tops(const struct smd_changes *changes,
					    const struct smd_tree *tree, size_t *count)
{
	size_t all = smd_changes_count(changes);
	const struct smd_node **tops = calloc(all + 1, sizeof(*tops));
	const struct smd_node *last = NULL;

	*count = 0;
	for (size_t i = 0; i < all && tops; i++) {
		const struct smd_node *top = smd_change_top(smd_changes_get(changes, i)), *own;

		if (top == last)
			continue;
		last = top;
		own = smd_node_match(smd_tree_top(tree), top);
		if (own)
			tops[(*count)++] = own;
	}
	if (tops)
		qsort(tops, *count, sizeof(*tops), by_address);
	return tops;
}

/* Note what is defined and used where nothing changes; done when first needed. */
static void scan_elsewhere(struct verification *verification)
{
	const struct smd_tree *tree = smd_changes_from(verification->changes);
	size_t count;
	const struct smd_node **tops = changed_tops(verification->changes, tree, &count);

	verification->scanned = 1;
	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node && tops;
	     node = node->next)
		if (!bsearch(&node, tops, count, sizeof(*tops), by_address)) {
			verification->top = node;
			count_names_below(verification, smd_grammar_top(verification->grammar),
					  node, ELSEWHERE);
		}
	free(tops);
}

static int by_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Whether lines that were not read have the last word of a name. */
static int is_word_unread(const struct smd_unread *unread, const struct name *name)
{
	const char *last = memrchr(name->text.at, ' ', name->text.length);
	struct smd_span word = name->text;

	if (last)
		word = (struct smd_span){last + 1, (size_t)(word.at + word.length - last) - 1};
	for (size_t i = 0; i < unread->range_count; i++) {
		struct smd_span first = smd_text_span(unread->text, unread->ranges[i].first);
		struct smd_span end = smd_text_span(unread->text, unread->ranges[i].end - 1);

		if (memmem(first.at, (size_t)(end.at + end.length - first.at), word.at,
			   word.length))
			return 1;
	}
	return 0;
}

/* Whether lines that were not read use the name, or may. */
static int may_be_used_unread(const struct verification *verification, const struct name *name)
{
	const struct smd_unread *unread = verification->unread;

	return unread && (unread->any ||
			  (unread->count && bsearch(&name->hash, unread->uses, unread->count,
						    sizeof(name->hash), by_hash) != NULL) ||
			  is_word_unread(unread, name));
}

/* Whether the name, which one of the trees defines, is used now and not defined. */
static int dangles(struct verification *verification, const struct name *name)
{
	if (name->definitions || !name->known)
		return 0;
	if (!verification->scanned)
		scan_elsewhere(verification);
	return !name->elsewhere &&
	       (name->uses || name->user || may_be_used_unread(verification, name));
}

static void report_dangling(struct verification *verification, const struct name *name)
{
	struct smd_buffer so = {0};

	smd_buffer_puts(&so, "\" is used");
	if (name->user) {
		smd_buffer_puts(&so, " by \"");
		smd_node_put_name(name->user, &so);
		smd_buffer_puts(&so, "\"");
	}
	smd_buffer_puts(&so, ", but not defined");
	verification->unsure = 1;
	if (!smd_buffer_close(&so))
		report_hazard(verification, NULL, name->text.at, so.bytes, NULL);
	smd_buffer_done(&so);
}

static int on_step(void *arg, const struct smd_tree *tree, size_t line)
{
	struct verification *verification = arg;

	(void)tree;
	(void)line;
	for (size_t i = 0; i < verification->count; i++)
		look_at_loss(verification, &verification->happenings[i]);
	for (size_t i = 0; i < verification->dangling_count; i++)
		if (dangles(verification, verification->dangling[i]))
			report_dangling(verification, verification->dangling[i]);
	verification->count = verification->dangling_count = 0;
	return 0;
}

/* Whether a node bears on others beside it: a mark, or an entry of an ordered list. */
static int is_of_all(const struct smd_grammar *grammar, const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(grammar)->marks;

	for (; mark && mark->word; mark++)
		if (!strcmp(mark->word, node->name->bytes))
			return 1;
	return node->ordered;
}

/* Whether the node has a mark beside it. */
static int is_marked(const struct smd_grammar *grammar, const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(grammar)->marks;
	struct smd_buffer text = {0};
	struct smd_span key;
	struct smd_parts parts = {.keys = &key, .key_count = 1};
	int marked = 0;

	if (!mark || !mark->word)
		return 0;
	smd_node_put_name(node, &text);
	key = (struct smd_span){text.bytes, text.used};
	for (; mark->word && !marked && !text.failed; mark++) {
		parts.name = smd_span_of(mark->word);
		marked = smd_parts_find(node->parent, &parts) != NULL;
	}
	smd_buffer_done(&text);
	return marked;
}

/* Whether the node has a mark in either tree: the mark may come or go. */
static int is_marked_in(const struct smd_grammar *grammar, const struct smd_changes *changes,
			const struct smd_node *node)
{
	const struct smd_node *from = smd_node_match(smd_tree_top(smd_changes_from(changes)), node);
	const struct smd_node *to = smd_node_match(smd_tree_top(smd_changes_to(changes)), node);

	return (from && is_marked(grammar, from)) || (to && is_marked(grammar, to));
}

static int copy_changed(struct smd_grammar *grammar, const struct smd_changes *changes,
			const struct smd_tree *tree, struct smd_tree **out)
{
	smd_cleanup(smd_tree_free) struct smd_tree *part = NULL;
	size_t count;
	const struct smd_node **tops = changed_tops(changes, tree, &count);
	int err = tops ? smd_tree_new(&part) : SMD_E_NO_MEMORY;

	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node && !err;
	     node = node->next)
		if (is_of_all(grammar, node) || is_marked_in(grammar, changes, node) ||
		    bsearch(&node, tops, count, sizeof(*tops), by_address))
			err = smd_node_graft(smd_tree_root(part), node, NULL);
	free(tops);
	if (!err)
		*out = smd_take(part);
	return err;
}

static int watch_device(struct verification *verification, const struct smd_tree *from,
			const struct smd_tree *to)
{
	int err = 0;

	if (!verification->hazard)
		return 0;
	if (smd_grammar_dialect(verification->grammar)->candidate) {
		err = count_names_of(verification, from, KNOWN);
		return err ? err : count_names_of(verification, to, 1);
	}
	err = count_names_of(verification, from, 1);
	if (!err)
		err = count_names_of(verification, to, KNOWN);
	verification->device->event = on_event;
	verification->device->arg = verification;
	return err;
}

static int compare_outcome(const struct smd_tree *came_to, const struct smd_tree *to,
			   struct smd_error *error)
{
	if (smd_node_equal(smd_tree_top(came_to), smd_tree_top(to)))
		return 0;
	return smd_fail(error, SMD_E_UNSAFE,
			"the commands would not lead to the intended configuration");
}

/* No state within a candidate acts, but its end does. */
static void judge_end(struct verification *verification, const struct smd_text *lines)
{
	verification->device->line = smd_text_count(lines) ? smd_text_count(lines) - 1 : 0;
	for (size_t i = 0; i < verification->name_room; i++) {
		const struct name *name = verification->names[i];

		if (name && !name->definitions && name->known && dangles(verification, name))
			report_dangling(verification, name);
	}
}

static int verify(struct verification *verification, const struct smd_text *lines,
		  struct smd_error *error)
{
	smd_cleanup(smd_tree_free) struct smd_tree *from = NULL;
	smd_cleanup(smd_tree_free) struct smd_tree *to = NULL;
	int err = copy_changed(verification->grammar, verification->changes,
			       smd_changes_from(verification->changes), &from);

	if (!err)
		err = copy_changed(verification->grammar, verification->changes,
				   smd_changes_to(verification->changes), &to);
	if (err)
		return smd_fail(error, err, "no memory for a simulation");
	err = smd_device_new(verification->grammar, from, to, lines, &verification->device, error);
	if (!err && watch_device(verification, from, to))
		err = smd_fail(error, SMD_E_NO_MEMORY, "no memory for a simulation");
	if (!err)
		err = smd_device_enter(verification->device,
				       verification->device->event ? on_step : NULL, verification);
	if (!err && verification->hazard && smd_grammar_dialect(verification->grammar)->candidate)
		judge_end(verification, lines);
	return err ? err : compare_outcome(from, to, error);
}

int smd_verify_patch(struct smd_grammar *grammar, const struct smd_changes *changes,
		     const struct smd_text *lines, const struct smd_unread *unread, int *unsure,
		     smd_hazard_fn hazard, void *arg, struct smd_error *error)
{
	struct verification *verification = calloc(1, sizeof(*verification));
	int err;

	if (!verification)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a simulation");
	verification->grammar = grammar;
	verification->refs.grammar = grammar;
	verification->changes = changes;
	verification->hazard = hazard;
	verification->arg = arg;
	verification->unread = unread;
	err = verify(verification, lines, error);
	if (unsure)
		*unsure |= verification->unsure;
	smd_device_free(verification->device);
	smd_refs_done(&verification->refs);
	smd_node_rule_done(&verification->node_rule);
	smd_buffer_done(&verification->text);
	smd_arena_done(&verification->arena);
	free(verification->names);
	free(verification->happenings);
	free(verification->dangling);
	free(verification);
	return err;
}
