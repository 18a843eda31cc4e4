/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, signatures and evidence in any PDF: ISO 32000-2, 12.7.5.5 and 12.8; ETSI EN 319 142-1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "paper.h"
#include "sheet.h"
#include "when.h"

#define FONTS                                                                  \
	"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont " \
	"/Helvetica >> /F2 << /Type /Font /Subtype /Type1 /BaseFont "          \
	"/Helvetica-Bold >> >> >>"

/* A form where none was. */
static void
found_form(struct paper *p, unsigned field)
{
	const char *more = p->style & PAPER_DEFAULTS
			       ? "/DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv << /Type /Font "
				 "/Subtype /Type1 /BaseFont /Helvetica >> >> >>"
			       : "";
	char fields[32], form[1024];
	unsigned number;

	snprintf(fields, sizeof(fields), "[%u 0 R]", field);
	if (p->style & PAPER_INDIRECT) {
		number = paper_put(p, 0, fields);
		snprintf(fields, sizeof(fields), "%u 0 R", number);
	}
	snprintf(form, sizeof(form), "<< /Fields %s /SigFlags 3 %s >>", fields, more);
	if (p->style & PAPER_INDIRECT)
		paper_set(p, "Root/AcroForm", "%u 0 R", paper_put(p, 0, form));
	else
		paper_set(p, "Root/AcroForm", "%s", form);
}

/* A field goes into the form, its widget onto a page. */
static void
enlist(struct paper *p, unsigned field, unsigned widget, unsigned page)
{
	char path[64];

	if (!sight_has(p->sight, "Root/AcroForm")) {
		found_form(p, field);
	} else {
		if (!sight_has(p->sight, "Root/AcroForm/Fields"))
			paper_set(p, "Root/AcroForm/Fields", "[%u 0 R]", field);
		else
			paper_set(p, "Root/AcroForm/Fields/+", "%u 0 R", field);
		paper_set(p, "Root/AcroForm/SigFlags", "3");
	}
	if (widget == 0)
		return;
	snprintf(path, sizeof(path), "#%u/Annots", page);
	if (!sight_has(p->sight, path)) {
		paper_set(p, path, "[%u 0 R]", widget);
	} else {
		snprintf(path, sizeof(path), "#%u/Annots/+", page);
		paper_set(p, path, "%u 0 R", widget);
	}
}

/* The keys of a field, of its widget, or of both in one. */
static void
write_field(struct paper *p, const char *type, const char *name)
{
	buf_printf(&p->l->out, " /FT /%s /T ", type);
	sheet_string(&p->l->out, name);
}

static void
write_widget(struct paper *p, unsigned page, const double r[4])
{
	buf_printf(&p->l->out, " /Type /Annot /Subtype /Widget /F 132 /Rect [%g %g %g %g]", r[0],
	    r[1], r[2], r[3]);
	if (!(p->style & PAPER_NO_PAGE))
		buf_printf(&p->l->out, " /P %u 0 R", page);
}

struct wanted {
	const char *type, *name;
	unsigned page; /* object number */
	const double *rect;
	const char *field, *widget; /* more keys of either, or "" */
	bool bare;                  /* no page has it */
};

static void
put_new_field(struct paper *p, const struct wanted *w)
{
	unsigned field = p->l->size++, widget = field;

	if (p->style & PAPER_KIDS) {
		widget = p->l->size++;
		letter_put(p->l, field);
		buf_str(&p->l->out, "<<");
		write_field(p, w->type, w->name);
		buf_printf(&p->l->out, " %s /Kids [%u 0 R] >>", w->field, widget);
		letter_done(p->l);
	}
	letter_put(p->l, widget);
	buf_str(&p->l->out, "<<");
	if (widget == field) {
		write_field(p, w->type, w->name);
		buf_printf(&p->l->out, " %s", w->field);
	} else {
		buf_printf(&p->l->out, " /Parent %u 0 R", field);
	}
	write_widget(p, w->page, w->rect);
	buf_printf(&p->l->out, " %s >>", w->widget);
	letter_done(p->l);
	enlist(p, field, w->bare ? 0 : widget, w->page);
}

/* The object that has the appearance of a field. */
static unsigned
widget_of(struct paper *p, unsigned field)
{
	char path[32];
	unsigned kid;

	snprintf(path, sizeof(path), "#%u/Kids/0", field);
	kid = sight_number(p->sight, path);
	return kid > 0 ? kid : field;
}

void
paper_add_signature_field(
    struct paper *p, const char *name, unsigned page, const double rect[4], const char *more)
{
	paper_update(p);
	put_new_field(p, &(struct wanted){.type = "Sig",
			     .name = name,
			     .page = sight_page(p->sight, page),
			     .rect = rect,
			     .field = more != NULL ? more : "",
			     .widget = ""});
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
	struct buf field;
	char face[48];

	buf_init(&field, 65536);
	buf_printf(&field, "/DA (/Helv 11 Tf 0 g) %s /V ", more != NULL ? more : "");
	sheet_string(&field, value);
	paper_update(p);
	snprintf(face, sizeof(face), "/AP << /N %u 0 R >>", put_text_appearance(p, rect, value));
	put_new_field(p, &(struct wanted){.type = "Tx",
			     .name = name,
			     .page = sight_page(p->sight, page),
			     .rect = rect,
			     .field = buf_text(&field),
			     .widget = face});
	paper_update_end(p);
	buf_clear(&field);
}

void
paper_add_box(struct paper *p, const char *name, unsigned page, const double rect[4])
{
	static const char keys[] = "/Type /XObject /Subtype /Form /BBox [0 0 12 12]";
	static const char frame[] = "0 0 12 12 re S", tick[] = "0 0 12 12 re S 2 2 8 8 re f";
	char face[128];
	unsigned off, on;

	paper_update(p);
	off = paper_put_stream(p, 0, keys, frame, strlen(frame));
	on = paper_put_stream(p, 0, keys, tick, strlen(tick));
	snprintf(face, sizeof(face), "/AS /Off /AP << /N << /Off %u 0 R /Ya %u 0 R >> >>", off, on);
	put_new_field(p, &(struct wanted){.type = "Btn",
			     .name = name,
			     .page = sight_page(p->sight, page),
			     .rect = rect,
			     .field = "/V /Off",
			     .widget = face});
	paper_update_end(p);
}

void
paper_tick(struct paper *p, const char *name)
{
	unsigned field = sight_field(p->sight, name);
	char path[64];

	if (field == 0) {
		maker_fail(p->l->m, RC_ABSENT);
		return;
	}
	paper_update(p);
	snprintf(path, sizeof(path), "#%u/V", field);
	paper_set(p, path, "/Ya");
	snprintf(path, sizeof(path), "#%u/AS", widget_of(p, field));
	paper_set(p, path, "/Ya");
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
	rect_of(p, widget_of(p, field), r);
	paper_update(p);
	appearance = put_text_appearance(p, r, value);
	snprintf(path, sizeof(path), "#%u/V", field);
	paper_set(p, path, "%s", buf_text(&text));
	snprintf(path, sizeof(path), "#%u/AP", widget_of(p, field));
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
	unsigned field = sight_field(p->sight, o->field), stamp = 0;
	char path[64], face[64] = "";
	struct buf more;

	if (o->shown != NULL || o->stamp != NULL)
		stamp = put_stamp(p, o);
	else if (p->style & PAPER_FACE)
		stamp =
		    paper_put_stream(p, 0, "/Type /XObject /Subtype /Form /BBox [0 0 0 0]", "", 0);
	if (field > 0) {
		snprintf(path, sizeof(path), "#%u/V", field);
		paper_set(p, path, "%u 0 R", value);
		snprintf(path, sizeof(path), "#%u/AP", widget_of(p, field));
		if (stamp > 0)
			paper_set(p, path, "<< /N %u 0 R >>", stamp);
		return;
	}
	buf_init(&more, 65536);
	buf_printf(&more, "/V %u 0 R %s", value, o->more != NULL ? o->more : "");
	if (o->lock != NULL)
		buf_printf(&more, " /Lock %s", o->lock);
	if (stamp > 0)
		snprintf(face, sizeof(face), "/AP << /N %u 0 R >>", stamp);
	put_new_field(p, &(struct wanted){.type = "Sig",
			     .name = o->field,
			     .page = sight_page(p->sight, o->page > 0 ? o->page : 1),
			     .rect = o->rect,
			     .field = buf_text(&more),
			     .widget = face,
			     .bare = o->bare});
	buf_clear(&more);
}

/* What some programs bring with every update. */
static void
put_dates(struct paper *p)
{
	static const char xmp[] = "<?xpacket begin=''?><x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
				  "<?xpacket end='w'?>";
	unsigned number;

	if (!(p->style & PAPER_DATED))
		return;
	if (sight_number(p->sight, "Info") > 0)
		paper_set(p, "Info/ModDate", "(D:20261118000000Z)");
	if (sight_has(p->sight, "ID"))
		paper_set(p, "ID/1", "<%016zx>", p->l->out.len);
	number = paper_put_stream(p, 0, "/Type /Metadata /Subtype /XML", xmp, sizeof(xmp) - 1);
	paper_set(p, "Root/Metadata", "%u 0 R", number);
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
	put_dates(p);
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
	struct token stamp = {.authority = NULL};
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

static unsigned
put_compressed(struct paper *p, struct der v)
{
	uLongf len = compressBound(v.len);
	uint8_t *z = malloc(len);
	unsigned number = 0;

	if (z == NULL || compress2(z, &len, v.p, v.len, 9) != Z_OK)
		maker_fail(p->l->m, RC_NOMEM);
	else
		number = paper_put_stream(p, 0, "/Filter /FlateDecode", z, len);
	free(z);
	return number;
}

static void
put_leaves(struct paper *p, const struct der *v, size_t n, struct leaves *out)
{
	for (out->n = 0; out->n < n; out->n++)
		out->v[out->n] = p->style & PAPER_FLATE
				     ? put_compressed(p, v[out->n])
				     : paper_put_stream(p, 0, "", v[out->n].p, v[out->n].len);
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
	if (p->style & PAPER_EXTENSIONS && !sight_has(p->sight, "Root/Extensions"))
		paper_set(
		    p, "Root/Extensions", "<< /ESIC << /BaseVersion /1.7 /ExtensionLevel 1 >> >>");
	put_dates(p);
	paper_update_end(p);
	buf_clear(&entry);
	buf_clear(&id);
}
