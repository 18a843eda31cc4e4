/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions changed.  change_table.c says what is allowed where;
 * anything else must be the same, as walk.c sees it.
 *
 * Each step from one revision to the next is walked once, for all signatures.
 * What the rules allow in each of two steps they allow in both together; a
 * step that they do not allow is looked at again from the signed revision,
 * which need not know what was changed.  The newest revision is always compared
 * with the signed one.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "change.h"
#include "change_allow.h"
#include "change_part.h"
#include "change_table.h"
#include "fit.h"
#include "page.h"
#include "place.h"
#include "revision.h"
#include "stray.h"

#define MAX_TOTAL (4u * CAP_LIST) /* changes of a document: what a report can carry */

/* A change, with what is asked again for each signature. */
struct change {
	struct pdf_change pub;
	uint32_t shown; /* widget at its place, 0 if none */
	bool loose;     /* its appearance does not stay there */
	bool fresh;
	bool note; /* an annotation that is no widget, and has a drawing of its own */
};

struct list {
	struct change *v;
	size_t n, cap;
	uint64_t once[PDF_MOD_FORM_FILLING + 1]; /* by level: kinds that are told once */
};

/* The step that leads to a revision. */
struct judged {
	size_t section;
	enum pdf_modification level; /* PDF_MOD_NONE: not walked yet */
	struct list list;
};

struct judge {
	struct diff f;
	struct judged *v; /* sections that end a revision, oldest first */
	size_t n;
	size_t total;   /* changes that were handed out */
	uint64_t stray; /* the last object that nothing names, UINT64_MAX if none */
	uint32_t stray_num;
	bool notes;      /* a certification allows annotations */
	bool dug;        /* buried has been looked for */
	uint64_t buried; /* the first one that would replace an object */
	size_t trigger;  /* the last section that makes readers search, SIZE_MAX: not asked */
	uint32_t trigger_num;
};

/* --- one comparison --- */

static void
views(struct diff *f)
{
	struct walk *w = &f->w;
	const struct obj *at = &w->d->sections[w->o].trailer, *bt = &w->d->sections[w->n].trailer;
	const struct obj *araw = obj_get(at, "Root"), *braw = obj_get(bt, "Root"), *a, *b;
	struct root root = {
	    .base = "Root", .index = -1, .level = PDF_MOD_OTHER, .kind = PDF_CHANGE_CATALOG};
	const struct obj *x, *y;

	a = walk_old(w, araw);
	b = walk_new(w, braw);
	if (a->type != OBJ_DICT || b->type != OBJ_DICT) {
		walk_tell(w, &root, 0);
		return;
	}
	if (!page_collect(f, a, b))
		return;
	/* Signatures refer to the catalog (/Data).  The form is not special: what else uses
	 * it must find it as it was. */
	if (revision_equal(araw, braw, 0) && araw->type == OBJ_REF) {
		walk_set_special(w, araw->u.ref.num);
	} else {
		root.level = PDF_MOD_LTA_UPDATES;
		root.kind = PDF_CHANGE_BOOKKEEPING;
		walk_tell(w, &root, braw->type == OBJ_REF ? braw->u.ref.num : 0);
	}
	field_collect(f, a);
	struct_collect(f, a, b);
	field_judge(f, a, b);
	page_judge(f);
	struct_judge(f, a, b);
	walk_dict(w, &table_catalog, root, a, b);
	root.base = "Trailer";
	walk_dict(w, &table_trailer, root, at, bt);
	root.base = "Root/Names";
	x = walk_old(w, obj_get(a, "Names"));
	y = walk_new(w, obj_get(b, "Names"));
	if ((x->type == OBJ_DICT || x->type == OBJ_NULL) &&
	    (y->type == OBJ_DICT || y->type == OBJ_NULL)) {
		walk_dict(w, &table_names, root, x, y);
	} else {
		root.level = PDF_MOD_OTHER;
		root.kind = PDF_CHANGE_CATALOG;
		walk_pend(w, &root, obj_get(a, "Names"), obj_get(b, "Names"));
	}
	walk_run(w);
}

/* The rectangle of an annotation, upright; false if it has none. */
static bool
rectangle(struct diff *f, const struct obj *o, double *rect)
{
	const struct obj *list = walk_new(&f->w, obj_get(o, "Rect"));
	double t;
	uint32_t i;

	if (list->type != OBJ_ARRAY || list->n != 4)
		return false;
	for (i = 0; i < 4; i++)
		rect[i] = obj_number(walk_new(&f->w, &list->u.items[i]), 0);
	for (i = 0; i < 2; i++) {
		if (rect[i] > rect[i + 2]) {
			t = rect[i];
			rect[i] = rect[i + 2];
			rect[i + 2] = t;
		}
	}
	return true;
}

/* What is told once for a revision, wherever it was done. */
static bool
harmless(const struct pdf_change *c)
{
	return c->field == NULL && c->level <= PDF_MOD_FORM_FILLING &&
	       (c->kind == PDF_CHANGE_STRUCTURE || c->kind == PDF_CHANGE_METADATA ||
		   c->kind == PDF_CHANGE_BOOKKEEPING);
}

/* The same thing said twice: two keys of one field, or one fact seen from two revisions. */
static bool
listed(const struct list *l, const struct pdf_change *c)
{
	const struct pdf_change *o;
	size_t i;

	if (harmless(c))
		return (l->once[c->level] & 1ull << c->kind) != 0;
	/* What is said of one field stands together. */
	for (i = l->n; i > 0 && l->n - i < 64; i--) {
		o = &l->v[i - 1].pub;
		if (o->kind != c->kind || o->level != c->level || o->revision != c->revision ||
		    !place_same_text(o->field, c->field) || o->visible != c->visible ||
		    !place_same_spot(&o->place, &c->place))
			continue;
		/* What has no place of its own is told apart by where it is. */
		if (c->field != NULL || (c->place.page != 0 && c->place.has_rect) ||
		    place_same_text(o->place.path, c->place.path))
			return true;
	}
	return false;
}

_Static_assert(PDF_CHANGE__MAX <= 64, "a bit for each kind");

static enum rc
append(struct doc *d, struct list *l, const struct change *c)
{
	enum rc rc = arena_grow(d->arena, &l->v, l->n, &l->cap, sizeof(*l->v));

	if (rc == RC_OK)
		l->v[l->n++] = *c;
	if (harmless(&c->pub))
		l->once[c->pub.level] |= 1ull << c->pub.kind;
	return rc;
}

/* The page that a widget names which no page shows: a reader may believe it. */
static unsigned
meant_page(struct walk *w, const struct obj *widget)
{
	const struct obj *p = obj_get(widget, "P");
	const struct known *k = p->type == OBJ_REF ? walk_known(w, p->u.ref.num) : NULL;

	return k != NULL && k->leaf == w->mark ? k->page : 0;
}

/*
 * An annotation paints what its appearance says, whatever it calls itself; without
 * one, viewers draw an icon, a line or a transparent mark for these.
 */
static bool
draws_itself(struct walk *w, const struct obj *annot)
{
	static const char *const light[] = {
	    "Text", "Link", "Popup", "Highlight", "Underline", "Squiggly", "StrikeOut"};
	const struct obj *sub = walk_new(w, obj_get(annot, "Subtype"));

	return !obj_is_any(sub, light, sizeof(light) / sizeof(light[0])) ||
	       obj_get(annot, "AP")->type != OBJ_NULL;
}

/* What the walk found, in the words of the report. */
static enum rc
translate(struct diff *f, const struct hit *h, struct list *out)
{
	struct walk *w = &f->w;
	const struct root *at = &h->at;
	struct change c = {.shown = at->shown_num, .fresh = at->fresh};
	struct pdf_change *p = &c.pub;
	struct known *k = at->shown_num != 0 ? walk_known(w, at->shown_num) : NULL;

	p->level = at->level;
	p->kind = at->kind;
	p->revision = w->d->sections[w->n].revision;
	p->lock_exempt = at->lock_exempt || (at->level == PDF_MOD_LTA_UPDATES && at->field == 0);
	p->place.object = h->object;
	p->place.path = h->path;
	p->place.page = at->page;
	if (p->place.page == 0 && k != NULL && k->placed == w->mark)
		p->place.page = k->page;
	if (at->shown != NULL) {
		if (p->place.page == 0)
			p->place.page = meant_page(w, at->shown);
		p->place.has_rect = rectangle(f, at->shown, p->place.rect);
		p->visible = at->shown->type == OBJ_DICT && !invisible(w, w->n, at->shown);
		c.loose =
		    p->visible && p->place.has_rect && !fit_holds(w, at->shown, p->place.rect);
		p->place.has_rect &= !c.loose;
		c.note = p->level == PDF_MOD_ANNOTATIONS && at->field == 0 &&
			 (p->kind == PDF_CHANGE_ANNOTATION_ADDED ||
			     p->kind == PDF_CHANGE_ANNOTATION_CHANGED ||
			     p->kind == PDF_CHANGE_ATTACHMENT) &&
			 draws_itself(w, at->shown);
	}
	if (at->field != 0 && (p->field = field_name(f, at->field)) == NULL && !w->d->encrypted)
		p->field = arena_str(w->d->arena, "", 0);
	/* A tree that has other pages has other nodes. */
	if (p->kind == PDF_CHANGE_PAGES_REARRANGED && out->n != 0 &&
	    (out->v[0].pub.kind == PDF_CHANGE_PAGE_ADDED ||
		out->v[0].pub.kind == PDF_CHANGE_PAGE_REMOVED))
		return RC_OK;
	if (listed(out, p))
		return RC_OK;
	return append(w->d, out, &c);
}

/* A revision that changes nothing is told all the same. */
static enum rc
nothing(struct doc *d, size_t section, const char *path, struct list *out)
{
	struct change c;

	memset(&c, 0, sizeof(c));
	c.pub.level = PDF_MOD_LTA_UPDATES;
	c.pub.kind = PDF_CHANGE_BOOKKEEPING;
	c.pub.lock_exempt = true;
	c.pub.revision = d->sections[section].revision;
	if ((c.pub.place.path = arena_str(d->arena, path, strlen(path))) == NULL)
		return RC_NOMEM;
	return append(d, out, &c);
}

/* Compare two views: the level, and everything that differs. */
static enum pdf_modification
compare(struct diff *f, size_t o, size_t n, struct list *out)
{
	struct walk *w = &f->w;
	size_t i;

	w->o = o;
	w->n = n;
	w->ntodo = w->nsteps = w->next = 0;
	w->level = PDF_MOD_LTA_UPDATES;
	w->nhits = 0;
	w->tired = false;
	if (w->npairs != 0)
		memset(w->pairs, 0, w->cap_pairs * sizeof(*w->pairs));
	w->npairs = 0;
	views(f);
	for (i = 0; i < w->nhits && w->rc == RC_OK; i++)
		w->rc = translate(f, &w->hits[i], out);
	if (out->n == 0 && w->rc == RC_OK)
		w->rc = nothing(w->d, n, "Trailer", out);
	return w->level;
}

/* --- one signature --- */

static int
worst_first(const void *va, const void *vb)
{
	const struct pdf_change *a = va, *b = vb;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->revision != b->revision)
		return a->revision < b->revision ? -1 : 1;
	if (a->place.object != b->place.object)
		return a->place.object < b->place.object ? -1 : 1;
	return strcmp(a->place.path, b->place.path);
}

/* Something shows where the signed revision had no empty field that showed. */
static bool
may_cover(struct judge *j, const struct sig *sig, const struct change *c)
{
	static const enum pdf_change_kind kinds[] = {PDF_CHANGE_SIGNATURE_ADDED,
	    PDF_CHANGE_SIGNATURE_FIELD_ADDED, PDF_CHANGE_SIGNATURE_FILLED,
	    PDF_CHANGE_TIMESTAMP_ADDED, PDF_CHANGE_FIELD_VALUE, PDF_CHANGE_FIELD_PROPERTY,
	    PDF_CHANGE_WIDGET};
	struct walk *w = &j->f.w;
	struct obj ref = {.type = OBJ_REF, .u.ref = {c->shown, 0}};
	const struct def *def;
	const struct obj *o;
	size_t i;

	/* Where nobody allowed annotations they are told as such, whatever they cover. */
	if (c->note && j->notes && c->pub.visible)
		return true;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && c->pub.kind != kinds[i]; i++)
		;
	if (i == sizeof(kinds) / sizeof(kinds[0]))
		return false;
	if (!c->pub.visible || c->pub.level == PDF_MOD_OTHER)
		return false;
	if (c->loose)
		return true;
	def = c->shown == 0 || c->fresh ? NULL : revision_def(w->d, sig->section, c->shown);
	if (def == NULL)
		return true;
	ref.u.ref.gen = def->type == DEF_PLAIN ? def->gen : 0;
	return revision_get(w->d, sig->section, &ref, &o) != RC_OK || invisible(w, sig->section, o);
}

/* What can't be told is not known to be harmless. */
static enum rc
full(struct judge *j, struct sig *sig)
{
	struct pdf_sig *pub = &sig->pub;

	if (pub->nchanges == CAP_LIST)
		pub->nchanges--;
	pub->modification = PDF_MOD_OTHER;
	if (pub->nchanges != 0 && pub->changes[pub->nchanges - 1].kind == PDF_CHANGE_OTHER)
		return RC_OK;
	return change_note(j->f.w.d, sig, PDF_CHANGE_OTHER, 0, UINT64_MAX);
}

/* Hand a list over to a signature, behind what it has. */
static enum rc
deliver(struct judge *j, struct sig *sig, const struct list *l)
{
	struct pdf_sig *pub = &sig->pub;
	struct pdf_change *c;
	size_t i;
	enum rc rc;

	for (i = 0; i < l->n; i++) {
		if (pub->nchanges == CAP_LIST || j->total == MAX_TOTAL)
			return full(j, sig);
		rc = arena_grow(j->f.w.d->arena, &pub->changes, pub->nchanges, &sig->cap_changes,
		    sizeof(*pub->changes));
		if (rc != RC_OK)
			return rc;
		c = &pub->changes[pub->nchanges++];
		*c = l->v[i].pub;
		c->may_cover = may_cover(j, sig, &l->v[i]);
		j->total++;
	}
	return RC_OK;
}

/* The step to revision i, walked when it is first asked for. */
static struct judged *
step(struct judge *j, size_t i)
{
	struct judged *s = &j->v[i];

	if (s->level == PDF_MOD_NONE)
		s->level = compare(&j->f, j->v[i - 1].section, s->section, &s->list);
	return s;
}

static enum pdf_modification
worse(enum pdf_modification a, enum pdf_modification b)
{
	return a > b ? a : b;
}

/* An older definition lies behind a newer one. */
static bool
disorder(const struct doc *d, size_t section)
{
	size_t i;

	for (i = 0; i < d->nbackward; i++) {
		if (d->defs[d->backward[i]].section <= section)
			return true;
	}
	return false;
}

/* A section behind the signed one makes readers search for objects. */
static bool
triggered(struct judge *j, const struct sig *sig, enum rc *rc)
{
	*rc = RC_OK;
	if (j->trigger == SIZE_MAX)
		*rc = stray_trigger(j->f.w.d, &j->trigger, &j->trigger_num);
	return *rc == RC_OK && j->trigger > sig->section;
}

/* In what was signed they find something else than it shows. */
static bool
buried(struct judge *j, const struct sig *sig)
{
	if (!j->dug)
		j->buried = stray_first(j->f.w.d);
	j->dug = true;
	return j->buried < pdf_sig_end(&sig->pub) || disorder(j->f.w.d, sig->section);
}

/* What readers see that search for objects; in what was signed, if they begin to only now. */
static enum rc
strays(struct judge *j, struct sig *sig)
{
	struct doc *d = j->f.w.d;
	struct pdf_sig *pub = &sig->pub;
	enum pdf_modification before = pub->modification;
	enum rc rc = RC_OK;

	if (j->stray != UINT64_MAX && j->stray >= pdf_sig_end(pub))
		return change_note(d, sig, PDF_CHANGE_UNREADABLE, j->stray_num, j->stray);
	/* The octets of a mapped document are more than its objects: they come last. */
	if (d->rollback || (d->n <= CAP_SNAPSHOT && !buried(j, sig)) || !triggered(j, sig, &rc) ||
	    !buried(j, sig))
		return rc;
	rc = change_note(d, sig, PDF_CHANGE_UNREADABLE, j->trigger_num, j->buried);
	if (rc != RC_OK)
		return rc;
	/* A document in a document may look like that, too. */
	pub->changes[pub->nchanges - 1].level = PDF_MOD_NOT_ANALYSED;
	pub->modification = worse(before, PDF_MOD_NOT_ANALYSED);
	return RC_OK;
}

static enum rc
judge(struct judge *j, struct sig *sig)
{
	enum pdf_modification level = PDF_MOD_LTA_UPDATES, direct;
	struct judged *s;
	struct list l;
	size_t i, first = 0;
	enum rc rc = RC_OK;
	bool proved = false, same = false;

	while (first < j->n && j->v[first].section < sig->section)
		first++;
	for (i = first + 1; i < j->n && rc == RC_OK && j->f.w.rc == RC_OK; i++) {
		s = step(j, i);
		same = i == first + 1;
		if (s->level < PDF_MOD_NOT_ANALYSED || proved || same) {
			proved |= s->level >= PDF_MOD_NOT_ANALYSED;
			level = worse(level, s->level);
			rc = deliver(j, sig, &s->list);
			continue;
		}
		/* What came after signing was changed: that need not concern the signature. */
		memset(&l, 0, sizeof(l));
		direct = compare(&j->f, j->v[first].section, s->section, &l);
		same = true;
		proved = direct >= PDF_MOD_NOT_ANALYSED;
		level = worse(level, direct);
		rc = deliver(j, sig, proved ? &s->list : &l);
	}
	if (!same && !proved && rc == RC_OK && j->f.w.rc == RC_OK && j->n > first + 1) {
		memset(&l, 0, sizeof(l));
		direct = compare(&j->f, j->v[first].section, j->v[j->n - 1].section, &l);
		if (direct > level)
			rc = deliver(j, sig, &l);
		level = worse(level, direct);
	}
	/* White space behind the last revision. */
	if (rc == RC_OK && j->f.w.rc == RC_OK && sig->pub.nchanges == 0) {
		memset(&l, 0, sizeof(l));
		rc = nothing(j->f.w.d, j->v[j->n - 1].section, "end of file", &l);
		if (rc == RC_OK)
			rc = deliver(j, sig, &l);
	}
	sig->pub.modification = worse(sig->pub.modification, level);
	if (rc == RC_OK)
		rc = strays(j, sig);
	return rc != RC_OK ? rc : j->f.w.rc;
}

static bool
is_judged(const struct sig *sig)
{
	return sig->pub.modification != PDF_MOD_NONE && sig->section != SIZE_MAX;
}

enum rc
change_judge(struct doc *d, struct sigs *sigs)
{
	struct judge j = {.f = {.w = {.d = d}}};
	struct walk *w = &j.f.w;
	struct pdf_sig *pub;
	uint64_t from = UINT64_MAX, e;
	enum rc rc = RC_OK;
	size_t i;

	for (i = 0; i < sigs->n; i++) {
		e = pdf_sig_end(&sigs->v[i]->pub);
		if (is_judged(sigs->v[i]) && e < from)
			from = e;
	}
	if (from == UINT64_MAX)
		return RC_OK;
	/* Where an older state is shown again, all that is newer is named by nothing. */
	j.stray = d->rollback ? UINT64_MAX : stray_last(d, from, &j.stray_num);
	j.trigger = SIZE_MAX;
	j.v = arena_array(d->arena, d->nsections, sizeof(*j.v));
	w->known = calloc((size_t)d->nnums + 1, sizeof(*w->known));
	if (j.v == NULL || w->known == NULL) {
		rc = RC_NOMEM;
		goto out;
	}
	for (i = 0; i < sigs->n; i++)
		j.notes |= sigs->v[i]->pub.certifies && sigs->v[i]->pub.docmdp == 3;
	for (i = 0; i < d->nsections; i++) {
		if (i + 1 == d->nsections || d->sections[i + 1].revision != d->sections[i].revision)
			j.v[j.n++].section = i;
	}
	for (i = 0; i < sigs->n && rc == RC_OK; i++) {
		pub = &sigs->v[i]->pub;
		if (!is_judged(sigs->v[i]))
			continue;
		/* Nothing is known of it but that it is not the end. */
		if (pub->modification == PDF_MOD_NOT_ANALYSED)
			pub->modification = PDF_MOD_LTA_UPDATES;
		rc = judge(&j, sigs->v[i]);
		if (rc == RC_OK && pub->nchanges != 0)
			qsort(pub->changes, pub->nchanges, sizeof(*pub->changes), worst_first);
	}
out:
	free(w->known);
	free(w->pairs);
	return rc;
}

enum rc
change_note(
    struct doc *d, struct sig *sig, enum pdf_change_kind kind, uint32_t object, uint64_t off)
{
	struct pdf_sig *pub = &sig->pub;
	struct pdf_change *c;
	enum rc rc;

	rc = arena_grow(d->arena, &pub->changes, pub->nchanges, &sig->cap_changes, sizeof(*c));
	if (rc != RC_OK)
		return rc;
	c = &pub->changes[pub->nchanges];
	memset(c, 0, sizeof(*c));
	c->level = PDF_MOD_OTHER;
	c->kind = kind;
	c->revision = d->nrevisions;
	c->place.object = object;
	c->place.path = off == UINT64_MAX
			    ? arena_str(d->arena, "end of file", 11)
			    : arena_printf(d->arena, "offset %llu", (unsigned long long)off);
	if (c->place.path == NULL)
		return RC_NOMEM;
	pub->nchanges++;
	pub->modification = PDF_MOD_OTHER;
	return RC_OK;
}
