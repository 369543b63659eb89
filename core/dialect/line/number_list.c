/* SPDX-License-Identifier: Apache-2.0 */
#include "core/dialect/line/number_list.h"

#include "core/tree/set_ops.h"

/* The list of the line node's name, added if there is none; a node of another kind is replaced. */
static int list_of(struct smd_node *section, const struct smd_line_node *line_node,
		   struct smd_node **out)
{
	int err = smd_parts_add(section, &line_node->parts, out);

	if (err != SMD_E_EXISTS)
		return err;
	if ((*out)->kind == SMD_SET)
		return 0;
	smd_node_remove(*out);
	return smd_parts_add(section, &line_node->parts, out);
}

/* Remove numbers from a list. A missing REQUIRED list means all: it becomes all but these. */
static int take_numbers(struct smd_node *section, const struct smd_line_node *line_node,
			const struct smd_rule *rule)
{
	const struct smd_numbers_form *form = rule->numbers;
	const struct smd_node *there = smd_line_node_find(section, line_node);
	struct smd_node *list;
	int err;

	if (!there && !(rule->flags & SMD_RULE_REQUIRED && form && form->last))
		return 0;
	err = list_of(section, line_node, &list);
	if (!err && !there)
		err = smd_set_add(&list->numbers->set, form->first, form->last);
	if (!err)
		err = smd_set_remove_all(&list->numbers->set, &line_node->numbers);
	if (!err && !list->numbers->set.count && !(form && form->none))
		smd_node_remove(list);
	return err;
}

static int replace_numbers(struct smd_node *section, const struct smd_line_node *line_node,
			   const struct smd_form *form)
{
	const struct smd_numbers_form *ways = form->compiled->rule->numbers;
	struct smd_node *list;
	int err = list_of(section, line_node, &list);

	if (err)
		return err;
	if (form->op != SMD_FORM_SET || (ways && ways->add))
		smd_set_done(&list->numbers->set);
	if (form->op == SMD_FORM_NO_NUMBERS)
		return 0;
	if (form->op != SMD_FORM_ALL_EXCEPT)
		return smd_set_add_all(&list->numbers->set, &line_node->numbers);
	err = smd_set_add(&list->numbers->set, ways->first, ways->last);
	return err ? err : smd_set_remove_all(&list->numbers->set, &line_node->numbers);
}

int smd_numbers_enter(struct smd_node *section, const struct smd_line_node *line_node,
		      const struct smd_form *form, int device)
{
	const struct smd_rule *rule = form->compiled->rule;
	const struct smd_node *there = smd_line_node_find(section, line_node);
	struct smd_node *list;
	int err;

	switch (form->op) {
	case SMD_FORM_ALL_NUMBERS:
		if (there)
			smd_node_remove((struct smd_node *)there);
		return 0;
	case SMD_FORM_REMOVE_NUMBERS:
		return take_numbers(section, line_node, rule);
	case SMD_FORM_ADD_NUMBERS:
		if (device && !there && rule->flags & SMD_RULE_REQUIRED)
			return 0; /* no list means all numbers */
		err = list_of(section, line_node, &list);
		return err ? err : smd_set_add_all(&list->numbers->set, &line_node->numbers);
	default:
		return replace_numbers(section, line_node, form);
	}
}
