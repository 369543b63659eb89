/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/prefilter/chunk_head.h"

#include "core/dialect/edit/statement.h"
#include "core/dialect/line/expand.h"
#include "core/dialect/line/refs.h"

int smd_chunk_head_read(struct smd_chunk_head *head, struct smd_span raw)
{
	const struct smd_dialect *dialect = smd_grammar_dialect(head->grammar);
	int err = 0;

	head->match.form = NULL;
	head->line = smd_span_trim(raw);
	if (dialect->cut || !smd_words_take(&head->words, head->line)) {
		head->line = smd_line_clean(head->line, dialect->squeeze, &head->clean, &err);
		head->line = smd_grammar_cut(head->grammar, head->line);
		smd_words_split(&head->words, head->line, 0);
	}
	return !err && head->line.length && !smd_grammar_ignores(head->grammar, head->line);
}

int smd_chunk_head_match(struct smd_chunk_head *head, const struct smd_context *context,
			 struct smd_span raw)
{
	return smd_chunk_head_read(head, raw) &&
	       smd_context_find(context, &head->words, 0, SMD_FORM_OPS_STATED, 0, &head->match);
}

int smd_chunk_head_match_line(struct smd_chunk_head *head, const struct smd_context *context,
			      struct smd_span line, unsigned ops)
{
	head->line = line;
	smd_words_split(&head->words, line, 0);
	return smd_context_find(context, &head->words, 0, ops, 0, &head->match);
}

uint64_t smd_identity_of(struct smd_span name, const struct smd_span *keys, size_t count)
{
	uint64_t identity = smd_hash_wide(name.at, name.length);

	for (size_t i = 0; i < count; i++)
		identity = smd_hash_wide_join(identity, smd_hash_wide(keys[i].at, keys[i].length));
	return identity ? identity : 1;
}

uint64_t smd_chunk_head_identity(struct smd_chunk_head *head)
{
	const struct smd_parts *parts = &head->line_node.parts;

	if (smd_line_node_read(&head->line_node, head->grammar, &head->match, &head->words, 0, 0))
		return 0;
	return smd_identity_of(parts->name, parts->keys, parts->key_count);
}

int smd_chunk_head_respelled(const struct smd_chunk_head *head)
{
	return head->line_node.bytes.used > 0;
}

/* Fill what the templates of the matched rule need. */
static int fill_names(struct smd_chunk_head *head, struct smd_span enclosing_key,
		      struct smd_filling *filling)
{
	filling->line = filling->name = (struct smd_span){"", 0};
	filling->enclosing_key = enclosing_key;
	if (smd_refs_room(&head->kept, head->line.length))
		return SMD_E_NO_MEMORY;
	smd_refs_fill(head->grammar, &head->match, &head->kept, filling);
	return 0;
}

static uint32_t hash_name(struct smd_chunk_head *head, struct smd_span template,
			  const struct smd_filling *filling)
{
	head->name.used = 0;
	smd_template_fill(template, filling, &head->name);
	return smd_hash(head->name.bytes, head->name.used);
}

uint32_t smd_chunk_head_defines(struct smd_chunk_head *head, struct smd_span enclosing_key)
{
	const char *defines = smd_match_rule(&head->match)->defines;
	struct smd_filling filling;
	struct smd_span list;

	if (!defines || !*defines || fill_names(head, enclosing_key, &filling))
		return 0;
	list = smd_span_of(defines);
	return hash_name(head, smd_list_cut(&list, ';'), &filling) | 1;
}

int smd_chunk_head_uses(struct smd_chunk_head *head, struct smd_span enclosing_key,
			smd_chunk_head_use_fn each, void *arg)
{
	const char *uses = smd_match_rule(&head->match)->uses;
	struct smd_span list = smd_span_of(uses ? uses : "");
	struct smd_filling filling;
	int err = list.length ? fill_names(head, enclosing_key, &filling) : 0;

	while (list.length && !err)
		err = each(arg, hash_name(head, smd_list_cut(&list, ';'), &filling));
	return err;
}

int smd_chunk_head_is_plain(const struct smd_chunk_head *head)
{
	return !smd_match_invalidates(&head->match) && smd_chunk_head_stays(head);
}

int smd_chunk_head_stays(const struct smd_chunk_head *head)
{
	const struct smd_compiled_rule *compiled = head->match.form->compiled;

	return head->match.form->op == SMD_FORM_SET && !compiled->has_rivals && compiled->negated &&
	       !smd_match_is_expanded(&head->match) &&
	       !smd_grammar_positive(head->grammar, head->line).length;
}

void smd_chunk_head_done(struct smd_chunk_head *head)
{
	smd_line_node_done(&head->line_node);
	smd_buffer_done(&head->clean);
	smd_buffer_done(&head->name);
	smd_buffer_done(&head->kept);
}
