/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/grammar/context.h"

#include "core/dialect/grammar/form_index.h"

struct smd_context {
	const struct smd_context *parent;
	const struct smd_compiled_rule *section; /* its rule; NULL: top level, or unknown */
	uint16_t number; /* of its section's line; 0: top level, or unknown */
	int known;
	struct smd_context *next;                       /* in the list of all */
	struct smd_context *first_within, *next_within; /* the list of those entered from here */
	struct smd_form_index index;
};

#define STEPS_MAX 8

/* A chain of sections, the innermost first, by the numbers of their lines. */
struct place {
	uint16_t steps[STEPS_MAX];
	uint8_t count;
};

/* Where a rule applies: the chains of sections that its `within` names. */
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
	struct section *sections; /* lines of section rules, sorted; a number is an index plus 1 */
	size_t section_count;
	struct places *places;  /* one per rule */
	struct smd_form *forms; /* of all rules; the index of a form is its rank */
	size_t form_count;
	struct smd_context *all, *top, *unknown;
	size_t count; /* length of the list `all` */
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

static void add_form(struct gathering *gathering, const struct smd_compiled_rule *compiled,
		     const char *template, enum smd_form_op op)
{
	struct smd_form *form = &gathering->contexts->forms[gathering->contexts->form_count];

	if (gathering->err || (!template && op != SMD_FORM_SET))
		return;
	*form = (struct smd_form){
		.compiled = compiled, .op = op, .rank = (unsigned)gathering->contexts->form_count};
	if (op == SMD_FORM_SET)
		form->pattern = compiled->line;
	else
		gathering->err =
			smd_template_make(template, compiled->rule, &compiled->line,
					  gathering->arena, &form->pattern, gathering->error);
	gathering->contexts->form_count++;
}

#define FORMS_A_RULE 10

/* What a rule's `negate` does: if it names the numbers of a list, it removes only these. */
static enum smd_form_op op_of_negation(const struct smd_compiled_rule *compiled)
{
	char place[] = {'$', (char)('0' + smd_pattern_numbers(&compiled->line)), '\0'};

	if (compiled->rule->kind != SMD_RULE_NUMBERS || !compiled->rule->negate ||
	    compiled->rule->numbers)
		return SMD_FORM_UNSET;
	return strstr(compiled->rule->negate, place) ? SMD_FORM_REMOVE_NUMBERS : SMD_FORM_UNSET;
}

/* The rule's own line comes last: it often ends in a wildcard and would match the others, too. */
static void add_forms(struct gathering *gathering, const struct smd_compiled_rule *compiled)
{
	const struct smd_numbers_form *numbers = compiled->rule->numbers;
	const struct smd_order_form *order = compiled->rule->order;

	if (numbers) {
		add_form(gathering, compiled, numbers->none, SMD_FORM_NO_NUMBERS);
		add_form(gathering, compiled, numbers->all, SMD_FORM_ALL_NUMBERS);
		add_form(gathering, compiled, numbers->except, SMD_FORM_ALL_EXCEPT);
		add_form(gathering, compiled, numbers->add, SMD_FORM_ADD_NUMBERS);
		add_form(gathering, compiled, numbers->remove, SMD_FORM_REMOVE_NUMBERS);
	}
	if (order) {
		add_form(gathering, compiled, order->renumber, SMD_FORM_RENUMBER);
		add_form(gathering, compiled, order->insert, SMD_FORM_INSERT_ENTRY);
		add_form(gathering, compiled, order->remove, SMD_FORM_REMOVE_ENTRY);
	}
	add_form(gathering, compiled, compiled->rule->negate, op_of_negation(compiled));
	add_form(gathering, compiled, NULL, SMD_FORM_SET);
}

/* Where rules apply */

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

	return smd_span_compare(x->line, y->line);
}

/* The number of the sections with this line; 0: no rule has it. */
static uint16_t section_number(const struct smd_contexts *contexts, struct smd_span line)
{
	const struct section key = {.line = line};
	const struct section *found =
		bsearch(&key, contexts->sections, contexts->section_count, sizeof(key), by_line);

	return found ? (uint16_t)(found - contexts->sections + 1) : 0;
}

/* Number the sections by their lines; rules of the same line share a number. */
static void number_sections(struct smd_contexts *contexts, const struct smd_compiled_rule *compiled,
			    size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (compiled[i].rule->kind == SMD_RULE_SECTION)
			contexts->sections[contexts->section_count++].line =
				smd_span_of(compiled[i].rule->line);
	qsort(contexts->sections, contexts->section_count, sizeof(*contexts->sections), by_line);
	for (size_t i = 0; i < contexts->section_count; i++)
		if (!kept ||
		    !smd_span_same(contexts->sections[kept - 1].line, contexts->sections[i].line))
			contexts->sections[kept++] = contexts->sections[i];
	contexts->section_count = kept;
}

/* Read a path of sections (`A / B`) into steps, the last one first. */
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

static int take_places(struct smd_contexts *contexts, const struct smd_compiled_rule *compiled,
		       struct smd_arena *arena, struct places *places)
{
	struct smd_span list = smd_span_of(compiled->rule->within ? compiled->rule->within : "");
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

/* Whether the context and those around it are these sections. */
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
	const struct smd_compiled_rule *first = smd_grammar_rules(contexts->grammar, &count);
	const struct places *places = &contexts->places[form->compiled - first];

	if (!form->compiled->rule->within || form->op == SMD_FORM_RENUMBER)
		return context->known && !context->section;
	if (places->anywhere)
		return 1;
	for (size_t i = 0; i < places->count; i++)
		if (ends_in(context, &places->list[i]))
			return 1;
	return 0;
}

/* Index the forms that may stand in a section of this context. */
static int index_forms(struct smd_contexts *contexts, struct smd_context *context)
{
	smd_cleanup(free) const struct smd_form **forms =
		calloc(contexts->form_count + 1, sizeof(*forms));
	size_t count = 0;

	if (!forms)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < contexts->form_count; i++)
		if (form_applies(contexts, &contexts->forms[i], context))
			forms[count++] = &contexts->forms[i];
	return smd_form_index_init(&context->index, forms, count);
}

/* Finding */

int smd_context_find(const struct smd_context *context, const struct smd_words *words, size_t from,
		     unsigned ops, int beginning, struct smd_rule_match *match)
{
	const struct smd_form_lookup lookup = {words, from, ops, beginning, 1};

	return smd_form_index_find(&context->index, &lookup, match);
}

int smd_context_find_set(const struct smd_context *context, const struct smd_words *words,
			 size_t from, struct smd_rule_match *match)
{
	const struct smd_form_lookup lookup = {words, from, SMD_FORM_OPS_STATED, 0, 0};

	return smd_form_index_find(&context->index, &lookup, match);
}

int smd_context_complete(const struct smd_context *context, const struct smd_words *words,
			 struct smd_buffer *out)
{
	return smd_form_index_complete(&context->index, words, out);
}

/* Making */

static struct smd_context *context_new(struct smd_contexts *contexts, struct smd_context what)
{
	struct smd_context *context = malloc(sizeof(*context));

	if (!context)
		return NULL;
	*context = what;
	if (index_forms(contexts, context)) {
		smd_form_index_done(&context->index);
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
					     const struct smd_compiled_rule *section)
{
	struct smd_context *outer = (struct smd_context *)context, *inner;

	if (!section)
		return contexts->unknown;
	if (outer->section == section) /* the same rule within itself: same context */
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
	const struct smd_compiled_rule *compiled = smd_grammar_rules(grammar, &count);

	gathering->contexts->forms =
		calloc(count * FORMS_A_RULE + 1, sizeof(*gathering->contexts->forms));
	if (!gathering->contexts->forms)
		return smd_fail(gathering->error, SMD_E_NO_MEMORY, "no memory for a dialect");
	for (size_t i = 0; i < count; i++)
		add_forms(gathering, &compiled[i]);
	return gathering->err;
}

static int gather_places(struct smd_contexts *contexts, struct smd_arena *arena)
{
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(contexts->grammar, &count);
	int err = 0;

	contexts->sections = calloc(count + 1, sizeof(*contexts->sections));
	contexts->places = calloc(count + 1, sizeof(*contexts->places));
	if (!contexts->sections || !contexts->places)
		return SMD_E_NO_MEMORY;
	number_sections(contexts, compiled, count);
	for (size_t i = 0; i < count && !err; i++) {
		if (i && compiled[i].rule->within == compiled[i - 1].rule->within)
			contexts->places[i] = contexts->places[i - 1];
		else
			err = take_places(contexts, &compiled[i], arena, &contexts->places[i]);
	}
	return err;
}

/*
 * Whether the rule with these places may stand in the sections of `place` from step `from` on, as
 * far as both chains go.
 */
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

/* Whether a section of the step's line may stand within the steps that follow it. */
static int is_step(const struct smd_contexts *contexts, const struct place *place, uint8_t step)
{
	size_t count;
	const struct smd_compiled_rule *compiled = smd_grammar_rules(contexts->grammar, &count);

	if (!place->steps[step])
		return 0;
	for (size_t i = 0; i < count; i++) {
		const struct smd_rule *rule = compiled[i].rule;

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
	const struct smd_compiled_rule *compiled = smd_grammar_rules(contexts->grammar, &count);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < contexts->places[i].count; j++)
			for (uint8_t k = 0; k < contexts->places[i].list[j].count; k++)
				if (!is_step(contexts, &contexts->places[i].list[j], k))
					return smd_fail(error, SMD_E_INVALID,
							"rule \"%s\" of the dialect is within no "
							"section that there is: \"%s\"",
							compiled[i].rule->line,
							compiled[i].rule->within);
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
		smd_form_index_done(&context->index);
		free(context);
	}
	free(contexts->forms);
	free(contexts->sections);
	free(contexts->places);
	free(contexts);
}
