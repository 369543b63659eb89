/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/context.h"

/*
 * A form under the first word of its pattern, or under no word.
 *
 * probe, probe_at  The next literal word, and how many words stand before it, where
 *                  that is known; else empty. Most forms can be told apart by it.
 * run              Of the first lead of a word: how many leads have that word.
 */
struct lead {
	struct smd_span word;
	const struct smd_form *form;
	struct smd_span probe;
	uint32_t probe_at, run;
};

struct smd_context {
	const struct smd_context *parent;
	const struct smd_known *section; /* NULL: top, or unknown */
	uint16_t number;                 /* of its section; 0: top, or unknown */
	int known;
	struct smd_context *next;                       /* of all there are */
	struct smd_context *first_within, *next_within; /* those entered from here */
	struct lead *leads; /* sorted by word, then by rank; those without a word first */
	size_t count;
	uint32_t starts[8]; /* bytes with which a lead's word begins */
};

#define STEPS_MAX 8

/* A path of sections, the innermost first, by their numbers. */
struct place {
	uint16_t steps[STEPS_MAX];
	uint8_t count;
};

/* Where a rule applies. */
struct places {
	struct place *list;
	uint16_t count;
	uint8_t anywhere;
};

struct section {
	struct smd_span line;
};

struct smd_contexts {
	const struct smd_grammar *grammar;
	struct section *sections; /* their lines, sorted; the number of one is its place */
	size_t section_count;
	struct places *places;  /* one a rule */
	struct smd_form *forms; /* all of the grammar, by rank */
	size_t form_count;
	struct smd_context *all, *top, *unknown;
	size_t count; /* of all */
};

const struct smd_context *smd_contexts_top(const struct smd_contexts *contexts)
{
	return contexts->top;
}

size_t smd_contexts_count(const struct smd_contexts *contexts)
{
	return contexts->count;
}

int smd_context_known(const struct smd_context *context)
{
	return context->known;
}

const struct smd_rule *smd_context_rule(const struct smd_context *context)
{
	return context->section ? context->section->rule : NULL;
}

/* Forms */

struct gathering {
	struct smd_contexts *contexts;
	struct smd_arena *arena;
	struct smd_error *error;
	int err;
};

static void add_form(struct gathering *gathering, const struct smd_known *known,
		     const char *template, enum smd_deed deed)
{
	struct smd_form *form = &gathering->contexts->forms[gathering->contexts->form_count];

	if (gathering->err || (!template && deed != SMD_DEED_ENTER))
		return;
	*form = (struct smd_form){
		.known = known, .deed = deed, .rank = (unsigned)gathering->contexts->form_count};
	if (deed == SMD_DEED_ENTER)
		form->pattern = known->line;
	else
		gathering->err =
			smd_template_make(template, known->rule, &known->line, gathering->arena,
					  &form->pattern, gathering->error);
	gathering->contexts->form_count++;
}

#define FORMS_A_RULE 10

/* Where a list has one way of removal, and that names numbers, it takes these. */
static enum smd_deed deed_of_negation(const struct smd_known *known)
{
	char place[] = {'$', (char)('0' + smd_pattern_numbers(&known->line)), '\0'};

	if (known->rule->kind != SMD_RULE_NUMBERS || !known->rule->negate || known->rule->numbers)
		return SMD_DEED_REMOVE;
	return strstr(known->rule->negate, place) ? SMD_DEED_TAKE : SMD_DEED_REMOVE;
}

/* The rule's own line last, for what it ends in matches anything. */
static void add_forms(struct gathering *gathering, const struct smd_known *known)
{
	const struct smd_numbers_form *numbers = known->rule->numbers;
	const struct smd_order_form *order = known->rule->order;

	if (numbers) {
		add_form(gathering, known, numbers->none, SMD_DEED_NONE);
		add_form(gathering, known, numbers->all, SMD_DEED_ALL);
		add_form(gathering, known, numbers->except, SMD_DEED_EXCEPT);
		add_form(gathering, known, numbers->add, SMD_DEED_ADD);
		add_form(gathering, known, numbers->remove, SMD_DEED_TAKE);
	}
	if (order) {
		add_form(gathering, known, order->renumber, SMD_DEED_RENUMBER);
		add_form(gathering, known, order->insert, SMD_DEED_PLACE);
		add_form(gathering, known, order->remove, SMD_DEED_LEAVE);
	}
	add_form(gathering, known, known->rule->negate, deed_of_negation(known));
	add_form(gathering, known, NULL, SMD_DEED_ENTER);
}

/* Where rules apply */

static int compare_words(struct smd_span a, struct smd_span b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.at, b.at, shorter) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

/* The last " / " of a path; NULL: there is none. */
static const char *last_slash(struct smd_span path)
{
	for (size_t i = path.length; i-- > 2;)
		if (path.at[i] == ' ' && path.at[i - 1] == '/' && path.at[i - 2] == ' ')
			return &path.at[i - 1];
	return NULL;
}

static int by_line(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	return compare_words(x->line, y->line);
}

/* The number of the sections with this line; 0: there are none. */
static uint16_t section_number(const struct smd_contexts *contexts, struct smd_span line)
{
	const struct section key = {.line = line};
	const struct section *found =
		bsearch(&key, contexts->sections, contexts->section_count, sizeof(key), by_line);

	return found ? (uint16_t)(found - contexts->sections + 1) : 0;
}

/* Sections of the same line count as one. */
static void number_sections(struct smd_contexts *contexts, const struct smd_known *known,
			    size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (known[i].rule->kind == SMD_RULE_SECTION)
			contexts->sections[contexts->section_count++].line =
				smd_span_of(known[i].rule->line);
	qsort(contexts->sections, contexts->section_count, sizeof(*contexts->sections), by_line);
	for (size_t i = 0; i < contexts->section_count; i++)
		if (!kept ||
		    !smd_span_same(contexts->sections[kept - 1].line, contexts->sections[i].line))
			contexts->sections[kept++] = contexts->sections[i];
	contexts->section_count = kept;
}

/* The steps of a path of sections, the last one first. */
static void take_steps(const struct smd_contexts *contexts, struct smd_span path,
		       struct place *place)
{
	while (path.length && place->count < STEPS_MAX) {
		const char *slash = last_slash(path);
		struct smd_span step = path;

		path.length = slash ? (size_t)(slash - path.at) : 0;
		if (slash)
			step = (struct smd_span){slash + 1, step.length - path.length - 1};
		place->steps[place->count++] = section_number(contexts, smd_span_trim(step));
		path = smd_span_trim(path);
	}
}

static int take_places(struct smd_contexts *contexts, const struct smd_known *known,
		       struct smd_arena *arena, struct places *places)
{
	struct smd_span list = smd_span_of(known->rule->within ? known->rule->within : "");
	size_t count = 1;

	for (size_t i = 0; i < list.length; i++)
		count += list.at[i] == ';';
	places->list = smd_arena_take(arena, count * sizeof(*places->list));
	if (!places->list)
		return SMD_E_NO_MEMORY;
	while (list.length) {
		struct smd_span path = smd_list_cut(&list, ';');
		struct place *place = &places->list[places->count];

		if (smd_span_is(path, "**")) {
			places->anywhere = 1;
		} else if (path.length) {
			*place = (struct place){.count = 0};
			take_steps(contexts, path, place);
			places->count++;
		}
	}
	return 0;
}

/* Does the chain of sections end in these steps? */
static int ends_in(const struct smd_context *context, const struct place *place)
{
	for (size_t i = 0; i < place->count; i++, context = context->parent)
		if (!context || !context->number || context->number != place->steps[i])
			return 0;
	return 1;
}

static int form_applies(const struct smd_contexts *contexts, const struct smd_form *form,
			const struct smd_context *context)
{
	size_t count;
	const struct smd_known *first = smd_grammar_rules(contexts->grammar, &count);
	const struct places *places = &contexts->places[form->known - first];

	if (!form->known->rule->within || form->deed == SMD_DEED_RENUMBER)
		return context->known && !context->section;
	if (places->anywhere)
		return 1;
	for (size_t i = 0; i < places->count; i++)
		if (ends_in(context, &places->list[i]))
			return 1;
	return 0;
}

/* Leads */

static int compare_leads(const void *a, const void *b)
{
	const struct lead *x = a, *y = b;
	int order = compare_words(x->word, y->word);

	return order ? order : (x->form->rank > y->form->rank) - (x->form->rank < y->form->rank);
}

/* Is it one word, whatever it matches? */
static int is_one_word(const struct smd_token *token)
{
	return token->kind == SMD_TOKEN_WORD || token->kind == SMD_TOKEN_EITHER ||
	       token->kind == SMD_TOKEN_ANY || token->kind == SMD_TOKEN_NUMBER;
}

static struct lead lead_of(struct smd_span word, const struct smd_form *form)
{
	const struct smd_pattern *pattern = &form->pattern;
	struct lead lead = {.word = word, .form = form, .probe = {"", 0}};

	for (uint32_t i = 1; i < pattern->count && is_one_word(&pattern->tokens[i - 1]); i++)
		if (pattern->tokens[i].kind == SMD_TOKEN_WORD) {
			lead.probe = pattern->tokens[i].text;
			lead.probe_at = i;
			break;
		}
	return lead;
}

/* Add a form under each word it may begin with; without `leads`, only count. */
static size_t add_leads(const struct smd_form *form, struct lead *leads)
{
	const struct smd_token *first = form->pattern.tokens;
	struct smd_span words = first->text;
	size_t count = 0;

	if (first->kind != SMD_TOKEN_WORD && first->kind != SMD_TOKEN_EITHER) {
		if (leads)
			*leads = lead_of((struct smd_span){"", 0}, form);
		return 1;
	}
	while (words.length) {
		struct smd_span word =
			first->kind == SMD_TOKEN_EITHER ? smd_list_cut(&words, '|') : words;

		if (first->kind == SMD_TOKEN_WORD)
			words.length = 0;
		if (leads)
			leads[count] = lead_of(word, form);
		count++;
	}
	return count;
}

static void note_runs(struct smd_context *context)
{
	struct lead *first = context->leads;

	for (size_t i = 0; i < context->count; i++) {
		struct lead *lead = &context->leads[i];
		unsigned char start = (unsigned char)*lead->word.at;

		if (!smd_span_same(lead->word, first->word))
			first = lead;
		first->run++;
		if (lead->word.length)
			context->starts[start / 32] |= 1u << start % 32;
	}
}

static int gather_leads(struct smd_contexts *contexts, struct smd_context *context)
{
	size_t count = 0;

	for (size_t i = 0; i < contexts->form_count; i++)
		if (form_applies(contexts, &contexts->forms[i], context))
			count += add_leads(&contexts->forms[i], NULL);
	context->leads = calloc(count + 1, sizeof(*context->leads));
	if (!context->leads)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < contexts->form_count; i++)
		if (form_applies(contexts, &contexts->forms[i], context))
			context->count +=
				add_leads(&contexts->forms[i], context->leads + context->count);
	qsort(context->leads, count, sizeof(*context->leads), compare_leads);
	note_runs(context);
	return 0;
}

/* Finding */

/* Index of the first lead with this word or a later one. */
static size_t seek(const struct smd_context *context, struct smd_span word)
{
	size_t low = 0, high = context->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_words(context->leads[middle].word, word) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What is looked for. */
struct quest {
	const struct smd_words *words;
	size_t from;
	unsigned deeds;
	int beginning;
	int defaults; /* DEFAULT rules count */
};

static int has_form(const struct quest *quest, const struct smd_form *form, struct smd_match *match)
{
	const struct smd_rule *rule = form->known->rule;
	int open =
		quest->beginning || (rule->kind == SMD_RULE_BLOCK && form->deed == SMD_DEED_ENTER);

	if (!(form->deed & quest->deeds) || (rule->kind == SMD_RULE_DEFAULT && !quest->defaults))
		return 0;
	return smd_pattern_matches(&form->pattern, quest->words, quest->from, !open, match);
}

static int may_have(const struct lead *lead, const struct quest *quest)
{
	size_t at = quest->from + lead->probe_at;

	return !lead->probe.length ||
	       (at < quest->words->count && smd_span_same(lead->probe, quest->words->at[at]));
}

/* Among the leads of a word, from the first one on; one behind hit's is not wanted. */
static void look(const struct lead *first, const struct quest *quest, struct smd_hit *hit)
{
	struct smd_match match;

	for (uint32_t i = 0; i < first->run; i++) {
		const struct smd_form *form = first[i].form;

		if (hit->form && form->rank > hit->form->rank)
			return;
		if (!may_have(&first[i], quest))
			continue;
		if (!has_form(quest, form, hit->form ? &match : &hit->match))
			continue;
		if (hit->form)
			hit->match = match;
		hit->form = form;
		return;
	}
}

static int find(const struct smd_context *context, const struct quest *quest, struct smd_hit *hit)
{
	struct smd_span word = {"", 0};
	unsigned char first;
	size_t at;

	hit->form = NULL;
	if (quest->from >= quest->words->count || !context->count)
		return 0;
	word = quest->words->at[quest->from];
	first = (unsigned char)*word.at;
	if (context->starts[first / 32] & 1u << first % 32) {
		at = seek(context, word);
		if (at < context->count && smd_span_same(context->leads[at].word, word))
			look(&context->leads[at], quest, hit);
	}
	if (!context->leads[0].word.length)
		look(&context->leads[0], quest, hit);
	return hit->form != NULL;
}

int smd_context_find(const struct smd_context *context, const struct smd_words *words, size_t from,
		     unsigned deeds, int beginning, struct smd_hit *hit)
{
	const struct quest quest = {words, from, deeds, beginning, 1};

	return find(context, &quest, hit);
}

int smd_context_find_set(const struct smd_context *context, const struct smd_words *words,
			 size_t from, struct smd_hit *hit)
{
	const struct quest quest = {words, from, SMD_DEEDS_SAID, 0, 0};

	return find(context, &quest, hit);
}

/* Making */

static struct smd_context *context_new(struct smd_contexts *contexts, struct smd_context what)
{
	struct smd_context *context = malloc(sizeof(*context));

	if (!context)
		return NULL;
	*context = what;
	if (gather_leads(contexts, context)) {
		free(context);
		return NULL;
	}
	context->next = contexts->all;
	contexts->all = context;
	contexts->count++;
	return context;
}

const struct smd_context *smd_contexts_enter(struct smd_contexts *contexts,
					     const struct smd_context *context,
					     const struct smd_known *section)
{
	struct smd_context *outer = (struct smd_context *)context, *inner;

	if (!section)
		return contexts->unknown;
	if (outer->section == section) /* a section in its like is no other context */
		return outer;
	for (inner = outer->first_within; inner; inner = inner->next_within)
		if (inner->section == section)
			return inner;
	inner = context_new(
		contexts, (struct smd_context){.parent = context,
					       .section = section,
					       .number = section_number(
						       contexts, smd_span_of(section->rule->line)),
					       .known = 1});
	if (!inner)
		return NULL;
	inner->next_within = outer->first_within;
	outer->first_within = inner;
	return inner;
}

static int gather_forms(struct gathering *gathering, const struct smd_grammar *grammar)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(grammar, &count);

	gathering->contexts->forms =
		calloc(count * FORMS_A_RULE + 1, sizeof(*gathering->contexts->forms));
	if (!gathering->contexts->forms)
		return smd_fail(gathering->error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < count; i++)
		add_forms(gathering, &known[i]);
	return gathering->err;
}

static int gather_places(struct smd_contexts *contexts, struct smd_arena *arena)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(contexts->grammar, &count);
	int err = 0;

	contexts->sections = calloc(count + 1, sizeof(*contexts->sections));
	contexts->places = calloc(count + 1, sizeof(*contexts->places));
	if (!contexts->sections || !contexts->places)
		return SMD_E_NO_MEMORY;
	number_sections(contexts, known, count);
	for (size_t i = 0; i < count && !err; i++) {
		if (i && known[i].rule->within == known[i - 1].rule->within)
			contexts->places[i] = contexts->places[i - 1];
		else
			err = take_places(contexts, &known[i], arena, &contexts->places[i]);
	}
	return err;
}

/* May the sections around one be these, from step `from` on? */
static int may_be_around(const struct places *places, const struct place *place, uint8_t from)
{
	if (places->anywhere)
		return 1;
	for (size_t i = 0; i < places->count; i++) {
		const struct place *around = &places->list[i];
		uint8_t same = 0;

		while (same < around->count && from + same < place->count &&
		       around->steps[same] == place->steps[from + same])
			same++;
		if (same == around->count || from + same == place->count)
			return 1;
	}
	return 0;
}

/* Is there a section of this line that may stand within the rest of the path? */
static int is_step(const struct smd_contexts *contexts, const struct place *place, uint8_t step)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(contexts->grammar, &count);

	if (!place->steps[step])
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct smd_rule *rule = known[i].rule;

		if (rule->kind == SMD_RULE_SECTION &&
		    section_number(contexts, smd_span_of(rule->line)) == place->steps[step] &&
		    (step + 1 == place->count ||
		     may_be_around(&contexts->places[i], place, step + 1)))
			return 1;
	}
	return 0;
}

int smd_contexts_check(const struct smd_contexts *contexts, struct smd_error *error)
{
	size_t count;
	const struct smd_known *known = smd_grammar_rules(contexts->grammar, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < contexts->places[i].count; j++)
			for (uint8_t k = 0; k < contexts->places[i].list[j].count; k++)
				if (!is_step(contexts, &contexts->places[i].list[j], k))
					return smd_fail(error, SMD_E_INVALID,
							"rule \"%s\" of the dialect is within no "
							"section that there is: \"%s\"",
							known[i].rule->line, known[i].rule->within);
	return 0;
}

SMD_CLEANUP_DEFINE(struct smd_contexts *, smd_contexts_free);

int smd_contexts_new(const struct smd_grammar *grammar, struct smd_arena *arena,
		     struct smd_contexts **out, struct smd_error *error)
{
	smd_cleanup(smd_contexts_free) struct smd_contexts *contexts = calloc(1, sizeof(*contexts));
	struct gathering gathering = {contexts, arena, error, 0};
	int err;

	if (!contexts)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	contexts->grammar = grammar;
	err = gather_forms(&gathering, grammar);
	if (err)
		return err;
	if (gather_places(contexts, arena))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	contexts->top = context_new(contexts, (struct smd_context){.known = 1});
	contexts->unknown = context_new(contexts, (struct smd_context){.known = 0});
	if (!contexts->top || !contexts->unknown)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a dialect");
	*out = smd_take(contexts);
	return 0;
}

void smd_contexts_free(struct smd_contexts *contexts)
{
	struct smd_context *next;

	if (!contexts)
		return;
	for (struct smd_context *context = contexts->all; context; context = next) {
		next = context->next;
		free(context->leads);
		free(context);
	}
	free(contexts->forms);
	free(contexts->sections);
	free(contexts->places);
	free(contexts);
}
