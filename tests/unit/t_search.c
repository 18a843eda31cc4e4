/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searches with a web server of their own: what hosts do, or others who ask, must not spoil what
 * is known for everybody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <time.h>

#include "deskmake.h"
#include "netmake.h"

#include "cache.h"
#include "desk_client.h"
#include "fetch.h"
#include "io.h"
#include "memo.h"
#include "search.h"

#define HOST      "127.0.0.1"
#define PATIENCE  2000 /* milliseconds for an order */
#define OLD       (CAP_CLOCK_SKEW + 300)
#define CROWD     70
#define NEAR_PATH "/dekat"

/* --- a web server --- */

enum manner { ANSWERS, FAILS, ELSEWHERE, HANGS };

/* Shared with it. */
struct orders {
	enum manner manner;
	unsigned requests;
	size_t len;
	uint8_t body[8192];
};

static struct orders *orders;
static uint16_t open_port, other_port, closed_port;
static pid_t server;

static void
converse(int s)
{
	char head[8192], reply[512];
	enum manner manner;
	ssize_t n;
	int len;

	n = recv(s, head, sizeof(head) - 1, 0);
	if (n <= 0)
		_exit(0);
	head[n] = '\0';
	__atomic_add_fetch(&orders->requests, 1, __ATOMIC_SEQ_CST);
	manner = strstr(head, NEAR_PATH) != NULL ? ANSWERS : orders->manner;
	if (manner == HANGS)
		(void)sleep(20);
	len = manner == ELSEWHERE
		  ? snprintf(reply, sizeof(reply),
			"HTTP/1.1 307 x\r\nLocation: http://" HOST ":%u/\r\n"
			"Content-Length: 0\r\nConnection: close\r\n\r\n",
			closed_port)
		  : snprintf(reply, sizeof(reply),
			"HTTP/1.1 %u x\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n",
			manner == ANSWERS ? 200u : 404u, manner == ANSWERS ? orders->len : 0);
	(void)send(s, reply, (size_t)len, MSG_NOSIGNAL);
	if (manner == ANSWERS)
		(void)send(s, orders->body, orders->len, MSG_NOSIGNAL);
	(void)shutdown(s, SHUT_WR);
	while (recv(s, head, sizeof(head), 0) > 0)
		continue;
	_exit(0);
}

static void
serve(int a, int b)
{
	struct pollfd v[2] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
	size_t i;
	int s;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	while (poll(v, 2, -1) > 0)
		for (i = 0; i < 2; i++) {
			if (v[i].revents == 0 || (s = accept(v[i].fd, NULL, NULL)) == -1)
				continue;
			if (fork() == 0) {
				(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
				converse(s);
			}
			close(s);
		}
	_exit(0);
}

static int
begin(void **state)
{
	int a, b, c;

	(void)state;
	orders =
	    mmap(NULL, sizeof(*orders), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(orders != MAP_FAILED);
	a = net_bind(HOST, &open_port, SOCK_STREAM);
	b = net_bind(HOST, &other_port, SOCK_STREAM);
	c = net_bind(HOST, &closed_port, SOCK_STREAM);
	close(c); /* nobody listens there now */
	if ((server = fork()) == 0)
		serve(a, b);
	close(a);
	close(b);
	return server == -1;
}

static int
end(void **state)
{
	(void)state;
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	(void)munmap(orders, sizeof(*orders));
	return 0;
}

static void
serves(enum manner manner, struct der der)
{
	orders->manner = manner;
	orders->requests = 0;
	orders->len = der.len;
	assert_true(der.len <= sizeof(orders->body));
	if (der.len > 0)
		memcpy(orders->body, der.p, der.len);
}

/* --- a desk --- */

struct office {
	struct desk_world *w;
	struct fetch *fetch;
	struct cache *cache;
	struct hosts hosts;
	struct searches *searches;
	uint64_t buffered;
	struct pki_cert cert;  /* names the open port */
	enum lookup_kind kind; /* of who asks */
	char url[64];
};

static struct pki_cert
named(struct office *o, const char *cn, uint16_t port, const char *path)
{
	struct pki_spec spec = {.path_len = -1};
	struct pki_cert cert;
	char url[64];

	snprintf(url, sizeof(url), "http://" HOST ":%u%s", port, path);
	spec.url_ocsp = url;
	desk_cert(o->w, &cert, cn, &o->w->ca, &spec);
	assert_int_equal(maker_rc(o->w->m), RC_OK);
	return cert;
}

static void
office_open(struct office *o)
{
	struct search_parts parts = {0};

	memset(o, 0, sizeof(*o));
	o->w = desk_world_new();
	free(o->w->hosts[0]);
	o->w->hosts[0] = strdup(HOST);
	o->w->conf.test_ports[0] = open_port;
	o->w->conf.test_ports[1] = other_port;
	o->w->conf.test_ports[2] = closed_port;
	o->w->conf.ntest_ports = 3;
	snprintf(o->url, sizeof(o->url), "http://" HOST ":%u/ocsp", open_port);
	o->cert = named(o, "Siti Contoh", open_port, "/ocsp");
	assert_int_equal(fetch_new(&o->fetch, &o->w->guard), RC_OK);
	assert_int_equal(cache_open(&o->cache, -1, 8u << 20, 8u << 20), RC_OK);
	hosts_init(&o->hosts, 30);
	parts = (struct search_parts){
	    &o->w->conf, &o->w->guard, &o->w->trust, o->fetch, o->cache, &o->hosts, false};
	assert_int_equal(searches_open(&o->searches, &parts), RC_OK);
}

static void
office_close(struct office *o)
{
	searches_free(o->searches);
	cache_free(o->cache);
	fetch_free(o->fetch);
	desk_world_free(o->w);
}

/* One who asks, and what came. */
struct caller {
	struct desk_client *client;
	enum lookup_kind kind; /* of its questions */
	int fd;
	size_t n;
	struct lookup_answer v[CAP_LOOKUPS];
	struct buf reply;
	bool told;
};

/* About n certificates. */
static void
call(struct office *o, struct caller *c, const struct pki_cert *certs, size_t n, uint32_t flags,
    uint32_t ms)
{
	struct order order = {.flags = flags | ORDER_BODIES, .milliseconds = ms, .n = n};
	struct buf b, questions[CAP_LOOKUPS];
	int pair[2];
	size_t i;

	memset(c, 0, sizeof(*c));
	c->kind = o->kind;
	c->n = n;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	c->fd = pair[0];
	c->client = desk_client_new(
	    o->searches, pair[1], ORDER_FETCH | ORDER_BODIES, PATIENCE, &o->buffered);
	assert_non_null(c->client);
	for (i = 0; i < n; i++) {
		desk_ask(
		    o->w, c->kind, &certs[i], c->kind == LOOKUP_STATUS ? &o->w->ca : NULL, NULL);
		questions[i] = o->w->question;
		buf_init(&o->w->question, CAP_LOOKUP);
		order.questions[i] = (struct lookup_octets){questions[i].p, questions[i].len};
	}
	buf_init(&b, ORDER_MAX + 4);
	assert_int_equal(order_put(&b, &order), RC_OK);
	assert_int_equal(io_write_full(c->fd, b.p, b.len), RC_OK);
	buf_clear(&b);
	for (i = 0; i < n; i++)
		buf_clear(&questions[i]);
	buf_init(&c->reply, ORDER_REPLY_MAX + 4);
}

static void
listen_to(struct office *o, struct caller *c)
{
	uint8_t chunk[65536];
	ssize_t n;

	while ((n = recv(c->fd, chunk, sizeof(chunk), MSG_DONTWAIT)) > 0)
		buf_put(&c->reply, chunk, (size_t)n);
	if (c->told || c->reply.len < 4 || c->client->busy || c->client->out.len > 0)
		return;
	assert_int_equal(
	    order_get_reply(c->v, c->n, o->w->arena, c->reply.p + 4, c->reply.len - 4), RC_OK);
	c->told = true;
}

/* The desk's loop, once. */
static void
turn(struct office *o, struct caller *callers, size_t n)
{
	struct pollfd set[8];
	size_t i;

	assert_true(n <= 8);
	for (i = 0; i < n; i++)
		set[i] = (struct pollfd){
		    .fd = callers[i].client->fd, .events = desk_client_events(callers[i].client)};
	assert_int_equal(fetch_turn(o->fetch, set, n, 20), RC_OK);
	searches_step(o->searches);
	for (i = 0; i < n; i++) {
		assert_true(desk_client_turn(callers[i].client, set[i].revents));
		listen_to(o, &callers[i]);
	}
	searches_step(o->searches);
}

/* The same until this caller was told. */
static void
wait_for(struct office *o, struct caller *callers, size_t n, const struct caller *until)
{
	while (!until->told)
		turn(o, callers, n);
}

static void
caller_free(struct caller *c)
{
	desk_client_free(c->client);
	close(c->fd);
	buf_clear(&c->reply);
}

/* One question, one answer; without its parts, which are gone with the reply. */
static struct lookup_answer
ask(struct office *o, const struct pki_cert *cert, uint32_t flags, uint32_t ms)
{
	struct lookup_answer a;
	struct caller c;

	call(o, &c, cert, 1, flags, ms);
	wait_for(o, &c, 1, &c);
	a = c.v[0];
	caller_free(&c);
	return a;
}

/* By the CA itself. */
static struct der
good(struct office *o, int64_t at, int64_t until)
{
	struct proof_answer a = desk_answer(o->w);

	a.subject = &o->cert;
	a.responder = &o->w->ca;
	a.produced = a.this_update = at;
	a.next_update = until;
	return proof_ocsp(o->w->m, &a);
}

static void
keep(struct office *o, enum lookup_part_kind kind, struct der der, int64_t asked)
{
	struct cache_entry e = {
	    .kind = kind, .asked = asked, .until = asked + 3600, .url = o->url, .len = der.len};
	struct question q;

	desk_ask(o->w, kind == LOOKUP_CERT ? LOOKUP_ISSUER : LOOKUP_STATUS, &o->cert,
	    kind == LOOKUP_CERT ? NULL : &o->w->ca, NULL);
	assert_int_equal(desk_read(o->w, &q), RC_OK);
	memcpy(e.key, q.key, QUESTION_KEY);
	memcpy(&e.body, &der.p, sizeof(der.p));
	cache_release(cache_put(o->cache, &e));
}

/* --- tests --- */

/*
 * What says no end is told while it is kept, but to who may fetch an old one is fetched anew; if
 * that goes wrong, the old one is still better than nothing.
 */
static void
test_endless(void **state)
{
	static const struct {
		const char *what;
		int age, lasts; /* lasts: its nextUpdate after now, 0: none */
		uint32_t flags;
		enum manner manner;
		bool asked;
	} t[] = {
	    {"old, no end", OLD, 0, ORDER_FETCH, ANSWERS, true},
	    {"old, no end, only looked for", OLD, 0, 0, ANSWERS, false},
	    {"new, no end", CAP_CLOCK_SKEW - 60, 0, ORDER_FETCH, ANSWERS, false},
	    {"old, with an end", OLD, 3600, ORDER_FETCH, ANSWERS, false},
	    {"old, no end, the host fails", OLD, 0, ORDER_FETCH, FAILS, true},
	    {"old, no end, the host hangs", OLD, 0, ORDER_FETCH, HANGS, true},
	};
	int64_t now = (int64_t)time(NULL), then;
	struct lookup_answer a;
	struct office o;
	unsigned once;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		office_open(&o);
		then = now - t[i].age;
		keep(&o, LOOKUP_OCSP,
		    good(&o, then, t[i].lasts != 0 ? now + t[i].lasts : WHEN_NONE), then);
		serves(t[i].manner, good(&o, now, WHEN_NONE));
		a = ask(&o, &o.cert, t[i].flags, 0);
		assert_int_equal(a.outcome, LOOKUP_ANSWERED);
		assert_int_equal(a.nparts, 1);
		if ((orders->requests > 0) != t[i].asked ||
		    (a.asked > then) != (t[i].asked && t[i].manner == ANSWERS))
			fail_msg("%s: %u requests, it came %lld s ago", t[i].what, orders->requests,
			    (long long)(now - a.asked));
		/* and not again: it is new, or nobody can tell */
		once = orders->requests;
		a = ask(&o, &o.cert, t[i].flags, 0);
		assert_int_equal(a.outcome, LOOKUP_ANSWERED);
		assert_int_equal(orders->requests, once);
		office_close(&o);
	}
}

/* An old answer that nobody renews keeps no list away that is newer, also from who only looks. */
static void
test_list_instead(void **state)
{
	struct pki_spec spec = {.path_len = -1};
	int64_t now = (int64_t)time(NULL);
	struct proof_list list;
	struct lookup_answer a;
	struct office o;
	char url[64];
	int i;

	(void)state;
	office_open(&o);
	snprintf(url, sizeof(url), "http://" HOST ":%u" NEAR_PATH, open_port);
	spec.url_ocsp = o.url;
	spec.url_crl = url;
	desk_cert(o.w, &o.cert, "Siti Contoh", &o.w->ca, &spec);
	keep(&o, LOOKUP_OCSP, good(&o, now - OLD, WHEN_NONE), now - OLD);
	list = (struct proof_list){
	    .issuer = &o.w->ca, .number = 1, .this_update = now - 60, .next_update = now + 3600};
	serves(FAILS, proof_crl(o.w->m, &list));
	for (i = 0; i < 3; i++) {
		a = ask(&o, &o.cert, i < 2 ? ORDER_FETCH : 0, 0);
		assert_int_equal(a.outcome, LOOKUP_ANSWERED);
		assert_true(a.asked >= now);
		assert_string_equal(a.url, url);
		assert_int_equal(orders->requests, 3); /* POST, GET, the list */
	}
	office_close(&o);
}

/*
 * What lies at an authority's address is fetched once, for whatever certificates name it; and
 * again when it is not new any more, as another authority may have begun.
 */
static void
test_issuer(void **state)
{
	struct pki_spec spec = {.path_len = -1};
	int64_t now = (int64_t)time(NULL);
	struct lookup_answer a;
	struct pki_cert forged;
	struct office o;
	int i;

	(void)state;
	office_open(&o);
	o.kind = LOOKUP_ISSUER;
	free(o.w->issuers[0]);
	o.w->issuers[0] = strdup(o.url);
	spec.url_ca = o.url;
	desk_cert(o.w, &o.cert, "Siti Contoh", &o.w->ca, &spec);
	keep(&o, LOOKUP_CERT, o.w->ca.der, now - OLD);
	serves(ANSWERS, o.w->ca.der);
	for (i = 0; i < 5; i++) {
		desk_cert(o.w, &forged, "Siti Contoh", NULL, &spec);
		assert_int_equal(maker_rc(o.w->m), RC_OK);
		a = ask(&o, i == 4 ? &o.cert : &forged, ORDER_FETCH, 0);
		assert_int_equal(a.outcome, LOOKUP_ANSWERED);
		assert_int_equal(a.nparts, 1);
		assert_true(a.asked >= now);
		assert_int_equal(orders->requests, 1);
	}
	office_close(&o);
}

/*
 * A host that redirects answers for where that leads: or else a few redirects to a place where
 * nobody answers would have another host left alone, and all letters of its authority open.
 */
static void
test_blame(void **state)
{
	char name[32];
	int64_t now = (int64_t)time(NULL);
	struct pki_cert cert;
	struct office o;
	int i;

	(void)state;
	office_open(&o);
	serves(ELSEWHERE, ASN_NONE);
	for (i = 0; i < 2 * HOSTS_STREAK; i++) {
		cert = named(&o, "Budi Contoh", open_port, "/ocsp");
		assert_int_equal(ask(&o, &cert, ORDER_FETCH, 0).outcome, LOOKUP_UNREACHABLE);
	}
	snprintf(name, sizeof(name), HOST ":%u", closed_port);
	assert_int_equal(hosts_closed(&o.hosts, name, now), WHEN_NONE);
	snprintf(name, sizeof(name), HOST ":%u", open_port);
	assert_int_not_equal(hosts_closed(&o.hosts, name, now), WHEN_NONE);
	office_close(&o);
}

/* Who can't wait has not found out that a host is slow. */
static void
test_impatience(void **state)
{
	char name[32];
	int64_t now = (int64_t)time(NULL);
	struct pki_cert cert;
	struct office o;
	int i;

	(void)state;
	office_open(&o);
	serves(HANGS, ASN_NONE);
	snprintf(name, sizeof(name), HOST ":%u", open_port);
	for (i = 0; i < HOSTS_STREAK; i++) {
		cert = named(&o, "Budi Contoh", open_port, "/ocsp");
		assert_int_equal(ask(&o, &cert, ORDER_FETCH, 100).outcome, LOOKUP_SLOW);
	}
	assert_int_equal(ask(&o, &o.cert, ORDER_FETCH, 100).outcome, LOOKUP_SLOW);
	assert_int_equal(hosts_closed(&o.hosts, name, now), WHEN_NONE);
	assert_int_equal(ask(&o, &o.cert, 0, 0).outcome, LOOKUP_OPEN);
	serves(ANSWERS, good(&o, now, WHEN_NONE));
	assert_int_equal(ask(&o, &o.cert, ORDER_FETCH, 0).outcome, LOOKUP_ANSWERED);
	office_close(&o);
}

/* However many wait for a host that hangs, others are asked. */
static void
test_crowd(void **state)
{
	struct pki_cert slow[CROWD];
	struct caller callers[4];
	struct office o;
	size_t i;

	(void)state;
	office_open(&o);
	o.cert = named(&o, "Siti Contoh", other_port, NEAR_PATH);
	serves(HANGS, good(&o, (int64_t)time(NULL), WHEN_NONE));
	for (i = 0; i < CROWD; i++)
		slow[i] = named(&o, "Budi Contoh", open_port, "/ocsp");
	for (i = 0; i < 3; i++)
		call(&o, &callers[i], slow + i * CROWD / 3, CROWD / 3, ORDER_FETCH, 0);
	for (i = 0; i < 5; i++)
		turn(&o, callers, 3);
	call(&o, &callers[3], &o.cert, 1, ORDER_FETCH, 0);
	wait_for(&o, callers, 4, &callers[3]);
	assert_int_equal(callers[3].v[0].outcome, LOOKUP_ANSWERED);
	for (i = 0; i < 3; i++)
		assert_false(callers[i].told);
	for (i = 0; i < 3; i++)
		wait_for(&o, callers, 4, &callers[i]);
	for (i = 0; i < CROWD / 3; i++)
		assert_int_not_equal(callers[0].v[i].outcome, LOOKUP_ANSWERED);
	for (i = 0; i < 4; i++)
		caller_free(&callers[i]);
	office_close(&o);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_endless),
	    cmocka_unit_test(test_list_instead),
	    cmocka_unit_test(test_issuer),
	    cmocka_unit_test(test_blame),
	    cmocka_unit_test(test_impatience),
	    cmocka_unit_test(test_crowd),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
