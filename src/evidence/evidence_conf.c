/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * evidence.conf.  A typing error must never open what its author meant to be closed: one is
 * enough to refuse the file.
 */
#include <arpa/inet.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "caps.h"
#include "conf.h"
#include "evidence_conf.h"
#include "io.h"
#include "source.h"

#define NPORTS (sizeof(((struct evidence_conf *)NULL)->test_ports) / sizeof(uint16_t))

void
evidence_conf_default(struct evidence_conf *c)
{
	memset(c, 0, sizeof(*c));
	c->deadline_ms = 4000;
	c->answer_seconds = 3600;
	c->keep_seconds = 7 * 86400;
	c->failure_seconds = 30;
	c->cache_bytes = 256ull << 20;
}

/* Decimal digits and nothing else, min to max. */
static bool
number(const char *s, uint32_t min, uint32_t max, uint32_t *out)
{
	uint32_t v = 0;

	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s < '0' || *s > '9' || v > (max - (uint32_t)(*s - '0')) / 10)
			return false;
		v = v * 10 + (uint32_t)(*s - '0');
	}
	*out = v;
	return v >= min && v <= max;
}

/* One of two words: *out is whether it is the second. */
static bool
either(const char *s, const char *no, const char *yes, bool *out)
{
	*out = strcmp(s, yes) == 0;
	return *out || strcmp(s, no) == 0;
}

static const char *
set_ports(struct evidence_conf *c, char *value)
{
	uint32_t port;
	char *one;

	while ((one = strsep(&value, ",")) != NULL) {
		if (c->ntest_ports == NPORTS)
			return "too many ports";
		if (!number(conf_trim(one), 1, UINT16_MAX, &port))
			return "no port";
		c->test_ports[c->ntest_ports++] = (uint16_t)port;
	}
	return NULL;
}

/* 127.0.0.0/8 with a port, or [::1] with one. */
static const char *
set_dns(struct evidence_conf *c, const char *value)
{
	const char *colon = strrchr(value, ':');
	struct in_addr in;
	char address[16];
	uint32_t port;

	if (strlen(value) >= sizeof(c->test_dns) || colon == NULL ||
	    !number(colon + 1, 1, UINT16_MAX, &port))
		return "not ADDRESS:PORT";
	if (strncmp(value, "[::1]:", 6) != 0) {
		if ((size_t)(colon - value) >= sizeof(address))
			return "not ADDRESS:PORT";
		memcpy(address, value, (size_t)(colon - value));
		address[colon - value] = '\0';
		if (inet_pton(AF_INET, address, &in) != 1 || ntohl(in.s_addr) >> 24 != 127)
			return "not on loopback";
	}
	memcpy(c->test_dns, value, strlen(value) + 1);
	return NULL;
}

enum key { HOSTS, DEADLINE, TLS, ANSWER, KEEP, FAILURE, CACHE, LOOPBACK, DNS, NKEYS };

static const char *const keys[NKEYS] = {[HOSTS] = "hosts",
    [DEADLINE] = "deadline",
    [TLS] = "tls",
    [ANSWER] = "answer_hours",
    [KEEP] = "keep_days",
    [FAILURE] = "failure_seconds",
    [CACHE] = "cache_megabytes",
    [LOOPBACK] = "test_loopback",
    [DNS] = "test_dns"};

/* NULL, or what is wrong with the value. */
static const char *
set_value(struct evidence_conf *c, enum key key, char *value)
{
	uint32_t n = 0;

	switch (key) {
	case HOSTS:
		return either(value, "listed", "any", &c->any_host) ? NULL : "listed or any";
	case TLS:
		return either(value, "checked", "unchecked", &c->tls_unchecked)
			   ? NULL
			   : "checked or unchecked";
	case DEADLINE:
		return number(value, 100, 20000, &c->deadline_ms) ? NULL : "100 to 20000";
	case ANSWER:
		if (!number(value, 0, 24, &n))
			return "0 to 24";
		c->answer_seconds = n * 3600;
		return NULL;
	case KEEP:
		if (!number(value, 1, CAP_KEEP_DAYS, &n))
			return "1 to 30";
		c->keep_seconds = n * 86400;
		return NULL;
	case FAILURE:
		return number(value, 1, 600, &c->failure_seconds) ? NULL : "1 to 600";
	case CACHE:
		if (!number(value, 8, 4096, &n))
			return "8 to 4096";
		c->cache_bytes = (uint64_t)n << 20;
		return NULL;
	case LOOPBACK:
		return set_ports(c, value);
	case DNS:
		return set_dns(c, value);
	case NKEYS:
		break;
	}
	return "no such key";
}

/* NULL, or what is wrong. */
static const char *
take_pair(struct evidence_conf *c, const char *key, char *value, unsigned *seen)
{
	unsigned k;

	for (k = 0; k < NKEYS; k++)
		if (strcmp(key, keys[k]) == 0)
			break;
	if (k == NKEYS)
		return "no such key";
	if ((*seen & 1u << k) != 0)
		return "it is there twice";
	*seen |= 1u << k;
	return set_value(c, (enum key)k, value);
}

/* False, with a line in *log, at the first thing that is not understood. */
static bool
take_lines(struct evidence_conf *c, char *text, struct buf *log)
{
	char *rest = text, *key, *value;
	enum conf_kind kind;
	unsigned seen = 0;
	const char *wrong;

	while ((kind = conf_next(&rest, &key, &value)) != CONF_END) {
		if (kind != CONF_PAIR) {
			buf_str(log, "evidence.conf: a line that is not key = value\n");
			return false;
		}
		if ((wrong = take_pair(c, key, value, &seen)) != NULL) {
			buf_printf(log, "evidence.conf: %s: %s\n", key, wrong);
			return false;
		}
	}
	return true;
}

enum rc
evidence_conf_parse(struct evidence_conf *c, const char *text, size_t len, struct buf *log)
{
	char copy[CAP_EVIDENCE_CONF + 1];

	evidence_conf_default(c);
	if (len > CAP_EVIDENCE_CONF || (len > 0 && memchr(text, '\0', len) != NULL)) {
		buf_str(log, "evidence.conf: too long, or no text\n");
		return RC_FORMAT;
	}
	if (len > 0)
		memcpy(copy, text, len);
	copy[len] = '\0';
	if (!take_lines(c, copy, log)) {
		evidence_conf_default(c);
		return RC_FORMAT;
	}
	return RC_OK;
}

enum rc
evidence_conf_load(struct evidence_conf *c, const char *path, struct buf *log)
{
	char text[CAP_EVIDENCE_CONF];
	struct source src;
	enum rc rc;
	int fd;

	evidence_conf_default(c);
	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return errno == ENOENT ? RC_ABSENT : RC_IO;
	if ((rc = source_open(&src, fd, 0, UINT64_MAX)) == RC_OK) {
		if (src.len > sizeof(text))
			rc = RC_TOOBIG;
		else if ((rc = source_read(&src, 0, text, src.len)) == RC_OK)
			rc = evidence_conf_parse(c, text, src.len, log);
		source_close(&src);
	}
	io_close(&fd);
	return rc;
}

bool
evidence_conf_allowed(const struct evidence_conf *c, bool demonstration)
{
	return demonstration || (c->ntest_ports == 0 && c->test_dns[0] == '\0');
}
