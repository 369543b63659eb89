/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scripted device for tests of protocols: it waits for the text that it must be told, then
 * gives the text of the script. Its bytes reach the protocol in the pieces that the test wants.
 */
#ifndef SMD_TESTS_WIRE_H
#define SMD_TESTS_WIRE_H

#include <dlfcn.h>
#include <smartdeploy/plugin.h>
#include <stdio.h>

#include "test.h"

/* Wait until `told` has been typed, then give bytes. */
struct wire_step {
	const char *told;
	const char *give;
};

struct wire {
	struct smd_wire ops;
	char typed[1 << 16]; /* everything written, all streams together */
	size_t typed_size, heard;
	enum smd_stream_kind kind;
	char command[256];
	int streams, finished, closed;
};

static inline int wire_open(struct smd_wire *ops, enum smd_stream_kind kind, const char *command)
{
	struct wire *wire = (struct wire *)ops;

	wire->kind = kind;
	snprintf(wire->command, sizeof(wire->command), "%s", command ? command : "");
	return wire->streams++;
}

static inline void wire_write(struct smd_wire *ops, int stream, const char *bytes, size_t size)
{
	struct wire *wire = (struct wire *)ops;

	(void)stream;
	if (size > sizeof(wire->typed) - wire->typed_size)
		abort();
	memcpy(wire->typed + wire->typed_size, bytes, size);
	wire->typed_size += size;
}

static inline void wire_finish(struct smd_wire *ops, int stream)
{
	(void)stream;
	((struct wire *)ops)->finished++;
}

static inline void wire_close(struct smd_wire *ops, int stream)
{
	(void)stream;
	((struct wire *)ops)->closed++;
}

static inline void wire_init(struct wire *wire)
{
	memset(wire, 0, sizeof(*wire));
	wire->ops = (struct smd_wire){wire_open, wire_write, wire_finish, wire_close};
}

/* Has the next step's text been typed? If so, it is used up. */
static inline int wire_heard(struct wire *wire, const char *told)
{
	size_t size = strlen(told);

	if (wire->typed_size - wire->heard < size ||
	    memcmp(wire->typed + wire->heard, told, size) != 0)
		return 0;
	wire->heard += size;
	return 1;
}

/* A reply with room for 200 exchanges. */
struct wire_reply {
	struct smd_reply reply;
	size_t first[201];
};

static inline void wire_reply_init(struct wire_reply *to)
{
	memset(to, 0, sizeof(*to));
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&to->reply.out, 0), 0);
	CU_ASSERT_EQUAL_FATAL(smd_text_new(&to->reply.err, 0), 0);
	to->reply.first = to->first;
}

static inline void wire_reply_done(struct wire_reply *to)
{
	smd_text_free(to->reply.out);
	smd_text_free(to->reply.err);
}

static inline const struct smd_protocol *wire_protocol(const char *name)
{
	const struct smd_plugin *(*entry)(void) = NULL;
	char path[512];
	void *part;

	snprintf(path, sizeof(path), "%s/%s.so", SMD_PLUGIN_DIR, name);
	part = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!part)
		fprintf(stderr, "%s\n", dlerror());
	CU_ASSERT_PTR_NOT_NULL_FATAL(part);
	*(void **)&entry = dlsym(part, "smd_plugin_entry");
	CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
	CU_ASSERT_STRING_EQUAL_FATAL(entry()->self.name, name);
	CU_ASSERT_EQUAL_FATAL(entry()->kind, SMD_PLUGIN_PROTOCOL);
	CU_ASSERT_EQUAL_FATAL(entry()->ops_size, sizeof(struct smd_protocol));
	return entry()->protocol;
}

#endif
