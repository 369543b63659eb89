/* SPDX-License-Identifier: Apache-2.0 */
#include "ovsdb_proxy.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* One client and its connection to the server. `bytes`: an unfinished message of the client. */
struct relay {
	struct ovsdb_proxy *proxy;
	int client, server;
	char *bytes;
	size_t size;
};

static int open_socket(const char *path, int (*join)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (file >= 0 && !join(file, (struct sockaddr *)&address, sizeof(address)))
		return file;
	close(file);
	return -1;
}

static int send_all(int file, const char *bytes, size_t size)
{
	while (size) {
		ssize_t sent = send(file, bytes, size, MSG_NOSIGNAL);

		if (sent <= 0)
			return -1;
		bytes += sent;
		size -= (size_t)sent;
	}
	return 0;
}

static void look_at(struct ovsdb_proxy *proxy, const cJSON *message)
{
	const cJSON *method = cJSON_GetObjectItemCaseSensitive(message, "method");
	void (*held)(void);

	if (!cJSON_IsString(method) || strcmp(method->valuestring, "transact") != 0)
		return;
	pthread_mutex_lock(&proxy->lock);
	held = proxy->held;
	proxy->held = NULL;
	cJSON_Delete(proxy->transaction);
	proxy->transaction =
		cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(message, "params"), 1);
	pthread_mutex_unlock(&proxy->lock);
	if (held)
		held();
}

/* Pass on all whole messages of the client. */
static int pass_messages(struct relay *relay)
{
	const char *rest = relay->bytes;
	cJSON *message;

	while ((message = cJSON_ParseWithOpts(rest, &rest, 0))) {
		size_t size = (size_t)(rest - relay->bytes);
		int failed;

		look_at(relay->proxy, message);
		cJSON_Delete(message);
		failed = send_all(relay->server, relay->bytes, size);
		relay->size -= size;
		memmove(relay->bytes, rest, relay->size + 1);
		rest = relay->bytes;
		if (failed)
			return -1;
	}
	return 0;
}

static int from_client(struct relay *relay)
{
	char bytes[4096];
	ssize_t got = recv(relay->client, bytes, sizeof(bytes), 0);
	char *all = got > 0 ? realloc(relay->bytes, relay->size + (size_t)got + 1) : NULL;

	if (!all)
		return -1;
	relay->bytes = all;
	memcpy(all + relay->size, bytes, (size_t)got);
	relay->size += (size_t)got;
	all[relay->size] = '\0';
	return pass_messages(relay);
}

static int from_server(const struct relay *relay)
{
	char bytes[4096];
	ssize_t got = recv(relay->server, bytes, sizeof(bytes), 0);

	return got > 0 ? send_all(relay->client, bytes, (size_t)got) : -1;
}

static void serve(struct ovsdb_proxy *proxy, int client)
{
	struct relay relay = {.proxy = proxy, .client = client};
	int failed = 0;

	relay.server = open_socket(proxy->server, connect);
	while (!failed && relay.server >= 0) {
		struct pollfd files[] = {{.fd = client, .events = POLLIN},
					 {.fd = relay.server, .events = POLLIN}};

		if (poll(files, 2, -1) < 0)
			break;
		if (files[0].revents)
			failed = from_client(&relay);
		if (!failed && files[1].revents)
			failed = from_server(&relay);
	}
	if (relay.server >= 0)
		close(relay.server);
	close(client);
	free(relay.bytes);
}

static void *work(void *arg)
{
	struct ovsdb_proxy *proxy = arg;

	for (;;) {
		struct pollfd files[] = {{.fd = proxy->listener, .events = POLLIN},
					 {.fd = proxy->end[0], .events = POLLIN}};
		int client;

		if (poll(files, 2, -1) < 0 || files[1].revents)
			return NULL;
		client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
		if (client >= 0)
			serve(proxy, client);
	}
}

int ovsdb_proxy_start(struct ovsdb_proxy *proxy, const char *path, const char *server)
{
	*proxy = (struct ovsdb_proxy){.lock = PTHREAD_MUTEX_INITIALIZER,
				      .listener = open_socket(path, bind)};
	snprintf(proxy->server, sizeof(proxy->server), "%s", server);
	if (proxy->listener < 0 || listen(proxy->listener, 8) || pipe(proxy->end))
		return -1;
	return pthread_create(&proxy->thread, NULL, work, proxy) ? -1 : 0;
}

void ovsdb_proxy_stop(struct ovsdb_proxy *proxy)
{
	close(proxy->end[1]);
	pthread_join(proxy->thread, NULL);
	close(proxy->end[0]);
	close(proxy->listener);
	cJSON_Delete(proxy->transaction);
}

void ovsdb_proxy_hold(struct ovsdb_proxy *proxy, void (*held)(void))
{
	pthread_mutex_lock(&proxy->lock);
	proxy->held = held;
	pthread_mutex_unlock(&proxy->lock);
}

cJSON *ovsdb_proxy_transaction(struct ovsdb_proxy *proxy)
{
	cJSON *transaction;

	pthread_mutex_lock(&proxy->lock);
	transaction = cJSON_Duplicate(proxy->transaction, 1);
	pthread_mutex_unlock(&proxy->lock);
	return transaction;
}
