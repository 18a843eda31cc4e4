/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions for a painter, and what follows from its answers.  This file knows no
 * drawing; it knows which changes are to be asked about, where they lie, and
 * that silence is a bad answer.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "place.h"
#include "visual.h"

static enum rc
ask(const struct painter *p, const struct paint_question *q, struct paint_answer *a)
{
	memset(a, 0, sizeof(*a));
	return p == NULL ? RC_ABSENT : p->ask(p->ctx, q, a);
}

static void
begin(struct paint_question *q, enum paint_kind kind, unsigned page, const struct pdf_sig *s)
{
	memset(q, 0, sizeof(*q));
	q->kind = kind;
	q->page = page;
	q->end = pdf_sig_end(s);
}

/* False when there is no room for another one. */
static bool
add_rect(struct paint_question *q, const double rect[4])
{
	if (q->nrects == PAINT_RECTS)
		return false;
	memcpy(q->rects[q->nrects++], rect, sizeof(q->rects[0]));
	return true;
}

/* The worst first, and what was found first among equals. */
static void
raise_change(struct pdf_sig *s, size_t i, enum pdf_modification level, enum pdf_change_kind kind)
{
	struct pdf_change c = s->changes[i];
	size_t to = i;

	c.may_cover = false;
	c.asked = true;
	c.kind = kind;
	if (c.level < level)
		c.level = level;
	while (to > 0 && s->changes[to - 1].level < c.level)
		to--;
	memmove(&s->changes[to + 1], &s->changes[to], (i - to) * sizeof(c));
	s->changes[to] = c;
	if (s->modification < c.level)
		s->modification = c.level;
}

/* --- covering --- */

static bool
is_much(double points, double area)
{
	return points > CAP_COVER_POINTS || area > CAP_COVER_AREA;
}

static bool
covers(const struct painter *p, const struct paint_question *q, struct paint_answer *a)
{
	return ask(p, q, a) != RC_OK || is_much(a->points, a->area);
}

/* All that one page has; true if together they cover too much, or nobody can tell. */
static bool
page_is_covered(const struct painter *p, struct pdf_sig *s, unsigned page)
{
	struct paint_question q;
	struct paint_answer a;
	size_t i;

	begin(&q, PAINT_COVER, page, s);
	if (page == 0)
		return true;
	for (i = 0; i < s->nchanges; i++)
		if (s->changes[i].may_cover && s->changes[i].place.page == page &&
		    (!s->changes[i].place.has_rect || !add_rect(&q, s->changes[i].place.rect)))
			return true;
	if (covers(p, &q, &a))
		return true;
	/* No single one has more under it than all of them. */
	for (i = 0; i < s->nchanges; i++)
		if (s->changes[i].may_cover && s->changes[i].place.page == page) {
			s->changes[i].ink = a.points;
			s->changes[i].area = a.area;
		}
	return false;
}

static void
answered(struct pdf_sig *s, unsigned page)
{
	size_t i;

	for (i = 0; i < s->nchanges; i++)
		if (s->changes[i].may_cover && s->changes[i].place.page == page) {
			s->changes[i].may_cover = false;
			s->changes[i].asked = true;
		}
}

/* Close enough for the ink of one to count with the other's. */
static bool
near(const double a[4], const double b[4])
{
	const double reach = 12; /* points: more than the gap to what stands beside a digit */

	return a[0] - reach < b[2] && b[0] - reach < a[2] && a[1] - reach < b[3] &&
	       b[1] - reach < a[3];
}

static bool
shows_nothing(const struct pdf_change *c)
{
	return c->level <= PDF_MOD_LTA_UPDATES ||
	       (!c->visible &&
		   (c->kind == PDF_CHANGE_SIGNATURE_ADDED ||
		       c->kind == PDF_CHANGE_SIGNATURE_FILLED ||
		       c->kind == PDF_CHANGE_SIGNATURE_FIELD_ADDED ||
		       c->kind == PDF_CHANGE_TIMESTAMP_ADDED || c->kind == PDF_CHANGE_STRUCTURE));
}

/* What was done between the two signatures lies nowhere near this stamp. */
static bool
nothing_between(const struct pdf_sig *before, const struct pdf_sig *s, const struct pdf_change *c)
{
	const struct pdf_change *b;
	size_t i;

	for (i = 0; i < before->nchanges; i++) {
		b = &before->changes[i];
		if (b->revision > s->revision || shows_nothing(b) ||
		    (b->place.page != 0 && b->place.page != c->place.page))
			continue;
		if (b->place.page == 0 || !b->place.has_rect || near(b->place.rect, c->place.rect))
			return false;
	}
	return true;
}

/* The same stamp over the same ink, as the signature before has it; NULL if it is unknown. */
static const struct pdf_change *
known_as(const struct pdf_sig *before, const struct pdf_sig *s, const struct pdf_change *c)
{
	const struct pdf_change *b;
	size_t i;

	if (before == NULL || before->modification >= PDF_MOD_NOT_ANALYSED ||
	    before->coverage == PDF_COVERAGE_UNCLEAR || s->coverage == PDF_COVERAGE_UNCLEAR ||
	    before->revision == 0 || before->revision >= s->revision || !c->place.has_rect ||
	    !nothing_between(before, s, c))
		return NULL;
	for (i = 0; i < before->nchanges; i++) {
		b = &before->changes[i];
		if (b->asked && b->revision == c->revision && b->place.page == c->place.page &&
		    b->place.has_rect && b->visible == c->visible && b->field != NULL &&
		    c->field != NULL && strcmp(b->field, c->field) == 0 &&
		    place_same_rect(b->place.rect, c->place.rect))
			return b;
	}
	return NULL;
}

static bool
change_covers(const struct painter *p, const struct pdf_sig *s, const struct pdf_sig *before,
    struct pdf_change *c)
{
	const struct pdf_change *b = known_as(before, s, c);
	struct paint_question q;
	struct paint_answer a;

	if (b != NULL) {
		c->ink = b->ink;
		c->area = b->area;
		return b->kind == PDF_CHANGE_COVERED;
	}
	begin(&q, PAINT_COVER, c->place.page, s);
	if (c->place.page == 0 || !c->place.has_rect || !add_rect(&q, c->place.rect) ||
	    covers(p, &q, &a))
		return true;
	c->ink = a.points;
	c->area = a.area;
	return false;
}

static bool
is_pending(const struct pdf_change *c, unsigned page)
{
	return c->may_cover && c->place.page == page;
}

static size_t
pending(const struct pdf_sig *s, unsigned page)
{
	size_t i, n = 0;

	for (i = 0; i < s->nchanges; i++)
		n += is_pending(&s->changes[i], page);
	return n;
}

enum memory {
	MEMORY_NONE, /* ask */
	MEMORY_CLEAR,
	MEMORY_COVERED
};

/* That no stamp of this page covered anything, before or together with the others. */
static bool
was_clear(const struct pdf_sig *before, unsigned page)
{
	size_t i;

	for (i = 0; i < before->nchanges; i++)
		if (before->changes[i].kind == PDF_CHANGE_COVERED &&
		    before->changes[i].place.page == page)
			return false;
	return true;
}

/*
 * What is known of a page without a drawing: the same ink under the same stamps says the
 * same, and together they have no more under them than each alone, added up.
 */
static enum memory
remember(const struct pdf_sig *before, struct pdf_sig *s, unsigned page)
{
	const struct pdf_change *b;
	double ink = 0, area = 0;
	bool all = true;
	size_t i;

	for (i = 0; i < s->nchanges; i++) {
		if (!is_pending(&s->changes[i], page))
			continue;
		b = known_as(before, s, &s->changes[i]);
		if (b != NULL && b->kind == PDF_CHANGE_COVERED)
			return MEMORY_COVERED;
		if (b == NULL) {
			all = false;
			continue;
		}
		s->changes[i].ink = b->ink;
		s->changes[i].area = b->area;
		ink += b->ink;
		area += b->area;
	}
	return all && (was_clear(before, page) || !is_much(ink, area)) ? MEMORY_CLEAR : MEMORY_NONE;
}

/* Of a page that is covered, those that do it; if no single one does, all of them. */
static void
raise_page(const struct painter *p, struct pdf_sig *s, const struct pdf_sig *before, unsigned page)
{
	/* The page was asked about; where it has but one, that is the answer. */
	int round = pending(s, page) == 1 ? 1 : 0;
	size_t i, guilty = 0;

	for (; round < 2 && guilty == 0; round++)
		for (i = 0; i < s->nchanges; i++)
			if (is_pending(&s->changes[i], page) &&
			    (round == 1 || change_covers(p, s, before, &s->changes[i]))) {
				raise_change(s, i, PDF_MOD_ANNOTATIONS, PDF_CHANGE_COVERED);
				guilty++;
			}
}

void
visual_covers(const struct painter *painter, struct pdf_sig *sig, const struct pdf_sig *before)
{
	enum memory memory;
	unsigned page;
	size_t i;

	/* A change that was asked about asks no more, so that each page has its turn once. */
	for (i = 0; i < sig->nchanges; i++) {
		if (!sig->changes[i].may_cover)
			continue;
		page = sig->changes[i].place.page;
		memory = remember(before, sig, page);
		if (memory == MEMORY_COVERED ||
		    (memory == MEMORY_NONE && page_is_covered(painter, sig, page)))
			raise_page(painter, sig, before, page);
		answered(sig, page);
		i = (size_t)-1; /* their order may have changed */
	}
}

/* --- differences --- */

static bool
is_note(const struct pdf_change *c)
{
	return c->kind == PDF_CHANGE_ANNOTATION_ADDED || c->kind == PDF_CHANGE_ANNOTATION_CHANGED ||
	       c->kind == PDF_CHANGE_ANNOTATION_REMOVED;
}

/* A note without an appearance is an icon of the viewer's own size, whatever its /Rect. */
static bool
add_note(struct paint_question *q, const double rect[4])
{
	const double room[4] = {rect[0] - CAP_NOTE_ICON, rect[1] - CAP_NOTE_ICON,
	    rect[2] + CAP_NOTE_ICON, rect[3] + CAP_NOTE_ICON};

	return add_rect(q, room);
}

/* The known changes' places up to this level are left out. */
static bool
leave_out(struct paint_question *q, const struct pdf_sig *s, enum pdf_modification level)
{
	size_t i;

	q->nrects = 0;
	for (i = 0; i < s->nchanges; i++) {
		const struct pdf_change *c = &s->changes[i];

		if (c->place.page != q->page || !c->place.has_rect || c->level > level)
			continue;
		if (is_note(c) ? !add_note(q, c->place.rect) : !add_rect(q, c->place.rect))
			return false;
	}
	return true;
}

struct page_list {
	unsigned v[CAP_DIFFER_PAGES];
	size_t n;
};

static void
list(struct page_list *l, unsigned page)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (l->v[i] == page)
			return;
	if (page != 0 && l->n < CAP_DIFFER_PAGES)
		l->v[l->n++] = page;
}

/* Those with a change, then the first ones. */
static void
choose_pages(struct page_list *l, const struct pdf_sig *s, uint32_t pages)
{
	unsigned page;
	size_t i;

	l->n = 0;
	for (i = 0; i < s->nchanges; i++)
		list(l, s->changes[i].place.page);
	for (page = 1; page <= pages && page <= CAP_DIFFER_PAGES; page++)
		list(l, page);
}

static enum rc
add_change(struct pdf_sig *s, struct arena *work, unsigned page)
{
	struct pdf_change *v = arena_array(work, s->nchanges + 1, sizeof(*v));

	if (v == NULL)
		return RC_NOMEM;
	if (s->nchanges != 0)
		memcpy(v, s->changes, s->nchanges * sizeof(*v));
	s->changes = v;
	v[s->nchanges].place.page = page;
	v[s->nchanges].revision = s->revision + 1;
	raise_change(s, s->nchanges++, PDF_MOD_OTHER, PDF_CHANGE_DRAWN_DIFFERENTLY);
	return RC_OK;
}

struct comparison {
	struct report_visual *out;
	struct arena *work;
	const struct painter *painter;
	struct pdf_sig *sig;
	bool silent; /* some page had no answer */
};

/* A page outside of what may have been added: it differs; outside of all that is known: why? */
static enum rc
compare_page(struct comparison *c, unsigned page)
{
	struct paint_question q;
	struct paint_answer a;

	begin(&q, PAINT_DIFFER, page, c->sig);
	q.pictures = 1;
	if (!leave_out(&q, c->sig, PDF_MOD_FORM_FILLING) || ask(c->painter, &q, &a) != RC_OK) {
		c->silent = true;
		return RC_OK;
	}
	c->out->compared++;
	if (a.points <= CAP_DIFFER_POINTS)
		return RC_OK;
	c->out->pages[c->out->npages++] = page;
	if (c->sig->modification == PDF_MOD_OTHER)
		return RC_OK;
	q.pictures = 0;
	if (leave_out(&q, c->sig, PDF_MOD_ANNOTATIONS) && ask(c->painter, &q, &a) == RC_OK &&
	    a.points <= CAP_DIFFER_POINTS)
		return RC_OK;
	return add_change(c->sig, c->work, page);
}

static int
by_number(const void *a, const void *b)
{
	unsigned x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

enum rc
visual_compare(struct report_visual *out, struct arena *report, struct arena *work,
    const struct painter *painter, struct pdf_sig *sig, uint32_t pages)
{
	struct comparison c = {out, work, painter, sig, pages == 0};
	struct page_list l;
	enum rc rc = RC_OK;
	size_t i;

	memset(out, 0, sizeof(*out));
	if (painter == NULL || sig->coverage != PDF_COVERAGE_REVISION)
		return RC_OK;
	out->status = VISUAL_UNKNOWN;
	if ((out->pages = arena_array(report, CAP_DIFFER_PAGES, sizeof(*out->pages))) == NULL)
		return RC_NOMEM;
	choose_pages(&l, sig, pages);
	for (i = 0; i < l.n && rc == RC_OK; i++)
		rc = compare_page(&c, l.v[i]);
	if (rc != RC_OK)
		return rc;
	qsort(out->pages, out->npages, sizeof(*out->pages), by_number);
	if (out->npages != 0)
		out->status = VISUAL_DIFFERS;
	else if (!c.silent)
		out->status = VISUAL_SAME;
	return RC_OK;
}
