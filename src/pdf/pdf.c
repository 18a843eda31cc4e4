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

#include "byterange.h"
#include "caps.h"
#include "change.h"
#include "crypt.h"
#include "dss.h"
#include "exempt.h"
#include "hole.h"
#include "notice.h"
#include "page.h"
#include "revision.h"
#include "scan.h"
#include "sigfield.h"
#include "stream.h"
#include "xref.h"

/* Bytes that the raw search need not look at. */
struct span {
	uint64_t from, to;
};

/* A /ByteRange in the raw bytes that no signature field accounts for. */
struct candidate {
	uint64_t off; /* of the word */
	uint64_t e;   /* what it says it covers, 0 if it makes no sense */
};

/* Such a word, and the object that starts last before it. */
struct owner {
	uint64_t off;
	struct def *def;
};

struct survey {
	struct pdf_survey *out;
	struct arena *arena;
	const struct source *src;
	const uint8_t *sieve; /* NULL: mapped */
	struct doc doc;       /* the whole file, but for trailing bytes */
	bool read;            /* it reads */
	uint64_t n;           /* its length */
	struct sigs sigs;
	struct keyring keys;
	size_t cap_findings;
	struct candidate *found;
	size_t nfound, cap_found;
	struct owner *words; /* of signatures, that no known one accounts for */
	size_t nwords, cap_words;
	enum rc rc;
};

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

static void
finding(struct survey *s, enum pdf_rule rule, bool fatal, uint64_t off)
{
	struct pdf_finding f = {.rule = rule, .fatal = fatal, .off = off};

	finding_add(s->arena, &s->out->findings, &s->out->nfindings, &s->cap_findings, &f);
}

static bool
structural(const struct pdf_finding *f)
{
	return f->fatal && f->rule <= PDF_S10_LINEARIZED;
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
	finding(s, PDF_TRAILING_BYTES, true, eof);
	s->n = eof;
}

/* --- signatures that the reading does not show --- */

static bool
inside_known(const struct survey *s, uint64_t off)
{
	size_t i;

	for (i = 0; i < s->sigs.n; i++) {
		if (!s->sigs.v[i]->packed && off >= s->sigs.v[i]->off && off < s->sigs.v[i]->end)
			return true;
	}
	return false;
}

static bool
word(void *ctx, uint64_t off)
{
	struct survey *s = ctx;

	if (!s->read || inside_known(s, off))
		return true;
	if (s->nwords == CAP_LIST) {
		finding(s, PDF_S9_LIMIT, true, off);
		return false;
	}
	s->rc = arena_grow(s->arena, &s->words, s->nwords, &s->cap_words, sizeof(*s->words));
	if (s->rc != RC_OK)
		return false;
	s->words[s->nwords].off = off;
	s->words[s->nwords++].def = NULL;
	return true;
}

static bool
hit(void *ctx, uint64_t off)
{
	struct survey *s = ctx;
	struct candidate *c;
	struct obj o;
	struct lex lx;
	int64_t br[4];
	enum pdf_rule rule;
	uint32_t i;

	if (inside_known(s, off))
		return true;
	if (!word(ctx, off))
		return false;
	if (s->nfound == CAP_FINDINGS) {
		finding(s, PDF_S9_LIMIT, true, off);
		return false;
	}
	s->rc = arena_grow(s->arena, &s->found, s->nfound, &s->cap_found, sizeof(*s->found));
	if (s->rc != RC_OK)
		return false;
	c = &s->found[s->nfound++];
	c->off = off;
	c->e = 0;
	lex_init(&lx, s->src->p, s->src->len, off + scan_len(SCAN_BYTE_RANGE));
	if (obj_parse_one(&s->doc.parser, &lx, &o) != RC_OK || o.type != OBJ_ARRAY || o.n != 4)
		return true;
	for (i = 0; i < 4; i++) {
		if (o.u.items[i].type != OBJ_INT)
			return true;
		br[i] = o.u.items[i].u.i;
	}
	if (byterange_sound(br, s->src->len, &rule) && s->src->p[br[1]] == '<' &&
	    s->src->p[br[2] - 1] == '>')
		c->e = (uint64_t)(br[2] + br[3]);
	return true;
}

static int
longest_first(const void *va, const void *vb)
{
	const struct candidate *a = va, *b = vb;

	if (a->e != b->e)
		return a->e < b->e ? 1 : -1;
	return a->off < b->off ? -1 : a->off > b->off;
}

static enum rc
copy_survey(struct survey *s, struct doc *d)
{
	const struct obj *root, *v;
	size_t last = d->nsections - 1;
	enum rc rc;

	s->out->revisions = d->nrevisions;
	s->out->encrypted |= d->encrypted;
	s->out->password_wrong |= d->wrong_password;
	if (page_list(d, last) == RC_OK)
		s->out->pages = (uint32_t)d->pages.n;
	if (revision_key(d, last, &d->sections[last].trailer, "Root", &root) == RC_OK &&
	    revision_key(d, last, root, "Version", &v) == RC_OK && v->type == OBJ_NAME &&
	    v->u.s.len == 3 && v->u.s.p[1] == '.')
		memcpy(s->out->version, v->u.s.p, 3);
	rc = dss_collect(d, &s->out->dss);
	s->out->locked |= d->locked;
	return rc;
}

/* Coverage and description of what one reading showed; its defects are theirs too. */
static enum rc
finish_sigs(struct survey *s, struct doc *d, struct sigs *sigs)
{
	size_t i, k;
	uint64_t e;
	enum rc rc;

	for (i = 0; i < sigs->n; i++) {
		sigfield_cover(d, sigs->v[i]);
		if ((rc = sigfield_describe(d, sigs->v[i])) != RC_OK)
			return rc;
	}
	if ((rc = hole_check(d, sigs)) != RC_OK)
		return rc;
	for (i = 0; i < sigs->n; i++) {
		e = pdf_sig_end(&sigs->v[i]->pub);
		for (k = 0; k < d->nfindings; k++) {
			if (structural(&d->findings[k]) &&
			    (e == 0 || d->findings[k].off < e || d->findings[k].off == UINT64_MAX))
				sig_fail(
				    d, sigs->v[i], d->findings[k].rule, d->findings[k].off, true);
		}
	}
	s->out->locked |= d->locked;
	return RC_OK;
}

/* Read [0, e) as a file of its own and take the signatures that it adds. */
static enum rc
prefix(struct survey *s, uint64_t e)
{
	struct sigs sigs = {NULL, 0, 0};
	struct doc d;
	size_t i, k, before = s->sigs.n;
	bool first = !s->read && s->out->revisions == 0;
	enum rc rc;

	doc_init(&d, s->arena, s->src->p, e);
	d.sieve = s->sieve;
	if ((rc = xref_read(&d)) == RC_OK && (rc = crypt_unlock(&d, &s->keys)) == RC_OK &&
	    (rc = sigfield_list(&d, &sigs)) == RC_OK && (rc = finish_sigs(s, &d, &sigs)) == RC_OK &&
	    sigs.n > 0 && first)
		rc = copy_survey(s, &d);
	for (i = 0; rc == RC_OK && i < sigs.n; i++) {
		if (sigs.v[i]->off == UINT64_MAX || inside_known(s, sigs.v[i]->off))
			continue;
		rc = arena_grow(s->arena, &s->sigs.v, s->sigs.n, &s->sigs.cap, sizeof(*s->sigs.v));
		if (rc != RC_OK || s->sigs.n == CAP_SIGNATURES)
			break;
		if (sigs.v[i]->pub.coverage == PDF_COVERAGE_FILE && e < s->src->len)
			sigs.v[i]->pub.coverage = PDF_COVERAGE_REVISION;
		if ((rc = change_note(&d, sigs.v[i], PDF_CHANGE_UNREADABLE, 0, e)) != RC_OK)
			break;
		sigs.v[i]->order = s->sigs.n;
		s->sigs.v[s->sigs.n++] = sigs.v[i];
	}
	for (k = 0; s->sigs.n > before && k < d.nfindings; k++) {
		if (structural(&d.findings[k]))
			finding(s, d.findings[k].rule, true, d.findings[k].off);
	}
	if (rc == RC_OK && first && sigs.n > 0)
		rc = notice_list(&d, s->out);
	doc_clear(&d);
	return rc == RC_NOMEM ? rc : RC_OK;
}

static int
by_word(const void *va, const void *vb)
{
	const struct owner *a = va, *b = vb;

	return a->off < b->off ? -1 : a->off > b->off;
}

/* The object that starts last before each word: definitions are many, words few. */
static void
owners(struct survey *s)
{
	struct owner *w = s->words;
	struct def *def;
	size_t i, lo, hi, mid;

	qsort(w, s->nwords, sizeof(*w), by_word);
	for (i = 0; i < s->doc.ndefs; i++) {
		def = &s->doc.defs[i];
		if (def->type != DEF_PLAIN || def->off >= w[s->nwords - 1].off)
			continue;
		for (lo = 0, hi = s->nwords - 1; lo < hi;) {
			mid = lo + (hi - lo) / 2;
			if (w[mid].off > def->off)
				hi = mid;
			else
				lo = mid + 1;
		}
		if (w[lo].def == NULL || def->off > w[lo].def->off)
			w[lo].def = def;
	}
	for (i = 1; i < s->nwords; i++) {
		if (w[i].def == NULL)
			w[i].def = w[i - 1].def;
	}
}

/* D8: the object of the cross-references that holds this word. */
static enum rc
orphan(struct survey *s, const struct owner *w)
{
	struct doc *d = &s->doc;
	struct node *node;
	enum rc rc;

	if (w->def == NULL)
		return RC_OK;
	if ((rc = revision_node(d, w->def->section, w->def, &node)) != RC_OK)
		return rc == RC_NOMEM ? rc : RC_OK;
	if (node->obj.type != OBJ_DICT || w->off < node->obj.off || w->off >= node->obj.end)
		return RC_OK;
	if (obj_get(&node->obj, "ByteRange")->type == OBJ_NULL &&
	    (obj_get(&node->obj, "Contents")->type == OBJ_NULL ||
		obj_get(&node->obj, "SubFilter")->type == OBJ_NULL))
		return RC_OK;
	if (exempt_is(d, w->def, &node->obj))
		return RC_OK;
	return sigfield_orphan(d, &s->sigs, w->def);
}

static bool
has_rule(const struct sig *sig, enum pdf_rule rule)
{
	size_t i;

	for (i = 0; i < sig->pub.nfindings; i++) {
		if (sig->pub.findings[i].rule == rule)
			return true;
	}
	return false;
}

static enum rc
modification(struct survey *s, struct sig *sig)
{
	struct pdf_sig *pub = &sig->pub;
	struct doc *d = &s->doc;
	uint64_t e = pdf_sig_end(pub);
	enum rc rc = RC_OK;

	/* Trailing bytes are no update, but they are not covered either. */
	if (s->n < s->src->len && pub->coverage == PDF_COVERAGE_FILE)
		pub->coverage = PDF_COVERAGE_REVISION;
	if (e != 0 && byterange_reaches(&s->doc, e)) {
		pub->modification = PDF_MOD_NONE;
		return RC_OK;
	}
	pub->modification = PDF_MOD_NOT_ANALYSED;
	if (has_rule(sig, PDF_D2_REDEFINED))
		rc = change_note(d, sig, PDF_CHANGE_SIGNATURE_REPLACED, pub->object, sig->off);
	if (rc == RC_OK && d->rollback)
		rc = change_note(d, sig, PDF_CHANGE_ROLLBACK, 0, UINT64_MAX);
	if (rc != RC_OK)
		return rc;
	if (sig->section == SIZE_MAX)
		return doc_sealed(d) ? RC_OK : change_note(d, sig, PDF_CHANGE_UNREADABLE, 0, e);
	if (!byterange_later(d, e, sig->section)) {
		sig_fail(d, sig, PDF_B10_OFFSETS, e, true);
		return change_note(d, sig, PDF_CHANGE_ROLLBACK, 0, e);
	}
	return RC_OK;
}

static int
by_offset(const void *va, const void *vb)
{
	const struct span *a = va, *b = vb;

	return a->from < b->from ? -1 : a->from > b->from;
}

/*
 * A mapped document is hundreds of megabytes of pictures: where its objects are
 * few, the bodies of large streams whose length is their own are left out.
 */
static size_t
bodies(struct survey *s, struct span *v)
{
	struct doc *d = &s->doc;
	struct pdf_bytes raw;
	uint32_t num, gen;
	uint64_t end;
	struct obj o;
	size_t i, n = 0;

	for (i = 0; i < d->ndefs; i++) {
		if (d->defs[i].type != DEF_PLAIN ||
		    revision_object_at(d, d->defs[i].off, &num, &gen, &o, &end) != RC_OK ||
		    num != d->defs[i].num || o.type != OBJ_STREAM ||
		    stream_raw(d, NO_VIEW, &o, &raw, NULL) != RC_OK || raw.len < CAP_SKIP_BODY)
			continue;
		v[n].from = o.u.d.body;
		v[n++].to = o.u.d.body + raw.len;
	}
	if (n != 0)
		qsort(v, n, sizeof(*v), by_offset);
	return n;
}

static enum rc
scan_file(struct survey *s, enum scan_word word, scan_hit *tell)
{
	struct span *v;
	uint64_t at = 0;
	size_t i, n = 0;
	enum rc rc;

	if (s->src->map == NULL || !s->read || s->doc.ndefs > CAP_SKIP_OBJECTS)
		return scan_all(s->src, s->sieve, 0, s->src->len, word, tell, s);
	if ((v = arena_array(s->arena, s->doc.ndefs, sizeof(*v))) == NULL)
		return RC_NOMEM;
	n = bodies(s, v);
	for (i = 0; i < n; i++) {
		if (v[i].from > at &&
		    (rc = scan_all(s->src, NULL, at, v[i].from, word, tell, s)) != RC_OK)
			return rc;
		if (v[i].to > at)
			at = v[i].to;
	}
	return scan_all(s->src, NULL, at, s->src->len, word, tell, s);
}

static enum rc
hidden(struct survey *s)
{
	struct sigs orphans;
	size_t i, first, tries = 0;
	enum rc rc;

	rc = scan_file(s, SCAN_BYTE_RANGE, hit);
	if (rc == RC_OK && s->rc == RC_OK)
		rc = scan_file(s, SCAN_SUB_FILTER, word);
	if (rc == RC_OK)
		rc = s->rc;
	if (rc != RC_OK || s->nfound + s->nwords == 0)
		return rc;
	if (s->nfound != 0)
		qsort(s->found, s->nfound, sizeof(*s->found), longest_first);
	for (i = 0; i < s->nfound && tries < CAP_CANDIDATES; i++) {
		if (s->found[i].e == 0 || inside_known(s, s->found[i].off))
			continue;
		if ((s->read && s->found[i].e == s->n) ||
		    (i > 0 && s->found[i].e == s->found[i - 1].e))
			continue;
		tries++;
		if ((rc = prefix(s, s->found[i].e)) != RC_OK)
			return rc;
	}
	first = s->sigs.n;
	if (s->nwords != 0)
		owners(s);
	for (i = 0; i < s->nwords; i++) {
		if (!inside_known(s, s->words[i].off) && (rc = orphan(s, &s->words[i])) != RC_OK)
			return rc;
	}
	if (s->sigs.n == first)
		return RC_OK;
	orphans.v = s->sigs.v + first;
	orphans.n = s->sigs.n - first;
	rc = finish_sigs(s, &s->doc, &orphans);
	for (i = 0; rc == RC_OK && i < orphans.n; i++)
		rc = modification(s, orphans.v[i]);
	if (rc == RC_OK && !doc_sealed(&s->doc))
		rc = change_judge(&s->doc, &orphans);
	return rc;
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
			if (has_rule(b, PDF_D4_PLACE) || !has_rule(a, PDF_D4_PLACE))
				unclear(s, b, PDF_B12_DUPLICATE_RANGE);
			if (has_rule(a, PDF_D4_PLACE) || !has_rule(b, PDF_D4_PLACE))
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
	    (rc = finish_sigs(s, d, &s->sigs)) != RC_OK)
		return rc;
	for (i = 0; i < s->sigs.n; i++) {
		if ((rc = modification(s, s->sigs.v[i])) != RC_OK)
			return rc;
	}
	if ((rc = copy_survey(s, d)) != RC_OK || (rc = exempt_notices(d, s->out)) != RC_OK)
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
		finding(
		    s, s->doc.findings[i].rule, s->doc.findings[i].fatal, s->doc.findings[i].off);
	if (out->locked)
		finding(s, PDF_LOCKED, true, UINT64_MAX);
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
		if (structural(&out->findings[i]))
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
	else if ((rc = whole(&s)) == RC_OK && (rc = hidden(&s)) == RC_OK)
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
