/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * anchors.conf, line by line.  A typing error must never widen trust: the
 * section that holds one is dropped whole.
 */
#include <string.h>

#include "chain.h"
#include "conf.h"
#include "trust_conf.h"
#include "when.h"

struct parser {
	struct trust_conf *conf;
	struct arena *arena;
	struct buf *log;
	size_t cap;
	struct trust_entry now;
	bool in_section, has_sha256;
	const char *trouble; /* why the section is left out */
	unsigned seen;       /* keys of this section, bit by place in keys[] */
};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static const char *
set_sha256(struct parser *p, const char *value)
{
	int hi, lo;
	size_t i;

	if (strlen(value) != 64)
		return "sha256 is not 64 hexadecimal digits";
	for (i = 0; i < 32; i++) {
		hi = hex_digit(value[2 * i]);
		lo = hex_digit(value[2 * i + 1]);
		if (hi < 0 || lo < 0)
			return "sha256 is not 64 hexadecimal digits";
		p->now.sha256[i] = (uint8_t)(hi << 4 | lo);
	}
	p->has_sha256 = true;
	return NULL;
}

static const char *
set_name(struct parser *p, const char *value)
{
	p->now.name = *value == '\0' ? NULL : value;
	return NULL;
}

static const char *
set_role(struct parser *p, const char *value)
{
	static const char *const roles[] = {
	    [TRUST_ROOT] = "root", [TRUST_CA] = "ca", [TRUST_TSA] = "tsa", [TRUST_OCSP] = "ocsp"};
	size_t i;

	for (i = TRUST_ROOT; i <= TRUST_OCSP; i++) {
		if (strcmp(value, roles[i]) == 0) {
			p->now.role = (enum trust_role)i;
			return NULL;
		}
	}
	return "role is none of root, ca, tsa, ocsp";
}

static const char *
set_purpose(struct parser *p, const char *value)
{
	char *word, *rest = arena_str(p->arena, value, strlen(value));

	if (rest == NULL)
		return "without memory";
	while ((word = strsep(&rest, ",")) != NULL) {
		word = conf_trim(word);
		if (strcmp(word, "signer") == 0)
			p->now.purposes |= ANCHOR_SIGNER;
		else if (strcmp(word, "tsa") == 0)
			p->now.purposes |= ANCHOR_TSA;
		else if (*word != '\0' || rest != NULL || p->now.purposes != 0)
			return "purpose is not a list of signer, tsa";
	}
	return NULL;
}

static const char *
set_from(struct parser *p, const char *value)
{
	return when_parse(value, &p->now.from) ? NULL : "from is no time";
}

static const char *
set_until(struct parser *p, const char *value)
{
	return when_parse(value, &p->now.until) ? NULL : "until is no time";
}

/* Words for people: where it was found, who has compared it. */
static const char *
set_note(struct parser *p, const char *value)
{
	(void)p;
	(void)value;
	return NULL;
}

static const struct {
	const char *key;
	const char *(*set)(struct parser *, const char *);
} keys[] = {{"sha256", set_sha256}, {"name", set_name}, {"role", set_role},
    {"purpose", set_purpose}, {"from", set_from}, {"until", set_until}, {"source", set_note},
    {"confirmed", set_note}};

#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static const char *
set_key(struct parser *p, const char *key, const char *value)
{
	size_t i;

	for (i = 0; i < NKEYS; i++) {
		if (strcmp(key, keys[i].key) != 0)
			continue;
		if ((p->seen & 1u << i) != 0)
			return "a key is there twice";
		p->seen |= 1u << i;
		return keys[i].set(p, value);
	}
	return "an unknown key";
}

/* What is wrong with the section as a whole, or NULL. */
static const char *
section_trouble(const struct parser *p)
{
	if (p->trouble != NULL)
		return p->trouble;
	if (!p->has_sha256)
		return "sha256 is missing";
	if (p->now.role == TRUST_ROLE_NONE)
		return "role is missing";
	if (p->now.role != TRUST_ROOT && p->now.purposes != 0)
		return "only a root can have a purpose";
	if (p->now.role == TRUST_ROOT && p->now.purposes == 0)
		return "a root needs a purpose";
	if (p->now.role == TRUST_ROOT && p->now.name == NULL)
		return "a root needs a name";
	if (trust_conf_find(p->conf, p->now.file) != NULL)
		return "listed twice";
	return NULL;
}

static enum rc
end_section(struct parser *p)
{
	const char *why;
	enum rc rc;

	if (!p->in_section)
		return RC_OK;
	if ((why = section_trouble(p)) != NULL) {
		buf_printf(
		    p->log, "trust: " TRUST_CONF " [%s]: %s, section ignored\n", p->now.file, why);
		return RC_OK;
	}
	rc = arena_grow(p->arena, &p->conf->v, p->conf->n, &p->cap, sizeof(*p->conf->v));
	if (rc == RC_OK)
		p->conf->v[p->conf->n++] = p->now;
	return rc;
}

static enum rc
begin_section(struct parser *p, const char *file, bool finished)
{
	enum rc rc;

	if ((rc = end_section(p)) != RC_OK)
		return rc;
	memset(&p->now, 0, sizeof(p->now));
	p->now.from = p->now.until = WHEN_NONE;
	p->in_section = true;
	p->has_sha256 = false;
	p->trouble = finished ? NULL : "its heading has no end";
	p->seen = 0;
	p->now.file = file;
	return RC_OK;
}

static enum rc
take_line(struct parser *p, enum conf_kind kind, const char *key, const char *value)
{
	const char *why;

	if (kind == CONF_HEADING || kind == CONF_UNFINISHED)
		return begin_section(p, key, kind == CONF_HEADING);
	if (!p->in_section) {
		buf_str(
		    p->log, "trust: " TRUST_CONF ": a line before the first section, ignored\n");
		return RC_OK;
	}
	why = kind == CONF_PAIR ? set_key(p, key, value) : "a line is no key = value";
	if (why != NULL && p->trouble == NULL)
		p->trouble = why;
	return RC_OK;
}

enum rc
trust_conf_parse(
    struct trust_conf **out, struct arena *a, const char *text, size_t len, struct buf *log)
{
	struct parser p = {.arena = a, .log = log};
	char *copy, *key, *value;
	enum conf_kind kind;
	enum rc rc = RC_OK;

	*out = NULL;
	if ((p.conf = arena_alloc(a, sizeof(*p.conf))) == NULL ||
	    (copy = arena_str(a, text, len)) == NULL)
		return RC_NOMEM;
	while (rc == RC_OK && (kind = conf_next(&copy, &key, &value)) != CONF_END)
		rc = take_line(&p, kind, key, value);
	if (rc == RC_OK)
		rc = end_section(&p);
	if (rc == RC_OK)
		*out = p.conf;
	return rc;
}

const struct trust_entry *
trust_conf_find(const struct trust_conf *c, const char *file)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (strcmp(c->v[i].file, file) == 0)
			return &c->v[i];
	return NULL;
}
