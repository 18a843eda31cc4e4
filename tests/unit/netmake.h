/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETMAKE_H
#define NETMAKE_H

/*
 * A small Internet on loopback for tests: a name server and web servers that misbehave
 * as they are asked to, in processes of their own, and what they have seen.
 *
 * Each path of the web servers and each name is explained where it is answered.  Everything ends
 * with net_stop(), or with the test.
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Where somebody listens. */
enum net_port {
	NET_WEB,    /* HTTP on 127.0.0.1, 127.0.0.2 and ::1 */
	NET_OTHER,  /* HTTP on 127.0.0.1, another port */
	NET_TLS,    /* HTTPS on 127.0.0.1, by a certificate for ok.test that nobody knows */
	NET_CLOSED, /* HTTP on 127.0.0.1, a port that nobody may ask */
	NET_PORTS
};

/* What was seen, in memory that all share. */
struct net_log {
	unsigned connections[NET_PORTS], requests[NET_PORTS];
	unsigned open[NET_PORTS], most_open[NET_PORTS]; /* connections at a time */
	unsigned asked_a, asked_aaaa, rebinds;          /* of the name server */
	char method[16];                                /* of the last request */
};

struct net {
	uint16_t ports[NET_PORTS], dns;
	struct net_log *log;
	pid_t web, names;
	SSL_CTX *tls;
	X509 *cert;
};

#define NET_LISTENERS 6

static inline void
net_die(const char *what)
{
	perror(what);
	_exit(1);
}

static inline int
net_bind(const char *address, uint16_t *port, int type)
{
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(*port)};
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(*port)};
	bool is6 = inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
	const struct sockaddr *sa =
	    is6 ? (const struct sockaddr *)&v6 : (const struct sockaddr *)&v4;
	socklen_t len = is6 ? sizeof(v6) : sizeof(v4);
	int s, on = 1;

	(void)inet_pton(AF_INET, address, &v4.sin_addr);
	if ((s = socket(is6 ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0)) == -1 ||
	    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    bind(s, sa, len) == -1 || (type == SOCK_STREAM && listen(s, 128) == -1))
		net_die(address);
	len = sizeof(v4);
	if (*port == 0) {
		if (getsockname(s, (struct sockaddr *)&v4, &len) == -1)
			net_die("getsockname");
		*port = ntohs(v4.sin_port);
	}
	return s;
}

/* --- the web --- */

struct net_peer {
	int fd;
	SSL *ssl;
	struct net *net;
	enum net_port port;
};

static inline bool
net_put(struct net_peer *p, const void *s, size_t len)
{
	const char *at = s;
	ssize_t n;

	while (len > 0) {
		n = p->ssl != NULL ? SSL_write(p->ssl, at, (int)len)
				   : send(p->fd, at, len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

static inline bool
net_say(struct net_peer *p, const char *s)
{
	return net_put(p, s, strlen(s));
}

static inline bool
net_answer(struct net_peer *p, const char *status, const char *lines, const char *body)
{
	char head[9000];

	(void)snprintf(head, sizeof(head), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n%s\r\n", status,
	    strlen(body), lines);
	return net_say(p, head) && net_say(p, body);
}

static inline void
net_pause(unsigned ms)
{
	(void)poll(NULL, 0, (int)ms);
}

/* Until the other side is gone. */
static inline void
net_forever(struct net_peer *p, const char *s, unsigned ms)
{
	while (net_say(p, s))
		net_pause(ms);
}

static inline bool
net_path(const char *path, const char *want, const char **rest)
{
	size_t n = strlen(want);

	*rest = path + n;
	return strncmp(path, want, n) == 0;
}

/* True: the connection goes on. */
static inline bool
net_serve(struct net_peer *p, const char *path, const char *head, const char *body)
{
	static char big[65536];
	char line[4200];
	const char *rest;
	int i;

	if (net_path(path, "/ok", &rest))
		return net_answer(p, "200 OK", "", "hello");
	if (net_path(path, "/echo", &rest)) /* what was posted */
		return net_answer(p, "200 OK", "", body);
	if (net_path(path, "/head", &rest)) /* what was asked, and how */
		return net_answer(p, "200 OK", "Set-Cookie: a=b; Path=/\r\n", head);
	if (net_path(path, "/status/", &rest)) { /* that status */
		(void)snprintf(line, sizeof(line), "%.3s Said", rest);
		return net_answer(p, line, "WWW-Authenticate: Basic realm=a\r\n",
			   strncmp(rest, "204", 3) == 0 || strncmp(rest, "304", 3) == 0 ? ""
											: "no") &&
		       false;
	}
	if (net_path(path, "/to/", &rest)) { /* /to/307/URL, with stand-ins for what no URL holds */
		char status[16], where[2300];
		size_t k;

		(void)snprintf(status, sizeof(status), "%.3s Go", rest);
		(void)snprintf(where, sizeof(where), "Location: %.2200s\r\n", rest + 4);
		for (k = 0; where[k] != '\0'; k++)
			where[k] = where[k] == '('   ? '['
				   : where[k] == ')' ? ']'
				   : where[k] == '!' ? '\\'
				   : where[k] == '~' ? '\t'
						     : where[k];
		return net_answer(p, status, where, "there");
	}
	if (net_path(path, "/hop/", &rest)) { /* so many redirects */
		if (*rest == '0')
			return net_answer(p, "200 OK", "", "arrived");
		(void)snprintf(line, sizeof(line), "Location: /hop/%c\r\n", *rest - 1);
		return net_answer(p, "302 Go", line, "");
	}
	if (net_path(path, "/dir/go?", &rest)) { /* there */
		(void)snprintf(line, sizeof(line), "Location: %.2200s\r\n", rest);
		return net_answer(p, "302 Go", line, "");
	}
	if (net_path(path, "/loop", &rest))
		return net_answer(p, "301 Go", "Location: /loop\r\n", "");
	if (net_path(path, "/nowhere", &rest)) /* a redirect without a place */
		return net_answer(p, "302 Go", "", "");
	if (net_path(path, "/twice", &rest)) /* or with two */
		return net_answer(p, "302 Go", "Location: /ok\r\nLocation: /ok?a\r\n", "");
	if (net_path(path, "/endless-redirect", &rest)) { /* with a body that never ends */
		(void)net_say(p, "HTTP/1.1 302 Go\r\nLocation: /ok\r\n\r\n");
		memset(big, 'a', sizeof(big));
		while (net_put(p, big, sizeof(big)))
			;
		return false;
	}
	if (net_path(path, "/wait/", &rest)) { /* so many tenths of a second */
		net_pause((unsigned)(*rest - '0') * 100);
		return net_answer(p, "200 OK", "", "late");
	}
	if (net_path(path, "/silent", &rest)) { /* nothing at all */
		net_pause(20000);
		return false;
	}
	if (net_path(path, "/drip", &rest)) { /* an octet now and then */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
		net_forever(p, "a", 50);
		return false;
	}
	if (net_path(path, "/drip-head", &rest)) { /* a header that never ends */
		(void)net_say(p, "HTTP/1.1 200 OK\r\n");
		net_forever(p, "A: b\r\n", 50);
		return false;
	}
	if (net_path(path, "/half", &rest)) { /* less than promised */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
		return false;
	}
	if (net_path(path, "/deaf", &rest)) { /* ends what it says, and stays */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
		(void)shutdown(p->fd, SHUT_WR);
		net_pause(5000);
		return false;
	}
	if (net_path(path, "/cut-head", &rest)) {
		(void)net_say(p, "HTTP/1.1 200 OK\r\nContent-Le");
		return false;
	}
	if (net_path(path, "/cut-chunk", &rest)) {
		(void)net_say(p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nabc");
		return false;
	}
	if (net_path(path, "/bad-chunk", &rest)) {
		(void)net_say(p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc");
		return false;
	}
	if (net_path(path, "/gone", &rest)) /* closed without a word */
		return false;
	if (net_path(path, "/reset", &rest)) {
		struct linger l = {1, 0};

		(void)setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
		return false;
	}
	if (net_path(path, "/no-http", &rest)) {
		(void)net_say(p, "a body without a header\r\n\r\n");
		return false;
	}
	if (net_path(path, "/to-the-end", &rest)) { /* no length: the end is the end */
		(void)net_say(p, "HTTP/1.0 200 OK\r\n\r\nhello");
		return false;
	}
	if (net_path(path, "/promise", &rest)) { /* a terabyte, says the header */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
		net_pause(3000);
		return false;
	}
	if (net_path(path, "/flood", &rest)) { /* and without saying so */
		(void)net_say(p, "HTTP/1.1 200 OK\r\n\r\n");
		memset(big, 'a', sizeof(big));
		while (net_put(p, big, sizeof(big)))
			;
		return false;
	}
	if (net_path(path, "/chunks", &rest)) { /* chunks without end */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
		net_forever(p, "4\r\nabcd\r\n", 0);
		return false;
	}
	if (net_path(path, "/long-line", &rest)) { /* a header of one line of a megabyte */
		(void)net_say(p, "HTTP/1.1 200 OK\r\nA: ");
		memset(big, 'a', sizeof(big));
		for (i = 0; i < 16; i++)
			(void)net_put(p, big, sizeof(big));
		(void)net_say(p, "\r\nContent-Length: 0\r\n\r\n");
		return false;
	}
	if (net_path(path, "/many-lines", &rest)) { /* of many lines */
		(void)net_say(p, "HTTP/1.1 200 OK\r\n");
		for (i = 0; i < 100000 && net_say(p, "Abcd: e\r\n"); i++)
			;
		(void)net_say(p, "Content-Length: 0\r\n\r\n");
		return false;
	}
	if (net_path(path, "/interim", &rest)) { /* answers before the answer, without end */
		while (net_say(p, "HTTP/1.1 100 Continue\r\nA: b\r\n\r\n"))
			;
		return false;
	}
	if (net_path(path, "/continue", &rest)) /* one, with a place to go to */
		return net_say(p, "HTTP/1.1 103 Early\r\nLocation: /loop\r\n\r\n") &&
		       net_answer(p, "200 OK", "", "hello");
	if (net_path(path, "/gzip", &rest))
		return net_answer(p, "200 OK", "Content-Encoding: gzip\r\n", "hello");
	if (net_path(path, "/squeezed", &rest)) {
		(void)net_say(
		    p, "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
		return false;
	}
	if (net_path(path, "/cache/", &rest)) { /* /cache/A:+b;C:+d: these lines, + is a blank */
		size_t n = 0;

		for (; *rest != '\0' && n < sizeof(line) - 4; rest++) {
			if (*rest == ';') {
				line[n++] = '\r';
				line[n++] = '\n';
			} else
				line[n++] = *rest == '+' ? ' ' : *rest;
		}
		memcpy(line + n, "\r\n", 3);
		return net_answer(p, "200 OK", line, "kept");
	}
	return net_answer(p, "404 Not Found", "", "");
}

/* One request's header into head, its body into body; false at the end of the connection. */
static inline bool
net_read(struct net_peer *p, char *head, size_t head_max, char *body, size_t body_max)
{
	size_t n = 0, want = 0, have;
	const char *l;
	char *end;
	ssize_t r;

	for (;;) {
		if (n + 1 >= head_max)
			return false;
		r = p->ssl != NULL ? SSL_read(p->ssl, head + n, (int)(head_max - n - 1))
				   : recv(p->fd, head + n, head_max - n - 1, 0);
		if (r <= 0)
			return false;
		n += (size_t)r;
		head[n] = '\0';
		if ((end = strstr(head, "\r\n\r\n")) != NULL)
			break;
	}
	end += 4;
	have = n - (size_t)(end - head);
	if ((l = strstr(head, "Content-Length:")) != NULL)
		want = strtoul(l + 15, NULL, 10);
	if (want >= body_max || have > want)
		return false;
	memcpy(body, end, have);
	*end = '\0';
	while (have < want) {
		r = p->ssl != NULL ? SSL_read(p->ssl, body + have, (int)(want - have))
				   : recv(p->fd, body + have, want - have, 0);
		if (r <= 0)
			return false;
		have += (size_t)r;
	}
	body[have] = '\0';
	return true;
}

static inline void
net_converse(struct net_peer *p)
{
	static char head[16384], body[65536];
	struct net_log *log = p->net->log;
	char path[8192];
	unsigned now = __atomic_add_fetch(&log->open[p->port], 1, __ATOMIC_SEQ_CST), most;
	size_t n;

	for (most = log->most_open[p->port]; now > most;)
		if (__atomic_compare_exchange_n(&log->most_open[p->port], &most, now, false,
			__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			break;
	while (net_read(p, head, sizeof(head), body, sizeof(body))) {
		const char *start = strchr(head, ' ');

		__atomic_add_fetch(&log->requests[p->port], 1, __ATOMIC_SEQ_CST);
		if (start == NULL)
			break;
		n = (size_t)(start - head);
		if (n < sizeof(log->method)) {
			memcpy(log->method, head, n);
			log->method[n] = '\0';
		}
		n = strcspn(++start, " ");
		if (n >= sizeof(path))
			break;
		memcpy(path, start, n);
		path[n] = '\0';
		if (!net_serve(p, path, head, body))
			break;
	}
	__atomic_sub_fetch(&log->open[p->port], 1, __ATOMIC_SEQ_CST);
}

static inline void
net_extend(X509 *cert, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *e;

	X509V3_set_ctx_nodb(&ctx);
	X509V3_set_ctx(&ctx, cert, cert, NULL, NULL, 0);
	if ((e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value)) == NULL ||
	    X509_add_ext(cert, e, -1) != 1)
		net_die("extension");
	X509_EXTENSION_free(e);
}

/* A key, and a certificate by itself. */
static inline void
net_tls(struct net *net)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = X509_new();

	if (ctx == NULL || key == NULL || cert == NULL)
		net_die("tls");
	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
	    (const unsigned char *)"tls.test", -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	X509_set_pubkey(cert, key);
	net_extend(cert, NID_basic_constraints, "critical,CA:TRUE");
	net_extend(cert, NID_subject_alt_name, "DNS:ok.test");
	if (X509_sign(cert, key, EVP_sha256()) == 0 || SSL_CTX_use_certificate(ctx, cert) != 1 ||
	    SSL_CTX_use_PrivateKey(ctx, key) != 1)
		net_die("tls");
	EVP_PKEY_free(key);
	net->tls = ctx;
	net->cert = cert;
}

static inline void
net_web(struct net *net, const int *listeners, const enum net_port *which)
{
	struct pollfd v[NET_LISTENERS];
	int i;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)signal(SIGCHLD, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < NET_LISTENERS; i++)
		v[i] = (struct pollfd){.fd = listeners[i], .events = POLLIN};
	for (;;) {
		if (poll(v, NET_LISTENERS, -1) == -1)
			continue;
		for (i = 0; i < NET_LISTENERS; i++) {
			struct net_peer p = {-1, NULL, net, which[i]};

			if (v[i].revents == 0 || (p.fd = accept(v[i].fd, NULL, NULL)) == -1)
				continue;
			__atomic_add_fetch(&net->log->connections[p.port], 1, __ATOMIC_SEQ_CST);
			if (fork() == 0) {
				(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
				(void)alarm(30);
				if (p.port == NET_TLS) {
					p.ssl = SSL_new(net->tls);
					SSL_set_fd(p.ssl, p.fd);
					if (SSL_accept(p.ssl) != 1)
						_exit(0);
				}
				net_converse(&p);
				if (p.ssl != NULL)
					SSL_shutdown(p.ssl);
				close(p.fd);
				_exit(0);
			}
			close(p.fd);
		}
	}
}

/* --- names --- */

#define NET_SILENT   (-1) /* no answer */
#define NET_GARBAGE  (-2) /* octets that are none */
#define NET_FORGED   (-3) /* an answer to another question first */
#define NET_NXDOMAIN 3
#define NET_SERVFAIL 2

static const struct net_name {
	const char *name, *a[3], *aaaa[2];
	int a_code, aaaa_code;
} net_names[] = {
    {"ok.test", {"127.0.0.1"}, {NULL}, 0, 0},
    {"two.test", {"127.0.0.2", "127.0.0.1"}, {NULL}, 0, 0},
    {"six.test", {NULL}, {"::1"}, 0, 0},
    {"both.test", {"127.0.0.1"}, {"::1"}, 0, 0},
    {"private.test", {"10.0.0.1"}, {NULL}, 0, 0},
    {"metadata.test", {"169.254.169.254"}, {NULL}, 0, 0},
    {"zero.test", {"0.0.0.0"}, {NULL}, 0, 0},
    {"mixed.test", {"127.0.0.1", "10.0.0.1"}, {NULL}, 0, 0},
    {"mixed-last.test", {"127.0.0.1", "127.0.0.2", "192.168.0.1"}, {NULL}, 0, 0},
    {"mixed6.test", {"127.0.0.1"}, {"fe80::1"}, 0, 0},
    {"mapped.test", {NULL}, {"::ffff:127.0.0.1"}, 0, 0},
    {"none.test", {NULL}, {NULL}, NET_NXDOMAIN, NET_NXDOMAIN},
    {"empty.test", {NULL}, {NULL}, 0, 0},
    {"broken.test", {NULL}, {NULL}, NET_SERVFAIL, NET_SERVFAIL},
    {"silent.test", {NULL}, {NULL}, NET_SILENT, NET_SILENT},
    {"half.test", {"127.0.0.1"}, {NULL}, 0, NET_SILENT},
    {"half-broken.test", {"127.0.0.1"}, {NULL}, 0, NET_SERVFAIL},
    {"garbage.test", {NULL}, {NULL}, NET_GARBAGE, NET_GARBAGE},
    {"forged.test", {"127.0.0.1"}, {NULL}, NET_FORGED, 0},
    /* the first question gets this answer, all others 10.0.0.1 */
    {"rebind.test", {"127.0.0.1"}, {NULL}, 0, 0},
    /* names of another name */
    {"alias.test", {NULL}, {NULL}, 0, 0},
    {"alias-private.test", {NULL}, {NULL}, 0, 0},
    /* 29 addresses, and 28 with a private one at the end */
    {"many.test", {NULL}, {NULL}, 0, 0},
    {"many-mixed.test", {NULL}, {NULL}, 0, 0},
};

static inline size_t
net_record(uint8_t *p, unsigned type, const void *address, size_t len)
{
	/* a pointer to the question's name, type, IN, 30 seconds */
	const uint8_t head[] = {0xc0, 12, 0, (uint8_t)type, 0, 1, 0, 0, 0, 30, 0, (uint8_t)len};

	memcpy(p, head, sizeof(head));
	memcpy(p + sizeof(head), address, len);
	return sizeof(head) + len;
}

/* "CNAME real.test", and that one's address, good or bad, and another's that nobody asked for. */
static inline size_t
net_alias(uint8_t *p, size_t len, unsigned type, bool good)
{
	static const uint8_t real[] = "\4real\4test", other[] = "\5other\4test";
	size_t at;

	p[2] = 0x84;
	p[3] = 0x80;
	memset(p + 6, 0, 6);
	p[7] = type == 1 ? 3 : 1;
	len += net_record(p + len, 5, real, sizeof(real));
	if (type != 1)
		return len;
	at = len;
	len += net_record(p + len, 1, good ? "\x7f\0\0\1" : "\x0a\0\0\1", 4);
	/* its name is what the alias said */
	p[at] = 0xc0;
	p[at + 1] = (uint8_t)(at - sizeof(real));
	memcpy(p + len, other, sizeof(other));
	memcpy(p + len + sizeof(other), p + at + 2, 10);
	len += sizeof(other) + 10;
	memcpy(p + len, "\x7f\0\0\1", 4);
	return len + 4;
}

/* The answer to the question q of n octets, into p; 0: none. */
static inline size_t
net_resolve(struct net *net, const uint8_t *q, size_t n, uint8_t *p, size_t max)
{
	char name[256];
	const char *addresses[32] = {NULL};
	uint8_t raw[16];
	size_t at = 12, len = 0, count = 0, i, k;
	unsigned type;
	int code;

	while (at < n && q[at] != 0 && len + q[at] + 2u < sizeof(name) && at + 1u + q[at] < n) {
		memcpy(name + len, q + at + 1, q[at]);
		len += q[at];
		name[len++] = '.';
		at += 1u + q[at];
	}
	if (len == 0 || at + 5 > n || max < 1024)
		return 0;
	name[len - 1] = '\0';
	type = q[at + 2];
	at += 5;
	for (i = 0; i < sizeof(net_names) / sizeof(net_names[0]); i++)
		if (strcasecmp(net_names[i].name, name) == 0)
			break;
	if (i == sizeof(net_names) / sizeof(net_names[0]))
		return 0;
	__atomic_add_fetch(
	    type == 1 ? &net->log->asked_a : &net->log->asked_aaaa, 1, __ATOMIC_SEQ_CST);
	code = type == 1 ? net_names[i].a_code : net_names[i].aaaa_code;
	if (code == NET_SILENT)
		return 0;
	memcpy(p, q, at);
	if (code == NET_GARBAGE) {
		memset(p + 2, 0xff, 30);
		return 32;
	}
	for (k = 0; type == 1 && k < 3; k++)
		addresses[k] = net_names[i].a[k];
	for (k = 0; type == 28 && k < 2; k++)
		addresses[k] = net_names[i].aaaa[k];
	if (type == 1 && strcmp(name, "rebind.test") == 0 &&
	    __atomic_fetch_add(&net->log->rebinds, 1, __ATOMIC_SEQ_CST) > 0)
		addresses[0] = "10.0.0.1";
	if (type == 1 && strncmp(name, "many", 4) == 0)
		for (k = 0; k < 29; k++)
			addresses[k] =
			    k == 28 && strcmp(name, "many.test") != 0 ? "10.0.0.1" : "127.0.0.1";
	len = at;
	if (strncmp(name, "alias", 5) == 0)
		return net_alias(p, at, type, strcmp(name, "alias.test") == 0);
	for (; addresses[count] != NULL; count++) {
		(void)inet_pton(type == 1 ? AF_INET : AF_INET6, addresses[count], raw);
		len += net_record(p + len, type, raw, type == 1 ? 4 : 16);
	}
	p[2] = 0x84; /* an answer, with authority */
	p[3] = (uint8_t)(0x80 | (code > 0 ? code : 0));
	p[6] = 0;
	p[7] = (uint8_t)count;
	memset(p + 8, 0, 4);
	return len;
}

static inline void
net_dns(struct net *net, int s)
{
	struct sockaddr_in from;
	socklen_t from_len;
	uint8_t q[512], p[2048], forged[2048];
	size_t len;
	ssize_t n;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		from_len = sizeof(from);
		n = recvfrom(s, q, sizeof(q), 0, (struct sockaddr *)&from, &from_len);
		if (n < 12 || (len = net_resolve(net, q, (size_t)n, p, sizeof(p))) == 0)
			continue;
		if (len > 32 && memcmp(q + 13, "forged", 6) == 0) {
			memcpy(forged, p, len);
			forged[0] ^= 0x55;
			memcpy(forged + len - 4, "\x0a\0\0\1", 4);
			(void)sendto(s, forged, len, 0, (const struct sockaddr *)&from, from_len);
		}
		(void)sendto(s, p, len, 0, (const struct sockaddr *)&from, from_len);
	}
}

/* --- both --- */

static inline void
net_start(struct net *net)
{
	static const enum net_port which[NET_LISTENERS] = {
	    NET_WEB, NET_WEB, NET_WEB, NET_OTHER, NET_TLS, NET_CLOSED};
	static const char *const where[NET_LISTENERS] = {
	    "127.0.0.1", "127.0.0.2", "::1", "127.0.0.1", "127.0.0.1", "127.0.0.1"};
	int listeners[NET_LISTENERS], names, i;

	memset(net, 0, sizeof(*net));
	net_tls(net);
	net->log = mmap(
	    NULL, sizeof(*net->log), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (net->log == MAP_FAILED)
		net_die("mmap");
	for (i = 0; i < NET_LISTENERS; i++)
		listeners[i] = net_bind(where[i], &net->ports[which[i]], SOCK_STREAM);
	names = net_bind("127.0.0.1", &net->dns, SOCK_DGRAM);
	if ((net->web = fork()) == 0)
		net_web(net, listeners, which);
	if ((net->names = fork()) == 0)
		net_dns(net, names);
	if (net->web == -1 || net->names == -1)
		net_die("fork");
	for (i = 0; i < NET_LISTENERS; i++)
		close(listeners[i]);
	close(names);
}

static inline void
net_stop(struct net *net)
{
	(void)kill(net->web, SIGKILL);
	(void)kill(net->names, SIGKILL);
	(void)waitpid(net->web, NULL, 0);
	(void)waitpid(net->names, NULL, 0);
	munmap(net->log, sizeof(*net->log));
	SSL_CTX_free(net->tls);
	X509_free(net->cert);
}

#endif /* NETMAKE_H */
