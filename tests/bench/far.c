/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smd-far MS COMMAND...: runs a command whose standard input comes MS milliseconds late, as if its
 * user were that far away. Each piece of input waits, however much comes before it is due.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECES_MOST = 256 };

/* Pieces of input that are not due yet; a ring. */
static struct piece {
	long long due;
	ssize_t size;
	char bytes[4096];
} pieces[PIECES_MOST];
static size_t first, count;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int run(char **command)
{
	int ends[2];

	if (pipe(ends))
		return -1;
	if (!fork()) {
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(command[0], command);
		_exit(127);
	}
	close(ends[0]);
	close(STDOUT_FILENO); /* its end must show when the command ends */
	return ends[1];
}

static int pass_due(int to)
{
	for (; count && pieces[first].due <= now_ms(); count--) {
		if (write(to, pieces[first].bytes, (size_t)pieces[first].size) < 0)
			return -1;
		first = (first + 1) % PIECES_MOST;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long delay = argc > 2 ? strtol(argv[1], NULL, 10) : -1;
	int to, over = 0;

	if (delay < 0) {
		fprintf(stderr, "usage: smd-far MS COMMAND...\n");
		return 2;
	}
	to = run(argv + 2);
	while (to >= 0 && !pass_due(to) && (count || !over)) {
		struct pollfd input = {.fd = over || count == PIECES_MOST ? -1 : STDIN_FILENO,
				       .events = POLLIN};
		struct piece *piece = &pieces[(first + count) % PIECES_MOST];

		if (poll(&input, 1, count ? (int)(pieces[first].due - now_ms()) : -1) <= 0)
			continue;
		piece->size = read(input.fd, piece->bytes, sizeof(piece->bytes));
		piece->due = now_ms() + delay;
		over = piece->size <= 0;
		count += !over;
	}
	close(to);
	wait(NULL);
	return 0;
}
