/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What looks like a signature and is none.  Who forges would like to call a
 * signature so: only the place counts at which the object's own revision refers to it.
 */
#include "exempt.h"
#include "notice.h"
#include "revision.h"

/* /Perms of the catalog in a view, obj_null if there is none. */
static const struct obj *
permissions(struct doc *d, size_t section)
{
	const struct obj *root, *perms;

	if (revision_key(d, section, &d->sections[section].trailer, "Root", &root) != RC_OK ||
	    revision_key(d, section, root, "Perms", &perms) != RC_OK)
		return &obj_null;
	return perms;
}

static bool
names(const struct obj *dict, const char *key, const struct def *def)
{
	const struct obj *o = obj_get(dict, key);

	return o->type == OBJ_REF && o->u.ref.num == def->num && o->u.ref.gen == def->gen;
}

/* With what a signature has, it is one. */
static bool
integrity_code(const struct obj *dict)
{
	const struct obj *place = obj_get(dict, "MACLocation");

	return (obj_is_name(place, "Standalone") || obj_is_name(place, "AttachedToSig")) &&
	       obj_get(dict, "Contents")->type == OBJ_NULL &&
	       obj_get(dict, "SubFilter")->type == OBJ_NULL;
}

bool
exempt_is(struct doc *d, const struct def *def, const struct obj *dict)
{
	const struct obj *perms;
	size_t own = def->section;

	while (!doc_ends_revision(d, own))
		own++;
	if (revision_def(d, own, def->num) != def)
		return false;
	if (names(&d->sections[own].trailer, "AuthCode", def) && integrity_code(dict))
		return true;
	perms = permissions(d, own);
	return names(perms, "UR3", def) || names(perms, "UR", def);
}

static enum rc
notice(struct doc *d, struct pdf_survey *out, size_t section, const struct obj *dict,
    const char *key, struct pdf_notice *n)
{
	const struct obj *o = obj_get(dict, key);

	if (o->type == OBJ_NULL)
		return RC_OK;
	n->revision = d->sections[section].revision;
	n->place.object = o->type == OBJ_REF ? o->u.ref.num : 0;
	return notice_add(out, d->arena, n);
}

enum rc
exempt_notices(struct doc *d, struct pdf_survey *out)
{
	static char code[] = "AuthCode", ur3[] = "Root/Perms/UR3", ur[] = "Root/Perms/UR";
	struct pdf_notice mac = {.kind = PDF_NOTICE_MAC, .place.path = code},
			  new = {.kind = PDF_NOTICE_USAGE_RIGHTS, .place.path = ur3},
			  old = {.kind = PDF_NOTICE_USAGE_RIGHTS, .place.path = ur};
	const struct obj *perms;
	size_t i;
	enum rc rc;

	for (i = 0; i < d->nsections; i++) {
		if (!doc_ends_revision(d, i))
			continue;
		perms = permissions(d, i);
		if ((rc = notice(d, out, i, &d->sections[i].trailer, "AuthCode", &mac)) != RC_OK ||
		    (rc = notice(d, out, i, perms, "UR3", &new)) != RC_OK ||
		    (rc = notice(d, out, i, perms, "UR", &old)) != RC_OK)
			return rc;
	}
	return RC_OK;
}
