/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the kit: a check in progress, and what it may say. */
#ifndef SMD_KIT_CHECK_H
#define SMD_KIT_CHECK_H

#include "core/kit/golden.h"
#include "core/kit/kit.h"
#include "core/kit/prng.h"

#define SMD_KIT_WHERE 128

/*
 * goldens  Empty unless the check asks for them.
 * unread   Not all of them could be read; bench.error says why.
 * where    What is being done; whoever tells of a crash reads it.
 * failed   How many things did not hold; only the first is told.
 */
struct smd_kit {
	const struct smd_kit_spec *spec;
	struct smd_bench bench;
	struct smd_goldens goldens;
	int unread;
	struct smd_prng prng;
	char *where;
	unsigned failed;
	int skipped;
	char message[SMD_ERROR_MESSAGE];
	cJSON *detail;
};

enum smd_kit_need { SMD_KIT_DRIVER, SMD_KIT_GOLDENS };

struct smd_kit_check {
	const char *name;
	const char *what; /* for people */
	enum smd_kit_need need;
	void (*run)(struct smd_kit *kit);
};

/* Returns `condition`; where it does not hold, that is told. */
int smd_kit_hold(struct smd_kit *kit, int condition, const char *format, ...) SMD_PRINTF(3, 4);
/* The check cannot be made, for this reason. */
void smd_kit_skip(struct smd_kit *kit, const char *format, ...) SMD_PRINTF(2, 3);
void smd_kit_at(struct smd_kit *kit, const char *format, ...) SMD_PRINTF(2, 3);
/* More about what did not hold first; for later ones nothing. */
void smd_kit_show_text(struct smd_kit *kit, const char *title, const struct smd_text *text);
void smd_kit_show_tree(struct smd_kit *kit, const char *title, const struct smd_tree *tree);
/* The folder that the golden cases and the page are beside, the caller's; NULL: none. */
char *smd_kit_home(const struct smd_kit_spec *spec);

/* What is checked (declare.c, laws.c, fuzz.c, stages.c). */
void smd_check_envelope(struct smd_kit *kit);
void smd_check_options(struct smd_kit *kit);
void smd_check_page(struct smd_kit *kit);
void smd_check_golden(struct smd_kit *kit);
void smd_check_laws(struct smd_kit *kit);
void smd_check_mutations(struct smd_kit *kit);
void smd_check_safe(struct smd_kit *kit);
void smd_check_damage(struct smd_kit *kit);
void smd_check_fuzz(struct smd_kit *kit);
void smd_check_stages(struct smd_kit *kit);
/* Law 1 on one tree, for checks that have made it. */
void smd_check_law_1(struct smd_kit *kit, const char *where, const struct smd_tree *tree);

/*
 * Make the check in this process. The result is the caller's; NULL: no memory.
 * `where` has room for SMD_KIT_WHERE.
 */
cJSON *smd_kit_judge(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
		     char *where);
/* Make it in a child (child.c). */
cJSON *smd_kit_judge_in_child(const struct smd_kit_spec *spec, const struct smd_kit_check *check);
/* A result; `detail_take` may be NULL. */
cJSON *smd_kit_result(const struct smd_kit_check *check, const char *state, const char *message,
		      cJSON *detail_take);

#endif
