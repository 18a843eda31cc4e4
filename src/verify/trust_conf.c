/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * anchors.conf, line by line.  A typing error must never widen trust: the
 * section that holds one is dropped whole.
 */
#include <string.h>
#include <strings.h>

#include "caps.h"
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

static const char *const role_names[TRUST_ROLE__MAX] = {[TRUST_ROOT] = "root",
    [TRUST_PINNED] = "pinned",
    [TRUST_CA] = "ca",
    [TRUST_TSA] = "tsa",
    [TRUST_OCSP] = "ocsp"};

const char *
trust_role_name(enum trust_role role)
{
	return role < TRUST_ROLE__MAX ? role_names[role] : NULL;
}

enum trust_role
trust_role_parse(const char *s)
{
	int i;

	for (i = TRUST_ROOT; i < TRUST_ROLE__MAX; i++)
		if (strcmp(s, role_names[i]) == 0)
			return (enum trust_role)i;
	return TRUST_ROLE_NONE;
}

bool
trust_role_anchors(enum trust_role role)
{
	return role == TRUST_ROOT || role == TRUST_PINNED;
}

/* The next word of a list with commas, blanks cut off; false at the end of the list. */
static bool
next_word(const char **s, const char **word, size_t *len)
{
	const char *end;

	if (*s == NULL)
		return false;
	*s += strspn(*s, " \t");
	*word = *s;
	end = *s + strcspn(*s, ",");
	*s = *end == ',' ? end + 1 : NULL;
	while (end > *word && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*len = (size_t)(end - *word);
	return true;
}

bool
trust_purposes_parse(const char *s, unsigned *out)
{
	const char *word;
	size_t len;

	*out = 0;
	if (s[strspn(s, " \t")] == '\0')
		return true;
	while (next_word(&s, &word, &len)) {
		if (len == 6 && memcmp(word, "signer", len) == 0)
			*out |= ANCHOR_SIGNER;
		else if (len == 3 && memcmp(word, "tsa", len) == 0)
			*out |= ANCHOR_TSA;
		else
			return false;
	}
	return true;
}

const char *
trust_purposes_name(unsigned purposes)
{
	static const char *const names[] = {"", "signer", "tsa", "signer, tsa"};

	return names[purposes & (ANCHOR_SIGNER | ANCHOR_TSA)];
}

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

bool
trust_fingerprint_parse(const char *s, uint8_t out[32])
{
	size_t n = 0;
	int digit;

	for (; *s != '\0'; s++) {
		if (*s == ' ' || *s == ':' || *s == '\t')
			continue;
		if (n == 64 || (digit = hex_digit(*s)) < 0)
			return false;
		out[n / 2] = (uint8_t)(n % 2 == 0 ? digit << 4 : out[n / 2] | digit);
		n++;
	}
	return n == 64;
}

int64_t
trust_entry_end(const struct trust_entry *e)
{
	if (e->sunset != WHEN_NONE && (e->until == WHEN_NONE || e->sunset < e->until))
		return e->sunset;
	return e->until;
}

static const char *
set_sha256(struct parser *p, const char *value)
{
	if (!trust_fingerprint_parse(value, p->now.sha256))
		return "sha256 is not 64 hexadecimal digits";
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
	p->now.role = trust_role_parse(value);
	return p->now.role == TRUST_ROLE_NONE ? "role is none of root, pinned, ca, tsa, ocsp"
					      : NULL;
}

static const char *
set_purpose(struct parser *p, const char *value)
{
	return trust_purposes_parse(value, &p->now.purposes)
		   ? NULL
		   : "purpose is not a list of signer, tsa";
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

static const char *
set_sunset(struct parser *p, const char *value)
{
	return when_parse(value, &p->now.sunset) ? NULL : "sunset is no time";
}

static const char *
set_source(struct parser *p, const char *value)
{
	p->now.source = *value == '\0' ? NULL : value;
	return NULL;
}

static const char *
set_approved(struct parser *p, const char *value)
{
	p->now.approved = *value == '\0' ? NULL : value;
	return NULL;
}

/* --- what may be asked on the network --- */

/* A name or a literal address, no more; in small letters from now on. */
static bool
host_ok(char *s)
{
	size_t i, len = strlen(s);

	if (len == 0 || len > 253)
		return false;
	for (i = 0; i < len; i++) {
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] - 'A' + 'a');
		if ((s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') &&
		    strchr("-.:", s[i]) == NULL)
			return false;
	}
	return s[len - 1] != '.' && s[0] != '.';
}

/* An address of http or https, printable ASCII; scheme and host in small letters from now on. */
static bool
url_ok(char *s)
{
	size_t i, len = strlen(s), host;

	if (len > CAP_FETCH_URL)
		return false;
	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return false;
	if (strncasecmp(s, "http://", 7) == 0)
		host = 7;
	else if (strncasecmp(s, "https://", 8) == 0)
		host = 8;
	else
		return false;
	if (strchr("/?#", s[host]) != NULL) /* or its end */
		return false;
	for (i = 0; i < len && (i < host || strchr("/?#", s[i]) == NULL); i++)
		if (s[i] >= 'A' && s[i] <= 'Z')
			s[i] = (char)(s[i] - 'A' + 'a');
	return true;
}

static const char *
set_list(struct parser *p, const char *value, bool (*ok)(char *), char ***v, size_t *n)
{
	const char *word;
	size_t len, cap = 0;
	char *copy;

	if (*value == '\0')
		return NULL;
	while (next_word(&value, &word, &len)) {
		if ((copy = arena_str(p->arena, word, len)) == NULL ||
		    arena_grow(p->arena, v, *n, &cap, sizeof(**v)) != RC_OK)
			return "without memory";
		if (!ok(copy))
			return ok == host_ok ? "hosts holds something that is no host's name"
					     : "issuers holds something that is no address";
		if (*n == CAP_TRUST_HOSTS)
			return "too many hosts or issuers";
		(*v)[(*n)++] = copy;
	}
	return NULL;
}

static const char *
set_hosts(struct parser *p, const char *value)
{
	return set_list(p, value, host_ok, &p->now.hosts, &p->now.nhosts);
}

static const char *
set_issuers(struct parser *p, const char *value)
{
	return set_list(p, value, url_ok, &p->now.issuer_urls, &p->now.nissuer_urls);
}

static const struct {
	const char *key;
	const char *(*set)(struct parser *, const char *);
} keys[] = {{"sha256", set_sha256}, {"name", set_name}, {"role", set_role},
    {"purpose", set_purpose}, {"from", set_from}, {"until", set_until}, {"sunset", set_sunset},
    {"source", set_source}, {"approved", set_approved}, {"confirmed", set_approved},
    {"hosts", set_hosts}, {"issuers", set_issuers}};

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
	if (!trust_role_anchors(p->now.role) && p->now.purposes != 0)
		return "only an anchor can have a purpose";
	if (trust_role_anchors(p->now.role) && p->now.purposes == 0)
		return "an anchor needs a purpose";
	if (trust_role_anchors(p->now.role) && p->now.name == NULL)
		return "an anchor needs a name";
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
	p->now.from = p->now.until = p->now.sunset = WHEN_NONE;
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
