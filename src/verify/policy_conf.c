/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * policy.conf.  A typing error must never make a policy laxer or stricter than
 * its author meant: one is enough to refuse the file.
 */
#include <string.h>

#include "conf.h"
#include "policy_conf.h"

static const char id_chars[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

static const struct {
	const char *key;
	size_t offset; /* of a bool in struct policy */
} points[] = {{"tsa_expired_counts", offsetof(struct policy, tsa_expired_counts)},
    {"tsa_without_revocation", offsetof(struct policy, tsa_without_revocation)},
    {"judged_at_proven_time", offsetof(struct policy, judged_at_proven_time)},
    {"ocsp_without_next_update", offsetof(struct policy, ocsp_without_next_update)},
    {"certified_visible_signature", offsetof(struct policy, certified_visible_signature)}};

#define NPOINTS (sizeof(points) / sizeof(points[0]))
#define REASON  ".reason"

struct parser {
	struct policy_set *set;
	struct policy *now;        /* the section's policy; NULL before the first */
	unsigned stated, reasoned; /* its keys, bit by place in points[] */
};

static bool
is_id(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len < POLICY_TEXT && strspn(s, id_chars) == len;
}

static struct policy *
find(struct policy_set *set, const char *id)
{
	size_t i;

	for (i = 0; i < set->n; i++)
		if (strcmp(set->v[i].id, id) == 0)
			return &set->v[i];
	return NULL;
}

static const char *
set_point(struct parser *p, size_t i, const char *value)
{
	if ((p->stated & 1u << i) != 0)
		return "a key is there twice";
	p->stated |= 1u << i;
	if (strcmp(value, "yes") != 0)
		return "a difference has another value than yes";
	*(bool *)((char *)p->now + points[i].offset) = true;
	return NULL;
}

static const char *
set_reason(struct parser *p, size_t i, const char *value)
{
	if ((p->reasoned & 1u << i) != 0)
		return "a key is there twice";
	p->reasoned |= 1u << i;
	return *value == '\0' ? "a reason is empty" : NULL;
}

static const char *
set_key(struct parser *p, const char *key, const char *value)
{
	size_t i, len;

	if (strcmp(key, "version") == 0) {
		if (p->now->version != NULL)
			return "a key is there twice";
		p->now->version = value;
		return is_id(value) ? NULL : "a version is not up to 31 letters, digits, . _ or -";
	}
	for (i = 0; i < NPOINTS; i++) {
		len = strlen(points[i].key);
		if (strncmp(key, points[i].key, len) != 0)
			continue;
		if (key[len] == '\0')
			return set_point(p, i, value);
		if (strcmp(key + len, REASON) == 0)
			return set_reason(p, i, value);
	}
	return "an unknown key";
}

/* What is wrong with the section as a whole, or NULL. */
static const char *
end_section(const struct parser *p)
{
	if (p->now == NULL)
		return NULL;
	if (p->now->version == NULL)
		return "a version is missing";
	if (p->stated & ~p->reasoned)
		return "a difference has no reason";
	if (p->reasoned & ~p->stated)
		return "a reason has no difference";
	if (p->stated != 0 && strcmp(p->now->id, "strict") == 0)
		return "strict has differences";
	return NULL;
}

static const char *
begin_section(struct parser *p, const char *id)
{
	const char *why;

	if ((why = end_section(p)) != NULL)
		return why;
	if (!is_id(id))
		return "a heading is not up to 31 letters, digits, . _ or -";
	if (find(p->set, id) != NULL)
		return "a section is there twice";
	if (p->set->n == CAP_POLICIES)
		return "too many sections";
	p->now = &p->set->v[p->set->n++];
	p->now->id = id;
	p->stated = p->reasoned = 0;
	return NULL;
}

static const char *
parse(struct parser *p)
{
	char *rest = p->set->text, *key, *value;
	const char *why = NULL;
	enum conf_kind kind;

	while (why == NULL && (kind = conf_next(&rest, &key, &value)) != CONF_END) {
		if (kind == CONF_HEADING)
			why = begin_section(p, key);
		else if (kind != CONF_PAIR)
			why = "a line is neither [heading] nor key = value";
		else if (p->now == NULL)
			why = "a key before the first section";
		else
			why = set_key(p, key, value);
	}
	if (why == NULL)
		why = end_section(p);
	if (why == NULL && find(p->set, "strict") == NULL)
		why = "strict is missing";
	if (why == NULL && find(p->set, "nasional") == NULL)
		why = "nasional is missing";
	return why;
}

enum rc
policy_conf_parse(struct policy_set *out, const char *text, size_t len, struct buf *log)
{
	struct parser p = {.set = out};
	const char *why;

	memset(out, 0, sizeof(*out));
	if (len > CAP_POLICY_CONF)
		why = "too large";
	else if (memchr(text, '\0', len) != NULL)
		why = "not a text";
	else {
		memcpy(out->text, text, len);
		why = parse(&p);
	}
	if (why == NULL)
		return RC_OK;
	buf_printf(
	    log, "policy.conf [%s]: %s, file refused\n", p.now != NULL ? p.now->id : "", why);
	return RC_FORMAT;
}
