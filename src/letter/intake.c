/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts of a report and of a search through pages, beside what the register says of a letter.  It
 * judges no signature: whatever the report does not call good is told, and counts for nothing.
 */
#include <string.h>

#include "buf.h"
#include "intake.h"
#include "match.h"
#include "weblink.h"

static const struct {
	const char *word;
	bool override;
} words[] = {
#define INTAKE(name, word, override) {word, override},
#include "intake.def"
#undef INTAKE
};

const char *
intake_word(enum intake i)
{
	return (unsigned)i < INTAKE__MAX ? words[i].word : "";
}

bool
intake_override(enum intake i)
{
	return (unsigned)i < INTAKE__MAX && words[i].override;
}

void
intake_add(struct intake_result *r, enum intake what, const char *detail)
{
	size_t i;

	r->may_override = r->may_override && intake_override(what);
	if (detail == NULL)
		detail = "";
	for (i = 0; i < r->n; i++)
		if (r->items[i].what == what && strcmp(r->items[i].detail, detail) == 0)
			return;
	if (r->n < INTAKE_ITEMS)
		r->items[r->n++] = (struct intake_item){what, detail};
}

void
intake_words(struct buf *b, const struct intake_result *r)
{
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		for (k = 0; k < i && r->items[k].what != r->items[i].what; k++)
			continue;
		if (k < i)
			continue;
		if (i > 0)
			buf_u8(b, ' ');
		buf_str(b, intake_word(r->items[i].what));
	}
}

/* ---- but for revocation ---- */

/* What became of asking for it: said of a signature only if nothing else is missing. */
static bool
is_asking(enum check c)
{
	static const enum check asking[] = {CHECK_REVOCATION_NOT_ASKED, CHECK_REVOCATION_NO_SOURCE,
	    CHECK_REVOCATION_HOST_NOT_ALLOWED, CHECK_REVOCATION_NO_ANSWER,
	    CHECK_REVOCATION_ANSWER_UNUSABLE};
	size_t i;

	for (i = 0; i < sizeof(asking) / sizeof(asking[0]); i++)
		if (asking[i] == c)
			return true;
	return false;
}

static bool
is_about_revocation(enum check c)
{
	return c == CHECK_REVOCATION || c == CHECK_REVOCATION_CA || c == CHECK_REVOCATION_FRESH ||
	       is_asking(c);
}

static bool
was_asked_for(const struct report *r, size_t signature)
{
	size_t i;

	for (i = 0; i < r->nchecks; i++)
		if (r->checks[i].signature == (int)signature &&
		    r->checks[i].result == RESULT_UNKNOWN && is_asking(r->checks[i].id))
			return true;
	return false;
}

/* Everything but the status of certificates is known of it, and good. */
static bool
sound(const struct report_sig *s)
{
	return s->integrity == INTEGRITY_INTACT && s->coverage != COVERAGE_UNCLEAR &&
	       s->modification != MOD_UNKNOWN && s->modification_allowed;
}

static bool
lacks_revocation(const struct report *r, size_t i)
{
	const struct report_sig *s = &r->sigs[i];

	return s->status.ind == IND_INDETERMINATE && s->status.sub == SUB_TRY_LATER &&
	       s->trust.status == TRUST_TRUSTED && s->revocation.status != REV_REVOKED &&
	       sound(s) && was_asked_for(r, i);
}

bool
intake_pending(const struct report *r)
{
	size_t i, lacking = 0;

	if (r->conclusion != CONCLUSION_INDETERMINATE || r->nreasons == 0)
		return false;
	/* Whatever else took part in the conclusion is a reason. */
	for (i = 0; i < r->nreasons; i++)
		if (!is_about_revocation(r->reasons[i]))
			return false;
	for (i = 0; i < r->nsigs; i++) {
		if (!sound(&r->sigs[i]))
			return false;
		if (r->sigs[i].kind != KIND_SIGNATURE || r->sigs[i].status.ind == IND_PASSED)
			continue;
		if (!lacks_revocation(r, i))
			return false;
		lacking++;
	}
	return lacking > 0;
}

/* ---- the verdict ---- */

/* Nobody who gets it could check it, nor could it be judged again. */
static bool
is_locked(const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nreasons; i++)
		if (r->reasons[i] == CHECK_LOCKED)
			return true;
	return false;
}

static void
judge_verdict(struct intake_result *out, const struct report *r)
{
	switch (r->conclusion) {
	case CONCLUSION_VALID:
		return;
	case CONCLUSION_INVALID:
		intake_add(out, INTAKE_INVALID, "");
		return;
	case CONCLUSION_NO_SIGNATURE:
		intake_add(out, INTAKE_NOT_SIGNED, "");
		return;
	case CONCLUSION_UNREADABLE:
		intake_add(out, INTAKE_UNREADABLE, "");
		return;
	case CONCLUSION_INDETERMINATE:
	case CONCLUSION__MAX:
		break;
	}
	if (!out->pending)
		intake_add(out, is_locked(r) ? INTAKE_LOCKED : INTAKE_INDETERMINATE, "");
}

/* ---- who signed ---- */

/* It speaks for whom its certificate names. */
static bool
counts(const struct intake_result *out, const struct report_sig *s)
{
	return s->kind == KIND_SIGNATURE &&
	       (s->status.ind == IND_PASSED || (out->pending && s->status.sub == SUB_TRY_LATER));
}

static enum match
match_signer(const struct register_signer *who, const struct report_sig *s)
{
	if (s->signer.name == NULL)
		return MATCH_OTHER;
	return match_names(who->name, strlen(who->name), s->signer.name, strlen(s->signer.name));
}

/* One person's certificate stands for one signer: two of nearly one name are two people. */
static bool
is_taken(const struct report *r, const size_t *taken, size_t n, const struct report_sig *s)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (memcmp(r->sigs[taken[i]].signer.certificate.sha256,
			s->signer.certificate.sha256, sizeof(s->signer.certificate.sha256)) == 0)
			return true;
	return false;
}

/* The signatures of each signer: first those whose writing is the same. */
static void
find_signers(struct intake_result *out, const struct register_content *c, const struct report *r,
    bool found[CAP_SIGNERS])
{
	static const enum match order[] = {MATCH_SAME, MATCH_DEGREES};
	size_t taken[CAP_SIGNERS], n = 0, pass, i, k;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < c->nsigners && i < CAP_SIGNERS; i++)
			for (k = 0; k < r->nsigs && !found[i]; k++)
				if (counts(out, &r->sigs[k]) &&
				    match_signer(&c->signers[i], &r->sigs[k]) == order[pass] &&
				    !is_taken(r, taken, n, &r->sigs[k])) {
					found[i] = true;
					taken[n++] = k;
				}
}

static bool
is_signer(const struct register_content *c, const struct report_sig *s)
{
	size_t i;

	for (i = 0; i < c->nsigners; i++)
		if (match_signer(&c->signers[i], s) != MATCH_OTHER)
			return true;
	return false;
}

static void
judge_signers(struct intake_result *out, const struct register_content *c, const struct report *r)
{
	bool found[CAP_SIGNERS] = {false};
	size_t i;

	find_signers(out, c, r, found);
	for (i = 0; i < c->nsigners; i++)
		if (i >= CAP_SIGNERS || !found[i])
			intake_add(out, INTAKE_SIGNER_MISSING, c->signers[i].name);
	for (i = 0; i < r->nsigs; i++)
		if (counts(out, &r->sigs[i]) && !is_signer(c, &r->sigs[i]))
			intake_add(out, INTAKE_SIGNER_EXTRA, r->sigs[i].signer.name);
}

/* ---- whose id it carries ---- */

struct marks {
	struct intake_result *out;
	struct arena *arena;
	const char *id, *address;
	bool nomem;
};

static bool
begins(const struct paper_octets *t, const char *with)
{
	size_t len = strlen(with);

	return t->len >= len && memcmp(t->p, with, len) == 0;
}

/* http(s)://HOST/…/d/ID, and nothing that leads elsewhere. */
static bool
leads_to(const struct paper_octets *t, const char *id)
{
	const size_t tail = 3 + CROCKFORD_ID_LEN;
	const uint8_t *end;
	size_t i;

	if (t->len < tail)
		return false;
	end = t->p + (t->len - tail);
	if (memcmp(end, "/d/", 3) != 0 || memcmp(end + 3, id, CROCKFORD_ID_LEN) != 0)
		return false;
	for (i = 0; i < t->len; i++)
		if (t->p[i] <= ' ' || t->p[i] > '~' || strchr("@?#\\", t->p[i]) != NULL)
			return false;
	return begins(t, "https://") || begins(t, "http://");
}

static bool
is_ours(const struct marks *m, const struct paper_octets *t)
{
	if (m->address == NULL)
		return leads_to(t, m->id);
	return t->len == strlen(m->address) && memcmp(t->p, m->address, t->len) == 0;
}

/* The id behind a /d/, or the whole text as one. */
static bool
id_in(const struct paper_octets *t, char id[CROCKFORD_ID_LEN + 1])
{
	const uint8_t *p, *end = t->p + t->len, *stop;

	if (crockford_id_read((const char *)t->p, t->len, id))
		return true;
	for (p = t->p; (p = memmem(p, (size_t)(end - p), "/d/", 3)) != NULL;) {
		p += 3;
		for (stop = p; stop < end && strchr("/?#&", *stop) == NULL; stop++)
			continue;
		if (crockford_id_read((const char *)p, (size_t)(stop - p), id))
			return true;
	}
	return false;
}

static void
tell_host(struct marks *m, const struct paper_octets *t)
{
	static const struct weblink_lists none = {NULL, NULL};
	struct weblink w;
	char *host;

	weblink_read(&w, t->p, t->len, &none);
	host = arena_printf(m->arena, "%s", w.kind == WEBLINK_TEXT ? "" : w.host);
	m->nomem = m->nomem || host == NULL;
	intake_add(m->out, INTAKE_FOREIGN_ADDRESS, host);
}

static void
weigh_find(struct marks *m, const struct paper_find *f)
{
	const struct paper_octets *t = &f->text;
	char id[CROCKFORD_ID_LEN + 1], *other;
	bool alone;

	if (f->source == PAPER_FROM_QR && is_ours(m, t)) {
		m->out->by_qr = true;
		return;
	}
	if (!id_in(t, id))
		return;
	if (strcmp(id, m->id) != 0) {
		other = arena_printf(m->arena, "%s", id);
		m->nomem = m->nomem || other == NULL;
		intake_add(m->out, INTAKE_OTHER_LETTER, other);
		return;
	}
	alone = crockford_id_read((const char *)t->p, t->len, id);
	if (f->source == PAPER_FROM_TEXT)
		m->out->by_text = true;
	else if (alone)
		m->out->by_qr = true;
	else
		tell_host(m, t);
}

static enum rc
judge_marks(struct marks *m, const struct paper_answer *scan)
{
	struct paper_octets rest;
	struct paper_find f;
	enum rc rc = RC_ABSENT;

	if (scan != NULL && scan->code == PAPER_OK) {
		rest = scan->out;
		while ((rc = paper_find_next(&rest, &f)) == RC_OK)
			weigh_find(m, &f);
	}
	if (scan == NULL || scan->code != PAPER_OK || rc != RC_ABSENT)
		intake_add(m->out, INTAKE_NOT_SEARCHED, "");
	else if (!m->out->by_qr && !m->out->by_text)
		intake_add(m->out, INTAKE_NO_MARK, "");
	return m->nomem ? RC_NOMEM : RC_OK;
}

enum rc
intake_judge(struct intake_result *out, struct arena *arena, const struct register_letter *letter,
    const struct report *report, const struct paper_answer *scan, const char *address)
{
	struct marks m = {out, arena, letter->id, address, false};

	memset(out, 0, sizeof(*out));
	out->may_override = true;
	out->pending = intake_pending(report);
	judge_verdict(out, report);
	judge_signers(out, &letter->content, report);
	return judge_marks(&m, scan);
}
