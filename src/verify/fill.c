/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the dossier to the report: copies, no decisions. */
#include <math.h>
#include <string.h>

#include <openssl/objects.h>

#include "buf.h"
#include "caps.h"
#include "fill.h"
#include "online.h"
#include "when.h"

/*
 * Rules about the signed revision itself.  What others did to it later (D1,
 * D2, B10 to B12) fails the signature without breaking what was signed.
 */
static bool
rule_breaks(enum pdf_rule rule)
{
	return (rule >= PDF_D3_DIRECT && rule <= PDF_D5_TYPE) ||
	       (rule >= PDF_B1_START && rule <= PDF_B9_RESOLVE);
}

/* Integrity in the sense of the report: coverage and cryptography together. */
static enum integrity
integrity_of(const struct dossier_sig *s)
{
	/* Right as far as it goes, but there is more in the message than may be. */
	const unsigned open = CMS_C1_SIGNERS | CMS_C2_ECONTENT;
	const unsigned bad = CMS_C1_SIGNED_DATA | CMS_C2_OTHER | CMS_C3_ATTRIBUTES |
			     CMS_C4_CONTENT_TYPE | CMS_C6_ALGORITHM | CMS_C9_ENCODING;
	size_t i;

	if (s->check == CMS_HASH_MISMATCH || s->check == CMS_BAD_SIGNATURE)
		return INTEGRITY_BROKEN;
	for (i = 0; i < s->pdf->nfindings; i++)
		if (s->pdf->findings[i].fatal && rule_breaks(s->pdf->findings[i].rule))
			return INTEGRITY_BROKEN;
	if (s->pdf->coverage == PDF_COVERAGE_UNCLEAR || !s->pdf->range_sound)
		return s->pdf->orphan ? INTEGRITY_UNKNOWN : INTEGRITY_BROKEN;
	if (s->kind != CMS_TOKEN && s->cms != NULL && s->cms->findings & bad)
		return INTEGRITY_BROKEN;
	if (s->kind != CMS_TOKEN && s->cms != NULL && s->cms->findings & open)
		return s->check == CMS_INTACT ? INTEGRITY_UNKNOWN : INTEGRITY_BROKEN;
	if (s->kind != CMS_TOKEN && s->cms == NULL && s->pdf->sub_filter != PDF_SF_OTHER &&
	    s->pdf->sub_filter != PDF_SF_X509_SHA1)
		return INTEGRITY_BROKEN;
	return s->check == CMS_INTACT ? INTEGRITY_INTACT : INTEGRITY_UNKNOWN;
}

static char *
text(struct report *r, const char *s)
{
	return s == NULL ? NULL : report_text(r->arena, s, strlen(s));
}

static char *
key_text(struct report *r, const struct cert *c)
{
	EVP_PKEY *key = cert_key(c);
	struct key_strength k;

	if (key == NULL)
		return NULL;
	k = key_strength(key);
	if (k.family == SCHEME_ED25519 || k.family == SCHEME_ED448)
		return arena_printf(r->arena, "%s", scheme_name(k.family));
	return arena_printf(r->arena, "%s %u", scheme_name(k.family), k.bits);
}

static void
fill_cert(struct report *r, struct report_cert *out, const struct cert *c)
{
	out->subject = cert_name_text(c->subject, r->arena);
	out->issuer = cert_name_text(c->issuer, r->arena);
	out->serial = cert_serial_text(c, r->arena);
	memcpy(out->sha256, c->sha256, sizeof(out->sha256));
	out->not_before = c->not_before;
	out->not_after = c->not_after;
	out->key = key_text(r, c);
}

static void
fill_signer(struct report *r, struct report_sig *out, const struct cert *c)
{
	EVP_PKEY *key;

	if (c == NULL)
		return;
	out->signer.name = cert_subject_attr(c, NID_commonName, r->arena);
	out->signer.organization = cert_subject_attr(c, NID_organizationName, r->arena);
	out->signer.title = cert_subject_attr(c, NID_title, r->arena);
	out->signer.serial_number = cert_subject_attr(c, NID_serialNumber, r->arena);
	out->signer.dn = cert_name_text(c->subject, r->arena);
	out->signer.has_certificate = true;
	fill_cert(r, &out->signer.certificate, c);
	if ((key = cert_key(c)) != NULL)
		out->key_bits = key_strength(key).bits;
}

static enum rc
fill_trust(struct report *r, struct report_sig *out, const struct xcv *x)
{
	size_t i;

	if (x->chain.n == 0)
		return RC_OK;
	out->trust.chain = arena_array(r->arena, x->chain.n, sizeof(*out->trust.chain));
	if (out->trust.chain == NULL)
		return RC_NOMEM;
	out->trust.nchain = x->chain.n;
	for (i = 0; i < x->chain.n; i++)
		fill_cert(r, &out->trust.chain[i], x->chain.certs[i]);
	if (x->chain.status == CHAIN_TRUSTED)
		out->trust.status = TRUST_TRUSTED;
	else if (x->chain.status == CHAIN_UNTRUSTED)
		out->trust.status = TRUST_UNTRUSTED;
	if (x->chain.status == CHAIN_TRUSTED && x->chain.anchor != NULL)
		out->trust.anchor = x->chain.anchor->name != NULL
					? text(r, x->chain.anchor->name)
					: cert_name_text(x->chain.anchor->cert->subject, r->arena);
	return RC_OK;
}

static void
fill_revocation(struct report_sig *out, const struct xcv *x, int64_t best)
{
	const struct revocation *v = &x->rev[0];

	out->revocation.at = out->revocation.this_update = WHEN_NONE;
	out->revocation.produced_at = out->revocation.asked = WHEN_NONE;
	if (!x->has_rev[0] || x->chain.status != CHAIN_TRUSTED)
		return;
	out->revocation.source = v->asked != WHEN_NONE ? SOURCE_ONLINE : SOURCE_EMBEDDED;
	out->revocation.this_update = v->this_update;
	out->revocation.produced_at = v->produced_at;
	out->revocation.asked = v->asked;
	if (v->status != REVOCATION_GOOD) {
		out->revocation.at = v->revoked_at;
		/* Revoked after the proven time: it was good when it mattered. */
		out->revocation.status =
		    v->revoked_at != WHEN_NONE && v->revoked_at > best ? REV_GOOD : REV_REVOKED;
	} else
		out->revocation.status = x->lacks_rev[0] ? REV_UNKNOWN : REV_GOOD;
}

static void
fill_timestamp(struct report *r, struct report_timestamp *out, enum tst_kind kind,
    const struct tstamp *t, const struct tst_result *v)
{
	out->kind = kind;
	out->time = t->gen_time;
	if (t->cert != NULL)
		out->authority = cert_subject_attr(t->cert, NID_commonName, r->arena);
	out->status = v->st;
	out->reason = v->expired ? CHECK_TIMESTAMP_EXPIRED : v->why;
}

static enum rc
fill_timestamps(struct report *r, struct report_sig *out, const struct dossier *d, size_t i,
    const struct judgement *j)
{
	const struct dossier_sig *s = &d->sigs[i];
	size_t k, n = s->ntst;

	for (k = 0; k < d->nsigs; k++)
		n += judge_covers(d, k, i) && j->dts[k] != NULL;
	if ((out->timestamps = arena_array(r->arena, n, sizeof(*out->timestamps))) == NULL)
		return RC_NOMEM;
	for (k = 0; k < s->ntst; k++)
		fill_timestamp(r, &out->timestamps[out->ntimestamps++],
		    s->kind == CMS_TOKEN ? TST_DOCUMENT_TS : TST_SIGNATURE_TS, &s->tst[k],
		    &j->tst[k]);
	for (k = 0; k < d->nsigs; k++)
		if (judge_covers(d, k, i) && j->dts[k] != NULL)
			fill_timestamp(r, &out->timestamps[out->ntimestamps++], TST_DOCUMENT_TS,
			    &d->sigs[k].tst[0], j->dts[k]);
	return RC_OK;
}

static enum modification
modification_of(enum pdf_modification m)
{
	switch (m) {
	case PDF_MOD_NONE:
		return MOD_NONE;
	case PDF_MOD_LTA_UPDATES:
		return MOD_LTA_UPDATES;
	case PDF_MOD_FORM_FILLING:
		return MOD_FORM_FILLING;
	case PDF_MOD_ANNOTATIONS:
		return MOD_ANNOTATIONS;
	case PDF_MOD_OTHER:
		return MOD_OTHER;
	case PDF_MOD_NOT_ANALYSED:
		break;
	}
	return MOD_UNKNOWN;
}

/* A rectangle that is none is no place; the order of its corners says nothing. */
static void
fill_place(struct report *r, struct report_place *out, const struct pdf_place *p)
{
	bool swapped;
	size_t i;

	out->object = p->object;
	out->page = p->page;
	out->path = text(r, p->path);
	out->has_rect = p->has_rect && p->page != 0;
	for (i = 0; i < 4; i++)
		out->has_rect &= isfinite(p->rect[i]) != 0;
	if (!out->has_rect)
		return;
	for (i = 0; i < 2; i++) {
		swapped = p->rect[i] > p->rect[i + 2];
		out->rect[i] = p->rect[swapped ? i + 2 : i];
		out->rect[i + 2] = p->rect[swapped ? i : i + 2];
	}
}

/* The worst stand first: what exceeds the list is the least of them. */
static enum rc
fill_changes(
    struct report *r, struct report_sig *out, const struct pdf_sig *p, const struct permit *permit)
{
	size_t i, n = p->nchanges < CAP_LIST ? p->nchanges : CAP_LIST;
	const struct pdf_change *c;

	out->modification = modification_of(permit->level);
	out->modification_allowed = permit->changes_allowed;
	if ((out->changes = arena_array(r->arena, n, sizeof(*out->changes))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < n; i++) {
		c = &p->changes[i];
		out->changes[i].level = modification_of(c->level);
		out->changes[i].revision = c->revision;
		out->changes[i].kind = (enum change)c->kind;
		out->changes[i].allowed = permit->allowed[i];
		out->changes[i].field = text(r, c->field);
		fill_place(r, &out->changes[i].place, &c->place);
	}
	out->nchanges = n;
	return RC_OK;
}

enum rc
fill_notices(struct report *r, const struct pdf_survey *v)
{
	size_t i, n = v->nnotices < CAP_LIST ? v->nnotices : CAP_LIST;

	if ((r->notices = arena_array(r->arena, n, sizeof(*r->notices))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < n; i++) {
		r->notices[i].kind = (enum notice)v->notices[i].kind;
		r->notices[i].revision = v->notices[i].revision;
		fill_place(r, &r->notices[i].place, &v->notices[i].place);
	}
	r->nnotices = n;
	return RC_OK;
}

/* The zeros behind a message are room that the file kept for it. */
static void
fill_message(struct report_sig *out, const struct pdf_bytes *contents)
{
	struct der message = {contents->p, contents->len};
	uint8_t md[HASH_SIZE_MAX];

	while (message.len > 0 && message.p[message.len - 1] == 0)
		message.len--;
	if (message.len > 0 && hash_span(HASH_SHA256, message, md) == sizeof(out->message_sha256))
		memcpy(out->message_sha256, md, sizeof(out->message_sha256));
}

static enum rc
fill_dictionary(struct report *r, struct report_sig *out, const struct pdf_sig *p)
{
	size_t i;

	out->field = text(r, p->field);
	out->kind = p->is_timestamp ? KIND_DOCUMENT_TIMESTAMP : KIND_SIGNATURE;
	out->revision = p->revision;
	out->sub_filter = text(r, p->sub_filter_name);
	out->has_byte_range = p->has_byte_range;
	memcpy(out->byte_range, p->byte_range, sizeof(out->byte_range));
	out->contents_bytes = p->contents.len;
	fill_message(out, &p->contents);
	out->coverage = p->coverage == PDF_COVERAGE_FILE       ? COVERAGE_ENTIRE_FILE
			: p->coverage == PDF_COVERAGE_REVISION ? COVERAGE_ENTIRE_REVISION
							       : COVERAGE_UNCLEAR;
	out->docmdp = p->docmdp > 0 ? p->docmdp : 0;
	out->reason = text(r, p->reason);
	out->location = text(r, p->location);
	out->contact = text(r, p->contact);
	out->page = p->visible ? p->page : 0;
	memcpy(out->rect, p->rect, sizeof(out->rect));
	if (p->lock.action == 0)
		return RC_OK;
	out->field_locks = arena_array(r->arena, p->lock.nnames + 1, sizeof(*out->field_locks));
	if (out->field_locks == NULL)
		return RC_NOMEM;
	if (p->lock.action != 'I')
		out->field_locks[out->nfield_locks++] =
		    text(r, p->lock.action == 'A' ? "*" : "* -");
	for (i = 0; i < p->lock.nnames; i++)
		out->field_locks[out->nfield_locks++] = text(r, p->lock.names[i]);
	return RC_OK;
}

static enum rc
fill_level(struct report *r, struct report_sig *out, const struct level_result *level)
{
	out->level = level->level;
	out->ltv = level->ltv;
	out->level_missing =
	    arena_dup(r->arena, level->missing, level->nmissing * sizeof(*level->missing));
	out->ltv_missing = arena_dup(
	    r->arena, level->ltv_missing, level->nltv_missing * sizeof(*level->ltv_missing));
	if (out->level_missing == NULL || out->ltv_missing == NULL)
		return RC_NOMEM;
	out->nlevel_missing = level->nmissing;
	out->nltv_missing = level->nltv_missing;
	return RC_OK;
}

enum rc
fill_signature(struct report *r, struct report_sig *out, struct dossier *d, size_t i,
    const struct judgement *j, const struct permit *permit, const struct level_result *level)
{
	const struct dossier_sig *s = &d->sigs[i];
	enum rc rc;

	out->integrity = integrity_of(s);
	out->ltv_until = WHEN_NONE;
	if ((rc = fill_dictionary(r, out, s->pdf)) != RC_OK ||
	    (rc = fill_changes(r, out, s->pdf, permit)) != RC_OK ||
	    (rc = fill_level(r, out, level)) != RC_OK ||
	    (rc = fill_trust(r, out, &j->xcv)) != RC_OK ||
	    (rc = fill_timestamps(r, out, d, i, j)) != RC_OK)
		return rc;
	fill_signer(r, out, s->signer);
	fill_revocation(out, &j->xcv, j->best);
	out->time.claimed = s->pdf->m;
	if (out->time.claimed == WHEN_NONE && s->cms != NULL && s->cms->has_signing_time)
		out->time.claimed = s->cms->signing_time;
	out->time.by = j->by;
	out->time.proven = j->by == PROVEN_NONE ? WHEN_NONE : j->best;
	if (s->cms != NULL && s->cms->digest != HASH_NONE)
		out->digest = text(r, hash_name(s->cms->digest));
	else if (s->hash != HASH_NONE)
		out->digest = text(r, hash_name(s->hash));
	if (s->scheme != SCHEME_NONE)
		out->signature = text(r, scheme_name(s->scheme));
	return RC_OK;
}

void
fill_horizon(struct report *r, struct report_sig *out, const struct horizon *h)
{
	out->ltv_until = h->until;
	out->ltv_weakest = h->weakest;
	if (h->cert != NULL &&
	    (out->ltv_weakest_name = cert_subject_attr(h->cert, NID_commonName, r->arena)) == NULL)
		out->ltv_weakest_name = cert_name_text(h->cert->subject, r->arena);
	else if (h->algorithm != NULL)
		out->ltv_weakest_name = text(r, h->algorithm);
}

/* "host" or "host:port" of an address of the web; NULL without memory. */
static char *
host_of(struct report *r, const char *url)
{
	const char *host = strstr(url, "://");
	size_t len;

	host = host == NULL ? url : host + 3;
	len = strcspn(host, "/?#");
	return report_text(r->arena, host, len);
}

/* One address that could say something about the certificate, or (NULL) that there is none. */
static enum rc
want(struct report *r, size_t *cap, enum want_kind kind, char *url, bool web, const struct lack *l)
{
	const struct cert *about = lack_about(l);
	struct report_want *w;
	enum rc rc;

	if (r->nwanted == CAP_EVIDENCE)
		return RC_OK;
	if ((rc = arena_grow(r->arena, &r->wanted, r->nwanted, cap, sizeof(*r->wanted))) != RC_OK)
		return rc;
	w = &r->wanted[r->nwanted++];
	memset(w, 0, sizeof(*w));
	w->kind = kind;
	w->url = url;
	w->issuer = cert_name_text(about->issuer, r->arena);
	memcpy(w->certificate, about->sha256, sizeof(w->certificate));
	w->asked = w->retry = WHEN_NONE;
	w->outcome = url == NULL ? LOOKUP_NO_URL : LOOKUP_SCHEME;
	if (!web)
		return RC_OK;
	w->outcome = l->answer.outcome;
	w->asked = l->answer.asked;
	w->retry = l->answer.retry;
	if (l->answer.url != NULL && (w->host = host_of(r, l->answer.url)) == NULL)
		return RC_NOMEM;
	return RC_OK;
}

static enum rc
want_urls(struct report *r, size_t *cap, enum want_kind kind, enum cert_url urls_kind,
    const struct lack *l)
{
	char **urls;
	size_t n, i, web;
	enum rc rc;

	for (web = 2; web-- > 0;) {
		if (web != 0)
			rc = cert_urls(lack_about(l), urls_kind, r->arena, &urls, &n);
		else
			rc = cert_other_urls(lack_about(l), urls_kind, r->arena, &urls, &n);
		if (rc == RC_NOMEM)
			return rc;
		for (i = 0; rc == RC_OK && i < n; i++)
			if ((rc = want(r, cap, kind, urls[i], web != 0, l)) != RC_OK)
				return rc;
	}
	return RC_OK;
}

/* The octets of the question into the first entry that somebody may be asked by. */
static enum rc
want_question(struct report *r, size_t first, const struct lack *l)
{
	struct lookup_question q;
	struct report_want *w;
	struct buf b;
	size_t i;
	enum rc rc;

	if (first == r->nwanted || !l->web)
		return RC_OK;
	online_question(&q, l);
	buf_init(&b, CAP_LOOKUP);
	/* Too large to be asked: an answer could not come either. */
	if ((rc = lookup_put_question(&b, &q)) != RC_OK || (rc = buf_rc(&b)) != RC_OK)
		goto out;
	for (i = first; i < r->nwanted; i++) {
		w = &r->wanted[i];
		if (w->outcome == LOOKUP_SCHEME)
			continue;
		w->question_len = b.len;
		if ((w->question = arena_dup(r->arena, b.p, b.len)) == NULL)
			rc = RC_NOMEM;
		break;
	}
out:
	buf_clear(&b);
	return rc == RC_NOMEM ? RC_NOMEM : RC_OK;
}

/* An answer that was kept, and is too old for what is judged at the present: one of now may do. */
static bool
grown_old(const struct report *r, const struct lack *l)
{
	return l->decides && l->answer.outcome == LOOKUP_ANSWERED &&
	       l->answer.asked < r->validated_at - CAP_CLOCK_SKEW;
}

/* Somebody could still be asked by whoever has the report. */
static bool
may_ask(const struct report *r, const struct lack *l, size_t questions)
{
	return !r->offline && l->web && questions < CAP_LOOKUPS &&
	       (l->answer.outcome == LOOKUP_OPEN || l->answer.outcome == LOOKUP_NOBODY ||
		   grown_old(r, l));
}

static enum rc
want_lack(struct report *r, size_t *cap, const struct lack *l)
{
	size_t first = r->nwanted;
	enum rc rc;

	if (l->kind == LOOKUP_ISSUER)
		rc = want_urls(r, cap, WANT_ISSUER, CERT_URL_CA, l);
	else if ((rc = want_urls(r, cap, WANT_OCSP, CERT_URL_OCSP, l)) == RC_OK)
		rc = want_urls(r, cap, WANT_CRL, CERT_URL_CRL, l);
	/* It should name somebody; an issuer's address is a courtesy. */
	if (rc == RC_OK && first == r->nwanted && l->kind == LOOKUP_STATUS)
		rc = want(r, cap, WANT_OCSP, NULL, false, l);
	return rc;
}

enum rc
fill_wanted(struct report *r, const struct dossier *d)
{
	size_t i, cap = 0, first, questions = 0;
	const struct lack *l;
	enum rc rc;
	bool ask, decide = lacks_decide(d->lacks);

	for (i = 0; i < d->lacks->n; i++) {
		l = &d->lacks->v[i];
		ask = decide && may_ask(r, l, questions);
		/* What only the other policy lacks is there to be asked, not to be told. */
		if (!l->open || (!l->decides && !ask))
			continue;
		first = r->nwanted;
		if ((rc = want_lack(r, &cap, l)) != RC_OK ||
		    (ask && (rc = want_question(r, first, l)) != RC_OK))
			return rc;
		questions += ask;
	}
	return RC_OK;
}
