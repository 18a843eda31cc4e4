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
	struct list lists[4];
};

struct entry {
	const char *key;
	enum dss_kind kind;
};

static const struct entry of_dss[] = {{"Certs", DSS_CERT}, {"OCSPs", DSS_OCSP}, {"CRLs", DSS_CRL}};
static const struct entry of_vri[] = {
    {"Cert", DSS_CERT}, {"OCSP", DSS_OCSP}, {"CRL", DSS_CRL}, {"TS", DSS_TS}};

#define NITEMS(a) (sizeof(a) / sizeof((a)[0]))

/* The node of a reference to a stream with its decoded bytes; NULL if it is none. */
static enum rc
leaf(struct doc *d, size_t section, const struct obj *ref, struct node **out)
{
	const struct obj *o;
	struct def *def;
	struct node *node;
	enum rc rc;

	*out = NULL;
	if (ref->type != OBJ_REF)
		return RC_OK;
	rc = revision_get(d, section, ref, &o);
	if (rc != RC_OK || o->type != OBJ_STREAM)
		return rc == RC_NOMEM ? rc : RC_OK;
	if ((def = revision_def(d, section, ref->u.ref.num)) == NULL)
		return RC_OK;
	node = def->node;
	if (!node->decoded) {
		rc = stream_decode(d, section, o, &node->data);
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

	if ((rc = leaf(c->d, c->section, ref, &node)) != RC_OK || node == NULL)
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

	if ((rc = add_all(c, dss, of_dss, NITEMS(of_dss))) != RC_OK)
		return rc;
	if (revision_key(c->d, c->section, dss, "VRI", &vri) != RC_OK || !obj_is_dict(vri))
		return RC_OK;
	for (i = 0; i < vri->n; i++) {
		if (revision_get(c->d, c->section, &vri->u.d.pairs[i].val, &one) == RC_OK &&
		    (rc = add_all(c, one, of_vri, NITEMS(of_vri))) != RC_OK)
			return rc;
	}
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

static bool
clean_leaf(struct doc *d, size_t section, const struct obj *ref)
{
	static const char *const keys[] = {"Length", "Filter", "DecodeParms", "Type"};
	struct node *node;
	uint32_t i;
	size_t k;

	if (leaf(d, section, ref, &node) != RC_OK || node == NULL || node->data.len == 0 ||
	    node->data.p[0] != 0x30)
		return false;
	for (i = 0; i < node->obj.n; i++) {
		for (k = 0; k < NITEMS(keys); k++) {
			if (bytes_are(node->obj.u.d.pairs[i].key, keys[k]))
				break;
		}
		if (k == NITEMS(keys))
			return false;
	}
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
clean_list(struct doc *d, size_t section, const struct obj *raw)
{
	const struct obj *o;
	uint32_t i;

	if (revision_get(d, section, raw, &o) != RC_OK)
		return false;
	if (o->type == OBJ_STREAM)
		return clean_leaf(d, section, raw);
	if (o->type != OBJ_ARRAY)
		return o->type == OBJ_NULL;
	for (i = 0; i < o->n; i++) {
		if (!doc_step(d) || !clean_leaf(d, section, &o->u.items[i]))
			return false;
	}
	return true;
}

static bool
clean_vri(struct doc *d, size_t section, const struct obj *raw)
{
	const struct obj *one, *key;
	struct obj_pair *pair;
	uint32_t i;

	if (revision_get(d, section, raw, &one) != RC_OK || one->type != OBJ_DICT)
		return false;
	for (i = 0; i < one->n; i++) {
		pair = &one->u.d.pairs[i];
		if (entry_of(of_vri, NITEMS(of_vri), pair->key) != NULL) {
			if (!clean_list(d, section, &pair->val))
				return false;
		} else if (bytes_are(pair->key, "TU") || bytes_are(pair->key, "Type")) {
			if (revision_get(d, section, &pair->val, &key) != RC_OK ||
			    (key->type != OBJ_STRING && key->type != OBJ_NAME))
				return false;
		} else {
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

bool
dss_clean(struct doc *d, size_t section, const struct obj *dss)
{
	const struct obj *vri;
	struct obj_pair *pair;
	uint32_t i, k;

	if (dss->type != OBJ_DICT || dss->dup_key)
		return false;
	for (i = 0; i < dss->n; i++) {
		pair = &dss->u.d.pairs[i];
		if (bytes_are(pair->key, "Type"))
			continue;
		if (entry_of(of_dss, NITEMS(of_dss), pair->key) != NULL) {
			if (!clean_list(d, section, &pair->val))
				return false;
			continue;
		}
		if (!bytes_are(pair->key, "VRI") ||
		    revision_get(d, section, &pair->val, &vri) != RC_OK || vri->type != OBJ_DICT ||
		    vri->dup_key)
			return false;
		for (k = 0; k < vri->n; k++) {
			if (!bytes_are(vri->u.d.pairs[k].key, "Type") &&
			    (!vri_key(vri->u.d.pairs[k].key) ||
				!clean_vri(d, section, &vri->u.d.pairs[k].val)))
				return false;
		}
	}
	return true;
}
