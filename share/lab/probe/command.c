/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probe.h"

enum { WORDS_MOST = 12, COUNT_MOST = 10000, TIMEOUT_MOST = 60000, TIMEOUT = 1000 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct words {
	char *word[WORDS_MOST];
	size_t count;
};

struct command {
	const char *name, *usage, *help;
	size_t least, most; /* words behind the name */
	int needs_link;
	void (*run)(struct smd_probe *probe, const struct words *words);
};

static void __attribute__((__format__(__printf__, 1, 2))) fail(const char *format, ...)
{
	va_list args;

	fputs("error: ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

static int read_number(const char *text, long least, long most, long *out)
{
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 9)
		return -1;
	*out = strtol(text, &end, 10);
	return *end || *out < least || *out > most ? -1 : 0;
}

static int read_address(const char *text, struct in_addr *out)
{
	if (inet_pton(AF_INET, text, out) == 1)
		return 0;
	fail("\"%s\" is no IPv4 address", text);
	return -1;
}

/* Words from `first` on are pairs, a name and a number; NULL-ended table. */
struct pair {
	const char *name;
	long least, most;
	long *value;
};

static int read_pairs(const struct words *words, size_t first, const struct pair *pairs)
{
	for (size_t i = first; i < words->count; i += 2) {
		const struct pair *pair = pairs;

		while (pair->name && strcmp(pair->name, words->word[i]) != 0)
			pair++;
		if (!pair->name) {
			fail("unknown word \"%s\"", words->word[i]);
			return -1;
		}
		if (i + 1 == words->count ||
		    read_number(words->word[i + 1], pair->least, pair->most, pair->value) != 0) {
			fail("\"%s\" wants a number from %ld to %ld", pair->name, pair->least,
			     pair->most);
			return -1;
		}
	}
	return 0;
}

static int read_word(const char *text, char out[SMD_WORD])
{
	if (smd_word_copy(out, text, strlen(text)) == 0)
		return 0;
	fail("\"%s\" is no word: 1 to %d letters, digits, '.', '_', '-'", text, SMD_WORD - 1);
	return -1;
}

static void use(struct smd_probe *probe, const struct words *words)
{
	char why[SMD_WHY];

	smd_link_close(&probe->link);
	smd_heard_done(&probe->heard);
	probe->served_count = 0;
	if (smd_link_open(&probe->link, words->word[1], why) != 0)
		fail("%s", why);
}

static void serve(struct smd_probe *probe, const struct words *words)
{
	struct smd_served served;
	long vlan;

	if (read_number(words->word[1], 0, 4095, &vlan) != 0) {
		fail("\"%s\" is no VLAN", words->word[1]);
		return;
	}
	if (read_address(words->word[2], &served.address) != 0)
		return;
	served.vlan = (int)vlan;
	if (probe->served_count == SMD_SERVED_MOST) {
		fail("no more than %d addresses are served", SMD_SERVED_MOST);
		return;
	}
	probe->served[probe->served_count++] = served;
}

static void ping(struct smd_probe *probe, const struct words *words)
{
	long vlan = SMD_UNTAGGED, count = 1, timeout = TIMEOUT;
	const struct pair pairs[] = {{"vlan", 0, 4095, &vlan},
				     {"count", 1, COUNT_MOST, &count},
				     {"timeout", 1, TIMEOUT_MOST, &timeout},
				     {0}};
	struct smd_ping_request request;
	int err;

	if (read_address(words->word[1], &request.to) != 0 || read_pairs(words, 2, pairs) != 0)
		return;
	request.vlan = (int)vlan;
	request.count = (unsigned)count;
	request.timeout = (unsigned)timeout;
	err = smd_probe_ping(probe, &request);
	if (err)
		fail("cannot ping from %s: %s", probe->link.name, strerror(-err));
}

static void listen_to(struct smd_probe *probe, const struct words *words)
{
	char run[SMD_WORD];

	if (read_word(words->word[1], run) != 0)
		return;
	smd_probe_drain(probe);
	smd_link_dropped(&probe->link);
	smd_heard_begin(&probe->heard, run);
}

/* `untagged`, or `vlan TAGS`. `*next`: the word behind it. */
static int read_form(const struct words *words, size_t at, struct smd_tags *tags, size_t *next)
{
	tags->count = 0;
	*next = at + 1;
	if (strcmp(words->word[at], "untagged") == 0)
		return 0;
	*next = at + 2;
	if (strcmp(words->word[at], "vlan") == 0 && at + 1 < words->count &&
	    smd_tags_read(tags, words->word[at + 1]) == 0)
		return 0;
	fail("send in what form? \"untagged\" or \"vlan N\", N from 0 to 4095, or \"vlan "
	     "OUTER,INNER\"; sN is a service tag");
	return -1;
}

static void send_marks(struct smd_probe *probe, const struct words *words)
{
	struct smd_tags tags;
	struct smd_mark mark;
	long count = 1;
	const struct pair pairs[] = {{"count", 1, COUNT_MOST, &count}, {0}};
	size_t next;

	if (read_word(words->word[1], mark.run) != 0 || read_word(words->word[2], mark.label) != 0)
		return;
	if (read_form(words, 3, &tags, &next) != 0 || read_pairs(words, next, pairs) != 0)
		return;
	for (long i = 0; i < count; i++) {
		int err = smd_probe_mark(probe, &mark, &tags);

		if (err) {
			fail("cannot send on %s: %s", probe->link.name, strerror(-err));
			return;
		}
	}
}

struct awaited {
	const struct smd_heard *heard;
	const char *prefix;
	size_t count;
};

static int is_heard(const void *arg)
{
	const struct awaited *awaited = arg;

	return smd_heard_labels(awaited->heard, awaited->prefix) >= awaited->count;
}

static void await(struct smd_probe *probe, const struct words *words)
{
	struct awaited awaited = {.heard = &probe->heard, .prefix = words->word[1]};
	long count, timeout = TIMEOUT;
	const struct pair pairs[] = {{"timeout", 1, TIMEOUT_MOST, &timeout}, {0}};

	if (read_number(words->word[2], 1, COUNT_MOST, &count) != 0) {
		fail("\"%s\" is no number from 1 to %d", words->word[2], COUNT_MOST);
		return;
	}
	if (read_pairs(words, 3, pairs) != 0)
		return;
	awaited.count = (size_t)count;
	smd_probe_run(probe, smd_now_us() + (uint64_t)timeout * 1000u, is_heard, &awaited);
	printf("heard %zu of %ld\n", smd_heard_labels(&probe->heard, awaited.prefix), count);
}

static void heard(struct smd_probe *probe, const struct words *words)
{
	(void)words;
	if (!probe->heard.run[0]) {
		fail("not listening: say \"listen RUN\" first");
		return;
	}
	probe->heard.lost += (unsigned)smd_probe_drain(probe);
	probe->heard.lost += smd_link_dropped(&probe->link);
	for (size_t i = 0; i < probe->heard.count; i++) {
		const struct smd_sound *sound = &probe->heard.sounds[i];
		char tags[SMD_TAGS_TEXT];

		smd_tags_print(&sound->tags, tags);
		printf("heard run=%s from=%s tag=%s count=%u\n", probe->heard.run, sound->label,
		       tags, sound->count);
	}
	if (probe->heard.lost)
		printf("lost count=%llu\n", (unsigned long long)probe->heard.lost);
}

static void help(struct smd_probe *probe, const struct words *words);

static const struct command commands[] = {
	{"use", "INTERFACE", "speak and listen there, from nothing", 1, 1, 0, use},
	{"serve", "VLAN IPV4", "answer ARP and ICMP echo, tagged", 2, 2, 1, serve},
	{"ping", "IPV4 [vlan N] [count N] [timeout MS]", "ask by ARP and ICMP echo", 1, 7, 1, ping},
	{"listen", "RUN", "from now on count the frames of a run", 1, 1, 1, listen_to},
	{"send", "RUN LABEL untagged|vlan TAGS [count N]", "broadcast frames of a run", 3, 6, 1,
	 send_marks},
	{"await", "PREFIX N [timeout MS]", "until frames of N labels with the prefix were heard", 2,
	 4, 1, await},
	{"heard", "", "what was heard since \"listen\"", 0, 0, 1, heard},
	{"help", "", "this list", 0, 0, 0, help},
	{"quit", "", "end", 0, 0, 0, NULL},
};

static void help(struct smd_probe *probe, const struct words *words)
{
	(void)probe;
	(void)words;
	for (size_t i = 0; i < COUNT(commands); i++)
		printf("%s%s%s - %s\n", commands[i].name, *commands[i].usage ? " " : "",
		       commands[i].usage, commands[i].help);
}

/* 0, or -1: too many. */
static int split(struct words *words, char *line)
{
	char *rest = NULL;

	words->count = 0;
	for (char *word = strtok_r(line, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (words->count == WORDS_MOST)
			return -1;
		words->word[words->count++] = word;
	}
	return 0;
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < COUNT(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int smd_probe_command(struct smd_probe *probe, char *line)
{
	const struct command *command;
	struct words words;

	if (split(&words, line) != 0) {
		fail("more than %d words", WORDS_MOST);
		return 0;
	}
	if (!words.count)
		return 0;
	command = find(words.word[0]);
	if (!command)
		fail("unknown command \"%s\" (try \"help\")", words.word[0]);
	else if (words.count - 1 < command->least || words.count - 1 > command->most)
		fail("usage: %s %s", command->name, command->usage);
	else if (command->needs_link && probe->link.fd < 0)
		fail("no interface: say \"use INTERFACE\" first");
	else if (command->run)
		command->run(probe, &words);
	else
		return 1;
	return 0;
}
