/* SPDX-License-Identifier: Apache-2.0 */
#include "documents.h"

#include <stdio.h>
#include <string.h>

/* Writing */

/* A value of type `plain`, as a JSON string, with what a form must not stumble over. */
static void put_plain(struct gen *gen, FILE *out)
{
	static const char *const parts[] = {"a",
					    "0",
					    ":",
					    ",",
					    "1:x,",
					    " ",
					    "\\\"",
					    "{",
					    "\\\\",
					    "\xc3\xa9",
					    "%s",
					    "}",
					    "'",
					    ";",
					    "$(x)",
					    "\\u00fc",
					    "\xf0\x9f\x98\x80"};
	unsigned count = gen_below(gen, gen_chance(gen, 5) ? 300 : 8);

	fputc('"', out);
	for (unsigned i = 0; i < count; i++)
		fputs(parts[gen_below(gen, SMD_COUNT(parts))], out);
	fputc('"', out);
}

static void put_path(struct gen *gen, const char *name, FILE *out)
{
	fprintf(out, ",\"%s\":\"/%u %c\"", name, gen_below(gen, 1000), "a:,{"[gen_below(gen, 4)]);
}

static unsigned put_credentials(struct gen *gen, FILE *out)
{
	unsigned count = 1 + gen_below(gen, 4);

	fputs("\"credential\":[", out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, "%s{\"name\":\"c%u\",\"user\":\"u%u\"", i ? "," : "", count - i, i);
		if (gen_chance(gen, 50))
			put_path(gen, "key-file", out);
		if (gen_chance(gen, 50))
			fputs(",\"password-env\":\"E_1\"", out);
		if (gen_chance(gen, 50))
			put_path(gen, "password-file", out);
		fprintf(out, ",\"agent\":true}");
	}
	fputs("]", out);
	return count;
}

static void put_options(struct gen *gen, FILE *out)
{
	unsigned count = gen_below(gen, 4);

	fputs(",\"option\":[", out);
	for (unsigned i = 0; i < count; i++) {
		fprintf(out, "%s{\"name\":\"o%u\"", i ? "," : "", 9 - i);
		if (gen_chance(gen, 30)) {
			put_path(gen, "value-file", out);
		} else if (gen_chance(gen, 30)) {
			fputs(",\"value-env\":\"V\"", out);
		} else {
			fputs(",\"value\":", out);
			put_plain(gen, out);
		}
		fputs("}", out);
	}
	fputs("]", out);
}

static void put_devices(struct gen *gen, unsigned devices, unsigned credentials, FILE *out)
{
	fputs(",\"device\":[", out);
	for (unsigned i = devices; i--;) {
		fprintf(out,
			"{\"name\":\"d%u\",\"driver\":\"x%u\",\"address\":\"a%u\",\"credential\":"
			"\"c%u\"",
			i, gen_below(gen, 3), i, 1 + gen_below(gen, credentials));
		if (gen_chance(gen, 30))
			fprintf(out, ",\"port\":%u", 1 + gen_below(gen, 65535));
		if (gen_chance(gen, 70))
			fprintf(out, ",\"role\":\"%s\"", gen_chance(gen, 50) ? "leaf" : "spine");
		if (gen_chance(gen, 30))
			fprintf(out, ",\"read-only-credential\":\"c%u\"",
				1 + gen_below(gen, credentials));
		if (gen_chance(gen, 30))
			fputs(",\"label\":[\"z\",\"b=1\",\"c.1\"]", out);
		if (gen_chance(gen, 30))
			put_options(gen, out);
		fputs(i ? "}," : "}", out);
	}
	fputs("]", out);
}

static void put_hosts(struct gen *gen, unsigned devices, unsigned credentials, FILE *out)
{
	unsigned count = gen_below(gen, 5);

	fputs(",\"host\":[", out);
	for (unsigned i = count; i--;) {
		fprintf(out, "{\"name\":\"h%u\",\"address\":\"host%u\",\"credential\":\"c%u\"", i,
			i, 1 + gen_below(gen, credentials));
		if (devices && gen_chance(gen, 70))
			fprintf(out, ",\"device\":\"d%u\",\"device-port\":\"e%u\"",
				gen_below(gen, devices), i);
		if (gen_chance(gen, 50))
			fputs(",\"interface\":\"eth0\",\"ip\":\"10.0.0.1\"", out);
		fputs(i ? "}," : "}", out);
	}
	fputs("]", out);
}

char *random_inventory(struct gen *gen, unsigned devices)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	unsigned credentials;

	fputs("{\"smartdeploy-inventory:inventory\":{", out);
	credentials = put_credentials(gen, out);
	if (gen_chance(gen, 50))
		put_path(gen, "known-hosts", out);
	put_devices(gen, devices, credentials, out);
	put_hosts(gen, devices, credentials, out);
	fputs("}}", out);
	fclose(out);
	return text;
}

char *random_topology(struct gen *gen, unsigned devices)
{
	unsigned count = devices > 1 ? gen_below(gen, 3 * devices) : 0;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	fputs("{\"smartdeploy-topology:topology\":{\"link\":[", out);
	for (unsigned i = 0; i < count; i++) {
		unsigned a = gen_below(gen, devices), b = gen_below(gen, devices - 1);

		fprintf(out,
			"%s{\"a-device\":\"d%u\",\"a-port\":\"p%u\",\"b-device\":\"d%u\","
			"\"b-port\":\"q%u\"}",
			i ? "," : "", a, i, b + (b >= a), count - i);
	}
	fputs("]}}", out);
	fclose(out);
	return text;
}

static void put_native(struct gen *gen, FILE *out)
{
	fputs("{\"smartdeploy-native:native\":{\"name\":\"n\",\"device\":[", out);
	for (unsigned i = 1 + gen_below(gen, 3); i--;) {
		fprintf(out, "{\"name\":\"d%u\",\"line\":[", i);
		for (unsigned line = 1 + gen_below(gen, 6); line--;) {
			put_plain(gen, out);
			fputs(line ? "," : "", out);
		}
		fputs(i ? "]}," : "]}", out);
	}
	fputs("]}}", out);
}

static void put_domain(struct gen *gen, FILE *out)
{
	fprintf(out, "{\"smartdeploy-bridge-domain:bridge-domain\":{\"name\":\"b\",\"vlan\":%u,",
		1 + gen_below(gen, 4094));
	if (gen_chance(gen, 50))
		fputs("\"description\":\"3:x, y\xc3\xa9\",", out);
	fputs("\"endpoint\":[", out);
	for (unsigned i = 1 + gen_below(gen, 12); i--;)
		fprintf(out, "{\"device\":\"d%u\",\"port\":\"p%u\"%s}%s", gen_below(gen, 5), i,
			gen_chance(gen, 40) ? ",\"tagging\":\"tagged\"" : "", i ? "," : "");
	fputs("]}}", out);
}

char *random_document(struct gen *gen)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (gen_chance(gen, 50))
		put_native(gen, out);
	else
		put_domain(gen, out);
	fclose(out);
	return text;
}

/* Comparing */

static int same_credential(const struct smd_credential *a, const struct smd_credential *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->user, b->user) &&
	       !strcmp(a->key_file, b->key_file) && a->agent == b->agent &&
	       !strcmp(a->password_env, b->password_env) &&
	       !strcmp(a->password_file, b->password_file);
}

static int same_option(const struct smd_device_option *a, const struct smd_device_option *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->value, b->value) &&
	       !strcmp(a->value_env, b->value_env) && !strcmp(a->value_file, b->value_file);
}

static int same_device(const struct smd_device *a, const struct smd_device *b)
{
	int same = !strcmp(a->name, b->name) && !strcmp(a->driver, b->driver) &&
		   !strcmp(a->address, b->address) && a->port == b->port &&
		   !strcmp(a->role, b->role) && same_credential(a->credential, b->credential) &&
		   same_credential(a->read_only_credential, b->read_only_credential) &&
		   a->label_count == b->label_count && a->option_count == b->option_count;

	for (size_t i = 0; same && i < a->label_count; i++)
		same = !strcmp(a->labels[i], b->labels[i]);
	for (size_t i = 0; same && i < a->option_count; i++)
		same = same_option(&a->options[i], &b->options[i]);
	return same;
}

static int same_host(const struct smd_host *a, const struct smd_host *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->address, b->address) && a->port == b->port &&
	       same_credential(a->credential, b->credential) && !strcmp(a->device, b->device) &&
	       !strcmp(a->device_port, b->device_port) && !strcmp(a->interface, b->interface) &&
	       !strcmp(a->ip, b->ip);
}

int same_inventory(const struct smd_inventory *a, const struct smd_inventory *b)
{
	int same = !strcmp(a->known_hosts, b->known_hosts) &&
		   a->credential_count == b->credential_count &&
		   a->device_count == b->device_count && a->host_count == b->host_count;

	for (size_t i = 0; same && i < a->credential_count; i++)
		same = same_credential(&a->credentials[i], &b->credentials[i]);
	for (size_t i = 0; same && i < a->device_count; i++)
		same = same_device(&a->devices[i], &b->devices[i]) &&
		       smd_inventory_device(a, b->devices[i].name) == &a->devices[i];
	for (size_t i = 0; same && i < a->host_count; i++)
		same = same_host(&a->hosts[i], &b->hosts[i]) &&
		       smd_inventory_host(a, b->hosts[i].name) == &a->hosts[i];
	return same;
}

int same_topology(const struct smd_topology *a, const struct smd_topology *b)
{
	int same = a->link_count == b->link_count;

	for (size_t i = 0; same && i < a->link_count; i++) {
		const struct smd_link *left = &a->links[i], *right = &b->links[i];

		same = !strcmp(left->a_device, right->a_device) &&
		       !strcmp(left->a_port, right->a_port) &&
		       !strcmp(left->b_device, right->b_device) &&
		       !strcmp(left->b_port, right->b_port) &&
		       smd_topology_link_at(a, right->a_device, right->a_port) == left &&
		       smd_topology_link_at(a, right->b_device, right->b_port) == left;
	}
	return same && !smd_topology_link_at(a, "d0", "none");
}

static int same_domain(const struct smd_bridge_domain *a, const struct smd_bridge_domain *b)
{
	int same = !strcmp(a->name, b->name) && a->vlan == b->vlan &&
		   !strcmp(a->description, b->description) &&
		   a->endpoint_count == b->endpoint_count;

	for (size_t i = 0; same && i < a->endpoint_count; i++)
		same = !strcmp(a->endpoints[i].device, b->endpoints[i].device) &&
		       !strcmp(a->endpoints[i].port, b->endpoints[i].port) &&
		       a->endpoints[i].tagging == b->endpoints[i].tagging;
	return same;
}

static int same_lines(const struct smd_text *a, const struct smd_text *b)
{
	int same = smd_text_count(a) == smd_text_count(b);

	for (size_t i = 0; same && i < smd_text_count(a); i++)
		same = !strcmp(smd_text_get(a, i, NULL), smd_text_get(b, i, NULL));
	return same;
}

static int same_native(const struct smd_native *a, const struct smd_native *b)
{
	int same = !strcmp(a->name, b->name) && a->device_count == b->device_count;

	for (size_t i = 0; same && i < a->device_count; i++)
		same = !strcmp(a->devices[i].device, b->devices[i].device) &&
		       same_lines(a->devices[i].text, b->devices[i].text);
	return same;
}

int same_document(const struct smd_document *a, const struct smd_document *b)
{
	if (a->kind != b->kind || strcmp(a->name, b->name))
		return 0;
	return a->kind == SMD_DOCUMENT_NATIVE ? same_native(&a->native, &b->native)
					      : same_domain(&a->domain, &b->domain);
}
