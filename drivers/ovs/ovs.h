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

/*
 * The first three members never change. The others belong to the stages, which run one at a time.
 *
 * marker       The bridge's marker as it was last read or written; NULL: the bridge has none.
 * marker_known False: the marker has to be read before the next commit.
 * next         Marker that the command on its way writes; NULL: none is on its way.
 * doubtful     Marker of a commit that may have acted or not; NULL: there is none.
 */
struct smd_ovs {
	char *bridge;
	char *command;     /* `ovs-vsctl` with its global options, quoted for a shell */
	uint32_t deadline; /* of a command, in milliseconds */
	struct smd_exchange sent;
	char *marker;
	int marker_known;
	char *next;
	char *doubtful;
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

/* render.c: changes as lines, see struct smd_ovs_line; their words are quoted for a shell. */
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
#define SMD_OVS_WORDS 16
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

/*
 * guard.c: what must still be so when a line acts.
 *
 * A line of the payload is a command of ovs-vsctl, behind a guard where its column was not named by
 * a line before:
 *
 *     wait-until Port NAME CONDITION... -- COMMAND Port NAME ...
 *
 * A condition is a column, an operator of ovs-vsctl(8) and a value: tag=7, trunks!=[],
 * trunks{not-in}100-102.
 */
struct smd_ovs_line {
	struct smd_ovs_words words; /* of the whole line */
	char *const *condition;     /* into `words` */
	size_t condition_count;     /* 0: there is no guard */
	char *const *command;
	size_t command_count;
};

/* Read a line. Call smd_ovs_line_done in any case. */
int smd_ovs_line_read(struct smd_ovs_line *line, const char *text, struct smd_error *error);
void smd_ovs_line_done(struct smd_ovs_line *line);
/*
 * Make the conditions of a change of a port's column, quoted, each with a blank in front. The
 * caller frees them; NULL: no memory. `to` is the port in the tree we go to.
 */
char *smd_ovs_conditions(const struct smd_change *change, const struct smd_node *to);
/* Is the condition true of this port? SMD_E_CONFLICT with what is there instead; or bad syntax. */
int smd_ovs_condition_holds(const struct smd_node *port, const char *condition,
			    struct smd_error *error);
/* Check the guards of all lines of a payload against a tree. Errors as above. */
int smd_ovs_guards_hold(const struct smd_tree *tree, const struct smd_text *payload,
			struct smd_error *error);
/* The port of that name on any bridge of the tree, or NULL. */
const struct smd_node *smd_ovs_port(const struct smd_tree *tree, const char *name);

/*
 * marker.c: the value of external_ids:smartdeploy of the bridge. It changes with every commit and
 * abort and never has a value twice, so that a command that waits for an old one is void for ever.
 * It reads TAG.NUMBER.BEFORE: the deployment, a random number, and the number of the marker that it
 * replaced, or "none", or "any" if it replaced whatever there was.
 */
#define SMD_OVS_MARKER_KEY "smartdeploy"

/*
 * Read the marker from the output of smd_ovs_fetch_command. The caller frees `marker`; NULL: the
 * bridge has none. SMD_E_INVALID if the output does not tell.
 */
int smd_ovs_marker_read(const struct smd_text *output, const char *bridge, char **marker);
/* A new marker in place of `before`; "": in place of any. The caller frees it; NULL on failure. */
char *smd_ovs_marker_make(const char *tag, const char *before);
/* Was `marker` written in place of `before`, with no other marker between them? */
int smd_ovs_marker_follows(const char *marker, const char *before);

/*
 * command.c: what is sent, quoted for a shell. The caller frees the result; NULL: no memory, or,
 * where there is an `error`, what it says.
 */
char *smd_ovs_fetch_command(const struct smd_ovs *ovs, int faults);
/* The payload, void unless the marker is ovs->marker; the marker becomes ovs->next. */
char *smd_ovs_commit_command(const struct smd_ovs *ovs, const struct smd_text *payload,
			     struct smd_error *error);
/* Set the marker to ovs->next, whatever it is. With `read`, print what a fetch does before. */
char *smd_ovs_withdraw_command(const struct smd_ovs *ovs, int read);
/* Bytes of a commit of that payload at most, if the marker is one of ours; 0: no memory. */
size_t smd_ovs_commit_size(const struct smd_ovs *ovs, const struct smd_text *payload);

#endif
