/* SPDX-License-Identifier: Apache-2.0 */
#include "core/load/part.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/versioned.h"

/* A member that must not be NULL: an operation or a string. */
struct need {
	const char *name;
	size_t offset;
};

#define NEED(type, member)                                                                         \
	{                                                                                          \
#member, offsetof(struct type, member)                                             \
	}

static const struct need option_needs[] = {NEED(smd_option, name), NEED(smd_option, help)};
static const struct need profile_needs[] = {NEED(smd_session_profile, channel),
					    NEED(smd_session_profile, protocol)};
static const struct need rule_needs[] = {NEED(smd_rule, line)};
static const struct need service_needs[] = {NEED(smd_service, name), NEED(smd_service, compose),
					    NEED(smd_service, discover)};
/* Members that talk to a device. A driver has none of them, or at least the first three. */
static const struct need stage_needs[] = {NEED(smd_driver, profile), NEED(smd_driver, fetch),
					  NEED(smd_driver, commit),  NEED(smd_driver, attach),
					  NEED(smd_driver, probe),   NEED(smd_driver, prepare),
					  NEED(smd_driver, confirm), NEED(smd_driver, persist),
					  NEED(smd_driver, abort),   NEED(smd_driver, rollback)};
#define STAGES_MANDATORY 3
static const struct need pure_needs[] = {NEED(smd_driver, parse), NEED(smd_driver, print),
					 NEED(smd_driver, render), NEED(smd_driver, simulate)};
static const struct need channel_needs[] = {NEED(smd_channel, open),
					    NEED(smd_channel, turn),
					    NEED(smd_channel, close),
					    NEED(smd_channel, stream_open),
					    NEED(smd_channel, stream_write),
					    NEED(smd_channel, stream_finish),
					    NEED(smd_channel, stream_close),
					    NEED(smd_channel, peer_key),
					    NEED(smd_channel, peer_fingerprint)};
static const struct need protocol_needs[] = {NEED(smd_protocol, open), NEED(smd_protocol, close),
					     NEED(smd_protocol, begin), NEED(smd_protocol, event),
					     NEED(smd_protocol, outstanding)};
static const struct need store_needs[] = {NEED(smd_store, open), NEED(smd_store, close),
					  NEED(smd_store, apply), NEED(smd_store, get),
					  NEED(smd_store, each)};
static const struct need check_needs[] = {
	NEED(smd_check, service),   NEED(smd_check, profile),        NEED(smd_check, open),
	NEED(smd_check, close),     NEED(smd_check, begin),          NEED(smd_check, ask),
	NEED(smd_check, on_answer), NEED(smd_check, on_unreachable), NEED(smd_check, judge)};

int smd_part_name_ok(const char *name)
{
	size_t length = strlen(name);

	return length && length <= SMD_PART_NAME && name[0] >= 'a' && name[0] <= 'z' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static int is_met(const void *from, const struct need *need)
{
	const void *pointer;

	memcpy(&pointer, (const char *)from + need->offset, sizeof(pointer));
	return pointer != NULL;
}

static int check_needs_of(const void *from, const struct need *needs, size_t count,
			  const char *what, struct smd_error *error)
{
	for (size_t i = 0; i < count; i++) {
		if (!is_met(from, &needs[i]))
			return smd_fail(error, SMD_E_INVALID, "%s lacks '%s', which is mandatory",
					what, needs[i].name);
	}
	return 0;
}

#define CHECK_NEEDS(from, needs, what, error)                                                      \
	check_needs_of(from, needs, SMD_COUNT(needs), what, error)

/* Copy an array of another build's element size, and check each element. */
static int take_array(void **out, size_t room, const void *from, size_t count, size_t size,
		      const struct need *needs, size_t need_count, const char *what,
		      struct smd_error *error)
{
	char *copy;

	if (!count)
		return 0;
	if (!from || !size)
		return smd_fail(error, SMD_E_INVALID,
				"%s: the array or its element size is missing", what);
	*out = copy = smd_versioned_array(room, from, count, size);
	if (!copy)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a part");
	for (size_t i = 0; i < count; i++) {
		int err = check_needs_of(copy + i * room, needs, need_count, what, error);

		if (err)
			return err;
	}
	return 0;
}

#define TAKE_ARRAY(out, from, count, size, needs, what, error)                                     \
	take_array((void **)&(out), sizeof(*(out)), from, count, size, needs, SMD_COUNT(needs),    \
		   what, error)

/*
 * Check ABI versions and name. The major comes first: with another one no other member may be
 * read.
 */
static int check_envelope(const struct smd_envelope *self, const char *name,
			  struct smd_error *error)
{
	if (self->abi_major != SMD_ABI_MAJOR) {
		smd_fail(error, SMD_E_UNSUPPORTED, "it is built for ABI %u, this program has %u",
			 self->abi_major, SMD_ABI_MAJOR);
		smd_error_hint(error, "build it again with the headers of this version");
		return SMD_E_UNSUPPORTED;
	}
	if (self->abi_minor > SMD_ABI_MINOR) { /* it may write members that we do not have */
		smd_fail(error, SMD_E_UNSUPPORTED,
			 "it is built for ABI %u.%u, this program has %u.%u", self->abi_major,
			 self->abi_minor, SMD_ABI_MAJOR, SMD_ABI_MINOR);
		smd_error_hint(error, "update this program, or build the part with its headers");
		return SMD_E_UNSUPPORTED;
	}
	if (self->size < sizeof(*self))
		return smd_fail(error, SMD_E_INVALID, "its size member says %zu bytes", self->size);
	if (!self->name || strcmp(self->name, name) != 0)
		return smd_fail(error, SMD_E_INVALID, "it calls itself '%s', not as its file",
				self->name ? self->name : "");
	if (!self->summary || !self->version)
		return smd_fail(error, SMD_E_INVALID, "it has no summary or no version");
	return 0;
}

static int take_options(struct smd_part *part, struct smd_envelope *self, struct smd_error *error)
{
	int err = TAKE_ARRAY(part->options, self->options, self->option_count, self->option_size,
			     option_needs, "an option", error);

	self->options = part->options;
	self->option_size = sizeof(*part->options);
	return err;
}

static int take_dialect(struct smd_part *part, struct smd_error *error)
{
	struct smd_dialect *dialect = &part->dialect;
	const struct smd_dialect *from = part->driver.dialect;
	int err;

	smd_versioned_take(dialect, sizeof(*dialect), from, from->size);
	err = TAKE_ARRAY(part->rules, dialect->rules, dialect->rule_count, dialect->rule_size,
			 rule_needs, "a rule of the dialect", error);
	dialect->size = sizeof(*dialect);
	dialect->rules = part->rules;
	dialect->rule_size = sizeof(*part->rules);
	part->driver.dialect = dialect;
	return err;
}

/* A driver without a session profile, which only knows the language, must not have any stage. */
static int check_stages(const struct smd_driver *driver, struct smd_error *error)
{
	int some = 0, err;

	for (size_t i = 0; i < SMD_COUNT(stage_needs); i++)
		some |= is_met(driver, &stage_needs[i]);
	if (!some)
		return 0;
	err = check_needs_of(driver, stage_needs, STAGES_MANDATORY, "the driver", error);
	if (err)
		smd_error_hint(error, "profile, fetch and commit go together, and with any other "
				      "stage; a driver that knows only the language has none");
	if (!err && driver->confirm && !driver->probe) {
		err = smd_fail(error, SMD_E_INVALID, "the driver has 'confirm', but lacks 'probe'");
		smd_error_hint(error, "before and behind a confirmation core asks whether a commit "
				      "waits for it");
	}
	return err;
}

static int take_profile(struct smd_part *part, struct smd_error *error)
{
	const struct smd_session_profile *from = part->driver.profile;

	if (!from)
		return 0;
	smd_versioned_take(&part->profile, sizeof(part->profile), from, from->size);
	part->driver.profile = &part->profile;
	return CHECK_NEEDS(&part->profile, profile_needs, "the session profile", error);
}

static int take_driver(struct smd_part *part, const struct smd_driver *from,
		       struct smd_error *error)
{
	struct smd_driver *driver = &part->driver;
	int err;

	smd_versioned_take(driver, sizeof(*driver), from, from->self.size);
	err = check_stages(driver, error);
	if (!err && !driver->dialect)
		err = CHECK_NEEDS(driver, pure_needs, "the driver", error);
	if (!err)
		err = take_options(part, &driver->self, error);
	if (!err && driver->dialect)
		err = take_dialect(part, error);
	if (!err)
		err = take_profile(part, error);
	if (!err)
		err = TAKE_ARRAY(part->services, driver->services, driver->service_count,
				 driver->service_size, service_needs, "a service", error);
	driver->services = part->services;
	driver->service_size = sizeof(*part->services);
	return err;
}

/* Copy and check the operations of one kind; `member` is the plugin's pointer to them. */
#define TAKE_OPS(part, member, needs, error)                                                       \
	({                                                                                         \
		struct smd_plugin *plugin_ = &(part)->plugin;                                      \
		int err_ = 0;                                                                      \
		if (!plugin_->member)                                                              \
			err_ = smd_fail(error, SMD_E_INVALID, "the plugin lacks '%s'", #member);   \
		if (!err_) {                                                                       \
			smd_versioned_take(&(part)->member, sizeof((part)->member),                \
					   plugin_->member, plugin_->ops_size);                    \
			plugin_->member = &(part)->member;                                         \
			err_ = CHECK_NEEDS(plugin_->member, needs, "the plugin", error);           \
		}                                                                                  \
		err_;                                                                              \
	})

static int take_plugin(struct smd_part *part, const struct smd_plugin *from,
		       struct smd_error *error)
{
	int err;

	smd_versioned_take(&part->plugin, sizeof(part->plugin), from, from->self.size);
	err = take_options(part, &part->plugin.self, error);
	if (!err)
		err = smd_settings_new(&part->plugin.self, NULL, 0, &part->settings, error);
	if (err)
		return err;
	switch (part->plugin.kind) {
	case SMD_PLUGIN_CHANNEL:
		return TAKE_OPS(part, channel, channel_needs, error);
	case SMD_PLUGIN_PROTOCOL:
		return TAKE_OPS(part, protocol, protocol_needs, error);
	case SMD_PLUGIN_STORE:
		return TAKE_OPS(part, store, store_needs, error);
	case SMD_PLUGIN_CHECK:
		return TAKE_OPS(part, check, check_needs, error);
	}
	return smd_fail(error, SMD_E_UNSUPPORTED, "the plugin is of kind %d, which is not known",
			(int)part->plugin.kind);
}

static int is_function(void *symbol)
{
	const ElfW(Sym) *entry = NULL;
	Dl_info info;

	return dladdr1(symbol, &info, (void **)&entry, RTLD_DL_SYMENT) && entry &&
	       ELF64_ST_TYPE(entry->st_info) == STT_FUNC;
}

/* Check and copy a declaration, which begins with its envelope. */
static int take_part(struct smd_part *part, const void *from, struct smd_error *error)
{
	int err = check_envelope(from, part->name, error);

	if (err)
		return err;
	return part->kind == SMD_PART_DRIVER ? take_driver(part, from, error)
					     : take_plugin(part, from, error);
}

static int read_part(struct smd_part *part, struct smd_error *error)
{
	static const char *const entries[] = {
		[SMD_PART_DRIVER] = "smd_driver_entry", [SMD_PART_PLUGIN] = "smd_plugin_entry"};
	const void *(*entry)(void);
	void *symbol = dlsym(part->handle, entries[part->kind]);
	const void *from;

	if (!symbol || !is_function(symbol))
		return smd_fail(error, SMD_E_INVALID, "it does not export a function '%s'",
				entries[part->kind]);
	/* Conversion from object to function pointer, as POSIX allows for dlsym() */
	memcpy(&entry, &symbol, sizeof(entry));
	from = entry();
	if (!from)
		return smd_fail(error, SMD_E_INVALID, "'%s' returns nothing", entries[part->kind]);
	return take_part(part, from, error);
}

/* Check owner and permissions: anyone who can write to the file could run code as us. */
static int is_safe(const char *path, struct smd_error *error)
{
	struct stat info;

	if (stat(path, &info))
		return smd_fail(error, SMD_E_IO, "cannot look at \"%s\": %s", path,
				strerror(errno));
	if ((info.st_uid == 0 || info.st_uid == geteuid()) && !(info.st_mode & 022))
		return 0;
	smd_fail(error, SMD_E_UNTRUSTED, "\"%s\" can be written by others: it is not loaded", path);
	smd_error_where(error, "%s", path);
	smd_error_hint(error, "it must belong to you or root, and only the owner may write to it");
	return SMD_E_UNTRUSTED;
}

/*
 * Is the shared object complete? The dynamic loader maps the sizes that the file declares, and
 * the process crashes if it is shorter.
 */
static int is_whole(const char *path, struct smd_error *error)
{
	/* O_NONBLOCK: do not wait for the other end of a FIFO. */
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ElfW(Ehdr) head = {0};
	struct stat info = {0};
	int good = file >= 0 && !fstat(file, &info) && S_ISREG(info.st_mode) &&
		   pread(file, &head, sizeof(head), 0) == sizeof(head) &&
		   !memcmp(head.e_ident, ELFMAG, SELFMAG) && head.e_type == ET_DYN &&
		   head.e_phentsize == sizeof(ElfW(Phdr));

	for (unsigned i = 0; good && i < head.e_phnum; i++) {
		ElfW(Phdr) part;
		off_t at = (off_t)(head.e_phoff + i * sizeof(part));

		good = pread(file, &part, sizeof(part), at) == sizeof(part) &&
		       (part.p_type != PT_LOAD ||
			part.p_offset + part.p_filesz <= (uint64_t)info.st_size);
	}
	if (file >= 0)
		close(file);
	return good ? 0 : smd_fail(error, SMD_E_INVALID, "it is no shared object, or not whole");
}

static int check_place(const char *path, struct smd_error *error)
{
	smd_cleanup(free) char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;
	int err;

	if (!slash)
		return smd_fail(error, SMD_E_NO_MEMORY, "no memory for a part");
	*slash = '\0';
	err = is_safe(folder, error);
	return err ? err : is_safe(path, error);
}

static int load_file(struct smd_part *part, const char *path, struct smd_error *error)
{
	int err = is_whole(path, error);

	if (!err) {
		part->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
		err = part->handle ? read_part(part, error)
				   : smd_fail(error, SMD_E_INVALID, "%s", dlerror());
	}
	if (!err)
		return 0;
	smd_error_prefix(error, "'%s' cannot be used", path);
	smd_error_where(error, "%s", path);
	if (!error || !error->hint[0])
		smd_error_hint(error, "remove it, or build it for this version of the interface");
	return err;
}

static struct smd_part *new_part(const char *path, enum smd_part_kind kind, const char *name,
				 struct smd_error *error)
{
	struct smd_part *part = calloc(1, sizeof(*part));

	if (part)
		part->file = strdup(path);
	if (!part || !part->file) {
		smd_part_free(part);
		smd_fail(error, SMD_E_NO_MEMORY, "no memory for a part");
		return NULL;
	}
	part->kind = kind;
	memccpy(part->name, name, '\0', SMD_PART_NAME);
	return part;
}

int smd_part_open(const char *path, enum smd_part_kind kind, const char *name,
		  struct smd_part **out, struct smd_error *error)
{
	smd_cleanup(smd_part_free) struct smd_part *part = new_part(path, kind, name, error);
	int err;

	if (!part)
		return SMD_E_NO_MEMORY;
	err = check_place(path, error);
	if (!err)
		err = load_file(part, path, error);
	if (!err)
		*out = smd_take(part);
	return err;
}

int smd_part_register(const struct smd_envelope *self, enum smd_part_kind kind,
		      struct smd_part **out, struct smd_error *error)
{
	const char *name = self->name ? self->name : "";
	smd_cleanup(smd_part_free) struct smd_part *part = NULL;
	int err;

	if (!smd_part_name_ok(name))
		return smd_fail(error, SMD_E_INVALID, "'%s' cannot be a part by its name", name);
	part = new_part("", kind, name, error);
	if (!part)
		return SMD_E_NO_MEMORY;
	err = take_part(part, self, error);
	if (!err)
		*out = smd_take(part);
	return err;
}

void smd_part_free(struct smd_part *part)
{
	if (!part)
		return;
	smd_settings_free(part->settings);
	smd_dialect_free(part->compiled);
	if (part->handle)
		dlclose(part->handle);
	free(part->file);
	free(part->options);
	free(part->rules);
	free(part->services);
	free(part);
}
