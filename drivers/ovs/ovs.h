/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Inside the Open vSwitch driver. Its tree:
 *
 *   /bridge[BRIDGE]/port[PORT]            every port of a bridge, in the order of names
 *       /tag = NUMBER   /trunks = SET   /vlan_mode = WORD   /cvlans = SET
 *   /fault[PORT][INTERFACE]/error = TEXT  only when a fetch asked for `/fault`
 *
 * The leaves and sets are the columns of the table Port in ovs-vswitchd.conf.db(5).
 * An empty column is no node. Faults are what the switch reports about its
 * interfaces, no configuration, and so no ordinary fetch reads them.
 */
#ifndef SMD_DRIVERS_OVS_H
#define SMD_DRIVERS_OVS_H

#include <smartdeploy/driver.h>

#define SMD_OVS_VLAN_MAX 4095u /* the largest number that the database takes */
#define SMD_OVS_RESERVED 4095u /* IEEE 802.1Q, table 9-2: carries no frame, so it parks a port */
/* A command is one argument of the login shell: 128 kB on Linux (MAX_ARG_STRLEN). */
#define SMD_OVS_COMMAND_MAX 120000u

/* `sent` belongs to the stages, which run one at a time; all else never changes. */
struct smd_ovs {
	char *bridge;
	char *command;     /* `ovs-vsctl` with its global options, quoted for a shell */
	uint32_t deadline; /* of a command, in milliseconds */
	struct smd_exchange sent;
};

/* How a port treats VLANs; without vlan_mode it follows from the tag. */
enum smd_ovs_mode {
	SMD_OVS_ACCESS,
	SMD_OVS_TRUNK,
	SMD_OVS_NATIVE_TAGGED,
	SMD_OVS_NATIVE_UNTAGGED,
	SMD_OVS_TUNNEL
};

/* parse.c, print.c: the JSON of `ovs-vsctl --format=json list`, one document a table. */
int smd_ovs_parse(void *state, const struct smd_text *text, struct smd_tree **out,
		  struct smd_error *error);
int smd_ovs_print(void *state, const struct smd_tree *tree, struct smd_text *out,
		  struct smd_error *error);

/* render.c: changes as lines, each a command of ovs-vsctl, its words quoted for a shell. */
int smd_ovs_render(void *state, const struct smd_changes *changes, struct smd_text *payload,
		   struct smd_error *error);

/* simulate.c: the effect of those lines on the tree. */
int smd_ovs_simulate(void *state, struct smd_tree *tree, const struct smd_text *payload,
		     smd_step_fn on_step, void *arg, struct smd_error *error);

/* service.c */
enum smd_ovs_mode smd_ovs_mode(const struct smd_node *port);
int smd_ovs_safe(void *state, const struct smd_tree *before, const struct smd_tree *now,
		 struct smd_error *error);
int smd_ovs_compose(void *state, const struct smd_tree *part, const struct smd_tree *running,
		    struct smd_tree *slice, struct smd_error *error);
int smd_ovs_discover(void *state, const struct smd_tree *running, struct smd_tree *found,
		     struct smd_error *error);
int smd_ovs_ports(void *state, const struct smd_tree *running, struct smd_tree *found,
		  struct smd_error *error);

/* words.c */
#define SMD_OVS_WORDS 8
struct smd_ovs_words {
	size_t count;
	char *word[SMD_OVS_WORDS]; /* in `memory` */
	char *memory;
};

/*
 * Split a line as a POSIX shell would (XCU 2.2). Knows blanks, single quotes and the backslash, and
 * refuses whatever else means something to a shell.
 */
int smd_ovs_words_split(struct smd_ovs_words *words, const char *line, struct smd_error *error);
void smd_ovs_words_done(struct smd_ovs_words *words);
/* The word quoted for a shell. The caller frees it; NULL: no memory. */
char *smd_ovs_quote(const char *word);
/* Read a number from 0 to SMD_OVS_VLAN_MAX; the text must be nothing else. */
int smd_ovs_vlan(const char *text, uint32_t *vlan);
int smd_ovs_mode_known(const char *word);

#endif
