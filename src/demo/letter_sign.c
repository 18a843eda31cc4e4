/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs letters: ISO 32000-2, 12.7.5.5 and 12.8 (signature fields and
 * dictionaries), 12.8.4.3 (DSS); ETSI EN 319 142-1.
 */
#include <stdio.h>
#include <string.h>

#include "when.h"

#include "letter.h"
#include "sheet.h"

/* Room for a message; what the letters of BSrE reserve. */
#define LETTER_HOLE 16384

void
letter_contents(struct buf *b, size_t octets)
{
	static const char zeros[] =
	    "0000000000000000000000000000000000000000000000000000000000000000";
	size_t left = 2 * octets, k;

	buf_str(b, "/Contents <");
	for (; left > 0; left -= k) {
		k = left < sizeof(zeros) - 1 ? left : sizeof(zeros) - 1;
		buf_put(b, zeros, k);
	}
	buf_str(b, ">");
}

/* What the signature allows to be changed after it: ISO 32000-2, 12.8.2. */
static void
put_references(struct buf *b, const struct letter_sign *spec)
{
	if (spec->docmdp == 0 && spec->fieldmdp == NULL)
		return;
	buf_str(b, "\n/Reference [");
	if (spec->docmdp != 0)
		buf_printf(b,
		    "<< /Type /SigRef /TransformMethod /DocMDP /TransformParams"
		    " << /Type /TransformParams /P %d /V /1.2 >> >>",
		    spec->docmdp);
	if (spec->fieldmdp != NULL)
		buf_printf(b,
		    "<< /Type /SigRef /TransformMethod /FieldMDP /TransformParams"
		    " << /Type /TransformParams %s /V /1.2 >> >>",
		    spec->fieldmdp);
	buf_str(b, "]");
}

void
letter_dictionary(struct buf *b, const struct letter_sign *spec)
{
	const char *sub = spec->sub_filter != NULL ? spec->sub_filter : "ETSI.CAdES.detached";
	char date[32];

	if (spec->dictionary != NULL) {
		buf_str(b, spec->dictionary);
		return;
	}
	if (spec->token != NULL)
		buf_str(
		    b, "<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161");
	else
		buf_printf(b, "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s", sub);
	if (spec->at != WHEN_NONE && spec->token == NULL) {
		sheet_date(date, spec->at);
		buf_printf(b, " /M (%s)", date);
	}
	if (spec->reason != NULL) {
		buf_str(b, " /Reason ");
		sheet_string(b, spec->reason);
	}
	put_references(b, spec);
	buf_str(b, "\n" LETTER_RANGE "\n");
	letter_contents(b, spec->hole > 0 ? spec->hole : LETTER_HOLE);
	buf_str(b, " >>");
}

static unsigned
put_appearance(struct letter *l, const struct letter_sign *spec)
{
	unsigned number = letter_put(l, 0);
	struct buf b;

	buf_init(&b, 4096);
	sheet_specimen(&b, spec->shown);
	buf_printf(&l->out,
	    "<< /Type /XObject /Subtype /Form /BBox [0 0 %d %d]\n"
	    "/Resources << /Font << /F1 %u 0 R /F2 %u 0 R >> >> /Length %zu >>\nstream\n",
	    SHEET_BOX_WIDTH, SHEET_BOX_HEIGHT, l->font, l->font_bold, b.len);
	buf_put(&l->out, b.p, b.len);
	buf_str(&l->out, "\nendstream");
	letter_done(l);
	buf_clear(&b);
	return number;
}

static void
put_widget(struct letter *l, unsigned number, unsigned value, const struct letter_sign *spec)
{
	unsigned appearance = spec->visible ? put_appearance(l, spec) : 0;
	bool usual = spec->left == 0 && spec->bottom == 0;
	int left = usual ? SHEET_BOX_X : spec->left;
	int bottom = usual ? SHEET_BOX_Y : spec->bottom;

	letter_put(l, number);
	buf_str(&l->out, "<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /T ");
	sheet_string(&l->out, spec->field);
	buf_printf(&l->out, " /P %u 0 R /V %u 0 R", l->page, value);
	if (spec->visible)
		buf_printf(&l->out, " /Rect [%d %d %d %d] /AP << /N %u 0 R >>", left, bottom,
		    left + SHEET_BOX_WIDTH, bottom + SHEET_BOX_HEIGHT, appearance);
	else
		buf_str(&l->out, " /Rect [0 0 0 0]");
	buf_str(&l->out, " >>");
	letter_done(l);
}

void
letter_hole_find(const struct letter *l, struct letter_hole *h)
{
	const uint8_t *p = l->out.p + l->update_at, *range, *contents, *close;
	size_t len = l->out.len - l->update_at;

	memset(h, 0, sizeof(*h));
	if (buf_rc(&l->out) != RC_OK)
		return;
	range = memmem(p, len, "/ByteRange [0 0000000000", 24);
	contents = memmem(p, len, "/Contents <0000", 15);
	if (range == NULL || contents == NULL)
		return;
	contents += 10;
	close = memchr(contents, '>', len - (size_t)(contents - p));
	if (close == NULL)
		return;
	h->range_at = (size_t)(range - l->out.p);
	h->open = (size_t)(contents - l->out.p);
	h->close = (size_t)(close - l->out.p) + 1;
	h->range[1] = letter_offset(l, h->open);
	h->range[2] = letter_offset(l, h->close);
	h->range[3] = letter_length(l) - h->range[2];
}

void
letter_sign_begin(struct letter *l, const struct letter_sign *spec, struct letter_hole *hole)
{
	unsigned value, widget;

	letter_update(l);
	if (l->acroform == 0)
		l->acroform = l->size++;
	widget = l->size++;
	if (l->nfields == LETTER_SIGNATURES)
		maker_fail(l->m, RC_TOOBIG);
	else
		l->fields[l->nfields++] = widget;
	value = letter_put(l, 0);
	letter_dictionary(&l->out, spec);
	letter_done(l);
	if (spec->docmdp != 0 && l->certified == 0)
		l->certified = value;
	put_widget(l, widget, value, spec);
	letter_put_form(l, true);
	letter_update_end(l);
	/* without a hole only a forger goes on: letter_sign_end() refuses */
	letter_hole_find(l, hole);
}

/* Put the message's hex into the hole. */
static void
fill_hole(struct letter *l, const struct letter_hole *h, struct der message)
{
	size_t octets = (h->close - h->open - 2) / 2, i;
	uint8_t *whole, *hex = l->out.p + h->open + 1;

	if (message.len > octets) {
		maker_fail(l->m, RC_TOOBIG);
		return;
	}
	whole = arena_alloc(l->m->arena, octets);
	if (whole == NULL) {
		maker_fail(l->m, RC_NOMEM);
		return;
	}
	memcpy(whole, message.p, message.len);
	for (i = 0; i < message.len; i++) {
		hex[2 * i] = (uint8_t) "0123456789abcdef"[whole[i] >> 4];
		hex[2 * i + 1] = (uint8_t) "0123456789abcdef"[whole[i] & 15];
	}
	l->contents = (struct der){whole, octets};
}

void
letter_sign_end(struct letter *l, const struct letter_sign *spec, struct letter_hole *h)
{
	char range[128];
	struct envelope e;
	struct token t;
	struct der message;
	int n;

	if (h->open == 0)
		maker_fail(l->m, RC_ABSENT);
	if (letter_rc(l) != RC_OK)
		return;
	n = snprintf(range, sizeof(range), "/ByteRange [%ju %ju %ju %ju]%*s",
	    (uintmax_t)h->range[0], (uintmax_t)h->range[1], (uintmax_t)h->range[2],
	    (uintmax_t)h->range[3], LETTER_RANGE_ROOM, "");
	if (n < LETTER_RANGE_ROOM) {
		maker_fail(l->m, RC_TOOBIG);
		return;
	}
	if (h->range_at > 0)
		memcpy(l->out.p + h->range_at, range, LETTER_RANGE_ROOM);
	if (spec->token != NULL) {
		t = *spec->token;
		if (t.imprint.len == 0)
			t.imprint =
			    letter_digest(l, t.digest != NULL ? t.digest : "SHA256", h->range);
		message = token_make(l->m, &t);
	} else {
		e = *spec->envelope;
		if (e.md.len == 0)
			e.md = letter_digest(l, e.digest != NULL ? e.digest : "SHA256", h->range);
		message = envelope_make(l->m, &e);
	}
	fill_hole(l, h, message);
}

void
letter_sign(struct letter *l, const struct letter_sign *spec)
{
	struct letter_hole hole;

	letter_sign_begin(l, spec, &hole);
	letter_sign_end(l, spec, &hole);
}

/* --- the document security store --- */

static void
put_leaves(struct letter *l, const struct der *v, size_t n, unsigned *numbers, unsigned *count)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (*count == LETTER_EVIDENCE) {
			maker_fail(l->m, RC_TOOBIG);
			return;
		}
		numbers[(*count)++] = letter_put(l, 0);
		buf_printf(&l->out, "<< /Length %zu >>\nstream\n", v[i].len);
		buf_put(&l->out, v[i].p, v[i].len);
		buf_str(&l->out, "\nendstream");
		letter_done(l);
	}
}

static void
put_array(struct letter *l, const char *key, const unsigned *numbers, unsigned n)
{
	unsigned i;

	if (n == 0)
		return;
	buf_printf(&l->out, " /%s [", key);
	for (i = 0; i < n; i++)
		buf_printf(&l->out, "%u 0 R ", numbers[i]);
	buf_str(&l->out, "]");
}

static void
put_vri(struct letter *l, unsigned i)
{
	uint8_t upper[40];
	size_t k;

	for (k = 0; k < sizeof(upper) && l->vri[i].len == 20; k++)
		upper[k] = (uint8_t) "0123456789ABCDEF"[l->vri[i].p[k / 2] >> (k % 2 ? 0 : 4) & 15];
	buf_u8(&l->out, '/');
	buf_put(&l->out, upper, sizeof(upper));
	buf_str(&l->out, " <<");
	put_array(l, "Cert", l->dss_certs, l->ndss_certs);
	put_array(l, "OCSP", l->dss_ocsps, l->ndss_ocsps);
	put_array(l, "CRL", l->dss_crls, l->ndss_crls);
	buf_str(&l->out, " >> ");
}

void
letter_dss(struct letter *l, const struct letter_evidence *ev)
{
	unsigned i;

	letter_update(l);
	put_leaves(l, ev->certs, ev->ncerts, l->dss_certs, &l->ndss_certs);
	put_leaves(l, ev->ocsps, ev->nocsps, l->dss_ocsps, &l->ndss_ocsps);
	put_leaves(l, ev->crls, ev->ncrls, l->dss_crls, &l->ndss_crls);
	if (!ev->no_vri && l->nvri < LETTER_SIGNATURES)
		l->vri[l->nvri++] = maker_digest(l->m, "SHA1", l->contents);
	l->dss = letter_put(l, l->dss);
	buf_str(&l->out, "<< /Type /DSS");
	put_array(l, "Certs", l->dss_certs, l->ndss_certs);
	put_array(l, "OCSPs", l->dss_ocsps, l->ndss_ocsps);
	put_array(l, "CRLs", l->dss_crls, l->ndss_crls);
	if (l->nvri > 0) {
		buf_str(&l->out, "\n/VRI << ");
		for (i = 0; i < l->nvri; i++)
			put_vri(l, i);
		buf_str(&l->out, ">>");
	}
	buf_str(&l->out, " >>");
	letter_done(l);
	letter_put_form(l, false);
	letter_update_end(l);
}
