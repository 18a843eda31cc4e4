/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only text that becomes a link is an id: 27 characters that are checked and written anew.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "addresses.h"
#include "caps.h"
#include "conf.h"

#define LETTERS "/d/"

static struct weblink_lists lists; /* lives as long as the portal */

static char *
copy(const char *old, const char *value)
{
	return old == NULL ? strndup(value, CAP_ADDRESSES) : NULL;
}

bool
addresses_load(const char *path)
{
	char *text = malloc(CAP_ADDRESSES + 1), *rest = text, *key, *value;
	const char **list = NULL;
	enum conf_kind kind;
	FILE *f = text != NULL ? fopen(path, "re") : NULL;
	size_t n;

	if (f != NULL) {
		n = fread(text, 1, CAP_ADDRESSES, f);
		text[n] = '\0';
		(void)fclose(f);
		while ((kind = conf_next(&rest, &key, &value)) != CONF_END)
			if (kind == CONF_HEADING)
				list = strcmp(key, "known") == 0        ? &lists.known
				       : strcmp(key, "shorteners") == 0 ? &lists.shorteners
									: NULL;
			else if (kind == CONF_PAIR && list != NULL && *list == NULL &&
				 strcmp(key, "hosts") == 0)
				*list = copy(*list, value);
	}
	free(text);
	return lists.known != NULL;
}

/* p begins with s, in either case. */
static bool
begins(const uint8_t *p, size_t len, const char *s)
{
	size_t n = strlen(s);

	return len >= n && strncasecmp((const char *)p, s, n) == 0;
}

/* "https://HOST[:PORT]/d/ID" and nothing else around the host; the id, or false. */
static bool
letter_at(const uint8_t *p, size_t len, const struct weblink *w, char id[CROCKFORD_ID_LEN + 1])
{
	size_t host = strlen(w->host), n;

	id[0] = '\0';
	n = begins(p, len, "https://") ? 8 : begins(p, len, "http://") ? 7 : 0;
	if (n == 0 || host == 0)
		return false;
	p += n;
	len -= n;
	if (!begins(p, len, w->host))
		return false;
	p += host;
	len -= host;
	if (len > 0 && *p == ':')
		for (p++, len--; len > 0 && *p >= '0' && *p <= '9'; p++)
			len--;
	if (len != strlen(LETTERS) + CROCKFORD_ID_LEN || !begins(p, len, LETTERS))
		return false;
	return crockford_id_read((const char *)p + strlen(LETTERS), CROCKFORD_ID_LEN, id);
}

/* Exactly as it is printed. */
static bool
is_printed(const uint8_t *p, size_t len, const char *public_url, char id[CROCKFORD_ID_LEN + 1])
{
	size_t n = strlen(public_url);

	id[0] = '\0';
	if (!begins(p, len, public_url) || len - n != strlen(LETTERS) + CROCKFORD_ID_LEN ||
	    !begins(p + n, len - n, LETTERS))
		return false;
	return crockford_id_read((const char *)p + n + strlen(LETTERS), CROCKFORD_ID_LEN, id);
}

/* The host of two addresses is one, and nothing in this one hides it. */
static bool
is_own_host(const struct weblink *w, const char *public_url)
{
	struct weblink own;

	weblink_read(&own, (const uint8_t *)public_url, strlen(public_url), &lists);
	return own.kind == WEBLINK_WEB && own.host[0] != '\0' && strcmp(own.host, w->host) == 0 &&
	       (w->reasons & (WEBLINK_USER | WEBLINK_SCRIPT)) == 0;
}

enum address
addresses_look(const uint8_t *p, size_t len, const char *public_url, struct weblink *w,
    char id[CROCKFORD_ID_LEN + 1])
{
	weblink_read(w, p, len, &lists);
	if (public_url != NULL && is_printed(p, len, public_url, id))
		return ADDRESS_OWN;
	if (crockford_id_read((const char *)p, len, id))
		return ADDRESS_ID;
	if (w->kind == WEBLINK_OTHER)
		return ADDRESS_STRANGE;
	if (w->kind == WEBLINK_TEXT)
		return ADDRESS_TEXT;
	if (public_url != NULL && is_own_host(w, public_url) && letter_at(p, len, w, id))
		return ADDRESS_OWN;
	if ((w->reasons & WEBLINK_FOREIGN) != 0)
		return ADDRESS_FOREIGN;
	if (!letter_at(p, len, w, id))
		id[0] = '\0';
	return ADDRESS_KNOWN;
}
