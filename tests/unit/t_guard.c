/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the fetcher may go: addresses of the web, and of the network. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"

#define nitems(a) (sizeof(a) / sizeof((a)[0]))

#define HOST(s) ((char[]){s})
static char *hosts[] = {HOST("ocsp.example.org"), HOST("crl.example.org"),
    HOST("xn--bcher-kva.example.org"), HOST("127.0.0.1"), HOST("::1"), HOST("8.8.8.8"),
    HOST("2606:4700:4700::1111"), HOST("10.0.0.1"), HOST("a.b"), HOST("localhost"),
    HOST("intranet.local"), HOST("1.2.3.4.example.org"), HOST("a--b.example.org")};

static const struct evidence_conf listed,
    any = {.any_host = true},
    test = {.any_host = true, .test_ports = {8081, 8082, 80}, .ntest_ports = 3},
    test_listed = {.test_ports = {8081}, .ntest_ports = 1};

enum which { LISTED, ANY, TEST, TEST_LISTED };
static const struct guard guards[] = {
    [LISTED] = {&listed, hosts, nitems(hosts)},
    [ANY] = {&any, hosts, nitems(hosts)},
    [TEST] = {&test, hosts, nitems(hosts)},
    [TEST_LISTED] = {&test_listed, hosts, nitems(hosts)},
};

#define OPEN      LOOKUP_OPEN
#define FORBIDDEN LOOKUP_FORBIDDEN

/* --- what becomes of an address that may be asked --- */

static const struct {
	enum which guard;
	const char *url, *as, *host, *name;
	uint16_t port;
	bool https, literal;
} good[] = {
    {LISTED, "http://ocsp.example.org", "http://ocsp.example.org/", "ocsp.example.org",
	"ocsp.example.org", 80, false, false},
    {LISTED, "http://ocsp.example.org/", "http://ocsp.example.org/", "ocsp.example.org",
	"ocsp.example.org", 80, false, false},
    {LISTED, "HTTP://OCSP.Example.ORG/A/b", "http://ocsp.example.org/A/b", "ocsp.example.org",
	"ocsp.example.org", 80, false, false},
    {LISTED, "https://crl.example.org/a.crl", "https://crl.example.org/a.crl", "crl.example.org",
	"crl.example.org", 443, true, false},
    {LISTED, "https://crl.example.org:443/a", "https://crl.example.org/a", "crl.example.org",
	"crl.example.org", 443, true, false},
    {LISTED, "http://crl.example.org:80", "http://crl.example.org/", "crl.example.org",
	"crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org:443/", "http://crl.example.org:443/", "crl.example.org",
	"crl.example.org:443", 443, false, false},
    {LISTED, "https://crl.example.org:80/", "https://crl.example.org:80/", "crl.example.org",
	"crl.example.org:80", 80, true, false},
    {LISTED, "http://crl.example.org?a=b", "http://crl.example.org/?a=b", "crl.example.org",
	"crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org/a?b=c&d=/e?f#part", "http://crl.example.org/a?b=c&d=/e?f",
	"crl.example.org", "crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org#part", "http://crl.example.org/", "crl.example.org",
	"crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org/My%20CA(1).crl", "http://crl.example.org/My%20CA(1).crl",
	"crl.example.org", "crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org/@x:y", "http://crl.example.org/@x:y", "crl.example.org",
	"crl.example.org", 80, false, false},
    {LISTED, "http://crl.example.org/../../a", "http://crl.example.org/../../a", "crl.example.org",
	"crl.example.org", 80, false, false},
    {LISTED, "http://xn--bcher-kva.example.org/", "http://xn--bcher-kva.example.org/",
	"xn--bcher-kva.example.org", "xn--bcher-kva.example.org", 80, false, false},
    {LISTED, "http://1.2.3.4.example.org/", "http://1.2.3.4.example.org/", "1.2.3.4.example.org",
	"1.2.3.4.example.org", 80, false, false},
    {LISTED, "http://a.b/", "http://a.b/", "a.b", "a.b", 80, false, false},
    {LISTED, "http://8.8.8.8/x", "http://8.8.8.8/x", "8.8.8.8", "8.8.8.8", 80, false, true},
    {LISTED, "https://[2606:4700:4700::1111]/x", "https://[2606:4700:4700::1111]/x",
	"2606:4700:4700::1111", "[2606:4700:4700::1111]", 443, true, true},
    {LISTED, "http://[2606:4700:4700:0:0:0:0:1111]:443/", "http://[2606:4700:4700::1111]:443/",
	"2606:4700:4700::1111", "[2606:4700:4700::1111]:443", 443, false, true},
    {ANY, "http://elsewhere.example.net/", "http://elsewhere.example.net/", "elsewhere.example.net",
	"elsewhere.example.net", 80, false, false},
    {ANY, "http://9.9.9.9/", "http://9.9.9.9/", "9.9.9.9", "9.9.9.9", 80, false, true},
    {TEST, "http://127.0.0.1:8081/a", "http://127.0.0.1:8081/a", "127.0.0.1", "127.0.0.1:8081",
	8081, false, true},
    {TEST, "https://127.9.9.9:8082/a", "https://127.9.9.9:8082/a", "127.9.9.9", "127.9.9.9:8082",
	8082, true, true},
    {TEST, "http://[::1]:8081/", "http://[::1]:8081/", "::1", "[::1]:8081", 8081, false, true},
    {TEST, "http://127.0.0.1/", "http://127.0.0.1/", "127.0.0.1", "127.0.0.1", 80, false, true},
    {TEST_LISTED, "http://[0:0::0:1]:8081/", "http://[::1]:8081/", "::1", "[::1]:8081", 8081, false,
	true},
    /* the name may be looked up; its addresses are judged with the port */
    {TEST, "http://ocsp.example.org:8081/", "http://ocsp.example.org:8081/", "ocsp.example.org",
	"ocsp.example.org:8081", 8081, false, false},
};

static void
test_good(void **state)
{
	struct guard_url u;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(good); i++) {
		enum lookup_outcome o =
		    guard_url(&guards[good[i].guard], good[i].url, strlen(good[i].url), &u);

		if (o != OPEN)
			fail_msg("%s: %d", good[i].url, (int)o);
		assert_string_equal(u.url, good[i].as);
		assert_string_equal(u.host, good[i].host);
		assert_string_equal(u.name, good[i].name);
		assert_int_equal(u.port, good[i].port);
		assert_int_equal(u.https, good[i].https);
		assert_int_equal(u.literal, good[i].literal);
	}
}

/* --- and what may not --- */

static const struct {
	enum which guard;
	const char *url;
	enum lookup_outcome want;
} bad[] = {
    /* schemes */
    {ANY, "ldap://ldap.example.org/cn=a?b", LOOKUP_SCHEME},
    {ANY, "ldaps://ldap.example.org/", LOOKUP_SCHEME},
    {ANY, "ldap:///cn=a", LOOKUP_SCHEME},
    {ANY, "ftp://crl.example.org/a.crl", LOOKUP_SCHEME},
    {ANY, "file:///etc/passwd", LOOKUP_SCHEME},
    {ANY, "gopher://crl.example.org/", LOOKUP_SCHEME},
    {ANY, "dict://127.0.0.1:11211/stat", LOOKUP_SCHEME},
    {ANY, "data:text/plain,a", LOOKUP_SCHEME},
    {ANY, "javascript:alert(1)", LOOKUP_SCHEME},
    {ANY, "mailto:a@example.org", LOOKUP_SCHEME},
    {ANY, "unix:/run/a.sock", LOOKUP_SCHEME},
    {ANY, "x-a+b.c://crl.example.org/", LOOKUP_SCHEME},
    {ANY, "httpx://crl.example.org/", LOOKUP_SCHEME},
    {ANY, "url:http://crl.example.org/", LOOKUP_SCHEME},
    /* no address of the web at all */
    {ANY, "", FORBIDDEN},
    {ANY, "http", FORBIDDEN},
    {ANY, "http:", FORBIDDEN},
    {ANY, "http:/", FORBIDDEN},
    {ANY, "http://", FORBIDDEN},
    {ANY, "https://", FORBIDDEN},
    {ANY, "http:///", FORBIDDEN},
    {ANY, "http:///crl.example.org/", FORBIDDEN},
    {ANY, "http:crl.example.org", FORBIDDEN},
    {ANY, "http:/crl.example.org", FORBIDDEN},
    {ANY, "http:\\\\crl.example.org\\a", FORBIDDEN},
    {ANY, "//crl.example.org/", FORBIDDEN},
    {ANY, "/a.crl", FORBIDDEN},
    {ANY, "crl.example.org", FORBIDDEN},
    {ANY, "crl.example.org/a.crl", FORBIDDEN},
    {ANY, "crl.example.org:80/a.crl", LOOKUP_SCHEME},
    {ANY, " http://crl.example.org/", FORBIDDEN},
    {ANY, "http://crl.example.org/ ", FORBIDDEN},
    {ANY, "1http://crl.example.org/", FORBIDDEN},
    {ANY, "ht tp://crl.example.org/", FORBIDDEN},
    {ANY, "://crl.example.org/", FORBIDDEN},
    {ANY, "http//crl.example.org/", FORBIDDEN},
    {ANY, "http://?a", FORBIDDEN},
    {ANY, "http://#a", FORBIDDEN},
    /* users */
    {ANY, "http://a@crl.example.org/", FORBIDDEN},
    {ANY, "http://a:b@crl.example.org/", FORBIDDEN},
    {ANY, "http://@crl.example.org/", FORBIDDEN},
    {ANY, "http://:@crl.example.org/", FORBIDDEN},
    {ANY, "http://crl.example.org@127.0.0.1/", FORBIDDEN},
    {ANY, "http://crl.example.org:80@127.0.0.1/", FORBIDDEN},
    {ANY, "http://crl.example.org%40127.0.0.1/", FORBIDDEN},
    {ANY, "http://crl.example.org&@127.0.0.1#@a.example.org/", FORBIDDEN},
    /* ports */
    {ANY, "http://crl.example.org:22/", FORBIDDEN},
    {ANY, "http://crl.example.org:8080/", FORBIDDEN},
    {ANY, "http://crl.example.org:0/", FORBIDDEN},
    {ANY, "http://crl.example.org:/", FORBIDDEN},
    {ANY, "http://crl.example.org:080/", FORBIDDEN},
    {ANY, "http://crl.example.org:+80/", FORBIDDEN},
    {ANY, "http://crl.example.org:-80/", FORBIDDEN},
    {ANY, "http://crl.example.org: 80/", FORBIDDEN},
    {ANY, "http://crl.example.org:80 /", FORBIDDEN},
    {ANY, "http://crl.example.org:0x50/", FORBIDDEN},
    {ANY, "http://crl.example.org:65616/", FORBIDDEN},
    {ANY, "http://crl.example.org:4294967376/", FORBIDDEN},
    {ANY, "http://crl.example.org:80:80/", FORBIDDEN},
    {ANY, "http://crl.example.org:http/", FORBIDDEN},
    {TEST, "http://crl.example.org:8083/", FORBIDDEN},
    /* odd characters */
    {ANY, "http://crl.example.org/a b", FORBIDDEN},
    {ANY, "http://crl.example.org/a\tb", FORBIDDEN},
    {ANY, "http://crl.example.org/a\r\nHost: a", FORBIDDEN},
    {ANY, "http://crl.example.org/a%0d%0aHost:%20a", FORBIDDEN},
    {ANY, "http://crl.example.org/a%00", FORBIDDEN},
    {ANY, "http://crl.example.org/a%1F", FORBIDDEN},
    {ANY, "http://crl.example.org/a%7f", FORBIDDEN},
    {ANY, "http://crl.example.org/a%7F", FORBIDDEN},
    {ANY, "http://crl.example.org/a%2", FORBIDDEN},
    {ANY, "http://crl.example.org/a%", FORBIDDEN},
    {ANY, "http://crl.example.org/a%zz", FORBIDDEN},
    {ANY, "http://crl.example.org/a\\b", FORBIDDEN},
    {ANY, "http://crl.example.org\\a", FORBIDDEN},
    {ANY, "http://crl.example.org\\@127.0.0.1/", FORBIDDEN},
    {ANY, "http://crl.example.org/<a>", FORBIDDEN},
    {ANY, "http://crl.example.org/\"a\"", FORBIDDEN},
    {ANY, "http://crl.example.org/a|b", FORBIDDEN},
    {ANY, "http://crl.example.org/{a,b}", FORBIDDEN},
    {ANY, "http://crl.example.org/[1-9]", FORBIDDEN},
    {ANY, "http://crl.example.org/a^b`c", FORBIDDEN},
    {ANY, "http://crl.example.org/\x7f", FORBIDDEN},
    {ANY, "http://crl.example.org/\xc3\xa4", FORBIDDEN},
    {ANY, "http://crl.example.org/a#b c", FORBIDDEN},
    {ANY, "http://crl.example.org/a#b#c", FORBIDDEN},
    /* names */
    {ANY,
	"http://b\xc3\xbc"
	"cher.example.org/",
	FORBIDDEN},
    {ANY, "http://crl.example.org\xe3\x80\x82/", FORBIDDEN},
    {ANY,
	"http://crl\xef\xbc\x8e"
	"example.org/",
	FORBIDDEN},
    {ANY, "http://%63rl.example.org/", FORBIDDEN},
    {ANY, "http://crl.example.org%2f.example.net/", FORBIDDEN},
    {ANY, "http://crl.example.org%00.example.net/", FORBIDDEN},
    {ANY, "http://crl.example.org./", FORBIDDEN},
    {ANY, "http://crl.example.org../", FORBIDDEN},
    {ANY, "http://.example.org/", FORBIDDEN},
    {ANY, "http://crl..example.org/", FORBIDDEN},
    {ANY, "http://./", FORBIDDEN},
    {ANY, "http://-crl.example.org/", FORBIDDEN},
    {ANY, "http://crl-.example.org/", FORBIDDEN},
    {ANY, "http://crl_1.example.org/", FORBIDDEN},
    {ANY, "http://*.example.org/", FORBIDDEN},
    {LISTED, "http://a--b.example.org/", LOOKUP_OPEN},
    {ANY, "http://ab--c.example.org/", FORBIDDEN},
    {ANY, "http://xn--.example.org/", FORBIDDEN},
    {ANY, "http://localhost/", FORBIDDEN},
    {LISTED, "http://localhost/", FORBIDDEN},
    {TEST, "http://localhost:8081/", FORBIDDEN},
    {ANY, "http://LOCALHOST/", FORBIDDEN},
    {ANY, "http://a.localhost/", FORBIDDEN},
    {ANY, "http://localhost.localdomain/", FORBIDDEN},
    {LISTED, "http://intranet.local/", FORBIDDEN},
    {ANY, "http://printer.local/", FORBIDDEN},
    {ANY, "http://metadata.google.internal/", FORBIDDEN},
    {ANY, "http://router.home.arpa/", FORBIDDEN},
    {ANY, "http://nas.lan/", FORBIDDEN},
    {ANY, "http://abcdefghijklmnop.onion/", FORBIDDEN},
    {ANY, "http://intranet/", FORBIDDEN},
    {ANY, "http://crl/", FORBIDDEN},
    {ANY, "http://notlocal.example.org/", OPEN},
    {ANY, "http://mylocalhost.example/", OPEN},
    /* who is allowed */
    {LISTED, "http://elsewhere.example.net/", LOOKUP_NOT_LISTED},
    {LISTED, "http://example.org/", LOOKUP_NOT_LISTED},
    {LISTED, "http://www.crl.example.org/", LOOKUP_NOT_LISTED},
    {LISTED, "http://crl.example.org.example.net/", LOOKUP_NOT_LISTED},
    {LISTED, "http://crl.example.orgx/", LOOKUP_NOT_LISTED},
    {LISTED, "http://crl.example.or/", LOOKUP_NOT_LISTED},
    {LISTED, "http://9.9.9.9/", LOOKUP_NOT_LISTED},
    {LISTED, "http://[2620:fe::fe]/", LOOKUP_NOT_LISTED},
    {TEST_LISTED, "http://127.0.0.2:8081/", LOOKUP_NOT_LISTED},
    /* literal addresses, also if listed */
    {LISTED, "http://10.0.0.1/", FORBIDDEN},
    {LISTED, "http://127.0.0.1/", FORBIDDEN},
    {LISTED, "http://[::1]/", FORBIDDEN},
    {ANY, "http://127.0.0.1:8081/", FORBIDDEN},
    {ANY, "http://169.254.169.254/latest/meta-data/", FORBIDDEN},
    {ANY, "http://192.168.1.1/", FORBIDDEN},
    {ANY, "http://0.0.0.0/", FORBIDDEN},
    {ANY, "http://255.255.255.255/", FORBIDDEN},
    {TEST, "http://127.0.0.1:8083/", FORBIDDEN},
    {TEST, "http://127.0.0.1:443/", FORBIDDEN},
    {TEST, "http://8.8.8.8:8081/", FORBIDDEN},
    {TEST, "http://10.0.0.1:8081/", FORBIDDEN},
    {TEST, "http://0.0.0.0:8081/", FORBIDDEN},
    {TEST, "http://[::]:8081/", FORBIDDEN},
    {TEST, "http://[::ffff:127.0.0.1]:8081/", FORBIDDEN},
    {TEST, "http://[::127.0.0.1]:8081/", FORBIDDEN},
    /* odd ways to write them */
    {TEST, "http://2130706433:8081/", FORBIDDEN},
    {TEST, "http://0x7f000001:8081/", FORBIDDEN},
    {TEST, "http://017700000001:8081/", FORBIDDEN},
    {TEST, "http://127.1:8081/", FORBIDDEN},
    {TEST, "http://127.0.1:8081/", FORBIDDEN},
    {TEST, "http://0177.0.0.1:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.01:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.001:8081/", FORBIDDEN},
    {TEST, "http://0x7f.0.0.1:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.0x1:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.1.:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.0.1:8081/", FORBIDDEN},
    {TEST, "http://127.0.0.1.2.3:8081/", FORBIDDEN},
    {ANY, "http://8.8.8.256/", FORBIDDEN},
    {ANY, "http://8.8.8.08/", FORBIDDEN},
    {ANY, "http://8.8.8/", FORBIDDEN},
    {ANY, "http://a.8/", FORBIDDEN},
    {ANY, "http://a.0xab/", FORBIDDEN},
    {ANY, "http://8.8.8.-8/", FORBIDDEN},
    {TEST,
	"http://\xe2\x91\xa0"
	"27.0.0.1:8081/",
	FORBIDDEN},
    {TEST, "http://127.0.0.1%20:8081/", FORBIDDEN},
    /* brackets */
    {TEST, "http://[127.0.0.1]:8081/", FORBIDDEN},
    {ANY, "http://[]/", FORBIDDEN},
    {ANY, "http://[/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::1111/", FORBIDDEN},
    {ANY, "http://2606:4700:4700::1111/", FORBIDDEN},
    {ANY, "http://2606:4700:4700::1111]/", FORBIDDEN},
    {ANY, "http://[[2606:4700:4700::1111]]/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::1111]a/", FORBIDDEN},
    {ANY, "http://a[2606:4700:4700::1111]/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::1111]80/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::1111]x80/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::11111]/", FORBIDDEN},
    {ANY, "http://[2606:4700::4700::1111]/", FORBIDDEN},
    {ANY, "http://[fe80::1%25eth0]/", FORBIDDEN},
    {ANY, "http://[fe80::1%eth0]/", FORBIDDEN},
    {ANY, "http://[2606:4700:4700::1111%251]/", FORBIDDEN},
    {ANY, "http://[v1.a]/", FORBIDDEN},
    {ANY, "http://[crl.example.org]/", FORBIDDEN},
};

static void
test_bad(void **state)
{
	static const struct guard_url none;
	struct guard_url u;
	size_t i;

	(void)state;
	for (i = 0; i < nitems(bad); i++) {
		/* exactly that many octets, so that a sanitizer sees one too many */
		size_t len = strlen(bad[i].url);
		char *url = malloc(len + 1);
		enum lookup_outcome o;

		assert_non_null(url);
		memcpy(url, bad[i].url, len);
		url = realloc(url, len > 0 ? len : 1);
		assert_non_null(url);
		memset(&u, 0x55, sizeof(u));
		o = guard_url(&guards[bad[i].guard], url, len, &u);
		free(url);
		if (o != bad[i].want)
			fail_msg("%s: %d, not %d", bad[i].url, (int)o, (int)bad[i].want);
		if (o != OPEN)
			assert_memory_equal(&u, &none, sizeof(u));
	}
}

static void
test_inside(void **state)
{
	static const char nul[] = "http://crl.example.org\0.example.net/";
	struct guard_url u;

	(void)state;
	assert_int_equal(guard_url(&guards[ANY], nul, sizeof(nul) - 1, &u), FORBIDDEN);
	assert_int_equal(guard_url(&guards[ANY], nul, strlen(nul), &u), OPEN);
	assert_int_equal(guard_url(&guards[ANY], nul, strlen(nul) + 1, &u), FORBIDDEN);
}

static void
put(char *at, const char *s)
{
	while (*s != '\0')
		*at++ = *s++;
}

static void
test_long(void **state)
{
	char url[CAP_FETCH_URL + 16], host[300];
	struct guard_url u;
	size_t i, n;

	(void)state;
	memset(url, 'a', sizeof(url));
	put(url, "http://a.b/");
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL, &u), OPEN);
	assert_int_equal(strlen(u.url), CAP_FETCH_URL);
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL + 1, &u), FORBIDDEN);
	/* also if what is too much would be dropped */
	url[11] = '#';
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL, &u), OPEN);
	assert_int_equal(strlen(u.url), 11);
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL + 1, &u), FORBIDDEN);
	url[11] = 'a';
	/* "/" is put in: one too many */
	put(url, "http://a.b?");
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL, &u), FORBIDDEN);
	assert_int_equal(guard_url(&guards[ANY], url, CAP_FETCH_URL - 1, &u), OPEN);
	/* labels of 63 and 64, names of 253 and 254 octets */
	for (n = 63; n <= 64; n++) {
		memset(host, 'a', sizeof(host));
		put(host, "http://");
		put(host + 7 + n, ".org/");
		assert_int_equal(
		    guard_url(&guards[ANY], host, 7 + n + 5, &u), n == 63 ? OPEN : FORBIDDEN);
	}
	for (n = 253; n <= 254; n++) {
		memset(host, 'a', sizeof(host));
		put(host, "http://");
		for (i = 60; i < n; i += 61)
			host[7 + i] = '.';
		host[7 + n] = '/';
		assert_int_equal(
		    guard_url(&guards[ANY], host, 7 + n + 1, &u), n == 253 ? OPEN : FORBIDDEN);
	}
}

/* --- network addresses --- */

static const struct {
	const char *text;
	bool open;
} addresses[] = {
    {"0.0.0.0", false},
    {"0.255.255.255", false},
    {"1.0.0.0", true},
    {"8.8.8.8", true},
    {"9.255.255.255", true},
    {"10.0.0.0", false},
    {"10.255.255.255", false},
    {"11.0.0.0", true},
    {"100.63.255.255", true},
    {"100.64.0.0", false},
    {"100.127.255.255", false},
    {"100.128.0.0", true},
    {"126.255.255.255", true},
    {"127.0.0.0", false},
    {"127.0.0.1", false},
    {"127.255.255.255", false},
    {"128.0.0.0", true},
    {"169.253.255.255", true},
    {"169.254.0.0", false},
    {"169.254.169.254", false},
    {"169.254.255.255", false},
    {"169.255.0.0", true},
    {"172.15.255.255", true},
    {"172.16.0.0", false},
    {"172.31.255.255", false},
    {"172.32.0.0", true},
    {"191.255.255.255", true},
    {"192.0.0.0", false},
    {"192.0.0.255", false},
    {"192.0.1.0", true},
    {"192.0.2.0", false},
    {"192.0.2.255", false},
    {"192.0.3.0", true},
    {"192.88.98.255", true},
    {"192.88.99.1", false},
    {"192.88.100.0", true},
    {"192.167.255.255", true},
    {"192.168.0.0", false},
    {"192.168.255.255", false},
    {"192.169.0.0", true},
    {"198.17.255.255", true},
    {"198.18.0.0", false},
    {"198.19.255.255", false},
    {"198.20.0.0", true},
    {"198.51.99.255", true},
    {"198.51.100.0", false},
    {"198.51.101.0", true},
    {"203.0.112.255", true},
    {"203.0.113.255", false},
    {"203.0.114.0", true},
    {"223.255.255.255", true},
    {"224.0.0.0", false},
    {"239.255.255.255", false},
    {"240.0.0.0", false},
    {"255.255.255.254", false},
    {"255.255.255.255", false},
    {"::", false},
    {"::1", false},
    {"::2", false},
    {"::8.8.8.8", false},
    {"::ffff:8.8.8.8", false},
    {"::ffff:127.0.0.1", false},
    {"::ffff:0:8.8.8.8", false},
    {"64:ff9b::8.8.8.8", true},
    {"64:ff9b::10.0.0.1", false},
    {"64:ff9b::127.0.0.1", false},
    {"64:ff9b::169.254.169.254", false},
    {"64:ff9b::1:8.8.8.8", false},
    {"64:ff9b:1::8.8.8.8", false},
    {"64:ff9b:1:ffff::8.8.8.8", false},
    {"100::1", false},
    {"1fff:ffff::1", false},
    {"2000::1", true},
    {"2001::1", false},
    {"2001:0:4136:e378:8000:63bf:3fff:fdd2", false},
    {"2001:2::1", false},
    {"2001:10::1", false},
    {"2001:20::1", false},
    {"2001:1ff:ffff::1", false},
    {"2001:200::1", true},
    {"2001:db7:ffff::1", true},
    {"2001:db8::1", false},
    {"2001:db8:ffff::1", false},
    {"2001:db9::1", true},
    {"2001:4860:4860::8888", true},
    {"2002::1", false},
    {"2002:7f00:1::1", false},
    {"2002:808:808::1", false},
    {"2003::1", true},
    {"2400:cb00::1", true},
    {"2606:4700:4700::1111", true},
    {"3ffe:ffff::1", true},
    {"3fff::1", false},
    {"3fff:fff::1", false},
    {"3fff:1000::1", true},
    {"4000::1", false},
    {"5f00::1", false},
    {"fc00::1", false},
    {"fd12:3456:789a::1", false},
    {"fe80::1", false},
    {"fec0::1", false},
    {"ff02::1", false},
    {"ff0e::1", false},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", false},
};

static socklen_t
address(struct sockaddr_storage *ss, const char *text, uint16_t port)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};

	memset(ss, 0, sizeof(*ss));
	if (inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
		memcpy(ss, &v4, sizeof(v4));
		return sizeof(v4);
	}
	assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
	memcpy(ss, &v6, sizeof(v6));
	return sizeof(v6);
}

static bool
may(enum which which, const char *text, uint16_t port)
{
	struct sockaddr_storage ss;
	socklen_t len = address(&ss, text, port);

	return guard_address(&guards[which], (const struct sockaddr *)&ss, len);
}

static void
test_addresses(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < nitems(addresses); i++) {
		if (may(ANY, addresses[i].text, 80) != addresses[i].open ||
		    may(LISTED, addresses[i].text, 443) != addresses[i].open)
			fail_msg("%s", addresses[i].text);
		/* never another port */
		assert_false(may(ANY, addresses[i].text, 22));
		assert_false(may(ANY, addresses[i].text, 8081));
		assert_false(may(ANY, addresses[i].text, 0));
	}
}

static void
test_loopback(void **state)
{
	static const char *const closed[] = {"10.0.0.1", "169.254.169.254", "192.168.0.1",
	    "0.0.0.0", "8.8.8.8", "::", "::2", "::ffff:127.0.0.1", "::127.0.0.1", "fe80::1",
	    "2606:4700:4700::1111", "64:ff9b::127.0.0.1"};
	size_t i;

	(void)state;
	assert_true(may(TEST, "127.0.0.1", 8081));
	assert_true(may(TEST, "127.255.255.254", 8082));
	assert_true(may(TEST, "127.0.0.1", 80));
	assert_true(may(TEST, "::1", 8081));
	assert_false(may(TEST, "127.0.0.1", 8083));
	assert_false(may(TEST, "127.0.0.1", 443));
	assert_false(may(TEST, "127.0.0.1", 0));
	assert_false(may(TEST, "::1", 22));
	assert_true(may(TEST_LISTED, "127.0.0.1", 8081));
	assert_false(may(TEST_LISTED, "127.0.0.1", 80));
	for (i = 0; i < nitems(closed); i++)
		assert_false(may(TEST, closed[i], 8081));
	/* a test opens nothing else, and closes nothing */
	for (i = 0; i < nitems(addresses); i++)
		if (strncmp(addresses[i].text, "127.", 4) != 0 &&
		    strcmp(addresses[i].text, "::1") != 0)
			assert_int_equal(may(TEST, addresses[i].text, 443), addresses[i].open);
}

static void
test_families(void **state)
{
	struct sockaddr_storage ss;
	struct sockaddr_in6 v6;
	socklen_t len;

	(void)state;
	len = address(&ss, "8.8.8.8", 80);
	assert_true(guard_address(&guards[ANY], (const struct sockaddr *)&ss, len));
	assert_false(guard_address(&guards[ANY], (const struct sockaddr *)&ss, len - 1));
	ss.ss_family = AF_UNIX;
	assert_false(guard_address(&guards[ANY], (const struct sockaddr *)&ss, sizeof(ss)));
	ss.ss_family = AF_UNSPEC;
	assert_false(guard_address(&guards[ANY], (const struct sockaddr *)&ss, sizeof(ss)));
	len = address(&ss, "2606:4700:4700::1111", 80);
	assert_true(guard_address(&guards[ANY], (const struct sockaddr *)&ss, len));
	assert_false(guard_address(&guards[ANY], (const struct sockaddr *)&ss, len - 1));
	/* an interface is named for addresses of links only */
	memcpy(&v6, &ss, sizeof(v6));
	v6.sin6_scope_id = 1;
	assert_false(guard_address(&guards[ANY], (const struct sockaddr *)&v6, sizeof(v6)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_inside),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_loopback),
	    cmocka_unit_test(test_families),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
