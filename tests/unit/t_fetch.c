/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fetching loop against hosts that misbehave, and names that lead where nobody may go.
 * What was connected to is seen at connect() itself, by curl and c-ares alike.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/pem.h>

#include "fetch.h"
#include "io.h"
#include "netmake.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))
#define ENOUGH    (1u << 20)

static struct net net;
static struct evidence_conf conf, no_tls;
static struct guard guard = {&conf, NULL, 0};
static struct fetch *loop;

/* --- whoever was connected to --- */

static struct sockaddr_storage seen[4096];
static size_t nseen;

int /* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
connect(int s, const struct sockaddr *sa, socklen_t len)
{
	if (nseen < nitems(seen) && len <= sizeof(seen[0]))
		memcpy(&seen[nseen++], sa, len);
	return (int)syscall(SYS_connect, s, sa, len);
}

static bool
is_ours(const struct sockaddr_storage *ss)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)ss;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)ss;
	uint16_t port = ntohs(v4->sin_port); /* in the same place in both */

	if (ss->ss_family == AF_INET && ntohl(v4->sin_addr.s_addr) >> 24 != 127)
		return false;
	if (ss->ss_family == AF_INET6 && !IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr))
		return false;
	return port == net.dns || port == net.ports[NET_WEB] || port == net.ports[NET_OTHER] ||
	       port == net.ports[NET_TLS];
}

/* Nobody else, ever. */
static void
assert_ours(void)
{
	size_t i;

	assert_true(nseen < nitems(seen));
	for (i = 0; i < nseen; i++)
		assert_true(is_ours(&seen[i]));
	assert_int_equal(net.log->connections[NET_CLOSED], 0);
}

/* --- one flight --- */

struct told {
	unsigned times;
	enum lookup_outcome outcome;
	unsigned status;
	char host[300], url[2100], body[20000];
	size_t len;
	int64_t max_age;
	uint32_t milliseconds;
};

static void
on_done(void *ctx, const struct fetch_result *r)
{
	struct told *t = ctx;

	t->times++;
	t->outcome = r->outcome;
	t->status = r->status;
	t->max_age = r->max_age;
	t->milliseconds = r->milliseconds;
	(void)snprintf(t->host, sizeof(t->host), "%s", r->host != NULL ? r->host : "-");
	(void)snprintf(t->url, sizeof(t->url), "%s", r->url != NULL ? r->url : "-");
	t->len = r->body->len;
	if (r->body->len > 0)
		memcpy(t->body, r->body->p,
		    r->body->len < sizeof(t->body) ? r->body->len : sizeof(t->body) - 1);
}

/* "{web}" and its like stand for a port. */
static const char *
expand(const char *url)
{
	static const char *const names[NET_PORTS] = {"{web}", "{other}", "{tls}", "{closed}"};
	static char out[3000];
	size_t n = 0, i;

	while (*url != '\0' && n < sizeof(out) - 8) {
		for (i = 0; i < NET_PORTS; i++)
			if (strncmp(url, names[i], strlen(names[i])) == 0)
				break;
		if (i < NET_PORTS) {
			n += (size_t)snprintf(out + n, 8, "%u", net.ports[i]);
			url += strlen(names[i]);
		} else
			out[n++] = *url++;
	}
	out[n] = '\0';
	return out;
}

static struct told
fly_with(struct fetch *f, const char *url, const char *post, size_t max, int ms)
{
	struct fetch_ask ask = {.url = expand(url),
	    .body = (const uint8_t *)post,
	    .body_len = post == NULL ? 0 : strlen(post),
	    .type = post == NULL ? NULL : "application/ocsp-request",
	    .accept = "application/ocsp-response",
	    .max = max,
	    .deadline = io_now_ms() + ms};
	struct fetch_flight *t;
	struct told told;

	memset(&told, 0, sizeof(told));
	assert_int_equal(fetch_start(f, &t, &ask, on_done, &told), RC_OK);
	while (told.times == 0)
		assert_int_equal(fetch_turn(f, NULL, 0, -1), RC_OK);
	assert_int_equal(told.times, 1);
	return told;
}

static struct told
fly(const char *url)
{
	return fly_with(loop, url, NULL, ENOUGH, 5000);
}

static void
expect(const char *url, enum lookup_outcome want, unsigned status)
{
	struct told t = fly(url);

	if (t.outcome != want || t.status != status)
		fail_msg(
		    "%s: %d (%u), not %d (%u)", url, (int)t.outcome, t.status, (int)want, status);
	if (t.outcome != LOOKUP_ANSWERED)
		assert_int_equal(t.len, 0);
}

/* --- --- */

static const struct {
	const char *url;
	enum lookup_outcome outcome;
	unsigned status;
} cases[] = {
    {"http://127.0.0.1:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://[::1]:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.2:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to-the-end", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/continue", LOOKUP_ANSWERED, 200},
    /* where nobody may go */
    {"http://127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://127.0.0.3:1/ok", LOOKUP_FORBIDDEN, 0},
    {"http://10.0.0.1/ok", LOOKUP_FORBIDDEN, 0},
    {"http://localhost:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"ldap://127.0.0.1:{web}/ok", LOOKUP_SCHEME, 0},
    {"file:///etc/passwd", LOOKUP_SCHEME, 0},
    /* names */
    {"http://ok.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://OK.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://two.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://two.test:{other}/ok", LOOKUP_ANSWERED, 200}, /* the second address only */
    {"http://six.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://both.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://half.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://half-broken.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://forged.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://many.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://alias.test:{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://alias-private.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://ok.test:{closed}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://ok.test/ok", LOOKUP_FORBIDDEN, 0}, /* loopback, and not a test's port */
    {"http://private.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://private.test/ok", LOOKUP_FORBIDDEN, 0},
    {"http://metadata.test/ok", LOOKUP_FORBIDDEN, 0},
    {"http://zero.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://mixed.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://mixed-last.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://mixed6.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://mapped.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://many-mixed.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://none.test:{web}/ok", LOOKUP_UNREACHABLE, 0},
    {"http://empty.test:{web}/ok", LOOKUP_UNREACHABLE, 0},
    {"http://broken.test:{web}/ok", LOOKUP_UNREACHABLE, 0},
    /* what a host says */
    {"http://127.0.0.1:{web}/none", LOOKUP_REFUSED, 404},
    {"http://127.0.0.1:{web}/status/204", LOOKUP_REFUSED, 204},
    {"http://127.0.0.1:{web}/status/206", LOOKUP_REFUSED, 206},
    {"http://127.0.0.1:{web}/status/304", LOOKUP_REFUSED, 304},
    {"http://127.0.0.1:{web}/status/401", LOOKUP_REFUSED, 401},
    {"http://127.0.0.1:{web}/status/407", LOOKUP_REFUSED, 407},
    {"http://127.0.0.1:{web}/status/500", LOOKUP_REFUSED, 500},
    {"http://127.0.0.1:{web}/status/503", LOOKUP_REFUSED, 503},
    {"http://127.0.0.1:{web}/half", LOOKUP_UNREACHABLE, 200},
    {"http://127.0.0.1:{web}/deaf", LOOKUP_UNREACHABLE, 200},
    {"http://127.0.0.1:{web}/cut-chunk", LOOKUP_UNREACHABLE, 200},
    {"http://127.0.0.1:{web}/gone", LOOKUP_UNREACHABLE, 0},
    {"http://127.0.0.1:{web}/reset", LOOKUP_UNREACHABLE, 0},
    {"http://127.0.0.1:{web}/no-http", LOOKUP_NONSENSE, 0},
    {"http://127.0.0.1:{web}/gzip", LOOKUP_NONSENSE, 200},
    {"http://127.0.0.1:{web}/squeezed", LOOKUP_NONSENSE, 200},
    {"http://127.0.0.1:{web}/promise", LOOKUP_TOO_LARGE, 200},
    {"http://127.0.0.1:{web}/flood", LOOKUP_TOO_LARGE, 200},
    {"http://127.0.0.1:{web}/chunks", LOOKUP_TOO_LARGE, 200},
    {"http://127.0.0.1:{web}/long-line", LOOKUP_TOO_LARGE, 200},
    {"http://127.0.0.1:{web}/many-lines", LOOKUP_TOO_LARGE, 200},
    {"http://127.0.0.1:{web}/interim", LOOKUP_TOO_LARGE, 100},
    /* redirects */
    {"http://127.0.0.1:{web}/hop/1", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/hop/3", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/hop/4", LOOKUP_REFUSED, 302},
    {"http://127.0.0.1:{web}/loop", LOOKUP_REFUSED, 301},
    {"http://127.0.0.1:{web}/nowhere", LOOKUP_REFUSED, 302},
    {"http://127.0.0.1:{web}/twice", LOOKUP_NONSENSE, 302},
    {"http://127.0.0.1:{web}/endless-redirect", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/301/http://127.0.0.1:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/302/http://ok.test:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/303/http://ok.test:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/308///ok.test:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/300/http://ok.test:{other}/ok", LOOKUP_REFUSED, 300},
    {"http://127.0.0.1:{web}/to/302/http://127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://10.0.0.1/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://169.254.169.254/latest", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://(::ffff:10.0.0.1)/", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://(::1):{web}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/302/HTTP://OK.test:{other}/ok", LOOKUP_ANSWERED, 200},
    {"http://127.0.0.1:{web}/to/302/x:y", LOOKUP_SCHEME, 302},
    {"http://127.0.0.1:{web}/to/302/http://(::1):{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://127.0.0.1:{closed}!@ok.test:{web}/ok", LOOKUP_FORBIDDEN,
	302},
    {"http://127.0.0.1:{web}/to/302/http://ok.test:{web}!@127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN,
	302},
    {"http://127.0.0.1:{web}/to/302/http://127.0.0.1~:{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http:!!127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http:127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http:////127.0.0.1:{closed}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://0177.0.0.1:{web}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://2130706433:{web}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://127.1:{web}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://a@127.0.0.1:{web}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://localhost:{web}/ok", LOOKUP_FORBIDDEN, 302},
    {"http://127.0.0.1:{web}/to/302/http://private.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://127.0.0.1:{web}/to/302/http://mixed.test:{web}/ok", LOOKUP_FORBIDDEN, 0},
    {"http://127.0.0.1:{web}/to/302/http://none.test:{web}/ok", LOOKUP_UNREACHABLE, 0},
    {"http://127.0.0.1:{web}/to/302/ftp://ok.test/ok", LOOKUP_SCHEME, 302},
    {"http://127.0.0.1:{web}/to/302/file:///etc/passwd", LOOKUP_SCHEME, 302},
    {"http://127.0.0.1:{web}/to/302/gopher://127.0.0.1:{web}/_GET", LOOKUP_SCHEME, 302},
    /* TLS by nobody that is known */
    {"https://127.0.0.1:{tls}/ok", LOOKUP_UNREACHABLE, 0},
    {"http://127.0.0.1:{web}/to/302/https://127.0.0.1:{tls}/ok", LOOKUP_UNREACHABLE, 0},
};

static void
test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < nitems(cases); i++)
		expect(cases[i].url, cases[i].outcome, cases[i].status);
	assert_ours();
}

/* What a redirect means, said by /dir/go; there is nothing in /dir. */
static void
test_relative(void **state)
{
	static const struct {
		const char *location, *want;
	} v[] = {
	    {"next", "/dir/next"},
	    {"next?a=b", "/dir/next?a=b"},
	    {"./next", "/dir/./next"},
	    {"../next", "/dir/../next"},
	    {"/a/b?c", "/a/b?c"},
	    {"a/b:c", "/dir/a/b:c"},
	    {"?", "/dir/go?"},
	    {"//ok.test:{other}/a", "/a"},
	    {"//ok.test:{other}", "/"},
	    {"http://ok.test:{other}?a", "/?a"},
	};
	char url[256];
	struct told t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(v); i++) {
		(void)snprintf(url, sizeof(url), "http://127.0.0.1:{web}/dir/go?%s", v[i].location);
		t = fly(url);
		assert_int_equal(strncmp(t.url, "http://", 7), 0);
		if (strcmp(strchr(t.url + 7, '/'), v[i].want) != 0)
			fail_msg("%s: %s", v[i].location, t.url);
	}
	assert_ours();
}

static void
test_result(void **state)
{
	char want[300];
	struct told t;

	(void)state;
	t = fly("http://OK.test:{web}/to/302/http://both.test:{other}/ok#a");
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(t.len, 5);
	assert_memory_equal(t.body, "hello", 5);
	(void)snprintf(want, sizeof(want), "both.test:%u", net.ports[NET_OTHER]);
	assert_string_equal(t.host, want);
	(void)snprintf(want, sizeof(want), "http://both.test:%u/ok", net.ports[NET_OTHER]);
	assert_string_equal(t.url, want);
	/* whoever sent us where we may not go */
	t = fly("http://ok.test:{web}/to/302/http://10.0.0.1/");
	(void)snprintf(want, sizeof(want), "ok.test:%u", net.ports[NET_WEB]);
	assert_string_equal(t.host, want);
	t = fly("http://10.0.0.1/");
	assert_string_equal(t.host, "-");
	assert_string_equal(t.url, "-");
	assert_ours();
}

/* --- what is asked, and how --- */

static void
test_manners(void **state)
{
	struct told t;

	(void)state;
	/* nothing of the environment counts */
	assert_int_equal(setenv("http_proxy", "http://10.0.0.1:3128", 1), 0);
	assert_int_equal(setenv("ALL_PROXY", "socks5h://10.0.0.1:1080", 1), 0);
	t = fly("http://ok.test:{web}/head"); /* sets a cookie */
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	t = fly("http://ok.test:{web}/to/302//head");
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(strncmp(t.body, "GET /head HTTP/1.1\r\n", 20), 0);
	assert_non_null(strstr(t.body, "\r\nUser-Agent: Periksa\r\n"));
	assert_non_null(strstr(t.body, "\r\nAccept: application/ocsp-response\r\n"));
	assert_non_null(strstr(t.body, "\r\nAccept-Encoding: identity\r\n"));
	assert_non_null(strstr(t.body, "\r\nHost: ok.test:"));
	assert_null(strcasestr(t.body, "\r\nCookie:"));
	assert_null(strcasestr(t.body, "\r\nReferer:"));
	assert_null(strcasestr(t.body, "\r\nAuthorization:"));
	assert_null(strcasestr(t.body, "\r\nUpgrade:"));
	assert_null(strcasestr(t.body, "\r\nTE:"));
	unsetenv("http_proxy");
	unsetenv("ALL_PROXY");
	assert_ours();
}

static void
test_post(void **state)
{
	static const char *const kept[] = {"301", "302", "307", "308"};
	char url[128], big[32768];
	struct told t;
	size_t i;

	(void)state;
	t = fly_with(loop, "http://ok.test:{web}/echo", "question", ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(t.len, 8);
	assert_memory_equal(t.body, "question", 8);
	assert_string_equal(net.log->method, "POST");
	for (i = 0; i < nitems(kept); i++) {
		(void)snprintf(url, sizeof(url), "http://ok.test:{web}/to/%s//echo", kept[i]);
		t = fly_with(loop, url, "question", ENOUGH, 5000);
		assert_int_equal(t.outcome, LOOKUP_ANSWERED);
		assert_int_equal(t.len, 8);
		assert_string_equal(net.log->method, "POST");
	}
	t = fly_with(loop, "http://ok.test:{web}/to/303//echo", "question", ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_REFUSED);
	assert_int_equal(t.status, 303);
	/* an empty one is a POST as well; a large one waits for nobody's permission */
	t = fly_with(loop, "http://ok.test:{web}/echo", "", ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(t.len, 0);
	assert_string_equal(net.log->method, "POST");
	memset(big, 'a', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	t = fly_with(loop, "http://ok.test:{web}/echo", big, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(t.len, sizeof(big) - 1);
	assert_true(t.milliseconds < 900);
	assert_ours();
}

/* --- time and size --- */

static void
test_slow(void **state)
{
	static const char *const urls[] = {"http://127.0.0.1:{web}/silent",
	    "http://127.0.0.1:{web}/drip", "http://127.0.0.1:{web}/drip-head",
	    "http://127.0.0.1:{web}/wait/9", "http://silent.test:{web}/ok",
	    "http://garbage.test:{web}/ok", "http://127.0.0.1:{web}/to/302//silent"};
	long long start;
	struct told t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(urls); i++) {
		start = io_now_ms();
		t = fly_with(loop, urls[i], NULL, ENOUGH, 400);
		if (t.outcome != LOOKUP_SLOW)
			fail_msg("%s: %d", urls[i], (int)t.outcome);
		assert_in_range(io_now_ms() - start, 390, 1500);
		assert_in_range(t.milliseconds, 390, 1500);
	}
	/* a time that is over already */
	t = fly_with(loop, "http://127.0.0.1:{web}/ok", NULL, ENOUGH, 0);
	assert_int_equal(t.outcome, LOOKUP_SLOW);
	t = fly_with(loop, "http://ok.test:{web}/ok", NULL, ENOUGH, -1000);
	assert_int_equal(t.outcome, LOOKUP_SLOW);
	assert_ours();
}

static void
test_size(void **state)
{
	struct told t;

	(void)state;
	t = fly_with(loop, "http://127.0.0.1:{web}/ok", NULL, 5, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(t.len, 5);
	t = fly_with(loop, "http://127.0.0.1:{web}/ok", NULL, 4, 5000);
	assert_int_equal(t.outcome, LOOKUP_TOO_LARGE);
	assert_int_equal(t.len, 0);
	t = fly_with(loop, "http://127.0.0.1:{web}/to-the-end", NULL, 4, 5000);
	assert_int_equal(t.outcome, LOOKUP_TOO_LARGE);
	t = fly_with(loop, "http://127.0.0.1:{web}/chunks", NULL, 0, 5000);
	assert_int_equal(t.outcome, LOOKUP_TOO_LARGE);
	/* none of it matters with an error */
	t = fly_with(loop, "http://127.0.0.1:{web}/status/500", NULL, 0, 5000);
	assert_int_equal(t.outcome, LOOKUP_REFUSED);
}

/* --- how long it may be kept --- */

static void
test_max_age(void **state)
{
	static const struct {
		const char *lines;
		int64_t want;
	} v[] = {
	    {"A:+b", -1},
	    {"Cache-Control:+max-age=60", 60},
	    {"cache-control:MAX-AGE=60", 60},
	    {"Cache-Control:+public,+max-age=60+,+must-revalidate", 60},
	    {"Cache-Control:+max-age=600,+s-maxage=60", 60},
	    {"Cache-Control:+max-age=600;Cache-Control:+max-age=60", 60},
	    {"Cache-Control:+max-age=60,+no-store", 0},
	    {"Cache-Control:+no-cache", 0},
	    {"Cache-Control:+private", 0},
	    {"Cache-Control:+max-age=60;Age:+20", 40},
	    {"Cache-Control:+max-age=60;Age:+200", 0},
	    {"Cache-Control:+max-age=-1", -1},
	    {"Cache-Control:+max-age=", -1},
	    {"Cache-Control:+max-age=1x", -1},
	    {"Cache-Control:+max-age=99999999999999999999999", INT32_MAX},
	    {"Cache-Control:+,,,", -1},
	    {"Cache-Control:", -1},
	    {"Date:+Sun,+01+Nov+2026+00:00:00+GMT;Expires:+Sun,+01+Nov+2026+01:00:00+GMT", 3600},
	    {"Date:+Sun,+01+Nov+2026+02:00:00+GMT;Expires:+Sun,+01+Nov+2026+01:00:00+GMT", 0},
	    {"Expires:+0", 0},
	    {"Expires:+never", 0},
	    {"Cache-Control:+max-age=5;Expires:+Sun,+01+Nov+2099+01:00:00+GMT", 5},
	};
	char url[512];
	struct told t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(v); i++) {
		(void)snprintf(url, sizeof(url), "http://ok.test:{web}/cache/%s", v[i].lines);
		t = fly(url);
		if (t.outcome != LOOKUP_ANSWERED || t.max_age != v[i].want)
			fail_msg("%s: %d, %lld", v[i].lines, (int)t.outcome, (long long)t.max_age);
	}
}

/* --- names that change --- */

static void
test_rebind(void **state)
{
	struct told t;
	unsigned before;

	(void)state;
	before = net.log->connections[NET_OTHER];
	t = fly("http://rebind.test:{other}/ok");
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	assert_int_equal(net.log->rebinds, 1); /* asked once: what was checked is what is used */
	assert_int_equal(net.log->connections[NET_OTHER], before + 1);
	/* and the next flight asks anew, connection or not */
	t = fly("http://rebind.test:{other}/ok");
	assert_int_equal(t.outcome, LOOKUP_FORBIDDEN);
	assert_int_equal(net.log->rebinds, 2);
	assert_ours();
}

/* What was allowed when it was asked for, and is not when the socket is made. */
static void
test_last_look(void **state)
{
	static const char *const urls[] = {"http://127.0.0.1:{web}/ok", "http://[::1]:{web}/ok"};
	struct evidence_conf c = conf;
	struct guard g = {&c, NULL, 0};
	struct fetch_flight *t;
	struct told told;
	struct fetch *f;
	size_t i, before;

	(void)state;
	assert_int_equal(fetch_new(&f, &g), RC_OK);
	for (i = 0; i < nitems(urls); i++) {
		struct fetch_ask ask = {
		    .url = expand(urls[i]), .max = ENOUGH, .deadline = io_now_ms() + 5000};

		c.ntest_ports = conf.ntest_ports;
		told.times = 0;
		assert_int_equal(fetch_start(f, &t, &ask, on_done, &told), RC_OK);
		c.ntest_ports = 0;
		before = nseen;
		while (told.times == 0)
			assert_int_equal(fetch_turn(f, NULL, 0, -1), RC_OK);
		assert_int_equal(told.outcome, LOOKUP_FORBIDDEN);
		assert_int_equal(nseen, before); /* nobody was connected to */
	}
	fetch_free(f);
}

static void
test_listed(void **state)
{
	char name[] = "ok.test", other[] = "both.test";
	char *hosts[] = {name, other};
	struct evidence_conf only = conf;
	struct guard g = {&only, hosts, nitems(hosts)};
	struct fetch *f;
	unsigned asked;
	struct told t;

	(void)state;
	only.any_host = false;
	assert_int_equal(fetch_new(&f, &g), RC_OK);
	asked = net.log->asked_a;
	t = fly_with(f, "http://two.test:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_NOT_LISTED);
	t = fly_with(f, "http://127.0.0.1:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_NOT_LISTED);
	assert_int_equal(net.log->asked_a, asked); /* not even its name was looked up */
	t = fly_with(
	    f, "http://ok.test:{web}/to/302/http://both.test:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	t = fly_with(f, "http://ok.test:{web}/to/302/http://two.test:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_NOT_LISTED);
	fetch_free(f);
	assert_ours();
}

static void
test_tls(void **state)
{
	struct guard g = {&no_tls, NULL, 0};
	struct fetch *f;
	struct told t;

	(void)state;
	no_tls = conf;
	no_tls.tls_unchecked = true;
	assert_int_equal(fetch_new(&f, &g), RC_OK);
	t = fly_with(f, "https://ok.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	t = fly_with(f, "http://ok.test:{web}/to/302/https://ok.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	t = fly_with(f, "https://ok.test:{tls}/to/302//ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	/* never down again */
	t = fly_with(f, "https://ok.test:{tls}/to/302/http://ok.test:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_FORBIDDEN);
	t = fly_with(f, "https://ok.test:{web}/ok", NULL, ENOUGH, 300); /* it waits for a request */
	assert_int_equal(t.outcome, LOOKUP_SLOW);
	fetch_free(f);
	/* an alert, if it comes before the end */
	t = fly("http://ok.test:{tls}/ok");
	assert_true(t.outcome == LOOKUP_NONSENSE || t.outcome == LOOKUP_UNREACHABLE);
	/* with certificates checked, the connections of the other loop do not help */
	expect("https://ok.test:{tls}/ok", LOOKUP_UNREACHABLE, 0);
	assert_ours();
}

/* Who signs for a host, and for which. */
static void
test_tls_known(void **state)
{
	char path[] = "/tmp/periksa-t-fetch.XXXXXX";
	int fd = mkstemp(path);
	FILE *file = fdopen(fd, "w");
	struct fetch *f;
	struct told t;

	(void)state;
	assert_non_null(file);
	assert_int_equal(PEM_write_X509(file, net.cert), 1);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(setenv("SSL_CERT_FILE", path, 1), 0);
	assert_int_equal(fetch_new(&f, &guard), RC_OK);
	unsetenv("SSL_CERT_FILE");
	unlink(path); /* it has been read */
	t = fly_with(f, "https://ok.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	t = fly_with(f, "https://both.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_UNREACHABLE);
	t = fly_with(f, "https://127.0.0.1:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_UNREACHABLE);
	t = fly_with(f, "https://ok.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	fetch_free(f);
	/* no bundle at all: https is not asked, http is */
	assert_int_equal(setenv("SSL_CERT_FILE", "/nonexistent", 1), 0);
	assert_int_equal(fetch_new(&f, &guard), RC_OK);
	unsetenv("SSL_CERT_FILE");
	t = fly_with(f, "https://ok.test:{tls}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_UNREACHABLE);
	t = fly_with(f, "http://ok.test:{web}/ok", NULL, ENOUGH, 5000);
	assert_int_equal(t.outcome, LOOKUP_ANSWERED);
	fetch_free(f);
	assert_ours();
}

/* --- many at once --- */

static void
test_many(void **state)
{
	struct fetch_ask ask = {.max = ENOUGH};
	static struct told told[CAP_FETCH_FLIGHTS];
	struct fetch_flight *t;
	unsigned done = 0, before, i;

	(void)state;
	memset(told, 0, sizeof(told));
	ask.url = expand("http://ok.test:{other}/wait/1");
	ask.deadline = io_now_ms() + 8000;
	/* those that are kept for other names */
	before = net.log->most_open[NET_OTHER] = net.log->open[NET_OTHER];
	for (i = 0; i < CAP_FETCH_FLIGHTS; i++)
		assert_int_equal(fetch_start(loop, &t, &ask, on_done, &told[i]), RC_OK);
	assert_int_equal(fetch_start(loop, &t, &ask, on_done, NULL), RC_BUSY);
	assert_null(t);
	while (done < CAP_FETCH_FLIGHTS) {
		assert_int_equal(fetch_turn(loop, NULL, 0, -1), RC_OK);
		for (done = 0, i = 0; i < CAP_FETCH_FLIGHTS; i++)
			done += told[i].times;
	}
	for (i = 0; i < CAP_FETCH_FLIGHTS; i++) {
		assert_int_equal(told[i].times, 1);
		assert_int_equal(told[i].outcome, LOOKUP_ANSWERED);
	}
	assert_in_range(net.log->most_open[NET_OTHER], before, before + CAP_FETCH_PER_HOST);
}

static void
test_reuse(void **state)
{
	unsigned before, i;

	(void)state;
	expect("http://ok.test:{other}/ok", LOOKUP_ANSWERED, 200);
	before = net.log->connections[NET_OTHER];
	for (i = 0; i < 20; i++)
		expect("http://ok.test:{other}/ok", LOOKUP_ANSWERED, 200);
	assert_int_equal(net.log->connections[NET_OTHER], before);
}

static void
test_drop(void **state)
{
	static const char *const urls[] = {"http://ok.test:{web}/ok", "http://silent.test:{web}/ok",
	    "http://127.0.0.1:{web}/silent", "http://10.0.0.1/", "http://127.0.0.1:{web}/ok"};
	struct fetch_flight *t;
	struct told told;
	size_t i;
	int turns;

	(void)state;
	memset(&told, 0, sizeof(told));
	for (i = 0; i < nitems(urls); i++) {
		for (turns = 0; turns < 4; turns++) {
			struct fetch_ask ask = {
			    .url = expand(urls[i]), .max = ENOUGH, .deadline = io_now_ms() + 3000};
			int n = turns;

			told.times = 0;
			assert_int_equal(fetch_start(loop, &t, &ask, on_done, &told), RC_OK);
			while (n-- > 0)
				assert_int_equal(fetch_turn(loop, NULL, 0, 1), RC_OK);
			if (told.times > 0)
				continue;
			fetch_drop(loop, t);
			for (n = 0; n < 5; n++)
				assert_int_equal(fetch_turn(loop, NULL, 0, 1), RC_OK);
			assert_int_equal(told.times, 0);
		}
	}
	fetch_drop(loop, NULL);
	/* the loop is as good as before */
	expect("http://ok.test:{web}/ok", LOOKUP_ANSWERED, 200);
}

struct chain {
	struct told told;
	struct fetch_flight *victim;
	struct told of_victim, next;
};

static void
on_chain(void *ctx, const struct fetch_result *r)
{
	struct chain *c = ctx;
	struct fetch_flight *t;
	struct fetch_ask ask = {.url = expand("http://both.test:{web}/ok"),
	    .max = ENOUGH,
	    .deadline = io_now_ms() + 3000};

	on_done(&c->told, r);
	fetch_drop(loop, c->victim);
	assert_int_equal(fetch_start(loop, &t, &ask, on_done, &c->next), RC_OK);
}

static void
test_chain(void **state)
{
	static const char *const urls[] = {"http://10.0.0.1/", "http://ok.test:{web}/ok"};
	static struct chain c;
	struct fetch_flight *t;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(urls); i++) {
		struct fetch_ask ask = {
		    .url = expand(urls[i]), .max = ENOUGH, .deadline = io_now_ms() + 3000};

		memset(&c, 0, sizeof(c));
		assert_int_equal(fetch_start(loop, &t, &ask, on_chain, &c), RC_OK);
		/* done in the same turn as the first, or under way */
		ask.url = expand(i == 0 ? urls[0] : "http://127.0.0.1:{web}/silent");
		assert_int_equal(fetch_start(loop, &c.victim, &ask, on_done, &c.of_victim), RC_OK);
		while (c.next.times == 0)
			assert_int_equal(fetch_turn(loop, NULL, 0, -1), RC_OK);
		assert_int_equal(c.told.times, 1);
		assert_int_equal(c.of_victim.times, 0);
		assert_int_equal(c.next.outcome, LOOKUP_ANSWERED);
	}
}

/* --- others' descriptors --- */

static void
test_extra(void **state)
{
	struct pollfd v[3];
	long long start;
	int p[2], q[2];

	(void)state;
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_equal(pipe2(q, O_CLOEXEC), 0);
	v[0] = (struct pollfd){.fd = p[0], .events = POLLIN};
	v[1] = (struct pollfd){.fd = q[0], .events = POLLIN, .revents = POLLOUT};
	v[2] = (struct pollfd){.fd = -1, .events = POLLIN};
	start = io_now_ms();
	assert_int_equal(fetch_turn(loop, v, 3, 60), RC_OK);
	assert_int_equal(v[0].revents | v[1].revents | v[2].revents, 0);
	(void)start;
	assert_int_equal(write(p[1], "x", 1), 1);
	assert_int_equal(fetch_turn(loop, v, 3, -1), RC_OK);
	assert_int_equal(v[0].revents, POLLIN);
	assert_int_equal(v[1].revents, 0);
	close(q[1]); /* hung up: nothing to read, and it is told */
	v[0].fd = -1;
	assert_int_equal(fetch_turn(loop, v, 3, -1), RC_OK);
	assert_int_equal(v[1].revents, POLLHUP);
	close(p[0]);
	close(p[1]);
	close(q[0]);
}

/* With nothing to do it sleeps. */
static void
test_idle(void **state)
{
	long long start = io_now_ms();
	int turns = 0;

	(void)state;
	while (io_now_ms() - start < 300) {
		assert_int_equal(fetch_turn(loop, NULL, 0, 100), RC_OK);
		turns++;
	}
	assert_in_range(turns, 1, 12);
}

static void
test_no_server(void **state)
{
	struct evidence_conf c = conf;
	struct guard g = {&c, NULL, 0};
	struct fetch *f;
	struct told t;

	(void)state;
	(void)snprintf(c.test_dns, sizeof(c.test_dns), "nonsense");
	assert_int_equal(fetch_new(&f, &g), RC_FORMAT);
	assert_null(f);
	/* nobody there */
	(void)snprintf(c.test_dns, sizeof(c.test_dns), "127.0.0.1:9");
	c.test_ports[0] = net.ports[NET_WEB];
	assert_int_equal(fetch_new(&f, &g), RC_OK);
	t = fly_with(f, "http://ok.test:{web}/ok", NULL, ENOUGH, 3000);
	assert_true(t.outcome == LOOKUP_UNREACHABLE || t.outcome == LOOKUP_SLOW);
	fetch_free(f);
	nseen = 0; /* port 9 was the name server's */
}

static int
set_up(void **state)
{
	(void)state;
	net_start(&net);
	conf.any_host = true;
	conf.test_ports[0] = net.ports[NET_WEB];
	conf.test_ports[1] = net.ports[NET_OTHER];
	conf.test_ports[2] = net.ports[NET_TLS];
	conf.ntest_ports = 3;
	(void)snprintf(conf.test_dns, sizeof(conf.test_dns), "127.0.0.1:%u", net.dns);
	return fetch_new(&loop, &guard) == RC_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	fetch_free(loop);
	net_stop(&net);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_relative),
	    cmocka_unit_test(test_result),
	    cmocka_unit_test(test_manners),
	    cmocka_unit_test(test_post),
	    cmocka_unit_test(test_slow),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_max_age),
	    cmocka_unit_test(test_rebind),
	    cmocka_unit_test(test_last_look),
	    cmocka_unit_test(test_listed),
	    cmocka_unit_test(test_tls),
	    cmocka_unit_test(test_tls_known),
	    cmocka_unit_test(test_many),
	    cmocka_unit_test(test_reuse),
	    cmocka_unit_test(test_drop),
	    cmocka_unit_test(test_chain),
	    cmocka_unit_test(test_extra),
	    cmocka_unit_test(test_idle),
	    cmocka_unit_test(test_no_server),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
