/* SPDX-License-Identifier: Apache-2.0 */
#include "bad/part.h"
#include "compiled.h"
#include "core/load/loader.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

#define PARTS SMD_BUILD_DIR "/tests/parts"

static struct smd_loader *loader_of(const char *folder)
{
	struct smd_loader *loader = NULL;

	CU_ASSERT_EQUAL_FATAL(smd_loader_new(folder, &loader), 0);
	return loader;
}

static void refused(const char *name, enum smd_err code, const char *words)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error = {0};

	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, name, &error));
	CU_ASSERT_EQUAL(error.code, code);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, words));
	if (!strstr(error.message, words))
		printf("%s: %s\n", name, error.message);
	smd_loader_free(loader);
}

/* A driver's file that is a FIFO is refused, and nobody waits for its other end. */
static void fifo_is_refused(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error = {0};
	char folder[] = "/tmp/smd-load-XXXXXX", file[64];

	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/fifo.so", folder);
	CU_ASSERT_EQUAL_FATAL(mkfifo(file, 0600), 0);
	CU_ASSERT_PTR_NULL(smd_loader_driver_at(loader, file, &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "no shared object"));
	smd_loader_free(loader);
	unlink(file);
	rmdir(folder);
}

static void bad_parts_are_refused(void)
{
	char newer[64];

	snprintf(newer, sizeof(newer), "built for ABI 1.%u, this program has 1.%u",
		 SMD_ABI_MINOR + 1, SMD_ABI_MINOR);
	refused("otherabi", SMD_E_UNSUPPORTED, "built for ABI 2, this program has 1");
	refused("newer", SMD_E_UNSUPPORTED, newer);
	refused("nosymbol", SMD_E_INVALID, "does not export a function 'smd_driver_entry'");
	refused("wrongname", SMD_E_INVALID, "calls itself 'another'");
	refused("nocommit", SMD_E_INVALID, "lacks 'commit'");
	refused("noprofile", SMD_E_INVALID, "lacks 'profile'");
	refused("noparse", SMD_E_INVALID, "lacks 'parse'");
	refused("notelf", SMD_E_INVALID, "notelf.so");
	fifo_is_refused();
}

static void an_unknown_name_lists_the_known(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;

	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "ios-xr", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(error.message, "there is no driver 'ios-xr'");
	CU_ASSERT_STRING_EQUAL(error.hint,
			       "there are: language, newer, nocommit, noparse, noprofile, "
			       "nosymbol, notelf, older, otherabi, wrongname");
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "../drivers/older", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "older", NULL) ? NULL : "not loaded");
	smd_loader_free(loader);

	loader = loader_of("/nonexistent");
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "ovs", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.hint, "/nonexistent/drivers"));
	smd_loader_free(loader);
}

static void an_older_part_is_read_to_its_end(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;
	const struct smd_driver *driver = smd_loader_driver(loader, "older", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_PTR_NOT_NULL(driver->commit);
	CU_ASSERT_PTR_NULL(driver->confirm);
	CU_ASSERT_PTR_NULL(driver->rollback);
	CU_ASSERT_EQUAL(driver->self.option_size, sizeof(struct smd_option));
	CU_ASSERT_STRING_EQUAL(driver->self.options[1].name, "speed");
	CU_ASSERT_EQUAL(driver->self.options[1].maximum, 9);
	CU_ASSERT_EQUAL(driver->self.options[1].secret, 0);
	CU_ASSERT_EQUAL(driver->service_size, sizeof(struct smd_service));
	CU_ASSERT_STRING_EQUAL(driver->services[1].name, "domain");
	CU_ASSERT_EQUAL(driver->services[1].version, 2);
	CU_ASSERT_PTR_NULL(driver->services[1].ports);
	CU_ASSERT_PTR_EQUAL(smd_loader_driver(loader, "older", &error), driver);
	smd_loader_free(loader);
}

static void a_language_alone_is_a_driver(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;
	const struct smd_driver *driver = smd_loader_driver(loader, "language", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_PTR_NULL(driver->profile);
	CU_ASSERT_PTR_NULL(driver->fetch);
	CU_ASSERT_PTR_NULL(driver->commit);
	CU_ASSERT_PTR_NOT_NULL(driver->simulate);
	smd_loader_free(loader);
}

/* Rules and dialect of a driver built before `source` and `squeeze` were added. */
static void a_dialect_of_an_older_build_is_read_to_its_end(void)
{
	static const struct {
		const char *within, *line;
		enum smd_rule_kind kind;
		const char *negate;
	} rules[] = {{NULL, "port *", SMD_RULE_SECTION, NULL},
		     {"port *", "tag ...", SMD_RULE_VALUE, NULL}};
	struct smd_dialect dialect = {.size = offsetof(struct smd_dialect, squeeze),
				      .family = SMD_FAMILY_INDENTED,
				      .negation = "no",
				      .exit = "exit",
				      .rules = (const struct smd_rule *)(const void *)rules,
				      .rule_count = 2,
				      .rule_size = sizeof(rules[0]),
				      .squeeze = 1};
	static const char text[] = "port 1\n tag a  b\n";
	const struct smd_node *tag;
	struct smd_tree *tree = NULL;
	struct smd_text *lines = NULL;
	struct smd_error error;

	CU_ASSERT_EQUAL_FATAL(smd_text_from(&lines, text, sizeof(text) - 1), 0);
	CU_ASSERT_EQUAL_FATAL(
		COMPILED(&dialect, &error, smd_dialect_parse(compiled, lines, &tree, &error)), 0);
	tag = smd_tree_at(tree, "/port[1]/tag", NULL, NULL);
	CU_ASSERT_PTR_NOT_NULL_FATAL(tag);
	/* `squeeze` is not part of its dialect, so it is off */
	CU_ASSERT_STRING_EQUAL(smd_node_value(tag, NULL), "a  b");
	smd_tree_free(tree);
	dialect.rule_size = 0;
	CU_ASSERT_EQUAL(
		COMPILED(&dialect, &error, smd_dialect_parse(compiled, lines, &tree, &error)),
		SMD_E_INVALID);
	smd_text_free(lines);
}

static void a_plugin_is_asked_for_by_kind(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;
	const struct smd_plugin *plugin =
		smd_loader_plugin(loader, SMD_PLUGIN_STORE, "box", &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	CU_ASSERT_PTR_NOT_NULL(plugin->store->apply);
	CU_ASSERT_EQUAL(smd_settings_number(smd_loader_settings(plugin), "room"), 7);
	CU_ASSERT_PTR_NULL(smd_loader_plugin(loader, SMD_PLUGIN_CHANNEL, "box", &error));
	CU_ASSERT_STRING_EQUAL(error.message, "plugin 'box' is a store, not a channel");
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "box", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	smd_loader_free(loader);
}

struct names {
	char text[256];
	int stop_at;
};

static int collect(void *arg, const char *name)
{
	struct names *names = arg;

	snprintf(names->text + strlen(names->text), sizeof(names->text) - strlen(names->text),
		 "%s ", name);
	return --names->stop_at ? 0 : 7;
}

static void names_come_sorted(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct names all = {.stop_at = -1}, two = {.stop_at = 2};

	CU_ASSERT_EQUAL(smd_loader_each_driver(loader, collect, &all, NULL), 0);
	CU_ASSERT_STRING_EQUAL(all.text,
			       "language newer nocommit noparse noprofile nosymbol notelf "
			       "older otherabi wrongname ");
	CU_ASSERT_EQUAL(smd_loader_each_driver(loader, collect, &two, NULL), 7);
	CU_ASSERT_STRING_EQUAL(two.text, "language newer ");
	smd_loader_free(loader);
}

/* Make a folder with the single driver `language`. */
static void folder_make(char *folder, size_t size)
{
	char file[128];

	snprintf(folder, size, "/tmp/smd-load-XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/language.so", folder);
	CU_ASSERT_EQUAL_FATAL(symlink(PARTS "/drivers/language.so", file), 0);
}

static void folder_remove(const char *folder)
{
	char file[128];

	snprintf(file, sizeof(file), "%s/language.so", folder);
	unlink(file);
	rmdir(folder);
}

static void assert_found(const struct smd_loader *loader, const char *name, size_t index,
			 const char *folder)
{
	char *file = smd_loader_find(loader, name, index);

	if (folder) {
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		CU_ASSERT_EQUAL(strncmp(file, folder, strlen(folder)), 0);
		CU_ASSERT_EQUAL(smd_loader_is_own(loader, file),
				!strncmp(file, PARTS, sizeof(PARTS) - 1));
	} else {
		CU_ASSERT_PTR_NULL(file);
	}
	free(file);
}

static void a_path_comes_before_the_own_folder(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	const struct smd_driver *driver;
	struct names names = {.stop_at = -1};
	struct smd_error error;
	char folder[64], path[160];

	folder_make(folder, sizeof(folder));
	snprintf(path, sizeof(path), ":%s:", folder);
	CU_ASSERT_EQUAL_FATAL(smd_loader_add_path(loader, path, &error), 0);
	assert_found(loader, "language", 0, folder);
	assert_found(loader, "language", 1, PARTS);
	assert_found(loader, "language", 2, NULL);
	assert_found(loader, "older", 0, PARTS);
	driver = smd_loader_driver(loader, "language", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_EQUAL(strncmp(smd_loader_file(driver), folder, strlen(folder)), 0);
	CU_ASSERT_EQUAL(smd_loader_each_driver(loader, collect, &names, NULL), 0);
	CU_ASSERT_EQUAL(strncmp(names.text, "language newer ", 15), 0);
	smd_loader_free(loader);
	folder_remove(folder);
}

static void a_path_of_no_folders_is_refused(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;

	CU_ASSERT_EQUAL(smd_loader_add_path(loader, "/nonexistent", &error), SMD_E_NOT_FOUND);
	CU_ASSERT_STRING_EQUAL(error.message,
			       "the path of drivers names '/nonexistent', which is not there");
	CU_ASSERT_EQUAL(smd_loader_add_path(loader, PARTS "/drivers/README", &error),
			SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "which is no folder"));
	CU_ASSERT_EQUAL(smd_loader_add_path(loader, "", &error), 0);
	smd_loader_free(loader);
}

static void a_file_is_loaded_by_its_path(void)
{
	struct smd_loader *loader = loader_of("/nonexistent");
	struct smd_error error;
	const char *file = PARTS "/drivers/language.so";
	const struct smd_driver *driver = smd_loader_driver_at(loader, file, &error);

	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_STRING_EQUAL(smd_loader_file(driver), file);
	CU_ASSERT_PTR_EQUAL(smd_loader_driver_at(loader, file, &error), driver);
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "language", &error));
	CU_ASSERT_PTR_NULL(smd_loader_driver_at(loader, PARTS "/drivers/README", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(smd_loader_driver_at(loader, "./nothing.so", &error));
	CU_ASSERT_EQUAL(error.code, SMD_E_NOT_FOUND);
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "language.so", &error));
	CU_ASSERT_STRING_EQUAL(error.hint, "a file has a '/' in it: ./language.so");
	smd_loader_free(loader);
}

static void *ask(void *arg)
{
	return (void *)smd_loader_driver(arg, "older", NULL);
}

static void threads_get_one_and_the_same(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	pthread_t threads[8];
	void *seen[8];

	for (size_t i = 0; i < 8; i++)
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, ask, loader), 0);
	for (size_t i = 0; i < 8; i++)
		pthread_join(threads[i], &seen[i]);
	CU_ASSERT_PTR_NOT_NULL(seen[0]);
	for (size_t i = 1; i < 8; i++)
		CU_ASSERT_PTR_EQUAL(seen[i], seen[0]);
	smd_loader_free(loader);
}

static const struct smd_option options[] = {
	{.name = "bridge", .type = SMD_OPTION_STRING, .initial = "br0", .help = "h"},
	{.name = "port", .type = SMD_OPTION_NUMBER, .minimum = -1, .maximum = 65535, .help = "h"},
	{.name = "fast", .type = SMD_OPTION_BOOL, .initial = "true", .help = "h"},
	{.name = "mode", .type = SMD_OPTION_CHOICE, .choices = "on|off|auto", .help = "h"},
	{.name = "key", .type = SMD_OPTION_NUMBER, .maximum = 9, .help = "h", .secret = 1},
};

static const struct smd_envelope part = {SMD_ENVELOPE(struct smd_envelope), .name = "demo",
					 SMD_OPTIONS(options)};

static void settings_give_values_or_initials(void)
{
	const struct smd_setting given[] = {{"port", "-1"}, {"mode", "auto"}, {"bridge", "br 9"}};
	struct smd_settings *settings;

	CU_ASSERT_EQUAL_FATAL(smd_settings_new(&part, given, 3, &settings, NULL), 0);
	CU_ASSERT_STRING_EQUAL(smd_settings_string(settings, "bridge"), "br 9");
	CU_ASSERT_EQUAL(smd_settings_number(settings, "port"), -1);
	CU_ASSERT_EQUAL(smd_settings_bool(settings, "fast"), 1);
	CU_ASSERT_STRING_EQUAL(smd_settings_string(settings, "mode"), "auto");
	CU_ASSERT_PTR_NULL(smd_settings_string(settings, "key"));
	CU_ASSERT_EQUAL(smd_settings_number(settings, "key"), 0);
	CU_ASSERT_PTR_NULL(smd_settings_string(settings, "nothing"));
	smd_settings_free(settings);
	CU_ASSERT_EQUAL_FATAL(smd_settings_new(&part, NULL, 0, &settings, NULL), 0);
	CU_ASSERT_STRING_EQUAL(smd_settings_string(settings, "bridge"), "br0");
	smd_settings_free(settings);
	smd_settings_free(NULL);
}

static void bad_settings_are_told(void)
{
	static const struct {
		struct smd_setting given;
		const char *message;
	} cases[] = {
		{{"brigde", "x"}, "'demo' has no option 'brigde'"},
		{{"port", "65536"},
		 "option 'port' of 'demo' must be a number from -1 to 65535, not '65536'"},
		{{"port", "12x"},
		 "option 'port' of 'demo' must be a number from -1 to 65535, not '12x'"},
		{{"port", " 1"},
		 "option 'port' of 'demo' must be a number from -1 to 65535, not ' 1'"},
		{{"port", ""}, "option 'port' of 'demo' must be a number from -1 to 65535, not ''"},
		{{"port", "99999999999999999999"},
		 "option 'port' of 'demo' must be a number from -1 to 65535, not "
		 "'99999999999999999999'"},
		{{"fast", "yes"}, "option 'fast' of 'demo' must be true or false, not 'yes'"},
		{{"mode", "o"}, "option 'mode' of 'demo' must be one of on|off|auto, not 'o'"},
		{{"mode", "on|off"},
		 "option 'mode' of 'demo' must be one of on|off|auto, not 'on|off'"},
		{{"bridge", "a\nb"},
		 "option 'bridge' of 'demo' must be text without control characters, not 'a?b'"},
		{{"key", "77"},
		 "option 'key' of 'demo' must be a number from 0 to 9, not '******'"},
	};

	for (size_t i = 0; i < SMD_COUNT(cases); i++) {
		struct smd_settings *settings = NULL;
		struct smd_error error;

		CU_ASSERT_EQUAL(smd_settings_new(&part, &cases[i].given, 1, &settings, &error),
				SMD_E_INVALID);
		CU_ASSERT_PTR_NULL(settings);
		CU_ASSERT_STRING_EQUAL(error.message, cases[i].message);
		if (!i)
			CU_ASSERT_STRING_EQUAL(error.hint,
					       "there are: bridge, port, fast, mode, key");
	}
}

static void a_setting_comes_once(void)
{
	const struct smd_setting given[] = {{"fast", "true"}, {"fast", "false"}};
	struct smd_settings *settings = NULL;
	struct smd_error error;

	CU_ASSERT_EQUAL(smd_settings_new(&part, given, 2, &settings, &error), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.message, "option 'fast' of 'demo' is given twice");
}

/* Parts in the program itself */

static void a_registered_driver_comes_before_files(void)
{
	static const struct smd_rule rules[] = {{.line = "port *", .kind = SMD_RULE_SECTION}};
	static const struct smd_dialect dialect = {.size = sizeof(dialect),
						   .family = SMD_FAMILY_INDENTED,
						   .negation = "no",
						   .exit = "exit",
						   .rules = rules,
						   .rule_count = SMD_COUNT(rules),
						   .rule_size = sizeof(rules[0])};
	struct smd_driver own = {BAD_DRIVER("older"), .commit = bad_stage, .dialect = &dialect};
	struct smd_loader *loader = loader_of(PARTS);
	const struct smd_compiled *compiled = NULL, *again = NULL;
	const struct smd_driver *driver;
	struct smd_error error;

	own.self.version = "9.9";
	CU_ASSERT_EQUAL_FATAL(smd_loader_register_driver(loader, &own, &error), 0);
	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_CONFLICT);
	CU_ASSERT_STRING_EQUAL(error.message, "there is a driver 'older' already");
	driver = smd_loader_driver(loader, "older", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(driver);
	CU_ASSERT_STRING_EQUAL(driver->self.version, "9.9");
	CU_ASSERT_PTR_NOT_EQUAL(driver, &own);
	CU_ASSERT_STRING_EQUAL(smd_loader_file(driver), "");
	CU_ASSERT_EQUAL(smd_loader_dialect(loader, driver, &compiled, &error), 0);
	CU_ASSERT_PTR_NOT_NULL(compiled);
	CU_ASSERT_EQUAL(smd_loader_dialect(loader, driver, &again, &error), 0);
	CU_ASSERT_PTR_EQUAL(again, compiled);
	CU_ASSERT_PTR_NOT_NULL(smd_loader_driver(loader, "language", &error)); /* from its file */
	smd_loader_free(loader);
}

static void a_registered_driver_is_checked(void)
{
	struct smd_driver own = {BAD_DRIVER("own"), .parse = bad_parse};
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;

	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "lacks 'commit'"));
	own.commit = own.confirm = bad_stage;
	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "lacks 'probe'"));
	own.probe = bad_stage;
	own.self.abi_major++;
	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_UNSUPPORTED);
	own.self.abi_major--;
	own.self.name = "My Own";
	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_INVALID);
	CU_ASSERT_STRING_EQUAL(error.message, "'My Own' cannot be a part by its name");
	own.self.name = NULL;
	CU_ASSERT_EQUAL(smd_loader_register_driver(loader, &own, &error), SMD_E_INVALID);
	CU_ASSERT_PTR_NULL(smd_loader_driver(loader, "own", &error));
	smd_loader_free(loader);
}

static void a_registered_plugin_comes_before_files(void)
{
	struct smd_loader *loader = loader_of(PARTS);
	struct smd_error error;
	const struct smd_plugin *box = smd_loader_plugin(loader, SMD_PLUGIN_STORE, "box", &error);
	struct smd_loader *other = loader_of(PARTS);
	const struct smd_plugin *plugin;
	struct smd_plugin own;

	CU_ASSERT_PTR_NOT_NULL_FATAL(box);
	own = *box;
	own.self.version = "9.9";
	own.self.name = "sqlite"; /* what a site asks for */
	CU_ASSERT_EQUAL(smd_loader_register_plugin(other, &own, &error), 0);
	own.self.name = "box";
	CU_ASSERT_EQUAL(smd_loader_register_plugin(other, &own, &error), 0);
	plugin = smd_loader_plugin(other, SMD_PLUGIN_STORE, "sqlite", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	CU_ASSERT_PTR_EQUAL(plugin->store->apply, box->store->apply);
	CU_ASSERT_EQUAL(smd_settings_number(smd_loader_settings(plugin), "room"), 7);
	plugin = smd_loader_plugin(other, SMD_PLUGIN_STORE, "box", &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(plugin);
	CU_ASSERT_STRING_EQUAL(plugin->self.version, "9.9");
	own.store = NULL;
	own.self.name = "empty";
	CU_ASSERT_EQUAL(smd_loader_register_plugin(other, &own, &error), SMD_E_INVALID);
	smd_loader_free(other);
	smd_loader_free(loader);
}

TEST_MAIN("load", TEST(bad_parts_are_refused), TEST(an_unknown_name_lists_the_known),
	  TEST(an_older_part_is_read_to_its_end), TEST(a_language_alone_is_a_driver),
	  TEST(a_dialect_of_an_older_build_is_read_to_its_end), TEST(a_plugin_is_asked_for_by_kind),
	  TEST(names_come_sorted), TEST(a_path_comes_before_the_own_folder),
	  TEST(a_path_of_no_folders_is_refused), TEST(a_file_is_loaded_by_its_path),
	  TEST(threads_get_one_and_the_same), TEST(settings_give_values_or_initials),
	  TEST(bad_settings_are_told), TEST(a_setting_comes_once),
	  TEST(a_registered_driver_comes_before_files), TEST(a_registered_driver_is_checked),
	  TEST(a_registered_plugin_comes_before_files));
