/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One exchange by curl, all of whose own resolver, proxies, cookies and redirects stay unused.
 * It takes the addresses that the guard has passed, and its socket goes by the guard once more.
 */
#include <sys/socket.h>
#include <arpa/inet.h>
#include <netinet/in.h>

#include <stdio.h>
#include <string.h>

#include "fetch_part.h"
#include "io.h"

#define SLOW_BYTES   256L /* a second, over SLOW_SECONDS: slower is slow */
#define SLOW_SECONDS 8L

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

static size_t
on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct fetch_flight *t = ctx;

	return fetch_header_line(&t->header, p, size * n) ? size * n : 0;
}

/* --- what it is told --- */

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
	char line[FETCH_MEDIA_TYPE + 32];
	struct curl_slist *more;

	(void)snprintf(line, sizeof(line), "%s:%s%s", name, *value != '\0' ? " " : "", value);
	if ((more = curl_slist_append(t->lines, line)) == NULL)
		return false;
	t->lines = more;
	return true;
}

#define SET(option, value) FETCH_SET(t, option, value)

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
	       SET(CURLOPT_NOPROGRESS, 1L) && SET(CURLOPT_MAXAGE_CONN, (long)FETCH_IDLE_SECONDS) &&
	       SET(CURLOPT_MAXLIFETIME_CONN, (long)FETCH_IDLE_SECONDS) &&
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

void
fetch_transfer(struct fetch_flight *t, const struct resolve_addresses *a)
{
	long long left = t->deadline - io_now_ms();

	fetch_flight_let_go(t);
	fetch_header_init(&t->header);
	buf_clear(&t->body);
	t->stopped_by_guard = false;
	t->stage = TRANSFER;
	if (left <= 0) {
		fetch_flight_land(t, LOOKUP_SLOW);
		return;
	}
	if ((a != NULL && pin(t, a) != RC_OK) || (t->easy = curl_easy_init()) == NULL ||
	    !set_manners(t) || !set_limits(t, left) || !set_ears(t) || !fetch_tls_set(t) ||
	    !set_request(t) || curl_multi_add_handle(t->owner->multi, t->easy) != CURLM_OK)
		fetch_flight_land(t, LOOKUP_UNREACHABLE);
}
