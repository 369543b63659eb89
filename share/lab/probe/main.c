/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smd-probe [INTERFACE]: speak raw Ethernet for a host, by commands on standard
 * input. See the README beside it.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "probe.h"

enum { LINE_MOST = 512 };

/* The line in the making; what is longer is thrown away up to its end. */
struct input {
	char line[LINE_MOST];
	size_t used;
	int too_long;
	int bad; /* has a control character */
};

static void prompt(void)
{
	fputs("probe> ", stdout);
	fflush(stdout);
}

static int end_line(struct smd_probe *probe, struct input *input)
{
	int quit = 0;

	input->line[input->used] = '\0';
	if (input->too_long)
		printf("error: line longer than %d characters\n", LINE_MOST - 1);
	else if (input->bad)
		printf("error: control character in the line\n");
	else
		quit = smd_probe_command(probe, input->line);
	*input = (struct input){0};
	if (!quit)
		prompt();
	return quit;
}

static int take_input(struct smd_probe *probe, struct input *input, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)bytes[i];

		if (c == '\n') {
			if (end_line(probe, input))
				return 1;
		} else if (c == '\r') {
			continue;
		} else if (input->used == LINE_MOST - 1) {
			input->too_long = 1;
		} else {
			input->bad |= (c < 0x20 && c != '\t') || c == 0x7f;
			input->line[input->used++] = (char)c;
		}
	}
	return 0;
}

/* Serve commands and frames until the end of input. Returns the exit status. */
static int serve(struct smd_probe *probe)
{
	struct input input = {0};
	char bytes[LINE_MOST];

	prompt();
	for (;;) {
		struct pollfd wait[] = {{.fd = STDIN_FILENO, .events = POLLIN},
					{.fd = probe->link.fd, .events = POLLIN}};
		ssize_t size;

		if (poll(wait, 2, -1) < 0 && errno != EINTR)
			return 1;
		smd_probe_drain(probe);
		if (!wait[0].revents)
			continue;
		size = read(STDIN_FILENO, bytes, sizeof(bytes));
		if (size < 0 && errno == EINTR)
			continue;
		if (size <= 0)
			return 0;
		if (take_input(probe, &input, bytes, (size_t)size))
			return 0;
		if (ferror(stdout))
			return 1;
	}
}

int main(int argc, char **argv)
{
	struct smd_probe probe = {.link = {.fd = -1}};
	char why[SMD_WHY];
	int status;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-')) {
		fprintf(stderr, "usage: smd-probe [INTERFACE]\n");
		return argc == 2 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (argc == 2 && smd_link_open(&probe.link, argv[1], why) != 0) {
		fprintf(stderr, "smd-probe: %s\n", why);
		return 1;
	}
	status = serve(&probe);
	smd_heard_done(&probe.heard);
	smd_link_close(&probe.link);
	return status;
}
