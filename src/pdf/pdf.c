/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The survey: read the file strictly from its end; then look in the raw bytes
 * for signatures that this reading does not show, and try the prefix of the
 * file that each one says it covers.  So nothing that is appended to a signed
 * file, however broken, hides its signatures.
 */
#define _GNU_SOURCE /* memmem */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "change.h"
#include "exempt.h"
#include "lost.h"
#include "notice.h"
#include "scan.h"
#include "xref.h"

static const char *const ids[PDF_RULE__MAX] = {
    [PDF_S1_HEADER] = "S1",
    [PDF_S2_TAIL] = "S2",
    [PDF_S3_XREF] = "S3",
    [PDF_S4_NUMBERS] = "S4",
    [PDF_S5_OBJECT] = "S5",
    [PDF_S6_OBJSTM] = "S6",
    [PDF_S7_HYBRID] = "HYBRID_AMBIGUOUS",
    [PDF_S8_DUPLICATE_KEY] = "S8",
    [PDF_S9_LIMIT] = "S9",
    [PDF_S10_LINEARIZED] = "S10",
    [PDF_TRAILING_BYTES] = "TRAILING_BYTES",
    [PDF_D1_FIELD_VALUE] = "D1",
    [PDF_D2_REDEFINED] = "D2",
    [PDF_D3_DIRECT] = "D3",
    [PDF_D4_PLACE] = "D4",
    [PDF_D4_COMMENT] = "D4_COMMENT",
    [PDF_D5_TYPE] = "D5",
    [PDF_D6_SUBFILTER] = "D6",
    [PDF_D7_FILTER] = "D7",
    [PDF_D8_ORPHAN] = "ORPHAN_SIGNATURE",
    [PDF_B1_START] = "B1",
    [PDF_B2_RANGE] = "B2",
    [PDF_B3_GAP_BOUNDS] = "B3",
    [PDF_B4_GAP_HEX] = "B4",
    [PDF_B5_GAP_CONTENTS] = "B5",
    [PDF_B7_REVISION_END] = "B7",
    [PDF_B8_SECTIONS] = "B8",
    [PDF_B9_RESOLVE] = "B9",
    [PDF_B10_OFFSETS] = "B10",
    [PDF_B11_OVERLAP] = "B11",
    [PDF_B12_DUPLICATE_RANGE] = "B12",
    [PDF_B13_TAIL_EXPLAINED] = "B13",
    [PDF_B14_LATER_REVISION] = "B14",
    [PDF_E1_HANDLER] = "E1",
    [PDF_E2_ENCRYPT] = "E2",
    [PDF_E3_PERMS] = "E3",
    [PDF_LOCKED] = "LOCKED",
};

const char *
pdf_rule_id(enum pdf_rule rule)
{
	return rule < PDF_RULE__MAX ? ids[rule] : "";
}

uint64_t
pdf_sig_end(const struct pdf_sig *sig)
{
	if (!sig->range_sound)
		return 0;
	return (uint64_t)sig->byte_range[2] + (uint64_t)sig->byte_range[3];
}

/* --- the end of the file --- */

static bool
has_syntax(const struct source *src, uint64_t from)
{
	static const char *const words[] = {"obj", "xref", "trailer", "%PDF"};
	size_t i, len = src->len - (size_t)from;

	/* A long tail is no footer of a mail gateway; nor may it become resident. */
	if (len > CAP_SNAPSHOT)
		return true;
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (memmem(src->p + from, len, words[i], strlen(words[i])) != NULL)
			return true;
	}
	return false;
}

/* Where the file ends when bytes that are no PDF follow the last %%EOF. */
static void
trailing(struct survey *s)
{
	const uint8_t *p = s->src->p;
	struct source head = *s->src;
	struct xref_tail t;
	unsigned eols = 0;
	uint64_t eof;

	s->n = head.len;
	if (xref_tail(p, s->n, &t) || scan_last(&head, "%%EOF", &eof) != RC_OK)
		return;
	/* A line that says it once more is no end, and no syntax either. */
	if (!xref_tail(p, eof + 5, &t)) {
		head.len = (size_t)eof;
		if (scan_last(&head, "%%EOF", &eof) != RC_OK)
			return;
	}
	eof += 5;
	if (!xref_tail(p, eof, &t) || has_syntax(s->src, eof))
		return;
	/* The ends of line that S2 allows belong to the file, and may be signed. */
	for (; eols < 2 && eof < s->n && (p[eof] == '\r' || p[eof] == '\n'); eols++)
		eof += s->n - eof > 1 && p[eof] == '\r' && p[eof + 1] == '\n' ? 2 : 1;
	survey_finding(s, PDF_TRAILING_BYTES, true, eof);
	s->n = eof;
}

/* --- between signatures --- */

static int
by_end(const void *va, const void *vb)
{
	const struct sig *const *pa = va, *const *pb = vb;
	uint64_t a = pdf_sig_end(&(*pa)->pub), b = pdf_sig_end(&(*pb)->pub);

	/* What covers nothing comes last. */
	if (a != b)
		return a - 1 < b - 1 ? -1 : 1;
	return (*pa)->order < (*pb)->order ? -1 : (*pa)->order > (*pb)->order;
}

static void
unclear(struct survey *s, struct sig *sig, enum pdf_rule rule)
{
	sig_fail(&s->doc, sig, rule, (uint64_t)sig->pub.byte_range[1], true);
	sig->pub.coverage = PDF_COVERAGE_UNCLEAR;
}

/* B11, B12: each gap lies behind the end of all earlier ranges. */
static void
overlaps(struct survey *s)
{
	struct sig *a, *b;
	uint64_t end;
	size_t i;

	for (i = 1; i < s->sigs.n && pdf_sig_end(&s->sigs.v[i]->pub) != 0; i++) {
		a = s->sigs.v[i - 1];
		b = s->sigs.v[i];
		end = pdf_sig_end(&a->pub);
		if (memcmp(a->pub.byte_range, b->pub.byte_range, sizeof(a->pub.byte_range)) == 0) {
			/* A copy does not lie around the gap; where both do, neither counts. */
			if (survey_has_rule(b, PDF_D4_PLACE) || !survey_has_rule(a, PDF_D4_PLACE))
				unclear(s, b, PDF_B12_DUPLICATE_RANGE);
			if (survey_has_rule(a, PDF_D4_PLACE) || !survey_has_rule(b, PDF_D4_PLACE))
				unclear(s, a, PDF_B12_DUPLICATE_RANGE);
		} else if ((uint64_t)b->pub.byte_range[1] < end) {
			if (end == pdf_sig_end(&b->pub))
				unclear(s, a, PDF_B11_OVERLAP);
			unclear(s, b, PDF_B11_OVERLAP);
		}
	}
}

/* --- the whole --- */

/* What came after a signature is closed, but for one thing that needs no key to be seen. */
static enum rc
sealed(struct survey *s)
{
	static char path[] = "Encrypt";
	struct pdf_change *c;
	struct sig *sig;
	size_t i, at;

	for (i = 0; i < s->sigs.n; i++) {
		sig = s->sigs.v[i];
		if (sig->pub.modification < PDF_MOD_NOT_ANALYSED)
			continue;
		s->out->locked = true;
		if (sig->section == SIZE_MAX ||
		    (at = crypt_changed(&s->doc, sig->section)) == SIZE_MAX)
			continue;
		if ((c = arena_alloc(s->arena, sizeof(*c))) == NULL)
			return RC_NOMEM;
		c->level = sig->pub.modification = PDF_MOD_OTHER;
		c->kind = PDF_CHANGE_ENCRYPTION;
		c->revision = s->doc.sections[at].revision;
		c->place.path = path;
		sig->pub.changes = c;
		sig->pub.nchanges = sig->cap_changes = 1;
	}
	return RC_OK;
}

static enum rc
whole(struct survey *s)
{
	struct doc *d = &s->doc;
	size_t i;
	enum rc rc;

	doc_init(d, s->arena, s->src->p, s->n);
	d->sieve = s->sieve;
	if ((rc = xref_read(d)) != RC_OK)
		return rc == RC_NOMEM ? rc : RC_OK;
	if ((rc = crypt_unlock(d, &s->keys)) != RC_OK)
		return rc;
	s->read = true;
	if ((rc = sigfield_list(d, &s->sigs)) != RC_OK ||
	    (rc = survey_finish(s, d, &s->sigs)) != RC_OK)
		return rc;
	for (i = 0; i < s->sigs.n; i++) {
		if ((rc = survey_modification(s, s->sigs.v[i])) != RC_OK)
			return rc;
	}
	if ((rc = survey_copy(s, d)) != RC_OK || (rc = exempt_notices(d, s->out)) != RC_OK)
		return rc;
	return doc_sealed(d) ? sealed(s) : change_judge(d, &s->sigs);
}

static int
by_place(const void *va, const void *vb)
{
	const struct pdf_finding *a = va, *b = vb;

	if (a->off != b->off)
		return a->off < b->off ? -1 : 1;
	return (int)a->rule - (int)b->rule;
}

static enum rc
deliver(struct survey *s)
{
	struct pdf_survey *out = s->out;
	size_t i;

	for (i = 0; i < s->doc.nfindings; i++)
		survey_finding(
		    s, s->doc.findings[i].rule, s->doc.findings[i].fatal, s->doc.findings[i].off);
	if (out->locked)
		survey_finding(s, PDF_LOCKED, true, UINT64_MAX);
	if (s->sigs.n != 0)
		qsort(s->sigs.v, s->sigs.n, sizeof(struct sig *), by_end);
	overlaps(s);
	if ((out->sigs = arena_array(s->arena, s->sigs.n, sizeof(*out->sigs))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < s->sigs.n; i++)
		out->sigs[i] = s->sigs.v[i]->pub;
	out->nsigs = s->sigs.n;
	if (out->nfindings != 0)
		qsort(out->findings, out->nfindings, sizeof(*out->findings), by_place);
	out->status = s->read ? PDF_READ : PDF_DEFECT;
	for (i = 0; i < out->nfindings; i++) {
		if (survey_structural(&out->findings[i]))
			out->status = PDF_DEFECT;
	}
	return RC_OK;
}

/* "%PDF-1.7" near the start; what is in front of it is rule S1's affair. */
static bool
header(struct survey *s)
{
	size_t len = s->src->len < CAP_EOF_WINDOW ? s->src->len : CAP_EOF_WINDOW;
	const uint8_t *p = memmem(s->src->p, len, "%PDF-", 5);

	if (p == NULL)
		return false;
	len -= (size_t)(p - s->src->p);
	if (len >= 8 && p[5] >= '0' && p[5] <= '9' && p[6] == '.' && p[7] >= '0' && p[7] <= '9')
		memcpy(s->out->version, p + 5, 3);
	return true;
}

enum rc
pdf_survey(struct pdf_survey *out, struct arena *arena, const struct source *src,
    const struct pdf_bytes *password)
{
	struct survey s = {.out = out, .arena = arena, .src = src, .keys.password = password};
	uint64_t off;
	enum rc rc;

	memset(out, 0, sizeof(*out));
	out->status = PDF_NOT_PDF;
	doc_init(&s.doc, arena, src->p, 0);
	rc = header(&s) ? scan_last(src, "startxref", &off) : RC_ABSENT;
	if (rc != RC_OK) {
		doc_clear(&s.doc);
		return rc == RC_ABSENT ? RC_OK : rc;
	}
	trailing(&s);
	if (src->map == NULL && (s.sieve = scan_sieve(arena, src->p, src->len)) == NULL)
		rc = RC_NOMEM;
	else if ((rc = whole(&s)) == RC_OK && (rc = lost_find(&s)) == RC_OK)
		rc = deliver(&s);
	if (rc == RC_OK && s.read && out->nsigs != 0)
		rc = notice_list(&s.doc, out);
	notice_sort(out);
	doc_clear(&s.doc);
	keyring_clear(&s.keys);
	if (rc != RC_OK)
		memset(out, 0, sizeof(*out));
	return rc;
}
