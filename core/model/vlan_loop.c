/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Active links are added one by one to a forest (union-find). The first link between two
 * devices that are connected already closes a loop: it and the path between them.
 */
#include <stdio.h>
#include <string.h>

#include "core/model/link_end.h"
#include "core/model/path.h"

/* Flags of a link. */
enum { A_CARRIES = 1, B_CARRIES = 2, IN_FOREST = 4 };

struct judge {
	const struct smd_topology *topology;
	struct smd_link_ends ends; /* sorted by device */
	uint8_t *links;
	size_t *root;      /* union-find: parent of a device, by the index of its first link end */
	const char **read; /* devices that were read, sorted */
	size_t read_count;
};

static void smd_cleanup_judge(struct judge *judge)
{
	smd_link_ends_done(&judge->ends);
	free(judge->links);
	free(judge->root);
	free(judge->read);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int judge_init(struct judge *judge, const char *const *read, size_t read_count)
{
	judge->links = calloc(judge->topology->link_count + 1, 1);
	judge->read = calloc(read_count + 1, sizeof(*judge->read));
	if (!judge->links || !judge->read || smd_link_ends_init(&judge->ends, judge->topology))
		return SMD_E_NO_MEMORY;
	judge->root = calloc(judge->ends.count + 1, sizeof(*judge->root));
	if (!judge->root)
		return SMD_E_NO_MEMORY;
	for (size_t i = 0; i < judge->ends.count; i++)
		judge->root[i] = i;
	if (read_count)
		memcpy(judge->read, read, read_count * sizeof(*read));
	judge->read_count = read_count;
	qsort(judge->read, read_count, sizeof(*read), by_text);
	return 0;
}

static int was_read(const struct judge *judge, const char *device)
{
	return bsearch(&device, judge->read, judge->read_count, sizeof(*judge->read), by_text) !=
	       NULL;
}

static void mark_carriers(struct judge *judge, const struct smd_port *ports, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct smd_link_end *end =
			smd_link_ends_find(&judge->ends, ports[i].device, ports[i].port);

		if (end)
			judge->links[end->link] |=
				strcmp(end->device, judge->topology->links[end->link].a_device)
					? B_CARRIES
					: A_CARRIES;
	}
}

static int is_active(const struct judge *judge, size_t index)
{
	const struct smd_link *link = &judge->topology->links[index];
	unsigned carries = judge->links[index] & (A_CARRIES | B_CARRIES);

	if (carries == A_CARRIES)
		return !was_read(judge, link->b_device);
	if (carries == B_CARRIES)
		return !was_read(judge, link->a_device);
	return carries != 0;
}

/* The number of a device: the index of its first link end. */
static size_t number_of(const struct judge *judge, const char *device)
{
	size_t low = 0, high = judge->ends.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(judge->ends.items[middle].device, device) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t root_of(struct judge *judge, size_t number)
{
	while (judge->root[number] != number)
		number = judge->root[number] = judge->root[judge->root[number]];
	return number;
}

/*
 * Remove leaves from the forest until only the path between the two devices of the closing link
 * is left. Quadratic at worst, but done only once, for the error message.
 */
static void keep_loop(struct judge *judge)
{
	int changed = 1;

	while (changed) {
		changed = 0;
		for (size_t first = 0, next; first < judge->ends.count; first = next) {
			size_t degree = 0, only = 0;

			for (next = first;
			     next < judge->ends.count && !strcmp(judge->ends.items[next].device,
								 judge->ends.items[first].device);
			     next++) {
				if (!(judge->links[judge->ends.items[next].link] & IN_FOREST))
					continue;
				only = judge->ends.items[next].link;
				degree++;
			}
			if (degree == 1) {
				judge->links[only] &= (uint8_t)~IN_FOREST;
				changed = 1;
			}
		}
	}
}

static int found_loop(struct judge *judge, uint16_t vlan, struct smd_error *error)
{
	char names[SMD_ERROR_MESSAGE] = "";
	size_t used = 0;

	keep_loop(judge);
	for (size_t i = 0; i < judge->topology->link_count && used < sizeof(names); i++) {
		const struct smd_link *link = &judge->topology->links[i];

		if (judge->links[i] & IN_FOREST)
			used += (size_t)snprintf(names + used, sizeof(names) - used,
						 "%s%s %s - %s %s", used ? ", " : "",
						 link->a_device, link->a_port, link->b_device,
						 link->b_port);
	}
	smd_fail(error, SMD_E_UNSAFE, "VLAN %u would loop over the links %s", vlan, names);
	smd_error_hint(error, "take the VLAN off one of these links first");
	return SMD_E_UNSAFE;
}

int smd_loop_check(const struct smd_topology *topology, uint16_t vlan, const struct smd_port *ports,
		   size_t port_count, const char *const *read, size_t read_count,
		   struct smd_error *error)
{
	smd_cleanup(judge) struct judge judge = {.topology = topology};

	if (judge_init(&judge, read, read_count))
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory to look for loops");
	mark_carriers(&judge, ports, port_count);
	for (size_t i = 0; i < topology->link_count; i++) {
		const struct smd_link *link = &topology->links[i];
		size_t a, b;

		if (!is_active(&judge, i))
			continue;
		a = root_of(&judge, number_of(&judge, link->a_device));
		b = root_of(&judge, number_of(&judge, link->b_device));
		judge.links[i] |= IN_FOREST;
		if (a == b)
			return found_loop(&judge, vlan, error);
		judge.root[a] = b;
	}
	return 0;
}
