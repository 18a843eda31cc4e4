/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One loop: names by resolve.c, HTTP by libcurl, whose own resolver, proxies, cookies and
 * redirects stay unused.  Each address of the web, the first as well as those that a host redirects
 * to, goes through guard_url(), its name through the guard's look at every network address,
 * and the socket through the same once more.
 *
 * curl keeps connections for the next flight to the same host and port: each was made to an
 * address that the guard has passed, since none is opened but by open_socket().
 */
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "caps.h"
#include "fetch.h"
#include "io.h"
#include "log.h"
#include "resolve.h"

#define nitems(a)     (sizeof(a) / sizeof((a)[0]))
#define SOCKETS       (4 * CAP_FETCH_FLIGHTS) /* two while IPv4 and IPv6 race */
#define IDLE          16                      /* connections kept for the next flight */
#define IDLE_SECONDS  60
#define SLOW_BYTES    256L /* a second, over SLOW_SECONDS: slower is slow */
#define SLOW_SECONDS  8L
#define MEDIA_TYPE    64
#define CA_BUNDLE     "/etc/ssl/certs/ca-certificates.crt"
#define CA_BUNDLE_MAX (4u << 20)

enum stage { RESOLVING, TRANSFER, LANDED };

/* What the header of one answer says. */
struct header {
	size_t octets;
	char location[CAP_FETCH_URL + 1];
	bool odd; /* encoded, or two places to go to */
	long long max_age, expires, date, age;
};

struct fetch_flight {
	struct fetch *owner;
	enum stage stage;
	fetch_done *done;
	void *ctx;
	struct guard_url at; /* where it is now; all zero before the first */
	unsigned redirects;
	uint8_t *post;
	size_t post_len;
	char type[MEDIA_TYPE], accept[MEDIA_TYPE];
	size_t max;
	long long started, deadline;
	struct resolve_query *query;
	CURL *easy;
	struct curl_slist *lines, *pinned;
	char error[CURL_ERROR_SIZE];
	bool stopped_by_guard;
	struct header header;
	struct buf body;
	enum lookup_outcome outcome; /* once LANDED */
	unsigned status;
};

struct fetch {
	const struct guard *guard;
	struct resolve *resolve;
	CURLM *multi;
	struct buf authorities; /* certificates of TLS, as PEM */
	struct fetch_flight *flights[CAP_FETCH_FLIGHTS];
	struct pollfd sockets[SOCKETS]; /* that curl waits for */
	size_t nsockets;
	long long timer; /* when curl wants to be called, -1: not */
	struct pollfd *set;
	size_t set_room;
};

static void transfer(struct fetch_flight *t, const struct resolve_addresses *a);

/* --- the end of a flight --- */

static void
let_go(struct fetch_flight *t)
{
	resolve_drop(t->query);
	t->query = NULL;
	if (t->easy != NULL) {
		(void)curl_multi_remove_handle(t->owner->multi, t->easy);
		curl_easy_cleanup(t->easy);
		t->easy = NULL;
	}
	curl_slist_free_all(t->lines);
	curl_slist_free_all(t->pinned);
	t->lines = t->pinned = NULL;
}

static void
flight_free(struct fetch_flight *t)
{
	if (t == NULL)
		return;
	let_go(t);
	buf_clear(&t->body);
	free(t->post);
	free(t);
}

/* fetch_turn() tells whoever asked, when nothing of curl is on the stack. */
static void
land(struct fetch_flight *t, enum lookup_outcome o)
{
	t->stage = LANDED;
	t->outcome = o;
}

/* --- towards an address --- */

static void
on_resolved(void *ctx, enum lookup_outcome o, const struct resolve_addresses *a)
{
	struct fetch_flight *t = ctx;

	t->query = NULL;
	if (t->stage != RESOLVING)
		return;
	if (o != LOOKUP_OPEN)
		land(t, o);
	else
		transfer(t, a);
}

/* url was said by a certificate, or by a host that redirects. */
static void
head_for(struct fetch_flight *t, const char *url, size_t len)
{
	const struct guard *g = t->owner->guard;
	bool was_https = t->at.https;
	struct guard_url next;
	enum lookup_outcome o;

	if ((o = guard_url(g, url, len, &next)) == LOOKUP_OPEN && was_https && !next.https)
		o = LOOKUP_FORBIDDEN;
	if (o != LOOKUP_OPEN) {
		land(t, o);
		return;
	}
	t->at = next;
	t->status = 0;
	t->stage = RESOLVING;
	if (t->at.literal)
		transfer(t, NULL);
	else if (resolve_start(
		     t->owner->resolve, &t->query, t->at.host, t->at.port, on_resolved, t) != RC_OK)
		land(t, LOOKUP_UNREACHABLE);
}

/* --- what curl asks while it works --- */

static curl_socket_t
open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct fetch_flight *t = ctx;

	if (purpose == CURLSOCKTYPE_IPCXN && a->socktype == SOCK_STREAM &&
	    guard_address(t->owner->guard, &a->addr, (socklen_t)a->addrlen))
		return socket(a->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	t->stopped_by_guard = true;
	return CURL_SOCKET_BAD;
}

static size_t
on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch_flight *t = ctx;
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	/* What comes with an error or a redirect is for people. */
	if (status != 200)
		return 0;
	buf_put(&t->body, p, size * n);
	return buf_rc(&t->body) == RC_OK ? size * n : 0;
}

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
read_cache_control(struct header *h, const char *p, size_t len)
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

static void
header_init(struct header *h)
{
	memset(h, 0, sizeof(*h));
	h->max_age = h->expires = h->date = -1;
}

static void
read_line(struct header *h, const char *p, size_t len)
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

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch_flight *t = ctx;
	size_t len = size * n;

	/* An answer after 100 Continue begins anew, but its octets go on to count. */
	if (len > 5 && memcmp(p, "HTTP/", 5) == 0) {
		size_t octets = t->header.octets;

		header_init(&t->header);
		t->header.octets = octets;
	}
	if (len > CAP_FETCH_HEADER - t->header.octets) {
		t->header.octets = CAP_FETCH_HEADER;
		t->header.odd = true;
		return 0;
	}
	t->header.octets += len;
	read_line(&t->header, p, len);
	return t->header.odd ? 0 : len;
}

/* How long the answer may be kept: RFC 9111, 4.2.1. */
static int64_t
max_age_of(const struct header *h)
{
	long long v = h->max_age;

	if (v == -1 && h->expires >= 0)
		v = h->expires - (h->date >= 0 ? h->date : (long long)time(NULL));
	else if (v == -1)
		return -1;
	v -= h->age;
	return v < 0 ? 0 : v;
}

/* --- a transfer --- */

/* "+HOST:PORT:ADDRESS,…": what curl takes for the name; + lets it forget in a while. */
static enum rc
pin(struct fetch_flight *t, const struct resolve_addresses *a)
{
	char text[INET6_ADDRSTRLEN];
	enum rc rc = RC_NOMEM;
	const void *address;
	struct buf b;
	bool v6;
	size_t i;

	buf_init(&b, 4096);
	buf_printf(&b, "+%s:%u:", t->at.host, t->at.port);
	for (i = 0; i < a->n; i++) {
		v6 = a->v[i].ss_family == AF_INET6;
		address = v6 ? (const void *)&((const struct sockaddr_in6 *)&a->v[i])->sin6_addr
			     : (const void *)&((const struct sockaddr_in *)&a->v[i])->sin_addr;
		if (inet_ntop(a->v[i].ss_family, address, text, sizeof(text)) == NULL)
			goto out;
		buf_printf(&b, v6 ? "%s[%s]" : "%s%s", i > 0 ? "," : "", text);
	}
	buf_u8(&b, 0);
	if (buf_rc(&b) == RC_OK && (t->pinned = curl_slist_append(NULL, (const char *)b.p)) != NULL)
		rc = RC_OK;
out:
	buf_clear(&b);
	return rc;
}

static bool
add_line(struct fetch_flight *t, const char *name, const char *value)
{
	char line[MEDIA_TYPE + 32];
	struct curl_slist *more;

	(void)snprintf(line, sizeof(line), "%s:%s%s", name, *value != '\0' ? " " : "", value);
	if ((more = curl_slist_append(t->lines, line)) == NULL)
		return false;
	t->lines = more;
	return true;
}

#define SET(option, value) (curl_easy_setopt(t->easy, option, value) == CURLE_OK)

static bool
set_request(struct fetch_flight *t)
{
	bool ok = SET(CURLOPT_URL, t->at.url) && SET(CURLOPT_USERAGENT, "Periksa") &&
		  add_line(t, "Accept", t->accept[0] != '\0' ? t->accept : "*/*") &&
		  add_line(t, "Accept-Encoding", "identity");

	if (t->post != NULL)
		ok = ok && add_line(t, "Content-Type", t->type) && add_line(t, "Expect", "") &&
		     SET(CURLOPT_POST, 1L) &&
		     SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->post_len) &&
		     SET(CURLOPT_POSTFIELDS, (const char *)t->post);
	return ok && SET(CURLOPT_HTTPHEADER, t->lines) &&
	       (t->pinned == NULL || SET(CURLOPT_RESOLVE, t->pinned));
}

/* No proxy, no netrc, no other scheme, no redirect of its own, whatever the environment says. */
static bool
set_manners(struct fetch_flight *t)
{
	return SET(CURLOPT_PROTOCOLS_STR, "http,https") &&
	       SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https") && SET(CURLOPT_PROXY, "") &&
	       SET(CURLOPT_NOPROXY, "*") && SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
	       SET(CURLOPT_FOLLOWLOCATION, 0L) && SET(CURLOPT_AUTOREFERER, 0L) &&
	       SET(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) && SET(CURLOPT_PATH_AS_IS, 1L) &&
	       SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       SET(CURLOPT_HTTP09_ALLOWED, 0L) && SET(CURLOPT_NOSIGNAL, 1L) &&
	       SET(CURLOPT_NOPROGRESS, 1L) && SET(CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS) &&
	       SET(CURLOPT_MAXLIFETIME_CONN, (long)IDLE_SECONDS) &&
	       SET(CURLOPT_BUFFERSIZE, 64L << 10) && SET(CURLOPT_ERRORBUFFER, t->error);
}

static bool
set_limits(struct fetch_flight *t, long long left)
{
	return SET(CURLOPT_TIMEOUT_MS, (long)left) && SET(CURLOPT_CONNECTTIMEOUT_MS, (long)left) &&
	       SET(CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES) &&
	       SET(CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS) &&
	       SET(CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)t->max);
}

static bool
set_ears(struct fetch_flight *t)
{
	return SET(CURLOPT_OPENSOCKETFUNCTION, open_socket) && SET(CURLOPT_OPENSOCKETDATA, t) &&
	       SET(CURLOPT_WRITEFUNCTION, on_body) && SET(CURLOPT_WRITEDATA, t) &&
	       SET(CURLOPT_HEADERFUNCTION, on_header) && SET(CURLOPT_HEADERDATA, t) &&
	       SET(CURLOPT_PRIVATE, t);
}

/* The bundle as it was when the process was not yet sealed, never the folder beside it. */
static bool
set_tls(struct fetch_flight *t)
{
	struct curl_blob blob = {.flags = CURL_BLOB_NOCOPY};
	long check = t->owner->guard->conf->tls_unchecked ? 0L : 1L;

	if (!t->at.https)
		return true;
	blob.data = t->owner->authorities.p;
	blob.len = t->owner->authorities.len;
	if (blob.len == 0 && check != 0)
		return false;
	return SET(CURLOPT_CAPATH, NULL) && (blob.len == 0 || SET(CURLOPT_CAINFO_BLOB, &blob)) &&
	       SET(CURLOPT_SSL_VERIFYPEER, check) &&
	       SET(CURLOPT_SSL_VERIFYHOST, check != 0 ? 2L : 0L) &&
	       SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
}

/* a: NULL for an address that is literal, and passed already. */
static void
transfer(struct fetch_flight *t, const struct resolve_addresses *a)
{
	long long left = t->deadline - io_now_ms();

	let_go(t);
	header_init(&t->header);
	buf_clear(&t->body);
	t->stopped_by_guard = false;
	t->stage = TRANSFER;
	if (left <= 0) {
		land(t, LOOKUP_SLOW);
		return;
	}
	if ((a != NULL && pin(t, a) != RC_OK) || (t->easy = curl_easy_init()) == NULL ||
	    !set_manners(t) || !set_limits(t, left) || !set_ears(t) || !set_tls(t) ||
	    !set_request(t) || curl_multi_add_handle(t->owner->multi, t->easy) != CURLM_OK)
		land(t, LOOKUP_UNREACHABLE);
}

/* --- the end of a transfer --- */

static enum lookup_outcome
outcome_of(const struct fetch_flight *t, CURLcode code)
{
	if (t->stopped_by_guard && code != CURLE_OK && t->status == 0)
		return LOOKUP_FORBIDDEN;
	if (t->header.octets == CAP_FETCH_HEADER || t->body.rc == RC_TOOBIG)
		return LOOKUP_TOO_LARGE;
	if (t->header.odd)
		return LOOKUP_NONSENSE;
	if (code == CURLE_OPERATION_TIMEDOUT)
		return LOOKUP_SLOW;
	/* on_body() wants nothing of an error's body */
	if (t->status != 0 && t->status != 200 &&
	    (code == CURLE_OK || code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED))
		return LOOKUP_REFUSED;
	/* One line of a header, of a hundred kilobytes, is to curl 7 as if memory had run out. */
	if (code == CURLE_FILESIZE_EXCEEDED || code == CURLE_OUT_OF_MEMORY)
		return LOOKUP_TOO_LARGE;
	if (code == CURLE_WEIRD_SERVER_REPLY || code == CURLE_UNSUPPORTED_PROTOCOL ||
	    code == CURLE_BAD_CONTENT_ENCODING)
		return LOOKUP_NONSENSE;
	return code == CURLE_OK ? LOOKUP_ANSWERED : LOOKUP_UNREACHABLE;
}

/* RFC 9110, 15.4: a POST stays one, as it would have to; 303 asks for a GET, which is not
 * what was to be asked. */
static bool
is_redirect(const struct fetch_flight *t)
{
	switch (t->status) {
	case 301:
	case 302:
	case 307:
	case 308:
		return true;
	case 303:
		return t->post == NULL;
	default:
		return false;
	}
}

/*
 * What a Location means where it was said: RFC 3986, 5.2, but dots in a path are the host's own
 * business.  By us, since curl would make an odd host look plain before the guard sees it.
 */
static void
join(struct buf *out, const struct guard_url *at, const char *location)
{
	const char *path = strstr(at->url, "://");
	size_t keep = strspn(location, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "0123456789+-.");

	path = path == NULL ? at->url : path + 3;
	path += strcspn(path, "/");
	if (keep > 0 && location[keep] == ':')
		keep = 0; /* whole as it is */
	else if (location[0] == '/' && location[1] == '/')
		keep = strcspn(at->url, "/");
	else if (location[0] == '/')
		keep = (size_t)(path - at->url);
	else {
		keep = (size_t)(path - at->url) + strcspn(path, "?");
		while (location[0] != '?' && location[0] != '#' && at->url[keep - 1] != '/')
			keep--;
	}
	buf_put(out, at->url, keep);
	buf_str(out, location);
}

/* The guard reads what comes out as if a stranger had written it whole. */
static void
redirect(struct fetch_flight *t)
{
	struct buf url;

	if (t->redirects >= CAP_FETCH_REDIRECTS || t->header.location[0] == '\0') {
		land(t, LOOKUP_REFUSED);
		return;
	}
	buf_init(&url, sizeof(t->at.url) + sizeof(t->header.location));
	join(&url, &t->at, t->header.location);
	if (buf_rc(&url) != RC_OK)
		land(t, LOOKUP_UNREACHABLE);
	else {
		t->redirects++;
		let_go(t);
		head_for(t, (const char *)url.p, url.len);
	}
	buf_clear(&url);
}

static void
arrive(struct fetch_flight *t, CURLcode code)
{
	enum lookup_outcome o;
	long status = 0;

	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	t->status = status > 0 && status < 1000 ? (unsigned)status : 0;
	o = outcome_of(t, code);
	if (o == LOOKUP_REFUSED && is_redirect(t))
		redirect(t);
	else
		land(t, o);
}

/* --- the loop --- */

static int
on_socket(CURL *easy, curl_socket_t s, int what, void *ctx, void *unused)
{
	struct fetch *f = ctx;
	size_t i;

	(void)easy;
	(void)unused;
	for (i = 0; i < f->nsockets && f->sockets[i].fd != s; i++)
		;
	if (what == CURL_POLL_REMOVE) {
		if (i < f->nsockets)
			f->sockets[i] = f->sockets[--f->nsockets];
		return 0;
	}
	if (i == SOCKETS)
		return -1;
	if (i == f->nsockets)
		f->nsockets++;
	f->sockets[i] = (struct pollfd){.fd = s,
	    .events = (short)(((what & CURL_POLL_IN) != 0 ? POLLIN : 0) |
			      ((what & CURL_POLL_OUT) != 0 ? POLLOUT : 0))};
	return 0;
}

static int
on_timer(CURLM *multi, long ms, void *ctx)
{
	struct fetch *f = ctx;

	(void)multi;
	f->timer = ms < 0 ? -1 : io_now_ms() + ms;
	return 0;
}

/*
 * The system's bundle, or the one that the operator names where OpenSSL's programs look for it;
 * without it nothing is asked by https, unless conf says unchecked.
 */
static void
read_authorities(struct fetch *f)
{
	const char *named = getenv("SSL_CERT_FILE");
	uint8_t chunk[16384];
	ssize_t n = 0;
	int fd;

	buf_init(&f->authorities, CA_BUNDLE_MAX);
	if ((fd = open(named != NULL ? named : CA_BUNDLE, O_RDONLY | O_CLOEXEC)) != -1)
		while ((n = read(fd, chunk, sizeof(chunk))) > 0)
			buf_put(&f->authorities, chunk, (size_t)n);
	if (fd == -1 || n == -1 || buf_rc(&f->authorities) != RC_OK) {
		buf_clear(&f->authorities);
		log_warn("no certificates of TLS: https is not asked");
	}
	io_close(&fd);
}

#define SETM(option, value) (curl_multi_setopt(f->multi, option, value) == CURLM_OK)

enum rc
fetch_new(struct fetch **out, const struct guard *g)
{
	enum rc rc = RC_NOMEM;
	struct fetch *f;

	*out = NULL;
	if ((f = calloc(1, sizeof(*f))) == NULL)
		return RC_NOMEM;
	f->guard = g;
	f->timer = -1;
	(void)unsetenv("SSLKEYLOGFILE"); /* curl would write the keys of TLS there */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(f);
		return RC_IO;
	}
	read_authorities(f);
	if ((rc = resolve_new(&f->resolve, g)) != RC_OK)
		goto out;
	rc = RC_NOMEM;
	if ((f->multi = curl_multi_init()) == NULL || !SETM(CURLMOPT_SOCKETFUNCTION, on_socket) ||
	    !SETM(CURLMOPT_SOCKETDATA, f) || !SETM(CURLMOPT_TIMERFUNCTION, on_timer) ||
	    !SETM(CURLMOPT_TIMERDATA, f) ||
	    !SETM(CURLMOPT_MAX_HOST_CONNECTIONS, (long)CAP_FETCH_PER_HOST) ||
	    !SETM(CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)CAP_FETCH_FLIGHTS) ||
	    !SETM(CURLMOPT_MAXCONNECTS, (long)IDLE) ||
	    !SETM(CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING))
		goto out;
	*out = f;
	f = NULL; /* transferred */
	rc = RC_OK;
out:
	fetch_free(f);
	return rc;
}

void
fetch_free(struct fetch *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < nitems(f->flights); i++)
		flight_free(f->flights[i]);
	(void)curl_multi_cleanup(f->multi);
	resolve_free(f->resolve);
	buf_clear(&f->authorities);
	free(f->set);
	free(f);
	curl_global_cleanup();
}

static bool
copy_type(char out[MEDIA_TYPE], const char *type)
{
	return type == NULL || snprintf(out, MEDIA_TYPE, "%s", type) < MEDIA_TYPE;
}

enum rc
fetch_start(struct fetch *f, struct fetch_flight **out, const struct fetch_ask *ask,
    fetch_done *done, void *ctx)
{
	struct fetch_flight *t;
	size_t i;

	*out = NULL;
	for (i = 0; i < nitems(f->flights) && f->flights[i] != NULL; i++)
		;
	if (i == nitems(f->flights))
		return RC_BUSY;
	if ((t = calloc(1, sizeof(*t))) == NULL)
		return RC_NOMEM;
	t->owner = f;
	t->done = done;
	t->ctx = ctx;
	t->max = ask->max;
	buf_init(&t->body, ask->max);
	header_init(&t->header);
	t->started = io_now_ms();
	t->deadline = ask->deadline;
	t->post_len = ask->body == NULL ? 0 : ask->body_len;
	if (!copy_type(t->type, ask->type) || !copy_type(t->accept, ask->accept) ||
	    (ask->body != NULL && (t->post = malloc(t->post_len + 1)) == NULL)) {
		flight_free(t);
		return RC_NOMEM;
	}
	if (ask->body != NULL && t->post_len > 0)
		memcpy(t->post, ask->body, t->post_len);
	*out = f->flights[i] = t;
	head_for(t, ask->url, strlen(ask->url));
	return RC_OK;
}

size_t
fetch_under_way(const struct fetch *f, const char *name)
{
	size_t i, n = 0;

	for (i = 0; i < nitems(f->flights); i++)
		n += f->flights[i] != NULL && strcmp(f->flights[i]->at.name, name) == 0;
	return n;
}

void
fetch_drop(struct fetch *f, struct fetch_flight *flight)
{
	size_t i;

	for (i = 0; i < nitems(f->flights); i++)
		if (flight != NULL && f->flights[i] == flight) {
			f->flights[i] = NULL;
			flight_free(flight);
			return;
		}
}

static void
tell(struct fetch_flight *t)
{
	struct fetch_result r = {.outcome = t->outcome, .status = t->status, .max_age = -1};
	long long took = io_now_ms() - t->started;

	let_go(t);
	if (t->at.name[0] != '\0') {
		r.host = t->at.name;
		r.url = t->at.url;
	}
	r.milliseconds = took < 0 ? 0 : took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
	if (t->outcome != LOOKUP_ANSWERED)
		buf_clear(&t->body);
	else
		r.max_age = max_age_of(&t->header);
	r.body = &t->body;
	t->done(t->ctx, &r);
}

/* Whoever is told may start and drop others. */
static void
tell_all(struct fetch *f)
{
	struct fetch_flight *t;
	size_t i;

	for (i = 0; i < nitems(f->flights); i++) {
		if ((t = f->flights[i]) == NULL || t->stage != LANDED)
			continue;
		f->flights[i] = NULL;
		tell(t);
		flight_free(t);
	}
}

/* Until something is due. */
static int
patience(const struct fetch *f, int max)
{
	long long now = io_now_ms(), left;
	int wait = resolve_timeout(f->resolve, max);
	size_t i;

	if (f->timer != -1 && (wait < 0 || f->timer - now < wait))
		wait = f->timer > now ? (int)(f->timer - now) : 0;
	for (i = 0; i < nitems(f->flights); i++) {
		if (f->flights[i] == NULL)
			continue;
		left = f->flights[i]->stage == LANDED ? 0 : f->flights[i]->deadline - now;
		if (wait < 0 || left < wait)
			wait = left > 0 ? (left > INT32_MAX ? INT32_MAX : (int)left) : 0;
	}
	return wait;
}

static void
serve_curl(struct fetch *f, const struct pollfd *v, size_t n)
{
	struct fetch_flight *t;
	CURLMsg *m;
	int running, left, mask;
	char *p;
	size_t i;

	for (i = 0; i < n; i++) {
		if (v[i].revents == 0)
			continue;
		mask = ((v[i].revents & (POLLIN | POLLHUP)) != 0 ? CURL_CSELECT_IN : 0) |
		       ((v[i].revents & POLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
		       ((v[i].revents & (POLLERR | POLLNVAL)) != 0 ? CURL_CSELECT_ERR : 0);
		(void)curl_multi_socket_action(f->multi, v[i].fd, mask, &running);
	}
	if (f->timer != -1 && io_now_ms() >= f->timer) {
		f->timer = -1;
		(void)curl_multi_socket_action(f->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	}
	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		CURLcode code = m->data.result;

		if (m->msg == CURLMSG_DONE &&
		    curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &p) == CURLE_OK) {
			t = (struct fetch_flight *)(void *)p;
			arrive(t, code);
		}
	}
}

static void
end_late(struct fetch *f)
{
	long long now = io_now_ms();
	size_t i;

	for (i = 0; i < nitems(f->flights); i++)
		if (f->flights[i] != NULL && f->flights[i]->stage != LANDED &&
		    now >= f->flights[i]->deadline)
			land(f->flights[i], LOOKUP_SLOW);
}

enum rc
fetch_turn(struct fetch *f, struct pollfd *extra, size_t n, int timeout_ms)
{
	size_t ndns, ncurl = f->nsockets, want;
	struct pollfd *set;
	int rv;

	if (n > SIZE_MAX / sizeof(*set) - SOCKETS - RESOLVE_SOCKETS)
		return RC_IO;
	want = n + SOCKETS + RESOLVE_SOCKETS;
	if (want > f->set_room) {
		if ((set = realloc(f->set, want * sizeof(*set))) == NULL)
			return RC_NOMEM;
		f->set = set;
		f->set_room = want;
	}
	/* curl changes its own list while it is served. */
	memcpy(f->set, f->sockets, ncurl * sizeof(*f->set));
	ndns = resolve_sockets(f->resolve, f->set + ncurl);
	if (n > 0)
		memcpy(f->set + ncurl + ndns, extra, n * sizeof(*f->set));
	rv = poll(f->set, ncurl + ndns + n, patience(f, timeout_ms));
	if (rv == -1) {
		if (errno != EINTR)
			return RC_IO;
		for (want = 0; want < ncurl + ndns + n; want++)
			f->set[want].revents = 0;
	}
	for (want = 0; want < n; want++)
		extra[want].revents = f->set[ncurl + ndns + want].revents;
	resolve_turn(f->resolve, f->set + ncurl, ndns);
	serve_curl(f, f->set, ncurl);
	end_late(f);
	tell_all(f);
	return RC_OK;
}
