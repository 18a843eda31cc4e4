/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signature fields (ISO 32000-2, 12.7.5.5 and 12.8) over all revisions: a
 * later catalog without a form must not hide what was signed before.
 */
#include <string.h>

#include "byterange.h"
#include "caps.h"
#include "page.h"
#include "revision.h"
#include "sigfield.h"
#include "text.h"
#include "when.h"

/* One level of the field tree on the way to a field. */
struct level {
	const struct level *up;
	const struct obj *dict;
	unsigned depth;
};

struct item {
	const struct obj *ref;
	const struct level *up;
};

struct walk {
	struct doc *d;
	struct sigs *sigs;
	size_t section;
	struct item *todo;
	size_t n, cap;
	unsigned fields; /* of this view */
};

void
sig_fail(struct doc *d, struct sig *sig, enum pdf_rule rule, uint64_t off, bool fatal)
{
	struct pdf_finding f = {.rule = rule, .fatal = fatal, .off = off};

	finding_add(d->arena, &sig->pub.findings, &sig->pub.nfindings, &sig->cap_findings, &f);
}

/* --- the dictionary --- */

static enum pdf_subfilter
subfilter(const struct obj *o)
{
	static const struct {
		const char *name;
		enum pdf_subfilter value;
	} known[] = {
	    {"ETSI.CAdES.detached", PDF_SF_CADES},
	    {"adbe.pkcs7.detached", PDF_SF_PKCS7},
	    {"adbe.pkcs7.sha1", PDF_SF_PKCS7_SHA1},
	    {"adbe.x509.rsa_sha1", PDF_SF_X509_SHA1},
	    {"ETSI.RFC3161", PDF_SF_RFC3161},
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (obj_is_name(o, known[i].name))
			return known[i].value;
	}
	return PDF_SF_OTHER;
}

static bool
known_filter(const struct obj *o)
{
	return obj_is_name(o, "Adobe.PPKLite") || obj_is_name(o, "Adobe.PPKMS") ||
	       obj_is_name(o, "Entrust.PPKEF") || obj_is_name(o, "CICI.SignIt") ||
	       obj_is_name(o, "VeriSign.PPKVS");
}

/* D3: four plain integers, written in the dictionary itself. */
static void
byte_range(struct doc *d, struct sig *sig)
{
	const struct obj *o = obj_get(sig->dict, "ByteRange");
	bool plain = true;
	uint32_t i;

	if (o->type != OBJ_ARRAY || o->n != 4) {
		sig_fail(d, sig, PDF_D3_DIRECT, sig->off, true);
		return;
	}
	for (i = 0; i < 4; i++) {
		if (o->u.items[i].type != OBJ_INT) {
			sig_fail(d, sig, PDF_D3_DIRECT, sig->off, true);
			return;
		}
		plain &= o->u.items[i].plain;
	}
	if (!plain)
		sig_fail(d, sig, PDF_D3_DIRECT, sig->off, true);
	for (i = 0; i < 4; i++)
		sig->pub.byte_range[i] = o->u.items[i].u.i;
	sig->pub.has_byte_range = true;
}

static enum rc
text(struct doc *d, struct sig *sig, const char *key, char **out)
{
	const struct obj *o;

	*out = NULL;
	if (doc_sealed(d) || revision_key(d, sig->seen, sig->dict, key, &o) != RC_OK ||
	    o->type != OBJ_STRING)
		return RC_OK;
	*out = text_utf8(d->arena, o->u.s);
	return *out == NULL ? RC_NOMEM : RC_OK;
}

static void
first_cert(struct doc *d, struct sig *sig)
{
	const struct obj *o;

	if (revision_key(d, sig->seen, sig->dict, "Cert", &o) != RC_OK)
		return;
	sig->pub.cert_present = o->type != OBJ_NULL;
	if (o->type == OBJ_ARRAY && o->n > 0 &&
	    revision_get(d, sig->seen, &o->u.items[0], &o) != RC_OK)
		return;
	if (o->type == OBJ_STRING && !doc_sealed(d))
		sig->pub.cert = o->u.s;
}

/* D3, D5, D6, D7 and what the dictionary claims. */
static enum rc
dictionary(struct doc *d, struct sig *sig)
{
	const struct obj *dict = sig->dict, *o;
	struct pdf_sig *pub = &sig->pub;
	enum rc rc;

	if (dict->dup_key)
		sig_fail(d, sig, PDF_S8_DUPLICATE_KEY, sig->off, true);
	if (dict->comment)
		sig_fail(d, sig, PDF_D4_COMMENT, sig->off, false);
	byte_range(d, sig);
	o = obj_get(dict, "Contents");
	if (o->type == OBJ_STRING)
		pub->contents = o->u.s;
	if (o->type != OBJ_STRING || !o->hex)
		sig_fail(d, sig, PDF_D3_DIRECT, sig->off, true);
	if (revision_key(d, sig->seen, dict, "Type", &o) != RC_OK ||
	    (o->type != OBJ_NULL && !obj_is_name(o, "Sig") && !obj_is_name(o, "DocTimeStamp")))
		sig_fail(d, sig, PDF_D5_TYPE, sig->off, true);
	pub->says_sig = obj_is_name(o, "Sig");
	if (revision_key(d, sig->seen, dict, "SubFilter", &o) != RC_OK)
		o = &obj_null;
	pub->sub_filter = subfilter(o);
	pub->is_timestamp = pub->sub_filter == PDF_SF_RFC3161;
	if (o->type == OBJ_NAME &&
	    (pub->sub_filter_name = text_printable(d->arena, o->u.s)) == NULL)
		return RC_NOMEM;
	if (pub->sub_filter == PDF_SF_OTHER)
		sig_fail(d, sig, PDF_D6_SUBFILTER, sig->off, true);
	if (revision_key(d, sig->seen, dict, "Filter", &o) != RC_OK)
		o = &obj_null;
	pub->filter_present = o->type == OBJ_NAME;
	if (!pub->filter_present || !known_filter(o))
		sig_fail(d, sig, PDF_D7_FILTER, sig->off, !pub->filter_present);
	if (revision_key(d, sig->seen, dict, "M", &o) != RC_OK)
		o = &obj_null;
	pub->m_present = o->type != OBJ_NULL;
	if (o->type == OBJ_STRING && !doc_sealed(d))
		(void)when_parse_pdf(o->u.s.p, o->u.s.len, &pub->m);
	pub->reason_present = obj_get(dict, "Reason")->type != OBJ_NULL;
	first_cert(d, sig);
	if ((rc = text(d, sig, "Reason", &pub->reason)) != RC_OK ||
	    (rc = text(d, sig, "Location", &pub->location)) != RC_OK ||
	    (rc = text(d, sig, "ContactInfo", &pub->contact)) != RC_OK)
		return rc;
	return text(d, sig, "Name", &pub->name);
}

/* --- the list --- */

static enum rc
sig_new(struct doc *d, struct sigs *sigs, size_t section, struct sig **out)
{
	struct sig *sig;
	enum rc rc;

	*out = NULL;
	if (sigs->n == CAP_SIGNATURES) {
		(void)doc_fail(d, PDF_S9_LIMIT, UINT64_MAX);
		return RC_OK;
	}
	if ((rc = arena_grow(d->arena, &sigs->v, sigs->n, &sigs->cap, sizeof(*sigs->v))) != RC_OK)
		return rc;
	if ((sig = arena_alloc(d->arena, sizeof(*sig))) == NULL)
		return RC_NOMEM;
	sig->dict = &obj_null;
	sig->seen = section;
	sig->section = SIZE_MAX;
	sig->order = sigs->n;
	sig->off = UINT64_MAX;
	sig->pub.m = WHEN_NONE;
	sig->pub.sub_filter = PDF_SF_OTHER;
	sigs->v[sigs->n++] = sig;
	*out = sig;
	return RC_OK;
}

static struct sig *
known(struct sigs *sigs, uint32_t def, const struct obj *dict)
{
	size_t i;

	for (i = 0; i < sigs->n; i++) {
		if (def != 0 ? sigs->v[i]->def == def : sigs->v[i]->dict == dict)
			return sigs->v[i];
	}
	return NULL;
}

/* The partial names from the root down, joined by full stops. */
static enum rc
full_name(struct doc *d, const struct level *lv, size_t section, char **out)
{
	const struct level *path[CAP_DEPTH];
	const struct obj *t;
	char *name = NULL, *part;
	unsigned n = 0;

	*out = NULL;
	if (doc_sealed(d))
		return RC_OK;
	for (; lv != NULL && n < CAP_DEPTH; lv = lv->up)
		path[n++] = lv;
	while (n-- > 0) {
		if (revision_key(d, section, path[n]->dict, "T", &t) != RC_OK ||
		    t->type != OBJ_STRING)
			continue;
		if ((part = text_utf8(d->arena, t->u.s)) == NULL)
			return RC_NOMEM;
		if (name != NULL && strlen(name) + strlen(part) < TEXT_MAX)
			part = arena_printf(d->arena, "%s.%s", name, part);
		if ((name = part) == NULL)
			return RC_NOMEM;
	}
	*out = name;
	return RC_OK;
}

/* The signature's object was defined before or is again: D2 for both. */
static void
redefined(struct doc *d, struct sigs *sigs, struct sig *sig)
{
	struct sig *other;
	size_t i;

	for (i = 0; sig->def != 0 && i < sigs->n; i++) {
		other = sigs->v[i];
		if (other == sig || other->pub.object != sig->pub.object || other->def == 0 ||
		    sig->packed || other->packed)
			continue;
		sig_fail(d, other, PDF_D2_REDEFINED, sig->off, true);
		sig_fail(d, sig, PDF_D2_REDEFINED, sig->off, true);
	}
}

static enum rc
found(struct walk *w, const struct level *lv, const struct obj *ref, const struct obj *v)
{
	struct doc *d = w->d;
	const struct obj *dict;
	struct def *def = NULL;
	struct sig *sig;
	enum rc rc;

	if ((rc = revision_get(d, w->section, v, &dict)) == RC_NOMEM)
		return rc;
	if (rc == RC_OK && dict->type == OBJ_NULL)
		return RC_OK;
	if (v->type == OBJ_REF)
		def = revision_def(d, w->section, v->u.ref.num);
	sig = known(w->sigs, def == NULL ? 0 : (uint32_t)(def - d->defs) + 1, dict);
	if (sig != NULL) {
		if (sig->field_num != (ref->type == OBJ_REF ? ref->u.ref.num : 0))
			sig_fail(d, sig, PDF_D1_FIELD_VALUE, sig->off, true);
		return RC_OK;
	}
	if ((rc = sig_new(d, w->sigs, w->section, &sig)) != RC_OK || sig == NULL)
		return rc;
	sig->field = lv->dict;
	sig->field_num = ref->type == OBJ_REF ? ref->u.ref.num : 0;
	sig->pub.object = v->type == OBJ_REF ? v->u.ref.num : sig->field_num;
	if (def != NULL) {
		sig->def = (uint32_t)(def - d->defs) + 1;
		sig->packed = def->type == DEF_PACKED;
	} else if (ref->type == OBJ_REF &&
		   (def = revision_def(d, w->section, sig->field_num)) != NULL) {
		sig->packed = def->type == DEF_PACKED;
	}
	if (dict->type == OBJ_DICT) {
		sig->dict = dict;
		sig->off = dict->off;
		sig->end = dict->end;
	}
	if (v->type != OBJ_REF || dict->type != OBJ_DICT)
		sig_fail(d, sig, PDF_D1_FIELD_VALUE, sig->off, true);
	redefined(d, w->sigs, sig);
	if ((rc = full_name(d, lv, w->section, &sig->pub.field)) != RC_OK)
		return rc;
	return dictionary(d, sig);
}

static enum rc
push(struct walk *w, const struct obj *kids, const struct level *up)
{
	uint32_t i;
	enum rc rc;

	for (i = 0; i < kids->n; i++) {
		if ((rc = arena_grow(w->d->arena, &w->todo, w->n, &w->cap, sizeof(*w->todo))) !=
		    RC_OK)
			return rc;
		w->todo[w->n].ref = &kids->u.items[kids->n - 1 - i];
		w->todo[w->n++].up = up;
	}
	return RC_OK;
}

/* A value that a field may inherit (ISO 32000-2, 12.7.4.1). */
static const struct obj *
inherited(const struct level *lv, const char *key)
{
	const struct obj *o = &obj_null;

	for (; lv != NULL && o->type == OBJ_NULL; lv = lv->up)
		o = obj_get(lv->dict, key);
	return o;
}

/* Each object once per view: a tree that meets itself again ends there. */
static bool
marked(struct walk *w, const struct obj *ref)
{
	struct def *def;

	if (ref->type != OBJ_REF)
		return false;
	if ((def = revision_def(w->d, w->section, ref->u.ref.num)) == NULL || def->node == NULL)
		return false;
	if (def->node->mark == w->d->mark)
		return true;
	def->node->mark = w->d->mark;
	return false;
}

/* At the top of the form, where it inherits nothing: what it has was found in an older view. */
static struct node *
top(struct walk *w, const struct item *it)
{
	struct def *def;

	if (it->up != NULL || it->ref->type != OBJ_REF ||
	    (def = revision_def(w->d, w->section, it->ref->u.ref.num)) == NULL)
		return NULL;
	return def->node;
}

static enum rc
field(struct walk *w, const struct item *it)
{
	const struct obj *dict, *kids, *ft, *v;
	struct level level, *lv;
	struct node *node = top(w, it);
	enum rc rc;

	if (node != NULL && node->still > w->section) {
		node->mark = w->d->mark; /* as what was looked at: no other field's kid */
		return ++w->fields > CAP_FIELDS ? doc_fail(w->d, PDF_S9_LIMIT, UINT64_MAX) : RC_OK;
	}
	w->d->until = UINT16_MAX;
	if ((rc = revision_get(w->d, w->section, it->ref, &dict)) != RC_OK ||
	    dict->type != OBJ_DICT || marked(w, it->ref))
		return rc;
	/* A widget that is no field of its own. */
	if (it->up != NULL && obj_get(dict, "T")->type == OBJ_NULL &&
	    obj_get(dict, "Kids")->type == OBJ_NULL && obj_get(dict, "FT")->type == OBJ_NULL &&
	    obj_get(dict, "V")->type == OBJ_NULL)
		return RC_OK;
	level.up = it->up;
	level.dict = dict;
	level.depth = it->up == NULL ? 0 : it->up->depth + 1;
	if (level.depth == CAP_DEPTH || ++w->fields > CAP_FIELDS)
		return doc_fail(w->d, PDF_S9_LIMIT, UINT64_MAX);
	if ((rc = revision_get(w->d, w->section, inherited(&level, "FT"), &ft)) != RC_OK ||
	    (rc = revision_key(w->d, w->section, dict, "Kids", &kids)) != RC_OK)
		return rc;
	v = obj_get(dict, "V");
	if (obj_is_name(ft, "Sig") && v->type != OBJ_NULL &&
	    (rc = found(w, &level, it->ref, v)) == RC_NOMEM)
		return rc;
	if (kids->type != OBJ_ARRAY) {
		if ((node = top(w, it)) != NULL)
			node->still = (uint16_t)w->d->until;
		return RC_OK;
	}
	if ((lv = arena_dup(w->d->arena, &level, sizeof(level))) == NULL)
		return RC_NOMEM;
	return push(w, kids, lv);
}

/* The fields of one view. */
static enum rc
fields(struct walk *w)
{
	const struct obj *root, *form, *list;
	struct item it;
	enum rc rc;

	w->d->mark++;
	w->n = 0;
	w->fields = 0;
	root = obj_get(&w->d->sections[w->section].trailer, "Root");
	if (root->type != OBJ_REF)
		return doc_fail(w->d, PDF_S3_XREF, w->d->sections[w->section].off);
	if ((rc = revision_get(w->d, w->section, root, &root)) != RC_OK)
		return rc;
	if (root->type != OBJ_DICT)
		return doc_fail(w->d, PDF_S5_OBJECT, w->d->sections[w->section].off);
	if ((rc = revision_key(w->d, w->section, root, "AcroForm", &form)) != RC_OK ||
	    (rc = revision_key(w->d, w->section, form, "Fields", &list)) != RC_OK ||
	    list->type != OBJ_ARRAY)
		return rc;
	if ((rc = push(w, list, NULL)) != RC_OK)
		return rc;
	while (w->n > 0) {
		it = w->todo[--w->n];
		if (!doc_step(w->d))
			return RC_OK;
		if ((rc = field(w, &it)) == RC_NOMEM)
			return rc;
	}
	return RC_OK;
}

/* D2 where no field shows the later definition. */
static void
check_redefined(struct doc *d, struct sig *sig)
{
	const struct def *def;
	uint32_t i = sig->pub.object < d->nnums ? d->newest[sig->pub.object] : 0;

	if (sig->def == 0)
		return;
	for (; i != 0; i = d->defs[i - 1].older) {
		def = &d->defs[i - 1];
		/* The same place named again, and a number that was free before, are no change. */
		if (i == sig->def || (def->type == DEF_PLAIN && def->off == sig->off) ||
		    (def->section < d->defs[sig->def - 1].section && def->type == DEF_FREE))
			continue;
		if (def->type == DEF_PLAIN && def->off == d->defs[sig->def - 1].off)
			continue;
		sig_fail(d, sig, PDF_D2_REDEFINED,
		    def->type == DEF_PLAIN ? def->off : d->sections[def->section].off, true);
	}
}

enum rc
sigfield_list(struct doc *d, struct sigs *sigs)
{
	struct walk w = {.d = d, .sigs = sigs};
	size_t i, first = sigs->n;
	enum rc rc;

	for (i = 0; i < d->nsections; i++) {
		/* The first section of a linearized file is no revision. */
		if (!doc_ends_revision(d, i))
			continue;
		w.section = i;
		if ((rc = fields(&w)) == RC_NOMEM)
			return rc;
	}
	for (i = first; i < sigs->n; i++)
		check_redefined(d, sigs->v[i]);
	return RC_OK;
}

enum rc
sigfield_orphan(struct doc *d, struct sigs *sigs, struct def *def)
{
	struct node *node;
	struct sig *sig;
	enum rc rc;

	if ((rc = revision_node(d, def->section, def, &node)) != RC_OK)
		return rc == RC_NOMEM ? rc : RC_OK;
	if ((rc = sig_new(d, sigs, def->section, &sig)) != RC_OK || sig == NULL)
		return rc;
	sig->dict = &node->obj;
	sig->off = node->obj.off;
	sig->end = node->obj.end;
	sig->def = (uint32_t)(def - d->defs) + 1;
	sig->packed = def->type == DEF_PACKED;
	sig->pub.object = def->num;
	sig->pub.orphan = true;
	sig_fail(d, sig, PDF_D8_ORPHAN, sig->off, true);
	(void)doc_fail(d, PDF_D8_ORPHAN, sig->off);
	check_redefined(d, sig);
	return dictionary(d, sig);
}

/* D4: the dictionary that was read is the one around the gap. */
static bool
in_place(const struct sig *sig)
{
	const struct obj *contents = obj_get(sig->dict, "Contents");
	uint64_t a = (uint64_t)sig->pub.byte_range[1], c = (uint64_t)sig->pub.byte_range[2];

	return !sig->packed && sig->off < a && sig->end >= c && contents->off == a &&
	       contents->end == c;
}

void
sigfield_cover(struct doc *d, struct sig *sig)
{
	struct pdf_sig *pub = &sig->pub;
	const int64_t *br = pub->byte_range;
	enum pdf_rule rule;
	uint64_t e;
	bool ok = true;

	pub->coverage = PDF_COVERAGE_UNCLEAR;
	pub->revision = d->sections[sig->seen].revision;
	if (!pub->has_byte_range)
		return;
	if (!byterange_sound(br, d->n, &rule)) {
		/* Bytes before z, if any, are no reason not to digest; those after n are. */
		sig_fail(d, sig, rule, sig->off, true);
		return;
	}
	pub->range_sound = true;
	pub->gap = (size_t)(br[2] - br[1]);
	e = (uint64_t)(br[2] + br[3]);
	if (!in_place(sig)) {
		sig_fail(d, sig, PDF_D4_PLACE, sig->off, true);
		ok = false;
	}
	if (!byterange_gap(d->p, br, obj_get(sig->dict, "Contents"), &rule)) {
		sig_fail(d, sig, rule, (uint64_t)br[1], true);
		ok = false;
	}
	if (!byterange_revision(d, e, &sig->section, &rule)) {
		sig_fail(d, sig, rule, e, true);
		ok = false;
	}
	if (sig->section != SIZE_MAX) {
		pub->revision = d->sections[sig->section].revision;
		/* B9: the revision itself shows the signature. */
		if (sig->seen > sig->section) {
			sig_fail(d, sig, PDF_B9_RESOLVE, sig->off, true);
			ok = false;
		}
	}
	if (ok)
		pub->coverage = byterange_reaches(d, e) ? PDF_COVERAGE_FILE : PDF_COVERAGE_REVISION;
}

/* --- what its revision says about it --- */

/* Whoever named fields that can't be told meant some: then it is all of them. */
static enum rc
names(struct doc *d, size_t section, const struct obj *list, struct pdf_lock *lock)
{
	const struct obj *o;
	char *name;
	uint32_t i;

	if (list->type == OBJ_NULL || doc_sealed(d))
		return RC_OK;
	if (list->type != OBJ_ARRAY || list->n > CAP_FIELDS) {
		lock->action = 'A';
		return RC_OK;
	}
	if ((lock->names = arena_array(d->arena, list->n, sizeof(*lock->names))) == NULL)
		return RC_NOMEM;
	for (i = 0; i < list->n; i++) {
		if (revision_get(d, section, &list->u.items[i], &o) != RC_OK ||
		    o->type != OBJ_STRING) {
			lock->action = 'A';
			continue;
		}
		if ((name = text_utf8(d->arena, o->u.s)) == NULL)
			return RC_NOMEM;
		lock->names[lock->nnames++] = name;
		if (strlen(name) + 4 > TEXT_MAX) /* there may be more of it */
			lock->action = 'A';
	}
	return RC_OK;
}

/* /Action and /Fields of a lock dictionary or of FieldMDP's parameters; /P of a lock. */
static enum rc
lock(struct doc *d, size_t section, const struct obj *dict, struct pdf_lock *out)
{
	const struct obj *o;

	if (revision_key(d, section, dict, "Action", &o) != RC_OK)
		return RC_OK;
	out->action = (char)(obj_is_name(o, "Include")   ? 'I'
			     : obj_is_name(o, "Exclude") ? 'E'
			     : o->type != OBJ_NULL       ? 'A'
							 : 0);
	if (revision_key(d, section, dict, "P", &o) == RC_OK && o->type != OBJ_NULL)
		out->p = o->type == OBJ_INT && o->u.i >= 1 && o->u.i <= 3 ? (int)o->u.i : -1;
	if (out->action == 'A' || revision_key(d, section, dict, "Fields", &o) != RC_OK)
		return RC_OK;
	return names(d, section, o, out);
}

/* /P of DocMDP's parameters, 2 if absent, -1 if it is no permission. */
static int
permission(struct doc *d, size_t section, const struct obj *params)
{
	const struct obj *p;

	if (revision_key(d, section, params, "P", &p) != RC_OK)
		return -1;
	if (p->type == OBJ_NULL)
		return 2;
	return p->type == OBJ_INT && p->u.i >= 1 && p->u.i <= 3 ? (int)p->u.i : -1;
}

/* /Reference: what the signature itself says it forbids (ISO 32000-2, 12.8.2). */
static enum rc
references(struct doc *d, struct sig *sig, size_t section, int *docmdp)
{
	const struct obj *list, *ref, *method, *params;
	uint32_t i;
	enum rc rc;

	if (revision_key(d, section, sig->dict, "Reference", &list) != RC_OK ||
	    list->type != OBJ_ARRAY)
		return RC_OK;
	for (i = 0; i < list->n && i < CAP_DEPTH; i++) {
		if (revision_get(d, section, &list->u.items[i], &ref) != RC_OK ||
		    revision_key(d, section, ref, "TransformMethod", &method) != RC_OK ||
		    revision_key(d, section, ref, "TransformParams", &params) != RC_OK)
			continue;
		if (obj_is_name(method, "DocMDP"))
			*docmdp = permission(d, section, params);
		else if (obj_is_name(method, "FieldMDP") && sig->pub.lock.action == 0 &&
			 (rc = lock(d, section, params, &sig->pub.lock)) != RC_OK)
			return rc;
	}
	return RC_OK;
}

/* The catalog's /Perms/DocMDP decides which signature certifies. */
static bool
certifies(struct doc *d, const struct sig *sig, size_t section)
{
	const struct obj *root, *perms, *o;

	if (revision_key(d, section, &d->sections[section].trailer, "Root", &root) != RC_OK ||
	    revision_key(d, section, root, "Perms", &perms) != RC_OK)
		return false;
	o = obj_get(perms, "DocMDP");
	return o->type == OBJ_REF && sig->def != 0 && o->u.ref.num == sig->pub.object;
}

/* The widget: the field itself or its first kid that is one. */
static const struct obj *
widget(struct doc *d, const struct sig *sig, size_t section, uint32_t *num)
{
	const struct obj *kids, *kid;
	uint32_t i;

	*num = sig->field_num;
	if (obj_get(sig->field, "Rect")->type != OBJ_NULL)
		return sig->field;
	if (revision_key(d, section, sig->field, "Kids", &kids) != RC_OK || kids->type != OBJ_ARRAY)
		return &obj_null;
	for (i = 0; i < kids->n; i++) {
		if (kids->u.items[i].type != OBJ_REF ||
		    revision_get(d, section, &kids->u.items[i], &kid) != RC_OK ||
		    obj_get(kid, "Rect")->type == OBJ_NULL)
			continue;
		*num = kids->u.items[i].u.ref.num;
		return kid;
	}
	return &obj_null;
}

static void
place(struct doc *d, struct sig *sig, size_t section)
{
	const struct obj *o, *rect, *n;
	struct pdf_sig *pub = &sig->pub;
	int64_t flags = 0;
	uint32_t num, i;
	double t;

	o = widget(d, sig, section, &num);
	if (revision_key(d, section, o, "Rect", &rect) != RC_OK || rect->type != OBJ_ARRAY ||
	    rect->n != 4)
		return;
	for (i = 0; i < 4; i++) {
		if (revision_get(d, section, &rect->u.items[i], &n) == RC_OK)
			pub->rect[i] = obj_number(n, 0);
	}
	for (i = 0; i < 2; i++) {
		if (pub->rect[i] > pub->rect[i + 2]) {
			t = pub->rect[i];
			pub->rect[i] = pub->rect[i + 2];
			pub->rect[i + 2] = t;
		}
	}
	if (revision_key(d, section, o, "F", &n) == RC_OK && n->type == OBJ_INT)
		flags = n->u.i;
	pub->page = page_of(d, section, o, num);
	/* Hidden is 2, NoView 32. */
	pub->visible = pub->page != 0 && pub->rect[2] > pub->rect[0] &&
		       pub->rect[3] > pub->rect[1] && (flags & (2 | 32)) == 0;
}

enum rc
sigfield_describe(struct doc *d, struct sig *sig)
{
	size_t section =
	    sig->section != SIZE_MAX && sig->section >= sig->seen ? sig->section : sig->seen;
	struct pdf_lock own = {0};
	const struct obj *o;
	int docmdp = 2;
	enum rc rc;

	if ((rc = references(d, sig, section, &docmdp)) != RC_OK)
		return rc;
	sig->pub.certifies = certifies(d, sig, section);
	if (sig->pub.certifies)
		sig->pub.docmdp = docmdp;
	if (sig->field == NULL)
		return RC_OK;
	if (revision_key(d, section, sig->field, "Lock", &o) == RC_OK && obj_is_dict(o) &&
	    (rc = lock(d, section, o, &own)) != RC_OK)
		return rc;
	/* The signature's own FieldMDP says which fields; /P has only the lock. */
	if (sig->pub.lock.action == 0)
		sig->pub.lock = own;
	else
		sig->pub.lock.p = own.p;
	place(d, sig, section);
	return RC_OK;
}
