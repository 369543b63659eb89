/* SPDX-License-Identifier: Apache-2.0 */
/* Documents read from their checked form are what their text says; damaged forms are refused. */
#include "core/model/checked.h"

#include <stdio.h>

#include "documents.h"
#include "test.h"

static struct smd_model *model; /* with the modules */
static struct smd_model *bare;  /* cannot load any: what it reads was not validated */

static void loading(void)
{
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/share/yang", &model, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_model_new(SMD_SOURCE_DIR "/core/base", &bare, NULL), 0);
}

static void unloading(void)
{
	smd_model_free(model);
	smd_model_free(bare);
}

/* Random documents */

struct net {
	struct gen gen;
	char *inventory, *topology; /* texts */
	struct smd_inventory *devices;
	struct smd_topology *links;
	struct smd_record device_record, link_record;
};

static void make_net(struct net *net, unsigned most)
{
	struct smd_error error = {0};
	unsigned devices = gen_below(&net->gen, most);

	net->inventory = random_inventory(&net->gen, devices);
	net->topology = random_topology(&net->gen, devices);
	if (smd_inventory_read(model, net->inventory, strlen(net->inventory), "text", &net->devices,
			       &error) ||
	    smd_topology_read(model, net->devices, net->topology, strlen(net->topology), "text",
			      &net->links, &error))
		printf("%s at %s\n", error.message, error.where);
	CU_ASSERT_EQUAL_FATAL(error.code, 0);
	CU_ASSERT_EQUAL_FATAL(
		smd_inventory_seal(net->devices, net->inventory, &net->device_record, NULL), 0);
	CU_ASSERT_EQUAL_FATAL(smd_topology_seal(net->links, net->topology, &net->link_record, NULL),
			      0);
}

static void net_done(struct net *net)
{
	smd_inventory_free(net->devices);
	smd_topology_free(net->links);
	free(net->inventory);
	free(net->topology);
	free(net->device_record.bytes);
	free(net->link_record.bytes);
}

/* A copy of a record on the heap, exactly as large, for a sanitizer to guard. */
static struct smd_record copy_of(const struct smd_record *record, size_t size)
{
	struct smd_record copy = {.bytes = malloc(size ? size : 1), .size = size};

	if (size)
		memcpy(copy.bytes, record->bytes, size);
	return copy;
}

static int load(const struct smd_model *with, struct smd_record record, struct smd_inventory **out,
		struct smd_error *error)
{
	*out = NULL;
	return smd_inventory_load(with, record, "stored inventory", out, error);
}

static void the_form_says_what_the_text_says(void)
{
	struct gen gen;
	unsigned rounds;

	gen_init(&gen);
	rounds = gen_rounds(100);
	for (unsigned i = 0; i < rounds; i++) {
		struct net net = {.gen = gen};
		struct smd_inventory *devices = NULL;
		struct smd_topology *links = NULL;

		make_net(&net, 30);
		CU_ASSERT_EQUAL_FATAL(load(bare,
					   copy_of(&net.device_record, net.device_record.size),
					   &devices, NULL),
				      0);
		CU_ASSERT(same_inventory(devices, net.devices));
		CU_ASSERT_EQUAL_FATAL(
			smd_topology_load(bare, devices,
					  copy_of(&net.link_record, net.link_record.size),
					  "stored topology", &links, NULL),
			0);
		CU_ASSERT(same_topology(links, net.links));
		smd_inventory_free(devices);
		smd_topology_free(links);
		gen = net.gen;
		net_done(&net);
	}
}

static void a_configuration_reads_the_same(void)
{
	struct gen gen;
	unsigned rounds;

	gen_init(&gen);
	rounds = gen_rounds(100);
	for (unsigned i = 0; i < rounds; i++) {
		smd_cleanup(free) char *text = random_document(&gen);
		smd_cleanup(free) char *checked = NULL;
		smd_cleanup(smd_document_free) struct smd_document *read = NULL, *loaded = NULL;

		CU_ASSERT_EQUAL_FATAL(
			smd_document_read(model, text, strlen(text), "text", &read, NULL), 0);
		CU_ASSERT_EQUAL_FATAL(smd_document_seal(read, text, &checked, NULL), 0);
		CU_ASSERT_EQUAL_FATAL(smd_document_load(bare, text, checked, "x", &loaded, NULL),
				      0);
		CU_ASSERT(same_document(read, loaded));
	}
}

static void a_configuration_of_another_text_is_damaged(void)
{
	struct gen gen;
	struct smd_document *document = NULL;
	struct smd_error error;
	char *text, *checked;

	gen_init(&gen);
	text = random_document(&gen);
	CU_ASSERT_EQUAL_FATAL(smd_document_read(model, text, strlen(text), "text", &document, NULL),
			      0);
	CU_ASSERT_EQUAL_FATAL(smd_document_seal(document, text, &checked, NULL), 0);
	smd_document_free(smd_take(document));
	/* Without a checked part, as an earlier program wrote it */
	CU_ASSERT_EQUAL_FATAL(smd_document_load(model, text, NULL, "x", &document, NULL), 0);
	smd_document_free(smd_take(document));
	text[strlen(text) - 1] = ' ';
	CU_ASSERT_EQUAL(smd_document_load(bare, text, checked, "x", &document, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "stored configuration \"x\" is damaged"));
	free(text);
	free(checked);
}

/* Whatever byte changes and wherever the record ends, the inventory is the same or refused. */
static void a_damaged_record_is_refused(void)
{
	struct net net = {0};
	size_t harmless = 0, size;

	gen_init(&net.gen);
	make_net(&net, 6);
	size = net.device_record.size;
	for (size_t i = 0; i < 2 * size; i++) {
		struct smd_record record = copy_of(&net.device_record, i < size ? size : i - size);
		struct smd_inventory *devices;
		struct smd_error error = {0};

		if (i < size)
			record.bytes[i] ^= (char)(1 << gen_below(&net.gen, 8));
		if (!load(bare, record, &devices, &error)) {
			harmless++;
			CU_ASSERT(same_inventory(devices, net.devices));
			smd_inventory_free(devices);
			continue;
		}
		CU_ASSERT_EQUAL(error.code, SMD_E_IO);
		if (!strstr(error.message, "the stored inventory is damaged: "))
			printf("byte %zu: %s\n", i, error.message);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the stored inventory is damaged: "));
	}
	CU_ASSERT_EQUAL(harmless, 0);
	net_done(&net);
}

/* The record with another version of the form. */
static struct smd_record of_version_1(const struct net *net, int with_text)
{
	struct smd_record record = copy_of(&net->device_record, net->device_record.size);
	char *version = strstr(record.bytes, ",1:2,");

	CU_ASSERT_PTR_NOT_NULL_FATAL(version);
	version[3] = '1';
	record.text = with_text ? strdup(net->inventory) : NULL;
	record.text_size = with_text ? strlen(net->inventory) : 0;
	return record;
}

static void another_version_is_validated_again(void)
{
	struct net net = {0};
	struct smd_record record;
	struct smd_inventory *devices;
	struct smd_error error;

	gen_init(&net.gen);
	make_net(&net, 6);
	CU_ASSERT(!smd_record_needs_text(&net.device_record));
	record = of_version_1(&net, 1);
	CU_ASSERT(smd_record_needs_text(&record));
	CU_ASSERT_EQUAL_FATAL(load(model, record, &devices, NULL), 0);
	CU_ASSERT(same_inventory(devices, net.devices));
	smd_inventory_free(devices);
	CU_ASSERT_EQUAL(load(bare, of_version_1(&net, 1), &devices, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "smartdeploy-bridge-domain"));
	CU_ASSERT_EQUAL(load(model, of_version_1(&net, 0), &devices, &error), SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(error.message,
			       "the stored inventory is damaged: its text is missing");
	record = of_version_1(&net, 1);
	record.text[record.text_size / 2] ^= 1;
	CU_ASSERT_EQUAL(load(model, record, &devices, &error), SMD_E_IO);
	CU_ASSERT_STRING_EQUAL(
		error.message,
		"the stored inventory is damaged: the checksum of its text does not fit");
	net_done(&net);
}

static void a_record_of_text_alone_is_read(void)
{
	static const char text[] =
		"{\"text\": \"{\\\"smartdeploy-inventory:inventory\\\":{\\\"credential\\\":"
		"[{\\\"name\\\":\\\"c\\\",\\\"user\\\":\\\"u\\\",\\\"agent\\\":true}]}}\"}";
	struct smd_record record = {(char *)text, sizeof(text) - 1, NULL, 0};
	struct smd_inventory *devices;
	struct smd_error error;

	CU_ASSERT(!smd_record_needs_text(&record));
	CU_ASSERT_EQUAL_FATAL(load(model, copy_of(&record, record.size), &devices, NULL), 0);
	CU_ASSERT_EQUAL(devices->credential_count, 1);
	smd_inventory_free(devices);
	CU_ASSERT_EQUAL(load(model, copy_of(&record, record.size - 1), &devices, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the stored inventory is damaged: "));
	record = (struct smd_record){(char *)"{\"texT\": 1}", 11, NULL, 0};
	CU_ASSERT_EQUAL(load(model, copy_of(&record, record.size), &devices, &error), SMD_E_IO);
	CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "has no text"));
}

static void no_record_is_an_empty_network(void)
{
	static const struct smd_record none = {0};
	struct smd_inventory *devices;
	struct smd_topology *links;

	CU_ASSERT_EQUAL_FATAL(load(bare, none, &devices, NULL), 0);
	CU_ASSERT_EQUAL(devices->device_count, 0);
	CU_ASSERT_STRING_EQUAL(devices->known_hosts, "");
	CU_ASSERT_EQUAL_FATAL(smd_topology_load(bare, devices, none, "x", &links, NULL), 0);
	CU_ASSERT_EQUAL(links->link_count, 0);
	CU_ASSERT_PTR_NULL(smd_topology_link_at(links, "a", "b"));
	smd_topology_free(links);
	smd_inventory_free(devices);
}

/* Forms whose checksum fits and whose content is wrong, as words: numbers and texts alike. */
static void a_wrong_form_is_refused(void)
{
	static const char *const forms[][20] = {
		{"topology", "", "0", "0", "0", NULL},
		{"inventory", "", "0", "0", NULL},
		{"inventory", "", "0", "0", "0", "0", NULL},
		{"inventory", "", "99999999999999999999", "0", "0", NULL},
		{"inventory", "", "4000000000", "0", "0", NULL},
		{"inventory", "", "-1", "0", "0", NULL},
		{"inventory", "", "", "0", "0", NULL},
		{"inventory", "", "1", "c", "u", "", "2", "", "", "0", "0", NULL},
		{"inventory", "", "1", "", "u", "", "1", "", "", "0", "0", NULL},
		{"inventory", "", "0", "1", "d", "x", "a", "22", "0", "", "0", "0", "0", NULL},
		{"inventory", "",  "1", "c", "u", "", "1", "",  "",  "1",
		 "d",         "x", "a", "0", "0", "", "0", "0", "0", NULL},
		{"inventory", "",  "1", "c",     "u", "", "1", "",  "",  "1",
		 "d",         "x", "a", "65536", "0", "", "0", "0", "0", NULL},
		{"inventory", "",  "1", "c",  "u", "", "1", "",  "",  "1",
		 "d",         "x", "a", "22", "1", "", "0", "0", "0", NULL},
	};

	for (size_t i = 0; i < SMD_COUNT(forms); i++) {
		smd_cleanup(smd_pack) struct smd_pack form = {0};
		struct smd_record record;
		struct smd_inventory *devices;
		struct smd_error error = {0};

		for (size_t word = 0; forms[i][word]; word++)
			smd_pack_text(&form, forms[i][word]);
		CU_ASSERT_EQUAL_FATAL(smd_checked_seal(&form, "", &record, NULL), 0);
		CU_ASSERT_EQUAL(load(bare, record, &devices, &error), SMD_E_IO);
		CU_ASSERT_PTR_NOT_NULL(strstr(error.message, "the stored inventory is damaged: "));
	}
}

/* Two ports in one link, an unknown device, a wrong order of the ports. */
static void a_wrong_topology_is_refused(void)
{
	static const char *const forms[][12] = {
		{"topology", "1", "a", "1", "b", "1", "0", "0", NULL},
		{"topology", "1", "a", "1", "b", "1", "1", "0", NULL},
		{"topology", "1", "a", "1", "b", "1", "0", "2", NULL},
		{"topology", "1", "b", "1", "a", "1", "1", "0", NULL},
		{"topology", "1", "a", "1", "b", "1", "0", "1", NULL},
	};
	static const struct smd_record none = {0};
	struct smd_inventory *devices;

	CU_ASSERT_EQUAL_FATAL(load(bare, none, &devices, NULL), 0);
	for (size_t i = 0; i < SMD_COUNT(forms); i++) {
		smd_cleanup(smd_pack) struct smd_pack form = {0};
		struct smd_record record;
		struct smd_topology *links;
		struct smd_error error = {0};
		int is_last = i + 1 == SMD_COUNT(forms); /* right, but for its devices */

		for (size_t word = 0; forms[i][word]; word++)
			smd_pack_text(&form, forms[i][word]);
		CU_ASSERT_EQUAL_FATAL(smd_checked_seal(&form, "", &record, NULL), 0);
		CU_ASSERT_EQUAL(
			smd_topology_load(bare, devices, record, "stored topology", &links, &error),
			is_last ? SMD_E_INVALID : SMD_E_IO);
		CU_ASSERT_PTR_NOT_NULL(
			strstr(error.message, is_last ? "no device \"a\"" : "topology is damaged"));
	}
	smd_inventory_free(devices);
}

/* Who changes a module must raise the version of the form, and then these digests. */
static void the_version_belongs_to_the_modules(void)
{
	static const char *const modules[] = {"bridge-domain", "inventory", "native", "topology",
					      "types"};
	char text[65536], digest[SMD_SHA256_HEX];
	size_t used = 0;

	for (size_t i = 0; i < SMD_COUNT(modules); i++) {
		char path[512];
		FILE *file;

		snprintf(path, sizeof(path), "%s/share/yang/smartdeploy-%s.yang", SMD_SOURCE_DIR,
			 modules[i]);
		file = fopen(path, "r");
		CU_ASSERT_PTR_NOT_NULL_FATAL(file);
		used += fread(text + used, 1, sizeof(text) - used, file);
		fclose(file);
	}
	CU_ASSERT_EQUAL_FATAL(smd_sha256_hex(text, used, digest), 0);
	CU_ASSERT_EQUAL(SMD_CHECKED_VERSION, 2);
	CU_ASSERT_STRING_EQUAL(digest,
			       "09d81345d663560ed91d1fa35d685bfb2c3db4b7bd88112198f0cefd6c19fa3b");
}

TEST_MAIN("checked", TEST(loading), TEST(the_form_says_what_the_text_says),
	  TEST(a_configuration_reads_the_same), TEST(a_configuration_of_another_text_is_damaged),
	  TEST(a_damaged_record_is_refused), TEST(another_version_is_validated_again),
	  TEST(a_record_of_text_alone_is_read), TEST(no_record_is_an_empty_network),
	  TEST(a_wrong_form_is_refused), TEST(a_wrong_topology_is_refused),
	  TEST(the_version_belongs_to_the_modules), TEST(unloading));
