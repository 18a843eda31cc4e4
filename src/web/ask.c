/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers and queries come from outside: looked at, never trusted. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "ask.h"
#include "web.h"

/* The value of key in "a=b; key=value" or "a=b&key=value"; 0 bytes if it is not there. */
static size_t
value_of(const char *s, const char *key, const char *separators, const char **v)
{
	size_t n = strlen(key);

	while (s != NULL && *s != '\0') {
		s += strspn(s, separators);
		if (strncmp(s, key, n) == 0 && s[n] == '=') {
			*v = s + n + 1;
			return strcspn(*v, separators);
		}
		s += strcspn(s, separators);
	}
	return 0;
}

static enum lang
lang_of(const char *s, size_t len)
{
	unsigned l;

	for (l = 0; l < LANG__MAX; l++)
		if (len == 2 && memcmp(s, l == LANG_ID ? "id" : "en", 2) == 0)
			return (enum lang)l;
	return LANG__MAX;
}

static enum lang
chosen(struct http_request *req)
{
	const char *v = "";
	size_t n = value_of(req->query_string, "lang", "&", &v);

	return lang_of(v, n);
}

bool
ask_lang_chosen(struct http_request *req)
{
	return chosen(req) != LANG__MAX;
}

enum lang
ask_lang(struct http_request *req)
{
	const char *cookie, *v = "";
	enum lang l = chosen(req);

	if (l == LANG__MAX && http_request_header(req, "cookie", &cookie) == KORE_RESULT_OK)
		l = lang_of(v, value_of(cookie, "lang", "; ", &v));
	return l != LANG__MAX ? l : LANG_ID;
}

bool
ask_true(const char *s, size_t len)
{
	return (len == 1 && *s == '1') || (len == 4 && memcmp(s, "true", 4) == 0);
}

bool
ask_flag(struct http_request *req, const char *key)
{
	const char *v = "";
	size_t n = value_of(req->query_string, key, "&", &v);

	return ask_true(v, n);
}

bool
ask_json(struct http_request *req)
{
	const char *accept;
	size_t n = strlen(req->path);

	if (strncmp(req->path, "/api/", 5) == 0 || strncmp(req->path, "/health/", 8) == 0 ||
	    strncmp(req->path, "/error/problem/", 15) == 0 ||
	    (n > 5 && strcmp(req->path + n - 5, ".json") == 0))
		return true;
	return http_request_header(req, "accept", &accept) == KORE_RESULT_OK &&
	       strstr(accept, "application/json") != NULL && strstr(accept, "text/html") == NULL;
}

bool
ask_type(struct http_request *req, const char *type)
{
	const char *s;
	size_t n = strlen(type);

	return http_request_header(req, "content-type", &s) == KORE_RESULT_OK &&
	       strncasecmp(s, type, n) == 0 && (s[n] == '\0' || strchr("; \t", s[n]) != NULL);
}

/* An address in text; false unless it is one. */
static bool
parse_address(const char *s, struct in6_addr *out)
{
	struct in_addr v4;

	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, s, &v4) == 1) {
		memset(&out->s6_addr[10], 0xff, 2);
		memcpy(&out->s6_addr[12], &v4, 4);
		return true;
	}
	return inet_pton(AF_INET6, s, out) == 1;
}

static bool
is_loopback(const struct in6_addr *a)
{
	return IN6_IS_ADDR_LOOPBACK(a) || (IN6_IS_ADDR_V4MAPPED(a) && a->s6_addr[12] == 127);
}

struct in6_addr
ask_address(struct http_request *req)
{
	const struct connection *c = req->owner;
	struct in6_addr a = IN6ADDR_LOOPBACK_INIT, forwarded;
	const char *s, *last;

	if (c->family == AF_INET) {
		memset(&a, 0, sizeof(a));
		memset(&a.s6_addr[10], 0xff, 2);
		memcpy(&a.s6_addr[12], &c->addr.ipv4.sin_addr, 4);
	} else if (c->family == AF_INET6) {
		a = c->addr.ipv6.sin6_addr;
	}
	if (is_loopback(&a) && http_request_header(req, "x-forwarded-for", &s) == KORE_RESULT_OK) {
		last = strrchr(s, ',');
		last = last != NULL ? last + 1 : s;
		last += strspn(last, " \t");
		if (parse_address(last, &forwarded))
			a = forwarded;
	}
	return a;
}

const char *
ask_path(struct http_request *req)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789/._-";
	const char *p = req->path;

	if (req->method != HTTP_METHOD_GET && req->method != HTTP_METHOD_HEAD)
		return "/";
	if (p[0] != '/' || p[1] == '/' || p[strspn(p, plain)] != '\0')
		return "/";
	return p;
}

bool
ask_cookie(struct http_request *req, const char *name, char *out, size_t size)
{
	const char *cookies, *v = "";
	size_t n;

	*out = '\0';
	if (http_request_header(req, "cookie", &cookies) != KORE_RESULT_OK)
		return false;
	n = value_of(cookies, name, "; ", &v);
	if (n == 0 || n >= size)
		return false;
	memcpy(out, v, n);
	out[n] = '\0';
	return true;
}

/* Whether "https://HOST:PORT" is HOST:PORT; a proxy may leave the port out of the Host header. */
static bool
same_host(const char *origin, const char *host)
{
	const char *o = strstr(origin, "://");
	size_t n = strlen(host);

	if (o == NULL || n == 0)
		return false;
	o += 3;
	if (strncasecmp(o, host, n) != 0)
		return false;
	return o[n] == '\0' || (o[n] == ':' && strchr(host, ':') == NULL);
}

bool
ask_same_origin(struct http_request *req)
{
	const char *s, *host;

	if (http_request_header(req, "sec-fetch-site", &s) == KORE_RESULT_OK)
		return strcmp(s, "same-origin") == 0;
	if (http_request_header(req, "origin", &s) != KORE_RESULT_OK)
		return true;
	if (web.public_url != NULL && strcasecmp(s, web.public_url) == 0)
		return true;
	return http_request_header(req, "host", &host) == KORE_RESULT_OK && same_host(s, host);
}

void
ask_address_text(struct http_request *req, char out[INET6_ADDRSTRLEN])
{
	struct in6_addr a = ask_address(req);

	if (!IN6_IS_ADDR_V4MAPPED(&a))
		memset(&a.s6_addr[8], 0, 8);
	if (inet_ntop(AF_INET6, &a, out, INET6_ADDRSTRLEN) == NULL)
		*out = '\0';
}

int64_t
ask_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
