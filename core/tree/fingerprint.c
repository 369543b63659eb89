/* SPDX-License-Identifier: Apache-2.0 */
/* The encoding is in tree.h. Digests of children wait on a stack until their parent is hashed. */
#include "core/base/cleanup.h"
#include "core/base/hash.h"
#include "core/tree/buffer.h"
#include "core/tree/order.h"

#define ENCODING_VERSION 1

struct hasher {
	struct smd_hasher *sha256;
	struct smd_buffer encoded;
	struct smd_buffer digests; /* the stack */
};

static void put_string(struct smd_buffer *out, const struct smd_string *string)
{
	smd_buffer_u32(out, string->length);
	smd_buffer_put(out, string->bytes, string->length);
}

static void put_content(struct smd_buffer *out, const struct smd_node *node)
{
	const struct smd_set *set = smd_node_set(node);

	smd_buffer_byte(out, ENCODING_VERSION);
	smd_buffer_byte(out, node->kind);
	smd_buffer_byte(out, node->ordered);
	put_string(out, node->name);
	smd_buffer_u32(out, node->key_count);
	for (size_t i = 0; i < node->key_count; i++)
		put_string(out, smd_node_key_string(node, i));
	if (smd_node_valued(node) && !(node->flags & SMD_NODE_MASKED))
		put_string(out, node->value);
	else
		smd_buffer_u32(out, 0);
	smd_buffer_u32(out, set ? (uint32_t)set->count : 0);
	for (size_t i = 0; set && i < set->count; i++) {
		smd_buffer_u32(out, set->ranges[i].first);
		smd_buffer_u32(out, set->ranges[i].last);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, SMD_FINGERPRINT_SIZE);
}

static int digest_node(struct hasher *hasher, const struct smd_node *node,
		       uint8_t out[SMD_FINGERPRINT_SIZE]);

static int push_digest(struct hasher *hasher, const struct smd_node *node)
{
	uint8_t digest[SMD_FINGERPRINT_SIZE];
	int err = digest_node(hasher, node, digest);

	if (!err)
		smd_buffer_put(&hasher->digests, digest, sizeof(digest));
	return err;
}

static int push_ordered(struct hasher *hasher, const struct smd_node *node)
{
	smd_cleanup(free) struct smd_placed *ordered = NULL;
	size_t count;
	int err = smd_order_collect(node, &ordered, &count);

	for (size_t i = 0; i < count && !err; i++)
		err = push_digest(hasher, ordered[i].node);
	return err;
}

/* Push the digests of all children in the order in which they are hashed. */
static int push_children(struct hasher *hasher, const struct smd_node *node)
{
	const struct smd_children *children = smd_node_children(node);
	size_t base = hasher->digests.used;
	int err = 0;

	if (!children)
		return 0;
	for (const struct smd_node *child = children->first; child && !err; child = child->next)
		if (!child->ordered)
			err = push_digest(hasher, child);
	if (!err && !hasher->digests.failed && hasher->digests.used > base)
		qsort(hasher->digests.bytes + base,
		      (hasher->digests.used - base) / SMD_FINGERPRINT_SIZE, SMD_FINGERPRINT_SIZE,
		      by_bytes);
	return err ? err : push_ordered(hasher, node);
}

static int digest_node(struct hasher *hasher, const struct smd_node *node,
		       uint8_t out[SMD_FINGERPRINT_SIZE])
{
	const struct smd_children *children = smd_node_children(node);
	struct smd_buffer *encoded = &hasher->encoded, *digests = &hasher->digests;
	size_t base = digests->used;
	struct smd_span parts[2];
	int err = push_children(hasher, node);

	if (err)
		return err;
	encoded->used = 0;
	put_content(encoded, node);
	smd_buffer_u32(encoded, children ? children->count : 0);
	if (encoded->failed || digests->failed)
		return SMD_E_NO_MEMORY;
	parts[0] = (struct smd_span){encoded->bytes, encoded->used};
	parts[1] = (struct smd_span){digests->bytes + base, digests->used - base};
	err = smd_hasher_digest(hasher->sha256, parts, digests->used > base ? 2 : 1, out);
	digests->used = base;
	return err;
}

int smd_node_fingerprint(const struct smd_node *node, uint8_t out[SMD_FINGERPRINT_SIZE])
{
	struct hasher hasher = {.sha256 = NULL};
	int err = smd_hasher_new(&hasher.sha256);

	if (!err)
		err = digest_node(&hasher, node, out);
	smd_buffer_done(&hasher.encoded);
	smd_buffer_done(&hasher.digests);
	smd_hasher_free(hasher.sha256);
	return err;
}
