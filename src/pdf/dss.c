/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Document security stores.  Their values are bytes here; whether they prove anything is not our
 * affair. */
#include <string.h>

#include "caps.h"
#include "dss.h"
#include "revision.h"
#include "stream.h"

struct list {
	struct pdf_evidence **v;
	size_t *n, cap, max;
};

struct collector {
	struct doc *d;
	size_t section;
	const struct obj *last; /* that was added, and says the same until this section */
	size_t until;
	struct list lists[4];
};

struct entry {
	const char *key;
	enum dss_kind kind;
};

/* What of its kind is ever looked at: a bomb is put out before it has eaten the rest. */
static const size_t most[] = {
    [DSS_CERT] = CAP_CERT, [DSS_OCSP] = CAP_OCSP, [DSS_CRL] = CAP_CRL, [DSS_TS] = CAP_TOKEN};

#define CLEAN 0x80 /* of node.taken: clean_leaf() said so */

static const struct entry of_dss[] = {{"Certs", DSS_CERT}, {"OCSPs", DSS_OCSP}, {"CRLs", DSS_CRL}};
static const struct entry of_vri[] = {
    {"Cert", DSS_CERT}, {"OCSP", DSS_OCSP}, {"CRL", DSS_CRL}, {"TS", DSS_TS}};

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

static enum rc
decode(struct doc *d, size_t section, enum dss_kind kind, struct node *node)
{
	size_t all = d->budget, max = all < most[kind] ? all : most[kind];
	enum rc rc;

	d->budget = max;
	rc = stream_decode(d, section, &node->obj, &node->data);
	d->budget = all - (max - d->budget);
	if (rc == RC_OK && node->data.len > most[kind]) {
		node->data.p = NULL;
		node->data.len = 0;
		rc = RC_TOOBIG;
	}
	return rc;
}

/* The node of a reference to a stream with its decoded bytes; NULL if it is none. */
static enum rc
leaf(struct doc *d, size_t section, enum dss_kind kind, const struct obj *ref, struct node **out)
{
	struct def *def;
	struct node *node;
	enum rc rc;

	*out = NULL;
	if (ref->type != OBJ_REF || (def = revision_def(d, section, ref->u.ref.num)) == NULL ||
	    ref->u.ref.gen != (def->type == DEF_PLAIN ? def->gen : 0))
		return RC_OK;
	rc = revision_node(d, section, def, &node);
	if (rc != RC_OK || node->obj.type != OBJ_STREAM)
		return rc == RC_NOMEM ? rc : RC_OK;
	if (!node->decoded) {
		rc = decode(d, section, kind, node);
		if (rc == RC_NOMEM)
			return rc;
		if (rc == RC_TOOBIG)
			(void)doc_fail(d, PDF_S9_LIMIT, def->off);
		else if (rc != RC_OK)
			doc_warn(d, PDF_S5_OBJECT, def->off);
		node->decoded = true;
	}
	*out = node;
	return RC_OK;
}

static enum rc
add(struct collector *c, enum dss_kind kind, const struct obj *ref)
{
	struct list *l = &c->lists[kind];
	struct pdf_evidence *e;
	struct node *node;
	enum rc rc;
	size_t i;

	if ((rc = leaf(c->d, c->section, kind, ref, &node)) != RC_OK || node == NULL)
		return rc;
	if ((node->taken & 1u << kind) != 0 || node->data.len == 0)
		return RC_OK;
	node->taken |= (uint8_t)(1u << kind);
	for (i = 0; i < *l->n; i++) {
		if (bytes_eq((*l->v)[i].der, node->data))
			return RC_OK;
	}
	if (*l->n == l->max) {
		(void)doc_fail(c->d, PDF_S9_LIMIT, UINT64_MAX);
		return RC_OK;
	}
	if ((rc = arena_grow(c->d->arena, l->v, *l->n, &l->cap, sizeof(**l->v))) != RC_OK)
		return rc;
	e = &(*l->v)[(*l->n)++];
	e->der = node->data;
	e->revision = c->d->sections[c->section].revision;
	return RC_OK;
}

static enum rc
add_all(struct collector *c, const struct obj *dict, const struct entry *entries, size_t n)
{
	const struct obj *o;
	uint32_t i;
	enum rc rc;
	size_t k;

	for (k = 0; k < n; k++) {
		if (revision_key(c->d, c->section, dict, entries[k].key, &o) != RC_OK)
			continue;
		if (o->type == OBJ_STREAM)
			o = obj_get(dict, entries[k].key);
		if (o->type == OBJ_REF && (rc = add(c, entries[k].kind, o)) != RC_OK)
			return rc;
		for (i = 0; o->type == OBJ_ARRAY && i < o->n && doc_step(c->d); i++) {
			if ((rc = add(c, entries[k].kind, &o->u.items[i])) != RC_OK)
				return rc;
		}
	}
	return RC_OK;
}

static enum rc
add_view(struct collector *c, const struct obj *dss)
{
	const struct obj *vri, *one;
	uint32_t i;
	enum rc rc;

	/* An update that leaves the store alone adds nothing to it. */
	if (dss == c->last && c->section < c->until)
		return RC_OK;
	c->d->until = SIZE_MAX;
	if ((rc = add_all(c, dss, of_dss, NITEMS(of_dss))) != RC_OK)
		return rc;
	if (revision_key(c->d, c->section, dss, "VRI", &vri) != RC_OK || !obj_is_dict(vri))
		return RC_OK;
	for (i = 0; i < vri->n; i++) {
		if (revision_get(c->d, c->section, &vri->u.d.pairs[i].val, &one) == RC_OK &&
		    (rc = add_all(c, one, of_vri, NITEMS(of_vri))) != RC_OK)
			return rc;
	}
	c->last = dss;
	c->until = c->d->until;
	return RC_OK;
}

enum rc
dss_collect(struct doc *d, struct pdf_dss *out)
{
	struct collector c = {.d = d,
	    .lists = {{&out->certs, &out->ncerts, 0, CAP_CERTS},
		{&out->ocsps, &out->nocsps, 0, CAP_EVIDENCE},
		{&out->crls, &out->ncrls, 0, CAP_EVIDENCE},
		{&out->vri_ts, &out->nvri_ts, 0, CAP_TIMESTAMPS}}};
	const struct obj *root, *dss;
	enum rc rc = RC_OK;

	for (c.section = 0; rc == RC_OK && c.section < d->nsections; c.section++) {
		if (revision_key(d, c.section, &d->sections[c.section].trailer, "Root", &root) !=
			RC_OK ||
		    revision_key(d, c.section, root, "DSS", &dss) != RC_OK || dss->type != OBJ_DICT)
			continue;
		if (!out->present)
			out->first_revision = d->sections[c.section].revision;
		out->present = true;
		if (doc_sealed(d))
			d->locked = true;
		else
			rc = add_view(&c, dss);
	}
	return rc;
}

/* --- what a later revision may add --- */

/* One DER value (X.690, 8.1.3; BER's open end for timestamps), and nothing but padding behind. */
static bool
is_sequence(struct pdf_bytes b)
{
	size_t at = 2, len, n;

	if (b.len < 2 || b.p[0] != 0x30)
		return false;
	len = b.p[1];
	if (len == 0x80)
		return true;
	if (len > 0x80) {
		n = len & 0x7f;
		if (n > 4 || n > b.len - at)
			return false;
		for (len = 0; n > 0; n--)
			len = len << 8 | b.p[at++];
	}
	if (len > b.len - at)
		return false;
	for (at += len; at < b.len; at++) {
		if (!lex_is_space(b.p[at]))
			return false;
	}
	return true;
}

static bool
clean_leaf(struct doc *d, size_t section, enum dss_kind kind, const struct obj *ref)
{
	static const char *const keys[] = {"Length", "Filter", "DecodeParms", "Type"};
	struct node *node;
	uint32_t i;
	size_t k;

	if (leaf(d, section, kind, ref, &node) != RC_OK || node == NULL)
		return false;
	if ((node->taken & CLEAN) != 0)
		return true;
	if (!is_sequence(node->data) || node->obj.dup_key)
		return false;
	for (i = 0; i < node->obj.n; i++) {
		for (k = 0; k < NITEMS(keys); k++) {
			if (bytes_are(node->obj.u.d.pairs[i].key, keys[k]))
				break;
		}
		if (k == NITEMS(keys))
			return false;
	}
	node->taken |= CLEAN;
	return true;
}

static const struct entry *
entry_of(const struct entry *entries, size_t n, struct pdf_bytes key)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (bytes_are(key, entries[i].key))
			return &entries[i];
	}
	return NULL;
}

/* An array of leaves, or one leaf. */
static bool
clean_list(struct doc *d, size_t section, enum dss_kind kind, const struct obj *raw)
{
	const struct obj *o;
	uint32_t i;

	if (revision_get(d, section, raw, &o) != RC_OK)
		return false;
	if (o->type == OBJ_STREAM)
		return clean_leaf(d, section, kind, raw);
	if (o->type != OBJ_ARRAY)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (!doc_step(d) || !clean_leaf(d, section, kind, &o->u.items[i]))
			return false;
	}
	return true;
}

static bool
is_type(struct doc *d, size_t section, const struct obj *raw, enum obj_type type)
{
	const struct obj *o;

	return revision_get(d, section, raw, &o) == RC_OK && o->type == type;
}

static bool
clean_vri(struct doc *d, size_t section, const struct obj *raw)
{
	const struct entry *e;
	const struct obj *one;
	struct obj_pair *pair;
	uint32_t i;

	if (revision_get(d, section, raw, &one) != RC_OK || one->type != OBJ_DICT || one->dup_key)
		return false;
	for (i = 0; i < one->n; i++) {
		pair = &one->u.d.pairs[i];
		if ((e = entry_of(of_vri, NITEMS(of_vri), pair->key)) != NULL) {
			if (!clean_list(d, section, e->kind, &pair->val))
				return false;
		} else if (!(bytes_are(pair->key, "TU") &&
			       is_type(d, section, &pair->val, OBJ_STRING)) &&
			   !(bytes_are(pair->key, "Type") &&
			       is_type(d, section, &pair->val, OBJ_NAME))) {
			return false;
		}
	}
	return true;
}

/* SHA-1 of the signature's /Contents by the standard, SHA-256 by some writers. */
static bool
vri_key(struct pdf_bytes key)
{
	size_t i;

	for (i = 0; i < key.len; i++) {
		if (lex_hex(key.p[i]) == -1)
			return false;
	}
	return key.len == 40 || key.len == 64;
}

/* One entry per signature. */
static bool
clean_vris(struct doc *d, size_t section, const struct obj *raw)
{
	const struct obj *vri;
	struct obj_pair *pair;
	uint32_t i;

	if (revision_get(d, section, raw, &vri) != RC_OK || vri->type != OBJ_DICT || vri->dup_key)
		return false;
	for (i = 0; i < vri->n; i++) {
		pair = &vri->u.d.pairs[i];
		if (!doc_step(d))
			return false;
		if (bytes_are(pair->key, "Type")
			? !is_type(d, section, &pair->val, OBJ_NAME)
			: !vri_key(pair->key) || !clean_vri(d, section, &pair->val))
			return false;
	}
	return true;
}

bool
dss_clean(struct doc *d, size_t section, const struct obj *dss)
{
	const struct entry *e;
	struct obj_pair *pair;
	uint32_t i;
	bool clean;

	if (dss->type != OBJ_DICT || dss->dup_key)
		return false;
	if (dss == d->clean.dss && section >= d->clean.from && section < d->clean.until)
		return true;
	d->until = SIZE_MAX;
	for (i = 0; i < dss->n; i++) {
		pair = &dss->u.d.pairs[i];
		if (bytes_are(pair->key, "Type"))
			clean = is_type(d, section, &pair->val, OBJ_NAME);
		else if ((e = entry_of(of_dss, NITEMS(of_dss), pair->key)) != NULL)
			clean = clean_list(d, section, e->kind, &pair->val);
		else
			clean = bytes_are(pair->key, "VRI") && clean_vris(d, section, &pair->val);
		if (!clean)
			return false;
	}
	d->clean.dss = dss;
	d->clean.from = section;
	d->clean.until = d->until;
	return true;
}
