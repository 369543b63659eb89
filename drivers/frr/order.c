/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of lines, as far as rules cannot express it. Seen on 8.4.4: an entry that its list has
 * already under another number is silently ignored, and a clause of a route map is removed by its
 * number, whatever it permits.
 */
#include <smartdeploy/driver.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frr.h"

struct lines {
	char **at;
	size_t count, room;
};

struct entry {
	const char *list; /* "ip prefix-list NAME", without a NUL behind it */
	size_t length;
	const char *number; /* borrowed from a line */
	const char *content;
	unsigned long seq;
};

enum step_op { SET = 1, REMOVE };

/* A line of a list: it sets `entry.content`, or removes the entry. */
struct step {
	struct entry entry;
	enum step_op op;
	char *line;
	int done;
};

struct list {
	struct entry *have; /* entries on the device, as of the lines so far */
	size_t have_count;
	struct step *steps;
	size_t step_count, left;
	struct lines *out;
};

/* Append a line, which is owned by the list from then on, also after a failure; NULL: no memory. */
static int put(struct lines *lines, char *line)
{
	size_t room = lines->room ? lines->room * 2 : 64;
	char **wider;

	if (lines->count == lines->room) {
		wider = reallocarray(lines->at, room, sizeof(*wider));
		if (!wider) {
			free(line);
			return -1;
		}
		lines->at = wider;
		lines->room = room;
	}
	lines->at[lines->count++] = line;
	return line ? 0 : -1;
}

static void drop(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->at[i]);
	free(lines->at);
}

static const char *behind(const char *text, const char *word)
{
	size_t length = strlen(word);

	return text && !strncmp(text, word, length) ? text + length : NULL;
}

static const char *behind_word(const char *text)
{
	size_t length = text ? strcspn(text, " ") : 0;

	return length && text[length] == ' ' ? text + length + 1 : NULL;
}

/* Read an entry of a numbered list; returns 0 if the text is none. */
static int read_entry(const char *text, struct entry *entry)
{
	static const char *const heads[] = {
		"ip prefix-list ",
		"ipv6 prefix-list ",
		"access-list ",
		"ipv6 access-list ",
		"mac access-list ",
		"bgp as-path access-list ",
		"bgp community-list standard ",
		"bgp community-list expanded ",
		"bgp community-list ",
		"bgp large-community-list standard ",
		"bgp large-community-list expanded ",
		"bgp large-community-list ",
		"bgp extcommunity-list standard ",
		"bgp extcommunity-list expanded ",
		"bgp extcommunity-list ",
	};
	const char *name = NULL;
	char *end;

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]) && !name; i++)
		name = behind(text, heads[i]);
	entry->number = behind(behind_word(name), "seq ");
	if (!entry->number || !strspn(entry->number, "0123456789"))
		return 0;
	entry->list = text;
	entry->length = (size_t)(entry->number - text) - strlen(" seq ");
	entry->seq = strtoul(entry->number, &end, 10);
	entry->content = end + strspn(end, " ");
	return 1;
}

static int same_list(const struct entry *a, const struct entry *b)
{
	return a->length == b->length && !memcmp(a->list, b->list, a->length);
}

/* Index of the entry with this number; `have_count`: there is none. */
static size_t find_number(const struct list *list, unsigned long seq)
{
	size_t at = 0;

	while (at < list->have_count && list->have[at].seq != seq)
		at++;
	return at;
}

/* The entry with the same content under another number; NULL: none. */
static const struct entry *find_twin(const struct list *list, const struct entry *entry)
{
	for (size_t i = 0; i < list->have_count; i++)
		if (list->have[i].seq != entry->seq &&
		    !strcmp(list->have[i].content, entry->content))
			return &list->have[i];
	return NULL;
}

static void forget(struct list *list, unsigned long seq)
{
	size_t at = find_number(list, seq);

	if (at < list->have_count)
		list->have[at] = list->have[--list->have_count];
}

static int take(struct list *list, struct step *step)
{
	char *line = step->line;

	forget(list, step->entry.seq);
	if (step->op == SET)
		list->have[list->have_count++] = step->entry;
	step->done = 1;
	step->line = NULL;
	list->left--;
	return put(list->out, line);
}

/*
 * Take the lines that can be entered now, beginning at one end of the list. Returns whether there
 * were any; -1: no memory.
 */
static int take_free(struct list *list, int backward)
{
	int any = 0;

	for (size_t i = 0; i < list->step_count; i++) {
		struct step *step = &list->steps[backward ? list->step_count - 1 - i : i];

		if (step->done || step->op != SET || find_twin(list, &step->entry))
			continue;
		if (take(list, step))
			return -1;
		any = 1;
	}
	return any;
}

static struct step *next_of(struct list *list, enum step_op op)
{
	for (size_t i = 0; i < list->step_count; i++)
		if (!list->steps[i].done && list->steps[i].op == op)
			return &list->steps[i];
	return NULL;
}

/* The line that removes an entry; NULL: no memory. */
static char *removal_of(const struct entry *entry)
{
	int bare =
		behind(entry->list, "ip prefix-list ") || behind(entry->list, "ipv6 prefix-list ");
	const char *content = bare ? "" : entry->content;
	size_t size = entry->length + strlen(content) + sizeof("no  seq 4294967295 ");
	char *line = malloc(size);

	if (line)
		snprintf(line, size, "no %.*s seq %lu%s%s", (int)entry->length, entry->list,
			 entry->seq, bare ? "" : " ", content);
	return line;
}

/* Entries that swap their numbers wait for each other: remove one of them first. */
static int break_ring(struct list *list, struct step *waiting)
{
	const struct entry *twin = find_twin(list, &waiting->entry);
	char *line;

	for (size_t i = 0; i < list->step_count; i++) {
		if (list->steps[i].done || list->steps[i].entry.seq != twin->seq)
			continue;
		line = removal_of(twin);
		forget(list, twin->seq);
		return put(list->out, line);
	}
	return take(list, waiting); /* wanted twice: let the device refuse it */
}

/* Take all lines of the list, additions first where possible: it is then never empty. */
static int enter_steps(struct list *list)
{
	int backward = 0, any;

	while (list->left) {
		struct step *away = next_of(list, REMOVE), *waiting;

		any = take_free(list, backward);
		backward = !backward;
		if (any < 0)
			return -1;
		waiting = next_of(list, SET);
		if (any && waiting)
			continue;
		if (away ? take(list, away) : waiting ? break_ring(list, waiting) : 0)
			return -1;
	}
	return 0;
}

static size_t count_nodes(const struct smd_tree *tree)
{
	size_t count = 0;

	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node;
	     node = smd_node_next(node))
		count++;
	return count;
}

static void read_have(struct list *list, const struct smd_tree *tree, const struct entry *like)
{
	struct entry entry;

	for (const struct smd_node *node = smd_node_first(smd_tree_top(tree)); node;
	     node = smd_node_next(node)) {
		const char *value = smd_node_value(node, NULL);

		if (!value || !read_entry(smd_node_name(node), &entry) || !same_list(&entry, like))
			continue;
		entry.content = value;
		list->have[list->have_count++] = entry;
	}
}

/* Move all lines of the list, from line `first` on, into its steps. */
static void read_steps(struct list *list, struct lines *lines, size_t first,
		       const struct entry *like)
{
	for (size_t i = first; i < lines->count; i++) {
		struct step *step = &list->steps[list->step_count];
		const char *gone = lines->at[i] ? behind(lines->at[i], "no ") : NULL;

		if (!lines->at[i] || !read_entry(gone ? gone : lines->at[i], &step->entry) ||
		    !same_list(&step->entry, like))
			continue;
		step->op = gone ? REMOVE : SET;
		step->line = lines->at[i];
		lines->at[i] = NULL;
		list->step_count++;
	}
	list->left = list->step_count;
}

static int order_list(struct lines *lines, size_t first, const struct entry *like,
		      const struct smd_tree *from, struct lines *out)
{
	struct list list = {.out = out};
	int err = -1;

	list.have = calloc(count_nodes(from) + lines->count + 1, sizeof(*list.have));
	list.steps = calloc(lines->count + 1, sizeof(*list.steps));
	if (list.have && list.steps) {
		read_have(&list, from, like);
		read_steps(&list, lines, first, like);
		err = enter_steps(&list);
	}
	for (size_t i = 0; i < list.step_count; i++)
		free(list.steps[i].line);
	free(list.have);
	free(list.steps);
	return err;
}

/* Put the lines of each list where the first of them stood. */
static int order_lists(struct lines *lines, const struct smd_tree *from, struct lines *out)
{
	struct entry like;
	int err = 0;

	for (size_t i = 0; i < lines->count && !err; i++) {
		const char *gone = lines->at[i] ? behind(lines->at[i], "no ") : NULL;
		char *line = lines->at[i];

		if (line && read_entry(gone ? gone : line, &like)) {
			err = order_list(lines, i, &like, from, out);
		} else if (line) {
			lines->at[i] = NULL;
			err = put(out, line);
		}
	}
	return err;
}

/* Move the removal of a clause before the line that adds one with the same number. */
static void order_clauses(struct lines *lines)
{
	for (size_t i = 0; i < lines->count; i++) {
		const char *name = behind(lines->at[i], "no route-map ");
		const char *action = behind_word(name), *number = behind_word(action);

		for (size_t k = 0; number && k < i; k++) {
			const char *other = behind(lines->at[k], "route-map ");
			const char *another = behind_word(other);
			char *line = lines->at[i];

			if (!another || !behind_word(another) || another - other != action - name ||
			    strncmp(other, name, (size_t)(action - name)) != 0 ||
			    strcmp(behind_word(another), number) != 0)
				continue;
			memmove(&lines->at[k + 1], &lines->at[k], (i - k) * sizeof(*lines->at));
			lines->at[k] = line;
			break;
		}
	}
}

int smd_frr_order(const struct smd_changes *changes, struct smd_text *payload,
		  struct smd_error *error)
{
	struct lines lines = {0}, out = {0};
	const char *line;
	int err = 0;

	for (size_t i = 0; !err && (line = smd_text_get(payload, i, NULL)); i++)
		err = put(&lines, strdup(line));
	if (!err) {
		order_clauses(&lines);
		err = order_lists(&lines, smd_changes_from(changes), &out);
	}
	smd_text_clear(payload);
	for (size_t i = 0; !err && i < out.count; i++)
		err = smd_text_line(payload, out.at[i]);
	drop(&lines);
	drop(&out);
	return err ? smd_fail(error, SMD_E_NO_MEMORY, "no memory for a payload") : 0;
}
