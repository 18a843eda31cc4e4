/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The few fields of an answer's header that are ours to read: where to go instead, how it is
 * encoded, how long it may be kept.
 */
#include <curl/curl.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "caps.h"
#include "fetch_part.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The value of a header line, without white space around it; NULL if it is another's. */
static const char *
value_of(const char *line, size_t len, const char *name, size_t *value_len)
{
	size_t n = strlen(name);

	if (len <= n || line[n] != ':' || strncasecmp(line, name, n) != 0)
		return NULL;
	for (n++; n < len && is_blank(line[n]); n++)
		;
	while (len > n && is_blank(line[len - 1]))
		len--;
	*value_len = len - n;
	return line + n;
}

static bool
is_word(const char *p, size_t len, const char *word)
{
	return len == strlen(word) && strncasecmp(p, word, len) == 0;
}

/* Decimal digits and nothing else, saturated; -1 if it is none. */
static long long
seconds_of(const char *p, size_t len)
{
	long long v = 0;
	size_t i;

	if (len > 1 && p[0] == '"' && p[len - 1] == '"') {
		p++;
		len -= 2;
	}
	if (len == 0)
		return -1;
	for (i = 0; i < len; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		if (v < INT32_MAX)
			v = v * 10 + (p[i] - '0');
	}
	return v < INT32_MAX ? v : INT32_MAX;
}

/* RFC 9111, 5.2.2: what forbids keeping counts as no time at all. */
static void
read_cache_control(struct fetch_header *h, const char *p, size_t len)
{
	static const char *const none[] = {"no-store", "no-cache", "private"};
	static const char *const age[] = {"max-age=", "s-maxage="};
	size_t i, end, n;
	long long v;

	while (len > 0) {
		for (end = 0; end < len && p[end] != ','; end++)
			;
		for (n = end; n > 0 && is_blank(*p); n--, end--, len--)
			p++;
		for (n = end; n > 0 && is_blank(p[n - 1]); n--)
			;
		for (i = 0; i < nitems(none); i++)
			if (is_word(p, n, none[i]))
				h->max_age = 0;
		for (i = 0; i < nitems(age); i++) {
			size_t skip = strlen(age[i]);

			if (n <= skip || strncasecmp(p, age[i], skip) != 0)
				continue;
			v = seconds_of(p + skip, n - skip);
			if (v >= 0 && (h->max_age == -1 || v < h->max_age))
				h->max_age = v;
		}
		p += end < len ? end + 1 : end;
		len -= end < len ? end + 1 : end;
	}
}

static long long
date_of(const char *p, size_t len)
{
	char text[64];

	if (len >= sizeof(text))
		return -1;
	memcpy(text, p, len);
	text[len] = '\0';
	return (long long)curl_getdate(text, NULL);
}

void
fetch_header_init(struct fetch_header *h)
{
	memset(h, 0, sizeof(*h));
	h->max_age = h->expires = h->date = -1;
}

static void
read_field(struct fetch_header *h, const char *p, size_t len)
{
	const char *v;
	size_t n;

	if ((v = value_of(p, len, "Location", &n)) != NULL) {
		if (n == 0 || n >= sizeof(h->location) || memchr(v, '\0', n) != NULL ||
		    h->location[0] != '\0')
			h->odd = true;
		else
			memcpy(h->location, v, n);
	} else if ((v = value_of(p, len, "Content-Encoding", &n)) != NULL) {
		if (!is_word(v, n, "identity"))
			h->odd = true;
	} else if ((v = value_of(p, len, "Transfer-Encoding", &n)) != NULL) {
		if (!is_word(v, n, "chunked"))
			h->odd = true;
	} else if ((v = value_of(p, len, "Cache-Control", &n)) != NULL)
		read_cache_control(h, v, n);
	else if ((v = value_of(p, len, "Expires", &n)) != NULL)
		/* RFC 9111, 5.3: what is no date has passed */
		h->expires = date_of(v, n) < 0 ? 0 : date_of(v, n);
	else if ((v = value_of(p, len, "Date", &n)) != NULL)
		h->date = date_of(v, n);
	else if ((v = value_of(p, len, "Age", &n)) != NULL)
		h->age = seconds_of(v, n) > 0 ? seconds_of(v, n) : 0;
}

bool
fetch_header_line(struct fetch_header *h, const char *p, size_t len)
{
	/* An answer after 100 Continue begins anew, but its octets go on to count. */
	if (len > 5 && memcmp(p, "HTTP/", 5) == 0) {
		size_t octets = h->octets;

		fetch_header_init(h);
		h->octets = octets;
	}
	if (len > CAP_FETCH_HEADER - h->octets) {
		h->octets = CAP_FETCH_HEADER;
		h->odd = true;
		return false;
	}
	h->octets += len;
	read_field(h, p, len);
	return !h->odd;
}

int64_t
fetch_header_max_age(const struct fetch_header *h)
{
	long long v = h->max_age;

	if (v == -1 && h->expires >= 0)
		v = h->expires - (h->date >= 0 ? h->date : (long long)time(NULL));
	else if (v == -1)
		return -1;
	v -= h->age;
	return v < 0 ? 0 : v;
}
