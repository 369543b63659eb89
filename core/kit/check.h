/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the kit: the state of a running check, and how it reports. */
#ifndef SMD_KIT_CHECK_H
#define SMD_KIT_CHECK_H

#include "core/kit/golden.h"
#include "core/kit/kit.h"
#include "core/kit/prng.h"

#define SMD_KIT_WHERE 128

/*
 * goldens  The golden cases; empty if the check does not ask for them.
 * unread   Some golden cases could not be read; bench.error has the reason.
 * where    What the check is doing now; the parent reports it after a crash.
 * failed   Number of failed assertions; only the first is reported.
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
	const char *what; /* one line for users */
	enum smd_kit_need need;
	void (*run)(struct smd_kit *kit);
};

/* Assert a condition; the first one that is false is reported. Returns the condition. */
int smd_kit_hold(struct smd_kit *kit, int condition, const char *format, ...) SMD_PRINTF(3, 4);
/* Report that the check cannot be made, and why. */
void smd_kit_skip(struct smd_kit *kit, const char *format, ...) SMD_PRINTF(2, 3);
void smd_kit_at(struct smd_kit *kit, const char *format, ...) SMD_PRINTF(2, 3);
/* Add details to the first failed assertion; ignored for later ones. */
void smd_kit_show_text(struct smd_kit *kit, const char *title, const struct smd_text *text);
void smd_kit_show_tree(struct smd_kit *kit, const char *title, const struct smd_tree *tree);
/* The folder that contains the driver's testdata/ and README.md. The caller's; NULL: not found. */
char *smd_kit_home(const struct smd_kit_spec *spec);

/* The checks (declare.c, laws.c, fuzz.c, stages.c). */
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
/* Check law 1 on one tree, for checks that make their own trees. */
void smd_check_law_1(struct smd_kit *kit, const char *where, const struct smd_tree *tree);

/*
 * Run a check in this process. The result is the caller's; NULL: no memory. `where` has room
 * for SMD_KIT_WHERE bytes.
 */
cJSON *smd_kit_judge(const struct smd_kit_spec *spec, const struct smd_kit_check *check,
		     char *where);
/* Run a check in a child process (child.c). */
cJSON *smd_kit_judge_in_child(const struct smd_kit_spec *spec, const struct smd_kit_check *check);
/* Make a result; `detail_take` may be NULL. */
cJSON *smd_kit_result(const struct smd_kit_check *check, const char *state, const char *message,
		      cJSON *detail_take);

#endif
