/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, signatures and evidence in any PDF: ISO 32000-2, 12.7.5.5 and 12.8; ETSI EN 319 142-1. */
#include <stdio.h>
#include <string.h>

#include "paper.h"
#include "sheet.h"
#include "when.h"

#define FONTS                                                                  \
	"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont " \
	"/Helvetica >> /F2 << /Type /Font /Subtype /Type1 /BaseFont "          \
	"/Helvetica-Bold >> >> >>"

/* A field that is its own widget goes into the form and onto its page. */
static void
enlist(struct paper *p, unsigned field, unsigned page, bool bare)
{
	char path[64];

	if (!sight_has(p->sight, "Root/AcroForm")) {
		paper_set(p, "Root/AcroForm", "<< /Fields [%u 0 R] /SigFlags 3 >>", field);
	} else {
		if (!sight_has(p->sight, "Root/AcroForm/Fields"))
			paper_set(p, "Root/AcroForm/Fields", "[%u 0 R]", field);
		else
			paper_set(p, "Root/AcroForm/Fields/+", "%u 0 R", field);
		paper_set(p, "Root/AcroForm/SigFlags", "3");
	}
	if (bare)
		return;
	snprintf(path, sizeof(path), "#%u/Annots", page);
	if (!sight_has(p->sight, path)) {
		paper_set(p, path, "[%u 0 R]", field);
	} else {
		snprintf(path, sizeof(path), "#%u/Annots/+", page);
		paper_set(p, path, "%u 0 R", field);
	}
}

static void
widget(struct paper *p, const char *type, const char *name, unsigned page, const double r[4],
    const char *more)
{
	buf_printf(&p->l->out, "<< /Type /Annot /Subtype /Widget /FT /%s /F 132 /T ", type);
	sheet_string(&p->l->out, name);
	buf_printf(&p->l->out, " /P %u 0 R /Rect [%g %g %g %g] %s", page, r[0], r[1], r[2], r[3],
	    more != NULL ? more : "");
}

void
paper_add_signature_field(
    struct paper *p, const char *name, unsigned page, const double rect[4], const char *more)
{
	unsigned number;

	paper_update(p);
	page = sight_page(p->sight, page);
	number = letter_put(p->l, 0);
	widget(p, "Sig", name, page, rect, more);
	buf_str(&p->l->out, " >>");
	letter_done(p->l);
	enlist(p, number, page, false);
	paper_update_end(p);
}

static unsigned
put_text_appearance(struct paper *p, const double r[4], const char *value)
{
	char keys[512];
	struct buf b;
	unsigned number;

	buf_init(&b, 4096);
	buf_str(&b, "/Tx BMC q BT /F1 11 Tf 2 4 Td ");
	sheet_string(&b, value);
	buf_str(&b, " Tj ET Q EMC");
	snprintf(keys, sizeof(keys), "/Type /XObject /Subtype /Form /BBox [0 0 %g %g] " FONTS,
	    r[2] - r[0], r[3] - r[1]);
	number = paper_put_stream(p, 0, keys, b.p, b.len);
	buf_clear(&b);
	return number;
}

void
paper_add_text_field(struct paper *p, const char *name, unsigned page, const double rect[4],
    const char *value, const char *more)
{
	unsigned number, appearance;

	paper_update(p);
	page = sight_page(p->sight, page);
	appearance = put_text_appearance(p, rect, value);
	number = letter_put(p->l, 0);
	widget(p, "Tx", name, page, rect, more);
	buf_str(&p->l->out, " /DA (/Helv 11 Tf 0 g) /V ");
	sheet_string(&p->l->out, value);
	buf_printf(&p->l->out, " /AP << /N %u 0 R >> >>", appearance);
	letter_done(p->l);
	enlist(p, number, page, false);
	paper_update_end(p);
}

static void
rect_of(struct paper *p, unsigned field, double r[4])
{
	char path[64];
	size_t i;

	for (i = 0; i < 4; i++) {
		snprintf(path, sizeof(path), "#%u/Rect/%zu", field, i);
		r[i] = sight_value(p->sight, path, 0);
	}
}

void
paper_fill(struct paper *p, const char *name, const char *value)
{
	unsigned field = sight_field(p->sight, name), appearance;
	struct buf text;
	char path[64];
	double r[4];

	if (field == 0) {
		maker_fail(p->l->m, RC_ABSENT);
		return;
	}
	buf_init(&text, 4096);
	sheet_string(&text, value);
	rect_of(p, field, r);
	paper_update(p);
	appearance = put_text_appearance(p, r, value);
	snprintf(path, sizeof(path), "#%u/V", field);
	paper_set(p, path, "%s", buf_text(&text));
	snprintf(path, sizeof(path), "#%u/AP", field);
	paper_set(p, path, "<< /N %u 0 R >>", appearance);
	paper_update_end(p);
	buf_clear(&text);
}

/* --- signing --- */

static unsigned
put_stamp(struct paper *p, const struct paper_order *o)
{
	char keys[512];
	struct buf b;
	unsigned number;

	buf_init(&b, 1u << 20);
	if (o->stamp != NULL)
		buf_str(&b, o->stamp);
	else
		sheet_specimen(&b, o->shown);
	snprintf(keys, sizeof(keys), "/Type /XObject /Subtype /Form /BBox [0 0 %d %d] " FONTS,
	    SHEET_BOX_WIDTH, SHEET_BOX_HEIGHT);
	number = paper_put_stream(p, 0, keys, b.p, b.len);
	buf_clear(&b);
	return number;
}

/* The field of the signature: the one that is there, or a new one. */
static void
put_field(struct paper *p, const struct paper_order *o, unsigned value)
{
	unsigned field = sight_field(p->sight, o->field), stamp = 0, page;
	struct buf more;
	char path[64];

	if (o->shown != NULL || o->stamp != NULL)
		stamp = put_stamp(p, o);
	if (field > 0) {
		snprintf(path, sizeof(path), "#%u/V", field);
		paper_set(p, path, "%u 0 R", value);
		snprintf(path, sizeof(path), "#%u/AP", field);
		if (stamp > 0)
			paper_set(p, path, "<< /N %u 0 R >>", stamp);
		return;
	}
	buf_init(&more, 65536);
	buf_printf(&more, "/V %u 0 R %s", value, o->more != NULL ? o->more : "");
	if (o->lock != NULL)
		buf_printf(&more, " /Lock %s", o->lock);
	if (stamp > 0)
		buf_printf(&more, " /AP << /N %u 0 R >>", stamp);
	page = sight_page(p->sight, o->page > 0 ? o->page : 1);
	field = letter_put(p->l, 0);
	widget(p, "Sig", o->field, page, o->rect, buf_text(&more));
	buf_str(&p->l->out, " >>");
	letter_done(p->l);
	enlist(p, field, page, o->bare);
	buf_clear(&more);
}

/* The update with an empty hole, and then what belongs into it. */
static void
put_signature(struct paper *p, const struct paper_order *o, const struct letter_sign *sign)
{
	struct letter_hole hole;
	unsigned value;

	paper_update(p);
	value = letter_put(p->l, 0);
	letter_dictionary(&p->l->out, sign);
	letter_done(p->l);
	put_field(p, o, value);
	if (sign->docmdp != 0)
		paper_set(p, "Root/Perms", "<< /DocMDP %u 0 R >>", value);
	paper_update_end(p);
	letter_hole_find(p->l, &hole);
	letter_sign_end(p->l, sign, &hole);
}

static void
token(struct agency *a, struct token *t, int64_t at)
{
	const struct pki_cert **certs = arena_array(a->m->arena, 2, sizeof(struct pki_cert *));

	memset(t, 0, sizeof(*t));
	if (certs == NULL)
		return;
	certs[0] = &a->tsa;
	certs[1] = &a->root;
	*t = (struct token){.authority = &a->tsa,
	    .certs = certs,
	    .ncerts = 2,
	    .gen_time = at,
	    .serial = a->serial++};
}

void
paper_sign(struct paper *p, struct agency *a, const struct paper_order *o)
{
	const struct pki_cert *chain[] = {&a->root, &a->ca, o->signer};
	bool pkcs7 = o->sub_filter != NULL && strncmp(o->sub_filter, "adbe", 4) == 0;
	struct token stamp;
	struct envelope envelope = {.signer = o->signer,
	    .certs = chain,
	    .ncerts = 3,
	    .digest = o->digest,
	    .scheme = o->scheme,
	    .signing_time = pkcs7 ? o->at : 0,
	    .stamp = o->level == AGENCY_B || o->no_stamp ? NULL : &stamp};
	struct letter_sign sign = {.sub_filter = o->sub_filter,
	    .at = o->at,
	    .reason = "Surat contoh",
	    .docmdp = o->docmdp,
	    .fieldmdp = o->fieldmdp,
	    .envelope = &envelope};

	token(a, &stamp, o->at + 3);
	put_signature(p, o, &sign);
	if (o->level >= AGENCY_LT)
		paper_dss(p, a, o->signer, o->at + 4);
	if (o->level == AGENCY_LTA)
		paper_stamp(p, a, arena_printf(a->m->arena, "Arsip-%s", o->field), o->at + 60);
}

void
paper_stamp(struct paper *p, struct agency *a, const char *field, int64_t at)
{
	struct token t;
	struct letter_sign sign = {.at = WHEN_NONE, .hole = 8192, .token = &t};

	token(a, &t, at);
	put_signature(p, &(struct paper_order){.field = field}, &sign);
}

/* --- evidence --- */

struct leaves {
	unsigned v[LETTER_EVIDENCE];
	size_t n;
};

static void
put_leaves(struct paper *p, const struct der *v, size_t n, struct leaves *out)
{
	for (out->n = 0; out->n < n; out->n++)
		out->v[out->n] = paper_put_stream(p, 0, "", v[out->n].p, v[out->n].len);
}

static void
write_leaves(struct buf *b, const char *key, const struct leaves *v)
{
	size_t i;

	buf_printf(b, "/%s [", key);
	for (i = 0; i < v->n; i++)
		buf_printf(b, "%u 0 R ", v->v[i]);
	buf_str(b, "] ");
}

static void
set_leaves(struct paper *p, const char *key, const struct leaves *v)
{
	char path[64];
	size_t i;

	snprintf(path, sizeof(path), "Root/DSS/%s/+", key);
	for (i = 0; i < v->n; i++)
		paper_set(p, path, "%u 0 R", v->v[i]);
}

void
paper_dss(struct paper *p, struct agency *a, const struct pki_cert *signer, int64_t at)
{
	const struct agency_order order = {.signer = signer};
	struct letter_evidence ev;
	struct leaves certs, ocsps, crls;
	struct der vri = maker_digest(a->m, "SHA1", p->l->contents);
	struct buf entry, id;
	char path[96];
	size_t i;

	agency_evidence(a, &order, at, &ev);
	buf_init(&entry, 65536);
	buf_init(&id, 64);
	for (i = 0; i < vri.len; i++)
		buf_printf(&id, "%02X", vri.p[i]);
	paper_update(p);
	put_leaves(p, ev.certs, ev.ncerts, &certs);
	put_leaves(p, ev.ocsps, ev.nocsps, &ocsps);
	put_leaves(p, ev.crls, ev.ncrls, &crls);
	write_leaves(&entry, "Cert", &certs);
	write_leaves(&entry, "OCSP", &ocsps);
	write_leaves(&entry, "CRL", &crls);
	if (!sight_has(p->sight, "Root/DSS")) {
		struct buf dss;
		unsigned number;

		buf_init(&dss, 65536);
		buf_str(&dss, "<< /Type /DSS ");
		write_leaves(&dss, "Certs", &certs);
		write_leaves(&dss, "OCSPs", &ocsps);
		write_leaves(&dss, "CRLs", &crls);
		buf_printf(&dss, "/VRI << /%s << %s >> >> >>", buf_text(&id), buf_text(&entry));
		number = paper_put(p, 0, buf_text(&dss));
		paper_set(p, "Root/DSS", "%u 0 R", number);
		buf_clear(&dss);
	} else {
		set_leaves(p, "Certs", &certs);
		set_leaves(p, "OCSPs", &ocsps);
		set_leaves(p, "CRLs", &crls);
		snprintf(path, sizeof(path), "Root/DSS/VRI/%s", buf_text(&id));
		paper_set(p, path, "<< %s >>", buf_text(&entry));
	}
	paper_update_end(p);
	buf_clear(&entry);
	buf_clear(&id);
}
