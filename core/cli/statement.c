/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cli/statement.h"

#include "core/cli/spread.h"

void smd_writer_done(struct smd_writer *writer)
{
	smd_shape_done(&writer->shape);
	smd_buffer_done(&writer->line);
	smd_buffer_done(&writer->other);
	smd_buffer_done(&writer->block);
}

struct smd_spot smd_spot_top(const struct smd_grammar *grammar, struct smd_tree *tree)
{
	return (struct smd_spot){.node = smd_tree_root(tree), .context = smd_grammar_top(grammar)};
}

void smd_spot_leave(const struct smd_spot *spot)
{
	if (spot->rule && spot->rule->flags & (SMD_RULE_STAYS | SMD_RULE_HOLLOW) &&
	    !smd_node_first(spot->node))
		smd_node_remove(spot->node);
}

static const struct smd_rule *rule_of(struct smd_grammar *grammar, const struct smd_node *section)
{
	const struct smd_context *context = smd_node_context(grammar, section->parent);
	struct smd_sight sight = {.line = {0}};
	const struct smd_rule *rule = NULL;

	if (context && !smd_sight_node(&sight, grammar, context, section))
		rule = smd_hit_rule(&sight.hit);
	smd_sight_done(&sight);
	return rule;
}

int smd_marks_drop(const struct smd_grammar *grammar, struct smd_node *section,
		   const struct smd_node *node)
{
	const struct smd_mark *mark = smd_grammar_dialect(grammar)->marks;
	struct smd_buffer text = {0};
	struct smd_span key;
	struct smd_parts parts = {.keys = &key, .key_count = 1};
	int err;

	if (!mark || !mark->word)
		return 0;
	smd_node_put_name(node, &text);
	err = text.failed ? SMD_E_NO_MEMORY : 0;
	key = (struct smd_span){text.bytes, text.used};
	for (; mark->word && !err; mark++) {
		const struct smd_node *there;

		parts.name = smd_span_of(mark->word);
		there = smd_parts_find(section, &parts);
		if (there)
			smd_node_remove((struct smd_node *)there);
	}
	smd_buffer_done(&text);
	return err;
}

void smd_section_leave(struct smd_grammar *grammar, struct smd_node *section)
{
	while (section->parent && !smd_node_first(section)) {
		const struct smd_rule *rule = rule_of(grammar, section);
		struct smd_node *outer = section->parent;

		if (!rule || !(rule->flags & (SMD_RULE_STAYS | SMD_RULE_HOLLOW)))
			break;
		smd_marks_drop(grammar, outer, section);
		smd_node_remove(section);
		section = outer;
	}
}

static int failed(struct smd_writer *writer, int err, size_t number)
{
	if (err == SMD_E_INVALID)
		smd_fail(writer->error, err, "line %zu is nested deeper than %d levels", number,
			 SMD_TREE_DEPTH);
	else
		smd_fail(writer->error, err, "no memory for a configuration");
	smd_error_where(writer->error, "line %zu", number);
	return err;
}

/* One statement, in the section where it stands. */
struct put {
	struct smd_writer *writer;
	struct smd_spot spot;
	size_t number;
	int holds;
	int list;       /* the value is one of several */
	unsigned flags; /* of the node */
	struct smd_source *source;
};

/* The section that the node opens: of a rule, or unknown. */
static int open_inner(struct put *put, struct smd_node *node, const struct smd_known *known,
		      struct smd_spot *inner)
{
	inner->node = node;
	inner->rule = known ? known->rule : NULL;
	inner->line = put->number;
	inner->context = smd_grammar_enter(put->writer->grammar, put->spot.context, known);
	return inner->context ? 0 : failed(put->writer, SMD_E_NO_MEMORY, put->number);
}

/* A line that was spelled anew may be of another rule than it seemed. */
static int open_respelled(struct put *put, struct smd_node *node, struct smd_spot *inner)
{
	struct smd_sight sight = {.line = {0}};
	const struct smd_known *known = NULL;
	int err = smd_sight_node(&sight, put->writer->grammar, put->spot.context, node);

	if (!err && smd_rule_is_section(smd_hit_rule(&sight.hit)))
		known = sight.hit.form->known;
	smd_sight_done(&sight);
	return err ? failed(put->writer, err, put->number) : open_inner(put, node, known, inner);
}

static int put_shape(struct put *put, struct smd_node **node)
{
	struct smd_shape *shape = &put->writer->shape;
	/* what has a path is there once */
	size_t since = smd_grammar_paths(put->writer->grammar) ? SIZE_MAX : put->spot.line;
	int err;

	shape->parts.line = put->number > UINT32_MAX ? 0 : (uint32_t)put->number;
	shape->parts.flags |= put->flags;
	err = smd_shape_put(put->spot.node, shape, since, node);
	return err ? failed(put->writer, err, put->number) : 0;
}

/* A line that stands for several sections. */
struct spread {
	struct put *put;
	struct smd_spot *inner; /* of that whose turn it is, if they have lines in them */
	size_t turn;
};

static int put_one(void *arg, struct smd_span line, size_t left)
{
	struct spread *spread = arg;
	struct put *put = spread->put;
	int err;

	if (put->holds && spread->turn++ < put->writer->turn)
		return 0;
	if (put->holds && spread->turn - 1 > put->writer->turn)
		return 0;
	err = smd_statement_put(put->writer, &put->spot, line, put->number, put->holds, NULL,
				spread->inner);
	if (err)
		return err;
	spread->inner->left = left;
	if (!put->holds)
		smd_spot_leave(spread->inner);
	return 0;
}

/* `vlan 10,20-22` is a section for each. 1: it is none of that. */
static int put_spread(struct put *put, struct smd_spot *inner)
{
	struct spread spread = {put, inner, 0};
	struct smd_span line = smd_words_rest(&put->writer->words, 0);
	int err = smd_spread_each(put->writer->grammar, put->spot.context, line, put_one, &spread);

	if (!err && !put->holds)
		*inner = (struct smd_spot){.node = NULL};
	return err;
}

/* Of two lines that make each other go, the last counts. */
static int drop_rivals(struct put *put, struct smd_span line)
{
	struct smd_writer *writer = put->writer;
	struct smd_sight sight = {.line = {0}};
	struct smd_dropper dropper, other;
	const struct smd_node *next;
	struct smd_words own;
	int err = 0;

	smd_dropper_init(&dropper, &writer->hit);
	smd_words_split(&own, line, smd_grammar_dialect(writer->grammar)->quotes);
	for (const struct smd_node *node = smd_node_first(put->spot.node); node && !err;
	     node = next) {
		next = node->next;
		err = smd_sight_node(&sight, writer->grammar, put->spot.context, node);
		smd_dropper_init(&other, &sight.hit);
		if (!err && other.known != dropper.known &&
		    smd_dropper_drops(&dropper, &sight.words) && smd_dropper_drops(&other, &own))
			smd_node_remove((struct smd_node *)node);
	}
	smd_sight_done(&sight);
	return err ? failed(writer, err, put->number) : 0;
}

static int put_block(struct put *put)
{
	int err = smd_block_gather(put->writer, put->number, put->source);
	struct smd_node *node;

	if (err)
		return err;
	smd_shape_block(&put->writer->shape,
			(struct smd_span){put->writer->block.bytes, put->writer->block.used});
	return put_shape(put, &node);
}

/* Put the words from `from` on by the hit; `*inner` is where it holds more. */
static int put_hit(struct put *put, size_t from, struct smd_spot *inner)
{
	struct smd_writer *writer = put->writer;
	const struct smd_rule *rule = smd_hit_rule(&writer->hit);
	struct smd_node *node;
	int err, respelled;

	if (rule && rule->kind == SMD_RULE_BLOCK) /* what it holds is for it to say */
		put->holds = 0;
	if (smd_hit_is_dropper(&writer->hit)) {
		err = drop_rivals(put, smd_words_rest(&writer->words, from));
		if (err)
			return err;
	}
	if (rule && rule->kind == SMD_RULE_DEFAULT && !put->holds)
		return smd_default_enter(writer, &put->spot, &writer->words, from);
	if (smd_hit_is_spread(&writer->hit)) {
		err = put_spread(put, inner);
		if (err <= 0)
			return err;
	}
	err = smd_shape_line(&writer->shape, writer->grammar, &writer->hit, &writer->words, from,
			     put->holds);
	if (err)
		return failed(writer, err, put->number);
	if (rule && rule->kind == SMD_RULE_BLOCK && !put->holds)
		return put_block(put);
	if (writer->shape.parts.kind == SMD_SET) {
		err = smd_numbers_enter(put->spot.node, &writer->shape, writer->hit.form, 0);
		return err ? failed(writer, err, put->number) : 0;
	}
	respelled = writer->shape.bytes.used > 0;
	err = put_shape(put, &node);
	if (err || !smd_node_holds(node))
		return err;
	if (respelled && smd_rule_is_section(rule))
		return open_respelled(put, node, inner);
	return open_inner(put, node, smd_rule_is_section(rule) ? writer->hit.form->known : NULL,
			  inner);
}

/* Paths */

static int misplaced_mark(struct smd_writer *writer, const struct smd_mark *mark, size_t number)
{
	smd_fail(writer->error, SMD_E_INVALID,
		 "line %zu: \"%s\" stands in the middle of a statement", number, mark->word);
	smd_error_where(writer->error, "line %zu", number);
	return SMD_E_INVALID;
}

/* A word that no rule knows is a section of its own. */
static int put_word(struct put *put, size_t at, struct smd_spot *inner)
{
	const struct smd_mark *mark =
		smd_grammar_mark(put->writer->grammar, put->writer->words.at[at]);
	struct smd_shape *shape = &put->writer->shape;
	struct smd_node *node;
	int err;

	if (mark)
		return misplaced_mark(put->writer, mark, put->number);
	shape->parts = (struct smd_parts){.kind = SMD_SECTION, .name = put->writer->words.at[at]};
	err = put_shape(put, &node);
	if (err || !smd_node_holds(node))
		return err;
	return open_inner(put, node, NULL, inner);
}

/* May the hit be used here? */
static int is_fit(const struct put *put, const struct smd_hit *hit, size_t from)
{
	const struct smd_rule *rule = smd_hit_rule(hit);

	if (!rule)
		return 0;
	if (rule->kind == SMD_RULE_SECTION || rule->kind == SMD_RULE_DEFAULT)
		return 1;
	return !put->holds && !(put->list && rule->kind == SMD_RULE_VALUE &&
				from + hit->match.taken == put->writer->words.count);
}

/* Where the statement ends: at the first word that would say nothing on a line of its own. */
static size_t find_end(const struct smd_writer *writer, size_t from)
{
	while (from < writer->words.count &&
	       !smd_grammar_drops(writer->grammar, writer->words.at[from]))
		from++;
	return from;
}

static int put_steps(struct put *put, size_t from, struct smd_spot *inner)
{
	struct smd_writer *writer = put->writer;
	size_t end = find_end(writer, from);
	int holds = put->holds, err = 0;

	while (from < end && !err) {
		size_t taken = 1;
		int more, fit;

		smd_context_find(put->spot.context, &writer->words, from, SMD_DEEDS_SAID, 1,
				 &writer->hit);
		fit = is_fit(put, &writer->hit, from);
		if (fit)
			taken = writer->hit.match.taken;
		more = from + taken < end;
		put->flags = more ? SMD_NODE_INLINE : 0;
		put->holds = holds && !more;
		*inner = (struct smd_spot){.node = NULL};
		err = fit ? put_hit(put, from, inner) : put_word(put, from, inner);
		if (inner->node)
			put->spot = *inner;
		from += taken;
		put->holds = holds;
	}
	return err;
}

/* What is said about a node stands beside it, under its text. */
static int put_mark(struct put *put, const struct smd_mark *mark, struct smd_span text)
{
	struct smd_shape *shape = &put->writer->shape;
	struct smd_node *node;

	shape->keys[0] = text;
	shape->parts = (struct smd_parts){.kind = SMD_MEMBER,
					  .name = smd_span_of(mark->word),
					  .keys = shape->keys,
					  .key_count = 1};
	put->flags = 0;
	return put_shape(put, &node);
}

/* Put each mark of the set, a bit for each of the table. */
static int put_marks(struct put *put, unsigned marks, struct smd_span text)
{
	const struct smd_mark *mark = smd_grammar_dialect(put->writer->grammar)->marks;
	int err = 0;

	for (; marks && !err; marks >>= 1, mark++)
		if (marks & 1)
			err = put_mark(put, mark, text);
	return err;
}

static int put_path(struct put *put, size_t from, struct smd_spot *inner)
{
	struct smd_writer *writer = put->writer;
	const struct smd_mark *mark;
	const struct smd_node *last;
	struct smd_spot outer;
	unsigned marks = 0;
	int err;

	for (; from < writer->words.count; from++) {
		mark = smd_grammar_mark(writer->grammar, writer->words.at[from]);
		if (!mark)
			break;
		marks |= 1u << (mark - smd_grammar_dialect(writer->grammar)->marks);
	}
	err = put_steps(put, from, inner);
	if (err || !marks)
		return err;
	outer = put->spot;
	last = inner->node ? inner->node : outer.node->children ? outer.node->children->last : NULL;
	if (!last || !last->parent)
		return 0;
	writer->other.used = 0;
	smd_node_put_name(last, &writer->other);
	if (writer->other.failed)
		return failed(writer, SMD_E_NO_MEMORY, put->number);
	put->spot.node = last->parent;
	return put_marks(put, marks, (struct smd_span){writer->other.bytes, writer->other.used});
}

/* Do the words hold brackets in any way but `name [ a b ]`? */
static int is_broken_list(const struct smd_words *words, size_t bracket, int holds)
{
	size_t open = 0, close = 0;

	for (size_t i = 0; i < words->count; i++) {
		open += smd_span_is(words->at[i], "[");
		close += smd_span_is(words->at[i], "]");
	}
	if (!open && !close)
		return 0;
	if (words->count == SMD_WORDS) /* the rest stands in the last one */
		return holds || !bracket || open != 1;
	return holds || !bracket || open != 1 || close != 1 || bracket + 2 >= words->count ||
	       !smd_span_is(words->at[words->count - 1], "]");
}

static int broken_list(struct smd_writer *writer, size_t number)
{
	smd_fail(writer->error, SMD_E_INVALID, "line %zu: a bracket is not that of a list", number);
	smd_error_where(writer->error, "line %zu", number);
	return SMD_E_INVALID;
}

/* Index of the word `[`; the number of words if there is none. */
static size_t find_list(const struct smd_words *words)
{
	size_t at = 0;

	while (at < words->count && !smd_span_is(words->at[at], "["))
		at++;
	return at;
}

/* `name [ a b ]` is `name a` and `name b`. */
static int put_list(struct put *put, struct smd_span line, size_t bracket, struct smd_spot *inner)
{
	struct smd_writer *writer = put->writer;
	struct smd_span left = smd_words_rest(&writer->words, bracket), word;
	size_t before = (size_t)(left.at - line.at);
	int err = 0;

	smd_span_word(&left);
	put->list = 1;
	while (!err && (word = smd_span_quoted_word(&left)).length && !smd_span_is(word, "]")) {
		struct put one = *put;

		writer->line.used = 0;
		smd_buffer_put(&writer->line, line.at, before);
		smd_buffer_put(&writer->line, word.at, word.length);
		if (writer->line.failed)
			return failed(writer, SMD_E_NO_MEMORY, put->number);
		smd_words_split(&writer->words,
				(struct smd_span){writer->line.bytes, writer->line.used}, 1);
		err = put_path(&one, 0, inner);
	}
	return err;
}

/* The node that a line would make, or is; NULL: it is not there. */
static struct smd_node *find_said(struct smd_writer *writer, const struct smd_spot *spot,
				  struct smd_span line)
{
	const struct smd_parts plain = {.name = line};
	const struct smd_node *node = smd_parts_find(spot->node, &plain);
	struct smd_words words;

	if (node)
		return (struct smd_node *)node;
	smd_words_split(&words, line, 0);
	if (!smd_context_find(spot->context, &words, 0, SMD_DEED_ENTER, 0, &writer->hit) ||
	    smd_shape_line(&writer->shape, writer->grammar, &writer->hit, &words, 0, 0))
		return NULL;
	return (struct smd_node *)smd_shape_find(spot->node, &writer->shape);
}

/* What a line takes away by its rule's way of removal; NULL: nothing. */
static struct smd_node *find_removed(struct smd_writer *writer, const struct smd_spot *spot,
				     struct smd_span line)
{
	smd_words_split(&writer->words, line, 0);
	if (!smd_context_find(spot->context, &writer->words, 0, SMD_DEED_REMOVE, 0, &writer->hit) ||
	    smd_shape_removal(&writer->shape, writer->grammar, &writer->hit, &writer->words))
		return NULL;
	return (struct smd_node *)smd_shape_find(spot->node, &writer->shape);
}

/* The line that says that another is not there, by its rule or by the negation. */
static int put_negation(struct smd_writer *writer, const struct smd_spot *spot,
			struct smd_span line, int by_rule)
{
	struct smd_filling filling = {.line = line, .outer = {"", 0}};
	const struct smd_rule *rule;

	writer->other.used = 0;
	if (!by_rule) {
		smd_buffer_puts(&writer->other, smd_grammar_dialect(writer->grammar)->negation);
		smd_buffer_byte(&writer->other, ' ');
		smd_buffer_put(&writer->other, line.at, line.length);
		return !writer->other.failed;
	}
	smd_words_split(&writer->words, line, 0);
	smd_context_find(spot->context, &writer->words, 0, SMD_DEED_ENTER, 0, &writer->hit);
	rule = smd_hit_rule(&writer->hit);
	if (!rule || !rule->negate ||
	    smd_shape_line(&writer->shape, writer->grammar, &writer->hit, &writer->words, 0, 0))
		return 0;
	smd_hit_filling(&writer->hit, &filling);
	filling.name = writer->shape.parts.name;
	smd_template_fill(smd_span_of(rule->negate), &filling, &writer->other);
	return !writer->other.failed;
}

/* X and `no X` do not go together: the last one counts. */
static int contradict(struct smd_writer *writer, struct smd_spot *spot, struct smd_span line)
{
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	struct smd_node *node = NULL;

	if (positive.length) {
		spot->negates = 1;
		node = find_removed(writer, spot, line);
		if (!node)
			node = find_said(writer, spot, positive);
	}
	for (int by_rule = 0; !positive.length && spot->negates && by_rule < 2 && !node; by_rule++)
		if (put_negation(writer, spot, line, by_rule))
			node = find_said(
				writer, spot,
				(struct smd_span){writer->other.bytes, writer->other.used});
	if (writer->other.failed)
		return smd_fail(writer->error, SMD_E_NO_MEMORY, "no memory for a configuration");
	if (node && !smd_node_holds(node) && node->kind != SMD_SET)
		smd_node_remove(node);
	return 0;
}

int smd_path_open(struct smd_writer *writer, const struct smd_spot *spot, struct smd_span line,
		  size_t number, struct smd_spot *inner, struct smd_span *left)
{
	struct put put = {writer, *spot, number, 1, 0, 0, NULL};
	size_t from = 0;
	int err = 0;

	smd_words_split(&writer->words, smd_grammar_unquote(writer->grammar, line, &writer->other),
			1);
	*inner = *spot;
	if (is_broken_list(&writer->words, find_list(&writer->words), 1))
		return broken_list(writer, number);
	while (from < writer->words.count && !err) {
		if (!smd_context_find(put.spot.context, &writer->words, from, SMD_DEED_ENTER, 1,
				      &writer->hit) ||
		    !smd_rule_is_section(smd_hit_rule(&writer->hit)))
			break;
		put.flags =
			from + writer->hit.match.taken < writer->words.count ? SMD_NODE_INLINE : 0;
		from += writer->hit.match.taken;
		err = put_hit(&put, from - writer->hit.match.taken, inner);
		put.spot = *inner;
	}
	*left = smd_words_rest(&writer->words, from);
	return err;
}

/* A line that takes one of several away. */
struct taking {
	struct smd_writer *writer;
	struct smd_spot *spot;
	size_t number;
};

static int put_taking(void *arg, struct smd_span positive, size_t left)
{
	const struct taking *taking = arg;
	struct smd_buffer line = {0};
	struct smd_spot inner;
	int err;

	(void)left;
	smd_buffer_puts(&line, smd_grammar_dialect(taking->writer->grammar)->negation);
	smd_buffer_byte(&line, ' ');
	smd_buffer_put(&line, positive.at, positive.length);
	err = line.failed ? failed(taking->writer, SMD_E_NO_MEMORY, taking->number)
			  : smd_statement_put(taking->writer, taking->spot,
					      (struct smd_span){line.bytes, line.used},
					      taking->number, 0, NULL, &inner);
	smd_buffer_done(&line);
	return err;
}

/* `no vlan 10,20` is a line for each. 1: it is none of that. */
static int put_takings(struct smd_writer *writer, struct smd_spot *spot, struct smd_span line,
		       size_t number)
{
	struct smd_span positive = smd_grammar_positive(writer->grammar, line);
	struct taking taking = {writer, spot, number};

	return positive.length ? smd_spread_each(writer->grammar, spot->context, positive,
						 put_taking, &taking)
			       : 1;
}

int smd_statement_put(struct smd_writer *writer, struct smd_spot *spot, struct smd_span line,
		      size_t number, int holds, struct smd_source *source, struct smd_spot *inner)
{
	struct put put = {writer, *spot, number, holds, 0, 0, source};
	int quotes = smd_grammar_dialect(writer->grammar)->quotes, err;
	size_t bracket;

	*inner = (struct smd_spot){.node = NULL};
	if (quotes)
		line = smd_grammar_unquote(writer->grammar, line, &writer->other);
	if (!smd_grammar_paths(writer->grammar)) {
		err = holds ? 1 : put_takings(writer, spot, line, number);
		if (err <= 0)
			return err;
		err = holds ? 0 : contradict(writer, spot, line);
		if (err)
			return err;
		smd_words_split(&writer->words, line, quotes);
		smd_context_find(spot->context, &writer->words, 0, SMD_DEEDS_SAID, 0, &writer->hit);
		return put_hit(&put, 0, inner);
	}
	smd_words_split(&writer->words, line, quotes);
	bracket = smd_grammar_dialect(writer->grammar)->family == SMD_FAMILY_BRACED
			  ? find_list(&writer->words)
			  : 0;
	if (smd_grammar_dialect(writer->grammar)->family == SMD_FAMILY_BRACED &&
	    is_broken_list(&writer->words, bracket, holds))
		return broken_list(writer, number);
	if (bracket && bracket < writer->words.count && !holds) {
		struct smd_buffer kept = {0};

		/* the line may lie in a buffer that putting a mark uses */
		smd_buffer_put(&kept, line.at, line.length);
		if (kept.failed)
			return failed(writer, SMD_E_NO_MEMORY, number);
		line = (struct smd_span){kept.bytes, kept.used};
		smd_words_split(&writer->words, line, quotes);
		err = put_list(&put, line, bracket, inner);
		smd_buffer_done(&kept);
		return err;
	}
	return put_path(&put, 0, inner);
}
