/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The raw search for signatures.  Nothing that is appended to a signed file, however
 * broken, hides them: the prefix of the file that each one says it covers is read alone.
 */
#include <stdlib.h>
#include <string.h>

#include "byterange.h"
#include "caps.h"
#include "change.h"
#include "exempt.h"
#include "lost.h"
#include "notice.h"
#include "revision.h"
#include "scan.h"
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

struct lost {
	struct survey *s;
	struct candidate *found;
	size_t nfound, cap_found;
	struct owner *words; /* of signatures, that no known one accounts for */
	size_t nwords, cap_words;
	enum rc rc;
};

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
	struct lost *l = ctx;
	struct survey *s = l->s;

	if (!s->read || inside_known(s, off))
		return true;
	if (l->nwords == CAP_LIST) {
		survey_finding(s, PDF_S9_LIMIT, true, off);
		return false;
	}
	l->rc = arena_grow(s->arena, &l->words, l->nwords, &l->cap_words, sizeof(*l->words));
	if (l->rc != RC_OK)
		return false;
	l->words[l->nwords].off = off;
	l->words[l->nwords++].def = NULL;
	return true;
}

static bool
hit(void *ctx, uint64_t off)
{
	struct lost *l = ctx;
	struct survey *s = l->s;
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
	if (l->nfound == CAP_FINDINGS) {
		survey_finding(s, PDF_S9_LIMIT, true, off);
		return false;
	}
	l->rc = arena_grow(s->arena, &l->found, l->nfound, &l->cap_found, sizeof(*l->found));
	if (l->rc != RC_OK)
		return false;
	c = &l->found[l->nfound++];
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
	    (rc = sigfield_list(&d, &sigs)) == RC_OK &&
	    (rc = survey_finish(s, &d, &sigs)) == RC_OK && sigs.n > 0 && first)
		rc = survey_copy(s, &d);
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
		if (survey_structural(&d.findings[k]))
			survey_finding(s, d.findings[k].rule, true, d.findings[k].off);
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
owners(struct lost *l)
{
	const struct doc *d = &l->s->doc;
	struct owner *w = l->words;
	struct def *def;
	size_t i, lo, hi, mid;

	qsort(w, l->nwords, sizeof(*w), by_word);
	for (i = 0; i < d->ndefs; i++) {
		def = &d->defs[i];
		if (def->type != DEF_PLAIN || def->off >= w[l->nwords - 1].off)
			continue;
		for (lo = 0, hi = l->nwords - 1; lo < hi;) {
			mid = lo + (hi - lo) / 2;
			if (w[mid].off > def->off)
				hi = mid;
			else
				lo = mid + 1;
		}
		if (w[lo].def == NULL || def->off > w[lo].def->off)
			w[lo].def = def;
	}
	for (i = 1; i < l->nwords; i++) {
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
scan_file(struct lost *l, enum scan_word what, scan_hit *tell)
{
	struct survey *s = l->s;
	struct span *v;
	uint64_t at = 0;
	size_t i, n = 0;
	enum rc rc;

	if (s->src->map == NULL || !s->read || s->doc.ndefs > CAP_SKIP_OBJECTS)
		return scan_all(s->src, s->sieve, 0, s->src->len, what, tell, l);
	if ((v = arena_array(s->arena, s->doc.ndefs, sizeof(*v))) == NULL)
		return RC_NOMEM;
	n = bodies(s, v);
	for (i = 0; i < n; i++) {
		if (v[i].from > at &&
		    (rc = scan_all(s->src, NULL, at, v[i].from, what, tell, l)) != RC_OK)
			return rc;
		if (v[i].to > at)
			at = v[i].to;
	}
	return scan_all(s->src, NULL, at, s->src->len, what, tell, l);
}

enum rc
lost_find(struct survey *s)
{
	struct lost l = {.s = s};
	struct sigs orphans;
	size_t i, first, tries = 0;
	enum rc rc;

	rc = scan_file(&l, SCAN_BYTE_RANGE, hit);
	if (rc == RC_OK && l.rc == RC_OK)
		rc = scan_file(&l, SCAN_SUB_FILTER, word);
	if (rc == RC_OK)
		rc = l.rc;
	if (rc != RC_OK || l.nfound + l.nwords == 0)
		return rc;
	if (l.nfound != 0)
		qsort(l.found, l.nfound, sizeof(*l.found), longest_first);
	for (i = 0; i < l.nfound && tries < CAP_CANDIDATES; i++) {
		if (l.found[i].e == 0 || inside_known(s, l.found[i].off))
			continue;
		if ((s->read && l.found[i].e == s->n) ||
		    (i > 0 && l.found[i].e == l.found[i - 1].e))
			continue;
		tries++;
		if ((rc = prefix(s, l.found[i].e)) != RC_OK)
			return rc;
	}
	first = s->sigs.n;
	if (l.nwords != 0)
		owners(&l);
	for (i = 0; i < l.nwords; i++) {
		if (!inside_known(s, l.words[i].off) && (rc = orphan(s, &l.words[i])) != RC_OK)
			return rc;
	}
	if (s->sigs.n == first)
		return RC_OK;
	orphans.v = s->sigs.v + first;
	orphans.n = s->sigs.n - first;
	rc = survey_finish(s, &s->doc, &orphans);
	for (i = 0; rc == RC_OK && i < orphans.n; i++)
		rc = survey_modification(s, orphans.v[i]);
	if (rc == RC_OK && !doc_sealed(&s->doc))
		rc = change_judge(&s->doc, &orphans);
	return rc;
}
