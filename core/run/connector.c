/* SPDX-License-Identifier: Apache-2.0 */
/* The real connector: names by getaddrinfo(3), streams by TCP. */
#include "core/run/connector.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/cleanup.h"

#define NAME_THREADS 4

struct real {
	struct smd_connector connector; /* first member: what callers have */
	struct smd_pool *names;
};

/*
 * The state of an attempt. If the attempt is cancelled while its name is being resolved, it is
 * freed when the answer has arrived.
 *
 * next       The next address to try, of `found`, or of `numeric`; NULL: none is left.
 * poll       Watches the socket while it connects; freed in libuv's close callback.
 * cancelled  Also read by the thread that resolves.
 */
struct lookup {
	struct smd_attempt *attempt;
	struct smd_loop *loop;
	struct smd_pool_item item;
	struct smd_message message;
	char *host;
	int resolving, status;
	atomic_int cancelled;
	struct addrinfo *found, numeric;
	const struct addrinfo *next;
	struct sockaddr_storage address;
	uv_poll_t *poll;
	int socket;
};

static void try_next(struct lookup *lookup, int number);

static void on_poll_closed(uv_handle_t *handle)
{
	free(handle);
}

static void stop_watching(struct lookup *lookup)
{
	if (!lookup->poll)
		return;
	uv_poll_stop(lookup->poll);
	uv_close((uv_handle_t *)lookup->poll, on_poll_closed);
	lookup->poll = NULL;
}

static void free_lookup(struct lookup *lookup)
{
	stop_watching(lookup);
	if (lookup->socket >= 0)
		close(lookup->socket);
	if (lookup->found)
		freeaddrinfo(lookup->found);
	free(lookup->host);
	free(lookup);
}

static struct lookup *new_lookup(struct smd_attempt *attempt)
{
	struct lookup *lookup = calloc(1, sizeof(*lookup));

	if (!lookup)
		return NULL;
	lookup->socket = -1;
	lookup->attempt = attempt;
	lookup->loop = attempt->loop;
	lookup->host = strdup(attempt->host);
	if (lookup->host)
		return lookup;
	free_lookup(lookup);
	return NULL;
}

static void fail_attempt(struct smd_attempt *attempt, const struct smd_error *error)
{
	if (attempt->state)
		free_lookup(smd_take(attempt->state));
	attempt->failed(attempt, error);
}

/* Names */

static void on_resolved(void *arg)
{
	struct lookup *lookup = arg;
	struct smd_attempt *attempt = lookup->attempt;
	struct smd_error error;

	lookup->resolving = 0;
	if (atomic_load(&lookup->cancelled)) {
		free_lookup(lookup);
		return;
	}
	lookup->next = lookup->found;
	if (!lookup->status) {
		attempt->found(attempt);
		return;
	}
	smd_fail(&error, SMD_E_UNREACHABLE, "cannot find the address of \"%s\": %s", attempt->host,
		 gai_strerror(lookup->status));
	smd_error_hint(&error, "check the address in the inventory");
	fail_attempt(attempt, &error);
}

static void resolve(struct smd_pool_item *item)
{
	struct lookup *lookup = (struct lookup *)((char *)item - offsetof(struct lookup, item));
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct smd_clock *clock = smd_loop_clock(lookup->loop);

	if (!atomic_load(&lookup->cancelled))
		lookup->status = getaddrinfo(lookup->host, NULL, &hints, &lookup->found);
	lookup->message = (struct smd_message){.function = on_resolved, .arg = lookup};
	smd_loop_post(lookup->loop, &lookup->message);
	smd_clock_release(clock);
}

/* An address that is written as a number needs no lookup. */
static int is_numeric(struct lookup *lookup)
{
	struct addrinfo *numeric = &lookup->numeric;

	if (!uv_ip4_addr(lookup->host, 0, (struct sockaddr_in *)&lookup->address))
		numeric->ai_addrlen = sizeof(struct sockaddr_in);
	else if (!uv_ip6_addr(lookup->host, 0, (struct sockaddr_in6 *)&lookup->address))
		numeric->ai_addrlen = sizeof(struct sockaddr_in6);
	else
		return 0;
	numeric->ai_addr = (struct sockaddr *)&lookup->address;
	lookup->next = numeric;
	return 1;
}

static void find(struct smd_connector *connector, struct smd_attempt *attempt)
{
	struct real *real = (struct real *)connector;
	struct lookup *lookup = attempt->state = new_lookup(attempt);
	struct smd_error error;

	if (!lookup) {
		smd_fail(&error, SMD_E_NO_MEMORY, "out of memory");
		fail_attempt(attempt, &error);
	} else if (is_numeric(lookup)) {
		attempt->found(attempt);
	} else {
		lookup->resolving = 1;
		lookup->item.run = resolve;
		smd_clock_hold(smd_loop_clock(lookup->loop));
		smd_pool_submit(real->names, &lookup->item);
	}
}

/* Streams */

static void on_connected(uv_poll_t *poll, int status, int events)
{
	struct lookup *lookup = poll->data;
	struct smd_attempt *attempt = lookup->attempt;
	int made = lookup->socket;
	int number = 0;
	socklen_t size = sizeof(number);

	(void)events;
	/* SO_ERROR has the cause; libuv only reports that there is one. */
	getsockopt(made, SOL_SOCKET, SO_ERROR, &number, &size);
	if (!number && status < 0)
		number = -status;
	stop_watching(lookup);
	if (number) {
		close(made);
		lookup->socket = -1;
		try_next(lookup, number);
		return;
	}
	lookup->socket = -1;
	free_lookup(smd_take(attempt->state));
	attempt->connected(attempt, made);
}

static int watch_socket(struct lookup *lookup)
{
	lookup->poll = malloc(sizeof(*lookup->poll));
	if (!lookup->poll)
		return ENOMEM;
	if (uv_poll_init(smd_loop_uv(lookup->loop), lookup->poll, lookup->socket)) {
		free(smd_take(lookup->poll));
		return EMFILE;
	}
	lookup->poll->data = lookup;
	uv_poll_start(lookup->poll, UV_WRITABLE, on_connected);
	return 0;
}

/* Begin to connect to an address. Returns 0 or an errno. */
static int connect_to(struct lookup *lookup, const struct addrinfo *info)
{
	struct sockaddr_storage address;
	int on = 1;
	int number;

	memcpy(&address, info->ai_addr, info->ai_addrlen);
	/* sin_port and sin6_port have the same offset. */
	((struct sockaddr_in *)&address)->sin_port = htons(lookup->attempt->port);
	lookup->socket = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (lookup->socket < 0)
		return errno;
	setsockopt(lookup->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	number = connect(lookup->socket, (struct sockaddr *)&address, info->ai_addrlen);
	number = number && errno != EINPROGRESS ? errno : 0;
	if (!number)
		number = watch_socket(lookup);
	if (number)
		close(lookup->socket);
	if (number)
		lookup->socket = -1;
	return number;
}

/* Try the addresses that are left; `number` tells why the one before failed. */
static void try_next(struct lookup *lookup, int number)
{
	struct smd_attempt *attempt = lookup->attempt;
	struct smd_error error;

	while (lookup->next) {
		const struct addrinfo *info = lookup->next;

		lookup->next = info->ai_next;
		number = connect_to(lookup, info);
		if (!number)
			return;
	}
	smd_fail(&error, SMD_E_UNREACHABLE, "cannot connect to %s port %u: %s", attempt->host,
		 attempt->port, strerror(number));
	smd_error_hint(&error, "check the address in the inventory, and that the device's SSH "
			       "server listens there");
	fail_attempt(attempt, &error);
}

static void connect_found(struct smd_connector *connector, struct smd_attempt *attempt)
{
	(void)connector;
	try_next(attempt->state, EADDRNOTAVAIL);
}

static void cancel(struct smd_connector *connector, struct smd_attempt *attempt)
{
	struct lookup *lookup = smd_take(attempt->state);

	(void)connector;
	if (lookup && lookup->resolving)
		atomic_store(&lookup->cancelled, 1);
	else if (lookup)
		free_lookup(lookup);
}

int smd_connector_new(struct smd_connector **out, struct smd_error *error)
{
	struct real *real = calloc(1, sizeof(*real));
	int err;

	if (!real)
		return smd_fail(error, SMD_E_NO_MEMORY, "out of memory");
	real->connector = (struct smd_connector){find, connect_found, cancel};
	err = smd_pool_new(NAME_THREADS, &real->names, error);
	if (err)
		free(real);
	else
		*out = &real->connector;
	return err;
}

void smd_connector_free(struct smd_connector *connector)
{
	struct real *real = (struct real *)connector;

	if (!real)
		return;
	smd_pool_free(real->names);
	free(real);
}
