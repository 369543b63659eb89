/* SPDX-License-Identifier: Apache-2.0 */
/* Lines that are entered section by section. */
#include "core/cli/device.h"

/* What a line is to the section that takes it. */
struct deed {
	struct smd_hit hit;
	struct smd_words words;
	size_t level;
	int negated; /* the words are what the line negates */
	struct smd_numbering *numbering;
};

static int find_form(struct smd_device *device, struct deed *deed, struct smd_span line)
{
	const struct smd_spot *spot = &device->levels[deed->level];
	unsigned places = SMD_DEED_PLACE | SMD_DEED_LEAVE;

	deed->negated = 0;
	smd_words_split(&deed->words, line, 0);
	deed->numbering = smd_numbering_of(device, spot->node);
	if (deed->numbering &&
	    smd_context_find(spot->context, &deed->words, 0, places, 0, &deed->hit))
		return 1;
	deed->numbering = NULL;
	return smd_context_find(spot->context, &deed->words, 0,
				SMD_DEEDS_ALL & ~(places | SMD_DEED_ENTER), 0, &deed->hit) ||
	       smd_context_find(spot->context, &deed->words, 0, SMD_DEED_ENTER, 0, &deed->hit);
}

static int find_negated(struct smd_device *device, struct deed *deed, struct smd_span positive)
{
	smd_words_split(&deed->words, positive, 0);
	deed->negated = 1;
	return positive.length && smd_context_find(device->levels[deed->level].context,
						   &deed->words, 0, SMD_DEED_ENTER, 0, &deed->hit);
}

/* Who takes the line: the section, or else what is above it, as far as the grammar is known. */
static void find_taker(struct smd_device *device, struct smd_span line, struct deed *deed)
{
	struct smd_span positive = smd_grammar_positive(device->writer.grammar, line);

	for (deed->level = device->depth - 1;; deed->level--) {
		if (find_form(device, deed, line) || find_negated(device, deed, positive))
			return;
		if (!deed->level || !smd_context_known(device->levels[deed->level].context))
			break;
	}
	deed->level = device->depth - 1;
	deed->hit.form = NULL;
	deed->negated = positive.length > 0;
	smd_words_split(&deed->words, deed->negated ? positive : line, 0);
}

static int leave_to(struct smd_device *device, size_t depth)
{
	int err = 0;

	while (device->depth > depth && !err)
		err = smd_device_leave(device);
	return err;
}

/* The node of a line, or of its negation, by its own text. */
static const struct smd_node *find_text(const struct smd_spot *spot, struct smd_span text)
{
	const struct smd_parts parts = {.name = text};

	return smd_parts_find(spot->node, &parts);
}

/* `no X` stands there as a line of its own, and X takes it back. 1: so it was. */
static int takes_back(struct smd_device *device, const struct smd_spot *spot, struct smd_span line)
{
	struct smd_buffer *other = &device->writer.other;
	const struct smd_node *node;

	other->used = 0;
	smd_buffer_puts(other, smd_grammar_dialect(device->writer.grammar)->negation);
	smd_buffer_byte(other, ' ');
	smd_buffer_put(other, line.at, line.length);
	if (other->failed)
		return smd_device_out_of_memory(device);
	node = find_text(spot, (struct smd_span){other->bytes, other->used});
	if (!node)
		return 0;
	smd_node_remove((struct smd_node *)node);
	return 1;
}

/* Entering */

static int open_section(struct smd_device *device, const struct smd_spot *inner)
{
	if (device->depth > SMD_TREE_DEPTH)
		return smd_fail(device->error, SMD_E_INVALID, "sections are nested too deeply");
	device->levels[device->depth++] = *inner;
	return 0;
}

/* What the line sets, before it is entered; NULL: nothing that counts. */
static const struct smd_node *node_before(struct smd_device *device, const struct deed *deed)
{
	struct smd_shape *shape = &device->writer.shape;

	if (!deed->hit.form ||
	    smd_shape_line(shape, device->writer.grammar, &deed->hit, &deed->words, 0, 0))
		return NULL;
	return smd_shape_find(smd_device_spot(device)->node, shape);
}

/* Does the line give the node, which stands there, another value? */
static int revalues(const struct smd_device *device, const struct smd_node *before)
{
	struct smd_span value = device->writer.shape.parts.value;

	return before && smd_node_valued(before) &&
	       !smd_span_same(value,
			      (struct smd_span){before->value->bytes, before->value->length});
}

static int enter_line(struct smd_device *device, struct deed *deed, struct smd_span line,
		      int deeper)
{
	const struct smd_known *known = deed->hit.form ? deed->hit.form->known : NULL;
	struct smd_spot spot = *smd_device_spot(device), inner;
	const struct smd_node *before = node_before(device, deed), *after;
	int changes = revalues(device, before), err = 0;

	if (changes)
		err = smd_device_tell(device, SMD_EVENT_LEAVING, spot.node, spot.context, before);
	if (!err)
		err = smd_statement_put(&device->writer, &spot, line, device->line + 1, deeper,
					&device->source, &inner);
	if (err)
		return err;
	after = inner.node ? inner.node : node_before(device, deed);
	changes |= after && after != before;
	if (changes && after)
		err = smd_device_tell(device, SMD_EVENT_ADDED, spot.node, spot.context, after);
	if (!err && changes && known && known->drop_count)
		err = smd_device_drop(device, &spot, known);
	return !err && inner.node ? open_section(device, &inner) : err;
}

/* Removing */

/* Negating what is not there: the negation itself is what the device keeps. */
static int keep_negation(struct smd_device *device, struct smd_span line)
{
	const struct smd_parts parts = {.kind = SMD_MEMBER, .name = line};
	int err = smd_parts_add(smd_device_spot(device)->node, &parts, NULL);

	return err && err != SMD_E_EXISTS ? smd_device_out_of_memory(device) : 0;
}

static int remove_line(struct smd_device *device, const struct deed *deed, struct smd_span line)
{
	const struct smd_rule *rule = smd_hit_rule(&deed->hit);
	struct smd_span positive = smd_words_rest(&deed->words, 0);
	int found, err;

	if (rule && rule->kind == SMD_RULE_SECTION && rule->flags & SMD_RULE_STAYS)
		return smd_fail(device->error, SMD_E_INVALID, "the device does not remove \"%.*s\"",
				(int)positive.length, positive.at);
	err = smd_device_take_out(device, smd_device_spot(device), &deed->hit, &deed->words, 0,
				  &found);
	if (!err && found && rule && deed->hit.form->known->drop_count)
		err = smd_device_drop(device, smd_device_spot(device), deed->hit.form->known);
	return err || found ? err : keep_negation(device, line);
}

static int remove_by_form(struct smd_device *device, const struct deed *deed, struct smd_span line)
{
	int found, err = smd_device_remove_by_form(device, smd_device_spot(device), &deed->hit,
						   &deed->words, &found);

	if (!err && found && deed->hit.form->known->drop_count)
		err = smd_device_drop(device, smd_device_spot(device), deed->hit.form->known);
	return found || err ? err : keep_negation(device, line);
}

/* Doing */

static int enter_numbers(struct smd_device *device, const struct deed *deed)
{
	struct smd_spot *spot = smd_device_spot(device);
	struct smd_shape *shape = &device->writer.shape;
	const struct smd_node *before;

	if (smd_shape_line(shape, device->writer.grammar, &deed->hit, &deed->words, 0, 0))
		return smd_device_out_of_memory(device);
	before = smd_shape_find(spot->node, shape);
	if (smd_numbers_enter(spot->node, shape, deed->hit.form, 1))
		return smd_device_out_of_memory(device);
	if (before && !smd_shape_find(spot->node, shape))
		return smd_device_tell(device, SMD_EVENT_REMOVED, spot->node, spot->context,
				       before);
	return 0;
}

static int do_deed(struct smd_device *device, struct deed *deed, struct smd_span line, int deeper)
{
	const struct smd_rule *rule = smd_hit_rule(&deed->hit);

	if (deed->negated && !deeper)
		return remove_line(device, deed, line);
	if (!rule || deed->negated || deed->hit.form->deed == SMD_DEED_ENTER)
		return rule && rule->kind == SMD_RULE_NUMBERS && !deed->negated && !deeper
			       ? enter_numbers(device, deed)
			       : enter_line(device, deed, line, deeper);
	switch (deed->hit.form->deed) {
	case SMD_DEED_REMOVE:
		return remove_by_form(device, deed, line);
	case SMD_DEED_RENUMBER:
		return smd_numbering_begin(device, &deed->hit);
	case SMD_DEED_PLACE:
		return smd_numbering_place(device, deed->numbering, smd_device_spot(device),
					   &deed->hit);
	case SMD_DEED_LEAVE:
		return smd_numbering_leave(device, deed->numbering, smd_device_spot(device),
					   &deed->hit);
	default:
		return enter_numbers(device, deed);
	}
}

int smd_device_take_line(struct smd_device *device, struct smd_span line, int deeper)
{
	struct deed deed;
	int took_back, err;

	find_taker(device, line, &deed);
	err = leave_to(device, deed.level + 1);
	if (err)
		return err;
	took_back = takes_back(device, smd_device_spot(device), line);
	if (took_back)
		return took_back < 0 ? took_back : 0;
	return do_deed(device, &deed, line, deeper);
}
