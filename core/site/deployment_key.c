/* SPDX-License-Identifier: Apache-2.0 */
#include "core/site/deployment_key.h"

#include <stdio.h>
#include <string.h>

#define DIGITS 12

static int is_number(const char *text)
{
	size_t length = strspn(text, "0123456789");

	return length && length <= DIGITS && !text[length];
}

/* The number without zeros in front; the last digit stays. */
static const char *without_zeros(const char *text)
{
	while (text[0] == '0' && text[1])
		text++;
	return text;
}

void smd_deployment_key(const char *id, const char *rest, char key[SMD_STORE_KEY])
{
	const char *number = without_zeros(id); /* so that 017 is 17 */
	size_t pad = is_number(id) ? DIGITS - strlen(number) : 0;

	snprintf(key, SMD_STORE_KEY, "%s%.*s%s%s%s", is_number(id) ? "n" : "", (int)pad,
		 "000000000000", is_number(id) ? number : id, rest ? " " : "", rest ? rest : "");
}

void smd_deployment_id(const char *key, char id[SMD_DEPLOYMENT_ID])
{
	const char *number = *key == 'n' && is_number(key + 1) ? key + 1 : NULL;

	snprintf(id, SMD_DEPLOYMENT_ID, "%.*s", SMD_DEPLOYMENT_ID - 1,
		 number ? without_zeros(number) : key);
}
