/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the fetcher may go.  An address of the web is read here by the narrow
 * half of RFC 3986 and put together again, so that what curl is given later has one reading only:
 * whatever two readers could take for two places is refused.  Network addresses are judged by
 * tables: of IPv4 all but what is named, of IPv6 nothing but the global unicast block.
 */
#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdio.h>
#include <string.h>

#include "caps.h"
#include "guard.h"

#define nitems(a)  (sizeof(a) / sizeof((a)[0]))
#define MAX_NAME   253 /* octets of a name: RFC 1035, 2.3.4, without the root's */
#define MAX_LABEL  63
#define PORT_HTTP  80
#define PORT_HTTPS 443

/* --- network addresses --- */

struct range {
	uint8_t prefix[16];
	uint8_t bits;
};

/* Not public, or not unicast: IANA's registry of special purposes, RFC 6890. */
static const struct range closed4[] = {
    {{0}, 8},             /* this network: RFC 791, 3.2 */
    {{10}, 8},            /* private: RFC 1918 */
    {{100, 64}, 10},      /* shared, behind a provider's NAT: RFC 6598 */
    {{127}, 8},           /* loopback: RFC 1122, 3.2.1.3 */
    {{169, 254}, 16},     /* link-local, and the clouds' metadata: RFC 3927 */
    {{172, 16}, 12},      /* private: RFC 1918 */
    {{192, 0, 0}, 24},    /* protocol assignments: RFC 6890 */
    {{192, 0, 2}, 24},    /* documentation: RFC 5737 */
    {{192, 88, 99}, 24},  /* relays of 6to4: RFC 7526 */
    {{192, 168}, 16},     /* private: RFC 1918 */
    {{198, 18}, 15},      /* benchmarks: RFC 2544 */
    {{198, 51, 100}, 24}, /* documentation: RFC 5737 */
    {{203, 0, 113}, 24},  /* documentation: RFC 5737 */
    {{224}, 4},           /* multicast: RFC 5771 */
    {{240}, 4},           /* reserved, and the broadcast: RFC 1112, 4; RFC 919 */
};

/* Global unicast: RFC 4291, 2.4.  Outside of it lie loopback, unspecified, mapped and
 * compatible addresses, ULA (RFC 4193), link-local, site-local (RFC 3879), multicast. */
static const struct range global6 = {{0x20}, 3};

/* And in it: */
static const struct range closed6[] = {
    {{0x20, 0x01}, 23},             /* protocols, Teredo, ORCHID: RFC 2928, 4380, 7343 */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation: RFC 3849 */
    {{0x20, 0x02}, 16},             /* 6to4, which hides an IPv4 address: RFC 3056, 7526 */
    {{0x3f, 0xff}, 20},             /* documentation: RFC 9637 */
};

/* An IPv4 address as a network without IPv4 sees it, by DNS64: RFC 6052.  The local form of
 * RFC 8215, 64:ff9b:1::/48, is not global and stays closed. */
static const struct range nat64 = {{0x00, 0x64, 0xff, 0x9b}, 96};

static const struct range loopback4 = {{127}, 8};
static const struct range loopback6 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128};

static bool
within(const struct range *r, const uint8_t *address)
{
	size_t whole = r->bits / 8u, rest = r->bits % 8u;

	return memcmp(r->prefix, address, whole) == 0 &&
	       (rest == 0 || (r->prefix[whole] ^ address[whole]) >> (8 - rest) == 0);
}

static bool
in_any(const struct range *v, size_t n, const uint8_t *address)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (within(&v[i], address))
			return true;
	return false;
}

static bool
public6(const uint8_t *address)
{
	if (within(&nat64, address))
		return !in_any(closed4, nitems(closed4), address + 12);
	return within(&global6, address) && !in_any(closed6, nitems(closed6), address);
}

static bool
is_web_port(uint16_t port)
{
	return port == PORT_HTTP || port == PORT_HTTPS;
}

static bool
is_test_port(const struct guard *g, uint16_t port)
{
	size_t i;

	for (i = 0; i < g->conf->ntest_ports && i < nitems(g->conf->test_ports); i++)
		if (g->conf->test_ports[i] == port && port != 0)
			return true;
	return false;
}

bool
guard_address(const struct guard *g, const struct sockaddr *sa, socklen_t len)
{
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	const uint8_t *address;
	uint16_t port;
	bool loops, open;

	if (len >= sizeof(v4) && sa->sa_family == AF_INET) {
		memcpy(&v4, sa, sizeof(v4));
		address = (const uint8_t *)&v4.sin_addr;
		port = ntohs(v4.sin_port);
		loops = within(&loopback4, address);
		open = !in_any(closed4, nitems(closed4), address);
	} else if (len >= sizeof(v6) && sa->sa_family == AF_INET6) {
		memcpy(&v6, sa, sizeof(v6));
		address = v6.sin6_addr.s6_addr;
		port = ntohs(v6.sin6_port);
		loops = within(&loopback6, address);
		open = public6(address) && v6.sin6_scope_id == 0;
	} else
		return false;
	return loops ? is_test_port(g, port) : open && is_web_port(port);
}

/* --- addresses of the web --- */

/* ASCII only, and never the locale's. */
static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool
is_letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static uint8_t
lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool
one_of(const char *set, uint8_t c)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* What is left to read. */
struct text {
	const uint8_t *p;
	size_t len;
};

static bool
skip(struct text *t, const char *what)
{
	size_t i, n = strlen(what);

	if (t->len < n)
		return false;
	for (i = 0; i < n; i++)
		if (lower(t->p[i]) != (uint8_t)what[i])
			return false;
	t->p += n;
	t->len -= n;
	return true;
}

/* All up to the first of the octets in stop, or to the end. */
static struct text
until(struct text *t, const char *stop)
{
	struct text part = {t->p, 0};

	while (part.len < t->len && !one_of(stop, t->p[part.len]))
		part.len++;
	t->p += part.len;
	t->len -= part.len;
	return part;
}

/* RFC 3986, 3.1; a scheme that is none of ours is told apart from what is no address. */
static enum lookup_outcome
read_scheme(struct text *t, bool *https)
{
	struct text all = *t, name;
	size_t i;

	if ((*https = skip(t, "https://")) || skip(t, "http://"))
		return LOOKUP_OPEN;
	name = until(&all, ":");
	if (all.len == 0 || name.len == 0 || !is_letter(name.p[0]))
		return LOOKUP_FORBIDDEN;
	for (i = 0; i < name.len; i++)
		if (!is_letter(name.p[i]) && !is_digit(name.p[i]) && !one_of("+-.", name.p[i]))
			return LOOKUP_FORBIDDEN;
	if ((name.len == 4 && skip(t, "http:")) || (name.len == 5 && skip(t, "https:")))
		return LOOKUP_FORBIDDEN;
	return LOOKUP_SCHEME;
}

/* No sign, no leading zero, nothing empty. */
static bool
read_port(struct text t, uint16_t *out)
{
	unsigned v = 0;
	size_t i;

	if (t.len == 0 || t.len > 5 || t.p[0] == '0')
		return false;
	for (i = 0; i < t.len; i++) {
		if (!is_digit(t.p[i]))
			return false;
		v = v * 10 + (unsigned)(t.p[i] - '0');
	}
	if (v > UINT16_MAX)
		return false;
	*out = (uint16_t)v;
	return true;
}

/* A label of letters, digits and hyphens; hyphens in its third and fourth place only for
 * names that IDNA has made (RFC 5891, 4.2.3.1). */
static bool
is_label(const char *s, size_t len)
{
	size_t i;

	if (len == 0 || len > MAX_LABEL || s[0] == '-' || s[len - 1] == '-')
		return false;
	for (i = 0; i < len; i++)
		if (!is_letter((uint8_t)s[i]) && !is_digit((uint8_t)s[i]) && s[i] != '-')
			return false;
	return len < 4 || s[2] != '-' || s[3] != '-' || (len > 4 && s[0] == 'x' && s[1] == 'n');
}

/* Whether programs could take a name that ends so for an odd form of an IPv4 address:
 * octal, hexadecimal, one number, fewer than four. */
static bool
is_number(const char *s, size_t len)
{
	size_t i;

	if (len >= 2 && s[0] == '0' && s[1] == 'x')
		return true;
	for (i = 0; i < len; i++)
		if (!is_digit((uint8_t)s[i]))
			return false;
	return true;
}

/* Names that mean this machine or a network around it: RFC 6761, 6762, 7686, 8375, 9476. */
static const char *const local_names[] = {"localhost", "localdomain", "local", "internal",
    "intranet", "private", "corp", "home", "lan", "home.arpa", "onion", "alt"};

static bool
is_local_name(const char *host, size_t len)
{
	size_t i, n;

	for (i = 0; i < nitems(local_names); i++) {
		n = strlen(local_names[i]);
		if (len >= n && memcmp(host + len - n, local_names[i], n) == 0 &&
		    (len == n || host[len - n - 1] == '.'))
			return true;
	}
	return false;
}

/* At least two labels, the last of which is no number; host is in small letters. */
static bool
is_name(const char *host, size_t len)
{
	size_t start = 0, end, labels = 0;

	for (;;) {
		for (end = start; end < len && host[end] != '.'; end++)
			;
		if (!is_label(host + start, end - start))
			return false;
		labels++;
		if (end == len)
			break;
		start = end + 1;
	}
	return labels >= 2 && !is_number(host + start, len - start) && !is_local_name(host, len);
}

/* A literal address, in its one form, with the port; false if it is none. */
static bool
literal(struct guard_url *u, const char *host, bool brackets, struct sockaddr_storage *sa,
    socklen_t *len)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(u->port)};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(u->port)};

	memset(sa, 0, sizeof(*sa));
	if (brackets && inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
		memcpy(sa, &v6, *len = sizeof(v6));
		return inet_ntop(AF_INET6, &v6.sin6_addr, u->host, sizeof(u->host)) != NULL;
	}
	/* Not every inet_pton() refuses leading zeros; what is written again has none. */
	if (!brackets && inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		memcpy(sa, &v4, *len = sizeof(v4));
		return inet_ntop(AF_INET, &v4.sin_addr, u->host, sizeof(u->host)) != NULL &&
		       strcmp(host, u->host) == 0;
	}
	return false;
}

static bool
is_listed(const struct guard *g, const char *host)
{
	size_t i;

	if (g->conf->any_host)
		return true;
	for (i = 0; i < g->nhosts; i++)
		if (strcmp(g->hosts[i], host) == 0)
			return true;
	return false;
}

static enum lookup_outcome
read_host(const struct guard *g, struct text t, bool brackets, struct guard_url *u)
{
	char host[MAX_NAME + 1];
	struct sockaddr_storage sa;
	socklen_t len;
	size_t i;

	if (t.len == 0 || t.len >= sizeof(host))
		return LOOKUP_FORBIDDEN;
	for (i = 0; i < t.len; i++) {
		if (!is_letter(t.p[i]) && !is_digit(t.p[i]) &&
		    !one_of(brackets ? ":." : "-.", t.p[i]))
			return LOOKUP_FORBIDDEN;
		host[i] = (char)lower(t.p[i]);
	}
	host[t.len] = '\0';
	if ((u->literal = literal(u, host, brackets, &sa, &len))) {
		if (!guard_address(g, (const struct sockaddr *)&sa, len))
			return LOOKUP_FORBIDDEN;
	} else if (brackets || !is_name(host, t.len))
		return LOOKUP_FORBIDDEN;
	else
		memcpy(u->host, host, t.len + 1);
	return is_listed(g, u->host) ? LOOKUP_OPEN : LOOKUP_NOT_LISTED;
}

/* RFC 3986, 3.3 and 3.4: what may stand in a path and a query; no control characters,
 * not even encoded ones. */
static bool
is_target(struct text t)
{
	static const char others[] = "-._~!$&'()*+,;=:@/?";
	size_t i;

	for (i = 0; i < t.len; i++) {
		if (is_letter(t.p[i]) || is_digit(t.p[i]) || one_of(others, t.p[i]))
			continue;
		if (t.p[i] != '%' || t.len - i < 3 || !is_hex(t.p[i + 1]) || !is_hex(t.p[i + 2]))
			return false;
		if (t.p[i + 1] < '2' || (t.p[i + 1] == '7' && lower(t.p[i + 2]) == 'f'))
			return false;
		i += 2;
	}
	return true;
}

/* [ host ] or host, then :port; nothing else, so no user either. */
static enum lookup_outcome
read_authority(const struct guard *g, struct text t, struct guard_url *u)
{
	bool brackets = t.len > 0 && t.p[0] == '[';
	struct text host;

	if (brackets) {
		t.p++;
		t.len--;
		host = until(&t, "]");
		if (t.len == 0)
			return LOOKUP_FORBIDDEN;
		t.p++;
		t.len--;
	} else
		host = until(&t, ":");
	u->port = u->https ? PORT_HTTPS : PORT_HTTP;
	if (t.len > 0) {
		struct text port = {t.p + 1, t.len - 1};

		if (t.p[0] != ':' || !read_port(port, &u->port))
			return LOOKUP_FORBIDDEN;
	}
	if (!is_web_port(u->port) && !is_test_port(g, u->port))
		return LOOKUP_FORBIDDEN;
	return read_host(g, host, brackets, u);
}

/* Put together again. */
static bool
compose(struct guard_url *u, struct text target)
{
	bool v6 = u->literal && strchr(u->host, ':') != NULL;
	char port[8] = "";
	int n;

	if (u->port != (u->https ? PORT_HTTPS : PORT_HTTP))
		(void)snprintf(port, sizeof(port), ":%u", u->port);
	n = snprintf(
	    u->name, sizeof(u->name), "%s%s%s%s", v6 ? "[" : "", u->host, v6 ? "]" : "", port);
	if (n < 0 || (size_t)n >= sizeof(u->name))
		return false;
	n = snprintf(u->url, sizeof(u->url), "http%s://%s%s%.*s", u->https ? "s" : "", u->name,
	    target.len == 0 || target.p[0] != '/' ? "/" : "", (int)target.len,
	    (const char *)target.p);
	return n >= 0 && (size_t)n < sizeof(u->url);
}

enum lookup_outcome
guard_url(const struct guard *g, const char *url, size_t len, struct guard_url *out)
{
	struct text t = {(const uint8_t *)url, len}, authority, target;
	struct guard_url u;
	enum lookup_outcome o;

	memset(out, 0, sizeof(*out));
	memset(&u, 0, sizeof(u));
	if (len > CAP_FETCH_URL)
		return LOOKUP_FORBIDDEN;
	if ((o = read_scheme(&t, &u.https)) != LOOKUP_OPEN)
		return o;
	authority = until(&t, "/?#");
	target = until(&t, "#");
	if (!is_target(target))
		return LOOKUP_FORBIDDEN;
	/* A fragment is the browser's own business; it is dropped unless it is odd. */
	if (t.len > 0) {
		t.p++;
		t.len--;
		if (!is_target(t))
			return LOOKUP_FORBIDDEN;
	}
	if ((o = read_authority(g, authority, &u)) != LOOKUP_OPEN)
		return o;
	if (!compose(&u, target))
		return LOOKUP_FORBIDDEN;
	*out = u;
	return LOOKUP_OPEN;
}
