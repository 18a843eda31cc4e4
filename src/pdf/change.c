/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What later revisions changed.  Where a table below allows a difference it has
 * a level; anything else must be the same, as walk.c sees it.
 *
 * Each step from one revision to the next is walked once, for all signatures;
 * what the rules allow in each of two steps they allow in both together.  A
 * signature's revision is compared directly with the newest one, and with the
 * first one that does not pass.
 */
#include <stdlib.h>
#include <string.h>

#include "caps.h"
#include "change.h"
#include "dss.h"
#include "page.h"
#include "revision.h"
#include "stream.h"
#include "walk.h"

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/* --- conditions --- */

/*
 * The catalog or a field may at the same time be where a page takes its pictures or
 * fonts from: what may differ in them must be nothing that a page can draw with.
 */
static bool
only_keys(const struct obj *o, const char *const *keys, size_t n)
{
	uint32_t i;
	size_t k;

	if (o->type == OBJ_NULL)
		return true;
	if (!obj_is_dict(o) || o->dup_key)
		return false;
	for (i = 0; i < o->n; i++) {
		for (k = 0; k < n && !bytes_are(o->u.d.pairs[i].key, keys[k]); k++)
			;
		if (k == n)
			return false;
	}
	return true;
}

/* Metadata by its /Subtype: no form, no image. */
static bool
xml_stream(struct doc *d, size_t section, const struct obj *o)
{
	const struct obj *sub;

	return revision_key(d, section, o, "Subtype", &sub) == RC_OK &&
	       (sub->type == OBJ_NULL || obj_is_name(sub, "XML"));
}

/* XMP that brings no document type of its own, where entities would be declared. */
static bool
plain_metadata(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Subtype", "Length", "Filter", "DecodeParms"};
	struct pdf_bytes xmp;
	size_t i;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (!only_keys(a, keys, NITEMS(keys)) || !only_keys(b, keys, NITEMS(keys)) ||
	    !xml_stream(w->d, w->o, a) || !xml_stream(w->d, w->n, b) || b->type != OBJ_STREAM ||
	    stream_decode(w->d, w->n, b, &xmp) != RC_OK)
		return false;
	for (i = 0; i + 1 < xmp.len; i++) {
		if (xmp.p[i] == 0 || (xmp.p[i] == '<' && xmp.p[i + 1] == '!' &&
					 (i + 3 >= xmp.len || memcmp(xmp.p + i, "<!--", 4) != 0)))
			return false;
	}
	return true;
}

/* Validation data may be added and dropped, the store itself not. */
static bool
dss_update(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	if (!dss_clean(w->d, w->n, b))
		return false;
	return obj_get(a, "VRI")->type == OBJ_NULL || obj_get(b, "VRI")->type != OBJ_NULL;
}

static bool
version_name(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return (a->type == OBJ_NULL ||
		   (a->type == OBJ_NAME && a->u.s.len == 3 && a->u.s.p[1] == '.')) &&
	       b->type == OBJ_NAME && b->u.s.len == 3 && b->u.s.p[1] == '.';
}

static bool
mark_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Marked", "UserProperties", "Suspects"};

	a = walk_old(w, a);
	b = walk_new(w, b);
	return a->type != OBJ_STREAM && b->type != OBJ_STREAM && only_keys(a, keys, NITEMS(keys)) &&
	       only_keys(b, keys, NITEMS(keys));
}

/* By developers' prefixes of four letters (ISO 32000-2, Annex E); /Font is none. */
static bool
prefixed(const struct obj *o)
{
	uint32_t i;

	if (o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (o->u.d.pairs[i].key.len != 4 || bytes_are(o->u.d.pairs[i].key, "Font"))
			return false;
	}
	return !o->dup_key;
}

static bool
extensions(struct walk *w, const struct obj *a, const struct obj *b)
{
	return prefixed(walk_old(w, a)) && prefixed(walk_new(w, b));
}

/* Each application's own data, and when it was written. */
static bool
pieces(struct doc *d, size_t section, const struct obj *raw)
{
	static const char *const keys[] = {"LastModified", "Private"};
	const struct obj *o, *one;
	uint32_t i;

	if (revision_get(d, section, raw, &o) != RC_OK || o->type != OBJ_DICT)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (revision_get(d, section, &o->u.d.pairs[i].val, &one) != RC_OK ||
		    one->type != OBJ_DICT || !only_keys(one, keys, NITEMS(keys)))
			return false;
	}
	return !o->dup_key;
}

static bool
piece_info(struct walk *w, const struct obj *a, const struct obj *b)
{
	return pieces(w->d, w->o, a) && pieces(w->d, w->n, b);
}

/* Judged by walks of their own. */
static bool
elsewhere(struct walk *w, const struct obj *a, const struct obj *b)
{
	(void)w;
	return a->type != OBJ_NULL || b->type != OBJ_NULL;
}

/* SigFlags: bits are only added (SignaturesExist, AppendOnly). */
static bool
flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	return ((a->type == OBJ_INT ? a->u.i : 0) & ~b->u.i) == 0 && (b->u.i & ~3LL) == 0;
}

/* The F of a signed field: Print, ReadOnly, Locked, LockedContents may be set. */
static bool
annot_flags_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	int64_t x, y;

	a = walk_old(w, a);
	b = walk_new(w, b);
	if (b->type != OBJ_INT || (a->type != OBJ_INT && a->type != OBJ_NULL))
		return false;
	x = a->type == OBJ_INT ? a->u.i : 0;
	y = b->u.i;
	return (x & ~y) == 0 && ((y & ~x) & ~(4LL | 64 | 128 | 512)) == 0;
}

static bool
plain_value(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return (a->type == OBJ_NULL || a->type == OBJ_INT || a->type == OBJ_STRING) &&
	       (b->type == OBJ_NULL || b->type == OBJ_INT || b->type == OBJ_STRING);
}

static bool
annot_type(struct walk *w, const struct obj *a, const struct obj *b)
{
	a = walk_old(w, a);
	b = walk_new(w, b);
	return (a->type == OBJ_NULL || obj_is_name(a, "Annot")) &&
	       (b->type == OBJ_NULL || obj_is_name(b, "Annot"));
}

static bool
appearance(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"N", "R", "D"};

	a = walk_old(w, a);
	b = walk_new(w, b);
	return a->type != OBJ_STREAM && b->type != OBJ_STREAM && only_keys(a, keys, NITEMS(keys)) &&
	       only_keys(b, keys, NITEMS(keys));
}

static bool
lock_added(struct walk *w, const struct obj *a, const struct obj *b)
{
	static const char *const keys[] = {"Type", "Action", "Fields", "P"};

	b = walk_new(w, b);
	return a->type == OBJ_NULL && b->type == OBJ_DICT && only_keys(b, keys, NITEMS(keys));
}

/* --- the tables: ISO 32000-2 by place, what an LTA update may touch --- */

static const struct rule trailer_rules[] = {
    {"Root", elsewhere, PDF_MOD_LTA_UPDATES},
    {"Info", NULL, PDF_MOD_LTA_UPDATES},
    {"ID", NULL, PDF_MOD_LTA_UPDATES},
    {"Size", NULL, PDF_MOD_LTA_UPDATES},
    {"Prev", NULL, PDF_MOD_LTA_UPDATES},
    {"XRefStm", NULL, PDF_MOD_LTA_UPDATES},
    {"Type", NULL, PDF_MOD_LTA_UPDATES},
    {"W", NULL, PDF_MOD_LTA_UPDATES},
    {"Index", NULL, PDF_MOD_LTA_UPDATES},
    {"Length", NULL, PDF_MOD_LTA_UPDATES},
    {"Filter", NULL, PDF_MOD_LTA_UPDATES},
    {"DecodeParms", NULL, PDF_MOD_LTA_UPDATES},
    {"AdditionalStreams", NULL, PDF_MOD_LTA_UPDATES},
    {"DocChecksum", NULL, PDF_MOD_LTA_UPDATES},
};

static const struct rule catalog_rules[] = {
    {"Version", version_name, PDF_MOD_LTA_UPDATES},
    {"Extensions", extensions, PDF_MOD_LTA_UPDATES},
    {"MarkInfo", mark_info, PDF_MOD_LTA_UPDATES},
    {"PieceInfo", piece_info, PDF_MOD_LTA_UPDATES},
    {"Metadata", plain_metadata, PDF_MOD_LTA_UPDATES},
    {"DSS", dss_update, PDF_MOD_LTA_UPDATES},
    {"AcroForm", elsewhere, PDF_MOD_LTA_UPDATES},
};

static const struct rule form_rules[] = {
    {"Fields", elsewhere, PDF_MOD_LTA_UPDATES},
    {"SigFlags", flags_added, PDF_MOD_LTA_UPDATES},
};

static const struct rule page_rules[] = {
    {"Annots", elsewhere, PDF_MOD_LTA_UPDATES},
};

static const struct rule signed_rules[] = {
    {"Ff", plain_value, PDF_MOD_LTA_UPDATES},
    {"Type", annot_type, PDF_MOD_LTA_UPDATES},
    {"F", annot_flags_added, PDF_MOD_LTA_UPDATES},
};

/* An invisible field that was prepared for a document timestamp and now has it. */
static const struct rule stamped_rules[] = {
    {"V", NULL, PDF_MOD_LTA_UPDATES},
    {"AP", appearance, PDF_MOD_LTA_UPDATES},
    {"F", plain_value, PDF_MOD_LTA_UPDATES},
    {"DA", plain_value, PDF_MOD_LTA_UPDATES},
    {"Q", plain_value, PDF_MOD_LTA_UPDATES},
    {"Ff", plain_value, PDF_MOD_LTA_UPDATES},
    {"Type", annot_type, PDF_MOD_LTA_UPDATES},
    {"Lock", lock_added, PDF_MOD_LTA_UPDATES},
};

/* --- fields --- */

/* Nothing of the widget shows. */
static bool
invisible(struct walk *w, const struct obj *field)
{
	const struct obj *rect = walk_new(w, obj_get(field, "Rect")), *f;
	bool drawn = obj_get(field, "AP")->type != OBJ_NULL, wide, high;
	double v[4];
	uint32_t i;

	if (rect->type == OBJ_NULL)
		return obj_get(field, "Kids")->type == OBJ_NULL && !drawn;
	if (rect->type != OBJ_ARRAY || rect->n != 4)
		return false;
	for (i = 0; i < 4; i++)
		v[i] = obj_number(walk_new(w, &rect->u.items[i]), 1e9 * (i + 1.0));
	wide = v[0] < v[2] || v[0] > v[2];
	high = v[1] < v[3] || v[1] > v[3];
	/* An appearance without area in one direction can still be a line through a text. */
	if ((!wide && !high) || ((!wide || !high) && !drawn))
		return true;
	f = walk_new(w, obj_get(field, "F"));
	/* Hidden; or NoView, and neither Print nor ToggleNoView, which show it elsewhere. */
	return f->type == OBJ_INT &&
	       ((f->u.i & 2) != 0 || ((f->u.i & 32) != 0 && (f->u.i & (4 | 256)) == 0));
}

static bool
is_new(struct walk *w, const struct obj *ref)
{
	return ref->type == OBJ_REF && revision_def(w->d, w->o, ref->u.ref.num) == NULL;
}

/* A value that is a document timestamp and was not there before. */
static bool
new_timestamp(struct walk *w, const struct obj *ref)
{
	static const char *const keys[] = {"Type", "Filter", "SubFilter", "Contents", "ByteRange",
	    "Cert", "Reference", "Changes", "Name", "M", "Location", "Reason", "ContactInfo", "R",
	    "V", "Prop_Build", "Prop_AuthTime", "Prop_AuthType"};
	const struct obj *v;

	if (!is_new(w, ref))
		return false;
	v = walk_new(w, ref);
	return v->type == OBJ_DICT && only_keys(v, keys, NITEMS(keys)) &&
	       obj_is_name(walk_new(w, obj_get(v, "SubFilter")), "ETSI.RFC3161") &&
	       obj_get(v, "ByteRange")->type == OBJ_ARRAY &&
	       obj_get(v, "Contents")->type == OBJ_STRING;
}

/* The partial name is one that the old form does not have. */
static bool
new_name(struct walk *w, const struct obj *field, const struct obj *old_fields)
{
	const struct obj *t = walk_new(w, obj_get(field, "T")), *other;
	uint32_t i;

	if (t->type != OBJ_STRING || t->u.s.len == 0 || memchr(t->u.s.p, '.', t->u.s.len) != NULL)
		return false;
	for (i = 0; old_fields->type == OBJ_ARRAY && i < old_fields->n; i++) {
		other = walk_old(w, obj_get(walk_old(w, &old_fields->u.items[i]), "T"));
		if (!doc_step(w->d) || (other->type == OBJ_STRING && bytes_eq(other->u.s, t->u.s)))
			return false;
	}
	return true;
}

static bool
new_field(struct walk *w, const struct obj *ref, const struct obj *old_fields)
{
	/* What ISO 32000 lists for signature fields and their widgets; /DR was in PDF 1.2. */
	static const char *const keys[] = {"Type", "Subtype", "FT", "T", "TU", "TM", "Ff", "V", "F",
	    "Rect", "P", "AP", "AS", "MK", "BS", "Border", "H", "DA", "DR", "Q", "Lock", "SV", "NM",
	    "M"};
	const struct obj *f, *p;
	uint32_t i;
	size_t k;

	if (!is_new(w, ref))
		return false;
	f = walk_new(w, ref);
	if (f->type != OBJ_DICT || f->dup_key ||
	    !obj_is_name(walk_new(w, obj_get(f, "FT")), "Sig") || !invisible(w, f) ||
	    !new_name(w, f, old_fields))
		return false;
	for (i = 0; i < f->n; i++) {
		for (k = 0; k < NITEMS(keys) && !bytes_are(f->u.d.pairs[i].key, keys[k]); k++)
			;
		if (k == NITEMS(keys) && f->u.d.pairs[i].val.type != OBJ_NULL)
			return false;
	}
	p = obj_get(f, "P");
	if (p->type != OBJ_NULL && (p->type != OBJ_REF || !walk_special(w, p->u.ref.num)))
		return false;
	return obj_get(f, "V")->type == OBJ_NULL || new_timestamp(w, obj_get(f, "V"));
}

static bool
is_sig(struct walk *w, const struct obj *f)
{
	return obj_is_name(walk_old(w, obj_get(f, "FT")), "Sig");
}

/* One node of the old field tree in both views. */
static void
field_pair(struct walk *w, const struct obj *ref, int64_t index)
{
	struct step st = {.base = "Root/AcroForm/Fields", .index = index, .b = ref->u.ref.num};
	struct def *da = NULL, *db = NULL;
	struct node *a = NULL, *b = NULL;
	const struct rule *rules = NULL;
	size_t nrules = 0;

	if (walk_node(w, w->o, ref->u.ref.num, ref->u.ref.gen, &a, &da) != RC_OK ||
	    walk_node(w, w->n, ref->u.ref.num, ref->u.ref.gen, &b, &db) != RC_OK || a == NULL ||
	    b == NULL || a->obj.type != OBJ_DICT || b->obj.type != OBJ_DICT) {
		if (da != db)
			walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	st.b = 0;
	if (a == b) {
		walk_follow(w, a, st, SIZE_MAX);
		return;
	}
	if (is_sig(w, &a->obj)) {
		if (obj_get(&a->obj, "V")->type != OBJ_NULL) {
			rules = signed_rules;
			nrules = NITEMS(signed_rules);
		} else if (invisible(w, &b->obj) && new_timestamp(w, obj_get(&b->obj, "V"))) {
			rules = stamped_rules;
			nrules = NITEMS(stamped_rules);
		}
	}
	walk_dict(w, rules, nrules, st.base, index, &a->obj, &b->obj);
}

struct todo {
	const struct obj **v;
	size_t n, cap;
};

/* All nodes of the old field tree, which are then judged by field_pair() only. */
static void
field_nodes(struct walk *w, const struct obj *list, struct todo *t)
{
	const struct obj *kids, *ref;
	uint32_t i;
	size_t next = t->n;

	for (;;) {
		for (i = 0; list->type == OBJ_ARRAY && i < list->n; i++) {
			ref = &list->u.items[i];
			if (ref->type != OBJ_REF || ref->u.ref.num >= w->d->nnums)
				continue;
			/* Another generation of a field names nothing, and is not the field. */
			if (walk_old(w, ref)->type == OBJ_DICT) {
				if (walk_special(w, ref->u.ref.num))
					continue;
				w->special[ref->u.ref.num] = w->mark;
			}
			w->rc = arena_grow(w->d->arena, &t->v, t->n, &t->cap, sizeof(*t->v));
			if (w->rc != RC_OK || !doc_step(w->d))
				return;
			t->v[t->n++] = ref;
		}
		if (next == t->n)
			return;
		kids = obj_get(walk_old(w, t->v[next++]), "Kids");
		list = walk_old(w, kids);
	}
}

/* Old fields stay in their order; between and behind them only allowed new ones. */
static void
field_list(struct walk *w, const struct obj *a, const struct obj *b)
{
	struct step st = {.base = "Root/AcroForm/Fields", .index = -1};
	const struct obj *ref;
	uint32_t i = 0, k;

	for (k = 0; b->type == OBJ_ARRAY && k < b->n && w->rc == RC_OK; k++) {
		ref = &b->u.items[k];
		if (a->type == OBJ_ARRAY && i < a->n && ref->type == OBJ_REF &&
		    revision_equal(&a->u.items[i], ref, 0)) {
			i++;
			continue;
		}
		st.index = k;
		st.b = ref->type == OBJ_REF ? ref->u.ref.num : 0;
		if (new_field(w, ref, a)) {
			w->added[ref->u.ref.num] = w->mark;
		} else {
			walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
			return;
		}
	}
	if (a->type == OBJ_ARRAY && i < a->n)
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
form_pair(struct walk *w, const struct obj *oroot, const struct obj *nroot)
{
	const struct obj *a = walk_old(w, obj_get(oroot, "AcroForm"));
	const struct obj *b = walk_new(w, obj_get(nroot, "AcroForm"));
	struct step st = {.base = "Root/AcroForm", .index = -1};
	struct todo t = {NULL, 0, 0};
	size_t i;

	if (a->type == OBJ_NULL && b->type == OBJ_NULL)
		return;
	if (b->type != OBJ_DICT || (a->type != OBJ_DICT && a->type != OBJ_NULL)) {
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	field_nodes(w, walk_old(w, obj_get(a, "Fields")), &t);
	field_list(w, walk_old(w, obj_get(a, "Fields")), walk_new(w, obj_get(b, "Fields")));
	walk_dict(w, form_rules, NITEMS(form_rules), st.base, -1, a, b);
	for (i = 0; i < t.n && w->rc == RC_OK; i++)
		field_pair(w, t.v[i], (int64_t)i);
}

/* --- pages --- */

/* Old annotations stay; between and behind them only the widgets of allowed new fields. */
static void
annots_pair(struct walk *w, const struct obj *araw, const struct obj *braw, int64_t index)
{
	const struct obj *a = walk_old(w, araw), *b = walk_new(w, braw), *ref;
	struct step st = {.base = "Root/Pages/Kids",
	    .index = index,
	    .key = {(const uint8_t *)"Annots", strlen("Annots")}};
	uint32_t i = 0, k;

	if (a->type != OBJ_ARRAY && a->type != OBJ_NULL) {
		if (!walk_same(w, araw, braw, st, SIZE_MAX, 0))
			walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	for (k = 0; b->type == OBJ_ARRAY && k < b->n; k++) {
		ref = &b->u.items[k];
		if (ref->type == OBJ_REF && ref->u.ref.num < w->d->nnums &&
		    w->added[ref->u.ref.num] == w->mark)
			continue;
		if (a->type != OBJ_ARRAY || i == a->n ||
		    (ref->type != OBJ_REF && ref->type != OBJ_DICT) ||
		    !walk_same(w, &a->u.items[i], ref, st, SIZE_MAX, 0) ||
		    (ref->type == OBJ_REF && !revision_equal(&a->u.items[i], ref, 0))) {
			st.b = ref->type == OBJ_REF ? ref->u.ref.num : 0;
			walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
			return;
		}
		i++;
	}
	if ((a->type == OBJ_ARRAY && i < a->n) || (b->type != OBJ_ARRAY && b->type != OBJ_NULL))
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
}

static void
page_pair(struct walk *w, uint32_t num, int64_t index)
{
	struct step st = {.base = "Root/Pages/Kids", .index = index, .b = num};
	struct def *da = revision_def(w->d, w->o, num), *db = revision_def(w->d, w->n, num);
	struct node *a, *b;

	if (da == NULL || db == NULL || revision_node(w->d, w->o, da, &a) != RC_OK ||
	    revision_node(w->d, w->n, db, &b) != RC_OK || b->obj.type != OBJ_DICT ||
	    (da->type == DEF_PLAIN ? da->gen : 0) != (db->type == DEF_PLAIN ? db->gen : 0)) {
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	st.b = 0;
	if (a == b && obj_get(&a->obj, "Annots")->type != OBJ_REF) {
		walk_follow(w, a, st, SIZE_MAX);
		return;
	}
	walk_dict(w, page_rules, NITEMS(page_rules), st.base, index, &a->obj, &b->obj);
	annots_pair(w, obj_get(&a->obj, "Annots"), obj_get(&b->obj, "Annots"), index);
}

/* --- the whole --- */

static void
views(struct walk *w)
{
	const struct obj *at = &w->d->sections[w->o].trailer, *bt = &w->d->sections[w->n].trailer;
	const struct obj *araw = obj_get(at, "Root"), *braw = obj_get(bt, "Root"), *a, *b;
	struct step st = {.base = "Root", .index = -1};
	size_t i;

	a = walk_old(w, araw);
	b = walk_new(w, braw);
	if (a->type != OBJ_DICT || b->type != OBJ_DICT || page_list(w->d, w->o) != RC_OK) {
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
		return;
	}
	w->mark = ++w->d->mark;
	/* The page tree is walked node by node: its root must be the same one. */
	if (!revision_equal(obj_get(a, "Pages"), obj_get(b, "Pages"), 0)) {
		st.key.p = (const uint8_t *)"Pages";
		st.key.len = strlen("Pages");
		walk_differs(w, &st, PDF_MOD_NOT_ANALYSED);
	}
	/* Signatures refer to the catalog (/Data).  The form is not special: what else uses
	 * it must find it as it was. */
	if (revision_equal(araw, braw, 0) && araw->type == OBJ_REF && araw->u.ref.num < w->d->nnums)
		w->special[araw->u.ref.num] = w->mark;
	for (i = 0; i < w->d->tree.n; i++)
		w->special[w->d->tree.num[i]] = w->mark;
	walk_dict(w, trailer_rules, NITEMS(trailer_rules), "Trailer", -1, at, bt);
	form_pair(w, a, b);
	walk_dict(w, catalog_rules, NITEMS(catalog_rules), "Root", -1, a, b);
	for (i = 0; i < w->d->tree.n && w->rc == RC_OK; i++)
		page_pair(w, w->d->tree.num[i], (int64_t)i);
	walk_drain(w);
}

/* Compare two views; the level, and the changes that no rule allows. */
static enum pdf_modification
compare(struct walk *w, size_t o, size_t n)
{
	w->o = o;
	w->n = n;
	w->nsteps = w->next = 0;
	w->level = PDF_MOD_LTA_UPDATES;
	w->changes = NULL;
	w->nchanges = w->cap_changes = 0;
	if (w->npairs != 0)
		memset(w->pairs, 0, w->cap_pairs * sizeof(*w->pairs));
	w->npairs = 0;
	views(w);
	return w->level;
}

/* The sections that end a revision, oldest first, and the level of each step to one. */
struct steps {
	size_t *section;
	uint8_t *level; /* of the step that leads here; 0 if not walked yet */
	size_t n;
};

static void
judge(struct walk *w, struct steps *r, struct sig *sig)
{
	enum pdf_modification level = PDF_MOD_LTA_UPDATES;
	size_t i, first = 0;

	while (first < r->n && r->section[first] < sig->section)
		first++;
	/* As long as each step is harmless, so is their sum; from the first one that is
	 * not, the signed revision itself is compared. */
	for (i = first + 1; i < r->n && w->rc == RC_OK; i++) {
		if (r->level[i] == 0)
			r->level[i] = (uint8_t)compare(w, r->section[i - 1], r->section[i]);
		if (r->level[i] != PDF_MOD_LTA_UPDATES)
			break;
	}
	if (i == r->n && i > first + 2)
		i--;
	for (; i < r->n && w->rc == RC_OK && level == PDF_MOD_LTA_UPDATES; i++)
		level = compare(w, r->section[first], r->section[i]);
	sig->pub.modification = level;
	if (level != PDF_MOD_LTA_UPDATES) {
		sig->pub.changes = w->changes;
		sig->pub.nchanges = w->nchanges;
	}
}

enum rc
change_judge(struct doc *d, struct sigs *sigs)
{
	struct walk w = {.d = d};
	struct steps r = {NULL, NULL, 0};
	enum rc rc = RC_NOMEM;
	size_t i;

	r.section = arena_array(d->arena, d->nsections, sizeof(*r.section));
	r.level = arena_array(d->arena, d->nsections, sizeof(*r.level));
	w.special = calloc((size_t)d->nnums + 1, sizeof(*w.special));
	w.added = calloc((size_t)d->nnums + 1, sizeof(*w.added));
	if (r.section == NULL || r.level == NULL || w.special == NULL || w.added == NULL)
		goto out;
	for (i = 0; i < d->nsections; i++) {
		if (i + 1 == d->nsections || d->sections[i + 1].revision != d->sections[i].revision)
			r.section[r.n++] = i;
	}
	rc = RC_OK;
	for (i = 0; i < sigs->n && rc == RC_OK; i++) {
		if (sigs->v[i]->pub.modification != PDF_MOD_NOT_ANALYSED ||
		    sigs->v[i]->section == SIZE_MAX)
			continue;
		judge(&w, &r, sigs->v[i]);
		rc = w.rc;
	}
out:
	free(w.special);
	free(w.added);
	free(w.pairs);
	return rc;
}
