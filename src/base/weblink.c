/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses as browsers read them (backslashes are slashes, what is before the last @ is no host),
 * since that is what the deceit is made for.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "weblink.h"

#define BRAND 4 /* letters of a known name that are looked for in others */

static const struct {
	const char *word, *text;
} reasons[WEBLINK_REASONS] = {
    {"FOREIGN", "not a known address of the government"},
    {"PLAIN", "not encrypted (http): the page can be changed on the way"},
    {"USER", "has a name before the @ that is not the host"},
    {"NUMBER", "an IP address instead of a name"},
    {"PUNYCODE", "letters of another script that may look like others (xn--)"},
    {"SCRIPT", "characters that no host's name has"},
    {"SHORTENER", "a short address: it hides where it leads"},
    {"ALIKE", "made to look like an address of the government"},
    {"PORT", "an unusual port"},
};

const char *
weblink_text(unsigned n)
{
	return n < WEBLINK_REASONS ? reasons[n].text : "";
}

const char *
weblink_word(unsigned n)
{
	return n < WEBLINK_REASONS ? reasons[n].word : "";
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_one_of(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* --- names --- */

/* Where the part of a name begins that somebody registered; without a list of all registries. */
static size_t
registered(const char *host)
{
	static const char *const second[] = {"go", "co", "ac", "or", "web", "sch", "desa", "mil",
	    "net", "my", "biz", "ponpes", "com", "org", "gov", "edu", "gob", "gouv", "ne"};
	const char *dot[3] = {NULL, NULL, NULL}, *p;
	size_t i, n;

	for (p = host; *p != '\0'; p++)
		if (*p == '.') {
			dot[2] = dot[1];
			dot[1] = dot[0];
			dot[0] = p;
		}
	if (dot[1] == NULL)
		return 0;
	n = (size_t)(dot[0] - dot[1] - 1);
	/* of countries, which have two letters */
	if (strlen(dot[0]) == 3)
		for (i = 0; i < sizeof(second) / sizeof(second[0]); i++)
			if (strlen(second[i]) == n && strncmp(dot[1] + 1, second[i], n) == 0)
				return dot[2] == NULL ? 0 : (size_t)(dot[2] + 1 - host);
	return (size_t)(dot[1] + 1 - host);
}

/* The next name of a list; *len 0 at its end. */
static const char *
next_name(const char **rest, size_t *len)
{
	const char *p = *rest;

	p += strspn(p, ", \t");
	*len = strcspn(p, ", \t");
	*rest = p + *len;
	return p;
}

static bool
is_listed(const char *list, const char *host)
{
	size_t have = strlen(host), len;
	const char *name;

	if (list == NULL)
		return false;
	for (name = next_name(&list, &len); len > 0; name = next_name(&list, &len))
		if (len <= have && strncasecmp(host + have - len, name, len) == 0 &&
		    (len == have || host[have - len - 1] == '.'))
			return true;
	return false;
}

/* What an eye in a hurry sees: 0 is o, 1 and i are l, rn is m, and hyphens are nothing. */
static void
skeleton(char out[256], const char *s, size_t len)
{
	static const char from[] = "0135i8", to[] = "oleslb";
	const char *at;
	size_t i, n = 0;

	for (i = 0; i < len && n < 255; i++) {
		if (s[i] == '-')
			continue;
		at = strchr(from, s[i]);
		out[n] = s[i];
		if (at != NULL && s[i] != '\0')
			out[n] = to[at - from];
		if (n > 0 && out[n - 1] == 'r' && out[n] == 'n')
			out[--n] = 'm';
		else if (n > 0 && out[n - 1] == 'v' && out[n] == 'v')
			out[--n] = 'w';
		n++;
	}
	out[n] = '\0';
}

/* Whether b becomes a by one letter more, fewer, or another. */
static bool
nearly(const char *a, const char *b)
{
	for (; *a != '\0' && *a == *b; a++)
		b++;
	if (*a == '\0' || *b == '\0')
		return strlen(a) + strlen(b) <= 1;
	return strcmp(a + 1, b) == 0 || strcmp(a, b + 1) == 0 || strcmp(a + 1, b + 1) == 0;
}

/* Of a host that is not known. */
static bool
is_alike(const char *host, const char *known)
{
	char all[256], mine[256], brand[256];
	size_t len, have = strlen(host);
	const char *name, *label = host + registered(host);

	/* Only the government gets names there. */
	if (have >= 6 && strcmp(host + have - 6, ".go.id") == 0)
		return false;
	if (strstr(host, "go.id") != NULL || strstr(host, "go-id") != NULL)
		return true;
	if (known == NULL)
		return false;
	skeleton(all, host, have);
	skeleton(mine, label, strcspn(label, "."));
	for (name = next_name(&known, &len); len > 0; name = next_name(&known, &len)) {
		skeleton(brand, name, len < strcspn(name, ".") ? len : strcspn(name, "."));
		if (strlen(brand) < BRAND)
			continue;
		if (strstr(all, brand) != NULL ||
		    (strlen(brand) > BRAND + 1 && nearly(brand, mine)))
			return true;
	}
	return false;
}

/* Of the last label, as browsers do: a number makes the whole an IP address. */
static bool
is_number(const char *host)
{
	const char *last = strrchr(host, '.');

	if (host[0] == '[')
		return true;
	last = last != NULL ? last + 1 : host;
	if (strncmp(last, "0x", 2) == 0)
		return last[2 + strspn(last + 2, "0123456789abcdef")] == '\0';
	return *last != '\0' && last[strspn(last, "0123456789")] == '\0';
}

/* --- addresses --- */

static void
take_host(struct weblink *w, const uint8_t *p, size_t len)
{
	size_t i, n = 0;

	while (len > 0 && p[len - 1] == '.') /* the root, as in "host.example." */
		len--;
	for (i = 0; i < len && n + 4 < sizeof(w->host); i++) {
		if (is_letter(p[i]) || is_digit(p[i]) || is_one_of(p[i], "-._:[]"))
			w->host[n++] = (char)lower(p[i]);
		else {
			(void)snprintf(w->host + n, 4, "%%%02X", p[i]);
			n += 3;
			w->reasons |= WEBLINK_SCRIPT;
		}
	}
	w->host[n] = '\0';
	if (i < len)
		w->reasons |= WEBLINK_SCRIPT;
}

/* Behind "//", up to the path. */
static void
take_authority(struct weblink *w, const uint8_t *p, size_t len)
{
	size_t i, end = 0, start = 0, colon;
	bool usual;

	while (end < len && !is_one_of(p[end], "/\\?#"))
		end++;
	for (i = 0; i < end; i++)
		if (p[i] == '@') {
			start = i + 1;
			w->reasons |= WEBLINK_USER;
		}
	for (colon = end; colon > start && is_digit(p[colon - 1]); colon--)
		;
	if (colon > start && p[colon - 1] == ':') {
		usual = end == colon ||
			(strcmp(w->scheme, "http") != 0 && end - colon == 3 &&
			    memcmp(p + colon, "443", 3) == 0) ||
			(strcmp(w->scheme, "http") == 0 && end - colon == 2 &&
			    memcmp(p + colon, "80", 2) == 0);
		if (!usual)
			w->reasons |= WEBLINK_PORT;
		end = colon - 1;
	}
	take_host(w, p + start, end - start);
}

/* Letters, then ":"; the octets of both, or 0. */
static size_t
take_scheme(struct weblink *w, const uint8_t *p, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < sizeof(w->scheme); i++) {
		if (i > 0 && p[i] == ':') {
			w->scheme[i] = '\0';
			return i + 1;
		}
		if (i + 1 == sizeof(w->scheme) ||
		    !(is_letter(p[i]) || (i > 0 && (is_digit(p[i]) || is_one_of(p[i], "+-.")))))
			break;
		w->scheme[i] = (char)lower(p[i]);
	}
	w->scheme[0] = '\0';
	return 0;
}

/* "name.example", alone or with a port or a path behind it. */
static bool
is_bare(const uint8_t *p, size_t len)
{
	size_t i = 0, dot = 0;

	for (; i < len && (is_letter(p[i]) || is_digit(p[i]) || p[i] == '-' || p[i] == '.'); i++)
		if (p[i] == '.')
			dot = i;
	return dot > 0 && i - dot > 2 && is_letter(p[dot + 1]) &&
	       (i == len || p[i] == '/' || p[i] == '?' ||
		   (p[i] == ':' && i + 1 < len && is_digit(p[i + 1])));
}

static void
weigh(struct weblink *w, const struct weblink_lists *lists)
{
	w->domain = registered(w->host);
	if (strcmp(w->scheme, "https") != 0)
		w->reasons |= WEBLINK_PLAIN;
	if (strncmp(w->host, "xn--", 4) == 0 || strstr(w->host, ".xn--") != NULL)
		w->reasons |= WEBLINK_PUNYCODE;
	if (is_listed(lists->known, w->host) && (w->reasons & WEBLINK_SCRIPT) == 0)
		return;
	w->reasons |= WEBLINK_FOREIGN;
	if (is_number(w->host)) {
		w->reasons |= WEBLINK_NUMBER;
		w->domain = 0;
	}
	if (is_listed(lists->shorteners, w->host))
		w->reasons |= WEBLINK_SHORTENER;
	if (is_alike(w->host, lists->known))
		w->reasons |= WEBLINK_ALIKE;
}

void
weblink_read(struct weblink *w, const uint8_t *p, size_t len, const struct weblink_lists *lists)
{
	size_t n;

	memset(w, 0, sizeof(*w));
	/* A browser leaves these out at both ends. */
	for (; len > 0 && *p <= ' '; p++)
		len--;
	while (len > 0 && p[len - 1] <= ' ')
		len--;
	if (len == 0)
		return;
	if (is_bare(p, len)) {
		w->kind = WEBLINK_WEB;
		take_authority(w, p, len);
	} else if ((n = take_scheme(w, p, len)) > 0) {
		if (strcmp(w->scheme, "http") != 0 && strcmp(w->scheme, "https") != 0) {
			/* A sentence has a colon, too, but a blank behind it. */
			w->kind = n < len && p[n] != ' ' ? WEBLINK_OTHER : WEBLINK_TEXT;
			return;
		}
		w->kind = WEBLINK_WEB;
		while (n < len && (p[n] == '/' || p[n] == '\\'))
			n++;
		take_authority(w, p + n, len - n);
	} else
		return;
	if (w->host[0] == '\0')
		w->reasons |= WEBLINK_SCRIPT;
	weigh(w, lists);
}
